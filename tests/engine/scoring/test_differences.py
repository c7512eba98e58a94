import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage

from engine.labels.classes import UNLABELLED
from engine.labels.mask import Mask
from engine.progress import Progress, result_of
from engine.scoring.differences import MOST, find_differences, largest_regions, slice_differences
from engine.scoring.render import MISSED, OTHER_CLASS, TOO_MUCH, error_map


def two() -> tuple[Mask, np.ndarray]:
    """Slice 1 holds a missed row, a part that is too much, and a pixel of another class."""
    truth, predicted = np.zeros((3, 8, 9), np.uint8), np.zeros((3, 8, 9), np.uint8)
    truth[1, 1:4, 1:5] = predicted[1, 1:4, 1:5] = 1
    predicted[1, 3, 1:5] = 0  # missed: 4 pixels
    predicted[1, 6:8, 7:9] = 2  # too much: 4 pixels
    predicted[1, 6, 6] = 2  # touches the corner of it
    predicted[1, 1, 1] = 2  # another class
    return Mask(truth), predicted


def test_regions_by_kind_largest_first() -> None:
    mask, predicted = two()
    found = slice_differences(1, mask.labels[1], predicted[1])
    assert [(d.kind, d.value, d.pixels) for d in found.regions] == [
        (TOO_MUCH, 2, 5),
        (MISSED, 1, 4),
        (OTHER_CLASS, 2, 1),
    ]
    assert found.count == 3
    assert found.wrong == (0, 0, 5, 4, 1)
    assert found.regions[0].box.low == (1, 6, 6)
    assert found.regions[0].box.high == (2, 8, 9)
    np.testing.assert_array_equal(found.regions[0].region, [[1, 1, 1], [0, 1, 1]])


def test_every_slice_is_told() -> None:
    mask, predicted = two()
    events = list(find_differences(mask.labels, predicted, range(3)))
    assert events == [Progress(0, 3), Progress(1, 3), Progress(2, 3)]
    found = result_of(find_differences(mask.labels, predicted, range(3)))
    assert [s.count for s in found] == [0, 3, 0]
    assert [s.index for s in found] == [0, 1, 2]


def test_largest_regions_come_from_all_slices() -> None:
    truth, predicted = np.zeros((2, 6, 6), np.uint8), np.zeros((2, 6, 6), np.uint8)
    truth[0, 0, :2] = 1  # of two pixels, in the first slice
    truth[1, 0, :3], truth[1, 4, 4:] = 1, 1
    slices = [slice_differences(index, truth[index], predicted[index]) for index in (1, 0)]
    regions, count = largest_regions(slices, 2)
    assert count == 3 and [(r.pixels, r.index, r.corner) for r in regions] == [(3, 1, (0, 0)), (2, 0, (0, 0))]
    assert largest_regions([], 2) == ((), 0)


def test_the_largest_of_noisy_slices_are_in_order_and_of_equals_in_reading_order() -> None:
    truth = (np.random.default_rng(0).random((4, 20, 20)) > 0.7).astype(np.uint8)
    predicted = np.zeros_like(truth)
    slices = [slice_differences(z, truth[z], predicted[z]) for z in (2, 0, 3, 1)]
    regions, count = largest_regions(slices, 1000)
    assert len(regions) == count and count > 80
    assert list(regions) == sorted(regions, key=lambda each: (-each.pixels, each.index, each.corner))


def test_taking_all_makes_the_masks_equal_and_undoes() -> None:
    mask, predicted = two()
    before = mask.labels.copy()
    edits = [d.take(mask, "Taken", predicted) for d in slice_differences(1, mask.labels[1], predicted[1]).regions]
    np.testing.assert_array_equal(mask.labels, predicted)
    for edit in reversed(edits):
        mask.apply(edit.inverse())
    np.testing.assert_array_equal(mask.labels, before)


def test_locks_hold_and_the_paint_over_rule_does_not() -> None:
    mask, predicted = two()
    missed = next(d for d in slice_differences(1, mask.labels[1], predicted[1]).regions if d.kind == MISSED)
    mask.locked = frozenset({1})
    assert missed.take(mask, "Taken", predicted).empty
    mask.locked, mask.paint_over = frozenset(), 2
    too_much = next(d for d in slice_differences(1, mask.labels[1], predicted[1]).regions if d.kind == TOO_MUCH)
    assert not missed.take(mask, "Taken", predicted).empty
    assert not too_much.take(mask, "Taken", predicted).empty
    assert mask.paint_over == 2


def test_what_was_corrected_since_stays() -> None:
    mask, predicted = two()
    missed = next(d for d in slice_differences(1, mask.labels[1], predicted[1]).regions if d.kind == MISSED)
    mask.labels[1, 3, 2] = 2  # painted by hand meanwhile
    missed.take(mask, "Taken", predicted)
    assert mask.labels[1, 3].tolist() == [0, 0, 2, 0, 0, 0, 0, 0, 0]


