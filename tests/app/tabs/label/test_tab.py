import math
import shutil
import sys
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path

import cv2
import nibabel as nib
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QShortcut, QShortcutEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QColorDialog, QLabel, QScrollArea, QSlider, QWidget
from pytestqt.qtbot import QtBot

from app.shell import i18n, settings
from app.shell.actions import TABLE
from app.shell.context import AppContext
from app.shell.i18n import translate_stored
from app.shell.settings import Settings
from app.tabs.label.classes import amount_words
from app.tabs.label.tab import LabelTab
from app.tabs.scan.overlay import OverlayOptions
from app.tabs.scan.view import ScanView
from app.tabs.tab import Tab
from engine.config import TrainConfig
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project
from engine.scoring.render import ERROR_COLORS, MISSED, RIGHT, TOO_MUCH
from engine.words import stored_words
from widgets import hold_to_toggle, theme
from widgets.column_parts import SCROLL_BAR
from widgets.controls import IconButton
from widgets.item_list import ItemRow
from widgets.object_tools import SplitTool
from widgets.toolbox import MEASURE_TOOLS, TOOLBOX

Show = Callable[[str, Tab], None]
_LEFT, _RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def tab(context: AppContext, project: Path, open_label: Callable[[Path], LabelTab]) -> LabelTab:
    """The tab on item "a" of the small project, all thumbnails made."""
    return open_label(project)


def at(tab: LabelTab, down: float, across: float) -> QPoint:
    return tab.scan.canvas.to_screen((down, across)).toPoint()


def paint(tab: LabelTab, down: float, across: float, to: float, button: Qt.MouseButton = _LEFT) -> None:
    """A stroke from (down, across) to (down, to) as a hand makes it."""
    canvas = tab.scan.canvas
    QTest.mousePress(canvas, button, pos=at(tab, down, across))
    QTest.mouseMove(canvas, at(tab, down, (across + to) / 2))
    QTest.mouseMove(canvas, at(tab, down, to))
    QTest.mouseRelease(canvas, button, pos=at(tab, down, to))


def predicted(context: AppContext, labels: np.ndarray) -> None:
    """Give the open item a prediction of a new run."""
    project, item = context.session.project, context.session.current.item
    assert project is not None and item is not None
    run = project.runs.add(TrainConfig())
    project.layers.replace(project.layers.make(item.id, "prediction", run.id), pack(labels))
    context.session.predictions.use_run(run)


def labels(context: AppContext) -> np.ndarray:
    assert context.session.current.mask is not None
    return context.session.current.mask.labels


def row(tab: LabelTab, place: int) -> ItemRow:
    return tab.items.list.item_rows()[place]


def make_volumes(folder: Path, count: int) -> Path:
    """A binary project of NIfTI volumes of 6 slices, voxels of 2 x 2 x 5 mm."""
    path = folder / "v.contorno"
    files = []
    for number in range(count):
        pixels = np.random.default_rng(number).normal(size=(40, 30, 6)).astype(np.float32)
        files.append(folder / f"v{number}.nii.gz")
        nib.save(nib.Nifti1Image(pixels, np.diag([2.0, 2.0, 5.0, 1.0])), files[-1])
    with Project.create(path, "binary", parse_classes("lesion")) as project:
        for _ in import_images(project, ImportPlan(tuple(files))):
            pass
    return path


def test_a_stroke_is_on_disk_when_the_button_is_released(tab: LabelTab, context: AppContext, project: Path) -> None:
    before = labels(context).copy()
    paint(tab, 40, 5, 30)
    now = labels(context).copy()
    assert (now[0, 40, 5:30] == 1).all() and not (before[0, 40, 5:30] == 1).any()
    assert tab.history.list.item(0).text() == "Brush · disc"
    with Project.open(project, write=False) as read:
        item = read.items.named("a")
        layer = read.layers.mask(item.id)
        assert layer is not None and (read.layers.read(layer, item.shape) == now).all()


def test_right_button_erases_and_undo_names_what_it_takes_back(tab: LabelTab, context: AppContext) -> None:
    before = labels(context).copy()
    paint(tab, 22, 10, 26, _RIGHT)
    assert not labels(context)[0, 22, 10:26].any()
    undo = tab.findChild(QWidget, "label.undo")
    assert undo is not None and "Eraser" in undo.toolTip()
    QTest.mouseClick(undo, _LEFT)
    assert (labels(context) == before).all()


def test_amounts_follow_each_edit_without_counting_again(tab: LabelTab, context: AppContext) -> None:
    def shown() -> list[str]:
        model = tab.classes.list.findChild(QWidget, "label.classes.rows").model()  # type: ignore[union-attr]
        return [row.amount for row in model.rows]

    def counted() -> list[str]:
        image = context.session.current.image
        assert image is not None
        return [amount_words(int((labels(context) == value).sum()), image) for value in (1, 2)]

    assert shown() == counted() and shown()[0].endswith("px")
    first = shown()
    paint(tab, 40, 5, 30)
    assert shown() == counted() != first
    context.session.current.undo()
    assert shown() == counted() == first


