"""CT by its values: NIfTI and TIFF say no modality, and their CT is in HU as DICOM's is.

Hounsfield's scale is fixed by water (0) and air (-1000), so that a CT shows itself by a peak at air, or at what scanners and converters
put outside their round field, with next to nothing between it and the soft tissues.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.imaging.image import Image
from engine.imaging.sample import sampled
from engine.imaging.windows import auto_window
from engine.progress import Notice
from engine.words import translatable

BY_VALUES = translatable(
    "It is taken as CT in HU, since its values, from {low:.0f} on, have CT's peaks. If it is none, say so in Data or Label."
)
"""The note of an image that was taken as CT without being told."""
_GUESS = BY_VALUES.partition("{")[0]
_SAMPLE = 200_000  # voxels
_AIR = (-1100, -900)  # noise and scatter spread air so far
_FAT_TO_BONE = (-200, 300)
_SPARSE = (-600, -300)  # neither lung nor fat: only edges between them lie here
_BLUR = 75  # below air there is padding alone, one value in a file (-2000, -2048, -3024), which lossy compression blurs so far
_LEAST_AIR, _LEAST_TISSUE, _MOST_STRAY = 0.005, 0.02, 0.002  # shares of the voxels
_PEAK = 3.0  # times as many voxels per HU in air as between air and tissue: a field map or a phase has as many in both
_DENSEST = 4096  # HU: of bone and of 12 bits; metal takes few voxels


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
    """The image with the modality that a person `said`, or else CT where its values show it, which is noted. CT is in HU."""
    if image.color or (image.modality and image.modality == said):
        return image
    if said:
        return _known_as(image, said, _unit(image, said))
    if image.modality or not is_ct_by_values(image):
        return image
    low = float(np.nanmin(image.pixels))
    noted = replace(image, notes=(*image.notes, Notice(BY_VALUES, {"low": low})))
    return _known_as(noted, "CT", "HU")


def _known_as(image: Image, modality: str, unit: str) -> Image:
    """With a window by the values that counts the body alone where they are HU; a window that the file states stays."""
    by_values = unit == "HU" and image.window == auto_window(image.pixels)
    window = auto_window(image.pixels, unit) if by_values else image.window
    return replace(image, modality=modality, unit=unit, window=window)


def _unit(image: Image, modality: str) -> str:
    """Of CT HU, but where it has the 8 or 16 bits of a picture, that have no negative values."""
    return "HU" if modality == "CT" and image.pixels.dtype.kind in "if" else ""
