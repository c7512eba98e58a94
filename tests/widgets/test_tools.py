import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QMouseEvent, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.errors import EngineError
from engine.imaging.geometry import uncalibrated
from engine.imaging.image import Image
from engine.imaging.windows import FULL
from engine.labels.classes import OKABE_ITO
from engine.labels.edit import Edit, Labels
from engine.labels.gate import Gate
from engine.labels.mask import Mask
from widgets.canvas import Canvas
from widgets.layers import OverlayLayer
from widgets.outline_tools import ContourTool, EllipseTool, PolygonTool, RectangleTool
from widgets.tool import ChangeWish, FillWish, Tool, ToolContext
from widgets.tools import TOOLS, BrushTool, EraserTool, FillTool

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE, CTRL, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Bench:
    """A canvas with a mask of 100 x 100 at 300 %, and what came out of it."""

    def __init__(self, qtbot: QtBot, tool: Tool, spacing: tuple[float, float, float] | None = None) -> None:
        self.mask = Mask(np.zeros((3, 100, 100), np.uint8))
        self.canvas = Canvas()
        qtbot.addWidget(self.canvas)
        self.canvas.resize(700, 700)
        self.canvas.set_image(
            Image(np.zeros((3, 100, 100), np.uint8), uncalibrated(100, 100, 3, spacing), FULL), index=1
        )
        self.canvas.set_layers([OverlayLayer(self.mask.labels, OKABE_ITO)])
        self.canvas.set_context(ToolContext(self.mask, 2, 5.0, class_name=lambda value: f"class {value}"))
        self.canvas.set_tool(tool)
        with qtbot.waitExposed(self.canvas):
            self.canvas.show()
        self.edits: list[Edit] = []
        self.refused: list[str] = []
        self.picked: list[int] = []
        self.canvas.stroke_finished.connect(self.edits.append)
        self.canvas.refused.connect(self.refused.append)
        self.canvas.class_picked.connect(self.picked.append)

    @property
    def slice(self) -> Labels:
        return self.mask.slice("axial", 1)

    def place(self, down: float, across: float) -> QPoint:
        return self.canvas.to_screen((down, across)).toPoint()

    def drag(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        button: Qt.MouseButton = LEFT,
        keys: Qt.KeyboardModifier = NONE,
    ) -> None:
        QTest.mousePress(self.canvas, button, keys, self.place(*start))
        QTest.mouseMove(self.canvas, self.place(*end))
        QTest.mouseRelease(self.canvas, button, keys, self.place(*end))

    def move(self, at: tuple[float, float], keys: Qt.KeyboardModifier = NONE) -> None:
        """With the left button down; QTest's own moves know no keys."""
        place = QPointF(self.place(*at))
        event = QMouseEvent(
            QEvent.Type.MouseMove, place, self.canvas.mapToGlobal(place), Qt.MouseButton.NoButton, LEFT, keys
        )
        QApplication.sendEvent(self.canvas, event)

    def click(
        self, down: float, across: float, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NONE
    ) -> None:
        QTest.mouseClick(self.canvas, button, keys, self.place(down, across))


def test_a_fast_stroke_has_no_gaps_and_is_one_edit(qtbot: QtBot) -> None:
    bench = Bench(qtbot, BrushTool())
    bench.drag((50, 10), (50, 90))
    assert (bench.slice[50, 10:91] == 2).all() and (bench.slice[46:55, 50] == 2).all()
    assert not bench.slice[44, 50] and not bench.mask.labels[[0, 2]].any()
    assert [edit.name for edit in bench.edits] == ["Brush · class 2 · 2"]
    bench.mask.apply(bench.edits[0].inverse())
    assert not bench.mask.labels.any()


def test_a_click_is_a_dab(qtbot: QtBot) -> None:
    bench = Bench(qtbot, BrushTool())
    bench.click(50, 50)
    QTest.mouseDClick(bench.canvas, LEFT, NONE, bench.place(20, 20))
    assert bench.slice[50, 50] == 2 and bench.slice[20, 20] == 2


