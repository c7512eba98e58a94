"""The lecture's project in the real program: images by class come in, one button tunes, tests and explains, and its report lies there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.shell.window import MainWindow
from app.tabs.classify.tab import ClassifyTab
from engine.labels.classes import parse_classes
from engine.phantom import CHEST_CLASSES, write_chests
from engine.progress import result_of
from engine.project.importing import ImportPlan
from engine.project.splits import divide

_LONG = 240_000  # ms, generous: a busy machine is no fault
_LEFT = Qt.MouseButton.LeftButton

Run = Callable[[list[str], Callable[[MainWindow], None]], None]


def test_from_images_to_the_report_of_the_study(
    qtbot: QtBot, tmp_path: Path, run_program: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    films, page = tmp_path / "films", tmp_path / "lecture.html"
    result_of(write_chests(films, films=24, side=32))
    # the file dialog is the system's own: this is what it answers
    monkeypatch.setattr("app.dialogs.run_report.QFileDialog.getSaveFileName", lambda *_: (str(page), ""))

    def journey(window: MainWindow) -> None:
        session, studies, jobs = window.context.session, window.context.trainings.studies, window.context.jobs
        faults: list[object] = []
        said: list[str] = []
        session.failed.connect(faults.append)
        session.notification.connect(lambda text, _: said.append(text))
        session.new_project(tmp_path / "chest.contorno", "classification", parse_classes(",".join(CHEST_CLASSES)))
        session.import_images(ImportPlan((films,)))
        qtbot.waitUntil(lambda: len(session.items()) == 24 and not jobs.busy, timeout=_LONG)
        session.assignments.set_splits(divide(session.items(), (0.5, 0.25, 0.25)))

        # the face where settings are tuned; seconds in place of the half hour
        window.show_tab("classify")
        tab = window.tab("classify")
        assert isinstance(tab, ClassifyTab)
        QTest.mouseClick(_button(tab, "classify.mode.tune"), _LEFT)
        minutes = tab.findChild(QDoubleSpinBox, "tune.form.minutes")
        assert minutes is not None
        minutes.setFocus()
        minutes.selectAll()
        QTest.keyClicks(minutes, "0.1")
        QTest.keyClick(minutes, Qt.Key.Key_Return)
        lecture = _button(tab, "tune.lecture")
        assert lecture.isEnabled(), lecture.toolTip()
        QTest.mouseClick(lecture, _LEFT)

        # the board follows until the report is there
        assert studies.running
        qtbot.waitUntil(lambda: f"The report is in {page}." in said or bool(faults), timeout=_LONG)
        assert not faults
        qtbot.waitUntil(lambda: not jobs.busy, timeout=_LONG)
        tab.tune.board.refresh()
        assert studies.study is not None and studies.study.test["winner"]["n"] == 6
        assert _said(tab, "study.winner").startswith("Winner by the validation: ")
        assert "95 % interval" in _said(tab, "study.test")
        assert _button(tab, "study.report").isVisible() and not _button(tab, "study.read_test_set").isVisible()
        text = page.read_text(encoding="utf-8")
        for part in ("Trials", "The best two on the test set", "Test set: 6 items", "Where it looked", "Training"):
            assert f"<h2>{part}</h2>" in text
        assert text.count("<figure>") == 3 + 4, "the worst, the median and the best one, and four cases are explained"
        assert {"MLP", "LeNet-5 (max-pooling)", "ResNet-18"} <= set(_networks(text))
        assert not any(item.name in text for item in session.items())

    run_program([], journey)


def _button(tab: ClassifyTab, name: str) -> QPushButton:
    button = tab.findChild(QPushButton, name)
    assert button is not None
    return button


def _said(tab: ClassifyTab, name: str) -> str:
    label = tab.findChild(QLabel, name)
    assert label is not None
    return label.text()


def _networks(text: str) -> list[str]:
    """The second cell of each row of the trials."""
    rows = text.split("<h2>Trials</h2>")[1].split("</table>")[0].split("<tr>")[2:]
    return [row.split("<td>")[2].removesuffix("</td>") for row in rows]
