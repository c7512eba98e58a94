"""Trainings and predictions of the open project: started, paused, stopped and resumed here, their results put into the project."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

from app.services.jobs import Job, JobQueue
from app.services.recipe import Recipe
from app.services.session import Session
from engine.config import PredictConfig, Split, TrainConfig
from engine.errors import EngineError
from engine.progress import BatchDone, CaseSeen, EpochDone, Notice, Progress, Work
from engine.project.predictions import Classified, Predicted, keep
from engine.project.reports import write_report
from engine.project.runs import Run
from engine.scoring.classify import ClassificationScores
from engine.scoring.metrics import SetScores
from widgets.plots import MOST_POINTS, thinned
from widgets.text import tr

if TYPE_CHECKING:
    from engine.learning.explaining import Explained
    from engine.learning.train import Outcome

Scores: TypeAlias = SetScores | ClassificationScores

LANE = "learning"


class Trainings(QObject):
    """What learns and predicts. One job at a time; the others wait in the queue."""

    changed = Signal()  # runs came, went or changed their state; a job began or ended
    batch = Signal(object)  # BatchDone of the training under way
    epoch = Signal(object)  # EpochDone of the training under way
    noticed = Signal(object)  # Notice
    scored = Signal(str, str)  # run, split: `scores` has them now
    predicted = Signal(str, int)  # run, item: a prediction was stored
    explained = Signal(object)  # engine.learning.explaining.Explained, one a case

    def __init__(self, session: Session, jobs: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self.recipe = Recipe(session, self)  # what the next run will be made of
        self.run: Run | None = None  # the one that trains
        self.epochs: list[EpochDone] = []  # of the training under way, without the pictures of their cases
        self.cases: tuple[CaseSeen, ...] = ()  # those of its last validation
        self.losses: list[
            tuple[float, float]
        ] = []  # of its batches: epoch as a fraction, loss; of many what a plot shows
        self.last_batch: BatchDone | None = None
        self.notices: list[Notice] = []
        self.progress: Progress | None = None
        self._job: Job | None = None
        self._queue: list[tuple[TrainConfig, str]] = []
        self._predicting: dict[Job, Run] = {}
        self._scoring: dict[Job, Run] = {}
        self._explaining: dict[Job, Run] = {}
        self._scores: dict[tuple[int, str], Scores] = {}  # by the run's number: its name may change
        session.closing.connect(self._put_down)
        session.project_changed.connect(self._forget)

    # Training ----------------------------------------------------------------------------------------------------------

    @property
    def training(self) -> bool:
        return self._job is not None

    @property
    def paused(self) -> bool:
        return self._job is not None and self._job.paused

    @property
    def waiting(self) -> int:
        """Trainings that wait for the one under way."""
        return len(self._queue)

    @property
    def queue(self) -> tuple[tuple[TrainConfig, str], ...]:
        """Settings and names of the trainings that wait, the next one first."""
        return tuple(self._queue)

    @property
    def predicting(self) -> bool:
        return bool(self._predicting)

    def start(self, config: TrainConfig, name: str = "") -> None:
        """Train with these settings on the masks or classes as they are now, or queue it behind the training under way."""
        if self.training:
            self._queue.append((config, name))
            self.changed.emit()
            return
        project = self._session.project
        if project is None:
            return
        try:
            self._begin(project.runs.add(config, name), config, resume=False)
        except EngineError as fault:
            self._session.failed.emit(fault)
            self._start_waiting()  # one that cannot begin does not hold up those behind it

    def resume(self, run: Run) -> None:
        """Go on with a run that was stopped, or that a crash ended."""
        if self._session.project is None or self.training:
            return
        try:
            self._session.project.runs.update(run, "training")
        except EngineError as fault:
            self._session.failed.emit(fault)
            return
        self._begin(run, run.config, resume=True)

    def _begin(self, run: Run, config: TrainConfig, *, resume: bool) -> None:
        project = self._session.project
        if project is None:
            return
        self.run, self.epochs, self.losses, self.notices = run, [], [], []
        self.cases, self.last_batch, self.progress = (), None, None
        folder, target, name = project.path, run.folder, run.name
        self._job = self._jobs.add(
            LANE,
            name,
            lambda: _training(folder, target, config, name, resume),
            self._trained,
            self._not_trained,
            self._event,
            self._stopped,
        )
        self.changed.emit()

    def pause(self) -> None:
        if self._job is not None:
            self._job.pause()
            self.changed.emit()

    def go_on(self) -> None:
        if self._job is not None:
            self._job.go_on()
            self.changed.emit()

    def stop(self) -> None:
        """End the training under way; the best weights so far are kept and it can be resumed."""
        if self._job is not None:
            self._jobs.cancel(self._job)

    def withdraw(self) -> None:
        """Take the trainings that wait out of the queue."""
        self._queue.clear()
        self.changed.emit()

    @Slot(object)
    def _event(self, event: object) -> None:
        if self.sender() is not self._job:  # of a project that was closed meanwhile
            return
        if isinstance(event, BatchDone):
            self.last_batch = event
            self.losses.append((event.epoch - 1 + event.step / max(event.steps, 1), event.loss))
            if len(self.losses) > MOST_POINTS:
                xs, ys = zip(*self.losses, strict=True)
                self.losses = list(zip(*thinned(xs, ys, MOST_POINTS // 4), strict=True))
            self.batch.emit(event)
        elif isinstance(event, EpochDone):
            self.cases = event.cases or self.cases
            self.epochs.append(replace(event, cases=()))  # a thousand validations with their pictures fill the memory
            self.epoch.emit(event)
        elif isinstance(event, Notice):
            self.notices.append(event)
            self.noticed.emit(event)
        elif isinstance(event, Progress):
            self.progress = event

    @Slot(object)
    def _trained(self, outcome: "Outcome") -> None:
        if self.sender() is not self._job:
            return
        run = self._end("finished", outcome.summary, outcome.config)
        if run is None or self._session.project is None:
            self._start_waiting()
            return
        self._session.use_run(run)
        text = tr("{run} is trained.", run=run.name)
        if outcome.score is not None:
            text += " " + tr("Validation: {score:.3f}.", score=outcome.score)
        self._session.told.emit(text, "good")
        # What the reader looks at next: the sets that were kept apart, and the item on the screen
        shown = self._session.item
        items = [
            i.id
            for i in self._session.items()
            if i.split in ("val", "test") or (shown is not None and i.id == shown.id)
        ]
        self.predict(run, items)
        self._start_waiting()

    @Slot()
    def _stopped(self) -> None:
        if self.sender() is not self._job:
            return
        run = self._end("paused", self._so_far())
        if run is not None and run.bundle.exists():
            self._session.use_run(run)
            text = tr("{run} was stopped. Its best model so far is kept; it can be resumed.", run=run.name)
            self._session.told.emit(text, "info")
        elif run is not None:
            text = tr("{run} was stopped before it had a model; it can be resumed.", run=run.name)
            self._session.told.emit(text, "info")
        self._start_waiting()

    def _so_far(self) -> dict[str, Any]:
        """What the run's row keeps of a training that ends early."""
        last = self.epochs[-1] if self.epochs else None
        best = max((e.score for e in self.epochs if e.score is not None), default=None)
        summary: dict[str, Any] = {"epochs": last.epoch, "seconds": last.seconds, "score": best} if last else {}
        kept = next((e for e in reversed(self.epochs) if e.best), None)
        if kept is not None:
            summary |= {"dice": kept.dice, "accuracy": kept.accuracy, "macro_f1": kept.macro_f1, "auc": kept.auc}
        auto = next(
            (n.values for n in self.notices if "arch" in n.values), {}
        )  # what is trained, in the words of its notice
        return summary | {key: auto[key] for key in ("arch", "encoder", "size", "patch") if key in auto}

    @Slot(object)
    def _not_trained(self, fault: BaseException) -> None:
        if self.sender() is not self._job:
            return
        finished = self.run is not None and self.run.state == "finished"  # before it was to go on: its model is there
        self._end("finished" if finished else "failed")
        self._session.failed.emit(fault)
        self._start_waiting()

    def _end(self, state: Any, summary: dict[str, Any] | None = None, config: TrainConfig | None = None) -> Run | None:
        run, self.run, self._job = self.run, None, None
        project = self._session.project
        found = None
        if run is not None and project is not None:
            try:
                found = project.runs.update(run, state, summary, config)
                if found.summary.get("bundle") != run.summary.get("bundle"):
                    for key in [key for key in self._scores if key[0] == run.id]:  # of the bundle before
                        del self._scores[key]
            except EngineError as fault:
                self._session.failed.emit(fault)
        self.changed.emit()
        return found

    def _start_waiting(self) -> None:
        """The next of the queue, behind the predictions of the run that ended."""
        if self._queue:
            self.start(*self._queue.pop(0))

    # Runs --------------------------------------------------------------------------------------------------------------

    def runs(self) -> list[Run]:
        return self._session.project.runs.all() if self._session.project is not None else []

    def rename(self, run: Run, name: str) -> None:
        if self._session.project is None:
            return
        try:
            renamed = self._session.project.runs.rename(run, name)
        except EngineError as fault:
            self._session.failed.emit(fault)
            return
        for jobs in (self._predicting, self._scoring, self._explaining):
            jobs.update({job: renamed for job, each in jobs.items() if each.id == run.id})
        if self.run is not None and self.run.id == run.id:
            self.run = renamed
            if self._job is not None:
                self._job.title = renamed.name
        if self._session.run is not None and self._session.run.id == run.id:
            self._session.use_run(renamed)
        self.changed.emit()

    def remove(self, run: Run) -> None:
        """Forget a run and its predictions. Its folder stays on the disk."""
        if self._session.project is None or (self.run is not None and self.run.id == run.id):
            return
        try:
            self._session.project.runs.remove(run)
        except EngineError as fault:
            self._session.failed.emit(fault)
            return
        self._cancel(run)
        for key in [key for key in self._scores if key[0] == run.id]:
            del self._scores[key]
        if self._session.run is not None and self._session.run.id == run.id:
            left = [r for r in self.runs() if r.bundle.exists()]
            self._session.use_run(left[-1] if left else None)
        self.changed.emit()

    # Predictions and scores --------------------------------------------------------------------------------------------

    def predict(self, run: Run, items: Sequence[int] | None = None, *, flips: bool = False) -> None:
        """Predict items (all without a list) in the background; predictions are shown as they come, then the sets are scored."""
        project = self._session.project
        if project is None:
            return
        ids = [i.id for i in self._session.items()] if items is None else list(items)
        if not ids:
            return
        folder, id, config = project.path, run.id, PredictConfig(flips=flips)
        job = self._jobs.add(
            LANE,
            tr("Predicting with {run}", run=run.name),
            lambda: _predicting(folder, id, ids, config),
            self._all_predicted,
            self._not_predicted,
            self._prediction,
            self._predicting_stopped,
        )
        self._predicting[job] = run
        self.changed.emit()

    @Slot(object)
    def _prediction(self, event: object) -> None:
        job, project = self.sender(), self._session.project
        run = self._predicting.get(job) if isinstance(job, Job) else None
        if run is None or project is None:
            return
        if isinstance(event, Notice):
            self.noticed.emit(event)
            return
        if isinstance(event, Progress):
            self.progress = event
            return
        if not isinstance(event, Predicted | Classified):
            return
        try:
            keep(project, run, event)
        except EngineError as fault:
            self._session.failed.emit(fault)
            return
        self.predicted.emit(run.name, event.item)
        if self._session.run is not None and self._session.run.id == run.id:
            self._session.prediction_arrived(event.item)

    @Slot(object)
    def _all_predicted(self, count: int) -> None:
        job = self.sender()
        run = self._predicting.pop(job, None) if isinstance(job, Job) else None
        if run is not None:
            for split in ("test", "val"):
                self.score(run, split)
        self.changed.emit()

    @Slot(object)
    def _not_predicted(self, fault: BaseException) -> None:
        job = self.sender()
        run = self._predicting.pop(job, None) if isinstance(job, Job) else None
        if run is not None:
            self._session.failed.emit(fault)
        self.changed.emit()

    @Slot()
    def _predicting_stopped(self) -> None:
        job = self.sender()
        run = self._predicting.pop(job, None) if isinstance(job, Job) else None
        if run is not None:  # of the open project
            self._session.told.emit(tr("Stopped. What was predicted so far is kept."), "info")
        self.changed.emit()

    def scores(self, run: Run, split: Split) -> Scores | None:
        """The scores of a run on a set ("" for all items), where they are computed already."""
        return self._scores.get((run.id, split))

    def score(self, run: Run, split: Split) -> None:
        """Compute the scores of a run on a set ("" for all items); `scored` says when they are there. Silent where nothing of the
        set was predicted yet."""
        project = self._session.project
        if project is None:
            return
        folder, id, task, kept = project.path, run.id, project.task, project.writable
        job = self._jobs.add(
            "scoring",
            tr("Scoring {run}", run=run.name),
            lambda: _scoring(folder, id, split, task, kept),
            self._have_scores,
            self._not_asked,
            self._not_kept,
            self._not_asked,
        )
        self._scoring[job] = run

    @Slot(object)
    def _not_kept(self, event: object) -> None:
        if isinstance(event, EngineError):  # the run's report; the scores are shown all the same
            self._session.failed.emit(event)

    @Slot(object)
    def _have_scores(self, found: "tuple[str, Scores] | None") -> None:
        job = self.sender()
        run = self._scoring.pop(job, None) if isinstance(job, Job) else None
        if run is not None and found is not None:  # not of a project that was closed meanwhile
            split, scores = found
            self._scores[run.id, split] = scores
            self.scored.emit(run.name, split)

    def explain(self, run: Run, items: Sequence[int] | None = None, method: str = "gradcam") -> None:
        """Ask where the network looked, for these items or for four telling ones of the test set; `explained` brings each."""
        project = self._session.project
        if project is None:
            return
        folder, id = project.path, run.id
        ids = None if items is None else list(items)
        job = self._jobs.add(
            "explaining",  # a few images: the reader does not wait for the end of a training to see them
            tr("Explaining {run}", run=run.name),
            lambda: _explaining(folder, id, ids, method),
            self._not_asked,
            self._not_asked,
            self._explanation,
            self._not_asked,
        )
        self._explaining[job] = run

    @Slot(object)
    def _explanation(self, event: "Explained | object") -> None:
        job = self.sender()
        run = self._explaining.get(job) if isinstance(job, Job) else None
        if run is not None and hasattr(event, "heat"):
            self.explained.emit(replace(event, run=run.name))  # type: ignore[type-var]

    @Slot()
    @Slot(object)
    def _not_asked(self, fault: object = None) -> None:
        """A question to a run is over: it failed, was stopped, or was answered piece by piece."""
        job = self.sender()
        run = (self._scoring.pop(job, None) or self._explaining.pop(job, None)) if isinstance(job, Job) else None
        if run is not None and isinstance(fault, BaseException):
            self._session.failed.emit(fault)

    # Another project ---------------------------------------------------------------------------------------------------

    @Slot()
    def _put_down(self) -> None:
        """The project is about to close: what its training has come to stays with the run, which can be resumed."""
        if self.run is not None and self._session.project is not None:
            try:
                self._session.project.runs.update(self.run, "paused", self._so_far())
            except EngineError as fault:
                self._session.failed.emit(fault)
            self.stop()
            self.run, self._job = None, None

    @Slot()
    def _forget(self) -> None:
        """Another project, or none: what learns for the old one stops there."""
        self._cancel(None)
        self._scores.clear()
        self._queue.clear()
        self.epochs, self.cases, self.losses, self.last_batch, self.notices = [], (), [], None, []
        self.changed.emit()

    def _cancel(self, run: Run | None) -> None:
        """Stop what is asked of that run (None: of any), silently: nobody waits for it any more."""
        for jobs in (self._predicting, self._scoring, self._explaining):
            for job in [job for job, each in jobs.items() if run is None or each.id == run.id]:
                del jobs[job]
                self._jobs.cancel(job)


