"""What of an image a network is fed: single slices, or each with the slices beside it as channels."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.imaging.image import Image
from engine.imaging.intensity import unit_slices
from engine.learning.bundle import ModelCard
from engine.learning.pixels import Picture

BESIDE = (-1, 0, 1)
"""Where the channels of a network that sees neighbours lie, in slices."""


def fed_slices(card: ModelCard, image: Image) -> Callable[[range], list[Picture]]:
    """A function that makes the pictures of some slices as the card's network is fed them, at the image's own size: (h, w) or (h, w, 3),
    uint8 or float16 in 0..1. Beyond the ends of a volume lies its end once more."""
    if not card.neighbours:
        unit = unit_slices(image, card.intensity, card.channels)
        return lambda which: list(unit(slice(which.start, which.stop)))
    grey, count = unit_slices(image, card.intensity, 1), image.shape[0]

    def fed(which: range) -> list[Picture]:
        first, last = max(which.start - 1, 0), min(which.stop + 1, count)
        held = grey(slice(first, last))
        return [with_neighbours([held[place - first] for place in beside(z, count)]) for z in which]

    return fed


def own_channel(card: ModelCard, fed: NDArray[Any]) -> NDArray[Any]:
    """Of pictures or filters (..., channels) what belongs to the slice itself, without those beside it."""
    return fed[..., BESIDE.index(0)] if card.neighbours else fed


def beside(z: int, count: int) -> list[int]:
    """The slices that slice `z` of `count` is fed with, itself among them."""
    return [min(max(z + step, 0), count - 1) for step in BESIDE]


def with_neighbours(pictures: Sequence[Picture]) -> NDArray[Any]:
    """Grey pictures (h, w) of one size as the channels of one picture (h, w, 3)."""
    return np.stack(pictures, axis=-1)
