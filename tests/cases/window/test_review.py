"""Predictions beside masks, judged with real keys and clicks in the whole window."""

import csv
import io
import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFileDialog, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.shell.window import MainWindow
from app.tabs.review.tab import ReviewTab
from engine.config import TrainConfig
from engine.labels.classes import parse_classes
from engine.labels.mask import Mask
from engine.learning.evaluate import evaluate
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project
from engine.scoring.metrics import confusion, scores
from engine.scoring.paired import paired_difference
from tests.app.conftest import project as project
from tests.app.services.test_training_runner import TINY
from tests.app.tabs.review.test_tab import expected, said, truth, write_project, write_run
from tests.cases.window.conftest import OpenWindow, answer_question, question
from widgets.controls import Text
from widgets.score_table import ScoreTable

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """Three predicted test cases, a the best and c the worst, and a training case without a prediction."""
    path = write_project(tmp_path)
    write_run(path)
    return path


@pytest.fixture
def window(qtbot: QtBot, scans: Path, open_window: OpenWindow) -> MainWindow:
    window = open_window(scans, "review")
    qtbot.waitUntil(lambda: _text(window, "set_mean_dice") not in ("", "–"))
    return window


def _tab(window: MainWindow) -> ReviewTab:
    tab = window.tab("review")
    assert isinstance(tab, ReviewTab)
    return tab


def _text(window: MainWindow, name: str) -> str:
    found = _tab(window).findChild(Text, name)
    assert isinstance(found, Text), name
    return found.text() if not found.isHidden() else ""


def _button(window: MainWindow, name: str) -> QPushButton:
    button = _tab(window).findChild(QPushButton, name)
    assert isinstance(button, QPushButton), name
    return button


def _open(qtbot: QtBot, window: MainWindow, name: str) -> None:
    """Click on the case in the list."""
    cases = _tab(window).cases._list
    place = [cases.row(id).name for id in cases.ids()].index(name)
    QTest.mouseClick(cases.viewport(), LEFT, pos=cases.visualRect(cases.model().index(place, 1)).center())
    current = window.context.session.current
    qtbot.waitUntil(lambda: current.item is not None and current.item.name == name and _tab(window).study.known)
    qtbot.waitUntil(lambda: not window.context.jobs.busy)


def _dice(window: MainWindow, name: str) -> float | None:
    cases = _tab(window).cases._list
    return next(row.dice for row in map(cases.row, cases.ids()) if row.name == name)


def _mask(window: MainWindow) -> np.ndarray:
    mask = window.context.session.current.mask
    assert mask is not None
    return mask.labels.copy()


# The reference of the test set


def test_taking_the_prediction_over_is_asked_once_and_the_score_stays(
    qtbot: QtBot, window: MainWindow, scans: Path
) -> None:
    headline = _text(window, "set_mean_dice")
    _open(qtbot, window, "c")
    before = _mask(window)
    QTest.keyClick(_tab(window).scan.canvas, Qt.Key.Key_U, CONTROL)
    answer_question(qtbot, window, "test_reference", "no")
    assert (_mask(window) == before).all()
    QTest.keyClick(_tab(window).scan.canvas, Qt.Key.Key_U, CONTROL)
    assert (_mask(window) == before).all(), "not before the answer"
    answer_question(qtbot, window, "test_reference", "yes")
    assert (_mask(window) != before).any()
    assert _dice(window, "c") == pytest.approx(expected("c")) and _text(window, "set_mean_dice") == headline
    row = next(row for row in _tab(window).cases._list.rows() if row.name == "c")
    assert "with the model's help" in row.subtitle
    assert _text(window, "set_helped").startswith("1 mask was changed with the model's help")
    assert "changed with its help" in _text(window, "case_ground")
    _open(qtbot, window, "b")
    QTest.keyClick(_tab(window).scan.canvas, Qt.Key.Key_U, CONTROL)
    assert question(window, "test_reference_question") is None, "it was asked"
    qtbot.waitUntil(lambda: _text(window, "set_helped").startswith("2 masks"))
    assert _text(window, "set_mean_dice") == headline
    found = result_of(evaluate(scans, 1))
    assert f"{found.mean_dice:.3f}" == headline and f"{found.mean_dice_with_help:.3f}" in _text(window, "set_helped")
    QTest.keyClick(_tab(window).scan.canvas, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: _text(window, "set_helped").startswith("1 mask "))


