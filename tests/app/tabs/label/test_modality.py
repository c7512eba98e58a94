"""A modality that was guessed is asked about where the item is looked at; what is said is kept."""

from collections.abc import Callable
from pathlib import Path

import cv2
import nibabel as nib
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.label.tab import LabelTab
from app.tabs.tab import Tab
from engine.imaging.hounsfield import NOT_IN_HU
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.checks import check
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project


@pytest.fixture
def tab(qtbot: QtBot, context: AppContext, tmp_path: Path, show_tab: Callable[[str, Tab], None]) -> LabelTab:
    """The tab on the first of two volumes with the values of CT, in files that do not say so."""
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        values = np.random.default_rng(4).normal(40, 30, (3, 48, 48))
        values[:, :, :16] = np.random.default_rng(5).normal(-1000, 20, (3, 48, 16))
        nib.save(nib.Nifti1Image(values.astype(np.int16).T, np.eye(4)), tmp_path / "in" / f"{name}.nii.gz")
    with Project.create(tmp_path / "scans", "multiclass", parse_classes("left,right")) as made:
        assert len(result_of(import_images(made, ImportPlan((tmp_path / "in",)))).added) == 2
    tab = LabelTab(context)
    context.commands.connect_to(undo_sets=context.session.assignments.undo)
    show_tab("label", tab)
    context.session.open_project(made.path)
    show(qtbot, context, "a")
    return tab


def show(qtbot: QtBot, context: AppContext, name: str) -> None:
    project, current = context.session.project, context.session.current
    assert project is not None
    current.open(project.items.named(name).id)
    qtbot.waitUntil(lambda: current.image is not None and not context.jobs.busy)


def answer(qtbot: QtBot, context: AppContext, tab: LabelTab, text: str) -> None:
    button = next(b for b in tab.scan.modality.bar.findChildren(QAbstractButton) if b.text() == text and b.isVisible())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: context.session.current.image is not None and not context.jobs.busy)


def facts(context: AppContext) -> list[tuple[str, bool]]:
    return [(item.modality, item.guessed) for item in context.session.items()]


def test_guess_is_asked_about_and_yes_is_kept(qtbot: QtBot, context: AppContext, tab: LabelTab) -> None:
    question = tab.scan.modality.bar
    assert question.isVisible() and question.text() == "These values look like Hounsfield units: is it CT?"
    tab.scan.canvas.setFocus()
    answer(qtbot, context, tab, "Yes")
    assert not question.isVisible() and tab.scan.canvas.hasFocus()
    assert facts(context) == [("CT", False), ("CT", True)] and context.commands["window_1"].isEnabled()
    show(qtbot, context, "b")
    assert question.isVisible()
    show(qtbot, context, "a")
    assert not question.isVisible()


def test_no_takes_the_unit_and_its_windows_away(qtbot: QtBot, context: AppContext, tab: LabelTab) -> None:
    answer(qtbot, context, tab, "No")
    image = context.session.current.image
    assert image is not None and (image.modality, image.unit) == ("OT", "")
    assert facts(context) == [("OT", False), ("CT", True)] and not context.commands["window_1"].isEnabled()
    context.session.assignments.undo()
    qtbot.waitUntil(lambda: context.session.current.image is not None and not context.jobs.busy)
    assert facts(context) == [("CT", True), ("CT", True)] and tab.scan.modality.bar.isVisible()
    image = context.session.current.image
    assert image is not None and image.unit == "HU"


def test_ct_that_cannot_be_in_hu_says_so_on_the_scan(
    qtbot: QtBot, context: AppContext, tmp_path: Path, tab: LabelTab
) -> None:
    context.session.close_project()
    picture = np.random.default_rng(1).integers(0, 255, (48, 48)).astype(np.uint8)
    (tmp_path / "p.png").write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    with Project.create(tmp_path / "pictures", "binary", parse_classes("a")) as made:
        (item,) = result_of(import_images(made, ImportPlan((tmp_path / "p.png",)))).added
    context.session.open_project(made.path)
    show(qtbot, context, "p")
    assert tab.scan.canvas._corners.subtitle == "48 × 48 px"
    context.session.assignments.set_modality([item.id], "CT")
    qtbot.waitUntil(lambda: tab.scan.canvas._corners.subtitle == "CT, not in HU · 48 × 48 px")
    assert not context.commands["window_1"].isEnabled()
    assert "in HU, and the values of this CT are not" in context.commands["window_1"].toolTip()


def test_ct_that_is_not_in_hu_is_noted_when_it_is_said_and_taken_back_with_it(
    qtbot: QtBot, context: AppContext, tmp_path: Path, tab: LabelTab
) -> None:
    def notes() -> list[tuple[str, list[str]]]:
        qtbot.waitUntil(lambda: not context.jobs.busy)
        return [(item.name, [note.message for note in item.notes]) for item in session.items() if item.modality == "CT"]

    session = context.session
    session.close_project()
    for name, lowest in (("raw", 0), ("scan", -1024)):
        values = np.random.default_rng(1).integers(lowest, 1000, (3, 8, 8)).astype(np.int16)
        nib.save(nib.Nifti1Image(values.T, np.eye(4)), tmp_path / f"{name}.nii.gz")
    with Project.create(tmp_path / "later", "binary", parse_classes("a")) as made:
        plan = ImportPlan((tmp_path / "raw.nii.gz", tmp_path / "scan.nii.gz"), modality="MR")
        ids = [item.id for item in result_of(import_images(made, plan)).added]
    session.open_project(made.path)
    show(qtbot, context, "raw")
    session.assignments.set_modality(ids, "CT")
    assert notes() == [("raw", [NOT_IN_HU]), ("scan", [])]
    assert session.project is not None
    found = result_of(check(session.project))
    assert [one.items for one in found if one.kind == "pictures_of_ct"] == [(ids[0],)]
    session.assignments.undo()
    assert notes() == [] and not any(item.notes for item in session.items())
    session.assignments.set_modality(ids, "CT")
    assert notes() == [("raw", [NOT_IN_HU]), ("scan", [])]
    session.assignments.set_modality(ids[:1], "MR")
    assert notes() == [("scan", [])] and not any(item.notes for item in session.items())
    session.assignments.undo()
    assert notes() == [("raw", [NOT_IN_HU]), ("scan", [])]


def test_all_that_were_guessed_can_be_answered_at_once(qtbot: QtBot, context: AppContext, tab: LabelTab) -> None:
    answer(qtbot, context, tab, "Yes, all 2 of them")
    assert facts(context) == [("CT", False), ("CT", False)]
    show(qtbot, context, "b")
    assert not tab.scan.modality.bar.isVisible()
