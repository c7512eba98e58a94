"""Twins: the same pixels within noise are found, and nothing that is only alike."""

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from engine.imaging.image import Source
from engine.progress import Progress, result_of
from engine.project.items import Item, content_hash
from engine.project.project import Project
from engine.project.splits import Signatures, _plane_again, find_twins, keep_twins

Picture = NDArray[np.uint8]


def _picture(seed: int, height: int = 120, width: int = 160, channels: int = 1) -> Picture:
    """Something with large and small structures, as a scan has."""
    draw = np.random.default_rng(seed)
    total = np.zeros((height, width, channels))
    for cells, strength in ((4, 60.0), (16, 30.0), (60, 12.0)):
        coarse = draw.normal(0, strength, (cells, cells, channels))
        total += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).reshape(total.shape)
    return np.clip(total + 120, 0, 255).astype(np.uint8).squeeze()


def _noisy(picture: Picture, most: int = 1) -> Picture:
    noise = np.random.default_rng(9).integers(-most, most + 1, picture.shape)
    return np.clip(picture.astype(int) + noise, 0, 255).astype(np.uint8)


def _write(file: Path, picture: Picture, quality: int = 95) -> None:
    done, data = cv2.imencode(
        file.suffix, picture, [cv2.IMWRITE_JPEG_QUALITY, quality] if file.suffix == ".jpg" else []
    )
    assert done
    file.write_bytes(data.tobytes())


@pytest.fixture
def add(project: Project, tmp_path: Path) -> Callable[..., int]:
    def added(name: str, picture: Picture, quality: int = 95) -> int:
        file = tmp_path / name
        _write(file, picture, quality)
        one = Item(
            0,
            name,
            Source((str(file),), "raster"),
            content_hash((str(file),)),
            (1, *picture.shape[:2]),
            (1, 1, 1),
            picture.ndim == 3,
            "",
            "",
        )
        return project.items.add(one).id

    return added


@pytest.mark.parametrize("channels", [1, 3], ids=["grey", "colour"])
def test_same_pixels_within_noise_are_twins(project: Project, add: Callable[..., int], channels: int) -> None:
    shown = _picture(1, channels=channels)
    same = (
        add("a.png", shown),
        add("copy.png", shown),
        add("noisy.png", _noisy(shown)),
        add("good.jpg", shown, 90),
        add("poor.jpg", shown, 50),
        add("other.bmp", _noisy(shown, 2)),
    )
    for number in range(2, 12):
        add(f"{number}.png", _picture(number, channels=channels))
    assert result_of(find_twins(project)) == [same]


@pytest.mark.parametrize(
    "other",
    [
        lambda p: np.roll(p, 3, axis=1),
        lambda p: p[:, ::-1],
        lambda p: np.clip(p.astype(int) + 25, 0, 255),
        lambda p: cv2.circle(np.ascontiguousarray(p), (80, 60), 18, 250, -1),
        lambda p: cv2.GaussianBlur(p, (0, 0), 6),
        lambda p: np.zeros_like(p),
    ],
    ids=["shifted", "mirrored", "brighter", "with a mass", "blurred", "empty"],
)
def test_what_is_only_alike_is_no_twin(
    project: Project, add: Callable[..., int], other: Callable[[Picture], Picture]
) -> None:
    shown = _picture(1)
    add("a.png", shown)
    add("b.png", np.ascontiguousarray(other(shown), np.uint8))
    assert result_of(find_twins(project)) == []


def test_flat_images_are_no_twins_unless_they_are_the_same_file(project: Project, add: Callable[..., int]) -> None:
    flat = np.full((120, 160), 7, np.uint8)
    same = add("a.png", flat), add("b.png", flat)
    add("c.png", flat + 1)
    for number in range(3):
        add(f"noise {number}.png", _noisy(flat + number, 1))
    assert result_of(find_twins(project)) == [same]


def test_signatures_are_made_once_where_they_are_kept(project: Project, add: Callable[..., int]) -> None:
    ids = [add(f"{number}.png", _picture(number // 2)) for number in range(4)]
    gone = add("gone.png", _picture(7))
    Path(project.items.get(gone).source.files[0]).unlink()
    made = [event for event in find_twins(project) if isinstance(event, Signatures)]
    assert [list(event.of) for event in made] == [ids]
    for event in made:
        project.items.set_signatures(event.of)
    project.items.set_signatures({99: next(iter(made[0].of.values()))})
    assert set(project.items.signatures()) == set(ids)
    again = list(find_twins(project))
    assert all(isinstance(event, Progress) for event in again)
    assert result_of(find_twins(project)) == [(ids[0], ids[1]), (ids[2], ids[3])]
    project.items.remove(ids[:1])
    assert set(project.items.signatures()) == set(ids[1:])


def test_signatures_are_kept_where_the_project_is_open_for_writing(project: Project, add: Callable[..., int]) -> None:
    ids = add("a.png", _picture(1)), add("b.png", _noisy(_picture(1)))
    assert result_of(keep_twins(project)) == [ids]
    assert set(project.items.signatures()) == set(ids)


def test_exchanged_file_is_no_twin(project: Project, add: Callable[..., int]) -> None:
    add("a.png", _picture(1))
    other = add("b.png", _noisy(_picture(2)))
    _write(Path(project.items.get(other).source.files[0]), _noisy(_picture(1)))
    assert result_of(find_twins(project)) == []


def test_image_of_huge_values_makes_no_others_alike(project: Project, tmp_path: Path) -> None:
    import tifffile

    for number in range(30):
        values = _picture(number).astype(np.float32) * (1e30 if number == 0 else 1)
        values[0, 0] = np.nan
        file = tmp_path / f"{number}.tif"
        tifffile.imwrite(file, values)
        one = Item(0, file.name, Source((str(file),), "raster"), "", (1, 120, 160), (1, 1, 1), False, "", "")
        project.items.add(replace(one, hash=content_hash((str(file),))))
    assert result_of(find_twins(project)) == []


def test_hundreds_of_one_scene_need_no_memory_for_all_their_pairs(project: Project, add: Callable[..., int]) -> None:
    shown = _picture(1, 40, 40)
    draw = np.random.default_rng(3)
    same = []
    for number in range(300):
        noisy = np.clip(shown + draw.integers(-1, 2, shown.shape), 0, 255).astype(np.uint8)
        same.append(add(f"{number}.png", noisy))
    for event in find_twins(project):
        if isinstance(event, Signatures):
            project.items.set_signatures(event.of)
    tracemalloc.start()
    try:
        assert result_of(find_twins(project)) == [tuple(same)]
        assert tracemalloc.get_traced_memory()[1] < 30e6, "45,000 pairs of 256 cells are 100 MB"
    finally:
        tracemalloc.stop()


def test_frames_that_noise_alone_tells_apart_are_not_read_anew_for_each_other(
    project: Project, add: Callable[..., int]
) -> None:
    shown = _picture(1, 240, 320)
    draw = np.random.default_rng(3)
    for number in range(40):
        noise = draw.normal(0, shown.std() / 4, shown.shape)
        add(f"{number}.png", np.clip(shown / 2 + 64 + noise, 0, 255).astype(np.uint8))
    _plane_again.cache_clear()
    assert result_of(find_twins(project)) == []
    assert _plane_again.cache_info().misses <= 40, "780 pairs"
