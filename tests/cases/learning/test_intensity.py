"""Grey values on their way into a network: the range is that of the image, and the same scan gives the same greys."""

from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from engine.imaging.geometry import uncalibrated
from engine.imaging.image import Image, Source
from engine.imaging.read import read_image
from engine.imaging.windows import auto_window
from engine.learning.pixels import Intensity, grey_of, rule_for, to_unit


def _ramps(depth: int, height: int, width: int) -> Image:
    """Calibrated slices with air in the first column, and grey steps of 100 beside it."""
    pixels = np.empty((depth, height, width), np.uint16)
    pixels[:] = np.arange(width, dtype=np.uint16) * 100
    return Image(pixels, uncalibrated(height, width, depth), auto_window(pixels), modality="CT", unit="HU")


@pytest.mark.parametrize(
    "shape",
    [
        (200, 1000, 16),
        (250, 800, 8),
        (391, 512, 4),
    ],  # narrow, with the steps of 200x1000x1000, 250x800x800, 391x512x512
    ids=str,
)
def test_range_is_that_of_all_voxels(shape: tuple[int, int, int]) -> None:
    image = _ramps(*shape)
    ends = grey_of(image).ends
    assert ends is not None
    assert list(ends) == pytest.approx(np.percentile(image.pixels.astype(float), [0.5, 99.5]).tolist(), abs=50)


def test_network_is_fed_all_greys() -> None:
    fed = to_unit(_ramps(200, 1000, 16), Intensity("image", 0, 1), 1)
    assert len(np.unique(fed)) >= 10  # of 16


def test_ct_as_nifti_has_the_fixed_range_of_ct(tmp_path: Path) -> None:
    values = np.random.default_rng(0).normal(40, 300, (64, 64, 8)).clip(-1024, 3071).astype(np.int16)
    values[:20] = -1024  # air
    nib.save(nib.Nifti1Image(values, np.eye(4)), tmp_path / "ct.nii.gz")
    image = read_image(Source((str(tmp_path / "ct.nii.gz"),), "nifti"))
    assert rule_for([grey_of(image)]).rule == "range"
