"""Whether the strips and tiles of a TIFF are all there, and of the size that is claimed, before one of them is decoded."""

import math
from collections.abc import Iterable
from typing import Any

import tifffile

from engine.imaging.files import damaged
from engine.imaging.stream_size import stream_size

_PLAIN = 1
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
    if first.compression not in tifffile.TIFF.IMAGE_COMPRESSIONS:
        return True
    for number, (offset, count) in enumerate(zip(page.dataoffsets, page.databytecounts, strict=True)):
        handle.seek(offset)
        said = stream_size(handle.read(min(count, _HEAD)))
        if said is None:
            continue
        full, needed = _extent(first, number)
        if said[:2] not in (full, needed) and not (
            # lossless JPEG in digital negatives: two neighbours as the components of one
            said.components > 1 and math.prod(said) == math.prod(needed) * first.samplesperpixel
        ):
            return False
    return True


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
