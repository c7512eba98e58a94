"""Images that get their classes, and networks that are judged by them, with real keys and clicks in the whole window."""

import csv
import io
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QPushButton, QSlider, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.shell import settings
from app.shell.window import MainWindow
from app.tabs.classify.tab import COMPARE, LABEL, ClassifyTab
from engine.config import Split, TrainConfig
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from tests.app.tabs.review.test_tab import write_project, write_run
from tests.cases.window.conftest import OpenWindow, answer_question, question

LEFT = Qt.MouseButton.LeftButton
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


def test_a_corrected_class_stays_on_the_screen_and_is_taken_back(qtbot: QtBot, window: MainWindow) -> None:
    _open(qtbot, window, 0)
    QTest.keyClick(_tab(window).image.canvas, Qt.Key.Key_2)
    assert _labels(window)[0] == 1 and _name(window) == "film0"
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert _labels(window)[0] == 0 and _name(window) == "film0"


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


def test_images_of_any_class_are_found(qtbot: QtBot, films: Path, open_window: OpenWindow) -> None:
    """There is room for the chips of twelve classes; of more, the search finds those."""
    with Project.open(films) as project:
        project.set_classes(parse_classes(",".join(f"grade{number}" for number in range(20))))
        ids = [item.id for item in project.items.all()]
        project.items.set_labels({ids[0]: 18, ids[1]: 3, ids[2]: 18})
    window = open_window(films, "classify")
    _tab(window).show_mode(LABEL)
    images = _tab(window).items
    QTest.mouseClick(images.search, LEFT)
    QTest.keyClicks(images.search, "GRADE18")
    assert [row.title for row in images.list.item_rows()] == ["film0", "film2"]


# Networks, judged


SAID = {  # of the films of the test set, by run: the classes are 0, 1, 1
    "one": ([0.6, 0.3, 0.1], [0.2, 0.7, 0.1], [0.5, 0.4, 0.1]),
    "two": ([0.6, 0.3, 0.1], [0.9, 0.1, 0.0], [0.8, 0.1, 0.1]),
}


def _with_runs(path: Path, classes: str = CLASSES) -> None:
    """Two runs that answered the test set; their networks are not there to be asked."""
    with Project.open(path) as project:
        tests = [item for item in project.items.all() if item.split == "test"]
        for name, rows in SAID.items():
            run = project.runs.update(project.runs.add(TrainConfig(arch="lenet5"), name), "finished")
            run.bundle.write_bytes(b"stands for the weights")
            project.runs.keep_test_reading(run, len(tests), None)
            for item, shares in zip(tests, rows, strict=True):
                known = np.array(shares[: len(classes.split(","))], np.float32)
                project.runs.set_probabilities(run, item.id, known / known.sum())


@pytest.fixture
def judged(qtbot: QtBot, films: Path, open_window: OpenWindow) -> MainWindow:
    _with_runs(films)
    window = open_window(films, "classify")
    _show_test_set(qtbot, window)
    return window


def _show_test_set(qtbot: QtBot, window: MainWindow) -> None:
    tab = _tab(window)
    tab.show_mode(COMPARE)
    _click(tab, QPushButton, "classify.split.test")
    board = tab.compare.board
    place = [row.name for row in board.rows()].index("one")
    QTest.mouseClick(board.viewport(), LEFT, pos=board.visualRect(board.model().index(place, 1)).center())
    qtbot.waitUntil(lambda: not window.context.jobs.busy)
    assert tab.compare.run is not None and tab.compare.run.name == "one"


def _click(part: QWidget, kind: type[QWidget], name: str) -> None:
    button = part.findChild(kind, name)
    assert isinstance(button, QWidget), name
    QTest.mouseClick(button, LEFT)


def _said(window: MainWindow, name: str) -> str:
    label = _tab(window).findChild(QLabel, name)
    assert isinstance(label, QLabel), name
    return label.text()


def _press_cell(window: MainWindow, true: int, called: int) -> None:
    matrix = _tab(window).compare.scores.matrix
    QTest.mouseClick(matrix, LEFT, pos=matrix._area(true, called).center().toPoint())


def test_the_images_of_a_cell_are_those_that_the_matrix_counts(qtbot: QtBot, judged: MainWindow) -> None:
    compare = _tab(judged).compare
    items = judged.context.session.items()
    _press_cell(judged, 1, 1)
    assert compare.cell.isVisible() and compare.cell.ids() == [items[4].id]
    judged.context.session.assignments.set_labels({items[3].id: 1, items[4].id: 2})
    qtbot.waitUntil(lambda: not judged.context.jobs.busy)
    assert compare.scores.matrix._counts[1][1] == len(compare.cell.ids()) == 0
    _press_cell(judged, 1, 0)
    assert set(compare.cell.ids()) == {items[3].id, items[5].id} and compare.scores.matrix._counts[1][0] == 2


def test_a_threshold_moves_the_images_of_a_cell_and_the_accuracy(
    qtbot: QtBot, films: Path, open_window: OpenWindow
) -> None:
    with Project.open(films) as project:
        project.set_classes(parse_classes("normal,pneumonia"))
    _with_runs(films, "normal,pneumonia")
    window = open_window(films, "classify")
    _show_test_set(qtbot, window)
    compare, items = _tab(window).compare, window.context.session.items()
    assert _said(window, "classify.accuracy") == "66.7\u202f%"
    _press_cell(window, 1, 1)
    assert compare.cell.ids() == [items[4].id]
    slider = compare.scores.slider.findChild(QSlider)
    assert isinstance(slider, QSlider)
    slider.setFocus()
    for _ in range(8):
        QTest.keyClick(slider, Qt.Key.Key_Left)
    assert compare.scores.threshold == pytest.approx(0.42)
    assert set(compare.cell.ids()) == {items[4].id, items[5].id} and compare.scores.matrix._counts[1][1] == 2
    assert _said(window, "classify.accuracy") == "100.0\u202f%"


