"""What the run in use says of the current item: its prediction, and how far the mask agrees with it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.services.jobs import JobHandle, JobQueue, Lane
from app.services.mask_changes import AT_ONCE, Compared
from engine.labels.classes import BACKGROUND, UNLABELLED
from engine.labels.edit import Edit, Ids, Labels
from engine.labels.mask import Mask, Touched
from engine.progress import Progress, Work
from engine.project.items import Item
from engine.project.objects import ids_of_prediction, objects_by
from engine.project.project import Project
from engine.project.runs import Run, best_run
from engine.scoring.live import LiveDice
from engine.words import translatable

if TYPE_CHECKING:
    from app.services.item_loader import LoadedItem
    from app.services.project_session import ProjectSession

_IN_USE = "run in use"  # a note of the project: the run's number
_MOST_CORRECTED = (
    2**22
)  # voxels that are counted again on the window's thread, some 10 ms; more are counted anew beside it


@dataclass(frozen=True, eq=False)
class _Found:
    """A prediction, and the live Dice with it of a copy of the mask."""

    labels: Labels
    ids: Ids | None
    counted: Labels
    live: LiveDice


class Predictions(QObject):
    """The run whose predictions are shown, and the current item's prediction by it."""

    run_changed = (
        Signal()
    )  # another run is in use, or that one has another name or state; prediction_changed comes after it
    prediction_changed = Signal()  # so is the run in use, or the current item's prediction is another
    scores_changed = Signal()  # the live Dice of the current item

    def __init__(self, session: "ProjectSession", jobs: JobQueue) -> None:
        super().__init__(session)
        self._session, self._jobs = session, jobs
        self.run: Run | None = None  # in use
        self.knows: list[bool] = []  # of each class of the project whether the run in use was taught it
        self.no_class: list[str] = []  # what it knows besides, and is no class any more
        self.labels: Labels | None = None  # of the current item
        self.ids: Ids | None = None  # of its objects, where the project is one of objects or the run tells them apart
        self.live: LiveDice | None = None
        self.may_help = (
            False  # a person agreed to predictions in masks of the test set, for as long as the project is open
        )
        self._job: JobHandle | None = None  # that reads a large prediction
        self._outdated = False  # it changed while the item was being read

    # The run in use ----------------------------------------------------------------------------------------------------

    def choose_run(self) -> None:
        """A project was opened: the run that was in use there, else the best by its validation, else the last that has a model."""
        project = self._session.project
        runs = [run for run in project.runs.all() if run.bundle.exists()] if project is not None else []
        in_use = project.note(_IN_USE) if project is not None else ""
        best = best_run(runs) or (runs[-1] if runs else None)
        self.run = next((r for r in runs if in_use in (str(r.id), r.name)), best)  # a name, in projects of before
        self._read_classes()

    def _read_classes(self) -> None:
        """Which classes the run in use knows; without a run it is nobody who misses any."""
        classes = self._session.classes
        learnt = self.run.learnt(classes) if self.run is not None else []
        places = {one.place for one in learnt}
        self.knows = [self.run is None or place in places for place in range(len(classes))]
        self.no_class = [one.name for one in learnt if one.place is None]

    @property
    def unknown(self) -> frozenset[int]:
        """The values of the classes that the run in use was never taught."""
        return frozenset(value for value, known in enumerate(self.knows, start=1) if not known)

    def use_run(self, run: Run | None) -> None:
        """Show the predictions of that run."""
        same = run is not None and self.run is not None and _model(run) == _model(self.run)
        self.run = run
        if run is not None:
            self._session.set_note(_IN_USE, str(run.id))
        if not same:
            self._read_classes()
            self.labels, self.ids, self.live = None, None, None
            self.reload()
        self.run_changed.emit()
        self.prediction_changed.emit()

    def forget(self) -> None:
        """The project goes."""
        self.run, self.may_help = None, False
        self.knows, self.no_class = [], []

    # The current item's prediction -------------------------------------------------------------------------------------

    def arrived(self, item: int) -> None:
        """A prediction of the run in use was stored."""
        current = self._session.current
        if current.item is not None and item == current.item.id and self.reload():
            self.prediction_changed.emit()

    def clear(self) -> None:
        """No item is current, or another one is on its way."""
        self._drop_reading()
        self.labels, self.ids, self.live, self._outdated = None, None, None, False

    def show(self, found: "LoadedItem") -> None:
        """The current item was read with its prediction."""
        if self._outdated:
            self.reload()
        else:
            self._show(found.prediction, found.prediction_ids, found.live)

    def recount(self) -> None:
        """There are more or fewer classes now."""
        if self.run is not None and self._session.project is not None:  # it may have been told what its outputs are
            self.run = self._session.project.runs.get(self.run.id)
        self._read_classes()
        self.live = None
        self.reload()

    def reload(self) -> bool:
        """Read the prediction again: another run's, or it was made anew. A large one is read beside the window, and told when it is
        there; True where it is there already."""
        current, project = self._session.current, self._session.project
        self._outdated = current.loading  # what is under way may have passed it by: it is read again with the rest
        self._drop_reading()
        if project is None or current.item is None or self.run is None or current.mask is None:
            self.labels, self.ids, self.live = None, None, None
            return True
        mask, classes = current.mask, len(self._session.classes)
        slow = mask.ids is not None and objects_by(self.run) == "watershed"
        if mask.labels.size <= AT_ONCE and not slow:
            touched = mask.watch()
            self._take(mask, touched, _read(project, current.item, self.run.id, mask.labels, classes, current.labelled))
            return True
        work = partial(_reading, project.path, current.item, self.run.id, mask.labels, classes, current.labelled)
        done = partial(self._have_read, mask, mask.watch())
        self._job = self._jobs.start(self, Lane.ITEM, current.item.name, work, done=done)
        return False

    def _have_read(self, mask: Mask, touched: Touched, found: "_Found | None") -> None:
        if sum(math.prod(box.shape) for box in touched.boxes) > _MOST_CORRECTED:
            self.reload()
            return
        self._take(mask, touched, found)
        self.prediction_changed.emit()

    def _take(self, mask: Mask, touched: Touched, found: "_Found | None") -> None:
        """Show what was read. The mask may have been painted on while it was counted: those boxes are counted again, without the
        stroke under the pen, which is told when it has ended."""
        if found is not None:
            for box in touched.boxes:
                now = mask.settled(box)
                found.live.update(box, found.counted[box.slices], now)
                found.counted[box.slices] = now
            found.live.set_labelled(
                self._session.current.labelled
            )  # by the copy: the mask has the stroke under the pen
            found.live.hold(mask.labels)
        if found is None:
            self._show(None, None, None)
        else:
            self._show(found.labels, found.ids, found.live)

    def _show(self, labels: Labels | None, ids: Ids | None, live: LiveDice | None) -> None:
        self.labels, self.ids, self.live = labels, ids, live
        if live is not None:
            live.known = self.knows
        self.scores_changed.emit()

    def _drop_reading(self) -> None:
        if self._job is not None:
            self._job.drop()
            self._job = None

    def follow_counted(self, compared: Compared | None, live: LiveDice | None) -> None:
        """The mask took a large edit, with which `live` was counted against what was compared then."""
        current = self._session.current
        alike = compared is not None and compared[0] is self.labels and compared[1] == len(self._session.classes)
        if alike and live is not None and current.mask is not None:
            live.hold(current.mask.labels)
            live.set_labelled(current.labelled)
            self._show(self.labels, self.ids, live)
        elif self.live is not None:
            self.reload()

    def follow(self, edits: Sequence[Edit]) -> None:
        """The mask took these edits."""
        if self.live is not None:
            for edit in edits:
                self.live.apply(edit)
            self.live.set_labelled(self._session.current.labelled)
            self.scores_changed.emit()

    def copy_to_mask(self, only: int | None = None) -> None:
        """Copy the prediction (all of it, or one class) into the mask, as one edit that can be undone."""
        session, current = self._session, self._session.current
        if current.mask is None or self.labels is None or not session.writable:
            return
        if only in (BACKGROUND, UNLABELLED):  # the one is what is left, of the other no prediction knows
            return
        name: str = translatable("Prediction taken")
        if self.run is not None:
            name += f" · {self.run.name}"
        if only is not None:
            name += f" · {session.classes[only - 1].name}"
        current.replace_mask(name, self.labels, only, self.ids)


def _model(run: Run) -> tuple[int, object, str]:
    """What the run's predictions come from: they are others when it was trained on, or its objects are told apart otherwise; the same
    when it got another name."""
    return run.id, run.summary.bundle, objects_by(run)


def _read(
    project: Project, item: Item, run: int, mask: Labels, classes: int, labelled: frozenset[int]
) -> _Found | None:
    layer = project.layers.prediction(item.id, run)
    if layer is None:
        return None
    labels, counted = project.layers.read(layer, item.shape), mask.copy()
    ids = ids_of_prediction(project, layer, labels)
    return _Found(labels, ids, counted, LiveDice(counted, labels, classes, labelled))


def _reading(
    path: Path, item: Item, run: int, mask: Labels, classes: int, labelled: frozenset[int]
) -> Work[_Found | None]:
    yield Progress(0, 1, item.name)
    with Project.open(path, write=False) as project:
        return _read(project, item, run, mask, classes, labelled)
