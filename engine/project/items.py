"""The items of a project: which images, from where, in which set, in which state."""

import contextlib
import errno
import hashlib
import json
import os
import re
import stat
import time
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from sqlite3 import Row
from typing import Literal, TypeAlias, get_args

from engine.config import Split
from engine.errors import EngineError, NotReadable
from engine.imaging.hounsfield import NOT_IN_HU, is_guess
from engine.imaging.image import Image, SeriesPart, Source
from engine.progress import Notice, Progress, Work
from engine.project import salvage
from engine.project.nearness import Nearby
from engine.project.salvage import DAMAGED, Salvage
from engine.project.store import Store
from engine.words import translatable

State: TypeAlias = Literal["todo", "done", "flagged", "rejected"]
Difficulty: TypeAlias = Literal[0, 1, 2, 3]
"""How hard an item is to label, as a reader said: not said, easy, medium, hard."""

_split, _state = salvage.one_of(get_args(Split)), salvage.one_of(get_args(State))
_difficulty = salvage.one_of(get_args(Difficulty))

_MODALITY = re.compile(r"[A-Z0-9_]{1,16}")
_HASHED = 1 << 20  # bytes from the beginning and as many from the end
SIGNATURE = 4 * (16 * 16 + 1)  # bytes
_PROBES, _PROBE = 64, 1 << 16  # and so many pieces between: skull-stripped brains begin and end alike, with zeros


@dataclass(frozen=True)
class Item:
    """One image, series or volume to label. `source.files` are absolute; `spacing` (z, y, x) is in
    mm where it is `calibrated`, else a pixel's shape alone; `label` is a class's place (from 0) in classification;
    `comment` is the reason that was given for its state, in one line."""

    id: int
    name: str
    source: Source
    hash: str
    shape: tuple[int, int, int]
    spacing: tuple[float, float, float]
    color: bool
    modality: str
    patient: str
    split: Split = ""
    state: State = "todo"
    label: int | None = None
    notes: tuple[Notice, ...] = ()
    comment: str = ""
    difficulty: Difficulty = 0
    calibrated: bool = False
    part: SeriesPart | None = None  # its key is this project's own

    @property
    def group(self) -> str:
        """The patient, or the item itself where no patient is known: what a split never tears apart."""
        return self.patient or f"item {self.id}"

    @property
    def guessed(self) -> bool:
        """Whether its modality was guessed from its values, and nobody has said yet whether that is right."""
        return any(is_guess(note) for note in self.notes)

    @property
    def rejected(self) -> bool:
        """Whether the review rejected it: it is then neither learnt from nor scored, unless asked for."""
        return self.state == "rejected"

    def check_image(self, image: Image) -> None:
        """Raise EngineError where the image that was read is not of the size that was imported."""
        if image.shape != self.shape:
            raise EngineError(
                translatable("The image of {name} has changed since it was imported."),
                translatable("Import it again."),
                name=self.name,
            )

    def present(self) -> Source:
        """The source to read, its files checked to be there."""
        return Source(self.files(), self.source.kind, self.source.index, self.modality)

    def files(self) -> tuple[str, ...]:
        """The files, checked to be there and to be those that were imported: another patient's may lie at the same place."""
        advice = translatable(
            "Use Find moved images and show the folder where it lies now, or import that folder again."
        )
        try:
            found = content_hash(self.source.files, self.source.index)
        except (FileNotFoundError, NotADirectoryError) as fault:
            raise NotReadable(
                translatable("The image of {name} is not where it was: {file}."),
                advice,
                name=self.name,
                file=os.path.basename(fault.filename),
            ) from fault
        except OSError:  # whoever reads the file says why it cannot be read
            return self.source.files
        if found != self.hash:
            raise NotReadable(translatable("{name} is another image than the one imported."), advice, name=self.name)
        return self.source.files


def content_hash(files: Iterable[str], index: str = "") -> str:
    """A fingerprint by which files are known again: of their size and content (of large files, parts spread all over), and of the
    place within the file. Raises OSError."""
    digest = hashlib.sha256(index.encode())
    for file in files:
        status = os.stat(file)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a file with content", file)  # a pipe would never end
        digest.update(_digest(file, status.st_mtime_ns, status.st_size))
    return digest.hexdigest()


