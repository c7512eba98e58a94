"""Sets, classes and modalities that items are given, and taken back again."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.services.assignments import Assignments
from app.services.project_session import ProjectSession
from app.shell.context import AppContext
from engine.labels.classes import parse_classes


@pytest.fixture
def opened(qtbot: QtBot, context: AppContext, project: Path) -> ProjectSession:
    """The six shapes a to f, open."""
    with qtbot.waitSignal(context.session.current.image_changed, timeout=30_000):
        context.session.open_project(project)
    return context.session


def splits(session: ProjectSession) -> list[str]:
    """As the project has them."""
    assert session.project is not None and session.items() == session.project.items.all()
    return [item.split for item in session.items()]


def test_changes_of_sets_are_taken_back_one_by_one_the_last_one_first(qtbot: QtBot, opened: ProjectSession) -> None:
    given, first = opened.assignments, splits(opened)
    assert not given.may_undo
    with qtbot.waitSignal(given.sets_moved) as moved:
        given.set_splits({1: "test", 2: "val", 3: "train"})
    assert moved.args == [2], "the third was there already"
    second = splits(opened)
    given.set_splits({1: "val"})
    given.undo()
    assert splits(opened) == second
    given.undo()
    assert splits(opened) == first and not given.may_undo


def test_items_that_were_removed_since_stay_away(opened: ProjectSession) -> None:
    opened.assignments.set_splits({1: "test", 2: "test"})
    opened.remove_items([1])
    opened.assignments.undo()
    assert [item.id for item in opened.items()] == [2, 3, 4, 5, 6] and splits(opened)[0] == "train"


def test_classes_are_taken_back_past_a_change_of_sets_until_they_have_other_places(
    qtbot: QtBot, context: AppContext, shades: Path
) -> None:
    session = context.session
    with qtbot.waitSignal(session.current.image_changed, timeout=30_000):
        session.open_project(shades)
    given, (one, other) = session.assignments, session.items()[:2]
    assert (one.label, other.label) == (0, 1)
    given.give_class([one.id, other.id], 1)
    given.set_splits({one.id: "test"})
    assert given.undo_labels() == [one.id] and session.items()[0].label == 0 and session.items()[0].split == "test"
    given.give_class([one.id], 1)
    session.set_classes(parse_classes("dark,bright,odd"))
    assert given.may_undo_labels
    with qtbot.waitSignal(session.class_removal_ended, timeout=30_000):
        session.remove_class(3)
    assert not given.may_undo_labels and given.undo_labels() == [] and given.may_undo, "the set can be taken back yet"


def test_another_project_has_nothing_to_take_back(opened: ProjectSession, tmp_path: Path) -> None:
    given: Assignments = opened.assignments
    given.set_splits({1: "test"})
    opened.new_project(tmp_path / "other", "binary", opened.classes[:1])
    assert not given.may_undo
