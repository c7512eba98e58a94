"""Slices between painted ones, filled from the shapes on both sides and from what the image shows in between."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import ndimage
from engine.errors import EngineError
from engine.imaging.image import Pixels
from engine.imaging.sample import sampled
from engine.labels.classes import BACKGROUND
from engine.labels.edit import Labels
from engine.words import translatable

_REACH = 3  # pixels around a place in which the painted slices are searched for what looks like it
_NEAR = 1.0  # pixels: the standard deviation that makes nearer ones count more
_PATCH = np.array([0.25, 0.5, 0.25], np.float32)  # what is compared, down and across: the middle counts most
_LIKE = 0.004  # mean square difference, of brightness from 0 to 1, that halves hardly anything
_TRUST = 1.4  # that a pixel of depth counts beside what places look like
_BRIGHT = 0.55  # that the brightness alone counts, by what the classes have on the painted slices
_LEVELS = 24  # of brightness that are told apart
_AROUND = 4  # pixels around the classes whose brightness is the background's
_HALF_WAY = 0.5  # of the shift that gives a class the size it should have between its sizes on the painted slices
_FARTHEST = 2.0  # that such a shift may be
BAND = 6.0
"""Pixels of depth by which shapes alone decide."""
REACHED = _REACH + len(_PATCH)
"""Pixels around a class that are looked at with it."""
_STRIP = 2**18  # pixels that are looked at together: what they need of memory is some hundred times as much
_SAMPLE = 2**18

_SQUARE = 1e-3  # how far from 1 a pixel's sides may be for the quick distance, which knows square pixels alone


class NoSliceLeft(EngineError):
    """Every slice between painted ones is painted as well; one class may still be missing on some."""


def fill_between(
    labels: Labels,
    painted: Collection[int],
    spacing: tuple[float, float] = (1.0, 1.0),
    only: int | None = None,
    pixels: Pixels | None = None,
) -> Labels:
    """The labels (z, y, x) uint8 with the slices between painted ones filled, as a new array.

    Shape-based interpolation by signed distances (Raya and Udupa 1990, IEEE Trans. Med. Imaging 9(1)), of all classes and the
    background at once: each pixel goes to the largest, so that classes that touch go on touching. A slice is filled from the nearest
    painted ones on both sides: those in `painted`, and those that hold something. A class ends with the last of two neighbours that
    holds it: where it ends in between nobody knows. What is painted stays; nothing is ever filled past the last painted slice.

    With `pixels`, the image (z, y, x[, channel]), borders follow what is seen: around them each pixel also asks the places of both
    painted slices that look like its own, and the nearer and the more alike one is, the more its class counts (patches as in Coupe et
    al. 2011, NeuroImage 54(2)). Where nothing looks alike all places count the same, and the shapes decide. Blended distances make
    shapes that shift too small: each class is brought half-way to the size that a cubic spline through its sizes on the painted slices
    says. docs/interpolation.md has what it is worth.

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
    filled, shared = labels.copy(), False
    sizes = None if pixels is None else _sizes(labels, keys)
    for below, above in pairwise(keys):
        if above - below < 2:
            continue
        one, two = labels[below], labels[above]
        if only is not None:
            one, two = (np.where(key == only, key, np.uint8(BACKGROUND)) for key in (one, two))
        seen = None if pixels is None else brightness(pixels[below : above + 1])
        between = None if sizes is None else sizes[below - keys[0] : above - keys[0] + 1]
        shared |= _fill_gap(filled[below : above + 1], one, two, spacing, seen, between)
    if np.array_equal(filled, labels):
        raise EngineError(
            translatable(
                "Nothing comes out between: the shapes lie too far apart, or other classes are there already. Paint a slice between them."
            )
            if shared
            else translatable(
                "Nothing lies between: no class is on both of two painted slices with unpainted ones between. Paint one on both."
            )
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
        raise NoSliceLeft(
            translatable(
                "No slice is left to fill between the painted ones: paint another one further on, or pick a class that is missing between."
            )
        )


def _sizes(labels: Labels, keys: Sequence[int]) -> NDArray[np.float64]:
    """How many pixels each value (256) should have on the slices from the first key to the last (slices, 256): a natural cubic spline
    through what it has on the keys."""
    from scipy.interpolate import CubicSpline

    held = np.stack([np.bincount(labels[key].ravel(), minlength=256) for key in keys])
    return np.maximum(CubicSpline(keys, held, bc_type="natural")(np.arange(keys[0], keys[-1] + 1)), 0.0)


def brightness(pixels: Pixels) -> NDArray[np.float32]:
    """Slices (n, y, x[, channel]) as float32 (n, y, x) from 0 to 1, cut at the 0.5th and 99.5th percentile."""
    grey = np.asarray(pixels, np.float32)
    grey = grey.mean(axis=-1) if grey.ndim == 4 else grey
    grey = np.nan_to_num(grey, copy=False, posinf=0.0, neginf=0.0)
    low, high = np.percentile(np.asarray(sampled(grey, _SAMPLE), np.float32), (0.5, 99.5))
    return np.asarray(np.clip((grey - low) / max(float(high - low), 1e-9), 0, 1), np.float32)


def _fill_gap(
    filled: Labels,
    below: Labels,
    above: Labels,
    spacing: tuple[float, float],
    seen: NDArray[np.float32] | None,
    sizes: NDArray[np.float64] | None,
) -> bool:
    """Fill, in place and where there is background, the slices (n, y, x) but the first and the last, from those two; `seen` is the
    image's brightness there (n, y, x), `sizes` how many pixels each value should have (n, 256). Whether any class is on both."""
    shared = np.intersect1d(below, above)
    values = shared[shared != BACKGROUND]
    if not len(values):
        return False
    part = around(np.isin(below, values) | np.isin(above, values), REACHED if seen is not None else 1)
    keys = [np.where(np.isin(key, values), key, np.uint8(BACKGROUND))[part] for key in (below, above)]
    shapes = []
    for value in values:  # each in its own box: beyond it another one is nearer
        box = around((keys[0] == value) | (keys[1] == value), REACHED if seen is not None else 1)
        shapes.append((value, box, *(signed_depth(key[box] == value, spacing) for key in keys)))
    nowhere = [signed_depth(key == BACKGROUND, spacing) for key in keys]
    steps = len(filled) - 1
    for step in range(1, steps):
        share = step / steps
        depths = [(value, box, (1 - share) * start + share * end) for value, box, start, end in shapes]
        found = deepest((1 - share) * nowhere[0] + share * nowhere[1], depths)
        if seen is not None and sizes is not None:
            views = [seen[at][part] for at in (0, step, steps)]
            sources = [
                PaintedSlice(key, view, float(np.sqrt(count)))
                for key, view, count in zip(keys, (views[0], views[2]), (1 - share, share), strict=True)
            ]
            open_yet = found.lead < BAND * min(spacing)
            follow_image(found, open_yet, sources, views[1], _TRUST / min(spacing), _NEAR, sizes[step])
        now = filled[step][part]
        np.copyto(now, found.winner, where=now == BACKGROUND)
    return True


@dataclass(frozen=True, eq=False)
class PaintedSlice:
    """A painted slice: its labels (down, across), the image's brightness there, float32 from 0 to 1, and how much it counts."""

    labels: Labels
    seen: NDArray[np.float32]
    weight: float


@dataclass(frozen=True, eq=False)
class LabelDepths:
    """Who wins each pixel of a slice, by how much depth, and the depths in the boxes that the classes have there."""

    winner: Labels
    lead: NDArray[np.float32]
    depths: dict[int, tuple[tuple[slice, slice], NDArray[np.float32]]]


def deepest(
    nowhere: NDArray[np.float32], shapes: Iterable[tuple[int, tuple[slice, slice], NDArray[np.float32]]]
) -> LabelDepths:
    """Give each pixel to the class that it lies deepest in: `nowhere` is how deep it lies in the background, `shapes` are the classes,
    the box of each and the depths there."""
    best, depths = nowhere.copy(), {BACKGROUND: ((slice(None), slice(None)), nowhere)}
    winner, second = np.full(best.shape, BACKGROUND, np.uint8), np.full(best.shape, -np.inf, np.float32)
    for value, box, depth in shapes:
        depths[int(value)] = box, depth
        np.copyto(winner[box], np.uint8(value), where=depth > best[box])
        np.maximum(second[box], np.minimum(best[box], depth), out=second[box])
        np.maximum(best[box], depth, out=best[box])
    return LabelDepths(winner, best - second, depths)


def follow_image(
    found: LabelDepths,
    open_yet: NDArray[np.bool_],
    sources: Sequence[PaintedSlice],
    seen: NDArray[np.float32],
    trust: float,
    near: float,
    sizes: NDArray[np.float64] | None = None,
) -> None:
    """Decide anew, in place, the pixels that are `open_yet`: by what places of the painted slices look like, and by the depths of the
    shapes, of which one counts `trust`. Places count less the farther they lie, by a Gaussian of `near` pixels. `seen` is the
    brightness of this slice. With `sizes`, how many pixels each value (256) should have, brightness alone counts as well, and the
    classes come half-way to their sizes."""
    winner, values = found.winner, list(found.depths)
    height, width = winner.shape
    margin = _REACH + len(_PATCH) // 2
    rows = max(_STRIP // width, 1)
    places, likely = np.nonzero(open_yet), []
    for top in range(0, height, rows):
        first, last = max(top - margin, 0), min(top + rows + margin, height)
        part, strip = slice(first, last), slice(*np.searchsorted(places[0], (top, top + rows)))
        if strip.start == strip.stop:
            continue
        cut = [PaintedSlice(each.labels[part], each.seen[part], each.weight) for each in sources]
        votes = _votes(cut, seen[part], (places[0][strip] - first, places[1][strip]), values, near)
        likely.append(np.log(votes / votes.sum(axis=0) + 1e-3))
    if not likely:
        return
    chances = np.concatenate(likely, axis=1)
    for row, (box, depth) in enumerate(found.depths.values()):
        there = np.full((height, width), -np.inf, np.float32) if box != (slice(None), slice(None)) else depth
        if there is not depth:
            there[box] = depth
        chances[row] += there[places] * trust
    if sizes is not None:
        chances += _BRIGHT * _by_brightness(sources, values, seen[places])
        left = sizes[values] - np.bincount(winner[~open_yet], minlength=256)[values]
        chances += _towards_sizes(chances, left, values.index(BACKGROUND))[:, None]
    winner[places] = np.array(values, np.uint8)[chances.argmax(axis=0)]


def _by_brightness(
    sources: Sequence[PaintedSlice], values: Sequence[int], seen: NDArray[np.float32]
) -> NDArray[np.float32]:
    """How likely each value has such a brightness (places), as logarithms (values, places), by what it has on the painted slices, of the
    background near the classes alone."""
    counts = np.zeros((len(values), _LEVELS), np.float32)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _AROUND + 1, 2 * _AROUND + 1))
    for source in sources:
        near = cv2.dilate((source.labels != BACKGROUND).astype(np.uint8), disc) > 0
        labels, levels = source.labels[near], _levels(source.seen[near])
        for row, value in enumerate(values):
            counts[row] += source.weight * np.bincount(levels[labels == value], minlength=_LEVELS)
    counts = cv2.GaussianBlur(counts, (0, 1), 1.0) + 0.5
    return np.asarray(np.log(counts / counts.sum(axis=1, keepdims=True))[:, _levels(seen)], np.float32)


