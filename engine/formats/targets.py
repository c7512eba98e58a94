"""Where files may be written: images, projects and what other programs wrote are never replaced, and nothing is unasked."""

import gzip
import json
import os
import stat
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from engine import atomic
from engine.errors import EngineError
from engine.imaging.files import read_bytes
from engine.project.store import FILE
from engine.words import translatable

MANIFEST = "contorno.json"
SIGNATURE = b"Contorno"

_PNG_TEXT = b"tEXtSoftware\0" + SIGNATURE
_COCO_HEAD = b'{"info":{"description":"Contorno"}'
_PNG_HEAD = 33  # bytes before the first chunk after the header
_NIFTI_ABOUT = slice(148, 228)  # descrip
_PAGE, _PLAIN = b'<meta name="generator" content="Contorno', b'{\n  "program": "Contorno'  # of a report


def check_targets(targets: Iterable[Path], images: Iterable[str] = (), *, overwrite: bool = False) -> None:
    """Raise EngineError unless each file may be written; to be asked before anything is.

    Refused are the images themselves by whatever name, what lies in a project's folder, what is no regular file and what Contorno
    did not write; what it wrote is replaced where `overwrite` says so.
    """
    targets = list(targets)
    spare_images(images, targets)
    homes: dict[Path, str] = {}
    for path in targets:
        project = _project_of(path, homes)
        if project:
            raise EngineError(
                translatable("{name} would lie in the folder of the project {project}."),
                translatable("Choose another folder."),
                name=path.name,
                project=project,
            )
        if _status(path) is None:
            continue
        if blocked(path):
            raise EngineError(
                translatable("{name} is there already, and is no file but a folder, a link or a device."),
                translatable("Choose another name."),
                name=path.name,
            )
        if not written_by_us(path):
            raise EngineError(
                translatable("{name} is there already, and Contorno did not write it."),
                translatable("Choose another folder, or take the file away yourself."),
                name=path.name,
            )
        if not overwrite:
            raise EngineError(
                translatable("{name} is there already."),
                translatable("Choose another folder, or replace what was written before: --overwrite."),
                name=path.name,
            )


def blocked(path: Path) -> bool:
    """Whether what is there is no file that could be replaced: a folder, a link, a pipe or a device."""
    status = _status(path)
    return status is not None and not stat.S_ISREG(status.st_mode)


def spare_images(images: Iterable[str], targets: Iterable[Path]) -> None:
    """Raise EngineError where one of the files to be written is one of the images themselves, by whatever name."""
    there = [path for path in targets if os.path.exists(path)]
    if not there:
        return
    originals = {os.path.realpath(file) for file in images}
    places = {(s.st_dev, s.st_ino) for s in map(_followed, originals) if s is not None and s.st_ino != 0}
    for path in there:
        status = _followed(str(path))
        same = status is not None and (status.st_dev, status.st_ino) in places
        if same or os.path.realpath(path) in originals:
            raise EngineError(
                translatable("{name} is one of the images themselves."),
                translatable("Choose another folder."),
                name=path.name,
            )


def signed_png(data: bytes) -> bytes:
    """The PNG file with a text chunk that names Contorno as its writer."""
    chunk = len(_PNG_TEXT[4:]).to_bytes(4, "big") + _PNG_TEXT + zlib.crc32(_PNG_TEXT).to_bytes(4, "big")
    return data[:_PNG_HEAD] + chunk + data[_PNG_HEAD:]


def written_by_us(path: Path) -> bool:
    """Whether the file names Contorno as its writer; of a table or a network, which cannot, the list beside it says so."""
    try:
        with path.open("rb") as file:
            head = file.read(352)
        if head.startswith(b"\x1f\x8b"):
            with gzip.open(path) as stream:
                head = stream.read(352)
    except (OSError, EOFError, zlib.error):
        return False
    if head.startswith((_PLAIN, _COCO_HEAD)) or (head.startswith(b"<!doctype html>") and _PAGE in head):
        return True
    if path.suffix.lower() not in (".csv", ".json", ".onnx"):
        return head[_PNG_HEAD + 4 :].startswith(_PNG_TEXT) or head[_NIFTI_ABOUT].startswith(SIGNATURE)
    known = _read_manifest(path.parent)
    return known is not None and (path.name == MANIFEST or path.name in known)


def write_manifest(folder: Path, files: Mapping[str, Mapping[str, object]]) -> Path | None:
    """Keep beside the files what each was made from and what its values mean, together with what was said of others before.

    None where a file of that name is there which is none of ours: it is left alone. Raises EngineError where the disk refuses.
    """
    path = folder / MANIFEST
    known = _read_manifest(folder)
    if known is None and _status(path) is not None:
        return None
    about = {"program": SIGNATURE.decode(), "files": {**(known or {}), **files}}
    atomic.write(path, json.dumps(about, indent=1).encode())
    return path


def values_of(file: Path) -> dict[int, str] | None:
    """What each value of a mask that Contorno wrote means, by the list beside it; None where that says nothing of the file."""
    about = (_read_manifest(file.parent) or {}).get(file.name)
    values = about.get("values") if isinstance(about, dict) else None
    if not isinstance(values, dict):
        return None
    return {int(value): str(name) for value, name in values.items() if str(value).isdecimal() and int(value)}


def labelled_in(file: Path) -> frozenset[int] | None:
    """Which slices of a mask that Contorno wrote are labelled, counted from 0 as the file stores them, by the lists beside it; None where
    these say nothing of it, and so all are."""
    known = _read_manifest(file.parent) or {}
    about = known.get(file.name)
    if not isinstance(about, dict):
        return None
    if about.get("labelled") is False:
        return frozenset()
    name = file.name.removesuffix(".nii.gz") + ".json"
    if name not in known or name == file.name:
        return None
    try:
        said = json.loads(read_bytes(str(file.parent / name)))
        return frozenset(int(number) for number in said["labelled"])
    except (EngineError, ValueError, LookupError, TypeError, RecursionError):
        return None


def _read_manifest(folder: Path) -> dict[str, object] | None:
    try:
        about = json.loads(read_bytes(str(folder / MANIFEST)))
        ours = about["program"] == SIGNATURE.decode() and isinstance(about["files"], dict)
    except (EngineError, ValueError, LookupError, TypeError, RecursionError):
        return None
    return about["files"] if ours else None


def _project_of(path: Path, known: dict[Path, str]) -> str:
    """The name of the project whose folder the file would lie in, or ""."""
    parent = path.parent
    if parent not in known:
        real = Path(os.path.realpath(parent))
        known[parent] = next((place.name for place in (real, *real.parents) if os.path.isfile(place / FILE)), "")
    return known[parent]


def _status(path: Path) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except OSError:
        return None


def _followed(file: str) -> os.stat_result | None:
    try:
        return os.stat(file)
    except OSError:  # what is not there cannot be overwritten
        return None
