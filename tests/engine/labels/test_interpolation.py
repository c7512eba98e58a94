from collections.abc import Callable

import numpy as np
import pytest
from scipy import ndimage

from engine.errors import EngineError
from engine.labels.classes import UNLABELLED
from engine.labels.edit import Labels
from engine.labels.interpolation import fill_between
from engine.labels.mask import Mask

SHAPE = (41, 96, 110)
Z, Y, X = np.indices(SHAPE)


def sphere() -> Labels:
    return np.asarray(((Z - 20) * 2) ** 2 + (Y - 48) ** 2 + (X - 55) ** 2 <= 38**2, np.uint8)


def cone() -> Labels:
    return np.asarray(np.hypot(Y - 48 - (Z - 20) / 4, X - 55) <= 3 + Z, np.uint8)


def two_halves() -> Labels:
    """A sphere of two classes that touch along a slanted plane."""
    labels = sphere()
    labels[(labels == 1) & (X > 55 + (Z - 20) / 2)] = 2
    return labels


def every_third(labels: Labels) -> Labels:
    painted = labels.copy()
    painted[[z for z in range(len(labels)) if z % 3]] = 0
    return painted


def dice(one: Labels, two: Labels, value: int) -> float:
    return float(2 * ((one == value) & (two == value)).sum() / ((one == value).sum() + (two == value).sum()))


@pytest.mark.parametrize("shape", [sphere, cone, two_halves])
@pytest.mark.parametrize("spacing", [(1.0, 1.0), (0.7, 0.7), (1.0, 1.4)])
def test_every_third_slice_gives_the_shape_back(shape: Callable[[], Labels], spacing: tuple[float, float]) -> None:
    truth = shape()
    held = [z for z in range(0, len(truth), 3) if truth[z].any()]
    filled = fill_between(every_third(truth), held, spacing)
    between = slice(held[0], held[-1] + 1)
    for value in np.unique(truth)[1:]:
        assert dice(filled[between], truth[between], int(value)) > 0.97
    assert np.array_equal(filled[held], truth[held])
    assert not filled[: held[0]].any() and not filled[held[-1] + 1 :].any()  # never past the last one


def test_it_is_the_mean_of_signed_distances() -> None:
    """Beside scipy's exact distances, for one class."""
    rng = np.random.default_rng(5)
    labels = np.zeros((4, 50, 60), np.uint8)
    for z in (0, 3):
        labels[z] = ndimage.gaussian_filter(rng.normal(size=(50, 60)), 4) > 0.02
    inner, outer = ([ndimage.distance_transform_edt(labels[z] == side, (1.0, 1.5)) for z in (0, 3)] for side in (1, 0))
    signed = [np.where(labels[z] == 1, a - 0.5, 0.5 - b) for z, a, b in zip((0, 3), inner, outer, strict=True)]
    filled = fill_between(labels, (0, 3), (1.0, 1.5))
    for z in (1, 2):
        blend = (3 - z) / 3 * signed[0] + z / 3 * signed[1]
        clear = np.abs(blend) > 1e-4
        assert np.array_equal(filled[z].astype(bool)[clear], (blend > 0)[clear])


def test_classes_that_touch_leave_no_gap_between_them() -> None:
    truth = two_halves()
    truth[:6], truth[-6:] = 0, 0  # where one of them ends
    filled = fill_between(every_third(truth), ())
    whole = fill_between(every_third((truth > 0).astype(np.uint8)), ())
    assert ((filled > 0) != (whole > 0)).mean() < 1e-3
    inside = ndimage.binary_erosion(whole > 0, np.ones((1, 3, 3), bool), iterations=2)
    assert (filled[inside] > 0).all()


def test_what_is_painted_between_stays() -> None:
    truth = sphere()
    painted = every_third(truth)
    painted[13] = 0
    painted[13, 40:50, 40:50] = 2  # by a hand
    filled = fill_between(painted, [13])
    assert np.array_equal(filled[13], painted[13])
    empty = every_third(truth)
    assert not fill_between(empty, [13])[13].any()  # somebody said that nothing is there


