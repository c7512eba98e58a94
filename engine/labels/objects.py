"""The objects of a mask while it is painted: how large each is and of which class, which ids are free, and whose a new pixel becomes."""

from collections.abc import Callable, Collection, Sequence
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.labels.classes import BACKGROUND, UNLABELLED
from engine.labels.edit import Edit, Ids, Labels
from engine.labels.instances import MOST_OBJECTS
from engine.words import translatable

IntegerMap = TypeVar("IntegerMap", NDArray[np.uint16], NDArray[np.int32])

_IDS = MOST_OBJECTS + 1
_EXACT = 1 << 24  # float32, in which OpenCV counts, knows whole numbers up to it


class ObjectTable:
    """Of every id (65,536, of which 0 is no object) the area in voxels and the class; kept up as edits come."""

    def __init__(self, ids: Ids, labels: Labels) -> None:
        """Of ids and classes (z, y, x), counted slice by slice to spare memory."""
        self.areas, self.classes = np.zeros(_IDS, np.int64), np.zeros(_IDS, np.uint8)
        for plane, values in zip(ids, labels, strict=True):
            if not plane.any():
                continue
            self.areas += _count(plane)
            self.classes[plane] = values
        self._settle()

    @property
    def present(self) -> tuple[int, ...]:
        """The ids of the objects that there are, in order."""
        return tuple(int(id) for id in np.flatnonzero(self.areas))

    def follow(self, edit: Edit) -> None:
        """The mask has taken the edit."""
        changed = [patch for patch in edit.patches if patch.new_ids is not None and patch.old_ids is not None]
        if not changed:
            return
        self.areas += _count(np.concatenate([patch.new_ids.ravel() for patch in changed if patch.new_ids is not None]))
        self.areas -= _count(np.concatenate([patch.old_ids.ravel() for patch in changed if patch.old_ids is not None]))
        for patch in changed:
            self.classes[patch.new_ids] = patch.new
        self._settle()

    def unused(self, count: int, given: Collection[int] = ()) -> list[int]:
        """So many ids that no object has and that are not among those `given` out. Raises EngineError where there are not that many."""
        free = unused_ids([*np.flatnonzero(self.areas > 0), *given], count)
        if len(free) < count:
            raise EngineError(
                translatable("There are more than 65,535 objects."),
                translatable("Delete or merge some first."),
            )
        return free

    def copy(self) -> "ObjectTable":
        table = object.__new__(ObjectTable)
        table.areas, table.classes = self.areas.copy(), self.classes.copy()
        return table

    def _settle(self) -> None:
        self.areas[0] = 0
        self.classes[self.areas == 0] = 0


def unused_ids(taken: Collection[int], count: int) -> list[int]:
    """So many ids that are not `taken`, or as many as there are: those behind the last first, then the gaps."""
    used = np.zeros(_IDS, bool)
    used[[0, *taken]] = True
    last = int(np.flatnonzero(used)[-1])
    free = [*range(last + 1, min(last + 1 + count, _IDS))]
    return [*free, *np.flatnonzero(~used[: last + 1])[: count - len(free)].tolist()]


def _count(ids: Ids) -> NDArray[np.int64]:
    """How often each id stands there: as `edit.histogram`, in pieces in which that is exact."""
    flat, counts = np.ascontiguousarray(ids).reshape(1, -1), np.zeros(_IDS, np.int64)
    for start in range(0, flat.size, _EXACT):
        part = flat[:, start : start + _EXACT]
        counts += np.rint(cv2.calcHist([part], [0], None, [_IDS], [0, _IDS])).astype(np.int64).ravel()
    return counts


def inherit(
    now: Labels,
    ids: Ids,
    new: Labels,
    unused: Callable[[int], list[int]],
    beside: Sequence[tuple[Labels, Ids]] = (),
) -> Ids:
    """Whose the pixels of a slice (down, across) become when its classes `now` become `new` by an operation that knows no objects.

    A pixel that keeps its class keeps its object. One that a class gains goes to the nearest object of that class in the connected part
    (8 neighbours) that it lies in. A part without any goes on with the objects of its class that it covers on the slices `beside` it
    (classes and ids, the first that has one decides); where those have none either it is a new object, whose id `unused` gives out.
    """
    after = np.where(new == now, ids, 0).astype(np.uint16)
    for value in np.unique(new[new != now]):
        if value in (BACKGROUND, UNLABELLED):
            continue
        count, parts, stats, _ = cv2.connectedComponentsWithStats((new == value).view(np.uint8), connectivity=8)
        gained = np.unique(parts[(new == value) & (after == 0)])
        fresh = []
        for part in gained[gained < count]:
            x, y, w, h = stats[part][:4]
            window = np.s_[y : y + h, x : x + w]
            inside, owners = parts[window] == part, after[window]
            known = np.where(inside, owners, 0).astype(np.uint16)
            for classes, other in beside if not known.any() else ():
                np.copyto(known, other[window], where=inside & (known == 0) & (classes[window] == value))
            if known.any():
                owners[inside] = nearest_ids(known)[inside]
            else:
                fresh.append((window, inside))
        for id, (window, inside) in zip(unused(len(fresh)), fresh, strict=True):
            after[window][inside] = id
    return after


def nearest_ids(ids: IntegerMap) -> IntegerMap:
    """The number of the nearest pixel that has one, everywhere in a slice (down, across); at least one pixel must."""
    _, places = cv2.distanceTransformWithLabels(
        (ids == 0).view(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    owner = np.zeros(int(places.max()) + 1, ids.dtype)
    owner[places[ids > 0]] = ids[ids > 0]
    nearest: IntegerMap = owner[places]
    return nearest
