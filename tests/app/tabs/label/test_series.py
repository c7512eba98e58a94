"""The volumes of one series in Label: one row that opens, and a key from one to the next at the same place."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.label.tab import LabelTab
from app.tabs.tab import Tab
from engine.imaging.image import Window
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project

_CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def tab(
    qtbot: QtBot, context: AppContext, cine: Path, tmp_path: Path, show_tab: Callable[[str, Tab], None]
) -> LabelTab:
    """The tab on the first phase of the heart, all thumbnails made."""
    with Project.create(tmp_path / "hearts", "multiclass", parse_classes("left,right")) as made:
        done = result_of(import_images(made, ImportPlan((cine,))))
    assert [item.name for item in done.added] == [
        "cine sax phase 1 of 4", "cine sax phase 2 of 4", "cine sax phase 3 of 4", "cine sax phase 4 of 4", "dual echo echo 1", "dual echo echo 2"
    ]  # fmt: skip
    tab = LabelTab(context)
    show_tab("label", tab)
    context.session.open_project(made.path)
    go(qtbot, context, "cine sax phase 1 of 4")
    qtbot.waitUntil(lambda: not context.jobs.busy)
    return tab


def go(qtbot: QtBot, context: AppContext, name: str) -> None:
    project = context.session.project
    assert project is not None
    context.session.current.open(project.items.named(name).id)
    arrived(qtbot, context, name)


def arrived(qtbot: QtBot, context: AppContext, name: str) -> None:
    current = context.session.current
    qtbot.waitUntil(lambda: current.item is not None and current.item.name == name and current.image is not None)


def titles(tab: LabelTab) -> list[str]:
    return [row.title for row in tab.items.list.item_rows()]


def status(context: AppContext) -> str:
    return context.status.place()


def test_series_is_one_row_that_opens_and_closes(qtbot: QtBot, context: AppContext, tab: LabelTab) -> None:
    items = tab.items.list
    assert titles(tab) == ["cine sax", "dual echo"]
    assert [row.subtitle for row in items.item_rows()] == ["phase 1 of 4", "echo 1 · 1 / 2"]
    before = context.session.current.item

    def press_sign(row: int) -> None:
        place = items.visualRect(items.model().index(row, 0))
        at = place.topLeft() + QPoint(10, place.height() // 2)
        QTest.mouseClick(items.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)

    press_sign(1)
    assert titles(tab) == ["cine sax", "dual echo", "echo 2 · 2 / 2"]
    press_sign(0)
    assert titles(tab)[:4] == ["cine sax", *(f"phase {n} of 4" for n in (2, 3, 4))]
    assert context.session.current.item is before  # a sign opens a row, and no item
    go(qtbot, context, "cine sax phase 3 of 4")
    press_sign(0)
    assert titles(tab) == ["cine sax", "dual echo", "echo 2 · 2 / 2"]
    assert items.item_rows()[0].subtitle == "phase 3 of 4" and items.current() == items.item_rows()[0].id
    tab.items.search.setText("dual")
    qtbot.waitUntil(lambda: titles(tab) == ["dual echo", "echo 2 · 2 / 2"])
    tab.items.search.setText("")
    qtbot.waitUntil(lambda: titles(tab) == ["cine sax", "dual echo", "echo 2 · 2 / 2"])  # as it was left


def test_arrows_open_and_close_as_in_a_tree(tab: LabelTab) -> None:
    items = tab.items.list
    items.setFocus()
    for key, rows in ((Qt.Key.Key_Left, 2), (Qt.Key.Key_Right, 5), (Qt.Key.Key_Right, 5), (Qt.Key.Key_Left, 2)):
        QTest.keyClick(items, key)
        assert len(titles(tab)) == rows


def test_key_goes_through_the_phases_at_the_same_place(qtbot: QtBot, context: AppContext, tab: LabelTab) -> None:
    canvas = tab.scan.canvas
    go(qtbot, context, "cine sax phase 2 of 4")
    canvas.set_slice(0)  # is left again, and must not be gone back to
    go(qtbot, context, "cine sax phase 1 of 4")
    canvas.set_slice(2)
    canvas.set_window(Window(150.0, 300.0))
    canvas.zoom_in()
    look = canvas.look
    canvas.setFocus()
    assert status(context).endswith("phase 1 of 4")
    # the third phase lacks the lowest slice: the same place has another number there
    for number, index in ((2, 2), (3, 1), (4, 2), (1, 2)):
        time = f"phase {number} of 4"
        QTest.keyClick(canvas, Qt.Key.Key_Right, _CONTROL)
        arrived(qtbot, context, f"cine sax {time}")
        assert canvas.index == index and canvas.look.window == look.window
        assert canvas.zoom == pytest.approx(look.zoom) and canvas.look.middle == pytest.approx(look.middle, abs=0.6)
        image = context.session.current.image
        assert image is not None and int(image.pixels[canvas.index, 0, 0]) == 100 * number + 2
        assert status(context).endswith(time)
        assert tab.items.list.item_rows()[0].subtitle == time and len(titles(tab)) == 2
    QTest.keyClick(canvas, Qt.Key.Key_Left, _CONTROL)
    arrived(qtbot, context, "cine sax phase 4 of 4")
    go(qtbot, context, "dual echo echo 2")
    assert status(context).endswith("echo 2 · 2 / 2")


def test_keys_pressed_before_the_image_came_keep_the_place(qtbot: QtBot, context: AppContext, tab: LabelTab) -> None:
    tab.scan.canvas.set_slice(2)
    for _ in range(3):
        QTest.keyClick(tab.scan.canvas, Qt.Key.Key_Right, _CONTROL)
    arrived(qtbot, context, "cine sax phase 4 of 4")
    assert tab.scan.canvas.index == 2


def test_next_item_passes_the_series_and_next_to_do_does_not(qtbot: QtBot, context: AppContext, tab: LabelTab) -> None:
    session, order = context.session, tab.order()
    session.walk.step(1, among=order)
    arrived(qtbot, context, "dual echo echo 1")
    go(qtbot, context, "cine sax phase 1 of 4")
    for name in ("cine sax phase 2 of 4", "cine sax phase 3 of 4", "cine sax phase 4 of 4", "dual echo echo 1"):
        assert session.current.item is not None
        context.commands["approve"].trigger()
        arrived(qtbot, context, name)


def test_command_says_why_it_is_off(qtbot: QtBot, context: AppContext, tab: LabelTab) -> None:
    action = context.commands["next_part"]
    assert action.isEnabled()
    assert context.session.project is not None
    ids = [
        item.id
        for item in context.session.items()
        if item.name.startswith("cine") and item.name != "cine sax phase 1 of 4"
    ]
    context.session.remove_items(ids)
    assert not action.isEnabled() and "not one of several" in action.toolTip()
    assert titles(tab) == ["cine sax phase 1 of 4", "dual echo"]
