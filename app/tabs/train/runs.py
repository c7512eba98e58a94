"""The list of runs: name, network, how good, how long, and what each is doing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from widgets import icons, theme
from widgets.controls import named
from widgets.figures import figure
from widgets.panels import PAD
from widgets.rows import paint_ground, paint_text
from widgets.text import tr

_Index = QModelIndex | QPersistentModelIndex
MINUTES_WIDTH, SCORE_WIDTH = 38, 78  # px of the two columns of numbers


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


class _Model(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[RunRow] = []

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            score = f"{figure(row.score, 2)} {row.ground}" if row.score is not None else ""
            used = tr("in use") if row.in_use else ""
            return ", ".join(part for part in (row.name, row.state, used, row.network, score) if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.name}\n{row.network}"
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(200, theme.TALL_ROW)
        return None

    def set_rows(self, rows: Sequence[RunRow]) -> None:
        if [row.id for row in rows] == [row.id for row in self.rows]:
            self.rows = list(rows)
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()


class _Delegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        assert isinstance(model, _Model)
        row, area = model.rows[index.row()], QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, option)
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
        painter.restore()

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


class RunList(QListView):
    """Runs, the newest first. `picked(id)` when a person goes to another; `opened(id)` on Return or double click."""

    picked = Signal(int)
    opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        named(self, "run_list", tr("Runs"))
        self._empty = tr("No network has been trained yet.")
        self._silent = False
        self._rows = _Model(self)
        self.setModel(self._rows)
        self.setItemDelegate(_Delegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._moved)
        self.activated.connect(self._open)

    def set_runs(self, rows: Sequence[RunRow]) -> None:
        """Show these; the picked one stays picked. Sends nothing."""
        current = self.current()
        self._silent = True
        self._rows.set_rows(rows)
        self._silent = False
        if self.current() != current:
            self.set_current(current)

    def rows(self) -> list[RunRow]:
        return list(self._rows.rows)

    def current(self) -> int | None:
        place = self.currentIndex().row()
        return self._rows.rows[place].id if 0 <= place < len(self._rows.rows) else None

    def set_current(self, run: int | None) -> None:
        """Pick that run. Sends nothing."""
        place = next((at for at, row in enumerate(self._rows.rows) if row.id == run), -1)
        self._silent = True
        self.setCurrentIndex(self._rows.index(place) if place >= 0 else QModelIndex())
        self._silent = False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._rows.rows:
            painter = QPainter(self.viewport())
            painter.setPen(theme.color("dim"))
            area = self.viewport().rect().adjusted(20, 40, -20, -20)
            flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(area, flags, self._empty)

    @Slot(QModelIndex)
    def _moved(self, index: QModelIndex) -> None:
        if index.isValid() and not self._silent:
            self.picked.emit(self._rows.rows[index.row()].id)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._rows.rows[index.row()].id)
