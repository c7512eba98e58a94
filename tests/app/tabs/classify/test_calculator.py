"""The calculator by real keys and clicks: the lecture's questions both ways round, and what follows behind a changed layer."""

import time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.classify.inside import InsidePanel
from engine.learning.stages import NetworkStages, stages
from widgets.controls import Text
from widgets.layer_calculator import CalculatorPanel, DrawnNetwork
from widgets.network_drawing import NetworkDrawing

_LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def lenet() -> NetworkStages:
    return stages("lenet5", channels=1, classes=10, size=32)


@pytest.fixture
def panel(qtbot: QtBot) -> CalculatorPanel:
    panel = CalculatorPanel()
    qtbot.addWidget(panel)
    panel.resize(280, 500)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def press(panel: QWidget, name: str) -> None:
    button = panel.findChild(QAbstractButton, f"calculator.{name}")
    assert button is not None
    QTest.mouseClick(button, _LEFT, pos=QPoint(12, button.height() // 2))


def write(panel: QWidget, name: str, value: int) -> None:
    spin = panel.findChild(QSpinBox, f"calculator.{name}")
    assert spin is not None
    spin.setFocus()
    spin.selectAll()
    QTest.keyClicks(spin, str(value))


def value(panel: QWidget, name: str) -> int:
    spin = panel.findChild(QSpinBox, f"calculator.{name}")
    assert spin is not None
    return spin.value()


def said(panel: QWidget, name: str) -> str:
    text = panel.findChild(Text, f"calculator.{name}")
    assert text is not None
    return text.text().replace("\N{NARROW NO-BREAK SPACE}", " ")


def test_28_from_32_gives_a_kernel_of_5(panel: CalculatorPanel) -> None:
    press(panel, "c1")
    assert value(panel, "kernel") == 5
    assert said(panel, "result") == "K = 32 \N{MINUS SIGN} (28 \N{MINUS SIGN} 1)·1 = 5 → 5×5"
    assert "6·(1·5·5 + 1) = 156 weights" in said(panel, "costs")
    press(panel, "way.forward")
    assert said(panel, "result") == "(32 \N{MINUS SIGN} 5)/1 + 1 = 28"


def test_14_from_28_with_a_stride_of_2_gives_a_kernel_of_2(panel: CalculatorPanel) -> None:
    press(panel, "s2")
    assert value(panel, "kernel") == 2 and "28 \N{MINUS SIGN} (14 \N{MINUS SIGN} 1)·2 = 2" in said(panel, "result")
    assert "no weights" in said(panel, "costs")


def test_why_fc1_meets_9216_values_and_what_its_4096_cost(panel: CalculatorPanel) -> None:
    press(panel, "fc1")
    assert said(panel, "result") == "(13 \N{MINUS SIGN} 3)/2 + 1 = 6"
    assert "FC1 meets 6·6·256 = 9 216 values." in said(panel, "behind")
    assert "(9 216 + 1)·4096 = 37 752 832 weights" in said(panel, "behind")


def test_what_cannot_be_is_said(panel: CalculatorPanel) -> None:
    press(panel, "way.backward")
    write(panel, "before", 10)
    write(panel, "after", 30)
    assert said(panel, "result") == "No filter makes 30 px of 10 px with a stride of 1."
    press(panel, "way.forward")
    write(panel, "kernel", 12)
    assert said(panel, "result") == "A filter of 12 px does not fit into 10 px."


def test_the_sizes_behind_a_changed_layer_follow(qtbot: QtBot, panel: CalculatorPanel, lenet: NetworkStages) -> None:
    drawing = NetworkDrawing("drawing")
    qtbot.addWidget(drawing)
    drawing.show_stages(lenet.stages)
    panel.sizes_changed.connect(drawing.show_sides)
    drawn = DrawnNetwork(lenet.stages, drawing.names, lenet.flow, {})
    panel.show_part(drawn, 1)
    assert said(panel, "behind") == "The fully connected layer meets 1·1·120 = 120 values."
    began = time.thread_time()
    write(panel, "padding", 2)
    took = time.thread_time() - began
    assert [drawing.output_of(place) for place in range(1, 6)] == [
        "32×32×6",
        "16×16×6",
        "12×12×16",
        "6×6×16",
        "2×2×120",
    ]
    assert said(panel, "behind").endswith("The fully connected layer meets 2·2·120 = 480 values.")
    assert took < 0.05
    write(panel, "padding", 0)
    write(panel, "kernel", 15)
    assert drawing.output_of(5) == "–"
    assert "no longer fits" in said(panel, "behind")
    panel.show_part(drawn, 3)
    assert drawing.output_of(1) == "28×28×6", "another layer begins from the network's own sizes"
    assert "14×14 px of the image" in said(panel, "costs"), "5 + (2 - 1)·1 + (5 - 1)·2"


def test_filters_before_a_normalisation_have_no_biases(qtbot: QtBot, panel: CalculatorPanel) -> None:
    found = stages("resnet18", channels=3, classes=5, size=64)
    drawing = NetworkDrawing("drawing")
    qtbot.addWidget(drawing)
    drawing.show_stages(found.stages)
    panel.show_part(DrawnNetwork(found.stages, drawing.names, found.flow, {}), 1)
    assert said(panel, "costs").startswith("64·3·7·7 = 9 408 weights, without biases;")


def test_fully_connected_layers_and_means_are_reckoned_too(qtbot: QtBot, panel: CalculatorPanel) -> None:
    found = stages("resnet18", channels=3, classes=5, size=64)
    drawing = NetworkDrawing("drawing")
    qtbot.addWidget(drawing)
    drawing.show_stages(found.stages)
    panel.sizes_changed.connect(drawing.show_sides)
    drawn = DrawnNetwork(
        found.stages, drawing.names, found.flow, {("stage", at): at for at in range(len(found.stages))}
    )
    panel.show_part(drawn, len(found.stages) - 1)
    assert said(panel, "result") == "(1 \N{MINUS SIGN} 1)/1 + 1 = 1"
    assert "5·(512·1·1 + 1) = 2 565 weights" in said(panel, "costs") and "as large as the maps" in said(panel, "costs")
    panel.show_part(drawn, len(found.stages) - 2)
    assert said(panel, "result") == "(2 \N{MINUS SIGN} 2)/1 + 1 = 1"
    assert "sees the whole image" in said(panel, "costs")
    write(panel, "kernel", 1)
    assert said(panel, "behind").endswith("The fully connected layer meets 2·2·512 = 2 048 values.")
    panel.show_part(drawn, 4)
    assert panel.layers.count() == 5
    panel.layers.setCurrentIndex(2)
    panel.layers.activated.emit(2)
    write(panel, "padding", 1)
    assert "Stage 2: two ways of a block make 8 px and 9 px: they do not fit." in said(panel, "behind")
    panel.show_part(drawn, 0)
    assert said(panel, "result").startswith("Image has no filter and no pooling") and not panel.layers.isVisible()


def test_dilation_spreads_the_kernel(panel: CalculatorPanel) -> None:
    press(panel, "way.forward")
    for name, number in (("before", 32), ("kernel", 3), ("stride", 1), ("padding", 0), ("dilation", 4)):
        write(panel, name, number)
    assert value(panel, "after") == 24
    press(panel, "way.backward")
    assert value(panel, "kernel") == 3


def test_it_opens_in_classify_under_the_drawing(qtbot: QtBot, context: AppContext) -> None:
    inside = InsidePanel(context)
    qtbot.addWidget(inside)
    inside.resize(296, 800)
    with qtbot.waitExposed(inside):
        inside.show()
    inside.show_network("lenet5")
    qtbot.waitUntil(lambda: bool(inside.drawing.names), timeout=60_000)
    head = inside.findChild(QAbstractButton, "classify.calculator.head")
    assert head is not None
    QTest.mouseClick(head, _LEFT)
    assert inside.calculator.isVisible()
    whole = inside.findChild(Text, "classify.cost")
    assert whole is not None and whole.text().startswith(
        "61\N{NARROW NO-BREAK SPACE}326 weights, 0.7\N{NARROW NO-BREAK SPACE}M multiply-adds"
    )
    assert "sees 5 × 5 px of the image" in inside.drawing.accessibleDescription()
    assert (
        "38\N{NARROW NO-BREAK SPACE}kB of maps for one image: 64\N{NARROW NO-BREAK SPACE}% of all"
        in inside.drawing.accessibleDescription()
    )
    QTest.keyClick(inside.drawing, Qt.Key.Key_Down)
    assert value(inside, "kernel") == 2 and value(inside, "stride") == 2, "the pooling below the first filters"
    QTest.mouseClick(head, _LEFT)
    assert not inside.calculator.isVisible()
