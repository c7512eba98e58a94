"""Small drawings of a classification: a learning curve in a row, and the ROC curve with its threshold."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import theme
from widgets.csv_text import Row
from widgets.figures import decimal, figure
from widgets.plot import Plot
from widgets.text import tr
from widgets.theme import Role


def paint_sparkline(
    painter: QPainter, area: QRectF, values: Sequence[float], role: Role = "dim", share: float = 1.0
) -> None:
    """The values (0 to 1) as a small curve with a dot at its end, over `share` of the width, the rest dotted."""
    if not values:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inner = area.adjusted(2, 3, -4, -3)
    low, high = min(values), max(values)
    width = inner.width() * min(max(share, 0.0), 1.0)
    step = width / max(len(values) - 1, 1)
    points = [
        QPointF(inner.left() + at * step, inner.bottom() - (value - low) / ((high - low) or 1.0) * inner.height())
        for at, value in enumerate(values)
    ]
    if share < 1.0:
        painter.setPen(QPen(theme.color("faint"), 1, Qt.PenStyle.DotLine))
        painter.drawLine(points[-1], QPointF(inner.right(), points[-1].y()))
    painter.setPen(QPen(theme.color(role), 1.6))
    painter.drawPolyline(QPolygonF(points))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(role))
    painter.drawEllipse(points[-1], 2.2, 2.2)


class RocPlot(Plot):
    """Sensitivity over false alarms, the area beneath, and the threshold in use as a ring."""

    def __init__(self, name: str = "roc_plot", parent: QWidget | None = None) -> None:
        super().__init__(name, tr("ROC curve"), parent)
        self._points: list[tuple[float, float]] = []
        self._auc: float | None = None
        self._interval: tuple[float, float] | None = None
        self._at: tuple[float, float] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_curve(
        self,
        false_alarms: Sequence[float],
        found: Sequence[float],
        auc: float | None = None,
        interval: tuple[float, float] | None = None,
    ) -> None:
        """Points from (0, 0) to (1, 1); the area under it and its 95 % interval, where they exist."""
        self._points = list(zip(false_alarms, found, strict=True))
        self._auc, self._interval = auc, interval
        self.setAccessibleDescription(self._words()[0])
        self.update()

    def set_threshold(self, false_alarms: float | None, found: float | None) -> None:
        """Where the threshold in use stands on the curve; None: nowhere."""
        self._at = None if false_alarms is None or found is None else (false_alarms, found)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(230, 210)

    def minimumSizeHint(self) -> QSize:
        return QSize(150, 140)

    def table(self) -> Sequence[Row]:
        return [(tr("false alarms"), tr("found")), *self._points]

    def paint(self, painter: QPainter) -> None:
        side = max(min(self.width() - 56.0, self.height() - 34.0), 40.0)
        area = QRectF(46, 8, side, side)
        painter.fillRect(area, theme.color("accent_ground", 0.18))
        self._paint_axes(painter, area)
        if not self._points:
            return
        curve = [self._place(area, x, y) for x, y in self._points]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent", 0.1))
        painter.drawPolygon(QPolygonF([area.bottomLeft(), *curve, area.bottomRight()]))
        painter.setPen(
            QPen(theme.color("accent"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        )
        painter.drawPolyline(QPolygonF(curve))
        if self._at is not None:
            painter.setPen(QPen(theme.color("text"), 2))
            painter.setBrush(theme.color("window"))
            painter.drawEllipse(self._place(area, *self._at), 4.5, 4.5)
        self._paint_words(painter, area)

    @staticmethod
    def _place(area: QRectF, x: float, y: float) -> QPointF:
        return QPointF(area.left() + x * area.width(), area.bottom() - y * area.height())

    def _paint_axes(self, painter: QPainter, area: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("hairline"), 1))
        painter.drawRect(area)
        painter.drawLine(self._place(area, 0.5, 0), self._place(area, 0.5, 1))
        painter.drawLine(self._place(area, 0, 0.5), self._place(area, 1, 0.5))
        painter.setPen(QPen(theme.color("faint"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(area.bottomLeft(), area.topRight())
        painter.setPen(theme.color("dim"))
        painter.setFont(theme.font(theme.SMALL_SIZE))
        right, centre = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignCenter
        for value in (0.0, 0.5, 1.0):
            y = self._place(area, 0, value).y()
            painter.drawText(QRectF(14, y - 9, 24, 18), right, decimal(f"{value:g}"))
            if value != 0.5:
                painter.drawText(
                    QRectF(self._place(area, value, 0).x() - 20, area.bottom() + 3, 40, 18), centre, f"{value:g}"
                )
        painter.drawText(QRectF(area.left(), area.bottom() + 3, area.width(), 18), centre, tr("false alarms"))
        painter.save()
        painter.translate(0, area.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-60, 0, 120, 16), centre, tr("found"))
        painter.restore()

    def _words(self) -> tuple[str, str]:
        auc = tr("AUC {value}", value=figure(self._auc, 3))
        if self._interval is None:
            return auc, ""
        low, high = (figure(each, 3) for each in self._interval)
        return auc, tr("{low} to {high}", low=low, high=high)

    def _paint_words(self, painter: QPainter, area: QRectF) -> None:
        auc, interval = self._words()
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font())
        painter.setPen(theme.color("text"))
        painter.drawText(QRectF(area.left(), area.bottom() - 50, area.width() - 10, 18), right, auc)
        painter.setFont(theme.font(theme.SMALL_SIZE))
        painter.setPen(theme.color("dim"))
        painter.drawText(QRectF(area.left(), area.bottom() - 30, area.width() - 10, 18), right, interval)
