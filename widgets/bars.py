"""Bars that compare: shares of a whole, numbers before and after, and single cases around their mean."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import theme
from widgets.csv_text import Row
from widgets.figures import figure, percent
from widgets.plot import Plot
from widgets.rows import paint_text
from widgets.text import tip, tr


@dataclass(frozen=True)
class Share:
    """A part of a whole: its name, its amount in any unit, and "#rrggbb" or a role."""

    name: str
    amount: float
    color: str


class ShareBar(Plot):
    """Parts of a whole in one bar, such as the patients of train, validation and test."""

    def __init__(self, name: str, text: str, height: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(name, text, parent)
        self._shares: tuple[Share, ...] = ()
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_shares(self, shares: Sequence[Share]) -> None:
        self._shares = tuple(shares)
        words = ", ".join(f"{share.name} {figure(share.amount)}" for share in shares)
        self.setAccessibleDescription(words)
        self.setToolTip(tip(words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def table(self) -> Sequence[Row]:
        return [(tr("Name"), self.accessibleName()), *((share.name, share.amount) for share in self._shares)]

    def paint(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        present = [share for share in self._shares if share.amount > 0]
        total = sum(share.amount for share in present)
        left, room = 0.0, self.width() - 2.0 * max(len(present) - 1, 0)
        for share in present or [Share("", 1.0, "raised_more")]:
            wide = room * share.amount / (total or 1.0)
            painter.setBrush(theme.data_color(share.color))
            painter.drawRoundedRect(QRectF(left, 0, wide, self.height()), 2, 2)
            left += wide + 2


@dataclass(frozen=True)
class ShareChange:
    """A number of a class before and after; `notable` where a person should look."""

    name: str
    before: float
    after: float
    color: str
    notable: bool = False


class ChangeBars(Plot):
    """What each class gains or loses: two bars, before in grey, after in the colour of the class."""

    _ROW = 52

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(name, text, parent)
        self._rows: tuple[ShareChange, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_changes(self, rows: Sequence[ShareChange]) -> None:
        self._rows = tuple(rows)
        self.setAccessibleDescription(", ".join(f"{row.name} {_change(row)}" for row in rows))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, self._ROW * len(self._rows))

    def table(self) -> Sequence[Row]:
        heads = (tr("Class"), tr("Before"), tr("After"))
        return [heads, *((row.name, row.before, row.after) for row in self._rows)]

    def paint(self, painter: QPainter) -> None:
        for at, row in enumerate(self._rows):
            self._paint_row(painter, row, at * self._ROW)

    def _paint_row(self, painter: QPainter, row: ShareChange, top: float) -> None:
        line = QRectF(0, top, self.width(), 20)
        role: theme.Role = "warn" if row.notable else "text"
        paint_text(painter, line, _change(row), role, theme.font(bold=row.notable), right=True)
        numbers = tr("{before} → {after}", before=figure(row.before), after=figure(row.after))
        small = theme.font(theme.SMALL_SIZE)
        taken = paint_text(painter, line.adjusted(0, 0, -52, 0), numbers, "dim", small, right=True)
        paint_text(painter, line.adjusted(0, 0, -60 - taken, 0), row.name, "text", theme.font())
        most = max(row.before, row.after)
        painter.setPen(Qt.PenStyle.NoPen)
        for down, value, color in ((25, row.before, "faint"), (32, row.after, row.color)):
            if most > 0 and value > 0:
                painter.setBrush(theme.data_color(color))
                painter.drawRoundedRect(QRectF(0, top + down, max(self.width() * value / most, 4.0), 4), 2, 2)


def _change(row: ShareChange) -> str:
    if row.before <= 0:
        return figure(None)
    text = percent((row.after - row.before) / row.before)
    return f"+{text}" if row.after > row.before else text


class DotStrip(Plot):
    """Cases as dots on a line, their mean as a stroke, its interval behind; the open case in the accent."""

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(name, text, parent)
        self._values: tuple[float, ...] = ()
        self._mean: float | None = None
        self._interval: tuple[float, float] | None = None
        self._current: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_values(
        self,
        values: Sequence[float],
        mean: float | None = None,
        interval: tuple[float, float] | None = None,
        current: float | None = None,
    ) -> None:
        """Scores from 0 to 1; `current` is the value of the open case."""
        self._values, self._mean, self._interval, self._current = tuple(values), mean, interval, current
        words = [tr("mean {value}, n = {count}", value=figure(mean, 3), count=len(values))]
        if interval is not None:
            words.append(tr("{low} to {high}", low=figure(interval[0], 3), high=figure(interval[1], 3)))
        self.setAccessibleDescription(", ".join(words))
        self.setToolTip(tip(", ".join(words)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, 36)

    def table(self) -> Sequence[Row]:
        return [(self.accessibleName(),), *((value,) for value in self._values)]

    def paint(self, painter: QPainter) -> None:
        shown = [*self._values, *(self._interval or ()), *([self._mean] if self._mean is not None else [])]
        if not shown:
            return
        low, high = _rounded_range(min(shown), max(shown))

        def place(value: float) -> float:
            return 4 + (value - low) / (high - low) * (self.width() - 8)

        if self._interval is not None:
            left, right = (place(each) for each in self._interval)
            painter.fillRect(QRectF(left, 2, right - left, 14), theme.color("accent_ground"))
        painter.setPen(Qt.PenStyle.NoPen)
        for value in self._values:
            painter.setBrush(theme.color("accent" if value == self._current else "dim"))
            painter.drawEllipse(QPointF(place(value), 9), 3, 3)
        painter.setPen(QPen(theme.color("hairline"), 1))
        painter.drawLine(QPointF(4, 17.5), QPointF(self.width() - 4, 17.5))
        if self._mean is not None:
            painter.setPen(QPen(theme.color("text"), 2))
            painter.drawLine(QPointF(place(self._mean), 0), QPointF(place(self._mean), 18))
        foot, small = QRectF(0, 20, self.width(), 16), theme.font(theme.HEADING_SIZE)
        paint_text(painter, foot, figure(low, 2), "dim", small)
        paint_text(painter, foot, figure(high, 2), "dim", small, right=True)


def _rounded_range(low: float, high: float) -> tuple[float, float]:
    """The range in steps of 0.05 that holds both."""
    first, last = math.floor(low * 20 + 1e-9), math.ceil(high * 20 - 1e-9)
    return first / 20, max(last, first + 1) / 20
