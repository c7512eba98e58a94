"""CT is known by its values, whatever the file calls itself; other signed values are not taken for it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import nibabel as nib
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray

from engine.imaging.geometry import uncalibrated
from engine.imaging.hounsfield import BY_VALUES, NOT_IN_HU, is_ct_by_values
from engine.imaging.image import Image, Source
from engine.imaging.read import read_image
from engine.imaging.scan import Scan
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


def windowed() -> NDArray[np.uint8]:
    """The patient as a screen shows it: soft tissue in 8 bits."""
    return np.asarray(np.clip((ct() + 150.0) * 255 / 400, 0, 255), np.uint8)


def _file(folder: Path, name: str, values: NDArray[Any]) -> Source:
    path = folder / name
    if name.endswith(".nii"):
        nib.save(nib.Nifti1Image(values.T, np.eye(4)), path)
    elif name.endswith(".tif"):
        tifffile.imwrite(path, values, photometric="minisblack")
    else:
        path.write_bytes(cv2.imencode(path.suffix, values[0])[1].tobytes())
    return Source((str(path),), "nifti" if name.endswith(".nii") else "raster", modality="CT")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("a.png", windowed()),
        ("a.jpg", windowed()),
        ("a.png", np.stack([windowed()] * 3, axis=-1) // np.array([1, 2, 3], np.uint8)),
        ("a.tif", windowed()),
        ("a.tif", (ct() + 1024).astype(np.uint16)),
        ("a.nii", windowed()),
        ("a.nii", windowed().astype(np.int16)),
        ("a.nii", windowed().astype(np.float32) / 255),
        ("a.nii", ((ct() - ct().mean()) / ct().std()).astype(np.float32)),
        ("a.nii", (ct() + 1024).astype(np.int16)),
    ],
    ids=[
        "PNG",
        "JPEG",
        "colour",
        "8-bit-TIFF",
        "raw-TIFF",
        "8-bit-NIfTI",
        "signed-NIfTI",
        "unit",
        "standardised",
        "raw-NIfTI",
    ],
)
def test_a_picture_that_is_called_ct_is_not_in_hu_and_that_is_said(tmp_path: Path, name: str, values: Any) -> None:
    found = read_image(_file(tmp_path, name, values))
    assert (found.modality, found.unit) == ("CT", "")
    assert [note.message for note in found.notes] == [NOT_IN_HU]


def test_hu_without_air_are_hu_where_a_person_says_ct(tmp_path: Path) -> None:
    found = read_image(_file(tmp_path, "a.nii", ct()[:, 50:70, 50:70]))
    assert (found.modality, found.unit, found.notes) == ("CT", "HU", ())


@pytest.mark.parametrize(
    ("values", "more", "unit"),
    [
        (windowed()[0], {}, ""),
        (windowed()[0], {"RescaleSlope": 1, "RescaleIntercept": -1024}, ""),
        (np.stack([windowed()[0]] * 3, axis=-1), {}, ""),
        ((ct()[0] + 1024).astype(np.uint16), {}, ""),
        ((ct()[0] + 1024).astype(np.uint16), {"RescaleSlope": 1, "RescaleIntercept": -1024}, "HU"),
        (ct()[0], {}, "HU"),
    ],
    ids=["8 bits", "8 bits and a left-over shift", "colour", "raw", "shifted", "signed"],
)
def test_dicom_that_calls_itself_ct_is_in_hu_only_where_it_can_be(
    make_slice: Callable[..., Path], run_scan: Callable[..., Scan], values: Any, more: Any, unit: str
) -> None:
    (found,) = run_scan(make_slice("a.dcm", values, **more)).found
    image = read_image(found.source)
    assert (image.modality, image.unit) == ("CT", unit)
    for notes in (found.notes, image.notes):
        assert (NOT_IN_HU in [note.message for note in notes]) == (unit == "")
