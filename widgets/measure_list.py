"""The measures of an item: what each is and where, its size and its values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from widgets import theme
from widgets.panels import PAD
from widgets.row_list import ListModel, RowDelegate, RowList
from widgets.rows import paint_text

HEIGHT = 42
_LINE = 18


@dataclass(frozen=True)
class MeasureRow:
    """One measure: "Distance", "Axial 12", "23.4 mm", "" or "43.2 ± 5.1 HU"."""

    id: int
    title: str
    place: str
    size: str
    values: str = ""


class _Model(ListModel[MeasureRow]):
    def __init__(self) -> None:
        super().__init__(lambda place, row: row.id, height=HEIGHT)

    def describe(self, row: MeasureRow, column: int, role: Qt.ItemDataRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role != Qt.ItemDataRole.AccessibleTextRole:
            return None
        return ", ".join(part for part in (row.title, row.place, row.size, row.values) if part)


class _Delegate(RowDelegate[MeasureRow]):
    def paint_row(self, painter: QPainter, area: QRectF, row: MeasureRow, column: int, picked: bool) -> None:
        inner, small = area.adjusted(PAD, 3, -PAD, 0), theme.font(theme.SMALL_SIZE)
        first = QRectF(inner.left(), inner.top(), inner.width(), _LINE)
        second = first.translated(0, _LINE)
        used = paint_text(painter, first, row.size, "text", theme.font(bold=picked), right=True)
        paint_text(painter, first.adjusted(0, 0, -used - 10, 0), row.title, "text", theme.font(bold=picked))
        used = paint_text(painter, second, row.values, "dim", small, right=True)
        paint_text(painter, second.adjusted(0, 0, -used - 10, 0), row.place, "dim", small)


class MeasureList(RowList[MeasureRow]):
    """`picked(id)` when a person goes to a measure; `removed(id)` by Delete, also where a shortcut has that key."""

    picked = Signal(int)
    removed = Signal(int)

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(name, text, _Model(), _Delegate(), again=True, parent=parent)

    def set_measures(self, rows: Sequence[MeasureRow]) -> None:
        """Show these. Sends nothing."""
        self.set_rows(rows)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._deletes(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.current_row()
        if row is not None and self._deletes(event):
            self.removed.emit(row.id)
        else:
            super().keyPressEvent(event)

    def _deletes(self, event: QKeyEvent) -> bool:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return plain and event.key() == Qt.Key.Key_Delete and self.current_row() is not None
