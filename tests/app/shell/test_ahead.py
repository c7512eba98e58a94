"""What is made ready before it is asked for."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.shell.ahead import Ahead
from app.shell.window import MainWindow
from app.tabs.label.tab import LabelTab
from app.tabs.scan.view import ScanView

LOADED = """
import sys
from PySide6.QtCore import QTimer
from app.shell.main import make_application
app = make_application()
from app.services.jobs import JobQueue
from app.shell.ahead import Ahead
jobs = JobQueue(app)
ahead = Ahead((), iter, jobs, app)
ahead.ended.connect(app.quit)
ahead.start()
app.exec()
assert jobs.close()  # the thread of the last job may still be on its way out
wanted = {f"app.tabs.{name}.tab" for name in ("data", "label", "augment", "train", "review", "classify")}
assert wanted <= set(sys.modules), wanted - set(sys.modules)
assert "scipy.ndimage" in sys.modules and "torch" not in sys.modules
"""


def test_all_tabs_are_loaded_and_torch_is_not() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_tab_is_built_ahead_and_stays_out_of_sight(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.build_ahead().ended):
        pass
    assert set(window._tabs) == {"data", "label"} and window.context.commands.tab == "data"
    assert window._tabs["data"].isVisible() and not window._tabs["label"].isVisible()


def test_a_tab_that_is_half_built_is_not_seen_whatever_is_shown(qtbot: QtBot, window: MainWindow) -> None:
    left = window._building("label")
    next(left)
    window.hide()
    with qtbot.waitExposed(window):
        window.show()
    (half,) = window.findChildren(LabelTab)
    assert not half.isVisible() and window._tabs["data"].isVisible()
    assert list(left) and window._tabs["label"] is half and not half.isVisible()


def test_a_tab_that_was_asked_for_before_is_not_built_again(qtbot: QtBot, window: MainWindow) -> None:
    ahead = window.build_ahead()
    window.show_tab("label")
    shown = window.tab("label")
    with qtbot.waitSignal(ahead.ended):
        pass
    assert window.tab("label") is shown and shown.isVisible()


def test_a_tab_that_is_asked_for_while_it_is_built_is_one_and_whole(
    qtbot: QtBot, window: MainWindow, project: Path
) -> None:
    session = window.context.session
    with qtbot.waitSignal(session.current.image_changed):
        window.open_paths([project])
    left = window._building("label")
    next(left)
    next(left)
    assert "label" not in window._tabs
    window.show_tab("label")
    (scan,) = (each for each in window.findChildren(ScanView) if each.objectName() == "label.scan")
    assert scan.isVisible() and list(left) == [] and list(window._building("label")) == []
    pressed = list[str]()
    window.context.commands["eraser"].triggered.connect(lambda: pressed.append("eraser"))
    QTest.keyClick(scan.canvas, Qt.Key.Key_E)  # at once
    assert pressed == ["eraser"] and label_tool(window) == "eraser"
    qtbot.waitUntil(lambda: not session.current.changing and not session.jobs.busy)


def label_tool(window: MainWindow) -> str:
    tab = window.tab("label")
    assert isinstance(tab, LabelTab)
    return tab.tool


def test_nothing_is_built_while_a_button_of_the_mouse_is_held(qtbot: QtBot, window: MainWindow) -> None:
    built = list[str]()

    def building(name: str) -> Iterator[None]:
        built.append(name)
        yield

    ahead = Ahead(("label", "review"), building, window.context.jobs, window)
    QTest.mousePress(window, Qt.MouseButton.LeftButton)
    assert QApplication.mouseButtons() == Qt.MouseButton.LeftButton
    ahead.start()
    turns = list[None]()
    ahead._next.timeout.connect(lambda: turns.append(None))
    qtbot.waitUntil(lambda: len(turns) > 2)
    assert not built
    with qtbot.waitSignal(ahead.ended):
        QTest.mouseRelease(window, Qt.MouseButton.LeftButton)
    assert built == ["label", "review"]
