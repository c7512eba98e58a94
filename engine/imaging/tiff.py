"""TIFF: 1 to 32 bits, grey, colour, palettes and CMYK; many pages of one size are a volume."""

import dataclasses
import logging
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, TypeAlias

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image as Pillow

from engine.errors import NotReadable
from engine.imaging.budget import check_budget
from engine.imaging.files import damaged, decoding, display_name, kind_of
from engine.imaging.geometry import NO_STEP, Geometry, uncalibrated
from engine.imaging.glimpse import SliceWish
from engine.imaging.image import Image, Pixels
from engine.imaging.lengths import TO_MM
from engine.imaging.mask_looks import (
    BY_ITSELF,
    Convention,
    looks_of_greys,
    looks_of_palette,
    numbers_of_greys,
    numbers_of_palette,
)
from engine.imaging.ome import Description, describe, described_in, own_files, same_name
from engine.imaging.raster import INKS, TURNED, is_turned, turned
from engine.imaging.tiff_opening import watched
from engine.imaging.tiff_segments import check_segments
from engine.imaging.values import (
    MaskFile,
    alpha_notes,
    behind_alpha,
    colour_bytes,
    merge_channels,
    one_number_a_colour,
    storable,
    to_rgb8,
    value_notes,
    whole_numbers,
    without_jpeg_blur,
)
from engine.imaging.windows import FULL, auto_window
from engine.progress import Notice, Work, result_of
from engine.words import translatable

logging.getLogger("tifffile").setLevel(logging.CRITICAL)  # what it has to say about a damaged file, our errors say

_WHITE_IS_ZERO, _RGB, _PALETTE, _CMYK = 0, 2, 3, 5
_LUMA, _LAB = 6, 8  # photometric interpretations
_PLAIN = (1, 5, 8, 32773, 32946, 34925, 50000)  # compressions that hand out samples as they are stored
_TURNED = translatable("Its colours were stored as {space} and were turned into red, green and blue.")
_COLOUR = (_RGB, _CMYK, _LUMA, _LAB)  # whose samples are colours
_UNDEVELOPED = (32803, 34892)  # a sensor's mosaic of colours, and linear raw
_ALPHA = (1, 2)  # of extra samples
_LOSSY = (6, 7)  # compressions that smear a mask: JPEG, old and new
_APART = translatable(
    "It is part of an image that {file} describes, which is not read: only its own pages were, without sizes and order."
)
_FIRST_ONLY = translatable("Only the first of {count} pictures was read.")


Spacing: TypeAlias = tuple[float, float, float]
"""(z, y, x) in mm; z is 0 where only the pixel's size is known."""


@dataclass(frozen=True, eq=False)
class _Page:
    """What a page's tags say of its pixels, for when the file is closed."""

    photometric: int
    bits: int
    compression: int
    orientation: int
    extra: tuple[int, ...]  # what the samples beyond the colours are: 1 and 2 are alpha
    palette: NDArray[np.uint8] | None  # (numbers, 3)

    @classmethod
    def of(cls, page: Any) -> "_Page":  # tifffile's frames and pages share no typed base
        table = page.colormap if page.photometric == _PALETTE else None
        palette = None if table is None else (np.asarray(table) >> 8).astype(np.uint8).T
        extra = tuple(int(kind) for kind in page.extrasamples or ())
        facts = int(page.photometric), int(page.bitspersample), int(page.compression)
        return cls(*facts, int(page.tags.valueof(274, 1)), extra, palette)


@dataclass(frozen=True, eq=False)
class _Stack:
    """Pixels upright as stored: grey (channels, z, y, x), or colour (1, z, y, x, samples)."""

    values: Pixels
    page: _Page
    times: int
    notes: tuple[Notice, ...]
    alpha: Pixels | None = None  # (z, y, x), of unsigned numbers
    spacing: Spacing | None = None

    @property
    def color(self) -> bool:
        return self.values.ndim == 5


def read(files: Sequence[str]) -> Image:
    """The pages as slices (z, y, x): uint8, uint16, int16 or float32 grey, or uint8 RGB. Several files are those of one OME set.

    Two or three channels of 8 bits become red, green and blue; of others the first is read. Of times the first is read.
    """
    return result_of(opening(files))


