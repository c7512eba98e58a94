"""The Data tab on small real projects: looking at items, dividing them, mending, and bringing images in."""

import json
import shutil
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import nrrd
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.services.jobs import Lane
from app.shell import settings
from app.shell.context import AppContext
from app.tabs.data.model import MASK, NAME
from app.tabs.data.rows import Row, of_found
from app.tabs.data.tab import DataTab
from app.tabs.data.table import DataTable
from app.tabs.tab import Tab
from engine.config import Task
from engine.imaging.image import Source
from engine.imaging.scan import Found
from engine.labels.classes import BACKGROUND, UNLABELLED, parse_classes
from engine.progress import Progress, Work
from engine.project.importing import Division, ImportPlan
from engine.project.layers import pack
from engine.project.project import Project
from widgets import theme
from widgets.controls import Text
from widgets.ratio_grid import RatioGrid

Show = Callable[[str, Tab], None]
PATIENCE = 60_000


def write(path: Path, pixels: NDArray[np.uint8]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(cv2.imencode(".png", pixels)[1].tobytes())


def noise(seed: int) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 255, (40, 50)).astype(np.uint8)


class Hands:
    """What a person does in the tab, by the names of its parts."""

    def __init__(self, qtbot: QtBot, context: AppContext, show: Show) -> None:
        self.qtbot, self.context = qtbot, context
        self.tab = DataTab(context)
        show("data", self.tab)

    @property
    def table(self) -> DataTable:
        """There once a project is open."""
        found = self.tab.findChild(DataTable, "data_table")
        assert isinstance(found, DataTable)
        return found

    def select(self, ids: list[int]) -> None:
        """Choose these rows, with the keyboard on them."""
        self.table.select(ids)
        self.table.setFocus()

    def click(self, name: str) -> None:
        button = self.tab.findChild(QAbstractButton, name)
        assert isinstance(button, QAbstractButton) and button.isEnabled(), name
        self.qtbot.waitUntil(lambda: button.isVisible())  # what was just laid out is shown a moment later
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def button(self, name: str) -> QPushButton:
        found = self.tab.findChild(QPushButton, name)
        assert isinstance(found, QPushButton), name
        return found

    def text(self, name: str) -> str:
        label = self.tab.findChild(QLabel, name)
        assert isinstance(label, QLabel), name
        return label.text()

    def choose(self, name: str, text: str) -> None:
        combo = self.tab.findChild(QComboBox, name)
        assert isinstance(combo, QComboBox), name
        place = combo.findText(text)
        assert place >= 0, [combo.itemText(at) for at in range(combo.count())]
        combo.setCurrentIndex(place)
        done = list[bool]()

        def pick() -> None:
            combo.activated.emit(place)
            done.append(True)

        # from within the event loop, as a hand does: the row may be made anew while it is being answered
        QTimer.singleShot(0, self.tab, pick)
        self.qtbot.waitUntil(lambda: bool(done))

    def combo(self, name: str) -> str:
        combo = self.tab.findChild(QComboBox, name)
        assert isinstance(combo, QComboBox), name
        return combo.currentText()

    def cells(self, column: str) -> list[str]:
        model = self.table.model()
        titles = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]
        at = titles.index(column)
        return [str(model.index(row, at).data()) for row in range(model.rowCount())]

    def fix(self, kind: str) -> None:
        """Press the button of the finding of that kind."""
        row = self.tab.findChild(QWidget, f"checks.{kind}")
        assert row is not None, kind
        button = next(b for b in row.findChildren(QPushButton) if b.objectName().startswith("checks.fix"))
        self.qtbot.waitUntil(button.isVisible)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def looked(self) -> None:
        """The checks have been through."""
        self.qtbot.waitUntil(
            lambda: not self.tab.contents.look.looking and self.tab.contents.look.findings is not None, timeout=PATIENCE
        )

    def ready(self) -> None:
        """The import step has looked at everything."""
        self.qtbot.waitUntil(lambda: not self.tab.contents.step.busy, timeout=PATIENCE)

    def add(self) -> None:
        with self.qtbot.waitSignal(self.context.session.import_finished, timeout=PATIENCE):
            self.click("import.add")


@pytest.fixture
def hands(qtbot: QtBot, context: AppContext, show_tab: Show) -> Hands:
    """The tab without a project."""
    return Hands(qtbot, context, show_tab)


@pytest.fixture
def shapes(hands: Hands, project: Path) -> Hands:
    """The tab on the project of six pictures with masks."""
    hands.context.session.open_project(project)
    hands.looked()
    return hands


def new(hands: Hands, tmp_path: Path, task: Task, classes: str) -> Project:
    hands.context.session.new_project(tmp_path / "new.contorno", task, parse_classes(classes))
    assert hands.context.session.project is not None
    return hands.context.session.project


# The first start -----------------------------------------------------------------------------------------------------------


def test_without_a_project_there_are_three_ways_in(hands: Hands, project: Path) -> None:
    for name in ("start.open_demo", "start.open_folder", "start.open_project"):
        assert hands.button(name).isVisible() and hands.button(name).isEnabled()
    settings.remember_project(project)
    hands.tab._start.refresh()
    hands.click("start.recent.0")
    assert hands.context.session.project is not None and hands.context.session.project.path == project
    assert hands.table.isVisible()
    hands.looked()


def test_an_empty_project_asks_for_images(hands: Hands, tmp_path: Path) -> None:
    new(hands, tmp_path, "binary", "lung")
    assert hands.button("empty.choose_folder").isVisible() and not hands.table.isVisible()
    hands.looked()


def test_a_project_that_is_gone_is_said(hands: Hands, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(hands.context.session.failed):
        hands.tab._open_project(tmp_path / "gone.contorno")


# Items ---------------------------------------------------------------------------------------------------------------------


def test_rows_say_what_is_known(shapes: Hands) -> None:
    assert shapes.cells("Item") == list("abcdef")
    assert shapes.cells("Set") == ["Training"] * 4 + ["Validation", "Test"]
    assert shapes.cells("Mask") == ["2 classes"] * 6
    assert shapes.cells("Size")[0].replace("\u202f", "") == "64×48"
    assert shapes.text("data.counts") == "6 items" and shapes.text("data.folder") == "images"
    assert shapes.text("data.summary") == "6 with a mask · 0 without"


def test_search_filter_and_order(shapes: Hands) -> None:
    field = shapes.tab.findChild(QLineEdit, "data.search")
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "c")
    assert shapes.cells("Item") == ["c"]
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert len(shapes.cells("Item")) == 6
    shapes.click("data.filter.unmasked")
    assert shapes.cells("Item") == []
    shapes.click("data.filter.all")
    shapes.table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert shapes.cells("Item") == list("fedcba")


def test_keys_put_the_chosen_into_a_set(shapes: Hands, project: Path) -> None:
    session = shapes.context.session
    ids = [item.id for item in session.items()]
    shapes.select(ids[:2])
    shapes.context.commands["set_test"].trigger()
    assert [item.split for item in session.items()][:3] == ["test", "test", "train"]
    assert shapes.table.selected() == ids[:2], "the choice stays, for the next key"
    shapes.context.commands["set_none"].trigger()
    assert shapes.cells("Set")[:3] == ["–", "–", "Training"]
    assert "2 items are in no set" in shapes.text("split.status.text")
    assert shapes.button("split.apply").text() == "Divide the rest"
    shapes.click("split.apply")
    assert all(item.split for item in session.items())
    assert [item.split for item in session.items()][2:] == ["train", "train", "val", "test"], "the others stay"


def test_what_is_in_no_row_leaves_the_table_alone(shapes: Hands) -> None:
    """Of thousands of rows, arranging them anew would hold the window up."""
    session, asked = shapes.context.session, list[int]()

    def counting(row: Row) -> bool:
        asked.append(row.id)
        return True

    shapes.table.set_filter(counting)
    asked.clear()
    session.set_state(session.items()[0].id, "done")
    shapes.looked()
    assert not asked
    session.assignments.set_splits({session.items()[0].id: "test"})
    assert asked and shapes.cells("Set")[0] == "Test"


def test_a_list_that_is_still_being_read_says_so(hands: Hands, tmp_path: Path, pairs: Path) -> None:
    def words() -> str:
        return hands.table._empty

    hands.context.session.new_project(tmp_path / "n.contorno", "binary", parse_classes("a"))
    hands.tab.contents.begin_import([pairs])
    assert words() == "Looking through the files…"
    hands.qtbot.waitUntil(lambda: hands.tab.contents.step.busy != "scanning", timeout=PATIENCE)
    assert "fits the search" in words()
    hands.qtbot.waitUntil(lambda: not hands.tab.contents.step.busy, timeout=PATIENCE)
    hands.click("import.cancel")


def test_the_ring_of_the_keyboard_goes_round_the_current_row_alone(shapes: Hands) -> None:
    table = shapes.table
    table.window().activateWindow()
    shapes.qtbot.waitUntil(table.isActiveWindow, timeout=PATIENCE)
    table.setFocus(Qt.FocusReason.TabFocusReason)
    table.window().setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)  # as Qt does for Tab
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    picture, accent = table.viewport().grab().toImage(), theme.color("accent")
    ratio = picture.devicePixelRatio()
    lined = []
    for place in range(len(table.ids())):
        area = table.visualRect(table.model().index(place, NAME))
        at = round((area.left() + 40) * ratio)
        column = [picture.pixelColor(at, round(y * ratio)) for y in range(area.top(), area.top() + 4)]
        lined.append(any(abs(c.blue() - accent.blue()) + abs(c.red() - accent.red()) < 30 for c in column))
    assert sum(lined) == 1 and lined[table.currentIndex().row()]


@pytest.mark.parametrize("answer", ["Remove", "Keep"])
def test_removal_asks_first(shapes: Hands, answer: str) -> None:
    asked: list[str] = []

    def reply() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        next(button for button in box.buttons() if button.text() == answer).click()

    ids = [item.id for item in shapes.context.session.items()]
    shapes.select(ids[:2])
    QTimer.singleShot(0, shapes.tab, reply)
    shapes.context.commands["remove_items"].trigger()
    assert asked == ["Remove 2 items from the project?"]
    left = [item.id for item in shapes.context.session.items()]
    assert left == (ids[2:] if answer == "Remove" else ids)
    shapes.looked()


