"""Measures against what a ruler says: in millimetres on voxels of any shape, in every plane."""

import math

import numpy as np
import pytest

from engine.imaging.geometry import Geometry, Plane, uncalibrated
from engine.imaging.image import Image, Window
from engine.labels.measuring import Measure, covered, size_of, values_of

SPACING = (5.0, 2.0, 0.5)  # z, y, x


def grid(shape: tuple[int, int, int] = (6, 40, 60), shear: float = 0.0) -> Geometry:
    """Voxels of that spacing; with `shear` each slice lies that many mm farther down than the one before, as under a tilted gantry."""
    affine = np.zeros((4, 4))
    affine[2, 0], affine[1, 1], affine[0, 2], affine[3, 3] = *SPACING, 1.0
    affine[1, 0] = shear
    return Geometry(shape, affine, patient_based=True, calibrated=True)


@pytest.mark.parametrize(
    ("plane", "down", "across"),
    [
        ("axial", 2.0, 0.5),
        ("coronal", 5.0, 0.5),
        ("sagittal", 5.0, 2.0),
        ("coronal turned", 0.5, 5.0),
        ("sagittal turned", 2.0, 5.0),
    ],
)
def test_a_distance_is_in_the_millimetres_of_its_plane(plane: Plane, down: float, across: float) -> None:
    size = size_of(Measure("distance", plane, 1, ((1.0, 2.0), (4.0, 6.0))), grid())
    assert size.unit == "mm" and size.amount == pytest.approx(math.hypot(3 * down, 4 * across))


def test_an_angle_is_that_in_space_not_that_of_the_pixels() -> None:
    """Pixels of 2 x 0.5 mm: one down and four across have the same length, and half of a right angle between them."""
    one, corner = (5.0, 4.0), (5.0, 0.0)
    assert size_of(Measure("angle", "axial", 0, (one, corner, (6.0, 4.0))), grid()).amount == pytest.approx(45.0)
    assert size_of(Measure("angle", "axial", 0, (one, corner, (6.0, 0.0))), grid()).amount == pytest.approx(90.0)
    straight = size_of(Measure("angle", "axial", 0, (one, corner, (5.0, -9.0))), grid())
    assert straight.amount == pytest.approx(180.0) and straight.unit == "°"


def test_a_sheared_grid_is_measured_as_it_lies() -> None:
    """A step of one slice goes 5 mm up and 3 mm down the patient."""
    sheared = grid(shear=3.0)
    along = size_of(Measure("distance", "sagittal", 0, ((0.0, 0.0), (1.0, 0.0))), sheared)
    assert along.amount == pytest.approx(math.hypot(5, 3))
    area = size_of(Measure("rectangle", "sagittal", 0, ((0.0, 0.0), (2.0, 3.0))), sheared)
    assert area.amount == pytest.approx(2 * 3 * 5.0 * 2.0), "a parallelogram has its height's area"


def test_without_a_known_size_nothing_is_called_a_millimetre() -> None:
    plain = uncalibrated(40, 60)
    assert size_of(Measure("distance", "axial", 0, ((0.0, 0.0), (3.0, 4.0))), plain).unit == "px"
    area = size_of(Measure("ellipse", "axial", 0, ((0.0, 0.0), (10.0, 20.0))), plain)
    assert area.unit == "px²" and area.amount == pytest.approx(math.pi * 5 * 10)


def image(pixels: np.ndarray, unit: str = "HU") -> Image:
    return Image(pixels, grid(pixels.shape[:3]), Window(0, 1), unit=unit)


def test_the_values_of_a_rectangle_are_those_of_its_pixels() -> None:
    pixels = np.random.default_rng(0).integers(-1000, 1000, (6, 40, 60)).astype(np.int16)
    found = values_of(Measure("rectangle", "axial", 2, ((10.0, 5.0), (3.0, 20.0))), image(pixels))
    inside = pixels[2, 3:11, 5:21].astype(float)
    assert found is not None and found.count == inside.size and found.unit == "HU"
    assert (found.mean, found.spread) == pytest.approx((inside.mean(), inside.std()))


