"""An opened image: pixels as stored, where they are, and how they are shown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.imaging.geometry import Geometry
from engine.progress import Notice
from engine.words import translatable

Pixels = NDArray[np.generic]


@dataclass(frozen=True)
class Window:
    """What the screen shows: values from centre - width/2 (black) to centre + width/2 (white). `width` > 0."""

    center: float
    width: float

    @property
    def low(self) -> float:
        return self.center - self.width / 2

    @property
    def high(self) -> float:
        return self.center + self.width / 2


@dataclass(frozen=True, eq=False)
class VoiTable:
    """Brightness by value: `levels` (n,) uint8 of the values `first`, `first` + 1, ...; those beyond have the level of the nearest end.
    `name` is the file's, "" where it gives none."""

    name: str
    first: int
    levels: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Image:
    """Pixels (z, y, x) grey, or (z, y, x, 3) RGB uint8; a picture has one slice.

    Grey pixels are uint8, uint16, int16 or float32 in the unit of the file (HU for CT after rescale); NaN is background.
    `inverted` asks the screen to show low values bright (MONOCHROME1). `patient` is an opaque key for grouping, "" unknown.
    """

    pixels: Pixels
    geometry: Geometry
    window: Window
    modality: str = ""
    unit: str = ""
    inverted: bool = False
    patient: str = ""
    notes: tuple[Notice, ...] = ()  # what the reader noticed, e.g. a missing slice
    windows: tuple[Window, ...] = ()  # all that the file recommends, of its middle slice
    tables: tuple[VoiTable, ...] = ()  # as well, of its middle slice

    @property
    def color(self) -> bool:
        return self.pixels.ndim == 4

    @property
    def shape(self) -> tuple[int, int, int]:
        return self.geometry.shape


@dataclass(frozen=True)
class SeriesPart:
    """Which of the volumes of one series an image is: echoes, b-values, phases of a heart, all over the same places.

    Images of one `key` can be shown as one row and stepped through at the same slice, in the order of `number` (from 1 to
    `count`); `label` is what sets this one apart ("echo 2", "phase 3 of 20"). The key is opaque and the same in every scan.
    """

    key: str
    number: int
    count: int
    label: str


SEVERAL = translatable("Volume {number} of {count} of one series: {label}.")
SEVERAL_BY_ORDER = translatable("Part {number} of {count}: each place was taken {count} times.")
"""The notes of an image that is a part: told by an attribute, or by nothing but the order."""
_BETWEEN = " _-.,(#"
_LOOSE = _BETWEEN + "0123456789"  # what is left at the end of a common beginning


def series_title(names: Sequence[str], parts: Sequence[SeriesPart]) -> str:
    """The name that the volumes share: without what sets the first one apart, else their common beginning."""
    first, label = names[0], parts[0].label
    if label and f" {label}" in first:
        return first.replace(f" {label}", "", 1).strip() or first
    low, high = min(names), max(names)
    shared = next((k for k, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), min(len(low), len(high)))
    words = re.match(r".*[\s_.-]", low[:shared])  # up to the end of one
    return (words.group().rstrip(_BETWEEN) if words else low[:shared].rstrip(_LOOSE)) or first


@dataclass(frozen=True)
class Source:
    """Where an item's pixels come from: the files of one image in reading order, and `index` where one file holds many images
    (a MedMNIST .npz: "train:17"; a DICOM file of several volumes: "f0-18/2", its frames; a multi-page TIFF stays one volume and needs none).
    `modality` is what a person or an import said, "" where the file decides."""

    files: tuple[str, ...]
    kind: str  # "raster", "dicom", "nifti", "nrrd" or "npz"
    index: str = ""
    modality: str = ""
