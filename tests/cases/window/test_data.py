"""Images that come in and are divided, with real clicks and keys in the whole window."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import cv2
import nibabel as nib
import nrrd
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QInputDialog, QLabel, QLineEdit, QPushButton, QRadioButton
from pytestqt.qtbot import QtBot

from app.dialogs.new_project import NewProjectDialog
from app.shell.window import MainWindow
from app.tabs.classify.tab import LABEL, ClassifyTab
from app.tabs.data.model import NAME
from app.tabs.data.tab import DataTab
from app.tabs.data.table import DataTable
from app.tabs.label.tab import LabelTab
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from tests.app.conftest import project as project
from tests.app.conftest import window as window
from tests.app.conftest import write_slice
from tests.cases.window.conftest import answer_question, question

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
PATIENCE = 60_000


def _picture(file: Path, value: int) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(value).integers(0, 255, (40, 50)).astype(np.uint8)
    file.write_bytes(cv2.imencode(".png", pixels)[1].tobytes())


def _tab(window: MainWindow) -> DataTab:
    tab = window.tab("data")
    assert isinstance(tab, DataTab)
    return tab


def _table(window: MainWindow) -> DataTable:
    table = _tab(window).findChild(DataTable)
    assert isinstance(table, DataTable)
    return table


def _names(window: MainWindow) -> list[str]:
    model = _table(window).model()
    return [str(model.index(row, NAME).data()) for row in range(model.rowCount())]


def _click_row(window: MainWindow, row: int) -> None:
    table = _table(window)
    at = table.visualRect(table.model().index(row, NAME)).topLeft() + QPoint(60, 12)
    QTest.mouseClick(table.viewport(), LEFT, pos=at)


def _press(window: MainWindow, name: str) -> None:
    button = _tab(window).findChild(QPushButton, name)
    assert isinstance(button, QPushButton) and button.isEnabled(), name
    QTest.mouseClick(button, LEFT)


def _rest(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not _tab(window).contents.step.busy and not window.context.jobs.busy, timeout=PATIENCE)


def _new(window: MainWindow, path: Path, classes: str) -> Project:
    window.context.session.new_project(path, "multiclass", parse_classes(classes))
    made = window.context.session.project
    assert made is not None
    return made


def _begin(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    window.show_tab("data")
    window.open_paths([path])
    _rest(qtbot, window)


def _add(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.context.session.import_finished, timeout=PATIENCE):
        _press(window, "import.add")
    _rest(qtbot, window)


def _sets(window: MainWindow) -> list[str]:
    return [item.split for item in window.context.session.items()]


def test_rows_that_were_selected_are_no_rows_of_the_next_project(
    qtbot: QtBot, window: MainWindow, project: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.contorno"
    shutil.copytree(project, other)
    session = window.context.session
    session.open_project(project)
    _rest(qtbot, window)
    _click_row(window, 1)
    QTest.keyClick(_table(window), Qt.Key.Key_E)
    assert _sets(window) == ["train", "test", "train", "train", "val", "test"], "the key acts on a row that is seen"
    QTest.keyClick(_table(window), Qt.Key.Key_A, CONTROL)
    session.open_project(other)
    _rest(qtbot, window)
    QTest.keyClick(_table(window), Qt.Key.Key_E)
    assert _sets(window) == ["train", "train", "train", "train", "val", "test"]
    _click_row(window, 0)
    QTest.keyClick(_table(window), Qt.Key.Key_E)
    assert _sets(window)[:2] == ["test", "train"]


def _answer(words: Iterable[str], owner: MainWindow) -> list[str]:
    """Type the words, each with Enter, into the questions that come one after another, and Escape into the one after them; the
    questions as they were asked come back."""
    asked: list[str] = []
    left = list(words)

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QInputDialog) or dialog.labelText() in asked:
            QTimer.singleShot(10, owner, answer)
            return
        asked.append(dialog.labelText())
        field = dialog.findChild(QLineEdit)
        assert field is not None
        if not left:
            QTest.keyClick(field, Qt.Key.Key_Escape)
            return
        QTimer.singleShot(0, owner, answer)
        field.selectAll()
        QTest.keyClicks(field, left.pop(0))
        QTest.keyClick(field, Qt.Key.Key_Return)

    QTimer.singleShot(0, owner, answer)
    return asked


def test_values_are_named_by_typing_and_return(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    _picture(tmp_path / "in" / "images" / "scan.png", 1)
    mask = np.zeros((40, 50), np.uint8)
    mask.flat[:320] = np.repeat(np.arange(1, 5), 80)
    (tmp_path / "in" / "masks").mkdir()
    (tmp_path / "in" / "masks" / "scan.png").write_bytes(cv2.imencode(".png", mask)[1].tobytes())
    made = _new(window, tmp_path / "n.contorno", "liver,spleen")
    _begin(qtbot, window, tmp_path / "in" / "images")

    def combo(value: int) -> QComboBox:
        found = _tab(window).findChild(QComboBox, f"masks.value.{value}")
        assert found is not None
        return found

    asked = _answer(["kidney", "Liver"], window)
    combo(1).setFocus()
    # from within the event loop, as a hand does: the rows are made anew while the key is still being handled
    QTimer.singleShot(0, window, lambda: QTest.keyClick(combo(1), Qt.Key.Key_End))  # "New class…"
    qtbot.waitUntil(lambda: len(asked) == 3 and QApplication.activeModalWidget() is None)
    assert asked == [f"What does the mask value {value} show?" for value in (1, 2, 3)]
    assert [combo(value).currentText() for value in range(5)] == [
        "Background", "kidney", "liver", "Choose a class", "Choose a class",
    ]  # fmt: skip
    assert window.focusWidget() is combo(3), "the keyboard is with the next value, not with the project's name"
    assert [one.name for one in made.classes] == ["liver", "spleen", "kidney"]
    _press(window, "masks.each")
    assert combo(4).currentText() == "Value 4"
    _add(qtbot, window)
    layer = made.layers.mask(made.items.all()[0].id)
    assert layer is not None
    assert made.layers.read(layer, (1, 40, 50)).ravel()[:320:80].tolist() == [3, 1, 4, 5]


def test_names_come_from_a_segmentation_of_slicer(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _picture(tmp_path / "in" / "images" / "scan.png", 1)
    mask = np.zeros((40, 50), np.uint8)
    mask[:5], mask[5:10] = 4, 7
    (tmp_path / "in" / "masks").mkdir()
    (tmp_path / "in" / "masks" / "scan.png").write_bytes(cv2.imencode(".png", mask)[1].tobytes())
    named = {"Segment0_Name": "Spleen", "Segment0_LabelValue": "7", "Segment0_Color": "0 1 0"}
    named |= {"Segment1_Name": "Vena cava", "Segment1_LabelValue": "4", "Segment1_Color": "0 0 1"}
    nrrd.write(str(tmp_path / "study.seg.nrrd"), np.zeros((3, 4, 5), np.uint8), named)
    made = _new(window, tmp_path / "n.contorno", "liver,spleen")
    _begin(qtbot, window, tmp_path / "in" / "images")
    chosen = str(tmp_path / "study.seg.nrrd")
    monkeypatch.setattr("app.tabs.data.values.QFileDialog.getOpenFileName", lambda *_: (chosen, ""))
    _press(window, "masks.names")
    texts = [_tab(window).findChild(QComboBox, f"masks.value.{value}") for value in (4, 7)]
    assert [combo.currentText() for combo in texts if combo is not None] == ["Vena cava", "spleen"]
    assert [(one.name, one.color) for one in made.classes][2:] == [("Vena cava", "#0000FF")]
    _press(window, "import.cancel")


@pytest.mark.parametrize("kind", ["patients", "classes"])
def test_a_folder_for_each_patient_is_no_class(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "study"
    for number, name in enumerate(("no tumor", "No_tumor", "glioma")):
        for one in range(3):
            if kind == "patients":
                slice_of = np.full((20, 24), 10 * number + one, np.uint16)
                write_slice(folder / name / f"{one}.dcm", slice_of, one, SeriesInstanceUID=f"1.2.{number}")
            else:
                _picture(folder / name / f"{number}{one}.png", 10 * number + one)
    seen: list[tuple[bool, list[str]]] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, NewProjectDialog) or window.context.jobs.busy:
            QTimer.singleShot(10, window, look)
            return
        whole = dialog.findChild(QRadioButton, "new_project.classification")
        assert whole is not None
        fields = [field for field in dialog.findChildren(QLineEdit) if field.objectName().startswith("class_rows.")]
        seen.append((whole.isChecked(), [field.text() for field in fields if field.isVisible()]))
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    monkeypatch.setattr("app.shell.project_actions.QFileDialog.getExistingDirectory", lambda *_: str(folder))
    QTimer.singleShot(0, window, look)
    window.context.commands["open_folder"].trigger()
    assert seen == [(False, [""])] if kind == "patients" else [(True, ["glioma", "no tumor"])]


def test_data_and_label_have_one_natural_order(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    places = ["train/10", "train/9", "test/9", "img10", "IMG1", "img2"]
    for number, place in enumerate(places):
        _picture(tmp_path / "in" / f"{place}.png", number)
    _new(window, tmp_path / "n.contorno", "a,b")
    for path in (tmp_path / "in" / "img10.png", tmp_path / "in"):  # one by one: not in their order
        _begin(qtbot, window, path)
        _add(qtbot, window)
    expected = ["10", "IMG1", "img2", "img10", "test/9", "train/9"]
    assert _names(window) == expected
    window.show_tab("label")
    label = window.tab("label")
    assert isinstance(label, LabelTab)
    assert [row.title for row in label.items.list.item_rows()] == expected


def test_the_preview_shows_the_names_that_the_list_will_have(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    for number, patient in enumerate(("patient1", "patient2", "patient3")):
        _picture(tmp_path / "in" / patient / "image.png", number)
    _new(window, tmp_path / "n.contorno", "a,b")
    for path, names in (("in/patient1", ["image"]), ("in", ["image", "patient2/image", "patient3/image"])):
        _begin(qtbot, window, tmp_path / path)
        assert _names(window) == names
        _add(qtbot, window)
        assert [item.name for item in window.context.session.items()] == names


def test_ct_in_a_file_that_does_not_say_so_opens_in_the_window_of_the_body(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    values = np.full((6, 60, 80), -1000, np.int16)
    values[:, 10:50, 20:70] = np.random.default_rng(0).normal(40, 15, (6, 40, 50))
    nib.save(nib.Nifti1Image(values.T, np.diag([-1.0, -1, 3, 1])), tmp_path / "ct.nii.gz")
    with Project.create(tmp_path / "ct.contorno", "binary", parse_classes("a")) as made:
        assert result_of(import_images(made, ImportPlan((tmp_path / "ct.nii.gz",)))).added
    window.open_paths([made.path])
    window.show_tab("label")
    qtbot.waitUntil(lambda: window.context.session.current.image is not None, timeout=PATIENCE)
    label = window.tab("label")
    assert isinstance(label, LabelTab)
    shown = label.scan.canvas.window_level
    assert -60 < shown.low < 40 < shown.high < 140, "the air around is not in it"
    label.scan.canvas.setFocus()
    for key, center in ((Qt.Key.Key_2, -600.0), (Qt.Key.Key_1, 50.0)):
        QTest.keyClick(label.scan.canvas, key, Qt.KeyboardModifier.ShiftModifier)
        assert label.scan.canvas.window_level.center == center
    _rest(qtbot, window)


def _labels(window: MainWindow) -> list[int | None]:
    return [item.label for item in window.context.session.items()]


def test_classes_that_are_given_in_the_table_are_asked_about_in_the_test_set_and_undone(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    for number in range(6):
        _picture(tmp_path / "in" / f"film{number}.png", number)
    with Project.create(tmp_path / "films.contorno", "classification", parse_classes("normal,ill,other")) as made:
        ids = [item.id for item in result_of(import_images(made, ImportPlan((tmp_path / "in",)))).added]
        made.items.set_labels(dict.fromkeys(ids[:5], 0))
        made.items.set_splits(dict.fromkeys(ids[:3], "train") | dict.fromkeys(ids[3:], "test"))  # type: ignore[arg-type]
    window.open_paths([made.path])
    _rest(qtbot, window)
    table, strip = _table(window), window.findChild(QLabel, "strip.text")
    assert strip is not None
    _click_row(window, 0)
    QTest.keyClick(table, Qt.Key.Key_V)  # into validation
    QTest.keyClick(table, Qt.Key.Key_2)
    assert _labels(window) == [1, 0, 0, 0, 0, None] and strip.text() == "1 image has another class."
    QTest.keyClick(table, Qt.Key.Key_A, CONTROL)
    for answer in ("no", "yes"):
        QTest.keyClick(table, Qt.Key.Key_2)
        box = question(window, "test_class_question")
        assert box is not None and box.text().startswith("2 of the images are in the test set and have a class.")
        assert _labels(window) == [1, 0, 0, 0, 0, None], "not before the answer"
        answer_question(qtbot, window, "test_class", answer)
        assert _labels(window) == ([1] * 6 if answer == "yes" else [1, 0, 0, 0, 0, None])
    assert strip.text() == "5 images have another class." and strip.isVisible()
    action = window.findChild(QPushButton, "strip.action")
    assert action is not None
    QTest.mouseClick(action, LEFT)
    assert _labels(window) == [1, 0, 0, 0, 0, None]
    _click_row(window, 4)
    QTest.keyClick(table, Qt.Key.Key_3)
    box = question(window, "test_class_question")
    assert box is not None and box.text() == "film4 is in the test set. Change its class from normal to other?"
    answer_question(qtbot, window, "test_class", "no")
    table.setFocus()
    for labels, split in (([0, 0, 0, 0, 0, None], "val"), ([0, 0, 0, 0, 0, None], "train")):
        QTest.keyClick(table, Qt.Key.Key_Z, CONTROL)
        assert _labels(window) == labels and _sets(window)[0] == split, "the last change first, of whatever kind"
    assert not window.context.commands["undo_sets"].isEnabled()
    _rest(qtbot, window)


def test_a_class_that_is_undone_in_classify_is_not_undone_again_in_data(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    for number in range(3):
        _picture(tmp_path / "in" / f"film{number}.png", number)
    with Project.create(tmp_path / "films.contorno", "classification", parse_classes("normal,ill")) as made:
        assert result_of(import_images(made, ImportPlan((tmp_path / "in",)))).added
    window.open_paths([made.path])
    _rest(qtbot, window)
    _click_row(window, 0)
    for key in (Qt.Key.Key_T, Qt.Key.Key_1, Qt.Key.Key_2):
        QTest.keyClick(_table(window), key)
    assert _labels(window)[0] == 1
    window.show_tab("classify")
    classify = window.tab("classify")
    assert isinstance(classify, ClassifyTab)
    classify.show_mode(LABEL)
    qtbot.waitUntil(lambda: not window.context.jobs.busy, timeout=PATIENCE)
    QTest.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert _labels(window)[0] == 0
    window.show_tab("data")
    _click_row(window, 0)
    seen = []
    for _ in range(2):
        QTest.keyClick(_table(window), Qt.Key.Key_Z, CONTROL)
        seen.append((_labels(window)[0], _sets(window)[0]))
    assert seen == [(None, "train"), (None, "")]
    _rest(qtbot, window)
