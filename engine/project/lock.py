"""The lock that keeps a second writer out of a project, and says who has it."""

import contextlib
import getpass
import json
import os
import socket
import sys
import time
from pathlib import Path

from engine.errors import ProjectLocked
from engine.words import translatable

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class Lock:
    """An advisory lock on a file beside the database, gone with the process that holds it, with a note of who that is."""

    def __init__(self, folder: Path) -> None:
        try:
            self._file = (folder / "project.lock").open("a+b", buffering=0)
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
        note = {
            "user": _user(),
            "host": socket.gethostname(),
            "process": os.getpid(),
            "since": time.strftime("%Y-%m-%d %H:%M"),
        }
        with contextlib.suppress(OSError):  # on a full disk the lock holds without its note
            self._file.truncate(0)
            self._file.write(json.dumps(note).encode())

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

    def release(self) -> None:
        with contextlib.suppress(OSError):
            self._file.truncate(0)
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
