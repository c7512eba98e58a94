"""Small pictures of the places where mask and prediction differ, with what is right, too much and missed drawn in."""

import numpy as np
from PySide6.QtGui import QImage

from engine.imaging.geometry import as_displayed
from engine.imaging.image import Image, Window
from engine.imaging.windows import to_display
from engine.labels.edit import Labels
from engine.scoring.differences import Difference
from engine.scoring.render import ERROR_COLORS, error_map, overlay
from widgets.qimages import to_qimage

_SIDE = 96  # px of a picture at the most: sharp at 40 px on every display
_AROUND = 8  # pixels around a region, so that one sees where it is


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
    return to_qimage(as_displayed(drawn, image.geometry))


def _square(region: Difference, shape: tuple[int, ...]) -> tuple[int, int, int]:
    """Row, column and side of a square that holds the region, inside the slice as far as it goes."""
    side = min(max(*region.region.shape) + 2 * _AROUND, *shape)
    middle = (corner + size / 2 for corner, size in zip(region.corner, region.region.shape, strict=True))
    top, left = (min(max(round(at - side / 2), 0), size - side) for at, size in zip(middle, shape, strict=True))
    return top, left, side
