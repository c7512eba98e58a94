"""The layers of an item: masks and predictions as tiles, and the journal of every edit, undo and redo."""

import hashlib
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import gt
from sqlite3 import Row
from typing import Literal, TypeAlias

import numpy as np

from engine.labels.edit import Box, Edit, Labels
from engine.labels.mask import Mask
from engine.project.codec import TILE, damaged, decode_edit, decode_labels, encode_edit, encode_labels
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


def pack(labels: Labels) -> Iterator[Tile]:
    """A whole label volume (z, y, x) as tiles, those of pure background left out."""
    for z, row, column, box in _tiles(Box((0, 0, 0), labels.shape), labels.shape):
        part = labels[box.slices]
        if part.any():
            yield Tile(z, row, column, encode_labels(part))


_SELECT = "SELECT layers.*, readers.name AS reader_name FROM layers LEFT JOIN readers ON readers.id = layers.reader "


class Layers:
    """The table of layers. A finished stroke and the tiles it touched are one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of_item(self, item: int) -> list[Layer]:
        return [_layer(row) for row in self._store.rows(_SELECT + "WHERE item = ? ORDER BY layers.id", item)]

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

    def masks(self) -> dict[int, Layer]:
        """The masks of all items that have one, by item: one query, however many there are."""
        return self._by_item(self._store.rows(_SELECT + "WHERE kind = 'mask' ORDER BY layers.id"))

    def predictions(self, run: int) -> dict[int, Layer]:
        """What the run has predicted, by item: one query."""
        return self._by_item(self._store.rows(_SELECT + "WHERE run = ? ORDER BY layers.id", run))

    def _by_item(self, rows: Iterable[Row]) -> dict[int, Layer]:
        return {layer.item: layer for layer in reversed([_layer(row) for row in rows])}  # the first of each item

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
            try:
                box = _box(row["z"], row["row"], row["col"], shape)
                if min(box.low) < 0 or any(map(gt, box.high, shape)) or box.empty:
                    raise damaged()
                labels[box.slices] = decode_labels(row["data"], box.shape)
            except (ValueError, TypeError, OverflowError) as fault:  # a place that is no number
                raise damaged() from fault
        return labels

    def fingerprint(self, item: int) -> bytes:
        """What tells the item's mask from another; of the stored squares, so that none is unpacked."""
        digest = hashlib.sha256()
        for row in self._store.rows(
            "SELECT z, row, col, data FROM tiles JOIN layers ON layers.id = tiles.layer"
            " WHERE item = ? AND kind = 'mask' ORDER BY z, row, col",
            item,
        ):
            digest.update(repr(tuple(row)[:3]).encode() + row["data"])
        return digest.digest()

    def replace(self, layer: Layer, tiles: Iterable[Tile]) -> None:
        """Give the layer this content instead of its own, its history with it: for imports and predictions."""
        with self._store.transaction() as store:
            store.run("DELETE FROM tiles WHERE layer = ?", layer.id)
            store.run("DELETE FROM edits WHERE layer = ?", layer.id)
            self._write(store, layer, tiles)

    def record(self, layer: Layer, mask: Mask, edit: Edit) -> None:
        """Keep an edit that `mask` has already taken: journal and tiles in one transaction. What was undone before is gone."""
        if edit.empty:
            return
        with self._store.transaction() as store:
            store.run("DELETE FROM edits WHERE layer = ? AND undone = 1", layer.id)
            store.run(
                "INSERT INTO edits (layer, name, made, data) VALUES (?, ?, ?, ?)",
                layer.id,
                edit.name,
                time.time(),
                encode_edit(edit),
            )
            self._write(store, layer, _touched(mask.labels, edit))

    def undo(self, layer: Layer, mask: Mask) -> Edit | None:
        """Take back the last edit, in the mask and on disk; the change made comes back, or None where nothing is left."""
        row = self._store.row("SELECT * FROM edits WHERE layer = ? AND undone = 0 ORDER BY id DESC LIMIT 1", layer.id)
        return self._turn(layer, mask, row, undone=True)

    def redo(self, layer: Layer, mask: Mask) -> Edit | None:
        """Do again what was undone last; the change made comes back, or None where nothing is left."""
        row = self._store.row("SELECT * FROM edits WHERE layer = ? AND undone = 1 ORDER BY id LIMIT 1", layer.id)
        return self._turn(layer, mask, row, undone=False)

    def history(self, layer: Layer) -> list[HistoryEntry]:
        rows = self._store.rows("SELECT id, name, made, undone FROM edits WHERE layer = ? ORDER BY id", layer.id)
        return [HistoryEntry(row["id"], row["name"], row["made"], bool(row["undone"])) for row in rows]

    def _turn(self, layer: Layer, mask: Mask, row: Row | None, *, undone: bool) -> Edit | None:
        if row is None:
            return None
        edit = decode_edit(row["name"], row["data"])
        self._check_edit(layer, edit)
        change = edit.inverse() if undone else edit
        mask.apply(change)
        try:
            with self._store.transaction() as store:
                store.run("UPDATE edits SET undone = ? WHERE id = ?", int(undone), row["id"])
                self._write(store, layer, _touched(mask.labels, change))
        except BaseException:  # the mask on the screen stays what the disk holds
            mask.apply(change.inverse())
            raise
        return change

    def _check_edit(self, layer: Layer, edit: Edit) -> None:
        """Raise EngineError where the edit reaches out of its image: such a row is damaged."""
        row = self._store.row("SELECT z, y, x FROM items WHERE id = ?", layer.item)
        shape = tuple(row) if row is not None else ()
        for patch in edit.patches:
            ends = zip(patch.box.low, patch.box.high, shape, strict=False)
            if any(low < 0 or high > size for low, high, size in ends):
                raise damaged()

    def _write(self, store: Store, layer: Layer, tiles: Iterable[Tile]) -> None:
        for tile in tiles:
            where = (layer.id, tile.z, tile.row, tile.column)
            if tile.data:
                store.run("INSERT OR REPLACE INTO tiles VALUES (?, ?, ?, ?, ?)", *where, tile.data)
            else:
                store.run("DELETE FROM tiles WHERE layer = ? AND z = ? AND row = ? AND col = ?", *where)


def _touched(labels: Labels, edit: Edit) -> Iterator[Tile]:
    """The stored squares that an edit reaches, as they are now."""
    seen = set()
    for patch in edit.patches:
        for z, row, column, box in _tiles(patch.box, labels.shape):
            if (z, row, column) not in seen:
                seen.add((z, row, column))
                part = labels[box.slices]
                yield Tile(z, row, column, encode_labels(part) if part.any() else b"")


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
