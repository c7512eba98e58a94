"""A map whose values are thousandths, as those of diffusion in mm²/s: what is typed and said of them, in the real window."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox

from engine.labels.measuring import Values
from tests.app.tabs.label.conftest import SHAPE, Hand
from widgets.measure_overlay import value_words

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def diffusion(open_volume: Callable[[NDArray[np.float32]], Hand]) -> Hand:
    """0.0005 to 0.003 from left to right."""
    row = np.linspace(0.0005, 0.003, 60, dtype=np.float32)
    return open_volume(np.broadcast_to(row, (SHAPE[0], 50, 60)).copy())


def test_a_range_of_them_is_typed(diffusion: Hand) -> None:
    tab = diffusion.tab
    QTest.keyClick(tab.scan.canvas, Qt.Key.Key_J)
    tab.gate.set_range(0.0012, 0.0025)
    assert (tab.gate.low.value(), tab.gate.high.value()) == (0.0012, 0.0025)
    tab.gate.low.setValue(0.0013)
    gate = tab.scan.canvas.context.gate
    assert gate is not None and (gate.low, gate.high) == pytest.approx((0.0013, 0.0025))
    QTest.mouseClick(tab.gate.kind.button("start"), LEFT)
    gate = tab.scan.canvas.context.gate
    assert gate is not None and gate.tolerance == pytest.approx(tab.scan.canvas.window_level.width / 10, rel=0.02)


def test_their_window_is_typed(diffusion: Hand) -> None:
    canvas = diffusion.tab.scan.canvas
    QTest.mouseClick(canvas, LEFT, pos=canvas.window_area.center().toPoint())
    box = diffusion.tab.window().focusWidget()
    assert isinstance(box, QDoubleSpinBox)
    before = canvas.window_level
    assert box.value() == pytest.approx(before.width, rel=0.001)
    box.setValue(0.00125)
    now = canvas.window_level
    assert (now.center, now.width) == pytest.approx((before.center, 0.00125), rel=0.001)


@pytest.mark.parametrize(
    ("mean", "spread", "words"),
    [
        (0.00085, 0.00012, "0.000850 ± 0.000120"),
        (0.0000312, 0.0000041, "0.0000312 ± 0.0000041"),
        (0.8125, 0.1, "0.8125 ± 0.1000"),
        (43.21, 5.1, "43.2 ± 5.1"),
        (0.0, 0.0, "0.0000 ± 0.0000"),
    ],
)
def test_a_region_of_them_is_said_in_three_digits(mean: float, spread: float, words: str) -> None:
    assert value_words(Values(4, mean, spread, "")) == words
