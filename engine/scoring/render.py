"""Masks, errors and heat maps drawn over a picture, as RGB bytes: for files, contact sheets and panels. The canvas draws its own."""

from collections.abc import Sequence
from typing import TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.labels.classes import UNLABELLED
from engine.words import translatable

Bytes: TypeAlias = NDArray[np.uint8]

RIGHT, TOO_MUCH, MISSED, OTHER_CLASS = 1, 2, 3, 4
"""Codes of an error map; 0 is background in both masks."""

ERROR_COLORS = ("#46C08A", "#EDB64A", "#5B7CFA", "#CC79A7")
"""Colours of the codes 1 to 4: green, orange, blue, purple."""

ERROR_NAMES = (translatable("right"), translatable("too much"), translatable("missed"), translatable("other class"))
"""Words for the codes 1 to 4."""

FATE_COLORS = ("#46C08A", "#5B7CFA", "#EDB64A", "#CC79A7", "#E2703A")
"""Colours of the fates of objects (places 1 to 5 in instances.FATES): found, missed, extra, split, merged; those of errors where both are
of one kind."""

FATE_NAMES = (
    translatable("found"),
    translatable("missed"),
    translatable("extra"),
    translatable("split"),
    translatable("merged"),
)
"""Words for the same fates."""

_UNKNOWN = "#FFFFFF"  # a value that no class stands for is shown, not hidden
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))

# index: truth has a class | prediction has a class << 1 | both are equal << 2
_ERROR_CODES = np.array([0, MISSED, TOO_MUCH, OTHER_CLASS, 0, 0, 0, RIGHT], np.uint8)


def overlay(picture: Bytes, labels: Bytes, colors: Sequence[str], fill: float = 0.35, outline: bool = True) -> Bytes:
    """The picture (h, w) or (h, w, 3) with the labels (h, w) drawn in: RGB (h, w, 3) uint8, a new array.

    `colors` are "#rrggbb" of the classes 1, 2, ...; a value beyond them is white. `fill` (0..1) is the strength of the
    areas; `outline` draws the pixels of each class that touch another value (4-neighbours) at full strength.
    """
    _check(picture, labels.shape)
    result = _rgb(picture)
    labels = np.ascontiguousarray(labels)
    inside = (labels > 0).view(np.uint8)
    paint = cv2.LUT(cv2.merge([labels] * 3), _palette(colors))
    if fill > 0:
        cv2.copyTo(cv2.addWeighted(result, 1 - fill, paint, fill, 0), inside, result)
    if outline:
        edge = (cv2.morphologyEx(labels, cv2.MORPH_GRADIENT, _CROSS) > 0) & (labels > 0)
        cv2.copyTo(paint, edge.view(np.uint8), result)
    return result


def outlined(
    picture: Bytes, ids: NDArray[np.uint16], values: NDArray[np.uint8], colors: Sequence[str], strength: float = 1.0
) -> Bytes:
    """The picture (h, w) or (h, w, 3) with the outline of each object drawn in: RGB (h, w, 3) uint8, a new array.

    `ids` (h, w) are the objects, 0 none; `values` (n,) gives the place of each id's colour from 1 on, 0 draws none. The outline is the
    object's pixels that touch another one or none (4-neighbours).
    """
    _check(picture, ids.shape)
    result, ids = _rgb(picture), np.ascontiguousarray(ids)
    edge = (cv2.morphologyEx(ids, cv2.MORPH_GRADIENT, _CROSS) > 0) & (values[ids] > 0)
    paint = cv2.LUT(cv2.merge([np.ascontiguousarray(values[ids])] * 3), _palette(colors))
    cv2.copyTo(cv2.addWeighted(result, 1 - strength, paint, strength, 0), edge.view(np.uint8), result)
    return result


def error_map(truth: Bytes, predicted: Bytes) -> Bytes:
    """Codes of the prediction's errors, any shape (uint8): `RIGHT` where both have the same class, `TOO_MUCH` where only the
    prediction has one, `MISSED` where only the truth has one, `OTHER_CLASS` where they have different ones, else 0; 0 also where
    either calls the pixel UNLABELLED.

    Drawn with `overlay(picture, error_map(...), ERROR_COLORS)`.
    """
    if truth.shape != predicted.shape:
        raise ValueError(f"masks of {truth.shape} and {predicted.shape}")
    index = (truth > 0).view(np.uint8)
    index |= (predicted > 0).view(np.uint8) << 1
    index |= (truth == predicted).view(np.uint8) << 2
    codes: Bytes = _ERROR_CODES[index]
    codes[(truth == UNLABELLED) | (predicted == UNLABELLED)] = 0
    return codes


def heat(picture: Bytes, heatmap: NDArray[np.floating], strength: float = 0.6) -> Bytes:
    """The picture (h, w) or (h, w, 3) with a heat map (h, w) of 0..1 over it: RGB (h, w, 3) uint8, a new array.

    Colours are those of inferno, whose lightness grows evenly; the map covers the more the hotter it is, up to
    `strength` (0..1), so that the scan stays visible where nothing was found. NaN counts as 0.
    """
    _check(picture, heatmap.shape)
    level = np.rint(np.clip(np.nan_to_num(heatmap), 0, 1) * 255).astype(np.uint8)
    colors: Bytes = cv2.cvtColor(cv2.applyColorMap(level, cv2.COLORMAP_INFERNO), cv2.COLOR_BGR2RGB)
    share = (level.astype(np.float32) * np.float32(strength / 255))[..., None]
    below = _rgb(picture).astype(np.float32)
    mixed: Bytes = np.rint(below + (colors - below) * share).astype(np.uint8)
    return mixed


def _check(picture: Bytes, shape: tuple[int, ...]) -> None:
    if picture.dtype != np.uint8 or picture.shape[:2] != shape:
        raise ValueError(f"a picture of {picture.dtype} {picture.shape} does not go with {shape}")


def _rgb(picture: Bytes) -> Bytes:
    """A new RGB array of the picture."""
    if picture.ndim == 3:
        return np.array(picture, order="C")
    return cast(Bytes, cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_GRAY2RGB))


def _palette(colors: Sequence[str]) -> Bytes:
    """A table (1, 256, 3) from label to RGB."""
    table = np.empty((1, 256, 3), np.uint8)
    table[:] = _parse(_UNKNOWN)
    table[0, 0] = 0
    for value, color in enumerate(colors[:255], start=1):
        table[0, value] = _parse(color)
    return table


def _parse(color: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return red, green, blue
