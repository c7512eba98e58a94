"""Files among the scans that are most likely none: the mask of another, or a sheet of thumbnails. Proposed, never taken."""

import os
from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.imaging.image import Pixels
from engine.imaging.read import read_image
from engine.imaging.sample import spread
from engine.imaging.scan import Found
from engine.progress import Notice, Progress, Work
from engine.project.matching import MASK_FOLDERS, file_stem, image_core, mask_core
from engine.project.nearness import common
from engine.words import translatable

_MOST_VALUES = 256  # a volume with more whole values than a mask can hold is a scan
_EVEN = 0.8  # share of neighbours that are equal
_FEW_VALUES = 64  # of a picture: more than these are shades
_BETWEEN = " _-."
_TRIED = 50  # images of its size that are tried for a mask of another name
_TRIED_PAIRS = 4  # of a folder's files with the images of their names
_SHEETS = (
    "sheet",
    "contact",
    "montage",
    "mosaic",
    "overview",
    "preview",
    "thumb",
    "thumbnail",
    "thumbnails",
    "collage",
)


LIKE_A_SHEET = translatable("It looks like a sheet of pictures, not like a scan.")
LIKE_A_MASK = translatable("It looks like the mask of {name}.")


@dataclass(frozen=True)
class Unlikely:
    """Why a found file is probably no scan: `of` is the name of the image whose mask it seems to be, "" for none."""

    note: Notice
    of: str = ""


def unlikely_scans(found: Sequence[Found], there: Sequence[Found] = ()) -> Work[dict[str, Unlikely]]:
    """The found files (by name) that look like the mask of another one, or of an image that is `there` already, or like a sheet of
    thumbnails beside the scans.

    By name and place first; what then may be a mask is opened and its values looked at. A folder that has an image of the same name and
    size in another for all that it holds is judged by a few of them.
    """
    result: dict[str, Unlikely] = {}
    new = {one.source.files[0] for one in found}
    every = [*found, *(one for one in there if one.source.files[0] not in new)]
    scans = _Scans(every)
    drawn = yield from _drawn_in_folders(every, {one.name for one in found})
    volumes = any(one.shape[0] > 1 or one.source.kind == "dicom" for one in found)
    for number, one in enumerate(found):
        yield Progress(number, len(found), one.name)
        if one.source.kind not in ("raster", "nifti", "nrrd") or len(one.source.files) > 1:
            continue
        if _is_sheet(one) and len(every) > 1 and (volumes or scans.of_size(one) == 1):
            result[one.name] = Unlikely(Notice(LIKE_A_SHEET))
            continue
        other = scans.image_of(one)
        if other is None or not _holds_labels(one):
            other = drawn.get(one.name)
        if other is not None:
            result[one.name] = Unlikely(Notice(LIKE_A_MASK, {"name": other.name}), other.name)
    return result


def _drawn_in_folders(found: Sequence[Found], asked: Set[str]) -> Work[dict[str, Found]]:
    """Of the `asked` files, by name, those that are drawn over an image: they lie in folders of flat regions, each beside its image in another folder
    of shades, whatever the folders are called; of several such folders in the nearest one."""
    folders: dict[Path, dict[str, Found]] = defaultdict(dict)
    for one in found:
        if one.source.kind in ("raster", "nifti", "nrrd") and len(one.source.files) == 1:
            folders[_folder(one)][_stem(one).casefold()] = one
    holders: dict[tuple[str, tuple[int, ...]], list[Path]] = defaultdict(list)
    for folder, files in folders.items():
        for stem, one in files.items():
            holders[stem, _size(one)].append(folder)
    result: dict[str, Found] = {}
    regions: dict[str, bool] = {}
    for folder, drawn in folders.items():
        yield Progress(0, 0, folder.name)
        if asked.isdisjoint(one.name for one in drawn.values()):
            continue
        stems = list(drawn)
        tried = [stems[place] for place in spread(len(stems), _TRIED_PAIRS)]
        fewest = min((holders[stem, _size(drawn[stem])] for stem in tried), key=len)
        if len(fewest) < 2 or not (yield from _are_regions([drawn[stem] for stem in tried], regions)):
            continue
        for other in sorted(fewest, key=lambda other: common(folder.parts, other.parts), reverse=True):
            images = folders[other]
            if other == folder or not all(
                stem in images and _size(images[stem]) == _size(drawn[stem]) for stem in stems
            ):
                continue
            if (yield from _are_shades([images[stem] for stem in tried], regions)):
                result |= {drawn[stem].name: images[stem] for stem in stems}
                break
    return result


def _are_regions(files: Sequence[Found], known: dict[str, bool]) -> Work[bool]:
    """Whether all hold regions; what is `known` of a file by its name is not asked again, and what is found out is put there."""
    for one in files:
        if not (yield from _judged(one, known)):
            return False
    return True


def _are_shades(files: Sequence[Found], known: dict[str, bool]) -> Work[bool]:
    for one in files:
        if (yield from _judged(one, known)):
            return False
    return True


def _judged(one: Found, known: dict[str, bool]) -> Work[bool]:
    if one.name not in known:
        yield Progress(0, 0, one.name)
        known[one.name] = _holds_regions(one)
    return known[one.name]


