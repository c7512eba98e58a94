from typing import get_args

import numpy as np
import pytest
from scipy import ndimage

from engine.labels.classes import UNLABELLED
from engine.labels.cleanup import CleanUp, CleanUpAction, clean_up
from engine.labels.edit import Labels
from engine.labels.mask import Mask
from engine.labels.scope import Scope

SPACING = (2.5, 0.8, 0.8)
ACTIONS: tuple[CleanUpAction, ...] = get_args(CleanUpAction)


def blobs(seed: int, shape: tuple[int, ...] = (12, 60, 70), values: int = 1) -> Labels:
    """Ragged shapes with holes and specks."""
    rng = np.random.default_rng(seed)
    labels = np.zeros(shape, np.uint8)
    for value in range(1, values + 1):
        field = ndimage.gaussian_filter(rng.normal(size=shape), (1, 3, 3)[-len(shape) :])
        labels[field > np.quantile(field, 0.75)] = value
    labels[rng.random(shape) < 0.01] = 0
    return labels


@pytest.mark.parametrize("shape", [(12, 60, 70), (60, 70)])
def test_holes_are_those_of_scipy(shape: tuple[int, ...]) -> None:
    labels = blobs(1, shape)
    assert np.array_equal(clean_up(labels, CleanUp("holes"), (1.0,) * len(shape)), ndimage.binary_fill_holes(labels))


def test_another_class_in_a_hole_stays() -> None:
    labels = np.zeros((30, 30), np.uint8)
    labels[5:25, 5:25] = 1
    labels[10:20, 10:20], labels[13:16, 13:16] = 0, 2
    filled = clean_up(labels, CleanUp("holes"), (1.0, 1.0))
    assert (filled[13:16, 13:16] == 2).all() and (filled == 0).sum() == 900 - 400


@pytest.mark.parametrize("shape", [(12, 60, 70), (60, 70)])
def test_parts_are_those_of_scipy(shape: tuple[int, ...]) -> None:
    labels, spacing = blobs(2, shape), SPACING[-len(shape) :]
    parts, count = ndimage.label(labels, np.ones((3,) * len(shape)))
    sizes = ndimage.sum_labels(labels, parts, range(1, count + 1))
    largest = clean_up(labels, CleanUp("largest"), spacing)
    assert np.array_equal(largest, parts == 1 + sizes.argmax())
    limit = float(np.median(sizes) * np.prod(spacing))
    small = clean_up(labels, CleanUp("small", limit), spacing)
    assert np.array_equal(small, np.isin(parts, 1 + np.flatnonzero(sizes * np.prod(spacing) >= limit - 1e-9)))
    assert 0 < small.sum() < labels.sum()


def test_each_class_keeps_its_largest_part() -> None:
    labels = np.zeros((20, 40), np.uint8)
    labels[2:8, 2:8], labels[10:12, 2:4] = 1, 1
    labels[2:8, 20:28], labels[12:14, 20:22] = 2, 2
    kept = clean_up(labels, CleanUp("largest"), (1.0, 1.0))
    assert not kept[10:].any() and np.array_equal(kept[:10], labels[:10])
    assert (clean_up(labels, CleanUp("largest", only=2), (1.0, 1.0))[10:12, 2:4] == 1).all()


@pytest.mark.parametrize(("shape", "amount"), [((12, 60, 70), 2.5), ((60, 70), 1.7), ((60, 70), 0.5)])
def test_smoothing_two_values_is_the_median_of_scipy(shape: tuple[int, ...], amount: float) -> None:
    labels, spacing = blobs(3, shape), SPACING[-len(shape) :]
    size = [2 * int(amount / step + 1e-6) + 1 for step in spacing]
    assert np.array_equal(clean_up(labels, CleanUp("smooth", amount), spacing), ndimage.median_filter(labels, size))


def test_smoothing_leaves_no_gap_between_classes() -> None:
    rng = np.random.default_rng(0)
    labels = np.ones((60, 60), np.uint8)
    for row in range(60):
        labels[row, 30 + rng.integers(-3, 4) :] = 2
    smooth = clean_up(labels, CleanUp("smooth", 3.0), (1.0, 1.0))
    assert (smooth > 0).all()
    assert (np.diff(smooth.astype(int), axis=0) != 0).sum() < (np.diff(labels.astype(int), axis=0) != 0).sum() / 3


def ball(amount: float, spacing: tuple[float, ...]) -> np.ndarray:
    reach = [int(amount / step) for step in spacing]
    places = np.meshgrid(*(np.arange(-r, r + 1) * step for r, step in zip(reach, spacing, strict=True)), indexing="ij")
    return np.asarray(sum(place**2 for place in places) <= amount**2 * (1 + 1e-6))


