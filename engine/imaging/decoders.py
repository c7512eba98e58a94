"""Which codec decodes which DICOM transfer syntax. GDCM is kept out: damaged files make it abort the process."""

from functools import cache

import imagecodecs
import numpy as np
from pydicom.pixels.decoders.base import DecodeRunner, get_decoder
from pydicom.uid import (
    JPEG2000,
    UID,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

_LOSSLESS = (JPEGLossless, JPEGLosslessSV1)
_LS = (JPEGLSLossless, JPEGLSNearLossless)

DECODER_DEPENDENCIES = dict.fromkeys((JPEGExtended12Bit, *_LOSSLESS, *_LS), ("imagecodecs",))
"""Asked for by pydicom of every plug-in."""


def is_available(uid: str) -> bool:
    """Asked for by pydicom of every plug-in."""
    return uid in DECODER_DEPENDENCIES


def decode_frame(source: bytes, runner: DecodeRunner) -> bytes:
    """pydicom's plug-in: one encoded frame as bytes, colour by pixel, in a container of 8 or 16 bits."""
    syntax = runner.transfer_syntax
    if syntax in _LS:
        frame = imagecodecs.jpegls_decode(source)
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


@cache
def register() -> None:
    """Set pydicom's plug-ins up: one trusted codec first, GDCM never. To be called before anything is decoded."""
    here = ("engine.imaging.decoders", "decode_frame")
    openjpeg = ("pydicom.pixels.decoders.pylibjpeg", "_decode_frame")
    for uid in (*DECODER_DEPENDENCIES, JPEGBaseline8Bit, JPEG2000, JPEG2000Lossless, RLELossless):
        decoder = get_decoder(UID(uid))
        _remove(uid, "gdcm")
        if uid in DECODER_DEPENDENCIES:
            for other in ("pyjpegls", "pylibjpeg"):
                _remove(uid, other)
            decoder.add_plugin("imagecodecs", here)
        if uid in (JPEG2000, JPEG2000Lossless):  # Pillow first: pylibjpeg holds the interpreter's lock while it decodes
            _remove(uid, "pylibjpeg")
            decoder.add_plugin("pylibjpeg", openjpeg)


def _remove(uid: str, plugin: str) -> None:
    decoder = get_decoder(UID(uid))
    if plugin in decoder._available or plugin in decoder._unavailable:
        decoder.remove_plugin(plugin)
