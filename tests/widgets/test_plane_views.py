"""Several views of one volume: where they meet, what they share, and what a stroke in one repaints in the others."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QMouseEvent, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.imaging.geometry import Plane, axes, from_nifti
from engine.imaging.image import Image, Window
from engine.imaging.windows import FULL
from engine.labels.classes import OKABE_ITO
from engine.labels.mask import Mask
from widgets.canvas import Canvas
from widgets.layers import OverlayLayer
from widgets.plane_views import PlaneViews
from widgets.slice_view import Look
from widgets.tool import ToolContext
from widgets.tools import BrushTool, PanTool

SHAPE = (20, 60, 80)
LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier


def volume() -> Image:
    pixels = np.random.default_rng(0).integers(0, 255, SHAPE, np.uint8)
    return Image(pixels, from_nifti(np.diag([1.0, 1.0, 3.0, 1.0]), (80, 60, 20)), FULL)


@pytest.fixture
def views(qtbot: QtBot) -> PlaneViews:
    made = PlaneViews()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show_several(True)
    made.set_image(volume())
    with qtbot.waitExposed(made):
        made.show()
    enter(made.first, QPointF(5, 5))  # wherever another test left the pointer
    return made


def enter(view: Canvas, at: QPointF) -> None:
    QApplication.sendEvent(view, QEnterEvent(at, at, QPointF(view.mapToGlobal(at))))


def point(view: Canvas, down: float, across: float) -> QPoint:
    return view.to_screen((down, across)).toPoint()


def cut(views: PlaneViews, plane: Plane) -> Canvas:
    view = views.of(plane)
    assert view is not None
    return view


class Painted(QObject):
    """The area that a view paints again."""

    def __init__(self, view: Canvas) -> None:
        super().__init__(view)
        self.area = 0
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.area += event.rect().width() * event.rect().height()
        return False


def test_a_picture_of_one_slice_has_one_view(qtbot: QtBot) -> None:
    views = PlaneViews()
    qtbot.addWidget(views)
    views.show_several(True)
    views.set_image(Image(np.zeros((1, 9, 9), np.uint8), from_nifti(np.eye(4), (9, 9, 1)), FULL))
    assert len(list(views)) == 1 and not views.several
    assert len(views.findChildren(Canvas)) == 1, "the others are built when they are asked for"


def test_three_views_cut_the_volume_in_true_proportions(views: PlaneViews) -> None:
    assert [view.plane for view in views] == ["axial", "coronal", "sagittal"]
    for view in views:
        through, down, across = axes(view.plane)
        assert view.index == views.place[through] == SHAPE[through] // 2
        height, width = view.pixel_size
        spacing = (3.0, 1.0, 1.0)
        assert height / width == pytest.approx(spacing[down] / spacing[across])


def test_shift_and_the_pointer_bring_the_others_there(qtbot: QtBot, views: PlaneViews) -> None:
    axial = views.first
    at = point(axial, 12, 31)
    QApplication.sendEvent(axial, _move(axial, at, SHIFT))
    assert views.place == (10, 12, 31)
    assert [view.index for view in views] == [10, 12, 31]
    QApplication.sendEvent(axial, _move(axial, point(axial, 40, 50), Qt.KeyboardModifier.NoModifier))
    assert views.place == (10, 12, 31), "without Shift it stays"
    sagittal = cut(views, "sagittal")
    QApplication.sendEvent(sagittal, _move(sagittal, point(sagittal, 4, 22), SHIFT))
    assert views.place == (4, 22, 31)


def test_a_click_with_the_hand_points_for_all(views: PlaneViews) -> None:
    views.set_tool(PanTool())
    coronal = cut(views, "coronal")
    QTest.mouseClick(coronal, LEFT, pos=point(coronal, 3, 60))
    assert views.place == (3, 30, 60)


def test_turning_the_slices_of_one_moves_the_lines_of_the_others(views: PlaneViews) -> None:
    before = cut(views, "coronal").grab().toImage()
    views.first.next_slice(4)
    assert views.place[0] == 14
    assert cut(views, "coronal").grab().toImage() != before
    assert [view.index for view in views] == [14, 30, 40]


def test_centre_brings_the_place_to_the_middle_of_each(views: PlaneViews) -> None:
    views.go((5, 20, 50))
    views.centre()
    for view in views:
        _, down, across = axes(view.plane)
        at = view.to_screen((views.place[down], views.place[across]))
        assert (at - QPointF(view.width() / 2, view.height() / 2)).manhattanLength() < 1


@pytest.mark.parametrize("plane", ["axial", "coronal", "sagittal"])
def test_a_stroke_in_one_plane_is_seen_in_the_others_and_repaints_its_box(
    qtbot: QtBot, views: PlaneViews, plane: Plane
) -> None:
    mask = Mask(np.zeros(SHAPE, np.uint8))
    for view in views:
        view.set_layers([OverlayLayer(mask.labels, OKABE_ITO)])
    views.set_context(ToolContext(mask, 1, 2.0))
    views.set_tool(BrushTool())
    by = cut(views, plane)
    _, down, across = axes(plane)
    others = [Painted(view) for view in views if view is not by]
    enter(by, QPointF(30, 30))
    QApplication.processEvents()
    for each in others:
        each.area = 0
    with qtbot.waitSignal(views.first.stroke_finished) as told:
        QTest.mousePress(by, LEFT, pos=point(by, views.place[down], views.place[across]))
        QApplication.processEvents()
        QTest.mouseRelease(by, LEFT, pos=point(by, views.place[down], views.place[across]))
    assert mask.labels[views.place] == 1 and not told.args[0].empty
    assert np.ptp(np.nonzero(mask.labels)[axes(plane)[0]]) == 0, "one slice of that plane"
    for view, each in zip((view for view in views if view is not by), others, strict=True):
        assert 0 < each.area < 0.1 * view.width() * view.height()
        now = view.grab().toImage()
        view.pan(7, 0)
        view.pan(-7, 0)
        assert view.grab().toImage() == now, "as drawn anew"


def test_keys_act_on_the_view_under_the_pointer(qtbot: QtBot, views: PlaneViews) -> None:
    coronal = cut(views, "coronal")
    views.first.setFocus()
    with qtbot.waitSignal(views.arranged):
        enter(coronal, QPointF(30, 30))
    assert views.active is coronal
    assert QApplication.focusWidget() is views.first, "one view has the keyboard for all"
    QTest.keyPress(views.first, Qt.Key.Key_Space)
    assert coronal.cursor().shape() == Qt.CursorShape.OpenHandCursor
    enter(views.first, QPointF(30, 30))
    assert views.first.cursor().shape() == Qt.CursorShape.OpenHandCursor, "a key that is held goes with the pointer"
    QTest.keyRelease(views.first, Qt.Key.Key_Space)


def test_window_and_tool_are_the_same_in_all(views: PlaneViews) -> None:
    cut(views, "sagittal").set_window(Window(90, 60))
    assert {view.window_level for view in views} == {Window(90, 60)}
    tool = BrushTool()
    views.set_tool(tool)
    assert all(view.tool is tool for view in views)


def test_one_view_alone_and_back(views: PlaneViews) -> None:
    coronal = cut(views, "coronal")
    enter(coronal, QPointF(30, 30))
    views.go((7, 25, 33))
    coronal.zoom_by(2)
    zoom = coronal.zoom
    views.show_several(False)
    assert [view.plane for view in views] == ["coronal"] and views.first.index == 25
    assert views.first.zoom == pytest.approx(zoom)
    views.next_plane()
    assert (views.first.plane, views.first.index) == ("sagittal", 33)
    views.next_plane()
    assert (views.first.plane, views.first.index) == ("axial", 7)
    views.show_several(True)
    assert views.place == (7, 25, 33) and [view.index for view in views] == [7, 25, 33]


def test_the_next_plane_of_several_is_the_next_view(views: PlaneViews) -> None:
    views.next_plane()
    assert views.active is cut(views, "coronal")
    views.next_plane()
    views.next_plane()
    assert views.active is views.first


def test_a_look_keeps_the_place_and_is_kept_within_the_volume(views: PlaneViews) -> None:
    views.go((7, 25, 33))
    look = views.look
    views.set_image(volume())
    assert views.place == (10, 30, 40)
    views.set_look(look)
    assert views.place == (7, 25, 33) and [view.index for view in views] == [7, 25, 33]
    views.set_look(Look("coronal", 59, place=(99, 0, -3)))
    assert views.place == (19, 59, 0) and [view.plane for view in views] == ["axial", "coronal", "sagittal"]


def test_the_next_volume_of_the_same_shape_is_zoomed_as_this_one(views: PlaneViews) -> None:
    sagittal = cut(views, "sagittal")
    sagittal.zoom_by(3)
    zoom = sagittal.zoom
    views.set_image(volume())
    assert sagittal.zoom == pytest.approx(zoom)
    views.set_image(None)
    assert len(list(views)) == 1


def _move(view: Canvas, at: QPoint, keys: Qt.KeyboardModifier) -> QEvent:
    none = Qt.MouseButton.NoButton
    return QMouseEvent(QEvent.Type.MouseMove, QPointF(at), QPointF(view.mapToGlobal(at)), none, none, keys)


def test_all_views_are_drawn_in_the_same_way(views: PlaneViews) -> None:
    views.set_drawing(inverted=True, smooth=True)
    assert all(view.inverted for view in views)
    look = views.look
    views.show_several(False)
    views.set_image(volume())
    views.show_several(True)
    assert not any(view.inverted for view in views)
    views.set_look(look)
    assert all(view.inverted for view in views)
