"""From the start of the process to the first painted window, against a bare PySide6 window. `python tests/benchmarks/startup.py`"""

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
_PAINTED = """
import time
class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            print(time.time(), flush=True)
            os._exit(0)
        return False
"""
_BARE = f"""
import os
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QMainWindow, QLabel
{_PAINTED}
app = QApplication([])
window = QMainWindow(); label = QLabel("bare"); window.setCentralWidget(label); window.resize(1440, 900)
painted = Painted(); label.installEventFilter(painted); window.show(); app.exec()
"""
_OURS = f"""
import os
from PySide6.QtCore import QEvent, QObject
from app.errors import CrashGuard
from app.main import Program, make_application
{_PAINTED}
guard = CrashGuard(); guard.install(); app = make_application(); program = Program(guard)
painted = Painted(); program.window.centralWidget().installEventFilter(painted); program.start([]); app.exec()
"""


def rows() -> Iterator[Row]:
    times: dict[str, list[float]] = {_BARE: [], _OURS: []}
    for _ in range(_ROUNDS):  # in turns, so that a busy moment of the machine falls on both
        for script, taken in times.items():
            taken.append(_start(script))
    bare, ours = (median(taken) for taken in times.values())
    yield "window shown, against a bare PySide6 window", ours, bare, ours / bare, 1.5


def _start(script: str) -> float:
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
        before = time.time()
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True, timeout=60
        )
    return float(done.stdout.split()[-1]) - before


if __name__ == "__main__":
    for job, ours, ideal, ratio, aim in rows():
        print(f"{job:<64} {ours * 1e3:8.1f} ms {ideal * 1e3:8.1f} ms {ratio:6.2f}x  aim {aim:g}x")
