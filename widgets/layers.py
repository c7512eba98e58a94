"""Masks and predictions on the screen: each is sampled where the window shows it, and coloured by tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPainter

from engine.imaging.geometry import Plane, axes
from engine.labels.edit import Box, Ids, Labels
from widgets.object_colors import VARIANTS, object_color
from widgets.view import Area, View, cut, empty, grown, union

Style: TypeAlias = Literal["fill", "outline", "both"]
Side: TypeAlias = Literal["left", "right", ""]

FILL = 0.35
OUTLINE = 1.5  # logical pixels
_UNKNOWN = "#FFFFFF"  # a value that no class stands for is shown, not hidden
_LIT = 3.0  # logical pixels of the outline of an object that is pointed out
_LIT_COLOR, _LIT_EDGE = "#FFFFFF", "#101418"  # light within dark: seen on any scan


@dataclass(frozen=True, eq=False)
class OverlayLayer:
    """What lies over the scan: `labels` (z, y, x) uint8, read only here, and how they look.

    `colors` are "#rrggbb" of the values 1, 2, ...; `opacity` (0 to 1) is that of the areas, whose outlines have full strength,
    or of outlines that stand alone; values in `hidden` are not shown; `side` of the divider it is confined to ("": none).
    Objects have their `ids` (uint16, of the labels' shape) beside that: each has a hue of its own where they are `varied`, and an outline
    against its neighbours.
    The same `labels` with another appearance keep what was already sampled.
    """

    labels: Labels
    colors: Sequence[str]
    opacity: float = FILL
    visible: bool = True
    style: Style = "both"
    hidden: frozenset[int] = frozenset()
    name: str = ""
    side: Side = ""
    ids: Ids | None = None
    varied: bool = True

    @property
    def appearance(self) -> tuple[object, ...]:
        return tuple(self.colors), self.opacity, self.visible, self.style, self.hidden, self.side, self.varied


class LayerRenderer:
    """One layer at one slice and view: its labels sampled at each device pixel, and the overlay that is drawn from them.

    Sampling where the screen is costs what the window holds and not what the image holds, so a stroke on a picture of
    16384 x 16384 takes as long as on a small one, and outlines lie on the borders of the very pixels that are shown.
    """

    def __init__(self, layer: OverlayLayer, view: View, plane: Plane, index: int) -> None:
        self.layer = layer
        self._overlay_stale = True
        self._sampled = np.zeros((0, 0), np.uint8)
        self._sampled_ids = np.zeros((0, 0), np.uint16)
        self._lit: frozenset[int] = frozenset()
        self._relit: Area = (0, 0, 0, 0)
        self.show(view, plane, index)

    def restyle(self, layer: OverlayLayer) -> bool:
        """Take another appearance of the same labels; whether anything differs."""
        differs = layer.appearance != self.layer.appearance
        self.layer = layer
        if differs:
            self._mix()
        return differs

    def show(self, view: View, plane: Plane, index: int) -> None:
        """Show this view and slice from now on; everything is sampled anew when it is next drawn."""
        through, down, across = axes(plane)
        self._view, self._axes, self._index = view, (through, down, across), index
        self._slice: Labels = view.oriented(self.layer.labels.transpose(through, down, across)[index])
        ids = self.layer.ids
        self._ids: Ids | None = None if ids is None else view.oriented(ids.transpose(through, down, across)[index])
        top, left, bottom, right = self._inside = view.inside
        self._rows, self._columns = view.index(0, top, bottom), view.index(1, left, right)
        height, width = view.window
        if self._sampled.shape == view.window:
            self._sampled[:] = 0
            self._sampled_ids[:] = 0
        else:
            self._sampled = np.zeros((height, width), np.uint8)
            self._sampled_ids = np.zeros((height, width) if ids is not None else (0, 0), np.uint16)
            self._overlay = np.zeros((height, width), np.int32)
            self._image = QImage(
                self._overlay.data, width, height, width * 4, QImage.Format.Format_ARGB32_Premultiplied
            )
        self._stale = view.everything
        self._mix()

    def changed(self, box: Box) -> Area:
        """Note that the labels in the box are others now; the device pixels to draw again come back."""
        through, down, across = self._axes
        if box.empty or not box.low[through] <= self._index < box.high[through]:
            return 0, 0, 0, 0
        area = self._view.area(box.low[down], box.low[across], box.high[down], box.high[across])
        if empty(area):
            return area
        self._stale = union(self._stale, area)
        return cut(grown(area, self._reach), self._view.everything)

    def light(self, ids: frozenset[int]) -> Area:
        """Point these objects out by an outline, and no others; the device pixels to draw again come back."""
        changed, self._lit = ids ^ self._lit, ids
        if self._ids is None or not changed:
            return 0, 0, 0, 0
        there = np.isin(self._sampled_ids, list(changed))
        rows, columns = np.flatnonzero(there.any(axis=1)), np.flatnonzero(there.any(axis=0))
        if not rows.size:
            return 0, 0, 0, 0
        area = int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1
        self._relit = union(self._relit, area)
        return area

    def refresh(self, scratch: NDArray[np.int32]) -> None:
        """Sample and colour what is stale. `scratch` (2, down, across) is room to work in, as large as the window: fresh memory for
        each drawing would cost more than the drawing."""
        if not self.layer.visible:
            return
        stale = self._stale
        if not empty(stale):
            self._sample(stale)
        if self._overlay_stale:
            self._draw_overlay(self._view.everything, scratch)
        elif not empty(both := union(stale, self._relit)):
            self._draw_overlay(cut(grown(both, self._reach), self._view.everything), scratch)
        self._stale, self._relit, self._overlay_stale = (0, 0, 0, 0), (0, 0, 0, 0), False

    def draw(self, painter: QPainter, area: Area) -> None:
        """Draw the area of the overlay where it lies."""
        top, left, bottom, right = area
        if not self.layer.visible or empty(area) or not cv2.hasNonZero(self._sampled[top:bottom, left:right]):
            return
        painter.drawImage(left, top, self._image, left, top, right - left, bottom - top)

    def _sample(self, area: Area) -> None:
        top, left, bottom, right = cut(area, self._inside)
        if top >= bottom or left >= right:
            return
        rows = self._rows[top - self._inside[0] : bottom - self._inside[0]]
        columns = self._columns[left - self._inside[1] : right - self._inside[1]]
        first, last = int(rows[0]), int(rows[-1])
        start, end = int(columns[0]), int(columns[-1])
        part = np.s_[first : last + 1, start : end + 1]
        self._sampled[top:bottom, left:right] = _gathered(self._slice[part], rows - first, columns - start)
        if self._ids is not None:
            self._sampled_ids[top:bottom, left:right] = _gathered(self._ids[part], rows - first, columns - start)

    def _draw_overlay(self, area: Area, scratch: NDArray[np.int32]) -> None:
        around = cut(grown(area, self._reach), self._view.everything)
        labels = self._sampled[around[0] : around[2], around[1] : around[3]]
        if self.layer.hidden:
            labels = np.asarray(cv2.LUT(labels, self._shown), np.uint8)
        height, width = labels.shape
        overlay, line = scratch[:, :height, :width]
        if self._ids is not None:
            self._draw_objects(labels, self._sampled_ids[around[0] : around[2], around[1] : around[3]], overlay)
        else:
            self._draw_classes(labels, overlay, line)
        top, left = area[0] - around[0], area[1] - around[1]
        height, width = area[2] - area[0], area[3] - area[1]
        self._overlay[area[0] : area[2], area[1] : area[3]] = overlay[top : top + height, left : left + width]

    def _draw_classes(self, labels: NDArray[np.uint8], overlay: NDArray[np.int32], line: NDArray[np.int32]) -> None:
        cv2.LUT(labels, self._fill, dst=overlay)
        for kernel, colors in self._lines:
            border = cv2.morphologyEx(labels, cv2.MORPH_GRADIENT, kernel)
            cv2.copyTo(cv2.LUT(labels, colors, dst=line), border, overlay)

    def _draw_objects(self, labels: NDArray[np.uint8], ids: NDArray[np.uint16], overlay: NDArray[np.int32]) -> None:
        """By tables of 256 classes for each variant of their colour, one after the other."""
        if self.layer.hidden:
            ids = np.where(labels > 0, ids, np.uint16(0))
        index = (ids % np.uint16(VARIANTS)) << np.uint16(8) | labels
        overlay[:] = self._fill[index]
        for kernel, colors in self._lines:
            border = cv2.morphologyEx(labels, cv2.MORPH_GRADIENT, kernel) > 0
            border |= cv2.morphologyEx(ids, cv2.MORPH_GRADIENT, kernel) > 0
            np.copyto(overlay, colors[index], where=border)
        if self._lit:
            inside = np.isin(ids, list(self._lit)).view(np.uint8)
            for reach, color in ((self._lit_reach, _LIT_COLOR), (self._lit_reach // 3, _LIT_EDGE)):
                edge = inside > cv2.erode(inside, np.ones((2 * reach + 1,) * 2, np.uint8))
                overlay[edge] = np.array(_bytes(color), np.uint8).view(np.int32)[0]

    def _mix(self) -> None:
        """Make the tables of colours for the layer's appearance; all of the overlay is drawn anew with them."""
        layer = self.layer
        self._shown = np.arange(256, dtype=np.uint8)
        self._shown[list(layer.hidden)] = 0
        if layer.ids is None:
            colors = _color_table(layer.colors)
        elif layer.varied:
            colors = _object_tables(tuple(layer.colors))
        else:
            colors = np.tile(_color_table(layer.colors), (VARIANTS, 1))
        alone = layer.style == "outline"
        opacity, strength = (0.0, layer.opacity) if alone else (layer.opacity, 1.0)
        self._fill = _faded(colors, opacity)
        rings = _rings(OUTLINE * self._view.device_pixel_ratio) if layer.style != "fill" else ()
        self._lines = [
            (np.ones((2 * reach + 1,) * 2, np.uint8), _faded(colors, max(share * strength, opacity)))
            for reach, share in rings
        ]
        self._lit_reach = 0 if layer.ids is None else max(round(_LIT * self._view.device_pixel_ratio), 1)
        self._reach = max((reach for reach, _ in rings), default=0)
        self._reach = max(self._reach, self._lit_reach)
        self._overlay_stale = True


def _gathered(
    source: NDArray[np.integer[Any]], rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> NDArray[np.integer[Any]]:
    """The pixels of a part at these rows and columns. Whatever makes fewer pixels comes first; at 100 % there is nothing to gather."""
    height, width = source.shape
    if width != len(columns) and height <= len(rows):
        source = source.take(columns, axis=1)
        width = len(columns)
    if height != len(rows):
        source = source[rows]  # take() would first copy all of a slice that is cut or flipped
    return source.take(columns, axis=1) if width != len(columns) else source


@lru_cache(maxsize=16)
def _object_tables(colors: tuple[str, ...]) -> NDArray[np.uint8]:
    """A table of classes for each tone of an object, one after the other; made once, since every slice that is shown needs them."""
    tables = [_color_table([object_color(color, id) for color in colors]) for id in range(VARIANTS)]
    return np.concatenate(tables)


def _color_table(colors: Sequence[str]) -> NDArray[np.uint8]:
    """From label to blue, green, red and alpha; 0 is clear."""
    table = np.zeros((256, 4), np.uint8)
    table[1:] = _bytes(_UNKNOWN)
    for value, color in enumerate(colors[:255], start=1):
        table[value] = _bytes(color)
    return table


def _bytes(color: str) -> tuple[int, int, int, int]:
    found = QColor(color)
    return found.blue(), found.green(), found.red(), 255


def _faded(table: NDArray[np.uint8], opacity: float) -> NDArray[np.int32]:
    """The table as Qt keeps colours: 32 bits each, all four parts already times the opacity."""
    faded: NDArray[np.uint8] = np.rint(table * min(max(opacity, 0.0), 1.0)).astype(np.uint8)
    return faded.view(np.int32).ravel()


def _rings(width: float) -> tuple[tuple[int, float], ...]:
    """An outline lies inside its area: (reach in device pixels, strength), the inner rest of its width first, as a paler pixel."""
    whole = max(int(width), 1)
    full = (whole, 1.0)
    return ((whole + 1, width - whole), full) if width - whole > 0.05 else (full,)
