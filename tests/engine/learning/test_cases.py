"""The validation cases of a run: kept beside its folder, read again, and never in the way when the file is damaged."""

import tracemalloc
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.learning.events import keep_cases, read_cases
from engine.progress import CaseSeen
from engine.project.runs import cases_of


def case(item: int, shape: tuple[int, ...] = (6, 8, 3)) -> CaseSeen:
    rng = np.random.default_rng(item)
    picture = rng.integers(0, 255, shape).astype(np.uint8)
    labels = rng.integers(0, 3, (2, *shape[:2])).astype(np.uint8)
    return CaseSeen(item, f"Fall ß{item}", picture, labels[0], labels[1], {"liver": 0.5, "spleen": None}, 0.5)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    folder = tmp_path / "p.contorno" / "runs" / "3"
    folder.mkdir(parents=True)
    return folder


def large() -> bytes:
    """A picture of 20,000 x 20,000 pixels in few bytes."""
    done, data = cv2.imencode(".png", np.zeros((20_000, 20_000), np.uint8), (cv2.IMWRITE_PNG_COMPRESSION, 9))
    assert done
    return data.tobytes()


@pytest.mark.parametrize("part", ["cases.json", "0.picture.png", "pixels", "packed"])
def test_cases_that_unpack_to_more_than_pictures_take_cost_no_memory(run: Path, part: str) -> None:
    keep_cases(run, [case(1)])
    with zipfile.ZipFile(cases_of(run)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    if part == "pixels":
        parts["0.picture.png"] = large()
    elif part != "packed":
        parts[part] += bytes(64 << 20)
    with zipfile.ZipFile(cases_of(run), "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    if part == "packed":
        data = cases_of(run).read_bytes()
        at = data.index(b"cases.json") + len("cases.json")
        cases_of(run).write_bytes(data[:at] + b"\xff" * 9 + data[at + 9 :])
    del parts
    tracemalloc.start()
    try:
        assert read_cases(run) == ()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 40 << 20


def test_cases_come_back_as_they_were(run: Path) -> None:
    assert read_cases(run) == ()
    keep_cases(run, [case(number) for number in range(1, 8)])
    found = read_cases(run)
    assert [each.item for each in found] == [1, 2, 3, 4, 5], "five are enough"
    for each in found:
        wanted = case(each.item)
        assert (each.name, each.dice, each.mean) == (wanted.name, wanted.dice, wanted.mean)
        for layer in ("picture", "reference", "prediction"):
            assert np.array_equal(getattr(each, layer), getattr(wanted, layer))


def test_a_validation_without_cases_leaves_the_earlier_ones(run: Path) -> None:
    keep_cases(run, [case(3, (5, 5))])
    keep_cases(run, [])
    assert [each.item for each in read_cases(run)] == [3]
    assert not list(run.iterdir()), "a run's folder is handed on: no patient is in it"
    assert [file.name for file in cases_of(run).parent.iterdir()] == ["3.zip"]


@pytest.mark.parametrize("damage", ["empty", "cut", "text", "picture", "sizes"])
def test_a_damaged_file_shows_no_cases(run: Path, damage: str) -> None:
    keep_cases(run, [case(1)])
    file = cases_of(run)
    data = file.read_bytes()
    if damage == "picture":
        file.write_bytes(data.replace(b"IDAT", b"IDOT"))  # the archive is sound, or not: a picture in it is not
    elif damage == "sizes":
        wrong = case(1)
        keep_cases(run, [CaseSeen(1, "", wrong.picture, wrong.reference[:2], wrong.prediction, {}, None)])
    else:
        file.write_bytes({"empty": b"", "cut": data[: len(data) // 2], "text": b"no archive"}[damage])
    assert read_cases(run) == ()
