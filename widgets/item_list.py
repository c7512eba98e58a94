"""The items of a project as rows of 54 px with a picture; thousands of them, each picture asked for when it is seen."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from widgets import icons, theme
from widgets.controls import named
from widgets.rows import paint_ground, paint_text
from widgets.theme import Role

_Index = QModelIndex | QPersistentModelIndex
_PAD = 12
THUMBNAIL = QSize(52, 40)
_MOST_PICTURES = 400  # 52 x 40 at twice the density: 13 MB


@dataclass(frozen=True)
class ItemRow:
    """One row. `status` stands at the right in the colour `tone`, with `icon` beside it; `share` (0..1) draws a bar beneath it."""

    id: int
    title: str
    subtitle: str = ""
    status: str = ""
    tone: Role = "dim"
    icon: str = ""
    icon_tone: Role = "dim"
    share: float | None = None
    help: str = ""


class _Model(QAbstractListModel):
    """The rows that the search lets through, and the pictures that came."""

    wanted = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: list[ItemRow] = []
        self._all: list[ItemRow] = []
        self._search = ""
        self._pictures: OrderedDict[int, QPixmap] = OrderedDict()
        self._asked: set[int] = set()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (row.title, row.subtitle, row.status) if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.help or f"{row.title}\n{row.subtitle}".strip()
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(160, theme.TALL_ROW)
        return None

    def set_rows(self, rows: Sequence[ItemRow]) -> None:
        self._all = list(rows)
        self._asked &= {row.id for row in rows}
        self._filter()

    def set_row(self, row: ItemRow) -> None:
        """Replace the row of the same id, where it is shown and where it is kept."""
        for rows in (self._all, self.rows):
            for at, old in enumerate(rows):
                if old.id == row.id:
                    rows[at] = row
                    break
        place = self.place_of(row.id)
        if place >= 0:
            self.dataChanged.emit(self.index(place), self.index(place))

    def set_search(self, text: str) -> None:
        self._search = text.casefold().strip()
        self._filter()

    def _filter(self) -> None:
        words = self._search.split()
        rows = [row for row in self._all if all(word in f"{row.title} {row.subtitle}".casefold() for word in words)]
        if [row.id for row in rows] == [row.id for row in self.rows]:
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def place_of(self, item: int) -> int:
        return next((at for at, row in enumerate(self.rows) if row.id == item), -1)

    def picture(self, item: int) -> QPixmap | None:
        """The picture of the item; asks for it, once, where there is none yet."""
        found = self._pictures.get(item)
        if found is not None:
            self._pictures.move_to_end(item)
        elif item not in self._asked:
            self._asked.add(item)
            self.wanted.emit(item)
        return found

    def set_picture(self, item: int, image: QImage) -> None:
        self._pictures[item] = QPixmap.fromImage(image)
        while len(self._pictures) > _MOST_PICTURES:
            dropped, _ = self._pictures.popitem(last=False)
            self._asked.discard(dropped)
        place = self.place_of(item)
        if place >= 0:
            self.dataChanged.emit(self.index(place), self.index(place))

    def forget_pictures(self) -> None:
        self._pictures.clear()
        self._asked.clear()
        if self.rows:
            self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))


class _Delegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        assert isinstance(model, _Model)
        row, area = model.rows[index.row()], QRectF(option.rect)
        painter.save()
        paint_ground(painter, option)
        picture = QRectF(area.left() + _PAD, area.center().y() - 20, THUMBNAIL.width(), THUMBNAIL.height())
        _paint_picture(painter, picture, model.picture(row.id))
        right = area.right() - _PAD
        if row.icon:
            density = painter.device().devicePixelRatio()
            painter.drawPixmap(
                round(right - 16), round(area.center().y() - 8), icons.pixmap(row.icon, row.icon_tone, 16, density)
            )
            right -= 22
        words = QRectF(picture.right() + 10, area.top() + 9, right - picture.right() - 10, 18)
        taken = _paint_status(painter, QRectF(words.left(), area.top(), words.width(), area.height()), row)
        words.setWidth(words.width() - (taken + 10 if taken else 0))
        paint_text(painter, words, row.title, "text", theme.font())
        paint_text(painter, words.translated(0, 18), row.subtitle, "dim", theme.font(theme.SMALL_SIZE))
        painter.restore()


def _paint_picture(painter: QPainter, area: QRectF, picture: QPixmap | None) -> None:
    if picture is None or picture.isNull():
        painter.fillRect(area, theme.color("raised"))
        return
    painter.fillRect(area, theme.color("scan"))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    size = picture.size().scaled(area.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(0, 0, size.width(), size.height())
    place.moveCenter(area.center())
    painter.drawPixmap(place, picture, QRectF(picture.rect()))


def _paint_status(painter: QPainter, area: QRectF, row: ItemRow) -> float:
    """The state at the right, with its bar; returns the width it took."""
    if not row.status and row.share is None:
        return 0.0
    bar = 54.0 if row.share is not None else 0.0
    text = area.translated(0, -6) if bar else area
    taken = paint_text(
        painter, text, row.status, row.tone, theme.font(theme.SMALL_SIZE + (row.tone == "dim")), right=True
    )
    if row.share is not None:
        groove = QRectF(area.right() - bar, area.center().y() + 7, bar, 3)
        painter.fillRect(groove, theme.color("raised_more"))
        groove.setWidth(bar * min(max(row.share, 0.0), 1.0))
        painter.fillRect(groove, theme.color("dim"))
    return max(taken, bar)


class ItemList(QListView):
    """Items to choose from. `picked(id)` when a person goes to another or clicks the picked one, `opened(id)` on Return or double
    click.

    `thumbnail_wanted(id)` is sent once for an item that came into sight; answer with set_thumbnail, whenever it is ready.
    """

    picked = Signal(int)
    opened = Signal(int)
    thumbnail_wanted = Signal(int)

    def __init__(self, name: str, text: str, empty: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name, text)
        self._empty = empty
        self._silent = False
        self._went = False  # since the button was pressed
        self._rows = _Model(self)
        self.setModel(self._rows)
        self.setItemDelegate(_Delegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(theme.TALL_ROW // 2)
        # Queued, so that whoever answers at once does not do so in the middle of painting.
        self._rows.wanted.connect(self.thumbnail_wanted, Qt.ConnectionType.QueuedConnection)
        self.selectionModel().currentChanged.connect(self._moved)
        self.clicked.connect(self._clicked)
        self.activated.connect(self._open)

    def set_items(self, rows: Sequence[ItemRow]) -> None:
        """Show these rows in this order; the picked one stays picked. Sends nothing."""
        self._keeping_current(self._rows.set_rows, rows)

    def set_item(self, row: ItemRow) -> None:
        """Replace the row of the same id (another score, another state)."""
        self._rows.set_row(row)

    def set_search(self, text: str) -> None:
        """Show only rows whose title and subtitle hold every word of the text."""
        self._keeping_current(self._rows.set_search, text)

    def set_empty(self, text: str) -> None:
        """What to say when there is nothing to show."""
        self._empty = text
        self.viewport().update()

    def set_thumbnail(self, item: int, image: QImage) -> None:
        """The picture of the item, of any size; 104 x 80 is sharp on every display."""
        self._rows.set_picture(item, image)

    def forget_thumbnails(self) -> None:
        """Ask for the pictures again as they come into sight: those that were given, or never came, are out of date."""
        self._rows.forget_pictures()

    def ids(self) -> list[int]:
        """The items shown, in order."""
        return [row.id for row in self._rows.rows]

    def current(self) -> int | None:
        place = self.currentIndex().row()
        return self._rows.rows[place].id if 0 <= place < len(self._rows.rows) else None

    def set_current(self, item: int | None) -> None:
        """Pick that item and bring it into sight. Sends nothing."""
        place = -1 if item is None else self._rows.place_of(item)
        self._silent = True
        self.setCurrentIndex(self._rows.index(place) if place >= 0 else QModelIndex())
        self._silent = False

    def go(self, steps: int) -> None:
        """Pick the row `steps` further (negative: back), as if a person had."""
        if self._rows.rows:
            place = min(max(self.currentIndex().row() + steps, 0), len(self._rows.rows) - 1)
            self.setCurrentIndex(self._rows.index(place))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._rows.rows and self._empty:
            painter = QPainter(self.viewport())
            painter.setPen(theme.color("dim"))
            area = self.viewport().rect().adjusted(20, 40, -20, -20)
            painter.drawText(
                area, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self._empty
            )

    def _keeping_current(self, change: Any, value: Any) -> None:
        current = self.current()
        change(value)
        if self.current() != current:
            self.set_current(current)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._went = False
        super().mousePressEvent(event)

    @Slot(QModelIndex)
    def _moved(self, index: QModelIndex) -> None:
        if index.isValid() and not self._silent:
            self._went = True
            self.picked.emit(self._rows.rows[index.row()].id)

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        if not self._went:  # once more: its image may not have been read
            self.picked.emit(self._rows.rows[index.row()].id)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._rows.rows[index.row()].id)
