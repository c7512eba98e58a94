import numpy as np
import pytest
from numpy.typing import NDArray

from engine.augment.pipeline import Applied, Sample
from engine.augment.presets import load_preset
from engine.augment.sheet import caption, sheet
from engine.augment.transforms import AugmentConfig

COLORS = ["#E69F00", "#56B4E9"]


def scan(height: int = 120, width: int = 160, channels: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(
        0, 200, (height, width, channels) if channels else (height, width), np.uint8
    )


def labels(height: int = 120, width: int = 160) -> NDArray[np.uint8]:
    mask = np.zeros((height, width), np.uint8)
    mask[height // 4 : height // 2, width // 4 : width // 2] = 1
    mask[-3:, -3:] = 2  # small and in the corner: easily lost
    return mask


def test_the_same_seed_gives_the_same_sheet_and_another_one_does_not() -> None:
    config = load_preset("standard")
    first = sheet(scan(), labels(), COLORS, config, 3)
    assert first.dtype == np.uint8 and first.ndim == 3 and first.shape[2] == 3
    assert first.tobytes() == sheet(scan(), labels(), COLORS, config, 3).tobytes()
    assert first.tobytes() != sheet(scan(), labels(), COLORS, config, 4).tobytes()


@pytest.mark.parametrize(
    "shape", [(28, 28), (1, 1), (900, 500), (40, 700, 3), (64, 64, 1)], ids=lambda shape: "x".join(map(str, shape))
)
def test_sheets_of_all_sizes_hold_columns_times_rows_pictures(shape: tuple[int, ...]) -> None:
    image = scan(shape[0], shape[1], shape[2] if len(shape) > 2 else 0)
    small = sheet(image, None, [], load_preset("strong"), 0, columns=2, rows=1)
    large = sheet(image, None, [], load_preset("strong"), 0, columns=4, rows=3)
    gap = 8
    assert (large.shape[0] - gap, large.shape[1] - gap) == (3 * (small.shape[0] - gap), 2 * (small.shape[1] - gap))


def test_the_sheet_shows_the_original_and_the_classes_in_their_colours() -> None:
    drawn = sheet(np.full((288, 288), 90, np.uint8), np.tril(np.ones((288, 288), np.uint8)), COLORS, AugmentConfig(), 0)
    original = drawn[8:296, 8:296]
    assert tuple(original[10, 200]) == (90, 90, 90)
    assert tuple(original[100, 100]) == (0xE6, 0x9F, 0x00)  # outline at full strength
    assert original[200, 50].tolist() == pytest.approx((90 * 0.65 + np.array([0xE6, 0x9F, 0]) * 0.35).tolist(), abs=1)
    np.testing.assert_array_equal(
        drawn[8:296, 8 + 296 : 296 + 296], original
    )  # nothing is on: the samples are the same


def test_samples_are_made_of_the_stored_slice_and_shown_as_it_hangs() -> None:
    image, mask = np.tile(np.arange(144, dtype=np.uint8), (144, 2))[:, :288].repeat(2, 0), labels(288, 288)
    config = load_preset("standard")
    plain = sheet(image, mask, COLORS, config, 3)
    turned = sheet(image, mask, COLORS, config, 3, flips=(True, False))
    for left in (8, 8 + 296):
        stored, hung = (drawn[8:296, left : left + 288] for drawn in (plain, turned))
        np.testing.assert_array_equal(hung, stored[::-1])


def test_float_pictures_look_like_their_bytes() -> None:
    config = load_preset("gentle")
    as_bytes = sheet(scan(), None, [], config, 1)
    as_float = sheet(scan().astype(np.float32) / np.float32(255), None, [], config, 1)
    assert np.abs(as_bytes.astype(int) - as_float).max() <= 2


def test_captions_name_every_change() -> None:
    applied = (Applied("flip_horizontal"), Applied("rotation", (-11.0,)), Applied("noise", (9.0,)))
    assert caption(Sample(scan(), None, applied)) == "Flip left-right, Rotate −11°, Noise σ 9"
