"""The key that shows and hides the mask: pressed shortly it switches, held down it only peeks."""

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QTimer, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

_HELD = 350  # ms after which a key counts as held down
_REPEAT = 40  # ms between a release and the press that shows that the key was only repeated


class HoldToToggle(QObject):
    """Watches the keys of `canvas`. `run` is what the checkable command does: it calls `switch(on)`, or for a key that is merely
    repeated `restore`, which sets the command's check as it was."""

    def __init__(
        self, canvas: QWidget, action: QAction, switch: Callable[[bool], None], restore: Callable[[], None]
    ) -> None:
        super().__init__(canvas)
        self._action, self._switch, self._restore = action, switch, restore
        self._pressed = QElapsedTimer()
        self.released = QTimer(
            self
        )  # some keyboards repeat by press and release, so a release is believed a little later
        self.released.setSingleShot(True)
        self.released.setInterval(_REPEAT)
        self.released.timeout.connect(self._end)
        canvas.installEventFilter(self)

    def run(self) -> None:
        if self.released.isActive():
            self.released.stop()
            self._restore()
            return
        self._pressed.start()
        self._switch(self._action.isChecked())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyRelease
            and not event.isAutoRepeat()
            and self._pressed.isValid()
            and QKeySequence(event.keyCombination()) == self._action.shortcut()
        ):
            self.released.start()
        return super().eventFilter(watched, event)

    @Slot()
    def _end(self) -> None:
        if self._pressed.isValid() and self._pressed.elapsed() > _HELD:
            self._action.trigger()
        self._pressed.invalidate()
