"""When the phases of a series were taken, as their files say it: read in a job."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.services.jobs import JobHandle, JobQueue, Lane
from engine.errors import EngineError
from engine.imaging.phase_time import PhaseTime, phase_time
from engine.progress import Progress, Work
from engine.project.items import Item


class PhaseTimes(QObject):
    """Of one series at a time; its files are asked once."""

    arrived = Signal()

    def __init__(self, jobs: JobQueue, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._job: JobHandle | None = None
        self._times: dict[int, PhaseTime] | None = None  # of the items whose files say it; None: they were not asked

    def of(self, item: Item) -> PhaseTime | None:
        return self._times.get(item.id) if self._times is not None else None

    def read(self, parts: Sequence[Item]) -> None:
        """Ask the files of these phases, unless they were asked already."""
        if parts and self._job is None and self._times is None:
            self._job = self._jobs.start(self, Lane.BESIDE, "", partial(_reading, tuple(parts)), done=self._done)

    def forget(self) -> None:
        """Another series."""
        if self._job is not None:
            self._job.drop()
        self._job, self._times = None, None

    def _done(self, times: dict[int, PhaseTime]) -> None:
        self._job, self._times = None, times
        self.arrived.emit()


def _reading(parts: Sequence[Item]) -> Work[dict[int, PhaseTime]]:
    times = {}
    for number, item in enumerate(parts):
        yield Progress(number, len(parts))
        try:
            time = phase_time(item.source)
        except EngineError:  # that it cannot be read is said when it is to be shown
            continue
        if time is not None:
            times[item.id] = time
    return times
