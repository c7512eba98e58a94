"""DICOM pixels to an Image: raw bytes where they lie in the file as they are, codecs on all processors where they do not."""

import os
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut
from pydicom.uid import UID

from engine.errors import EngineError
from engine.imaging import decoders
from engine.imaging.budget import check_budget
from engine.imaging.dicom_header import Header, quiet, read_dataset, read_header
from engine.imaging.dicom_series import frame_parts, grid
from engine.imaging.dicom_values import Vector
from engine.imaging.direct import DirectSlices
from engine.imaging.files import damaged, decoding, display_name
from engine.imaging.geometry import Geometry
from engine.imaging.image import Image, Pixels
from engine.imaging.rescale import Rescaled
from engine.imaging.values import storable, to_rgb8
from engine.imaging.windows import FULL, auto_window
from engine.progress import Notice
from engine.words import translatable

decoders.register()

_AHEAD = (
    2  # slices a processor that are decoded before they are taken: all at once would be a second copy of the volume
)
_DELIMITER = b"\xfe\xff\xdd\xe0\0\0\0\0"


def read(files: Sequence[str], index: str = "") -> Image:
    """The volume of a series (its files in order) or of one multi-frame file, of which `index` names the volume where it holds
    several ("1", ...). Raises EngineError that names the file."""
    header = read_header(files[0])
    if len(files) == 1:
        frames = _frames(header, index)
        return _image(header, _whole(header, frames=frames), *grid(header, _own_places(header, frames)))
    check_budget((len(files), header.rows, header.columns, header.samples), _dtype(header), display_name(files[0]))
    with quiet():
        if header.grey and not header.table:
            pixels, places = _grey_series(header, files)
        else:
            headers = [header, *(_like(header, path) for path in files[1:])]
            pixels, places = np.concatenate([_whole(h) for h in headers]), _join([h.positions for h in headers])
    return _image(header, pixels, *grid(header, places))


