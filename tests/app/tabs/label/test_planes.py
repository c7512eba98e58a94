"""Axial, coronal and sagittal in Label: by key and by title, painted in each, remembered with the item and for the next start."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.label.tab import LabelTab
from app.tabs.tab import Tab
from engine.formats import nifti
from engine.imaging.geometry import Plane, axes, from_nifti
from engine.labels.classes import parse_classes
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from tests.app.tabs.label.conftest import CONTROL, PATIENCE, SHIFT, Hand
from widgets.canvas import Canvas

Show = Callable[[str, Tab], None]
LEFT = Qt.MouseButton.LeftButton
SHAPE = (12, 40, 48)


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """A closed project of two volumes of one shape and a picture that is a single slice."""
    rng = np.random.default_rng(5)
    for name, slices in (("a", 12), ("b", 12), ("c", 1)):
        pixels = rng.integers(0, 200, (slices, 40, 48), np.uint8)
        grid = from_nifti(np.diag([1.0, 1.0, 4.0, 1.0]), (48, 40, slices))
        nifti.write(tmp_path / f"{name}.nii", pixels, grid)
    with Project.create(tmp_path / "scans.contorno", "multiclass", parse_classes("one,two")) as made:
        for _ in import_images(made, ImportPlan(tuple(tmp_path / f"{name}.nii" for name in "abc"))):
            pass
        return made.path


@pytest.fixture
def tab(qtbot: QtBot, context: AppContext, scans: Path, show_tab: Show) -> LabelTab:
    return opened(qtbot, context, scans, show_tab)


def opened(qtbot: QtBot, context: AppContext, scans: Path, show_tab: Show) -> LabelTab:
    made = LabelTab(context)
    show_tab("label", made)
    context.session.open_project(scans)
    go(qtbot, context, "a")
    return made


def go(qtbot: QtBot, context: AppContext, name: str) -> None:
    project, current = context.session.project, context.session.current
    assert project is not None
    current.open(project.items.named(name).id)
    qtbot.waitUntil(lambda: current.item is not None and current.item.name == name and current.image is not None)


def key(context: AppContext, id: str) -> None:
    context.commands[id].trigger()


def cut(tab: LabelTab, plane: Plane) -> Canvas:
    view = tab.scan.views.of(plane)
    assert view is not None
    return view


def enter(view: Canvas) -> None:
    at = QPointF(view.rect().center())
    QApplication.sendEvent(view, QEnterEvent(at, at, QPointF(view.mapToGlobal(at))))


def titles(tab: LabelTab) -> list[str]:
    return [view._corners.title for view in tab.scan.views]


def paint(view: Canvas, down: float, across: float) -> None:
    QTest.mouseClick(view, LEFT, pos=view.to_screen((down, across)).toPoint())


def test_a_key_shows_every_plane_and_one_again(tab: LabelTab, context: AppContext) -> None:
    assert titles(tab) == ["Axial · a"]
    key(context, "views")
    assert titles(tab) == ["Axial · a", "Coronal · a", "Sagittal · a"]
    enter(cut(tab, "sagittal"))
    key(context, "views")
    assert titles(tab) == ["Sagittal · a"], "the one under the pointer"
    key(context, "next_plane")
    assert titles(tab) == ["Axial · a"]


def test_a_double_click_on_a_title_does_the_same(tab: LabelTab, context: AppContext) -> None:
    views = tab.scan.views
    before = tab.scan.canvas
    tab.take_tool("brush")
    QTest.mouseDClick(before, LEFT, pos=before.title_area.center().toPoint())
    assert views.several
    coronal = cut(tab, "coronal")
    QTest.mouseDClick(coronal, LEFT, pos=coronal.title_area.center().toPoint())
    assert titles(tab) == ["Coronal · a"]
    assert context.session.current.mask is not None
    assert not context.session.current.mask.labels.any(), "nothing is painted through words"


@pytest.mark.parametrize("plane", ["axial", "coronal", "sagittal"])
def test_each_plane_is_painted_and_kept(tab: LabelTab, context: AppContext, plane: Plane) -> None:
    key(context, "views")
    tab.take_tool("brush")
    tab.scan.views.go((6, 17, 21))
    view, (_, down, across) = cut(tab, plane), axes(plane)
    current = context.session.current
    assert current.mask is not None and not current.labelled
    paint(view, tab.scan.views.place[down], tab.scan.views.place[across])
    assert current.mask.labels[6, 17, 21] == 1
    touched = np.nonzero(current.mask.labels)
    assert len(np.unique(touched[axes(plane)[0]])) == 1
    assert current.labelled == frozenset(np.unique(touched[0]).tolist())
    key(context, "undo")
    assert not current.mask.labels.any()


def test_commands_act_on_the_view_under_the_pointer(tab: LabelTab, context: AppContext) -> None:
    key(context, "views")
    sagittal = cut(tab, "sagittal")
    enter(sagittal)
    zoom = tab.scan.views.first.zoom
    key(context, "zoom_in")
    key(context, "next_slice")
    assert tab.scan.views.place == (6, 20, 25)
    assert tab.scan.views.first.zoom == zoom
    key(context, "nothing_here")
    assert "point at that view" in tab.note.text() and not context.session.current.labelled
    enter(tab.scan.views.first)
    key(context, "nothing_here")
    assert context.session.current.labelled == {6}


@pytest.mark.parametrize("plane", ["axial", "coronal", "sagittal"])
def test_undo_brings_the_view_to_the_slice_that_changes(tab: LabelTab, context: AppContext, plane: Plane) -> None:
    key(context, "views")
    tab.take_tool("brush")
    view, (through, down, across) = cut(tab, plane), axes(plane)
    paint(view, tab.scan.views.place[down], tab.scan.views.place[across])
    was = view.index
    tab.scan.views.go((1, 39, 47))
    key(context, "undo")
    assert view.index == tab.scan.views.place[through] == was


def test_views_are_kept_with_the_item_and_for_the_next_start(
    qtbot: QtBot, tab: LabelTab, context: AppContext, scans: Path, show_tab: Show
) -> None:
    key(context, "views")
    tab.scan.views.go((3, 8, 44))
    go(qtbot, context, "b")
    assert tab.scan.views.several and tab.scan.views.place == (3, 8, 44), (
        "the next of the same shape, at the same place"
    )
    tab.scan.views.go((5, 9, 10))
    go(qtbot, context, "c")
    assert titles(tab) == ["c"], "a single picture has one view"
    button = tab.findChild(QToolButton, "label.views")
    assert button is not None and not button.isVisible()
    go(qtbot, context, "a")
    assert tab.scan.views.several and tab.scan.views.place == (3, 8, 44)
    context.session.close_project()
    again = opened(qtbot, context, scans, show_tab)
    assert again.scan.views.several and again.scan.views.place == (3, 8, 44)


def test_a_larger_volume_after_a_small_one_has_its_own_mask_in_every_plane(
    qtbot: QtBot, tmp_path: Path, context: AppContext, show_tab: Show
) -> None:
    for name, shape in (("a", (4, 16, 20)), ("b", (30, 90, 100))):
        nifti.write(tmp_path / f"{name}.nii", np.zeros(shape, np.uint8), from_nifti(np.eye(4), shape[::-1]))
    with Project.create(tmp_path / "scans.contorno", "binary", parse_classes("one")) as made:
        for _ in import_images(made, ImportPlan((tmp_path / "a.nii", tmp_path / "b.nii"))):
            pass
    tab = opened(qtbot, context, made.path, show_tab)
    key(context, "views")
    faults: list[object] = []
    context.session.failed.connect(faults.append)
    go(qtbot, context, "b")
    mask = context.session.current.mask
    assert mask is not None and not faults and len(list(tab.scan.views)) == 3
    for view in tab.scan.views:
        assert view.image is context.session.current.image
        assert [layer.labels is mask.labels for layer in view._layers] == [True]


def test_one_plane_alone_is_kept_with_the_item(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    key(context, "next_plane")
    tab.scan.canvas.set_slice(11)
    go(qtbot, context, "c")
    go(qtbot, context, "a")
    assert titles(tab) == ["Coronal · a"] and tab.scan.canvas.index == 11


def test_the_next_labelled_slice_is_found_from_any_view(tab: LabelTab, context: AppContext) -> None:
    key(context, "views")
    key(context, "nothing_here")
    tab.scan.views.go((2, 5, 5))
    enter(cut(tab, "coronal"))
    key(context, "next_labelled")
    assert tab.scan.views.place == (6, 5, 5)


def test_slice_bars_say_which_slices_are_labelled_where_that_is_known(tab: LabelTab, context: AppContext) -> None:
    key(context, "views")
    key(context, "nothing_here")
    assert tab.scan.views.first.slice_bar.toolTip() == "1 of 12 slices are labelled"
    assert "labelled" not in cut(tab, "coronal").slice_bar.toolTip()


def test_what_is_said_is_seen_over_every_view(tab: LabelTab, context: AppContext) -> None:
    key(context, "views")
    enter(cut(tab, "coronal"))
    key(context, "nothing_here")
    at = tab.note.mapTo(tab.scan, QPoint(2, 2))
    assert tab.scan.childAt(at) is not None and tab.note.isVisible()


def test_how_it_is_drawn_goes_on_to_the_next_of_its_kind_and_is_kept(
    qtbot: QtBot, tab: LabelTab, context: AppContext
) -> None:
    key(context, "views")
    key(context, "invert")
    assert context.commands["invert"].isChecked() and all(view.inverted for view in tab.scan.views)
    go(qtbot, context, "b")
    assert all(view.inverted for view in tab.scan.views) and context.commands["invert"].isChecked()
    key(context, "invert")
    go(qtbot, context, "a")
    assert tab.scan.canvas.inverted
    context.commands["smooth"].trigger()
    assert context.commands["smooth"].isChecked()
    go(qtbot, context, "b")
    assert context.commands["smooth"].isChecked() and not tab.scan.canvas.inverted


def test_the_card_of_the_range_is_whole_over_small_views(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    """One of several views has not its room."""
    tab.window().resize(900, 520)
    context.commands["surface"].trigger()
    first = tab.scan.views.first
    qtbot.waitUntil(lambda: 0 < first.width() < tab.gate.width())
    QTest.keyClick(first, Qt.Key.Key_J)
    assert tab.gate.isVisible()
    for part in (tab.gate.connected, tab.gate.preset, tab.gate.high):
        assert part.visibleRegion().boundingRect() == part.rect(), part.objectName()


def test_the_answers_to_a_proposal_are_whole_over_small_views(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    tab.window().resize(900, 520)
    context.commands["surface"].trigger()
    current = context.session.current
    assert current.mask is not None
    tab.scan.views.show_slice("axial", 3)
    context.commands["rectangle"].trigger()
    first = tab.scan.views.first
    qtbot.waitUntil(lambda: 0 < first.width() < 330)
    ends = [first.to_screen(at).toPoint() for at in ((10.0, 10.0), (20.0, 20.0))]
    QTest.mousePress(first, LEFT, pos=ends[0])
    QTest.mouseMove(first, ends[1])
    QTest.mouseRelease(first, LEFT, pos=ends[1])
    context.commands["carry_next"].trigger()
    bar = tab.carrying.bar
    qtbot.waitUntil(lambda: bar.isVisible() and "carried" in bar.text(), timeout=PATIENCE)
    buttons = [button for button in bar.findChildren(QPushButton) if button.isVisible()]
    assert len(buttons) > 3 and all(
        button.visibleRegion().boundingRect() == button.rect() and button.width() >= button.sizeHint().width()
        for button in buttons
    )
    buttons[0].setFocus()
    QTest.keyClick(buttons[0], Qt.Key.Key_Space)
    assert first.hasFocus() and 4 in current.labelled


def test_an_outline_is_finished_from_another_view_too(tab: LabelTab, context: AppContext, qtbot: QtBot) -> None:
    """The hand that drew it rests elsewhere: Enter, Backspace, Esc and undo are the outline's all the same."""
    current, commands = context.session.current, context.commands
    assert current.mask is not None
    commands["brush"].trigger()
    paint(tab.scan.canvas, 30, 40)
    before = current.mask.labels.copy()
    commands["views"].trigger()
    commands["polygon"].trigger()
    axial, coronal, _ = tab.scan.views
    qtbot.waitUntil(lambda: coronal.width() > 50)
    for key, painted in ((Qt.Key.Key_Escape, False), (Qt.Key.Key_Return, True)):
        enter(axial)
        for at in ((5, 5), (5, 20), (18, 20), (18, 5), (19, 4)):
            paint(axial, *at)
        enter(coronal)
        assert tab.scan.canvas is coronal and commands["undo"].text() == "Undo: the last point"
        QTest.keyClick(axial, Qt.Key.Key_Z, CONTROL)  # has the keyboard for all of them
        QTest.keyClick(axial, Qt.Key.Key_Backspace)
        assert np.array_equal(current.mask.labels, before) and axial.unfinished
        QTest.keyClick(axial, key)
        assert not axial.unfinished and np.array_equal(current.mask.labels, before) != painted
    commands["views"].trigger()
    assert tab.scan.views.unfinished is None


