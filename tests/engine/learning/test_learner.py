"""How slices and patches are drawn, whatever is learnt from them."""

from types import SimpleNamespace

import numpy as np
import pytest

from engine.config import TrainConfig
from engine.learning.learner import SliceLearner, square_around


def test_an_epoch_takes_each_slice_as_often_as_it_holds_patches_in_an_order_of_its_own() -> None:
    learner = SimpleNamespace(config=TrainConfig(batch=4, seed=3), steps=3, _takes=np.array([1, 2, 3]))
    first, second = (SliceLearner._order(learner, epoch) for epoch in (0, 1))  # type: ignore[arg-type]
    for order in (first, second):
        assert np.bincount(order).tolist() == [2, 4, 6]
        assert sorted(order[:6]) == [0, 1, 1, 2, 2, 2], "a whole round before the next"
        assert order.tolist() != sorted(order)
    assert first.tolist() != second.tolist()
    assert np.array_equal(first, SliceLearner._order(learner, 0))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("centre", "top", "left"), [((20, 30), 12, 22), ((0, 0), 0, 0), ((39, 59), 24, 44), ((39, 3), 24, 0)]
)
def test_a_patch_is_moved_into_the_slice(centre: tuple[int, int], top: int, left: int) -> None:
    assert square_around(np.array(centre), 16, (40, 60)) == (top, left, 16, 16)
    assert square_around(np.array(centre), 64, (40, 60)) == (0, 0, 64, 64), "one that is larger begins at its corner"
