"""Small pictures of the places where mask and prediction differ, with what is right, too much and missed drawn in."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from engine.imaging.geometry import Geometry, orientation_labels
from engine.imaging.image import Image, Window
from engine.imaging.windows import to_display
from engine.labels.edit import Labels
from engine.scoring.differences import Difference
from engine.scoring.render import ERROR_COLORS, error_map, overlay
from widgets.qimages import to_qimage

_SIDE = 96  # px of a picture at the most: sharp at 40 px on every display
_AROUND = 8  # pixels around a region, so that one sees where it is
_WRONG_WAY = ("L", "P", "I")  # the scan itself is shown head up, right side left


def picture(region: Difference, image: Image, window: Window, mask: Labels, prediction: Labels) -> QImage:
    """A square around the region; large ones are thinned out."""
    top, left, side = _square(region, image.shape[1:])
    step = max(side // _SIDE, 1)
    there = np.s_[top : top + side : step, left : left + side : step]
    pixels = to_display(image.pixels[region.index][there], window, image.inverted)
    codes = error_map(
        np.ascontiguousarray(mask[region.index][there]), np.ascontiguousarray(prediction[region.index][there])
    )
    drawn = overlay(np.ascontiguousarray(pixels), codes, ERROR_COLORS, fill=0.55, outline=False)
    return to_qimage(_turned(drawn, image.geometry))


def _square(region: Difference, shape: tuple[int, ...]) -> tuple[int, int, int]:
    """Row, column and side of a square that holds the region, inside the slice as far as it goes."""
    side = min(max(*region.region.shape) + 2 * _AROUND, *shape)
    middle = (corner + size / 2 for corner, size in zip(region.corner, region.region.shape, strict=True))
    top, left = (min(max(round(at - side / 2), 0), size - side) for at, size in zip(middle, shape, strict=True))
    return top, left, side


def _turned(drawn: NDArray[np.uint8], geometry: Geometry) -> NDArray[np.uint8]:
    left, _, top, _ = orientation_labels(geometry)
    return drawn[:: -1 if top in _WRONG_WAY else 1, :: -1 if left in _WRONG_WAY else 1]
