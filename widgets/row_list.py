"""What every list and table of rows is made of: one model, one delegate and one view; a list adds what its rows are and how they look."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractListModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QHoverEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from widgets import theme
from widgets.controls import calm_table, named
from widgets.csv_text import Row
from widgets.rows import paint_ground
from widgets.table_menu import TableMenu
from widgets.text import tip

Index = QModelIndex | QPersistentModelIndex
RowType = TypeVar("RowType")

_MOST_RANGES = 16  # that come or go by themselves: a view is slow with thousands, and with one reset it is not
_MOST_SELECTED = 1000  # cells that are moved one by one; a view that keeps more selects them again after a reset
_LEAST_COLUMN = 32  # px
_EMPTY_TOP = 40  # px above the words of an empty list


if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel as _BaseModel
else:

    class _BaseModel:
        """What is mixed in before a model has no Qt class of its own."""


class RowModel(_BaseModel, Generic[RowType]):
    """Rows, each known by its key (of its place and itself): a ListModel or a TableModel, whose subclasses say in `describe` what a cell
    says."""

    def __init__(self, key: Callable[[int, RowType], Hashable], columns: int = 1, height: int = 0) -> None:
        """`height` in px is asked for by lists; tables have it in their header."""
        super().__init__()
        self.rows: list[RowType] = []
        self._keys: list[Hashable] = []
        self._places: dict[Hashable, int] = {}
        self._key, self._columns, self._height = key, columns, height

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(160, self._height) if self._height else None
        said = self.describe(self.rows[index.row()], index.column(), Qt.ItemDataRole(role))
        return tip(said) if role == Qt.ItemDataRole.ToolTipRole and isinstance(said, str) else said

    def describe(self, row: RowType, column: int, role: Qt.ItemDataRole) -> Any:
        """What Qt asks of a cell: its text, its tool tip, what is read aloud; None for all else."""
        raise NotImplementedError

    def table(self) -> Sequence[Row]:
        """A row of headings and the rows as other programs get them: here what the cells say, without columns that say nothing."""
        role, across = Qt.ItemDataRole.DisplayRole, Qt.Orientation.Horizontal
        heads = [str(self.headerData(column, across, role) or "") for column in range(self._columns)]
        cells = [[self.describe(row, column, role) for column in range(self._columns)] for row in self.rows]
        kept = [at for at, head in enumerate(heads) if head or any(row[at] for row in cells)]
        return [[row[at] for at in kept] for row in (heads, *cells)]

    def keys(self) -> list[Hashable]:
        return list(self._keys)

    def key_at(self, place: int) -> Hashable | None:
        """The key of the row at that place, None where there is none."""
        return self._keys[place] if 0 <= place < len(self._keys) else None

    def place_of(self, key: Hashable | None) -> int:
        """Where the row of that key stands, -1 where it does not."""
        return self._places.get(key, -1)

    def repaint(self, key: Hashable) -> None:
        """Let the views paint that row again: what it shows beside its text is another."""
        place = self.place_of(key)
        if place >= 0:
            self._tell_changed(place, place)

    def set_rows(self, rows: Iterable[RowType]) -> None:
        """Show these, telling the views the least: which went, moved, came and changed. What is selected goes with its row."""
        wanted = list(rows)
        if wanted == self.rows:
            return
        keys = [self._key(place, row) for place, row in enumerate(wanted)]
        before, after = dict(zip(self._keys, self.rows, strict=True)), dict(zip(keys, wanted, strict=True))
        gone = ranges([place for place, key in enumerate(self._keys) if key not in after])
        came = ranges([place for place, key in enumerate(keys) if key not in before])
        kept, stood = [key for key in keys if key in before], [key for key in self._keys if key in after]
        if (
            len(after) < len(keys)
            or len(gone) + len(came) > _MOST_RANGES
            or (kept != stood and len(self.persistentIndexList()) > _MOST_SELECTED)
        ):
            self.beginResetModel()
            self._put(wanted, keys)
            self.endResetModel()
            return
        for first, last in reversed(gone):
            self.beginRemoveRows(QModelIndex(), first, last)
            self._put(self.rows[:first] + self.rows[last + 1 :], self._keys[:first] + self._keys[last + 1 :])
            self.endRemoveRows()
        self._move(kept)
        for first, last in came:
            new = slice(first, last + 1)
            self.beginInsertRows(QModelIndex(), first, last)
            self._put(
                self.rows[:first] + wanted[new] + self.rows[first:], self._keys[:first] + keys[new] + self._keys[first:]
            )
            self.endInsertRows()
        self.rows = wanted
        news = (at for at, key in enumerate(keys) if (old := before.get(key)) is not None and old is not wanted[at])
        for first, last in ranges(at for at in news if before[keys[at]] != wanted[at]):
            self._tell_changed(first, last)

    def _move(self, keys: list[Hashable]) -> None:
        """The rows that stand here, in the order of these keys."""
        if keys == self._keys:
            return
        self.layoutAboutToBeChanged.emit()
        old, rows = list(self._keys), [self.rows[self._places[key]] for key in keys]
        self._put(rows, keys)
        indexes = self.persistentIndexList()
        moved = [self.index(self._places[old[index.row()]], index.column()) for index in indexes]
        self.changePersistentIndexList(indexes, moved)
        self.layoutChanged.emit()

    def _put(self, rows: list[RowType], keys: list[Hashable]) -> None:
        self.rows, self._keys = rows, keys
        self._places = {key: place for place, key in enumerate(keys)}

    def _tell_changed(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, self._columns - 1))


class ListModel(RowModel[RowType], QAbstractListModel):
    """Rows of one cell. Qt asks for the place of each of thousands of rows, and of a table's it would ask Python twice."""