def opening(files: Sequence[str], wanted: SliceWish | None = None) -> Work[Image]:
    """As `read`. With the number of a `wanted` slice, yields Glimpses: of that page of many, or of a large picture as an overview."""
    with decoding(files[0]):
        stack = yield from _reading(files, wanted)
        return _image(stack, display_name(files[0]))


def _image(stack: _Stack, shown: str) -> Image:
    values, notes = _pixels(stack, shown)
    if stack.times > 1:
        notes.append(Notice(translatable("Only the first of {count} volumes was read."), {"count": stack.times}))
    if is_turned(stack.page.orientation):
        notes.append(Notice(TURNED))
    window = FULL if values.dtype == np.uint8 else auto_window(values)
    geometry, odd = _geometry(values.shape[:3], stack.spacing)
    inverted = _shown_inverted(stack.values, stack.page)
    return Image(values, geometry, window, inverted=inverted, notes=(*stack.notes, *notes, *odd))


def _geometry(shape: Sequence[int], spacing: Spacing | None) -> tuple[Geometry, tuple[Notice, ...]]:
    """Slices at no known distance have no lengths in mm, and one that stands alone needs none."""
    slices, height, width = shape
    if spacing is None or spacing[0]:
        return uncalibrated(height, width, slices, spacing), ()
    _, down, across = spacing
    if slices == 1:
        return uncalibrated(height, width, 1, (1.0, down, across)), ()
    geometry = uncalibrated(height, width, slices, (1.0, down / across, 1.0))
    return dataclasses.replace(geometry, calibrated=False), (NO_STEP,)


def _pixels(stack: _Stack, shown: str) -> tuple[Pixels, list[Notice]]:
    page, grey = stack.page, stack.values[0]
    if page.palette is not None:
        values: Pixels = page.palette[_indices(grey)]
        return (np.ascontiguousarray(values[..., 0]) if (values == values[..., :1]).all() else values), []
    if stack.color:
        colours, notes = _colours(grey, page, shown)
        return colours, [*notes, *alpha_notes(stack.alpha)]
    count = len(stack.values)
    few = page.bits < 8 and stack.values.dtype.kind in "ub"  # spread to 8, as PNG's are
    if count in (2, 3) and stack.values.dtype == np.uint8:
        channels: list[NDArray[Any]] = [to_rgb8(one, page.bits) if few else one for one in stack.values]
        channels += [np.zeros_like(channels[0])] * (3 - count)
        text = translatable("Its {count} channels are shown as red, green and blue.")
        return np.stack(channels, axis=-1), [Notice(text, {"count": count})]
    values = to_rgb8(grey, page.bits) if few else storable(grey)
    said = list(value_notes(grey, values))
    if count > 1:
        said.append(Notice(translatable("Only the first of {count} channels was read."), {"count": count}))
    return values, [*said, *alpha_notes(stack.alpha)]


def _indices(values: Pixels) -> Pixels:
    """Of a palette; those of one bit are decoded as truth values, by which NumPy would choose and not look up."""
    return values.astype(np.uint8) if values.dtype.kind == "b" else values


def may_look_otherwise(path: str) -> bool:
    """Whether a mask's numbers may be no greys of 8 bits, or come in channels: by the tags of its first page and its axes."""
    with decoding(path), _opened(path) as file:
        series = _series(file, "")
        page, axes = _Page.of(series.keyframe), _told_apart(str(series.axes))
        in_channels = "C" in axes or ("S" in axes and page.photometric not in _COLOUR)
        return in_channels or page.palette is not None or page.bits < 8


