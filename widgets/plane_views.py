"""One view of a scan, or one of each plane with a crosshair where they meet: what they show and the tool in hand are the same."""

from collections.abc import Iterator
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from engine.imaging.geometry import Plane, axes, planes_as_hung
from engine.imaging.image import Image, Window
from engine.labels.edit import Box
from widgets import theme
from widgets.canvas import Canvas
from widgets.controls import named
from widgets.measure_overlay import MeasureOverlay
from widgets.slice_view import Look, Voxel, Zoomed
from widgets.text import tr
from widgets.tool import Tool, ToolContext

_HAIRLINE = 1  # px between the views


class PlaneViews(QWidget):
    """`first` is always there, has the keyboard, and its signals speak for all views; the others are built when several are asked
    for. Of several the first shows the stored slices. Pictures of one slice have one view."""

    arranged = Signal()  # there are other views now, or another has the keys
    moved = Signal()  # `place` is another

    def __init__(self) -> None:
        super().__init__()
        named(self, "plane_views", tr("Views"))
        self.first = Canvas()
        self._others: list[Canvas] = []
        self._active = self.first
        self._wanted = self._several = False
        self._place: Voxel = (0, 0, 0)
        self._measures = MeasureOverlay()
        self._watchers: list[QObject] = []
        self._fourth: QWidget | None = None
        self._fourth_wanted = False
        self._smooth = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_HAIRLINE)
        self._connect(self.first)
        self._lay_out()

    def __iter__(self) -> Iterator[Canvas]:
        """The views that are shown, the first one first."""
        yield self.first
        if self._several:
            yield from self._others

    @property
    def active(self) -> Canvas:
        """The view that commands act on: under the pointer, or the last that was."""
        return self._active

    @property
    def unfinished(self) -> Canvas | None:
        """The view in which the tool has something unfinished: that which commands act on, or another."""
        return next((view for view in (self._active, *self) if view.unfinished), None)

    @property
    def several(self) -> bool:
        return self._several

    @property
    def place(self) -> Voxel:
        """The voxel (z, y, x) where the planes meet."""
        return self._place

    def watch(self, watcher: QObject) -> None:
        """Make this the event filter of every view, of those that come later too."""
        self._watchers.append(watcher)
        for view in (self.first, *self._others):
            view.installEventFilter(watcher)

    def of(self, plane: Plane) -> Canvas | None:
        """The view that shows this plane."""
        return next((view for view in self if view.plane == plane), None)

    # What is shown

    def set_image(self, image: Image | None) -> None:
        """Show this image in every view, at its middle; in those beside the first as the one before, where the shapes are the same."""
        before, looks = self.first.image, [view.look for view in self._others if self._several]
        self._place = (0, 0, 0) if image is None else _middle(image)
        self._measures = MeasureOverlay()
        self.first.set_image(image)
        self._leave_several()
        self._arrange()
        if image is not None and before is not None and before.shape == image.shape and self._several:
            for view, look in zip(self._others, looks, strict=False):
                if look.plane == view.plane:
                    view.set_look(replace(look, index=view.index, window=self.first.window_level))

    def set_tool(self, tool: Tool) -> None:
        for view in (self.first, *self._others):
            view.set_tool(tool)

    def set_context(self, context: ToolContext) -> None:
        for view in self:
            view.set_context(context)

    def light_objects(self, ids: frozenset[int]) -> None:
        """Point these objects of the layers out, and no others."""
        for view in self:
            view.light_objects(ids)

    def show_measures(self, measures: MeasureOverlay) -> None:
        """Draw these over the image, each in the views of its slice; they go with it."""
        self._measures = measures
        for view in self:
            view.show_measures(measures)

    def show_gate(self, on: bool) -> None:
        """Whether all that the gate lets through is shown, or under the brush alone."""
        for view in (self.first, *self._others):
            view.show_gate(on)

    def end_stroke(self) -> None:
        for view in self:
            view.end_stroke()

    def set_drawing(self, *, inverted: bool | None = None, smooth: bool | None = None) -> None:
        """As in a slice view, in all of them."""
        self._smooth = self._smooth if smooth is None else smooth
        for view in (self.first, *self._others):
            view.set_drawing(inverted=inverted, smooth=smooth)

    def set_table(self, number: int | None) -> None:
        for view in self:
            view.set_table(number)

    # Where

    def go(self, place: Voxel) -> None:
        """Bring every view to the slice through that voxel."""
        for view in self:
            view.set_slice(place[axes(view.plane)[0]])
        self._place = place
        self._show_cross()

    def go_into(self, box: Box) -> None:
        """Bring the views to the nearest slices that the box touches."""
        for view in self:
            through = axes(view.plane)[0]
            view.set_slice(min(max(view.index, box.low[through]), box.high[through] - 1))

    def show_slice(self, plane: Plane, index: int) -> None:
        """Go to a slice: in the view of its plane, or, where there is one view, in that."""
        view = self.of(plane) or self.first
        view.set_plane(plane)
        view.set_slice(index)

    def fit(self) -> None:
        """All of the slice in every view."""
        for view in self:
            view.fit()

    def centre(self) -> None:
        """Bring the place where the views meet to the middle of each."""
        for view in self:
            _, down, across = axes(view.plane)
            view.center_at((self._place[down], self._place[across]))

    @property
    def look(self) -> Look:
        look, others = self.first.look, [view.look for view in self._others if self._several]
        zoomed = tuple(Zoomed(each.plane, each.zoom, each.middle) for each in others if each.zoom is not None)
        look = replace(look, beside=zoomed)
        return replace(look, place=self._place) if self.first.slices > 1 or self._several else look

    def set_look(self, look: Look) -> None:
        """Look at the image in this way; of several views the first takes what fits its plane."""
        image = self.first.image
        if image is None:
            return
        place = [look.index if axis == axes(look.plane)[0] else at for axis, at in enumerate(look.place or self._place)]
        kept = [min(max(at, 0), size - 1) for at, size in zip(place, image.shape, strict=True)]
        self._place = kept[0], kept[1], kept[2]
        if self._several and look.plane != self.first.plane:
            look = replace(_unplaced(look), plane=self.first.plane)
        self.first.set_look(replace(look, index=self._place[axes(look.plane)[0]]))
        for zoomed in look.beside:
            view = self.of(zoomed.plane)
            if view is not None and view is not self.first:
                view.set_look(replace(view.look, zoom=zoomed.zoom, middle=zoomed.middle))
        for view in self:
            view.set_table(look.table)
            view.set_drawing(inverted=look.inverted)
        self.go((kept[0], kept[1], kept[2]))

    # How many

    def set_fourth(self, widget: QWidget) -> None:
        """What may be shown beside a view of each plane."""
        self._fourth = widget
        widget.setParent(self)
        widget.setFocusProxy(self.first)
        self._lay_out()

    def show_fourth(self, on: bool) -> None:
        if self._several and on != self._fourth_wanted:
            for view in self:  # in another room, as in `_in_another_room`
                if view.as_large_as_fits:
                    view.fit()
        self._fourth_wanted = on
        self._lay_out()
        self.arranged.emit()

    @property
    def fourth_shown(self) -> bool:
        return self._several and self._fourth_wanted and self._fourth is not None

    def show_several(self, on: bool) -> None:
        """A view of each plane, or the one alone that has the keys."""
        self._wanted = on
        self._arrange()

    def next_plane(self) -> None:
        """One view: the next plane in it. Several: the next view has the keys."""
        image = self.first.image
        if image is None or image.shape[0] == 1:
            return
        if self._several:
            views = list(self)
            self._take_keys(views[(views.index(self._active) + 1) % len(views)])
            return
        planes, place = planes_as_hung(image.geometry), self._place
        plane = planes[(planes.index(self.first.plane) + 1) % len(planes)] if self.first.plane in planes else planes[0]
        self.first.set_plane(plane)
        self.first.set_slice(place[axes(plane)[0]])
        self.arranged.emit()

    def _arrange(self) -> None:
        image = self.first.image
        several = self._wanted and image is not None and image.shape[0] > 1
        if several == self._several:
            return
        place, window = self._place, self.first.window_level
        if several:
            assert image is not None
            self._build()
            self._several = True
            look, planes = _in_another_room(self.first), planes_as_hung(image.geometry)
            for view, plane in zip(self, planes, strict=True):
                if view is not self.first:
                    view.set_image(image, plane, place[axes(plane)[0]])
                    view.set_drawing(smooth=self._smooth)
                    view.set_context(self.first.context)
                    view.show_measures(self._measures)
                    view.set_window(window)
                view.set_look(
                    look if look.plane == plane else replace(_unplaced(look), plane=plane, index=place[axes(plane)[0]])
                )
        else:
            look = _in_another_room(self._active)
            self._leave_several()
            self.first.set_look(look)
        self._place = place
        self._lay_out()
        self._show_cross()
        self.arranged.emit()

    def _leave_several(self) -> None:
        self._several = False
        self._take_keys(self.first)
        for view in self._others:
            view.set_image(None)
        self._lay_out()
        self._show_cross()

    def _build(self) -> None:
        while len(self._others) < 2:
            view = Canvas()
            view.setObjectName(f"canvas.{len(self._others) + 2}")
            view.join(self.first)
            self._connect(view)
            for watcher in self._watchers:
                view.installEventFilter(watcher)
            view.title_chooses = self.first.title_chooses
            self._others.append(view)

    def _lay_out(self) -> None:
        """The first fills the room, or its left part with the others at the right; four have a quarter each."""
        while self._grid.takeAt(0):
            pass
        fourth = self._fourth if self.fourth_shown else None
        self._grid.addWidget(self.first, 0, 0, 1 if fourth else 2, 1)
        for view, place in zip(self._others, ((0, 1), (1, 0) if fourth else (1, 1)), strict=False):
            self._grid.addWidget(view, *place)
            view.setVisible(self._several)
        if fourth is not None:
            self._grid.addWidget(fourth, 1, 1)
        if self._fourth is not None:
            self._fourth.setVisible(fourth is not None)
        self._grid.setColumnStretch(0, 1 if fourth else 3)
        self._grid.setColumnStretch(1, (1 if fourth else 2) if self._several else 0)
        self._grid.setRowStretch(0, 1)
        self._grid.setRowStretch(1, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The lines between the views, dark in both themes."""
        if self._several:
            with QPainter(self) as painter:
                painter.fillRect(self.rect(), theme.scan_color("hairline"))

    # Between the views

    def _connect(self, view: Canvas) -> None:
        if view is self.first:  # it speaks for the others
            view.slice_changed.connect(self._slice_changed)
            view.window_changed.connect(self._window_changed)
            view.point_picked.connect(self._cross_asked)
        view.painted.connect(self._painted)
        view.cross_asked.connect(self._cross_asked)
        view.pointed.connect(self._pointed)

    @Slot(str, int)
    def _slice_changed(self, plane: Plane, index: int) -> None:
        through = axes(plane)[0]
        z, y, x = (index if axis == through else at for axis, at in enumerate(self._place))
        self._place = z, y, x
        self._show_cross()

    @Slot(object)
    def _window_changed(self, window: Window) -> None:
        for view in self:
            view.set_window(window)

    @Slot(object)
    def _painted(self, box: Box) -> None:
        if self._several:
            by = self.sender()
            for view in self:
                if view is not by:
                    view.repaint_mask(box)

    @Slot()
    def _pointed(self) -> None:
        view = self.sender()
        if isinstance(view, Canvas):
            self._take_keys(view)

    @Slot(int, int, int)
    def _cross_asked(self, z: int, y: int, x: int) -> None:
        if self._several:
            self.go((z, y, x))

    def _take_keys(self, view: Canvas) -> None:
        if view is self._active:
            return
        self._active = view
        self.first.give_keys(view)
        self.first.unfinished_changed.emit()
        self.arranged.emit()

    def _show_cross(self) -> None:
        for view in (self.first, *self._others):
            _, down, across = axes(view.plane)
            view.set_cross((self._place[down], self._place[across]) if self._several else None)
        self.moved.emit()


def _in_another_room(view: Canvas) -> Look:
    """How it is drawn where it becomes larger or smaller: what was only moved is fitted anew, what was zoomed stays as large."""
    return _unplaced(view.look) if view.as_large_as_fits else view.look


def _unplaced(look: Look) -> Look:
    """How it is drawn alone: all of the slice in the room."""
    return replace(look, zoom=None, middle=(0.0, 0.0))


def _middle(image: Image) -> Voxel:
    z, y, x = (size // 2 for size in image.shape)
    return z, y, x
