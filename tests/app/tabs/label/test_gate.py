"""The range of values that strokes paint in, set by hand in the real tab."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.label.tab import LabelTab
from app.tabs.tab import Tab

Show = Callable[[str, Tab], None]
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def tab(project: Path, open_label: Callable[[Path], LabelTab]) -> LabelTab:
    return open_label(project)


def _across(tab: LabelTab, context: AppContext) -> np.ndarray:
    """Paint from side to side over the bright disc; the values of what became class 2."""
    canvas, current = tab.scan.canvas, context.session.current
    assert current.mask is not None and current.image is not None
    ends = [canvas.to_screen((22.0, across)).toPoint() for across in (2.0, 60.0)]
    QTest.mousePress(canvas, LEFT, pos=ends[0])
    QTest.mouseMove(canvas, ends[1])
    QTest.mouseRelease(canvas, LEFT, pos=ends[1])
    return np.asarray(current.image.pixels[current.mask.labels == 2])


def test_a_key_switches_it_and_the_histogram_sets_it(tab: LabelTab, context: AppContext) -> None:
    context.session.pick_class(2)
    canvas, panel = tab.scan.canvas, tab.gate
    assert context.session.current.mask is not None
    context.session.current.mask.labels[:] = 0
    QTest.keyClick(canvas, Qt.Key.Key_J)
    assert panel.isVisible() and canvas.context.gate is not None and tab.options.gate.isChecked()
    bars = panel.histogram
    panel.set_range(100, 255)
    left = QPoint(round(bars._x(100)), bars.height() // 2)
    QTest.mousePress(bars, LEFT, pos=left)
    QTest.mouseMove(bars, QPoint(round(bars._x(200)), left.y()))
    QTest.mouseRelease(bars, LEFT, pos=left)
    assert canvas.context.gate.low == pytest.approx(200, abs=3) and panel.low.value() == canvas.context.gate.low
    painted = _across(tab, context)
    assert painted.size > 50 and painted.min() >= canvas.context.gate.low
    QTest.keyClick(canvas, Qt.Key.Key_J)
    assert not panel.isVisible() and canvas.context.gate is None
    assert _across(tab, context).min() < 100


def test_the_card_is_put_away_and_the_range_holds_on(tab: LabelTab) -> None:
    canvas = tab.scan.canvas
    QTest.keyClick(canvas, Qt.Key.Key_J)
    QTest.keyClick(tab.gate.low, Qt.Key.Key_Escape)
    assert not tab.gate.isVisible() and canvas.context.gate is not None and canvas.hasFocus()


def test_both_ends_are_moved_by_a_drag_between_them(tab: LabelTab) -> None:
    QTest.keyClick(tab.scan.canvas, Qt.Key.Key_J)
    tab.gate.set_range(60, 120)
    bars = tab.gate.histogram
    one, two = (QPoint(round(bars._x(value)), 30) for value in (90, 140))
    QTest.mousePress(bars, LEFT, pos=one)
    QTest.mouseMove(bars, two)
    QTest.mouseRelease(bars, LEFT, pos=two)
    low, high = bars.values()
    assert low == pytest.approx(110, abs=3) and high - low == pytest.approx(60, abs=1)


def test_from_the_strokes_start_and_another_image(tab: LabelTab, context: AppContext, qtbot: QtBot) -> None:
    canvas, panel = tab.scan.canvas, tab.gate
    QTest.keyClick(canvas, Qt.Key.Key_J)
    QTest.mouseClick(panel.kind.button("start"), LEFT)
    panel.tolerance.setValue(12)
    panel.connected.setChecked(True)
    gate = canvas.context.gate
    assert gate is not None and gate.tolerance == 12 and gate.connected and not panel.histogram.isVisible()
    context.session.walk.step(1)
    assert canvas.context.gate is None, "no image, no range"
    qtbot.waitUntil(lambda: canvas.context.gate is not None, timeout=20000)
    now = canvas.context.gate
    assert now is not None and now is not gate and now.image is context.session.current.image
    QTest.keyClick(canvas, Qt.Key.Key_M)
    assert not panel.isVisible()


def test_a_tool_that_paints_all_values_says_so(tab: LabelTab, context: AppContext) -> None:
    context.commands["smart"].trigger()
    QTest.keyClick(tab.scan.canvas, Qt.Key.Key_J)
    assert not tab.gate.isVisible() and not context.commands["gate"].isChecked()
    assert tab.note.text() == "Smart outline does not keep to a range of values."
    context.commands["brush"].trigger()
    QTest.keyClick(tab.scan.canvas, Qt.Key.Key_J)
    context.commands["smart"].trigger()
    QTest.keyClick(tab.scan.canvas, Qt.Key.Key_J)
    assert not tab.gate.on, "it can always be switched off"
