"""What is read to be looked at beside the open item: in the order it was asked for, within the memory, masks as they are now."""

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.services.side_reader import SideReader
from app.shell.context import AppContext
from engine.labels.mask import Mask
from engine.project.items import Item
from engine.project.layers import pack_edit

_BYTES = 48 * 64 * 5  # of one picture with its mask, at most


@pytest.fixture
def reader(context: AppContext, project: Path) -> SideReader:
    context.session.open_project(project)
    return SideReader(context.session, context.jobs, context.session)


@pytest.fixture
def items(context: AppContext, reader: SideReader) -> list[Item]:
    return context.session.items()


def there(reader: SideReader, items: list[Item]) -> str:
    return "".join(item.name for item in items if reader.get(item.id) is not None)


def test_what_was_asked_for_last_is_held_and_the_rest_let_go_of(
    qtbot: QtBot, reader: SideReader, items: list[Item]
) -> None:
    assert reader.want(items[:3]) == 3
    qtbot.waitUntil(lambda: there(reader, items) == "abc")
    kept = reader.get(items[2].id)
    reader.want(items[2:4])
    assert there(reader, items) == "c" and reader.get(items[2].id) is kept
    qtbot.waitUntil(lambda: there(reader, items) == "cd")
    assert kept is not None and kept.image.shape == items[2].shape and kept.labels is not None and kept.labels.any()


def test_masks_that_nobody_looks_at_are_not_read(qtbot: QtBot, context: AppContext, items: list[Item]) -> None:
    reader = SideReader(context.session, context.jobs, context.session, masks=False)
    reader.want(items[:1])
    qtbot.waitUntil(lambda: there(reader, items) == "a")
    kept = reader.get(items[0].id)
    assert kept is not None and kept.labels is None and context.session.project is not None
    assert items[0].id in context.session.project.layers.masked()


def test_no_more_than_the_memory_takes(
    qtbot: QtBot, reader: SideReader, items: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.side_reader.budget", lambda: 2 * _BYTES)
    assert reader.want(items) == 2
    qtbot.waitUntil(lambda: there(reader, items) == "ab")
    monkeypatch.setattr("app.services.side_reader.budget", lambda: 1)
    assert reader.want(items[4:]) == 1  # whether one alone is too large, its reader says
    qtbot.waitUntil(lambda: there(reader, items) == "e")


def test_a_mask_that_changed_is_read_again_and_its_image_is_not(
    qtbot: QtBot, context: AppContext, reader: SideReader, items: list[Item]
) -> None:
    reader.want(items[:1])
    qtbot.waitUntil(lambda: there(reader, items) == "a")
    before, project = reader.get(items[0].id), context.session.project
    assert before is not None and before.labels is not None and project is not None
    mask = Mask(before.labels.copy())
    edit = mask.replace_with("all", np.full(items[0].shape, 2, np.uint8))
    project.layers.keep(items[0].id, pack_edit(mask, edit, ()))
    reader.repainted(items[0].id)
    assert reader.get(items[0].id) is None  # as it was is not as it is
    reader.want(items[:1])
    qtbot.waitUntil(lambda: there(reader, items) == "a")
    after = reader.get(items[0].id)
    assert after is not None and after.labels is not None and (after.labels == 2).all() and after.image is before.image


def test_one_that_is_lost_is_said_once_and_the_others_come(qtbot: QtBot, reader: SideReader, items: list[Item]) -> None:
    Path(items[0].source.files[0]).unlink()
    with qtbot.waitSignal(reader.failed) as failed:
        reader.want(items[:2])
    assert failed.args is not None and failed.args[0] == items[0].id
    qtbot.waitUntil(lambda: there(reader, items) == "b")
    assert reader.lost == {items[0].id}
    with qtbot.assertNotEmitted(reader.failed):
        reader.want(items[:3])
        qtbot.waitUntil(lambda: there(reader, items) == "bc")


def test_another_project_ends_it(qtbot: QtBot, context: AppContext, reader: SideReader, items: list[Item]) -> None:
    reader.want(items)
    context.session.close_project()
    assert there(reader, items) == ""
    qtbot.waitUntil(lambda: not context.jobs.busy)
    assert there(reader, items) == ""
