"""Curves that grow while a training runs, each labelled at its end; drawn with QPainter (pyqtgraph would cost 180 ms to import)."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.ticks import decimals, nice_ticks
from engine.words import RAISED, translatable
from widgets import theme
from widgets.csv_text import Row
from widgets.elided import elide
from widgets.figures import figure
from widgets.plot import Plot
from widgets.text import tip, tr

_REDRAW_MS = 100
MOST_POINTS = 20_000  # of a line: more than these cost time at each paint, and no screen shows them
_LABEL_GAP = 18.0
_TO_LABELS = 34.0  # px from the axis' end
_NAMES, _NAMES_SHARE = 130.0, 0.3  # px that the curves' names may take, and which share of a wide plot
_FEW = 4  # values of which none is called far off
_TOP, _BOTTOM, _LEFT = 34.0, 26.0, 44.0


@dataclass
class _Line:
    color: str
    strong: bool
    label: str
    xs: list[float] = field(default_factory=list)
    ys: list[float] = field(default_factory=list)

    def width(self) -> float:
        return 2.6 if self.strong else 1.6


@dataclass(frozen=True)
class _Label:
    """What stands at the end of a line, at a height."""

    line: _Line
    end: QPointF
    y: float


class CurvePlot(Plot):
    """Named curves over epochs, or over `across` (a word for the axis, and a marked text with {epoch} for a place on it). Lines are set once, points
    added as they come; it redraws at most ten times a second. `powers`: values are logarithms to the base 10, and shown as 10ⁿ."""

    def __init__(
        self,
        name: str,
        title: str,
        *,
        bottom: float | None = None,
        top: float | None = None,
        decimals: int = 2,
        shows_epochs: bool = True,
        across: tuple[str, str] | None = None,
        powers: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name, title, parent)
        self._across, self._place_words = across or (tr("epoch"), translatable("Epoch {epoch}"))
        self._powers = powers
        self._title, self._bottom, self._top, self._decimals = title, bottom, top, decimals
        self._shows_epochs = shows_epochs
        self._lines: dict[str, _Line] = {}
        self._best: float | None = None
        self._best_words = ""
        self._epochs = 1.0
        self._beside: tuple[CurvePlot, ...] = ()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REDRAW_MS)
        self._timer.timeout.connect(self._redraw)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_line(self, name: str, color: str, label: str = "", strong: bool = False) -> None:
        """A curve: `color` is "#rrggbb" or a role of the theme, `label` what stands at its end, `strong` a thicker line."""
        old = self._lines.get(name)
        self._lines[name] = _Line(color, strong, label or name, old.xs if old else [], old.ys if old else [])
        self._soon()

    def add_point(self, name: str, x: float, y: float | None) -> None:
        """One more point of a curve (x: epoch, may have a fraction); a None or NaN leaves a gap out."""
        if y is not None and math.isfinite(y):
            line = self._lines[name]
            line.xs.append(x)
            line.ys.append(y)
            if len(line.xs) > MOST_POINTS:
                xs, ys = thinned(line.xs, line.ys, MOST_POINTS // 4)
                line.xs, line.ys = list(xs), list(ys)
            self._soon()

    def set_points(self, name: str, xs: Sequence[float], ys: Sequence[float | None]) -> None:
        """The whole curve at once, as when an earlier run is opened."""
        pairs = [(x, y) for x, y in zip(xs, ys, strict=True) if y is not None and math.isfinite(y)]
        self._lines[name].xs = [x for x, _ in pairs]
        self._lines[name].ys = [y for _, y in pairs]
        self._soon()

    def set_best(self, epoch: float | None, text: str = "") -> None:
        """Where the network that is kept is, as a dotted line with `text` beside it."""
        self._best, self._best_words = epoch, text
        self._soon()

    def set_epochs(self, epochs: int | None) -> None:
        """How far the axis goes at least; None: as far as the points."""
        self._epochs = float(epochs or 1)
        self._soon()

    def clear(self) -> None:
        """Forget lines and points."""
        self._lines, self._best, self._best_words, self._epochs = {}, None, "", 1.0
        self._soon()

    def stand_above(self, *others: "CurvePlot") -> None:
        """Share the width of the plot area with these, so that an epoch is at the same place in all."""
        group = (self, *others)
        for plot in group:
            plot._beside = tuple(each for each in group if each is not plot)

    def last(self) -> dict[str, float]:
        """The last value of each curve."""
        return {name: line.ys[-1] for name, line in self._lines.items() if line.ys}

    def sizeHint(self) -> QSize:
        return QSize(560, 200 if self._shows_epochs else 170)

    def minimumSizeHint(self) -> QSize:
        return QSize(280, 120)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        area = self._area()
        place = event.position()
        if not area.contains(place) or not self.last():
            QToolTip.hideText()
            return
        low, high = self._x_range()
        epoch = round(low + (place.x() - area.left()) / area.width() * (high - low))
        QToolTip.showText(event.globalPosition().toPoint(), tip(self._words_at(epoch)), self)

    def table(self) -> Sequence[Row]:
        """A row for each place on the axis where any curve has a point, a column for each curve."""
        curves = [dict(zip(line.xs, line.ys, strict=True)) for line in self._lines.values()]
        epochs = sorted({x for curve in curves for x in curve})
        heads = (self._across.capitalize(), *(line.label for line in self._lines.values()))
        return [heads, *((epoch, *(curve.get(epoch) for curve in curves)) for epoch in epochs)]

    def paint(self, painter: QPainter) -> None:
        painter.setFont(theme.heading_font())
        painter.setPen(theme.color("dim"))
        painter.drawText(QPointF(0, 12), self._title)
        area, ticks = self._area(), self._ticks()
        self._paint_grid(painter, area, ticks)
        if self._best is not None:
            self._paint_best(painter, area)
        painter.setClipRect(area.adjusted(-4, -4, 6, 4))
        for line in sorted(self._lines.values(), key=lambda each: each.strong):
            self._paint_line(painter, line, area, ticks)
        painter.setClipping(False)
        self._paint_labels(painter, area, ticks)

    def _words_at(self, epoch: int) -> str:
        words = [tr(self._place_words, epoch=epoch)]
        for line in self._lines.values():
            if line.xs:
                nearest = min(range(len(line.xs)), key=lambda at: abs(line.xs[at] - epoch))
                if abs(line.xs[nearest] - epoch) <= 0.5:
                    words.append(f"{line.label}  {self._value(line.ys[nearest], self._decimals + 1)}")
        return "\n".join(words)

    def _value(self, y: float, decimals: int) -> str:
        return power_of_ten(y) if self._powers else figure(y, decimals)

    def _soon(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _redraw(self) -> None:
        shown = (f"{line.label} {self._value(line.ys[-1], self._decimals)}" for line in self._lines.values() if line.ys)
        self.setAccessibleDescription(", ".join(shown))
        for plot in (self, *self._beside):  # they share their axis
            plot.update()

    def _area(self) -> QRectF:
        return QRectF(
            _LEFT,
            _TOP,
            max(self.width() - _LEFT - self._labels_width(), 40),
            max(self.height() - _TOP - self._foot(), 30),
        )

    def _foot(self) -> float:
        return _BOTTOM if self._shows_epochs else 10.0

    def _labels_width(self) -> float:
        return max(self._own_labels_width(), *(plot._own_labels_width() for plot in self._beside), 0.0)

    def _own_labels_width(self) -> float:
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(line.label) for line in self._lines.values()), default=40)
        value = metrics.horizontalAdvance(power_of_ten(-88.5)) if self._powers else 44.0
        most = max(_NAMES, _NAMES_SHARE * self.width())
        return _TO_LABELS + 2.0 + min(max(widest, metrics.horizontalAdvance(self._across)), most) + 6.0 + value

    def _x_range(self) -> tuple[float, float]:
        """From the first epoch to the last of all the plots that stand above each other."""
        group = (self, *(plot for plot in self._beside if not plot.isHidden()))
        lines = [line for plot in group for line in plot._lines.values() if line.xs]
        last = max((line.xs[-1] for line in lines), default=1.0)
        first = min((line.xs[0] for line in lines), default=1.0)
        return min(1.0, math.floor(first)), max(last, 2.0, *(plot._epochs for plot in group))

    def _ticks(self) -> list[float]:
        values = [
            value
            for line in self._lines.values()
            for value in (min(line.ys, default=None), self._highest(line))
            if value is not None
        ]
        low = self._bottom if self._bottom is not None else min(values, default=0.0)
        high = self._top if self._top is not None else max(values, default=1.0)
        most = max(int(self.height() // 45), 3)
        return _whole_powers(low, high, most) if self._powers else nice_ticks(low, high, most)

    def _highest(self, line: _Line) -> float | None:
        """How high the axis has to reach for that curve."""
        return max(line.ys, default=None)

    def _place(self, x: float, y: float, area: QRectF, ticks: list[float]) -> QPointF:
        return self._points([x], [y], area, ticks)[0]

    def _points(self, xs: Sequence[float], ys: Sequence[float], area: QRectF, ticks: list[float]) -> list[QPointF]:
        left, right = self._x_range()
        across, down = area.width() / (right - left), area.height() / ((ticks[-1] - ticks[0]) or 1.0)
        start, foot = area.left() - left * across, area.bottom() + ticks[0] * down
        return [QPointF(start + x * across, foot - y * down) for x, y in zip(xs, ys, strict=True)]

    def _paint_grid(self, painter: QPainter, area: QRectF, ticks: list[float]) -> None:
        painter.setFont(theme.font(theme.SMALL_SIZE))
        places = max(1, *(decimals(tick) for tick in ticks))
        for tick in ticks:
            y = self._place(1.0, tick, area, ticks).y()
            painter.setPen(QPen(theme.color("hairline"), 1))
            painter.drawLine(QPointF(area.left(), round(y) + 0.5), QPointF(area.right(), round(y) + 0.5))
            painter.setPen(theme.color("dim"))
            painter.drawText(
                QRectF(0, y - 9, area.left() - 10, 18),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                self._value(tick, 0 if self._powers else places),
            )
        if not self._shows_epochs:
            return
        low, high = self._x_range()
        foot = area.bottom() + 8
        step = max(1, math.ceil((high - low) / max(area.width() / 40, 1)))
        step = next((nice for nice in (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000) if nice >= step), step)
        first = math.ceil(low)
        epochs = [epoch for epoch in range(first, math.floor(high) + 1) if epoch == first or epoch % step == 0]
        for epoch in epochs:
            x = self._place(epoch, ticks[0], area, ticks).x()
            painter.drawText(QRectF(x - 20, foot, 40, 16), Qt.AlignmentFlag.AlignCenter, str(epoch))
        left = area.right() + _TO_LABELS
        painter.drawText(QRectF(left, foot, 80, 16), Qt.AlignmentFlag.AlignVCenter, self._across)
        without = sum(bool(line.ys) for line in self._lines.values()) - len(self._labels(area, ticks))
        if without:
            room = QRectF(left, foot, self.width() - left, 16)
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"+ {without}")

    def _paint_best(self, painter: QPainter, area: QRectF) -> None:
        x = self._place(self._best or 0.0, 0.0, area, [0.0, 1.0]).x()
        pen = QPen(theme.color("faint"), 1.8, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.RoundCap)
        pen.setDashPattern([0.01, 2.4])
        painter.setPen(pen)
        painter.drawLine(QPointF(x, area.top() - 10), QPointF(x, area.bottom()))
        if not self._shows_epochs:
            painter.setFont(theme.font(theme.SMALL_SIZE))
            painter.setPen(theme.color("dim"))
            painter.drawText(QPointF(self._best_words_left(x), area.top() - 12), self._best_words)

    def _best_words_left(self, x: float) -> float:
        """Where the words at the line at `x` begin: to its right and of the title, or to its left where the plot ends; never on the title."""
        wide = QFontMetricsF(theme.font(theme.SMALL_SIZE)).horizontalAdvance(self._best_words)
        title = QFontMetricsF(theme.heading_font()).horizontalAdvance(self._title) + 10
        left = max(x + 7, title)
        return left if left + wide <= self.width() else max(x - 7 - wide, title)

    def _paint_line(self, painter: QPainter, line: _Line, area: QRectF, ticks: list[float]) -> None:
        if not line.xs:
            return
        xs, ys = thinned(line.xs, line.ys, int(area.width()))
        points = self._points(xs, ys, area, ticks)
        # Segments one by one: Qt strokes a long polyline as one shape, whose cost grows with the square of its length
        # (1,400 noisy points: 560 ms against 4). Where segments are short, nobody sees their square ends.
        cap = Qt.PenCapStyle.RoundCap if len(points) <= 150 else Qt.PenCapStyle.FlatCap
        painter.setPen(QPen(theme.data_color(line.color), line.width(), Qt.PenStyle.SolidLine, cap))
        painter.drawLines([QLineF(first, second) for first, second in itertools.pairwise(points)])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.data_color(line.color))
        painter.drawEllipse(points[-1], line.width() + 1.3, line.width() + 1.3)

    def _labels(self, area: QRectF, ticks: list[float]) -> list[_Label]:
        """From the top down, as far apart as there is room for. Where it is for fewer, the strong lines and the lowest ones have theirs:
        what a class lacks is looked for there, and the pointer says all."""
        lines = sorted((line for line in self._lines.values() if line.ys), key=lambda line: -line.ys[-1])
        least = QFontMetricsF(theme.font(theme.SMALL_SIZE)).height()
        top, bottom = area.top() - 6, area.bottom() - 2
        most = int((bottom - top) / least) + 1
        spare = [line for line in lines if not line.strong][: max(len(lines) - most, 0)]
        lines = [line for line in lines if not any(line is each for each in spare)]
        gap = min((bottom - top) / max(len(lines) - 1, 1), _LABEL_GAP)
        ends = [self._place(line.xs[-1], line.ys[-1], area, ticks) for line in lines]
        heights = spread([end.y() for end in ends], gap, top, bottom)
        return [_Label(*each) for each in zip(lines, ends, heights, strict=True)]

    def _paint_labels(self, painter: QPainter, area: QRectF, ticks: list[float]) -> None:
        """Names and last values at the line ends, spread so that none covers another, with a thin line to each end."""
        left, right = area.right() + _TO_LABELS, float(self.width())
        for label in self._labels(area, ticks):
            line, end, y = label.line, label.end, label.y
            pen = QPen(theme.data_color(line.color), 1)
            painter.setPen(pen)
            painter.drawPolyline(
                QPolygonF(
                    [
                        QPointF(end.x() + 7, end.y()),
                        QPointF(max(left - 22, end.x() + 7), end.y()),
                        QPointF(left - 12, y),
                        QPointF(left - 5, y),
                    ]
                )
            )
            painter.setFont(theme.font(theme.SMALL_SIZE, bold=line.strong))
            painter.setPen(theme.color("text"))
            value = self._value(line.ys[-1], self._decimals)
            number = painter.fontMetrics().horizontalAdvance(value)
            name = elide(line.label, painter.fontMetrics(), right - left - number - 6)
            row = QRectF(left, y - 9, right - left, 18)
            painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
            painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, value)


class LossPlot(CurvePlot):
    """Loss of training (each step) and validation (each epoch): lines "train" and "val"."""

    def __init__(self, name: str = "loss_plot", parent: QWidget | None = None) -> None:
        super().__init__(name, tr("Loss"), bottom=0.0, shows_epochs=False, parent=parent)
        self.clear()

    def _highest(self, line: _Line) -> float | None:
        """Without the few steps far above all others, as the first ones often are: one of 144.9 would make a flat line of the rest."""
        return robust_top(line.ys)

    def paint(self, painter: QPainter) -> None:
        super().paint(painter)
        most = max((max(line.ys) for line in self._lines.values() if line.ys), default=0.0)
        area, ticks = self._area(), self._ticks()
        if most > ticks[-1]:
            painter.setFont(theme.font(theme.SMALL_SIZE))
            painter.setPen(theme.color("dim"))
            text = tr("single steps up to {value} lie above", value=figure(most, 1))
            place = QRectF(area.left() + 4, area.top() - 6, area.width() - 8, 16)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    def clear(self) -> None:
        super().clear()
        self.set_line("val", "text", tr("Validation"))
        self.set_line("train", "accent", tr("Training"))


class DicePlot(CurvePlot):
    """Validation Dice by class and their mean: lines named after the classes, and "mean"."""

    MEAN = "mean"

    def __init__(self, name: str = "dice_plot", title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name, title or tr("Validation Dice"), top=1.0, parent=parent)

    def set_classes(self, classes: Sequence[tuple[str, str]]) -> None:
        """(name, colour) of each class; points are forgotten."""
        self.clear()
        for name, color in classes:
            self.set_line(f"class:{name}", color, name)
        self.set_line(self.MEAN, "text", tr("Mean"), strong=True)

    def add_epoch(self, epoch: int, dice: dict[str, float | None], mean: float | None) -> None:
        """One validation; a class without Dice in it gets no point."""
        for name, value in dice.items():
            if f"class:{name}" in self._lines:
                self.add_point(f"class:{name}", epoch, value)
        self.add_point(self.MEAN, epoch, mean)


def power_of_ten(exponent: float) -> str:
    """ "10⁻³" of -3, "3.2·10⁻¹⁰" of -9.49: the number whose logarithm to the base 10 that is."""
    whole = math.floor(exponent + 1e-9)
    factor = 10 ** (exponent - whole)
    if factor >= 9.95:
        whole, factor = whole + 1, 1.0
    raised = f"10{str(whole).translate(RAISED)}"
    return raised if factor < 1.05 else f"{figure(factor, 1)}·{raised}"


def robust_top(values: Sequence[float]) -> float | None:
    """The highest value, or where that stands far above the rest the highest of the rest: above five times what 95 % stay below, or of
    fewer than 20 values all but the highest."""
    if len(values) < _FEW:
        return max(values, default=None)
    bound = 5 * sorted(values)[min(round(0.95 * (len(values) - 1)), len(values) - 2)]
    return max((value for value in values if value <= bound), default=max(values))


def _whole_powers(low: float, high: float, most: int) -> list[float]:
    """Whole exponents at even steps that cover low to high, at most about `most`."""
    first = math.floor(low + 1e-9)
    last = max(math.ceil(high - 1e-9), first + 1)
    step = math.ceil((last - first) / max(most - 1, 1))
    return [float(at) for at in range(first, last + step, step)]


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places near the wanted ones (ascending), at least `gap` apart: neighbours that would touch share a centre.

    They stay between low and high as long as there is room for all.
    """
    blocks: list[tuple[float, int]] = []  # centre, how many
    for place in wanted:
        blocks.append((place, 1))
        while len(blocks) > 1 and blocks[-1][0] - blocks[-2][0] < gap * (blocks[-1][1] + blocks[-2][1]) / 2:
            (second, more), (first, some) = blocks.pop(), blocks.pop()
            blocks.append(((first * some + second * more) / (some + more), some + more))
    places = [centre + gap * (at - (count - 1) / 2) for centre, count in blocks for at in range(count)]
    for at in range(len(places) - 1, -1, -1):
        places[at] = min(places[at], high - gap * (len(places) - 1 - at))
    for at in range(len(places)):
        places[at] = max(places[at], low + gap * at)
    return places


def thinned(xs: Sequence[float], ys: Sequence[float], columns: int) -> tuple[Sequence[float], Sequence[float]]:
    """At most two points a column, its lowest and highest in their order, so that no peak is lost and long runs stay quick."""
    if len(xs) <= 2 * columns or columns < 1:
        return xs, ys
    keep = {0, len(xs) - 1}
    for column in range(columns):
        places = range(column * len(xs) // columns, (column + 1) * len(xs) // columns)
        keep.update((min(places, key=ys.__getitem__), max(places, key=ys.__getitem__)))
    chosen = sorted(keep)
    return [xs[at] for at in chosen], [ys[at] for at in chosen]
