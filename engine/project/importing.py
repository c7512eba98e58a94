"""Bringing images and their masks into a project: what fits is added, what does not is listed with the reason."""

import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.config import Split
from engine.errors import EngineError
from engine.imaging.hounsfield import NOT_IN_HU, could_be_hu, is_guess, not_in_hu
from engine.imaging.image import SEVERAL, SEVERAL_BY_ORDER, series_title
from engine.imaging.mask_looks import Convention
from engine.imaging.read import first_slice
from engine.imaging.scan import Found, Refused, Scan
from engine.imaging.values import LabelName
from engine.labels.classes import LabelClass
from engine.progress import Notice, Progress, Work, count_notice, listed, said_of_each
from engine.project.class_files import ClassFiles, read_class
from engine.project.folders import plain_name, scan_named, split_of
from engine.project.items import Item, checked_modality, content_hash
from engine.project.label_rule import LabelRule
from engine.project.layers import pack
from engine.project.likely_masks import Unlikely, unlikely_scans
from engine.project.mask_conventions import convention_of
from engine.project.mask_edits import as_found, record_mask
from engine.project.mask_files import (
    Coverage,
    ImageMask,
    Meanings,
    count_values,
    meanings_beside,
    parse_values,
    read_named_mask,
)
from engine.project.matching import MASK_ENDINGS, OF_NO_IMAGE, UNREADABLE, MaskFinder
from engine.project.object_files import reader_for
from engine.project.project import Project
from engine.project.splits import Division, divide_by_folders, divide_new, keep_twins
from engine.project.tables import Headers
from engine.scoring.voxels import values_held
from engine.words import translatable

if TYPE_CHECKING:
    from engine.formats.coco import CocoFile
    from engine.project.coco_shapes import CocoShapes

__all__ = [
    "MASK_ENDINGS",
    "Division",
    "ImportPlan",
    "Imported",
    "LabelRule",
    "MaskSurvey",
    "import_images",
    "parse_values",
    "patient_rule",
    "survey_masks",
]

_BROUGHT = (
    translatable("1 image that was there already got its mask or class: {names}."),
    translatable("{count} images that were there already got their masks or classes: {names}."),
)
_BARE = translatable("1 image has no mask: {names}."), translatable("{count} images have no mask: {names}.")


@dataclass(frozen=True)
class ImportPlan:
    """What to bring in. `values` says which mask value becomes which class name ("background" for none, "unlabelled" for what is
    never learnt); None leaves it to the masks where that is safe (values 0 to the number of classes, or 0 and 255 with one class)."""

    paths: tuple[Path, ...]
    masks: Path | None = None
    values: Meanings | None = None
    others_background: bool = False
    found: tuple[Found, ...] | None = (
        None  # what a look through `paths` found and a person kept; they are not read again
    )
    left_out: tuple[Found, ...] = ()  # images that were found and not kept: masks, shapes and rows may be theirs
    split: Split = ""
    split_from_folders: bool = (
        False  # train/, validation/, Testing/, imagesTs/ ... where `split` and the file say nothing
    )
    patient_from: str = (
        ""  # a regular expression; its first group (or the whole match) in the item's name is the patient
    )
    labels: Path | None = None  # CSV with the columns item (an item's or a file's name) and class
    headers: Headers | None = None  # how `labels` calls its columns, where it calls them otherwise
    folder_classes: Mapping[str, str] = field(default_factory=dict)  # which folder is which class, where names differ
    coco: (
        Path | tuple[Path, ...]
    ) = ()  # a COCO file, or several that are read as one, for the images that have no mask of their own
    categories: Mapping[str, str] = field(default_factory=dict)  # which category of it is which class (or "background")
    make_classes: bool = False  # of categories that have none
    modality: str = ""  # of all images, whatever their files say
    object_class: str = ""  # of all objects of label images, in an instance project
    bring: bool = False  # images that are in the project already get the mask or the class that they lack
    replaces: bool = False  # and another mask in place of theirs
    division: Division | None = None  # of what came in, in the end
    unlikely: Mapping[str, Unlikely] | None = None  # which of `found` are probably no scans; None: looked at here


