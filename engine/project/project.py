"""A project: a folder NAME.contorno with its database. The one way to it, for the window, the jobs and the command line."""

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from sqlite3 import Row
from types import TracebackType
from typing import get_args

from engine.atomic import clear_leftovers, make_folder
from engine.config import Split, Task
from engine.errors import EngineError
from engine.labels.classes import (
    UNLABELLED_NAME,
    LabelClass,
    checked_code,
    colour,
    default_color,
    keys_of,
    make_classes,
)
from engine.progress import Notice, Work
from engine.project import salvage
from engine.project.items import Item, Items, damage_of
from engine.project.layers import Layers, Predicted
from engine.project.measures import Measures
from engine.project.migrations import SERIES_SALT
from engine.project.runs import CASES, Classified, Run, Runs
from engine.project.salvage import Salvage
from engine.project.store import FILE, Store, check_path
from engine.project.studies import Studies
from engine.project.work_time import work_seconds
from engine.words import translatable

ENDING = ".contorno"

_SALT = "patient salt"
_IDENTITIES = "class identities"  # of the classes by place, as JSON


class Project:
    """An open project. `items`, `layers`, `measures`, `runs` and `studies` are its tables; classes and reader are its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.items = Items(store)
        self.layers = Layers(store)
        self.measures = Measures(store)
        self.runs = Runs(store)
        self.studies = Studies(store)

    @staticmethod
    def create(folder: Path, task: Task, classes: Sequence[LabelClass]) -> "Project":
        """A new project in a folder that does not hold one yet. Its name gets the ending .contorno where it lacks it."""
        if task not in get_args(Task):
            raise EngineError(
                translatable("{task} is not a task."),
                translatable("Choose one of: {tasks}."),
                task=task,
                tasks=", ".join(get_args(Task)),
            )
        _check_number(task, len(classes))
        folder = _with_ending(folder)
        check_path(folder)
        make_folder(folder)
        project = Project(Store(folder, write=True, create=True))
        try:
            with project._store.transaction() as store:  # a project is there with all its parts or not at all
                store.migrate()
                store.run("INSERT INTO meta VALUES ('task', ?)", task)
                store.run("INSERT INTO meta VALUES (?, ?)", _SALT, secrets.token_hex(16))
                project.set_classes(classes)
        except BaseException:
            project.close()
            (folder / FILE).unlink()
            raise
        return project

    @staticmethod
    def open(folder: Path, *, write: bool = True) -> "Project":
        """Open a project; a second writer is refused with ProjectLocked, which says who has it."""
        project = Project(Store(_found(folder), write=write))
        try:
            if write:
                for place in (project.path, project.path / CASES, *project.path.glob("runs/*/")):
                    clear_leftovers(place)
                project._close_abandoned_runs()
                project.runs.move_cases()
        except BaseException:
            project.close()
            raise
        return project

    @staticmethod
    def join(folder: Path) -> "Project":
        """Another connection of the process that already writes the project, for a job in another thread."""
        return Project(Store(_found(folder), write=True, locked=True))

    def _close_abandoned_runs(self) -> None:
        """Whoever trained these is gone: this is the only writer. They can be resumed from their last checkpoint."""
        for run in self.runs.all():
            if run.state == "training":
                self.runs.update(run, "paused")

    @property
    def path(self) -> Path:
        return self._store.folder

    @property
    def name(self) -> str:
        return self.path.name.removesuffix(ENDING)

    @property
    def writable(self) -> bool:
        return self._store.write

    @property
    def task(self) -> Task:
        return self.note("task", "binary")  # type: ignore[return-value]

    @property
    def classes(self) -> tuple[LabelClass, ...]:
        rows = self._store.rows("SELECT name, color, code FROM classes ORDER BY place")
        identities = self._identities(len(rows))
        return tuple(replace(_class(place, row)[0], identity=identities[place]) for place, row in enumerate(rows))

    def _identities(self, count: int) -> list[str]:
        """Of the first so many classes. Those of a project that kept none yet follow from their places, the same at each opening."""
        try:
            kept = [str(each) for each in json.loads(self.note(_IDENTITIES, "[]"))][:count]
        except (ValueError, TypeError):
            kept = []
        salt = self.note(_SALT)
        return kept + [_token(f"{salt} class {place}") for place in range(len(kept), count)]

    def damage(self, items: Iterable[Item] | None = None) -> list[Notice]:
        """What of the database cannot be true and was read as something else: items, runs, classes. `items` are all of them, where they
        were read already."""
        rows = self._store.rows("SELECT name, color, code FROM classes ORDER BY place")
        classes = (_class(place, row) for place, row in enumerate(rows))
        said = [note for one, kept in classes if (note := kept.note(one.name)) is not None]
        said += damage_of(self.items.all() if items is None else items)
        return [*said, *self.measures.damage(), *self.runs.damage()]

    def set_classes(self, classes: Sequence[LabelClass]) -> None:
        """Rename, recolour, add or remove classes; a class keeps its identity and its code with its place. Their places are the masks'
        values, so they can be removed from the end alone, and only where no mask, prediction or item holds them; what was painted with
        them and undone or erased is forgotten."""
        checked = make_classes([(c.name, c.color) for c in classes])
        _check_number(self.task, len(checked))
        self._check_names({c.name.casefold() for c in checked})
        before = self.classes[: len(checked)]
        added = [LabelClass("", "", code=c.code, identity=secrets.token_hex(8)) for c in classes[len(before) :]]
        self._set_classes(checked, [*before, *added])

    def _check_names(self, names: Collection[str]) -> None:
        """What masks call pixels that nobody labelled is no class of theirs, unless an older project has it."""
        had = {one.name.casefold() for one in self.classes}
        if self.task != "classification" and UNLABELLED_NAME in names and UNLABELLED_NAME not in had:
            raise EngineError(
                translatable("{name} is no class: pixels are called so that are never learnt and never scored."),
                translatable("They need no class. Choose another name for what is to be learnt."),
                name=UNLABELLED_NAME,
            )

    def set_class_code(self, place: int, code: str) -> None:
        """What the class at that place (0: the first) is in a terminology; "" takes it back."""
        with self._store.transaction() as store:
            store.run("UPDATE classes SET code = ? WHERE place = ?", checked_code(code), place)

    def drop_class(self, place: int) -> None:
        """Take the class at that place (0: the first) out of the list; those after it move up and keep their identity. Nothing may hold the
        last place any more: see engine.project.class_removal, which moves what masks and items hold."""
        left = [one for at, one in enumerate(self.classes) if at != place]
        checked = make_classes([(c.name, c.color) for c in left])
        _check_number(self.task, len(checked))
        self._set_classes(checked, left)

    def _set_classes(self, checked: Sequence[LabelClass], known: Sequence[LabelClass]) -> None:
        """`known` gives each its identity and its code."""
        kept = len(checked)
        removed = kept < len(self.classes)
        if removed and self._in_use(kept):
            raise EngineError(
                translatable("A class cannot be removed while masks, predictions or items hold it."),
                translatable("Rename it instead, or erase it from the masks first."),
            )
        with self._store.transaction() as store:
            if removed:
                self.layers.forget_above(kept)
            store.run("DELETE FROM classes")
            for place, (one, same) in enumerate(zip(checked, known, strict=True)):
                store.run(
                    "INSERT INTO classes (place, name, color, key, code) VALUES (?, ?, ?, ?, ?)",
                    place,
                    one.name,
                    one.color,
                    one.key,
                    checked_code(same.code),
                )
            self.set_note(_IDENTITIES, json.dumps([same.identity for same in known]))

    def _in_use(self, kept: int) -> bool:
        return self._store.row("SELECT 1 FROM items WHERE label >= ?", kept) is not None or self.layers.hold_above(kept)

    def note(self, key: str, default: str = "") -> str:
        """A small text kept with the project (its task, its reader, what the window remembers of it)."""
        row = self._store.row("SELECT value FROM meta WHERE key = ?", key)
        return str(row[0]) if row else default

    def set_note(self, key: str, value: str) -> None:
        with self._store.transaction() as store:
            store.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", key, value)

    def fingerprint(self, split: Split) -> str:
        """What tells a set from another or from itself before: its images, their masks and their classes."""
        digest = hashlib.sha256()
        for item in sorted(self.items.all(split), key=lambda item: (item.hash, item.id)):
            digest.update(f"{item.hash} {item.label} ".encode() + self.layers.fingerprint(item.id))
        return digest.hexdigest()

    def labelled_fingerprint(self, split: Split) -> str:
        """What tells what is learnt of a set, or judged, from itself before: the labelled slices of its items, and who was rejected."""
        labelled, digest = self.layers.labelled_slices(), hashlib.sha256()
        for item in sorted(self.items.all(split), key=lambda item: (item.hash, item.id)):
            digest.update(f"{item.hash} {item.rejected} {sorted(labelled.get(item.id, ()))}\n".encode())
        return digest.hexdigest()

    def patient_keys(self) -> Callable[[str], str]:
        """Gives this project's own key for the patient of a key ("" stays): the same in no other project, since a bare hash is searched
        for the few million numbers that a hospital gives out. Projects of before that keep theirs."""
        salt = self.note(_SALT)
        return lambda key: "P-" + hashlib.sha256(f"{salt} {key}".encode()).hexdigest()[:8] if key and salt else key

    def keep_prediction(self, run: Run, prediction: Predicted | Classified) -> None:
        """Put what a run says of an item into the project, in place of what it said earlier."""
        if isinstance(prediction, Predicted):
            waiting = self.runs.write_objects(run, prediction.item, prediction.objects)
            with self._store.transaction():  # what it says pixel by pixel is not kept without its objects
                self.layers.replace(self.layers.make(prediction.item, "prediction", run.id), prediction.tiles)
                self.runs.keep_objects(run, prediction.item, waiting)
        else:
            self.runs.set_probabilities(run, prediction.item, prediction.probabilities)

    def series_key(self, key: str) -> str:
        """This project's own key for the series of that key, for the same reason."""
        return "S-" + hashlib.sha256(f"{self.note(SERIES_SALT)} {key}".encode()).hexdigest()[:8]

    def transaction(self) -> AbstractContextManager[object]:
        """Several changes that hold together or not at all."""
        return self._store.transaction()

    def work_seconds(self, item: int | None = None) -> dict[int, float]:
        """How long each item's mask, or that item's, was worked on, by item: see engine.project.work_time."""
        return work_seconds(self._store, item)

    def rest(self) -> None:
        """To be called in a pause of the work: what was saved is brought into the database itself, so that a log that gets lost
        after a crash takes no stroke with it. Costs milliseconds."""
        if self.writable:
            self._store.fold_log()

    @staticmethod
    def place_for(folder: Path) -> Path:
        """The folder with the ending that a project's has."""
        return _with_ending(folder)

    def copying_database(self, folder: Path) -> Work[None]:
        """Write all that the database holds into a new one in `folder`: see engine.project.copying."""
        return self._store.copying_to(folder)

    def close(self) -> None:
        self._store.close()

    def __enter__(self) -> "Project":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _token(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _with_ending(folder: Path) -> Path:
    folder = Path(os.path.abspath(folder))
    return folder if folder.name.endswith(ENDING) else folder.with_name(folder.name + ENDING)


def _found(folder: Path) -> Path:
    """The folder itself, or the one with the ending that `create` gave it."""
    other = folder.with_name(folder.name + ENDING) if folder.name and not folder.name.endswith(ENDING) else folder
    return other if not os.path.isfile(folder / FILE) and os.path.isfile(other / FILE) else folder


def _class(place: int, row: Row) -> tuple[LabelClass, Salvage]:
    get = Salvage(row)
    name = get.get("name", salvage.name, f"class {place + 1}")
    color, code = get.get("color", colour, default_color(place)), get.get("code", salvage.text, "")
    return LabelClass(name, color, keys_of(place), code), get


def _check_number(task: Task, count: int) -> None:
    if task == "binary" and count != 1:
        raise EngineError(
            translatable("A binary project has one class beside the background, not {count}."),
            translatable("Name one class, or choose multiclass."),
            count=count,
        )
    if task == "classification" and count < 2:
        raise EngineError(
            translatable("Classification needs at least two classes."), translatable("Name the classes to tell apart.")
        )
