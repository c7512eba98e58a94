"""Cases in review: picture, name, mean Dice with its bar, state; sorted by what a person presses, the worst first to begin with."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QHeaderView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from widgets import theme
from widgets.controls import calm_table, named
from widgets.figures import figure
from widgets.rows import paint_ground, paint_text
from widgets.text import tr
from widgets.theme import Role

_Index = QModelIndex | QPersistentModelIndex
PICTURE, NAME, DICE, STATE = range(4)
_ROW, _PAD = 46, 12
_DIGITS = re.compile(r"(\d+)")
_PICTURE = QSize(42, 34)


@dataclass(frozen=True)
class CaseRow:
    """One case. `dice` is 0..1 or None, which `why` explains; `state` stands in the colour `tone`, `rank` is its place in order;
    `reason` was given for the state."""

    id: int
    name: str
    subtitle: str = ""
    dice: float | None = None
    why: str = ""
    state: str = ""
    tone: Role = "dim"
    rank: int = 0
    reason: str = ""


class _Model(QAbstractTableModel):
    wanted = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[CaseRow] = []
        self.column, self.down = DICE, False
        self.pictures: dict[int, QPixmap] = {}
        self._asked: set[int] = set()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else 4

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return ("", row.name, figure(row.dice, 3), row.state)[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            if column == DICE and row.dice is None:
                return row.why
            said = f"{row.state}: {row.reason}" if row.reason else ""
            return "\n".join(part for part in (row.name, row.subtitle, said) if part)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ("", f"{row.name}, {row.reason or row.subtitle}", figure(row.dice, 3), row.state)[column]
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return ("", tr("Case"), tr("Dice"), tr("State"))[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return ("", tr("Sort by name"), tr("Mean Dice over the classes: sort by it"), tr("Sort by state"))[section]
        return None

    def set_rows(self, rows: Sequence[CaseRow], keep_order: bool) -> None:
        places = {row.id: at for at, row in enumerate(self.rows)}
        if keep_order and {row.id for row in rows} == places.keys():
            self._put(sorted(rows, key=lambda row: places[row.id]))
        else:
            self._put(self._sorted(rows))

    def sort_by(self, column: int, down: bool) -> None:
        self.column, self.down = column, down
        self._put(self._sorted(self.rows))

    def picture(self, item: int) -> QPixmap | None:
        if item not in self.pictures and item not in self._asked:
            self._asked.add(item)
            self.wanted.emit(item)
        return self.pictures.get(item)

    def set_picture(self, item: int, image: QImage) -> None:
        self.pictures[item] = QPixmap.fromImage(image)
        place = self.place_of(item)
        if place >= 0:
            self.dataChanged.emit(self.index(place, PICTURE), self.index(place, PICTURE))

    def forget_pictures(self) -> None:
        self.pictures.clear()
        self._asked.clear()

    def place_of(self, item: int) -> int:
        return next((at for at, row in enumerate(self.rows) if row.id == item), -1)

    def _put(self, rows: list[CaseRow]) -> None:
        if [row.id for row in rows] == [row.id for row in self.rows]:
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, STATE))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def _sorted(self, rows: Sequence[CaseRow]) -> list[CaseRow]:
        by_name = sorted(rows, key=lambda row: _as_counted(row.name))
        if self.column == NAME:
            return by_name[::-1] if self.down else by_name
        if self.column == STATE:
            return sorted(by_name, key=lambda row: row.rank, reverse=self.down)
        scored = [row for row in by_name if row.dice is not None]
        scored.sort(key=lambda row: row.dice or 0.0, reverse=self.down)
        return scored + [row for row in by_name if row.dice is None]  # without a number there is no place among numbers


def _as_counted(name: str) -> list[tuple[int, int, str]]:
    """Sorts case 9 before case 10. Qt's collator does so in some builds only."""
    parts = _DIGITS.split(name.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]


class _Delegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        assert isinstance(model, _Model)
        row, area = model.rows[index.row()], QRectF(option.rect)
        painter.save()
        paint_ground(painter, option)
        if index.column() == PICTURE:
            _paint_picture(painter, area, model.picture(row.id))
        elif index.column() == NAME:
            _paint_name(painter, area.adjusted(4, 0, -4, 0), row)
        elif index.column() == DICE:
            _paint_dice(painter, area.adjusted(0, 0, -6, 0), row)
        else:
            paint_text(painter, area.adjusted(6, 0, -4, 0), row.state, row.tone, theme.font())
        painter.restore()


def _paint_picture(painter: QPainter, area: QRectF, picture: QPixmap | None) -> None:
    place = QRectF(area.left() + _PAD, area.center().y() - _PICTURE.height() / 2, _PICTURE.width(), _PICTURE.height())
    painter.fillRect(place, theme.color("raised" if picture is None or picture.isNull() else "scan"))
    if picture is None or picture.isNull():
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    size = picture.size().scaled(_PICTURE, Qt.AspectRatioMode.KeepAspectRatio)
    inner = QRectF(0, 0, size.width(), size.height())
    inner.moveCenter(place.center())
    painter.drawPixmap(inner, picture, QRectF(picture.rect()))


