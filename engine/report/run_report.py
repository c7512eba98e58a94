"""What a run is reported by: settings, data, curves, scores with their intervals, telling cases, and what to be careful about.

No name of an item or a patient is in it: cases are called by their number in the project.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import VERSION
from engine.catalog import tells_apart
from engine.config import AUTO, OBJECTS, Split, Task
from engine.errors import EngineError
from engine.labels.classes import LabelClass
from engine.learning.evaluate import collect_answers, compare_ways, evaluate, evaluate_classes
from engine.learning.events import read_events
from engine.learning.explanations import ExplanationRequest, suited_method
from engine.learning.one_slice import middle_slices_alone
from engine.progress import EpochDone, Notice, Progress, Work, count_notice
from engine.project.items import Item
from engine.project.objects import objects_by
from engine.project.project import Project
from engine.project.runs import LEARNT_BEFORE, Run
from engine.report.cases import CaseKind, ReportCase, classified_cases, segmented_cases, small
from engine.scoring.classify import ClassificationScores, ClassifierAnswers
from engine.scoring.intervals import (
    ClassificationIntervals,
    MaskIntervals,
    ObjectIntervals,
    classification_intervals,
    mask_intervals,
    object_intervals,
)
from engine.scoring.metrics import SetScores
from engine.words import translatable

_SETS: tuple[Split, ...] = ("train", "val", "test")
_FEW = 20  # items: fewer say little, whatever the interval


@dataclass(frozen=True)
class SetFacts:
    """What is used of one set, in numbers. `patients` of whom one is known; `labelled` of `slices` slices; `rejected` items are counted
    nowhere else; `fingerprint` tells the whole set from any other."""

    items: int
    patients: int
    labelled: int
    slices: int
    rejected: int
    fingerprint: str


@dataclass(frozen=True, eq=False)
class RunReport:
    """A run and its scores on one set. Of `segmentation` and `classification` one is there, the latter with its `answers`, and each with its
    95 % intervals; there are `object_intervals` where objects are told apart."""

    run: Run
    task: Task
    classes: tuple[LabelClass, ...]
    split: Split
    sets: Mapping[str, SetFacts]
    epochs: tuple[EpochDone, ...]
    segmentation: SetScores | None
    classification: ClassificationScores | None
    answers: ClassifierAnswers | None
    mask_intervals: MaskIntervals | None
    classification_intervals: ClassificationIntervals | None
    object_intervals: ObjectIntervals | None
    cases: tuple[ReportCase, ...]
    cautions: tuple[Notice, ...]
    program: str = VERSION


def report_on(
    folder: Path,
    run: str | int,
    split: Split | None = None,
    *,
    pictures: bool = True,
    predicts: bool = False,
    objects: str = AUTO,
) -> Work[RunReport]:
    """Gather a run's report on a set: the test set where it was read with this model, else the validation set, unless one is named.

    `pictures`: with the worst, the median and the best case. `predicts`: the run first predicts what is left of the set,
    in a project that this process has open for writing. `objects` are taken from the predictions as `evaluate` says. Raises EngineError where nothing of the set was predicted.
    """
    yield Progress(0, 3)
    with Project.open(folder, write=False) as project:
        found = project.runs.get(run)
        chosen: Split = split or ("test" if found.test_reading is not None else "val")
        task, classes, items = project.task, tuple(project.classes), project.items.all()
        sets: dict[str, SetFacts] = {name: _facts(project, found, name) for name in _SETS}
        cautions = list(project.runs.readings_so_far(found)) if chosen == "test" else []
        labelled = project.layers.masked() | {item.id for item in items if item.label is not None}
    scored, cases = [item for item in items if item.split == chosen], tuple[ReportCase, ...]()
    counted = [item for item in scored if not item.rejected]
    if predicts and found.bundle.exists():
        from engine.learning.reading import predict_missing  # loads torch

        with Project.join(folder) as writable:
            yield from predict_missing(writable, found, counted)
    yield Progress(1, 3)
    segmentation: SetScores | None = None
    classification, answers = None, None
    of_dice, of_classification, of_objects = None, None, None
    if task == "classification":
        classification = evaluate_classes(folder, found.id, chosen)
        answers = _answers(folder, found, counted)
        of_classification = classification_intervals(answers, {item.id: item.group for item in counted})
        if pictures:
            cases = yield from classified_cases(answers, counted)
    else:
        segmentation = yield from evaluate(folder, found.id, chosen, objects=objects)
        groups = {item.name: item.group for item in scored}
        of_dice = mask_intervals(segmentation, groups)
        if segmentation.objects is not None:
            yield Progress(2, 3)
            of_objects = object_intervals(segmentation.objects, [one.name for one in classes], groups)
        if pictures:
            cases = yield from segmented_cases(folder, found, segmentation, scored, classes, objects)
    names = {one.name for one in segmentation.items} if segmentation is not None else set()
    judged = set(answers.items) if answers is not None else {item.id for item in scored if item.name in names}
    yield Progress(3, 3)
    return RunReport(
        run=found,
        task=task,
        classes=classes,
        split=chosen,
        sets=sets,
        epochs=tuple(read_events(found.folder)),
        segmentation=segmentation,
        classification=classification,
        answers=answers,
        mask_intervals=of_dice,
        classification_intervals=of_classification,
        object_intervals=of_objects,
        cases=cases,
        cautions=(
            *cautions,
            *_not_scored(segmentation or classification, [i for i in scored if i.id in labelled]),
            *_cautions(chosen, segmentation or classification, [i for i in scored if i.id in judged], items),
            *(yield from _object_cautions(folder, found, segmentation, chosen, objects)),
        ),
    )


def _facts(project: Project, run: Run, split: Split) -> SetFacts:
    everything, labelled = project.items.all(split), project.layers.labelled_slices()
    learns_rejected = run.config.with_rejected and split != "test"
    items = [item for item in everything if learns_rejected or not item.rejected]
    return SetFacts(
        items=len(items),
        patients=len({item.patient for item in items if item.patient}),
        labelled=sum(len(labelled.get(item.id, ())) or (item.label is not None) for item in items),
        slices=sum(item.shape[0] for item in items),
        rejected=len(everything) - len(items),
        fingerprint=project.fingerprint(split)[:16],
    )


def _answers(folder: Path, run: Run, items: Sequence[Item]) -> ClassifierAnswers:
    with Project.open(folder, write=False) as project:
        answers = collect_answers(
            items, project.runs.probabilities(run), run.learnt(project.classes), run.learnt_items()
        )
    if answers is None:
        raise EngineError("{run} has predicted nothing of that set yet.", "Predict it first.", run=run.name)
    return answers


# Explanations --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class ExplainedCase:
    """Where the network looked on a case, which is called by its number: `picture` RGB (h, w, 3) uint8. Of a segmentation `kind` is how
    well it did there, and `said` the class that is explained, with its share of the slice; of a classifier what it said and how surely, and
    `truth` what it is ("": not known). `inside` is the share of the heat in the mask, where there is one."""

    item: int
    picture: NDArray[np.uint8]
    said: str
    share: float
    truth: str = ""
    kind: CaseKind | None = None
    inside: float | None = None


def explained_cases(folder: Path, report: RunReport) -> Work[list[ExplainedCase]]:
    """Where the network looked: of a classifier on telling cases, of masks and objects on the report's worst, median and best one. A report
    stands without them too, so a fault is only said."""
    found: list[ExplainedCase] = []
    classifies, kinds = report.task == "classification", {case.item: case.kind for case in report.cases}
    arch = report.run.summary.arch or report.run.config.arch
    if not (classifies or kinds):
        return found
    from engine.learning.explaining import Explained, explain_items  # loads torch

    names = [one.name for one in report.classes]
    request = ExplanationRequest(suited_method("gradcam", arch))
    try:
        for event in explain_items(folder, report.run.id, None if classifies else list(kinds), request):
            if isinstance(event, Explained):
                truth = names[event.truth] if classifies and event.truth is not None else ""
                kind = None if classifies else kinds[event.item]
                picture = small(event.picture)
                found.append(
                    ExplainedCase(event.item, picture, event.said_name, event.share, truth, kind, event.inside)
                )
            else:
                yield event
    except EngineError as fault:
        text = translatable("The report is without pictures of where it looked: {reason}")
        yield Notice(text, {"reason": fault.text})
    return found


# Cautions ------------------------------------------------------------------------------------------------------------------


def _not_scored(scores: SetScores | ClassificationScores | None, labelled: Sequence[Item]) -> list[Notice]:
    said, rejected = [], sum(item.rejected for item in labelled)
    if rejected:
        one, many = (
            translatable("1 rejected item of this set is not scored."),
            translatable("{count} rejected items of this set are not scored."),
        )
        said.append(count_notice(one, many, rejected))
    left = len(labelled) - rejected - (scores.n if scores is not None else 0)
    if isinstance(scores, ClassificationScores):
        left -= scores.never_learnt
    elif scores is not None:  # masks that are nothing but the prediction have no score of their own, which is said too
        left -= len({one.name for one in scores.helped} - {one.name for one in scores.items})
    if scores is not None and left > 0:
        one, many = (
            translatable("1 labelled item of this set has no prediction yet: it is not scored."),
            translatable("{count} labelled items of this set have no prediction yet: they are not scored."),
        )
        said.append(count_notice(one, many, left))
    return said


def _cautions(
    split: Split, scores: SetScores | ClassificationScores | None, scored: Sequence[Item], items: Sequence[Item]
) -> list[Notice]:
    said: list[Notice] = []
    if split == "val":
        text = translatable(
            "These are scores of the validation set, by which the model was chosen: on other scans expect less."
        )
        said.append(Notice(text))
    if scores is not None and scores.n < _FEW:
        one, many = (
            translatable("Only 1 item was scored: so few say little."),
            translatable("Only {count} items were scored: so few say little."),
        )
        said.append(count_notice(one, many, scores.n))
    unknown = sum(not item.patient for item in scored)
    if unknown:
        text = translatable(
            "Of {count} of {total} items no patient is known: intervals take each of them for a patient of its own."
        )
        if unknown == len(scored):
            text = translatable(
                "No patient is known of these items: intervals take each of them for a patient of its own."
            )
        said.append(Notice(text, {"count": unknown, "total": len(scored)}))
    if scores is not None and scores.learnt_before:
        said.append(count_notice(*LEARNT_BEFORE, scores.learnt_before))
    learnt = {item.patient for item in items if item.split == "train" and item.patient}
    both = len({item.patient for item in scored if item.patient in learnt}) if split != "train" else 0
    if both:
        one, many = (
            translatable("1 patient of this set is in the training set too: its scores are too high."),
            translatable("{count} patients of this set are in the training set too: its scores are too high."),
        )
        said.append(count_notice(one, many, both))
    if isinstance(scores, SetScores):
        said += _segmentation_cautions(scores)
    elif scores is not None:
        said += _classification_cautions(scores)
        said += middle_slices_alone(sum(item.shape[0] > 1 for item in scored))
    text = translatable("The figures hold for scans like these: other machines, protocols and patients may do worse.")
    return [*said, Notice(text)]


def _classification_cautions(scores: ClassificationScores) -> list[Notice]:
    said = []
    if scores.never_learnt:
        one, many = (
            translatable("1 item is left out: its class came after the training."),
            translatable("{count} items are left out: their class came after the training."),
        )
        said.append(count_notice(one, many, scores.never_learnt))
    if scores.unanswered:
        one, many = (
            translatable("1 answer is no number: it counts as wrong, and there is no AUC."),
            translatable("{count} answers are no numbers: they count as wrong, and there is no AUC."),
        )
        said.append(count_notice(one, many, scores.unanswered))
    if scores.gone:
        text = translatable(
            "The model also knows {names}, no classes any more: {count} answers with them count as wrong."
        )
        said.append(Notice(text, {"names": ", ".join(scores.gone), "count": scores.said_gone}))
    return said


def _segmentation_cautions(scores: SetScores) -> list[Notice]:
    said = []
    if scores.slices is not None and scores.slices[0] < scores.slices[1]:
        text = translatable("{count} of {total} slices are labelled: the others are not scored.")
        said.append(Notice(text, {"count": scores.slices[0], "total": scores.slices[1]}))
    missed = sum(one.missed for one in scores.classes.values())
    if missed:
        one, many = (
            translatable("1 structure was missed altogether: distances leave it out."),
            translatable("{count} structures were missed altogether: distances leave them out."),
        )
        said.append(count_notice(one, many, missed))
    if scores.unknown:
        text = translatable("The model never knew {names}: they have no score.")
        said.append(Notice(text, {"names": ", ".join(scores.unknown)}))
    if scores.helped:
        one, many = (
            translatable("Predictions were taken over into 1 mask of this set: it is scored as it was before."),
            translatable(
                "Predictions were taken over into {count} masks of this set: those are scored as they were before."
            ),
        )
        said.append(count_notice(one, many, len(scores.helped)))
    return said


def _object_cautions(
    folder: Path, run: Run, scores: SetScores | None, split: Split, objects: str
) -> Work[list[Notice]]:
    """How the objects of a class map were told apart, and how well by either way."""
    if scores is None or scores.objects is None or tells_apart(run.summary.arch or run.config.arch):
        return []
    way = objects_by(run) if objects == AUTO else objects
    text = translatable(
        "The network tells no objects apart: the connected parts of each class are taken for them, all as sure as each other, so F1 says more than AP."
    )
    if way == "watershed":
        text = translatable(
            "The network tells no objects apart: a watershed makes them of its class map, all as sure as each other, so F1 says more than AP."
        )
    compared = yield from compare_ways(folder, run.id, split, OBJECTS[1:])
    values: dict[str, object] = {name: found.f1 for name, found in compared.items() if found.f1 is not None}
    if len(values) < len(OBJECTS[1:]):
        return [Notice(text)]
    both = translatable("F1 of the objects: {parts:.3f} by connected parts, {watershed:.3f} by the watershed.")
    return [Notice(text), Notice(both, values)]