def test_a_class_ends_where_it_was_painted_last() -> None:
    labels = np.zeros((7, 30, 30), np.uint8)
    labels[[0, 3, 6], 5:15, 5:15] = 1
    labels[[0, 3], 20:25, 20:25] = 2
    filled = fill_between(labels, ())
    assert (filled[1:3, 20:25, 20:25] == 2).all() and not (filled[4:6] == 2).any()
    assert (filled[1:6, 5:15, 5:15] == 1).all()


def test_one_class_is_filled_between_the_slices_that_hold_it() -> None:
    """Others were painted, slice by slice, before it: they stay."""
    labels = np.zeros((7, 30, 30), np.uint8)
    labels[:, 2:10, 2:10] = 1
    labels[[0, 6], 5:25, 5:25] = 2
    filled = fill_between(labels, range(7), only=2)
    assert (filled[:, 12:24, 12:24] == 2).all()
    assert (filled[1:6, 2:10, 2:10] == 1).all()
    with pytest.raises(EngineError, match="No slice is left"):
        fill_between(labels, range(7))


def test_unlabelled_pixels_are_known_of_no_slice_between() -> None:
    labels = np.zeros((4, 30, 30), np.uint8)
    labels[[0, 3], 5:25, 5:25] = 1
    labels[[0, 3], 5:15, 5:25] = UNLABELLED
    filled = fill_between(labels, ())
    assert (filled[1:3, 5:15, 5:25] == UNLABELLED).all() and (filled[1:3, 15:25, 5:25] == 1).all()


def test_shapes_too_far_apart_give_nothing_and_it_says_so() -> None:
    labels = np.zeros((7, 30, 30), np.uint8)
    labels[0, 2:5, 2:5] = labels[6, 25:28, 25:28] = 1
    with pytest.raises(EngineError, match="too far apart"):
        fill_between(labels, ())
    labels[6] *= 2
    with pytest.raises(EngineError, match="no class is on both"):
        fill_between(labels, ())


@pytest.mark.parametrize(
    ("slices", "why"),
    [((), "Nothing is painted"), ((4,), "Only slice 5 is painted"), ((3, 4), "No slice is left"), ((0, 6), "")],
)
def test_it_says_why_nothing_is_filled(slices: tuple[int, ...], why: str) -> None:
    labels = np.zeros((7, 20, 20), np.uint8)
    labels[list(slices), 5:9, 5:9] = 1
    if why:
        with pytest.raises(EngineError, match=why):
            fill_between(labels, slices)
    else:
        assert fill_between(labels, slices)[1:6].any()


def test_two_classes_on_one_slice_each_have_nothing_between() -> None:
    labels = np.zeros((4, 20, 20), np.uint8)
    labels[0, 5:9, 5:9], labels[3, 5:9, 5:9] = 1, 2
    with pytest.raises(EngineError, match="Nothing lies between"):
        fill_between(labels, ())


def test_the_mask_keeps_its_locks_and_rules() -> None:
    truth = two_halves()
    mask = Mask(every_third(truth))
    before = mask.labels.copy()
    mask.locked = frozenset({2})
    edit = mask.fill_between("Fill between slices", (), (1.0, 1.0))
    assert (mask.labels[10] == 1).any() and not (mask.labels[10] == 2).any()
    mask.apply(edit.inverse())
    assert np.array_equal(mask.labels, before)
    mask.locked, mask.paint_over = frozenset(), 2  # only over class 2: nothing but background lies between
    assert mask.fill_between("Fill between slices", (), (1.0, 1.0)).empty


def disc(radius: float) -> Labels:
    return np.asarray(np.hypot(Y[0] - 48, X[0] - 55) <= radius, np.uint8)


