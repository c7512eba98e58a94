"""Masks as picture files of painting programs: what is transparent or smeared is not taken for labels in silence."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow

BringIn = Callable[..., tuple[dict[str, NDArray[np.uint8] | None], list[str]]]
WritePng = Callable[[Path, NDArray[Any]], Path]

DRAWN = np.zeros((40, 60), bool)
DRAWN[5:15, 5:25] = True


@pytest.fixture
def images(tmp_path: Path, write_png: WritePng) -> Path:
    for name in "ab":
        write_png(tmp_path / "img" / f"{name}.png", np.full(DRAWN.shape, 90, np.uint8))
    return tmp_path / "img"


def test_transparent_background_is_no_foreground(
    tmp_path: Path, images: Path, write_png: WritePng, bring_in: BringIn
) -> None:
    white = np.full((*DRAWN.shape, 4), 255, np.uint8)  # white everywhere, opaque where somebody drew
    white[..., 3] = DRAWN * np.uint8(255)
    for name in "ab":
        write_png(tmp_path / "masks" / f"{name}.png", white)
    masks, said = bring_in(images, tmp_path / "masks")
    taken = [mask for mask in masks.values() if mask is not None]
    assert said or taken
    assert all(np.array_equal(mask[0] > 0, DRAWN) for mask in taken), [int((mask > 0).sum()) for mask in taken]


def test_jpeg_masks_are_spoken_of(tmp_path: Path, images: Path, bring_in: BringIn) -> None:
    (tmp_path / "masks").mkdir()
    for name in "ab":
        Pillow.fromarray(DRAWN * np.uint8(255)).save(tmp_path / "masks" / f"{name}.jpg", quality=60)
    _, said = bring_in(images, tmp_path / "masks")
    assert said
