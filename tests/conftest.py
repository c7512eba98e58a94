"""What every test stands on: a home of its own, no window on the screen, nothing from the net, and nothing left running."""

import gc
import os
import sys
import time
from collections.abc import Callable, Generator, Iterator
from functools import partial, wraps
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from pytestqt.qtbot import QtBot

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is loaded
os.environ["HF_HUB_OFFLINE"] = "1"

# A busy machine is no fault: nothing below ends a test that would pass a little later.
settings.register_profile("contorno", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("contorno")

_QT_FIXTURES = {"qtbot", "qapp"}
_ENDING = 60  # seconds for a thread that has said its last word to end
_PATIENCE = 60  # seconds until what is waited for counts as what never comes


def _patient(wait: Callable[..., Any]) -> Callable[..., Any]:
    """The same wait, for a minute at least: how long something takes on a free machine says nothing about a busy one."""

    @wraps(wait)
    def waits(*args: Any, timeout: int = 1000 * _PATIENCE, **more: Any) -> Any:
        return wait(*args, timeout=timeout and max(timeout, 1000 * _PATIENCE), **more)  # 0 is no wait: assertNotEmitted

    return waits


for _name in ("waitSignal", "waitSignals", "waitUntil", "waitExposed", "waitActive"):
    setattr(QtBot, _name, _patient(getattr(QtBot, _name)))

_BEAT = 200  # ms between two looks at what waits for an answer
_POINTER = (10, 10)  # where it is in a new process
_alone = False  # the test has failed or is over: nobody answers any more


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown() -> Generator[None, object, object]:
    """What a failed test left is put away: windows with a training ask before they close."""
    global _alone
    _alone = True
    try:
        return (yield)
    finally:
        _alone = False


def pytest_collection_finish() -> None:
    """What all libraries brought is looked through neither by the collector nor by `nothing_left`, a few thousand times."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def settled() -> None:
    """Nor is what stays of the files before: the libraries that their tests loaded, some hundred thousand objects."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home: no test reads or changes the settings of who runs it."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("USERPROFILE", str(folder))
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
    if "PySide6.QtCore" in sys.modules:
        from PySide6.QtCore import QSettings

        for format in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
            QSettings.setPath(format, QSettings.Scope.UserScope, str(folder / "config"))
    yield folder
    if "app.shell.settings" in sys.modules:
        from app.shell import settings as remembered

        remembered.write_ui_state()  # into this home, not the next test's


@pytest.fixture(autouse=True)
def haste(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs step back for nobody: beside other programs' work they would hardly be let in."""
    if jobs := sys.modules.get("app.services.jobs"):
        monkeypatch.setattr(jobs, "_NICE", 0)


@pytest.fixture(scope="session")
def heart(qapp: Any) -> Iterator[None]:
    """Beats for as long as there is an application: also while a dialog waits, Python runs the handler of the time limit."""
    from PySide6.QtCore import QTimer

    timer = QTimer(qapp)
    timer.timeout.connect(_let_go)
    timer.start(_BEAT)
    yield
    timer.stop()


def _let_go() -> None:
    """What waits for an answer that does not come is closed."""
    from PySide6.QtWidgets import QApplication, QDialog

    if _alone:
        for waiting in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
            if isinstance(waiting, QDialog):
                waiting.done(QDialog.DialogCode.Rejected)
            elif waiting is not None:
                waiting.close()


@pytest.fixture(autouse=True)
def nothing_left(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that leaves a job running, a timer ticking or a window open. The pointer is where it was at the very first: a key acts on
    what is beneath it."""
    if not _QT_FIXTURES & set(request.fixturenames):
        yield
        return
    from PySide6.QtGui import QCursor
    from PySide6.QtWidgets import QApplication

    request.getfixturevalue("heart")
    QCursor.setPos(*_POINTER)
    monkeypatch.setattr(sys, "excepthook", partial(_failed, sys.excepthook))
    windows, timers = set(map(id, QApplication.topLevelWidgets())), set(map(id, _ticking()))
    gc.disable()  # within QObject::disconnect it would hang for good: app/services/garbage.py
    yield
    gc.enable()
    _deliver_deletions()
    left = [f"thread in {where}" for where in _jobs()]
    left += [f"window {window}" for window in _windows(windows)]
    left += [f"timer of {timer.parent()}" for timer in _ticking() if id(timer) not in timers]
    if left:
        pytest.fail("left behind: " + ", ".join(left))


def _failed(say: Callable[..., object], *fault: object) -> None:
    """A slot raised, so what it was to answer stays open."""
    global _alone
    _alone = True
    say(*fault)


def _jobs() -> list[str]:
    """Threads that are still in app/services/jobs.py, the only module that starts any."""
    until = time.monotonic() + _ENDING
    while found := [where for frame in sys._current_frames().values() if (where := _job(frame))]:
        if time.monotonic() > until:
            break
        time.sleep(0.005)
    return found


def _job(frame: FrameType | None) -> str:
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.parts[-3:] == ("app", "services", "jobs.py") and frame.f_code.co_name == "run":
            return "Job.run"
        frame = frame.f_back
    return ""


def _windows(before: set[int]) -> list[object]:
    """Top-level widgets that the test made and neither closed, nor gave to qtbot, nor let go of."""
    from PySide6.QtWidgets import QApplication

    def found() -> list[object]:
        widgets = QApplication.topLevelWidgets()
        return [w for w in widgets if id(w) not in before and w.parent() is None and w.objectName() != "qtooltip_label"]

    if found():
        gc.collect()  # a closed window can hang in a circle of references for a while
        _deliver_deletions()
    return found()


def _ticking() -> list[Any]:
    """Active timers that belong to no widget, whose end would stop them, nor to the application."""
    from PySide6.QtCore import QCoreApplication, QTimer
    from PySide6.QtWidgets import QWidget
    from shiboken6 import isValid

    def top(thing: Any) -> object:
        while (parent := thing.parent()) is not None:
            thing = parent
        return thing

    kinds = {QTimer, *QTimer.__subclasses__()}  # asked by type: a million times, twice a test
    active = [thing for thing in gc.get_objects() if type(thing) in kinds and isValid(thing) and thing.isActive()]
    return [timer for timer in active if not isinstance(top(timer), QWidget | QCoreApplication)]


def _deliver_deletions() -> None:
    from PySide6.QtCore import QCoreApplication, QEvent

    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
