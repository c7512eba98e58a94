"""Objects have the same journal, tiles and crash safety as class maps."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from engine.errors import EngineError
from engine.imaging.image import Source
from engine.labels.classes import UNLABELLED, parse_classes
from engine.labels.edit import Edit
from engine.labels.instances import Instances
from engine.labels.mask import Brush, Mask
from engine.project.class_removal import remove_class
from engine.project.codec import TILE
from engine.project.items import Item
from engine.project.layers import Layer, pack, pack_edit, pack_instances
from engine.project.project import Project

MakeItem = Callable[..., Item]
SHAPE = (2, TILE + 88, 2 * TILE + 1)


@pytest.fixture
def cells(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "cells", "instance", parse_classes("a,b,c")) as made:
        yield made


@pytest.fixture
def layer(cells: Project, make_item: MakeItem) -> Layer:
    return cells.layers.make(cells.items.add(make_item("a", shape=SHAPE)).id)


def _instances() -> Instances:
    ids = np.zeros(SHAPE, np.uint16)
    ids[0, 10:20, 500:530], ids[0, 20:30, 500:530] = 1, 40_000  # touch, and lie on two tiles
    ids[1, 550:, 1020:] = 7
    classes = np.zeros(40_001, np.uint8)
    classes[[1, 7, 40_000]] = 1, 2, 1
    return Instances(ids, classes)


def _same(one: Instances, two: Instances) -> bool:
    return np.array_equal(one.ids, two.ids) and np.array_equal(one.classes, two.classes)


def _paint(mask: Mask, start: tuple[float, float], end: tuple[float, float], value: int, z: int = 0) -> Edit:
    stroke = mask.begin("Brush")
    stroke.line("axial", z, start, end, Brush.round(6), value)
    return stroke.end()


def test_whole_objects_come_back(cells: Project, layer: Layer) -> None:
    cells.layers.replace(layer, pack_instances(_instances()), range(2))
    assert _same(cells.layers.read_instances(layer, SHAPE), _instances())
    assert np.array_equal(cells.layers.read(layer, SHAPE), _instances().class_map())
    found = cells.layers.mask(layer.item)
    assert found is not None and found.form == "instance" and cells.layers.labelled(layer.item) == {0, 1}
    cells.layers.replace(layer, pack_instances(Instances(np.zeros(SHAPE, np.uint16), np.zeros(1, np.uint8))))
    assert cells.layers.read_instances(layer, SHAPE).present == ()


def test_a_layer_of_classes_is_read_as_its_parts(cells: Project, layer: Layer) -> None:
    cells.layers.replace(layer, pack(_instances().class_map()))
    found = cells.layers.read_instances(layer, SHAPE)
    assert len(found.present) == 2 and np.array_equal(found.class_map(), _instances().class_map())


def test_the_first_object_on_a_layer_of_classes_makes_objects_of_all(cells: Project, layer: Layer) -> None:
    cells.layers.replace(layer, pack(_instances().class_map()))
    mask = cells.layers.read_mask(layer, SHAPE, objects=True)
    cells.layers.record(layer, mask, _paint(mask, (300, 30), (300, 60), 3))
    stored = cells.layers.read_instances(layer, SHAPE)
    assert len(stored.present) == 3 and mask.ids is not None and np.array_equal(stored.ids, mask.ids)


def test_a_refused_edit_of_objects_changes_nothing(cells: Project, layer: Layer) -> None:
    cells.layers.replace(layer, pack_instances(_instances()))
    mask = cells.layers.read_mask(layer, SHAPE, objects=True)
    packed = pack_edit(mask, _paint(mask, (15, 510), (100, 510), 2))
    packed = replace(packed, name="\udcff")  # no text: the last of its statements fails
    with pytest.raises(EngineError, match="no text"):
        cells.layers.record_packed(layer, packed)
    assert _same(cells.layers.read_instances(layer, SHAPE), _instances())
    assert cells.layers.history(layer) == []


def test_edits_that_move_a_border_between_objects_alone_are_kept(cells: Project, layer: Layer) -> None:
    cells.layers.replace(layer, pack_instances(_instances()))
    mask = cells.layers.read_mask(layer, SHAPE, objects=True)
    edit = _paint(mask, (15, 510), (28, 510), 1)  # from one onto the other of its class
    labelled = cells.layers.record(layer, mask, edit)
    assert labelled == set() and np.array_equal(cells.layers.read(layer, SHAPE), mask.labels)
    stored = cells.layers.read_instances(layer, SHAPE)
    assert stored.ids[0, 25, 510] == 1 and mask.ids is not None and np.array_equal(stored.ids, mask.ids)
    assert cells.layers.fingerprint(layer.item) != b""
    before = cells.layers.fingerprint(layer.item)
    cells.layers.undo(layer, mask)
    assert cells.layers.fingerprint(layer.item) != before, "what a test set holds is told by its objects too"
    assert _same(cells.layers.read_instances(layer, SHAPE), _instances())


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE tiles SET ids = substr(ids, 1, 12) WHERE z = 1",
        "UPDATE tiles SET ids = 'text' WHERE z = 1",
        "UPDATE tiles SET ids = data WHERE z = 1",
        "UPDATE tiles SET ids = (SELECT ids FROM tiles WHERE z = 0 LIMIT 1) WHERE z = 0",  # of another place
        "UPDATE tiles SET col = 9 WHERE z = 1 AND col = 2",
    ],
)
def test_damaged_tiles_of_objects_are_said(tmp_path: Path, make_item: MakeItem, damage: str) -> None:
    with Project.create(tmp_path / "x", "instance", parse_classes("a,b")) as project:
        layer = project.layers.make(project.items.add(make_item("a", shape=SHAPE)).id)
        project.layers.replace(layer, pack_instances(_instances()))
    _change(project.path, damage)
    with Project.open(tmp_path / "x") as project, pytest.raises(EngineError, match="damaged"):
        project.layers.read_instances(layer, SHAPE)


@pytest.mark.parametrize("damage", ["ids = substr(ids, 1, 12)", "ids = 'text'", "ids = data"])
def test_damaged_objects_in_the_journal_are_said(tmp_path: Path, make_item: MakeItem, damage: str) -> None:
    with Project.create(tmp_path / "x", "instance", parse_classes("a,b")) as project:
        layer = project.layers.make(project.items.add(make_item("a", shape=SHAPE)).id)
        mask = project.layers.read_mask(layer, SHAPE, objects=True)
        project.layers.record(layer, mask, _paint(mask, (10, 10), (10, 30), 1))
    _change(project.path, f"UPDATE edits SET {damage}")
    with Project.open(tmp_path / "x") as project:
        before = mask.copy()
        with pytest.raises(EngineError, match="damaged"):
            project.layers.undo(layer, mask)
        assert np.array_equal(mask.labels, before.labels) and project.layers.read_instances(layer, SHAPE).present == (
            1,
        )


@pytest.mark.parametrize("into", [0, 1])
def test_a_removed_class_takes_its_objects_along_or_gives_them_another(cells: Project, layer: Layer, into: int) -> None:
    cells.layers.replace(layer, pack_instances(_instances()))
    mask = cells.layers.read_mask(layer, SHAPE, objects=True)
    cells.layers.record(layer, mask, _paint(mask, (300, 30), (300, 60), 2))
    cells.layers.record(layer, mask, _paint(mask, (400, 30), (400, 60), 3))
    for _ in remove_class(cells, 2, into):
        pass
    found = cells.layers.read_instances(layer, SHAPE)
    assert [int(found.classes[id]) for id in found.present] == ([1, 1, 2] if into == 0 else [1, 1, 1, 1, 2])
    mask = cells.layers.read_mask(layer, SHAPE, objects=True)
    for _ in range(2):
        cells.layers.undo(layer, mask)
    stored = cells.layers.read_instances(layer, SHAPE)
    assert mask.ids is not None and np.array_equal(stored.ids, mask.ids)
    assert len(stored.present) == (2 if into == 0 else 3)


def test_what_nobody_labelled_stays_beside_the_objects(cells: Project, layer: Layer) -> None:
    mask = cells.layers.read_mask(None, SHAPE, objects=True)
    cells.layers.record(layer, mask, _paint(mask, (30, 30), (30, 60), UNLABELLED))
    cells.layers.record(layer, mask, _paint(mask, (99, 30), (99, 60), 1))
    assert (cells.layers.read(layer, SHAPE) == UNLABELLED).sum() == (mask.labels == UNLABELLED).sum() > 0
    assert cells.layers.read_instances(layer, SHAPE).present == (1,)


class Journal(RuleBasedStateMachine):
    """Whatever is painted, undone and done again, the disk holds the mask's classes and objects, after a restart too."""

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.project = Project.create(Path(self.folder.name) / "x", "instance", parse_classes("a,b"))
        item = Item(0, "a", Source(("/a.png",), "raster"), "h", SHAPE, (1, 1, 1), False, "", "")
        self.layer = self.project.layers.make(self.project.items.add(item).id)
        self.mask = self.project.layers.read_mask(None, SHAPE, objects=True)
        self.done: list[Mask] = []
        self.undone: list[Mask] = []

    @rule(
        start=st.tuples(st.integers(480, 540), st.integers(480, 540)),
        end=st.tuples(st.integers(400, SHAPE[1]), st.integers(400, SHAPE[2])),
        value=st.sampled_from([0, 1, 2, UNLABELLED]),
        z=st.integers(0, 1),
    )
    def paint(self, start: tuple[int, int], end: tuple[int, int], value: int, z: int) -> None:
        before = self.mask.copy()
        edit = _paint(self.mask, start, end, value, z)
        self.project.layers.record(self.layer, self.mask, edit)
        if not edit.empty:
            self.done.append(before)
            self.undone.clear()

    @rule(back=st.booleans())
    def step(self, back: bool) -> None:
        now, (left, taken) = self.mask.copy(), (self.done, self.undone) if back else (self.undone, self.done)
        layers = self.project.layers
        change = layers.undo(self.layer, self.mask) if back else layers.redo(self.layer, self.mask)
        assert (change is None) == (not left)
        if change is not None:
            taken.append(now)
            self.is_as(left.pop())

    @precondition(lambda self: self.done or self.undone)
    @rule()
    def reopen(self) -> None:
        path, before = self.project.path, self.mask
        self.project.close()
        self.project = Project.open(path)
        self.mask = self.project.layers.read_mask(self.layer, SHAPE, objects=True)
        self.is_as(before)

    def is_as(self, other: Mask) -> None:
        assert self.mask.ids is not None and other.ids is not None and self.mask.objects is not None
        assert np.array_equal(self.mask.labels, other.labels) and np.array_equal(self.mask.ids, other.ids)
        assert other.objects is not None and np.array_equal(self.mask.objects.areas, other.objects.areas)

    def teardown(self) -> None:
        if hasattr(self, "project"):
            self.project.close()
            self.folder.cleanup()


TestJournal = Journal.TestCase
TestJournal.settings = settings(max_examples=10, stateful_step_count=12, deadline=None)


def _change(project: Path, sql: str) -> None:
    db = sqlite3.connect(project / "project.db")
    db.execute(sql)
    db.commit()
    db.close()