@pytest.mark.parametrize("plane", ["axial", "coronal", "sagittal", "coronal turned", "sagittal turned"])
def test_the_values_of_an_ellipse_are_those_of_the_slice_that_is_shown(plane: Plane) -> None:
    pixels = np.random.default_rng(1).normal(size=(20, 24, 30)).astype(np.float32)
    order = {"axial": (0, 1, 2), "coronal": (1, 0, 2), "sagittal": (2, 0, 1)}
    axes = order.get(plane) or {"coronal turned": (1, 2, 0), "sagittal turned": (2, 1, 0)}[plane]
    shown = pixels.transpose(axes)[7]
    rows, columns = np.mgrid[: shown.shape[0], : shown.shape[1]]
    inside = shown[((rows - 8) / 5.2) ** 2 + ((columns - 9) / 6.3) ** 2 <= 1]
    found = values_of(Measure("ellipse", plane, 7, ((2.8, 2.7), (13.2, 15.3))), image(pixels, ""))
    assert found is not None and found.count == len(inside)
    assert (found.mean, found.spread) == pytest.approx((inside.mean(), inside.std()), rel=1e-5)


def test_background_without_a_value_and_what_lies_outside_do_not_count() -> None:
    pixels = np.full((1, 10, 10), 7, np.float32)
    pixels[0, :, :5] = np.nan
    part = values_of(Measure("rectangle", "axial", 0, ((0.0, 0.0), (3.0, 40.0))), image(pixels))
    assert part is not None and (part.count, part.mean, part.spread) == (20, 7.0, 0.0)
    for kind in ("ellipse", "rectangle"):
        none = values_of(Measure(kind, "axial", 0, ((-9.0, -9.0), (-3.0, -3.0))), image(pixels))
        assert none is not None and none.count == 0 and math.isnan(none.mean)


@pytest.mark.parametrize(
    ("corners", "count"),
    [
        (((2.0, 7.8), (2.4, 11.9)), 2),
        (((-1.3, 4.0), (0.3, 4.4)), 1),
        (((1.74, 8.98), (2.64, 10.15)), 0),  # of no pixel the centre, and that of its middle lies beside the image
        (((-1.07, 1.23), (0.01, 2.36)), 0),
        (((9.4, 9.4), (12.0, 12.0)), 0),
    ],
)
def test_an_ellipse_over_the_edge_has_the_values_that_lie_in_the_image(
    corners: tuple[tuple[float, float], tuple[float, float]], count: int
) -> None:
    found = values_of(Measure("ellipse", "axial", 0, corners), image(np.full((1, 10, 10), 7, np.float32)))
    assert found is not None and found.count == count


def test_colour_and_lines_have_no_values() -> None:
    colour = Image(np.zeros((1, 9, 9, 3), np.uint8), uncalibrated(9, 9), Window(0, 1))
    assert values_of(Measure("ellipse", "axial", 0, ((0.0, 0.0), (5.0, 5.0))), colour) is None
    line = Measure("distance", "axial", 0, ((0.0, 0.0), (5.0, 5.0)))
    assert values_of(line, image(np.zeros((1, 9, 9), np.int16))) is None and covered(line) == 0


@pytest.mark.parametrize(
    ("kind", "index", "points"),
    [("distance", 0, 3), ("angle", 0, 2), ("volume", 0, 2), ("distance", -1, 2)],
)
def test_what_can_be_no_measure_is_refused(kind: str, index: int, points: int) -> None:
    with pytest.raises(ValueError):
        Measure(kind, "axial", index, ((0.0, 0.0),) * points)  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        Measure("distance", "axial", 0, ((0.0, 0.0), (math.nan, 1.0)))
