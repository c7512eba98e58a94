"""The mask being painted: one byte a voxel, changed only here, every change handed back as an Edit.

What may be painted over (locked classes, "only background") is decided here, so no tool can get it wrong.
"""

from collections.abc import Collection, Iterator, Sequence
from weakref import WeakSet

import cv2
import numpy as np

from engine.errors import EngineError
from engine.imaging.geometry import Plane, axes
from engine.imaging.image import Pixels
from engine.labels.classes import BACKGROUND
from engine.labels.cleanup import CleanUp, clean_up
from engine.labels.edit import EMPTY_BOX, Box, Edit, Labels, Patch
from engine.labels.gate import Gate, Placed
from engine.labels.interpolation import fill_between
from engine.labels.shapes import Brush, Point, Region, discs, inside, swept
from engine.words import translatable

__all__ = ["EVERYTHING", "Brush", "Mask", "Point", "Region", "Stroke", "Touched"]

EVERYTHING = -1
"""Paint-over rule: any class that is not locked. Rule n >= 0: only voxels of class n."""

_TILE = 128  # pixels: old values are kept in tiles of this side while a stroke goes on
MOST_OF_PATCH = _TILE * _TILE
"""Voxels that one patch of an edit holds at most."""


class Touched:
    """Where a mask was written since `Mask.watch` gave this out: what another thread has read there may be old, or half of each.

    `strokes` are the strokes that ended since and stand: one that was reverted is not among them.
    """

    def __init__(self) -> None:
        self.boxes: set[Box] = set()
        self.strokes: list[Edit] = []


