from collections.abc import Callable

import numpy as np
import pytest

from engine.errors import EngineError
from engine.labels.edit import Box, Edit, Ids
from engine.labels.instances import Instances
from engine.labels.mask import Mask
from engine.labels.object_edits import change_class, delete, extent, merge, next_object, renumber, split
from engine.labels.objects import ObjectTable

SHAPE = (2, 40, 150)


@pytest.fixture
def mask() -> Mask:
    """A bar (3) that goes on in the next slice, one of another class beside it (7), and a dot (60000)."""
    ids = np.zeros(SHAPE, np.uint16)
    ids[:, 10:20, 10:140], ids[0, 20:30, 10:60], ids[1, 35, 35] = 3, 7, 60_000
    classes = np.zeros(60_001, np.uint8)
    classes[[3, 7, 60_000]] = 1, 2, 1
    return Mask(classes[ids], ids)


def _ids(mask: Mask) -> Ids:
    assert mask.ids is not None
    return mask.ids


def _check(mask: Mask, before: Mask, edit: Edit) -> None:
    """One class an object, a true table, and an edit that can be taken back."""
    assert mask.objects is not None
    table = ObjectTable(_ids(mask), mask.labels)
    assert np.array_equal(table.areas, mask.objects.areas) and np.array_equal(table.classes, mask.objects.classes)
    assert np.array_equal(Instances.of(mask.labels, _ids(mask)).class_map(), mask.labels)
    back = mask.copy()
    back.apply(edit.inverse())
    assert np.array_equal(_ids(back), _ids(before)) and np.array_equal(back.labels, before.labels)


def test_merged_objects_are_one_of_the_first_ones_class(mask: Mask) -> None:
    before = mask.copy()
    edit = merge(mask, "Merge", [7, 3])
    _check(mask, before, edit)
    assert edit.name == "Merge" and mask.objects is not None and mask.objects.present == (7, 60_000)
    assert mask.objects.areas[7] == 2 * 1300 + 500 and (mask.labels[before.labels > 0] == 2).sum() == 3100
    with pytest.raises(EngineError, match="Two objects"):
        merge(mask, "Merge", [7, 7, 999])


def test_deleted_objects_are_background(mask: Mask) -> None:
    before = mask.copy()
    _check(mask, before, delete(mask, "Delete", [3, 60_000]))
    assert mask.objects is not None and mask.objects.present == (7,) and np.count_nonzero(mask.labels) == 500
    assert delete(mask, "Delete", [3]).empty


def test_another_class_is_of_the_whole_object(mask: Mask) -> None:
    before = mask.copy()
    _check(mask, before, change_class(mask, "Class", [3], 5))
    assert (mask.labels[_ids(mask) == 3] == 5).all() and np.array_equal(_ids(mask), _ids(before))
    mask.paint_over = 2
    assert not change_class(mask, "Class", [60_000], 4).empty, "the rule is the brush's"


def test_numbers_without_gaps(mask: Mask) -> None:
    before = mask.copy()
    mask.locked = frozenset({1, 2})
    _check(mask, before, renumber(mask, "Renumber"))
    assert mask.objects is not None and mask.objects.present == (1, 2, 3) and mask.locked == {1, 2}
    assert [int(mask.objects.classes[id]) for id in (1, 2, 3)] == [1, 2, 1]
    assert np.array_equal(mask.labels, before.labels) and renumber(mask, "Renumber").empty


@pytest.mark.parametrize("line", [[(5, 50), (35, 50)], [(2, 40), (12, 45), (25, 45), (33, 70)], [(0, 30), (30, 60)]])
def test_a_line_right_across_splits_the_object_under_it(mask: Mask, line: list[tuple[float, float]]) -> None:
    before = mask.copy()
    edit = split(mask, "Split", "axial", 0, 3, line)
    _check(mask, before, edit)
    assert mask.objects is not None and len(mask.objects.present) == 4
    new = (set(mask.objects.present) - {3, 7, 60_000}).pop()
    assert _ids(mask)[0, 15, 130] == 3 and _ids(mask)[0, 15, 12] == new, "the larger part keeps its number"
    assert mask.objects.classes[new] == 1 and np.array_equal(mask.labels, before.labels)
    assert (_ids(mask)[1] == _ids(before)[1]).all() and (_ids(mask)[0, 20:] == _ids(before)[0, 20:]).all()


def test_a_line_that_crosses_twice_makes_three(mask: Mask) -> None:
    split(mask, "Split", "axial", 0, 3, [(5, 30), (30, 30), (30, 100), (5, 100)])
    assert mask.objects is not None and len(mask.objects.present) == 5


@pytest.mark.parametrize("line", [[(12, 50), (18, 50)], [(5, 50), (15, 50)], [(0, 0), (5, 140)], [(15, 50)]])
def test_a_line_that_does_not_cut_changes_nothing(mask: Mask, line: list[tuple[float, float]]) -> None:
    before = mask.copy()
    with pytest.raises(EngineError, match="does not cut"):
        split(mask, "Split", "axial", 0, 3, line)
    assert np.array_equal(_ids(mask), _ids(before)) and not mask.painting


def test_parts_that_were_apart_before_stay_of_one_object(mask: Mask) -> None:
    merge(mask, "Merge", [3, 60_000])
    split(mask, "Split", "axial", 1, 3, [(5, 50), (25, 50)])
    assert _ids(mask)[1, 35, 35] == 3 and _ids(mask)[1, 15, 12] != 3
    with pytest.raises(EngineError, match="does not cut"):
        split(mask, "Split", "axial", 1, 3, [(25, 20), (30, 100)])  # between its parts


def test_objects_are_split_in_other_planes(mask: Mask) -> None:
    before = mask.copy()
    edit = split(mask, "Split", "coronal", 15, 3, [(-1, 50), (2, 50)])
    _check(mask, before, edit)
    assert len(set(np.unique(_ids(mask)[:, 15])) - {0}) == 2 and len(set(np.unique(_ids(mask)[:, 14])) - {0}) == 1


def test_locked_classes_are_left_alone(mask: Mask) -> None:
    mask.locked = frozenset({1})
    before = mask.copy()
    edits: tuple[Callable[[], Edit], ...] = (
        lambda: merge(mask, "", [7, 3]),
        lambda: delete(mask, "", [7, 3]),
        lambda: change_class(mask, "", [7], 1),
        lambda: change_class(mask, "", [3], 2),
        lambda: split(mask, "", "axial", 0, 3, [(5, 50), (35, 50)]),
    )
    for work in edits:
        with pytest.raises(EngineError, match="locked"):
            work()
    assert np.array_equal(_ids(mask), _ids(before)) and not mask.painting


def test_from_object_to_object(mask: Mask) -> None:
    assert [next_object(mask, id, 1) for id in (0, 3, 5, 7, 60_000)] == [3, 7, 7, 60_000, 3]
    assert [next_object(mask, id, -1) for id in (0, 3, 5, 7, 60_000)] == [60_000, 60_000, 3, 3, 7]
    assert extent(mask, 3) == Box((0, 10, 10), (2, 20, 140)) and extent(mask, 60_000).shape == (1, 1, 1)
    assert extent(mask, 5).empty
    delete(mask, "Delete", [3, 7, 60_000])
    assert next_object(mask, 3, 1) == 0
