"""The two projects that the program is for, in the real program on real images: pneumonia by class, nuclei one by one."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.services.project_session import ProjectSession
from app.shell.window import MainWindow
from app.tabs.data.import_step import ImportStep
from app.tabs.label.tab import LabelTab
from app.tabs.train.tab import TrainTab
from engine.labels.edit import Ids
from tests.journeys.conftest import Run
from widgets.canvas import Canvas

pytestmark = [
    pytest.mark.skipif(not os.environ.get("LONG"), reason="minutes of training: set LONG=1"),
    pytest.mark.timeout(3600),
]

_PATIENCE = 1_800_000  # ms: a busy machine is no fault
_LEFT = Qt.MouseButton.LeftButton
_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Person:
    """Mouse and keys; what the system's own file dialogs are answered is said beforehand."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot
        self.session, self.trainings = window.context.session, window.context.trainings
        self.faults: list[object] = []
        self.said: list[str] = []
        self.session.failed.connect(self.faults.append)
        self.session.notification.connect(lambda text, _: self.said.append(text))
        window.resize(1440, 900)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)

    def wait(self, until: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(lambda: bool(self.faults) or until(), timeout=_PATIENCE)
        assert not self.faults

    def idle(self) -> bool:
        return not self.window.context.jobs.busy

    def click(self, name: str, within: QWidget | None = None) -> None:
        place = within or self.window  # a tab is made in steps
        self.qtbot.waitUntil(lambda: place.findChild(QAbstractButton, name) is not None)
        button = place.findChild(QAbstractButton, name)
        assert isinstance(button, QAbstractButton) and button.isEnabled(), (name, button and button.toolTip())
        self.qtbot.waitUntil(button.isVisible)
        QTest.mouseClick(button, _LEFT)

    def go_to(self, key: Qt.Key) -> None:
        """To a tab, by its key, which the active window hears: a dialog before may have been that."""
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)
        QTest.keyClick(self.window, key, _CONTROL)

    def make_project(self, name: str, where: Path, task: str, classes: list[str]) -> None:
        """Through the dialog, from the key that asks for it."""

        def answer() -> None:
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, QDialog) and dialog.objectName() == "new_project_dialog"
            for field, text in (("name", name), ("place", str(where))):
                edit = dialog.findChild(QLineEdit, f"new_project.{field}")
                assert edit is not None
                edit.clear()
                QTest.keyClicks(edit, text)
            self.click(f"new_project.{task}", dialog)
            for number, text in enumerate(classes):
                edit = dialog.findChild(QLineEdit, f"class_rows.{number}.name")
                assert edit is not None
                QTest.keyClicks(edit, text)
            assert edit is not None
            QTest.keyClick(edit, Qt.Key.Key_Return)

        QTimer.singleShot(0, answer)
        QTest.keyClick(self.window, Qt.Key.Key_N, _CONTROL | _SHIFT)
        assert self.session.project is not None

    def add_what_was_found(self, split: str) -> None:
        """The import step says what it found: into this set, or divided."""
        step = self.window.findChild(ImportStep)
        assert step is not None
        self.wait(lambda: not step.busy)
        place = step.findChild(QComboBox, "place.set")
        assert place is not None
        if place.currentData() != split:
            place.setCurrentIndex(place.findData(split))
            place.activated.emit(place.currentIndex())
        with self.qtbot.waitSignal(self.session.import_finished, timeout=_PATIENCE):
            self.click("import.add", step)
        self.wait(self.idle)

    def text(self, name: str) -> str:
        label = self.window.findChild(QLabel, name)
        assert label is not None, name
        return label.text()