@pytest.mark.parametrize(
    ("tool", "button", "keys", "erases"),
    [
        (BrushTool, LEFT, NONE, False),
        (BrushTool, RIGHT, NONE, True),
        (BrushTool, LEFT, CTRL, True),
        (EraserTool, LEFT, NONE, True),
        (EraserTool, RIGHT, NONE, True),
        (EraserTool, LEFT, CTRL, False),
    ],
)
def test_right_erases_and_ctrl_inverts(
    qtbot: QtBot, tool: type[BrushTool], button: Qt.MouseButton, keys: Qt.KeyboardModifier, erases: bool
) -> None:
    bench = Bench(qtbot, tool())
    bench.slice[:] = 1
    bench.drag((50, 40), (50, 60), button, keys)
    assert bench.slice[50, 50] == (0 if erases else 2)
    assert bench.edits[0].name == ("Eraser · 2" if erases else "Brush · class 2 · 2")


def test_a_stroke_across_the_tiles_is_called_after_its_own_slice(qtbot: QtBot) -> None:
    bench = Bench(qtbot, BrushTool())
    bench.canvas.set_plane("coronal")
    bench.canvas.set_slice(50)
    bench.click(1, 50)
    assert (bench.mask.labels[:, 50, 50] == 2).all() and not bench.mask.labels[:, [49, 51]].any()
    assert [edit.name for edit in bench.edits] == ["Brush · class 2 · 51"]


def test_a_brush_in_mm_is_round_in_mm(qtbot: QtBot) -> None:
    bench = Bench(qtbot, BrushTool(), (1.0, 2.0, 0.5))
    bench.canvas.set_context(ToolContext(bench.mask, 2, 4.0, in_mm=True))
    bench.click(50, 50)
    down, across = np.nonzero(bench.slice)
    assert np.ptp(down) + 1 == pytest.approx(4, abs=1) and np.ptp(across) + 1 == pytest.approx(16, abs=1)


def test_escape_takes_the_stroke_back(qtbot: QtBot) -> None:
    bench = Bench(qtbot, BrushTool())
    QTest.mousePress(bench.canvas, LEFT, NONE, bench.place(50, 50))
    assert bench.slice.any()
    QTest.keyClick(bench.canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(bench.canvas, LEFT, NONE, bench.place(50, 50))
    assert not bench.slice.any() and not bench.edits


def test_another_slice_ends_the_stroke_on_this_one(qtbot: QtBot) -> None:
    bench = Bench(qtbot, BrushTool())
    QTest.mousePress(bench.canvas, LEFT, NONE, bench.place(50, 50))
    bench.canvas.next_slice(1)
    assert len(bench.edits) == 1
    QTest.mouseMove(bench.canvas, bench.place(20, 20))
    assert not bench.mask.labels[2].any()


def test_a_stroke_that_changes_nothing_is_no_edit(qtbot: QtBot) -> None:
    bench = Bench(qtbot, EraserTool())
    bench.drag((50, 40), (50, 60))
    assert not bench.edits


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if tool.paints and tool is not EraserTool])
def test_a_locked_class_is_refused_in_words(qtbot: QtBot, tool: type[Tool]) -> None:
    bench = Bench(qtbot, tool())
    bench.mask.locked = frozenset({2})
    bench.click(50, 50)
    assert not bench.slice.any() and not bench.edits
    assert len(bench.refused) == 1 and "class 2" in bench.refused[0]


@pytest.mark.parametrize("tool", [BrushTool, EraserTool, ContourTool, PolygonTool, RectangleTool, EllipseTool])
def test_a_gesture_that_may_change_nothing_says_so(qtbot: QtBot, tool: type[Tool]) -> None:
    """What is seen there is not what was painted: without a word it would look as if the program had not noticed."""
    bench = Bench(qtbot, tool())
    erases = tool is EraserTool
    bench.mask.labels[:] = 3
    bench.mask.locked = frozenset({3})
    _around(bench, 20, 60)
    said = "Nothing was erased" if erases else "Nothing was painted"
    assert not bench.edits and [words.split(":")[0] for words in bench.refused] == [said]
    if issubclass(tool, BrushTool):
        bench.mask.labels[:] = 0 if erases else 2
        _around(bench, 20, 60)
        assert len(bench.refused) == 1, "a hand that goes over it again sees that it is as it was wanted"


