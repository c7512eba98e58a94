"""The item being worked on: its image, its mask, painting and undo."""

import json
import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services.item_loader import ItemLoader, LoadedItem
from app.services.jobs import JobQueue
from app.services.mask_changes import AT_ONCE, MaskChanges, ReadyEdit, Refused
from app.shell.errors import user_message
from engine.errors import EngineError
from engine.imaging.glimpse import Glimpse
from engine.imaging.image import Image, Window
from engine.labels.edit import Box, Edit, Ids, Labels
from engine.labels.mask import MOST_OF_PATCH, Mask
from engine.progress import Progress
from engine.project.items import Item
from engine.project.layers import HistoryEntry, HistoryStep, Layer, PackedChange, PackedSteps, pack_edit, pack_touched

if TYPE_CHECKING:
    from app.services.project_session import ProjectSession
    from widgets.tool import FillWish

_REST = 300  # ms after a change of the items in which no other comes, before the next one is read ahead


class ItemSession(QObject):
    """The current item. Every edit of its mask goes through here: into the journal on the disk, then told by a signal."""

    item_about_to_open = Signal()  # who knows which slice of it will be shown first says so: `wanted`
    item_changed = Signal()  # another item is current; its image may still be on its way
    glimpse_came = Signal()  # the first one of the current item
    glimpse_changed = Signal()  # more of the current item's image was read: `glimpse`, `percent`
    image_changed = Signal()  # the current item's image, mask and prediction are there
    unread = Signal()  # the current item's image could not be read; why was told just before
    item_about_to_close = Signal()  # a stroke under the pen ends now
    mask_about_to_change = Signal()  # the mask, or what it is compared with: a stroke under the pen ends now
    mask_changed = Signal(object)  # Box: the mask changed there, not by the canvas's own stroke
    unseen_changed = Signal(object)  # Box: before it, where a person has not seen what changes there
    edited = Signal(object)  # Edit: the mask took it and it is on disk (a stroke, or the change of an undo or redo)
    labelled_changed = Signal()  # an edit, an undo or a redo labelled other slices than before
    history_changed = Signal()  # an edit was kept, undone or redone
    left_item_changed = Signal(int)  # a large change of an item that was left before is on disk now
    stored_mask_changed = Signal(int)  # either of both: this item's mask is another one on the disk

    def __init__(self, session: "ProjectSession", jobs: JobQueue) -> None:
        super().__init__(session)
        self._session, self._jobs = session, jobs
        self.item: Item | None = None
        self.image: Image | None = None
        self.glimpse: Glimpse | None = None  # what is there of an image that is still being read
        self.percent: int | None = None  # of the image that is read, where that is known
        self.wanted = 0  # the stored slice that will be shown first
        self.mask: Mask | None = None
        self.counts: NDArray[np.int64] = np.zeros(256, np.int64)  # voxels of each value in the mask
        self.labelled: frozenset[int] = frozenset()  # slices of the mask
        self._told: frozenset[int] = frozenset()  # as it was when it was told last
        self.unreadable = "", ""  # what happened and what to do, where the current item's image could not be read
        self.unfinished = ""  # what undo takes back before any edit, in words
        self.taken_back = ""  # what redo does again before any edit, in words
        self._layer: Layer | None = None  # of the mask, in the project
        self._history: list[HistoryEntry] | None = None  # where it was read already
        self._loader = ItemLoader(jobs, self._loaded, self._load_failed, self._seen, self)
        self._rest = QTimer(self)  # thousands of items are not looked through at every mark that one of them gets
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self._read_ahead)
        session.items_changed.connect(self._rest.start)
        self._changes: MaskChanges | None = None  # the large ones, of the mask
        self._left: dict[int, MaskChanges] = {}  # of items that were left, by item, until they are on disk

    # Which item --------------------------------------------------------------------------------------------------------

    def open(self, id: int) -> None:
        """Make an item current. Its image is read in the background; image_changed says when all is there. One that was removed while a
        row or a case of it was still shown is said, and opens nothing."""
        session, here = self._session, self.item is not None and self.item.id == id
        if session.project is None or (here and (self.image is not None or self.loading)):
            return
        try:
            item = session.project.items.get(id)
        except EngineError as fault:
            session.failed.emit(fault)
            return
        self.close()
        self.item = item
        session.set_note("item", item.name)
        self.wanted = item.shape[0] // 2
        self.item_about_to_open.emit()
        if id not in self._left:
            self._read(item)
        self.item_changed.emit()

    def _read(self, item: Item) -> None:
        session = self._session
        if session.project is not None:
            run = session.predictions.run.id if session.predictions.run is not None else None
            self._loader.start(session.project.path, item, run, len(session.classes), self.wanted)

    def wish_slice(self, number: int) -> None:
        """Of the image that is being read, this stored slice is shown next, as soon as it is there."""
        self._loader.wish(number)

    @property
    def loading(self) -> bool:
        """Whether the current item's image is still on its way."""
        return self._loader.loading or (self.item is not None and self.item.id in self._left)

    def close(self) -> None:
        """Nothing is current any more. What was painted is in the database already; large changes that were asked for get there
        by themselves, or when `finish` is called."""
        if self.item is not None:
            self.item_about_to_close.emit()
        if self._changes is not None:
            self._leave(self._changes)
        self.item, self.image, self.mask, self._layer, self._history = None, None, None, None, None
        self.glimpse, self.percent, self.unreadable = None, None, ("", "")
        self._rest.stop()
        self.counts, self.labelled = np.zeros(256, np.int64), frozenset()
        self._session.predictions.clear()
        self._loader.stop()

    def _leave(self, changes: MaskChanges) -> None:
        self._changes = None
        if not changes.busy:
            changes.deleteLater()
            return
        self._left[changes.item] = changes
        changes.ended.connect(self._left_ended)
        changes.leave()

    @Slot(int)
    def _left_ended(self, id: int) -> None:
        """All that was asked for of an item that was left is on disk: where it is current again, it is read now."""
        self._left.pop(id).deleteLater()
        if self.item is not None and self.item.id == id:
            self._read(self.item)

    def finish(self) -> None:
        """Every large change that was asked for, of this item and of those that were left, is on disk when this returns."""
        for changes in [*self._left.values(), *([self._changes] if self._changes is not None else [])]:
            changes.finish()

    def drop_left(self, ids: Collection[int]) -> None:
        """These items go for good: what was asked for of their masks is not wanted any more."""
        for id in self._left.keys() & set(ids):
            changes = self._left.pop(id)
            changes.stop()
            changes.deleteLater()

    def refresh(self) -> None:
        """Its row in the project is another now."""
        if self._session.project is not None and self.item is not None:
            self.item = self._session.project.items.get(self.item.id)

    def retry(self) -> None:
        """Read it again where its image could not be read: it may be there now."""
        if self.item is not None and self.image is None:
            id = self.item.id
            self.close()
            self.open(id)

    def reread(self, ids: Collection[int]) -> None:
        """Images of these items are shown in another way now: the open one is read again where it is among them."""
        self._loader.forget()
        if self.item is not None and self.item.id in ids:
            id = self.item.id
            self.close()
            self.open(id)

    def forget_images(self) -> None:
        """Another project came: numbers of items mean other images now."""
        self._loader.forget()

    @Slot()
    def _read_ahead(self) -> None:
        """While an item is worked on, the one that will come next is read; where another will come now, that one."""
        if self.item is None or self.image is None:
            return
        following = self._session.walk.following()
        self._loader.read_ahead(following if following is not None and following.id != self.item.id else None)

    def _seen(self, event: object) -> None:
        """More of the image was read."""
        first = False
        if isinstance(event, Glimpse):
            first = self.glimpse is None
            self.glimpse = self._in_known_range(event)
        elif isinstance(event, Progress) and event.total:
            self.percent = 100 * event.done // event.total
        if first:
            self.glimpse_came.emit()
        self.glimpse_changed.emit()

    def _in_known_range(self, glimpse: Glimpse) -> Glimpse:
        """In the grey range of the whole image, where that is known from the last time, so that it does not jump at the end."""
        if self.item is None or self._session.project is None:
            return glimpse
        known = _read_range(self._session.project.note(_range_key(self.item)))
        return glimpse if known is None else replace(glimpse, image=replace(glimpse.image, window=known))

    def _keep_range(self, item: Item, image: Image) -> None:
        if self.glimpse is not None and self.glimpse.image.window != image.window:
            self._session.set_note(_range_key(item), json.dumps([image.window.center, image.window.width]))

    def _load_failed(self, fault: BaseException) -> None:
        self.glimpse, self.percent = None, None
        self.unreadable = user_message(fault)  # not the fault: its frames may hold a network and its batch
        self._session.failed.emit(fault)
        self.unread.emit()
        self.image_changed.emit()

    def _loaded(self, found: LoadedItem) -> None:
        if self.item is not None:
            self._keep_range(self.item, found.image)
        self.glimpse, self.percent = None, None
        self.image, self._layer, self.counts, self.labelled = found.image, found.layer, found.counts, found.labelled
        self.mask, self._told = found.mask, found.labelled
        self.mask.locked = self._session.locked
        self._changes = MaskChanges(self._session, self, found.item, self.mask, self._jobs)
        self._session.predictions.show(found)
        self.image_changed.emit()
        self.history_changed.emit()
        self._read_ahead()

    # Painting ----------------------------------------------------------------------------------------------------------

    @Slot(object)
    def stroke_done(self, edit: Edit) -> None:
        """Keep a finished stroke that the mask has already taken: journal and tiles, one transaction."""
        self._keep(edit)

    def _keep(self, edit: Edit, looked_at: Collection[int] = ()) -> None:
        """`looked_at` are slices that are labelled with it, whether it changes them or not."""
        if self._session.project is None or self.item is None or self.mask is None:
            return
        if edit.empty and self.labelled.issuperset(looked_at):
            return
        if not self._record(pack_edit(self.mask, edit, looked_at)):
            self._tell_box(self.mask.revert(edit))  # what is not on disk is not shown either
            return
        self._apply_edits(edit)

    def record_edit(self, edit: Edit, looked_at: Collection[int] = ()) -> None:
        """Show and keep an edit that the mask has taken elsewhere than under the pen. `looked_at` are slices that are labelled with
        it, whether it changes them or not."""
        if not edit.empty:
            self._tell_box(edit.box)
        self._keep(edit, looked_at)

    def forget_history(self) -> None:
        """Edits were taken out of the journal."""
        self._history = None
        self.history_changed.emit()

    @property
    def changing(self) -> bool:
        """Whether a large change of the mask is under way."""
        return self._changes is not None and self._changes.busy

    def replace_mask(self, name: str, labels: Labels, only: int | None = None, ids: Ids | None = None) -> None:
        """Make the mask these labels of a prediction, or one class of them, as one edit that can be undone; a large one comes a while
        later. `ids` are the prediction's objects, which are taken over one by one."""
        self.mask_about_to_change.emit()
        if self.mask is None or self._changes is None:
            return
        if self.mask.labels.size > AT_ONCE or self._changes.busy:
            self._changes.replace_with(name, labels, only, ids)
        else:
            edit = replace(self.mask.replace_with(name, labels, only, ids=ids), by_model=True)
            self.record_edit(
                edit, range(self.mask.shape[0]) if only is None else ()
            )  # as a whole it speaks of its empty slices too

    @Slot(object)
    def fill(self, asked: "FillWish") -> None:
        """Fill an area of a large slice, a while later."""

        def work(mask: Mask) -> Edit:
            return mask.fill(asked.name, asked.plane, asked.index, asked.at, asked.value, enclosed=True)

        self.change(asked.name, work)

    def change(
        self, name: str, work: Callable[[Mask], Edit], refused: Refused | None = None, *, stays: bool = False
    ) -> None:
        """Make the edit of the mask that `work` makes, a while later: in a job, on a copy. What it refuses is told by `refused`, else
        as all that fails. `stays`: it is not brought into view."""
        self.mask_about_to_change.emit()
        if self._changes is not None:
            self._changes.change(name, work, refused, stays)

    def change_slice(
        self, name: str, work: Callable[[Mask], Edit], pixels: int, refused: Refused | None = None
    ) -> None:
        """As `change`, of so many pixels: at once where they are few."""
        self.mask_about_to_change.emit()
        if self.mask is None or self._changes is None:
            return
        if pixels > AT_ONCE or self._changes.busy:
            self._changes.change(name, work, refused)
            return
        try:
            edit = work(self.mask)
        except EngineError as fault:
            (refused or self._session.failed.emit)(fault)
        else:
            self.record_edit(edit)

    def keep_ready(self, changes: MaskChanges, ready: ReadyEdit, stays: bool = False) -> None:
        """Write what was made ready, then show it: the mask on the screen is what the disk holds. Of an item that was left, it is on
        the disk alone."""
        if changes is not self._changes:
            if self._write(changes.item, ready.packed) is not None:
                changes.mask.become(ready.box, ready.after)
                self.history_changed.emit()
                self.left_item_changed.emit(changes.item)
                self.stored_mask_changed.emit(changes.item)
            return
        if not self._record(ready.packed):
            return
        changes.mask.become(ready.box, ready.after)
        if not ready.box.empty:
            self._tell_box(ready.box, stays)
        self.counts = ready.counts
        self._session.predictions.follow_counted(ready.compared, ready.live)
        self._tell_edits(ready.changes)

    def _tell_box(self, box: Box, stays: bool = False) -> None:
        if not stays:
            self.unseen_changed.emit(box)
        self.mask_changed.emit(box)

    def _record(self, change: PackedChange) -> bool:
        """Write a change of the mask and say whether it is on disk."""
        layer = self._write(self.item.id, change) if self.item is not None else None
        if layer is None:
            return False
        self._layer, self.labelled = layer, change.labelled_after(self.labelled)
        return True

    def _write(self, item: int, change: PackedChange) -> Layer | None:
        """The mask's layer that has the change now; None where it is not on disk, which is told."""
        self._history, kept = None, list[Layer]()
        self._session.write(lambda project: kept.append(project.layers.keep(item, change)))
        return kept[0] if kept else None

    def undo(self) -> None:
        """Take the last edit of this item back."""
        self.step_history(-1)

    def redo(self) -> None:
        self.step_history(1)

    def step_history(self, steps: int) -> None:
        """Take so many edits of this item back (negative), or do so many again: all of them or none, told as one change."""
        self.mask_about_to_change.emit()
        if self._session.project is None or self._layer is None or self.mask is None or self._changes is None:
            return
        try:
            large = self._session.project.layers.patches_of_steps(self._layer, steps) * MOST_OF_PATCH > AT_ONCE
            if large or self._changes.busy:
                self._changes.step(self._session.project.path, self._layer, steps)
                return
            changes = self._session.project.layers.steps(self._layer, steps)
        except EngineError as fault:
            self._session.failed.emit(fault)
            return
        self._step_here(self.mask, changes)

    def _step_here(self, mask: Mask, steps: Sequence[HistoryStep]) -> None:
        changes = [step.change for step in steps]
        if not changes:
            return
        for change in changes:
            mask.apply(change)
        box = Box.around(change.changed_box() for change in changes)
        if not self._record(PackedSteps(tuple(steps), pack_touched(mask, changes))):
            for change in reversed(changes):  # the mask on the screen stays what the disk holds
                mask.apply(change.inverse())
            return
        if not box.empty:
            self._tell_box(box)
        self._apply_edits(*changes)

    def history(self) -> list[HistoryEntry]:
        """The current item's edits, oldest first."""
        if self._session.project is None or self._layer is None:
            return []
        if self._history is None:  # asked for by every command and panel after each stroke: read once
            self._history = self._session.project.layers.history(self._layer)
        return self._history

    @property
    def helped(self) -> bool:
        """Whether a prediction was taken over into the mask, and not taken back."""
        return any(entry.by_model and not entry.undone for entry in self.history())

    def _apply_edits(self, *edits: Edit) -> None:
        """The mask and the disk have them: what is counted follows, and who shows it hears."""
        for edit in edits:
            self.counts += edit.gained()
        self._session.predictions.follow(edits)
        self._tell_edits(edits)

    def _tell_edits(self, edits: Sequence[Edit]) -> None:
        self._history = None
        for edit in edits:
            self.edited.emit(edit)
        if edits and self.item is not None:
            self.stored_mask_changed.emit(self.item.id)
        if self.labelled != self._told:
            self._told = self.labelled
            self.labelled_changed.emit()
        self.history_changed.emit()


def _range_key(item: Item) -> str:
    return f"range {item.id}"  # numbers are never given again


def _read_range(text: str) -> Window | None:
    """None where nothing was kept, or nothing that can be read."""
    try:
        center, width = map(float, json.loads(text))
    except (ValueError, TypeError, OverflowError):
        return None
    return Window(center, width) if math.isfinite(center) and math.isfinite(width) and width > 0 else None
