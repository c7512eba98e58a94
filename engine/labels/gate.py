"""Where a stroke may paint: only where the image's value lies in a range, and, if wanted, hangs together with the pointer."""

from dataclasses import dataclass, replace
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging.geometry import Plane, axes
from engine.imaging.image import Image, Pixels
from engine.imaging.sample import sampled, spread
from engine.labels.shapes import Point, Region
from engine.words import translatable

CT_RANGES: dict[str, tuple[float, float]] = {
    translatable("Air"): (-1100.0, -950.0),
    translatable("Lung"): (-950.0, -500.0),
    translatable("Fat"): (-150.0, -30.0),
    translatable("Soft tissue"): (0.0, 100.0),
    translatable("Contrast agent"): (130.0, 400.0),
    translatable("Bone"): (200.0, 3000.0),
}
"""Ranges in HU by name, both ends in. Usual ones of textbooks, to begin with: every scanner and phase shifts them."""

Placed: TypeAlias = tuple[tuple[int, int], Region]
"""A region of a slice (down, across) and where its first pixel lies."""


@dataclass(frozen=True, eq=False)
class Gate:
    """Values from `low` to `high`, both in, in the image's unit; of colour pixels the mean of the channels counts. NaN is never in.

    With a `tolerance` the range is the value where a stroke begins, plus and minus it (`begun`). `connected`: only what hangs together
    (8 neighbours) with the pointer's way.
    """

    image: Image
    low: float
    high: float
    tolerance: float | None = None
    connected: bool = False

    def begun(self, plane: Plane, index: int, at: Point) -> "Gate":
        """The gate of a stroke that begins at that point: around the median of the 3 x 3 pixels there, where there is a tolerance."""
        if self.tolerance is None:
            return self
        row, column = round(at[0]), round(at[1])
        part = self.values(plane, index)[max(row - 1, 0) : max(row + 2, 0), max(column - 1, 0) : max(column + 2, 0)]
        values = np.asarray(_grey(part) if self.image.color else part, np.float64)
        values = values[np.isfinite(values)]
        if not values.size:
            return replace(self, low=np.inf, high=-np.inf, tolerance=None)
        middle = float(np.median(values))
        return replace(self, low=middle - self.tolerance, high=middle + self.tolerance, tolerance=None)

    def values(self, plane: Plane, index: int) -> Pixels:
        """The image's slice (down, across[, channel]): a view, not a copy."""
        through, down, across = axes(plane)
        order = (through, down, across, 3) if self.image.color else (through, down, across)
        view: Pixels = self.image.pixels.transpose(order)[index]
        return view

    def open_to(self, values: Pixels) -> Region:
        """Which of these values (as `values` gives them, any part of a slice) are in the range: bool (down, across)."""
        grey = _grey(values) if self.image.color else values
        inside: Region = np.greater_equal(grey, self.low) & np.less_equal(grey, self.high)
        return inside

    def passed(self, plane: Plane, index: int, placed: Placed, near: Placed | None = None) -> Placed:
        """What the gate lets through of a region of a slice; `near` is what it has to hang together with, where it is `connected`."""
        (top, left), region = placed
        size = [self.image.shape[axis] for axis in axes(plane)[1:]]
        first = max(top, 0), max(left, 0)
        last = min(top + region.shape[0], size[0]), min(left + region.shape[1], size[1])
        if first[0] >= last[0] or first[1] >= last[1]:
            return first, np.zeros((0, 0), bool)
        part = region[first[0] - top : last[0] - top, first[1] - left : last[1] - left]
        part = part & self.open_to(self.values(plane, index)[first[0] : last[0], first[1] : last[1]])
        if self.connected and near is not None:
            part = _hanging_on(first, part, near)
        return first, part


def sampled_values(image: Image, count: int) -> Pixels:
    """At most `count` (n,) of the values that a gate of the image looks at, spread over it."""
    if not image.color:
        return sampled(image.pixels, count)
    pixels = image.pixels.reshape(-1, 3)
    return _grey(pixels[spread(len(pixels), count)])


def _grey(values: Pixels) -> NDArray[np.float32]:
    """The mean of the channels."""
    return np.asarray(np.mean(np.asarray(values, np.float32), axis=-1), np.float32)


def _hanging_on(corner: tuple[int, int], region: Region, near: Placed) -> Region:
    """The parts of the region that share a pixel with `near`."""
    (top, left), other = near
    first = max(top, corner[0]), max(left, corner[1])
    last = tuple(
        min(one + n, two + m) for one, n, two, m in zip((top, left), other.shape, corner, region.shape, strict=True)
    )
    if first[0] >= last[0] or first[1] >= last[1]:
        return np.zeros(region.shape, bool)
    count, parts = cv2.connectedComponents(region.astype(np.uint8), connectivity=8)
    met = parts[first[0] - corner[0] : last[0] - corner[0], first[1] - corner[1] : last[1] - corner[1]]
    touched = met[other[first[0] - top : last[0] - top, first[1] - left : last[1] - left]]
    kept = np.zeros(count, bool)
    kept[touched] = True
    kept[0] = False
    result: Region = kept[parts]
    return result