def read_labels(path: str, convention: Convention = BY_ITSELF) -> MaskFile:
    """The mask's numbers (z, y, x); palettes by index, 1 bit as 0 and 1, unless the convention says otherwise; channels as one class
    each, what is transparent as 0."""
    shown = display_name(path)
    with decoding(path):
        stack = result_of(_reading([path]))
        for note in stack.notes:
            if note.message == _FIRST_ONLY:
                raise NotReadable(
                    translatable("{name} holds {count} pictures, and a mask is one."),
                    translatable("Save each as a mask of its own."),
                    name=shown,
                    **note.values,
                )
        if stack.times > 1:
            raise NotReadable(
                translatable("{name} holds the masks of {count} times, and a mask is one volume."),
                translatable("Save each as a mask of its own."),
                name=shown,
                count=stack.times,
            )
        notes = (*stack.notes, *_turned_over(stack))
        opaque = None if stack.alpha is None else to_rgb8(stack.alpha, stack.page.bits)
        if stack.color:
            numbers, colored, said = _numbers_of_colours(stack, shown)
            numbers, hidden = behind_alpha(numbers, opaque)
            return MaskFile(numbers, notes=(*notes, *said, *hidden), colored=colored)
        numbers, said = whole_numbers(stack.values, shown)
        if stack.page.compression in _LOSSY:
            clear = [without_jpeg_blur(np.asarray(one, np.uint8), shown) for one in stack.values[0]]
            return MaskFile(np.stack([one for one, _ in clear]), notes=(*notes, *clear[0][1]))
        if len(numbers) > 1:
            merged = merge_channels(list(numbers), shown, from_one=len(numbers) in convention.unsure)
            return MaskFile(merged.values, notes=(*notes, *said, *merged.notes), channels=merged.channels)
        one, colored, looks = numbers[0], False, None
        if stack.page.palette is not None:
            indices = _indices(stack.values[0])
            looks = looks_of_palette(indices, stack.page.palette, opaque)
            one, colored, said = numbers_of_palette(indices, stack.page.palette, looks, convention, shown)
        elif stack.page.bits in (1, 2, 4):
            looks = looks_of_greys(one, stack.page.bits)
            one, said = numbers_of_greys(one, stack.page.bits, convention)
        one, hidden = behind_alpha(one, opaque)
        return MaskFile(one, notes=(*notes, *said, *hidden), colored=colored, looks=looks)


@contextmanager
def _opened(path: str) -> Iterator[tifffile.TiffFile]:
    kind_of(path)  # refuses pipes and empty files
    with open(path, "rb") as handle, _alone(handle) as file:  # by handle: names need not be UTF-8
        if not _written_page_by_page(file):
            yield file
            return
        handle.seek(0)  # where it stands counts as the file's beginning
        with _alone(handle, is_shaped=False) as pages:
            yield pages


def _written_page_by_page(file: tifffile.TiffFile) -> bool:
    """Whether tifffile wrote pages of one kind in several turns, and calls each a picture of its own: they are slices as in any other
    file."""
    if not (file.is_shaped and len(file.series) > 1):
        return False
    single = all(one.kind == "shaped" and len(one.pages) == 1 for one in file.series)
    return single and len({(tuple(one.shape), one.dtype) for one in file.series}) == 1


def _alone(handle: IO[bytes], **forms: Any) -> tifffile.TiffFile:
    """Never looks for further files: what a file names may lie anywhere."""
    forms |= {"is_mmstack": False, "is_ndtiff": False}
    return tifffile.TiffFile(handle, _multifile=False, **forms)


def set_files(path: str, there: Sequence[str]) -> tuple[str, ...]:
    """The files of the OME set that a file belongs to, as far as they are among those `there` in its folder; itself alone where it
    belongs to none. Raises NotReadable."""
    with decoding(path), _opened(path) as file:
        about = _described(file)
    if about is None or len(about.files) < 2 or not any(same_name(name, path) for name in about.files):
        return (path,)
    return tuple(own_files(about.files, there))


def _described(file: tifffile.TiffFile) -> Description | None:
    text = str(_first(file, "").description or "")
    return describe(text) if "<" in text[:400] and "OME" in text[:4000] else None


def _first(file: tifffile.TiffFile, shown: str) -> Any:
    if not file.pages:
        raise damaged(shown or display_name(str(file.filename)))
    return file.pages[0]


def _series(file: tifffile.TiffFile, shown: str) -> Any:
    """The first picture that is no preview of another. Raises NotReadable for a camera's raw file, whose picture has no colours yet."""
    _first(file, shown)
    series = next((one for one in file.series if not one.keyframe.is_reduced), file.series[0])
    if int(series.keyframe.photometric) in _UNDEVELOPED:
        raise NotReadable(
            translatable("{name} is a camera's raw file: what its sensor measured, which is no picture yet."),
            translatable("Develop it with a program for photographs, and save it as TIFF or PNG."),
            name=shown,
        )
    return series


