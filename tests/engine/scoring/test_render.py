import numpy as np
import pytest

from engine.scoring import render

RED, BLUE = "#ff0000", "#0000ff"


def test_overlay_fills_inside_and_outlines_the_inner_edge() -> None:
    picture = np.full((9, 9), 100, np.uint8)
    labels = np.zeros((9, 9), np.uint8)
    labels[2:7, 2:7] = 1
    drawn = render.overlay(picture, labels, [RED], fill=0.5)
    assert drawn.shape == (9, 9, 3) and drawn.dtype == np.uint8
    assert tuple(drawn[0, 0]) == (100, 100, 100)  # background is untouched
    assert tuple(drawn[2, 4]) == (255, 0, 0)  # edge at full strength
    assert tuple(drawn[4, 4]) == (178, 50, 50)  # half picture, half red
    assert (drawn[1, 4] == 100).all()  # the outline lies inside, not around
    assert int((drawn == (255, 0, 0)).all(axis=2).sum()) == 16  # the ring of a 5 x 5 square is one pixel wide


def test_overlay_leaves_its_input_alone_and_takes_colour_pictures() -> None:
    picture = np.random.default_rng(0).integers(0, 255, (20, 30, 3), np.uint8)
    labels = np.zeros((20, 30), np.uint8)
    labels[3:9, 4:12] = 2
    before = picture.copy()
    drawn = render.overlay(picture, labels, [RED, BLUE], fill=1.0, outline=False)
    np.testing.assert_array_equal(picture, before)
    np.testing.assert_array_equal(drawn[labels == 0], picture[labels == 0])
    assert (drawn[labels == 2] == (0, 0, 255)).all()


def test_two_touching_classes_each_have_their_outline() -> None:
    labels = np.ones((6, 10), np.uint8)
    labels[:, 5:] = 2
    drawn = render.overlay(np.zeros((6, 10), np.uint8), labels, [RED, BLUE], fill=0)
    assert (drawn[:, 4] == (255, 0, 0)).all() and (drawn[:, 5] == (0, 0, 255)).all()
    assert not drawn[:, 3].any() and not drawn[:, 0].any()  # no outline at the border of the picture


def test_a_value_without_a_class_is_seen() -> None:
    labels = np.full((3, 3), 7, np.uint8)
    assert (render.overlay(np.zeros((3, 3), np.uint8), labels, [RED], fill=1.0) == 255).all()


def test_overlay_takes_views_that_are_not_contiguous() -> None:
    picture = np.random.default_rng(1).integers(0, 255, (8, 16), np.uint8)
    labels = np.random.default_rng(2).integers(0, 3, (8, 16), np.uint8)
    drawn = render.overlay(picture[:, ::2].T, labels[:, ::2].T, [RED, BLUE])
    np.testing.assert_array_equal(drawn, render.overlay(picture[:, ::2].T.copy(), labels[:, ::2].T.copy(), [RED, BLUE]))


def test_error_map_has_a_code_for_every_pair() -> None:
    truth = np.array([[0, 1, 1, 0, 1, 2]], np.uint8)
    predicted = np.array([[0, 1, 0, 1, 2, 2]], np.uint8)
    np.testing.assert_array_equal(render.error_map(truth, predicted), [[0, 1, 3, 2, 4, 1]])
    assert len(render.ERROR_COLORS) == len(render.ERROR_NAMES) == 4


def test_heat_is_clear_where_cold_and_strongest_where_hot() -> None:
    picture = np.full((1, 3), 80, np.uint8)
    drawn = render.heat(picture, np.array([[0.0, 0.5, 1.0]], np.float32), 1.0)
    assert (drawn[0, 0] == 80).all()
    assert tuple(drawn[0, 2]) == (252, 255, 164)  # inferno's end
    assert (render.heat(picture, np.array([[np.nan, 0.2, 0.9]]), 0.0) == 80).all()


@pytest.mark.parametrize("shape", [(4, 5), (5, 4, 3)])
def test_sizes_that_do_not_match_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="does not go with"):
        render.overlay(np.zeros(shape, np.uint8), np.zeros((5, 5), np.uint8), [RED])
    with pytest.raises(ValueError, match="does not go with"):
        render.heat(np.zeros(shape, np.uint8), np.zeros((5, 5)), 0.5)
    with pytest.raises(ValueError, match="masks of"):
        render.error_map(np.zeros(shape, np.uint8), np.zeros((5, 5), np.uint8))


def test_objects_are_outlined_against_their_neighbours() -> None:
    ids = np.zeros((5, 8), np.uint16)
    ids[:, :4], ids[:, 4:] = 300, 7
    values = np.zeros(301, np.uint8)
    values[[300, 7]] = 1, 2
    drawn = render.outlined(np.zeros((5, 8), np.uint8), ids, values, ["#FF0000", "#00FF00"])
    assert drawn[2, 3].tolist() == [255, 0, 0] and drawn[2, 4].tolist() == [0, 255, 0], "both sides of the border"
    assert not drawn[2, [1, 6]].any(), "the inside stays as it is"
    values[7] = 0
    assert not render.outlined(np.zeros((5, 8), np.uint8), ids, values, ["#FF0000"])[2, 4].any()
