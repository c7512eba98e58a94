"""A gzip stream that is unpacked in large pieces: Python's own takes 8 KB at a time, and waits for the interpreter's lock after each, which
a window at work makes ten times slower."""

import zlib
from typing import BinaryIO

_PIECE = 1 << 20  # packed bytes


class GzipStream:
    """Members one after another, each with its checksum compared (RFC 1952). Raises EOFError where it is cut short, zlib.error where it
    is damaged."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self._restart()

    def read(self, size: int) -> bytes:
        """So many bytes, fewer at the end."""
        data = bytearray()
        while len(data) < size and (piece := self._piece(size - len(data))):
            data += piece
        return bytes(data)

    def readinto(self, target: memoryview) -> int:
        data = self.read(len(target))
        target[: len(data)] = data
        return len(data)

    def seek(self, place: int) -> None:
        """To that unpacked byte, or to the end where there are fewer."""
        if place < self._at:
            self._raw.seek(0)
            self._restart()
        while self._at < place and self._piece(min(place - self._at, _PIECE)):
            pass

    def _restart(self) -> None:
        self._unpacker, self._packed, self._at = zlib.decompressobj(31), b"", 0

    def _piece(self, most: int) -> bytes:
        """The next bytes, at most so many; none at the end."""
        while True:
            if self._unpacker.eof and not self._next_member():
                return b""
            packed = self._packed or self._raw.read(_PIECE)
            piece = self._unpacker.decompress(packed, most)
            self._packed = self._unpacker.unconsumed_tail
            if piece:
                self._at += len(piece)
                return piece
            if not packed and not self._unpacker.eof:
                raise EOFError

    def _next_member(self) -> bool:
        """Zeros may fill the file up."""
        rest = self._unpacker.unused_data.lstrip(b"\0")
        while not rest and (more := self._raw.read(_PIECE)):
            rest = more.lstrip(b"\0")
        if rest:
            self._unpacker, self._packed = zlib.decompressobj(31), rest
        return bool(rest)
