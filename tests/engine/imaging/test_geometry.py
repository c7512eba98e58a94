import math
from collections.abc import Sequence
from itertools import permutations, product
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.imaging.geometry import (
    Affine,
    Geometry,
    Plane,
    as_displayed,
    axes,
    body_axes,
    body_plane,
    display_flips,
    flip,
    from_dicom,
    from_nifti,
    orientation_labels,
    planes_as_hung,
    resample_labels,
    side_axis,
    to_nifti,
    uncalibrated,
    voxel_on_voxel,
)

rng = np.random.default_rng(0)


def _geometry(shape: tuple[int, int, int], affine: Affine) -> Geometry:
    return Geometry(shape, affine, patient_based=True, calibrated=True)


def _turned(
    values: NDArray[np.uint8], geometry: Geometry, order: tuple[int, ...], flips: tuple[bool, ...]
) -> tuple[NDArray[np.uint8], Geometry]:
    """The same voxels stored with other axes: order and directions of the array change, places in mm do not."""
    turn = np.zeros((4, 4))
    turn[3, 3] = 1
    for new, (old, turned) in enumerate(zip(order, flips, strict=True)):
        turn[old, new] = -1 if turned else 1
        turn[old, 3] = values.shape[old] - 1 if turned else 0
    stored = values.transpose(order)
    stored = stored[tuple(slice(None, None, -1 if flip else 1) for flip in flips)]
    return stored, _geometry(stored.shape, geometry.affine @ turn)


OBLIQUE = np.array([[0.1, 0.0, 0.9, -50.0], [0.2, 0.8, 0.0, 20.0], [3.0, 0.1, -0.1, 7.0], [0, 0, 0, 1]])


def test_picture_without_a_size() -> None:
    geometry = uncalibrated(40, 60)
    assert geometry.shape == (1, 40, 60) and geometry.spacing == (1, 1, 1)
    assert not geometry.calibrated and not geometry.patient_based
    assert orientation_labels(geometry) == ("", "", "", "")
    assert (geometry.affine @ [0, 3, 5, 1]).tolist() == [5, 3, 0, 1]


def test_picture_with_a_size() -> None:
    geometry = uncalibrated(40, 60, 3, (2.0, 0.5, 0.25))
    assert geometry.shape == (3, 40, 60) and geometry.spacing == (2.0, 0.5, 0.25)
    assert geometry.calibrated and geometry.voxel_ml == pytest.approx(0.00025)


def test_spacing_of_oblique_slices() -> None:
    assert _geometry((2, 3, 4), OBLIQUE).spacing == pytest.approx(tuple(np.linalg.norm(OBLIQUE[:3, :3], axis=0)))


def test_dicom_places_rows_and_columns() -> None:
    """PS3.3 C.7.6.2.1.1: row index goes along the column cosines, column index along the row cosines."""
    geometry = from_dicom(
        np.array([-100.0, -90.0, 30.0]),
        np.array([1.0, 0, 0, 0, 1, 0]),
        (0.7, 0.6),
        np.array([0, 0, 2.5]),
        (10, 20, 30),
    )
    assert geometry.affine @ [4, 2, 3, 1] == pytest.approx([-100 + 3 * 0.6, -90 + 2 * 0.7, 30 + 4 * 2.5, 1])
    assert geometry.spacing == pytest.approx((2.5, 0.7, 0.6))
    assert orientation_labels(geometry) == ("R", "L", "A", "P")
    assert orientation_labels(geometry, "coronal") == ("R", "L", "I", "S")
    assert orientation_labels(geometry, "sagittal") == ("A", "P", "I", "S")


def test_letters_of_sagittal_slices() -> None:
    geometry = from_dicom(np.zeros(3), np.array([0.0, 1, 0, 0, 0, -1]), (1, 1), np.array([1.0, 0, 0]), (5, 20, 30))
    assert orientation_labels(geometry) == ("A", "P", "S", "I")


