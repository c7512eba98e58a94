"""The place of an open project: moved, exchanged or deleted under it, or full of links that lead elsewhere."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.config import TrainConfig
from engine.errors import EngineError, NotReadable, ProjectGone, ProjectLocked
from engine.labels.classes import parse_classes
from engine.labels.mask import Brush, Mask
from engine.progress import result_of
from engine.project.copying import save_copy
from engine.project.items import Item
from engine.project.project import Project

MakeItem = Callable[..., Item]

CLASSES = parse_classes("lung,heart")


def paint(project: Project, item: int, value: int) -> None:
    """One stroke as the window keeps it."""
    layer = project.layers.make(item)
    mask = Mask(project.layers.read(layer, (1, 40, 60)))
    stroke = mask.begin("Paint")
    stroke.line("axial", 0, (9 * value, 5), (9 * value, 30), Brush.round(3), value)
    project.layers.record(layer, mask, stroke.end())


def painted(project: Project, item: int) -> list[int]:
    layer = project.layers.mask(item)
    assert layer is not None
    return sorted(set(project.layers.read(layer, (1, 40, 60)).ravel().tolist()))


@pytest.mark.skipif(os.name != "posix", reason="open files cannot be moved there")
@pytest.mark.parametrize("how", ["folder deleted", "database deleted", "folder moved", "database exchanged"])
def test_a_project_that_is_gone_takes_no_more_strokes_and_is_saved_elsewhere(
    tmp_path: Path, make_item: MakeItem, how: str
) -> None:
    with Project.create(tmp_path / "scans", "multiclass", CLASSES) as project:
        item = project.items.add(make_item()).id
        paint(project, item, 1)
        place = project.path
        if how == "folder deleted":
            shutil.rmtree(place)
        elif how == "database deleted":
            (place / "project.db").unlink()
        elif how == "folder moved":
            place.rename(tmp_path / "elsewhere.contorno")
        else:
            shutil.copy(place / "project.db", tmp_path / "copy.db")
            (tmp_path / "copy.db").replace(place / "project.db")
        with pytest.raises(ProjectGone, match="no longer where it was opened") as fault:
            paint(project, item, 2)
        assert "elsewhere" in fault.value.advice
        with pytest.raises(ProjectGone):
            project.set_note("reader", "Ana")
        assert painted(project, item) == [0, 1], "what was refused is not half there"
        saved = result_of(save_copy(project, tmp_path / "deep" / "rescued"))
    with Project.open(saved) as rescued:
        assert saved.name == "rescued.contorno" and rescued.classes == CLASSES
        assert painted(rescued, item) == [0, 1] and len(rescued.layers.history(rescued.layers.make(item))) == 1
        assert rescued.items.get(item).files(), "the images are found from the new place"
        paint(rescued, item, 2)


def test_a_copy_takes_the_runs_along_and_replaces_nothing(tmp_path: Path, make_item: MakeItem) -> None:
    with Project.create(tmp_path / "scans", "multiclass", CLASSES) as project:
        project.items.add(make_item())
        run = project.runs.add(TrainConfig(), "first")
        run.bundle.write_bytes(b"weights")
        saved = result_of(save_copy(project, tmp_path / "deep" / "copy"))
        with pytest.raises(EngineError, match="exists already"):
            result_of(save_copy(project, saved))
        project.set_note("reader", "Ana")
    with Project.open(saved, write=False) as copy:
        assert copy.runs.get("first").bundle.read_bytes() == b"weights" and copy.note("reader") == ""
        assert [Path(file).name for item in copy.items.all() for file in item.files()] == ["a.png"]


@pytest.mark.parametrize("steps", [1, 2])
def test_a_copy_that_is_given_up_leaves_nothing(tmp_path: Path, make_item: MakeItem, steps: int) -> None:
    with Project.create(tmp_path / "scans", "multiclass", CLASSES) as project:
        item = project.items.add(make_item()).id
        paint(project, item, 1)
        work = save_copy(project, tmp_path / "copy")
        for _ in range(steps):
            next(work)
        work.close()
        assert not (tmp_path / "copy.contorno").exists()
        paint(project, item, 2)  # and the project is as it was
        saved = result_of(save_copy(project, tmp_path / "copy"))
    with Project.open(saved) as copy:
        assert painted(copy, item) == [0, 1, 2] and copy.items.add(make_item("b")).id == item + 1


def test_a_copy_holds_every_row(tmp_path: Path, make_item: MakeItem) -> None:
    with Project.create(tmp_path / "scans", "multiclass", CLASSES) as project:
        ids = [project.items.add(make_item(name)).id for name in "abc"]
        project.items.remove([ids[2]])
        for item in ids[:2]:
            paint(project, item, 1)
        project.items.set_state(ids[0], "flagged", "why")
        saved = result_of(save_copy(project, tmp_path / "copy"))
        rows = _all_rows(project.path)
    copied = _all_rows(saved)
    files = ("items", "meta")  # the way to the images is another from there
    assert {name: found for name, found in copied.items() if name not in files} == {
        name: found for name, found in rows.items() if name not in files
    }
    assert len(copied["items"]) == 2 and copied.keys() == rows.keys()


def _all_rows(place: Path) -> dict[str, list[tuple[object, ...]]]:
    with contextlib.closing(sqlite3.connect(place / "project.db")) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(db.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in names}


@pytest.mark.skipif(os.name != "posix", reason="links need rights there")
@pytest.mark.parametrize("hard", [False, True])
def test_a_lock_that_leads_elsewhere_empties_no_file(tmp_path: Path, hard: bool) -> None:
    Project.create(tmp_path / "scans", "multiclass", CLASSES).close()
    letter = tmp_path / "letter.txt"
    letter.write_text("dear colleague")
    lock = tmp_path / "scans.contorno" / "project.lock"
    lock.unlink()
    if hard:
        os.link(letter, lock)
        Project.open(tmp_path / "scans").close()
    else:
        lock.symlink_to(letter)
        with pytest.raises(ProjectLocked, match="its lock is a link"):
            Project.open(tmp_path / "scans")
        Project.open(tmp_path / "scans", write=False).close()
    assert letter.read_text() == "dear colleague"


@pytest.mark.skipif(os.name != "posix", reason="links and pipes need rights there")
def test_a_lock_that_is_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    Project.create(tmp_path / "scans", "multiclass", CLASSES).close()
    lock = tmp_path / "scans.contorno" / "project.lock"
    lock.unlink()
    os.mkfifo(lock)
    with pytest.raises(ProjectLocked, match="not a file"):
        Project.open(tmp_path / "scans")


@pytest.mark.skipif(os.name != "posix", reason="links need rights there")
@pytest.mark.parametrize("name", ["project.db", "project.db-wal", "project.db-journal", "runs", "runs/1"])
def test_a_project_with_links_in_it_is_not_written(tmp_path: Path, name: str) -> None:
    with Project.create(tmp_path / "scans", "multiclass", CLASSES) as project:
        project.runs.add(TrainConfig())
    place = project.path / name
    outside = tmp_path / "outside"
    if place.exists():
        place.rename(outside)
    else:
        outside.touch()
    place.symlink_to(outside, target_is_directory=outside.is_dir())
    before = sorted((p, p.stat().st_mtime_ns) for p in (outside, *outside.glob("*")))
    with pytest.raises(ProjectLocked, match=f"its {name} is a link"):
        Project.open(project.path)
    if name.startswith("runs"):
        with Project.open(project.path, write=False) as reader:
            assert reader.classes == CLASSES
    assert sorted((p, p.stat().st_mtime_ns) for p in (outside, *outside.glob("*"))) == before


def test_a_refused_project_is_left_without_a_lock(tmp_path: Path) -> None:
    Project.create(tmp_path / "scans", "multiclass", CLASSES).close()
    folder = tmp_path / "scans.contorno"
    (folder / "project.lock").unlink()
    db = sqlite3.connect(folder / "project.db")
    db.execute("PRAGMA user_version = 99")
    db.commit()
    db.close()
    before = sorted(os.listdir(folder))
    with pytest.raises(NotReadable, match="newer"):
        Project.open(folder)
    assert sorted(os.listdir(folder)) == before


def test_a_path_that_is_too_long_is_said_before_anything_is_made(tmp_path: Path) -> None:
    deep = tmp_path
    while len(os.fsencode(deep)) < 500:
        deep /= "d" * 60
    deep.mkdir(parents=True)
    with pytest.raises(EngineError, match="too long: it has 5"):
        Project.create(deep / "scans", "multiclass", CLASSES)
    assert not list(deep.iterdir())
    made = Project.create(tmp_path / "scans", "multiclass", CLASSES)
    with made, pytest.raises(EngineError, match="too long"):
        result_of(save_copy(made, deep / "copy"))
    shutil.copytree(tmp_path / "scans.contorno", deep / "scans.contorno")
    for write in (True, False):
        with pytest.raises(NotReadable, match="too long"):
            Project.open(deep / "scans.contorno", write=write)


@pytest.mark.skipif(os.name != "posix", reason="open files cannot be deleted there")
def test_a_run_that_could_not_be_kept_leaves_no_folder(tmp_path: Path) -> None:
    with Project.create(tmp_path / "scans", "multiclass", CLASSES) as project:
        (project.path / "project.db").unlink()
        with pytest.raises(ProjectGone):
            project.runs.add(TrainConfig())
        assert not list((project.path / "runs").glob("*"))


FULL = """
import resource, sys
from pathlib import Path
from engine.errors import EngineError, ProjectLocked
from engine.labels.classes import parse_classes
from engine.project.project import Project
from engine.project import store
here = Path(sys.argv[1])
store.shutil.disk_usage = lambda folder: type("Usage", (), {"free": 0})  # the system's own is not full
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))  # nothing can be written
for write in (True, False):
    try:
        with Project.open(here / "scans.contorno", write=write) as project:
            print("opened", [c.name for c in project.classes])
    except EngineError as fault:
        print(type(fault).__name__, fault.text)
