import errno
import getpass
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.config import TrainConfig
from engine.errors import EngineError, NotReadable, ProjectLocked
from engine.labels.classes import UNLABELLED, LabelClass, parse_classes
from engine.labels.mask import Brush, Mask
from engine.progress import Notice
from engine.project.items import Item
from engine.project.layers import pack
from engine.project.project import Project
from engine.project.store import FILE

MakeItem = Callable[..., Item]
CLASSES = parse_classes("lung,heart:#ff0000")
HOLD = """
import sys
from pathlib import Path
from engine.project.project import Project
project = Project.open(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


def _change(folder: Path, sql: str) -> None:
    db = sqlite3.connect(folder / FILE)
    db.execute(sql)
    db.commit()
    db.close()


def _content(folder: Path) -> bytes:
    return (folder / FILE).read_bytes()


def test_created_project_opens_again(tmp_path: Path) -> None:
    with Project.create(tmp_path / "scans", "multiclass", CLASSES) as made:
        assert made.path == tmp_path / "scans.contorno"
        assert (made.name, made.task, made.classes, made.writable) == ("scans", "multiclass", CLASSES, True)
    for folder in (tmp_path / "scans.contorno", tmp_path / "scans"):
        with Project.open(folder) as again:
            assert (again.name, again.task, again.classes) == ("scans", "multiclass", CLASSES)
            assert again.items.all() == [] and again.runs.all() == [] and again.items.count() == 0


def test_create_in_the_folder_one_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.contorno").mkdir()
    monkeypatch.chdir(tmp_path / "x.contorno")
    with Project.create(Path("."), "multiclass", CLASSES) as made:
        assert made.path == tmp_path / "x.contorno"


def test_existing_project_is_not_overwritten(tmp_path: Path) -> None:
    Project.create(tmp_path / "scans", "multiclass", CLASSES).close()
    before = _content(tmp_path / "scans.contorno")
    with pytest.raises(EngineError, match="exists already"):
        Project.create(tmp_path / "scans.contorno", "binary", CLASSES[:1])
    assert _content(tmp_path / "scans.contorno") == before


def test_what_nobody_labelled_is_no_class_of_masks(tmp_path: Path) -> None:
    void = [LabelClass("Unlabelled", ""), LabelClass("lung", "")]
    with pytest.raises(EngineError, match="never learnt"):
        Project.create(tmp_path / "masks", "multiclass", void)
    Project.create(tmp_path / "whole images", "classification", void).close()


def test_what_cannot_be_created_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="twice"):
        Project.create(tmp_path / "scans", "multiclass", [*CLASSES, CLASSES[0]])
    assert not (tmp_path / "scans.contorno" / FILE).exists()
    Project.create(tmp_path / "scans", "multiclass", CLASSES).close()


@pytest.mark.parametrize(
    ("task", "count", "said"),
    [
        ("binary", 2, "one class"),
        ("binary", 0, "one class"),
        ("classification", 1, "two classes"),
        ("guess", 1, "not a task"),
    ],
)
def test_task_and_classes_must_fit(tmp_path: Path, task: str, count: int, said: str) -> None:
    classes = [LabelClass(f"c{n}", "") for n in range(count)]
    with pytest.raises(EngineError, match=said):
        Project.create(tmp_path / "scans", task, classes)  # type: ignore[arg-type]
    assert not (tmp_path / "scans.contorno").exists()


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError, match="could not be made"):
        Project.create(tmp_path / "file" / "scans", "multiclass", CLASSES)


def test_folder_that_is_no_project_is_left_alone(tmp_path: Path) -> None:
    for write in (True, False):
        with pytest.raises(NotReadable, match="not a Contorno project"):
            Project.open(tmp_path, write=write)
        with pytest.raises(NotReadable, match="not a Contorno project"):
            Project.open(tmp_path / "nowhere", write=write)
    assert list(tmp_path.iterdir()) == []


def test_name_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        Project.open(tmp_path / ("n" * 300))
    with pytest.raises(EngineError):
        Project.create(tmp_path / ("n" * 300), "multiclass", CLASSES)


@pytest.mark.parametrize("write", [True, False])
def test_database_of_another_program_is_left_alone(tmp_path: Path, write: bool) -> None:
    _change(tmp_path, "CREATE TABLE notes (text)")
    before = _content(tmp_path)
    with pytest.raises(NotReadable, match="not a Contorno project"):
        Project.open(tmp_path, write=write)
    db = sqlite3.connect(tmp_path / FILE)
    assert [row[0] for row in db.execute("SELECT name FROM sqlite_master")] == ["notes"]
    db.close()
    assert write or _content(tmp_path) == before


@pytest.mark.parametrize("content", [b"", b"not a database at all, but long enough to be looked at" * 40])
@pytest.mark.parametrize("write", [True, False])
def test_damaged_database_is_reported_and_kept(tmp_path: Path, content: bytes, write: bool) -> None:
    Project.create(tmp_path / "scans", "multiclass", CLASSES).close()
    file = tmp_path / "scans.contorno" / FILE
    file.write_bytes(content)
    with pytest.raises(NotReadable) as fault:
        Project.open(tmp_path / "scans", write=write)
    assert fault.value.advice
    assert file.read_bytes() == content
    if not content:  # what a creation leaves that was killed at once
        return
    with pytest.raises(EngineError, match="exists already"):
        Project.create(tmp_path / "scans", "multiclass", CLASSES)
    assert file.read_bytes() == content


def test_damage_within_is_reported_when_met(tmp_path: Path, make_item: MakeItem) -> None:
    with Project.create(tmp_path / "scans", "multiclass", CLASSES) as project:
        for number in range(200):
            project.items.add(make_item(f"item{number:03}", notes=(Notice("x" * 200),)))
    file = tmp_path / "scans.contorno" / FILE
    content = bytearray(file.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 16384] = b"\xff" * 16384
    file.write_bytes(content)
    with Project.open(tmp_path / "scans", write=False) as project, pytest.raises(EngineError):
        project.items.all()
    assert file.read_bytes() == bytes(content)


def test_newer_format_is_refused_and_kept(tmp_path: Path) -> None:
    Project.create(tmp_path / "scans", "multiclass", CLASSES).close()
    _change(tmp_path / "scans.contorno", "PRAGMA user_version = 99")
    before = _content(tmp_path / "scans.contorno")
    for write in (True, False):
        with pytest.raises(NotReadable, match=r"newer Contorno \(format 99"):
            Project.open(tmp_path / "scans", write=write)
    assert _content(tmp_path / "scans.contorno") == before


def test_second_writer_is_told_who_has_it(tmp_path: Path) -> None:
    Project.create(tmp_path / "scans", "multiclass", CLASSES).close()
    folder = tmp_path / "scans.contorno"
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "open\n"
        with pytest.raises(ProjectLocked) as fault:
            Project.open(folder)
        assert str(holder.pid) in fault.value.text and fault.value.advice
        with pytest.raises(ProjectLocked):
            Project.open(folder)
        with Project.open(folder, write=False) as reader:
            assert reader.classes == CLASSES
            assert not reader.writable
        holder.kill()
        holder.wait()
        with Project.open(folder) as project:
            assert project.writable


def test_what_is_written_is_on_the_disk_before_it_is_reported(tmp_path: Path) -> None:
    """A power cut takes back what SQLite's other levels had only handed to the system."""
    full = 2
    with Project.create(tmp_path / "scans", "multiclass", CLASSES) as project:
        level = [row[0] for row in project._store.rows("PRAGMA synchronous")]
        with Project.join(project.path) as job:
            level += [row[0] for row in job._store.rows("PRAGMA synchronous")]
    with Project.open(tmp_path / "scans") as project:
        level += [row[0] for row in project._store.rows("PRAGMA synchronous")]
    assert level == [full] * 3


