"""Tuning in the Classify tab: what a study would try, a real one that is followed to the test set, and the forms of a training."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.shell.job_pill import JobPill
from app.tabs.classify.study import SharedSettings, alike
from app.tabs.classify.tab import COMPARE, TUNE, ClassifyTab
from app.tabs.tab import Tab
from engine.config import TrainConfig
from engine.project.project import Project
from engine.study import StudyConfig
from widgets.job_bar import JobBar

Show = Callable[[str, Tab], None]
_LONG = 120_000  # ms: a busy machine is no fault
_LEFT = Qt.MouseButton.LeftButton
_QUICK = TrainConfig(epochs=3, batch=4, preset="none", device="cpu", seed=1)


@pytest.fixture
def tab(qtbot: QtBot, context: AppContext, shades: Path, show_tab: Show) -> ClassifyTab:
    context.session.open_project(shades)
    tab = ClassifyTab(context)
    show_tab("classify", tab)
    tab.show_mode(TUNE)
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=_LONG)
    return tab


def _said(tab: QWidget, name: str) -> str:
    label = tab.findChild(QLabel, name)
    assert label is not None
    return label.text()


def _button(tab: QWidget, name: str) -> QAbstractButton:
    button = tab.findChild(QAbstractButton, name)
    assert button is not None
    return button


def _vary(tab: ClassifyTab, row: int, key: str, values: str = "") -> None:
    combo, line = tab.findChild(QComboBox, f"tune.key_{row}"), tab.findChild(QLineEdit, f"tune.values_{row}")
    assert combo is not None and line is not None
    combo.setCurrentIndex(combo.findData(key))
    combo.activated.emit(combo.currentIndex())
    if values:
        line.selectAll()
        QTest.keyClicks(line, values)


def test_what_a_study_would_try_is_said_before_it_begins(tab: ClassifyTab) -> None:
    assert _said(tab, "tune.said") == "9 trials of MLP, LeNet-5, ResNet-18, 30 min for all of them."
    _vary(tab, 1, "hidden")
    assert _said(tab, "tune.said").startswith("12 trials"), "the MLP's own setting is varied in it alone"
    assert tab.tune.config().vary["hidden"] == ("128", "512,256")
    _vary(tab, 0, "rate", "fast")
    assert _said(tab, "tune.said") == "Learning rate cannot be fast. It must be a number."
    assert not _button(tab, "tune.start").isEnabled()
    tab.study.networks.set_ticked(())
    tab.study.refresh()
    assert _said(tab, "tune.said") == "Tick the networks to compare."
    assert not tab.study.foot.isVisible(), "what trains each network once belongs to the other face"
    tab.show_mode(COMPARE)
    assert tab.study.foot.isVisible()


def test_numbers_are_written_as_the_language_does(tab: ClassifyTab) -> None:
    _vary(tab, 0, "rate", "0,001; 0.01")
    _vary(tab, 1, "hidden", "128; 512,256")
    vary = tab.tune.config().vary
    assert vary["rate"] == ("0.001", "0.01") and vary["hidden"] == ("128", "512,256"), "widths, and no number"
    assert _button(tab, "tune.start").isEnabled()
    line = tab.findChild(QLineEdit, "tune.values_0")
    assert line is not None
    before = QLocale()
    QLocale.setDefault(QLocale("es"))
    try:
        _vary(tab, 0, "weight_decay")
        assert line.text() == "0; 0,01; 0,1" and line.cursorPosition() == 0, "its beginning is seen"
        _vary(tab, 0, "hidden")
        assert line.text() == "128; 512,256"
    finally:
        QLocale.setDefault(before)


def test_a_study_is_made_in_the_middle_of_a_small_window(tab: ClassifyTab) -> None:
    tab.show_mode(TUNE)
    assert tab.tune._setup.is_open()
    assert tab.tune.minimumSizeHint().width() <= 317, "with the right column open at 1000 px"


def test_without_validation_no_study_begins(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    context.session.assignments.set_splits(
        {item.id: "train" for item in context.session.items() if item.split == "val"}
    )
    tab.tune.refresh()
    assert "no validation set" in _said(tab, "tune.said")
    assert not _button(tab, "tune.start").isEnabled() and not _button(tab, "tune.lecture").isEnabled()


def test_the_pill_of_a_study_tells_its_minutes(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    pill, cross, studies = JobBar(), QPushButton(), context.trainings.studies
    qtbot.addWidget(pill)
    qtbot.addWidget(cross)
    teller = JobPill(pill, cross, context.trainings, context.jobs)
    said = list[str]()
    context.jobs.reported.connect(lambda *_: said.append(pill.accessibleDescription()))
    rates: dict[str, tuple[str, ...]] = {"rate": ("0.001", "0.003")}
    studies.begin(StudyConfig(("lenet5",), rates, replace(_QUICK, epochs=0), minutes=2.0))
    assert studies.running
    qtbot.waitUntil(lambda: len(said) > 3 and teller is not None, timeout=_LONG)
    studies.stop()
    qtbot.waitUntil(lambda: not studies.running, timeout=_LONG)
    assert any("of 2\u202fmin" in each or "of 2 min" in each for each in said), said
    assert not any("/" in each for each in said), "steps of what is inside a trial say nothing"


def test_the_keys_go_to_the_trials_of_a_study_that_begins(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    """Else Qt gives them to whatever comes next: the fields that had them are folded away."""
    _vary(tab, 0, "rate", "0.001; 0.003")
    tab.study.networks.set_ticked(("lenet5",))
    tab.tune.refresh()
    start = _button(tab, "tune.start")
    start.setFocus()
    QTest.keyClick(start, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: context.trainings.studies.running)
    assert tab.window().focusWidget() is tab.tune.board.table
    context.trainings.studies.stop()
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=_LONG)


@pytest.mark.qt_log_ignore("does not support", extend=True)  # menus, on a screen that is not there
def test_a_study_is_followed_from_its_first_trial_to_its_report(
    qtbot: QtBot, context: AppContext, tab: ClassifyTab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studies = context.trainings.studies
    rates: dict[str, tuple[str, ...]] = {"rate": ("0.0001", "0.001", "0.003", "0.01")}
    studies.begin(StudyConfig(("lenet5",), rates, _QUICK, minutes=0.0))
    tab.tune.shown()
    assert not _button(tab, "tune.start").isEnabled() and _button(tab, "study.stop").isVisible()
    qtbot.waitUntil(lambda: not studies.running, timeout=_LONG)
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=_LONG)
    tab.tune.board.refresh()
    how_far = tab.findChild(QLabel, "study.how_far")
    assert how_far is not None and "4 of 4 trials are over" in how_far.accessibleName()
    model = tab.tune.board.table.model()
    states = [str(model.index(row, 8).data()) for row in range(model.rowCount())]
    assert sorted(states) == ["ended at rung 1", "ended at rung 1", "finished", "finished"]
    assert str(model.index(0, 1).data()) == "LeNet-5" and str(model.index(0, 7).data())
    assert all(len(studies.curves[trial.number]) == (3 if trial.state == "finished" else 1) for trial in studies.trials)
    assert _said(tab, "study.winner").startswith("Winner by the validation: LeNet-5, Learning rate 0.")
    assert len(tab.tune.board.parallel.table()) == 5
    heads, *trials = csv.reader(io.StringIO(tab.tune.board.table.as_csv()))
    assert heads == ["Trial", "Network", "Learning rate", "Accuracy", "AUC", "Seconds", "Weights", "State", "Reason"]
    assert [row[0] for row in trials] == ["1", "2", "3", "4"] and {row[2] for row in trials} == set(rates["rate"])
    assert [float(row[3]) for row in trials] == [trial.validated for trial in studies.trials]
    assert all(int(row[6]) > 60_000 and float(row[5]) > 0 for row in trials)
    assert context.trainings.runs.all()[0].summary.test_readings == ()
    read = _button(tab, "study.read_test_set")
    assert read.isVisible() and "is not read" in _said(tab, "study.test")
    with qtbot.waitSignal(studies.tested, timeout=_LONG):
        QTest.mouseClick(read, _LEFT)
    tab.tune.board.refresh()
    assert "95 % interval" in _said(tab, "study.test") and "McNemar, p = " in _said(tab, "study.test")
    assert not read.isVisible(), "once"
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=_LONG)
    page = tmp_path / "study"
    _choose(monkeypatch, str(page))
    with qtbot.waitSignal(context.session.notification, timeout=_LONG) as heard:
        QTest.mouseClick(_button(tab, "study.report"), _LEFT)
    page = page.with_suffix(".html")
    assert heard.args == [f"The report is in {page}.", "good"]
    text = page.read_text()
    assert "Where it looked" in text and "The best two on the test set" in text and "Test set: 6 items" in text
    tab.show_mode(COMPARE)
    _choose(monkeypatch, str(tmp_path / "run.html"))
    qtbot.waitUntil(lambda: _button(tab, "classify.report").isEnabled() and not context.jobs.busy, timeout=_LONG)
    with qtbot.waitSignal(context.session.notification, timeout=_LONG):
        QTest.mouseClick(_button(tab, "classify.report"), _LEFT)
    run = tab.compare.run
    assert run is not None and f"<h1>{run.name}</h1>" in (tmp_path / "run.html").read_text()
    _choose(monkeypatch, str(tmp_path / "menu.html"))
    board, place = tab.compare.board, QPoint(1, 1)
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, board.viewport().mapToGlobal(place))
    QApplication.sendEvent(board.viewport(), asked)
    action = tab.compare.board.findChild(QAction, "classify.board.report")
    assert action is not None and action.isEnabled()
    with qtbot.waitSignal(context.session.notification, timeout=_LONG):
        action.trigger()
    menu = action.parent()
    assert isinstance(menu, QMenu)
    menu.close()
    assert (tmp_path / "menu.html").exists()
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=_LONG)


def test_a_stopped_study_is_gone_on_with_after_the_project_was_opened_again(
    qtbot: QtBot, context: AppContext, tab: ClassifyTab, shades: Path
) -> None:
    studies = context.trainings.studies
    studies.begin(StudyConfig(("lenet5",), {"rate": ("0.001", "0.003", "0.01")}, _QUICK, minutes=0.0))
    qtbot.waitUntil(lambda: any(trial.rungs for trial in studies.trials), timeout=_LONG)
    tab.tune.shown()
    QTest.mouseClick(_button(tab, "study.stop"), _LEFT)
    qtbot.waitUntil(lambda: not studies.running and not context.jobs.busy, timeout=_LONG)
    assert studies.can_go_on
    context.session.close_project()
    assert studies.study is None and studies.trials == []
    context.session.open_project(shades)
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=_LONG)
    tab.show_mode(TUNE)
    assert studies.can_go_on and len(studies.trials) == 3
    QTest.mouseClick(_button(tab, "study.go_on"), _LEFT)
    assert studies.running
    qtbot.waitUntil(lambda: not studies.running and not context.jobs.busy, timeout=_LONG)
    assert {trial.state for trial in studies.trials} == {"finished", "stopped"}
    assert len(context.trainings.runs.all()) == 3


def _choose(monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    """What the file dialog of the system will answer."""
    monkeypatch.setattr("app.dialogs.run_report.QFileDialog.getSaveFileName", lambda *_: (file, ""))


def test_what_a_study_does_by_itself_at_its_end_is_kept_with_the_project(
    qtbot: QtBot, context: AppContext, tab: ClassifyTab, shades: Path, tmp_path: Path
) -> None:
    studies, page = context.trainings.studies, tmp_path / "lecture.html"
    rates: dict[str, tuple[str, ...]] = {"rate": ("0.001", "0.003")}
    studies.begin(StudyConfig(("lenet5",), rates, _QUICK, minutes=0.0), report=page)
    qtbot.waitUntil(lambda: bool(studies.curves), timeout=_LONG)
    context.session.close_project()  # nothing of it is left in memory
    assert studies.end is None
    context.session.open_project(shades)
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=_LONG)
    assert studies.end is not None and studies.end.report == page and studies.study is not None
    assert studies.study.state != "finished"
    tab.show_mode(TUNE)
    with qtbot.waitSignal(studies.tested, timeout=_LONG):
        QTest.mouseClick(_button(tab, "study.go_on"), _LEFT)
    assert not _button(tab, "study.go_on").isVisible(), "it is going on"
    qtbot.waitUntil(lambda: studies.end is None and not context.jobs.busy, timeout=_LONG)
    assert "The best two on the test set" in page.read_text() and not studies.can_go_on
    context.session.close_project()
    context.session.open_project(shades)
    assert studies.end is None and not studies.can_go_on, "it came to its end"
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=_LONG)


def test_a_study_that_lacks_its_report_alone_goes_on_with_that(
    qtbot: QtBot, context: AppContext, shades: Path, tmp_path: Path, show_tab: Show
) -> None:
    studies, page = context.trainings.studies, tmp_path / "lecture.html"
    context.session.open_project(shades)
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=_LONG)
    rates: dict[str, tuple[str, ...]] = {"rate": ("0.001", "0.003")}
    config = StudyConfig(("lenet5",), rates, replace(_QUICK, epochs=1), minutes=0.0)
    with qtbot.waitSignal(studies.tested, timeout=_LONG):  # there is no tab that would write the report
        studies.begin(config, report=page)
    context.session.close_project()
    context.session.open_project(shades)
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=_LONG)
    tab = ClassifyTab(context)
    show_tab("classify", tab)
    tab.show_mode(TUNE)
    assert studies.study is not None and studies.study.state == "finished" and studies.study.test
    with qtbot.waitSignal(context.session.notification, timeout=_LONG) as heard:
        QTest.mouseClick(_button(tab, "study.go_on"), _LEFT)
    assert heard.args == [f"The report is in {page}.", "good"] and page.exists()
    assert studies.end is None
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=_LONG)


@pytest.mark.parametrize("kept", ["{", "[1]", '{"study": "x"}', '{"study": 99, "report": "a.html"}'])
def test_an_end_that_is_damaged_or_of_another_study_is_passed_over(
    qtbot: QtBot, context: AppContext, shades: Path, kept: str
) -> None:
    with Project.open(shades) as project:
        project.studies.add(StudyConfig(("lenet5",), {"rate": ("0.001", "0.003")}), project.task)
        project.set_note("study_end", kept)
    context.session.open_project(shades)
    assert context.trainings.studies.study is not None and context.trainings.studies.end is None
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=_LONG)


def test_the_lectures_project_asks_first_where_its_report_goes(
    qtbot: QtBot, context: AppContext, tab: ClassifyTab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studies = context.trainings.studies
    _choose(monkeypatch, "")
    QTest.mouseClick(_button(tab, "tune.lecture"), _LEFT)
    assert not studies.running and studies.study is None, "nobody chose a file"
    _choose(monkeypatch, str(tmp_path / "lecture.html"))
    QTest.mouseClick(_button(tab, "tune.lecture"), _LEFT)
    assert studies.running and studies.study is not None
    config = studies.study.config
    assert "mlp" in config.networks and len(config.networks) >= 3 and config.minutes == 30
    studies.stop()
    qtbot.waitUntil(lambda: not studies.running and not context.jobs.busy, timeout=_LONG)


def test_without_a_test_set_there_is_no_lectures_project(context: AppContext, tab: ClassifyTab) -> None:
    context.session.assignments.set_splits(
        {item.id: "train" for item in context.session.items() if item.split == "test"}
    )
    tab.tune.refresh()
    lecture = _button(tab, "tune.lecture")
    assert not lecture.isEnabled() and "There is no test set." in lecture.toolTip()
    assert _button(tab, "tune.start").isEnabled()


# How networks learn -----------------------------------------------------------------------------------------------------


def test_the_forms_say_how_every_network_learns(tab: ClassifyTab) -> None:
    panel = tab.study._training
    optimizer = panel._learning.editor("optimizer")
    assert isinstance(optimizer, QComboBox)
    optimizer.setCurrentIndex(optimizer.findData("sgd"))
    assert tab.tune.config().base.optimizer == "sgd"
    tab.study._picked("mlp")
    assert panel._own_form is not None
    hidden = panel._own_form.editor("hidden")
    assert isinstance(hidden, QLineEdit)
    hidden.selectAll()
    QTest.keyClicks(hidden, "64")
    assert tab.study._config("mlp").options["hidden"] == "64" and tab.study._config("mlp").optimizer == "sgd"
    assert "hidden" not in tab.study._config("lenet5").options
    tab.study._picked("lenet5")
    activation = panel._own_form.editor("activation")
    assert isinstance(activation, QComboBox)
    assert [activation.itemData(at) for at in range(activation.count())] == ["relu", "tanh", "sigmoid"]
    activation.setCurrentIndex(2)
    assert tab.study._config("lenet5").options["activation"] == "sigmoid"
    tab.study._picked("lenet5-tanh")
    assert panel._own_form is None, "it has no settings of its own"


def test_a_setting_that_is_asked_for_makes_another_training() -> None:
    stored: frozenset[str] = frozenset()
    wanted = SharedSettings().config("mlp", stored, TrainConfig())
    auto = TrainConfig(arch="mlp", minutes=10, weights="none", rate=0.001, batch=32)
    assert alike(wanted, auto), "what Auto filled in is no difference"
    for learning in (
        TrainConfig(rate=0.01),
        TrainConfig(batch=8),
        TrainConfig(optimizer="sgd"),
        TrainConfig(frozen=2),
        TrainConfig(options={"hidden": "64"}),
    ):
        assert not alike(SharedSettings().config("mlp", stored, learning), auto)
