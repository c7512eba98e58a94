"""The smart tools as a hand uses them in the real window."""

from dataclasses import replace
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from app.shell import settings
from app.shell.i18n import translate_stored
from app.shell.window import MainWindow
from engine.config import TrainConfig
from engine.labels.classes import UNLABELLED, parse_classes
from engine.labels.edit import Labels
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project
from tests.app.tabs.label.conftest import CONTROL, NO, PATIENCE, SHIFT, Hand, turn_wheel
from tests.cases.window.conftest import answer_question
from tests.engine.labels.assist.conftest import click_model as click_model
from widgets.assist_wish import AssistWish
from widgets.live_wire_tool import LiveWireTool
from widgets.smart_tool import FLOOD, SmartTool

DOWN, ACROSS = np.mgrid[:120, :140]
ORGAN: NDArray[np.bool_] = ((DOWN - 60) / 34) ** 2 + ((ACROSS - 70) / 26) ** 2 < 1
CORE: NDArray[np.bool_] = ((DOWN - 60) / 15) ** 2 + ((ACROSS - 70) / 12) ** 2 < 1
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


def dice(one: NDArray[np.bool_], two: NDArray[np.bool_]) -> float:
    both = int(np.count_nonzero(one)) + int(np.count_nonzero(two))
    return 2 * int(np.count_nonzero(one & two)) / max(both, 1)


class SmartHand(Hand):
    """Shows things to the smart tools, and sees what they propose on the middle slice."""

    def at(self, down: float, across: float) -> QPoint:
        return self.canvas.to_screen((down, across)).toPoint()

    def click(
        self, down: float, across: float, button: Qt.MouseButton = LEFT, modifiers: Qt.KeyboardModifier = NO
    ) -> None:
        QTest.mouseMove(self.canvas, self.at(down, across))
        QTest.mouseClick(self.canvas, button, modifiers, self.at(down, across))
        self.rest()

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        QTest.mousePress(self.canvas, LEFT, NO, self.at(*start))
        QTest.mouseMove(self.canvas, self.at((start[0] + end[0]) / 2, (start[1] + end[1]) / 2))
        QTest.mouseMove(self.canvas, self.at(*end))
        QTest.mouseRelease(self.canvas, LEFT, NO, self.at(*end))
        self.rest()

    def shift_wheel(self, notches: int) -> None:
        turn_wheel(self.canvas, QPointF(self.at(60, 70)), notches, SHIFT)
        self.rest()

    @property
    def smart(self) -> SmartTool:
        assert isinstance(self.canvas.tool, SmartTool)
        return self.canvas.tool

    @property
    def outlined(self) -> NDArray[np.bool_]:
        proposal = self.smart.proposal(self.canvas)
        return np.zeros(ORGAN.shape, bool) if proposal is None else proposal.on(ORGAN.shape)

    @property
    def mask(self) -> Labels:
        assert self.session.current.mask is not None
        return self.session.current.mask.labels

    @property
    def painted(self) -> Labels:
        labels: Labels = self.mask[1].copy()
        return labels

    @property
    def history(self) -> list[str]:
        return [translate_stored(entry.name) for entry in self.session.current.history() if not entry.undone]