# torch is imported inside these generators only, so on the job's thread and not before the first job


def _training(folder: Path, target: Path, config: TrainConfig, name: str, resume: bool) -> Work["Outcome"]:
    yield Progress(0, 0, "")
    from engine.learning.train import train

    return (yield from train(folder, target, config, name, resume=resume))


def _predicting(folder: Path, run: int, items: Sequence[int], config: PredictConfig) -> Work[int]:
    yield Progress(0, len(items), "")
    from engine.learning.predict import predict_items

    return (yield from predict_items(folder, run, items, config))


def _explaining(folder: Path, run: int, items: Sequence[int] | None, method: str) -> Work[int]:
    yield Progress(0, 0, "")
    from engine.learning.explaining import explain_items

    return (yield from explain_items(folder, run, items, method))


def _scoring(folder: Path, run: int, split: Split, task: str, kept: bool) -> Work[tuple[str, Scores] | None]:
    from engine.learning.evaluate import evaluate, evaluate_classes

    scores: Scores
    try:
        if task == "classification":
            yield Progress(0, 1, "")
            scores = evaluate_classes(folder, run, split or None)
        else:
            scores = yield from evaluate(folder, run, split or None)
    except EngineError:  # nothing of that set is predicted or labelled yet: there is no score to show
        return None
    if kept:
        try:
            write_report(folder, run, split or None, scores)
        except EngineError as fault:
            yield fault
    return split, scores
