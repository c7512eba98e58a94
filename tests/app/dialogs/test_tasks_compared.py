"""Classes and masks compared: every word can be read, at the size that the dialog has."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.dialogs.tasks_compared import TasksComparedDialog
from engine.tasks import TASKS_COMPARED, UNET_TRAITS


@pytest.mark.parametrize("size", [(820, 660), (640, 400)])
def test_both_tables_stand_there_and_nothing_is_cut(qtbot: QtBot, size: tuple[int, int]) -> None:
    dialog = TasksComparedDialog(None)
    qtbot.addWidget(dialog)
    dialog.resize(*size)
    with qtbot.waitExposed(dialog):
        dialog.show()
    labels = {label.text(): label for label in dialog.findChildren(QLabel)}
    words = [text for row in TASKS_COMPARED for text in (row.asked, row.classification, row.segmentation)]
    words += [text for each in UNET_TRAITS for text in (each.trait, each.here)]
    for text in words:
        label = labels[text]
        assert label.height() >= label.heightForWidth(label.width()) > 0, text
        assert label.mapTo(dialog, label.rect().topRight()).x() <= dialog.width(), text
