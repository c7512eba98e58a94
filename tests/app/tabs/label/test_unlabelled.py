"""What is unlabelled, in Label: it is picked by its row and its key, painted by every tool, kept, counted and named; and it is no class."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView, QMenu
from pytestqt.qtbot import QtBot

from app.dialogs.shortcuts import sections
from app.shell import keys
from app.shell.keys import Keys
from app.shell.window import MainWindow
from app.tabs.label.tab import LabelTab
from engine.config import TrainConfig
from engine.labels.classes import UNLABELLED, parse_classes
from engine.project.layers import pack
from engine.project.project import Project
from tests.app.tabs.label.conftest import CONTROL, NO, SHIFT, Hand

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def hand(hand: Hand) -> Hand:
    """With the right column beside the scan, not in its drawer."""
    hand.window.resize(1500, 900)
    hand.qtbot.waitUntil(lambda: row(hand).isVisible())
    return hand


def unlabelled(hand: Hand) -> None:
    """Its key, on the scan."""
    hand.key(Qt.Key.Key_K, SHIFT)
    assert hand.session.active_class == UNLABELLED


def row(hand: Hand) -> QListView:
    """The list of one row below the classes."""
    found = hand.tab.classes.list.findChild(QListView, "label.classes.unlabelled")
    assert found is not None
    return found


def classes(hand: Hand) -> QListView:
    found = hand.tab.classes.list.findChild(QListView, "label.classes.rows")
    assert found is not None
    return found


def spoken(view: QListView) -> str:
    return str(view.model().data(view.model().index(0, 0), Qt.ItemDataRole.AccessibleTextRole))


def part(hand: Hand, from_right: int) -> QPoint:
    """The eye (33) or the lock (8) of the row."""
    area = row(hand).visualRect(row(hand).model().index(0, 0))
    return QPoint(area.right() - 14 - from_right, area.center().y())


def at(hand: Hand, down: float, across: float) -> QPoint:
    return hand.canvas.to_screen((down, across)).toPoint()


def drag(
    hand: Hand,
    start: tuple[float, float],
    end: tuple[float, float],
    button: Qt.MouseButton = LEFT,
) -> None:
    QTest.mousePress(hand.canvas, button, NO, at(hand, *start))
    QTest.mouseMove(hand.canvas, at(hand, (start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
    QTest.mouseMove(hand.canvas, at(hand, *end))
    QTest.mouseRelease(hand.canvas, button, NO, at(hand, *end))
    hand.rest()


def brush(hand: Hand) -> None:
    hand.key(Qt.Key.Key_B)
    drag(hand, (20, 10), (20, 30))


def polygon(hand: Hand) -> None:
    hand.square((8, 8), (25, 30))


def shape(hand: Hand, key: Qt.Key) -> None:
    hand.key(key)
    drag(hand, (8, 8), (25, 30))


def contour(hand: Hand) -> None:
    hand.key(Qt.Key.Key_H)
    QTest.mousePress(hand.canvas, LEFT, NO, at(hand, 10, 10))
    for corner in ((10, 30), (25, 30), (25, 10)):
        QTest.mouseMove(hand.canvas, at(hand, *corner))
    QTest.mouseRelease(hand.canvas, LEFT, NO, at(hand, 25, 10))
    hand.rest()


def fill(hand: Hand) -> None:
    """Into a square of a class, which becomes unlabelled."""
    hand.key(Qt.Key.Key_1)
    hand.square((8, 8), (25, 30))
    unlabelled(hand)
    hand.key(Qt.Key.Key_F)
    QTest.mouseClick(hand.canvas, LEFT, NO, at(hand, 16, 20))
    hand.rest()


def live_wire(hand: Hand) -> None:
    hand.key(Qt.Key.Key_L)
    for corner in ((8, 8), (8, 30), (25, 30), (25, 8)):
        QTest.mouseMove(hand.canvas, at(hand, *corner))
        QTest.mouseClick(hand.canvas, LEFT, NO, at(hand, *corner))
        hand.rest()
    hand.key(Qt.Key.Key_Return)
    hand.rest()


TOOLS = {
    "Brush": brush,
    "Polygon": polygon,
    "Freehand contour": contour,
    "Rectangle": lambda hand: shape(hand, Qt.Key.Key_T),
    "Ellipse": lambda hand: shape(hand, Qt.Key.Key_Y),
    "Fill": fill,
    "Live-wire": live_wire,
}


@pytest.mark.parametrize("name", TOOLS)
def test_every_tool_paints_it_and_undo_takes_it_back(hand: Hand, name: str) -> None:
    unlabelled(hand)
    before = hand.labels
    TOOLS[name](hand)
    painted = hand.labels
    assert (painted == UNLABELLED).any() and set(np.unique(painted)) == {0, UNLABELLED}
    assert hand.last.startswith(f"{name} · Unlabelled · ")
    if name == "Fill":  # the square below it goes by a second step
        hand.key(Qt.Key.Key_Z, CONTROL)
    hand.key(Qt.Key.Key_Z, CONTROL)
    hand.rest()
    assert np.array_equal(hand.labels, before)


def test_the_eraser_and_the_right_button_take_it_away(hand: Hand) -> None:
    unlabelled(hand)
    hand.square((5, 5), (35, 45))
    hand.key(Qt.Key.Key_E)
    drag(hand, (12, 10), (12, 40))
    assert (hand.labels[hand.canvas.index, 12, 10:40] == 0).all()
    hand.key(Qt.Key.Key_B)
    drag(hand, (28, 10), (28, 40), RIGHT)
    assert (hand.labels[hand.canvas.index, 28, 10:40] == 0).all() and (hand.labels == UNLABELLED).any()
    assert set(np.unique(hand.labels)) == {0, UNLABELLED}


def test_it_is_on_disk_and_in_no_class(hand: Hand) -> None:
    unlabelled(hand)
    brush(hand)
    project, item = hand.session.project, hand.session.current.item
    assert project is not None and item is not None
    with Project.open(project.path, write=False) as read:
        layer = read.layers.mask(item.id)
        assert layer is not None and np.array_equal(read.layers.read(layer, item.shape), hand.labels)
    assert [one.name for one in hand.session.classes] == ["liver", "kidney"]


# The row ---------------------------------------------------------------------------------------------------------------


def test_its_row_stands_below_the_classes_with_its_key_and_amount(hand: Hand) -> None:
    assert row(hand).isVisible() and spoken(row(hand)) == "Unlabelled, visible, not locked"
    below = row(hand).mapTo(hand.tab.classes, QPoint(0, 0)).y()
    assert below == classes(hand).mapTo(hand.tab.classes, QPoint(0, classes(hand).height())).y()
    QTest.mouseClick(row(hand).viewport(), LEFT, pos=QPoint(60, 12))
    assert hand.session.active_class == UNLABELLED == hand.tab.classes.list.current()
    assert not classes(hand).currentIndex().isValid(), "one of them is picked"
    brush(hand)
    count = int((hand.labels == UNLABELLED).sum())
    assert count and spoken(row(hand)).startswith(f"Unlabelled, {count * 3 / 1000:.2f}")
    (line,) = [line for _, lines in sections() for line in lines if line.text.startswith("Unlabelled")]
    assert line.keys == ("Shift+K",)
    assert row(hand).model().rows[0].label.key == "Shift+K"  # type: ignore[attr-defined]
    keys.save(Keys(changes={"unlabelled": ("Ctrl+Shift+K",)}))
    assert row(hand).model().rows[0].label.key == "Ctrl+Shift+K"  # type: ignore[attr-defined]


def test_arrows_lead_from_the_last_class_to_it_and_back(hand: Hand) -> None:
    view = classes(hand)
    view.setFocus()
    for expected in (2, UNLABELLED):
        QTest.keyClick(view, Qt.Key.Key_Down)
        assert hand.session.active_class == expected
    hand.qtbot.waitUntil(row(hand).hasFocus)
    QTest.keyClick(row(hand), Qt.Key.Key_Up)
    assert hand.session.active_class == 2 and view.hasFocus()


def test_it_is_seen_alone_and_stays_as_it_is_beside_one_class(hand: Hand) -> None:
    alt, overlay = Qt.KeyboardModifier.AltModifier, hand.tab.scan.overlay
    for hidden in ({1, 2}, set()):
        QTest.mouseClick(row(hand).viewport(), LEFT, alt, part(hand, 33))
        assert overlay.options.hidden == hidden and hand.session.active_class == UNLABELLED
    QTest.mouseClick(row(hand).viewport(), LEFT, pos=part(hand, 33))
    first = classes(hand).visualRect(classes(hand).model().index(0, 0))
    eye = QPoint(first.right() - 14 - 33, first.center().y())
    QTest.mouseClick(classes(hand).viewport(), LEFT, alt, eye)
    assert overlay.options.hidden == {2, UNLABELLED} and hand.session.active_class == 1
    QTest.mouseClick(row(hand).viewport(), LEFT, pos=QPoint(20, 12))
    assert hand.session.active_class == UNLABELLED, "its sign is a part of the row"


def test_it_can_be_hidden_and_locked_and_that_is_kept(hand: Hand) -> None:
    unlabelled(hand)
    hand.square((5, 5), (20, 20))
    for from_right, said in ((33, "hidden"), (8, "locked")):
        QTest.mouseClick(row(hand).viewport(), LEFT, pos=part(hand, from_right))
        assert said in spoken(row(hand))
    assert hand.tab.scan.overlay.options.hidden == {UNLABELLED} == hand.session.kept_classes("hidden classes")
    assert hand.session.locked == {UNLABELLED} == hand.session.kept_classes("locked classes")
    before = hand.labels
    hand.key(Qt.Key.Key_1)
    hand.square((5, 5), (30, 30))
    assert np.array_equal(hand.labels == UNLABELLED, before == UNLABELLED)
    unlabelled(hand)
    hand.key(Qt.Key.Key_K)
    assert "Unlabelled is not locked any more." in hand.note
    brush(hand)
    assert not hand.tab.scan.overlay.options.hidden, "what is painted is seen"
    assert "Unlabelled was hidden" in hand.note


@pytest.mark.qt_log_ignore("does not support", extend=True)  # menus, on a screen that is not there
def test_it_is_no_class_to_be_renamed_recoloured_or_removed(hand: Hand) -> None:
    unlabelled(hand)
    heard = hand.tab.classes.list
    row(hand).setFocus()
    for signal, key in ((heard.color_asked, Qt.Key.Key_C), (heard.remove_asked, Qt.Key.Key_Delete)):
        with hand.qtbot.assertNotEmitted(signal):
            QTest.keyClick(row(hand), key)
    QTest.keyClick(row(hand), Qt.Key.Key_F2)
    assert row(hand).state() != QListView.State.EditingState
    at_row = row(hand).viewport().mapTo(heard, QPoint(60, 12))
    QApplication.sendEvent(heard, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at_row, heard.mapToGlobal(at_row)))
    (menu,) = heard.findChildren(QMenu)
    assert [action.text() for action in menu.actions()] == ["Hide", "Only this one", "Show all", "Lock"]
    menu.close()
    hand.key(Qt.Key.Key_Period)
    assert hand.session.active_class == 1, "the next class is the first"
    unlabelled(hand)
    hand.key(Qt.Key.Key_X)
    assert hand.session.active_class == 0
    hand.key(Qt.Key.Key_X)
    assert hand.session.active_class == UNLABELLED


def test_it_stays_picked_and_hidden_when_classes_come_and_go(qtbot: QtBot, hand: Hand) -> None:
    unlabelled(hand)
    QTest.mouseClick(row(hand).viewport(), LEFT, pos=part(hand, 33))
    hand.session.set_classes(parse_classes("liver,kidney,spleen"))
    assert hand.session.active_class == UNLABELLED == hand.tab.classes.list.current()
    with qtbot.waitSignal(hand.session.class_removal_ended, timeout=20_000):
        hand.session.remove_class(1)
    hand.rest()
    assert [one.name for one in hand.session.classes] == ["kidney", "spleen"]
    assert hand.session.active_class == UNLABELLED == hand.tab.classes.list.current()
    assert hand.session.kept_classes("hidden classes") == {UNLABELLED} == hand.tab.scan.overlay.options.hidden


def test_whole_images_have_no_such_row(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    with Project.create(tmp_path / "films.contorno", "classification", parse_classes("a,b")):
        pass
    window.open_paths([tmp_path / "films.contorno"])
    window.show_tab("label")
    tab = window.tab("label")
    assert isinstance(tab, LabelTab)
    found = tab.classes.list.findChild(QListView, "label.classes.unlabelled")
    assert found is not None and not found.isVisible()
    window.context.session.pick_class(UNLABELLED)
    assert window.context.session.active_class == 1


# What else knows it ----------------------------------------------------------------------------------------------------


def test_the_prediction_leaves_it_as_it_is_and_it_never_counts_in_dice(hand: Hand) -> None:
    project, item = hand.session.project, hand.session.current.item
    assert project is not None and item is not None
    said = np.zeros(item.shape, np.uint8)
    said[:, 5:30, 5:30] = 1
    run = project.runs.add(TrainConfig())
    project.layers.replace(project.layers.make(item.id, "prediction", run.id), pack(said))
    hand.session.predictions.use_run(run)
    hand.rest()
    unlabelled(hand)
    hand.square((10, 10), (20, 20))
    void = hand.labels == UNLABELLED
    hand.key(Qt.Key.Key_U, CONTROL)
    hand.rest()
    assert np.array_equal(hand.labels, np.where(void, np.uint8(UNLABELLED), said))
    live = hand.session.predictions.live
    assert live is not None and live.scores.classes[0].dice == 1.0
    assert live.scores.classes[0].predicted == int((said == 1).sum() - void.sum())
    hand.tab.scan.overlay.set(errors=True)
    QTest.mouseClick(row(hand).viewport(), LEFT, pos=part(hand, 33))
    errors = next(layer for layer in hand.tab.scan.overlay.layers if layer.name == "errors")
    hand.qtbot.waitUntil(lambda: errors.labels[hand.canvas.index].any())
    assert not errors.labels[void].any(), "hidden or not, nothing there is too much"
    take = hand.window.context.commands["use_prediction_class"]
    assert not take.isEnabled() and "no prediction knows what is unlabelled" in take.toolTip()


def test_alt_click_picks_it_and_the_status_line_names_it(hand: Hand) -> None:
    unlabelled(hand)
    hand.square((5, 5), (20, 20))
    hand.key(Qt.Key.Key_1)
    QTest.mouseMove(hand.canvas, at(hand, 10, 10))
    hand.qtbot.waitUntil(lambda: "Unlabelled" in hand.window.context.status.place())
    QTest.mouseClick(hand.canvas, LEFT, Qt.KeyboardModifier.AltModifier, at(hand, 10, 10))
    assert hand.session.active_class == UNLABELLED


def test_clean_up_is_of_a_class_or_of_all_of_them(hand: Hand) -> None:
    hand.square((5, 5), (20, 20))
    unlabelled(hand)
    hand.key(Qt.Key.Key_L, CONTROL)
    dialog = hand.tab.cleaning.dialog
    assert dialog is not None and not dialog.of.button("one").isEnabled() and dialog.only is None
    dialog.action.setCurrentIndex(dialog.action.findData("split"))
    hand.told("Pick a class first")


def test_what_is_between_can_be_filled_of_it_alone(hand: Hand) -> None:
    unlabelled(hand)
    for index in (2, 5):
        hand.go(index)
        hand.square((5, 5), (20, 20))
    for index in (3, 4):  # painted: of all classes nothing lies between
        hand.go(index)
        hand.key(Qt.Key.Key_1)
        hand.square((30, 30), (35, 35))
    unlabelled(hand)
    hand.key(Qt.Key.Key_I)
    hand.proposed("Fills 2 slices")
    hand.key(Qt.Key.Key_Return)
    hand.rest()
    assert (hand.labels[3:5, 8:18, 8:18] == UNLABELLED).all()
