"""The project's SQLite database: schema, migrations, transactions."""

import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from engine.errors import EngineError, NotReadable, ProjectGone, ProjectLocked
from engine.progress import Progress, Work
from engine.project.lock import Lock
from engine.project.migrations import add_by_model, add_calibrated, add_parts, from_version_1
from engine.words import translatable

FILE = "project.db"
_LONGEST_PATH = 504  # bytes; SQLite takes 512 with the endings of its side files
_NOT_UTF8 = "Could not decode to UTF-8"  # as the sqlite3 module says it
_OF_LAYERS = ("tiles", "edits")
_LITTLE = 1 << 20  # bytes free: less than SQLite needs at once
_MIGRATIONS: "tuple[str | Callable[[Store], None], ...]" = (
    # to version 1
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE classes (place INTEGER PRIMARY KEY, name TEXT NOT NULL, color TEXT NOT NULL, key TEXT NOT NULL);
    CREATE TABLE items (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, files BLOB NOT NULL,
        place TEXT NOT NULL, hash TEXT NOT NULL, z INTEGER NOT NULL, y INTEGER NOT NULL, x INTEGER NOT NULL,
        spacing TEXT NOT NULL, color INTEGER NOT NULL, modality TEXT NOT NULL, patient TEXT NOT NULL,
        split TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT 'todo', label INTEGER, notes TEXT NOT NULL DEFAULT '[]'
    );
    CREATE TABLE readers (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, state TEXT NOT NULL, made REAL NOT NULL,
        config TEXT NOT NULL, summary TEXT NOT NULL DEFAULT '{}'
    );
    CREATE TABLE layers (
        id INTEGER PRIMARY KEY, item INTEGER NOT NULL REFERENCES items ON DELETE CASCADE,
        kind TEXT NOT NULL, form TEXT NOT NULL DEFAULT 'class',
        reader INTEGER REFERENCES readers, run INTEGER REFERENCES runs ON DELETE CASCADE
    );
    CREATE UNIQUE INDEX one_layer ON layers (item, kind, ifnull(reader, 0), ifnull(run, 0));
    CREATE TABLE tiles (
        layer INTEGER NOT NULL REFERENCES layers ON DELETE CASCADE, z INTEGER NOT NULL, row INTEGER NOT NULL,
        col INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (layer, z, row, col)
    ) WITHOUT ROWID;
    CREATE TABLE edits (
        id INTEGER PRIMARY KEY AUTOINCREMENT, layer INTEGER NOT NULL REFERENCES layers ON DELETE CASCADE,
        name TEXT NOT NULL, made REAL NOT NULL, undone INTEGER NOT NULL DEFAULT 0, data BLOB NOT NULL
    );
    CREATE INDEX edits_of ON edits (layer, id);
    CREATE TABLE probabilities (
        item INTEGER NOT NULL REFERENCES items ON DELETE CASCADE, run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
        data BLOB NOT NULL, PRIMARY KEY (item, run)
    ) WITHOUT ROWID;
    CREATE TABLE reviews (
        item INTEGER PRIMARY KEY REFERENCES items ON DELETE CASCADE, verdict TEXT NOT NULL, comment TEXT NOT NULL, made REAL NOT NULL
    );
    """,
    from_version_1,  # to version 2
    add_calibrated,  # to version 3
    add_parts,  # to version 4
    # to version 5
    """
    CREATE TABLE signatures (item INTEGER PRIMARY KEY REFERENCES items ON DELETE CASCADE, data BLOB NOT NULL)
    """,
    add_by_model,  # to version 6
    # to version 7: objects beside the classes (docs/decisions/0021)
    """
    ALTER TABLE tiles ADD COLUMN ids BLOB NOT NULL DEFAULT x'';
    ALTER TABLE edits ADD COLUMN ids BLOB NOT NULL DEFAULT x''
    """,
    # to version 8
    """
    CREATE TABLE studies (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, state TEXT NOT NULL, made REAL NOT NULL,
        config TEXT NOT NULL, test TEXT NOT NULL DEFAULT '{}'
    );
    CREATE TABLE trials (
        study INTEGER NOT NULL REFERENCES studies ON DELETE CASCADE, number INTEGER NOT NULL,
        run INTEGER REFERENCES runs ON DELETE SET NULL, state TEXT NOT NULL, settings TEXT NOT NULL,
        figures TEXT NOT NULL DEFAULT '{}', PRIMARY KEY (study, number)
    ) WITHOUT ROWID
    """,
    # to version 9
    """
    CREATE TABLE measures (
        id INTEGER PRIMARY KEY AUTOINCREMENT, item INTEGER NOT NULL REFERENCES items ON DELETE CASCADE, kind TEXT NOT NULL,
        plane TEXT NOT NULL, place INTEGER NOT NULL, points TEXT NOT NULL, made REAL NOT NULL
    );
    CREATE INDEX measures_of ON measures (item, id);
    DROP INDEX IF EXISTS edits_of;
    CREATE INDEX edits_of ON edits (layer, id, made)
    """,
    # to version 10
    """
    ALTER TABLE classes ADD COLUMN code TEXT NOT NULL DEFAULT '';
    ALTER TABLE items ADD COLUMN difficulty INTEGER NOT NULL DEFAULT 0
    """,
    # to version 11: what an item's files looked like when they were last known to be those that were imported
    """
    CREATE TABLE stamps (item INTEGER PRIMARY KEY REFERENCES items ON DELETE CASCADE, data BLOB NOT NULL)
    """,
)
SCHEMA = len(_MIGRATIONS)

# Those known to share memory between processes, which a write-ahead log needs; of any other the safe journal is asked.
_LOCAL_FILE_SYSTEMS = {
    "ext2",
    "ext3",
    "ext4",
    "xfs",
    "btrfs",
    "zfs",
    "f2fs",
    "tmpfs",
    "overlay",
    "apfs",
    "hfs",
    "ntfs",
    "ntfs3",
}
# a line of what lists the mounts: the point and the kind
_LINUX = r"^\S+ (\S+) (\S+) "
_MACOS = r"^.+? on (/.*) \(([^,)]+)"


class Store:
    """One connection to a project's database, for the thread that made it. Writing ones hold the project's lock until `close`,
    unless the process has it already (`locked`)."""

    def __init__(self, folder: Path, *, write: bool, create: bool = False, locked: bool = False) -> None:
        self.folder = folder
        self.write = write
        self._once_kept: list[Callable[[], None]] = []
        check_path(folder)
        if not create:
            _check_place(folder)  # before the lock: nothing is written into a folder that is no project
        if write:
            _check_links(folder)
        self._lock = Lock(folder) if write and not locked else None
        try:
            self._db = _connect(folder / FILE, write=write, create=create)
        except BaseException:
            self._release(undo=True)
            raise
        try:
            self._opened = os.stat(folder / FILE)
            self._local = write and _is_local(folder / FILE)
            if not create:
                self._check_version()
                if write:
                    self.migrate()
                elif self._version() < SCHEMA:  # the file stays as it is
                    self._db = _private_copy(self._db)
                    self._upgrade()
        except BaseException:
            self._db.close()
            self._release(undo=True)
            raise

    def _version(self) -> int:
        found = self.row("PRAGMA user_version")
        return int(found[0]) if found else 0

    def _check_version(self) -> None:
        version = self._version()
        if version == 0:
            raise _not_a_project(self.folder)
        if version > SCHEMA:
            raise NotReadable(
                translatable("{name} was made by a newer Contorno (format {version}, this one knows {known})."),
                translatable("Open it with the newer version; nothing was changed."),
                name=self.folder.name,
                version=version,
                known=SCHEMA,
            )

    def migrate(self) -> None:
        """Bring the tables to the newest form, all or nothing; an empty database gets them all."""
        if self._version() < SCHEMA:
            with self.transaction():
                self._upgrade()

    def _upgrade(self) -> None:
        for step in _MIGRATIONS[self._version() :]:
            if callable(step):
                step(self)
            else:
                for statement in step.split(";"):
                    self.run(statement)
        self.run(f"PRAGMA user_version = {SCHEMA}")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """All rows of a query; EngineError where the database is damaged or a value is no text."""
        try:
            return _fetched(self._db, sql, values)
        except sqlite3.ProgrammingError:  # our own fault, not the file's
            raise
        except sqlite3.DatabaseError as fault:
            raise _unreadable(self.folder, fault) from fault
        except UnicodeEncodeError as fault:
            raise _no_text(fault) from fault

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        found = self.rows(sql, *values)
        return found[0] if found else None

    def run(self, sql: str, *values: Any) -> int:
        """Run one statement of a transaction; the id of the row it inserted comes back."""
        return self._db.execute(sql, values).lastrowid or 0

    def run_many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Run one statement of a transaction for each of these."""
        self._db.executemany(sql, values)

    @contextlib.contextmanager
    def transaction(self) -> Iterator["Store"]:
        """All or nothing, and on disk when it ends. Nested transactions join the outer one."""
        if not self.write:
            raise EngineError(
                translatable("{name} is open to read only."),
                translatable("Close it in the other window first, then open it again."),
                name=self.folder.name,
            )
        if self._db.in_transaction:
            yield self
            return
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield self
            self._check_still_there()  # SQLite would write on into a file that has no name any more
            self._db.execute("COMMIT")
        except sqlite3.Error as fault:
            self._rollback()
            if isinstance(fault, sqlite3.ProgrammingError):
                raise
            self._check_still_there()
            raise EngineError(
                translatable("The project could not be saved: {reason}."),
                translatable(
                    "Make room on the disk or mend the access, then go on: what was saved before is unharmed."
                ),
                reason=str(fault),
            ) from fault
        except UnicodeEncodeError as fault:
            self._rollback()
            raise _no_text(fault) from fault
        except BaseException:
            self._rollback()
            raise
        kept, self._once_kept = self._once_kept, []
        for action in kept:
            action()

    def once_kept(self, action: Callable[[], None]) -> None:
        """Do it when the transaction under way, the outer one too, is on disk, and never where it is taken back; at once without one. So
        are files removed that rows speak of. `action` raises nothing."""
        if self._db.in_transaction:
            self._once_kept.append(action)
        else:
            action()

    def _check_still_there(self) -> None:
        """Raise ProjectGone unless the path leads to the file that was opened."""
        try:
            now = os.stat(self.folder / FILE)
        except OSError as fault:
            raise self._gone() from fault
        # network shares may number a file anew while it is open
        if self._local and not os.path.samestat(now, self._opened):
            raise self._gone()

    def _gone(self) -> ProjectGone:
        return ProjectGone(
            translatable(
                "{name} is no longer where it was opened: it was moved, exchanged or deleted, or its drive was taken out."
            ),
            translatable("Nothing is kept from now on. Save a copy of the project elsewhere and go on there."),
            name=self.folder.name,
        )

    def fold_log(self) -> None:
        """Take the write-ahead log into the database, as far as nobody reads what it would replace; waits for nobody."""
        with contextlib.suppress(sqlite3.Error):  # it is done again at the next pause, and at closing
            self._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def copying_to(self, folder: Path) -> Work[None]:
        """Write all that the database holds into a new one in the folder: all but the pixels, then layer by layer, each as it is at one
        moment, since jobs may write meanwhile. Through the open connection, so that it works where the own file is gone. Raises EngineError
        where the copy cannot be written."""
        new = Store(folder, write=True, create=True)
        try:
            new.migrate()
        finally:
            new.close()
        try:
            self._db.execute("ATTACH ? AS copy", ((folder / FILE).absolute().as_uri() + "?mode=rw",))
            try:
                self._db.execute("PRAGMA copy.synchronous = OFF")  # it counts when it is whole
                yield Progress(0, 0)
                self._copy_tables()
                layers = [row[0] for row in self.rows("SELECT id FROM copy.layers")]
                for done, layer in enumerate(layers):
                    yield Progress(done, len(layers))
                    self._copy_layer(layer)
            finally:
                self._db.execute("DETACH copy")
        except sqlite3.Error as fault:
            raise EngineError(
                translatable("The copy {name} could not be written: {reason}."),
                translatable("Choose another folder."),
                name=folder.name,
                reason=str(fault),
            ) from fault

    def _copy_tables(self) -> None:
        """All but what layers hold. Parents first: they were made before their children."""
        found = self.rows("SELECT name FROM main.sqlite_master WHERE type = 'table' ORDER BY rowid")
        with self._moment():
            for table in [row[0] for row in found if row[0] not in (*_OF_LAYERS, "sqlite_sequence")]:
                self._db.execute(f"INSERT OR REPLACE INTO copy.{table} SELECT * FROM main.{table}")
            self._db.execute("DELETE FROM copy.sqlite_sequence")  # the last ids that were given
            self._db.execute("INSERT INTO copy.sqlite_sequence SELECT * FROM main.sqlite_sequence")

    def _copy_layer(self, layer: int) -> None:
        with self._moment():
            self._db.execute("DELETE FROM copy.layers WHERE id = ?", (layer,))
            for table, key in (("layers", "id"), *((table, "layer") for table in _OF_LAYERS)):
                sql = f"INSERT INTO copy.{table} SELECT * FROM main.{table} WHERE {key} = ?"
                self._db.execute(sql, (layer,))

    @contextlib.contextmanager
    def _moment(self) -> Iterator[None]:
        """What is read is of one moment, and what is written into the copy is there whole or not at all."""
        self._db.execute("BEGIN")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            self._rollback()
            raise

    def _rollback(self) -> None:
        self._once_kept = []
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def close(self) -> None:
        self._db.close()
        self._release()

    def _release(self, *, undo: bool = False) -> None:
        if self._lock is not None:
            self._lock.release(undo=undo)
            self._lock = None


def _check_place(folder: Path) -> None:
    try:
        there = (folder / FILE).is_file()
    except OSError as fault:
        raise _unreadable(folder, fault) from fault
    if not there:
        raise _not_a_project(folder)


def _check_links(folder: Path) -> None:
    """Refuse to write where a part of the project is a link: a stranger's would have other files of this user written through it."""
    places = [folder / f"{FILE}{ending}" for ending in ("", "-wal", "-shm", "-journal")]
    places += [folder / "cases", folder / "runs", *_entries(folder / "runs")]
    for place in places:
        if place.is_symlink():
            raise ProjectLocked(
                translatable("{name} cannot be opened for writing: its {place} is a link to another place."),
                translatable("Open it to read only, or put the file or folder itself there."),
                name=folder.name,
                place=place.relative_to(folder),
            )


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:  # there are no runs yet
        return []


def _connect(file: Path, *, write: bool, create: bool) -> sqlite3.Connection:
    try:
        return _prepared(file, ("rwc" if create else "rw") if write else "ro")
    except sqlite3.OperationalError as fault:
        if write:
            full = _is_full(file.parent, fault)
            raise (_no_room(file.parent, create=create) if full else _unreadable(file.parent, fault)) from fault
        return _connect_unwritable(file, fault)
    except sqlite3.DatabaseError as fault:
        raise (_exists(file.parent) if create else _unreadable(file.parent, fault)) from fault


def _connect_unwritable(file: Path, fault: sqlite3.OperationalError) -> sqlite3.Connection:
    """On read-only media the journal's side files cannot be made; nobody can write there either, so none is needed."""
    if any(_has_content(file.with_name(FILE + ending)) for ending in ("-wal", "-journal")):
        raise NotReadable(
            translatable("{name} was not closed, and its last changes cannot be taken in from here."),
            translatable("Open it once where its folder can be written."),
            name=file.parent.name,
        ) from fault
    reason = fault.sqlite_errorname
    unwritable = reason.startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")) or _is_full(file.parent, fault)
    if reason == "SQLITE_READONLY_ROLLBACK" or not unwritable:
        raise _unreadable(file.parent, fault) from fault
    try:
        return _prepared(file, "ro&immutable=1")
    except sqlite3.Error as second:
        raise _unreadable(file.parent, second) from second


def _has_content(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > 0


def _prepared(file: Path, mode: str) -> sqlite3.Connection:
    # As a URI, which holds any name, even one that is no text.
    db = sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None)
    try:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA busy_timeout = 10000")
        db.execute("PRAGMA foreign_keys = ON")
        (version,) = db.execute("PRAGMA user_version").fetchone()
        # An empty one was left by a creation that was killed before its one transaction: it is taken over.
        if mode == "rwc" and (version or db.execute("SELECT 1 FROM sqlite_master").fetchone()):
            raise _exists(file.parent)
        if mode == "rwc" or (mode == "rw" and 0 < version <= SCHEMA):
            db.execute(f"PRAGMA journal_mode = {'WAL' if _is_local(file) else 'DELETE'}")
            db.execute("PRAGMA synchronous = FULL")
    except BaseException:
        db.close()
        raise
    return db


def _is_full(folder: Path, fault: sqlite3.OperationalError) -> bool:
    if fault.sqlite_errorname == "SQLITE_FULL":
        return True
    try:
        return fault.sqlite_errorname.startswith("SQLITE_IOERR") and shutil.disk_usage(folder).free < _LITTLE
    except OSError:
        return False


def _no_room(folder: Path, *, create: bool) -> EngineError:
    if create:
        return EngineError(
            translatable("{name} could not be made: the disk is full."),
            translatable("Make room on the disk, or choose another place."),
            name=folder.name,
        )
    return ProjectLocked(
        translatable("{name} cannot be opened for writing: the disk is full."),
        translatable("Make room on the disk; until then it can be opened to read."),
        name=folder.name,
    )


def check_path(folder: Path) -> None:
    """Raise EngineError where the project's path is longer than SQLite takes."""
    length = len(os.fsencode(os.path.abspath(folder / FILE)))
    if length > _LONGEST_PATH:
        raise NotReadable(
            translatable("The path of {name} is too long: it has {length} bytes, and {most} are the most."),
            translatable("Choose a place with fewer or shorter folders above it."),
            name=folder.name,
            length=length,
            most=_LONGEST_PATH,
        )


def _fetched(db: sqlite3.Connection, sql: str, values: Sequence[Any]) -> list[sqlite3.Row]:
    """All rows. Damaged text is shown as well as it can be: one such value would keep a whole table from being read."""
    try:
        return db.execute(sql, values).fetchall()
    except sqlite3.OperationalError as fault:
        if _NOT_UTF8 not in str(fault):
            raise
    db.text_factory = lambda data: data.decode("utf-8", "replace")  # by Python, which is slow
    try:
        return db.execute(sql, values).fetchall()
    finally:
        db.text_factory = str


def _private_copy(db: sqlite3.Connection) -> sqlite3.Connection:
    """All that a database holds in another of no name, in memory as far as it fits; the first is closed."""
    with contextlib.closing(db):
        copy = sqlite3.connect("", isolation_level=None)
        copy.row_factory = sqlite3.Row
        db.backup(copy)
    return copy


def _exists(folder: Path) -> EngineError:
    return EngineError(
        translatable("{name} exists already."), translatable("Open it, or choose another name."), name=folder.name
    )


def _no_text(fault: UnicodeEncodeError) -> EngineError:
    return EngineError(
        translatable("{text} holds bytes that are no text."),
        translatable("Write the name again."),
        text=ascii(fault.object),
    )


def _not_a_project(folder: Path) -> EngineError:
    return NotReadable(
        translatable("{name} is not a Contorno project."),
        translatable("Choose a folder whose name ends in .contorno, with a project.db in it."),
        name=folder.name,
    )


def _unreadable(folder: Path, fault: Exception) -> EngineError:
    return NotReadable(
        translatable("The project {name} cannot be opened: {reason}."),
        translatable("Check that you may write in its folder, or restore it from a copy; it was not changed."),
        name=folder.name,
        reason=(fault.strerror if isinstance(fault, OSError) else None) or str(fault),
    )


def _is_local(file: Path) -> bool:
    """Whether the file lies on a disk of this computer."""
    place = file.resolve()
    if sys.platform == "win32":
        import ctypes

        return ctypes.windll.kernel32.GetDriveTypeW(place.anchor) == 3  # DRIVE_FIXED
    mounts = Path("/proc/mounts")
    if mounts.is_file():
        found = _file_system(mounts.read_text(errors="replace"), _LINUX, str(place))
    else:
        found = _file_system(_mounts_of_macos(), _MACOS, str(place))
    return found in _LOCAL_FILE_SYSTEMS


def _mounts_of_macos() -> str:
    try:
        return subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=10, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""  # unknown: the journal that is safe anywhere


def _file_system(mounts: str, line: str, place: str) -> str:
    """The kind of the file system a path lies on: of the longest mount point above it, the last one mounted there."""
    best = ("", "")
    for point, kind in re.findall(line, mounts, re.MULTILINE):
        point = point.replace("\\040", " ")
        if (place == point or place.startswith(point.rstrip("/") + "/")) and len(point) >= len(best[0]):
            best = (point, kind)
    return best[1]
