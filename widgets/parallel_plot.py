"""A parallel plot: one upright axis a setting, and each trial a line that crosses them at its values; the last axis is the score."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.study import ParallelPlot
from widgets import theme
from widgets.csv_text import Row
from widgets.figures import figure
from widgets.plot import Plot
from widgets.rows import paint_text
from widgets.text import tr
from widgets.theme import Role

_TOP, _BOTTOM, _SIDE = 22.0, 10.0, 34.0
_LINE = 16.0  # px of a value's text
_ROOM = 76.0  # px, at most, of a value's text beside its axis


class ParallelAxes(Plot):
    """The trials of a study through what they set: good scores in the accent, the best strong."""

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(name, text, parent)
        self._plot = ParallelPlot((), {}, 0.0, 1.0)
        self._titles: list[str] = []
        self._values: list[list[str]] = []
        self._score = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(120)

    def set_plot(self, plot: ParallelPlot, titles: Sequence[str], values: Sequence[Sequence[str]], score: str) -> None:
        """`titles` and `values` are the shown texts of the axes and of what is on them, `score` that of the last axis."""
        self._plot, self._titles, self._values, self._score = plot, list(titles), [list(v) for v in values], score
        self.setAccessibleDescription(", ".join([*titles, score]))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, 180)

    def table(self) -> Sequence[Row]:
        rows: list[Row] = [(tr("Trial"), *self._titles, self._score)]
        for number, places in sorted(self._plot.lines.items()):
            texts = [self._text_at(at, place) for at, place in enumerate(places[:-1])]
            rows.append((float(number), *texts, self._score_at(places[-1] or 0.0)))
        return rows

    def _text_at(self, axis: int, place: float | None) -> str | None:
        values = self._values[axis]
        return None if place is None else values[round(place * (len(values) - 1))]

    def _score_at(self, place: float) -> float:
        return self._plot.low + place * (self._plot.high - self._plot.low)

    def paint(self, painter: QPainter) -> None:
        if not self._plot.axes:
            return
        best = max(self._plot.lines, key=lambda number: self._plot.lines[number][-1] or 0.0, default=None)
        for number in sorted(self._plot.lines, key=lambda each: self._plot.lines[each][-1] or 0.0):
            self._paint_line(painter, self._plot.lines[number], strong=number == best)
        for axis in range(len(self._plot.axes) + 1):
            self._paint_axis(painter, axis)

    def _x(self, axis: int) -> float:
        return _SIDE + (self.width() - 2 * _SIDE) * axis / len(self._plot.axes)

    def _y(self, place: float) -> float:
        low = _TOP + _LINE / 2
        return low + (self.height() - _BOTTOM - _LINE / 2 - low) * (1 - place)

    def _paint_line(self, painter: QPainter, places: Sequence[float | None], *, strong: bool) -> None:
        points = [QPointF(self._x(at), self._y(place)) for at, place in enumerate(places) if place is not None]
        score = places[-1] or 0.0
        role: Role = "accent" if strong else "text"
        painter.setPen(QPen(theme.color(role, 1.0 if strong else 0.15 + 0.45 * score), 2.4 if strong else 1.3))
        painter.drawPolyline(QPolygonF(points))

    def _paint_axis(self, painter: QPainter, axis: int) -> None:
        x, last = self._x(axis), axis == len(self._plot.axes)
        painter.setPen(QPen(theme.color("hairline"), 1.2))
        painter.drawLine(QPointF(x, self._y(1)), QPointF(x, self._y(0)))
        small = theme.font(theme.SMALL_SIZE)
        title = self._score if last else self._titles[axis]
        wide = (self.width() - 2 * _SIDE) / len(self._plot.axes)
        left = x - _SIDE + 2 if not axis else x - wide / 2 if not last else x + _SIDE - wide - 2
        area = QRectF(left, 0, wide, _LINE)
        right = last
        paint_text(painter, area, title, "dim", theme.font(theme.SMALL_SIZE, bold=True), right=right)
        if last:
            marks = [(0.0, figure(self._plot.low, 3)), (1.0, figure(self._plot.high, 3))]
            marks = marks if self._plot.high > self._plot.low else marks[1:]
        else:
            values = self._values[axis]
            marks = [(at / (len(values) - 1) if len(values) > 1 else 0.5, text) for at, text in enumerate(values)]
        for place, text in marks:
            room = min(_ROOM, painter.fontMetrics().horizontalAdvance(text) + 10.0)
            box = QRectF(x + 5 if not last else x - 5 - room, self._y(place) - _LINE / 2, room, _LINE)
            painter.fillRect(box, theme.color("panel", 0.8))
            paint_text(painter, box.adjusted(2, 0, -2, 0), text, "text", small, right=last)
