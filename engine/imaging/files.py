"""Files as they come: walked without falling into loops or pipes, told apart by their first bytes, named so that they can be shown."""

import os
import stat
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.errors import EngineError, NotReadable
from engine.imaging.budget import check_budget
from engine.words import translatable

_HEAD = 4096
_IGNORED = frozenset(
    [
        ".txt",
        ".md",
        ".rst",
        ".csv",
        ".tsv",
        ".json",
        ".jsonl",
        ".xml",
        ".html",
        ".htm",
        ".pdf",
        ".doc",
        ".docx",
        ".xls",
        ".xlsx",
        ".py",
        ".sh",
        ".log",
        ".yaml",
        ".yml",
        ".toml",
        ".ini",
        ".cfg",
        ".db",
        ".sha256",
        ".md5",
        ".lnk",
        ".url",
        ".bvec",
        ".bval",
    ]
)
_IGNORED_NAMES = frozenset(
    ("thumbs.db", "desktop.ini", "license", "readme", "copying", "makefile", "__macosx", "@eadir", "$recycle.bin")
)


@dataclass(frozen=True)
class FolderEntry:
    """A file to look at. `shown` is its name for people, below the folder that was given; `fault` says why it cannot be opened."""

    path: str
    shown: str
    fault: EngineError | None = None


def display_name(path: str | os.PathLike[str]) -> str:
    """The last part of the path as text that any screen, log or database can hold.

    Names that are not UTF-8 come from old archives and are nearly always Latin-1; control characters become spaces.
    """
    raw = os.fsencode(os.path.basename(os.fspath(path)))
    return _printable(raw)


def item_name(path: str | os.PathLike[str]) -> str:
    """What an item made from this file is called: its name without the ending that says what kind it is."""
    name = display_name(path)
    for ending in (".nii.gz", ".ome.tiff", ".ome.tif"):
        if name.lower().endswith(ending):
            return name[: -len(ending)] or name
    stem, ending = os.path.splitext(name)
    is_ending = 2 <= len(ending) <= 6 and not ending[1:].isdigit()
    return (stem if is_ending else name).strip() or name


def _printable(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    return "".join(c if c.isprintable() else " " for c in text).strip() or "?"


def walk(paths: Sequence[Path]) -> Iterator[FolderEntry]:
    """Every file of `paths`, folders opened to the bottom, each file and folder once. Never opens what is not a regular file.

    Within folders, hidden files and those whose ending says that they are no image are passed over.
    """
    seen: set[tuple[int, int]] = set()
    files: set[str] = set()
    for given in paths:
        path = os.path.abspath(os.fspath(given))
        if os.path.isdir(path):
            found = _inside(path, path, seen)
        else:
            found = iter((_entry(path, display_name(path)),))
        for entry in found:
            real = os.path.realpath(entry.path)
            if real not in files:
                files.add(real)
                yield entry


def _inside(folder: str, top: str, seen: set[tuple[int, int]]) -> Iterator[FolderEntry]:
    pending = [folder]
    while pending:
        current = pending.pop()
        shown = _shown(current, top)
        try:
            status = os.stat(current)
            names = sorted(os.listdir(current))
        except OSError as fault:
            yield FolderEntry(current, shown, _refusal(shown, fault))
            continue
        if (status.st_dev, status.st_ino) in seen:  # a link that leads back up
            continue
        seen.add((status.st_dev, status.st_ino))
        folders = []
        for name in names:
            path = os.path.join(current, name)
            if is_passed_over(name):
                continue
            if os.path.isdir(path):
                folders.append(path)
            elif not is_beside(name):
                yield _entry(path, _shown(path, top))
        pending += reversed(folders)


def is_passed_over(name: str) -> bool:
    """Whether a file or folder of this name is the system's or a project, and nobody's data."""
    return name.startswith(".") or name.lower() in _IGNORED_NAMES or name.endswith(".contorno")


def is_beside(name: str) -> bool:
    """Whether a file's ending says that it is no image: texts, tables and the like lie beside them."""
    return os.path.splitext(name)[1].lower() in _IGNORED


def _shown(path: str, top: str) -> str:
    parts = os.fsencode(os.path.relpath(path, top)).split(os.fsencode(os.sep))
    return display_name(top) if parts == [b"."] else "/".join(_printable(p) for p in parts)


def _entry(path: str, shown: str) -> FolderEntry:
    try:
        status = os.stat(path)
    except OSError as fault:
        return FolderEntry(path, shown, _refusal(shown, fault))
    return FolderEntry(path, shown, _irregular(shown, status))


def check_regular(path: str) -> None:
    """Raise NotReadable for a pipe, which is waited for, and a device, which never ends. Of what is not there, whoever opens it says why."""
    try:
        status = os.stat(path)
    except OSError:
        return
    if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
        raise _no_file(display_name(path))


def _no_file(shown: str) -> NotReadable:
    return NotReadable(translatable("{name} is not a file with content but a pipe, a socket or a device."), name=shown)


def _irregular(shown: str, status: os.stat_result) -> EngineError | None:
    if not stat.S_ISREG(status.st_mode):
        return _no_file(shown)
    if status.st_size == 0:
        return NotReadable(
            translatable("{name} is empty."),
            translatable("Copy it again from where it came: the copy was cut off."),
            name=shown,
        )
    return None


def _refusal(shown: str, fault: OSError) -> EngineError:
    if isinstance(fault, FileNotFoundError):
        return NotReadable(
            translatable("{name} is not there."),
            translatable("It was moved or deleted, or the link to it leads nowhere."),
            name=shown,
        )
    if isinstance(fault, PermissionError):
        return NotReadable(
            translatable("{name} may not be read by this user."),
            translatable("Ask its owner for permission to read it."),
            name=shown,
        )
    reason = fault.strerror or type(fault).__name__
    return NotReadable(translatable("{name} cannot be read: {reason}."), name=shown, reason=reason)


def read_bytes(path: str, most: int | None = None) -> bytes:
    """The file's bytes (the first `most`). Raises NotReadable for what is not a regular file, EngineError above the budget."""
    shown = display_name(path)
    try:
        # Without waiting: opening a pipe to read would block until somebody writes to it.
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb") as file:
            status = os.fstat(file.fileno())
            fault = _irregular(shown, status)
            if fault is not None:
                raise fault
            if most is None:
                check_budget((status.st_size,), "u1", shown)
            return file.read(-1 if most is None else most)
    except OSError as error:
        raise _refusal(shown, error) from error


def kind_of(path: str) -> str:
    """What the file's first bytes say it is: png, jpeg, bmp, gif, webp, tiff, dicom, nifti, nrrd, npz, npy, idx, text or "" (unknown)."""
    return _kind(read_bytes(path, _HEAD), display_name(path).lower())


_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"BM", "bmp"),
    (b"GIF8", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"\x93NUMPY", "npy"),
    (b"NRRD000", "nrrd"),
)
_IDX_KINDS = b"\x08\x09\x0b\x0c\x0d\x0e"
_HEADER_SIZES = (b"\x5c\1\0\0", b"\0\0\1\x5c", b"\x1c\2\0\0", b"\0\0\2\x1c")  # 348 and 540, both byte orders


