"""Words at the pointer: how long they stay."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.app.tabs.label.conftest import turn_wheel
from widgets.pointer_note import PointerNote

LEFT = Qt.MouseButton.LeftButton


class Refusing(QWidget):
    """Says at each key and press why it does nothing, and leaves keys to what is around it, as widgets do."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.note: PointerNote | None = None
        self.resize(300, 200)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        assert self.note is not None
        self.note.say("Not here.")
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        assert self.note is not None
        self.note.say("Not here either.")


@pytest.fixture
def refusing(qtbot: QtBot) -> Refusing:
    over = QWidget()
    qtbot.addWidget(over)
    over.resize(400, 300)
    made = Refusing(over)
    made.note = PointerNote("note", over)
    with qtbot.waitExposed(over):
        over.show()
    made.setFocus()
    return made


def test_it_stays_while_only_the_pointer_and_held_keys_move(refusing: Refusing) -> None:
    assert refusing.note is not None
    QTest.keyClick(refusing, Qt.Key.Key_A)
    assert refusing.note.isVisible()
    QTest.mouseMove(refusing, QPoint(5, 5))
    QTest.keyPress(refusing.window(), Qt.Key.Key_Shift)
    QTest.keyRelease(refusing.window(), Qt.Key.Key_Shift)
    assert refusing.note.isVisible()
    QTest.mouseClick(refusing, LEFT)
    assert refusing.note.isVisible() and refusing.note.text() == "Not here either."


def test_it_goes_with_what_is_done_next(refusing: Refusing) -> None:
    note, around = refusing.note, refusing.window()
    assert note is not None
    deeds: list[Callable[[], None]] = [
        lambda: QTest.keyClick(around, Qt.Key.Key_B),
        lambda: QTest.mouseClick(around, LEFT, pos=QPoint(390, 290)),
        lambda: turn_wheel(around, QPointF(390, 290), 1),
    ]
    for done in deeds:
        note.say("Why it did nothing.")
        assert note.isVisible()
        done()
        assert not note.isVisible()