@pytest.fixture
def hand(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> SmartHand:
    """The real window on a volume with an organ and a core in it, of which a run has predicted the upper part."""
    noise = np.random.default_rng(1).normal(0, 6, (3, *ORGAN.shape))
    scan = 100 + 60 * ORGAN + 60 * CORE + noise
    nib.save(nib.Nifti1Image(scan.transpose().astype(np.float32), np.diag([1.0, 1.0, 3.0, 1.0])), tmp_path / "v.nii.gz")
    with Project.create(tmp_path / "v.contorno", "multiclass", parse_classes("organ,core")) as made:
        for _ in import_images(made, ImportPlan((tmp_path / "v.nii.gz",))):
            pass
        (item,) = made.items.all()
        predicted = np.zeros(item.shape, np.uint8)
        predicted[:, ORGAN & (DOWN < 60)] = 1
        run = made.runs.add(TrainConfig())
        made.layers.replace(made.layers.make(item.id, "prediction", run.id), pack(predicted))
    with qtbot.waitSignal(window.context.session.current.image_changed, timeout=PATIENCE):
        window.open_paths([tmp_path / "v.contorno"])
    return SmartHand(window, qtbot, 3)


def box(hand: SmartHand) -> None:
    hand.key(Qt.Key.Key_Q)
    hand.drag((23, 41), (97, 99))


def test_a_box_is_proposed_and_enter_paints_it_as_one_step(hand: SmartHand) -> None:
    box(hand)
    assert dice(hand.outlined, ORGAN) > 0.95
    assert not hand.mask.any() and hand.history == []
    hand.key(Qt.Key.Key_Return)
    assert dice(hand.painted == 1, ORGAN) > 0.95 and not hand.mask[[0, 2]].any()
    assert hand.history == ["Smart outline · organ · 2"]
    hand.key(Qt.Key.Key_Z, CONTROL)
    hand.rest()
    assert not hand.mask.any()


def test_what_is_outlined_can_be_left_unlabelled(hand: SmartHand) -> None:
    hand.key(Qt.Key.Key_K, SHIFT)
    box(hand)
    hand.key(Qt.Key.Key_Return)
    assert dice(hand.painted == UNLABELLED, ORGAN) > 0.95
    assert hand.history == ["Smart outline · Unlabelled · 2"]
    hand.key(Qt.Key.Key_1)
    hand.drag((43, 56), (77, 84))
    hand.key(Qt.Key.Key_Return)
    assert dice(hand.painted == 1, CORE) > 0.9 and (hand.painted == UNLABELLED).any()
    for _ in range(2):
        hand.key(Qt.Key.Key_Z, CONTROL)
    hand.rest()
    assert not hand.mask.any()


def test_the_foot_says_how_what_is_begun_is_finished(hand: SmartHand) -> None:
    hints = hand.window.findChild(QLabel, "status_line.hints")
    assert isinstance(hints, QLabel)
    hand.key(Qt.Key.Key_Q)
    assert hints.text().startswith("Drag a box")
    box(hand)
    assert hints.text().startswith("Enter takes it")
    hand.key(Qt.Key.Key_Return)
    hand.rest()
    assert hints.text().startswith("Drag a box")
    hand.key(Qt.Key.Key_P)
    for at in ((40, 40), (40, 80), (80, 80)):
        hand.click(*at)
    assert hints.text().startswith("Enter paints it")
    hand.click(40, 40)
    assert hints.text().startswith("Drag its points"), "a closed one waits"
    hand.key(Qt.Key.Key_Backspace)
    assert hints.text().startswith("Enter paints it")
    hand.key(Qt.Key.Key_Escape)
    assert hints.text().startswith("Click points")


def test_the_right_button_takes_away_ctrl_z_takes_the_click_back_and_esc_drops_all(hand: SmartHand) -> None:
    box(hand)
    whole = hand.outlined
    hand.click(60, 70, RIGHT)
    assert not hand.outlined[60, 70]
    hand.key(Qt.Key.Key_Z, CONTROL)
    hand.rest()
    assert np.array_equal(hand.outlined, whole)
    hand.click(60, 70)
    assert hand.outlined[60, 70]
    hand.key(Qt.Key.Key_Escape)
    assert not hand.outlined.any() and not hand.canvas.unfinished and not hand.mask.any()


def test_what_comes_to_nothing_says_why_at_the_pointer(hand: SmartHand) -> None:
    hand.key(Qt.Key.Key_Q)
    hand.click(60, 70)
    assert "Drag a box around the structure first" in hand.note
    hand.drag((60, 70), (62, 90))  # hardly any height
    assert "too small" in hand.note and not hand.canvas.unfinished
    hand.window.context.commands["lock_class"].trigger()
    hand.drag((23, 41), (97, 99))
    assert "locked" in hand.note and not hand.canvas.unfinished


def test_paint_over_rules_and_locks_hold_for_what_is_taken(hand: SmartHand) -> None:
    assert hand.session.current.mask is not None
    hand.window.context.commands["class_2"].trigger()
    hand.key(Qt.Key.Key_Q)
    hand.drag((43, 56), (77, 84))
    hand.key(Qt.Key.Key_Return)
    assert dice(hand.painted == 2, CORE) > 0.9
    core = hand.painted == 2
    hand.window.context.commands["lock_class"].trigger()
    hand.window.context.commands["class_1"].trigger()
    hand.drag((23, 41), (97, 99))
    hand.key(Qt.Key.Key_Return)
    assert np.array_equal(hand.painted == 2, core) and (hand.painted == 1).any()
    box(hand)
    hand.key(Qt.Key.Key_Return)
    assert "Nothing was painted" in hand.note


def test_shift_enter_paints_a_wall_around_what_is_inside(hand: SmartHand) -> None:
    hand.window.context.commands["class_2"].trigger()
    hand.key(Qt.Key.Key_Q)
    hand.drag((43, 56), (77, 84))
    hand.key(Qt.Key.Key_Return)
    core = hand.painted == 2
    hand.window.context.commands["class_1"].trigger()
    hand.drag((23, 41), (97, 99))
    outer = hand.outlined
    hand.key(Qt.Key.Key_Return, SHIFT)
    assert np.array_equal(hand.painted == 2, core)
    assert np.array_equal(hand.painted == 1, outer & ~core)
    assert hand.history[-1] == "Wall · organ · 2"


def test_an_outline_waits_on_its_slice(hand: SmartHand) -> None:
    box(hand)
    before = hand.outlined
    hand.key(Qt.Key.Key_PageDown)
    assert "waits on slice 2" in hand.note and not hand.canvas.unfinished
    hand.key(Qt.Key.Key_PageUp)
    assert np.array_equal(hand.outlined, before)
    hand.key(Qt.Key.Key_Return)
    assert (hand.painted == 1).any()


def test_it_begins_from_the_prediction_and_goes_on_from_there(hand: SmartHand) -> None:
    hand.key(Qt.Key.Key_Q)
    hand.click(60, 10, modifiers=CONTROL)
    assert "no prediction" in hand.note
    hand.session.predictions.use_run(hand.window.context.trainings.runs.all()[0])
    hand.rest()
    hand.click(100, 10, modifiers=CONTROL)
    assert "nothing here" in hand.note
    hand.window.context.commands["class_2"].trigger()
    hand.click(40, 70, modifiers=CONTROL)
    upper = ORGAN & (DOWN < 60)
    assert np.array_equal(hand.outlined, upper) and hand.session.active_class == 1
    hand.click(80, 70)
    assert hand.outlined[80, 70] and dice(hand.outlined, ORGAN) > dice(upper, ORGAN)
    assert not hand.mask.any()
    hand.key(Qt.Key.Key_Return)
    assert (hand.painted == 1)[80, 70]


def test_a_part_of_the_prediction_that_comes_late_is_of_no_other_slice(hand: SmartHand) -> None:
    hand.session.predictions.use_run(hand.window.context.trainings.runs.all()[0])
    hand.rest()
    hand.key(Qt.Key.Key_Q)
    hand.window.context.commands["class_2"].trigger()
    QTest.mouseClick(hand.canvas, LEFT, CONTROL, hand.at(40, 70))
    hand.key(Qt.Key.Key_PageDown)
    hand.rest()
    assert hand.canvas.index == 2 and not hand.canvas.unfinished and hand.session.active_class == 2


def test_in_a_test_image_beginning_from_the_prediction_is_asked_about_and_marked(qtbot: QtBot, hand: SmartHand) -> None:
    session, item = hand.session, hand.session.current.item
    assert item is not None
    session.assignments.set_splits({item.id: "test"})
    session.predictions.use_run(hand.window.context.trainings.runs.all()[0])
    hand.key(Qt.Key.Key_Q)
    for answer in ("no", "yes"):
        hand.click(40, 70, modifiers=CONTROL)
        assert not hand.outlined.any(), "not before the answer"
        answer_question(qtbot, hand.window, "test_reference", answer)
        hand.rest()
        assert hand.outlined.any() == (answer == "yes")
    hand.click(80, 70)  # corrected by hand
    hand.key(Qt.Key.Key_Return)
    assert hand.painted.any() and session.current.helped, "the score of before stays the headline"
    hand.key(Qt.Key.Key_Z, CONTROL)
    assert not session.current.helped
    hand.drag((20, 30), (100, 110))
    hand.key(Qt.Key.Key_Return)
    assert hand.painted.any() and not session.current.helped, "an outline of the person's own box"


def choose_flood(hand: SmartHand) -> None:
    hand.key(Qt.Key.Key_Q)
    chooser = hand.tab.options.method
    assert chooser.isVisible()
    chooser.setFocus()
    QTest.keyClick(chooser, Qt.Key.Key_Down)
    assert hand.smart.method == FLOOD
    hand.canvas.setFocus()


def test_a_way_that_has_no_room_ends_between_words_and_is_whole_in_the_tool_tip(hand: SmartHand) -> None:
    hand.key(Qt.Key.Key_Q)
    chooser = hand.tab.options.method
    assert chooser.shown_text() == chooser.toolTip() == "Box and clicks"
    chooser.setMinimumWidth(0)
    chooser.resize(95, chooser.height())
    assert chooser.shown_text() in ("Box and…", "Box…")
    choose_flood(hand)
    assert chooser.toolTip() == "Flood by density"


def test_a_flood_shows_itself_before_the_click_and_grows_by_keys_and_wheel(hand: SmartHand) -> None:
    choose_flood(hand)
    QTest.mouseMove(hand.canvas, hand.at(60, 70))
    hand.rest()
    bare = hand.canvas.grab().toImage()
    assert not hand.canvas.unfinished
    hand.click(60, 70)
    assert dice(hand.outlined, CORE) > 0.9 and hand.canvas.unfinished
    hand.key(Qt.Key.Key_Plus)
    hand.rest()
    assert dice(hand.outlined, ORGAN) > 0.9
    hand.shift_wheel(-1)
    assert dice(hand.outlined, CORE) > 0.9
    hand.key(Qt.Key.Key_Escape)
    QTest.mouseMove(hand.canvas, hand.at(5, 5))
    QTest.mouseMove(hand.canvas, hand.at(60, 71))
    hand.rest()
    hand.shift_wheel(1)
    assert hand.canvas.grab().toImage() != bare  # the preview is larger now
    hand.click(60, 70)
    assert dice(hand.outlined, ORGAN) > 0.9
    hand.key(Qt.Key.Key_Return)
    assert dice(hand.painted == 1, ORGAN) > 0.9 and len(hand.history) == 1


def test_a_drag_up_grows_the_flood_and_the_right_button_holds_it_back(hand: SmartHand) -> None:
    choose_flood(hand)
    hand.click(60, 70, RIGHT)
    assert "Click into the structure first" in hand.note
    start = hand.at(60, 70)
    QTest.mousePress(hand.canvas, LEFT, NO, start)
    QTest.mouseMove(hand.canvas, start - QPoint(0, 15))
    QTest.mouseRelease(hand.canvas, LEFT, NO, start - QPoint(0, 15))
    hand.rest()
    assert dice(hand.outlined, ORGAN) > 0.9
    hand.click(32, 70, RIGHT)
    assert not hand.outlined[32, 70] and hand.outlined[60, 70]


def test_the_live_wire_follows_the_edge_and_closes_it(hand: SmartHand) -> None:
    hand.key(Qt.Key.Key_L)
    assert isinstance(hand.canvas.tool, LiveWireTool)
    hand.click(26, 70)
    for at in ((60, 96), (94, 70), (60, 44)):
        hand.click(*at)
    hand.key(Qt.Key.Key_Return)
    hand.rest()
    assert dice(hand.painted == 1, ORGAN) > 0.95 and hand.history == ["Live-wire · organ · 2"]


def test_a_live_wire_that_begins_beside_the_edge_leaves_no_hair(hand: SmartHand) -> None:
    hand.key(Qt.Key.Key_L)
    for at in ((10, 70), (60, 96), (94, 70), (60, 44)):
        hand.click(*at)
    hand.key(Qt.Key.Key_Return)
    hand.rest()
    assert dice(hand.painted == 1, ORGAN) > 0.95
    assert not hand.painted[:20].any(), "the way to the edge and back"


def test_points_of_the_live_wire_come_back_one_by_one_and_clicks_that_came_too_early_are_kept(hand: SmartHand) -> None:
    hand.key(Qt.Key.Key_L)
    for at in ((26, 70), (60, 96), (94, 70), (60, 44)):  # faster than the wire is made
        QTest.mouseClick(hand.canvas, LEFT, NO, hand.at(*at))
    QTest.mouseClick(hand.canvas, LEFT, NO, hand.at(26, 70))
    hand.rest()
    assert dice(hand.painted == 1, ORGAN) > 0.95
    hand.key(Qt.Key.Key_Z, CONTROL)
    hand.rest()
    assert not hand.mask.any()
    hand.click(26, 70)
    hand.key(Qt.Key.Key_Return)
    assert "second point" in hand.note and hand.canvas.unfinished
    hand.click(60, 96)
    hand.key(Qt.Key.Key_Z, CONTROL)
    hand.key(Qt.Key.Key_Backspace)
    hand.rest()
    assert not hand.canvas.unfinished and not hand.mask.any()


def test_the_live_wire_stays_on_the_slice_of_its_points(hand: SmartHand) -> None:
    asked: list[AssistWish] = []
    hand.canvas.assist_asked.connect(asked.append)
    hand.key(Qt.Key.Key_L)
    for at in ((26, 70), (60, 96), (94, 70)):  # faster than the wire is made
        QTest.mouseClick(hand.canvas, LEFT, NO, hand.at(*at))
    hand.key(Qt.Key.Key_PageDown)
    hand.rest()
    assert [wish.index for wish in asked] == [1, 1, 1]


@pytest.mark.parametrize("leaves", [True, False])
def test_a_live_wire_that_was_to_close_is_closed_by_no_later_point(hand: SmartHand, leaves: bool) -> None:
    """Who leaves the slice, or takes a point back, before it could be closed goes on with it."""
    hand.key(Qt.Key.Key_L)
    for at in ((26, 70), (60, 96), (94, 70)):
        QTest.mouseClick(hand.canvas, LEFT, NO, hand.at(*at))
    hand.key(Qt.Key.Key_Return)
    hand.key(Qt.Key.Key_PageDown if leaves else Qt.Key.Key_Backspace)
    hand.rest()
    if leaves:
        hand.key(Qt.Key.Key_PageUp)
    assert hand.canvas.unfinished and not hand.mask.any()
    QTest.mouseClick(hand.canvas, LEFT, NO, hand.at(60, 50))
    hand.rest()
    assert hand.canvas.unfinished and not hand.mask.any()
    hand.key(Qt.Key.Key_Return)
    hand.rest()
    assert not hand.canvas.unfinished and hand.mask.any()


def test_leaving_the_item_while_an_outline_is_worked_out_leaves_nothing_behind(hand: SmartHand) -> None:
    hand.key(Qt.Key.Key_Q)
    QTest.mousePress(hand.canvas, LEFT, NO, hand.at(23, 41))
    QTest.mouseMove(hand.canvas, hand.at(60, 60))
    QTest.mouseMove(hand.canvas, hand.at(97, 99))
    QTest.mouseRelease(hand.canvas, LEFT, NO, hand.at(97, 99))
    (item,) = hand.session.items()
    hand.session.current.close()
    with hand.qtbot.waitSignal(hand.session.current.image_changed, timeout=PATIENCE):
        hand.session.current.open(item.id)
    hand.rest()
    assert not hand.mask.any()
    hand.canvas.set_slice(1)
    hand.key(Qt.Key.Key_Return)  # the draft is still there and is worked out now
    hand.rest()
    assert dice(hand.outlined, ORGAN) > 0.95


def use_model(folder: str) -> None:
    settings.save(replace(settings.load(), click_model=folder))


def test_a_click_model_sees_the_slice_before_the_box_and_outlines_it(hand: SmartHand, click_model: Path) -> None:
    use_model(str(click_model))
    hand.key(Qt.Key.Key_Q)
    loaded = hand.tab.smart._model
    hand.qtbot.waitUntil(lambda: loaded.ready, timeout=PATIENCE)  # nobody has shown anything yet
    hand.rest()
    box(hand)
    bright = ORGAN  # the tiny network outlines what is bright
    assert dice(hand.outlined, bright) > 0.8
    first = hand.outlined
    for _ in range(4):
        hand.click(60, 70, RIGHT)
    assert not np.array_equal(hand.outlined, first) and not hand.mask.any()
    for _ in range(4):
        hand.key(Qt.Key.Key_Z, CONTROL)
    hand.key(Qt.Key.Key_Return)
    assert np.array_equal(hand.painted == 1, first)


def test_another_network_is_told_once_and_outlines_are_made_without_it(hand: SmartHand, click_model: Path) -> None:
    (click_model / "decoder.onnx").unlink()
    told: list[str] = []
    hand.session.notification.connect(lambda text, kind: told.append(text))
    use_model(str(click_model))
    box(hand)
    hand.click(60, 70)
    assert dice(hand.outlined, ORGAN) > 0.95
    assert len(told) == 1 and "no mask decoder" in told[0] and "without it" in told[0]


def stroke(hand: SmartHand, name: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    hand.window.context.commands[name].trigger()
    hand.key(Qt.Key.Key_B)
    hand.drag(start, end)


def growing(hand: SmartHand, text: str) -> None:
    hand.qtbot.waitUntil(
        lambda: hand.tab.growing.bar.isVisible() and text in hand.tab.growing.bar.text(), timeout=PATIENCE
    )
    hand.rest()


def ask_for_all(hand: SmartHand) -> None:
    everywhere = hand.tab.growing.bar.findChild(QAbstractButton, "label.growing.2")
    assert everywhere is not None and everywhere.text() == "All slices"
    QTest.mouseClick(everywhere, LEFT)


def test_strokes_of_two_classes_grow_until_they_meet_and_new_ones_refine_them(hand: SmartHand) -> None:
    hand.tab.options.radius.set_radius(2)
    hand.key(Qt.Key.Key_Q, SHIFT)
    hand.qtbot.waitUntil(lambda: "Nothing is painted" in hand.note, timeout=PATIENCE)
    stroke(hand, "class_1", (34, 70), (40, 80))
    hand.key(Qt.Key.Key_Q, SHIFT)
    growing(hand, "more")
    stroke(hand, "class_2", (56, 66), (64, 74))  # while it is proposed
    stroke(hand, "class_1", (80, 55), (86, 80))
    growing(hand, "more")
    painted = hand.painted
    hand.key(Qt.Key.Key_Return)
    hand.rest()
    assert dice(hand.painted == 2, CORE) > 0.9 and dice(hand.painted == 1, ORGAN & ~CORE) > 0.9
    assert hand.history[-1] == "Grown strokes · 2"
    hand.key(Qt.Key.Key_Z, CONTROL)
    hand.rest()
    assert np.array_equal(hand.painted, painted)


def test_strokes_on_two_slices_grow_through_the_one_between(hand: SmartHand) -> None:
    hand.tab.options.radius.set_radius(2)
    for index in (0, 2):
        hand.canvas.set_slice(index)
        stroke(hand, "class_1", (34, 70), (40, 80))
        stroke(hand, "class_1", (80, 55), (86, 80))
        stroke(hand, "class_2", (56, 66), (64, 74))
    hand.key(Qt.Key.Key_Q, SHIFT)
    growing(hand, "more")
    ask_for_all(hand)
    growing(hand, "more")
    hand.key(Qt.Key.Key_Escape)
    assert not hand.painted.any()
    hand.key(Qt.Key.Key_Q, SHIFT)
    growing(hand, "more")
    ask_for_all(hand)
    growing(hand, "more")
    hand.key(Qt.Key.Key_Return)
    hand.rest()
    assert dice(hand.painted == 2, CORE) > 0.9 and dice(hand.painted == 1, ORGAN & ~CORE) > 0.9
    assert hand.history[-1] == "Grown strokes"
