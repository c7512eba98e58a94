"""Changes grey levels and colours in place: one matrix or one table, pooled noise, and the cutout square."""

import functools
import math
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.augment.warp import Mask, Pixels

_CHUNK = (
    1 << 20
)  # values that take noise in one call; the pool is twice that, so a chunk can start anywhere in its half
_POOL_SIGMA = 32.0  # the pool's deviation in bytes: four deviations fit, and a step is a 32nd of one
_LUMA = np.array([0.299, 0.587, 0.114])  # of red, green and blue (ITU-R BT.601)
# Turning about the grey axis: grey stays grey, colours change their hue.
_CROSS = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]]) / math.sqrt(3)


@dataclass(slots=True)
class Tone:
    """Shares are of 1 (0.25 is 25 %); `hue` in half turns; `balance` red, green, blue."""

    brightness: float = 0.0
    contrast: float = 0.0
    gamma: float = 1.0
    hue: float = 0.0
    saturation: float = 0.0
    balance: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def colored(self) -> bool:
        return bool(self.hue or self.saturation or any(self.balance))

    @property
    def linear(self) -> bool:
        return bool(self.brightness or self.contrast)


def toned(image: Pixels, tone: Tone) -> Pixels:
    """The image with colours, then brightness and contrast, then gamma changed; may reuse the image's memory.

    (h, w) or (h, w, channels), uint8 or float32 in 0..1, and so the result: values beyond are clipped. Colours change only where
    there are three channels, red first.
    """
    gain, offset = _gain_and_offset(image, tone)
    if image.ndim == 3 and image.shape[2] == 3 and (tone.colored or tone.linear):
        matrix = np.column_stack([_color_matrix(tone) * gain, np.full(3, offset)])
        image = cast(Pixels, cv2.transform(image, matrix.astype(np.float32)))
        gain, offset = 1.0, 0.0
    if image.dtype == np.uint8:
        if (gain, offset, tone.gamma) == (1.0, 0.0, 1.0):
            return image
        return cast(Pixels, cv2.LUT(image, _table(gain, offset, tone.gamma)).reshape(image.shape))
    levels = np.clip(image * np.float32(gain) + np.float32(offset), 0, 1)
    return levels if tone.gamma == 1.0 else cast(Pixels, cv2.pow(levels, tone.gamma).reshape(image.shape))


def _gain_and_offset(image: Pixels, tone: Tone) -> tuple[float, float]:
    """Brightness, then contrast about the mean that the brightness left, as out = gain * in + offset."""
    gain = 1 + tone.brightness
    if not tone.contrast:
        return gain, 0.0
    channels = 1 if image.ndim == 2 else image.shape[2]
    mean = sum(cv2.mean(image)[:channels]) / channels * gain
    return gain * (1 + tone.contrast), -tone.contrast * mean


def _color_matrix(tone: Tone) -> NDArray[np.float64]:
    if not tone.colored:
        return np.eye(3)
    angle = math.pi * tone.hue
    grey = np.full((3, 3), 1 / 3)
    hue = math.cos(angle) * np.eye(3) + (1 - math.cos(angle)) * grey + math.sin(angle) * _CROSS
    saturation = np.eye(3) * (1 + tone.saturation) - tone.saturation * _LUMA
    balanced: NDArray[np.float64] = np.diag(1 + np.array(tone.balance)) @ saturation @ hue
    return balanced


def _table(gain: float, offset: float, gamma: float) -> NDArray[np.uint8]:
    levels = np.clip(np.arange(256, dtype=np.float32) * np.float32(gain) + np.float32(offset), 0, 255)
    if gamma != 1.0:
        levels = 255 * np.power(levels / 255, np.float32(gamma))
    return cast(NDArray[np.uint8], np.rint(levels).astype(np.uint8))


def add_noise(image: Pixels, sigma: float, share: float) -> None:
    """Add Gaussian noise of `sigma` (steps of 255 levels) in place; `share` (0..1) chooses where in the pool."""
    flat = image.reshape(1, -1)
    full = image.dtype == np.uint8
    scale = sigma / _POOL_SIGMA / (1 if full else 255)
    first = int(share * _CHUNK)
    for chunk, start in enumerate(range(0, flat.shape[1], _CHUNK)):
        part = flat[:, start : start + _CHUNK]
        # an odd stride, so that the chunks of a large picture do not show the same grain
        offset = (first + chunk * 421_637) % _CHUNK
        grain = _pool()[:, offset : offset + part.shape[1]]
        cv2.addWeighted(part, 1.0, grain, scale, -128 * scale, dst=part, dtype=cv2.CV_8U if full else cv2.CV_32F)
        if not full:
            np.clip(part, 0, 1, out=part)


@functools.cache
def _pool() -> NDArray[np.uint8]:
    """Normal noise about 128 as bytes (1, 2 * _CHUNK), the same in every process; made once, in 30 ms."""
    rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence(20240229)))
    values = rng.standard_normal((1, 2 * _CHUNK), dtype=np.float32) * np.float32(_POOL_SIGMA) + np.float32(128)
    return cast(NDArray[np.uint8], np.rint(np.clip(values, 0, 255)).astype(np.uint8))


def cut_out(image: Pixels, mask: Mask | None, side: int, down: float, across: float) -> None:
    """Blacken a square of `side` pixels in place, wholly inside; `down` and `across` (0..1) say where. The mask becomes 0
    there. Source: DeVries and Taylor, "Improved regularization of convolutional neural networks with cutout", 2017."""
    top = round(down * (image.shape[0] - side))
    left = round(across * (image.shape[1] - side))
    image[top : top + side, left : left + side] = 0
    if mask is not None:
        mask[top : top + side, left : left + side] = 0
