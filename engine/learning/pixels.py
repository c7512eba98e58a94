"""From pictures of 0..1 values to what a network is fed (sizes, mean and spread, batches), and its scores back at an image's own size."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.errors import EngineError
from engine.imaging.intensity import Intensity
from engine.imaging.intensity import grey_of as grey_of  # scripts of before have these three from here
from engine.imaging.intensity import rule_for as rule_for
from engine.imaging.intensity import to_unit as to_unit
from engine.labels.edit import Labels
from engine.learning import device
from engine.words import translatable

Picture: TypeAlias = NDArray[Any]  # (h, w) or (h, w, 3), uint8 or float in 0..1

_ROOM = 0.9  # of the free memory: the network needs some too


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


# Scores at an image's own size, some rows and columns at a time -------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Taps:
    """Along one side: pixel n lies between the working pixels `low[n]` and `high[n]`, at `share[n]` (0..1) of the way."""

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    share: NDArray[np.float32]
    same: bool  # the working size is the own size: there is nothing to do

    def told_by(self, start: int, stop: int) -> range:
        """The pixels that the working pixels from `start` up to `stop` tell."""
        first = int(np.searchsorted(self.low, start))
        return range(first, max(first, int(np.searchsorted(self.high, stop - 1, side="right"))))

    def part(self, pixels: range, start: int) -> "Taps":
        """Of these pixels alone; working pixels are counted from `start`."""
        those = slice(pixels.start, pixels.stop)
        return Taps(self.low[those] - start, self.high[those] - start, self.share[those], self.same)


def taps(own: int, working: int) -> Taps:
    """Where the `own` pixels of a side lie among its `working` ones, as torch's `interpolate` without `align_corners` has it."""
    if own == working:
        pixels = np.arange(own)
        return Taps(pixels, pixels, np.zeros(own, np.float32), True)
    at = np.maximum((np.arange(own) + 0.5) * (working / own) - 0.5, 0.0)
    low = np.minimum(at.astype(np.int64), working - 1)
    return Taps(low, np.minimum(low + 1, working - 1), (at - low).astype(np.float32), False)


def interpolate(scores: Tensor, down: Taps, across: Taps) -> Tensor:
    """Scores (classes, rows, columns) at the pixels of `down` and `across`, bilinear, as torch does the whole: (classes, len(down.low),
    len(across.low)) float32."""
    for dim, side in ((1, down), (2, across)):
        if side.same:
            scores = scores.narrow(dim, int(side.low[0]), len(side.low)) if len(side.low) else scores.narrow(dim, 0, 0)
            continue
        low, high = (torch.from_numpy(at).to(scores.device) for at in (side.low, side.high))
        share = torch.from_numpy(side.share).to(scores.device)
        ends = scores.index_select(dim, high)
        scores = scores.index_select(dim, low)
        scores = torch.lerp(scores, ends, share[:, None] if dim == 1 else share)
    return scores
