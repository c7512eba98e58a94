"""NRRD (.nrrd, and .nhdr with its data beside it): the header by pynrrd, the bytes by ourselves, so that nothing is read before it is counted.

Source: "Definition of NRRD File Format", teem.sourceforge.net/nrrd/format.html; which axis is what as ITK and 3D Slicer write it.
"""

import bz2
import io
import math
import os
import re
import zlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal, TypeAlias

import nrrd
import numpy as np
from numpy.typing import NDArray

from engine.errors import NotReadable
from engine.imaging.budget import check_budget
from engine.imaging.files import damaged, decoding, display_name, kind_of, read_bytes
from engine.imaging.geometry import Affine, Geometry, uncalibrated
from engine.imaging.glimpse import Glimpse, GlimpseSchedule, SliceWish, slice_of
from engine.imaging.image import Image, Pixels
from engine.imaging.lengths import TO_MM
from engine.imaging.mask_looks import BY_ITSELF, Convention
from engine.imaging.sample import sampled
from engine.imaging.values import (
    LabelName,
    MaskFile,
    alpha_notes,
    behind_alpha,
    colour_bytes,
    merge_channels,
    one_number_a_colour,
    storable,
    value_notes,
    whole_numbers,
)
from engine.imaging.windows import FULL, auto_window
from engine.progress import Notice, Progress, Work, result_of
from engine.words import translatable

Fields: TypeAlias = Mapping[str, Any]
Buffer: TypeAlias = bytes | bytearray | memoryview
Role: TypeAlias = Literal["", "volumes", "colour"]

_MOST_HEADER = 1 << 20  # bytes
_MOST_AXES = 16  # NRRD_DIM_MAX of teem
_SEGMENT = re.compile(r"Segment(\d+)_(Layer|LabelValue|Name|Color|ID)")
_UNNAMED = re.compile(r"Segment_\d+")  # what Slicer calls a segment until a person does
_LONGEST_NAME = 80  # characters
_PIECE = 1 << 22  # bytes that are read or unpacked at once
_SAMPLE = 1 << 18
_SPATIAL = frozenset(("", "domain", "space", "none", "???"))
_COLOURS = {"rgb-color": 3, "3-color": 3, "rgba-color": 4, "4-color": 4}
_LIKE_COLOURS = frozenset(("vector", "3-vector", "4-vector", "list"))  # of bytes: ITK's and Slicer's pictures in colour
_TO_LPS = {
    "right-anterior-superior": (-1, -1, 1),
    "left-anterior-superior": (1, -1, 1),
    "left-posterior-superior": (1, 1, 1),
}
_SHORT = {"ras": "right-anterior-superior", "las": "left-anterior-superior", "lps": "left-posterior-superior"}
_HOUNSFIELD = frozenset(("hu", "hounsfield", "hounsfield unit", "hounsfield units"))


@dataclass(frozen=True)
class _Header:
    fields: Fields
    length: int  # bytes, up to where attached data begins
    dtype: np.dtype[Any]
    sizes: tuple[int, ...]  # the fastest axis first

    @property
    def encoding(self) -> str:
        return str(self.fields["encoding"]).lower()


@dataclass(frozen=True)
class _Axes:
    """Which axes are in space (x, y and z in this order), and what the one that is not holds."""

    spatial: tuple[int, ...]
    other: int | None = None
    role: Role = ""


@dataclass(frozen=True)
class _Volume:
    values: Pixels  # (volumes read, z, y, x), or (z, y, x, channels) colour
    axes: _Axes
    geometry: Geometry
    fields: Fields
    count: int  # volumes in the file
    notes: tuple[Notice, ...]


def files(path: str) -> tuple[str, ...]:
    """The header and, where they lie apart, the file of its data. Raises NotReadable where that is in another folder."""
    with decoding(path):
        data = _data_file(path, _header(path).fields)
    return (path,) if data is None else (path, data)


def read(path: str) -> Image:
    """The first volume (z, y, x) or a picture in colour."""
    return result_of(opening(path))


