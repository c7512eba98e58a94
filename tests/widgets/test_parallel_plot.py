"""The parallel plot: its numbers, and lines that are where they should be."""

import pytest
from pytestqt.qtbot import QtBot

from engine.study import ParallelAxis, ParallelPlot
from widgets import theme
from widgets.parallel_plot import ParallelAxes

PLOT = ParallelPlot(
    (ParallelAxis("arch", ("mlp", "resnet18")), ParallelAxis("rate", ("0.1", "0.2", "0.3"))),
    {1: (0.0, 0.5, 0.0), 2: (1.0, None, 1.0)},
    0.5,
    0.75,
)


@pytest.fixture
def axes(qtbot: QtBot) -> ParallelAxes:
    axes = ParallelAxes("plot", "Trials")
    qtbot.addWidget(axes)
    axes.resize(400, 200)
    axes.set_plot(PLOT, ["Network", "Rate"], [["MLP", "ResNet-18"], ["0.1", "0.2", "0.3"]], "Accuracy")
    return axes


def test_its_table_names_the_values(axes: ParallelAxes) -> None:
    assert axes.table() == [
        ("Trial", "Network", "Rate", "Accuracy"),
        (1.0, "MLP", "0.2", 0.5),
        (2.0, "ResNet-18", None, 0.75),
    ]


def test_the_best_line_is_drawn_in_the_accent(axes: ParallelAxes) -> None:
    picture, accent = axes.grab().toImage(), theme.color("accent")
    columns = [x for x in range(picture.width()) for y in range(picture.height()) if picture.pixelColor(x, y) == accent]
    assert len(set(columns)) > 100, "through all axes, over the one that it does not have"


def test_without_trials_it_draws_nothing_that_fails(qtbot: QtBot) -> None:
    axes = ParallelAxes("plot", "Trials")
    qtbot.addWidget(axes)
    axes.resize(300, 150)
    assert not axes.grab().isNull() and len(axes.table()) == 1
