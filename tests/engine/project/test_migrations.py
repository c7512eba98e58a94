"""Projects of older schemas, which did not know what is labelled or what belongs to one series."""

import os
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.config import TrainConfig
from engine.errors import EngineError
from engine.labels.mask import Brush, Mask
from engine.progress import Notice
from engine.project.items import Item
from engine.project.layers import Layer, pack
from engine.project.project import Project
from engine.project.runs import RunSummary

MakeItem = Callable[..., Item]
SHAPE = (6, 150, 140)


def _as_version_1(project: Project) -> Path:
    """Close the project and leave it as the first version did."""
    project.close()
    db = sqlite3.connect(project.path / "project.db")
    for table in ("layers", "edits"):
        db.execute(f"ALTER TABLE {table} DROP COLUMN labelled")
    for column in ("calibrated", "part"):
        db.execute(f"ALTER TABLE items DROP COLUMN {column}")
    db.execute("DELETE FROM meta WHERE key = 'series salt'")
    for table in ("signatures", "trials", "studies", "measures", "stamps"):
        db.execute(f"DROP TABLE {table}")
    db.execute("ALTER TABLE classes DROP COLUMN code")
    db.execute("ALTER TABLE items DROP COLUMN difficulty")
    db.execute("ALTER TABLE edits DROP COLUMN by_model")
    for table in ("tiles", "edits"):
        db.execute(f"ALTER TABLE {table} DROP COLUMN ids")
    db.execute("PRAGMA user_version = 1")
    db.commit()
    db.close()
    return project.path


def _layer(project: Project, make_item: MakeItem, name: str = "a") -> Layer:
    return project.layers.make(project.items.add(make_item(name, shape=SHAPE)).id)


def _stroke(project: Project, layer: Layer, mask: Mask, z: int, value: int = 1) -> None:
    stroke = mask.begin("Brush")
    stroke.line("axial", z, (9, 9), (99, 99), Brush.round(6), value)
    project.layers.record(layer, mask, stroke.end())


def test_spacing_is_in_mm_where_the_file_or_the_number_says_so(project: Project, make_item: MakeItem) -> None:
    made = {
        "nifti": ("nifti", "", (1.0, 1.0, 1.0)),
        "picture": ("raster", "", (1.0, 1.0, 1.0)),
        "tiff": ("raster", "", (1.0, 0.3, 0.3)),
        "ct": ("dicom", "CT", (1.0, 1.0, 1.0)),
        "ultrasound": ("dicom", "US", (1.0, 1.2, 1.0)),
        "damaged": ("raster", "", (1.0, 1.0, 1.0)),
    }
    for name, (kind, modality, spacing) in made.items():
        item = make_item(name, shape=SHAPE, modality=modality, spacing=spacing)
        project.items.add(replace(item, source=replace(item.source, kind=kind)))
    file = _as_version_1(project) / "project.db"
    db = sqlite3.connect(file)
    db.execute("UPDATE items SET spacing = '[1.0, x' WHERE name = 'damaged'")
    db.commit()
    db.close()
    with Project.open(file.parent) as again:
        assert [item.name for item in again.items.all() if item.calibrated] == ["nifti", "tiff", "ct"]


def test_mask_without_edits_was_imported_whole(project: Project, make_item: MakeItem) -> None:
    labels = np.zeros(SHAPE, np.uint8)
    empty, some = _layer(project, make_item, "empty"), _layer(project, make_item, "some")
    labels[2, 3, 4] = 1
    project.layers.replace(some, pack(labels))
    with Project.open(_as_version_1(project)) as again:
        assert again.layers.labelled_slices() == {empty.item: set(range(6)), some.item: set(range(6))}


def test_mask_painted_from_nothing_is_labelled_where_it_was_painted(project: Project, make_item: MakeItem) -> None:
    layer, mask = _layer(project, make_item), Mask(np.zeros(SHAPE, np.uint8))
    for z, value in ((1, 1), (3, 1), (1, 2), (5, 1)):
        _stroke(project, layer, mask, z, value)
    _stroke(project, layer, mask, 3, 0)  # erased by hand: somebody looked at it
    _stroke(project, layer, mask, 4)
    project.layers.undo(layer, mask)
    with Project.open(_as_version_1(project)) as again:
        assert again.layers.labelled(layer.item) == {1, 3, 5}
        again.layers.redo(layer, mask)
        assert again.layers.labelled(layer.item) == {1, 3, 4, 5}
        for labelled in ({1, 3, 5}, {1, 3, 5}, {1, 3}, {1, 3}, {1}, set()):
            again.layers.undo(layer, mask)
            assert again.layers.labelled(layer.item) == labelled
        assert not mask.labels.any()


