"""The project's SQLite database: schema, migrations, transactions."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.errors import EngineError, NotReadable
from engine.project.lock import Lock
from engine.words import mark

FILE = "project.db"
SCHEMA = 1

_MIGRATIONS = (
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
)

_NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p"}


class Store:
    """One connection to a project's database, for the thread that made it. Writing ones hold the project's lock until `close`,
    unless the process has it already (`locked`)."""

    def __init__(self, folder: Path, *, write: bool, create: bool = False, locked: bool = False) -> None:
        self.folder = folder
        self.write = write
        if not create:
            _check_place(folder)  # before the lock: nothing is written into a folder that is no project
        self._lock = Lock(folder) if write and not locked else None
        try:
            if create and (folder / FILE).exists():
                raise EngineError(
                    mark("{name} exists already."), mark("Open it, or choose another name."), name=folder.name
                )
            self._db = _connect(folder / FILE, write=write, create=create)
        except BaseException:
            self._release()
            raise
        try:
            if not create:
                self._check_version()
                if write:
                    self.migrate()
        except BaseException:
            self.close()
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
                mark("{name} was made by a newer Contorno (format {version}, this one knows {known})."),
                mark("Open it with the newer version; nothing was changed."),
                name=self.folder.name,
                version=version,
                known=SCHEMA,
            )

    def migrate(self) -> None:
        """Bring the tables to the newest form, all or nothing; an empty database gets them all."""
        version = self._version()
        if version == SCHEMA:
            return
        with self.transaction():
            for statement in ";".join(_MIGRATIONS[version:]).split(";"):
                self.run(statement)
            self.run(f"PRAGMA user_version = {SCHEMA}")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """All rows of a query; EngineError where the database is damaged."""
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.ProgrammingError:  # our own fault, not the file's
            raise
        except sqlite3.DatabaseError as fault:
            raise _unreadable(self.folder, fault) from fault

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        found = self.rows(sql, *values)
        return found[0] if found else None

    def run(self, sql: str, *values: Any) -> int:
        """Run one statement of a transaction; the id of the row it inserted comes back."""
        return self._db.execute(sql, values).lastrowid or 0

    @contextlib.contextmanager
    def transaction(self) -> Iterator["Store"]:
        """All or nothing, and on disk when it ends. Nested transactions join the outer one."""
        if not self.write:
            raise EngineError(
                mark("{name} is open to read only."),
                mark("Close it in the other window first, then open it again."),
                name=self.folder.name,
            )
        if self._db.in_transaction:
            yield self
            return
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield self
            self._db.execute("COMMIT")
        except sqlite3.Error as fault:
            self._rollback()
            if isinstance(fault, sqlite3.ProgrammingError):
                raise
            raise EngineError(
                mark("The project could not be saved: {reason}."),
                mark("Make room on the disk or mend the access, then go on: what was saved before is unharmed."),
                reason=str(fault),
            ) from fault
        except UnicodeEncodeError as fault:
            self._rollback()
            raise EngineError(
                mark("{text} holds bytes that are no text."),
                mark("Write the name again."),
                text=ascii(fault.object),
            ) from fault
        except BaseException:
            self._rollback()
            raise

    def _rollback(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def close(self) -> None:
        self._db.close()
        self._release()

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None


def _check_place(folder: Path) -> None:
    try:
        there = (folder / FILE).is_file()
    except OSError as fault:
        raise _unreadable(folder, fault) from fault
    if not there:
        raise _not_a_project(folder)


def _connect(file: Path, *, write: bool, create: bool) -> sqlite3.Connection:
    try:
        return _prepared(file, ("rwc" if create else "rw") if write else "ro")
    except sqlite3.OperationalError as fault:
        if write:
            raise _unreadable(file.parent, fault) from fault
        return _connect_unwritable(file, fault)
    except sqlite3.DatabaseError as fault:
        raise _unreadable(file.parent, fault) from fault


def _connect_unwritable(file: Path, fault: sqlite3.Error) -> sqlite3.Connection:
    """On read-only media the journal's side files cannot be made; nobody can write there either, so none is needed."""
    log = file.with_name(FILE + "-wal")
    if log.exists() and log.stat().st_size:
        raise NotReadable(
            mark("{name} was not closed, and its last changes cannot be taken in from here."),
            mark("Open it once where its folder can be written."),
            name=file.parent.name,
        ) from fault
    try:
        return _prepared(file, "ro&immutable=1")
    except sqlite3.Error as second:
        raise _unreadable(file.parent, second) from second


def _prepared(file: Path, mode: str) -> sqlite3.Connection:
    # As a URI, which holds any name, even one that is no text.
    db = sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None)
    try:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA busy_timeout = 10000")
        db.execute("PRAGMA foreign_keys = ON")
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if mode == "rwc" or (mode == "rw" and 0 < version <= SCHEMA):
            # A write-ahead log needs shared memory, which network shares do not give.
            db.execute(f"PRAGMA journal_mode = {'DELETE' if _on_network(file) else 'WAL'}")
            db.execute("PRAGMA synchronous = FULL")
    except sqlite3.Error:
        db.close()
        raise
    return db


def _not_a_project(folder: Path) -> EngineError:
    return NotReadable(
        mark("{name} is not a Contorno project."),
        mark("Choose a folder whose name ends in .contorno, with a project.db in it."),
        name=folder.name,
    )


def _unreadable(folder: Path, fault: Exception) -> EngineError:
    return NotReadable(
        mark("The project {name} cannot be opened: {reason}."),
        mark("Check that you may write in its folder, or restore it from a copy; it was not changed."),
        name=folder.name,
        reason=str(fault),
    )


def _on_network(file: Path) -> bool:
    mounts = Path("/proc/mounts")
    if not mounts.is_file():
        return False
    best = ("", "")
    place = str(file.resolve())
    for line in mounts.read_text(errors="replace").splitlines():
        _, point, kind, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        if (place == point or place.startswith(point.rstrip("/") + "/")) and len(point) >= len(best[0]):
            best = (point, kind)
    return best[1] in _NETWORK_FILE_SYSTEMS
