"""How long an item was worked on, from the times of its edits."""

import sqlite3
from collections.abc import Callable

import numpy as np
import pytest

from engine.labels.mask import Brush, Mask
from engine.project.items import Item
from engine.project.project import Project

MakeItem = Callable[..., Item]
SHAPE = (1, 150, 140)


def _paint(project: Project, item: int, times: list[float]) -> None:
    """Strokes of the item's mask, made at these times."""
    layer, mask = project.layers.make(item), Mask(np.zeros(SHAPE, np.uint8))
    for number in range(len(times)):
        stroke = mask.begin("Brush")
        stroke.line("axial", 0, (9 + 4 * number, 9), (9 + 4 * number, 99), Brush.round(2), 1)
        project.layers.record(layer, mask, stroke.end())
    database = sqlite3.connect(project.path / "project.db")
    ids = [row[0] for row in database.execute("SELECT id FROM edits WHERE layer = ? ORDER BY id", (layer.id,))]
    database.executemany("UPDATE edits SET made = ? WHERE id = ?", zip(times, ids, strict=True))
    database.commit()
    database.close()


@pytest.mark.parametrize(
    ("times", "seconds"),
    [
        ([100.0], None),  # one stroke tells no time
        ([100.0, 110.0, 140.0], 40.0),
        ([100.0, 110.0, 140.5, 145.5], 15.0),  # the pause of 30.5 s is left out
        ([100.0, 110.0, 50.0, 55.0], 15.0),  # the clock was set back
    ],
)
def test_pauses_are_left_out(project: Project, make_item: MakeItem, times: list[float], seconds: float | None) -> None:
    one = project.items.add(make_item("a", shape=SHAPE)).id
    two = project.items.add(make_item("b", shape=SHAPE)).id
    _paint(project, one, times)
    _paint(project, two, [7.0, 8.0])
    assert project.work_seconds(two) == {two: 1.0}
    assert project.work_seconds() == pytest.approx({two: 1.0} | ({one: seconds} if seconds is not None else {}))


def test_what_was_undone_was_work_and_damage_is_none(project: Project, make_item: MakeItem) -> None:
    item = project.items.add(make_item("a", shape=SHAPE)).id
    _paint(project, item, [100.0, 110.0, 115.0])
    database = sqlite3.connect(project.path / "project.db")
    database.execute("UPDATE edits SET undone = 1 WHERE made = 115")
    database.commit()
    assert project.work_seconds() == {item: 15.0}
    database.execute("UPDATE edits SET made = x'ff' WHERE made = 110")
    database.commit()
    database.close()
    assert project.work_seconds() == {}
