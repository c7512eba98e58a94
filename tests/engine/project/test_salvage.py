"""Damaged values of the database: said, read as the nearest that can be meant, and the rest of the project opens."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.config import TrainConfig
from engine.errors import EngineError
from engine.imaging.budget import budget
from engine.labels.classes import parse_classes
from engine.labels.mask import Brush, Mask
from engine.progress import result_of
from engine.project.checks import check
from engine.project.codec import decode_labels
from engine.project.items import Item
from engine.project.project import Project

MakeItem = Callable[..., Item]
Damage = Callable[..., Project]

SHAPE = (1, 40, 60)


@pytest.fixture
def damage(tmp_path: Path, make_item: MakeItem, request: pytest.FixtureRequest) -> Damage:
    """A project of two items and two runs, in which the statement was run by another program."""

    def damaged(statement: str, *values: object) -> Project:
        with Project.create(tmp_path / "scans", "multiclass", parse_classes("lung,heart")) as project:
            first = project.items.add(make_item("a"))
            project.items.add(make_item("b"))
            runs = [project.runs.update(project.runs.add(TrainConfig(), name), "finished") for name in ("one", "two")]
            for run in runs:
                project.runs.set_probabilities(run, first.id, np.array([0.25, 0.75], np.float32))
            layer, mask = project.layers.make(first.id), Mask(np.zeros(SHAPE, np.uint8))
            stroke = mask.begin("Paint")
            stroke.line("axial", 0, (5, 5), (5, 30), Brush.round(3), 1)
            project.layers.record(layer, mask, stroke.end())
        database = sqlite3.connect(project.path / "project.db")
        assert database.execute(statement, values).rowcount > 0
        database.commit()
        database.close()
        opened = Project.open(project.path)
        request.addfinalizer(opened.close)
        return opened

    return damaged


ITEMS = [
    ("spacing", "[1.0, x"),
    ("spacing", "[1.0, 2.0]"),
    ("spacing", "[0, 1, 1]"),
    ("spacing", "[NaN, 1, 1]"),
    ("notes", "{"),
    ("notes", "[" * 100_000),
    ("notes", '["{nix}"]'),
    ("notes", '[["{x} {0}", {}]]'),
    ("notes", '[["{x:999999999}", {"x": 1}]]'),
    ("notes", '[["{x.__class__}", {"x": 1}]]'),
    ("notes", '[["{x}", {"x": {"message": "{nix}", "values": {}}}]]'),
    ("notes", '[["{x}", {"x": {"a": 1}}]]'),
    ("notes", '[["{x}", {"x": {"message": 1, "values": {}}}]]'),
    ("files", "text"),
    ("files", -1),
    ("files", 1e308),
    ("split", "trbin"),
    ("state", "dome"),
    ("label", "three"),
    ("label", -1),
    ("x", "wide"),
    ("x", 0),
    ("files", ""),
    ("name", b"caf\xe9\xff"),
    ("patient", b"\xff"),
]


@pytest.mark.parametrize(("column", "value"), ITEMS)
def test_a_damaged_item_is_listed_and_says_so(damage: Damage, column: str, value: object) -> None:
    project = damage(f"UPDATE items SET {column} = ? WHERE id = 1", value)
    first, second = project.items.all()
    assert second.name == "b" and second.notes == ()
    assert f"damaged at {first.name}: {column} could not be read" in first.notes[-1].text
    assert first.split in ("", "train", "val", "test") and first.state == "todo" and first.label is None
    assert all(size > 0 for size in (*first.shape, *first.spacing))
    assert [f.text for f in result_of(check(project)) if f.kind == "damage"] == [first.notes[-1].text]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("summary", '{"dice": '),
        ("summary", '{"score": "x", "dice": 5, "seconds": null}'),
        ("summary", '{"score": "x"}'),
        ("summary", '{"dice": {"lung": "good"}}'),
        ("summary", '{"seconds": NaN}'),
        ("summary", "[]"),
        ("config", "{"),
        ("config", b"\xff"),
        ("state", "trained"),
        ("made", "yesterday"),
        ("made", 1e308),
        ("made", -1),
    ],
)
def test_a_damaged_run_is_listed_and_said(damage: Damage, column: str, value: object) -> None:
    project = damage(f"UPDATE runs SET {column} = ? WHERE name = 'one'", value)
    assert [run.name for run in project.runs.all()] == ["one", "two"]
    assert [note.text for note in project.damage()] == [f"The project is damaged at one: {column} could not be read."]


def test_text_that_is_none_does_not_hide_the_rest(damage: Damage) -> None:
    project = damage("UPDATE items SET name = CAST(x'636166E9' AS TEXT) WHERE id = 1")
    assert [item.name for item in project.items.all()] == ["caf\N{REPLACEMENT CHARACTER}", "b"]


@pytest.mark.parametrize("color", ["nonsense", "#12345", "url(x)", 7])
def test_a_class_without_a_colour_has_its_first_one(damage: Damage, color: object) -> None:
    project = damage("UPDATE classes SET color = ? WHERE place = 0", color)
    assert [one.color for one in project.classes] == [c.color for c in parse_classes("lung,heart")]
    assert "damaged at lung: color" in project.damage()[0].text


@pytest.mark.parametrize("data", [b"\0\0\xc0", b"", "text"])
def test_damaged_probabilities_are_none(damage: Damage, data: object) -> None:
    project = damage("UPDATE probabilities SET data = ? WHERE run = 1", data)
    assert project.runs.probabilities(project.runs.get("one")) == {}
    assert project.runs.probabilities(project.runs.get("two"))[1].tolist() == [0.25, 0.75]


@pytest.mark.parametrize("change", ["z = 7", "row = 9", "col = -3", "data = 'text'", "data = x''"])
def test_a_damaged_tile_is_said(damage: Damage, change: str) -> None:
    project = damage(f"UPDATE tiles SET {change}")
    layer = project.layers.mask(1)
    assert layer is not None
    with pytest.raises(EngineError, match="database is damaged"):
        project.layers.read(layer, SHAPE)
    assert len(project.layers.fingerprint(1)) == 32, "it is another mask, and told from others all the same"


def test_an_edit_that_reaches_out_of_its_image_changes_nothing(damage: Damage) -> None:
    project = damage("UPDATE items SET x = 20 WHERE id = 1")
    layer, mask = project.layers.mask(1), Mask(np.zeros((1, 40, 20), np.uint8))
    assert layer is not None
    with pytest.raises(EngineError, match="database is damaged"):
        project.layers.undo(layer, mask)
    assert not mask.labels.any() and not project.layers.history(layer)[0].undone


def test_a_tile_holds_no_more_than_it_should() -> None:
    import tracemalloc
    import zlib

    bomb = zlib.compress(bytes(32 << 20), 9)
    tracemalloc.start()
    try:
        with pytest.raises(EngineError, match="damaged"):
            decode_labels(bomb, (512, 512))
        assert tracemalloc.get_traced_memory()[1] < 8 << 20 < budget()
    finally:
        tracemalloc.stop()
