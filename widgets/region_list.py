"""Regions to be answered one after the other: a small picture, the class and what is wrong, how large, and whether it is answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from widgets import icons, theme
from widgets.controls import named
from widgets.panels import PAD
from widgets.rows import paint_ground, paint_swatch, paint_text

_Index = QModelIndex | QPersistentModelIndex
_PICTURE = 40


@dataclass(frozen=True, eq=False)
class RegionRow:
    """One region: "Stomach · too much", "214 mm² · slice 11", the colour of the class, a square picture."""

    title: str
    subtitle: str
    color: str
    picture: QImage | None = None
    answered: bool = False


class _Model(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[RegionRow] = []
        self.pictures: list[QPixmap | None] = []

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{row.title}, {row.subtitle}"
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(200, _PICTURE + 8)
        return None

    def set_rows(self, rows: Sequence[RegionRow]) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self.pictures = [QPixmap.fromImage(row.picture) if row.picture is not None else None for row in rows]
        self.endResetModel()


class _Delegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        assert isinstance(model, _Model)
        row, picture, area = model.rows[index.row()], model.pictures[index.row()], QRectF(option.rect)
        painter.save()
        paint_ground(painter, option)
        place = QRectF(area.left() + PAD, area.center().y() - _PICTURE / 2, _PICTURE, _PICTURE)
        painter.fillRect(place, theme.color("scan"))
        if picture is not None:
            painter.drawPixmap(place, picture, QRectF(picture.rect()))
        words = QRectF(place.right() + 10, area.center().y() - 18, area.right() - PAD - place.right() - 10, 18)
        if row.answered:
            words.setRight(words.right() - 20)
            density = painter.device().devicePixelRatio()
            tick = icons.pixmap("check", "good", 14, density)
            painter.drawPixmap(round(words.right() + 4), round(area.center().y() - 7), tick)
        paint_swatch(painter, QRectF(words.left(), words.center().y() - 5, 10, 10), row.color)
        role: theme.Role = "dim" if row.answered else "text"
        paint_text(painter, words.adjusted(16, 0, 0, 0), row.title, role, theme.font())
        paint_text(painter, words.translated(0, 18), row.subtitle, "dim", theme.font(theme.SMALL_SIZE))
        painter.restore()


class RegionList(QListView):
    """`picked(place)` when a person goes to a region, also to the one that is picked already."""

    picked = Signal(int)

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name, text)
        self._silent = False
        self._rows = _Model(self)
        self.setModel(self._rows)
        self.setItemDelegate(_Delegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._pick)
        self.selectionModel().currentChanged.connect(self._moved)

    def set_regions(self, rows: Sequence[RegionRow], current: int | None) -> None:
        """Show these; the one at that place is picked. Sends nothing."""
        self._silent = True
        self._rows.set_rows(rows)
        self._silent = False
        self.set_current(current)

    def set_current(self, place: int | None) -> None:
        self._silent = True
        self.setCurrentIndex(self._rows.index(place) if place is not None else QModelIndex())
        self._silent = False

    def rows(self) -> list[RegionRow]:
        return list(self._rows.rows)

    @Slot(QModelIndex)
    def _moved(self, index: QModelIndex) -> None:
        if index.isValid() and not self._silent:
            self.picked.emit(index.row())

    @Slot(QModelIndex)
    def _pick(self, index: QModelIndex) -> None:
        self.picked.emit(index.row())
