"""What lies between painted slices, shown before it is painted."""

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from app.shell.context import AppContext
from app.tabs.label.class_choice import ClassChoice
from app.tabs.label.proposal import MaskProposal, MaskProposals, ProposedChange
from app.tabs.scan.view import ScanView
from engine.errors import EngineError
from engine.imaging.image import Pixels
from engine.labels.edit import Edit
from engine.labels.mask import Mask
from engine.words import translatable
from widgets.question_bar import QuestionBar
from widgets.text import counted, tr

_TAKE, _DROP, _CLASSES = range(3)  # answers


class FillBetween(QObject):
    """A proposal for all classes, or for one. `said(text)`: why not, for the pointer."""

    said = Signal(str)

    def __init__(self, context: AppContext, scan: ScanView, proposals: MaskProposals) -> None:
        super().__init__(scan)
        self._current, self._scan, self._proposals = context.session.current, scan, proposals
        self._proposal: MaskProposal | None = None
        self._classes = ClassChoice(context.session)
        self.bar = QuestionBar("label.proposal", scan.views.first)
        self.bar.answered.connect(self._answer)
        self._current.history_changed.connect(self._ask)  # other slices may be labelled now
        context.commands.connect_to("label", fill_between=self.fill)

    def fill(self) -> None:
        """Show what lies between the painted slices, of all classes; of the active one where there is nothing to fill of all."""
        if self._current.image is not None:
            self._proposal = self._proposals.begin(made=self._show, refused=self._refuse, ended=self._end)
            self._classes.begin()
            self._ask()

    @Slot()
    def _ask(self) -> None:
        image, proposal, only = self._current.image, self._proposal, self._classes.only
        if image is None or proposal is None:
            return
        name = tr("Fill between slices")
        if only is not None:
            name = f"{name} · {self._scan.canvas.context.class_name(only)}"
        _, down, across = image.geometry.spacing
        self.bar.ask(tr("Working it out…"), [tr("Drop  Esc")])
        proposal.ask(name, partial(_filled, name, self._current.labelled, (down, across), only, image.pixels))

    def _show(self, change: ProposedChange) -> None:
        if not change.voxels:
            self._refuse(EngineError(translatable("What lies between may not be painted over, or is locked.")))
            return
        first, last = change.slices[0] + 1, change.slices[-1] + 1
        text = counted(
            len(change.slices),
            translatable("Fills slice {first}."),
            translatable("Fills {count} slices, {first} to {last}."),
            first=first,
            last=last,
        )
        self.bar.ask(change.with_limits(text), [tr("Take  Enter"), tr("Drop  Esc"), *self._classes.answers()])

    def _refuse(self, fault: EngineError) -> None:
        if self._classes.fall_back(fault):
            self._ask()
        else:
            self._proposals.drop()
            self.said.emit(self._classes.reason(fault))

    @Slot(int)
    def _answer(self, place: int) -> None:
        proposal = self._proposal
        if proposal is None:
            return
        if place == _TAKE and proposal.change is not None:
            proposal.take()
        elif place == _CLASSES:
            self._classes.switch()
            self._ask()
        else:
            proposal.drop()

    def _end(self) -> None:
        self._proposal = None
        self.bar.ask("", ())


def _filled(
    name: str, painted: frozenset[int], spacing: tuple[float, float], only: int | None, pixels: Pixels, mask: Mask
) -> Edit:
    return mask.fill_between(name, painted, spacing, only, pixels)
