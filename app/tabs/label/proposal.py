"""What an operation would change in the mask, shown over the scan before it is done: taken with Enter, dropped with Esc."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent

from app.services.jobs import JobHandle, Lane
from app.shell.context import AppContext
from app.shell.i18n import translate_stored
from app.tabs.scan.overlay import LOST
from app.tabs.scan.view import ScanView
from engine.errors import EngineError
from engine.labels.classes import BACKGROUND
from engine.labels.edit import Edit, Ids, Labels
from engine.labels.mask import EVERYTHING, Mask, Touched
from engine.progress import Progress, Work
from widgets.text import tr

_SOON = 120  # ms after what is asked for changed last: a number that is being typed is not worked on digit by digit
_TAKES = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, eq=False)
class ProposedChange:
    """The changes as Overlay.propose shows them, how many voxels they are, and on which slices. `held_back`: how many more
    there would be without locked classes and the rule what may be painted over. `ids` are the new objects, where no class changes."""

    labels: Labels
    voxels: int
    slices: tuple[int, ...]
    held_back: int = 0
    ids: Ids | None = None

    def with_limits(self, text: str) -> str:
        """What is said of the change, and that there would be more without locks and rule where that is so."""
        return f"{text} {tr('Part of it is locked, or may not be painted over.')}" if self.held_back else text


@dataclass(frozen=True, eq=False)
class _Question:
    """What `work` would do to the mask. `take` does it; without it, it is one edit of that name."""

    name: str
    work: Callable[[Mask], Edit]
    take: Callable[[ProposedChange], None] | None
    colors: Sequence[str]


class MaskProposal:
    """An asker's hold on what it proposes, until it has ended. What is said of it reaches the asker alone: `made` gets the change,
    `refused` what says why not, `declined` hears that a person does not want it, `ended` that it was taken, dropped, gave
    way to another, or went with its item."""

    def __init__(
        self,
        proposals: "MaskProposals",
        *,
        made: Callable[[ProposedChange], object],
        refused: Callable[[EngineError], object],
        ended: Callable[[], object],
        declined: Callable[[], object] | None,
        goes_on: bool,
    ) -> None:
        self._proposals = proposals
        self._made, self._refused, self._ended, self._declined = made, refused, ended, declined
        self._goes_on = goes_on
        self._question: _Question | None = None
        self.change: ProposedChange | None = None

    @property
    def active(self) -> bool:
        """Whether it is what the program proposes now."""
        return self._proposals.current is self

    @property
    def asking(self) -> bool:
        """Whether something is asked for: nothing is before the first `ask`, and after one that goes on was taken."""
        return self._question is not None

    def ask(
        self,
        name: str,
        work: Callable[[Mask], Edit],
        take: Callable[[ProposedChange], None] | None = None,
        colors: Sequence[str] = (),
    ) -> None:
        """Show what `work` would do to the mask, in place of what was asked for before; `name` is what the history will say. `take`
        does it once a person wants it; without it, it is one edit of that name. `colors` are those of the classes, where there will
        be others."""
        if self.active:
            self._question, self.change = _Question(name, work, take, colors), None
            self._proposals._work_out_anew()

    def take(self) -> None:
        """Do it."""
        if self.active:
            self._proposals._take(self)

    def decline(self) -> None:
        """A person does not want it."""
        if self.active:
            if self._declined is not None:
                self._declined()
            self.drop()

    def drop(self) -> None:
        """Propose nothing any more."""
        if self.active:
            self._proposals.drop()


class MaskProposals(QObject):
    """One proposal at a time. It is worked out anew, in a job, when the mask changes beneath it, and goes with its item."""

    def __init__(self, context: AppContext, scan: ScanView) -> None:
        super().__init__(scan)
        self._session, self._item = context.session, context.session.current
        self._jobs, self._scan = context.jobs, scan
        self._job: JobHandle | None = None
        self._touched = Touched()
        self.current: MaskProposal | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON)
        self._soon.timeout.connect(self._begin)
        self._item.history_changed.connect(self._mask_changed)
        context.session.classes_changed.connect(self._mask_changed)  # and locks
        self._item.item_about_to_close.connect(self.drop)
        if scan.phases is not None:
            scan.phases.covered.connect(self.drop)  # it is of the open item, which is not seen now
        scan.views.first.installEventFilter(self)  # which has the keyboard

    def begin(
        self,
        *,
        made: Callable[[ProposedChange], object],
        refused: Callable[[EngineError], object],
        ended: Callable[[], object],
        declined: Callable[[], object] | None = None,
        goes_on: bool = False,
    ) -> MaskProposal:
        """A proposal for the asker to ask with; the one before it ends, and so does a stroke under the pen. One that `goes_on` does not
        end when it is taken: its asker asks with it anew."""
        self._scan.canvas.end_stroke()
        self.drop()
        self.current = MaskProposal(self, made=made, refused=refused, ended=ended, declined=declined, goes_on=goes_on)
        return self.current

    @Slot()
    def drop(self) -> None:
        """Nothing is proposed any more."""
        proposal, self.current = self.current, None
        if proposal is not None:
            self._clear(proposal)
            proposal._ended()

    def _take(self, proposal: MaskProposal) -> None:
        question, change = proposal._question, proposal.change
        if proposal._goes_on:
            self._clear(proposal)
        else:
            self.drop()
        if question is None:
            return
        if question.take is None:
            self._item.change(question.name, question.work)
        elif change is not None:
            question.take(change)

    def _clear(self, proposal: MaskProposal) -> None:
        proposal._question = proposal.change = None
        self._soon.stop()
        self._forget_job()
        self._scan.overlay.propose(None)

    def _work_out_anew(self) -> None:
        """What is under way answers what is not asked any more."""
        if self._scan.phases is not None:
            self._scan.phases.halt()  # what is asked for is about the open item
        self._forget_job()
        self._soon.start()

    @Slot()
    def _mask_changed(self) -> None:
        if self.current is not None and self.current.asking:
            self._soon.start()

    @Slot()
    def _begin(self) -> None:
        mask, question = self._item.mask, self.current._question if self.current is not None else None
        self._forget_job()
        if mask is None or question is None:
            return
        self._touched = mask.watch()
        work, locked, rule = question.work, mask.locked, mask.paint_over
        self._job = self._jobs.start(
            self,
            Lane.CASE,
            translate_stored(question.name),
            lambda: _proposing(work, mask, locked, rule),
            done=self._done,
            failed=self._failed,
            brief=True,
        )

    def _forget_job(self) -> None:
        if self._job is not None:
            self._job.drop()
            self._job = None

    def _done(self, change: ProposedChange) -> None:
        self._job, proposal = None, self.current
        if proposal is None or proposal._question is None:
            return
        if self._touched.boxes:  # what it saw may be half of a stroke
            self._soon.start()
            return
        proposal.change = change
        self._scan.overlay.propose(change.labels, proposal._question.colors, change.ids)
        proposal._made(change)

    def _failed(self, fault: BaseException) -> None:
        self._job = None
        self._scan.overlay.propose(None)
        if self.current is not None and isinstance(fault, EngineError):
            self.current._refused(fault)
        else:
            self.drop()
            self._session.failed.emit(fault)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Esc over the scan are the proposal's while there is one, unless a tool has something unfinished there."""
        proposal = self.current
        if (
            proposal is None
            or not proposal.asking
            or self._scan.views.unfinished is not None
            or not isinstance(event, QKeyEvent)
            or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            return super().eventFilter(watched, event)
        key = Qt.Key(event.key())
        if key not in (*_TAKES, Qt.Key.Key_Escape):
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress:
            if key == Qt.Key.Key_Escape:
                proposal.decline()
            elif proposal.change is not None and proposal.change.voxels:  # what nobody has seen is not taken
                proposal.take()
        return True


def _proposing(work: Callable[[Mask], Edit], like: Mask, locked: frozenset[int], rule: int) -> Work[ProposedChange]:
    yield Progress(0, 3)
    mask = like.copy()
    mask.locked, mask.paint_over = locked, rule
    edit = work(mask)
    yield Progress(1, 3)
    changes, voxels, slices = np.zeros(mask.shape, np.uint8), 0, set[int]()
    for patch in edit.patches:
        differs = patch.differs
        shown = np.where(patch.new == BACKGROUND, np.uint8(LOST), patch.new)
        np.copyto(changes[patch.box.slices], shown, where=differs)
        voxels += int(np.count_nonzero(differs))
        slices.update(int(z) + patch.box.low[0] for z in np.flatnonzero(differs.any(axis=(1, 2))))
    yield Progress(2, 3)
    ids = None
    if mask.ids is not None and all((patch.old == patch.new).all() for patch in edit.patches):
        ids = np.where(changes > 0, mask.ids, np.uint16(0))
    held_back = 0
    if locked or rule != EVERYTHING:
        mask.apply(edit.inverse())
        mask.locked, mask.paint_over = frozenset(), EVERYTHING
        free = work(mask)
        wished = sum(int(np.count_nonzero(patch.differs)) for patch in free.patches)
        held_back = max(wished - voxels, 0)
    return ProposedChange(changes, voxels, tuple(sorted(slices)), held_back, ids)
