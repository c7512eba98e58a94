"""What an operation would change in the mask, shown over the scan before it is done: taken with Enter, dropped with Esc."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent

from app.services.jobs import JobHandle, Lane
from app.shell.context import AppContext
from app.tabs.scan.view import LOST, ScanView
from engine.labels.classes import BACKGROUND
from engine.labels.edit import Edit, Ids, Labels
from engine.labels.mask import EVERYTHING, Mask, Touched
from engine.progress import Progress, Work

_SOON = (
    120  # ms after the last change of what is asked for: a number that is being typed is not worked on digit by digit
)
_TAKES = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, eq=False)
class ProposedChange:
    """The changes as ScanView.set_proposal shows them, how many voxels they are, and on which slices. `held_back`: how many more
    there would be without locked classes and the rule what may be painted over. `ids` are the new objects, where no class changes."""

    labels: Labels
    voxels: int
    slices: tuple[int, ...]
    held_back: int = 0
    ids: Ids | None = None


class MaskProposal(QObject):
    """One operation at a time. It is worked out anew, in a job, when the mask changes beneath it, and goes with its item."""

    made = Signal(object)  # ProposedChange
    refused = Signal(object)  # the fault that says why not
    declined = Signal()  # a person does not want it; `ended` comes after it
    ended = Signal()  # taken, dropped, or its item is gone

    def __init__(self, context: AppContext, scan: ScanView) -> None:
        super().__init__(scan)
        self._current, self._jobs, self._scan = context.session.current, context.jobs, scan
        self._name = ""
        self._work: Callable[[Mask], Edit] = _nothing
        self._take: Callable[[ProposedChange], None] | None = None
        self._colors: Sequence[str] = ()
        self._job: JobHandle | None = None
        self._touched = Touched()
        self.active = False
        self.change: ProposedChange | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SOON)
        self._soon.timeout.connect(self._begin)
        self._current.history_changed.connect(self._mask_changed)
        context.session.classes_changed.connect(self._mask_changed)  # and locks
        self._current.item_about_to_close.connect(self.drop)
        if scan.phases is not None:
            scan.phases.covered.connect(self.drop)  # it is of the open item, which is not seen now
        scan.views.first.installEventFilter(self)  # which has the keyboard

    def ask(
        self,
        name: str,
        work: Callable[[Mask], Edit],
        take: Callable[[ProposedChange], None] | None = None,
        colors: Sequence[str] = (),
    ) -> None:
        """Show what `work` would do to the mask; `name` is what the history will say. `take` does it once a person wants it; without it
        it is one edit of that name. `colors` are those of the classes, where there will be others."""
        if self._scan.phases is not None:
            self._scan.phases.halt()  # what is asked for is about the open item
        self._name, self._work, self._take, self._colors = name, work, take, colors
        self.active, self.change = True, None
        self._soon.start()

    @Slot()
    def take(self) -> None:
        """Do it."""
        name, work, take, change, wanted = self._name, self._work, self._take, self.change, self.active
        self.drop()
        if wanted and take is None:
            self._current.change(name, work)
        elif wanted and take is not None and change is not None:
            take(change)

    @Slot()
    def decline(self) -> None:
        """A person does not want it."""
        if self.active:
            self.declined.emit()
            self.drop()

    @Slot()
    def drop(self) -> None:
        """Nothing is proposed any more."""
        if not self.active:
            return
        self._soon.stop()
        self._forget_job()
        self.active, self.change, self._work, self._take = False, None, _nothing, None
        self._scan.set_proposal(None)
        self.ended.emit()

    @Slot()
    def _mask_changed(self) -> None:
        if self.active:
            self._soon.start()

    @Slot()
    def _begin(self) -> None:
        mask = self._current.mask
        self._forget_job()
        if mask is None:
            return
        self._touched = mask.watch()
        work, locked, rule = self._work, mask.locked, mask.paint_over
        self._job = self._jobs.start(
            self,
            Lane.CASE,
            self._name,
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
        self._job = None
        if self._touched.boxes:  # what it saw may be half of a stroke
            self._soon.start()
            return
        self.change = change
        self._scan.set_proposal(change.labels, self._colors, change.ids)
        self.made.emit(change)

    def _failed(self, fault: BaseException) -> None:
        self._job = None
        self._scan.set_proposal(None)
        self.refused.emit(fault)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Esc over the scan are the proposal's while there is one, unless a tool has something unfinished there."""
        if (
            not self.active
            or self._scan.canvas.unfinished
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
                self.decline()
            elif self.change is not None and self.change.voxels:  # what nobody has seen is not taken
                self.take()
        return True


def _nothing(mask: Mask) -> Edit:
    return Edit("", ())


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
