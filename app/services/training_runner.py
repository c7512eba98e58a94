"""The trainings of the open project: started, queued, paused, stopped and resumed here, their results put into the project."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from app.services.jobs import JobHandle, JobQueue, Lane
from app.services.project_session import ProjectSession
from app.services.recipe import Recipe
from app.services.run_queries import RunQueries
from app.services.study_runner import StudyRunner
from app.services.waiting_trainings import WaitingTrainings
from engine.config import TrainConfig
from engine.errors import EngineError
from engine.learning.events import has_learnt, read_events, read_summary
from engine.progress import BatchDone, CaseSeen, EpochDone, Notice, Progress, Work
from engine.project.runs import Run, RunState, RunSummary, best_run, summary_of
from widgets.figures import figure
from widgets.text import tr

if TYPE_CHECKING:
    from engine.learning.train import Outcome


class TrainingRunner(QObject):
    """One training at a time; the others are `waiting`. `runs` is asked about what was trained."""

    training_changed = Signal()  # a training began or ended; its run is another one then, as `runs.changed` says too
    paused_changed = Signal()  # the training under way is held, or goes on
    batch = Signal(object)  # BatchDone of the training under way
    epoch = Signal(object)  # EpochDone of the training under way
    noticed = Signal(object)  # Notice
    study_asked = Signal()  # whole images are learnt by the networks of a study
    offered = Signal(object, str)  # a Run that did better than the one under review, and a text that says so

    def __init__(
        self, session: ProjectSession, jobs: JobQueue, runs: RunQueries | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self.runs = runs or RunQueries(session, jobs, self)
        self.studies = StudyRunner(session, jobs, self.runs, self)
        self.recipe = Recipe(session, self)  # what the next run will be made of
        self.waiting = WaitingTrainings(session, self)  # for the one that trains
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
        self.under_review = (
            False  # a person looks through the predictions of the run in use: it is not exchanged under the hand
        )
        self._fresh = True  # the training under way is no resumed one
        self._receivers: dict[type, Callable[..., None]] = {
            BatchDone: self._batch_done,
            EpochDone: self._epoch_done,
            Notice: self._notice,
            Progress: self._progressed,
            _EarlierEpochs: self._have_earlier,
        }
        session.project_about_to_close.connect(self._pause_on_close)
        session.project_changed.connect(self._forget)
        self.runs.changed.connect(self._runs_changed)

    @property
    def training(self) -> bool:
        return self.job is not None

    @property
    def paused(self) -> bool:
        return self.job is not None and self.job.paused

    def so_far(self, run: Run) -> Run:
        """The run with what its training has come to by now, where it is the one under way."""
        if self.run is None or run.id != self.run.id:
            return run
        return replace(run, summary=run.summary.updated(summary_of(self.epochs)))

    # Starting and stopping ---------------------------------------------------------------------------------------------

    def start(self, config: TrainConfig, name: str = "") -> None:
        """Train with these settings on the masks or classes as they are now, or queue it behind the training under way."""
        if self.training:
            self.waiting.add(config, name)
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

    def start_or_stop(self) -> None:
        """End what trains; else start a run with the recipe, or ask for the study of whole images."""
        if self.training:
            self.stop()
        elif self._session.task == "classification":
            self.study_asked.emit()
        else:
            self.start_next()

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
            self.paused_changed.emit()

    def toggle_pause(self) -> None:
        self.pause(not self.paused)

    def stop(self) -> None:
        """End the training under way; the best weights so far are kept and it can be resumed."""
        if self.job is not None:
            self.job.cancel()

    def start_queue(self) -> None:
        """Begin with the first that waits, as after the program was opened again; behind the training under way they begin by themselves."""
        if not self.training:
            self._start_waiting()

    def _begin(self, run: Run, config: TrainConfig, *, resume: bool) -> None:
        project = self._session.project
        if project is None:
            return
        self.run, self.epochs, self.losses, self.notices, self._fresh = run, [], [], [], not resume
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
        self._tell_training()

    def _start_waiting(self) -> None:
        """The next of the queue, behind the predictions of the run that ended."""
        first = self.waiting.take_first() if self._session.writable else None
        if first is not None:
            self.start(first.config, first.name)

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

    def _have_earlier(self, earlier: "_EarlierEpochs") -> None:
        """The training under way goes on: what it had come to counts too."""
        self.epochs = [*earlier.epochs, *self.epochs]
        self.runs.changed.emit()

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
            text = tr("{run} is trained.", run=run.name)
            if run.validated is not None:
                text += f" {_validated(run)}"
            self._use_if_best(run, text, "good")
            self._predict_sets(run)
        self._start_waiting()

    def _use_if_best(self, run: Run, text: str, kind: str) -> None:
        """Put the run in use where none is or none did better on the validation, and say `text` with what came of that. Under a review
        the run in use stays, and a better one is offered."""
        predictions = self._session.predictions
        used = predictions.run
        if used is None or used.id == run.id or (not self.under_review and best_run((run, used)) in (run, None)):
            predictions.use_run(run)
            self._session.notification.emit(text, kind)
        elif best_run((run, used)) == used:
            text += " " + tr("{run} stays in use: it has {value}.", run=used.name, value=figure(used.validated, 3))
            self._session.notification.emit(text, kind)
        else:
            self.newer = run.id
            self.offered.emit(run, f"{text} " + tr("You are looking at {run}.", run=used.name))

    def _predict_sets(self, run: Run) -> None:
        """What the reader looks at next: the sets that were kept apart, and the item on the screen."""
        shown = self._session.current.item
        here = shown.id if shown is not None else None
        self.runs.predict(run, [i.id for i in self._session.items() if i.split in ("val", "test") or i.id == here])

    def _stopped(self) -> None:
        run = self._end("paused", self._partial_summary())
        if run is not None and run.bundle.exists():
            text = tr("{run} was stopped. Its best model so far is kept; it can be resumed.", run=run.name)
            self._use_if_best(run, text, "info")
        elif run is not None:
            text = tr("{run} was stopped before it had a model; it can be resumed.", run=run.name)
            self._session.notification.emit(text, "info")
        self._start_waiting()

    def _training_failed(self, fault: BaseException) -> None:
        run = self.run
        if isinstance(fault, EngineError) and self._fresh and run is not None and not has_learnt(run.folder):
            self.run, self.job = None, None
            self._session.write(lambda project: project.runs.discard(run))  # it was refused: nothing of it is left
            self._tell_training()
        else:
            finished = run is not None and run.state == "finished"  # before it was to go on: its model is there
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
        self._tell_training()
        return found

    def _tell_training(self) -> None:
        """It began or ended, and there is a run more, or one in another state."""
        self.training_changed.emit()
        self.runs.changed.emit()

    def _partial_summary(self) -> RunSummary:
        """What the run's row keeps of a training that ends early: also that of its earlier starts, so it is read from its folder."""

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
        self.waiting.load()
        self.newer = None
        self.epochs, self.cases, self.losses, self.last_batch, self.notices = [], (), [], None, []
        self.training_changed.emit()


@dataclass(frozen=True)
class _EarlierEpochs:
    """What a training that is resumed had come to."""

    epochs: tuple[EpochDone, ...]


def _validated(run: Run) -> str:
    """How good a run is on its validation set, in words; "" where it was not validated."""
    if run.validated is None:
        return ""
    value = figure(run.validated, 3)
    if run.summary.accuracy is not None:
        return tr("Accuracy {value} on the validation set.", value=value)
    if run.summary.ap50 is not None:
        return tr("AP50 {value} on the validation set.", value=value)
    return tr("Mean Dice {value} on the validation set.", value=value)


# torch is imported inside this generator only, so on the job's thread and not before the first job


def _training(folder: Path, target: Path, config: TrainConfig, name: str, resume: bool) -> Work["Outcome"]:
    yield Progress(0, 0, "")
    if resume:
        yield _EarlierEpochs(tuple(read_events(target)))
    from engine.learning.train import train

    return (yield from train(folder, target, config, name, resume=resume))
