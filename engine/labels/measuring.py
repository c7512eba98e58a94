"""What is measured on a slice: distances, angles and regions of interest, in millimetres where those are known."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np

from engine.imaging.geometry import Geometry, Plane, axes
from engine.imaging.image import Image
from engine.labels.shapes import Point, ellipse, inside
from engine.words import translatable

MeasureKind: TypeAlias = Literal["distance", "angle", "ellipse", "rectangle"]

POINTS: dict[MeasureKind, int] = {"distance": 2, "angle": 3, "ellipse": 2, "rectangle": 2}
"""How many points each kind has: ends; an end, the corner and the other end; two opposite corners of the region."""
REGIONS: tuple[MeasureKind, ...] = ("ellipse", "rectangle")
KIND_NAMES: dict[MeasureKind, str] = {
    "distance": translatable("Distance"),
    "angle": translatable("Angle"),
    "ellipse": translatable("Elliptical region"),
    "rectangle": translatable("Rectangular region"),
}


@dataclass(frozen=True)
class Measure:
    """One measure: its points, (down, across) in pixels of slice `index` of the plane. ValueError where it can be none."""

    kind: MeasureKind
    plane: Plane
    index: int
    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        known = self.kind in get_args(MeasureKind) and self.plane in get_args(Plane)
        if not known or self.index < 0 or len(self.points) != POINTS[self.kind]:
            raise ValueError(f"no measure: {self}")
        if not all(math.isfinite(at) for point in self.points for at in point):
            raise ValueError(f"a point that is nowhere: {self}")


@dataclass(frozen=True)
class Size:
    """What a measure says of shape alone: `amount` in `unit`, "mm", "mm²" or "°", without a known size of pixels "px" or "px²"."""

    amount: float
    unit: str


@dataclass(frozen=True)
class Values:
    """Of the pixels whose centres lie in a region: how many have a value, their mean and standard deviation (of these pixels, not an
    estimate for others); NaN where none has. `unit` is the image's, "HU" for CT."""

    count: int
    mean: float
    spread: float
    unit: str


def size_of(measure: Measure, geometry: Geometry) -> Size:
    """Length, angle (0 to 180) or area of the outline as it lies in space: true on voxels that are not cubes and on sheared grids.

    Without a known size of pixels, lengths are in widths of a pixel and areas in pixels of that side.
    """
    points = [_place(point, measure.plane, geometry) for point in measure.points]
    length, area = ("mm", "mm²") if geometry.calibrated else ("px", "px²")
    if measure.kind == "distance":
        return Size(float(np.linalg.norm(points[1] - points[0])), length)
    if measure.kind == "angle":
        one, two = points[0] - points[1], points[2] - points[1]
        both = float(np.linalg.norm(np.cross(one, two)))
        return Size(math.degrees(math.atan2(both, float(one @ two))), "°")
    _, down, across = axes(measure.plane)
    pixel = float(np.linalg.norm(np.cross(geometry.affine[:3, down], geometry.affine[:3, across])))
    (top, left), (bottom, right) = measure.points
    share = math.pi / 4 if measure.kind == "ellipse" else 1.0
    return Size(abs(bottom - top) * abs(right - left) * pixel * share, area)


def _place(point: Point, plane: Plane, geometry: Geometry) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """Where the point is in mm, beside the same point for the whole slice."""
    _, down, across = axes(plane)
    return np.asarray(geometry.affine[:3, down] * point[0] + geometry.affine[:3, across] * point[1])


def covered(measure: Measure) -> int:
    """About how many pixels a region has: how long `values_of` takes."""
    if measure.kind not in REGIONS:
        return 0
    (top, left), (bottom, right) = measure.points
    return int((abs(bottom - top) + 1) * (abs(right - left) + 1))


def values_of(measure: Measure, image: Image) -> Values | None:
    """The image's values in a region, as far as it lies in the image; NaN is background and does not count. None for what is no region,
    for colour (which has no one value) and for a slice that the image has not."""
    through, down, across = axes(measure.plane)
    if measure.kind not in REGIONS or image.color or measure.index >= image.shape[through]:
        return None
    pixels = np.moveaxis(image.pixels, (through, down, across), (0, 1, 2))[measure.index]
    (top, left), region = _region(measure, pixels.shape)
    values = pixels[top : top + region.shape[0], left : left + region.shape[1]][region].astype(np.float64)
    values = values[np.isfinite(values)]
    if not len(values):
        return Values(0, math.nan, math.nan, image.unit)
    return Values(len(values), float(values.mean()), float(values.std()), image.unit)


def _region(
    measure: Measure, shape: Sequence[int]
) -> "tuple[tuple[int, int], np.ndarray[tuple[int, ...], np.dtype[np.bool_]]]":
    one, two = measure.points
    if measure.kind == "rectangle":
        return inside([one, (one[0], two[1]), two, (two[0], one[1])], tuple(shape))
    first, region = ellipse(one, two, tuple(shape))
    # one that holds the centre of no pixel is taken as a pixel, which may lie beside the image
    there = all(0 <= at < size for at, size in zip(first, shape, strict=True))
    return (first, region) if there else ((0, 0), np.zeros((0, 0), bool))
