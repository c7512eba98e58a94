"""Voxel counts against NumPy."""

import numpy as np
import pytest

from engine.imaging.geometry import from_nifti, uncalibrated
from engine.labels.classes import BACKGROUND, UNLABELLED
from engine.labels.edit import histogram
from engine.scoring.voxels import amount, area, most_informative_slice, values_held, volume_histogram


def test_every_value_is_counted_wherever_the_array_lies() -> None:
    labels = np.random.default_rng(0).integers(0, 256, (5, 40, 30), dtype=np.uint8)
    expected = np.bincount(labels.ravel(), minlength=256)
    for found in (histogram(labels), volume_histogram(labels), volume_histogram(labels.transpose(2, 0, 1))):
        assert found.dtype == np.int64
        np.testing.assert_array_equal(found, expected)
    assert volume_histogram(np.zeros((0, 4, 4), np.uint8)).sum() == 0


def test_values_that_a_mask_holds_come_with_the_background_where_it_is_labelled() -> None:
    labels = np.zeros((3, 4, 4), np.uint8)
    assert values_held(labels, range(3)) == (BACKGROUND,)
    labels[2, 3, 3], labels[0] = 7, 255
    assert values_held(labels, range(3)) == (BACKGROUND, 7, UNLABELLED)
    assert values_held(labels, {0, 2}) == (BACKGROUND, 7, UNLABELLED)
    assert values_held(labels, {0}) == (7, UNLABELLED), "nobody said that the other slices are background"


def test_the_telling_slice_shows_most_classes() -> None:
    labels = np.zeros((4, 10, 10), np.uint8)
    labels[:, :5] = 1
    labels[1, 6:8] = 2
    labels[2, 6:9] = 2
    assert most_informative_slice(labels, 2) == 2
    labels[0, 9, 0] = 3
    labels[0, 6, 0] = 2
    assert most_informative_slice(labels, 3) == 0
    assert most_informative_slice(np.zeros((3, 4, 4), np.uint8), 2) == 0


def test_amounts_are_in_the_largest_unit_that_is_known() -> None:
    volume = from_nifti(np.diag([0.5, 2.0, 4.0, 1.0]), (3, 3, 3))
    size, unit = amount(1000, volume)
    assert size == pytest.approx(4.0) and unit == "mL"
    size, unit = area(10, volume)
    assert size == pytest.approx(10.0) and unit == "mm²"
    size, unit = amount(100, uncalibrated(4, 4, spacing=(1.0, 0.5, 0.2)))
    assert size == pytest.approx(10.0) and unit == "mm²"
    assert amount(100, uncalibrated(4, 4, 3)) == area(100, uncalibrated(4, 4)) == (100, "px")