def test_second_writer_in_the_same_process_is_refused(tmp_path: Path) -> None:
    with Project.create(tmp_path / "scans", "multiclass", CLASSES) as project:
        with pytest.raises(ProjectLocked, match=str(os.getpid())):
            Project.open(project.path)
        with Project.join(project.path) as job:
            job.set_note("reader", "Ana")
        assert project.note("reader") == "Ana"
        with pytest.raises(ProjectLocked):
            Project.open(project.path)
    Project.open(tmp_path / "scans").close()


@pytest.mark.parametrize("note", ["", "{", "[]", '{"user": "x"}'])
def test_lock_without_a_note_still_holds(tmp_path: Path, note: str) -> None:
    with Project.create(tmp_path / "scans", "multiclass", CLASSES) as project:
        (project.path / "project.lock").write_text(note)
        with pytest.raises(ProjectLocked, match=r"\?"):
            Project.open(project.path)


def test_lock_that_cannot_be_had_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some network shares know no locks."""
    Project.create(tmp_path / "scans", "multiclass", CLASSES).close()
    folder = tmp_path / "scans.contorno"
    if sys.platform != "win32":
        import fcntl

        def refuse(*_: object) -> None:
            raise OSError(errno.ENOLCK, "No locks available")

        with monkeypatch.context() as patch:
            patch.setattr(fcntl, "flock", refuse)
            with pytest.raises(ProjectLocked, match="opened for writing: No locks available"):
                Project.open(folder)
    (folder / "project.lock").unlink()
    (folder / "project.lock").mkdir()
    with pytest.raises(ProjectLocked, match="cannot be opened for writing"):
        Project.open(folder)
    Project.open(folder, write=False).close()


def test_user_without_a_name_can_hold_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> str:
        raise KeyError("uid 12345")

    monkeypatch.setattr(getpass, "getuser", unknown)
    with (
        Project.create(tmp_path / "scans", "multiclass", CLASSES) as project,
        pytest.raises(ProjectLocked, match=r"writing: \?, "),
    ):
        Project.open(project.path)


def test_damaged_run_is_said_and_the_project_opens(tmp_path: Path) -> None:
    with Project.create(tmp_path / "scans", "multiclass", CLASSES) as project:
        project.runs.update(project.runs.add(TrainConfig()), "finished")
    _change(project.path, "UPDATE runs SET config = '{'")
    for _ in range(2):
        with Project.open(project.path) as again:
            assert [note.text for note in again.damage()] == [
                "The project is damaged at run 1: config could not be read."
            ]


def test_what_the_database_refuses_is_said(tmp_path: Path) -> None:
    with Project.create(tmp_path / "scans", "multiclass", CLASSES) as project:
        pass
    _change(project.path, "DROP TABLE meta")
    with Project.open(project.path) as project:
        with pytest.raises(EngineError, match="could not be saved: no such table"):
            project.set_note("reader", "Ana")
        with pytest.raises(EngineError, match="no such table"):
            project.note("reader")


def test_connection_of_another_thread_is_our_own_fault(project: Project) -> None:
    def use() -> None:
        for work in (lambda: project.items.all(), lambda: project.set_note("a", "b")):
            with pytest.raises(sqlite3.ProgrammingError):
                work()

    with ThreadPoolExecutor() as pool:
        pool.submit(use).result()


@pytest.mark.skipif(os.name != "posix", reason="file names are text there")
@pytest.mark.parametrize("name", [b"caf\xe9", b"a?b#c%20 d", "é".encode(), b"new\nline"])
def test_projects_of_any_name(tmp_path: Path, name: bytes) -> None:
    folder = tmp_path / os.fsdecode(name)
    Project.create(folder, "multiclass", CLASSES).close()
    with Project.open(folder) as project:
        assert project.classes == CLASSES and project.name == os.fsdecode(name)
    Project.open(folder, write=False).close()
    assert [path.name for path in tmp_path.iterdir()] == [os.fsdecode(name) + ".contorno"]


def test_reader_sees_what_the_writer_saves(tmp_path: Path, make_item: MakeItem) -> None:
    with (
        Project.create(tmp_path / "scans", "multiclass", CLASSES) as writer,
        Project.open(writer.path, write=False) as reader,
    ):
        writer.items.add(make_item("a"))
        assert [item.name for item in reader.items.all()] == ["a"]


def test_read_only_project_changes_nothing(tmp_path: Path, make_item: MakeItem) -> None:
    with Project.create(tmp_path / "scans", "multiclass", CLASSES) as made:
        kept = made.items.add(make_item("a"))
    before = _content(made.path)
    with Project.open(made.path, write=False) as project:
        for change in (
            lambda: project.items.add(make_item("b")),
            lambda: project.items.set_state(kept.id, "done"),
            lambda: project.set_classes(CLASSES),
            lambda: project.set_note("reader", "x"),
            lambda: project.layers.make(kept.id),
        ):
            with pytest.raises(EngineError, match="read only"):
                change()
    assert _content(made.path) == before


UNWRITABLE = """
import os, sys
from pathlib import Path
from engine.errors import EngineError
from engine.project.project import Project

