"""An image continued by mirroring, with the tiles in which an unpadded network reads it: what each sees, and what it gives."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from widgets import theme
from widgets.map_grid import ABOVE, BELOW
from widgets.picked_drawing import PickedDrawing
from widgets.qimages import to_qimage
from widgets.text import tr

if TYPE_CHECKING:
    from engine.learning.feature_maps import MirrorTiling

_VEIL = 0.45  # over what is mirrored
_RING = 5  # px around it all, for the ring that shows where the keyboard is


class TileDrawing(PickedDrawing):
    """The image has a white border; of the picked tile what it sees is framed blue, what it gives orange. Arrow keys go from tile to tile."""

    def __init__(self, name: str) -> None:
        super().__init__(name, tr("Mirror tiling"))
        self._tiling: MirrorTiling | None = None
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_tiling(self, tiling: "MirrorTiling") -> None:
        """Draw this; its middle tile is picked. Sends nothing."""
        self._tiling, self._image = tiling, to_qimage(tiling.picture)
        columns = len({left for _, left in tiling.corners})
        self._STEPS = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
        }
        self._show(tiling.middle)

    def sizeHint(self) -> QSize:
        return QSize(520, 360)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 160)

    def image_area(self) -> QRectF:
        """Where the image itself stands."""
        assert self._tiling is not None
        return self._area(0, 0, *self._tiling.size)

    def given_area(self, place: int) -> QRectF:
        """Where the part of the mask stands that a tile gives."""
        assert self._tiling is not None
        return self._area(*self._tiling.corners[place], *self._tiling.given)

    def seen_area(self, place: int) -> QRectF:
        """Where the part of the continued image stands that a tile sees."""
        assert self._tiling is not None
        (top, left), (height, width), margin = self._tiling.corners[place], self._tiling.given, self._tiling.margin
        return self._area(top - margin, left - margin, height + 2 * margin, width + 2 * margin)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._tiling is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            whole = self._whole()
            painter.drawImage(whole, self._image)
            outside = QPainterPath()
            outside.addRect(whole)
            outside.addRect(self.image_area())
            painter.fillPath(outside, QColor.fromRgbF(0, 0, 0, _VEIL))  # odd-even: the image itself stays clear
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for place in range(self._count()):
                _frame(painter, self.given_area(place), theme.scan_color("text", 0.6), 1, Qt.PenStyle.DotLine)
            _frame(painter, self.image_area(), theme.scan_color("text"), 1.5)
            _frame(painter, self.seen_area(self.current), QColor(*BELOW), 2.5)
            _frame(painter, self.given_area(self.current), QColor(*ABOVE), 2.5)
            if self.hasFocus():
                theme.focus_ring(painter, QRectF(self.rect()))

    def _whole(self) -> QRectF:
        """The continued image, as large as it fits, in the middle."""
        assert self._tiling is not None
        height, width = self._tiling.whole
        scale = min((self.width() - 2 * _RING) / width, (self.height() - 2 * _RING) / height)
        area = QRectF(0, 0, width * scale, height * scale)
        area.moveCenter(QRectF(self.rect()).center())
        return area

    def _area(self, top: int, left: int, height: int, width: int) -> QRectF:
        """Of px of the image."""
        assert self._tiling is not None
        whole, margin = self._whole(), self._tiling.margin
        scale = whole.width() / self._tiling.whole[1]
        corner = whole.topLeft() + QPointF((left + margin) * scale, (top + margin) * scale)
        return QRectF(corner.x(), corner.y(), width * scale, height * scale)

    def _count(self) -> int:
        return len(self._tiling.corners) if self._tiling is not None else 0

    def _place_at(self, at: QPointF) -> int | None:
        return next((place for place in range(self._count()) if self.given_area(place).contains(at)), None)

    def _help(self, place: int) -> str:
        assert self._tiling is not None
        top, left = self._tiling.corners[place]
        return tr(
            "Tile {number} of {count}, from row {row}, column {column}",
            number=place + 1,
            count=self._count(),
            row=top + 1,
            column=left + 1,
        )


def _frame(
    painter: QPainter, area: QRectF, color: QColor, wide: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine
) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color, wide, style))
    painter.drawRect(area.adjusted(wide / 2, wide / 2, -wide / 2, -wide / 2))