class TableModel(RowModel[RowType], QAbstractTableModel):
    """Rows of several cells."""

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else self._columns


def ranges(places: Iterable[int]) -> list[tuple[int, int]]:
    """Rising places as ranges of neighbours, first and last: [1, 2, 5] is (1, 2), (5, 5)."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found


class RowDelegate(QStyledItemDelegate, Generic[RowType]):
    """Paints a row: its ground (picked, under the mouse, with the keyboard) here, what stands on it in the subclass."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, RowModel)
        view = self.parent()
        painter.save()
        if isinstance(view, RowTable) and view.hovered == index.row():  # Qt raises the one cell
            painter.fillRect(option.rect, theme.color("raised"))
        ring = None
        if isinstance(view, RowTable):  # one ring around the current row, of which each cell paints its part
            painter.setClipRect(option.rect)
            current = view.hasFocus() and view.currentIndex().row() == index.row()
            option.state = QStyle.StateFlag(option.state & ~QStyle.StateFlag.State_HasFocus)
            if current:
                option.state |= QStyle.StateFlag.State_HasFocus
                ring = view.row_area(option.rect)
        picked = paint_ground(painter, option, ring)
        self.paint_row(painter, QRectF(option.rect), model.rows[index.row()], index.column(), picked)
        painter.restore()

    def paint_row(self, painter: QPainter, area: QRectF, row: RowType, column: int, picked: bool) -> None:
        """The content of one cell in `area`; what is set of the painter is taken back afterwards."""
        raise NotImplementedError


if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractItemView as _Base
else:

    class _Base:
        """What is mixed in before a view has no Qt class of its own."""