@pytest.mark.parametrize("tool", [ContourTool, PolygonTool, RectangleTool, EllipseTool])
def test_an_outline_beside_the_image_says_so(qtbot: QtBot, tool: type[Tool]) -> None:
    bench = Bench(qtbot, tool())
    _around(bench, 102, 112)
    assert not bench.edits and bench.refused == ["Nothing of it lies on a pixel of the image."]


def _around(bench: Bench, low: float, high: float) -> None:
    """A gesture around a square, as the tool in hand has it."""
    corners = ((low, low), (low, high), (high, high), (high, low))
    if isinstance(bench.canvas.tool, PolygonTool):
        for corner in corners:
            bench.click(*corner)
        QTest.keyClick(bench.canvas, Qt.Key.Key_Return)
    elif isinstance(bench.canvas.tool, ContourTool):
        QTest.mousePress(bench.canvas, LEFT, NONE, bench.place(*corners[0]))
        for corner in corners[1:]:
            QTest.mouseMove(bench.canvas, bench.place(*corner))
        QTest.mouseRelease(bench.canvas, LEFT, NONE, bench.place(*corners[0]))
    else:
        bench.drag(corners[0], corners[2])


@pytest.mark.parametrize("tool", TOOLS)
def test_nothing_happens_without_a_mask(qtbot: QtBot, tool: type[Tool]) -> None:
    bench = Bench(qtbot, tool())
    bench.canvas.set_context(ToolContext(None))
    bench.drag((50, 40), (50, 60))
    bench.click(20, 20)
    QTest.keyClick(bench.canvas, Qt.Key.Key_Return)
    assert not bench.slice.any() and not (bench.edits or bench.refused or bench.picked)


@pytest.mark.parametrize("tool", [ContourTool, RectangleTool, EllipseTool])
def test_a_click_with_a_tool_that_drags_says_so(qtbot: QtBot, tool: type[Tool]) -> None:
    bench = Bench(qtbot, tool())
    bench.click(20, 20)
    assert bench.refused == ["A click paints nothing with this tool: drag."]
    bench.click(20, 20, RIGHT)
    assert bench.refused[1:] == ["Drag with Ctrl to erase with this tool."]
    assert not bench.edits and not bench.canvas.unfinished


def test_a_polygon_of_two_points_is_not_painted_and_says_why(qtbot: QtBot) -> None:
    bench = Bench(qtbot, PolygonTool())
    bench.click(20, 20)
    bench.click(20, 60)
    QTest.keyClick(bench.canvas, Qt.Key.Key_Return)
    assert bench.refused == ["Click three points at least first."] and bench.canvas.unfinished
    bench.click(60, 60)
    QTest.keyClick(bench.canvas, Qt.Key.Key_Return)
    assert len(bench.edits) == 1 and len(bench.refused) == 1


def _square(bench: Bench) -> None:
    for point in ((20, 20), (20, 60), (60, 60), (60, 20)):
        bench.click(*point)


def test_enter_closes_a_polygon(qtbot: QtBot) -> None:
    bench = Bench(qtbot, PolygonTool())
    _square(bench)
    assert not bench.slice.any()
    QTest.keyClick(bench.canvas, Qt.Key.Key_Return)
    assert (bench.slice[22:59, 22:59] == 2).all() and not bench.slice[65, 65]
    assert [edit.name for edit in bench.edits] == ["Polygon · class 2 · 2"]


def test_a_click_on_the_first_point_or_a_double_click_closes_it(qtbot: QtBot) -> None:
    bench = Bench(qtbot, PolygonTool())
    _square(bench)
    bench.click(20, 20)
    assert not bench.edits and bench.canvas.unfinished
    QTest.keyClick(bench.canvas, Qt.Key.Key_Return)
    assert len(bench.edits) == 1
    bench.mask.labels[:] = 0
    _square(bench)
    for at in ((60, 20), (40, 40)):
        QTest.mouseDClick(bench.canvas, LEFT, NONE, bench.place(*at))
        QTest.mouseRelease(bench.canvas, LEFT, NONE, bench.place(*at))
    assert len(bench.edits) == 2 and bench.slice[40, 40] == 2 and not bench.canvas.unfinished


