"""The gate of the table: each row, alone and in its default range, does to image and mask what it says."""

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.augment.pipeline import Augmenter, Sample
from engine.augment.row import TransformRow, TransformSetting
from engine.augment.transforms import ROWS, TRANSFORMS, AugmentConfig, checked
from engine.config import check

each_row = pytest.mark.parametrize("row", TRANSFORMS, ids=lambda row: row.key)
KEYS = [(4, 0, index) for index in range(8)]


def scan(kind: Any = np.uint8, channels: int = 3) -> NDArray[Any]:
    """A red blob of 200 without any symmetry on a soft ground of at most 80; in colour, or the red alone."""
    ground = cv2.GaussianBlur(np.random.default_rng(3).integers(0, 256, (96, 128, 3), np.uint8), (0, 0), 3)
    image = np.clip((ground.astype(np.float32) - 100) * 2, 0, 80).astype(np.uint8)
    cv2.ellipse(image, (74, 42), (34, 18), 25, 0, 360, (200, 120, 60), -1)
    image = image if channels else np.ascontiguousarray(image[..., 0])
    return image if kind == np.uint8 else image.astype(np.float32) / np.float32(255)


def mask_of(image: NDArray[Any]) -> NDArray[np.uint8]:
    red = image if image.ndim == 2 else image[..., 0]
    return (red > (140 if image.dtype == np.uint8 else 140 / 255)).astype(np.uint8)


def alone(row: TransformRow, image: NDArray[Any], key: tuple[int, ...]) -> Sample:
    config = AugmentConfig({row.key: replace(row.default, on=True, chance=1.0)}, "constant")
    return Augmenter(config).apply(image, mask_of(image), key)


def overlap(one: NDArray[Any], other: NDArray[Any]) -> float:
    return float(np.count_nonzero(one & other) / np.count_nonzero(one | other))


@each_row
@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_alone_it_changes_the_image_and_nothing_else(row: TransformRow, kind: Any) -> None:
    image = scan(kind)
    before = image.copy()
    samples = [alone(row, image, key) for key in KEYS]
    np.testing.assert_array_equal(image, before)
    assert any(np.any(sample.image != image) for sample in samples)
    assert all([change.key for change in sample.applied] == [row.key] for sample in samples)
    assert all(sample.image.dtype == kind and sample.image.shape == image.shape for sample in samples)
    if kind == np.float32:
        assert all(sample.image.min() >= 0 and sample.image.max() <= 1 for sample in samples)
    if row.ranged:  # each strength that is drawn counts, and each sample draws its own
        assert len({sample.image.tobytes() for sample in samples}) > len(KEYS) // 2


@each_row
@pytest.mark.parametrize("kind", [np.uint8, np.float32])
def test_alone_it_treats_the_mask_as_it_says(row: TransformRow, kind: Any) -> None:
    image = scan(kind)
    for key in KEYS:
        sample = alone(row, image, key)
        assert sample.mask is not None
        moved = np.any(sample.mask != mask_of(image))
        if row.on_mask == "stays":
            assert not moved
        elif row.on_mask == "moves":  # with the image: where the blob went, there the mask is
            assert overlap(sample.mask, mask_of(sample.image)) > 0.97
        else:
            covered = np.any(sample.image != image, axis=2)
            np.testing.assert_array_equal(sample.mask, np.where(covered, 0, mask_of(image)))
    if row.on_mask == "moves":
        assert any(np.any(alone(row, image, key).mask != mask_of(image)) for key in KEYS)


@each_row
def test_on_a_grey_image_it_works_unless_it_needs_colours(row: TransformRow) -> None:
    grey = scan(channels=0)
    changed = any(np.any(alone(row, grey, key).image != grey) for key in KEYS)
    assert changed == (not row.needs_color)


@each_row
def test_it_mirrors_where_it_says_so(row: TransformRow) -> None:
    """What stays nearer to the picture than to its mirror image has not changed sides."""
    image = scan()
    for key in KEYS:
        mask = alone(row, image, key).mask
        assert mask is not None
        if row.on_mask == "moves":
            mirrored = overlap(mask, mask_of(image)[:, ::-1]) > max(
                overlap(mask, mask_of(image)), overlap(mask, mask_of(image)[::-1])
            )
            assert mirrored == (row.mirrors == "across")


@each_row
def test_its_row_is_whole(row: TransformRow) -> None:
    assert row.label and row.help and row.key.isidentifier() and row.key != "fill"
    assert not row.default.on and 0 < row.default.chance <= 1
    assert checked(AugmentConfig({row.key: row.default}))
    assert 1 <= row.shown <= row.numbers <= 5
    if row.ranged:
        assert row.step > 0 and row.range_text(row.default)
        assert row.limits[0] > 0 and row.limits[1] > 1 if row.ratio else row.limits[1] > 0  # the slider's scale
        assert checked(AugmentConfig({row.key: replace(row.default, low=row.limits[0], high=row.limits[1])}))
    if row.symmetric:
        assert row.default.low == -row.default.high and row.limits[0] == -row.limits[1]
    said = alone(row, scan(), KEYS[0]).applied[0].text
    assert bool(said) == row.ranged


def test_keys_are_unique() -> None:
    assert len(ROWS) == len(TRANSFORMS)


def test_a_row_left_out_is_off_and_no_other_key_is_taken() -> None:
    assert AugmentConfig() == AugmentConfig({row.key: row.default for row in TRANSFORMS})
    assert check(AugmentConfig()) is not None  # the general check of configs can read it too
    with pytest.raises(KeyError, match="nonsense"):
        AugmentConfig({"nonsense": TRANSFORMS[0].default})


def test_a_seed_keeps_its_meaning() -> None:
    """What a key draws: every training before would become another one if a row were put between others."""
    ranges = {"rotation": (-15, 15), "shift": (-10, 10), "color_jitter": (-10, 10), "elastic": (0.5, 1.5)}
    config = AugmentConfig({key: TransformSetting(True, 1.0, *ends) for key, ends in ranges.items()})
    applied = Augmenter(config).apply(scan(), None, (7, 1, 0)).applied
    drawn = [round(strength, 3) for one in applied for strength in one.strengths]
    assert drawn == [10.741, 3.482, 6.967, 6.326, 3.696, -3.214, -8.741, 9.585, 1.209]


def test_a_seed_keeps_its_elastic_field_however_many_rows_there_are() -> None:
    ramp = np.tile(np.linspace(0, 1, 201, dtype=np.float32), (201, 1))
    config = AugmentConfig({"elastic": TransformSetting(True, 1.0, 5.0, 5.0)}, "nearest")
    moved = Augmenter(config).apply(ramp, None, (7, 1, 0)).image
    pushed = (moved - ramp)[[50, 100, 150], [50, 100, 150]] * 200  # pixels along the row, at three places
    np.testing.assert_allclose(pushed, [-4.36, 0.53, -5.75], atol=0.1)
