"""Files of many images: what their arrays may be, what is refused, and what a class may be called."""

import gzip
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.imaging.image import Source
from engine.imaging.read import read_image
from engine.imaging.scan import Scan, scan
from engine.progress import result_of

rng = np.random.default_rng(0)
GREY = rng.integers(0, 256, (4, 28, 28), np.uint8)
RGB = rng.integers(0, 256, (4, 28, 28, 3), np.uint8)


def _scan(folder: Path, images: NDArray[Any], labels: object = None) -> Scan:
    arrays: dict[str, Any] = {"train_images": images} | ({} if labels is None else {"train_labels": np.array(labels)})
    np.savez(folder / "x.npz", **arrays)
    return result_of(scan([folder / "x.npz"]))


@pytest.mark.parametrize(
    ("images", "expected", "said"),
    [
        (GREY, GREY, ""),
        (GREY[..., None], GREY, ""),
        (GREY[:, None], GREY, ""),
        (RGB, RGB, ""),
        (RGB.astype(np.int64), RGB, ""),
        (RGB / 255, RGB, "decimal numbers"),
        ((RGB / 255).astype(np.float32), RGB, "decimal numbers"),
        (np.concatenate([RGB, GREY[..., None]], axis=-1), RGB, "fourth channel"),
        (np.moveaxis(RGB, -1, 1), RGB, "red, green and blue"),
        (GREY.astype(np.int64), GREY, ""),
        (GREY > 100, (GREY > 100) * 255, ""),
    ],
    ids=["grey", "keras", "torch", "rgb", "int64", "double", "float", "rgba", "torch rgb", "long", "bool"],
)
def test_images_are_what_they_are(tmp_path: Path, images: NDArray[Any], expected: NDArray[Any], said: str) -> None:
    found = _scan(tmp_path, images).found
    assert len(found) == 4 and {one.shape for one in found} == {(1, 28, 28)}
    for one, pixels in zip(found, expected, strict=True):
        np.testing.assert_array_equal(read_image(one.source).pixels[0], pixels)
        assert [said in note.text for note in one.notes] == ([True] if said else [])


