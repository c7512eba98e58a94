import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from engine import atomic
from engine.errors import EngineError

KILLED = """
import sys
from pathlib import Path
from engine import atomic
file = Path(sys.argv[1])
while True:
    for letter in b"ab":
        atomic.write(file, bytes([letter]) * 2_000_000)
        print("written", flush=True)
"""
FULL = """
import resource, signal, sys
from pathlib import Path
from engine import atomic
from engine.errors import EngineError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
try:
    atomic.write(Path(sys.argv[1]), b"new" * 1000)
except EngineError as fault:
    print(fault.text, "|", fault.advice)
"""


def test_file_is_written_and_replaced(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    atomic.write(file, b"one")
    atomic.write(file, memoryview(b"two"))
    assert file.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [file]


def test_longest_name_is_written(tmp_path: Path) -> None:
    file = tmp_path / ("n" * 250)
    atomic.write(file, b"x")
    assert file.read_bytes() == b"x"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(b"old")
    command = [sys.executable, "-c", FULL, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "a.json could not be written: File too large." in done.stdout and "unharmed" in done.stdout
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


def test_refusals_name_the_file_and_leave_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for file in (tmp_path / "missing" / "a", tmp_path / "folder", tmp_path / ("n" * 300)):
        with pytest.raises(EngineError, match=file.name[:20]):
            atomic.write(file, b"x")
    assert [path.name for path in tmp_path.rglob("*")] == ["folder"]


def test_interrupt_leaves_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")
    with pytest.raises(TypeError):
        atomic.write(file, "text")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == [file] and file.read_bytes() == b"old"


@pytest.mark.skipif(sys.platform == "win32", reason="processes are ended otherwise there")
def test_kill_leaves_the_old_file_or_the_new(tmp_path: Path) -> None:
    file = tmp_path / "a"
    moment = random.Random(8)
    for _ in range(8):
        with subprocess.Popen([sys.executable, "-c", KILLED, str(file)], stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None and writer.stdout.readline() == b"written\n"
            with pytest.raises(subprocess.TimeoutExpired):
                writer.wait(moment.uniform(0, 0.05))
            writer.kill()
        assert file.read_bytes() in (b"a" * 2_000_000, b"b" * 2_000_000)
    atomic.clear_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == [file]


def test_leftovers_of_the_living_and_files_of_others_stay(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        dead.wait()
    mine, others, gone = (f".contorno-tmp-{os.getpid()}-1", ".contorno-tmp-x", f".contorno-tmp-{dead.pid}-1")
    for name in (mine, others, gone, "a.png"):
        (tmp_path / name).write_text("")
    atomic.clear_leftovers(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {mine, others, "a.png"}
    atomic.clear_leftovers(tmp_path / "nowhere")


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such process there")
def test_leftovers_of_other_computers_stay(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    theirs = tmp_path / f".contorno-tmp-{dead.pid}-00000000-1"
    ours = tmp_path / f".contorno-tmp-{dead.pid}-{atomic._HOST}-1"
    for file in (theirs, ours):
        file.touch()
    atomic.clear_leftovers(tmp_path)
    assert theirs.exists() and not ours.exists()


def test_process_of_another_user_is_alive() -> None:
    assert atomic._alive(1)


def test_folders_are_made_or_refused(tmp_path: Path) -> None:
    atomic.make_folder(tmp_path / "a" / "b")
    atomic.make_folder(tmp_path / "a" / "b")
    (tmp_path / "file").write_text("")
    with pytest.raises(EngineError, match="folder c could not be made") as fault:
        atomic.make_folder(tmp_path / "file" / "c")
    assert fault.value.advice


def test_the_old_file_is_kept_under_another_name(tmp_path: Path) -> None:
    file, before = tmp_path / "a", tmp_path / "before"
    for content in (b"one", b"two", b"three"):
        atomic.write(file, content, keep=before)
    assert (file.read_bytes(), before.read_bytes()) == (b"three", b"two")
    assert sorted(tmp_path.iterdir()) == [file, before]
