"""A sheet of seeded samples with their masks drawn in, as one picture."""

from collections.abc import Sequence
from typing import TypeAlias, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.augment.pipeline import Augmenter, Sample
from engine.augment.preview import sample_series
from engine.augment.transforms import ROWS, AugmentConfig
from engine.augment.warp import Mask, Pixels, Size
from engine.imaging.geometry import Flips, SideAxis, flip
from engine.labels.sides import Laterality
from engine.scoring.render import overlay

Bytes: TypeAlias = NDArray[np.uint8]

_CELL = 288  # longer side of a picture on the sheet, in pixels
_GAP, _LINE = 8, 14  # between pictures; of a caption's line
_GROUND, _TEXT, _DIM = (8, 9, 11), (228, 232, 237), (152, 162, 174)  # the look's ground of scans, text, dim text
_FONT, _SCALE = cv2.FONT_HERSHEY_SIMPLEX, 0.38
_PLAIN = str.maketrans(
    {"−": "-", "–": "-", "°": " deg", "×": "x", "±": "+-", "σ": "sigma"}
)  # OpenCV's font has ASCII only


def sheet(
    image: Pixels,
    mask: Mask | None,
    colors: Sequence[str],
    config: AugmentConfig,
    seed: int,
    columns: int = 4,
    rows: int = 3,
    flips: Flips = (False, False),
    sides: Laterality = Laterality(),
    side_axis: SideAxis = "across",
) -> Bytes:
    """RGB uint8 (height, width, 3): the original, then columns * rows - 1 samples, each with its caption below.

    `image` as the augmenter takes it, grey or RGB; `mask` (h, w) with the classes 1, 2, ... drawn in their `colors` ("#rrggbb"),
    filled at 35 % and outlined. Larger images are made at the sheet's size, as a training at that size would see them; of a
    series of samples the numbers 1, 2, ... are those of `sample_series` from 0 on. `flips` says how the image hangs (display_flips): samples are
    made of the stored slice, as in a training, and turned to be looked at; `sides` is what a mirror image does to the classes, where left and right lie as `side_axis` says. The same arguments give the same bytes.
    """
    size, enlarged = _sizes(image.shape)
    plain = Augmenter(AugmentConfig()).apply(image, mask, (0,), size)
    cells = [_cell(plain, colors, enlarged, flips, "Original", [])]
    made = sample_series(image, mask, config, seed, columns * rows - 1, size, sides, side_axis)
    for number, sample in enumerate(made, start=1):
        cells.append(_cell(sample, colors, enlarged, flips, f"Sample {number}", _parts(sample)))
    lines = [np.hstack(cells[row * columns : (row + 1) * columns]) for row in range(rows)]
    return cast(Bytes, np.pad(np.vstack(lines), ((_GAP, 0), (_GAP, 0), (0, 0)), constant_values=_GROUND[0]))


def caption(sample: Sample) -> str:
    """What was done to the sample, in English: "Rotate −11°, Zoom 1.12, Noise σ 9"."""
    return ", ".join(_parts(sample))


def _parts(sample: Sample) -> list[str]:
    return [f"{ROWS[change.key].label} {change.text}".strip() for change in sample.applied]


def _sizes(shape: tuple[int, ...]) -> tuple[Size, int]:
    """The size at which samples are made, and the whole factor by which small ones are enlarged for the eye."""
    height, width = shape[:2]
    ratio = min(1.0, _CELL / max(height, width))
    size = (max(1, round(height * ratio)), max(1, round(width * ratio)))
    return size, max(1, _CELL // max(size))


def _cell(sample: Sample, colors: Sequence[str], enlarged: int, flips: Flips, title: str, parts: list[str]) -> Bytes:
    """One picture with its caption, and the gaps to its right and below."""
    picture = _bytes(sample.image)
    labels = np.zeros(picture.shape[:2], np.uint8) if sample.mask is None else _bytes_of_labels(sample.mask)
    picture, labels = (
        np.ascontiguousarray(flip(array, flips).repeat(enlarged, 0).repeat(enlarged, 1)) for array in (picture, labels)
    )
    drawn = overlay(picture, labels, colors)
    height, width = drawn.shape[:2]
    lines = _wrapped(parts, width)
    cell = np.full((height + 4 * _LINE + _GAP, width + _GAP, 3), _GROUND, np.uint8)
    cell[:height, :width] = drawn
    for number, (line, color) in enumerate([(title, _TEXT), *((line, _DIM) for line in lines)], start=1):
        cv2.putText(cell, line, (0, height + number * _LINE), _FONT, _SCALE, color, 1, cv2.LINE_AA)
    return cell


def _bytes(image: Pixels) -> Bytes:
    """As 8-bit grey (h, w) or RGB; of other numbers of channels the first is shown."""
    picture = image if image.dtype == np.uint8 else np.rint(image * np.float32(255)).astype(np.uint8)
    if picture.ndim == 3 and picture.shape[2] != 3:
        picture = picture[..., 0]
    return cast(Bytes, np.ascontiguousarray(picture))


def _bytes_of_labels(mask: Mask) -> Bytes:
    return cast(Bytes, np.minimum(mask, 255).astype(np.uint8))


def _wrapped(parts: list[str], width: int) -> list[str]:
    """At most three lines of whole parts, in the font's characters; the last ends in "..." where more would follow."""
    lines: list[str] = []
    for part in (part.translate(_PLAIN) for part in parts):
        longer = f"{lines[-1]}, {part}" if lines else part
        if lines and cv2.getTextSize(longer, _FONT, _SCALE, 1)[0][0] <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines if len(lines) <= 3 else [*lines[:2], lines[2] + " ..."]
