"""CT by its values: NIfTI and TIFF say no modality, and their CT is in HU as DICOM's is.

Hounsfield's scale is fixed by water (0) and air (-1000), so that a CT shows itself by a peak at air, or at what scanners and converters
put outside their round field, with next to nothing between it and the soft tissues.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.imaging.image import Image, Pixels
from engine.imaging.sample import sampled
from engine.imaging.windows import auto_window
from engine.progress import Notice
from engine.words import translatable

BY_VALUES = translatable(
    "It is taken as CT in HU, since its values, from {low:.0f} on, have CT's peaks. If it is none, say so in Data or Label."
)
"""The note of an image that was taken as CT without being told."""
NOT_IN_HU = translatable(
    "It is called CT, and its values, {low:g} to {high:g}, are not in HU, where air lies at -1000 and fat below 0."
)
"""The note of an image that is called CT by its file or by a person, and has no values in HU."""
_GUESS = BY_VALUES.partition("{")[0]
_SAMPLE = 200_000  # voxels
_AIR = (-1100, -900)  # noise and scatter spread air so far
_FAT_TO_BONE = (-200, 300)
_SPARSE = (-600, -300)  # neither lung nor fat: only edges between them lie here
_BLUR = 75  # below air there is padding alone, one value in a file (-2000, -2048, -3024), which lossy compression blurs so far
_LEAST_AIR, _LEAST_TISSUE, _MOST_STRAY = 0.005, 0.02, 0.002  # shares of the voxels
_PEAK = 3.0  # times as many voxels per HU in air as between air and tissue: a field map or a phase has as many in both
_DENSEST = 4096  # HU: of bone and of 12 bits; metal takes few voxels
_LEAST_EXTENT = 64  # HU from 0: values that lie nearer were brought to a mean of zero or to -1..1


def is_guess(note: Notice) -> bool:
    """Whether the note tells that the modality was guessed; its advice was another in earlier versions."""
    return note.message.startswith(_GUESS)


def is_ct_by_values(image: Image) -> bool:
    """Whether grey values have the peaks of CT in HU. A cut-out without air does not show what it is, and is not taken as one."""
    if image.color or image.pixels.dtype not in (np.int16, np.float32):
        return False
    values = sampled(image.pixels, _SAMPLE).astype(np.float32)
    values = values[np.isfinite(values)]
    if not values.size or values.min() > _AIR[1]:
        return False
    below = values[values < _AIR[0]]
    usual = float(np.median(below)) if below.size else 0.0
    padding = _share(values, usual - _BLUR, usual + _BLUR) if below.size else 0.0
    stray = below.size / values.size - padding
    air = max(_share(values, *_AIR), padding)
    between = _share(values, *_SPARSE)
    peaked = air / (_AIR[1] - _AIR[0]) >= _PEAK * between / (_SPARSE[1] - _SPARSE[0])
    return (
        air >= _LEAST_AIR
        and stray <= _MOST_STRAY
        and peaked
        and _share(values, *_FAT_TO_BONE) >= _LEAST_TISSUE
        and float(np.percentile(values, 99)) <= _DENSEST
    )


def _share(values: NDArray[np.float32], low: float, high: float) -> float:
    return float(((values >= low) & (values < high)).mean()) if values.size else 0.0


def with_modality(image: Image, said: str) -> Image:
    """The image with the modality that a person `said`, or else CT where its values show it, which is noted. CT is in HU, unless its
    header or its values rule that out: that is noted too."""
    if said and said != image.modality:
        in_hu = said == "CT" and could_be_hu(image.pixels)
        image = _known_as(image, said, "HU" if in_hu else "")
    elif not image.modality and is_ct_by_values(image):
        noted = replace(image, notes=(*image.notes, Notice(BY_VALUES, {"low": float(np.nanmin(image.pixels))})))
        return _known_as(noted, "CT", "HU")
    if image.modality != "CT" or image.unit:
        return image
    return replace(image, notes=(*image.notes, not_in_hu(image.pixels)))


def not_in_hu(pixels: Pixels) -> Notice:
    """The note of a CT without values in HU, its colours or levels told."""
    low, high = _ends(pixels)
    return Notice(NOT_IN_HU, {"low": low, "high": high})


def could_be_hu(pixels: Pixels) -> bool:
    """Whether values can be Hounsfield's: not those of colours or of 8 bits, nor such as have nothing below 0 (raw ones lack their shift
    of 1024) or were brought to a mean of zero."""
    if pixels.ndim == 4 or pixels.dtype == np.uint8:
        return False
    low, high = _ends(pixels)
    return low < 0 and max(-low, high) >= _LEAST_EXTENT


def _ends(pixels: Pixels) -> tuple[float, float]:
    """Of the finite values; zeros where there are none."""
    values = pixels if pixels.dtype.kind in "iu" else pixels[np.isfinite(pixels)]
    return (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)


def _known_as(image: Image, modality: str, unit: str) -> Image:
    """With a window by the values that counts the body alone where they are HU; a window that the file states stays."""
    by_values = unit == "HU" and image.window == auto_window(image.pixels)
    window = auto_window(image.pixels, unit) if by_values else image.window
    return replace(image, modality=modality, unit=unit, window=window)
