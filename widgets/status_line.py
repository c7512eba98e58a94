"""The line at the window's foot: where the pointer is on the left; hints, and whether all is saved, on the right."""

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from widgets import theme
from widgets.controls import Text, named
from widgets.elided import ElidedText, elide_words
from widgets.text import tip, tr

_HEIGHT = 26
_GAP = "     "


class _Dot(QWidget):
    """A round mark in a role's colour."""

    def __init__(self) -> None:
        super().__init__()
        self.role: theme.Role = "good"
        self.setFixedSize(8, 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(theme.color(self.role))
            painter.setPen(theme.color(self.role))
            painter.drawEllipse(1, 1, 6, 6)


class StatusLine(QFrame):
    """`place` and `hints` are short texts with room between them; `show_saved` tells what the database said."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "status_line", tr("Status"))
        self.setProperty("role", "status")
        self.setFixedHeight(_HEIGHT)
        self._place, self._hints, self._saved = ElidedText("", "dim"), Text("", "dim"), Text("", "good")
        self._place.setObjectName("status_line.place")
        self._hints.setObjectName("status_line.hints")
        self._saved.setObjectName("status_line.saved")
        self._hints.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._dot = _Dot()
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self._place, 3)
        row.addWidget(self._hints, 4)
        row.addWidget(self._dot)
        row.addWidget(self._saved)
        self._all_hints: list[str] = []
        self._hints.setAlignment(self._hints.alignment().AlignRight | self._hints.alignment().AlignVCenter)
        self.hide_saved()

    def set_place(self, parts: Sequence[str]) -> None:
        self._place.say(_GAP.join(p for p in parts if p))
        self._tell_whole_place()

    def set_hints(self, parts: Sequence[str]) -> None:
        """Whole hints, as many as there is room for."""
        self._all_hints = [part for part in parts if part]
        self._fit_hints()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._row.activate()
        self._tell_whole_place()
        self._fit_hints()

    def _tell_whole_place(self) -> None:
        """A class's name can be longer than the room."""
        whole = self.place()
        self._place.setToolTip("" if self._place.text() == whole else tip(whole))

    def _fit_hints(self) -> None:
        metrics, room = self._hints.fontMetrics(), self._hints.width()
        shown = list(self._all_hints)
        while len(shown) > 1 and metrics.horizontalAdvance(_GAP.join(shown)) > room:
            shown.pop()
        text = _GAP.join(shown)
        self._hints.setText(elide_words(text, metrics, room) if room > 1 else text)
        self._hints.setToolTip("" if self._hints.text() == _GAP.join(self._all_hints) else "\n".join(self._all_hints))

    @Slot(bool)
    def show_saved(self, saved: bool) -> None:
        self._dot.role = "good" if saved else "bad"
        self._dot.show()
        self._dot.update()
        self._saved.set_role("good" if saved else "bad")
        self._saved.setText(tr("Saved") if saved else tr("NOT saved"))

    def show_read_only(self) -> None:
        self._dot.role = "warn"
        self._dot.show()
        self._dot.update()
        self._saved.set_role("warn")
        self._saved.setText(tr("Read only"))

    def hide_saved(self) -> None:
        self._dot.hide()
        self._saved.setText("")

    def place(self) -> str:
        """All of it, whatever has room."""
        return self._place.accessibleName()

    def saved(self) -> str:
        return self._saved.text()