@dataclass(frozen=True)
class Imported:
    """What came in and what did not; `held` are the values but background of the masks, by item, where a division asked for them;
    `brought` are items that were there already and got a mask or a class, `found_again` those whose files had moved to where the plan
    looks."""

    added: tuple[Item, ...]
    refused: tuple[Refused, ...]
    held: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    brought: tuple[Item, ...] = ()
    found_again: int = 0


@dataclass(frozen=True)
class MaskSurvey:
    """What a folder of masks holds, for the step that asks what each value means. `share` is the part of all mask pixels."""

    share: Mapping[int, float]
    matched: int
    without: tuple[str, ...]  # images without a mask
    refused: tuple[Refused, ...] = field(default=())
    left_over: tuple[str, ...] = ()  # masks that belong to no image
    names: Mapping[int, LabelName] = field(
        default_factory=dict
    )  # that the masks give their values, all of them the same
    disputed: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # values that they call by several names
    examples: Mapping[int, str] = field(default_factory=dict)  # for each value the image whose mask holds most of it
    by_files: bool = False  # the values stand for files of one class each, by their `names`
    colors: frozenset[int] = frozenset()  # values that are colours, as `color_number` gives them


def import_images(project: Project, plan: ImportPlan) -> Work[Imported]:
    """Scan, match masks, check, add what is sound, and divide it where the plan says so. Nothing is copied, nothing overwritten."""
    plan = replace(plan, modality=checked_modality(plan.modality)) if plan.modality else plan
    coco = yield from _drawn_by(project, plan)
    if plan.masks is not None and plan.values is None and project.task in ("binary", "multiclass"):
        values, said = meanings_beside(plan.masks, project.classes)
        plan = replace(plan, values=values)
        yield from said
    rules = _Rules(project, plan)
    again = yield from _found_again(project, plan.paths)
    found = (yield from scan_named(plan.paths, project.items.all())) if plan.found is None else Scan(plan.found, ())
    if not found.found and not found.refused:
        yield Notice(translatable("No image was found here."))
    masks = MaskFinder(plan.masks, (*found.found, *plan.left_out))
    images, others = ([one for one in each if not masks.is_mask(one)] for each in (found.found, plan.left_out))
    rules.follow((yield from convention_of(masks, images)))
    yield from rules.look_at(images, others, coco)
    refused, added, brought, bare = list(found.refused), list[Item](), list[Item](), list[str]()
    shared = _slices_of(project.items.all())
    held: dict[int, tuple[int, ...]] = {}
    for number, one in enumerate(images):
        yield Progress(number, len(images), one.name)
        try:
            mask = masks.find(one)
            if os.path.abspath(one.source.files[0]) in again:
                continue
            if (there := rules.item_of(one)) is not None:
                if plan.bring and rules.bring(one, mask, there):
                    brought.append(there)
                elif plan.paths:
                    raise EngineError(translatable("It is in the project already."))
                else:  # the items alone were asked about
                    bare.append(one.name)
                continue
            item, content = rules.item(one, mask)
            item = replace(item, notes=(*item.notes, *_shared_slices(one, shared)))
        except EngineError as fault:
            refused.append(Refused(_shown(one), str(fault), fault))
            continue
        except OSError as fault:
            refused.append(Refused(_shown(one), fault.strerror or str(fault)))
            continue
        kept = _keep(project, item, content)
        added.append(kept)
        if content is None:
            bare.append(kept.name)
        elif plan.division is not None:
            held[kept.id] = values_held(content.labels, content.slices)
    yield from listed(*_BROUGHT, [item.name for item in brought])
    yield from rules.notices(added, masks)
    left = masks.left_over()
    if (masks.used or plan.masks is not None) and project.task != "classification":
        yield from listed(*_BARE, bare)
    if masks.used:
        yield from listed(*OF_NO_IMAGE, left)
    else:
        stray = EngineError(translatable("No image belongs to this mask."))
        refused += [Refused(name, str(stray), stray) for name in left]
    yield from listed(*UNREADABLE, masks.unreadable())
    if plan.division is not None and added:
        added = yield from _divide(project, plan.division, added, held)
    return Imported(tuple(added), tuple(refused), held, tuple(brought), len(again))


