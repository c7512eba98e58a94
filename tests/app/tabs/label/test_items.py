"""The list of items in Label: by mouse, by the right button, in the order that people expect."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import cv2
import nibabel as nib
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.label.tab import LabelTab
from app.tabs.tab import Tab
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from tests.app.tabs.label.conftest import answer_question

pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)  # menus, on a screen that is not there

Show = Callable[[str, Tab], None]
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def tab(project: Path, open_label: Callable[[Path], LabelTab]) -> LabelTab:
    """The tab on the first of two items of the small project and a volume of six slices."""
    pixels = np.random.default_rng(0).normal(size=(40, 30, 6)).astype(np.float32)
    nib.save(nib.Nifti1Image(pixels, np.diag([2.0, 2, 5, 1])), project.parent / "v.nii.gz")
    with Project.open(project) as opened:
        assert result_of(import_images(opened, ImportPlan((project.parent / "v.nii.gz",)))).added
    return open_label(project)


def test_a_row_says_its_set_and_how_long_it_was_worked_on(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    project, item = context.session.project, context.session.current.item
    assert project is not None and item is not None
    for down in (5, 10, 15):
        at = tab.scan.canvas.to_screen((down, 50)).toPoint()
        QTest.mouseClick(tab.scan.canvas, LEFT, pos=at)
    row = next(row for row in tab.items.list.item_rows() if row.id == item.id)
    assert row.set_name == "Training" and row.subtitle == "64 × 48" and "Set: Training" in row.help
    database = sqlite3.connect(project.path / "project.db")
    last = database.execute("SELECT max(id) FROM edits").fetchone()[0]
    for number, made in enumerate((100.0, 125.0, 150.0)):  # as if the strokes had been slow
        database.execute("UPDATE edits SET made = ? WHERE id = ?", (made, last - 2 + number))
    database.commit()
    database.close()
    context.session.walk.step(1)
    row = next(row for row in tab.items.list.item_rows() if row.id == item.id)
    assert row.subtitle == "64 × 48 · 1 min" and "Worked on for 1 min" in row.help
    context.session.assignments.set_splits({item.id: ""})
    row = next(row for row in tab.items.list.item_rows() if row.id == item.id)
    assert row.set_name == "" and row.set_tone is None and "In no set" in row.help
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=20000)


def centre(tab: LabelTab, name: str) -> QPoint:
    items = tab.items.list
    place = [row.title for row in items.item_rows()].index(name)
    items.scrollTo(items.model().index(place, 0))
    return items.visualRect(items.model().index(place, 0)).center()


def menu_of(tab: LabelTab, name: str) -> QMenu:
    """The menu, by a press of the right button on that row."""
    viewport, place = tab.items.list.viewport(), centre(tab, name)
    QTest.mouseClick(viewport, RIGHT, pos=place)
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, viewport.mapToGlobal(place))
    QApplication.sendEvent(viewport, asked)
    (found,) = [menu for menu in tab.items.list.findChildren(QMenu, "label.item_menu") if menu.isVisible()]
    return found


def choose(menu: QMenu, text: str) -> None:
    action = next(each for each in menu.actions() if each.text() == text)
    inner = action.menu()
    if isinstance(inner, QMenu):
        QTest.mouseMove(menu, menu.actionGeometry(action).center())
        inner.popup(menu.mapToGlobal(menu.rect().topRight()))
    else:
        QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def test_a_click_in_the_list_leaves_the_keys_with_the_scan(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    with qtbot.waitSignal(
        tab.scan.image_shown, timeout=20000, check_params_cb=lambda: context.session.current.image is not None
    ):
        QTest.mouseClick(tab.items.list.viewport(), LEFT, pos=centre(tab, "v"))
    window = tab.window()
    assert window.focusWidget() is tab.scan.canvas
    before = tab.scan.canvas.index
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Down)
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_2)
    assert tab.scan.canvas.index == before + 1 and context.session.active_class == 2
    assert context.session.current.item is not None and context.session.current.item.name == "v"


def test_done_and_flag_have_buttons(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    def states() -> dict[str, str]:
        return {item.name: item.state for item in context.session.items()}

    for name, item, state in (
        ("label.flag", "a", "flagged"),
        ("label.flag", "a", "todo"),
        ("label.approve", "a", "done"),
    ):
        button = tab.findChild(QAbstractButton, name)
        assert button is not None and button.isVisible() and button.isEnabled()
        QTest.mouseClick(button, LEFT)
        assert states()[item] == state
    assert context.session.current.item is not None and context.session.current.item.name == "b"


def test_the_menu_of_an_item_is_about_the_row_under_the_pointer(tab: LabelTab, context: AppContext) -> None:
    def item(name: str) -> tuple[str, str]:
        found = next(each for each in context.session.items() if each.name == name)
        return found.state, found.split

    choose(menu_of(tab, "c"), "This item: done")
    assert item("c") == ("done", "train")
    assert context.session.current.item is not None and context.session.current.item.name == "a"  # not opened by it
    menu = menu_of(tab, "c")
    assert [a.text() for a in menu.actions() if a.isChecked()] == ["This item: done"]
    choose(menu, "Set")
    sets = next(a for a in menu.actions() if a.text() == "Set").menu()
    assert isinstance(sets, QMenu)
    choose(sets, "Test")
    assert item("c") == ("done", "test")


def test_how_hard_an_item_is_stands_in_its_row(tab: LabelTab, context: AppContext) -> None:
    def said() -> list[str]:
        return [row.subtitle.split(" · ")[-1] for row in tab.items.list.item_rows() if row.title == "c"]

    menu = menu_of(tab, "c")
    choose(menu, "Difficulty")
    levels = next(a for a in menu.actions() if a.text() == "Difficulty").menu()
    assert isinstance(levels, QMenu)
    choose(levels, "Hard")
    assert said() == ["hard"]
    session = context.session
    assert session.project is not None
    path = session.project.path
    session.close_project()
    session.open_project(path)
    (item,) = [each for each in session.items() if each.name == "c"]
    assert item.difficulty == 3 and said() == ["hard"]
    session.set_difficulty(item.id, 0)
    assert said() == ["64 × 48"]


@pytest.mark.parametrize("answer", ["remove_items_no", "remove_items_yes"])
def test_an_item_is_removed_after_it_was_asked(tab: LabelTab, context: AppContext, answer: str) -> None:
    menu = menu_of(tab, "f")
    answer_question(QMessageBox, answer)
    choose(menu, "Remove from the project…")
    assert ("f" in [row.title for row in tab.items.list.item_rows()]) == (answer == "remove_items_no")


def test_items_stand_in_one_natural_order(context: AppContext, tmp_path: Path, qtbot: QtBot, show_tab: Show) -> None:
    (tmp_path / "pictures").mkdir()
    for name in ("img10", "img2", "IMG1"):
        pixels = np.full((20, 20), len(name) * 3 + int(name[3:]), np.uint8)
        (tmp_path / "pictures" / f"{name}.png").write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    with Project.create(tmp_path / "o.contorno", "binary", parse_classes("a")) as made:
        assert result_of(import_images(made, ImportPlan((tmp_path / "pictures" / "img10.png",)))).added
        assert result_of(import_images(made, ImportPlan((tmp_path / "pictures",)))).added
    tab = LabelTab(context)
    show_tab("label", tab)
    context.session.open_project(tmp_path / "o.contorno")
    assert [row.title for row in tab.items.list.item_rows()] == ["IMG1", "img2", "img10"]
    assert [item.name for item in context.session.items()] == ["IMG1", "img2", "img10"]


def test_a_read_only_project_offers_looking_alone(
    qtbot: QtBot, context: AppContext, project: Path, show_tab: Show
) -> None:
    with Project.open(project):
        tab = LabelTab(context)
        show_tab("label", tab)
        context.session.open_project(project)
        menu = menu_of(tab, "b")
        assert [a.text() for a in menu.actions() if a.isEnabled() and not a.isSeparator()] == [
            "Open",
            "Look at beside",
        ]
        with qtbot.waitSignal(context.session.current.image_changed, timeout=20000):
            choose(menu, "Open")
        assert context.session.current.item is not None and context.session.current.item.name == "b"


def test_widgets_are_named(tab: LabelTab) -> None:
    for name in ("label.flag", "label.approve"):
        widget = tab.findChild(QWidget, name)
        assert widget is not None and widget.toolTip()


def test_nothing_of_the_last_project_stays_in_the_next(
    qtbot: QtBot, tab: LabelTab, context: AppContext, tmp_path: Path
) -> None:
    canvas = tab.scan.canvas
    QTest.keyClicks(tab.items.search, "zzz")
    QTest.mouseClick(tab.items.chips.button("done"), LEFT)
    QTest.mouseClick(canvas, LEFT, pos=canvas.to_screen((5, 5)).toPoint())
    tab.note.say("said here")
    assert tab.history.list.count() and tab.note.isVisible() and not tab.items.list.item_rows()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "one.png").write_bytes(cv2.imencode(".png", np.eye(30, dtype=np.uint8))[1].tobytes())
    with Project.create(tmp_path / "n.contorno", "binary", parse_classes("a")) as made:
        assert result_of(import_images(made, ImportPlan((tmp_path / "other",)))).added
    with qtbot.waitSignal(
        tab.scan.image_shown, timeout=20000, check_params_cb=lambda: context.session.current.image is not None
    ):
        context.session.open_project(tmp_path / "n.contorno")
    assert [row.title for row in tab.items.list.item_rows()] == ["one"]
    assert not tab.items.search.text() and tab.items.chips.current() == "all"
    assert not tab.note.isVisible() and not tab.history.list.count()
