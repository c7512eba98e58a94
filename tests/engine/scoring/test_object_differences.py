"""Objects that a reader answers one by one: what became of each, and what taking the model's does to the mask."""

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.labels.classes import UNLABELLED
from engine.labels.edit import Ids, Labels
from engine.labels.mask import Mask
from engine.progress import Progress, result_of
from engine.scoring.instances import FATES
from engine.scoring.object_differences import ComparedCase, ObjectDifference, compare_objects

Side = tuple[Labels, Ids]


def side(*rows: str, classes: dict[int, int] | None = None) -> Side:
    """Ids as digits, "." for none, of one slice; all of class 1 unless `classes` says otherwise."""
    ids = np.array([[0 if c == "." else int(c) for c in row] for row in rows], np.uint16)[None]
    labels = (ids > 0).astype(np.uint8)
    for id, value in (classes or {}).items():
        labels[ids == id] = value
    return labels, ids


MINE = side(
    "11111.222..33333...6",
    "11111.222..33333...6",
    ".........444........",
    ".........444........",
)
MODEL = side(
    "11111......22.33.777",
    "11111......22.33.777",
    "......888444........",
    ".........444........",
)  # 1 and 4 found, 2 missed, 3 split, 6 missed with an extra one upon it, 8 extra


def nothing(like: Labels) -> Side:
    return np.zeros(like.shape, np.uint8), np.zeros(like.shape, np.uint16)


def compared(mine: Side, model: Side, **how: tuple[int, ...]) -> ComparedCase:
    return result_of(compare_objects("a", mine, model, **how))


def by_fate(case: ComparedCase) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for one in case.differences:
        ids = one.model_ids if FATES[one.fate] == "extra" else one.my_ids
        found.setdefault(FATES[one.fate], []).extend(ids)
    return found


def of(case: ComparedCase, fate: str, place: int = 0) -> ObjectDifference:
    return [one for one in case.differences if FATES[one.fate] == fate][place]


def rows(ids: NDArray[np.uint16]) -> list[str]:
    return ["".join("." if id == 0 else str(id) for id in row) for row in ids[0]]


def test_each_object_has_its_fate_what_is_wrong_first() -> None:
    case = compared(MINE, MODEL)
    assert by_fate(case) == {"split": [3], "missed": [2, 6], "extra": [7, 8], "found": [1, 4]}
    assert [case.count(fate) for fate in ("found", "missed", "extra", "split", "merged")] == [2, 2, 2, 1, 0]
    assert {FATES[one.fate] for one in case.differences[-2:]} == {"found"}
    split = of(case, "split")
    assert split.iou == pytest.approx(0.4) and (split.pixels, split.value, split.index, split.slices) == (10, 1, 0, 1)
    assert split.box.low == (0, 0, 11) and split.box.high == (1, 2, 16)
    assert of(case, "missed").iou == 0.0 and of(case, "found").iou == 1.0
    assert [FATES[f] for f in case.of_mine[:7]] == ["", "found", "missed", "split", "found", "", "missed"]
    assert [FATES[f] for f in case.of_model[[1, 2, 3, 4, 7, 8]]] == [
        "found", "split", "split", "found", "extra", "extra",
    ]  # fmt: skip


def test_merged_objects_are_answered_together() -> None:
    mine, model = side("1111.2222.", "1111.2222."), side("555555555.", "555555555.")
    case = compared(mine, model)
    assert case.count("merged") == len(case.differences) == 2
    one = of(case, "merged")
    assert one.my_ids == (1, 2) and one.model_ids == (5,)
    mask = Mask(mine[0].copy(), mine[1].copy())
    edit = one.take(mask, "take", *model)
    assert edit.by_model and mask.ids is not None
    assert rows(mask.ids) == ["111111111."] * 2, "the number of one goes on"


def test_the_model_s_object_is_taken_and_nothing_else_changes() -> None:
    case = compared(MINE, MODEL)
    mask = Mask(MINE[0].copy(), MINE[1].copy())
    assert mask.ids is not None
    of(case, "extra", 1).take(mask, "take", *MODEL)
    assert rows(mask.ids)[2] == "......777444........", "a new object, with the first number behind the last"
    of(case, "missed").take(mask, "take", *MODEL)
    assert rows(mask.ids)[0] == "11111......33333...6", "a missed one goes"
    of(case, "split").take(mask, "take", *MODEL)
    assert rows(mask.ids)[0][:16] == "11111......33.88", "pieces become objects, the first goes on with the number"
    overlapping = of(case, "missed", 1)
    assert overlapping.my_ids == (6,) and len(overlapping.model_ids) == 1
    overlapping.take(mask, "take", *MODEL)
    assert rows(mask.ids)[0][16:] == ".666"
    assert rows(mask.ids)[3] == rows(MINE[1])[3] and np.array_equal(mask.labels > 0, mask.ids > 0)


