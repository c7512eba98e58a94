"""Objects that touch, told apart by their shape alone: a watershed of the distance to the edge."""

import cv2
import numpy as np
from numpy.typing import NDArray

from engine import ndimage
from engine.errors import EngineError
from engine.labels.classes import UNLABELLED
from engine.labels.edit import Labels
from engine.labels.instances import MOST_OBJECTS, Instances
from engine.words import translatable

_SMOOTHING = 0.25  # of a usual object's radius: dents smaller than that make no object of their own


def watershed(labels: Labels) -> Instances:
    """The objects of each class, slice by slice, as basins of the distance to the class's edge: round things that touch come apart at
    their necks, where `instances.parts` takes them for one. What is unlabelled is no object.

    Raises EngineError where there are more than 65,535. Source: Beucher and Lantuéjoul 1979; Vincent and Soille, PAMI 1991.
    """
    ids, classes = np.zeros(labels.shape, np.uint16), [0]
    for labels_of_slice, ids_of_slice in zip(labels, ids, strict=True):
        for value in np.unique(labels_of_slice):
            if value in (0, UNLABELLED):
                continue
            inside = labels_of_slice == value
            basins = _basins(inside)
            count = int(basins.max())
            if len(classes) + count - 1 > MOST_OBJECTS:
                raise EngineError(
                    translatable("There are more than 65,535 separate objects."),
                    translatable("Clean up the mask first: remove the smallest islands."),
                )
            ids_of_slice[inside] = basins[inside] + (len(classes) - 1)
            classes += [int(value)] * count
    return Instances(ids, np.array(classes, np.uint8))


def _basins(inside: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Basins (h, w) numbered from 1, 0 outside: every pixel inside climbs to a top of the smoothed distance, and those that reach the
    same top are one basin."""
    padded = np.pad(inside, 1).view(np.uint8)
    count, found = cv2.connectedComponents(padded, connectivity=8)
    components = np.asarray(found, np.int32)
    distance = np.asarray(cv2.distanceTransform(padded, cv2.DIST_L2, cv2.DIST_MASK_5), np.float32)
    radius = float(np.median(ndimage.maximum(distance, components, np.arange(1, count)))) if count > 1 else 1.0
    smooth = np.asarray(cv2.GaussianBlur(distance, (0, 0), max(0.5, _SMOOTHING * radius)), np.float32)
    smooth[padded == 0] = -1
    above = _tops(_steepest(smooth), smooth, components, max(1, round(radius / 2)))
    basins = np.zeros(padded.shape, np.int64)
    basins[padded > 0] = np.unique(above[padded.reshape(-1) > 0], return_inverse=True)[1] + 1
    return basins[1:-1, 1:-1]


def _steepest(heights: NDArray[np.float32]) -> NDArray[np.int64]:
    """For each pixel (flat), the place at the end of the way up over ever higher neighbours; of equal ones the first counts as higher.
    The outermost pixels must be the lowest."""
    height, width = heights.shape
    places = np.arange(heights.size, dtype=np.int64).reshape(heights.shape)
    best, up = heights.copy(), places.copy()
    inner = (slice(1, height - 1), slice(1, width - 1))
    for down in (-1, 0, 1):
        for across in (-1, 0, 1):
            there = (slice(1 + down, height - 1 + down), slice(1 + across, width - 1 + across))
            higher = (heights[there] > best[inner]) | ((heights[there] == best[inner]) & (places[there] < up[inner]))
            best[inner] = np.where(higher, heights[there], best[inner])
            up[inner] = np.where(higher, places[there], up[inner])
    return _followed(up.reshape(-1))


def _followed(up: NDArray[np.int64]) -> NDArray[np.int64]:
    while not np.array_equal(further := up[up], up):
        up = further
    return up


def _tops(
    up: NDArray[np.int64], heights: NDArray[np.float32], components: NDArray[np.int32], reach: int
) -> NDArray[np.int64]:
    """The same with tops that have a higher pixel of their connected part within `reach` px joined to it: they are no tops."""
    width = heights.shape[1]
    up = up.copy()
    for top in np.unique(up[heights.reshape(-1) > 0]):
        row, column = divmod(int(top), width)
        low, left = max(0, row - reach), max(0, column - reach)
        window = (slice(low, row + reach + 1), slice(left, column + reach + 1))
        seen = np.where(components[window] == components[row, column], heights[window], -1)
        best = int(seen.argmax())
        other = (low + best // seen.shape[1]) * width + left + best % seen.shape[1]
        if seen.flat[best] > heights[row, column] or other < top:
            up[top] = other
    return _followed(up)