def opening(path: str, wanted: SliceWish | None = None) -> Work[Image]:
    """As `read`. With the number of a `wanted` slice, yields a Glimpse of it: at once, or, where the file is packed, of slices on the
    way there."""
    with decoding(path):
        return _image((yield from _reading(path, wanted=wanted)))


def _image(volume: _Volume) -> Image:
    notes = list(volume.notes)
    if volume.axes.role == "colour":
        colours, said = colour_bytes(volume.values, 8 * volume.values.dtype.itemsize)
        alpha = colours[..., 3] if colours.shape[-1] == 4 else None
        pixels: Pixels = np.ascontiguousarray(colours[..., :3])
        notes += [*said, *alpha_notes(alpha)]
        return Image(pixels, volume.geometry, FULL, notes=tuple(notes))
    pixels = storable(volume.values[0])
    notes += value_notes(volume.values[0], pixels)
    if volume.count > 1:
        notes.append(Notice(translatable("Only the first of {count} volumes was read."), {"count": volume.count}))
    is_ct = str(volume.fields.get("sample units", "")).strip("\"' ").lower() in _HOUNSFIELD
    modality, unit = ("CT", "HU") if is_ct else ("", "")
    return Image(pixels, volume.geometry, auto_window(pixels, unit), modality, unit, notes=tuple(notes))


def has_volumes(path: str) -> bool:
    """Whether the header says that there are several, and does not say of which segment each is; of voxels nothing is read."""
    with decoding(path):
        header = _header(path)
        return _axes(header, display_name(path)).role == "volumes" and not _segment_numbers(header.fields)


def read_labels(path: str, convention: Convention = BY_ITSELF) -> MaskFile:
    """The label volume and its grid. Layers of a segmentation, and several volumes, are one class each. Raises NotReadable for what
    is no mask."""
    shown = display_name(path)
    with decoding(path):
        volume = result_of(_reading(path, every=True))
        if volume.axes.role == "colour":
            colours, said = colour_bytes(volume.values, 8 * volume.values.dtype.itemsize)
            numbers, colored = one_number_a_colour(colours[..., :3], shown)
            numbers, hidden = behind_alpha(numbers, colours[..., 3] if colours.shape[-1] == 4 else None)
            return MaskFile(numbers, volume.geometry, (*volume.notes, *said, *hidden), colored)
        numbers, notes = whole_numbers(volume.values, shown)
        if len(numbers) == 1:
            names = _names(volume.fields, in_layers=False)
            return MaskFile(numbers[0], volume.geometry, (*volume.notes, *notes), names=names)
        segments = list(_segments(volume.fields, numbers))
        from_one = bool(segments) or len(numbers) in convention.unsure
        merged = merge_channels(segments or list(numbers), shown, from_one=from_one)
        names, notes = _names(volume.fields, in_layers=True), (*volume.notes, *notes, *merged.notes)
        channels = None if segments else merged.channels
        return MaskFile(merged.values, volume.geometry, notes, names=names, channels=channels)


def segment_names(path: str) -> dict[int, LabelName]:
    """What 3D Slicer calls the segments of a file, by the values that `read_labels` gives them; of its samples nothing is read. Raises
    NotReadable for what is no NRRD."""
    with decoding(path):
        header = _header(path)
        axes = _axes(header, display_name(path))
        return _names(header.fields, in_layers=axes.role == "volumes")


def _segment_numbers(fields: Fields) -> list[int]:
    """Of the segments of 3D Slicer, in their order."""
    return sorted({int(known[1]) for key in fields if (known := _SEGMENT.fullmatch(key))})


def _segments(fields: Fields, layers: NDArray[np.int32]) -> Iterator[NDArray[np.int32]]:
    """The segments of 3D Slicer (Segment0_Layer, Segment0_LabelValue ...), the first as 1; none where the file names none. Before version
    4.11 each had a layer of its own, and nothing says which."""
    for place, number in enumerate(_segment_numbers(fields), 1):
        said = fields.get(f"Segment{number}_LabelValue")
        layer = int(fields.get(f"Segment{number}_Layer", number if said is None else 0))
        yield (layers[layer] == int(said or 1)).astype(np.int32) * np.int32(place)


