import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from engine.errors import EngineError, NotReadable
from engine.formats import png


@pytest.mark.parametrize("shape", [(1, 1), (5, 7), (300, 517)])
def test_every_value_comes_back(tmp_path: Path, shape: tuple[int, int]) -> None:
    labels = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    path = tmp_path / "radiografía nº 1 漢.png"
    png.write(path, labels)
    np.testing.assert_array_equal(png.read(path), labels)
    other = Image.open(path)  # another program sees the same
    assert other.mode == "L"
    np.testing.assert_array_equal(np.asarray(other), labels)


def test_one_slice_and_views_are_taken(tmp_path: Path) -> None:
    labels = np.random.default_rng(1).integers(0, 3, (1, 20, 30), np.uint8)
    png.write(tmp_path / "a.png", labels[:, ::2, ::-1])
    np.testing.assert_array_equal(png.read(tmp_path / "a.png"), labels[0, ::2, ::-1])


@pytest.mark.parametrize("labels", [np.zeros((2, 4, 4), np.uint8), np.zeros((4, 4), np.int32)])
def test_what_is_no_picture_is_refused(tmp_path: Path, labels: NDArray[np.uint8]) -> None:
    with pytest.raises(ValueError, match="a mask picture"):
        png.write(tmp_path / "a.png", labels)


def test_a_side_that_png_cannot_hold_is_said(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"a.png is too large for a PNG: 1000001 × 1 pixels"):
        png.write(tmp_path / "a.png", np.zeros((1, 1_000_001), np.uint8))


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="could not be written"):
        png.write(tmp_path / "gone" / "a.png", np.zeros((2, 2), np.uint8))


def test_files_that_are_no_mask_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotReadable, match="could not be read"):
        png.read(tmp_path / "missing.png")
    color = io.BytesIO()
    Image.new("RGB", (4, 4)).save(color, "PNG")
    for data in (b"", b"not a picture", color.getvalue()):
        (tmp_path / "a.png").write_bytes(data)
        with pytest.raises(NotReadable, match="not a grey 8-bit PNG"):
            png.read(tmp_path / "a.png")
