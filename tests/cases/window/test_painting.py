"""Painting with the hand on the mouse and the keys: nothing happens out of sight, and nothing is lost without a word."""

from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QCursor, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListView, QWidget
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.label.tab import LabelTab
from app.tabs.scan.look import read_look, write_look
from engine.config import TrainConfig
from engine.imaging.image import Window
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project
from engine.project.runs import Run
from widgets.slice_view import Look, Zoomed

Show = Callable[[str, QWidget], None]

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
CORNERS = ((5, 5), (5, 20), (20, 20))  # (down, across) in pixels of the slice
SLICE = 2  # that is painted on


@pytest.fixture
def tab(qtbot: QtBot, context: AppContext, tmp_path: Path, show_tab: Show) -> LabelTab:
    """The tab on a volume of six slices, with the brush in hand."""
    pixels = np.random.default_rng(0).normal(size=(40, 30, 6)).astype(np.float32)
    nib.save(nib.Nifti1Image(pixels, np.diag([2.0, 2, 5, 1])), tmp_path / "v.nii.gz")
    with Project.create(tmp_path / "v.contorno", "multiclass", parse_classes("a,b")) as project:
        assert result_of(import_images(project, ImportPlan((tmp_path / "v.nii.gz",)))).added
    made = LabelTab(context)
    show_tab("label", made)
    with qtbot.waitSignal(
        made.scan.image_shown, timeout=20000, check_params_cb=lambda: context.session.current.image is not None
    ):
        context.session.open_project(tmp_path / "v.contorno")
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=20000)
    made.scan.canvas.set_slice(SLICE)
    QCursor.setPos(
        made.mapToGlobal(made.rect().bottomRight())
    )  # words at the pointer make way for what is done beneath them
    return made


def _stroke(tab: LabelTab, down: int, start: int, end: int) -> None:
    canvas = tab.scan.canvas
    QTest.mousePress(canvas, LEFT, pos=canvas.to_screen((down, start)).toPoint())
    QTest.mouseMove(canvas, canvas.to_screen((down, end)).toPoint())
    QTest.mouseRelease(canvas, LEFT, pos=canvas.to_screen((down, end)).toPoint())


