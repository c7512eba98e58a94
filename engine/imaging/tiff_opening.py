"""The pixels of a TIFF, with something to look at before all of them are decoded: one page of many, or an overview of a large picture."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
import tifffile

from engine.errors import EngineError
from engine.imaging.budget import check_budget
from engine.imaging.glimpse import LARGE, OVERVIEW, Glimpse, SliceWish, slice_of, with_wishes
from engine.imaging.image import Image, Pixels
from engine.imaging.tiff_segments import check_segments
from engine.progress import Progress, Work

Seen: TypeAlias = Callable[[Pixels, str, float], Image]
"""Makes an Image of one slice of a part as it is stored, its axes, and how many times smaller it is than the whole."""

_LEAST = OVERVIEW // 2  # of a level of a pyramid
_LOOKS = 16  # overviews while strips or tiles come


def watched(file: tifffile.TiffFile, series: Any, seen: Seen, wanted: SliceWish, shown: str) -> Work[Pixels]:
    """What `series.asarray()` gives. tifffile's series and pages share no typed base."""
    axes, shape = str(series.axes), tuple(int(n) for n in series.shape)
    pages = list(series.pages)
    plain = series.transform is None and None not in pages
    if plain and axes in ("YX", "YXS") and len(pages) == 1 and math.prod(shape[:2]) >= LARGE:
        return (yield from _picture(file, series, seen, shown))
    if plain and len(axes.removesuffix("S")) == 3 and axes[0] not in "CS" and axes[1:3] == "YX" and shape[0] > 1:
        if len(pages) == shape[0]:
            return (yield from _volume(pages, axes, seen, wanted, shown))
        if series.dataoffset is not None:  # one block of all pages
            number = min(max(wanted.number, 0), shape[0] - 1)
            part = np.array(series.asarray(out="memmap")[number])
            yield _page(part, axes, seen, number, shape[0])
    return np.asarray(series.asarray())


def _volume(pages: list[Any], axes: str, seen: Seen, wanted: SliceWish, shown: str) -> Work[Pixels]:
    """Page after page."""

    def look(number: int) -> Iterator[Glimpse]:
        number = min(max(number, 0), len(pages) - 1)
        yield _page(np.asarray(pages[number].asarray()), axes, seen, number, len(pages))

    return (yield from with_wishes(_stacked(pages, shown), wanted, look))


def _stacked(pages: list[Any], shown: str) -> Work[Pixels]:
    values: Pixels | None = None
    for number, page in enumerate(pages):
        yield Progress(number, len(pages), shown)
        one = np.asarray(page.asarray())
        if values is None:
            values = np.empty((len(pages), *one.shape), one.dtype)
        values[number] = one
    assert values is not None
    return values


def _page(part: Pixels, axes: str, seen: Seen, number: int, count: int) -> Glimpse:
    image = seen(part, axes[1:], 1.0)
    return Glimpse(replace(image, geometry=slice_of(image.geometry, number)), number, count)


def _picture(file: tifffile.TiffFile, series: Any, seen: Seen, shown: str) -> Work[Pixels]:
    axes, shape, page = str(series.axes), tuple(int(n) for n in series.shape), series.pages[0]
    longer = max(shape[:2])
    step = -(-longer // OVERVIEW)
    smaller = _level(file, series, shown)
    if smaller is not None:
        yield Glimpse(seen(smaller, axes, longer / max(smaller.shape[:2])), scale=longer / max(smaller.shape[:2]))
    if page.keyframe.is_contiguous:  # nothing to decode: it is there soon, but for slow disks
        if smaller is None and page.keyframe.is_memmappable:
            part = np.array(series.asarray(out="memmap")[::step, ::step])
            yield Glimpse(seen(part, axes, step), scale=step)
        return np.asarray(series.asarray())
    if page.keyframe.jpegheader is not None:  # of Hamamatsu's scanners: read in a way of its own
        return np.asarray(series.asarray())
    looks = 0 if smaller is not None else _LOOKS
    for whole, done, count, top in _decoded(page):
        if done * looks // count > (done - 1) * looks // count and done < count:
            part = np.ascontiguousarray(whole.reshape(shape)[::step, ::step])
            image, there = seen(part, axes, step), part[: top // step]
            if there.size:  # the grey range is of what is there
                image = replace(image, window=seen(there, axes, step).window)
            yield Glimpse(image, scale=step)
        yield Progress(done, count, shown)
    return whole.reshape(shape)


def _decoded(page: Any) -> Iterator[tuple[Pixels, int, int, int]]:
    """The page (separate samples, depth, length, width, samples), 0 where nothing came yet; how many strips or tiles came of how many,
    and the row at which the last of them begins."""
    first, whole, count = page.keyframe, np.zeros(0, np.uint8), math.prod(page.chunked)
    for done, (segment, (sample, depth, top, left, _), size) in enumerate(page.segments(sort=True), start=1):
        if done == 1:
            whole = np.zeros(first.shaped, np.uint8 if segment is None else segment.dtype)
        place = tuple(slice(start, start + length) for start, length in zip((depth, top, left), size, strict=False))
        room = whole[(sample, *place)]
        if segment is None:
            room[...] = first.nodata
        else:
            room[...] = segment[: room.shape[0], : room.shape[1], : room.shape[2]]
        yield whole, done, count, int(top)


def _level(file: tifffile.TiffFile, series: Any, shown: str) -> Pixels | None:
    """The smallest level of a pyramid that is fine enough to look at; None where there is none, or it is damaged."""
    levels = [one for one in series.levels[1:] if str(one.axes) == str(series.axes) and max(one.shape[:2]) >= _LEAST]
    if not levels or max(levels[-1].shape[:2]) > 2 * OVERVIEW:
        return None
    level = levels[-1]
    try:
        check_budget(level.shape, level.dtype, shown)
        check_segments(file, level.pages, shown)
    except EngineError:  # the picture itself may be whole
        return None
    return np.asarray(level.asarray())
