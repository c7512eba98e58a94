"""Which pixels of a slice a brush or an outline covers. Exact: a pixel is in where its centre is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
"""(down, across) in pixels of the shown slice; (0, 0) is the centre of the first pixel."""

Region = NDArray[np.bool_]

_TINY = 1e-9  # pixels: what rounding may cost


@dataclass(frozen=True)
class Brush:
    """An ellipse with the radii (down, across) in pixels, so that it is round in mm on pixels that are not square."""

    radius: tuple[float, float]

    @staticmethod
    def round(radius: float) -> "Brush":
        return Brush((radius, radius))


def discs(brush: Brush, through: float) -> list[tuple[int, Brush]]:
    """What an ellipsoid with the brush's radii and the radius `through` (in slices) leaves on each slice, as (slices away, brush): its
    cross-sections, the widest one at 0. A section thinner than half a pixel is left out."""
    reach = math.ceil(max(through, 0.0) - _TINY)
    found = [(0, brush)]
    for away in range(1, reach + 1):
        scale = math.sqrt(max(1.0 - (away / through) ** 2, 0.0))
        radius = brush.radius[0] * scale, brush.radius[1] * scale
        if min(radius) >= 0.5:
            found += [(-away, Brush(radius)), (away, Brush(radius))]
    return sorted(found, key=lambda disc: disc[0])


def ellipse(one: Point, two: Point, shape: tuple[int, ...]) -> tuple[tuple[int, int], Region]:
    """The pixels of a slice of that shape whose centres lie in the ellipse that touches the four sides of the rectangle between those
    corners: first pixel (down, across) and region. Less than a pixel wide or high, it is taken as a pixel."""
    middle = (one[0] + two[0]) / 2, (one[1] + two[1]) / 2
    return swept(middle, middle, Brush((abs(one[0] - two[0]) / 2, abs(one[1] - two[1]) / 2)), shape)


def swept(start: Point, end: Point, brush: Brush, shape: tuple[int, ...]) -> tuple[tuple[int, int], Region]:
    """The pixels of a slice of that shape whose centres the brush covers moving along the segment: first pixel (down, across) and
    region.

    In units of the brush's radii the swept shape is a capsule, which is convex: each row is one run. Its ends lie on the disc whose
    centre the row's end "sees" along the segment: that of the tangent where the row crosses it, else the nearer end's. Exact at any
    size, for no more work than the rows it has.
    """
    down, across = max(brush.radius[0], 0.5), max(brush.radius[1], 0.5)
    one, two = (start[0] / down, start[1] / across), (end[0] / down, end[1] / across)
    top = max(math.ceil((min(one[0], two[0]) - 1) * down - _TINY), 0)
    left = max(math.ceil((min(one[1], two[1]) - 1) * across - _TINY), 0)
    bottom = min(math.floor((max(one[0], two[0]) + 1) * down + _TINY), shape[0] - 1)
    right = min(math.floor((max(one[1], two[1]) + 1) * across + _TINY), shape[1] - 1)
    rows = np.arange(top, bottom + 1) / down - one[0]
    along = two[0] - one[0], two[1] - one[1]
    first = one[1] + _run_end(rows, along, -1.0) - _TINY
    last = one[1] + _run_end(rows, along, 1.0) + _TINY
    columns = np.arange(left, right + 1) / across
    region = (columns >= first[:, None]) & (columns <= last[:, None])
    if not region.any():  # a brush smaller than a pixel still paints the pixel under it
        return (round(end[0]), round(end[1])), np.ones((1, 1), bool)
    return (top, left), region


def _run_end(rows: NDArray[np.float64], along: Point, side: float) -> NDArray[np.float64]:
    """Where the rows leave the capsule of radius 1 around the segment from (0, 0) to `along`: at the left (side -1) or right (1)."""
    length = math.hypot(*along)
    if abs(along[0]) <= _TINY * max(length, 1.0):  # along the rows: the end that lies farther out
        centre: NDArray[np.float64] | float = float(along[1] * side > 0)
    else:
        touch = (
            -side * along[1] * math.copysign(1.0, along[0]) / length
        )  # the tangent's distance from the segment, in rows
        centre = np.minimum(np.maximum((rows - touch) / along[0], 0.0), 1.0)
    from_centre = rows - centre * along[0]
    return centre * along[1] + side * np.sqrt(np.maximum(1.0 - from_centre * from_centre, 0.0))


def inside(points: Sequence[Point], shape: tuple[int, ...]) -> tuple[tuple[int, int], Region]:
    """The pixels of a slice of that shape whose centres lie in a closed polygon or on its outline, by the even-odd rule: first pixel
    (down, across) and region. Fewer than three points have no inside.
    """
    if len(points) < 3:
        return (0, 0), np.zeros((0, 0), bool)
    start = np.asarray(points, float)
    low = np.clip(np.ceil(start.min(axis=0) - _TINY), 0, shape).astype(int)
    high = np.clip(np.floor(start.max(axis=0) + _TINY) + 1, low, shape).astype(int)
    crossed = np.zeros((high[0] - low[0], high[1] - low[1] + 1), np.uint8)
    on = crossed.astype(bool)
    edges = start, np.roll(start, -1, axis=0)

    rows, across = _crossings(*edges, low[0], high[0], closed=False)
    np.bitwise_xor.at(
        crossed, (rows - low[0], np.clip(np.ceil(across - _TINY), low[1], high[1]).astype(int) - low[1]), 1
    )
    rows, across = _crossings(*edges, low[0], high[0], closed=True)
    column = np.rint(across).astype(int)
    hit = (np.abs(across - column) <= _TINY) & (column >= low[1]) & (column < high[1])
    on[rows[hit] - low[0], column[hit] - low[1]] = True
    for one, two in zip(*edges, strict=True):
        row = int(np.rint(one[0]))
        if one[0] == two[0] == row and low[0] <= row < high[0]:  # an edge along a row is crossed nowhere
            first, last = sorted((one[1], two[1]))
            on[row - low[0], max(int(np.ceil(first)) - low[1], 0) : max(int(np.floor(last)) + 1 - low[1], 0)] = True
    region = np.bitwise_xor.accumulate(crossed, axis=1).astype(bool) | on
    return (int(low[0]), int(low[1])), region[:, :-1]


def _crossings(
    one: NDArray[np.float64], two: NDArray[np.float64], top: int, bottom: int, *, closed: bool
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Rows from `top` to before `bottom` that the edges cross, and where across; `closed` counts both ends of an edge, else the upper."""
    sloped = one[:, 0] != two[:, 0]
    one, two = one[sloped], two[sloped]
    upper, lower = np.minimum(one[:, 0], two[:, 0]), np.maximum(one[:, 0], two[:, 0])
    first = np.maximum(np.ceil(upper), top).astype(np.int64)
    last = np.minimum(np.floor(lower) + 1 if closed else np.ceil(lower), bottom).astype(np.int64)
    counts = np.maximum(last - first, 0)
    edge = np.repeat(np.arange(len(one)), counts)
    rows = first[edge] + np.arange(len(edge)) - np.repeat(np.cumsum(counts) - counts, counts)
    part = (rows - one[edge, 0]) / (two[edge, 0] - one[edge, 0])
    return rows, one[edge, 1] + part * (two[edge, 1] - one[edge, 1])