def test_letters_of_slightly_turned_slices() -> None:
    geometry = from_dicom(
        np.zeros(3), np.array([-0.96, 0.28, 0, -0.28, -0.96, 0]), (1, 1), np.array([0, 0, -1.0]), (5, 20, 30)
    )
    assert orientation_labels(geometry) == ("L", "R", "P", "A")


def test_nifti_is_turned_to_lps_and_back() -> None:
    affine = np.diag([2.0, 3.0, 4.0, 1.0])
    affine[:3, 3] = (-10, -20, -30)
    geometry = from_nifti(affine, (5, 6, 7))
    assert geometry.shape == (7, 6, 5) and geometry.spacing == (4, 3, 2)
    place = affine @ [1, 2, 3, 1]
    assert (geometry.affine @ [3, 2, 1, 1]).tolist() == [-place[0], -place[1], place[2], 1]
    assert np.allclose(to_nifti(geometry), affine)


def test_nifti_agrees_with_nibabel() -> None:
    import nibabel as nib

    affine = OBLIQUE[:, [2, 1, 0, 3]] * np.array([[-1], [-1], [1], [1]])
    codes = nib.aff2axcodes(affine)
    geometry = from_nifti(affine, (4, 3, 2))
    _, right, _, bottom = orientation_labels(geometry)
    assert (right, bottom) == (codes[0], codes[1])
    assert orientation_labels(geometry, "coronal")[3] == codes[2]


@given(st.permutations([0, 1, 2]), st.tuples(*[st.booleans()] * 3))
def test_to_nifti_undoes_from_nifti(order: list[int], flips: tuple[bool, ...]) -> None:
    affine = OBLIQUE.copy()
    affine[:, :3] = affine[:, order] * np.where(flips, -1, 1)
    assert np.allclose(to_nifti(from_nifti(affine, (4, 5, 6))), affine)


def test_planes_name_each_axis_once() -> None:
    planes: tuple[Plane, ...] = get_args(Plane)
    assert {axes(plane)[0] for plane in planes} == {0, 1, 2}
    assert all(sorted(axes(plane)) == [0, 1, 2] for plane in planes)


def test_same_grid() -> None:
    one = _geometry((20, 300, 400), OBLIQUE)
    assert one.same_grid(_geometry((20, 300, 400), OBLIQUE.copy()))
    rounded = OBLIQUE.astype(np.float32).astype(np.float64)
    assert one.same_grid(_geometry((20, 300, 400), rounded))
    moved = OBLIQUE.copy()
    moved[:3, 3] += 0.5
    assert not one.same_grid(_geometry((20, 300, 400), moved))
    assert not one.same_grid(_geometry((20, 300, 401), OBLIQUE))
    stretched = OBLIQUE * [1, 1, 1.001, 1]
    assert not one.same_grid(_geometry((20, 300, 400), stretched))


def test_labels_on_their_own_grid_are_a_copy() -> None:
    labels = rng.integers(0, 5, (3, 4, 5)).astype(np.uint8)
    result = resample_labels(labels, _geometry((3, 4, 5), OBLIQUE), _geometry((3, 4, 5), OBLIQUE))
    assert np.array_equal(result, labels) and result is not labels


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_turned_and_flipped_grids_lose_nothing(order: tuple[int, int, int]) -> None:
    labels = rng.integers(0, 9, (3, 4, 5)).astype(np.uint8)
    target = _geometry((3, 4, 5), OBLIQUE)
    for flips in product([False, True], repeat=3):
        stored, source = _turned(labels, target, order, flips)
        assert np.array_equal(resample_labels(stored, source, target), labels)
        assert np.array_equal(resample_labels(labels, target, source), stored)


def test_part_of_the_image_is_laid_where_it_belongs() -> None:
    target = _geometry((4, 10, 12), np.diag([1.0, 1, 1, 1]))
    part = np.eye(4)
    part[:3, 3] = (1, 2, 3)
    labels = np.full((2, 3, 4), 7, np.uint8)
    result = resample_labels(labels, _geometry((2, 3, 4), part), target)
    expected = np.zeros((4, 10, 12), np.uint8)
    expected[1:3, 2:5, 3:7] = 7
    assert np.array_equal(result, expected)


