"""From the start of the process to the first painted window, against a bare PySide6 window."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

Row = tuple[str, float, float, float, float]

_ROUNDS = 5
# The first paint of `wanted`, told by a filter that sees every event of the program.
_PAINTED = """
import os, time
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QWidget
class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget) and wanted(watched):
            print(time.time(), flush=True)
            os._exit(0)
        return False
app = QApplication(["contorno"]); painted = Painted(); app.installEventFilter(painted)
"""
_BARE = f"""{_PAINTED}
wanted = lambda widget: isinstance(widget, QLabel)
window = QMainWindow(); window.setCentralWidget(QLabel("bare")); window.resize(1440, 900); window.show(); app.exec()
"""
_OURS = f"""{_PAINTED}
wanted = lambda widget: WANTED
from app.cli import main
main([])
"""
_FRAME = _OURS.replace("WANTED", "widget.objectName() == 'status_line'")  # the last of the frame that is painted
_TAB = _OURS.replace("WANTED", "type(widget).__name__ == 'DataTab'")


def rows() -> Iterator[Row]:
    times: dict[str, list[float]] = {_BARE: [], _FRAME: [], _TAB: []}
    with tempfile.TemporaryDirectory() as compiled:
        for script in times:  # once before: whoever starts the program for the second time has it compiled
            _start(script, compiled)
        for _ in range(_ROUNDS):  # in turns, so that a busy moment of the machine falls on all
            for script, taken in times.items():
                taken.append(_start(script, compiled))
    bare, frame, tab = (median(taken) for taken in times.values())
    yield "window shown, against a bare PySide6 window", frame, bare, frame / bare, 1.5
    yield "its first tab filled, against the same", tab, bare, tab / bare, 4.8


def _start(script: str, compiled: str) -> float:
    """Seconds to the first paint; Python's bytecode lies in `compiled`, also where it is not to be written beside the sources."""
    with tempfile.TemporaryDirectory() as home:
        folders = {
            "HOME": home,
            "XDG_CONFIG_HOME": home,
            "XDG_STATE_HOME": home,
            "XDG_DATA_HOME": home,
            "XDG_CACHE_HOME": home,
        }
        environment = os.environ | folders | {"PYTHONPATH": str(Path(__file__).parents[2])}
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = compiled
        before = time.time()
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True, timeout=60
        )
    return float(done.stdout.split()[-1]) - before
