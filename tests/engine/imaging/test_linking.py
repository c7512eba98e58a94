"""Two images side by side: the same place in millimetres where they know it, the same share of the slices where not."""

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.imaging.geometry import Geometry, uncalibrated
from engine.imaging.image import Image, Window
from engine.imaging.linking import Link, link, linked_geometry, linked_slice

_A = ("A", "A")


def grid(
    shape: tuple[int, int, int], spacing: tuple[float, float, float], origin: tuple[float, float, float]
) -> Geometry:
    """An axial grid; `origin` (x, y, z) in LPS mm."""
    affine = np.zeros((4, 4))
    affine[2, 0], affine[1, 1], affine[0, 2], affine[3, 3] = *spacing, 1
    affine[:3, 3] = origin
    return Geometry(shape, affine, patient_based=True, calibrated=True)


def by_place(geometry: Geometry) -> Image:
    """An image whose values are x + 10 y + 100 z of the place in mm."""
    index = np.stack([*np.indices(geometry.shape).reshape(3, -1), np.ones(np.prod(geometry.shape))])
    x, y, z = (geometry.affine @ index)[:3]
    return Image((x + 10 * y + 100 * z).reshape(geometry.shape).astype(np.float32), geometry, Window(0, 1))


def turned(geometry: Geometry, degrees: float) -> Geometry:
    """About the patient's left to right."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    turn = np.array([[1, 0, 0, 0], [0, c, -s, 0], [0, s, c, 0], [0, 0, 0, 1]])
    return Geometry(geometry.shape, turn @ geometry.affine, patient_based=True, calibrated=True)


def expected(geometry: Geometry) -> NDArray[np.float64]:
    return np.asarray(by_place(geometry).pixels[0], np.float64)


FIRST = grid((20, 40, 50), (2.0, 1.0, 1.0), (-20.0, -10.0, 5.0))
SECONDS = {
    "same grid": FIRST,
    "coarser, shifted": grid((12, 30, 30), (4.0, 2.0, 2.0), (-23.0, -14.0, 1.0)),
    "finer": grid((60, 100, 130), (1.0, 0.5, 0.5), (-25.0, -12.0, 3.0)),
    "sagittal, turned over": Geometry(
        (60, 70, 60),
        np.array([[-1.0, 0, 0, 35], [0, 0, 1.0, -15], [0, -1.0, 0, 60], [0, 0, 0, 1]]),
        patient_based=True,
        calibrated=True,
    ),
    "askew": turned(grid((70, 80, 80), (1.0, 1.0, 1.0), (-30.0, -25.0, -10.0)), 12),
}


@pytest.mark.parametrize("plane", ["axial", "coronal", "sagittal", "coronal turned", "sagittal turned"])
@pytest.mark.parametrize("name", SECONDS)
def test_the_same_place_has_the_same_value(name: str, plane: str) -> None:
    second = SECONDS[name]
    linked = link(FIRST, second, _A)
    assert linked.kind == "mm"
    found = linked_slice(by_place(second), linked, plane, 8)  # type: ignore[arg-type]
    geometry = linked_geometry(linked, plane, 8, found)  # type: ignore[arg-type]
    assert found.inside.any() and found.pixels.shape == geometry.shape[1:]
    off = np.abs(np.asarray(found.pixels, np.float64) - expected(geometry))[found.inside]
    # askew: the nearest voxel is half a voxel away at most, along each axis; beyond the outermost centres nothing is known either
    assert np.median(off) < (60 if name == "askew" else 0.01)
    assert off.max() < (120 if name == "askew" else 0.5 * 4 * 111)


def test_what_lies_outside_is_known() -> None:
    second = grid((20, 10, 10), (2.0, 1.0, 1.0), (0.0, 0.0, 5.0))
    linked = link(FIRST, second, _A)
    found = linked_slice(by_place(second), linked, "axial", 3)
    rows, columns = np.nonzero(found.inside)
    assert found.step == 1.0 and found.inside.shape == (40, 50)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (10, 19, 20, 29)
    low = grid((4, 40, 50), (2.0, 1.0, 1.0), (-20.0, -10.0, 5.0))
    assert not linked_slice(by_place(low), link(FIRST, low, _A), "axial", 10).inside.any()


@pytest.mark.parametrize(
    ("second", "patients", "kind"),
    [
        (SECONDS["finer"], ("A", "A"), "mm"),
        (SECONDS["finer"], ("", ""), "assumed"),
        (SECONDS["finer"], ("A", "B"), "other patient"),
        (grid((20, 40, 50), (2.0, 1.0, 1.0), (500.0, 0.0, 0.0)), ("A", "A"), "apart"),
        (grid((20, 40, 50), (2.0, 1.0, 1.0), (20.0, 20.0, 30.0)), ("", ""), "apart"),  # a corner says nothing
        (uncalibrated(40, 50), ("A", "A"), "no place"),
    ],
)
def test_by_what_two_images_are_linked(second: Geometry, patients: tuple[str, str], kind: str) -> None:
    assert link(FIRST, second, patients).kind == kind


def test_by_relative_slice_the_first_and_last_fall_together_and_the_middle_lies_on_the_middle() -> None:
    second = grid((41, 30, 30), (5.0, 2.0, 2.0), (900.0, 0.0, 0.0))
    matrix = Link("apart", FIRST, second).to_second("axial")
    for index, there in ((0, 0.525), (19, 39.475), (9.5, 20.0)):
        assert matrix @ [index, 19.5, 24.5, 1] == pytest.approx([there, 14.5, 14.5, 1])
    assert matrix[1, 1] == matrix[2, 2] == 0.5  # true size


def test_the_other_way_round_is_turned() -> None:
    affine = FIRST.affine.copy()
    affine[:3, 0] *= -1  # the head first
    affine[:3, 3] = 900
    second = Geometry(FIRST.shape, affine, patient_based=True, calibrated=True)
    matrix = link(FIRST, second, ("A", "B")).to_second("axial")
    assert matrix @ [0, 3, 4, 1] == pytest.approx([19, 3, 4, 1])


def test_pictures_are_laid_over_each_other_at_one_size() -> None:
    first, second = uncalibrated(100, 200), uncalibrated(300, 500)
    picture = np.zeros((1, 300, 500, 3), np.uint8)
    picture[0, 140:160, 240:260] = (10, 20, 30)
    linked = link(first, second, ("", ""))
    found = linked_slice(Image(picture, second, Window(128, 255)), linked, "axial", 0)
    assert linked.kind == "no place" and found.step == 1 / 3
    height, width = found.pixels.shape[:2]
    assert (height, width) == (300, 600) and tuple(found.pixels[height // 2, width // 2]) == (10, 20, 30)
    assert found.inside[150].sum() == 500  # it fills the height


def test_the_size_of_what_is_resampled_is_limited() -> None:
    first, second = grid((3, 900, 900), (1.0, 1.0, 1.0), (0, 0, 0)), grid((3, 9, 9), (1.0, 100.0, 100.0), (0, 0, 0))
    assert linked_slice(by_place(first), link(second, first, _A), "axial", 1).step == 1 / 4
    assert linked_slice(by_place(second), link(first, second, _A), "axial", 1).pixels.shape == (900, 900)
    vast = grid((2, 1100, 1000), (1.0, 1.0, 1.0), (0, 0, 0))
    found = linked_slice(by_place(vast), link(vast, vast, _A), "axial", 1)
    assert found.step == 2 and found.pixels.size <= 1 << 20
