"""When the numbers of a palette or of few bits are an encoder's, and when somebody meant them."""

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.imaging.mask_looks import Looks, greys_differ, looks_of_greys, looks_of_palette, palettes_by_color

BLACK, WHITE, GREY, RED, GREEN = (0, 0, 0), (255, 255, 255), (128, 128, 128), (255, 0, 0), (0, 255, 0)
Color = tuple[int, int, int]


def _palette(*colors: Color) -> NDArray[np.uint8]:
    table = np.zeros((256, 3), np.uint8)
    table[: len(colors)] = colors
    return table


def _looks(used: list[int], *colors: Color, hidden: tuple[int, ...] = ()) -> Looks | None:
    numbers = np.array([used], np.uint8)
    alpha = np.where(np.isin(numbers, hidden), 0, 255).astype(np.uint8) if hidden else None
    return looks_of_palette(numbers, _palette(*colors), alpha)


def _by_color(*files: Looks | None) -> bool:
    return palettes_by_color([one for one in files if one is not None])


def test_greys_in_their_order_are_no_palette() -> None:
    assert _looks([0, 1, 7], *[(n, n, n) for n in range(256)]) is None
    assert _looks([0], BLACK) is None


@pytest.mark.parametrize(
    ("used", "colors", "by_color"),
    [
        ([0, 1], (WHITE, BLACK), True),
        ([0], (WHITE,), True),
        ([0, 1, 2], (WHITE, RED, BLACK), True),
        ([0, 1], (RED, BLACK), True),
        ([0, 1], (BLACK, WHITE), False),
        ([0, 1, 2], (BLACK, RED, GREEN), False),
        ([0, 1], (RED, GREEN), False),  # nothing is black
        ([0, 1], (WHITE, RED), False),
        ([0, 2], (WHITE, RED, BLACK), False),  # more is listed than is used
        ([0, 1], (WHITE, BLACK, GREY), False),
        ([0, 1, 255], (RED, GREEN), False),  # 255 lies behind what is listed
    ],
)
def test_a_palette_by_itself(used: list[int], colors: tuple[Color, ...], by_color: bool) -> None:
    assert _by_color(_looks(used, *colors)) is by_color


def test_what_is_transparent_counts_as_black() -> None:
    assert _by_color(_looks([0, 1], RED, GREEN, hidden=(1,)))
    assert not _by_color(_looks([0, 1], BLACK, RED, hidden=(0,)))


def test_palettes_beside_others() -> None:
    two, three = _looks([0, 1], BLACK, RED), _looks([0, 1, 2], BLACK, RED, GREEN)
    assert not _by_color(two, three)
    assert _by_color(two, _looks([0, 1], BLACK, GREEN))  # one number, two looks
    assert _by_color(three, _looks([0, 1], BLACK, GREEN))
    assert _by_color(three, _looks([0, 2], BLACK, WHITE, RED))  # one look, two numbers
    assert not _by_color(_looks([0, 2], BLACK, RED, GREEN), _looks([0, 2], BLACK, GREEN, RED))  # nobody's encoder
    twice = _looks([0, 1, 2], BLACK, BLACK, RED)
    assert not _by_color(twice, _looks([0, 2], BLACK, BLACK, RED)) and not _by_color(twice)
    assert not _by_color(_looks([0, 1], WHITE, BLACK), _looks([0, 2], WHITE, BLACK, RED))  # one lists more than it uses


def _grey(bits: int, *numbers: int) -> Looks:
    return looks_of_greys(np.array([numbers], np.int32), bits)


def test_greys_beside_others() -> None:
    one, two, four = _grey(1, 0, 1), _grey(2, 0, 2), _grey(4, 0, 9)
    assert not greys_differ([one, one], deeper=False) and not greys_differ([two, _grey(1, 0)], deeper=False)
    assert greys_differ([one, two], deeper=False) and greys_differ([two, four], deeper=False)
    assert greys_differ([one], deeper=True) and not greys_differ([_grey(1, 0)], deeper=True)
    white, grey, red = (_looks([0, 1], BLACK, color) for color in (WHITE, GREY, RED))
    assert white is not None and grey is not None and red is not None
    assert not greys_differ([one, white], deeper=False) and greys_differ([grey, white], deeper=False)
    assert greys_differ([white], deeper=True) and not greys_differ([red], deeper=True)
