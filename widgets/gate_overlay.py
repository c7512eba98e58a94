"""Which pixels of a slice the intensity gate lets through, drawn over the scan."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from engine.imaging.geometry import Plane
from engine.labels.gate import Gate
from engine.labels.shapes import Brush, Point, Region, swept
from widgets import theme
from widgets.view import View

_STRENGTH = 0.45
_MOST = 2**20  # pixels under a brush that are looked at whenever the pointer moves


class GateOverlay:
    """The whole slice's picture is kept as long as nothing of it changes."""

    def __init__(self) -> None:
        self._kept: tuple[tuple[object, ...], QImage] | None = None

    def paint_slice(self, painter: QPainter, gate: Gate, plane: Plane, index: int, view: View) -> None:
        """All that is open on the slice, at the screen's own pixels."""
        top, left, bottom, right = view.inside
        if top >= bottom or left >= right:
            return
        key = gate, plane, index, view, theme.current().name
        if self._kept is None or self._kept[0] != key:
            shown = view.oriented(gate.values(plane, index))
            rows, columns = view.index(0, top, bottom), view.index(1, left, right)
            self._kept = key, _tinted(gate.open_to(shown[rows][:, columns]))
        ratio = view.device_pixel_ratio
        painter.drawImage(
            QRectF(left / ratio, top / ratio, (right - left) / ratio, (bottom - top) / ratio), self._kept[1]
        )


def paint_passed(painter: QPainter, gate: Gate, plane: Plane, index: int, view: View, brush: Brush, at: Point) -> None:
    """What a dab of the brush at that point would paint; nothing where the brush is too large to look at in passing."""
    if 4 * brush.radius[0] * brush.radius[1] > _MOST:
        return
    way = swept(at, at, Brush.round(0.5), view.size)
    (top, left), region = gate.begun(plane, index, at).passed(plane, index, swept(at, at, brush, view.size), way)
    if not region.any():
        return
    one = view.to_window((top - 0.5, left - 0.5))
    two = view.to_window((top + region.shape[0] - 0.5, left + region.shape[1] - 0.5))
    corners = [QPointF(across, down) / view.device_pixel_ratio for down, across in (one, two)]
    painter.drawImage(QRectF(*corners).normalized(), _tinted(view.oriented(region)))


def _tinted(region: Region) -> QImage:
    color = QColor(theme.scan_color("accent", _STRENGTH))
    parts = [round(part * color.alphaF()) for part in (color.red(), color.green(), color.blue())]
    value = (color.alpha() << 24) | (parts[0] << 16) | (parts[1] << 8) | parts[2]
    pixels: NDArray[np.uint32] = np.ascontiguousarray(region, np.uint32) * np.uint32(value)
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()