class Mask:
    """Labels (z, y, x) uint8 with locks and a paint-over rule. `labels` may be read by anyone, written only by this class."""

    def __init__(self, labels: Labels) -> None:
        if labels.dtype != np.uint8 or labels.ndim != 3:
            raise ValueError(f"a mask is uint8 (z, y, x), not {labels.dtype} {labels.shape}")
        self.labels = np.ascontiguousarray(labels)
        self.locked: frozenset[int] = frozenset()
        self.paint_over = EVERYTHING
        self._strokes: WeakSet[Stroke] = WeakSet()
        self._watches: WeakSet[Touched] = WeakSet()

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.labels.shape

    def slice(self, plane: Plane, index: int) -> Labels:
        """The labels of one slice (down, across): a view, not a copy."""
        through, down, across = axes(plane)
        view: Labels = self.labels.transpose(through, down, across)[index]
        return view

    def may_paint(self, value: int) -> bool:
        """Whether painting with that value (0 to 255) can change anything: a locked class neither gains nor loses voxels."""
        return value not in self.locked

    def begin(self, name: str, gate: Gate | None = None) -> "Stroke":
        """Start a stroke: draw with it, then `end` it for its Edit. Its brush paints a class only where the gate is open; it erases
        everywhere."""
        stroke = Stroke(self, name, gate)
        self._strokes.add(stroke)
        return stroke

    @property
    def painting(self) -> bool:
        """Whether a stroke has begun to paint and has not ended."""
        return any(stroke.begun for stroke in self._strokes)

    def watch(self) -> Touched:
        """Note from now on where the mask is written, for as long as somebody holds what comes back."""
        touched = Touched()
        touched.boxes.update(box for stroke in self._strokes for box in stroke.boxes)
        self._watches.add(touched)
        return touched

    def settled(self, box: Box) -> Labels:
        """A copy of the labels in the box as they are without a stroke that has not ended."""
        part = self.labels[box.slices].copy()
        for stroke in self._strokes:
            stroke.put_before(box, part)
        return part

    def polygon(self, name: str, plane: Plane, index: int, points: Sequence[Point], value: int) -> Edit:
        """Fill a closed polygon: every pixel whose centre lies inside or on the outline (where it overlaps itself: even-odd)."""
        return self.region(name, plane, index, inside(points, self.slice(plane, index).shape), value)

    def region(
        self,
        name: str,
        plane: Plane,
        index: int,
        placed: Placed,
        value: int,
        gate: Gate | None = None,
    ) -> Edit:
        """Paint a region (down, across) of a slice, given with its first pixel; a class only where the gate is open."""
        if gate is not None and value != BACKGROUND:
            placed = gate.passed(plane, index, placed)
        stroke = self.begin(name)
        stroke.paint_region(plane, index, *placed, value)
        return stroke.end()

    def cut_through(self, name: str, plane: Plane, corner: tuple[int, int], region: Region) -> Edit:
        """Erase what lies in a region (down, across) of the plane's slices, whose first pixel lies at `corner`, on all of them; locked
        classes stay."""
        stroke = self.begin(name)
        stroke.region_through(plane, corner, region, BACKGROUND)
        return stroke.end()

    def fill(
        self, name: str, plane: Plane, index: int, at: tuple[int, int], value: int, *, enclosed: bool = False
    ) -> Edit:
        """Give the connected (4-neighbour) area of equal value around pixel `at` (down, across) the new value.

        With `enclosed`, EngineError where a class would be poured into background that nothing encloses: the area reaches all four
        borders or is most of the slice.
        """
        corner, region = self._connected(plane, index, at)
        view = self.slice(plane, index)
        if not region.size or view[at] == value:
            return Edit(name, ())
        poured = enclosed and value != BACKGROUND and view[at] == BACKGROUND
        if poured and (region.shape == view.shape or 2 * np.count_nonzero(region) > view.size):
            raise EngineError(translatable("The outline is not closed: the fill would take most of the slice."))
        stroke = self.begin(name)
        stroke.paint_region(plane, index, corner, region, value)
        return stroke.end()

    def _connected(self, plane: Plane, index: int, at: tuple[int, int]) -> tuple[tuple[int, int], Region]:
        """The connected (4-neighbour) area of equal value around pixel `at` (down, across): its first pixel and its shape; empty
        outside the slice."""
        labels = np.ascontiguousarray(self.slice(plane, index))
        down, across = at
        if not (0 <= down < labels.shape[0] and 0 <= across < labels.shape[1]):
            return (0, 0), np.zeros((0, 0), bool)
        flood = np.zeros((labels.shape[0] + 2, labels.shape[1] + 2), np.uint8)
        _, _, _, (x, y, w, h) = cv2.floodFill(
            labels.copy(), flood, (across, down), 0, flags=4 | cv2.FLOODFILL_MASK_ONLY | (1 << 8)
        )
        return (y, x), flood[y + 1 : y + 1 + h, x + 1 : x + 1 + w].astype(bool)

    def fill_between(
        self,
        name: str,
        painted: Collection[int],
        spacing: tuple[float, float],
        only: int | None = None,
        pixels: Pixels | None = None,
    ) -> Edit:
        """Fill the slices between painted ones, as `interpolation.fill_between` says; what may be painted over holds."""
        return self.replace_with(name, fill_between(self.labels, painted, spacing, only, pixels), by_rule=True)

    def clean_up(
        self,
        name: str,
        task: CleanUp,
        spacing: tuple[float, float, float],
        plane: Plane = "axial",
        index: int | None = None,
    ) -> Edit:
        """Clean up that slice, or with no `index` the volume, as `cleanup.clean_up` says; what may be painted over holds. `spacing` is
        the voxel's size (z, y, x)."""
        if index is None:
            return self.replace_with(name, clean_up(self.labels, task, spacing), by_rule=True)
        _, down, across = axes(plane)
        new = clean_up(self.slice(plane, index), task, (spacing[down], spacing[across]))
        stroke = self.begin(name)
        self._paint_changes(stroke, plane, index, new)
        return stroke.end()

    def lay_over(self, name: str, plane: Plane, index: int, labels: Labels) -> Edit:
        """Paint the labels of a slice (down, across) over that slice: their background takes nothing away, what may be painted over
        holds. Raises ValueError for another shape."""
        now = self.slice(plane, index)
        if labels.shape != now.shape:
            raise ValueError(f"a slice of {labels.shape} for one of {now.shape}")
        stroke = self.begin(name)
        self._paint_changes(stroke, plane, index, np.where(labels == BACKGROUND, now, labels))
        return stroke.end()

    def _paint_changes(self, stroke: "Stroke", plane: Plane, index: int, new: Labels) -> None:
        """Paint what is other in the labels of a slice than in the mask."""
        now = self.slice(plane, index)
        differs = now != new
        for value, region in [(int(value), differs & (new == value)) for value in np.unique(new[differs])]:
            stroke.paint_region(plane, index, (0, 0), region, value)

    def replace_with(self, name: str, labels: Labels, only: int | None = None, *, by_rule: bool = False) -> Edit:
        """Become these labels (uint8, same shape) as one edit; with `only`, take that class alone and leave the rest.

        Locked classes keep their voxels and gain none; the paint-over rule is for strokes and holds here `by_rule` alone. Raises
        ValueError for another shape.
        """
        if labels.shape != self.shape:
            raise ValueError(f"labels of {labels.shape} for a mask of {self.shape}")
        stroke, rule = self.begin(name), self.paint_over
        self.paint_over = rule if by_rule else EVERYTHING
        try:
            for z in range(self.shape[0]):
                now, new = self.labels[z], labels[z]
                if only is None:
                    self._paint_changes(stroke, "axial", z, new)
                    continue
                changes = [(BACKGROUND, (now == only) & (new != only)), (only, (new == only) & (now != only))]
                for value, region in changes:
                    if region.any():
                        stroke.paint_region("axial", z, (0, 0), region, value)
        finally:
            self.paint_over = rule
        return stroke.end()

    def repeat(self, edit: Edit) -> Edit:
        """Change once more what a stroke changed, after it was reverted: for one of so many voxels that it is kept by a job. Locks and
        the paint-over rule hold."""
        stroke = self.begin(edit.name)
        for patch in edit.patches:
            differs = patch.old != patch.new
            for value in np.unique(patch.new[differs]):
                stroke.paint_block(patch.box, differs & (patch.new == value), int(value))
        return stroke.end()

    def apply(self, edit: Edit) -> Box:
        """Do (or, with its inverse, undo) an edit; the box to repaint comes back. Locks do not hold here: it happened before."""
        for patch in edit.patches:
            self.labels[patch.box.slices] = patch.new
            self._note(patch.box)
        return edit.box

    def revert(self, stroke: Edit) -> Box:
        """Take back a stroke that nobody keeps, as if it had not been; the box to repaint comes back."""
        for touched in self._watches:
            touched.strokes = [other for other in touched.strokes if other is not stroke]
        return self.apply(stroke.inverse())

    def become(self, box: Box, labels: Labels) -> None:
        """Be these labels (of the mask's shape) in the box: for an edit of millions of voxels that was made on a copy."""
        np.copyto(self.labels[box.slices], labels[box.slices])
        self._note(box)

    def _note(self, box: Box) -> None:
        for touched in self._watches:
            touched.boxes.add(box)

    def paintable(self, current: Labels, value: int) -> Region | None:
        """Which of the `current` values (any shape) may become `value`: bool of that shape; None means all. Background may be painted
        over any class that is not locked, whatever the rule."""
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

    def __init__(self, mask: Mask, name: str, gate: Gate | None = None) -> None:
        self._mask = mask
        self._name = name
        self.gate = gate
        self.held_back = gate is not None
        """Whether the gate was closed wherever the brush was so far."""
        self._before: dict[tuple[int, int, int], Labels] = {}  # tile -> values before the stroke

    @property
    def begun(self) -> bool:
        """Whether it has painted and has not ended."""
        return bool(self._before)

    @property
    def boxes(self) -> list[Box]:
        """Where it has painted so far."""
        return [_tile_box(tile, self._mask.shape) for tile in self._before]

    def put_before(self, box: Box, part: Labels) -> None:
        """Put into `part`, the labels of the box, what was there before the stroke."""
        for tile, before in self._before.items():
            own = _tile_box(tile, self._mask.shape)
            both = own.intersection(box)
            if not both.empty:
                part[both.within(box)] = before[both.within(own)]

    def line(self, plane: Plane, index: int, start: Point, end: Point, brush: Brush, value: int) -> Box:
        """Paint all that the brush covers on its way from `start` to `end`: no gaps however fast the hand was."""
        shape = self._mask.slice(plane, index).shape
        way = swept(start, end, Brush.round(0.5), shape) if self.gate is not None else None
        placed = self._through_gate(plane, index, swept(start, end, brush, shape), way, value)
        return self.paint_region(plane, index, *placed, value)

    def _through_gate(self, plane: Plane, index: int, placed: Placed, near: Placed | None, value: int) -> Placed:
        if self.gate is None or value == BACKGROUND:
            self.held_back = False
            return placed
        passed = self.gate.passed(plane, index, placed, near)
        self.held_back = self.held_back and not passed[1].any()
        return passed

    def ball(self, plane: Plane, index: int, start: Point, end: Point, brush: Brush, through: float, value: int) -> Box:
        """As `line` with a brush that reaches over the slices on both sides as well: an ellipsoid with the radius `through`, in slices,
        so that it can be round in mm. A gate that wants connection is passed from slice to slice, outwards."""
        shape, count = self._mask.slice(plane, 0).shape, self._mask.shape[axes(plane)[0]]
        way = swept(start, end, Brush.round(0.5), shape)
        painted, near = EMPTY_BOX, {0: way}
        for away, disc in sorted(discs(brush, through), key=lambda each: abs(each[0])):
            if 0 <= index + away < count:
                inner = way if away == 0 else near[away - 1 if away > 0 else away + 1]
                near[away] = self._through_gate(plane, index + away, swept(start, end, disc, shape), inner, value)
                painted = painted.union(self.paint_region(plane, index + away, *near[away], value))
        return painted

    def line_through(self, plane: Plane, start: Point, end: Point, brush: Brush, value: int) -> Box:
        """As `line`, on all slices of the plane that hold something else there."""
        corner, region = swept(start, end, brush, self._mask.slice(plane, 0).shape)
        return self.region_through(plane, corner, region, value)

    def region_through(self, plane: Plane, corner: tuple[int, int], region: Region, value: int) -> Box:
        """As `paint_region`, on all slices of the plane that hold something else there."""
        through, down, across = axes(plane)
        size = self._mask.shape
        top, left = max(corner[0], 0), max(corner[1], 0)
        bottom, right = min(corner[0] + region.shape[0], size[down]), min(corner[1] + region.shape[1], size[across])
        if top >= bottom or left >= right:
            return EMPTY_BOX
        region = region[top - corner[0] : bottom - corner[0], left - corner[1] : right - corner[1]]
        stack = self._mask.labels.transpose(through, down, across)[:, top:bottom, left:right]
        painted = EMPTY_BOX
        for index in np.flatnonzero((stack != value).any(axis=(1, 2))):
            if (stack[index] != value)[region].any():
                painted = painted.union(self.paint_region(plane, int(index), (top, left), region, value))
        return painted

    def paint_block(self, box: Box, region: Region, value: int) -> Box:
        """Paint a region (z, y, x) of the box's shape."""
        if not self._mask.may_paint(value):
            return EMPTY_BOX
        self._snapshot_tiles(box)
        current = self._mask.labels[box.slices]
        allowed = self._mask.paintable(current, value)
        np.copyto(current, np.uint8(value), where=region if allowed is None else region & allowed)
        return box

    def paint_region(self, plane: Plane, index: int, corner: tuple[int, int], region: Region, value: int) -> Box:
        """Paint a region (down, across) whose first pixel lies at `corner`; what lies outside the slice is cut off."""
        if not self._mask.may_paint(value):
            return EMPTY_BOX
        view = self._mask.slice(plane, index)
        top, left = max(corner[0], 0), max(corner[1], 0)
        bottom = min(corner[0] + region.shape[0], view.shape[0])
        right = min(corner[1] + region.shape[1], view.shape[1])
        if top >= bottom or left >= right:
            return EMPTY_BOX
        region = region[top - corner[0] : bottom - corner[0], left - corner[1] : right - corner[1]]
        box = _box(plane, index, top, left, bottom, right)
        self._snapshot_tiles(box)
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
        edit = Edit(self._name, tuple(patches))
        for touched in self._mask._watches:
            touched.strokes.append(edit)
        return edit

    def cancel(self) -> Box:
        """Put everything back as it was before the stroke; the box to repaint comes back."""
        return self._mask.revert(self.end())

    def _snapshot_tiles(self, box: Box) -> None:
        for tile in _tiles(box):
            if tile not in self._before:
                around = _tile_box(tile, self._mask.shape)
                self._before[tile] = self._mask.labels[around.slices].copy()
                self._mask._note(around)


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
