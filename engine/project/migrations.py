"""What a newer schema knows that an older one did not ask, worked out from what is there."""

import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from sqlite3 import Row
from typing import TYPE_CHECKING

from engine.errors import EngineError
from engine.imaging.files import read_bytes
from engine.labels.edit import Patch
from engine.project import salvage
from engine.project.codec import decode_edit, encode_slices

if TYPE_CHECKING:
    from engine.project.store import Store

SERIES_SALT = "series salt"
"""The note with what this project's keys of series are made with."""
_TELLS_PART = "Volume {number} of {count} of one series", "Part {number} of {count}: each place"  # in notes of schema 3
_TAKEN_OVER = ("Prediction taken", "Predicción tomada")
_MOST_REPORT = 1 << 24  # bytes
_MOST_SLICES = 1 << 16  # no image has more: a larger number is damaged


def from_version_1(store: "Store") -> None:
    """What the first version did not keep, but left traces of."""
    add_labelled(store)
    add_test_readings(store)


def add_test_readings(store: "Store") -> None:
    """That the test set was read. The first version scored it at the end of each training, wrote a report into the run's folder and
    showed the score where runs are chosen."""
    for row in store.rows("SELECT id, summary FROM runs"):
        report = store.folder / "runs" / str(row["id"]) / "report-test.json"
        if report.is_symlink() or report.parent.is_symlink() or not report.is_file():
            continue
        try:
            summary = json.loads(row["summary"])
            reading = {"at": report.stat().st_mtime, "bundle": summary.get("bundle", ""), **_figures(report)}
        except (
            ValueError,
            TypeError,
            AttributeError,
            RecursionError,
            OSError,
        ):  # a damaged run is told when it is shown
            continue
        kept = json.dumps({**summary, "test_readings": [reading]})
        store.run("UPDATE runs SET summary = ? WHERE id = ?", kept, row["id"])


def _figures(report: Path) -> dict[str, int | float | None]:
    """Over how many items, and the mean Dice or accuracy; 0 and None where the report does not say it."""
    try:
        known = json.loads(read_bytes(str(report), _MOST_REPORT))
        n, score = known.get("n"), known.get("mean_dice", known.get("accuracy"))
    except (EngineError, ValueError, AttributeError, RecursionError):
        return {"n": 0, "score": None}
    whole = isinstance(n, int) and not isinstance(n, bool) and n >= 0
    share = isinstance(score, int | float) and not isinstance(score, bool) and 0 <= score <= 1
    return {"n": n if whole else 0, "score": score if share else None}


def add_labelled(store: "Store") -> None:
    """Which slices of a mask are labelled, and which an edit labelled first. docs/decisions/0017 says what is assumed of masks that
    were made before anybody asked."""
    for table in ("layers", "edits"):
        store.run(f"ALTER TABLE {table} ADD COLUMN labelled BLOB NOT NULL DEFAULT x''")
    masks = store.rows(
        "SELECT layers.id, CAST(items.z AS INTEGER) AS depth FROM layers JOIN items ON items.id = layers.item"
        " WHERE layers.kind = 'mask'"
    )
    for row in masks:
        _label(store, row["id"], min(max(row["depth"], 0), _MOST_SLICES))


def add_calibrated(store: "Store") -> None:
    """Whether the spacing of an item is in mm. It was not kept: a NIfTI file always has a size of its voxels, and a CT, MR or PET a
    size of its pixels; of anything else a pixel that is not 1 across has a size. What is left is called px, not guessed to be 1 mm."""
    store.run("ALTER TABLE items ADD COLUMN calibrated INTEGER NOT NULL DEFAULT 0")
    for row in store.rows("SELECT id, kind, modality, spacing FROM items"):
        known = row["kind"] == "nifti" or (row["kind"] == "dicom" and row["modality"] in ("CT", "MR", "PT"))
        if known or _across(row["spacing"]) != 1.0:
            store.run("UPDATE items SET calibrated = 1 WHERE id = ?", row["id"])


