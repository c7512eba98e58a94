"""Profiles of keys and a person's changes: what is in force, what is refused, what is kept."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from app.shell import keys, settings
from app.shell.actions import TABLE, Command
from app.shell.context import AppContext
from app.shell.keys import PROFILES, Keys

BY_ID = {command.id: command for command in TABLE}


def command(id: str) -> Command:
    return BY_ID[id]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_names_commands_by_keys_that_can_be_pressed(profile: str) -> None:
    assert set(PROFILES[profile]) <= set(BY_ID)
    for id in BY_ID:
        for key in Keys(profile).profiled(command(id)):
            assert QKeySequence(key).toString() == key, f"{key} of {id} is not written as Qt writes it"
            assert not Keys(profile, {id: ()}).refusal(command(id), key, TABLE), f"{key} of {id}"


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_leaves_nothing_without_keys_that_had_some(profile: str) -> None:
    found = Keys(profile).in_force(TABLE)
    assert {id for id, each in found.items() if not each} <= {each.id for each in TABLE if not each.keys}


def test_a_key_is_refused_where_another_command_of_the_same_tab_has_it() -> None:
    own = Keys()
    assert own.refusal(command("brush"), "E", TABLE) == "E is taken by “Eraser”. Give that other keys first."
    assert "New project from images" in own.refusal(command("brush"), "Ctrl+Shift+O", TABLE), "that is everywhere"
    assert "Brush" in own.refusal(command("open_demo"), "B", TABLE)
    assert not own.refusal(command("set_train"), "B", TABLE), "another tab"
    assert not own.refusal(command("brush"), "B", TABLE), "its own"
    freed = own.changed(command("eraser"), ["Ctrl+Shift+E"])
    assert not freed.refusal(command("brush"), "E", TABLE)


@pytest.mark.parametrize("key", ["Tab", "Shift+Tab", "Return", "Enter", "Esc", "W", "Space"])
def test_keys_that_the_scan_needs_are_not_given_away(key: str) -> None:
    assert key in Keys().refusal(command("brush"), key, TABLE)
    assert bool(Keys().refusal(command("set_train"), key, TABLE)) == (key not in ("W", "Space")), "no scan is there"


def test_what_a_person_chose_has_the_key_before_what_came_later() -> None:
    """As if a new version gave the table a key that was free when it was chosen."""
    chosen = Keys(changes={"brush": ("E",), "approve": ("F1",)})
    found = chosen.in_force(TABLE)
    assert found["brush"] == ("E",) and found["eraser"] == () and found["correct"] == ("E",), "Review keeps its own"
    assert found["approve"] == ("F1",) and found["shortcuts"] == ()


def test_choices_are_kept_and_taken_back() -> None:
    assert keys.load() == Keys()
    wanted = Keys("napari").changed(command("brush"), ["Ctrl+Shift+F5"]).changed(command("undo"), [])
    keys.save(wanted)
    assert keys.load() == wanted
    assert wanted.changed(command("brush"), ["2", "P"]).changes == {"undo": ()}, "as in the profile is no change"


@pytest.mark.parametrize(
    "text", ["", "nonsense", "[]", '["napari"]', '["napari", 3]', '["napari", {"brush": 3}]', "[" * 99999]
)
def test_what_cannot_be_read_is_the_programs_own(text: str) -> None:
    settings.set_keys(text)
    assert keys.load() == Keys()


def test_a_profile_that_there_is_not_keeps_the_changes() -> None:
    settings.set_keys('["Photoshop", {"brush": ["Ctrl+9", ""]}]')
    assert keys.load() == Keys(changes={"brush": ("Ctrl+9",)})


def test_keys_are_in_force_at_once_with_real_presses(qtbot: QtBot, context: AppContext) -> None:
    window = context.commands.parent()
    assert isinstance(window, QMainWindow)
    with qtbot.waitExposed(window):
        window.show()
    pressed: list[str] = []
    context.commands.connect_to(
        full_screen=lambda: pressed.append("full screen"), columns=lambda: pressed.append("columns")
    )
    columns: QAction = context.commands["columns"]
    keys.save(Keys(changes={"full_screen": ("Ctrl+B",), "columns": ("F11",)}))
    QTest.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(window, Qt.Key.Key_F11)
    assert pressed == ["full screen", "columns"] and columns.toolTip().endswith("F11")
    keys.save(Keys())
    QTest.keyClick(window, Qt.Key.Key_F11)
    assert pressed[2:] == ["full screen"] and columns.toolTip().endswith("Ctrl+B")
