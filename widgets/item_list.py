"""The items of a project as rows of 54 px with a picture; thousands of them, each picture asked for when it is seen."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QImage, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from widgets import icons, theme
from widgets.folds import CHEVRON, INDENT, FoldedView, Folds, paint_chevron
from widgets.row_list import ListModel, RowDelegate, RowList
from widgets.row_pictures import RowPictures, paint_picture
from widgets.rows import paint_text
from widgets.theme import Role

_PAD = 12
_CHEVRON_LEFT = 4
_STRIP = 3
THUMBNAIL = QSize(52, 40)
_ALONE = ("", 0)  # the group of a row that is in none


@dataclass(frozen=True)
class ItemRow:
    """One row. `status` stands at the right in the colour `tone`, with `icon` beside it; `share` (0..1) draws a bar beneath it.

    Rows of one `group` ("" none) stand as one that opens, in the order of `place`. It is called `group_title`, and below that
    stands which one of them it is, `part`; the rows below it are called by their parts alone. `set_name` is read aloud, and `set_tone`
    colours a strip at the picture, None for an item in no set.
    """

    id: int
    title: str
    subtitle: str = ""
    status: str = ""
    tone: Role = "dim"
    icon: str = ""
    icon_tone: Role = "dim"
    share: float | None = None
    help: str = ""
    group: str = ""
    group_title: str = ""
    part: str = ""
    place: int = 0
    set_name: str = ""
    set_tone: Role | None = None


class _Model(ListModel[int]):
    """Knows the ids alone: what stands in a row is made when somebody looks at it."""

    def __init__(self, row_of: Callable[[int], ItemRow]) -> None:
        super().__init__(lambda _, id: id, height=theme.TALL_ROW)
        self._row_of = row_of

    def describe(self, id: int, column: int, role: Qt.ItemDataRole) -> Any:
        row = self._row_of(id)
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (row.title, row.subtitle, row.set_name, row.status) if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.help or f"{row.title}\n{row.subtitle}".strip()
        return None


class _Delegate(RowDelegate[int]):
    def __init__(self, row_of: Callable[[int], ItemRow], pictures: RowPictures, folds: Folds[int]) -> None:
        super().__init__()
        self._row_of, self._pictures, self._folds = row_of, pictures, folds

    def paint_row(self, painter: QPainter, area: QRectF, id: int, column: int, picked: bool) -> None:
        row = self._row_of(id)
        if self._folds.any:
            fold = self._folds.fold(row.id)
            paint_chevron(painter, area.adjusted(_CHEVRON_LEFT, 0, 0, 0), fold)
            area = area.adjusted(CHEVRON - 2 + (INDENT if fold is not None and not fold.first else 0), 0, 0, 0)
        picture = QRectF(area.left() + _PAD, area.center().y() - 20, THUMBNAIL.width(), THUMBNAIL.height())
        paint_picture(painter, picture, self._pictures.get(row.id))
        if row.set_tone is not None:
            strip = QRectF(picture.left() - _STRIP - 1, picture.top(), _STRIP, picture.height())
            painter.fillRect(strip, theme.color(row.set_tone))
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
        paint_text(painter, words, row.title, "text", theme.font(), mode=Qt.TextElideMode.ElideMiddle)
        paint_text(painter, words.translated(0, 18), row.subtitle, "dim", theme.font(theme.SMALL_SIZE))


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


def _no_row(id: int) -> ItemRow:
    return ItemRow(id, "")


class ItemList(FoldedView[int], RowList[int]):
    """Items to choose from. `picked(id)` when a person goes to another or clicks the picked one, `opened(id)` on Return or double
    click.

    `thumbnail_wanted(id)` is sent once for an item that came into sight; answer with set_thumbnail, whenever it is ready.
    """

    picked = Signal(int)
    opened = Signal(int)
    thumbnail_wanted = Signal(int)
    menu_asked = Signal(int, QPoint)  # of that item, at that place of the screen

    def __init__(self, name: str, text: str, empty: str = "", parent: QWidget | None = None) -> None:
        self._pictures = RowPictures()
        self._make: Callable[[int], ItemRow] = _no_row
        self._made: dict[int, ItemRow] = {}
        self._groups: Mapping[int, tuple[str, int]] = {}
        self._folds = Folds[int](lambda id: id, lambda id: self._groups.get(id, _ALONE)[0])
        delegate = _Delegate(self._shown_row, self._pictures, self._folds)
        super().__init__(name, text, _Model(self._shown_row), delegate, again=True, parent=parent)
        self._pictures.setParent(self)
        self._all: list[int] = []
        self._words: list[str] = []
        self.set_empty(empty)
        self.verticalScrollBar().setSingleStep(theme.TALL_ROW // 2)
        # Queued, so that whoever answers at once does not do so in the middle of painting.
        self._pictures.wanted.connect(self.thumbnail_wanted, Qt.ConnectionType.QueuedConnection)

    def set_items(self, rows: Sequence[ItemRow]) -> None:
        """Show these in this order; the picked one stays picked. Sends nothing."""
        known = {row.id: row for row in rows}
        self.set_ids([row.id for row in rows], known.__getitem__, {r.id: (r.group, r.place) for r in rows if r.group})

    def set_ids(
        self, ids: Sequence[int], make: Callable[[int], ItemRow], groups: Mapping[int, tuple[str, int]] | None = None
    ) -> None:
        """As set_items, of thousands: `make` is asked for a row when it comes into sight or is searched. `groups`: the group and
        the place in it, of those that are in one."""
        self._all, self._make, self._groups = list(ids), make, groups or {}
        self._made.clear()
        self._pictures.expect(self._all)
        self._search()
        self.viewport().update()  # what stands in the rows may be another

    def renew(self, id: int) -> None:
        """That item's row is made anew (another score, another state)."""
        self._made.pop(id, None)
        self._rows.repaint(id)

    def _row(self, id: int) -> ItemRow:
        if id not in self._made:
            self._made[id] = self._make(id)
        return self._made[id]

    def _shown_row(self, id: int) -> ItemRow:
        """What the rows of a group have in common is said once, in the one that opens."""
        row, fold = self._row(id), self._folds.fold(id)
        if fold is None:
            return row
        return replace(row, title=row.group_title, subtitle=row.part) if fold.first else replace(row, title=row.part)

    def item_rows(self) -> list[ItemRow]:
        """What stands in the rows that are shown, in order."""
        return [self._shown_row(id) for id in self._rows.rows]

    def set_current(self, key: Hashable | None) -> None:
        """Pick the row of that id, or none; it stands for its group where that is closed. Sends nothing."""
        if self._folds.stand_for(key):
            self._search()
        super().set_current(key)

    def set_search(self, text: str) -> None:
        """Show only rows whose title, subtitle and status together hold every word of the text."""
        self._words = text.casefold().split()
        self._search()

    def _search(self) -> None:
        found = [id for id in self._all if self._found(self._row(id))] if self._words else self._all
        self.set_rows(self._folds.arrange(found, lambda id: self._groups.get(id, _ALONE)[1]))

    def _found(self, row: ItemRow) -> bool:
        text = f"{row.title} {row.subtitle} {row.status}".casefold()
        return all(word in text for word in self._words)

    def arrange_again(self) -> None:
        self._search()

    def opening_area(self, index: QModelIndex) -> QRect:
        return self.visualRect(index).adjusted(0, 0, _CHEVRON_LEFT + CHEVRON - self.visualRect(index).width(), 0)

    def set_thumbnail(self, item: int, image: QImage) -> None:
        """The picture of the item, of any size; 104 x 80 is sharp on every display."""
        self._pictures.put(item, image)
        self._rows.repaint(item)

    def forget_thumbnails(self) -> None:
        """Ask for the pictures again as they come into sight: those that were given, or never came, are out of date."""
        self._pictures.forget()
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The right button asks for the menu and goes to no other item."""
        if event.button() == Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            place = self.viewport().mapToGlobal(self.visualRect(index).center()) if by_key else event.globalPos()
            self.menu_asked.emit(self._rows.rows[index.row()], place)

    def ids(self) -> list[int]:
        """The items shown, in order."""
        return self.rows()

    def current(self) -> int | None:
        return self.current_row()

    def pick_first(self) -> bool:
        """Pick the first row, as if a person had; False where none is shown."""
        self.setCurrentIndex(self._rows.index(0, 0))
        return bool(self._rows.rows)

    def go(self, steps: int) -> None:
        """Pick the row `steps` further (negative: back), as if a person had."""
        if self._rows.rows:
            place = min(max(self.currentIndex().row() + steps, 0), len(self._rows.rows) - 1)
            self.setCurrentIndex(self._rows.index(place, 0))
