"""Damaged rows of a project's database: each is said to be damaged, and the rest of the project opens."""

import re
import sqlite3
import tracemalloc
import zlib
from collections.abc import Callable

import numpy as np
import pytest

from engine.config import TrainConfig
from engine.errors import EngineError
from engine.project.codec import TILE, decode_labels
from engine.project.project import Project

Draw = Callable[[int], tuple[np.ndarray, np.ndarray]]
MakeProject = Callable[..., Project]
Damage = Callable[[str, str, str], Project]


@pytest.fixture
def damage(draw: Draw, make_project: MakeProject, request: pytest.FixtureRequest) -> Damage:
    """A project of the items i0 and i1 and the runs "first" and "second", one value of the first row of a table written over."""

    def damaged(table: str, column: str, value: str) -> Project:
        made = make_project([(*draw(0), "train"), (*draw(1), "train")])
        for name in ("first", "second"):
            made.runs.add(TrainConfig(), name)
        made.close()
        database = sqlite3.connect(made.path / "project.db")
        with database:
            rows = database.execute(
                f"UPDATE {table} SET {column} = ? WHERE rowid = (SELECT min(rowid) FROM {table})", (value,)
            )
            assert rows.rowcount == 1
        database.close()
        project = Project.open(made.path)
        request.addfinalizer(project.close)
        return project

    return damaged


@pytest.mark.parametrize(
    ("column", "value"),
    [("spacing", "[1.0, x"), ("notes", "{"), ("notes", '["{nix}"]')],
    ids=["spacing", "notes", "notes of another form"],
)
def test_rest_of_the_items_is_listed(damage: Damage, column: str, value: str) -> None:
    assert "i1" in [item.name for item in damage("items", column, value).items.all()]


def test_note_that_lacks_its_values_is_shown_somehow(damage: Damage) -> None:
    project = damage("items", "notes", '[["{x} {0}", {}]]')
    assert all(str(note) for item in project.items.all() for note in item.notes)


def test_set_that_does_not_exist_is_no_set(damage: Damage) -> None:
    project = damage("items", "split", "trbin")
    assert {item.split for item in project.items.all()} <= {"", "train", "val", "test"}


def test_rest_of_the_runs_is_listed(damage: Damage) -> None:
    assert "second" in [run.name for run in damage("runs", "summary", '{"dice": ').runs.all()]


def test_colour_of_a_class_is_always_one(damage: Damage) -> None:
    try:
        colors = [one.color for one in damage("classes", "color", "nonsense").classes]
    except EngineError:
        return
    assert all(re.fullmatch("#[0-9A-Fa-f]{6}", color) for color in colors), colors


def test_tile_that_holds_too_much_costs_no_memory() -> None:
    bomb = zlib.compress(bytes(32 << 20), 9)  # 32 MB of zeros in the place of a quarter of one
    tracemalloc.start()
    try:
        with pytest.raises(EngineError):
            decode_labels(bomb, (TILE, TILE))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 8 << 20
