"""What proposes on one slice, in the window in which it is seen."""

import numpy as np
import pytest

from engine.errors import EngineError
from engine.imaging.image import Window
from engine.labels.assist.crop import Click, Rect
from engine.labels.assist.on_slice import AssistedSlice, connected_part

DOWN, ACROSS = np.mgrid[:100, :100]
ORGAN = (DOWN - 50) ** 2 + (ACROSS - 50) ** 2 < 25**2
CT = (np.where(ORGAN, 60, 20) + np.random.default_rng(0).normal(0, 4, ORGAN.shape)).astype(np.int16)
SOFT = Window(40, 200)
VIEW = Rect(0, 0, 100, 100)


def test_an_outline_follows_what_the_window_shows() -> None:
    seen = AssistedSlice(CT, SOFT).outline(Rect(22, 22, 78, 78), ()).on(CT.shape)
    assert np.count_nonzero(seen ^ ORGAN) < 0.05 * np.count_nonzero(ORGAN)
    inverted = AssistedSlice(CT, SOFT, inverted=True)
    assert inverted.shown[50, 50] < inverted.shown[5, 5]
    assert not AssistedSlice(CT, Window(2000, 100)).shown.any()  # nothing is seen: all is black


def test_a_box_that_was_drawn_goes_on_from_its_clicks_and_floods_know_their_view() -> None:
    part = AssistedSlice(CT, SOFT)
    first = part.outline(Rect(22, 22, 78, 78), ())
    part.outline(Rect(22, 22, 78, 78), (Click((50.0, 50.0)),))
    assert np.array_equal(part.outline(Rect(22, 22, 78, 78), ()).on(CT.shape), first.on(CT.shape))
    flood = part.flood(VIEW, (Click((50.0, 50.0)),)).on(CT.shape)
    assert np.array_equal(flood, part.flood_preview(VIEW, (50.0, 50.0), 0).on(CT.shape) | flood)
    assert len(part.wire(VIEW, (25.0, 50.0)).to((50.0, 75.0))) > 20


def test_where_nothing_is_seen_it_says_so() -> None:
    part = AssistedSlice(CT, SOFT)
    with pytest.raises(EngineError, match="not on the image"):
        part.wire(Rect(0, 0, 0, 40), (0.0, 0.0))
    with pytest.raises(EngineError, match="not on the image"):
        part.flood_preview(Rect(5, 5, 5, 5), (0.0, 0.0), 0)


def test_the_part_under_the_pointer_is_connected_and_of_one_class() -> None:
    labels = np.zeros((6, 8), np.uint8)
    labels[1:3, 1:3], labels[3, 3], labels[1:3, 3], labels[5, 7] = 4, 4, 2, 4
    region, value = connected_part(labels, (1, 1))
    assert value == 4 and np.count_nonzero(region.region) == 5 and not region.holds((5, 7))
    for at in ((0, 0), (-1, 3), (6, 0)):
        with pytest.raises(EngineError, match="nothing here"):
            connected_part(labels, at)
