"""What an import proposes before a person decides: where the masks lie, what their values mean, who is a patient."""

import os
import re
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import EngineError
from engine.formats.coco import read as read_coco
from engine.imaging.files import is_passed_over
from engine.imaging.scan import Found, Scan
from engine.labels.classes import BACKGROUND
from engine.progress import Progress, Work
from engine.project.folders import plain_name, scan_named
from engine.project.importing import MaskSurvey, survey_masks
from engine.project.items import Item
from engine.project.likely_masks import Unlikely, unlikely_scans
from engine.project.mask_edits import as_found
from engine.project.mask_folder import holds_masks
from engine.project.matching import PROPOSED_FOLDERS, MaskFinder
from engine.project.set_names import set_called
from engine.project.tables import ImageTable, propose_headers
from engine.words import translatable

_OBJECT_FOLDERS = ("instances", "instance", "objects", "instancias", "objetos")  # ids, if no COCO file draws them
_LARGEST_COCO = 1 << 28  # bytes: a larger file is read when it is asked for
_MOST_TRIED = 12  # JSON files, or tables
_TABLES = (".csv", ".tsv")
_LARGEST_TABLE = 1 << 24  # bytes: as for COCO files
_VOLUME_ENDINGS = (".nii.gz", ".nii", ".nrrd", ".seg.nrrd")
_COCO_NAME = re.compile("coco|instances|annotation", re.IGNORECASE)
_SMOOTHED = 16  # more values than this beside one class: edges that were smoothed, or labels of many structures
_VOID = 255
_WHITE = 200  # and more is where smoothed edges end
_MOSTLY = 0.1  # of what is not black, at least, is white then


@dataclass(frozen=True)
class Proposal:
    """The images that were found, where the masks of them may lie (a folder, a file, or COCO files; () for nowhere), which (by name)
    are probably no scans, with the reason, and the table that may hold the classes of whole images."""

    scan: Scan
    masks: tuple[Path, ...]
    unlikely: Mapping[str, Unlikely]
    table: Path | None = None


def look_through(paths: Sequence[Path], of_whole_images: bool, items: Sequence[Item] = ()) -> Work[Proposal]:
    """What an import of these files and folders beside the `items` proposes; no masks for classes `of_whole_images`."""
    found = yield from scan_named(paths, items)
    masks = () if of_whole_images else suggest_masks(paths, found.found)
    unlikely = yield from unlikely_scans(found.found, [as_found(item) for item in items])
    images = [one for one in found.found if one.name not in unlikely]
    return Proposal(found, masks, unlikely, suggest_table(paths, images) if of_whole_images else None)


def survey_images(
    found: Sequence[Found], masks: Path, left_out: Container[str] = ()
) -> Work[tuple[list[Found], MaskSurvey]]:
    """Which of the found are images, and what the masks of those at `masks` (a folder or a file) hold; images that are `left_out` (by
    name) are asked for no mask. EngineError where it is not there."""
    images = images_among(found, masks)
    return images, (yield from survey_masks([one for one in images if one.name not in left_out], masks))


@dataclass(frozen=True)
class DrawnSurvey:
    """The categories that COCO files draw, with the number of their shapes, and the images (by name) that they do not list."""

    categories: Mapping[str, int]
    without: tuple[str, ...]


def survey_drawings(coco: Sequence[Path], found: Sequence[Found]) -> Work[DrawnSurvey]:
    """What COCO files say of the images. Raises NotReadable."""
    yield Progress(0, 1, coco[0].name)
    opened = read_coco(*coco)
    without = tuple(one.name for one in found if opened.fit(one.source.files[0]) is None)
    return DrawnSurvey(opened.categories, without)


def suggest_table(paths: Sequence[Path], images: Sequence[Found]) -> Path | None:
    """The only table in the chosen folders that says, by the names of its columns, classes of at least half of the images, or most of
    whose rows are about them."""
    try:
        files = sorted(file for path in paths if path.is_dir() for file in path.iterdir() if file.suffix in _TABLES)
    except OSError:
        return None
    about = [file for file in files[:_MOST_TRIED] if _gives_classes(file, images)]
    return about[0] if len(about) == 1 else None


