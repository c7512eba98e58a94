"""Objects that touch come apart where they are narrow."""

import cv2
import numpy as np
import pytest

from engine.errors import EngineError
from engine.labels.classes import UNLABELLED
from engine.labels.instances import parts
from engine.labels.watershed import watershed


def discs(*places: tuple[int, int, int], side: int = 96, value: int = 1) -> np.ndarray:
    labels = np.zeros((side, side), np.uint8)
    for x, y, radius in places:
        cv2.circle(labels, (x, y), radius, value, -1)
    return labels[None]


def test_two_discs_that_touch_are_two_objects() -> None:
    labels = discs((30, 48, 14), (54, 48, 14))
    assert len(parts(labels).present) == 1
    found = watershed(labels)
    assert found.present == (1, 2)
    left, right = sorted(float(np.argwhere(found.ids[0] == id)[:, 1].mean()) for id in found.present)
    assert left == pytest.approx(30, abs=1.5) and right == pytest.approx(54, abs=1.5)
    assert np.array_equal(found.class_map(), labels)


def test_one_disc_or_square_stays_one() -> None:
    assert len(watershed(discs((48, 48, 20))).present) == 1
    square = np.zeros((1, 40, 40), np.uint8)
    square[0, 5:30, 8:33] = 1
    assert len(watershed(square).present) == 1


def test_a_heap_of_discs_has_as_many_objects() -> None:
    heap = discs(*((20 + 24 * x, 20 + 24 * y, 13) for x in range(3) for y in range(3)))
    assert len(parts(heap).present) == 1
    assert len(watershed(heap).present) == 9


def test_every_voxel_is_in_one_object_of_its_class() -> None:
    draw = np.random.default_rng(0)
    labels = draw.integers(0, 3, (3, 40, 50)).astype(np.uint8)
    labels[0, :5] = UNLABELLED
    found = watershed(labels)
    assert np.array_equal(found.class_map(), np.where(labels == UNLABELLED, 0, labels))
    assert set(np.unique(found.ids)) == {0, *found.present}


def test_single_pixels_and_nothing() -> None:
    labels = np.zeros((1, 9, 9), np.uint8)
    assert watershed(labels).present == ()
    labels[0, 2, 2] = labels[0, 6, 6] = 4
    found = watershed(labels)
    assert found.present == (1, 2)
    assert found.classes.tolist() == [0, 4, 4]


def test_objects_reach_the_edge_of_the_image() -> None:
    labels = np.zeros((1, 20, 60), np.uint8)
    cv2.circle(labels[0], (0, 10), 12, 1, -1)
    cv2.circle(labels[0], (22, 10), 12, 1, -1)
    assert len(watershed(labels).present) == 2


def test_more_objects_than_numbers_are_refused() -> None:
    dots = np.zeros((1, 600, 600), np.uint8)
    dots[0, ::2, ::2] = 1
    with pytest.raises(EngineError, match="65,535"):
        watershed(dots)
