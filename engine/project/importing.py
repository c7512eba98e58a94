"""Bringing images and their masks into a project: what fits is added, what does not is listed with the reason."""

import os
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.config import Split
from engine.errors import EngineError
from engine.formats.coco import read as read_coco
from engine.imaging.geometry import Geometry, flat, lay_on
from engine.imaging.read import read_image, read_labels
from engine.imaging.scan import Found, Refused, scan
from engine.labels.classes import LabelClass
from engine.labels.edit import Labels
from engine.progress import Notice, Progress, Work
from engine.project.items import Item, content_hash
from engine.project.layers import pack
from engine.project.matching import MASK_ENDINGS, MaskFinder
from engine.project.project import Project
from engine.project.splits import read_rows
from engine.words import mark

__all__ = [
    "MASK_ENDINGS",
    "ImportPlan",
    "Imported",
    "LabelRule",
    "MaskSurvey",
    "import_images",
    "parse_values",
    "patient_rule",
    "survey_masks",
]


@dataclass(frozen=True)
class ImportPlan:
    """What to bring in. `values` says which mask value becomes which class name ("background" for none); None leaves it to the
    masks where that is safe (values 0 to the number of classes, or 0 and 255 with one class)."""

    paths: tuple[Path, ...]
    masks: Path | None = None
    values: Mapping[int, str] | None = None
    others_background: bool = False
    split: Split = ""
    patient_from: str = (
        ""  # a regular expression; its first group (or the whole match) in the item's name is the patient
    )
    labels: Path | None = None  # CSV with the columns item (an item's or a file's name) and class
    coco: Path | None = None  # COCO file, for the images that have no mask of their own


@dataclass(frozen=True)
class Imported:
    added: tuple[Item, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True)
class MaskSurvey:
    """What a folder of masks holds, for the step that asks what each value means. `share` is the part of all mask pixels."""

    share: Mapping[int, float]
    matched: int
    without: tuple[str, ...]  # images without a mask
    refused: tuple[Refused, ...] = field(default=())


def import_images(project: Project, plan: ImportPlan) -> Work[Imported]:
    """Scan, match masks, check, and add what is sound. Nothing is copied and nothing is overwritten."""
    coco = read_coco(plan.coco) if plan.coco is not None else None
    translate = _Values(plan, project.classes)
    patient = patient_rule(plan.patient_from)
    labels = LabelRule(plan.labels, project.classes) if project.task == "classification" else None
    found = yield from scan(plan.paths)
    masks = MaskFinder(plan.masks, found.found)
    images = [one for one in found.found if not masks.claims(one)]
    refused, added = list(found.refused), []
    known = project.items.known()
    for number, one in enumerate(images):
        yield Progress(number, len(images), one.name)
        try:
            fingerprint = content_hash(one.source.files, one.source.index)
            if (os.path.basename(one.source.files[0]), fingerprint, one.source.index) in known:
                raise EngineError(mark("It is in the project already."))
            file = masks.find(one)
            content = translate(file, _grid(one, file)) if file is not None else None
            if content is None and coco is not None and len(one.source.files) == 1 and one.shape[0] == 1:
                drawn = coco.labels_for(
                    os.path.basename(one.source.files[0]),
                    one.shape[1:],
                    project.classes,
                    others_background=plan.others_background,
                )
                content = None if drawn is None else drawn[None]
            item = Item(
                id=0,
                name=one.name,
                source=one.source,
                hash=fingerprint,
                shape=one.shape,
                spacing=one.spacing,
                color=one.color,
                modality=one.modality,
                patient=patient(one),
                split=plan.split or one.split,
                label=labels.of(one) if labels else None,
                notes=one.notes,
            )
        except EngineError as fault:
            refused.append(Refused(_shown(one), str(fault), fault))
            continue
        except OSError as fault:
            refused.append(Refused(_shown(one), fault.strerror or str(fault)))
            continue
        with project.transaction():
            kept = project.items.add(item)
            if content is not None:
                project.layers.replace(project.layers.make(kept.id), pack(content))
        for note in kept.notes:
            yield Notice(mark("{name}: {note}"), {"name": kept.name, "note": note})
        added.append(kept)
    if translate.guessed:
        yield Notice(mark("Mask value 255 was taken as {name}."), {"name": project.classes[0].name})
    if coco is not None and coco.boxes_only:
        yield Notice(
            mark("{count} annotations of {file} are boxes only, without a shape, and make no mask."),
            {"count": coco.boxes_only, "file": coco.name},
        )
    for name in masks.unused():
        stray = EngineError(mark("No image belongs to this mask."))
        refused.append(Refused(name, str(stray), stray))
    return Imported(tuple(added), tuple(refused))


def survey_masks(found: Sequence[Found], masks: Path) -> Work[MaskSurvey]:
    """Read every mask that belongs to one of the images and count its values."""
    finder, counts = MaskFinder(masks, found), Counter[int]()
    found = [one for one in found if not finder.claims(one)]
    without, refused, matched = [], [], 0
    for number, one in enumerate(found):
        yield Progress(number, len(found), one.name)
        try:
            file = finder.find(one)
            if file is None:
                without.append(one.name)
                continue
            values, _ = read_labels(file)
        except EngineError as fault:
            refused.append(Refused(_shown(one), str(fault), fault))
            continue
        matched += 1
        for value, count in zip(*np.unique(values, return_counts=True), strict=True):
            counts[int(value)] += int(count)
    total = max(sum(counts.values()), 1)
    return MaskSurvey({v: counts[v] / total for v in sorted(counts)}, matched, tuple(without), tuple(refused))


