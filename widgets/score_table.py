"""Scores by class: as bars with their value, or as a table with several columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QEvent,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QHeaderView,
    QSizePolicy,
    QToolTip,
    QWidget,
)

from widgets import theme
from widgets.csv_text import Row
from widgets.figures import NONE, figure
from widgets.plot import Plot
from widgets.row_list import RowDelegate, RowTable, TableModel
from widgets.rows import paint_swatch, paint_text
from widgets.text import tip, tr

_ROW = 24


@dataclass(frozen=True)
class Score:
    """One class (or the mean): `values` in the order of the columns, None where there is no such number, which `why` explains.

    `color` "#rrggbb" or a role, "" for none; `strong` stands for a mean: bold, under a line; `faint` for a lesser one.
    """

    name: str
    values: tuple[float | None, ...]
    color: str = ""
    why: str = ""
    strong: bool = False
    lesser: bool = False

    @property
    def of_class(self) -> bool:
        """No mean: a class may be called as one."""
        return not (self.strong or self.lesser)


@dataclass(frozen=True)
class Column:
    """A column of the table: heading, decimals, and whether a sign is always shown."""

    title: str
    decimals: int = 2
    signed: bool = False
    help: str = ""


class ScoreBars(Plot):
    """One value (0 to 1) a class as a bar. `picked(name)` on a click, or Return on the row that the arrows chose, of a class."""

    picked = Signal(str)

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(name, text, parent)
        self._rows: list[Score] = []
        self._current = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_scores(self, rows: Sequence[Score]) -> None:
        """The first value of each row is drawn."""
        grown = len(rows) != len(self._rows)
        self._rows = list(rows)
        self._current = min(self._current, max(len(rows) - 1, 0))
        self.setAccessibleDescription(", ".join(f"{row.name} {figure(row.values[0], 2)}" for row in rows))
        if grown:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, _ROW * len(self._rows) + 8 * sum(row.strong for row in self._rows))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._row_at(event.position().y())
        if at is not None and event.button() == Qt.MouseButton.LeftButton:
            self._current = at
            self.update()
            self._pick_current()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and self._rows:
            step = 1 if key == Qt.Key.Key_Down else -1
            self._current = min(max(self._current + step, 0), len(self._rows) - 1)
            self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._rows:
            self._pick_current()
        else:
            super().keyPressEvent(event)

    def _pick_current(self) -> None:
        if self._rows[self._current].of_class:
            self.picked.emit(self._rows[self._current].name)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = self._row_at(event.pos().y())
            QToolTip.showText(event.globalPos(), tip(self._rows[at].why) if at is not None else "", self)
            return True
        return super().event(event)

    def table(self) -> Sequence[Row]:
        return [(tr("Class"), self.accessibleName()), *((row.name, row.values[0]) for row in self._rows)]

    def paint(self, painter: QPainter) -> None:
        metrics = self.fontMetrics()
        names = min(
            max((metrics.horizontalAdvance(row.name) for row in self._rows), default=0) + 18, self.width() * 0.55
        )
        for at, row in enumerate(self._rows):
            self._paint_row(painter, row, self._area(at), names)

    def paint_marks(self, painter: QPainter) -> None:
        if self.hasFocus() and self._rows:
            theme.focus_ring(painter, self._area(self._current))

    def _paint_row(self, painter: QPainter, row: Score, area: QRectF, names: float) -> None:
        font = theme.font(bold=row.strong)
        inner = area.adjusted(2, 0, -2, 0)
        paint_text(
            painter,
            QRectF(inner.left(), inner.top(), names - 8, inner.height()),
            row.name,
            "text" if row.strong else "dim",
            font,
        )
        value = row.values[0]
        paint_text(
            painter,
            QRectF(inner.right() - 44, inner.top(), 44, inner.height()),
            figure(value, 2),
            "dim" if value is None else "text",
            font,
            right=True,
        )
        groove = QRectF(inner.left() + names, inner.center().y() - 2.5, max(inner.width() - names - 44 - 8, 8), 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("raised_more"))
        painter.drawRoundedRect(groove, 2.5, 2.5)
        if value is not None and value > 0:
            groove.setWidth(max(groove.width() * min(value, 1.0), 5.0))
            painter.setBrush(theme.data_color(row.color or "dim"))
            painter.drawRoundedRect(groove, 2.5, 2.5)

    def _area(self, at: int) -> QRectF:
        extra = 8 * sum(row.strong for row in self._rows[: at + 1])
        return QRectF(0, at * _ROW + extra, self.width(), _ROW)

    def _row_at(self, y: float) -> int | None:
        return next((at for at in range(len(self._rows)) if self._area(at).top() <= y < self._area(at).bottom()), None)


class _Model(TableModel[Score]):
    def __init__(self, columns: Sequence[Column], first: str) -> None:
        super().__init__(lambda _, row: (row.of_class, row.strong, row.name), len(columns) + 1)
        self.columns, self.first = tuple(columns), first

    def text(self, row: Score, column: int) -> str:
        if column == 0:
            return row.name
        rule = self.columns[column - 1]
        return figure(row.values[column - 1], rule.decimals, signed=rule.signed and row.of_class)

    def table(self) -> Sequence[Row]:
        heads = (self.first, *(column.title for column in self.columns))
        return [heads, *((row.name, *row.values) for row in self.rows)]

    def describe(self, row: Score, column: int, role: Qt.ItemDataRole) -> Any:
        text = self.text(row, column)
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.why if text == NONE else text if column == 0 else None
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section - 1].title if section else self.first
        if role == Qt.ItemDataRole.ToolTipRole and section:
            return self.columns[section - 1].help
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignVCenter | (
                Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
            )
        return None


class _Delegate(RowDelegate[Score]):
    def __init__(self, model: _Model) -> None:
        super().__init__()
        self._model = model

    def paint_row(self, painter: QPainter, area: QRectF, row: Score, column: int, picked: bool) -> None:
        if row.strong:
            painter.setPen(QPen(theme.color("hairline"), 1))
            painter.drawLine(area.topLeft(), area.topRight())
        font = theme.font(theme.SMALL_SIZE if row.lesser else theme.TEXT_SIZE, bold=row.strong)
        text = self._model.text(row, column)
        role: theme.Role = "dim" if row.lesser or text == NONE else "text"
        if column == 0:
            if row.color:
                paint_swatch(painter, QRectF(area.left() + 2, area.center().y() - 6, 12, 12), row.color)
            indent = 22 if any(each.color for each in self._model.rows) and row.of_class else 2
            paint_text(painter, area.adjusted(indent, 0, -4, 0), text, role, font)
        else:
            paint_text(painter, area.adjusted(4, 0, -2, 0), text, role, font, right=True)


class ScoreTable(RowTable[Score]):
    """Scores in columns: Dice, HD95, volume error. `picked(name)` when a person goes to another class; more rows than `most` scroll."""

    picked = Signal(str)

    def __init__(
        self,
        name: str,
        text: str,
        columns: Sequence[Column],
        first: str = "",
        parent: QWidget | None = None,
        *,
        most: int | None = None,
    ) -> None:
        self._scores = _Model(columns, first or tr("Class"))
        super().__init__(name, text, self._scores, _Delegate(self._scores), parent)
        self._most = most
        self.setProperty("role", "scores")
        self.verticalHeader().setDefaultSectionSize(_ROW)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(32)
        if most is None:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def _announce(self, row: Score, place: int) -> None:
        if row.of_class:
            self.picked.emit(row.name)

    def set_scores(self, rows: Sequence[Score]) -> None:
        self.set_rows(rows)
        self.viewport().update()  # whether names stand behind colours is said by all rows together
        heading, bold = QFontMetrics(theme.font(theme.SMALL_SIZE)), QFontMetrics(theme.font(bold=True))
        for at, column in enumerate(self._scores.columns, start=1):
            widest = max((bold.horizontalAdvance(self._scores.text(row, at)) for row in rows), default=0)
            self.setColumnWidth(at, max(widest, heading.horizontalAdvance(column.title)) + 9)
        shown = len(rows) if self._most is None else min(len(rows), self._most)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + _ROW * shown + 2)
