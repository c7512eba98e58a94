"""Objects on the canvas: told apart from their neighbours, pointed out, and drawn as live as classes."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.imaging.geometry import uncalibrated
from engine.imaging.image import Image
from engine.imaging.windows import FULL
from engine.labels.classes import OKABE_ITO
from engine.labels.edit import Ids
from engine.labels.mask import Mask
from widgets.canvas import Canvas
from widgets.corners import CornerAnnotations
from widgets.layers import OverlayLayer
from widgets.object_colors import VARIANTS, object_color
from widgets.object_tools import SplitTool, SplitWish
from widgets.tool import ToolContext
from widgets.tools import BrushTool, PanTool

SHAPE = (3, 60, 80)
LEFT = Qt.MouseButton.LeftButton


def _canvas(qtbot: QtBot, mask: Mask, zoom: float = 4.0) -> Canvas:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(400, 320)
    canvas.set_corners(CornerAnnotations(window=False, slice=False, scale=False, letters=False))
    canvas.set_image(Image(np.full(mask.shape, 100, np.uint8), uncalibrated(60, 80, mask.shape[0]), FULL), index=0)
    with qtbot.waitExposed(canvas):
        canvas.show()
    canvas.zoom_by(zoom / canvas.zoom)
    canvas.set_layers([_layer(mask)])
    return canvas


def _layer(mask: Mask) -> OverlayLayer:
    return OverlayLayer(mask.labels, OKABE_ITO, 1.0, ids=mask.ids)


def _pixels(canvas: Canvas) -> NDArray[np.uint8]:
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    data = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return data[:, : image.width() * 3].reshape(image.height(), image.width(), 3).copy()


def _at(canvas: Canvas, down: float, across: float) -> str:
    place = canvas.to_screen((down, across)).toPoint()
    return QColor(*(int(part) for part in _pixels(canvas)[place.y(), place.x()])).name()


def _two() -> Mask:
    """Two of one class that touch, whose ids have the same hue."""
    ids: Ids = np.zeros(SHAPE, np.uint16)
    ids[0, 10:30, 10:30], ids[0, 10:30, 30:50] = 5, 5 + VARIANTS
    return Mask((ids > 0).astype(np.uint8), ids)


@pytest.mark.parametrize("color", [*OKABE_ITO, "#808080", "#000000", "#ffffff", "#5a6066"])
def test_tones_of_a_class_are_its_own_and_neighbours_lie_far_apart(color: str) -> None:
    tones = [object_color(color, id) for id in range(VARIANTS)]
    assert tones == [object_color(color, id + 3 * VARIANTS) for id in range(VARIANTS)]
    assert len(set(tones)) == VARIANTS >= 64, "objects 1 and 13 are not alike"
    seen = _lab(tones)
    for step in (1, 2, 3):  # a difference of 2 is just seen
        assert np.linalg.norm(seen - np.roll(seen, step, axis=0), axis=1).min() > 10
    base = QColor(color)
    if base.hslSaturation() < 32:
        assert max(QColor(tone).hslSaturation() for tone in tones) < 110, "of a grey class tints"
        assert {QColor(tone).hslHue() // 60 for tone in tones} == set(range(6)), "of all hues"
    else:
        turns = [(QColor(tone).hslHue() - base.hslHue() + 180) % 360 - 180 for tone in tones]
        assert max(map(abs, turns)) <= 30, "the class is seen"


def _lab(colors: list[str]) -> NDArray[np.float32]:
    """In CIELAB, in which distances are as large as they are seen."""
    rgb = np.array([(each.redF(), each.greenF(), each.blueF()) for each in map(QColor, colors)], np.float32)
    return np.asarray(cv2.cvtColor(rgb[None], cv2.COLOR_RGB2Lab)[0], np.float32)


def test_touching_objects_of_one_hue_have_a_border_between_them(qtbot: QtBot) -> None:
    canvas = _canvas(qtbot, _two())
    canvas.set_layers([replace(_layer(_two()), opacity=0.3)])
    mask = _two()
    canvas.set_layers([replace(_layer(mask), opacity=0.3)])
    assert _at(canvas, 20, 20) == _at(canvas, 20, 40) != object_color(OKABE_ITO[0], 5)
    border = canvas.to_screen((20, 29.5)).toPoint()
    row = [QColor(*map(int, each)).name() for each in _pixels(canvas)[border.y(), border.x() - 2 : border.x() + 3]]
    assert object_color(OKABE_ITO[0], 5) in row


def test_an_object_is_pointed_out_and_no_more(qtbot: QtBot) -> None:
    mask = _two()
    canvas = _canvas(qtbot, mask)
    plain = _pixels(canvas)
    canvas.light_objects(frozenset({5}))
    lit = _pixels(canvas)
    changed = (lit != plain).any(axis=2)
    colors = {QColor(*(int(part) for part in each)).name() for each in np.unique(lit[changed], axis=0)}
    assert colors == {"#ffffff", "#101418"}, "light within dark is seen on any scan"
    left, right = canvas.to_screen((0, 9.4)).x(), canvas.to_screen((0, 29.6)).x()
    assert np.flatnonzero(changed.any(axis=0))[[0, -1]].tolist() == pytest.approx([left, right], abs=2)
    canvas.light_objects(frozenset())
    assert np.array_equal(_pixels(canvas), plain)


def test_hidden_classes_take_their_objects_along(qtbot: QtBot) -> None:
    mask = _two()
    mask.fill("Class", "axial", 0, (20, 40), 2)
    canvas = _canvas(qtbot, mask)
    canvas.set_layers([replace(_layer(mask), hidden=frozenset({1}))])
    assert _at(canvas, 20, 20) == "#646464" != _at(canvas, 20, 40)


@pytest.mark.parametrize("zoom", [0.5, 1.0, 4.0])
@pytest.mark.parametrize("plane", ["axial", "sagittal"])
def test_strokes_leave_the_same_pixels_as_drawing_all_anew(qtbot: QtBot, zoom: float, plane: str) -> None:
    ids: Ids = np.zeros((60, 60, 80), np.uint16)
    ids[20:40, 20:40, 20:40], ids[20:40, 20:40, 40:60] = 3, 4
    mask = Mask((ids > 0).astype(np.uint8), ids)
    canvas = _canvas(qtbot, mask, zoom)
    canvas.set_plane(plane)  # type: ignore[arg-type]
    canvas.set_slice(30)
    canvas.set_context(ToolContext(mask, 1, 4.0))
    canvas.set_tool(BrushTool())
    canvas.light_objects(frozenset({3}))
    middle = canvas.rect().center()
    _pixels(canvas)
    QTest.mousePress(canvas, LEFT, pos=middle)
    for step in range(1, 7):
        QTest.mouseMove(canvas, middle + QPoint(8 * step, 3 * step))
        _pixels(canvas)
    QTest.mouseRelease(canvas, LEFT, pos=middle + QPoint(48, 18))
    canvas.set_tool(PanTool())
    painted = _pixels(canvas)
    canvas.pan(5, 0)
    canvas.pan(-5, 0)
    assert np.array_equal(painted, _pixels(canvas))


def _alike(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    """The same but for the slice bar at the right, which follows the pointer wherever another test left it."""
    return np.array_equal(one[:, :370], other[:, :370])


def test_a_line_is_drawn_and_told_at_its_end(qtbot: QtBot) -> None:
    mask, wishes = _two(), list[SplitWish]()
    canvas = _canvas(qtbot, mask)
    canvas.set_context(ToolContext(mask, 1, 4.0))
    canvas.set_tool(SplitTool(wishes.append))
    plain = _pixels(canvas)
    start, end = (canvas.to_screen(at).toPoint() for at in ((5, 20), (35, 22)))
    QTest.mousePress(canvas, LEFT, pos=start)
    QTest.mouseMove(canvas, end)
    assert not _alike(_pixels(canvas), plain)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas, LEFT, pos=end)
    assert not wishes and _alike(_pixels(canvas), plain)
    QTest.mousePress(canvas, LEFT, pos=start)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, LEFT, pos=end)
    (wish,) = wishes
    assert (wish.plane, wish.index) == ("axial", 0) and _alike(_pixels(canvas), plain)
    assert np.allclose([wish.points[0], wish.points[-1]], [(5, 20), (35, 22)], atol=0.3)
    QTest.mouseClick(canvas, LEFT, pos=start)
    assert len(wishes) == 1, "a click is no line"


def test_objects_of_another_layer_are_not_pointed_out_by_the_numbers_of_the_mask(qtbot: QtBot) -> None:
    """A prediction numbers its objects by itself: 5 is another one there."""
    mask, said = _two(), Mask(np.zeros(SHAPE, np.uint8), np.zeros(SHAPE, np.uint16))
    assert said.ids is not None
    said.ids[0, 35:55, 10:30], said.labels[0, 35:55, 10:30] = 5, 1
    canvas = _canvas(qtbot, mask)
    canvas.set_layers([_layer(mask), _layer(said)])
    before = _pixels(canvas)
    canvas.light_objects(frozenset({5}))
    edge = [canvas.to_screen((down, 20)).toPoint().y() for down in (33, 57)]
    assert np.array_equal(_pixels(canvas)[edge[0] : edge[1]], before[edge[0] : edge[1]])
    assert not np.array_equal(_pixels(canvas), before)
