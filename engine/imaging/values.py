"""Arrays of foreign types to those that an Image or a label volume holds. What is lost or assumed on the way is said in a Notice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import cv2
import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from engine.errors import EngineError, NotReadable
from engine.imaging.budget import check_budget
from engine.imaging.geometry import Geometry
from engine.imaging.image import Pixels
from engine.progress import Notice
from engine.words import translatable

if TYPE_CHECKING:
    from engine.imaging.mask_looks import Looks

NEARLY = 1e-3
"""How far from a whole number a label may lie: float32 and sums bring that about."""

NO_NUMBERS = translatable("{count} of its values are not numbers (NaN or infinite): they count as background.")
NO_MEASUREMENTS = translatable("{count} of its values are beyond any measurement (1e30 and more).")

_MOST_COLOURS = 64
_NO_GREY = 1 << 24  # of a blue, whose 0xRRGGBB would be the number of a grey (0 to 255) too
_FEW_SHADES = 64  # of 256: an eye misses what was narrowed further
_DIM = 16.0  # decimal colours above 1 that end below this may be of either range
_BEYOND = 1e30
_EXACT = 1 << 24  # above it float32 cannot tell all whole numbers apart
_NEXT = 8  # of 255: as far as strengths of alpha on an edge lie from each other
_DARK, _BRIGHT = 64, 191  # of a JPEG: what lies between is an edge that compression smeared


@dataclass(frozen=True)
class LabelName:
    """What a value is called, and its colour "#RRGGBB" where the file gives one."""

    name: str
    color: str = ""


@dataclass(frozen=True, eq=False)
class MaskFile:
    """What a mask file holds: `values` (z, y, x) int32, its grid where the file has one, and what was assumed in reading it.

    `colored` says that the numbers are colours, as `color_number` gives them; `names` is what the file itself calls its values; `labelled` are the slices
    that it speaks of where a list beside it says so (None: all); `looks` is what the numbers look like where that is something else, and
    `channels` how many there were, and which value the first got, where their places are the values."""

    values: NDArray[np.int32]
    geometry: Geometry | None = None
    notes: tuple[Notice, ...] = ()
    colored: bool = False
    names: Mapping[int, LabelName] = field(default_factory=dict)
    labelled: frozenset[int] | None = None
    looks: "Looks | None" = None
    channels: tuple[int, int] | None = None


def storable(values: Pixels) -> Pixels:
    """Grey values as uint8, uint16, int16 or float32, without loss where one of the integers holds them (else `value_notes`)."""
    if values.dtype.kind == "c" or values.dtype.kind not in "biuf":
        raise EngineError(translatable("The pixels are of a kind that is no image: {kind}."), kind=str(values.dtype))
    native = values.dtype.newbyteorder("=")
    if native in (np.uint8, np.uint16, np.int16, np.float32):
        return values.astype(native, copy=False)
    if native.kind == "b":
        return values.astype(np.uint8) * np.uint8(255)
    if native.kind in "iu":
        low, high = int(values.min()), int(values.max())
        for fitting in (np.int16, np.uint16):
            if np.iinfo(fitting).min <= low and high <= np.iinfo(fitting).max:
                return values.astype(fitting)
    with np.errstate(over="ignore"):
        return values.astype(np.float32)


def value_notes(stored: Pixels, kept: Pixels) -> tuple[Notice, ...]:
    """What was lost when `storable` made `kept` of the whole numbers that were `stored`: those beyond 2^24."""
    if kept.dtype != np.float32 or not stored.size or stored.dtype.kind not in "iu":
        return ()
    large = max(abs(int(stored.min())), abs(int(stored.max()))) > _EXACT
    text = translatable("Values beyond 16 million were rounded to the 7 digits that are kept.")
    return (Notice(text),) if large else ()


def odd_values(values: Pixels) -> tuple[Notice, ...]:
    """What is to be said of values that no scanner measured."""
    if values.dtype.kind != "f" or not values.size:
        return ()
    low, high = float(values.min()), float(values.max())  # NaN goes through both
    if low > -_BEYOND and high < _BEYOND:
        return ()
    finite = np.isfinite(values)
    strange = int(values.size - np.count_nonzero(finite))
    large = int(np.count_nonzero(np.abs(values, where=finite, out=np.zeros_like(values)) >= _BEYOND))
    found = ((NO_NUMBERS, strange), (NO_MEASUREMENTS, large))
    return tuple(Notice(text, {"count": count}) for text, count in found if count)


def to_rgb8(values: Pixels, bits: int) -> NDArray[np.uint8]:
    """Unsigned colour of `bits` bits a channel, narrowed to 8."""
    if bits == 8 and values.dtype == np.uint8:
        return np.asarray(values, np.uint8)
    factor = 255.0 / (2**bits - 1)
    if values.dtype == np.uint16:  # one pass without an array between, since pictures of a gigabyte come by
        rows: NDArray[Any] = np.ascontiguousarray(values).reshape(values.shape[0], -1)
        narrow: NDArray[np.uint8] = cv2.convertScaleAbs(rows, alpha=factor).astype(np.uint8, copy=False)
        return narrow.reshape(values.shape)
    wide: NDArray[np.float64] = np.rint(values.astype(np.float64) * factor)
    return wide.clip(0, 255).astype(np.uint8)


def colour_bytes(values: Pixels, bits: int) -> tuple[NDArray[np.uint8], tuple[Notice, ...]]:
    """Colour of any real type as 8 bits a channel, and how that was done.

    Unsigned numbers are scaled by their `bits`; floats of 0 to 1 and of 0 to 255 by those ranges. Raises NotReadable for negative
    values, and for floats beyond 255 or little beyond 1, of which nobody knows what is white.
    """
    if values.dtype.kind in "ub":
        bits = 1 if values.dtype.kind == "b" else bits
        narrow = to_rgb8(values, bits)
        text = translatable("Colour of {bits} bits was narrowed to 8.")
        return narrow, (Notice(text, {"bits": bits}), *_dim(values, narrow, bits)) if bits > 8 else ()
    if values.dtype.kind not in "if":
        raise EngineError(translatable("The pixels are of a kind that is no image: {kind}."), kind=str(values.dtype))
    numbers: NDArray[Any] = values if values.dtype.itemsize > 2 else values.astype(np.float32)
    holes = np.isnan(numbers)
    if holes.any():
        numbers = np.where(holes, 0, numbers)
    low, high = float(numbers.min(initial=0)), float(numbers.max(initial=0))
    if low < 0 or not high <= 255 or (1 < high < _DIM and bool((np.rint(numbers) != numbers).any())):
        raise NotReadable(
            translatable("Its colours run from {low:.4g} to {high:.4g}, so nobody can know which is white."),
            translatable("Save it with 8 or 16 bits a colour, or with numbers from 0 to 1."),
            low=low,
            high=high,
        )
    white = 255.0 if high > 1 or values.dtype.kind == "i" else 1.0
    narrow = np.rint(numbers * (255 / white)).astype(np.uint8)
    exact = white == 255 and not holes.any() and bool((narrow == numbers).all())
    text = translatable("Colours stored as decimal numbers from 0 to {white:.0f} were rounded to 8 bits.")
    return narrow, () if exact else (Notice(text, {"white": white}),)


def _dim(values: Pixels, narrow: NDArray[np.uint8], bits: int) -> tuple[Notice, ...]:
    """That a picture which leaves its upper bits empty lost most of its shades: 12 bits of a camera in a word of 16."""
    shades = int(narrow.max(initial=0)) + 1
    highest = int(values.max(initial=0)) if shades < _FEW_SHADES else 0
    if highest < shades:
        return ()
    text = translatable("Its colours end at {high} of {white}: only {count} shades of them were kept.")
    return (Notice(text, {"high": highest, "white": 2**bits - 1, "count": shades}),)


def whole_numbers(values: Pixels, shown: str, nearly: float = NEARLY) -> tuple[NDArray[np.int32], tuple[Notice, ...]]:
    """Mask values as int32, and what was rounded.

    Values that are `nearly` whole numbers are rounded to them, NaN beside numbers is background. Raises NotReadable where others are
    no whole numbers, or too large; EngineError above the budget.
    """
    if values.dtype.kind not in "biuf":
        raise NotReadable(translatable("{name} is no mask: it holds no numbers."), name=shown)
    if not values.size:
        return values.astype(np.int32), ()
    check_budget(values.shape, np.int32, shown)
    low, high = _ends(values, shown) if values.dtype.kind == "f" else (int(values.min()), int(values.max()))
    if low < np.iinfo(np.int32).min or high > np.iinfo(np.int32).max:
        raise NotReadable(translatable("{name} is no mask: its values are too large."), name=shown)
    return (_rounded(values, shown, nearly)) if values.dtype.kind == "f" else (values.astype(np.int32), ())


def _ends(values: Pixels, shown: str) -> tuple[float, float]:
    """The least and the largest number. Raises NotReadable where there is none, or one that has no end."""
    numbers: NDArray[Any] = values
    low, high = float(np.fmin.reduce(numbers, axis=None)), float(np.fmax.reduce(numbers, axis=None))
    if not (np.isfinite(low) and np.isfinite(high)):
        raise _no_whole_numbers(shown)
    return low, high


def _rounded(values: Pixels, shown: str, nearly: float) -> tuple[NDArray[np.int32], tuple[Notice, ...]]:
    """Row by row of the first axis, since arrays between would take more memory than the mask."""
    result = np.empty(values.shape, np.int32)
    off, holes = 0.0, False
    for into, plane in zip(result, values, strict=True):
        here = np.isnan(plane)
        if here.any():
            holes, plane = True, np.where(here, 0, plane)
        whole = np.rint(plane)
        off = max(off, float(np.abs(plane - whole).max(initial=0)))
        if off > nearly * 1.001:  # "to 0.001" includes what float32 makes of it
            raise _no_whole_numbers(shown)
        into[...] = whole
    notes = []
    if holes:
        notes.append(Notice(translatable("Places without a number (NaN) were taken as background.")))
    if off:
        text = translatable("Its values were rounded to whole numbers; they lay up to {off:.1g} away from them.")
        notes.append(Notice(text, {"off": off}))
    return result, tuple(notes)


def _no_whole_numbers(shown: str) -> NotReadable:
    return NotReadable(
        translatable("{name} is no mask: it holds values that are not whole numbers."),
        translatable("A mask holds one whole number per class. This may be an image, or a map of probabilities."),
        name=shown,
    )


def color_number(color: int) -> int:
    """The number of a colour 0xRRGGBB among the values of masks: no other colour and no grey of 8 bits but black has it too."""
    return color | _NO_GREY if 0 < color <= 0xFF else color


def color_text(number: int) -> str:
    """ "#rrggbb" of what `color_number` gave."""
    return f"#{number & 0xFFFFFF:06x}"


def one_number_a_colour(colours: Pixels, shown: str, bits: int = 8) -> tuple[NDArray[np.int32], bool]:
    """A coloured mask (..., 3) of unsigned numbers of `bits` bits: the grey value as it is where all channels agree (False), else
    the `color_number` of each of its colours (True), of 8 bits a channel. NotReadable where there are too many of them, or where 8 bits a
    channel tell fewer apart than there are."""
    check_budget(colours.shape, np.int32, shown)
    if (colours[..., :1] == colours).all():
        return colours[..., 0].astype(np.int32), False
    numbers = _as_one_number(to_rgb8(colours, bits), 8).astype(np.int32)
    found = len(np.unique(numbers))
    if found > _MOST_COLOURS:
        raise NotReadable(
            translatable("{name} is no mask but a picture: it has more than {most} colours."),
            translatable("A mask has one colour per class. Save it without smoothing and without JPEG."),
            name=shown,
            most=_MOST_COLOURS,
        )
    if bits > 8 and len(np.unique(_as_one_number(colours, bits))) > found:
        raise NotReadable(
            translatable("{name} is no mask: colours of {bits} bits that lie closer together than 8 bits can tell."),
            translatable("Save it with 8 bits a colour, or with one number for each class."),
            name=shown,
            bits=bits,
        )
    numbers[(numbers > 0) & (numbers <= 0xFF)] |= _NO_GREY
    return numbers, True


def _as_one_number(colours: Pixels, bits: int) -> NDArray[np.int64]:
    red, green, blue = (colours[..., c].astype(np.int64) for c in range(3))
    return np.asarray((red << (2 * bits)) | (green << bits) | blue, np.int64)


def behind_alpha(
    numbers: NDArray[np.int32], alpha: NDArray[np.uint8] | None
) -> tuple[NDArray[np.int32], tuple[Notice, ...]]:
    """A mask's numbers with what its alpha channel (same shape, uint8) hides taken as background, and that it was.

    What lies below half of the strongest is an edge that runs out, unless it covers regions of its own: then from half of theirs on.
    An alpha channel that is the same everywhere says nothing, unless all is transparent and of one colour: then nothing is marked.
    Where what is opaque is black on a transparent ground, the opaque is 255.
    """
    if alpha is None or not alpha.size:
        return numbers, ()
    hidden = alpha < max(int(alpha.max()) / 2, 1)  # marks may be half transparent themselves, and their edges smooth
    if alpha.min() == alpha.max() and not (hidden.all() and numbers.min() == numbers.max() != 0):
        return numbers, ()
    if not hidden.any():
        return numbers, ()
    said = [Notice(translatable("Transparent places of the mask were taken as background."))]
    faint = _faint_regions(numbers, alpha, hidden)
    if faint.any():
        said.insert(
            0, Notice(translatable("Regions that are drawn half transparent were taken as those that are not."))
        )
        hidden &= ~faint
    if not hidden.all() and not numbers[~hidden].any():
        text = translatable("The mask is black on a transparent ground: what is opaque was taken as the value 255.")
        return np.where(hidden, 0, 255).astype(np.int32), (Notice(text),)
    if not numbers[hidden].any():
        return numbers, tuple(said[:-1])
    return np.where(hidden, 0, numbers).astype(np.int32), tuple(said)


def _faint_regions(
    numbers: NDArray[np.int32], alpha: NDArray[np.uint8], hidden: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """What is drawn fainter than the rest without being its edge: strengths that are far more frequent than those next to them and
    cover places with all their neighbours."""
    counts = np.bincount(alpha[hidden & (numbers != 0)], minlength=256)
    counts[0] = 0
    found = np.zeros(alpha.shape, bool)
    for strength in np.flatnonzero(counts).tolist():
        around = counts[max(strength - _NEXT, 0) : strength + _NEXT + 1].sum()
        if 2 * counts[strength] <= around:
            continue
        level = hidden & (alpha == strength) & (numbers != 0)
        planes = level.reshape(-1, *level.shape[-2:]).astype(np.uint8)
        if any(cv2.erode(plane, np.ones((3, 3), np.uint8), borderValue=0).any() for plane in planes):
            own = np.isin(numbers, np.unique(numbers[level]))
            found |= hidden & own & (alpha >= strength / 2)
    return found


def alpha_notes(alpha: Pixels | None) -> tuple[Notice, ...]:
    """What to say of an image's alpha channel, which is dropped: nothing where it is the same everywhere."""
    if alpha is None or not alpha.size or alpha.min() == alpha.max():
        return ()
    return (Notice(translatable("Its transparency was left out.")),)


