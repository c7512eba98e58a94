"""What is never replaced, and what is when it is asked for."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.errors import EngineError
from engine.formats import nifti, png
from engine.formats.targets import MANIFEST, check_targets, labelled_in, write_manifest, written_by_us
from engine.imaging.geometry import uncalibrated
from engine.labels.classes import parse_classes
from engine.project.project import Project

LABELS = np.ones((1, 4, 5), np.uint8)


def _foreign_png(path: Path) -> None:
    path.write_bytes(cv2.imencode(".png", LABELS[0])[1].tobytes())


def _foreign_nifti(path: Path) -> None:
    import nibabel

    nibabel.save(nibabel.Nifti1Image(LABELS, np.eye(4)), path)


def _cut_nifti(path: Path) -> None:
    path.write_bytes(b"\x1f\x8b\x08nothing")


FOREIGN: list[tuple[str, Callable[[Path], object]]] = [
    ("a.png", _foreign_png),
    ("a.nii.gz", _foreign_nifti),
    ("b.nii.gz", _cut_nifti),
    ("a.csv", lambda path: path.write_text("item,lung\n")),
    ("a.json", lambda path: path.write_text("{}")),
    (MANIFEST, lambda path: path.write_text('{"files": {"a.png": {}}}')),
    (MANIFEST, lambda path: path.write_text("[" * 100_000)),
]


@pytest.mark.parametrize(("name", "make"), FOREIGN)
@pytest.mark.parametrize("overwrite", [False, True])
def test_what_others_wrote_is_never_replaced(
    tmp_path: Path, name: str, make: Callable[[Path], object], overwrite: bool
) -> None:
    make(tmp_path / name)
    with pytest.raises(EngineError, match="Contorno did not write it"):
        check_targets([tmp_path / "new.png", tmp_path / name], overwrite=overwrite)


def test_what_contorno_wrote_is_replaced_when_asked(tmp_path: Path) -> None:
    png.write(tmp_path / "a.png", LABELS)
    nifti.write(tmp_path / "a.nii.gz", LABELS, uncalibrated(4, 5))
    nifti.write(tmp_path / "a.nii", LABELS, uncalibrated(4, 5))
    (tmp_path / "p.csv").write_text("item,lung\n")
    assert write_manifest(tmp_path, {"p.csv": {"inputs": {"a": "s1/a.png"}}}) == tmp_path / MANIFEST
    for name in ("a.png", "a.nii.gz", "a.nii", "p.csv", MANIFEST):
        assert written_by_us(tmp_path / name)
        with pytest.raises(EngineError, match=f"{name} is there already") as fault:
            check_targets([tmp_path / name])
        assert "--overwrite" in fault.value.advice
        check_targets([tmp_path / name], overwrite=True)
    assert (png.read(tmp_path / "a.png") == LABELS[0]).all()


def test_what_was_changed_by_others_since_is_theirs(tmp_path: Path) -> None:
    png.write(tmp_path / "a.png", LABELS)
    decoded = cv2.imdecode(np.fromfile(tmp_path / "a.png", np.uint8), cv2.IMREAD_UNCHANGED)
    assert decoded is not None
    (tmp_path / "a.png").write_bytes(cv2.imencode(".png", decoded)[1].tobytes())
    assert not written_by_us(tmp_path / "a.png")


@pytest.mark.skipif(os.name != "posix", reason="links and pipes need rights there")
@pytest.mark.parametrize("kind", ["folder", "link", "dangling link", "pipe"])
def test_what_is_no_file_is_not_replaced(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.png"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        png.write(tmp_path / "other.png", LABELS)
        path.symlink_to(tmp_path / ("other.png" if kind == "link" else "gone.png"))
    with pytest.raises(EngineError, match="no file but a folder, a link or a device"):
        check_targets([path], overwrite=True)


@pytest.mark.parametrize("name", ["project.db", "new.png", "runs/1/model.safetensors", "project.db-wal"])
def test_nothing_is_written_into_a_project(tmp_path: Path, name: str) -> None:
    Project.create(tmp_path / "scans", "multiclass", parse_classes("lung")).close()
    with pytest.raises(EngineError, match=r"in the folder of the project scans\.contorno"):
        check_targets([tmp_path / "scans.contorno" / name], overwrite=True)


def test_the_list_of_files_grows_and_leaves_another_programs_alone(tmp_path: Path) -> None:
    write_manifest(tmp_path, {"a.png": {"input": "s1/a.png"}})
    write_manifest(tmp_path, {"b.png": {"input": "s2/b.png"}})
    assert json.loads((tmp_path / MANIFEST).read_text())["files"] == {
        "a.png": {"input": "s1/a.png"},
        "b.png": {"input": "s2/b.png"},
    }
    (tmp_path / MANIFEST).write_text('{"of": "another program"}')
    assert write_manifest(tmp_path, {"c.png": {}}) is None
    assert (tmp_path / MANIFEST).read_text() == '{"of": "another program"}'


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
def test_nobody_waits_for_a_pipe_that_a_list_names(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text('{"program": "Contorno", "files": {"a.nii.gz": {}, "a.json": {}}}')
    os.mkfifo(tmp_path / "a.json")
    assert labelled_in(tmp_path / "a.nii.gz") is None
    (tmp_path / MANIFEST).unlink()
    os.mkfifo(tmp_path / MANIFEST)
    assert labelled_in(tmp_path / "a.nii.gz") is None
