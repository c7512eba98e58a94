"""What there is to open: files and folders to images and series, each proved to decode, and what is refused with the reason."""

import contextlib
import dataclasses
import logging
import os
from collections import defaultdict
from collections.abc import Collection, Generator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from engine.config import Split
from engine.errors import EngineError, NotReadable
from engine.imaging.files import FolderEntry, decoding, display_name, item_name, kind_of, walk
from engine.imaging.hounsfield import could_be_hu, not_in_hu
from engine.imaging.image import Image, SeriesPart, Source
from engine.imaging.read import PICTURES, read_image
from engine.progress import Notice, Progress
from engine.words import translatable

if TYPE_CHECKING:
    from engine.imaging.dicom_groups import Group
    from engine.imaging.dicom_header import Header
    from engine.imaging.dicom_series import Series

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """An image that can be opened. `spacing` (z, y, x) in mm, or a pixel's shape alone where its geometry is not calibrated;
    `patient` an opaque key or ""."""

    name: str
    source: Source
    shape: tuple[int, int, int]
    spacing: tuple[float, float, float]
    modality: str = ""
    color: bool = False
    patient: str = ""
    notes: tuple[Notice, ...] = ()
    class_name: str = ""  # where the file names the class instead of numbering it (`label`)
    split: Split = ""  # the official one, where the file has it
    label: int | None = None
    calibrated: bool = False
    part: SeriesPart | None = None  # of a DICOM series that holds several volumes over the same places
    no_hu: Notice | None = (
        None  # what speaks against HU, should somebody say that it is CT; of other DICOM it is not looked for
    )


@dataclass(frozen=True)
class Refused:
    """A file that was not taken. `file` and `reason` can be shown as they are; `error` can be translated."""

    file: str
    reason: str
    error: EngineError | None = None


@dataclass(frozen=True)
class Scan:
    found: tuple[Found, ...]
    refused: tuple[Refused, ...]


def scan(paths: Sequence[Path]) -> Generator[Progress, None, Scan]:
    """Look through files and folders. Yields a Progress a file; never raises for a file, which is refused instead.

    Names of items are unique within the scan. Pictures are decoded whole; of DICOM series every header, every file's
    end and the first file's pixels are checked.
    """
    entries: list[FolderEntry] = []
    for entry in walk(paths):
        entries.append(entry)
        if len(entries) % 200 == 0:
            yield Progress(0, 0, entry.shown)
    found, refused = list[Found](), list[Refused]()
    dicom: list[tuple[FolderEntry, Header]] = []
    in_sets = _data_of_headers(entries)  # files that come in with the first of their set
    beside = _Beside(entries)
    for number, entry in enumerate(entries):
        yield Progress(number, len(entries), entry.shown)
        try:
            if entry.fault is not None:
                raise entry.fault
            if entry.path in in_sets:
                continue
            kind = kind_of(entry.path)
            if kind == "dicom":
                dicom.append((entry, _header(entry)))
            elif kind == "tiff":
                files = beside.set_of(entry)
                in_sets.update(files if len(files) > 1 else ())
                found.append(_one(entry, Source(files, "raster")))
            else:
                found += _images(entry, kind)
        except EngineError as fault:
            refused.append(_refused(entry.shown, fault))
    # a file that says itself nothing of its set may have come before the one that does
    found = [one for one in found if len(one.source.files) > 1 or one.source.files[0] not in in_sets]
    series, left = yield from _series(dicom)
    yield Progress(len(entries), len(entries))
    return Scan(tuple(told_apart([*found, *_by_modality(series)])), (*refused, *left))


def _refused(shown: str, fault: EngineError) -> Refused:
    reason = f"{fault.text} {fault.advice}".strip()
    _log.info("refused: %s", fault.message)  # the template: names of files stay out of the log
    return Refused(shown, reason, fault)


def _images(entry: FolderEntry, kind: str) -> list[Found]:
    if kind in PICTURES:
        return [_one(entry, Source((entry.path,), "raster"))]
    if kind == "nifti":
        return [_one(entry, Source((entry.path,), "nifti"))]
    if kind == "nrrd":
        from engine.imaging import nrrd

        return [_one(entry, Source(nrrd.files(entry.path), "nrrd"))]
    if kind in ("npz", "idx"):
        return _numbered(entry, kind)
    raise NotReadable(
        _UNKNOWN.get(kind, translatable("{name} is not an image that can be opened.")),
        translatable("Images are PNG, JPEG, TIFF, BMP, DICOM, NIfTI, NRRD, MedMNIST (.npz) or MNIST (IDX) files."),
        name=display_name(entry.path),
    )


_UNKNOWN = {
    "text": translatable("{name} holds text, not an image."),
    "npy": translatable("{name} is an array: it can come in as a mask, not as an image."),
}


def _data_of_headers(entries: Sequence[FolderEntry]) -> set[str]:
    """The files that NRRD headers (.nhdr) have their data in: no images of their own."""
    from engine.imaging import nrrd

    found = set[str]()
    for entry in entries:
        if entry.path.lower().endswith(".nhdr") and entry.fault is None:
            with contextlib.suppress(EngineError):  # it is refused when its turn comes
                found.update(nrrd.files(entry.path)[1:])
    return found


class _Beside:
    """What was given of each folder, found out when the first TIFF asks for it."""

    def __init__(self, entries: Sequence[FolderEntry]) -> None:
        self._entries = entries

    @cached_property
    def _files(self) -> dict[str, list[str]]:
        found = defaultdict[str, list[str]](list)
        for one in self._entries:
            if one.fault is None:
                found[_real_folder(one)].append(one.path)
        return found

    def set_of(self, entry: FolderEntry) -> tuple[str, ...]:
        """The files of an OME-TIFF that was written as several: only such as were given, in its own folder."""
        from engine.imaging import tiff

        return tiff.set_files(entry.path, self._files[_real_folder(entry)])


