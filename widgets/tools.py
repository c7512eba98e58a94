"""What the pointer does on the canvas: one class a tool, from gesture to one operation of the mask."""

import math
from collections.abc import Hashable
from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from engine.errors import EngineError
from engine.imaging.image import Window
from engine.labels.classes import BACKGROUND
from engine.labels.mask import Stroke
from widgets.brush_ring import BrushRing, two_tone
from widgets.text import tr
from widgets.tool_host import CutWish, FillWish, Pointer, ToolHost
from widgets.view import Point

_CLOSE = 8.0  # logical pixels from the first point that close a polygon
_APART = 6.0  # between the points that a drag leaves: a hand that trembles in a click leaves none
_PER_WIDTH = 300.0  # logical pixels of a drag that change the window by its own width
_ZOOM_PER_PIXEL = 1.01
_FILLED_AT_ONCE = 2**20
"""Pixels of a slice in which an area is filled on the window's thread: measured, some 10 ms with what is stored of it."""


class Tool:
    """Does nothing; a tool overrides what it needs. A gesture is press, moves, release, or it is left in between."""

    name: ClassVar[str] = ""
    """The id of its command."""
    paints: ClassVar[bool] = False  # needs a mask that may be written
    paints_over: ClassVar[bool] = False  # its bar offers what may be painted over
    sized: ClassVar[bool] = False  # has the brush's radius
    methods: ClassVar[tuple[str, ...]] = ()  # marked texts of the ways in which it works, of which a person chooses one

    def hints(self) -> list[str]:
        """What the pointer and keys do, for the foot of the window."""
        return []

    def unfinished(self, host: ToolHost) -> bool:
        """Whether something unfinished is on the slice that is shown, which undo takes back first."""
        return False

    def step_back(self, host: ToolHost) -> None:
        """Take the last part of what is unfinished back."""

    def may_paint(self, host: ToolHost, value: int) -> bool:
        """Whether there is a mask that takes the value; where a lock forbids it, the person is told. Nobody paints what is not seen."""
        context = host.context
        if context.mask is None:
            return False
        if not context.mask.may_paint(value):
            name = context.class_name(value)
            host.refused.emit(tr("{name} is locked. Unlock it in the list of classes to paint it.", name=name))
            return False
        host.painting.emit(value)
        return True

    def press(self, host: ToolHost, pointer: Pointer) -> None: ...

    def double_press(self, host: ToolHost, pointer: Pointer) -> None:
        """The second press of a double click: for most tools one like any other."""
        self.press(host, pointer)

    def move(self, host: ToolHost, pointer: Pointer) -> None:
        """The pointer moved with the button down."""

    def release(self, host: ToolHost, pointer: Pointer) -> None: ...

    def hover(self, host: ToolHost, pointer: Pointer) -> None:
        """The pointer moved with no button down."""

    def key(self, host: ToolHost, key: Qt.Key) -> bool:
        """Whether the tool took the key."""
        return False

    def shifted_key(self, host: ToolHost, key: Qt.Key) -> bool:
        """Whether the tool took the key, pressed with Shift, in another sense than without."""
        return False

    def scale(self, host: ToolHost, steps: int) -> bool:
        """Shift and the wheel: whether the tool has something to make larger or smaller in its own way."""
        return False

    def wants(self, host: ToolHost, key: Qt.Key) -> bool:
        """Whether the tool takes that key now, before any shortcut does."""
        return False

    def end_stroke(self, host: ToolHost) -> None:
        """The button counts as released where the pointer was last."""

    def deactivate(self, host: ToolHost) -> None:
        """Another tool or slice comes: end what is under way."""
        self.end_stroke(host)

    def cursor(self, host: ToolHost) -> Qt.CursorShape:
        return Qt.CursorShape.CrossCursor

    def overlay(self, host: ToolHost, position: QPointF | None) -> QRectF:
        """What `paint_overlay` covers, in logical pixels; `position` is the pointer's, None when it is elsewhere."""
        return QRectF()

    def paint_overlay(self, host: ToolHost, painter: QPainter, position: QPointF | None) -> None: ...


