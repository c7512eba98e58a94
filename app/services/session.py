"""The open project and what is being worked on in it: item, image, mask, prediction. The only writer; one signal per kind of change."""

import logging
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from app.services.item_loader import ItemLoader, LoadedItem, histogram
from app.services.jobs import Job, JobQueue
from app.shell import settings
from app.shell.i18n import translate_notice
from engine.config import Split, Task
from engine.errors import EngineError, ProjectLocked
from engine.imaging.image import Image
from engine.imaging.scan import Refused
from engine.labels.classes import LabelClass
from engine.labels.edit import Box, Edit, Labels
from engine.labels.mask import Mask
from engine.progress import Notice, Work
from engine.project.importing import Imported, ImportPlan, import_images
from engine.project.items import Item, State
from engine.project.layers import HistoryEntry, Layer
from engine.project.project import Project
from engine.project.runs import Run
from engine.project.splits import divide_new
from engine.scoring.live import LiveDice
from widgets.text import tr

_log = logging.getLogger(__name__)

LOCKED, HIDDEN = "locked classes", "hidden classes"  # notes of the project


@dataclass(frozen=True)
class Division:
    """How new items come into the sets: shares of train, val and test in percent, and the seed of the draw."""

    ratios: tuple[int, int, int]
    seed: int


