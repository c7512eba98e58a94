"""The layers of an item: masks and predictions as tiles, which slices are labelled, and the journal of every edit, undo and redo.

A slice is labelled when a person or an import said so: it was painted, imported, accepted from a prediction or looked at and found
empty. Nobody knows what is on the others: they are neither learnt nor scored.
"""

import hashlib
import math
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import gt
from sqlite3 import Row
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.labels.classes import BACKGROUND, UNLABELLED
from engine.labels.edit import Box, Edit, Ids, Labels, Patch
from engine.labels.instances import Instances, parts
from engine.labels.mask import Mask
from engine.project.codec import (
    EDIT_START,
    TILE,
    count_patches,
    damaged,
    decode_edit,
    decode_ids,
    decode_labels,
    decode_slices,
    encode_edit,
    encode_edit_ids,
    encode_ids,
    encode_labels,
    encode_slices,
    highest_class,
    tile_labels,
)
from engine.project.store import Store

Kind: TypeAlias = Literal["mask", "prediction", "consensus"]
Form: TypeAlias = Literal["class", "instance"]


@dataclass(frozen=True)
class Layer:
    """The classes of one item's voxels, and in the form "instance" their objects too: the reader's mask, or the prediction of a run."""

    id: int
    item: int
    kind: Kind
    reader: str = ""
    run: int | None = None
    form: Form = "class"


@dataclass(frozen=True)
class HistoryEntry:
    """One line of a layer's history, oldest first. `made` is seconds since 1970; `by_model`: a prediction was taken over."""

    id: int
    name: str
    made: float
    undone: bool
    by_model: bool = False


@dataclass(frozen=True)
class Tile:
    """A stored square of one slice, already packed (in a job, so that storing it costs the window next to nothing)."""

    z: int
    row: int
    column: int
    data: bytes  # b"": nothing but background
    ids: bytes = b""  # b"": no object


@dataclass(frozen=True, eq=False)
class PackedEdit:
    """An edit as it is stored: its entry in the journal, the squares that it reaches, and the slices that are labelled with it."""

    name: str
    data: bytes
    tiles: tuple[Tile, ...]
    slices: frozenset[int]
    help: int = 0  # as it is stored, see _TAKEN_OVER
    ids: bytes = b""  # in a mask of objects

    def labelled_after(self, before: frozenset[int]) -> frozenset[int]:
        """The labelled slices of the mask with it."""
        return before | self.slices


@dataclass(frozen=True, eq=False)
class HistoryStep:
    """An edit of the journal to be taken back (`undone`) or done again; `change` is what that does to the mask, `labelled` are the
    slices that the edit labelled first."""

    id: int
    undone: bool
    change: Edit
    labelled: frozenset[int]

    def labelled_after(self, before: frozenset[int]) -> frozenset[int]:
        """The labelled slices of the mask with it."""
        return before - self.labelled if self.undone else before | self.labelled


@dataclass(frozen=True, eq=False)
class PackedSteps:
    """Steps of the journal that the mask has taken, with the squares that they reach as they are after the last of them."""

    steps: tuple[HistoryStep, ...]
    tiles: tuple[Tile, ...]

    def labelled_after(self, before: frozenset[int]) -> frozenset[int]:
        """The labelled slices of the mask with them."""
        for step in self.steps:
            before = step.labelled_after(before)
        return before


PackedChange: TypeAlias = PackedEdit | PackedSteps


@dataclass(frozen=True, eq=False)
class Predicted:
    """What a network says of an item: its labels, packed for the store, and its objects where it tells them apart
    (engine.project.objects.pack_objects)."""

    item: int
    tiles: tuple[Tile, ...]
    objects: bytes = b""


def pack(labels: Labels, ids: Ids | None = None) -> Iterator[Tile]:
    """A whole label volume (z, y, x), with the `ids` of its objects where it has some, as tiles; those of pure background left out."""
    for z, row, column, box in _tiles(Box((0, 0, 0), labels.shape), labels.shape):
        part = labels[box.slices]
        if part.any():
            objects = b"" if ids is None else encode_ids(_of_class(part, ids[box.slices]))
            yield Tile(z, row, column, encode_labels(part), objects)


def pack_instances(instances: Instances) -> Iterator[Tile]:
    """Whole objects (z, y, x) as tiles, those without any left out."""
    return pack(instances.class_map(), instances.ids)


