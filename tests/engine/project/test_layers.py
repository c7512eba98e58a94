import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from engine.config import TrainConfig
from engine.errors import EngineError
from engine.imaging.image import Source
from engine.labels.classes import parse_classes
from engine.labels.edit import Edit, Labels
from engine.labels.mask import Brush, Mask
from engine.project.codec import TILE
from engine.project.items import Item
from engine.project.layers import Layer, Tile, pack, pack_edit, pack_touched
from engine.project.project import Project

MakeItem = Callable[..., Item]
SHAPE = (2, TILE + 88, 2 * TILE + 1)  # stored tiles of 512, edited tiles of 128, none of which fit


@pytest.fixture
def layer(project: Project, make_item: MakeItem) -> Layer:
    return project.layers.make(project.items.add(make_item("a", shape=SHAPE)).id)


def _line(mask: Mask, name: str, start: tuple[float, float], end: tuple[float, float], value: int, z: int = 0) -> Edit:
    stroke = mask.begin(name)
    stroke.line("axial", z, start, end, Brush.round(6), value)
    return stroke.end()


def test_layers_are_made_once(project: Project, make_item: MakeItem) -> None:
    item, other = project.items.add(make_item("a")), project.items.add(make_item("b"))
    run = project.runs.add(TrainConfig())
    assert project.layers.mask(item.id) is None and project.layers.prediction(item.id, run.id) is None
    mask = project.layers.make(item.id)
    prediction = project.layers.make(item.id, "prediction", run.id)
    consensus = project.layers.make(item.id, "consensus")
    assert project.layers.make(item.id) == mask == project.layers.mask(item.id)
    assert (
        project.layers.make(item.id, "prediction", run.id) == prediction == project.layers.prediction(item.id, run.id)
    )
    assert project.layers.make(item.id, "consensus") == consensus
    assert project.layers.of_item(item.id) == [mask, prediction, consensus]
    assert (mask.kind, prediction.kind, prediction.run, mask.reader) == ("mask", "prediction", run.id, "")
    assert project.layers.masked() == set() and project.layers.predicted(run.id) == {item.id}
    assert project.layers.of_item(other.id) == []
    project.runs.remove(run)
    assert project.layers.of_item(item.id) == [mask, consensus]


def test_new_layer_is_background(project: Project, layer: Layer) -> None:
    labels = project.layers.read(layer, SHAPE)
    assert labels.shape == SHAPE and labels.dtype == np.uint8 and not labels.any()
    labels[:] = 1  # a fresh array that may be painted on


