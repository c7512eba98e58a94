"""Stored values to those of the file's unit: slope and intercept applied slice by slice, in the smallest type that holds them
(DICOM PS3.3 C.11.1)."""

from functools import lru_cache

import numpy as np
from numpy.typing import DTypeLike

from engine.imaging.image import Pixels

_INTEGERS = (np.uint8, np.uint16, np.int16)
_RANGES = {kind: (int(np.iinfo(kind).min), int(np.iinfo(kind).max)) for kind in (np.int16, np.uint16)}


class Rescaled:
    """A volume that grows slice by slice: uint8, uint16 or int16 as long as all slices are whole numbers in range, else float32."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._done = 0
        self._pixels: Pixels | None = None

    @property
    def pixels(self) -> Pixels:
        """(slices, rows, columns), complete once all were added. Raises ValueError before."""
        if self._pixels is None or self._done != self._count:
            raise ValueError("slices are missing")
        return self._pixels

    def add(self, stored: Pixels, slope: float, intercept: float, limits: tuple[int, int] | None = None) -> None:
        """The next slice as stored, of the same shape as the others; it becomes stored * slope + intercept. `limits` are a least and a
        largest value that none of its values passes, where they are known: it need not be looked through for them."""
        target = self._room(stored, _needed(stored, slope, intercept, limits))
        if (slope, intercept) == (1.0, 0.0):
            np.copyto(target, stored, casting="unsafe")
        elif target.dtype == np.float32:
            target[...] = stored.astype(np.float64) * slope + intercept
        elif slope == 1.0 and stored.dtype.itemsize <= 2:
            # Within 16 bits sums wrap around to the right value, since the result is known to fit.
            offset = np.array(int(intercept) & 0xFFFF, np.uint16).view(target.dtype)
            if stored.dtype == stored.dtype.newbyteorder("=") and stored.dtype.itemsize == target.dtype.itemsize:
                stored = stored.view(target.dtype)  # no conversion on the way takes half the time
            np.add(stored, offset, out=target, dtype=target.dtype, casting="unsafe")
        else:
            target[...] = stored.astype(np.int64) * int(slope) + int(intercept)
        self._done += 1

    def _room(self, stored: Pixels, dtype: np.dtype[np.generic]) -> Pixels:
        if self._pixels is None:
            self._pixels = np.empty((self._count, *stored.shape), dtype)
        elif self._pixels.dtype != dtype:
            wider = _wider(self._pixels.dtype, dtype)
            if wider != self._pixels.dtype:
                grown = np.empty(self._pixels.shape, wider)
                grown[: self._done] = self._pixels[: self._done]
                self._pixels = grown
        return self._pixels[self._done]  # type: ignore[no-any-return]


def _needed(stored: Pixels, slope: float, intercept: float, limits: tuple[int, int] | None) -> np.dtype[np.generic]:
    if not (slope.is_integer() and intercept.is_integer()) or stored.dtype.kind == "f":
        return np.dtype(np.float32)
    native = stored.dtype.newbyteorder("=")
    if (slope, intercept) == (1.0, 0.0) and native in _INTEGERS:
        return native
    if limits is not None and _fits(np.int16, limits, slope, intercept):
        return np.dtype(np.int16)
    ends = int(stored.min()), int(stored.max())
    kinds = (kind for kind in (np.int16, np.uint16) if _fits(kind, ends, slope, intercept))
    return np.dtype(next(kinds, np.float32))


@lru_cache(64)  # the same for most slices of a series
def _fits(kind: type[np.int16 | np.uint16], ends: tuple[int, int], slope: float, intercept: float) -> bool:
    low, high = sorted(end * slope + intercept for end in ends)
    least, largest = _RANGES[kind]
    return least <= low and high <= largest


def _wider(one: DTypeLike, other: DTypeLike) -> np.dtype[np.generic]:
    both = {np.dtype(one), np.dtype(other)}
    for kind in (np.uint16, np.int16):
        if both <= {np.dtype(np.uint8), np.dtype(kind)}:
            return np.dtype(kind)
    return np.dtype(np.float32)
