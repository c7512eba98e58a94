"""The runs of a project: one training each, with its folder, its settings and what came of it."""

import contextlib
import functools
import hashlib
import json
import logging
import re
import shutil
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from sqlite3 import Row
from typing import Any, Literal, TypeAlias, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

from engine import atomic
from engine.config import TrainConfig, from_json, to_json, without_paths
from engine.errors import EngineError
from engine.imaging.files import read_bytes
from engine.labels.classes import BACKGROUND, LabelClass
from engine.progress import EpochDone, Notice, mean_of
from engine.project import salvage
from engine.project.items import Item
from engine.project.salvage import Salvage
from engine.project.store import Store
from engine.words import PART, translatable

RunState: TypeAlias = Literal["training", "paused", "finished", "stopped", "failed"]

BUNDLE = "model.safetensors"
CONFIG = "config.json"
CHECKPOINT = "checkpoint.safetensors"
CASES = "cases"
_LEARNT = "learnt.json"  # in the run's folder

_REMOVED_READERS = "test set read by removed runs"  # a note of the project: how many
_OLD_CASES = "cases.zip"  # in the run's own folder

LEARNT_BEFORE = (
    translatable("1 of these items was learnt from, before the sets were changed: its scores are too high."),
    translatable("{count} of these items were learnt from, before the sets were changed: their scores are too high."),
)
"""What is said of `learnt_before`, of one item and of several."""

logger = logging.getLogger(__name__)

_HEADER = 1 << 24  # bytes, more than any header of a bundle has
NUMBER = re.compile(r"[0-9]{1,18}")
_OF_OLD_STUDY = re.compile(r"(?P<trial>study [0-9]+\.[0-9]+) (?P<arch>\S+)")


@dataclass(frozen=True)
class SetReading:
    """That the test set was scored and its means looked at: when (seconds since 1970), which model (its fingerprint), over how many
    items, and the mean Dice or the accuracy that was read (0..1; None where the test set was read among others)."""

    at: float
    bundle: str
    n: int
    score: float | None = None


