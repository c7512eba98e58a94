"""From an image's pixels to what a network is fed: one rule, chosen from the training set, kept in the bundle."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.errors import EngineError
from engine.imaging.hounsfield import could_be_hu
from engine.imaging.image import Image
from engine.imaging.sample import sampled
from engine.labels.edit import Labels
from engine.learning import device
from engine.words import translatable

Picture: TypeAlias = NDArray[Any]  # (h, w) or (h, w, 3), uint8 or float in 0..1
Rule: TypeAlias = Literal["bytes", "range", "image"]

_ROOM = 0.9  # of the free memory: the network needs some too
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


def stored_bytes(pixels: int, intensity: Intensity, channels: int) -> int:
    """Bytes that so many pixels take as `to_unit` makes them."""
    return pixels * channels * (1 if intensity.rule == "bytes" else 2)


def check_memory(needed: int) -> None:
    """EngineError where `needed` bytes for the images of a training would not fit into this machine's memory: the system would end the
    program."""
    free = device.memory(torch.device("cpu"))
    if free is not None and needed > free * _ROOM:
        raise EngineError(
            translatable("The images of this training need {needed:.1f} GB of memory, and {free:.1f} GB are free."),
            translatable(
                "Choose a smaller image size, put fewer items into the training set, or close other programs."
            ),
            needed=needed / 1e9,
            free=free / 1e9,
        )


def to_unit(image: Image, intensity: Intensity, channels: int) -> NDArray[Any]:
    """All slices (z, h, w) for 1 channel, (z, h, w, 3) for 3, as uint8, or as float16 in 0..1 where the rule is not "bytes". An
    inverted image is inverted, so that low is dark in all. Always finite: NaN and what lies outside the range are brought to its ends."""
    return unit_slices(image, intensity, channels)(slice(None))


def unit_slices(image: Image, intensity: Intensity, channels: int) -> Callable[[slice], NDArray[Any]]:
    """`to_unit` of some slices at a time: a function that makes those that are asked for, so that a volume is not held twice."""
    kept = intensity.rule == "bytes" and image.pixels.dtype == np.uint8
    calibrated = intensity.rule == "range" and (image.unit == "HU" or could_be_hu(image.pixels))
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


def mean_std(pictures: Sequence[Picture]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation (at least 0.001) per channel over all pixels of the pictures, as 0..1 values. There is one at least."""
    sums = np.zeros((2, 3))
    count = 0
    for picture in pictures:
        scale = 255.0 if picture.dtype == np.uint8 else 1.0
        values = (
            np.atleast_3d(picture).reshape(-1, 1 if picture.ndim == 2 else picture.shape[2]).astype(np.float64) / scale
        )
        k = values.shape[1]
        sums[0, :k] += values.sum(axis=0)
        sums[1, :k] += np.square(values).sum(axis=0)
        count += len(values)
    mean = sums[0, :k] / count
    deviation = np.sqrt(np.maximum(sums[1, :k] / count - mean**2, 1e-6))
    return tuple(map(float, mean)), tuple(map(float, deviation))


def scaled_size(height: int, width: int, size: int) -> tuple[int, int]:
    """Height and width when the longer side becomes `size` (0: unchanged)."""
    if size == 0 or max(height, width) == size:
        return height, width
    scale = size / max(height, width)
    return max(1, round(height * scale)), max(1, round(width * scale))


def resize(picture: Picture, height: int, width: int) -> Picture:
    """A picture in another size: averaged when it shrinks, linear when it grows."""
    if picture.shape[:2] == (height, width):
        return picture
    source = picture.astype(np.float32) if picture.dtype == np.float16 else picture
    way = cv2.INTER_AREA if height < picture.shape[0] else cv2.INTER_LINEAR
    done = cv2.resize(source, (width, height), interpolation=way)
    return done.astype(picture.dtype)


def resize_labels(labels: Labels, height: int, width: int) -> Labels:
    """Labels in another size, nearest pixel: no value is invented."""
    if labels.shape == (height, width):
        return labels
    done = cv2.resize(labels, (width, height), interpolation=cv2.INTER_NEAREST_EXACT)
    return np.asarray(done, np.uint8)


def pad(picture: Picture, height: int, width: int) -> Picture:
    """The picture in the upper left of a larger canvas, its edge repeated."""
    down, across = height - picture.shape[0], width - picture.shape[1]
    if down <= 0 and across <= 0:
        return picture
    edges = ((0, max(down, 0)), (0, max(across, 0)), *((0, 0),) * (picture.ndim - 2))
    return np.pad(picture, edges, mode="edge")


def to_batch(pictures: Sequence[Picture], intensity: Intensity) -> Tensor:
    """Pictures of one size, (h, w) or (h, w, 3), as a float32 tensor (n, channels, h, w) on the CPU: (value in 0..1 - mean) / deviation."""
    stack = np.stack([p if p.dtype == np.uint8 else p.astype(np.float32) for p in pictures])
    batch = torch.from_numpy(stack if stack.ndim == 4 else stack[..., None]).permute(0, 3, 1, 2).float()
    scale = 255.0 if stack.dtype == np.uint8 else 1.0
    mean = torch.tensor(intensity.mean).view(1, -1, 1, 1) * scale
    deviation = torch.tensor(intensity.deviation).view(1, -1, 1, 1) * scale
    return (batch - mean) / deviation
