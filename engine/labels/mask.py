"""The mask being painted: one byte a voxel, changed only here, every change handed back as an Edit.

What may be painted over (locked classes, "only background") is decided here, so no tool can get it wrong.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging.geometry import Plane, axes
from engine.labels.classes import BACKGROUND
from engine.labels.edit import NOWHERE, Box, Edit, Labels, Patch

EVERYTHING = -1
"""Paint-over rule: any class that is not locked. Rule n >= 0: only voxels of class n."""

_TILE = 128  # pixels: old values are kept in tiles of this side while a stroke goes on

Point = tuple[float, float]
"""(down, across) in pixels of the shown slice; (0, 0) is the centre of the first pixel."""

Region = NDArray[np.bool_]


@dataclass(frozen=True)
class Brush:
    """An ellipse with the radii (down, across) in pixels, so that it is round in mm on pixels that are not square."""

    radius: tuple[float, float]

    @staticmethod
    def round(radius: float) -> "Brush":
        return Brush((radius, radius))


class Mask:
    """Labels (z, y, x) uint8 with locks and a paint-over rule. `labels` may be read by anyone, written only by this class."""

    def __init__(self, labels: Labels) -> None:
        if labels.dtype != np.uint8 or labels.ndim != 3:
            raise ValueError(f"a mask is uint8 (z, y, x), not {labels.dtype} {labels.shape}")
        self.labels = np.ascontiguousarray(labels)
        self.locked: frozenset[int] = frozenset()
        self.paint_over = EVERYTHING

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.labels.shape

    def slice(self, plane: Plane, index: int) -> Labels:
        """The labels of one slice (down, across): a view, not a copy."""
        through, down, across = axes(plane)
        view: Labels = self.labels.transpose(through, down, across)[index]
        return view

    def may_paint(self, value: int) -> bool:
        """Whether painting with that value can change anything: a locked class neither gains nor loses voxels."""
        return value not in self.locked

    def begin(self, name: str) -> "Stroke":
        """Start a stroke: draw with it, then `end` it for its Edit."""
        return Stroke(self, name)

    def polygon(self, name: str, plane: Plane, index: int, points: Sequence[Point], value: int) -> Edit:
        """Fill a closed polygon: every pixel whose centre lies inside, and the outline's own pixels."""
        stroke = self.begin(name)
        if len(points) >= 3:
            outline = np.array([(across, down) for down, across in points])
            low = np.floor(outline.min(axis=0)).astype(int)
            size = np.ceil(outline.max(axis=0)).astype(int) - low + 1
            shape = np.zeros((size[1], size[0]), np.uint8)
            cv2.fillPoly(shape, [np.rint(outline - low).astype(np.int32)], 1)
            stroke.put(plane, index, (int(low[1]), int(low[0])), shape.astype(bool), value)
        return stroke.end()

    def fill(self, name: str, plane: Plane, index: int, at: tuple[int, int], value: int) -> Edit:
        """Give the connected (4-neighbour) area of equal value around pixel `at` (down, across) the new value."""
        stroke = self.begin(name)
        labels = np.ascontiguousarray(self.slice(plane, index))
        down, across = at
        if 0 <= down < labels.shape[0] and 0 <= across < labels.shape[1] and labels[down, across] != value:
            flood = np.zeros((labels.shape[0] + 2, labels.shape[1] + 2), np.uint8)
            _, _, _, (x, y, w, h) = cv2.floodFill(
                labels.copy(), flood, (across, down), 0, flags=4 | cv2.FLOODFILL_MASK_ONLY | (1 << 8)
            )
            stroke.put(plane, index, (y, x), flood[y + 1 : y + 1 + h, x + 1 : x + 1 + w].astype(bool), value)
        return stroke.end()

    def take(self, name: str, labels: Labels, only: int | None = None) -> Edit:
        """Become these labels (same shape) as one edit; with `only`, take that class alone and leave the rest.

        Locked classes keep their voxels and gain none.
        """
        stroke = self.begin(name)
        for z in range(self.shape[0]):
            wanted = labels[z] == only if only is not None else labels[z] != self.labels[z]
            if only is not None:
                stroke.put("axial", z, (0, 0), (self.labels[z] == only) & ~wanted, BACKGROUND)
                stroke.put("axial", z, (0, 0), wanted, only)
            elif wanted.any():
                for value in np.unique(labels[z][wanted]):
                    stroke.put("axial", z, (0, 0), wanted & (labels[z] == value), int(value))
        return stroke.end()

    def apply(self, edit: Edit) -> Box:
        """Do (or, with its inverse, undo) an edit; the box to repaint comes back. Locks do not hold here: it happened before."""
        for patch in edit.patches:
            self.labels[patch.box.slices] = patch.new
        return edit.box

    def paintable(self, current: Labels, value: int) -> Region | None:
        """Which of the current values may become `value`; None means all."""
        if not self.locked and self.paint_over == EVERYTHING:
            return None
        rule = np.ones(256, bool)
        if self.paint_over != EVERYTHING and value != BACKGROUND:
            rule[:] = False
            rule[self.paint_over] = True
            rule[value] = True
        rule[list(self.locked)] = False
        return rule[current]


