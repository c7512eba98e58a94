"""A sample holds every column, slice and phase of its whole in its share, whatever the shape."""

import numpy as np
import pytest

from engine.imaging.sample import sampled, spread


@pytest.mark.parametrize("shape", [(200, 1000, 16), (64, 512, 512), (391, 512, 64), (3, 1024, 4096)], ids=str)
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_every_part_has_its_share(shape: tuple[int, int, int], axis: int) -> None:
    positions = np.broadcast_to(np.arange(shape[axis]).reshape([-1 if a == axis else 1 for a in range(3)]), shape)
    found = sampled(positions, 50_000)
    assert len(found) == 50_000
    halves = np.bincount(found * 8 // shape[axis] if shape[axis] >= 8 else found)
    assert halves.min() >= 0.9 * 50_000 / len(halves)
    assert np.bincount(found % 2).min() >= 0.9 * 50_000 * (shape[axis] // 2) / shape[axis]


def test_few_are_taken_all() -> None:
    assert spread(5, 9).tolist() == [0, 1, 2, 3, 4]
    assert sampled(np.arange(6).reshape(2, 3), 6).tolist() == list(range(6))


def test_places_rise_stay_inside_and_do_not_change() -> None:
    places = spread(10**7 + 1, 1000)
    assert (np.diff(places) > 0).all()
    assert places[0] >= 0 and places[-1] <= 10**7
    assert np.array_equal(places, spread(10**7 + 1, 1000))
