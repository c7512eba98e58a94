"""The dialogs: each edits one thing and gives it back."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.dialogs.about import AboutDialog, show_about, versions
from app.dialogs.export import ask_export
from app.dialogs.importing import ask_folder
from app.dialogs.new_project import NewProjectDialog, ask_new_project
from app.dialogs.settings import ask_settings
from app.dialogs.shortcuts import KEYS, MOUSE, ShortcutsDialog, sections, show_shortcuts
from app.dialogs.table_columns import TableColumnsDialog, ask_columns
from app.shell.actions import TABLE
from app.shell.context import AppContext
from app.shell.settings import Settings
from app.shell.window import MainWindow
from app.tabs.data.tab import DataTab
from engine.project.project import Project
from tests.engine.labels.assist.conftest import click_model as click_model

Show = Callable[[str, QWidget], None]
PATIENCE = 60_000


def meanwhile(owner: QWidget, do: Callable[[QDialog], None]) -> None:
    """Do something in the dialog that is about to open."""

    def found() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        try:
            do(dialog)
        finally:
            if dialog.isVisible():
                dialog.reject()

    QTimer.singleShot(0, owner, found)


def press(dialog: QWidget, name: str) -> None:
    button = dialog.findChild(QAbstractButton, name)
    assert isinstance(button, QAbstractButton) and button.isEnabled(), name
    place = QPoint(12, button.height() // 2)  # where a radio button, too, takes a click
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=place)


def field(dialog: QWidget, name: str) -> QLineEdit:
    found = dialog.findChild(QLineEdit, name)
    assert isinstance(found, QLineEdit), name
    return found


def names(dialog: QWidget) -> list[str]:
    edits = [edit for edit in dialog.findChildren(QLineEdit) if edit.objectName().startswith("class_rows.")]
    return [edit.text() for edit in edits if not edit.isHidden() and edit.isVisibleTo(dialog)]


@pytest.fixture
def owner(qtbot: QtBot) -> QWidget:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.show()
    return window


# New project ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path) -> NewProjectDialog:
    made = NewProjectDialog(None)
    qtbot.addWidget(made)
    field(made, "new_project.place").setText(str(tmp_path))
    made.show()
    return made


def accept(dialog: QDialog) -> QPushButton:
    found = dialog.findChild(QPushButton, f"{dialog.objectName()}.accept")
    assert isinstance(found, QPushButton)
    return found


def hint(dialog: QDialog) -> str:
    found = dialog.findChild(QLabel, "new_project.hint.text")
    assert isinstance(found, QLabel)
    return found.text()


def test_new_project_says_what_is_missing(dialog: NewProjectDialog, tmp_path: Path) -> None:
    assert not accept(dialog).isEnabled() and "name" in hint(dialog)
    field(dialog, "new_project.name").setText("lungs")
    assert not accept(dialog).isEnabled() and "class has no name" in hint(dialog)
    field(dialog, "class_rows.0.name").setText("lung")
    assert accept(dialog).isEnabled() and not hint(dialog)
    for wrong in ("a/b", ".hidden", 'say "so"'):
        field(dialog, "new_project.name").setText(wrong)
        assert not accept(dialog).isEnabled() and accept(dialog).toolTip() == hint(dialog)
    field(dialog, "new_project.name").setText("lungs")
    field(dialog, "new_project.place").setText(str(tmp_path / "nowhere"))
    assert "does not exist" in hint(dialog)
    (tmp_path / "lungs.contorno").mkdir()
    field(dialog, "new_project.place").setText(str(tmp_path))
    assert "already" in hint(dialog)


def test_new_project_gives_back_what_was_asked(dialog: NewProjectDialog, tmp_path: Path) -> None:
    field(dialog, "new_project.name").setText("abdomen")
    press(dialog, "new_project.multiclass")
    assert names(dialog) == ["", ""]
    press(dialog, "class_rows.add")
    for number, name in enumerate(("liver", "spleen", "aorta")):
        field(dialog, f"class_rows.{number}.name").setText(name)
    press(dialog, "class_rows.1.remove")
    found = dialog.value()
    assert found.folder == tmp_path / "abdomen.contorno" and found.task == "multiclass"
    assert [c.name for c in found.classes] == ["liver", "aorta"]
    assert len({c.color for c in found.classes}) == 2
    Project.create(found.folder, found.task, found.classes).close()


def test_the_task_decides_how_many_classes(dialog: NewProjectDialog) -> None:
    press(dialog, "new_project.classification")
    for number, name in enumerate(("normal", "pneumonia")):
        field(dialog, f"class_rows.{number}.name").setText(name)
    cross = dialog.findChild(QAbstractButton, "class_rows.0.remove")
    assert isinstance(cross, QAbstractButton) and not cross.isVisible(), "two classes are the fewest"
    press(dialog, "new_project.binary")
    assert names(dialog) == ["normal"]
    add = dialog.findChild(QPushButton, "class_rows.add")
    assert isinstance(add, QPushButton) and not add.isVisible()
    assert len(dialog.value().classes) == 1
    press(dialog, "new_project.classification")
    assert names(dialog) == ["normal", "pneumonia"], "what was typed is not lost by looking at another task"


def test_tab_goes_from_one_class_name_to_the_next(dialog: NewProjectDialog) -> None:
    press(dialog, "new_project.multiclass")
    press(dialog, "class_rows.add")
    field(dialog, "class_rows.0.name").setFocus()
    for number, name in enumerate(("disc", "vertebra", "cord")):
        edit = dialog.focusWidget()
        assert edit is field(dialog, f"class_rows.{number}.name")
        QTest.keyClicks(edit, name)
        QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert names(dialog) == ["disc", "vertebra", "cord"]
    left = dialog.focusWidget()
    assert isinstance(left, QAbstractButton) and not left.objectName().endswith(".remove")


def test_classes_twice_are_refused(dialog: NewProjectDialog) -> None:
    field(dialog, "new_project.name").setText("x")
    press(dialog, "new_project.multiclass")
    for number in range(2):
        field(dialog, f"class_rows.{number}.name").setText("Liver")
    assert not accept(dialog).isEnabled() and "Liver stands twice" in hint(dialog)


def test_rows_that_stay_empty_are_no_classes(qtbot: QtBot, dialog: NewProjectDialog) -> None:
    field(dialog, "new_project.name").setText("lungs")
    press(dialog, "new_project.multiclass")
    assert not accept(dialog).isEnabled() and "class has no name" in hint(dialog)
    field(dialog, "class_rows.1.name").setText("spleen")
    assert accept(dialog).isEnabled() and not hint(dialog)
    press(dialog, "new_project.classification")
    assert not accept(dialog).isEnabled() and "class has no name" in hint(dialog)  # which needs two
    press(dialog, "new_project.multiclass")
    accept(dialog).click()
    value = dialog.value()
    assert value is not None and [one.name for one in value.classes] == ["spleen"]


def test_return_goes_from_name_to_name_and_then_creates(
    qtbot: QtBot, dialog: NewProjectDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr("app.dialogs.new_project.QFileDialog.getExistingDirectory", lambda *words: asked.append(words))
    qtbot.waitActive(dialog)
    press(dialog, "new_project.multiclass")
    (tmp_path / "own").mkdir()
    place = field(dialog, "new_project.place")
    place.selectAll()
    QTest.keyClicks(place, str(tmp_path / "own"))  # the folder is typed
    name = field(dialog, "new_project.name")
    name.clear()
    QTest.keyClicks(name, "lungs")
    first = field(dialog, "class_rows.0.name")
    first.setFocus()
    QTest.keyClicks(first, "liver")
    QTest.keyClick(first, Qt.Key.Key_Return)
    second = dialog.focusWidget()
    assert isinstance(second, QLineEdit) and second.objectName() == "class_rows.1.name" and dialog.isVisible()
    QTest.keyClicks(second, "spleen")
    QTest.keyClick(second, Qt.Key.Key_Enter)
    assert not asked and not dialog.isVisible() and dialog.result() == QDialog.DialogCode.Accepted
    value = dialog.value()
    assert value.folder == tmp_path / "own" / "lungs.contorno"
    assert [one.name for one in value.classes] == ["liver", "spleen"]


def test_classes_come_from_a_file(
    qtbot: QtBot, dialog: NewProjectDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    field(dialog, "new_project.name").setText("organs")
    choose = "app.dialogs.new_project.QFileDialog.getOpenFileName"
    (tmp_path / "no.txt").write_text("nothing")
    monkeypatch.setattr(choose, lambda *_: (str(tmp_path / "no.txt"), ""))
    press(dialog, "class_rows.file")
    assert "no.txt does not say" in hint(dialog)
    (tmp_path / "a.txt").write_text('5 1 2 3 1 1 1 "Aorta"\n2 0 255 0 1 1 1 "Liver"\n7 9 9 9 1 1 1 "aorta"\n')
    monkeypatch.setattr(choose, lambda *_: (str(tmp_path / "a.txt"), ""))
    press(dialog, "class_rows.file")
    value = dialog.value()
    assert value.task == "multiclass" and accept(dialog).isEnabled()
    assert [(one.name, one.color) for one in value.classes] == [("Liver", "#00FF00"), ("Aorta", "#010203")]


def test_classes_come_from_folders(qtbot: QtBot, context: AppContext, owner: QWidget, tmp_path: Path) -> None:
    images = tmp_path / "chest"
    for name in ("normal", "pneumonia"):
        (images / name).mkdir(parents=True)
        (images / name / "1.png").touch()

    def look(dialog: QDialog) -> None:
        button = dialog.findChild(QRadioButton, "new_project.classification")
        assert isinstance(button, QRadioButton)
        qtbot.waitUntil(button.isChecked, timeout=PATIENCE)
        assert "chest" in hint(dialog)
        accept(dialog).click()

    meanwhile(owner, look)
    wanted = ask_new_project(owner, context.jobs, images)
    assert wanted is not None and wanted.folder == tmp_path / "chest.contorno"
    assert [c.name for c in wanted.classes] == ["normal", "pneumonia"]


def test_another_task_drops_the_names_of_folders(qtbot: QtBot) -> None:
    dialog = NewProjectDialog(None, Path("chest"))
    qtbot.addWidget(dialog)
    dialog.propose(("normal", "pneumonia"))
    assert "chest" in hint(dialog)
    press(dialog, "new_project.multiclass")
    assert [name for name, _ in dialog._rows.pairs()] == ["", ""] and "chest" not in hint(dialog)


def test_names_of_folders_that_were_changed_stay_with_another_task(qtbot: QtBot) -> None:
    dialog = NewProjectDialog(None, Path("chest"))
    qtbot.addWidget(dialog)
    dialog.propose(("normal", "pneumonia"))
    dialog._rows._shown()[0].edit.setText("lung")
    press(dialog, "new_project.multiclass")
    assert [name for name, _ in dialog._rows.pairs()] == ["lung", "pneumonia"]


def test_names_of_folders_do_not_replace_what_was_answered(qtbot: QtBot) -> None:
    dialog = NewProjectDialog(None, Path("chest"))
    qtbot.addWidget(dialog)
    field(dialog, "class_rows.0.name").setText("lung")
    dialog.propose(("normal", "pneumonia"))
    assert dialog.value().task == "binary" and field(dialog, "class_rows.0.name").text() == "lung"


def test_giving_up_gives_nothing(context: AppContext, owner: QWidget) -> None:
    meanwhile(owner, QDialog.reject)
    assert ask_new_project(owner, context.jobs) is None


def test_a_dialog_that_is_closed_is_gone(qtbot: QtBot, context: AppContext, owner: QWidget) -> None:
    for ask in (
        lambda: ask_new_project(owner, context.jobs),
        lambda: ask_settings(Settings(), owner, context.jobs),
        lambda: show_shortcuts(owner),
        lambda: show_about(owner),
    ):
        meanwhile(owner, QDialog.reject)
        ask()
        qtbot.waitUntil(lambda: not owner.findChildren(QDialog))


# Settings ------------------------------------------------------------------------------------------------------------------


def test_settings_come_back_changed(context: AppContext, owner: QWidget) -> None:
    before = Settings(reader="A", theme="dark")

    def change(dialog: QDialog) -> None:
        field(dialog, "settings.reader").setText("Dr. Mora")
        field(dialog, "settings.reader").textEdited.emit("Dr. Mora")
        language = dialog.findChild(QComboBox, "settings.language")
        assert isinstance(language, QComboBox)
        assert [language.itemText(at) for at in range(3)] == ["As the computer", "English", "Español"]
        language.setCurrentIndex(2)
        accept(dialog).click()

    meanwhile(owner, change)
    assert ask_settings(before, owner, context.jobs) == Settings(language="es", theme="dark", reader="Dr. Mora")
    meanwhile(owner, QDialog.reject)
    assert ask_settings(before, owner, context.jobs) is None


def test_a_click_model_is_shown_with_what_it_is_and_another_network_is_refused(
    qtbot: QtBot, context: AppContext, owner: QWidget, click_model: Path, tmp_path: Path
) -> None:
    def told(dialog: QDialog, text: str) -> bool:
        label = dialog.findChild(QLabel, "settings.click_model.told")
        return isinstance(label, QLabel) and text in label.text()

    def choose(dialog: QDialog) -> None:
        edit = field(dialog, "settings.click_model")
        assert told(dialog, "fetches none")
        for folder, text in ((tmp_path, "no .onnx file"), (click_model, "encoder.onnx · SHA-256")):
            edit.setFocus()
            edit.selectAll()
            QTest.keyClicks(edit, str(folder))
            QTest.keyClick(edit, Qt.Key.Key_Return)
            assert not accept(dialog).isEnabled()  # until it is known
            qtbot.waitUntil(partial(told, dialog, text))
        licence = dialog.findChild(QPlainTextEdit, "settings.click_model.licence")
        assert isinstance(licence, QPlainTextEdit) and licence.isVisible()
        assert licence.toPlainText() == "Do what you like."
        accept(dialog).click()

    meanwhile(owner, choose)
    assert ask_settings(Settings(), owner, context.jobs) == Settings(click_model=str(click_model))

    def clear(dialog: QDialog) -> None:
        edit = field(dialog, "settings.click_model")
        edit.setFocus()
        edit.selectAll()
        QTest.keyClick(edit, Qt.Key.Key_Delete)
        QTest.keyClick(edit, Qt.Key.Key_Return)
        assert told(dialog, "fetches none")

    meanwhile(owner, clear)
    assert ask_settings(Settings(click_model=str(click_model)), owner, context.jobs) == Settings()


# Export --------------------------------------------------------------------------------------------------------------------


def test_export_writes_the_masks(
    qtbot: QtBot, context: AppContext, project: Path, tmp_path: Path, owner: QWidget
) -> None:
    context.session.open_project(project)

    def choose(dialog: QDialog) -> None:
        split = dialog.findChild(QComboBox, "export.split")
        assert isinstance(split, QComboBox)
        split.setCurrentIndex(split.findData("train"))
        field(dialog, "export.out").setText("")
        assert not accept(dialog).isEnabled()
        field(dialog, "export.out").setText(str(tmp_path / "out"))
        accept(dialog).click()

    meanwhile(owner, choose)
    with qtbot.waitSignal(context.session.notification, timeout=PATIENCE) as told:
        ask_export(context, owner)
    assert told.args == ["4 files were written to out.", "good"]
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == ["a.png", "b.png", "c.png", "contorno.json", "d.png"]
    mask = cv2.imdecode(np.frombuffer((tmp_path / "out" / "a.png").read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED)
    assert mask is not None and set(np.unique(mask)) == {0, 1, 2}


def test_export_that_cannot_be_written_is_said(
    qtbot: QtBot, context: AppContext, project: Path, tmp_path: Path, owner: QWidget
) -> None:
    context.session.open_project(project)
    (tmp_path / "file").touch()

    def choose(dialog: QDialog) -> None:
        field(dialog, "export.out").setText(str(tmp_path / "file" / "out"))
        accept(dialog).click()

    meanwhile(owner, choose)
    with qtbot.waitSignal(context.session.failed, timeout=PATIENCE):
        ask_export(context, owner)


def test_without_a_project_there_is_nothing_to_export(context: AppContext, owner: QWidget) -> None:
    ask_export(context, owner)
    assert QApplication.activeModalWidget() is None


# Import --------------------------------------------------------------------------------------------------------------------


def test_no_folder_is_chosen(owner: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.dialogs.importing.QFileDialog.getExistingDirectory", lambda *_: "")
    assert ask_folder(owner) == []
    monkeypatch.setattr("app.dialogs.importing.QFileDialog.getExistingDirectory", lambda *_: str(tmp_path))
    assert ask_folder(owner) == [tmp_path]


def test_a_folder_dropped_on_the_window_becomes_a_project(qtbot: QtBot, context: AppContext, tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    for at, name in enumerate(("normal", "pneumonia") * 2):
        (tmp_path / "chest" / name).mkdir(parents=True, exist_ok=True)
        picture = rng.integers(0, 255, (30, 30)).astype(np.uint8)
        (tmp_path / "chest" / name / f"{at}.png").write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    window = MainWindow()
    window.fill(context.session, context.trainings, context.jobs, context.thumbnails)
    qtbot.addWidget(window)
    window.show()

    def agree(dialog: QDialog) -> None:
        qtbot.waitUntil(lambda: names(dialog)[:2] == ["normal", "pneumonia"], timeout=PATIENCE)
        accept(dialog).click()

    meanwhile(window, agree)
    window.open_paths([tmp_path / "chest"])
    tab = window.tab("data")
    assert isinstance(tab, DataTab) and context.session.task == "classification"
    qtbot.waitUntil(lambda: not tab.contents.step.busy, timeout=PATIENCE)
    with qtbot.waitSignal(context.session.import_finished, timeout=PATIENCE):
        press(tab, "import.add")
    labels = {item.name: item.label for item in context.session.items()}
    assert labels == {"0": 0, "1": 1, "2": 0, "3": 1}
    qtbot.waitUntil(lambda: not tab.contents.look.looking and tab.contents.look.findings is not None, timeout=PATIENCE)
    context.session.close_project()
    assert context.jobs.close(20)


# Keys and mouse, about -----------------------------------------------------------------------------------------------------


def test_the_sheet_holds_every_command_with_keys() -> None:
    lines = [line for _, found in sections() for line in found]
    texts = {line.text for line in lines}
    assert {command.text.rstrip("…") for command in TABLE} <= texts
    assert {text for _, text, _ in (*KEYS, *MOUSE)} <= texts
    for _, found in sections():
        assert len({line.text for line in found}) == len(found), "nothing stands twice in a section"
    digits = next(line for line in lines if line.text == "Class of the digit")
    assert digits.keys == ("1 … 9",)


def test_escape_leaves_the_sheet_once_its_search_is_empty(qtbot: QtBot, owner: QWidget) -> None:
    sheet = ShortcutsDialog(owner)
    sheet.show()
    search = field(sheet, "shortcuts.search")
    QTest.keyClicks(search, "undo")
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert sheet.isVisible() and not search.text()
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_a_row_of_the_sheet_names_its_tab(qtbot: QtBot) -> None:
    by_key = {(line.text, line.where) for _, found in sections() for line in found if "E" in line.keys}
    assert by_key == {
        ("Eraser", "Label"),
        ("Put into the test set", "Data"),
        ("Correct in Label", "Review"),
    }
    assert next(line for _, found in sections() for line in found if line.text == "Undo").where == "Label, Review"
    sheet = ShortcutsDialog(None)
    qtbot.addWidget(sheet)
    sheet.show()
    QTest.keyClicks(field(sheet, "shortcuts.search"), "correct review")
    assert {"Correct in Label", "Review"} <= {label.text() for label in sheet.findChildren(QLabel) if label.isVisible()}


def test_the_sheet_says_what_the_mouse_does_and_where() -> None:
    mouse = next(found for title, found in sections() if title == "Mouse")
    by_gesture = {(gesture, line.where): line.text for line in mouse for gesture in line.keys}
    assert by_gesture["Ctrl + Shift + move", "Label"] == by_gesture["Shift + move", "Label"]
    painting = [line for line in mouse if any(word in line.text for word in ("rase", "olygon", "mart outline"))]
    assert painting and {line.where for line in painting} == {"Label"}, "Review and Classify paint nothing"
    assert by_gesture["Right button", ""], "there it zooms"
    parts = next(found for title, found in sections() if title == "In its place")
    assert {line.where for line in parts if "polygon" in line.text or "list of classes" in line.text} == {"Label"}


@pytest.mark.parametrize("size", [(1440, 900), (1000, 640)])
def test_the_sheet_is_never_wider_than_its_window(qtbot: QtBot, size: tuple[int, int]) -> None:
    owner = QWidget()
    qtbot.addWidget(owner)
    owner.resize(*size)
    sheet = ShortcutsDialog(owner)
    with qtbot.waitExposed(sheet):
        sheet.show()
    area = sheet.findChild(QScrollArea)
    inner = area.widget() if area is not None else None
    assert area is not None and inner is not None and inner.width() <= area.viewport().width()


def test_the_sheet_is_searched(qtbot: QtBot) -> None:
    sheet = ShortcutsDialog(None)
    qtbot.addWidget(sheet)
    sheet.show()
    QTest.keyClicks(field(sheet, "shortcuts.search"), "erase")
    seen = {label.text() for label in sheet.findChildren(QLabel) if label.isVisible()}
    assert "Eraser" in seen and "Brush: erase; fill: empty the area" in seen and "Brush" not in seen
    QTest.keyClicks(field(sheet, "shortcuts.search"), "xyz")
    assert any(label.text() == "Nothing is called so." and label.isVisible() for label in sheet.findChildren(QLabel))


def test_about_names_versions_and_can_copy_them(qtbot: QtBot) -> None:
    about = AboutDialog(None)
    qtbot.addWidget(about)
    about.show()
    shown = " ".join(label.text() for label in about.findChildren(QLabel))
    assert "Nothing leaves this computer" in shown and "MIT" in shown
    found = dict(versions())
    assert found["NumPy"] == np.__version__ and found["NumPy"] in shown
    press(about, "about.copy")
    assert f"NumPy {np.__version__}" in QGuiApplication.clipboard().text()


def test_columns_of_a_table_show_what_they_hold(owner: QWidget, tmp_path: Path) -> None:
    table = tmp_path / "classes.csv"
    table.write_text("file,label,name\n001.bmp,2,lymphocyte\n")
    said: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, TableColumnsDialog)
        example, value = (
            dialog.findChild(QLabel, "table_columns.example"),
            dialog.findChild(QComboBox, "table_columns.value"),
        )
        assert example is not None and value is not None
        for name in ("label", "name"):
            value.setCurrentText(name)
            said.append(example.accessibleName())
        accept(dialog).click()

    QTimer.singleShot(0, owner, look)
    found = ask_columns(owner, table, "class")
    assert found is not None and found.value == "name"
    assert said == ["First row: 001.bmp → 2", "First row: 001.bmp → lymphocyte"]