folder = Path(sys.argv[1])
for file in (*folder.iterdir(), folder):
    file.chmod(0o555 if file.is_dir() else 0o444)
if os.geteuid() == 0:  # who may write anywhere
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
for write in (True, False):
    try:
        with Project.open(folder, write=write) as project:
            print(project.task)
    except EngineError as fault:
        print(fault.text)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="folders have no such permissions there")
@pytest.mark.parametrize("closed", [True, False])
def test_folder_that_cannot_be_written(tmp_path: Path, closed: bool) -> None:
    """Read-only media: opens to read; where the last changes still lie in the log, says so instead of showing old ones."""
    with Project.create(tmp_path / "scans", "multiclass", CLASSES) as project:
        project.set_note("reader", "Ana")
        files = {name: (project.path / name).read_bytes() for name in (FILE, FILE + "-wal")}
    if closed:
        files = {FILE: _content(project.path)}
    with tempfile.TemporaryDirectory() as place:  # the test's own folder is closed to other users
        Path(place).chmod(0o755)
        folder = Path(place) / "copy.contorno"
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        command = [sys.executable, "-c", UNWRITABLE, str(folder)]
        try:
            first, second = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        finally:
            folder.chmod(0o755)
        assert "cannot be opened for writing" in first
        assert second == "multiclass" if closed else "was not closed" in second
        assert {file.name: file.read_bytes() for file in folder.iterdir()} == files