def without_jpeg_blur(
    values: NDArray[np.uint8], shown: str, spread: int = 0
) -> tuple[NDArray[np.int32], tuple[Notice, ...]]:
    """A black-and-white mask (h, w) that JPEG has smeared, as 0 and 255; `spread` is how far its colours lie apart (0 to 255).

    Raises NotReadable for any other: JPEG keeps no values."""
    bright, dark = values > _BRIGHT, values < _DARK
    between = ~(bright | dark)
    near = np.ones((9, 9), np.uint8)  # as far as a block of 8 x 8 pixels smears
    reach = [cv2.dilate(side.astype(np.uint8), near).astype(bool) for side in (bright, dark)]
    if spread > _DARK or (between & ~(reach[0] & reach[1])).any() or (values.any() and not bright.any()):
        raise NotReadable(
            translatable("{name} is a JPEG or a lossy WebP, which does not keep the values of a mask."),
            translatable("Save the mask as PNG. Only a mask of black and white can be read from such a file."),
            name=shown,
        )
    said = Notice(
        translatable(
            "The mask is a JPEG or a lossy WebP, which smears edges: its values were taken as black (0) or white (255)."
        )
    )
    return np.where(values > 127, 255, 0).astype(np.int32), (said,)


class Merged(NamedTuple):
    """What of channels became one volume of labels: `channels` as in a MaskFile."""

    values: NDArray[np.int32]
    notes: tuple[Notice, ...]
    channels: tuple[int, int] | None = None


