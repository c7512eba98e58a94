"""COCO files in the shapes that tools write them: what can be read comes in, what cannot is spoken of."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

BringIn = Callable[..., tuple[dict[str, NDArray[np.uint8] | None], list[str]]]
WritePng = Callable[[Path, NDArray[Any]], Path]

HEIGHT, WIDTH = 40, 60


def _square(across: int, down: int, side: int) -> list[int]:
    right, below = across + side, down + side
    return [across, down, right, down, right, below, across, below]


def _image(number: int, name: str) -> dict[str, object]:
    return {"id": number, "file_name": name, "width": WIDTH, "height": HEIGHT}


def _shape(outline: list[Any], number: int = 1, **more: object) -> dict[str, object]:
    return {"id": number, "image_id": number, "category_id": 1, "segmentation": outline, "iscrowd": 0} | more


def _write(file: Path, images: list[dict[str, object]], *shapes: dict[str, object]) -> tuple[Path]:
    categories = [{"id": 1, "name": "a"}]
    file.write_text(json.dumps({"images": images, "annotations": shapes, "categories": categories}))
    return (file,)


A_AND_B = [_image(1, "a.png"), _image(2, "b.png")]


@pytest.fixture
def pictures(tmp_path: Path, write_png: WritePng) -> Path:
    for grey, name in enumerate("ab", 90):
        write_png(tmp_path / "img" / f"{name}.png", np.full((HEIGHT, WIDTH), grey, np.uint8))
    return tmp_path / "img"


def _sizes(masks: dict[str, NDArray[np.uint8] | None]) -> dict[str, int]:
    return {name: 0 if mask is None else int(mask.sum()) for name, mask in masks.items()}


def test_flat_outlines_come_in(tmp_path: Path, pictures: Path, bring_in: BringIn) -> None:
    shapes = _shape(_square(5, 5, 10)), _shape([_square(30, 5, 10)], 2)
    masks, _ = bring_in(pictures, coco=_write(tmp_path / "c.json", A_AND_B, *shapes))
    assert _sizes(masks) == {"a": 100, "b": 100}


def test_numbers_written_as_floats_come_in(tmp_path: Path, pictures: Path, bring_in: BringIn) -> None:
    shape = _shape([_square(5, 5, 10)], image_id=1.0, category_id=1.0)
    masks, _ = bring_in(pictures, coco=_write(tmp_path / "c.json", A_AND_B, shape))
    assert _sizes(masks) == {"a": 100, "b": 0}


def test_annotations_of_no_image_are_spoken_of(tmp_path: Path, pictures: Path, bring_in: BringIn) -> None:
    shape = _shape([_square(5, 5, 10)], image_id="1", category_id="1")  # the images' numbers are no texts
    masks, said = bring_in(pictures, coco=_write(tmp_path / "c.json", A_AND_B, shape))
    assert said or _sizes(masks)["a"] == 100


def test_images_of_the_file_that_are_not_there_are_spoken_of(tmp_path: Path, pictures: Path, bring_in: BringIn) -> None:
    coco = _write(tmp_path / "c.json", [_image(1, "A.PNG")], _shape([_square(5, 5, 10)]))
    masks, said = bring_in(pictures, coco=coco)
    assert said or _sizes(masks)["a"] == 100


def test_folders_tell_equal_names_apart(tmp_path: Path, write_png: WritePng, bring_in: BringIn) -> None:
    for p in (1, 2):
        write_png(tmp_path / "sub" / f"p{p}" / "001.png", np.full((HEIGHT, WIDTH), 90 + p, np.uint8))
    images = [_image(p, f"p{p}/001.png") for p in (1, 2)]
    shapes = _shape([_square(5, 5, 10)]), _shape([_square(30, 5, 20)], 2)
    masks, said = bring_in(tmp_path / "sub", coco=_write(tmp_path / "c.json", images, *shapes))
    assert sorted(_sizes(masks).values()) == [100, 400], said