@dataclass(frozen=True)
class RunSummary:
    """What a training has come to, over all its starts. What is at its default is not known yet.

    `score` (what "best" is judged by), `dice` by class name, `accuracy`, `macro_f1`, `auc` and `ap50` (all 0..1) are of the validation of the
    weights that the bundle holds, not of the last epoch. `size` and `patch` in pixels as in the bundle's card; `bundle` is its
    fingerprint. `sets` are the items that were learnt from and validated on, by the name of their set; `machine` is what trained.
    `test_readings`: each time the test set was read with this run, the oldest first. `identities` are those of the classes by its
    network's outputs, where its bundle does not say them and the project has other classes since. `objects_by`: how a person chose that
    the objects of its class maps are told apart (project.objects.objects_by).
    """

    arch: str = ""
    encoder: str = ""
    size: int | None = None
    patch: int | None = None
    epochs: int = 0
    seconds: float | None = None
    score: float | None = None
    dice: dict[str, float | None] = field(default_factory=dict, hash=False)
    accuracy: float | None = None
    macro_f1: float | None = None
    auc: float | None = None
    ap50: float | None = None
    bundle: str = ""
    sets: dict[str, int] = field(default_factory=dict, hash=False)
    machine: str = ""
    test_readings: tuple[SetReading, ...] = ()
    identities: tuple[str, ...] = ()
    objects_by: str = ""

    @property
    def mean_dice(self) -> float | None:
        """Over the classes that have one; `score` is an AP where objects are learnt."""
        return self.score if self.ap50 is None else mean_of(self.dice)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "RunSummary":
        """From what `to_dict` gave. Unknown keys are passed over; a value of a wrong type counts as not known, and is logged."""
        import msgspec

        known = {}
        for name, kind in get_type_hints(cls).items():
            try:
                if name in values:
                    known[name] = msgspec.convert(values[name], kind)
            except msgspec.ValidationError as fault:
                logger.warning("The %s in a run's summary cannot be read: %s", name, fault)
        return cls(**known)

    def to_dict(self) -> dict[str, Any]:
        """What is known, as plain JSON. The figures of one validation go together: with one of them all are there, None or not, so
        that none of an earlier validation stays beside them."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        unknown = RunSummary()
        known = {name: value for name, value in plain.items() if value != getattr(unknown, name)}
        if self.test_readings:
            known["test_readings"] = [asdict(reading) for reading in self.test_readings]
        return known | {name: plain[name] for name in _VALIDATED if not known.keys().isdisjoint(_VALIDATED)}

    def updated(self, later: "RunSummary") -> "RunSummary":
        """This one with what `later` knows in its place."""
        return RunSummary.from_dict(self.to_dict() | later.to_dict())


_VALIDATED = ("score", "dice", "accuracy", "macro_f1", "auc", "ap50")


def summary_of(epochs: Sequence[EpochDone]) -> RunSummary:
    """The summary of a training by its epochs, in the order in which they were trained, over all its starts.

    An epoch that was trained again after a resume may be there twice. The figures are those of the last epoch that was the best of
    its time: its weights are in the bundle.
    """
    if not epochs:
        return RunSummary()
    last = epochs[-1]
    kept = next((each for each in reversed(epochs) if each.best), None)
    if kept is None:
        return RunSummary(epochs=last.epoch, seconds=last.seconds)
    return RunSummary(
        epochs=last.epoch,
        seconds=last.seconds,
        score=kept.score,
        dice=kept.dice,
        accuracy=kept.accuracy,
        macro_f1=kept.macro_f1,
        auc=kept.auc,
        ap50=kept.ap50,
    )


@dataclass(frozen=True)
class LearntClass:
    """A class that a run's network tells; `place` is where it stands among the project's classes now (0: the first). None: it is no class
    any more, and `name` is the one that it had in the training."""

    name: str
    place: int | None


@dataclass(frozen=True)
class Run:
    """One training. `folder` holds the bundle, the checkpoint and the events; `summary` what the board shows."""

    id: int
    name: str
    state: RunState
    made: float
    config: TrainConfig
    summary: RunSummary
    folder: Path

    @property
    def bundle(self) -> Path:
        return self.folder / BUNDLE

    def model(self) -> Path:
        """The bundle, which is there. EngineError where it was not written yet, or was taken away."""
        if self.bundle.exists():
            return self.bundle
        if self.summary.epochs:
            raise EngineError(
                translatable("The model of {run} is gone: {file} is not in the run's folder."),
                translatable("Put it back, or go on with the training, which writes it again, or choose another run."),
                run=self.name,
                file=BUNDLE,
            )
        raise EngineError(
            translatable("{run} has no model yet."),
            translatable("Let it train until the first validation is done."),
            run=self.name,
        )

    @property
    def validated(self) -> float | None:
        """How good it was on its validation set, in the one figure that is shown: accuracy where it classifies, else mean Dice."""
        return self.summary.score if self.summary.accuracy is None else self.summary.accuracy

    @property
    def test_reading(self) -> SetReading | None:
        """The last time that the test set was read with the model as it is now; None where it never was."""
        of_this = [each for each in self.summary.test_readings if each.bundle == self.summary.bundle]
        return of_this[-1] if of_this else None

    def learnt_items(self) -> frozenset[int]:
        """The numbers of the items that it learnt from, and those that the runs learnt from which it started from. None of a run of before,
        which did not write them down."""
        return read_learnt(self.folder).items

    def learnt(self, classes: Sequence[LabelClass]) -> list[LearntClass]:
        """The classes that its network tells, in the order of its outputs (the background left out), against the project's `classes`:
        each is found by its identity, so that it means the same whatever was renamed, removed or added since. The project's own where the
        bundle does not say them."""
        try:
            card = self._card()
            names, identities = [str(name) for name, _ in card["classes"]], list(card.get("identities") or ())
        except (EngineError, ValueError, KeyError, TypeError, AttributeError):
            names, identities = [], []
        identities = identities or list(self.summary.identities)
        places: list[int | None]
        if identities:
            now = {one.identity: place for place, one in enumerate(classes)}
            places = [now.get(identity) for identity in identities]
        else:  # of the days when bundles kept names alone, or of one that cannot be read
            places = [place if place < len(classes) else None for place in range(len(names) or len(classes))]
        names += [f"class {number + 1}" for number in range(len(names), len(places))]
        return [
            LearntClass(name if place is None else classes[place].name, place)
            for name, place in zip(names, places, strict=False)
        ]

    def knows(self, classes: Sequence[LabelClass]) -> list[bool]:
        """Which of the project's classes its network has an output for; all of them where the bundle does not say it."""
        places = {one.place for one in self.learnt(classes)}
        return [place in places for place in range(len(classes))]

    def values(self, classes: Sequence[LabelClass]) -> NDArray[np.uint8]:
        """What stands in the project's masks for each value of its network, by that value: background where the class is gone."""
        places = [one.place for one in self.learnt(classes)]
        return np.array([BACKGROUND, *(BACKGROUND if place is None else place + 1 for place in places)], np.uint8)

    @property
    def keeps_identities(self) -> bool:
        """Whether its bundle says which classes it knows, wherever they stand in the project."""
        try:
            return bool(self._card().get("identities"))
        except (EngineError, ValueError, KeyError, TypeError, AttributeError):
            return False

    def _card(self) -> dict[str, Any]:
        """What the bundle says of itself, or the copy beside it where the bundle says nothing."""
        try:
            card: dict[str, Any] = json.loads(json.loads(_header(self.bundle)[8:])["__metadata__"]["contorno"])
        except (EngineError, ValueError, KeyError, TypeError):
            card = json.loads(read_bytes(str(self.bundle.with_suffix(".json")), _HEADER))
        return card