class Session(QObject):
    """What the window works on. Widgets read its attributes; every change goes through its methods and is told by a signal."""

    project_changed = Signal()  # another project, or none
    items_changed = Signal()  # items came, went, or changed their set, state, class or patient
    classes_changed = Signal()
    closing = Signal()  # the project is about to go: who has something to keep in it does so now
    leaving = Signal()  # the current item is about to go: a stroke under the pen ends now
    settling = Signal()  # its mask, or what that is compared with, is about to change: a stroke under the pen ends now
    item_changed = Signal()  # another item is current; its image may still be on its way
    image_changed = Signal()  # the current item's image, mask and prediction are there
    mask_changed = Signal(object)  # Box: the mask changed there, not by the canvas's own stroke
    edited = Signal(object)  # Edit: the mask took it and it is on disk (a stroke, or the change of an undo or redo)
    history_changed = Signal()  # an edit was kept, undone or redone
    prediction_changed = Signal()  # the current item's prediction layer
    scores_changed = Signal()  # the live Dice of the current item
    found = Signal()  # images that were missing were found again
    imported = Signal(object)  # Imported: an import ended; None where it failed or was stopped
    saved = Signal(bool)  # True: the database has it; False: it does not
    told = Signal(str, str)  # text, kind "info", "good", "warn" or "bad": what the window's strip shows
    failed = Signal(object)  # an exception to be shown

    def __init__(self, jobs: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.jobs = jobs
        self.project: Project | None = None
        self.item: Item | None = None
        self.image: Image | None = None
        self.mask: Mask | None = None
        self.prediction: Labels | None = None
        self.live: LiveDice | None = None
        self.labelled: frozenset[int] = frozenset()  # slices of the current item's mask
        self.counts: NDArray[np.int64] = np.zeros(256, np.int64)  # voxels of each value in the mask
        self.run: Run | None = None  # whose predictions are shown
        self.active_class = 1  # value that tools paint
        self._layer: Layer | None = None
        self._entries: list[HistoryEntry] | None = None  # its history, where it was read already
        self._classes: tuple[LabelClass, ...] = ()
        self._task: Task | None = None
        self._items: list[Item] | None = None  # as the project has them, until they change
        self._reading = ItemLoader(jobs, self._show, self._not_read, self)
        self._outdated = False  # the prediction changed while the item is being read
        self._locked: frozenset[int] = frozenset()
        self.refused: tuple[Refused, ...] = ()  # by the last import into the open project
        self._imports: dict[Job, tuple[Division | None, tuple[Refused, ...]]] = {}  # into the open project
        self._noticed: list[str] = []  # what the import under way had to say

    # The project -------------------------------------------------------------------------------------------------------

    def open_project(self, path: Path) -> None:
        """Open a project; one that somebody else writes is opened to read, and that is said. Raises EngineError."""
        try:
            project = Project.open(path)
        except ProjectLocked as fault:
            project = Project.open(path, write=False)
            if self.project is not None and self.writable and os.path.samefile(project.path, self.project.path):
                project.close()  # it is here that it is open for writing
                return
            self.told.emit(tr(fault.message, **fault.values) + " " + tr("It was opened to read only."), "warn")
        self._take_project(project)

    def new_project(self, path: Path, task: Task, classes: Sequence[LabelClass]) -> None:
        self._take_project(Project.create(path, task, classes))

    def close_project(self) -> None:
        if self.project is not None:
            self.closing.emit()
        self.leave_item()
        imports, self._imports = self._imports, {}
        for job in imports:
            self.jobs.cancel(job)
        if self.project is not None:
            self.project.close()
        self.project, self.run, self._items, self.refused = None, None, None, ()
        self._classes, self._task, self._locked = (), None, frozenset()
        self._reading.forget()
        self.project_changed.emit()

    def _take_project(self, project: Project) -> None:
        self.close_project()
        self.project = project
        self._classes, self._task = project.classes, project.task
        self.active_class, self._locked = 1, self.kept_classes(LOCKED)
        runs = [run for run in project.runs.all() if run.bundle.exists()]
        in_use = project.note("run in use")
        self.run = next((r for r in runs if r.name == in_use), runs[-1] if runs else None)
        settings.remember_project(project.path)
        self.project_changed.emit()
        self._tell_items(self._items)
        items = self.items()
        last = project.note("item")
        if items:
            self.open_item(next((i.id for i in items if i.name == last), items[0].id))

    @property
    def writable(self) -> bool:
        return self.project is not None and self.project.writable

    @property
    def classes(self) -> tuple[LabelClass, ...]:
        return self._classes

    @property
    def task(self) -> Task | None:
        return self._task

    def set_classes(self, classes: Sequence[LabelClass]) -> None:
        """Rename, recolour or add classes."""
        self.settling.emit()
        before = len(self._classes)
        if self.project is not None and self._write(lambda project: project.set_classes(classes)):
            self._classes = self.project.classes
            if len(self._classes) != before:
                self._load_prediction()  # the live Dice counts the new classes too
                self._entries = None  # what was painted with a removed class is forgotten
                self.history_changed.emit()
            self.classes_changed.emit()

    def set_note(self, key: str, text: str) -> None:
        """Keep a small text with the project; a project that is read only keeps none."""
        if self.writable:
            self._write(lambda project: project.set_note(key, text))

    def lock_classes(self, values: frozenset[int]) -> None:
        """Classes (mask values) that painting leaves alone; kept with the project."""
        self._locked = values
        self.keep_classes(LOCKED, values)
        if self.mask is not None:
            self.mask.locked = values

    @property
    def locked(self) -> frozenset[int]:
        return self._locked

    def kept_classes(self, key: str) -> frozenset[int]:
        """The classes (mask values) that were kept with the project under that key."""
        words = self.project.note(key).split() if self.project is not None else []
        return frozenset(int(word) for word in words if word.isdecimal() and 0 < int(word) <= len(self._classes))

    def keep_classes(self, key: str, values: frozenset[int]) -> None:
        self.set_note(key, " ".join(map(str, sorted(values))))

    def pick_class(self, value: int) -> None:
        if 0 <= value <= len(self.classes):
            self.active_class = value
            self.classes_changed.emit()

    # Items -------------------------------------------------------------------------------------------------------------

    def items(self) -> list[Item]:
        """All items, read once between two changes: every tab asks, and thousands take a tenth of a second."""
        if self.project is None:
            return []
        if self._items is None:
            self._items = self.project.items.all()
        return list(self._items)

    def import_images(
        self, plan: ImportPlan, division: Division | None = None, refused: Sequence[Refused] = ()
    ) -> None:
        """Bring images in, in the background; items_changed, imported and told at the end.

        `division` puts the new items into sets then; `refused` are files that were refused when they were looked at.
        """
        if self.project is None:
            return
        project = self.project
        self._noticed.clear()
        self.refused = ()
        job = self.jobs.add(
            "data",
            tr("Importing"),
            lambda: _importing(project.path, plan),
            self._imported,
            self._not_imported,
            self._import_event,
            self._import_stopped,
        )
        self._imports[job] = division, tuple(refused)

    @property
    def importing(self) -> bool:
        return bool(self._imports)

    def cancel_imports(self) -> None:
        """Stop what comes into the open project; what was added so far stays."""
        for job in list(self._imports):
            self.jobs.cancel(job)

    @Slot(object)
    def _imported(self, done: Imported) -> None:
        wish = self._import_over()
        if wish is None:  # what came into a project that was left says nothing about this one's items
            self.imported.emit(None)
            return
        division, before = wish
        self.refused = (*before, *done.refused)
        self._tell_items()
        if division is not None and done.added:
            new, (train, val, test) = {item.id for item in done.added}, division.ratios
            self.set_splits(divide_new(self.items(), new, (train / 100, val / 100, test / 100), division.seed))
        added, refused = len(done.added), len(done.refused)
        text = tr("1 item added.") if added == 1 else tr("{count} items added.", count=added)
        if refused:
            text += " " + (tr("1 was not read.") if refused == 1 else tr("{count} were not read.", count=refused))
        self.told.emit(" ".join([text, *self._noticed]), "warn" if done.refused or self._noticed else "good")
        self.imported.emit(done)

    @Slot(object)
    def _not_imported(self, fault: BaseException) -> None:
        if self.sender() in self._imports:
            self._failed(fault)
        self._import_stopped()

    @Slot()
    def _import_stopped(self) -> None:
        self._import_over()
        self._tell_items()  # what came in before the end has stayed
        self.imported.emit(None)

    def _import_over(self) -> tuple[Division | None, tuple[Refused, ...]] | None:
        """What was to come after the import that ended; None where it was into a project that was left."""
        job = self.sender()
        return self._imports.pop(job, None) if isinstance(job, Job) else None

    @Slot(object)
    def _import_event(self, event: object) -> None:
        if isinstance(event, Notice):
            self._noticed.append(translate_notice(event))

    def set_splits(self, splits: Mapping[int, Split]) -> None:
        if self._write(lambda project: project.items.set_splits(splits)):
            self._tell_items()

    def set_labels(self, labels: Mapping[int, int | None]) -> None:
        """Classes of whole images (classification); None takes the class away."""
        if self._write(lambda project: project.items.set_labels(labels)):
            self._refresh_item({i.id: replace(i, label=labels[i.id]) for i in self.items() if i.id in labels})

    def set_state(self, id: int, state: State, comment: str = "") -> None:
        """`comment` is the reason, in one line."""
        if self._write(lambda project: project.items.set_state(id, state, comment)):
            self._refresh_item({i.id: replace(i, state=state, comment=comment) for i in self.items() if i.id == id})

    def remove_items(self, ids: Sequence[int]) -> None:
        gone = self.item is not None and self.item.id in ids
        if gone:
            self.leave_item()
        if self._write(lambda project: project.items.remove(ids)):
            self._tell_items()
        if gone:
            self.item_changed.emit()
            self.image_changed.emit()

    def find_moved(self, folder: Path) -> None:
        """Look for images that are no longer where they were, in the background; told at the end."""
        if self.project is not None:
            path = self.project.path
            self.jobs.add(
                "data", tr("Looking for moved images"), lambda: _looking(path, folder), self._looked, self._failed
            )

    @Slot(object)
    def _looked(self, done: tuple[Path, int, int]) -> None:
        path, found, left = done
        if self.project is None or path != self.project.path:
            return
        self._tell_items()
        text = tr("Found again: {found}. Still missing: {left}.", found=found, left=left)
        self.told.emit(text, "warn" if left else "good")
        if found:
            self.found.emit()
        if found and self.item is not None and self.image is None:
            id = self.item.id
            self.leave_item()
            self.open_item(id)

    def _refresh_item(self, changed: Mapping[int, Item]) -> None:
        """These items are others now; the current one may be among them."""
        if self.project is not None and self.item is not None:
            self.item = self.project.items.get(self.item.id)
        self._tell_items([changed.get(item.id, item) for item in self.items()])

    def _tell_items(self, items: list[Item] | None = None) -> None:
        """`items` are all of them as they are now; without, they are read again when somebody asks."""
        self._items = items
        self.items_changed.emit()

    # The current item --------------------------------------------------------------------------------------------------

    def open_item(self, id: int) -> None:
        """Make an item current. Its image is read in the background; image_changed says when all is there."""
        here = self.item is not None and self.item.id == id
        if self.project is None or (here and (self.image is not None or self.reading)):
            return
        item = self.project.items.get(id)
        self.leave_item()
        self.item = item
        if self.writable:
            self._write(lambda project: project.set_note("item", item.name))
        self._outdated = False
        self._reading.start(self.project.path, item, self.run.id if self.run is not None else None, len(self._classes))
        self.item_changed.emit()

    @property
    def reading(self) -> bool:
        """Whether the current item's image is still on its way."""
        return self._reading.under_way

    def leave_item(self) -> None:
        """Nothing is current any more; what was painted is in the database already."""
        if self.item is not None:
            self.leaving.emit()
        self.item, self.image, self.mask, self.prediction, self.live, self._layer = None, None, None, None, None, None
        self._entries = None
        self.counts, self.labelled = np.zeros(256, np.int64), frozenset()
        self._reading.stop()

    def step_item(self, step: int, *, todo: bool = False, among: Sequence[int] = ()) -> None:
        """Go to the next (1) or previous (-1) item, or to the next that is still to do, in the order of the list `among` where it
        holds any, else of the project."""
        by_id = {item.id: item for item in self.items()}
        items = [by_id[id] for id in among if id in by_id] or list(by_id.values())
        if not items:
            return
        ids = [i.id for i in items]
        at = ids.index(self.item.id) if self.item is not None and self.item.id in ids else min(-step, 0)
        order = [items[(at + step * n) % len(items)] for n in range(1, len(items) + 1)]
        if todo:
            order = [i for i in order if i.state == "todo"]
        if order:
            self.open_item(order[0].id)

    def _not_read(self, fault: BaseException) -> None:
        self._failed(fault)
        self.image_changed.emit()

    def _show(self, found: LoadedItem) -> None:
        self.image, self._layer, self.counts, self.labelled = found.image, found.layer, found.counts, found.labelled
        self.mask = Mask(found.labels)
        self.mask.locked = self._locked
        if self._outdated:
            self._load_prediction()
        else:
            self.prediction, self.live = found.prediction, found.live
            self.scores_changed.emit()
        self.image_changed.emit()
        self.history_changed.emit()

    # Painting ----------------------------------------------------------------------------------------------------------

    @Slot(object)
    def stroke_done(self, edit: Edit) -> None:
        """Keep a finished stroke that the mask has already taken: journal and tiles, one transaction."""
        self._keep(edit)

    def _keep(self, edit: Edit, looked_at: Collection[int] = ()) -> None:
        """`looked_at` are slices that are labelled with it, whether it changes them or not."""
        if self.project is None or self.item is None or self.mask is None:
            return
        if edit.empty and self.labelled.issuperset(looked_at):
            return
        mask, item = self.mask, self.item

        def keep(project: Project) -> None:
            # One transaction: a stroke that is refused leaves no empty mask behind, which would be trained on
            with project.transaction():
                layer = self._layer or project.layers.make(item.id)
                project.layers.record(layer, mask, edit, looked_at)
            self._layer = layer

        if not self._write(keep):
            self.mask_changed.emit(mask.apply(edit.inverse()))  # what is not on disk is not shown either
            return
        self._after(edit)

    def keep_edit(self, edit: Edit) -> None:
        """Show and keep an edit that the mask has taken elsewhere than under the pen."""
        self._show_and_keep(edit)

    def _show_and_keep(self, edit: Edit, looked_at: Collection[int] = ()) -> None:
        if not edit.empty:
            self.mask_changed.emit(edit.box)
        self._keep(edit, looked_at)

    def undo(self) -> None:
        """Take the last edit of this item back."""
        self.turn(-1)

    def redo(self) -> None:
        self.turn(1)

    def turn(self, steps: int) -> None:
        """Take so many edits of this item back (negative), or do so many again: all of them or none, told as one change."""
        self.settling.emit()
        if self.project is None or self._layer is None or self.mask is None:
            return
        mask, layer = self.mask, self._layer
        done: list[Edit] = []

        def go(project: Project) -> None:
            try:
                with project.transaction():
                    for _ in range(abs(steps)):
                        change = project.layers.undo(layer, mask) if steps < 0 else project.layers.redo(layer, mask)
                        if change is not None:
                            done.append(change)
            except BaseException:  # the mask on the screen stays what the disk holds
                for change in reversed(done):
                    mask.apply(change.inverse())
                raise

        if self._write(go) and done:
            box = reduce(Box.union, (change.box for change in done))
            if not box.empty:
                self.mask_changed.emit(box)
            self._after(*done)

    def history(self) -> list[HistoryEntry]:
        """The current item's edits, oldest first."""
        if self.project is None or self._layer is None:
            return []
        if self._entries is None:  # asked for by every command and panel after each stroke: read once
            self._entries = self.project.layers.history(self._layer)
        return self._entries

    def use_prediction(self, only: int | None = None) -> None:
        """Copy the prediction (all of it, or one class) into the mask, as one edit that can be undone."""
        self.settling.emit()
        if self.mask is None or self.prediction is None or not self.writable or only == 0:  # background is what is left
            return
        name = tr("Prediction taken")
        if self.run is not None:
            name += f" · {self.run.name}"
        if only is not None:
            name += f" · {self.classes[only - 1].name}"
        edit = self.mask.replace_with(name, self.prediction, only)
        # as a whole it speaks of its empty slices too
        self._show_and_keep(edit, range(self.mask.shape[0]) if only is None else ())

    def _after(self, *edits: Edit) -> None:
        self._entries = None
        for edit in edits:
            for patch in edit.patches:
                self.counts += histogram(patch.new) - histogram(patch.old)
            if self.live is not None:
                self.live.apply(edit)
            self.edited.emit(edit)
        if self.project is not None and self.item is not None:
            self.labelled = self.project.layers.labelled(self.item.id)
        if self.live is not None:
            self.live.set_labelled(self.labelled)
            self.scores_changed.emit()
        self.history_changed.emit()

    # Predictions -------------------------------------------------------------------------------------------------------

    def use_run(self, run: Run | None) -> None:
        """Show the predictions of that run."""
        self.settling.emit()
        same = run is not None and self.run is not None and _model(run) == _model(self.run)
        self.run = run
        if run is not None and self.writable:
            self._write(lambda project: project.set_note("run in use", run.name))
        if not same:
            self._load_prediction()
        self.prediction_changed.emit()

    def prediction_arrived(self, item: int) -> None:
        """A prediction of the run in use was stored."""
        if self.item is not None and item == self.item.id:
            self.settling.emit()
            self._load_prediction()
            self.prediction_changed.emit()

    def _load_prediction(self) -> None:
        self._outdated = self.reading  # what is under way may have passed it by: it is read again with the rest
        self.prediction, self.live = None, None
        if self.project is None or self.item is None or self.run is None or self.mask is None:
            return
        layer = self.project.layers.prediction(self.item.id, self.run.id)
        if layer is not None:
            self.prediction = self.project.layers.read(layer, self.item.shape)
            self.live = LiveDice(self.mask.labels, self.prediction, len(self._classes), self.labelled)
        self.scores_changed.emit()

    # Writing -----------------------------------------------------------------------------------------------------------

    def _write(self, change: Any) -> bool:
        """Do a change of the project and say whether it is on disk."""
        if self.project is None:
            return False
        try:
            change(self.project)
        except EngineError as fault:
            self.saved.emit(False)
            self.failed.emit(fault)
            return False
        self.saved.emit(True)
        return True

    @Slot(object)
    def _failed(self, fault: BaseException) -> None:
        self.failed.emit(fault)


def _model(run: Run) -> tuple[int, object]:
    """What the run's predictions come from: they are others when it was trained on, the same when it got another name."""
    return run.id, run.summary.get("bundle")


# Jobs write through a connection of their own, since SQLite's may not cross threads


def _looking(path: Path, folder: Path) -> Work[tuple[Path, int, int]]:
    with Project.join(path) as project:
        found = yield from project.items.find_moved(folder)
        return path, found, len(project.items.missing())


def _importing(path: Path, plan: ImportPlan) -> Work[Imported]:
    with Project.join(path) as project:
        return (yield from import_images(project, plan))