def _drawn_by(project: Project, plan: ImportPlan) -> "Work[CocoFile | None]":
    """The COCO files of a plan as one, after classes were made for their categories where it says so. Raises EngineError."""
    drawn = (plan.coco,) if isinstance(plan.coco, Path) else plan.coco
    if not drawn and not plan.categories:
        return None
    from engine.formats import coco as coco_format
    from engine.project.coco_shapes import check_meanings, make_missing_classes

    coco = coco_format.read(*drawn) if drawn else None
    if coco is not None and plan.make_classes and project.task != "classification":
        yield from make_missing_classes(project, coco, plan.categories)
    check_meanings(plan.categories, project.classes)
    return coco


def _keep(project: Project, item: Item, content: ImageMask | None) -> Item:
    """Put it into the project, with its mask where it has one."""
    # before the transaction: a stroke need not wait for it
    tiles = list(pack(content.labels, content.ids)) if content is not None else None
    with project.transaction():
        kept = project.items.add(item)
        if content is not None and tiles is not None:
            project.layers.replace(project.layers.make(kept.id), tiles, content.slices)
    return kept


def _found_again(project: Project, paths: Sequence[Path]) -> Work[set[str]]:
    """Items whose files are not where they were are looked for in the folders among the paths; the first files of those found come back:
    the project or its images were moved, and to bring them in anew would part them from their masks."""
    folders = [path for path in paths if path.is_dir()]  # what lies beside a file was not chosen, and is not read
    lost = {item.id for item in project.items.missing()} if folders else set()
    for folder in folders if lost else ():
        yield from project.items.find_moved(folder)
    found = sorted(lost - {item.id for item in project.items.missing()}) if lost else []
    again = {item.source.files[0] for item in project.items.those(found)}
    if again:
        one, many = (
            translatable("1 image of the project was found again, where it lies now."),
            translatable("{count} images of the project were found again, where they lie now."),
        )
        yield count_notice(one, many, len(again))
    return again


def _divide(
    project: Project, division: Division, added: Sequence[Item], held: Mapping[int, Collection[int]]
) -> Work[list[Item]]:
    """The new items in their sets; `held` are the values of the masks that came with them."""
    twins = yield from keep_twins(project)
    items, new = project.items.all(), {item.id for item in added}
    if division.from_folders:
        said = {item.id: item.split for item in added if item.split}
        sets = divide_by_folders(items, new, said, division.shares, division.seed, twins=twins, held=held)
    else:
        sets = divide_new(items, new, division.shares, division.seed, twins=twins, held=held)
    project.items.set_splits(sets)
    return [replace(item, split=sets.get(item.id, item.split)) for item in added]


def _slices_of(items: Sequence[Item]) -> dict[str, str]:
    """The name of the item that a file belongs to, with the place in it where it holds several images."""
    return {file + item.source.index: item.name for item in items for file in item.source.files}


def _shared_slices(image: Found, known: Mapping[str, str]) -> Iterator[Notice]:
    """That slices of a series are in the project already: it had more files, or fewer, when it was brought in before; or that the file
    of an item is another image now."""
    places = [file + image.source.index for file in image.source.files]
    if len(places) == 1:
        if places[0] in known:
            text = translatable("Its file is that of {name}, which was another image when it came in.")
            yield Notice(text, {"name": known[places[0]]})
        return
    others = Counter(known[place] for place in places if place in known)
    for name, count in others.items():
        text = translatable("{count} of its {all} slices are in the project already, in {name}.")
        yield Notice(text, {"count": count, "all": len(image.source.files), "name": name})


