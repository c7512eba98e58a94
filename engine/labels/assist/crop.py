"""What the smart tools share: a person's box and clicks on a slice, the part of it that is worked on, and what is proposed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging.image import Pixels, Window
from engine.imaging.windows import to_display
from engine.labels.shapes import Point, Region

DisplayedSlice = NDArray[np.uint8]
"""A slice as the screen shows it: (h, w) grey or (h, w, 3) RGB, windowed."""


class WindowedSlice:
    """A slice whose parts become `DisplayedSlice` when they are asked for: of a picture of gigabytes nobody needs all at once."""

    def __init__(self, pixels: Pixels, window: Window, inverted: bool = False) -> None:
        """`pixels`: (h, w), or (h, w, 3)."""
        self._pixels, self._window, self._inverted = pixels, window, inverted
        self.shape = pixels.shape

    def __getitem__(self, part: tuple[slice, slice]) -> DisplayedSlice:
        pixels = np.ascontiguousarray(self._pixels[part])
        return np.ascontiguousarray(to_display(pixels, self._window, self._inverted))


@dataclass(frozen=True)
class Rect:
    """Part of a slice, in pixels: from its upper left edge to its lower right one, half-open; (0, 0) is the first pixel's corner."""

    top: float
    left: float
    bottom: float
    right: float

    @staticmethod
    def between(one: Point, two: Point) -> "Rect":
        """The rectangle with these points, in the slice's coordinates (the centre of the first pixel is (0, 0)), as corners."""
        (top, bottom), (left, right) = sorted((one[0], two[0])), sorted((one[1], two[1]))
        return Rect(top + 0.5, left + 0.5, bottom + 0.5, right + 0.5)

    @staticmethod
    def around(region: Region) -> "Rect | None":
        """The smallest one that holds the region; None where it holds nothing."""
        down, across = np.flatnonzero(region.any(axis=1)), np.flatnonzero(region.any(axis=0))
        if not len(down):
            return None
        return Rect(float(down[0]), float(across[0]), float(down[-1] + 1), float(across[-1] + 1))

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def width(self) -> float:
        return self.right - self.left

    def holds(self, at: Point) -> bool:
        return self.top <= at[0] + 0.5 < self.bottom and self.left <= at[1] + 0.5 < self.right

    def grown(self, down: float, across: float) -> "Rect":
        return Rect(self.top - down, self.left - across, self.bottom + down, self.right + across)

    def union(self, other: "Rect") -> "Rect":
        return Rect(
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
        )

    def within(self, shape: Sequence[int]) -> "Rect":
        """The part of it that lies on a slice of that shape, in whole pixels outwards."""
        top, left = (min(max(float(np.floor(v)), 0.0), n) for v, n in zip((self.top, self.left), shape, strict=False))
        bottom, right = (
            min(max(float(np.ceil(v)), 0.0), n) for v, n in zip((self.bottom, self.right), shape, strict=False)
        )
        return Rect(top, left, bottom, right)


@dataclass(frozen=True)
class Click:
    """A person's correction at a point of the slice: what is there belongs to it (`adds`), or does not. `steps`: how much farther than
    by itself a flood goes from there."""

    at: Point
    adds: bool = True
    steps: int = 0


Clicks = tuple[Click, ...]


@dataclass(frozen=True, eq=False)
class ProposedRegion:
    """A region (h, w) of a slice whose first pixel lies at `corner` (down, across)."""

    corner: tuple[int, int]
    region: Region

    @staticmethod
    def of(region: Region) -> "ProposedRegion":
        """The region of a whole slice, without what lies around it."""
        rect = Rect.around(region)
        if rect is None:
            return NOTHING
        top, left = int(rect.top), int(rect.left)
        return ProposedRegion((top, left), region[top : int(rect.bottom), left : int(rect.right)].copy())

    @property
    def empty(self) -> bool:
        return not self.region.any()

    def on(self, shape: Sequence[int]) -> Region:
        """The region on a slice of that shape."""
        return self.part((0, 0), (shape[0], shape[1]))

    def part(self, corner: tuple[int, int], shape: tuple[int, int]) -> Region:
        """The region on a part of the slice with that first pixel and that shape."""
        part = np.zeros(shape, bool)
        here, there = list[slice](), list[slice]()
        for own, size, start, most in zip(self.corner, self.region.shape, corner, shape, strict=True):
            low, high = max(own, start), min(own + size, start + most)
            here.append(slice(max(low - start, 0), max(high - start, 0)))
            there.append(slice(low - own, max(high - own, low - own)))
        part[tuple(here)] = self.region[tuple(there)]
        return part

    def moved(self, down: int, across: int) -> "ProposedRegion":
        return ProposedRegion((self.corner[0] + down, self.corner[1] + across), self.region)

    def holds(self, at: tuple[int, int]) -> bool:
        """Whether that pixel of the slice is in it."""
        place = tuple(v - c for v, c in zip(at, self.corner, strict=True))
        inside = all(0 <= v < n for v, n in zip(place, self.region.shape, strict=True))
        return inside and bool(self.region[place])

    @cached_property
    def rect(self) -> Rect | None:
        """The smallest one on the slice that holds it; None where it holds nothing."""
        found = Rect.around(self.region)
        top, left = self.corner
        return found and Rect(found.top + top, found.left + left, found.bottom + top, found.right + left)


