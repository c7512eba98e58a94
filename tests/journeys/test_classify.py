"""Classification in the real program: images by class come in, LeNet-5 is trained on them, and says what it mixes up and where it looked."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from app.shell.window import MainWindow
from app.tabs.classify.tab import COMPARE, ClassifyTab
from engine.labels.classes import parse_classes
from engine.phantom import CHEST_CLASSES, write_chests
from engine.progress import result_of
from engine.project.importing import ImportPlan
from engine.project.splits import divide
from widgets.qimages import to_qimage

_LONG = 240_000  # ms, generous: a busy machine is no fault
_LEFT = Qt.MouseButton.LeftButton

Run = Callable[[list[str], Callable[[MainWindow], None]], None]


def test_images_by_class_lenet_confusion_matrix_and_grad_cam(qtbot: QtBot, tmp_path: Path, run_program: Run) -> None:
    films = tmp_path / "films"
    result_of(write_chests(films, films=24, side=48))

    def journey(window: MainWindow) -> None:
        session, trainings, jobs = window.context.session, window.context.trainings, window.context.jobs
        faults: list[object] = []
        session.failed.connect(faults.append)

        # a project from a folder for each class, in three sets
        session.new_project(tmp_path / "chest.contorno", "classification", parse_classes(",".join(CHEST_CLASSES)))
        assert session.project is not None
        session.import_images(ImportPlan((films,)))
        qtbot.waitUntil(lambda: len(session.items()) == 24 and not jobs.busy, timeout=_LONG)
        assert sorted({item.label for item in session.items()}, key=str) == [0, 1]
        session.assignments.set_splits(divide(session.items(), (0.5, 0.25, 0.25)))

        # LeNet-5 alone, two epochs
        window.show_tab("classify")
        tab = window.tab("classify")
        assert isinstance(tab, ClassifyTab)
        assert tab.mode == COMPARE
        tab.study.networks.set_ticked(("lenet5",))
        time = tab.findChild(QComboBox, "classify.minutes")
        run_study = tab.findChild(QPushButton, "classify.run_study")
        assert time is not None
        assert run_study is not None
        time.setCurrentIndex(0)
        time.activated.emit(0)
        assert run_study.isEnabled(), run_study.toolTip()
        QTest.mouseClick(run_study, _LEFT)
        assert trainings.training
        qtbot.waitUntil(lambda: not trainings.training and not jobs.busy, timeout=_LONG)
        (run,) = trainings.runs.all()
        assert (run.state, run.summary.arch, run.summary.epochs) == ("finished", "lenet5", 2)

        # the matrix counts what the network said of each set
        said = session.project.runs.probabilities(run)
        for split in ("val", "test"):
            segment = tab.findChild(QPushButton, f"classify.split.{split}")
            assert segment is not None
            QTest.mouseClick(segment, _LEFT)
            if split == "test":  # it is read once, and that is kept
                read = tab.findChild(QPushButton, "classify.read_test_set")
                assert read is not None and read.isVisible()
                QTest.mouseClick(read, _LEFT)
                qtbot.waitUntil(lambda: not jobs.busy, timeout=_LONG)
                assert trainings.runs.all()[0].test_reading is not None
            counts = np.zeros((2, 2), int)
            for item in session.items():
                if item.split == split and item.label is not None:
                    counts[item.label, int(said[item.id].argmax())] += 1
            assert counts.sum() == 6
            assert tab.compare.scores.matrix.isVisible()
            assert tab.compare.scores.matrix._counts == counts.tolist()

        # and Grad-CAM shows where it looked
        cards = tab.compare.why.cards
        qtbot.waitUntil(lambda: all(card.case is not None for card in cards), timeout=_LONG)
        for card in cards:
            case, picture = card.case, card.picture()
            assert case is not None
            assert picture is not None
            assert case.method == "gradcam"
            assert picture.size().toTuple() == (48, 48)
        # in a network of two epochs a case may have nothing that speaks for it, but not every one
        assert any(card.case is not None and card.picture() != to_qimage(card.case.plain) for card in cards)
        assert not faults
        qtbot.waitUntil(lambda: not jobs.busy, timeout=_LONG)

    run_program([], journey)