def first_slice(files: Sequence[str], index: str = "") -> Image:
    """The middle slice as an image of one slice, without reading the others."""
    header = read_header(files[len(files) // 2])
    frames = _frames(header, index)
    middle = header.frames // 2 if frames is None else int(frames[len(frames) // 2])
    place = header.positions[middle : middle + 1] if header.positions is not None else None
    geometry, _ = grid(header, place)
    one = Geometry((1, header.rows, header.columns), geometry.affine, geometry.patient_based, geometry.calibrated)
    return _image(header, _whole(header, middle), one, ())


def check(header: Header) -> None:
    """Raise EngineError unless none of the file's pixels was cut off and its first frame decodes; all of a doubtful file's."""
    if header.native and not is_sound(header):
        raise damaged(display_name(header.path))
    _whole(header, 0 if header.frames > 1 and is_sound(header) else None)


def is_sound(header: Header) -> bool:
    """Whether size and end of the file give no reason to decode it whole: a cheap look at each slice of a long series."""
    with decoding(header.path), open(header.path, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        if header.native:
            subsampled = 2 if header.photometric == "YBR_FULL_422" else 3
            return (
                header.pixels_at < 0 or size - header.values_at >= header.frame_bytes * header.frames * subsampled // 3
            )
        file.seek(max(size - len(_DELIMITER), 0))
        return file.read() == _DELIMITER


def _grey_series(first: Header, files: Sequence[str]) -> tuple[Pixels, Vector | None]:
    direct = DirectSlices.like(first)
    return _decoded_series(first, files) if direct is None else _direct_series(first, files, direct)


def _direct_series(first: Header, files: Sequence[str], direct: DirectSlices) -> tuple[Pixels, Vector | None]:
    volume, places = Rescaled(len(files)), list[Vector | None]()
    for path in files:
        with decoding(path):
            slice_ = direct.read(path)
            if slice_ is not None:
                volume.add(slice_[1], *first.slopes[0])
                places.append(slice_[0])
            else:  # its header differs: parsed, as any file
                header = _like(first, path)
                volume.add(_stored(header)[0], *header.slopes[0])
                places.append(header.positions)
    return volume.pixels, _join(places)


def _decoded_series(first: Header, files: Sequence[str]) -> tuple[Pixels, Vector | None]:
    headers = [first, *(_like(first, path) for path in files[1:])]
    volume = Rescaled(len(files))
    # The one place of the engine with threads, all gone at return: codecs let go of the interpreter's lock.
    with ThreadPoolExecutor(_processors()) as pool:
        under_way = deque[tuple[Header, Future[NDArray[np.generic]]]]()
        for header in headers:
            under_way.append((header, pool.submit(_stored, header)))
            if len(under_way) > _AHEAD * _processors():
                _take(volume, *under_way.popleft())
        for one in under_way:
            _take(volume, *one)
    return volume.pixels, _join([header.positions for header in headers])


def _take(volume: Rescaled, header: Header, stored: "Future[NDArray[np.generic]]") -> None:
    volume.add(stored.result()[0], *header.slopes[0])


def _like(first: Header, path: str) -> Header:
    header = read_header(path)
    if (header.rows, header.columns, header.samples, header.frames) != (first.rows, first.columns, first.samples, 1):
        raise EngineError(
            translatable("{name} no longer fits the other slices of its series."),
            translatable(
                "The file was changed after it was imported: bring back the old one, or import the series again."
            ),
            name=display_name(path),
        )
    return header


def _whole(header: Header, frame: int | None = None, frames: NDArray[np.intp] | None = None) -> Pixels:
    """All frames as stored, or `frames` in that order, or the one: (z, y, x) grey with slopes applied, or (z, y, x, 3) uint8."""
    with decoding(header.path), quiet():
        check_budget(
            (header.frames, header.rows, header.columns, header.samples), _dtype(header), display_name(header.path)
        )
        if not header.grey:
            pixels = _colour(header, frame)
        elif header.table:
            values, dataset = _decoded(header, frame)
            pixels = storable(apply_modality_lut(values, dataset))
        else:
            pixels = _rescaled(header, frame)
        if frames is None or np.array_equal(frames, np.arange(len(pixels))):
            return pixels
        return pixels[frames]


def _rescaled(header: Header, frame: int | None) -> Pixels:
    frames = _stored(header, frame)
    volume = Rescaled(len(frames))
    for k, values in enumerate(frames):
        which = frame if frame is not None else k
        volume.add(values, *header.slopes[which if which < len(header.slopes) else 0])
    return volume.pixels


def _colour(header: Header, frame: int | None) -> Pixels:
    values, dataset = _decoded(header, frame)
    if header.photometric == "PALETTE COLOR":
        colours = apply_color_lut(values, dataset)[..., :3]
        # DICOM's own way from 16 bits to 8: the upper byte (PS3.3 C.7.6.3.1.6)
        return np.asarray(colours >> (8 * (colours.dtype.itemsize - 1)), np.uint8)
    if values.ndim == 3:  # one sample in an unknown colour space is shown as grey
        return storable(values)
    return to_rgb8(values[..., :3], header.stored)


def _decoded(header: Header, frame: int | None) -> tuple[Pixels, Any]:
    """By pydicom from the whole data set: (frames, rows, columns) or (..., samples), as RGB; slow, for all that is not plain."""
    dataset = read_dataset(header.path)
    only: Any = {"allow_excess_frames": False}
    values, _ = get_decoder(UID(header.syntax)).as_array(dataset, index=frame, **only)
    return (values[None] if frame is not None or header.frames == 1 else values), dataset


def _stored(header: Header, frame: int | None = None) -> NDArray[np.generic]:
    """Grey values as stored (frames, rows, columns), from the pixel data element alone."""
    with decoding(header.path):
        if header.pixels_at < 0:
            return _decoded(header, frame)[0]
        with open(header.path, "rb") as file:
            file.seek(header.values_at)
            values, _ = get_decoder(UID(header.syntax)).as_array(file, index=frame, **_options(header))
        return values[None] if frame is not None or header.frames == 1 else values


def _options(header: Header) -> dict[str, Any]:
    return {
        "rows": header.rows,
        "columns": header.columns,
        "samples_per_pixel": 1,
        "number_of_frames": header.frames,
        "bits_allocated": header.bits,
        "bits_stored": header.stored,
        "pixel_representation": int(header.signed),
        "photometric_interpretation": header.photometric,
        "pixel_keyword": "PixelData",
        "allow_excess_frames": False,
        "pixel_vr": "OB" if header.bits <= 8 else "OW",
    }


def _dtype(header: Header) -> np.dtype[Any]:
    if header.samples > 1:
        return np.dtype(f"u{max(header.bits // 8, 1)}")
    plain = all(s.is_integer() and i.is_integer() for s, i in header.slopes) and header.bits <= 16
    return np.dtype(np.int16 if plain else np.float32)


def _frames(header: Header, index: str) -> NDArray[np.intp] | None:
    """The frames of the volume of that number, in the order of space; without a number of the only one; None: all as stored."""
    parts = frame_parts(header)
    if not index:
        return parts[0] if len(parts) == 1 else None
    if not index.isdecimal() or not 1 <= int(index) <= len(parts):
        raise EngineError(
            translatable("{name} no longer holds the image {index}."),
            translatable("The file was changed after it was imported: bring back the old one."),
            name=display_name(header.path),
            index=index,
        )
    return parts[int(index) - 1]


def _own_places(header: Header, frames: NDArray[np.intp] | None) -> Vector | None:
    return header.positions if frames is None or header.positions is None else header.positions[frames]


def _image(header: Header, pixels: Pixels, geometry: Geometry, notes: tuple[Notice, ...]) -> Image:
    if pixels.ndim == 4 and header.stored > 8 and header.photometric != "PALETTE COLOR":
        notes = (*notes, Notice(translatable("Colour of {bits} bits was narrowed to 8."), {"bits": header.stored}))
    window = FULL if pixels.ndim == 4 else header.window or auto_window(pixels)
    inverted = header.photometric == "MONOCHROME1"
    return Image(pixels, geometry, window, header.modality, header.unit, inverted, header.patient, notes)


def _join(places: Sequence[Vector | None]) -> Vector | None:
    found = [p for p in places if p is not None]
    return np.concatenate(found) if len(found) == len(places) else None


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
