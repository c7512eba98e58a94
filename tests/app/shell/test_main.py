"""The program as a process: it ends when it is asked to, also while it trains, and comes back after it was killed."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from engine.config import TrainConfig
from engine.errors import ProjectLocked
from engine.learning.bundle import read_card
from engine.learning.events import read_events
from engine.project.project import Project

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are ended otherwise there")

# The real main(), with someone in front of it who says what the window shows and, on wish, trains.
DRIVER = """
import signal
import sys
from pathlib import Path
import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from app.shell.main import main
from app.shell.window import MainWindow
from engine.config import TrainConfig
from widgets.tools import PanTool

if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests may ignore it (nohup), and so would what they start
wish, path = sys.argv[1:]
said = set()

def say(word):
    if word not in said:
        said.add(word)
        print(word, flush=True)

def look():
    for window in QApplication.topLevelWidgets():
        if isinstance(window, MainWindow) and window.filled:
            session, trainings = window.context.session, window.context.trainings
            if session.current.image is None:
                continue
            say("shown " + window.context.status.saved())
            if wish == "train" and not said & {"begun"}:
                say("begun")
                trainings.epoch.connect(lambda epoch: say("trains"))
                small = {"arch": "linknet", "encoder": "mobilenet_v2", "size": 32, "batch": 2}
                trainings.start(TrainConfig(**small, epochs=100000, preset="none", device="cpu"))

            if wish == "fault" and "moved" not in said:
                window.show_tab("label")
                canvas = window.tab("label").scan.canvas
                canvas.set_tool(Faulty())
                place = QPointF(canvas.rect().center())
                for _ in range(20):
                    none = Qt.MouseButton.NoButton, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
                    QApplication.postEvent(canvas, QMouseEvent(QEvent.Type.MouseMove, place, place, *none))
                say("moved")
            elif wish == "fault":
                say("lives " + window.notifications._strip.text())

class Faulty(PanTool):
    def hover(self, host, pointer):
        [].pop()

    def paint_overlay(self, host, painter, position):
        np.zeros((3, 3))[7, 7]

timer = QTimer()
timer.timeout.connect(look)
QTimer.singleShot(0, lambda: timer.start(20))
sys.exit(main([path]))
"""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start a process that is ended with the test."""
    started: list[subprocess.Popen[str]] = []

    def begin(*command: object) -> "subprocess.Popen[str]":
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"}
        process = subprocess.Popen(
            [sys.executable, *map(str, command)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def heard(process: "subprocess.Popen[str]", word: str) -> str:
    """The first line that begins with the word."""
    assert process.stdout is not None and process.stderr is not None
    for line in process.stdout:
        if line.startswith(word):
            return line.strip()
    pytest.fail(f"{word} was never said: {process.stderr.read()}")


def ended(process: "subprocess.Popen[str]", number: int) -> tuple[int, str]:
    """Exit status, and what went to stderr, after the signal."""
    process.send_signal(number)
    _, err = process.communicate()
    return process.returncode, err


def is_free(project: Path) -> bool:
    try:
        Project.open(project).close()
    except ProjectLocked:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_ends_when_asked_to(start: Start, project: Path, number: int) -> None:
    process = start("-c", DRIVER, "look", project)
    assert heard(process, "shown") == "shown Saved"
    assert not is_free(project)
    code, err = ended(process, number)
    assert code == 0 and "Traceback" not in err, err
    assert is_free(project)


def test_a_fault_while_the_mouse_moves_or_the_scan_is_drawn_ends_nothing(start: Start, project: Path) -> None:
    """One that Python's C code and NumPy raise: with Python 3.11 it crashed the process on its way through two overridden events."""
    process = start("-c", DRIVER, "fault", project)
    assert "Something went wrong" in heard(process, "lives")
    code, err = ended(process, signal.SIGTERM)
    assert code == 0 and "Traceback" not in err, err
    assert is_free(project)


@pytest.mark.parametrize("words", [("open",), ()], ids=["open", "the project alone"])
def test_the_command_opens_the_window(start: Start, project: Path, words: tuple[str, ...]) -> None:
    process = start("-m", "app", *words, project)
    while not (project / "project.lock").read_bytes():  # to try the lock would be to hold it for a moment
        with suppress(subprocess.TimeoutExpired):
            pytest.fail(f"it ended by itself: {process.communicate(timeout=0.05)}")
    code, err = ended(process, signal.SIGTERM)
    assert code == 0 and "Traceback" not in err, err
    assert is_free(project)


def test_asked_to_end_while_it_trains_it_keeps_the_training(start: Start, project: Path) -> None:
    process = start("-c", DRIVER, "train", project)
    heard(process, "trains")
    code, err = ended(process, signal.SIGTERM)
    assert code == 0 and "Traceback" not in err, err
    with Project.open(project) as again:
        (run,) = again.runs.all()
        assert run.state == "paused"
    assert [name for name, _ in read_card(run.bundle).classes] == ["disc", "square"]
    epochs = len(read_events(run.folder))
    assert epochs >= 1
    done = start("-m", "app", "train", project, "--resume", run.name, "--epochs", epochs + 1)
    out, err = done.communicate()
    assert done.returncode == 0 and f"{epochs + 1} epochs" in out, err


def test_killed_while_it_trains_it_comes_back(start: Start, project: Path) -> None:
    process = start("-c", DRIVER, "train", project)
    heard(process, "trains")
    assert ended(process, signal.SIGKILL)[0] == -signal.SIGKILL
    with Project.open(project, write=False) as left:
        assert [run.state for run in left.runs.all()] == ["training"]
    again = start("-c", DRIVER, "look", project)
    assert heard(again, "shown") == "shown Saved", "the lock of the dead process is taken over"
    assert ended(again, signal.SIGTERM)[0] == 0
    with Project.open(project, write=False) as left:
        assert [run.state for run in left.runs.all()] == ["paused"]
        assert read_card(left.runs.all()[0].bundle).classes


def test_a_second_window_on_the_project_reads_only(start: Start, project: Path) -> None:
    first = start("-c", DRIVER, "look", project)
    assert heard(first, "shown") == "shown Saved"
    second = start("-c", DRIVER, "look", project)
    assert heard(second, "shown") == "shown Read only"
    code, err = ended(second, signal.SIGTERM)
    assert code == 0 and "Traceback" not in err, err
    assert not is_free(project), "the first one writes on"
    assert ended(first, signal.SIGTERM)[0] == 0


def test_a_project_that_another_process_writes_is_shown(start: Start, project: Path) -> None:
    with Project.open(project) as held:
        held.runs.add(TrainConfig(), "mine")
        process = start("-c", DRIVER, "look", project)
        assert heard(process, "shown") == "shown Read only"
        assert ended(process, signal.SIGTERM)[0] == 0
        assert held.runs.get("mine").state == "training", "a reader closes nobody's run"


def test_a_path_that_is_not_there_is_said_in_the_window(start: Start, tmp_path: Path) -> None:
    """A project that was moved: the window stands, without it."""
    process = start(
        "-c",
        DRIVER.replace("if session.current.image is None:", "if False:"),
        "look",
        tmp_path / "gone.contorno" / "project.db",
    )
    assert heard(process, "shown") == "shown"
    code, err = ended(process, signal.SIGTERM)
    assert code == 0 and "Traceback" not in err, err
