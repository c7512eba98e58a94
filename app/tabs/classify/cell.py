"""The images of one cell of the confusion matrix, as small pictures."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from app.shell.context import AppContext
from widgets.controls import Heading, IconButton
from widgets.panels import PAD
from widgets.text import tip, tr
from widgets.thumbnail_grid import ThumbnailGrid

_Index = QModelIndex | QPersistentModelIndex


class _Pictures(QAbstractListModel):
    """Items with their thumbnails, each asked for when it is painted."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self.items: list[tuple[int, str, str]] = []
        context.thumbnails.ready.connect(self._ready)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        id, name, said = self.items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(f"{name}\n{said}")
        if role == Qt.ItemDataRole.UserRole:
            return said
        if role == Qt.ItemDataRole.DecorationRole:
            return self._context.thumbnails.get(id)
        return None

    def set_items(self, items: Sequence[tuple[int, str, str]]) -> None:
        self.beginResetModel()
        self.items = list(items)
        self.endResetModel()

    @Slot(int, QImage)
    def _ready(self, item: int, picture: QImage) -> None:
        for row, (id, _, _) in enumerate(self.items):
            if id == item:
                self.dataChanged.emit(self.index(row), self.index(row))


class CellPanel(QFrame):
    """The images of one cell of the confusion matrix. `opened(item)` on a click or Return, `closed()` on the cross."""

    opened = Signal(int)
    closed = Signal()

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.setProperty("role", "window")
        self._heading = Heading("")
        self._heading.setObjectName("classify.cell_heading")
        close = IconButton("classify.cell_close", "x", tr("Back to why"), side=24)
        self._pictures = _Pictures(context, self)
        self.list = ThumbnailGrid("classify.cell_images", tr("Images of this cell"))
        self.list.setModel(self._pictures)
        self.list.setProperty("role", "window")
        head = QHBoxLayout()
        head.addWidget(self._heading)
        head.addStretch(1)
        head.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAD, 10, PAD, 10)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        close.clicked.connect(self.closed)
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)

    def show_items(self, heading: str, items: Sequence[tuple[int, str, str]]) -> None:
        """(id, name, what was said) of each."""
        self._heading.setText(heading)
        self._pictures.set_items(items)

    def ids(self) -> list[int]:
        return [id for id, _, _ in self._pictures.items]

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._pictures.items[index.row()][0])
