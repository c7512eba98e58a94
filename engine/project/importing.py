"""Bringing images and their masks into a project: what fits is added, what does not is listed with the reason."""

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.config import Split
from engine.errors import EngineError
from engine.formats.coco import CocoFile
from engine.formats.coco import read as read_coco
from engine.imaging.files import item_name
from engine.imaging.read import read_labels
from engine.imaging.scan import Found, Refused, scan
from engine.labels.classes import LabelClass
from engine.labels.edit import Labels
from engine.progress import Notice, Progress, Work
from engine.project.items import Item, content_hash
from engine.project.layers import pack
from engine.project.mask_files import MaskReader, count_values, parse_values
from engine.project.matching import MASK_ENDINGS, MaskFinder
from engine.project.project import Project
from engine.project.tables import ImageTable
from engine.words import translatable

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
    reader = MaskReader(plan.values, project.classes, others_background=plan.others_background)
    patient = patient_rule(plan.patient_from)
    labels = LabelRule(plan.labels, project.classes) if project.task == "classification" else None
    found = yield from scan(plan.paths)
    masks = MaskFinder(plan.masks, found.found)
    images = [one for one in found.found if not masks.is_mask(one)]
    if labels is not None:
        labels.index_images(images)
    shapes = _Shapes(coco, images, project.classes, plan.others_background) if coco is not None else None
    refused, added = list(found.refused), []
    known = project.items.known()
    for number, one in enumerate(images):
        yield Progress(number, len(images), one.name)
        try:
            fingerprint = content_hash(one.source.files, one.source.index)
            if (os.path.basename(one.source.files[0]), fingerprint, one.source.index) in known:
                raise EngineError(translatable("It is in the project already."))
            file = masks.find(one)
            content, notes = reader.read(file, one) if file is not None else (None, ())
            if content is None and shapes is not None:
                content = shapes.of(one)
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
                notes=(*one.notes, *notes),
            )
        except EngineError as fault:
            refused.append(Refused(_shown(one), str(fault), fault))
            continue
        except OSError as fault:
            refused.append(Refused(_shown(one), fault.strerror or str(fault)))
            continue
        tiles = (
            list(pack(content)) if content is not None else None
        )  # before the transaction: a stroke need not wait for it
        with project.transaction():
            kept = project.items.add(item)
            if tiles is not None:
                project.layers.replace(project.layers.make(kept.id), tiles)
        for note in kept.notes:
            yield Notice(translatable("{name}: {note}"), {"name": kept.name, "note": note})
        added.append(kept)
    if reader.guessed:
        yield Notice(translatable("Mask value 255 was taken as {name}."), {"name": project.classes[0].name})
    if coco is not None and coco.boxes_only:
        single, many = (
            translatable("1 annotation of {file} is a box only, without a shape, and makes no mask."),
            translatable("{count} annotations of {file} are boxes only, without a shape, and make no mask."),
        )
        yield Notice(single if coco.boxes_only == 1 else many, {"count": coco.boxes_only, "file": coco.name})
    if labels is not None and plan.labels is not None and labels.unmatched_rows:
        single, many = (
            translatable("1 row of {file} is about no image."),
            translatable("{count} rows of {file} are about no image."),
        )
        text = single if labels.unmatched_rows == 1 else many
        yield Notice(text, {"count": labels.unmatched_rows, "file": plan.labels.name})
    for name in masks.unused():
        stray = EngineError(translatable("No image belongs to this mask."))
        refused.append(Refused(name, str(stray), stray))
    return Imported(tuple(added), tuple(refused))


class _Shapes:
    """The shapes of a COCO file, for pictures whose name nobody else bears."""

    def __init__(
        self, coco: CocoFile, images: Sequence[Found], classes: Sequence[LabelClass], others_background: bool
    ) -> None:
        self._coco, self._classes, self._others = coco, classes, others_background
        self._alike = Counter(_stem(one) for one in images)

    def of(self, image: Found) -> Labels | None:
        if len(image.source.files) > 1 or image.shape[0] > 1:
            return None
        name, size = os.path.basename(image.source.files[0]), image.shape[1:]
        drawn = self._coco.labels_for(name, size, self._classes, others_background=self._others)
        if drawn is not None and self._alike[_stem(image)] > 1:
            raise EngineError(
                translatable("{file} does not say which of {count} images named {name} it means."),
                translatable("Give every image a name of its own."),
                file=self._coco.name,
                count=self._alike[_stem(image)],
                name=item_name(name),
            )
        return None if drawn is None else drawn[None]


def _stem(image: Found) -> str:
    return unicodedata.normalize("NFC", os.path.splitext(os.path.basename(image.source.files[0]))[0])


def survey_masks(found: Sequence[Found], masks: Path) -> Work[MaskSurvey]:
    """Read every mask that belongs to one of the images and count its values."""
    finder, counts = MaskFinder(masks, found), Counter[int]()
    found = [one for one in found if not finder.is_mask(one)]
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
        counts.update(count_values(values))
    total = max(sum(counts.values()), 1)
    return MaskSurvey({v: counts[v] / total for v in sorted(counts)}, matched, tuple(without), tuple(refused))


class LabelRule:
    """The class of a whole image: from a table, from the file that holds it, or from the name of its folder."""

    def __init__(self, table: Path | None, classes: Sequence[LabelClass]) -> None:
        """`table` is a CSV with the columns item and class. Raises NotReadable."""
        self._places = {c.name.casefold(): place for place, c in enumerate(classes)}
        self._table = ImageTable(table, "class") if table is not None else None

    def index_images(self, images: Sequence[Found]) -> None:
        """Say which images there are, before the table is asked: a row may fit several."""
        if self._table is not None:
            self._table.index_images({image.name: image.source.files[0] for image in images})

    @property
    def unmatched_rows(self) -> int:
        """How many rows of the table are about none of the images."""
        return 0 if self._table is None else self._table.unmatched_rows

    def of(self, image: Found) -> int | None:
        """The place (from 0) of its class, None where nothing says it. Raises EngineError for a class that does not exist, and where
        the table does not tell it apart from other images."""
        if self._table is not None:
            text = self._table.of(image.name)
            return None if text is None else self._place(text)
        if image.label is not None:
            if image.label >= len(self._places):
                raise EngineError(
                    translatable("Its class {number} is not in the project."),
                    translatable("Add the class first."),
                    number=image.label,
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
        raise EngineError(
            translatable("There is no class {name}."),
            translatable("Add the class first, or mend the table."),
            name=text,
        )


def patient_rule(pattern: str) -> Callable[[Found], str]:
    """Who an image is of: what the regular expression finds in its name (its first group, or the whole match), else what the file
    says. Raises EngineError for an expression that cannot be read."""
    try:
        return _Patient(re.compile(pattern) if pattern else None)
    except re.error as fault:
        raise EngineError(
            translatable("{pattern} is not a regular expression: {reason}."), pattern=pattern, reason=str(fault)
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
