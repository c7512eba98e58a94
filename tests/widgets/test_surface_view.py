import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.imaging.geometry import from_nifti
from engine.labels.surface import SurfaceScene, surface_of
from engine.progress import result_of
from widgets.surface_view import SurfaceView

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def view(qtbot: QtBot) -> SurfaceView:
    """A box with a speck to its left."""
    labels = np.zeros((40, 40, 40), np.uint8)
    labels[10:30, 10:30, 15:30], labels[20, 20, 4] = 1, 2
    scene = SurfaceScene(result_of(surface_of(labels, from_nifti(np.eye(4), (40, 40, 40)))), ("#E69F00", "#56B4E9"))
    made = SurfaceView("surface")
    qtbot.addWidget(made)
    made.resize(300, 240)
    made.set_scene(scene)
    with qtbot.waitExposed(made):
        made.show()
    made.grab()
    return made


def drag(view: SurfaceView, button: Qt.MouseButton, by: QPoint) -> None:
    start = view.rect().center()
    QTest.mousePress(view, button, pos=start)
    QTest.mouseMove(view, start + by / 2)
    QTest.mouseMove(view, start + by)
    QTest.mouseRelease(view, button, pos=start + by)


def test_a_click_on_a_speck_goes_there(qtbot: QtBot, view: SurfaceView) -> None:
    with qtbot.waitSignal(view.voxel_picked) as told:
        QTest.mouseClick(view, LEFT, pos=view.to_screen((20, 20, 4)).toPoint())
    assert told.args == [20, 20, 4]


def test_a_click_beside_it_goes_nowhere(qtbot: QtBot, view: SurfaceView) -> None:
    with qtbot.assertNotEmitted(view.voxel_picked):
        QTest.mouseClick(view, LEFT, pos=QPoint(2, 2))
        drag(view, LEFT, QPoint(20, 0))


def test_it_turns_under_the_hand_and_a_double_click_brings_the_front_back(view: SurfaceView) -> None:
    front = (20, 29, 22)
    before, start = view.grab().toImage(), view.to_screen(front)
    drag(view, LEFT, QPoint(40, 25))
    turned = view.to_screen(front)
    assert view.grab().toImage() != before
    assert turned.x() > start.x() + 5 and turned.y() > start.y() + 3, "what is in front goes with the hand"
    QTest.mouseDClick(view, LEFT, pos=QPoint(2, 2))
    assert (view.to_screen(front) - start).manhattanLength() < 0.01
    assert view.grab().toImage() == before


def test_the_right_button_moves_it_and_the_wheel_zooms(qtbot: QtBot, view: SurfaceView) -> None:
    speck = view.to_screen((20, 20, 4))
    drag(view, RIGHT, QPoint(30, 12))
    assert (view.to_screen((20, 20, 4)) - speck - QPointF(30, 12)).manhattanLength() < 1
    apart = view.to_screen((20, 20, 30)) - view.to_screen((20, 20, 4))
    at = QPointF(view.rect().center())
    none, buttons = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.NoButton
    event = QWheelEvent(at, at, QPoint(), QPoint(0, 120), buttons, none, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(view, event)
    assert (view.to_screen((20, 20, 30)) - view.to_screen((20, 20, 4))).x() == pytest.approx(1.25 * apart.x())


def test_without_anything_it_says_what_to_do(view: SurfaceView) -> None:
    with_surface = view.grab().toImage()
    view.set_scene(None, "Paint first.")
    words = view.grab().toImage()
    view.set_scene(None)
    assert with_surface != words != view.grab().toImage()