def test_points_of_a_closed_polygon_are_moved_until_enter(qtbot: QtBot) -> None:
    bench = Bench(qtbot, PolygonTool())
    _square(bench)
    bench.click(20, 20)
    bench.drag((60, 60), (80, 80))  # a corner
    bench.drag((20, 40), (10, 40))  # a new point of the upper edge
    assert not bench.slice.any()
    QTest.keyClick(bench.canvas, Qt.Key.Key_Return)
    assert bench.slice[70, 70] == 2 and bench.slice[13, 40] == 2 and not bench.slice[13, 25]
    assert [edit.name for edit in bench.edits] == ["Polygon · class 2 · 2"]


def test_a_closed_polygon_is_moved_as_a_whole_and_painted_by_the_next(qtbot: QtBot) -> None:
    bench = Bench(qtbot, PolygonTool())
    _square(bench)
    bench.click(20, 20)
    bench.drag((40, 30), (40, 50))
    bench.click(90, 90)
    assert bench.slice[40, 75] == 2 and not bench.slice[40, 25] and len(bench.edits) == 1
    assert bench.canvas.unfinished  # the next one's first point
    QTest.keyClick(bench.canvas, Qt.Key.Key_Escape)
    assert not bench.canvas.unfinished


def test_the_right_button_opens_a_closed_polygon_again(qtbot: QtBot) -> None:
    bench = Bench(qtbot, PolygonTool())
    bench.slice[:] = 3
    _square(bench)
    bench.click(20, 20, LEFT, CTRL)
    bench.click(40, 40, RIGHT)
    bench.click(40, 40, RIGHT)  # and takes the last corner back
    QTest.keyClick(bench.canvas, Qt.Key.Key_Return)
    assert bench.slice[25, 55] == 2 and bench.slice[55, 25] == 3, "a closing that was taken back erases nothing"


def test_backspace_drops_a_point_and_escape_all(qtbot: QtBot) -> None:
    bench = Bench(qtbot, PolygonTool())
    _square(bench)
    QTest.keyClick(bench.canvas, Qt.Key.Key_Backspace)
    QTest.keyClick(bench.canvas, Qt.Key.Key_Return)
    assert bench.slice[25, 55] == 2 and bench.slice[55, 25] == 0
    _square(bench)
    QTest.keyClick(bench.canvas, Qt.Key.Key_Escape)
    QTest.keyClick(bench.canvas, Qt.Key.Key_Return)
    assert len(bench.edits) == 1


def test_the_right_button_takes_the_last_point_back_and_erases_nothing(qtbot: QtBot) -> None:
    bench = Bench(qtbot, PolygonTool())
    bench.slice[:] = 3
    _square(bench)
    bench.click(40, 40, RIGHT)
    assert (bench.slice == 3).all() and bench.canvas.unfinished
    QTest.keyClick(bench.canvas, Qt.Key.Key_Return)
    assert bench.slice[30, 50] == 2 and bench.slice[50, 30] == 3  # a triangle: the fourth corner was taken back
    bench.click(40, 40, RIGHT)
    assert len(bench.edits) == 1


def test_ctrl_closes_a_polygon_to_erase(qtbot: QtBot) -> None:
    bench = Bench(qtbot, PolygonTool())
    bench.slice[:] = 3
    _square(bench)
    bench.click(20, 20, LEFT, CTRL)
    assert (bench.slice == 3).all()
    QTest.keyClick(bench.canvas, Qt.Key.Key_Return)
    assert bench.slice[40, 40] == 0 and bench.slice[70, 70] == 3


def test_a_drag_draws_points_and_closes_where_it_began(qtbot: QtBot) -> None:
    bench = Bench(qtbot, PolygonTool())
    QTest.mousePress(bench.canvas, LEFT, NONE, bench.place(20, 20))
    for at in ((20, 40), (20, 60), (40, 60), (60, 60), (60, 40), (60, 20), (40, 20), (20, 20)):
        QTest.mouseMove(bench.canvas, bench.place(*at))
    assert not bench.edits and bench.canvas.unfinished
    QTest.mouseRelease(bench.canvas, LEFT, NONE, bench.place(20, 20))
    QTest.keyClick(bench.canvas, Qt.Key.Key_Return)
    assert len(bench.edits) == 1 and (bench.slice[22:59, 22:59] == 2).all()


