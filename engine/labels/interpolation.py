"""Slices between painted ones, filled from the shapes on both sides."""

from collections.abc import Collection
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from engine.errors import EngineError
from engine.labels.classes import BACKGROUND
from engine.labels.edit import Labels
from engine.words import translatable

_SQUARE = 1e-3  # how far from 1 a pixel's sides may be for the quick distance, which knows square pixels alone


def fill_between(
    labels: Labels, painted: Collection[int], spacing: tuple[float, float] = (1.0, 1.0), only: int | None = None
) -> Labels:
    """The labels (z, y, x) uint8 with the slices between painted ones filled, as a new array.

    Shape-based interpolation by signed distances (Raya and Udupa 1990, IEEE Trans. Med. Imaging 9(1)), of all classes and the
    background at once: each pixel goes to the largest, so that classes that touch go on touching. A slice is filled from the nearest
    painted ones on both sides: those in `painted`, and those that hold something. A class ends with the last of two neighbours that
    holds it: where it ends in between nobody knows. What is painted stays; nothing is ever filled past the last painted slice.

    With `only`, that class alone is filled, between the slices that hold it, where there is background. `spacing` is a pixel's size
    (down, across). Raises EngineError where nothing can be filled, and says why.
    """
    if only is None:
        held = {z for z in range(len(labels)) if labels[z].any()}
        keys = sorted(held.union(z for z in painted if 0 <= z < len(labels)))
    else:
        held = {z for z in range(len(labels)) if (labels[z] == only).any()}
        keys = sorted(held)
    _check(held, keys)
    filled = labels.copy()
    for below, above in pairwise(keys):
        if above - below < 2:
            continue
        one, two = labels[below], labels[above]
        if only is not None:
            one, two = (np.where(key == only, key, np.uint8(BACKGROUND)) for key in (one, two))
        _fill_gap(filled[below : above + 1], one, two, spacing)
    if np.array_equal(filled, labels):
        raise EngineError(
            translatable("Nothing lies between: no class is on both of two painted slices with unpainted ones between.")
        )
    return filled


def _check(held: set[int], keys: list[int]) -> None:
    if not held:
        raise EngineError(
            translatable(
                "Nothing is painted here yet: paint two slices with some between them, and they can be filled."
            )
        )
    if len(held) == 1:
        raise EngineError(
            translatable(
                "Only slice {number} is painted: paint another one further on, and what lies between is filled."
            ),
            number=min(held) + 1,
        )
    if all(above - below < 2 for below, above in pairwise(keys)):
        raise EngineError(translatable("No slice is left to fill between the painted ones."))


def _fill_gap(filled: Labels, below: Labels, above: Labels, spacing: tuple[float, float]) -> None:
    """Fill, in place and where there is background, the slices (n, y, x) but the first and the last, from those two."""
    shared = np.intersect1d(below, above)
    values = shared[shared != BACKGROUND]
    if not len(values):
        return
    part = _around(np.isin(below, values) | np.isin(above, values))
    one, two = below[part], above[part]
    shapes = []
    for value in values:  # each in its own box: beyond it another one is nearer
        box = _around((one == value) | (two == value))
        shapes.append((value, box, _depth(one[box] == value, spacing), _depth(two[box] == value, spacing)))
    nowhere = [_depth(~np.isin(key, values), spacing) for key in (one, two)]
    steps = len(filled) - 1
    for step in range(1, steps):
        share = step / steps
        best = (1 - share) * nowhere[0] + share * nowhere[1]
        winner = np.full(best.shape, BACKGROUND, np.uint8)
        for value, box, start, end in shapes:
            depth = (1 - share) * start + share * end
            np.copyto(winner[box], value, where=depth > best[box])
            np.maximum(best[box], depth, out=best[box])
        now = filled[step][part]
        np.copyto(now, winner, where=now == BACKGROUND)


def _around(region: NDArray[np.bool_]) -> tuple[slice, slice]:
    """The rows and columns that the region takes, and one more on each side, so that it has an outside."""
    (down, across), *_ = ndimage.find_objects(region.astype(np.uint8))
    return slice(max(down.start - 1, 0), down.stop + 1), slice(max(across.start - 1, 0), across.stop + 1)


def _depth(region: NDArray[np.bool_], spacing: tuple[float, float]) -> NDArray[np.float32]:
    """How deep each pixel lies in the region, from its border, which is half a pixel from the centres on both sides; less than 0
    outside, float32 in the spacing's unit. A region that is everything or nothing is as deep, or as far, as the slice is large."""
    far = float(np.hypot(region.shape[0] * spacing[0], region.shape[1] * spacing[1]))
    if region.all() or not region.any():
        return np.full(region.shape, far if region.any() else -far, np.float32)
    half = min(spacing) / 2
    inner, outer = _distance(region, spacing), _distance(~region, spacing)
    return np.where(region, inner - half, half - outer).astype(np.float32)


def _distance(region: NDArray[np.bool_], spacing: tuple[float, float]) -> NDArray[np.float32]:
    """From each pixel of the region to the nearest one outside, exact."""
    if abs(spacing[0] / spacing[1] - 1) < _SQUARE:
        found = cv2.distanceTransform(region.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        return np.asarray(found * spacing[0], np.float32)
    return np.asarray(ndimage.distance_transform_edt(region, spacing), np.float32)
