"""The panel of objects: what it lists, and what its commands do to the mask and to the disk."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import cv2
import nibabel as nib
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.label.tab import LabelTab
from app.tabs.tab import Tab
from engine.config import TrainConfig
from engine.imaging.geometry import axes
from engine.labels.classes import UNLABELLED, parse_classes
from engine.labels.edit import Ids
from engine.labels.instances import Instances
from engine.labels.mask import Brush
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack, pack_instances
from engine.project.project import Project
from widgets.canvas import Canvas
from widgets.object_tools import SplitWish

Show = Callable[[str, Tab], None]
pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)  # menus, on a screen that is not there


def _project(folder: Path, size: int) -> Path:
    """A picture with two touching cells and one apart, as objects 3, 9 and 20."""
    for name in ("images", "masks"):
        (folder / name).mkdir()
    ids = np.zeros((size, size), np.uint16)
    ids[10:20, 10:30], ids[20:30, 10:30], ids[10:20, 40:44] = 3, 9, 20
    for name, values in (("images", (ids > 0).astype(np.uint8) * 99), ("masks", ids)):
        (folder / name / "a.png").write_bytes(cv2.imencode(".png", values)[1].tobytes())
    with Project.create(folder / "cells", "instance", parse_classes("cell,dirt")) as made:
        result_of(import_images(made, ImportPlan((folder / "images",), folder / "masks", object_class="cell")))
        return made.path


@pytest.fixture(params=[64, 900])
def tab(qtbot: QtBot, context: AppContext, tmp_path: Path, show_tab: Show, request: pytest.FixtureRequest) -> LabelTab:
    """On the picture: small, and so large that what is done to objects is done in a job."""
    made = LabelTab(context)
    show_tab("label", made)
    context.session.open_project(_project(tmp_path, request.param))
    context.session.current.open(context.session.items()[0].id)
    qtbot.waitUntil(lambda: context.session.current.image is not None and not context.jobs.busy, timeout=20000)
    return made


def titles(tab: LabelTab) -> list[str]:
    return [row.title for row in tab.objects.list.rows()]


def stored(tab: LabelTab) -> Ids:
    """What the disk holds; it is what the window shows."""
    session = tab._session
    assert session.project is not None and session.current.item is not None and session.current.mask is not None
    layer = session.project.layers.mask(session.current.item.id)
    assert layer is not None
    ids = session.project.layers.read_instances(layer, session.current.item.shape).ids
    assert session.current.mask.ids is not None and np.array_equal(ids, session.current.mask.ids)
    return ids


def run(qtbot: QtBot, tab: LabelTab, command: str, *ids: int) -> None:
    """The command on these objects, picked in the list."""
    for number, id in enumerate(ids):
        rows = tab.objects.list
        place = next(at for at, row in enumerate(rows.rows()) if row.id == id)
        keys = Qt.KeyboardModifier.ControlModifier if number else Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(
            rows.viewport(), Qt.MouseButton.LeftButton, keys, rows.visualRect(rows.model().index(place, 0)).center()
        )
    with qtbot.waitSignal(tab._session.current.history_changed, timeout=20000):
        tab._context.commands[command].trigger()


def test_objects_are_listed_with_class_number_and_area(tab: LabelTab) -> None:
    assert titles(tab) == ["cell 3", "cell 9", "cell 20"]
    assert [row.amount for row in tab.objects.list.rows()] == [
        "200\N{NARROW NO-BREAK SPACE}px",
        "200\N{NARROW NO-BREAK SPACE}px",
        "40\N{NARROW NO-BREAK SPACE}px",
    ]
    assert len({row.color for row in tab.objects.list.rows()}) == 3


def test_an_undo_is_seen_where_objects_alone_changed(qtbot: QtBot, tab: LabelTab) -> None:
    def seen() -> QImage:
        tab.objects.list.clearSelection()
        QTest.mouseMove(canvas, canvas.rect().bottomRight() - QPoint(40, 40))
        return canvas.grab().toImage()

    canvas = tab.scan.canvas
    before = seen()
    run(qtbot, tab, "merge_objects", 9, 3)
    assert seen() != before
    run(qtbot, tab, "undo")
    assert seen() == before


def test_what_is_done_to_objects_can_be_undone(qtbot: QtBot, tab: LabelTab) -> None:
    before = stored(tab)
    run(qtbot, tab, "merge_objects", 9, 3)
    assert titles(tab) == ["cell 3", "cell 20"] and (stored(tab) == 3).sum() == 400, (
        "the one that was picked last stays"
    )
    run(qtbot, tab, "undo")
    assert np.array_equal(stored(tab), before)
    run(qtbot, tab, "delete_objects", 20)
    assert titles(tab) == ["cell 3", "cell 9"]
    run(qtbot, tab, "renumber_objects")
    assert titles(tab) == ["cell 1", "cell 2"] and stored(tab).max() == 2
    tab._session.pick_class(2)
    run(qtbot, tab, "class_of_objects", 2)
    assert titles(tab) == ["cell 1", "dirt 2"]
    for _ in range(3):
        run(qtbot, tab, "undo")
    assert np.array_equal(stored(tab), before) and titles(tab) == ["cell 3", "cell 9", "cell 20"]


def test_a_line_splits_the_picked_object_or_the_one_that_it_cuts(qtbot: QtBot, tab: LabelTab) -> None:
    current = tab._session.current
    line = SplitWish("axial", 0, ((5.0, 18.0), (35.0, 18.0)))  # across both
    tab.objects.list.set_current(9)
    with qtbot.waitSignal(current.history_changed, timeout=20000):
        tab.objects.split(line)
    assert titles(tab) == ["cell 3", "cell 9", "cell 20", "cell 21"]
    assert set(stored(tab)[0, 25, 10:30]) == {9, 21} and set(stored(tab)[0, 15, 10:30]) == {3}


def test_a_split_that_cuts_nothing_and_a_merge_of_one_say_so_at_the_pointer(qtbot: QtBot, tab: LabelTab) -> None:
    """Nothing failed: no bar lies over the scan until somebody closes it."""
    canvas, failed = tab.scan.canvas, list[object]()
    tab._session.failed.connect(failed.append)

    def note(text: str) -> None:
        qtbot.waitUntil(lambda: tab.note.isVisible() and text in tab.note.text(), timeout=20000)

    QTest.keyClick(canvas, Qt.Key.Key_X, Qt.KeyboardModifier.ShiftModifier)
    ends = [canvas.to_screen(at).toPoint() for at in ((50.0, 2.0), (52.0, 50.0))]
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=ends[0])
    QTest.mouseMove(canvas, ends[1])
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=ends[1])
    note("The line does not cut an object in two. Draw it right across")
    tab.note.hide()
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=ends[0])
    note("Drag a line right across an object")
    tab.note.hide()
    tab.objects.list.set_current(9)
    tab._context.commands["merge_objects"].trigger()
    note("Two objects at least")
    assert not failed and len(titles(tab)) == 3


def test_from_object_to_object_and_what_is_pointed_out(qtbot: QtBot, tab: LabelTab) -> None:
    commands, canvas, seen = tab._context.commands, tab.scan.canvas, []
    before = canvas.to_screen((0, 0))
    commands["next_object"].trigger()
    assert tab.objects.list.selected() == [3] and canvas.to_screen((0, 0)) == before, "what is in sight moves nothing"
    tab.objects.list.set_current(None)
    canvas.zoom_by(40 / canvas.zoom)
    canvas.hover_ended.emit()  # the pointer may lie anywhere: the object under it would be the one to go on from
    for _ in range(4):
        commands["next_object"].trigger()
        seen.append(tab.objects.list.selected()[0])
    commands["previous_object"].trigger()
    assert seen == [3, 9, 20, 3] and tab.objects.list.selected() == [20]
    middle = canvas.to_screen((14.5, 41.5))
    assert abs(middle.x() - canvas.width() / 2) < 2 and abs(middle.y() - canvas.height() / 2) < 2
    canvas.fit()
    QTest.mouseMove(canvas, canvas.to_screen((25, 20)).toPoint())
    assert tab.objects._hovered == 9
    assert "cell 9" in tab._context.status.place()


def test_the_menu_gives_a_class(qtbot: QtBot, tab: LabelTab) -> None:
    tab.objects.list.set_current(20)
    tab.objects._open_menu(QPoint(5, 5))
    menu = tab.objects.list.findChild(QMenu, "label.objects_menu")
    assert menu is not None
    into = menu.findChild(QMenu)
    assert into is not None and [action.text() for action in into.actions()] == ["cell", "dirt"]
    with qtbot.waitSignal(tab._session.current.history_changed, timeout=20000):
        into.actions()[1].trigger()
    menu.close()
    assert titles(tab) == ["cell 3", "cell 9", "dirt 20"]


def test_a_class_map_has_no_panel_of_objects(qtbot: QtBot, context: AppContext, project: Path, show_tab: Show) -> None:
    made = LabelTab(context)
    show_tab("label", made)
    with qtbot.waitSignal(
        made.scan.image_shown, timeout=20000, check_params_cb=lambda: context.session.current.image is not None
    ):
        context.session.open_project(project)
    assert not made.objects.isVisible()
    for id in ("next_object", "split_object", "merge_objects"):
        assert not context.commands[id].isEnabled() and "one by one" in context.commands[id].toolTip()
    made.take_tool("split_object")  # as it was left in another project
    assert made.tool == "brush"
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=20000)
    context.session.close_project()
    made.take_tool("split_object")
    assert made.tool == "pan", "nothing may be painted"


def test_objects_of_a_prediction_are_taken_over_one_by_one(qtbot: QtBot, tab: LabelTab) -> None:
    session = tab._session
    assert session.project is not None and session.current.item is not None and session.current.mask is not None
    said = np.zeros(session.current.item.shape, np.uint16)
    said[0, 10:20, 10:20], said[0, 10:20, 20:30] = 1, 2  # they touch
    run = session.project.runs.add(TrainConfig())
    layer = session.project.layers.make(session.current.item.id, "prediction", run.id)
    session.project.layers.replace(layer, pack((said > 0).astype(np.uint8), said))
    session.predictions.use_run(run)
    qtbot.waitUntil(lambda: session.predictions.labels is not None, timeout=20000)
    session.predictions.copy_to_mask()
    stroke = session.current.mask.begin("Brush")  # of a large picture the prediction is still on its way
    stroke.line("axial", 0, (50, 50), (50, 50), Brush.round(3), 1)
    session.current.stroke_done(stroke.end())
    qtbot.waitUntil(lambda: not session.current.changing and not session.jobs.busy, timeout=20000)
    ids = stored(tab)
    assert {int(id) for id in ids[0, 10:20, 10:20].flat} == {1} and {int(id) for id in ids[0, 10:20, 20:30].flat} == {2}
    assert ids[0, 50, 50] not in (0, 1, 2) and not ids[0, 20:30, 10:30].any()
    assert len(titles(tab)) == 3


def draw_box(
    qtbot: QtBot, tab: LabelTab, context: AppContext, first: tuple[float, float], last: tuple[float, float]
) -> None:
    """With the rectangle, from corner to corner."""
    canvas = tab.scan.canvas
    QTest.keyClick(canvas, Qt.Key.Key_T)
    corners = [canvas.to_screen(corner).toPoint() for corner in (first, last)]
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=corners[0])
    QTest.mouseMove(canvas, corners[1])
    with qtbot.waitSignal(context.session.current.history_changed, timeout=20000):
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=corners[1])


def test_what_is_unlabelled_is_of_no_object(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    before, canvas = stored(tab), tab.scan.canvas
    QTest.keyClick(canvas, Qt.Key.Key_K, Qt.KeyboardModifier.ShiftModifier)
    draw_box(qtbot, tab, context, (12.0, 5.0), (18.0, 50.0))
    now, mask = stored(tab), context.session.current.mask
    assert mask is not None and (mask.labels == UNLABELLED).any() and not now[mask.labels == UNLABELLED].any()
    assert np.array_equal(now[mask.labels != UNLABELLED], before[mask.labels != UNLABELLED])
    assert titles(tab) == ["cell 3", "cell 9", "cell 20"] and (now == 9).sum() == 200
    run(qtbot, tab, "undo")
    assert np.array_equal(stored(tab), before)


def test_the_object_under_the_pointer_is_deleted_and_not_the_one_painted_before(
    qtbot: QtBot, tab: LabelTab, context: AppContext
) -> None:
    """Nobody picked that in the list: it is current since it was painted."""
    canvas = tab.scan.canvas
    draw_box(qtbot, tab, context, (40.0, 40.0), (50.0, 50.0))
    assert titles(tab) == ["cell 3", "cell 9", "cell 20", "cell 21"] and tab.objects.list.selected() == [21]
    QTest.mouseMove(canvas, canvas.to_screen((15.0, 20.0)).toPoint())
    run(qtbot, tab, "delete_objects")
    assert titles(tab) == ["cell 9", "cell 20", "cell 21"]
    run(qtbot, tab, "delete_objects", 20)
    assert titles(tab) == ["cell 9", "cell 21"], "one that was picked comes first"


def test_commands_without_an_object_say_so(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    """Their keys ended without a word."""
    canvas, shift = tab.scan.canvas, Qt.KeyboardModifier.ShiftModifier
    QTest.mouseMove(canvas, canvas.to_screen((2.0, 2.0)).toPoint())  # beside all of them
    tab.objects.list.clearSelection()

    def said(key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> str:
        tab.note.hide()
        QTest.keyClick(canvas, key, keys)
        return tab.note.text() if tab.note.isVisible() else ""

    context.session.pick_class(2)
    assert said(Qt.Key.Key_Delete) == said(Qt.Key.Key_C, shift) == "Point at an object, or pick it in the list."
    context.session.pick_class(0)
    assert said(Qt.Key.Key_C, shift).startswith("Pick a class first")
    context.session.pick_class(UNLABELLED)
    assert said(Qt.Key.Key_C, shift).endswith("what is unlabelled is no object.")
    run(qtbot, tab, "renumber_objects")
    context.commands["renumber_objects"].trigger()
    assert tab.note.text().startswith("The numbers of the objects have no gap")
    run(qtbot, tab, "delete_objects", 1, 2, 3)
    assert said(Qt.Key.Key_J, shift) == said(Qt.Key.Key_H, shift) == "No object is there yet."


def test_the_object_under_the_pointer_is_outlined_in_every_plane(
    qtbot: QtBot, context: AppContext, tmp_path: Path, show_tab: Show
) -> None:
    ids = np.zeros((12, 40, 48), np.uint16)
    ids[2:9, 8:20, 8:20], ids[2:9, 24:36, 24:44] = 1, 2
    file = tmp_path / "a.nii"
    nib.save(nib.Nifti1Image((ids.T > 0).astype(np.uint8) * 99, np.diag([1.0, 1.0, 3.0, 1.0])), file)
    with Project.create(tmp_path / "cells", "instance", parse_classes("cell")) as made:
        result_of(import_images(made, ImportPlan((file,))))
        layer = made.layers.make(made.items.all()[0].id)
        made.layers.replace(layer, pack_instances(Instances.of((ids > 0).astype(np.uint8), ids)))
    tab = LabelTab(context)
    show_tab("label", tab)
    context.session.open_project(made.path)
    context.session.current.open(context.session.items()[0].id)
    qtbot.waitUntil(lambda: context.session.current.image is not None and not context.jobs.busy, timeout=20000)
    views, mask = tab.scan.views, context.session.current.mask
    views.show_several(True)
    qtbot.waitUntil(lambda: len(list(views)) == 3 and all(view.isVisible() for view in views), timeout=20000)
    views.go((5, 14, 14))
    assert mask is not None and mask.ids is not None
    for pointed in views:
        views.go((5, 14, 14))
        through, down, across = axes(pointed.plane)
        inside = mask.ids.transpose(through, down, across)[pointed.index] == 1
        row, column = (float(at.mean()) + 0.5 for at in np.nonzero(inside))
        qtbot.waitUntil(partial(_points_at, tab, pointed, (row, column), 1), timeout=20000)
        lit = {view.plane: _outlined(view) for view in views}
        assert len(lit) == 3 and all(lit.values()), pointed.plane
        qtbot.waitUntil(partial(_points_at, tab, pointed, (1.0, 1.0), 0), timeout=20000)
        assert not any(_outlined(view) for view in views)


def _points_at(tab: LabelTab, view: Canvas, at: tuple[float, float], id: int) -> bool:
    """Whether the object is under the pointer, which goes to that place again as long as the views are still being laid out."""
    QTest.mouseMove(view, view.to_screen(at).toPoint())
    return tab.objects._hovered == id


def _outlined(view: Canvas) -> bool:
    """Whether the white line of what is pointed out is drawn."""
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels = data[:, : image.width() * 3].reshape(image.height(), image.width(), 3)
    middle = pixels[60:-60, 60:-60]  # the corners have words in white
    return bool((middle == 255).all(axis=2).any())
