from collections.abc import Sequence

import numpy as np
import pytest

from engine.imaging.geometry import Plane
from engine.labels.classes import UNLABELLED
from engine.labels.cleanup import CleanUp, clean_up, combine, enclosed
from engine.labels.edit import Labels
from engine.labels.mask import Mask
from engine.labels.scope import Scope

SPACING = (3.0, 1.0, 0.5)


def marked(labels: Labels, spacing: Sequence[float]) -> Labels:
    return np.full_like(labels, 9)


@pytest.mark.parametrize(("plane", "sides"), [("axial", (1.0, 0.5)), ("coronal", (3.0, 0.5)), ("sagittal", (3.0, 1.0))])
def test_a_slice_is_seen_in_two_dimensions_and_some_slices_in_three(plane: Plane, sides: tuple[float, float]) -> None:
    mask = Mask(np.zeros((5, 7, 9), np.uint8))
    seen: list[tuple[tuple[int, ...], tuple[float, ...]]] = []

    def look(labels: Labels, spacing: Sequence[float]) -> Labels:
        seen.append((labels.shape, tuple(spacing)))
        return np.full_like(labels, 1)

    through = {"axial": 0, "coronal": 1, "sagittal": 2}[plane]
    mask.transform("One", Scope(plane, (2, 2)), SPACING, look)
    assert np.flatnonzero(mask.labels.any(axis=tuple({0, 1, 2} - {through}))).tolist() == [2]
    mask.transform("Some", Scope(plane, (2, 4)), SPACING, look)
    assert np.flatnonzero(mask.labels.any(axis=tuple({0, 1, 2} - {through}))).tolist() == [2, 3, 4]
    some = [5, 7, 9]
    some[through] = 3
    flat = tuple(size for axis, size in enumerate((5, 7, 9)) if axis != through)
    assert seen == [(flat, sides), (tuple(some), SPACING)]
    mask.transform("All", Scope(), SPACING, look)
    assert mask.labels.all() and seen[-1] == ((5, 7, 9), SPACING)


def test_what_may_be_painted_over_holds() -> None:
    for scope in (Scope(), Scope("axial", (1, 1)), Scope("axial", (0, 1))):
        mask = Mask(np.zeros((3, 8, 8), np.uint8))
        mask.labels[:, :4], mask.labels[:, 4:6] = 1, 2
        mask.locked, mask.paint_over = frozenset({1}), 0
        mask.transform("Mark", scope, SPACING, marked)
        assert (mask.labels[1, :4] == 1).all() and (mask.labels[1, 4:6] == 2).all() and (mask.labels[1, 6:] == 9).all()


def test_picked_objects_alone_are_changed_and_grow_into_the_background() -> None:
    ids = np.zeros((1, 12, 30), np.uint16)
    ids[0, 4:8, 2:8], ids[0, 4:8, 9:15], ids[0, 4:8, 20:26] = 3, 4, 5
    mask = Mask((ids > 0).astype(np.uint8), ids.copy())
    grow = CleanUp("grow", 2.0, 1)
    mask.transform(
        "Grow", Scope(objects=frozenset({3})), (1.0, 1.0, 1.0), lambda part, sides: clean_up(part, grow, sides)
    )
    assert mask.ids is not None and mask.objects is not None
    assert (mask.ids[0, 4:8, 9:15] == 4).all() and (mask.ids == 5).sum() == 24 and (mask.ids[0, 5, 0:9] == 3).all()
    assert mask.objects.present == (3, 4, 5)
    shrink = CleanUp("shrink", 1.0, 1)
    mask.transform(
        "Shrink", Scope(objects=frozenset({5})), (1.0, 1.0, 1.0), lambda part, sides: clean_up(part, shrink, sides)
    )
    assert (mask.ids == 5).sum() == 8


def test_a_class_is_joined_with_a_region_cut_down_to_it_or_less_it() -> None:
    labels = np.zeros((6, 10), np.uint8)
    labels[:, :6], labels[0, 8:], labels[5, :] = 1, 2, UNLABELLED
    region = np.zeros((6, 10), bool)
    region[:, 4:9] = True
    union, both, less = (combine(labels, 1, region, how) for how in ("union", "intersection", "minus"))
    assert np.array_equal(union == 1, ((labels == 1) | region) & (labels != UNLABELLED)) and union[0, 9] == 2
    assert np.array_equal(both == 1, (labels == 1) & region) and both[0, 8] == 2
    assert np.array_equal(less == 1, (labels == 1) & ~region) and less[0, 8] == 2
    assert all((each[5] == UNLABELLED).all() for each in (union, both, less))


@pytest.mark.parametrize("shape", [(20, 20), (6, 20, 20)])
def test_what_a_class_encloses_is_in_it(shape: tuple[int, ...]) -> None:
    labels = np.zeros(shape, np.uint8)
    labels[..., 2:15, 2:15] = 1
    labels[(slice(1, -1),) * (len(shape) - 2) + (slice(5, 9), slice(5, 9))] = 2
    labels[..., 14:18, 8:12] = 2
    inside = enclosed(labels, 1)
    assert inside[..., 5:9, 5:9].sum() == (labels[..., 5:9, 5:9] == 2).sum() + (labels[..., 5:9, 5:9] == 1).sum()
    assert not inside[..., 15:, :].any() and not enclosed(labels, 7).any()
