"""What can be shown of an image before all of it is read: a slice of a volume, or the whole picture at a lower resolution."""

from dataclasses import dataclass

import numpy as np

from engine.imaging.geometry import Geometry
from engine.imaging.image import Image, Pixels

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


def slice_of(geometry: Geometry, index: int) -> Geometry:
    """The grid of one stored slice, where it lies in the volume."""
    affine = geometry.affine.copy()
    affine[:, 3] = geometry.affine @ np.array([index, 0.0, 0.0, 1.0])
    return Geometry((1, *geometry.shape[1:]), affine, geometry.patient_based, geometry.calibrated)


class GlimpseSchedule:
    """Which slices are shown of a volume that comes in their order: the first that is there, nearer ones now and then, and at last the
    `wanted` one of `count`."""

    def __init__(self, count: int, wanted: int) -> None:
        self._wanted = min(max(wanted, 0), count - 1)
        self._step = max(self._wanted // _STEPS, 1)
        self._last = -1

    def due(self, complete: int) -> int | None:
        """The slice to show now that so many are there; None where that shows nothing new."""
        newest = min(complete - 1, self._wanted)
        if newest == self._last or (newest < self._wanted and self._last >= 0 and newest - self._last < self._step):
            return None
        self._last = newest
        return newest
