"""A leak over twenty slices is two gestures at most: a contour or a stroke of the eraser that goes through all of them."""

from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.shell.window import MainWindow
from engine.labels.classes import parse_classes
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from tests.app.tabs.label.conftest import CONTROL, PATIENCE, SHIFT
from tests.app.tabs.label.test_smart import LEFT, SmartHand, dice

COUNT = 20
DOWN, ACROSS = np.mgrid[:120, :140]
TRUTH: NDArray[np.bool_] = np.stack(
    [((DOWN - 60) / (20 + index)) ** 2 + ((ACROSS - 45) / 30) ** 2 < 1 for index in range(COUNT)]
)
LEAK: NDArray[np.bool_] = np.stack(
    [(DOWN - 55 - index % 4) ** 2 + (ACROSS - 92 - index % 5) ** 2 < 18**2 for index in range(COUNT)]
)


@pytest.fixture
def hand(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> SmartHand:
    """The real window on a volume of twenty slices whose mask runs out of the organ on all of them."""
    scan = 100 + 60 * (TRUTH | LEAK) + np.random.default_rng(1).normal(0, 6, TRUTH.shape)
    nib.save(nib.Nifti1Image(scan.transpose().astype(np.float32), np.diag([1.0, 1.0, 3.0, 1.0])), tmp_path / "v.nii.gz")
    with Project.create(tmp_path / "v.contorno", "multiclass", parse_classes("organ")) as made:
        for _ in import_images(made, ImportPlan((tmp_path / "v.nii.gz",))):
            pass
    with qtbot.waitSignal(window.context.session.current.image_changed, timeout=PATIENCE):
        window.open_paths([tmp_path / "v.contorno"])
    hand = SmartHand(window, qtbot, COUNT)
    assert hand.session.current.mask is not None
    stroke = hand.session.current.mask.begin("Leaking")
    for index in range(COUNT):
        stroke.paint_region("axial", index, (0, 0), TRUTH[index] | LEAK[index], 1)
    hand.session.current.stroke_done(stroke.end())
    hand.rest()
    return hand


def cut_around_it(hand: SmartHand) -> None:
    """The freehand contour with Ctrl+Shift: one drag around the leak."""
    hand.key(Qt.Key.Key_H)
    around = np.linspace(0, 2 * np.pi, 40)
    points = [(57 + 28 * np.sin(angle), 96 + 22 * np.cos(angle)) for angle in around]
    QTest.mousePress(hand.canvas, LEFT, CONTROL | SHIFT, hand.at(*points[0]))
    for point in points[1:]:
        QTest.mouseMove(hand.canvas, hand.at(*point))
    QTest.mouseRelease(hand.canvas, LEFT, CONTROL | SHIFT, hand.at(*points[-1]))


def erase_it(hand: SmartHand) -> None:
    """The eraser with Shift: one stroke down through the leak."""
    hand.key(Qt.Key.Key_E)
    hand.tab.options.radius.set_radius(21.0)
    hand.tab.options.radius.changed.emit(21.0)
    QTest.mousePress(hand.canvas, LEFT, SHIFT, hand.at(50, 98))
    QTest.mouseMove(hand.canvas, hand.at(55, 97))
    QTest.mouseMove(hand.canvas, hand.at(62, 98))
    QTest.mouseRelease(hand.canvas, LEFT, SHIFT, hand.at(62, 98))


@pytest.mark.parametrize("mend", [cut_around_it, erase_it])
def test_a_leak_over_twenty_slices_is_a_key_and_a_drag(hand: SmartHand, mend: Callable[[SmartHand], None]) -> None:
    before = hand.mask.copy()
    assert dice(before == 1, TRUTH) < 0.85
    steps = len(hand.history)
    mend(hand)
    hand.rest()
    left = (hand.mask == 1) & LEAK & ~TRUTH
    assert np.count_nonzero(left) < 0.03 * np.count_nonzero(LEAK & ~TRUTH), "on all slices, not on the open one alone"
    assert dice(hand.mask == 1, TRUTH) > 0.97 and len(hand.history) == steps + 1
    hand.key(Qt.Key.Key_Z, CONTROL)
    hand.rest()
    assert np.array_equal(hand.mask, before)