def test_only_stroke_undone_labels_nothing(project: Project, make_item: MakeItem) -> None:
    layer, mask = _layer(project, make_item), Mask(np.zeros(SHAPE, np.uint8))
    _stroke(project, layer, mask, 1)
    project.layers.undo(layer, mask)
    with Project.open(_as_version_1(project)) as again:
        assert again.layers.masked() == set()


@pytest.mark.parametrize("painted", [(0,), (2,), (2, 0)], ids=["elsewhere", "over it", "both"])
def test_imported_mask_that_was_painted_on_stays_labelled(
    project: Project, make_item: MakeItem, painted: tuple[int, ...]
) -> None:
    layer, labels = _layer(project, make_item), np.zeros(SHAPE, np.uint8)
    labels[2, 5:20, 5:20] = 1
    project.layers.replace(layer, pack(labels), labelled=range(6))
    mask = Mask(labels)
    for z in painted:
        _stroke(project, layer, mask, z, 2)
    with Project.open(_as_version_1(project)) as again:
        assert again.layers.labelled(layer.item) == set(range(6))
        for _ in painted:
            again.layers.undo(layer, mask)
        assert again.layers.labelled(layer.item) == set(range(6))


def test_older_project_can_be_read_where_nothing_may_be_written(project: Project, make_item: MakeItem) -> None:
    layer, mask = _layer(project, make_item), Mask(np.zeros(SHAPE, np.uint8))
    _stroke(project, layer, mask, 1)
    file = _as_version_1(project) / "project.db"
    before = file.read_bytes()
    with Project.open(project.path, write=False) as again:
        assert again.layers.labelled(layer.item) == {1}
        assert np.array_equal(again.layers.read(layer, SHAPE), mask.labels)
        with pytest.raises(EngineError, match="read only"):
            again.layers.undo(layer, mask)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [("tiles", "z", -3), ("tiles", "z", 10**15), ("tiles", "z", "x"), ("items", "z", "x"), ("items", "z", 10**15)],
)
def test_damaged_row_does_not_keep_a_project_closed(
    project: Project, make_item: MakeItem, table: str, column: str, value: object
) -> None:
    damaged, other = _layer(project, make_item, "damaged"), _layer(project, make_item, "other")
    for layer in (damaged, other):
        _stroke(project, layer, Mask(np.zeros(SHAPE, np.uint8)), 1)
    db = sqlite3.connect(_as_version_1(project) / "project.db")
    which, id = ("id", damaged.item) if table == "items" else ("layer", damaged.id)
    db.execute(f"UPDATE {table} SET {column} = ? WHERE {which} = ?", (value, id))
    db.commit()
    db.close()
    with Project.open(project.path) as again:
        assert again.layers.labelled(other.item) == {1} == again.layers.labelled_slices()[other.item]
        assert again.layers.labelled(damaged.item) <= {1}


def test_damaged_edit_does_not_keep_a_project_closed(project: Project, make_item: MakeItem) -> None:
    layer, mask = _layer(project, make_item), Mask(np.zeros(SHAPE, np.uint8))
    _stroke(project, layer, mask, 1)
    db = sqlite3.connect(_as_version_1(project) / "project.db")
    db.execute("UPDATE edits SET data = x'00'")
    db.commit()
    db.close()
    with Project.open(project.path) as again:
        assert again.layers.labelled(layer.item) == set(range(6)), "what it holds has no edit that made it"


def _phase(number: int, count: int) -> Notice:
    text = "Volume {number} of {count} of one series: {label}."
    return Notice(text, {"number": number, "count": count, "label": f"phase {number} of {count}"})


