"""The live-wire on an edge that is known."""

import numpy as np
from numpy.typing import NDArray

from engine.labels.assist.crop import Rect
from engine.labels.assist.live_wire import LiveWire

DOWN, ACROSS = np.mgrid[:200, :200]
DISC = (DOWN - 100) ** 2 + (ACROSS - 100) ** 2 < 60**2
SCAN = np.clip(80 + 60 * DISC + np.random.default_rng(0).normal(0, 4, DISC.shape), 0, 255).astype(np.uint8)


def off_edge(way: list[tuple[float, float]]) -> NDArray[np.float64]:
    points = np.array(way)
    return np.asarray(np.abs(np.hypot(points[:, 0] - 100, points[:, 1] - 100) - 60))


def test_the_way_follows_the_edge_and_begins_and_ends_where_it_is_told() -> None:
    way = LiveWire(SCAN, (40.0, 100.0), Rect(0, 0, 200, 200)).to((100.0, 160.0))
    assert way[0] == (40.0, 100.0) and way[-1] == (100.0, 160.0)
    assert off_edge(way).max() < 3


def test_in_a_scaled_crop_points_lie_on_the_slice() -> None:
    large = np.kron(SCAN, np.ones((4, 4), np.uint8))
    way = LiveWire(large, (161.0, 401.0), Rect(0, 0, 800, 800)).to((401.0, 641.0))
    assert off_edge([(down / 4, across / 4) for down, across in way]).max() < 3


def test_beyond_what_is_seen_the_way_goes_straight_on() -> None:
    way = LiveWire(SCAN, (40.0, 100.0), Rect(20, 60, 110, 170)).to((100.0, 190.0))
    assert way[-1] == (100.0, 190.0) and all(60 <= across < 170 for _, across in way[:-1])


def test_colour_has_edges_too() -> None:
    picture = np.repeat(SCAN[:, :, None], 3, axis=2)
    assert off_edge(LiveWire(picture, (40.0, 100.0), Rect(0, 0, 200, 200)).to((100.0, 160.0))).max() < 3
