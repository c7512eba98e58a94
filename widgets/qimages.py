"""Pictures that the engine made, as Qt's."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage


def to_qimage(picture: NDArray[np.uint8]) -> QImage:
    """A grey (h, w) or RGB (h, w, 3) uint8 picture as a QImage of its own memory."""
    picture = np.ascontiguousarray(picture)
    height, width = picture.shape[:2]
    form = QImage.Format.Format_Grayscale8 if picture.ndim == 2 else QImage.Format.Format_RGB888
    return QImage(picture.data, width, height, picture.strides[0], form).copy()
