"""The lock that keeps a second writer out of a project, and says who has it."""

import contextlib
import errno
import getpass
import json
import os
import socket
import stat
import sys
import time
from io import FileIO
from pathlib import Path

from engine.errors import ProjectLocked
from engine.words import translatable

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


_NAME = "project.lock"
_MOST = 4096  # bytes, more than any note has
_TRIES = 3


class Lock:
    """An advisory lock on a file beside the database, gone with the process that holds it, with a note of who that is."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME
        self._made = False
        for left in reversed(range(_TRIES)):
            try:
                self._file = self._open()
            except OSError as fault:
                raise _not_lockable(folder, fault) from fault
            try:
                self._take()
            except (BlockingIOError, PermissionError) as fault:
                who = self._holder()
                self._file.close()
                raise ProjectLocked(
                    translatable("{name} is open for writing: {who}."),
                    translatable("Close it there first, or open it here to read only."),
                    name=folder.name,
                    who=who,
                ) from fault
            except OSError as fault:
                self._file.close()
                raise _not_lockable(folder, fault) from fault
            if self._is_current() or not left:
                break
            self._file.close()  # whoever held it took the file away with him
        self._write_note()

    def _open(self) -> FileIO:
        """The lock file, made where there is none. What else lies there, a link above all, is left alone: a stranger's project may
        hold a link to any file of this user's."""
        if self._path.is_symlink():
            raise OSError(errno.ELOOP, "its lock is a link")
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        there = self._path.exists()
        file = open(os.open(self._path, flags | getattr(os, "O_BINARY", 0), 0o666), "r+b", buffering=0)  # noqa: SIM115 (it is open as long as the lock is held)
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise OSError(errno.EINVAL, "its lock is not a file")
        self._made = not there
        return file

    def _is_current(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), os.stat(self._path, follow_symlinks=False))
        except OSError:
            return False

    def _write_note(self) -> None:
        note = {
            "user": _user(),
            "host": socket.gethostname(),
            "process": os.getpid(),
            "since": time.strftime("%Y-%m-%d %H:%M"),
        }
        with contextlib.suppress(OSError):  # on a full disk the lock holds without its note
            self._replace(json.dumps(note).encode())

    def _replace(self, note: bytes) -> None:
        """Write the note, but never over what is none: the file may be another one's by a hard link."""
        if self._is_note():
            self._file.truncate(0)
            self._file.seek(0)
            self._file.write(note)

    def _is_note(self) -> bool:
        self._file.seek(0)
        content = self._file.read(_MOST)
        try:
            return not content.strip() or {"user", "process"} <= set(json.loads(content))
        except (ValueError, TypeError):
            return False

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
        except (OSError, ValueError, KeyError, TypeError):
            return "?"

    def release(self, *, undo: bool = False) -> None:
        """Let go of it; `undo` takes a lock file away that was not there before."""
        with contextlib.suppress(OSError):
            self._replace(b"")
            if undo and self._made:
                self._path.unlink()
        self._file.close()


def _not_lockable(folder: Path, fault: OSError) -> ProjectLocked:
    return ProjectLocked(
        translatable("{name} cannot be opened for writing: {reason}."),
        translatable("Open it to read only, or mend the access to its folder."),
        name=folder.name,
        reason=fault.strerror or str(fault),
    )


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "?"
