"""Masks whose grid, values or dimensions are not the image's own: nothing is lost or moved in silence."""

from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from numpy.typing import NDArray

BringIn = Callable[..., tuple[dict[str, NDArray[np.uint8] | None], list[str]]]


def _nifti(file: Path, array: np.ndarray, affine: np.ndarray, header: nib.Nifti1Header | None = None) -> Path:
    file.parent.mkdir(exist_ok=True)
    nib.save(nib.Nifti1Image(array, affine, header), file)
    return file


def _grid(*steps: float, origin: tuple[float, float, float] = (0, 0, 0)) -> np.ndarray:
    affine = np.diag([*steps, 1.0])
    affine[:3, 3] = origin
    return affine


def test_classes_of_one_size_on_a_coarser_grid_keep_one_size(tmp_path: Path, bring_in: BringIn) -> None:
    origin = (-10, -20, -30)
    _nifti(tmp_path / "img" / "case.nii.gz", np.zeros((24, 24, 24), np.int16), _grid(1, 1, 1, origin=origin))
    coarse = np.zeros((12, 12, 12), np.uint8)
    coarse[1:7] = np.arange(1, 7)[:, None, None]  # a slab each, one voxel thick
    _nifti(tmp_path / "masks" / "case.nii.gz", coarse, _grid(2, 2, 2, origin=origin))
    masks, _ = bring_in(tmp_path / "img", tmp_path / "masks", classes="a,b,c,d,e,f")
    mask = masks["case"]
    assert mask is not None
    sizes = np.bincount(mask.ravel(), minlength=7)[1:]
    assert sizes.min() > 0 and len(set(sizes.tolist())) == 1, sizes


def test_mask_saved_with_another_affine_is_spoken_of(tmp_path: Path, bring_in: BringIn) -> None:
    shape = (60, 60, 30)
    _nifti(tmp_path / "img" / "case.nii.gz", np.zeros(shape, np.int16), _grid(-1, 1, 1.2, origin=(29, -25, -14)))
    organ = np.zeros(shape, np.uint8)
    organ[5:15, 5:15, 3:9] = 1
    _nifti(tmp_path / "masks" / "case.nii.gz", organ, np.eye(4))  # as scripts do that know arrays alone
    _, said = bring_in(tmp_path / "img", tmp_path / "masks")
    assert said


def test_second_class_of_a_mask_of_four_dimensions_is_not_lost_in_silence(tmp_path: Path, bring_in: BringIn) -> None:
    _nifti(tmp_path / "img" / "case.nii.gz", np.zeros((20, 20, 8), np.int16), np.eye(4))
    one_hot = np.zeros((20, 20, 8, 2), np.uint8)
    one_hot[2:6, 2:6, :, 0] = one_hot[10:18, 10:18, :, 1] = 1
    _nifti(tmp_path / "masks" / "case.nii.gz", one_hot, np.eye(4))
    masks, said = bring_in(tmp_path / "img", tmp_path / "masks", classes="a,b")
    mask = masks.get("case")
    assert said or (mask is not None and set(np.unique(mask)) == {0, 1, 2})


def test_labels_packed_with_a_slope_come_in(tmp_path: Path, bring_in: BringIn) -> None:
    grid = _grid(1, 1, 2)
    ct = nib.load(_nifti(tmp_path / "img" / "case.nii.gz", np.zeros((16, 16, 6), np.int16), grid))
    labels = np.zeros((16, 16, 6))  # float64 under the header of the CT: nibabel packs it into int16 with a slope
    labels[2:6, 2:6] = 1
    labels[8:12, 8:12] = 2
    packed = nib.load(_nifti(tmp_path / "masks" / "case.nii.gz", labels, ct.affine, ct.header))
    assert packed.get_data_dtype() == np.int16 and packed.dataobj.slope != 1
    masks, said = bring_in(tmp_path / "img", tmp_path / "masks", classes="a,b")
    mask = masks.get("case")
    assert mask is not None, said
    assert np.array_equal(mask, labels.transpose(2, 1, 0))


@pytest.mark.parametrize("same_place", [True, False])
def test_mask_whose_axes_were_turned_round_is_not_laid_on(tmp_path: Path, bring_in: BringIn, same_place: bool) -> None:
    place = _grid(-1, -1, 1, origin=(20, 16, -8))  # an atlas in whole millimetres, where voxels lie on voxels
    _nifti(tmp_path / "img" / "case.nii.gz", np.zeros((40, 30, 16), np.int16), place)
    organ = np.zeros((16, 30, 40), np.uint8)  # (z, y, x), as SimpleITK gives an array, saved as (x, y, z)
    organ[2:8, 6:14, 2:6] = 1
    _nifti(tmp_path / "masks" / "case.nii.gz", organ, place if same_place else np.eye(4))
    masks, said = bring_in(tmp_path / "img", tmp_path / "masks")
    assert not masks and "another order" in said[0]


def test_mask_stored_in_another_order_at_its_true_place_comes_in(tmp_path: Path, bring_in: BringIn) -> None:
    organ = np.zeros((40, 30, 16), np.uint8)
    organ[2:8, 6:14, 2:6] = 1
    axes = np.array([[0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1.0]])  # at 0 mm in either order
    _nifti(tmp_path / "img" / "case.nii.gz", np.zeros((16, 30, 40), np.int16), axes)
    _nifti(tmp_path / "masks" / "case.nii.gz", organ, np.eye(4))
    masks, said = bring_in(tmp_path / "img", tmp_path / "masks")
    mask = masks["case"]
    assert mask is not None and not said
    assert np.array_equal(mask, organ)
