"""TIFF: 1 to 32 bits, grey, colour, palettes and CMYK; many pages of one size are a volume."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image as Pillow

from engine.errors import NotReadable
from engine.imaging.budget import check_budget
from engine.imaging.files import damaged, decoding, display_name, kind_of
from engine.imaging.geometry import uncalibrated
from engine.imaging.image import Image, Pixels
from engine.imaging.raster import turned
from engine.imaging.tiff_segments import check_segments
from engine.imaging.values import one_number_a_colour, storable, to_rgb8, whole_numbers
from engine.imaging.windows import FULL, auto_window
from engine.progress import Notice
from engine.words import translatable

logging.getLogger("tifffile").setLevel(logging.CRITICAL)  # what it has to say about a damaged file, our errors say

_WHITE_IS_ZERO, _PALETTE, _CMYK = 0, 3, 5
_UNITS = {"micron": 1e-3, "um": 1e-3, "µm": 1e-3, "\\u00B5m": 1e-3, "mm": 1.0, "cm": 10.0, "nm": 1e-6}


def read(path: str) -> Image:
    """The pages as slices (z, y, x): uint8, uint16, int16 or float32 grey, or uint8 RGB."""
    with decoding(path), _opened(path) as file:
        page = _first(file, display_name(path))
        values, notes = _values(file, display_name(path))
        if page.photometric == _PALETTE:
            values = (np.asarray(page.colormap)[:, values] >> 8).astype(np.uint8)
            values = np.moveaxis(values, 0, -1)
            if (values == values[..., :1]).all():
                values = np.ascontiguousarray(values[..., 0])
        elif values.ndim == 4:
            if page.bitspersample > 8:
                notes.append(
                    Notice(translatable("Colour of {bits} bits was narrowed to 8."), {"bits": page.bitspersample})
                )
            values = _colours(values, page)
        else:
            values = storable(values.astype(bool) if page.bitspersample == 1 else values)
        window = FULL if values.dtype == np.uint8 else auto_window(values)
        slices, height, width = values.shape[:3]
        return Image(values, uncalibrated(height, width, slices, _spacing(file)), window, notes=tuple(notes))


def read_labels(path: str) -> NDArray[np.int32]:
    """The mask's numbers (z, y, x); palettes by index, 1 bit as 0 and 1."""
    shown = display_name(path)
    with decoding(path), _opened(path) as file:
        page = _first(file, shown)
        values, _ = _values(file, shown)
        if values.ndim == 4:
            return one_number_a_colour(_colours(values, page), shown)
        return whole_numbers(values, shown)


@contextmanager
def _opened(path: str) -> Iterator[tifffile.TiffFile]:
    kind_of(path)  # refuses pipes and empty files
    with open(path, "rb") as handle, tifffile.TiffFile(handle) as file:  # by handle: names need not be UTF-8
        yield file


def _first(file: tifffile.TiffFile, shown: str) -> Any:  # tifffile's frames and pages share no typed base
    if not file.pages:
        raise damaged(shown)
    return file.pages[0]


def _values(file: tifffile.TiffFile, shown: str) -> tuple[Pixels, list[Notice]]:
    """As stored, upright, (z, y, x) or (z, y, x, samples); white is the high value."""
    page, series, notes = _first(file, shown), file.series[0], list[Notice]()
    axes, shape = str(series.axes), tuple(int(n) for n in series.shape)
    if not {"Y", "X"} <= set(axes) or len(axes) != len(shape):
        raise NotReadable(translatable("{name} holds no picture with rows and columns."), name=shown)
    check_budget(shape, series.dtype or page.dtype, shown)
    check_segments(file, series.pages, shown)
    if len(file.series) > 1:
        notes.append(Notice(translatable("Pages of another size were left out.")))
    values = np.asarray(series.asarray())
    leading = [a for a in axes if a not in "YXS"]
    order = [axes.index(a) for a in (*leading, "Y", "X")] + ([axes.index("S")] if "S" in axes else [])
    values = values.transpose(order)
    while len(leading) > 1:  # time, channels: the first of each; the longest kept is the slices
        shortest = min(range(len(leading)), key=lambda i: (leading[i] == "Z", values.shape[i]))
        if values.shape[shortest] > 1:
            notes.append(
                Notice(translatable("Only the first of {count} volumes was read."), {"count": values.shape[shortest]})
            )
        values = values.take(0, axis=shortest)
        leading.pop(shortest)
    values = values if leading else values[None]
    if page.photometric == _WHITE_IS_ZERO:
        values = _flipped(values, int(page.bitspersample))
    upright = [turned(one, int(page.tags.valueof(274, 1))) for one in values]
    return np.stack(upright), notes


def _flipped(values: Pixels, bits: int) -> Pixels:
    numbers: NDArray[Any] = values
    if numbers.dtype.kind == "u":
        return np.asarray(numbers.dtype.type(2**bits - 1) - numbers)
    return np.asarray(~numbers if numbers.dtype.kind == "b" else -numbers)


def _colours(values: Pixels, page: Any) -> NDArray[np.uint8]:
    narrow = to_rgb8(values, int(page.bitspersample)) if values.dtype.kind == "u" else storable(values).astype(np.uint8)
    if narrow.shape[-1] < 3:
        return np.repeat(narrow[..., :1], 3, axis=-1)
    if page.photometric == _CMYK and narrow.shape[-1] >= 4:
        flat_rows = np.ascontiguousarray(narrow[..., :4]).reshape(-1, narrow.shape[2], 4)
        return np.asarray(Pillow.fromarray(flat_rows, "CMYK").convert("RGB")).reshape(*narrow.shape[:3], 3)
    return np.ascontiguousarray(narrow[..., :3])


def _spacing(file: tifffile.TiffFile) -> tuple[float, float, float] | None:
    """In mm, where ImageJ wrote a unit; the plain resolution tag says how to print, not how large the thing is."""
    about = file.imagej_metadata or {}
    factor = _UNITS.get(str(about.get("unit", "")))
    tags = _first(file, "").tags
    across, down = tags.valueof(282), tags.valueof(283)
    if factor is None or not across or not down or not across[0] or not down[0]:
        return None
    depth = float(about.get("spacing", 1.0)) or 1.0
    return abs(depth) * factor, down[1] / down[0] * factor, across[1] / across[0] * factor
