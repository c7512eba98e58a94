"""Slices of a series read as bytes: one header is parsed, the others are only compared with it, and any difference is noticed."""

import math
import os
import re
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.uid import ImplicitVRLittleEndian

from engine.imaging.dicom_header import Header
from engine.imaging.dicom_values import Vector
from engine.imaging.image import Pixels

_LONGEST_HEADER = 1 << 18
_PLACE = (0x0020, 0x0032, b"DS")
_COMPARED = (  # what must be equal in all slices for their bytes to mean the same
    (0x0020, 0x0037, b"DS"),  # orientation
    (0x0028, 0x0002, b"US"),  # samples
    (0x0028, 0x0004, b"CS"),  # photometric interpretation
    (0x0028, 0x0008, b"IS"),  # frames
    (0x0028, 0x0010, b"US"),  # rows
    (0x0028, 0x0011, b"US"),  # columns
    (0x0028, 0x0030, b"DS"),  # pixel spacing
    (0x0028, 0x0100, b"US"),  # bits allocated
    (0x0028, 0x0101, b"US"),  # bits stored
    (0x0028, 0x0102, b"US"),  # high bit
    (0x0028, 0x0103, b"US"),  # sign
    (0x0028, 0x1052, b"DS"),  # rescale intercept
    (0x0028, 0x1053, b"DS"),  # rescale slope
    (0x0028, 0x3000, b"SQ"),  # modality lookup table
)


class DirectSlices:
    """Reads slices whose header equals the first's in all that matters to their pixels, and says which do not."""

    def __init__(self, header: Header, head: bytes, prefix: bytes) -> None:
        explicit = header.syntax != ImplicitVRLittleEndian
        self._header = header
        self._prefix = prefix  # the pixel data element up to its value
        self._size = int.from_bytes(prefix[-4:], "little")
        self._length = 2 if explicit else 4  # bytes that an element's length takes
        tags = [struct.pack("<HH", *tag[:2]) + (tag[2] if explicit else b"") for tag in (_PLACE, *_COMPARED)]
        self._place = tags[0]
        # their groups first: most places are passed over after two bytes
        groups = b"[" + b"".join(sorted({re.escape(tag[:1]) for tag in tags})) + b"]\0"
        self._tags = re.compile(groups + b"(?:" + b"|".join(re.escape(tag[2:]) for tag in tags) + b")", re.DOTALL)
        self._same = self._elements(head)[1]
        self._dtype = np.dtype(f"<{'i' if header.signed else 'u'}{header.bits // 8}")
        self._buffer = np.empty(0, np.uint8)

    @classmethod
    def like(cls, header: Header) -> "DirectSlices | None":
        """For files like this one, or None where its pixels do not lie in the file as they are."""
        plain = header.native and header.grey and not header.table and header.frames == 1 and header.bits in (8, 16)
        if not plain or not 0 < header.pixels_at < _LONGEST_HEADER:
            return None
        with open(header.path, "rb") as file:
            head = file.read(header.pixels_at + 12)
        prefix = head[header.pixels_at : header.values_at]
        if int.from_bytes(prefix[-4:], "little") != header.frame_bytes + header.frame_bytes % 2:
            return None
        return cls(header, head[: header.pixels_at], prefix)

    def read(self, path: str) -> tuple[Vector, Pixels] | None:
        """The slice's position (1, 3) in mm and its stored values (rows, columns), unused bits cleared; None where the file
        has to be read the long way. The array is overwritten by the next call."""
        with open(path, "rb", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            start = size - self._size  # the pixels end the file; if they do not, the prefix is not found before them
            if not 0 < start < _LONGEST_HEADER:
                return None
            if len(self._buffer) < size:
                self._buffer = np.empty(size, np.uint8)
            if file.readinto(self._buffer.data) < size:
                return None
        head = self._buffer[:start].tobytes()
        if not head.endswith(self._prefix):
            return None
        places, facts = self._elements(head[: -len(self._prefix)])
        place = _numbers(places[0]) if len(places) == 1 else None
        if place is None or facts != self._same:
            return None
        rows, columns = self._header.rows, self._header.columns
        return place, self._values(
            np.frombuffer(self._buffer, self._dtype, rows * columns, start).reshape(rows, columns)
        )

    def _values(self, values: Pixels) -> Pixels:
        """Old scanners kept overlays in the bits above the value."""
        stored, unused = self._header.stored, self._header.bits - self._header.stored
        numbers: NDArray[Any] = values
        if unused and self._header.signed:
            limit = 1 << (stored - 1)
            if numbers.max() >= limit or numbers.min() < -limit:
                return np.asarray((numbers << unused) >> unused)
        elif unused and numbers.max() >= 1 << stored:
            return np.asarray(numbers & numbers.dtype.type((1 << stored) - 1))
        return values

    @property
    def limits(self) -> tuple[int, int]:
        """A least and a largest value that no stored value passes."""
        stored = self._header.stored
        return (-(1 << (stored - 1)), (1 << (stored - 1)) - 1) if self._header.signed else (0, (1 << stored) - 1)

    def _elements(self, head: bytes) -> tuple[list[bytes], list[bytes]]:
        """The values of every place where the tag of the position stands; and tag and value where one of the others does, in their
        order. One that only looks like it, within another value, makes headers differ where they are equal, which costs time and
        nothing else."""
        places, facts = list[bytes](), [_syntax(head)]
        for found in self._tags.finditer(head):
            tag, start = found[0], found.end() + self._length
            value = head[start : start + int.from_bytes(head[found.end() : start], "little")]
            if tag == self._place:
                places.append(value)
            else:
                facts += (tag, value)
        return places, facts


def _syntax(head: bytes) -> bytes:
    at = head.find(b"\2\0\x10\0UI")
    return head[at : at + 8 + head[at + 6]] if at >= 0 else b""


def _numbers(text: bytes) -> Vector | None:
    try:
        numbers = [float(part) for part in text.rstrip(b" \0").split(b"\\")]
    except ValueError:
        return None
    return np.array([numbers]) if len(numbers) == 3 and all(map(math.isfinite, numbers)) else None
