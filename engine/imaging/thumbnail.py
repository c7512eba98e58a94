"""A small picture of an image, for lists."""

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging.image import Image
from engine.imaging.windows import displayed_slice


def thumbnail(image: Image, side: int = 96) -> NDArray[np.uint8]:
    """The middle slice as uint8 (h, w) or (h, w, 3), as it hangs on the screen and in its true proportions; the longer edge has `side` pixels."""
    shown = displayed_slice(image, image.shape[0] // 2)
    _, down, across = image.geometry.spacing
    height, width = shown.shape[0] * down, shown.shape[1] * across
    factor = side / max(height, width)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    shrinks = size[0] <= shown.shape[1] and size[1] <= shown.shape[0]
    small = cv2.resize(shown, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return np.asarray(small, np.uint8)
