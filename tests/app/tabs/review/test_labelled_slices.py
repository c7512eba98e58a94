"""What Review asks about where some slices of a volume were labelled, or none: as scores are, by the labelled ones alone."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.services import item_session
from app.services.mask_changes import AT_ONCE
from app.shell.window import MainWindow
from app.tabs.review import differences
from app.tabs.review.tab import ReviewTab
from app.tabs.scan.look import look_key, write_look
from engine.config import TrainConfig
from engine.formats import nifti
from engine.imaging.geometry import Geometry
from engine.labels.classes import UNLABELLED, parse_classes
from engine.labels.edit import Edit
from engine.learning.evaluate import evaluate
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project
from widgets.controls import Text
from widgets.slice_view import Look

PATIENCE = 60_000
SHAPE = (4, 60, 80)

Opened = Callable[[tuple[int, ...]], ReviewTab]


def write_volume(folder: Path, labelled: tuple[int, ...]) -> Path:
    """Four slices; on the labelled ones "liver" is a square, and the model has it wider on all four."""
    mine, said = np.zeros(SHAPE, np.uint8), np.zeros(SHAPE, np.uint8)
    mine[list(labelled), 5:15, 5:11], said[:, 5:15, 5:15] = 1, 1
    grid = Geometry(SHAPE, np.eye(4)[[2, 1, 0, 3]], patient_based=True, calibrated=True)
    nifti.write(folder / "a.nii", np.full(SHAPE, 40, np.uint8), grid)
    with Project.create(folder / "scans", "multiclass", parse_classes("liver")) as project:
        result_of(import_images(project, ImportPlan((folder / "a.nii",))))
        (item,) = project.items.all()
        project.items.set_splits({item.id: "val"})
        run = project.runs.update(project.runs.add(TrainConfig(arch="unet")), "finished")
        run.bundle.write_bytes(b"stands for the weights")
        if labelled:
            project.layers.replace(project.layers.make(item.id), pack(mine), labelled)
        project.layers.replace(project.layers.make(item.id, "prediction", run.id), pack(said))
        return project.path


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> Opened:
    def open(labelled: tuple[int, ...]) -> ReviewTab:
        window.open_paths([write_volume(tmp_path, labelled)])
        window.show_tab("review")
        tab = window.tab("review")
        assert isinstance(tab, ReviewTab)
        session = window.context.session
        qtbot.waitUntil(lambda: session.current.image is not None and tab.study.known, timeout=PATIENCE)
        assert session.current.labelled == set(labelled)
        return tab

    return open


def slices(tab: ReviewTab) -> list[int]:
    return sorted(region.index for region in tab.differences.regions)


def text(tab: ReviewTab, name: str) -> str:
    found = tab.findChild(Text, name)
    assert isinstance(found, Text)
    return found.text()


def test_labelled_slices_alone_are_asked_about_and_it_is_said(opened: Opened) -> None:
    tab = opened((0, 3))
    assert slices(tab) == [0, 3]
    assert text(tab, "slices_compared").startswith("2 of 4 slices are labelled")
    assert text(tab, "answered").startswith("0 of 2")


def test_a_slice_that_is_labelled_now_is_asked_about_until_that_is_undone(
    qtbot: QtBot, window: MainWindow, opened: Opened
) -> None:
    tab, current = opened((0, 3)), window.context.session.current
    current.record_edit(Edit("labelled as empty", ()), looked_at=[1])
    qtbot.waitUntil(lambda: slices(tab) == [0, 1, 3], timeout=PATIENCE)
    assert text(tab, "slices_compared").startswith("3 of 4 slices are labelled")
    current.undo()
    qtbot.waitUntil(lambda: slices(tab) == [0, 3], timeout=PATIENCE)
    assert text(tab, "slices_compared").startswith("2 of 4 slices are labelled")


def test_what_a_stroke_or_the_prediction_labels_is_asked_about(
    qtbot: QtBot, window: MainWindow, opened: Opened
) -> None:
    tab, session = opened((0, 3)), window.context.session
    session.predictions.copy_to_mask()
    qtbot.waitUntil(lambda: not slices(tab) and session.current.labelled == {0, 1, 2, 3}, timeout=PATIENCE)
    assert not text(tab, "slices_compared")


def test_where_nothing_is_labelled_what_the_model_says_is_no_mistake(
    qtbot: QtBot, window: MainWindow, opened: Opened
) -> None:
    tab = opened(())
    assert slices(tab) == [0, 1, 2, 3]
    assert text(tab, "slices_compared").startswith("Nothing was labelled here")
    window.context.session.current.record_edit(Edit("labelled as empty", ()), looked_at=[1])
    qtbot.waitUntil(lambda: not window.context.jobs.busy, timeout=PATIENCE)
    assert slices(tab) == [0, 1, 2, 3], "the reader goes on with the others"


def test_all_slices_labelled_needs_no_word(opened: Opened) -> None:
    tab = opened((0, 1, 2, 3))
    assert slices(tab) == [0, 1, 2, 3] and not text(tab, "slices_compared")


def test_distances_are_of_volumes_that_are_labelled_whole(qtbot: QtBot, window: MainWindow, opened: Opened) -> None:
    """With slices missing, what is only the end of the labels would pass for a surface."""
    tab, current = opened((0, 3)), window.context.session.current
    qtbot.waitUntil(lambda: text(tab, "case_distances_over").startswith("Distances are measured"), timeout=PATIENCE)
    assert tab.study.surfaces is None
    for z in (1, 2):
        current.record_edit(Edit("labelled as empty", ()), looked_at=[z])
    qtbot.waitUntil(lambda: tab.study.surfaces is not None, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not text(tab, "case_distances_over"), timeout=PATIENCE)


def test_distances_leave_out_what_is_unlabelled_as_the_scores_do(
    qtbot: QtBot, window: MainWindow, opened: Opened
) -> None:
    tab, session = opened((0, 1, 2, 3)), window.context.session
    qtbot.waitUntil(lambda: tab.study.surfaces is not None, timeout=PATIENCE)
    assert tab.study.surfaces is not None and tab.study.surfaces[0].hd95 == 4
    assert session.current.mask is not None and session.project is not None and session.predictions.run is not None
    stroke = session.current.mask.begin("Brush")
    for z in range(len(session.current.mask.labels)):
        stroke.paint_region("axial", z, (5, 11), np.ones((10, 4), bool), UNLABELLED)  # where the prediction is wider
    session.current.record_edit(stroke.end())
    qtbot.waitUntil(lambda: tab.study.surfaces is not None and tab.study.surfaces[0].hd95 == 0, timeout=PATIENCE)
    path, run = session.project.path, session.predictions.run.id
    found = result_of(evaluate(path, run, "val")).items[0].classes["liver"]
    assert found.surface == tab.study.surfaces[0]


def test_on_other_slices_no_error_is_drawn_and_the_legend_says_why(
    qtbot: QtBot, window: MainWindow, opened: Opened
) -> None:
    tab, session = opened((0, 3)), window.context.session
    assert tab.scan.overlay.options.errors

    def wrong(z: int) -> int:
        tab.scan.views.show_slice("axial", z)
        (layer,) = (each for each in tab.scan.overlay.layers if each.name == "errors")
        return int(np.count_nonzero(layer.labels[z]))

    def legend() -> str:
        return " ".join(word for _, word in tab.scan.canvas._corners.legend)

    assert wrong(0) == 100 and "not labelled" not in legend()
    assert wrong(1) == 0 and "not labelled" in legend()
    assert wrong(3) == 100 and "not labelled" not in legend()
    assert wrong(1) == 0
    session.current.record_edit(Edit("labelled as empty", ()), looked_at=[1])
    assert wrong(1) == 100 and "not labelled" not in legend()


@pytest.mark.parametrize("at_once", [True, False])
def test_an_answer_goes_on_to_the_next_slice_and_an_undo_to_its_own(
    qtbot: QtBot, window: MainWindow, opened: Opened, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    """Also where the answer is so large that a job takes it over."""
    monkeypatch.setattr(differences, "AT_ONCE", AT_ONCE if at_once else 0)
    monkeypatch.setattr(item_session, "AT_ONCE", AT_ONCE if at_once else 0)
    tab, session = opened((0, 1, 2, 3)), window.context.session
    canvas = tab.scan.canvas
    for taken in range(1, SHAPE[0]):
        QTest.keyClick(canvas, Qt.Key.Key_2)
        qtbot.waitUntil(lambda taken=taken: len(slices(tab)) == SHAPE[0] - taken, timeout=PATIENCE)  # type: ignore[misc]
        qtbot.waitUntil(lambda: not window.context.jobs.busy, timeout=PATIENCE)
        assert canvas.index == taken and tab.differences.current is not None
        assert tab.differences.current.index == taken
    session.current.undo()
    qtbot.waitUntil(lambda: canvas.index == 2 and not window.context.jobs.busy, timeout=PATIENCE)


def test_an_unlabelled_case_is_taken_over_region_by_region_to_its_end(
    qtbot: QtBot, window: MainWindow, opened: Opened
) -> None:
    tab, session = opened(()), window.context.session
    canvas = tab.scan.canvas
    for done in range(1, SHAPE[0] + 1):
        QTest.keyClick(canvas, Qt.Key.Key_2)
        qtbot.waitUntil(lambda done=done: len(session.current.labelled) == done, timeout=PATIENCE)  # type: ignore[misc]
        qtbot.waitUntil(lambda: not window.context.jobs.busy, timeout=PATIENCE)
        assert len(slices(tab)) == SHAPE[0] - done
    assert session.current.mask is not None and session.predictions.labels is not None
    assert np.array_equal(session.current.mask.labels, session.predictions.labels)
    for left in reversed(range(SHAPE[0])):
        session.current.undo()
        qtbot.waitUntil(lambda left=left: len(session.current.labelled) == left, timeout=PATIENCE)  # type: ignore[misc]
    qtbot.waitUntil(lambda: slices(tab) == [0, 1, 2, 3], timeout=PATIENCE)
    qtbot.waitUntil(lambda: not window.context.jobs.busy, timeout=PATIENCE)


def test_coming_back_to_a_case_that_was_begun_asks_about_what_is_labelled(
    qtbot: QtBot, window: MainWindow, opened: Opened
) -> None:
    tab, session = opened(()), window.context.session
    QTest.keyClick(tab.scan.canvas, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: len(session.current.labelled) == 1 and not window.context.jobs.busy, timeout=PATIENCE)
    item = session.items()[0].id
    session.current.close()
    session.current.open(item)
    qtbot.waitUntil(lambda: session.current.image is not None and tab.study.known, timeout=PATIENCE)
    qtbot.waitUntil(lambda: text(tab, "slices_compared").startswith("1 of 4 slices"), timeout=PATIENCE)
    assert not slices(tab)
    qtbot.waitUntil(lambda: not window.context.jobs.busy, timeout=PATIENCE)


def test_marks_stand_at_the_slices_of_a_case_that_was_left_in_another_plane(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = write_volume(tmp_path, (0, 3))
    with Project.open(path) as project:
        (item,) = project.items.all()
        project.set_note(look_key(item), write_look(Look("coronal", 30, None, None, (0.0, 0.0))))
    window.open_paths([path])
    window.show_tab("review")
    tab, session = window.tab("review"), window.context.session
    assert isinstance(tab, ReviewTab)
    qtbot.waitUntil(lambda: session.current.image is not None and tab.study.known, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not window.context.jobs.busy)
    assert tab.scan.canvas.plane == "axial", "where the differences are"
    assert [index for index, _ in tab.scan.canvas.slice_bar._marks] == slices(tab) == [0, 3]
