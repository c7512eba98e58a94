"""The open project: its classes, items and notes. The only writer; one signal a kind of change."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.services.assignments import Assignments
from app.services.item_session import ItemSession
from app.services.item_walk import ItemWalk
from app.services.jobs import JobHandle, JobQueue, Lane
from app.services.predictions import Predictions
from app.shell import settings
from app.shell.i18n import translate_notice
from engine.config import Task
from engine.errors import EngineError, ProjectLocked
from engine.imaging.scan import Refused
from engine.labels.classes import BACKGROUND, UNLABELLED, LabelClass
from engine.natural_order import natural
from engine.progress import Notice, Work
from engine.project.class_removal import ClassUse, class_use, remove_class
from engine.project.items import Difficulty, Item, State
from engine.project.project import Project
from engine.project.rereading import ReadAgain, read_again
from widgets.text import tr

if TYPE_CHECKING:
    from engine.project.importing import Imported, ImportPlan

_PAUSE = 3000  # ms without a change: then the disk has time for the log

LOCKED, HIDDEN = "locked classes", "hidden classes"  # notes of the project


class ProjectSession(QObject):
    """What the window works on. Widgets read its attributes; every change goes through its methods and is told by a signal.

    `current` is the item being worked on, `predictions` what the run in use says of it, `assignments` what items are given.
    """

    project_changed = Signal()  # another project, or none
    project_about_to_close = Signal()  # who has something to keep in it does so now
    items_changed = Signal()  # items came, went, or changed their set, state, class or patient
    classes_changed = Signal()  # names, colours, how many
    active_class_changed = Signal()
    class_removal_ended = Signal()  # the class is gone, or it stays and why was told
    images_relocated = Signal()  # images that were missing were found again
    import_finished = Signal(object)  # Imported: an import ended; None where it failed or was stopped
    saved = Signal(bool)  # True: the database has it; False: it does not
    notification = Signal(str, str)  # text, kind "info", "good", "warn" or "bad": what the window's message bar shows
    remarked = Signal(str, str, tuple)  # as a notification, and the sentences that there is more to say in
    failed = Signal(object)  # an exception to be shown

    def __init__(self, jobs: JobQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.jobs = jobs
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE)
        self._pause.timeout.connect(self._rest)
        self.project: Project | None = None
        self.active_class = 1  # value that tools paint
        self.refused: tuple[Refused, ...] = ()  # by the last import into the open project
        self._classes: tuple[LabelClass, ...] = ()
        self._task: Task | None = None
        self._items: list[Item] | None = None  # as the project has them, until they change
        self._locked: frozenset[int] = frozenset()
        self._imports: list[JobHandle] = []  # into the open project
        self._import_notices: list[str] = []  # what the import under way had to say
        self.current = ItemSession(self, jobs)
        self.walk = ItemWalk(self)
        self.predictions = Predictions(self, jobs)
        self.assignments = Assignments(self, jobs)
        jobs.failed.connect(self.failed)

    # The project -------------------------------------------------------------------------------------------------------

    def open_project(self, path: Path) -> None:
        """Open a project; one that somebody else writes is opened to read, and that is said. Raises EngineError."""
        locked = ""
        try:
            project = Project.open(path)
        except ProjectLocked as fault:
            project = Project.open(path, write=False)
            if self.project is not None and self.writable and os.path.samefile(project.path, self.project.path):
                project.close()  # it is here that it is open for writing
                return
            locked = tr(fault.message, **fault.values) + " " + tr("It was opened to read only.")
        self._set_project(project)
        if locked:
            self.notification.emit(locked, "warn")
        for note in project.damage(self.items())[:1]:  # the checks of the data name them all
            self.notification.emit(translate_notice(note), "bad")

    def new_project(self, path: Path, task: Task, classes: Sequence[LabelClass]) -> None:
        self._set_project(Project.create(path, task, classes))

    def close_project(self) -> None:
        if self.project is not None:
            self.project_about_to_close.emit()
        worked = self.current.item is not None
        self.current.close()
        self.current.finish()
        imports, self._imports = self._imports, []
        for handle in imports:
            handle.drop()
        if imports:  # what came into a project that was left says nothing about the next one's items
            self.import_finished.emit(None)
        self._pause.stop()
        if self.project is not None:
            self.project.close()
        self.project, self._items, self.refused = None, None, ()
        self._classes, self._task, self._locked = (), None, frozenset()
        self.predictions.forget()
        self.current.forget_images()
        if worked:  # its history and scores must not stand over the next project
            self.current.item_changed.emit()
        self.project_changed.emit()

    def _set_project(self, project: Project) -> None:
        self.close_project()
        self.project = project
        self._classes, self._task = project.classes, project.task
        self.active_class, self._locked = 1, self.kept_classes(LOCKED)
        self.predictions.choose_run()
        settings.remember_project(project.path)
        self.project_changed.emit()
        self.items_changed.emit()
        items = self.items()
        last = project.note("item")
        if items:
            self.current.open(next((i.id for i in items if i.name == last), items[0].id))

    @property
    def writable(self) -> bool:
        return self.project is not None and self.project.writable

    @property
    def task(self) -> Task | None:
        return self._task

    def set_note(self, key: str, text: str) -> None:
        """Keep a small text with the project; a project that is read only keeps none."""
        if self.writable:
            self.write(lambda project: project.set_note(key, text))

    # Classes -----------------------------------------------------------------------------------------------------------

    @property
    def classes(self) -> tuple[LabelClass, ...]:
        return self._classes

    def set_classes(self, classes: Sequence[LabelClass]) -> None:
        """Rename, recolour or add classes; what was known of a class that is gone (its lock, its hiding) goes with it."""
        self.current.mask_about_to_change.emit()
        before = len(self._classes)
        if len(classes) < before:
            self.current.finish()  # a change under way may hold the class that is removed
        if self.project is not None and self.write(lambda project: project.set_classes(classes)):
            self._classes = self.project.classes
            if len(self._classes) < before:
                self._forget_removed()
                self.current.forget_history()  # what was painted with them is forgotten
            if len(self._classes) != before:
                self.predictions.recount()  # the live Dice counts the new classes too
            self.classes_changed.emit()
            if self.active_class != UNLABELLED:
                self.pick_class(min(self.active_class, len(self._classes)))

    def set_class_code(self, value: int, code: str) -> None:
        """What the class is in a terminology; "" takes it back."""
        if self.project is not None and self.write(lambda project: project.set_class_code(value - 1, code)):
            self._classes = self.project.classes
            self.classes_changed.emit()

    def look_for_class(self, value: int, done: Callable[[ClassUse], None]) -> JobHandle | None:
        """Look, in the background, how many items hold that class and which runs know it."""
        if self.project is None:
            return None
        path = self.project.path
        return self.jobs.start(self, Lane.STORING, tr("Looking for the class"), lambda: _use(path, value), done=done)

    def remove_class(self, value: int, into: int = 0) -> None:
        """Take a class out of the project, in the background; what holds it becomes the class `into`. No item is open meanwhile:
        a stroke would be of classes that are about to move. `class_removal_ended` comes in any case."""
        if self.project is None:
            return
        path, again = self.project.path, self._close_item()
        kept = partial(self._class_kept, path, again)
        self.jobs.start(
            self,
            Lane.STORING,
            tr("Removing the class"),
            lambda: _removing(path, value, into),
            done=partial(self._class_removed, path, value, again),
            failed=kept,
            cancelled=partial(kept, None),
        )

    def _class_removed(self, path: Path, value: int, item: int, _: None) -> None:
        if self.project is not None and path == self.project.path:
            self._classes = self.project.classes
            self.assignments.forget_labels()
            self.predictions.recount()
            self._locked = self.kept_classes(LOCKED)
            self.renew_items()  # of whole images other classes are known
            if self.active_class != UNLABELLED:
                active = min(self.active_class - (self.active_class > value), len(self._classes))
                self.active_class = active or min(1, len(self._classes))
            self.classes_changed.emit()
            self.active_class_changed.emit()
        self._reopen(path, item)

    def _class_kept(self, path: Path, item: int, fault: BaseException | None) -> None:
        if fault is not None:
            self.failed.emit(fault)
        self._reopen(path, item)

    def _reopen(self, path: Path, item: int) -> None:
        """Items of a project that was opened meanwhile have the same numbers."""
        if self.project is not None and path == self.project.path:
            self._take_up(item)
        self.class_removal_ended.emit()

    def _close_item(self) -> int:
        """No item is open any more, since masks are about to be others; which was (0: none) comes back, for `_take_up`."""
        item = self.current.item
        self.current.close()
        self.current.item_changed.emit()
        self.current.image_changed.emit()
        return item.id if item is not None else 0

    def _take_up(self, item: int) -> None:
        self.current.forget_images()
        if item and self.current.item is None:
            self.current.open(item)

    def pick_class(self, value: int) -> None:
        """Paint that class from now on, or the background (0), or what is UNLABELLED."""
        known = 0 <= value <= len(self.classes) or (value == UNLABELLED and self.task != "classification")
        if known and value != self.active_class:
            self.active_class = value
            self.active_class_changed.emit()

    @property
    def painted_class(self) -> int:
        """The class that tools paint; 0 while they paint what is none: the background, or what is unlabelled."""
        return 0 if self.active_class == UNLABELLED else self.active_class

    def class_name(self, value: int) -> str:
        """What a mask value is called; "" where it is of no class that there is."""
        if value == BACKGROUND:
            return tr("Background")
        if value == UNLABELLED:
            return tr("Unlabelled")
        return self.classes[value - 1].name if value <= len(self.classes) else ""

    @property
    def locked(self) -> frozenset[int]:
        """Classes (mask values) that painting leaves alone."""
        return self._locked

    def lock_classes(self, values: frozenset[int]) -> None:
        """Let painting leave these classes alone; kept with the project."""
        self._locked = values
        self.keep_classes(LOCKED, values)
        if self.current.mask is not None:
            self.current.mask.locked = values

    def kept_classes(self, key: str) -> frozenset[int]:
        """The classes (mask values) that were kept with the project under that key, of those that there are; what is UNLABELLED may be
        among them."""
        return _read_classes(self.project.note(key), len(self._classes)) if self.project is not None else frozenset()

    def keep_classes(self, key: str, values: frozenset[int]) -> None:
        self.set_note(key, _write_classes(values))

    def _forget_removed(self) -> None:
        """A class that is added later takes the place of one that was removed, but not its lock nor its hiding."""
        self.assignments.forget_labels()
        self.lock_classes(self.kept_classes(LOCKED))
        self.keep_classes(HIDDEN, self.kept_classes(HIDDEN))

    # Items -------------------------------------------------------------------------------------------------------------

    def items(self) -> list[Item]:
        """All items in the order of their names, read once between two changes: every tab asks, and thousands take a tenth of a second."""
        if self.project is None:
            return []
        if self._items is None:
            self._items = sorted(self.project.items.all(), key=lambda item: natural(item.name))
        return list(self._items)

    def set_state(self, id: int, state: State, comment: str = "") -> None:
        """`comment` is the reason, in one line."""
        if self.write(lambda project: project.items.set_state(id, state, comment)):
            self.renew_items({i.id: replace(i, state=state, comment=comment) for i in self.items() if i.id == id})

    def set_difficulty(self, id: int, difficulty: Difficulty) -> None:
        if self.write(lambda project: project.items.set_difficulty(id, difficulty)):
            self.renew_items({i.id: replace(i, difficulty=difficulty) for i in self.items() if i.id == id})

    def remove_items(self, ids: Sequence[int]) -> None:
        current = self.current.item
        gone = current is not None and current.id in ids
        if gone:
            self.current.close()
        if self.write(lambda project: project.items.remove(ids)):
            self.current.drop_left(ids)
            self.renew_items()
        if gone:
            self.current.item_changed.emit()
            self.current.image_changed.emit()

    def find_moved(self, folder: Path) -> None:
        """Look for images that are no longer where they were, in the background; told at the end."""
        if self.project is not None:
            path = self.project.path
            title = tr("Looking for moved images")
            self.jobs.start(self, Lane.STORING, title, lambda: _relocating(path, folder), done=self._relocated)

    def _relocated(self, done: tuple[Path, int, int]) -> None:
        path, found, left = done
        if self.project is None or path != self.project.path:
            return
        self.renew_items()
        text = tr("Found again: {found}. Still missing: {left}.", found=found, left=left)
        self.notification.emit(text, "warn" if left else "good")
        if found:
            self.images_relocated.emit()
            self.current.retry()

    def read_again(self, ids: Sequence[int]) -> None:
        """Take the images of these items as their files hold them now, in the background; told at the end."""
        if self.project is not None:
            path = self.project.path
            title = tr("Reading images again")
            self.jobs.start(self, Lane.STORING, title, lambda: _reading_again(path, ids), done=self._were_read_again)

    def _were_read_again(self, done: tuple[Path, ReadAgain]) -> None:
        path, read = done
        if self.project is None or path != self.project.path:
            return
        self.reread_items(read.changed)
        if read.changed:
            self.notification.emit(tr("Images read again: {count}.", count=len(read.changed)), "good")
        if read.refused:
            self.failed.emit(read.refused[0])

    def renew_items(self, changed: Mapping[int, Item] | None = None) -> None:
        """Tell that items are others in the project now: these; without, any, and all are read again when somebody asks. The current one
        may be among them."""
        self.current.refresh()
        self._items = None if changed is None else [changed.get(item.id, item) for item in self.items()]
        self.items_changed.emit()

    def reread_items(self, ids: Sequence[int]) -> None:
        """Images of these items have another unit and window now."""
        self.renew_items()
        self.images_relocated.emit()
        self.current.reread(set(ids))

    # Imports -----------------------------------------------------------------------------------------------------------

    def import_images(self, plan: "ImportPlan", refused: Sequence[Refused] = ()) -> None:
        """Bring images in, in the background; items_changed, import_finished and notification at the end. `refused` are files that
        were refused when they were looked at. Where masks are brought to items that are there, none is open meanwhile."""
        if self.project is None:
            return
        path, again = self.project.path, self._close_item() if plan.bring else None
        self._import_notices.clear()
        self.refused = ()
        self._imports.append(
            self.jobs.start(
                self,
                Lane.STORING,
                tr("Importing"),
                lambda: _importing(path, plan),
                done=partial(self._imported, tuple(refused), again),
                failed=partial(self._import_failed, again),
                reported=self._import_reported,
                cancelled=partial(self._import_stopped, again),
            )
        )

    @property
    def importing(self) -> bool:
        return bool(self._imports)

    def cancel_imports(self) -> None:
        """Stop what comes into the open project; what was added so far stays."""
        for handle in list(self._imports):
            handle.cancel()

    def _imported(self, before: tuple[Refused, ...], again: int | None, done: "Imported") -> None:
        self.refused = (*before, *done.refused)
        self._end_import(again)
        for item in done.brought:
            self.current.stored_mask_changed.emit(item.id)
        added, brought, refused = len(done.added), len(done.brought), len(done.refused)
        if added or not brought:
            text = tr("1 item added.") if added == 1 else tr("{count} items added.", count=added)
        else:
            text = tr("1 item got a mask or a class.")
            text = text if brought == 1 else tr("{count} items got a mask or a class.", count=brought)
        if refused:
            text += " " + (tr("1 was not read.") if refused == 1 else tr("{count} were not read.", count=refused))
        kind = "warn" if done.refused or self._import_notices else "good"
        if len(self._import_notices) > 1:
            more = tr("{count} things were noticed.", count=len(self._import_notices))
            self.remarked.emit(f"{text} {more}", kind, tuple(self._import_notices))
        else:
            self.notification.emit(" ".join([text, *self._import_notices]), kind)
        self.import_finished.emit(done)

    def _import_failed(self, again: int | None, fault: BaseException) -> None:
        self.failed.emit(fault)
        self._import_stopped(again)

    def _import_stopped(self, again: int | None) -> None:
        self._end_import(again)
        self.import_finished.emit(None)

    def _end_import(self, again: int | None) -> None:
        self._imports = [handle for handle in self._imports if handle.active]
        self.renew_items()  # what came in before an early end has stayed
        if again is not None:  # masks of items that were there were brought in
            self._take_up(again)

    def _import_reported(self, event: object) -> None:
        if isinstance(event, Notice):
            self._import_notices.append(translate_notice(event))

    # Writing -----------------------------------------------------------------------------------------------------------

    def write(self, change: Callable[[Project], object]) -> bool:
        """Do a change of the project and say whether it is on disk."""
        if self.project is None:
            return False
        try:
            change(self.project)
        except EngineError as fault:
            self.saved.emit(False)
            self.failed.emit(fault)
            return False
        self._pause.start()
        self.saved.emit(True)
        return True

    @Slot()
    def _rest(self) -> None:
        if self.project is not None:
            self.project.rest()


# Jobs write through a connection of their own, since SQLite's may not cross threads


def _relocating(path: Path, folder: Path) -> Work[tuple[Path, int, int]]:
    with Project.join(path) as project:
        found = yield from project.items.find_moved(folder)
        return path, found, len(project.items.missing())


def _reading_again(path: Path, ids: Sequence[int]) -> Work[tuple[Path, ReadAgain]]:
    with Project.join(path) as project:
        return path, (yield from read_again(project, ids))


def _use(path: Path, value: int) -> Work[ClassUse]:
    with Project.open(path, write=False) as project:
        return (yield from class_use(project, value))


def _removing(path: Path, value: int, into: int) -> Work[None]:
    """What is locked or hidden moves with the classes: here, since the window may have another project open when it hears of it."""
    with Project.join(path) as project:
        count = len(project.classes)
        yield from remove_class(project, value, into)
        for key in (LOCKED, HIDDEN):
            left = _read_classes(project.note(key), count) - {value}
            project.set_note(key, _write_classes(frozenset(each - (value < each < UNLABELLED) for each in left)))


def _read_classes(note: str, most: int) -> frozenset[int]:
    values = (int(word) for word in note.split() if word.isdecimal())
    return frozenset(value for value in values if 0 < value <= most or value == UNLABELLED)


def _write_classes(values: frozenset[int]) -> str:
    return " ".join(map(str, sorted(values)))


def _importing(path: Path, plan: "ImportPlan") -> "Work[Imported]":
    from engine.project.importing import import_images  # with all that knows files of masks: no start waits for it

    with Project.join(path) as project:
        return (yield from import_images(project, plan))
