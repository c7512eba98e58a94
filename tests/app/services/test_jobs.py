"""Jobs and their lanes, with small generators: where signals arrive, how a job ends, what waits for what."""

import gc
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject, QThread, Slot  # noqa: TID251 (only asked for the thread that runs now)
from pytestqt.qtbot import QtBot

from app.services.jobs import Job, JobHandle, JobQueue, Lane
from engine.progress import Work


class Ear(QObject):
    """Hears what a job says, and on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[object] = []
        self.results: list[object] = []
        self.faults: list[BaseException] = []
        self.stops = 0
        self.threads: set[QThread] = set()

    def ends(self) -> int:
        return len(self.results) + len(self.faults) + self.stops

    @Slot(object)
    def heard(self, event: object) -> None:
        self.events.append(event)
        self.threads.add(QThread.currentThread())

    @Slot(object)
    def done(self, result: object) -> None:
        self.results.append(result)
        self.threads.add(QThread.currentThread())

    @Slot(object)
    def failed(self, fault: BaseException) -> None:
        self.faults.append(fault)
        self.threads.add(QThread.currentThread())

    @Slot()
    def cancelled(self) -> None:
        self.stops += 1
        self.threads.add(QThread.currentThread())


class Gate:
    """Work that stands still until it is let on, so that no test waits by the clock."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.begun = threading.Event()
        self.closed = threading.Event()

    def work(self, result: str = "") -> Work[str]:
        try:
            yield "begun"
            self.begun.set()
            self.open.wait(60)
            yield "through"
            return result
        finally:
            self.closed.set()


class Loop:
    """Garbage that only a collection finds; it remembers on which thread that was."""

    def __init__(self, seen: set[int]) -> None:
        self._me, self._seen = self, seen

    def __del__(self) -> None:
        self._seen.add(threading.get_ident())


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[JobQueue]:
    queue = JobQueue()
    yield queue
    assert queue.close(20)


@pytest.fixture
def ear(qtbot: QtBot) -> Ear:
    return Ear()


def add(
    jobs: JobQueue, ear: Ear, make: Callable[[], Work[object]], lane: Lane = Lane.LEARNING, *, brief: bool = False
) -> JobHandle:
    return jobs.start(
        ear,
        lane,
        "work",
        make,
        done=ear.done,
        failed=ear.failed,
        reported=ear.heard,
        cancelled=ear.cancelled,
        brief=brief,
    )


def numbers(upto: int, where: list[QThread] | None = None) -> Work[str]:
    for number in range(upto):
        if where is not None:
            where.append(QThread.currentThread())
        yield number
    return "all"


def test_events_and_the_result_arrive_on_the_window_s_thread(qtbot: QtBot, jobs: JobQueue, ear: Ear) -> None:
    where: list[QThread] = []
    job = add(jobs, ear, lambda: numbers(50, where))
    assert jobs.running(Lane.LEARNING) is job and jobs.busy
    qtbot.waitUntil(lambda: not jobs.busy)
    assert ear.events == list(range(50)) and ear.results == ["all"] and ear.ends() == 1
    assert ear.threads == {QThread.currentThread()}
    assert QThread.currentThread() not in where


def test_the_queue_passes_every_event_on_with_its_job(qtbot: QtBot, jobs: JobQueue, ear: Ear) -> None:
    heard: list[tuple[JobHandle, object]] = []
    jobs.reported.connect(lambda job, event: heard.append((job, event)))
    job = add(jobs, ear, lambda: numbers(3))
    qtbot.waitUntil(lambda: not jobs.busy)
    assert heard == [(job, 0), (job, 1), (job, 2)]


class NoException(BaseException):
    """As KeyboardInterrupt and GeneratorExit: nothing that `except Exception` catches."""


@pytest.mark.parametrize("kind", [ValueError, SystemExit, NoException])
def test_whatever_is_raised_is_a_failure(qtbot: QtBot, jobs: JobQueue, ear: Ear, kind: type[BaseException]) -> None:
    def work() -> Work[None]:
        yield 1
        raise kind("broken")

    add(jobs, ear, work)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert ear.events == [1] and ear.ends() == 1
    assert type(ear.faults[0]) is kind and ear.threads == {QThread.currentThread()}


def test_work_that_cannot_even_begin_is_a_failure(qtbot: QtBot, jobs: JobQueue, ear: Ear) -> None:
    def make() -> Work[None]:
        raise MemoryError

    add(jobs, ear, make)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert [type(fault) for fault in ear.faults] == [MemoryError] and ear.ends() == 1