def test_half_made_project_is_none(tmp_path: Path) -> None:
    """Killed while it was made: the database is there, but nothing in it."""
    folder = tmp_path / "scans.contorno"
    folder.mkdir()
    sqlite3.connect(folder / FILE).close()
    (folder / FILE).touch()
    with pytest.raises(NotReadable, match="not a Contorno project"):
        Project.open(folder)


def test_classes_are_renamed_and_added(project: Project) -> None:
    project.set_classes([LabelClass("left lung", "#112233"), *project.classes[1:], LabelClass("tumour", "")])
    assert [(c.name, c.key) for c in project.classes] == [("left lung", "1"), ("heart", "2"), ("tumour", "3")]
    assert project.classes[0].color == "#112233"


def test_a_class_keeps_its_identity_through_a_rename_and_a_new_one_has_its_own(project: Project) -> None:
    lung, heart = (one.identity for one in project.classes)
    assert lung and heart and lung != heart
    project.set_classes(parse_classes("lobe,lung,heart"))
    assert [one.identity for one in project.classes[:2]] == [lung, heart]
    third = project.classes[2].identity
    project.set_classes(project.classes[:2])
    project.set_classes(parse_classes("lobe,lung,heart"))
    assert project.classes[2].identity not in (lung, heart, third, "")
    with Project.open(project.path, write=False) as again:
        assert [one.identity for one in again.classes] == [one.identity for one in project.classes]


@pytest.mark.parametrize(
    "damage",
    ["DELETE FROM meta WHERE key = 'class identities'", "UPDATE meta SET value = '{' WHERE key = 'class identities'"],
)
def test_classes_without_kept_identities_have_the_same_at_each_opening(project: Project, damage: str) -> None:
    with project.transaction() as store:
        store.run(damage)  # type: ignore[attr-defined]
    first = [one.identity for one in project.classes]
    assert len(set(first)) == 2 and all(first)
    with Project.open(project.path, write=False) as again:
        assert [one.identity for one in again.classes] == first
    project.set_classes(parse_classes("a,b,c"))
    assert [one.identity for one in project.classes][:2] == first


