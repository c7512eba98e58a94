"""Work of the window that takes long with thousands of items, in steps: between two of them the window sees to the mouse and the keys."""

from collections import deque
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Slot

MANY = 2000  # items from which on it is worth it


class InTurns(QObject):
    """Takes some steps one after another: at once, or each in a turn of the event loop of its own. Asked anew, the rest is dropped."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._steps = deque[Callable[[], object]]()
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._take)

    def do(self, steps: Sequence[Callable[[], object]], items: int) -> None:
        """Of few items all of it is done when this returns, of many nothing yet."""
        self._steps.clear()
        self.add(steps, items)

    def add(self, steps: Sequence[Callable[[], object]], items: int) -> None:
        """As `do`, after what is left of before."""
        self._steps.extend(steps)
        if items < MANY:
            self.finish()
        else:
            self._next.start()

    def finish(self) -> None:
        """What is left is done when this returns."""
        self._next.stop()
        while self._steps:
            self._steps.popleft()()

    def drop(self) -> None:
        """What is left is not wanted any more."""
        self._next.stop()
        self._steps.clear()

    @Slot()
    def _take(self) -> None:
        if self._steps:
            self._next.start()  # first: the step may ask anew
            self._steps.popleft()()
