"""The quiet strip: what happened, one way to act on it, and a cross to close it."""

from typing import Literal, TypeAlias

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

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


class MessageBar(QFrame):
    """Hidden until something is said. `acted()`: the button was pressed; `closed()`: put away by a person (or Escape)."""

    acted = Signal()
    closed = Signal()

    def __init__(self, name: str = "strip", parent: QWidget | None = None) -> None:
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
        self._action.clicked.connect(self._act)
        self._close.clicked.connect(self._put_away)
        self.hide()

    def say(self, text: str, kind: Kind = "info", action: str = "") -> None:
        """Show the text, with a button that says `action` where there is one; it replaces what was shown."""
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
        self.show()

    def text(self) -> str:
        return self._text.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._put_away()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _act(self) -> None:
        self.hide()
        self.acted.emit()

    @Slot()
    def _put_away(self) -> None:
        self.hide()
        self.closed.emit()
