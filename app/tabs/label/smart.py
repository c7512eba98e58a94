"""The smart tools at work: what a gesture asks for is worked out beside the window, on the slice as it is seen."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QComboBox

from app.dialogs.test_reference import with_leave
from app.services.click_model import LoadedClickModel
from app.services.jobs import JobHandle, Lane
from app.shell import settings
from app.shell.context import AppContext
from app.tabs.scan.view import ScanView
from engine.errors import EngineError
from engine.imaging.geometry import Plane, axes
from engine.imaging.image import Image, Pixels, Window
from engine.labels.assist.crop import ProposedRegion, WindowedSlice
from engine.labels.edit import Labels
from engine.progress import Progress, Work
from widgets.assist_wish import (
    AssistWish,
    BoxWish,
    CarryWish,
    FloodPreview,
    FloodWish,
    PartWish,
    PredictedPart,
    WireWish,
)
from widgets.controls import named
from widgets.smart_tool import BOX, SmartTool
from widgets.text import tr
from widgets.tool import Tool
from widgets.word_combo import ElidedCombo

if TYPE_CHECKING:
    from engine.labels.assist.on_slice import AssistedSlice

_SLICES = 2  # that stay ready
_REST = 300  # ms on a slice, until the click model looks at it
_CUT = 110  # px of a choice that has no room to be whole
_ARROW = 12  # px that the style takes of a choice beside its arrow


@dataclass(frozen=True)
class _Seen:
    """A slice and the window it is seen in."""

    plane: Plane
    index: int
    window: Window


class SmartAssist(QObject):
    """One wish at a time; of those that come meanwhile the newest, since a gesture stands for all before it."""

    def __init__(self, context: AppContext, scan: ScanView) -> None:
        super().__init__(scan)
        self._context, self._session, self._jobs, self._scan = context, context.session, context.jobs, scan
        self._commands = context.commands
        self._slices: dict[_Seen, AssistedSlice] = {}  # read and written by the jobs, one at a time
        self._job: JobHandle | None = None
        self._next: AssistWish | None = None
        self._model = LoadedClickModel(settings.load().click_model)
        self._encoding: JobHandle | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._encode)
        first = scan.views.first  # speaks for all views
        first.assist_asked.connect(self._take)
        first.slice_changed.connect(self._slice_changed)
        first.window_changed.connect(self._slice_changed)
        self._session.current.item_about_to_close.connect(self._forget)
        settings.watch().changed.connect(self._take_settings)
        context.commands.connect_to("label", carry_outline=self.carry)

    def carry(self) -> None:
        """Show the outline on the other slices too, with the smart tool in hand."""
        self._scan.canvas.end_stroke()
        if not isinstance(self._scan.canvas.tool, SmartTool):
            self._commands["smart"].trigger()
        tool = self._scan.canvas.tool
        if isinstance(tool, SmartTool):
            tool.carry(self._scan.canvas)

    @Slot()
    def _take_settings(self) -> None:
        folder = settings.load().click_model
        if folder != self._model.folder:
            self._model = LoadedClickModel(folder)
            self._slice_changed()

    @Slot()
    def tool_changed(self) -> None:
        """Another tool is in hand, or it works in another way."""
        self._slice_changed()

    @Slot()
    def _slice_changed(self) -> None:
        """Another slice, or another window: the click model sees it before a person shows anything on it."""
        self._rest.stop()
        tool = self._scan.canvas.tool
        if (
            self._model.folder
            and isinstance(tool, SmartTool)
            and tool.method == BOX
            and self._scan.canvas.image is not None
        ):
            self._rest.start()

    @Slot()
    def _encode(self) -> None:
        image, canvas = self._session.current.image, self._scan.canvas
        if image is None or image is not canvas.image or self._session.current.mask is None:
            return
        if self._encoding is not None:
            self._encoding.drop()
        seen = _Seen(canvas.plane, canvas.index, canvas.window_level)
        work = partial(_encoding, seen, self._slices, image, self._model)
        self._encoding = self._jobs.start(
            self, Lane.ASSIST, "", work, done=self._encoded, failed=self._encoded, cancelled=self._encoded
        )

    def _encoded(self, fault: object = None) -> None:
        """It is in the model's memory now; a fault of it comes again, and is told, with the first click."""
        self._encoding = None
        self._tell_fault()

    def _tell_fault(self) -> None:
        """Why the click model cannot be used, once."""
        fault = self._model.fault
        if fault is not None and self._model.folder:
            self._model = LoadedClickModel("")
            what = tr(fault.message, **fault.values)
            text = tr("The click model is not used: {reason} Outlines are made without it.", reason=what)
            self._session.notification.emit(text, "warn")

    @Slot(object)
    def _take(self, wish: AssistWish) -> None:
        if isinstance(wish.asked, PartWish):
            with_leave(self._context, self._scan.window(), partial(self._wait_or_begin, wish))
        else:
            self._wait_or_begin(wish)

    def _wait_or_begin(self, wish: AssistWish) -> None:
        if self._job is not None:
            self._next = wish
        else:
            self._begin(wish)

    def _begin(self, wish: AssistWish) -> None:
        self._next = None
        image, mask = self._session.current.image, self._session.current.mask
        if image is None:
            return
        window = self._scan.canvas.window_level
        if isinstance(wish.asked, CarryWish):
            if mask is None:
                return
            work: Callable[[], Work[object]] = partial(_carrying, wish, wish.asked, image, window, mask.labels)
        elif isinstance(wish.asked, PartWish):
            labels = self._session.predictions.labels
            if labels is None:
                wish.refused(tr("There is no prediction of this item to begin from."))
                return
            work = partial(_finding_part, wish, labels)
        else:
            work = partial(_working, wish, self._slices, image, window, self._model)
        self._job = self._jobs.start(
            self,
            Lane.ASSIST,
            tr("Outlining"),
            work,
            done=partial(self._done, wish),
            failed=partial(self._failed, wish),
            cancelled=self._go_on,
            brief=True,
        )

    def _done(self, wish: AssistWish, answer: object) -> None:
        self._tell_fault()
        wish.done(answer)
        self._go_on()

    def _failed(self, wish: AssistWish, fault: BaseException) -> None:
        if isinstance(fault, EngineError):
            wish.refused(tr(fault.message, **fault.values))
        else:
            wish.refused(tr("The outline could not be worked out."))
            self._session.failed.emit(fault)
        self._go_on()

    def _go_on(self) -> None:
        self._job = None
        if self._next is not None:
            self._begin(self._next)

    @Slot()
    def _forget(self) -> None:
        """The item goes."""
        self._next = None
        self._rest.stop()
        for job in (self._job, self._encoding):
            if job is not None:
                job.drop()
        self._job = self._encoding = None
        self._slices = {}  # not cleared: a job may still be at work on the old ones


