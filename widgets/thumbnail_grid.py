"""Pictures side by side, with a word beneath each."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from widgets import theme
from widgets.controls import named
from widgets.row_list import Index
from widgets.rows import paint_ground, paint_text


class ThumbnailDelegate(QStyledItemDelegate):
    """Paints the picture (the decoration of an index, a QImage) and the words beneath it (its UserRole)."""

    _SIDE = 96

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self._SIDE + 12, self._SIDE + 32)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
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


class ThumbnailGrid(QListView):
    """Fills its width with thumbnails, all of one size."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__()
        named(self, name, text)
        self.setItemDelegate(ThumbnailDelegate(self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