class PanTool(Tool):
    """Moves the picture; with the right button, zooms it. A click without a drag points at a voxel."""

    name = "pan"

    def hints(self) -> list[str]:
        return [tr("Drag to move"), tr("Right button zooms"), tr("Wheel changes the slice")]

    def __init__(self) -> None:
        self._last: QPointF | None = None
        self._start = QPointF()
        self._dragged = False

    def press(self, host: ToolHost, pointer: Pointer) -> None:
        self._last = self._start = pointer.position
        self._dragged = False

    def move(self, host: ToolHost, pointer: Pointer) -> None:
        if self._last is None:
            return
        step = pointer.position - self._last
        self._last = pointer.position
        self._dragged |= (pointer.position - self._start).manhattanLength() > 3
        if pointer.right:
            host.zoom_by(_ZOOM_PER_PIXEL ** -step.y(), self._start)
        else:
            host.pan(step.x(), step.y())

    def release(self, host: ToolHost, pointer: Pointer) -> None:
        if self._last is not None and not self._dragged and pointer.button == Qt.MouseButton.LeftButton:
            host.pick_point(pointer.at)
        self._last = None

    def end_stroke(self, host: ToolHost) -> None:
        self._last = None

    def cursor(self, host: ToolHost) -> Qt.CursorShape:
        return Qt.CursorShape.OpenHandCursor if self._last is None else Qt.CursorShape.ClosedHandCursor


class WindowLevelTool(Tool):
    """Across changes the window's width, down its centre, in proportion to the width it had."""

    name = "window_tool"

    def hints(self) -> list[str]:
        return [tr("Drag across for contrast, up or down for brightness"), tr("Hold Space to move")]

    def __init__(self) -> None:
        self._start: tuple[QPointF, Window] | None = None

    def press(self, host: ToolHost, pointer: Pointer) -> None:
        self._start = pointer.position, host.window_level

    def move(self, host: ToolHost, pointer: Pointer) -> None:
        if self._start is None:
            return
        start, window = self._start
        step = (pointer.position - start) / _PER_WIDTH
        host.set_window(Window(window.center + step.y() * window.width, window.width * math.exp(step.x())))

    def release(self, host: ToolHost, pointer: Pointer) -> None:
        self._start = None

    def end_stroke(self, host: ToolHost) -> None:
        self._start = None

    def cursor(self, host: ToolHost) -> Qt.CursorShape:
        return Qt.CursorShape.SizeAllCursor


class BrushTool(Tool):
    """Paints the active class where the brush goes. The right button or Ctrl erases."""

    name = "brush"
    paints = paints_over = sized = True
    _erases: ClassVar[bool] = False

    def hints(self) -> list[str]:
        return [tr("Right button erases"), tr("Shift + wheel changes the size"), tr("Hold Space to move")]

    def __init__(self) -> None:
        self._stroke: Stroke | None = None
        self._value = BACKGROUND
        self._last: Point = (0.0, 0.0)
        self._ring = BrushRing()

    def _title(self) -> str:
        return tr("Brush")

    def press(self, host: ToolHost, pointer: Pointer) -> None:
        context = host.context
        erases = pointer.right or self._erases != pointer.inverted
        value = BACKGROUND if erases else context.value
        if self._stroke is not None or not self.may_paint(host, value):
            return
        assert context.mask is not None
        title = tr("Eraser") if erases else self._title()
        self._stroke, self._value, self._last = context.mask.begin(context.named(title, value)), value, pointer.at
        self.move(host, pointer)

    def move(self, host: ToolHost, pointer: Pointer) -> None:
        if self._stroke is None:
            return
        context = host.context
        box = self._stroke.line(context.plane, context.index, self._last, pointer.at, context.brush, self._value)
        self._last = pointer.at
        host.mask_painted(box)

    def release(self, host: ToolHost, pointer: Pointer) -> None:
        self.end_stroke(host)

    def end_stroke(self, host: ToolHost) -> None:
        if self._stroke is not None:
            stroke, self._stroke = self._stroke, None
            host.finish_stroke(stroke.end())

    def wants(self, host: ToolHost, key: Qt.Key) -> bool:
        return self._stroke is not None and key == Qt.Key.Key_Escape

    def key(self, host: ToolHost, key: Qt.Key) -> bool:
        if self._stroke is None or key != Qt.Key.Key_Escape:
            return False
        stroke, self._stroke = self._stroke, None
        host.mask_painted(stroke.cancel())
        return True

    def cursor(self, host: ToolHost) -> Qt.CursorShape:
        return Qt.CursorShape.BlankCursor if self._ring_radii(host) else Qt.CursorShape.CrossCursor

    def overlay(self, host: ToolHost, position: QPointF | None) -> QRectF:
        radii = self._ring_radii(host)
        return self._ring.around(position, *radii) if position is not None and radii is not None else QRectF()

    def paint_overlay(self, host: ToolHost, painter: QPainter, position: QPointF | None) -> None:
        radii = self._ring_radii(host)
        if position is not None and radii is not None:
            self._ring.paint(painter, position, *radii)

    def _ring_radii(self, host: ToolHost) -> tuple[float, float] | None:
        """The brush (across, down) in logical pixels; None where there is no ring to see."""
        context = host.context
        if context.mask is None:
            return None
        down, across = context.brush.radius
        height, width = host.pixel_size
        return (across * width, down * height) if min(across * width, down * height) >= 2 else None