def parse_values(text: str) -> dict[int, str]:
    """ "0=background,128=cytoplasm" as a table."""
    table = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        number, _, name = part.partition("=")
        if not re.fullmatch(r"-?[0-9]{1,9}", number.strip()) or not name.strip():
            raise EngineError(
                mark("{part} does not say what a mask value means."),
                mark("Write for example 0=background,255=lung."),
                part=part,
            )
        table[int(number)] = name.strip()
    return table


class _Values:
    """Turns the values of a mask file into classes, and refuses what nobody gave a meaning."""

    def __init__(self, plan: ImportPlan, classes: Sequence[LabelClass]) -> None:
        places = {c.name.casefold(): place for place, c in enumerate(classes, 1)} | {"background": 0}
        self.guessed = False
        self._others = plan.others_background
        self._classes = len(classes)
        self._table: dict[int, int] | None = None
        if plan.values is not None:
            unknown = [name for name in plan.values.values() if name.casefold() not in places]
            if unknown:
                raise EngineError(
                    mark("There is no class {name}."),
                    mark("The classes are: {known}."),
                    name=unknown[0],
                    known=", ".join(c.name for c in classes),
                )
            self._table = {value: places[name.casefold()] for value, name in plan.values.items()}

    def __call__(self, file: Path, grid: Geometry) -> Labels:
        """The mask as classes on the image's grid."""
        values, geometry = read_labels(file)
        labels = self._translate(values)
        if geometry is not None and grid.patient_based:
            return lay_on(labels, geometry, grid)
        if labels.shape != grid.shape:
            sizes = {"mask": _size(labels.shape), "image": _size(grid.shape)}
            raise EngineError(
                mark("The mask is {mask}, the image {image}."), mark("Choose masks of the image's own size."), **sizes
            )
        return labels

    def _translate(self, values: NDArray[np.int32]) -> Labels:
        present = [int(v) for v in np.unique(values)]
        table = self._table if self._table is not None else self._guess(present)
        unknown = [v for v in present if v not in table]
        if unknown and not self._others:
            raise EngineError(
                mark("The mask holds the value {value}, which has no class."),
                mark("Say what it means, or take it as background."),
                value=unknown[0],
            )
        labels = np.zeros(values.shape, np.uint8)
        for value in present:
            if table.get(value, 0):
                labels[values == value] = table[value]
        return labels

    def _guess(self, present: Sequence[int]) -> dict[int, int]:
        if self._classes == 1 and 255 in present and set(present) <= {0, 255}:
            self.guessed = True
            return {0: 0, 255: 1}
        return {v: v for v in range(self._classes + 1)}


class LabelRule:
    """The class of a whole image: from a table, from the file that holds it, or from the name of its folder."""

    def __init__(self, table: Path | None, classes: Sequence[LabelClass]) -> None:
        """`table` is a CSV with the columns item and class. Raises NotReadable."""
        self._places = {c.name.casefold(): place for place, c in enumerate(classes)}
        self._table = None
        if table is not None:
            self._table = {row["item"]: row["class"] for row in read_rows(table, ("item", "class"))}

    def of(self, image: Found) -> int | None:
        """The place (from 0) of its class, None where nothing says it. Raises EngineError for a class that does not exist."""
        if self._table is not None:
            file = os.path.basename(image.source.files[0])
            text = self._table.get(image.name, self._table.get(file))
            return None if text is None else self._place(text)
        if image.label is not None:
            if image.label >= len(self._places):
                raise EngineError(
                    mark("Its class {number} is not in the project."), mark("Add the class first."), number=image.label
                )
            return image.label
        folder = os.path.basename(os.path.dirname(image.source.files[0]))
        return self._places.get(folder.casefold())

    def _place(self, text: str) -> int:
        name = text.strip().casefold()
        if name in self._places:
            return self._places[name]
        if re.fullmatch(r"[0-9]{1,9}", name) and int(name) < len(self._places):
            return int(name)
        raise EngineError(mark("There is no class {name}."), mark("Add the class first, or mend the table."), name=text)


def _grid(image: Found, mask: Path) -> Geometry:
    """The image's grid. Only a mask with millimetres of its own needs more of the image than its shape."""
    if mask.name.lower().endswith((".nii", ".nii.gz")):
        return read_image(image.source).geometry
    slices, height, width = image.shape
    return flat(height, width, slices)


def patient_rule(pattern: str) -> Callable[[Found], str]:
    """Who an image is of: what the regular expression finds in its name (its first group, or the whole match), else what the file
    says. Raises EngineError for an expression that cannot be read."""
    try:
        return _Patient(re.compile(pattern) if pattern else None)
    except re.error as fault:
        raise EngineError(
            mark("{pattern} is not a regular expression: {reason}."), pattern=pattern, reason=str(fault)
        ) from fault


@dataclass(frozen=True)
class _Patient:
    """Takes the patient out of an image's name; what the file itself says stands where the name does not tell."""

    pattern: "re.Pattern[str] | None"

    def __call__(self, image: Found) -> str:
        match = self.pattern.search(image.name) if self.pattern else None
        if match is None:
            return image.patient
        return (match.group(1) or image.patient) if match.groups() else match.group(0)


def _shown(image: Found) -> str:
    name = os.path.basename(image.source.files[0])
    return os.fsencode(name).decode("utf-8", "replace")


def _size(shape: tuple[int, ...]) -> str:
    return " x ".join(str(n) for n in reversed(shape if shape[0] > 1 else shape[1:]))
