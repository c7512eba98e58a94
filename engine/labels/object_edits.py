"""What is done to whole objects of a mask: merge, split, take apart, delete, number anew, change the class. Each is one Edit, as a stroke is."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import ndimage
from engine.errors import EngineError
from engine.imaging.geometry import Plane
from engine.labels.classes import BACKGROUND
from engine.labels.edit import EMPTY_BOX, Box, Edit, Ids
from engine.labels.mask import EVERYTHING, Mask
from engine.labels.objects import ObjectTable, nearest_ids
from engine.labels.scope import Scope
from engine.labels.shapes import Point
from engine.labels.splitting import not_split, parts_of
from engine.words import translatable


def merge(mask: Mask, name: str, ids: Sequence[int]) -> Edit:
    """Make one object of several, with the id and the class of the first. Raises EngineError for fewer than two, and for locked classes."""
    table, here = _table(mask), list(dict.fromkeys(_there(mask, ids)))
    if len(here) < 2:
        raise EngineError(
            translatable("Two objects at least are needed to merge them."), translatable("Pick several in the list.")
        )
    return _become(mask, name, dict.fromkeys(here, here[0]), int(table.classes[here[0]]))


def delete(mask: Mask, name: str, ids: Sequence[int]) -> Edit:
    """Make background of the objects. Raises EngineError for locked classes."""
    return _become(mask, name, dict.fromkeys(_there(mask, ids), 0), BACKGROUND)


def change_class(mask: Mask, name: str, ids: Sequence[int], value: int) -> Edit:
    """Give the objects the class `value` (1 to 254). Raises EngineError for locked classes."""
    return _become(mask, name, {id: id for id in _there(mask, ids)}, value)


def renumber(mask: Mask, name: str) -> Edit:
    """Number the objects 1, 2, ... in the order of their ids, without gaps; locked classes too, since nothing but numbers changes."""
    moved = {id: number for number, id in enumerate(_table(mask).present, 1) if id != number}
    return _become(mask, name, moved, None)


def split(mask: Mask, name: str, plane: Plane, index: int, id: int, points: Sequence[Point]) -> Edit:
    """Cut an object on a slice along a drawn line of `points` (down, across): the largest part keeps the id, each other one is a new object
    of the class; the pixels under the line go to the nearest part. What lies on other slices, or was a part of its own before, stays.

    Raises EngineError where the line does not cut the object in two, where ids run out and where its class is locked.
    """
    _check_locks(mask, [int(_table(mask).classes[id])])
    view = mask.slice_ids(plane, index)
    assert view is not None
    inside = np.ascontiguousarray(view == id)
    after = _parts_along(inside, points, id)
    stroke = mask.begin(name)
    others = np.unique(after[inside & (after != id)])
    if not others.size:
        raise not_cut()
    # above every id while they are told apart: 32 bits
    table = np.zeros(int(after.max()) + 1, np.uint16)
    table[id], table[others] = id, stroke.unused_ids(len(others))
    with _any_rule(mask):
        stroke.assign(plane, index, (0, 0), inside & (after != id), int(_table(mask).classes[id]), table[after])
    return stroke.end()


def separate(
    mask: Mask, name: str, scope: Scope, spacing: tuple[float, float, float], value: int, least: float = 0.0
) -> Edit:
    """Make an object of each connected part (`splitting.parts_of`) that the objects of a class have in the scope: the largest keeps the id,
    and so does what is smaller than `least`. Objects that touch stay two.

    Raises EngineError where no object has two parts, where ids run out and where the class is locked.
    """
    _check_locks(mask, [value])
    stroke, after = mask.begin(name), _ids(mask).copy()
    part, labels, sides = scope.cut(after), scope.cut(mask.labels), scope.sides(spacing)
    apart: list[tuple[tuple[slice, ...], NDArray[np.int32]]] = []
    for id, box in enumerate(ndimage.find_objects(np.where(labels == value, part, np.uint16(0)).astype(np.int32)), 1):
        if box is None or (scope.objects and id not in scope.objects):
            continue
        numbers, count = parts_of(part[box] == id, least, sides)
        if count > 1:
            apart.append((box, numbers - 1))  # the largest stays
    new = stroke.unused_ids(sum(int(numbers.max()) for _, numbers in apart))
    if not new:
        raise not_split()
    for box, numbers in apart:
        ids, new = np.array(new[: numbers.max()], np.uint16), new[int(numbers.max()) :]
        part[box][numbers > 0] = ids[numbers[numbers > 0] - 1]
    with _any_rule(mask):
        for z, (now, wanted) in enumerate(zip(_ids(mask), after, strict=True)):
            if (differs := now != wanted).any():
                stroke.assign("axial", z, (0, 0), differs, value, wanted)
    return stroke.end()


def not_cut() -> EngineError:
    """Why a drawn line splits nothing."""
    return EngineError(
        translatable("The line does not cut an object in two."),
        translatable("Draw it right across, from outside to outside."),
    )


def next_object(mask: Mask, id: int, step: int) -> int:
    """The object after that id (step 1) or before it (-1) in the order of ids, from the last to the first; 0 where there is none."""
    present = np.array(_table(mask).present)
    if not present.size:
        return 0
    place = int(np.searchsorted(present, id, "right" if step > 0 else "left")) - (step < 0)
    return int(present[place % len(present)])


def extent(mask: Mask, id: int) -> Box:
    """The smallest box around an object; an empty one where there is none."""
    box = EMPTY_BOX
    for z, plane in enumerate(_ids(mask)):
        found = plane == id
        if found.any():
            (top, bottom), (left, right) = _range(found.any(axis=1)), _range(found.any(axis=0))
            box = box.union(Box((z, top, left), (z + 1, bottom, right)))
    return box


def _become(mask: Mask, name: str, ids: Mapping[int, int], value: int | None) -> Edit:
    """Objects get other ids (0: none) and the class `value`; None leaves each its own."""
    table = _table(mask)
    stroke = mask.begin(name)
    if not ids:
        return stroke.end()
    if value is not None:
        _check_locks(mask, [value, *(int(table.classes[id]) for id in ids)])
    chosen, number = np.zeros(len(table.areas), bool), np.arange(len(table.areas)).astype(np.uint16)
    chosen[list(ids)], number[list(ids)] = True, list(ids.values())
    with _any_rule(mask):
        for z, plane in enumerate(_ids(mask)):
            region = chosen[plane]
            if not region.any():
                continue
            (top, bottom), (left, right) = _range(region.any(axis=1)), _range(region.any(axis=0))
            window = np.s_[top:bottom, left:right]
            region, after = region[window], number[plane[window]]
            now = mask.labels[z][window].copy()
            for each in [value] if value is not None else np.unique(now[region]).tolist():
                stroke.assign("axial", z, (top, left), region & (now == each if value is None else True), each, after)
    return stroke.end()


def _parts_along(inside: NDArray[np.bool_], points: Sequence[Point], id: int) -> NDArray[np.int32]:
    """Which part of the object each of its pixels belongs to: `id` for those that keep it, numbers above every id for the others."""
    line = np.zeros(inside.shape, np.uint8)
    path = np.array([[round(across), round(down)] for down, across in points], np.int32)
    cv2.polylines(line, [path.reshape(-1, 1, 2)], False, 1, 1, cv2.LINE_8)  # neighbours along edges cannot cross it
    rest = inside & (line == 0)
    _, before = cv2.connectedComponents(inside.view(np.uint8), connectivity=4)
    count, parts, stats, _ = cv2.connectedComponentsWithStats(rest.view(np.uint8), connectivity=4)
    whole = np.zeros(count, np.int32)  # the part before the cut that each lies in
    whole[parts[rest]] = before[rest]
    largest: dict[int, int] = {}
    for part in sorted(range(1, count), key=lambda part: -int(stats[part, cv2.CC_STAT_AREA])):
        largest.setdefault(int(whole[part]), part)
    numbers = np.arange(count) + (1 << 16)
    numbers[list(largest.values())] = id
    after = np.where(rest, numbers[parts], 0).astype(np.int32)
    for part in np.unique(before[inside & ~rest]):  # under the line
        own = before == part
        seeds = np.where(own, after, 0)
        after[own] = nearest_ids(seeds)[own] if seeds.any() else id
    return after


def _there(mask: Mask, ids: Sequence[int]) -> list[int]:
    areas = _table(mask).areas
    return [id for id in ids if areas[id]]


def _check_locks(mask: Mask, values: Sequence[int]) -> None:
    if mask.locked.intersection(values):
        raise EngineError(translatable("The object's class is locked."), translatable("Unlock the class first."))


@contextmanager
def _any_rule(mask: Mask) -> Iterator[None]:
    """What may be painted over is for strokes; numbers change whatever is locked, since who comes here has asked about locks."""
    rule, locked = mask.paint_over, mask.locked
    mask.paint_over, mask.locked = EVERYTHING, frozenset()
    try:
        yield
    finally:
        mask.paint_over, mask.locked = rule, locked


def _table(mask: Mask) -> ObjectTable:
    if mask.objects is None:
        raise ValueError("a mask of classes has no objects")
    return mask.objects


def _ids(mask: Mask) -> Ids:
    if mask.ids is None:
        raise ValueError("a mask of classes has no objects")
    return mask.ids


def _range(there: NDArray[np.bool_]) -> tuple[int, int]:
    """From the first to behind the last that is there."""
    places = np.flatnonzero(there)
    return int(places[0]), int(places[-1]) + 1
