"""What can be shown of an image before all of it is read: a slice of a volume, or the whole picture at a lower resolution."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from engine.imaging.geometry import Geometry
from engine.imaging.image import Image, Pixels
from engine.progress import Work

T = TypeVar("T")

LARGE = 1 << 24
"""Pixels of a picture: what has fewer is there before an overview is."""

OVERVIEW = 2048
"""Pixels along the longer side of an overview, or somewhat more."""

_STEPS = 16  # slices that are shown on the way to the one that is wanted


@dataclass(frozen=True, eq=False)
class Glimpse:
    """`image` has one slice: the stored slice `index` of `count`, or, `scale` above 1, the picture with so many of its pixels along each
    side of one of the glimpse's. Its window is the file's, or comes from what was read by then: from `sample` (n,), where that is given."""

    image: Image
    index: int = 0
    count: int = 1
    scale: float = 1.0
    sample: Pixels | None = None


@dataclass
class SliceWish:
    """The stored slice that somebody wants to see of an image that is read. It may be set to another one while the work goes on, by
    another thread too: readers look at it between two events."""

    number: int


def slice_of(geometry: Geometry, index: int) -> Geometry:
    """The grid of one stored slice, where it lies in the volume."""
    affine = geometry.affine.copy()
    affine[:, 3] = geometry.affine @ np.array([index, 0.0, 0.0, 1.0])
    return Geometry((1, *geometry.shape[1:]), affine, geometry.patient_based, geometry.calibrated)


def with_wishes(work: Work[T], wish: SliceWish, look: Callable[[int], Iterator[Glimpse]]) -> Work[T]:
    """What `look` sees of the slice that is wished for, then the work, with a look each time that another one is wished for on its way.
    For kinds of files whose slices can be had one by one."""
    served = wish.number
    yield from look(served)
    with closing(work):
        while True:
            try:
                event = next(work)
            except StopIteration as end:
                found: T = end.value
                return found
            yield event
            if wish.number != served:
                served = wish.number
                yield from look(served)


class GlimpseSchedule:
    """Which slices are shown of a volume of `count` that comes in their order: the first that is there, nearer ones now and then, and at
    last the one that is wished for; one that is there already as soon as it is wished for."""

    def __init__(self, count: int, wish: SliceWish) -> None:
        self._count, self._wish = count, wish
        self._last = -1

    def due(self, complete: int) -> int | None:
        """The slice to show now that so many are there; None where that shows nothing new."""
        wanted = min(max(self._wish.number, 0), self._count - 1)
        newest = min(complete - 1, wanted)
        step = max(wanted // _STEPS, 1)
        if newest == self._last or (newest < wanted and 0 <= self._last <= newest < self._last + step):
            return None
        self._last = newest
        return newest
