"""A line that clings to the edges: from a fixed point to wherever the pointer is."""

import cv2
import numpy as np

from engine.labels.assist.crop import Crop, DisplayedSlice, Rect, WindowedSlice
from engine.labels.shapes import Point

SIDE = 320  # pixels of the crop at most: the ways from a point are known within 50 ms
_CANNY = 32, 100  # lower and upper threshold of an edge's gradient
_STEEPEST = 200.0  # gradient from which every edge is as good


class LiveWire:
    """The cheapest ways from one point to all others of a part of the slice (Mortensen and Barrett 1995, SIGGRAPH), by OpenCV's
    intelligent scissors. Making it takes long; asking for a way takes none."""

    def __init__(self, shown: DisplayedSlice | WindowedSlice, anchor: Point, view: Rect) -> None:
        """`shown`: the slice as the screen shows it; `view`: the part that is seen. The anchor lies on it or is brought there."""
        self._crop = Crop(shown, view, SIDE)
        self._anchor = anchor
        wire = cv2.segmentation.IntelligentScissorsMB()
        wire.setEdgeFeatureCannyParameters(*_CANNY)
        wire.setGradientMagnitudeMaxLimit(_STEEPEST)
        wire.applyImage(np.ascontiguousarray(self._crop.pixels))
        down, across = self._crop.pixel(anchor)
        wire.buildMap((across, down))
        self._wire = wire

    def to(self, end: Point) -> list[Point]:
        """The way from the anchor to that point of the slice, both with it; straight on where the point is not seen."""
        down, across = self._crop.pixel(end)
        contour = self._wire.getContour((across, down)).reshape(-1, 2)
        factor = [full / small for full, small in zip(self._crop.full, self._crop.shape, strict=True)]
        inner = [
            (
                (float(y) + 0.5) * factor[0] - 0.5 + self._crop.corner[0],
                (float(x) + 0.5) * factor[1] - 0.5 + self._crop.corner[1],
            )
            for x, y in contour[1:-1]
        ]
        return [self._anchor, *inner, end]
