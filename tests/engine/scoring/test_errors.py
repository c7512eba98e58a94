"""The map of errors is right for what is looked at, whatever was changed."""

import numpy as np

from engine.labels.edit import Box
from engine.labels.mask import Mask
from engine.scoring.errors import ErrorMap, FateMap
from engine.scoring.render import MISSED, OTHER_CLASS, RIGHT, TOO_MUCH


def _pair() -> tuple[Mask, np.ndarray]:
    labels, predicted = np.zeros((3, 4, 5), np.uint8), np.zeros((3, 4, 5), np.uint8)
    labels[1, 0, :2], predicted[1, 0, 1:3] = 1, 1
    labels[1, 3, 3], predicted[1, 3, 3] = 1, 2
    return Mask(labels), predicted


def test_a_slice_is_compared_when_it_is_looked_at() -> None:
    mask, predicted = _pair()
    found = ErrorMap()
    assert found.show("axial", 1).empty and not found.ready, "nothing to compare yet"
    found.follow(mask, predicted)
    assert found.show("axial", 1) == Box((1, 0, 0), (2, 4, 5)) and found.ready
    assert found.codes[1, 0].tolist() == [MISSED, RIGHT, TOO_MUCH, 0, 0] and found.codes[1, 3, 3] == OTHER_CLASS
    found = ErrorMap()
    found.follow(mask, predicted)
    assert found.show("coronal", 0) == Box((0, 0, 0), (3, 1, 5))
    assert found.codes[1, 0].tolist() == [MISSED, RIGHT, TOO_MUCH, 0, 0] and not found.codes[1, 3, 3]


def test_what_was_painted_is_compared_again() -> None:
    mask, predicted = _pair()
    found = ErrorMap()
    found.follow(mask, predicted)
    for index in range(3):
        found.show("axial", index)
    mask.labels[1:, 0, :] = 1  # a stroke reaches two slices
    assert found.changed(Box((1, 0, 0), (3, 1, 3)), "axial", 1) == Box((1, 0, 0), (2, 1, 3))
    assert found.codes[1, 0].tolist() == [MISSED, RIGHT, RIGHT, 0, 0], "only what was said to be other"
    assert found.codes[2].max() == 0, "nobody looks at it"
    found.show("axial", 2)
    assert found.codes[2, 0].tolist() == [MISSED] * 5
    assert found.changed(Box((0, 0, 0), (1, 1, 1)), "axial", 2).empty
    mask.labels[2] = 0
    found.forget()
    found.show("axial", 2)
    assert found.codes[2].max() == 0


def test_another_prediction_gives_another_map() -> None:
    """The same array, filled anew, was not drawn anew: the errors of the prediction before stayed on the screen."""
    mask, predicted = _pair()
    found = ErrorMap()
    found.follow(mask, predicted)
    found.show("axial", 1)
    before = found.codes
    found.follow(mask, predicted)
    assert found.codes is before, "nothing changed"
    found.follow(mask, mask.labels.copy())
    assert found.codes is not before
    found.show("axial", 1)
    assert set(np.unique(found.codes[1])) == {0, RIGHT}
    found.follow(mask, predicted, frozenset({2}))
    found.show("axial", 1)
    assert found.codes[1, 3, 3] == MISSED, "a hidden class is background"


def test_what_the_model_never_knew_is_not_missed() -> None:
    mask, predicted = Mask(np.array([[[2, 2, 1]]], np.uint8)), np.array([[[0, 1, 0]]], np.uint8)
    errors = ErrorMap()
    errors.follow(mask, predicted)
    errors.show("axial", 0)
    assert errors.codes.tolist() == [[[MISSED, OTHER_CLASS, MISSED]]]
    errors.follow(mask, predicted, unknown=frozenset({2}))
    errors.show("axial", 0)
    assert errors.codes.tolist() == [[[0, OTHER_CLASS, MISSED]]]


def test_fates_are_drawn_slice_by_slice() -> None:
    ids = np.zeros((2, 2, 3), np.uint16)
    ids[0, 0], ids[1, 1, 0] = (7, 0, 9), 7
    fates = np.zeros(1 << 16, np.uint8)
    fates[[7, 9]] = 2, 4
    found = FateMap()
    assert found.show("axial", 0).empty, "nothing is followed yet"
    found.follow(ids, fates)
    assert found.show("axial", 0) == Box((0, 0, 0), (1, 2, 3))
    assert found.codes[0, 0].tolist() == [2, 0, 4] and not found.codes[1].any()
    before = found.codes
    found.follow(ids, fates.copy())
    assert found.codes is before, "nothing changed"
    found.follow(ids, np.where(fates == 4, fates, 0).astype(np.uint8))
    found.show("coronal", 0)
    assert found.codes is not before and found.codes[0, 0].tolist() == [0, 0, 4]
