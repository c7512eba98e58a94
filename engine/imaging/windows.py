"""How grey values become brightness: windows chosen from the pixels, the usual ones of CT, and their drawing."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging.geometry import as_displayed
from engine.imaging.image import Image, Pixels, VoiTable, Window
from engine.imaging.sample import sampled
from engine.words import translatable

CT_PRESETS: dict[str, Window] = {
    translatable("Soft tissue"): Window(50, 400),
    translatable("Lung"): Window(-600, 1500),
    translatable("Bone"): Window(500, 2000),
    translatable("Brain"): Window(40, 80),
    translatable("Liver"): Window(60, 150),
    translatable("Mediastinum"): Window(50, 350),
}
"""Windows in HU by name. The widths and centres are the common ones of clinical workstations."""

FULL = Window(127.5, 255)
_SAMPLE = 1 << 18
_AIR = -500  # HU: half way between air (-1000) and water (0)
_LEAST_BODY = 0.01  # of the values: with less there is no body to look at


def auto_window(pixels: Pixels, unit: str = "") -> Window:
    """From the 0.5th to the 99.5th percentile of the finite values, in their unit; 0 to 255 for uint8. Large arrays are sampled evenly.

    Of values in the unit "HU" those of the body alone count: air, padding and most of the lung are half of a CT and would push its
    tissues into a few greys. Where these percentiles are equal, from the least to the largest value; a window of width 1 where all are equal or none is finite.
    """
    if pixels.dtype == np.uint8:
        return FULL
    values = np.asarray(sampled(pixels, _SAMPLE), np.float32)
    values = values[np.isfinite(values)]
    if not values.size:
        return Window(0.5, 1)
    if unit == "HU" and (body := values[values > _AIR]).size >= _LEAST_BODY * values.size:
        values = body
    low, high = (float(v) for v in np.percentile(values, (0.5, 99.5)))
    if high <= low:  # a few bright dots on nothing: show them
        low, high = float(values.min()), float(values.max())
    return Window((low + high) / 2, (high - low) if high > low else 1.0)


def to_display(pixels: Pixels, window: Window, inverted: bool = False) -> NDArray[np.uint8]:
    """One slice (h, w) or (h, w, 3) as uint8 of the same shape, a new array: centre - width / 2 becomes 0, centre + width / 2 becomes
    255, values outside are clipped (DICOM PS3.3 C.11.2.1.3, LINEAR_EXACT); NaN is black.

    For colour the window acts as brightness and contrast. `inverted` shows low values bright.
    """
    if pixels.dtype == np.uint8:
        if window == FULL and not inverted:
            return np.array(pixels, np.uint8)
        values = np.arange(256, dtype=np.float32)
        return np.asarray(cv2.LUT(np.ascontiguousarray(pixels, np.uint8), _scale(values, window, inverted)), np.uint8)
    if pixels.dtype in (np.uint16, np.int16):
        return _scale(np.ascontiguousarray(pixels), window, inverted)
    values = np.clip(pixels.astype(np.float32, copy=False), window.low, window.high)
    holes = np.isnan(values)
    values[holes] = 0
    shown = _scale(values, window, inverted)
    shown[holes] = 0
    return shown


def through_table(pixels: Pixels, table: VoiTable, inverted: bool = False) -> NDArray[np.uint8]:
    """One grey slice (h, w) as uint8 of the same shape, each value at the level that the table gives it; NaN is black. Values between
    two of the table are those of the nearest."""
    values = np.nan_to_num(pixels, nan=-np.inf) if pixels.dtype.kind == "f" else pixels.astype(np.int64)
    places = np.rint(np.clip(values - table.first, 0, len(table.levels) - 1)).astype(np.int64)
    shown: NDArray[np.uint8] = (255 - table.levels if inverted else table.levels)[places]
    if pixels.dtype.kind == "f":
        shown[np.isnan(pixels)] = 0
    return shown


def displayed_slice(image: Image, z: int) -> NDArray[np.uint8]:
    """A stored slice as the screen shows it, in the image's own window and hanging as there: uint8 (h, w) or (h, w, 3)."""
    shown = to_display(image.pixels[z], image.window, image.inverted)
    return np.ascontiguousarray(as_displayed(shown, image.geometry))


def _scale(values: Pixels, window: Window, inverted: bool) -> NDArray[np.uint8]:
    """One saturating pass; addWeighted is the only call of OpenCV that scales, shifts and narrows signed input at once."""
    factor = 255.0 / window.width
    shift = -window.low * factor
    if inverted:
        factor, shift = -factor, 255.0 - shift
    numbers: NDArray[Any] = values
    scaled = cv2.addWeighted(numbers, factor, numbers, 0.0, shift, dtype=cv2.CV_8U)
    return np.asarray(scaled, np.uint8).reshape(values.shape)
