"""Steps of the window's work: at once, or one in each turn of the event loop."""

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from app.tabs.parts.in_turns import MANY, InTurns


@pytest.fixture
def turns(qapp: QObject) -> InTurns:
    return InTurns(qapp)


def test_of_few_items_all_is_done_at_once(turns: InTurns) -> None:
    done = list[int]()
    turns.do([lambda: done.append(1), lambda: done.append(2)], MANY - 1)
    assert done == [1, 2]


def test_of_many_others_come_between(qtbot: QtBot, turns: InTurns) -> None:
    done = list[str]()

    def press_a_key() -> None:
        QTimer.singleShot(0, turns, lambda: done.append("a key"))

    turns.do([press_a_key, lambda: done.append("second"), lambda: done.append("third")], MANY)
    assert not done
    qtbot.waitUntil(lambda: len(done) == 3)
    assert done.index("a key") < done.index("third")


def test_asked_anew_the_rest_is_dropped(qtbot: QtBot, turns: InTurns) -> None:
    done = list[str]()
    turns.do([lambda: done.append("old")], MANY)
    turns.do(
        [lambda: turns.do([lambda: done.append("a"), lambda: done.append("b")], MANY), lambda: done.append("c")], MANY
    )
    qtbot.waitUntil(lambda: "b" in done)
    assert done == ["a", "b"]


def test_what_is_left_can_be_had_at_once_or_not_at_all(turns: InTurns) -> None:
    done = list[int]()
    turns.do([lambda: done.append(1), lambda: done.append(2)], MANY)
    turns.finish()
    assert done == [1, 2]
    turns.do([lambda: done.append(3), lambda: done.append(4)], MANY)
    turns.drop()
    turns.finish()
    assert done == [1, 2]


def test_what_is_added_comes_after_the_rest(qtbot: QtBot, turns: InTurns) -> None:
    done = list[int]()
    turns.do([lambda: done.append(1), lambda: done.append(2)], MANY)
    turns.add([lambda: done.append(3)], MANY)
    assert not done
    qtbot.waitUntil(lambda: done == [1, 2, 3])
