"""Where two masks differ, region by region, so that a reader can answer each: keep mine, or take the model's."""

import heapq
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.labels.classes import BACKGROUND, UNLABELLED
from engine.labels.edit import Box, Edit, Ids, Labels
from engine.labels.mask import EVERYTHING, Mask, Stroke
from engine.labels.shapes import Region
from engine.progress import Progress, Work
from engine.scoring.render import ERROR_COLORS, MISSED, OTHER_CLASS, TOO_MUCH

MOST = 200  # regions of a slice that are kept: noise of single pixels is nothing to answer one by one


def box_of(index: int, corner: tuple[int, int], region: Region) -> Box:
    """Where a region (rows, columns) lies that begins at a corner (row, column) of a slice."""
    (top, left), (height, width) = corner, region.shape
    return Box((index, top, left), (index + 1, top + height, left + width))


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
    def box(self) -> Box:
        return box_of(self.index, self.corner, self.region)

    @cached_property
    def key(self) -> tuple[object, ...]:
        """By which the same region is known when it is found again."""
        return self.index, *self.corner, *self.region.shape, self.pixels, self.mine, self.model

    @property
    def color(self) -> str:
        return ERROR_COLORS[self.kind - 1]


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


def take(mask: Mask, difference: Difference, name: str, ids: Ids | None = None) -> Edit:
    """Let the mask say there what the model says, save where it was corrected since; locks hold. In a mask of objects what is gained goes
    to the object that it touches; with `ids`, the prediction's objects (z, y, x), each of those to the one that it shares most with, or it
    is a new one."""
    still = difference.region & (mask.labels[difference.box.slices][0] == difference.mine)
    stroke, rule = mask.begin(name), mask.paint_over
    mask.paint_over = EVERYTHING  # the rule is for hands
    try:
        if mask.ids is None:
            stroke.paint_region("axial", difference.index, difference.corner, still, difference.model)
        elif ids is not None and difference.model != BACKGROUND:
            _take_objects(mask, stroke, difference, still, ids)
        else:  # the model's part of an object is the object's
            after = mask.labels[difference.index].copy()
            after[difference.box.slices[1:]][still] = difference.model
            stroke.paint_labels("axial", difference.index, after)
    finally:
        mask.paint_over = rule
    return replace(stroke.end(), by_model=True)


def _take_objects(mask: Mask, stroke: Stroke, difference: Difference, still: Region, ids: Ids) -> None:
    z, value, said = difference.index, difference.model, ids[difference.index]
    assert mask.ids is not None
    own = np.where(mask.labels[z] == value, mask.ids[z], np.uint16(0))
    part = said[difference.box.slices[1:]]
    for id in np.unique(part[still]):
        shared = np.bincount(own[(said == id) & (own > 0)]) if id else np.zeros(0, np.int64)
        whose = int(shared.argmax()) if shared.any() else stroke.unused_ids(1)[0]
        stroke.assign("axial", z, difference.corner, still & (part == id), value, whose)


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