def test_a_click_that_trembles_is_one_point(qtbot: QtBot) -> None:
    bench = Bench(qtbot, PolygonTool())
    bench.drag((20, 20), (20.4, 20))
    bench.canvas.step_back()
    assert not bench.canvas.unfinished


CIRCLE = [(50 + 30 * math.sin(turn / 6), 50 + 30 * math.cos(turn / 6)) for turn in range(35)]


def _contour(bench: Bench, keys: Qt.KeyboardModifier = NONE) -> None:
    QTest.mousePress(bench.canvas, LEFT, keys, bench.place(*CIRCLE[0]))
    for at in CIRCLE:
        bench.move(at, keys)


def test_a_contour_closes_where_the_button_is_released(qtbot: QtBot) -> None:
    bench = Bench(qtbot, ContourTool())
    _contour(bench)
    assert not bench.slice.any()
    QTest.mouseRelease(bench.canvas, LEFT, NONE, bench.place(*CIRCLE[-1]))
    assert np.count_nonzero(bench.slice == 2) == pytest.approx(math.pi * 30**2, rel=0.03)
    assert [edit.name for edit in bench.edits] == ["Freehand contour · class 2 · 2"]
    _contour(bench, CTRL)
    QTest.mouseRelease(bench.canvas, LEFT, CTRL, bench.place(*CIRCLE[-1]))
    assert np.count_nonzero(bench.slice) < 60 and len(bench.edits) == 2


@pytest.mark.parametrize("tool", [ContourTool, RectangleTool, EllipseTool, BrushTool])
def test_the_right_button_takes_back_what_is_being_drawn(qtbot: QtBot, tool: type[Tool]) -> None:
    bench = Bench(qtbot, tool())
    _contour(bench)
    QTest.mousePress(bench.canvas, RIGHT, NONE, bench.place(20, 20))
    QTest.mouseRelease(bench.canvas, RIGHT, NONE, bench.place(20, 20))
    bench.move((60, 60))
    QTest.mouseRelease(bench.canvas, LEFT, NONE, bench.place(60, 60))
    assert not bench.slice.any() and not bench.edits
    bench.slice[:] = 3
    if tool is not BrushTool:  # its right button erases, as its hint says
        bench.drag((40, 40), (60, 60), RIGHT)
        assert (bench.slice == 3).all() and not bench.edits


def test_a_rectangle_and_an_ellipse_by_one_drag(qtbot: QtBot) -> None:
    bench = Bench(qtbot, RectangleTool())
    bench.drag((20, 30), (60, 80))
    assert np.count_nonzero(bench.slice == 2) == pytest.approx(41 * 51, abs=100) and bench.slice[58, 32] == 2
    bench.canvas.set_tool(EllipseTool())
    bench.drag((20, 30), (60, 80), keys=CTRL)
    assert bench.slice[40, 55] == 0 and bench.slice[22, 32] == 2
    assert [edit.name for edit in bench.edits] == ["Rectangle · class 2 · 2", "Ellipse · 2"]


def test_shift_makes_a_circle_in_mm(qtbot: QtBot) -> None:
    bench = Bench(qtbot, EllipseTool(), (1.0, 2.0, 1.0))
    bench.drag((20, 20), (30, 60), keys=SHIFT)
    down, across = np.nonzero(bench.slice)
    assert 2 * (np.ptp(down) + 1) == pytest.approx(np.ptp(across) + 1, abs=3)


def test_a_ball_is_round_over_the_slices_and_one_edit(qtbot: QtBot) -> None:
    bench = Bench(qtbot, BrushTool(), (2.5, 1.0, 1.0))
    bench.canvas.set_context(ToolContext(bench.mask, 2, 5.0, in_mm=True, ball=True))
    bench.click(50, 50)
    wide = [int((bench.mask.labels[z, 50] == 2).sum()) for z in range(3)]
    assert wide[1] == pytest.approx(11, abs=1) and wide[0] == wide[2] == pytest.approx(2 * math.sqrt(18.75), abs=1)
    assert len(bench.edits) == 1
    bench.mask.apply(bench.edits[0].inverse())
    assert not bench.mask.labels.any()