class _Rules:
    """What a plan makes of an image: its item with patient, set and class, and its mask."""

    def __init__(self, project: Project, plan: ImportPlan) -> None:
        """Raises EngineError where the plan cannot be followed."""
        self._project, self._classes, self._plan = project, project.classes, plan
        self._known = project.items.known()
        self._objects = project.task == "instance"
        self._reader = reader_for(
            project.task,
            plan.values,
            project.classes,
            object_class=plan.object_class,
            others_background=plan.others_background,
        )
        self._coverage = Coverage(project.classes)
        self._series_key = project.series_key
        self._patient = patient_rule(plan.patient_from, project.patient_keys())
        self._shapes: CocoShapes | None = None
        self._unlikely: Mapping[str, Unlikely] = {}
        self._labels: LabelRule | None = None
        self._unread = 0  # masks in a project that has none
        if project.task != "classification" and plan.labels is not None:
            raise EngineError(
                translatable("This project has no classes of whole images, as {file} gives them."),
                translatable("Leave the table out, or make a project that tells whole images apart."),
                file=plan.labels.name,
            )
        if project.task == "classification":
            self._labels = LabelRule(
                plan.labels, project.classes, headers=plan.headers, below=plan.paths, folders=plan.folder_classes
            )

    def follow(self, convention: Convention) -> None:
        self._reader.convention = convention

    def look_at(self, images: Sequence[Found], others: Sequence[Found], coco: "CocoFile | None") -> Work[None]:
        """All images, before one of them is asked about: rows and shapes can belong to several, and to `others` that stay outside."""
        if self._labels is not None:
            self._labels.index_images([*images, *others])
        if coco is not None and self._labels is not None:
            text = translatable("The shapes of {file} were left out: this project tells whole images apart.")
            yield Notice(text, {"file": coco.name})
        elif coco is not None:
            from engine.project.coco_shapes import CocoShapes

            self._shapes = CocoShapes(
                coco,
                images,
                self._classes,
                others=others,
                categories=self._plan.categories,
                others_background=self._plan.others_background,
            )
        known, there = self._plan.unlikely, [as_found(item) for item in self._known.values()]
        self._unlikely = known if known is not None else (yield from unlikely_scans(images, there))

    def item_of(self, image: Found) -> Item | None:
        """The item that the image is, where it is in the project already; items that alone are asked about (no paths) are known by their
        names. Raises OSError, and EngineError where such a one is gone or exchanged: no new image comes in then."""
        if not self._plan.paths:
            item = self._project.items.named(image.name)
            item.present()
            return item
        files = image.source.files
        return self._known.get(
            (os.path.basename(files[0]), content_hash(files, image.source.index), image.source.index)
        )

    def bring(self, image: Found, mask: Path | ClassFiles | None, item: Item) -> bool:
        """Give an item that is there its mask, as an edit of its history, and its class, where it has none; whether it got any. Raises
        EngineError, or OSError, as `item`."""
        content, label = self._content(image, mask), self._labels.of(image) if self._labels else None
        got = content is not None and record_mask(self._project, item, content, replaces=self._plan.replaces)
        if label is None or item.label is not None:
            return got
        self._project.items.set_labels({item.id: label})
        return True

    def item(self, image: Found, mask: Path | ClassFiles | None) -> tuple[Item, ImageMask | None]:
        """Raises EngineError, or OSError, for what cannot come in."""
        content = self._content(image, mask)
        notes = content.notes if content is not None else ()
        unlikely = self._unlikely.get(image.name)
        folder = split_of(image, self._plan.paths) if self._plan.split_from_folders else ""
        item = Item(
            id=0,
            name=image.name,
            source=image.source,
            hash=content_hash(image.source.files, image.source.index),
            shape=image.shape,
            spacing=image.spacing,
            color=image.color,
            modality=self._plan.modality or image.modality,
            patient=self._patient(image),
            split=self._plan.split or image.split or folder,
            label=self._labels.of(image) if self._labels else None,
            calibrated=image.calibrated,
            part=None if image.part is None else replace(image.part, key=self._series_key(image.part.key)),
            notes=(*self._notes_of(image), *notes, *(() if unlikely is None else (unlikely.note,))),
        )
        return item, content

    def _content(self, image: Found, mask: Path | ClassFiles | None) -> ImageMask | None:
        """From its file, or else as a COCO file draws it; None where whole images are told apart."""
        if self._labels is not None:
            self._unread += mask is not None
            return None
        content = self._reader.read(mask, image) if mask is not None else None
        content = self._drawn(image) if content is None else content
        if content is not None:
            self._coverage.add(content.labels)
        return content

    def _drawn(self, image: Found) -> ImageMask | None:
        """The mask that the COCO file draws."""
        if self._shapes is None:
            return None
        return self._shapes.objects_of(image) if self._objects else self._shapes.of(image)

    def _notes_of(self, image: Found) -> tuple[Notice, ...]:
        """What its reader noticed, without the guess that the plan answers, but with what speaks against the answer."""
        said = self._plan.modality
        notes = tuple(note for note in image.notes if not said or not (is_guess(note) or note.message == NOT_IN_HU))
        against = _against_hu(image) if said == "CT" else None
        return notes if against is None else (*notes, against)

    def notices(self, added: Sequence[Item], masks: MaskFinder) -> Iterator[Notice]:
        """What was assumed, and what belonged to nothing."""
        yield from _said_of(added)
        if self._plan.patient_from:
            yield from listed(
                translatable("In the name of 1 image no patient was found: {names}."),
                translatable("In the names of {count} images no patient was found: {names}."),
                [item.name for item in added if not item.patient],
            )
        if self._reader.guessed:
            yield Notice(translatable("Mask value 255 was taken as {name}."), {"name": self._classes[0].name})
        yield from self._coverage.notices()
        if self._unread:
            single, many = (
                translatable("The mask of 1 image was left out: this project tells whole images apart."),
                translatable("The masks of {count} images were left out: this project tells whole images apart."),
            )
            yield count_notice(single, many, self._unread)
        yield from said_of_names(masks, self._reader.unmet)
        if self._shapes is not None:
            yield from self._shapes.notices()
        if self._labels is not None:
            yield from _said_of_classes(self._labels, self._classes, self._plan, added)


