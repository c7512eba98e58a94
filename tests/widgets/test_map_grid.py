"""Tiles of maps: their colours, their scales, and where they stand."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from widgets.map_grid import ABOVE, BELOW, MapGrid, MapSection

RAMP = np.array([[[-2.0, 0.0], [1.0, 2.0]], [[0.0, 0.0], [0.0, 0.5]]], np.float32)


def colors(grid: MapGrid, section: int, tile: int) -> list[tuple[int, int, int]]:
    image = grid.images()[section][tile]
    pixels = [image.pixelColor(x, y) for y in range(image.height()) for x in range(image.width())]
    return [(each.red(), each.green(), each.blue()) for each in pixels]


def test_grey_reaches_from_a_maps_lowest_value_to_its_highest(qtbot: QtBot) -> None:
    grid = MapGrid("grid")
    qtbot.addWidget(grid)
    grid.show_sections([MapSection("", RAMP)])
    assert colors(grid, 0, 0) == [(0,) * 3, (128,) * 3, (191,) * 3, (255,) * 3]
    assert colors(grid, 0, 1) == [(0,) * 3] * 3 + [(255,) * 3]
    grid.show_sections([MapSection("", np.full((1, 1, 1), 7, np.float32))])
    assert colors(grid, 0, 0) == [(128,) * 3], "a flat map is neither dark nor bright"


def test_signs_have_colours_and_share_a_scale_where_they_are_to_be_compared(qtbot: QtBot) -> None:
    grid = MapGrid("grid")
    qtbot.addWidget(grid)
    grid.show_sections([MapSection("", RAMP)], signed=True)
    assert colors(grid, 0, 0)[0] == BELOW and colors(grid, 0, 0)[1] == (0, 0, 0) and colors(grid, 0, 0)[3] == ABOVE
    assert colors(grid, 0, 1)[3] == ABOVE, "each on its own scale"
    grid.show_sections([MapSection("a", RAMP[:1]), MapSection("b", RAMP[1:])], signed=True, together=True)
    quarter = np.array(colors(grid, 1, 0)[3]) / np.array(ABOVE).clip(1)
    assert quarter[:2] == pytest.approx(0.25, abs=0.02), "but for the highest hundredth"


def test_it_is_as_high_as_its_tiles_need(qtbot: QtBot) -> None:
    grid = MapGrid("grid", side=50)
    qtbot.addWidget(grid)
    grid.resize(55 * 4, 100)
    grid.show_sections([MapSection("", np.zeros((9, 4, 4), np.float32))])
    assert grid.minimumHeight() == 3 * 55
    grid.show_sections([MapSection("x", np.zeros((9, 4, 4), np.float32))] * 2, together=True)
    assert grid.minimumHeight() == 2 * (22 + 55), "a row each, the rest is left out"
    grid.show_sections([MapSection("", np.zeros((2, 4, 4), np.float32))])
    assert grid.minimumHeight() == 105, "few are larger"
