"""Python's garbage: collected on the window's thread alone, and between two events.

Python collects in whichever thread happens to make an object, and in the midst of whatever that does. A Qt object in a cycle is then
destroyed by a job's thread, or within QObject::disconnect, which holds the lock that the destroyed one asks for. Both hang the program
for good: seen as the window waiting for Python's lock and the job, in the midst of collecting, for the window; and as a thread that
waits for itself.
"""

import gc

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication

_EVERY = 250  # ms: what was made meanwhile is looked at in one go, and thousands of rows take tens of ms
_OLDER, _ALL = 4, 2400  # rounds after which older objects are looked at too, and all: that takes a tenth of a second


class Garbage(QObject):
    """Takes over from Python while it is asked to watch."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._round = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY)
        self._timer.timeout.connect(self._collect)

    def watch(self, on: bool) -> None:
        """On: Python leaves its garbage to this object, which must live on the window's thread. Off: Python collects again."""
        if on == self._timer.isActive():
            return
        if on:
            gc.disable()
            self._timer.start()
        else:
            self._timer.stop()
            gc.enable()

    @Slot()
    def _collect(self) -> None:
        self._round += 1
        if self._round >= _ALL and QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton:  # nobody is drawing
            self._round = 0
            gc.collect()
        else:
            gc.collect(1 if self._round % _OLDER == 0 else 0)
