"""The images of one cell of the confusion matrix, as small pictures."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.shell.context import AppContext
from widgets import theme
from widgets.controls import Heading, IconButton, named
from widgets.panels import PAD
from widgets.rows import paint_ground, paint_text
from widgets.text import tr

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
            return f"{name}\n{said}"
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


class _Thumb(QStyledItemDelegate):
    _SIDE = 96

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(self._SIDE + 12, self._SIDE + 32)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        area = QRectF(option.rect)
        painter.save()
        paint_ground(painter, option)
        room = QRectF(area.left() + 6, area.top() + 6, self._SIDE, self._SIDE)
        painter.fillRect(room, theme.color("scan"))
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(picture, QImage) and not picture.isNull():
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            size = picture.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(room.center())
            painter.drawImage(place, picture)
        text = str(index.data(Qt.ItemDataRole.UserRole))
        paint_text(painter, QRectF(room.left(), room.bottom() + 3, self._SIDE, 18), text, "dim", theme.font(11))
        painter.restore()


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
        self.list = QListView()
        named(self.list, "classify.cell_images", tr("Images of this cell"))
        self.list.setModel(self._pictures)
        self.list.setItemDelegate(_Thumb(self.list))
        self.list.setViewMode(QListView.ViewMode.IconMode)
        self.list.setMovement(QListView.Movement.Static)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setUniformItemSizes(True)
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