def _gives_classes(file: Path, images: Sequence[Found]) -> bool:
    try:
        if file.stat().st_size > _LARGEST_TABLE:
            return False
        headers, _ = propose_headers(file, "class")
        if not (headers.item and headers.value):
            return False
        table = ImageTable(file, "class", headers)
        table.index_images({one.name: one.source.files[0] for one in images})
        known = sum(bool(table.of(one.name)) for one in images)
    except (EngineError, OSError):
        return False
    return 2 * known >= min(len(images), len(table.rows)) > 0


def suggest_masks(paths: Sequence[Path], found: Sequence[Found]) -> tuple[Path, ...]:
    """A folder or file called like masks in or beside what was chosen, the COCO files there, or the folder itself where images have
    masks beside them.

    `paths` are what a person chose, `found` the images in it. () where nothing looks like masks, or may not be listed.
    """
    called = _called_masks(paths, PROPOSED_FOLDERS)
    if called is not None:
        return (called,)
    coco = _coco_files(paths, found)
    if coco:
        return coco
    called = _called_masks(paths, _OBJECT_FOLDERS)
    if called is not None:
        return (called,)
    folder = _common_folder(found)
    if folder is not None:
        try:
            finder = MaskFinder(folder, found)
        except EngineError:
            return ()
        if any(finder.is_mask(one) for one in found):
            return (folder,)
    return ()


def _called_masks(paths: Sequence[Path], names: Sequence[str]) -> Path | None:
    places = ((place, path) for path in paths for place in (path, path.parent) if place.is_dir())
    return next((masks for place, path in places if (masks := _masks_in(place, path, names)) is not None), None)


def _masks_in(place: Path, chosen: Path, names: Sequence[str]) -> Path | None:
    try:
        entries = sorted(place.iterdir())
    except OSError:  # a folder that may not be listed suggests nothing
        return None
    by_name = {entry.name.casefold(): entry for entry in entries if entry != chosen}
    for name in names:
        if name in by_name and by_name[name].is_dir() and holds_masks(by_name[name]):
            return by_name[name]
        for ending in _VOLUME_ENDINGS:
            if name + ending in by_name:
                return by_name[name + ending]
    return None


def _coco_files(paths: Sequence[Path], found: Sequence[Found]) -> tuple[Path, ...]:
    """The COCO files, in or beside what was chosen, that draw something: the one that lists most of the images, and then those that list
    only others, as the files of the training and of the validation set do."""
    images = [one.source.files[0] for one in found]
    stems = {Path(image).stem for image in images}  # a file an image is of another kind
    places = dict.fromkeys(file for path in paths for file in _json_files(path) if file.stem not in stems)
    listed: list[tuple[Path, frozenset[str]]] = []
    for file in sorted(places, key=lambda file: not _COCO_NAME.search(file.name))[:_MOST_TRIED]:
        try:
            coco = read_coco(file) if file.stat().st_size <= _LARGEST_COCO else None
        except (EngineError, OSError):
            continue
        if coco is not None and coco.categories:
            listed.append((file, frozenset(image for image in images if coco.fit(image) is not None)))
    chosen, known = list[Path](), frozenset[str]()
    for file, here in sorted(listed, key=lambda pair: -len(pair[1])):
        if here and not here & known:
            chosen.append(file)
            known |= here
    return tuple(chosen)


def _json_files(chosen: Path) -> list[Path]:
    """In the chosen folder and those within it, beside it, and in folders beside it that are called like masks."""
    beside = chosen.parent
    try:
        called = [one for one in sorted(beside.iterdir()) if one.name.casefold() in PROPOSED_FOLDERS and one.is_dir()]
        within = [chosen, *(one for one in sorted(chosen.iterdir()) if one.is_dir())] if chosen.is_dir() else []
        return [file for folder in (*within, beside, *called) for file in sorted(folder.glob("*.json"))]
    except OSError:  # a folder that may not be listed suggests nothing
        return []


def _common_folder(found: Sequence[Found]) -> Path | None:
    folders = {os.path.dirname(one.source.files[0]) for one in found}
    try:
        return Path(os.path.commonpath(folders)) if folders else None
    except ValueError:  # on several drives
        return None


def images_among(found: Sequence[Found], masks: Path | None) -> list[Found]:
    """The found images that are no masks themselves. Raises EngineError where there is nothing at `masks`."""
    if masks is None or masks.suffix == ".json":
        return list(found)
    outside = [one for one in found if not Path(one.source.files[0]).is_relative_to(masks)]
    if masks.is_file() or outside:
        return outside
    finder = MaskFinder(masks, found)
    return [one for one in found if not finder.is_mask(one)]


