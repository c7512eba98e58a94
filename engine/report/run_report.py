"""What a run is reported by: settings, data, curves, scores with their intervals, telling cases, and what to be careful about.

No name of an item or a patient is in it: cases are called by their number in the project.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import VERSION
from engine.catalog import tells_apart
from engine.config import AUTO, Split, Task
from engine.errors import EngineError
from engine.imaging.geometry import Geometry, as_displayed
from engine.imaging.image import Image
from engine.imaging.read import read_image
from engine.imaging.windows import displayed_slice
from engine.labels.classes import UNLABELLED, LabelClass
from engine.labels.instances import Instances
from engine.learning.evaluate import collect_answers, evaluate, evaluate_classes, predicted_objects
from engine.learning.events import read_events
from engine.learning.explanations import ExplanationRequest, suited_method
from engine.progress import EpochDone, Notice, Progress, Work
from engine.project.items import Item
from engine.project.objects import objects_of
from engine.project.project import Project
from engine.project.runs import Run
from engine.scoring.classify import ClassificationScores, ClassifierAnswers
from engine.scoring.instances import FOUND, ObjectMatches
from engine.scoring.intervals import (
    ClassificationIntervals,
    DiceIntervals,
    ObjectIntervals,
    classification_intervals,
    dice_intervals,
    object_intervals,
)
from engine.scoring.metrics import SetScores
from engine.scoring.render import ERROR_COLORS, FATE_COLORS, error_map, outlined, overlay
from engine.words import translatable

_SETS: tuple[Split, ...] = ("train", "val", "test")
_CASE_SIDE = 225  # px: four stand side by side
_OBJECT_SIDE = 2 * _CASE_SIDE  # outlines of small objects want the pixels of a sharp screen
_FEW = 20  # items: fewer say little, whatever the interval

Values = TypeVar("Values", np.uint8, np.uint16)

CaseKind: TypeAlias = Literal["worst", "median", "best"]


@dataclass(frozen=True)
class SetFacts:
    """One set in numbers. `patients` of whom one is known; `labelled` of `slices` slices; `fingerprint` tells it from any other."""

    items: int
    patients: int
    labelled: int
    slices: int
    fingerprint: str


@dataclass(frozen=True, eq=False)
class ReportCase:
    """A case by its number in the project, with its mean Dice and, where objects are told apart, their F1, by which it was chosen then.
    The pictures are RGB (h, w, 3) uint8: the scan, the truth over it, the prediction over it, and where they differ or what became of the
    objects."""

    item: int
    kind: CaseKind
    score: float | None
    pictures: tuple[NDArray[np.uint8], ...]
    f1: float | None = None


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
    dice_intervals: DiceIntervals | None
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

    `pictures`: with the worst, the median and the best case of a segmentation. `predicts`: the run first predicts what is left of the set,
    in a project that this process has open for writing. `objects` are taken from the predictions as `evaluate` says. Raises EngineError where nothing of the set was predicted.
    """
    yield Progress(0, 3)
    with Project.open(folder, write=False) as project:
        found = project.runs.get(run)
        chosen: Split = split or ("test" if found.test_reading is not None else "val")
        task, classes, items = project.task, tuple(project.classes), project.items.all()
        sets: dict[str, SetFacts] = {name: _facts(project, name) for name in _SETS}
        cautions = list(project.runs.readings_so_far(found)) if chosen == "test" else []
        labelled = project.layers.masked() | {item.id for item in items if item.label is not None}
    scored, cases = [item for item in items if item.split == chosen], tuple[ReportCase, ...]()
    if predicts and found.bundle.exists():
        from engine.learning.reading import predict_missing  # loads torch

        with Project.join(folder) as writable:
            yield from predict_missing(writable, found, [item for item in scored if not item.rejected])
    yield Progress(1, 3)
    segmentation: SetScores | None = None
    classification, answers = None, None
    of_dice, of_classification, of_objects = None, None, None
    if task == "classification":
        classification = evaluate_classes(folder, found.id, chosen)
        answers = _answers(folder, found, scored)
        of_classification = classification_intervals(answers, {item.id: item.group for item in scored})
    else:
        segmentation = yield from evaluate(folder, found.id, chosen, objects=objects)
        groups = {item.name: item.group for item in scored}
        of_dice = dice_intervals(segmentation, groups)
        if segmentation.objects is not None:
            yield Progress(2, 3)
            of_objects = object_intervals(segmentation.objects, [one.name for one in classes], groups)
        if pictures:
            cases = yield from _cases(folder, found, segmentation, scored, classes, objects)
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
        dice_intervals=of_dice,
        classification_intervals=of_classification,
        object_intervals=of_objects,
        cases=cases,
        cautions=(
            *cautions,
            *_not_scored(segmentation or classification, [i for i in scored if i.id in labelled]),
            *_cautions(chosen, segmentation or classification, scored, items),
            *_object_cautions(found, segmentation, objects),
        ),
    )


