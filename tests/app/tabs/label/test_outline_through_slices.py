"""A smart outline carried through the slices, as a hand does it in the real window."""

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
from tests.app.tabs.label.test_smart import LEFT, RIGHT, SmartHand, dice
from widgets.smart_tool import SmartTool

COUNT, MIDDLE = 9, 4
DOWN, ACROSS = np.mgrid[:120, :140]
TRUTH: NDArray[np.bool_] = np.stack(
    [((DOWN - 50 - 2 * index) / 26) ** 2 + ((ACROSS - 60 - 2 * index) / 20) ** 2 < 1 for index in range(COUNT)]
)
TRUTH[8] = False


@pytest.fixture
def hand(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> SmartHand:
    """The real window on a volume in which an organ wanders aslant, with the smart tool in hand."""
    scan = 100 + 60 * TRUTH + np.random.default_rng(1).normal(0, 6, TRUTH.shape)
    nib.save(nib.Nifti1Image(scan.transpose().astype(np.float32), np.diag([1.0, 1.0, 3.0, 1.0])), tmp_path / "v.nii.gz")
    with Project.create(tmp_path / "v.contorno", "multiclass", parse_classes("organ,core")) as made:
        for _ in import_images(made, ImportPlan((tmp_path / "v.nii.gz",))):
            pass
    with qtbot.waitSignal(window.context.session.current.image_changed, timeout=PATIENCE):
        window.open_paths([tmp_path / "v.contorno"])
    made_hand = SmartHand(window, qtbot, COUNT)
    made_hand.key(Qt.Key.Key_Q)
    return made_hand


def go(hand: SmartHand, index: int) -> None:
    hand.canvas.set_slice(index)


def box(hand: SmartHand) -> None:
    down, across = (np.flatnonzero(TRUTH[hand.canvas.index].any(axis=axis)) for axis in (1, 0))
    hand.drag((down[0] - 2, across[0] - 2), (down[-1] + 2, across[-1] + 2))


def carry(hand: SmartHand) -> None:
    hand.key(Qt.Key.Key_I, SHIFT)
    hand.rest()


def outlined(hand: SmartHand) -> list[int]:
    """The slices on which something is proposed."""
    here, found = hand.canvas.index, list[int]()
    for index in range(COUNT):
        go(hand, index)
        found += [index] if hand.outlined.any() else []
    go(hand, here)
    return found


def test_one_outline_goes_through_all_slices_and_enter_paints_them_as_one_step(hand: SmartHand) -> None:
    go(hand, MIDDLE)
    box(hand)
    carry(hand)
    assert outlined(hand) == list(range(8)) and not hand.mask.any(), "the mask is touched by Enter alone"
    assert "Carried to 7 slices" in hand.note
    go(hand, 1)
    hand.key(Qt.Key.Key_Return)
    hand.rest()
    assert dice(hand.mask == 1, TRUTH) > 0.95 and hand.history == ["Smart outline · organ · 8 slices"]
    assert outlined(hand) == []
    hand.key(Qt.Key.Key_Z, CONTROL)
    hand.rest()
    assert not hand.mask.any()


def test_a_click_on_one_slice_is_carried_on_and_ctrl_z_says_where_it_ends(hand: SmartHand) -> None:
    go(hand, MIDDLE)
    box(hand)
    carry(hand)
    go(hand, 6)
    before = hand.outlined.copy()
    hand.click(62, 72 + 12, RIGHT)
    hand.rest()
    assert hand.outlined.sum() < before.sum()
    go(hand, 1)
    hand.key(Qt.Key.Key_Z, CONTROL)
    hand.rest()
    assert outlined(hand) == [2, 3, 4, 5, 6, 7], "it ends before slice 2"
    go(hand, 6)
    hand.key(Qt.Key.Key_Z, CONTROL)
    hand.rest()
    assert np.array_equal(hand.outlined, before), "the click is taken back, the carried outline is there again"
    hand.key(Qt.Key.Key_Escape)
    assert outlined(hand) == [] and not hand.mask.any()


def test_what_is_painted_is_carried_where_nothing_is_outlined(hand: SmartHand) -> None:
    go(hand, MIDDLE)
    box(hand)
    hand.key(Qt.Key.Key_Return)
    hand.rest()
    hand.key(Qt.Key.Key_B)
    carry(hand)
    assert isinstance(hand.canvas.tool, SmartTool), "the outline can be corrected and taken"
    assert outlined(hand) == [0, 1, 2, 3, 5, 6, 7]
    hand.key(Qt.Key.Key_Return)
    hand.rest()
    assert dice(hand.mask == 1, TRUTH) > 0.95
    hand.key(Qt.Key.Key_Z, CONTROL)
    hand.rest()
    assert np.flatnonzero(hand.mask.any(axis=(1, 2))).tolist() == [MIDDLE]


def test_a_wall_is_painted_around_what_is_inside_on_all_slices(hand: SmartHand) -> None:
    go(hand, MIDDLE)
    hand.window.context.commands["class_2"].trigger()
    hand.key(Qt.Key.Key_B)
    hand.tab.options.radius.set_radius(6)
    QTest.mouseClick(hand.canvas, LEFT, Qt.KeyboardModifier.NoModifier, hand.at(58, 68))
    inside = hand.mask == 2
    assert inside.any()
    hand.window.context.commands["class_1"].trigger()
    hand.key(Qt.Key.Key_Q)
    box(hand)
    carry(hand)
    hand.key(Qt.Key.Key_Return, SHIFT)
    hand.rest()
    assert np.array_equal(hand.mask == 2, inside) and dice(hand.mask > 0, TRUTH) > 0.95


def test_nothing_to_carry_and_locked_classes_are_told(hand: SmartHand) -> None:
    carry(hand)
    assert "Outline the structure on one slice first" in hand.note
    go(hand, MIDDLE)
    box(hand)
    carry(hand)
    hand.window.context.commands["lock_class"].trigger()
    hand.key(Qt.Key.Key_Return)
    hand.rest()
    assert not hand.mask.any() and outlined(hand) == list(range(8)), "what cannot be taken stays"
