import numpy as np
import pytest

from engine.labels.edit import Box
from engine.labels.mask import Brush, Mask
from engine.scoring.live import LiveDice
from engine.scoring.metrics import confusion


def random_mask(seed: int) -> Mask:
    return Mask(np.random.default_rng(seed).integers(0, 4, (3, 300, 280), np.uint8))


@pytest.mark.parametrize("painted", ["truth", "predicted"])
def test_counts_follow_strokes_and_undo(painted: str) -> None:
    mask, other = random_mask(0), random_mask(1)
    sides = (mask.labels, other.labels) if painted == "truth" else (other.labels, mask.labels)
    live = LiveDice(*sides, classes=3)
    start = live.counts
    for step in range(6):
        stroke = mask.begin("Brush")
        stroke.line("axial", step % 3, (-5.0, 20.0 * step), (250.0, 270.0), Brush.round(20), step % 4)
        edit = stroke.end()
        found = live.apply(edit, painted)  # type: ignore[arg-type]
        np.testing.assert_array_equal(live.counts, confusion(*sides, 3))
        assert found == live.scores
    assert (live.counts != start).any()
    inverse = edit.inverse()
    mask.apply(inverse)
    live.apply(inverse, painted)  # type: ignore[arg-type]
    np.testing.assert_array_equal(live.counts, confusion(*sides, 3))


def test_an_empty_edit_changes_nothing() -> None:
    mask = random_mask(0)
    live = LiveDice(mask.labels, mask.labels.copy(), 3)
    assert live.apply(mask.begin("nothing").end()).mean_dice == 1.0


def test_one_box_alone() -> None:
    truth, predicted = np.zeros((1, 4, 4), np.uint8), np.zeros((1, 4, 4), np.uint8)
    predicted[0, 1:3, 1:3] = 1
    live = LiveDice(truth, predicted, 1)
    assert live.scores.mean_dice == 0.0
    box = Box((0, 1, 1), (1, 3, 3))
    found = live.update(box, np.zeros((1, 2, 2), np.uint8), np.ones((1, 2, 2), np.uint8), "truth")
    assert found.mean_dice == 1.0


def test_counts_are_a_copy() -> None:
    live = LiveDice(np.ones((1, 2, 2), np.uint8), np.ones((1, 2, 2), np.uint8), 1)
    live.counts[:] = 0
    assert live.scores.mean_dice == 1.0


def test_the_truth_may_move_to_another_array() -> None:
    mask, other = random_mask(0), random_mask(1)
    copied = mask.labels.copy()
    live = LiveDice(copied, other.labels, classes=3)
    live.hold(mask.labels)
    copied[:] = 0
    stroke = other.begin("Brush")
    stroke.line("axial", 0, (20, 20), (200, 200), Brush.round(20), 2)
    live.apply(stroke.end(), "predicted")
    np.testing.assert_array_equal(live.counts, confusion(mask.labels, other.labels, 3))