class MethodBox(ElidedCombo):
    """In which of its ways the tool in hand works; hidden where it has one only."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "label.method", tr("How it outlines"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._tool: Tool | None = None
        self._whole = 0  # px that its longest way needs
        self.currentIndexChanged.connect(self._choose)

    def show_tool(self, tool: Tool) -> None:
        """Offer the ways of that tool."""
        self._tool = None
        self.clear()
        for method in tool.methods:
            self.addItem(tr(method), method)
        self.setVisible(bool(tool.methods))
        self._whole = self.sizeHint().width() + _ARROW if tool.methods else 0
        self.show_whole(True)
        if isinstance(tool, SmartTool):
            self.setCurrentIndex(tool.methods.index(tool.method))
        self.setToolTip(self.currentText())
        self._tool = tool

    def show_whole(self, on: bool) -> None:
        """Whether its ways are never cut: in the narrowest bar they are, rather than lie over what comes after."""
        self.setMinimumWidth(self._whole if on else min(self._whole, _CUT))

    @Slot(int)
    def _choose(self, index: int) -> None:
        if isinstance(self._tool, SmartTool) and index >= 0:
            self._tool.method = self.itemData(index)
            self.setToolTip(self.currentText())


def _working(
    wish: AssistWish,
    slices: "dict[_Seen, AssistedSlice]",
    image: Image,
    window: Window,
    model: LoadedClickModel,
) -> Work[object]:
    yield Progress(0, 1)
    asked, shown = wish.asked, _slice(_Seen(wish.plane, wish.index, window), slices, image)
    match asked:
        case BoxWish():
            return shown.outline(asked.box, asked.clicks, asked.start, model.model())
        case FloodWish():
            return shown.flood(wish.view, asked.clicks)
        case FloodPreview():
            return shown.flood_preview(wish.view, asked.at, asked.steps)
        case WireWish():
            return shown.wire(wish.view, asked.anchor)
        case _:
            raise TypeError(asked)


def _carrying(
    wish: AssistWish, asked: CarryWish, image: Image, window: Window, labels: Labels
) -> Work[dict[int, ProposedRegion]]:
    from engine.labels.assist.stack import carry

    order = axes(wish.plane)
    pixels, painted = image.pixels.transpose(*order, *range(3, image.pixels.ndim)), labels.transpose(order)
    keys, count = dict(asked.keys), len(painted)
    yield Progress(0, count)
    for index in range(count if asked.painted else 0):
        region = painted[index] == asked.painted
        if index not in keys and region.any():
            keys[index] = ProposedRegion.of(region)
    _, *spacing = (image.geometry.spacing[axis] for axis in order)
    found: dict[int, ProposedRegion] = {}
    for index, region in carry(
        lambda at: WindowedSlice(pixels[at], window, image.inverted), count, keys, (spacing[0], spacing[1])
    ):
        if region.rect is not None:  # of hundreds of slices: it is known when the window asks
            found[index] = region
        yield Progress(len(found), count)
    return found


def _encoding(seen: _Seen, slices: "dict[_Seen, AssistedSlice]", image: Image, loaded: LoadedClickModel) -> Work[None]:
    yield Progress(0, 2)
    shown, model = _slice(seen, slices, image), loaded.model()
    yield Progress(1, 2)
    if model is not None:
        model.encode(shown.shown)
    yield Progress(2, 2)


def _slice(seen: _Seen, slices: "dict[_Seen, AssistedSlice]", image: Image) -> "AssistedSlice":
    from engine.labels.assist.on_slice import AssistedSlice

    if seen not in slices:
        for old in list(slices)[: max(len(slices) - _SLICES + 1, 0)]:
            del slices[old]
        pixels: Pixels = image.pixels.transpose(*axes(seen.plane), *range(3, image.pixels.ndim))[seen.index]
        slices[seen] = AssistedSlice(pixels, seen.window, image.inverted)
    return slices[seen]


def _finding_part(wish: AssistWish, labels: Labels) -> Work[PredictedPart]:
    from engine.labels.assist.on_slice import connected_part

    yield Progress(0, 1)
    assert isinstance(wish.asked, PartWish)
    at = round(wish.asked.at[0]), round(wish.asked.at[1])
    return PredictedPart(*connected_part(labels.transpose(axes(wish.plane))[wish.index], at))
