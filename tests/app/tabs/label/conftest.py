"""What the tests of the Label tab share."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import nibabel as nib
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.shell.window import MainWindow
from app.tabs.label.tab import LabelTab
from app.tabs.tab import Tab
from engine.labels.classes import parse_classes
from engine.labels.edit import Labels
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project

Kind = TypeVar("Kind", bound=QDialog)

PATIENCE = 20_000
SHAPE = (9, 40, 50)  # voxels of 3 x 1 x 1 mm
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
NO = Qt.KeyboardModifier.NoModifier


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


class Hand:
    """What a person does and sees in the Label tab, on a volume of so many slices."""

    def __init__(self, window: MainWindow, qtbot: QtBot, slices: int = SHAPE[0]) -> None:
        self.window, self.qtbot, self.session = window, qtbot, window.context.session
        window.resize(1200, 800)
        window.show_tab("label")
        tab = window.tab("label")
        assert isinstance(tab, LabelTab)
        self.tab, self.canvas = tab, tab.scan.canvas
        qtbot.waitUntil(lambda: self.canvas.slices == slices, timeout=PATIENCE)
        self.rest()

    def rest(self) -> None:
        self.qtbot.waitUntil(
            lambda: not self.session.current.changing and not self.window.context.jobs.busy, timeout=PATIENCE
        )

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO) -> None:
        QTest.keyClick(self.canvas, key, modifiers)

    def go(self, index: int) -> None:
        while self.canvas.index != index:
            self.key(Qt.Key.Key_PageDown if self.canvas.index < index else Qt.Key.Key_PageUp)

    def wheel(self, notches: int) -> None:
        turn_wheel(self.canvas, QPointF(self.canvas.rect().center()), notches)

    def square(self, low: tuple[int, int], high: tuple[int, int], close: Qt.KeyboardModifier = NO) -> None:
        """A rectangle, by the polygon's clicks."""
        self.key(Qt.Key.Key_P)
        corners = [low, (low[0], high[1]), high, (high[0], low[1]), low]
        for at, corner in enumerate(corners):
            last = at == len(corners) - 1
            where = self.canvas.to_screen((float(corner[0]), float(corner[1]))).toPoint()
            QTest.mouseClick(self.canvas, Qt.MouseButton.LeftButton, close if last else NO, where)
        self.key(Qt.Key.Key_Return)

    @property
    def labels(self) -> Labels:
        assert self.session.current.mask is not None
        return self.session.current.mask.labels.copy()

    @property
    def note(self) -> str:
        return self.tab.note.text() if self.tab.note.isVisible() else ""

    def proposed(self, text: str) -> None:
        """Wait until the bar over the scan says so."""
        self.qtbot.waitUntil(
            lambda: self.tab.filling.bar.isVisible() and text in self.tab.filling.bar.text(), timeout=PATIENCE
        )

    def told(self, text: str) -> None:
        """Wait until the panel says so."""

        def says() -> bool:
            label = self.tab.cleaning.dialog.findChild(QLabel, "clean_up.told") if self.tab.cleaning.dialog else None
            return label is not None and text in label.text()

        self.qtbot.waitUntil(says, timeout=PATIENCE)

    def press(self, name: str) -> None:
        button = self.window.findChild(QAbstractButton, name)
        assert button is not None, name
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    @property
    def last(self) -> str:
        return self.tab.history.list.item(0).text()


@pytest.fixture
def open_volume(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> Callable[[NDArray[np.float32]], Hand]:
    """Open the real window on a volume (z, y, x) of voxels of 3 x 1 x 1 mm that nobody has painted on."""

    def opened(pixels: NDArray[np.float32]) -> Hand:
        nib.save(nib.Nifti1Image(pixels.T, np.diag([1.0, 1.0, 3.0, 1.0])), tmp_path / "v.nii.gz")
        with Project.create(tmp_path / "v.contorno", "multiclass", parse_classes("liver,kidney")) as made:
            for _ in import_images(made, ImportPlan((tmp_path / "v.nii.gz",))):
                pass
        with qtbot.waitSignal(window.context.session.current.image_changed, timeout=PATIENCE):
            window.open_paths([tmp_path / "v.contorno"])
        return Hand(window, qtbot)

    return opened


@pytest.fixture
def hand(open_volume: Callable[[NDArray[np.float32]], Hand]) -> Hand:
    """The real window on a volume of noise."""
    return open_volume(np.random.default_rng(1).normal(size=SHAPE).astype(np.float32))


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
