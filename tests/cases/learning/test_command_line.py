"""Predicting and exporting by the command line: no work of others is replaced, and it is said what does not fit."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging.intensity import Intensity
from engine.project.project import Project

Draw = Callable[[int], tuple[np.ndarray, np.ndarray]]
MakeBundle = Callable[..., Path]
MakeProject = Callable[..., Project]
Say = Callable[..., tuple[int, str, str]]
WritePng = Callable[[Path, NDArray[Any]], Path]

BY_HAND = np.full((64, 64), 7, np.uint8)


def _labels(file: Path) -> np.ndarray:
    found = cv2.imdecode(np.fromfile(file, np.uint8), cv2.IMREAD_UNCHANGED)
    assert found is not None
    return found


def _sentences(err: str) -> list[str]:
    """What was said besides the progress."""
    return [line for line in err.splitlines() if line.strip() and not re.match(r"\d+(/\d+)?( |$)", line)]


def test_predict_replaces_no_mask_that_it_did_not_write(
    tmp_path: Path, draw: Draw, write_png: WritePng, make_bundle: MakeBundle, say: Say
) -> None:
    write_png(tmp_path / "in" / "x.png", draw(0)[0])
    mask = write_png(tmp_path / "masks" / "x.png", BY_HAND)
    say("predict", "--bundle", make_bundle(), tmp_path / "in", "--out", mask.parent, "--device", "cpu")
    assert np.array_equal(_labels(mask), BY_HAND)


def test_export_replaces_no_mask_that_it_did_not_write(
    tmp_path: Path, draw: Draw, write_png: WritePng, make_project: MakeProject, say: Say
) -> None:
    project = make_project([(*draw(0), "train")])
    (item,) = project.items.all()
    project.close()
    mask = write_png(tmp_path / "by hand" / f"{item.name}.png", BY_HAND)
    say("export", project.path, "--format", "png", mask.parent)
    assert np.array_equal(_labels(mask), BY_HAND)


def test_results_of_one_name_say_which_came_from_which(
    tmp_path: Path, draw: Draw, write_png: WritePng, make_bundle: MakeBundle, say: Say
) -> None:
    folders = ("first", "second", "third")
    for seed, folder in enumerate(folders):
        write_png(tmp_path / "in" / folder / "x.png", draw(seed)[0])
    words = ("--bundle", make_bundle(), tmp_path / "in", "--out", tmp_path / "out", "--device", "cpu", "--json")
    code, out, _ = say("predict", *words)
    assert code == 0
    written = [file.relative_to(tmp_path / "out").as_posix() for file in (tmp_path / "out").rglob("*")]
    told = json.dumps([json.loads(out), written])
    assert all(folder in told for folder in folders), written


def test_reducing_an_image_is_spoken_of(
    tmp_path: Path, draw: Draw, write_png: WritePng, make_bundle: MakeBundle, say: Say
) -> None:
    write_png(tmp_path / "in" / "mosaic.png", np.tile(draw(0)[0], (4, 4)))
    code, _, err = say(
        "predict", "--bundle", make_bundle(), tmp_path / "in", "--out", tmp_path / "out", "--device", "cpu"
    )
    assert code == 0
    assert _sentences(err)


def test_picture_for_a_network_of_calibrated_values_is_spoken_of(
    tmp_path: Path, draw: Draw, write_png: WritePng, make_bundle: MakeBundle, say: Say
) -> None:
    write_png(tmp_path / "in" / "x.png", draw(0)[0])
    model = make_bundle(Intensity("range", -1000.0, 1000.0))  # learnt from HU
    _, _, err = say("predict", "--bundle", model, tmp_path / "in", "--out", tmp_path / "out", "--device", "cpu")
    assert _sentences(err)