def test_a_region_of_the_model_in_a_test_mask_is_asked_too(qtbot: QtBot, window: MainWindow) -> None:
    _open(qtbot, window, "c")
    before = _mask(window)
    QTest.keyClick(window, Qt.Key.Key_2)
    answer_question(qtbot, window, "test_reference", "yes")
    assert (_mask(window) != before).any() and _dice(window, "c") == pytest.approx(expected("c"))


def test_the_mark_is_there_when_the_project_is_opened_again(qtbot: QtBot, scans: Path, open_window: OpenWindow) -> None:
    window = open_window(scans, "review")
    qtbot.waitUntil(lambda: _text(window, "set_mean_dice") not in ("", "–"))
    headline = _text(window, "set_mean_dice")
    _open(qtbot, window, "c")
    QTest.keyClick(_tab(window).scan.canvas, Qt.Key.Key_U, CONTROL)
    answer_question(qtbot, window, "test_reference", "yes")
    window.context.session.close_project()
    window.context.session.open_project(scans)
    window.show_tab("review")
    qtbot.waitUntil(lambda: _text(window, "set_helped") != "")
    assert _text(window, "set_mean_dice") == headline
    assert "with the model's help" in next(r for r in _tab(window).cases._list.rows() if r.name == "c").subtitle
    _open(qtbot, window, "b")
    QTest.keyClick(_tab(window).scan.canvas, Qt.Key.Key_U, CONTROL)
    assert question(window, "test_reference_question") is not None, "another day it is asked again"
    answer_question(qtbot, window, "test_reference", "no")


# Where mask and model differ


@pytest.fixture
def speckled(tmp_path: Path) -> Path:
    """A volume of four slices of which the model missed a part in the third, with single pixels too much in each."""
    import nibabel as nib

    shape = (4, 40, 50)
    nib.save(
        nib.Nifti1Image(np.random.default_rng(0).normal(size=shape[::-1]).astype(np.float32), np.diag([2.0, 2, 5, 1])),
        tmp_path / "v.nii.gz",
    )
    with Project.create(tmp_path / "v.contorno", "binary", parse_classes("liver")) as project:
        (item,) = result_of(import_images(project, ImportPlan((tmp_path / "v.nii.gz",)))).added
        project.items.set_splits({item.id: "test"})
        truth = np.zeros(shape, np.uint8)
        truth[:, 10:30, 10:30] = 1
        said = truth.copy()
        said[2, 10:16, 10:30] = 0
        said[1, 20:23, 20:24] = 0
        said[3, 20:23, 20:23] = 0
        said[:, 35, 5:45:4] = 1
        project.layers.replace(project.layers.make(item.id), pack(truth))
        run = project.runs.update(project.runs.add(TrainConfig(arch="unet")), "finished")
        run.bundle.write_bytes(b"stands for the weights")
        project.layers.replace(project.layers.make(item.id, "prediction", run.id), pack(said))
        return project.path


@pytest.fixture
def volume(qtbot: QtBot, speckled: Path, open_window: OpenWindow) -> MainWindow:
    window = open_window(speckled, "review")
    qtbot.waitUntil(lambda: _tab(window).study.known and not window.context.jobs.busy)
    return window


def _titles(window: MainWindow) -> list[tuple[str, bool]]:
    regions = _tab(window).differences._list
    rows = [regions.row_at(place) for place in range(len(regions.rows()))]
    return [(row.subtitle, row.answered) for row in rows]


def test_the_first_difference_is_in_hand_and_in_sight(volume: MainWindow) -> None:
    tab = _tab(volume)
    assert tab.scan.canvas.index == 2 and tab.differences.current is tab.differences.regions[0]
    QTest.keyClick(volume, Qt.Key.Key_1)
    assert _titles(volume)[0][1] and tab.scan.canvas.index == 1, "on to the next"


def test_a_difference_out_of_sight_is_shown_before_it_is_answered(volume: MainWindow) -> None:
    tab = _tab(volume)
    tab.scan.canvas.set_slice(0)
    QTest.keyClick(volume, Qt.Key.Key_1)
    assert tab.scan.canvas.index == 2 and not _titles(volume)[0][1]
    QTest.keyClick(volume, Qt.Key.Key_1)
    assert _titles(volume)[0][1]


