import numpy as np
import pytest
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.labels.classes import UNLABELLED
from engine.labels.edit import Edit
from engine.labels.instances import MOST_OBJECTS, Instances
from engine.labels.mask import Brush, Mask
from engine.labels.objects import ObjectTable

SHAPE = (2, 60, 200)


def objects(shape: tuple[int, int, int] = SHAPE) -> Mask:
    return Mask(np.zeros(shape, np.uint8), np.zeros(shape, np.uint16))


def paint(
    mask: Mask, start: tuple[float, float], end: tuple[float, float], value: int, radius: float = 4, z: int = 0
) -> Edit:
    stroke = mask.begin("Brush")
    stroke.line("axial", z, start, start, Brush.round(radius), value)
    stroke.line("axial", z, start, end, Brush.round(radius), value)
    edit = stroke.end()
    check(mask)
    return edit


def check(mask: Mask) -> None:
    """What holds of every mask of objects: one class an object, none in what is no class, and a table that says what is there."""
    assert mask.ids is not None and mask.objects is not None
    table = ObjectTable(mask.ids, mask.labels)
    assert np.array_equal(table.areas, mask.objects.areas) and np.array_equal(table.classes, mask.objects.classes)
    assert np.array_equal(table.classes[mask.ids], np.where(mask.labels == UNLABELLED, 0, mask.labels))


def test_a_stroke_begins_an_object_or_adds_to_the_one_under_its_start() -> None:
    mask = objects()
    paint(mask, (10, 10), (10, 30), 1)
    paint(mask, (10, 60), (10, 80), 1)
    paint(mask, (10, 30), (30, 30), 1)  # starts on the first
    assert mask.object_at("axial", 0, (30, 30)) == mask.object_at("axial", 0, (10, 10)) == 1
    paint(mask, (50, 60), (10, 70), 1)  # starts beside the second and ends on it
    assert mask.object_at("axial", 0, (10, 70)) == 3 and mask.object_at("axial", 0, (10, 80)) == 2
    paint(mask, (10, 10), (10, 12), 2)  # another class on the first: a new one
    assert mask.objects is not None and mask.objects.classes[mask.object_at("axial", 0, (10, 10))] == 2
    assert mask.objects.present == (1, 2, 3, 4)


def test_a_stroke_of_several_classes_paints_an_object_of_each() -> None:
    mask = objects()
    paint(mask, (10, 10), (10, 30), 2)
    stroke = mask.begin("Brush")
    for value, across in ((1, 60), (2, 20), (1, 90), (0, 61), (2, 80)):
        stroke.line("axial", 0, (10, across), (10, across + 5), Brush.round(4), value)
    stroke.end()
    check(mask)
    assert mask.objects is not None and mask.objects.present == (1, 2)
    assert mask.object_at("axial", 0, (10, 82)) == mask.object_at("axial", 0, (10, 12)) == 1


def test_background_and_the_unlabelled_value_are_no_object() -> None:
    mask = objects()
    paint(mask, (10, 10), (10, 90), 1)
    paint(mask, (10, 40), (10, 40), 0, 6)
    paint(mask, (10, 60), (10, 60), UNLABELLED, 6)
    assert mask.object_at("axial", 0, (10, 40)) == mask.object_at("axial", 0, (10, 60)) == 0
    assert mask.labels[0, 10, 60] == UNLABELLED
    paint(mask, (10, 0), (10, 199), 0, 9)
    assert mask.objects is not None and mask.objects.present == () and not mask.objects.classes.any()


@pytest.mark.parametrize("plane", ["axial", "coronal", "sagittal"])
def test_edits_of_objects_are_taken_back_and_done_again(plane: str) -> None:
    mask = objects((20, 40, 150))
    states, edits = [], []
    for value, start, end in ((1, (9, 9), (15, 30)), (2, (5, 20), (15, 20)), (1, (9, 9), (2, 2)), (0, (9, 9), (9, 30))):
        states.append(mask.copy())
        stroke = mask.begin("Brush")
        stroke.line(plane, 10, start, end, Brush.round(3), value)  # type: ignore[arg-type]
        edits.append(stroke.end())
    last = mask.copy()
    for state, edit in reversed(list(zip(states, edits, strict=True))):
        mask.apply(edit.inverse())
        check(mask)
        assert np.array_equal(mask.labels, state.labels) and np.array_equal(mask.ids, state.ids)  # type: ignore[arg-type]
    for edit in edits:
        mask.apply(edit)
    assert np.array_equal(mask.ids, last.ids)  # type: ignore[arg-type]
    check(mask)


def test_what_may_be_painted_over_holds_between_objects_of_a_class() -> None:
    mask = objects()
    paint(mask, (10, 10), (10, 30), 1)
    mask.paint_over = 0
    paint(mask, (30, 20), (10, 20), 1)  # over background alone: the first keeps its pixels
    assert mask.object_at("axial", 0, (10, 20)) == 1 and mask.object_at("axial", 0, (20, 20)) == 2
    paint(mask, (30, 20), (30, 40), 1)
    assert mask.object_at("axial", 0, (30, 40)) == 2, "it may add to itself"
    mask.paint_over = 1
    paint(mask, (40, 20), (10, 20), 1)
    assert mask.object_at("axial", 0, (10, 20)) == 3 and mask.object_at("axial", 0, (40, 20)) == 0


