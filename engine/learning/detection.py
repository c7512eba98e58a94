"""From a network's boxes and small masks to objects at an image's own size: drawn, the surest on top, and joined where tiles meet."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from engine.errors import EngineError
from engine.imaging.image import Image
from engine.imaging.intensity import unit_slices
from engine.labels.instances import MOST_OBJECTS, Instances
from engine.learning.likeness import working_size
from engine.learning.pixels import Picture, resize
from engine.progress import Progress, Work
from engine.project.objects import FoundObjects
from engine.words import translatable

if TYPE_CHECKING:
    from engine.learning.predict import Predictor

TILE = 1024  # px: larger images are looked at in squares of this side
OVERLAP = 256  # px that neighbours share: an object that is smaller lies whole in one of them
_VISIBLE = 0.5  # of an object must be left by surer ones that lie on it: else both are the same
_SAME = 0.5  # of the smaller of two parts where tiles meet lies in the other: they are one object


@dataclass(frozen=True, eq=False)
class Silhouette:
    """An object's shape: a mask (h, w) whose upper left pixel is at `top`, `left` of the image."""

    value: int
    sure: float
    top: int
    left: int
    mask: NDArray[np.bool_]

    @property
    def bottom(self) -> int:
        return self.top + len(self.mask)

    @property
    def right(self) -> int:
        return self.left + int(self.mask.shape[1])

    def within(self, top: int, left: int, bottom: int, right: int) -> NDArray[np.bool_]:
        """What of it lies in that window, on the window's grid."""
        window = np.zeros((bottom - top, right - left), np.bool_)
        low, first = max(top, self.top), max(left, self.left)
        high, last = min(bottom, self.bottom), min(right, self.right)
        if low < high and first < last:
            part = self.mask[low - self.top : high - self.top, first - self.left : last - self.left]
            window[low - top : high - top, first - left : last - left] = part
        return window


def find_objects(predictor: "Predictor", image: Image) -> Work[FoundObjects]:
    """The objects of an image (z, y, x) at its own size, slice by slice, also those that the network is unsure of; yields Progress.

    EngineError where they are more than uint16 can number.
    """
    card = predictor.card
    unit = unit_slices(image, card.intensity, card.channels)
    size = working_size(card, image)
    slices = []
    for z in range(image.shape[0]):
        yield Progress(z, image.shape[0], "")
        picture = resize(unit(slice(z, z + 1))[0], *size)
        done = Progress(z, image.shape[0], "")
        slices.append((yield from find_in_picture(predictor, picture, (image.shape[1], image.shape[2]), done)))
    return stacked(slices)


def find_in_picture(
    predictor: "Predictor", picture: Picture, shape: tuple[int, int], done: Progress
) -> Work[FoundObjects]:
    """The objects of a picture at its working size, on a slice of `shape` (h, w): square by square where it is large. Yields `done`, how
    far the work is that it is a part of, after each square."""
    size, found = (picture.shape[0], picture.shape[1]), list[Silhouette]()
    for window in _sections(size):
        tile = picture[window.top : window.bottom, window.left : window.right]
        (objects,) = predictor.detections([tile])
        new = silhouettes(objects, (window.top, window.left), size, shape)
        found = joined(found, new, window.scaled(size, shape)) if found else new
        yield done
    return drawn(found, shape)


@dataclass(frozen=True)
class Section:
    """A square of a picture; `top` and `left` are 0 for the first of a row or column."""

    top: int
    left: int
    bottom: int
    right: int

    def scaled(self, size: tuple[int, int], to: Sequence[int]) -> "Section":
        """The same on a picture of another size, as far as whole pixels go."""
        down, across = to[0] / size[0], to[1] / size[1]
        return Section(
            math.floor(self.top * down),
            math.floor(self.left * across),
            math.ceil(self.bottom * down),
            math.ceil(self.right * across),
        )


def _sections(size: tuple[int, int]) -> Iterator[Section]:
    height, width = size
    for top in _starts(height):
        for left in _starts(width):
            yield Section(top, left, min(top + TILE, height), min(left + TILE, width))


def _starts(length: int) -> list[int]:
    if length <= TILE:
        return [0]
    count = math.ceil((length - TILE) / (TILE - OVERLAP)) + 1
    return [round(place) for place in np.linspace(0, length - TILE, count)]


def silhouettes(
    objects: dict[str, Tensor], at: tuple[int, int], size: tuple[int, int], shape: tuple[int, int]
) -> list[Silhouette]:
    """A picture's objects as shapes on an image of `shape` (h, w); the picture lies `at` (top, left) of the working `size`."""
    down, across = shape[0] / size[0], shape[1] / size[1]
    corner, scale = np.array([at[1], at[0], at[1], at[0]]), np.array([across, down, across, down])
    boxes = (objects["boxes"].double().numpy() + corner) * scale
    masks = objects["masks"].float().numpy()[:, 0]
    each = zip(boxes, masks, objects["labels"].tolist(), objects["scores"].tolist(), strict=True)
    made = (_silhouette(box, mask, value, sure, shape) for box, mask, value, sure in each)
    return [one for one in made if one is not None]