def test_small_ones_are_folded_by_a_size_in_the_unit_of_the_image(volume: MainWindow) -> None:
    small, least = _button(volume, "small_ones"), _tab(volume).findChild(QDoubleSpinBox, "least_size")
    assert isinstance(least, QDoubleSpinBox)
    assert least.text() == "40.0\u202fmm²", "ten pixels of 4 mm²"
    assert (
        len(_titles(volume)) == 2 and small.text() == "41 small ones" and _text(volume, "answered") == "0 of 2 answered"
    )
    least.setFocus()
    least.selectAll()
    QTest.keyClicks(least, "20")
    QTest.keyClick(least, Qt.Key.Key_Return)
    assert len(_titles(volume)) == 3 and small.text() == "40 small ones"
    assert _text(volume, "answered") == "0 of 3 answered"
    QTest.mouseClick(small, LEFT)
    assert len(_titles(volume)) == 43 and _text(volume, "answered") == "0 of 43 answered"
    QTest.mouseClick(small, LEFT)
    assert len(_titles(volume)) == 3


def test_kept_answers_are_there_the_next_day(qtbot: QtBot, speckled: Path, open_window: OpenWindow) -> None:
    for answered, after in (("0 of 2 answered", "1 of 2 answered"), ("1 of 2 answered", "2 of 2 answered")):
        window = open_window(speckled, "review")
        qtbot.waitUntil(lambda window=window: _tab(window).study.known and not window.context.jobs.busy)  # type: ignore[misc]
        assert _text(window, "answered") == answered
        QTest.keyClick(window, Qt.Key.Key_1)
        assert _text(window, "answered") == after
        window.context.session.close_project()
        window.close()


def test_a_class_that_came_after_the_training_is_left_out_and_said(
    qtbot: QtBot, scans: Path, open_window: OpenWindow
) -> None:
    (scans / "runs/1/model.json").write_text('{"classes": [["lung", "#E69F00"]]}')
    window = open_window(scans, "review")
    qtbot.waitUntil(lambda: _text(window, "set_mean_dice") not in ("", "–"))
    _open(qtbot, window, "c")
    lung = scores(confusion(truth(2), said(2), 3)).classes[0].dice
    assert _dice(window, "c") == pytest.approx(lung)
    for name in ("set_never_learnt", "case_never_learnt"):
        assert _text(window, name).endswith("heart, absent")
    assert _text(window, "set_absent") == "", "that is another thing"
    shown = _tab(window).findChild(ScoreTable, "case_scores_px")
    assert isinstance(shown, ScoreTable) and [row.name for row in shown.rows()] == ["lung"]


# Which case, which run


def test_review_opens_on_the_worst_case_and_keeps_to_its_set(
    qtbot: QtBot, scans: Path, open_window: OpenWindow
) -> None:
    with Project.open(scans) as project:
        project.set_note("item", "a")  # the best one was open at last
        project.items.set_splits({project.items.named("b").id: "val"})
    window = open_window(scans, "review")
    current = window.context.session.current

    def seen(name: str) -> None:
        qtbot.waitUntil(lambda: current.item is not None and current.item.name == name)
        qtbot.waitUntil(lambda: current.image is not None and not window.context.jobs.busy)

    seen("c")
    QTest.mouseClick(_button(window, "review_set.val"), LEFT)
    seen("b")
    QTest.mouseClick(_button(window, "review_set.all"), LEFT)
    qtbot.waitUntil(lambda: not window.context.jobs.busy)
    seen("b")  # it is one of them
    QTest.mouseClick(_button(window, "review_set.test"), LEFT)
    seen("c")
    _open(qtbot, window, "a")
    window.show_tab("label")
    window.show_tab("review")
    qtbot.waitUntil(lambda: not window.context.jobs.busy)
    seen("a")


def test_cases_are_sorted_by_a_class(qtbot: QtBot, window: MainWindow) -> None:
    project = window.context.session.project
    assert project is not None
    chosen = _tab(window).findChild(QComboBox, "review_dice_of")
    assert isinstance(chosen, QComboBox)
    rows = _tab(window).cases._list
    assert [row.name for row in map(rows.row, rows.ids())] == ["c", "b", "a"]
    chosen.setFocus()
    QTest.keyClick(chosen, Qt.Key.Key_Down)
    QTest.keyClick(chosen, Qt.Key.Key_Down)
    assert chosen.currentText() == "Dice: heart"
    hearts = [scores(confusion(truth(n), said(n), 3)).classes[1].dice for n in range(3)]
    assert [_dice(window, name) for name in "abc"] == pytest.approx(hearts)
    QTest.keyClick(chosen, Qt.Key.Key_Down)
    assert chosen.currentText() == "Dice: absent" and _dice(window, "a") is None
    QTest.keyClick(chosen, Qt.Key.Key_Home)
    assert _dice(window, "c") == pytest.approx(expected("c"))


