"""Long work beside the window. The only module that knows threads: a Job pulls a generator of the engine, a JobQueue lines jobs up in lanes."""

import contextlib
import logging
import os
import sys
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QThread, Signal, Slot
from shiboken6 import isValid

from app.services.garbage import Garbage
from engine.progress import Work

_log = logging.getLogger(__name__)

T = TypeVar("T")

_NICE = 10  # a training leaves the processor to the hand that paints: measured, it halves a stroke's tail
_STOP = 3.0  # seconds that closing waits for a job


class Lane(Enum):
    """What waits for what: jobs of a lane run one after another, lanes beside each other.

    The rule: what needs the graphics card or all cores, and all that loads torch, is in LEARNING. The others take one core at most.
    """

    LEARNING = "learning"  # trainings, predictions, explanations, networks; a brief one holds the training meanwhile
    STORING = "storing"  # what writes into the project or out of it: imports, exports, the demo
    ITEM = "item"  # the item being opened; nobody waits for the one before
    BESIDE = "beside"  # images that are looked at beside it: phases, a second item
    AHEAD = "ahead"  # the image of the item that comes next
    EDITING = "editing"  # edits of millions of voxels: each on the mask that the one before it left
    SCORING = "scoring"  # scores of whole sets, in NumPy
    CASE = "case"  # what the open item is looked at with: differences, distances, samples of an augmentation
    ASSIST = "assist"  # what a smart tool proposes
    CHECKS = "checks"  # what is wrong with the data
    SETS = "sets"  # who of thousands of items comes into which set
    SURVEY = "survey"  # what lies in a folder that could come in
    RECORDS = "records"  # small files: curves of runs, the list of recent projects
    THUMBNAILS = "thumbnails"