def _kind(head: bytes, name: str) -> str:
    if head[128:132] == b"DICM":
        return "dicom"
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    packed = head[:2] == b"\x1f\x8b"
    inside = _unpacked_head(head) if packed else head
    if _is_idx(inside) and (not packed or name.endswith(".gz")):
        return "idx"
    if inside[:4] in _HEADER_SIZES or (packed and name.endswith(".gz")):
        return "nifti"
    if head[:2] == b"PK" and name.endswith(".npz"):
        return "npz"
    if _bare_dicom(head):
        return "dicom"
    return "text" if _is_text(head) else ""


def _unpacked_head(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(31).decompress(head, 16)
    except zlib.error:
        return b""


def _is_idx(head: bytes) -> bool:
    """MNIST's: two zeros, the kind of numbers, 1 to 4 dimensions, and the first of them not 0."""
    return len(head) >= 8 and head[:2] == b"\0\0" and head[2] in _IDX_KINDS and 1 <= head[3] <= 4 and any(head[4:8])


def _bare_dicom(head: bytes) -> bool:
    """A data set without DICOM's preamble begins with an element of group 2 or 8, whose numbers lie close together."""
    group, element = int.from_bytes(head[:2], "little"), int.from_bytes(head[2:4], "little")
    return len(head) > 16 and group in (2, 8) and element <= 0x1000 and (head[4:6].isalpha() or head[6:8] == b"\0\0")


def _is_text(head: bytes) -> bool:
    return not any(b < 9 or 13 < b < 32 for b in head)


@contextmanager
def decoding(path: str) -> Iterator[None]:
    """Turn whatever a decoder raises into an EngineError that names the file.

    Decoders of foreign files raise nearly anything for a damaged one, those written in Rust even what is no Exception, so
    everything is caught here but the end of the program; their own words are left out, since they may quote the header, and with
    it the patient.
    """
    try:
        yield
    except (EngineError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except MemoryError as fault:
        raise EngineError(
            translatable("{name} does not fit into the memory that is free."),
            translatable("Close other programs, then try again."),
            name=display_name(path),
        ) from fault
    except OSError as fault:
        shown = display_name(path)
        raise (_refusal(shown, fault) if fault.errno else damaged(shown)) from fault
    except BaseException as fault:
        raise damaged(display_name(path)) from fault


def damaged(shown: str) -> NotReadable:
    return NotReadable(
        translatable("{name} is damaged or cut short: its pixels cannot be decoded."),
        translatable("Copy or export it again from where it came."),
        name=shown,
    )