def _silhouette(
    box: NDArray[Any], mask: NDArray[np.float32], value: int, sure: float, shape: tuple[int, int]
) -> Silhouette | None:
    """The small mask stretched over its box, at the pixels whose middles it covers."""
    x0, y0, x1, y1 = map(float, box)
    left, top = max(0, math.floor(x0)), max(0, math.floor(y0))
    right, bottom = min(shape[1], math.ceil(x1)), min(shape[0], math.ceil(y1))
    if right <= left or bottom <= top or x1 <= x0 or y1 <= y0:
        return None
    across, down = mask.shape[1] / (x1 - x0), mask.shape[0] / (y1 - y0)
    to_mask = np.array(
        [[across, 0, (left + 0.5 - x0) * across - 0.5], [0, down, (top + 0.5 - y0) * down - 0.5]], np.float64
    )
    seen = cv2.warpAffine(mask, to_mask, (right - left, bottom - top), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    inside = seen >= 0.5
    return Silhouette(value, sure, top, left, inside) if inside.any() else None


def joined(found: Sequence[Silhouette], new: Sequence[Silhouette], window: Section) -> list[Silhouette]:
    """The objects so far with those of one more window: parts of one object that were seen in both become one.

    Two are one where, within the window, most of the smaller lies in the other and they are of one class.
    """
    result = list(found)
    for one in new:
        top, left, bottom, right = one.top, one.left, one.bottom, one.right
        for at, other in enumerate(result):
            apart = other.left >= right or other.right <= left or other.top >= bottom or other.bottom <= top
            if apart or other.value != one.value:
                continue
            frame = (max(top, window.top), max(left, window.left), min(bottom, window.bottom), min(right, window.right))
            mine, theirs = one.within(*frame), other.within(*frame)
            seen = other.within(window.top, window.left, window.bottom, window.right)
            both, least = np.count_nonzero(mine & theirs), min(np.count_nonzero(mine), np.count_nonzero(seen))
            if least and both > _SAME * least:
                result[at] = _union(one, other)
                break
        else:
            result.append(one)
    return result


def _union(one: Silhouette, other: Silhouette) -> Silhouette:
    frame = (
        min(one.top, other.top),
        min(one.left, other.left),
        max(one.bottom, other.bottom),
        max(one.right, other.right),
    )
    surer = one if one.sure >= other.sure else other
    return replace(surer, top=frame[0], left=frame[1], mask=one.within(*frame) | other.within(*frame))


def drawn(found: Sequence[Silhouette], shape: tuple[int, int]) -> FoundObjects:
    """The objects on one slice of `shape` (h, w), numbered from the surest, which lies on top; those that surer ones mostly hide are
    left out."""
    ranked = sorted(found, key=lambda one: -one.sure)[:MOST_OBJECTS]
    ids = np.zeros(shape, np.uint16)
    for id in range(len(ranked), 0, -1):
        one = ranked[id - 1]
        ids[one.top : one.bottom, one.left : one.right][one.mask] = id
    areas = np.array([np.count_nonzero(one.mask) for one in ranked], np.int64)
    left = np.bincount(ids.reshape(-1), minlength=len(ranked) + 1)[1:]
    kept = left > _VISIBLE * areas
    numbers = np.concatenate([[0], np.where(kept, np.cumsum(kept), 0)]).astype(np.uint16)
    values = [one.value for one, there in zip(ranked, kept, strict=True) if there]
    sure = [one.sure for one, there in zip(ranked, kept, strict=True) if there]
    return FoundObjects(
        Instances(numbers[ids][None], np.array([0, *values], np.uint8)), np.array([0, *sure], np.float32)
    )


def stacked(slices: Sequence[FoundObjects]) -> FoundObjects:
    """Slices as one volume, numbered on. EngineError where the objects are more than uint16 can number."""
    counts = [len(one.sure) - 1 for one in slices]
    if sum(counts) > MOST_OBJECTS:
        raise EngineError(
            translatable("There are more than 65,535 separate objects."),
            translatable("Predict fewer slices at a time."),
        )
    starts = np.concatenate([[0], np.cumsum(counts)])[:-1]
    ids = np.concatenate(
        [
            np.where(one.objects.ids > 0, one.objects.ids + np.uint16(start), np.uint16(0))
            for one, start in zip(slices, starts, strict=True)
        ]
    )
    classes = np.concatenate([[0], *(one.objects.classes[1:] for one in slices)]).astype(np.uint8)
    sure = np.concatenate([[0], *(one.sure[1:] for one in slices)]).astype(np.float32)
    return FoundObjects(Instances(ids, classes), sure)
