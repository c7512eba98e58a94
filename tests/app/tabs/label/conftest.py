"""What the tests of the Label tab share."""

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog


def answer_question(kind: type[QDialog], button: str) -> None:
    """Press that button of the dialog of that kind as soon as it stands there."""

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, kind):
            QTimer.singleShot(10, answer)
            return
        found = dialog.findChild(QAbstractButton, button)
        assert found is not None, button
        QTest.mouseClick(found, Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, answer)
