"""What the window holds, in device pixels: the scan, the layers over it, and all of it together as one image."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPainter

from engine.imaging.geometry import Plane
from engine.imaging.image import Image, Pixels, VoiTable, Window
from engine.labels.edit import Box, Labels
from widgets.layers import LayerRenderer, OverlayLayer, Side
from widgets.slice_renderer import HEAT_STRENGTH, SecondSlice, SliceRenderer
from widgets.view import Area, View, empty, union

_NOTHING: Area = (0, 0, 0, 0)


class SliceCompositor:
    """Draws only what changed: the scan when the view, the slice or the window did, a layer where its labels did.

    A change is noted at once, and worked off by `refresh`, so that many changes between two paintings cost one drawing.
    """

    def __init__(self, image: Image, plane: Plane, index: int, view: View, ground: QColor) -> None:
        self._scan_renderer = SliceRenderer(image, plane, index, view, (ground.blue(), ground.green(), ground.red()))
        self._view, self._plane, self._index = view, plane, index
        self._renderers: list[LayerRenderer] = []
        self._dirty: Area = _NOTHING
        self._divider = 0.5
        self._stale_scan = True
        self._allocate()

    @property
    def window(self) -> Window:
        return self._scan_renderer.window

    @property
    def pixels(self) -> Pixels:
        """The values of the slice (down, across[, 3])."""
        return self._scan_renderer.slice

    def show(self, view: View, plane: Plane, index: int) -> None:
        """Show that slice in that view."""
        if (plane, index) != (self._plane, self._index):
            self._scan_renderer.show(plane, index, view)
        resized = view.window != self._view.window
        self._view, self._plane, self._index = view, plane, index
        if resized:
            self._allocate()
        for renderer in self._renderers:
            renderer.show(view, plane, index)
        self._repaint_scan()

    def set_window(self, window: Window) -> None:
        self._scan_renderer.window, self._scan_renderer.table = window, None
        self._repaint_scan()

    def set_table(self, table: VoiTable | None) -> None:
        """Show values as the table says and not by the window."""
        self._scan_renderer.table = table
        self._repaint_scan()

    def set_drawing(self, inverted: bool, smooth: bool) -> None:
        """Low values bright where the file has them dark; enlarged pixels smooth."""
        self._scan_renderer.inverted, self._scan_renderer.smooth = inverted, smooth
        self._repaint_scan()

    def set_heat(self, heat: NDArray[np.float32] | None, strength: float = HEAT_STRENGTH) -> None:
        self._scan_renderer.set_heat(heat, strength)
        self._repaint_scan()

    def set_second(self, second: SecondSlice | None) -> None:
        """Lay this over the slice, under the layers, until another slice comes."""
        if second is not self._scan_renderer.second:
            self._scan_renderer.second = second
            self._repaint_scan()

    def set_layers(self, layers: Sequence[OverlayLayer]) -> bool:
        """Lay these over the scan, the first one lowest; whether anything differs from before."""
        known = {id(renderer.layer.labels): renderer for renderer in self._renderers}
        renderers, differs = [], False
        for layer in layers:
            renderer = known.pop(id(layer.labels), None)
            if renderer is None:
                renderer, differs = LayerRenderer(layer, self._view, self._plane, self._index), True
            else:
                differs |= renderer.restyle(layer)
            renderers.append(renderer)
        differs |= renderers != self._renderers
        self._renderers = renderers
        if differs:
            self._dirty = self._view.everything
        return differs

    def divide(self, share: float) -> None:
        """Layers confined to a side of the divider end there: at that share of the window's width."""
        self._divider = share
        if any(renderer.layer.side for renderer in self._renderers):
            self._dirty = self._view.everything

    def changed(self, labels: Labels, box: Box) -> Area:
        """The layers that show these labels show others in the box now; the device pixels to paint again come back."""
        area = _NOTHING
        for renderer in self._renderers:
            if renderer.layer.labels is labels or np.may_share_memory(renderer.layer.labels, labels):
                area = union(area, renderer.changed(box))
        self._dirty = union(self._dirty, area)
        return area

    def light(self, ids: frozenset[int]) -> Area:
        """Point these objects out, and no others; the device pixels to paint again come back. The numbers are those of the first layer
        that has objects: in another they mean others."""
        own = next((each for each in self._renderers if each.layer.ids is not None), None)
        area = own.light(ids) if own is not None else _NOTHING
        self._dirty = union(self._dirty, area)
        return area

    def refresh(self) -> QImage:
        """The image of the whole window (its device pixels), up to date."""
        if self._stale_scan:
            self._scan_renderer.draw(self._view, self._scan)
            self._stale_scan = False
        for renderer in self._renderers:
            renderer.refresh(self._scratch)
        if not empty(self._dirty):
            self._compose(self._dirty)
            self._dirty = _NOTHING
        return self._image

    def _compose(self, area: Area) -> None:
        part = slice(area[0], area[2]), slice(area[1], area[3])
        self._pixels[part] = self._scan[part]
        if not self._renderers:
            return
        with QPainter(self._image) as painter:
            for renderer in self._renderers:
                renderer.draw(painter, self._part(renderer.layer.side, area))

    def _part(self, side: Side, area: Area) -> Area:
        """What of the area lies on that side of the divider."""
        top, left, bottom, right = area
        column = round(self._divider * self._view.window[1])
        if side == "left":
            return top, left, bottom, min(right, column)
        return (top, max(left, column), bottom, right) if side else area

    def _repaint_scan(self) -> None:
        self._stale_scan = True
        self._dirty = self._view.everything

    def _allocate(self) -> None:
        height, width = self._view.window
        self._scan = np.empty((height, width, 4), np.uint8)
        self._pixels = np.empty((height, width, 4), np.uint8)
        self._scratch = np.empty((2, height, width), np.int32)
        self._image = QImage(self._pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)
        self._repaint_scan()