def test_a_run_that_ends_meanwhile_is_offered_and_changes_nothing(
    qtbot: QtBot, project: Path, open_window: OpenWindow
) -> None:
    window = open_window(project, "review")
    trainings, predictions = window.context.trainings, window.context.session.predictions
    for name in ("first", "second"):
        trainings.start(TINY, name)
    qtbot.waitUntil(
        lambda: not trainings.training and not window.context.jobs.busy and len(trainings.runs.all()) == 2,
        timeout=180_000,
    )
    assert predictions.run is not None and predictions.run.name == "first"
    link, strip = _button(window, "review_newer"), window.findChild(QPushButton, "strip.action")
    assert link.isVisible() and link.text() == "second is trained: review it"
    assert isinstance(strip, QPushButton) and strip.isVisible() and strip.text() == "Use second"
    QTest.mouseClick(link, LEFT)
    assert predictions.run.name == "second" and not link.isVisible()


def test_no_words_lie_over_others_in_a_small_window(qtbot: QtBot, scans: Path, open_window: OpenWindow) -> None:
    (scans / "runs/1/model.json").write_text('{"classes": [["lung", "#E69F00"], ["heart", "#56B4E9"]]}')
    with Project.open(scans) as project:
        item = project.items.named("c")
        layer = project.layers.mask(item.id)
        assert layer is not None
        mask = Mask(project.layers.read(layer, item.shape))
        edit = replace(mask.replace_with("Prediction taken", said(2), None), by_model=True)
        project.layers.record(layer, mask, edit)
    window = open_window(scans, "review")
    window.resize(1000, 640)
    qtbot.waitUntil(lambda: _text(window, "set_helped") != "" and _text(window, "set_never_learnt") != "")
    summary = _tab(window).findChild(QWidget, "set_summary")
    assert isinstance(summary, QWidget)
    parts = [part for part in summary.children() if isinstance(part, QWidget) and part.isVisible()]
    assert len(parts) > 8
    for one, other in itertools.combinations(parts, 2):
        assert not one.geometry().intersects(other.geometry()), (one.objectName(), other.objectName())
    for part in parts:
        if isinstance(part, Text):
            assert part.height() >= part.heightForWidth(part.width()) > 0, part.text()


# Results outside of the window


def test_the_scores_of_the_cases_are_saved_as_a_table(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    session = window.context.session
    session.set_state(session.items()[2].id, "rejected", "=SUM(A1)")
    _tab(window).findChild(QToolButton, "save_cases").click()  # type: ignore[union-attr]
    dialog = _tab(window).findChild(QFileDialog, "save_cases_file")
    assert isinstance(dialog, QFileDialog) and dialog.selectedFiles()[0].endswith("run 1 test.csv")
    file = tmp_path / "cases.csv"
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.selectFile(str(file))
    dialog.accept()
    qtbot.waitUntil(file.exists)
    qtbot.waitUntil(lambda: not window.context.jobs.busy)
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    assert [row["item"] for row in rows] == ["a", "b", "c"]
    assert [float(row["mean_dice"]) for row in rows[:2]] == pytest.approx([expected(name) for name in "ab"])
    assert float(rows[1]["lung: hd95_px"]) == 4.0 and rows[1]["absent: dice"] == ""
    assert rows[2]["mean_dice"] == "", "a rejected case is not scored"
    assert rows[2]["reason"] == "'=SUM(A1)", "a spreadsheet must not run it"


def test_two_runs_are_compared_case_by_case(qtbot: QtBot, scans: Path, open_window: OpenWindow) -> None:
    with Project.open(scans) as project:
        other = project.runs.update(project.runs.add(TrainConfig(arch="unet"), "other"), "finished")
        other.bundle.write_bytes(b"stands for the weights")
        for name in "abc":
            item = project.items.named(name)
            project.layers.replace(project.layers.make(item.id, "prediction", other.id), pack(said(2)))
        project.set_note("run in use", "1")
    window = open_window(scans, "review")
    qtbot.waitUntil(lambda: _text(window, "set_mean_dice") not in ("", "–"))
    runs = _tab(window).findChild(QComboBox, "review_other_run")
    assert isinstance(runs, QComboBox)
    runs.setFocus()
    QTest.keyClick(runs, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: _text(window, "paired_difference").startswith("Dice"))
    mine, theirs = [expected(name) for name in "abc"], [expected("c")] * 3
    found = paired_difference(mine, theirs)
    assert found is not None and found.interval is not None
    text = _text(window, "paired_difference")
    assert f"+{found.mean:.3f} against other" in text and "n = 3" in text
    assert f"{found.interval[1]:.3f}" in text