class EraserTool(BrushTool):
    """Paints background; Ctrl paints the active class."""

    name = "eraser"
    paints_over = False
    _erases = True

    def hints(self) -> list[str]:
        return [tr("Ctrl paints"), tr("Shift + wheel changes the size"), tr("Hold Space to move")]

    def _title(self) -> str:
        return tr("Brush")


class PolygonTool(Tool):
    """Points by clicks or by a drag; Enter, a double click or a click on the first point closes it, with Ctrl to erase, with Ctrl and
    Shift to erase through all slices.

    The right button and Backspace take the last point back, Esc all of them. Points stay with their slice: they go on when the
    hand is back, whatever was done meanwhile.
    """

    name = "polygon"
    paints = paints_over = True

    def hints(self) -> list[str]:
        return [tr("Click points or drag"), tr("Enter closes"), tr("Right button takes one back"), tr("Esc drops all")]

    def __init__(self) -> None:
        self._open: dict[Hashable, list[Point]] = {}  # by image and slice
        self._dragged_away = False  # so far that the way back to the first point may close

    def _points(self, host: ToolHost) -> list[Point]:
        """Those of the slice that is shown; to be changed by `_set`."""
        return self._open.get(_place(host), [])

    def _set(self, host: ToolHost, points: list[Point]) -> None:
        self._open.pop(_place(host), None)
        if points:
            self._open[_place(host)] = points
        host.repaint_overlay()

    def unfinished(self, host: ToolHost) -> bool:
        return bool(self._points(host))

    def step_back(self, host: ToolHost) -> None:
        self._set(host, self._points(host)[:-1])

    def press(self, host: ToolHost, pointer: Pointer) -> None:
        self._dragged_away = False
        if pointer.right:
            self.step_back(host)
        elif self._on_first(host, pointer.position):
            self._close(host, pointer.inverted, pointer.through)
        elif self._points(host) or self.may_paint(host, BACKGROUND if pointer.inverted else host.context.value):
            self._set(host, [*self._points(host), pointer.at])

    def double_press(self, host: ToolHost, pointer: Pointer) -> None:
        if len(self._points(host)) < 3 or pointer.right:
            self.press(host, pointer)
        else:
            self._close(host, pointer.inverted, pointer.through)

    def move(self, host: ToolHost, pointer: Pointer) -> None:
        points = self._points(host)
        if pointer.right or not points:
            return
        if (host.to_screen(points[-1]) - pointer.position).manhattanLength() >= _APART:
            self._set(host, [*points, pointer.at])
            first = host.to_screen(points[0]) - pointer.position
            self._dragged_away |= first.manhattanLength() > 2 * _CLOSE

    def release(self, host: ToolHost, pointer: Pointer) -> None:
        if self._dragged_away and self._on_first(host, pointer.position):
            self._close(host, pointer.inverted, pointer.through)
        self._dragged_away = False

    def end_stroke(self, host: ToolHost) -> None:
        self._dragged_away = False

    def hover(self, host: ToolHost, pointer: Pointer) -> None:
        if self._points(host):
            host.repaint_overlay()

    def wants(self, host: ToolHost, key: Qt.Key) -> bool:
        return bool(self._points(host)) and key in _POLYGON_KEYS

    def key(self, host: ToolHost, key: Qt.Key) -> bool:
        if not self.wants(host, key):
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._close(host)
        elif key == Qt.Key.Key_Backspace:
            self.step_back(host)
        else:
            self._set(host, [])
        return True

    def deactivate(self, host: ToolHost) -> None:
        self.end_stroke(host)
        if self._points(host) and host.context.mask is not None:
            place = host.context.place
            host.refused.emit(
                tr("The open polygon waits on slice {number}.", number=place)
                if place
                else tr("The open polygon waits.")
            )
        host.repaint_overlay()

    def overlay(self, host: ToolHost, position: QPointF | None) -> QRectF:
        if not self._points(host):
            return QRectF()
        shape = self._shape(host)
        if position is not None:
            shape.append(position)
        return shape.boundingRect().adjusted(-6, -6, 6, 6)

    def paint_overlay(self, host: ToolHost, painter: QPainter, position: QPointF | None) -> None:
        if not self._points(host):
            return
        shape = self._shape(host)
        line = QPolygonF(shape)
        if position is not None:
            line.append(position)
        two_tone(painter, lambda: painter.drawPolyline(line))
        for point in shape.toList():
            two_tone(painter, lambda point=point: painter.drawRect(QRectF(point.x() - 2, point.y() - 2, 4, 4)))  # type: ignore[misc]

    def _shape(self, host: ToolHost) -> QPolygonF:
        return QPolygonF([host.to_screen(at) for at in self._points(host)])

    def _on_first(self, host: ToolHost, position: QPointF) -> bool:
        points = self._points(host)
        return len(points) >= 3 and (host.to_screen(points[0]) - position).manhattanLength() <= _CLOSE

    def _close(self, host: ToolHost, erases: bool = False, through: bool = False) -> None:
        context, points = host.context, self._points(host)
        value = BACKGROUND if erases else context.value
        if len(points) < 3 or not self.may_paint(host, value):
            return
        assert context.mask is not None
        self._set(host, [])
        if erases and through:
            host.cut_asked.emit(CutWish(tr("Cut through all slices"), context.plane, tuple(points)))
            return
        name = context.named(tr("Polygon"), value)
        edit = context.mask.polygon(name, context.plane, context.index, points, value)
        host.mask_painted(edit.box)
        host.finish_stroke(edit)