def test_bad_classes_leave_the_old_ones(project: Project) -> None:
    before = project.classes
    with pytest.raises(EngineError):
        project.set_classes([before[0], before[0]])
    assert project.classes == before


def test_classes_in_use_are_not_removed(project: Project, make_item: MakeItem) -> None:
    project.set_classes(project.classes[:1])
    project.set_classes(parse_classes("lung,heart"))
    item, run = project.items.add(make_item("a")), project.runs.add(TrainConfig())
    for layer in (project.layers.make(item.id), project.layers.make(item.id, "prediction", run.id)):
        project.layers.replace(layer, pack(np.full(item.shape, 2, np.uint8)))
        with pytest.raises(EngineError, match="cannot be removed"):
            project.set_classes(project.classes[:1])
        assert len(project.classes) == 2
        project.layers.replace(layer, pack(np.full(item.shape, UNLABELLED, np.uint8)))
    project.set_classes(project.classes[:1])
    assert len(project.classes) == 1


@pytest.mark.parametrize("undone", [False, True], ids=["erased", "undone"])
def test_class_that_is_gone_does_not_come_back_by_undo(project: Project, make_item: MakeItem, undone: bool) -> None:
    item = project.items.add(make_item("a"))
    layer, mask = project.layers.make(item.id), Mask(np.zeros(item.shape, np.uint8))

    def paint(value: int, column: int) -> None:
        stroke = mask.begin(f"{value} at {column}")
        stroke.line("axial", 0, (5, column), (30, column), Brush.round(3), value)
        project.layers.record(layer, mask, stroke.end())

    paint(1, 5)
    paint(2, 20)
    if undone:
        project.layers.undo(layer, mask)
    else:
        paint(0, 20)
        paint(1, 40)
    project.set_classes(project.classes[:1])
    left = [entry.name for entry in project.layers.history(layer)]
    assert left == (["1 at 5"] if undone else ["1 at 5", "1 at 40"]), "strokes of which nothing is left are forgotten"
    assert project.layers.labelled(item.id) == {0}
    while project.layers.undo(layer, mask):
        assert mask.labels.max() <= 1
    while project.layers.redo(layer, mask):
        assert mask.labels.max() <= 1
    assert np.array_equal(project.layers.read(layer, item.shape), mask.labels)


def test_help_of_a_model_is_known_when_a_class_is_gone(project: Project, make_item: MakeItem) -> None:
    """Else the test set is scored against the model's own answers."""
    item = project.items.add(make_item("a"))
    layer, mask = project.layers.make(item.id), Mask(np.zeros(item.shape, np.uint8))
    own = np.zeros(item.shape, np.uint8)
    own[0, :3] = 1
    project.layers.record(layer, mask, mask.replace_with("Brush", own))
    for value in (2, 1):  # its first answer held the class that goes
        said = own.copy()
        said[0, 5:] = value
        edit = replace(mask.replace_with("Prediction taken", said), by_model=True)
        project.layers.record(layer, mask, edit)
    project.set_classes(project.classes[:1])
    assert project.layers.helped() == {item.id}
    before = project.layers.read(layer, item.shape)
    assert project.layers.before_help(layer, before) == {0} and np.array_equal(before, own)


def test_classes_that_items_are_of_are_not_removed(tmp_path: Path, make_item: MakeItem) -> None:
    with Project.create(tmp_path / "x", "classification", parse_classes("a,b,c")) as project:
        item = project.items.add(make_item("a", label=2))
        with pytest.raises(EngineError, match="cannot be removed"):
            project.set_classes(project.classes[:2])
        project.items.set_labels({item.id: 1})
        project.set_classes(project.classes[:2])
        with pytest.raises(EngineError, match="two classes"):
            project.set_classes(project.classes[:1])


