"""Strokes that grow until they meet."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.labels.assist.seeds import grow_seeds

DOWN, ACROSS = np.mgrid[:160, :160]
INNER = ((DOWN - 80) / 24) ** 2 + ((ACROSS - 70) / 18) ** 2 < 1
OUTER = ((DOWN - 80) / 50) ** 2 + ((ACROSS - 76) / 45) ** 2 < 1
SCAN = np.clip(60 + 50 * OUTER + 60 * INNER + np.random.default_rng(0).normal(0, 8, OUTER.shape), 0, 255).astype(
    np.uint8
)


def dice(one: NDArray[Any], two: NDArray[Any]) -> float:
    return float(2 * np.count_nonzero(one & two) / (np.count_nonzero(one) + np.count_nonzero(two)))


def strokes() -> NDArray[Any]:
    labels = np.zeros((1, 160, 160), np.uint8)
    labels[0, 70:90, 66:72] = 1
    labels[0, 44:48, 40:110] = labels[0, 60:100, 104:108] = 2
    return labels


def test_classes_meet_at_the_edges_between_them_and_stop_at_the_rim() -> None:
    grown = grow_seeds(SCAN[None], strokes())
    assert dice(grown[0] == 1, INNER) > 0.95
    assert dice(grown[0] == 2, OUTER & ~INNER) > 0.9
    assert (grown[strokes() > 0] == strokes()[strokes() > 0]).all()


def test_a_new_stroke_refines_what_grows() -> None:
    one = np.zeros((1, 160, 160), np.uint8)
    one[0, 40:120, 100:104] = 2
    alone = grow_seeds(SCAN[None], one)[0]
    one[0, 78:82, 68:72] = 1
    refined = grow_seeds(SCAN[None], one)[0]
    assert (alone[INNER] == 1).sum() == 0 and dice(refined == 1, INNER) > 0.95


def test_a_volume_grows_between_its_painted_slices_and_not_beyond() -> None:
    scan, labels = np.stack([SCAN] * 9), np.zeros((9, 160, 160), np.uint8)
    labels[2] = labels[6] = strokes()[0]
    grown = grow_seeds(scan, labels, (3.0, 1.0, 1.0))
    assert not grown[[0, 1, 7, 8]].any()
    assert dice(grown[4] == 1, INNER) > 0.95


def test_colour_grows_as_grey_does() -> None:
    picture = np.repeat(SCAN[None, ..., None], 3, axis=3)
    assert dice(grow_seeds(picture, strokes())[0] == 1, INNER) > 0.95


def test_strokes_over_more_than_can_be_worked_on_are_refused() -> None:
    huge = np.zeros((3, 4000, 4000), np.uint8)
    huge[0, 10, 10] = huge[2, 3990, 3990] = 1
    with pytest.raises(EngineError, match="too much of the volume"):
        grow_seeds(np.broadcast_to(np.uint8(0), huge.shape), huge)


def test_nothing_painted_and_nothing_left_are_told() -> None:
    with pytest.raises(EngineError, match="Nothing is painted"):
        grow_seeds(SCAN[None], np.zeros((1, 160, 160), np.uint8))
    with pytest.raises(EngineError, match="nothing that"):
        grow_seeds(SCAN[None], np.ones((1, 160, 160), np.uint8))
