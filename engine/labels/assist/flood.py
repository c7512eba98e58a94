"""Floods that stop where they are stable: for what density decides, as lungs on CT."""

from collections.abc import Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.labels.assist.crop import (
    NOTHING,
    Clicks,
    Crop,
    DisplayedSlice,
    ProposedRegion,
    Rect,
    WindowedSlice,
    kept_parts,
)
from engine.labels.shapes import Point, Region
from engine.words import translatable

SIDE = 384  # pixels of the crop at most
# greys from the click's own
_LEVELS = (2, 3, 4, 5, 6, 8, 10, 12, 14, 17, 20, 24, 28, 33, 39, 46, 54, 64, 76, 90, 107, 127, 151)
_BY_ITSELF = 18  # of the levels, among which the most stable is: farther goes a hand alone
_MOST = 0.6  # of the crop: a flood that takes more has run out
_LEAST = 12  # pixels: a smaller flood is noise, however stable
_STEP = 1.05  # a flood that grows by more from one level to the next does not rest


class Flood:
    """The floods on the part of a slice that is seen. Each click that adds floods from where it is, up to the level at which it grows
    least (as the regions of Matas et al. 2002, BMVC, are stable); clicks that take away keep the floods before the level that
    reaches them."""

    def __init__(self, shown: DisplayedSlice | WindowedSlice, view: Rect) -> None:
        """`shown`: the slice as the screen shows it."""
        self._crop = Crop(shown, view, SIDE)
        values = (
            self._crop.pixels if self._crop.pixels.ndim == 2 else cv2.cvtColor(self._crop.pixels, cv2.COLOR_RGB2LAB)
        )
        self._values = np.asarray(cv2.bilateralFilter(values, 5, 25, 3), np.uint8)
        self._floods: dict[tuple[int, int], list[Region]] = {}

    def propose(self, clicks: Clicks) -> ProposedRegion:
        """All floods at once. A click's `steps` say how many floods farther (or less far) than the most stable one its own goes. Raises
        EngineError where a click lies outside of what is seen."""
        if any(not self._crop.rect.holds(click.at) for click in clicks):
            raise EngineError(translatable("This point is not on the image."))
        kept_out = [self._crop.pixel(click.at) for click in clicks if not click.adds]
        region = np.zeros(self._crop.shape, bool)
        touched = [self._crop.pixel(click.at) for click in clicks if click.adds]
        for at, click in zip(touched, (click for click in clicks if click.adds), strict=True):
            floods = [flood for flood in self._floods_from(at) if not any(flood[out] for out in kept_out)]
            if floods:
                region |= chosen(floods, click.steps)
        if not region.any():
            return NOTHING
        closed = cv2.morphologyEx(region.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)) > 0
        for out in kept_out:
            closed[out] = False
        return self._crop.proposal(kept_parts(np.asarray(closed), touched))

    def preview(self, at: Point, steps: int = 0) -> ProposedRegion:
        """What a click there would flood; nothing where it lies outside of what is seen."""
        if not self._crop.rect.holds(at):
            return NOTHING
        return self._crop.proposal(chosen(self._floods_from(self._crop.pixel(at)), steps))

    def _floods_from(self, at: tuple[int, int]) -> list[Region]:
        """Floods from a pixel, each holding the one before; at least one."""
        if at not in self._floods:
            self._floods[at] = list(_floods(self._values, at))
        return self._floods[at]


def _floods(values: NDArray[np.uint8], at: tuple[int, int]) -> list[Region]:
    height, width = values.shape[:2]
    found: list[Region] = []
    flags = cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE | 4 | (1 << 8)
    for level in _LEVELS:
        flood = np.zeros((height + 2, width + 2), np.uint8)
        cv2.floodFill(values, flood, (at[1], at[0]), 0, (level,) * 3, (level,) * 3, flags)
        region = flood[1:-1, 1:-1].astype(bool)
        if found and np.count_nonzero(region) > _MOST * region.size:
            break
        found.append(region)
    return found


def chosen(floods: Sequence[Region], steps: int = 0) -> Region:
    """Of nested regions, one for each level of `_LEVELS` from the first on, the most stable one; or so many plateaus farther."""
    areas = np.array([np.count_nonzero(flood) for flood in floods], float)
    best = most_stable(areas[:_BY_ITSELF])
    if not steps:
        return floods[best]
    stops = _plateaus(areas)
    here = max((place for place, level in enumerate(stops) if level <= best), default=0)
    return floods[stops[min(max(here + steps, 0), len(stops) - 1)]]


def _plateaus(areas: NDArray[np.float64]) -> list[int]:
    """The levels at which the area comes to rest; where that is at one of them alone, all at which it is another one."""
    grows = [True, *(two > _STEP * one for one, two in pairwise(areas))]
    rests = [level for level, grown in enumerate(grows[:-1]) if grown and not grows[level + 1]]
    return rests if len(rests) > 1 else [level for level, grown in enumerate(grows) if grown]


def most_stable(areas: NDArray[np.float64]) -> int:
    """The level after which the area, as a share, grows least with the level, as a share; the last where there are less than three."""
    if len(areas) < 3:
        return len(areas) - 1
    growth = np.diff(np.log(np.maximum(areas, 1))) / np.diff(np.log(_LEVELS[: len(areas)]))
    growth[areas[:-1] <= _LEAST] = np.inf
    return int(np.argmin(growth)) if np.isfinite(growth).any() else len(areas) - 1