def _place(host: ToolHost) -> Hashable:
    return host.context.image, host.context.plane, host.context.index


_POLYGON_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace, Qt.Key.Key_Escape)


class FillTool(Tool):
    """Gives the connected area under the click the active class; the right button or Ctrl empties it."""

    name = "fill"
    paints = paints_over = True

    def hints(self) -> list[str]:
        return [tr("Click an area"), tr("Right button empties it"), tr("Hold Space to move")]

    def press(self, host: ToolHost, pointer: Pointer) -> None:
        context = host.context
        value = BACKGROUND if pointer.right or pointer.inverted else context.value
        if not self.may_paint(host, value):
            return
        assert context.mask is not None
        at = round(pointer.at[0]), round(pointer.at[1])
        name, plane, index = context.named(tr("Fill"), value), context.plane, context.index
        if context.mask.slice(plane, index).size > _FILLED_AT_ONCE:
            host.fill_asked.emit(FillWish(name, plane, index, at, value))
            return
        try:
            edit = context.mask.fill(name, plane, index, at, value, enclosed=True)
        except EngineError as fault:
            host.refused.emit(tr(fault.message))
            return
        host.mask_painted(edit.box)
        host.finish_stroke(edit)


TOOLS: tuple[type[Tool], ...] = (PanTool, WindowLevelTool, BrushTool, EraserTool, PolygonTool, FillTool)
"""First the ones that leave the mask alone. The strip adds those that the program helps with: `toolbox.TOOLBOX`."""
