"""DICOM pixels to an Image: raw bytes where they lie in the file as they are, codecs on all processors where they do not."""

import os
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.pixels.decoders.base import Decoder, get_decoder
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut
from pydicom.uid import UID

from engine.errors import EngineError, NotReadable
from engine.imaging import decoders
from engine.imaging import dicom_places as places
from engine.imaging.budget import check_budget
from engine.imaging.dicom_frames import frames_of, uncounted
from engine.imaging.dicom_header import Header, quiet, read_dataset, read_header
from engine.imaging.dicom_places import Places
from engine.imaging.dicom_values import Vector
from engine.imaging.direct import DirectSlices
from engine.imaging.files import damaged, decoding, display_name
from engine.imaging.geometry import Geometry
from engine.imaging.glimpse import Glimpse, SliceWish, with_wishes
from engine.imaging.image import Image, Pixels
from engine.imaging.rescale import Rescaled
from engine.imaging.sample import sampled
from engine.imaging.values import storable, to_rgb8
from engine.imaging.voi_tables import read_voi_tables
from engine.imaging.windows import FULL, auto_window
from engine.progress import Notice, Progress, Work, result_of
from engine.words import translatable

decoders.register()

_AHEAD = (
    2  # slices a processor that are decoded before they are taken: all at once would be a second copy of the volume
)
_STRICT = {
    "allow_excess_frames": False,
    # JPEG-LS cannot say that values are signed, nor surely how many bits they have: the header can
    "apply_jls_sign_correction": False,
    "correct_unused_bits": True,
}
_SAMPLE = 1 << 20
_STEPS = 64  # that a file of many frames tells of
_COLOURS = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")
"""Of three samples a pixel; the retired ones (HSV, ARGB, CMYK, YBR_PARTIAL_422) would be taken for red, green and blue."""
_DELIMITER = b"\xfe\xff\xdd\xe0\0\0\0\0"


def read(files: Sequence[str], index: str = "") -> Image:
    """The volume of a series (its files in order) or of one multi-frame file, of which `index` names the frames where it holds
    several volumes. Raises EngineError that names the file."""
    return result_of(opening(files, index))


def opening(files: Sequence[str], index: str = "", wanted: SliceWish | None = None) -> Work[Image]:
    """As `read`. With the number of a `wanted` slice, yields a Glimpse of that before anything else is read."""
    with decoding(files[0]):
        work = _of_series(files) if len(files) > 1 else _of_file(files[0], index)
        return (yield from (work if wanted is None else with_wishes(work, wanted, partial(_looked_at, files, index))))


def _looked_at(files: Sequence[str], index: str, number: int) -> Iterator[Glimpse]:
    seen = _seen(files, index, number)
    if seen.count > 1:
        yield seen


def first_slice(files: Sequence[str], index: str = "") -> Image:
    """The middle slice as an image of one slice, without reading the others."""
    return _seen(files, index).image


