"""A second image beside the one that is worked on: it shows only, and what the hand does here moves both."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from engine.imaging.image import Window
from widgets.controls import named
from widgets.slice_view import SliceView
from widgets.text import tr
from widgets.tools import dragged_window

_ZOOM_STEP, _NOTCH = 1.25, 120


class SideView(SliceView):
    """Left drags the window of this image alone, a double click gives it the file's; the wheel and the middle button ask for what both
    views then do."""

    slices_asked = Signal(int)  # steps
    zoom_asked = Signal(float, object)  # a factor, the Point that stays where it is
    pan_asked = Signal(float, float)  # logical pixels across and down
    window_dragged = Signal(object)  # Window
    window_reset = Signal()
    pointed = Signal(object)  # Point, None where the pointer left

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, name, tr("Second item"))
        self.setMouseTracking(True)
        self.setToolTip(tr("Drag for the window of this item alone; wheel, Ctrl+wheel and the middle button move both"))
        self.wheel_zooms = False  # where there is one slice
        self._drag: tuple[Qt.MouseButton, QPointF, Window] | None = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()
        if self.wheel_zooms or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_asked.emit(_ZOOM_STEP ** (event.angleDelta().y() / _NOTCH), self.to_slice(event.position()))
        else:
            self.slices_asked.emit(-self._wheel_steps(event.angleDelta().y()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._drag = event.button(), event.position(), self.window_level

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointed.emit(self.to_slice(event.position()))
        if self._drag is None:
            return
        button, start, window = self._drag
        by = event.position() - start
        if button == Qt.MouseButton.LeftButton:
            self.window_dragged.emit(dragged_window(window, by))
        else:
            self._drag = button, event.position(), window
            self.pan_asked.emit(by.x(), by.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag is not None and event.button() == self._drag[0]:
            self._drag = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.window_reset.emit()

    def leaveEvent(self, event: QEvent) -> None:
        self.pointed.emit(None)

    def _show_bar(self) -> None:
        """It has the one slice that goes with the first view's."""
        self.slice_bar.hide()
