"""A drawing of which one part is picked, by a click or the arrow keys, and of which each part has a tool tip."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from widgets.controls import named
from widgets.text import tip


class PickedDrawing(QWidget):
    """`picked(place)` when a person picks another part. Subclasses say how many there are, where each stands, and what is said of it."""

    picked = Signal(int)

    _STEPS: Mapping[Qt.Key, int] = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}

    def __init__(self, name: str, text: str) -> None:
        super().__init__()
        named(self, name, text)
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def current(self) -> int:
        return self._current

    def _count(self) -> int:
        raise NotImplementedError

    def _place_at(self, at: QPointF) -> int | None:
        raise NotImplementedError

    def _help(self, place: int) -> str:
        raise NotImplementedError

    def _show(self, current: int) -> None:
        """Other parts are drawn from now on, of which this is picked. Sends nothing."""
        self._current = current
        self._say()
        self.updateGeometry()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._place_at(event.position())
        if at is not None:
            self._go(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = self._STEPS.get(Qt.Key(event.key()), 0)
        if step and self._count():
            self._go(min(max(self._current + step, 0), self._count() - 1))
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = self._place_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), tip(self._help(at)) if at is not None else "", self)
            return True
        return super().event(event)

    def _go(self, place: int) -> None:
        self._current = place
        self._say()
        self.update()
        self.picked.emit(place)

    def _say(self) -> None:
        self.setAccessibleDescription(self._help(self._current) if self._count() else "")
