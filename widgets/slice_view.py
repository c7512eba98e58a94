"""One slice of an image with layers, a heat map and words over it: zoom, place, slices, window and level."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.imaging.geometry import Plane, axes, display_flips
from engine.imaging.image import Image, VoiTable, Window
from engine.imaging.windows import auto_window
from engine.labels.edit import Box
from widgets import theme
from widgets.controls import PrimaryButton, named
from widgets.corners import BAND, SIDE, CornerAnnotationPainter, CornerAnnotations
from widgets.layers import OverlayLayer
from widgets.slice_bar import SliceBar
from widgets.slice_compositor import SliceCompositor
from widgets.slice_renderer import HEAT_STRENGTH, SecondSlice
from widgets.text import tr
from widgets.view import Area, Point, View, empty

Voxel: TypeAlias = tuple[int, int, int]
"""(z, y, x)."""

_ZOOM_STEP = 1.25
_NOTCH = 120  # the wheel's units for one step
_MARK = 7.0  # logical pixels from the middle of the mark to its ends
_GAP = 9.0  # logical pixels around the middle of the crosshair that it leaves open


class Zoomed(NamedTuple):
    """How far another view of the volume is zoomed, and the point of its slice in the middle of it."""

    plane: Plane
    zoom: float
    middle: Point


@dataclass(frozen=True)
class Look:
    """Where in an image a person is, and how it is shown. `window` None is the file's own, `zoom` None fits the room; `middle` is
    the point of the slice in the middle of the room, where it is zoomed."""

    plane: Plane = "axial"
    index: int = 0
    window: Window | None = None
    zoom: float | None = None
    middle: Point = (0.0, 0.0)
    place: Voxel | None = None  # where several views of the volume meet
    inverted: bool = False  # the other way round than the file asks for
    table: int | None = None  # which of the file's tables stands in the window's place
    beside: tuple["Zoomed", ...] = ()  # of several views, the others that are zoomed


class SliceView(QWidget):
    """Shows only; the Canvas adds the tools. Sits on the CPU: remote desktops and virtual machines have nothing else."""

    window_changed = Signal(object)  # Window
    slice_changed = Signal(str, int)  # plane, index
    zoom_changed = Signal(float)  # 1.0 is 100 %
    look_changed = Signal()  # another slice, place, zoom or way of drawing is shown
    hovered = Signal(int, int, int, str)  # z, y, x and the value there in words
    hover_ended = Signal()
    empty_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "slice_view", tr("Scan"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 120)
        self._image: Image | None = None
        self._compositor: SliceCompositor | None = None
        self._layers: tuple[OverlayLayer, ...] = ()
        self._plane: Plane = "axial"
        self._index = 0
        self._view = View()
        self._fits = True
        self._corners = CornerAnnotations()
        self._corner_painter = CornerAnnotationPainter()
        self._highlight: tuple[Box, str] | None = None
        self._cross: Point | None = None
        self._mark: tuple[Point | None, str] = (None, "")
        self._inverted = self._smooth = False
        self._table: int | None = None
        self._divider = 0.5
        self._wheel_delta = 0
        self._pending = QRectF()
        self._empty = ""
        self._empty_button = PrimaryButton("canvas.empty", "", parent=self)
        self._empty_button.clicked.connect(self.empty_clicked)
        self._empty_button.hide()
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self._empty_button, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)
        self.slice_bar = SliceBar(self)
        self.slice_bar.hide()
        self.slice_bar.valueChanged.connect(self.set_slice)
        theme.watch().changed.connect(self._theme_changed)

    # What is shown

    @property
    def image(self) -> Image | None:
        return self._image

    @property
    def title_area(self) -> QRectF:
        """Where the title is written; empty where none is."""
        return self._corner_painter.title_area if self._compositor is not None else QRectF()

    @property
    def window_area(self) -> QRectF:
        """Where the window's numbers are written; empty where they are not."""
        return self._corner_painter.window_area if self._compositor is not None else QRectF()

    def set_image(self, image: Image | None, plane: Plane = "axial", index: int | None = None) -> None:
        """Show this image, fitted, at its middle slice or at `index`; layers and heat of the one before are gone."""
        self._about_to_change()
        self._image, self._compositor, self._layers, self._highlight = image, None, (), None
        self._offer_step()
        if image is None:
            self.slice_bar.hide()
            self.hover_ended.emit()
            self.update()
            return
        self._plane = plane
        self._index = self._middle() if index is None else self._clamped(index)
        self._fits, self._inverted, self._table = True, False, None
        self._new_view()
        self._compositor = SliceCompositor(image, plane, self._index, self._view, theme.color("scan"))
        self._compositor.divide(self._divider)
        self._compositor.set_drawing(self._inverted, self._smooth)
        self._show_bar()
        self._show()
        self.window_changed.emit(self._compositor.window)
        self.slice_changed.emit(plane, self._index)

    def set_layers(self, layers: Sequence[OverlayLayer]) -> None:
        """Lay these over the scan, the first one lowest. The same labels with another appearance cost a change of colours."""
        self._layers = tuple(layers)
        if self._compositor is not None and self._compositor.set_layers(self._layers):
            self.update()

    def layer_changed(self, layer: OverlayLayer, box: Box) -> None:
        """The layer's labels are others in the box now: repaint that box."""
        if self._compositor is not None:
            self._update(self._compositor.changed(layer.labels, box))

    def light_objects(self, ids: frozenset[int]) -> None:
        """Point these objects of the layers out, and no others."""
        if self._compositor is not None:
            self._update(self._compositor.light(ids))

    def divide(self, share: float) -> None:
        """Layers confined to a side end at that share of the width."""
        self._divider = share
        if self._compositor is not None:
            self._compositor.divide(share)
            self.update()

    def set_heat(self, heat: NDArray[np.float32] | None, strength: float = HEAT_STRENGTH) -> None:
        """Lay a heat map (down, across), 0 to 1, of any size, over the slice on the screen; None takes it away."""
        if self._compositor is not None:
            self._compositor.set_heat(heat, strength)
            self.update()

    def set_second(self, second: SecondSlice | None) -> None:
        """Lay a slice of another image over this one, under the layers; it goes with the slice."""
        if self._compositor is not None:
            self._compositor.set_second(second)
            self.update()

    def set_mark(self, at: Point | None, text: str = "") -> None:
        """A small cross at a point of the slice, with a word: where the pointer is in a view beside. None takes it away."""
        if (at, text) != self._mark:
            before, self._mark = self._mark_area(), (at, text)
            area = before.united(self._mark_area())
            if not area.isEmpty():
                self._update_rect(area)

    @property
    def mark(self) -> tuple[Point | None, str]:
        return self._mark

    def set_corners(self, corners: CornerAnnotations) -> None:
        self._corners = corners
        self._lay_out()
        self.update()

    def set_cross(self, at: Point | None) -> None:
        """Lines through that point of the slice, for where other views cut it; None takes them away."""
        if at != self._cross:
            self._cross = at
            self.update()

    def set_highlight(self, box: Box | None, text: str = "") -> None:
        """A frame with a word around a part of the image, on the slices that it touches."""
        self._highlight = None if box is None else (box, text)
        self.update()

    def set_empty(self, sentence: str, button: str = "") -> None:
        """What is said where there is no image, and the one step that helps (`empty_clicked`)."""
        self._empty = sentence
        self._empty_button.setText(button)
        self._empty_button.setAccessibleName(button)
        self._offer_step()
        self.update()

    def _offer_step(self) -> None:
        """The keyboard stays here when the button goes: Qt would hand it to whatever comes next in the window."""
        offered = self._image is None and bool(self._empty_button.text())
        if not offered and self.window().focusWidget() is self._empty_button:
            self.setFocus()
        self._empty_button.setVisible(offered)

    # Slices

    @property
    def plane(self) -> Plane:
        return self._plane

    @property
    def index(self) -> int:
        return self._index

    @property
    def slices(self) -> int:
        """How many slices there are in the plane."""
        return 1 if self._image is None else self._image.shape[axes(self._plane)[0]]

    @Slot(int)
    def set_slice(self, index: int) -> None:
        index = self._clamped(index)
        if self._image is None or index == self._index:
            return
        self._about_to_change()
        self._index = index
        self._show()
        self.slice_changed.emit(self._plane, index)

    def next_slice(self, delta: int = 1) -> None:
        self.set_slice(self._index + delta)

    def set_plane(self, plane: Plane) -> None:
        """Cut the volume in another plane, at its middle."""
        if self._image is None or plane == self._plane:
            return
        self._about_to_change()
        self._plane = plane
        self._index = self._middle()
        self._fits = True
        self._new_view()
        self._show_bar()
        self._show()
        self.slice_changed.emit(plane, self._index)

    # Window and level

    @property
    def window_level(self) -> Window:
        return Window(0.5, 1.0) if self._compositor is None else self._compositor.window

    def set_window(self, window: Window) -> None:
        """Show values by this window; a table in its place goes."""
        if self._compositor is None or self._image is None:
            return
        if window == self._compositor.window and self._table is None:
            return
        self._table = None
        least = 1e-6 if self._image.pixels.dtype.kind == "f" else 1.0
        self._compositor.set_window(replace(window, width=max(window.width, least)))
        self._lay_out()
        self.update()
        self.window_changed.emit(self._compositor.window)
        self.look_changed.emit()

    def auto_window(self) -> None:
        """A window from the values of the slice on the screen."""
        if self._compositor is not None:
            unit = self._image.unit if self._image is not None else ""
            self.set_window(auto_window(np.ascontiguousarray(self._compositor.pixels), unit))

    def reset_window(self) -> None:
        """The window that the file asks for."""
        if self._image is not None:
            self.set_window(self._image.window)

    @property
    def table(self) -> int | None:
        """Which of the image's tables is in use."""
        return self._table

    def set_table(self, number: int | None) -> None:
        """Show values by one of the image's tables; None, or one that it has not, is the window."""
        tables = self._image.tables if self._image is not None else ()
        number = number if number is not None and 0 <= number < len(tables) else None
        if self._compositor is None or number == self._table:
            return
        self._table = number
        self._compositor.set_table(None if number is None else tables[number])
        self._lay_out()
        self.update()
        self.look_changed.emit()

    @property
    def smooth(self) -> bool:
        """Whether enlarged pixels run into each other."""
        return self._smooth

    @property
    def inverted(self) -> bool:
        """Whether low and high values are exchanged: the other way round than the file asks for."""
        return self._inverted

    def set_drawing(self, *, inverted: bool | None = None, smooth: bool | None = None) -> None:
        """Exchange bright and dark; let enlarged pixels run into each other. None leaves it as it is."""
        wanted = self._inverted if inverted is None else inverted, self._smooth if smooth is None else smooth
        if wanted == (self._inverted, self._smooth):
            return
        self._inverted, self._smooth = wanted
        if self._compositor is not None:
            self._compositor.set_drawing(*wanted)
            self._lay_out()
            self.update()
            self.look_changed.emit()

    # Zoom and position

    @property
    def look_middle(self) -> Point:
        """The point of the slice in the middle of the room."""
        return self.to_slice(QPointF(self.width() / 2, self.height() / 2))

    @property
    def middle_voxel(self) -> Voxel:
        """The voxel in the middle of the room, or the nearest one to it."""
        shape = (1, 1, 1) if self._image is None else self._image.shape
        voxel = [0, 0, 0]
        for axis, position in zip(axes(self._plane), (self._index, *self.look_middle), strict=True):
            voxel[axis] = min(max(round(position), 0), shape[axis] - 1)
        return voxel[0], voxel[1], voxel[2]

    @property
    def look(self) -> Look:
        own = self._image is None or self.window_level == self._image.window
        return Look(
            self._plane,
            self._index,
            None if own else self.window_level,
            None if self._fits else self.zoom,
            (0.0, 0.0) if self._fits else self.look_middle,
            inverted=self._inverted,
            table=self._table,
        )

    def set_look(self, look: Look) -> None:
        """Look at the image in this way; an index that it has not is its nearest slice."""
        if self._image is None:
            return
        self.set_plane(look.plane)
        self.set_slice(look.index)
        self.set_window(look.window or self._image.window)
        self.set_table(look.table)
        self.set_drawing(inverted=look.inverted)
        if look.zoom is None:
            self.fit()
        else:
            self.zoom_by(look.zoom / self.zoom)
            self.center_at(look.middle)

    @property
    def zoom(self) -> float:
        return self._view.zoom / self._view.device_pixel_ratio

    @property
    def as_large_as_fits(self) -> bool:
        """Whether nobody zoomed it: it is as large as when it is fitted, and may have been moved."""
        return math.isclose(self._view.zoom, self._fitted(self._view).zoom)

    def fit(self) -> None:
        self._fits = True
        self._set_view(self._fitted(self._view))

    def actual_size(self) -> None:
        """100 %: a pixel of the slice on one of the screen's, in the middle of what is shown."""
        self.zoom_by(1 / self.zoom)

    def zoom_in(self) -> None:
        self.zoom_by(_ZOOM_STEP)

    def zoom_out(self) -> None:
        self.zoom_by(1 / _ZOOM_STEP)

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom by a factor with the point under `at` (logical pixels; the middle where it is None) staying where it is."""
        at = QPointF(self.width() / 2, self.height() / 2) if at is None else at
        ratio = self._view.device_pixel_ratio
        self._fits = False
        self._set_view(self._view.zoomed(self._view.zoom * factor, at.y() * ratio, at.x() * ratio))

    def pan(self, across: float, down: float) -> None:
        """Move the picture by logical pixels."""
        self._fits = False
        self._set_view(self._view.moved(down * self._view.device_pixel_ratio, across * self._view.device_pixel_ratio))

    def center_on(self, box: Box) -> None:
        """Go to the box's middle slice and bring the box to the middle of the window."""
        through, down, across = axes(self._plane)
        self.set_slice((box.low[through] + box.high[through] - 1) // 2)
        self.center_at(((box.low[down] + box.high[down] - 1) / 2, (box.low[across] + box.high[across] - 1) / 2))

    def center_at(self, point: Point) -> None:
        """Bring a point (down, across) of the slice to the middle of the window."""
        at = self.to_screen(point)
        self.pan(self.width() / 2 - at.x(), self.height() / 2 - at.y())

    def to_screen(self, at: Point) -> QPointF:
        """The logical pixel of a point (down, across) of the slice."""
        down, across = self._view.to_window(at)
        return QPointF(across / self._view.device_pixel_ratio, down / self._view.device_pixel_ratio)

    @property
    def pixel_size(self) -> tuple[float, float]:
        """Logical pixels that a pixel of the slice takes (down, across)."""
        down, across = self._view.scale
        return down / self._view.device_pixel_ratio, across / self._view.device_pixel_ratio

    def to_slice(self, position: QPointF) -> Point:
        """The point (down, across) of the slice under a logical pixel."""
        return self._view.to_slice(
            position.y() * self._view.device_pixel_ratio, position.x() * self._view.device_pixel_ratio
        )

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        self._pending = QRectF()
        with QPainter(self) as painter:
            if self._compositor is None:
                self._paint_empty(painter)
                return
            if self._view.window != self._device_size():
                self._resized()
            image = self._compositor.refresh()
            painter.save()
            painter.scale(1 / self._view.device_pixel_ratio, 1 / self._view.device_pixel_ratio)
            painter.drawImage(0, 0, image)
            painter.restore()
            dirty = QRectF(event.rect())
            if self._cross is not None:
                self._paint_cross(painter, self.to_screen(self._cross))
            if self._highlight is not None:
                self._paint_highlight(painter, *self._highlight)
            self._corner_painter.paint(painter, dirty)
            self._paint_over(painter)
            if self._mark[0] is not None:
                self._paint_mark(painter, self.to_screen(self._mark[0]), self._mark[1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.slice_bar.setGeometry(self.width() - 17, int(BAND), 14, max(self.height() - 2 * int(BAND), 20))
        self._resized()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turns through the slices; with Ctrl, or where there is one slice only, zooms at the pointer."""
        event.accept()
        if self._compositor is None:
            return
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier or self.slices == 1:
            self.zoom_by(_ZOOM_STEP ** (event.angleDelta().y() / _NOTCH), event.position())
        else:
            self.next_slice(-self._wheel_steps(event.angleDelta().y()))

    def _wheel_steps(self, delta: int) -> int:
        """Whole steps of the wheel; fine wheels add theirs up."""
        self._wheel_delta += delta
        steps = int(self._wheel_delta / _NOTCH)
        self._wheel_delta -= steps * _NOTCH
        return steps

    # Inside

    def _about_to_change(self) -> None:
        """Another slice or image comes: what is under way on this one ends."""

    def _changed(self) -> None:
        """Another slice, image or view is shown."""

    def _paint_over(self, painter: QPainter) -> None:
        """Draw over everything else."""

    def _voxel(self, at: Point) -> Voxel | None:
        if self._image is None:
            return None
        voxel = [0, 0, 0]
        for axis, position in zip(axes(self._plane), (self._index, *at), strict=True):
            voxel[axis] = round(position)
        inside = all(0 <= index < size for index, size in zip(voxel, self._image.shape, strict=True))
        return (voxel[0], voxel[1], voxel[2]) if inside else None

    def _clamped(self, index: int) -> int:
        return min(max(index, 0), self.slices - 1)

    def _middle(self) -> int:
        return self.slices // 2

    def _show_bar(self) -> None:
        self.slice_bar.blockSignals(True)
        self.slice_bar.set_count(self.slices)
        self.slice_bar.setValue(self._index)
        self.slice_bar.blockSignals(False)
        self.slice_bar.setVisible(self.slices > 1)

    def _show(self) -> None:
        """Bring the frame, the words, the bar and the tools to the slice and view as they are now."""
        if self._compositor is None:
            return
        self._compositor.show(self._view, self._plane, self._index)
        self.slice_bar.blockSignals(True)
        self.slice_bar.setValue(self._index)
        self.slice_bar.blockSignals(False)
        self.slice_bar.update()
        self._lay_out()
        self._changed()
        self.update()
        self.look_changed.emit()

    def _lay_out(self) -> None:
        if self._image is not None:
            self._corner_painter.lay_out(
                self._corners,
                self._image,
                self._plane,
                self._index,
                self._view,
                self.window_level,
                self._inverted,
                "" if self._table is None else table_name(self._image.tables[self._table], self._table),
            )

    def _device_size(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(round(self.height() * ratio), 1), max(round(self.width() * ratio), 1)

    def _new_view(self) -> None:
        assert self._image is not None
        _, down, across = axes(self._plane)
        spacing = self._image.geometry.spacing
        least = min(spacing[down], spacing[across])
        view = View(
            (self._image.shape[down], self._image.shape[across]),
            (spacing[down] / least, spacing[across] / least),
            self._device_size(),
            self.devicePixelRatioF(),
            flips=display_flips(self._image.geometry, self._plane),
        )
        self._view = self._fitted(view)
        self.zoom_changed.emit(self.zoom)

    def _fitted(self, view: View) -> View:
        small = min(self.height(), self.width()) < 4 * BAND
        return view.fitted(
            (0.0 if small else BAND * view.device_pixel_ratio, 0.0 if small else BAND / 2 * view.device_pixel_ratio)
        )

    def _set_view(self, view: View) -> None:
        if self._compositor is None or view == self._view:
            return
        changed = view.zoom != self._view.zoom
        self._view = view
        self._show()
        if changed:
            self.zoom_changed.emit(self.zoom)

    def _resized(self) -> None:
        if self._compositor is not None:
            view = self._view.resized(self._device_size(), self.devicePixelRatioF())
            self._set_view(self._fitted(view) if self._fits else view)

    def _update(self, area: Area) -> None:
        """Repaint these device pixels."""
        if not empty(area):
            top, left, bottom, right = (edge / self._view.device_pixel_ratio for edge in area)
            self._update_rect(QRectF(left, top, right - left, bottom - top))

    def _update_rect(self, rect: QRectF) -> None:
        """Repaint one rectangle around all that is pending: clipping to a region of several makes drawing slow."""
        self._pending = self._pending.united(rect)
        self.update(self._pending.toAlignedRect())

    def _paint_empty(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), theme.color("scan"))
        painter.setPen(theme.scan_color("text"))
        painter.setFont(theme.font())
        rect, side = self.rect().adjusted(24, 0, -24, 0), Qt.AlignmentFlag.AlignVCenter
        if self._empty_button.isVisible():
            rect.setBottom(self._empty_button.y() - 16)
            side = Qt.AlignmentFlag.AlignBottom
        painter.drawText(rect, side | Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, self._empty)

    def _paint_cross(self, painter: QPainter, at: QPointF) -> None:
        color, x, y = theme.scan_color("accent", 0.8), round(at.x()), round(at.y())
        for low, high in ((0.0, at.x() - _GAP), (at.x() + _GAP, float(self.width()))):
            painter.fillRect(QRectF(low, y, max(high - low, 0.0), 1), color)
        for low, high in ((0.0, at.y() - _GAP), (at.y() + _GAP, float(self.height()))):
            painter.fillRect(QRectF(x, low, 1, max(high - low, 0.0)), color)

    def _mark_area(self) -> QRectF:
        """What the mark covers, its word as well."""
        if self._mark[0] is None:
            return QRectF()
        at, reach = self.to_screen(self._mark[0]), _MARK + 2.0
        word = QFontMetricsF(theme.font(theme.SMALL_SIZE)).horizontalAdvance(self._mark[1])
        return QRectF(at.x() - reach, at.y() - reach - 18, 2 * reach + word + 12, 2 * reach + 18)

    def _paint_mark(self, painter: QPainter, at: QPointF, text: str) -> None:
        for color, width in ((theme.color("scan", 0.6), 3), (theme.scan_color("accent"), 1)):  # seen on any scan
            painter.setPen(QPen(color, width))
            painter.drawLine(at - QPointF(_MARK, 0), at + QPointF(_MARK, 0))
            painter.drawLine(at - QPointF(0, _MARK), at + QPointF(0, _MARK))
        if text:
            painter.setFont(theme.font(theme.SMALL_SIZE))
            painter.setPen(theme.scan_color("text"))
            area = self._plate(at + QPointF(_MARK, -20), text, painter)
            painter.fillRect(area, theme.color("scan", 0.6))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def _plate(self, at: QPointF, text: str, painter: QPainter) -> QRectF:
        """The ground of words that begin there, or where they are whole beside the slice bar."""
        wide = painter.fontMetrics().horizontalAdvance(text) + 8.0
        return QRectF(max(min(at.x(), self.width() - SIDE - wide), 0.0), at.y(), wide, 18)

    def _paint_highlight(self, painter: QPainter, box: Box, text: str) -> None:
        through, down, across = axes(self._plane)
        if not box.low[through] <= self._index < box.high[through]:
            return
        low = self.to_screen((box.low[down] - 0.5, box.low[across] - 0.5))
        high = self.to_screen((box.high[down] - 0.5, box.high[across] - 0.5))
        rect = QRectF(low, high).normalized().adjusted(-4, -4, 4, 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((theme.color("scan", 0.6), 3), (theme.scan_color("text"), 1)):  # seen on any scan
            painter.setPen(QPen(color, width))
            painter.drawRoundedRect(rect, 3, 3)
        painter.setFont(theme.font(theme.SMALL_SIZE))
        words = self._plate(rect.topLeft() - QPointF(0, 22), text, painter)
        painter.fillRect(words if text else QRectF(), theme.color("scan", 0.6))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, text)

    @Slot()
    def _theme_changed(self) -> None:
        self._lay_out()
        self.update()


def table_name(table: VoiTable, place: int) -> str:
    """What a table of the file is called."""
    return table.name or tr("The file's table {number}", number=place + 1)
