"""Distances along the scan: how far a pixel lies from what is marked, where crossing an edge is a long way."""

import math
from collections.abc import Iterator
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.labels.shapes import Region

FAR = np.float32(1e6)
_ROUNDS = 8  # of sweeps at most
_SETTLED = 1e-3  # share of the pixels that a round still changed, below which it is the last one
_EDGE_SHARE = 98  # percentile of the gradient that counts as an edge in full
_FLAT = 0.01  # what a pixel costs where there is no edge


def edge_cost(values: NDArray[np.generic], *, above_noise: bool = False) -> NDArray[np.float32]:
    """What crossing a pixel costs: from 0.01 where nothing changes to 1.01 at an edge, float32 (h, w). `values` is (h, w) or
    (h, w, channels). `above_noise`: gradients up to twice the median are none, for ways that are long."""
    found = np.asarray(values, np.float32)
    gradient = np.zeros(found.shape[:2], np.float32)
    for channel in cv2.split(found):
        gradient += cv2.magnitude(cv2.Sobel(channel, cv2.CV_32F, 1, 0), cv2.Sobel(channel, cv2.CV_32F, 0, 1))
    if above_noise:
        gradient = np.maximum(gradient - 2 * np.median(gradient), 0)
    steep = gradient / max(float(np.percentile(gradient, _EDGE_SHARE)), 1.0)
    return np.asarray(_FLAT + np.clip(steep, 0, 1), np.float32)


def geodesic_distances(
    cost: NDArray[np.float32], seeds: Region, spacing: tuple[float, ...] = ()
) -> NDArray[np.float32]:
    """From each pixel to the nearest seed, along the cheapest way: float32 of the shape of `seeds`, FAR where there is no seed.

    `cost` (any number of axes) > 0 is what a unit of way costs at a pixel; `seeds` is bool of that shape, or (n, *shape) for n sets of
    seeds at once. `spacing` is a pixel's size along each axis, 1 where it is not given.

    Raster scanning (Toivanen 1996, Pattern Recognition Letters 17; Criminisi, Sharp and Blake 2008, "GeoS"): each axis is swept there
    and back until little gets shorter, a row (of a volume: a slice) at a time.
    """
    distance = np.where(seeds if seeds.ndim > cost.ndim else seeds[None], np.float32(0), FAR)
    _settle(cost, distance, None, spacing)
    found: NDArray[np.float32] = distance if seeds.ndim > cost.ndim else distance[0]
    return found


def nearest_labels(
    cost: NDArray[np.float32], labels: NDArray[np.uint8], spacing: tuple[float, ...] = ()
) -> NDArray[np.uint8]:
    """Each pixel has the label of the seed that is nearest by geodesic distance: uint8 of the shape of `labels`, in which 0 is no seed.
    All 0 where there is no seed at all."""
    distance, grown = np.where(labels[None] > 0, np.float32(0), FAR), labels[None].copy()
    _settle(cost, distance, grown, spacing)
    found: NDArray[np.uint8] = grown[0]
    return found


def _settle(
    cost: NDArray[np.float32],
    distance: NDArray[np.float32],
    labels: NDArray[np.uint8] | None,
    spacing: tuple[float, ...],
) -> None:
    """Sweep until nothing of weight changes, in place. Distance and labels are (n, *shape of the cost)."""
    steps = spacing or (1.0,) * cost.ndim
    for _ in range(_ROUNDS):
        before = distance.copy()
        for axis in range(cost.ndim):
            for back in (False, True):
                _sweep(cost, distance, labels, steps, axis, back)
        if np.count_nonzero(distance < before) <= _SETTLED * distance.size:
            break


def _sweep(
    cost: NDArray[np.float32],
    distance: NDArray[np.float32],
    labels: NDArray[np.uint8] | None,
    spacing: tuple[float, ...],
    axis: int,
    back: bool,
) -> None:
    """Hand distances on along the axis, from each row to the next one, straight and aslant."""
    way = slice(None, None, -1) if back else slice(None)
    costs = np.moveaxis(cost, axis, 0)[way] / 2
    rows = np.moveaxis(distance, axis + 1, 0)[way]
    owners = None if labels is None else np.moveaxis(labels, axis + 1, 0)[way]
    across = spacing[:axis] + spacing[axis + 1 :]
    ways = [(to, source, np.float32(math.hypot(spacing[axis], aside))) for to, source, aside in _shifts(across)]
    for row in range(1, len(rows)):
        for to, source, length in ways:
            reached = rows[row - 1][..., *source] + (costs[row - 1][source] + costs[row][to]) * length
            now = rows[row][..., *to]
            if owners is None:
                np.minimum(now, reached, out=now)
            else:
                nearer = reached < now
                np.copyto(now, reached, where=nearer)
                np.copyto(owners[row][..., *to], owners[row - 1][..., *source], where=nearer)


def _shifts(spacing: tuple[float, ...]) -> Iterator[tuple[tuple[slice, ...], tuple[slice, ...], float]]:
    """From which part of a row to which part of the next one, and how far aside that is: straight on, and one pixel along each axis."""
    for shift in product((-1, 0, 1), repeat=len(spacing)):
        if sum(map(abs, shift)) < 2:
            to = tuple(slice(max(n, 0), n if n < 0 else None) for n in shift)
            source = tuple(slice(max(-n, 0), -n if n > 0 else None) for n in shift)
            yield to, source, math.hypot(*(n * unit for n, unit in zip(shift, spacing, strict=True)))
