"""Bringing images and their masks into a project: what fits is added, what does not is listed with the reason."""

import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.config import Split
from engine.errors import EngineError
from engine.formats.coco import CocoFile
from engine.formats.coco import read as read_coco
from engine.imaging.files import item_name
from engine.imaging.read import read_labels
from engine.imaging.scan import Found, Refused, scan
from engine.labels.classes import LabelClass, make_classes
from engine.labels.edit import Labels
from engine.progress import Notice, Progress, Work
from engine.project.folders import folders_of, plain_name, split_of
from engine.project.items import Item, content_hash
from engine.project.layers import pack
from engine.project.likely_masks import unlikely_scans
from engine.project.mask_files import MaskReader, count_values, parse_values
from engine.project.matching import MASK_ENDINGS, MaskFinder
from engine.project.project import Project
from engine.project.tables import Headers, ImageTable
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
    """What to bring in. `values` says which mask value becomes which class name ("background" for none, "unlabelled" for what is
    never learnt); None leaves it to the masks where that is safe (values 0 to the number of classes, or 0 and 255 with one class)."""

    paths: tuple[Path, ...]
    masks: Path | None = None
    values: Mapping[int, str] | None = None
    others_background: bool = False
    split: Split = ""
    split_from_folders: bool = (
        False  # train/, validation/, Testing/, imagesTs/ ... where `split` and the file say nothing
    )
    patient_from: str = (
        ""  # a regular expression; its first group (or the whole match) in the item's name is the patient
    )
    labels: Path | None = None  # CSV with the columns item (an item's or a file's name) and class
    headers: Headers | None = None  # how `labels` calls its columns, where it calls them otherwise
    coco: Path | None = None  # COCO file, for the images that have no mask of their own
    categories: Mapping[str, str] | None = None  # which category of it is which class (or "background")
    make_classes: bool = False  # of categories that have none


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
    left_over: tuple[str, ...] = ()  # masks that belong to no image


def import_images(project: Project, plan: ImportPlan) -> Work[Imported]:
    """Scan, match masks, check, and add what is sound. Nothing is copied and nothing is overwritten."""
    coco = read_coco(plan.coco) if plan.coco is not None else None
    if coco is not None and plan.make_classes and project.task != "classification":
        yield from _make_classes(project, coco, plan.categories or {})
    reader = MaskReader(plan.values, project.classes, others_background=plan.others_background)
    patient = patient_rule(plan.patient_from)
    _check_meanings(plan.categories or {}, project.classes)
    labels = None
    if project.task == "classification":
        labels = LabelRule(plan.labels, project.classes, headers=plan.headers, below=plan.paths)
    found = yield from scan(plan.paths)
    masks = MaskFinder(plan.masks, found.found)
    images = [one for one in found.found if not masks.claims(one)]
    if labels is not None:
        labels.meet(images)
    shapes = _Shapes(coco, images, project.classes, plan) if coco is not None else None
    unlikely = yield from unlikely_scans(images)
    refused, added, bare = list(found.refused), [], list[str]()
    known = project.items.known()
    for number, one in enumerate(images):
        yield Progress(number, len(images), one.name)
        try:
            fingerprint = content_hash(one.source.files, one.source.index)
            if (os.path.basename(one.source.files[0]), fingerprint, one.source.index) in known:
                raise EngineError(mark("It is in the project already."))
            file = masks.find(one)
            content, notes = reader.read(file, one) if file is not None else (None, ())
            if content is None and shapes is not None:
                content = shapes.of(one)
            folder = split_of(one, plan.paths) if plan.split_from_folders else ""
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
                split=plan.split or one.split or folder,
                label=labels.of(one) if labels else None,
                notes=(*one.notes, *notes, *((unlikely[one.name].note,) if one.name in unlikely else ())),
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
        added.append(kept)
        if content is None:
            bare.append(kept.name)
    yield from _said_of(added)
    if reader.guessed:
        yield Notice(mark("Mask value 255 was taken as {name}."), {"name": project.classes[0].name})
    if shapes is not None:
        yield from shapes.notices()
    if labels is not None:
        yield from _said_of_classes(labels, plan, added)
    if masks.used and project.task != "classification":
        yield from listed(mark("1 image has no mask: {names}."), mark("{count} images have no mask: {names}."), bare)
    left = masks.left_over()
    if masks.used:
        yield from listed(
            mark("1 mask belongs to no image: {names}."), mark("{count} masks belong to no image: {names}."), left
        )
    else:
        stray = EngineError(mark("No image belongs to this mask."))
        refused += [Refused(name, str(stray), stray) for name in left]
    return Imported(tuple(added), tuple(refused))