def test_many_classes_have_a_curve_each_against_the_rest(judged: MainWindow) -> None:
    by_class = _tab(judged).compare.scores._by_class
    assert by_class.table.isVisible()
    _click(_tab(judged), QPushButton, "classify.by_class.roc")
    assert by_class.roc.isVisible() and by_class.classes.currentText() == "normal"
    assert by_class.roc._auc == pytest.approx(1.0) and by_class.roc._points[-1] == (1.0, 1.0)
    by_class.classes.setFocus()
    QTest.keyClick(by_class.classes, Qt.Key.Key_Down)
    assert by_class.classes.currentText() == "pneumonia" and by_class.roc._auc == pytest.approx(1.0)
    QTest.keyClick(by_class.classes, Qt.Key.Key_Down)
    assert by_class.roc._auc is None, "no film is of that class"


def test_two_runs_are_tested_on_the_same_images(judged: MainWindow) -> None:
    runs = _tab(judged).findChild(QComboBox, "classify.other_run")
    assert isinstance(runs, QComboBox)
    runs.setFocus()
    QTest.keyClick(runs, Qt.Key.Key_Down)
    assert _said(judged, "classify.mcnemar") == "Right here alone: 1, with two alone: 0; p = 1.000 (n = 3)"


def test_what_it_is_compared_with_is_no_run_of_another_project(
    qtbot: QtBot, films: Path, judged: MainWindow, tmp_path: Path
) -> None:
    """A copy of the project has runs of the same numbers and names."""
    runs = _tab(judged).findChild(QComboBox, "classify.other_run")
    assert isinstance(runs, QComboBox)
    runs.setFocus()
    QTest.keyClick(runs, Qt.Key.Key_Down)
    assert runs.currentText() == "two"
    judged.context.session.open_project(shutil.copytree(films, tmp_path / "copy.contorno"))
    judged.show_tab("classify")
    _tab(judged).show_mode(COMPARE)
    qtbot.waitUntil(lambda: runs.count() > 1 and not judged.context.jobs.busy)
    assert runs.currentText() == "Compare with…" and not _said(judged, "classify.mcnemar")


def test_the_probabilities_are_saved_as_a_table(qtbot: QtBot, judged: MainWindow, tmp_path: Path) -> None:
    _click(_tab(judged), QToolButton, "classify.save")
    dialog = _tab(judged).findChild(QFileDialog, "save_probabilities")
    assert isinstance(dialog, QFileDialog)
    file = tmp_path / "said.csv"
    dialog.selectFile(str(file))
    dialog.accept()
    qtbot.waitUntil(lambda: file.exists() and not judged.context.jobs.busy)
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    assert [row["item"] for row in rows] == ["film3", "film4", "film5"]
    assert [(row["class"], row["predicted"]) for row in rows] == [
        ("normal", "normal"),
        ("pneumonia", "pneumonia"),
        ("pneumonia", "normal"),
    ]
    assert float(rows[2]["probability: pneumonia"]) == pytest.approx(0.4)


def test_where_a_network_looked_is_asked_where_it_is_seen(
    qtbot: QtBot, films: Path, tmp_path: Path, open_window: OpenWindow
) -> None:
    """Each opening of a project of masks said "choose a run that classifies"."""
    settings.set_ui_state("classify.where", "yes")
    masks = tmp_path / "masks"
    masks.mkdir()
    path = write_project(masks)
    write_run(path)
    window = open_window(films, "classify")
    _tab(window).show_mode(LABEL)
    window.show_tab("label")
    faults: list[BaseException] = []
    window.context.session.failed.connect(faults.append)
    window.context.session.open_project(path)
    for tab in ("classify", "label", "classify"):
        window.show_tab(tab)
        _wait(qtbot, window)
        window.context.session.walk.step(1)
        _wait(qtbot, window)
    strip = window.findChild(QLabel, "strip.text")
    assert faults == [] and isinstance(strip, QLabel) and "classifies" not in strip.text()


def test_nothing_is_painted_where_images_have_classes(
    qtbot: QtBot, films: Path, tmp_path: Path, open_window: OpenWindow
) -> None:
    masks = tmp_path / "masks"
    masks.mkdir()
    painted = write_project(masks)
    window = open_window(films, "label")
    tools = {
        tool: window.findChild(QToolButton, f"label.tool.{tool}") for tool in ("pan", "brush", "eraser", "polygon")
    }
    for path, paints in ((films, False), (painted, True), (films, False)):
        window.context.session.open_project(path)
        window.show_tab("label")
        _wait(qtbot, window)
        seen = [tool for tool, button in tools.items() if button is not None and button.isVisible()]
        assert seen == (list(tools) if paints else ["pan"])
        window.context.commands["pan"].trigger()
        QTest.keyClick(window, Qt.Key.Key_E)
        assert window.context.commands["eraser"].isChecked() == paints, "the key does nothing there"


def test_where_nothing_is_painted_the_label_tab_leads_to_the_classes(qtbot: QtBot, window: MainWindow) -> None:
    window.show_tab("label")
    _wait(qtbot, window)
    give, predict = (window.findChild(QPushButton, name) for name in ("label.give_classes", "label.dice.predict"))
    assert isinstance(give, QPushButton) and isinstance(predict, QPushButton)
    assert give.isVisible() and not predict.isVisible(), "a prediction of whole images is no mask"
    QTest.mouseClick(give, Qt.MouseButton.LeftButton)
    assert window.context.commands.tab == "classify"
