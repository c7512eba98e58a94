"""What the pointer does on the canvas: one class a tool, from gesture to one operation of the mask."""

import math
from dataclasses import replace
from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from engine.errors import EngineError
from engine.imaging.geometry import axes
from engine.imaging.image import Window
from engine.labels.classes import BACKGROUND
from engine.labels.edit import Box
from engine.labels.mask import Stroke
from engine.words import translatable
from widgets.brush_ring import BrushRing
from widgets.outline_tools import ContourTool, EllipseTool, PolygonTool, RectangleTool, closed_words
from widgets.text import tr
from widgets.tool import ChangeWish, FillWish, Pointer, Tool, ToolHost, unchanged_words
from widgets.view import Point

__all__ = ["TOOLS", "Tool"]

_PER_WIDTH = 300.0  # logical pixels of a drag that change the window by its own width
_ZOOM_PER_PIXEL = 1.01
_FILLED_AT_ONCE = 2**20
"""Pixels of a slice in which an area is filled on the window's thread: measured, some 10 ms with what is stored of it."""
_KEPT_AT_ONCE = 64
"""Patches of a stroke over many slices that are stored on the window's thread: as many voxels as are filled there."""


class PanTool(Tool):
    """Moves the picture; with the right button, zooms it. A click without a drag points at a voxel."""

    name = "pan"

    def hints(self, slices: int = 1) -> list[str]:
        return [tr("Drag to move"), tr("Right button zooms"), *([tr("Wheel changes the slice")] if slices > 1 else [])]

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


def dragged_window(window: Window, by: QPointF) -> Window:
    """The window after a drag by so many logical pixels."""
    step = by / _PER_WIDTH
    return Window(window.center + step.y() * window.width, window.width * math.exp(step.x()))


class WindowLevelTool(Tool):
    """Across changes the window's width, down its centre, in proportion to the width it had."""

    name = "window_tool"

    def hints(self, slices: int = 1) -> list[str]:
        return [tr("Drag across for contrast, up or down for brightness"), tr("Hold Space to move")]

    def __init__(self) -> None:
        self._start: tuple[QPointF, Window] | None = None

    def press(self, host: ToolHost, pointer: Pointer) -> None:
        self._start = pointer.position, host.window_level

    def move(self, host: ToolHost, pointer: Pointer) -> None:
        if self._start is None:
            return
        start, window = self._start
        host.set_window(dragged_window(window, pointer.position - start))

    def release(self, host: ToolHost, pointer: Pointer) -> None:
        self._start = None

    def end_stroke(self, host: ToolHost) -> None:
        self._start = None

    def cursor(self, host: ToolHost) -> Qt.CursorShape:
        return Qt.CursorShape.SizeAllCursor