@pytest.mark.parametrize(("tool", "keys"), [(EraserTool, SHIFT), (BrushTool, CTRL | SHIFT)])
def test_a_stroke_erases_through_all_slices(qtbot: QtBot, tool: type[Tool], keys: Qt.KeyboardModifier) -> None:
    bench = Bench(qtbot, tool())
    bench.mask.labels[:] = 1
    bench.mask.labels[2] = 3
    bench.mask.locked = frozenset({3})
    bench.drag((50, 20), (50, 80), keys=keys)
    assert not bench.mask.labels[:2, 50, 20:81].any() and (bench.mask.labels[2] == 3).all()
    assert [edit.name for edit in bench.edits] == ["Eraser through all slices"]


def test_a_stroke_through_very_many_slices_is_asked_for(qtbot: QtBot) -> None:
    bench = Bench(qtbot, EraserTool())
    deep = Mask(np.ones((90, 100, 100), np.uint8))
    bench.canvas.set_image(Image(np.zeros(deep.shape, np.uint8), uncalibrated(100, 100, 90), FULL), index=40)
    bench.canvas.set_context(ToolContext(deep, 2, 5.0))
    asked: list[ChangeWish] = []
    bench.canvas.change_asked.connect(asked.append)
    bench.drag((50, 20), (50, 80), keys=SHIFT)
    assert not bench.edits and (deep.labels == 1).all() and len(asked) == 1
    edit = asked[0].work(deep)
    assert not deep.labels[:, 50, 20:81].any() and edit.name == "Eraser through all slices"


def test_ctrl_and_shift_cut_a_contour_through_all_slices(qtbot: QtBot) -> None:
    bench = Bench(qtbot, ContourTool())
    bench.mask.labels[:] = 1
    asked: list[ChangeWish] = []
    bench.canvas.change_asked.connect(asked.append)
    _contour(bench, CTRL | SHIFT)
    QTest.mouseRelease(bench.canvas, LEFT, CTRL | SHIFT, bench.place(*CIRCLE[-1]))
    (wish,) = asked
    assert not wish.work(bench.mask).empty and not bench.mask.labels[:, 50, 50].any()
    with pytest.raises(EngineError, match="Nothing was erased"):
        wish.work(bench.mask)


def _gated(bench: Bench, **more: Any) -> None:
    """Values 0 to 99 from left to right; only 40 to 60 may be painted."""
    pixels = np.broadcast_to(np.arange(100, dtype=np.uint8), (3, 100, 100)).copy()
    image = Image(pixels, uncalibrated(100, 100, 3), FULL)
    bench.canvas.set_image(image, index=1)
    bench.canvas.set_layers([OverlayLayer(bench.mask.labels, OKABE_ITO)])
    bench.canvas.set_context(ToolContext(bench.mask, 2, 5.0, gate=replace(Gate(image, 40, 60), **more)))


@pytest.mark.parametrize("tool", [BrushTool, ContourTool, PolygonTool, RectangleTool, EllipseTool])
def test_tools_paint_only_in_the_range(qtbot: QtBot, tool: type[Tool]) -> None:
    bench = Bench(qtbot, tool())
    _gated(bench)
    if tool is PolygonTool:
        _square(bench)
        QTest.keyClick(bench.canvas, Qt.Key.Key_Return)
    elif tool is ContourTool:
        _contour(bench)
        QTest.mouseRelease(bench.canvas, LEFT, NONE, bench.place(*CIRCLE[-1]))
    else:
        bench.drag((20, 20), (60, 80))
    painted = np.flatnonzero((bench.slice == 2).any(axis=0))
    assert painted.min() == 40 and painted.max() == 60 and len(bench.edits) == 1 and not bench.refused


@pytest.mark.parametrize("tool", [BrushTool, RectangleTool])
def test_where_the_range_holds_everything_back_it_is_said(qtbot: QtBot, tool: type[Tool]) -> None:
    bench = Bench(qtbot, tool())
    _gated(bench)
    bench.drag((20, 10), (60, 20))
    assert not bench.edits and "no value here is from 40 to 60" in bench.refused[-1]
    bench.slice[:] = 3
    bench.drag((20, 10), (60, 20), keys=CTRL)
    assert not bench.slice[22:58, 15].all() and len(bench.edits) == 1, "erasing knows no range"