def _facts(project: Project, split: Split) -> SetFacts:
    items, labelled = project.items.all(split), project.layers.labelled_slices()
    return SetFacts(
        items=len(items),
        patients=len({item.patient for item in items if item.patient}),
        labelled=sum(len(labelled.get(item.id, ())) or (item.label is not None) for item in items),
        slices=sum(item.shape[0] for item in items),
        fingerprint=project.fingerprint(split)[:16],
    )


def _answers(folder: Path, run: Run, items: Sequence[Item]) -> ClassifierAnswers:
    with Project.open(folder, write=False) as project:
        answers = collect_answers(items, project.runs.probabilities(run), run.learnt(project.classes))
    if answers is None:
        raise EngineError("{run} has predicted nothing of that set yet.", "Predict it first.", run=run.name)
    return answers


# Cases ---------------------------------------------------------------------------------------------------------------------


def _cases(
    folder: Path, run: Run, scores: SetScores, items: Sequence[Item], classes: Sequence[LabelClass], way: str
) -> Work[tuple[ReportCase, ...]]:
    """The worst, the median and the best item by its mean Dice, or by the F1 of its objects, as far as they can be read."""
    dice = {item.name: item.mean_dice for item in scores.items}
    objects = {one.name: one for one in scores.objects.items} if scores.objects is not None else {}
    judged = {name: one.f1 for name, one in objects.items()} or dice
    ranked = sorted(((score, name) for name, score in judged.items() if score is not None), key=lambda pair: pair[0])
    places: dict[CaseKind, int] = {"worst": 0, "median": len(ranked) // 2, "best": len(ranked) - 1}
    by_name = {item.name: item for item in items}
    found: list[ReportCase] = []
    for kind, place in places.items() if ranked else ():
        _, name = ranked[place]
        if any(case.item == by_name[name].id for case in found):
            continue
        yield Progress(2, 3)
        try:
            pictures = _pictures(folder, run, by_name[name], [one.color for one in classes], objects.get(name), way)
        except EngineError as fault:
            yield Notice(translatable("Case {number} is without pictures: {reason}"), _reason(by_name[name], fault))
            continue
        f1 = objects[name].f1 if name in objects else None
        found.append(ReportCase(by_name[name].id, kind, dice.get(name), pictures, f1))
    return tuple(found)


def _reason(item: Item, fault: EngineError) -> dict[str, object]:
    return {"number": item.id, "reason": fault.text}


def _pictures(
    folder: Path, run: Run, item: Item, colors: Sequence[str], objects: ObjectMatches | None, way: str
) -> tuple[NDArray[np.uint8], ...]:
    """Of the slice on which most differs, as it hangs on the screen."""
    with Project.open(folder, write=False) as project:
        mask, said = project.layers.mask(item.id), project.layers.prediction(item.id, run.id)
        assert mask is not None  # it was scored
        assert said is not None
        truth, found = project.layers.read(mask, item.shape), project.layers.read(said, item.shape)
        places = sorted(project.layers.labelled(item.id))
        made = predicted_objects(project, run, item, found, way) if objects is not None else None
        pair = (objects_of(project, item), made.objects) if made is not None else None
    image = read_image(item.present())
    if objects is not None and pair is not None:
        return _object_pictures(image, pair, objects, places, colors)
    differs = [int(np.count_nonzero((truth[z] != found[z]) & (truth[z] != UNLABELLED))) for z in places]
    z = places[int(np.argmax(differs))]
    picture = _small(displayed_slice(image, z))
    shown = [_small(_hung(labels[z], image.geometry), labels=True) for labels in (truth, found)]
    clean = [np.where(labels == UNLABELLED, 0, labels).astype(np.uint8) for labels in shown]
    wrong = overlay(picture, error_map(shown[0], shown[1]), ERROR_COLORS)
    return _in_colour(picture), overlay(picture, clean[0], colors), overlay(picture, clean[1], colors), wrong


def _object_pictures(
    image: Image,
    pair: tuple[Instances, Instances],
    matched: ObjectMatches,
    places: Sequence[int],
    colors: Sequence[str],
) -> tuple[NDArray[np.uint8], ...]:
    """Each object outlined in the colour of its class, and at last in that of its fate: the prediction's as areas, the mask's as outlines.
    Of the slice with most pixels of objects that were not simply found. Objects of which the network was not sure are not drawn."""
    fates = [side.fate_of_ids(1 << 16) for side in (matched.truth, matched.predicted)]
    wrong = [
        sum(int(np.count_nonzero(table[side.ids[z]] > FOUND)) for side, table in zip(pair, fates, strict=True))
        for z in places
    ]
    z = places[int(np.argmax(wrong))]
    picture = _small(displayed_slice(image, z), _OBJECT_SIDE)
    ids = [_small(_hung(side.ids[z], image.geometry), _OBJECT_SIDE, labels=True) for side in pair]
    classes = [np.zeros(1 << 16, np.uint8) for _ in pair]
    for table, side, fate in zip(classes, pair, fates, strict=True):
        table[: len(side.classes)] = np.where(fate[: len(side.classes)] > 0, side.classes, 0)
    true, said = (outlined(picture, each, table, colors) for each, table in zip(ids, classes, strict=True))
    last = overlay(picture, fates[1][ids[1]], FATE_COLORS, outline=False)
    return _in_colour(picture), true, said, outlined(last, ids[0], fates[0], FATE_COLORS)


def _in_colour(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=-1)


def _hung(labels: NDArray[Values], geometry: Geometry) -> NDArray[Values]:
    return np.ascontiguousarray(as_displayed(labels, geometry))


def _small(picture: NDArray[Values], side: int = _CASE_SIDE, *, labels: bool = False) -> NDArray[Values]:
    """With `side` pixels along the longer side."""
    height, width = picture.shape[:2]
    factor = side / max(height, width)
    how = cv2.INTER_NEAREST if labels else cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    size = max(1, round(width * factor)), max(1, round(height * factor))
    return np.asarray(cv2.resize(np.ascontiguousarray(picture), size, interpolation=how), picture.dtype)


def explained_cases(folder: Path, report: RunReport) -> Work[list[tuple[str, NDArray[np.uint8]]]]:
    """Where a classifier looked on telling cases: captions with the case's number, what was said of it and what it is, and pictures
    (h, w, 3). None of a segmentation; a report stands without them too, so a fault is only said."""
    found: list[tuple[str, NDArray[np.uint8]]] = []
    if report.answers is None:
        return found
    from engine.learning.explaining import Explained, explain_items  # loads torch

    names = [one.name for one in report.classes]
    method = suited_method("gradcam", report.run.summary.arch or report.run.config.arch)
    work = explain_items(folder, report.run.id, None, ExplanationRequest(method))
    try:
        for event in work:
            if isinstance(event, Explained):
                truth = f" / {names[event.truth]}" if event.truth is not None else ""
                found.append((f"{event.item}: {event.said_name} {event.share:.0%}{truth}", event.picture))
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
        text = translatable("{count} rejected items of this set are not scored.")
        said.append(Notice(text, {"count": rejected}))
    left = len(labelled) - rejected - (scores.n if scores is not None else 0)
    if scores is not None and left - (scores.never_learnt if isinstance(scores, ClassificationScores) else 0) > 0:
        text = translatable("{count} labelled items of this set have no prediction yet: they are not scored.")
        said.append(Notice(text, {"count": left}))
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
        said.append(Notice(translatable("Only {count} items were scored: so few say little."), {"count": scores.n}))
    unknown = sum(not item.patient for item in scored)
    if unknown:
        text = translatable(
            "Of {count} of {total} items no patient is known: intervals take each of them for a patient of its own."
        )
        said.append(Notice(text, {"count": unknown, "total": len(scored)}))
    learnt = {item.patient for item in items if item.split == "train" and item.patient}
    both = len({item.patient for item in scored if item.patient in learnt}) if split != "train" else 0
    if both:
        text = translatable("{count} patients of this set are in the training set too: its scores are too high.")
        said.append(Notice(text, {"count": both}))
    if isinstance(scores, SetScores):
        said += _segmentation_cautions(scores)
    elif scores is not None:
        said += _classification_cautions(scores)
    text = translatable("The figures hold for scans like these: other machines, protocols and patients may do worse.")
    return [*said, Notice(text)]


def _classification_cautions(scores: ClassificationScores) -> list[Notice]:
    said = []
    if scores.never_learnt:
        text = translatable("{count} items are left out: their class came after the training.")
        said.append(Notice(text, {"count": scores.never_learnt}))
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
        text = translatable("{count} structures were missed altogether: distances leave them out.")
        said.append(Notice(text, {"count": missed}))
    if scores.unknown:
        text = translatable("The model never knew {names}: they have no score.")
        said.append(Notice(text, {"names": ", ".join(scores.unknown)}))
    if scores.helped:
        text = translatable(
            "Predictions were taken over into {count} masks of this set: those are scored as they were before."
        )
        said.append(Notice(text, {"count": len(scores.helped)}))
    return said


def _object_cautions(run: Run, scores: SetScores | None, way: str) -> list[Notice]:
    if scores is None or scores.objects is None or tells_apart(run.summary.arch or run.config.arch):
        return []
    text = translatable(
        "The network tells no objects apart: the connected parts of each class are taken for them, all as sure as each other, so F1 says more than AP."
    )
    if way == "watershed":
        text = translatable(
            "The network tells no objects apart: a watershed makes them of its class map, all as sure as each other, so F1 says more than AP."
        )
    return [Notice(text)]
