"""Edits of millions of voxels: made ready in a job on a copy of the mask, then taken by disk and mask at once, so that strokes go on.

Those of an item that was left go on in the same way, and end on the disk.

A job copies the mask while a stroke may write into it: where that happened (`Mask.watch`) what the job made is not used.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services.jobs import JobHandle, JobQueue, Lane
from app.shell.i18n import translate_stored
from engine.errors import EngineError
from engine.labels.edit import Box, Edit, Ids, Labels, Patch
from engine.labels.mask import MOST_OF_PATCH, Mask, Touched
from engine.progress import Progress, Work
from engine.project.layers import Layer, PackedChange, PackedSteps, pack_edit, pack_touched
from engine.project.project import Project
from engine.scoring.live import LiveDice
from engine.scoring.voxels import volume_histogram
from widgets.text import tr

if TYPE_CHECKING:
    from app.services.item_session import ItemSession
    from app.services.project_session import ProjectSession

Refused: TypeAlias = Callable[[EngineError], object]
"""Who asked for a change tells why it cannot be made, where the person looks."""

AT_ONCE = 32 * MOST_OF_PATCH
"""Voxels that are compared, counted and packed on the window's thread at most: measured, some 10 ms."""

_PEN = 50  # ms between two looks whether the stroke under the pen has ended: one that was given up tells nobody
_LONGEST = 60.0  # seconds that closing the project waits for what is under way

Compared: TypeAlias = tuple[Labels, int, frozenset[int]]
"""What the mask is compared with by the live Dice: a prediction, the number of classes, and the slices that are labelled."""


@dataclass(frozen=True, eq=False)
class ReadyEdit:
    """An edit, or steps of the history, of which nothing is left to do but to write and to copy. `after` is the whole mask with it."""

    changes: tuple[Edit, ...]
    box: Box
    after: Mask
    counts: NDArray[np.int64]
    compared: Compared | None
    live: LiveDice | None
    packed: PackedChange


_Make: TypeAlias = Callable[[Mask, Compared | None], Work[ReadyEdit | None]]


@dataclass(eq=False)
class _Wish:
    """What a person asked for. `rebased`: made anew around what was painted meanwhile; else it is given up then."""

    title: str
    rebased: bool
    refused: Refused | None = None
    stays: bool = False  # it is not brought into view
    asked: Touched = field(default_factory=Touched)  # since it was asked for
    make: _Make | None = None
    locked: frozenset[int] = frozenset()  # as they were when it was begun
    touched: Touched = field(default_factory=Touched)  # since it was begun
    ready: ReadyEdit | None = None
    made: bool = False


