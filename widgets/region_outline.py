"""The outline of a proposed region over the scan, along the edges of its pixels."""

import cv2
import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPolygonF, QTransform

from engine.labels.assist.crop import ProposedRegion
from widgets.brush_ring import two_tone
from widgets.tool import ToolHost

_DOUBLED = 2**20
"""Pixels up to which a region is doubled, so that the outline lies on its pixels' edges, not on their centres."""


class RegionOutline:
    """Kept in the slice's coordinates, so that zooming and moving cost nothing."""

    def __init__(self, proposal: ProposedRegion) -> None:
        region = proposal.region.astype(np.uint8)
        factor = 2 if region.size <= _DOUBLED else 1
        if factor > 1:
            region = region.repeat(factor, axis=0).repeat(factor, axis=1)
        contours, _ = cv2.findContours(region, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
        self._path = QPainterPath()
        top, left = proposal.corner
        shift = 0.5 - 0.5 / factor
        for contour in contours:
            points = [QPointF(x / factor - shift + left, y / factor - shift + top) for x, y in contour.reshape(-1, 2)]
            self._path.addPolygon(QPolygonF([*points, points[0]]))

    def around(self, host: ToolHost) -> QRectF:
        """What `paint` covers, in logical pixels."""
        return _to_screen(host).mapRect(self._path.boundingRect()).adjusted(-3, -3, 3, 3)

    def paint(self, host: ToolHost, painter: QPainter) -> None:
        path = _to_screen(host).map(self._path)
        two_tone(painter, lambda: painter.drawPath(path))


def _to_screen(host: ToolHost) -> QTransform:
    """From (across, down) of the slice to logical pixels of the canvas."""
    zero, across, down = (host.to_screen(at) for at in ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0)))
    one, two = across - zero, down - zero
    return QTransform(one.x(), one.y(), two.x(), two.y(), zero.x(), zero.y())