@pytest.mark.parametrize("spacing", [SPACING, SPACING[1:], (1.0, 1.0), (0.5, 2.0)])
@pytest.mark.parametrize("amount", [0.4, 1.6, 4.0])
def test_growing_and_shrinking_are_dilation_and_erosion_in_mm(spacing: tuple[float, ...], amount: float) -> None:
    labels = blobs(4, (12, 60, 70)[-len(spacing) :])
    element = ball(amount, spacing)
    grown = clean_up(labels, CleanUp("grow", amount), spacing)
    assert np.array_equal(grown, ndimage.binary_dilation(labels, element))
    shrunk = clean_up(labels, CleanUp("shrink", amount), spacing)
    assert np.array_equal(shrunk, ndimage.binary_erosion(labels, element, border_value=1))


def test_of_several_classes_the_nearest_grows_and_only_over_the_background() -> None:
    labels = np.zeros((20, 40), np.uint8)
    labels[5:15, 5:10], labels[5:15, 16:20] = 1, 2
    grown = clean_up(labels, CleanUp("grow", 4.0), (1.0, 1.0))
    assert (grown[10, 10:13] == 1).all() and (grown[10, 13:16] == 2).all()
    assert np.array_equal(grown[labels > 0], labels[labels > 0])
    assert (clean_up(labels, CleanUp("grow", 8.0, only=1), (1.0, 1.0))[10, 10:18] == 1).all()


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("only", [None, 2])
def test_unlabelled_voxels_stay_and_the_rest_is_of_the_classes(action: CleanUpAction, only: int | None) -> None:
    labels = blobs(6, values=3)
    labels[:, 20:30, 20:30] = UNLABELLED
    before = labels.copy()
    new = clean_up(labels, CleanUp(action, 2.5, only), SPACING)
    assert np.array_equal(labels, before) and not np.array_equal(new, before)
    assert np.array_equal(new == UNLABELLED, before == UNLABELLED)
    if only is not None:
        changed = new != before
        assert ((new == only) | (before == only))[changed].all()


@pytest.mark.parametrize("action", ACTIONS)
def test_nothing_comes_of_nothing_and_all_of_all(action: CleanUpAction) -> None:
    for full in (0, 1):
        labels = np.full((4, 9, 9), full, np.uint8)
        assert np.array_equal(clean_up(labels, CleanUp(action, 2.0), (1.0, 1.0, 1.0)), labels)


def test_a_mask_cleans_a_slice_of_any_plane_as_one_edit_and_keeps_its_locks() -> None:
    labels = blobs(7, values=2)
    mask = Mask(labels.copy())
    edit = mask.transform(
        "Grow",
        Scope("sagittal", (30, 30)),
        (2.5, 0.8, 0.8),
        lambda part, sides: clean_up(part, CleanUp("grow", 1.0), sides),
    )
    assert not edit.empty and edit.box.low[2] <= 30 < edit.box.high[2]
    assert np.array_equal(np.delete(mask.labels, 30, 2), np.delete(labels, 30, 2))
    mask.apply(edit.inverse())
    assert np.array_equal(mask.labels, labels)
    mask.locked = frozenset({1})
    mask.transform(
        "Keep the largest part", Scope(), (2.5, 0.8, 0.8), lambda part, sides: clean_up(part, CleanUp("largest"), sides)
    )
    assert np.array_equal(mask.labels == 1, labels == 1) and (mask.labels == 2).sum() < (labels == 2).sum()


def test_a_slice_is_laid_over_another() -> None:
    mask = Mask(np.zeros((3, 20, 20), np.uint8))
    mask.labels[0, 2:8, 2:8], mask.labels[1, 5:12, 5:12], mask.labels[1, 15:18, 15:18] = 1, 2, 1
    mask.locked = frozenset({2})
    edit = mask.lay_over("Copy to the next slice", "axial", 1, mask.labels[0])
    assert (
        (mask.labels[1, 5:12, 5:12] == 2).all()
        and mask.labels[1, 2, 2] == 1
        and (mask.labels[1, 15:18, 15:18] == 1).all()
    )
    assert edit.box.low[0] == 1 and edit.box.high[0] == 2
    with pytest.raises(ValueError):
        mask.lay_over("Paste", "axial", 0, np.zeros((3, 3), np.uint8))


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (2.5, 0.7, 0.7)])
def test_hollow_leaves_a_wall_of_that_thickness(spacing: tuple[float, ...]) -> None:
    """What shrinking would leave is what goes; another class inside stays."""
    labels = np.zeros((20, 50, 50), np.uint8)
    z, y, x = np.indices(labels.shape)
    labels[((z - 10) / 8) ** 2 + ((y - 25) / 20) ** 2 + ((x - 25) / 20) ** 2 <= 1] = 1
    labels[9:12, 23:27, 23:27] = 2
    hollow = clean_up(labels, CleanUp("hollow", 3.0, 1), spacing)
    core = clean_up(labels, CleanUp("shrink", 3.0, 1), spacing) == 1
    assert core.any() and np.array_equal(hollow == 1, (labels == 1) & ~core)
    assert np.array_equal(hollow == 2, labels == 2)
