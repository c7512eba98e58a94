"""Names of items, classes, runs and projects are plain text wherever they stand: one that looks like HTML is shown, not drawn."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt, QTimer
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QDialog, QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from app.dialogs.export import ask_export
from app.dialogs.remove_class import RemoveClassDialog
from app.dialogs.remove_items import sure_to_remove
from app.dialogs.remove_run import ask_remove_run
from app.dialogs.table_columns import TableColumnsDialog
from app.shell.actions import TABS
from app.shell.window import MainWindow
from engine.config import Task, TrainConfig
from engine.labels.classes import make_classes
from engine.progress import result_of
from engine.project.class_removal import ClassUse
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project
from engine.project.tables import Headers
from widgets.text import tip

NAME = '<img src="x" width=900>'
PATIENCE = 60_000


@pytest.fixture(params=["multiclass", "classification"])
def odd(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A project that is full of such names, with two runs."""
    task: Task = request.param
    folder = tmp_path / f"images {NAME}"
    folder.mkdir()
    for at in range(6):
        picture = np.random.default_rng(at).integers(0, 255, (40, 40)).astype(np.uint8)
        (folder / f"{NAME}{at}.png").write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    path = tmp_path / f"{NAME}.contorno"
    with Project.create(path, task, make_classes([(f"{NAME} a", ""), (f"{NAME} b", "")])) as made:
        assert len(result_of(import_images(made, ImportPlan((folder,), patient_from=r"(.*)\d"))).added) == 6
        items = made.items.all()
        made.items.set_splits({item.id: ("train", "val", "test")[at % 3] for at, item in enumerate(items)})
        runs = [made.runs.add(TrainConfig()) for _ in range(2)]
        for number, run in enumerate(runs):
            made.runs.rename(run, f"{NAME} {number}")
        if task == "classification":
            made.items.set_labels({item.id: at % 2 for at, item in enumerate(items)})
        else:
            for item in items:
                labels = np.ones(item.shape, np.uint8)
                made.layers.replace(made.layers.make(item.id), pack(labels), [0])
                made.layers.replace(made.layers.make(item.id, "prediction", runs[1].id), pack(labels))
        made.items.set_state(items[1].id, "flagged", f"because of {NAME}")
    return path


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, odd: Path) -> MainWindow:
    with qtbot.waitSignal(window.context.session.current.image_changed, timeout=PATIENCE):
        window.open_paths([odd])
    return window


def drawn_names(widget: QWidget) -> list[str]:
    """Where Qt would take such a name for HTML."""
    found = []
    for each in (widget, *widget.findChildren(QWidget)):
        where = f"{type(each).__name__} {each.objectName()}"
        if "<img" in each.toolTip() and GuiQt.mightBeRichText(each.toolTip()):
            found.append(f"tool tip of {where}")
        if isinstance(each, QLabel) and _is_drawn(each.text(), each.textFormat()):
            found.append(f"text of {where}: {each.text()}")
        if isinstance(each, QMessageBox):
            found += [f"text of {where}"] * _is_drawn(each.text() + each.informativeText(), each.textFormat())
        if isinstance(each, QAbstractItemView | QComboBox):
            found += [f"{words} of {where}" for words in _drawn_cells(each.model())]
    return found


def _is_drawn(text: str, form: Qt.TextFormat) -> bool:
    rich = form in (Qt.TextFormat.RichText, Qt.TextFormat.MarkdownText)
    return "<img" in text and (rich or (form == Qt.TextFormat.AutoText and GuiQt.mightBeRichText(text)))


def _drawn_cells(model: QAbstractItemModel | None) -> list[str]:
    if model is None:
        return []
    found, role = [], Qt.ItemDataRole.ToolTipRole
    root = QModelIndex()
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(root)
    for row in range(model.rowCount(root)):
        for column in range(columns):
            words = model.index(row, column, root).data(role)
            if isinstance(words, str) and "<img" in words and GuiQt.mightBeRichText(words):
                found.append(f"tool tip of cell {row}, {column}")
    for column in range(columns):
        words = model.headerData(column, Qt.Orientation.Horizontal, role)
        if isinstance(words, str) and "<img" in words and GuiQt.mightBeRichText(words):
            found.append(f"tool tip of heading {column}")
    return found


def test_no_name_is_drawn_in_any_tab(qtbot: QtBot, opened: MainWindow) -> None:
    shown = 0
    for name in TABS:
        opened.show_tab(name)
        qtbot.waitUntil(lambda: not opened.context.jobs.busy, timeout=PATIENCE)
        assert drawn_names(opened) == [], name
        shown += sum("<img" in label.text() for label in opened.findChildren(QLabel))
    assert shown, "the names are there, as plain text"
    assert all("<img" not in action.toolTip() for action in opened.context.commands._actions.values())


def test_no_name_is_drawn_in_what_is_said(opened: MainWindow) -> None:
    opened.context.session.notification.emit(f"{NAME} was read.", "info")
    assert drawn_names(opened) == []


def test_no_name_is_drawn_in_a_question(qtbot: QtBot, opened: MainWindow, odd: Path) -> None:
    session, seen = opened.context.session, []
    project = session.project
    assert project is not None

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        seen.append(drawn_names(dialog))
        dialog.reject()

    table = odd.parent / "t.csv"
    table.write_text(f"{NAME},b\n1,2\n")
    dialogs = [
        RemoveClassDialog(opened, session.classes, 1, ClassUse(2), False),
        TableColumnsDialog(opened, table.with_name(f"{NAME}.csv"), "split", Headers(), (NAME, "b")),
    ]
    seen += [drawn_names(dialog) for dialog in dialogs]
    ask_remove_run(opened.context, project.runs.all()[0], opened)
    box = opened.findChild(QMessageBox)
    assert box is not None and "<img" in box.text()
    seen.append(drawn_names(box))
    box.reject()
    QTimer.singleShot(0, opened, look)
    sure_to_remove(opened, 1)
    QTimer.singleShot(0, opened, look)
    ask_export(opened.context, opened)
    assert len(seen) == 5 and not any(seen), seen


@pytest.mark.parametrize("text", [NAME, f"first line\n{NAME}", "<b>liver</b> & spleen", "a < b", "plain"])
def test_a_tip_says_its_words(text: str) -> None:
    label = QLabel()
    label.setText(tip(text))
    shown = text
    if GuiQt.mightBeRichText(tip(text)):
        document = QTextDocument()
        document.setHtml(tip(text))
        shown = document.toPlainText()
    assert shown == text
