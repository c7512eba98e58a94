"""Splitting classes, combining them and cleaning up a part of the mask, as a hand does it in the real window."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from app.dialogs.clean_up import CleanUpDialog
from app.shell.context import AppContext
from app.shell.i18n import translate_stored
from app.tabs.label.tab import LabelTab
from engine.config import TrainConfig
from engine.labels.classes import parse_classes
from engine.labels.edit import Labels
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project
from tests.app.tabs.label.conftest import CONTROL, PATIENCE, Hand


def panel(hand: Hand, action: str) -> CleanUpDialog:
    hand.window.context.commands["clean_up"].trigger()
    dialog = hand.tab.cleaning.dialog
    assert dialog is not None
    dialog.action.setCurrentIndex(dialog.action.findData(action))
    return dialog


def choose(box: QComboBox, text: str) -> None:
    assert box.findText(text) >= 0, [box.itemText(at) for at in range(box.count())]
    box.setCurrentIndex(box.findText(text))


def proposed(hand: Hand) -> Labels:
    return next(layer.labels for layer in hand.canvas._layers if layer.name == "proposal")


def paint_parts(hand: Hand) -> Labels:
    """Liver in a large, a small and a tiny part on slices 3 and 4; kidney in another place."""
    for index in (3, 4):
        hand.go(index)
        hand.key(Qt.Key.Key_1)
        hand.square((3, 3), (16, 16))
        hand.square((3, 25), (11, 33))
        hand.square((30, 3), (31, 4))
    hand.key(Qt.Key.Key_2)
    hand.square((25, 25), (35, 35))
    hand.key(Qt.Key.Key_1)
    return hand.labels


def test_the_panel_leaves_what_it_shows_in_sight(hand: Hand) -> None:
    paint_parts(hand)
    dialog = panel(hand, "hollow")
    hand.qtbot.waitUntil(dialog.isVisible)
    scan = hand.canvas.rect().translated(hand.canvas.mapToGlobal(QPoint()))
    assert not dialog.frameGeometry().contains(scan.center())
    assert hand.window.geometry().contains(dialog.frameGeometry())


def test_parts_become_classes_in_one_step(hand: Hand) -> None:
    before = paint_parts(hand)
    dialog = panel(hand, "split")
    assert dialog.amount.suffix() == " mm²" and not dialog.of.button("all").isEnabled()
    hand.told("Classes: liver 1, liver 2; undo leaves them in the list")
    assert set(np.unique(proposed(hand))) == {0, 3, 4} and not proposed(hand)[3].any()
    layer = next(layer for layer in hand.canvas._layers if layer.name == "proposal")
    assert len(set(layer.colors[2:4])) == 2, "in the colours that they will have"
    assert [each.name for each in hand.session.classes] == ["liver", "kidney"], "nothing is done before Enter"
    hand.press("clean_up.scope.volume")
    hand.told("Classes: liver 1, liver 2")
    hand.key(Qt.Key.Key_Return)
    hand.rest()
    assert [each.name for each in hand.session.classes] == ["liver", "kidney", "liver 1", "liver 2"]
    assert len({each.color for each in hand.session.classes}) == 4
    one, two = before.copy(), before.copy()
    one[:, :, 20:], two[:, :, :20] = 0, 0
    assert np.array_equal(hand.labels == 3, (one == 1) & (np.indices(one.shape)[1] < 20))
    assert np.array_equal(hand.labels == 4, (two == 1)), "the largest is the first"
    assert (hand.labels[:, 28:, :10] == before[:, 28:, :10]).all(), "too small: it stays"
    assert hand.last == "Split into parts · liver"
    hand.key(Qt.Key.Key_Z, CONTROL)
    hand.rest()
    assert np.array_equal(hand.labels, before) and len(hand.session.classes) == 4


def test_it_says_why_nothing_is_split(hand: Hand) -> None:
    paint_parts(hand)
    dialog = panel(hand, "split")
    dialog.amount.setValue(150)
    hand.told("There is nothing to split: it is one part, or the others are smaller.")
    assert not dialog.buttons.yes.isEnabled()
    commands = hand.window.context.commands  # the panel may have the keyboard
    commands["background"].trigger()
    hand.told("Pick a class first: background is what is left.")
    commands["class_1"].trigger()
    commands["lock_class"].trigger()
    dialog.amount.setValue(20)
    hand.told("What would change is locked, or may not be painted over.")


def test_two_classes_are_joined_and_what_one_encloses_is_taken_away(hand: Hand) -> None:
    hand.go(4)
    hand.square((3, 3), (20, 20))
    hand.key(Qt.Key.Key_2)
    hand.square((8, 8), (12, 12))
    hand.square((28, 28), (34, 34))
    before = hand.labels
    kidney, inside = before == 2, np.indices(before.shape)[1] < 24
    dialog = panel(hand, "union")
    choose(dialog.other, "liver")
    liver = int((before == 1).sum())
    hand.told(f"{liver} pixels change")
    assert np.array_equal(hand.labels, before)
    dialog.action.setCurrentIndex(dialog.action.findData("minus"))
    hand.told("What liver encloses counts as in it")
    assert np.array_equal(proposed(hand) > 0, kidney & inside)
    dialog.action.setCurrentIndex(dialog.action.findData("intersection"))
    hand.qtbot.waitUntil(lambda: np.array_equal(proposed(hand) > 0, kidney & ~inside), timeout=PATIENCE)
    dialog.action.setCurrentIndex(dialog.action.findData("union"))
    hand.told(f"{liver} pixels change")
    hand.key(Qt.Key.Key_Return)
    hand.rest()
    assert np.array_equal(hand.labels == 2, before > 0) and hand.last == "Join with (union) · kidney · liver · 5"
    hand.key(Qt.Key.Key_Z, CONTROL)
    hand.rest()
    assert np.array_equal(hand.labels, before)


def test_locks_and_the_rule_hold_and_are_said(hand: Hand) -> None:
    hand.go(4)
    hand.square((3, 3), (20, 20))
    hand.key(Qt.Key.Key_2)
    hand.square((15, 15), (26, 26))
    hand.key(Qt.Key.Key_1)
    hand.key(Qt.Key.Key_K)
    hand.key(Qt.Key.Key_2)
    dialog = panel(hand, "union")
    hand.told("What would change is locked, or may not be painted over.")
    assert not dialog.buttons.yes.isEnabled()
    dialog.action.setCurrentIndex(dialog.action.findData("grow"))
    hand.told("more are locked, or may not be painted over")
    before = hand.labels
    hand.key(Qt.Key.Key_Escape)
    assert np.array_equal(hand.labels, before)


def test_some_slices_alone_are_cleaned(hand: Hand) -> None:
    for index in range(2, 7):
        hand.go(index)
        hand.square((3, 3), (16, 16))
        hand.square((30, 30), (31, 31))
    before = hand.labels
    hand.go(4)
    dialog = panel(hand, "small")
    hand.press("clean_up.scope.slices")
    assert (dialog.first.value(), dialog.last.value()) == (3, 7) and dialog.amount.suffix() == " mm³"
    dialog.last.setValue(5)
    dialog.amount.setValue(100)
    hand.told("on 3 slices")
    hand.key(Qt.Key.Key_Return)
    hand.rest()
    assert not hand.labels[2:5, 25:].any() and np.array_equal(hand.labels[5:], before[5:])
    assert np.array_equal(hand.labels[:, :25], before[:, :25]) and hand.last == "Remove small parts · liver · 3–5"


def predict(hand: Hand, predicted: Labels) -> None:
    """Give the open item a prediction of a new run."""
    project, item = hand.session.project, hand.session.current.item
    assert project is not None and item is not None
    run = project.runs.add(TrainConfig())
    project.layers.replace(project.layers.make(item.id, "prediction", run.id), pack(predicted))
    hand.session.predictions.use_run(run)
    hand.rest()


@pytest.mark.parametrize("action", ["union", "intersection", "minus"])
def test_a_class_meets_what_the_model_says(hand: Hand, action: str) -> None:
    hand.go(4)
    hand.square((3, 3), (20, 20))
    dialog = panel(hand, action)
    hand.press("clean_up.scope.volume")
    predicted = np.zeros_like(hand.labels)
    predicted[4:6, 12:30, 12:30] = 1
    predicted[4, 30:34, 12:30] = 2
    predict(hand, predicted)  # while the panel is open
    before = hand.labels
    assert dialog.other.findText("Prediction: kidney") >= 0
    choose(dialog.other, "Prediction: liver")
    mine, model = before == 1, predicted == 1
    wanted = {"union": mine | model, "intersection": mine & model, "minus": mine & ~model}[action]
    hand.told(f"{int((wanted != mine).sum())} pixels change")
    hand.press("clean_up_dialog.accept")
    hand.rest()
    assert np.array_equal(hand.labels == 1, wanted) and not (hand.labels == 2).any()
    assert hand.last.endswith("liver · Prediction: liver")
    assert hand.session.current.helped, "what is scored against it is scored against itself"
    hand.key(Qt.Key.Key_Z, CONTROL)
    hand.rest()
    assert np.array_equal(hand.labels, before) and not hand.session.current.helped


def test_a_mask_of_the_test_set_is_asked_about(hand: Hand) -> None:
    item = hand.session.current.item
    assert item is not None
    hand.session.assignments.set_splits({item.id: "test"})
    hand.go(4)
    hand.square((3, 3), (20, 20))
    before = hand.labels
    predict(hand, np.ones_like(before))
    for answer in ("no", "yes"):
        dialog = panel(hand, "union")
        choose(dialog.other, "Prediction: liver")
        hand.told("pixels change")
        hand.press("clean_up_dialog.accept")
        hand.rest()
        assert np.array_equal(hand.labels, before), "not before the answer"
        hand.press(f"test_reference_{answer}")
        hand.rest()
        assert (hand.labels == 1)[4].all() == (answer == "yes")
        hand.window.activateWindow()


CELLS = np.zeros((64, 64), np.uint16)
CELLS[5:15, 5:20], CELLS[5:15, 40:50], CELLS[30:40, 5:20], CELLS[50:52, 50:52] = 3, 3, 9, 9


@pytest.fixture
def cells(qtbot: QtBot, tmp_path: Path, open_label: Callable[[Path], LabelTab]) -> LabelTab:
    """A picture of two objects, each of which lies in two places."""
    for name, values in (("images", (CELLS > 0).astype(np.uint8) * 99), ("masks", CELLS)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.png").write_bytes(cv2.imencode(".png", values)[1].tobytes())
    with Project.create(tmp_path / "cells", "instance", parse_classes("cell,dirt")) as made:
        plan = ImportPlan((tmp_path / "images",), tmp_path / "masks", object_class="cell")
        result_of(import_images(made, plan))
    return open_label(tmp_path / "cells")


def cells_told(qtbot: QtBot, tab: LabelTab, text: str) -> None:
    dialog = tab.cleaning.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: text in dialog.told.text(), timeout=PATIENCE)


def test_parts_of_objects_become_objects(qtbot: QtBot, cells: LabelTab, context: AppContext) -> None:
    mask = context.session.current.mask
    assert mask is not None and mask.ids is not None and mask.objects is not None
    before = mask.ids.copy()
    context.commands["clean_up"].trigger()
    dialog = cells.cleaning.dialog
    assert dialog is not None
    dialog.action.setCurrentIndex(dialog.action.findData("split"))
    cells_told(qtbot, cells, "100 pixels change. 1 new object")
    layer = next(layer for layer in cells.scan.canvas._layers if layer.name == "proposal")
    assert layer.ids is not None and set(np.unique(layer.ids)) == {0, 10}, "in the hue that it will have"
    dialog.amount.setValue(2)
    cells_told(qtbot, cells, "104 pixels change. 2 new objects")
    dialog.buttons.yes.click()
    qtbot.waitUntil(lambda: not context.jobs.busy and not context.session.current.changing, timeout=PATIENCE)
    assert mask.objects.present == (3, 9, 10, 11) and [each.name for each in context.session.classes] == [
        "cell",
        "dirt",
    ]
    context.session.current.undo()
    assert np.array_equal(mask.ids, before)


def test_picked_objects_alone_are_cleaned(qtbot: QtBot, cells: LabelTab, context: AppContext) -> None:
    mask = context.session.current.mask
    assert mask is not None and mask.ids is not None
    context.commands["clean_up"].trigger()
    dialog = cells.cleaning.dialog
    assert dialog is not None and dialog.picked.isVisible() and not dialog.picked.isEnabled()
    dialog.action.setCurrentIndex(dialog.action.findData("small"))
    dialog.amount.setValue(120)
    cells_told(qtbot, cells, "104 pixels change")
    cells.objects.list.set_current(9)
    assert dialog.picked.isEnabled()
    dialog.picked.click()
    cells_told(qtbot, cells, "4 pixels change")
    dialog.buttons.yes.click()
    qtbot.waitUntil(lambda: not context.jobs.busy and not context.session.current.changing, timeout=PATIENCE)
    assert (mask.ids == 3).sum() == 250 and (mask.ids == 9).sum() == 150
    last = context.session.current.history()[-1].name
    assert translate_stored(last) == "Remove small parts · cell · picked objects"
