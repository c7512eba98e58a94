"""What a click asks for first, made ready while nobody waits: the modules of the tabs are loaded, then tabs are built."""

import importlib
import pkgutil
import time
from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

from app.services.jobs import JobQueue, Lane
from app.shell.actions import TABS
from engine.progress import Progress, Work

_AFTER = 300  # ms from the call to the first turn: what the window was opened with comes first
_BETWEEN = 20  # ms between two turns, for the mouse and the keys
_TURN = 0.010  # seconds after which a turn takes no further step
_SLOW = "scipy.ndimage"  # what the engine loads when it first uses it: no gesture waits for it, and no turn holds it
_PACKAGES = ("widgets", *(f"app.tabs.{name}" for name in ("parts", "scan", *TABS)))


class Ahead(QObject):
    """Takes short steps in turns of the event loop, and none while a button of the mouse is held.

    `ended()`: all of it is ready. What is asked for before is made by whoever asks, as if nobody had begun.
    """

    ended = Signal()

    def __init__(
        self, tabs: Sequence[str], building: Callable[[str], Iterator[None]], jobs: JobQueue, parent: QObject
    ) -> None:
        """`building` gives the steps in which a tab is built, or what is left of them."""
        super().__init__(parent)
        self._tabs, self._building, self._jobs = tabs, building, jobs
        self._left = 2  # turns and a job
        self._steps = self._all()
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._take)

    def start(self) -> None:
        """Begin, and go on by itself; once."""
        self._next.start(_AFTER)

    def _all(self) -> Iterator[None]:
        for package in _PACKAGES:
            for module in pkgutil.iter_modules(importlib.import_module(package).__path__, f"{package}."):
                importlib.import_module(module.name)
                yield
        self._jobs.start(self, Lane.RECORDS, "", _loading, done=lambda _: self._end())
        for name in self._tabs:
            yield from self._building(name)

    @Slot()
    def _take(self) -> None:
        self._next.start(_BETWEEN)
        since = time.perf_counter()
        while QGuiApplication.mouseButtons() == Qt.MouseButton.NoButton and time.perf_counter() - since < _TURN:
            try:
                next(self._steps)
            except StopIteration:
                self._next.stop()
                self._end()
                return

    def _end(self) -> None:
        self._left -= 1
        if not self._left:
            self.ended.emit()


def _loading() -> Work[None]:
    importlib.import_module(_SLOW)
    yield Progress(1, 1, _SLOW)