def test_what_belongs_to_other_objects_stays_theirs_and_locks_hold() -> None:
    mine, model = side("111.......", "111......."), side("..555555..", "..555555..")
    case = compared(mine, model)
    mask = Mask(mine[0].copy(), mine[1].copy())
    of(case, "extra").take(mask, "take", *model)
    assert mask.ids is not None
    assert rows(mask.ids)[0] == "11122222.."
    locked = Mask(mine[0].copy(), mine[1].copy())
    locked.locked = frozenset({1})
    assert of(case, "extra").take(locked, "take", *model).empty


def test_another_class_at_the_same_place_is_exchanged_as_one() -> None:
    mine, model = side("1111", classes={1: 2}), side("5555")
    case = compared(mine, model)
    assert case.count("missed") == case.count("extra") == 1
    mask = Mask(mine[0].copy(), mine[1].copy())
    of(case, "missed").take(mask, "take", *model)
    assert mask.labels.tolist() == [[[1, 1, 1, 1]]] and mask.objects is not None
    assert mask.objects.present == (2,), "of another class it is another object"


def test_slices_and_pixels_that_are_not_labelled_count_on_neither_side() -> None:
    labels, ids = np.zeros((3, 2, 4), np.uint8), np.zeros((3, 2, 4), np.uint16)
    labels[:, :, :2], ids[:, :, :2] = 1, 1
    said, model = labels * np.uint8(0), ids * np.uint16(0)
    said[1], model[1] = 1, 4
    labels[1, :, 2:] = UNLABELLED
    case = compared((labels, ids), (said, model), labelled=(1,))
    assert case.count("found") == 1 and len(case.differences) == 1 and case.differences[0].pixels == 4
    assert compared((labels, ids), (said, model)).count("found") == 0, "of three slices the model has one"
    assert compared((labels, ids), nothing(labels), unknown=(1,)).differences == ()


def test_a_prediction_without_objects_has_its_connected_parts() -> None:
    labels, ids = side("11.22", "11.22")
    events = list(compare_objects("a", (labels, ids), (labels, None)))
    assert all(isinstance(event, Progress) for event in events)
    assert result_of(compare_objects("a", (labels, ids), (labels, None))).count("found") == 2


def test_a_key_outlives_other_numbers() -> None:
    case, again = compared(MINE, MODEL), compared((MINE[0], (MINE[1] * 3).astype(np.uint16)), MODEL)
    assert [one.key for one in case.differences] == [one.key for one in again.differences]
    assert len({one.key for one in case.differences}) == len(case.differences)


@pytest.mark.parametrize("depth", [1, 3])
def test_an_object_through_several_slices_is_one(depth: int) -> None:
    labels, ids = side("11..", "11..")
    labels, ids = labels.repeat(depth, axis=0), ids.repeat(depth, axis=0)
    case = compared((labels, ids), nothing(labels))
    (one,) = case.differences
    assert one.slices == depth and one.pixels == 4 * depth
    mask = Mask(labels.copy(), ids.copy())
    one.take(mask, "take", *nothing(labels))
    assert not mask.labels.any()


def test_what_is_taken_over_stays_on_the_slices_that_were_compared() -> None:
    """Of four slices the first and the last are labelled; the model has its object through all of them, and another one beside it."""
    nobodys, mine = np.zeros((4, 2, 4), np.uint8), np.zeros((4, 2, 4), np.uint16)
    mine[[0, 3], :, :1] = 1
    labels = nobodys | (mine > 0)
    model = np.zeros((4, 2, 4), np.uint16)
    model[:, :, :2], model[1:3, :, 3:] = 4, 6
    said = (model > 0).astype(np.uint8)
    case = compared((labels, mine), (said, model), labelled=(0, 3))
    (one,) = case.differences
    assert case.slices == {0, 3} and one.pixels == 4
    mask = Mask(labels.copy(), mine.copy())
    edit = one.take(mask, "take", said, model)
    assert np.array_equal(mask.labels[[0, 3]], said[[0, 3]]) and not mask.labels[1:3].any()
    assert {int(z) for z in np.flatnonzero(mask.labels.any(axis=(1, 2)))} == {0, 3} and edit.box.shape[0] == 4
    whole = compared((nobodys, np.zeros_like(mine)), (said, model))
    assert whole.slices == {0, 1, 2, 3}, "where nothing is labelled all is compared"
    empty = Mask(nobodys.copy(), np.zeros_like(mine))
    of(whole, "extra", 1).take(empty, "take", said, model)
    assert np.flatnonzero(empty.labels.any(axis=(1, 2))).tolist() == [1, 2], "those of its own voxels alone"
