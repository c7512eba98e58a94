"""The Label tab in a window, and whole windows, with the parts that the tests of the window stand on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QMessageBox
from pytestqt.qtbot import QtBot

from app.services.jobs import JobQueue
from app.services.project_session import ProjectSession
from app.services.thumbnails import Thumbnails
from app.services.training_runner import TrainingRunner
from app.shell.window import MainWindow
from tests.app.conftest import context as context
from tests.app.conftest import show_tab as show_tab

OpenWindow = Callable[[Path, str], MainWindow]


@pytest.fixture
def open_window(qtbot: QtBot) -> Iterator[OpenWindow]:
    """Opens the program's window on a project, with that tab in front and nothing left to be done."""
    opened: list[tuple[MainWindow, JobQueue, ProjectSession]] = []

    def open_on(path: Path, tab: str) -> MainWindow:
        jobs = JobQueue()
        session = ProjectSession(jobs)
        window = MainWindow()
        window.fill(session, TrainingRunner(session, jobs), jobs, Thumbnails(session, jobs))
        opened.append((window, jobs, session))
        qtbot.addWidget(window)
        window.resize(1440, 900)
        with qtbot.waitActive(window):
            window.show()
        session.open_project(path)
        window.show_tab(tab)
        qtbot.waitUntil(lambda: session.current.image is not None and not jobs.busy)
        return window

    yield open_on
    for _, jobs, session in opened:
        jobs.close()
        session.close_project()


def question(window: MainWindow, name: str) -> QMessageBox | None:
    found = window.findChild(QMessageBox, name)
    return found if isinstance(found, QMessageBox) else None


def answer_question(qtbot: QtBot, window: MainWindow, name: str, said: str) -> None:
    box = question(window, f"{name}_question")
    assert box is not None
    button = box.findChild(QAbstractButton, f"{name}_{said}")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: question(window, f"{name}_question") is None)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)  # as a desktop does it