@dataclass(frozen=True, eq=False)
class Classified:
    """What a network says of a whole image: one probability a class (float32), summing to 1."""

    item: int
    probabilities: NDArray[np.float32]


@dataclass(frozen=True)
class Learnt:
    """From which items a run's weights come, by their numbers, and the fingerprint of the training set that it had."""

    items: frozenset[int] = frozenset()
    data: str = ""


def read_learnt(folder: Path) -> Learnt:
    """What `keep_learnt` wrote down for the run of that folder; nothing where it did not, or where that is damaged."""
    file = folder / _LEARNT
    try:
        return _read_learnt(file, file.stat().st_mtime_ns)
    except (EngineError, OSError, ValueError, KeyError, TypeError):
        return Learnt()


@functools.lru_cache(8)  # it is asked for at every score that is shown
def _read_learnt(file: Path, changed: int) -> Learnt:
    found = json.loads(read_bytes(str(file), _HEADER))
    return Learnt(frozenset(map(int, found["items"])), str(found["data"]))


def learnt_before(items: Iterable[Item], learnt: Collection[int]) -> int:
    """How many of the items are of the validation or test set now and among those `learnt` from (Run.learnt_items)."""
    return sum(item.id in learnt and item.split in ("val", "test") for item in items)


def keep_learnt(folder: Path, learnt: Learnt) -> None:
    """Write down what the run of that folder learns from. EngineError where the disk refuses."""
    atomic.write(folder / _LEARNT, json.dumps({"items": sorted(learnt.items), "data": learnt.data}).encode())


def best_run(runs: Iterable[Run]) -> Run | None:
    """The run with a bundle that did best on its validation set (the test set must not choose): by accuracy and then AUC where it
    classifies, else by mean Dice, or AP where all tell objects apart; the first of equals. None where none was validated."""
    judged = [run for run in runs if run.validated is not None and run.bundle.exists()]
    mixed = len({run.summary.ap50 is None for run in judged}) > 1  # an AP and a Dice cannot be compared

    def rank(run: Run) -> tuple[float, float]:
        by_dice = mixed and run.summary.ap50 is not None
        score, auc = run.summary.mean_dice if by_dice else run.validated, run.summary.auc
        return -1.0 if score is None else score, -1.0 if auc is None else auc

    return max(judged, key=rank, default=None)


def classifier_of(run: Run) -> str:
    """The catalog's name of the network of a run that classifies; a run that was of another kind counts as what Auto takes."""
    from engine.catalog import AUTO_CLASSIFIER, rows

    name = run.summary.arch or run.config.arch
    return name if any(row.name == name for row in rows("classification")) else AUTO_CLASSIFIER


def shown_name(stored: str) -> str:
    """A run's name as studies give it now: earlier ones called theirs by the code of their network, "study 1.2 lenet5"."""
    old = _OF_OLD_STUDY.fullmatch(stored)
    if old is None:
        return stored
    from engine.titles import short_title

    title = short_title(old["arch"], str)
    return stored if title == old["arch"] else f"{old['trial']}{PART}{title}"


def source_name(start: str, runs: Iterable[Run] = ()) -> str:
    """What the run is called that a training goes on from (`TrainConfig.start_from`): its name where it is among `runs`, else the one that
    its number gave it."""
    known = next((run.name for run in runs if start in (str(run.id), run.name)), "")
    return known or (f"run {start}" if NUMBER.fullmatch(start) else start)


def free_name(wanted: str, taken: Collection[str]) -> str:
    """The name, or the first with a number behind it that nobody has."""
    number, name = 2, wanted
    while name in taken:
        name, number = f"{wanted} {number}", number + 1
    return name


