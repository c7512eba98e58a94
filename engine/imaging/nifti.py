"""NIfTI (.nii, .nii.gz): the header by nibabel, the bytes by ourselves, so that nothing is read before it is counted."""

import dataclasses
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import nibabel as nib
import numpy as np
from nibabel.quaternions import quat2mat
from numpy.typing import NDArray

from engine.errors import NotReadable
from engine.imaging.budget import check_budget
from engine.imaging.files import damaged, decoding, display_name, kind_of
from engine.imaging.geometry import Affine, Geometry, from_nifti, uncalibrated
from engine.imaging.glimpse import Glimpse, GlimpseSchedule, SliceWish, slice_of, with_wishes
from engine.imaging.gzip_stream import GzipStream
from engine.imaging.image import Image, Pixels, Window
from engine.imaging.mask_looks import BY_ITSELF, Convention
from engine.imaging.sample import sampled
from engine.imaging.values import (
    NEARLY,
    MaskFile,
    alpha_notes,
    behind_alpha,
    merge_channels,
    one_number_a_colour,
    storable,
    to_rgb8,
    value_notes,
    whole_numbers,
)
from engine.imaging.windows import FULL, auto_window
from engine.progress import Notice, Progress, Work, result_of
from engine.words import translatable

_TO_MM = {1: 1000.0, 3: 0.001}  # the unit codes for metre and micrometre; all else is taken as mm
_OURS = b"Contorno"  # which writes millimetres where it knows them; others often leave the unit out and mean them
_RGB, _RGBA = 128, 2304
_VECTOR = 1007  # the intent of ITK's pictures in colour: red, green and blue one after the other
_PIECE = 1 << 22  # bytes that are unpacked between two events
_SAMPLE = 1 << 18
_TRAILING = 1 << 24  # further volumes beyond this are not unpacked for the sake of the checksum
_FINE = 0.02  # a slope of labels packed in 16 bits is finer than this; a coarser one is of something else
_APART = 0.1  # voxels: places of the header's two forms further from each other than this are spoken of
_LONG = 1e-7  # nifti1_io.c: a quaternion whose first part squared is below this has none

_NO_SIZE = translatable("The header does not say how large a voxel is: lengths are in pixels.")


@dataclass(frozen=True)
class _Volume:
    values: Pixels  # (volumes read, z, y, x), or (volumes read, z, y, x, 3) colour, scaled
    alpha: Pixels | None
    geometry: Geometry
    header: Any  # nibabel comes without types
    volumes: int
    notes: tuple[Notice, ...]


def read(path: str) -> Image:
    """The first volume (z, y, x), slope and intercept applied: whole numbers stay integers, all else is float32."""
    return result_of(opening(path))


def opening(path: str, wanted: SliceWish | None = None) -> Work[Image]:
    """As `read`. With the number of a `wanted` slice, yields a Glimpse of it: at once, or, where the file is packed, of slices on the
    way there."""
    with decoding(path):
        return _image((yield from _reading(path, wanted=wanted)))


def _image(volume: _Volume) -> Image:
    values = volume.values[0]
    notes = list(volume.notes)
    if values.ndim == 4:
        pixels: Pixels = to_rgb8(values, 8)
        notes += alpha_notes(volume.alpha)
    else:
        pixels = storable(values)
        notes += value_notes(values, pixels)
    if volume.volumes > 1:
        notes.append(Notice(translatable("Only the first of {count} volumes was read."), {"count": volume.volumes}))
    window = FULL if pixels.ndim == 4 else _stated_window(volume.header) or auto_window(pixels)
    return Image(pixels, volume.geometry, window, notes=tuple(notes))


def _stated_window(header: Any) -> Window | None:
    low, high = float(header["cal_min"]), float(header["cal_max"])
    stated = np.isfinite((low, high)).all() and high > low
    return Window((low + high) / 2, high - low) if stated else None


