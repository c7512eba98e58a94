"""The intensity gate against what every pixel says for itself."""

from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.imaging.geometry import Plane, axes, uncalibrated
from engine.imaging.image import Image
from engine.imaging.windows import FULL
from engine.labels.gate import Gate
from engine.labels.mask import Mask
from engine.labels.shapes import Brush, inside

PLANES: tuple[Plane, ...] = get_args(Plane)
SHAPE = (12, 30, 40)


def _image(pixels: NDArray[np.generic]) -> Image:
    z, y, x = pixels.shape[:3]
    return Image(pixels, uncalibrated(y, x, z), FULL)


def _noise(dtype: type = np.int16) -> Image:
    return _image(np.random.default_rng(3).integers(-100, 100, SHAPE).astype(dtype))


@pytest.mark.parametrize("plane", PLANES)
@pytest.mark.parametrize("brush", ["line", "ball"])
def test_only_values_in_the_range_are_painted(plane: Plane, brush: str) -> None:
    image, free, gated = _noise(), Mask(np.zeros(SHAPE, np.uint8)), Mask(np.zeros(SHAPE, np.uint8))
    for mask, gate in ((free, None), (gated, Gate(image, -20, 50))):
        stroke = mask.begin("Brush", gate)
        if brush == "line":
            stroke.line(plane, 5, (2.0, 3.0), (7.0, 8.0), Brush.round(4), 1)
        else:
            stroke.ball(plane, 5, (2.0, 3.0), (7.0, 8.0), Brush.round(4), 3.0, 1)
        stroke.end()
    values = np.asarray(image.pixels, np.float64)
    wanted = (free.labels == 1) & (values >= -20) & (values <= 50)
    assert wanted.any() and np.array_equal(gated.labels == 1, wanted)


def test_erasing_and_what_the_gate_holds_back() -> None:
    image, mask = _noise(), Mask(np.full(SHAPE, 2, np.uint8))
    stroke = mask.begin("Eraser", Gate(image, 500, 600))
    stroke.line("axial", 5, (10.0, 10.0), (10.0, 20.0), Brush.round(3), 1)
    assert stroke.held_back and (mask.labels == 2).all()
    stroke.line("axial", 5, (10.0, 10.0), (10.0, 20.0), Brush.round(3), 0)
    assert not stroke.held_back and not mask.labels[5, 10, 8:23].any()
    assert mask.region("Polygon", "axial", 3, ((0, 0), np.ones((9, 9), bool)), 1, Gate(image, 500, 600)).empty


def test_connected_paints_the_pointers_own_island_alone() -> None:
    pixels = np.zeros(SHAPE, np.float32)
    pixels[:, 5:25, 8:12] = pixels[:, 5:25, 20:24] = 100  # two bars
    for at, painted in ((10.0, (8, 12)), (22.0, (20, 24)), (16.0, (0, 0))):
        mask = Mask(np.zeros(SHAPE, np.uint8))
        stroke = mask.begin("Brush", Gate(_image(pixels), 50, 200, connected=True))
        stroke.line("axial", 5, (15.0, at), (15.0, at), Brush.round(9), 1)
        wanted = np.zeros(SHAPE[2], bool)
        wanted[slice(*painted)] = True
        assert np.array_equal(mask.labels[5].any(axis=0), wanted)
        assert stroke.held_back == (at == 16.0)


def test_a_connected_ball_goes_from_slice_to_slice() -> None:
    pixels = np.zeros(SHAPE, np.uint16)
    pixels[3:8, 10:20, 10:20] = 100
    pixels[6, 10:20, 10:20] = 0  # a gap: slice 7 hangs together with nothing
    mask = Mask(np.zeros(SHAPE, np.uint8))
    stroke = mask.begin("Brush", Gate(_image(pixels), 50, 200, connected=True))
    stroke.ball("axial", 5, (15.0, 15.0), (15.0, 15.0), Brush.round(4), 4.0, 1)
    assert np.flatnonzero(mask.labels.any(axis=(1, 2))).tolist() == [3, 4, 5]


def test_the_range_of_a_stroke_is_around_where_it_begins() -> None:
    image = _noise(np.float32)
    image.pixels[5, 9:12, 9:12] = 40.0
    image.pixels[5, 10, 10] = np.nan  # a dead pixel under the pointer
    gate = Gate(image, 0, 0, tolerance=15).begun("axial", 5, (10.2, 9.8))
    assert (gate.low, gate.high) == (25.0, 55.0)
    image.pixels[5] = np.nan
    nothing = Gate(image, 0, 0, tolerance=15).begun("axial", 5, (10.0, 10.0))
    assert not nothing.open_to(nothing.values("axial", 4)).any()
    outside = Gate(image, 0, 0, tolerance=15).begun("axial", 4, (-8.0, 3.0))
    assert not outside.open_to(outside.values("axial", 4)).any()


def test_of_colours_the_mean_counts() -> None:
    pixels = np.zeros((1, 20, 20, 3), np.uint8)
    pixels[0, :, 10:] = (250, 100, 40)
    mask = Mask(np.zeros((1, 20, 20), np.uint8))
    square = inside([(2.0, 2.0), (2.0, 17.0), (17.0, 17.0), (17.0, 2.0)], (20, 20))
    mask.region("Polygon", "axial", 0, square, 3, Gate(_image(pixels), 129, 131))
    assert np.flatnonzero(mask.labels[0].any(axis=0)).tolist() == list(range(10, 18))


@pytest.mark.parametrize("plane", PLANES)
def test_a_slices_values_are_its_own(plane: Plane) -> None:
    image = _noise()
    assert np.array_equal(Gate(image, 0, 1).values(plane, 4), image.pixels.transpose(axes(plane))[4])
