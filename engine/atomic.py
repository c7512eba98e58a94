"""The one way a file is written: beside its place, synced, then moved over the old one."""

import contextlib
import hashlib
import os
import secrets
import socket
import sys
from pathlib import Path

from engine.errors import EngineError
from engine.words import translatable

_MARK = ".contorno-tmp-"
_HOST = hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]  # a share is written from several computers


def write(path: Path, data: bytes | memoryview, keep: Path | None = None) -> None:
    """Write `data` to `path` so that a full disk or a kill leaves the old file or the new one, never a stump.

    The old file stays under the name `keep`, where one is given, in place of what was there.

    The temporary file lies in the same folder (a rename does not cross file systems) under a short name of our own,
    since one derived from a 250 byte name would be too long. Raises EngineError where the disk refuses.
    """
    temporary = path.parent / f"{_MARK}{os.getpid()}-{_HOST}-{secrets.token_hex(4)}"
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if keep is not None and path.exists():
            path.replace(keep)
        temporary.replace(path)
    except OSError as fault:
        raise EngineError(
            translatable("{name} could not be written: {reason}."),
            translatable("Make room on the disk or choose another folder, then try again. The old file is unharmed."),
            name=path.name,
            reason=fault.strerror or str(fault),
        ) from fault
    finally:
        with contextlib.suppress(OSError):  # still there only where something went wrong, an interrupt too
            temporary.unlink()
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable; some file systems (network, Windows) cannot, and need not."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def make_folder(folder: Path) -> None:
    """Create the folder and its parents; an EngineError says why where that is refused."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise EngineError(
            translatable("The folder {name} could not be made: {reason}."),
            translatable("Choose a place where you may write."),
            name=folder.name,
            reason=fault.strerror or str(fault),
        ) from fault


def clear_leftovers(folder: Path) -> None:
    """Remove temporary files that a killed program of this computer left behind; those of living processes stay."""
    for leftover in folder.glob(f"{_MARK}*"):
        owner, *rest = leftover.name.removeprefix(_MARK).split("-")
        ours = len(rest) < 2 or rest[0] == _HOST  # names of before do not tell the computer
        if ours and owner.isdigit() and not _alive(int(owner)):
            with contextlib.suppress(OSError):
                leftover.unlink()


def _alive(process: int) -> bool:
    if sys.platform == "win32":  # os.kill would end it there; a file in use cannot be removed anyway
        return process == os.getpid()
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
