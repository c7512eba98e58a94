"""A PNG decoded some rows at a time: what is there can be looked at before the rest is, and the work can be given up on its way."""

import struct
import zlib
from collections.abc import Iterator

import imagecodecs
import numpy as np

from engine.imaging.image import Pixels

CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}
"""Of each kind of PNG whose pixels stand in it as they are."""

_BANDS = 64
_HEAD = 33  # bytes of the signature and IHDR


def comes_in_rows(data: bytes) -> bool:
    """Whether `decoded_rows` can take it: whole bytes a sample, no palette, no interlacing, no colour that stands for transparent."""
    bits, kind, interlaced = data[24], data[25], data[28]
    return bits >= 8 and kind in CHANNELS and not interlaced and b"tRNS" not in data[_HEAD : data.find(b"IDAT")]


def decoded_rows(data: bytes) -> Iterator[tuple[Pixels, int]]:
    """The whole array, 0 where nothing came yet, and how many rows are there. Each band of rows is a small PNG of its own for the codec,
    after the row before it, which its filters ask for. Raises ValueError or zlib.error where rows are missing or damaged."""
    width, height, bits, kind = struct.unpack_from(">IIBB", data, 16)
    row = 1 + width * CHANNELS[kind] * bits // 8  # its filter, then its samples
    rows, whole, before = -(-height // _BANDS), np.zeros(0, np.uint8), b""
    packed = _Packed(data)
    for top in range(0, height, rows):
        count = min(rows, height - top)
        raw, known = before + packed.next(count * row), 1 if before else 0
        size = struct.pack(">II", width, count + known) + data[24:29]
        band = _chunk(b"IHDR", size) + _chunk(b"IDAT", zlib.compress(raw, 0)) + _chunk(b"IEND", b"")
        found = imagecodecs.png_decode(data[:8] + band)[known:]
        if not top:
            whole = np.zeros((height, *found.shape[1:]), found.dtype)
        whole[top : top + count] = found
        before = b"\0" + found[-1].astype(found.dtype.newbyteorder(">")).tobytes()  # as if it had no filter
        yield whole, top + count


class _Packed:
    """The rows as they are packed in a PNG's IDAT chunks, unpacked as far as they are asked for."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = memoryview(data), 8
        self._unpack, self._rest = zlib.decompressobj(), b""

    def next(self, size: int) -> bytes:
        parts = list[bytes]()
        while size:
            part = self._unpack.decompress(self._rest or self._piece(), size)
            self._rest = self._unpack.unconsumed_tail
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _piece(self) -> memoryview:
        while self._at < len(self._data) and not self._unpack.eof:
            length, name = struct.unpack_from(">I4s", self._data, self._at)
            start, self._at = self._at + 8, self._at + 12 + length
            if name == b"IDAT":
                return self._data[start : start + length]
        raise ValueError("rows are missing")


def _chunk(name: bytes, value: bytes) -> bytes:
    return struct.pack(">I4s", len(value), name) + value + struct.pack(">I", zlib.crc32(value, zlib.crc32(name)))
