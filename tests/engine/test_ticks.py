"""Round values along an axis."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ticks import decimals, inner_ticks, nice_ticks


@given(st.floats(-1e3, 1e3), st.floats(1e-3, 1e3), st.integers(3, 12))
def test_ticks_cover_the_range(low: float, wide: float, most: int) -> None:
    ticks = nice_ticks(low, low + wide, most)
    assert ticks[0] <= low + 1e-6 * wide + 1e-9 and ticks[-1] >= low + wide - 1e-6 * wide - 1e-9
    assert len(ticks) <= most + 2


def test_known_ticks() -> None:
    assert nice_ticks(0.0, 0.62, 5) == [0.0, 0.2, 0.4, 0.6, 0.8]
    assert nice_ticks(0.56, 1.0, 6) == [0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    assert nice_ticks(0.5, 0.5, 5)[0] < 0.5


@pytest.mark.parametrize(
    ("low", "high", "whole", "ticks"),
    [
        (1.0, 30.0, True, [10.0, 20.0, 30.0]),
        (1.0, 7.0, True, [2.0, 4.0, 6.0]),
        (1.0, 2.0, True, [1.0, 2.0]),
        (3.0, 3.0, True, [3.0]),
        (0.0333, 0.637, False, [0.2, 0.4, 0.6]),
        (0.0, 1.0, False, [0.0, 0.25, 0.5, 0.75, 1.0]),
    ],
)
def test_ticks_between_the_ends(low: float, high: float, whole: bool, ticks: list[float]) -> None:
    assert inner_ticks(low, high, 5, whole=whole) == ticks


def test_as_many_decimals_as_a_number_needs() -> None:
    assert [decimals(each) for each in (5.0, 0.5, 0.25, 1 / 3)] == [0, 1, 2, 4]
