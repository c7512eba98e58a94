"""The outline of the brush under the pointer, light on dark, so that it is seen on any scan, and which class it paints."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

_DARK, _LIGHT = QColor(0, 0, 0, 200), QColor(255, 255, 255)
_EDGE = 8.0
_DOT, _BESIDE = 3.5, 3.5  # px: its radius, and how far outside the ring its middle stands
_DIAGONAL = 0.5**0.5
_FLAT, _LEAST_BALL = 0.3, 8.0  # of a ball's height its equator; px of radius below which it would be a blot
_MOST_KEPT = 1200  # logical pixels across: larger rings are drawn each time, smaller ones kept as an image


class BrushRing:
    """An ellipse, kept as an image as long as its size stays: drawing a smooth curve costs more than a dab."""

    def __init__(self) -> None:
        self._kept: tuple[tuple[float, float, float, int, bool], QImage] | None = None

    def around(self, center: QPointF, across: float, down: float) -> QRectF:
        """What `paint` covers."""
        x, y = across + _EDGE, down + _EDGE
        return QRectF(center.x() - x, center.y() - y, 2 * x, 2 * y)

    def paint(
        self,
        painter: QPainter,
        center: QPointF,
        across: float,
        down: float,
        color: QColor | None,
        *,
        ball: bool = False,
    ) -> None:
        """Draw the ring with these radii, in logical pixels, and at its lower right a dot in the class's colour; None: without. A ball
        has its equator drawn."""
        if 2 * max(across, down) > _MOST_KEPT:
            _draw(painter, center, across, down, color, ball)
            return
        ring = self._ring(across, down, painter.device().devicePixelRatioF(), color, ball)
        size = ring.deviceIndependentSize()
        painter.drawImage(QPointF(round(center.x() - size.width() / 2), round(center.y() - size.height() / 2)), ring)

    def _ring(self, across: float, down: float, device_pixel_ratio: float, color: QColor | None, ball: bool) -> QImage:
        key = round(across, 2), round(down, 2), device_pixel_ratio, color.rgba() if color is not None else 0, ball
        if self._kept is None or self._kept[0] != key:
            around = self.around(QPointF(), across, down)
            width, height = (int(side * device_pixel_ratio) + 1 for side in (around.width(), around.height()))
            ring = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
            ring.setDevicePixelRatio(device_pixel_ratio)
            ring.fill(Qt.GlobalColor.transparent)
            with QPainter(ring) as painter:
                middle = QPointF(width / 2, height / 2) / device_pixel_ratio
                _draw(painter, middle, across, down, color, ball)
            self._kept = key, ring
        return self._kept[1]


def _draw(painter: QPainter, center: QPointF, across: float, down: float, color: QColor | None, ball: bool) -> None:
    two_tone(painter, lambda: painter.drawEllipse(center, across, down))
    if ball and min(across, down) >= _LEAST_BALL:
        two_tone(painter, lambda: painter.drawEllipse(center, across, down * _FLAT))
    if color is not None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(_DARK, 1.0))
        painter.setBrush(color)
        beside = QPointF(across * _DIAGONAL + _BESIDE, down * _DIAGONAL + _BESIDE)
        painter.drawEllipse(center + beside, _DOT, _DOT)
        painter.restore()


def two_tone(painter: QPainter, draw: Callable[[], None]) -> None:
    """Draw lines twice, dark and wide, then light and thin."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((_DARK, 3.2), (_LIGHT, 1.2)):
        painter.setPen(QPen(color, width))
        draw()
    painter.restore()
