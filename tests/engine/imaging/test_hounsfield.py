"""CT is known by its values, whatever the file calls itself; other signed values are not taken for it."""

from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray

from engine.imaging.geometry import uncalibrated
from engine.imaging.hounsfield import BY_VALUES, is_ct_by_values
from engine.imaging.image import Image, Source
from engine.imaging.read import read_image
from engine.imaging.windows import FULL
from engine.phantom.scanner import patient

RNG = np.random.default_rng(3)


def image(values: NDArray[Any]) -> Image:
    depth, height, width = values.shape
    return Image(values, uncalibrated(height, width, depth), FULL)


def ct() -> NDArray[np.int16]:
    """A patient on a table, in HU."""
    return np.asarray(patient(0, 4, 128).pixels, np.int16)


def padded(value: int) -> NDArray[np.int16]:
    """The same outside a scanner's round field."""
    values = ct()
    y, x = np.ogrid[:128, :128]
    values[:, (y - 64) ** 2 + (x - 64) ** 2 > 64**2] = value
    return values


@pytest.mark.parametrize("padding", [-1000, -1024, -2000, -2048, -3024])
def test_ct_is_known_by_air_and_by_any_padding(padding: int) -> None:
    assert is_ct_by_values(image(padded(padding)))
    assert is_ct_by_values(image(padded(padding).astype(np.float32)))


@pytest.mark.parametrize(
    "values",
    [
        RNG.integers(-4096, 4096, (4, 64, 64)).astype(np.int16),  # an MR phase
        RNG.uniform(-1000, 1000, (4, 64, 64)).astype(np.float32),  # a field map
        RNG.normal(0, 400, (4, 64, 64)).astype(np.int16),  # noise about zero
        RNG.normal(0, 1, (4, 64, 64)).astype(np.float32),  # standardised
        RNG.integers(0, 3000, (4, 64, 64)).astype(np.int16),  # an MR
        np.full((4, 64, 64), -1000, np.int16),  # air alone
        np.full((4, 64, 64), np.nan, np.float32),
        ct()[:, 50:70, 50:70],  # a cut-out without air does not show what it is
        (ct() + 1024).astype(np.uint16),
    ],
    ids=["phase", "field map", "noise", "standardised", "MR", "air", "NaN", "cut-out", "stored"],
)
def test_other_values_are_not_taken_for_ct(values: NDArray[Any]) -> None:
    assert not is_ct_by_values(image(values))


def _nifti(folder: Path) -> Source:
    nib.save(nib.Nifti1Image(ct().T, np.eye(4)), folder / "ct.nii.gz")
    return Source((str(folder / "ct.nii.gz"),), "nifti")


def _tiff(folder: Path) -> Source:
    tifffile.imwrite(folder / "ct.tif", ct(), photometric="minisblack")
    return Source((str(folder / "ct.tif"),), "raster")


@pytest.mark.parametrize("write", [_nifti, _tiff])
def test_ct_in_other_files_is_ct_and_said(tmp_path: Path, write: Any) -> None:
    found = read_image(write(tmp_path))
    assert (found.modality, found.unit) == ("CT", "HU")
    (note,) = [note for note in found.notes if note.message == BY_VALUES]
    assert str(int(found.pixels.min())) in str(note)


def test_what_a_person_said_goes_before_the_guess(tmp_path: Path) -> None:
    source = _nifti(tmp_path)
    other = read_image(Source(source.files, source.kind, modality="OT"))
    assert (other.modality, other.unit, other.notes) == ("OT", "", ())
    told = read_image(Source(source.files, source.kind, modality="CT"))
    assert (told.modality, told.unit, told.notes) == ("CT", "HU", ())