class Job(QThread):
    """Runs one generator. Its signals carry its handle and arrive on the window's thread: `reported` for every event, then exactly one
    of `succeeded`, `failed` and `cancelled`."""

    reported = Signal(object, object)  # JobHandle, event
    held = Signal(object)  # it stands still between two events, as `hold` asked
    succeeded = Signal(object, object)  # JobHandle, result
    failed = Signal(object, object)  # JobHandle, exception
    cancelled = Signal(object)

    def __init__(self, handle: "JobHandle", make: Callable[[], Work[Any]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.handle = handle
        self._make = make
        self._gate = threading.Condition()
        self._paused = False  # by a person
        self._holding = False  # by the queue, for a brief job

    @property
    def paused(self) -> bool:
        return self._paused

    def pause(self, on: bool) -> None:
        """Stand still after the next event, or go on; the engine's clock stands still meanwhile."""
        self._set(paused=on)

    def hold(self, on: bool) -> None:
        """As `pause`, for a brief job of the same lane; `held` says when it stands still."""
        self._set(holding=on)

    def cancel(self) -> None:
        """Ask to end: the generator is closed between two events and puts its things in order."""
        self.requestInterruption()
        self._set(paused=False, holding=False)

    def ends_within(self, seconds: float) -> bool:
        """Block until the thread has ended; False where it did not in time."""
        return self.wait(max(0, int(1000 * seconds)))

    def run(self) -> None:
        if threading.gettrace() is not None:  # coverage does not see into a QThread by itself
            sys.settrace(threading.gettrace())
        _step_back()
        try:
            self._pull()
        except BaseException as fault:
            self.failed.emit(self.handle, fault)

    def _pull(self) -> None:
        work = self._make()
        try:
            while not self.isInterruptionRequested():
                try:
                    event = next(work)
                except StopIteration as stop:
                    self.succeeded.emit(self.handle, stop.value)
                    return
                self.reported.emit(self.handle, event)
                self._rest()
        finally:
            work.close()
        self.cancelled.emit(self.handle)

    def _rest(self) -> None:
        """Stand still for as long as somebody wants it."""
        with self._gate:
            told = False
            while self._paused or self._holding:
                if self._holding and not told:
                    self.held.emit(self.handle)
                told = self._holding
                self._gate.wait()

    def _set(self, *, paused: bool | None = None, holding: bool | None = None) -> None:
        with self._gate:
            self._paused = self._paused if paused is None else paused
            self._holding = self._holding if holding is None else holding
            self._gate.notify_all()


class JobHandle:
    """An owner's hold on its job. The callbacks run on the window's thread, for as long as the owner lives and until `drop`.

    `done` gets the generator's result, `reported` each event, `failed` the exception; a failure without `failed` is the queue's to show.
    """

    def __init__(
        self,
        owner: QObject,
        title: str,
        *,
        done: Callable[[Any], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
        reported: Callable[[Any], object] | None = None,
        cancelled: Callable[[], object] | None = None,
    ) -> None:
        self.title = title
        self._owner = weakref.ref(owner)
        self._job: Job | None = None
        self._queue: JobQueue | None = None
        self._done, self._failed, self._reported, self._cancelled = done, failed, reported, cancelled
        self._dropped = False

    @property
    def active(self) -> bool:
        """Whether it waits or runs, and somebody waits for it."""
        return self._job is not None and not self._dropped

    @property
    def paused(self) -> bool:
        return self._job is not None and self._job.paused

    def pause(self, on: bool = True) -> None:
        """Stand still after the next event, or go on."""
        if self._job is not None:
            self._job.pause(on)

    def cancel(self) -> None:
        """Ask it to end; `cancelled` hears when it has. A job that has ended stays as it is."""
        if self._job is not None and self._queue is not None:
            self._queue._cancel(self._job)

    def drop(self) -> None:
        """Nobody waits for it any more: it is cancelled, and nothing that it says arrives."""
        self._dropped = True
        self._done = self._failed = self._reported = self._cancelled = None
        self.cancel()

    def wait(self, seconds: float) -> bool:
        """Block until its thread has ended; what it said arrives later. False where it did not end in time."""
        return self._job is None or self._job.ends_within(seconds)

    def _wanted(self) -> bool:
        """Whether somebody waits for it; an owner that is gone has dropped it."""
        owner = self._owner()
        if not self._dropped and (owner is None or not isValid(owner)):
            self.drop()
        return not self._dropped

    def _bind(self, job: Job, queue: "JobQueue") -> None:
        self._job, self._queue = job, queue

    def _end(self, callback: T) -> T:
        """It is over: job, queue and callbacks, with what they hold, are let go of."""
        self._job = self._queue = None
        self._done = self._failed = self._reported = self._cancelled = None
        return callback


def _step_back() -> None:
    """Give the job's thread a lower priority where the system lets a thread have its own (Linux)."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)


class JobQueue(QObject):
    """Starts jobs, one at a time in each lane."""

    changed = Signal()  # something began, ended, was queued or paused
    reported = Signal(object, object)  # JobHandle, event
    failed = Signal(object)  # an exception that no owner takes

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[Job, Lane] = {}
        self._waiting: dict[Lane, deque[Job]] = {lane: deque() for lane in Lane}
        self._waiting_brief: dict[Lane, deque[Job]] = {lane: deque() for lane in Lane}
        self._running: dict[Lane, Job] = {}
        self._running_brief: dict[Lane, Job] = {}
        self._closing = False
        self._garbage = Garbage(self)
        self._garbage.watch(True)

    def start(
        self,
        owner: QObject,
        lane: Lane,
        title: str,
        make: Callable[[], Work[Any]],
        *,
        done: Callable[[Any], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
        reported: Callable[[Any], object] | None = None,
        cancelled: Callable[[], object] | None = None,
        brief: bool = False,
    ) -> JobHandle:
        """Queue the work of an owner. A `brief` job, for which a person waits, goes first: what runs in its lane is held meanwhile."""
        handle = JobHandle(owner, title, done=done, failed=failed, reported=reported, cancelled=cancelled)
        job = Job(handle, make, self)
        handle._bind(job, self)
        self._lanes[job] = lane
        job.reported.connect(self._on_reported)
        job.succeeded.connect(self._on_succeeded)
        job.failed.connect(self._on_failed)
        job.cancelled.connect(self._on_cancelled)
        job.held.connect(self._on_held)
        job.finished.connect(self._on_finished)
        (self._waiting_brief if brief else self._waiting)[lane].append(job)
        self._advance(lane)
        return handle

    def running(self, lane: Lane) -> JobHandle | None:
        """What runs in the lane; a job that is held for a brief one counts as running."""
        job = self._running.get(lane) or self._running_brief.get(lane)
        return job.handle if job is not None else None

    def waiting(self, lane: Lane) -> int:
        return len(self._waiting[lane]) + len(self._waiting_brief[lane])

    @property
    def busy(self) -> bool:
        return bool(self._running or self._running_brief)

    def close(self, seconds: float = _STOP) -> bool:
        """Cancel everything and wait; False where a job did not end in time (its thread must then not be destroyed)."""
        self._closing = True
        for queue in (*self._waiting.values(), *self._waiting_brief.values()):
            for job in queue:
                self._forget(job)
            queue.clear()
        jobs = [*self._running.values(), *self._running_brief.values()]
        for job in jobs:
            job.handle.cancel()
        until = time.monotonic() + seconds
        # Of the threads, since a handle lets go of its job once that has said its result; each gets its wait.
        ended = [job.ends_within(until - time.monotonic()) for job in jobs]
        if all(ended):
            self._garbage.watch(False)
        return all(ended)

    def _cancel(self, job: Job) -> None:
        """Stop a running job, or take a waiting one out of its lane."""
        lane = self._lanes.get(job)
        if lane is None:
            return
        for queue in (self._waiting[lane], self._waiting_brief[lane]):
            if job in queue:
                queue.remove(job)
                self._forget(job)
                self._on_cancelled(job.handle)
                self.changed.emit()
                return
        job.cancel()

    def _advance(self, lane: Lane) -> None:
        """Start what may run now."""
        if not self._closing:
            running = self._running.get(lane)
            if lane not in self._running_brief:
                if self._waiting_brief[lane] and running is not None:
                    running.hold(True)  # `held` comes when it stands still
                elif self._waiting_brief[lane]:
                    self._begin(self._running_brief, lane, self._waiting_brief[lane].popleft())
                elif running is not None:
                    running.hold(False)
                elif self._waiting[lane]:
                    self._begin(self._running, lane, self._waiting[lane].popleft())
        self.changed.emit()

    def _begin(self, running: dict[Lane, Job], lane: Lane, job: Job) -> None:
        running[lane] = job
        _log.info("job begins in lane %s", lane.value)
        job.start()

    # What jobs say -----------------------------------------------------------------------------------------------------

    @Slot(object, object)
    def _on_reported(self, handle: JobHandle, event: object) -> None:
        if handle._wanted():
            if handle._reported is not None:
                handle._reported(event)
            self.reported.emit(handle, event)

    @Slot(object, object)
    def _on_succeeded(self, handle: JobHandle, result: object) -> None:
        done = handle._end(handle._done if handle._wanted() else None)
        if done is not None:
            done(result)

    @Slot(object, object)
    def _on_failed(self, handle: JobHandle, fault: BaseException) -> None:
        wanted = handle._wanted()
        failed = handle._end(handle._failed)
        if failed is not None:
            failed(fault)
        elif wanted:
            _log.warning("a job failed: %s", type(fault).__name__)
            self.failed.emit(fault)
        else:
            _log.info("a job that nobody waits for failed: %s", type(fault).__name__)

    @Slot(object)
    def _on_cancelled(self, handle: JobHandle) -> None:
        cancelled = handle._end(handle._cancelled if handle._wanted() else None)
        if cancelled is not None:
            cancelled()

    @Slot(object)
    def _on_held(self, handle: JobHandle) -> None:
        job = handle._job
        lane = self._lanes.get(job) if job is not None else None
        if lane is None or self._closing or self._running.get(lane) is not job or lane in self._running_brief:
            return
        if self._waiting_brief[lane]:
            self._begin(self._running_brief, lane, self._waiting_brief[lane].popleft())
            self.changed.emit()
        else:  # the brief job was taken back meanwhile
            self._advance(lane)

    @Slot()
    def _on_finished(self) -> None:
        job = self.sender()
        lane = self._lanes.get(job) if isinstance(job, Job) else None
        if lane is None or not isinstance(job, Job):
            return
        for running in (self._running, self._running_brief):
            if running.get(lane) is job:
                del running[lane]
        self._forget(job)
        self._advance(lane)

    def _forget(self, job: Job) -> None:
        self._lanes.pop(job, None)
        job.deleteLater()