def _hover(tab: LabelTab, at: QPoint) -> None:
    """The pointer comes there; QTest's own moves depend on where it was."""
    canvas, place = tab.scan.canvas, QPointF(at)
    moved = QMouseEvent(
        QEvent.Type.MouseMove, place, canvas.mapToGlobal(place), Qt.MouseButton.NoButton, Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(canvas, moved)


def _begin_polygon(tab: LabelTab) -> None:
    canvas = tab.scan.canvas
    _press(tab, Qt.Key.Key_P)
    for corner in CORNERS:
        QTest.mouseClick(canvas, LEFT, pos=canvas.to_screen(corner).toPoint())
    assert _polygon_is_open(tab)


def _polygon_is_open(tab: LabelTab) -> bool:
    return tab.scan.canvas.unfinished


def _click_eye(tab: LabelTab, value: int) -> None:
    """The eye of that class in the list."""
    view = tab.classes.list.findChild(QListView, "label.classes.rows")
    assert view is not None
    row = view.visualRect(view.model().index(value - 1, 0))
    QTest.mouseClick(view.viewport(), LEFT, pos=QPoint(row.right() - 14 - 16 - 9 - 8, row.center().y()))


def _press(tab: LabelTab, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(tab.scan.canvas, key, modifiers)


def _labels(context: AppContext) -> np.ndarray:
    assert context.session.current.mask is not None
    return context.session.current.mask.labels


def test_undo_brings_the_slice_with_the_change_into_view(tab: LabelTab, context: AppContext) -> None:
    _stroke(tab, 10, 5, 20)
    assert _labels(context)[SLICE].any()
    tab.scan.canvas.set_slice(4)
    _press(tab, Qt.Key.Key_Z, CONTROL)
    assert not _labels(context).any()
    assert tab.scan.canvas.index == SLICE


def test_redo_brings_the_slice_with_the_change_into_view(tab: LabelTab, context: AppContext) -> None:
    _stroke(tab, 10, 5, 20)
    _press(tab, Qt.Key.Key_Z, CONTROL)
    tab.scan.canvas.set_slice(4)
    _press(tab, Qt.Key.Key_Y, CONTROL)
    assert _labels(context)[SLICE].any()
    assert tab.scan.canvas.index == SLICE


def test_painting_a_hidden_class_shows_it_and_says_so(tab: LabelTab, context: AppContext) -> None:
    _click_eye(tab, 1)
    assert 1 in tab.scan.overlay.options.hidden
    _stroke(tab, 10, 5, 20)
    assert tab.note.isVisible() and tab.note.text().startswith("a ")
    assert 1 not in tab.scan.overlay.options.hidden and 1 not in context.session.kept_classes("hidden classes")


def test_a_hidden_class_that_is_painted_over_is_shown(tab: LabelTab, context: AppContext) -> None:
    _stroke(tab, 10, 5, 20)
    context.session.pick_class(2)
    _click_eye(tab, 1)
    _stroke(tab, 35, 5, 20)
    assert 1 in tab.scan.overlay.options.hidden  # far from it
    _stroke(tab, 10, 5, 10)
    assert 1 not in tab.scan.overlay.options.hidden and tab.note.text().startswith("a ")


def test_painting_a_hidden_mask_shows_it_and_says_so(tab: LabelTab, context: AppContext) -> None:
    tab.scan.overlay.set(mask=False)
    _stroke(tab, 10, 5, 20)
    assert tab.note.isVisible() and tab.scan.overlay.options.mask and context.commands["show_mask"].isChecked()


@pytest.mark.parametrize("hidden", ["class", "mask"])
@pytest.mark.parametrize("by", ["undo", "redo", "copy", "paste"])
def test_what_a_command_changes_out_of_sight_is_shown_and_said(
    qtbot: QtBot, tab: LabelTab, context: AppContext, by: str, hidden: str
) -> None:
    _stroke(tab, 10, 5, 20)
    _press(tab, Qt.Key.Key_C, CONTROL)
    if by == "redo":
        _press(tab, Qt.Key.Key_Z, CONTROL)
    context.session.pick_class(2)
    if hidden == "class":
        _click_eye(tab, 1)
    else:
        tab.scan.overlay.set(mask=False)
    tab.note.hide()
    tab.scan.canvas.setFocus()
    if by == "paste":
        _press(tab, Qt.Key.Key_PageDown)
        assert 1 in tab.scan.overlay.options.hidden or not tab.scan.overlay.options.mask, "nothing has changed yet"
    keys = {
        "undo": (Qt.Key.Key_Z, CONTROL),
        "redo": (Qt.Key.Key_Y, CONTROL),
        "copy": (Qt.Key.Key_PageDown, Qt.KeyboardModifier.ShiftModifier),
        "paste": (Qt.Key.Key_V, CONTROL),
    }
    _press(tab, *keys[by])
    qtbot.waitUntil(lambda: not context.session.current.changing and not context.jobs.busy, timeout=20000)
    assert not tab.scan.overlay.options.hidden and tab.scan.overlay.options.mask
    assert tab.note.isVisible() and "shown again" in tab.note.text()


def test_another_item_shows_no_class_that_is_hidden(
    qtbot: QtBot, tab: LabelTab, context: AppContext, tmp_path: Path
) -> None:
    project, current = context.session.project, context.session.current
    assert project is not None and current.item is not None
    first = current.item.id
    nib.save(nib.Nifti1Image(np.ones((40, 30, 6), np.float32), np.diag([2.0, 2, 5, 1])), tmp_path / "w.nii.gz")
    (other,) = result_of(import_images(project, ImportPlan((tmp_path / "w.nii.gz",)))).added
    _stroke(tab, 10, 5, 20)
    _click_eye(tab, 1)
    for id in (other.id, first):
        _open(qtbot, tab, context, lambda id=id: current.open(id))  # type: ignore[misc]
        assert tab.scan.overlay.options.hidden == {1}
    context.session.pick_class(2)
    _stroke(tab, 35, 5, 20)
    assert tab.scan.overlay.options.hidden == {1}, "the other class alone was painted"


def test_undo_takes_back_the_last_point_of_an_open_polygon(tab: LabelTab, context: AppContext) -> None:
    _stroke(tab, 10, 25, 35)
    before = _labels(context).copy()
    assert before.any()
    _begin_polygon(tab)
    _press(tab, Qt.Key.Key_Z, CONTROL)
    assert np.array_equal(_labels(context), before)
    assert _polygon_is_open(tab)
    for _ in CORNERS[1:]:
        _press(tab, Qt.Key.Key_Z, CONTROL)
    assert not _polygon_is_open(tab) and np.array_equal(_labels(context), before)
    _press(tab, Qt.Key.Key_Z, CONTROL)
    assert not _labels(context).any()


def test_undo_takes_points_back_where_nothing_was_painted(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    assert not context.commands["undo"].isEnabled()
    _begin_polygon(tab)
    tab.scan.canvas.setFocus()
    for left in (2, 1, 0):
        QTest.keyClick(tab.scan.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert _polygon_is_open(tab) == bool(left)
    assert not context.commands["undo"].isEnabled()


def test_next_slice_does_not_drop_an_open_polygon_unsaid(tab: LabelTab, context: AppContext) -> None:
    _begin_polygon(tab)
    _press(tab, Qt.Key.Key_PageDown)
    assert tab.note.isVisible() and tab.note.text() == f"The open polygon waits on slice {SLICE + 1}."
    assert not _polygon_is_open(tab)
    _press(tab, Qt.Key.Key_PageUp)
    assert _polygon_is_open(tab)
    QTest.keyClick(tab.scan.canvas, Qt.Key.Key_Return)
    painted = _labels(context).any(axis=(1, 2))
    assert painted.tolist() == [at == SLICE for at in range(6)]


def test_another_tool_for_a_moment_does_not_drop_an_open_polygon(tab: LabelTab) -> None:
    _begin_polygon(tab)
    _press(tab, Qt.Key.Key_M)
    assert tab.note.isVisible()
    _press(tab, Qt.Key.Key_P)
    assert _polygon_is_open(tab)


def test_an_open_polygon_does_not_go_with_the_item(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    _begin_polygon(tab)
    current = context.session.current
    assert current.item is not None
    id = current.item.id
    current.close()
    assert not _polygon_is_open(tab)
    assert tab.note.text().endswith(f"slice {SLICE + 1}. It is in the item that was left."), (
        "the next has such a slice too"
    )
    with qtbot.waitSignal(tab.scan.image_shown, timeout=20000, check_params_cb=lambda: current.image is not None):
        current.open(id)
    tab.scan.canvas.set_slice(SLICE)
    assert _polygon_is_open(tab)


def test_status_line_follows_the_slice_and_the_mask_under_a_still_pointer(tab: LabelTab, context: AppContext) -> None:
    canvas, image = tab.scan.canvas, context.session.current.image
    assert image is not None
    at = canvas.to_screen((10, 12)).toPoint()
    _hover(tab, at)

    def says(z: int, name: str) -> bool:
        words = context.status.place()
        value = f"{image.pixels[z, 10, 12]:.5g}".replace("-", "\N{MINUS SIGN}")
        return f"z {z + 1} " in words and value in words and words.endswith(name)

    assert says(SLICE, "")
    _press(tab, Qt.Key.Key_PageDown)
    assert says(SLICE + 1, "")
    turned = QWheelEvent(
        QPointF(at), canvas.mapToGlobal(QPointF(at)), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, turned)
    assert says(SLICE, "")
    QTest.mouseClick(canvas, LEFT, pos=at)
    assert says(SLICE, "a")
    _press(tab, Qt.Key.Key_Z, CONTROL)
    assert says(SLICE, "")
    _press(tab, Qt.Key.Key_Y, CONTROL)
    assert says(SLICE, "a")


def test_status_line_follows_the_item_under_a_still_pointer(
    qtbot: QtBot, tab: LabelTab, context: AppContext, tmp_path: Path
) -> None:
    canvas, current, project = tab.scan.canvas, context.session.current, context.session.project
    assert project is not None
    pixels = np.random.default_rng(5).normal(size=(40, 30, 6)).astype(np.float32)
    nib.save(nib.Nifti1Image(pixels, np.diag([2.0, 2, 5, 1])), tmp_path / "w.nii.gz")
    (other,) = result_of(import_images(project, ImportPlan((tmp_path / "w.nii.gz",)))).added
    context.session.items_changed.emit()
    before = current.image
    _stroke(tab, 10, 5, 20)
    _hover(tab, canvas.to_screen((10, 12)).toPoint())
    assert context.status.place().endswith("a")
    _open(qtbot, tab, context, lambda: current.open(other.id))
    image = current.image
    assert image is not None and before is not None and image is not before
    value = f"{image.pixels[canvas.index, 10, 12]:.5g}".replace("-", "\N{MINUS SIGN}")
    assert value in context.status.place() and not context.status.place().endswith("a")


def _predict(context: AppContext, said: np.ndarray, name: str) -> Run:
    """A run that said this of the open item, as when its prediction has just been stored."""
    project, item = context.session.project, context.session.current.item
    assert project is not None and item is not None
    run = project.runs.add(TrainConfig(), name)
    project.layers.replace(project.layers.make(item.id, "prediction", run.id), pack(said))
    return run


def test_a_prediction_that_arrives_waits_for_the_end_of_the_stroke(
    qtbot: QtBot, tab: LabelTab, context: AppContext
) -> None:
    session, canvas = context.session, tab.scan.canvas
    said = np.zeros_like(_labels(context))
    session.predictions.use_run(_predict(context, said, "first"))
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=20000)
    said[SLICE] = 2
    second = _predict(context, said, "second")
    item = session.current.item
    assert item is not None
    QTest.mousePress(canvas, LEFT, pos=canvas.to_screen((10, 5)).toPoint())
    QTest.mouseMove(canvas, canvas.to_screen((10, 10)).toPoint())
    session.predictions.use_run(second)
    session.predictions.arrived(item.id)
    assert not session.current.history(), "the stroke is still under the pen"
    QTest.mouseMove(canvas, canvas.to_screen((10, 20)).toPoint())
    assert not session.current.history()
    QTest.mouseRelease(canvas, LEFT, pos=canvas.to_screen((10, 20)).toPoint())
    assert (_labels(context)[SLICE, 10, 5:21] == 1).all() and len(session.current.history()) == 1, "one whole stroke"
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=20000)
    assert session.predictions.labels is not None and (session.predictions.labels[SLICE] == 2).all()


def test_history_names_the_slice(tab: LabelTab, context: AppContext) -> None:
    _stroke(tab, 10, 5, 20)
    assert tab.history.list.item(0).text() == f"Brush · a · {SLICE + 1}"
    assert context.commands["undo"].text().endswith(f"Brush · a · {SLICE + 1}")


def _open(qtbot: QtBot, tab: LabelTab, context: AppContext, go: Callable[[], object]) -> None:
    current = context.session.current
    with qtbot.waitSignal(tab.scan.image_shown, timeout=20000, check_params_cb=lambda: current.image is not None):
        go()
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=20000)


def test_slice_window_and_zoom_are_kept_for_the_next_item_and_after_reopening(
    qtbot: QtBot, tab: LabelTab, context: AppContext, tmp_path: Path
) -> None:
    session, canvas, project = context.session, tab.scan.canvas, context.session.project
    assert project is not None
    pixels = np.random.default_rng(0).normal(size=(40, 30, 6)).astype(np.float32)
    for name, array in (("w", pixels + 0.01), ("x", pixels[:20]), ("y", pixels * 1000)):
        nib.save(nib.Nifti1Image(array, np.diag([2.0, 2, 5, 1])), tmp_path / f"{name}.nii.gz")
        assert result_of(import_images(project, ImportPlan((tmp_path / f"{name}.nii.gz",)))).added
    window = Window(0.25, 1.5)
    canvas.set_slice(1)
    canvas.set_window(window)
    canvas.zoom_by(2.0)
    look = canvas.look

    def looks_the_same() -> bool:
        return (canvas.index, canvas.window_level) == (1, window) and abs(canvas.zoom - (look.zoom or 0)) < 1e-6

    ids = [item.id for item in project.items.all()]
    _open(qtbot, tab, context, lambda: session.current.open(ids[1]))  # alike
    assert looks_the_same() and np.allclose(canvas.look.middle, look.middle, atol=0.6)
    _open(qtbot, tab, context, lambda: session.current.open(ids[3]))  # the same shape, other values
    assert canvas.index == 1 and session.current.image is not None
    assert canvas.window_level == session.current.image.window
    _open(qtbot, tab, context, lambda: session.current.open(ids[2]))  # another shape
    assert canvas.index == 1 and canvas.look.zoom is None  # as far in, but as large as fits
    _open(qtbot, tab, context, lambda: session.current.open(ids[0]))
    assert looks_the_same()
    session.close_project()
    _open(qtbot, tab, context, lambda: session.open_project(tmp_path / "v.contorno"))
    assert looks_the_same()


def test_an_empty_slice_is_labelled_by_one_key_and_undone(tab: LabelTab, context: AppContext) -> None:
    current, canvas = context.session.current, tab.scan.canvas
    row = tab.items.list.item_rows
    assert row()[0].subtitle == "6 slices"
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_O)
    assert current.labelled == {SLICE} and not _labels(context).any()
    assert tab.history.list.item(0).text() == f"Nothing here · {SLICE + 1}"
    assert str(SLICE + 1) in tab.note.text() and row()[0].subtitle == "1 / 6 slices"
    assert canvas.slice_bar.toolTip().startswith("1 of 6")
    QTest.keyClick(canvas, Qt.Key.Key_O)
    assert "already" in tab.note.text() and len(current.history()) == 1
    canvas.set_slice(5)
    _press(tab, Qt.Key.Key_Z, CONTROL)
    assert not current.labelled and canvas.index == SLICE and row()[0].subtitle == "6 slices"
    assert canvas.slice_bar.toolTip().startswith("0 of 6")
    _press(tab, Qt.Key.Key_Y, CONTROL)
    assert current.labelled == {SLICE}


def test_a_painted_slice_is_not_said_to_be_empty(tab: LabelTab, context: AppContext) -> None:
    _stroke(tab, 10, 5, 20)
    _press(tab, Qt.Key.Key_O)
    assert "erase" in tab.note.text() and len(context.session.current.history()) == 1


def test_keys_go_to_the_next_slice_that_is_labelled_or_not(tab: LabelTab, context: AppContext) -> None:
    canvas = tab.scan.canvas
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_U, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.index == SLICE and "No other" in tab.note.text()
    for at in (2, 3, 5):
        canvas.set_slice(at)
        _stroke(tab, 10, 5, 20)
    seen = []
    for key in (Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier):
        QTest.keyClick(canvas, Qt.Key.Key_U, key)
        seen.append(canvas.index)
    assert seen == [2, 3, 4]  # from the last one on from the first
    for at in (0, 1, 4):
        canvas.set_slice(at)
        _press(tab, Qt.Key.Key_O)
    QTest.keyClick(canvas, Qt.Key.Key_U)
    assert canvas.index == 4 and "left to label" in tab.note.text()
    assert len(context.session.current.labelled) == 6


def test_a_new_view_shows_what_was_labelled_before(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    _press(tab, Qt.Key.Key_O)
    id = context.session.items()[0].id
    context.session.current.close()
    _open(qtbot, tab, context, lambda: context.session.current.open(id))
    assert tab.scan.canvas.slice_bar.toolTip().startswith("1 of 6")
    assert tab.items.list.item_rows()[0].subtitle == "1 / 6 slices"


@pytest.mark.parametrize(
    "look",
    [
        Look(),
        Look("coronal", 7, Window(-600, 1500.5), 2.25, (3.5, -4)),
        Look("axial", 2, place=(2, 5, 6), beside=(Zoomed("sagittal", 3.5, (1.5, 20.0)),)),
    ],
)
def test_a_look_is_read_as_it_was_written(look: Look) -> None:
    assert read_look(write_look(look)) == look


@pytest.mark.parametrize(
    "text",
    ["", "{", "7", "[]", '["up", 0, [], null, [0, 0]]', '["axial", Infinity, [], null, [0, 0]]',
     '["axial", 0, [1, -1], null, [0, 0]]', '["axial", 0, [], NaN, [0, 0]]', '["axial", 0, [], -2, [0, 0]]',
     '["axial", 0, [], null, [0, 0], null, false, null, [["up"]]]'],
)  # fmt: skip
def test_a_damaged_note_of_a_look_is_passed_over(text: str) -> None:
    assert read_look(text) is None
