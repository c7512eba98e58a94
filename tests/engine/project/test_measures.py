"""Measures in a project: kept with their item, gone with it, and never a reason not to open."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from engine.labels.measuring import Measure
from engine.project.items import Item
from engine.project.project import Project

MakeItem = Callable[..., Item]
LINE = Measure("distance", "coronal", 3, ((1.25, -2.0), (1 / 3, 8.0)))
REGION = Measure("ellipse", "axial", 0, ((0.0, 0.0), (5.0, 9.5)))


def test_they_come_back_exactly_and_by_item(project: Project, make_item: MakeItem) -> None:
    one, two = project.items.add(make_item("a")).id, project.items.add(make_item("b")).id
    first, _, third = (
        project.measures.add(one, LINE),
        project.measures.add(two, LINE),
        project.measures.add(one, REGION),
    )
    path = project.path
    project.close()
    with Project.open(path) as again:
        assert [(kept.id, kept.measure) for kept in again.measures.of(one)] == [(first, LINE), (third, REGION)]
        again.measures.remove(first)
        assert [kept.measure for kept in again.measures.of(one)] == [REGION]
        again.items.remove([one])
        assert again.measures.of(one) == [] and len(again.measures.of(two)) == 1


def test_a_damaged_one_is_told_and_the_others_stay(project: Project, make_item: MakeItem) -> None:
    item = project.items.add(make_item("a")).id
    for _ in range(5):
        project.measures.add(item, LINE)
    path = project.path
    project.close()
    database = sqlite3.connect(path / "project.db")
    for id, column, value in ((1, "points", "[[1]]"), (2, "kind", "volume"), (3, "plane", b"\xff"), (4, "place", "x")):
        database.execute(f"UPDATE measures SET {column} = ? WHERE id = ?", (value, id))
    database.commit()
    database.close()
    with Project.open(path) as again:
        assert [kept.id for kept in again.measures.of(item)] == [5]
        assert [note.values["count"] for note in again.damage() if "measures" in note.message] == [4]


def test_a_project_of_before_gets_its_table(project: Project, make_item: MakeItem, tmp_path: Path) -> None:
    item = project.items.add(make_item("a")).id
    path = project.path
    project.close()
    database = sqlite3.connect(path / "project.db")
    for table in ("measures", "stamps"):
        database.execute(f"DROP TABLE {table}")
    database.execute("ALTER TABLE classes DROP COLUMN code")
    database.execute("ALTER TABLE items DROP COLUMN difficulty")
    database.execute("PRAGMA user_version = 8")
    database.commit()
    database.close()
    with Project.open(path, write=False) as read:
        assert read.measures.of(item) == []
    with Project.open(path) as again:
        again.measures.add(item, REGION)
        assert [kept.measure for kept in again.measures.of(item)] == [REGION]
