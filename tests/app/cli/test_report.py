"""contorno report: both files, in both languages, asked before it replaces, and the reading of the test set kept."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from app.cli.main import main
from engine.config import TrainConfig
from engine.project.layers import pack
from engine.project.project import Project


@pytest.fixture
def predicted(project: Path) -> Path:
    """A run that has said of each item that it is what its mask says."""
    with Project.open(project) as made:
        run = made.runs.add(TrainConfig(), "mine")
        for item in made.items.all():
            mask = made.layers.mask(item.id)
            assert mask is not None
            said = made.layers.read(mask, item.shape)
            made.layers.replace(made.layers.make(item.id, "prediction", run.id), pack(np.where(said == 2, 0, said)))
        made.runs.update(run, "finished")
    return project


def test_page_and_json_are_written_and_replaced_only_when_asked(
    predicted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "out" / "report.html"
    words = ["report", str(predicted), "--run", "mine", "--out", str(page)]
    assert main(words) == 0
    plain = json.loads(page.with_suffix(".json").read_text())
    assert plain["set"] == "val" and plain["scores"]["classes"]["disc"]["dice"] == 1.0
    assert plain["scores"]["classes"]["square"]["dice"] == 0.0 and plain["run"] == "mine"
    assert "What to be careful about" in page.read_text()
    assert main(words) == 1
    assert "--overwrite" in capsys.readouterr().err
    assert main([*words, "--overwrite", "--language", "es", "--no-pictures"]) == 0
    assert "Con qué hay que tener cuidado" in page.read_text() and "data:image" not in page.read_text()


def test_what_follows_a_dot_is_part_of_the_name(predicted: Path, tmp_path: Path) -> None:
    for name in ("r.v1", "r.v2", "r"):
        assert main(["report", str(predicted), "--run", "mine", "--out", str(tmp_path / name), "--no-pictures"]) == 0
    found = {file.name for file in tmp_path.glob("r*.*")}
    assert found == {f"{name}.{end}" for name in ("r.v1", "r.v2", "r") for end in ("html", "json")}


def test_in_spanish_numbers_and_settings_are_written_as_there(predicted: Path, tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    assert main(["report", str(predicted), "--run", "mine", "--out", str(page), "--language", "es"]) == 0
    shown = re.sub(r"<(style|svg|head).*?</\1>", "", page.read_text(), flags=re.S)
    cells = re.findall(r"<td>(.*?)</td>", shown)
    assert {"1,000", "0,00 (1)"} <= set(cells) and {"sí", "no"} & set(cells)
    assert not {"True", "False"} & set(cells) and not [cell for cell in cells if re.fullmatch(r"[\d.]*\.\d+", cell)]


def test_the_test_set_is_read_by_it(predicted: Path, tmp_path: Path) -> None:
    words = ["report", str(predicted), "--run", "mine", "--out", str(tmp_path / "report.html")]
    assert main([*words, "--split", "test"]) == 0
    with Project.open(predicted, write=False) as seen:
        (reading,) = seen.runs.get("mine").summary.test_readings
    assert reading.n == 1 and reading.score == pytest.approx(0.5)
    assert main([*words, "--overwrite"]) == 0, "from now on it is what a report is about"
    assert json.loads((tmp_path / "report.json").read_text())["set"] == "test"


def test_what_is_not_ours_is_left_alone(predicted: Path, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("<!doctype html><p>mine</p>")
    words = ["report", str(predicted), "--run", "mine", "--out", str(tmp_path / "report.html"), "--overwrite"]
    assert main(words) == 1
    assert (tmp_path / "report.html").read_text() == "<!doctype html><p>mine</p>"
