"""Tuning networks that segment, from the Train tab: what would be tried, and a real study on the board."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.tab import Tab
from app.tabs.train.study import StudyDialog
from app.tabs.train.tab import TrainTab
from engine.config import TrainConfig
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project
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


def test_networks_that_find_objects_and_such_that_make_maps_are_compared_by_one_named_measure(
    qtbot: QtBot, context: AppContext, tmp_path: Path, show_tab: Callable[[str, Tab], None]
) -> None:
    pictures = tmp_path / "cells"
    pictures.mkdir()
    ids = np.zeros((1, 32, 32), np.uint16)
    ids[0, 4:14, 4:14], ids[0, 18:28, 16:28] = 1, 2
    for number in range(4):
        picture = (ids[0] > 0) * np.uint8(150) + np.uint8(20 + number)
        (pictures / f"{number}.png").write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    with Project.create(tmp_path / "cells.contorno", "instance", parse_classes("cell")) as made:
        result_of(import_images(made, ImportPlan((pictures,))))
        items = made.items.all()
        for item in items:
            made.layers.replace(made.layers.make(item.id), pack((ids > 0).astype(np.uint8), ids), [0])
        made.items.set_splits({item.id: "train" if place < 2 else "val" for place, item in enumerate(items)})
    dialog, studies = _opened(qtbot, context, made.path, show_tab), context.trainings.studies
    for name in ("linknet", "fpn", "mask-rcnn-light"):
        box = dialog.findChild(QCheckBox, f"study.network.{name}")
        assert box is not None
        box.click()
    assert _said(dialog, "tune.said").startswith("6 trials of U-Net, Mask R-CNN")
    assert "F1 of the objects at IoU 0.5" in _said(dialog, "tune.measure")
    studies.begin(StudyConfig(("unet-smp",), {}, _QUICK, minutes=0.0))
    qtbot.waitUntil(lambda: not studies.running and not context.jobs.busy, timeout=_LONG)
    dialog.page.board.refresh()
    table = dialog.page.board.table.model()
    heads = [table.headerData(at, Qt.Orientation.Horizontal) for at in range(table.columnCount())]
    assert "Objects' F1" in heads and "Mean Dice" not in heads
    assert "Objects' F1" in _said(dialog, "study.winner") and "F1 of the objects" in _said(dialog, "study.measure")
    (trial,) = studies.trials
    assert trial.validated is not None and len(studies.curves[1]) == 1
    dialog.close()
