"""Gestures and keys in any order, by chance: what is seen, counted and kept on the disk stays one and the same."""

import random

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeySequence, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from engine.project.project import Project
from tests.app.tabs.label.conftest import CONTROL, NO, SHIFT, Hand
from widgets.canvas import Canvas

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE = Qt.MouseButton.NoButton
KEYS = (
    *"BEHPTYFQLMZX120KIJVSNOUR",
    *("Shift+V", "Shift+S", "Shift+B", "Shift+N", "Shift+P", "Shift+I", "Shift+Q", "Shift+U", "Shift+D", "Shift+Y"),
    *("Ctrl+Z", "Ctrl+Y", "Ctrl+C", "Ctrl+V", "Shift+PgDown", "PgDown", "PgUp", "Return", "Shift+Return", "Esc"),
    *("Backspace", "+", "-", "C", "Del", "Ctrl+B", "Shift+K", "Ctrl+Shift+I"),
)
ACTIONS = 250


class Chance:
    """A person who does whatever comes."""

    def __init__(self, hand: Hand, seed: int) -> None:
        self._hand, self._random = hand, random.Random(seed)
        self.held: tuple[Canvas, Qt.MouseButton] | None = None  # where a button is down, and which

    def act(self) -> None:
        pick, chance = self._random.choice, self._random.random()
        view = self.held[0] if self.held else pick([each for each in self._hand.tab.scan.views if each.isVisible()])
        modifiers = pick([NO] * 5 + [CONTROL, SHIFT, CONTROL | SHIFT])
        if self.held is None and chance < 0.4:
            self.held = view, pick([LEFT, LEFT, LEFT, RIGHT])
            self._send(QEvent.Type.MouseButtonPress, self.held[1], self.held[1], modifiers)
        elif self.held is not None and chance < 0.5:
            self._send(QEvent.Type.MouseMove, NONE, self.held[1], modifiers)
        elif self.held is not None and chance < 0.8:
            self.let_go(modifiers)
        else:
            QTest.keySequence(self._hand.tab.scan.views.first, QKeySequence(pick(KEYS)))
            for dialog in QApplication.topLevelWidgets():
                if isinstance(dialog, QDialog):
                    dialog.reject()

    def let_go(self, modifiers: Qt.KeyboardModifier = NO) -> None:
        if self.held is not None:
            self._send(QEvent.Type.MouseButtonRelease, self.held[1], NONE, modifiers)
            self.held = None

    def _send(
        self, kind: QEvent.Type, button: Qt.MouseButton, buttons: Qt.MouseButton, modifiers: Qt.KeyboardModifier
    ) -> None:
        assert self.held is not None
        view = self.held[0]
        at = QPointF(self._random.randrange(view.width()), self._random.randrange(view.height()))
        QApplication.sendEvent(view, QMouseEvent(kind, at, view.mapToGlobal(at), button, buttons, modifiers))


def check(hand: Hand) -> None:
    hand.rest()
    current, labels = hand.session.current, hand.labels
    assert hand.session.project is not None and current.item is not None
    with Project.open(hand.session.project.path, write=False) as kept:
        layer = kept.layers.mask(current.item.id)
        stored = np.zeros_like(labels) if layer is None else kept.layers.read(layer, labels.shape)
    assert np.array_equal(stored, labels)
    assert np.array_equal(current.counts, np.bincount(labels.ravel(), minlength=256))
    hand.key(Qt.Key.Key_M)  # no outline that waits is drawn
    for view in hand.tab.scan.views:
        seen, here = view.grab().toImage(), view.index
        view.set_slice(0 if here else 1)
        view.set_slice(here)
        assert view.grab().toImage() == seen, "drawn anew it is what was seen"


@pytest.mark.parametrize("seed", range(3))
def test_what_is_seen_counted_and_kept_is_one_in_whatever_order(hand: Hand, seed: int) -> None:
    chance = Chance(hand, seed)
    for number in range(ACTIONS):
        chance.act()
        if number % 50 == 49:
            chance.let_go()
            check(hand)
    undo = hand.window.context.commands["undo"]
    while undo.isEnabled():
        undo.trigger()
        hand.rest()
    check(hand)
    assert not hand.labels.any()
