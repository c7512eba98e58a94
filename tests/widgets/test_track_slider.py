"""What the bars of slices and phases have in common: how the mouse takes them."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from widgets.phase_bar import PhaseSlider
from widgets.slice_bar import SliceBar
from widgets.track_slider import TrackSlider

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture(params=["slices", "phases"])
def slider(request: pytest.FixtureRequest, qtbot: QtBot) -> TrackSlider:
    """A bar of 10 places on 200 px, at its first."""
    made: SliceBar | PhaseSlider = SliceBar() if request.param == "slices" else PhaseSlider("phases")
    made.set_count(10)
    made.resize(200, 200)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def place(value: int) -> QPointF:
    """In the middle of that tenth, whichever way the bar lies."""
    return QPointF(20 * value + 10, 20 * value + 10)


def test_a_press_goes_there_and_a_drag_on_from_there(slider: TrackSlider) -> None:
    assert [slider.value_at(place(value)) for value in range(10)] == list(range(10))
    assert slider.value_at(QPointF(-50, -50)) == 0 and slider.value_at(QPointF(500, 500)) == 9
    QTest.mousePress(slider, LEFT, pos=place(3).toPoint())
    assert slider.value() == 3 and slider.isSliderDown()
    QTest.mouseMove(slider, place(7).toPoint())
    assert slider.value() == 7
    QTest.mouseRelease(slider, LEFT, pos=place(7).toPoint())
    QTest.mouseMove(slider, place(1).toPoint())
    assert slider.value() == 7 and not slider.isSliderDown()


def test_another_button_neither_takes_it_nor_lets_it_go(qtbot: QtBot, slider: TrackSlider) -> None:
    QTest.mousePress(slider, RIGHT, pos=place(5).toPoint())
    QTest.mouseRelease(slider, RIGHT, pos=place(5).toPoint())
    assert slider.value() == 0 and not slider.isSliderDown()
    QTest.mousePress(slider, LEFT, pos=place(3).toPoint())
    with qtbot.assertNotEmitted(slider.sliderReleased):
        QTest.mousePress(slider, RIGHT, pos=place(3).toPoint())
        QTest.mouseRelease(slider, RIGHT, pos=place(3).toPoint())
    assert slider.isSliderDown()
    with qtbot.waitSignal(slider.sliderReleased):
        QTest.mouseRelease(slider, LEFT, pos=place(3).toPoint())


def test_a_phase_is_chosen_when_it_is_let_go_of(qtbot: QtBot) -> None:
    slider = PhaseSlider("phases")
    qtbot.addWidget(slider)
    slider.set_count(10)
    slider.resize(200, 18)
    chosen: list[int] = []
    slider.chosen.connect(chosen.append)
    QTest.mousePress(slider, LEFT, pos=place(3).toPoint())
    QTest.mouseMove(slider, place(5).toPoint())
    assert not chosen
    QTest.mouseRelease(slider, LEFT, pos=place(5).toPoint())
    QTest.keyClick(slider, Qt.Key.Key_Left)
    assert chosen == [5, 4]
