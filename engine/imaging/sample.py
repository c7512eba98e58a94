"""Samples that tell of a whole: no pattern in it can fall in step with them, as columns do with every n-th voxel."""

import numpy as np
from numpy.typing import NDArray

from engine.imaging.image import Pixels


def spread(size: int, count: int) -> NDArray[np.int64]:
    """At most `count` places out of range(size), rising: one drawn from each of so many equal stretches, the same in every call."""
    if size <= count:
        return np.arange(size)
    places = np.arange(count) + np.random.default_rng(0).random(count)
    return (places * (size / count)).astype(np.int64)


def sampled(pixels: Pixels, count: int) -> Pixels:
    """At most `count` (n,) of the values of an array of any shape."""
    flat = pixels.reshape(-1)
    return flat if flat.size <= count else flat[spread(flat.size, count)]
