"""Arrays of foreign types to those that an Image or a label volume holds."""

from typing import IO, Any

import cv2
import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from engine.errors import EngineError, NotReadable
from engine.imaging.budget import check_budget
from engine.imaging.image import Pixels
from engine.progress import Notice
from engine.words import translatable

NO_NUMBERS = translatable("{count} of its values are not numbers (NaN or infinite): they count as background.")
NO_MEASUREMENTS = translatable("{count} of its values are beyond any measurement (1e30 and more).")

_MOST_COLOURS = 64
_BEYOND = 1e30


def storable(values: Pixels) -> Pixels:
    """Grey values as uint8, uint16, int16 or float32, without loss where one of the integers holds them."""
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
    return values.astype(np.float32)


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
    """Colour of `bits` bits a channel, narrowed to 8."""
    if bits == 8 and values.dtype == np.uint8:
        return np.asarray(values, np.uint8)
    factor = 255.0 / (2**bits - 1)
    if values.dtype == np.uint16:  # one pass without an array between, since pictures of a gigabyte come by
        rows: NDArray[Any] = np.ascontiguousarray(values).reshape(values.shape[0], -1)
        narrow: NDArray[np.uint8] = cv2.convertScaleAbs(rows, alpha=factor).astype(np.uint8, copy=False)
        return narrow.reshape(values.shape)
    wide: NDArray[np.float64] = np.rint(values.astype(np.float64) * factor)
    return wide.clip(0, 255).astype(np.uint8)


def whole_numbers(values: Pixels, shown: str) -> NDArray[np.int32]:
    """Mask values as int32. Raises NotReadable where some are not whole numbers, or too large; EngineError above the budget."""
    if values.dtype.kind == "f":
        if not np.isfinite(values).all() or (values != np.rint(values)).any():
            raise NotReadable(
                translatable("{name} is no mask: it holds values that are not whole numbers."),
                translatable(
                    "A mask holds one whole number per class. This may be an image, or a map of probabilities."
                ),
                name=shown,
            )
    elif values.dtype.kind not in "biu":
        raise NotReadable(translatable("{name} is no mask: it holds no numbers."), name=shown)
    if values.size and (values.min() < np.iinfo(np.int32).min or values.max() > np.iinfo(np.int32).max):
        raise NotReadable(translatable("{name} is no mask: its values are too large."), name=shown)
    if values.size:
        check_budget(values.shape, np.int32, shown)
    return values.astype(np.int32)


def one_number_a_colour(colours: NDArray[np.uint8], shown: str) -> NDArray[np.int32]:
    """A coloured mask (..., 3): the grey value where all channels agree, else 0xRRGGBB for each of its colours."""
    check_budget(colours.shape, np.int32, shown)
    red, green, blue = (colours[..., c].astype(np.int32) for c in range(3))
    if (red == green).all() and (red == blue).all():
        return red
    numbers = np.asarray((red << 16) | (green << 8) | blue, np.int32)
    if len(np.unique(numbers)) > _MOST_COLOURS:
        raise NotReadable(
            translatable("{name} is no mask but a picture: it has more than {most} colours."),
            translatable("A mask has one colour per class. Save it without smoothing and without JPEG."),
            name=shown,
            most=_MOST_COLOURS,
        )
    return numbers


def read_array(file: IO[bytes], shown: str) -> Pixels:
    """An .npy stream as an array, its size counted first; never runs pickled code."""
    version = npy.read_magic(file)
    read_header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, fortran, dtype = read_header(file)
    if dtype.hasobject:
        raise NotReadable(
            translatable("{name} holds objects, not numbers; they are not opened, since they can run code."), name=shown
        )
    if any(shape) or not shape:
        check_budget(shape or (1,), dtype, shown)
    count = int(np.prod(shape, dtype=np.int64))
    data = file.read(count * dtype.itemsize)
    values = np.frombuffer(data, dtype, count)
    return values.reshape(shape[::-1]).T if fortran else values.reshape(shape)