def test_locked_classes_keep_their_objects() -> None:
    mask = objects()
    paint(mask, (10, 10), (10, 30), 1)
    mask.locked = frozenset({1})
    assert paint(mask, (10, 10), (10, 12), 2).empty
    assert paint(mask, (40, 10), (40, 12), 1).empty


def test_a_cancelled_stroke_leaves_no_object() -> None:
    mask = objects()
    paint(mask, (10, 10), (10, 30), 1)
    stroke = mask.begin("Brush")
    stroke.line("axial", 0, (40, 40), (10, 10), Brush.round(4), 2)
    stroke.cancel()
    check(mask)
    assert mask.objects is not None and mask.objects.present == (1,)


def test_operations_that_know_classes_alone_keep_the_objects() -> None:
    mask = objects()
    paint(mask, (20, 20), (20, 20), 1, 10)
    paint(mask, (20, 60), (20, 60), 1, 10)
    before = mask.copy()
    wider = np.zeros(SHAPE, np.uint8)
    wider[0, 5:36, 5:80] = 1  # both in one part: whose is a pixel between them?
    wider[0, 45:50, 100:110] = 1  # touches none
    wider[0, 45:50, 120:130] = 2
    mask.replace_with("Prediction", wider)
    check(mask)
    assert np.array_equal(mask.labels, wider)
    assert mask.ids is not None and before.ids is not None and mask.objects is not None
    kept = before.ids > 0
    assert np.array_equal(mask.ids[kept & (wider > 0)], before.ids[kept & (wider > 0)])
    assert mask.object_at("axial", 0, (20, 36)) == 1 and mask.object_at("axial", 0, (20, 44)) == 2
    assert mask.objects.present == (1, 2, 3, 4) and mask.objects.areas[3] == 50
    assert mask.objects.classes[[3, 4]].tolist() == [1, 2]


def test_filling_a_pixel_of_one_of_two_that_touch_takes_that_one() -> None:
    mask = objects()
    ids = np.zeros(SHAPE, np.uint16)
    ids[0, 10:20, 10:20], ids[0, 10:20, 20:30] = 700, 900
    mask.replace_objects("Objects", Instances(ids, _classes({700: 1, 900: 1})))
    mask.fill("Fill", "axial", 0, (12, 12), 2)
    check(mask)
    assert mask.labels[0, 12, 12] == 2 and mask.labels[0, 12, 25] == 1 and mask.object_at("axial", 0, (12, 25)) == 900


def test_objects_take_the_place_of_objects_beside_locked_ones() -> None:
    mask = objects()
    paint(mask, (10, 10), (10, 30), 2)
    mask.locked = frozenset({2})
    ids = np.zeros(SHAPE, np.uint16)
    ids[0, 8:40, 15:50], ids[1, 5, 5] = 1, 2
    mask.replace_objects("Objects", Instances(ids, _classes({1: 1, 2: 2})))
    check(mask)
    assert mask.object_at("axial", 0, (10, 20)) == 1 and mask.labels[0, 10, 20] == 2
    assert mask.object_at("axial", 0, (30, 30)) not in (0, 1) and not mask.labels[1].any()


def test_ids_run_out_at_65535() -> None:
    ids = np.arange(65_536, dtype=np.uint16).reshape(1, 256, 256)
    mask = Mask((ids > 0).astype(np.uint8), ids)
    with pytest.raises(EngineError, match="65,535"):
        paint(mask, (0, 0), (0, 0), 2, 0.5)
    mask.fill("Erase", "axial", 0, (100, 100), 0)
    gap = 100 * 256 + 100
    assert (
        mask.objects is not None and mask.objects.unused(1) == [gap] and len(mask.objects.present) == MOST_OBJECTS - 1
    )
    with pytest.raises(EngineError, match="65,535"):
        mask.objects.unused(1, [gap])


def _classes(table: dict[int, int]) -> NDArray[np.uint8]:
    classes = np.zeros(max(table) + 1, np.uint8)
    classes[list(table)] = list(table.values())
    return classes


def test_a_hole_that_is_filled_is_of_the_object_around_it() -> None:
    ids = np.zeros(SHAPE, np.uint16)
    ids[0, 5:25, 5:25], ids[0, 10:20, 10:20] = 4, 0
    ids[0, 5:25, 40:50], ids[0, 5:25, 50:60], ids[0, 10:20, 45:55] = 6, 7, 0
    mask = Mask((ids > 0).astype(np.uint8), ids)
    mask.fill("Fill", "axial", 0, (15, 15), 1, enclosed=True)
    mask.fill("Fill", "axial", 0, (15, 50), 1, enclosed=True)  # between two: nobody knows whose
    check(mask)
    assert mask.object_at("axial", 0, (15, 15)) == 4 and mask.object_at("axial", 0, (15, 50)) == 8


