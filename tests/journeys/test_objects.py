"""Objects one by one, in the real program: in from COCO, painted, split, merged, taken back, out again."""

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from app.services.jobs import Lane
from app.shell.window import MainWindow
from app.tabs.data.import_step import ImportStep
from app.tabs.data.tab import DataTab
from app.tabs.data.values import ValuesPanel
from app.tabs.label.tab import LabelTab
from engine.labels.classes import parse_classes
from engine.labels.edit import Ids
from engine.project.project import Project

_OPENED = 60_000  # ms, generous: a busy machine is no fault
_NONE, _SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
_CONTROL = Qt.KeyboardModifier.ControlModifier
Run = Callable[[list[str], Callable[[MainWindow], None]], None]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A picture of two cells with a COCO file of them, and a project that holds neither."""
    images = tmp_path / "images"
    images.mkdir()
    picture = np.random.default_rng(3).integers(20, 50, (64, 96), np.uint8)
    for corner in ((8, 8), (8, 60)):
        picture[corner[0] : corner[0] + 16, corner[1] : corner[1] + 24] += 150
    (images / "a.png").write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    boxes = [[8, 8, 32, 8, 32, 24, 8, 24], [60, 8, 84, 8, 84, 24, 60, 24]]
    content = {
        "images": [{"id": 1, "file_name": "a.png", "width": 96, "height": 64}],
        "categories": [{"id": 1, "name": "cell"}],
        "annotations": [
            {"id": n, "image_id": 1, "category_id": 1, "segmentation": [one]} for n, one in enumerate(boxes)
        ],
    }
    (images / "cells.json").write_text(json.dumps(content))
    with Project.create(tmp_path / "cells", "instance", parse_classes("cell,dirt")):
        pass
    return tmp_path


class Hand:
    """What a person does and sees."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.session, self.qtbot = window, window.context.session, qtbot
        window.resize(1440, 900)

    def bring_in(self, images: Path, coco: Path) -> None:
        self.window.show_tab("data")
        data = self.window.tab("data")
        assert isinstance(data, DataTab)
        data.contents.begin_import([images])
        step = data.findChild(ImportStep)
        assert step is not None
        self.qtbot.waitUntil(lambda: step.active and not step.busy, timeout=_OPENED)
        values = step.findChild(ValuesPanel)
        assert values is not None
        values.masks_chosen.emit(coco)  # the file dialog is the system's own
        self.qtbot.waitUntil(lambda: not step.busy, timeout=_OPENED)
        add = step.findChild(QAbstractButton, "import.add")
        assert add is not None and add.isEnabled()
        with self.qtbot.waitSignal(self.session.import_finished, timeout=_OPENED):
            QTest.mouseClick(add, Qt.MouseButton.LeftButton)

    def open(self) -> None:
        self.window.show_tab("label")
        tab = self.window.tab("label")
        assert isinstance(tab, LabelTab)
        self.tab, self.canvas = tab, tab.scan.canvas
        self.session.walk.step(1)
        self.qtbot.waitUntil(lambda: self.session.current.image is not None, timeout=_OPENED)
        self.qtbot.waitUntil(lambda: self.window.context.jobs.running(Lane.THUMBNAILS) is None, timeout=_OPENED)
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)
        self.canvas.setFocus()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NONE) -> None:
        QTest.keyClick(self.canvas, key, modifiers)

    def at(self, down: float, across: float) -> QPoint:
        return self.canvas.to_screen((down, across)).toPoint()

    def drag(self, *points: tuple[float, float]) -> None:
        QTest.mousePress(self.canvas, Qt.MouseButton.LeftButton, pos=self.at(*points[0]))
        for point in points[1:]:
            QTest.mouseMove(self.canvas, self.at(*point))
        QTest.mouseRelease(self.canvas, Qt.MouseButton.LeftButton, pos=self.at(*points[-1]))

    @property
    def ids(self) -> Ids:
        assert self.session.current.mask is not None and self.session.current.mask.ids is not None
        ids: Ids = self.session.current.mask.ids[0]
        return ids

    @property
    def listed(self) -> list[str]:
        return [row.title for row in self.tab.objects.list.rows()]

    def export(self, folder: Path) -> None:
        def answer() -> None:
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, QDialog) and dialog.objectName() == "export_dialog"
            form, out = dialog.findChild(QComboBox, "export.format"), dialog.findChild(QLineEdit, "export.out")
            assert form is not None and out is not None
            form.setCurrentIndex(form.findData("coco"))
            out.setText(str(folder))
            dialog.accept()

        QTimer.singleShot(0, answer)
        with self.qtbot.waitSignal(self.session.notification, timeout=_OPENED):
            self.press(Qt.Key.Key_E, _CONTROL)