def test_every_view_comes_back_as_it_was_left(qtbot: QtBot, tab: LabelTab, context: AppContext, scans: Path) -> None:
    """Zoom and place of each, after an image of another shape and after the project was closed."""
    context.commands["views"].trigger()
    views = list(tab.scan.views)
    qtbot.waitUntil(lambda: abs(2 * views[0].width() - 3 * views[1].width()) < 6)  # the room is shared out
    views[1].zoom_by(2.5, QPointF(20, 20))

    def seen() -> list[tuple[float, QPoint]]:
        return [(round(view.zoom, 3), view.to_screen((3.0, 20.0)).toPoint()) for view in tab.scan.views]

    before = seen()
    go(qtbot, context, "c")
    go(qtbot, context, "a")
    qtbot.waitUntil(lambda: seen() == before)
    context.session.close_project()
    context.session.open_project(scans)
    go(qtbot, context, "a")
    qtbot.waitUntil(lambda: seen() == before)


def test_a_view_that_was_only_moved_is_whole_when_it_is_enlarged(hand: Hand) -> None:
    views = hand.tab.scan.views
    hand.key(Qt.Key.Key_V)
    view = cut(hand.tab, "coronal")
    enter(view)
    views.go((0, 3, 5))
    hand.key(Qt.Key.Key_C)
    QTest.mouseDClick(view, LEFT, pos=view.title_area.center().toPoint())
    assert not views.several and views.first.plane == "coronal"
    hand.qtbot.waitUntil(lambda: views.first.width() > 2 * view.width())
    shown = views.first.look
    views.first.fit()
    assert shown == views.first.look, "all of it, in the middle of its new room"