def _names(fields: Fields, *, in_layers: bool) -> dict[int, LabelName]:
    """What 3D Slicer calls its segments (Segment0_Name, Segment0_Color), by their values; "Segment_1" is no name. Those `in_layers` have
    their place, from 1 on, as `_segments` gives it."""
    found = dict[int, LabelName]()
    for place, number in enumerate(_segment_numbers(fields), 1):
        name = " ".join(str(fields.get(f"Segment{number}_Name", "")).split())
        value = place if in_layers else int(fields.get(f"Segment{number}_LabelValue", number + 1))
        if name and not _UNNAMED.fullmatch(name):
            found[value] = LabelName(name[:_LONGEST_NAME], _hex(str(fields.get(f"Segment{number}_Color", ""))))
    return found


def _hex(color: str) -> str:
    """ "0.5 0.68 0.5" as "#80AD80"; "" for what is no colour."""
    try:
        parts = [round(255 * min(max(float(part), 0.0), 1.0)) for part in color.split()]
    except (ValueError, OverflowError):
        return ""
    return "#" + "".join(f"{part:02X}" for part in parts) if len(parts) == 3 else ""


def _reading(path: str, *, every: bool = False, wanted: SliceWish | None = None) -> Work[_Volume]:
    """The first volume, or `every` one of them."""
    shown = display_name(path)
    header = _header(path)
    axes = _axes(header, shown)
    sizes, count = list(header.sizes), 1
    if axes.role == "volumes" and axes.other is not None:
        count = sizes[axes.other]
        last = axes.other == max(k for k, n in enumerate(sizes) if n > 1)
        sizes[axes.other] = 1 if last and not every else count
    check_budget(sizes[::-1], header.dtype, shown)
    source = _data_file(path, header.fields)
    stored = _bytes(path, source, header, math.prod(sizes) * header.dtype.itemsize, shown)
    data = yield from _watched(stored, header, axes, wanted, shown)
    values = np.frombuffer(data, header.dtype).reshape(sizes[::-1])
    kept = [k for k in reversed(range(len(sizes))) if k in axes.spatial or k == axes.other]
    values = values.reshape([sizes[k] for k in kept])
    if axes.other is not None:
        values = np.moveaxis(values, kept.index(axes.other), -1 if axes.role == "colour" else 0)
    shape = tuple(sizes[k] for k in reversed(axes.spatial))
    deep = (1,) * (3 - len(shape)) + shape
    colours = (sizes[axes.other],) if axes.role == "colour" and axes.other is not None else ()
    values = values.reshape(*deep, *colours) if colours else values.reshape(-1, *deep)
    geometry, notes = _geometry(header.fields, axes.spatial, (deep[0], deep[1], deep[2]))
    return _Volume(values, axes, geometry, header.fields, count, notes)


