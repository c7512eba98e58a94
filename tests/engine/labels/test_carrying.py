import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from engine.errors import EngineError
from engine.imaging.geometry import Plane, uncalibrated
from engine.imaging.image import Image, Window
from engine.labels.carrying import carry, carry_on
from engine.labels.edit import Labels
from engine.labels.mask import Mask

SHAPE = (8, 60, 70)


def drifting(step: float = 1.5) -> tuple[Labels, NDArray[np.float32]]:
    """A disc of two halves that moves along and shrinks, and an image of it."""
    z, y, x = np.indices(SHAPE)
    inside = np.hypot(y - 30, x - 20 - step * z) <= 14 - z / 2
    labels = np.where(inside, np.where(y < 30, 1, 2), 0).astype(np.uint8)
    noise = np.random.default_rng(3).normal(size=SHAPE)
    return labels, np.asarray(400.0 * (labels == 1) + 900.0 * (labels == 2) + 20 * noise, np.float32)


def dice(one: Labels, two: Labels) -> float:
    values = [value for value in np.unique(two) if value]
    return min(float(2 * ((one == v) & (two == v)).sum() / ((one == v).sum() + (two == v).sum())) for v in values)


def image(pixels: NDArray[np.float32]) -> Image:
    depth, height, width = pixels.shape
    return Image(pixels, uncalibrated(height, width, depth), Window(500.0, 1000.0))


@pytest.mark.parametrize("spacing", [(1.0, 1.0), (0.5, 0.5), (1.0, 1.5)])
@pytest.mark.parametrize("step", [1, -1])
def test_a_shape_that_moves_is_followed(step: int, spacing: tuple[float, float]) -> None:
    labels, pixels = drifting()
    start = 0 if step > 0 else 7
    now = labels[start]
    for z in range(start + step, start + 4 * step, step):
        now = carry(now, pixels[[z - step, z]], spacing)
        assert dice(now, labels[z]) > 0.95 > dice(labels[start], labels[z]) + 0.02


def test_where_the_image_says_nothing_the_shape_stays() -> None:
    labels, _ = drifting()
    flat = np.full((2, *SHAPE[1:]), 7.0, np.float32)
    assert dice(carry(labels[0], flat), labels[0]) > 0.98


def test_colours_and_values_that_are_no_numbers() -> None:
    labels, pixels = drifting()
    colours = np.repeat(pixels[..., None], 3, axis=3)
    assert np.array_equal(carry(labels[0], colours[:2]), carry(labels[0], pixels[:2]))
    pixels[0, :5], pixels[1, :5] = np.nan, np.inf
    assert dice(carry(labels[0], pixels[:2]), labels[1]) > 0.95


@pytest.mark.parametrize("shape", [(1, 1), (3, 40), (5, 5)])
def test_slices_that_are_tiny(shape: tuple[int, int]) -> None:
    labels = np.ones(shape, np.uint8)
    assert np.array_equal(carry(labels, np.zeros((2, *shape), np.float32)), labels)
    assert not carry(np.zeros(shape, np.uint8), np.zeros((2, *shape), np.float32)).any()


def test_it_is_one_edit_over_some_slices_and_stops_before_what_is_painted() -> None:
    labels, pixels = drifting()
    mask = Mask(np.zeros_like(labels))
    mask.labels[1], mask.labels[5] = labels[1], labels[5]
    before = mask.labels.copy()
    edit = carry_on(mask, "Carry", image(pixels), "axial", 1, 1, 2)
    assert [dice(mask.labels[z], labels[z]) > 0.95 for z in (2, 3)] == [True, True] and not mask.labels[4].any()
    mask.apply(edit.inverse())
    assert np.array_equal(mask.labels, before)
    carry_on(mask, "Carry", image(pixels), "axial", 1, 1, 9)
    assert mask.labels[2:5].any(axis=(1, 2)).all() and np.array_equal(mask.labels[5], labels[5])
    with pytest.raises(EngineError, match="painted already"):
        carry_on(mask, "Carry", image(pixels), "axial", 1, 1)


