"""What is asked of the runs of the open project: their list, predictions, scores and explanations."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from PySide6.QtCore import QObject, Signal, Slot

from app.services.jobs import JobHandle, JobQueue, Lane
from app.services.project_session import ProjectSession
from engine.config import PredictConfig, Split
from engine.errors import EngineError, NothingToScore
from engine.learning.explanations import ExplanationRequest
from engine.progress import Notice, Progress, Work
from engine.project.layers import Predicted
from engine.project.objects import objects_by
from engine.project.project import Project
from engine.project.reports import write_report
from engine.project.runs import Classified, Run, best_run
from engine.scoring.classify import ClassificationScores
from engine.scoring.instances import ObjectScores
from engine.scoring.metrics import SetScores
from engine.words import translatable
from widgets.text import tr

if TYPE_CHECKING:
    from engine.learning.explaining import Explained

Scores: TypeAlias = SetScores | ClassificationScores


@dataclass(frozen=True)
class _Stored:
    """A prediction of the item was put into the project."""

    item: int


class RunQueries(QObject):
    """Runs are known by their number: their names may change while an answer is on its way."""

    changed = Signal()  # runs came, went, or changed their name or state
    under_way_changed = Signal()  # a prediction, or the reading of a test set, began or ended
    noticed = Signal(object)  # Notice
    scored = Signal(int, str)  # run, split: `scores` has them now
    scores_outdated = Signal()  # all of them are gone: the classes are called otherwise, or are others
    predicted = Signal(int, int)  # run, item: a prediction was stored
    explained = Signal(object)  # engine.learning.explaining.Explained, one a case

    def __init__(self, session: ProjectSession, jobs: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self.progress: Progress | None = None  # of the prediction under way
        self._predicting: dict[int, list[JobHandle]] = {}  # by run
        self._explaining: dict[int, list[JobHandle]] = {}
        self._scoring: dict[tuple[int, str], JobHandle] = {}
        self._shown: set[tuple[int, str]] = (
            set()
        )  # scorings that are only to be looked at: the next one takes their place
        self._scores: dict[tuple[int, str], Scores] = {}
        self._by_way: dict[tuple[int, str], dict[str, ObjectScores]] = {}  # of class maps, as far as they were scored
        self._to_read: set[int] = set()  # runs whose test set is read as soon as it is predicted and scored
        self._classes = self._class_names()  # that the scores are of
        session.project_changed.connect(self._forget)
        session.classes_changed.connect(self._classes_changed)

    # Runs --------------------------------------------------------------------------------------------------------------

    def all(self) -> list[Run]:
        return self._session.project.runs.all() if self._session.project is not None else []

    def find(self, id: int) -> Run | None:
        return next((run for run in self.all() if run.id == id), None)

    def attempt(self, make: Callable[[Project], Run]) -> Run | None:
        """The run that `make` makes of the project; None where it cannot, which is shown."""
        project = self._session.project
        if project is None:
            return None
        try:
            return make(project)
        except EngineError as fault:
            self._session.failed.emit(fault)
            return None

    def rename(self, run: Run, name: str) -> Run | None:
        """The run under its new name; None where it cannot have it."""
        renamed = self.attempt(lambda project: project.runs.rename(run, name))
        if renamed is None:
            return None
        in_use = self._session.predictions.run
        if in_use is not None and in_use.id == run.id:
            self._session.predictions.use_run(renamed)
        self.changed.emit()
        return renamed

    def remove(self, run: Run) -> None:
        """Forget a run and its predictions. Its folder stays on the disk."""
        if not self._session.write(lambda project: project.runs.remove(run)):
            return
        self._drop(run.id)
        self.forget_scores(run.id)
        in_use = self._session.predictions.run
        if in_use is not None and in_use.id == run.id:
            left = [r for r in self.all() if r.bundle.exists()]
            self._session.predictions.use_run(best_run(left) or (left[-1] if left else None))
        self.changed.emit()

    # Predictions -------------------------------------------------------------------------------------------------------

    @property
    def predicting(self) -> bool:
        return any(self._predicting.values())

    def predict(self, run: Run, items: Sequence[int] | None = None, *, flips: bool = False) -> None:
        """Predict items (all without a list) in the background; predictions are shown as they come, then their sets are scored."""
        project = self._session.project
        ids = [i.id for i in self._session.items()] if items is None else list(items)
        if project is None or not ids:
            return
        work = partial(_predicting, project.path, run.id, ids, PredictConfig(flips=flips), project.writable)
        handle = self._jobs.start(
            self,
            Lane.LEARNING,
            tr("Predicting with {run}", run=run.name),
            work,
            done=lambda _: self._all_predicted(run, ids),
            failed=partial(self._predicting_failed, run.id),
            reported=partial(self._prediction, run),
            cancelled=lambda: self._predicting_stopped(run.id),
        )
        self._predicting.setdefault(run.id, []).append(handle)
        self.under_way_changed.emit()

    def predict_open_item(self) -> None:
        """The current item, with the run in use."""
        run, item = self._session.predictions.run, self._session.current.item
        if run is not None and item is not None:
            self.predict(run, [item.id])

    def predict_all(self) -> None:
        """Every item, with the run in use."""
        if self._session.predictions.run is not None:
            self.predict(self._session.predictions.run)

    def _prediction(self, run: Run, event: object) -> None:
        if isinstance(event, Notice):
            self.noticed.emit(event)
        elif isinstance(event, Progress):
            self.progress = event
        elif isinstance(event, _Stored):
            self._forget_ways(run.id)
            self.predicted.emit(run.id, event.item)
            in_use = self._session.predictions.run
            if in_use is not None and in_use.id == run.id:
                self._session.predictions.arrived(event.item)

    def _all_predicted(self, run: Run, ids: Sequence[int]) -> None:
        self._predicting_ended()
        predicted = set(ids)
        for split in dict.fromkeys(item.split for item in self._session.items() if item.id in predicted):
            reads = split == "test" and run.id in self._to_read
            if reads and run.id in self._predicting:  # the rest of the set is on its way
                continue
            if split in ("test", "val"):  # single test cases are looked at before the test set is read
                self.score(run, split)

    def _predicting_failed(self, run: int, fault: BaseException) -> None:
        self._to_read.discard(run)
        self._session.failed.emit(fault)
        self._predicting_ended()

    def _predicting_stopped(self, run: int) -> None:
        self._to_read.discard(run)
        self._session.notification.emit(tr("Stopped. What was predicted so far is kept."), "info")
        self._predicting_ended()

    def _predicting_ended(self) -> None:
        self._predicting = _still_active(self._predicting)
        self.under_way_changed.emit()

    # Scores ------------------------------------------------------------------------------------------------------------

    def scores(self, run: Run, split: Split) -> Scores | None:
        """The scores of a run on a set ("" for all items), where they are computed already."""
        return self._scores.get((run.id, split))

    def show_scores(self, run: Run, split: Split, *, anew: bool = False) -> None:
        """As `score`, to look at: who looks at another run or set meanwhile no longer waits for this one. `anew`: what is under way may
        have read what is out of date."""
        key = run.id, split
        for other in self._shown - {key}:
            handle = self._scoring.pop(other, None)
            if handle is not None:
                handle.drop()
        self._shown &= {key}
        under_way = self._scoring.get(key)
        if under_way is None:
            self._shown.add(key)
        elif anew:
            under_way.drop()
        if under_way is None or anew:
            self._score(run, split)

    def score(self, run: Run, split: Split) -> None:
        """Compute the scores of a run on a set ("" for all items); `scored` says when they are there. Silent where nothing of the
        set was predicted yet."""
        key = run.id, split
        self._shown.discard(key)
        if key in self._scoring:  # what it has read may be out of date
            self._scoring.pop(key).drop()
        self._score(run, split)

    def _score(self, run: Run, split: Split) -> None:
        project = self._session.project
        if project is None:
            return
        key = run.id, split
        read = split in ("train", "val") or run.id in self._to_read or self._may_show_test(run.id)
        work = partial(_scoring, project.path, run.id, split, project.task, project.writable and read)
        way = objects_by(self.find(run.id) or run)
        self._scoring[key] = self._jobs.start(
            self,
            Lane.SCORING,
            tr("Scoring {run}", run=run.name),
            work,
            done=partial(self._have_scores, key, way),
            failed=partial(self._scoring_failed, key),
            reported=self._scoring_said,
            cancelled=lambda: self._scoring_ended(key),
        )

    def _have_scores(self, key: tuple[int, str], way: str, found: Scores | None) -> None:
        reads = key[1] == "test" and key[0] in self._to_read
        self._scoring_ended(key)
        if found is not None:
            self._scores[key] = found
            if isinstance(found, SetScores) and found.objects is not None:
                self._by_way.setdefault(key, {})[way] = found.objects
            if reads:
                self._keep_reading(key[0], found)
            self.scored.emit(*key)
        elif reads:
            text = tr("The test set holds nothing to compare with: give its items masks or classes first.")
            self._session.notification.emit(text, "warn")

    def _scoring_failed(self, key: tuple[int, str], fault: BaseException) -> None:
        self._scoring_ended(key)
        self._session.failed.emit(fault)

    def _scoring_ended(self, key: tuple[int, str]) -> None:
        self._scoring.pop(key, None)
        self._shown.discard(key)
        if key[1] == "test" and key[0] in self._to_read:
            self._to_read.discard(key[0])
            self.under_way_changed.emit()

    def _scoring_said(self, event: object) -> None:
        if isinstance(event, EngineError):  # the run's report was not kept; the scores are shown all the same
            self._session.failed.emit(event)
        elif isinstance(event, Notice):
            self.noticed.emit(event)

    # Objects of class maps ---------------------------------------------------------------------------------------------

    def tell_apart_by(self, run: Run, way: str) -> None:
        """Choose how the objects of the run's class maps are told apart: they are shown and scored so from now on."""
        kept = self.attempt(lambda project: project.runs.keep_objects_by(run, way))
        if kept is None:
            return
        self._scores = {key: scores for key, scores in self._scores.items() if key[0] != run.id}
        for _, split in [key for key in self._scoring if key[0] == run.id]:
            self.score(kept, split)  # type: ignore[arg-type]
        in_use = self._session.predictions.run
        if in_use is not None and in_use.id == run.id:
            self._session.predictions.use_run(kept)
        self.changed.emit()

    def ways_scored(self, run: Run, split: Split) -> dict[str, ObjectScores]:
        """The objects of a set by each way of telling those of the run's class maps apart (config.OBJECTS) that they were scored by, as
        long as they are of the same predictions."""
        return self._by_way.get((run.id, split), {})

    # The test set ------------------------------------------------------------------------------------------------------

    def read_test_set(self, run: Run) -> None:
        """Score the run on the test set, which is an act that is kept with its date: what is not predicted yet is predicted first.
        Until then nobody is shown a mean over the test set, since runs are chosen by the validation."""
        project = self._session.project
        if project is None or not self._session.writable or run.id in self._to_read:
            return
        self._to_read.add(run.id)
        self.under_way_changed.emit()
        whole = project.task == "classification"
        seen = set(project.runs.probabilities(run)) if whole else project.layers.predicted(run.id)
        missing = [item.id for item in self._session.items() if item.split == "test" and item.id not in seen]
        if missing:
            self.predict(run, missing)
        else:
            self.score(run, "test")

    def reads_test_set(self, run: Run) -> bool:
        """Whether it was asked to and is on its way."""
        return run.id in self._to_read

    def readings_so_far(self, run: Run) -> list[Notice]:
        """What who is about to read the test set with this run should know: by how many runs it was read before, and when."""
        return self._session.project.runs.readings_so_far(run) if self._session.project is not None else []

    def _may_show_test(self, run: int) -> bool:
        found = self.find(run)
        return found is not None and found.test_reading is not None

    def _keep_reading(self, run: int, scores: Scores) -> None:
        found = self.find(run)
        if found is None:
            return
        value = scores.mean_dice if isinstance(scores, SetScores) else scores.accuracy
        kept = self.attempt(lambda project: project.runs.keep_test_reading(found, scores.n, value))
        in_use = self._session.predictions.run
        if kept is not None and in_use is not None and in_use.id == run:
            self._session.predictions.use_run(kept)
        self.changed.emit()

    def forget_scores(self, run: int) -> None:
        """They are of a model that is gone."""
        self._scores = {key: scores for key, scores in self._scores.items() if key[0] != run}
        self._forget_ways(run)

    def _forget_ways(self, run: int) -> None:
        self._by_way = {key: scores for key, scores in self._by_way.items() if key[0] != run}

    @Slot()
    def _classes_changed(self) -> None:
        """Scores know classes by their names and places."""
        names = self._class_names()
        if names != self._classes:
            self._classes = names
            self._scores.clear()
            self._by_way.clear()
            for key in list(self._scoring):  # what they have read are the classes of before
                self._scoring.pop(key).drop()
                run = self.find(key[0])
                if run is not None:
                    self._score(run, key[1])  # type: ignore[arg-type]
            self.scores_outdated.emit()
            self.changed.emit()

    def _class_names(self) -> list[str]:
        return [each.name for each in self._session.classes]

    # Explanations ------------------------------------------------------------------------------------------------------

    def explain(
        self,
        run: Run,
        items: Sequence[int] | None = None,
        method: str = "gradcam",
        *,
        checked: bool = False,
        refused: Callable[[BaseException], object] | None = None,
    ) -> JobHandle | None:
        """Ask where the network looked, for these items or for four telling ones of the test set; `explained` brings each, `checked` whether
        its map changes where weights are shuffled. Who says `refused` gets the fault for which there is none. Dropping the handle takes
        the question back."""
        ids, request = None if items is None else list(items), ExplanationRequest(method, checked=checked)
        return self._explain(run, ids, request, self._explanation, refused or self._session.failed.emit)

    def explain_place(
        self,
        run: Run,
        item: int,
        request: ExplanationRequest,
        answered: Callable[["Explained"], object],
        refused: Callable[[BaseException], object],
    ) -> JobHandle | None:
        """Ask about one place of an item; who asked gets the answer, or the fault for which there is none. Dropping the handle takes the
        question back."""
        return self._explain(run, [item], request, partial(self._place_explained, answered), refused)

    def _explain(
        self,
        run: Run,
        items: list[int] | None,
        request: ExplanationRequest,
        reported: Callable[["Explained | object"], None],
        refused: Callable[[BaseException], object],
    ) -> JobHandle | None:
        project = self._session.project
        if project is None:
            return None

        def ended(_: object = None) -> None:
            self._explaining = _still_active(self._explaining)

        def failed(fault: BaseException) -> None:
            ended()
            refused(fault)

        handle = self._jobs.start(
            self,
            Lane.LEARNING,
            tr("Explaining {run}", run=run.name),
            partial(_explaining, project.path, run.id, items, request),
            done=ended,
            failed=failed,
            reported=reported,
            cancelled=ended,
            brief=True,  # a few images: the reader does not wait for the end of a training to see them
        )
        self._explaining.setdefault(run.id, []).append(handle)
        return handle

    def _place_explained(self, answered: Callable[["Explained"], object], event: "Explained | object") -> None:
        if isinstance(event, Notice):
            self.noticed.emit(event)
        elif not isinstance(event, Progress):
            answered(event)  # type: ignore[arg-type]

    def _explanation(self, event: "Explained | object") -> None:
        if hasattr(event, "heat"):
            self.explained.emit(event)

    # Another project ---------------------------------------------------------------------------------------------------

    @Slot()
    def _forget(self) -> None:
        """Another project, or none: what is asked of the old one stops there."""
        self._drop(None)
        self._scores.clear()
        self._by_way.clear()
        self._classes = self._class_names()
        self._to_read.clear()
        self.changed.emit()

    def _drop(self, run: int | None) -> None:
        """Stop what is asked of that run (None: of any), silently: nobody waits for it any more."""
        for handles in (self._predicting, self._explaining):
            for key in [key for key in handles if run in (None, key)]:
                for handle in handles.pop(key):
                    handle.drop()
        for pair in [pair for pair in self._scoring if run in (None, pair[0])]:
            self._scoring.pop(pair).drop()
            self._shown.discard(pair)
        if run is not None:
            self._to_read.discard(run)


