"""What every tool of the canvas is: a gesture from press to release, keys, and what is drawn over the scan meanwhile."""

from typing import ClassVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from widgets.text import tr
from widgets.tool_host import Pointer, ToolHost


class Tool:
    """Does nothing; a tool overrides what it needs. A gesture is press, moves, release, or it is left in between."""

    name: ClassVar[str] = ""
    """The id of its command."""
    paints: ClassVar[bool] = False  # needs a mask that may be written
    paints_over: ClassVar[bool] = False  # its bar offers what may be painted over
    gated: ClassVar[bool] = False  # paints where the intensity gate is open
    sized: ClassVar[bool] = False  # has the brush's radius
    methods: ClassVar[tuple[str, ...]] = ()  # marked texts of the ways in which it works, of which a person chooses one

    def hints(self, slices: int = 1) -> list[str]:
        """What the pointer and keys do on an image of so many slices, for the foot of the window."""
        return []

    def unfinished(self, host: ToolHost) -> bool:
        """Whether something unfinished is on the slice that is shown, which undo takes back first."""
        return False

    def step_back(self, host: ToolHost) -> None:
        """Take the last part of what is unfinished back."""

    def may_paint(self, host: ToolHost, value: int) -> bool:
        """Whether there is a mask that takes the value; where a lock forbids it, the person is told. Nobody paints what is not seen."""
        context = host.context
        if context.mask is None:
            return False
        if not context.mask.may_paint(value):
            name = context.class_name(value)
            host.refused.emit(tr("{name} is locked. Unlock it in the list of classes to paint it.", name=name))
            return False
        host.painting.emit(value)
        return True

    def press(self, host: ToolHost, pointer: Pointer) -> None: ...

    def double_press(self, host: ToolHost, pointer: Pointer) -> None:
        """The second press of a double click: for most tools one like any other."""
        self.press(host, pointer)

    def move(self, host: ToolHost, pointer: Pointer) -> None:
        """The pointer moved with the button down."""

    def release(self, host: ToolHost, pointer: Pointer) -> None: ...

    def hover(self, host: ToolHost, pointer: Pointer) -> None:
        """The pointer moved with no button down."""

    def key(self, host: ToolHost, key: Qt.Key) -> bool:
        """Whether the tool took the key."""
        return False

    def shifted_key(self, host: ToolHost, key: Qt.Key) -> bool:
        """Whether the tool took the key, pressed with Shift, in another sense than without."""
        return False

    def scale(self, host: ToolHost, steps: int) -> bool:
        """Shift and the wheel: whether the tool has something to make larger or smaller in its own way."""
        return False

    def wants(self, host: ToolHost, key: Qt.Key) -> bool:
        """Whether the tool takes that key now, before any shortcut does."""
        return False

    def end_stroke(self, host: ToolHost) -> None:
        """The button counts as released where the pointer was last."""

    def take_back(self, host: ToolHost) -> None:
        """The right button during a gesture of the left: the gesture counts as not made."""

    def deactivate(self, host: ToolHost) -> None:
        """Another tool or slice comes: end what is under way."""
        self.end_stroke(host)

    def cursor(self, host: ToolHost) -> Qt.CursorShape:
        return Qt.CursorShape.CrossCursor

    def overlay(self, host: ToolHost, position: QPointF | None) -> QRectF:
        """What `paint_overlay` covers, in logical pixels; `position` is the pointer's, None when it is elsewhere."""
        return QRectF()

    def paint_overlay(self, host: ToolHost, painter: QPainter, position: QPointF | None) -> None: ...


def tell_waiting(host: ToolHost, on_slice: str, here: str) -> None:
    """Say that what is unfinished waits where it was begun. Marked texts: of volumes with the {number} of the slice, of pictures."""
    place = host.context.place
    host.refused.emit(tr(on_slice, number=place) if place else tr(here))
