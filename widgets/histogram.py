"""Two distributions over the same values, one above the other in one plot: as they are before a step, and after it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import theme
from widgets.csv_text import Row
from widgets.figures import figure
from widgets.plot import Plot
from widgets.rows import paint_swatch, paint_text
from widgets.text import tr
from widgets.theme import Role

_COLORS: tuple[Role, Role] = ("dim", "accent")


class BeforeAfterPlot(Plot):
    """Shares in bins before a step (grey) and after it (accent), with 0 marked."""

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(name, title, parent)
        self._edges: NDArray[np.float32] = np.zeros(0, np.float32)
        self._shares: tuple[NDArray[np.float32], ...] = ()
        self._words: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_pair(
        self,
        edges: NDArray[np.float32],
        before: NDArray[np.float32],
        after: NDArray[np.float32],
        words: tuple[str, str],
    ) -> None:
        """`edges` has one value more than the shares of each bin; `words` name the two."""
        self._edges, self._shares, self._words = edges, (before, after), words
        self.setAccessibleDescription(", ".join(words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(520, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(260, 160)

    def table(self) -> Sequence[Row]:
        heads = (tr("from"), tr("to"), *self._words)
        bins = zip(
            self._edges[:-1].tolist(), self._edges[1:].tolist(), *(s.tolist() for s in self._shares), strict=True
        )
        return [heads, *bins] if self._shares else [heads]

    def paint(self, painter: QPainter) -> None:
        if not self._shares:
            return
        area = QRectF(4, 46, self.width() - 8, max(self.height() - 70, 40))
        for number, (words, role) in enumerate(zip(self._words, _COLORS, strict=True)):
            row = QRectF(4, 2 + number * 20, self.width() - 8, 18)
            paint_swatch(painter, QRectF(row.left(), row.top() + 4, 10, 10), theme.color(role).name())
            paint_text(painter, row.adjusted(18, 0, 0, 0), words, "text", theme.font(theme.SMALL_SIZE))
        painter.setPen(QPen(theme.color("hairline"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        most = max(float(shares.max()) for shares in self._shares) or 1.0
        for shares, role in zip(self._shares, _COLORS, strict=True):
            self._paint_steps(painter, area, shares / most, role)
        self._paint_axis(painter, area)

    def _x(self, area: QRectF, value: float) -> float:
        low, high = float(self._edges[0]), float(self._edges[-1])
        return area.left() + (value - low) / (high - low) * area.width()

    def _paint_steps(self, painter: QPainter, area: QRectF, heights: NDArray[np.float32], role: Role) -> None:
        points = [area.bottomLeft()]
        for low, high, share in zip(self._edges[:-1], self._edges[1:], heights, strict=True):
            y = area.bottom() - float(share) * area.height()
            points += [QPointF(self._x(area, float(low)), y), QPointF(self._x(area, float(high)), y)]
        painter.setPen(QPen(theme.color(role), 1.6))
        painter.setBrush(theme.color(role, 0.18))
        painter.drawPolygon(QPolygonF([*points, area.bottomRight()]))

    def _paint_axis(self, painter: QPainter, area: QRectF) -> None:
        low, high = float(self._edges[0]), float(self._edges[-1])
        painter.setFont(theme.font(theme.SMALL_SIZE))
        foot = QRectF(area.left(), area.bottom() + 4, area.width(), 18)
        painter.setPen(theme.color("dim"))
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, figure(low, 2))
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight, figure(high, 2))
        if low < 0 < high:
            x = self._x(area, 0.0)
            painter.setPen(QPen(theme.color("dim"), 1, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            if 40 < x - area.left() < area.width() - 40:
                painter.drawText(QRectF(x - 20, foot.top(), 40, 18), Qt.AlignmentFlag.AlignHCenter, "0")
