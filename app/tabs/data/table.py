"""The table of the Data tab: thousands of rows, sorted, searched and filtered; each picture is asked for when it is seen."""

from collections.abc import Callable, Collection, Hashable, Sequence
from operator import attrgetter

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    QRectF,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QContextMenuEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
)

from app.tabs.data.model import MASK, MODALITY, NAME, PATIENT, PICTURE, SET, SIZE, SPACING, DataModel
from app.tabs.data.rows import Row
from engine.labels.classes import LabelClass
from widgets import icons, theme
from widgets.folds import CHEVRON, INDENT, FoldedView, paint_chevron
from widgets.row_list import RowDelegate, RowTable, ranges
from widgets.row_pictures import RowPictures, paint_picture
from widgets.rows import paint_swatch, paint_text
from widgets.sets import SETS
from widgets.text import tr

_WIDTHS = {PICTURE: 76, PATIENT: 108, MODALITY: 88, SIZE: 126, SPACING: 126, MASK: 176, SET: 98}
_LEAST_NAME, _LEAST_MASK = 150, 96  # px, where the room is short
_ROW, _PAD, _PICTURE = 48, 14, (50, 38)
_GAP = 4  # px between a sign and a name
_TICK, _TICK_GAP = 16, 10  # px
_MOST_SWATCHES, _MOST_PICTURES = 6, 600


class _Delegate(RowDelegate[Row]):
    def __init__(self, model: DataModel, pictures: RowPictures) -> None:
        super().__init__()
        self._model, self._pictures = model, pictures

    def paint_row(self, painter: QPainter, area: QRectF, row: Row, column: int, picked: bool) -> None:
        if row.refused and column > NAME:
            self._paint_reason(painter, area, row.refused)
            return
        text, role = self._model.text(row, column)
        inner = area.adjusted(_PAD if column == PICTURE else 6, 0, -6, 0)
        if column == PICTURE and (tick := self._model.tick(row)) is not None:
            _paint_tick(painter, QRectF(inner.left(), inner.center().y() - _TICK / 2, _TICK, _TICK), tick)
            inner.setLeft(inner.left() + _TICK + _TICK_GAP)
        if column == PICTURE:
            place = QRectF(inner.left(), inner.center().y() - _PICTURE[1] / 2, *_PICTURE)
            paint_picture(painter, place, None if row.refused else self._pictures.get(row.id))
            if row.refused:
                density = painter.device().devicePixelRatio()
                sign = icons.pixmap("question", "dim", 16, density)
                painter.drawPixmap(place.center().toPoint() - QPoint(8, 8), sign)
        if column == NAME and (fold := self._model.folds.fold(row.id)) is not None:
            paint_chevron(painter, inner, fold)
            inner.setLeft(inner.left() + CHEVRON + _GAP + (0 if fold.first else INDENT))
        if column == MASK:
            inner.setLeft(inner.left() + _paint_swatches(painter, inner, row, self._model))
        paint_text(painter, inner, text, role, theme.font())

    def _paint_reason(self, painter: QPainter, area: QRectF, reason: str) -> None:
        """Each cell of a refused file paints its part of one sentence that goes through all of them."""
        view = self.parent()
        assert isinstance(view, DataTable)
        header = view.horizontalHeader()
        left = header.sectionViewportPosition(NAME) + header.sectionSize(NAME) + 6
        painter.setClipRect(area)
        whole = QRectF(left, area.top(), view.viewport().width() - left - _PAD, area.height())
        paint_text(painter, whole, reason, "bad", theme.font())


