"""A slice of another image laid over the one that is shown."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.imaging.geometry import Geometry
from engine.imaging.image import Image, Window
from widgets.layers import OverlayLayer
from widgets.slice_renderer import SecondSlice
from widgets.slice_view import SliceView

_SHAPE = (3, 20, 30)


@pytest.fixture
def view(qtbot: QtBot) -> SliceView:
    """Of a volume that hangs turned over, both ways; all of it is 100."""
    affine = np.array([[0, 0, -1.0, 0], [0, -1.0, 0, 0], [1.0, 0, 0, 0], [0, 0, 0, 1]])
    made = SliceView()
    qtbot.addWidget(made)
    made.resize(400, 300)
    with qtbot.waitExposed(made):
        made.show()
    geometry = Geometry(_SHAPE, affine, patient_based=True, calibrated=True)
    made.set_image(Image(np.full(_SHAPE, 100, np.uint8), geometry, Window(127.5, 255)))
    return made


def grey(view: SliceView, down: float, across: float) -> int:
    return view.grab().toImage().pixelColor(view.to_screen((down, across)).toPoint()).red()


def second(opacity: float, finer: int = 1) -> SecondSlice:
    """200 where it is, which is in the stored slice's first ten columns."""
    size = _SHAPE[1] * finer, _SHAPE[2] * finer
    inside = np.zeros(size, bool)
    inside[:, : 10 * finer] = True
    return SecondSlice(np.full(size, 200, np.uint8), inside, opacity)


@pytest.mark.parametrize("finer", [1, 3])
@pytest.mark.parametrize(("opacity", "level"), [(0.0, 100), (0.5, 150), (1.0, 200)])
def test_it_is_mixed_where_it_is_and_nowhere_else(view: SliceView, opacity: float, level: int, finer: int) -> None:
    view.set_second(second(opacity, finer))
    assert grey(view, 5, 4) == pytest.approx(level, abs=1)
    assert grey(view, 5, 20) == 100


def test_it_goes_with_the_slice(view: SliceView) -> None:
    view.set_second(second(1.0))
    view.zoom_in()
    assert grey(view, 5, 5) == 200
    view.next_slice()
    assert grey(view, 5, 5) == 100
    view.set_second(second(1.0))
    view.set_second(None)
    assert grey(view, 5, 5) == 100


def test_colours_and_layers_on_top(view: SliceView) -> None:
    size = _SHAPE[1:]
    view.set_second(SecondSlice(np.full((*size, 3), (10, 200, 30), np.uint8), np.ones(size, bool), 1.0))
    shown = view.grab().toImage().pixelColor(view.to_screen((5, 5)).toPoint())
    assert (shown.red(), shown.green(), shown.blue()) == (10, 200, 30)
    labels = np.zeros(_SHAPE, np.uint8)
    labels[view.index] = 1
    view.set_layers([OverlayLayer(labels, ["#FF0000"], 1.0, style="fill")])
    shown = view.grab().toImage().pixelColor(view.to_screen((5, 5)).toPoint())
    assert (shown.red(), shown.green(), shown.blue()) == (255, 0, 0)


def test_a_mark_is_drawn_and_taken_away(view: SliceView) -> None:
    before = view.grab().toImage()
    view.set_mark((5, 5), "123 HU")
    assert view.mark == ((5, 5), "123 HU") and view.grab().toImage() != before
    view.set_mark(None)
    assert view.grab().toImage() == before
