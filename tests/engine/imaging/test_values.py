"""Foreign numbers become ours without loss, or what was lost is said."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.errors import EngineError, NotReadable
from engine.imaging.values import (
    behind_alpha,
    colour_bytes,
    merge_channels,
    storable,
    value_notes,
    whole_numbers,
    without_jpeg_blur,
)

LABELS = np.array([[0, 1, 2], [2, 0, 1]], np.int32)
RAMP = np.arange(48, dtype=np.uint8).reshape(4, 4, 3) * 5


@pytest.mark.parametrize("off", [1e-7, 9e-4, 1e-3, -1e-3])
def test_labels_near_whole_numbers_are_rounded_and_said(off: float) -> None:
    values, notes = whole_numbers(LABELS + off, "m.nii")
    np.testing.assert_array_equal(values, LABELS)
    assert values.dtype == np.int32 and ["rounded" in n.text for n in notes] == [True]


def test_whole_floats_need_no_word() -> None:
    values, notes = whole_numbers(np.where(LABELS, LABELS, -0.0), "m.nii")
    np.testing.assert_array_equal(values, LABELS)
    assert notes == ()


@pytest.mark.parametrize("bad", [0.5, 2e-3, np.inf, 1e30])
def test_what_is_no_label_is_refused(bad: float) -> None:
    values = LABELS.astype(float)
    values[0, 0] = bad
    with pytest.raises(NotReadable, match=r"m\.nii is no mask"):
        whole_numbers(values, "m.nii")


def test_holes_are_background_and_said_unless_all_are_holes() -> None:
    values = LABELS.astype(float)
    values[values == 0] = np.nan
    found, notes = whole_numbers(values, "m.nii")
    np.testing.assert_array_equal(found, LABELS)
    assert ["NaN" in n.text for n in notes] == [True]
    with pytest.raises(NotReadable):
        whole_numbers(np.full((2, 2), np.nan), "m.nii")


@pytest.mark.parametrize(
    ("stored", "bits", "said"),
    [
        (RAMP, 8, ""),
        (RAMP.astype(np.uint16) * 257, 16, "16 bits"),
        (RAMP.astype(np.int64), 64, ""),
        (RAMP.astype(np.float32), 32, ""),
        (RAMP.astype(np.float32) / 255, 32, "from 0 to 1 "),
        (RAMP.astype(np.float64) / 255, 64, "from 0 to 1 "),
        (RAMP.astype(np.float16), 16, ""),
        (RAMP + np.float32(0.2), 32, "from 0 to 255 "),
    ],
)
def test_colours_of_every_kind_become_bytes(stored: NDArray[Any], bits: int, said: str) -> None:
    colours, notes = colour_bytes(stored, bits)
    np.testing.assert_array_equal(colours, RAMP)
    assert [said in n.text for n in notes] == ([True] if said else [])


@pytest.mark.parametrize(
    "stored", [RAMP.astype(np.float32) * 100, RAMP.astype(np.int16) - 5, RAMP - np.float32(1), RAMP / np.float32(230)]
)
def test_colours_whose_white_nobody_knows_are_refused(stored: NDArray[Any]) -> None:
    with pytest.raises(NotReadable, match="nobody can know which is white"):
        colour_bytes(stored, 16)


def test_shades_lost_with_empty_upper_bits_are_said() -> None:
    wide = RAMP.astype(np.uint16)
    _, notes = colour_bytes(wide * 16, 16)  # 12 bits in 16
    assert "end at 3760 of 65535: only 16 shades" in notes[-1].text
    assert len(colour_bytes(wide * 257, 16)[1]) == len(colour_bytes(wide * 0, 16)[1]) == 1


def test_numbers_that_are_no_colours_are_refused() -> None:
    with pytest.raises(EngineError, match="no image"):
        colour_bytes(RAMP.astype(np.complex64), 64)


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        (np.array([0, 70000], np.int64), ""),
        (np.array([0, 1 << 30], np.int64), "7 digits"),
        (np.array([0, -(1 << 30)], np.int32), "7 digits"),
        (np.array([0, 1e20]), ""),
        (np.array([0, 0.1]), ""),
    ],
)
def test_what_is_lost_is_said(stored: NDArray[Any], said: str) -> None:
    notes = value_notes(stored, storable(stored))
    assert [said in n.text for n in notes] == ([True] if said else [])


WHITE = np.full((2, 3), 255, np.int32)
PART = np.array([[0, 0, 255], [0, 255, 255]], np.uint8)


@pytest.mark.parametrize("most", [255, 100, 1])
def test_transparent_places_are_background(most: int) -> None:
    """Marks may be half transparent themselves."""
    numbers, notes = behind_alpha(WHITE, PART // 255 * np.uint8(most))
    np.testing.assert_array_equal(numbers, PART)
    assert len(notes) == 1


def test_black_on_transparent_ground_is_the_mask() -> None:
    numbers, notes = behind_alpha(WHITE * 0, PART)
    np.testing.assert_array_equal(numbers, PART)
    assert "black" in notes[0].text


@pytest.mark.parametrize("alpha", [7, 128, 255])
def test_an_alpha_that_is_the_same_everywhere_says_nothing(alpha: int) -> None:
    numbers, notes = behind_alpha(LABELS, np.full(LABELS.shape, alpha, np.uint8))
    np.testing.assert_array_equal(numbers, LABELS)
    assert notes == ()


def test_a_mask_that_is_transparent_everywhere_is_empty() -> None:
    numbers, notes = behind_alpha(WHITE, PART * 0)
    assert not numbers.any() and len(notes) == 1


def _drawn(*strengths: int) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """A square for each alpha, with the value of its place, and with edges that run out over three pixels."""
    numbers, alpha = np.zeros((30, 30 * len(strengths)), np.int32), np.zeros((30, 30 * len(strengths)), np.uint8)
    for place, most in enumerate(strengths):
        for ring in range(4):
            inner = np.s_[7 + ring : 23 - ring, 30 * place + 7 + ring : 30 * place + 23 - ring]
            numbers[inner], alpha[inner] = place + 1, most * (ring + 1) // 4
    return numbers, alpha


def test_what_is_drawn_fainter_than_the_rest_is_kept_and_said() -> None:
    numbers, alpha = _drawn(252, 100, 40)
    taken, notes = behind_alpha(numbers, alpha)
    for place in range(3):
        one = taken[:, 30 * place : 30 * place + 30]
        assert (one == place + 1).sum() == 14**2 and one.max() == place + 1, "from half of its own strength on"
    assert "half transparent" in notes[0].text and len(notes) == 2
    stack, _ = behind_alpha(np.stack([numbers] * 2), np.stack([alpha, alpha * 0]))
    assert np.array_equal(stack[0], taken) and not stack[1].any()


@pytest.mark.parametrize("radius", [2, 12])
def test_soft_edges_of_one_strength_end_at_half_of_it(radius: int) -> None:
    away = np.hypot(*np.ogrid[-40:41, -40:41])
    alpha = np.clip(255 * (20 + radius - away) / (2 * radius), 0, 255).astype(np.uint8)
    taken, notes = behind_alpha(np.full(alpha.shape, 7, np.int32), alpha)
    assert np.array_equal(taken, np.where(alpha >= 127.5, 7, 0)) and len(notes) == 1


def test_transparency_over_background_changes_nothing_and_is_not_spoken_of() -> None:
    numbers, notes = behind_alpha(PART.astype(np.int32), PART)
    np.testing.assert_array_equal(numbers, PART)
    assert notes == ()


def _channels(*values: tuple[int, int]) -> list[NDArray[np.int32]]:
    """A channel a pair: (column, value)."""
    result = []
    for column, value in values:
        channel = np.zeros((2, 4), np.int32)
        channel[:, column] = value
        result.append(channel)
    return result


def test_one_hot_channels_are_classes() -> None:
    merged, notes, _ = merge_channels(_channels((1, 1), (2, 1)), "m")
    assert merged[0].tolist() == [0, 1, 2, 0] and "values 1 to 2" in notes[0].text


def test_channels_that_share_out_all_voxels_begin_with_the_background() -> None:
    background = np.ones((2, 4), np.int32)
    background[:, 1:3] = 0
    merged, notes, _ = merge_channels([background, *_channels((1, 1), (2, 1))], "m")
    assert merged[0].tolist() == [0, 1, 2, 0] and "background" in notes[0].text


def test_channels_with_values_of_their_own_keep_them() -> None:
    merged, _, _ = merge_channels(_channels((1, 5), (2, 9)), "m")
    assert merged[0].tolist() == [0, 5, 9, 0]


def test_an_empty_channel_keeps_its_place() -> None:
    merged, _, _ = merge_channels(_channels((0, 0), (2, 1)), "m")
    assert merged[0].tolist() == [0, 0, 2, 0]


def test_channels_that_overlap_or_hold_several_values_are_refused() -> None:
    with pytest.raises(NotReadable, match="over each other"):
        merge_channels(_channels((1, 1), (1, 1)), "m")
    several = _channels((1, 1), (2, 1))
    several[0][0, 0] = 3
    with pytest.raises(NotReadable, match="several values"):
        merge_channels(several, "m")


def test_jpeg_masks_of_black_and_white_are_read_and_no_others() -> None:
    smeared = np.zeros((16, 16), np.uint8)
    smeared[4:12, 4:12], smeared[4:12, 3] = 250, 120
    values, notes = without_jpeg_blur(smeared, "m.jpg")
    assert set(np.unique(values)) == {0, 255} and (values == 255).sum() == 64 and len(notes) == 1
    grey = np.zeros((16, 16), np.uint8)
    grey[2:4, 2:4] = 128
    for bad in (grey, smeared // 100, np.where(smeared == 0, 60, smeared) // 2):
        with pytest.raises(NotReadable, match="does not keep the values"):
            without_jpeg_blur(bad, "m.jpg")
    with pytest.raises(NotReadable):
        without_jpeg_blur(smeared, "m.jpg", spread=200)
    assert not without_jpeg_blur(grey * 0, "m.jpg")[0].any()
