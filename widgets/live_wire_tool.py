"""An outline whose line clings to edges: each click fixes the way to it, closing it fills it."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import cv2
import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from engine.imaging.geometry import Plane
from engine.labels.classes import BACKGROUND
from engine.labels.shapes import Point
from engine.words import translatable
from widgets.assist_wish import AssistWish, WireWish
from widgets.brush_ring import two_tone
from widgets.text import tr
from widgets.tool import Pointer, Tool, ToolHost, tell_waiting, unchanged_words

_CLOSE = 8.0  # logical pixels from the first point that close it
_TAKES = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Wire(Protocol):
    """The ways from a fixed point; asking for one takes no time."""

    def to(self, end: Point) -> list[Point]: ...


@dataclass(eq=False)
class _Outline:
    """One that is open. `ways` lead from each of `fixed` to the next one; `wire` from the last of them, once it is there."""

    plane: Plane
    index: int
    fixed: list[Point] = field(default_factory=list)
    ways: list[list[Point]] = field(default_factory=list)
    wire: Wire | None = None
    waiting: list[Point] = field(default_factory=list)  # clicked before the wire was there
    closing: Qt.KeyboardModifier | None = None  # it closes as soon as that is so

    @property
    def points(self) -> list[Point]:
        """The line so far."""
        return [*self.fixed[:1], *(point for way in self.ways for point in way[1:])]

    def way_to(self, end: Point) -> list[Point]:
        return self.wire.to(end) if self.wire is not None else [self.fixed[-1], end]


class LiveWireTool(Tool):
    """Click along an edge; Enter, a double click or a click on the first point closes it, with Ctrl to erase, with Shift around what
    is painted already. The right button and Backspace take the last way back, Esc all of them. It stays with its slice."""

    name = "live_wire"
    paints = paints_over = True

    def __init__(self) -> None:
        self._open: dict[Hashable, _Outline] = {}  # by image and slice
        self._shown: list[Point] = []  # the way to the pointer

    def hints(self, slices: int = 1) -> list[str]:
        return [
            tr("Click along an edge: the line clings to it"),
            tr("Enter closes"),
            tr("Right button takes one back"),
            tr("Esc drops all"),
        ]

    def hints_unfinished(self, slices: int = 1) -> list[str]:
        return [tr("Enter closes"), tr("Right button takes one back"), tr("Esc drops all")]

    def _outline(self, host: ToolHost) -> _Outline | None:
        return self._open.get(_place(host))

    def unfinished(self, host: ToolHost) -> bool:
        return self._outline(host) is not None

    def step_back(self, host: ToolHost) -> None:
        outline = self._outline(host)
        if outline is None:
            return
        outline.closing = None
        if outline.waiting:
            outline.waiting.pop()
        else:
            outline.fixed.pop()
            outline.ways = outline.ways[: max(len(outline.fixed) - 1, 0)]
            self._ask(host, outline)
        if not outline.fixed:
            self._drop(host)
        host.repaint_overlay()

    # The pointer -------------------------------------------------------------------------------------------------------

    def press(self, host: ToolHost, pointer: Pointer) -> None:
        outline = self._outline(host)
        if pointer.right:
            self.step_back(host)
        elif outline is None:
            if self.may_paint(host, BACKGROUND if pointer.inverted else host.context.value):
                outline = self._open[_place(host)] = _Outline(host.context.plane, host.context.index, [pointer.at])
                self._ask(host, outline)
        elif self._on_first(host, outline, pointer.position):
            self._close(host, outline, pointer.modifiers)
        else:
            outline.waiting.append(pointer.at)
            self._fix(host, outline)
        host.repaint_overlay()

    def double_press(self, host: ToolHost, pointer: Pointer) -> None:
        outline = self._outline(host)
        if outline is None or pointer.right or len(outline.fixed) + len(outline.waiting) < 2:
            self.press(host, pointer)
        else:
            self._close(host, outline, pointer.modifiers)

    def move(self, host: ToolHost, pointer: Pointer) -> None:
        self.hover(host, pointer)

    def hover(self, host: ToolHost, pointer: Pointer) -> None:
        outline = self._outline(host)
        self._shown = outline.way_to(pointer.at) if outline is not None else []

    def _ask(self, host: ToolHost, outline: _Outline) -> None:
        """The wire from the last fixed point."""
        outline.wire, self._shown = None, []
        if not outline.fixed:
            return
        anchor = outline.fixed[-1]

        def done(wire: Wire) -> None:
            if outline.fixed and outline.fixed[-1] == anchor:
                outline.wire = wire
                self._fix(host, outline)
                host.repaint_overlay()

        wish = AssistWish(outline.plane, outline.index, host.seen, WireWish(anchor), done, host.refused.emit)
        host.assist_asked.emit(wish)

    def _fix(self, host: ToolHost, outline: _Outline) -> None:
        """Fix the way to the next point that was clicked, and close it where that was asked for."""
        if outline.wire is None:
            return
        if outline.waiting:
            end = outline.waiting.pop(0)
            outline.ways.append(outline.wire.to(end))
            outline.fixed.append(end)
            self._ask(host, outline)
        elif outline.closing is not None:
            if outline is self._outline(host):
                self._fill(host, outline, outline.closing)
            outline.closing = None  # who left the slice goes on with it later

    def _on_first(self, host: ToolHost, outline: _Outline, position: QPointF) -> bool:
        near = (host.to_screen(outline.fixed[0]) - position).manhattanLength() <= _CLOSE
        return near and len(outline.fixed) + len(outline.waiting) >= 2

    def _close(self, host: ToolHost, outline: _Outline, modifiers: Qt.KeyboardModifier) -> None:
        if len(outline.fixed) + len(outline.waiting) < 2:
            host.refused.emit(tr("Click a second point along the edge first."))
            return
        outline.closing = modifiers
        self._fix(host, outline)

    def _fill(self, host: ToolHost, outline: _Outline, modifiers: Qt.KeyboardModifier) -> None:
        outline.closing = None
        context = host.context
        value = BACKGROUND if modifiers & Qt.KeyboardModifier.ControlModifier else context.value
        if context.mask is None or not self.may_paint(host, value):
            return
        points = _without_hairs([*outline.points, *outline.way_to(outline.fixed[0])[1:-1]])
        around = bool(modifiers & Qt.KeyboardModifier.ShiftModifier) and value != BACKGROUND
        name = context.named(translatable("Wall") if around else translatable("Live-wire"), value)
        edit = context.mask.polygon(name, context.plane, context.index, points, value, around=around)
        self._drop(host)
        if edit.empty:
            host.refused.emit(unchanged_words(value))
            return
        host.mask_painted(edit.box)
        host.finish_stroke(edit)

    def _drop(self, host: ToolHost) -> None:
        self._open.pop(_place(host), None)
        self._shown = []
        host.repaint_overlay()

    # Keys --------------------------------------------------------------------------------------------------------------

    def wants(self, host: ToolHost, key: Qt.Key) -> bool:
        return self.unfinished(host) and key in (*_TAKES, Qt.Key.Key_Backspace, Qt.Key.Key_Escape)

    def key(self, host: ToolHost, key: Qt.Key) -> bool:
        outline = self._outline(host)
        if outline is None or not self.wants(host, key):
            return False
        if key in _TAKES:
            self._close(host, outline, Qt.KeyboardModifier.NoModifier)
        elif key == Qt.Key.Key_Backspace:
            self.step_back(host)
        else:
            self._drop(host)
        return True

    def shifted_key(self, host: ToolHost, key: Qt.Key) -> bool:
        outline = self._outline(host)
        if outline is None or key not in _TAKES:
            return False
        self._close(host, outline, Qt.KeyboardModifier.ShiftModifier)
        return True

    def deactivate(self, host: ToolHost) -> None:
        self._shown = []
        if self.unfinished(host) and host.context.mask is not None:
            tell_waiting(
                host,
                translatable("The outline that was not taken waits on slice {number}."),
                translatable("The outline that was not taken waits."),
            )
        host.repaint_overlay()

    # What is drawn -----------------------------------------------------------------------------------------------------

    def overlay(self, host: ToolHost, position: QPointF | None) -> QRectF:
        line = self._line(host)
        return line.boundingRect().adjusted(-6, -6, 6, 6) if not line.isEmpty() else QRectF()

    def paint_overlay(self, host: ToolHost, painter: QPainter, position: QPointF | None) -> None:
        outline = self._outline(host)
        if outline is None:
            return
        line = self._line(host)
        two_tone(painter, lambda: painter.drawPolyline(line))
        for at in (*outline.fixed, *outline.waiting):
            two_tone(painter, partial(painter.drawRect, _square(host.to_screen(at))))

    def _line(self, host: ToolHost) -> QPolygonF:
        outline = self._outline(host)
        if outline is None:
            return QPolygonF()
        return QPolygonF([host.to_screen(at) for at in (*outline.points, *outline.waiting, *self._shown[1:])])


def _place(host: ToolHost) -> Hashable:
    return host.context.image, host.context.plane, host.context.index


def _square(at: QPointF) -> QRectF:
    return QRectF(at.x() - 2, at.y() - 2, 4, 4)


def _without_hairs(points: list[Point]) -> list[Point]:
    """The outline without what goes out and comes back the same way: it encloses nothing, and would be a hair in the mask. All of it
    where nothing else is left."""
    middle = len(points) // 2  # it mostly begins at the end of a hair
    kept, places = list[Point](), dict[Point, int]()
    for point in [*points[middle:], *points[:middle]]:
        start = places.get(point)
        if start is not None and _is_thin(kept[start:]):
            for gone in kept[start + 1 :]:
                places.pop(gone, None)
            del kept[start + 1 :]
        else:
            places[point] = len(kept)
            kept.append(point)
    return kept if len(kept) > 2 else points


def _is_thin(loop: list[Point]) -> bool:
    return cv2.contourArea(np.array(loop, np.float32)) <= len(loop) / 3