def test_the_range_around_where_a_stroke_begins(qtbot: QtBot) -> None:
    bench = Bench(qtbot, BrushTool())
    _gated(bench, tolerance=7.0)
    bench.drag((50, 70), (50, 20))
    painted = np.flatnonzero((bench.slice == 2).any(axis=0))
    assert painted.min() == 63 and painted.max() == pytest.approx(75, abs=1)


def _tint(bench: Bench, at: tuple[float, float]) -> bool:
    color = bench.canvas.grab().toImage().pixelColor(bench.place(*at))
    return color.blue() > color.red() + 20


def test_what_the_range_lets_through_is_seen_over_the_scan(qtbot: QtBot) -> None:
    bench = Bench(qtbot, BrushTool())
    _gated(bench)
    assert not _tint(bench, (90, 50))
    bench.canvas.show_gate(True)
    assert _tint(bench, (90, 50)) and _tint(bench, (10, 42)) and not _tint(bench, (90, 35))
    bench.canvas.show_gate(False)
    QTest.mouseMove(bench.canvas, bench.place(50, 62))
    assert _tint(bench, (53, 59)) and not _tint(bench, (53, 63)), "under the brush, always"
    assert not _tint(bench, (90, 50))


def _pen(
    bench: Bench, kind: QEvent.Type, at: tuple[float, float], pressure: float, pen: QPointingDevice | None = None
) -> None:
    place = QPointF(bench.place(*at))
    pen = pen or QPointingDevice.primaryPointingDevice()
    button = LEFT if kind != QEvent.Type.TabletMove else Qt.MouseButton.NoButton
    event = QTabletEvent(
        kind,
        pen,
        place,
        QPointF(bench.canvas.mapToGlobal(place.toPoint())),
        pressure,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        NONE,
        button,
        LEFT,
    )
    QApplication.sendEvent(bench.canvas, event)


@pytest.mark.parametrize(("by_pressure", "share"), [(True, 0.6), (False, 1.0)])
def test_a_pens_pressure_changes_the_radius_where_it_is_switched_on(
    qtbot: QtBot, by_pressure: bool, share: float
) -> None:
    bench = Bench(qtbot, BrushTool())
    bench.canvas.set_context(ToolContext(bench.mask, 2, 15.0, by_pressure=by_pressure))
    _pen(bench, QEvent.Type.TabletPress, (50, 50), 0.5)
    _pen(bench, QEvent.Type.TabletMove, (50, 60), 0.5)
    _pen(bench, QEvent.Type.TabletRelease, (50, 60), 0.0)
    assert int((bench.slice[:, 55] == 2).sum()) == pytest.approx(2 * 15 * share, abs=2) and len(bench.edits) == 1


def test_the_other_end_of_a_pen_erases(qtbot: QtBot) -> None:
    bench = Bench(qtbot, BrushTool())
    bench.slice[:] = 2
    turned = QPointingDevice(
        "pen",
        7,
        QInputDevice.DeviceType.Stylus,
        QPointingDevice.PointerType.Eraser,
        QInputDevice.Capability.Position,
        1,
        3,
    )
    for kind, at in (("Press", 40), ("Move", 60), ("Release", 60)):
        _pen(bench, getattr(QEvent.Type, f"Tablet{kind}"), (50, at), 1.0, turned)
    assert not bench.slice[46:55, 50].any() and bench.slice[5, 5] == 2
    assert bench.edits[0].name.startswith("Eraser")
    bench.click(50, 50)
    assert bench.slice[50, 50] == 2, "the mouse paints as before"


def test_fill_gives_an_area_the_class_and_takes_it(qtbot: QtBot) -> None:
    bench = Bench(qtbot, FillTool())
    bench.slice[10:30, 10:30] = 1
    bench.click(20, 20)
    assert (bench.slice[10:30, 10:30] == 2).all() and bench.slice.sum() == 800
    bench.click(20, 20, RIGHT)
    assert not bench.slice.any()
    assert [edit.name for edit in bench.edits] == ["Fill · class 2 · 2", "Fill · 2"]


