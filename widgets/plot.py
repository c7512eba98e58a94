"""What every plot has: its numbers as CSV and itself as a picture, from a menu that mouse and keyboard open."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QBuffer,
    QCoreApplication,
    QEvent,
    QIODevice,
    QMargins,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QImage, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QWidget

from widgets import theme
from widgets.controls import named
from widgets.csv_text import Row, csv_text
from widgets.text import tr

_MARGIN = 12  # of a picture, in pixels of the screen
_SCALE = 2  # pixels of a picture to one of the screen, so that it stands printing


@dataclass(frozen=True, eq=False)
class PlotPicture:
    """A plot on the window's ground with a margin: in twice the pixels of the screen, and as SVG. `name` is what the plot is called."""

    name: str
    image: QImage
    svg: bytes


class PictureAsked(QEvent):
    """The picture of a plot is to be saved. It goes up from `plot` to whoever accepts it, asks for a place and writes the file: a dialog
    is below the window that it was opened from."""

    TYPE = QEvent.Type(QEvent.registerEventType())

    def __init__(self, plot: "Plot", picture: PlotPicture) -> None:
        super().__init__(self.TYPE)
        self.plot, self.picture = plot, picture
        self.ignore()


class Plot(QWidget):
    """A drawing of numbers, done by `paint` and given by `table`; "Save as picture…" sends PictureAsked to what it is in."""

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
        """The table with commas and decimal points in every language."""
        return csv_text(self.table())

    def picture(self) -> PlotPicture:
        return PlotPicture(self.accessibleName(), self._drawn(), self._described())

    def _room(self) -> QSize:
        return self.size().grownBy(QMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN))

    def _drawn(self) -> QImage:
        image = QImage(self._room() * _SCALE, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(_SCALE)
        with QPainter(image) as painter:
            self._paint_alone(painter)
        return image

    def _described(self) -> bytes:
        from PySide6.QtSvg import QSvgGenerator  # not with the window: few plots are saved

        buffer, generator, room = QBuffer(), QSvgGenerator(), self._room()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        generator.setOutputDevice(buffer)
        generator.setResolution(self.logicalDpiX())  # else its letters are of another size than the screen's
        generator.setSize(room)
        generator.setViewBox(QRect(QPoint(0, 0), room))
        generator.setTitle(self.accessibleName())
        with QPainter(generator) as painter:
            self._paint_alone(painter)
        return bytes(buffer.data().data())

    def _paint_alone(self, painter: QPainter) -> None:
        """The plot without the window around it."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRect(QPoint(0, 0), self._room()), theme.color("window"))
        painter.translate(_MARGIN, _MARGIN)
        self.paint(painter)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
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
            ("picture", tr("Save as picture…"), self.ask_picture),
        ):
            action = menu.addAction(text, slot)
            action.setObjectName(f"{self.objectName()}.{part}")
            action.setEnabled(drawn)
        menu.popup(place)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.as_csv())

    @Slot()
    def ask_picture(self) -> None:
        """Have the picture saved where the user says."""
        asked, above = PictureAsked(self, self.picture()), self.parentWidget()
        while above is not None and not asked.isAccepted():
            QCoreApplication.sendEvent(above, asked)
            above = above.parentWidget()
