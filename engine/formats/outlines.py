"""The outline of a region along the corners of its pixels."""

import numpy as np
from numpy.typing import NDArray

_Corner = tuple[int, int]
_TURNS = {
    (0, 1): ((1, 0), (0, 1), (-1, 0)),
    (1, 0): ((0, -1), (1, 0), (0, 1)),
    (0, -1): ((-1, 0), (0, -1), (1, 0)),
    (-1, 0): ((0, 1), (-1, 0), (0, -1)),
}
"""The ways on from a corner, by the way there, (down, across): a turn to the right first, so that parts that touch at a corner stay apart."""


def outlines(region: NDArray[np.bool_]) -> list[list[_Corner]] | None:
    """The closed outlines of a region (h, w) as corners (down, across) where they turn, one for each part of neighbours along edges,
    clockwise as it is shown. None where the region has holes, which outlines alone cannot tell."""
    ways = _edges(region)
    found = []
    while ways:
        outline = _walk(ways, next(iter(ways)))
        if _area(outline) < 0:
            return None
        found.append(outline)
    return found


def _walk(ways: dict[_Corner, list[_Corner]], start: _Corner) -> list[_Corner]:
    """The corners at which the outline through `start` turns; the ways that it takes are taken out of `ways`."""
    outline, at, first = list[_Corner](), start, ways[start][0]
    way = first
    while True:
        _leave(ways, at, way)
        at = (at[0] + way[0], at[1] + way[1])
        closing = (first,) if at == start else ()
        turn = next(turn for turn in _TURNS[way] if turn in (*closing, *ways.get(at, ())))
        if turn != way:
            outline.append(at)
        if at == start and turn == first:
            return outline
        way = turn


def _edges(region: NDArray[np.bool_]) -> dict[_Corner, list[_Corner]]:
    """For each corner the ways of the border that leave it, the region at their right."""
    inside = np.pad(region, 1).astype(np.int8)
    ways: dict[_Corner, list[_Corner]] = {}
    level = np.diff(inside, axis=0)[:, 1:-1]  # 1: the region begins below
    upright = np.diff(inside, axis=1)[1:-1]
    for where, step, ahead in (
        (level == 1, (0, 0), (0, 1)),
        (level == -1, (0, 1), (0, -1)),
        (upright == 1, (1, 0), (-1, 0)),
        (upright == -1, (0, 0), (1, 0)),
    ):
        for down, across in zip(*(axis.tolist() for axis in np.nonzero(where)), strict=True):
            ways.setdefault((down + step[0], across + step[1]), []).append(ahead)
    return ways


def _leave(ways: dict[_Corner, list[_Corner]], at: _Corner, way: _Corner) -> None:
    ways[at].remove(way)
    if not ways[at]:
        del ways[at]


def _area(outline: list[_Corner]) -> int:
    """Twice the area, less than 0 where the outline runs around a hole."""
    down, across = np.array(outline, np.int64).T
    return int((across * np.roll(down, -1) - np.roll(across, -1) * down).sum())