def _paint_name(painter: QPainter, area: QRectF, row: CaseRow) -> None:
    line = QRectF(area.left(), area.center().y() - 18, area.width(), 18)
    font, small = theme.font(), theme.font(theme.SMALL_SIZE)
    shown = QFontMetrics(font).elidedText(row.name, Qt.TextElideMode.ElideMiddle, int(line.width()))
    paint_text(painter, line, shown, "text", font)
    said = row.reason or row.subtitle
    said = QFontMetrics(small).elidedText(said, Qt.TextElideMode.ElideRight, int(line.width()))
    paint_text(painter, line.translated(0, 18), said, "dim", small)


def _paint_dice(painter: QPainter, area: QRectF, row: CaseRow) -> None:
    middle = area.center().y()
    text = QRectF(area.left(), middle - 15, area.width(), 18)
    paint_text(painter, text, figure(row.dice, 3), "dim" if row.dice is None else "text", theme.font(), right=True)
    groove = QRectF(area.right() - min(52.0, area.width()), middle + 8, min(52.0, area.width()), 3)
    painter.fillRect(groove, theme.color("raised_more"))
    groove.setWidth(groove.width() * min(max(row.dice or 0.0, 0.0), 1.0))
    painter.fillRect(groove, theme.color("dim"))


class CaseList(QTableView):
    """Cases to choose from. `picked(id)` when a person goes to another; a heading sorts, pressed again the other way round.

    `thumbnail_wanted(id)` is sent once for a case that came into sight; answer with set_thumbnail, whenever it is ready.
    """

    picked = Signal(int)
    thumbnail_wanted = Signal(int)

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name, text)
        self._silent = False
        self._rows = _Model(self)
        self.setModel(self._rows)
        self.setItemDelegate(_Delegate(self))
        calm_table(self)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        header = self.horizontalHeader()
        header.setObjectName(f"{name}.header")
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(DICE, Qt.SortOrder.AscendingOrder)
        header.sectionClicked.connect(self._sort)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self._fit_columns()
        # Queued, so that whoever answers at once does not do so in the middle of painting.
        self._rows.wanted.connect(self.thumbnail_wanted, Qt.ConnectionType.QueuedConnection)
        self.selectionModel().currentRowChanged.connect(self._moved)

    def set_cases(self, rows: Sequence[CaseRow], keep_order: bool = False) -> None:
        """Show these, sorted; the picked one stays picked. Sends nothing.

        `keep_order` leaves the same cases where they stand: nothing may move under the hand that corrects one.
        """
        current = self.current()
        self._rows.set_rows(rows, keep_order)
        self._fit_columns()
        if self.current() != current:
            self.set_current(current)

    def ids(self) -> list[int]:
        """The cases in the order shown."""
        return [row.id for row in self._rows.rows]

    def row(self, item: int) -> CaseRow:
        return self._rows.rows[self._rows.place_of(item)]

    def current(self) -> int | None:
        place = self.currentIndex().row()
        return self._rows.rows[place].id if 0 <= place < len(self._rows.rows) else None

    def set_current(self, item: int | None) -> None:
        """Pick that case and bring it into sight. Sends nothing."""
        place = -1 if item is None else self._rows.place_of(item)
        self._silent = True
        self.setCurrentIndex(self._rows.index(place, NAME) if place >= 0 else QModelIndex())
        self._silent = False

    def set_thumbnail(self, item: int, image: QImage) -> None:
        self._rows.set_picture(item, image)

    def forget_thumbnails(self) -> None:
        """Another project came: numbers of items mean other items now."""
        self._rows.forget_pictures()

    def sort_by(self, column: int, down: bool = False) -> None:
        """Sort by NAME, DICE or STATE."""
        current = self.current()
        self._rows.sort_by(column, down)
        order = Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(column, order)
        self.set_current(current)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_columns()

    def _fit_columns(self) -> None:
        small, normal = QFontMetrics(theme.font(theme.SMALL_SIZE)), QFontMetrics(theme.font())
        self.setColumnWidth(PICTURE, _PAD + _PICTURE.width() + 6)
        arrow = 16
        self.setColumnWidth(DICE, max(small.horizontalAdvance(tr("Dice")) + arrow, 56) + 8)
        states = [normal.horizontalAdvance(row.state) for row in self._rows.rows]
        self.setColumnWidth(STATE, max([*states, small.horizontalAdvance(tr("State")) + arrow]) + 14)

    @Slot(int)
    def _sort(self, column: int) -> None:
        if column == PICTURE:
            column = DICE
        self.sort_by(column, column == self._rows.column and not self._rows.down)

    @Slot(QModelIndex)
    def _moved(self, index: QModelIndex) -> None:
        if index.isValid() and not self._silent:
            self.picked.emit(self._rows.rows[index.row()].id)