def test_fill_is_refused_where_no_outline_is_closed(qtbot: QtBot) -> None:
    bench = Bench(qtbot, FillTool())
    bench.click(50, 50)
    assert not bench.slice.any() and not bench.edits and "not closed" in bench.refused[-1]
    bench.slice[10:90, 10:90] = 1
    bench.slice[12:88, 12:88] = 0  # more than half of the slice, and closed all the same
    bench.click(50, 50)
    assert len(bench.refused) == 2 and not bench.edits
    bench.slice[:] = 0
    bench.slice[20:60, 20:60] = 1
    bench.slice[22:58, 22:58] = 0
    bench.click(5, 5)
    assert len(bench.refused) == 3 and not bench.edits
    bench.click(40, 40)
    assert len(bench.edits) == 1 and (bench.slice[22:58, 22:58] == 2).all()
    bench.slice[:] = 1
    bench.click(40, 40)  # another class takes the whole slice: that was asked for
    assert (bench.slice == 2).all() and len(bench.refused) == 3


def test_fill_of_a_large_slice_is_asked_for(qtbot: QtBot) -> None:
    bench, wishes = Bench(qtbot, FillTool()), list[FillWish]()
    bench.canvas.fill_asked.connect(wishes.append)
    large = Mask(np.zeros((2, 1100, 1000), np.uint8))
    bench.canvas.set_context(ToolContext(large, 2, class_name=lambda value: f"class {value}"))
    bench.click(50, 20)
    bench.click(50, 20, RIGHT)
    assert [wish.value for wish in wishes] == [2, 0] and wishes[0] == FillWish(
        "Fill · class 2 · 2", "axial", 1, (50, 20), 2
    )
    assert not large.labels.any() and not bench.edits and not bench.refused


def test_alt_picks_the_class(qtbot: QtBot) -> None:
    bench = Bench(qtbot, BrushTool())
    bench.slice[10:30, 10:30] = 7
    bench.click(20, 20, LEFT, ALT)
    bench.click(50, 50, LEFT, ALT)
    assert bench.picked == [7, 0] and not bench.edits


def test_the_ring_says_which_class_is_painted(qtbot: QtBot) -> None:
    for tool, shown in ((BrushTool(), True), (EraserTool(), False)):
        bench = Bench(qtbot, tool)
        bench.canvas.set_context(ToolContext(bench.mask, 2, 10.0, class_color=lambda value: f"#{value}0E040"))
        QTest.mouseMove(bench.canvas, bench.place(50, 50) + QPoint(1, 0))
        QTest.mouseMove(bench.canvas, bench.place(50, 50))
        image = bench.canvas.grab().toImage()
        at = bench.canvas.to_screen((50 + 10 * 0.5**0.5, 50 + 10 * 0.5**0.5)).toPoint() + QPoint(3, 3)
        near = [image.pixelColor(at.x() + x, at.y() + y).name() for x in range(-2, 3) for y in range(-2, 3)]
        assert ("#20e040" in near) == shown


def test_the_ring_of_a_ball_has_an_equator(qtbot: QtBot) -> None:
    """Nothing else says, before a stroke, that it goes over several slices."""

    def inside(ball: bool) -> set[int]:
        bench = Bench(qtbot, BrushTool())
        bench.canvas.set_context(ToolContext(bench.mask, 2, 12.0, ball=ball))
        middle = bench.place(50, 50)
        QTest.mouseMove(bench.canvas, middle + QPoint(1, 0))
        QTest.mouseMove(bench.canvas, middle)
        shown, reach = bench.canvas.grab().toImage(), round(8 * bench.canvas.pixel_size[0])
        return {shown.pixel(middle + QPoint(0, down)) for down in range(-reach, reach)}

    assert len(inside(ball=False)) == 1 < len(inside(ball=True))


def test_the_ring_is_seen_on_bright_and_on_dark(qtbot: QtBot) -> None:
    bench = Bench(qtbot, BrushTool())
    for value in (0, 255):
        bench.canvas.set_image(Image(np.full((1, 100, 100), value, np.uint8), uncalibrated(100, 100), FULL))
        bench.canvas.set_context(ToolContext(bench.mask, 2, 10.0))
        QTest.mouseMove(bench.canvas, bench.place(50, 50) + QPoint(1, 0))
        QTest.mouseMove(bench.canvas, bench.place(50, 50))
        edge = bench.canvas.to_screen((50, 60)).toPoint()
        image = bench.canvas.grab().toImage()
        around = [image.pixelColor(edge.x() + step, edge.y()).red() for step in range(-4, 5)]
        assert max(abs(level - value) for level in around) > 100
