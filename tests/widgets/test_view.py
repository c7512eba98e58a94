import numpy as np
import pytest

from widgets.view import View, cut, empty, union


def _view(**changes: object) -> View:
    return View((100, 200), (1.0, 1.0), (300, 400), **changes)  # type: ignore[arg-type]


def test_a_fitted_slice_fills_the_window_but_for_its_margins() -> None:
    view = _view().fitted((50, 20))
    assert view.zoom == pytest.approx(1.8)  # 360 of 400 across for 200 columns
    assert view.inside == (60, 20, 240, 380)


def test_pixels_that_are_not_square_keep_their_proportions() -> None:
    view = View((100, 100), (3.0, 1.0), (300, 300)).fitted()
    top, left, bottom, right = view.inside
    assert (bottom - top, right - left) == (300, 100)


def test_window_and_slice_agree_both_ways() -> None:
    view = _view(zoom=2.5, origin=(7.0, -30.0))
    assert view.to_slice(*view.to_window((12.25, 90.5))) == pytest.approx((12.25, 90.5))
    assert view.to_window((-0.5, -0.5)) == (7.0, -30.0)


def test_the_point_under_the_pointer_stays_while_zooming() -> None:
    view = _view().fitted()
    before = view.to_slice(120, 90)
    for zoom in (0.8, 3.0, 40.0):
        view = view.zoomed(zoom, 120, 90)
        assert view.to_slice(120, 90) == pytest.approx(before)


@pytest.mark.parametrize("dense", [1.0, 2.0])
def test_zoom_ends_where_a_pixel_is_64_wide_and_where_the_slice_is_a_quarter(dense: float) -> None:
    """A quarter of what fits the window or, of a slice that is smaller than it, of its pixels as they are."""
    large = View((1000, 2000), (1.0, 1.0), (300, 400), device_pixel_ratio=dense).fitted()
    assert large.zoom == pytest.approx(0.2)
    assert large.zoomed(1e-6, 10, 10).zoom == pytest.approx(0.05)
    assert large.zoomed(0.06, 10, 10).zoom == 0.06
    small = _view(device_pixel_ratio=dense).fitted()
    assert small.zoomed(1e-6, 10, 10).zoom == 0.25 * dense
    assert small.zoomed(1e6, 10, 10).zoom == 64 * dense == 64 / 63 * small.zoomed(63 * dense, 10, 10).zoom


def test_a_tiny_slice_is_fitted_at_no_more_than_the_most_zoom() -> None:
    assert View((2, 2), (1.0, 1.0), (300, 400)).fitted().zoom == 64
    assert View((2, 2), (1.0, 1.0), (300, 400), device_pixel_ratio=2.0).fitted().zoom == 128


@pytest.mark.parametrize("zoom", [0.13, 0.5, 1.0, 2.84, 7.0])
def test_each_device_pixel_shows_the_slice_pixel_under_its_centre(zoom: float) -> None:
    view = _view(zoom=zoom, origin=(3.3, 5.7))
    top, left, bottom, right = view.inside
    rows = view.index(0, top, bottom)
    places = np.array([view.to_slice(row + 0.5, left)[0] for row in range(top, bottom)])
    assert (np.abs(rows - places) <= 0.5 + 1e-9).all()
    assert rows[0] < 1 / zoom and (bottom == 300 or rows[-1] >= 99 - 1 / zoom)
    assert len(view.index(1, left, right)) == right - left


@pytest.mark.parametrize("zoom", [0.13, 1.0, 2.84])
def test_the_area_of_some_pixels_holds_every_device_pixel_that_shows_them(zoom: float) -> None:
    view = _view(zoom=zoom, origin=(3.3, 5.7))
    top, left, bottom, right = view.inside
    area = view.area(20, 30, 44, 51)
    rows, columns = view.index(0, top, bottom), view.index(1, left, right)
    hit_rows, hit_columns = (
        np.flatnonzero((rows >= 20) & (rows < 44)) + top,
        np.flatnonzero((columns >= 30) & (columns < 51)) + left,
    )
    assert area[0] <= hit_rows[0] and area[2] > hit_rows[-1]
    assert area[1] <= hit_columns[0] and area[3] > hit_columns[-1]


def test_a_slice_cannot_be_lost_outside_the_window() -> None:
    for step in ((1e6, 1e6), (-1e6, -1e6)):
        assert not empty(_view().fitted().moved(*step).inside)


def test_another_size_keeps_the_middle_in_the_middle() -> None:
    view = _view(zoom=3.0, origin=(-20.0, -40.0))
    middle = view.to_slice(150, 200)
    assert view.resized((600, 500), 1.0).to_slice(300, 250) == pytest.approx(middle)
    dense = view.resized((600, 800), 2.0)
    assert dense.zoom == 6.0 and dense.to_slice(300, 400) == pytest.approx(middle)


def test_areas() -> None:
    assert cut((0, 0, 5, 5), (2, 3, 9, 9)) == (2, 3, 5, 5)
    assert cut((0, 0, 2, 2), (2, 2, 4, 4)) == (0, 0, 0, 0)
    assert union((0, 0, 0, 0), (1, 2, 3, 4)) == (1, 2, 3, 4)
    assert union((0, 5, 1, 6), (1, 2, 3, 4)) == (0, 2, 3, 6)
