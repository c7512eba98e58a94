"""A test that fails comes to its end, whatever then stays open and asks: tests/conftest.py."""

import subprocess
import sys
from pathlib import Path

_FAILING = """
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox, QWidget


class Asking(QWidget):
    def closeEvent(self, event):
        QMessageBox.question(self, "", "Shall the training stop?")


def test_that_leaves_a_window_which_asks_before_it_closes(qtbot):
    window = Asking()
    qtbot.addWidget(window)
    window.show()
    assert False


def test_that_fails_before_it_answers(qtbot):
    box = QMessageBox(QMessageBox.Icon.Question, "", "?", QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No)
    qtbot.addWidget(box)

    def answer():
        assert False

    QTimer.singleShot(0, box, answer)
    box.exec()


@pytest.mark.timeout(1)
def test_that_never_answers(qtbot):
    box = QMessageBox()
    qtbot.addWidget(box)
    box.exec()


def test_after_them(qtbot):
    pass
"""


def test_what_waits_for_an_answer_is_closed_behind_a_failure(tmp_path: Path) -> None:
    file = tmp_path / "test_failing.py"
    file.write_text(_FAILING)
    call: list[str | Path] = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        tmp_path,
        file,
    ]
    done = subprocess.run(call, cwd=Path(__file__).parents[1], capture_output=True, text=True, timeout=240, check=False)
    assert "3 failed, 1 passed" in done.stdout, done.stdout + done.stderr
