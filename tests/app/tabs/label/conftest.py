"""What the tests of the Label tab share."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog

Kind = TypeVar("Kind", bound=QDialog)


def answer_question(kind: type[Kind], button: str, first: Callable[[Kind], None] = lambda _: None) -> None:
    """Press that button of the dialog of that kind as soon as it stands there, after `first` was done with it."""

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, kind):
            QTimer.singleShot(10, answer)
            return
        try:
            first(dialog)
        finally:
            found = dialog.findChild(QAbstractButton, button)
            assert found is not None, button
            QTest.mouseClick(found, Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, answer)