def test_a_set_without_images_takes_none_of_the_others_along(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", train_images=GREY, val_images=GREY[:0], val_labels=np.zeros((0, 1)))
    found = result_of(scan([tmp_path / "x.npz"])).found
    assert [one.split for one in found] == ["train"] * 4
    np.savez(tmp_path / "y.npz", train_images=GREY[:0])
    (refused,) = result_of(scan([tmp_path / "y.npz"])).refused
    assert "holds no images" in refused.reason


@pytest.mark.parametrize("name", ["train_labels", "train_masks"])
def test_masks_in_a_file_of_images_are_said_to_be_left_out(tmp_path: Path, name: str) -> None:
    arrays: dict[str, Any] = {"train_images": GREY, name: GREY > 100}
    np.savez(tmp_path / "x.npz", **arrays)
    for one in result_of(scan([tmp_path / "x.npz"])).found:
        assert [note.text.partition(" (")[0] for note in one.notes] == ["The file's masks"]


def test_volumes_stay_volumes(tmp_path: Path) -> None:
    volumes = rng.integers(0, 256, (2, 28, 28, 28), np.uint8)
    for images in (volumes, volumes[..., None]):
        found = _scan(tmp_path, images).found
        assert {one.shape for one in found} == {(28, 28, 28)}
        np.testing.assert_array_equal(read_image(found[1].source).pixels, volumes[1])


def test_deep_colours_are_narrowed_by_what_they_use_and_said(tmp_path: Path) -> None:
    deep = RGB.astype(np.uint16) * 16 + 15
    found = _scan(tmp_path, deep).found
    assert found[0].notes[0].text == "Colour of 12 bits was narrowed to 8."
    np.testing.assert_allclose(read_image(found[0].source).pixels[0], RGB[0], atol=1)


@pytest.mark.parametrize(
    "images",
    [GREY.reshape(4, -1), GREY[..., None, None, None], RGB.astype(np.float32) * 9, RGB[..., :2], GREY.astype("U3")],
    ids=["flat", "six axes", "beyond white", "two channels", "text"],
)
def test_what_is_not_understood_is_refused_by_name(tmp_path: Path, images: NDArray[Any]) -> None:
    result = _scan(tmp_path, images)
    assert result.found == () and [one.file for one in result.refused] == ["x.npz"]
    assert result.refused[0].reason


@pytest.mark.parametrize(
    ("labels", "expected", "names", "said"),
    [
        ([0, 1, 2, 1], [0, 1, 2, 1], "", ""),
        ([[0], [1], [2], [1]], [0, 1, 2, 1], "", ""),
        ([0.0, 1.0, 2.0, 1.0], [0, 1, 2, 1], "", ""),
        ([True, False, True, True], [1, 0, 1, 1], "", ""),
        ([[1, 0], [0, 1], [1, 0], [1, 0]], [0, 1, 0, 0], "", ""),
        ([0, 1, -1, 1], [0, 1, None, 1], "", "-1"),
        ([0, 1.5, 0, 1], [0, None, 0, 1], "", "1.5"),
        ([[1, 1], [0, 1], [0, 0], [1, 0]], [None, 1, None, 0], "", "several classes"),
        (["cat", "dog", "cat ", "dog"], [None] * 4, "cat,dog,cat,dog", ""),
        ([b"cat", b"dog", b"cat", b"dog"], [None] * 4, "cat,dog,cat,dog", ""),
        ([0, 1], [None] * 4, "", "2 for 4"),
    ],
)
def test_classes_are_numbers_names_or_one_hot(
    tmp_path: Path, labels: object, expected: list[int | None], names: str, said: str
) -> None:
    found = _scan(tmp_path, GREY, labels).found
    assert [one.label for one in found] == expected
    assert [one.class_name for one in found] == (names.split(",") if names else [""] * 4)
    for one in found:
        assert (said in "".join(n.text for n in one.notes)) == (said == "" or one.label is None)


def _idx(array: NDArray[Any], code: int = 0x08) -> bytes:
    return struct.pack(f">HBB{array.ndim}I", 0, code, array.ndim, *array.shape) + array.tobytes()


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_mnist_in_its_own_form(tmp_path: Path, ending: str) -> None:
    pack = gzip.compress if ending else bytes
    (tmp_path / f"t10k-images-idx3-ubyte{ending}").write_bytes(pack(_idx(GREY)))
    (tmp_path / f"t10k-labels-idx1-ubyte{ending}").write_bytes(pack(_idx(np.array([3, 0, 9, 9], np.uint8))))
    result = result_of(scan([tmp_path]))
    assert result.refused == ()
    assert [(one.label, one.split, one.shape) for one in result.found] == [
        (label, "test", (1, 28, 28)) for label in (3, 0, 9, 9)
    ]
    np.testing.assert_array_equal(read_image(result.found[2].source).pixels[0], GREY[2])


def test_idx_of_wide_numbers_and_without_classes(tmp_path: Path) -> None:
    (tmp_path / "images-idx3-short").write_bytes(_idx(GREY.astype(">i2"), 0x0B))
    found = result_of(scan([tmp_path])).found
    assert len(found) == 4 and {(one.label, one.split) for one in found} == {(None, "")}
    np.testing.assert_array_equal(read_image(found[0].source).pixels[0], GREY[0])


def test_idx_that_lies_or_is_cut_or_holds_classes_alone_is_refused(tmp_path: Path) -> None:
    whole = _idx(GREY)
    for name, content in {
        "cut-images-idx3": whole[:-1],
        "cut.gz": gzip.compress(whole)[:-30],
        "lies-images-idx3": struct.pack(">HBB3I", 0, 8, 3, 1 << 20, 1 << 14, 1 << 14) + b"x",
        "some-labels-idx1-ubyte": _idx(np.arange(9, dtype=np.uint8)),
    }.items():
        (tmp_path / name).write_bytes(content)
    result = result_of(scan([tmp_path]))
    assert result.found == () and len(result.refused) == 4
    reasons = {one.file: one.reason for one in result.refused}
    assert "classes, not images" in reasons["some-labels-idx1-ubyte"] and "damaged" in reasons["cut-images-idx3"]
    assert "claims a size" in reasons["lies-images-idx3"]


def test_image_that_is_gone_from_its_file(tmp_path: Path) -> None:
    _scan(tmp_path, GREY)
    read_image(Source((str(tmp_path / "x.npz"),), "npz", "train:3"))
    with pytest.raises(Exception, match="no longer holds the image train:4"):
        read_image(Source((str(tmp_path / "x.npz"),), "npz", "train:4"))
