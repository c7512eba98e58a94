"""Strokes of several classes grown over a slice or a volume until they meet."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.labels.assist.geodesic import edge_cost, nearest_labels
from engine.labels.classes import BACKGROUND
from engine.labels.edit import Labels
from engine.words import translatable

_MOST = 2**25  # voxels: some 30 s and 1 GB
_BEYOND, _LEAST_BEYOND = 0.6, 12  # of the strokes' extent and pixels: so far around them the scan is looked at
_SURROUNDINGS = (
    255  # stands for the rim in the competition: no class; what is unlabelled on purpose is a rival as the rim is
)


def grow_seeds(
    shown: NDArray[np.uint8], labels: Labels, spacing: tuple[float, float, float] = (1.0, 1.0, 1.0)
) -> Labels:
    """The labels (z, y, x) uint8 with every class grown along the scan until it meets another one, as a new array.

    Each voxel goes to the class whose stroke is nearest by geodesic distance, over all slices at once; what lies around all strokes is
    a rival too, so that nothing runs out. It grows on the slices from the first painted one to the last: where a structure ends
    beyond them nobody knows. What is painted stays. A class that shall end somewhere needs a rival there: paint it.

    `shown` is the scan as the screen shows it, (z, y, x) or (z, y, x, 3); `spacing` a voxel's size. Raises EngineError where nothing is
    painted, there is nothing to grow into, or too much.
    """
    box = _around(labels)
    if box is None:
        raise EngineError(translatable("Nothing is painted here yet: draw a stroke in each structure, then grow them."))
    if math.prod(labels[box].shape) > _MOST:
        raise EngineError(
            translatable(
                "The strokes reach over too much of the volume: grow them slice by slice, or over fewer slices."
            )
        )
    part, values = labels[box], shown[box]
    seeds = part.copy()
    for rim in (seeds[:, 0], seeds[:, -1], seeds[:, :, 0], seeds[:, :, -1]):
        np.copyto(rim, np.uint8(_SURROUNDINGS), where=rim == BACKGROUND)
    cost = np.stack([edge_cost(_smoothed(each), above_noise=True) for each in values])
    if len(cost) > 1:
        cost = np.minimum(cost + _steps_through(values), 1.01).astype(np.float32)
    grown = nearest_labels(cost, seeds, spacing)
    grown[grown == _SURROUNDINGS] = BACKGROUND
    result = labels.copy()
    np.copyto(result[box], grown, where=part == BACKGROUND)
    if np.array_equal(result, labels):
        raise EngineError(translatable("There is nothing that the strokes could grow into."))
    return result


def _around(labels: Labels) -> tuple[slice, slice, slice] | None:
    """The part of the volume in which strokes grow."""
    extents = [np.flatnonzero(labels.any(axis=axes)) for axes in ((1, 2), (0, 2), (0, 1))]
    if not len(extents[0]):
        return None
    ranges = [slice(int(extents[0][0]), int(extents[0][-1]) + 1)]
    for extent, size in zip(extents[1:], labels.shape[1:], strict=True):
        first, last = int(extent[0]), int(extent[-1])
        more = round(_BEYOND * (last - first)) + _LEAST_BEYOND
        ranges.append(slice(max(first - more, 0), min(last + more + 1, size)))
    return ranges[0], ranges[1], ranges[2]


def _smoothed(shown: NDArray[np.uint8]) -> NDArray[np.uint8]:
    kept = cv2.bilateralFilter(np.ascontiguousarray(shown), 5, 25, 3)
    return np.asarray(cv2.GaussianBlur(kept, (0, 0), 1), np.uint8)


def _steps_through(shown: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How much the scan changes from slice to slice, 0 to 1, (z, y, x)."""
    grey = shown.mean(axis=-1) if shown.ndim == 4 else shown
    step = np.abs(np.gradient(grey.astype(np.float32), axis=0))
    return np.asarray(np.clip(step / max(float(np.percentile(step, 98)), 1.0), 0, 1), np.float32)