def test_cancelling_puts_things_in_order_between_two_events(qtbot: QtBot, jobs: JobQueue, ear: Ear) -> None:
    gate = Gate()
    job = add(jobs, ear, gate.work)
    qtbot.waitUntil(gate.begun.is_set)
    job.cancel()
    assert not gate.closed.is_set() and jobs.busy  # it is in the middle of a step
    gate.open.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert gate.closed.is_set() and ear.stops == 1 and ear.ends() == 1


def test_work_that_fails_as_it_is_closed_is_a_failure(qtbot: QtBot, jobs: JobQueue, ear: Ear) -> None:
    def work() -> Work[None]:
        try:
            while True:
                yield 1
        finally:
            raise OSError(28, "No space left on device")

    job = add(jobs, ear, work)
    qtbot.waitUntil(lambda: bool(ear.events))
    job.cancel()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert [type(fault) for fault in ear.faults] == [OSError] and ear.ends() == 1


def test_a_result_that_came_before_the_wish_to_stop_counts(qtbot: QtBot, jobs: JobQueue, ear: Ear) -> None:
    def work() -> Work[str]:
        if jobs_running := jobs.running(Lane.LEARNING):
            jobs_running.cancel()
        return "done"
        yield

    add(jobs, ear, work)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert ear.ends() == 1 and ear.results == ["done"]


def test_a_paused_job_holds_after_its_event_until_it_goes_on(qtbot: QtBot, jobs: JobQueue, ear: Ear) -> None:
    gate, after = Gate(), threading.Event()

    def work() -> Work[str]:
        yield from gate.work()
        after.set()
        return "all"

    job = add(jobs, ear, work)
    qtbot.waitUntil(gate.begun.is_set)
    job.pause()
    gate.open.set()
    qtbot.waitUntil(lambda: ear.events == ["begun", "through"])
    assert job.paused and not after.wait(0.1) and ear.ends() == 0
    job.pause(False)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert not job.paused and ear.results == ["all"]


def test_a_paused_job_can_be_cancelled(qtbot: QtBot, jobs: JobQueue, ear: Ear) -> None:
    job = add(jobs, ear, lambda: numbers(1_000_000))
    job.pause()
    qtbot.waitUntil(lambda: bool(ear.events))
    job.cancel()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert ear.stops == 1 and ear.ends() == 1 and len(ear.events) < 1_000_000


def test_a_lane_is_serial_and_lanes_run_beside_each_other(qtbot: QtBot, jobs: JobQueue, ear: Ear) -> None:
    first, second, other = Gate(), Gate(), Gate()
    job = add(jobs, ear, lambda: first.work("first"))
    add(jobs, ear, lambda: second.work("second"))
    add(jobs, ear, lambda: other.work("other"), lane=Lane.STORING)
    qtbot.waitUntil(lambda: first.begun.is_set() and other.begun.is_set())
    assert jobs.running(Lane.LEARNING) is job and jobs.waiting(Lane.LEARNING) == 1 and jobs.waiting(Lane.STORING) == 0
    assert not second.begun.is_set()
    other.open.set()
    qtbot.waitUntil(lambda: ear.results == ["other"])
    assert jobs.running(Lane.STORING) is None or not second.begun.is_set()
    second.open.set()
    first.open.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert ear.results == ["other", "first", "second"]


def test_the_lane_goes_on_after_a_failure(qtbot: QtBot, jobs: JobQueue, ear: Ear) -> None:
    def broken() -> Work[None]:
        yield 1
        raise ValueError

    add(jobs, ear, broken)
    add(jobs, ear, lambda: numbers(1))
    qtbot.waitUntil(lambda: not jobs.busy)
    assert len(ear.faults) == 1 and ear.results == ["all"]


def test_a_waiting_job_is_taken_out_of_its_lane(qtbot: QtBot, jobs: JobQueue, ear: Ear) -> None:
    gate, never = Gate(), Gate()
    add(jobs, ear, lambda: gate.work("ran"))
    waiting = add(jobs, ear, never.work)
    with qtbot.waitSignal(jobs.changed):
        waiting.cancel()
    assert ear.stops == 1 and jobs.waiting(Lane.LEARNING) == 0
    gate.open.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert ear.results == ["ran"] and not never.begun.is_set() and ear.ends() == 2


def test_every_change_is_told(qtbot: QtBot, jobs: JobQueue, ear: Ear) -> None:
    seen: list[tuple[bool, int]] = []
    jobs.changed.connect(lambda: seen.append((jobs.busy, jobs.waiting(Lane.LEARNING))))
    gate = Gate()
    add(jobs, ear, gate.work)
    add(jobs, ear, lambda: numbers(1))
    assert seen == [(True, 0), (True, 1)]
    gate.open.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert seen[-2:] == [(True, 0), (False, 0)]


