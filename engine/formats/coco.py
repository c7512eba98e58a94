"""COCO's JSON of annotations, read as masks: polygons and run-length codes, one value a class."""

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError, NotReadable
from engine.imaging.files import read_bytes
from engine.labels.classes import LabelClass
from engine.labels.edit import Labels
from engine.words import translatable

_REACH = (
    10  # image sides: how far outside a polygon may go before it is taken for damage (drawing it would cost memory)
)

_Id = int | str


class _Rle(msgspec.Struct):
    size: tuple[int, int]
    counts: list[int] | str


class _Annotation(msgspec.Struct):
    image_id: _Id
    category_id: _Id
    segmentation: list[list[float]] | _Rle | None = None


class _Image(msgspec.Struct):
    id: _Id
    file_name: str
    height: int = 0
    width: int = 0


class _Category(msgspec.Struct):
    id: _Id
    name: str


class _File(msgspec.Struct):
    images: list[_Image]
    annotations: list[_Annotation]
    categories: list[_Category]


class CocoFile:
    """An opened file. Images are found by the last part of their file name, so no path in it is ever followed."""

    def __init__(self, name: str, content: _File) -> None:
        self.name = name
        self._categories = {category.id: category.name for category in content.categories}
        self._by_name: dict[str, list[_Image]] = defaultdict(list)
        for image in content.images:
            file = _key(image.file_name)
            for key in {file, _stem(file)}:
                self._by_name[key].append(image)
        self._annotations: dict[_Id, list[_Annotation]] = defaultdict(list)
        for annotation in content.annotations:
            self._annotations[annotation.image_id].append(annotation)

    @property
    def boxes_only(self) -> int:
        """How many annotations are boxes without a shape, which make no mask."""
        return sum(not _has_shape(one) for group in self._annotations.values() for one in group)

    def labels_for(
        self, image: str, shape: tuple[int, int], classes: Sequence[LabelClass], *, others_background: bool = False
    ) -> Labels | None:
        """The class map (h, w) uint8 of an image, by its file name or its stem; small shapes lie above large ones.

        None where the file does not list the image or has only boxes for it. Raises EngineError for a category without a class
        (unless `others_background`), a size that is not `shape` and a damaged shape.
        """
        found = self._listed(image)
        if found is None:
            return None
        if found.height > 0 and found.width > 0 and (found.height, found.width) != shape:
            raise self._wrong_size((found.height, found.width), shape)
        annotations = self._annotations.get(found.id, [])
        shapes = [one for one in annotations if _has_shape(one)]
        if annotations and not shapes:
            return None
        places = {c.name.casefold(): place for place, c in enumerate(classes, 1)} | {"background": 0}
        regions = []
        for one in shapes:
            value = self._value(one.category_id, places, others_background)
            if value:
                regions.append((self._region(one, shape), value))
        labels = np.zeros(shape, np.uint8)
        for region, value in sorted(regions, key=lambda pair: -np.count_nonzero(pair[0])):
            labels[region] = value
        return labels

    def _listed(self, image: str) -> _Image | None:
        found = self._by_name.get(_key(image)) or self._by_name.get(_stem(_key(image))) or []
        if len(found) > 1:
            raise EngineError(
                translatable("{file} lists {count} images of the name {name}."),
                translatable("Give every image a name of its own."),
                file=self.name,
                count=len(found),
                name=image,
            )
        return found[0] if found else None

    def _value(self, category: _Id, places: dict[str, int], others_background: bool) -> int:
        name = self._categories.get(category)
        if name is None:
            raise self._damaged()
        value = places.get(name.strip().casefold())
        if value is None and not others_background:
            raise EngineError(
                translatable("The category {name} has no class."),
                translatable("Add a class of that name, or take it as background."),
                name=name,
            )
        return value or 0

    def _region(self, annotation: _Annotation, shape: tuple[int, int]) -> NDArray[np.bool_]:
        code = annotation.segmentation
        if isinstance(code, _Rle):
            if code.size != shape:
                raise self._wrong_size(code.size, shape)
            return self._runs(code.counts, shape)
        from pycocotools import mask as drawing

        polygons = [part for part in code or [] if len(part) >= 6]
        if any(len(part) % 2 or np.abs(part).max() > _REACH * max(shape) for part in polygons):
            raise self._damaged()
        drawn = drawing.merge(drawing.frPyObjects(polygons, *shape))
        return self._runs(drawn["counts"].decode(), shape)

    def _runs(self, counts: list[int] | str, shape: tuple[int, int]) -> NDArray[np.bool_]:
        """Runs of 0 and 1 in turn, column after column. Counted before anything is written: pycocotools trusts them."""
        runs = _unpacked(counts) if isinstance(counts, str) else counts
        if not runs or min(runs) < 0 or sum(runs) != shape[0] * shape[1]:
            raise self._damaged()
        filled = np.arange(len(runs)) % 2 == 1
        return np.repeat(filled, np.array(runs)).reshape(shape[::-1]).T

    def _wrong_size(self, mask: Sequence[int], image: tuple[int, int]) -> EngineError:
        return EngineError(
            translatable("{file} says that the image is {mask}, but it is {image}."),
            translatable("Use the images that the file was made for."),
            file=self.name,
            mask=f"{mask[1]} x {mask[0]}",
            image=f"{image[1]} x {image[0]}",
        )

    def _damaged(self) -> NotReadable:
        return NotReadable(
            translatable("A shape of {file} is damaged."),
            translatable("Export it again from where it came."),
            file=self.name,
        )


def read(path: Path) -> CocoFile:
    """Open a COCO file. Raises NotReadable for what is missing, damaged or no COCO file."""
    data = read_bytes(str(path))
    try:
        return CocoFile(path.name, msgspec.json.decode(data, type=_File))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise NotReadable(
            translatable("{file} is not a COCO file: {reason}."),
            translatable("It must be JSON with images, annotations and categories."),
            file=path.name,
            reason=str(fault),
        ) from fault


def _has_shape(annotation: _Annotation) -> bool:
    code = annotation.segmentation
    return isinstance(code, _Rle) or any(len(part) >= 6 for part in code or [])


def _unpacked(text: str) -> list[int]:
    """COCO's compressed counts: 5 bits a character, low ones first, bit 6 "more follows", and from the third run on the difference to
    the run before the last (pycocotools, maskApi.c, rleFrString). [] for what is none."""
    counts: list[int] = []
    value = shift = 0
    for character in text:
        bits = ord(character) - 48
        if not 0 <= bits < 64 or shift > 40:
            return []
        value |= (bits & 0x1F) << shift
        shift += 5
        if not bits & 0x20:
            if bits & 0x10:
                value |= -1 << shift
            counts.append(value + (counts[-2] if len(counts) > 2 else 0))
            value = shift = 0
    return counts


def _key(file_name: str) -> str:
    return unicodedata.normalize("NFC", re.split(r"[/\\]", file_name)[-1])


def _stem(file_name: str) -> str:
    return os.path.splitext(file_name)[0]
