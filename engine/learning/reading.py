"""The test set, read once at the end of a study: the winner's scores with their intervals, and whether the second truly differs."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from engine.config import AUTO, PredictConfig
from engine.errors import EngineError
from engine.learning.evaluate import best_way, collect_answers, evaluate
from engine.learning.predict import predict_items
from engine.progress import Notice, Work
from engine.project.items import Item
from engine.project.layers import Predicted
from engine.project.project import Project
from engine.project.reports import write_report
from engine.project.runs import Classified, Run
from engine.project.studies import Study
from engine.scoring.classify import ClassificationScores, ClassifierAnswers
from engine.scoring.intervals import classification_intervals, mask_intervals, object_intervals
from engine.scoring.metrics import SetScores, to_json
from engine.scoring.paired import mcnemar, paired_difference
from engine.study import ranking
from engine.words import translatable


@dataclass(frozen=True, eq=False)
class _Read:
    """What a run said of the test set: its scores, the intervals of its figures as its JSON calls them, and of each item by number one score (right or wrong, its mean
    Dice, or the F1 of its objects, which were taken from the predictions that `way`)."""

    run: Run
    scores: SetScores | ClassificationScores
    intervals: dict[str, tuple[float, float] | None]
    items: dict[int, float]
    way: str | None = None

    @property
    def figure(self) -> float | None:
        return self.scores.mean_dice if isinstance(self.scores, SetScores) else self.scores.accuracy


def read_test_set(project: Path, study: int) -> Work[Study]:
    """Score a study's winner on the test set, and the second best beside it; the readings are noted with both runs, the rest with the
    study (`Study.test`). What was read once is given back as it was read.

    The project is open for writing in this process. Yields Progress and Notice. Raises EngineError where nothing was trained or the
    test set holds nothing that could be scored.
    """
    with Project.join(project) as opened:
        found = opened.studies.get(study)
        if found.test:
            return found
        runs = [opened.runs.get(t.run) for t in ranking(opened.studies.trials(study))[:2] if t.run is not None]
        runs = [run for run in runs if run.bundle.exists()]
        if not runs:
            raise EngineError(
                translatable("No trial of the study has a model."), translatable("Let one be trained to its end first.")
            )
        items = [item for item in opened.items.all("test") if not item.rejected]
        if not _scorable(opened, items):
            raise EngineError(
                translatable("The test set holds no item with a mask or a class."),
                translatable("Divide the items into sets in the Data tab."),
            )
        yield from opened.runs.readings_so_far(runs[0])
        read = []
        for run in runs:
            read.append((yield from _read(opened, found, run, items)))
        for each in read:
            opened.runs.keep_test_reading(each.run, each.scores.n, each.figure)
            try:
                write_report(opened.path, each.run.id, "test", each.scores)
            except EngineError as fault:  # the scores stand all the same
                yield Notice(translatable("No report was kept: {reason}"), {"reason": str(fault)})
        groups = {item.id: item.group for item in items}
        return opened.studies.keep_test(study, _as_json(read, groups))


def _scorable(project: Project, items: Sequence[Item]) -> bool:
    if project.task == "classification":
        return any(item.label is not None for item in items)
    masked = project.layers.masked()
    return any(item.id in masked for item in items)


def _read(project: Project, study: Study, run: Run, items: Sequence[Item]) -> Work[_Read]:
    """Predict what was not predicted yet, and score."""
    yield from predict_missing(project, run, items)
    classifies = project.task == "classification"
    groups = {item.id: item.group for item in items}
    if classifies:
        answers = collect_answers(
            items, project.runs.probabilities(run), run.learnt(project.classes), run.learnt_items()
        )
        if answers is None:
            raise EngineError(translatable("{run} has predicted nothing of the test set."), run=run.name)
        return _classified(run, answers, groups)
    way = None
    if study.config.judged_by(project.task) == "object_f1":
        way, _ = yield from best_way(project.path, run)
    scores = yield from evaluate(project.path, run.id, "test", objects=way or AUTO)
    read = _segmented(run, scores, {item.name: item.id for item in items}, groups)
    if way is None or scores.objects is None:
        return read
    ids, names = {item.name: item.id for item in items}, [one.name for one in project.classes]
    by_patient = {item.name: groups[item.id] for item in items}
    intervals = object_intervals(scores.objects, names, by_patient)
    found = {ids[each.name]: each.f1 for each in scores.objects.items if each.f1 is not None}
    return replace(read, intervals=read.intervals | {"object_f1": intervals.mean["f1"]}, items=found, way=way)


def predict_missing(project: Project, run: Run, items: Sequence[Item]) -> Work[None]:
    """Predict those that the run has not predicted yet, and keep it; the project is open for writing."""
    classifies = project.task == "classification"
    seen = set(project.runs.probabilities(run)) if classifies else project.layers.predicted(run.id)
    yield from predict_and_keep(project, run, [item.id for item in items if item.id not in seen])


def predict_and_keep(
    project: Project, run: Run, items: Sequence[int], config: PredictConfig | None = None
) -> Work[None]:
    """Predict these items, whatever the run said of them before, and keep it; the project is open for writing."""
    for event in predict_items(project.path, run.id, items, config or PredictConfig()) if items else ():
        if isinstance(event, Predicted | Classified):
            project.keep_prediction(run, event)
        else:
            yield event


def _classified(run: Run, answers: ClassifierAnswers, groups: Mapping[int, Hashable]) -> _Read:
    right = answers.predicted() == answers.truth
    found = dict(zip(answers.items, map(float, right), strict=True))
    return _Read(run, answers.scores, asdict(classification_intervals(answers, groups)), found)


def _segmented(run: Run, scores: SetScores, ids: dict[str, int], groups: Mapping[int, Hashable]) -> _Read:
    intervals = mask_intervals(scores, {name: groups[id] for name, id in ids.items()})
    found = {ids[item.name]: item.mean_dice for item in scores.items if item.mean_dice is not None}
    return _Read(run, scores, {"mean_dice": intervals.mean}, found)


def _as_json(read: Sequence[_Read], groups: Mapping[int, Hashable]) -> dict[str, Any]:
    """The best first; names of items are left out, since they may be patients'."""
    plain: list[dict[str, Any]] = []
    for each in read:
        scores = to_json(each.scores) if isinstance(each.scores, SetScores) else each.scores.to_json()
        scores.pop("items", None)
        if each.way is not None and isinstance(each.scores, SetScores) and each.scores.objects is not None:
            scores |= {"measure": "object_f1", "object_f1": each.scores.objects.f1, "objects_by": each.way}
        plain.append({"run": each.run.name, "number": each.run.id, **scores, "intervals": each.intervals})
    return {"winner": plain[0], "second": plain[1] if len(plain) > 1 else None, "paired": _paired(read, groups)}


def _paired(read: Sequence[_Read], groups: Mapping[int, Hashable]) -> dict[str, Any] | None:
    """The best two on the items that both have a score of."""
    if len(read) < 2:
        return None
    first, second = (each.items for each in read)
    both = [id for id in first if id in second]
    one, other = [first[id] for id in both], [second[id] for id in both]
    difference = paired_difference(one, other, [groups[id] for id in both])
    plain: dict[str, Any] = {"n": len(both)} if difference is None else asdict(difference)
    if isinstance(read[0].scores, ClassificationScores):
        plain["mcnemar"] = asdict(mcnemar([bool(each) for each in one], [bool(each) for each in other]))
    return plain
