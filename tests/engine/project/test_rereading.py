"""Images that were exchanged on the disk after they came in."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.config import TrainConfig
from engine.labels.classes import parse_classes
from engine.progress import Progress, result_of
from engine.project.checks import check
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project
from engine.project.rereading import DRAWN_BEFORE, Stamps, find_exchanged, read_again

Write = Callable[..., None]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A picture of noise at a place; written again, with another time."""

    def write(name: str, seed: int, shape: tuple[int, int] = (20, 30)) -> None:
        file = tmp_path / "images" / name
        file.parent.mkdir(exist_ok=True)
        before = file.stat().st_mtime if file.exists() else 0.0
        pixels = np.random.default_rng(seed).integers(0, 255, shape).astype(np.uint8)
        file.write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
        os.utime(file, (before + 10, before + 10))

    return write


@pytest.fixture
def scans(tmp_path: Path, write: Write) -> Iterator[Project]:
    for number in range(3):
        write(f"{number}.png", number)
    with Project.create(tmp_path / "p", "multiclass", parse_classes("lung")) as project:
        result_of(import_images(project, ImportPlan((tmp_path / "images",))))
        yield project


def _label(project: Project, id: int) -> None:
    shape = project.items.get(id).shape
    labels = np.zeros(shape, np.uint8)
    labels[:, 3:9, 3:9] = 1
    project.layers.replace(project.layers.make(id), pack(labels), range(shape[0]))


def test_untouched_files_are_not_read(scans: Project) -> None:
    assert not [event for event in find_exchanged(scans) if isinstance(event, Progress)]
    assert not [one for one in result_of(check(scans)) if one.kind == "exchanged"]


@pytest.mark.parametrize("shape", [(20, 30), (24, 30)])
def test_other_pixels_and_another_size_are_found(scans: Project, write: Write, shape: tuple[int, int]) -> None:
    write("1.png", 9, shape)
    (found,) = [one for one in result_of(check(scans)) if one.kind == "exchanged"]
    assert found.level == "wrong" and [scans.items.get(id).name for id in found.items] == ["1"]


def test_a_file_that_was_only_written_again_is_the_same_and_known_so(scans: Project, write: Write) -> None:
    write("1.png", 1)
    events = list(find_exchanged(scans))
    (kept,) = [event for event in events if isinstance(event, Stamps)]
    scans.items.set_stamps(kept.of)
    assert not list(find_exchanged(scans))


def test_files_that_are_gone_are_said_as_gone_alone(scans: Project, tmp_path: Path) -> None:
    (tmp_path / "images" / "0.png").unlink()
    kinds = {one.kind for one in result_of(check(scans))}
    assert "missing" in kinds and "exchanged" not in kinds


def test_read_again_keeps_the_mask_says_so_and_forgets_what_was_predicted(scans: Project, write: Write) -> None:
    item = scans.items.named("1")
    _label(scans, item.id)
    run = scans.runs.add(TrainConfig())
    scans.layers.replace(scans.layers.make(item.id, "prediction", run.id), pack(np.ones(item.shape, np.uint8)))
    write("1.png", 9)
    assert result_of(read_again(scans, [item.id])).changed == (item.id,)
    now = scans.items.get(item.id)
    assert now.hash != item.hash and [note.message for note in now.notes] == [DRAWN_BEFORE]
    assert now.present().files == item.source.files
    mask = scans.layers.mask(item.id)
    assert mask is not None and scans.layers.read(mask, now.shape).sum() == 36
    assert not scans.layers.predicted(run.id)
    assert result_of(find_exchanged(scans)) == []


def test_another_size_is_taken_only_without_a_mask(scans: Project, write: Write) -> None:
    masked, bare = scans.items.named("0"), scans.items.named("1")
    _label(scans, masked.id)
    for name in ("0.png", "1.png"):
        write(name, 9, (24, 30))
    done = result_of(read_again(scans, [masked.id, bare.id]))
    assert done.changed == (bare.id,) and scans.items.get(bare.id).shape == (1, 24, 30)
    assert [fault.text for fault in done.refused] == ["The image of 0 is 30 × 24 now, and its mask 30 × 20."]
    assert scans.items.get(masked.id) == masked


def test_an_exchanged_file_that_is_brought_in_again_is_said_to_be_there(
    scans: Project, write: Write, tmp_path: Path
) -> None:
    write("1.png", 9)
    (item,) = result_of(import_images(scans, ImportPlan((tmp_path / "images",)))).added
    assert [note.text for note in item.notes] == ["Its file is that of 1, which was another image when it came in."]
