"""A DICOM series to its first slice and to the whole volume, against reading the same bytes and, compressed, the codec's own time."""

import io
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import imagecodecs
import numpy as np
import pydicom
from PIL import Image as Pillow
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import JPEG2000Lossless

from engine.imaging.image import Source
from engine.imaging.read import first_slice, read_image
from engine.phantom import patient, write_series

Row = tuple[str, float, float, float, float]

_SLICES, _COMPRESSED, _SIDE = 300, 60, 512
_FIRST = 0.010  # seconds to the first slice, whatever the length
_ROUNDS = 5


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as place:
        native = _native(Path(place) / "native")
        yield _whole(native)
        yield _first(native, "native")
        packed = _packed(native[:_COMPRESSED], Path(place) / "packed")
        yield _codec(packed)
        yield _first(packed, "JPEG 2000")


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