def test_views_that_were_only_moved_are_whole_beside_the_surface(hand: Hand) -> None:
    views = hand.tab.scan.views
    hand.key(Qt.Key.Key_V)
    views.go((0, 3, 5))
    hand.key(Qt.Key.Key_C)
    cut(hand.tab, "coronal").zoom_by(2)
    zoom, wide = cut(hand.tab, "coronal").zoom, views.first.width()
    hand.key(Qt.Key.Key_S, SHIFT)
    hand.qtbot.waitUntil(lambda: views.first.width() < wide)
    assert views.first.look.zoom is None, "all of it, as it fits"
    assert cut(hand.tab, "coronal").zoom == pytest.approx(zoom)


def test_what_was_zoomed_stays_as_large_when_it_is_enlarged(hand: Hand) -> None:
    views = hand.tab.scan.views
    hand.key(Qt.Key.Key_V)
    view = cut(hand.tab, "coronal")
    enter(view)
    view.zoom_by(2)
    zoom = view.zoom
    QTest.mouseDClick(view, LEFT, pos=view.title_area.center().toPoint())
    assert views.first.plane == "coronal" and views.first.zoom == pytest.approx(zoom)


def test_fit_shows_the_whole_of_every_view(hand: Hand) -> None:
    hand.key(Qt.Key.Key_V)
    for view in hand.tab.scan.views:
        view.zoom_by(3)
    hand.key(Qt.Key.Key_F, CONTROL)
    assert all(view.look.zoom is None for view in hand.tab.scan.views)