class _RowView(_Base, Generic[RowType]):
    """What lists and tables share: a current row known by its key, which is `picked` once a click and once a step of the keyboard.

    What the program sets (rows, the current one) sends nothing.
    """

    picked: Signal
    _column = 0  # that of the current index

    def _set_up(self, name: str, text: str, model: RowModel[RowType], delegate: RowDelegate[RowType]) -> None:
        """`text` is what the list is called aloud."""
        named(self, name, text)
        self._rows = model
        self._empty = ""
        self._silent = False
        self._picks_again = False
        self._went = False  # since the button was pressed
        for part in (model, delegate):
            part.setParent(self)
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._moved)
        self.clicked.connect(self._clicked)

    def set_rows(self, rows: Iterable[RowType]) -> None:
        """Show these in this order; the picked one stays picked while it is there. Sends nothing."""
        current = self._rows.key_at(self.currentIndex().row())
        was, self._silent = self._silent, True
        self._rows.set_rows(rows)
        self._silent = was
        if self._rows.key_at(self.currentIndex().row()) != current:
            self._make_current(current)

    def set_empty(self, text: str) -> None:
        """What to say where there is nothing to show."""
        self._empty = text
        self.viewport().update()

    def rows(self) -> list[RowType]:
        """What is shown, in order."""
        return list(self._rows.rows)

    def current_row(self) -> RowType | None:
        place = self.currentIndex().row()
        return self._rows.rows[place] if 0 <= place < len(self._rows.rows) else None

    def set_current(self, key: Hashable | None) -> None:
        """Pick the row of that key, or none, and bring it into sight. Sends nothing."""
        self._make_current(key)

    def _make_current(self, key: Hashable | None) -> None:
        place = self._rows.place_of(key)
        was, self._silent = self._silent, True
        self.setCurrentIndex(self._rows.index(place, self._column) if place >= 0 else QModelIndex())
        self._silent = was

    def _announce(self, row: RowType, place: int) -> None:
        """A person went to that row."""
        self.picked.emit(self._rows.key_at(place))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._rows.rows and self._empty:
            with QPainter(self.viewport()) as painter:
                painter.setPen(theme.color("dim"))
                area = self.viewport().rect().adjusted(20, _EMPTY_TOP, -20, -20)
                flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
                painter.drawText(area, flags, self._empty)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._went = False
        super().mousePressEvent(event)

    @Slot(QModelIndex, QModelIndex)
    def _moved(self, index: QModelIndex, before: QModelIndex) -> None:
        if index.isValid() and not self._silent and index.row() != before.row():
            self._went = True
            self._announce(self._rows.rows[index.row()], index.row())

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        if self._picks_again and not self._went:
            self._announce(self._rows.rows[index.row()], index.row())


class RowList(_RowView[RowType], QListView):
    """Rows of one cell, all of one height. With `again` a click on the picked row picks it once more. `opened(key)` on Return or a
    double click."""

    picked = Signal(object)
    opened = Signal(object)

    def __init__(
        self,
        name: str,
        text: str,
        model: RowModel[RowType],
        delegate: RowDelegate[RowType],
        *,
        again: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._set_up(name, text, model, delegate)
        self._picks_again = again
        self.setUniformItemSizes(True)
        self.activated.connect(self._activated)

    def dataChanged(self, top: Index, bottom: Index, roles: Sequence[int] = ()) -> None:
        """All rows are of one height whatever stands in them: QListView would lay thousands out anew for each picture that comes."""
        QAbstractItemView.dataChanged(self, top, bottom, roles)

    @Slot(QModelIndex)
    def _activated(self, index: QModelIndex) -> None:
        self.opened.emit(self._rows.key_at(index.row()))


class RowTable(TableMenu, _RowView[RowType], QTableView):
    """Rows of several cells under headings; whole rows are picked. Its menu copies them as CSV."""

    picked = Signal(object)

    def __init__(
        self,
        name: str,
        text: str,
        model: RowModel[RowType],
        delegate: RowDelegate[RowType],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.hovered = -1  # the row under the mouse
        self._set_up(name, text, model, delegate)
        calm_table(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._widths: Sequence[int] = ()
        self._going: Sequence[int] = ()
        self._least = 0

    def set_columns(self, widths: Sequence[int], going: Sequence[int] = (), least: int = 0) -> None:
        """Columns of these px; those of 0 share what is left, at least `least` px: in a narrower table the columns `going` give way, in
        that order."""
        self._widths, self._going, self._least = widths, going, least
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setMinimumSectionSize(_LEAST_COLUMN)
        for column, width in enumerate(widths):
            if width:
                self.setColumnWidth(column, width)
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        room = event.size().width() - self._least - sum(self._widths)
        for column in self._going:
            self.setColumnHidden(column, room < 0)
            room += self._widths[column] if room < 0 else 0
        super().resizeEvent(event)

    def table(self) -> Sequence[Row]:
        return self._rows.table()

    def row_area(self, cell: QRect) -> QRectF:
        """The row that a cell is of, as far as it is seen."""
        header = self.horizontalHeader()
        return QRectF(-header.offset(), cell.top(), min(header.length(), self.viewport().width()), cell.height())

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHoverEvent):
            left = event.type() == QEvent.Type.HoverLeave
            row = -1 if left else self.indexAt(event.position().toPoint()).row()
            if row != self.hovered:
                self.hovered = row
                self.viewport().update()
        return super().viewportEvent(event)
