"""A small project of real files, and a session with its neighbours around it, for the tests of the window's parts."""

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from app.services.jobs import JobQueue
from app.services.project_session import ProjectSession
from app.services.thumbnails import Thumbnails
from app.services.training_queue import TrainingQueue
from app.shell.actions import Commands
from app.shell.context import AppContext
from app.shell.window import MainWindow
from app.tabs.tab import Tab
from engine.config import Split
from engine.labels.classes import parse_classes
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from widgets.status_line import StatusLine

SIZE = (48, 64)  # down, across
SPLITS: tuple[Split, ...] = ("train", "train", "train", "train", "val", "test")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A closed multiclass project: six pictures a to f of a bright disc and a grey square, with their masks, in three sets."""
    rng = np.random.default_rng(7)
    images, masks = tmp_path / "images", tmp_path / "masks"
    images.mkdir()
    masks.mkdir()
    for at, name in enumerate("abcdef"):
        mask = np.zeros(SIZE, np.uint8)
        cv2.circle(mask, (18 + at, 22), 10, 1, -1)
        cv2.rectangle(mask, (40, 10 + at), (55, 25 + at), 2, -1)
        picture = np.array([40, 220, 130], np.uint8)[mask] + rng.integers(0, 20, SIZE).astype(np.uint8)
        for folder, pixels in ((images, picture), (masks, mask)):
            (folder / f"{name}.png").write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    path = tmp_path / "shapes.contorno"
    with Project.create(path, "multiclass", parse_classes("disc,square")) as made:
        for _ in import_images(made, ImportPlan((images,), masks)):
            pass
        made.items.set_splits({item.id: split for item, split in zip(made.items.all(), SPLITS, strict=True)})
    return path


@pytest.fixture
def context(qtbot: QtBot) -> Iterator[AppContext]:
    """A session without a project, with its jobs and commands on a window of their own."""
    jobs = JobQueue()
    session = ProjectSession(jobs)
    trainings = TrainingQueue(session, jobs)
    window = QMainWindow()
    qtbot.addWidget(window)
    yield AppContext(
        session, trainings, jobs, Commands(window, session, trainings), Thumbnails(session, jobs), StatusLine(window)
    )
    session.close_project()
    assert jobs.close(20)


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    """A window on the screen, without a project."""
    jobs = JobQueue()
    session = ProjectSession(jobs)
    trainings = TrainingQueue(session, jobs)
    made = MainWindow()
    made.fill(session, trainings, jobs, Thumbnails(session, jobs))
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    session.close_project()
    assert jobs.close(30)


@pytest.fixture
def show_tab(qtbot: QtBot, context: AppContext) -> Callable[[str, Tab], None]:
    """Put a tab into the context's window and bring it to the front."""

    def show(name: str, tab: Tab) -> None:
        window = context.commands.parent()
        assert isinstance(window, QMainWindow)
        window.setCentralWidget(tab)
        window.resize(1280, 800)
        with qtbot.waitExposed(window):
            window.show()
        context.commands.show_tab(name)
        tab.shown()

    return show