def test_whole_content_comes_back(project: Project, layer: Layer) -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 5, SHAPE).astype(np.uint8)
    labels[1, :TILE] = 0
    tiles = list(pack(labels))
    assert len(tiles) == 6 + 3  # those of background are left out
    project.layers.replace(layer, tiles)
    assert np.array_equal(project.layers.read(layer, SHAPE), labels)
    project.layers.replace(layer, pack(labels // 4))
    assert np.array_equal(project.layers.read(layer, SHAPE), labels // 4)


def test_replace_forgets_the_history(project: Project, layer: Layer) -> None:
    mask = Mask(np.zeros(SHAPE, np.uint8))
    project.layers.record(layer, mask, _line(mask, "Brush", (9, 9), (99, 99), 1))
    project.layers.replace(layer, pack(np.ones(SHAPE, np.uint8)))
    assert project.layers.history(layer) == []
    assert project.layers.undo(layer, mask) is None


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ((TILE - 1, TILE - 1), (TILE, TILE)),  # the corner of four tiles
        ((0, 2 * TILE), (TILE + 87, 2 * TILE)),  # a tile one pixel wide
        ((TILE + 87, 0), (TILE + 87, 2 * TILE)),
        ((127, 0), (128, 2 * TILE)),
    ],
)
def test_strokes_over_borders_of_tiles(
    project: Project, layer: Layer, start: tuple[int, int], end: tuple[int, int]
) -> None:
    mask = Mask(np.zeros(SHAPE, np.uint8))
    project.layers.record(layer, mask, _line(mask, "Brush", start, end, 1))
    project.layers.record(layer, mask, _line(mask, "Brush", end, start, 2, z=1))
    assert mask.labels.any(axis=(1, 2)).all()
    assert np.array_equal(project.layers.read(layer, SHAPE), mask.labels)
    for _ in range(2):
        project.layers.undo(layer, mask)
        assert np.array_equal(project.layers.read(layer, SHAPE), mask.labels)
    assert not mask.labels.any()


def test_edits_that_were_packed_before_are_kept_as_strokes_are(project: Project, layer: Layer) -> None:
    mask = Mask(np.zeros(SHAPE, np.uint8))
    edits = [_line(mask, f"{n}", (9, 9 + 200 * n), (500, 300), n + 1, z=n % 2) for n in range(3)]
    for edit in edits:
        project.layers.record_packed(layer, pack_edit(mask, edit))
    assert np.array_equal(project.layers.read(layer, SHAPE), mask.labels)
    assert [entry.name for entry in project.layers.history(layer)] == ["0", "1", "2"]
    end = mask.labels.copy()

    def step(count: int) -> list[int]:
        patches = project.layers.patches_of_steps(layer, count)
        steps = project.layers.steps(layer, count)
        assert patches == sum(len(each.change.patches) for each in steps) and all(
            s.undone == (count < 0) for s in steps
        )
        for each in steps:
            mask.apply(each.change)
        tiles = pack_touched(mask, [each.change for each in steps])
        assert len({(tile.z, tile.row, tile.column) for tile in tiles}) == len(tiles), "each square once"
        project.layers.record_steps(layer, steps, tiles)
        assert np.array_equal(project.layers.read(layer, SHAPE), mask.labels)
        return [each.id for each in steps]

    last = step(-2)
    assert last == sorted(last, reverse=True) and len(step(-9)) == 1 and step(-1) == [] and not mask.labels.any()
    assert len(step(3)) == 3 and step(1) == [] and np.array_equal(mask.labels, end)
    project.layers.undo(layer, mask)
    project.layers.record_packed(layer, pack_edit(mask, _line(mask, "new", (9, 9), (50, 50), 2)))
    assert [entry.name for entry in project.layers.history(layer)] == ["0", "1", "new"], "what was undone is gone"


def test_nothing_is_packed_while_others_wait_to_write(project: Project, layer: Layer) -> None:
    writer = sqlite3.connect(project.path / "project.db", timeout=0, isolation_level=None)

    def content() -> Iterator[Tile]:
        for tile in pack(np.ones(SHAPE, np.uint8)):
            writer.execute("BEGIN IMMEDIATE")  # refused at once where the replacement has begun to write
            writer.execute("ROLLBACK")
            yield tile

    project.layers.replace(layer, content())
    writer.close()
    assert project.layers.read(layer, SHAPE).all()


@pytest.mark.parametrize("plane", ["coronal", "sagittal"])
def test_strokes_in_other_planes(project: Project, layer: Layer, plane: str) -> None:
    mask = Mask(np.zeros(SHAPE, np.uint8))
    stroke = mask.begin("Brush")
    stroke.line(plane, TILE, (0, 3), (1, 400), Brush.round(1), 3)  # type: ignore[arg-type]
    project.layers.record(layer, mask, stroke.end())
    assert mask.labels.any() and np.array_equal(project.layers.read(layer, SHAPE), mask.labels)


def test_undo_and_redo_go_on_after_a_restart(tmp_path: Path, make_item: MakeItem) -> None:
    states = [np.zeros(SHAPE, np.uint8)]
    with Project.create(tmp_path / "x", "multiclass", parse_classes("a,b")) as project:
        layer = project.layers.make(project.items.add(make_item("a", shape=SHAPE)).id)
        mask = Mask(states[0].copy())
        for number in range(4):
            edit = _line(mask, f"Brush · {number} é", (number * 40, 0), (300, 600), number % 2 + 1)
            project.layers.record(layer, mask, edit)
            states.append(mask.labels.copy())
        undone = project.layers.undo(layer, mask)
        assert undone is not None and undone.name == "Brush · 3 é"
    for step in (-1, -1, -1, 1, 1, 1, 1):
        with Project.open(tmp_path / "x") as project:
            layer = project.layers.make(1)
            mask = Mask(project.layers.read(layer, SHAPE))
            place = sum(not entry.undone for entry in project.layers.history(layer))
            assert np.array_equal(mask.labels, states[place])
            assert [entry.name for entry in project.layers.history(layer)] == [f"Brush · {n} é" for n in range(4)]
            change = project.layers.undo(layer, mask) if step < 0 else project.layers.redo(layer, mask)
            assert change is not None and np.array_equal(mask.labels, states[place + step])
    with Project.open(tmp_path / "x", write=False) as project:
        assert np.array_equal(project.layers.read(layer, SHAPE), states[-1])
        assert all(entry.made > 1.7e9 for entry in project.layers.history(layer))


def test_slices_are_labelled_by_what_is_painted_on_them(project: Project, layer: Layer) -> None:
    mask = Mask(np.zeros(SHAPE, np.uint8))
    assert project.layers.labelled(layer.item) == frozenset() and project.layers.masked() == set()
    first = _line(mask, "first", (9, 9), (99, 99), 1)
    assert project.layers.record(layer, mask, first) == {0}
    assert project.layers.record(layer, mask, _line(mask, "again", (9, 9), (99, 99), 2)) == frozenset()
    assert project.layers.record(layer, mask, _line(mask, "other", (9, 9), (99, 99), 2, z=1)) == {1}
    assert project.layers.labelled_slices() == {layer.item: {0, 1}}
    for labelled in ({0}, {0}, set()):
        project.layers.undo(layer, mask)
        assert project.layers.labelled(layer.item) == labelled
    assert not mask.labels.any() and project.layers.labelled_slices() == {} and project.layers.masked() == set()
    project.layers.redo(layer, mask)
    assert project.layers.labelled(layer.item) == {0} and project.layers.masked() == {layer.item}


def test_what_is_erased_by_hand_stays_labelled(project: Project, layer: Layer) -> None:
    mask = Mask(np.zeros(SHAPE, np.uint8))
    project.layers.record(layer, mask, _line(mask, "Brush", (9, 9), (99, 99), 1))
    project.layers.record(layer, mask, _line(mask, "Eraser", (9, 9), (99, 99), 0))
    assert not mask.labels.any() and project.layers.labelled(layer.item) == {0}


def test_stroke_across_slices_labels_those_that_it_changes(project: Project, layer: Layer) -> None:
    mask = Mask(np.zeros(SHAPE, np.uint8))
    stroke = mask.begin("Brush")
    stroke.paint_region("coronal", 9, (1, 4), np.ones((1, 5), bool), 1)
    assert project.layers.record(layer, mask, stroke.end()) == {1}


def test_an_accepted_prediction_labels_the_slices_that_it_leaves_empty(project: Project, layer: Layer) -> None:
    mask, said = Mask(np.zeros(SHAPE, np.uint8)), np.zeros(SHAPE, np.uint8)
    said[1, 5:9, 5:9] = 2
    edit = mask.replace_with("Prediction taken", said)
    assert project.layers.record(layer, mask, edit, looked_at=range(2)) == {0, 1}
    project.layers.undo(layer, mask)
    assert project.layers.labelled(layer.item) == frozenset()


def test_slices_with_nothing_on_them_are_labelled_when_somebody_says_so(project: Project, layer: Layer) -> None:
    mask = Mask(np.zeros(SHAPE, np.uint8))
    project.layers.record(layer, mask, _line(mask, "Brush", (9, 9), (99, 99), 1, z=1))
    assert project.layers.record(layer, mask, Edit("Nothing here", ()), range(2)) == {0}
    assert project.layers.record(layer, mask, Edit("Nothing here", ()), range(2)) == frozenset()
    assert [entry.name for entry in project.layers.history(layer)] == ["Brush", "Nothing here"]
    assert project.layers.labelled(layer.item) == {0, 1}
    undone = project.layers.undo(layer, mask)
    assert undone is not None and undone.empty and undone.name == "Nothing here"
    assert project.layers.labelled(layer.item) == {1} and mask.labels[1].any()
    project.layers.redo(layer, mask)
    assert project.layers.labelled(layer.item) == {0, 1}


def test_whole_content_labels_what_it_speaks_of(project: Project, layer: Layer) -> None:
    labels = np.zeros(SHAPE, np.uint8)
    project.layers.replace(layer, pack(labels), labelled=range(2))
    assert project.layers.labelled(layer.item) == {0, 1}, "an empty mask says that there is nothing"
    labels[1, 4, 4] = 1
    project.layers.replace(layer, pack(labels))
    assert project.layers.labelled(layer.item) == {1}


def test_predictions_label_nothing(project: Project, make_item: MakeItem) -> None:
    item, run = project.items.add(make_item("a", shape=SHAPE)), project.runs.add(TrainConfig())
    project.layers.replace(project.layers.make(item.id, "prediction", run.id), pack(np.ones(SHAPE, np.uint8)))
    assert project.layers.labelled_slices() == {} and project.layers.labelled(item.id) == frozenset()


def test_new_edit_takes_the_place_of_what_was_undone(project: Project, layer: Layer) -> None:
    mask = Mask(np.zeros(SHAPE, np.uint8))
    for value, name in enumerate(("one", "two", "three"), 1):
        project.layers.record(layer, mask, _line(mask, name, (9, 9), (99, 200), value))
    project.layers.undo(layer, mask)
    project.layers.undo(layer, mask)
    project.layers.record(layer, mask, _line(mask, "four", (200, 9), (300, 20), 1))
    assert [(e.name, e.undone) for e in project.layers.history(layer)] == [("one", False), ("four", False)]
    assert project.layers.redo(layer, mask) is None


def test_empty_edit_is_not_kept(project: Project, layer: Layer) -> None:
    mask = Mask(np.zeros(SHAPE, np.uint8))
    project.layers.record(layer, mask, Edit("Brush", ()))
    assert project.layers.history(layer) == []
    assert project.layers.undo(layer, mask) is None and project.layers.redo(layer, mask) is None


def test_undo_that_cannot_be_kept_changes_nothing(project: Project, layer: Layer) -> None:
    mask = Mask(np.zeros(SHAPE, np.uint8))
    project.layers.record(layer, mask, _line(mask, "a", (9, 9), (99, 99), 1))
    before = mask.labels.copy()
    with Project.open(project.path, write=False) as reader, pytest.raises(EngineError, match="read only"):
        reader.layers.undo(layer, mask)
    assert np.array_equal(mask.labels, before)
    assert not project.layers.history(layer)[0].undone


def test_layers_do_not_mix(project: Project, make_item: MakeItem, layer: Layer) -> None:
    other = project.layers.make(project.items.add(make_item("b", shape=SHAPE)).id)
    mask, second = Mask(np.zeros(SHAPE, np.uint8)), Mask(np.zeros(SHAPE, np.uint8))
    project.layers.record(layer, mask, _line(mask, "a", (9, 9), (99, 99), 1))
    project.layers.record(other, second, _line(second, "b", (9, 9), (99, 99), 2))
    undone = project.layers.undo(layer, mask)
    assert undone is not None and undone.name == "a"
    assert project.layers.undo(layer, mask) is None
    assert np.array_equal(project.layers.read(other, SHAPE), second.labels) and second.labels.any()


def test_journal_of_another_shape_changes_nothing(project: Project, layer: Layer) -> None:
    mask = Mask(np.zeros(SHAPE, np.uint8))
    project.layers.record(layer, mask, _line(mask, "a", (9, 9), (99, 99), 1))
    with pytest.raises(ValueError):
        project.layers.undo(layer, Mask(np.zeros((2, 60, 50), np.uint8)))
    assert not project.layers.history(layer)[0].undone


@pytest.mark.parametrize("bits", ["x" * 9000, b"\xff" * 9000, 7])
def test_damaged_bits_label_no_slice_that_is_not_there(project: Project, layer: Layer, bits: object) -> None:
    project.layers.replace(layer, pack(np.ones(SHAPE, np.uint8)))
    db = sqlite3.connect(project.path / "project.db")
    db.execute("UPDATE layers SET labelled = ?", (bits,))
    db.commit()
    db.close()
    assert project.layers.labelled(layer.item) <= {0, 1}
    assert project.layers.labelled_slices().get(layer.item, set()) <= {0, 1}


def test_damaged_tile_is_said(tmp_path: Path, make_item: MakeItem) -> None:
    with Project.create(tmp_path / "x", "multiclass", parse_classes("a,b")) as project:
        layer = project.layers.make(project.items.add(make_item("a", shape=SHAPE)).id)
        project.layers.replace(layer, pack(np.ones(SHAPE, np.uint8)))
    db = sqlite3.connect(project.path / "project.db")
    db.execute("UPDATE tiles SET data = substr(data, 1, 20) WHERE z = 1")
    db.commit()
    db.close()
    with Project.open(tmp_path / "x") as project, pytest.raises(EngineError, match="damaged"):
        project.layers.read(layer, SHAPE)


def test_layers_of_all_items_are_one_query(project: Project, make_item: Callable[..., Item]) -> None:
    first, second, bare = (project.items.add(make_item(name)).id for name in "abc")
    run = project.runs.add(TrainConfig())
    masks = {item: project.layers.make(item) for item in (first, second)}
    said = {first: project.layers.make(first, "prediction", run.id)}
    asked: list[str] = []
    project._store._db.set_trace_callback(asked.append)
    assert project.layers.masks() == masks and project.layers.predictions(run.id) == said and len(asked) == 2
    assert project.layers.mask(bare) is None and bare not in project.layers.masks()


class Journal(RuleBasedStateMachine):
    """Whatever is painted, undone and redone: the tiles on disk are the mask, and undo leads back step by step."""

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.project = Project.create(Path(self.folder.name) / "x", "multiclass", parse_classes("a,b"))
        item = Item(0, "a", _source(), "h", SHAPE, (1, 1, 1), False, "", "")
        self.layer = self.project.layers.make(self.project.items.add(item).id)
        self.mask = Mask(np.zeros(SHAPE, np.uint8))
        self.done: list[tuple[Labels, frozenset[int]]] = []
        self.undone: list[tuple[Labels, frozenset[int]]] = []

    @rule(
        start=st.tuples(st.integers(-9, SHAPE[1]), st.integers(-9, SHAPE[2])),
        end=st.tuples(st.integers(-9, SHAPE[1]), st.integers(-9, SHAPE[2])),
        value=st.integers(0, 2),
        z=st.integers(0, 1),
    )
    def paint(self, start: tuple[int, int], end: tuple[int, int], value: int, z: int) -> None:
        before = self.now()
        edit = _line(self.mask, "Brush", start, end, value, z)
        new = self.project.layers.record(self.layer, self.mask, edit)
        assert self.now()[1] == before[1] | new == before[1] | (set() if edit.empty else {z})
        if not edit.empty:
            self.done.append(before)
            self.undone.clear()

    @rule(z=st.integers(0, 1))
    def mark_empty(self, z: int) -> None:
        before = self.now()
        new = self.project.layers.record(self.layer, self.mask, Edit("Nothing here", ()), [z])
        assert self.now()[1] == before[1] | new
        if new:
            self.done.append(before)
            self.undone.clear()

    def now(self) -> tuple[Labels, frozenset[int]]:
        labelled = self.project.layers.labelled(self.layer.item)
        assert labelled >= set(np.flatnonzero(self.mask.labels.any(axis=(1, 2))))
        assert self.project.layers.masked() == ({self.layer.item} if labelled else set())
        return self.mask.labels.copy(), labelled

    def is_back(self, state: tuple[Labels, frozenset[int]]) -> None:
        assert np.array_equal(self.mask.labels, state[0]) and self.now()[1] == state[1]

    @rule()
    def undo(self) -> None:
        before = self.now()
        change = self.project.layers.undo(self.layer, self.mask)
        assert (change is None) == (not self.done)
        if change is not None:
            self.undone.append(before)
            self.is_back(self.done.pop())

    @rule()
    def redo(self) -> None:
        before = self.now()
        change = self.project.layers.redo(self.layer, self.mask)
        assert (change is None) == (not self.undone)
        if change is not None:
            self.done.append(before)
            self.is_back(self.undone.pop())

    @precondition(lambda self: self.done or self.undone)
    @rule()
    def reopen(self) -> None:
        path = self.project.path
        self.project.close()
        self.project = Project.open(path)
        stored = self.project.layers.read(self.layer, SHAPE)
        assert np.array_equal(stored, self.mask.labels)
        self.mask = Mask(stored)
        assert len(self.project.layers.history(self.layer)) == len(self.done) + len(self.undone)

    def teardown(self) -> None:
        if hasattr(self, "project"):
            self.project.close()
            self.folder.cleanup()


def _source() -> Source:
    return Source(("/a.png",), "raster")


TestJournal = Journal.TestCase
TestJournal.settings = settings(max_examples=12, stateful_step_count=15, deadline=None)


def test_fingerprint_is_of_what_is_painted(project: Project, layer: Layer) -> None:
    empty, mask = project.layers.fingerprint(layer.item), Mask(np.zeros(SHAPE, np.uint8))
    project.layers.record(layer, mask, _line(mask, "a", (9, 9), (99, 99), 1))
    one = project.layers.fingerprint(layer.item)
    project.layers.record(layer, mask, _line(mask, "b", (9, 9), (99, 9), 2, z=1))
    two = project.layers.fingerprint(layer.item)
    assert len({empty, one, two}) == 3
    project.layers.undo(layer, mask)
    assert project.layers.fingerprint(layer.item) == one
