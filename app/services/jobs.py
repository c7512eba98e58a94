"""Long work beside the window. The only module that knows threads: a Job pulls a generator of the engine, a JobQueue lines jobs up."""

import contextlib
import logging
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot

from app.services.garbage import Garbage
from engine.progress import Work

_log = logging.getLogger(__name__)

_NICE = 10  # a training leaves the processor to the hand that paints: measured, it halves a stroke's tail
_STOP = 3.0  # seconds that closing waits for a job


class Job(QThread):
    """Runs one generator. Signals arrive on the window's thread: `reported` for every event, then exactly one of the others."""

    reported = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()

    def __init__(self, title: str, make: Callable[[], Work[Any]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self._make = make
        self._go = threading.Event()
        self._go.set()

    @property
    def paused(self) -> bool:
        return not self._go.is_set()

    def pause(self) -> None:
        """Hold after the next event; the engine's clock stands still meanwhile."""
        self._go.clear()

    def go_on(self) -> None:
        self._go.set()

    def cancel(self) -> None:
        """Ask to end: the generator is closed between two events and puts its things in order."""
        self.requestInterruption()
        self._go.set()

    def run(self) -> None:
        if threading.gettrace() is not None:  # coverage does not see into a QThread by itself
            sys.settrace(threading.gettrace())
        _step_back()
        try:
            self._pull()
        except BaseException as fault:
            self.failed.emit(fault)

    def _pull(self) -> None:
        work = self._make()
        try:
            while not self.isInterruptionRequested():
                try:
                    event = next(work)
                except StopIteration as stop:
                    self.succeeded.emit(stop.value)
                    return
                self.reported.emit(event)
                self._go.wait()
        finally:
            work.close()
        self.cancelled.emit()


def _step_back() -> None:
    """Give the job's thread a lower priority where the system lets a thread have its own (Linux)."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)


class JobQueue(QObject):
    """Lanes of jobs: in a lane one runs at a time and the others wait; lanes run beside each other.

    "learning" holds what needs the graphics card or all cores, "data" imports and exports, "reading" the image being opened.
    """

    changed = Signal()  # something began, ended, was queued or paused
    reported = Signal(object, object)  # job, event

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: dict[str, Job] = {}
        self._waiting: dict[str, deque[Job]] = {}
        self._lane_of: dict[Job, str] = {}
        self._closing = False
        self._garbage = Garbage(self)

    def add(
        self,
        lane: str,
        title: str,
        make: Callable[[], Work[Any]],
        done: Callable[[Any], None] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        event: Callable[[Any], None] | None = None,
        cancelled: Callable[[], None] | None = None,
    ) -> Job:
        """Queue work. The callbacks must be methods of QObjects: Qt then calls them on the window's thread."""
        job = Job(title, make, self)
        self._lane_of[job] = lane
        for signal, target in (
            (job.succeeded, done),
            (job.failed, failed),
            (job.reported, event),
            (job.cancelled, cancelled),
        ):
            if target is not None:
                signal.connect(target)
        job.reported.connect(self._reported)
        job.finished.connect(self._finished)
        self._waiting.setdefault(lane, deque()).append(job)
        self._next(lane)
        return job

    def running(self, lane: str) -> Job | None:
        return self._running.get(lane)

    def waiting(self, lane: str) -> int:
        return len(self._waiting.get(lane, ()))

    @property
    def busy(self) -> bool:
        return bool(self._running)

    def cancel(self, job: Job) -> None:
        """Stop a running job, or take a waiting one out of its lane."""
        queue = self._waiting.get(self._lane_of.get(job, ""), deque())
        if job in queue:
            queue.remove(job)
            self._forget(job)
            job.cancelled.emit()
            self.changed.emit()
        else:
            job.cancel()

    def close(self, seconds: float = _STOP) -> bool:
        """Cancel everything and wait; False where a job did not end in time (its thread must then not be destroyed)."""
        self._closing = True
        for queue in self._waiting.values():
            queue.clear()
        jobs = list(self._running.values())
        for job in jobs:
            job.cancel()
        until = time.monotonic() + seconds
        ended = [job.wait(max(0, int(1000 * (until - time.monotonic())))) for job in jobs]  # each gets its wait
        if all(ended):
            self._garbage.watch(False)
        return all(ended)

    def _next(self, lane: str) -> None:
        queue = self._waiting.get(lane)
        if queue and lane not in self._running and not self._closing:
            job = queue.popleft()
            self._running[lane] = job
            _log.info("job begins in lane %s", lane)
            self._garbage.watch(True)
            job.start()
        self.changed.emit()

    @Slot(object)
    def _reported(self, event: object) -> None:
        job = self.sender()
        if isinstance(job, Job):
            self.reported.emit(job, event)

    @Slot()
    def _finished(self) -> None:
        job = self.sender()
        if not isinstance(job, Job):
            return
        lane = self._lane_of.get(job, "")
        if self._running.get(lane) is job:
            del self._running[lane]
        self._forget(job)
        self._next(lane)
        self._garbage.watch(bool(self._running) and not self._closing)

    def _forget(self, job: Job) -> None:
        self._lane_of.pop(job, None)
        job.deleteLater()