def merge_channels(channels: Sequence[NDArray[np.int32]], shown: str, *, from_one: bool = False) -> Merged:
    """Channels that hold one class each as one volume of labels, and how they were taken.

    Each with the same single value: the place of the channel (the first is the background where every voxel is in just one of them,
    unless places count `from_one`); each with a value of its own: those values. Raises NotReadable for all else, and where classes overlap.
    """
    held = [np.unique(channel[channel != 0]).tolist() for channel in channels]
    used = [value for values in held for value in values]
    covered = sum((channel != 0).astype(np.uint8) for channel in channels)
    overlap = bool((np.asarray(covered) > 1).any())
    if any(len(values) > 1 for values in held) or overlap:
        reason = (
            translatable("{name} holds {count} masks over each other, and a place can have one class only.")
            if overlap
            else translatable("{name} holds {count} masks of several values each.")
        )
        raise NotReadable(
            reason, translatable("Save it as one mask with one value per class."), name=shown, count=len(channels)
        )
    merged = np.zeros(channels[0].shape, np.int32)
    if len(set(used)) == len(used) > 1:
        for channel in channels:
            merged += channel
        text = translatable("Its {count} channels were laid over each other.")
        return Merged(merged, (Notice(text, {"count": len(channels)}),))
    first = 0 if not from_one and bool((np.asarray(covered) == 1).all()) else 1
    for place, channel in enumerate(channels, first):
        merged[channel != 0] = place
    text = (
        translatable("Its {count} channels were taken as the values 1 to {last}, one a class.")
        if first
        else translatable("Its {count} channels were taken as the values 0 to {last}, the first being the background.")
    )
    said = Notice(text, {"count": len(channels), "last": len(channels) - 1 + first})
    return Merged(merged, (said,), (len(channels), first))


def read_array(file: IO[bytes], shown: str) -> Pixels:
    """An .npy stream as an array, its size counted first; never runs pickled code."""
    version = npy.read_magic(file)
    read_header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, fortran, dtype = read_header(file)
    if dtype.hasobject:
        raise NotReadable(
            translatable("{name} holds objects, not numbers; they are not opened, since they can run code."), name=shown
        )
    if all(shape):
        check_budget(shape or (1,), dtype, shown)
    count = int(np.prod(shape, dtype=np.int64))
    data = file.read(count * dtype.itemsize)
    values = np.frombuffer(data, dtype, count)
    return values.reshape(shape[::-1]).T if fortran else values.reshape(shape)