def test_coarser_mask_fills_its_voxels() -> None:
    target = _geometry((4, 6, 6), np.eye(4))
    coarse = np.diag([2.0, 2, 2, 1])
    coarse[:3, 3] = 0.5  # the centre of the first big voxel lies between the first two small ones
    labels = rng.integers(1, 9, (2, 3, 3)).astype(np.uint8)
    result = resample_labels(labels, _geometry((2, 3, 3), coarse), target)
    assert np.array_equal(result, labels.repeat(2, 0).repeat(2, 1).repeat(2, 2))


def test_mask_of_another_place_is_refused() -> None:
    far = np.eye(4)
    far[0, 3] = 1000
    with pytest.raises(EngineError, match="somewhere else") as fault:
        resample_labels(np.ones((2, 2, 2), np.uint8), _geometry((2, 2, 2), far), _geometry((4, 4, 4), np.eye(4)))
    assert fault.value.advice


_CORNER = np.array([[1, 0, 0], [0, 0, 0]], np.uint8)


@pytest.mark.parametrize(
    ("directions", "flips"),
    [
        ((1, 1, 1), (True, True)),  # RAS, as most NIfTI files are: rows go to the front, columns to the left side
        ((-1, 1, 1), (True, False)),
        ((1, -1, 1), (False, True)),
        ((-1, -1, 1), (False, False)),  # LPS, as DICOM's axial slices are
    ],
)
def test_slices_hang_front_up_and_right_side_left(directions: tuple[int, int, int], flips: tuple[bool, bool]) -> None:
    """The affine of NIfTI has x to the patient's left where it is negative in LPS."""
    geometry = from_nifti(np.diag([*directions, 1.0]), (3, 2, 1))
    assert display_flips(geometry) == flips
    shown = as_displayed(_CORNER, geometry)
    assert np.argwhere(shown).tolist() == [[1 if flips[0] else 0, 2 if flips[1] else 0]]
    np.testing.assert_array_equal(flip(shown, flips), _CORNER)
    assert np.shares_memory(shown, _CORNER)


def test_coronal_and_sagittal_slices_hang_head_up() -> None:
    geometry = from_nifti(np.eye(4), (3, 2, 4))
    assert display_flips(geometry, "coronal") == (True, True)
    assert display_flips(geometry, "sagittal") == (True, True), "front to the left"
    assert display_flips(from_nifti(np.diag([1.0, 1.0, -1.0, 1.0]), (3, 2, 4)), "coronal") == (False, True)


def test_pictures_without_a_patient_hang_as_they_are_stored() -> None:
    assert display_flips(uncalibrated(2, 3)) == (False, False)
    np.testing.assert_array_equal(as_displayed(_CORNER, uncalibrated(2, 3)), _CORNER)


def _grid(shape: tuple[int, int, int], spacing: tuple[float, ...], origin: float = 0.0, turn: float = 0.0) -> Geometry:
    affine = np.diag([*spacing, 1.0])
    affine[1:3, 1:3] = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ affine[1:3, 1:3]
    affine[:3, 3] = origin
    return _geometry(shape, affine)


def _plates(count: int, starts: Sequence[int], thick: int) -> NDArray[np.uint8]:
    labels = np.zeros((count,) * 3, np.uint8)
    for value, start in enumerate(starts, 1):
        labels[start : start + thick] = value
    return labels


@pytest.mark.parametrize("origin", [0.0, 0.25, 0.5, 1.0])
@pytest.mark.parametrize("thick", [1, 2, 3])
def test_equal_plates_stay_equal_on_a_coarser_grid(origin: float, thick: int) -> None:
    """Whether they begin on an even or an odd voxel; rint would lose every other one."""
    labels = _plates(24, (2, 7, 12, 17), thick)
    target = _grid((12,) * 3, (2, 2, 2))
    target.affine[0, 3] = origin
    laid = resample_labels(labels, _grid((24,) * 3, (1, 1, 1)), target)
    sizes = [(laid == value).sum() for value in range(1, 5)]
    assert sizes[0] > 0 and len(set(sizes)) == 1