def test_text_that_is_none_is_refused(project: Project) -> None:
    with pytest.raises(EngineError, match="no text"):
        project.set_note("reader", "caf\udce9")
    project.set_note("reader", "Ana")
    assert project.note("reader") == "Ana"


def test_notes_are_kept(project: Project) -> None:
    assert project.note("zoom", "1") == "1"
    project.set_note("zoom", "2")
    project.set_note("zoom", "3")
    assert project.note("zoom") == "3"


def test_transaction_is_all_or_nothing(project: Project, make_item: MakeItem) -> None:
    with pytest.raises(EngineError), project.transaction():
        project.items.remove([project.items.add(make_item("a")).id, project.items.get(99).id])
    assert project.items.count() == 0
    with project.transaction():
        project.items.add(make_item("a"))
        project.items.add(make_item("b"))
    assert project.items.count() == 2


def test_leftovers_of_the_dead_are_cleared(tmp_path: Path) -> None:
    with Project.create(tmp_path / "scans", "multiclass", CLASSES) as project:
        (project.path / "runs" / "1").mkdir(parents=True)
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        dead.wait()
    names = [f".contorno-tmp-{dead.pid}-00", f"runs/1/.contorno-tmp-{dead.pid}-00", f".contorno-tmp-{os.getpid()}-00"]
    for name in names:
        (project.path / name).write_text("")
    Project.open(project.path).close()
    assert [(project.path / name).exists() for name in names] == [False, False, True]


