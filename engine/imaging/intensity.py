"""How grey values become what a network is fed: one rule, chosen from the training set, kept in the bundle."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging.hounsfield import could_be_hu
from engine.imaging.image import Image
from engine.imaging.sample import sampled

Rule: TypeAlias = Literal["bytes", "range", "image"]

SURVEYED, SURVEYED_CLASSES = (
    16,
    32,
)  # images of a training set that are looked at to choose the rule; where they have classes
_SAMPLE = 200_000  # voxels
_ROWS = 256
_LOW, _HIGH = 0.5, 99.5  # percentiles, as nnU-Net takes them (Isensee et al. 2021)


@dataclass(frozen=True)
class Intensity:
    """How grey values become 0..1: 8-bit pictures as they are, one `low`..`high` range for calibrated values (HU; an image whose values
    cannot be HU has its own percentiles), or each image's own percentiles. `mean` and `deviation` (of 0..1 values, one a channel) then bring them to zero mean and unit spread."""

    rule: Rule
    low: float = 0.0
    high: float = 255.0
    mean: tuple[float, ...] = (0.5,)
    deviation: tuple[float, ...] = (0.25,)


@dataclass(frozen=True)
class IntensityStats:
    """What a rule needs to know of an image, so that the image itself need not be kept; `ends`: of calibrated values alone."""

    eight_bit: bool
    ends: tuple[float, float] | None


def grey_of(image: Image) -> IntensityStats:
    """What `rule_for` needs of an image; the percentiles of its values where these are HU, and so comparable between images."""
    return IntensityStats(image.pixels.dtype == np.uint8, _percentiles(image.pixels) if image.unit == "HU" else None)


def rule_for(greys: Sequence[IntensityStats]) -> Intensity:
    """The rule for a set of images, a sample of the training set: "bytes" where all have 8 bits, "range" (median of their percentiles)
    where all are in HU, else "image". `mean` and `deviation` are still at their defaults (see `mean_std`)."""
    if all(grey.eight_bit for grey in greys):
        return Intensity("bytes")
    ends = [grey.ends for grey in greys if grey.ends is not None]
    if len(ends) == len(greys):
        lows, highs = zip(*ends, strict=True)
        return Intensity("range", float(np.median(lows)), float(np.median(highs)))
    return Intensity("image", 0.0, 1.0)


def taken_as_hu(image: Image) -> bool:
    """Whether a network that is fed a range of HU is fed this image by it too: its header says HU, or its values could be."""
    return image.unit == "HU" or could_be_hu(image.pixels)


def to_unit(image: Image, intensity: Intensity, channels: int) -> NDArray[Any]:
    """All slices (z, h, w) for 1 channel, (z, h, w, 3) for 3, as uint8, or as float16 in 0..1 where the rule is not "bytes". An
    inverted image is inverted, so that low is dark in all. Always finite: NaN and what lies outside the range are brought to its ends."""
    return unit_slices(image, intensity, channels)(slice(None))


def unit_slices(image: Image, intensity: Intensity, channels: int) -> Callable[[slice], NDArray[Any]]:
    """`to_unit` of some slices at a time: a function that makes those that are asked for, so that a volume is not held twice."""
    kept = intensity.rule == "bytes" and image.pixels.dtype == np.uint8
    calibrated = intensity.rule == "range" and taken_as_hu(image)
    low, high = (intensity.low, intensity.high) if calibrated or kept else _percentiles(image.pixels)

    def unit(which: slice) -> NDArray[Any]:
        pixels = image.pixels[which]
        if image.color and channels == 1:
            pixels = np.stack([cv2.cvtColor(np.ascontiguousarray(p), cv2.COLOR_RGB2GRAY) for p in pixels])
        elif not image.color and channels == 3:
            pixels = np.repeat(pixels[..., None], 3, axis=-1)
        if kept:
            return 255 - pixels if image.inverted else pixels
        done = np.empty(pixels.shape, np.uint8 if intensity.rule == "bytes" else np.float16)
        for part, into in zip(pixels, done, strict=True):
            for row in range(0, len(part), _ROWS):  # a few rows at a time: the float32 in between is what costs memory
                values = part[row : row + _ROWS].astype(np.float32)
                values = (np.nan_to_num(values, nan=low, posinf=high, neginf=low) - low) / max(high - low, 1e-6)
                values = np.clip(values, 0.0, 1.0)
                values = (1.0 - values if image.inverted else values).astype(np.float16)
                into[row : row + _ROWS] = values.astype(np.float32) * 255 if intensity.rule == "bytes" else values
        return done

    return unit


def _percentiles(pixels: NDArray[Any]) -> tuple[float, float]:
    """Low and high end of what matters: of a sample of the finite values, since all of a volume tells no more."""
    sample = sampled(pixels, _SAMPLE).astype(np.float64)
    sample = sample[np.isfinite(sample)]
    if not sample.size:
        return 0.0, 1.0
    low, high = np.percentile(sample, [_LOW, _HIGH])
    return float(low), float(max(high, low + 1e-6))