def _levels(seen: NDArray[np.float32]) -> NDArray[np.intp]:
    return np.minimum((seen * _LEVELS).astype(np.intp), _LEVELS - 1)


def _towards_sizes(chances: NDArray[np.float32], wanted: NDArray[np.float64], nothing: int) -> NDArray[np.float32]:
    """By how much to raise each value's chances (values, places), so that it comes half-way to as many places as `wanted`; the row
    `nothing` is left as it is."""
    raised = np.zeros(len(chances), np.float32)
    for row in [*range(len(chances))] * 2:  # the second time beside others that were raised
        if row == nothing:
            continue
        others = np.delete(chances + raised[:, None], row, axis=0).max(axis=0)
        lead = chances[row] - others
        count = int(np.clip(round(wanted[row]), 0, len(lead) - 1))
        border = -np.partition(lead, len(lead) - 1 - count)[len(lead) - 1 - count]
        raised[row] = _HALF_WAY * np.clip(border, -_FARTHEST, _FARTHEST)
    return raised


def _votes(
    sources: Sequence[PaintedSlice],
    seen: NDArray[np.float32],
    places: tuple[NDArray[np.int64], NDArray[np.int64]],
    values: Sequence[int],
    near: float,
) -> NDArray[np.float32]:
    """How much speaks for each of the values at the places (row, column): (values, places), over all places around in the sources."""
    row_of = np.zeros(256, np.intp)
    row_of[list(values)] = np.arange(len(values))
    height, width = seen.shape
    found: list[tuple[NDArray[np.float32], NDArray[np.intp], float]] = []
    for source in sources:
        framed = np.pad(source.seen, _REACH, mode="edge")
        for down, across in _STEPS:
            other = framed[_REACH + down : _REACH + down + height, _REACH + across : _REACH + across + width]
            unlike = np.asarray(cv2.sepFilter2D((seen - other) ** 2, -1, _PATCH, _PATCH), np.float32)[places]
            there = np.clip(places[0] + down, 0, height - 1), np.clip(places[1] + across, 0, width - 1)
            nearness = source.weight * float(np.exp(-(down * down + across * across) / (2 * near**2)))
            found.append((unlike, row_of[source.labels[there]], nearness))
    least = np.minimum.reduce([unlike for unlike, _, _ in found])
    votes, place = np.zeros((len(values), len(least)), np.float32), np.arange(len(least))
    for unlike, rows, nearness in found:
        votes[rows, place] += nearness * np.exp(-(unlike - least) / (_LIKE + least))
    return votes


_STEPS = [
    (down, across)
    for down in range(-_REACH, _REACH + 1)
    for across in range(-_REACH, _REACH + 1)
    if down * down + across * across <= _REACH * _REACH
]


def around(region: NDArray[np.bool_], more: int = 1) -> tuple[slice, slice]:
    """The rows and columns that the region takes, and so many more on each side, so that it has an outside."""
    (down, across), *_ = ndimage.find_objects(region.astype(np.uint8))
    return slice(max(down.start - more, 0), down.stop + more), slice(max(across.start - more, 0), across.stop + more)


def signed_depth(region: NDArray[np.bool_], spacing: tuple[float, float]) -> NDArray[np.float32]:
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
