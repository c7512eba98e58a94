"""The objects of a mask: colour, class and number, area. Several can be picked."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QWidget

from widgets import theme
from widgets.panels import PAD
from widgets.row_list import ListModel, RowDelegate, RowList
from widgets.rows import paint_swatch, paint_text

HEIGHT = 24


@dataclass(frozen=True)
class ObjectRow:
    """One object: "nucleus 12", "310 px", its own colour."""

    id: int
    title: str
    amount: str
    color: str


class _Model(ListModel[ObjectRow]):
    def __init__(self) -> None:
        super().__init__(lambda place, row: row.id, height=HEIGHT)

    def describe(self, row: ObjectRow, column: int, role: Qt.ItemDataRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        return f"{row.title}, {row.amount}" if role == Qt.ItemDataRole.AccessibleTextRole else None


class _Delegate(RowDelegate[ObjectRow]):
    def paint_row(self, painter: QPainter, area: QRectF, row: ObjectRow, column: int, picked: bool) -> None:
        inner = area.adjusted(PAD, 0, -PAD, 0)
        paint_swatch(painter, QRectF(inner.left(), inner.center().y() - 6, 12, 12), row.color)
        words = inner.adjusted(21, 0, 0, 0)
        used = paint_text(painter, words, row.amount, "dim", theme.font(theme.SMALL_SIZE), right=True)
        paint_text(painter, words.adjusted(0, 0, -used - 10, 0), row.title, "text", theme.font(bold=picked))


class ObjectList(RowList[ObjectRow]):
    """`picked(id)` when a person goes to an object; `menu_asked(place)` on the right button or the menu key."""

    picked = Signal(int)
    menu_asked = Signal(QPoint)

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(name, text, _Model(), _Delegate(), again=True, parent=parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    def set_objects(self, rows: Sequence[ObjectRow]) -> None:
        """Show these; those that were picked stay so while they are there. Sends nothing."""
        self.set_rows(rows)

    def selected(self) -> list[int]:
        """The ids of the objects that are picked, the current one first."""
        found = [self._rows.rows[index.row()].id for index in self.selectionModel().selectedIndexes()]
        current = self.current_row()
        return sorted(found, key=lambda id: (current is None or id != current.id, id))

    def _make_current(self, key: Hashable | None) -> None:
        """That one alone is picked, whatever keys are held: Qt would take Shift for a wish for more."""
        place = self._rows.place_of(key)
        was, self._silent = self._silent, True
        if place >= 0:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(self._rows.index(place, 0), flags)
            self.scrollTo(self._rows.index(place, 0))
        else:
            self.selectionModel().clear()
        self._silent = was

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())
