"""Where two masks differ, region by region, so that a reader can answer each: keep mine, or take the model's."""

import heapq
from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging.geometry import Geometry
from engine.labels.classes import BACKGROUND, UNLABELLED
from engine.labels.edit import Box, Edit, Ids, Labels
from engine.labels.mask import EVERYTHING, Mask, Stroke
from engine.labels.shapes import Region
from engine.progress import Progress, Work
from engine.scoring import voxels
from engine.scoring.render import ERROR_COLORS, ERROR_NAMES, MISSED, OTHER_CLASS, TOO_MUCH
from engine.scoring.voxels import Unit

MOST = 200  # regions of a slice that are kept: noise of single pixels is nothing to answer one by one


def box_of(index: int, corner: tuple[int, int], region: Region) -> Box:
    """Where a region (rows, columns) lies that begins at a corner (row, column) of a slice."""
    (top, left), (height, width) = corner, region.shape
    return Box((index, top, left), (index + 1, top + height, left + width))


class AnyDifference(Hashable, Protocol):
    """A place where mask and prediction differ, that a reader answers: a region of a mask of classes, or an object of a mask of objects."""

    @property
    def index(self) -> int:
        """The slice that shows it, from 0."""

    @property
    def corner(self) -> tuple[int, int]:
        """Row and column of the region's first pixel."""

    @property
    def region(self) -> Region:
        """Its pixels on that slice (rows, columns), from the corner on."""

    @property
    def box(self) -> Box:
        """Where they lie."""

    @property
    def pixels(self) -> int:
        """How many it has, on all its slices."""

    @property
    def value(self) -> int:
        """The class that it is about."""

    @property
    def replaced(self) -> int:
        """The mask's class where the prediction says another one; 0 where one of them says background, and of objects."""

    @property
    def finding(self) -> str:
        """What is wrong with it, a marked text: "too much", "missed"; of an object its fate."""

    @property
    def color(self) -> str:
        """That of the finding, "#rrggbb"."""

    @property
    def iou(self) -> float | None:
        """Of an object: with the one on the other side that overlaps it most (0..1)."""

    @property
    def key(self) -> tuple[object, ...]:
        """By which the same one is known when it is found again."""

    @property
    def group(self) -> Hashable | None:
        """What taking it over takes as a whole: those of one group are answered at once. None: it alone."""

    @property
    def reach(self) -> int:
        """How many voxels taking it over may change."""

    def size(self, geometry: Geometry) -> tuple[float, Unit]:
        """How large it is: in mm², or in pixels where no size is known; an object through several slices in mL."""

    def take(self, mask: Mask, name: str, labels: Labels, ids: Ids | None = None) -> Edit:
        """Let the mask say there what the prediction says, as one edit of that name; locks hold. `labels` and `ids` (z, y, x) are the
        prediction's, None where it tells no objects apart."""


@dataclass(frozen=True, eq=False)
class Difference:
    """Connected pixels (8 neighbours) of one slice in which the mask says `mine` and the prediction `model` (0 background)."""

    index: int  # slice, from 0
    corner: tuple[int, int]  # row and column of the region's first pixel
    region: Region  # (rows, columns)
    mine: int
    model: int
    pixels: int

    @property
    def kind(self) -> int:
        """TOO_MUCH (the prediction alone has a class), MISSED (the mask alone) or OTHER_CLASS."""
        if self.mine == BACKGROUND:
            return TOO_MUCH
        return MISSED if self.model == BACKGROUND else OTHER_CLASS

    @property
    def value(self) -> int:
        """The class that it is about: the model's, or what it missed."""
        return self.model or self.mine

    @property
    def replaced(self) -> int:
        return self.mine if self.model else BACKGROUND

    @property
    def box(self) -> Box:
        return box_of(self.index, self.corner, self.region)

    @cached_property
    def key(self) -> tuple[object, ...]:
        return self.index, *self.corner, *self.region.shape, self.pixels, self.mine, self.model

    @property
    def color(self) -> str:
        return ERROR_COLORS[self.kind - 1]

    @property
    def finding(self) -> str:
        return ERROR_NAMES[self.kind - 1]

    @property
    def iou(self) -> None:
        return None

    @property
    def group(self) -> None:
        return None

    @property
    def reach(self) -> int:
        return self.region.size

    def size(self, geometry: Geometry) -> tuple[float, Unit]:
        return voxels.area(self.pixels, geometry)

    def take(self, mask: Mask, name: str, labels: Labels, ids: Ids | None = None) -> Edit:
        """As AnyDifference says, save where the mask was corrected since. In a mask of objects what is gained goes to the object that it
        touches; with `ids` each of the prediction's goes to the one that it shares most with, or is a new one."""
        still = self.region & (mask.labels[self.box.slices][0] == self.mine)
        stroke, rule = mask.begin(name), mask.paint_over
        mask.paint_over = EVERYTHING  # the rule is for hands
        try:
            if mask.ids is None:
                stroke.paint_region("axial", self.index, self.corner, still, self.model)
            elif ids is not None and self.model != BACKGROUND:
                self._take_objects(mask, stroke, still, ids)
            else:  # the model's part of an object is the object's
                after = mask.labels[self.index].copy()
                after[self.box.slices[1:]][still] = self.model
                stroke.paint_labels("axial", self.index, after)
        finally:
            mask.paint_over = rule
        return replace(stroke.end(), by_model=True)

    def _take_objects(self, mask: Mask, stroke: Stroke, still: Region, ids: Ids) -> None:
        z, value, said = self.index, self.model, ids[self.index]
        assert mask.ids is not None
        own = np.where(mask.labels[z] == value, mask.ids[z], np.uint16(0))
        part = said[self.box.slices[1:]]
        for id in np.unique(part[still]):
            shared = np.bincount(own[(said == id) & (own > 0)]) if id else np.zeros(0, np.int64)
            whose = int(shared.argmax()) if shared.any() else stroke.unused_ids(1)[0]
            stroke.assign("axial", z, self.corner, still & (part == id), value, whose)