def _reading(files: Sequence[str], wanted: SliceWish | None = None) -> Work[_Stack]:
    """Of a file that is part of an OME set whose other files were not given, its own pages."""
    shown = display_name(files[0])
    with _opened(files[0]) as file:
        about = _described(file)
        spacing = about.spacing if about is not None else _spacing(file)
        others = [] if about is None else [name for name in about.files if not same_name(name, files[0])]
        if about is None or not others or len(about.files) == 1:  # a single file may have been renamed
            stack = yield from _values(file, shown, spacing, wanted)
            elsewhere = described_in(str(_first(file, shown).description or ""))
            return (
                dataclasses.replace(stack, notes=(*stack.notes, Notice(_APART, {"file": elsewhere})))
                if elsewhere
                else stack
            )
        if len(files) == 1:
            text = translatable(
                "It is 1 of {count} files of one image, and the others were not there: only its own pages were read."
            )
            stack = yield from _values(file, shown, spacing, wanted)
            said = Notice(text, {"count": len(others) + 1})
            return dataclasses.replace(stack, notes=(*stack.notes, said))
    return dataclasses.replace(_set(about, files, shown), spacing=spacing)


def _set(about: Description, files: Sequence[str], shown: str) -> _Stack:
    """The planes of the first time from all files of a set. Those that are not there are left out, and said."""
    wanted = {(p.channel, p.z): p for p in about.planes if p.time == 0}
    places: dict[str, str] = {name: path for name in about.files for path in own_files([name], files)}
    places[""] = files[0]
    there = {key: plane for key, plane in sorted(wanted.items()) if plane.file in places}
    slices = sorted({z for _, z in there})
    channels = sorted({channel for channel, _ in there})
    if len(there) != len(slices) * len(channels):
        raise NotReadable(translatable("Files of the image that {name} belongs to are missing."), name=shown)
    planes: dict[tuple[int, int], Pixels] = {}
    page: _Page | None = None
    for path in dict.fromkeys(places[plane.file] for plane in there.values()):
        with _opened(path) as file:
            for key, plane in there.items():
                if places[plane.file] == path:
                    one = file.pages[plane.page]
                    page = page or _Page.of(file.pages[0])
                    check_budget((len(there), *one.shape), one.dtype or np.uint8, shown)
                    check_segments(file, [one], shown)
                    planes[key] = np.asarray(one.asarray())
    alike = len({(p.shape, p.dtype) for p in planes.values()}) == 1
    if page is None or not alike or any(p.ndim != 2 for p in planes.values()):
        raise NotReadable(
            translatable("The files of the image that {name} belongs to do not fit each other."), name=shown
        )
    values = _upright(np.stack([[planes[channel, z] for z in slices] for channel in channels]), page)
    missing = about.slices - len(slices)
    notes = []
    if missing:
        text = translatable("{count} of {all} slices were left out: their files are not there.")
        notes.append(Notice(text, {"count": missing, "all": about.slices}))
    return _Stack(values, page, about.times, tuple(notes))


def _values(file: tifffile.TiffFile, shown: str, spacing: Spacing | None, wanted: SliceWish | None) -> Work[_Stack]:
    """By the axes that the file names: Z (or what is not named) are slices, C are channels, T times; white is the high value."""
    series, notes = _series(file, shown), list[Notice]()
    page = _Page.of(series.keyframe)
    axes, shape = _told_apart(str(series.axes)), tuple(int(n) for n in series.shape)
    if not {"Y", "X"} <= set(axes) or len(axes) != len(shape):
        raise NotReadable(translatable("{name} holds no picture with rows and columns."), name=shown)
    check_budget(shape, series.dtype or np.uint8, shown)
    check_segments(file, series.pages, shown)
    _check_pages(list(series.pages), axes, shape, shown)
    if len(file.series) > 1:
        alike = len({tuple(one.shape) for one in file.series}) == 1
        said = (
            Notice(_FIRST_ONLY, {"count": len(file.series)})
            if alike
            else Notice(translatable("Pages of another size or kind were left out."))
        )
        notes.append(said)
    if wanted is None:
        values = np.asarray(series.asarray())
    else:

        def seen(part: Pixels, axes: str, scale: float) -> Image:
            along = None if spacing is None else (spacing[0], spacing[1] * scale, spacing[2] * scale)
            return _image(_stack(part, axes, page, along, []), shown)

        values = yield from watched(file, series, seen, wanted, shown)
    return _stack(values, axes, page, spacing, notes)