def test_return_opens_an_item(shapes: Hands, qtbot: QtBot) -> None:
    ids = [item.id for item in shapes.context.session.items()]
    shapes.select([ids[3]])
    with qtbot.waitSignals(
        [shapes.context.commands["tab_label"].triggered, shapes.context.session.current.image_changed]
    ):
        QTest.keyClick(shapes.table, Qt.Key.Key_Return)
    assert shapes.context.session.current.item is not None and shapes.context.session.current.item.id == ids[3]


def test_return_in_the_search_goes_to_what_was_found(shapes: Hands) -> None:
    search = shapes.tab.findChild(QLineEdit, "data.search")
    assert search is not None
    last = shapes.table.ids()[-1]
    QTest.keyClicks(search, shapes.cells("Item")[-1])
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert shapes.table.selected() == [last] and shapes.tab.window().focusWidget() is shapes.table
    QTest.keyClick(shapes.table, Qt.Key.Key_Return)
    item = shapes.context.session.current.item
    assert item is not None and item.id == last


def test_pictures_come(shapes: Hands, qtbot: QtBot) -> None:
    ids = {item.id for item in shapes.context.session.items()}
    qtbot.waitUntil(lambda: shapes.table._pictures.ids() == ids, timeout=PATIENCE)


# Sets ----------------------------------------------------------------------------------------------------------------------


def test_other_shares_are_shown_before_they_are_taken(shapes: Hands) -> None:
    session = shapes.context.session
    before = [item.split for item in session.items()]
    spin = shapes.tab.findChild(QSpinBox, "split.train")
    assert isinstance(spin, QSpinBox)
    spin.setValue(0)
    val, test = (shapes.tab.findChild(QSpinBox, f"split.{name}") for name in ("val", "test"))
    assert isinstance(val, QSpinBox) and isinstance(test, QSpinBox) and val.value() + test.value() == 100
    assert "how it would be" in shapes.text("split.status.text")
    assert [item.split for item in session.items()] == before
    shapes.click("split.apply")
    assert not any(item.split == "train" for item in session.items())
    assert not shapes.button("split.apply").isEnabled() and shapes.button("split.apply").toolTip()
    shapes.click("split.undo")
    assert [item.split for item in session.items()] == before


