"""Small pictures of the places where mask and prediction differ: with what is right, too much and missed drawn in, or of objects what
became of each."""

import numpy as np
from PySide6.QtGui import QImage

from engine.imaging.geometry import as_displayed
from engine.imaging.image import Image, Window
from engine.imaging.windows import to_display
from engine.labels.edit import Labels
from engine.labels.mask import Mask
from engine.scoring.differences import AnyDifference
from engine.scoring.object_differences import ComparedCase
from engine.scoring.render import ERROR_COLORS, FATE_COLORS, error_map, outlined, overlay
from widgets.qimages import to_qimage

_SIDE = 96  # px of a picture at the most: sharp at 40 px on every display
_AROUND = 8  # pixels around a region, so that one sees where it is


def picture(
    region: AnyDifference,
    image: Image,
    window: Window,
    mask: Mask,
    prediction: Labels,
    objects: ComparedCase | None = None,
) -> QImage:
    """A square around the region; large ones are thinned out. With `objects` each has the colour of its fate: the prediction's as areas,
    the mask's as outlines."""
    top, left, side = _square(region, image.shape[1:])
    step = max(side // _SIDE, 1)
    there = np.s_[region.index, top : top + side : step, left : left + side : step]
    pixels = np.ascontiguousarray(to_display(image.pixels[there], window, image.inverted))
    if objects is not None and mask.ids is not None:
        drawn = overlay(pixels, objects.of_model[objects.ids[there]], FATE_COLORS, fill=0.45, outline=False)
        drawn = outlined(drawn, mask.ids[there], objects.of_mine, FATE_COLORS)
    else:
        codes = error_map(*(np.ascontiguousarray(labels[there]) for labels in (mask.labels, prediction)))
        drawn = overlay(pixels, codes, ERROR_COLORS, fill=0.55, outline=False)
    return to_qimage(as_displayed(drawn, image.geometry))


def _square(region: AnyDifference, shape: tuple[int, ...]) -> tuple[int, int, int]:
    """Row, column and side of a square that holds the region, inside the slice as far as it goes."""
    side = min(max(*region.region.shape) + 2 * _AROUND, *shape)
    middle = (corner + size / 2 for corner, size in zip(region.corner, region.region.shape, strict=True))
    top, left = (min(max(round(at - side / 2), 0), size - side) for at, size in zip(middle, shape, strict=True))
    return top, left, side
