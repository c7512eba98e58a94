"""What lies between painted slices, shown before it is painted."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Slot

from app.shell.context import AppContext
from app.tabs.label.bar_proposal import ClassesProposal
from app.tabs.label.proposal import MaskProposals, ProposedChange
from app.tabs.scan.view import ScanView
from engine.errors import EngineError
from engine.imaging.geometry import axes
from engine.imaging.image import Pixels
from engine.labels.edit import Edit
from engine.labels.mask import Mask
from engine.words import translatable
from widgets.text import counted, tr

_TAKE, _DROP, _CLASSES = range(3)  # answers


class FillBetween(ClassesProposal):
    """Between the slices that are painted."""

    def __init__(self, context: AppContext, scan: ScanView, proposals: MaskProposals) -> None:
        super().__init__(context, scan, proposals, "label.proposal")
        self._current.history_changed.connect(self._ask)  # other slices may be labelled now
        context.commands.connect_to("label", fill_between=self.fill)

    def fill(self) -> None:
        """Show what lies between the painted slices, of all classes; of the active one where there is nothing to fill of all."""
        if self._current.image is not None:
            self._begin()
            self._classes.begin()
            self._ask()

    @Slot()
    def _ask(self) -> None:
        image, proposal, only = self._current.image, self._proposal, self._classes.only
        if image is None or proposal is None:
            return
        name = self._named(translatable("Fill between slices"))
        _, down, across = image.geometry.spacing
        self._say_working()
        work = partial(_filled, name, self._current.labelled, (down, across), only, image.pixels)
        proposal.ask(name, work, partial(self._take, name, work))

    def _take(self, name: str, work: Callable[[Mask], Edit], _: ProposedChange) -> None:
        """Who looks at a painted slice stays there: it is the one that was painted last, beside those that are filled."""
        mask, view = self._current.mask, self._scan.canvas
        here = mask is not None and bool(mask.labels.take(view.index, axes(view.plane)[0]).any())
        self._current.change(name, work, stays=here)

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
        self.bar.ask(
            self._of_class(change.with_limits(text)), [tr("Take  Enter"), tr("Drop  Esc"), *self._classes.answers()]
        )

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


def _filled(
    name: str, painted: frozenset[int], spacing: tuple[float, float], only: int | None, pixels: Pixels, mask: Mask
) -> Edit:
    return mask.fill_between(name, painted, spacing, only, pixels)
