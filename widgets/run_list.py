"""The list of runs: name, network, how good, how long, and what each is doing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter

from widgets import icons, theme
from widgets.figures import figure
from widgets.panels import PAD
from widgets.row_list import ListModel, RowDelegate, RowList
from widgets.rows import paint_text
from widgets.text import tr

MINUTES_WIDTH = 38  # px of the column of minutes
_BOX = 14  # px


@dataclass(frozen=True)
class RunRow:
    """One run. `ground` says on which set the score stands, `state` in a word what it is doing ("" when it has ended well); `ticked`
    whether it is compared (None: there is nothing to tick)."""

    id: int
    name: str
    network: str
    score: float | None
    ground: str
    minutes: float | None
    state: str = ""
    tone: theme.Role = "dim"
    in_use: bool = False
    share: float | None = None
    ticked: bool | None = None


class _Model(ListModel[RunRow]):
    def __init__(self) -> None:
        super().__init__(lambda _, row: row.id, height=theme.TALL_ROW)

    def describe(self, row: RunRow, column: int, role: Qt.ItemDataRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            score = f"{figure(row.score, 2)} {row.ground}" if row.score is not None else ""
            used = tr("in use") if row.in_use else ""
            return ", ".join(part for part in (row.name, row.state, used, row.network, score) if part)
        if role == Qt.ItemDataRole.CheckStateRole and row.ticked is not None:
            return Qt.CheckState.Checked if row.ticked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.name}\n{row.network}"
        return None


class _Delegate(RowDelegate[RunRow]):
    def paint_row(self, painter: QPainter, area: QRectF, row: RunRow, column: int, picked: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = area.adjusted(PAD, 8, -PAD, 0)
        if row.ticked is not None:
            _paint_box(painter, QRectF(inner.left(), inner.top() + 2, _BOX, _BOX), row.ticked)
            inner.setLeft(inner.left() + _BOX + 8)
        first, second = (
            QRectF(inner.x(), inner.y(), inner.width(), 18),
            QRectF(inner.x(), inner.y() + 19, inner.width(), 17),
        )
        small = theme.font(theme.SMALL_SIZE)
        number = None if row.minutes is None else figure(row.minutes, 0 if row.minutes >= 9.5 else 1)
        paint_text(painter, first, number or "", "dim", theme.font(), right=True)
        numbers = first.adjusted(0, 0, -MINUTES_WIDTH, 0)
        if row.score is not None:
            paint_text(painter, numbers, figure(row.score, 2), "text", theme.font(bold=True), right=True)
        taken = paint_text(painter, second.adjusted(0, 0, -MINUTES_WIDTH, 0), row.ground, "dim", small, right=True)
        self._paint_name(painter, first.adjusted(0, 0, -MINUTES_WIDTH - 44, 0), row)
        paint_text(painter, second.adjusted(0, 0, -MINUTES_WIDTH - taken - 8, 0), row.network, "dim", small)
        if row.share is not None:
            groove = QRectF(inner.left(), area.bottom() - 5, inner.width(), 2)
            painter.fillRect(groove, theme.color("raised_more"))
            groove.setWidth(groove.width() * min(max(row.share, 0.0), 1.0))
            painter.fillRect(groove, theme.color("accent"))

    @staticmethod
    def _paint_name(painter: QPainter, area: QRectF, row: RunRow) -> None:
        taken = paint_text(painter, area, row.name, "text", theme.font(bold=True))
        left = area.left() + taken + 8
        if row.in_use:
            density = painter.device().devicePixelRatio()
            painter.drawPixmap(
                round(left), round(area.center().y() - 7), icons.pixmap("star-filled", "accent", 14, density)
            )
            left += 22
        rest = QRectF(left, area.top(), area.right() - left, area.height())
        paint_text(painter, rest, row.state, row.tone, theme.font(theme.SMALL_SIZE))


def _paint_box(painter: QPainter, area: QRectF, ticked: bool) -> None:
    painter.setPen(theme.color("accent" if ticked else "faint"))
    painter.setBrush(theme.color("accent") if ticked else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    if ticked:
        density = painter.device().devicePixelRatio()
        painter.drawPixmap(area.topLeft(), icons.pixmap("check", "on_accent", _BOX, density))


class RunList(RowList[RunRow]):
    """Runs, the newest first. `picked(id)` when a person goes to another; `opened(id)` on Return or double click; `ticked(id)` when
    its box was pressed, or Space on it."""

    picked = Signal(int)
    opened = Signal(int)
    ticked = Signal(int)

    def __init__(self) -> None:
        super().__init__("run_list", tr("Runs"), _Model(), _Delegate())
        self.set_empty(tr("No network has been trained yet."))

    def set_runs(self, rows: Sequence[RunRow]) -> None:
        """Show these; the picked one stays picked. Sends nothing."""
        self.set_rows(rows)

    def box(self, run: int) -> QRect:
        """Where the box of that run is, in pixels of the viewport; a little larger than it is drawn."""
        area = self.visualRect(self._rows.index(self._rows.place_of(run), 0))
        return QRect(area.left(), area.top(), PAD + _BOX + 4, area.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.indexAt(event.position().toPoint()).row()
        if 0 <= place < len(self._rows.rows) and self._rows.rows[place].ticked is not None:
            run = self._rows.rows[place].id
            if self.box(run).contains(event.position().toPoint()):
                self.ticked.emit(run)
                return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.current_row()
        if event.key() == Qt.Key.Key_Space and row is not None and row.ticked is not None:
            self.ticked.emit(row.id)
            return
        super().keyPressEvent(event)

    def current(self) -> int | None:
        row = self.current_row()
        return None if row is None else row.id
