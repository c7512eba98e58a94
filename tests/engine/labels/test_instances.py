import numpy as np
import pytest

from engine.errors import EngineError
from engine.labels.classes import UNLABELLED
from engine.labels.instances import parts


def test_each_connected_part_of_a_class_is_an_object_of_its_own() -> None:
    labels = np.zeros((2, 6, 8), np.uint8)
    labels[0, :2, :2], labels[0, 2, 2] = 1, 1  # touch at a corner: one
    labels[0, 4:, :2], labels[0, 4:, 2:4] = 1, 2  # side by side, two classes
    labels[0, 0, 7] = UNLABELLED
    labels[1, :2, :2] = 1
    found = parts(labels)
    assert found.ids.dtype == np.uint16 and len(found.present) == 4
    assert np.array_equal(found.class_map(), np.where(labels == UNLABELLED, 0, labels))
    assert found.ids[0, 0, 0] == found.ids[0, 2, 2] != found.ids[1, 0, 0]


def test_more_objects_than_can_be_told_apart_are_refused() -> None:
    labels = np.zeros((1, 514, 514), np.uint8)
    labels[0, ::2, ::2] = 1
    with pytest.raises(EngineError, match="65,535"):
        parts(labels)
