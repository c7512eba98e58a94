"""A network drawn from top to bottom: a box a step, arcs where the input skips past a block, shapes and weights at the right."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen

from widgets import theme
from widgets.figures import NONE, shape, weight_count
from widgets.network_costs import BAR, cost_lines, paint_memory
from widgets.picked_drawing import PickedDrawing
from widgets.rows import paint_text
from widgets.text import tr

if TYPE_CHECKING:
    from engine.learning.stages import NetworkStage

_BOX, _GAP, _BLOCKS = 30.0, 7.0, 66.0
_SHARE = 0.56  # of the width is for the boxes
_ARC = 26.0


def name_of(stage: "NetworkStage", number: int) -> str:
    """A step in words: "7×7, stride 2", "Max pool 2×2", "Stage 3"; `number` counts the stages of blocks."""
    side = f"{stage.kernel}×{stage.kernel}"
    if stage.kind == "filter":
        text = (
            tr("{side} filters", side=side)
            if stage.stride == 1
            else tr("{side}, stride {n}", side=side, n=stage.stride)
        )
        return f"{stage.count} × {text}" if stage.count > 1 else text
    if stage.kind in ("max", "average"):
        values = {"side": side, "n": stage.stride}
        return (
            tr("Max pool {side}, stride {n}", **values)
            if stage.kind == "max"
            else tr("Mean {side}, stride {n}", **values)
        )
    if stage.kind == "blocks":
        return tr("Stage {number}", number=number)
    if stage.kind == "global":
        return tr("Average")
    return tr("All to all") if stage.kind == "dense" else tr("Image")


class NetworkDrawing(PickedDrawing):
    """The stages of a network; those with a kernel can be reckoned."""

    def __init__(self, name: str) -> None:
        super().__init__(name, tr("How the network is built"))
        self._stages: tuple[NetworkStage, ...] = ()
        self._sides: Mapping[int, int | None] = {}  # px that are reckoned instead of the network's own

    def show_stages(self, stages: "tuple[NetworkStage, ...]") -> None:
        """Draw these; the first one with a kernel is picked. Sends nothing."""
        self._stages, self._sides = stages, {}
        self._show(next((at for at, stage in enumerate(stages) if stage.kernel), 0))

    def show_sides(self, sides: Mapping[int, int | None]) -> None:
        """Draw the maps of these stages with other sides in px; 0 where nothing fits, None where it cannot be known."""
        self._sides = sides
        self.update()

    def output_of(self, place: int) -> str:
        """The shape that is drawn."""
        output = self._stages[place].output
        if len(output) != 3 or place not in self._sides:
            return shape(output)
        side = self._sides[place]
        return shape((output[0], side, side)) if side else NONE

    @property
    def names(self) -> list[str]:
        """What the stages are called, from the top."""
        return [self._name(place) for place in range(len(self._stages))]

    def sizeHint(self) -> QSize:
        return QSize(240, round(self.area_of(len(self._stages) - 1).bottom()) + 2 if self._stages else 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for place, stage in enumerate(self._stages):
                area = self.area_of(place)
                if place:
                    painter.setPen(QPen(theme.color("faint"), 1))
                    x = area.left() + area.width() / 2
                    painter.drawLine(QPointF(x, area.top() - _GAP), QPointF(x, area.top()))
                self._paint_box(painter, place, area)
                self._paint_shape(painter, place, area)
                if stage.kind == "blocks":
                    self._paint_blocks(painter, stage, area)

    def _count(self) -> int:
        return len(self._stages)

    def _help(self, place: int) -> str:
        stage = self._stages[place]
        lines = [f"{self._name(place)}: {shape(stage.output)}"]
        if place:
            lines += cost_lines(stage, sum(each.activations for each in self._stages))
        if stage.kind == "blocks":
            sides = ", ".join(f"{side}×{side}" for side in stage.filters)
            lines.append(tr("{count} blocks of {filters}; the input skips past each", count=stage.count, filters=sides))
        if stage.projected:
            lines.append(tr("The first skip goes through a 1×1 filter, since the shape changes."))
        return "\n".join(lines)

    def _name(self, place: int) -> str:
        number = sum(stage.kind == "blocks" for stage in self._stages[: place + 1])
        return name_of(self._stages[place], number)

    def area_of(self, place: int) -> QRectF:
        """Where a step's box stands."""
        top = sum((_BLOCKS if stage.kind == "blocks" else _BOX) + _GAP for stage in self._stages[:place])
        high = _BLOCKS if self._stages[place].kind == "blocks" else _BOX
        return QRectF(1, top + 1, round(self.width() * _SHARE), high)

    def _place_at(self, at: QPointF) -> int | None:
        rows = (self.area_of(place).adjusted(0, 0, self.width(), _GAP / 2) for place in range(len(self._stages)))
        return next((place for place, row in enumerate(rows) if row.contains(at)), None)

    def drawn_name(self, place: int) -> str:
        """What a step is called in its box: a pooling shorter where it has no room."""
        stage, name = self._stages[place], self._name(place)
        wide = QFontMetricsF(theme.font(theme.SMALL_SIZE)).horizontalAdvance(name)
        if stage.kind != "max" or wide <= self._name_room(place).width():
            return name
        return tr("Max {side}, stride {n}", side=f"{stage.kernel}×{stage.kernel}", n=stage.stride)

    def _name_room(self, place: int) -> QRectF:
        area = self.area_of(place)
        blocks = self._stages[place].kind == "blocks"
        return area.adjusted(10, 0, -area.width() * 0.52 if blocks else -4, -BAR)

    def _paint_box(self, painter: QPainter, place: int, area: QRectF) -> None:
        picked = place == self._current
        painter.setPen(QPen(theme.color("accent"), 1.4) if picked else Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_ground" if picked else "raised"))
        painter.drawRoundedRect(area, 4, 4)
        blocks = self._stages[place].kind == "blocks"
        paint_text(painter, self._name_room(place), self.drawn_name(place), "text", theme.font(theme.SMALL_SIZE))
        if place:
            wide = area.width() * (0.48 if blocks else 1) - 20
            bar = QRectF(area.left() + 10, area.bottom() - BAR - 3, wide, BAR)
            paint_memory(painter, self._stages[place], max(each.activations for each in self._stages), bar)
        if picked and self.hasFocus():
            theme.focus_ring(painter, area.adjusted(-1, -1, 1, 1))

    def _paint_shape(self, painter: QPainter, place: int, area: QRectF) -> None:
        stage = self._stages[place]
        room = QRectF(area.right() + 6, area.center().y() - 16, self.width() - area.right() - 8, 16)
        weights = weight_count(stage.parameters) if stage.parameters else ""
        if not weights:
            room.translate(0, 8)
        tone: theme.Role = "warn" if place in self._sides else "text" if place == self._current else "dim"
        paint_text(painter, room, self.output_of(place), tone, theme.font(theme.SMALL_SIZE), right=True)
        paint_text(painter, room.translated(0, 16), weights, "dim", theme.font(11), right=True)

    def _paint_blocks(self, painter: QPainter, stage: "NetworkStage", area: QRectF) -> None:
        """The first block, and all that follow it as one."""
        parts = [(1, stage.projected)]
        if stage.count > 1:
            parts.append((stage.count - 1, False))
        painter.setFont(theme.font(11))
        left = area.left() + area.width() * 0.48
        wide = area.width() * 0.52 - _ARC * 0.35
        for number, (count, projected) in enumerate(parts):
            box = QRectF(left, area.top() + 7 + number * 27, wide, 24)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("raised_more"))
            painter.drawRoundedRect(box, 3, 3)
            painter.setPen(theme.color("text"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, _filters(painter, stage, count, box.width() - 6))
            self._paint_skip(painter, box, projected)

    def _paint_skip(self, painter: QPainter, box: QRectF, projected: bool) -> None:
        """The arc from before the block to behind it, with its tip; dashed where it goes through a filter."""
        top, foot = QPointF(box.right() + 1, box.top() + 4), QPointF(box.right() + 1, box.bottom() - 4)
        arc = QPainterPath(top)
        arc.cubicTo(top + QPointF(_ARC, -3), foot + QPointF(_ARC, 3), foot)
        pen = QPen(theme.color("accent"), 1.4, Qt.PenStyle.DashLine if projected else Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(arc)
        painter.setPen(QPen(theme.color("accent"), 1.4))
        painter.drawPolyline([foot + QPointF(5, -3), foot, foot + QPointF(4.5, 3.5)])


def _filters(painter: QPainter, stage: "NetworkStage", count: int, room: float) -> str:
    """ "3×3, 3×3", or shorter where that does not fit; with how many such blocks follow each other."""
    before = f"{count} × " if count > 1 else ""
    text = before + ", ".join(f"{side}×{side}" for side in stage.filters)
    if painter.fontMetrics().horizontalAdvance(text) <= room:
        return text
    return before + ", ".join(str(side) for side in stage.filters)
