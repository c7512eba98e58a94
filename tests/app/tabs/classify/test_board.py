"""The board of Classify: what each run began from and how its network was set stands beside its scores, and is copied with them."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.classify.board import Board
from app.tabs.classify.tab import ClassifyTab
from app.tabs.tab import Tab
from engine.config import TrainConfig
from engine.project.project import Project
from engine.project.runs import RunSummary
from widgets import theme

_LONG = 60_000
_LITE = TrainConfig(arch="efficientnet-lite0", weights="imagenet", minutes=1)


@pytest.fixture
def board(qtbot: QtBot, context: AppContext, shades: Path, show_tab: Callable[[str, Tab], None]) -> Board:
    """Four runs that are only said to have been trained."""
    with Project.open(shades) as project:
        for name, config, accuracy in (
            ("frozen", replace(_LITE, frozen=2, encoder_rate=0.1), 0.9),
            ("plain", _LITE, 0.8),
            ("scratch", replace(_LITE, weights="none"), 2 / 3),
            ("layers", TrainConfig(arch="mlp", weights="none", options={"hidden": "64", "dropout": 0.5}), 0.6),
        ):
            run = project.runs.add(config, name)
            project.runs.update(run, "finished", RunSummary(arch=config.arch, accuracy=accuracy, seconds=90.0))
    context.session.open_project(shades)
    tab = ClassifyTab(context)
    show_tab("classify", tab)
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=_LONG)
    return tab.compare.board


def test_runs_of_one_network_are_told_apart_by_their_start(board: Board) -> None:
    model = board.model()
    heads = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]
    start = heads.index("Start and settings")
    said = [model.index(row, start).data() for row in range(model.rowCount())]
    assert said == [
        "ImageNet · 2 frozen · × 0.1",
        "ImageNet",
        "Scratch",
        "Scratch · Hidden layers 64 · Dropout 0.5",
    ]
    tip = model.index(0, start).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("Start: ImageNet · 2 epochs frozen · encoder at 0.1 × the rate"), "in whole words"
    tip = model.index(3, start).data(Qt.ItemDataRole.ToolTipRole)
    assert "Hidden layers: 64" in tip and "Activation: relu" in tip, "all of them, those left as they are too"


def test_the_state_has_room_for_its_longest_words_in_spanish(board: Board) -> None:
    inside = board.columnWidth(8) - 18  # what stands around it
    assert QFontMetricsF(theme.font(theme.SMALL_SIZE)).horizontalAdvance("mejor · en uso") <= inside


def test_the_board_is_copied_with_all_that_tells_runs_apart(board: Board) -> None:
    heads, *rows = csv.reader(io.StringIO(board.as_csv()))
    frozen, _, scratch, layers = (dict(zip(heads, row, strict=True)) for row in rows)
    assert (frozen["Name"], frozen["Network"], frozen["Started from"]) == ("frozen", "EfficientNet-Lite0", "ImageNet")
    assert (frozen["Frozen epochs"], frozen["Encoder's rate"], frozen["State"]) == ("2", "0.1", "finished")
    assert float(scratch["Accuracy"]) == 2 / 3 and scratch["AUC"] == "" and scratch["Seconds"] == "90.0"
    assert layers["Own settings"] == "Hidden layers: 64; Activation: relu; Dropout: 0.5"


@pytest.mark.parametrize(
    ("width", "more"),
    [
        (330, set()),
        (420, {"Start and settings"}),
        (640, {"Start and settings", "Macro F1", "AUC"}),
        (800, {"Start and settings", "Learning curve", "Macro F1", "AUC", "Time"}),
    ],
)
def test_columns_give_way_what_tells_runs_apart_last(qtbot: QtBot, board: Board, width: int, more: set[str]) -> None:
    heads = [board.model().headerData(at, Qt.Orientation.Horizontal) for at in range(board.model().columnCount())]
    board.setFixedWidth(width)
    qtbot.waitUntil(lambda: board.width() == width)
    seen = {head for at, head in enumerate(heads) if head and not board.isColumnHidden(at)}
    assert seen == {"Network", "Accuracy"} | more