def test_digits_pick_classes_and_letters_pick_tools(tab: LabelTab, context: AppContext) -> None:
    canvas = tab.scan.canvas
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_2)
    assert context.session.active_class == 2 and tab.classes.list.current() == 2
    QTest.keyClick(canvas, Qt.Key.Key_E)
    assert tab.tool == "eraser" and context.commands["eraser"].isChecked() and not context.commands["brush"].isChecked()
    QTest.keyClick(canvas, Qt.Key.Key_R)
    assert tab.tool == "brush"
    QTest.keyClick(canvas, Qt.Key.Key_X)
    assert context.session.active_class == 0
    QTest.keyClick(canvas, Qt.Key.Key_X)
    assert context.session.active_class == 2
    QTest.keyClick(canvas, Qt.Key.Key_Period)
    assert context.session.active_class == 1


def test_keys_of_classes_say_at_the_pointer_what_they_did(tab: LabelTab, context: AppContext) -> None:
    """The list may be out of sight, as in a narrow window."""
    canvas, session = tab.scan.canvas, context.session
    canvas.setFocus()

    def said(key: Qt.Key) -> str:
        tab.note.hide()
        QTest.keyClick(canvas, key)
        return tab.note.text() if tab.note.isVisible() else ""

    session.pick_class(1)
    assert said(Qt.Key.Key_K) == "disc is locked." and session.locked == {1}
    assert said(Qt.Key.Key_K) == "disc is not locked any more." and not session.locked
    assert said(Qt.Key.Key_7) == "There is no class 7." and session.active_class == 1
    for key, wanted in ((Qt.Key.Key_Period, 1), (Qt.Key.Key_Comma, 2)):
        session.pick_class(0)
        assert said(Qt.Key.Key_K) == "The background has no lock: pick a class first."
        QTest.keyClick(canvas, key)
        assert session.active_class == wanted, "the first after the background, and the last before it"


def test_tool_buttons_follow_the_commands(tab: LabelTab, context: AppContext) -> None:
    button = tab.findChild(QWidget, "label.tool.polygon")
    assert button is not None
    for _ in range(2):  # the second click must not let go of the tool
        QTest.mouseClick(button, _LEFT)
        assert tab.tool == "polygon" and context.commands["polygon"].isChecked() and button.isChecked()  # type: ignore[attr-defined]
    assert not tab.options.radius.isVisible() and tab.options.over.isVisible()


def test_each_tool_has_its_button_its_hints_and_what_it_can_be_set_to(tab: LabelTab, context: AppContext) -> None:
    of_objects = {SplitTool.name}  # its button stands with their list
    measures = {tool.name for tool in MEASURE_TOOLS}  # one button has them all
    of_group = {command.id for command in TABLE if command.group == "tool"}
    assert of_group == {tool.name for tool in TOOLBOX} | of_objects | measures
    for tool in TOOLBOX:
        button = tab.findChild(IconButton, f"label.tool.{tool.name}")
        assert button is not None and not button.icon().isNull()
        QTest.mouseClick(button, _LEFT)
        assert type(tab.scan.canvas.tool) is tool and button.isChecked()
        assert tab.options.radius.isVisible() == tool.sized and tab.options.over.isVisible() == tool.paints_over
        hints = tab.scan.canvas.tool.hints(1)
        assert hints and not any("slice" in hint for hint in hints), "a picture has none to go through"


