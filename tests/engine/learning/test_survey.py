"""What a sample of masks says of how it is best learnt."""

import numpy as np

from engine.labels.edit import Labels
from engine.learning.survey import place_knowledge


def halves(count: int) -> list[Labels]:
    """Two organs, one on each side, a little shifted from image to image; of any size."""
    masks = []
    for n in range(count):
        labels = np.zeros((64 + 8 * n, 96), np.uint8)
        labels[10 + n : 50, 10 + n : 35] = 1
        labels[10 + n : 50, 60 : 85 - n] = 2
        masks.append(labels)
    return masks


def grains(count: int) -> list[Labels]:
    draw = np.random.default_rng(0)
    return [draw.integers(0, 3, (64, 64)).astype(np.uint8) for _ in range(count)]


def test_organs_lie_where_they_lie_and_their_mirror_image_says_the_other_one() -> None:
    found = place_knowledge(halves(6))
    assert found.label > 0.4
    assert found.named > 0.95
    assert found.mirrored < 0.05


def test_grains_lie_anywhere() -> None:
    found = place_knowledge(grains(12))
    assert found.label < 0.1
    assert abs(found.named - found.mirrored) < 0.15


def test_few_masks_tell_nothing() -> None:
    assert place_knowledge(halves(2)) == (0, 0, 0)
    assert place_knowledge([np.zeros((8, 8), np.uint8)] * 4) == (0, 0, 0)
