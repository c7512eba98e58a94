"""A network that makes masks drawn as a U: the encoder's levels down the left, the decoder's up the right, arcs for what crosses; heads
that tell objects apart in a row beneath."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen

from engine.size_flow import Misfit
from widgets import theme
from widgets.figures import NONE, figure, shape, weight_count
from widgets.network_costs import BAR, cost_lines, paint_memory
from widgets.picked_drawing import PickedDrawing
from widgets.rows import paint_text
from widgets.text import tr

if TYPE_CHECKING:
    from engine.learning.levels import Filters, NetworkLevel, NetworkLevels

_HEAD, _BOX, _GAP = 26.0, 46.0, 18.0
_SHARE = 0.4  # of the width is each column's
_TIP = 5.0
_RAIL, _BETWEEN = 16.0, 20.0  # px beside the decoder for the line to the heads, and between two heads
_DASHES = {
    "concatenated": Qt.PenStyle.SolidLine,
    "added": Qt.PenStyle.DashLine,
    "indices": Qt.PenStyle.DotLine,
}


class LevelDrawing(PickedDrawing):
    """The levels of a network; the arrow keys go the way of the data."""

    _STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}

    def __init__(self, name: str) -> None:
        super().__init__(name, tr("How the network is built"))
        self._network: NetworkLevels | None = None
        self._sides: Mapping[int, int | None] = {}  # px that are reckoned instead of the network's own
        self._misfits: Mapping[tuple[int, int], Misfit] = {}  # by the skip connection: where it starts and ends

    def show_network(self, network: "NetworkLevels") -> None:
        """Draw this; its first level is picked. Sends nothing."""
        self._network, self._sides, self._misfits = network, {}, {}
        self._show(0)

    def show_sides(self, sides: Mapping[int, int | None]) -> None:
        """Draw the maps of these levels, and the mask behind the last, with other sides in px; 0 where nothing fits, None where it cannot
        be known."""
        self._sides = sides
        self.update()

    def show_misfits(self, misfits: Sequence[Misfit]) -> None:
        """Draw what the encoder hands over to these levels as broken off, or as cropped, with both sizes."""
        self._misfits = {(one.skip, one.level[1]): one for one in misfits if one.skip >= 0}
        self.update()

    @property
    def misfits(self) -> Mapping[tuple[int, int], Misfit]:
        """What is drawn so, by the depths where the skip connection starts and ends."""
        return self._misfits

    def output_of(self, place: int) -> str:
        """The shape that is drawn, of the mask at the place behind the last level."""
        assert self._network is not None
        output = self._network.mask if place == len(self.levels) else self.levels[place].output
        if place not in self._sides:
            return shape(output)
        side = self._sides[place]
        return shape((output[0], side, side)) if side else f"{NONE}×{NONE}×{figure(output[0])}"

    @property
    def levels(self) -> "tuple[NetworkLevel, ...]":
        return self._network.levels if self._network is not None else ()

    def area_of(self, place: int) -> QRectF:
        """Where a level's box stands."""
        level, wide = self.levels[place], self.width() * _SHARE
        if level.part == "head":
            each = (self.width() - 2 - (len(self._heads()) - 1) * _BETWEEN) / len(self._heads())
            return QRectF(1 + level.depth * (each + _BETWEEN), self._foot(), each, _BOX)
        left = 1.0 if level.part == "encoder" else self.width() - wide - 1 - (_RAIL if self._heads() else 0)
        return QRectF(left, _HEAD + self._rows().index(level.depth) * (_BOX + _GAP), wide, _BOX)

    def sizeHint(self) -> QSize:
        high = self._foot() + _BOX if self._heads() else self._foot() - _GAP
        return QSize(520, round(high) + 3 if self.levels else 0)

    def minimumSizeHint(self) -> QSize:
        return QSize(360, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._network is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_heads(painter, self._network)
            self._paint_flow(painter)
            self._paint_skips(painter)
            for place in range(len(self.levels)):
                self._paint_box(painter, place)

    def _rows(self) -> list[int]:
        return sorted({level.depth for level in self.levels if level.part != "head"})

    def _heads(self) -> "list[NetworkLevel]":
        return [level for level in self.levels if level.part == "head"]

    def _foot(self) -> float:
        """Where what stands beneath the levels begins."""
        return _HEAD + len(self._rows()) * (_BOX + _GAP)

    def _count(self) -> int:
        return len(self.levels)

    def _help(self, place: int) -> str:
        level = self.levels[place]
        costs = cost_lines(level, self._whole(), level.regions)
        return "\n".join([f"{level_name(level)}: {made_in_words(level)}", *costs])

    def _whole(self) -> int:
        return self._network.activations if self._network is not None else 0

    def _place_at(self, at: QPointF) -> int | None:
        return next((place for place in range(len(self.levels)) if self.area_of(place).contains(at)), None)

    def _paint_heads(self, painter: QPainter, network: "NetworkLevels") -> None:
        wide = self.width() * _SHARE
        font = theme.font(theme.SMALL_SIZE)
        image = tr("Image {shape}", shape=shape(network.image))
        made = self.output_of(len(network.levels))
        mask = tr("Mask of an object {shape}", shape=made) if self._heads() else tr("Mask {shape}", shape=made)
        paint_text(painter, QRectF(2, 0, wide, _HEAD - 8), image, "dim", font)
        paint_text(painter, QRectF(self.width() - wide - 1, 0, wide, _HEAD - 8), mask, "dim", font)

    def _paint_flow(self, painter: QPainter) -> None:
        """From each level to the next, from the deepest of the encoder into the decoder, and from there to the heads."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("dim"), 1.2))
        encoder = [place for place, level in enumerate(self.levels) if level.part == "encoder"]
        decoder = [place for place, level in enumerate(self.levels) if level.part == "decoder"]
        # a pyramid's coarsest maps are pooled from those above them; elsewhere the decoder begins with what it stands deepest with
        deepest = self.levels[encoder[-1]].depth if encoder and self._heads() else math.inf
        for part in (encoder, decoder):
            for place, following in itertools.pairwise(part):
                before, after = self.area_of(place), self.area_of(following)
                if self.levels[place].depth > deepest:
                    before, after = after, before
                down = after.top() > before.top()
                start = QPointF(before.center().x(), before.bottom() if down else before.top())
                _arrow(painter, start, QPointF(after.center().x(), after.top() if down else after.bottom()))
        crossed = next((place for place in decoder if self.levels[place].depth <= deepest), None)
        if encoder and crossed is not None:
            before, after = self.area_of(encoder[-1]), self.area_of(crossed)
            start = QPointF(before.right(), before.center().y() + 8)
            _curve(painter, start, QPointF(after.left(), after.center().y() + 8))
        if self._heads():
            self._paint_rail(painter, [self.area_of(place) for place in decoder])

    def _paint_rail(self, painter: QPainter, maps: list[QRectF]) -> None:
        """Every level of the decoder goes to every head, and each head to the next."""
        painter.setPen(QPen(theme.color("dim"), 1.2))
        rail, bus = self.width() - 4.0, self._foot() - _GAP + 6
        for area in maps:
            painter.drawLine(QPointF(area.right(), area.center().y()), QPointF(rail, area.center().y()))
        heads = [self.area_of(place) for place, level in enumerate(self.levels) if level.part == "head"]
        first = heads[0].center().x()
        painter.drawPolyline(
            [QPointF(rail, min(area.center().y() for area in maps)), QPointF(rail, bus), QPointF(first, bus)]
        )
        for area in heads:
            _arrow(painter, QPointF(area.center().x(), bus), QPointF(area.center().x(), area.top()))
        for before, after in itertools.pairwise(heads):
            end = QPointF(after.left(), after.center().y())
            painter.drawLine(QPointF(before.right(), before.center().y()), end)
            painter.drawPolyline([end + QPointF(-_TIP, -_TIP), end, end + QPointF(-_TIP, _TIP)])

    def _paint_skips(self, painter: QPainter) -> None:
        network = self._network
        assert network is not None
        boxes = {(level.part, level.depth): self.area_of(place) for place, level in enumerate(network.levels)}
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for skip in network.skips:
            left, right = boxes.get(("encoder", skip.start)), boxes.get(("decoder", skip.end))
            if left is not None and right is not None:
                misfit = self._misfits.get((skip.start, skip.end))
                role: theme.Role = "accent" if misfit is None else "warn" if misfit.cropped else "bad"
                painter.setPen(QPen(theme.color(role), 1.6, _DASHES[skip.joined]))
                start, end = (
                    left.center() + QPointF(left.width() / 2, -8),
                    right.center() - QPointF(right.width() / 2, 8),
                )
                _curve(painter, start, end)
                if misfit is not None:
                    self._paint_misfit(painter, start, end, misfit)

    def _paint_misfit(self, painter: QPainter, start: QPointF, end: QPointF, misfit: Misfit) -> None:
        """Both sizes on the arc, on ground of their own."""
        painter.setFont(theme.font(theme.SMALL_SIZE))
        text = f"{misfit.other} {'→' if misfit.cropped else '≠'} {misfit.kept}"
        words = QRectF(painter.fontMetrics().boundingRect(text))
        words.moveCenter((start + end) / 2 - QPointF(0, 7))
        role: theme.Role = "warn" if misfit.cropped else "bad"
        painter.fillRect(words.adjusted(-3, 0, 3, 0), theme.color("panel"))
        painter.setPen(theme.color(role))
        painter.drawText(words.adjusted(-3, 0, 3, 0), Qt.AlignmentFlag.AlignCenter, text)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_box(self, painter: QPainter, place: int) -> None:
        level, area, picked = self.levels[place], self.area_of(place), place == self._current
        painter.setPen(QPen(theme.color("accent"), 1.4) if picked else Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_ground" if picked else "raised"))
        painter.drawRoundedRect(area, 4, 4)
        inner = area.adjusted(10, 4, -8, -BAR - 4)
        high = inner.height() / 2
        top, foot = QRectF(inner.topLeft(), inner.size()), QRectF(inner.topLeft(), inner.size())
        top.setHeight(high)
        foot.setTop(inner.top() + high)
        weights = weight_count(level.parameters)
        used = paint_text(painter, top, weights, "dim", theme.font(11), right=True)
        role: theme.Role = "text" if place not in self._sides else "warn" if self._sides[place] else "bad"
        made, words = self.output_of(place), filters_in_words(level)
        if level.part == "head":
            made, words = level_name(level), _by_region(level, made)
        paint_text(painter, top.adjusted(0, 0, -used - 6, 0), made, role, theme.font(theme.SMALL_SIZE))
        paint_text(painter, foot, words, "dim", theme.font(11))
        bar = QRectF(area.left() + 10, area.bottom() - BAR - 3, area.width() - 20, BAR)
        paint_memory(painter, level, max(each.activations for each in self.levels), bar)
        if picked and self.hasFocus():
            theme.focus_ring(painter, area.adjusted(-1, -1, 1, 1))


def level_name(level: "NetworkLevel") -> str:
    """ "Encoder, at 1/4 of the side"."""
    if level.part == "head":
        return (tr("Proposals"), tr("Classes and boxes"), tr("Masks of objects"))[level.depth]
    share = f"1/{2**level.depth}"
    if level.part == "encoder":
        return tr("Encoder, full size") if not level.depth else tr("Encoder, {share} of the side", share=share)
    return tr("Decoder, full size") if not level.depth else tr("Decoder, {share} of the side", share=share)


def made_in_words(level: "NetworkLevel") -> str:
    """The shape of what a level makes, of a head for how many regions."""
    return _by_region(level, shape(level.output))


def _by_region(level: "NetworkLevel", made: str) -> str:
    return f"{figure(level.regions)} × {made}" if level.regions else made


def filters_in_words(level: "NetworkLevel") -> str:
    """ "2 × 3×3 · 2×2 up"; what does its work without filters says so."""
    if level.filters:
        return " · ".join(_filter(each) for each in level.filters)
    if level.parameters:
        return tr("fully connected")
    pools = level.part == "encoder" or any(layer.kind != "up" for layer in level.layers)
    return tr("pooling, no filters") if pools else tr("enlarged, no filters")


def _filter(each: "Filters") -> str:
    side = f"{each.side}×{each.side}"
    if each.transposed:
        side = tr("{side} up", side=side)
    if each.dilation > 1:
        side = tr("{side} holes {n}", side=side, n=each.dilation)
    return f"{each.count} × {side}" if each.count > 1 else side


def _arrow(painter: QPainter, start: QPointF, end: QPointF) -> None:
    way = 1 if end.y() > start.y() else -1
    painter.drawLine(start, end)
    painter.drawPolyline([end + QPointF(-_TIP, -way * _TIP), end, end + QPointF(_TIP, -way * _TIP)])


def _curve(painter: QPainter, start: QPointF, end: QPointF) -> None:
    """An arc that leaves and arrives sideways, with its tip."""
    path, half, bow = QPainterPath(start), (end.x() - start.x()) / 2, 0.0 if start.y() != end.y() else 10.0
    path.cubicTo(start + QPointF(half, -bow), end - QPointF(half, bow), end)
    painter.drawPath(path)
    painter.setPen(QPen(painter.pen().color(), painter.pen().widthF()))
    low = 0.0 if not bow else 3.0
    painter.drawPolyline([end + QPointF(-_TIP - 1, -_TIP + 1 - low), end, end + QPointF(-_TIP - 1, _TIP - 1 - low / 2)])