def has_volumes(path: str) -> bool:
    """Whether the header says that there are several; of voxels nothing is read."""
    with decoding(path), open(path, "rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        header = _header((GzipStream(raw) if packed else raw).read(544), display_name(path))
        return _volumes(header) > 1 and not _is_vector(header)


def read_labels(path: str, convention: Convention = BY_ITSELF) -> MaskFile:
    """The label volume and its grid. Several volumes are taken as one class each. Raises NotReadable for what is no mask."""
    shown = display_name(path)
    with decoding(path):
        volume = result_of(_reading(path, every=True))
        if volume.values.ndim == 5:
            numbers, colored = one_number_a_colour(to_rgb8(volume.values[0], 8), shown)
            numbers, said = behind_alpha(numbers, None if volume.alpha is None else to_rgb8(volume.alpha, 8))
            if volume.volumes > 1:
                raise NotReadable(translatable("{name} holds several masks in colour."), name=shown)
            return MaskFile(numbers, volume.geometry, (*volume.notes, *said), colored)
        scale = _slope(volume.header)
        # labels that were packed with a slope come back as near as half a step of it
        step = abs(scale[0]) if scale is not None else 0.0
        numbers, notes = whole_numbers(volume.values, shown, max(NEARLY, step / 2 if step < _FINE else 0.0))
        if len(numbers) == 1:
            return MaskFile(numbers[0], volume.geometry, (*volume.notes, *notes))
        merged = merge_channels(list(numbers), shown, from_one=len(numbers) in convention.unsure)
        notes = (*volume.notes, *notes, *merged.notes)
        return MaskFile(merged.values, volume.geometry, notes, channels=merged.channels)


def _reading(path: str, *, every: bool = False, wanted: SliceWish | None = None) -> Work[_Volume]:
    """The first volume, or `every` one of them."""
    shown = display_name(path)
    kind_of(path)  # refuses pipes and empty files
    with open(path, "rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        stream: Any = GzipStream(raw) if packed else raw
        try:
            header = _header(stream.read(544), shown)
            storing = _storing(stream, header, shown, every=every, wanted=wanted if packed else None)
            if wanted is not None and not packed:
                storing = with_wishes(storing, wanted, partial(_seen_at_once, path, header, shown))
            stored = yield from storing
            # the checksum of what is packed is compared at the end of the stream, and nowhere before
            rest = len(stream.read(_TRAILING)) if packed else os.fstat(raw.fileno()).st_size - raw.tell()
        except (EOFError, zlib.error) as fault:
            raise damaged(shown) from fault
    z, y, x = stored.shape[1:]
    geometry, notes = _geometry(header, (x, y, z))
    notes += _beyond(header, stored, rest)
    if _is_vector(header):
        return _Volume(np.stack(list(stored), axis=-1)[None], None, geometry, header, 1, notes)
    alpha = stored["A"][0] if int(header["datatype"]) == _RGBA else None  # of the first volume
    return _Volume(_scaled(stored, header), alpha, geometry, header, _volumes(header), notes)


def _storing(stream: Any, header: Any, shown: str, *, every: bool, wanted: SliceWish | None) -> Work[NDArray[Any]]:
    """The numbers as they lie in the file (volumes read, z, y, x), counted before memory is taken."""
    x, y, z = _shape(header)[:3]
    count = max(_volumes(header), 1) if every or _is_vector(header) else 1
    dtype = header.get_data_dtype()
    _check_room((count, z, y, x) if count > 1 else (z, y, x), header, shown)
    stream.seek(_start(header))
    data = np.empty(
        count * x * y * z * dtype.itemsize, np.uint8
    )  # not touched yet: to fill it would take as long as a slice does
    stored: NDArray[Any] = data.view(dtype).reshape(count, z, y, x)
    schedule = GlimpseSchedule(z, wanted) if wanted is not None and _can_be_seen(header) else None
    at = 0
    for at in _filling(stream, data.data):
        yield Progress(at, len(data), shown)
        complete = at * z // len(data)
        number = schedule.due(complete) if schedule is not None else None
        if number is not None:
            yield _glimpse(stored[:, number : number + 1], header, number, sampled(stored[0, :complete], _SAMPLE))
    if at < len(data):
        raise damaged(shown)
    return stored


def _beyond(header: Any, stored: NDArray[Any], rest: int) -> tuple[Notice, ...]:
    """That the file goes on after what its header speaks of: `rest` bytes follow the volumes that are `stored`."""
    further = max(_volumes(header), 1) - len(stored)
    more = rest - further * stored[0].nbytes
    if more < stored[0, 0].nbytes:  # less than a slice is padding
        return ()
    text = translatable("The file goes on after what its header speaks of: {size} bytes or more were not read.")
    return (Notice(text, {"size": more}),)


def _seen_at_once(path: str, header: Any, shown: str, wanted: int) -> Iterator[Glimpse]:
    """The slice itself, from its place in a file that is not packed."""
    if not _can_be_seen(header):
        return
    x, y, z = _shape(header)[:3]
    dtype, number = header.get_data_dtype(), min(max(wanted, 0), z - 1)
    _check_room((z, y, x), header, shown)
    data = bytearray(x * y * dtype.itemsize)
    with open(path, "rb") as file:
        file.seek(_start(header) + number * len(data))
        whole = file.readinto(data) == len(data)
    if whole:  # else it is cut short, which is said when it is read
        stored = np.frombuffer(data, dtype).reshape(1, 1, y, x)
        yield _glimpse(stored, header, number, sampled(stored, _SAMPLE))


def _can_be_seen(header: Any) -> bool:
    """Whether it is a volume whose slices lie one after another."""
    return _shape(header)[2] > 1 and not _is_vector(header)


def _glimpse(stored: NDArray[Any], header: Any, number: int, sample: NDArray[Any]) -> Glimpse:
    """Of one slice (1, 1, y, x), with a `sample` (n,) of what was read for its window."""
    x, y, z = _shape(header)[:3]
    geometry = slice_of(_geometry(header, (x, y, z))[0], number)
    image = _image(_Volume(_scaled(stored, header), None, geometry, header, 1, ()))
    if image.color or _stated_window(header) is not None:
        return Glimpse(image, number, z)
    return Glimpse(image, number, z, sample=storable(_scaled(sample[None, None, None], header)).ravel())


def _check_room(size: tuple[int, ...], header: Any, shown: str) -> None:
    dtype = header.get_data_dtype()
    check_budget(size, dtype if _slope(header) is None else np.promote_types(dtype, np.float32), shown)


def _start(header: Any) -> int:
    """Where the first number lies in the file. An offset that points into the header is none: then the numbers follow the four bytes
    after it, which every file has."""
    stated, size = int(header.get_data_offset()), int(header.sizeof_hdr)
    return stated if stated >= size else size + 4


def _shape(header: Any) -> list[int]:
    shape = [max(int(n), 0) for n in header.get_data_shape()]
    return shape + [1] * (3 - len(shape))


def _volumes(header: Any) -> int:
    return int(np.prod(_shape(header)[3:], dtype=np.int64))


def _is_vector(header: Any) -> bool:
    """Whether its volumes are red, green and blue of one, as ITK writes them."""
    return (
        int(header["intent_code"]) == _VECTOR and _shape(header)[3:] == [1, 3] and header.get_data_dtype() == np.uint8
    )


def _header(head: bytes, shown: str) -> Any:
    size = {348: nib.Nifti1Header, 540: nib.Nifti2Header}
    kind = size.get(int.from_bytes(head[:4], "little")) or size.get(int.from_bytes(head[:4], "big"))
    if kind is None:
        raise NotReadable(translatable("{name} is not a NIfTI file."), name=shown)
    header = kind(head[: kind.sizeof_hdr], check=False)
    if header["magic"].item() not in (b"n+1", b"n+2"):
        raise NotReadable(
            translatable("{name} has its pixels in another file (NIfTI pair or Analyze)."),
            translatable("Convert it to one .nii or .nii.gz file."),
            name=shown,
        )
    return header


def _filling(stream: Any, target: memoryview) -> Iterator[int]:
    """How many bytes are there, after each piece, until the target is full or the stream ends."""
    at = 0
    while at < len(target):
        count = stream.readinto(target[at : at + _PIECE])
        if not count:
            break
        at += count
        yield at


def _slope(header: Any) -> tuple[float, float] | None:
    """Slope and intercept, None where values are meant as they are stored."""
    if int(header["datatype"]) in (_RGB, _RGBA):
        return None
    slope, intercept = float(header["scl_slope"]), float(header["scl_inter"])
    if not np.isfinite(slope) or slope == 0:  # NIfTI-1: then no scaling at all
        return None
    intercept = intercept if np.isfinite(intercept) else 0.0
    return None if (slope, intercept) == (1.0, 0.0) else (slope, intercept)


def _scaled(values: Pixels, header: Any) -> Pixels:
    """Slice by slice, since a volume of float64 between would take more memory than both."""
    if int(header["datatype"]) in (_RGB, _RGBA):
        channels: NDArray[Any] = values
        return np.stack([channels[c] for c in ("R", "G", "B")], axis=-1)
    scale = _slope(header)
    if scale is None:
        return values
    slope, intercept = scale
    result = np.empty(values.shape, _fitting(values, slope, intercept))
    rows = result.reshape(-1, *values.shape[2:])
    for into, plane in zip(rows, values.reshape(rows.shape), strict=True):
        into[...] = plane.astype(np.float64) * slope + intercept
    return result


def _fitting(values: Pixels, slope: float, intercept: float) -> np.dtype[Any]:
    """The smallest type that holds the scaled values: whole numbers stay integers."""
    whole = values.dtype.kind in "iu" and values.dtype.itemsize <= 2 and slope.is_integer() and intercept.is_integer()
    if whole:
        ends = (int(values.min()) * slope + intercept, int(values.max()) * slope + intercept)
        for kind in (np.int16, np.uint16, np.int32):
            if np.iinfo(kind).min <= min(ends) and max(ends) <= np.iinfo(kind).max:
                return np.dtype(kind)
    return np.dtype(np.float32)


def _geometry(header: Any, shape: tuple[int, int, int]) -> tuple[Geometry, tuple[Notice, ...]]:
    """Where the header says that the voxels lie: sform, else qform, else the voxels' size alone; and what is odd about it."""
    geometry, notes = _placed(header, shape)
    if not int(header["xyzt_units"]) & 7 and bytes(header["descrip"]).startswith(_OURS):
        return dataclasses.replace(geometry, calibrated=False, patient_based=False), notes
    sizes = np.array([float(n) for n in header["pixdim"][1:4]])
    unknown = (~np.isfinite(sizes) | (sizes == 0)) & (np.array(shape) > 1)
    if not unknown.any() or _sform(header) is not None:
        return geometry, notes
    return dataclasses.replace(geometry, calibrated=False), (*notes, Notice(_NO_SIZE))


def _placed(header: Any, shape: tuple[int, int, int]) -> tuple[Geometry, tuple[Notice, ...]]:
    """The same with 1 mm for a size that the header does not say."""
    factor = _TO_MM.get(int(header["xyzt_units"]) & 7, 1.0)
    notes = []
    sizes = np.array([float(n) for n in header["pixdim"][1:4]])
    if (sizes < 0).any():
        notes.append(Notice(translatable("The header says a voxel's size as a negative number: its amount was taken.")))
    sizes = np.where(np.isfinite(sizes) & (sizes != 0), np.abs(sizes), 1.0)
    sform = _sform(header)
    qform = _usable(_qform(header, sizes)) if int(header["qform_code"]) > 0 else None
    if int(header["sform_code"]) > 0 and sform is None and qform is not None:
        notes.append(
            Notice(translatable("The header's sform is no place (all zeros or not a number): qform was taken."))
        )
    if sform is not None and qform is not None:
        notes += _disagreement(sform, qform, shape, factor)
    affine = sform if sform is not None else qform
    if affine is None:
        z, y, x = (float(n) * factor for n in sizes[::-1])
        plain = uncalibrated(shape[1], shape[0], shape[2], (z, y, x))
        if header["sform_code"] or header["qform_code"]:
            notes.append(
                Notice(translatable("The header's place is no place: only the voxels' size was taken from it."))
            )
            return plain, tuple(notes)
        # without a form, nibabel and most others take x as running to the left
        affine = np.diag([-sizes[0], sizes[1], sizes[2], 1.0])
        affine[:3, 3] = (np.array(shape) - 1) / 2 * np.array([sizes[0], -sizes[1], -sizes[2]])
        unplaced = affine * np.array([factor, factor, factor, 1.0])[:, None]
        return dataclasses.replace(from_nifti(unplaced, shape), patient_based=False), tuple(notes)
    return from_nifti(affine * np.array([factor, factor, factor, 1.0])[:, None], shape), tuple(notes)


def _sform(header: Any) -> Affine | None:
    return _usable(np.asarray(header.get_sform(), float)) if int(header["sform_code"]) > 0 else None


def _usable(affine: Affine) -> Affine | None:
    sound = np.isfinite(affine).all() and abs(np.linalg.det(affine[:3, :3])) > 1e-12
    return affine if sound else None


def _qform(header: Any, sizes: NDArray[np.float64]) -> Affine:
    """By NIfTI-1's method 2; a quaternion that is a little too long is shortened, as nifti1_io.c does."""
    imaginary = np.array([float(header[f"quatern_{part}"]) for part in "bcd"])
    rest = 1.0 - float(imaginary @ imaginary)
    if rest < _LONG:
        imaginary, rest = imaginary / (np.linalg.norm(imaginary) or 1.0), 0.0
    affine = np.eye(4)
    affine[:3, :3] = quat2mat([np.sqrt(rest), *imaginary]) * sizes
    affine[:3, 2] *= -1 if float(header["pixdim"][0]) < 0 else 1
    affine[:3, 3] = [float(header[f"qoffset_{axis}"]) for axis in "xyz"]
    return affine


def _disagreement(sform: Affine, qform: Affine, shape: tuple[int, int, int], factor: float) -> list[Notice]:
    corners = np.array(list(product(*((0, max(n - 1, 1)) for n in shape), (1,))), float).T
    apart = np.linalg.norm(((sform - qform) @ corners)[:3], axis=0).max()
    if apart <= _APART * np.linalg.norm(qform[:3, :3], axis=0).min():
        return []
    text = translatable(
        "The header says twice where the voxels lie, up to {apart:.1f} mm apart (sform and qform): sform was taken, as most"
        " programs do."
    )
    return [Notice(text, {"apart": float(apart) * factor})]
