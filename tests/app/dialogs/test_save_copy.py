"""A copy of the project from the window: with its progress, given up, and where the project's own folder is gone."""

import shutil
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.dialogs.save_copy import SaveCopyDialog
from app.shell.window import MainWindow
from engine.project.project import Project

PATIENCE = 60_000


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, project: Path) -> MainWindow:
    with qtbot.waitSignal(window.context.session.current.image_changed, timeout=PATIENCE):
        window.open_paths([project])
    return window


def save_as(opened: MainWindow, place: Path, monkeypatch: pytest.MonkeyPatch) -> SaveCopyDialog:
    monkeypatch.setattr("app.dialogs.save_copy.QFileDialog.getSaveFileName", lambda *_: (str(place), ""))
    command = opened.context.commands["save_copy"]
    assert command.isEnabled()
    command.trigger()
    dialog = opened.findChild(SaveCopyDialog)
    assert dialog is not None and dialog.isVisible() and dialog.isModal()
    return dialog


def said(opened: MainWindow) -> str:
    return opened.notifications._strip.text()


def test_a_copy_is_written_and_work_goes_on_where_it_was(
    qtbot: QtBot, opened: MainWindow, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = save_as(opened, tmp_path / "other" / "copy", monkeypatch)
    with qtbot.waitSignal(dialog.saved, timeout=PATIENCE):
        pass
    assert "copy.contorno" in said(opened)
    session = opened.context.session
    assert session.project is not None and session.project.path == project and session.writable
    with Project.open(tmp_path / "other" / "copy.contorno") as copy:
        assert [item.name for item in copy.items.all()] == list("abcdef") and copy.items.all()[0].files()


def test_a_copy_is_given_up(qtbot: QtBot, opened: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = save_as(opened, tmp_path / "copy", monkeypatch)
    cancel = dialog.findChild(QPushButton)
    assert cancel is not None
    QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible() and not (tmp_path / "copy.contorno").exists()
    opened.context.session.set_note("still", "open")
    assert opened.context.session.project is not None and opened.context.session.project.note("still") == "open"


def test_a_place_that_is_taken_is_said(
    qtbot: QtBot, opened: MainWindow, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = save_as(opened, project, monkeypatch)
    with qtbot.waitSignal(dialog.failed, timeout=PATIENCE):
        pass
    assert "exists already" in said(opened)


@pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be deleted there")
def test_of_a_project_whose_folder_is_gone_work_goes_on_in_the_copy(
    qtbot: QtBot, opened: MainWindow, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(project)
    save_as(opened, tmp_path / "rescued", monkeypatch)
    with qtbot.waitSignal(opened.context.session.current.image_changed, timeout=PATIENCE):
        pass
    assert opened.findChild(SaveCopyDialog) is None
    session = opened.context.session
    assert session.project is not None and session.project.name == "rescued" and session.writable
    assert "gone" in said(opened) and len(session.items()) == 6
