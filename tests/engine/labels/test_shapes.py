"""Brush and polygon against brute force over every pixel."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.labels.shapes import Brush, Point, ellipse, inside, swept

SHAPE = (30, 40)
SLACK = 1e-6  # pixels nearer to the border than this may fall on either side

places = st.tuples(st.floats(-12, 42), st.floats(-12, 52))
grid_places = st.tuples(st.integers(-5, 35), st.integers(-5, 45)).map(lambda p: (p[0] / 2, p[1] / 2))
radii = st.tuples(st.floats(0.5, 12), st.floats(0.5, 12))


def _full(corner: tuple[int, int], region: NDArray[np.bool_]) -> NDArray[np.bool_]:
    full = np.zeros(SHAPE, bool)
    for (row, column), value in np.ndenumerate(region):
        place = (row + corner[0], column + corner[1])
        if value and all(0 <= p < n for p, n in zip(place, SHAPE, strict=True)):
            full[place] = True
    return full


def _distance(start: Point, end: Point, radius: tuple[float, float]) -> NDArray[np.float64]:
    """From every pixel's centre to the segment, in units of the radii."""
    pixels = np.indices(SHAPE).transpose(1, 2, 0) / radius
    a, b = np.array(start) / radius, np.array(end) / radius
    length = float(np.sum((b - a) ** 2))
    along = np.clip((pixels - a) @ (b - a) / length, 0, 1) if length else np.zeros(SHAPE)
    return np.asarray(np.linalg.norm(pixels - a - along[..., None] * (b - a), axis=-1))


@given(places | grid_places, places | grid_places, radii)
def test_path_is_all_within_the_brush(start: Point, end: Point, radius: tuple[float, float]) -> None:
    drawn = _full(*swept(start, end, Brush(radius), SHAPE))
    distance = _distance(start, end, radius)
    assert drawn[distance < 1 - SLACK].all()
    if (distance < 1 + SLACK).any():
        assert not drawn[distance > 1 + SLACK].any()
    else:  # between the centres of pixels, or outside: at most the pixel under the end
        assert drawn.sum() <= 1


@given(places, places, st.tuples(st.floats(0.01, 1), st.floats(0.01, 1)))
def test_smallest_brush_leaves_a_connected_line(start: Point, end: Point, radius: tuple[float, float]) -> None:
    corner, region = swept(start, end, Brush(radius), SHAPE)
    drawn = _full(corner, region)
    first, last = sorted((start[0], end[0]))
    for row in range(max(math.ceil(first), 0), min(math.floor(last) + 1, SHAPE[0])):
        part = (row - start[0]) / (end[0] - start[0]) if end[0] != start[0] else 0
        column = round(start[1] + part * (end[1] - start[1]))
        steep = abs(end[0] - start[0]) >= abs(end[1] - start[1])
        if steep and 1 <= column < SHAPE[1] - 1:
            assert drawn[row, column - 1 : column + 2].any()


@given(st.tuples(st.floats(0, 29), st.floats(0, 39)), st.floats(0.01, 0.49))
def test_click_with_the_smallest_brush_paints_a_pixel(at: Point, radius: float) -> None:
    drawn = _full(*swept(at, at, Brush.round(radius), SHAPE))
    assert 1 <= drawn.sum() <= 2


def test_far_away_costs_no_memory() -> None:
    _, region = swept((-1e6, -1e6), (1e6, 1e6), Brush.round(5), SHAPE)
    assert region.size <= SHAPE[0] * SHAPE[1]
    _, region = inside([(-1e6, -1e6), (1e6, -1e6), (1e6, 1e6), (-1e6, 1e6)], SHAPE)
    assert region.shape == SHAPE and region.all()


polygons = st.lists(places, min_size=3, max_size=8) | st.lists(grid_places, min_size=3, max_size=8)


@given(polygons)
def test_polygon_is_what_lies_inside(points: list[Point]) -> None:
    drawn = _full(*inside(points, SHAPE))
    distance = np.min([_distance(a, b, (1, 1)) for a, b in _edges(points)], axis=0)
    clear = distance > SLACK
    assert np.array_equal(drawn[clear], _even_odd(points)[clear])


@given(st.lists(grid_places, min_size=3, max_size=8))
def test_outline_belongs_to_the_polygon(points: list[Point]) -> None:
    drawn = _full(*inside(points, SHAPE))
    distance = np.min([_distance(a, b, (1, 1)) for a, b in _edges(points)], axis=0)
    assert drawn[distance == 0].all()


def test_rectangle() -> None:
    assert np.argwhere(_full(*inside([(2, 3), (2, 6), (5, 6), (5, 3)], SHAPE))).tolist() == [
        [row, column] for row in range(2, 6) for column in range(3, 7)
    ]


def test_two_points_have_no_inside() -> None:
    assert not inside([(1, 1), (5, 5)], SHAPE)[1].any()


def _edges(points: list[Point]) -> list[tuple[Point, Point]]:
    return list(zip(points, points[1:] + points[:1], strict=True))


def _even_odd(points: list[Point]) -> NDArray[np.bool_]:
    result = np.zeros(SHAPE, bool)
    for row, column in np.ndindex(SHAPE):
        for a, b in _edges(points):
            if (a[0] > row) != (b[0] > row) and column < a[1] + (row - a[0]) / (b[0] - a[0]) * (b[1] - a[1]):
                result[row, column] ^= True
    return result


@given(places | grid_places, places | grid_places)
def test_an_ellipse_touches_the_sides_of_its_rectangle(one: Point, two: Point) -> None:
    drawn = _full(*ellipse(one, two, SHAPE))
    middle, radius = np.add(one, two) / 2, np.maximum(np.abs(np.subtract(one, two)) / 2, 0.5)
    far = np.linalg.norm((np.indices(SHAPE).transpose(1, 2, 0) - middle) / radius, axis=-1)
    assert drawn[far < 1 - SLACK].all()
    if (far < 1 - SLACK).any():
        assert not drawn[far > 1 + SLACK].any()