def pack_edit(mask: Mask, edit: Edit, looked_at: Iterable[int] = ()) -> PackedEdit:
    """An edit that the mask has taken, made ready for `Layers.record_packed`. Needs no project: any thread may do it."""
    slices = _changed(edit) | frozenset(looked_at)
    tiles, ids = pack_touched(mask, (edit,)), encode_edit_ids(edit)
    help = _TAKEN_OVER if edit.by_model else _AFRESH if edit.afresh else 0
    return PackedEdit(edit.name, encode_edit(edit), tiles, slices, help, ids)


def pack_touched(mask: Mask, edits: Iterable[Edit]) -> tuple[Tile, ...]:
    """The stored squares that edits reach, each once, as they are in the mask now."""
    boxes = {
        (z, row, column): box
        for edit in edits
        for patch in edit.patches
        for z, row, column, box in _tiles(patch.box, mask.shape)
    }
    return tuple(_packed(mask, where, box) for where, box in boxes.items())


_TAKEN_OVER, _AFRESH = 1, -1
"""How `by_model` of the journal says that a prediction was taken over, and that nothing of what was there before is left."""
_HELPED = (
    f"by_model = {_TAKEN_OVER} AND undone = 0 AND edits.id > coalesce((SELECT max(later.id) FROM edits AS later"
    f" WHERE later.layer = edits.layer AND later.undone = 0 AND later.by_model = {_AFRESH}), 0)"
)

_SELECT = "SELECT layers.*, readers.name AS reader_name FROM layers LEFT JOIN readers ON readers.id = layers.reader "


