"""Floods along stable levels."""

import numpy as np
import pytest

from engine.errors import EngineError
from engine.labels.assist.crop import Click, Rect
from engine.labels.assist.flood import Flood, chosen, most_stable

VIEW = Rect(0, 0, 120, 120)
DOWN, ACROSS = np.mgrid[:120, :120]
CORE = (DOWN - 60) ** 2 + (ACROSS - 60) ** 2 < 20**2
HALO = (DOWN - 60) ** 2 + (ACROSS - 60) ** 2 < 35**2
SCAN = np.clip(90 + 20 * HALO + 25 * CORE + np.random.default_rng(1).normal(0, 1, CORE.shape), 0, 255).astype(np.uint8)


def test_a_click_takes_the_plateau_it_stands_on_and_steps_go_to_the_next() -> None:
    flood = Flood(SCAN, VIEW)
    there = flood.propose((Click((60.0, 60.0)),)).on(SCAN.shape)
    assert np.count_nonzero(there ^ CORE) < 0.03 * np.count_nonzero(CORE)
    more = flood.propose((Click((60.0, 60.0), steps=1),)).on(SCAN.shape)
    assert np.count_nonzero(more ^ HALO) < 0.03 * np.count_nonzero(HALO)
    assert np.array_equal(flood.preview((60.0, 60.0), 1).on(SCAN.shape), flood.preview((60.0, 60.0), 50).on(SCAN.shape))


def test_two_clicks_flood_both_and_a_click_that_takes_away_holds_the_flood_back() -> None:
    flood = Flood(SCAN, VIEW)
    both = flood.propose((Click((60.0, 60.0)), Click((60.0, 32.0)))).on(SCAN.shape)
    assert np.count_nonzero(both ^ HALO) < 0.03 * np.count_nonzero(HALO)
    held = flood.propose((Click((60.0, 60.0), steps=9), Click((60.0, 32.0), adds=False))).on(SCAN.shape)
    assert held[60, 60] and not held[60, 32]


def test_the_pixel_that_was_taken_away_is_out_even_where_it_is_the_only_click_near() -> None:
    flood = Flood(SCAN, VIEW)
    found = flood.propose((Click((60.0, 60.0)), Click((60.0, 60.0), adds=False)))
    assert found.empty or not found.on(SCAN.shape)[60, 60]


def test_a_point_beyond_the_image_is_refused_and_previews_nothing() -> None:
    flood = Flood(SCAN, VIEW)
    with pytest.raises(EngineError, match="not on the image"):
        flood.propose((Click((-5.0, 60.0)),))
    assert flood.preview((-5.0, 60.0)).empty


def test_the_level_that_grows_least_is_the_stable_one() -> None:
    assert most_stable(np.array([20.0, 40, 80, 81, 82, 400])) == 2
    assert most_stable(np.array([3.0])) == 0 and most_stable(np.array([3.0, 5])) == 1
    regions = [np.arange(400) < n for n in (20, 40, 80, 81, 82, 400)]
    assert [int(chosen(regions, step).sum()) for step in (-9, -1, 0, 1, 9)] == [20, 40, 80, 400, 400]
