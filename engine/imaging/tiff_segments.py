"""Whether the strips and tiles of a TIFF are all there, and of the size that is claimed, before one of them is decoded."""

import math
import zlib
from collections.abc import Iterable
from typing import Any

import imagecodecs
import tifffile

from engine.imaging.files import damaged
from engine.imaging.stream_size import stream_size

_PLAIN, _LERC = 1, 34887
_ZSTD = b"\x28\xb5\x2f\xfd"
_LERC_NAMES = (b"Lerc2 ", b"CntZImage ")
_SPARE = 1 << 16  # bytes that a LERC stream may be longer than the numbers it holds
_HEAD = 1 << 16


def check_segments(file: tifffile.TiffFile, pages: Iterable[Any], shown: str) -> None:
    """Raise NotReadable where a strip or tile is missing, lies beyond the end of the file, or holds a picture of another size.

    Decoders fill what is missing with black, and make room for whatever a stream claims. tifffile's pages and frames share no
    typed base; None stands for a page that is in another file.
    """
    for page in pages:
        if page is not None and not (_complete(page, file.filehandle.size) and _sizes_hold(page, file.filehandle)):
            raise damaged(shown)


def _complete(page: Any, size: int) -> bool:
    first = page.keyframe
    offsets, counts = page.dataoffsets, page.databytecounts
    if len(offsets) != len(counts) or not offsets or min(offsets) <= 0 or min(counts) <= 0:
        return False
    if max(o + n for o, n in zip(offsets, counts, strict=True)) > size:
        return False
    if first.compression == _PLAIN:  # some writers call one strip what they said would be many
        return bool(8 * sum(counts) >= math.prod(first.shaped) * first.bitspersample)
    return bool(len(offsets) >= math.prod(first.chunked))


def _sizes_hold(page: Any, handle: Any) -> bool:
    first = page.keyframe
    lerc = first.compression == _LERC
    if first.compression not in tifffile.TIFF.IMAGE_COMPRESSIONS and not lerc:
        return True
    for number, (offset, count) in enumerate(zip(page.dataoffsets, page.databytecounts, strict=True)):
        handle.seek(offset)
        full, needed = _extent(first, number)
        head = handle.read(count if lerc else min(count, _HEAD))
        if lerc:
            head = _unwrapped(head, math.prod(full) * first.samplesperpixel * first.dtype.itemsize + _SPARE)
        said = stream_size(head)
        if said is None:
            if lerc:  # a decoder that is given something else makes up a size
                return False
            continue
        if said[:2] not in (full, needed) and not (
            # lossless JPEG in digital negatives: two neighbours as the components of one
            said.components > 1 and math.prod(said) == math.prod(needed) * first.samplesperpixel
        ):
            return False
    return True


def _unwrapped(data: bytes, most: int) -> bytes:
    """The beginning of a LERC stream, which may be packed once more; nothing where it unpacks to more than `most` bytes."""
    try:
        if data.startswith(_ZSTD):
            return bytes(imagecodecs.zstd_decode(data, out=most))
        if data.startswith(_LERC_NAMES):
            return data
        unpacker = zlib.decompressobj()
        whole = unpacker.decompress(data, most)
        return b"" if unpacker.unconsumed_tail else whole
    except (zlib.error, RuntimeError):  # imagecodecs' errors are RuntimeErrors
        return b""


def _extent(page: Any, number: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Rows and columns of a whole strip or tile, and those of it that lie within the picture."""
    if page.is_tiled:
        across = -(-page.imagewidth // page.tilewidth)
        down = -(-page.imagelength // page.tilelength)
        full = page.tilelength, page.tilewidth
        left = (
            page.imagelength - number // across % down * page.tilelength,
            (page.imagewidth - number % across * page.tilewidth),
        )
    else:
        full = min(page.rowsperstrip, page.imagelength), page.imagewidth
        down = -(-page.imagelength // full[0])
        left = page.imagelength - number % down * full[0], page.imagewidth
    return full, (min(full[0], left[0]), min(full[1], left[1]))
