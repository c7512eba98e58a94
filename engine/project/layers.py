"""The layers of an item: masks and predictions as tiles, and the journal of every edit, undo and redo."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from sqlite3 import Row
from typing import Literal, TypeAlias

import numpy as np

from engine.labels.edit import Box, Edit, Labels
from engine.labels.mask import Mask
from engine.project.codec import EDIT_START, TILE, count_patches, decode_edit, decode_labels, encode_edit, encode_labels
from engine.project.store import Store

Kind: TypeAlias = Literal["mask", "prediction", "consensus"]


@dataclass(frozen=True)
class Layer:
    """A class map of one item: the reader's mask, or the prediction of a run."""

    id: int
    item: int
    kind: Kind
    reader: str = ""
    run: int | None = None


@dataclass(frozen=True)
class HistoryEntry:
    """One line of a layer's history, oldest first. `made` is seconds since 1970."""

    id: int
    name: str
    made: float
    undone: bool


@dataclass(frozen=True)
class Tile:
    """A stored square of one slice, already packed (in a job, so that storing it costs the window next to nothing)."""

    z: int
    row: int
    column: int
    data: bytes  # b"": nothing but background


@dataclass(frozen=True, eq=False)
class PackedEdit:
    """An edit as it is stored: its entry in the journal, and the squares that it reaches."""

    name: str
    data: bytes
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, eq=False)
class HistoryStep:
    """An edit of the journal to be taken back (`undone`) or done again; `change` is what that does to the mask."""

    id: int
    undone: bool
    change: Edit


def pack(labels: Labels) -> Iterator[Tile]:
    """A whole label volume (z, y, x) as tiles, those of pure background left out."""
    for z, row, column, box in _tiles(Box((0, 0, 0), labels.shape), labels.shape):
        part = labels[box.slices]
        if part.any():
            yield Tile(z, row, column, encode_labels(part))


def pack_edit(labels: Labels, edit: Edit) -> PackedEdit:
    """An edit that the labels (z, y, x) have taken, made ready for `Layers.record_packed`. Needs no project: any thread may do it."""
    return PackedEdit(edit.name, encode_edit(edit), pack_touched(labels, (edit,)))


def pack_touched(labels: Labels, edits: Iterable[Edit]) -> tuple[Tile, ...]:
    """The stored squares that edits reach, each once, as they are in the labels (z, y, x) now."""
    boxes = {
        (z, row, column): box
        for edit in edits
        for patch in edit.patches
        for z, row, column, box in _tiles(patch.box, labels.shape)
    }
    return tuple(_packed(labels, where, box) for where, box in boxes.items())


