"""The mask being painted: the class of each voxel, and in a mask of objects the object too; changed only here, every change handed
back as an Edit.

What may be painted over (locked classes, "only background") is decided here, so no tool can get it wrong.
"""

from collections.abc import Collection, Iterator, Sequence
from weakref import WeakSet

import cv2
import numpy as np

from engine.errors import EngineError
from engine.imaging.geometry import Plane, axes
from engine.imaging.image import Pixels
from engine.labels.classes import BACKGROUND, UNLABELLED
from engine.labels.edit import EMPTY_BOX, Box, Edit, Ids, Labels, Patch
from engine.labels.gate import Gate, Placed
from engine.labels.instances import MOST_OBJECTS, Instances
from engine.labels.interpolation import fill_between
from engine.labels.objects import ObjectTable, inherit
from engine.labels.scope import Operation, Scope
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
    """Labels (z, y, x) uint8 with locks and a paint-over rule. `labels` may be read by anyone, written only by this class.

    A mask of objects has `ids` (uint16, the same shape) and `objects`, the table of them, beside that: the voxels of an object are of one
    class, those of background or UNLABELLED are of no object. Whatever changes classes keeps it so.
    """

    def __init__(self, labels: Labels, ids: Ids | None = None) -> None:
        if labels.dtype != np.uint8 or labels.ndim != 3:
            raise ValueError(f"a mask is uint8 (z, y, x), not {labels.dtype} {labels.shape}")
        if ids is not None and (ids.dtype != np.uint16 or ids.shape != labels.shape):
            raise ValueError(f"objects are uint16 {labels.shape}, not {ids.dtype} {ids.shape}")
        self.labels = np.ascontiguousarray(labels)
        self.ids = None if ids is None else np.ascontiguousarray(ids)
        self.objects = None if self.ids is None else ObjectTable(self.ids, self.labels)
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

    def slice_ids(self, plane: Plane, index: int) -> Ids | None:
        """The objects of one slice (down, across): a view, not a copy. None in a mask of classes."""
        if self.ids is None:
            return None
        through, down, across = axes(plane)
        view: Ids = self.ids.transpose(through, down, across)[index]
        return view

    def object_at(self, plane: Plane, index: int, at: Point) -> int:
        """The object at a point of a slice; 0 where there is none."""
        view = self.slice_ids(plane, index)
        down, across = round(at[0]), round(at[1])
        if view is None or not (0 <= down < view.shape[0] and 0 <= across < view.shape[1]):
            return 0
        return int(view[down, across])

    def copy(self) -> "Mask":
        """Labels and objects of its own, the same locks and rule; strokes under way are not among it."""
        mask = Mask(self.labels.copy())
        mask.locked, mask.paint_over = self.locked, self.paint_over
        if self.ids is not None and self.objects is not None:
            mask.ids, mask.objects = self.ids.copy(), self.objects.copy()
        return mask

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

    def polygon(
        self, name: str, plane: Plane, index: int, points: Sequence[Point], value: int, *, around: bool = False
    ) -> Edit:
        """Fill a closed polygon: every pixel whose centre lies inside or on the outline (where it overlaps itself: even-odd); `around`
        as in `region`."""
        return self.region(name, plane, index, inside(points, self.slice(plane, index).shape), value, around=around)

    def region(
        self,
        name: str,
        plane: Plane,
        index: int,
        placed: Placed,
        value: int,
        gate: Gate | None = None,
        *,
        around: bool = False,
    ) -> Edit:
        """Paint a region (down, across) of a slice, given with its first pixel; a class only where the gate is open. `around` other
        classes, so that a wall is its outer outline minus what is painted inside."""
        if around:
            ((top, left), region), (height, width) = placed, placed[1].shape
            there = self.slice(plane, index)[top : top + height, left : left + width]
            placed = (top, left), region & ((there == BACKGROUND) | (there == value))
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
        around = self._only_neighbour(plane, index, corner, region) if poured and self.objects is not None else 0
        if self.objects is not None and self.objects.classes[around] == value:
            stroke.assign(plane, index, corner, region, value, around)
        else:
            stroke.paint_region(plane, index, corner, region, value)
        return stroke.end()

    def _only_neighbour(self, plane: Plane, index: int, corner: tuple[int, int], region: Region) -> int:
        """The object that alone encloses a region of background; 0 where several do."""
        view = self.slice_ids(plane, index)
        assert view is not None
        top, left = corner
        padded = np.pad(region, 1).view(np.uint8)
        ring = cv2.dilate(padded, cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))) > padded
        ids = np.pad(view, 1)[top : top + ring.shape[0], left : left + ring.shape[1]][ring]
        return int(ids[0]) if ids.size and (ids == ids[0]).all() else 0

    def _connected(self, plane: Plane, index: int, at: tuple[int, int]) -> tuple[tuple[int, int], Region]:
        """The connected (4-neighbour) area of equal value, or of one object, around pixel `at` (down, across): its first pixel and its
        shape; empty outside the slice."""
        view, ids, (down, across) = self.slice(plane, index), self.slice_ids(plane, index), at
        if not (0 <= down < view.shape[0] and 0 <= across < view.shape[1]):
            return (0, 0), np.zeros((0, 0), bool)
        of_object = ids is not None and ids[down, across] != 0
        values = ids.astype(np.float32) if of_object and ids is not None else view.copy()  # OpenCV floods no uint16
        flood = np.zeros((view.shape[0] + 2, view.shape[1] + 2), np.uint8)
        _, _, _, (x, y, w, h) = cv2.floodFill(
            np.ascontiguousarray(values), flood, (across, down), 0, flags=4 | cv2.FLOODFILL_MASK_ONLY | (1 << 8)
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

    def transform(self, name: str, scope: Scope, spacing: tuple[float, float, float], do: Operation) -> Edit:
        """Let an operation change what lies in the scope; what may be painted over holds. `spacing` is the voxel's size (z, y, x)."""
        new = scope.changed(self.labels, self.ids, spacing, do)
        if scope.index is not None:
            stroke = self.begin(name)
            stroke.paint_labels(scope.plane, scope.index, new)
            return stroke.end()
        wanted = self.labels.copy()
        scope.cut(wanted)[...] = new
        return self.replace_with(name, wanted, by_rule=True)

    def lay_over(self, name: str, plane: Plane, index: int, labels: Labels) -> Edit:
        """Paint the labels of a slice (down, across) over that slice: their background takes nothing away, what may be painted over
        holds. Raises ValueError for another shape."""
        now = self.slice(plane, index)
        if labels.shape != now.shape:
            raise ValueError(f"a slice of {labels.shape} for one of {now.shape}")
        stroke = self.begin(name)
        stroke.paint_labels(plane, index, np.where(labels == BACKGROUND, now, labels))
        return stroke.end()

    def replace_with(
        self,
        name: str,
        labels: Labels,
        only: int | None = None,
        *,
        ids: Ids | None = None,
        unlabelled: Region | None = None,
        by_rule: bool = False,
    ) -> Edit:
        """Become these labels (uint8, same shape) as one edit; with `only`, take that class alone and leave the rest.

        `ids` (uint16) are their objects, which a mask of objects takes as well: under other numbers where objects that stay have them.
        What is of a class there and of no object stays as it is. Without `ids` it is as in `Stroke.paint_labels`.

        What is `unlabelled` is UNLABELLED afterwards; without it, what was: a prediction has a class for every pixel, and knows nothing
        of those that a person took out. Locked classes keep their voxels and gain none; the paint-over rule is for strokes and holds here
        `by_rule` alone, for labels that were made from the mask's own and say themselves what is unlabelled. Raises ValueError for another
        shape.
        """
        if labels.shape != self.shape:
            raise ValueError(f"labels of {labels.shape} for a mask of {self.shape}")
        void = self.labels == UNLABELLED if unlabelled is None and not by_rule else unlabelled
        if ids is not None and self.ids is not None:
            if only is not None:
                taken, lost = labels == only, self.labels == only
                ids = np.where(taken, ids, np.uint16(0))
                labels = np.where(taken, labels, np.where(lost, np.uint8(BACKGROUND), self.labels))
            if void is not None:
                ids = np.where(void, np.uint16(0), ids)
                labels = np.where(void, np.uint8(UNLABELLED), labels)
            return self.replace_objects(name, Instances.of(labels, self._told(labels, ids)), labels == UNLABELLED)
        stroke, rule = self.begin(name), self.paint_over
        self.paint_over = rule if by_rule else EVERYTHING
        try:
            for z in range(self.shape[0]):
                now, new = self.labels[z], labels[z]
                if only is not None:
                    new = np.where(new == only, np.uint8(only), np.where(now == only, np.uint8(BACKGROUND), now))
                if void is not None:
                    new = np.where(void[z], np.uint8(UNLABELLED), new)
                stroke.paint_labels("axial", z, new)
        finally:
            self.paint_over = rule
        return stroke.end()

    def replace_objects(self, name: str, instances: Instances, unlabelled: Region | None = None) -> Edit:
        """Become these objects (of the mask's shape) as one edit; locked classes keep their objects and gain none. Where no object lies,
        what is `unlabelled` (without it, what was) is UNLABELLED. Raises ValueError for another shape and for a mask of classes."""
        if instances.ids.shape != self.shape or self.ids is None:
            raise ValueError(f"objects of {instances.ids.shape} for a mask of {self.shape}")
        stroke, labels = self.begin(name), instances.class_map()
        unlabelled = self.labels == UNLABELLED if unlabelled is None else unlabelled
        labels[(labels == BACKGROUND) & unlabelled] = UNLABELLED
        table = self._beside_locked(instances)
        rule, self.paint_over = self.paint_over, EVERYTHING
        try:
            for z, (new, ids) in enumerate(zip(labels, table[instances.ids], strict=True)):
                differs = (new != self.labels[z]) | (ids != self.ids[z])
                for value in np.unique(new[differs]):
                    stroke.assign("axial", z, (0, 0), differs & (new == value), int(value), ids)
        finally:
            self.paint_over = rule
        return stroke.end()

    def _told(self, labels: Labels, ids: Ids) -> Ids:
        """These objects, and the mask's own where the labels are of a class and of no object."""
        assert self.ids is not None
        assert self.objects is not None
        own = np.where((ids == 0) & (labels == self.labels), self.ids, np.uint16(0))
        theirs, kept = np.unique(ids), np.unique(own)
        both, numbers = np.intersect1d(theirs[theirs > 0], kept), np.arange(MOST_OBJECTS + 1).astype(np.uint16)
        numbers[both] = self.objects.unused(len(both), theirs.tolist())
        return np.where(own > 0, own, numbers[ids])

    def _beside_locked(self, instances: Instances) -> Ids:
        """The id that each of the objects gets here: its own, unless an object of a locked class has it, which stays. What has no class
        gets 0."""
        table = np.where(instances.classes > 0, np.arange(len(instances.classes)), 0).astype(np.uint16)
        if self.locked and self.objects is not None:
            kept = np.isin(self.objects.classes, list(self.locked)) & (self.objects.classes > 0)
            taken = [id for id in instances.present if kept[id]]
            table[taken] = self.objects.unused(len(taken), instances.present)
        return table

    def repeat(self, edit: Edit) -> Edit:
        """Change once more what a stroke changed, after it was reverted: for one of so many voxels that it is kept by a job. Locks and
        the paint-over rule hold."""
        stroke = self.begin(edit.name)
        for patch in edit.patches:
            z, *corner = patch.box.low
            for at, (differs, new) in enumerate(zip(patch.differs, patch.new, strict=True)):
                ids = None if patch.new_ids is None else patch.new_ids[at]
                for value in np.unique(new[differs]):
                    stroke.assign("axial", z + at, (corner[0], corner[1]), differs & (new == value), int(value), ids)
        return stroke.end()

    def apply(self, edit: Edit) -> Box:
        """Do (or, with its inverse, undo) an edit; the box to repaint comes back. Locks do not hold here: it happened before."""
        for patch in edit.patches:
            self.labels[patch.box.slices] = patch.new
            if self.ids is not None and patch.new_ids is not None:
                self.ids[patch.box.slices] = patch.new_ids
            self._note(patch.box)
        if self.objects is not None:
            self.objects.follow(edit)
        return edit.box

    def revert(self, stroke: Edit) -> Box:
        """Take back a stroke that nobody keeps, as if it had not been; the box to repaint comes back."""
        for touched in self._watches:
            touched.strokes = [other for other in touched.strokes if other is not stroke]
        return self.apply(stroke.inverse())

    def become(self, box: Box, other: "Mask") -> None:
        """Be as another mask of its kind and shape in the box: for an edit of millions of voxels that was made on a copy."""
        np.copyto(self.labels[box.slices], other.labels[box.slices])
        if self.ids is not None and other.ids is not None and other.objects is not None:
            np.copyto(self.ids[box.slices], other.ids[box.slices])
            self.objects = other.objects.copy()
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
        self._ids_before: dict[tuple[int, int, int], Ids] = {}
        self._own: dict[int, int] = {}  # class -> the object that it paints of it, in a mask of objects
        self._given: set[int] = set()  # ids of objects that it made

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
        """Paint all that the brush covers on its way from `start` to `end`: no gaps however fast the hand was.

        In a mask of objects the stroke adds to the object under its first point where that is of the class, and else begins a new one.
        """
        self._choose_object(plane, index, start, value)
        shape = self._mask.slice(plane, index).shape
        way = swept(start, end, Brush.round(0.5), shape) if self.gate is not None else None
        placed = self._through_gate(plane, index, swept(start, end, brush, shape), way, value)
        return self.paint_region(plane, index, *placed, value)

    def _choose_object(self, plane: Plane, index: int, start: Point, value: int) -> None:
        if value not in self._own and self._mask.objects is not None:
            under = self._mask.object_at(plane, index, start)
            if under and self._mask.objects.classes[under] == value:
                self._own[value] = under

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
        self._choose_object(plane, index, start, value)
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

    def paint_region(self, plane: Plane, index: int, corner: tuple[int, int], region: Region, value: int) -> Box:
        """Paint a region (down, across) whose first pixel lies at `corner`; what lies outside the slice is cut off. In a mask of objects
        all of a class that one stroke paints is one object."""
        id = 0
        if self._mask.objects is not None and value not in (BACKGROUND, UNLABELLED) and self._mask.may_paint(value):
            id = self._own[value] if value in self._own else self.unused_ids(1)[0]
            self._own[value] = id
        return self.assign(plane, index, corner, region, value, id)

    def paint_labels(self, plane: Plane, index: int, labels: Labels) -> None:
        """Paint what is other in the labels of the slice (down, across) than in the mask. In a mask of objects what keeps its class keeps
        its object, and what a class gains goes to the object that it touches, there or on the slices beside (`objects.inherit`)."""
        now, ids = self._mask.slice(plane, index), self._mask.slice_ids(plane, index)
        differs = now != labels
        after = None if ids is None else inherit(now, ids, labels, self.unused_ids, self._beside(plane, index))
        for value, region in [(int(value), differs & (labels == value)) for value in np.unique(labels[differs])]:
            self.assign(plane, index, (0, 0), region, value, after)

    def _beside(self, plane: Plane, index: int) -> list[tuple[Labels, Ids]]:
        """Classes and objects of the slice before and of the one behind."""
        there = [at for at in (index - 1, index + 1) if 0 <= at < self._mask.shape[axes(plane)[0]]]
        both = ((self._mask.slice(plane, at), self._mask.slice_ids(plane, at)) for at in there)
        return [(labels, ids) for labels, ids in both if ids is not None]

    def unused_ids(self, count: int) -> list[int]:
        """Ids for so many new objects; none in a mask of classes. Raises EngineError where there are not that many."""
        if self._mask.objects is None:
            return []
        made = self._mask.objects.unused(count, self._given)
        self._given.update(made)
        return made

    def assign(
        self, plane: Plane, index: int, corner: tuple[int, int], region: Region, value: int, ids: Ids | int | None
    ) -> Box:
        """As `paint_region`, of an object or of several: `ids` is an id, or one for each pixel of the region; 0 for background."""
        if not self._mask.may_paint(value):
            return EMPTY_BOX
        view = self._mask.slice(plane, index)
        top, left = max(corner[0], 0), max(corner[1], 0)
        bottom = min(corner[0] + region.shape[0], view.shape[0])
        right = min(corner[1] + region.shape[1], view.shape[1])
        if top >= bottom or left >= right:
            return EMPTY_BOX
        window = np.s_[top - corner[0] : bottom - corner[0], left - corner[1] : right - corner[1]]
        region, ids = region[window], ids[window] if isinstance(ids, np.ndarray) else ids
        box = _box(plane, index, top, left, bottom, right)
        self._snapshot_tiles(box)
        current = view[top:bottom, left:right]
        allowed = self._mask.paintable(current, value)
        where = region if allowed is None else region & allowed
        objects = self._mask.slice_ids(plane, index)
        if objects is not None and ids is not None:
            own = objects[top:bottom, left:right]
            if self._mask.paint_over not in (EVERYTHING, value) and value != BACKGROUND:
                where = where & ((current != value) | (own == ids))  # another object of the class is none of the rule's
            np.copyto(own, np.asarray(ids, np.uint16), where=where)
        np.copyto(current, np.uint8(value), where=where)
        return box

    def end(self) -> Edit:
        """What the stroke changed; empty where nothing did."""
        patches = []
        for tile, before in sorted(self._before.items()):
            box = _tile_box(tile, self._mask.shape)
            now, ids = self._mask.labels[box.slices], None
            if self._mask.ids is not None:
                ids = self._mask.ids[box.slices].copy()
            patch = Patch(box, before, now.copy(), self._ids_before.get(tile), ids)
            if patch.differs.any():
                patches.append(patch)
        self._before, self._ids_before = {}, {}
        edit = Edit(self._name, tuple(patches))
        if self._mask.objects is not None:
            self._mask.objects.follow(edit)
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
                if self._mask.ids is not None:
                    self._ids_before[tile] = self._mask.ids[around.slices].copy()
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
