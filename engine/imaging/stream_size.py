"""The size that a compressed picture says of itself, read from its first bytes, so that a lie is noticed before it costs memory."""

import struct
from typing import NamedTuple

_J2K_START = b"\xff\x4f\xff\x51"
_JP2_START = b"\0\0\0\x0cjP  \r\n\x87\n"
_JXL_START = b"\xff\x0a"
_JXR_START = b"II\xbc\x01"
_JXR_IMAGE = b"WMPHOTO\0"  # GDI_SIGNATURE
_JXR_OFFSET = 0xBCC0  # the tag of the place of the image in its container
_LERC_START, _LERC_1_START = b"Lerc2 ", b"CntZImage "
_JXL_BOXES = b"\0\0\0\x0cJXL \r\n\x87\n"
_FRAMES_OF_JPEG = frozenset((*range(0xC0, 0xD0), 0xF7)) - {0xC4, 0xC8, 0xCC}  # 0xF7: JPEG-LS
_COMMON_FRAMES = frozenset((0xC0, 0xC1, 0xC2, 0xC9, 0xCA))  # baseline, extended, progressive; the last two arithmetic
_WITHOUT_LENGTH = frozenset((0x01, *range(0xD0, 0xDA)))
_JXL_RATIOS = (
    (1, 1),
    (1, 1),
    (12, 10),
    (4, 3),
    (3, 2),
    (16, 9),
    (5, 4),
    (2, 1),
)  # width to height; the first is unused


class StreamSize(NamedTuple):
    """`components` is 0 where the first bytes do not say it."""

    height: int
    width: int
    components: int


def stream_size(data: bytes) -> StreamSize | None:
    """The size of a JPEG, JPEG-LS, JPEG 2000 (HTJ2K too), JPEG XL, JPEG XR, LERC, PNG or WebP stream; None for any other, and where it is cut short.

    Sources: ITU-T T.81 B.2.2, T.87 C.2.2, T.800 A.5.1, T.832 8.3 and A.7, ISO/IEC 18181-1 D.1, PNG 11.2.1, RFC 9649, Esri's LERC
    (Lerc2.h, CntZImage.h).
    """
    try:
        if data.startswith(b"\xff\xd8"):
            return _jpeg(data)
        if data.startswith((_J2K_START, _JP2_START)):
            return _jpeg_2000(data)
        if data.startswith((_JXL_START, _JXL_BOXES)):
            return _jpeg_xl(data)
        if data.startswith((_JXR_START, _JXR_IMAGE)):
            return _jpeg_xr(data)
        if data.startswith((_LERC_START, _LERC_1_START)):
            return _lerc(data)
        if data.startswith(b"\x89PNG"):
            width, height = struct.unpack_from(">II", data, 16)
            return StreamSize(height, width, 0)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
    except (struct.error, IndexError):
        return None
    return None


def is_plain_jpeg(data: bytes) -> bool:
    """Whether a JPEG is of the kind that every decoder reads, 8 bits and lossy (T.81 table B.1); True where its frame is not found."""
    try:
        at = _jpeg_frame(data)
    except (struct.error, IndexError):
        return True
    return at is None or (data[at + 1] in _COMMON_FRAMES and data[at + 4] == 8)


def _jpeg(data: bytes) -> StreamSize | None:
    at = _jpeg_frame(data)
    if at is None:
        return None
    height, width, components = struct.unpack_from(">HHB", data, at + 5)
    return StreamSize(height, width, components)


def _jpeg_frame(data: bytes) -> int | None:
    """Where the header of the frame begins."""
    at = 2
    while True:
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
        elif marker in _WITHOUT_LENGTH:
            at += 2
        elif marker in _FRAMES_OF_JPEG:
            return at
        elif marker == 0xDA:  # the scan begins, and no frame was announced
            return None
        else:
            at += 2 + struct.unpack_from(">H", data, at + 2)[0]


def _jpeg_2000(data: bytes) -> StreamSize | None:
    at = 0 if data.startswith(_J2K_START) else _box(data, b"jp2c")
    if at is None or data[at : at + 4] != _J2K_START:
        return None
    right, bottom, left, top = struct.unpack_from(">4I", data, at + 8)
    (components,) = struct.unpack_from(">H", data, at + 40)
    return StreamSize(bottom - top, right - left, components)


def _box(data: bytes, *names: bytes) -> int | None:
    """Where the content of the first box of one of these names begins."""
    at = 0
    while at + 8 <= len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, at + 8)
            head = 16
        if name in names:
            return at + head
        if size < head:  # 0: up to the end
            return None
        at += size
    return None


def _jpeg_xl(data: bytes) -> StreamSize | None:
    start = 0
    if data.startswith(_JXL_BOXES):
        found = _box(data, b"jxlc", b"jxlp")
        if found is None:
            return None
        start = found + (4 if data[found - 4 : found] == b"jxlp" else 0)
    if data[start : start + 2] != _JXL_START or len(data) < start + 12:
        return None
    bits = _Bits(int.from_bytes(data[start + 2 : start + 14], "little"))
    small = bits.take(1)
    height = _jxl_length(bits, small)
    ratio = bits.take(3)
    if ratio:
        across, down = _JXL_RATIOS[ratio]
        return StreamSize(height, height * across // down, 0)
    return StreamSize(height, _jxl_length(bits, small), 0)


def _jpeg_xr(data: bytes) -> StreamSize | None:
    """By the image itself, as its decoder does; its container may say something else."""
    start: int = 0
    if data.startswith(_JXR_START):
        (at,) = struct.unpack_from("<I", data, 4)
        (count,) = struct.unpack_from("<H", data, at)
        entries = (struct.unpack_from("<HHII", data, at + 2 + 12 * k) for k in range(count))
        found = next((value for tag, _, _, value in entries if tag == _JXR_OFFSET), None)
        if found is None:
            return None
        start = found
    if data[start : start + 8] != _JXR_IMAGE:
        return None
    is_short = data[start + 10] & 0x80
    width, height = struct.unpack_from(">HH" if is_short else ">II", data, start + 12)
    return StreamSize(height + 1, width + 1, 0)


def _lerc(data: bytes) -> StreamSize:
    if data.startswith(_LERC_1_START):
        height, width = struct.unpack_from("<ii", data, len(_LERC_1_START) + 8)
        return StreamSize(height, width, 0)
    (version,) = struct.unpack_from("<i", data, len(_LERC_START))
    checksum = 4 if version >= 3 else 0
    height, width = struct.unpack_from("<ii", data, len(_LERC_START) + 4 + checksum)
    return StreamSize(height, width, 0)


def _jxl_length(bits: "_Bits", small: int) -> int:
    if small:
        return 8 * (bits.take(5) + 1)
    return 1 + bits.take((9, 13, 18, 30)[bits.take(2)])


class _Bits:
    """Bits from the lowest on."""

    def __init__(self, number: int) -> None:
        self._number = number

    def take(self, count: int) -> int:
        taken = self._number & ((1 << count) - 1)
        self._number >>= count
        return taken


def _webp(data: bytes) -> StreamSize | None:
    kind = data[12:16]
    if kind == b"VP8X":
        width, height = (1 + int.from_bytes(data[at : at + 3], "little") for at in (24, 27))
        return StreamSize(height, width, 0)
    if kind == b"VP8L":
        (packed,) = struct.unpack_from("<I", data, 21)
        return StreamSize(1 + (packed >> 14 & 0x3FFF), 1 + (packed & 0x3FFF), 0)
    width, height = struct.unpack_from("<HH", data, 26)
    return StreamSize(height & 0x3FFF, width & 0x3FFF, 0)
