"""Boxes, clicks and crops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.labels.assist.crop import Crop, ProposedRegion, Rect, kept_parts


def test_a_rectangle_between_two_centres_counts_half_pixels() -> None:
    rect = Rect.between((7.0, 9.0), (2.0, 3.0))
    assert rect == Rect(2.5, 3.5, 7.5, 9.5)
    assert rect.within((8, 8)) == Rect(2, 3, 8, 8)
    assert rect.holds((2.0, 3.0)) and not rect.holds((7.2, 5.0))


def test_a_region_is_found_again_on_the_slice() -> None:
    whole = np.zeros((9, 7), bool)
    whole[2:5, 3:6] = True
    proposal = ProposedRegion.of(whole)
    assert proposal.corner == (2, 3) and proposal.region.shape == (3, 3)
    assert np.array_equal(proposal.on(whole.shape), whole)
    assert ProposedRegion.of(np.zeros((3, 3), bool)).empty


def test_a_part_of_the_slice_holds_what_lies_on_it() -> None:
    whole = np.zeros((9, 7), bool)
    whole[2:5, 3:6] = True
    proposal = ProposedRegion.of(whole)
    for corner, shape in (((0, 0), (3, 4)), ((4, 5), (5, 2)), ((7, 0), (2, 7)), ((3, 3), (1, 1))):
        expected = whole[corner[0] : corner[0] + shape[0], corner[1] : corner[1] + shape[1]]
        assert np.array_equal(proposal.part(corner, shape), expected)
    assert proposal.holds((4, 5)) and not proposal.holds((5, 5)) and not proposal.holds((0, 0))
    assert proposal.rect == Rect(2, 3, 5, 6) and ProposedRegion.of(whole & False).rect is None
    assert proposal.moved(1, -3).on((9, 7))[3:6, 0:3].all()


@given(st.integers(8, 60), st.integers(8, 60), st.integers(4, 70), st.data())
def test_every_point_has_its_pixel_in_the_crop(height: int, width: int, side: int, data: st.DataObject) -> None:
    crop = Crop(np.zeros((70, 80), np.uint8), Rect(3, 5, 3 + height, 5 + width), side)
    assert max(crop.shape) <= max(side, 1) or crop.scale == 1
    at = data.draw(st.tuples(st.integers(3, 2 + height), st.integers(5, 4 + width)))
    down, across = crop.pixel((float(at[0]), float(at[1])))
    assert 0 <= down < crop.shape[0] and 0 <= across < crop.shape[1]
    if crop.scale == 1:
        assert (down + 3, across + 5) == at


def test_a_scaled_region_comes_back_where_it_was() -> None:
    crop = Crop(np.zeros((200, 200), np.uint8), Rect(20, 40, 180, 200), 40)
    whole = np.zeros((200, 200), bool)
    whole[60:140, 80:160] = True
    back = crop.proposal(crop.reduce(ProposedRegion.of(whole))).on(whole.shape)
    assert np.count_nonzero(back ^ whole) <= 16  # the corners are round


@pytest.mark.parametrize(("touched", "expected"), [([(0, 0)], 1), ([(5, 5)], 4), ([], 4), ([(0, 0), (5, 5)], 5)])
def test_parts_that_were_clicked_are_kept_else_the_largest(touched: list[tuple[int, int]], expected: int) -> None:
    region = np.zeros((8, 8), bool)
    region[0, 0] = region[4:6, 4:6] = True
    assert np.count_nonzero(kept_parts(region, touched)) == expected