def _seen(files: Sequence[str], index: str, wanted: int | None = None) -> Glimpse:
    """The wanted slice, else the middle one, in the window that the file recommends for the middle."""
    of_file = min(max(wanted, 0), len(files) - 1) if wanted is not None else len(files) // 2
    file, middle = files[of_file], files[len(files) // 2]
    with decoding(file):
        header = read_header(file)
        frames = frames_of(header, index)
        numbers = np.arange(header.frames) if frames is None else frames
        at = len(numbers) // 2 if wanted is None else min(max(wanted, 0), len(numbers) - 1)
        number = int(numbers[at])
        geometry, _ = places.grid(header, places.of_frames(header)[np.array([number])])
        pixels = _whole(header, [number])
        if file != middle:
            header = replace(header, windows=read_header(middle).windows)
        image = _image(header, pixels, geometry, ())
    return Glimpse(image, at, len(numbers)) if len(files) == 1 else Glimpse(image, of_file, len(files))


def _of_file(file: str, index: str) -> Work[Image]:
    header = read_header(file)
    frames = frames_of(header, index)
    where = places.of_frames(header)
    if frames is None or np.array_equal(frames, np.arange(header.frames)):
        pixels = yield from _reading(header)
    else:
        pixels = yield from _reading(header, frames.tolist())
        where = where[frames]
    geometry, notes = places.grid(header, where)
    return _with_tables(_image(header, pixels, geometry, (*notes, *uncounted(header))), file)


def _with_tables(image: Image, file: str) -> Image:
    tables = () if image.color else read_voi_tables(file)
    return replace(image, tables=tables) if tables else image


def _of_series(files: Sequence[str]) -> Work[Image]:
    header = read_header(files[0])
    check_budget((len(files), header.rows, header.columns, header.samples), _dtype(header), display_name(files[0]))
    if header.grey and not header.table:
        pixels, where = yield from _grey_series(header, files)
    else:
        headers, parts = [header, *(_like(header, path) for path in files[1:])], list[Pixels]()
        for one in headers:
            parts.append(_whole(one))
            yield Progress(len(parts), len(files))
        pixels, where = np.concatenate(parts), places.of_files(headers)
    # Windows may change from slice to slice (PET), and the first one often shows nothing.
    middle = files[len(files) // 2]
    windows = read_header(middle).windows
    return _with_tables(_image(replace(header, windows=windows), pixels, *places.grid(header, where)), middle)


def check(header: Header) -> None:
    """Raise EngineError unless none of the file's pixels was cut off and its first frame decodes; all of a doubtful file's."""
    with decoding(header.path):
        if header.native and not is_sound(header):
            raise damaged(display_name(header.path))
        _whole(header, [0] if header.frames > 1 and is_sound(header) else None)


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


def _grey_series(first: Header, files: Sequence[str]) -> Work[tuple[Pixels, Places]]:
    direct = None if first.shift else DirectSlices.like(first)
    if direct is None:
        return (yield from _decoded_series(first, files))
    return (yield from _direct_series(first, files, direct))


def _direct_series(first: Header, files: Sequence[str], direct: DirectSlices) -> Work[tuple[Pixels, Places]]:
    volume, positions, orientations = Rescaled(len(files)), list[Vector | None](), list[Vector | None]()
    for done, path in enumerate(files):
        yield Progress(done, len(files))
        with decoding(path):
            slice_ = direct.read(path)
            if slice_ is not None:
                volume.add(slice_[1], *first.slopes[0], direct.limits)
                positions.append(slice_[0])
                orientations.append(first.orientations)
            else:  # its header differs: parsed, as any file
                header = _like(first, path)
                with quiet():
                    volume.add(_stored(header), *header.slopes[0])
                positions.append(header.positions)
                orientations.append(header.orientations)
    where = Places(len(files), places.join(positions), places.join(orientations), None, places.nearest(first))
    return volume.pixels, where if where.is_spread else places.of_files([read_header(path) for path in files])


def _decoded_series(first: Header, files: Sequence[str]) -> Work[tuple[Pixels, Places]]:
    headers = [first, *(_like(first, path) for path in files[1:])]
    volume = Rescaled(len(files))
    # The one place of the engine with threads, all gone at return: codecs let go of the interpreter's lock.
    with quiet(), ThreadPoolExecutor(_processors()) as pool:
        under_way = deque[tuple[Header, Future[NDArray[np.generic]]]]()
        try:
            for done, header in enumerate(headers):
                under_way.append((header, pool.submit(_stored, header)))
                if len(under_way) > _AHEAD * _processors():
                    _take(volume, *under_way.popleft())
                yield Progress(done, len(files))
            for one in under_way:
                _take(volume, *one)
        finally:  # nobody waits for what is under way where the work is closed
            pool.shutdown(cancel_futures=True)
    return volume.pixels, places.of_files(headers)


def _take(volume: Rescaled, header: Header, stored: "Future[NDArray[np.generic]]") -> None:
    volume.add(stored.result(), *header.slopes[0])


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


def _whole(header: Header, frames: Sequence[int] | None = None) -> Pixels:
    """These frames in their order, or all as stored: (z, y, x) grey with slopes applied, or (z, y, x, 3) uint8."""
    return result_of(_reading(header, frames))


def _reading(header: Header, frames: Sequence[int] | None = None) -> Work[Pixels]:
    """As `_whole`, grey ones one by one."""
    chosen = range(header.frames) if frames is None else frames
    with decoding(header.path):
        check_budget(
            (len(chosen), header.rows, header.columns, header.samples), _dtype(header), display_name(header.path)
        )
        if not header.grey or header.table:
            with quiet():
                return (
                    _colour(header, frames)
                    if not header.grey
                    else storable(apply_modality_lut(*_decoded(header, frames)))
                )
        volume, stored = Rescaled(len(chosen)), _one_by_one(header, frames)
        for done, which in enumerate(chosen):
            with quiet():
                volume.add(next(stored), *header.slopes[which if which < len(header.slopes) else 0])
            if done % max(len(chosen) // _STEPS, 1) == 0:
                yield Progress(done, len(chosen))
        stored.close()
    return volume.pixels


def _colour(header: Header, frames: Sequence[int] | None) -> Pixels:
    if header.samples > 1 and header.photometric.strip().upper() not in _COLOURS:
        raise NotReadable(
            translatable("{name} has colours of the kind {kind}, which are not read."),
            translatable("Export it again in red, green and blue (RGB)."),
            name=display_name(header.path),
            kind=header.photometric or "-",
        )
    values, dataset = _decoded(header, frames)
    if header.photometric == "PALETTE COLOR":
        colours = apply_color_lut(values, dataset)[..., :3]
        # DICOM's own way from 16 bits to 8: the upper byte (PS3.3 C.7.6.3.1.6)
        return np.asarray(colours >> (8 * (colours.dtype.itemsize - 1)), np.uint8)
    if values.ndim == 3:  # one sample in an unknown colour space is shown as grey
        return storable(values)
    return to_rgb8(values[..., :3], header.stored)


def _decoded(header: Header, frames: Sequence[int] | None) -> tuple[Pixels, Any]:
    """By pydicom from the whole data set: (frames, rows, columns) or (..., samples), as RGB; slow, for all that is not plain."""
    dataset = read_dataset(header.path)
    if header.shift:
        dataset.BitsStored = header.bits
    return _lowered(_frames(header, dataset, frames), header), dataset


def _frames(header: Header, source: Any, frames: Sequence[int] | None, **options: Any) -> Pixels:
    """From a data set or an open file, with an axis for the frames; refused where a decoder gives others than the header claims."""
    decoder, options = _decoder(header), {**options, **_STRICT}
    if frames is None:
        values, _ = decoder.as_array(source, **options)
        values = values[None] if header.frames == 1 else values
    elif len(frames) == 1:
        values = decoder.as_array(source, index=frames[0], **options)[0][None]
    else:
        values = np.stack([frame for frame, _ in decoder.iter_array(source, indices=frames, **options)])
    if values.shape[:3] != (header.frames if frames is None else len(frames), header.rows, header.columns):
        raise damaged(display_name(header.path))
    return values


def _decoder(header: Header) -> Decoder:
    """Raises NotReadable for what nobody here can decode: films, and encodings of vendors' own."""
    try:
        return get_decoder(UID(header.syntax))
    except NotImplementedError as fault:
        raise NotReadable(
            translatable("{name} is stored in a way that is not known here (transfer syntax {syntax})."),
            translatable("Export it again without compression."),
            name=display_name(header.path),
            syntax=header.syntax,
        ) from fault


def _lowered(values: Pixels, header: Header) -> Pixels:
    """Words that keep their value above other bits (High Bit), moved down; pydicom reads them as they are."""
    if not header.shift:
        return values
    numbers: NDArray[Any] = values.astype(values.dtype.newbyteorder("="))
    above = header.bits - header.stored - header.shift
    return np.asarray((numbers << above) >> (above + header.shift))


def _stored(header: Header) -> NDArray[np.generic]:
    """Grey values as stored (rows, columns) of a file of one frame, from the pixel data element alone."""
    with decoding(header.path), closing(_one_by_one(header, None)) as stored:
        return next(stored)


def _one_by_one(header: Header, frames: Sequence[int] | None) -> Generator[NDArray[np.generic], None, None]:
    """Grey values as stored (rows, columns) of each of these frames, from the pixel data element alone where that can be."""
    if header.pixels_at < 0:
        yield from _decoded(header, frames)[0]
        return
    with open(header.path, "rb") as file:
        file.seek(header.values_at)
        for frame, _ in _decoder(header).iter_array(file, indices=frames, **_options(header)):
            if frame.shape != (header.rows, header.columns):
                raise damaged(display_name(header.path))
            yield _lowered(frame, header)


def _options(header: Header) -> dict[str, Any]:
    return {
        "rows": header.rows,
        "columns": header.columns,
        "samples_per_pixel": 1,
        "number_of_frames": header.frames,
        "bits_allocated": header.bits,
        "bits_stored": header.bits if header.shift else header.stored,
        "pixel_representation": int(header.signed),
        "photometric_interpretation": header.photometric,
        "pixel_keyword": "PixelData",
        **_STRICT,
        "pixel_vr": "OB" if header.bits <= 8 else "OW",
    }


def _dtype(header: Header) -> np.dtype[Any]:
    if header.samples > 1:
        return np.dtype(f"u{max(header.bits // 8, 1)}")
    plain = all(s.is_integer() and i.is_integer() for s, i in header.slopes) and header.bits <= 16
    return np.dtype(np.int16 if plain else np.float32)


def _image(header: Header, pixels: Pixels, geometry: Geometry, notes: tuple[Notice, ...]) -> Image:
    if pixels.ndim == 4 and header.stored > 8 and header.photometric != "PALETTE COLOR":
        notes = (*notes, Notice(translatable("Colour of {bits} bits was narrowed to 8."), {"bits": header.stored}))
    window = (
        FULL
        if pixels.ndim == 4
        else header.windows[0]
        if header.windows
        else auto_window(_shown(header, pixels), header.unit)
    )
    inverted = header.photometric == "MONOCHROME1"
    return Image(
        pixels, geometry, window, header.modality, header.unit, inverted, header.patient, notes, header.windows
    )


def _shown(header: Header, pixels: Pixels) -> Pixels:
    """What a window is chosen from: not the padding around a scanner's round field, which may lie far off all values."""
    if header.padding is None:
        return pixels
    slope, intercept = header.slopes[0]
    low, high = sorted(end * slope + intercept for end in header.padding)
    sample: NDArray[Any] = sampled(pixels, _SAMPLE)
    inside = sample[(sample < low) | (sample > high)]
    return inside if inside.size else pixels


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