def add_parts(store: "Store") -> None:
    """Which part of a series an item is. Only its note kept that: the volumes of a series were added one after the other, so that
    neighbours of one patient and size whose numbers go up are taken as parts of one."""
    store.run("ALTER TABLE items ADD COLUMN part TEXT NOT NULL DEFAULT ''")
    store.run("INSERT INTO meta VALUES (?, ?)", SERIES_SALT, secrets.token_hex(16))
    key, before, last = "", tuple[object, ...](), 0
    for row in store.rows("SELECT id, patient, z, y, x, notes FROM items WHERE kind = 'dicom' ORDER BY id"):
        number, count, label = _noted_part(row)
        alike = (row["patient"], row["y"], row["x"], count)
        if not (key and alike == before and number > last):
            key = f"S-{secrets.token_hex(4)}"
        before, last = alike, number
        if number:
            store.run("UPDATE items SET part = ? WHERE id = ?", json.dumps([key, number, count, label]), row["id"])


def _noted_part(row: Row) -> tuple[int, int, str]:
    """Number, count and label of the part that the item's notes tell; 0 of 0 where they tell none."""
    try:
        for note in salvage.notes(row["notes"]):
            if note.message.startswith(_TELLS_PART):
                number, count = salvage.count(note.values["number"]), salvage.count(note.values["count"])
                return number, count, str(note.values.get("label", f"part {number} of {count}"))
    except (
        ValueError,
        TypeError,
        LookupError,
        RecursionError,
    ):  # notes that cannot be read are told when they are shown
        pass
    return 0, 0, ""


def add_by_model(store: "Store") -> None:
    """Which edits took a prediction over. Earlier versions said so in the edit's name alone, in the language of the window."""
    store.run("ALTER TABLE edits ADD COLUMN by_model INTEGER NOT NULL DEFAULT 0")
    for words in _TAKEN_OVER:
        store.run("UPDATE edits SET by_model = 1 WHERE substr(CAST(name AS TEXT), 1, ?) = ?", len(words), words)


def _across(spacing: object) -> float:
    """How wide a pixel is; 1 where the column is damaged."""
    try:
        return salvage.spacing(spacing)[2]
    except (ValueError, TypeError):
        return 1.0


def _label(store: "Store", layer: int, depth: int) -> None:
    """A mask that held something before its first edit, or has no edits, was imported: all its slices are labelled. Of one that was
    painted from nothing, those are that hold something or that an edit changed which was not undone."""
    edits = store.rows("SELECT id, undone FROM edits WHERE layer = ? ORDER BY id", layer)
    whole = set(range(depth))  # what lies elsewhere is damaged
    held = {row["z"] for row in store.rows("SELECT DISTINCT z FROM tiles WHERE layer = ?", layer)} & whole
    touched, imported, seen = dict[int, set[int]](), not edits, set[object]()
    for row in edits:
        patches = list(_patches(store, row["id"]))
        touched[row["id"]] = {z for patch in patches for z in range(*patch.box.slices[0].indices(depth))}
        if not row["undone"]:
            imported |= any(patch.box not in seen and patch.old.any() for patch in patches)
            seen.update(patch.box for patch in patches)
    painted = set[int]().union(*(touched[row["id"]] for row in edits if not row["undone"]))
    imported |= bool(held - painted)
    labelled = set(whole) if imported else set[int]()
    kept = labelled | held
    for row in edits:
        new = touched[row["id"]] - labelled
        labelled |= new
        if not row["undone"]:
            kept |= new
        store.run("UPDATE edits SET labelled = ? WHERE id = ?", encode_slices(new), row["id"])
    store.run("UPDATE layers SET labelled = ? WHERE id = ?", encode_slices(kept), layer)


def _patches(store: "Store", edit: int) -> Iterator[Patch]:
    sql = (
        "SELECT data, CAST(z * y * x AS INTEGER) AS voxels FROM edits JOIN layers ON layers.id = edits.layer"
        " JOIN items ON items.id = layers.item WHERE edits.id = ?"
    )
    row = store.row(sql, edit)
    try:
        yield from decode_edit("", row["data"], row["voxels"]).patches if row is not None else ()
    except EngineError:  # a damaged edit is refused when it is undone, not when the project is opened
        return
