"""How labels and edits lie in the database: zlib level 1, which costs less than a millisecond for a tile of a painted mask."""

import struct
import zlib
from collections.abc import Iterable, Iterator

import numpy as np

from engine.errors import EngineError
from engine.imaging.budget import budget
from engine.labels.classes import UNLABELLED
from engine.labels.edit import Box, Edit, Ids, Labels, Patch
from engine.words import translatable

TILE = 512  # pixels: labels are stored in squares of this side, one slice each

_HEAD = struct.Struct("<I")
EDIT_START = 1024
"""Bytes of an encoded edit that `count_patches` needs: the head of its stream is shorter in any case."""
_BOX = struct.Struct("<6i")
_IDS = np.dtype("<u2")


def encode_labels(labels: Labels) -> bytes:
    return zlib.compress(np.ascontiguousarray(labels).tobytes(), 1)


def decode_labels(data: bytes, shape: tuple[int, ...]) -> Labels:
    flat = np.frombuffer(inflate(data, int(np.prod(shape))), np.uint8)
    return flat.reshape(shape)


def encode_ids(ids: Ids) -> bytes:
    """b"" where there is no object."""
    return zlib.compress(np.ascontiguousarray(ids, _IDS).tobytes(), 1) if ids.any() else b""


def decode_ids(data: bytes, shape: tuple[int, ...]) -> Ids:
    if not data:
        return np.zeros(shape, np.uint16)
    flat = np.frombuffer(inflate(data, 2 * int(np.prod(shape))), _IDS)
    return flat.reshape(shape).astype(np.uint16, copy=False)


def encode_edit(edit: Edit) -> bytes:
    stream = zlib.compressobj(1)  # patch by patch: an edit of a whole volume is not copied as a whole
    parts = [stream.compress(_HEAD.pack(len(edit.patches)))]
    for patch in edit.patches:
        box = _BOX.pack(*patch.box.low, *patch.box.high)
        parts += [stream.compress(part) for part in (box, patch.old.tobytes(), patch.new.tobytes())]
    return b"".join((*parts, stream.flush()))


def encode_edit_ids(edit: Edit) -> bytes:
    """The objects of an edit, in the order of its patches; b"" where its mask has none."""
    stream, parts = zlib.compressobj(1), list[bytes]()
    for patch in edit.patches:
        if patch.old_ids is None or patch.new_ids is None:
            return b""
        parts += [stream.compress(np.ascontiguousarray(ids, _IDS).tobytes()) for ids in (patch.old_ids, patch.new_ids)]
    return b"".join((*parts, stream.flush())) if parts else b""


def count_patches(start: bytes) -> int:
    """How many patches an edit has, from its first EDIT_START encoded bytes. Raises EngineError where they are damaged."""
    try:
        (count,) = _HEAD.unpack(zlib.decompressobj().decompress(start, _HEAD.size))
    except (zlib.error, struct.error) as fault:
        raise damaged() from fault
    return int(count)


def decode_edit(name: str, data: bytes, voxels: int, ids: bytes = b"") -> Edit:
    """The edit of a mask of so many `voxels`, with `ids` (of `encode_edit_ids`) that of a mask of objects; its arrays are read-only. Raises
    EngineError where the bytes are damaged, or hold more than patches of such a mask can, which do not overlap."""
    most = _HEAD.size + min(count_patches(data[:EDIT_START]), voxels) * _BOX.size + 2 * voxels
    try:
        patches = tuple(_patches(_inflate(data, min(most, budget()))))
        return Edit(name, tuple(_with_ids(patches, ids)) if ids else patches)
    except (struct.error, ValueError, OverflowError) as fault:
        raise damaged() from fault


def tile_labels(data: bytes) -> Labels:
    """Those of a tile of whatever shape, one after another. Raises EngineError where they are damaged."""
    return np.frombuffer(_inflate(data, TILE * TILE), np.uint8)


def encode_slices(slices: Iterable[int]) -> bytes:
    """A set of slices as bits, slice 0 the lowest bit of the first byte; b"" for none."""
    places = np.fromiter(slices, np.int64)
    bits = np.zeros(int(places.max(initial=-1)) + 1, bool)
    bits[places] = True
    return np.packbits(bits, bitorder="little").tobytes()


def highest_class(data: bytes) -> int:
    """The highest value that the encoded labels of a tile hold, UNLABELLED left out; 0 for background alone."""
    flat = tile_labels(data)
    return int(flat.max(initial=0, where=flat != UNLABELLED))


def decode_slices(data: object) -> frozenset[int]:
    """Raises EngineError for a value of the database that is no bits."""
    if not isinstance(data, bytes):
        raise damaged()
    bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
    return frozenset(np.flatnonzero(bits).tolist())


def _patches(raw: bytes) -> Iterator[Patch]:
    (count,) = _HEAD.unpack_from(raw)
    at = _HEAD.size
    for _ in range(count):
        numbers = _BOX.unpack_from(raw, at)
        box = Box(numbers[:3], numbers[3:])
        if box.empty:
            raise ValueError
        at += _BOX.size
        size = int(np.prod(box.shape))
        old = np.frombuffer(raw, np.uint8, size, at).reshape(box.shape)
        new = np.frombuffer(raw, np.uint8, size, at + size).reshape(box.shape)
        at += 2 * size
        yield Patch(box, old, new)


def _with_ids(patches: tuple[Patch, ...], data: bytes) -> Iterator[Patch]:
    sizes = [int(np.prod(patch.box.shape)) for patch in patches]
    raw, at = inflate(data, 2 * _IDS.itemsize * sum(sizes)), 0
    for patch, size in zip(patches, sizes, strict=True):
        old, new = np.frombuffer(raw, _IDS, 2 * size, at).astype(np.uint16, copy=False).reshape(2, *patch.box.shape)
        at += 2 * _IDS.itemsize * size
        yield Patch(patch.box, patch.old, patch.new, old, new)


def inflate(data: bytes, size: int) -> bytes:
    """The bytes, `size` of them. Raises EngineError where they are damaged, or others."""
    raw = _inflate(data, size)
    if len(raw) != size:
        raise damaged()
    return raw


def _inflate(data: bytes, most: int) -> bytes:
    """The bytes, no more than `most`: a few packed ones can hold gigabytes."""
    packer = zlib.decompressobj()
    try:
        raw = packer.decompress(data, most + 1)
    except (zlib.error, TypeError) as fault:
        raise damaged() from fault
    if not packer.eof or len(raw) > most:
        raise damaged()
    return raw


def damaged() -> EngineError:
    return EngineError(
        translatable("A part of the project's database is damaged."),
        translatable("Restore the project folder from a copy; nothing was overwritten."),
    )
