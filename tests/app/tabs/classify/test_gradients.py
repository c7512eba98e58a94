"""The laboratory of vanishing gradients in the window: live curves, sentences, a stop that keeps what was seen."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMainWindow, QPushButton
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.classify.gradients import GradientsDialog
from app.tabs.classify.inside import InsidePanel
from engine.labels.classes import parse_classes
from engine.phantom import CHEST_CLASSES, write_chests
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project

_LONG = 240_000  # ms: a busy machine is no fault
_LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def films(context: AppContext, tmp_path: Path) -> Path:
    """An open project of eight films, all to learn from."""
    result_of(write_chests(tmp_path / "films", films=8, side=32))
    path = tmp_path / "chest.contorno"
    with Project.create(path, "classification", parse_classes(",".join(CHEST_CLASSES))) as project:
        result_of(import_images(project, ImportPlan((tmp_path / "films",))))
        project.items.set_splits({item.id: "train" for item in project.items.all()})
    context.session.open_project(path)
    return path


@pytest.fixture
def dialog(qtbot: QtBot, context: AppContext, films: Path) -> GradientsDialog:
    panel, window = InsidePanel(context), context.commands.parent()
    assert isinstance(window, QMainWindow)
    window.setCentralWidget(panel)
    button = panel.findChild(QPushButton, "classify.gradients")
    assert button is not None
    QTest.mouseClick(button, _LEFT)
    dialog = window.findChild(GradientsDialog)
    assert isinstance(dialog, GradientsDialog)
    dialog.layers.set_current("20")
    return dialog


def said(dialog: GradientsDialog, name: str) -> str:
    label = dialog.findChild(QLabel, f"gradients.{name}")
    assert label is not None
    return label.text()


def test_four_networks_are_trained_in_turn_and_it_is_said_what_was_found(
    qtbot: QtBot, context: AppContext, dialog: GradientsDialog
) -> None:
    assert "chain rule" in said(dialog, "about") and "F(x) + x" in said(dialog, "about")
    dialog.steps.setValue(2)
    begins = dialog._start.icon().cacheKey()
    QTest.mouseClick(dialog._start, _LEFT)
    assert dialog._start.text() == "Stop" and not dialog.layers.isEnabled()
    assert dialog._start.icon().cacheKey() != begins, "what stops shows another sign than what starts"
    qtbot.waitUntil(lambda: bool(said(dialog, "found")), timeout=_LONG)
    assert dialog._start.text() == "Start" and dialog.layers.isEnabled()
    table = dialog.norms.table()
    assert table[0] == ("Layer", "plain, sigmoid", "plain, ReLU", "plain, ReLU, batch norm", "residual twin")
    assert len(table) == 21 and all(isinstance(cell, int | float) for row in table[1:] for cell in row)
    first = [float(cell) for cell in table[1][1:] if isinstance(cell, int | float)]
    assert first[0] < min(first[1:]) - 4, "sigmoid's is weaker by powers of ten"
    assert len(dialog.losses.table()) == 3
    lines = said(dialog, "found").splitlines()
    assert len(lines) == 5 and lines[0].startswith("plain, sigmoid, 20 layers: the gradient vanishes.")
    assert "·10⁻" in lines[0] and "e-" not in lines[0], "as the plot above writes it"


def test_a_stop_keeps_what_was_seen(qtbot: QtBot, context: AppContext, dialog: GradientsDialog) -> None:
    dialog.steps.setValue(5000)
    QTest.mouseClick(dialog._start, _LEFT)
    qtbot.waitUntil(lambda: len(dialog.losses.table()) > 2, timeout=_LONG)
    QTest.mouseClick(dialog._start, _LEFT)
    qtbot.waitUntil(lambda: said(dialog, "state") == "Stopped.", timeout=_LONG)
    assert said(dialog, "found").count("\n") == 0 and "plain, sigmoid" in said(dialog, "found")
    assert dialog._start.text() == "Start"


def test_where_nothing_can_be_learnt_that_is_said(
    qtbot: QtBot, context: AppContext, films: Path, dialog: GradientsDialog
) -> None:
    project = context.session.project
    assert project is not None
    project.items.set_labels({item.id: 0 for item in project.items.all()})
    QTest.mouseClick(dialog._start, _LEFT)
    qtbot.waitUntil(lambda: "fewer than two classes" in said(dialog, "state"), timeout=_LONG)
    assert dialog._start.text() == "Start"


def test_closing_gives_it_up(qtbot: QtBot, context: AppContext, dialog: GradientsDialog) -> None:
    dialog.steps.setValue(5000)
    QTest.mouseClick(dialog._start, _LEFT)
    qtbot.waitUntil(lambda: context.jobs.busy, timeout=_LONG)
    dialog.accept()
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=_LONG)


def test_it_stays_within_the_window_and_takes_the_room_of_a_large_one(
    context: AppContext, dialog: GradientsDialog
) -> None:
    window = context.commands.parent()
    assert isinstance(window, QMainWindow)
    dialog.close()
    heights = []
    for size in (QSize(1000, 640), QSize(1440, 900)):
        window.resize(size)
        again = GradientsDialog(context, window)
        assert again.height() < size.height() - 30 and again.width() < size.width(), "its title is above"
        heights.append(again.height())
        again.close()
    assert heights[1] > heights[0] + 100, "curves need room"


def test_return_in_a_field_changes_no_choice(qtbot: QtBot, context: AppContext, dialog: GradientsDialog) -> None:
    before = dialog.layers.current()
    for spin in (dialog.seconds, dialog.steps):
        spin.setFocus()
        spin.selectAll()
        QTest.keyClicks(spin, "5")
        QTest.keyClick(spin, Qt.Key.Key_Return)
    assert (dialog.layers.current(), dialog.seconds.value(), dialog.steps.value()) == (before, 5, 5)
    assert dialog.isVisible() and not dialog.running
