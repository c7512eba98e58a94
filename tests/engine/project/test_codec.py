import contextlib
import struct
import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from engine.errors import EngineError
from engine.labels.edit import Box, Edit, Labels, Patch
from engine.project.codec import (
    EDIT_START,
    count_patches,
    decode_edit,
    decode_labels,
    decode_slices,
    encode_edit,
    encode_labels,
    encode_slices,
    highest_class,
    tile_labels,
)

labels = arrays.arrays(np.uint8, arrays.array_shapes(min_dims=3, max_dims=3, max_side=6))


@given(labels)
def test_labels_come_back(values: Labels) -> None:
    assert np.array_equal(decode_labels(encode_labels(values), values.shape), values)
    assert np.array_equal(
        decode_labels(encode_labels(values[:, ::-1, ::2]), values[:, :, ::2].shape), values[:, ::-1, ::2]
    )


@given(st.lists(st.tuples(labels, st.tuples(*[st.integers(0, 70000)] * 3)), max_size=4), st.text())
def test_edits_come_back(parts: list[tuple[Labels, tuple[int, int, int]]], name: str) -> None:
    patches = []
    for values, low in parts:
        z, y, x = (a + n for a, n in zip(low, values.shape, strict=True))
        patches.append(Patch(Box(low, (z, y, x)), values, values[::-1]))
    edit = decode_edit(name, encode_edit(Edit(name, tuple(patches))), 4 * 6**3)
    assert edit.name == name and len(edit.patches) == len(patches)
    for one, two in zip(edit.patches, patches, strict=True):
        assert one.box == two.box
        assert np.array_equal(one.old, two.old) and np.array_equal(one.new, two.new)


def test_damage_is_said() -> None:
    good = encode_labels(np.ones((1, 9, 9), np.uint8))
    for data, shape in ((good[:-2], (1, 9, 9)), (b"nonsense", (1, 9, 9)), (b"", (1, 9, 9)), (good, (1, 9, 8))):
        with pytest.raises(EngineError, match="damaged"):
            decode_labels(data, shape)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        struct.pack("<I", 1),
        struct.pack("<I", 1) + struct.pack("<6i", 0, 0, 0, 1, 2, 2) + b"\1" * 7,
        struct.pack("<I", 1) + struct.pack("<6i", 0, 0, 0, -1, -2, 2) + b"\1" * 8,
        struct.pack("<I", 1) + struct.pack("<6i", 5, 0, 0, 1, 2, 2) + b"\1" * 8,
    ],
)
def test_damaged_edit_is_said(raw: bytes) -> None:
    with pytest.raises(EngineError, match="damaged"):
        decode_edit("Brush", zlib.compress(raw), 8)


def test_what_holds_more_than_its_mask_costs_no_memory() -> None:
    """32 MB of zeros in a few kilobytes, in the place of an edit, a tile, and one whose head says so."""
    many = struct.pack("<I", 1 << 31)
    edits = [
        zlib.compress(head + bytes(32 << 20), 9) for head in (many, struct.pack("<I6i", 1, 0, 0, 0, 1, 1024, 1 << 14))
    ]
    tracemalloc.start()
    try:
        for data in edits:
            with pytest.raises(EngineError, match="damaged"):
                decode_edit("Brush", data, 9 * 9)
        for read in (highest_class, tile_labels):
            with pytest.raises(EngineError, match="damaged"):
                read(edits[0])
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 4 << 20


def test_the_largest_edit_of_a_mask_is_read() -> None:
    """Each voxel a patch of its own, and all in one."""
    one = np.ones((1, 1, 1), np.uint8)
    single = tuple(Patch(Box((0, 0, x), (1, 1, x + 1)), one, one * 2) for x in range(9))
    whole = Patch(Box((0, 0, 0), (1, 1, 9)), np.zeros((1, 1, 9), np.uint8), np.ones((1, 1, 9), np.uint8))
    for patches in (single, (whole,)):
        assert len(decode_edit("Brush", encode_edit(Edit("Brush", patches)), 9).patches) == len(patches)
        with pytest.raises(EngineError, match="damaged"):
            decode_edit("Brush", encode_edit(Edit("Brush", patches)), 8)


@given(st.binary(max_size=60))
def test_any_bytes_are_an_edit_or_damage(raw: bytes) -> None:
    with contextlib.suppress(EngineError):
        decode_edit("Brush", zlib.compress(raw), 8)


@pytest.mark.parametrize("slices", [set(), {0}, {7}, {8}, {3, 4, 900}, set(range(20))])
def test_sets_of_slices_come_back(slices: set[int]) -> None:
    assert decode_slices(encode_slices(slices)) == slices
    with pytest.raises(EngineError, match="damaged"):
        decode_slices("text")
    assert len(encode_slices(slices)) == max(slices, default=-8) // 8 + 1


@pytest.mark.parametrize("count", [0, 1, 300])
def test_patches_are_counted_from_the_first_bytes(count: int) -> None:
    rng = np.random.default_rng(count)
    patches = []
    for number in range(count):
        values = rng.integers(0, 256, (1, 32, 32), np.uint8)
        patches.append(Patch(Box((number, 0, 0), (number + 1, 32, 32)), values, values[:, ::-1]))
    packed = encode_edit(Edit("noise", tuple(patches)))
    assert count_patches(packed[:EDIT_START]) == count
    for damaged in (b"", b"no edit at all", packed[:3]):
        with pytest.raises(EngineError, match="damaged"):
            count_patches(damaged)