_NAMED = 5  # of the things that a notice counts


def listed(single: str, many: str, names: Sequence[str]) -> Iterator[Notice]:
    """A notice that counts and names, as far as it stays readable; none where there is nothing."""
    if names:
        shown = ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")
        yield Notice(single if len(names) == 1 else many, {"count": len(names), "names": shown})


def _said_of(added: Sequence[Item]) -> Iterator[Notice]:
    """What was noticed in reading them, each thing once."""
    by_note: dict[str, list[tuple[Item, Notice]]] = defaultdict(list)
    for item in added:
        for note in item.notes:
            by_note[note.text].append((item, note))
    for group in by_note.values():
        item, note = group[0]
        if len(group) == 1:
            yield Notice(mark("{name}: {note}"), {"name": item.name, "note": note})
        else:
            yield Notice(mark("{count} images: {note}"), {"count": len(group), "note": note})


def _said_of_classes(labels: "LabelRule", plan: ImportPlan, added: Sequence[Item]) -> Iterator[Notice]:
    if plan.labels is not None and labels.strangers:
        single, many = mark("1 row of {file} is about no image."), mark("{count} rows of {file} are about no image.")
        text = single if labels.strangers == 1 else many
        yield Notice(text, {"count": labels.strangers, "file": plan.labels.name})
    bare = [item.name for item in added if item.label is None]
    yield from listed(mark("1 image has no class: {names}."), mark("{count} images have no class: {names}."), bare)


def _make_classes(project: Project, coco: CocoFile, meaning: Mapping[str, str]) -> Iterator[Notice]:
    """A class for every category that is drawn and has none."""
    made = missing_classes(coco, project.classes, meaning)
    if made:
        have = [(c.name, c.color) for c in project.classes]
        project.set_classes(make_classes([*have, *((name, "") for name in made)]))
        yield Notice(mark("Classes were made for the categories {names}."), {"names": ", ".join(made)})


def _check_meanings(meaning: Mapping[str, str], classes: Sequence[LabelClass]) -> None:
    known = {c.name.casefold() for c in classes} | {"background"}
    for name in meaning.values():
        if name.strip().casefold() not in known:
            raise EngineError(
                mark("There is no class {name}."),
                mark("The classes are: {known}."),
                name=name,
                known=", ".join(c.name for c in classes),
            )


def missing_classes(coco: CocoFile, classes: Sequence[LabelClass], meaning: Mapping[str, str]) -> list[str]:
    """The categories of a COCO file that have neither a class of their name nor a `meaning`, in the order of the file."""
    have = {c.name.casefold() for c in classes} | {"background"} | {name.strip().casefold() for name in meaning}
    return [name for name in coco.categories if name.casefold() not in have]


def parse_categories(text: str) -> dict[str, str]:
    """ "nucleus=cell,dirt=background" as a table."""
    table = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        name, _, meaning = (p.strip() for p in part.rpartition("="))
        if not name or not meaning:
            raise EngineError(
                mark("{part} does not say which class a category is."),
                mark("Write for example nucleus=cell,dirt=background."),
                part=part,
            )
        table[name] = meaning
    return table


