import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QEnterEvent, QImage, QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine.imaging.geometry import Geometry, Plane, uncalibrated
from engine.imaging.image import Image, Window
from engine.imaging.windows import FULL
from engine.labels.classes import OKABE_ITO
from engine.labels.edit import Box
from engine.labels.mask import Mask
from widgets.canvas import Canvas
from widgets.corners import CornerAnnotations, scale_bar, slice_words, window_words
from widgets.divider import Divider
from widgets.layers import OverlayLayer
from widgets.outline_tools import PolygonTool
from widgets.slice_renderer import shrink
from widgets.tool import ToolContext, ToolHost
from widgets.tools import BrushTool, PanTool
from widgets.view import View

_NO_WORDS = CornerAnnotations(window=False, slice=False, scale=False, letters=False)
_ORANGE = (0xE6, 0x9F, 0x00)
LEFT = Qt.MouseButton.LeftButton


def _image(height: int = 64, width: int = 64, slices: int = 1, value: int = 100) -> Image:
    pixels = np.full((slices, height, width), value, np.uint8)
    return Image(pixels, uncalibrated(height, width, slices), FULL)


def _canvas(qtbot: QtBot, image: Image | None, size: tuple[int, int] = (400, 300)) -> Canvas:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(*size)
    canvas.set_corners(_NO_WORDS)
    canvas.set_image(image)
    with qtbot.waitExposed(canvas):
        canvas.show()
    return canvas


