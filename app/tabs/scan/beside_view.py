"""The view beside the scan: a slice of the second item at the place of the first view, moved with it, with the pointer marked in both."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Slot

from engine.imaging.geometry import Geometry, axes
from engine.imaging.image import Image, Pixels, Window
from engine.imaging.linking import LinkedSlice
from widgets.corners import CornerAnnotations
from widgets.figures import short
from widgets.plane_views import PlaneViews
from widgets.side_view import SideView
from widgets.view import Point


class BesideView(SideView):
    """It stands beside the view that is worked on, `views.active`; whose slice it is given, `show_cut` says."""

    def __init__(self, name: str, views: PlaneViews) -> None:
        super().__init__(name)
        self._views = views
        self._cut: LinkedSlice | None = None
        self._unit = ""
        self.setFocusProxy(views.first)
        views.first.hovered.connect(self._hovered)
        views.first.hover_ended.connect(self._hover_ended)
        self.slices_asked.connect(self._go_on)
        self.zoom_asked.connect(self._zoom)
        self.pan_asked.connect(self._pan)
        self.pointed.connect(self._pointed)

    def show_cut(
        self, cut: LinkedSlice, image: Image, geometry: Geometry, window: Window, corners: CornerAnnotations
    ) -> None:
        """Show a slice that was cut out of that image; what lies outside of it is dark."""
        self._cut, self._unit = cut, image.unit
        pixels = cut.pixels.copy()
        pixels[~cut.inside] = _dark(pixels, window.high if image.inverted else window.low)
        self.set_image(replace(image, pixels=pixels[None], geometry=geometry, window=window, tables=()))
        self.set_corners(corners)

    def rest(self) -> None:
        """It is not looked at: what it shows goes with nothing."""
        self._cut = None

    def clear(self) -> None:
        """It shows nothing."""
        self._cut = None
        self.set_image(None)

    def follow(self) -> None:
        """As far in, and at the same place, as the view that is worked on."""
        first, cut = self._views.active, self._cut
        if cut is None or self.image is None:
            return
        self.wheel_zooms = first.slices == 1
        self.set_drawing(smooth=first.smooth)
        self.zoom_by(first.zoom * cut.step / self.zoom)
        self.center_at(self._there(first.look_middle))

    def _there(self, at: Point) -> Point:
        """A point of the first view's slice in this one's."""
        step = self._cut.step if self._cut is not None else 1.0
        return (at[0] + 0.5) / step - 0.5, (at[1] + 0.5) / step - 0.5

    def _here(self, at: Point) -> Point:
        """A point of this view's slice in the first one's."""
        step = self._cut.step if self._cut is not None else 1.0
        return (at[0] + 0.5) * step - 0.5, (at[1] + 0.5) * step - 0.5

    @Slot(int, int, int, str)
    def _hovered(self, z: int, y: int, x: int, value: str) -> None:
        """The same place has a mark here, with its value; not under a stroke, which waits for nothing."""
        view, cut = self._views.active, self._cut
        if cut is None or view.holding:
            return
        _, down, across = axes(view.plane)
        at = self._there(((z, y, x)[down], (z, y, x)[across]))
        row, column = round(at[0]), round(at[1])
        inside = 0 <= row < cut.inside.shape[0] and 0 <= column < cut.inside.shape[1] and cut.inside[row, column]
        grey = inside and cut.pixels.ndim == 2
        value = short(float(cut.pixels[row, column]), unit=self._unit) if grey else ""
        self.set_mark(at, value)

    @Slot()
    def _hover_ended(self) -> None:
        self.set_mark(None)

    @Slot(object)
    def _pointed(self, at: Point | None) -> None:
        self._views.active.set_mark(None if at is None else self._here(at))

    @Slot(int)
    def _go_on(self, steps: int) -> None:
        self._views.active.next_slice(steps)

    @Slot(float, object)
    def _zoom(self, factor: float, at: Point) -> None:
        view = self._views.active
        view.zoom_by(factor, view.to_screen(self._here(at)))

    @Slot(float, float)
    def _pan(self, across: float, down: float) -> None:
        self._views.active.pan(across, down)


def _dark(pixels: Pixels, value: float) -> float:
    """The value as the pixels' dtype can hold it."""
    if pixels.dtype.kind == "f":
        return value
    held = np.iinfo(pixels.dtype.str)
    return float(np.clip(value, held.min, held.max))