try:
    Project.create(here / "new", "multiclass", parse_classes("lung"))
except EngineError as fault:
    print(fault.text)
"""


@pytest.mark.skipif(os.name != "posix", reason="there are no such limits there")
def test_a_full_disk_is_said_and_the_project_can_be_read(tmp_path: Path) -> None:
    Project.create(tmp_path / "scans", "multiclass", CLASSES).close()
    done = subprocess.run([sys.executable, "-c", FULL, tmp_path], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "ProjectLocked scans.contorno cannot be opened for writing: the disk is full.",
        "opened ['lung', 'heart']",
        "new.contorno could not be made: the disk is full.",
    ], done.stderr


@pytest.mark.skipif(os.name != "posix", reason="open files cannot be copied there")
def test_in_a_pause_the_log_is_taken_into_the_database(tmp_path: Path, make_item: MakeItem) -> None:
    """What a crash leaves when the log gets lost: the database alone."""
    with Project.create(tmp_path / "scans", "multiclass", CLASSES) as project:
        item = project.items.add(make_item()).id
        paint(project, item, 1)
        for number, rests in enumerate((False, True)):
            if rests:
                project.rest()
            left = tmp_path / f"left{number}.contorno"
            left.mkdir()
            shutil.copy(project.path / "project.db", left)
            if rests:
                with Project.open(left) as found:
                    assert painted(found, item) == [0, 1]
            else:
                with pytest.raises(EngineError):
                    Project.open(left)
    with Project.open(project.path, write=False) as reader:
        reader.rest()


@pytest.mark.parametrize("steps", range(3))
def test_a_copy_is_of_one_moment_while_jobs_write(tmp_path: Path, make_item: MakeItem, steps: int) -> None:
    with Project.create(tmp_path / "scans", "multiclass", CLASSES) as project:
        ids = [project.items.add(make_item(name)).id for name in "ab"]
        paint(project, ids[0], 1)
        work = save_copy(project, tmp_path / "copy")
        for _ in range(steps):
            next(work)
        with Project.join(project.path) as job:
            paint(job, ids[0], 2)
            paint(job, ids[1], 2)
        saved = result_of(work)
    with Project.open(saved) as copy:
        for item, before in zip(ids, ([0, 1], [0]), strict=True):
            count = len(copy.layers.history(copy.layers.make(item)))
            assert painted(copy, item) == (before if count < len(before) else [*before, 2])
            assert bool(copy.layers.labelled(item)) == (count > 0)


@pytest.mark.parametrize("steps", [0, 1, 3])
def test_a_copy_that_is_killed_is_no_project(tmp_path: Path, make_item: MakeItem, steps: int) -> None:
    """Its items would have masks in which nothing is painted."""
    with Project.create(tmp_path / "scans", "multiclass", CLASSES) as project:
        for name in "abc":
            paint(project, project.items.add(make_item(name)).id, 1)
        place = project.path
    copying = [sys.executable, "-c", _KILLED, str(place), str(tmp_path / "copy"), str(steps)]
    assert subprocess.run(copying, check=False).returncode == 9
    with pytest.raises(EngineError):
        Project.open(tmp_path / "copy")
    with Project.open(place) as project:
        with pytest.raises(EngineError, match=r"contorno\.part exists already"):
            result_of(save_copy(project, tmp_path / "copy"))
        shutil.rmtree(tmp_path / "copy.contorno.part")
        assert result_of(save_copy(project, tmp_path / "copy")) == tmp_path / "copy.contorno"
    assert sorted(file.name for file in tmp_path.glob("copy*")) == ["copy.contorno"]


_KILLED = """
import os, sys
from pathlib import Path
from engine.project.copying import save_copy
from engine.project.project import Project
with Project.open(Path(sys.argv[1])) as project:
    for step, _ in enumerate(save_copy(project, Path(sys.argv[2]))):
        if step == int(sys.argv[3]):
            os._exit(9)
"""