def guess_values(share: Mapping[int, float], classes: int) -> Mapping[int, int | None]:
    """What each mask value most likely means: a class's place (from 1), 0 for background, None where nobody can know.

    `share` holds the values of the masks with the share of pixels (0..1) that have them; `classes` is how many the project has.
    """
    values = sorted(share)
    above = [value for value in values if value]
    if not above:
        return dict.fromkeys(values, BACKGROUND)
    many = len(values) > _SMOOTHED
    if above == [*range(1, classes + 1), _VOID]:  # who numbers classes from 1 writes 255 for what belongs to none
        return {value: value if value <= classes else None for value in values}
    marked = above if 0 in share or len(values) == 1 else above[1:]
    if classes == 1 and (len(marked) == 1 or not _are_structures(share)):
        middle = max(above) / 2 if many else 0
        if 0 not in share and len(values) > 1:
            middle = max(middle, values[0])
        return {value: int(value > middle) for value in values}
    if max(above) <= classes:
        return {value: value for value in values}
    if len(above) == classes:
        return {0: BACKGROUND} | {value: place for place, value in enumerate(above, 1)}
    return {value: None if value else BACKGROUND for value in values}


def _are_structures(share: Mapping[int, float]) -> bool:
    """Whether many values are labels of as many structures, not the smoothed edges of one: those lead up to white, which has most."""
    white, above = max(share), sum(part for value, part in share.items() if value)
    return white < _WHITE or sum(part for value, part in share.items() if value > 0.9 * white) < _MOSTLY * above


def class_folders(folder: Path) -> tuple[str, ...]:
    """The sub-folders of a folder that has one for each class: several, with pictures in each and none beside them; else nothing.

    Never folders of DICOM or volumes: those are patients, studies and series.
    """
    try:
        entries = [entry for entry in sorted(folder.iterdir()) if not is_passed_over(entry.name)]
        inner = [entry for entry in entries if entry.is_dir()]
        beside = any(entry.is_file() and entry.suffix.lower() in {*_PICTURES, ".dcm"} for entry in entries)
        if inner and all(set_called(entry.name) for entry in inner):
            return class_folders(inner[0])
        full = all(_holds_pictures(entry) for entry in inner)
    except OSError:  # a folder that may not be listed suggests nothing
        return ()
    names = [entry.name for entry in inner]
    plain = {name.casefold() for name in names}
    told = any(set_called(name) for name in names) or _USUAL & plain
    return tuple(names) if len(names) >= 2 and full and not beside and not told else ()


def _holds_pictures(folder: Path) -> bool:
    """Whether the files in it are pictures, as far as their names tell."""
    kinds = {file.suffix.lower() for file in folder.iterdir() if file.is_file() and not file.name.startswith(".")}
    return bool(kinds & set(_PICTURES)) and not kinds & _SCANS


_USUAL = {*PROPOSED_FOLDERS, "images", "image", "imagenes", "imágenes"}
_PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif")
_SCANS = {"", ".dcm", ".dicom", ".ima", ".nii", ".gz", ".nrrd", ".nhdr", ".mha", ".mhd"}


def new_folders(found: Sequence[Found], known: Sequence[str]) -> dict[str, int]:
    """Names of the images' folders that are no class yet ("no tumor" is the class no_tumor), with how many images each holds.

    Never of DICOM nor of volumes: their folders are patients, studies and series. Nor of folders that are called like sets.
    """
    have = {plain_name(name) for name in known}
    pictures = (one for one in found if one.label is None and one.source.kind == "raster" and one.shape[0] == 1)
    folders = Counter(os.path.basename(os.path.dirname(one.source.files[0])) for one in pictures)
    return {name: n for name, n in folders.items() if plain_name(name) not in have and not set_called(name)}


@dataclass(frozen=True)
class PatientRule:
    """A way to know the patient from an item's name, in words and as a regular expression."""

    id: str
    text: str
    pattern: str


PATIENT_RULES = (
    PatientRule("file", translatable("As the files say"), ""),
    PatientRule("first", translatable("Name up to the first _ or -"), r"^([^_\-]+)"),
    PatientRule("last", translatable("Name up to the last _ or -"), r"^(.+)[_\-][^_\-]*$"),
    PatientRule("number", translatable("First number in the name"), r"(\d+)"),
)
