"""Tools that paint what lies in an outline: polygon, freehand contour, rectangle and ellipse."""

from abc import abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from engine.errors import EngineError
from engine.imaging.geometry import Plane
from engine.labels.classes import BACKGROUND
from engine.labels.edit import Edit
from engine.labels.gate import Gate, Placed
from engine.labels.mask import Mask
from engine.labels.shapes import ellipse, inside
from engine.words import translatable
from widgets.brush_ring import two_tone
from widgets.figures import short
from widgets.text import tr
from widgets.tool import ChangeWish, Pointer, Tool, ToolHost, tell_waiting, unchanged_words
from widgets.view import Point

_REACH = 8.0  # logical pixels within which a point, or the way back to the first one, is hit
_APART = 6.0  # between the points that a drag leaves: a hand that trembles in a click leaves none
_STEP = 1.5  # between the points of a contour
_HANDLE = 4.0  # a point as it is drawn
_EDGE = 6.0  # what an overlay covers around its outline


@dataclass(frozen=True)
class _Outline:
    """The points of a polygon on one slice. Once it is `closed` its points can be moved; what it will do is settled."""

    points: tuple[Point, ...] = ()
    closed: bool = False
    erases: bool = False
    through: bool = False


class PolygonTool(Tool):
    """Points by clicks or by a drag. Enter paints it. A click on the first point or a double click closes it first: then its points, or
    it as a whole, can be moved, and Enter, a double click in it or a click beside it paints it. Closed with Ctrl it erases, with Ctrl
    and Shift through all slices.

    The right button and Backspace take the last point, or the closing, back; Esc all of it. Points stay with their slice: they go on
    when the hand is back, whatever was done meanwhile.
    """

    name = "polygon"
    paints = paints_over = gated = True

    def __init__(self) -> None:
        self._open: dict[Hashable, _Outline] = {}  # by image and slice
        self._dragged_away = False  # so far that the way back to the first point may close
        self._grabbed: int | None = None  # the point under the hand
        self._held: Point | None = None  # where the whole is held

    def hints(self, slices: int = 1) -> list[str]:
        return [
            tr("Click points or drag"),
            tr("Enter paints it"),
            tr("Points of a closed one can be moved"),
            tr("Right button takes one back"),
            tr("Esc drops all"),
        ]

    def hints_unfinished(self, slices: int = 1) -> list[str]:
        return [tr("Enter paints it"), tr("Right button takes one back"), tr("Esc drops all")]

    def hints_closed(self, slices: int = 1) -> list[str]:
        return [tr("Drag its points"), tr("Enter paints it"), tr("Esc drops all")]

    def closed(self, host: ToolHost) -> bool:
        return self._outline(host).closed

    def _outline(self, host: ToolHost) -> _Outline:
        """That of the slice that is shown; to be changed by `_set`."""
        return self._open.get(_place(host), _Outline())

    def _set(self, host: ToolHost, outline: _Outline) -> None:
        self._open.pop(_place(host), None)
        if outline.points:
            self._open[_place(host)] = outline
        host.repaint_overlay()

    def unfinished(self, host: ToolHost) -> bool:
        return bool(self._outline(host).points)

    def step_back(self, host: ToolHost) -> None:
        """The closing is the last step of a closed one."""
        outline = self._outline(host)
        points = outline.points if outline.closed else outline.points[:-1]
        self._set(host, _Outline(points))

    def press(self, host: ToolHost, pointer: Pointer) -> None:
        self._dragged_away, outline = False, self._outline(host)
        if pointer.right:
            self.step_back(host)
        elif outline.closed:
            self._grab(host, outline, pointer)
        elif self._on_first(host, pointer.position):
            self._close(host, pointer)
        elif outline.points or self.may_paint(host, BACKGROUND if pointer.inverted else host.context.value):
            self._set(host, _Outline((*outline.points, pointer.at)))

    def _grab(self, host: ToolHost, outline: _Outline, pointer: Pointer) -> None:
        """Take a point of a closed polygon, a new one of its edge, or all of it; beside it, it is painted and the next one begins."""
        shape = self._shape(host).toList()
        nearest = min(range(len(shape)), key=lambda at: (shape[at] - pointer.position).manhattanLength())
        if (shape[nearest] - pointer.position).manhattanLength() <= _REACH:
            self._grabbed = nearest
            return
        edge = next(
            (at for at in range(len(shape)) if _off_edge(shape[at - 1], shape[at], pointer.position) <= _REACH / 2),
            None,
        )
        if edge is not None:
            points = (*outline.points[:edge], pointer.at, *outline.points[edge:])
            self._grabbed = edge
            self._set(host, replace(outline, points=points))
        elif self._shape(host).containsPoint(pointer.position, Qt.FillRule.OddEvenFill):
            self._held = pointer.at
        elif self._paint(host):
            self._set(host, _Outline((pointer.at,)))

    def double_press(self, host: ToolHost, pointer: Pointer) -> None:
        outline = self._outline(host)
        if len(outline.points) < 3 or pointer.right:
            self.press(host, pointer)
        elif outline.closed:
            self._paint(host)
        else:
            self._close(host, pointer)

    def move(self, host: ToolHost, pointer: Pointer) -> None:
        outline = self._outline(host)
        if pointer.right or not outline.points:
            return
        if self._grabbed is not None:
            points = list(outline.points)
            points[self._grabbed] = pointer.at
            self._set(host, replace(outline, points=tuple(points)))
        elif self._held is not None:
            step = pointer.at[0] - self._held[0], pointer.at[1] - self._held[1]
            self._held = pointer.at
            self._set(host, replace(outline, points=tuple((d + step[0], a + step[1]) for d, a in outline.points)))
        elif not outline.closed and _apart(host, outline.points[-1], pointer) >= _APART:
            self._set(host, _Outline((*outline.points, pointer.at)))
            self._dragged_away |= _apart(host, outline.points[0], pointer) > 2 * _REACH

    def release(self, host: ToolHost, pointer: Pointer) -> None:
        if self._dragged_away and self._on_first(host, pointer.position):
            self._close(host, pointer)
        self.end_stroke(host)

    def end_stroke(self, host: ToolHost) -> None:
        self._dragged_away, self._grabbed, self._held = False, None, None

    def hover(self, host: ToolHost, pointer: Pointer) -> None:
        if self._outline(host).points:
            host.repaint_overlay()

    def wants(self, host: ToolHost, key: Qt.Key) -> bool:
        return bool(self._outline(host).points) and key in _POLYGON_KEYS

    def key(self, host: ToolHost, key: Qt.Key) -> bool:
        if not self.wants(host, key):
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._paint(host)
        elif key == Qt.Key.Key_Backspace:
            self.step_back(host)
        else:
            self._set(host, _Outline())
        return True

    def deactivate(self, host: ToolHost) -> None:
        self.end_stroke(host)
        if self._outline(host).points and host.context.mask is not None:
            tell_waiting(
                host,
                translatable("The open polygon waits on slice {number}."),
                translatable("The open polygon waits."),
            )
        host.repaint_overlay()

    def overlay(self, host: ToolHost, position: QPointF | None) -> QRectF:
        outline = self._outline(host)
        if not outline.points:
            return QRectF()
        shape = self._shape(host)
        if position is not None and not outline.closed:
            shape.append(position)
        return shape.boundingRect().adjusted(-_EDGE, -_EDGE, _EDGE, _EDGE)

    def paint_overlay(self, host: ToolHost, painter: QPainter, position: QPointF | None) -> None:
        outline = self._outline(host)
        if not outline.points:
            return
        shape = self._shape(host)
        line = QPolygonF(shape)
        if outline.closed:
            line.append(shape.first())
        elif position is not None:
            line.append(position)
        two_tone(painter, lambda: painter.drawPolyline(line))
        side = _HANDLE * 1.5 if outline.closed else _HANDLE
        for point in shape.toList():
            corner = QPointF(point.x() - side / 2, point.y() - side / 2)
            two_tone(painter, lambda corner=corner: painter.drawRect(QRectF(corner.x(), corner.y(), side, side)))  # type: ignore[misc]

    def _shape(self, host: ToolHost) -> QPolygonF:
        return QPolygonF([host.to_screen(at) for at in self._outline(host).points])

    def _on_first(self, host: ToolHost, position: QPointF) -> bool:
        points = self._outline(host).points
        return len(points) >= 3 and (host.to_screen(points[0]) - position).manhattanLength() <= _REACH

    def _close(self, host: ToolHost, pointer: Pointer) -> None:
        """From now on the points can be moved."""
        value = BACKGROUND if pointer.inverted else host.context.value
        if self.may_paint(host, value):
            self._set(host, _Outline(self._outline(host).points, True, pointer.inverted, pointer.through))

    def _paint(self, host: ToolHost) -> bool:
        """Paint, or erase, what lies inside; whether it was done."""
        context, outline = host.context, self._outline(host)
        value = BACKGROUND if outline.erases else context.value
        if len(outline.points) < 3:
            host.refused.emit(tr("Click three points at least first."))
            return False
        if not self.may_paint(host, value) or context.mask is None:
            return False
        self._set(host, _Outline())
        placed = inside(outline.points, context.mask.slice(context.plane, context.index).shape)
        _paint_region(host, translatable("Polygon"), outline.points[0], placed, value, through=outline.through)
        return True


