"""The worst, the median and the best case of a run as pictures, called by their numbers in the project."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.imaging.geometry import Geometry, as_displayed
from engine.imaging.image import Image
from engine.imaging.read import read_image
from engine.imaging.windows import displayed_slice
from engine.labels.classes import UNLABELLED, LabelClass
from engine.labels.instances import Instances
from engine.learning.evaluate import before_help, predicted_objects
from engine.progress import Notice, Progress, Work
from engine.project.items import Item
from engine.project.objects import objects_of
from engine.project.project import Project
from engine.project.runs import Run
from engine.scoring.classify import UNANSWERED, ClassifierAnswers
from engine.scoring.instances import FOUND, ObjectMatches
from engine.scoring.metrics import SetScores
from engine.scoring.render import ERROR_COLORS, FATE_COLORS, error_map, outlined, overlay
from engine.words import translatable

_SIDE = 225  # px: four stand side by side
_OBJECT_SIDE = 2 * _SIDE  # outlines of small objects want the pixels of a sharp screen

Values = TypeVar("Values", np.uint8, np.uint16)
Key = TypeVar("Key", int, str)

CaseKind: TypeAlias = Literal["worst", "median", "best"]


@dataclass(frozen=True, eq=False)
class ReportCase:
    """A case by its number in the project. It was chosen by its mean Dice, the F1 of its objects where they are told apart, or the
    probability that a classifier gave its true class, 0..1; of a classified one `said` names what was said ("": no class of the project)
    and `truth` what it is.

    The pictures are RGB (h, w, 3) uint8: the scan, and of a segmentation the truth over it, the prediction over it, and where they differ
    or what became of the objects."""

    item: int
    kind: CaseKind
    pictures: tuple[NDArray[np.uint8], ...]
    dice: float | None = None
    f1: float | None = None
    probability: float | None = None
    said: str = ""
    truth: str = ""


def segmented_cases(
    folder: Path, run: Run, scores: SetScores, items: Sequence[Item], classes: Sequence[LabelClass], way: str
) -> Work[tuple[ReportCase, ...]]:
    """The worst, the median and the best item by its mean Dice, or by the F1 of its objects, as far as they can be read. `way` as
    `evaluate` has it."""
    dice = {item.name: item.mean_dice for item in scores.items}
    objects = {one.name: one for one in scores.objects.items} if scores.objects is not None else {}
    judged = {name: one.f1 for name, one in objects.items()} or dice
    by_name = {item.name: item for item in items}
    found: list[ReportCase] = []
    for kind, name in _ranked(judged).items():
        yield Progress(2, 3)
        try:
            pictures = _pictures(folder, run, by_name[name], [one.color for one in classes], objects.get(name), way)
        except EngineError as fault:
            yield _without_pictures(by_name[name].id, fault)
            continue
        f1 = objects[name].f1 if name in objects else None
        found.append(ReportCase(by_name[name].id, kind, pictures, dice.get(name), f1))
    return tuple(found)


def classified_cases(answers: ClassifierAnswers, items: Sequence[Item]) -> Work[tuple[ReportCase, ...]]:
    """The worst, the median and the best item by the probability of its true class, as far as they can be read. One without an answer is
    none of them."""
    shares = answers.probabilities[np.arange(len(answers.truth)), answers.truth]
    said, places = answers.predicted(), {id: at for at, id in enumerate(answers.items)}
    judged = {id: float(share) if np.isfinite(share) else None for id, share in zip(answers.items, shares, strict=True)}
    by_id = {item.id: item for item in items}
    found: list[ReportCase] = []
    for kind, id in _ranked(judged).items():
        yield Progress(2, 3)
        try:
            image = read_image(by_id[id].present())
        except EngineError as fault:
            yield _without_pictures(id, fault)
            continue
        picture = _in_colour(small(displayed_slice(image, image.shape[0] // 2)))  # what the network looks at
        at = places[id]
        name = answers.names[said[at]] if said[at] != UNANSWERED else ""
        truth = answers.names[answers.truth[at]]
        found.append(ReportCase(id, kind, (picture,), probability=judged[id], said=name, truth=truth))
    return tuple(found)


def _ranked(judged: Mapping[Key, float | None]) -> dict[CaseKind, Key]:
    """Which is the worst, the median and the best, each another one; equal ones in their order. Fewer where there are fewer."""
    known = sorted(((score, key) for key, score in judged.items() if score is not None), key=lambda pair: pair[0])
    places: dict[CaseKind, int] = {"worst": 0, "median": len(known) // 2, "best": len(known) - 1}
    found: dict[CaseKind, Key] = {}
    for kind, place in places.items() if known else ():
        if known[place][1] not in found.values():
            found[kind] = known[place][1]
    return found


def _without_pictures(item: int, fault: EngineError) -> Notice:
    text = translatable("Case {number} is without pictures: {reason}")
    return Notice(text, {"number": item, "reason": fault.text})


def _pictures(
    folder: Path, run: Run, item: Item, colors: Sequence[str], objects: ObjectMatches | None, way: str
) -> tuple[NDArray[np.uint8], ...]:
    """Of the slice on which most differs, as it hangs on the screen."""
    with Project.open(folder, write=False) as project:
        mask, said = project.layers.mask(item.id), project.layers.prediction(item.id, run.id)
        assert mask is not None  # it was scored
        assert said is not None
        truth, found = project.layers.read(mask, item.shape), project.layers.read(said, item.shape)
        places: Collection[int] = project.layers.labelled(item.id)
        true: Callable[[], Instances] = partial(objects_of, project, item)
        if item.split == "test" and item.id in project.layers.helped():  # as it was scored
            places, true = before_help(project, mask, truth)
        made = predicted_objects(project, run, item, found, way) if objects is not None else None
        pair = (true(), made.objects) if made is not None else None
    image = read_image(item.present())
    if objects is not None and pair is not None:
        return _object_pictures(image, pair, objects, sorted(places), colors)
    differs = {z: np.count_nonzero((truth[z] != found[z]) & (truth[z] != UNLABELLED)) for z in sorted(places)}
    z = max(differs, key=lambda place: differs[place])
    picture = small(displayed_slice(image, z))
    shown = [small(_hung(labels[z], image.geometry), labels=True) for labels in (truth, found)]
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
    picture = small(displayed_slice(image, z), _OBJECT_SIDE)
    ids = [small(_hung(side.ids[z], image.geometry), _OBJECT_SIDE, labels=True) for side in pair]
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


def small(picture: NDArray[Values], side: int = _SIDE, *, labels: bool = False) -> NDArray[Values]:
    """With `side` pixels along the longer side."""
    height, width = picture.shape[:2]
    factor = side / max(height, width)
    how = cv2.INTER_NEAREST if labels else cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    size = max(1, round(width * factor)), max(1, round(height * factor))
    return np.asarray(cv2.resize(np.ascontiguousarray(picture), size, interpolation=how), picture.dtype)