def _round_objects(depth: int = 5) -> Mask:
    """Two discs that touch on the first slice and on the last: objects 3 and 8 of class 1, and one of class 2 apart (5)."""
    ids = np.zeros((depth, 40, 80), np.uint16)
    ids[[0, -1], 10:30, 10:30], ids[[0, -1], 10:30, 30:50], ids[[0, -1], 10:20, 60:70] = 3, 8, 5
    classes = _classes({3: 1, 8: 1, 5: 2})
    return Mask(classes[ids], ids)


def test_filling_between_slices_goes_on_with_the_objects_of_both() -> None:
    mask = _round_objects()
    mask.fill_between("Fill", (), (1.0, 1.0))
    check(mask)
    assert mask.objects is not None and mask.objects.present == (3, 5, 8)
    for z in range(5):
        assert [mask.object_at("axial", z, at) for at in ((20, 20), (20, 40), (15, 65))] == [3, 8, 5]


@pytest.mark.parametrize("index", [1, 3])
def test_a_slice_copied_to_the_next_one_goes_on_with_its_objects(index: int) -> None:
    mask = _round_objects()
    mask.lay_over("Copy", "axial", index, mask.slice("axial", index // 2 * 4).copy())
    check(mask)
    assert mask.objects is not None and mask.objects.present == (3, 5, 8)
    assert [mask.object_at("axial", index, at) for at in ((20, 29), (20, 30), (15, 65))] == [3, 8, 5]


def test_what_is_painted_where_no_slice_beside_it_has_the_class_is_a_new_object() -> None:
    mask = _round_objects()
    labels = np.zeros((40, 80), np.uint8)
    labels[10:20, 10:20], labels[12:18, 62:68] = 2, 2  # over an object of another class, and over one of this
    mask.lay_over("Pasted", "axial", 1, labels)
    check(mask)
    assert mask.object_at("axial", 1, (15, 15)) == 9 and mask.object_at("axial", 1, (15, 65)) == 5


def test_predicted_objects_that_touch_stay_apart_when_they_are_taken_over() -> None:
    mask, said = _round_objects(2), np.zeros((2, 40, 80), np.uint16)
    said[0, 5:35, 20:30], said[0, 5:35, 30:44], said[0, 25:35, 60:70] = 1, 5, 3  # 5 is of another class in the mask
    labels = _classes({1: 1, 5: 1, 3: 2})[said]
    whole, part = mask.copy(), mask.copy()
    whole.replace_with("Prediction", labels, ids=said)
    check(whole)
    assert np.array_equal(whole.ids, said) and np.array_equal(whole.labels, labels)  # type: ignore[arg-type]
    part.replace_with("Prediction", labels, 1, ids=said)
    check(part)
    assert [part.object_at("axial", 0, at) for at in ((20, 25), (20, 35), (15, 65), (30, 65))] == [1, 9, 5, 0]
    assert not (part.labels[1] == 1).any() and part.object_at("axial", 1, (15, 65)) == 5


@pytest.mark.parametrize("only", [None, 1])
def test_predicted_objects_leave_out_what_is_unlabelled(only: int | None) -> None:
    mask, said = _round_objects(2), np.zeros((2, 40, 80), np.uint16)
    paint(mask, (5, 30), (35, 30), UNLABELLED, 3)
    void = mask.labels == UNLABELLED
    said[0, 5:35, 20:44] = 4
    mask.replace_with("Prediction", np.where(said > 0, np.uint8(1), np.uint8(0)), only, ids=said)
    check(mask)
    assert void.any() and np.array_equal(mask.labels == UNLABELLED, void)
    assert mask.object_at("axial", 0, (20, 22)) == mask.object_at("axial", 0, (20, 40)) != 0


def test_what_is_to_stay_as_it_is_keeps_its_objects_beside_predicted_ones() -> None:
    """A class without a number is what the mask has there: it was painted while the prediction was on its way."""
    mask, said = _round_objects(2), np.zeros((2, 40, 80), np.uint16)
    said[0, 5:35, 10:28] = 8
    labels = np.where(said > 0, np.uint8(2), np.uint8(0))
    labels[0, 10:30, 30:50] = 1  # of object 8
    mask.replace_with("Prediction", labels, ids=said)
    check(mask)
    assert mask.object_at("axial", 0, (20, 40)) == 8 and mask.object_at("axial", 0, (20, 20)) == 9
    assert mask.objects is not None and mask.objects.classes[[8, 9]].tolist() == [1, 2]


def test_locked_objects_stay_beside_predicted_ones() -> None:
    mask, said = _round_objects(2), np.zeros((2, 40, 80), np.uint16)
    said[0, 5:35, 20:70], mask.locked = 5, frozenset({2})
    mask.replace_with("Prediction", np.where(said > 0, np.uint8(1), np.uint8(0)), ids=said)
    check(mask)
    assert mask.object_at("axial", 0, (15, 65)) == 5 and mask.object_at("axial", 0, (30, 65)) not in (0, 5)
