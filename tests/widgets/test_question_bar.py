"""The bar of a question: nothing of it is cut, however narrow what it lies over is."""

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from widgets.question_bar import QuestionBar

TEXT = "Slices 15 to 17, carried from 14. Part of it is locked, or may not be painted over."
ANSWERS = ("Take, go on  Enter", "Drop  Esc", "3 at a time", "Only liver")


@pytest.mark.parametrize("width", [1200, 640, 480, 300])
def test_words_and_answers_are_whole(qtbot: QtBot, width: int) -> None:
    over = QWidget()
    qtbot.addWidget(over)
    over.resize(width, 500)
    bar = QuestionBar("bar", over)
    with qtbot.waitExposed(over):
        over.show()
    bar.ask(TEXT, ANSWERS)
    assert over.rect().contains(bar.geometry())
    label = bar.findChild(QLabel, "bar.text")
    assert label is not None
    needed = label.fontMetrics().boundingRect(QRect(0, 0, label.width(), 1000), 0x1000, TEXT)  # TextWordWrap
    assert label.height() >= needed.height() and label.width() >= needed.width()
    buttons = bar.findChildren(QPushButton)
    assert len(buttons) == len(ANSWERS)
    assert all(button.width() >= button.sizeHint().width() for button in buttons)
    assert all(
        bar.rect().contains(QRect(button.mapTo(bar, button.rect().topLeft()), button.size())) for button in buttons
    )
    over.resize(1300, 500)
    assert buttons[0].mapTo(bar, buttons[0].rect().topLeft()).x() > label.geometry().right(), "beside each other again"