def _real_folder(entry: FolderEntry) -> str:
    """A link could lead to any other."""
    return os.path.dirname(os.path.realpath(entry.path))


def _one(entry: FolderEntry, source: Source) -> Found:
    return _found(item_name(entry.path), source, read_image(source))


def _found(name: str, source: Source, image: Image) -> Found:
    geometry = image.geometry
    return Found(
        name,
        source,
        geometry.shape,
        geometry.spacing,
        image.modality,
        image.color,
        image.patient,
        image.notes,
        calibrated=geometry.calibrated,
        no_hu=None if could_be_hu(image.pixels) else not_in_hu(image.pixels),
    )


def _numbered(entry: FolderEntry, kind: str) -> list[Found]:
    from engine.imaging import idx, medmnist

    if kind == "idx" and idx.images_beside(entry.path):  # classes: they come in with their images
        return []
    result, stem = [], item_name(entry.path)
    for split, held in medmnist.read_sets(entry.path).items():
        if not len(held.images):
            continue
        digits = len(str(len(held.images) - 1))
        first = Source((entry.path,), "npz", f"{split}:0")
        model = _found("", first, read_image(first))
        named = f"{stem}_{split}" if kind == "npz" else stem
        for k, answer in enumerate(held.answers):
            result.append(
                dataclasses.replace(
                    model,
                    name=f"{named}_{k:0{digits}d}",
                    source=dataclasses.replace(first, index=f"{split}:{k}"),
                    split=split,
                    label=answer.label,
                    class_name=answer.name,
                    notes=model.notes if answer.note is None else (*model.notes, answer.note),
                )
            )
    return result


def _header(entry: FolderEntry) -> "Header":
    from engine.imaging.dicom_header import read_header

    return read_header(entry.path, with_facts=True)


def _series(dicom: list[tuple[FolderEntry, "Header"]]) -> Generator[Progress, None, tuple[list[Found], list[Refused]]]:
    """Group the DICOM files and decode the first of each group; a damaged slice is left out and then missed as a gap."""
    if not dicom:
        return [], []
    from engine.imaging import dicom_pixels
    from engine.imaging.dicom_groups import groups

    found, shown = list[Found](), {header.path: entry.shown for entry, header in dicom}
    sound, refused = list["Header"](), list[Refused]()
    for number, (entry, header) in enumerate(dicom):
        try:
            if not dicom_pixels.is_sound(header):
                dicom_pixels.check(header)
            sound.append(header)
        except EngineError as fault:
            refused.append(_refused(entry.shown, fault))
        if number % 50 == 0:
            yield Progress(number, len(dicom), entry.shown)
    together = groups(sound)
    for number, group in enumerate(together):
        yield Progress(number, len(together), shown[group.headers[0].path])
        series, left = _arranged(group)
        for one in series:
            try:
                dicom_pixels.check(one.headers[0])
                found.append(_volume(one))
            except EngineError as fault:
                left += [(header, fault) for header in one.headers]
        refused += [_refused(shown[header.path], fault) for header, fault in left]
    return found, refused


def _arranged(group: "Group") -> "tuple[list[Series], list[tuple[Header, EngineError]]]":
    """A header that misleads its reader costs its own series and no other."""
    from engine.imaging.dicom_series import arrange

    try:
        with decoding(group.headers[0].path):
            return arrange(group)
    except EngineError as fault:
        return [], [(header, fault) for header in group.headers]


def _volume(series: "Series") -> Found:
    first = series.headers[0]
    no_hu = _no_hu(first)
    return Found(
        name=series.name,
        source=Source(tuple(header.path for header in series.headers), "dicom", series.index),
        shape=series.geometry.shape,
        spacing=series.geometry.spacing,
        modality=first.modality,
        color=not first.grey,
        patient=first.patient,
        notes=series.notes if no_hu is None else (*series.notes, no_hu),
        calibrated=series.geometry.calibrated,
        part=series.part,
        no_hu=no_hu,
    )


def _no_hu(header: "Header") -> Notice | None:
    """What reading the pixels will say of a CT that its header shows not to be in HU."""
    if header.modality != "CT" or header.unit:
        return None
    from engine.imaging import dicom_pixels

    return not_in_hu(dicom_pixels.first_slice([header.path]).pixels)


def _by_modality(series: Sequence[Found]) -> list[Found]:
    """Series of one name, as PET and CT of one examination often have, by their modality too, where it tells all of them apart."""
    alike: dict[str, list[str]] = {}
    for one in series:
        alike.setdefault(one.name, []).append(one.modality)
    apart = {name for name, kinds in alike.items() if len(kinds) > 1 and all(kinds) and len(set(kinds)) == len(kinds)}
    return [dataclasses.replace(one, name=f"{one.name} {one.modality}") if one.name in apart else one for one in series]


def told_apart(found: Sequence[Found], names: Collection[str] = ()) -> list[Found]:
    """Names set apart by a number, from each other and from the `names` that there are: masks are matched and exports are named by them."""
    taken, last = set(names), dict[str, int]()
    result = []
    for one in found:
        name, number = one.name, last.get(one.name, 1)
        while name in taken:
            number += 1
            name = f"{one.name} ({number})"
        taken.add(name)
        last[one.name] = number
        result.append(one if name == one.name else dataclasses.replace(one, name=name))
    return result
