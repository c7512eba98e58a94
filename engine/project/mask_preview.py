"""One image with the values of its mask, before anybody said what they mean: where each of them lies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from engine.imaging.geometry import as_displayed
from engine.imaging.image import Image
from engine.imaging.read import read_image
from engine.imaging.scan import Found
from engine.imaging.windows import displayed_slice
from engine.labels.classes import LabelClass, default_color
from engine.labels.edit import Labels
from engine.progress import Progress, Work
from engine.project.class_files import ClassFiles
from engine.project.mask_conventions import convention_of
from engine.project.mask_files import MaskReader
from engine.project.matching import MaskFinder
from engine.scoring.render import overlay

LIT = "#FFE14D"  # seen on any scan, and no class's colour
_NOBODY_S = "#FFFFFF"  # of a value where all colours are taken
_FAINT, _STRONG = 0.2, 0.55


@dataclass(frozen=True, eq=False)
class MaskPreview:
    """`labels` (z, y, x) on the image's grid: 1 is the first of `values`, and so on. `best` is the slice with most of each value."""

    name: str
    image: Image
    labels: Labels
    values: tuple[int, ...]
    best: dict[int, int]

    def picture(
        self, z: int, lit: int | None = None, colors: Mapping[int, str | None] = MappingProxyType({})
    ) -> NDArray[np.uint8]:
        """The slice as it hangs on the screen, RGB: every value faint in its colour, the `lit` one bright.

        `colors` are those of what values mean, None for background, which is not drawn; a value without has a colour that none of
        these is.
        """
        shown, labels = displayed_slice(self.image, z), as_displayed(self.labels[z], self.image.geometry)
        labels = np.ascontiguousarray(labels)
        drawn = np.where(np.isin(labels, self._background(colors)), np.uint8(0), labels)
        picture = overlay(shown, drawn, self._palette(colors), _FAINT, outline=lit is None)
        if lit is None or lit not in self.values:
            return picture
        only = (labels == self.values.index(lit) + 1).astype(np.uint8)
        return overlay(picture, only, [LIT], _STRONG)

    def _background(self, colors: Mapping[int, str | None]) -> list[int]:
        """What stands in `labels` for the values that mean background."""
        return [place for place, value in enumerate(self.values, 1) if value in colors and colors[value] is None]

    def _palette(self, colors: Mapping[int, str | None]) -> list[str]:
        """A colour for each value."""
        taken = {color.upper() for color in colors.values() if color is not None}
        places = range(len(self.values) + len(taken))
        free = (color for place in places if (color := default_color(place)).upper() not in taken)
        return [colors.get(value) or next(free, _NOBODY_S) for value in self.values]

    def value_at(self, z: int, down: float, across: float) -> int | None:
        """The value at a place of the picture, in shares (0..1) of its height and width; None for background."""
        labels = as_displayed(self.labels[z], self.image.geometry)
        height, width = labels.shape
        place = int(labels[min(int(down * height), height - 1), min(int(across * width), width - 1)])
        return self.values[place - 1] if 0 < place <= len(self.values) else None


def look_at_mask(image: Found, found: Sequence[Found], masks: Path, values: Sequence[int]) -> Work[MaskPreview | None]:
    """Read an image of `found` and its mask; `values` are those that the masks hold. None where it has no mask.

    Raises EngineError as an import would.
    """
    yield Progress(0, 3, image.name)
    finder = MaskFinder(masks, found)
    file = finder.find(image)
    if file is None:
        return None
    above = tuple(sorted(value for value in values if value))[:254]
    names = [f"value {value}" for value in above]
    classes = [LabelClass(name, "#FFFFFF") for name in names]
    yield Progress(1, 3, image.name)
    table: dict[int | str, str] = dict(zip(above, names, strict=True))
    if isinstance(file, ClassFiles):
        table |= {part.name: f"value {part.value}" for part in file.parts if part.value in above}
    reader = MaskReader(table, classes, others_background=True)
    reader.convention = yield from convention_of(finder, [one for one in found if not finder.is_mask(one)])
    labels = reader.read(file, image).labels
    yield Progress(2, 3, image.name)
    read = read_image(image.source)
    counts = np.stack([np.bincount(plane.ravel(), minlength=256) for plane in labels])
    best = {value: int(counts[:, place].argmax()) for place, value in enumerate(above, 1) if counts[:, place].any()}
    return MaskPreview(image.name, read, labels, above, best)
