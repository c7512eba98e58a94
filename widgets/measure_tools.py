"""Tools that measure: distance, angle, and the values in an ellipse or a rectangle. The mask stays as it is."""

from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from engine.imaging.image import Image
from engine.labels.measuring import POINTS, REGIONS, Measure, MeasureKind, covered, size_of, values_of
from widgets.measure_overlay import MeasureMark, covers, paint_mark, size_words, value_words
from widgets.outline_tools import equal_sides
from widgets.text import tr
from widgets.tool import Pointer, Tool, ToolHost
from widgets.view import Point

READ_AT_ONCE = 2**18
"""Pixels of a region whose values are read on the window's thread: some 2 ms."""
_APART = 4.0  # logical pixels: less is a click, and no length that anybody means


class MeasureTool(Tool):
    """Points by drags, or by clicks, until the measure has them all. A press on a measure that is there picks it: Delete deletes it.

    The right button and Backspace take the last point back, Esc all of them. Of several views a measure is of the one in which it was
    begun: in another plane its points would be others.
    """

    kind: ClassVar[MeasureKind]

    def __init__(self) -> None:
        self._points: list[Point] = []  # the last one is where the pointer is
        self._view: ToolHost | None = None  # in which they lie
        self._pressed = False

    def hints(self, slices: int = 1) -> list[str]:
        return [
            tr("Drag, or click the ends"),
            tr("Click a measure to pick it, Delete deletes it"),
            tr("Right button takes it back"),
        ]

    def unfinished(self, host: ToolHost) -> bool:
        return bool(self._points) and host is self._view

    def step_back(self, host: ToolHost) -> None:
        """The point under the pointer stays with it: the one before goes."""
        if not self.unfinished(host):
            return
        self._points = [*self._points[:-2], self._points[-1]] if len(self._points) > 2 else []
        host.repaint_overlay()

    def take_back(self, host: ToolHost) -> None:
        self._drop(host)

    def press(self, host: ToolHost, pointer: Pointer) -> None:
        if pointer.right:
            self.step_back(host)
            return
        if not self.unfinished(host):
            if self._view is not None:
                self._drop(self._view)
            picked = host.measure_at(pointer.position)
            host.measure_picked.emit(picked)
            if picked:
                return
            self._points, self._view = [pointer.at, pointer.at], host
        self._pressed = True
        self._follow(host, pointer)

    def move(self, host: ToolHost, pointer: Pointer) -> None:
        if not pointer.right:
            self._follow(host, pointer)

    def hover(self, host: ToolHost, pointer: Pointer) -> None:
        self._follow(host, pointer)

    def _follow(self, host: ToolHost, pointer: Pointer) -> None:
        if self.unfinished(host):
            equal = pointer.through and self.kind in REGIONS
            end = equal_sides(self._points[0], pointer.at, host.context.spacing) if equal else pointer.at
            self._points[-1] = end
            host.repaint_overlay()

    def release(self, host: ToolHost, pointer: Pointer) -> None:
        pressed, self._pressed = self._pressed, False
        if not self.unfinished(host) or not pressed:
            return
        self._follow(host, pointer)
        last, before = (host.to_screen(point) for point in (self._points[-1], self._points[-2]))
        if (last - before).manhattanLength() < _APART:
            return  # a click began it, or a click twice at one place: the next point follows the pointer
        if len(self._points) == POINTS[self.kind]:
            self._finish(host)
        else:
            self._points.append(self._points[-1])

    def _finish(self, host: ToolHost) -> None:
        context = host.context
        measure = Measure(self.kind, context.plane, context.index, tuple(self._points))
        self._drop(host)
        host.measure_made.emit(measure)

    def _drop(self, host: ToolHost) -> None:
        self._points, self._view, self._pressed = [], None, False
        host.repaint_overlay()

    def end_stroke(self, host: ToolHost) -> None:
        """Nobody knows where a measure that was left was to end."""
        if self.unfinished(host):
            self._drop(host)

    def wants(self, host: ToolHost, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_Delete:
            return not self.unfinished(host) and bool(host.picked_measure)
        return self.unfinished(host) and key in (Qt.Key.Key_Escape, Qt.Key.Key_Backspace)

    def key(self, host: ToolHost, key: Qt.Key) -> bool:
        if not self.wants(host, key):
            return False
        if key == Qt.Key.Key_Delete:
            host.measure_removed.emit(host.picked_measure)
        elif key == Qt.Key.Key_Backspace:
            self.step_back(host)
        else:
            self._drop(host)
        return True

    def overlay(self, host: ToolHost, position: QPointF | None) -> QRectF:
        mark = self._mark(host)
        return covers(mark, host.to_screen, host.rect()) if mark is not None else QRectF()

    def paint_overlay(self, host: ToolHost, painter: QPainter, position: QPointF | None) -> None:
        mark = self._mark(host)
        if mark is not None:
            paint_mark(painter, mark, host.to_screen, host.rect())

    def _mark(self, host: ToolHost) -> MeasureMark | None:
        """What is drawn so far; the first leg of an angle as a line."""
        image, context = host.image, host.context
        if not self.unfinished(host) or image is None:
            return None
        whole = len(self._points) == POINTS[self.kind]
        kind: MeasureKind = self.kind if whole else "distance"
        points = tuple(self._points) if whole else (self._points[0], self._points[-1])
        measure = Measure(kind, context.plane, context.index, points)
        return MeasureMark(0, measure, _live_words(measure, image) if whole else ())


def _live_words(measure: Measure, image: Image) -> tuple[str, ...]:
    values = values_of(measure, image) if covered(measure) <= READ_AT_ONCE else None
    size = size_words(size_of(measure, image.geometry))
    return (value_words(values), size) if values is not None else (size,)


class DistanceTool(MeasureTool):
    name = "distance"
    kind = "distance"


class AngleTool(MeasureTool):
    """The corner is the second point."""

    name = "angle"
    kind = "angle"

    def hints(self, slices: int = 1) -> list[str]:
        return [tr("Drag one leg, then click the end of the other"), *super().hints(slices)[1:]]


class RegionEllipseTool(MeasureTool):
    name = "region_ellipse"
    kind = "ellipse"

    def hints(self, slices: int = 1) -> list[str]:
        return [tr("Drag from corner to corner"), tr("Shift: a circle"), *super().hints(slices)[1:]]


class RegionRectangleTool(MeasureTool):
    name = "region_rectangle"
    kind = "rectangle"

    def hints(self, slices: int = 1) -> list[str]:
        return [tr("Drag from corner to corner"), tr("Shift: equal sides"), *super().hints(slices)[1:]]


MEASURE_TOOLS: tuple[type[MeasureTool], ...] = (DistanceTool, AngleTool, RegionEllipseTool, RegionRectangleTool)