NOTHING = ProposedRegion((0, 0), np.zeros((0, 0), bool))


class Crop:
    """A part of a slice, scaled down so that its longer side has at most `side` pixels."""

    def __init__(self, shown: DisplayedSlice | WindowedSlice, rect: Rect, side: int) -> None:
        self.rect = rect.within(shown.shape)
        top, left, bottom, right = (int(v) for v in (self.rect.top, self.rect.left, self.rect.bottom, self.rect.right))
        self.corner, self.full = (top, left), (bottom - top, right - left)
        self.scale = min(1.0, side / max(self.full))
        part = np.ascontiguousarray(shown[top:bottom, left:right])
        self.shape = tuple(max(round(n * self.scale), 1) for n in self.full)
        self.pixels: DisplayedSlice = (
            part
            if self.scale == 1
            else np.asarray(cv2.resize(part, self.shape[::-1], interpolation=cv2.INTER_AREA), np.uint8)
        )

    def pixel(self, at: Point) -> tuple[int, int]:
        """The crop's pixel under a point of the slice, or the nearest one."""
        place = ((v + 0.5 - c) * n / f for v, c, n, f in zip(at, self.corner, self.shape, self.full, strict=True))
        down, across = (min(max(int(p), 0), n - 1) for p, n in zip(place, self.shape, strict=True))
        return down, across

    def inside(self, rect: Rect) -> Region:
        """The crop's pixels whose centres lie in that part of the slice."""
        down, across = (
            (np.arange(n) + 0.5) * f / n + c for n, f, c in zip(self.shape, self.full, self.corner, strict=True)
        )
        rows = (down >= rect.top) & (down < rect.bottom)
        return rows[:, None] & ((across >= rect.left) & (across < rect.right))

    def reduce(self, proposal: ProposedRegion) -> Region:
        """The region on the crop: pixels of which it takes half or more."""
        part = proposal.part(self.corner, self.full)
        if self.scale == 1:
            return part
        small = cv2.resize(part.astype(np.float32), self.shape[::-1], interpolation=cv2.INTER_AREA)
        return np.asarray(small >= 0.5)

    def proposal(self, region: Region) -> ProposedRegion:
        """The region of the crop as one of the slice, its border smooth where the crop is scaled."""
        if self.scale == 1:
            return ProposedRegion(self.corner, region.copy())
        large = cv2.resize(region.astype(np.float32), self.full[::-1], interpolation=cv2.INTER_LINEAR)
        return ProposedRegion(self.corner, np.asarray(large > 0.5))


def kept_parts(region: Region, touched: Sequence[tuple[int, int]], before: Region | None = None) -> Region:
    """Of a region (h, w) the connected (8) parts that hold one of the pixels, and those that lie for the most part in what there was
    `before`; where none does, the largest."""
    count, parts, stats, _ = cv2.connectedComponentsWithStats(region.astype(np.uint8), connectivity=8)
    if count <= 2:
        return region
    keep = {int(parts[at]) for at in touched} - {0}
    if before is not None:
        shared = np.bincount(parts[before], minlength=count)
        keep |= {part for part in range(1, count) if 2 * shared[part] > stats[part, cv2.CC_STAT_AREA]}
    if not keep:
        keep = {1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())}
    return np.isin(parts, list(keep))
