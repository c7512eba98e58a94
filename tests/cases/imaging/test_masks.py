"""Masks whose grid, values or dimensions are not the image's own: nothing is lost or moved in silence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.formats.export import export
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.mask_import import MaskPlan, import_masks
from engine.project.project import Project

BringIn = Callable[..., tuple[dict[str, NDArray[np.uint8] | None], list[str]]]
MakeSlice = Callable[..., Path]
Heard = Callable[..., tuple[Any, list[str]]]


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


def _with_gaps(folder: Path, make_slice: MakeSlice, gone: set[int]) -> None:
    """A series of ten slices, 2 mm apart, without some of them."""
    for number in set(range(10)) - gone:
        make_slice(folder / f"{number}.dcm", np.zeros((16, 20), np.int16), (-10, -8, 2 * number), InstanceNumber=number)


def _rows(mask: NDArray[np.uint8] | None) -> list[int]:
    """Of each slice how many rows are marked: `_growing` marks as many as its number, from 1 on."""
    assert mask is not None
    return [int((plane != 0).any(axis=1).sum()) for plane in mask]


def _growing(file: Path, count: int, step: float) -> None:
    organ = np.zeros((20, 16, count), np.uint8)
    for z in range(count):
        organ[4:9, : z + 1, z] = 1
    _nifti(file, organ, _grid(-1, -1, step, origin=(10, 8, 0)))


@pytest.mark.parametrize("gone", [{3}, {3, 4, 7}, {0, 5}])
def test_masks_lie_on_their_slices_where_others_are_missing(
    tmp_path: Path, make_slice: MakeSlice, bring_in: BringIn, gone: set[int]
) -> None:
    _with_gaps(tmp_path / "img", make_slice, gone)
    _growing(tmp_path / "masks" / "S.nii.gz", 10, 2)  # of the whole series
    masks, said = bring_in(tmp_path / "img", tmp_path / "masks")
    assert _rows(masks["S"]) == [number + 1 for number in range(10) if number not in gone]
    assert any("where it truly lies" in text for text in said)


def test_masks_that_come_later_lie_on_their_slices_too(tmp_path: Path, make_slice: MakeSlice) -> None:
    _with_gaps(tmp_path / "img", make_slice, {3})
    _growing(tmp_path / "masks" / "S.nii.gz", 10, 2)
    with Project.create(tmp_path / "later.contorno", "multiclass", parse_classes("a")) as project:
        (item,) = result_of(import_images(project, ImportPlan((tmp_path / "img",)))).added
        result_of(import_masks(project, MaskPlan(tmp_path / "masks")))
        layer = project.layers.mask(item.id)
        assert layer is not None
        assert _rows(project.layers.read(layer, item.shape)) == [1, 2, 3, 5, 6, 7, 8, 9, 10]


@pytest.mark.parametrize("gone", [set(), {3}])
def test_an_export_says_that_other_programs_know_no_gaps(
    tmp_path: Path, make_slice: MakeSlice, heard: Heard, gone: set[int]
) -> None:
    _with_gaps(tmp_path / "img", make_slice, gone)
    _growing(tmp_path / "masks" / "S.nii.gz", 10, 2)
    with Project.create(tmp_path / "out.contorno", "multiclass", parse_classes("a")) as project:
        result_of(import_images(project, ImportPlan((tmp_path / "img",), tmp_path / "masks")))
        _, said = heard(export(project, "nifti", tmp_path / "out"))
    assert [("slices of its series are missing" in text) for text in said] == [True] * bool(gone)


@pytest.mark.parametrize("step", [2, 18 / 7])  # as Contorno lays the slices, or at their mean distance
def test_masks_drawn_on_what_is_left_of_a_series_stay_slice_by_slice(
    tmp_path: Path, make_slice: MakeSlice, bring_in: BringIn, step: float
) -> None:
    _with_gaps(tmp_path / "img", make_slice, {3, 6})
    _growing(tmp_path / "masks" / "S.nii.gz", 8, step)
    masks, _ = bring_in(tmp_path / "img", tmp_path / "masks")
    assert _rows(masks["S"]) == list(range(1, 9))


def test_slices_that_a_mask_does_not_reach_are_not_labelled_by_it(
    tmp_path: Path, make_slice: MakeSlice, bring_in: BringIn
) -> None:
    _with_gaps(tmp_path / "img", make_slice, {5, 6})
    _growing(tmp_path / "masks" / "S.nii.gz", 4, 2)
    masks, _ = bring_in(tmp_path / "img", tmp_path / "masks")
    assert _rows(masks["S"]) == [1, 2, 3, 4, 0, 0, 0, 0]
