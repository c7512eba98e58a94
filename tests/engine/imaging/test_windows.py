from typing import Any

import numpy as np
import pytest

from engine.imaging.geometry import from_nifti, uncalibrated
from engine.imaging.image import Image, Window
from engine.imaging.thumbnail import thumbnail
from engine.imaging.windows import CT_PRESETS, FULL, auto_window, displayed_slice, to_display


def test_auto_window_leaves_out_the_outermost_values() -> None:
    values = np.arange(1001, dtype=np.float32).reshape(1, 7, 143)
    values[0, 0, 0] = np.nan
    values[0, 0, 1] = np.inf
    window = auto_window(values)
    assert window.low == pytest.approx(7, abs=1) and window.high == pytest.approx(995, abs=1)
    assert auto_window(np.zeros((1, 4, 4), np.uint8)) == FULL
    assert auto_window(np.full((1, 4, 4), 5, np.int16)).width == 1
    assert auto_window(np.full((1, 4, 4), np.nan, np.float32)).width == 1
    few = np.zeros((1, 100, 100), np.int16)
    few[0, 0, :3] = 900
    assert auto_window(few) == Window(450, 900)


def test_auto_window_of_a_large_array_does_not_fall_on_one_column() -> None:
    values = np.zeros((64, 512, 512), np.int16)
    values[..., 256:] = 1000
    assert auto_window(values) == Window(500, 1000)


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.uint16, np.float32])
@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("window", [Window(60, 100), Window(127.5, 255), CT_PRESETS["Brain"]])
def test_display_is_the_line_through_the_window(kind: Any, inverted: bool, window: Window) -> None:
    values = np.arange(0, 252, dtype=kind).reshape(12, 21)
    values[0, 0] = np.iinfo(kind).min if kind is not np.float32 else -np.inf
    values[0, 1] = np.iinfo(kind).max if kind is not np.float32 else np.inf
    expected = np.clip((values.astype(float) - window.low) / window.width, 0, 1) * 255
    shown = to_display(values, window, inverted)
    assert shown.dtype == np.uint8 and shown.shape == values.shape
    assert np.abs(shown.astype(float) - (255 - expected if inverted else expected)).max() <= 0.51


def test_holes_are_black_both_ways_and_input_is_left_alone() -> None:
    values = np.array([[np.nan, 1.0]], np.float32)
    for inverted in (False, True):
        assert to_display(values, Window(0, 10), inverted)[0, 0] == 0
    assert np.isnan(values[0, 0])
    bytes_ = np.zeros((3, 3), np.uint8)
    assert to_display(bytes_, FULL) is not bytes_


def test_colour_and_other_planes_are_shown() -> None:
    colours = np.random.default_rng(0).integers(0, 255, (5, 7, 3), np.uint8)
    np.testing.assert_array_equal(to_display(colours, FULL), colours)
    assert to_display(colours, Window(64, 128)).max() == 255
    volume = np.arange(60, dtype=np.int16).reshape(3, 4, 5)
    np.testing.assert_array_equal(
        to_display(volume[:, :, 2], Window(30, 255)), np.rint(np.clip(volume[:, :, 2] + 97.5, 0, 255))
    )


def test_pictures_of_slices_hang_as_the_scan_does() -> None:
    """A NIfTI file's first voxel is right, behind: it is shown below, at the left of the patient's picture."""
    pixels = np.zeros((1, 40, 60), np.uint8)
    pixels[0, :20, :20] = 200
    image = Image(pixels, from_nifti(np.eye(4), (60, 40, 1)), FULL)
    shown = displayed_slice(image, 0)
    assert shown[-1, -1] == 200 and shown[0, 0] == 0 and shown.flags.c_contiguous
    small = thumbnail(image, 30)
    assert small[-1, -1] == 200 and small[0, 0] == 0


def test_thumbnail_shows_the_middle_slice_in_true_proportions() -> None:
    pixels = np.zeros((3, 100, 50), np.int16)
    pixels[1] = 100
    image = Image(pixels, uncalibrated(100, 50, 3, (1.0, 0.5, 2.0)), Window(50, 100))
    small = thumbnail(image)
    assert small.shape == (48, 96) and small.min() == 255
    colour = Image(np.zeros((1, 10, 20, 3), np.uint8), uncalibrated(10, 20), FULL)
    assert thumbnail(colour, side=40).shape == (20, 40, 3)
    thin = Image(np.zeros((1, 1, 4000), np.uint8), uncalibrated(1, 4000), FULL)
    assert thumbnail(thin).shape == (1, 96)


def test_auto_window_of_ct_counts_the_body_alone() -> None:
    rng = np.random.default_rng(0)
    values = np.full((4, 100, 100), -1000, np.int16)
    values[:, 30:70, 30:70] = rng.integers(-100, 201, (4, 40, 40))
    window = auto_window(values, "HU")
    assert -100 <= window.low <= -90 and 190 <= window.high <= 200
    assert auto_window(values).low == -1000  # no HU, no air
    air = np.full((1, 50, 50), -1000, np.int16)
    air[0, 0, 0] = 40
    assert auto_window(air, "HU") == Window(-480, 1040)  # nothing but a dot: all of it
