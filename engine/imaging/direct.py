"""Slices of a series read as bytes: one header is parsed, the others are only compared with it, and any difference is noticed."""

import os
from typing import BinaryIO

import numpy as np
from pydicom.uid import ImplicitVRLittleEndian

from engine.imaging.dicom_header import Header
from engine.imaging.dicom_values import Vector
from engine.imaging.files import damaged, display_name
from engine.imaging.image import Pixels

_LONGEST_HEADER = 1 << 18
_PLACE = (0x0020, 0x0032, b"DS")
_SAME = (  # what must be equal in all slices for their bytes to mean the same
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
    """Reads slices whose header equals the first's in all that matters to pixels; `locate` says which do."""

    def __init__(self, header: Header, head: bytes, prefix: bytes) -> None:
        self._header = header
        self._explicit = header.syntax != ImplicitVRLittleEndian
        self._prefix = prefix  # the pixel data element up to its value
        self._bytes = int.from_bytes(prefix[-4:], "little")
        self._syntax = _syntax(head)
        self._same = self._compared(head)
        kind = ("i" if header.signed else "u") + str(header.bits // 8)
        self._values = np.empty((header.rows, header.columns), "<" + kind)

    @classmethod
    def like(cls, header: Header) -> "DirectSlices | None":
        """For files like this one, or None where its pixels do not lie in the file as they are."""
        plain = header.native and header.grey and not header.table and header.frames == 1 and header.bits in (8, 16)
        if not plain or not 0 < header.pixels_at < _LONGEST_HEADER:
            return None
        with open(header.path, "rb") as file:
            head = file.read(header.pixels_at + 12)
        prefix = head[header.pixels_at : header.pixels_at + (8 if header.syntax == ImplicitVRLittleEndian else 12)]
        size = int.from_bytes(prefix[-4:], "little")
        if size != header.frame_bytes + header.frame_bytes % 2:
            return None
        return cls(header, head[: header.pixels_at], prefix)

    def locate(self, path: str) -> Vector | None:
        """The slice's position (1, 3) in mm, or None where the file has to be read in the long way."""
        with open(path, "rb", buffering=0) as file:
            start = self._start(file)
            if not 0 < start < _LONGEST_HEADER:
                return None
            head = file.read(start)
        if len(head) != start or not head.endswith(self._prefix):
            return None
        head = head[: start - len(self._prefix)]
        if _syntax(head) != self._syntax or self._compared(head) != self._same:
            return None
        places = self._elements(head, *_PLACE)
        return _numbers(places[0]) if len(places) == 1 else None

    def values(self, path: str) -> Pixels:
        """Stored values (rows, columns), unused bits cleared. The array is overwritten by the next call."""
        with open(path, "rb", buffering=0) as file:
            start = self._start(file)
            if start <= 0:
                raise damaged(display_name(path))
            file.seek(start)
            target, at = self._values.reshape(-1).view(np.uint8).data, 0
            while at < len(target):
                count = file.readinto(target[at:])
                if not count:
                    raise damaged(display_name(path))
                at += count
        return self._without_unused_bits()

    def _without_unused_bits(self) -> Pixels:
        """Old scanners kept overlays in the bits above the value."""
        values, stored, unused = self._values, self._header.stored, self._header.bits - self._header.stored
        if unused and self._header.signed:
            limit = 1 << (stored - 1)
            if values.max() >= limit or values.min() < -limit:
                np.right_shift(np.left_shift(values, unused, out=values), unused, out=values)
        elif unused and values.max() >= 1 << stored:
            values &= values.dtype.type((1 << stored) - 1)
        return values

    def _start(self, file: BinaryIO) -> int:
        return os.fstat(file.fileno()).st_size - self._bytes  # the pixels end the file, or `locate` refuses it

    def _compared(self, head: bytes) -> list[list[bytes]]:
        return [self._elements(head, *tag) for tag in _SAME]

    def _elements(self, head: bytes, group: int, element: int, kind: bytes) -> list[bytes]:
        """The value of every place where the tag stands. One that only looks like it, within another value, makes
        headers differ where they are equal, which costs time and nothing else."""
        tag = group.to_bytes(2, "little") + element.to_bytes(2, "little") + (kind if self._explicit else b"")
        found, at = [], head.find(tag)
        while at >= 0:
            start = at + len(tag) + (2 if self._explicit else 4)
            size = int.from_bytes(head[at + len(tag) : start], "little")
            found.append(head[start : start + size])
            at = head.find(tag, at + len(tag))
        return found


def _syntax(head: bytes) -> bytes:
    at = head.find(b"\2\0\x10\0UI")
    return head[at : at + 8 + head[at + 6]] if at >= 0 else b""


def _numbers(text: bytes) -> Vector | None:
    try:
        numbers = np.array([[float(part) for part in text.rstrip(b" \0").split(b"\\")]])
    except ValueError:
        return None
    return numbers if numbers.shape == (1, 3) and np.isfinite(numbers).all() else None
