import numpy as np

from engine.labels.edit import EMPTY_BOX, Box, Edit, Patch


def _patch(low: tuple[int, int, int], high: tuple[int, int, int]) -> Patch:
    box = Box(low, high)
    return Patch(box, np.zeros(box.shape, np.uint8), np.ones(box.shape, np.uint8))


def test_box_measures() -> None:
    box = Box((1, 2, 3), (2, 5, 7))
    assert box.shape == (1, 3, 4)
    assert np.zeros((4, 9, 9))[box.slices].shape == box.shape
    assert not box.empty
    assert Box((0, 5, 0), (1, 5, 9)).empty


def test_union_is_the_smallest_box_around_both() -> None:
    one, two = Box((1, 2, 3), (2, 5, 7)), Box((0, 4, 4), (1, 9, 5))
    assert one.union(two) == two.union(one) == Box((0, 2, 3), (2, 9, 7))


def test_union_with_nowhere_changes_nothing() -> None:
    box = Box((1, 20, 30), (2, 50, 70))
    assert box.union(EMPTY_BOX) == EMPTY_BOX.union(box) == box


def test_edit_knows_its_box_and_its_inverse() -> None:
    edit = Edit("Brush", (_patch((0, 0, 0), (1, 2, 2)), _patch((1, 4, 4), (2, 6, 5))))
    assert edit.box == Box((0, 0, 0), (2, 6, 5))
    assert edit.inverse().patches[0].old is edit.patches[0].new
    assert edit.inverse().patches[0].new is edit.patches[0].old
    assert edit.inverse().name == "Brush"


def test_empty_edit() -> None:
    assert Edit("Brush", ()).empty
    assert Edit("Brush", ()).box == EMPTY_BOX


def test_boxes_meet() -> None:
    one, other = Box((0, 2, 3), (4, 9, 9)), Box((1, 5, 0), (2, 20, 7))
    both = one.intersection(other)
    assert both == other.intersection(one) == Box((1, 5, 3), (2, 9, 7))
    values = np.arange(20 * 20 * 4).reshape(4, 20, 20)
    assert np.array_equal(values[one.slices][both.within(one)], values[both.slices])
    assert one.intersection(Box((4, 2, 3), (5, 9, 9))).empty


def test_the_box_of_what_differs_is_smaller_than_that_of_the_patches() -> None:
    old = np.zeros((3, 8, 9), np.uint8)
    new = old.copy()
    new[1, 2:4, 5], new[2, 6, 7] = 1, 2
    edit = Edit("a", (Patch(Box((10, 0, 0), (13, 8, 9)), old, new), Patch(Box((0, 0, 0), (3, 8, 9)), old, old)))
    assert edit.changed_box() == Box((11, 2, 5), (13, 7, 8))
    assert Edit("a", ()).changed_box().empty
    ids = old.astype(np.uint16), np.full(old.shape, 4, np.uint16)
    ids[1][:, :3] = 0
    objects = Edit("a", (Patch(Box((10, 0, 0), (13, 8, 9)), old, old, *ids),))
    assert objects.changed_box() == Box((10, 3, 0), (13, 8, 9)), "another object of the same class"