class MaskChanges(QObject):
    """The large changes of one item's mask that were asked for, one after another."""

    ended = Signal(int)  # the item: nothing is left to do of what was asked for before it was left

    def __init__(
        self, session: "ProjectSession", current: "ItemSession", item: int, mask: Mask, jobs: JobQueue
    ) -> None:
        super().__init__(current)
        self._session, self._current, self._jobs = session, current, jobs
        self.item, self.mask = item, mask
        self._left = False  # the item is no longer current
        self._wishes: deque[_Wish] = deque()
        self._job: JobHandle | None = None
        self._finishing = False
        self._pen = QTimer(self)
        self._pen.setSingleShot(True)
        self._pen.setInterval(_PEN)
        self._pen.timeout.connect(self._begin)

    @property
    def busy(self) -> bool:
        """Whether something is under way: what changes the mask otherwise than by a stroke stands in line behind it."""
        return bool(self._wishes)

    def replace_with(self, name: str, labels: Labels, only: int | None = None, ids: Ids | None = None) -> None:
        """As Mask.replace_with, with labels of a prediction and their objects. What is painted before it is there stays."""

        def make(now: Mask, compared: Compared | None) -> Work[ReadyEdit | None]:
            painted = tuple(patch for stroke in wish.asked.strokes for patch in stroke.patches)
            return _replacing(name, partial(_around, labels, ids, painted), only, wish.locked, now, compared)

        wish = _Wish(translate_stored(name), True, make=make)
        self._ask(wish)

    def change(
        self, name: str, work: Callable[[Mask], Edit], refused: Refused | None = None, stays: bool = False
    ) -> None:
        """The edit that `work` makes of the mask. Made anew where the mask is painted on before it is there. What it refuses is told
        as all that fails, or by `refused` while the item is open. `stays`: it is not brought into view."""
        rule = self.mask.paint_over

        def make(now: Mask, compared: Compared | None) -> Work[ReadyEdit | None]:
            return _changing(name, work, rule, wish.locked, now, compared)

        wish = _Wish(translate_stored(name), True, refused, stays, make=make)
        self._ask(wish)

    def step(self, path: Path, layer: Layer, steps: int) -> None:
        """So many steps in the history of the layer. Given up, and said so, where the mask is painted on before they are there."""
        title = tr("Undo") if steps < 0 else tr("Redo")
        self._ask(_Wish(title, False, make=partial(_stepping, path, layer, steps)))

    def leave(self) -> None:
        """The item is no longer current: what was asked for goes on without being shown, and `ended` says when all of it is done."""
        self._left = True

    def stop(self) -> None:
        """The item goes for good: nothing of it is wanted any more."""
        self._pen.stop()
        self._wishes.clear()
        if self._job is not None:
            self._job.drop()
            self._job = None

    def finish(self) -> None:
        """The project goes: what was asked for is done before that, here and now."""
        self._pen.stop()
        self._finishing = True
        while self._wishes:
            job, self._job = self._job, None
            if job is not None:
                job.wait(_LONGEST)  # it has begun, and is nearer to its end than a new one
                job.drop()
            wish = self._wishes[0]
            if not wish.made or self._overtaken(wish):
                self._run_here(wish)
            else:
                self._land(wish)
        self._finishing = False
        self._begin()

    def _ask(self, wish: _Wish) -> None:
        wish.asked = self.mask.watch()
        self._wishes.append(wish)
        self._begin()

    @Slot()
    def _begin(self) -> None:
        if not self._wishes and self._left and not self._finishing:
            self.ended.emit(self.item)
        if not self._wishes or self._job is not None or self._finishing:
            return
        if self.mask.painting:
            self._pen.start()
            return
        wish = self._wishes[0]
        make = self._prepare(wish)
        self._job = self._jobs.start(
            self, Lane.EDITING, wish.title, make, done=self._made, failed=self._failed, cancelled=self._cancelled
        )

    def _prepare(self, wish: _Wish) -> Callable[[], Work[None]]:
        """The wish's work on the mask as it is now."""
        mask, predictions = self.mask, self._session.predictions
        compared = None
        if not self._left and predictions.live is not None and predictions.labels is not None:
            compared = predictions.labels, len(self._session.classes), self._current.labelled
        wish.locked, wish.touched, wish.made = mask.locked, mask.watch(), False
        return partial(_working, wish, mask, compared)

    def _run_here(self, wish: _Wish) -> None:
        try:
            for _ in self._prepare(wish)():
                pass
        except Exception as fault:  # as a job's, whatever it is
            self._failed(fault)
        else:
            self._land(wish)

    def _made(self, _: None) -> None:
        self._job = None
        wish = self._wishes[0]
        if not self._overtaken(wish):
            self._land(wish)
        elif wish.rebased:
            self._begin()
        else:
            self._give_up()

    def _overtaken(self, wish: _Wish) -> bool:
        return bool(wish.touched.boxes) or (wish.rebased and wish.locked != self.mask.locked)

    def _land(self, wish: _Wish) -> None:
        self._forget_first()  # before anybody hears of it and asks for more
        if wish.ready is not None:
            self._current.keep_ready(self, wish.ready, wish.stays)
        self._begin()

    def _give_up(self) -> None:
        """The last edit is another now: steps in the history would take that back instead, and so would those that stand in line."""
        self._forget_first()
        while self._wishes and not self._wishes[0].rebased:
            self._forget_first()
        self._session.notification.emit(tr("The mask was painted on meanwhile: nothing was undone or redone."), "warn")
        self._begin()

    def _failed(self, fault: BaseException) -> None:
        refused = self._wishes[0].refused
        self._forget_first()
        if isinstance(fault, EngineError) and refused is not None and not self._left:
            refused(fault)
        else:
            self._session.failed.emit(fault)
        self._begin()

    def _cancelled(self) -> None:
        self._forget_first()
        self._begin()

    def _forget_first(self) -> None:
        self._job = None
        self._wishes.popleft()


