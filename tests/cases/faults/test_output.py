"""What goes out: nothing of others is replaced, one failure does not end the rest, names are no formulas, and a hang-up is an end."""

import contextlib
import csv
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.formats.export import export
from engine.imaging.intensity import Intensity
from engine.labels.classes import parse_classes
from engine.learning import bundle
from engine.learning.bundle import ModelCard
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project

Draw = Callable[[int], tuple[np.ndarray, np.ndarray]]
Heard = Callable[[Any], tuple[Any, list[str]]]
MakeProject = Callable[..., Project]
Say = Callable[..., tuple[int, str, str]]
WritePng = Callable[[Path, NDArray[Any]], Path]


@pytest.fixture
def project(draw: Draw, make_project: MakeProject) -> Project:
    """Three items i0, i1 and i2 with masks."""
    return make_project([(*draw(k), "train") for k in range(3)])


@pytest.mark.parametrize("target", ["image", "database"])
def test_sheet_of_samples_replaces_nothing_of_a_project(project: Project, say: Say, target: str) -> None:
    item = project.items.named("i0")
    file = Path(item.source.files[0]) if target == "image" else project.path / "project.db"
    project.close()
    before = file.read_bytes()
    code, _, _ = say("augment", project.path, "i0", "--out", file)
    assert file.read_bytes() == before
    assert code == 1


def test_export_replaces_no_image_of_another_project(
    tmp_path: Path, draw: Draw, project: Project, write_png: WritePng
) -> None:
    image = write_png(tmp_path / "theirs" / "i0.png", draw(9)[0])
    before = image.read_bytes()
    with Project.create(tmp_path / "theirs.contorno", "binary", parse_classes("a")) as other:
        assert result_of(import_images(other, ImportPlan((image,)))).added
    with contextlib.suppress(EngineError):
        result_of(export(project, "png", image.parent))
    assert image.read_bytes() == before


def test_export_goes_on_after_an_item_that_cannot_be_written(tmp_path: Path, project: Project, heard: Heard) -> None:
    blocked = tmp_path / "out" / "i0.png"
    blocked.mkdir(parents=True)
    said: list[str] = []
    try:
        said += heard(export(project, "png", tmp_path / "out"))[1]
    except EngineError as fault:
        said.append(fault.text)
    except OSError as fault:
        said.append(str(fault))
    assert any("i0" in text for text in said)
    assert (tmp_path / "out" / "i1.png").is_file() and (tmp_path / "out" / "i2.png").is_file()


def test_names_in_a_table_are_no_formulas(tmp_path: Path, draw: Draw, write_png: WritePng, say: Say) -> None:
    classes = (("=1+1", "#E69F00"), ("@b", "#56B4E9"))
    card = ModelCard("classification", "mlp", "", 1, classes, Intensity("bytes"), 28)
    bundle.save(tmp_path / "model.safetensors", card, bundle.build(card).state_dict())
    for name in ("=HYPERLINK(1)", "+1", "-1", "@a"):
        write_png(tmp_path / "in" / f"{name}.png", draw(0)[0])
    model = tmp_path / "model.safetensors"
    code, _, err = say("predict", "--bundle", model, tmp_path / "in", "--out", tmp_path / "out", "--device", "cpu")
    assert code == 0, err
    rows = list(csv.reader((tmp_path / "out" / "probabilities.csv").read_text().splitlines()))
    assert len(rows) == 5
    names = rows[0] + [row[0] for row in rows[1:]]
    assert [name for name in names if name.startswith(("=", "+", "-", "@"))] == []


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_end_of_a_remote_session_stops_a_verb_as_its_end_does(project: Project, say: Say) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests by nohup has it ignored
    try:
        assert say("check", project.path)[0] == 0
        assert signal.getsignal(signal.SIGHUP) == signal.getsignal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGHUP, before)
