"""What the tests of the Label tab share."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.label.tab import LabelTab
from app.tabs.tab import Tab

Kind = TypeVar("Kind", bound=QDialog)


@pytest.fixture
def open_label(qtbot: QtBot, context: AppContext, show_tab: Callable[[str, Tab], None]) -> Callable[[Path], LabelTab]:
    """Open a project with the tab in front; the tab comes back when its first item is shown and no job runs."""

    def opened(project: Path) -> LabelTab:
        made = LabelTab(context)
        show_tab("label", made)
        with qtbot.waitSignal(
            made.scan.image_shown, timeout=20000, check_params_cb=lambda: context.session.current.image is not None
        ):
            context.session.open_project(project)
        qtbot.waitUntil(lambda: not context.jobs.busy, timeout=20000)
        return made

    return opened


def turn_wheel(
    widget: QWidget, at: QPointF, notches: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """The wheel over a place of the widget, away from the person where `notches` is positive."""
    turned = QWheelEvent(
        at,
        QPointF(widget.mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, turned)


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