def test_changes_of_the_sets_are_taken_back_one_by_one(shapes: Hands, qtbot: QtBot) -> None:
    session, window = shapes.context.session, shapes.tab.window()
    before = [item.split for item in session.items()]
    shapes.table.setFocus()
    QTest.keyClick(shapes.table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(session.assignments.sets_moved) as moved:
        QTest.keyClick(window, Qt.Key.Key_T)
    assert moved.args == [2] and {item.split for item in session.items()} == {"train"}
    shapes.looked()
    qtbot.waitUntil(lambda: shapes.tab.findChild(QWidget, "checks.empty_set") is not None, timeout=PATIENCE)
    assert shapes.button("split.apply").isEnabled(), "the sets are far from the shares"
    shapes.select([session.items()[0].id])
    QTest.keyClick(window, Qt.Key.Key_E)
    assert [item.split for item in session.items()] == ["test", *["train"] * 5]
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert {item.split for item in session.items()} == {"train"}
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [item.split for item in session.items()] == before
    assert not shapes.context.commands["undo_sets"].isEnabled() and not shapes.button("split.undo").isVisible()


def test_divide_is_there_while_the_sets_are_not_as_the_shares(shapes: Hands) -> None:
    session = shapes.context.session
    session.assignments.set_splits({item.id: "train" for item in session.items()})
    shapes.click("split.apply")
    assert {item.split for item in session.items()} == {"train", "val", "test"}
    assert not shapes.button("split.apply").isEnabled()


def test_keys_act_on_rows_that_are_seen_and_have_the_keyboard(shapes: Hands, project: Path, tmp_path: Path) -> None:
    session, window = shapes.context.session, shapes.tab.window()
    other = tmp_path / "other.contorno"
    session.close_project()
    shutil.copytree(project, other)
    session.open_project(project)
    shapes.looked()
    shapes.select([item.id for item in session.items()])
    session.open_project(other)
    shapes.looked()
    before = [item.split for item in session.items()]
    shapes.table.setFocus()
    assert not shapes.table.selected()
    QTest.keyClick(window, Qt.Key.Key_E)
    assert [item.split for item in session.items()] == before, "what was chosen was of the last project"
    shapes.table.select([item.id for item in session.items()])
    shapes.button("split.apply").setFocus()
    shapes.tab.findChild(QAbstractButton, "split.shuffle").setFocus()  # type: ignore[union-attr]
    QTest.keyClick(window, Qt.Key.Key_E)
    assert [item.split for item in session.items()] == before, "the keyboard is elsewhere"


@pytest.mark.parametrize("count", [12, 2000])
def test_what_is_selected_stays_selected_through_sorting_and_searching(qtbot: QtBot, count: int) -> None:
    table = DataTable()
    qtbot.addWidget(table)
    table.show_rows([Row(id, f"item {id}", f"P{id % 5}") for id in range(count)], (), False)
    chosen = [id for id in range(count) if id % 4 == 1]
    table.select(chosen)
    table.sortByColumn(NAME, Qt.SortOrder.DescendingOrder)
    assert table.selected() == chosen[::-1] and table.ids()[0] == count - 1
    table.set_search("item 1")
    assert set(table.selected()) == {id for id in chosen if "1" in str(id)}


def test_a_patient_in_two_sets_is_said_shown_and_mended(shapes: Hands) -> None:
    session = shapes.context.session
    assert session.project is not None
    ids = [item.id for item in session.items()]
    session.project.items._set("patient", {ids[0]: "P1", ids[5]: "P1"})
    path = session.project.path
    session.close_project()
    session.open_project(path)
    assert shapes.text("split.status.text") == "In two sets: P1"
    shapes.click("split.show")
    assert shapes.cells("Item") == ["a", "f"] and shapes.table.selected() == [ids[0], ids[5]]
    shapes.looked()
    shapes.qtbot.waitUntil(lambda: shapes.tab.findChild(QWidget, "checks.leak") is not None, timeout=PATIENCE)
    shapes.click("checks.fix.0")
    assert shapes.text("split.status.text").startswith("No patient in two sets")
    by_id = {item.id: item.split for item in session.items()}
    assert by_id[ids[0]] == by_id[ids[5]]
    shapes.looked()


def test_items_of_no_known_patient_are_counted_beside_those_of_known_ones(shapes: Hands) -> None:
    session = shapes.context.session
    assert session.project is not None
    path, items = session.project.path, session.items()
    session.project.items._set("patient", {item.id: f"P{item.id}" for item in items[2:]})
    session.close_project()
    session.open_project(path)
    text = "No patient in two sets · of 2 items no patient is known: each counts as one of its own"
    assert shapes.text("split.status.text") == text
    session.project.items._set("patient", {item.id: f"P{item.id}" for item in items})
    session.renew_items()
    shapes.qtbot.waitUntil(lambda: shapes.text("split.status.text") == "No patient in two sets", timeout=PATIENCE)


def test_an_image_that_was_exchanged_on_the_disk_is_said_and_read_again(shapes: Hands) -> None:
    session = shapes.context.session
    item = session.items()[1]
    file = Path(item.source.files[0])
    pixels = np.random.default_rng(9).integers(0, 255, item.shape[1:]).astype(np.uint8)
    file.write_bytes(cv2.imencode(file.suffix, pixels)[1].tobytes())
    session.renew_items()
    shapes.tab.contents.look.look()
    shapes.qtbot.waitUntil(lambda: shapes.tab.findChild(QWidget, "checks.exchanged") is not None, timeout=PATIENCE)
    shapes.looked()
    shapes.fix("exchanged")
    shapes.qtbot.waitUntil(lambda: session.items()[1].hash != item.hash, timeout=PATIENCE)
    shapes.tab.contents.look.look()
    shapes.looked()
    shapes.qtbot.waitUntil(lambda: shapes.tab.findChild(QWidget, "checks.exchanged") is None, timeout=PATIENCE)


def scans(hands: Hands, tmp_path: Path, names: Sequence[str], rule: str = "(p[0-9])") -> dict[str, int]:
    """A project of smooth pictures of these names, the last of which is the first with a little noise; their numbers."""
    draw = np.random.default_rng(5)
    shown = [
        cv2.GaussianBlur(draw.normal(120, 400, (60, 80)), (0, 0), 3).clip(0, 254).astype(np.uint8) for _ in names[1:]
    ]
    shown.append(shown[0] + draw.integers(0, 2, shown[0].shape, np.uint8))
    for name, picture in zip(names, shown, strict=True):
        write(tmp_path / "scans" / f"{name}.png", picture)
    project = new(hands, tmp_path, "binary", "lung")
    with hands.qtbot.waitSignal(hands.context.session.import_finished, timeout=PATIENCE):
        plan = ImportPlan((tmp_path / "scans",), patient_from=rule, division=Division((50, 25, 25), 3))
        hands.context.session.import_images(plan)
    hands.looked()
    return {item.name: item.id for item in project.items.all()}


def sets(hands: Hands) -> dict[str, str]:
    return {item.name: item.split for item in hands.context.session.items()}


def test_twins_come_into_one_set_and_are_kept_there(hands: Hands, tmp_path: Path) -> None:
    ids = scans(hands, tmp_path, [f"p{n}" for n in range(9)])
    assert sets(hands)["p0"] == sets(hands)["p8"], "an import divides with what it has seen"
    assert hands.text("split.status.text") == "No patient in two sets · 1 group of twins is kept in one set"
    for _ in range(5):
        hands.click("split.shuffle")
        if hands.button("split.apply").isEnabled():
            hands.click("split.apply")
        assert sets(hands)["p0"] == sets(hands)["p8"] and len(set(sets(hands).values())) == 3
    hands.context.session.assignments.set_splits({ids["p0"]: "train", ids["p8"]: "test"})
    hands.looked()
    assert hands.text("split.status.text") == "Twins in two sets: p0, p8"
    hands.qtbot.waitUntil(
        lambda: any(f.kind == "twins" and f.level == "wrong" for f in hands.tab.contents.look.findings or ()),
        timeout=PATIENCE,
    )
    hands.fix("twins")
    assert sets(hands)["p0"] == sets(hands)["p8"]
    hands.looked()


def test_a_draw_that_changes_nothing_does_not_hide_torn_twins(hands: Hands, tmp_path: Path) -> None:
    ids = scans(hands, tmp_path, ["p0", "p1", "p2", "p3"])
    for _ in range(500):  # three groups, six ways
        hands.click("split.shuffle")
        if not hands.button("split.apply").isEnabled():
            break
    assert not hands.button("split.apply").isEnabled()
    hands.context.session.assignments.set_splits({ids["p0"]: "train", ids["p3"]: "test"})
    hands.looked()
    assert hands.text("split.status.text") == "Twins in two sets: p0, p3"


def test_a_division_that_changes_nothing_says_so(hands: Hands, tmp_path: Path) -> None:
    write(tmp_path / "one" / "scan.png", noise(1))
    new(hands, tmp_path, "binary", "lung")
    with hands.qtbot.waitSignal(hands.context.session.import_finished, timeout=PATIENCE):
        plan = ImportPlan((tmp_path / "one",), division=Division((70, 15, 15), 0))
        hands.context.session.import_images(plan)
    hands.looked()
    with hands.qtbot.waitSignal(hands.context.session.notification) as said:
        hands.fix("empty_set")
    assert said.args is not None and said.args[0].startswith("Nothing changes")
    assert sets(hands) == {"scan": "train"}


def test_set_with_one_patient_is_amber(hands: Hands, tmp_path: Path) -> None:
    scans(hands, tmp_path, ["p0a", "p0b", "p1a", "p1b", "p1c", "p2a", "p3a", "p0c"])
    grid = hands.tab.findChild(RatioGrid)
    assert isinstance(grid, RatioGrid)
    notes = [label for label in grid.findChildren(QLabel) if label.text().startswith("1 patient only")]
    assert len(notes) == 2 and all(label.property("role") == "warn" for label in notes)
    assert any(label.property("role") == "dim" and "2 patients" in label.text() for label in grid.findChildren(QLabel))


def test_test_set_is_kept_while_validation_is_drawn(hands: Hands, tmp_path: Path) -> None:
    ids = scans(hands, tmp_path, [f"p{n}" for n in range(9)])
    hands.context.session.assignments.set_splits(
        {id: "test" if name in ("p1", "p8") else "train" for name, id in ids.items()}
    )
    hands.looked()
    hands.qtbot.waitUntil(lambda: hands.tab.findChild(QWidget, "checks.empty_set") is not None, timeout=PATIENCE)
    hands.fix("empty_set")
    kept = hands.tab.findChild(QCheckBox, "split.keep")
    assert isinstance(kept, QCheckBox) and kept.isChecked() and kept.isVisible()
    assert {name for name, split in sets(hands).items() if split == "test"} == {"p1", "p8"}
    assert sets(hands)["p0"] == "", "it is the twin of one that is tested"
    assert Counter(sets(hands).values()) == {"train": 5, "val": 1, "test": 2, "": 1}
    assert hands.text("split.status.text") == "1 item is in no set: its patient or twin is in the test set"
    assert not hands.button("split.apply").isEnabled()
    path = hands.context.session.project.path  # type: ignore[union-attr]
    hands.context.session.close_project()
    hands.context.session.open_project(path)
    assert kept.isChecked(), "it is kept with the project"
    kept.click()
    assert "how it would be" in hands.text("split.status.text")
    hands.looked()


def published(hands: Hands, tmp_path: Path) -> Project:
    """Pictures p0 to p9 of ten patients in the folders train and test, the tenth of which is of the first patient too."""
    for number in range(10):
        name = f"p{0 if number == 9 else number}-{number}.png"
        write(tmp_path / "set" / ("test" if number > 6 else "train") / name, noise(number))
    return new(hands, tmp_path, "binary", "lung")


def test_folders_name_the_sets_and_validation_comes_from_the_rest_in_one_step(hands: Hands, tmp_path: Path) -> None:
    project = published(hands, tmp_path)
    with hands.qtbot.waitSignal(hands.context.session.import_finished, timeout=PATIENCE):
        hands.context.session.import_images(ImportPlan((tmp_path / "set",), patient_from="(p[0-9])"))
    hands.looked()
    button = hands.button("split.folders")
    assert button.isVisible() and button.text() == "As the folders say, validation from the rest"
    hands.click("split.folders")
    assert Counter(sets(hands).values()) == {"train": 5, "val": 1, "test": 3, "": 1}
    assert sets(hands)["p0-0"] == "" and {sets(hands)[f"p{n}-{n}"] for n in (7, 8)} == {"test"}
    assert hands.text("split.status.text") == "1 item is in no set: its patient or twin is in the test set"
    kept = hands.tab.findChild(QCheckBox, "split.keep")
    assert isinstance(kept, QCheckBox) and kept.isChecked()
    hands.click("split.undo")
    assert set(sets(hands).values()) == {""}
    assert project.items.count() == 10
    hands.looked()


def test_sets_that_are_still_being_divided_are_not_those_of_another_project(
    hands: Hands, tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of thousands of items the sets are drawn beside the window; items of another project have the same numbers."""
    monkeypatch.setattr("app.tabs.data.split._AT_ONCE", 0)
    session = hands.context.session
    published(hands, tmp_path)
    with hands.qtbot.waitSignal(session.import_finished, timeout=PATIENCE):
        session.import_images(ImportPlan((tmp_path / "set",), patient_from="(p[0-9])"))
    hands.looked()
    hands.qtbot.waitUntil(lambda: hands.button("split.folders").isVisible())
    hands.click("split.folders")
    session.open_project(project)
    before = [item.split for item in session.items()]
    hands.looked()
    hands.qtbot.waitUntil(lambda: not hands.context.jobs.busy)
    assert [item.split for item in session.items()] == before and not session.assignments.may_undo


def test_an_import_takes_the_folders_and_divides_validation_off(hands: Hands, tmp_path: Path) -> None:
    project = published(hands, tmp_path)
    hands.tab.contents.begin_import([tmp_path / "set"])
    hands.ready()
    assert hands.combo("place.set") == "As the folders say, validation from the rest: Training 7, Test 3"
    assert Counter(hands.cells("Set")) == {"–": 7, "Test": 3}, "who is drawn is not known yet"
    hands.add()
    found = Counter(item.split for item in project.items.all())
    assert found["test"] == 3 and found["val"] == 1 and found["train"] == 6
    hands.looked()


def test_one_patient_for_all_is_divided_by_item_where_asked(hands: Hands, tmp_path: Path) -> None:
    scans(hands, tmp_path, [f"case {n}" for n in range(9)], rule="(case)")
    assert set(sets(hands).values()) == {"train"}
    hands.fix("one_patient")
    assert set(sets(hands).values()) == {"train", "val", "test"} and sets(hands)["case 0"] == sets(hands)["case 8"]
    assert hands.text("split.status.text").startswith("Divided by item")
    assert not hands.button("split.apply").isEnabled()
    hands.looked()
    assert hands.tab.findChild(QWidget, "checks.leak") is None


@pytest.mark.parametrize("answer", ["Remove", "Keep"])
def test_spare_twin_is_removed_where_a_person_says_so(hands: Hands, tmp_path: Path, answer: str) -> None:
    scans(hands, tmp_path, [f"p{n}" for n in range(5)])

    def reply() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            next(button for button in box.buttons() if button.text() == answer).click()
        else:  # it is not asked yet
            QTimer.singleShot(10, hands.tab, reply)

    reply()
    hands.fix("twins")
    assert ("p4" in sets(hands)) == (answer == "Keep") and "p0" in sets(hands)
    hands.looked()


def test_finding_about_masks_leads_to_where_they_are_painted(hands: Hands, tmp_path: Path) -> None:
    ids = scans(hands, tmp_path, [f"p{n}" for n in range(5)])
    with hands.qtbot.waitSignal(hands.context.commands["tab_label"].triggered):
        hands.fix("unmasked")
    assert hands.context.session.current.item is not None
    assert hands.context.session.current.item.id == ids["p0"]


def test_a_table_divides(shapes: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "sets.csv"
    table.write_text("item,split\na,test\nb,val\n")
    monkeypatch.setattr("app.tabs.data.split.QFileDialog.getOpenFileName", lambda *_: (str(table), ""))
    shapes.click("split.table")
    assert [item.split for item in shapes.context.session.items()] == ["test", "val", "train", "train", "val", "test"]


def answer_columns(hands: Hands, button: str, **columns: str) -> None:
    """Choose these columns and press that button of the question that is about to be asked."""

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if dialog is None:
            QTimer.singleShot(10, hands.tab, answer)
            return
        for name, column in columns.items():
            combo = dialog.findChild(QComboBox, f"table_columns.{name}")
            assert combo is not None
            combo.setCurrentText(column)
        found = dialog.findChild(QPushButton, f"table_columns_dialog.{button}")
        assert found is not None
        QTest.mouseClick(found, Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, hands.tab, answer)


def test_columns_of_a_table_of_sets_are_chosen(shapes: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "splits.csv"
    table.write_text("case no;age;phase of use\na;50;test\nb;60;val\n")
    monkeypatch.setattr("app.tabs.data.split.QFileDialog.getOpenFileName", lambda *_: (str(table), ""))
    before = [item.split for item in shapes.context.session.items()]
    answer_columns(shapes, "cancel")
    shapes.click("split.table")
    assert [item.split for item in shapes.context.session.items()] == before
    answer_columns(shapes, "accept", item="case no", value="phase of use")
    shapes.click("split.table")
    assert [item.split for item in shapes.context.session.items()][:3] == ["test", "val", "train"]


# Checks --------------------------------------------------------------------------------------------------------------------


def _mask_third_item(shapes: Hands, ground: int, some: int) -> None:
    """A mask of that ground with some rows of another value, and the table looks at it."""
    session = shapes.context.session
    assert session.project is not None
    item = session.items()[2]
    labels = np.full(item.shape, ground, np.uint8)
    labels[0, :9] = some
    session.project.layers.replace(session.project.layers.make(item.id), list(pack(labels)))
    shapes.tab.contents.look.held.pop(item.id)
    session.items_changed.emit()
    shapes.looked()


def test_unlabelled_pixels_are_no_class_of_the_table(shapes: Hands) -> None:
    _mask_third_item(shapes, UNLABELLED, 2)
    assert shapes.cells("Mask")[2] == shapes.context.session.classes[1].name
    assert shapes.tab.findChild(QWidget, "checks.void") is not None


def test_a_mask_of_unlabelled_pixels_alone_is_not_called_empty(shapes: Hands) -> None:
    _mask_third_item(shapes, UNLABELLED, UNLABELLED)
    assert shapes.cells("Mask")[2] == "only unlabelled pixels"
    assert shapes.tab.findChild(QWidget, "checks.void_alone") is not None
    assert shapes.tab.findChild(QWidget, "checks.empty") is None


def test_a_mask_without_a_class_that_is_partly_unlabelled_is_empty_where_labelled(shapes: Hands) -> None:
    _mask_third_item(shapes, BACKGROUND, UNLABELLED)
    assert shapes.cells("Mask")[2] == "empty where labelled"
    assert shapes.tab.findChild(QWidget, "checks.empty") is not None
    assert shapes.tab.findChild(QWidget, "checks.void") is not None


def test_a_finding_shows_its_items(shapes: Hands) -> None:
    session = shapes.context.session
    assert session.project is not None
    ids = [item.id for item in session.items()]
    layer = session.project.layers.mask(ids[2])
    assert layer is not None
    session.project.layers.replace(layer, [], range(1))
    shapes.tab.contents.look.held.pop(ids[2])
    session.items_changed.emit()
    shapes.looked()
    assert shapes.cells("Mask")[2] == "empty"
    assert shapes.tab.findChild(QWidget, "checks.empty") is not None
    shapes.click("checks.show.0")
    assert shapes.cells("Item") == ["c"] and shapes.table.selected() == [ids[2]]


def test_painting_is_looked_at_again(shapes: Hands, qtbot: QtBot) -> None:
    session = shapes.context.session
    qtbot.waitUntil(lambda: session.current.mask is not None, timeout=PATIENCE)
    assert session.current.mask is not None and session.current.item is not None
    edit = session.current.mask.replace_with("wiped", np.zeros(session.current.item.shape, np.uint8))
    shapes.tab.hide()
    session.current.stroke_done(edit)
    shapes.tab.show()
    qtbot.waitUntil(lambda: shapes.cells("Mask")[0] == "empty", timeout=PATIENCE)
    shapes.looked()
    session.current.undo()
    assert shapes.tab.contents.look._stale


def test_nothing_wrong_is_said(shapes: Hands) -> None:
    assert shapes.text("checks.state") == "Nothing is wrong."


def test_the_next_step(shapes: Hands, qtbot: QtBot) -> None:
    assert shapes.button("data.next").text() == "Go to training"
    with qtbot.waitSignal(shapes.context.commands["tab_train"].triggered):
        shapes.click("data.next")


def test_what_has_no_set_yet_is_divided_next(shapes: Hands, qtbot: QtBot) -> None:
    session = shapes.context.session
    session.assignments.set_splits({item.id: "" for item in session.items()})
    qtbot.waitUntil(lambda: shapes.button("data.next").text() == "Divide into sets", timeout=PATIENCE)
    shapes.click("data.next")
    qtbot.waitUntil(lambda: shapes.button("data.next").text() == "Go to training", timeout=PATIENCE)
    assert {item.split for item in session.items()} >= {"train", "test"}
    shapes.looked()


@pytest.mark.parametrize(
    ("folders", "text", "sets"),
    [
        (("cat", "dog"), "Divide into sets", None),
        (
            ("train/cat", "train/dog", "val/cat", "val/dog", "test/cat", "test/dog"),
            "Divide as the folders say",
            "folders",
        ),
    ],
)
def test_classes_are_given_before_the_images_are_divided_and_then_trained(
    hands: Hands, tmp_path: Path, qtbot: QtBot, folders: Sequence[str], text: str, sets: str | None
) -> None:
    for number in range(12):
        write(tmp_path / "in" / folders[number % len(folders)] / f"{number}.png", noise(number))
    project = new(hands, tmp_path, "classification", "cat,dog")
    hands.tab.contents.begin_import([tmp_path / "in"])
    hands.ready()
    hands.choose("place.set", "None yet")
    hands.add()
    hands.looked()
    session, following = hands.context.session, hands.button("data.next")
    assert not any(item.split for item in project.items.all())
    qtbot.waitUntil(lambda: following.text() == text, timeout=PATIENCE)
    first = session.items()[0]
    session.assignments.give_class([first.id], None)
    qtbot.waitUntil(lambda: following.text() == "Give classes", timeout=PATIENCE)
    session.assignments.give_class([first.id], first.label)
    qtbot.waitUntil(lambda: following.text() == text and following.isEnabled(), timeout=PATIENCE)
    hands.click("data.next")
    qtbot.waitUntil(lambda: following.text() == "Go to training", timeout=PATIENCE)
    if sets is not None:
        assert all(f"/{item.split}/" in item.source.files[0] for item in project.items.all())
    else:
        assert {item.split for item in project.items.all()} == {"train", "val", "test"}
    with qtbot.waitSignal(hands.context.commands["tab_classify"].triggered):
        hands.click("data.next")
    hands.looked()


def test_a_project_to_read_only_changes_nothing(hands: Hands, project: Path) -> None:
    with Project.open(project):
        hands.context.session.open_project(project)
        hands.looked()
        assert not hands.button("data.choose_folder").isEnabled()
        assert "read only" in hands.button("data.choose_folder").toolTip()
        assert not hands.button("split.apply").isEnabled() and not hands.button("data.choose_files").isEnabled()
        hands.context.session.close_project()


# Bringing images in --------------------------------------------------------------------------------------------------------


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    """images/ with six pictures of three patients and a broken file; masks/ beside it with the values 0, 128 and 255."""
    for at in range(6):
        name = f"P{at // 2}_{at % 2}.png"
        write(tmp_path / "in" / "images" / name, noise(at))
        mask = np.zeros((40, 50), np.uint8)
        mask[5:20, 5:20] = 128
        mask[25:35, 30:40] = 255
        if at < 5:
            write(tmp_path / "in" / "masks" / name, mask)
    (tmp_path / "in" / "images" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    return tmp_path / "in"


def test_import_with_masks(hands: Hands, tmp_path: Path, pairs: Path) -> None:
    project = new(hands, tmp_path, "multiclass", "cytoplasm,nucleus")
    hands.tab.contents.begin_import([pairs / "images"])
    hands.ready()
    assert hands.text("masks.where") == "masks", "the folder beside the images is found"
    assert [hands.combo(f"masks.value.{v}") for v in (0, 128, 255)] == ["Background", "cytoplasm", "nucleus"]
    assert hands.text("import.summary") == "5 with a mask · 1 without · 1 not read"
    hands.choose("patients.rule", "Name up to the first _ or -")
    assert hands.text("patients.preview").startswith("P0_0  →  P0")
    assert hands.cells("Patient") == ["P0", "P0", "P1", "P1", "P2", "P2"]
    hands.click("data.why")
    assert hands.cells("Item") == ["broken.png"] and "damaged" in hands.cells("Mask")[0]
    hands.choose("masks.value.128", "nucleus")
    assert hands.button("import.add").text() == "Add 6 items"
    hands.add()
    items = project.items.all()
    assert [item.patient for item in items] == ["P0", "P0", "P1", "P1", "P2", "P2"]
    assert len({(item.patient, item.split) for item in items}) == 3 and all(item.split for item in items)
    layer = project.layers.mask(items[0].id)
    assert layer is not None
    held = np.unique(project.layers.read(layer, items[0].shape))
    assert list(held) == [0, 2], "both values became the nucleus"
    assert hands.table.isVisible() and hands.text("data.counts") == "6 items · 3 patients"
    assert hands.button("data.why").isVisible(), "what was not read can still be looked at"
    hands.looked()


def test_values_that_are_colours_are_written_as_such(hands: Hands, tmp_path: Path, pairs: Path) -> None:
    new(hands, tmp_path, "multiclass", "liver,spleen,aorta")
    mask = np.zeros((40, 50, 3), np.uint8)
    mask[5:20, 5:20], mask[25:35, 30:40] = (0, 0, 255), (255, 0, 0)  # blue, green, red
    for at in range(5):
        write(pairs / "masks" / f"P{at // 2}_{at % 2}.png", mask)
    hands.tab.contents.begin_import([pairs / "images"])
    hands.ready()
    rows = {str(text.property("value")): text.text() for text in hands.tab.findChildren(Text) if text.property("value")}
    assert sorted(rows.values()) == ["#0000ff", "#ff0000"]
    assert "#" in hands.button("import.add").toolTip(), "which value has no class"
    red = next(value for value, shown in rows.items() if shown == "#ff0000")
    meaning = hands.tab.findChild(QComboBox, f"masks.value.{red}")
    assert meaning is not None and "#ff0000" in meaning.accessibleName()


def test_a_value_without_a_class_holds_the_import_back(hands: Hands, tmp_path: Path, pairs: Path) -> None:
    project = new(hands, tmp_path, "multiclass", "liver,spleen,aorta")
    hands.tab.contents.begin_import([pairs / "images"])
    hands.ready()
    assert hands.combo("masks.value.128") == "Choose a class"
    assert not hands.button("import.add").isEnabled() and "128" in hands.button("import.add").toolTip()
    assert hands.text("masks.hint.text") == "2 values have no class yet." and hands.button("masks.rest").isVisible()
    hands.choose("masks.value.128", "spleen")
    assert not hands.button("import.add").isEnabled() and "255" in hands.button("import.add").toolTip()
    hands.choose("masks.value.255", "Background")
    hands.add()
    layer = project.layers.mask(project.items.all()[0].id)
    assert layer is not None and set(np.unique(project.layers.read(layer, (1, 40, 50)))) == {0, 2}
    hands.looked()


def test_a_new_class_for_a_value(hands: Hands, tmp_path: Path, pairs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = new(hands, tmp_path, "multiclass", "liver,spleen,aorta")
    hands.tab.contents.begin_import([pairs / "images"])
    hands.ready()
    monkeypatch.setattr("app.tabs.data.values.QInputDialog.getText", lambda *_: (" kidney ", True))
    hands.choose("masks.value.128", "New class…")
    assert [c.name for c in project.classes] == ["liver", "spleen", "aorta", "kidney"]
    assert hands.combo("masks.value.128") == "kidney"
    hands.click("import.cancel")


def test_what_a_value_means_is_a_class_and_not_a_place(hands: Hands, tmp_path: Path, pairs: Path) -> None:
    """A class may be removed in Label while the import is asked about."""
    new(hands, tmp_path, "multiclass", "liver,spleen,aorta")
    hands.tab.contents.begin_import([pairs / "images"])
    hands.ready()
    hands.choose("masks.value.128", "aorta")
    hands.choose("masks.value.255", "liver")
    session = hands.context.session
    with hands.qtbot.waitSignal(session.class_removal_ended):
        session.remove_class(1)
    hands.ready()
    assert hands.combo("masks.value.128") == "aorta"
    assert hands.combo("masks.value.255") == "Choose a class", "the class that it meant is gone"
    hands.click("import.cancel")


def many_values(folder: Path, values: int) -> None:
    """One picture, and a mask of as many values beside background."""
    mask = np.zeros((40, 50), np.uint8)
    mask.flat[: values * 8] = np.repeat(np.arange(1, values + 1), 8)
    write(folder / "images" / "scan.png", noise(1))
    write(folder / "masks" / "scan.png", mask)


def test_files_of_one_class_each_are_shown_as_one_mask_and_follow_their_names(hands: Hands, tmp_path: Path) -> None:
    for at, name in enumerate("ab"):
        write(tmp_path / "in" / "images" / f"{name}.png", noise(at))
    mask = np.zeros((40, 50), np.uint8)
    mask[5:20, 5:20] = 255
    for folder, name in (("kidney", "b"), ("liver", "a"), ("liver", "b"), ("spleen", "a")):
        write(tmp_path / "in" / "masks" / folder / f"{name}.png", mask)
    project = new(hands, tmp_path, "multiclass", "spleen,liver")
    hands.tab.contents.begin_import([tmp_path / "in" / "images"])
    hands.ready()
    values = hands.tab.contents.step._values
    assert values._called[1].name == "kidney" and values.unsaid() == [1], "numbers say nothing here"
    assert [hands.combo(f"masks.value.{value}") for value in (2, 3)] == ["liver", "spleen"]
    hands.choose("masks.value.1", "Background")
    (left,) = [id for id, one in hands.tab.contents.step._images if one.name == "b"]
    hands.tab.contents.step.set_taken([left], False)  # the others' numbers would be others without it
    hands.add()
    (item,) = project.items.all()
    layer = project.layers.mask(item.id)
    assert layer is not None
    assert np.array_equal(project.layers.read(layer, item.shape)[0], (mask > 0) * np.uint8(1)), "the spleen is on top"
    hands.looked()


def test_every_value_has_a_row_and_may_get_a_class_at_once(hands: Hands, tmp_path: Path) -> None:
    many_values(tmp_path / "in", 41)
    project = new(hands, tmp_path, "multiclass", "liver,value 7")
    hands.tab.contents.begin_import([tmp_path / "in" / "images"])
    hands.ready()
    assert all(hands.combo(f"masks.value.{value}") for value in range(42))
    hands.choose("masks.value.3", "liver")
    hands.tab.window().activateWindow()
    hands.button("masks.each").setFocus()
    hands.click("masks.each")
    assert hands.tab.window().focusWidget().objectName() == "masks.value.0", "the column stays where it was scrolled to"
    assert len(project.classes) == 42 and hands.combo("masks.value.3") == "liver"
    assert hands.combo("masks.value.41") == "Value 41" and hands.combo("masks.value.7") == "Value 7 (2)"
    assert hands.tab.contents.step._values.unsaid() == [] and not hands.button("masks.each").isVisible()
    hands.click("import.cancel")


def test_enter_goes_from_value_to_value(hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many_values(tmp_path / "in", 5)
    project = new(hands, tmp_path, "multiclass", "liver,spleen")
    hands.tab.contents.begin_import([tmp_path / "in" / "images"])
    hands.ready()
    answers = iter([("kidney", True), ("Liver", True), ("", False)])
    asked: list[str] = []

    def answer(parent: QWidget, title: str, text: str, *_: object) -> tuple[str, bool]:
        asked.append(text)
        return next(answers)

    monkeypatch.setattr("app.tabs.data.values.QInputDialog.getText", answer)
    hands.choose("masks.value.2", "New class…")
    assert asked == [f"What does the mask value {value} show?" for value in (2, 3, 4)]
    assert [c.name for c in project.classes] == ["liver", "spleen", "kidney"]
    assert [hands.combo(f"masks.value.{value}") for value in (2, 3, 4)] == ["kidney", "liver", "Choose a class"]
    focused = hands.tab.window().focusWidget()
    assert focused is not None and focused.objectName() == "masks.value.4"
    hands.click("import.cancel")


def test_a_class_that_is_refused_leaves_its_value_without_one(
    hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many_values(tmp_path / "in", 5)
    project = new(hands, tmp_path, "multiclass", "liver,spleen")
    hands.tab.contents.begin_import([tmp_path / "in" / "images"])
    hands.ready()
    monkeypatch.setattr("app.tabs.data.values.QInputDialog.getText", lambda *_: ("background", True))
    with hands.qtbot.waitSignal(hands.context.session.failed):
        hands.choose("masks.value.2", "New class…")
    hands.context.session.set_classes([*project.classes, *parse_classes("kidney")])
    assert hands.combo("masks.value.2") == "Choose a class", "a later class is not its answer"
    hands.click("import.cancel")


def test_a_long_name_of_the_masks_is_cut_and_its_cross_stays(hands: Hands, tmp_path: Path) -> None:
    many_values(tmp_path / "in", 2)
    long = tmp_path / "in" / ("segmentations_of_the_second_reader_" * 4)
    (tmp_path / "in" / "masks").rename(long)
    new(hands, tmp_path, "multiclass", "liver,spleen")
    hands.tab.contents.begin_import([tmp_path / "in" / "images"])
    hands.ready()
    hands.tab.contents.step._use_masks((long,))
    hands.ready()
    cross, panel = hands.tab.findChild(QAbstractButton, "masks.none"), hands.tab.contents.step._values
    assert cross is not None and cross.isVisible() and hands.text("masks.where").endswith("…")
    hands.tab.grab()
    area = hands.tab.findChild(QScrollArea, "import.scroll")
    assert area is not None and panel.width() <= area.viewport().width()
    assert cross.mapTo(area.viewport(), cross.rect().bottomRight()).x() < area.viewport().width()
    hands.click("import.cancel")


def test_names_have_room_in_a_narrow_window(hands: Hands, tmp_path: Path) -> None:
    for name in ("chest left side", "chest right side"):
        write(tmp_path / "in" / f"{name}.png", noise(len(name)))
    new(hands, tmp_path, "binary", "lung")
    hands.tab.contents.begin_import([tmp_path / "in"])
    hands.ready()
    table = hands.table
    for width, least in ((1300, 250), (600, 140)):
        table.setFixedWidth(width)
        hands.qtbot.waitUntil(lambda width=width: table.width() == width)  # type: ignore[misc]
        assert table.columnWidth(NAME) >= least, width
    table.setColumnWidth(MASK, 200)
    table.setFixedWidth(540)
    hands.qtbot.waitUntil(lambda: table.width() == 540)
    assert table.columnWidth(MASK) == 200, "a person chose it"
    hands.click("import.cancel")


def test_folders_called_after_sets_are_offered_and_taken(hands: Hands, tmp_path: Path) -> None:
    for number, place in enumerate(
        ("train/cat", "train/cat", "train/dog", "validation/cat", "Testing/dog", "Testing/cat")
    ):
        write(tmp_path / "in" / place / f"{number}.png", noise(number))
    project = new(hands, tmp_path, "classification", "cat,dog")
    hands.tab.contents.begin_import([tmp_path / "in"])
    hands.ready()
    assert hands.combo("place.set") == "As the folders say: Training 3, Validation 1, Test 2"
    assert sorted(hands.cells("Set")) == ["Test", "Test", "Training", "Training", "Training", "Validation"]
    hands.choose("place.set", "None yet")
    assert set(hands.cells("Set")) == {"–"}
    hands.choose("place.set", "As the folders say: Training 3, Validation 1, Test 2")
    hands.table.select([0])
    hands.context.commands["remove_items"].trigger()
    hands.add()
    items = project.items.all()
    assert len(items) == 5 and sorted(item.split for item in items) == ["test", "train", "train", "train", "val"]
    assert {item.label for item in items} == {0, 1}
    hands.looked()


def test_masks_the_other_way_round_are_noticed(hands: Hands, tmp_path: Path) -> None:
    for at in range(2):
        write(tmp_path / "in" / "images" / f"s{at}.png", noise(at))
        mask = np.full((40, 50), 255, np.uint8)
        mask[:, 10:14] = 0
        write(tmp_path / "in" / "masks" / f"s{at}.png", mask)
    project = new(hands, tmp_path, "binary", "membrane")
    hands.tab.contents.begin_import([tmp_path / "in"])
    hands.ready()
    assert hands.cells("Item") == ["s0", "s1"], "the masks within the folder are no images"
    assert "other way round" in hands.text("masks.hint.text")
    hands.click("masks.swap")
    assert hands.combo("masks.value.0") == "membrane" and hands.combo("masks.value.255") == "Background"
    assert not hands.text("masks.hint.text")
    hands.add()
    layer = project.layers.mask(project.items.all()[0].id)
    assert layer is not None and int(project.layers.read(layer, (1, 40, 50)).sum()) == 40 * 4
    hands.looked()


def test_more_files_join_those_that_are_asked_about(hands: Hands, tmp_path: Path, pairs: Path) -> None:
    new(hands, tmp_path, "binary", "cell")
    write(tmp_path / "more" / "scan.png", noise(9))
    hands.tab.contents.begin_import([pairs / "images"])
    hands.ready()
    hands.tab.contents.begin_import([tmp_path / "more"])
    hands.ready()
    assert {"P0_0", "P2_1", "scan"} <= set(hands.cells("Item"))
    assert hands.tab.contents.step.plan().paths == (pairs / "images", tmp_path / "more")
    hands.click("import.cancel")
    hands.tab.contents.begin_import([tmp_path / "more"])
    hands.ready()
    assert hands.cells("Item") == ["scan"], "what was given up is not asked about again"
    hands.click("import.cancel")


def test_rows_can_be_left_out_and_the_step_given_up(hands: Hands, tmp_path: Path, pairs: Path) -> None:
    project = new(hands, tmp_path, "binary", "cell")
    hands.tab.contents.begin_import([pairs / "images"])
    hands.ready()
    hands.click("masks.none")
    hands.select(hands.table.ids()[:2])
    hands.context.commands["remove_items"].trigger()
    assert hands.button("import.add").text() == "Add 4 items" and "2 left out" in hands.text("import.summary")
    hands.click("import.cancel")
    assert not project.items.all() and hands.button("empty.choose_folder").isVisible()
    hands.tab.contents.begin_import([pairs / "images"])
    hands.ready()
    hands.click("masks.none")
    hands.select(hands.table.ids()[:5])
    hands.context.commands["remove_items"].trigger()
    hands.choose("place.set", "All: Test")
    hands.add()
    assert [(item.name, item.split) for item in project.items.all()] == [("P2_1", "test")]
    hands.looked()


def test_a_rule_for_patients_that_cannot_be_read(hands: Hands, tmp_path: Path, pairs: Path) -> None:
    new(hands, tmp_path, "binary", "cell")
    hands.tab.contents.begin_import([pairs / "images"])
    hands.ready()
    hands.choose("patients.rule", "A rule of my own…")
    field = hands.tab.findChild(QLineEdit, "patients.pattern")
    assert isinstance(field, QLineEdit) and field.isVisible()
    field.clear()
    QTest.keyClicks(field, "(P")
    assert "regular expression" in hands.text("patients.fault.text") and not hands.button("import.add").isEnabled()
    QTest.keyClicks(field, "[12])")
    assert hands.button("import.add").isEnabled() and hands.cells("Patient") == ["–", "–", "P1", "P1", "P2", "P2"]
    hands.click("import.cancel")


def test_classes_from_folders(hands: Hands, tmp_path: Path) -> None:
    for at, name in enumerate(("normal", "pneumonia", "covid", "normal", "pneumonia", "covid")):
        write(tmp_path / "in" / name / f"i{at}.png", noise(at))
    project = new(hands, tmp_path, "classification", "normal,pneumonia")
    hands.tab.contents.begin_import([tmp_path / "in"])
    hands.ready()
    assert hands.cells("Class") == ["normal", "pneumonia", "no class", "normal", "pneumonia", "no class"]
    assert "covid" in hands.text("classes.hint.text")
    hands.click("classes.add")
    assert [c.name for c in project.classes] == ["normal", "pneumonia", "covid"]
    assert hands.cells("Class")[2] == "covid"
    hands.add()
    assert [item.label for item in project.items.all()] == [2, 2, 0, 0, 1, 1]
    hands.select([project.items.all()[0].id])
    QTest.keyClick(hands.table, Qt.Key.Key_1)
    assert project.items.all()[0].label == 0
    QTest.keyClick(hands.table, Qt.Key.Key_9)
    assert project.items.all()[0].label == 0, "there is no ninth class"
    hands.looked()


def test_a_folder_is_mapped_to_a_class_of_another_name(hands: Hands, tmp_path: Path) -> None:
    for at, folder in enumerate(("no tumor", "gliomas", "unknown", "glioma/left")):
        write(tmp_path / "in" / folder / f"i{at}.png", noise(at))
    project = new(hands, tmp_path, "classification", "no_tumor,glioma")
    hands.tab.contents.begin_import([tmp_path / "in"])
    hands.ready()
    assert hands.cells("Class") == ["no_tumor", "no class", "no class", "glioma"]
    assert "gliomas, unknown" in hands.text("classes.hint.text")
    hands.choose("classes.folder.gliomas", "glioma")
    assert hands.cells("Class") == ["no_tumor", "glioma", "no class", "glioma"]
    assert (
        hands.combo("classes.folder.gliomas") == "glioma" and hands.combo("classes.folder.unknown") == "Choose a class"
    )
    hands.add()
    labels = {item.name: item.label for item in project.items.all()}
    assert labels == {"i0": 0, "i1": 1, "i2": None, "i3": 1}
    hands.looked()


@pytest.mark.parametrize(("task", "word"), [("classification", "Classes come from"), ("binary", "Masks beside them")])
def test_an_empty_project_says_what_is_found_beside_its_images(
    hands: Hands, tmp_path: Path, task: Task, word: str
) -> None:
    new(hands, tmp_path, task, "normal,pneumonia" if task == "classification" else "lung")
    assert word in hands.text("empty.words")


def with_table(hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> Project:
    """A picture for each row is about to come in, and the table of classes to be chosen."""
    for at in range(text.count("\n") - 1):
        write(tmp_path / "in" / f"i{at}.png", noise(at))
    table = tmp_path / "classes.csv"
    table.write_text(text)
    monkeypatch.setattr("app.tabs.data.classes.QFileDialog.getOpenFileName", lambda *_: (str(table), ""))
    project = new(hands, tmp_path, "classification", "normal,pneumonia")
    hands.tab.contents.begin_import([tmp_path / "in"])
    hands.ready()
    return project


def test_classes_from_a_table(hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = with_table(hands, tmp_path, monkeypatch, "item,class\ni0,pneumonia\ni1,normal\ni2,martian\n")
    assert hands.cells("Class") == ["no class"] * 3
    hands.click("classes.table")
    assert hands.cells("Class") == ["pneumonia", "normal", "no class"]
    assert hands.text("classes.hint.text") == "The table has classes that are not there yet: martian"
    hands.add()
    assert [(item.name, item.label) for item in project.items.all()] == [("i0", 1), ("i1", 0)]
    assert hands.button("data.why").isVisible()
    hands.looked()


def test_words_of_a_table_become_classes(hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = with_table(
        hands, tmp_path, monkeypatch, "item,class\ni0,Pneumonia\ni1,normal\ni2,COVID 19\ni3,covid 19\n"
    )
    hands.click("classes.table")
    assert hands.button("classes.add").text() == "Add it"
    assert hands.button("import.add").text() == "Add 2 items", "the others would be refused"
    assert hands.text("classes.refused") == "of a class that is not there: not added"
    hands.click("classes.add")
    assert hands.button("import.add").text() == "Add 4 items"
    assert [one.name for one in project.classes] == ["normal", "pneumonia", "covid 19"]
    assert hands.cells("Class") == ["pneumonia", "normal", "covid 19", "covid 19"]
    assert not hands.button("classes.add").isVisible() and hands.text("classes.hint.text") == ""
    hands.add()
    assert [item.label for item in project.items.all()] == [1, 0, 2, 2]
    hands.looked()


def test_a_table_of_classes_beside_the_images_is_offered(hands: Hands, tmp_path: Path) -> None:
    for at in range(3):
        write(tmp_path / "in" / "images" / f"i{at}.png", noise(at))
    (tmp_path / "in" / "classes.csv").write_text("filename,diagnosis\ni0.png,pneumonia\ni1.png,normal\n")
    (tmp_path / "in" / "ages.csv").write_text("filename,age\ni0.png,50\ni1.png,60\n")
    project = new(hands, tmp_path, "classification", "normal,pneumonia")
    hands.tab.contents.begin_import([tmp_path / "in"])
    hands.ready()
    offer = hands.button("classes.beside")
    assert offer.text() == "Use the table classes.csv" and hands.cells("Class") == ["no class"] * 3
    answer_columns(hands, "accept")
    hands.click("classes.beside")
    assert hands.cells("Class") == ["pneumonia", "normal", "no class"] and not offer.isVisible()
    hands.click("classes.none")
    assert offer.isVisible()
    answer_columns(hands, "accept")
    hands.click("classes.beside")
    hands.add()
    assert [(item.name, item.label) for item in project.items.all()] == [("i0", 1), ("i1", 0), ("i2", None)]
    (tmp_path / "in" / "more.csv").write_text("item,class\ni0,normal\ni1,normal\n")
    hands.tab.contents.begin_import([tmp_path / "in"])
    hands.ready()
    assert not offer.isVisible(), "which of two is not known"
    hands.looked()


def test_a_table_of_classes_says_nothing_of_masks(
    hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "in" / "i0.png", noise(0))
    table = tmp_path / "classes.csv"
    table.write_text("item,class\ni0,normal\n")
    monkeypatch.setattr("app.tabs.data.classes.QFileDialog.getOpenFileName", lambda *_: (str(table), ""))
    new(hands, tmp_path, "classification", "normal,pneumonia")
    hands.tab.contents.begin_import([tmp_path / "in"])
    hands.ready()
    hands.click("classes.table")
    hands.click("import.cancel")
    project = new(hands, tmp_path / "other", "binary", "lung")
    hands.tab.contents.begin_import([tmp_path / "in"])
    hands.ready()
    hands.add()
    assert [(item.name, item.label) for item in project.items.all()] == [("i0", None)]
    hands.looked()


def test_columns_of_a_table_of_classes_are_chosen(
    hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = with_table(hands, tmp_path, monkeypatch, "photo,age,diagnosis\ni0,50,pneumonia\ni1,60,normal\n")
    answer_columns(hands, "accept", item="photo")  # the other is proposed
    hands.click("classes.table")
    assert hands.cells("Class") == ["pneumonia", "normal"]
    hands.add()
    assert [(item.name, item.label) for item in project.items.all()] == [("i0", 1), ("i1", 0)]
    hands.looked()


def test_a_file_with_its_own_sets(hands: Hands, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    arrays: dict[str, NDArray[Any]] = {}
    for split, count in (("train", 4), ("val", 2), ("test", 3)):
        arrays[f"{split}_images"] = rng.integers(0, 255, (count, 28, 28)).astype(np.uint8)
        arrays[f"{split}_labels"] = np.arange(count).reshape(-1, 1) % 2
    np.savez(tmp_path / "small.npz", **arrays)  # type: ignore[arg-type]
    project = new(hands, tmp_path, "classification", "normal,pneumonia")
    hands.tab.contents.begin_import([tmp_path / "small.npz"])
    hands.ready()
    assert hands.combo("place.set") == "As the file says"
    assert hands.cells("Set").count("Validation") == 2
    hands.add()
    assert sorted(item.split for item in project.items.all()) == ["test"] * 3 + ["train"] * 4 + ["val"] * 2
    hands.looked()


def test_closing_the_project_ends_the_import_step(hands: Hands, tmp_path: Path, pairs: Path) -> None:
    new(hands, tmp_path, "binary", "cell")
    hands.tab.contents.begin_import([pairs / "images"])
    hands.context.session.close_project()
    assert hands.button("start.open_demo").isVisible()
    assert not hands.tab.contents.step.active


def test_giving_an_import_up_stops_nothing_else(hands: Hands, tmp_path: Path, pairs: Path) -> None:
    new(hands, tmp_path, "binary", "cell")
    ended = threading.Event()

    def exporting() -> Work[str]:
        while not ended.wait(0.01):
            yield Progress(0, 0, "")
        return "done"

    exported: list[object] = []
    export = hands.context.jobs.start(hands.tab, Lane.STORING, "Exporting", exporting, done=exported.append)
    hands.tab.contents.begin_import([pairs / "images"])
    hands.ready()
    hands.click("import.add")
    with hands.qtbot.waitSignal(hands.context.session.import_finished, timeout=PATIENCE) as over:
        hands.click("import.cancel")
    assert over.args == [None] and hands.context.jobs.running(Lane.STORING) is export
    ended.set()
    hands.qtbot.waitUntil(lambda: not hands.context.jobs.busy, timeout=PATIENCE)
    assert exported == ["done"]


def test_a_window_that_is_made_anew_loses_nothing_of_an_import(
    hands: Hands, tmp_path: Path, pairs: Path, qtbot: QtBot, show_tab: Show
) -> None:
    project = new(hands, tmp_path, "binary", "cell")
    hands.tab.contents.begin_import([pairs / "images"])
    hands.ready()
    hands.choose("patients.rule", "Name up to the first _ or -")
    with qtbot.waitSignal(hands.context.session.import_finished, timeout=PATIENCE):
        hands.click("import.add")
        again = Hands(qtbot, hands.context, show_tab)
        again.tab.contents.begin_import([pairs / "images"])  # not now
        assert not again.tab.contents.step.active
    assert all(item.split for item in project.items.all()), "divided all the same"
    again.looked()
    assert again.text("data.counts") == "6 items · 3 patients" and again.button("data.why").isVisible()


def test_another_project_is_untouched_by_an_import_under_way(
    hands: Hands, tmp_path: Path, pairs: Path, project: Path
) -> None:
    new(hands, tmp_path, "binary", "cell")
    hands.tab.contents.begin_import([pairs / "images"])
    hands.ready()
    hands.click("import.add")
    hands.context.session.open_project(project)
    hands.looked()
    hands.qtbot.waitUntil(lambda: not hands.context.jobs.busy, timeout=PATIENCE)
    assert hands.cells("Item") == list("abcdef") and hands.cells("Set").count("Training") == 4
    assert hands.button("data.next").isVisible() and not hands.tab.contents.step.active


def test_a_pixels_shape_is_not_shown_as_millimetres() -> None:
    sound = Found("us", Source(("us.dcm",), "dicom"), (1, 4, 5), (1.0, 1.2, 1.0), "US")
    row = of_found(1, sound, "", "no", None, "")
    assert (row.spacing, row.spacing_text) == (None, "–")
    assert (
        of_found(1, replace(sound, calibrated=True), "", "no", None, "").spacing_text
        == "1.0\N{NARROW NO-BREAK SPACE}×\N{NARROW NO-BREAK SPACE}1.2"
    )


# What values and categories mean -------------------------------------------------------------------------------------------


def lit(hands: Hands) -> int | None:
    return hands.tab.contents.step._values.preview.lit


def hover(hands: Hands, name: str) -> None:
    """The pointer comes onto the row of that value."""
    widget = hands.tab.findChild(QWidget, name)
    assert widget is not None
    QApplication.sendEvent(widget, QEnterEvent(QPointF(3, 3), QPointF(3, 3), QPointF(3, 3)))


def test_the_scan_shows_each_value_in_the_colour_of_its_class(hands: Hands, tmp_path: Path) -> None:
    many_values(tmp_path / "in", 3)
    new(hands, tmp_path, "multiclass", "liver:#00FF00,spleen:#FF00FF")
    hands.tab.contents.begin_import([tmp_path / "in" / "images"])
    hands.ready()
    preview = hands.tab.contents.step._values.preview
    hands.qtbot.waitUntil(lambda: preview.isVisible() and not preview._picture.isNull(), timeout=PATIENCE)

    def shown(color: str) -> bool:
        wanted, picture = QColor(color).rgb(), preview._picture
        return any(picture.pixel(x, y) == wanted for y in range(picture.height()) for x in range(picture.width()))

    for first, color, other in (("liver", "#00FF00", "#FF00FF"), ("spleen", "#FF00FF", "#00FF00")):
        for value in (1, 2, 3):
            hands.choose(f"masks.value.{value}", first if value == 1 else "Background")
        assert shown(color) and not shown(other)
    hands.choose("masks.value.1", "Background")
    assert not shown("#00FF00") and not shown("#FF00FF")
    hands.click("import.cancel")
    hands.looked()


def test_the_value_of_the_row_is_lit_on_the_scan(hands: Hands, tmp_path: Path) -> None:
    many_values(tmp_path / "in", 41)
    new(hands, tmp_path, "multiclass", "liver,spleen")
    hands.tab.contents.begin_import([tmp_path / "in" / "images"])
    hands.ready()
    preview = hands.tab.contents.step._values.preview
    hands.qtbot.waitUntil(lambda: preview.isVisible() and not preview._picture.isNull(), timeout=PATIENCE)
    plain = preview.grab().toImage()
    hover(hands, "masks.value.7")
    assert lit(hands) == 7 and preview.grab().toImage() != plain
    hover(hands, "masks.value.41")
    assert lit(hands) == 41
    combo = hands.tab.findChild(QComboBox, "masks.value.41")
    assert combo is not None
    QApplication.sendEvent(combo, QEvent(QEvent.Type.Leave))
    assert lit(hands) is None and preview.grab().toImage() == plain
    # and back: the value under the pointer is named, and its row lit
    area = preview._area()
    at = (area.left() + area.width() * 1.5 / 50, area.top() + area.height() * 0.5 / 40)  # of the first value
    QTest.mouseMove(preview, QPointF(*at).toPoint())
    assert preview._words.startswith("1") and hands.tab.contents.step._values._numbers[1].property("role") == "accent"
    hands.click("import.cancel")


def test_names_of_values_come_from_a_file(hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many_values(tmp_path / "in", 4)
    project = new(hands, tmp_path, "multiclass", "liver,spleen")
    hands.tab.contents.begin_import([tmp_path / "in" / "images"])
    hands.ready()
    (tmp_path / "snap.txt").write_text('1 0 255 0 1 1 1 "Aorta"\n2 9 9 9 1 1 1 "Liver"\n3 0 0 255 1 1 1 "Aorta"\n')
    choose = "app.tabs.data.values.QFileDialog.getOpenFileName"
    monkeypatch.setattr(choose, lambda *_: (str(tmp_path / "in" / "images" / "scan.png"), ""))
    with hands.qtbot.waitSignal(hands.context.session.failed):
        hands.click("masks.names")
    monkeypatch.setattr(choose, lambda *_: (str(tmp_path / "snap.txt"), ""))
    hands.click("masks.names")
    assert [(c.name, c.color) for c in project.classes][2:] == [("Aorta", "#0000FF")]
    assert [hands.combo(f"masks.value.{v}") for v in range(5)] == [
        "Background", "Aorta", "liver", "Aorta", "Choose a class",
    ]  # fmt: skip
    hands.click("import.cancel")


def test_a_file_of_names_beside_the_masks_is_read_and_names_the_classes(hands: Hands, tmp_path: Path) -> None:
    many_values(tmp_path / "in", 3)
    (tmp_path / "in" / "dataset.json").write_text('{"labels": {"background": 0, "spleen": 3, "kidney": 1, "liver": 2}}')
    project = new(hands, tmp_path, "multiclass", "spleen")
    hands.tab.contents.begin_import([tmp_path / "in" / "images"])
    hands.ready()
    assert [hands.combo(f"masks.value.{v}") for v in (1, 2, 3)] == ["Choose a class", "Choose a class", "spleen"]
    hands.click("masks.each")
    assert [c.name for c in project.classes] == ["spleen", "kidney", "liver"]
    assert [hands.combo(f"masks.value.{v}") for v in (1, 2, 3)] == ["kidney", "liver", "spleen"]
    hands.add()
    layer = project.layers.mask(project.items.all()[0].id)
    assert layer is not None
    assert set(np.unique(project.layers.read(layer, (1, 40, 50)))) == {0, 1, 2, 3}
    hands.looked()


def test_segments_of_slicer_name_the_values(hands: Hands, tmp_path: Path) -> None:
    labels = np.zeros((6, 5, 4), np.uint8)
    labels[1], labels[2], labels[3] = 1, 2, 3
    names = {1: "kidney", 2: "liver", 3: "Segment_3"}
    fields = {f"Segment{n}_LabelValue": str(value) for n, value in enumerate(names)}
    (tmp_path / "in" / "masks").mkdir(parents=True)
    nrrd.write(str(tmp_path / "in" / "ct.nrrd"), np.arange(120, dtype=np.int16).reshape(6, 5, 4))
    mask = tmp_path / "in" / "masks" / "ct.seg.nrrd"
    nrrd.write(str(mask), labels, fields | {f"Segment{n}_Name": name for n, name in enumerate(names.values())})
    project = new(hands, tmp_path, "multiclass", "liver,spleen,aorta")
    hands.tab.contents.begin_import([tmp_path / "in"])
    hands.ready()
    assert [hands.combo(f"masks.value.{v}") for v in range(4)] == ["Background", "Choose a class", "liver", "aorta"]
    hands.tab.contents.step._values._class_for_each()  # its link is shown where several have no class
    assert [c.name for c in project.classes] == ["liver", "spleen", "aorta", "kidney"]
    hands.add()
    layer = project.layers.mask(project.items.all()[0].id)
    assert layer is not None
    assert np.array_equal(project.layers.read(layer, (4, 5, 6))[0, 0], [0, 4, 1, 3, 0, 0])
    hands.looked()


@pytest.mark.parametrize("how", ["mapped", "made"])
def test_categories_of_a_coco_file_are_mapped_or_made(
    hands: Hands, tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "in" / "a.png", noise(1))
    square = [5, 5, 20, 5, 20, 20, 5, 20]
    shapes = [{"image_id": 1, "category_id": id, "segmentation": [square]} for id in (1, 2)]
    names = [{"id": 1, "name": "No tumor"}, {"id": 2, "name": "mitosis"}]
    listed = [{"id": 1, "file_name": "a.png", "height": 40, "width": 50}]
    coco = {"images": listed, "annotations": shapes[1:] if how == "made" else shapes, "categories": names}
    (tmp_path / "annotations").mkdir()
    (tmp_path / "annotations" / "shapes.json").write_text(json.dumps(coco))
    project = new(hands, tmp_path, "multiclass", "no_tumor,cell")
    hands.tab.contents.begin_import([tmp_path / "in"])
    hands.ready()
    hands.click("masks.beside")
    hands.ready()
    assert hands.combo("masks.value.mitosis") == "Choose a class" and not hands.button("import.add").isEnabled()
    assert "mitosis" in hands.button("import.add").toolTip()
    if how == "mapped":
        assert hands.combo("masks.value.No tumor") == "no_tumor"
        hands.choose("masks.value.No tumor", "Background")
        hands.choose("masks.value.mitosis", "cell")
    else:
        monkeypatch.setattr("app.tabs.data.values.QInputDialog.getText", lambda *_: ("Mitosis", True))
        hands.choose("masks.value.mitosis", "New class…")
    hands.add()
    assert [c.name for c in project.classes] == ["no_tumor", "cell"] + (["Mitosis"] if how == "made" else [])
    layer = project.layers.mask(project.items.all()[0].id)
    assert layer is not None
    held = set(np.unique(project.layers.read(layer, (1, 40, 50))))
    assert held == {0, 2 if how == "mapped" else 3}
    hands.looked()


# Objects one by one --------------------------------------------------------------------------------------------------------


def objects_to_bring_in(folder: Path) -> None:
    """Two pictures with label images: each value is an object."""
    for at, name in enumerate("ab"):
        ids = np.zeros((40, 50), np.uint16)
        ids[5:15, 5:15], ids[5:15, 15:30], ids[20 + at, 20] = 1, 2, 700
        for kind, values in (("images", (ids > 0).astype(np.uint8) * 99), ("masks", ids)):
            (folder / kind).mkdir(parents=True, exist_ok=True)
            (folder / kind / f"{name}.png").write_bytes(cv2.imencode(".png", values)[1].tobytes())


@pytest.mark.parametrize("classes", ["cell", "cell,dirt"])
def test_label_images_are_asked_for_the_class_of_their_objects(hands: Hands, tmp_path: Path, classes: str) -> None:
    objects_to_bring_in(tmp_path / "in")
    new(hands, tmp_path, "instance", classes)
    hands.tab.contents.begin_import([tmp_path / "in" / "images"])
    hands.ready()
    assert hands.button("import.add").isEnabled() == (classes == "cell")
    assert "other way round" not in hands.tab.contents.step._values._hint.text()
    if classes != "cell":
        hands.choose("masks.value.Each object", "dirt")
    hands.add()
    session = hands.context.session
    assert session.project is not None
    for item in session.items():
        layer = session.project.layers.mask(item.id)
        assert layer is not None
        found = session.project.layers.read_instances(layer, item.shape)
        assert found.present == (1, 2, 700)
        assert set(found.classes[list(found.present)]) == {1 if classes == "cell" else 2}


@pytest.mark.parametrize("chosen", ["in", "in/images"])
def test_coco_files_of_two_sets_come_in_together_and_label_images_beside_them_are_no_scans(
    hands: Hands, tmp_path: Path, chosen: str
) -> None:
    objects_to_bring_in(tmp_path / "in")
    (tmp_path / "in" / "masks").rename(tmp_path / "in" / "nuclei by number")
    for name, file in (("a", "instances_train.json"), ("b", "instances_val.json")):
        write(tmp_path / "in" / "images" / f"{name}.png", noise(ord(name)))
        about = {
            "images": [{"id": 1, "file_name": f"{name}.png"}],
            "annotations": [{"image_id": 1, "category_id": 1, "segmentation": [[5, 5, 20, 5, 20, 20, 5, 20]]}],
            "categories": [{"id": 1, "name": "cell"}],
        }
        (tmp_path / "in" / file).write_text(json.dumps(about))
    new(hands, tmp_path, "instance", "cell")
    hands.tab.contents.begin_import([tmp_path / chosen])
    hands.ready()
    if chosen == "in/images":
        assert hands.button("masks.beside").text() == "Use the masks in 2 COCO files"
        hands.click("masks.beside")
        hands.ready()
    assert hands.text("masks.where") == "2 COCO files"
    assert hands.text("import.summary") == "2 with a mask · 0 without" + (" · 2 left out" if chosen == "in" else "")
    hands.add()
    session = hands.context.session
    assert session.project is not None and [item.name[:1] for item in session.items()] == ["a", "b"]
    for item in session.items():
        layer = session.project.layers.mask(item.id)
        assert layer is not None and session.project.layers.read_instances(layer, item.shape).present == (1,)


def test_one_category_of_a_coco_file_is_not_the_wrong_way_round(hands: Hands, tmp_path: Path) -> None:
    """Its share is one of shapes, and says nothing of pixels."""
    new(hands, tmp_path, "binary", "lung")
    values = hands.tab.contents.step._values
    values.show_categories({"lung": 4}, parse_classes("lung"), False)
    assert values._hint.text() == "" and values.unsaid() == []


def test_masks_are_brought_to_images_that_are_there(
    hands: Hands, tmp_path: Path, pairs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of them comes in a second time, a mask that is there stays, and each is an edit that can be undone."""
    project, session = new(hands, tmp_path, "multiclass", "cytoplasm,nucleus"), hands.context.session
    hands.tab.contents.begin_import([pairs / "images"])
    hands.ready()
    hands.click("masks.none")
    hands.add()
    first, second = project.items.all()[:2]
    with hands.qtbot.waitSignal(session.current.image_changed, timeout=PATIENCE):
        session.current.open(first.id)
    own = np.zeros(second.shape, np.uint8)
    own[0, :3] = 1
    project.layers.replace(project.layers.make(second.id), pack(own))
    patients = hands.cells("Patient")
    hands.tab.contents.begin_bringing()
    assert hands.cells("Patient") == patients
    assert [cell != "no mask" for cell in hands.cells("Mask")] == [False, True, *[False] * 4], "as they are now"
    assert hands.button("import.add").text() == "Bring to 0 images" and not hands.button("import.add").isEnabled()
    assert hands.button("import.add").toolTip().startswith("Choose first where the masks are")
    chosen = str(pairs / "masks")
    monkeypatch.setattr("app.tabs.data.values.QFileDialog.getExistingDirectory", lambda *_: chosen)
    hands.click("masks.folder")
    hands.ready()
    assert hands.button("import.add").text() == "Bring to 5 images"
    hands.choose("masks.value.128", "nucleus")
    hands.add()
    hands.qtbot.waitUntil(lambda: session.current.mask is not None, timeout=PATIENCE)
    assert len(project.items.all()) == 6 and len(project.layers.masks()) == 5
    assert [one.reason for one in session.refused] == ["It has a mask already."]
    layer = project.layers.mask(second.id)
    assert layer is not None and np.array_equal(project.layers.read(layer, second.shape), own)
    assert session.current.item is not None and session.current.item.id == first.id, "it is open again"
    assert session.current.mask is not None and set(np.unique(session.current.mask.labels)) == {0, 2}
    assert [entry.name for entry in session.current.history()] == ["Imported mask"]
    session.current.undo()
    assert not session.current.mask.labels.any()
    hands.looked()


def test_an_image_that_is_left_out_keeps_its_mask(
    hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it the mask would be that of the only one of its name."""
    for number, name in ((1, "a"), (2, "a"), (3, "b")):
        write(tmp_path / "images" / f"p{number}" / f"{name}.png", noise(number))
    for file in ("p1/a.png", "p3/b.png"):
        write(tmp_path / "masks" / file, np.eye(40, 50, dtype=np.uint8))
    project = new(hands, tmp_path, "binary", "lung")
    hands.tab.contents.begin_import([tmp_path / "images"])
    hands.ready()
    hands.click("masks.none")
    hands.add()
    hands.tab.contents.begin_bringing()
    monkeypatch.setattr("app.tabs.data.values.QFileDialog.getExistingDirectory", lambda *_: str(tmp_path / "masks"))
    hands.click("masks.folder")
    hands.ready()
    assert hands.button("import.add").text() == "Bring to 2 images"
    (first,) = [id for id, one in hands.tab.contents.step._images if one.name == "p1/a"]
    hands.tab.contents.step.set_taken([first], False)
    assert hands.button("import.add").text() == "Bring to 1 image"
    hands.add()
    assert [project.items.get(id).name for id in project.layers.masks()] == ["b"]
    hands.looked()


def test_a_table_gives_classes_to_images_that_are_there(
    hands: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = with_table(hands, tmp_path, monkeypatch, "item,class\ni0,pneumonia\ni1,normal\n")
    hands.add()
    assert [item.label for item in project.items.all()] == [None, None]
    hands.tab.contents.begin_bringing()
    assert hands.button("import.add").toolTip().startswith("Choose a table of classes first")
    hands.click("classes.table")
    assert hands.button("import.add").text() == "Bring to 2 images"
    hands.add()
    assert [item.label for item in project.items.all()] == [1, 0]
    hands.looked()
