import numpy as np
import pytest

from engine.errors import EngineError
from engine.labels.classes import MOST_CLASSES, make_classes
from engine.labels.edit import Labels
from engine.labels.mask import Mask
from engine.labels.object_edits import separate
from engine.labels.scope import Scope
from engine.labels.splitting import classes_of_parts, parts_of, split_class

CLASSES = make_classes([("spine", "#112233"), ("liver", "")])
WHOLE = (1.0, 1.0, 1.0)


def three() -> Labels:
    """Parts of 100, 36 and 4 voxels on a slice, of class 2; the largest two touch on slice 1 alone."""
    labels = np.zeros((3, 30, 40), np.uint8)
    labels[:, 2:12, 2:12], labels[:, 2:8, 20:26], labels[:, 20:22, 20:22] = 2, 2, 2
    labels[1, 3:5, 12:20] = 2
    labels[:, 25:28] = 1
    return labels


def test_parts_are_numbered_by_size_and_small_ones_are_none() -> None:
    region = three()[0] == 2
    numbers, count = parts_of(region, 0.0, (1.0, 1.0))
    assert count == 3 and [int((numbers == n).sum()) for n in (1, 2, 3)] == [100, 36, 4]
    numbers, count = parts_of(region, 36 * 0.25, (0.5, 0.5))
    assert count == 2 and np.array_equal(numbers > 0, region & (np.indices(region.shape)[0] < 20))
    assert parts_of(np.zeros((4, 4), bool), 0.0, (1.0, 1.0))[1] == 0


def test_diagonal_neighbours_are_one_part() -> None:
    region = np.eye(5, dtype=bool)[None].repeat(2, axis=0)
    assert parts_of(region, 0.0, WHOLE)[1] == 1


def test_each_part_gets_a_class_and_a_colour_of_its_own() -> None:
    classes, values = classes_of_parts(CLASSES, 2, 2)
    assert [each.name for each in classes] == ["spine", "liver", "liver 1", "liver 2"] and values == (3, 4)
    assert len({each.color for each in classes}) == 4
    again, same = classes_of_parts(classes, 2, 3)  # of the next item
    assert again[:4] == classes and same == (3, 4, 5)
    with pytest.raises(EngineError, match="too many"):
        classes_of_parts(make_classes([(f"c{n}", "") for n in range(MOST_CLASSES)]), 1, 2)


def test_a_slice_and_a_volume_are_split() -> None:
    labels = three()
    mask = Mask(labels.copy())

    def split(part: Labels, sides: tuple[float, ...]) -> Labels:
        return split_class(part, sides, 2, 10.0, CLASSES)

    edit = mask.transform("Split", Scope("axial", (0, 0)), WHOLE, lambda part, sides: split(part, tuple(sides)))
    assert (mask.labels[0, 2:12, 2:12] == 3).all() and (mask.labels[0, 2:8, 20:26] == 4).all()
    assert (mask.labels[0, 20:22, 20:22] == 2).all(), "too small: it stays"
    assert np.array_equal(mask.labels[1:], labels[1:]) and np.array_equal(mask.labels == 1, labels == 1)
    mask.apply(edit.inverse())
    assert np.array_equal(mask.labels, labels)
    mask.transform("Split", Scope(), WHOLE, lambda part, sides: split_class(part, sides, 2, 0.0, CLASSES))
    assert (mask.labels[:, 2:8, 20:26] == 3).all() and (mask.labels[:, 20:22, 20:22] == 4).all(), "joined on slice 1"


def test_it_says_why_it_does_not_split() -> None:
    with pytest.raises(EngineError, match="nothing to split"):
        split_class(three()[0], (1.0, 1.0), 2, 50.0, CLASSES)
    with pytest.raises(EngineError, match="nothing to split"):
        split_class(np.zeros((4, 4), np.uint8), (1.0, 1.0), 2, 0.0, CLASSES)
    dots = np.zeros((20, 20), np.uint8)
    dots[::2, ::2] = 2
    with pytest.raises(EngineError, match="more than the"):
        split_class(dots, (1.0, 1.0), 2, 0.0, CLASSES)


def objects() -> Mask:
    """One object of three parts beside another that touches it; a third of another class."""
    labels = three()
    labels[1, 3:5, 12:20] = 0
    ids = np.where(labels == 2, 7, np.where(labels == 1, 4, 0)).astype(np.uint16)
    ids[:, 2:12, 8:12] = 9
    return Mask(labels, ids)


def test_parts_of_an_object_become_objects_and_those_that_touch_stay_two() -> None:
    mask = objects()
    labels = mask.labels.copy()
    edit = separate(mask, "Split", Scope(), WHOLE, 2)
    assert mask.ids is not None and mask.objects is not None and np.array_equal(mask.labels, labels)
    assert mask.objects.present == (4, 7, 9, 10, 11)
    assert (mask.ids[:, 2:12, 2:8] == 7).all() and (mask.ids[:, 2:12, 8:12] == 9).all()
    assert (mask.ids[:, 2:8, 20:26] == 10).all() and (mask.ids[:, 20:22, 20:22] == 11).all()
    mask.apply(edit.inverse())
    assert list(mask.objects.present) == [4, 7, 9]


def test_objects_are_taken_apart_on_a_slice_and_by_size() -> None:
    mask = objects()
    separate(mask, "Split", Scope("axial", (1, 1)), WHOLE, 2, 10.0)
    assert mask.ids is not None and (mask.ids[1, 2:8, 20:26] == 10).all() and (mask.ids[[0, 2], 2:8, 20:26] == 7).all()
    assert (mask.ids[:, 20:22, 20:22] == 7).all()
    mask = objects()
    with pytest.raises(EngineError, match="nothing to split"):
        separate(mask, "Split", Scope(objects=frozenset({9})), WHOLE, 2)
    mask.paint_over = 0  # a rule for strokes
    assert not separate(mask, "Split", Scope(objects=frozenset({7})), WHOLE, 2).empty
    mask = objects()
    mask.locked = frozenset({2})
    with pytest.raises(EngineError, match="locked"):
        separate(mask, "Split", Scope(), WHOLE, 2)
