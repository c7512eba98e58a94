"""The dialog of keys, with real presses."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel
from pytestqt.qtbot import QtBot

from app.dialogs.keys import KeysDialog
from app.dialogs.shortcuts import ShortcutsDialog, sections
from app.shell import keys
from app.shell.actions import TABLE
from app.shell.keys import Keys

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def dialog(qtbot: QtBot) -> KeysDialog:
    made = KeysDialog(None)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def click(dialog: QDialog, name: str) -> None:
    found = dialog.findChild(QAbstractButton, name)
    assert found is not None and found.isEnabled(), name
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def shown(dialog: KeysDialog, id: str) -> str:
    return next(row.keys for row in dialog.table.rows() if row.id == id)


def pick(dialog: KeysDialog, id: str) -> None:
    dialog.table.set_current(id)
    dialog.table.setFocus()


def test_it_lists_every_command_with_its_keys(dialog: KeysDialog) -> None:
    assert [row.id for row in dialog.table.rows()] == [command.id for command in TABLE]
    assert shown(dialog, "brush") == "B" and shown(dialog, "undo") == "Ctrl+Z   Z"
    digits = {row.text for row in dialog.table.rows() if row.text.startswith("Class of the digit")}
    assert len(digits) == 9, "each says which digit it is"


def test_what_is_typed_at_once_is_looked_for_and_return_takes_nothing(dialog: KeysDialog) -> None:
    held = dialog.focusWidget()
    assert held is dialog.search
    QTest.keyClicks(held, "larger brush")
    QTest.keyClick(held, Qt.Key.Key_Return)
    assert [row.id for row in dialog.table.rows()] == ["larger_brush"] and dialog.profile.currentText() == "Contorno"
    assert dialog.isVisible()


def test_keys_are_changed_by_pressing_them(dialog: KeysDialog) -> None:
    pick(dialog, "brush")
    click(dialog, "keys.other")
    QTest.keyPress(dialog.field, Qt.Key.Key_Control, CTRL)
    assert dialog.field.listens, "a modifier alone is only the beginning"
    QTest.keyClick(dialog.field, Qt.Key.Key_F5, CTRL | SHIFT)
    assert shown(dialog, "brush") == "Ctrl+Shift+F5" and not dialog.field.listens
    click(dialog, "keys.more")
    QTest.keyClick(dialog.field, Qt.Key.Key_B)
    assert shown(dialog, "brush") == "Ctrl+Shift+F5   B"
    assert keys.load() == Keys(), "a draft"
    click(dialog, "keys_dialog.accept")
    assert keys.load() == Keys(changes={"brush": ("Ctrl+Shift+F5", "B")})


def test_return_on_a_row_asks_for_its_keys_and_closes_nothing(dialog: KeysDialog) -> None:
    pick(dialog, "brush")
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    assert dialog.isVisible() and dialog.field.listens
    QTest.keyClick(dialog.field, Qt.Key.Key_Tab)
    assert "no command can have it" in dialog.told.text() and shown(dialog, "brush") == "B"
    QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    QTest.keyClick(dialog.field, Qt.Key.Key_Escape)
    assert dialog.isVisible() and shown(dialog, "brush") == "B"


def test_a_conflict_is_refused_in_words(dialog: KeysDialog) -> None:
    pick(dialog, "brush")
    click(dialog, "keys.other")
    QTest.keyClick(dialog.field, Qt.Key.Key_E)
    assert dialog.told.text() == "E is taken by “Eraser”. Give that other keys first." and shown(dialog, "brush") == "B"
    pick(dialog, "eraser")
    assert dialog.told.text() == "", "that was about another one"
    click(dialog, "keys.none")
    pick(dialog, "brush")
    click(dialog, "keys.other")
    QTest.keyClick(dialog.field, Qt.Key.Key_E)
    assert shown(dialog, "brush") == "E" and shown(dialog, "eraser") == ""
    pick(dialog, "eraser")
    click(dialog, "keys.reset")
    assert "Brush" in dialog.told.text() and shown(dialog, "eraser") == ""
    pick(dialog, "brush")
    click(dialog, "keys.reset")
    pick(dialog, "eraser")
    click(dialog, "keys.reset")
    assert dialog.draft == Keys()


def test_a_profile_is_chosen_and_all_of_it_taken_back(dialog: KeysDialog) -> None:
    dialog.profile.setFocus()
    QTest.keyClicks(dialog.profile, "nap")
    assert (
        dialog.draft.profile == "napari" and shown(dialog, "brush") == "2   P" and shown(dialog, "class_2") == "Alt+2"
    )
    pick(dialog, "brush")
    click(dialog, "keys.none")
    click(dialog, "keys.reset_all")
    assert dialog.draft == Keys("napari")
    click(dialog, "keys_dialog.cancel")
    assert keys.load() == Keys()


def test_the_list_is_searched_by_name_and_key(dialog: KeysDialog) -> None:
    QTest.keyClicks(dialog.search, "ctrl+shift+z")
    assert [row.id for row in dialog.table.rows()] == ["redo"]
    assert dialog.table.current_row() is not None


def test_the_sheet_shows_the_keys_in_force(qtbot: QtBot) -> None:
    sheet = ShortcutsDialog(None)
    qtbot.addWidget(sheet)
    sheet.show()

    def change(dialog: KeysDialog) -> None:
        pick(dialog, "brush")
        click(dialog, "keys.other")
        QTest.keyClick(dialog.field, Qt.Key.Key_F7)
        click(dialog, "keys_dialog.accept")

    meanwhile(change)
    click(sheet, "shortcuts.change")
    assert next(line.keys for _, found in sections() for line in found if line.text == "Brush") == ("F7",)
    assert "F7" in {label.text() for label in sheet.findChildren(QLabel) if label.isVisible()}


def meanwhile(do: Callable[[KeysDialog], None]) -> None:
    """Do that with the dialog as soon as it stands there."""

    def found() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, KeysDialog):
            do(dialog)
        else:
            QTimer.singleShot(10, found)

    QTimer.singleShot(0, found)