def _check_pages(pages: Sequence[Any], axes: str, shape: Sequence[int], shown: str) -> None:
    """NotReadable where the file's description lists pages of the first time that are not in it: they would be black."""
    leading = [(sign, size) for sign, size in zip(axes, shape, strict=True) if sign not in "YXS"]
    if math.prod(size for _, size in leading) != len(pages):
        return
    lacking = np.array([page is None for page in pages]).reshape([size for _, size in leading])
    first = lacking[tuple(0 if sign == "T" else slice(None) for sign, _ in leading)]
    if first.any():
        raise NotReadable(
            translatable("{name} is cut short: {count} of the {all} pages that it lists are not in it."),
            translatable("Copy or export it again from where it came."),
            name=shown,
            count=int(first.sum()),
            all=first.size,
        )


def _told_apart(axes: str) -> str:
    """With a letter of its own for each axis: those that nobody named are all Q."""
    return "".join(chr(ord("a") + at) if axes.count(sign) > 1 else sign for at, sign in enumerate(axes))


def _stack(values: Pixels, axes: str, page: _Page, spacing: Spacing | None, notes: list[Notice]) -> _Stack:
    alpha: Pixels | None = None
    if "S" in axes:
        values, axes = np.moveaxis(values, axes.index("S"), -1), axes.replace("S", "") + "S"
        extra, colours = len(page.extra), values.shape[-1] - len(page.extra)
        if extra and page.extra[0] in _ALPHA and colours > 0 and values.dtype.kind == "u":
            alpha, _, _, _ = _ordered(values[..., colours], axes[:-1])
            alpha = _turned(alpha[0], page)
        if page.photometric not in _COLOUR:  # samples that are no colours are channels
            values = values[..., : colours if alpha is not None else values.shape[-1]]
            if "C" in axes and values.shape[-1] > 1:
                text = translatable("Only the first of {count} channels was read.")
                notes.append(Notice(text, {"count": values.shape[-1]}))
            values = np.asarray(values[..., 0]) if "C" in axes else values
            axes = axes[:-1] if "C" in axes else axes[:-1] + "C"
    values, through, times, count = _ordered(values, axes)
    if values.ndim == 5 and len(values) > 1:
        notes.append(Notice(translatable("Only the first of {count} channels was read."), {"count": len(values)}))
        values = values[:1]
    if through == "T":
        notes.append(Notice(translatable("Its {count} times were taken as slices."), {"count": count}))
        spacing = None if spacing is None else (0.0, *spacing[1:])  # a time is no distance
    return _Stack(_upright(values, page), page, times, tuple(notes), alpha, spacing)


def _ordered(values: Pixels, axes: str) -> tuple[Pixels, str, int, int]:
    """(channels, z, y, x[, samples]); which axis the slices are (Z, else the longest that is no channel), of how many further volumes
    the first was taken, and the number of slices."""
    leading = [a for a in axes if a not in "YXSC"]
    order = [axes.index(a) for a in ("C", *leading, "Y", "X", "S") if a in axes]
    values = values.transpose(order)
    values = values if "C" in axes else values[None]
    sizes = dict(zip(leading, values.shape[1:], strict=False))
    through = "Z" if "Z" in sizes else max(sizes, key=sizes.__getitem__, default="")
    times = 1
    for place in range(len(leading) - 1, -1, -1):
        if leading[place] != through:
            times *= sizes[leading[place]]
            values = np.take(values, [0], axis=1 + place).squeeze(1 + place)
    values = values if leading else values[:, None]
    return values, through, times, values.shape[1]


def _upright(values: Pixels, page: _Page) -> Pixels:
    """(channels, z, y, x[, samples]) with white as the high value and the rows from the top."""
    if page.photometric == _WHITE_IS_ZERO and not _shown_inverted(values, page):
        values = _flipped(values, page.bits)
    return values if page.orientation == 1 else np.stack([_turned(one, page) for one in values])


def _turned_over(stack: _Stack) -> tuple[Notice, ...]:
    """That a mask's numbers are not those that other programs read from the file, which leave them as they are stored."""
    page = stack.page
    if page.photometric != _WHITE_IS_ZERO or _shown_inverted(stack.values, page):
        return ()
    return (Notice(translatable("The file counts white as 0: its values were turned over.")),)