def _paint_tick(painter: QPainter, area: QRectF, tick: Qt.CheckState) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.color("dim" if tick == Qt.CheckState.Unchecked else "accent"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    if tick != Qt.CheckState.Unchecked:
        sign = "check" if tick == Qt.CheckState.Checked else "minus"
        density = painter.device().devicePixelRatio()
        painter.drawPixmap(area.topLeft().toPoint() + QPoint(1, 1), icons.pixmap(sign, "accent", _TICK - 2, density))


def _paint_swatches(painter: QPainter, area: QRectF, row: Row, model: DataModel) -> float:
    """The colours of the classes; returns the width they took."""
    if model.of_whole_images:
        shown = [] if row.label is None or row.label >= len(model.classes) else [model.classes[row.label].color]
    else:
        held = row.classes_held
        shown = [c.color for place, c in enumerate(model.classes, 1) if place in held][:_MOST_SWATCHES]
    for at, color in enumerate(shown):
        paint_swatch(painter, QRectF(area.left() + at * 11, area.center().y() - 4, 8, 8), color)
    return len(shown) * 11 + 5.0 if shown else 0.0


class DataTable(FoldedView[Row], RowTable[Row]):
    """Rows to choose from, several at once. `opened(id)` on Return or a double click; `digit(n)` on a digit key.

    `picture_wanted(id)` is sent once for a row that came into sight; answer with set_picture, whenever it is ready.
    """

    opened = Signal(int)
    picture_wanted = Signal(int)
    chosen = Signal()  # other rows are selected
    digit = Signal(int)
    menu_asked = Signal(QPoint)
    ticked = Signal(list, bool)  # ids of rows that an import takes from now on, or leaves out

    def __init__(self) -> None:
        self._items, self._pictures = DataModel(), RowPictures(most=_MOST_PICTURES)
        self._folds = self._items.folds
        super().__init__("data_table", tr("Items"), self._items, _Delegate(self._items, self._pictures))
        self._pictures.setParent(self)
        self.say_looking(False)
        self.setProperty("role", "ground")
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.verticalScrollBar().setSingleStep(_ROW // 2)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(60)
        header.setStretchLastSection(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(PICTURE, QHeaderView.ResizeMode.Fixed)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)
        self._mask_width = _WIDTHS[MASK]  # as it was set here
        longest = max(self.fontMetrics().horizontalAdvance(tr(name)) for name in SETS.values())
        self.setColumnWidth(SET, max(_WIDTHS[SET], longest + 2 * _PAD))
        header.setSortIndicatorShown(True)
        self.setSortingEnabled(True)
        self.sortByColumn(NAME, Qt.SortOrder.AscendingOrder)
        # Queued, so that whoever answers at once does not do so in the middle of painting.
        self._pictures.wanted.connect(self.picture_wanted, Qt.ConnectionType.QueuedConnection)
        self._kept: tuple[list[int], int] = ([], 0)  # through a reset: what was selected, and how far it was scrolled
        self._items.modelAboutToBeReset.connect(self._remember)
        self._items.modelReset.connect(self._reselect)
        self.selectionModel().selectionChanged.connect(self._selected)
        self.doubleClicked.connect(self._open)

    def show_ticks(self, on: bool) -> None:
        """Whether rows can be left out by a tick before each."""
        self._items.ticks = on
        self.setColumnWidth(PICTURE, _WIDTHS[PICTURE] + (_TICK + _TICK_GAP if on else 0))
        self.viewport().update()

    def show_rows(self, rows: Sequence[Row], classes: Sequence[LabelClass], of_whole_images: bool) -> None:
        """Show these; what is selected stays selected. `of_whole_images`: a class an image instead of masks.

        Columns of which nothing is known are hidden: the names need the room.
        """
        self._items.classes = classes
        if self._items.of_whole_images != of_whole_images:
            self._items.of_whole_images = of_whole_images
            self._items.headerDataChanged.emit(Qt.Orientation.Horizontal, MASK, MASK)
        self._items.set_rows(rows)
        self.viewport().update()  # other classes have other colours
        for column, what in ((PATIENT, "patient"), (MODALITY, "modality"), (SPACING, "spacing")):
            self.setColumnHidden(column, not any(map(attrgetter(what), rows)))
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """In a narrow window the masks give way to the names, in a wide one they share the rest, unless a person chose their width."""
        if self.columnWidth(MASK) != self._mask_width:
            return
        others = sum(self.columnWidth(column) for column in _WIDTHS if column != MASK)
        left = self.viewport().width() - others - _LEAST_NAME
        self._mask_width = max(_LEAST_MASK, min(max(_WIDTHS[MASK], left // 2), left))
        self.setColumnWidth(MASK, self._mask_width)

    def say_looking(self, looking: bool) -> None:
        """What stands where no row is: that the files are being looked at, or that nothing is left by search and filter."""
        self.set_empty(
            tr("Looking through the files…") if looking else tr("Nothing here fits the search and the filter.")
        )

    @Slot(str)
    def set_search(self, text: str) -> None:
        self._items.set_words(text)

    def set_filter(self, test: Callable[[Row], bool]) -> None:
        self._items.set_filter(test)

    @Slot(int, QImage)
    def set_picture(self, id: int, image: QImage) -> None:
        self._pictures.put(id, image)
        self._rows.repaint(id)

    def forget_pictures(self) -> None:
        """Other things are shown under the same numbers."""
        self._pictures.forget()

    def ids(self) -> list[int]:
        """The rows shown, in order."""
        return [row.id for row in self._rows.rows]

    def selected(self) -> list[int]:
        """The selected rows, in order; for a series that is closed, its parts."""
        rows = (self._rows.rows[place] for place in sorted(i.row() for i in self.selectionModel().selectedRows()))
        return [part.id for row in rows for part in row.parts or (row,)]

    def select(self, ids: Collection[int]) -> None:
        """Select these where they are shown, and bring the first into sight; a series that is closed where all its parts are meant."""
        selection, wanted = QItemSelection(), set(ids)
        shown = {place: self._rows.rows[place] for id in wanted if (place := self._rows.place_of(id)) >= 0}
        places = sorted(place for place, row in shown.items() if wanted.issuperset(part.id for part in row.parts))
        for top, bottom in ranges(places):
            selection.select(self._rows.index(top, PICTURE), self._rows.index(bottom, SET))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if places:
            first = self._rows.index(places[0], NAME)
            self.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(first)

    def arrange_again(self) -> None:
        self._items.arrange_again()

    def opening_area(self, index: QModelIndex) -> QRect:
        area = self.visualRect(index)
        return area.adjusted(0, 0, 6 + CHEVRON + _GAP - area.width(), 0) if index.column() == NAME else QRect()

    def toggle(self, key: Hashable) -> None:
        """What is selected stays so: all parts of a series that was, and none of one of which only some are."""
        chosen = self.selected()
        super().toggle(key)
        self.select(chosen)
        here = self._rows.index(max(self._rows.place_of(key), 0), NAME)
        self.selectionModel().setCurrentIndex(here, QItemSelectionModel.SelectionFlag.NoUpdate)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        area = self.visualRect(index).adjusted(0, 0, _PAD + _TICK + _TICK_GAP // 2 - self.columnWidth(PICTURE), 0)
        row = self._rows.rows[index.row()] if index.isValid() else None
        left = event.button() == Qt.MouseButton.LeftButton and index.column() == PICTURE
        if row is None or not left or not area.contains(event.position().toPoint()) or self._items.tick(row) is None:
            super().mousePressEvent(event)
            return
        own, chosen = [part.id for part in row.parts or (row,)], self.selected()
        self._toggled = True
        self._tick(chosen if set(own) <= set(chosen) else own, self._items.tick(row) != Qt.CheckState.Checked)

    def _tick(self, ids: Sequence[int], on: bool) -> None:
        self.ticked.emit(list(ids), on)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self._items.ticks and not event.modifiers():
            rows = [self._rows.rows[index.row()] for index in self.selectionModel().selectedRows()]
            self._tick(self.selected(), any(self._items.tick(row) != Qt.CheckState.Checked for row in rows))
            return
        digits = range(Qt.Key.Key_1.value, Qt.Key.Key_9.value + 1)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif event.key() in digits and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.digit.emit(event.key() - Qt.Key.Key_0.value)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.selected():
            self.menu_asked.emit(event.globalPos())

    @Slot()
    def _remember(self) -> None:
        self._kept = self.selected(), self.verticalScrollBar().value()

    @Slot()
    def _reselect(self) -> None:
        """A reset forgets what was selected."""
        ids, scrolled = self._kept
        if ids:
            self.select(ids)
            self.verticalScrollBar().setValue(scrolled)

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        if index.isValid() and not self._rows.rows[index.row()].refused:
            self.opened.emit(self._rows.rows[index.row()].id)

    @Slot()
    def _selected(self) -> None:
        self.chosen.emit()