def _working(wish: _Wish, mask: Mask, compared: Compared | None) -> Work[None]:
    assert wish.make is not None
    wish.ready = yield from wish.make(mask, compared)
    wish.made = True


def _around(labels: Labels, ids: Ids | None, painted: Sequence[Patch], now: Labels) -> tuple[Labels, Ids | None]:
    """The labels with their objects, but where something was painted, the labels that are there now, and no object: it stays."""
    if not painted:
        return labels, ids
    wanted, objects = labels.copy(), None if ids is None else ids.copy()
    for patch in painted:
        np.copyto(wanted[patch.box.slices], now[patch.box.slices], where=patch.differs)
        if objects is not None:
            np.copyto(objects[patch.box.slices], np.uint16(0), where=patch.differs)
    return wanted, objects


def _replacing(
    name: str,
    wanted: Callable[[Labels], tuple[Labels, Ids | None]],
    only: int | None,
    locked: frozenset[int],
    like: Mask,
    compared: Compared | None,
) -> Work[ReadyEdit | None]:
    yield Progress(0, 4)
    mask = like.copy()
    mask.locked = locked
    labels, ids = wanted(mask.labels)
    edit = replace(mask.replace_with(name, labels, only, ids=ids), by_model=True)
    looked_at = range(mask.shape[0]) if only is None else ()  # as a whole it speaks of its empty slices too
    if edit.empty and not looked_at:
        return None
    yield Progress(1, 4)
    packed = pack_edit(mask, edit, looked_at)
    yield Progress(2, 4)
    return _ready((edit,), mask, compared, packed)


def _changing(
    name: str,
    work: Callable[[Mask], Edit],
    rule: int,
    locked: frozenset[int],
    like: Mask,
    compared: Compared | None,
) -> Work[ReadyEdit | None]:
    yield Progress(0, 4)
    mask = like.copy()
    mask.locked, mask.paint_over = locked, rule
    edit = work(mask)
    if edit.empty:
        return None
    yield Progress(1, 4)
    packed = pack_edit(mask, edit)
    yield Progress(2, 4)
    return _ready((edit,), mask, compared, packed)


def _stepping(path: Path, layer: Layer, count: int, like: Mask, compared: Compared | None) -> Work[ReadyEdit | None]:
    yield Progress(0, 4)
    with Project.open(path, write=False) as project:
        steps = tuple(project.layers.steps(layer, count))
    if not steps:
        return None
    yield Progress(1, 4)
    mask, changes = like.copy(), tuple(step.change for step in steps)
    for change in changes:
        mask.apply(change)
    tiles = pack_touched(mask, changes)
    yield Progress(2, 4)
    return _ready(changes, mask, compared, PackedSteps(steps, tiles))


def _ready(changes: tuple[Edit, ...], after: Mask, compared: Compared | None, packed: PackedChange) -> ReadyEdit:
    box = Box.around(change.box for change in changes)
    live = None
    if compared is not None:
        prediction, classes, labelled = compared
        live = LiveDice(after.labels, prediction, classes, packed.labelled_after(labelled))
    return ReadyEdit(changes, box, after, volume_histogram(after.labels), compared, live, packed)
