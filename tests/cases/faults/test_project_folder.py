"""A project's folder as others leave it or take it away: nothing outside is touched, nothing is lost and said to be saved."""

import contextlib
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.errors import EngineError
from engine.labels.classes import parse_classes
from engine.labels.mask import Brush, Mask
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project

Draw = Callable[[int], tuple[np.ndarray, np.ndarray]]
MakeProject = Callable[..., Project]
MakeSlice = Callable[..., Path]

NOT_ON_WINDOWS = pytest.mark.skipif(sys.platform == "win32", reason="open files stay there, and links need a right")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A closed project."""
    with Project.create(tmp_path / "p.contorno", "binary", parse_classes("a")) as project:
        return project.path


@NOT_ON_WINDOWS
def test_lock_that_is_a_link_touches_nothing_behind_it(tmp_path: Path, folder: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("dear diary")
    (folder / "project.lock").unlink(missing_ok=True)
    (folder / "project.lock").symlink_to(mine)
    with contextlib.suppress(EngineError):  # refused: as good
        Project.open(folder).close()
    assert mine.read_text() == "dear diary"


@NOT_ON_WINDOWS
def test_run_that_is_a_link_touches_nothing_behind_it(tmp_path: Path, folder: Path) -> None:
    mine = tmp_path / "elsewhere" / ".contorno-tmp-99999999-x"  # as if a killed program had left it
    mine.parent.mkdir()
    mine.write_text("dear diary")
    (folder / "runs").mkdir(exist_ok=True)
    (folder / "runs" / "1").symlink_to(mine.parent, target_is_directory=True)
    with contextlib.suppress(EngineError):
        Project.open(folder).close()
    assert mine.exists()


@NOT_ON_WINDOWS
@pytest.mark.parametrize("gone", ["", "project.db"], ids=["the folder", "the database"])
def test_stroke_into_a_project_that_was_deleted_is_no_success(draw: Draw, make_project: MakeProject, gone: str) -> None:
    project = make_project([(*draw(0), "train")])
    (item,) = project.items.all()
    layer = project.layers.mask(item.id)
    assert layer is not None
    mask = Mask(project.layers.read(layer, item.shape))
    if gone:
        (project.path / gone).unlink()
    else:
        shutil.rmtree(project.path)
    stroke = mask.begin("Brush")
    stroke.line("axial", 0, (5, 5), (5, 40), Brush.round(5), 1)
    with pytest.raises(EngineError):
        project.layers.record(layer, mask, stroke.end())


def test_newer_project_is_refused_without_a_trace(folder: Path) -> None:
    database = sqlite3.connect(folder / "project.db")
    database.execute("PRAGMA user_version = 99")
    database.close()
    (folder / "project.lock").unlink(missing_ok=True)
    before = sorted(file.name for file in folder.iterdir())
    with pytest.raises(EngineError, match="newer"):
        Project.open(folder)
    assert sorted(file.name for file in folder.iterdir()) == before


@NOT_ON_WINDOWS
def test_very_long_path_is_refused_in_words_or_works(tmp_path: Path) -> None:
    deep = tmp_path
    while len(str(deep)) < 540:
        deep /= "d" * 60
    deep.mkdir(parents=True)
    said = ""
    try:
        Project.create(deep / "p.contorno", "binary", parse_classes("a")).close()
    except EngineError as fault:
        said = fault.text
    assert "unable to open database file" not in said


def test_patient_has_another_key_in_another_project(tmp_path: Path, make_slice: MakeSlice) -> None:
    file = make_slice(tmp_path / "a.dcm", np.zeros((8, 8), np.uint16), PatientID="1234567")
    keys = []
    for name in ("one", "other"):
        with Project.create(tmp_path / name, "binary", parse_classes("a")) as project:
            (item,) = result_of(import_images(project, ImportPlan((file,)))).added
            keys.append(item.patient)
    assert all(keys) and keys[0] != keys[1]