def test_parts_of_a_series_are_known_by_their_notes(project: Project, make_item: MakeItem) -> None:
    untold = Notice("Part {number} of {count}: each place was taken {count} times.", {"number": 1, "count": 2})
    other = Notice("A slice is missing after the one with number {number}.", {"number": 3})
    for name, patient, notes in (
        ("a1", "P1", (other, _phase(1, 2))),
        ("a2", "P1", (_phase(2, 2),)),
        ("b1", "P1", (_phase(1, 2),)),
        ("b2", "P1", (_phase(2, 2),)),
        ("c2", "P2", (_phase(2, 3),)),
        ("alone", "P2", (other,)),
        ("c3", "P2", (_phase(3, 3),)),
        ("d", "P2", (untold,)),
    ):
        item = make_item(name, shape=SHAPE, patient=patient, notes=notes)
        project.items.add(replace(item, source=replace(item.source, kind="dicom")))
    with Project.open(_as_version_1(project)) as again:
        parts = {item.name: item.part for item in again.items.all()}
        assert again.series_key("any") != again.series_key("other")
    told = {name: (part.number, part.count, part.label) for name, part in parts.items() if part is not None}
    assert told == {
        "a1": (1, 2, "phase 1 of 2"),
        "a2": (2, 2, "phase 2 of 2"),
        "b1": (1, 2, "phase 1 of 2"),
        "b2": (2, 2, "phase 2 of 2"),
        "c2": (2, 3, "phase 2 of 3"),
        "c3": (3, 3, "phase 3 of 3"),
        "d": (1, 2, "part 1 of 2"),
    }
    keys = {name: part.key for name, part in parts.items() if part is not None}
    assert keys["a1"] == keys["a2"] and keys["b1"] == keys["b2"] and len(set(keys.values())) == 5


def test_predictions_that_were_taken_over_are_known_by_the_name_of_the_edit(
    project: Project, make_item: MakeItem
) -> None:
    masks = {name: _layer(project, make_item, name) for name in ("english", "spanish", "hand", "undone")}
    for name, layer in masks.items():
        mask = Mask(np.zeros(SHAPE, np.uint8))
        words = {"spanish": "Predicción tomada · run 1", "hand": "Pincel"}.get(name, "Prediction taken · run 1 · liver")
        stroke = mask.begin(words)
        stroke.line("axial", 2, (9, 9), (99, 99), Brush.round(6), 1)
        project.layers.record(layer, mask, stroke.end())
        if name == "undone":
            project.layers.undo(layer, mask)
    with Project.open(_as_version_1(project)) as opened:
        assert opened.layers.helped() == {masks["english"].item, masks["spanish"].item}


def test_class_maps_of_earlier_versions_stay_class_maps(project: Project, make_item: MakeItem) -> None:
    layer, mask = _layer(project, make_item), Mask(np.zeros(SHAPE, np.uint8))
    _stroke(project, layer, mask, 1)
    _stroke(project, layer, mask, 2, 2)
    before = project.layers.fingerprint(layer.item)
    with Project.open(_as_version_1(project)) as opened:
        found = opened.layers.mask(layer.item)
        assert found is not None and found.form == "class"
        assert opened.layers.fingerprint(layer.item) == before, "a test set that was read stays known"
        assert opened.layers.undo(layer, mask) is not None
        assert np.array_equal(opened.layers.read(layer, SHAPE), mask.labels) and set(np.unique(mask.labels)) == {0, 1}


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ('{"n": 16, "mean_dice": 0.75, "classes": {}}', (16, 0.75)),
        ('{"n": 9, "accuracy": 0.5, "auc": null}', (9, 0.5)),
        ('{"n": 3, "mean_dice": null}', (3, None)),
        ('{"n": "many", "mean_dice": 7}', (0, None)),
        ("no JSON", (0, None)),
        ("", None),
    ],
    ids=["Dice", "accuracy", "no score", "odd", "damaged", "none"],
)
def test_a_test_set_that_was_scored_is_known_to_be_read(
    project: Project, report: str, expected: tuple[int, float | None] | None
) -> None:
    """The first version scored it at the end of each training, and showed the score in the list by which runs are chosen."""
    for name in ("first", "second"):
        project.runs.update(project.runs.add(TrainConfig(), name), "finished", RunSummary(score=0.5, epochs=2))
    run = project.runs.get("first")
    run.bundle.write_bytes(b"weights")
    file = run.folder / "report-test.json"
    if report:
        file.write_text(report)
        os.utime(file, (1_600_000_000, 1_600_000_000))
    folder = _as_version_1(project)
    for write in (False, True):
        with Project.open(folder, write=write) as again:
            first, second = again.runs.get("first"), again.runs.get("second")
            read = [(each.at, each.n, each.score) for each in first.summary.test_readings]
            assert read == ([(1_600_000_000, *expected)] if expected is not None else [])
            assert (first.test_reading is not None) == (expected is not None)
            assert not second.summary.test_readings and (first.summary.score, first.summary.epochs) == (0.5, 2)
            assert again.runs.test_set_readers() == (expected is not None)