class _Scans:
    """The found files by name and size, to find the image whose mask one of them may be."""

    def __init__(self, found: Sequence[Found]) -> None:
        self._by_name: dict[str, list[Found]] = defaultdict(list)
        self._by_size: dict[tuple[int, ...], list[Found]] = defaultdict(list)  # of those that are not called masks
        self._sizes = Counter(_size(one) for one in found)
        for one in found:
            self._by_name[image_core(_stem(one))].append(one)
            if not _is_called_mask(one):
                self._by_size[_size(one)].append(one)

    def of_size(self, one: Found) -> int:
        """How many have its size."""
        return self._sizes[_size(one)]

    def image_of(self, one: Found) -> Found | None:
        """The image of its name but for what says that it is a mask, or of its size where its own name or folder says so."""
        stem, folder = _stem(one), _folder(one)
        core = mask_core(stem)
        if core is not None:  # image_1_seg and 1_seg are of image_1
            named = (other for other in self._by_name.get(image_core(core), ()) if other is not one)
            if (image := next(named, None)) is not None:
                return image
        alike = (other for other in self._by_name.get(image_core(stem), ()) if other is not one)
        elsewhere = next((other for other in alike if _folder(other) != folder), None)
        if folder.name.casefold() in MASK_FOLDERS and elsewhere is not None:
            return elsewhere
        begun = self._image_that_begins(stem, one)
        if begun is not None:
            return begun
        near = [other for other in self._by_size[_size(one)][:_TRIED] if other is not one]
        if _is_called_mask(one) and near:
            return max(near, key=lambda other: len(os.path.commonpath((folder, _folder(other)))))
        # a volume of labels that lies beside a series of its size, whatever it is called
        volume = one.shape[0] > 1 and one.source.kind in ("nifti", "nrrd")
        return next((other for other in near if other.source.kind == "dicom"), None) if volume else None

    def _image_that_begins(self, stem: str, one: Found) -> Found | None:
        """The image of its size whose name its own begins with, as liver_3 does liver_3_vessels; the longest of several."""
        core = image_core(stem)
        ends = [at for at, sign in enumerate(core) if at and sign in _BETWEEN]
        named = (other for at in reversed(ends) for other in self._by_name.get(core[:at], ()))
        return next((other for other in named if other is not one and _size(other) == _size(one)), None)


def _is_called_mask(one: Found) -> bool:
    stem = _stem(one)
    return mask_core(stem) is not None or {stem.casefold(), _folder(one).name.casefold()} & MASK_FOLDERS != set()


def _size(one: Found) -> tuple[int, ...]:
    """In whatever order the axes are stored."""
    return tuple(sorted(one.shape))


def _holds_labels(one: Found) -> bool:
    """Whether it has few whole values, of which most are one, or, in a picture, next to no shades."""
    try:
        pixels = read_image(one.source).pixels
    except EngineError:
        return False
    if one.color:
        colours = pixels.reshape(-1, 3)
        return len(np.unique(colours[spread(len(colours), 1 << 16)], axis=0)) <= _FEW_VALUES
    if not _is_even(pixels):
        return False
    values = _values(pixels)
    return 0 < len(values) <= (_MOST_VALUES if one.shape[0] > 1 else _FEW_VALUES)


def _holds_regions(one: Found) -> bool:
    """Whether it is made of flat regions of whole numbers, however many: objects by their numbers. A scan on black is even too, but not
    where it is not black."""
    try:
        pixels = read_image(one.source).pixels
    except EngineError:
        return False
    flat = pixels.reshape(*pixels.shape[:3], -1)[..., 0] if one.color else pixels
    planes = np.asarray(flat[:: max(len(flat) // 16, 1)], np.float64)
    here, beside = planes[:, :, 1:], planes[:, :, :-1]
    inside = (here != 0) & (beside != 0)
    whole = bool(np.isfinite(planes).all()) and bool((planes >= 0).all() and (planes == np.rint(planes)).all())
    return whole and bool(inside.any()) and float((here == beside)[inside].mean()) >= _EVEN


def _is_even(pixels: Pixels) -> bool:
    """Whether neighbours are nearly always equal: so are labels, and scans have noise."""
    steps = [
        float((plane[:, 1:] == plane[:, :-1]).mean())
        for plane in pixels[:: max(len(pixels) // 16, 1)]
        if plane.shape[1] > 1
    ]
    return not steps or float(np.mean(steps)) >= _EVEN


def _values(pixels: Pixels) -> NDArray[np.float64]:
    """Its values, none where they are no labels: negative or broken numbers."""
    seen: set[float] = set()
    for plane in pixels:
        here = np.unique(plane)
        seen.update(here.tolist())
        if len(seen) > _MOST_VALUES or not np.isfinite(here.astype(float)).all() or here[0] < 0:
            return np.zeros(0)
    values = np.array(sorted(seen), float)
    return values if (np.abs(values - np.rint(values)) <= 1e-3).all() else np.zeros(0)


def _is_sheet(one: Found) -> bool:
    if one.source.kind != "raster" or one.shape[0] > 1:
        return False
    words = _stem(one).casefold().replace("-", "_").replace(" ", "_").split("_")
    return any(word in _SHEETS for word in words)


def _stem(one: Found) -> str:
    return file_stem(os.path.basename(one.source.files[0]))


def _folder(one: Found) -> Path:
    return Path(one.source.files[0]).parent