def test_noise_keeps_the_count_and_the_largest() -> None:
    truth, predicted = np.zeros((200, 200), np.uint8), np.zeros((200, 200), np.uint8)
    predicted[::2, ::2] = 1
    predicted[50:60, 50:60] = 1
    found = slice_differences(0, truth, predicted)
    assert len(found.regions) == MOST
    assert found.regions[0].pixels > 100
    _, count = ndimage.label(predicted, np.ones((3, 3)))
    assert found.count == count
    assert found.wrong[TOO_MUCH] == np.count_nonzero(predicted)


def test_slices_of_two_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="slices"):
        slice_differences(0, np.zeros((2, 2), np.uint8), np.zeros((2, 3), np.uint8))


@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(1, 12), st.integers(1, 3))
def test_regions_cover_every_wrong_pixel_once(seed: int, rows: int, columns: int, classes: int) -> None:
    random = np.random.default_rng(seed)
    truth, predicted = random.integers(0, classes + 1, (2, rows, columns), np.uint8)
    found = slice_differences(0, truth, predicted)
    covered = np.zeros((rows, columns), int)
    for each in found.regions:
        covered[each.box.slices[1:]] += each.region
        for axis in (0, 1):
            filled = np.flatnonzero(each.region.any(axis=axis))
            assert (filled[0], filled[-1]) == (0, each.region.shape[1 - axis] - 1)
        assert (truth[each.box.slices[1:]][each.region] == each.mine).all()
        assert (predicted[each.box.slices[1:]][each.region] == each.model).all()
    np.testing.assert_array_equal(covered, truth != predicted)
    codes = error_map(truth, predicted)
    assert found.wrong[1:] == (0, *(int(np.count_nonzero(codes == code)) for code in (TOO_MUCH, MISSED, OTHER_CLASS)))


def test_a_region_is_known_again() -> None:
    mask, predicted = two()
    first, again = (slice_differences(1, mask.labels[1], predicted[1]).regions for _ in range(2))
    assert [d.key for d in first] == [d.key for d in again]
    assert len({d.key for d in first}) == 3


def test_unlabelled_pixels_differ_from_nothing() -> None:
    truth, predicted = np.zeros((8, 8), np.uint8), np.ones((8, 8), np.uint8)
    truth[:, :4] = UNLABELLED
    (part,) = slice_differences(0, truth, predicted).regions
    assert (part.corner, part.pixels, part.mine, part.model) == ((0, 4), 32, 0, 1)
    assert not error_map(truth, predicted)[:, :4].any()
    assert slice_differences(0, np.full((8, 8), UNLABELLED, np.uint8), predicted).count == 0


def test_what_the_model_never_knew_is_not_missed() -> None:
    truth, predicted = np.zeros((9, 9), np.uint8), np.zeros((9, 9), np.uint8)
    truth[:3, :3], truth[5:7, :3], truth[8, :] = 2, 2, 1
    predicted[5:7, :3] = 1
    found = slice_differences(0, truth, predicted, unknown={2})
    assert [(each.kind, each.mine, each.pixels) for each in found.regions] == [(MISSED, 1, 9), (OTHER_CLASS, 2, 6)]
    assert found.count == 2 and found.wrong[MISSED] == 9


def test_what_is_taken_of_the_model_is_of_the_object_that_it_touches() -> None:
    mask, predicted = two()
    ids = np.where(mask.labels > 0, 7, 0).astype(np.uint16)
    ids[1, 3, 1:5] = 0
    objects = Mask(np.where(ids > 0, mask.labels, np.uint8(0)), ids)
    predicted[1, 3, 1:5], predicted[1, 1, 1] = 1, 1
    for difference in slice_differences(1, objects.labels[1], predicted[1]).regions:
        difference.take(objects, "Take", predicted)
    assert objects.ids is not None and np.array_equal(objects.labels[1], predicted[1])
    assert (objects.ids[1, 3, 1:5] == 7).all() and set(objects.ids[1][predicted[1] == 2]) == {8}


def test_objects_of_the_model_that_touch_are_taken_one_by_one() -> None:
    """The rim of one that the reader has, and two beside it that the reader missed: all of one difference."""
    ids, said = np.zeros((1, 8, 12), np.uint16), np.zeros((1, 8, 12), np.uint16)
    ids[0, 2:6, 1:4], said[0, 2:6, 1:5], said[0, 2:6, 5:8], said[0, 2:6, 8:11] = 7, 3, 7, 9
    mask, predicted = Mask((ids > 0).astype(np.uint8), ids), (said > 0).astype(np.uint8)
    (difference,) = slice_differences(0, mask.labels[0], predicted[0]).regions
    edit = difference.take(mask, "Take", predicted, said)
    assert mask.ids is not None and mask.objects is not None and edit.by_model
    assert np.array_equal(mask.labels, predicted) and (mask.ids[0, 2:6, 1:5] == 7).all()
    assert [mask.object_at("axial", 0, (3, across)) for across in (6, 9)] == [8, 9] and len(mask.objects.present) == 3