def _pixels(canvas: QWidget) -> NDArray[np.uint8]:
    """What the widget shows, (down, across, 3) RGB."""
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return data[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


def _at(canvas: Canvas, down: float, across: float) -> tuple[int, int, int]:
    place = canvas.to_screen((down, across)).toPoint()
    red, green, blue = (int(part) for part in _pixels(canvas)[place.y(), place.x()])
    return red, green, blue


def _turn(canvas: Canvas, steps: int, at: QPoint, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(canvas.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


class _Painted(QObject):
    """Remembers the rectangles that were painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.rects: list[QRect] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and isinstance(event, QPaintEvent):
            self.rects.append(event.rect())
        return False


class _Unpaintable(PanTool):
    def paint_overlay(self, host: ToolHost, painter: QPainter, position: QPointF | None) -> None:
        raise ValueError("not drawn")


def test_a_drawing_that_fails_leaves_nothing_of_its_painter(qtbot: QtBot) -> None:
    """Python keeps the last fault, and with it what stood in its frames: a painter there would hold the window's picture for good."""
    canvas = _canvas(qtbot, _image())
    canvas.set_tool(_Unpaintable())
    with pytest.raises(ValueError, match="not drawn") as kept:
        canvas.repaint()
    canvas.set_tool(PanTool())
    canvas.repaint()  # Qt warns where the painter before is still there, which fails a test
    assert kept.tb and (_pixels(canvas)[150, 200] == 100).all()


def test_the_picture_shows_through_its_window_on_the_ground_of_the_scan(qtbot: QtBot) -> None:
    pixels = np.zeros((1, 40, 40), np.int16)
    pixels[0, :, 20:] = 150
    canvas = _canvas(qtbot, Image(pixels, uncalibrated(40, 40), Window(100, 200), "CT"))
    assert _at(canvas, 20, 10) == (0, 0, 0)
    assert _at(canvas, 20, 30) == (191, 191, 191)
    assert tuple(_pixels(canvas)[2, 2]) == (8, 9, 11)
    with qtbot.waitSignal(canvas.window_changed) as told:
        canvas.set_window(Window(150, 100))
    assert told.args == [Window(150, 100)]
    assert _at(canvas, 20, 30) == (128, 128, 128)
    canvas.reset_window()
    assert canvas.window_level == Window(100, 200)


def test_colour_pictures_keep_their_colours(qtbot: QtBot) -> None:
    pixels = np.zeros((1, 8, 8, 3), np.uint8)
    pixels[...] = (200, 30, 60)
    for side in (8, 2000):
        big = np.ascontiguousarray(np.broadcast_to(pixels[:, :1, :1], (1, side, side, 3)))
        assert _at(_canvas(qtbot, Image(big, uncalibrated(side, side), FULL)), 4, 4) == (200, 30, 60)


def test_layers_end_at_the_divider_that_is_dragged(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, _image())
    divider = Divider("divider", canvas, "mine", "theirs")
    mine, theirs = np.ones((1, 64, 64), np.uint8), np.full((1, 64, 64), 2, np.uint8)
    canvas.set_layers(
        [OverlayLayer(mine, OKABE_ITO, 1.0, side="left"), OverlayLayer(theirs, OKABE_ITO, 1.0, side="right")]
    )
    assert _at(canvas, 5, 20) == _ORANGE and _at(canvas, 5, 50) not in (_ORANGE, (100, 100, 100))
    sky = _at(canvas, 5, 50)
    divider.show()
    middle = divider.rect().center()
    QTest.mousePress(divider, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(divider, middle + QPoint(100, 0))
    QTest.mouseRelease(divider, Qt.MouseButton.LeftButton, pos=middle)
    assert divider.share == pytest.approx(0.75, abs=0.01)
    divider.hide()
    assert _at(canvas, 5, 45) == _ORANGE
    QTest.mouseDClick(divider, Qt.MouseButton.LeftButton)
    assert _at(canvas, 5, 50) == sky
    QTest.keyClick(divider, Qt.Key.Key_Left)
    assert divider.share == pytest.approx(0.48)
    canvas.resize(500, 300)
    assert divider.geometry().center().x() == pytest.approx(240, abs=2)


def test_fill_is_blended_and_its_outline_has_full_strength(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, _image())
    labels = np.zeros((1, 64, 64), np.uint8)
    labels[0, 20:40, 20:40] = 1
    canvas.zoom_by(8 / canvas.zoom)
    layer = OverlayLayer(labels, OKABE_ITO)
    canvas.set_layers([layer])
    blend = tuple(round(0.35 * c + 0.65 * 100) for c in _ORANGE)
    assert np.allclose(_at(canvas, 30, 30), blend, atol=1)
    edge = canvas.to_screen((19.5, 30)).toPoint()
    column = [tuple(int(part) for part in pixel) for pixel in _pixels(canvas)[edge.y() - 1 : edge.y() + 3, edge.x()]]
    assert column[0] == (100, 100, 100)
    assert column[1] == _ORANGE
    assert np.allclose(column[3], blend, atol=1)
    canvas.set_layers([replace(layer, style="fill")])
    assert np.allclose(_pixels(canvas)[edge.y(), edge.x()], blend, atol=1)
    canvas.set_layers([replace(layer, style="outline", opacity=1.0)])
    assert _at(canvas, 30, 30) == (100, 100, 100) and tuple(_pixels(canvas)[edge.y(), edge.x()]) == _ORANGE
    canvas.set_layers([replace(layer, style="outline")])
    assert np.allclose(_pixels(canvas)[edge.y(), edge.x()], blend, atol=1)  # its opacity acts
    for look in (replace(layer, visible=False), replace(layer, hidden=frozenset({1}))):
        canvas.set_layers([look])
        assert (_pixels(canvas)[edge.y(), edge.x()] == 100).all()


def test_a_layer_that_was_hidden_shows_what_was_painted_meanwhile(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, _image())
    mask = Mask(np.zeros((1, 64, 64), np.uint8))
    layer = OverlayLayer(mask.labels, OKABE_ITO, 1.0, visible=False)
    canvas.set_layers([layer])
    mask.labels[0, 30, 30] = 1
    canvas.layer_changed(layer, Box((0, 30, 30), (1, 31, 31)))
    assert _at(canvas, 30, 30) == (100, 100, 100)
    canvas.set_layers([replace(layer, visible=True)])
    assert _at(canvas, 30, 30) == _ORANGE


@pytest.mark.parametrize("zoom", [0.21, 0.5, 0.77, 1.0, 1.9, 6.0])
@pytest.mark.parametrize("plane", get_args(Plane))
def test_dabs_leave_the_same_pixels_as_drawing_all_anew(qtbot: QtBot, zoom: float, plane: Plane) -> None:
    shape = (40, 90, 120)
    pixels = np.random.default_rng(0).integers(0, 255, shape, np.uint8)
    image = Image(pixels, uncalibrated(90, 120, 40, (3.0, 1.0, 0.7)), FULL)
    mask = Mask(np.zeros(shape, np.uint8))
    mask.labels[15:22, 30:60, 40:70] = 3
    canvas = _canvas(qtbot, image)
    canvas.set_plane(plane)
    canvas.zoom_by(zoom / canvas.zoom)
    canvas.set_layers([OverlayLayer(mask.labels, OKABE_ITO)])
    canvas.set_context(ToolContext(mask, 2, 5.0))
    tool = BrushTool()
    canvas.set_tool(tool)
    middle = canvas.rect().center()
    _pixels(canvas)
    QTest.mousePress(canvas, LEFT, pos=middle)
    for step in range(1, 8):
        QTest.mouseMove(canvas, middle + QPoint(7 * step, 4 * step))
        _pixels(canvas)
    QTest.mouseRelease(canvas, LEFT, pos=middle + QPoint(49, 28))
    canvas.set_tool(PanTool())
    painted = _pixels(canvas)
    assert (mask.labels == 2).any()
    canvas.pan(5, 0)
    canvas.pan(-5, 0)
    assert np.array_equal(painted, _pixels(canvas))


def test_the_head_is_up_and_the_right_side_to_the_left(qtbot: QtBot) -> None:
    affine = np.diag([1.0, -1.0, -1.0, 1.0])[
        [2, 1, 0, 3]
    ]  # z to the head, y to the front, x to the right: as NIfTI stores
    pixels = np.zeros((10, 20, 30), np.uint8)
    pixels[9, 19, 29] = 255  # head, front, right
    mask = Mask(np.zeros((10, 20, 30), np.uint8))
    image = Image(pixels, Geometry((10, 20, 30), affine, patient_based=True, calibrated=True), FULL)
    canvas = _canvas(qtbot, image)
    canvas.set_layers([OverlayLayer(mask.labels, OKABE_ITO, style="fill")])
    for plane, index in (("axial", 9), ("coronal", 19), ("sagittal", 29)):
        canvas.set_plane(plane)  # type: ignore[arg-type]
        canvas.set_slice(index)
        bright = np.argwhere(_pixels(canvas)[..., 0] == 255)
        middle = bright.mean(axis=0)
        assert middle[0] < 150 and middle[1] < 200, plane
        place = QPoint(int(middle[1]), int(middle[0]))
        with qtbot.waitSignal(canvas.hovered) as told:
            QTest.mouseMove(canvas, place)
        assert told.args == [9, 19, 29, "255"]
        mask.labels[9, 19, 29] = 1
        canvas.layer_changed(OverlayLayer(mask.labels, ()), Box((9, 19, 29), (10, 20, 30)))
        assert _pixels(canvas)[place.y(), place.x(), 2] < 200
        mask.labels[:] = 0
        canvas.layer_changed(OverlayLayer(mask.labels, ()), Box((0, 0, 0), (10, 20, 30)))


def test_the_same_on_a_display_of_150_percent() -> None:
    """Qt reads the scale once, when the program starts."""
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__, "-k", "dabs_leave or enlarged"]
    done = subprocess.run(
        tests, env={**os.environ, "QT_SCALE_FACTOR": "1.5"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_layers_lie_on_the_enlarged_picture(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, _image())
    labels = np.zeros((1, 64, 64), np.uint8)
    canvas.set_layers([layer := OverlayLayer(labels, OKABE_ITO, 1.0)])
    _pixels(canvas)
    labels[0, 40:44, 50:54] = 1
    canvas.layer_changed(layer, Box((0, 40, 50), (1, 44, 54)))
    shown = _pixels(canvas)
    orange = np.argwhere((shown == _ORANGE).all(axis=2))
    density = canvas.devicePixelRatioF()
    middle = canvas.to_screen((41.5, 51.5)) * density
    assert np.allclose(orange.mean(axis=0) + 0.5, (middle.y(), middle.x()), atol=1.5)


def test_a_dab_repaints_only_its_box(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, _image(2048, 2048))
    mask = Mask(np.zeros((1, 2048, 2048), np.uint8))
    canvas.set_layers([OverlayLayer(mask.labels, OKABE_ITO)])
    canvas.actual_size()
    canvas.set_context(ToolContext(mask, 1, 6.0))
    canvas.set_tool(BrushTool())
    QTest.mousePress(canvas, LEFT, pos=QPoint(100, 100))
    canvas.repaint()
    painted = _Painted(canvas)
    QTest.mouseMove(canvas, QPoint(105, 100))
    qtbot.waitUntil(lambda: bool(painted.rects))
    assert all(rect.width() < 40 and rect.height() < 40 for rect in painted.rects)
    assert any(rect.contains(QPoint(105, 100)) for rect in painted.rects)


def test_the_ring_of_the_brush_does_not_stay_where_it_was(qtbot: QtBot) -> None:
    """It is drawn by whatever paints the canvas, not only where the pointer moved."""
    canvas, at = _canvas(qtbot, _image()), QPoint(100, 100)
    canvas.set_tool(BrushTool())
    canvas.set_context(ToolContext(Mask(np.zeros((1, 64, 64), np.uint8)), 1, 6.0))
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    QApplication.sendEvent(canvas, QEnterEvent(QPointF(at), QPointF(at), QPointF(canvas.mapToGlobal(at))))
    canvas.repaint()
    ring = canvas.tool.overlay(canvas, QPointF(at)).toAlignedRect()
    painted = _Painted(canvas)
    QTest.mouseMove(canvas, QPoint(350, 280))
    qtbot.waitUntil(lambda: any(rect.contains(QPoint(350, 280)) for rect in painted.rects))
    assert any(rect.contains(ring) for rect in painted.rects)


def test_the_wheel_turns_through_slices_and_zooms_with_ctrl(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, _image(slices=9))
    assert (canvas.index, canvas.slices) == (4, 9)
    with qtbot.waitSignal(canvas.slice_changed) as told:
        _turn(canvas, -1, QPoint(50, 50))
    assert told.args == ["axial", 5] and canvas.slice_bar.value() == 5
    canvas.next_slice(100)
    assert canvas.index == 8
    at = QPoint(150, 120)
    before = canvas.to_slice(QPointF(at))
    with qtbot.waitSignal(canvas.zoom_changed):
        _turn(canvas, 3, at, Qt.KeyboardModifier.ControlModifier)
    assert canvas.to_slice(QPointF(at)) == pytest.approx(before)
    assert canvas.index == 8


def test_the_wheel_zooms_where_there_is_one_slice(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, _image())
    before = canvas.zoom
    _turn(canvas, 1, QPoint(150, 120))
    assert canvas.zoom == pytest.approx(before * 1.25)
    canvas.actual_size()
    assert canvas.zoom == 1
    canvas.fit()
    assert canvas.zoom == pytest.approx(before)


def test_shift_and_alt_ask_for_brush_size_and_opacity(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, _image(slices=3))
    with qtbot.waitSignal(canvas.radius_asked) as told:
        _turn(canvas, 1, QPoint(50, 50), Qt.KeyboardModifier.ShiftModifier)
    assert told.args == [pytest.approx(1.2)]
    with qtbot.waitSignal(canvas.opacity_asked) as told:
        _turn(canvas, -2, QPoint(50, 50), Qt.KeyboardModifier.AltModifier)
    assert told.args == [-2] and canvas.index == 1


def test_the_middle_button_and_space_pan(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, _image())
    canvas.set_tool(BrushTool())
    for button, key in ((Qt.MouseButton.MiddleButton, None), (LEFT, Qt.Key.Key_Space)):
        before = canvas.to_screen((0, 0))
        if key is not None:
            QTest.keyPress(canvas, key)
        QTest.mousePress(canvas, button, pos=QPoint(100, 100))
        QTest.mouseMove(canvas, QPoint(130, 90))
        QTest.mouseRelease(canvas, button, pos=QPoint(130, 90))
        if key is not None:
            QTest.keyRelease(canvas, key)
        assert canvas.to_screen((0, 0)) - before == QPointF(30, -10)


def test_w_lends_the_window_tool_and_beats_shortcuts(qtbot: QtBot) -> None:
    image = Image(np.zeros((1, 30, 30), np.int16), uncalibrated(30, 30), Window(50, 300), "CT")
    canvas = _canvas(qtbot, image)
    override = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_W, Qt.KeyboardModifier.NoModifier)
    override.ignore()
    QApplication.sendEvent(canvas, override)
    assert override.isAccepted()
    QTest.keyPress(canvas, Qt.Key.Key_W)
    QTest.mousePress(canvas, LEFT, pos=QPoint(100, 100))
    QTest.mouseMove(canvas, QPoint(100, 130))
    assert canvas.window_level == Window(80, 300)
    QTest.mouseMove(canvas, QPoint(400, 100))
    assert canvas.window_level.width == pytest.approx(300 * np.e)
    QTest.mouseRelease(canvas, LEFT, pos=QPoint(400, 100))
    QTest.keyRelease(canvas, Qt.Key.Key_W)


def test_hovering_tells_voxel_and_value(qtbot: QtBot) -> None:
    pixels = np.arange(2 * 30 * 40, dtype=np.int16).reshape(2, 30, 40)
    canvas = _canvas(qtbot, Image(pixels, uncalibrated(30, 40, 2), Window(0, 100), "CT", "HU"))
    canvas.set_slice(0)
    with qtbot.waitSignal(canvas.hovered) as told:
        QTest.mouseMove(canvas, canvas.to_screen((7, 9)).toPoint())
    assert told.args == [0, 7, 9, "289\N{NARROW NO-BREAK SPACE}HU"]
    with qtbot.waitSignal(canvas.hover_ended):
        QTest.mouseMove(canvas, QPoint(1, 1))
    canvas.set_plane("coronal")
    with qtbot.waitSignal(canvas.hovered) as told:
        QTest.mouseMove(canvas, canvas.to_screen((1, 5)).toPoint())
    assert told.args == [1, 15, 5, "1805\N{NARROW NO-BREAK SPACE}HU"]


def test_a_click_with_the_hand_points(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, _image(slices=2))
    with qtbot.waitSignal(canvas.point_picked) as told:
        QTest.mouseClick(canvas, LEFT, pos=canvas.to_screen((7, 9)).toPoint())
    assert told.args == [1, 7, 9]


def test_true_proportions(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, Image(np.zeros((1, 50, 50), np.uint8), uncalibrated(50, 50, 1, (1, 2.0, 0.5)), FULL))
    low, high = canvas.to_screen((0, 0)), canvas.to_screen((1, 1))
    assert (high.y() - low.y()) / (high.x() - low.x()) == pytest.approx(4)


def test_zooming_out_averages_and_zooming_in_does_not(qtbot: QtBot) -> None:
    pixels = np.zeros((1, 512, 512), np.uint8)
    pixels[0, ::2] = 200
    canvas = _canvas(qtbot, Image(pixels, uncalibrated(512, 512), FULL))
    canvas.zoom_by(0.25 / canvas.zoom)
    assert _at(canvas, 256, 256) == (100, 100, 100)
    canvas.zoom_by(5 / canvas.zoom)
    assert {int(v) for v in np.unique(_pixels(canvas)[100:200, 100:200])} == {0, 200}


def test_shrinking_keeps_means_also_at_a_ragged_border() -> None:
    pixels = np.arange(7 * 5, dtype=np.float32).reshape(7, 5)
    small = shrink(pixels, (2, 4))
    assert small.shape == (4, 2)
    assert small[0, 0] == pixels[:2, :4].mean() and small[3, 1] == pixels[6, 4] and small[0, 1] == pixels[:2, 4].mean()


def test_heat_warms_where_it_is_hot(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, _image())
    heat = np.zeros((4, 4), np.float32)
    heat[:2] = 1.0
    canvas.set_heat(heat)
    assert _at(canvas, 60, 32) == (100, 100, 100)
    red, _, blue = _at(canvas, 3, 32)
    assert red > 150 and red > blue
    canvas.set_heat(None)
    assert _at(canvas, 3, 32) == (100, 100, 100)


def test_an_empty_canvas_says_what_belongs_there(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, None)
    canvas.set_empty("Open a folder of scans to begin.", "Open a folder")
    assert len(np.unique(_pixels(canvas).reshape(-1, 3), axis=0)) > 10
    button = canvas.findChild(QPushButton, "canvas.empty")
    assert isinstance(button, QPushButton)
    with qtbot.waitSignal(canvas.empty_clicked):
        QTest.mouseClick(button, LEFT)
    QTest.mouseClick(canvas, LEFT, pos=QPoint(5, 5))
    canvas.set_image(_image())
    assert not button.isVisible()
    canvas.set_image(None)
    assert button.isVisible() and not canvas.slice_bar.isVisible()


def test_the_step_that_an_empty_canvas_offers_leaves_it_the_keyboard(qtbot: QtBot) -> None:
    frame = QWidget()
    qtbot.addWidget(frame)
    row = QHBoxLayout(frame)
    canvas, after = Canvas(), QPushButton("a tool")
    row.addWidget(canvas)
    row.addWidget(after)
    frame.resize(600, 400)
    canvas.set_empty("The image is not where it was.", "Find moved images")
    frame.show()
    button = canvas.findChild(QPushButton, "canvas.empty")
    assert isinstance(button, QPushButton)
    button.setFocus()
    canvas.set_empty("")
    canvas.set_image(_image())
    assert frame.focusWidget() is canvas


def test_another_image_takes_layers_and_strokes_along(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, _image())
    mask = Mask(np.zeros((1, 64, 64), np.uint8))
    canvas.set_layers([OverlayLayer(mask.labels, OKABE_ITO)])
    canvas.set_context(ToolContext(mask, 1, 4.0))
    canvas.set_tool(BrushTool())
    QTest.mousePress(canvas, LEFT, pos=canvas.rect().center())
    with qtbot.waitSignal(canvas.stroke_finished):
        canvas.set_image(_image(32, 32))
    assert _at(canvas, 16, 16) == (100, 100, 100)
    painted = mask.labels.copy()
    QTest.mouseClick(canvas, LEFT, pos=QPoint(150, 100))
    assert np.array_equal(mask.labels, painted)


@pytest.mark.parametrize("end", [Canvas.hide, Canvas.end_stroke])
def test_a_stroke_ends_where_the_release_will_not_be_heard(qtbot: QtBot, end: Callable[[Canvas], None]) -> None:
    canvas = _canvas(qtbot, _image())
    mask = Mask(np.zeros((1, 64, 64), np.uint8))
    canvas.set_context(ToolContext(mask, 1, 4.0))
    canvas.set_tool(BrushTool())
    QTest.mousePress(canvas, LEFT, pos=canvas.rect().center())
    with qtbot.waitSignal(canvas.stroke_finished):
        end(canvas)
    painted = mask.labels.copy()
    with qtbot.assertNotEmitted(canvas.stroke_finished):
        QTest.mouseMove(canvas, QPoint(150, 100))
        QTest.mouseRelease(canvas, LEFT, pos=QPoint(150, 100))
    assert painted.any() and np.array_equal(mask.labels, painted)


def test_points_of_a_polygon_outlive_a_look_elsewhere(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, _image())
    canvas.set_context(ToolContext(Mask(np.zeros((1, 64, 64), np.uint8)), 1))
    canvas.set_tool(PolygonTool())
    QTest.mouseClick(canvas, LEFT, pos=QPoint(200, 150))
    QTest.mousePress(canvas, LEFT, pos=QPoint(230, 150))
    canvas.end_stroke()
    canvas.hide()
    canvas.show()
    assert canvas.unfinished


def test_an_open_polygon_waits_on_its_slice_and_says_so(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, _image(slices=5))
    mask = Mask(np.zeros((5, 64, 64), np.uint8))
    canvas.set_context(ToolContext(mask, 1))
    canvas.set_tool(PolygonTool())
    QTest.mouseClick(canvas, LEFT, pos=QPoint(200, 150))
    with qtbot.waitSignal(canvas.refused) as said:
        _turn(canvas, -1, QPoint(50, 50))
    assert said.args == ["The open polygon waits on slice 3."]
    assert canvas.index == 3 and not canvas.unfinished
    _turn(canvas, 1, QPoint(50, 50))
    assert canvas.unfinished


def test_arrows_ask_for_another_item_of_single_pictures_only(qtbot: QtBot) -> None:
    asked: list[int] = []
    for slices in (1, 3):
        canvas = _canvas(qtbot, _image(slices=slices))
        canvas.item_asked.connect(asked.append)
        QTest.keyClick(canvas, Qt.Key.Key_Right)
        QTest.keyClick(canvas, Qt.Key.Key_Left)
    assert asked == [1, -1]


def test_tab_asks_for_room_and_shift_tab_leaves(qtbot: QtBot) -> None:
    frame = QWidget()
    qtbot.addWidget(frame)
    before, canvas = QPushButton(frame), Canvas(frame)
    before.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    QWidget.setTabOrder(before, canvas)
    with qtbot.waitExposed(frame):
        frame.show()
    canvas.setFocus()
    with qtbot.waitSignal(canvas.columns_asked):
        QTest.keyClick(canvas, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is canvas
    QTest.keyClick(canvas, Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is before


def test_a_scan_that_is_hidden_with_the_keyboard_in_it_asks_for_no_room(qtbot: QtBot) -> None:
    """Qt moves the keyboard on by itself where a focused widget hides or is switched off: nobody pressed Tab."""
    frame = QWidget()
    qtbot.addWidget(frame)
    beside, canvas = QPushButton(frame), Canvas(frame)
    within = QPushButton(canvas)
    with qtbot.waitExposed(frame):
        frame.show()
    for focused in (within, canvas):
        focused.setFocus()
        with qtbot.assertNotEmitted(canvas.columns_asked):
            focused.hide()
        assert not focused.hasFocus() and beside.isVisible()


def test_a_highlight_can_be_gone_to(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, _image(slices=9))
    box = Box((6, 10, 10), (7, 20, 20))
    plain = _pixels(canvas)
    canvas.set_highlight(box, "Stomach · too much")
    assert np.array_equal(plain, _pixels(canvas))
    canvas.zoom_by(4)
    canvas.center_on(box)
    assert canvas.index == 6
    middle = canvas.to_screen((14.5, 14.5))
    assert (middle - QPointF(200, 150)).manhattanLength() < 1
    assert (_pixels(canvas) > 200).any()


def test_words_at_the_edge_of_the_scan_leave_the_slice_bar_alone(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, _image(slices=9))
    canvas.set_slice(6)
    columns, rows = canvas.image.pixels.shape[2], canvas.image.pixels.shape[1]  # type: ignore[union-attr]
    box = Box((6, rows // 2 - 5, columns - 6), (7, rows // 2 + 5, columns))
    bar = canvas.slice_bar.geometry().left()
    canvas.zoom_by(1.4)
    shown = []
    for text in ("", "Stomach · too much"):
        canvas.set_highlight(box, text)
        shown.append(_pixels(canvas))
    assert np.array_equal(shown[0][:, bar:], shown[1][:, bar:])
    assert not np.array_equal(shown[0], shown[1])


def test_words_of_the_corners() -> None:
    affine = np.diag([2.0, 0.7, 0.7, 1.0])[[2, 1, 0, 3]]
    affine[2, 3] = -804.5
    geometry = Geometry((20, 512, 512), affine, patient_based=True, calibrated=True)
    assert slice_words(geometry, "axial", 10) == ["Slice 11 / 20", "z \u2212784.5\u202fmm"]
    assert slice_words(uncalibrated(9, 9), "axial", 0) == []
    ct = Image(np.zeros((20, 2, 2), np.int16), geometry, Window(50, 400), "CT", "HU")
    assert window_words(ct, Window(50, 400)) == ["Soft tissue", "W 400 · L 50"]
    assert window_words(ct, Window(-3, 41.5)) == ["W 42 · L \u22123"]
    assert window_words(_image(), FULL) == []
    view = View((512, 512), zoom=2.84)
    length, text = scale_bar(geometry, "axial", view)
    assert text == "2\u202fcm" and length == pytest.approx(20 * 2.84 / 0.7)
    assert scale_bar(uncalibrated(9, 9), "axial", view)[1] == "20\u202fpx"


@pytest.mark.parametrize("width", [150, 190, 260, 700])
def test_words_of_a_narrow_view_lie_beside_each_other_and_no_number_is_cut(qtbot: QtBot, width: int) -> None:
    geometry = Geometry(
        (20, 512, 512), np.diag([2.0, 0.7, 0.7, 1.0])[[2, 1, 0, 3]], patient_based=True, calibrated=True
    )
    ct = Image(np.zeros((20, 512, 512), np.int16), geometry, Window(50, 350), "CT", "HU")
    canvas = _canvas(qtbot, ct, (width, 300))
    canvas.set_plane("coronal")
    canvas.set_corners(CornerAnnotations("Coronal · CT Body 3.0", "CT · 1.0 mm"))
    painter = canvas._corner_painter
    places = [word.plate for word in painter._words]
    assert painter._bar is not None
    places.append(QRectF(painter._bar[0].x(), painter._bar[0].y() - 5, painter._bar[1], 6))
    for at, one in enumerate(places):
        assert not any(one.adjusted(3, 3, -3, -3).intersects(other) for other in places[at + 1 :]), at
    texts = [word.text for word in painter._words]
    assert not any("…" in text and any(sign.isdigit() for sign in text) for text in texts if "C" not in text), texts
    assert any(text.endswith(("257", "257 / 512")) for text in texts), "which slice it is"


def test_the_legend_stands_in_the_middle(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, _image(slices=3), (380, 300))
    legend = (("#46C08A", "correcto"), ("#EDB64A", "de más"), ("#5AA2F7", "omitido"), ("#CC79A7", "otra clase"))
    canvas.set_corners(CornerAnnotations("Case 1", legend=legend))
    painter = canvas._corner_painter
    first, last = painter._swatches[0][0], next(word for word in painter._words if word.text == "otra clase").plate
    assert first.left() == pytest.approx(380 - (last.right() - 4), abs=2)


def test_the_legend_takes_more_rows_in_a_narrow_scan(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, _image(slices=3), (230, 300))
    bar = canvas.slice_bar.geometry()
    words = ("detectado", "omitido", "de más", "dividido", "fusionado")
    canvas.set_corners(CornerAnnotations("Case 1", legend=tuple(("#46C08A", word) for word in words)))
    painter = canvas._corner_painter
    plates = [word.plate for word in painter._words if word.text in words]
    assert len(plates) == len(words)
    assert all(plate.right() <= bar.left() for plate in plates) and all(
        rect.left() >= 0 for rect, _ in painter._swatches
    )
    others = [word.plate for word in painter._words if word.text not in words]
    for at, plate in enumerate(plates):
        assert not any(plate.adjusted(1, 1, -1, -1).intersects(other) for other in (*plates[:at], *others)), words[at]


def test_words_are_drawn_and_the_theme_does_not_change_their_ground(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, _image(slices=3))
    canvas.set_corners(CornerAnnotations("Case 1", "CT", legend=(("#46C08A", "right"),)))
    top = _pixels(canvas)[:40, :100]
    assert top.max() > 180 and tuple(top[0, 0]) == (8, 9, 11)


def test_words_are_readable_over_bright_tissue(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, _image(slices=3, value=255))
    canvas.zoom_by(3.0)
    assert _pixels(canvas)[:40, :100].min() == 255  # tissue up to the corner
    canvas.set_corners(CornerAnnotations("Case 1", "CT", window=False, slice=False, scale=False, letters=False))
    words = _pixels(canvas)[14:24, 14:50]
    ground, letters = np.median(words), words.max()
    assert ground < 130 and letters > ground + 60


def test_it_can_be_found_and_heard(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, None)
    assert canvas.objectName() == "canvas" and canvas.accessibleName() == "Scan"


def test_bright_and_dark_are_exchanged_and_that_is_said(qtbot: QtBot) -> None:
    image = replace(_image(), pixels=np.full((1, 64, 64), 40, np.uint8))
    canvas = _canvas(qtbot, image)
    assert _at(canvas, 30, 30) == (40, 40, 40)
    canvas.set_drawing(inverted=True)
    assert _at(canvas, 30, 30) == (215, 215, 215) and canvas.look.inverted
    canvas.set_look(replace(canvas.look, inverted=False))
    assert _at(canvas, 30, 30) == (40, 40, 40)
    canvas.set_drawing(inverted=True)
    canvas.set_image(image)
    assert _at(canvas, 30, 30) == (40, 40, 40), "another image is shown as its file asks"
    assert window_words(_image(), FULL, inverted=True) == ["Inverted"]
    assert window_words(_image(), Window(1, 2), inverted=True) == ["W 2 · L 1", "inverted"]
    assert window_words(replace(_image(), modality="CT", unit="HU"), Window(50, 400), "", True) == [
        "Soft tissue", "W 400 · L 50 · inverted"
    ]  # fmt: skip


def test_enlarged_pixels_are_sharp_or_smooth(qtbot: QtBot) -> None:
    pixels = np.zeros((1, 64, 64), np.uint8)
    pixels[..., 32:] = 200
    canvas = _canvas(qtbot, Image(pixels, uncalibrated(64, 64), FULL))
    canvas.zoom_by(8 / canvas.zoom)

    def greys() -> set[int]:
        edge = (canvas.to_screen((32, 31.5)) * canvas.devicePixelRatioF()).toPoint()
        return set(_pixels(canvas)[edge.y(), edge.x() - 12 : edge.x() + 12, 0].tolist())

    assert greys() == {0, 200}
    canvas.set_drawing(smooth=True)
    assert len(greys()) > 5
    canvas.set_drawing(smooth=False)
    assert greys() == {0, 200}