def test_closing_ends_what_runs_and_drops_what_waits(qtbot: QtBot, ear: Ear) -> None:
    jobs, tidy, late = JobQueue(), threading.Event(), Gate()

    def work() -> Work[None]:
        try:
            while True:
                yield 1
        finally:
            tidy.set()

    add(jobs, ear, work)
    add(jobs, ear, late.work)
    qtbot.waitUntil(lambda: bool(ear.events))
    assert jobs.close(20)
    assert tidy.is_set()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert ear.stops == 1 and not late.begun.is_set() and jobs.waiting(Lane.LEARNING) == 0


def test_closing_waits_for_the_thread_of_a_job_that_has_said_its_result(qtbot: QtBot) -> None:
    """Its handle has let go of it by then; a thread that is destroyed while it runs ends the process."""
    owner, left = Ear(), list[bool]()
    for _ in range(20):
        queue = JobQueue()
        threads: list[Job] = []

        def close(_: object, queue: JobQueue = queue, threads: list[Job] = threads) -> None:
            assert queue.close()
            left.append(any(thread.isRunning() for thread in threads))

        handle = queue.start(owner, Lane.RECORDS, "", lambda: iter(()), done=close)  # type: ignore[arg-type,return-value]
        assert handle._job is not None
        threads.append(handle._job)
        qtbot.waitUntil(lambda before=len(left): len(left) > before)  # type: ignore[misc]
    assert not any(left)


def test_nothing_begins_after_closing(qtbot: QtBot, ear: Ear) -> None:
    jobs, gate = JobQueue(), Gate()
    assert jobs.close()
    add(jobs, ear, gate.work)
    assert not jobs.busy and not gate.begun.is_set()


def test_closing_says_when_a_job_does_not_end(qtbot: QtBot, ear: Ear) -> None:
    jobs, gate = JobQueue(), Gate()
    add(jobs, ear, gate.work)
    qtbot.waitUntil(gate.begun.is_set)
    assert not jobs.close(0.05)
    gate.open.set()
    assert jobs.close(20)
    assert gate.closed.is_set()


def test_python_collects_again_once_the_queue_is_closed(qtbot: QtBot, ear: Ear) -> None:
    """Also while the ends of its jobs are still to be heard: whoever destroys the queue then must not leave it switched off."""
    jobs, gates, seen = JobQueue(), [Gate(), Gate()], []
    for lane, gate in zip((Lane.LEARNING, Lane.STORING), gates, strict=True):
        add(jobs, ear, gate.work, lane)
    qtbot.waitUntil(lambda: all(gate.begun.is_set() for gate in gates))
    assert not gc.isenabled()
    for gate in gates:
        gate.open.set()
    assert jobs.close(20) and gc.isenabled()
    jobs.changed.connect(lambda: seen.append(gc.isenabled()))
    qtbot.waitUntil(lambda: not jobs.busy)
    assert seen == [True, True]


def test_no_thread_outlives_its_job(qtbot: QtBot, jobs: JobQueue, ear: Ear) -> None:
    for _ in range(5):
        add(jobs, ear, lambda: numbers(2))
    qtbot.waitUntil(lambda: len(ear.results) == 5 and not jobs.busy)
    qtbot.waitUntil(lambda: not jobs.findChildren(Job))


def test_garbage_is_collected_on_the_window_s_thread_alone(qtbot: QtBot, jobs: JobQueue) -> None:
    """A job that collects destroys Qt objects of the window on its own thread, and hangs it."""
    seen: set[int] = set()
    until = threading.Event()

    def wasteful() -> Work[None]:
        kept: list[list[int]] = []
        while not until.is_set():
            Loop(seen)
            kept.append([])  # what makes Python think of collecting
            yield None

    jobs.start(jobs, Lane.STORING, "wasteful", wasteful)
    qtbot.waitUntil(lambda: bool(seen), timeout=20_000)
    until.set()
    qtbot.waitUntil(lambda: not jobs.busy, timeout=20_000)
    assert seen == {threading.get_ident()}
    assert not gc.isenabled(), "nor in the midst of what the window does"


# Handles -----------------------------------------------------------------------------------------------------------------