def _watched(stored: "_Arriving", header: _Header, axes: _Axes, wanted: SliceWish | None, shown: str) -> Work[Buffer]:
    """The samples, with events on the way: how much is there and, where the slices lie one after another, what they show."""
    in_order = axes.spatial == (0, 1, 2) and (axes.other is None or (axes.role == "volumes" and axes.other == 3))
    seen = wanted is not None and in_order and header.sizes[2] > 1
    schedule = GlimpseSchedule(header.sizes[2], wanted) if seen and wanted is not None else None
    one = math.prod(header.sizes[:2]) * header.dtype.itemsize
    while True:
        try:
            part = next(stored)
        except StopIteration as end:
            data: Buffer = end.value
            return data
        yield Progress(part.count, part.need, shown)
        number = schedule.due(min(part.count // one, header.sizes[2])) if schedule is not None else None
        if number is not None:
            yield _glimpse(part, header, axes, number)


def _glimpse(part: "_Arrived", header: _Header, axes: _Axes, number: int) -> Glimpse:
    x, y, z = header.sizes[:3]
    there = np.frombuffer(part.data, header.dtype, (number + 1) * x * y, part.start)
    # copies: the bytes grow, and cannot while an array looks at them
    values, sample = there[number * x * y :].copy().reshape(1, 1, y, x), np.array(sampled(there, _SAMPLE))
    geometry = slice_of(_geometry(header.fields, axes.spatial, (z, y, x))[0], number)
    volume = _Volume(values, axes, geometry, header.fields, 1, ())
    return Glimpse(_image(volume), number, z, sample=storable(sample))


# The header ----------------------------------------------------------------------------------------------------------------


def _header(path: str) -> _Header:
    shown = display_name(path)
    kind_of(path)  # refuses pipes and empty files
    head = read_bytes(path, _MOST_HEADER)
    lines, length = _lines(head)
    if length == len(head) == _MOST_HEADER:
        raise NotReadable(translatable("{name} cannot be read: its header has no end."), name=shown)
    fields = nrrd.read_header(lines)
    for field in ("dimension", "type", "encoding", "sizes"):
        if field not in fields:
            raise NotReadable(
                translatable("{name} cannot be read: its header lacks “{field}”."), name=shown, field=field
            )
    sizes = tuple(int(n) for n in fields["sizes"])
    if len(sizes) != fields["dimension"] or not 0 < len(sizes) <= _MOST_AXES:
        raise NotReadable(
            translatable("{name} cannot be read: its header names {count} sizes for {axes} axes."),
            name=shown,
            count=len(sizes),
            axes=fields["dimension"],
        )
    return _Header(fields, length, _dtype(fields, shown), sizes)


def _lines(head: bytes) -> tuple[list[str], int]:
    """The header's lines in the form that pynrrd reads, and where it ends. Of keys that somebody added, only those of segments are
    kept: they may name the patient."""
    lines, at = list[str](), 0
    while at < len(head):
        end = head.find(b"\n", at)
        end = len(head) if end < 0 else end
        line = head[at:end].decode("utf-8", "replace").rstrip()
        at = end + 1
        if not line:
            break
        if line.startswith("#"):
            continue
        if not lines or ":" not in line:  # the magic; what is no field at all, which the library refuses
            lines.append(line)
        elif ":=" in line:
            if _SEGMENT.fullmatch(line.partition(":=")[0]):
                lines.append(line)
        else:
            field, _, value = line.partition(":")
            value = re.sub(r"\s*,\s*", ",", re.sub(r"\(\s+", "(", re.sub(r"\s+\)", ")", value)))
            lines.append(f"{' '.join(field.lower().split())}:{value}")
            if value.strip() == "LIST":  # names of files follow, which are no fields
                break
    return lines, min(at, len(head))


def _dtype(fields: Fields, shown: str) -> np.dtype[Any]:
    """The type of a sample, as the library reads it."""
    one = {"type": str(fields["type"]).lower(), "dimension": 1, "sizes": np.array([1]), "encoding": "raw"}
    endian = fields.get("endian") or ("little" if str(fields["encoding"]).lower() in _TEXT else "")
    try:
        sample: Pixels = nrrd.read_data(one | ({"endian": str(endian).lower()} if endian else {}), io.BytesIO(bytes(8)))
        return sample.dtype
    except (KeyError, ValueError, nrrd.NRRDError) as fault:
        kind = f"{fields['type']} {endian}".strip()
        raise NotReadable(
            translatable("{name} cannot be read: its kind of numbers ({kind}) is not known."),
            name=shown,
            kind=kind[:40],
        ) from fault


def _axes(header: _Header, shown: str) -> _Axes:
    count = len(header.sizes)
    kinds = [str(kind).lower() for kind in header.fields.get("kinds", ())]
    kinds += [""] * (count - len(kinds))
    directions = header.fields.get("space directions")
    if directions is not None and len(directions) == count:
        spatial = [k for k in range(count) if not np.isnan(directions[k]).any()]
    else:
        spatial = [k for k in range(count) if kinds[k] in _SPATIAL]
    spatial = spatial[:3]  # a fourth is time
    other = [k for k in range(count) if k not in spatial and header.sizes[k] > 1]  # an axis of one sample says nothing
    if len(spatial) < 2 or len(other) > 1:
        raise NotReadable(
            translatable("{name} is no picture or volume: its axes are {axes}."),
            name=shown,
            axes=", ".join(f"{kind or 'space'} {n}" for kind, n in zip(kinds, header.sizes, strict=False)),
        )
    if not other:
        return _Axes(tuple(spatial))
    (at,) = other
    kind, size = kinds[at] if kinds[at] not in _SPATIAL else "", header.sizes[at]
    like = kind in _LIKE_COLOURS and header.dtype == np.uint8 and size in (3, 4) and at == 0
    if (like and not _segment_numbers(header.fields)) or _COLOURS.get(kind) == size:
        return _Axes(tuple(spatial), at, "colour")
    if kind in ("list", "time", "scalar", "") or (kind == "vector" and at == count - 1):
        return _Axes(tuple(spatial), at, "volumes")
    raise NotReadable(
        translatable("{name} holds several numbers a voxel ({kind}, {count} of them), not one grey value."),
        translatable("Save one of them as a volume of its own."),
        name=shown,
        kind=kind,
        count=size,
    )


# The data ------------------------------------------------------------------------------------------------------------------

_TEXT = frozenset(("ascii", "text", "txt"))
_GZIP, _BZIP2 = frozenset(("gzip", "gz")), frozenset(("bzip2", "bz2"))


def _data_file(path: str, fields: Fields) -> str | None:
    """The file that the header says its data lies in, None for its own: in the header's folder or below, by whatever links."""
    named = str(fields.get("data file", fields.get("datafile", ""))).strip()
    shown = display_name(path)
    if not named:
        return None
    if named.upper().startswith("LIST") or re.search(r"%\d*[diu]", named):
        raise NotReadable(
            translatable("{name} has its data in many files."),
            translatable("Save it as one .nrrd file."),
            name=shown,
        )
    folder = os.path.realpath(os.path.dirname(os.path.abspath(path)))
    data = os.path.join(os.path.dirname(os.path.abspath(path)), named)
    if os.path.isabs(named) or "\0" in named or not os.path.realpath(data).startswith(os.path.join(folder, "")):
        raise NotReadable(
            translatable("{name} points to data outside of its folder, which is not read."),
            translatable("Put the data file beside it."),
            name=shown,
        )
    if not os.path.isfile(data):
        raise NotReadable(
            translatable("The data of {name} is not there: {file}."),
            translatable("Put the data file beside it."),
            name=shown,
            file=display_name(data),
        )
    return os.path.normpath(data)


@dataclass(frozen=True)
class _Arrived:
    """The first `count` of `need` bytes of samples, in `data` from `start` on, where more are still to come."""

    data: Buffer
    start: int
    count: int
    need: int


_Arriving: TypeAlias = Generator[_Arrived, None, Buffer]


def _bytes(path: str, data: str | None, header: _Header, need: int, shown: str) -> _Arriving:
    """The samples as raw bytes, exactly `need` of them; more in the file only where further volumes follow."""
    whole = math.prod(header.sizes) * header.dtype.itemsize
    skip = int(header.fields.get("byte skip", header.fields.get("byteskip", 0)))
    lines = int(header.fields.get("line skip", header.fields.get("lineskip", 0)))
    if skip < -1 or lines < 0:
        raise damaged(shown)
    with open(data or path, "rb") as stream:
        stream.seek(0 if data else header.length)
        for _ in range(lines):
            if not stream.readline(_MOST_HEADER):
                raise damaged(shown)
        left = os.fstat(stream.fileno()).st_size - stream.tell()
        if header.encoding == "raw":
            return (yield from _raw(stream, left, skip, need, whole, shown))
        if header.encoding in _TEXT:
            return _numbers(stream, left, header, need, shown)
        if header.encoding in _GZIP | _BZIP2:
            pieces = _unpacked(stream, zlib.decompressobj(31) if header.encoding in _GZIP else bz2.BZ2Decompressor())
            return (yield from _counted(pieces, max(skip, 0), need, whole, shown, at_end=skip == -1))
    raise NotReadable(
        translatable("{name} is packed in a way that is not read here ({encoding})."),
        translatable("Save it as raw or gzip."),
        name=shown,
        encoding=header.encoding[:20],
    )


def _raw(stream: BinaryIO, left: int, skip: int, need: int, whole: int, shown: str) -> _Arriving:
    start = left - whole if skip == -1 else skip
    if start < 0 or left - start != whole:
        raise _unlike(shown, whole, left - max(start, 0))
    stream.seek(start, os.SEEK_CUR)
    data, at = np.empty(need, np.uint8).data, 0  # not touched yet
    while at < need:
        count = stream.readinto(data[at : at + _PIECE])  # type: ignore[attr-defined]
        if not count:
            raise damaged(shown)
        at += count
        yield _Arrived(data, 0, at, need)
    return data


def _numbers(stream: BinaryIO, left: int, header: _Header, need: int, shown: str) -> bytes:
    count = math.prod(header.sizes)
    if left < 2 * count - 1:  # a digit and a blank each
        raise _unlike(shown, count, (left + 1) // 2)
    check_budget((left,), np.uint8, shown)
    values = np.fromstring(stream.read(left).decode("ascii"), header.dtype, sep=" ")
    if len(values) != count:
        raise _unlike(shown, count, len(values))
    return values.tobytes()[:need]


def _unpacked(stream: BinaryIO, unpacker: Any) -> Iterator[bytes]:
    """What a compressed stream holds, piece by piece."""
    while not unpacker.eof:
        packed = (unpacker.unconsumed_tail if hasattr(unpacker, "unconsumed_tail") else b"") or b""
        if not packed and getattr(unpacker, "needs_input", True):
            packed = stream.read(_PIECE // 4)
            if not packed:
                return
        yield unpacker.decompress(packed, _PIECE)


def _counted(pieces: Iterator[bytes], skip: int, need: int, whole: int, shown: str, *, at_end: bool) -> _Arriving:
    """The bytes from `skip` on. It grows as they come: what a header promises takes no memory yet."""
    data, seen = bytearray(), 0
    for piece in pieces:
        seen += len(piece)
        data += piece
        if seen > skip + whole and not at_end:
            raise _unlike(shown, whole, seen - skip)
        if seen > skip and not at_end:
            yield _Arrived(data, skip, min(seen - skip, need), need)
        if at_end and len(data) > whole:
            del data[: len(data) - whole]
        elif need < whole and seen >= skip + need:  # further volumes are not wanted
            break
    found = len(data) if at_end else seen - skip
    if found < need or (need == whole and found != whole):
        raise _unlike(shown, whole, max(found, 0))
    return data[:need] if at_end else data[skip : skip + need]


def _unlike(shown: str, said: int, found: int) -> NotReadable:
    return NotReadable(
        translatable("{name} is damaged: its header speaks of {said} bytes of pixels, and there are {found}."),
        translatable("Copy or export it again from where it came."),
        name=shown,
        said=said,
        found=found,
    )


# The place -----------------------------------------------------------------------------------------------------------------


def _geometry(
    fields: Fields, spatial: Sequence[int], shape: tuple[int, int, int]
) -> tuple[Geometry, tuple[Notice, ...]]:
    """Where the header says that the voxels lie, in LPS; where it says no more, how large they are."""
    directions = fields.get("space directions")
    if directions is None:
        return _sized(fields, spatial, shape)
    vectors = [np.asarray(directions[k], float) for k in spatial]
    factor, notes = _factor(_words(fields.get("space units")))
    lengths = [float(np.linalg.norm(vector)) for vector in vectors]
    if not all(0 < length < math.inf for length in lengths):
        return _sized(fields, spatial, shape, (_NO_PLACE,))
    affine = _affine(fields, vectors)
    space = str(fields.get("space", "")).strip().lower().removesuffix("-time")
    space = _SHORT.get(space.removesuffix("t") if len(space) == 4 else space, space)
    if affine is None or space not in _TO_LPS:
        said = _NO_PLACE if affine is None else Notice(_NO_SIDES, {"space": space or "–"})
        mm = None if factor is None else tuple(length * factor for length in reversed([*lengths, 1.0][:3]))
        plain = uncalibrated(shape[1], shape[2], shape[0], None if mm is None else (mm[0], mm[1], mm[2]))
        return plain, (*notes, said)
    turned = np.diag([*_TO_LPS[space], 1.0]) @ affine
    turned[:3] *= 1.0 if factor is None else factor
    return Geometry(shape, turned, patient_based=True, calibrated=factor is not None), notes


_NO_PLACE = Notice(translatable("The header's place is no place: only the voxels' size was taken from it."))
_NO_SIDES = translatable(
    "The file does not say which way its axes point in a patient (space: {space}): it is shown as stored."
)
_NO_SIZE = translatable("The header does not say how large a voxel is: lengths are in pixels.")
_NO_UNIT = translatable(
    "The file gives the size of its voxels in a unit that is not known ({unit}): no lengths are measured."
)


def _affine(fields: Fields, vectors: Sequence[NDArray[np.float64]]) -> Affine | None:
    """From index (z, y, x, 1) to the file's own space; None where it is flat."""
    if any(len(vector) < 3 for vector in vectors):
        return None
    axes = [vector[:3] for vector in vectors]
    if len(axes) == 2:
        normal = np.cross(axes[0], axes[1])
        length = float(np.linalg.norm(normal))
        axes.append(normal / length if length else normal)
    affine = np.eye(4)
    affine[:3, :3] = np.stack(axes[::-1], axis=1)
    origin = np.asarray(fields.get("space origin", np.zeros(3)), float)
    if len(origin) >= 3 and np.isfinite(origin[:3]).all():
        affine[:3, 3] = origin[:3]
    scale = float(np.prod(np.linalg.norm(affine[:3, :3], axis=0)))
    return affine if scale and abs(float(np.linalg.det(affine[:3, :3]))) > 1e-6 * scale else None


def _sized(
    fields: Fields, spatial: Sequence[int], shape: tuple[int, int, int], notes: tuple[Notice, ...] = ()
) -> tuple[Geometry, tuple[Notice, ...]]:
    """By the spacings of the axes, which say nothing of a place."""
    given = fields.get("spacings", ())
    spacing = [float(abs(given[k])) if k < len(given) else math.nan for k in spatial]
    if not all(0 < length < math.inf for length in spacing):
        partly = any(0 < length < math.inf for length in spacing)
        return uncalibrated(shape[1], shape[2], shape[0]), (*notes, Notice(_NO_SIZE)) if partly else notes
    units = _words(fields.get("units"))
    factor, said = _factor([units[k] for k in spatial if k < len(units)])
    if factor is None:
        return uncalibrated(shape[1], shape[2], shape[0]), (*notes, *said)
    x, y, z = (length * factor for length in [*spacing, 1.0][:3])
    return uncalibrated(shape[1], shape[2], shape[0], (z, y, x)), (*notes, *said)


def _words(value: Any) -> list[str]:
    return [str(word).strip().lower() for word in value] if isinstance(value, (list, tuple)) else []


def _factor(units: Sequence[str]) -> tuple[float | None, tuple[Notice, ...]]:
    """From the file's unit to mm, None where it is none of length; without a unit, mm, as ITK takes it."""
    known = {unit for unit in units if unit and unit not in ("none", "???")}
    if not known:
        return 1.0, ()
    if len(known) == 1 and (unit := next(iter(known))) in TO_MM:
        return TO_MM[unit], ()
    return None, (Notice(_NO_UNIT, {"unit": ", ".join(sorted(known))[:40]}),)