def _still_active(handles: dict[int, list[JobHandle]]) -> dict[int, list[JobHandle]]:
    return {run: left for run, all in handles.items() if (left := [handle for handle in all if handle.active])}


# torch is imported inside these generators only, so on the job's thread and not before the first job


def _predicting(folder: Path, run: int, items: Sequence[int], config: PredictConfig, writable: bool) -> Work[None]:
    """Predict, and put each prediction into the project through a connection of its own: the window hears of it."""
    yield Progress(0, len(items), "")
    from engine.learning.predict import predict_items

    with Project.join(folder) if writable else Project.open(folder, write=False) as project:
        found, classes = project.runs.get(run), [one.identity for one in project.classes]
        with contextlib.closing(predict_items(folder, run, items, config)) as work:
            for event in work:
                if not isinstance(event, Predicted | Classified):
                    yield event
                    continue
                if [one.identity for one in project.classes][: len(classes)] != classes:
                    raise EngineError(
                        translatable("A class was removed while {run} predicted: what was left was not predicted."),
                        translatable("Predict again."),
                        run=found.name,
                    )
                if project.items.has(event.item):  # it may have been removed while it was predicted
                    project.keep_prediction(found, event)
                    yield _Stored(event.item)


def _explaining(
    folder: Path,
    run: int,
    items: Sequence[int] | None,
    request: ExplanationRequest,
) -> Work[int]:
    yield Progress(0, 0, "")
    from engine.learning.explaining import explain_items

    return (yield from explain_items(folder, run, items, request))


def _scoring(folder: Path, run: int, split: Split, task: str, kept: bool) -> Work[Scores | None]:
    from engine.learning.evaluate import evaluate, evaluate_classes

    scores: Scores
    try:
        if task == "classification":
            yield Progress(0, 1, "")
            scores = evaluate_classes(folder, run, split or None)
        else:
            scores = yield from evaluate(folder, run, split or None)
    except NothingToScore:
        return None
    if kept:
        try:
            write_report(folder, run, split or None, scores)
        except EngineError as fault:
            yield fault
    return scores