_POLYGON_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace, Qt.Key.Key_Escape)


class _DragTool(Tool):
    """One drag, painted when the button is released; with Ctrl it erases, with Ctrl and Shift through all slices. The right button or
    Esc takes the drag back."""

    paints = paints_over = gated = True

    def __init__(self) -> None:
        self._points: list[Point] = []

    @abstractmethod
    def _title(self) -> str:
        """What the history calls it, to be translated where it is shown."""

    @abstractmethod
    def _draw(self, host: ToolHost, pointer: Pointer) -> None:
        """The pointer is there now: change the points."""

    @abstractmethod
    def _region(self, host: ToolHost, shape: tuple[int, ...]) -> Placed:
        """What the drag holds of a slice of that shape: first pixel and region."""

    @abstractmethod
    def _line(self, host: ToolHost) -> QPolygonF:
        """The outline in logical pixels."""

    def unfinished(self, host: ToolHost) -> bool:
        return bool(self._points)

    def step_back(self, host: ToolHost) -> None:
        self.take_back(host)

    def take_back(self, host: ToolHost) -> None:
        self._points = []
        host.repaint_overlay()

    def press(self, host: ToolHost, pointer: Pointer) -> None:
        if pointer.right:
            if host.context.mask is not None:
                host.refused.emit(tr("Drag with Ctrl to erase with this tool."))
        elif self.may_paint(host, BACKGROUND if pointer.inverted else host.context.value):
            self._points = [pointer.at]

    def move(self, host: ToolHost, pointer: Pointer) -> None:
        if self._points and not pointer.right:
            self._draw(host, pointer)
            host.repaint_overlay()

    def release(self, host: ToolHost, pointer: Pointer) -> None:
        self.move(host, pointer)
        context = host.context
        value = BACKGROUND if pointer.inverted else context.value
        if len(self._points) > 1 and context.mask is not None and self.may_paint(host, value):
            start, through = self._points[0], pointer.through and pointer.inverted
            placed = self._region(host, context.mask.slice(context.plane, context.index).shape)
            self._points = []
            _paint_region(host, self._title(), start, placed, value, through=through)
        elif len(self._points) == 1:
            host.refused.emit(tr("A click paints nothing with this tool: drag."))
        self.take_back(host)

    def end_stroke(self, host: ToolHost) -> None:
        """Nobody knows where a drag that was left was to end."""
        self.take_back(host)

    def wants(self, host: ToolHost, key: Qt.Key) -> bool:
        return bool(self._points) and key == Qt.Key.Key_Escape

    def key(self, host: ToolHost, key: Qt.Key) -> bool:
        if not self.wants(host, key):
            return False
        self.take_back(host)
        return True

    def overlay(self, host: ToolHost, position: QPointF | None) -> QRectF:
        if not self._points:
            return QRectF()
        return self._line(host).boundingRect().adjusted(-_EDGE, -_EDGE, _EDGE, _EDGE)

    def paint_overlay(self, host: ToolHost, painter: QPainter, position: QPointF | None) -> None:
        if self._points:
            line = self._line(host)
            two_tone(painter, lambda: painter.drawPolyline(line))


