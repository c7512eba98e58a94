"""The trainings of the open project: started, queued, paused, stopped and resumed here, their results put into the project."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.services.jobs import JobHandle, JobQueue, Lane
from app.services.project_session import ProjectSession
from app.services.recipe import Recipe
from app.services.run_queries import RunQueries
from engine.config import TrainConfig
from engine.errors import EngineError
from engine.progress import BatchDone, CaseSeen, EpochDone, Notice, Progress, Work
from engine.project.runs import Run, RunState, RunSummary
from widgets.figures import figure
from widgets.text import tr

if TYPE_CHECKING:
    from engine.learning.train import Outcome


class TrainingQueue(QObject):
    """One training at a time; the others wait in the queue. `runs` is asked about what was trained."""

    changed = Signal()  # a training began, ended, was paused or queued; or runs changed
    batch = Signal(object)  # BatchDone of the training under way
    epoch = Signal(object)  # EpochDone of the training under way
    offered = Signal(object, str)  # Run, what came of it: it is trained, and another one stays in use
    noticed = Signal(object)  # Notice

    def __init__(
        self, session: ProjectSession, jobs: JobQueue, runs: RunQueries | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self.runs = runs or RunQueries(session, jobs, self)
        self.recipe = Recipe(session, self)  # what the next run will be made of
        self.run: Run | None = None  # the one that trains
        self.job: JobHandle | None = None  # that trains it
        self.epochs: list[EpochDone] = []  # of the training under way, without the pictures of their cases
        self.cases: tuple[CaseSeen, ...] = ()  # those of its last validation
        self.losses: list[
            tuple[float, float]
        ] = []  # of its batches (of many what a plot shows): epoch as a fraction, loss
        self.last_batch: BatchDone | None = None
        self.newer: int | None = None  # the run that was trained last, while another one stayed in use
        self.notices: list[Notice] = []
        self.progress: Progress | None = None
        self._waiting: list[tuple[TrainConfig, str]] = []
        self._receivers: dict[type, Callable[..., None]] = {
            BatchDone: self._batch_done,
            EpochDone: self._epoch_done,
            Notice: self._notice,
            Progress: self._progressed,
        }
        session.project_about_to_close.connect(self._pause_on_close)
        session.project_changed.connect(self._forget)
        self.runs.changed.connect(self._runs_changed)
        self.runs.noticed.connect(self.noticed)

    @property
    def training(self) -> bool:
        return self.job is not None

    @property
    def paused(self) -> bool:
        return self.job is not None and self.job.paused

    @property
    def waiting(self) -> int:
        """How many trainings wait for the one under way."""
        return len(self._waiting)

    @property
    def queue(self) -> tuple[tuple[TrainConfig, str], ...]:
        """Settings and names of the trainings that wait, the next one first."""
        return tuple(self._waiting)

    # Starting and stopping ---------------------------------------------------------------------------------------------

    def start(self, config: TrainConfig, name: str = "") -> None:
        """Train with these settings on the masks or classes as they are now, or queue it behind the training under way."""
        if self.training:
            self._waiting.append((config, name))
            self.changed.emit()
            return
        if self._session.project is None:
            return
        try:
            run = self._session.project.runs.add(config, name)
        except EngineError as fault:
            self._session.failed.emit(fault)
            self._start_waiting()  # one that cannot begin does not hold up those behind it
        else:
            self._begin(run, config, resume=False)

    def start_next(self) -> None:
        """A run with the recipe as it stands; behind the one that trains, where one does."""
        try:
            self.start(self.recipe.ready())
        except EngineError as fault:
            self._session.failed.emit(fault)

    def resume(self, run: Run) -> None:
        """Go on with a run that was stopped, or that a crash ended."""
        if self.training:
            return
        resumed = self.runs.attempt(lambda project: project.runs.update(run, "training"))
        if resumed is not None:
            self._begin(replace(resumed, state=run.state), run.config, resume=True)

    def pause(self, on: bool = True) -> None:
        """Hold the training under way after its next batch, or let it go on."""
        if self.job is not None:
            self.job.pause(on)
            self.changed.emit()

    def toggle_pause(self) -> None:
        self.pause(not self.paused)

    def stop(self) -> None:
        """End the training under way; the best weights so far are kept and it can be resumed."""
        if self.job is not None:
            self.job.cancel()

    def clear_queue(self) -> None:
        """Take the trainings that wait out of the queue."""
        self._waiting.clear()
        self.changed.emit()

    def _begin(self, run: Run, config: TrainConfig, *, resume: bool) -> None:
        project = self._session.project
        if project is None:
            return
        self.run, self.epochs, self.losses, self.notices = run, [], [], []
        self.cases, self.last_batch, self.progress = (), None, None
        self.job = self._jobs.start(
            self,
            Lane.LEARNING,
            run.name,
            partial(_training, project.path, run.folder, config, run.name, resume),
            done=self._trained,
            failed=self._training_failed,
            reported=self._reported,
            cancelled=self._stopped,
        )
        self.changed.emit()

    def _start_waiting(self) -> None:
        """The next of the queue, behind the predictions of the run that ended."""
        if self._waiting:
            self.start(*self._waiting.pop(0))

    # While it trains ---------------------------------------------------------------------------------------------------

    def _reported(self, event: object) -> None:
        receive = self._receivers.get(type(event))
        if receive is not None:
            receive(event)

    def _batch_done(self, event: BatchDone) -> None:
        from widgets.plots import MOST_POINTS, thinned

        self.last_batch = event
        self.losses.append((event.epoch - 1 + event.step / max(event.steps, 1), event.loss))
        if len(self.losses) > MOST_POINTS:
            xs, ys = zip(*self.losses, strict=True)
            self.losses = list(zip(*thinned(xs, ys, MOST_POINTS // 4), strict=True))
        self.batch.emit(event)

    def _epoch_done(self, event: EpochDone) -> None:
        self.cases = event.cases or self.cases
        self.epochs.append(replace(event, cases=()))  # a thousand validations with their pictures fill the memory
        self.epoch.emit(event)

    def _notice(self, event: Notice) -> None:
        self.notices.append(event)
        self.noticed.emit(event)

    def _progressed(self, event: Progress) -> None:
        self.progress = event

    # Its end -----------------------------------------------------------------------------------------------------------

    def _trained(self, outcome: "Outcome") -> None:
        run = self._end("finished", outcome.summary, outcome.config)
        if run is not None:
            self._offer(run, " ".join([tr("{run} is trained.", run=run.name), *_validated(outcome.summary)]), "good")
            self._predict_sets(run)
        self._start_waiting()

    def _offer(self, run: Run, text: str, kind: str) -> None:
        """Show its predictions where no others are looked at: those that are stay under the hand, and the new ones are offered."""
        in_use = self._session.predictions.run
        if in_use is None or in_use.id == run.id:
            self._session.predictions.use_run(run)
            self._session.notification.emit(text, kind)
        else:
            self.newer = run.id
            self.offered.emit(run, text + " " + tr("{run} stays in use.", run=in_use.name))
            self.changed.emit()

    def _predict_sets(self, run: Run) -> None:
        """What the reader looks at next: the sets that were kept apart, and the item on the screen."""
        shown = self._session.current.item
        here = shown.id if shown is not None else None
        self.runs.predict(run, [i.id for i in self._session.items() if i.split in ("val", "test") or i.id == here])

    def _stopped(self) -> None:
        run = self._end("paused", self._partial_summary())
        if run is not None and run.bundle.exists():
            text = tr("{run} was stopped. Its best model so far is kept; it can be resumed.", run=run.name)
            self._offer(run, text, "info")
        elif run is not None:
            text = tr("{run} was stopped before it had a model; it can be resumed.", run=run.name)
            self._session.notification.emit(text, "info")
        self._start_waiting()

    def _training_failed(self, fault: BaseException) -> None:
        finished = self.run is not None and self.run.state == "finished"  # before it was to go on: its model is there
        self._end("finished" if finished else "failed", self._partial_summary())
        self._session.failed.emit(fault)
        self._start_waiting()

    def _end(self, state: RunState, summary: RunSummary | None = None, config: TrainConfig | None = None) -> Run | None:
        run, self.run, self.job = self.run, None, None
        project, found = self._session.project, None
        if run is not None and project is not None:
            try:
                found = project.runs.update(run, state, summary, config)
            except EngineError as fault:
                self._session.failed.emit(fault)
        if run is not None and found is not None and found.summary.bundle != run.summary.bundle:
            self.runs.forget_scores(run.id)  # of the bundle before
        self.changed.emit()
        return found

    def _partial_summary(self) -> RunSummary:
        """What the run's row keeps of a training that ends early: also that of its earlier starts, so it is read from its folder."""
        from engine.learning.events import read_summary

        auto = next((n.values for n in self.notices if "arch" in n.values), {})  # known before there is a model
        network = RunSummary.from_dict({key: auto[key] for key in ("arch", "encoder", "size", "patch") if key in auto})
        return network.updated(read_summary(self.run.folder)) if self.run is not None else network

    # Changes from outside ----------------------------------------------------------------------------------------------

    @Slot()
    def _runs_changed(self) -> None:
        """The run that trains may have another name now."""
        if self.run is not None and self.job is not None:
            self.run = self.runs.find(self.run.id) or self.run
            self.job.title = self.run.name
        self.changed.emit()

    @Slot()
    def _pause_on_close(self) -> None:
        """The project is about to close: what its training has come to stays with the run, which can be resumed."""
        if self.run is None or self.job is None or self._session.project is None:
            return
        try:
            self._session.project.runs.update(self.run, "paused", self._partial_summary())
        except EngineError as fault:
            self._session.failed.emit(fault)
        self.job.drop()
        self.run, self.job = None, None

    @Slot()
    def _forget(self) -> None:
        """Another project, or none."""
        self._waiting.clear()
        self.newer = None
        self.epochs, self.cases, self.losses, self.last_batch, self.notices = [], (), [], None, []
        self.changed.emit()


def _validated(summary: RunSummary) -> list[str]:
    """The one figure of the validation that the list of runs shows too, by its name."""
    if summary.accuracy is not None:
        return [tr("Accuracy on the validation set: {value}.", value=figure(summary.accuracy, 3))]
    if summary.score is not None:
        return [tr("Mean Dice on the validation set: {value}.", value=figure(summary.score, 3))]
    return []


# torch is imported inside this generator only, so on the job's thread and not before the first job


def _training(folder: Path, target: Path, config: TrainConfig, name: str, resume: bool) -> Work["Outcome"]:
    yield Progress(0, 0, "")
    from engine.learning.train import train

    return (yield from train(folder, target, config, name, resume=resume))
