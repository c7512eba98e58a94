"""The loop of the program, in the real program: open, paint, train, see the prediction and its Dice, correct, undo, quit, redo."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.services.jobs import Lane
from app.shell.window import MainWindow
from app.tabs.label.tab import LabelTab
from engine.config import Split, TrainConfig
from engine.labels.classes import parse_classes
from engine.labels.edit import Labels
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project

_OPENED, _TRAINED = 30_000, 240_000  # ms, generous: a busy machine is no fault
_CONTROL = Qt.KeyboardModifier.ControlModifier
SETS: tuple[Split, ...] = ("train", "train", "train", "train", "val", "test")
TWO_STEPS = TrainConfig(
    arch="unet-smp", encoder="resnet18", epochs=1, batch=2, size=64, preset="none", device="cpu", seed=3
)


Run = Callable[[list[str], Callable[[MainWindow], None]], None]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Six pictures of a bright disc and a grey square with their masks: four to train on, one to validate, one to test."""
    rng = np.random.default_rng(11)
    images, masks = tmp_path / "images", tmp_path / "masks"
    images.mkdir()
    masks.mkdir()
    for at, name in enumerate("abcdef"):
        mask = np.zeros((64, 64), np.uint8)
        cv2.circle(mask, (20 + at, 26), 11, 1, -1)
        cv2.rectangle(mask, (40, 10 + at), (56, 28 + at), 2, -1)
        picture = np.array([40, 220, 130], np.uint8)[mask] + rng.integers(0, 20, mask.shape).astype(np.uint8)
        for folder, pixels in ((images, picture), (masks, mask)):
            (folder / f"{name}.png").write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    path = tmp_path / "shapes.contorno"
    with Project.create(path, "multiclass", parse_classes("disc,square")) as made:
        for _ in import_images(made, ImportPlan((images,), masks)):
            pass
        made.items.set_splits(dict(zip([item.id for item in made.items.all()], SETS, strict=True)))
    return path


class Hand:
    """What a person does and sees in the Label tab."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.session = window, window.context.session
        window.resize(1440, 900)
        window.show_tab("label")
        tab = window.tab("label")
        assert isinstance(tab, LabelTab)
        self.tab = tab
        qtbot.waitUntil(lambda: self.session.current.image is not None and tab.scan.canvas.slices == 1, timeout=_OPENED)
        qtbot.waitUntil(lambda: window.context.jobs.running(Lane.THUMBNAILS) is None, timeout=_OPENED)

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.tab.scan.canvas, key, modifiers)

    def paint(self, down: float, start: float, end: float) -> None:
        canvas = self.tab.scan.canvas

        def at(across: float) -> QPoint:
            return canvas.to_screen((down, across)).toPoint()

        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at(start))
        for across in np.linspace(start, end, 6)[1:]:
            QTest.mouseMove(canvas, at(float(across)))
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at(end))

    @property
    def labels(self) -> Labels:
        assert self.session.current.mask is not None
        return self.session.current.mask.labels.copy()

    @property
    def dice(self) -> str:
        return self.tab.dice.bars.accessibleDescription()


def test_paint_train_correct_undo_quit_redo(qtbot: QtBot, project: Path, run_program: Run) -> None:
    corrected: list[Labels] = []

    def first_day(window: MainWindow) -> None:
        hand = Hand(window, qtbot)
        hand.press(Qt.Key.Key_B)
        hand.press(Qt.Key.Key_1)
        hand.paint(50, 8, 30)
        assert (hand.labels[0, 50, 8:30] == 1).all()
        assert hand.tab.history.list.item(0).text() == "Brush · disc"

        window.context.trainings.recipe.change(TWO_STEPS)
        hand.press(Qt.Key.Key_T, _CONTROL)
        assert window.context.trainings.training
        hand.paint(54, 8, 30)  # painting goes on while it trains
        qtbot.waitUntil(lambda: hand.session.predictions.labels is not None, timeout=_TRAINED)
        (run,) = window.context.trainings.runs.all()
        assert run.state == "finished" and run.bundle.exists() and len(window.context.trainings.losses) == 2
        qtbot.waitUntil(lambda: not window.context.jobs.busy, timeout=_TRAINED)
        assert hand.tab.dice.bars.isVisible() and hand.dice.startswith("disc ")

        untouched = hand.dice
        hand.press(Qt.Key.Key_U, _CONTROL)
        taken = hand.dice
        assert taken != untouched and (hand.labels == hand.session.predictions.labels).all()
        hand.press(Qt.Key.Key_2 if hand.labels[0, 34, 20] == 1 else Qt.Key.Key_1)
        hand.paint(34, 6, 58)
        assert hand.dice != taken
        corrected.append(hand.labels)
        hand.press(Qt.Key.Key_Z, _CONTROL)
        assert hand.dice == taken and (hand.labels == hand.session.predictions.labels).all()

    def second_day(window: MainWindow) -> None:
        hand = Hand(window, qtbot)
        assert (hand.labels == hand.session.predictions.labels).all()
        before = hand.dice
        hand.press(Qt.Key.Key_Y, _CONTROL)
        assert (hand.labels == corrected[0]).all()
        assert hand.dice != before

    run_program([str(project)], first_day)
    run_program([str(project)], second_day)
    with Project.open(project, write=False) as read:
        item = read.items.named("a")
        layer = read.layers.mask(item.id)
        assert layer is not None
        assert (read.layers.read(layer, item.shape) == corrected[0]).all()
        assert [entry.undone for entry in read.layers.history(layer)] == [False] * 4
