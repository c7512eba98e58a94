"""What repairs a mask as a whole, of a slice (2D) or a volume (3D): holes, specks, ragged borders, too much or too little; and what joins
a class with another region or cuts it down to one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine import ndimage
from engine.labels.classes import BACKGROUND, UNLABELLED
from engine.labels.edit import Labels

CleanUpAction: TypeAlias = Literal["holes", "largest", "small", "smooth", "grow", "shrink", "hollow"]

Combination: TypeAlias = Literal["union", "intersection", "minus"]

_ROUNDING = 1e-6  # of a distance


@dataclass(frozen=True)
class CleanUp:
    """What is done, and to which class (`only`; None: to every class). `amount`: the size below which parts go, in the unit of the
    spacing squared (a slice) or cubed (a volume), or the reach of smoothing, growing and shrinking, in the spacing's unit."""

    action: CleanUpAction
    amount: float = 0.0
    only: int | None = None


def clean_up(labels: Labels, task: CleanUp, spacing: Sequence[float]) -> Labels:
    """The labels (uint8, 2D or 3D) after it, as a new array. `spacing` is the size of a voxel along each axis.

    holes: background that one class encloses (seen through faces) becomes that class. largest: of each class the largest part (voxels
    that share a face, an edge or a corner) stays. small: parts smaller than the amount go. smooth: each voxel gets the value that most
    have in the box of that reach around it, all classes at once, so that borders stay shared; for two values it is the median. grow,
    shrink: by so much in a straight line; of several classes the nearest takes a voxel, and only from the background, while one alone
    takes what the mask's rules allow. hollow: what lies deeper than the amount becomes background, a wall of that thickness stays. The
    border of the image is no border of a class. Unlabelled voxels stay as they are.
    """
    new = labels.copy()
    values = [v for v in np.unique(labels) if v not in (BACKGROUND, UNLABELLED) and task.only in (None, v)]
    if not values:
        return new
    if task.action == "smooth":
        _smooth(labels, new, task.amount, spacing, values)
    elif task.action == "grow":
        _grow(labels, new, task.amount, spacing, values, over_others=task.only is not None)
    else:
        for value in values:
            _repair(labels, new, int(value), task, spacing)
    return new


def combine(labels: Labels, value: int, other: NDArray[np.bool_], how: Combination) -> Labels:
    """The labels (uint8, 2D or 3D) after a class met another region of their shape, as a new array.

    union: the region becomes of that class, whatever it is of. intersection: what of the class lies outside the region becomes
    background. minus: what lies in it does. Unlabelled voxels stay as they are.
    """
    new = labels.copy()
    if how == "union":
        new[other & (labels != UNLABELLED)] = value
    else:
        new[(labels == value) & (other if how == "minus" else ~other)] = BACKGROUND
    return new


def enclosed(labels: Labels, value: int) -> NDArray[np.bool_]:
    """Where a class is, and what it encloses, seen through faces: two classes of a mask share no voxel, but one can lie in the other."""
    region: NDArray[np.bool_] = labels == value
    if region.any():
        part = _around(region, [0] * labels.ndim)
        region[part] = ndimage.binary_fill_holes(region[part])
    return region


def _repair(labels: Labels, new: Labels, value: int, task: CleanUp, spacing: Sequence[float]) -> None:
    reach = (
        [_steps(task.amount, size) + 1 for size in spacing]
        if task.action in ("shrink", "hollow")
        else [0] * labels.ndim
    )
    part = _around(labels == value, reach)
    region, into = labels[part] == value, new[part]
    if task.action == "holes":
        into[(ndimage.binary_fill_holes(region) & (labels[part] == BACKGROUND))] = value
    elif task.action in ("shrink", "hollow"):
        if not region.all():
            outer = ndimage.distance_transform_edt(region, spacing) <= task.amount * (1 + _ROUNDING)
            into[region & (outer if task.action == "shrink" else ~outer)] = BACKGROUND
    else:
        into[region & ~_kept_parts(region, task, float(np.prod(spacing)))] = BACKGROUND


def _kept_parts(region: NDArray[np.bool_], task: CleanUp, voxel: float) -> NDArray[np.bool_]:
    parts, _ = ndimage.label(region, np.ones((3,) * region.ndim))
    sizes = np.bincount(parts.ravel())
    sizes[0] = 0
    if task.action == "largest":
        kept = np.arange(len(sizes)) == sizes.argmax()
    else:
        kept = sizes * voxel >= task.amount * (1 - _ROUNDING)
    kept[0] = False
    result: NDArray[np.bool_] = kept[parts]
    return result


def _grow(
    labels: Labels, new: Labels, amount: float, spacing: Sequence[float], values: Sequence[int], *, over_others: bool
) -> None:
    sources = np.isin(labels, values)
    part = _around(sources, [_steps(amount, size) for size in spacing])
    now = labels[part]
    distance, nearest = ndimage.distance_transform_edt(~sources[part], spacing, return_indices=True)
    free = (now != UNLABELLED) if over_others else (now == BACKGROUND)
    grown = free & (distance <= amount * (1 + _ROUNDING))
    new[part][grown] = now[tuple(nearest)][grown]


def _smooth(labels: Labels, new: Labels, amount: float, spacing: Sequence[float], values: Sequence[int]) -> None:
    reach = [_steps(amount, size) for size in spacing]
    part = _around(np.isin(labels, values), reach)
    now = labels[part]
    voting = [int(v) for v in np.unique(now) if v != UNLABELLED]
    own = np.zeros(now.shape, np.int32)
    for value in voting:
        np.copyto(own, _votes(now == value, reach), where=now == value)
    winner, most = now.copy(), own
    for value in voting:
        votes = _votes(now == value, reach)
        more = votes > most
        np.copyto(winner, np.uint8(value), where=more)
        np.copyto(most, votes, where=more)
    ours = np.isin(now, values) | np.isin(winner, values)
    np.copyto(new[part], winner, where=ours & (now != UNLABELLED))


def _votes(region: NDArray[np.bool_], reach: Sequence[int]) -> NDArray[np.int32]:
    """How many voxels of the region are in the box of that reach around each; mirrored at the border as ndimage does ("reflect")."""
    votes = region.astype(np.int32)
    for axis, steps in enumerate(reach):
        sums = np.cumsum(_reflected(votes, axis, steps), axis=axis, dtype=np.int32)
        sums = np.concatenate([np.zeros_like(np.take(sums, [0], axis)), sums], axis)
        size = votes.shape[axis]
        upper = np.take(sums, np.arange(size) + 2 * steps + 1, axis)
        votes = upper - np.take(sums, np.arange(size), axis)
    return votes


def _reflected(votes: NDArray[np.int32], axis: int, steps: int) -> NDArray[np.int32]:
    pads = [(0, 0)] * votes.ndim
    pads[axis] = (steps, steps)
    return np.pad(votes, pads, mode="symmetric")


def _steps(amount: float, size: float) -> int:
    """How many whole voxels of that size are in the amount."""
    return int(amount / size + _ROUNDING)


def _around(region: NDArray[np.bool_], reach: Sequence[int]) -> tuple[slice, ...]:
    """The box around the region, larger by the reach on each side, within the array."""
    box = ndimage.find_objects(region.astype(np.uint8))[0]
    return tuple(
        slice(max(side.start - steps, 0), min(side.stop + steps, size))
        for side, steps, size in zip(box, reach, region.shape, strict=True)
    )