@dataclass(frozen=True, eq=False)
class SliceDifferences:
    """A slice's regions, the largest first and no more than MOST, how many there are in all, and its wrong pixels by code
    (index 0 is not used)."""

    index: int
    regions: tuple[Difference, ...]
    count: int
    wrong: tuple[int, int, int, int, int]


def slice_differences(index: int, truth: Labels, predicted: Labels, unknown: Collection[int] = ()) -> SliceDifferences:
    """The differences of one slice (rows, columns) of the two masks (uint8); there are none at UNLABELLED pixels. What is of a class
    `unknown` to the model is not missed where the model says background."""
    if truth.shape != predicted.shape or truth.ndim != 2:
        raise ValueError(f"slices of {truth.shape} and {predicted.shape}")
    differs = (truth != predicted) & (truth != UNLABELLED) & (predicted != UNLABELLED)
    if unknown:
        differs &= ~(np.isin(truth, list(unknown)) & (predicted == BACKGROUND))
    rows = np.flatnonzero(differs.any(axis=1))
    if not len(rows):
        return SliceDifferences(index, (), 0, (0, 0, 0, 0, 0))
    columns = np.flatnonzero(differs.any(axis=0))
    top, left = int(rows[0]), int(columns[0])
    crop = np.s_[top : int(rows[-1]) + 1, left : int(columns[-1]) + 1]
    pairs = truth[crop].astype(np.uint16) << 8 | predicted[crop]
    found: list[Difference] = []
    count, wrong = 0, [0, 0, 0, 0, 0]
    for pair in np.unique(pairs[differs[crop]]):
        where = pairs == pair
        parts, number = _regions(index, (top, left), where, int(pair) >> 8, int(pair) & 255)
        wrong[parts[0].kind] += int(np.count_nonzero(where))
        count += number
        found += parts
    largest = heapq.nsmallest(MOST, found, key=_by_size)
    return SliceDifferences(index, tuple(largest), count, (0, wrong[1], wrong[2], wrong[3], wrong[4]))


def find_differences(
    truth: Labels, predicted: Labels, indices: Sequence[int], unknown: Collection[int] = ()
) -> Work[list[SliceDifferences]]:
    """The differences of slices of two volumes, a Progress for each: (n, y, x) are the slices with these n indices."""
    found = []
    for number, (index, one, other) in enumerate(zip(indices, truth, predicted, strict=True)):
        yield Progress(number, len(indices))
        found.append(slice_differences(index, one, other, unknown))
    return found


def largest_regions(slices: Iterable[SliceDifferences], most: int) -> tuple[tuple[Difference, ...], int]:
    """The `most` largest regions of these slices, the largest first and of equals in reading order, and how many there are in all."""
    found = list(slices)
    regions = heapq.merge(*(each.regions for each in found), key=_by_size)
    return tuple(islice(regions, most)), sum(each.count for each in found)


def _by_size(region: Difference) -> tuple[object, ...]:
    return -region.pixels, region.index, region.corner


def _regions(
    index: int, corner: tuple[int, int], where: NDArray[np.bool_], mine: int, model: int
) -> tuple[list[Difference], int]:
    """The largest connected parts of `where`, and how many there are."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(where.view(np.uint8), connectivity=8, ltype=cv2.CV_32S)
    areas = stats[1:, cv2.CC_STAT_AREA]
    found = []
    for number in np.argsort(-areas, kind="stable")[:MOST] + 1:
        left, top, width, height, area = (int(value) for value in stats[number])
        part = labels[top : top + height, left : left + width] == number
        found.append(Difference(index, (corner[0] + top, corner[1] + left), part, mine, model, area))
    return found, count - 1
