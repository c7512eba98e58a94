"""Images that get their classes, and networks that are judged by them, with real keys and clicks in the whole window."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.shell.window import MainWindow
from app.tabs.classify.tab import LABEL, ClassifyTab
from engine.config import Split
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from tests.cases.window.conftest import OpenWindow, answer_question, question

SETS: tuple[Split, ...] = ("train", "train", "val", "test", "test", "test")
CLASSES = "normal,pneumonia,other"


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """Six films; those of the test set have a class, so have all but the second and third."""
    (tmp_path / "films").mkdir()
    for number in range(len(SETS)):
        pixels = np.full((40, 48), 20 + 30 * number, np.uint8)
        (tmp_path / f"films/film{number}.png").write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    with Project.create(tmp_path / "films.contorno", "classification", parse_classes(CLASSES)) as project:
        result_of(import_images(project, ImportPlan((tmp_path / "films",))))
        items = project.items.all()
        project.items.set_splits({item.id: split for item, split in zip(items, SETS, strict=True)})
        labels = (0, None, None, 0, 1, 1)
        project.items.set_labels({item.id: label for item, label in zip(items, labels, strict=True)})
        return project.path


def _tab(window: MainWindow) -> ClassifyTab:
    tab = window.tab("classify")
    assert isinstance(tab, ClassifyTab)
    return tab


def _labels(window: MainWindow) -> list[int | None]:
    return [item.label for item in window.context.session.items()]


def _open(qtbot: QtBot, window: MainWindow, number: int) -> None:
    window.context.session.current.open(window.context.session.items()[number].id)
    _wait(qtbot, window)


def _wait(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.context.session.current.image is not None and not window.context.jobs.busy)


def _name(window: MainWindow) -> str:
    item = window.context.session.current.item
    return item.name if item is not None else ""


@pytest.fixture
def window(qtbot: QtBot, films: Path, open_window: OpenWindow) -> MainWindow:
    window = open_window(films, "classify")
    _tab(window).show_mode(LABEL)
    return window


def test_a_class_is_undone_where_it_is_seen(qtbot: QtBot, window: MainWindow) -> None:
    canvas = _tab(window).image.canvas
    _open(qtbot, window, 1)
    QTest.keyClick(canvas, Qt.Key.Key_2)
    assert _labels(window)[1] == 1 and _name(window) == "film2", "on to the next without a class"
    _wait(qtbot, window)
    QTest.keyClick(canvas, Qt.Key.Key_1)
    assert _labels(window)[1:3] == [1, 0]
    for left, seen in (([1, None], "film2"), ([None, None], "film1")):
        QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert _labels(window)[1:3] == left and _name(window) == seen
        _wait(qtbot, window)
    assert not window.context.commands["undo_labels"].isEnabled()


def test_previous_is_the_image_that_was_seen_last(qtbot: QtBot, window: MainWindow) -> None:
    canvas = _tab(window).image.canvas
    _open(qtbot, window, 5)
    _open(qtbot, window, 1)
    QTest.keyClick(canvas, Qt.Key.Key_3)
    assert _name(window) == "film2"
    for key, seen in (
        (Qt.Key.Key_A, "film1"),
        (Qt.Key.Key_A, "film5"),
        (Qt.Key.Key_A, "film0"),  # that the project opened with
        (Qt.Key.Key_A, "film5"),  # before the first one the list goes on
        (Qt.Key.Key_A, "film4"),
        (Qt.Key.Key_D, "film5"),
        (Qt.Key.Key_D, "film0"),
        (Qt.Key.Key_D, "film5"),
        (Qt.Key.Key_D, "film1"),
        (Qt.Key.Key_D, "film2"),
        (Qt.Key.Key_D, "film3"),
    ):
        QTest.keyClick(canvas, key)
        assert _name(window) == seen
        _wait(qtbot, window)


def test_a_corrected_class_stays_on_the_screen(qtbot: QtBot, window: MainWindow) -> None:
    _open(qtbot, window, 0)
    QTest.keyClick(_tab(window).image.canvas, Qt.Key.Key_2)
    assert _labels(window)[0] == 1 and _name(window) == "film0"


def test_another_class_of_a_test_image_is_asked_about(qtbot: QtBot, window: MainWindow) -> None:
    canvas = _tab(window).image.canvas
    _open(qtbot, window, 3)
    for answer, label in (("no", 0), ("yes", 1)):
        QTest.keyClick(canvas, Qt.Key.Key_2)
        assert _labels(window)[3] == 0, "not before the answer"
        answer_question(qtbot, window, "test_class", answer)
        assert _labels(window)[3] == label and _name(window) == "film3"
    QTest.keyClick(canvas, Qt.Key.Key_2)
    assert question(window, "test_class_question") is None, "it has that class already"
    QTest.keyClick(canvas, Qt.Key.Key_0)
    assert _labels(window)[3] == 1
    answer_question(qtbot, window, "test_class", "yes")
    assert _labels(window)[3] is None
    QTest.keyClick(canvas, Qt.Key.Key_2)
    assert _labels(window)[3] == 1, "what had no class is not overwritten"
