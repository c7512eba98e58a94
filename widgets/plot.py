"""What every plot has: its numbers as CSV and itself as a picture, from a menu that mouse and keyboard open."""

import csv
import io
from collections.abc import Sequence

from PySide6.QtCore import QMargins, QPoint, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QWidget

from widgets import theme
from widgets.controls import named
from widgets.text import tr

Row = Sequence[str | float | None]
"""Cells of a table: text, a number, or None where there is no such number."""

_MARGIN = 12  # of a picture, in pixels of the screen
_SCALE = 2  # pixels of a picture to one of the screen, so that it stands printing
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a text begins that a spreadsheet would run


class Plot(QWidget):
    """A drawing of numbers, done by `paint` and given by `table`.

    `picture_asked(picture, name)` on "Save as picture…": whoever listens asks for a place and writes the file.
    """

    picture_asked = Signal(QImage, str)

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name, text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # its menu is for the keyboard too

    def table(self) -> Sequence[Row]:
        """A row of headings, then the numbers at their full precision."""
        raise NotImplementedError

    def paint(self, painter: QPainter) -> None:
        """Draw the plot at the widget's size."""
        raise NotImplementedError

    def paint_marks(self, painter: QPainter) -> None:
        """Draw what belongs to the screen alone, not to a picture: here the ring of the keyboard."""
        if self.hasFocus():
            theme.focus_ring(painter, QRectF(self.rect()))

    def as_csv(self) -> str:
        """The table with commas and decimal points in every language; None is an empty cell."""
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([csv_cell(each) for each in row] for row in self.table())
        return text.getvalue()

    def picture(self) -> QImage:
        """The plot on the window's ground with a margin, in twice the pixels of the screen."""
        room = self.size().grownBy(QMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN))
        image = QImage(room * _SCALE, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(_SCALE)
        image.fill(theme.color("window"))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(_MARGIN, _MARGIN)
        self.paint(painter)
        painter.end()
        return image

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.paint(painter)
        self.paint_marks(painter)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._show_menu(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if shift and event.key() == Qt.Key.Key_F10:  # Qt itself makes a menu event of the Menu key alone
            self._show_menu(self.mapToGlobal(self.rect().center()))
        else:
            super().keyPressEvent(event)

    def _show_menu(self, place: QPoint) -> None:
        menu, drawn = QMenu(self), len(self.table()) > 1
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for part, text, slot in (
            ("csv", tr("Copy as CSV"), self._copy),
            ("picture", tr("Save as picture…"), self._ask_picture),
        ):
            action = menu.addAction(text, slot)
            action.setObjectName(f"{self.objectName()}.{part}")
            action.setEnabled(drawn)
        menu.popup(place)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.as_csv())

    @Slot()
    def _ask_picture(self) -> None:
        self.picture_asked.emit(self.picture(), self.accessibleName())


def csv_cell(value: str | float | None) -> str | float | None:
    """A name that a spreadsheet would take for a formula becomes text by an apostrophe, as spreadsheets have it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