def test_it_says_where_it_ends() -> None:
    labels, pixels = drifting()
    mask = Mask(np.zeros_like(labels))
    mask.labels[[0, 7]] = labels[[0, 7]]
    for start, step, words in ((0, -1, "first slice"), (7, 1, "last slice"), (3, 1, "Nothing is painted on slice")):
        with pytest.raises(EngineError, match=words):
            carry_on(mask, "Carry", image(pixels), "axial", start, step)
    with pytest.raises(EngineError, match="labelled as empty"):
        carry_on(mask, "Carry", image(pixels), "axial", 0, 1, looked_at=[1])
    carry_on(mask, "Carry", image(pixels), "axial", 0, 1, 4, looked_at=[3])
    assert mask.labels[2].any() and not mask.labels[3].any()


def test_a_speck_that_is_gone_is_said() -> None:
    pixels = np.zeros((2, 40, 40), np.float32)
    pixels[0, 20, 20] = 900
    mask = Mask(np.zeros((2, 40, 40), np.uint8))
    mask.labels[0, 20, 20] = 1
    with pytest.raises(EngineError, match="is left on the next one"):
        carry_on(mask, "Carry", image(pixels), "axial", 0, 1)
    assert not mask.labels[1].any()


def test_one_class_goes_where_there_is_background() -> None:
    labels, pixels = drifting()
    mask = Mask(labels.copy())
    mask.labels[2][mask.labels[2] == 1] = 0
    before = mask.labels.copy()
    with pytest.raises(EngineError, match="painted already"):
        carry_on(mask, "Carry", image(pixels), "axial", 1, 1)
    carry_on(mask, "Carry", image(pixels), "axial", 1, 1, only=1)
    assert dice(mask.labels[2], labels[2]) > 0.95
    assert np.array_equal(mask.labels == 2, before == 2), "no other class lost a pixel"


def test_locks_hold_and_what_they_keep_back_is_not_carried_further() -> None:
    labels, pixels = drifting()
    mask = Mask(np.zeros_like(labels))
    mask.labels[0] = labels[0]
    mask.locked = frozenset({2})
    carry_on(mask, "Carry", image(pixels), "axial", 0, 1, 3)
    assert set(np.unique(mask.labels[1:4])) == {0, 1} and np.array_equal(mask.labels[0], labels[0])


@pytest.mark.parametrize("plane", ["sagittal", "coronal"])
def test_other_planes(plane: Plane) -> None:
    labels, pixels = drifting(0.5)
    mask = Mask(np.zeros_like(labels))
    mask.slice(plane, 32)[:] = Mask(labels).slice(plane, 32)
    carry_on(mask, "Carry", image(pixels), plane, 32, 1, 2)
    assert mask.slice(plane, 34).any() and not mask.slice(plane, 35).any() and not mask.slice(plane, 31).any()
    assert dice(mask.slice(plane, 33), Mask(labels).slice(plane, 33)) > 0.9


def test_objects_go_on_from_slice_to_slice() -> None:
    labels, pixels = drifting()
    first = np.zeros_like(labels)
    first[0] = labels[0]
    mask = Mask(first, np.where(first == 1, 5, np.where(first == 2, 9, 0)).astype(np.uint16))
    carry_on(mask, "Carry", image(pixels), "axial", 0, 1, 2)
    assert mask.ids is not None and mask.objects is not None
    assert mask.objects.present == (5, 9)
    assert (mask.ids[1:3][mask.labels[1:3] == 2] == 9).all()


def test_a_ring_stays_a_ring() -> None:
    """A wall is thin: neither is it filled nor does it fray."""
    z, y, x = np.indices((3, 64, 64))
    far = np.hypot(y - 32, x - 30 - 2 * z)
    labels = ((far <= 18) & (far > 14)).astype(np.uint8)
    pixels = 500.0 * labels + np.random.default_rng(1).normal(size=labels.shape) * 20
    carried = carry(labels[0], np.asarray(pixels[:2], np.float32))
    assert dice(carried, labels[1]) > 0.9 and ndimage.label(carried == 0)[1] == 2
