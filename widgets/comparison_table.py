"""Facts of several things side by side: a row each fact, a column each thing; what differs from the first is marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QSizePolicy

from widgets import theme
from widgets.csv_text import Row
from widgets.figures import NONE, figure
from widgets.row_list import RowDelegate, RowTable, TableModel
from widgets.rows import paint_swatch, paint_text

_ROW = 26  # px
_SWATCH = 10  # px
_NAME, _SHORT = 168, 96  # px of the column of names, and in a narrow table
_VALUE, _LEAST = 120, 68  # px that a column of values wishes for, and has at least


@dataclass(frozen=True)
class ComparisonRow:
    """One row. `values` are texts or numbers (None: not known), one a thing; numbers are shown with `decimals` and their difference
    from the first; a row with `heading` has no values and begins a group."""

    name: str
    values: tuple[str | float | None, ...] = ()
    decimals: int = 3
    heading: bool = False
    help: str = ""

    def text(self, place: int) -> str:
        """What stands in the column of that thing."""
        value = self.values[place] if place < len(self.values) else None
        return value if isinstance(value, str) else figure(value, self.decimals)

    def difference(self, place: int) -> str:
        """How far a number is from the first one; "" where there is no such difference, or none at all."""
        value, first = self.values[place], self.values[0]
        if value == first or isinstance(value, str) or isinstance(first, str) or value is None or first is None:
            return ""
        return figure(value - first, self.decimals, signed=True)

    def differs(self, place: int) -> bool:
        """Whether it is another than that of the first thing."""
        return 0 < place < len(self.values) and self.values[place] != self.values[0]


class _Model(TableModel[ComparisonRow]):
    def __init__(self) -> None:
        super().__init__(lambda place, row: (place, row.name))
        self.things: tuple[tuple[str, str], ...] = ()

    def set_things(self, things: Sequence[tuple[str, str]], rows: Sequence[ComparisonRow]) -> None:
        self.beginResetModel()
        self.things, self._columns = tuple(things), len(things) + 1
        self._put(list(rows), [(place, row.name) for place, row in enumerate(rows)])
        self.endResetModel()

    def describe(self, row: ComparisonRow, column: int, role: Qt.ItemDataRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name if not column else "" if row.heading else row.text(column - 1)
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.help or (row.text(column - 1) if column and not row.heading else row.name)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 < section <= len(self.things):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.things[section - 1][0]
        if role == Qt.ItemDataRole.DecorationRole and len(self.things) > 1:
            return _swatch(self.things[section - 1][1])
        return None


def _swatch(color: str) -> QPixmap:
    """The colour of the thing's curves."""
    drawn = QPixmap(_SWATCH, _SWATCH)
    drawn.fill(Qt.GlobalColor.transparent)
    with QPainter(drawn) as painter:
        paint_swatch(painter, QRectF(drawn.rect()), color)
    return drawn


class _Delegate(RowDelegate[ComparisonRow]):
    def paint_row(self, painter: QPainter, area: QRectF, row: ComparisonRow, column: int, picked: bool) -> None:
        if row.heading:
            painter.setPen(QPen(theme.color("hairline"), 1))
            painter.drawLine(area.bottomLeft(), area.bottomRight())
            if not column:
                paint_text(painter, area.adjusted(14, 4, -4, 0), row.name, "dim", theme.heading_font())
            return
        if not column:
            paint_text(painter, area.adjusted(14, 0, -4, 0), row.name, "dim", theme.font())
            return
        inner = area.adjusted(6, 0, -10, 0)
        apart = row.difference(column - 1)
        tone: theme.Role = "dim" if row.text(column - 1) == NONE else "text"
        taken = paint_text(painter, inner, row.text(column - 1), tone, theme.font(bold=row.differs(column - 1)))
        small, rest = theme.font(theme.SMALL_SIZE), inner.adjusted(taken + 8, 0, 0, 0)
        if apart and QFontMetricsF(small).horizontalAdvance(apart) <= rest.width():
            paint_text(painter, rest, apart, "dim", small)


class ComparisonTable(RowTable[ComparisonRow]):
    """`set_facts` shows them."""

    def __init__(self, name: str, text: str) -> None:
        self._facts = _Model()
        super().__init__(name, text, self._facts, _Delegate())
        self.setProperty("role", "scores")
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.horizontalHeader().setMinimumSectionSize(_LEAST)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 0)

    def set_facts(self, things: Sequence[tuple[str, str]], facts: Sequence[ComparisonRow]) -> None:
        """`things` are (name, colour) in the order of their values."""
        if (self._facts.things, tuple(self._facts.rows)) == (tuple(things), tuple(facts)):
            return
        self._facts.set_things(things, facts)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self._divide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._divide()
        super().resizeEvent(event)

    def _divide(self) -> None:
        """Names give way first."""
        room = self.viewport().width() - len(self._facts.things) * _VALUE
        self.setColumnWidth(0, min(max(room, _SHORT), _NAME))

    def table(self) -> Sequence[Row]:
        heads: Row = ("", *(name for name, _ in self._facts.things))
        return [heads, *((fact.name, *fact.values) for fact in self._facts.rows if not fact.heading)]