def test_borders_follow_what_the_image_shows_in_between() -> None:
    """A vessel that widens at once, not bit by bit as the shapes on both sides say."""
    truth = np.stack([disc(r) for r in (9, 9, 9, 14)])
    rng = np.random.default_rng(4)
    pixels = (300.0 * truth + rng.normal(0, 20, truth.shape)).astype(np.int16)
    painted = truth.copy()
    painted[1:3] = 0
    by_shape, by_image = fill_between(painted, [0, 3]), fill_between(painted, [0, 3], pixels=pixels)
    assert dice(by_shape[1:3], truth[1:3], 1) < 0.9 < 0.97 < dice(by_image[1:3], truth[1:3], 1)
    assert np.array_equal(by_image[[0, 3]], truth[[0, 3]])


@pytest.mark.parametrize("shape", [sphere, two_halves])
@pytest.mark.parametrize("kind", ["flat", "noise", "nothing"])
def test_where_the_image_says_nothing_the_shapes_decide(shape: Callable[[], Labels], kind: str) -> None:
    truth = shape()
    pixels = np.random.default_rng(0).normal(size=SHAPE).astype(np.float32)
    if kind != "noise":
        pixels[:] = 7.0 if kind == "flat" else np.nan
    held = [z for z in range(0, len(truth), 3) if truth[z].any()]
    found = fill_between(every_third(truth), held, pixels=pixels)
    between = slice(held[0], held[-1] + 1)
    for value in np.unique(truth)[1:]:
        assert dice(found[between], truth[between], int(value)) > 0.95


def test_a_shape_that_moves_sideways_keeps_more_of_its_size() -> None:
    """Blended distances alone make it too small."""
    truth = np.stack([np.roll(disc(8), 3 * z, axis=1) for z in range(4)])
    painted = truth.copy()
    painted[1:3] = 0
    sizes = []
    for pixels in (None, np.zeros(truth.shape, np.uint8), (90 * truth).astype(np.uint8)):
        filled = fill_between(painted, [0, 3], pixels=pixels)
        sizes.append(filled[1:3].sum() / truth[1:3].sum())
    assert sizes[0] < 0.86 and 0.9 < sizes[1] < sizes[2] and 0.97 < sizes[2] < 1.01


def test_a_class_between_is_as_large_as_the_slices_before_and_behind_make_it() -> None:
    """Where it grows before and shrinks behind, it is larger between than on both sides."""
    radii = (4, 0, 0, 9, 0, 0, 9, 0, 0, 4)
    painted = np.stack([np.roll(disc(r), 3 * z, axis=1) if r else disc(0) * 0 for z, r in enumerate(radii)])
    flat = np.zeros(painted.shape, np.uint8)
    known = fill_between(painted, [0, 3, 6, 9], pixels=flat)[4:6]
    two = fill_between(painted[3:7], [0, 3], pixels=flat[3:7])[1:3]
    assert two.sum() < known.sum() < 2 * disc(9).sum()


def test_a_large_slice_is_looked_at_in_strips(monkeypatch: pytest.MonkeyPatch) -> None:
    truth = two_halves()
    pixels = (100 * truth).astype(np.uint8)
    held = [z for z in range(0, len(truth), 3) if truth[z].any()]
    whole = fill_between(every_third(truth), held, pixels=pixels)
    monkeypatch.setattr("engine.labels.interpolation._STRIP", 900)
    assert np.array_equal(fill_between(every_third(truth), held, pixels=pixels), whole)


def test_colours_are_looked_at_too() -> None:
    truth = np.stack([disc(r) for r in (9, 9, 9, 14)])
    pixels = np.repeat((200 * truth)[..., None], 3, axis=-1).astype(np.uint8)
    painted = truth.copy()
    painted[1:3] = 0
    assert dice(fill_between(painted, [0, 3], pixels=pixels)[1:3], truth[1:3], 1) > 0.97
