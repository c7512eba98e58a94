"""The pixels of every preset, to the byte, while the table is rebuilt. Not portable between builds of OpenCV: goes when that is done."""

import hashlib
from itertools import product
from typing import Any

import numpy as np
import pytest

from engine.augment.pipeline import Augmenter
from engine.augment.presets import load_preset, preset_names

PIXELS: dict[str, str] = {
    "none": "6655b438c34bbe3f",
    "gentle": "52522670a983330c",
    "standard": "0991b70b6d596a9f",
    "strong": "4d0c32f4032434ad",
    "ct": "1d8c330b68ce8097",
    "lecture": "1714169680329d7f",
    "classification": "e771f23f093de0bb",
}


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_gives_the_pixels_that_it_gave(name: str) -> None:
    rng, digest, augmenter = np.random.default_rng(2), hashlib.sha256(), Augmenter(load_preset(name))
    for channels, real, out, index in product((0, 1, 3), (False, True), (None, (40, 40)), range(6)):
        levels = rng.integers(0, 256, (48, 64, channels) if channels else (48, 64), np.uint8)
        image: Any = np.asarray(levels / 255 if real else levels, np.float32 if real else np.uint8)
        sample = augmenter.apply(image, rng.integers(0, 4, (48, 64), np.uint8), (7, 1, index), out)
        assert sample.mask is not None
        for part in (sample.image, sample.mask):
            digest.update(part.tobytes())
        digest.update(repr([(change.key, change.strengths) for change in sample.applied]).encode())
    assert digest.hexdigest()[:16] == PIXELS[name]
