"""Which mask file belongs to which image."""

import os
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from engine.errors import EngineError
from engine.imaging.scan import Found
from engine.words import translatable

MASK_ENDINGS = ("_mask", "_seg", "_label", "_labels", "-mask", "-seg", "_gt", " mask")
_IMAGE_ENDINGS = ("_image", "-image", "_img", "_0000")
_MASK_FILES = (".nii.gz", ".nii", ".png", ".tif", ".tiff", ".bmp", ".npy", ".gif")


class MaskFinder:
    """Finds the mask of an image by equal stem, or with a usual ending; a single file belongs to a single image.

    Of several of one name the one counts whose folders are called like the image's. Masks may lie beside the images.
    """

    def __init__(self, masks: Path | None, images: Sequence[Found]) -> None:
        """`masks` is a folder, searched to the bottom, or a file. Raises EngineError where there is neither."""
        self._files: dict[str, list[Path]] = defaultdict(list)
        self._used: set[Path] = set()
        files = [Path(os.path.abspath(file)) for file in _mask_files(masks)]
        self._all = set(files)
        self._stems = {_image_stem(image) for image in images}
        self._outside = {_image_stem(image) for image in images if _file(image) not in self._all}
        self._images = {_file(image) for image in images if not self.is_mask(image)}
        self._only = files[0] if len(files) == 1 and len(images) == 1 else None
        for file in files:
            self._files[_stem(file.name)].append(file)
        self._suitors: dict[Path, list[Path]] = defaultdict(list)
        for image in images:
            for file in () if self.is_mask(image) else self._named(image):
                self._suitors[file].append(_file(image))

    def is_mask(self, image: Found) -> bool:
        """Whether the file is no image but the mask of one that lies beside it."""
        stem = _image_stem(image)
        ending = next((ending for ending in MASK_ENDINGS if stem.endswith(ending)), "")
        named = bool(ending) and stem.removesuffix(ending) in self._stems
        return _file(image) in self._all and (named or stem in self._outside)

    def find(self, image: Found) -> Path | None:
        """The mask, or None. Raises EngineError where several fit equally well, or it fits several images equally well."""
        files = self._named(image) or (
            [self._only] if self._only is not None and self._only not in self._images else []
        )
        if not files:
            return None
        self._used.update(files)
        mask = _nearest(_file(image), files)
        mine = _nearness(_file(image), mask)
        others = [_nearness(other, mask) for other in self._suitors[mask] if other != _file(image)]
        if mine in others:
            raise EngineError(
                translatable("{count} images could have the mask {name}, and none lies nearer to it than the others."),
                translatable("Name the folders of images and masks alike, or import one folder at a time."),
                count=len(self._suitors[mask]),
                name=mask.name,
            )
        return mask if all(other < mine for other in others) else None

    def _named(self, image: Found) -> list[Path]:
        """The files that are called as the image's mask would be."""
        stem = _image_stem(image)
        names = (
            stem,
            *(stem + ending for ending in MASK_ENDINGS),
            *(stem.removesuffix(ending) for ending in _IMAGE_ENDINGS),
        )
        each = ([file for file in self._files.get(name, ()) if file not in self._images] for name in names)
        return next((files for files in each if files), [])

    def unused(self) -> list[str]:
        """The masks, where none of them was found to belong to an image."""
        return [] if self._used else [file.name for files in self._files.values() for file in files]


def _mask_files(masks: Path | None) -> list[Path]:
    if masks is None:
        return []
    if os.path.isfile(masks):
        return [masks]
    if not os.path.isdir(masks):
        raise EngineError(
            translatable("There are no masks at {name}."),
            translatable("Choose the folder or the file that holds them."),
            name=masks.name,
        )
    return sorted(
        path
        for path in masks.rglob("*")
        if path.name.lower().endswith(_MASK_FILES) and not path.name.startswith(".") and path.is_file()
    )


def _nearest(image: Path, masks: Sequence[Path]) -> Path:
    """Told apart by the folders they lie in: called alike from the end (train/, case_3/), or else shared from the beginning."""
    places = {mask: _nearness(image, mask) for mask in masks}
    best = max(masks, key=places.__getitem__)
    if sum(place == places[best] for place in places.values()) > 1:
        raise EngineError(
            translatable("{count} masks are called {name}, and none lies nearer than the others."),
            translatable("Name the folders of images and masks alike, or import one folder at a time."),
            count=len(masks),
            name=best.name,
        )
    return best


def _nearness(image: Path, mask: Path) -> tuple[int, int]:
    one, two = image.parent.parts, mask.parent.parts
    return _common(one[::-1], two[::-1]), _common(one, two)


def _common(one: Sequence[str], two: Sequence[str]) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))


def _file(image: Found) -> Path:
    return Path(image.source.files[0])


def _image_stem(image: Found) -> str:
    """A single file is known by its own name: the item's may carry a number. A series, and an image of many, have only that."""
    alone = len(image.source.files) == 1 and not image.source.index
    return _stem(os.path.basename(image.source.files[0])) if alone else image.name


def _stem(name: str) -> str:
    lower = name.lower()
    ending = next((e for e in (".nii.gz", ".ome.tif", ".ome.tiff") if lower.endswith(e)), os.path.splitext(name)[1])
    return unicodedata.normalize("NFC", name[: len(name) - len(ending)])