def test_the_students_project(
    qtbot: QtBot, tmp_path: Path, data: Path, run_program: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the file of chest films to the report of three networks that were tuned, tested and explained."""
    film, page = data / "pneumoniamnist" / "pneumoniamnist.npz", tmp_path / "lecture.html"
    monkeypatch.setattr("app.tabs.data.tab.QFileDialog.getOpenFileNames", lambda *_: ([str(film)], ""))
    monkeypatch.setattr("app.dialogs.run_report.QFileDialog.getSaveFileName", lambda *_: (str(page), ""))

    def journey(window: MainWindow) -> None:
        person = Person(window, qtbot)
        person.make_project("chest", tmp_path, "classification", ["normal", "pneumonia"])
        person.click("empty.choose_files")
        person.add_what_was_found("file")
        assert len(person.session.items()) == 4708 + 524 + 624

        window.show_tab("classify")
        person.click("classify.mode.tune")
        minutes = window.findChild(QDoubleSpinBox, "tune.form.minutes")
        assert minutes is not None
        minutes.setFocus()
        minutes.selectAll()
        QTest.keyClicks(minutes, "4")
        QTest.keyClick(minutes, Qt.Key.Key_Return)
        person.click("tune.lecture")
        person.wait(lambda: f"The report is in {page}." in person.said and person.idle())

        study = person.trainings.studies.study
        assert study is not None and study.test["winner"]["n"] == 624
        assert study.test["winner"]["accuracy"] > 0.8, "the networks learn in minutes what the lecture's learn"
        text = page.read_text(encoding="utf-8")
        assert "Test set: 624 items" in text and text.count("<figure>") >= 4

    run_program([], journey)


def test_nuclei_from_coco_to_average_precision(
    qtbot: QtBot, tmp_path: Path, data: Path, run_program: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In from COCO, one more painted, a light Mask R-CNN trained, its objects taken over and corrected, and the test set's AP50 read."""
    nuclei = data / "nuclei_dsb2018_coco"
    coco = nuclei / "instances_train.json"
    monkeypatch.setattr("app.dialogs.importing.QFileDialog.getExistingDirectory", lambda *_: str(nuclei / "images"))
    monkeypatch.setattr("app.tabs.data.values.QFileDialog.getOpenFileName", lambda *_: (str(coco), ""))

    def journey(window: MainWindow) -> None:
        person = Person(window, qtbot)
        session, trainings = person.session, person.trainings
        person.make_project("nuclei", tmp_path, "instance", ["nucleus"])
        person.click("empty.choose_folder")
        step = window.findChild(ImportStep)
        assert step is not None
        person.wait(lambda: step.active and not step.busy)
        person.click("masks.file", step)
        person.add_what_was_found("divide")
        assert session.project is not None
        labelled = [item for item in session.items() if session.project.layers.mask(item.id) is not None]
        assert 20 < len(labelled) < len(session.items()), "the file speaks of the training images alone"

        # one more nucleus, by hand: it stays, in the window and on the disk
        person.go_to(Qt.Key.Key_2)
        tab = window.tab("label")
        assert isinstance(tab, LabelTab)
        session.current.open(labelled[0].id)
        person.wait(lambda: session.current.mask is not None and person.idle())
        mask, canvas = session.current.mask, tab.scan.canvas
        person.wait(lambda: canvas.isVisible() and canvas.image is session.current.image)
        assert mask is not None and mask.ids is not None
        before, rows = int(mask.ids.max()), len(tab.objects.list.rows())
        free = np.pad(mask.ids[0] == 0, 1).view(np.uint8)  # the farthest from every object and from the border
        down, across = np.unravel_index(cv2.distanceTransform(free, cv2.DIST_L2, cv2.DIST_MASK_5).argmax(), free.shape)
        canvas.setFocus()
        QTest.keyClick(canvas, Qt.Key.Key_B)
        _drag(canvas, (down - 1.0, across - 3.0), (down - 1.0, across + 2.0))
        person.wait(person.idle)
        painted = int((mask.ids == before + 1).sum())
        assert painted > 5 and len(tab.objects.list.rows()) == rows + 1
        assert int((_stored(session) == before + 1).sum()) == painted

        # five minutes of a light Mask R-CNN
        person.go_to(Qt.Key.Key_4)
        train = window.tab("train")
        assert isinstance(train, TrainTab)
        person.click("recipe.network.head")
        network = train.findChild(QComboBox, "network.arch")
        assert network is not None
        network.setCurrentIndex(network.findData("mask-rcnn-light"))
        network.activated.emit(network.currentIndex())
        slider = train.findChild(QWidget, "minutes.slider")
        assert slider is not None
        for key in (Qt.Key.Key_Home, *[Qt.Key.Key_Right] * 4):
            QTest.keyClick(slider, key)
        assert trainings.recipe.config.minutes == 5
        person.click("train_button")
        person.wait(lambda: bool(trainings.runs.all()) and trainings.runs.all()[-1].state == "finished")
        person.wait(person.idle)
        (run,) = trainings.runs.all()
        assert run.summary.ap50 is not None and run.summary.ap50 > 0.05, "objects of the validation"

        # its objects, taken over where nobody had labelled
        known = {one.id for one in labelled}
        unlabelled = next(item for item in session.items() if item.id not in known and item.split == "train")
        person.go_to(Qt.Key.Key_2)
        session.current.open(unlabelled.id)
        person.wait(lambda: session.current.mask is not None and person.idle())
        QTest.keyClick(canvas, Qt.Key.Key_R, _CONTROL)
        person.wait(lambda: session.predictions.labels is not None and person.idle())
        QTest.keyClick(canvas, Qt.Key.Key_U, _CONTROL)
        person.wait(person.idle)
        assert session.current.mask is not None and session.current.mask.ids is not None
        found = len(tab.objects.list.rows())
        assert found == len(np.unique(session.current.mask.ids)) - 1 > 0

        # the largest of them is corrected: two that it took for one; and the smallest is none
        ids = session.current.mask.ids
        areas = np.bincount(ids.reshape(-1))[1:]
        _pick_object(tab, int(areas.argmax()) + 1)
        height, width = np.nonzero(ids[0] == int(areas.argmax()) + 1)
        middle = float(np.median(width)) + 0.5
        canvas.setFocus()
        QTest.keyClick(canvas, Qt.Key.Key_X, _SHIFT)
        _drag(canvas, (height.min() - 3.0, middle), (height.max() + 4.0, middle))
        person.wait(lambda: len(tab.objects.list.rows()) == found + 1 and person.idle())
        least = int(np.where(areas > 0, areas, areas.max() + 1).argmin()) + 1
        _pick_object(tab, least)
        QTest.keyClick(tab.objects.list, Qt.Key.Key_Delete)
        person.wait(lambda: len(tab.objects.list.rows()) == found and person.idle())
        assert len(np.unique(_stored(session))) - 1 == found and not (_stored(session) == least).any()

        # the test set, read in Review
        person.go_to(Qt.Key.Key_5)
        person.wait(person.idle)
        person.click("review_set.test")
        person.wait(person.idle)
        predict = window.findChild(QAbstractButton, "predict_this_set")
        if predict is not None and predict.isVisible():
            person.click("predict_this_set")
            person.wait(person.idle)
        person.click("review.read_test_set")
        person.wait(lambda: trainings.runs.all()[0].test_reading is not None and person.idle())
        person.wait(lambda: "AP50" in person.text("set_objects"))
        (ap50,) = re.findall(r"AP50 (\d\.\d+)", person.text("set_objects"))
        assert float(ap50) > 0.05, person.text("set_objects")

    run_program([], journey)


def _drag(canvas: Canvas, start: tuple[float, float], end: tuple[float, float]) -> None:
    """With the left button, from one place of the slice to another."""
    first, last = (canvas.to_screen(place).toPoint() for place in (start, end))
    QTest.mousePress(canvas, _LEFT, pos=first)
    QTest.mouseMove(canvas, (first + last) / 2)
    QTest.mouseMove(canvas, last)
    QTest.mouseRelease(canvas, _LEFT, pos=last)


def _pick_object(tab: LabelTab, id: int) -> None:
    """By a click in the list."""
    rows = tab.objects.list
    place = rows.model().index(next(at for at, row in enumerate(rows.rows()) if row.id == id), 0)
    rows.scrollTo(place)
    QTest.mouseClick(rows.viewport(), _LEFT, pos=rows.visualRect(place).center())
    assert rows.selected() == [id]


def _stored(session: ProjectSession) -> Ids:
    """The objects of the open item's mask as the disk holds them."""
    assert session.project is not None and session.current.item is not None
    layer = session.project.layers.mask(session.current.item.id)
    assert layer is not None
    return session.project.layers.read_instances(layer, session.current.item.shape).ids
