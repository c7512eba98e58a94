"""What the pill in the top bar says: which job runs, how far it is, how long it will take; and the cross that stops it."""

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QAbstractButton

from app.services.jobs import JobHandle, JobQueue, Lane
from app.services.training_runner import TrainingRunner
from engine.progress import Progress
from widgets.figures import figure
from widgets.job_bar import JobBar
from widgets.text import tip, tr


class JobPill(QObject):
    """Follows the jobs and trainings, and tells the pill."""

    def __init__(self, pill: JobBar, cross: QAbstractButton, trainings: TrainingRunner, jobs: JobQueue) -> None:
        super().__init__(pill)
        self._pill, self._cross, self._trainings, self._jobs = pill, cross, trainings, jobs
        cross.clicked.connect(self._stop)
        jobs.changed.connect(self._show)
        jobs.reported.connect(self._reported)
        for signal in (trainings.runs.changed, trainings.paused_changed, trainings.waiting.changed):
            signal.connect(self._show)

    def _running(self) -> JobHandle | None:
        lanes = (Lane.LEARNING, Lane.STORING, Lane.EDITING)
        return next((job for lane in lanes if (job := self._jobs.running(lane)) is not None), None)

    def _trains(self, job: JobHandle) -> bool:
        return job is self._trainings.job

    @Slot()
    def _stop(self) -> None:
        """A training keeps its best and can be resumed; other work keeps what it has done so far."""
        job = self._running()
        if job is not None:
            job.cancel()

    @Slot()
    def _show(self) -> None:
        job = self._running()
        self._cross.setVisible(job is not None)
        if job is None:
            self._pill.clear()
            return
        self._cross.setToolTip(tip(tr("Stop: {job}", job=job.title)))
        queued = len(self._trainings.waiting.all) + self._jobs.waiting(Lane.LEARNING)
        if job is self._trainings.studies.job:
            spent, total = self._trainings.studies.minutes
            time = tr("{spent} of {total} min", spent=figure(spent, 1), total=figure(total)) if total >= 1 else ""
            self._pill.set_job(job.title, time, share=spent / total if total else None, queued=queued)
            return
        if not self._trains(job):
            self._pill.set_job(job.title, queued=queued)
            return
        last = self._trainings.last_batch
        if self._trainings.paused:
            details = [tr("paused")]
        else:
            details = [tr("starting")] if last is None else _left(last.epoch, last.seconds_left)
        share = last.share if last is not None else None
        self._pill.set_job(tr("Training {run}", run=job.title), *details, short=job.title, share=share, queued=queued)

    @Slot(object, object)
    def _reported(self, job: object, event: object) -> None:
        running = self._running()
        if running is None or job is not running:
            return
        counts = not self._trainings.training and running is not self._trainings.studies.job
        if isinstance(event, Progress) and event.total and counts:
            self._pill.set_job(running.title, f"{event.done} / {event.total}", share=event.done / event.total)
        else:
            self._show()


def _left(epoch: int, seconds: float | None) -> list[str]:
    text = tr("epoch {epoch}", epoch=epoch)
    if seconds is None:
        return [text]
    if seconds >= 90:
        return [text, tr("{minutes} min left", minutes=round(seconds / 60))]
    return [text, tr("{seconds} s left", seconds=round(seconds))]
