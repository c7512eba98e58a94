"""What a change of a mask is: boxes with the old and the new values, enough to do it, undo it and repaint it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, reduce

import cv2
import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.uint8]
Ids = NDArray[np.uint16]


@dataclass(frozen=True)
class Box:
    """Half-open ranges of a volume: `low` and `high` are indices (z, y, x)."""

    low: tuple[int, int, int]
    high: tuple[int, int, int]

    @property
    def slices(self) -> tuple[slice, slice, slice]:
        return tuple(slice(a, b) for a, b in zip(self.low, self.high, strict=True))  # type: ignore[return-value]

    @property
    def shape(self) -> tuple[int, int, int]:
        return tuple(b - a for a, b in zip(self.low, self.high, strict=True))  # type: ignore[return-value]

    @property
    def empty(self) -> bool:
        (z, y, x), (below, bottom, right) = self.low, self.high
        return below <= z or bottom <= y or right <= x

    def union(self, other: "Box") -> "Box":
        if self.empty or other.empty:
            return other if self.empty else self
        (z, y, x), (front, top, left) = self.low, other.low
        (below, bottom, right), (back, lower, far) = self.high, other.high
        return Box((min(z, front), min(y, top), min(x, left)), (max(below, back), max(bottom, lower), max(right, far)))

    @staticmethod
    def around(boxes: Iterable["Box"]) -> "Box":
        """The smallest one that holds all of them; an empty one where there are none, or all are empty."""
        return reduce(Box.union, boxes, EMPTY_BOX)

    def intersection(self, other: "Box") -> "Box":
        """What both hold; where that is nothing, a box that is empty."""
        low = tuple(map(max, self.low, other.low))
        high = tuple(map(min, self.high, other.high))
        return Box(low, high)  # type: ignore[arg-type]

    def within(self, other: "Box") -> tuple[slice, slice, slice]:
        """The slices of an array of the other box's shape that this box, which lies in it, takes there."""
        return tuple(  # type: ignore[return-value]
            slice(low - start, high - start) for low, high, start in zip(self.low, self.high, other.low, strict=True)
        )


EMPTY_BOX = Box((0, 0, 0), (0, 0, 0))


@dataclass(frozen=True, eq=False)
class Patch:
    """One box with its values before and after (uint8, the box's shape), and in a mask of objects the ids (uint16) with them."""

    box: Box
    old: Labels
    new: Labels
    old_ids: Ids | None = None
    new_ids: Ids | None = None

    def inverse(self) -> "Patch":
        return Patch(self.box, self.new, self.old, self.new_ids, self.old_ids)

    @property
    def differs(self) -> NDArray[np.bool_]:
        """Where it changes a class or an object: bool, the box's shape."""
        differs: NDArray[np.bool_] = self.old != self.new
        if self.old_ids is not None and self.new_ids is not None:
            differs |= self.old_ids != self.new_ids
        return differs


@dataclass(frozen=True, eq=False)
class Edit:
    """One undoable change. `name` is what the history shows ("Brush · liver"). Patches do not overlap. `by_model`: the new values are
    a prediction's, which a person took over: what is scored against them is scored against itself. `afresh`: all that is labelled is
    what somebody drew elsewhere, whatever a prediction gave before."""

    name: str
    patches: tuple[Patch, ...]
    by_model: bool = False
    afresh: bool = False

    @cached_property
    def box(self) -> Box:
        """The smallest box around the patches: there may be thousands, and who shows the edit asks."""
        return Box.around(patch.box for patch in self.patches)

    def changed_box(self) -> Box:
        """The smallest box around the voxels whose class or object differs: patches from the journal are whole tiles."""
        box = EMPTY_BOX
        for patch in self.patches:
            differs = patch.differs
            found = [np.flatnonzero(differs.any(axis=axes)) for axes in ((1, 2), (0, 2), (0, 1))]
            if all(each.size for each in found):
                low = [start + int(each[0]) for start, each in zip(patch.box.low, found, strict=True)]
                high = [start + int(each[-1]) + 1 for start, each in zip(patch.box.low, found, strict=True)]
                box = box.union(Box((low[0], low[1], low[2]), (high[0], high[1], high[2])))
        return box

    @property
    def empty(self) -> bool:
        return not self.patches

    def inverse(self) -> "Edit":
        return Edit(self.name, tuple(patch.inverse() for patch in self.patches))

    def gained(self) -> NDArray[np.int64]:
        """How many voxels more each of 256 values has by it: (256,), less than 0 for what became fewer."""
        gains = (histogram(patch.new) - histogram(patch.old) for patch in self.patches)
        return sum(gains, np.zeros(256, np.int64))


def histogram(labels: Labels) -> NDArray[np.int64]:
    """How often each of 256 values stands in the labels (uint8, any shape): (256,), exact up to 16 million voxels a call."""
    flat = np.ascontiguousarray(labels).reshape(1, -1)
    return np.rint(cv2.calcHist([flat], [0], None, [256], [0, 256])).astype(np.int64).ravel()