FULL = """
import resource, signal, sys
from pathlib import Path
import numpy as np
from engine.errors import EngineError
from engine.labels.classes import parse_classes
from engine.labels.mask import Mask
from engine.project.project import Project

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
unlimited = resource.RLIM_INFINITY

def full(change, room):
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, unlimited))
    try:
        change()
        print("nothing was said")
    except EngineError as fault:
        print("said" if "could not be saved" in fault.text and fault.advice else fault.text)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (unlimited, unlimited))

folder = Path(sys.argv[1])
full(lambda: Project.create(folder.with_name("other"), "binary", parse_classes("a")), 3000)
print(not folder.with_name("other.contorno").joinpath("project.db").exists())
with Project.open(folder) as project:
    (item,) = project.items.all()
    layer = project.layers.make(item.id)
    mask = Mask(project.layers.read(layer, item.shape))
    noise = np.random.default_rng(0).integers(0, 3, item.shape).astype(np.uint8)
    edit = mask.replace_with("Noise", noise)
    room = folder.joinpath("project.db-wal").stat().st_size + 20000
    full(lambda: project.layers.record(layer, mask, edit), room)
    print(not project.layers.read(layer, item.shape).any() and not project.layers.history(layer))
    project.layers.record(layer, mask, edit)
    print((project.layers.read(layer, item.shape) == noise).all())
    mask.apply(edit)
    room = folder.joinpath("project.db-wal").stat().st_size
    full(lambda: project.layers.undo(layer, mask), room)
    print((mask.labels == noise).all() and not project.layers.history(layer)[0].undone)
    project.layers.undo(layer, mask)
    print(not mask.labels.any())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_full_disk_is_said_and_what_was_saved_stays(tmp_path: Path, make_item: MakeItem) -> None:
    with Project.create(tmp_path / "scans", "multiclass", CLASSES) as project:
        project.items.add(make_item("a", shape=(1, 700, 900)))
    command = [sys.executable, "-c", FULL, str(project.path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["said", "True"] * 2 + ["True", "said"] + ["True"] * 2, done.stdout + done.stderr
    with Project.open(project.path) as again:
        (item,) = again.items.all()
        layer = again.layers.mask(item.id)
        assert layer is not None and [entry.undone for entry in again.layers.history(layer)] == [True]
        assert not again.layers.read(layer, item.shape).any()


def test_creation_that_was_killed_is_taken_up_again(tmp_path: Path) -> None:
    """Between the first write and the one transaction: `new` must not say that it exists while `open` says that it does not."""
    for name, journal in (("empty", ""), ("wal", "WAL"), ("delete", "DELETE")):
        folder = tmp_path / f"{name}.contorno"
        folder.mkdir()
        (folder / FILE).touch()
        if journal:
            _change(folder, f"PRAGMA journal_mode = {journal}")
        with Project.create(folder, "multiclass", CLASSES) as project:
            assert project.classes == CLASSES
    (tmp_path / "other.contorno").mkdir()
    for content in (b"no database at all", b""):
        (tmp_path / "other.contorno" / FILE).write_bytes(content)
        if not content:
            _change(tmp_path / "other.contorno", "CREATE TABLE theirs (x)")
        before = _content(tmp_path / "other.contorno")
        with pytest.raises(EngineError, match="exists already"):
            Project.create(tmp_path / "other", "multiclass", CLASSES)
        assert _content(tmp_path / "other.contorno") == before


def test_database_that_was_torn_in_a_commit_is_not_shown(tmp_path: Path) -> None:
    """A writer killed in mid-commit, with the journal of network shares: half of the pages are new. A reader must not see them."""
    with Project.create(tmp_path / "scans", "multiclass", CLASSES) as project:
        for key in range(400):
            project.set_note(f"key {key}", "old" * 100)
    _change(project.path, "PRAGMA journal_mode = DELETE")
    killed = subprocess.run([sys.executable, "-c", TORN, str(project.path / FILE)], check=False)
    assert killed.returncode and (project.path / f"{FILE}-journal").stat().st_size
    torn = _content(project.path)
    with pytest.raises(NotReadable, match="was not closed"):
        Project.open(project.path, write=False)
    assert _content(project.path) == torn
    with Project.open(project.path) as project:  # whoever may write takes the half back
        assert {project.note(f"key {key}") for key in range(400)} == {"old" * 100}


TORN = """
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA cache_size = 2")
db.execute("PRAGMA cache_spill = 1")
db.execute("BEGIN IMMEDIATE")
db.execute("UPDATE meta SET value = replace(value, 'old', 'new')")  # more than the cache holds: pages are written early
os._exit(9)
"""


def test_database_that_is_busy_is_not_taken_for_read_only_media(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.project import store

    Project.create(tmp_path / "scans", "multiclass", CLASSES).close()
    _change(tmp_path / "scans.contorno", "PRAGMA journal_mode = DELETE")
    fault = sqlite3.OperationalError("database is locked")
    fault.sqlite_errorname = "SQLITE_BUSY"
    with pytest.raises(NotReadable, match="database is locked"):
        store._connect_unwritable(tmp_path / "scans.contorno" / FILE, fault)


def test_a_log_in_shared_memory_is_for_known_disks_alone() -> None:
    from engine.project.store import _LINUX, _LOCAL_FILE_SYSTEMS, _MACOS, _file_system

    linux = "/dev/sda1 / ext4 rw 0 0\nserver:/x /home nfs4 rw 0 0\n/dev/sdb1 /home/ana\\040b xfs rw 0 0\ng /run/gvfs fuse.gvfsd-fuse rw 0 0\n"
    found = [
        _file_system(linux, _LINUX, place) for place in ("/a", "/home/ana", "/home/ana b/c", "/homer", "/run/gvfs/s")
    ]
    assert found == ["ext4", "nfs4", "xfs", "ext4", "fuse.gvfsd-fuse"]
    macos = "/dev/disk3s1 on / (apfs, sealed, local)\n//ana@server/x on /Volumes/x y (smbfs, nodev, mounted by ana)\n"
    assert [_file_system(macos, _MACOS, place) for place in ("/Users", "/Volumes/x y/z")] == ["apfs", "smbfs"]
    assert _file_system("", _MACOS, "/Users") not in _LOCAL_FILE_SYSTEMS, "unknown: the journal that is safe anywhere"


@pytest.mark.skipif(os.name != "posix", reason="words are text there")
def test_name_that_is_no_text_is_refused_where_it_is_looked_up(project: Project) -> None:
    for look in (
        lambda: project.runs.get("caf\udce9"),
        lambda: project.runs.add(TrainConfig(), "caf\udce9"),
        lambda: project.items.named("caf\udce9"),
    ):
        with pytest.raises(EngineError, match="no text"):
            look()
