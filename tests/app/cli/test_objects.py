"""Objects one by one from the command line: label images in, a network that tells them apart, label images out."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.cli.main import main
from engine.project.project import Project

SIDE = 64


@pytest.fixture
def cells(tmp_path: Path) -> Path:
    """A project of objects: six pictures of two discs each."""
    for folder in ("images", "masks"):
        (tmp_path / folder).mkdir()
    for number in range(6):
        ids = np.zeros((SIDE, SIDE), np.uint16)
        cv2.circle(ids, (18 + number, 20), 9, 1, -1)
        cv2.circle(ids, (44, 42 - number), 9, 2, -1)
        picture = np.where(ids > 0, 200, 30).astype(np.uint8)
        for folder, pixels in (("images", picture), ("masks", ids)):
            (tmp_path / folder / f"{number}.png").write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    path = tmp_path / "cells.contorno"
    assert main(["new", str(path), "--task", "instance", "--classes", "cell"]) == 0
    words = ["import", str(path), str(tmp_path / "images"), "--masks", str(tmp_path / "masks"), "--class", "cell"]
    assert main(words) == 0
    assert main(["split", str(path), "--ratios", "60/20/20"]) == 0
    return path


def test_what_is_found_is_written_object_by_object(
    cells: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny = ["--epochs", "1", "--encoder", "resnet18", "--weights", "none", "--set", "size=64", "--preset", "none"]
    assert main(["train", str(cells), "--name", "mine", *tiny]) == 0, "a project of objects learns objects"
    with Project.open(cells, write=False) as project:
        bundle = project.runs.get("mine").bundle
    capsys.readouterr()
    assert main(["evaluate", str(cells), "--run", "mine", "--split", "val", "--json"]) == 0
    assert {"ap", "ap50", "f1"} <= set(json.loads(capsys.readouterr().out)["objects"])
    out = tmp_path / "out"
    assert main(["predict", "--bundle", str(bundle), str(tmp_path / "images" / "0.png"), "--out", str(out)]) == 0
    data = np.frombuffer((out / "0.png").read_bytes(), np.uint8)
    ids = np.asarray(cv2.imdecode(data, cv2.IMREAD_UNCHANGED))
    about = json.loads((out / "contorno.json").read_text())["files"]["0.png"]
    assert ids.dtype == np.uint16 and ids.shape == (SIDE, SIDE)
    assert about["values"] == {"0": "background", **{str(id): "cell" for id in np.unique(ids[ids > 0])}}
