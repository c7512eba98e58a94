"""Predictions beside masks, judged with real keys and clicks in the whole window."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.shell.window import MainWindow
from app.tabs.review.tab import ReviewTab
from engine.learning.evaluate import evaluate
from engine.progress import result_of
from tests.app.tabs.review.test_tab import expected, write_project, write_run
from tests.cases.window.conftest import OpenWindow, answer_question, question
from widgets.controls import Text

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


def _press(window: MainWindow, name: str) -> None:
    button = _tab(window).findChild(QPushButton, name)
    assert isinstance(button, QPushButton), name
    QTest.mouseClick(button, LEFT)


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
    assert _text(window, "set_helped").startswith("2 masks") and _text(window, "set_mean_dice") == headline
    found = result_of(evaluate(scans, 1))
    assert f"{found.mean_dice:.3f}" == headline and f"{found.mean_dice_with_help:.3f}" in _text(window, "set_helped")
    QTest.keyClick(_tab(window).scan.canvas, Qt.Key.Key_Z, CONTROL)
    assert _text(window, "set_helped").startswith("1 mask ")


def test_a_region_of_the_model_in_a_test_mask_is_asked_too(qtbot: QtBot, window: MainWindow) -> None:
    _open(qtbot, window, "c")
    before = _mask(window)
    QTest.keyClick(window, Qt.Key.Key_Period)
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