class _Shapes:
    """The shapes of a COCO file for the pictures that it lists, equal names told apart by their folders."""

    def __init__(
        self, coco: CocoFile, images: Sequence[Found], classes: Sequence[LabelClass], plan: ImportPlan
    ) -> None:
        self._coco, self._classes, self._plan = coco, classes, plan
        self._pictures = [one for one in images if len(one.source.files) == 1 and one.shape[0] == 1]
        self._fits: dict[str, list[int]] = defaultdict(list)
        for one in self._pictures:
            fit = coco.fit(_text(one))
            if fit is not None:
                self._fits[_stem(one)].append(fit)
        self._unlisted = [one.name for one in self._pictures if coco.fit(_text(one)) is None]

    def of(self, image: Found) -> Labels | None:
        if len(image.source.files) > 1 or image.shape[0] > 1:
            return None
        fit, others = self._coco.fit(_text(image)), self._fits[_stem(image)]
        if fit is None:
            return None
        if fit == 0 and len(others) > 1:
            if max(others) > 0:  # another of this name lies where the file says
                return None
            raise EngineError(
                mark("{file} does not say which of {count} images named {name} it means."),
                mark("Give every image a name of its own."),
                file=self._coco.name,
                count=len(others),
                name=item_name(os.path.basename(image.source.files[0])),
            )
        drawn = self._coco.labels_for(
            _text(image),
            image.shape[1:],
            self._classes,
            others_background=self._plan.others_background,
            categories=self._plan.categories,
        )
        return None if drawn is None else drawn[None]

    def notices(self) -> Iterator[Notice]:
        """What of the file came to nothing, and which pictures it does not list."""
        coco = self._coco
        counted = (
            (
                coco.boxes_only,
                mark("1 annotation of {file} is a box only, without a shape, and makes no mask."),
                mark("{count} annotations of {file} are boxes only, without a shape, and make no mask."),
            ),
            (
                coco.orphans,
                mark("1 annotation of {file} is about an image that it does not list, and was left out."),
                mark("{count} annotations of {file} are about images that it does not list, and were left out."),
            ),
        )
        for count, single, many in counted:
            if count:
                yield Notice(single if count == 1 else many, {"count": count, "file": coco.name})
        gone = coco.without_picture([_text(one) for one in self._pictures])
        for names, single, many in (
            (
                gone,
                mark("1 image of {file} was not among the pictures: {names}."),
                mark("{count} images of {file} were not among the pictures: {names}."),
            ),
            (
                self._unlisted,
                mark("1 picture is not in {file}: {names}."),
                mark("{count} pictures are not in {file}: {names}."),
            ),
        ):
            for note in listed(single, many, names):
                yield Notice(note.message, {**note.values, "file": coco.name})


def _stem(image: Found) -> str:
    return unicodedata.normalize("NFC", os.path.splitext(os.path.basename(image.source.files[0]))[0])


def _text(image: Found) -> str:
    """Its path as text: names need not be."""
    return os.fsencode(image.source.files[0]).decode("utf-8", "replace")


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
        counts.update(count_values(values))
    total = max(sum(counts.values()), 1)
    share = {v: counts[v] / total for v in sorted(counts)}
    return MaskSurvey(share, matched, tuple(without), tuple(refused), tuple(finder.left_over()))


class LabelRule:
    """The class of a whole image: from a table, from the file that holds it, or from the name of a folder that it lies in."""

    def __init__(
        self,
        table: Path | None,
        classes: Sequence[LabelClass],
        *,
        headers: Headers | None = None,
        below: Sequence[Path] = (),
    ) -> None:
        """`table` is a CSV with the columns item and class, or those that `headers` names; folders count up to those of `below` that
        were chosen. Raises NotReadable."""
        self._exact = {unicodedata.normalize("NFC", c.name).casefold(): place for place, c in enumerate(classes)}
        self._places = {plain_name(c.name): place for place, c in reversed(list(enumerate(classes)))}
        self._below = below
        self._table = ImageTable(table, "class", headers) if table is not None else None

    def meet(self, images: Sequence[Found]) -> None:
        """Say which images there are, before the table is asked: a row may fit several."""
        if self._table is not None:
            self._table.meet({image.name: image.source.files[0] for image in images})

    @property
    def strangers(self) -> int:
        """How many rows of the table are about none of the images."""
        return 0 if self._table is None else self._table.strangers

    def of(self, image: Found) -> int | None:
        """The place (from 0) of its class, None where nothing says it. Raises EngineError for a class that does not exist, and where
        the table does not tell it apart from other images."""
        if self._table is not None:
            text = self._table.of(image.name)
            return None if text is None else self._place(text)
        if image.class_name:
            return self._place(image.class_name)
        if image.label is not None:
            if not 0 <= image.label < len(self._exact):
                raise EngineError(
                    mark("Its class {number} is not in the project."), mark("Add the class first."), number=image.label
                )
            return image.label
        if image.source.kind == "npz":  # its folder holds all of them
            return None
        named = (self._named(folder) for folder in folders_of(image, self._below))
        return next((place for place in named if place is not None), None)

    def _named(self, name: str) -> int | None:
        exact = self._exact.get(unicodedata.normalize("NFC", name).strip().casefold())
        return self._places.get(plain_name(name)) if exact is None else exact

    def _place(self, text: str) -> int:
        place = self._named(text)
        if place is not None:
            return place
        name = text.strip().casefold()
        if re.fullmatch(r"[0-9]{1,9}", name) and int(name) < len(self._exact):
            return int(name)
        raise EngineError(mark("There is no class {name}."), mark("Add the class first, or mend the table."), name=name)


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
