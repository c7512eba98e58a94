"""A written mask, read by nibabel: every voxel at its millimetre, whatever the direction of the grid."""

from pathlib import Path

import nibabel
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from engine.errors import EngineError
from engine.formats import nifti
from engine.imaging.geometry import Geometry, from_dicom, from_nifti, uncalibrated
from engine.imaging.read import read_mask

SHAPE = (4, 5, 6)
LABELS = np.random.default_rng(0).integers(0, 6, SHAPE, np.uint8)


def turned(angles: tuple[float, float, float], spacing: tuple[float, float, float], flip: int = 1) -> Geometry:
    affine = np.eye(4)
    affine[:3, :3] = Rotation.from_euler("xyz", angles, degrees=True).as_matrix() @ np.diag(spacing)
    affine[:3, 0] *= flip  # -1: a left-handed grid, as feet-first series give
    affine[:3, 3] = (-101.5, 33.25, 812.0)
    return Geometry(SHAPE, affine, patient_based=True, calibrated=True)


def sheared() -> Geometry:
    """A tilted gantry: the step from slice to slice is not at right angles to the slices."""
    return from_dicom(
        np.array([-100.0, -90.0, 5.0]),
        np.array([1.0, 0, 0, 0, 1, 0]),
        (0.7, 0.8),
        np.array([0.0, 1.2, 4.8]),
        SHAPE,
    )


GRIDS = [
    pytest.param(turned((0, 0, 0), (3.0, 0.7, 0.8)), id="straight"),
    pytest.param(turned((20, -35, 71), (3.0, 0.7, 0.8)), id="oblique"),
    pytest.param(turned((90, 0, 180), (1.0, 2.0, 0.5), flip=-1), id="left-handed"),
    pytest.param(sheared(), id="tilted gantry"),
    pytest.param(uncalibrated(5, 6, 4, (2.0, 0.5, 0.5)), id="picture"),
]


@pytest.mark.parametrize("geometry", GRIDS)
@pytest.mark.parametrize("ending", [".nii.gz", ".nii"])
def test_every_voxel_lies_at_its_millimetre(tmp_path: Path, geometry: Geometry, ending: str) -> None:
    path = tmp_path / f"tórax 1{ending}"
    nifti.write(path, LABELS, geometry)
    image = nibabel.load(path)
    values = np.asarray(image.dataobj)
    assert values.dtype == np.uint8 and values.shape == SHAPE[::-1]
    for z, y, x in np.ndindex(SHAPE):
        assert values[x, y, z] == LABELS[z, y, x]
        right, anterior, up = (image.affine @ [x, y, z, 1])[:3]
        lps = (geometry.affine @ [z, y, x, 1])[:3]
        np.testing.assert_allclose([-right, -anterior, up], lps, atol=1e-4)
    assert image.header.get_xyzt_units()[0] == "mm"


def test_no_millimetres_are_made_up(tmp_path: Path) -> None:
    nifti.write(tmp_path / "a.nii.gz", LABELS, uncalibrated(5, 6, 4))
    header = nibabel.load(tmp_path / "a.nii.gz").header
    assert header.get_xyzt_units()[0] == "unknown"
    geometry = read_mask(tmp_path / "a.nii.gz").geometry
    assert geometry is not None and not geometry.calibrated and not geometry.patient_based
    header["descrip"] = b"another program"  # which leaves the unit out, and means millimetres
    nibabel.save(nibabel.Nifti1Image(LABELS.T, None, header), tmp_path / "b.nii.gz")
    geometry = read_mask(tmp_path / "b.nii.gz").geometry
    assert geometry is not None and geometry.calibrated


def nifti_codes(image: nibabel.Nifti1Image) -> tuple[int, int]:
    return int(image.header["sform_code"]), int(image.header["qform_code"])


@pytest.mark.parametrize("geometry", [g for g in GRIDS if g.id != "tilted gantry"])
def test_both_forms_say_the_same(tmp_path: Path, geometry: Geometry) -> None:
    nifti.write(tmp_path / "a.nii.gz", LABELS, geometry)
    image = nibabel.load(tmp_path / "a.nii.gz")
    header = image.header
    assert nifti_codes(image) == ((1, 1) if geometry.patient_based else (2, 2))
    np.testing.assert_allclose(header.get_qform(), header.get_sform(), atol=1e-3)


def test_a_shear_is_left_to_the_sform(tmp_path: Path) -> None:
    nifti.write(tmp_path / "a.nii.gz", LABELS, sheared())
    assert nifti_codes(nibabel.load(tmp_path / "a.nii.gz")) == (1, 0)


def test_the_affine_comes_back(tmp_path: Path) -> None:
    geometry = turned((20, -35, 71), (3.0, 0.7, 0.8))
    nifti.write(tmp_path / "a.nii.gz", LABELS, geometry)
    image = nibabel.load(tmp_path / "a.nii.gz")
    assert from_nifti(image.affine, image.shape).same_grid(geometry)


def test_the_same_labels_give_the_same_bytes(tmp_path: Path) -> None:
    geometry = turned((0, 0, 0), (3.0, 0.7, 0.8))
    nifti.write(tmp_path / "a.nii.gz", LABELS, geometry)
    first = (tmp_path / "a.nii.gz").read_bytes()
    nifti.write(tmp_path / "b.nii.gz", np.asfortranarray(LABELS), geometry)
    assert (tmp_path / "b.nii.gz").read_bytes() == first
    assert first[3:8] == bytes(5)  # gzip: no name, no time
    assert len(list(tmp_path.iterdir())) == 2


def test_what_the_format_cannot_hold_is_said(tmp_path: Path) -> None:
    wide = np.zeros((1, 1, 32768), np.uint8)
    with pytest.raises(EngineError, match="too large for NIfTI: 32768 pixels"):
        nifti.write(tmp_path / "a.nii.gz", wide, uncalibrated(1, 32768))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("labels", [LABELS.astype(np.int16), LABELS[:2]])
def test_labels_must_lie_on_the_grid(tmp_path: Path, labels: NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match="on a grid of"):
        nifti.write(tmp_path / "a.nii.gz", labels, uncalibrated(5, 6, 4))
