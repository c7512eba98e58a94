"""The table of commands: no two of a tab answer to one key, and what a row names is there."""

from collections import defaultdict

import pytest
from PySide6.QtGui import QKeySequence

import resources
from app.shell.actions import TABLE, TABS
from app.shell.context import AppContext
from app.shell.keys import PROFILES, Keys


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("tab", TABS)
def test_in_each_tab_a_key_belongs_to_one_command(tab: str, profile: str) -> None:
    """Qt runs neither of two commands that share a key."""
    owners: dict[str, list[str]] = defaultdict(list)
    for command in TABLE:
        if not command.tabs or tab in command.tabs:
            for key in Keys(profile).profiled(command):
                owners[QKeySequence(key).toString()].append(command.id)
    assert not {key: ids for key, ids in owners.items() if len(ids) > 1}


def test_ids_are_unique_and_every_icon_and_tab_exists() -> None:
    assert len({command.id for command in TABLE}) == len(TABLE)
    for command in TABLE:
        assert not command.icon or resources.path(f"icons/{command.icon}.svg").is_file(), command.id
        assert set(command.tabs) <= set(TABS), command.id


def test_what_a_service_does_alone_is_done_without_the_window(context: AppContext) -> None:
    alone = ("undo", "redo", "train_next", "pause", "stop", "predict_item", "predict_all")
    assert [id for id in alone if not context.commands.is_handled(id)] == []


def test_who_connects_twice_is_asked_once(context: AppContext) -> None:
    heard: list[str] = []

    def hear() -> None:
        heard.append("about")

    context.commands.connect_to(about=hear)
    context.commands.connect_to(about=hear)
    context.commands["about"].trigger()
    assert heard == ["about"]
