"""The tool that splits an object by a line drawn across it."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from engine.imaging.geometry import Plane
from widgets.brush_ring import two_tone
from widgets.text import tr
from widgets.tool import Pointer, ToolHost
from widgets.tools import Tool
from widgets.view import Point


@dataclass(frozen=True)
class SplitWish:
    """A line drawn on a slice, along which an object is to be split; the fields are those of object_edits.split."""

    plane: Plane
    index: int
    points: tuple[Point, ...]


class SplitTool(Tool):
    """A drag draws the line; Esc drops it."""

    name = "split_object"
    paints = True

    def __init__(self, split: Callable[[SplitWish], object]) -> None:
        self._split = split
        self._points: list[Point] = []

    def hints(self, slices: int = 1) -> list[str]:
        return [tr("Drag a line right across an object"), tr("Esc drops it"), tr("Hold Space to move")]

    def press(self, host: ToolHost, pointer: Pointer) -> None:
        self._points = [] if pointer.right or host.context.mask is None else [pointer.at]

    def move(self, host: ToolHost, pointer: Pointer) -> None:
        if self._points and pointer.at != self._points[-1]:
            self._points.append(pointer.at)

    def release(self, host: ToolHost, pointer: Pointer) -> None:
        self.move(host, pointer)
        points, self._points = tuple(self._points), []
        host.repaint_overlay()
        if len(points) == 1:
            host.refused.emit(tr("Drag a line right across an object"))
        elif points:
            self._split(SplitWish(host.context.plane, host.context.index, points))

    def end_stroke(self, host: ToolHost) -> None:
        """A line that was not drawn to its end splits nothing."""
        self._points = []
        host.repaint_overlay()

    def wants(self, host: ToolHost, key: Qt.Key) -> bool:
        return bool(self._points) and key == Qt.Key.Key_Escape

    def key(self, host: ToolHost, key: Qt.Key) -> bool:
        if not self.wants(host, key):
            return False
        self.end_stroke(host)
        return True

    def overlay(self, host: ToolHost, position: QPointF | None) -> QRectF:
        return self._line(host).boundingRect().adjusted(-4, -4, 4, 4) if self._points else QRectF()

    def paint_overlay(self, host: ToolHost, painter: QPainter, position: QPointF | None) -> None:
        if self._points:
            line = self._line(host)
            two_tone(painter, lambda: painter.drawPolyline(line))

    def _line(self, host: ToolHost) -> QPolygonF:
        return QPolygonF([host.to_screen(at) for at in self._points])
