"""The scan that is worked on: a slice view with a tool, whose gestures become operations of the mask."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPointingDevice,
    QSinglePointEvent,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from engine.imaging.geometry import Plane, axes
from engine.imaging.image import Image
from engine.labels.assist.crop import Rect
from engine.labels.edit import Box, Edit
from engine.labels.gate import Gate
from engine.labels.shapes import Brush
from widgets.controls import named
from widgets.figures import short
from widgets.gate_overlay import GateOverlay, paint_passed
from widgets.measure_overlay import MeasureOverlay
from widgets.slice_view import SliceView
from widgets.text import tr
from widgets.tool import Pointer, ToolContext
from widgets.tools import EraserTool, PanTool, Tool, WindowLevelTool
from widgets.view import Point

_BRUSH_STEP = 1.2
_ACROSS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
_OF_ONE_VIEW = ("painted", "cross_asked", "pointed", "look_changed")  # signals that say in which of several views
_WRITING = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox)


class Canvas(SliceView):
    """Left does what the tool does, right erases, the middle button or Space pans, W changes the window, Alt picks a class."""

    stroke_finished = Signal(object)  # Edit
    point_picked = Signal(int, int, int)  # z, y, x
    class_picked = Signal(int)
    refused = Signal(str)
    painting = Signal(int)  # the class that a stroke begins with
    fill_asked = Signal(object)  # FillWish
    change_asked = Signal(object)  # ChangeWish
    assist_asked = Signal(object)  # AssistWish
    measure_made = Signal(object)  # Measure
    measure_picked = Signal(int)  # its id, 0 for none
    measure_removed = Signal(int)  # its id
    radius_asked = Signal(float)  # a factor for the brush's radius
    opacity_asked = Signal(int)  # steps up or down
    item_asked = Signal(int)  # of a single picture, by the arrows: 1 the next, -1 the one before
    unfinished_changed = Signal()
    columns_asked = Signal()  # Tab: more or less room
    window_asked = Signal()  # a click on the window's numbers
    title_pressed = Signal()  # twice, where there is something to choose (`title_chooses`)
    painted = Signal(object)  # Box: a stroke under the pen changed the mask there
    slices_asked = Signal(int)  # steps through an image that is still being read
    cross_asked = Signal(int, int, int)  # z, y, x: the pointer is there with Shift held, and no button
    pointed = Signal()  # the pointer came, or pressed a button

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, "canvas", tr("Scan"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._context = ToolContext()
        self._tool: Tool = PanTool()
        self._pan_tool, self._pens_eraser = PanTool(), EraserTool()
        self._pen_is_turned = False
        self._momentary_tools: dict[Qt.Key, Tool] = {Qt.Key.Key_Space: self._pan_tool, Qt.Key.Key_W: WindowLevelTool()}
        self._held: set[Qt.Key] = set()
        self._active: tuple[Tool, Qt.MouseButton] | None = None
        self._position: QPointF | None = None
        self._overlay = QRectF()
        self._told_stage = (False, False)  # whether something was unfinished, and closed
        self._shows_gate = False
        self._gate_overlay = GateOverlay()
        self._measures = MeasureOverlay()
        self._over_words = False
        self._reading, self._to_come = "", 1
        self.leaves_image = False
        self.title_chooses = False
        self._keyed: Canvas | None = None  # where keys go instead
        self._joined: list[Canvas] = []

    def set_image(self, image: Image | None, plane: Plane = "axial", index: int | None = None) -> None:
        """As in the slice view. The mask belongs to the image before and is let go of: give the new one after."""
        self.leaves_image = True
        self._leave_tool()
        self.leaves_image = False
        self._context = replace(self._context, mask=None, image=None, gate=None)
        self._measures = MeasureOverlay()
        self._reading, self._to_come = "", 1
        super().set_image(image, plane, index)

    def set_reading(self, why: str, slices: int) -> None:
        """The image is a part of one that is still being read, of so many slices: it is looked at, and nothing more. `why` is said to
        whoever tries; to another slice whoever listens to `slices_asked` has to go."""
        self._reading, self._to_come = why, slices

    def next_slice(self, delta: int = 1) -> None:
        if self._reading:
            self.slices_asked.emit(delta)
        else:
            super().next_slice(delta)

    # Several views of one scan

    def join(self, first: "Canvas") -> None:
        """Be one more view of what `first` works on: that has the keyboard for both, and what is asked for here it asks for."""
        self.setFocusProxy(first)
        first._joined.append(self)
        for kind in (SliceView, Canvas):
            for name in (name for name, value in vars(kind).items() if isinstance(value, Signal)):
                if name not in _OF_ONE_VIEW:
                    getattr(self, name).connect(getattr(first, name))
        self.set_tool(first.tool)
        self.set_context(first.context)
        self.show_gate(first._shows_gate)

    def give_keys(self, view: "Canvas") -> None:
        """Keys act on that view from now on, those that are held as well."""
        before, after = self._keys, view
        if after is before:
            return
        self._keyed = None if view is self else view
        after._held, before._held = before._held, set()
        before._refresh_tool()
        after._refresh_tool()

    @property
    def _keys(self) -> "Canvas":
        return self._keyed or self

    def _view_for(self, key: Qt.Key) -> "Canvas":
        """Where this key acts: what is unfinished in another view is finished or dropped from here, too."""
        if self._keys.unfinished:
            return self._keys
        elsewhere = (view for view in (self, *self._joined) if view.unfinished and view._tool.wants(view, key))
        return next(elsewhere, self._keys)

    # Tools; what they may call is described in ToolHost

    @property
    def context(self) -> ToolContext:
        return self._context

    def set_context(self, context: ToolContext) -> None:
        """What tools work on; its plane, index and spacing are filled in here."""
        if context.mask is not self._context.mask:
            self._leave_tool()
        if context.gate is not self._context.gate:
            self.update()
        self._context = context
        self._fill_context()
        self._refresh_tool()

    @property
    def tool(self) -> Tool:
        return self._tool

    def set_tool(self, tool: Tool) -> None:
        self._leave_tool()
        self._tool = tool
        self._refresh_tool()

    def end_stroke(self) -> None:
        """End a stroke under the pen as if the button were released; the points of a polygon stay."""
        if self._active is not None:
            tool, self._active = self._active[0], None
            tool.end_stroke(self)
            self._refresh_tool()

    @property
    def holding(self) -> bool:
        """Whether a button is held that a tool follows."""
        return self._active is not None

    @property
    def only_looks(self) -> bool:
        """Whether a drag with the left button would move the picture or its window, and nothing else."""
        return isinstance(self._current_tool(), PanTool | WindowLevelTool)

    @property
    def unfinished(self) -> bool:
        """Whether the tool has something unfinished on the slice that is shown."""
        return self._compositor is not None and self._tool.unfinished(self)

    @property
    def closed(self) -> bool:
        """Whether that waits to be moved or taken."""
        return self.unfinished and self._tool.closed(self)

    def step_back(self) -> None:
        """Take the last part of what is unfinished back."""
        self._tool.step_back(self)
        self._refresh_tool()

    @property
    def seen(self) -> Rect:
        """The part of the slice that is on the screen."""
        shape = tuple(self._image.shape[axis] for axis in axes(self._plane)[1:]) if self._image is not None else (0, 0)
        corners = self.to_slice(QPointF(0, 0)), self.to_slice(QPointF(self.width(), self.height()))
        return Rect.between(*corners).within(shape)

    def mask_painted(self, box: Box) -> None:
        self.repaint_mask(box)
        self.painted.emit(box)

    def repaint_mask(self, box: Box) -> None:
        """The mask that is painted on is another in the box."""
        if self._compositor is not None and self._context.mask is not None:
            self._update(self._compositor.changed(self._context.mask.labels, box))

    def finish_stroke(self, edit: Edit) -> None:
        if not edit.empty:
            self.stroke_finished.emit(edit)

    def pick_class(self, at: Point) -> None:
        voxel = self._voxel(at)
        if voxel is not None and self._context.mask is not None:
            self.class_picked.emit(int(self._context.mask.labels[voxel]))

    def show_measures(self, measures: MeasureOverlay) -> None:
        """Draw these over the image; they go with it."""
        self._measures = measures
        self._refresh_tool()
        self.update()

    @property
    def picked_measure(self) -> int:
        return self._measures.picked

    def measure_at(self, position: QPointF) -> int:
        return self._measures.at(self._plane, self._index, position, self.to_screen)

    def pick_point(self, at: Point) -> None:
        voxel = self._voxel(at)
        if voxel is not None:
            self.point_picked.emit(*voxel)

    def repaint_overlay(self) -> None:
        now = self._current_tool().overlay(self, self._position) if self._compositor is not None else QRectF()
        both = now.united(self._overlay)
        self._overlay = now
        if not both.isEmpty():
            self._update_rect(both)
        stage = self.unfinished, self.closed
        if self._told_stage != stage:  # a job may have finished it
            self._told_stage = stage
            self.unfinished_changed.emit()

    # Events

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press(event, again=False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._press(event, again=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._release(event)

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen's pressure is the brush's, and its other end erases; with other tools Qt makes the mouse's events of the pen's."""
        held = self._active is not None and self._active[0].sized
        event.setAccepted(held or (self._compositor is not None and self._current_tool().sized))
        if not event.isAccepted():
            return
        if event.type() == QEvent.Type.TabletPress:
            self._press(event, again=False)
        elif event.type() == QEvent.Type.TabletRelease:
            self._release(event)
        else:
            self._move(event)

    def _move(self, event: QSinglePointEvent) -> None:
        self._point_with(event)
        if self._compositor is None:
            return
        pointer = self._pointer(event)
        self._point_at_words()
        if self._active is not None:
            tool, button = self._active
            tool.move(self, replace(pointer, button=button))
        else:
            if pointer.through and self._cross is not None:
                self._ask_cross(pointer.at)
            self._current_tool().hover(self, pointer)
        self.repaint_overlay()
        self.tell_hover()

    def _release(self, event: QSinglePointEvent) -> None:
        if self._active is None or event.button() != self._active[1]:
            return
        tool = self._active[0]
        self._active = None
        tool.release(self, self._pointer(event))
        self._refresh_tool()
        self.tell_hover()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """As in the slice view; with Shift the brush's size, with Alt the layer's opacity."""
        keys = event.modifiers()
        delta = event.angleDelta().y() or event.angleDelta().x()  # with Alt the wheel turns sideways
        if self._active is not None:
            event.accept()
        elif keys & Qt.KeyboardModifier.ShiftModifier:
            steps = self._wheel_steps(delta)
            if not self._tool.scale(self, steps):
                self.radius_asked.emit(_BRUSH_STEP**steps)
        elif keys & Qt.KeyboardModifier.AltModifier:
            self.opacity_asked.emit(self._wheel_steps(delta))
        elif self._reading and self._to_come > 1 and not keys & Qt.KeyboardModifier.ControlModifier:
            event.accept()
            self.next_slice(-self._wheel_steps(delta))
        else:
            super().wheelEvent(event)

    def event(self, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):  # each dab has several events of other kinds
            return super().event(event)
        if event.type() == QEvent.Type.ShortcutOverride:
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            key = Qt.Key(event.key())
            if plain and self._view_for(key).wants(key):
                event.accept()
                return True
        if event.type() == QEvent.Type.KeyPress and _is_plain_tab(event):
            self.columns_asked.emit()  # the scan gets room; Shift+Tab leaves it, so that a keyboard gets everywhere
            return True
        return super().event(event)

    def wants(self, key: Qt.Key) -> bool:
        """Whether the key, without others, is the canvas's or its tool's now, before any shortcut."""
        return self._compositor is not None and (key in self._momentary_tools or self._tool.wants(self, key))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        view = self._view_for(key)
        if view is not self:
            view.keyPressEvent(event)
            return
        if key in self._momentary_tools and not event.modifiers() and self._compositor is not None:
            if not event.isAutoRepeat():
                self._held.add(key)
                self._refresh_tool()
        elif self._compositor is not None and self._key_of_tool(event):
            self._refresh_tool()
            self.tell_hover()
        elif key in _ACROSS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier and self._is_picture:
            self.item_asked.emit(_ACROSS[key])
        else:
            super().keyPressEvent(event)

    @property
    def _is_picture(self) -> bool:
        """Whether it has one slice, and will have no more."""
        return max(self.slices, self._to_come) == 1

    def _key_of_tool(self, event: QKeyEvent) -> bool:
        """Whether the tool took the key."""
        key = Qt.Key(event.key())
        if event.modifiers() == Qt.KeyboardModifier.ShiftModifier and self._tool.shifted_key(self, key):
            return True
        return self._tool.key(self, key)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if self._keyed is not None:
            self._keyed.keyReleaseEvent(event)
        elif Qt.Key(event.key()) in self._held:
            if not event.isAutoRepeat():
                self._held.discard(Qt.Key(event.key()))
                self._refresh_tool()
        else:
            super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._keys._held.clear()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody tells a hidden canvas that the button was released."""
        self.end_stroke()
        super().hideEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Keys act on the view under the pointer, unless a person is writing."""
        self._position = event.position()
        self.pointed.emit()
        self.repaint_overlay()
        self.tell_hover()
        if self.isActiveWindow() and not isinstance(QApplication.focusWidget(), _WRITING):
            self.setFocus(Qt.FocusReason.MouseFocusReason)

    def leaveEvent(self, event: QEvent) -> None:
        self._position = None
        self.repaint_overlay()
        self.hover_ended.emit()

    # Inside

    def _about_to_change(self) -> None:
        self._leave_tool()

    def _changed(self) -> None:
        self._fill_context()
        self._refresh_tool()
        self.tell_hover()

    def show_gate(self, on: bool) -> None:
        """Whether all that the gate lets through is shown, or under the brush alone."""
        self._shows_gate = on
        self.update()

    def paint_passed(self, painter: QPainter, gate: Gate, brush: Brush, at: Point) -> None:
        if not self._shows_gate or gate.tolerance is not None or gate is not self._context.gate:
            paint_passed(painter, gate, self._plane, self._index, self._view, brush, at)

    def _paint_over(self, painter: QPainter) -> None:
        gate = self._context.gate
        if self._shows_gate and gate is not None and gate.tolerance is None:
            self._gate_overlay.paint_slice(painter, gate, self._plane, self._index, self._view)
        self._measures.paint(painter, self._plane, self._index, self.to_screen, self.rect())
        tool = self._current_tool()
        tool.paint_overlay(self, painter, self._position)
        self._overlay = self._overlay.united(tool.overlay(self, self._position))  # else it would stay when it moves

    def _press(self, event: QSinglePointEvent, again: bool) -> None:
        self._point_with(event)
        if self._compositor is None:
            return
        self.pointed.emit()
        button, pointer = event.button(), self._pointer(event)
        if self._active is not None:
            if button == Qt.MouseButton.RightButton and self._active[1] == Qt.MouseButton.LeftButton:
                self._active[0].take_back(self)
                self._refresh_tool()
            return
        if button == Qt.MouseButton.LeftButton and self.window_area.contains(event.position()):
            self.window_asked.emit()
            return
        if button == Qt.MouseButton.LeftButton and self._at_title(event.position()):
            if again:
                self.title_pressed.emit()
            return
        if button == Qt.MouseButton.LeftButton and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.pick_class(pointer.at)
            return
        if button == Qt.MouseButton.MiddleButton:
            tool: Tool = self._pan_tool
        elif button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            tool = self._current_tool()
        else:
            return
        if self._reading and not isinstance(tool, (PanTool, WindowLevelTool)):
            self.refused.emit(self._reading)
            return
        self._active = tool, button
        (tool.double_press if again else tool.press)(self, pointer)
        self._refresh_tool()
        self.tell_hover()

    def _point_with(self, event: QSinglePointEvent) -> None:
        self._position = event.position()
        self._pen_is_turned = event.pointerType() == QPointingDevice.PointerType.Eraser

    def _point_at_words(self) -> None:
        """The hand shows that the window's numbers, or the title, can be clicked."""
        at = self._position if self._active is None else None
        over = at is not None and (self.window_area.contains(at) or self._at_title(at))
        if over != self._over_words:
            self._over_words = over
            self._refresh_tool()

    def _at_title(self, position: QPointF) -> bool:
        return self.title_chooses and self.title_area.contains(position)

    def _ask_cross(self, at: Point) -> None:
        voxel = self._voxel(at)
        if voxel is not None:
            self.cross_asked.emit(*voxel)

    def _current_tool(self) -> Tool:
        """The tool that the pointer is now: the chosen one, a momentary one while its key is held, or the other end of a pen."""
        if self._active is not None:
            return self._active[0]
        chosen = self._pens_eraser if self._pen_is_turned and self._tool.sized else self._tool
        return next((tool for key, tool in self._momentary_tools.items() if key in self._held), chosen)

    def _leave_tool(self) -> None:
        if self._active is not None:
            self._active[0].deactivate(self)
            self._active = None
        self._tool.deactivate(self)

    def _refresh_tool(self) -> None:
        if self._over_words:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            tool = self._current_tool()
            self.setCursor(tool.cursor(self) if self._compositor is not None else Qt.CursorShape.ArrowCursor)
        self.repaint_overlay()

    def _fill_context(self) -> None:
        if self._image is not None:
            spacing = self._image.geometry.spacing
            through, down, across = axes(self._plane)
            self._context = replace(
                self._context,
                plane=self._plane,
                index=self._index,
                spacing=(spacing[down], spacing[across]),
                apart=spacing[through],
            )

    def _pointer(self, event: QSinglePointEvent) -> Pointer:
        pressure = event.pressure() if isinstance(event, QTabletEvent) else 1.0
        return Pointer(self.to_slice(event.position()), event.position(), event.button(), event.modifiers(), pressure)

    def tell_hover(self) -> None:
        """Say anew what is under the pointer: it is another when the slice, the view or the mask changes beneath a still hand."""
        if self._position is None or self._image is None:
            return
        voxel = self._voxel(self.to_slice(self._position))
        if voxel is None:
            self.hover_ended.emit()
            return
        value = self._image.pixels[voxel]
        words = (
            ", ".join(str(part) for part in value) if self._image.color else short(float(value), unit=self._image.unit)
        )
        self.hovered.emit(*voxel, words)


def _is_plain_tab(event: QKeyEvent) -> bool:
    """Asked of the key itself: Qt calls focusNextPrevChild also where a focused widget hides or is switched off."""
    return event.key() == Qt.Key.Key_Tab and not event.modifiers()
