"""What a tool of the canvas is, what it works on, what the pointer did, and what it may ask of the canvas."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, SignalInstance
from PySide6.QtGui import QPainter

from engine.imaging.geometry import Plane, axes
from engine.imaging.image import Image, Window
from engine.labels.assist.crop import Rect
from engine.labels.classes import BACKGROUND
from engine.labels.edit import Box, Edit
from engine.labels.gate import Gate
from engine.labels.mask import Brush, Mask
from engine.words import PART
from widgets.text import tr
from widgets.view import Point

_LEAST = 0.2  # of the radius, that a pen paints with which hardly touches


@dataclass(frozen=True)
class ToolContext:
    """What a tool works on. `value` is the active class, whose colour is "" where it is the background; `radius` the brush's, in mm or in
    pixels of the smaller side; `image` tells the mask's image from every other, for what waits until it is shown again. With `ball` the
    brush reaches over the slices on both sides; with `by_pressure` a pen's pressure makes it smaller. `gate` is where it may paint, None
    everywhere.

    The canvas fills in `plane`, `index`, `spacing` (down, across, in mm) of the slice on the screen and `apart`, from slice to slice.
    """

    mask: Mask | None = None
    value: int = 1
    radius: float = 8.0
    in_mm: bool = False
    class_name: Callable[[int], str] = str
    class_color: Callable[[int], str] = lambda _: ""
    image: Hashable = None
    ball: bool = False
    by_pressure: bool = False
    gate: Gate | None = None
    plane: Plane = "axial"
    index: int = 0
    spacing: tuple[float, float] = (1.0, 1.0)
    apart: float = 1.0

    def brush(self, pressure: float = 1.0) -> Brush:
        """Round in mm, so an ellipse on pixels that are not square; at no pressure a fifth of the radius."""
        radius = self._mm(pressure)
        return Brush((radius / self.spacing[0], radius / self.spacing[1]))

    def reach(self, pressure: float = 1.0) -> float:
        """How far the brush reaches over the slices on both sides, in slices."""
        return self._mm(pressure) / self.apart if self.ball else 0.0

    def _mm(self, pressure: float) -> float:
        scale = _LEAST + (1 - _LEAST) * pressure if self.by_pressure else 1.0
        return self.radius * scale * (1.0 if self.in_mm else min(self.spacing))

    @property
    def place(self) -> str:
        """The number of the slice as people count; "" where there is one only."""
        through = axes(self.plane)[0]
        return str(self.index + 1) if self.mask is not None and self.mask.shape[through] > 1 else ""

    def named(self, tool: str, value: int, place: str = "") -> str:
        """What the history keeps; `tool` is translated where it is shown. `place` where it is not the slice on the screen."""
        words = (tool, "" if value == BACKGROUND else self.class_name(value), place or self.place)
        return PART.join(filter(None, words))


@dataclass(frozen=True)
class FillWish:
    """An area to be filled that is too large for the window's thread; the fields are those of Mask.fill."""

    name: str
    plane: Plane
    index: int
    at: tuple[int, int]
    value: int


@dataclass(frozen=True)
class ChangeWish:
    """A change of the mask that is too large for the window's thread: `work` makes it, in a job, of a copy."""

    name: str
    work: Callable[[Mask], Edit]


@dataclass(frozen=True)
class Pointer:
    """One event of the mouse or pen: `at` in pixels of the slice, `position` in those of the canvas. `pressure` is the pen's, 0 to 1;
    a mouse's is 1."""

    at: Point
    position: QPointF
    button: Qt.MouseButton = Qt.MouseButton.NoButton
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    pressure: float = 1.0

    @property
    def right(self) -> bool:
        return self.button == Qt.MouseButton.RightButton

    @property
    def inverted(self) -> bool:
        return bool(self.modifiers & Qt.KeyboardModifier.ControlModifier)

    @property
    def through(self) -> bool:
        """Whether all slices are meant."""
        return bool(self.modifiers & Qt.KeyboardModifier.ShiftModifier)


class ToolHost(Protocol):
    """What a tool may ask of the canvas."""

    @property
    def context(self) -> ToolContext: ...
    @property
    def window_level(self) -> Window: ...
    @property
    def painting(self) -> SignalInstance: ...  # the class that a stroke begins with
    @property
    def leaves_image(self) -> bool: ...  # whether another image comes in its place just now
    @property
    def refused(self) -> SignalInstance: ...  # why not, in words
    @property
    def fill_asked(self) -> SignalInstance: ...  # FillWish
    @property
    def change_asked(self) -> SignalInstance: ...  # ChangeWish
    @property
    def class_picked(self) -> SignalInstance: ...  # the class that is active from now on
    @property
    def assist_asked(self) -> SignalInstance: ...  # AssistWish
    @property
    def seen(self) -> Rect: ...  # the part of the slice that is on the screen
    @property
    def image(self) -> Image | None: ...
    @property
    def measure_made(self) -> SignalInstance: ...  # Measure
    @property
    def measure_picked(self) -> SignalInstance: ...  # its id, 0 for none
    @property
    def measure_removed(self) -> SignalInstance: ...  # its id
    @property
    def picked_measure(self) -> int: ...  # 0 where none is
    def measure_at(self, position: QPointF) -> int: ...  # the id of the one whose line is there, 0 for none
    def mask_painted(self, box: Box) -> None: ...
    def finish_stroke(self, edit: Edit) -> None: ...
    def pick_class(self, at: Point) -> None: ...
    def pick_point(self, at: Point) -> None: ...
    def pan(self, across: float, down: float) -> None: ...
    def zoom_by(self, factor: float, at: QPointF | None = None) -> None: ...
    def set_window(self, window: Window) -> None: ...
    def paint_passed(self, painter: QPainter, gate: Gate, brush: Brush, at: Point) -> None: ...
    def to_screen(self, at: Point) -> QPointF: ...
    def to_slice(self, position: QPointF) -> Point: ...
    @property
    def pixel_size(self) -> tuple[float, float]: ...
    def rect(self) -> QRect: ...
    def repaint_overlay(self) -> None: ...


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

    def hints_unfinished(self, slices: int = 1) -> list[str]:
        """The same once something unfinished is on the slice: first how it is finished."""
        return self.hints(slices)

    def hints_closed(self, slices: int = 1) -> list[str]:
        """The same once it is closed."""
        return self.hints_unfinished(slices)

    def closed(self, host: ToolHost) -> bool:
        """Whether what is unfinished is whole, and waits to be moved or taken."""
        return False

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
    where = tr(on_slice, number=place) if place else tr(here)
    host.refused.emit(f"{where} {tr('It is in the item that was left.')}" if host.leaves_image else where)


def unchanged_words(value: int) -> str:
    """Why painting this value, where no gate held it back, changed nothing."""
    if value == BACKGROUND:
        return tr("Nothing was erased: nothing is painted there that is not locked.")
    return tr("Nothing was painted: it is painted already, locked, or may not be painted over.")