class Runs:
    """The table of runs and their probabilities (classification)."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> list[Run]:
        return [self._run(row) for row in self._store.rows("SELECT * FROM runs ORDER BY id")]

    def get(self, name: str | int) -> Run:
        """By name, the stored one or the one that is shown, or where none is called so by its number; an int is the number alone, which a
        new name does not change."""
        row = None if isinstance(name, int) else self._store.row("SELECT * FROM runs WHERE name = ?", name)
        if row is None and isinstance(name, str):
            row = next((self._by_number(run.id) for run in self.all() if run.name == name), None)
        if row is None and NUMBER.fullmatch(str(name)):
            row = self._by_number(int(name))
        if row is None:
            known = ", ".join(run.name for run in self.all()) or "-"
            raise EngineError(
                translatable("There is no run {name}."), translatable("The runs are: {known}."), name=name, known=known
            )
        return self._run(row)

    def source(self, config: TrainConfig) -> Run:
        """The run that a training starts from: by its number, which a new name does not change, or else by its name."""
        if NUMBER.fullmatch(config.start_from) and (row := self._by_number(int(config.start_from))) is not None:
            return self._run(row)
        return self.get(config.start_from)

    def add(self, config: TrainConfig, name: str = "") -> Run:
        """A new run with its folder; without a name it is called by its number."""
        if name and self._store.row("SELECT 1 FROM runs WHERE name = ?", name):
            raise EngineError(
                translatable("There is already a run {name}."),
                translatable("Choose another name, or go on with --resume."),
                name=name,
            )
        made: list[Path] = []
        with _removed_on_failure(made), self._store.transaction() as store:
            id = store.run(
                "INSERT INTO runs (name, state, made, config) VALUES (?, 'training', ?, ?)",
                name or f"new {time.time_ns()}",
                time.time(),
                to_json(config).decode(),
            )
            if not name:
                store.run("UPDATE runs SET name = ? WHERE id = ?", self._free_name(id), id)
            run = self._again(id)
            if not run.folder.exists():
                made.append(run.folder)
            atomic.make_folder(run.folder)
            _write_config(run)
        return run

    def _free_name(self, id: int) -> str:
        while self._store.row("SELECT 1 FROM runs WHERE name = ?", f"run {id}"):
            id += 1
        return f"run {id}"

    def _by_number(self, id: int) -> Row | None:
        return self._store.row("SELECT * FROM runs WHERE id = ?", id)

    def _again(self, id: int) -> Run:
        row = self._by_number(id)
        if row is None:
            raise EngineError(
                translatable("The run was removed."), translatable("Its folder is still there until it is deleted.")
            )
        return self._run(row)

    def update(
        self, run: Run, state: RunState, summary: RunSummary | None = None, config: TrainConfig | None = None
    ) -> Run:
        """Give the run a state; what `summary` knows takes the place of what the run holds now. `run` may be old: it can have been renamed meanwhile.

        Where its bundle is another than at the last time, what the old one predicted is taken out of the project.
        """
        with self._store.transaction() as store:
            now = self._again(run.id)
            before, stored = self._stored_summary(run.id)
            kept = stored | (summary.to_dict() if summary is not None else {})
            found = _fingerprint(now.bundle)
            if found and found != now.summary.bundle:
                self.forget_predictions(now)
                kept["bundle"] = found
            store.run(
                "UPDATE runs SET state = ?, summary = ?, config = ? WHERE id = ?",
                state,
                json.dumps(kept) if kept else before,
                to_json(config or now.config).decode(),
                run.id,
            )
            now = self._again(run.id)
            if config is not None:
                _write_config(now)
            return now

    def keep_identities(self, classes: Sequence[LabelClass]) -> None:
        """Write down which of the project's `classes` the outputs of older runs stand for, before those get other places: their bundles
        kept only names."""
        for run in self.all():
            if not run.summary.identities and not run.keeps_identities:
                known = [one.place for one in run.learnt(classes)]
                identities = tuple("" if place is None else classes[place].identity for place in known)
                self._store_summary(run, RunSummary(identities=identities))

    def _store_summary(self, run: Run, summary: RunSummary) -> None:
        kept = self._stored_summary(run.id)[1] | summary.to_dict()
        with self._store.transaction() as store:
            store.run("UPDATE runs SET summary = ? WHERE id = ?", json.dumps(kept), run.id)

    def keep_objects_by(self, run: Run, way: str) -> Run:
        """Choose how the objects of the run's class maps are told apart from now on (config.OBJECTS)."""
        self._store_summary(run, RunSummary(objects_by=way))
        return self._again(run.id)

    def keep_test_reading(self, run: Run, n: int, score: float | None) -> Run:
        """Note that the test set was read with this run just now: `n` items, `score` as in SetReading."""
        with self._store.transaction():
            now = self._again(run.id)
            reading = SetReading(time.time(), _fingerprint(now.bundle), n, score)
            return self.update(now, now.state, RunSummary(test_readings=(*now.summary.test_readings, reading)))

    def readings_so_far(self, run: Run) -> list[Notice]:
        """What who reads the test set with `run` (again) has to know: when it was read with it before, and by how many runs."""
        now, said = self._again(run.id), []
        if now.summary.test_readings:
            days = [time.strftime("%Y-%m-%d", time.localtime(each.at)) for each in now.summary.test_readings]
            text = translatable("The test set was read with {run} before, on {days}.")
            said.append(Notice(text, {"run": now.name, "days": ", ".join(dict.fromkeys(days))}))
        count = self.test_set_readers()
        if count > 1 or (count and not now.summary.test_readings):
            text = translatable(
                "The test set has been read for other runs too ({count} in all): a choice made by it is no longer blind."
            )
            said.append(Notice(text, {"count": count + (not now.summary.test_readings)}))
        return said

    def test_set_readers(self) -> int:
        """For how many runs the test set was read, those that were removed since among them."""
        return self._removed_readers() + sum(bool(run.summary.test_readings) for run in self.all())

    def _removed_readers(self) -> int:
        row = self._store.row("SELECT value FROM meta WHERE key = ?", _REMOVED_READERS)
        return int(row[0]) if row is not None and NUMBER.fullmatch(str(row[0])) else 0

    def _stored_summary(self, id: int) -> tuple[str, dict[str, Any]]:
        """As it stands there, and with the keys of other versions, which an update leaves as they are; {} where it is damaged."""
        row = self._by_number(id)
        text = row["summary"] if row is not None else "{}"
        try:
            return text, dict(json.loads(text))
        except (TypeError, ValueError):
            return text, {}

    def forget_predictions(self, run: Run) -> None:
        """Take out of the project all that the run has predicted, layers and probabilities."""
        with self._store.transaction() as store:
            store.run("DELETE FROM layers WHERE run = ?", run.id)
            store.run("DELETE FROM probabilities WHERE run = ?", run.id)
            store.once_kept(lambda: shutil.rmtree(objects_file(run.folder, 0).parent, ignore_errors=True))

    def rename(self, run: Run, name: str) -> Run:
        if not name.strip():
            raise EngineError(translatable("A run needs a name."), translatable("Write one."))
        if self._store.row("SELECT 1 FROM runs WHERE name = ? AND id <> ?", name, run.id):
            raise EngineError(
                translatable("There is already a run {name}."), translatable("Choose another name."), name=name
            )
        with self._store.transaction() as store:
            store.run("UPDATE runs SET name = ? WHERE id = ?", name, run.id)
        return self._again(run.id)

    def remove(self, run: Run) -> None:
        """Forget a run, its predictions and its cases; its folder stays until the caller deletes it."""
        with self._store.transaction() as store:
            now = self._by_number(run.id)
            if now is not None and self._run(now).summary.test_readings:  # what was seen of the test set stays seen
                count = str(self._removed_readers() + 1)
                store.run("INSERT OR REPLACE INTO meta VALUES (?, ?)", _REMOVED_READERS, count)
            store.run("DELETE FROM runs WHERE id = ?", run.id)
            store.once_kept(lambda: _remove(cases_of(run.folder)))

    def discard(self, run: Run) -> None:
        """Forget a run that was refused before it learnt anything, its folder too: the next one takes its number."""
        with self._store.transaction() as store:
            self.remove(run)
            last = "(SELECT ifnull(max(id), 0) FROM runs)"
            store.run(
                f"UPDATE sqlite_sequence SET seq = max({last}, ? - 1) WHERE name = 'runs' AND seq = ?", run.id, run.id
            )
            store.once_kept(lambda: shutil.rmtree(run.folder, ignore_errors=True))

    def move_cases(self) -> None:
        """Take the cases that earlier versions kept in the folders of runs out of them."""
        for run in self.all():
            old = run.folder / _OLD_CASES
            if old.is_file() and not old.is_symlink():
                atomic.make_folder(cases_of(run.folder).parent)
                with contextlib.suppress(OSError):  # it is read where it is, then
                    old.replace(cases_of(run.folder))

    def set_probabilities(self, run: Run, item: int, probabilities: NDArray[np.float32]) -> None:
        """Keep what the run says of an item: one float32 a class, summing to 1."""
        with self._store.transaction() as store:
            store.run(
                "INSERT OR REPLACE INTO probabilities VALUES (?, ?, ?)",
                item,
                run.id,
                probabilities.astype("<f4").tobytes(),
            )

    def probabilities(self, run: Run) -> dict[int, NDArray[np.float32]]:
        """What the run says, by item; an answer may be no number (NaN), which is wrong and not the same as none."""
        rows = self._store.rows("SELECT item, data FROM probabilities WHERE run = ?", run.id)
        found = {row["item"]: Salvage(row).get("data", _shares, None) for row in rows}
        return {item: shares for item, shares in found.items() if shares is not None}

    def write_objects(self, run: Run, item: int, packed: bytes) -> Path | None:
        """Write the objects that the run found in an item (engine.project.objects) beside earlier ones, for `keep_objects`: a disk takes its
        time, for which no transaction should wait. None where it found none."""
        if not packed:
            return None
        file = objects_file(run.folder, item)
        waiting = file.with_name(f"{file.name}.new")
        atomic.make_folder(file.parent)
        atomic.write(waiting, packed)
        return waiting

    def keep_objects(self, run: Run, item: int, waiting: Path | None) -> None:
        """Put what was written, or that nothing was found, in place of earlier objects, once the transaction under way is kept."""
        file = objects_file(run.folder, item)
        self._store.once_kept(lambda: _remove(file) if waiting is None else _move(waiting, file))

    def damage(self) -> list[Notice]:
        """What could not be read of the runs, each of which is listed all the same."""
        found = (self._salvaged(row) for row in self._store.rows("SELECT * FROM runs ORDER BY id"))
        return [note for run, kept in found if (note := kept.note(run.name)) is not None]

    def _run(self, row: Row) -> Run:
        return self._salvaged(row)[0]

    def _salvaged(self, row: Row) -> tuple[Run, Salvage]:
        get = Salvage(row)
        run = Run(
            id=row["id"],
            name=shown_name(get.get("name", salvage.name, f"run {row['id']}")),
            state=get.get("state", salvage.one_of(get_args(RunState)), "failed"),
            made=get.get("made", salvage.moment, 0.0),
            config=get.get("config", lambda value: from_json(salvage.text(value), TrainConfig), TrainConfig()),
            summary=RunSummary.from_dict(get.get("summary", salvage.summary, {})),
            folder=self._store.folder / "runs" / str(row["id"]),
        )
        return run, get


