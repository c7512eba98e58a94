"""The mask of a painted slice carried on into the next ones, with a stop for a look: Enter takes it and goes on, Esc drops it."""

from functools import partial

import numpy as np
from PySide6.QtCore import Slot

from app.shell import settings
from app.shell.context import AppContext
from app.shell.i18n import translate_stored
from app.tabs.label.bar_proposal import ClassesProposal
from app.tabs.label.copying import laid
from app.tabs.label.proposal import MaskProposals, ProposedChange
from app.tabs.scan.view import ScanView
from engine.errors import EngineError
from engine.imaging.geometry import Plane, axes
from engine.labels.carrying import carry_on
from engine.words import stored_words, translatable
from widgets.text import counted, tr

_TAKE, _DROP, _COUNT, _CLASSES = range(4)  # answers
_MOST = 3  # slices that are carried without a look
_KEPT = "carried slices"


class CarryForward(ClassesProposal):
    """A proposal that goes on from slice to slice; what was done is said too."""

    def __init__(self, context: AppContext, scan: ScanView, proposals: MaskProposals) -> None:
        super().__init__(context, scan, proposals, "label.carrying")
        self._plane: Plane = "axial"
        self._start, self._step = 0, 1
        self._shown = -1  # from which slice what is on the screen was carried
        kept = settings.ui_state(_KEPT, "1")
        self._count = int(kept) if kept in ("1", "2", "3") else 1
        self._current.history_changed.connect(self._history_changed)
        context.session.failed.connect(self._failed)
        context.commands.connect_to("label", carry_next=lambda: self.carry(1), carry_previous=lambda: self.carry(-1))

    def carry(self, step: int) -> None:
        """Show where the mask of the open slice lies on the next one (1) or the previous (-1); where nothing is painted on it, that of
        the slice before it there."""
        canvas, mask = self._scan.canvas, self._current.mask
        if mask is None:
            return
        self._begin(declined=self._go_back, goes_on=True)
        start = canvas.index
        before = start - step
        if not mask.slice(canvas.plane, start).any() and 0 <= before < canvas.slices:
            start = before if mask.slice(canvas.plane, before).any() else start
        self._plane, self._start, self._step, self._shown = canvas.plane, start, step, -1
        self._classes.begin()
        self._ask()

    def _ask(self) -> None:
        image, proposal = self._current.image, self._proposal
        if image is None or proposal is None:
            return
        name = translatable("Carry the mask on")
        work = partial(
            carry_on,
            name=name,
            image=image,
            plane=self._plane,
            start=self._start,
            step=self._step,
            count=self._count,
            only=self._classes.only,
            looked_at=self._current.labelled,
        )
        self._say_working()
        proposal.ask(name, work, self._take)

    def _show(self, change: ProposedChange) -> None:
        slices = self._slices(change)
        if not slices:
            self._refuse(EngineError(translatable("What would be carried may not be painted over, or is locked.")))
            return
        if self._shown != self._start:  # who goes on to compare stays there
            self._shown = self._start
            self._scan.views.show_slice(self._plane, slices[-1])
        first, last, start = slices[0] + 1, slices[-1] + 1, self._start + 1
        text = counted(
            len(slices),
            translatable("Slice {first}, carried from {start}."),
            translatable("Slices {first} to {last}, carried from {start}."),
            first=first,
            last=last,
            start=start,
        )
        many = counted(self._count, translatable("1 at a time"), translatable("{count} at a time"))
        self.bar.ask(
            self._of_class(change.with_limits(text)),
            [tr("Take, go on  Enter"), tr("Drop  Esc"), many, *self._classes.answers()],
        )

    def _slices(self, change: ProposedChange) -> list[int]:
        """The slices that the mask is carried to, in their order."""
        through = axes(self._plane)[0]
        others = tuple(axis for axis in range(3) if axis != through)
        found = np.flatnonzero(change.labels.any(axis=others)).tolist()
        return found if self._step > 0 else found[::-1]

    @Slot(int)
    def _answer(self, place: int) -> None:
        proposal = self._proposal
        if proposal is None:
            return
        if proposal.change is None or place == _DROP:
            proposal.decline()
        elif place == _TAKE:
            proposal.take()
        elif place == _COUNT:
            self._count = self._count % _MOST + 1
            settings.set_ui_state(_KEPT, str(self._count))
            self._shown = -1  # another slice is the last one now
            self._ask()
        elif place == _CLASSES:
            self._classes.switch()
            self._ask()

    def _take(self, change: ProposedChange) -> None:
        """Each slice as an edit of its own, as it was shown, and on from the last one."""
        start = self._start
        self.bar.ask("", ())
        for index in self._slices(change):
            name = self._named(
                stored_words(translatable("Slice {number} carried from {start}"), number=index + 1, start=start + 1)
            )
            labels = change.labels.transpose(axes(self._plane))[index]
            self._current.change_slice(name, partial(laid, name, self._plane, index, labels), labels.size)
            self.said.emit(translate_stored(name))
            start = index
        self._start = start
        self._history_changed()

    @Slot()
    def _history_changed(self) -> None:
        """The mask has what was taken, or what is proposed is carried from what was painted anew."""
        if self._proposal is not None and (self._proposal.asking or not self._current.changing):
            self._ask()

    @Slot()
    def _failed(self) -> None:
        """Where all that was taken has come to an end and yet the mask did not change last, the last of it was refused."""
        if self._proposal is not None and not self._proposal.asking and not self._current.changing:
            self._proposal.drop()

    def _go_back(self) -> None:
        """To the slice that it was carried from: there it can be painted better, and carried once more."""
        if self._shown == self._start:
            self._scan.views.show_slice(self._plane, self._start)