def _against_hu(image: Found) -> Notice | None:
    """What speaks against HU in an image that is said to be CT."""
    if image.source.kind != "dicom" or image.modality == "CT":
        return image.no_hu
    pixels = first_slice(image.source).pixels
    return None if could_be_hu(pixels) else not_in_hu(pixels)


def _said_of(added: Sequence[Item]) -> Iterator[Notice]:
    """What was noticed in reading them, each thing once."""
    yield from said_of_each((item.name, note) for item, note in _noticed(added))
    yield from _said_of_series(added)


def said_of_found(found: Sequence[Found]) -> Iterator[Notice]:
    """What was noticed in reading images that stay outside of a project, each thing once."""
    yield from said_of_each((item.name, note) for item, note in _noticed(found))


def _noticed(images: Sequence[Item] | Sequence[Found]) -> Iterator[tuple[Item | Found, Notice]]:
    for one in images:
        yield from ((one, note) for note in one.notes if note.message not in (SEVERAL, SEVERAL_BY_ORDER))


def _said_of_series(added: Sequence[Item]) -> Iterator[Notice]:
    """Which series hold several volumes: one sentence for all of them, instead of one for each volume."""
    parts = defaultdict[str, list[Item]](list)
    for item in added:
        if item.part is not None:
            parts[item.part.key].append(item)
    yield from listed(
        translatable("1 series holds several volumes, which stand as one row: {names}."),
        translatable("{count} series hold several volumes, which stand as one row each: {names}."),
        [
            f"{series_title([one.name for one in own], [one.part for one in own if one.part is not None])} ({len(own)})"
            for own in parts.values()
        ],
    )


def _said_of_classes(
    labels: LabelRule, classes: Sequence[LabelClass], plan: ImportPlan, added: Sequence[Item]
) -> Iterator[Notice]:
    if plan.labels is not None and labels.numbered and any(item.label is not None for item in added):
        meaning = ", ".join(f"{place} = {one.name}" for place, one in enumerate(classes))
        text = translatable("{file} has numbers for classes: they were counted from 0 ({meaning}).")
        yield Notice(text, {"file": plan.labels.name, "meaning": meaning})
    if plan.labels is not None and labels.unmatched_rows:
        single, many = (
            translatable("1 row of {file} is about no image."),
            translatable("{count} rows of {file} are about no image."),
        )
        yield count_notice(single, many, labels.unmatched_rows, file=plan.labels.name)
    bare = [item.name for item in added if item.label is None]
    yield from listed(
        translatable("1 image has no class: {names}."), translatable("{count} images have no class: {names}."), bare
    )