@pytest.mark.parametrize("origin", [0.0, 0.5, -0.5])
def test_equal_plates_stay_equal_on_a_finer_grid(origin: float) -> None:
    laid = resample_labels(_plates(12, (1, 4, 7), 1), _grid((12,) * 3, (2, 2, 2)), _grid((24,) * 3, (1, 1, 1), origin))
    sizes = [(laid == value).any(axis=(1, 2)).sum() for value in (1, 2, 3)]
    assert sizes == [2, 2, 2]


@pytest.mark.parametrize(
    "target",
    [
        _grid((20, 64, 64), (3.0, 0.75, 0.75)),
        _grid((40, 40, 40), (1.4, 1.3, 1.2), 0.4),
        _grid((64, 90, 90), (0.75, 0.75, 0.75), -8.0, 0.3),
        _grid((90, 90, 90), (0.6, 0.6, 0.6), -2.0),
    ],
    ids=["thick slices", "coarser", "rotated", "finer"],
)
def test_volumes_are_kept_on_any_grid(target: Geometry) -> None:
    source = _grid((64, 64, 64), (0.75, 0.75, 0.75))
    places = np.moveaxis(np.indices(source.shape), 0, -1) * 0.75
    labels = np.zeros(source.shape, np.uint8)
    for value, centre in enumerate(((15, 16, 20), (30.2, 30.3, 24), (24, 14.4, 36)), 1):
        labels[((places - centre) ** 2).sum(axis=-1) <= 49] = value
    laid = resample_labels(labels, source, target)
    for value in (1, 2, 3):
        before, after = (labels == value).sum() * source.voxel_ml, (laid == value).sum() * target.voxel_ml
        assert after == pytest.approx(before, rel=0.05)


def test_straight_and_turned_look_up_agree() -> None:
    """A turn of nothing at all takes the long way and comes to the same."""
    labels = rng.integers(0, 4, (9, 10, 11)).astype(np.uint8)
    source, target = _grid((9, 10, 11), (1, 1.5, 2)), _grid((7, 12, 9), (1.7, 1.1, 2.9), 1.3)
    nearly = _grid((7, 12, 9), (1.7, 1.1, 2.9), 1.3, 1e-7)
    assert np.array_equal(resample_labels(labels, source, target), resample_labels(labels, source, nearly))


def test_voxels_on_voxels() -> None:
    one = _geometry((3, 4, 5), OBLIQUE)
    for order in permutations(range(3)):
        for flips in product([False, True], repeat=3):
            assert voxel_on_voxel(_turned(np.zeros((3, 4, 5), np.uint8), one, order, flips)[1], one)
    shifted = _geometry((3, 4, 5), OBLIQUE @ np.array([[1, 0, 0, 2], [0, 1, 0, -1], [0, 0, 1, 0], [0, 0, 0, 1.0]]))
    assert voxel_on_voxel(shifted, one)
    half = _geometry((3, 4, 5), OBLIQUE @ np.array([[1, 0, 0, 0.5], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1.0]]))
    assert not voxel_on_voxel(half, one) and not voxel_on_voxel(_geometry((3, 4, 5), OBLIQUE * [2, 1, 1, 1]), one)


@pytest.mark.parametrize("spacing", [(3.0, 3.0, 3.0), (4.0, 1.0, 1.0)])
def test_what_is_too_thin_for_a_grid_is_not_gone(spacing: tuple[float, ...]) -> None:
    labels = np.zeros((24, 24, 24), np.uint8)
    labels[1], labels[11], labels[18, 4, 4], labels[2, 20, 20] = 1, 2, 3, 4
    shape = (int(24 / spacing[0]), int(24 / spacing[1]), int(24 / spacing[2]))
    laid = resample_labels(labels, _grid((24,) * 3, (1, 1, 1)), _grid(shape, spacing))
    sizes = [int((laid == value).sum()) for value in (1, 2, 3, 4)]
    assert sizes == [shape[1] * shape[2], shape[1] * shape[2], 1, 1]


