"""Which codec decodes which DICOM transfer syntax, and that none is asked before the size of its stream was compared with the header.

GDCM is kept out: damaged files make it abort the process. So is pylibjpeg's RLE decoder, which panics.
"""

import sys
import time
from collections.abc import Callable
from functools import cache
from threading import Thread, get_ident
from typing import Any, TypeAlias

import imagecodecs
import numpy as np
from pydicom.pixels.decoders import pillow, pylibjpeg
from pydicom.pixels.decoders.base import DecodeRunner, get_decoder
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    UID,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from engine.imaging.stream_size import stream_size

Decode: TypeAlias = Callable[[bytes, DecodeRunner], bytes | bytearray]

_LOSSLESS = (JPEGLossless, JPEGLosslessSV1)
_LS = (JPEGLSLossless, JPEGLSNearLossless)
_J2K = (JPEG2000, JPEG2000Lossless)
_HTJ2K = (HTJ2K, HTJ2KLossless, HTJ2KLosslessRPCL)
_OTHERS = ("gdcm", "pylibjpeg", "pyjpegls", "pillow", "pydicom")
_GLANCE, _PATIENCE = 0.05, 0.4  # seconds
_SLOWEST = 2e6  # samples a second: a codec that needs longer than that has lost its way

DECODER_DEPENDENCIES = dict.fromkeys(
    (JPEGBaseline8Bit, JPEGExtended12Bit, *_LOSSLESS, *_LS, *_J2K, *_HTJ2K, RLELossless), ("imagecodecs",)
)
"""Asked for by pydicom of every plug-in."""


def is_available(uid: str) -> bool:
    """Asked for by pydicom of every plug-in."""
    return uid in DECODER_DEPENDENCIES


def decode_frame(source: bytes, runner: DecodeRunner) -> bytearray:
    """pydicom's plug-in: one encoded frame, in bytes that it can correct in place. Raises ValueError where the stream is of another size
    than the header says."""
    return bytearray(_decoded(source, runner))


def _decoded(source: bytes, runner: DecodeRunner) -> bytes | bytearray:
    syntax = runner.transfer_syntax
    if syntax == RLELossless:
        return _run_lengths(source, runner)
    size = stream_size(source)
    if size is None or size != (runner.rows, runner.columns, runner.samples_per_pixel):
        raise ValueError("the stream holds a picture of another size than the header says")
    if syntax == JPEGBaseline8Bit:
        return _first_that_can((pillow._decode_frame, pylibjpeg._decode_frame), source, runner)
    if syntax in _J2K and runner.get_option("j2k_is_signed", False) and not runner.pixel_representation:
        return pylibjpeg._decode_frame(source, runner)  # Pillow would have moved the values up
    if syntax in _J2K:  # Pillow first: pylibjpeg holds the interpreter's lock while it decodes
        return _first_that_can((pillow._decode_frame, pylibjpeg._decode_frame), source, runner)
    if syntax in _HTJ2K:
        return pylibjpeg._decode_frame(source, runner)
    return _array(source, runner)


def _first_that_can(decoders: tuple[Decode, ...], source: bytes, runner: DecodeRunner) -> bytes | bytearray:
    *others, last = decoders
    for decode in others:
        try:
            return decode(source, runner)
        except Exception:  # whatever it stumbled over, the next may not
            continue
    return last(source, runner)


def _array(source: bytes, runner: DecodeRunner) -> bytes:
    """Colour by pixel, in a container of 8 or 16 bits."""
    syntax = runner.transfer_syntax
    if syntax in _LS:
        frame = _in_time(imagecodecs.jpegls_decode, source, runner.rows * runner.columns * runner.samples_per_pixel)
    elif syntax in _LOSSLESS:
        frame = imagecodecs.ljpeg_decode(source)
    else:
        frame = imagecodecs.jpeg_decode(source)
    wanted = (runner.rows, runner.columns) + ((runner.samples_per_pixel,) if runner.samples_per_pixel > 1 else ())
    if frame.shape != wanted:
        raise ValueError("the stream holds a picture of another size than the header says")
    runner.set_option("bits_allocated", 8 * frame.dtype.itemsize)
    runner.set_option("planar_configuration", 0)
    return np.ascontiguousarray(frame).tobytes()


def _in_time(decode: Callable[[bytes], Any], source: bytes, samples: int) -> Any:
    """What the codec gives. ValueError after thirty times what it needs for so many samples: CharLS counts to 2^31 in some damaged
    streams, and nothing but its own end stops it. It lets go of the interpreter's lock meanwhile."""
    outcome, clocks = list[Any](), list[int]()

    def run() -> None:
        if sys.platform == "linux":
            clocks.append(time.pthread_getcpuclockid(get_ident()))
        try:
            outcome.append(decode(source))
        except BaseException as fault:
            outcome.append(fault)

    worker = Thread(target=run, daemon=True)  # it must not keep the program from ending
    start = time.monotonic()
    worker.start()
    while not outcome:
        worker.join(_GLANCE)
        if not outcome and _spent(clocks, start) > _PATIENCE + samples / _SLOWEST:
            raise ValueError("the decoder does not come to an end")
    (found,) = outcome
    if isinstance(found, BaseException):
        raise found
    return found


def _spent(clocks: list[int], start: float) -> float:
    """Seconds that the thread of this clock has had a processor, or a tenth of those gone by where the system does not tell: a busy
    machine makes no file a damaged one."""
    try:
        return time.clock_gettime(clocks[0])
    except (OSError, IndexError, AttributeError):  # ended this moment, or no Linux
        return (time.monotonic() - start) / 10


def _run_lengths(source: bytes, runner: DecodeRunner) -> bytes:
    width = runner.bits_allocated // 8
    out = np.empty(runner.rows * runner.columns * runner.samples_per_pixel * width, np.uint8)
    decode: Any = imagecodecs.dicomrle_decode  # its stub knows no array as `out`
    kind = np.dtype(f"<u{width}")
    try:
        done = decode(source, kind, out=out)
    except imagecodecs.DicomrleError:
        if not source.endswith(b"\0\0"):
            raise
        done = decode(source[:-1], kind, out=out)  # padded twice, as a segment and as a fragment
    if len(done) != len(out):
        raise ValueError("the frame is cut short")
    runner.set_option("planar_configuration", 1)
    return out.tobytes()


@cache
def register() -> None:
    """Set pydicom's plug-ins up: `decode_frame` alone for all that is compressed. To be called before anything is decoded."""
    for uid in DECODER_DEPENDENCIES:
        decoder = get_decoder(UID(uid))
        for other in _OTHERS:
            if other in decoder._available or other in decoder._unavailable:
                decoder.remove_plugin(other)
        decoder.add_plugin("imagecodecs", ("engine.imaging.decoders", "decode_frame"))
