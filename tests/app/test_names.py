"""Every widget that a person uses can be found by its name and is told by its accessible name, in all tabs and dialogs."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTableView,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.dialogs.about import AboutDialog
from app.dialogs.export import ExportDialog
from app.dialogs.new_project import NewProjectDialog
from app.dialogs.remove_run import ask_remove_run
from app.dialogs.shortcuts import ShortcutsDialog
from app.services.jobs import JobQueue
from app.services.project_session import ProjectSession
from app.services.thumbnails import Thumbnails
from app.services.training_runner import TrainingRunner
from app.shell.actions import TABS
from app.shell.window import MainWindow
from app.tabs.data.tab import DataTab
from engine.config import TrainConfig
from engine.labels.classes import parse_classes
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project
from engine.project.runs import Classified, RunSummary

PATIENCE = 60_000
USED = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)


def nameless(root: QWidget) -> str:
    """What a person uses below `root` and cannot be found or heard; Qt's own parts of a widget belong to it."""
    found = []
    for widget in root.findChildren(QWidget):
        own = not widget.objectName().startswith("qt_") and not _part_of_another(widget)
        used = isinstance(widget, USED) or bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if own and used and not _idle(widget, root):
            missing = [word for word, text in _names(widget) if not text]
            if missing:
                found.append(
                    f"{type(widget).__name__} {widget.objectName()} {_path(widget)}: no {', no '.join(missing)}"
                )
    return "\n".join(found)


def _idle(widget: QWidget, root: QWidget) -> bool:
    """What nobody uses: scroll bars and headings, pictures that are drawn by a button, and buttons that have nothing to say yet."""
    silent = isinstance(widget, QAbstractButton) and not widget.isVisibleTo(root) and not widget.text()
    deaf = widget.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return silent or deaf or isinstance(widget, QScrollBar | QHeaderView)


def _names(widget: QWidget) -> tuple[tuple[str, str], tuple[str, str]]:
    text = (
        widget.text() if isinstance(widget, QAbstractButton) else ""
    )  # it is what is heard of a button without a name
    return ("object name", widget.objectName()), ("accessible name", widget.accessibleName() or text)


def _part_of_another(widget: QWidget) -> bool:
    """The field of a spin box, the list of a combo box, the cross of a field, the corner of a table."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QComboBox | QAbstractSpinBox | QLineEdit):
            return True
        parent = parent.parentWidget()
    return widget.metaObject().className() == "QTableCornerButton"


def _path(widget: QWidget) -> str:
    names: list[str] = []
    place = widget.parentWidget()
    while place is not None and len(names) < 3:
        names.append(place.objectName() or type(place).__name__)
        place = place.parentWidget()
    return "in " + " in ".join(names)


def prepared(path: Path) -> Path:
    """The project with a run that has predicted everything, so that nothing is left out for want of it."""
    with Project.open(path) as project:
        run = project.runs.update(project.runs.add(TrainConfig(arch="unet")), "finished", RunSummary(epochs=2))
        run.bundle.write_bytes(b"stands for the weights")
        for item in project.items.all():
            if project.task == "classification":
                project.keep_prediction(run, Classified(item.id, np.array([0.3, 0.7], np.float32)))
            else:
                layer = project.layers.make(item.id, "prediction", run.id)
                project.layers.replace(layer, list(pack(np.ones(item.shape, np.uint8))))
    return path


@pytest.fixture
def sorted_project(project: Path, tmp_path: Path) -> Path:
    """The images of the small project, each of a class as a whole."""
    with Project.create(tmp_path / "sorted", "classification", parse_classes("normal,ill")) as made:
        for _ in import_images(made, ImportPlan((tmp_path / "images",))):
            pass
        items = made.items.all()
        made.items.set_labels({item.id: item.id % 2 for item in items})
        made.items.set_splits({item.id: "test" if item.id > 4 else "train" for item in items})
        return made.path


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    jobs = JobQueue()
    session = ProjectSession(jobs)
    made = MainWindow()
    made.fill(session, TrainingRunner(session, jobs), jobs, Thumbnails(session, jobs))
    qtbot.addWidget(made)
    made.resize(1440, 900)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    session.close_project()
    assert jobs.close(20)


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("task", ["multiclass", "classification"])
def test_every_widget_of_the_tabs_has_its_names(
    qtbot: QtBot, window: MainWindow, project: Path, sorted_project: Path, task: str, tab: str
) -> None:
    session = window.context.session
    window.show_tab(tab)
    session.open_project(prepared(project if task == "multiclass" else sorted_project))
    window.show_tab(tab)
    qtbot.waitUntil(lambda: session.current.image is not None and not window.context.jobs.busy, timeout=PATIENCE)
    assert session.task == task and nameless(window) == ""


def test_the_start_page_has_its_names(qtbot: QtBot, window: MainWindow, project: Path) -> None:
    window.context.session.open_project(project)
    window.context.session.close_project()
    qtbot.waitUntil(lambda: not window.context.jobs.busy, timeout=PATIENCE)
    assert window.findChild(QWidget, "start.recent.0") is not None and nameless(window) == ""


def test_the_import_has_its_names(qtbot: QtBot, window: MainWindow, project: Path, tmp_path: Path) -> None:
    window.context.session.open_project(project)
    window.show_tab("data")
    tab = window.tab("data")
    assert isinstance(tab, DataTab)
    tab.contents.begin_import([tmp_path / "masks"])
    qtbot.waitUntil(lambda: not window.context.jobs.busy, timeout=PATIENCE)
    assert nameless(window) == ""


DIALOGS: dict[str, Callable[[MainWindow], QDialog]] = {
    "about": AboutDialog,
    "shortcuts": ShortcutsDialog,
    "export": lambda window: ExportDialog(window.context, window),
    "new project": lambda window: NewProjectDialog(window, Path("chest")),
}


@pytest.mark.parametrize("name", DIALOGS)
def test_every_widget_of_the_dialogs_has_its_names(window: MainWindow, project: Path, name: str) -> None:
    window.context.session.open_project(prepared(project))
    dialog = DIALOGS[name](window)
    assert all(text for _, text in _names(dialog)) and nameless(dialog) == ""


def _ask_removing(window: MainWindow) -> None:
    tab = window.tab("data")
    assert isinstance(tab, DataTab)
    table = tab.findChild(QTableView, "data_table")
    assert table is not None
    table.selectAll()
    table.setFocus()
    window.context.commands["remove_items"].trigger()


QUESTIONS: dict[str, Callable[[MainWindow], object]] = {
    "settings": lambda window: window.context.commands["settings"].trigger(),
    "remove run": lambda window: ask_remove_run(window.context, window.context.trainings.runs.all()[0], window),
    "remove items": _ask_removing,
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_widget_of_the_questions_has_its_names(
    qtbot: QtBot, window: MainWindow, project: Path, name: str
) -> None:
    window.context.session.open_project(prepared(project))
    window.show_tab("data")
    qtbot.waitUntil(lambda: not window.context.jobs.busy, timeout=PATIENCE)
    found: list[str] = []

    def look() -> None:
        for dialog in QApplication.topLevelWidgets():
            if isinstance(dialog, QDialog) and dialog.isVisible():
                found.append(nameless(dialog) + ("" if dialog.objectName() else "the dialog itself"))
                dialog.reject()

    QTimer.singleShot(0, window, look)
    QUESTIONS[name](window)
    qtbot.waitUntil(lambda: bool(found), timeout=PATIENCE)
    assert found == [""]
