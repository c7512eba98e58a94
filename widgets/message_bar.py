"""The quiet strip: what happened, one way to act on it, and a cross to close it. It lies over what it is about and moves nothing."""

from collections.abc import Callable
from typing import Literal, TypeAlias

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QEnterEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget
from shiboken6 import isValid

from widgets import icons
from widgets.controls import IconButton, named
from widgets.text import tr
from widgets.theme import Role

Kind: TypeAlias = Literal["info", "good", "warn", "bad"]

_ICONS: dict[Kind, tuple[str, Role]] = {
    "info": ("info", "accent"),
    "good": ("check", "good"),
    "warn": ("warning", "warn"),
    "bad": ("error", "bad"),
}
_NARROWEST, _WIDEST = 400, 720  # px; between them half of what it lies over
_MARGIN = 12  # px, from the edges of that
_SEEN, _A_LETTER = 4000, 60  # ms: to notice a text, and to read it twice


def reading_time(text: str, kind: Kind) -> int:
    """How long a text stays, in ms; 0 is until it is closed or replaced, as faults are."""
    if kind == "bad":
        return 0
    return (_SEEN + _A_LETTER * len(text)) * (2 if kind == "warn" else 1)


class MessageBar(QFrame):
    """Hidden until something is said. `closed()`: put away by a person (or Escape).

    It lies over the lower edge of `over`, takes no click's focus and goes by itself after the time to read it, unless it says
    a fault or is under the pointer; a keyboard that was in it goes back to where it came from.
    """

    closed = Signal()

    def __init__(self, name: str = "strip", over: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name, tr("Message"))
        self.setProperty("role", "strip")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._icon = QToolButton(self)
        self._icon.setEnabled(True)
        self._icon.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._icon.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._text = QLabel(self)
        self._text.setObjectName(f"{name}.text")
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._action = QPushButton(self)
        self._action.setObjectName(f"{name}.action")
        self._action.setProperty("role", "raised")
        self._close = IconButton(f"{name}.close", "x", tr("Close"), side=24)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 6, 4)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        row.addWidget(self._action)
        row.addWidget(self._close)
        for button in (self._action, self._close):  # a click leaves the keyboard where it is
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._action.clicked.connect(self._act)
        self._close.clicked.connect(self._put_away)
        self._does: Callable[[], object] | None = None  # the button
        self._over = over
        self._before: QWidget | None = None  # had the keyboard before the bar
        self._time = QTimer(self)
        self._time.setSingleShot(True)
        self._time.timeout.connect(self.put_away)
        if over is not None:
            over.installEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)
        self.hide()

    @Slot(str, str)
    def say(self, text: str, kind: Kind = "info", action: str = "", does: Callable[[], object] | None = None) -> None:
        """Show the text, with a button that says `action` and does what it `does` where there is one; it replaces what was shown."""
        self._does = does
        self._text.setText(text)
        self.setAccessibleDescription(text)
        icons.set_icon(self._icon, *_ICONS[kind])
        self._action.setText(action)
        self._action.setAccessibleName(action)
        self._action.setVisible(bool(action))
        if self.property("kind") != kind:
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)
        self._lie()
        self.show()
        if self._over is not None:
            self.raise_()
        self._start()

    def text(self) -> str:
        return self._text.text()

    @Slot()
    def put_away(self) -> None:
        """Hide it; a keyboard that was in it goes back first, since Qt would give it to whatever comes next."""
        self._time.stop()
        focused, before = QApplication.focusWidget(), self._before
        if focused is not None and self.isAncestorOf(focused) and before is not None and isValid(before):
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._time.stop()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._lie()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._lie()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._put_away()
        else:
            super().keyPressEvent(event)

    def _start(self) -> None:
        """Count the time to read it anew; not where it says a fault."""
        self._time.stop()
        if wait := reading_time(self.text(), self.property("kind")):
            self._time.start(wait)

    def _lie(self) -> None:
        """In the middle of the lower edge of what it lies over, as high as its text needs."""
        if self._over is None:
            return
        area = self._over.geometry()
        wide = max(min(max(area.width() // 2, _NARROWEST), _WIDEST, area.width() - 2 * _MARGIN), 1)
        high = max(self.heightForWidth(wide), self.minimumSizeHint().height())
        self.setGeometry(area.center().x() - wide // 2, area.bottom() - _MARGIN - high, wide, high)

    @Slot(QWidget, QWidget)
    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self.isAncestorOf(new) and old is not None and not self.isAncestorOf(old):
            self._before = old

    @Slot()
    def _act(self) -> None:
        self.put_away()
        if self._does is not None:
            self._does()

    @Slot()
    def _put_away(self) -> None:
        self.put_away()
        self.closed.emit()
