"""The table of the Data tab: thousands of rows, sorted, searched and filtered; each picture is asked for when it is seen."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QContextMenuEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from app.tabs.data.model import MASK, MODALITY, NAME, PATIENT, PICTURE, SET, SIZE, SPACING, DataModel
from app.tabs.data.rows import SETS, Row
from engine.labels.classes import LabelClass
from widgets import icons, theme
from widgets.controls import calm_table, named
from widgets.rows import paint_swatch, paint_text
from widgets.text import tr

_Index = QModelIndex | QPersistentModelIndex

_WIDTHS = {PICTURE: 76, PATIENT: 108, MODALITY: 88, SIZE: 126, SPACING: 126, MASK: 176, SET: 98}
_ROW, _PAD, _PICTURE = 48, 14, (50, 38)
_MOST_SWATCHES = 6


class _Delegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model, column = index.model(), index.column()
        assert isinstance(model, DataModel)
        row, area = model.rows[index.row()], QRectF(option.rect)
        painter.save()
        self._paint_ground(painter, option)
        if row.refused and column > NAME:
            self._paint_reason(painter, area, row.refused)
            painter.restore()
            return
        text, role = model.text(row, column)
        inner = area.adjusted(_PAD if column == PICTURE else 6, 0, -6, 0)
        if column == PICTURE:
            _paint_picture(painter, inner, None if row.refused else model.picture(row.id), bool(row.refused))
        if column == MASK:
            inner.setLeft(inner.left() + _paint_swatches(painter, inner, row, model))
        paint_text(painter, inner, text, role, theme.font())
        painter.restore()

    def _paint_reason(self, painter: QPainter, area: QRectF, reason: str) -> None:
        """Each cell of a refused file paints its part of one sentence that goes through all of them."""
        view = self.parent()
        assert isinstance(view, DataTable)
        header = view.horizontalHeader()
        left = header.sectionViewportPosition(NAME) + header.sectionSize(NAME) + 6
        painter.setClipRect(area)
        whole = QRectF(left, area.top(), view.viewport().width() - left - _PAD, area.height())
        paint_text(painter, whole, reason, "bad", theme.font())

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        view = self.parent()
        hovered = isinstance(view, DataTable) and view.hovered == option.index.row()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme.color("accent_ground"))
        elif hovered:
            painter.fillRect(option.rect, theme.color("raised", 0.6))
        if isinstance(view, DataTable) and view.hasFocus() and view.currentIndex().row() == option.index.row():
            painter.fillRect(QRectF(option.rect).adjusted(0, 0, 0, -option.rect.height() + 1), theme.color("accent"))
            painter.fillRect(QRectF(option.rect).adjusted(0, option.rect.height() - 1, 0, 0), theme.color("accent"))


def _paint_picture(painter: QPainter, inner: QRectF, picture: QPixmap | None, refused: bool) -> None:
    area = QRectF(inner.left(), inner.center().y() - _PICTURE[1] / 2, *_PICTURE)
    painter.fillRect(area, theme.color("raised" if picture is None else "scan"))
    if refused:
        density = painter.device().devicePixelRatio()
        painter.drawPixmap(area.center().toPoint() - QPoint(8, 8), icons.pixmap("question", "dim", 16, density))
    if picture is None or picture.isNull():
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    size = picture.size().scaled(area.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(0, 0, size.width(), size.height())
    place.moveCenter(area.center())
    painter.drawPixmap(place, picture, QRectF(picture.rect()))


def _paint_swatches(painter: QPainter, area: QRectF, row: Row, model: DataModel) -> float:
    """The colours of the classes; returns the width they took."""
    if model.of_whole_images:
        shown = [] if row.label is None or row.label >= len(model.classes) else [model.classes[row.label].color]
    else:
        held = row.held or ()
        shown = [c.color for place, c in enumerate(model.classes, 1) if place in held][:_MOST_SWATCHES]
    for at, color in enumerate(shown):
        paint_swatch(painter, QRectF(area.left() + at * 11, area.center().y() - 4, 8, 8), color)
    return len(shown) * 11 + 5.0 if shown else 0.0


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Neighbours as ranges: Qt is slow with thousands of single rows."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs


class DataTable(QTableView):
    """Rows to choose from, several at once. `opened(id)` on Return or a double click; `digit(n)` on a digit key.

    `picture_wanted(id)` is sent once for a row that came into sight; answer with set_picture, whenever it is ready.
    """

    opened = Signal(int)
    picture_wanted = Signal(int)
    chosen = Signal()  # other rows are selected
    digit = Signal(int)
    menu_asked = Signal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        named(self, "data_table", tr("Items"))
        self.hovered = -1
        self._rows = DataModel(self)
        self.setModel(self._rows)
        self.setItemDelegate(_Delegate(self))
        calm_table(self)
        self.setProperty("role", "ground")
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(_ROW // 2)
        self.setMouseTracking(True)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(60)
        header.setStretchLastSection(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(PICTURE, QHeaderView.ResizeMode.Fixed)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)
        longest = max(self.fontMetrics().horizontalAdvance(tr(name)) for name in SETS.values())
        self.setColumnWidth(SET, max(_WIDTHS[SET], longest + 2 * _PAD))
        header.setSortIndicatorShown(True)
        self.setSortingEnabled(True)
        self.sortByColumn(NAME, Qt.SortOrder.AscendingOrder)
        # Queued, so that whoever answers at once does not do so in the middle of painting.
        self._rows.wanted.connect(self.picture_wanted, Qt.ConnectionType.QueuedConnection)
        self.selectionModel().selectionChanged.connect(self._selected)
        self.doubleClicked.connect(self._open)

    def show_rows(self, rows: Sequence[Row], classes: Sequence[LabelClass], of_whole_images: bool) -> None:
        """Show these; what is selected stays selected. `of_whole_images`: a class an image instead of masks.

        Columns of which nothing is known are hidden: the names need the room.
        """
        self._rows.classes = classes
        if self._rows.of_whole_images != of_whole_images:
            self._rows.of_whole_images = of_whole_images
            self._rows.headerDataChanged.emit(Qt.Orientation.Horizontal, MASK, MASK)
        self._keeping(lambda: self._rows.set_rows(rows))
        for column, known in (
            (PATIENT, any(row.patient for row in rows)),
            (MODALITY, any(row.modality for row in rows)),
            (SPACING, any(row.spacing is not None for row in rows)),
        ):
            self.setColumnHidden(column, not known)

    @Slot(str)
    def set_search(self, text: str) -> None:
        self._keeping(lambda: self._rows.set_words(text))

    def set_filter(self, test: Callable[[Row], bool]) -> None:
        self._keeping(lambda: self._rows.set_filter(test))

    @Slot(int, QImage)
    def set_picture(self, id: int, image: QImage) -> None:
        self._rows.set_picture(id, image)

    def forget_pictures(self) -> None:
        """Other things are shown under the same numbers."""
        self._rows.forget_pictures()

    def ids(self) -> list[int]:
        """The rows shown, in order."""
        return [row.id for row in self._rows.rows]

    def selected(self) -> list[int]:
        """The selected rows, in order."""
        return [self._rows.rows[place].id for place in sorted(i.row() for i in self.selectionModel().selectedRows())]

    def select(self, ids: Collection[int]) -> None:
        """Select these where they are shown, and bring the first into sight."""
        selection, wanted = QItemSelection(), set(ids)
        places = [at for at, row in enumerate(self._rows.rows) if row.id in wanted]
        for first_of_run, last_of_run in _runs(places):
            selection.select(self._rows.index(first_of_run, PICTURE), self._rows.index(last_of_run, SET))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if places:
            first = self._rows.index(places[0], NAME)
            self.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(first)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digits = range(Qt.Key.Key_1.value, Qt.Key.Key_9.value + 1)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif event.key() in digits and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.digit.emit(event.key() - Qt.Key.Key_0.value)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.indexAt(event.position().toPoint()).row())

    def leaveEvent(self, event: Any) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.selected():
            self.menu_asked.emit(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._rows.rows:
            painter = QPainter(self.viewport())
            painter.setPen(theme.color("dim"))
            area = self.viewport().rect().adjusted(20, 60, -20, -20)
            side = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
            painter.drawText(area, side, tr("Nothing here fits the search and the filter."))

    def _keeping(self, change: Callable[[], None]) -> None:
        """Do a change that may reset the model, and select again what was selected."""
        before, at = self.selected(), self.verticalScrollBar().value()
        change()
        if self.selected() != before:
            self.select(before)
            self.verticalScrollBar().setValue(at)
        self.viewport().update()

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        if index.isValid() and not self._rows.rows[index.row()].refused:
            self.opened.emit(self._rows.rows[index.row()].id)

    @Slot()
    def _selected(self) -> None:
        self.chosen.emit()