def test_in_paint_split_merge_undo_out(qtbot: QtBot, files: Path, run_program: Run) -> None:
    def journey(window: MainWindow) -> None:
        hand = Hand(window, qtbot)
        hand.bring_in(files / "images", files / "images" / "cells.json")
        hand.open()
        assert hand.listed == ["cell 1", "cell 2"]

        hand.press(Qt.Key.Key_B)
        hand.drag((45, 20), (45, 30), (45, 45))  # beside the others: a new one
        assert hand.listed == ["cell 1", "cell 2", "cell 3"] and hand.ids[45, 40] == 3
        hand.drag((45, 40), (45, 60))  # from where it is: more of it
        assert hand.listed[-1] == "cell 3" and hand.ids[45, 58] == 3
        assert hand.tab.objects.list.selected() == [3]

        hand.press(Qt.Key.Key_X, _SHIFT)
        assert hand.tab.tool == "split_object"
        hand.drag((2, 20), (12, 20), (30, 21))
        assert len(hand.listed) == 4 and {int(hand.ids[16, 12]), int(hand.ids[16, 28])} == {1, 4}
        hand.drag((60, 2), (62, 90))  # across nothing
        assert len(hand.listed) == 4
        hand.press(Qt.Key.Key_Z, _CONTROL)
        assert hand.listed == ["cell 1", "cell 2", "cell 3"] and (hand.ids[8:24, 8:32] == 1).all()

        hand.press(Qt.Key.Key_J, _SHIFT)
        first = hand.tab.objects.list.selected()
        hand.press(Qt.Key.Key_J, _SHIFT)
        second = hand.tab.objects.list.selected()
        hand.press(Qt.Key.Key_H, _SHIFT)
        assert hand.tab.objects.list.selected() == first != second
        hand.press(Qt.Key.Key_2)
        hand.tab.objects.list.set_current(2)
        hand.press(Qt.Key.Key_C, _SHIFT)
        assert hand.listed == ["cell 1", "dirt 2", "cell 3"]

        QTest.mouseMove(hand.canvas, hand.at(60, 90))
        rows = hand.tab.objects.list
        for number, keys in ((0, _NONE), (2, _CONTROL)):
            place = rows.visualRect(rows.model().index(number, 0)).center()
            QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, keys, place)
        hand.press(Qt.Key.Key_M, _SHIFT)
        assert hand.listed in (["cell 1", "dirt 2"], ["dirt 2", "cell 3"])
        hand.tab.objects.list.set_current(2)
        hand.press(Qt.Key.Key_Delete)
        assert len(hand.listed) == 1 and not hand.ids[8:24, 60:84].any()
        hand.press(Qt.Key.Key_Z, _CONTROL)
        hand.press(Qt.Key.Key_Z, _CONTROL)
        assert hand.listed == ["cell 1", "dirt 2", "cell 3"]
        hand.export(files / "out")

    run_program([str(files / "cells.contorno")], journey)
    content = json.loads((files / "out" / "annotations.json").read_text())
    assert [one["category_id"] for one in content["annotations"]] == [1, 2, 1]
    assert content["annotations"][1]["bbox"] == [60, 8, 24, 16]
    with Project.open(files / "cells", write=False) as read:
        (item,) = read.items.all()
        layer = read.layers.mask(item.id)
        assert layer is not None and read.layers.read_instances(layer, item.shape).present == (1, 2, 3)