class Stroke:
    """A change under way. Each step paints at once and returns the box to repaint; `end` gives the Edit of the whole."""

    def __init__(self, mask: Mask, name: str) -> None:
        self._mask = mask
        self._name = name
        self._before: dict[tuple[int, int, int], Labels] = {}  # tile -> values before the stroke

    def line(self, plane: Plane, index: int, start: Point, end: Point, brush: Brush, value: int) -> Box:
        """Paint all that the brush covers on its way from `start` to `end`: no gaps however fast the hand was."""
        corner, region = _swept(start, end, brush)
        return self.put(plane, index, corner, region, value)

    def put(self, plane: Plane, index: int, corner: tuple[int, int], region: Region, value: int) -> Box:
        """Paint a region (down, across) whose first pixel lies at `corner`; what lies outside the slice is cut off."""
        if not self._mask.may_paint(value):
            return NOWHERE
        view = self._mask.slice(plane, index)
        top, left = max(corner[0], 0), max(corner[1], 0)
        bottom = min(corner[0] + region.shape[0], view.shape[0])
        right = min(corner[1] + region.shape[1], view.shape[1])
        if top >= bottom or left >= right:
            return NOWHERE
        region = region[top - corner[0] : bottom - corner[0], left - corner[1] : right - corner[1]]
        box = _box(plane, index, top, left, bottom, right)
        self._remember(box)
        current = view[top:bottom, left:right]
        allowed = self._mask.paintable(current, value)
        np.copyto(current, np.uint8(value), where=region if allowed is None else region & allowed)
        return box

    def end(self) -> Edit:
        """What the stroke changed; empty where nothing did."""
        patches = []
        for tile, before in sorted(self._before.items()):
            box = _tile_box(tile, self._mask.shape)
            now = self._mask.labels[box.slices]
            if not np.array_equal(now, before):
                patches.append(Patch(box, before, now.copy()))
        self._before = {}
        return Edit(self._name, tuple(patches))

    def cancel(self) -> Box:
        """Put everything back as it was before the stroke; the box to repaint comes back."""
        edit = self.end()
        return self._mask.apply(edit.inverse())

    def _remember(self, box: Box) -> None:
        for tile in _tiles(box):
            if tile not in self._before:
                self._before[tile] = self._mask.labels[_tile_box(tile, self._mask.shape).slices].copy()


def _tiles(box: Box) -> Iterator[tuple[int, int, int]]:
    """Tiles (z, row, column) of one slice each that the box touches."""
    for z in range(box.low[0], box.high[0]):
        for row in range(box.low[1] // _TILE, -(-box.high[1] // _TILE)):
            for column in range(box.low[2] // _TILE, -(-box.high[2] // _TILE)):
                yield z, row, column


def _tile_box(tile: tuple[int, int, int], shape: tuple[int, int, int]) -> Box:
    z, row, column = tile
    y, x = row * _TILE, column * _TILE
    return Box((z, y, x), (z + 1, min(y + _TILE, shape[1]), min(x + _TILE, shape[2])))


def _box(plane: Plane, index: int, top: int, left: int, bottom: int, right: int) -> Box:
    through, down, across = axes(plane)
    low, high = [0, 0, 0], [0, 0, 0]
    low[through], high[through] = index, index + 1
    low[down], high[down] = top, bottom
    low[across], high[across] = left, right
    return Box(tuple(low), tuple(high))  # type: ignore[arg-type]


def _swept(start: Point, end: Point, brush: Brush) -> tuple[tuple[int, int], Region]:
    """The pixels whose centres the brush covers moving along the segment: first pixel (down, across) and region.

    In units of the brush's radii the swept shape is a capsule, which is convex: each row is one run, from the leftmost to the
    rightmost of its two discs and the band between them. That is exact at any size and costs no more than the rows it has.
    """
    radius = np.maximum(brush.radius, 0.5)
    a, b = np.array(start) / radius, np.array(end) / radius
    low, high = np.minimum(a, b) - 1, np.maximum(a, b) + 1
    top, left = (int(np.ceil(v - 1e-9)) for v in low * radius)
    bottom, right = (int(np.floor(v + 1e-9)) for v in high * radius)
    rows = np.arange(top, bottom + 1) / radius[0]
    first, last = np.full(len(rows), np.inf), np.full(len(rows), -np.inf)
    for disc in (a, b):
        reach = 1 - (rows - disc[0]) ** 2
        half = np.sqrt(np.clip(reach, 0, None))
        hit = reach >= -1e-9
        first = np.where(hit, np.minimum(first, disc[1] - half), first)
        last = np.where(hit, np.maximum(last, disc[1] + half), last)
    length = float(np.hypot(*(b - a)))
    if length > 1e-9:
        across = np.array([-(b - a)[1], (b - a)[0]]) / length  # unit normal of the segment, (down, across)
        corners = np.array([a + across, b + across, b - across, a - across])
        for one, two in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            span = two[0] - one[0]
            if abs(span) > 1e-12:
                part = (rows - one[0]) / span
                hit = (part >= 0) & (part <= 1)
                crossing = one[1] + part * (two[1] - one[1])
                first = np.where(hit, np.minimum(first, crossing), first)
                last = np.where(hit, np.maximum(last, crossing), last)
    columns = np.arange(left, right + 1) / radius[1]
    region = (columns >= first[:, None] - 1e-9) & (columns <= last[:, None] + 1e-9)
    if not region.any():  # a brush smaller than a pixel still paints the pixel under it
        return (round(end[0]), round(end[1])), np.ones((1, 1), bool)
    return (top, left), region