class Layers:
    """The table of layers. A finished stroke and the tiles it touched are one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of_item(self, item: int) -> list[Layer]:
        rows = self._store.rows(
            "SELECT layers.*, readers.name AS reader_name FROM layers LEFT JOIN readers ON readers.id = layers.reader"
            " WHERE item = ? ORDER BY layers.id",
            item,
        )
        return [_layer(row) for row in rows]

    def mask(self, item: int) -> Layer | None:
        """The mask of the item, or None where nothing was ever painted or imported."""
        return next((layer for layer in self.of_item(item) if layer.kind == "mask"), None)

    def prediction(self, item: int, run: int) -> Layer | None:
        return next((layer for layer in self.of_item(item) if layer.run == run), None)

    def masked(self) -> set[int]:
        """Items that have a mask."""
        return {row[0] for row in self._store.rows("SELECT item FROM layers WHERE kind = 'mask'")}

    def predicted(self, run: int) -> set[int]:
        """Items that the run has predicted."""
        return {row[0] for row in self._store.rows("SELECT item FROM layers WHERE run = ?", run)}

    def make(self, item: int, kind: Kind = "mask", run: int | None = None) -> Layer:
        """The layer, made where it does not exist."""
        found = (
            self.mask(item)
            if kind == "mask"
            else next((y for y in self.of_item(item) if y.kind == kind and y.run == run), None)
        )
        if found is not None:
            return found
        with self._store.transaction() as store:
            id = store.run("INSERT INTO layers (item, kind, run) VALUES (?, ?, ?)", item, kind, run)
        return Layer(id, item, kind, run=run)

    def read(self, layer: Layer, shape: tuple[int, int, int]) -> Labels:
        """The labels (z, y, x) uint8, a fresh array."""
        labels = np.zeros(shape, np.uint8)
        for row in self._store.rows("SELECT z, row, col, data FROM tiles WHERE layer = ?", layer.id):
            box = _box(row["z"], row["row"], row["col"], shape)
            labels[box.slices] = decode_labels(row["data"], box.shape)
        return labels

    def replace(self, layer: Layer, tiles: Iterable[Tile]) -> None:
        """Give the layer this content instead of its own, its history with it: for imports and predictions."""
        tiles = list(tiles)  # packed before the transaction: nobody who writes waits for that
        with self._store.transaction() as store:
            store.run("DELETE FROM tiles WHERE layer = ?", layer.id)
            store.run("DELETE FROM edits WHERE layer = ?", layer.id)
            self._write(store, layer, tiles)

    def record(self, layer: Layer, mask: Mask, edit: Edit) -> None:
        """Keep an edit that `mask` has already taken: journal and tiles in one transaction. What was undone before is gone."""
        if not edit.empty:
            self.record_packed(layer, pack_edit(mask.labels, edit))

    def record_packed(self, layer: Layer, edit: PackedEdit) -> None:
        """As `record`, for an edit that was packed before: writes, and nothing else."""
        with self._store.transaction() as store:
            store.run("DELETE FROM edits WHERE layer = ? AND undone = 1", layer.id)
            store.run(
                "INSERT INTO edits (layer, name, made, data) VALUES (?, ?, ?, ?)",
                layer.id,
                edit.name,
                time.time(),
                edit.data,
            )
            self._write(store, layer, edit.tiles)

    def undo(self, layer: Layer, mask: Mask) -> Edit | None:
        """Take back the last edit, in the mask and on disk; the change made comes back, or None where nothing is left."""
        return self._step(layer, mask, -1)

    def redo(self, layer: Layer, mask: Mask) -> Edit | None:
        """Do again what was undone last; the change made comes back, or None where nothing is left."""
        return self._step(layer, mask, 1)

    def steps(self, layer: Layer, count: int) -> list[HistoryStep]:
        """The next edits to take back (negative) or to do again, in the order in which that is done; fewer where fewer are left."""
        return [
            HistoryStep(row["id"], count < 0, edit.inverse() if count < 0 else edit)
            for row in self._next(layer, count, "id, name, data")
            for edit in (decode_edit(row["name"], row["data"]),)
        ]

    def patches_of_steps(self, layer: Layer, count: int) -> int:
        """How many patches these steps have in all, without unpacking them."""
        rows = self._next(layer, count, f"substr(data, 1, {EDIT_START}) AS start")
        return sum(count_patches(row["start"]) for row in rows)

    def record_steps(self, layer: Layer, steps: Iterable[HistoryStep], tiles: Iterable[Tile]) -> None:
        """Keep steps that the mask has taken: all or none, with the squares (`pack_touched`) as they are after the last of them."""
        with self._store.transaction() as store:
            for step in steps:
                store.run("UPDATE edits SET undone = ? WHERE id = ?", int(step.undone), step.id)
            self._write(store, layer, tiles)

    def history(self, layer: Layer) -> list[HistoryEntry]:
        rows = self._store.rows("SELECT id, name, made, undone FROM edits WHERE layer = ? ORDER BY id", layer.id)
        return [HistoryEntry(row["id"], row["name"], row["made"], bool(row["undone"])) for row in rows]

    def _next(self, layer: Layer, count: int, columns: str) -> Sequence[Row]:
        which = "undone = 0 ORDER BY id DESC" if count < 0 else "undone = 1 ORDER BY id"
        return self._store.rows(
            f"SELECT {columns} FROM edits WHERE layer = ? AND {which} LIMIT ?", layer.id, abs(count)
        )

    def _step(self, layer: Layer, mask: Mask, count: int) -> Edit | None:
        steps = self.steps(layer, count)
        if not steps:
            return None
        change = steps[0].change
        mask.apply(change)
        try:
            self.record_steps(layer, steps, pack_touched(mask.labels, [change]))
        except BaseException:  # the mask on the screen stays what the disk holds
            mask.apply(change.inverse())
            raise
        return change

    def _write(self, store: Store, layer: Layer, tiles: Iterable[Tile]) -> None:
        for tile in tiles:
            where = (layer.id, tile.z, tile.row, tile.column)
            if tile.data:
                store.run("INSERT OR REPLACE INTO tiles VALUES (?, ?, ?, ?, ?)", *where, tile.data)
            else:
                store.run("DELETE FROM tiles WHERE layer = ? AND z = ? AND row = ? AND col = ?", *where)


def _packed(labels: Labels, where: tuple[int, int, int], box: Box) -> Tile:
    part = labels[box.slices]
    return Tile(*where, encode_labels(part) if part.any() else b"")


def _tiles(box: Box, shape: tuple[int, ...]) -> Iterator[tuple[int, int, int, Box]]:
    for z in range(box.low[0], box.high[0]):
        for row in range(box.low[1] // TILE, -(-box.high[1] // TILE)):
            for column in range(box.low[2] // TILE, -(-box.high[2] // TILE)):
                yield z, row, column, _box(z, row, column, shape)


def _box(z: int, row: int, column: int, shape: tuple[int, ...]) -> Box:
    y, x = row * TILE, column * TILE
    return Box((z, y, x), (z + 1, min(y + TILE, shape[1]), min(x + TILE, shape[2])))


def _layer(row: Row) -> Layer:
    return Layer(row["id"], row["item"], row["kind"], row["reader_name"] or "", row["run"])
