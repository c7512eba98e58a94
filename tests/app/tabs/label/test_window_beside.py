"""The window of the second item: chosen from a menu of its own, with numbers and a tick, beside the open item and over it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.label.tab import LabelTab
from app.tabs.scan.beside import Beside
from engine.imaging.image import Window
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from tests.app.conftest import write_slice

LUNG = Window(-600, 1500)


@pytest.fixture
def tab(qtbot: QtBot, context: AppContext, tmp_path: Path, open_label: Callable[[Path], LabelTab]) -> LabelTab:
    """On the CT "open" of patient A, who has the CTs "plain" and "contrast" and an MR."""
    for name, modality, window in (
        ("open", "CT", ([40], [400])),
        ("plain", "CT", ([45, -500], [420, 1400])),
        ("contrast", "CT", ([90], [300])),
        ("mr", "MR", ([60], [90])),
    ):
        for z in range(3):
            write_slice(
                tmp_path / "scans" / f"{name}{z}",
                np.tile(np.arange(40, dtype=np.uint16) * 40, (30, 1)),
                z,
                PatientID="A",
                Modality=modality,
                SeriesInstanceUID=f"1.2.{sum(map(ord, name))}",
                FrameOfReferenceUID="1.3",
                SeriesDescription=name,
                RescaleSlope=1,
                RescaleIntercept=-1000 if modality == "CT" else 0,
                WindowCenter=window[0],
                WindowWidth=window[1],
            )
    with Project.create(tmp_path / "scans.contorno", "binary", parse_classes("a")) as made:
        assert len(result_of(import_images(made, ImportPlan((tmp_path / "scans",)))).added) == 4
    opened = open_label(made.path)
    context.session.current.open(made_id(context, "open"))
    qtbot.waitUntil(lambda: opened.scan.canvas.image is not None and context.session.current.item is not None)
    return opened


def made_id(context: AppContext, name: str) -> int:
    assert context.session.project is not None
    return context.session.project.items.named(name).id


@pytest.fixture
def beside(qtbot: QtBot, context: AppContext, tab: LabelTab) -> Beside:
    assert tab.scan.beside is not None
    look_at(qtbot, context, tab.scan.beside, "plain")
    return tab.scan.beside


def look_at(qtbot: QtBot, context: AppContext, beside: Beside, name: str) -> None:
    beside.choice.choose(made_id(context, name))
    qtbot.waitUntil(lambda: beside.view.image is not None and beside.bar.words.startswith(f"{name} · the same"))


def entries(beside: Beside) -> list[QAction]:
    button = beside.bar.findChild(QToolButton, "label.second_bar.windows")
    assert button is not None and button.isVisible()
    button.menu().aboutToShow.emit()  # as when it opens
    return [action for action in button.menu().actions() if not action.isSeparator()]


def choose(beside: Beside, name: str) -> None:
    next(action for action in entries(beside) if action.text().split("   ")[0] == name).trigger()


def ticked(beside: Beside) -> list[str]:
    return [action.text().split("   ")[0] for action in entries(beside) if action.isChecked()]


def test_its_menu_has_its_own_windows_and_the_presets(tab: LabelTab, beside: Beside) -> None:
    assert [action.text() for action in entries(beside)][:2] == [
        "The file's own window   W 420 · L 45", "The file's window 2   W 1400 · L −500"
    ]  # fmt: skip
    assert ticked(beside) == ["The file's own window"]
    choose(beside, "Lung")
    assert beside.view.window_level == LUNG and ticked(beside) == ["Lung"]
    assert tab.scan.canvas.window_level == Window(40, 400)  # that of the open item stays
    choose(beside, "The file's window 2")
    assert beside.view.window_level == Window(-500, 1400) and ticked(beside) == ["The file's window 2"]
    choose(beside, "Window by the image's values")
    assert beside.view.window_level.low >= -1000 and beside.view.window_level.high <= 560


def test_the_next_of_its_kind_is_seen_in_it(qtbot: QtBot, context: AppContext, tab: LabelTab, beside: Beside) -> None:
    choose(beside, "Lung")
    look_at(qtbot, context, beside, "mr")
    assert beside.view.window_level == Window(60, 90) and ticked(beside) == ["The file's own window"]
    assert "Lung" not in [action.text().split("   ")[0] for action in entries(beside)]
    look_at(qtbot, context, beside, "contrast")
    assert beside.view.window_level == LUNG and ticked(beside) == ["Lung"]
    choose(beside, "The file's own window")
    look_at(qtbot, context, beside, "plain")
    assert beside.view.window_level == Window(45, 420)


def test_laid_over_the_scan_it_is_drawn_in_it(tab: LabelTab, beside: Beside) -> None:
    beside.choice.choose_way(True)
    before = tab.scan.canvas.grab().toImage()
    choose(beside, "Lung")
    assert tab.scan.canvas.grab().toImage() != before and ticked(beside) == ["Lung"]
