"""An outline carried from the slices on which a person has shown it through the others: between two of them, and beyond them."""

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.labels.assist.crop import DisplayedSlice, ProposedRegion, Rect, WindowedSlice
from engine.labels.interpolation import fill_between
from engine.labels.shapes import Region
from engine.words import translatable

_REACH = 3  # pixels around a place in which the slice before is searched for what looks like it
_NEAR = 2.0  # pixels: the standard deviation that makes nearer ones count more
_PATCH = 3  # pixels across what is compared
_LIKE = 0.004  # mean square difference, of brightness from 0 to 1, that halves hardly anything
_SMOOTH = 0.7  # pixels: noise is not compared
_BAND = 5.0  # pixels from the outline before: so far it can move from slice to slice
_STAY = 0.25  # weight of a pixel's depth in the outline before, beside what it looks like
_DEEPEST = 4.0  # pixels of depth that count
_HOLDS = 0.5  # Dice of two slices' outlines under which it is no longer the same structure
_AROUND = 13  # pixels of the square that looks at what lies around a structure
_CHANGES, _LEAST_CHANGE = (
    0.6,
    0.1,
)  # of the contrast to it, and of the brightness: so much changes from slice to slice at most

SliceAt: TypeAlias = Callable[[int], DisplayedSlice | WindowedSlice]
Carried: TypeAlias = tuple[int, ProposedRegion]


def carry(
    at: SliceAt, count: int, keys: Mapping[int, ProposedRegion], spacing: tuple[float, float] = (1.0, 1.0)
) -> Iterator[Carried]:
    """The outline on the slices that are no keys, one after another: index and region, in no order; slices that hold nothing are not in it.

    `at` gives one of `count` slices as the screen shows it; `keys` are the slices on which a person has shown the structure, by index.
    An empty key says that it is not there: nothing goes past it. Between two keys as `interpolation.fill_between` fills, `spacing` being a
    pixel's size (down, across). Beyond them from slice to slice, as `moved` says, until two slices have less than half in common or differ
    in brightness, or nothing is left: where a structure ends without that a person has to say. Raises EngineError where no key holds anything, or no slice is left.
    """
    held = sorted(index for index, region in keys.items() if not region.empty)
    if not held:
        raise EngineError(
            translatable("Outline the structure on one slice first, then it can be carried through the others.")
        )
    if all(index in keys for index in range(count)):
        raise EngineError(translatable("No slice is left to carry the outline to."))
    order = sorted(keys)
    for below, above in pairwise(order):
        if below in held and above in held:
            yield from _between(at, below, above, keys, spacing)
    for index in held:
        for step in (1, -1):
            beyond = [other for other in order if (other - index) * step > 0]
            next_key = min(beyond, key=lambda other: abs(other - index)) if beyond else None
            if next_key is None or next_key not in held:
                last = next_key if next_key is not None else (count if step > 0 else -1)
                yield from _onwards(at, index, range(index + step, last, step), keys[index])


def moved(before: Region, one: NDArray[np.float32], two: NDArray[np.float32]) -> Region:
    """The region (h, w) of a slice on the next one, bool (h, w). `one` and `two` are the brightness of both slices, 0 to 1.

    Near the outline each pixel asks the places of the slice before around it: the nearer and the more alike one is, the more counts
    what it belongs to (patches as in Coupe et al. 2011, NeuroImage 54(2)), beside how deep the pixel lay in the region.
    """
    depth = _depth(before)
    share = _share(before, one, two)
    likely = np.log((share + 0.02) / (1.02 - share)) + _STAY * np.clip(depth, -_DEEPEST, _DEEPEST)
    found: Region = (likely > 0) & (depth > -_BAND) | (depth > _BAND)
    return found


def _onwards(at: SliceAt, start: int, way: range, region: ProposedRegion) -> Iterator[Carried]:
    """From slice `start`, which holds the region, along the way while it holds."""
    here = start
    for index in way:
        rect = region.rect
        assert rect is not None
        slice_ = at(index)
        part = rect.grown(_BAND + _REACH + _PATCH, _BAND + _REACH + _PATCH).within(slice_.shape)
        corner, shape = _corner(part), (int(part.height), int(part.width))
        before = region.part(corner, shape)
        one, two = _brightness(at(here), part), _brightness(slice_, part)
        after = moved(before, one, two)
        if not (after.any() and _holds(before, after, one, two)):
            return
        region, here = ProposedRegion.of(after).moved(*corner), index
        yield index, region


