import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from pycocotools import mask as oracle

from engine.formats.outlines import outlines


def test_a_square_has_four_corners() -> None:
    region = np.zeros((9, 9), bool)
    region[2:5, 3:8] = True
    (outline,) = outlines(region) or []
    assert sorted(outline) == [(2, 3), (2, 8), (5, 3), (5, 8)]


def test_parts_that_touch_at_a_corner_stay_apart() -> None:
    assert len(outlines(np.eye(3, dtype=bool)) or []) == 3


def test_holes_cannot_be_told() -> None:
    region = np.ones((3, 3), bool)
    region[1, 1] = False
    assert outlines(region) is None
    assert outlines(np.zeros((3, 3), bool)) == []


@pytest.mark.filterwarnings("ignore:__array__ implementation")  # pycocotools' own
@given(arrays.arrays(bool, arrays.array_shapes(min_dims=2, max_dims=2, max_side=9)))
def test_pycocotools_draws_the_region_again(region: NDArray[np.bool_]) -> None:
    found = outlines(region)
    if not found:
        return
    polygons = [[float(n) for down, across in outline for n in (across, down)] for outline in found]
    drawn = oracle.decode(oracle.merge(oracle.frPyObjects(polygons, *region.shape)))
    assert np.array_equal(drawn.astype(bool), region)