class ContourTool(_DragTool):
    """A freehand line around what is meant; it closes where the button is released."""

    name = "contour"

    def hints(self, slices: int = 1) -> list[str]:
        return [tr("Draw around it: it closes on release"), tr("Ctrl erases"), tr("Right button takes it back")]

    def _title(self) -> str:
        return translatable("Freehand contour")

    def _draw(self, host: ToolHost, pointer: Pointer) -> None:
        if _apart(host, self._points[-1], pointer) >= _STEP:
            self._points.append(pointer.at)

    def _region(self, host: ToolHost, shape: tuple[int, ...]) -> Placed:
        return inside(self._points, shape)

    def _line(self, host: ToolHost) -> QPolygonF:
        return QPolygonF([host.to_screen(at) for at in [*self._points, self._points[0]]])


class RectangleTool(_DragTool):
    """From corner to corner. Shift makes the sides equal, in mm where pixels are not square."""

    name = "rectangle"

    def hints(self, slices: int = 1) -> list[str]:
        return [
            tr("Drag from corner to corner"),
            tr("Shift: equal sides"),
            tr("Ctrl erases"),
            tr("Right button takes it back"),
        ]

    def _title(self) -> str:
        return translatable("Rectangle")

    def _draw(self, host: ToolHost, pointer: Pointer) -> None:
        start, end = self._points[0], pointer.at
        if pointer.through and not pointer.inverted:
            end = equal_sides(start, end, host.context.spacing)
        self._points = [start, end] if _apart(host, start, pointer) >= _STEP else [start]

    def _region(self, host: ToolHost, shape: tuple[int, ...]) -> Placed:
        return inside(self._corners(), shape)

    def _corners(self) -> list[Point]:
        one, two = self._points[0], self._points[-1]
        return [one, (one[0], two[1]), two, (two[0], one[1])]

    def _line(self, host: ToolHost) -> QPolygonF:
        corners = self._corners()
        return QPolygonF([host.to_screen(at) for at in [*corners, corners[0]]])


