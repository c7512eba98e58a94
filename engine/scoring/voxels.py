"""How many voxels of each value a mask has: the amounts beside the classes, and what a mask holds at all."""

from collections.abc import Collection
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.imaging.geometry import Geometry
from engine.labels.classes import BACKGROUND
from engine.labels.edit import Labels, histogram

Unit: TypeAlias = Literal["mL", "mm²", "px"]


def volume_histogram(labels: Labels) -> NDArray[np.int64]:
    """`histogram` of a volume (z, y, x), slice by slice: exact at any number of slices."""
    return sum((histogram(part) for part in labels), np.zeros(256, np.int64))


def values_held(labels: Labels, labelled: Collection[int]) -> tuple[int, ...]:
    """The values that stand in a volume, in their order: BACKGROUND where it stands on a `labelled` slice, since elsewhere it says nothing,
    and last UNLABELLED, which is no class."""
    held = tuple(int(value) for value in np.flatnonzero(volume_histogram(labels)))
    if held[:1] == (BACKGROUND,) and all((labels[z] != BACKGROUND).all() for z in labelled):
        return held[1:]
    return held


def amount(voxels: int, geometry: Geometry) -> tuple[float, Unit]:
    """How much that is: in mL in a volume, in mm² in a picture; in pixels where no size is known."""
    if geometry.calibrated and geometry.shape[0] > 1:
        return voxels * geometry.voxel_ml, "mL"
    return area(voxels, geometry)


def area(pixels: int, geometry: Geometry) -> tuple[float, Unit]:
    """How much of a slice that is: in mm², or in pixels where no size is known."""
    return (pixels * geometry.pixel_mm2, "mm²") if geometry.calibrated else (pixels, "px")


def most_informative_slice(labels: Labels, classes: int) -> int:
    """The slice of a volume (z, y, x) that shows most of the classes 1..`classes` and, of those, the rarest ones best: each counts by
    its share of the class."""
    counts = np.stack([histogram(plane)[1 : classes + 1] for plane in labels])
    shares = counts / np.maximum(counts.sum(axis=0), 1)
    return int(np.argmax((counts > 0).sum(axis=1) + np.minimum(shares, 0.99).mean(axis=1)))
