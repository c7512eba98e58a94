"""Cases in review: picture, name, mean Dice with its bar, state; sorted by what a person presses, the worst first to begin with.

The cases of a series stand as one row that opens: while it is closed, the case on the screen stands for it, else its first by the order asked for.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QWidget

from engine.natural_order import natural
from widgets import theme
from widgets.csv_text import Row
from widgets.figures import figure
from widgets.folds import CHEVRON, INDENT, FoldedView, Folds, paint_chevron
from widgets.row_list import RowDelegate, RowTable, TableModel
from widgets.row_pictures import RowPictures, paint_picture
from widgets.rows import paint_text
from widgets.text import tr
from widgets.theme import Role

PICTURE, NAME, DICE, STATE = range(4)
_ROW, _PAD = 46, 12
_PICTURE = QSize(42, 34)
_GAP = 4


@dataclass(frozen=True)
class CaseRow:
    """One case. `dice` is 0..1 or None, which `why` explains; `state` stands in the colour `tone`, `rank` is its place in order;
    `reason` was given for the state. Those of one `group` ("" none), which is called `group_title`, stand as one row that opens, in the
    order of `place`; `part` says which of them it is."""

    id: int
    name: str
    subtitle: str = ""
    dice: float | None = None
    why: str = ""
    state: str = ""
    tone: Role = "dim"
    rank: int = 0
    reason: str = ""
    group: str = ""
    group_title: str = ""
    part: str = ""
    place: int = 0


class _Model(TableModel[CaseRow]):
    def __init__(self) -> None:
        super().__init__(lambda _, row: row.id, columns=4)
        self.column, self.down = DICE, False

    def describe(self, row: CaseRow, column: int, role: Qt.ItemDataRole) -> Any:
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

    def table(self) -> Sequence[Row]:
        return [(tr("Case"), tr("Dice"), tr("State")), *((row.name, row.dice, row.state) for row in self.rows)]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return ("", tr("Case"), tr("Dice"), tr("State"))[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return ("", tr("Sort by name"), tr("Mean Dice over the classes: sort by it"), tr("Sort by state"))[section]
        return None

    def arranged(self, rows: Sequence[CaseRow]) -> list[CaseRow]:
        """In the order that is asked for."""
        by_name = sorted(rows, key=lambda row: natural(row.name))
        if self.column == NAME:
            return by_name[::-1] if self.down else by_name
        if self.column == STATE:
            return sorted(by_name, key=lambda row: row.rank, reverse=self.down)
        scored = [row for row in by_name if row.dice is not None]
        scored.sort(key=lambda row: row.dice or 0.0, reverse=self.down)
        return scored + [row for row in by_name if row.dice is None]  # without a number there is no place among numbers


class _Delegate(RowDelegate[CaseRow]):
    def __init__(self, pictures: RowPictures, folds: Folds[CaseRow]) -> None:
        super().__init__()
        self._pictures, self._folds = pictures, folds

    def paint_row(self, painter: QPainter, area: QRectF, row: CaseRow, column: int, picked: bool) -> None:
        if column == PICTURE:
            top = area.center().y() - _PICTURE.height() / 2
            place = QRectF(area.left() + _PAD, top, _PICTURE.width(), _PICTURE.height())
            paint_picture(painter, place, self._pictures.get(row.id))
        elif column == NAME:
            inner = area.adjusted(4, 0, -4, 0)
            if (fold := self._folds.fold(row.id)) is not None:
                paint_chevron(painter, inner, fold)
                inner.setLeft(inner.left() + CHEVRON + _GAP + (0 if fold.first else INDENT))
            _paint_name(painter, inner, row)
        elif column == DICE:
            _paint_dice(painter, area.adjusted(0, 0, -6, 0), row)
        else:
            paint_text(painter, area.adjusted(6, 0, -4, 0), row.state, row.tone, theme.font())


def _paint_name(painter: QPainter, area: QRectF, row: CaseRow) -> None:
    line = QRectF(area.left(), area.center().y() - 18, area.width(), 18)
    font, small = theme.font(), theme.font(theme.SMALL_SIZE)
    paint_text(painter, line, row.name, "text", font, mode=Qt.TextElideMode.ElideMiddle)
    paint_text(painter, line.translated(0, 18), row.reason or row.subtitle, "dim", small)


def _paint_dice(painter: QPainter, area: QRectF, row: CaseRow) -> None:
    middle = area.center().y()
    text = QRectF(area.left(), middle - 15, area.width(), 18)
    paint_text(painter, text, figure(row.dice, 3), "dim" if row.dice is None else "text", theme.font(), right=True)
    groove = QRectF(area.right() - min(52.0, area.width()), middle + 8, min(52.0, area.width()), 3)
    painter.fillRect(groove, theme.color("raised_more"))
    groove.setWidth(groove.width() * min(max(row.dice or 0.0, 0.0), 1.0))
    painter.fillRect(groove, theme.color("dim"))


class CaseList(FoldedView[CaseRow], RowTable[CaseRow]):
    """Cases to choose from. `picked(id)` when a person goes to another; a heading sorts, pressed again the other way round.

    `thumbnail_wanted(id)` is sent once for a case that came into sight; answer with set_thumbnail, whenever it is ready.
    """

    picked = Signal(int)
    thumbnail_wanted = Signal(int)
    _column = NAME

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        self._pictures, self._cases = RowPictures(), _Model()
        self._folds = Folds[CaseRow](lambda row: row.id, lambda row: row.group)
        self._all: list[CaseRow] = []  # in order, those of closed series too
        super().__init__(name, text, self._cases, _Delegate(self._pictures, self._folds), parent)
        self._pictures.setParent(self)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
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
        self._pictures.wanted.connect(self.thumbnail_wanted, Qt.ConnectionType.QueuedConnection)

    def set_cases(self, rows: Sequence[CaseRow], keep_order: bool = False) -> None:
        """Show these, sorted; the picked one stays picked. Sends nothing.

        `keep_order` leaves the same cases where they stand: nothing may move under the hand that corrects one.
        """
        stood = {row.id: place for place, row in enumerate(self._all)}
        if keep_order and stood.keys() == {row.id for row in rows}:
            self._all = sorted(rows, key=lambda row: stood[row.id])
            self.arrange_again()
        else:
            self._sort_all(rows)
        self._fit_columns()

    def _sort_all(self, rows: Sequence[CaseRow]) -> None:
        """Put all in order; the first of a series, or the one on the screen, stands for it."""
        self._all = self._cases.arranged(rows)
        faces = {row.group: row.id for row in reversed(self._all) if row.group}
        faces |= {row.group: row.id for row in self._all if row.group and row.id == self.current()}
        self._folds.arrange(self._all, _place)
        for id in faces.values():
            self._folds.stand_for(id)
        self.arrange_again()

    def arrange_again(self) -> None:
        self.set_rows(map(self._as_shown, self._folds.arrange(self._all, _place)))

    def _as_shown(self, row: CaseRow) -> CaseRow:
        """A series that is closed says how far it is; one that is open says its name once."""
        fold = self._folds.fold(row.id)
        if fold is None:
            return row
        if fold.open and not fold.first:
            return replace(row, name=row.part)
        subtitle = f"{row.part} · {row.subtitle}"
        if fold.open:
            return replace(row, name=row.group_title, subtitle=subtitle)
        done, count = sum(each.rank > 0 for each in fold.rows), len(fold.rows)
        state = row.state if len({each.rank for each in fold.rows}) == 1 else f"{done} / {count}"
        reason = row.reason if state == row.state else ""
        tone = row.tone if state == row.state else "dim"
        return replace(row, name=row.group_title, subtitle=subtitle, state=state, tone=tone, reason=reason)

    def ids(self) -> list[int]:
        """The cases in the order shown; those of a closed series follow the one that stands for it."""
        found = list[int]()
        places = {row.id: place for place, row in enumerate(self._all)}
        for row in self._rows.rows:
            found.append(row.id)
            fold = self._folds.fold(row.id)
            if fold is not None and not fold.open:
                hidden = [each.id for each in fold.rows if each.id != row.id]
                found += sorted(hidden, key=lambda id: places[id])
        return found

    def row(self, item: int) -> CaseRow:
        """The case by itself, whatever of it is shown."""
        return next(row for row in self._all if row.id == item)

    def set_current(self, key: Hashable | None) -> None:
        """Pick the row of that case, or none; it stands for its series where that is closed. Sends nothing."""
        if self._folds.stand_for(key):
            self.arrange_again()
        super().set_current(key)

    def opening_area(self, index: QModelIndex) -> QRect:
        area = self.visualRect(index)
        return area.adjusted(0, 0, 4 + CHEVRON + _GAP - area.width(), 0) if index.column() == NAME else QRect()

    def current(self) -> int | None:
        row = self.current_row()
        return None if row is None else row.id

    def set_thumbnail(self, item: int, image: QImage) -> None:
        self._pictures.put(item, image)
        self._rows.repaint(item)

    def forget_thumbnails(self) -> None:
        """Another project came: numbers of items mean other items now."""
        self._pictures.forget()

    def sort_by(self, column: int, down: bool = False) -> None:
        """Sort by NAME, DICE or STATE."""
        self._cases.column, self._cases.down = column, down
        self._sort_all(self._all)
        order = Qt.SortOrder.DescendingOrder if down else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(column, order)
        self.set_current(self.current())

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
        self.sort_by(column, column == self._cases.column and not self._cases.down)


def _place(row: CaseRow) -> int:
    return row.place