def test_brush_grows_by_key_and_stays_with_the_person(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    radius = tab.options.radius.radius
    QTest.keyClick(tab.scan.canvas, Qt.Key.Key_Plus)
    assert tab.options.radius.radius == pytest.approx(radius * 1.2)
    assert tab.scan.canvas.context.radius == pytest.approx(radius * 1.2)
    with qtbot.waitSignal(
        tab.scan.image_shown, timeout=20000, check_params_cb=lambda: context.session.current.image is not None
    ):
        context.session.walk.step(1)
    assert tab.options.radius.radius == pytest.approx(radius * 1.2, rel=1e-3)


def test_paint_over_only_background(tab: LabelTab, context: AppContext) -> None:
    square = (labels(context) == 2).copy()
    tab.options.over.setCurrentIndex(tab.options.over.findData(0))
    paint(tab, 18, 30, 60)
    assert ((labels(context) == 2) == square).all() and labels(context)[0, 18, 32] == 1


def test_a_locked_class_is_left_alone_and_refuses_the_brush(tab: LabelTab, context: AppContext) -> None:
    before = labels(context).copy()
    context.commands["class_2"].trigger()
    context.commands["lock_class"].trigger()
    assert context.session.locked == {2}
    paint(tab, 18, 30, 60)
    assert (labels(context) == before).all()
    assert tab.note.isVisible() and "square is locked" in tab.note.text()
    context.commands["class_1"].trigger()
    paint(tab, 18, 30, 60)
    assert ((labels(context) == 2) == (before == 2)).all() and (labels(context) != before).any()
    context.commands["class_2"].trigger()
    context.commands["lock_class"].trigger()
    assert not context.session.locked


def test_a_note_that_is_longer_than_the_scan_is_wide_is_whole(tab: LabelTab) -> None:
    note = tab.note
    note.say("short")
    line = note.height()
    note.say(" ".join(["word"] * 100))
    assert note.width() <= tab.scan.width() - 16 and note.height() > 1.5 * line
    assert note.height() >= note.heightForWidth(note.width())
    note.say("short")
    assert note.height() == line and note.width() < 200


def test_the_note_goes_when_the_pointer_comes_to_what_it_hides(tab: LabelTab) -> None:
    canvas, note = tab.scan.canvas, tab.note
    QTest.mouseMove(canvas, QPoint(80, 90))
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(80, 90))
    note.say("a long word for what was not done")
    assert note.isVisible()
    QTest.mouseMove(canvas, QPoint(60, 80))
    assert note.isVisible()
    QTest.mouseMove(canvas, canvas.mapFromGlobal(note.mapToGlobal(note.rect().center())))
    assert not note.isVisible()
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(80, 90))
    low = QPoint(canvas.width() // 2, canvas.height() - 10)
    QTest.mouseMove(canvas, low)
    note.say("a long word for what was not done")
    assert note.isVisible() and not note.geometry().contains(canvas.mapTo(tab.scan, low))


def test_a_hidden_class_is_not_drawn(tab: LabelTab, context: AppContext) -> None:
    tab.classes.list.visibility_changed.emit(2, False)
    assert tab.scan.overlay.options.hidden == {2}
    tab.classes.list.visibility_changed.emit(2, True)
    assert not tab.scan.overlay.options.hidden


def test_classes_are_added_renamed_and_recoloured(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    context.commands["add_class"].trigger()
    assert [each.name for each in context.session.classes] == ["disc", "square", "Class 3"]
    assert context.session.active_class == 3
    tab.classes.list.renamed.emit(3, "ring")
    assert context.session.classes[2].name == "ring"
    assert tab.options.over.findText("Only ring") > 0
    tab.classes.list.color_asked.emit(1)
    dialog = tab.classes.findChild(QColorDialog)
    assert dialog is not None
    dialog.setCurrentColor(QColor("#102030"))
    with qtbot.waitSignal(context.session.classes_changed):
        dialog.accept()
    assert context.session.classes[0].color == "#102030"


def test_live_dice_moves_with_a_stroke(tab: LabelTab, context: AppContext) -> None:
    assert not tab.dice.bars.isVisible()
    predicted(context, labels(context).copy())
    assert tab.dice.bars.isVisible()
    words = tab.dice.bars.accessibleDescription
    assert words() == "disc 1.00, square 1.00"
    paint(tab, 40, 5, 40)
    assert words() != "disc 1.00, square 1.00" and words().endswith("square 1.00")
    context.commands["undo"].trigger()
    assert words() == "disc 1.00, square 1.00"


def test_use_as_mask_is_one_step_back(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    before = labels(context).copy()
    wanted = np.roll(before, 3, axis=2)
    predicted(context, wanted)
    context.session.predictions.copy_to_mask()
    assert (labels(context) == wanted).all()
    assert tab.history.list.item(0).text().startswith("Prediction taken")
    context.session.current.undo()
    assert (labels(context) == before).all()


def test_prediction_is_shown_and_hidden_by_its_command(tab: LabelTab, context: AppContext) -> None:
    assert not context.commands["show_prediction"].isEnabled()
    predicted(context, labels(context).copy())
    shown = tab.scan.overlay.options.prediction
    context.commands["show_prediction"].trigger()
    assert tab.scan.overlay.options.prediction is not shown
    context.commands["outline"].trigger()
    assert tab.scan.overlay.options.outline


def test_each_layer_has_its_style_and_strength_and_keeps_them(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    before = labels(context).copy()
    predicted(context, np.roll(before, 3, axis=2))
    tab.scan.overlay.set(prediction=True)
    rows = tab.layers.layers.rows
    assert rows["mask"].styles.current() == "both" and rows["prediction"].styles.current() == "outline"
    QTest.mouseClick(rows["prediction"].styles.button("both"), _LEFT)
    rows["prediction"].slider.set_value(0.6)
    rows["prediction"].slider.changed.emit(0.6)
    mask, prediction = (each.layer for each in tab.scan.canvas._compositor._renderers)  # type: ignore[union-attr]
    assert (mask.style, mask.opacity) == ("both", 0.35)
    assert (prediction.style, prediction.opacity) == ("both", 0.6)
    QTest.mouseClick(rows["prediction"].styles.button("outline"), _LEFT)
    assert rows["prediction"].slider.value() == 1.0  # a line alone has its own strength
    rows["prediction"].slider.changed.emit(0.5)
    QTest.mouseClick(rows["mask"].styles.button("fill"), _LEFT)
    context.commands["outline"].trigger()
    assert rows["mask"].styles.current() == "outline"
    context.commands["outline"].trigger()
    assert rows["mask"].styles.current() == "fill"
    other = LabelTab(context)
    qtbot.addWidget(other)
    look = other.scan.overlay.options
    assert (look.mask_style, look.prediction_style) == ("fill", "outline")
    assert (look.prediction_opacity, look.prediction_line) == (0.6, 0.5)


def test_history_goes_back_and_forth_by_clicks(tab: LabelTab, context: AppContext) -> None:
    start = labels(context).copy()
    states = []
    for down in (35, 40, 45):
        paint(tab, down, 5, 30)
        states.append(labels(context).copy())
    rows = tab.history.list

    def click(row: int) -> None:
        QTest.mouseClick(rows.viewport(), _LEFT, pos=rows.visualItemRect(rows.item(row)).center())

    assert rows.count() == 4
    click(2)  # the first stroke stands, the others are undone
    assert (labels(context) == states[0]).all()
    click(0)
    assert (labels(context) == states[2]).all()
    click(3)
    assert (labels(context) == start).all()


def test_history_speaks_the_language_of_the_window_whatever_it_was_made_in(
    qtbot: QtBot, tab: LabelTab, context: AppContext
) -> None:
    undo = context.commands["undo"]
    i18n.install("es")
    try:
        paint(tab, 40, 5, 30)
        assert tab.history.list.item(0).text() == "Pincel · disc" and "Pincel · disc" in undo.toolTip()
    finally:
        i18n.install("en")
    paint(tab, 45, 5, 30)
    assert [tab.history.list.item(row).text() for row in (0, 1)] == ["Brush · disc"] * 2
    assert "Brush · disc" in undo.toolTip()


def test_what_names_of_edits_hold_is_kept_in_no_language(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    """Values come into sentences, and names that only look like a text of ours stay as they are."""
    kept = " · ".join(
        ("Prediction taken", "Brush", stored_words("Slice {number} carried from {start}", number=4, start=3))
    )
    i18n.install("es")
    try:
        assert translate_stored(kept) == "Predicción tomada · Brush · Corte 4 llevado desde el 3"
    finally:
        i18n.install("en")
    assert translate_stored(kept) == "Prediction taken · Brush · Slice 4 carried from 3"
    assert translate_stored("Pincel · disc") == "Pincel · disc", "of projects that older versions made"
    assert translate_stored("{odd}") == "{odd}"


def test_approve_marks_the_item_done_and_goes_on(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    with qtbot.waitSignal(
        tab.scan.image_shown, timeout=20000, check_params_cb=lambda: context.session.current.image is not None
    ):
        context.commands["approve"].trigger()
    assert [item.state for item in context.session.items()][:2] == ["done", "todo"]
    assert context.session.current.item is not None and context.session.current.item.name == "b"
    context.commands["flag"].trigger()
    assert context.session.items()[1].state == "flagged"
    assert tab.items.chips.button("flagged").text() == "1"
    tab.items.chips.button("done").click()
    assert len(tab.items.list.ids()) == 1


def test_find_item_goes_to_the_search_field(tab: LabelTab, context: AppContext) -> None:
    QTest.keyClick(tab.scan.canvas, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert tab.items.search.hasFocus()
    QTest.keyClicks(tab.items.search, "c")
    assert len(tab.items.list.ids()) == 1
    assert context.session.active_class == 1 and tab.tool == "brush"


def test_return_in_the_search_opens_what_was_found(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    QTest.keyClick(tab.scan.canvas, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(tab.items.search, "nothing like it")
    QTest.keyClick(tab.items.search, Qt.Key.Key_Return)
    assert tab.items.search.hasFocus()
    tab.items.search.selectAll()
    QTest.keyClicks(tab.items.search, "c")
    QTest.keyClick(tab.items.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: context.session.current.item is not None and context.session.current.item.name == "c")
    assert tab.scan.canvas.hasFocus()


def test_status_line_says_place_value_and_class(tab: LabelTab, context: AppContext) -> None:
    QTest.mouseMove(tab.scan.canvas, at(tab, 22, 18))
    words = context.status.place().split()
    image = context.session.current.image
    assert image is not None
    assert words == ["x", "19", "·", "y", "23", str(image.pixels[0, 22, 18]), "disc"]


def test_a_stroke_under_the_pen_is_kept_when_the_item_goes(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    first = context.session.current.item
    assert first is not None and context.session.project is not None
    QTest.mousePress(tab.scan.canvas, _LEFT, pos=at(tab, 40, 5))
    QTest.mouseMove(tab.scan.canvas, at(tab, 40, 30))
    with qtbot.waitSignal(
        tab.scan.image_shown, timeout=20000, check_params_cb=lambda: context.session.current.image is not None
    ):
        context.session.walk.step(1)
    layer = context.session.project.layers.mask(first.id)
    assert layer is not None
    assert (context.session.project.layers.read(layer, first.shape)[0, 40, 5:30] == 1).all()
    assert not context.session.current.history()


def test_shared_commands_act_on_the_view_in_front_only(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    other = ScanView(context, "other", OverlayOptions(mask=False))
    qtbot.addWidget(other)
    zoom = tab.scan.canvas.zoom
    context.commands["zoom_in"].trigger()
    assert tab.scan.canvas.zoom > zoom and not other.isVisible()
    context.commands["show_mask"].trigger()
    assert not tab.scan.overlay.options.mask and not other.overlay.options.mask
    context.commands["outline"].trigger()
    assert tab.scan.overlay.options.outline and not other.overlay.options.outline


def test_a_view_that_comes_to_the_front_shows_what_was_painted_meanwhile(
    qtbot: QtBot, tab: LabelTab, context: AppContext
) -> None:
    other = ScanView(context, "other")
    qtbot.addWidget(other)
    other.resize(640, 480)
    with qtbot.waitExposed(other):
        other.show()
    before = other.canvas.grab().toImage()
    other.hide()
    paint(tab, 40, 5, 40)
    other.show()
    place = other.canvas.to_screen((40, 20)).toPoint()
    assert other.canvas.grab().toImage().pixelColor(place) != before.pixelColor(place)


def test_the_key_of_the_mask_held_down_only_peeks(qtbot: QtBot, tab: LabelTab, monkeypatch: pytest.MonkeyPatch) -> None:
    canvas = tab.scan.canvas
    monkeypatch.setattr(hold_to_toggle, "_HELD", math.inf)  # however slow the machine is
    with qtbot.waitSignal(tab.scan.peek.released.timeout):
        QTest.keyClick(canvas, Qt.Key.Key_S)
    assert not tab.scan.overlay.options.mask  # a short press hides it for good
    monkeypatch.setattr(hold_to_toggle, "_HELD", -1)
    for _ in range(3):  # as a keyboard repeats a key that is held down
        QTest.keyClick(canvas, Qt.Key.Key_S)
        assert tab.scan.overlay.options.mask
    with qtbot.waitSignal(tab.scan.peek.released.timeout):
        QTest.keyRelease(canvas, Qt.Key.Key_S)
    assert not tab.scan.overlay.options.mask


def test_list_shows_the_dice_of_items_that_were_open(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    assert row(tab, 0).status == "open"
    predicted(context, labels(context).copy())
    assert row(tab, 0).status == "1.00"
    with qtbot.waitSignal(
        tab.scan.image_shown, timeout=20000, check_params_cb=lambda: context.session.current.image is not None
    ):
        context.session.walk.step(1)
    assert (row(tab, 0).status, row(tab, 1).status) == ("1.00", "open")


def test_dice_in_the_list_follows_an_undo(tab: LabelTab, context: AppContext) -> None:
    wrong = labels(context).copy()
    wrong[0, 10:30, 5:15] = 2
    predicted(context, wrong)
    before = row(tab, 0).status
    assert float(before) < 1
    context.session.predictions.copy_to_mask()
    assert row(tab, 0).status == "1.00" and "1.000" in row(tab, 0).help
    context.commands["undo"].trigger()
    assert row(tab, 0).status == before and "1.000" not in row(tab, 0).help


def test_slice_is_the_same_when_a_volume_is_opened_again(
    qtbot: QtBot, context: AppContext, show_tab: Show, tmp_path: Path
) -> None:
    project = make_volumes(tmp_path, 2)
    made = LabelTab(context)
    show_tab("label", made)
    context.session.open_project(project)
    for place in (1, None, None):
        qtbot.waitUntil(
            lambda: made.scan.canvas.slices > 1 and context.session.current.image is not None, timeout=20000
        )
        if place is not None:
            made.scan.canvas.set_slice(place)
        seen = made.scan.canvas.index
        context.session.walk.step(1)
    assert seen == 1


def test_a_place_that_another_tab_sends_is_shown(
    qtbot: QtBot, context: AppContext, show_tab: Show, tmp_path: Path
) -> None:
    made = LabelTab(context)
    show_tab("label", made)
    context.session.open_project(make_volumes(tmp_path, 1))
    qtbot.waitUntil(lambda: made.scan.canvas.slices > 1, timeout=20000)
    made.show_place("coronal", 7)
    assert (made.scan.canvas.plane, made.scan.canvas.index) == ("coronal", 7)


def test_error_view_follows_the_brush(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    predicted(context, labels(context).copy())
    tab.scan.overlay.set(errors=True)
    place = at(tab, 40, 20)
    right = tab.scan.canvas.grab().toImage().pixelColor(place)
    paint(tab, 40, 5, 40)
    assert tab.scan.canvas.grab().toImage().pixelColor(place) != right


def test_error_view_follows_another_prediction_and_hidden_classes(tab: LabelTab, context: AppContext) -> None:
    predicted(context, labels(context).copy())
    tab.scan.overlay.set(errors=True)
    canvas = tab.scan.canvas
    place = at(tab, 40, 20)

    def seen() -> QColor:
        return canvas.grab().toImage().pixelColor(place)

    right = seen()
    paint(tab, 40, 5, 40)
    painted = seen()
    assert painted != right
    predicted(context, labels(context).copy())
    both = seen()
    assert both not in (right, painted), "both have the class now"
    predicted(context, np.zeros_like(labels(context)))
    assert seen() == painted, "it is missed again"
    tab.scan.overlay.set(hidden=frozenset({context.session.active_class}))
    assert seen() == right, "a hidden class has no errors"


def test_error_view_knows_what_was_painted_in_another_tab(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    predicted(context, labels(context).copy())
    other = ScanView(context, "other", OverlayOptions(errors=True))
    qtbot.addWidget(other)
    other.resize(640, 480)
    with qtbot.waitExposed(other):
        other.show()
    place = other.canvas.to_screen((40, 20)).toPoint()
    right = other.canvas.grab().toImage().pixelColor(place)
    other.hide()
    paint(tab, 40, 5, 40)
    other.show()
    assert other.canvas.grab().toImage().pixelColor(place) != right


def test_error_view_follows_the_run_the_classes_and_the_item(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    """Each time the slice in view is one that was compared before."""

    def drawn(down: int, across: int) -> str:
        return tab.scan.canvas.grab().toImage().pixelColor(at(tab, down, across)).name().upper()

    truth = labels(context).copy()
    missed, extra = truth.copy(), truth.copy()
    missed[truth == 1] = 0
    extra[0, 44, 10:30] = 1
    tab.scan.overlay.set(errors=True, errors_opacity=1.0)
    predicted(context, missed)
    assert (drawn(22, 18), drawn(44, 20) in ERROR_COLORS) == (ERROR_COLORS[MISSED - 1], False)
    predicted(context, extra)  # of another run
    assert (drawn(22, 18), drawn(44, 20)) == (ERROR_COLORS[RIGHT - 1], ERROR_COLORS[TOO_MUCH - 1])
    tab.scan.overlay.set(hidden=frozenset({1}))
    assert not {drawn(22, 18), drawn(44, 20)} & set(ERROR_COLORS)
    tab.scan.overlay.set(hidden=frozenset())
    assert (drawn(22, 18), drawn(44, 20)) == (ERROR_COLORS[RIGHT - 1], ERROR_COLORS[TOO_MUCH - 1])
    with qtbot.waitSignal(tab.scan.image_shown, timeout=20000):
        context.session.walk.step(1)
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=20000)
    predicted(context, np.zeros_like(labels(context)))
    assert drawn(22, 18) == ERROR_COLORS[MISSED - 1]


def test_undo_under_the_pen_takes_the_whole_stroke_back(tab: LabelTab, context: AppContext) -> None:
    before = labels(context).copy()
    QTest.mousePress(tab.scan.canvas, _LEFT, pos=at(tab, 40, 5))
    QTest.mouseMove(tab.scan.canvas, at(tab, 40, 30))
    context.commands["undo"].setEnabled(True)
    context.commands["undo"].trigger()
    QTest.mouseMove(tab.scan.canvas, at(tab, 40, 50))
    QTest.mouseRelease(tab.scan.canvas, _LEFT, pos=at(tab, 40, 50))
    assert np.array_equal(labels(context), before) and [e.undone for e in context.session.current.history()] == [True]


def test_hidden_classes_are_hidden_again(qtbot: QtBot, tab: LabelTab, context: AppContext, project: Path) -> None:
    tab.classes.list.visibility_changed.emit(2, False)
    assert tab.scan.overlay.options.hidden == {2}
    context.session.close_project()
    assert not tab.scan.overlay.options.hidden
    context.session.open_project(project)
    assert tab.scan.overlay.options.hidden == {2}


def test_background_is_not_taken_from_a_prediction(tab: LabelTab, context: AppContext) -> None:
    predicted(context, np.zeros_like(labels(context)))
    assert context.commands["use_prediction_class"].isEnabled()
    context.session.pick_class(0)
    assert not context.commands["use_prediction_class"].isEnabled()
    context.session.pick_class(1)
    assert context.commands["use_prediction_class"].isEnabled()


def test_lists_keep_their_arrows(qtbot: QtBot, context: AppContext, show_tab: Show, tmp_path: Path) -> None:
    """In a volume the same keys turn its slices."""
    tab = LabelTab(context)
    show_tab("label", tab)
    with qtbot.waitSignal(
        tab.scan.image_shown, timeout=20000, check_params_cb=lambda: context.session.current.image is not None
    ):
        context.session.open_project(make_volumes(tmp_path, 2))
    index = tab.scan.canvas.index
    tab.items.list.setFocus()
    QTest.keyClick(tab.items.list, Qt.Key.Key_Down)
    assert tab.scan.canvas.index == index and tab.items.list.current() == 2


def test_pictures_of_one_project_are_not_shown_in_the_next(
    qtbot: QtBot, tab: LabelTab, context: AppContext, tmp_path: Path
) -> None:
    """Both have an item 1."""
    bright = tmp_path / "bright.png"
    bright.write_bytes(cv2.imencode(".png", np.full((48, 64), 255, np.uint8))[1].tobytes())
    with Project.create(tmp_path / "other", "binary", parse_classes("lung")) as made:
        for _ in import_images(made, ImportPlan((bright,))):
            pass
        other = made.path
    pictures = tab.items.list._pictures
    qtbot.waitUntil(lambda: pictures.get(1) is not None, timeout=20000)
    context.session.open_project(other)
    qtbot.waitUntil(lambda: pictures.get(1) is not None, timeout=20000)
    shown = pictures.get(1)
    assert shown is not None and shown.toImage().pixelColor(5, 5) == QColor("white")


def test_pictures_that_were_missing_come_when_the_images_are_found(
    qtbot: QtBot, context: AppContext, project: Path, show_tab: Show, tmp_path: Path
) -> None:
    (tmp_path / "images").rename(tmp_path / "elsewhere")
    made = LabelTab(context)
    show_tab("label", made)
    with qtbot.waitSignal(context.session.failed, timeout=20000):
        context.session.open_project(project)
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=20000)
    pictures = made.items.list._pictures
    assert pictures.get(1) is None
    context.session.find_moved(tmp_path / "elsewhere")
    qtbot.waitUntil(lambda: pictures.get(1) is not None, timeout=20000)


def test_a_fault_elsewhere_leaves_the_canvas_alone(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    fault = MemoryError()
    context.session.failed.emit(fault)
    assert sys.getrefcount(fault) == 2
    context.session.current.close()
    context.session.current.item_changed.emit()
    assert "memory" not in tab.scan.canvas._empty


def test_a_missing_image_says_so_and_is_found_again(
    qtbot: QtBot, context: AppContext, project: Path, show_tab: Show, tmp_path: Path
) -> None:
    (tmp_path / "images").rename(tmp_path / "elsewhere")
    made = LabelTab(context)
    show_tab("label", made)
    with qtbot.waitSignal(context.session.failed, timeout=20000):
        context.session.open_project(project)
    button = made.scan.canvas.findChild(QWidget, "canvas.empty")
    assert button is not None
    qtbot.waitUntil(button.isVisible, timeout=20000)
    assert button.accessibleName() == "Find moved images…"
    assert not context.commands["brush"].isEnabled()
    with qtbot.waitSignal(
        made.scan.image_shown, timeout=20000, check_params_cb=lambda: context.session.current.image is not None
    ):
        context.session.find_moved(tmp_path / "elsewhere")
    assert not button.isVisible()


def test_no_project_offers_to_open_one(context: AppContext, show_tab: Show) -> None:
    made = LabelTab(context)
    show_tab("label", made)
    button = made.scan.canvas.findChild(QWidget, "canvas.empty")
    assert button is not None and button.isVisible() and button.accessibleName() == "Open project…"


def test_a_read_only_project_is_looked_at_but_not_painted(
    qtbot: QtBot, context: AppContext, project: Path, show_tab: Show
) -> None:
    made = LabelTab(context)
    show_tab("label", made)
    with Project.open(project):
        with qtbot.waitSignal(
            made.scan.image_shown, timeout=20000, check_params_cb=lambda: context.session.current.image is not None
        ):
            context.session.open_project(project)
        before = labels(context).copy()
        assert made.tool == "pan"
        paint(made, 40, 5, 30)
        assert (labels(context) == before).all()
        context.session.close_project()


def test_volume_is_measured_in_millilitres_and_stepped_by_keys(
    qtbot: QtBot, context: AppContext, show_tab: Show, tmp_path: Path
) -> None:
    project = make_volumes(tmp_path, 1)
    made = LabelTab(context)
    show_tab("label", made)
    with qtbot.waitSignal(
        made.scan.image_shown, timeout=20000, check_params_cb=lambda: context.session.current.image is not None
    ):
        context.session.open_project(project)
    canvas = made.scan.canvas
    index = canvas.index
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    QTest.keyClick(canvas, Qt.Key.Key_PageDown)
    assert canvas.index == index + 2
    assert made.options.radius.unit == "mm"
    QTest.mouseClick(canvas, _LEFT, pos=canvas.rect().center())
    count = int((labels(context) == 1).sum())
    assert count and labels(context)[canvas.index].sum() == count
    model = made.classes.list.findChild(QWidget, "label.classes.rows").model()  # type: ignore[union-attr]
    shown = model.rows[0].amount
    assert shown.endswith("mL") and float(shown.split("\u202f")[0]) == pytest.approx(count * 0.02, abs=0.06)


def test_the_wheel_zooms_as_soon_as_it_is_wanted(
    qtbot: QtBot, context: AppContext, show_tab: Show, tmp_path: Path
) -> None:
    tab = LabelTab(context)
    show_tab("label", tab)
    with qtbot.waitSignal(
        tab.scan.image_shown, timeout=20000, check_params_cb=lambda: context.session.current.image is not None
    ):
        context.session.open_project(make_volumes(tmp_path, 1))
    canvas, place = tab.scan.canvas, QPointF(tab.scan.canvas.rect().center())
    zoom, index = canvas.zoom, canvas.index
    settings.save(Settings(wheel_zooms=True))
    none, turned = Qt.KeyboardModifier.NoModifier, QPoint(0, 120)
    event = QWheelEvent(
        place, place, QPoint(), turned, Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(canvas, event)
    assert canvas.zoom == pytest.approx(zoom * 1.25) and canvas.index == index


def test_a_long_name_of_a_run_is_shortened(tab: LabelTab, context: AppContext) -> None:
    predicted(context, labels(context).copy())
    run = context.session.predictions.run
    assert run is not None
    context.trainings.runs.rename(run, "a network with quite a long name for so narrow a column")
    text = tab.layers.layers.rows["prediction"]._name
    assert text.text().endswith("…") and text.fontMetrics().horizontalAdvance(text.text()) <= text.width()
    assert text.toolTip().endswith("column")


def test_a_list_that_is_not_seen_is_filled_when_it_is(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    window = context.commands.parent()
    assert isinstance(window, QWidget)
    window.hide()
    resets: list[int] = []
    tab.items.list.model().dataChanged.connect(lambda: resets.append(1))
    context.session.set_state(2, "flagged")
    assert not resets and row(tab, 1).icon == ""
    window.show()
    assert row(tab, 1).icon == "flag"


def test_wheel_scales_the_brush_and_the_opacity(tab: LabelTab) -> None:
    radius, opacity = tab.options.radius.radius, tab.scan.overlay.options.mask_opacity
    tab.scan.canvas.radius_asked.emit(1.2)
    tab.scan.canvas.opacity_asked.emit(1)
    assert tab.options.radius.radius > radius and tab.scan.overlay.options.mask_opacity > opacity
    assert tab.layers.layers.rows["mask"].slider.value() == pytest.approx(
        tab.scan.overlay.options.mask_opacity, abs=0.03
    )


def _parts(line: QWidget) -> list[QWidget]:
    """Those of the options bar that are seen, from left to right."""
    found = [each for each in line.findChildren(QWidget) if each.isVisible() and each.parentWidget() is line]
    return sorted(found, key=lambda each: each.geometry().left())


def _least_width(part: QWidget) -> int:
    """As layouts reckon: what is set counts before the hint."""
    return part.minimumWidth() or part.minimumSizeHint().width()


def _lie_well(line: QWidget, width: int) -> bool:
    """Whether none is cut, squeezed or over another one."""
    areas = [each.geometry() for each in _parts(line)]
    whole = all(each.width() >= _least_width(each) for each in _parts(line))
    return whole and areas[-1].right() < width and all(one.right() < other.left() for one, other in pairwise(areas))


def test_a_narrow_options_bar_leaves_out_rather_than_lays_one_over_the_other(
    tab: LabelTab, qtbot: QtBot, qapp: QApplication
) -> None:
    theme.apply(qapp, "dark")  # texts and arrows need more room than without
    bar, shown = tab.options, dict[int, int]()
    for width in (380, 460, 560, 700, 1000):
        bar.setFixedWidth(width)
        qtbot.waitUntil(lambda width=width: bar.width() == width)  # type: ignore[misc]
        for tool in ("brush", "smart", "pan"):
            tab.take_tool(tool)
            line = bar.over.parentWidget()
            assert line is not None and line.layout() is not None
            qtbot.waitUntil(partial(_lie_well, line, width))  # some turns of the event loop later
            parts = _parts(line)
            slack = width - sum(_least_width(each) + 14 for each in parts) - 24
            title = next(label for label in bar.findChildren(QLabel) if label.objectName() == "label.tool_name")
            assert title.isVisible() or slack < title.sizeHint().width(), "nothing is left out that has room"
            shown[width] = shown.get(width, 0) + len(parts)
    assert shown[380] < shown[560] <= shown[1000]


@pytest.mark.parametrize(
    ("key", "keys", "why"),
    [
        (Qt.Key.Key_V, Qt.KeyboardModifier.NoModifier, "This picture has one slice only."),
        (Qt.Key.Key_N, Qt.KeyboardModifier.ShiftModifier, "This picture has one slice only."),
        (Qt.Key.Key_PageDown, Qt.KeyboardModifier.NoModifier, "This picture has one slice only."),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier, "This item is not one of several of a series."),
        (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier, "There is nothing to undo."),
        (Qt.Key.Key_G, Qt.KeyboardModifier.NoModifier, "There is no prediction of this item yet."),
    ],
)
def test_a_key_that_can_do_nothing_says_why(tab: LabelTab, key: Qt.Key, keys: Qt.KeyboardModifier, why: str) -> None:
    tab.scan.canvas.setFocus()
    QTest.keyClick(tab.scan.canvas, key, keys)
    assert tab.note.isVisible() and tab.note.text() == why
    QTest.keyClick(tab.scan.canvas, Qt.Key.Key_B)
    assert tab.tool == "brush", "others do what they did"


def test_a_window_of_ct_says_why_not_on_any_keyboard(tab: LabelTab) -> None:
    """A keyboard sends "!" for Shift+1, or something else: Qt tells the shortcut alone."""
    keys = tab.scan.findChild(QShortcut, "label.scan.window_1")
    assert keys is not None and keys.isEnabled()
    QApplication.sendEvent(keys, QShortcutEvent(keys.key(), keys))
    assert tab.note.isVisible() and tab.note.text() == "Only CT has these windows: its values are in HU."


@pytest.mark.parametrize(
    ("painted", "said"),
    [
        (True, "The mask was imported. Nothing was painted here yet."),
        (False, "The mask was imported empty, which counts as labelled. Nothing was painted here yet."),
    ],
)
def test_a_copied_project_shows_its_masks_and_tells_an_empty_one_from_none(
    tmp_path: Path, open_label: Callable[[Path], LabelTab], painted: bool, said: str
) -> None:
    images, masks = tmp_path / "images", tmp_path / "masks"
    for folder, value in ((images, 90), (masks, int(painted))):
        folder.mkdir()
        (folder / "a.png").write_bytes(cv2.imencode(".png", np.full((40, 50), value, np.uint8))[1].tobytes())
    with Project.create(tmp_path / "made.contorno", "binary", parse_classes("disc")) as made:
        result_of(import_images(made, ImportPlan((images,), masks)))
    copy = shutil.copytree(tmp_path / "made.contorno", tmp_path / "copy.contorno")
    tab = open_label(copy)
    told = tab.history.findChild(QLabel, "label.history.empty")
    assert told is not None and told.isVisible() and told.text() == said
    grey = tab.scan.canvas.grab().toImage().pixelColor(at(tab, 20, 25))
    assert (grey.red() != grey.blue()) == painted
    paint(tab, 20, 10, 12, _RIGHT if painted else _LEFT)
    assert not told.isVisible()


def test_nothing_is_said_of_a_mask_whose_image_is_not_there(
    project: Path, qtbot: QtBot, context: AppContext, open_label: Callable[[Path], LabelTab]
) -> None:
    (project.parent / "images" / "b.png").rename(project.parent / "elsewhere.png")
    tab, current = open_label(project), context.session.current
    told = tab.history.findChild(QLabel, "label.history.empty")
    assert told is not None and told.isVisible()
    with qtbot.waitSignal(context.session.failed, timeout=20000):
        current.open(context.session.items()[1].id)
    assert current.item is not None and current.item.name == "b" and current.image is None and not told.isVisible()


def test_keys_go_to_the_scan_where_the_next_tool_has_not_what_had_them(tab: LabelTab) -> None:
    slider = tab.options.radius.findChild(QSlider)
    assert slider is not None
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_E)
    assert tab.tool == "eraser" and slider.hasFocus()
    QTest.keyClick(slider, Qt.Key.Key_H)
    assert tab.tool == "contour" and tab.scan.canvas.hasFocus()
    tab.options.over.setFocus()
    QTest.keyClick(tab.options.over, Qt.Key.Key_T)
    assert tab.tool == "rectangle" and tab.options.over.hasFocus()


def test_the_right_column_has_room_for_the_widest_panel(qtbot: QtBot, tab: LabelTab) -> None:
    area = tab.findChild(QScrollArea, "label.right")
    assert area is not None
    qtbot.waitUntil(area.isVisible)
    assert area.width() >= 297 + SCROLL_BAR, "DICE AGAINST PREDICTION · MEAN 0.93, in the letters of the theme"
