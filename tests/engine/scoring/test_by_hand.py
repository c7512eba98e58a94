import numpy as np
import pytest

from engine.scoring.by_hand import ByHand, left_out
from engine.scoring.metrics import confusion

BINARY = ([1, 0, 0, 0, 1, 0, 1, 0, 1], [1, 0, 0, 1, 1, 0, 0, 0, 1])
TWO = ([0, 1, 1, 0, 2, 0, 2, 0, 1], [0, 1, 0, 2, 2, 0, 2, 0, 1])


def by_hand(truth: list[int], predicted: list[int], classes: int, confidence: float = 0.9) -> ByHand:
    return ByHand(confusion(np.array(truth, np.uint8), np.array(predicted, np.uint8), classes), confidence)


def test_the_lectures_grids() -> None:
    (one,) = by_hand(*BINARY, 1).scores.classes
    assert (one.both, one.truth, one.predicted, one.dice) == (3, 4, 4, 0.75)
    found = by_hand(*TWO, 2).scores
    assert [each.dice for each in found.classes] == [0.8, 0.8]
    assert found.mean_dice == found.weighted_dice == pytest.approx(0.8)


@pytest.mark.parametrize("confidence", [0.6, 0.9, 0.99])
@pytest.mark.parametrize(("grids", "classes"), [(BINARY, 1), (TWO, 2), (TWO, 3), (([0] * 9, [1] + [0] * 8), 1)])
def test_losses_are_those_of_a_training(grids: tuple[list[int], list[int]], classes: int, confidence: float) -> None:
    import torch

    from engine.learning.losses import make_loss

    truth, predicted = grids
    found = by_hand(truth, predicted, classes, confidence)
    shares = torch.full((1, classes + 1, 3, 3), found.rest, dtype=torch.float64)
    shares.scatter_(1, torch.tensor(predicted).view(1, 1, 3, 3), confidence)
    target = torch.tensor(truth).view(1, 3, 3)
    for name, value in (("ce", found.cross_entropy), ("dice", found.dice_loss)):
        assert float(make_loss(name, classes + 1, task="segmentation")(shares.log(), target)) == pytest.approx(
            value, abs=1e-6
        )


def test_a_class_in_neither_is_left_out_and_what_it_would_do_is_told() -> None:
    found = by_hand(*TWO, 3).scores
    assert found.classes[2].dice is None and found.mean_dice == pytest.approx(0.8)
    assert left_out(found.classes) == pytest.approx((1.6 / 3, 2.6 / 3))
    assert left_out(by_hand(*TWO, 2).scores.classes) is None


def test_a_guess_is_the_likeliest() -> None:
    for confidence in (0.5, 1.0):
        with pytest.raises(ValueError, match="confidence"):
            by_hand(*BINARY, 1, confidence)
