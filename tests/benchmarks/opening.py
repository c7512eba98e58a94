"""Images to what is seen of them first, and to the whole: a DICOM series against reading the same bytes and, compressed, the codec's own
time; a packed NIfTI volume against unpacking it up to there, and a large TIFF against decoding it."""

import gzip
import io
import os
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import imagecodecs
import nibabel as nib
import numpy as np
import pydicom
import tifffile
from PIL import Image as Pillow
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import JPEG2000Lossless

from engine.imaging.glimpse import Glimpse
from engine.imaging.image import Source
from engine.imaging.read import first_slice, opening, read_image
from engine.phantom import patient, write_series

Row = tuple[str, float, float, float, float]

_SLICES, _COMPRESSED, _SIDE = 300, 60, 512
_FIRST = 0.010  # seconds to the first slice, whatever the length
_ROUNDS = 5
_PACKED = 300 << 20  # bytes of a .nii.gz
_FIRST_PACKED = 0.5  # seconds to a slice of it
_DOWN, _ACROSS = 9_000, 12_000  # pixels of a TIFF


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as place:
        native = _native(Path(place) / "native")
        yield _whole(native)
        yield _first(native, "native")
        packed = _packed(native[:_COMPRESSED], Path(place) / "packed")
        yield _codec(packed)
        yield _first(packed, "JPEG 2000")
        yield from _nifti(Path(place) / "long.nii.gz")
        yield from _tiff(Path(place))


def _native(folder: Path) -> tuple[Path, ...]:
    """A phantom's slices over and over: what they show does not matter, that they are 300 files of 512 x 512 does."""
    few = patient(1, 10, _SIDE)
    times = (_SLICES // 10, 1, 1)
    return write_series(folder, replace(few, pixels=np.tile(few.pixels, times), labels=np.tile(few.labels, times)), 1)


def _packed(files: Sequence[Path], folder: Path) -> tuple[Path, ...]:
    folder.mkdir()
    for file in files:
        dataset = pydicom.dcmread(file)
        stored = dataset.pixel_array.astype(np.uint16 if dataset.PixelRepresentation == 0 else np.int16)
        frame = bytes(imagecodecs.jpeg2k_encode(stored, level=0, reversible=True, codecformat="j2k"))
        dataset.PixelData = encapsulate([frame])
        dataset["PixelData"].VR = "OB"
        dataset.file_meta.TransferSyntaxUID = JPEG2000Lossless
        dataset.save_as(folder / file.name)
    return tuple(folder / file.name for file in files)


def _whole(files: Sequence[Path]) -> Row:
    source = Source(tuple(map(str, files)), "dicom")
    room = bytearray(sum(file.stat().st_size for file in files))

    def raw() -> None:
        at, view = 0, memoryview(room)
        for file in files:
            with file.open("rb", buffering=0) as stream:
                at += stream.readinto(view[at:]) or 0

    ours, ideal = _turns(lambda: read_image(source), raw)
    return f"DICOM, {_SLICES} native slices, whole, against reading the bytes", ours, ideal, ours / ideal, 3.0


def _codec(files: Sequence[Path]) -> Row:
    source = Source(tuple(map(str, files)), "dicom")
    frames = [next(generate_frames(pydicom.dcmread(file).PixelData, number_of_frames=1)) for file in files]

    def decode(frame: bytes) -> Any:
        return np.asarray(Pillow.open(io.BytesIO(frame)))

    def codec() -> None:
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
            list(pool.map(decode, frames))

    ours, ideal = _turns(lambda: read_image(source), codec)
    return f"DICOM, {_COMPRESSED} JPEG 2000 slices, whole, against the codec", ours, ideal, ours / ideal, 1.1


def _first(files: Sequence[Path], kind: str) -> Row:
    source = Source(tuple(map(str, files)), "dicom")
    ours, _ = _turns(lambda: first_slice(source), lambda: None)
    return f"DICOM, {len(files)} {kind} slices, the first one, against 10 ms", ours, _FIRST, ours / _FIRST, 1.0


def _nifti(file: Path) -> Iterator[Row]:
    """Noise like a CT's, in members of a few slices: gzip's streams may have many, and to pack one takes half a minute."""
    slices = np.random.default_rng(0).integers(-1024, 1024, (8, _SIDE, _SIDE)).astype("<i2")
    member = gzip.compress(slices.tobytes(), 1)
    count = -(-_PACKED // len(member))
    header = nib.Nifti1Header()
    header.set_data_shape((_SIDE, _SIDE, count * len(slices)))
    header.set_data_dtype(np.int16)
    header["vox_offset"], header["magic"] = 352, b"n+1"
    with file.open("wb") as stream:
        stream.write(gzip.compress(header.binaryblock + bytes(4), 1))
        for _ in range(count):
            stream.write(member)

    def unpack() -> None:
        zlib.decompressobj(31).decompress(member)

    source = Source((str(file),), "nifti")
    ours, ideal = _turns(lambda: _seen(source, count * len(slices) // 2), unpack)
    size = f".nii.gz of {_PACKED >> 20} MB"
    yield f"{size}, a first slice, against 0.5 s", ours, _FIRST_PACKED, ours / _FIRST_PACKED, 1.0
    yield f"{size}, a first slice, against unpacking a piece of 4 MiB", ours, ideal, ours / ideal, 2.0


def _tiff(folder: Path) -> Iterator[Row]:
    """Smooth tissue in tiles, packed; once with the levels of a pyramid."""
    rng = np.random.default_rng(0)
    small = rng.integers(0, 255, (_DOWN // 100, _ACROSS // 100, 3), dtype=np.uint8)
    pixels = np.asarray(Pillow.fromarray(small).resize((_ACROSS, _DOWN), Pillow.Resampling.BILINEAR))
    plain, levels = folder / "plain.tif", folder / "levels.tif"
    how: dict[str, Any] = {"photometric": "rgb", "tile": (512, 512), "compression": "zlib"}
    tifffile.imwrite(plain, pixels, **how)
    with tifffile.TiffWriter(levels) as file:
        file.write(pixels, subifds=2, **how)
        for step in (2, 4):
            file.write(np.ascontiguousarray(pixels[::step, ::step]), subfiletype=1, **how)

    def whole() -> None:
        tifffile.imread(plain)

    def level() -> None:
        tifffile.imread(levels, level=2)

    size = f"TIFF of {_ACROSS} x {_DOWN}"
    ours, ideal = _turns(lambda: _seen(Source((str(plain),), "raster")), whole)
    yield f"{size}, a first overview, against decoding it whole", ours, ideal, ours / ideal, 0.25
    ours, ideal = _turns(lambda: _seen(Source((str(levels),), "raster")), level)
    yield f"{size} with levels, its overview, against decoding that level", ours, ideal, ours / ideal, 2.0


def _seen(source: Source, wanted: int = 0) -> None:
    """Read until there is something to look at."""
    work = opening(source, wanted)
    while not isinstance(next(work), Glimpse):
        pass
    work.close()


def _turns(ours: Callable[[], object], ideal: Callable[[], object]) -> tuple[float, float]:
    """Median seconds of both, in turns, after one round that warms the disk's cache."""
    taken: tuple[list[float], list[float]] = ([], [])
    for round in range(_ROUNDS + 1):
        for work, times in zip((ours, ideal), taken, strict=True):
            before = time.perf_counter()
            work()
            if round:
                times.append(time.perf_counter() - before)
    return median(taken[0]), median(taken[1])
