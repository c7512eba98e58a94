"""The mask of a painted slice carried on into the slices beside it, one after another, by what the image shows there."""

from collections.abc import Collection

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.imaging.geometry import Plane, axes
from engine.imaging.image import Image, Pixels
from engine.labels.classes import BACKGROUND
from engine.labels.edit import Edit, Labels
from engine.labels.interpolation import (
    BAND,
    REACHED,
    PaintedSlice,
    around,
    brightness,
    deepest,
    follow_image,
    signed_depth,
)
from engine.labels.mask import Mask
from engine.words import translatable

_TRUST = 0.25  # that a pixel of depth counts beside the image: between two painted slices it is 1
_NEAR = 2.0  # pixels: the standard deviation that makes nearer places count more
_MARGIN = 24  # pixels around what is painted, in which the motion is looked for
_LEAST = 32  # pixels a side that the optical flow needs


def carry(labels: Labels, pixels: Pixels, spacing: tuple[float, float] = (1.0, 1.0)) -> Labels:
    """The labels (down, across) uint8 of a slice, as they lie on its neighbour: a new array. `pixels` (2, down, across[, channel]) are
    the image of that slice and of the neighbour, `spacing` is a pixel's size (down, across).

    Each pixel around a border asks the places around it on the painted slice, and those around where the optical flow (DIS, Kroeger et
    al. 2016, ECCV) says that it came from, which of them look like it: patches as in `interpolation.fill_between`, but the shapes count
    less, since only one side is known. docs/interpolation.md has what it is worth: it gets worse from slice to slice.
    """
    carried = np.zeros_like(labels)
    if not labels.any():
        return carried
    part = around(labels != BACKGROUND, REACHED + _MARGIN)
    key, (before, here) = labels[part], brightness(pixels[(slice(None), *part)])
    across, down = _motion(before, here)
    moved = cv2.remap(key, across, down, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
    there = cv2.remap(before, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    shapes = []
    for value in np.unique(key[key != BACKGROUND]):
        box = around((key == value) | (moved == value), REACHED)
        shapes.append((int(value), box, signed_depth(key[box] == value, spacing)))
    found = deepest(signed_depth(key == BACKGROUND, spacing), shapes)
    sources = [
        PaintedSlice(key, before, 0.5),
        PaintedSlice(np.asarray(moved, np.uint8), np.asarray(there, np.float32), 0.5),
    ]
    open_yet = (found.lead < BAND * min(spacing)) | (moved != key)
    follow_image(found, open_yet, sources, here, _TRUST / min(spacing), _NEAR)
    carried[part] = found.winner
    return carried


def carry_on(
    mask: Mask,
    name: str,
    image: Image,
    plane: Plane,
    start: int,
    step: int,
    count: int = 1,
    only: int | None = None,
    looked_at: Collection[int] = (),
) -> Edit:
    """Carry the mask of slice `start` into the next one (`step` 1) or the previous one (-1), from there into the one behind, and so on for
    `count` slices; with `only` that class alone, where there is background. What may be painted over holds.

    It ends before a slice that is painted, or holds that class, or is among those that were `looked_at` and found empty, and with the
    volume. Raises EngineError where that is so at once, and where nothing is left of the mask.
    """
    labels = _of(mask.slice(plane, start), only)
    if not labels.any():
        raise EngineError(translatable("Nothing is painted on slice {number}."), number=start + 1)
    order = axes(plane)
    pixels = image.pixels.transpose(*order, *range(3, image.pixels.ndim))
    spacing = image.geometry.spacing[order[1]], image.geometry.spacing[order[2]]
    stroke, last = mask.begin(name), start
    for index in range(start + step, start + step * (count + 1), step):
        fault = _end(mask, plane, index, only, looked_at)
        if fault is None:
            labels = carry(labels, np.stack([pixels[index - step], pixels[index]]), spacing)
        if fault is not None or not labels.any():
            if last == start:
                raise fault or EngineError(
                    translatable("Nothing of the mask of slice {number} is left on the next one."), number=start + 1
                )
            break
        now = mask.slice(plane, index)
        stroke.paint_labels(plane, index, np.where(now == BACKGROUND, labels, now))
        last = index
    return stroke.end()


def _of(labels: Labels, only: int | None) -> Labels:
    return labels.copy() if only is None else np.where(labels == only, labels, np.uint8(BACKGROUND))


def _end(mask: Mask, plane: Plane, index: int, only: int | None, looked_at: Collection[int]) -> EngineError | None:
    """Why nothing is carried into that slice."""
    if index < 0:
        return EngineError(translatable("This is the first slice: there is nothing to carry the mask to."))
    if index >= mask.shape[axes(plane)[0]]:
        return EngineError(translatable("This is the last slice: there is nothing to carry the mask to."))
    labels = mask.slice(plane, index)
    if not labels.any() and plane == "axial" and index in looked_at:
        return EngineError(
            translatable("Slice {number} is labelled as empty: nothing is carried there."), number=index + 1
        )
    if _of(labels, only).any():
        return EngineError(
            translatable("Slice {number} is painted already: nothing is carried over it."), number=index + 1
        )
    return None


def _motion(before: NDArray[np.float32], here: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Where each pixel of `here` came from: its column and its row in `before`."""
    height, width = here.shape
    more = (0, max(_LEAST - height, 0), 0, max(_LEAST - width, 0))
    one, two = (
        cv2.copyMakeBorder(np.asarray(each * 255, np.uint8), *more, cv2.BORDER_REPLICATE) for each in (here, before)
    )
    flow = np.zeros((*one.shape, 2), np.float32)
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM).calc(one, two, flow)
    rows, columns = np.indices(here.shape, dtype=np.float32)
    return columns + flow[:height, :width, 0], rows + flow[:height, :width, 1]
