"""Damaged and lying DICOM files among good ones: refused by name, soon, and before the memory is spent."""

import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pydicom
import pytest
from pydicom.encaps import encapsulate
from pydicom.pixels.decoders import pillow, pylibjpeg
from pydicom.uid import (
    JPEG2000,
    UID,
    HTJ2KLossless,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from engine.errors import NotReadable
from engine.imaging.image import Source
from engine.imaging.read import first_slice, read_image
from engine.imaging.scan import Scan
from engine.imaging.thumbnail import thumbnail

Make = Callable[..., Any]


def encode(path: Path, syntax: str, frame: bytes) -> Path:
    """Put an encoded frame into a file in place of its pixels."""
    ds = pydicom.dcmread(path)
    ds.file_meta.TransferSyntaxUID = UID(syntax)
    ds.PixelData = encapsulate([frame])
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    ds.save_as(path)
    return path


def picture(height: int = 64, width: int = 64) -> Any:
    return np.ascontiguousarray(np.random.default_rng(0).integers(0, 9, (height, width)), np.uint8)


def run_lengths(segments: int, overrun: int = 0, padding: bytes = b"") -> bytes:
    """A frame of 64 x 64 pixels as run-length code: each segment repeats 7, for `overrun` bytes more than it has pixels."""
    segment = b"\x81\x07" * ((64 * 64 + overrun) // 128) + padding
    starts = [64 + k * len(segment) for k in range(segments)]
    return struct.pack("<16I", segments, *starts, *[0] * (15 - segments)) + segment * segments


def refusals(scan: Scan) -> dict[str, str]:
    return {one.file: one.reason for one in scan.refused}


def test_one_damaged_file_does_not_keep_the_others_out(make_slice: Make, run_scan: Callable[..., Scan]) -> None:
    for k in range(2):
        make_slice(f"all/good{k}.dcm", picture(), SeriesInstanceUID=f"1.2.{k}")
    encode(make_slice("all/short.dcm", picture(), SeriesInstanceUID="1.3"), RLELossless, run_lengths(1, -128))
    wide = make_slice("all/wide.dcm", picture().astype(np.uint16), SeriesInstanceUID="1.4")
    encode(wide, RLELossless, run_lengths(2, 128))
    folder = wide.parent
    for bits in (32776, 24, 12, 7):
        bad = make_slice(f"all/bits{bits}.dcm", np.zeros((9, 9, 3), np.uint8), SeriesInstanceUID=f"1.5.{bits}")
        if bits > 24:
            encode(bad, JPEG2000, bytes(imagecodecs.jpeg2k_encode(np.zeros((9, 9, 3), np.uint8))))
        ds = pydicom.dcmread(bad)
        ds.BitsAllocated = bits
        ds.save_as(bad)
    found = run_scan(folder)
    assert sorted(Path(f.source.files[0]).name for f in found.found) == ["good0.dcm", "good1.dcm"]
    assert set(refusals(found)) == {"short.dcm", "wide.dcm", *(f"bits{b}.dcm" for b in (32776, 24, 12, 7))}
    assert all("damaged" in reason for reason in refusals(found).values())


def _packed(codec: str, values: Any, signed: bool) -> tuple[str, bytes]:
    """The lowest 12 bits of the values as a stream, and its syntax; only JPEG 2000 can say that they are `signed`."""
    bits = values.view(np.uint16) & np.uint16(0xFFF)
    if codec == "jpeg 2000":
        stored = (bits << 4).view(np.int16) >> 4 if signed else bits
        stream = imagecodecs.jpeg2k_encode(stored, level=0, codecformat="j2k", reversible=True, bitspersample=12)
        return JPEG2000Lossless, bytes(stream)
    if codec == "jpeg-ls":
        return JPEGLSLossless, bytes(imagecodecs.jpegls_encode(bits))
    return JPEGLosslessSV1, bytes(imagecodecs.ljpeg_encode(bits, bitspersample=12))


@pytest.mark.parametrize("codec", ["jpeg 2000", "jpeg-ls", "jpeg lossless"])
@pytest.mark.parametrize("stream_signed", [False, True])
@pytest.mark.parametrize("signed", [False, True])
def test_numbers_below_zero_are_those_that_were_packed(
    make_slice: Make, codec: str, stream_signed: bool, signed: bool
) -> None:
    low = -2048 if signed else 0
    values = np.random.default_rng(0).integers(low, low + 4096, (64, 64)).astype(np.int16 if signed else np.uint16)
    path = make_slice("a.dcm", values, Modality="MR", BitsStored=12, HighBit=11)
    image = read_image(Source((str(encode(path, *_packed(codec, values, stream_signed))),), "dicom"))
    np.testing.assert_array_equal(image.pixels[0], values)


def test_nothing_that_a_codec_raises_passes_the_door(make_slice: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    class Panic(BaseException):
        """What pylibjpeg's RLE decoder raises: no Exception."""

    def panics(*_: object, **__: object) -> None:
        raise Panic("index out of bounds")

    monkeypatch.setattr(imagecodecs, "jpegls_decode", panics)
    path = encode(make_slice("a.dcm", picture()), JPEGLSLossless, bytes(imagecodecs.jpegls_encode(picture())))
    source = Source((str(path),), "dicom")
    for door in (read_image, first_slice):
        with pytest.raises(NotReadable, match=r"a\.dcm is damaged"):
            door(source)


def test_pixels_beyond_the_picture_are_left_alone(make_slice: Make) -> None:
    path = make_slice("a.dcm", np.zeros((3, 3, 3), np.uint8), PhotometricInterpretation="YBR_FULL", NumberOfFrames=1)
    ds = pydicom.dcmread(path)
    ds.PixelData = bytes(338)
    ds.save_as(path)
    image = read_image(Source((str(path),), "dicom"))
    assert image.pixels.shape == (1, 3, 3, 3) and thumbnail(image).shape[-1] == 3


SYNTAXES = [
    (JPEGBaseline8Bit, "jpeg8"),
    (JPEGLosslessSV1, "ljpeg"),
    (JPEGLSLossless, "jpegls"),
    (JPEG2000Lossless, "jpeg2k"),
    (JPEG2000, "jpeg2k"),
    (HTJ2KLossless, "jpeg2k"),
]


@pytest.mark.parametrize(("syntax", "codec"), SYNTAXES)
@pytest.mark.parametrize("inner", [(640, 640), (32, 32), (64, 128)])
def test_a_stream_of_another_size_than_the_header_says_is_refused_before_it_is_decoded(
    make_slice: Make, monkeypatch: pytest.MonkeyPatch, syntax: str, codec: str, inner: tuple[int, int]
) -> None:
    stream = bytes(getattr(imagecodecs, f"{codec}_encode")(picture(*inner)))
    path = encode(make_slice("a.dcm", picture()), syntax, stream)
    decoded: list[str] = []
    for library, name in (
        (imagecodecs, "jpegls_decode"),
        (imagecodecs, "ljpeg_decode"),
        (imagecodecs, "jpeg_decode"),
        (pillow, "_decode_frame"),
        (pylibjpeg, "_decode_frame"),
    ):
        monkeypatch.setattr(library, name, lambda *_, name=name, **__: decoded.append(name))
    with pytest.raises(NotReadable, match="damaged"):
        read_image(Source((str(path),), "dicom"))
    assert not decoded


@pytest.mark.parametrize(("syntax", "codec"), [s for s in SYNTAXES if s[0] not in (HTJ2KLossless, JPEGBaseline8Bit)])
def test_streams_that_hold_what_the_header_says_are_read(make_slice: Make, syntax: str, codec: str) -> None:
    stream = bytes(getattr(imagecodecs, f"{codec}_encode")(picture()))
    path = encode(make_slice("a.dcm", picture(), RescaleSlope=1, RescaleIntercept=0), syntax, stream)
    image = read_image(Source((str(path),), "dicom"))
    assert image.pixels.shape == (1, 64, 64)
    if syntax != JPEG2000:
        assert (image.pixels[0] == picture()).all()


@pytest.mark.parametrize("padding", [b"", b"\0", b"\0\0", b"\x80"])
def test_run_lengths_are_read_padded_segments_too(make_slice: Make, padding: bytes) -> None:
    path = encode(make_slice("a.dcm", picture()), RLELossless, run_lengths(1, padding=padding))
    assert (read_image(Source((str(path),), "dicom")).pixels == 7).all()


def test_run_lengths_that_end_with_black_are_read(make_slice: Make) -> None:
    code = struct.pack("<16I", 1, 64, *[0] * 14) + b"\x81\x07" * 31 + b"\x82\x07" + b"\0\0"
    pixels = read_image(Source((str(encode(make_slice("a.dcm", picture()), RLELossless, code)),), "dicom")).pixels
    assert (pixels.ravel()[:-1] == 7).all() and pixels.ravel()[-1] == 0


def test_a_stream_in_which_the_codec_loses_its_way_is_given_up(make_slice: Make) -> None:
    noise = np.random.default_rng(11).integers(0, 256, 60).astype(np.uint8)
    stream = (
        b"\xff\xd8\xff\xf7\0\x0b\x10\1\0\1\0\1\1\x11\0\xff\xda\0\x08\1\1\0\0\0\0"  # 256 x 256 of 16 bits
        + b"\xff\x7f" * 8  # long runs
        + bytes(min(int(b), 254) if b != 255 else 254 for b in noise)
    )
    path = encode(make_slice("a.dcm", np.zeros((256, 256), np.uint16)), JPEGLSLossless, stream)
    start = time.process_time()
    with pytest.raises(NotReadable, match="damaged"):
        read_image(Source((str(path),), "dicom"))
    assert time.process_time() - start < 1  # alone, CharLS counts for 3 s and more
