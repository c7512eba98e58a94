"""What is made ready before it is asked for."""

import subprocess
import sys

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.shell.ahead import Ahead
from app.shell.window import MainWindow

LOADED = """
import sys
from PySide6.QtCore import QTimer
from app.shell.main import make_application
app = make_application()
from app.shell.ahead import Ahead
ahead = Ahead((), print, app)
ahead.ended.connect(app.quit)
ahead.start()
app.exec()
wanted = {f"app.tabs.{name}.tab" for name in ("data", "label", "augment", "train", "review", "classify")}
assert wanted <= set(sys.modules), wanted - set(sys.modules)
assert "torch" not in sys.modules
"""


def test_all_tabs_are_loaded_and_torch_is_not() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_tab_is_built_ahead_and_stays_out_of_sight(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.build_ahead().ended):
        pass
    assert set(window._tabs) == {"data", "label"} and window.context.commands.tab == "data"
    assert window._tabs["data"].isVisible() and not window._tabs["label"].isVisible()


def test_a_tab_that_was_asked_for_before_is_not_built_again(qtbot: QtBot, window: MainWindow) -> None:
    ahead = window.build_ahead()
    window.show_tab("label")
    shown = window.tab("label")
    with qtbot.waitSignal(ahead.ended):
        pass
    assert window.tab("label") is shown and shown.isVisible()


def test_nothing_is_built_while_a_button_of_the_mouse_is_held(qtbot: QtBot, window: MainWindow) -> None:
    built = list[str]()
    ahead = Ahead(("label", "review"), built.append, window)
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
