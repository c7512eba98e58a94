"""Faults under an open window: what is not on disk is said loudly, and nothing of others is replaced from it either."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.dialogs.save_copy import SaveCopyDialog
from app.shell.window import MainWindow
from app.tabs.label.tab import LabelTab
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from tests.app.conftest import project as project
from tests.app.conftest import window as window

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
PATIENCE = 60_000


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, project: Path) -> MainWindow:
    """The window on the small project, with the brush in hand."""
    with qtbot.waitSignal(window.context.session.current.image_changed, timeout=PATIENCE):
        window.open_paths([project])
    window.resize(1440, 900)
    window.show_tab("label")
    qtbot.waitUntil(lambda: not window.context.jobs.busy, timeout=PATIENCE)
    return window


def _said(window: MainWindow) -> str:
    label = window.findChild(QLabel, "strip.text")
    assert label is not None
    return label.text() if label.isVisible() else ""


def _dab(window: MainWindow, down: int, across: int) -> None:
    tab = window.tab("label")
    assert isinstance(tab, LabelTab)
    canvas = tab.scan.canvas
    QTest.mouseClick(canvas, LEFT, pos=canvas.to_screen((down, across)).toPoint())


def _labels(window: MainWindow) -> np.ndarray:
    mask = window.context.session.current.mask
    assert mask is not None
    return mask.labels.copy()


@pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be deleted there")
@pytest.mark.parametrize("gone", ["", "project.db"], ids=["the folder", "the database"])
def test_painting_ends_loudly_where_the_project_is_gone(
    qtbot: QtBot, opened: MainWindow, project: Path, tmp_path: Path, gone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = opened.context.session
    session.pick_class(2)
    _dab(opened, 5, 5)
    kept = _labels(opened)
    assert kept[0, 5, 5] == 2 and opened.context.status.saved() == "Saved" and not _said(opened)
    if gone:
        (project / gone).unlink()
    else:
        shutil.rmtree(project)
    for down, across in ((40, 10), (44, 50)):
        _dab(opened, down, across)
        assert opened.context.status.saved() == "NOT saved"
        assert (_labels(opened) == kept).all(), "what is on no disk is not shown as if it were"
    assert "no longer where it was opened" in _said(opened) and "Save a copy" in _said(opened)
    monkeypatch.setattr("app.dialogs.save_copy.QFileDialog.getSaveFileName", lambda *_: (str(tmp_path / "saved"), ""))
    with qtbot.waitSignal(session.project_changed, timeout=PATIENCE):
        opened.context.commands["save_copy"].trigger()
    qtbot.waitUntil(lambda: opened.findChild(SaveCopyDialog) is None and session.current.image is not None)
    assert (_labels(opened) == kept).all(), "nothing that was said to be saved is lost"
    _dab(opened, 40, 10)
    assert _labels(opened)[0, 40, 10] == session.active_class and opened.context.status.saved() == "Saved"
    qtbot.waitUntil(lambda: not opened.context.jobs.busy, timeout=PATIENCE)


def _export(qtbot: QtBot, window: MainWindow, out: Path) -> tuple[str, str]:
    """Export the masks there, by the dialog: what it says beforehand, and what is said afterwards."""
    hints: list[str] = []

    def choose() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        field, accept = dialog.findChild(QLineEdit, "export.out"), dialog.findChild(QPushButton, "export_dialog.accept")
        hint = dialog.findChild(QLabel, "export.hint.text")
        assert field is not None and accept is not None and hint is not None
        field.selectAll()
        QTest.keyClicks(field, str(out))
        hints.append(hint.text())
        QTest.mouseClick(accept, LEFT)

    strip = window.findChild(QWidget, "strip")
    assert strip is not None
    strip.hide()
    QTimer.singleShot(0, window, choose)
    window.context.commands["export"].trigger()
    qtbot.waitUntil(lambda: not window.context.jobs.busy and _said(window) != "", timeout=PATIENCE)
    return hints[0], _said(window)


@pytest.mark.parametrize("kind", ["a reference mask", "an image of another project"])
def test_an_export_from_the_window_replaces_nothing_of_others(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path, kind: str
) -> None:
    theirs = tmp_path / "theirs" / "e.png"
    theirs.parent.mkdir()
    theirs.write_bytes(cv2.imencode(".png", np.eye(48, dtype=np.uint8))[1].tobytes())
    before = theirs.read_bytes()
    if kind != "a reference mask":
        with Project.create(tmp_path / "theirs.contorno", "binary", parse_classes("a")) as other:
            assert result_of(import_images(other, ImportPlan((theirs,)))).added
    hint, said = _export(qtbot, opened, theirs.parent)
    assert hint.startswith("Files of the same name that Contorno wrote are replaced") and "e.png" in said
    assert theirs.read_bytes() == before and [file.name for file in theirs.parent.iterdir()] == ["e.png"]


def test_an_export_from_the_window_replaces_its_own_of_before(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    hint, said = _export(qtbot, opened, tmp_path / "out")
    assert not hint and said == "6 files were written to out."
    before = (tmp_path / "out" / "a.png").read_bytes()
    opened.context.session.pick_class(2)
    _dab(opened, 5, 5)
    hint, said = _export(qtbot, opened, tmp_path / "out")
    assert hint.startswith("Files of the same name") and said == "6 files were written to out."
    assert (tmp_path / "out" / "a.png").read_bytes() != before


def test_waiting_threads_of_a_training_leave_the_processor_to_others() -> None:
    """Spinning at barriers beside a busy neighbour, training fell to a fifth. OpenMP reads the wish once, when torch is loaded."""
    look = "import os, sys, engine.learning; print(os.environ['OMP_WAIT_POLICY'], 'torch' in sys.modules)"
    for asked, found in ((None, "PASSIVE"), ("ACTIVE", "ACTIVE")):
        environment = {key: value for key, value in os.environ.items() if key != "OMP_WAIT_POLICY"}
        environment |= {} if asked is None else {"OMP_WAIT_POLICY": asked}
        done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, env=environment)
        assert done.stdout.split() == [found, "False"]