class Layers:
    """The table of layers. A finished stroke and the tiles it touched are one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of_item(self, item: int) -> list[Layer]:
        return [_layer(row) for row in self._store.rows(_SELECT + "WHERE item = ? ORDER BY layers.id", item)]

    def mask(self, item: int) -> Layer | None:
        """The mask of the item, or None where nothing was ever painted or imported. It may be there with nothing labelled: `labelled`."""
        return next((layer for layer in self.of_item(item) if layer.kind == "mask"), None)

    def prediction(self, item: int, run: int) -> Layer | None:
        return next((layer for layer in self.of_item(item) if layer.run == run), None)

    def masked(self) -> set[int]:
        """Items of which something is labelled."""
        return {row[0] for row in self._store.rows("SELECT item FROM layers WHERE kind = 'mask' AND labelled <> x''")}

    def labelled(self, item: int) -> frozenset[int]:
        """The slices of the item's mask that are labelled."""
        return next(self._labelled_of("WHERE item = ?", item), (item, frozenset[int]()))[1]

    def labelled_slices(self) -> dict[int, frozenset[int]]:
        """The labelled slices of every item that has some, in one query."""
        return {item: slices for item, slices in self._labelled_of("WHERE labelled <> x''") if slices}

    def _labelled_of(self, which: str, *values: object) -> Iterator[tuple[int, frozenset[int]]]:
        """Slices that the item has; what is damaged labels nothing."""
        sql = (
            "SELECT item, CAST(labelled AS BLOB) AS bits, CAST(items.z AS INTEGER) AS depth"
            f" FROM layers JOIN items ON items.id = item {which} AND layers.kind = 'mask'"
        )
        for row in self._store.rows(sql, *values):
            found = decode_slices(row["bits"][: row["depth"] // 8 + 1])
            yield row["item"], frozenset(z for z in found if z < row["depth"])

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

    def remove(self, layers: Iterable[Layer]) -> None:
        """Take these layers away for good, with their history."""
        with self._store.transaction() as store:
            for layer in layers:
                store.run("DELETE FROM layers WHERE id = ?", layer.id)

    def read(self, layer: Layer, shape: tuple[int, int, int]) -> Labels:
        """The labels (z, y, x) uint8, a fresh array."""
        labels = np.zeros(shape, np.uint8)
        for box, row in self._stored(layer, shape, "data"):
            labels[box.slices] = decode_labels(row["data"], box.shape)
        return labels

    def read_instances(self, layer: Layer, shape: tuple[int, int, int]) -> Instances:
        """The objects (z, y, x), fresh arrays. Of a layer of the form "class" they are the connected parts of its classes.

        Raises EngineError where classes and objects do not belong together: the database is damaged then.
        """
        return self._instances(layer, self.read(layer, shape))

    def _instances(self, layer: Layer, labels: Labels) -> Instances:
        """The objects of a layer whose `labels` were read already."""
        if self._form(layer) == "class":
            return parts(labels)
        ids = np.zeros(labels.shape, np.uint16)
        for box, row in self._stored(layer, labels.shape, "ids"):
            ids[box.slices] = decode_ids(row["ids"], box.shape)
        instances = Instances.of(labels, ids)
        if (
            not np.array_equal(instances.class_map(), np.where(ids > 0, labels, np.uint8(0)))
            or instances.classes.max() == UNLABELLED
        ):
            raise damaged()
        return instances

    def read_ids(self, layer: Layer, labels: Labels) -> Ids | None:
        """The objects (z, y, x) uint16 by number, fresh, of a layer whose `labels` were read already; None of one of the form "class"."""
        return None if self._form(layer) == "class" else self._instances(layer, labels).ids

    def read_mask(self, layer: Layer | None, shape: tuple[int, int, int], *, objects: bool) -> Mask:
        """The layer as a mask to paint on, of objects where that is asked for; nothing but background where there is no layer."""
        if layer is None:
            return Mask(np.zeros(shape, np.uint8), np.zeros(shape, np.uint16) if objects else None)
        labels = self.read(layer, shape)
        return Mask(labels, self._instances(layer, labels).ids if objects else None)

    def _stored(self, layer: Layer, shape: tuple[int, int, int], column: str) -> Iterator[tuple[Box, Row]]:
        """The squares of the layer with where they lie. Raises EngineError for one that lies outside or cannot be read."""
        for row in self._store.rows(f"SELECT z, row, col, {column} FROM tiles WHERE layer = ?", layer.id):
            try:
                box = _box(row["z"], row["row"], row["col"], shape)
                if min(box.low) < 0 or any(map(gt, box.high, shape)) or box.empty:
                    raise damaged()
                yield box, row
            except (ValueError, TypeError, OverflowError) as fault:  # a place that is no number
                raise damaged() from fault

    def _form(self, layer: Layer) -> Form:
        row = self._store.row("SELECT form FROM layers WHERE id = ?", layer.id)
        return _form_of(row["form"]) if row is not None else "class"

    def fingerprint(self, item: int) -> bytes:
        """What tells the item's mask from another; of the stored squares, so that none is unpacked."""
        digest = hashlib.sha256()
        for row in self._store.rows(
            "SELECT z, row, col, data, ids FROM tiles JOIN layers ON layers.id = tiles.layer"
            " WHERE item = ? AND kind = 'mask' ORDER BY z, row, col",
            item,
        ):
            digest.update(repr(tuple(row)[:3]).encode())
            for part in (row["data"], row["ids"]):  # damaged ones are no bytes
                digest.update(part if isinstance(part, bytes) else repr(part).encode())
        return digest.digest()

    def replace(self, layer: Layer, tiles: Iterable[Tile], labelled: Iterable[int] | None = None) -> None:
        """Give the layer this content instead of its own, its history with it: for imports and predictions.

        `labelled` are the slices that it speaks of, the empty ones too: all of a label volume. None: those that hold something.
        """
        tiles = list(tiles)  # packed before the transaction: nobody who writes waits for that
        with self._store.transaction() as store:
            store.run("DELETE FROM tiles WHERE layer = ?", layer.id)
            store.run("DELETE FROM edits WHERE layer = ?", layer.id)
            form = "instance" if any(tile.ids for tile in tiles) else "class"
            store.run("UPDATE layers SET form = ? WHERE id = ?", form, layer.id)
            held = self._write(store, layer, tiles)
            self._label(store, layer, held if labelled is None else labelled)

    def keep(self, item: int, change: PackedChange) -> Layer:
        """Record a change of the item's mask: one transaction, in which a layer is made where there is none yet, so that a stroke that
        is refused leaves no empty mask behind, which would be trained on. The mask's layer comes back."""
        with self._store.transaction():
            layer = self.make(item)
            if isinstance(change, PackedEdit):
                self.record_packed(layer, change)
            else:
                self.record_steps(layer, change.steps, change.tiles)
        return layer

    def record(self, layer: Layer, mask: Mask, edit: Edit, looked_at: Iterable[int] = ()) -> frozenset[int]:
        """Keep an edit that `mask` has already taken: journal and tiles in one transaction. What was undone before is gone.

        The slices that it changes are labelled from now on, and with them those that were `looked_at` for it (all of a prediction
        that was accepted as a whole). The slices that were not labelled before come back; undoing the edit takes them back.
        """
        return self.record_packed(layer, pack_edit(mask, edit, looked_at))

    def record_packed(self, layer: Layer, edit: PackedEdit) -> frozenset[int]:
        """As `record`, for an edit that was packed before: writes, and nothing else."""
        with self._store.transaction() as store:
            before = self._labelled(layer)
            new = edit.slices - before
            if not edit.tiles and not new:
                return new
            store.run("DELETE FROM edits WHERE layer = ? AND undone = 1", layer.id)
            if edit.ids:
                self._tell_objects_apart(store, layer)
            store.run(
                "INSERT INTO edits (layer, name, made, data, labelled, by_model, ids) VALUES (?, ?, ?, ?, ?, ?, ?)",
                layer.id,
                edit.name,
                time.time(),
                edit.data,
                encode_slices(new),
                edit.help,
                edit.ids,
            )
            self._write(store, layer, edit.tiles)
            self._label(store, layer, before | new)
        return new

    def undo(self, layer: Layer, mask: Mask) -> Edit | None:
        """Take back the last edit, in the mask and on disk; the change made comes back, or None where nothing is left."""
        return self._step(layer, mask, -1)

    def redo(self, layer: Layer, mask: Mask) -> Edit | None:
        """Do again what was undone last; the change made comes back, or None where nothing is left."""
        return self._step(layer, mask, 1)

    def steps(self, layer: Layer, count: int) -> list[HistoryStep]:
        """The next edits to take back (negative) or to do again, in the order in which that is done; fewer where fewer are left."""
        found, shape = [], self._shape(layer.id)
        for row in self._next(layer, count, "id, name, data, labelled, ids"):
            edit = _edit(shape, row)
            change = edit.inverse() if count < 0 else edit
            labelled = frozenset(z for z in decode_slices(row["labelled"]) if z < shape[0])
            found.append(HistoryStep(row["id"], count < 0, change, labelled))
        return found

    def patches_of_steps(self, layer: Layer, count: int) -> int:
        """How many patches these steps have in all, without unpacking them."""
        rows = self._next(layer, count, f"substr(data, 1, {EDIT_START}) AS start")
        return sum(count_patches(row["start"]) for row in rows)

    def record_steps(self, layer: Layer, steps: Iterable[HistoryStep], tiles: Iterable[Tile]) -> None:
        """Keep steps that the mask has taken: all or none, with the squares (`pack_touched`) as they are after the last of them."""
        with self._store.transaction() as store:
            labelled = self._labelled(layer)
            for step in steps:
                store.run("UPDATE edits SET undone = ? WHERE id = ?", int(step.undone), step.id)
                labelled = step.labelled_after(labelled)
            self._write(store, layer, tiles)
            self._label(store, layer, labelled)

    def history(self, layer: Layer) -> list[HistoryEntry]:
        rows = self._store.rows(
            "SELECT id, name, made, undone, by_model FROM edits WHERE layer = ? ORDER BY id", layer.id
        )
        first = next((n for n in reversed(range(len(rows))) if _begins_afresh(rows[n])), 0)
        helped = [n >= first and row["by_model"] == _TAKEN_OVER for n, row in enumerate(rows)]
        return [
            HistoryEntry(row["id"], row["name"], row["made"], bool(row["undone"]), by_model)
            for row, by_model in zip(rows, helped, strict=True)
        ]

    def helped(self) -> set[int]:
        """Items into whose mask a prediction was taken over, and neither taken back nor wholly replaced since."""
        sql = (
            f"SELECT DISTINCT item FROM layers JOIN edits ON edits.layer = layers.id WHERE kind = 'mask' AND {_HELPED}"
        )
        return {row[0] for row in self._store.rows(sql)}

    def before_help(self, layer: Layer, labels: Labels, ids: Ids | None = None) -> frozenset[int]:
        """Take out of `labels`, those of the mask (z, y, x), and out of the `ids` of its objects all edits since the first that took a
        prediction over: what a person had painted until then stays. The slices that were labelled then come back."""
        labelled = self._labelled(layer)
        rows = self._store.rows(
            "SELECT name, data, labelled, ids FROM edits WHERE layer = ? AND undone = 0 AND id >="
            f" (SELECT min(id) FROM edits WHERE layer = ? AND {_HELPED}) ORDER BY id DESC",
            layer.id,
            layer.id,
        )
        shape = self._shape(layer.id)
        for row in rows:
            for patch in _edit(shape, row).patches:
                labels[patch.box.slices] = patch.old
                if ids is not None:  # an edit from before there were objects changed whole parts of classes
                    ids[patch.box.slices] = 0 if patch.old_ids is None else patch.old_ids
            labelled -= decode_slices(row["labelled"])
        return labelled

    def all(self) -> list[Layer]:
        return [_layer(row) for row in self._store.rows(_SELECT + "ORDER BY layers.id")]

    def holds(self, layer: Layer, value: int) -> bool:
        """Whether any of its pixels has that value."""
        tiles = self._store.rows("SELECT data FROM tiles WHERE layer = ?", layer.id)
        return any((tile_labels(row["data"]) == value).any() for row in tiles)

    def relabel(self, layer: Layer, table: NDArray[np.uint8]) -> None:
        """Give every value the one that stands for it in `table` (256): in the pixels and throughout the history, which goes on."""
        with self._store.transaction() as store:
            for row in store.rows("SELECT z, row, col, data, ids FROM tiles WHERE layer = ?", layer.id):
                before = tile_labels(row["data"])
                after = table[before]
                if not np.array_equal(before, after):
                    data = encode_labels(after) if after.any() else b""
                    ids = encode_ids(_of_class(after, decode_ids(row["ids"], after.shape)))
                    self._write(store, layer, [Tile(row["z"], row["row"], row["col"], data, ids)])
            self._relabel_journal(store, layer.id, table)

    def _relabel_journal(self, store: Store, layer: int, table: NDArray[np.uint8]) -> None:
        """An edit of which nothing is left, and that labelled no slice first, is forgotten."""
        shape = self._shape(layer)
        for row in store.rows("SELECT id, name, data, ids, labelled FROM edits WHERE layer = ?", layer):
            edit = _edit(shape, row)
            if all(np.array_equal(table[part], part) for patch in edit.patches for part in (patch.old, patch.new)):
                continue
            left = tuple(one for patch in edit.patches if (one := _relabelled(patch, table)).differs.any())
            if left or row["labelled"]:
                edit = Edit(edit.name, left)
                data, ids = encode_edit(edit), encode_edit_ids(edit)
                store.run("UPDATE edits SET data = ?, ids = ? WHERE id = ?", data, ids, row["id"])
            else:
                store.run("DELETE FROM edits WHERE id = ?", row["id"])

    def hold_above(self, value: int) -> bool:
        """Whether any mask or prediction holds a class above `value`."""
        return any(
            highest_class(row["data"]) > value
            for layer in self._store.rows("SELECT id FROM layers")
            for row in self._store.rows("SELECT data FROM tiles WHERE layer = ?", layer["id"])
        )

    def forget_above(self, value: int) -> None:
        """Make background of the classes above `value` in the journals, so that neither undo nor redo brings one back; what the masks hold
        stays, and so does who helped with it."""
        table = np.arange(256, dtype=np.uint8)
        table[value + 1 : UNLABELLED] = BACKGROUND
        with self._store.transaction() as store:
            for row in store.rows("SELECT DISTINCT layer FROM edits"):
                self._relabel_journal(store, row["layer"], table)

    def _next(self, layer: Layer, count: int, columns: str) -> Sequence[Row]:
        which = "undone = 0 ORDER BY id DESC" if count < 0 else "undone = 1 ORDER BY id"
        return self._store.rows(
            f"SELECT {columns} FROM edits WHERE layer = ? AND {which} LIMIT ?", layer.id, abs(count)
        )

    def _tell_objects_apart(self, store: Store, layer: Layer) -> None:
        """Its first edit with objects makes a layer of the form "instance" of one that holds classes: their connected parts."""
        if self._form(layer) == "class":
            row = store.row("SELECT z, y, x FROM items WHERE id = ?", layer.item)
            holds = store.row("SELECT 1 FROM tiles WHERE layer = ? LIMIT 1", layer.id)
            if row is not None and holds is not None:
                self._write(store, layer, pack_instances(self.read_instances(layer, tuple(row))))
            store.run("UPDATE layers SET form = 'instance' WHERE id = ?", layer.id)

    def _step(self, layer: Layer, mask: Mask, count: int) -> Edit | None:
        steps = self.steps(layer, count)
        if not steps:
            return None
        change = steps[0].change
        mask.apply(change)
        try:
            self.record_steps(layer, steps, pack_touched(mask, [change]))
        except BaseException:  # the mask on the screen stays what the disk holds
            mask.apply(change.inverse())
            raise
        return change

    def _shape(self, layer: int) -> tuple[int, ...]:
        """The size (z, y, x) of the image of the layer with that id; zeros where it is damaged."""
        sql = "SELECT z, y, x FROM items JOIN layers ON layers.item = items.id WHERE layers.id = ?"
        row = self._store.row(sql, layer)
        return tuple(row) if row is not None and all(isinstance(size, int) for size in row) else (0, 0, 0)

    def _labelled(self, layer: Layer) -> frozenset[int]:
        row = self._store.row("SELECT labelled FROM layers WHERE id = ?", layer.id)
        return frozenset() if row is None else decode_slices(row[0])

    def _label(self, store: Store, layer: Layer, slices: Iterable[int]) -> None:
        store.run("UPDATE layers SET labelled = ? WHERE id = ?", encode_slices(slices), layer.id)

    def _write(self, store: Store, layer: Layer, tiles: Iterable[Tile]) -> set[int]:
        """The slices that got something come back."""
        held, empty = list[Tile](), list[Tile]()
        for tile in tiles:
            (held if tile.data else empty).append(tile)
        store.run_many(
            "INSERT OR REPLACE INTO tiles VALUES (?, ?, ?, ?, ?, ?)",
            [(layer.id, tile.z, tile.row, tile.column, tile.data, tile.ids) for tile in held],
        )
        store.run_many(
            "DELETE FROM tiles WHERE layer = ? AND z = ? AND row = ? AND col = ?",
            [(layer.id, tile.z, tile.row, tile.column) for tile in empty],
        )
        return {tile.z for tile in held}


def _edit(shape: tuple[int, ...], row: Row) -> Edit:
    """That of a row. Raises EngineError where it is damaged, or reaches out of its image."""
    edit = decode_edit(row["name"], row["data"], math.prod(shape), row["ids"])
    for patch in edit.patches:
        ends = zip(patch.box.low, patch.box.high, shape, strict=True)
        if any(low < 0 or high > size for low, high, size in ends):
            raise damaged()
    return edit


def _changed(edit: Edit) -> frozenset[int]:
    """The slices in which an edit changes something."""
    return frozenset(
        patch.box.low[0] + at for patch in edit.patches for at, plane in enumerate(patch.differs) if plane.any()
    )


def _packed(mask: Mask, where: tuple[int, int, int], box: Box) -> Tile:
    part = mask.labels[box.slices]
    if not part.any():
        return Tile(*where, b"")
    return Tile(*where, encode_labels(part), b"" if mask.ids is None else encode_ids(mask.ids[box.slices]))


def _of_class(labels: Labels, ids: Ids) -> Ids:
    """The ids, but none where there is no class any more."""
    return np.where(labels > 0, ids, np.uint16(0))


def _relabelled(patch: Patch, table: NDArray[np.uint8]) -> Patch:
    old, new = table[patch.old], table[patch.new]
    if patch.old_ids is None or patch.new_ids is None:
        return Patch(patch.box, old, new)
    return Patch(patch.box, old, new, _of_class(old, patch.old_ids), _of_class(new, patch.new_ids))


def _tiles(box: Box, shape: tuple[int, ...]) -> Iterator[tuple[int, int, int, Box]]:
    for z in range(box.low[0], box.high[0]):
        for row in range(box.low[1] // TILE, -(-box.high[1] // TILE)):
            for column in range(box.low[2] // TILE, -(-box.high[2] // TILE)):
                yield z, row, column, _box(z, row, column, shape)


def _box(z: int, row: int, column: int, shape: tuple[int, ...]) -> Box:
    y, x = row * TILE, column * TILE
    return Box((z, y, x), (z + 1, min(y + TILE, shape[1]), min(x + TILE, shape[2])))


def _layer(row: Row) -> Layer:
    return Layer(row["id"], row["item"], row["kind"], row["reader_name"] or "", row["run"], _form_of(row["form"]))


def _form_of(value: object) -> Form:
    return "instance" if value == "instance" else "class"


def _begins_afresh(row: Row) -> bool:
    return row["by_model"] == _AFRESH and not row["undone"]
