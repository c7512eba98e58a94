import numpy as np
import pytest

from engine.labels.classes import UNLABELLED
from engine.labels.edit import Box
from engine.labels.mask import Brush, Mask
from engine.scoring.live import LiveDice
from engine.scoring.metrics import confusion, mean


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


def test_only_labelled_slices_count() -> None:
    mask, other = random_mask(0), random_mask(1)
    live = LiveDice(mask.labels, other.labels, 3, labelled={1})
    np.testing.assert_array_equal(live.counts, confusion(mask.labels[1], other.labels[1], 3))
    edits = []
    for plane, index in (("axial", 0), ("axial", 1), ("coronal", 40)):
        stroke = mask.begin("Brush")
        stroke.line(plane, index, (0.0, 5.0), (2.0, 200.0), Brush.round(9), 2)  # type: ignore[arg-type]
        edits.append(stroke.end())
        live.apply(edits[-1])
        np.testing.assert_array_equal(live.counts, confusion(mask.labels[1], other.labels[1], 3))
    live.set_labelled({0, 2})
    np.testing.assert_array_equal(live.counts, confusion(mask.labels[::2].copy(), other.labels[::2].copy(), 3))
    mask.apply(edits[-1].inverse())
    live.apply(edits[-1].inverse())
    found = live.set_labelled(range(3))
    np.testing.assert_array_equal(live.counts, confusion(mask.labels, other.labels, 3))
    assert found == live.scores


def test_painting_unlabelled_takes_pixels_out_of_the_score() -> None:
    mask = Mask(np.ones((1, 8, 8), np.uint8))
    other = np.zeros((1, 8, 8), np.uint8)
    other[0, :4] = 1
    live = LiveDice(mask.labels, other, 1)
    stroke = mask.begin("Unlabelled")
    stroke.paint_region("axial", 0, (4, 0), np.ones((4, 8), bool), UNLABELLED)
    assert live.apply(stroke.end()).mean_dice == 1.0


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


def test_a_class_that_the_model_never_knew_is_not_missed_wherever_it_stands() -> None:
    mask, other = random_mask(0), random_mask(1)
    live = LiveDice(mask.labels, other.labels, 3)
    all_known = live.scores
    live.known = [True, False, True]
    first, second, third = live.scores.classes
    assert (first, third) == (all_known.classes[0], all_known.classes[2])
    assert not second.present and live.scores.mean_dice == mean([first.dice, third.dice])
