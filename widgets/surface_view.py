"""The surface of a mask, seen from any side: dragged it turns, the wheel zooms, a click goes to the voxel there."""

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QWidget

from engine.labels.surface import SurfacePicture, SurfaceScene
from widgets import theme
from widgets.controls import named
from widgets.corners import MARGIN
from widgets.text import tr

_FRONT = np.array([[1.0, 0, 0], [0, 0, -1.0], [0, -1.0, 0]])  # LPS: left to the right, head up, seen from the front
_STACK = np.array([[1.0, 0, 0], [0, 1.0, 0], [0, 0, -1.0]])  # of a volume without a patient: as its slices lie
_TURN = 0.01  # radians a logical pixel
_NOTCH, _ZOOM = 120, 1.25
_CLICK = 4  # logical pixels that a hand may tremble
_FILLS = 0.9  # of the room, at first
_AT_REST, _MOVING = 400_000, 150_000  # points drawn at most: measured, 30 and 12 ms
_REST = 120  # ms after the last turn of the wheel
_LETTERS = (("R", "L"), ("A", "P"), ("I", "S"))


class SurfaceView(QWidget):
    """What it shows is made elsewhere (`set_scene`); it owns the side that it is seen from."""

    voxel_picked = Signal(int, int, int)  # z, y, x

    def __init__(self, name: str) -> None:
        super().__init__()
        named(self, name, tr("Surface of the mask"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(120, 90)
        self._scene: SurfaceScene | None = None
        self._picture: SurfacePicture | None = None  # None: to be drawn anew
        self._place: tuple[int, int, int] | None = None
        self._empty = ""
        self._letters = True
        self._pivot, self._reach, self._framed = np.zeros(3), 1.0, False
        self._moving = False
        self._press: tuple[QPointF, QPointF, Qt.MouseButton] | None = None  # where it began, where it was last
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._come_to_rest)
        self.face_front()
        theme.watch().changed.connect(self._draw_anew)

    # What is shown

    @property
    def scene(self) -> SurfaceScene | None:
        return self._scene

    def set_scene(self, scene: SurfaceScene | None, empty: str = "") -> None:
        """Show this; where it has no points, or is None, the sentence `empty`. The first with points is framed, later ones stay."""
        self._scene, self._empty = scene, empty
        if scene is not None and scene.points and not self._framed:
            (self._pivot, self._reach), self._framed = scene.frame(), True
        self._draw_anew()

    def set_patient(self, known: bool) -> None:
        """Whether there is a patient, with a front and a head: seen from there from now on."""
        self._letters, self._framed = known, False
        self.face_front()

    def set_place(self, place: tuple[int, int, int]) -> None:
        """The voxel (z, y, x) that a ring is drawn around."""
        self._place = place
        self.update()

    def face_front(self) -> None:
        """From the front, all of it."""
        if self._scene is not None and self._scene.points:
            (self._pivot, self._reach), self._framed = self._scene.frame(), True
        self._turn: NDArray[np.float64] = (_FRONT if self._letters else _STACK).copy()
        self._zoom, self._shift = 1.0, QPointF()
        self._draw_anew()

    # The side that it is seen from

    def turn_by(self, across: float, down: float) -> None:
        """Turn it as if it were held there and drawn so many logical pixels."""
        a, b = across * _TURN, down * _TURN
        around_upright = np.array([[math.cos(a), 0, math.sin(a)], [0, 1, 0], [-math.sin(a), 0, math.cos(a)]])
        around_level = np.array([[1, 0, 0], [0, math.cos(b), math.sin(b)], [0, -math.sin(b), math.cos(b)]])
        turn = around_level @ around_upright @ self._turn
        left, _, right = np.linalg.svd(turn)  # rounding would shear it in the end
        self._turn = left @ right
        self._draw_anew()

    def zoom_by(self, factor: float) -> None:
        before, self._zoom = self._zoom, min(max(self._zoom * factor, 0.3), 30.0)
        self._shift *= self._zoom / before
        self._draw_anew()

    def move_by(self, step: QPointF) -> None:
        self._shift += step
        self._draw_anew()

    def to_screen(self, voxel: tuple[int, int, int]) -> QPointF:
        """The logical pixel where a voxel is."""
        if self._scene is None:
            return QPointF()
        across, down, _ = (self._scene.project(voxel, self._turn) * self._scale).tolist()
        return QPointF(self.width() / 2 + across, self.height() / 2 + down) + self._offset

    @property
    def _offset(self) -> QPointF:
        """Logical pixels from the middle of the room to the middle of the volume."""
        across, down, _ = (self._turn @ self._pivot * self._scale).tolist()
        return self._shift - QPointF(across, down)

    @property
    def _scale(self) -> float:
        """Logical pixels a mm."""
        return self._zoom * _FILLS * min(self.width(), self.height()) / (2 * self._reach)

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._press is None:
            self._press = event.position(), event.position(), event.button()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None:
            return
        start, last, button = self._press
        if not self._moving and (event.position() - start).manhattanLength() < _CLICK:
            return
        step = event.position() - last
        self._press, self._moving = (start, event.position(), button), True
        if button == Qt.MouseButton.LeftButton:
            self.turn_by(step.x(), step.y())
        else:
            self.move_by(step)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._press is None or event.button() != self._press[2]:
            return
        self._press = None
        if self._moving:
            self._come_to_rest()
        elif event.button() == Qt.MouseButton.LeftButton and self._picture is not None:
            ratio = self.devicePixelRatioF()
            found = self._picture.voxel(int(event.position().y() * ratio), int(event.position().x() * ratio))
            if found is not None:
                self.voxel_picked.emit(*found)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.face_front()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()
        self._moving = True
        self.zoom_by(_ZOOM ** (event.angleDelta().y() / _NOTCH))
        self._rest.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            if self._scene is None or not self._scene.points:
                self._paint_empty(painter)
            else:
                picture = self._drawn(self._scene).pixels
                height, width = picture.shape[:2]
                image = QImage(picture.data, width, height, width * 4, QImage.Format.Format_RGB32)
                painter.drawImage(QRectF(self.rect()), image, QRectF(0, 0, width, height))
                self._paint_place(painter)
            self._paint_words(painter)

    def _drawn(self, scene: SurfaceScene) -> SurfacePicture:
        ratio = self.devicePixelRatioF()
        size = max(round(self.height() * ratio), 1), max(round(self.width() * ratio), 1)
        if self._picture is None or self._picture.ids.shape != size:
            ground, shift = theme.color("scan"), self._offset * ratio
            share = -(-scene.points // (_MOVING if self._moving else _AT_REST))
            self._picture = scene.draw(
                self._turn,
                size,
                self._scale * ratio,
                (shift.y(), shift.x()),
                (ground.blue(), ground.green(), ground.red()),
                share,
            )
        return self._picture

    def _paint_empty(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), theme.color("scan"))
        painter.setPen(theme.scan_color("dim"))
        painter.setFont(theme.font())
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(24, 0, -24, 0), flags, self._empty)

    def _paint_place(self, painter: QPainter) -> None:
        if self._place is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((theme.color("scan", 0.6), 3), (theme.scan_color("accent"), 1.5)):
            painter.setPen(QPen(color, width))
            painter.drawEllipse(self.to_screen(self._place), 6, 6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_words(self, painter: QPainter) -> None:
        painter.setFont(theme.font(theme.SMALL_SIZE))
        painter.setPen(theme.scan_color("text"))
        painter.drawText(QPointF(MARGIN, MARGIN + 10), tr("Surface"))
        if not self._letters or self._scene is None or not self._scene.points:
            return
        painter.setFont(theme.font(theme.SMALL_SIZE, True))
        middle, (right, down) = Qt.AlignmentFlag.AlignCenter, (self._turn[0], self._turn[1])
        width, height = self.width(), self.height()
        for direction, rect in (
            (-right, QRectF(MARGIN - 4, height / 2 - 9, 18, 18)),
            (right, QRectF(width - MARGIN - 14, height / 2 - 9, 18, 18)),
            (-down, QRectF(width / 2 - 9, MARGIN - 4, 18, 18)),
            (down, QRectF(width / 2 - 9, height - MARGIN - 15, 18, 18)),
        ):
            axis = int(np.argmax(np.abs(direction)))
            painter.drawText(rect, middle, _LETTERS[axis][int(direction[axis] > 0)])

    @Slot()
    def _come_to_rest(self) -> None:
        self._moving = self._press is not None and self._moving
        self._draw_anew()

    @Slot()
    def _draw_anew(self) -> None:
        self._picture = None
        self.update()
