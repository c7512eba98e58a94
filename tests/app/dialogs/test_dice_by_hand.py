"""Dice by hand, by real clicks and keys: the lecture's grids, a class in neither, and the losses beside them."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.dialogs.dice_by_hand import CaseSlice, DiceByHandDialog
from widgets.class_grid import ClassGrid
from widgets.controls import Text
from widgets.sliders import Slider

_LEFT, _RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def dialog(qtbot: QtBot) -> DiceByHandDialog:
    return shown(qtbot, None)


def shown(qtbot: QtBot, case: CaseSlice | None) -> DiceByHandDialog:
    dialog = DiceByHandDialog(None, case)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def said(dialog: DiceByHandDialog, name: str) -> str:
    text = dialog.findChild(Text, f"dice_by_hand.{name}")
    assert text is not None
    return text.text()


def press(dialog: DiceByHandDialog, example: str) -> None:
    button = dialog.findChild(QAbstractButton, f"dice_by_hand.example.{example}")
    assert button is not None
    QTest.mouseClick(button, _LEFT)


def click(grid: ClassGrid, row: int, column: int, button: Qt.MouseButton = _LEFT) -> None:
    QTest.mouseClick(grid, button, pos=grid.area_of(row, column).center().toPoint())


def test_the_lectures_binary_grids_come_to_three_quarters(dialog: DiceByHandDialog) -> None:
    assert said(dialog, "counted") == "Class 1: |A∩B| = 3, |A| = 4, |B| = 4 → 2·3 / (4 + 4) = 0.750"
    assert said(dialog, "means") == "Dice 0.750"
    assert "−(7·ln 0.90 + 2·ln 0.10) / 9 = 0.594" in said(dialog, "losses")


def test_the_lectures_two_classes_come_to_four_fifths(dialog: DiceByHandDialog) -> None:
    press(dialog, "two")
    assert said(dialog, "counted").splitlines() == [
        "Class 1: |A∩B| = 2, |A| = 2, |B| = 3 → 2·2 / (2 + 3) = 0.800",
        "Class 2: |A∩B| = 2, |A| = 3, |B| = 2 → 2·2 / (3 + 2) = 0.800",
    ]
    assert said(dialog, "means").splitlines() == [
        "Mean: (0.800 + 0.800) / 2 = 0.800",
        "Weighted by |B|: (3·0.800 + 2·0.800) / 5 = 0.800",
    ]


def test_a_clicked_cell_is_counted_at_once(dialog: DiceByHandDialog) -> None:
    click(dialog.predicted, 2, 0)
    assert dialog.predicted.values[2, 0] == 1
    assert said(dialog, "counted").endswith("|A∩B| = 4, |A| = 5, |B| = 4 → 2·4 / (5 + 4) = 0.889")
    click(dialog.predicted, 2, 0, _RIGHT)
    assert said(dialog, "means") == "Dice 0.750"
    press(dialog, "two")
    for _ in range(3):
        click(dialog.truth, 0, 0)
    assert dialog.truth.values[0, 0] == 0, "through all classes and back to the background"


def test_cells_are_reached_and_set_with_keys(dialog: DiceByHandDialog) -> None:
    press(dialog, "two")
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_1):
        QTest.keyClick(dialog.predicted, key)
    assert dialog.predicted.values[0, 2] == 1
    assert dialog.predicted.accessibleDescription() == "Row 1, column 3: class 1"
    assert "Class 1: |A∩B| = 3, |A| = 3, |B| = 3 → 2·3 / (3 + 3) = 1.000" in said(dialog, "counted")


def test_a_class_in_neither_is_left_out_and_said(dialog: DiceByHandDialog) -> None:
    press(dialog, "empty")
    assert "Class 3: |A| = 0, |B| = 0 → 0/0, no value" in said(dialog, "counted")
    assert "In neither, so left out of the mean: Class 3. Counted as 0, the mean would be 0.533" in said(
        dialog, "empty"
    )
    QTest.keyClick(dialog.truth, Qt.Key.Key_3)
    assert said(dialog, "empty") == "Class 3 is only in the truth: Dice 0, and it counts in the mean."
    assert "(0.800 + 0.800 + 0.000) / 3 = 0.533" in said(dialog, "means")


def test_the_confidence_moves_the_losses_alone(dialog: DiceByHandDialog) -> None:
    before = said(dialog, "losses"), said(dialog, "means")
    slider = dialog.findChild(Slider, "dice_by_hand.sure")
    assert slider is not None
    QTest.keyClick(slider.focusProxy() or slider, Qt.Key.Key_Home)
    assert "gives 0.51" in said(dialog, "losses")
    assert said(dialog, "losses") != before[0] and said(dialog, "means") == before[1]


def test_a_slice_is_coloured_and_counted(qtbot: QtBot) -> None:
    truth, predicted = np.zeros((40, 50), np.uint8), np.zeros((40, 50), np.uint8)
    truth[:10, :10], predicted[:10, 5:15] = 1, 1
    case = CaseSlice("scan 3, slice 7", ("liver",), ("#FF0000",), np.full((40, 50), 90, np.uint8), truth, predicted)
    dialog = shown(qtbot, case)
    assert not dialog.truth.isVisible() and dialog.pictures.isVisible()
    assert dialog.pictures.accessibleDescription() == "A∩B: 50, A alone: 50, B alone: 50"
    assert said(dialog, "counted") == "liver: |A∩B| = 50, |A| = 100, |B| = 100 → 2·50 / (100 + 100) = 0.500"
    press(dialog, "binary")
    assert dialog.truth.isVisible() and not dialog.pictures.isVisible()
    assert said(dialog, "means") == "Dice 0.750"