def test_nothing_of_a_dropped_job_arrives(qtbot: QtBot, jobs: JobQueue, ear: Ear) -> None:
    ended = add(jobs, ear, lambda: numbers(3))
    assert ended.wait(20)  # all is said, but nobody has heard of it
    ended.drop()
    gate = Gate()
    running = add(jobs, ear, gate.work, Lane.STORING)
    qtbot.waitUntil(gate.begun.is_set)
    qtbot.waitUntil(lambda: ear.events == ["begun"])
    running.drop()
    gate.open.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert ear.events == ["begun"] and ear.ends() == 0 and gate.closed.is_set()
    assert not ended.active and not running.active


def test_a_job_ends_with_its_owner(qtbot: QtBot, jobs: JobQueue) -> None:
    owner, gate, told = QObject(), Gate(), list[object]()
    jobs.start(owner, Lane.LEARNING, "work", gate.work, done=told.append, reported=told.append)
    qtbot.waitUntil(gate.begun.is_set)
    told.clear()
    owner.deleteLater()
    del owner
    qtbot.wait(0)
    gate.open.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert not told and gate.closed.is_set()


def test_a_callback_may_be_any_function_and_is_called_on_the_window_s_thread(qtbot: QtBot, jobs: JobQueue) -> None:
    where: list[QThread] = []
    jobs.start(jobs, Lane.CASE, "", lambda: numbers(1), done=lambda _: where.append(QThread.currentThread()))
    qtbot.waitUntil(lambda: bool(where))
    assert where == [QThread.currentThread()]


def test_a_failure_that_nobody_takes_is_logged_and_shown(
    qtbot: QtBot, jobs: JobQueue, caplog: pytest.LogCaptureFixture
) -> None:
    def work() -> Work[None]:
        yield 1
        raise ValueError("a patient's name")

    with qtbot.waitSignal(jobs.failed) as shown:
        jobs.start(jobs, Lane.CASE, "", work)
    assert isinstance(shown.args[0], ValueError)
    assert "ValueError" in caplog.text and "patient" not in caplog.text


def test_a_handle_whose_job_has_ended_does_nothing_more(qtbot: QtBot, jobs: JobQueue, ear: Ear) -> None:
    handle = add(jobs, ear, lambda: numbers(1))
    qtbot.waitUntil(lambda: not jobs.busy)
    handle.cancel()
    handle.pause()
    handle.drop()
    assert not handle.active and not handle.paused and ear.ends() == 1


# Brief jobs --------------------------------------------------------------------------------------------------------------


def test_a_brief_job_goes_first_and_what_runs_stands_still_meanwhile(qtbot: QtBot, jobs: JobQueue, ear: Ear) -> None:
    short, steps = Gate(), 0

    def long() -> Work[str]:
        nonlocal steps
        while not short.closed.is_set():
            steps += 1
            yield None
        return "long"

    first = add(jobs, ear, long)
    add(jobs, ear, lambda: numbers(1))
    add(jobs, ear, lambda: short.work("short"), brief=True)
    qtbot.waitUntil(short.begun.is_set)
    assert jobs.running(Lane.LEARNING) is first and jobs.waiting(Lane.LEARNING) == 1
    before = steps
    qtbot.wait(0)
    assert steps == before, "one at a time computes"
    short.open.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert ear.results == ["short", "long", "all"]


def test_a_brief_job_does_not_wait_for_one_that_a_person_paused_nor_wake_it(
    qtbot: QtBot, jobs: JobQueue, ear: Ear
) -> None:
    long = add(jobs, ear, lambda: numbers(1_000_000))
    long.pause()
    qtbot.waitUntil(lambda: bool(ear.events))
    add(jobs, ear, lambda: numbers(0), brief=True)
    qtbot.waitUntil(lambda: ear.results == ["all"])
    assert long.paused and jobs.running(Lane.LEARNING) is long
    long.cancel()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert ear.stops == 1


def test_a_brief_job_that_is_taken_back_lets_the_other_go_on(qtbot: QtBot, jobs: JobQueue, ear: Ear) -> None:
    gate, never = Gate(), Gate()
    add(jobs, ear, lambda: gate.work("long"))
    qtbot.waitUntil(gate.begun.is_set)
    add(jobs, ear, never.work, brief=True).cancel()
    gate.open.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert ear.results == ["long"] and not never.begun.is_set() and ear.stops == 1


def test_a_brief_job_runs_where_the_lane_is_free(qtbot: QtBot, jobs: JobQueue, ear: Ear) -> None:
    handle = add(jobs, ear, lambda: numbers(1), brief=True)
    assert jobs.running(Lane.LEARNING) is handle
    add(jobs, ear, lambda: numbers(2))
    qtbot.waitUntil(lambda: not jobs.busy)
    assert ear.results == ["all", "all"] and ear.events == [0, 0, 1]
