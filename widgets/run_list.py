"""The list of runs: name, network, how good, how long, and what each is doing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter

from widgets import icons, theme
from widgets.figures import figure
from widgets.panels import PAD
from widgets.row_list import RowDelegate, RowList, RowModel
from widgets.rows import paint_text
from widgets.text import tr

MINUTES_WIDTH = 38  # px of the column of minutes


@dataclass(frozen=True)
class RunRow:
    """One run. `ground` says on which set the score stands, `state` in a word what it is doing ("" when it has ended well)."""

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


class _Model(RowModel[RunRow]):
    def __init__(self) -> None:
        super().__init__(lambda _, row: row.id, height=theme.TALL_ROW)

    def describe(self, row: RunRow, column: int, role: Qt.ItemDataRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            score = f"{figure(row.score, 2)} {row.ground}" if row.score is not None else ""
            used = tr("in use") if row.in_use else ""
            return ", ".join(part for part in (row.name, row.state, used, row.network, score) if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.name}\n{row.network}"
        return None


class _Delegate(RowDelegate[RunRow]):
    def paint_row(self, painter: QPainter, area: QRectF, row: RunRow, column: int, picked: bool) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = area.adjusted(PAD, 8, -PAD, 0)
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


class RunList(RowList[RunRow]):
    """Runs, the newest first. `picked(id)` when a person goes to another; `opened(id)` on Return or double click."""

    picked = Signal(int)
    opened = Signal(int)

    def __init__(self) -> None:
        super().__init__("run_list", tr("Runs"), _Model(), _Delegate())
        self.set_empty(tr("No network has been trained yet."))

    def set_runs(self, rows: Sequence[RunRow]) -> None:
        """Show these; the picked one stays picked. Sends nothing."""
        self.set_rows(rows)

    def current(self) -> int | None:
        row = self.current_row()
        return None if row is None else row.id