class BrushTool(Tool):
    """Paints the active class where the brush goes. The right button or Ctrl erases; with Shift what is erased goes on all slices."""

    name = "brush"
    paints = paints_over = gated = sized = True
    _erases: ClassVar[bool] = False

    def hints(self, slices: int = 1) -> list[str]:
        return [
            tr("Right button erases"),
            *([tr("With Shift through all slices")] if slices > 1 else []),
            tr("Shift + wheel changes the size"),
            tr("Hold Space to move"),
        ]

    def __init__(self) -> None:
        self._stroke: Stroke | None = None
        self._value = BACKGROUND
        self._through = False
        self._called = ""  # what the history calls it, without class and slice
        self._last: Point = (0.0, 0.0)
        self._ring = BrushRing()

    def _title(self) -> str:
        return translatable("Brush")

    def press(self, host: ToolHost, pointer: Pointer) -> None:
        context = host.context
        erases = pointer.right or self._erases != pointer.inverted
        value = BACKGROUND if erases else context.value
        if self._stroke is not None or not self.may_paint(host, value):
            return
        assert context.mask is not None
        self._through = erases and pointer.through
        self._called = translatable("Eraser") if erases else self._title()
        name = translatable("Eraser through all slices") if self._through else context.named(self._called, value)
        gate = context.gate.begun(context.plane, context.index, pointer.at) if context.gate and not erases else None
        self._stroke, self._value, self._last = context.mask.begin(name, gate), value, pointer.at
        self.move(host, pointer)

    def move(self, host: ToolHost, pointer: Pointer) -> None:
        if self._stroke is None:
            return
        box = self._paint(host, self._stroke, self._last, pointer)
        self._last = pointer.at
        host.mask_painted(box)

    def _paint(self, host: ToolHost, stroke: Stroke, start: Point, pointer: Pointer) -> Box:
        context = host.context
        brush, reach = context.brush(pointer.pressure), context.reach(pointer.pressure)
        if self._through:
            return stroke.line_through(context.plane, start, pointer.at, brush, self._value)
        if reach:
            return stroke.ball(context.plane, context.index, start, pointer.at, brush, reach, self._value)
        return stroke.line(context.plane, context.index, start, pointer.at, brush, self._value)

    def release(self, host: ToolHost, pointer: Pointer) -> None:
        self.end_stroke(host)

    def end_stroke(self, host: ToolHost) -> None:
        if self._stroke is None:
            return
        stroke, self._stroke = self._stroke, None
        edit, mask = stroke.end(), host.context.mask
        if stroke.gate is not None and stroke.held_back:
            host.refused.emit(closed_words(stroke.gate))
        elif edit.empty and self._was_held_back(host):
            host.refused.emit(unchanged_words(self._value))
        through = axes(host.context.plane)[0]
        several = edit.box.shape[through] > 1  # tiles are as long as they are wide: across them one slice has several
        if several and not self._through:
            painted = edit.changed_box()
            first, last = painted.low[through] + 1, painted.high[through]
            if last > first:
                edit = replace(edit, name=host.context.named(self._called, self._value, f"{first}–{last}"))
        if mask is None or not several or len(edit.patches) <= _KEPT_AT_ONCE:
            host.finish_stroke(edit)
            return
        mask.revert(edit)  # not shown: a job does it once more, and stores it
        host.change_asked.emit(ChangeWish(edit.name, lambda copy: copy.repeat(edit)))

    def _was_held_back(self, host: ToolHost) -> bool:
        """Whether the pixel under the pointer is another than what was painted."""
        context = host.context
        if context.mask is None:
            return False
        labels = context.mask.slice(context.plane, context.index)
        down, across = round(self._last[0]), round(self._last[1])
        inside = 0 <= down < labels.shape[0] and 0 <= across < labels.shape[1]
        return inside and bool(labels[down, across] != self._value)

    def take_back(self, host: ToolHost) -> None:
        if self._stroke is not None:
            stroke, self._stroke = self._stroke, None
            host.mask_painted(stroke.cancel())

    def wants(self, host: ToolHost, key: Qt.Key) -> bool:
        return self._stroke is not None and key == Qt.Key.Key_Escape

    def key(self, host: ToolHost, key: Qt.Key) -> bool:
        if self._stroke is None or key != Qt.Key.Key_Escape:
            return False
        self.take_back(host)
        return True

    def cursor(self, host: ToolHost) -> Qt.CursorShape:
        return Qt.CursorShape.BlankCursor if self._ring_radii(host) else Qt.CursorShape.CrossCursor

    def overlay(self, host: ToolHost, position: QPointF | None) -> QRectF:
        radii = self._ring_radii(host)
        return self._ring.around(position, *radii) if position is not None and radii is not None else QRectF()

    def paint_overlay(self, host: ToolHost, painter: QPainter, position: QPointF | None) -> None:
        radii = self._ring_radii(host)
        if position is None or radii is None:
            return
        gate = self._stroke.gate if self._stroke is not None else None if self._erases else host.context.gate
        if gate is not None:
            host.paint_passed(painter, gate, host.context.brush(), host.to_slice(position))
        color = "" if self._erases else host.context.class_color(host.context.value)
        self._ring.paint(painter, position, *radii, QColor(color) if color else None, ball=host.context.ball)

    def _ring_radii(self, host: ToolHost) -> tuple[float, float] | None:
        """The brush (across, down) in logical pixels; None where there is no ring to see."""
        context = host.context
        if context.mask is None:
            return None
        down, across = context.brush().radius
        height, width = host.pixel_size
        return (across * width, down * height) if min(across * width, down * height) >= 2 else None


class EraserTool(BrushTool):
    """Paints background, with Shift on all slices; Ctrl paints the active class."""

    name = "eraser"
    paints_over = gated = False
    _erases = True

    def hints(self, slices: int = 1) -> list[str]:
        return [
            *([tr("With Shift through all slices")] if slices > 1 else []),
            tr("Ctrl paints"),
            tr("Shift + wheel changes the size"),
            tr("Hold Space to move"),
        ]

    def _title(self) -> str:
        return translatable("Brush")


class FillTool(Tool):
    """Gives the connected area under the click the active class; the right button or Ctrl empties it."""

    name = "fill"
    paints = paints_over = True

    def hints(self, slices: int = 1) -> list[str]:
        return [tr("Click an area"), tr("Right button empties it"), tr("Hold Space to move")]

    def press(self, host: ToolHost, pointer: Pointer) -> None:
        context = host.context
        value = BACKGROUND if pointer.right or pointer.inverted else context.value
        if not self.may_paint(host, value):
            return
        assert context.mask is not None
        at = round(pointer.at[0]), round(pointer.at[1])
        name, plane, index = context.named(translatable("Fill"), value), context.plane, context.index
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


TOOLS: tuple[type[Tool], ...] = (
    PanTool,
    WindowLevelTool,
    BrushTool,
    EraserTool,
    ContourTool,
    PolygonTool,
    RectangleTool,
    EllipseTool,
    FillTool,
)
"""First the ones that leave the mask alone. The strip adds those that the program helps with: `toolbox.TOOLBOX`."""