def said_of_names(masks: MaskFinder, unmet: Sequence[str]) -> Iterator[Notice]:
    """By what masks were found where that is not usual: that they were joined from files of one class each, of which images the masks are
    those of another set, and which names of files were given in vain."""
    if masks.ending:
        text = translatable("Masks were found by their images' names and the word {word} after it.")
        yield Notice(text, {"word": masks.ending})
    if len(masks.classes) > 1:
        text = translatable("Each mask file holds one class: they were laid over each other in this order: {names}.")
        yield Notice(text, {"names": ", ".join(masks.classes)})
    yield from listed(
        translatable("1 image has a mask of its name only in the folder of another set, which was left out: {names}."),
        translatable(
            "{count} images have masks of their names only in folders of other sets, which were left out: {names}."
        ),
        masks.of_other_sets(),
    )
    yield from listed(
        translatable("No mask file is called so: {names}."),
        translatable("No mask files are called so: {names}."),
        unmet,
    )


def survey_masks(found: Sequence[Found], masks: Path) -> Work[MaskSurvey]:
    """Read every mask that belongs to one of the images and count its values."""
    finder, counts = MaskFinder(masks, found), Counter[int]()
    found = [one for one in found if not finder.is_mask(one)]
    convention = yield from convention_of(finder, found)
    without, refused, matched = [], [], 0
    colors = set[int]()
    most: dict[int, tuple[int, str]] = {}
    names = defaultdict[int, dict[str, LabelName]](dict)
    for number, one in enumerate(found):
        yield Progress(number, len(found), one.name)
        try:
            file = finder.find(one)
            if file is None:
                without.append(one.name)
                continue
            held, called_here, colored = _values_and_names(file, convention)
        except EngineError as fault:
            refused.append(Refused(_shown(one), str(fault), fault))
            continue
        matched += 1
        colors |= {value for value in held if colored and value}
        for value, called in called_here.items():
            if value in held:
                names[value].setdefault(plain_name(called.name), called)
        counts.update(held)
        most |= {value: (count, one.name) for value, count in held.items() if count > most.get(value, (0, ""))[0]}
    total = max(sum(counts.values()), 1)
    share = {v: counts[v] / total for v in sorted(counts)}
    examples = {value: name for value, (_, name) in most.items() if value}
    agreed = {value: one for value, called in names.items() if len(called) == 1 for one in called.values()}
    disputed = {value: tuple(one.name for one in c.values()) for value, c in names.items() if len(c) > 1}
    left = tuple(finder.left_over())
    by_files = bool(finder.classes)
    return MaskSurvey(
        share, matched, tuple(without), tuple(refused), left, agreed, disputed, examples, by_files, frozenset(colors)
    )


def _values_and_names(
    file: Path | ClassFiles, convention: Convention
) -> tuple[dict[int, int], Mapping[int, LabelName], bool]:
    """How many voxels hold each value of a mask, or of the files of its classes, what they are called, and whether they are colours."""
    if isinstance(file, Path):
        mask = read_named_mask(file, convention)
        return count_values(mask.values), mask.names, mask.colored
    held = {part.value: int(np.count_nonzero(read_class(part).values)) for part in file.parts}
    named = {part.value: LabelName(part.name) for part in file.parts}
    return {value: count for value, count in held.items() if count}, named, False


def patient_rule(pattern: str, key: Callable[[str], str]) -> Callable[[Found], str]:
    """Who an image is of: what the regular expression finds in its name (its first group, or the whole match), else what the file
    says, by the project's own `key` for it. Raises EngineError for an expression that cannot be read."""
    try:
        return _Patient(re.compile(pattern) if pattern else None, key)
    except re.error as fault:
        raise EngineError(
            translatable("{pattern} is not a regular expression: {reason}."), pattern=pattern, reason=str(fault)
        ) from fault


@dataclass(frozen=True)
class _Patient:
    """Takes the patient out of an image's name; what the file itself says stands where the name does not tell."""

    pattern: "re.Pattern[str] | None"
    key: Callable[[str], str]

    def __call__(self, image: Found) -> str:
        match = self.pattern.search(image.name) if self.pattern else None
        named = (match.group(1) if match.groups() else match.group(0)) if match else ""
        return named or self.key(image.patient)


def _shown(image: Found) -> str:
    name = os.path.basename(image.source.files[0])
    return os.fsencode(name).decode("utf-8", "replace")
