"""The project's SQLite database: schema, migrations, transactions, and the lock that keeps a second writer out."""

import contextlib
import getpass
import json
import os
import socket
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from engine.errors import EngineError, NotReadable, ProjectLocked

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

FILE = "project.db"
SCHEMA = 1

_MIGRATIONS = (
    # to version 1
    """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE classes (place INTEGER PRIMARY KEY, name TEXT NOT NULL, color TEXT NOT NULL, key TEXT NOT NULL);
    CREATE TABLE items (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, files BLOB NOT NULL,
        place TEXT NOT NULL, hash TEXT NOT NULL, z INTEGER NOT NULL, y INTEGER NOT NULL, x INTEGER NOT NULL,
        spacing TEXT NOT NULL, color INTEGER NOT NULL, modality TEXT NOT NULL, patient TEXT NOT NULL,
        split TEXT NOT NULL DEFAULT '', state TEXT NOT NULL DEFAULT 'todo', label INTEGER, notes TEXT NOT NULL DEFAULT '[]'
    );
    CREATE TABLE readers (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, state TEXT NOT NULL, made REAL NOT NULL,
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
    """One connection to a project's database. Writing ones hold the project's lock until `close`."""

    def __init__(self, folder: Path, *, write: bool, create: bool = False) -> None:
        self.folder = folder
        self.write = write
        self._lock = _Lock(folder) if write else None
        try:
            self._db = _connect(folder / FILE, write=write, create=create)
            self._migrate()
        except BaseException:
            self._release()
            raise

    def _migrate(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > SCHEMA:
            raise NotReadable(
                "{name} was made by a newer Contorno (format {version}, this one knows {known}).",
                "Open it with the newer version; nothing was changed.",
                name=self.folder.name,
                version=version,
                known=SCHEMA,
            )
        if version < SCHEMA and self.write:
            for number in range(version, SCHEMA):
                self._db.executescript(f"BEGIN; {_MIGRATIONS[number]} PRAGMA user_version = {number + 1}; COMMIT;")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self._db.execute(sql, values).fetchone()
        return found

    def run(self, sql: str, *values: Any) -> int:
        """Run one statement of a transaction; the id of the row it inserted comes back."""
        return self._db.execute(sql, values).lastrowid or 0

    @contextlib.contextmanager
    def transaction(self) -> Iterator["Store"]:
        """All or nothing, and on disk when it ends. Nested transactions join the outer one."""
        if not self.write:
            raise EngineError(
                "{name} is open to read only.",
                "Close it in the other window first, then open it again.",
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
            raise EngineError(
                "The project could not be saved: {reason}.",
                "Make room on the disk or mend the access, then go on: what was saved before is unharmed.",
                reason=str(fault),
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


def _connect(file: Path, *, write: bool, create: bool) -> sqlite3.Connection:
    if not create and not file.is_file():
        raise NotReadable(
            "{name} is not a Contorno project.",
            "Choose a folder whose name ends in .contorno, with a project.db in it.",
            name=file.parent.name,
        )
    mode = ("rwc" if create else "rw") if write else "ro"
    try:
        db = _open(file, mode)
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as fault:
        if write:
            raise _unreadable(file, fault) from fault
        try:  # on read-only media the journal's side files cannot be made; nobody can write there either
            db = _open(file, "ro&immutable=1")
            db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.Error as second:
            raise _unreadable(file, second) from second
    except sqlite3.DatabaseError as fault:
        raise _unreadable(file, fault) from fault
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA busy_timeout = 10000")
    if write:
        # A write-ahead log needs shared memory, which network shares do not give.
        db.execute(f"PRAGMA journal_mode = {'DELETE' if _on_network(file) else 'WAL'}")
        db.execute("PRAGMA synchronous = FULL")
    return db


def _open(file: Path, mode: str) -> sqlite3.Connection:
    uri = file.absolute().as_uri() if _is_text(file) else "file:" + _quote(os.fsencode(file.absolute()))
    return sqlite3.connect(f"{uri}?mode={mode}", uri=True, isolation_level=None)


def _is_text(file: Path) -> bool:
    try:
        str(file).encode()
    except UnicodeEncodeError:
        return False
    return True


def _quote(path: bytes) -> str:
    return "".join(chr(c) if c in b"/-_.~" or (chr(c).isalnum() and c < 128) else f"%{c:02X}" for c in path)


def _unreadable(file: Path, fault: Exception) -> EngineError:
    return NotReadable(
        "The project {name} cannot be opened: {reason}.",
        "Check that you may write in its folder, or restore it from a copy; it was not changed.",
        name=file.parent.name,
        reason=str(fault),
    )


def _on_network(file: Path) -> bool:
    mounts = Path("/proc/mounts")
    if not mounts.is_file():
        return False
    best = ("", "")
    place = str(file.absolute())
    for line in mounts.read_text(errors="replace").splitlines():
        _, point, kind, *_ = line.split(" ")
        if (place == point or place.startswith(point.rstrip("/") + "/")) and len(point) >= len(best[0]):
            best = (point, kind)
    return best[1] in _NETWORK_FILE_SYSTEMS


class _Lock:
    """An advisory lock on a file beside the database, gone with the process that holds it, with a note of who that is."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "project.lock"
        try:
            self._file: IO[str] = self._path.open("a+", encoding="utf-8")
        except OSError as fault:
            raise NotReadable(
                "{name} cannot be opened for writing: {reason}.",
                "Open it to read only, or mend the access to its folder.",
                name=folder.name,
                reason=fault.strerror or str(fault),
            ) from fault
        try:
            self._take()
        except OSError as fault:
            who = self._holder()
            self._file.close()
            raise ProjectLocked(
                "{name} is open for writing: {who}.",
                "Close it there first, or open it here to read only.",
                name=folder.name,
                who=who,
            ) from fault
        note = {
            "user": _user(),
            "host": socket.gethostname(),
            "process": os.getpid(),
            "since": time.strftime("%Y-%m-%d %H:%M"),
        }
        self._file.seek(0)
        self._file.truncate()
        self._file.write(json.dumps(note))
        self._file.flush()

    def _take(self) -> None:
        if sys.platform == "win32":
            self._file.seek(1 << 20)  # beyond the note, which others must be able to read
            msvcrt.locking(self._file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _holder(self) -> str:
        try:
            self._file.seek(0)
            note = json.loads(self._file.read())
            return f"{note['user']}, {note['host']}, {note['since']}, {note['process']}"
        except (OSError, ValueError, KeyError):
            return "?"

    def release(self) -> None:
        with contextlib.suppress(OSError):
            self._file.seek(0)
            self._file.truncate()
        self._file.close()


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "?"