def _holds(before: Region, after: Region, one: NDArray[np.float32], two: NDArray[np.float32]) -> bool:
    """Whether it is the same structure still, by its place, and by how bright it is beside what lies around it."""
    both = 2 * int(np.count_nonzero(before & after)) / int(np.count_nonzero(before) + np.count_nonzero(after))
    around = cv2.dilate(before.astype(np.uint8), np.ones((_AROUND, _AROUND), np.uint8)).astype(bool) & ~before
    if both < _HOLDS or not around.any():
        return both >= _HOLDS
    inside, outside = float(np.median(one[before])), float(np.median(one[around]))
    changed = abs(float(np.median(two[after])) - inside)
    return changed < max(_CHANGES * abs(inside - outside), _LEAST_CHANGE)


def _between(
    at: SliceAt, below: int, above: int, keys: Mapping[int, ProposedRegion], spacing: tuple[float, float]
) -> Iterator[Carried]:
    one, two = keys[below].rect, keys[above].rect
    if one is None or two is None or above - below < 2:
        return
    part = one.union(two).grown(_REACH + _PATCH, _REACH + _PATCH).within(at(below).shape)
    corner, shape = _corner(part), (int(part.height), int(part.width))
    labels = np.zeros((above - below + 1, *shape), np.uint8)
    labels[0], labels[-1] = (keys[index].part(corner, shape) for index in (below, above))
    seen = np.stack([_part(at(index), part) for index in range(below, above + 1)])
    try:
        filled = fill_between(labels, (), spacing, pixels=seen)
    except EngineError:  # two shapes so far apart that nothing lies between
        return
    for step in range(1, above - below):
        region = ProposedRegion.of(filled[step] > 0)
        if not region.empty:
            yield below + step, region.moved(*corner)


def _share(before: Region, one: NDArray[np.float32], two: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much of what looks like each pixel is in the region, 0 to 1."""
    height, width = before.shape
    framed = np.pad(one, _REACH, mode="edge")
    owned = np.pad(before.astype(np.float32), _REACH, mode="edge")
    unlike, owner, nearness = list[NDArray[np.float32]](), list[NDArray[np.float32]](), list[float]()
    for down, across in _STEPS:
        place = np.s_[_REACH + down : _REACH + down + height, _REACH + across : _REACH + across + width]
        unlike.append(np.asarray(cv2.blur((two - framed[place]) ** 2, (_PATCH, _PATCH)), np.float32))
        owner.append(owned[place])
        nearness.append(float(np.exp(-(down * down + across * across) / (2 * _NEAR**2))))
    least = np.minimum.reduce(unlike)
    inside, total = np.zeros((2, height, width), np.float32)
    for far, own, near in zip(unlike, owner, nearness, strict=True):
        weight = near * np.exp(-(far - least) / (_LIKE + least))
        total += weight
        inside += weight * own
    return np.asarray(inside / total, np.float32)


_STEPS = [
    (down, across)
    for down in range(-_REACH, _REACH + 1)
    for across in range(-_REACH, _REACH + 1)
    if down * down + across * across <= _REACH * _REACH
]


def _depth(region: Region) -> NDArray[np.float32]:
    """Pixels from the outline, less than 0 outside."""
    inner, outer = (cv2.distanceTransform(each.astype(np.uint8), cv2.DIST_L2, 5) for each in (region, ~region))
    return np.where(region, inner - 0.5, 0.5 - outer).astype(np.float32)


def _part(shown: DisplayedSlice | WindowedSlice, rect: Rect) -> DisplayedSlice:
    top, left = _corner(rect)
    return np.ascontiguousarray(shown[top : int(rect.bottom), left : int(rect.right)])


def _brightness(shown: DisplayedSlice | WindowedSlice, rect: Rect) -> NDArray[np.float32]:
    part = _part(shown, rect).astype(np.float32) / 255
    grey = part.mean(axis=-1) if part.ndim == 3 else part
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), _SMOOTH), np.float32)


def _corner(rect: Rect) -> tuple[int, int]:
    return int(rect.top), int(rect.left)
