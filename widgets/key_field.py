"""A field that takes the next keys that are pressed, whatever they would do elsewhere."""

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QWidget

from widgets.controls import named
from widgets.text import tr

_MODIFIERS = (
    Qt.Key.Key_Control,
    Qt.Key.Key_Shift,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
    Qt.Key.Key_unknown,
)


class KeyField(QLabel):
    """`pressed(keys)` once, as Qt writes them everywhere ("Ctrl+Z"), after `listen`. A click elsewhere leaves it."""

    pressed = Signal(str)
    _listens = False  # there before the first event

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name, text)
        self.setProperty("role", "dim")

    @property
    def listens(self) -> bool:
        return self._listens

    @Slot()
    def listen(self) -> None:
        """The next keys are this field's."""
        self._listens = True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setText(tr("Press the keys…"))
        self.setFocus()

    def event(self, event: QEvent) -> bool:
        """Before any shortcut, and before Tab goes on."""
        if not self._listens or not isinstance(event, QKeyEvent):
            return super().event(event)
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress:
            self._take(event)
        return True

    def _take(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _MODIFIERS:
            return
        if key == Qt.Key.Key_Backtab:
            key = Qt.Key.Key_Tab
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        self._leave()
        self.pressed.emit(QKeySequence(QKeyCombination(modifiers, key)).toString())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._leave()

    def _leave(self) -> None:
        self._listens = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.clear()
