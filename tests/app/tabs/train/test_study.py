"""Tuning networks that segment, from the Train tab: what would be tried, and a real study on the board."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.tab import Tab
from app.tabs.train.study import StudyDialog
from app.tabs.train.tab import TrainTab
from engine.config import TrainConfig
from engine.study import StudyConfig

_LONG = 120_000  # ms: a busy machine is no fault
_QUICK = TrainConfig(
    epochs=1, size=32, batch=2, preset="none", device="cpu", encoder="resnet18", weights="none", seed=1
)


def _said(widget: QWidget, name: str) -> str:
    label = widget.findChild(QLabel, name)
    assert label is not None
    return label.text()


def _opened(qtbot: QtBot, context: AppContext, project: Path, show_tab: Callable[[str, Tab], None]) -> StudyDialog:
    context.session.open_project(project)
    tab = TrainTab(context)
    show_tab("train", tab)
    button = tab.findChild(QPushButton, "tune_button")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    (dialog,) = [each for each in tab.window().findChildren(StudyDialog) if each.isVisible()]
    return dialog


def test_the_recipe_is_what_all_trials_share(
    qtbot: QtBot, context: AppContext, project: Path, show_tab: Callable[[str, Tab], None]
) -> None:
    dialog = _opened(qtbot, context, project, show_tab)
    assert _said(dialog, "tune.said") == "9 trials of U-Net, LinkNet, FPN, 30 min for all of them."
    box = dialog.findChild(QCheckBox, "study.network.segnet")
    assert box is not None
    box.click()
    assert _said(dialog, "tune.said").startswith("12 trials of U-Net, LinkNet, FPN, SegNet")
    context.trainings.recipe.change(TrainConfig(loss="focal", arch="fpn", minutes=5))
    base = dialog.page.config().base
    assert (base.loss, base.arch, base.minutes) == ("focal", "auto", 0.0)
    lecture = dialog.findChild(QPushButton, "tune.lecture")
    assert lecture is not None and not lecture.isVisible(), "that is about whole images"
    dialog.close()
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=_LONG)


def test_a_study_of_masks_is_followed_by_its_dice(
    qtbot: QtBot, context: AppContext, project: Path, show_tab: Callable[[str, Tab], None]
) -> None:
    dialog, studies = _opened(qtbot, context, project, show_tab), context.trainings.studies
    studies.begin(StudyConfig(("unet-smp",), {"rate": ("0.001", "0.003")}, _QUICK, minutes=0.0))
    qtbot.waitUntil(lambda: not studies.running and not context.jobs.busy, timeout=_LONG)
    dialog.page.board.refresh()
    table = dialog.page.board.table.model()
    heads = [table.headerData(at, Qt.Orientation.Horizontal) for at in range(table.columnCount())]
    assert "Mean Dice" in heads and heads[2] == "Learning rate"
    assert [str(table.index(row, 1).data()) for row in range(table.rowCount())] == ["U-Net", "U-Net"]
    assert "Mean Dice" in _said(dialog, "study.winner")
    assert len(context.trainings.runs.all()) == 2
    dialog.close()