def _shown_inverted(values: Pixels, page: _Page) -> bool:
    """Whether low values are white and stay as they are: signed numbers and decimals are measurements, with no highest one to turn at.
    That of 32 bits is so high that float32 would hold it alone."""
    return page.photometric == _WHITE_IS_ZERO and (values.dtype.kind in "if" or values.dtype.itemsize > 2)


def _turned(volume: Pixels, page: _Page) -> Pixels:
    return volume if page.orientation == 1 else np.stack([turned(one, page.orientation) for one in volume])


def _flipped(values: Pixels, bits: int) -> Pixels:
    numbers: NDArray[Any] = values
    if numbers.dtype.kind == "u":
        return np.asarray(numbers.dtype.type(2**bits - 1) - numbers)
    return np.asarray(~numbers)


def _numbers_of_colours(stack: _Stack, shown: str) -> tuple[NDArray[np.int32], bool, tuple[Notice, ...]]:
    """Of red, green and blue as they are stored: 16 bits narrowed to 8 would make one of values that lie close together."""
    values, page = stack.values[0], stack.page
    if values.dtype.kind == "u" and page.bits <= 16 and values.shape[-1] >= 3 and page.photometric == _RGB:
        return *one_number_a_colour(values[..., :3], shown, page.bits), ()
    colours, notes = _colours(values, page, shown)
    return *one_number_a_colour(colours, shown), notes


def _colours(values: Pixels, page: _Page, shown: str) -> tuple[NDArray[np.uint8], tuple[Notice, ...]]:
    try:
        narrow, notes = colour_bytes(values, page.bits)
    except NotReadable as fault:
        raise NotReadable(
            translatable("{name} cannot be read: {reason}"), fault.hint, name=shown, reason=fault.text
        ) from fault
    if narrow.shape[-1] < 3:
        return np.repeat(narrow[..., :1], 3, axis=-1), notes
    if page.photometric == _CMYK and narrow.shape[-1] >= 4:
        flat_rows = np.ascontiguousarray(narrow[..., :4]).reshape(-1, narrow.shape[2], 4)
        printed = np.asarray(Pillow.fromarray(flat_rows, "CMYK").convert("RGB")).reshape(*narrow.shape[:3], 3)
        return printed, (*notes, Notice(INKS))
    narrow = np.ascontiguousarray(narrow[..., :3])
    if page.photometric == _LAB:
        return _from_lab(narrow), (*notes, Notice(_TURNED, {"space": "L*a*b*"}))
    if page.photometric == _LUMA and page.compression in _PLAIN:  # other codecs hand out red, green and blue
        rows = Pillow.fromarray(narrow.reshape(-1, narrow.shape[2], 3), "YCbCr")
        return np.asarray(rows.convert("RGB")).reshape(narrow.shape), (*notes, Notice(_TURNED, {"space": "YCbCr"}))
    return narrow, notes


def _from_lab(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """L* of 0..255 for 0..100, a* and b* signed (TIFF 6.0, section 23), as sRGB."""
    import cv2

    lab = np.empty(values.shape, np.float32)
    lab[..., 0], lab[..., 1:] = values[..., 0] * np.float32(100 / 255), values[..., 1:].view(np.int8)
    rows = cv2.cvtColor(lab.reshape(-1, values.shape[2], 3), cv2.COLOR_LAB2RGB)
    return np.rint(np.clip(rows, 0, 1) * 255).astype(np.uint8).reshape(values.shape)


def _spacing(file: tifffile.TiffFile) -> Spacing | None:
    """In mm, where ImageJ wrote a unit; the plain resolution tag says how to print, not how large the thing is."""
    about = file.imagej_metadata or {}
    factor = TO_MM.get(str(about.get("unit", "")).replace("\\u00B5", "µ").strip().lower())
    tags = _first(file, "").tags
    across, down = tags.valueof(282), tags.valueof(283)
    if factor is None or not across or not down or not across[0] or not down[0]:
        return None
    depth = float(about.get("spacing", 1.0)) or 1.0
    return abs(depth) * factor, down[1] / down[0] * factor, across[1] / across[0] * factor
