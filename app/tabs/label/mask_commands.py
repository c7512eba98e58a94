"""Commands on whole slices of the mask: copy and paste, fill between painted ones; what they would do is shown first."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.shell.context import AppContext
from app.tabs.label.proposal import MaskProposal, MaskProposals, ProposedChange
from app.tabs.scan.view import ScanView
from engine.errors import EngineError
from engine.imaging.geometry import Plane
from engine.imaging.image import Pixels
from engine.labels.classes import BACKGROUND
from engine.labels.edit import Edit, Labels
from engine.labels.mask import Mask
from engine.words import translatable
from widgets.question_bar import QuestionBar
from widgets.text import counted, tr
from widgets.tool_host import ChangeWish

IDS = (
    "copy_to_next",
    "copy_to_previous",
    "copy_slice",
    "paste_slice",
    "carry_next",
    "carry_previous",
    "fill_between",
    "grow_seeds",
    "carry_outline",
    "clean_up",
)
"""The commands, in the order of their menu."""


class MaskCommands(QObject):
    """`said(text)`: what was done, or why not, for the pointer."""

    said = Signal(str)

    def __init__(self, context: AppContext, scan: ScanView, proposals: MaskProposals) -> None:
        super().__init__(scan)
        self._session, self._current, self._scan = context.session, context.session.current, scan
        self._copied: tuple[Plane, Labels] | None = None
        self._proposals = proposals
        self._fill: MaskProposal | None = None  # between slices
        self.bar = QuestionBar("label.proposal", scan.views.first)
        self._only: int | None = None  # the one class that is filled between slices
        self._first_fault: EngineError | None = None  # why not all classes can be
        self.bar.answered.connect(self._answer)
        scan.views.first.change_asked.connect(self._change)
        self._current.history_changed.connect(self._history_changed)
        self._session.project_changed.connect(self._forget_copy)
        context.commands.connect_to(
            "label",
            copy_to_next=lambda: self._copy_on(1),
            copy_to_previous=lambda: self._copy_on(-1),
            copy_slice=self._copy,
            paste_slice=self._paste,
            fill_between=self.fill_between,
        )

    # Slices ------------------------------------------------------------------------------------------------------------

    def _slice(self) -> Labels | None:
        """The mask of the open slice, a stroke under the pen ended; None, and said, where nothing is painted on it."""
        canvas, mask = self._scan.canvas, self._current.mask
        canvas.end_stroke()
        if mask is None:
            return None
        labels = mask.slice(canvas.plane, canvas.index)
        if not labels.any():
            self.said.emit(tr("Nothing is painted on this slice."))
            return None
        return labels.copy()

    def _copy_on(self, step: int) -> None:
        """The open slice's mask on the next one as well (1) or the previous (-1), and there."""
        canvas = self._scan.canvas
        index = canvas.index + step
        if not 0 <= index < canvas.slices:
            self.said.emit(tr("This is the last slice.") if step > 0 else tr("This is the first slice."))
            return
        labels = self._slice()
        if labels is not None:
            canvas.set_slice(index)
            self._lay(labels, canvas.plane, index, tr("Copy of slice {number}", number=index - step + 1))

    def _copy(self) -> None:
        labels, canvas = self._slice(), self._scan.canvas
        if labels is not None:
            self._copied = canvas.plane, labels
            self.said.emit(tr("The mask of this slice is copied: Ctrl+V pastes it on another."))

    def _paste(self) -> None:
        canvas, mask = self._scan.canvas, self._current.mask
        if mask is None:
            return
        if self._copied is None:
            self.said.emit(tr("No slice was copied yet: Ctrl+C copies the mask of the one that is open."))
            return
        plane, labels = self._copied
        if plane != canvas.plane or labels.shape != mask.slice(plane, canvas.index).shape:
            self.said.emit(tr("The slice that was copied has another size than this one."))
            return
        self._lay(labels, plane, canvas.index, tr("Pasted slice"))

    def _lay(self, labels: Labels, plane: Plane, index: int, name: str) -> None:
        mask, place = self._current.mask, self._scan.canvas.context.place
        if mask is None:
            return
        title = f"{name} · {place}" if place else name
        now = mask.slice(plane, index)
        if (now == labels)[labels != BACKGROUND].all():
            self.said.emit(tr("This slice holds it already."))
            return
        self._current.change_slice(title, partial(laid, title, plane, index, labels), labels.size)

    @Slot()
    def _forget_copy(self) -> None:
        self._copied = None

    @Slot(object)
    def _change(self, asked: ChangeWish) -> None:
        self._current.change(asked.name, asked.work)

    # Between slices ----------------------------------------------------------------------------------------------------

    def fill_between(self) -> None:
        """Show what lies between the painted slices, of all classes; of the active one where there is nothing to fill of all."""
        if self._current.image is not None:
            self._fill = self._proposals.begin(made=self._show_fill, refused=self._refuse_fill, ended=self._end)
            self._only, self._first_fault = None, None
            self._ask_fill()

    def _ask_fill(self) -> None:
        image, fill = self._current.image, self._fill
        if image is None or fill is None:
            return
        name = tr("Fill between slices")
        if self._only is not None:
            name = f"{name} · {self._class_name(self._only)}"
        _, down, across = image.geometry.spacing
        self.bar.ask(tr("Working it out…"), [tr("Drop  Esc")])
        fill.ask(name, partial(_filled, name, self._current.labelled, (down, across), self._only, image.pixels))

    def _show_fill(self, change: ProposedChange) -> None:
        if not change.voxels:
            self._refuse_fill(EngineError(translatable("What lies between may not be painted over, or is locked.")))
            return
        first, last = change.slices[0] + 1, change.slices[-1] + 1
        text = counted(
            len(change.slices),
            translatable("Fills slice {first}."),
            translatable("Fills {count} slices, {first} to {last}."),
            first=first,
            last=last,
        )
        if change.held_back:
            text = f"{text} {tr('Part of it is locked, or may not be painted over.')}"
        answers = [tr("Take  Enter"), tr("Drop  Esc")]
        if self._only is not None and self._first_fault is None:
            answers.append(tr("All classes"))
        elif self._only is None and self._session.active_class:
            answers.append(tr("Only {name}", name=self._class_name(self._session.active_class)))
        self.bar.ask(text, answers)

    def _refuse_fill(self, fault: BaseException) -> None:
        if isinstance(fault, EngineError) and self._only is None and self._session.active_class:
            self._first_fault, self._only = fault, self._session.active_class  # painted class by class
            self._ask_fill()
            return
        fault = self._first_fault or fault
        self._proposals.drop()
        if isinstance(fault, EngineError):
            self.said.emit(tr(fault.message, **fault.values))
        else:
            self._session.failed.emit(fault)

    @Slot(int)
    def _answer(self, place: int) -> None:
        if self._fill is None:
            return
        if place == 0 and self._fill.change is not None:
            self._fill.take()
        elif place == 2:
            self._only = self._session.active_class if self._only is None else None
            self._ask_fill()
        else:
            self._fill.drop()

    def _end(self) -> None:
        self._fill = None
        self.bar.ask("", ())

    @Slot()
    def _history_changed(self) -> None:
        if self._fill is not None:  # other slices may be labelled now
            self._ask_fill()

    def _class_name(self, value: int) -> str:
        return self._scan.canvas.context.class_name(value)


def laid(name: str, plane: Plane, index: int, labels: Labels, mask: Mask) -> Edit:
    """The labels of a slice painted over that slice. Raises EngineError where nothing of them may be."""
    edit = mask.lay_over(name, plane, index, labels)
    if edit.empty:
        raise EngineError(
            translatable("Nothing was copied: what it would change is locked, or may not be painted over.")
        )
    return edit


def _filled(
    name: str, painted: frozenset[int], spacing: tuple[float, float], only: int | None, pixels: Pixels, mask: Mask
) -> Edit:
    return mask.fill_between(name, painted, spacing, only, pixels)