def test_a_voxel_that_turning_skips_is_not_gone() -> None:
    source, target = _grid((5, 40, 40), (1, 1, 1)), _grid((5, 60, 60), (1, 1, 1), -12.0, 0.4)
    target.affine[0, 3] = 0
    labels = np.zeros((5, 40, 40), np.uint8)
    spots = [(2, 4 * (n // 8) + 4, 4 * (n % 8) + 4) for n in range(64)]
    for value, spot in enumerate(spots, 1):
        labels[spot] = value
    laid = resample_labels(labels, source, target)
    inside = np.linalg.solve(target.affine, source.affine) @ np.vstack([np.array(spots).T, np.ones(64)])
    there = np.all((inside[1:3] > 0) & (inside[1:3] < 59), axis=0)
    assert there.sum() > 40 and all((laid == value + 1).any() for value in np.flatnonzero(there))


@pytest.mark.parametrize("stored", ["axial", "coronal", "sagittal"])
def test_cuts_hang_head_or_front_up_whatever_was_stored(stored: str) -> None:
    """Three ways to acquire the same patient: rows, columns and slices along other axes, and each cut hangs the same."""
    right, front, head = np.array([-1.0, 0, 0]), np.array([0, -1.0, 0]), np.array([0, 0, 1.0])
    through, down, across = {
        "axial": (head, -front, -right), "coronal": (-front, -head, -right), "sagittal": (-right, -head, -front)
    }[stored]  # fmt: skip
    affine = np.eye(4)
    affine[:3, :3] = np.stack([3 * through, down, across], axis=1)
    geometry = Geometry((4, 5, 6), affine, patient_based=True, calibrated=True)
    planes = planes_as_hung(geometry)
    assert planes[0] == "axial"
    assert [body_plane(geometry, plane) for plane in planes] == [
        stored, *(plane for plane in ("axial", "coronal", "sagittal") if plane != stored)
    ]  # fmt: skip
    assert sorted(axes(plane)[0] for plane in planes) == [0, 1, 2]
    for plane in planes:
        turned_over = display_flips(geometry, plane)
        left, right_edge, top, bottom = orientation_labels(geometry, plane)
        shown = (bottom if turned_over[0] else top, right_edge if turned_over[1] else left)
        assert (
            shown
            == {"axial": ("A", "R"), "coronal": ("S", "R"), "sagittal": ("S", "A")}[str(body_plane(geometry, plane))]
        )


def test_oblique_axes_are_each_another_of_the_body() -> None:
    turn = math.sqrt(0.5)
    affine = np.eye(4)
    affine[:3, :3] = np.array([[turn, turn, 0], [turn, -turn, 0], [0, 0, 1]]).T
    assert sorted(body_axes(Geometry((3, 3, 3), affine, patient_based=True, calibrated=True))) == [0, 1, 2]


def test_pictures_without_a_patient_are_cut_as_they_are_stored() -> None:
    geometry = uncalibrated(5, 6, 4)
    assert planes_as_hung(geometry) == ("axial", "coronal", "sagittal")
    assert body_plane(geometry, "coronal") is None


@pytest.mark.parametrize(("axes", "lie"), [((2, 1, 0), "across"), ((2, 0, 1), "down"), ((0, 2, 1), "")])
def test_left_and_right_lie_as_the_stored_grid_is_turned(axes: tuple[int, int, int], lie: str) -> None:
    """`axes`: of each array axis the patient's: 0 right to left, 1 front to back, 2 feet to head."""
    affine = np.eye(4)
    affine[:3, :3] = np.eye(3)[:, list(axes)] * (1, -1, 0.5)
    assert side_axis(Geometry((3, 3, 3), affine, patient_based=True, calibrated=True)) == lie
    assert side_axis(Geometry((3, 3, 3), affine)) == "across", "a picture that says nothing of a patient"