def _shares(data: bytes) -> NDArray[np.float32] | None:
    shares = np.frombuffer(data, "<f4")
    return shares if len(shares) else None


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as fault:
        logger.warning("A file of a run stays, though it says nothing any more: %s", type(fault).__name__)


def _move(waiting: Path, file: Path) -> None:
    try:
        waiting.replace(file)
    except OSError as fault:
        logger.warning("The objects of a prediction were not kept: %s", type(fault).__name__)
        _remove(file)  # which are another prediction's


@contextlib.contextmanager
def _removed_on_failure(folders: list[Path]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def cases_of(folder: Path) -> Path:
    """Where the last seen validation cases of the run in this folder are kept: beside the folders of runs, which are handed on,
    since they show patients with their names."""
    return folder.parent.parent / CASES / f"{folder.name}.zip"


def objects_file(folder: Path, item: int) -> Path:
    """Where the objects are kept that the run in this folder found in an item."""
    return folder / "objects" / f"{item}.bin"


def _write_config(run: Run) -> None:
    """The settings beside the bundle, for whoever has the folder alone."""
    atomic.write(run.folder / CONFIG, json.dumps(without_paths(run.config), indent=2).encode())


def _fingerprint(bundle: Path) -> str:
    """What tells a bundle from an earlier one of the same run, wherever it was copied to; "" where there is none that can be read."""
    try:
        return hashlib.sha256(_header(bundle)).hexdigest()[:16]  # it holds the hash of all the rest
    except EngineError:
        return ""


def _header(bundle: Path) -> bytes:
    """The length and the JSON with which a bundle begins. EngineError where it cannot be read."""
    length = int.from_bytes(read_bytes(str(bundle), 8), "little")
    return read_bytes(str(bundle), 8 + min(length, _HEADER))