def file_stamp(files: Iterable[str]) -> bytes:
    """When the files were last written and how long they are, in 16 bytes: while it is the same, so is their content. Raises OSError."""
    digest = hashlib.blake2b(digest_size=16)
    for status in map(os.stat, files):
        digest.update(f"{status.st_mtime_ns} {status.st_size} ".encode())
    return digest.digest()


@lru_cache(maxsize=1 << 15)  # a file is hashed once, however often it is opened and however many images it holds
def _digest(file: str, changed: int, size: int) -> bytes:
    digest = hashlib.sha256(str(size).encode())
    with Path(file).open("rb") as stream:
        for start, length in _parts(size):
            stream.seek(start)
            digest.update(stream.read(length))
    return digest.digest()


def _parts(size: int) -> list[tuple[int, int]]:
    inner = size - 2 * _HASHED
    if inner <= _PROBES * _PROBE:
        return [(0, size)]
    starts = (_HASHED + inner * number // _PROBES for number in range(_PROBES))
    return [(0, _HASHED), *((start, _PROBE) for start in starts), (size - _HASHED, _HASHED)]


_COLUMNS = (
    *("id", "name", "files", "kind", "place", "hash", "z", "y", "x", "spacing", "color", "modality", "patient"),
    *("split", "state", "label", "notes", "difficulty", "calibrated", "part"),
)
_SELECT = (
    f"SELECT {', '.join(f'items.{column}' for column in _COLUMNS)}, ifnull(reviews.comment, '') AS comment "
    "FROM items LEFT JOIN reviews ON reviews.item = items.id "
)


class Items:
    """The table of items. Files are kept relative to the project's folder, so that both can be moved together."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._root = os.fspath(
            store.folder.resolve()
        )  # where it really lies, so that a link to the project finds the same files

    def all(self, split: Split | None = None) -> list[Item]:
        rows = self._store.rows(_SELECT + "ORDER BY items.id")
        return [item for item in map(self._item, rows) if split is None or item.split == split]

    def has(self, id: int) -> bool:
        return self._store.row("SELECT 1 FROM items WHERE id = ?", id) is not None

    def get(self, id: int) -> Item:
        row = self._store.row(_SELECT + "WHERE items.id = ?", id)
        if row is None:
            raise EngineError(
                translatable("There is no item number {id}."), translatable("It may have been removed."), id=id
            )
        return self._item(row)

    def those(self, ids: Sequence[int]) -> list[Item]:
        """The items of these numbers, in their order: one query, however many there are."""
        if len(ids) < 2:
            return [self.get(id) for id in ids]
        known = {item.id: item for item in self.all()}
        return [known[id] if id in known else self.get(id) for id in ids]

    def named(self, name: str) -> Item:
        row = self._store.row(_SELECT + "WHERE items.name = ?", name)
        if row is None:
            raise EngineError(
                translatable("There is no item {name}."),
                translatable("The names are listed in the Data tab."),
                name=name,
            )
        return self._item(row)

    def count(self) -> int:
        row = self._store.row("SELECT count(*) FROM items")
        return int(row[0]) if row else 0

    def add(self, item: Item) -> Item:
        """Add an item (its id is ignored); a name that is taken gets a number."""
        with self._store.transaction() as store:
            name, number = item.name, 2
            while store.row("SELECT 1 FROM items WHERE name = ?", name):
                name, number = f"{item.name} ({number})", number + 1
            id = store.run(
                "INSERT INTO items (name, kind, files, place, hash, z, y, x, spacing, color, modality, patient, split,"
                " state, label, notes, calibrated, part) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                name,
                item.source.kind,
                self._pack(item.source.files),
                item.source.index,
                item.hash,
                *item.shape,
                json.dumps(item.spacing),
                int(item.color),
                item.modality,
                item.patient,
                item.split,
                item.state,
                item.label,
                _packed_notes(item.notes),
                int(item.calibrated),
                _packed(item.part),
            )
            with contextlib.suppress(OSError):  # the checks name what is not there
                self.set_stamps({id: file_stamp(item.source.files)})
        return replace(item, id=id, name=name)

    def remove(self, ids: Iterable[int]) -> None:
        """Take items and their layers out of the project; the image files are never touched."""
        with self._store.transaction() as store:
            for id in ids:
                store.run("DELETE FROM items WHERE id = ?", id)

    def known(self) -> dict[tuple[str, str, str], Item]:
        """Every item by (file name, hash, place), by which an image that is imported again is noticed. A copy under another name
        is another item: real sets hold such, and the check of the data names them."""
        return {(os.path.basename(item.source.files[0]), item.hash, item.source.index): item for item in self.all()}

    def set_splits(self, splits: Mapping[int, Split]) -> None:
        self._set("split", splits)

    def set_state(self, id: int, state: State, comment: str = "") -> None:
        """What a reader says of an item, and why, in one line; "todo" takes it back, the reason with it."""
        with self._store.transaction() as store:
            store.run("UPDATE items SET state = ? WHERE id = ?", state, id)
            store.run("DELETE FROM reviews WHERE item = ?", id)
            if state != "todo":
                store.run(
                    "INSERT INTO reviews (item, verdict, comment, made) VALUES (?,?,?,?)",
                    id,
                    state,
                    comment,
                    time.time(),
                )

    def set_difficulty(self, id: int, difficulty: Difficulty) -> None:
        self._set("difficulty", {id: difficulty})

    def set_modality(self, ids: Iterable[int], modality: str) -> None:
        """What the images are, by DICOM's words (CT, MR, OT: other), whatever their files say: CT is in HU from now on where its values
        can be, and what was guessed from them is not asked again."""
        said, told = checked_modality(modality), self.those(list(ids))
        self.put_back_modality(
            [replace(i, modality=said, notes=tuple(n for n in i.notes if _holds_for(n, said))) for i in told]
        )

    def add_note(self, id: int, note: Notice, *, modality: str) -> bool:
        """Keep a note with the item while it is of that modality, once; whether it is kept now and was not before."""
        with self._store.transaction() as store:
            if not self.has(id):
                return False
            item = self.get(id)
            if item.modality != modality or any(known.message == note.message for known in item.notes):
                return False
            store.run("UPDATE items SET notes = ? WHERE id = ?", _packed_notes((*item.notes, note)), id)
        return True

    def put_back_modality(self, items: Iterable[Item]) -> None:
        """Let these have the modality and the notes that they are given with."""
        with self._store.transaction() as store:
            for item in items:
                sql = "UPDATE items SET modality = ?, notes = ? WHERE id = ?"
                store.run(sql, item.modality, _packed_notes(item.notes), item.id)

    def set_labels(self, labels: Mapping[int, int | None]) -> None:
        self._set("label", labels)

    def signatures(self) -> dict[int, bytes]:
        """What `engine.project.splits` knows of the items' pixels."""
        rows = self._store.rows("SELECT item, CAST(data AS BLOB) AS data FROM signatures")
        return {row["item"]: row["data"] for row in rows if len(row["data"]) == SIGNATURE}

    def set_signatures(self, signatures: Mapping[int, bytes]) -> None:
        """Keep them; of items that were removed meanwhile, none."""
        with self._store.transaction() as store:
            for id, data in signatures.items():
                store.run(
                    "INSERT OR REPLACE INTO signatures (item, data) SELECT id, ? FROM items WHERE id = ?", data, id
                )

    def stamps(self) -> dict[int, bytes]:
        """The `file_stamp` of each item's files when they were last known to be those that were imported."""
        rows = self._store.rows("SELECT item, CAST(data AS BLOB) AS data FROM stamps")
        return {row["item"]: row["data"] for row in rows}

    def set_stamps(self, stamps: Mapping[int, bytes]) -> None:
        """Keep them; of items that were removed meanwhile, none."""
        with self._store.transaction() as store:
            for id, data in stamps.items():
                store.run("INSERT OR REPLACE INTO stamps (item, data) SELECT id, ? FROM items WHERE id = ?", data, id)

    def exchange(self, item: Item) -> None:
        """Let the item be of the image that its files hold now: hash, size, spacing, colour, patient and notes are its new ones, and what
        was worked out from the pixels before is forgotten. Masks are left alone."""
        with self._store.transaction() as store:
            columns = ("hash", "z", "y", "x", "spacing", "color", "calibrated", "patient", "notes")
            store.run(
                f"UPDATE items SET {', '.join(f'{column} = ?' for column in columns)} WHERE id = ?",
                item.hash,
                *item.shape,
                json.dumps(item.spacing),
                int(item.color),
                int(item.calibrated),
                item.patient,
                _packed_notes(item.notes),
                item.id,
            )
            for table in ("signatures", "stamps", "probabilities"):
                store.run(f"DELETE FROM {table} WHERE item = ?", item.id)

    def _set(self, column: str, values: Mapping[int, object]) -> None:
        with self._store.transaction() as store:
            for id, value in values.items():
                store.run(f"UPDATE items SET {column} = ? WHERE id = ?", value, id)

    def set_files(self, files: Mapping[int, Sequence[str]]) -> None:
        """Say where the images of items lie: absolute paths, kept relative to this project's folder."""
        self._set("files", {id: self._pack(paths) for id, paths in files.items()})

    def missing(self) -> list[Item]:
        """Items whose files are not where they were."""
        return [item for item in self.all() if not all(Path(f).exists() for f in item.source.files)]

    def find_moved(self, folder: Path) -> Work[int]:
        """Look below `folder`, by name and fingerprint, for files that are missing or were exchanged; how many items were found
        again comes back."""
        items = self.all()
        lost = {item.id for item in self.missing()}
        wanted = {_composed(os.path.basename(file)) for item in items for file in item.source.files}
        by_name, by_path = dict[str, list[str]](), dict[str, str]()
        for place, _, names in os.walk(folder):
            yield Progress(0, 0, os.path.basename(place))
            for name in names:
                if _composed(name) in wanted:
                    file = os.path.join(place, name)
                    by_name.setdefault(_composed(name), []).append(file)
                    by_path[_composed(file)] = file
        near = {name: Nearby(map(Path, files)) for name, files in by_name.items()}
        found, hashes = 0, dict[tuple[tuple[str, ...], str], str]()
        for number, item in enumerate(items):
            yield Progress(number, len(items), item.name)
            first = item.source.files[0]
            name = _composed(os.path.basename(first))
            named = by_name.get(name, [])
            if not named or (item.id not in lost and _matches(item, item.source.files, hashes)):
                continue
            # of thousands of one name each most likely kept the name of its folder
            likely = map(str, near[name].nearest(Path(first)))
            tried = (file for file in chain(likely, named) if file != first)
            moved = (_moved(item.source.files, candidate, by_path) for candidate in tried)
            files = next((files for files in moved if files and _matches(item, files, hashes)), None)
            if files is not None:
                found += 1
                self.set_files({item.id: files})
        return found

    def _pack(self, files: Iterable[str]) -> bytes:
        """Paths as bytes, since a file name need not be text, NUL between them; relative where they share a drive."""
        return b"\0".join(os.fsencode(self._relative(file)) for file in files)

    def _relative(self, file: str) -> str:
        folder, name = os.path.split(os.path.abspath(file))
        try:
            return os.path.relpath(os.path.join(os.path.realpath(folder), name), self._root)
        except ValueError:  # another drive
            return file

    def _item(self, row: Row) -> Item:
        try:
            return self._sound(row)
        except salvage.UNSOUND:
            return self._with_note(row)

    def _sound(self, row: Row) -> Item:
        """As `_salvaged` where nothing is damaged, in a third of the time: of thousands of items that is seen."""
        id, name, files, kind, place, hash, z, y, x, spacing, color, modality, patient, *rest = row
        split, state, label, notes, difficulty, calibrated, part, comment = rest
        text, count = salvage.text, salvage.count
        return Item(
            id,
            salvage.name(name),
            Source(self._unpack(files), text(kind), text(place)),
            text(hash),
            (count(z), count(y), count(x)),
            salvage.spacing(spacing),
            bool(color),
            text(modality),
            text(patient),
            _split(split),
            _state(state),
            salvage.place(label),
            salvage.notes(notes),
            text(comment),
            _difficulty(difficulty),
            calibrated == 1,
            salvage.part(part),
        )

    def _with_note(self, row: Row) -> Item:
        item, found = self._salvaged(row)
        note = found.note(item.name)
        return item if note is None else replace(item, notes=(*item.notes, note))

    def _salvaged(self, row: Row) -> tuple[Item, Salvage]:
        get = Salvage(row)
        item = Item(
            id=row["id"],
            name=get.get("name", salvage.name, f"item {row['id']}"),
            source=Source(
                get.get("files", self._unpack, ("?",)),
                get.get("kind", salvage.text, "raster"),
                get.get("place", salvage.text, ""),
            ),
            hash=get.get("hash", salvage.text, ""),
            shape=(get.get("z", salvage.count, 1), get.get("y", salvage.count, 1), get.get("x", salvage.count, 1)),
            spacing=get.get("spacing", salvage.spacing, (1.0, 1.0, 1.0)),
            color=bool(row["color"]),
            modality=get.get("modality", salvage.text, ""),
            patient=get.get("patient", salvage.text, ""),
            split=get.get("split", _split, ""),
            state=get.get("state", _state, "todo"),
            label=get.get("label", salvage.place, None),
            notes=get.get("notes", salvage.notes, ()),
            comment=get.get("comment", salvage.text, ""),
            difficulty=get.get("difficulty", _difficulty, 0),
            calibrated=row["calibrated"] == 1,
            part=get.get("part", salvage.part, None),
        )
        return item, get

    def _unpack(self, files: bytes) -> tuple[str, ...]:
        if not isinstance(files, bytes) or not files:
            raise ValueError(files)
        return tuple([os.path.normpath(os.path.join(self._root, os.fsdecode(part))) for part in files.split(b"\0")])


def damage_of(items: Iterable[Item]) -> list[Notice]:
    """What could not be read of the items, each of which is listed all the same."""
    return [note for item in items for note in item.notes if note.message == DAMAGED]


def _packed_notes(notes: Sequence[Notice]) -> str:
    return json.dumps([[note.message, note.values] for note in notes], default=_packed_note)


def _packed_note(value: object) -> object:
    """Of a notice a value may be one too."""
    if isinstance(value, Notice):
        return {"message": value.message, "values": value.values}
    raise TypeError(value)


def _packed(part: SeriesPart | None) -> str:
    return "" if part is None else json.dumps([part.key, part.number, part.count, part.label])


def _holds_for(note: Notice, modality: str) -> bool:
    return not is_guess(note) and (modality == "CT" or note.message != NOT_IN_HU)


def checked_modality(word: str) -> str:
    """A modality as DICOM writes it, in capitals. EngineError where it is no such word."""
    modality = word.strip().upper()
    if not _MODALITY.fullmatch(modality):
        raise EngineError(
            translatable("{word} is no modality."),
            translatable("Say one of DICOM's, such as CT, MR, DX, US, or OT for another."),
            word=word,
        )
    return modality


def _composed(path: str) -> str:
    """The path however its accents are written: macOS takes them apart."""
    return unicodedata.normalize("NFC", os.path.normpath(path))


def _moved(files: tuple[str, ...], first: str, by_path: Mapping[str, str]) -> tuple[str, ...] | None:
    """The files where they are, if all moved as the first did; None where some are not there."""
    folder, old = os.path.dirname(first), os.path.dirname(files[0])
    rest = [by_path.get(_composed(os.path.join(folder, os.path.relpath(file, old)))) for file in files[1:]]
    there = [file for file in rest if file is not None]
    return (first, *there) if len(there) == len(rest) else None


def _matches(item: Item, files: tuple[str, ...], hashes: dict[tuple[tuple[str, ...], str], str]) -> bool:
    """Whether they are the item's files; `hashes` are those of files that were looked at."""
    key = files, item.source.index
    if key not in hashes:
        try:
            hashes[key] = content_hash(*key)
        except OSError:  # what cannot be read is not what was looked for
            hashes[key] = ""
    return hashes[key] == item.hash != ""