class EllipseTool(RectangleTool):
    """In the rectangle from corner to corner. Shift makes it round, in mm where pixels are not square."""

    name = "ellipse"

    def hints(self, slices: int = 1) -> list[str]:
        return [
            tr("Drag from corner to corner"),
            tr("Shift: a circle"),
            tr("Ctrl erases"),
            tr("Right button takes it back"),
        ]

    def _title(self) -> str:
        return translatable("Ellipse")

    def _region(self, host: ToolHost, shape: tuple[int, ...]) -> Placed:
        return ellipse(self._points[0], self._points[-1], shape)

    def paint_overlay(self, host: ToolHost, painter: QPainter, position: QPointF | None) -> None:
        if self._points:
            around = self._line(host).boundingRect()
            two_tone(painter, lambda: painter.drawEllipse(around))


def _paint_region(host: ToolHost, title: str, start: Point, placed: Placed, value: int, *, through: bool) -> None:
    """Paint the region, begun at that point, on the slice that is shown; one that erases `through` all slices is asked for."""
    context = host.context
    if context.mask is None:
        return
    if not _lies_on(placed, context.mask.slice(context.plane, context.index).shape):
        host.refused.emit(tr("Nothing of it lies on a pixel of the image."))
        return
    if value == BACKGROUND and through:
        name = translatable("Cut through all slices")
        host.change_asked.emit(ChangeWish(name, partial(_cut_through, name, context.plane, placed)))
        return
    gate = context.gate if value != BACKGROUND else None
    if gate is not None:
        gate = gate.begun(context.plane, context.index, start)
    name = context.named(title, value)
    if gate is not None and not gate.passed(context.plane, context.index, placed)[1].any():
        host.refused.emit(closed_words(gate))
        return
    edit = context.mask.region(name, context.plane, context.index, placed, value, gate)
    if edit.empty:
        host.refused.emit(unchanged_words(value))
        return
    host.mask_painted(edit.box)
    host.finish_stroke(edit)


def _lies_on(placed: Placed, shape: tuple[int, ...]) -> bool:
    """Whether a pixel of a slice of that shape is in the region."""
    (top, left), region = placed
    there = region[max(-top, 0) : max(shape[0] - top, 0), max(-left, 0) : max(shape[1] - left, 0)]
    return bool(there.any())


def closed_words(gate: Gate) -> str:
    """Why a stroke painted nothing."""
    low, high = short(gate.low, 4), short(gate.high, 4, gate.image.unit)
    return tr(
        "Nothing was painted: no value here is from {low} to {high}. J switches the range off.", low=low, high=high
    )


def _cut_through(name: str, plane: Plane, placed: Placed, mask: Mask) -> Edit:
    edit = mask.cut_through(name, plane, *placed)
    if edit.empty:
        raise EngineError(translatable("Nothing was erased: no slice holds anything there that is not locked."))
    return edit


def _place(host: ToolHost) -> Hashable:
    return host.context.image, host.context.plane, host.context.index


def _apart(host: ToolHost, at: Point, pointer: Pointer) -> float:
    """Logical pixels from a point of the slice to the pointer."""
    return (host.to_screen(at) - pointer.position).manhattanLength()


def _off_edge(one: QPointF, two: QPointF, at: QPointF) -> float:
    """Logical pixels from the edge between two points."""
    edge, way = two - one, at - one
    length = QPointF.dotProduct(edge, edge)
    part = min(max(QPointF.dotProduct(edge, way) / length, 0.0), 1.0) if length else 0.0
    return (way - edge * part).manhattanLength()


def equal_sides(start: Point, end: Point, spacing: tuple[float, float]) -> Point:
    """The corner nearest to `end` so that both sides are as long as the longer one, in mm."""
    sides = [(two - one) * size for one, two, size in zip(start, end, spacing, strict=True)]
    side = max(abs(each) for each in sides)
    down, across = (
        one + (side if each >= 0 else -side) / size for one, each, size in zip(start, sides, spacing, strict=True)
    )
    return down, across
