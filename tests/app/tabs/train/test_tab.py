"""The Train tab by real clicks in the real window: the recipe, real trainings on tiny images, pause, stop, queue, runs."""

import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QLocale, QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QSlider,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.dialogs.save_file import SaveFileDialog
from app.services.jobs import JobQueue, Lane
from app.services.project_session import ProjectSession
from app.services.thumbnails import Thumbnails
from app.services.training_runner import TrainingRunner
from app.shell.window import MainWindow
from app.tabs.parts import training as words
from app.tabs.parts.looking import LookingDialog
from app.tabs.parts.test_set import day_of
from app.tabs.train.details import RunDetails
from app.tabs.train.inside import InsideNetworkDialog
from app.tabs.train.tab import TrainTab
from engine.config import AUTO, TrainConfig, from_json
from engine.imaging.intensity import Intensity
from engine.labels.classes import parse_classes
from engine.learning import bundle, models
from engine.learning.bundle import ModelCard
from engine.learning.events import keep_cases, keep_epoch, read_events
from engine.progress import BatchDone, CaseSeen, EpochDone, result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project
from engine.project.runs import Run, RunSummary
from engine.scoring.metrics import SetScores, confusion, item_scores, set_scores
from widgets.comparison_table import ComparisonTable
from widgets.controls import Segmented, Text
from widgets.form import Form
from widgets.plots import DicePlot, LossPlot
from widgets.score_table import ScoreBars
from widgets.signs import InlineMessages
from widgets.sliders import Slider

W = TypeVar("W", bound=QWidget)
TINY = TrainConfig(epochs=1, size=32, batch=2, preset="none", device="cpu")
LONG = 60_000  # ms: torch is loaded by the first training


class Program:
    """A window with the Train tab in front."""

    def __init__(self, qtbot: QtBot, path: Path | None) -> None:
        self.qtbot, self.jobs = qtbot, JobQueue()
        self.session = ProjectSession(self.jobs)
        self.trainings = TrainingRunner(self.session, self.jobs)
        self.window = MainWindow()
        self.window.fill(self.session, self.trainings, self.jobs, Thumbnails(self.session, self.jobs))
        qtbot.addWidget(self.window, before_close_func=self.end)  # a window that trains would ask before it closes
        self.faults: list[object] = []
        self.session.failed.connect(self.faults.append)
        self.window.resize(1440, 900)
        with qtbot.waitExposed(self.window):
            self.window.show()
        if path is not None:
            with qtbot.waitSignal(self.session.current.image_changed, timeout=LONG):
                self.session.open_project(path)
        self.window.show_tab("train")
        found = self.window.tab("train")
        assert isinstance(found, TrainTab)
        self.tab = found

    def end(self, window: QWidget) -> None:
        self.session.close_project()
        assert self.jobs.close(30)

    def child(self, kind: type[W], name: str) -> W:
        found = self.tab.findChild(kind, name)
        assert found is not None, name
        return found

    def text(self, name: str) -> str:
        found = self.tab.findChild(QWidget, name)
        assert found is not None, name
        return str(found.text())  # type: ignore[attr-defined]

    def click(self, name: str) -> None:
        self.qtbot.waitUntil(
            lambda: self.child(QAbstractButton, name).isVisible()
        )  # what was added just now is shown a moment later
        button = self.child(QAbstractButton, name)
        assert button.isVisible() and button.isEnabled(), f"{name}: {button.toolTip()}"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def save_as(self, target: Path) -> None:
        """Answer the dialog that asks for a file, and wait until it is written."""
        dialog = self.tab.findChild(SaveFileDialog)
        assert dialog is not None
        dialog.selectFile(str(target))
        with self.qtbot.waitSignal(self.session.notification, timeout=LONG):
            dialog.fileSelected.emit(str(target))
        dialog.close()

    def until_ended(self) -> None:
        """Until nothing learns, predicts or is scored."""
        self.qtbot.waitUntil(lambda: not self.trainings.training and not self.jobs.busy, timeout=LONG)

    def until_learning(self, steps: int = 1) -> None:
        self.qtbot.waitUntil(lambda: len(self.trainings.losses) >= steps, timeout=LONG)

    def run_named(self, name: str) -> Run:
        assert self.session.project is not None
        return self.session.project.runs.get(name)


@pytest.fixture
def program(qtbot: QtBot, project: Path) -> Program:
    return Program(qtbot, project)


def test_one_real_epoch_from_the_button_to_the_scores_of_the_test_set(program: Program) -> None:
    program.trainings.recipe.change(TINY)
    assert "Auto chooses the rest" in program.text("auto_text")
    said: list[str] = []
    program.trainings.noticed.connect(lambda: said.append(program.text("auto_text")))
    program.click("train_button")
    assert program.trainings.training
    assert "locked while it trains" in program.text("recipe_locked")
    assert not program.child(Form, "network").isEnabled()
    with program.qtbot.waitSignal(program.trainings.epoch, timeout=LONG):
        pass
    assert "U-Net with the encoder EfficientNet-Lite0 on images of 32 px, batch 2, cross-entropy + Dice." in said
    assert [view.case.name for view in program.tab._strip._views if view.case is not None] == ["e"]
    program.until_ended()
    assert not program.faults
    run = program.run_named("run 1")
    assert run.state == "finished" and run.bundle.exists()
    plot = program.child(DicePlot, "dice_plot")
    assert set(plot.last()) == {"class:disc", "class:square", "mean"}
    assert plot.last()["mean"] == pytest.approx(run.summary.score)
    assert "Validation, on which" in program.text("score_ground")
    row = program.tab._list.rows()[0]
    assert row.in_use and row.network == "U-Net · EfficientNet-Lite0" and row.ground == "validation"
    assert program.child(QAbstractButton, "train_button").isVisible()
    assert not (run.folder / "report-test.json").exists(), "nobody has looked at it"
    program.click("read_test_set")
    program.until_ended()
    assert not program.faults and "1 test item, " in program.text("score_ground")
    bars = program.child(ScoreBars, "test_scores")
    assert bars._rows[0].why.startswith("Of 1 item that holds the class")
    assert bars._rows[-1].why == "Mean over 2 of 2 classes"
    scores, (reading,) = program.trainings.runs.scores(run, "test"), program.run_named("run 1").summary.test_readings
    assert isinstance(scores, SetScores) and (reading.n, reading.score) == (1, scores.mean_dice)
    assert f"read on {day_of(reading.at)}" in program.text("read_test_set.text")
    assert (
        not program.child(QAbstractButton, "read_test_set").isVisible() and (run.folder / "report-test.json").exists()
    )
    now = program.tab._list.rows()[0]
    assert (now.score, now.ground) == (row.score, "validation"), "the list keeps to the set by which runs are chosen"


def test_a_test_set_that_could_not_be_read_can_be_asked_for_again(program: Program) -> None:
    assert program.session.project is not None
    runs = program.session.project.runs
    run = runs.update(runs.add(TINY, "broken"), "finished", RunSummary(score=0.5))
    run.bundle.write_bytes(b"weights")
    program.trainings.runs.changed.emit()
    program.click("read_test_set")
    assert not program.child(QAbstractButton, "read_test_set").isEnabled()
    program.until_ended()
    button = program.child(QAbstractButton, "read_test_set")
    assert program.faults and button.isEnabled() and button.text() == "Read the test set"


def test_a_second_reading_of_the_test_set_says_that_the_choice_is_no_longer_blind(program: Program) -> None:
    first, second = _finished(program, "first"), _finished(program, "second")
    assert program.session.project is not None
    program.session.project.runs.keep_test_reading(first, 1, 0.7)
    program.trainings.runs.changed.emit()
    program.tab._pick(second.id)
    assert "not read" in program.text("read_test_set.text")
    assert "other runs too (2 in all)" in program.text("read_test_set.before")
    assert program.child(QAbstractButton, "read_test_set").isEnabled()
    program.tab._pick(first.id)
    assert "read on" in program.text("read_test_set.text") and not program.text("read_test_set.before")
    program.trainings.runs.remove(first)
    assert "other runs too (2 in all)" in program.text("read_test_set.before"), "what was seen stays seen"


def test_what_the_next_training_would_pass_over_is_counted_before_it(program: Program) -> None:
    project = program.session.project
    assert project is not None
    first = project.items.all("train")[0]
    project.layers.replace(project.layers.make(first.id), [], [])  # nothing is labelled there any more
    program.session.set_classes(parse_classes("disc,square,late"))
    program.trainings.recipe.change(TINY)
    notices = program.child(InlineMessages, "training_notices")
    program.qtbot.waitUntil(lambda: len(notices.texts()) == 2, timeout=LONG)
    labelled, classes = notices.texts()
    total = len(project.items.all("train"))
    assert (
        labelled == f"{total - 1} of {total} images of the training set are labelled: the others are not learnt from."
    )
    assert classes == "The training set has no example of late: it is not learnt."
    program.trainings.recipe.change(replace(TINY, batch=3))
    assert notices.texts() == [], "it was of other settings"
    program.until_ended()


def test_what_a_training_does_not_learn_is_said_before_and_while_it_begins(program: Program) -> None:
    notices = program.child(InlineMessages, "training_notices")
    assert not notices.isVisible()
    program.session.set_classes(parse_classes("lung L,lung R,heart"))
    program.trainings.recipe.change(replace(TINY, preset="standard", epochs=200))
    (sides,) = notices.texts()
    assert notices.isVisible() and "lung L / lung R exchange their names" in sides
    program.click("train_button")
    program.until_learning()
    said = notices.texts()
    assert "The training set has no example of heart: it is not learnt." in said
    assert sides in said and not any("encoder" in text for text in said), "what Auto chose stands above"
    program.click("plan_next")
    assert notices.texts() == [sides]
    program.trainings.stop()
    program.until_ended()
    assert not program.faults


def test_rejected_items_are_learnt_on_wish(program: Program) -> None:
    form = program.child(Form, "advanced_form")
    QTest.mouseClick(program.child(QWidget, "recipe.advanced.head"), Qt.MouseButton.LeftButton)
    QTest.keyClick(program.child(QAbstractButton, "advanced_form.with_rejected"), Qt.Key.Key_Space)
    assert form.value().with_rejected and program.trainings.recipe.ready().with_rejected


def test_pause_go_on_and_stop_keep_the_best_and_resume(program: Program) -> None:
    program.trainings.recipe.change(replace(TINY, epochs=400))
    program.click("train_button")
    program.until_learning()
    program.click("pause_button")
    assert program.trainings.paused and program.child(QAbstractButton, "pause_button").text() == "Go on"
    assert program.text("run_head.left") == "paused"
    program.click("pause_button")
    assert not program.trainings.paused
    steps = len(program.trainings.losses)
    program.until_learning(steps + 4)
    program.qtbot.waitUntil(lambda: "Best so far: epoch" in program.text("best_so_far"), timeout=LONG)
    program.click("stop_button")
    program.qtbot.waitUntil(lambda: not program.trainings.training, timeout=LONG)
    assert program.child(QAbstractButton, "train_button").hasFocus(), "the keys stay with what makes runs"
    run = program.run_named("run 1")
    assert run.state == "paused" and run.bundle.exists() and run.summary.arch == "unet-smp"
    epochs = len(read_events(run.folder))
    assert program.tab._list.rows()[0].state == "stopped" and epochs >= 1
    program.click("resume_run")
    program.qtbot.waitUntil(lambda: len(read_events(run.folder)) > epochs + 1, timeout=LONG)
    numbers = [epoch.epoch for epoch in program.tab._epochs()]
    assert numbers[0] == 1 and numbers == sorted(set(numbers))  # those of before stand beside the new ones
    program.trainings.stop()
    program.qtbot.waitUntil(lambda: not program.trainings.training, timeout=LONG)
    assert not program.faults


def test_the_next_run_is_planned_and_queued_while_one_trains(program: Program) -> None:
    program.trainings.recipe.change(replace(TINY, epochs=400))
    program.window.context.commands["train"].trigger()  # as Ctrl+T does, from any tab
    program.until_learning()
    assert not program.child(QAbstractButton, "queue_button").isVisible()
    program.click("plan_next")
    assert program.child(Form, "network").isEnabled()
    program.trainings.recipe.change(TINY)
    program.click("queue_button")
    assert len(program.trainings.waiting.all) == 1 and "Waiting runs: 1" in program.text("best_so_far")
    program.click("queue.0.remove")
    assert not program.trainings.waiting.all and not program.child(QWidget, "queue").isVisible()
    program.click("queue_button")
    program.click("stop_button")
    program.qtbot.waitUntil(lambda: len(program.trainings.runs.all()) == 2, timeout=LONG)
    program.until_ended()
    assert [run.state for run in program.trainings.runs.all()] == ["paused", "finished"]
    assert program.run_named("run 2").config.epochs == 1
    assert not program.faults


def test_the_queue_is_ordered_by_hand_and_kept_over_closing(program: Program, project: Path) -> None:
    program.trainings.recipe.change(replace(TINY, epochs=400))
    program.click("train_button")
    program.until_learning()
    for name in ("one", "two", "three"):
        program.trainings.start(TINY, name)
    program.click("queue.2.up")
    program.click("queue.0.down")
    program.click("queue.2.remove")
    names = ["three", "one"]
    assert [each.name for each in program.trainings.waiting.all] == names
    assert [program.child(QWidget, f"queue.{at}.name").accessibleName() for at in (0, 1)] == names
    assert not program.child(QAbstractButton, "start_queue").isVisible(), "they begin by themselves"
    program.session.close_project()
    assert not program.trainings.waiting.all
    program.session.open_project(project)
    program.window.show_tab("train")
    assert [each.name for each in program.trainings.waiting.all] == names and not program.trainings.training
    assert program.trainings.waiting.all[0].config == TINY
    program.click("start_queue")
    program.qtbot.waitUntil(lambda: len(program.trainings.runs.all()) == 3, timeout=LONG)
    program.until_ended()
    assert [(run.name, run.state) for run in program.trainings.runs.all()] == [
        ("run 1", "paused"),
        ("three", "finished"),
        ("one", "finished"),
    ]
    assert not program.faults


def test_no_button_moves_when_a_run_starts_pauses_or_ends(program: Program) -> None:
    def places() -> dict[str, QRect]:
        names = ("pause_button", "stop_button", "recipe_scroll", "best_so_far")
        found = {name: program.child(QWidget, name) for name in names}
        shown = next(
            each
            for name in ("train_button", "plan_next", "queue_button")
            if (each := program.child(QWidget, name)).isVisible()
        )
        found["next"] = shown
        return {name: QRect(each.mapTo(program.tab, QPoint()), each.size()) for name, each in found.items()}

    idle = places()
    assert not program.child(QAbstractButton, "pause_button").isEnabled()
    program.trainings.recipe.change(replace(TINY, epochs=400))
    program.click("train_button")
    assert places() == idle
    program.until_learning()
    program.click("plan_next")
    assert places() == idle
    program.click("queue_button")
    program.trainings.waiting.clear()
    program.click("stop_button")
    program.until_ended()
    assert places() == idle


def test_a_project_that_closes_ends_its_training_and_nobody_else_s(program: Program, tmp_path: Path) -> None:
    program.trainings.recipe.change(replace(TINY, epochs=400))
    program.click("train_button")
    program.until_learning()
    path = program.session.project.path if program.session.project is not None else Path()
    other = tmp_path / "other.contorno"
    program.session.new_project(other, "binary", parse_classes("lung"))
    assert program.session.project is not None
    program.session.project.runs.add(TrainConfig(), "its own")
    assert not program.trainings.training
    program.until_ended()
    assert program.run_named("its own").state == "training" and not program.trainings.losses
    program.session.open_project(path)
    assert program.run_named("run 1").state == "paused"


def test_a_training_that_ends_late_does_not_end_the_next_one(program: Program, project: Path) -> None:
    program.trainings.recipe.change(replace(TINY, epochs=400))
    program.click("train_button")
    program.until_learning()
    program.session.close_project()
    program.session.open_project(project)
    program.trainings.recipe.change(TINY)
    program.window.context.commands["train"].trigger()  # the job of the first one is still in its last step
    program.until_ended()
    assert [run.state for run in program.trainings.runs.all()] == ["paused", "finished"]


def test_the_recipe_is_kept_with_the_project(program: Program, project: Path) -> None:
    program.click("limit.epochs")
    assert program.trainings.recipe.config.epochs == 30 and program.trainings.recipe.config.minutes == 0
    program.click("limit.minutes")
    slider = program.child(Slider, "minutes")
    slider.setFocus()
    QTest.keyClick(program.child(QWidget, "minutes.slider"), Qt.Key.Key_Right)
    assert program.trainings.recipe.config.minutes == 12
    program.click("recipe.network.head")
    arch = program.child(QComboBox, "network.arch")
    arch.setCurrentIndex(arch.findData("unet++"))
    program.qtbot.waitUntil(lambda: not program.trainings.recipe._timer.isActive())
    assert program.session.project is not None
    kept = from_json(program.session.project.note("recipe"), TrainConfig)
    assert kept.arch == "unet++" and kept.minutes == 12
    program.session.close_project()
    program.session.open_project(project)
    program.window.show_tab("train")
    assert program.trainings.recipe.config == kept
    assert "U-Net++" in program.text("auto_text")


def test_encoders_follow_the_network(program: Program) -> None:
    program.click("recipe.network.head")
    arch = program.child(QComboBox, "network.arch")
    arch.setCurrentIndex(arch.findData("unet"))
    box = _encoders(program)
    assert not box.isEnabled() and "no exchangeable encoder" in box.toolTip()
    assert not program.child(QAbstractButton, "start_from.imagenet").isEnabled()
    arch.setCurrentIndex(arch.findData("dpt"))
    box = _encoders(program)
    assert [box.itemData(at) for at in range(box.count())] == [AUTO, "tu-vit_base_patch16_224"]


def test_settings_of_a_network_are_its_own(program: Program) -> None:
    program.click("recipe.network.head")
    arch = program.child(QComboBox, "network.arch")
    arch.setCurrentIndex(arch.findData("unet"))
    padding = program.child(QComboBox, "network_options.padding")
    padding.setCurrentIndex(padding.findData("valid"))
    options = program.trainings.recipe.config.options
    assert options["padding"] == "valid" and options["width"] == 64
    arch.setCurrentIndex(arch.findData("linknet"))
    assert program.trainings.recipe.config.options == {}
    arch.setCurrentIndex(arch.findData("segnet"))
    assert program.child(QAbstractButton, "start_from.imagenet").isEnabled()
    program.qtbot.waitUntil(lambda: len(_visible(program, "network_options")) == 1)
    assert isinstance(_visible(program, "network_options")[0].editor("width"), Slider)


def _visible(program: Program, name: str) -> list[Form]:
    return [form for form in program.tab.findChildren(Form, name) if form.isVisible()]


def _encoders(program: Program) -> QComboBox:
    """The list of encoders of the network that was chosen just now."""
    shown: list[QComboBox] = []

    def alone() -> bool:
        shown[:] = [b for b in program.tab.findChildren(QComboBox, "network_encoder.encoder") if b.isVisible()]
        return len(shown) == 1

    program.qtbot.waitUntil(alone)
    return shown[0]


def test_fine_tuning_starts_from_the_run_in_use(program: Program) -> None:
    run_button = program.child(QAbstractButton, "start_from.run")
    assert not run_button.isEnabled() and "Nothing has been trained" in run_button.toolTip()
    assert program.session.project is not None
    runs = program.session.project.runs
    run = runs.update(runs.add(TrainConfig(arch="unet"), "first"), "finished", RunSummary(score=0.5))
    run.bundle.write_bytes(b"weights")
    program.session.predictions.use_run(run)
    program.click("start_from.run")
    config = program.trainings.recipe.ready()
    assert (config.start_from, config.arch, config.weights) == (str(run.id), AUTO, "none")
    assert "network of first" in program.text("auto_text")
    renamed = runs.rename(run, "second")
    program.session.predictions.use_run(renamed)
    assert program.trainings.recipe.ready().start_from == str(run.id), "whatever it is called"
    program.click("start_from.imagenet")
    assert program.trainings.recipe.ready().start_from == "" and program.trainings.recipe.ready().weights == "imagenet"


def test_an_empty_training_set_is_said_and_the_data_tab_offered(program: Program) -> None:
    assert "No item in two sets" in program.text("sets_status.text")
    program.session.assignments.set_splits({item.id: "test" for item in program.session.items()})
    assert "The training set is empty" in program.text("sets_status.text")
    button = program.child(QAbstractButton, "train_button")
    assert not button.isEnabled() and "training set is empty" in button.toolTip()
    program.window.context.commands["train"].trigger()
    assert len(program.faults) == 1 and not program.trainings.runs.all()
    program.click("to_data")
    assert not program.tab.isVisible()


def test_a_run_of_before_is_drawn_from_its_folder(program: Program) -> None:
    assert program.session.project is not None
    runs = program.session.project.runs
    run = runs.update(runs.add(TrainConfig(), "old"), "finished", RunSummary(score=0.8, seconds=120.0, epochs=3))
    for number in (1, 2, 3):
        dice: dict[str, float | None] = {"disc": 0.2 * number, "square": None}
        keep_epoch(run.folder, EpochDone(number, 3, 1 / number, 1 / number, 0.2 * number, True, 40.0 * number, dice))
    tiny = np.zeros((8, 8), np.uint8)
    keep_cases(run.folder, [CaseSeen(5, "e", np.zeros((8, 8, 3), np.uint8), tiny, tiny, {"disc": 0.5}, 0.5)])
    program.trainings.runs.changed.emit()
    plot = program.child(DicePlot, "dice_plot")
    program.qtbot.waitUntil(lambda: plot.last().get("class:disc") == pytest.approx(0.6), timeout=LONG)
    assert program.text("run_head.left") == "3 epochs · 2.0 min"
    row = program.tab._list.rows()[0]
    assert (row.score, row.ground, row.minutes) == (0.8, "validation", 2.0)
    assert program.child(QAbstractButton, "case.0").accessibleName() == "e, mean Dice 0.50"


def test_a_dice_of_zero_on_the_test_set_is_a_score_and_stays_out_of_the_list(program: Program) -> None:
    assert program.session.project is not None
    runs = program.session.project.runs
    run = runs.update(runs.add(TrainConfig(), "old"), "finished", RunSummary(score=0.8, dice={"disc": 0.8}))
    run.bundle.write_bytes(b"weights")
    mask = np.ones((1, 4, 4), np.uint8)
    counts = confusion(mask, np.zeros_like(mask), 1)
    program.trainings.runs._scores[run.id, "test"] = set_scores([item_scores("a", counts, ["disc"])], ["disc"])
    program.trainings.runs.changed.emit()
    assert "Validation, on which" in program.text("score_ground"), "not read: not shown"
    runs.keep_test_reading(run, 1, 0.0)
    program.trainings.runs.changed.emit()
    assert [row.values for row in program.child(ScoreBars, "test_scores")._rows] == [(0.0,)]
    row = program.tab._list.rows()[0]
    assert (row.score, row.ground) == (0.8, "validation")


def _read(program: Program, name: str) -> Run:
    """A run that predicts the masks as they are and has read the test set."""
    project = program.session.project
    assert project is not None
    run = project.runs.keep_test_reading(_finished(program, name), 1, 1.0)
    for item in program.session.items():
        mask = project.layers.mask(item.id)
        assert mask is not None
        said = project.layers.make(item.id, "prediction", run.id)
        project.layers.replace(said, pack(project.layers.read(mask, item.shape)))
    return run


def test_the_card_has_the_test_scores_again_when_a_class_is_called_otherwise(program: Program) -> None:
    _read(program, "one")
    program.trainings.runs.changed.emit()
    bars = program.child(ScoreBars, "test_scores")
    program.qtbot.waitUntil(lambda: [row.name for row in bars._rows] == ["disc", "square", "Mean"], timeout=LONG)
    disc, square = program.session.classes
    program.session.set_classes([replace(disc, name="ring"), square])
    program.qtbot.waitUntil(lambda: [row.name for row in bars._rows] == ["ring", "square", "Mean"])


def test_the_card_has_the_test_scores_of_another_project_s_run(program: Program, project: Path) -> None:
    """Runs of two projects have the same numbers."""
    _read(program, "one")
    program.session.close_project()
    shutil.copytree(project, project.with_name("copy.contorno"))
    program.session.open_project(project)
    program.trainings.runs.changed.emit()
    bars = program.child(ScoreBars, "test_scores")
    program.qtbot.waitUntil(lambda: len(bars._rows) == 3, timeout=LONG)
    program.window.show_tab("label")
    program.session.open_project(project.with_name("copy.contorno"))
    program.window.show_tab("train")
    program.qtbot.waitUntil(lambda: len(bars._rows) == 3)


def test_a_run_is_renamed_exported_and_removed_after_a_question(program: Program, tmp_path: Path) -> None:
    assert program.session.project is not None
    runs = program.session.project.runs
    run = runs.update(runs.add(TrainConfig(), "old"), "finished")
    run.bundle.write_bytes(b"weights")
    program.trainings.runs.changed.emit()
    name = program.child(QLineEdit, "run_name")
    name.setFocus()
    name.selectAll()
    QTest.keyClicks(name, "better")
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert program.run_named("better").id == run.id
    program.click("export_model")
    program.save_as(tmp_path / "out.safetensors")
    assert (tmp_path / "out.safetensors").read_bytes() == b"weights"
    program.click("use_run")
    assert program.session.predictions.run is not None and program.session.predictions.run.name == "better"
    for answer, left in (("Keep it", 1), ("Remove", 0)):
        program.click("remove_run")
        box = program.tab.findChild(QMessageBox, "remove_run_question")
        assert box is not None and "better" in box.text()
        button = next(each for each in box.buttons() if each.text() == answer)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        program.qtbot.waitUntil(lambda: program.tab.findChild(QMessageBox, "remove_run_question") is None)
        assert len(program.trainings.runs.all()) == left
    assert program.tab._card.isHidden()


def test_resuming_is_a_command_that_says_why_not(program: Program) -> None:
    program.trainings.recipe.change(replace(TINY, epochs=400))
    program.click("train_button")
    program.until_learning()
    resume = program.window.context.commands["resume_run"]
    assert not resume.isEnabled() and "Another run is being trained." in resume.toolTip()
    program.trainings.stop()
    program.until_ended()
    assert resume.isEnabled()
    resume.trigger()
    assert program.trainings.training and program.trainings.run is not None and program.trainings.run.name == "run 1"
    program.trainings.stop()
    program.until_ended()
    assert not program.faults


def test_a_name_that_is_typed_stays_with_its_run(program: Program) -> None:
    runs = [_finished(program, name) for name in ("one", "two")]
    program.trainings.runs.changed.emit()
    program.tab._list.set_current(runs[0].id)
    program.tab._pick(runs[0].id)
    name = program.child(QLineEdit, "run_name")
    name.setFocus()
    name.selectAll()
    QTest.keyClicks(name, "better")
    program.tab._pick(runs[1].id)  # as a training that begins does
    assert name.text() == "two" and name.hasFocus()
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert [run.name for run in program.trainings.runs.all()] == ["one", "two"]


def test_the_run_that_was_asked_about_is_removed(program: Program) -> None:
    runs = [_finished(program, name) for name in ("one", "two")]
    program.trainings.runs.changed.emit()
    program.tab._pick(runs[0].id)
    program.click("remove_run")
    program.tab._pick(runs[1].id)
    QTest.mouseClick(program.child(QAbstractButton, "remove_run_yes"), Qt.MouseButton.LeftButton)
    assert [run.name for run in program.trainings.runs.all()] == ["two"]


def test_what_is_read_of_a_closed_project_s_run_is_not_this_one_s(program: Program, tmp_path: Path) -> None:
    run = _finished(program, "one")
    keep_epoch(run.folder, EpochDone(1, 1, 0.5, 0.5, 0.9, True, 1.0, {"disc": 0.9}))
    program.trainings.runs.changed.emit()
    reading = program.jobs.running(Lane.RECORDS)
    assert reading is not None and reading.wait(LONG / 1000)  # it is read, but nobody has heard of it
    program.session.new_project(tmp_path / "other.contorno", "multiclass", parse_classes("disc,square"))
    _finished(program, "its own")
    program.trainings.runs.changed.emit()
    program.until_ended()
    assert program.child(DicePlot, "dice_plot").last() == {}


def _finished(program: Program, name: str) -> Run:
    assert program.session.project is not None
    run = program.session.project.runs.update(program.session.project.runs.add(TrainConfig(), name), "finished")
    run.bundle.write_bytes(b"weights")
    return run


def test_a_tab_that_nobody_sees_is_drawn_when_it_comes_to_the_front(program: Program) -> None:
    first, second = _finished(program, "first"), _finished(program, "second")
    program.trainings.runs.changed.emit()
    program.window.show_tab("label")
    before, head = program.tab._list.rows(), program.text("auto_text")
    assert program.trainings.runs.rename(first, "renamed") is not None
    program.session.predictions.use_run(second)
    program.trainings.recipe.change(replace(TINY, start_from=str(second.id)))
    assert program.tab._list.rows() == before and program.text("auto_text") == head
    program.window.show_tab("train")
    assert [(row.name, row.in_use) for row in program.tab._list.rows()] == [("second", True), ("renamed", False)]
    assert program.text("auto_text") != head


def test_a_recipe_whose_column_was_away_is_what_it_is_now_when_that_comes_back(program: Program) -> None:
    program.window.context.commands["columns"].trigger()
    head = program.text("auto_text")
    program.trainings.recipe.change(replace(TINY, arch="segnet"))
    program.window.context.commands["columns"].trigger()
    assert program.text("auto_text") != head and "SegNet" in program.text("auto_text")


def test_a_training_that_began_elsewhere_is_shown_when_the_tab_comes_to_the_front(program: Program) -> None:
    _finished(program, "before")
    program.window.show_tab("label")
    program.trainings.start(replace(TINY, epochs=400))
    program.until_learning(2)
    assert "run 2" not in {row.name for row in program.tab._list.rows()}
    program.window.show_tab("train")
    assert program.trainings.run is not None and program.tab._picked == program.trainings.run.id
    assert program.tab._list.rows()[0].state == "training" and "locked" in program.text("recipe_locked")
    drawn = program.child(LossPlot, "loss_plot")._lines["train"]
    assert len(drawn.xs) >= 2, "the losses that came while nobody looked"
    program.trainings.stop()
    program.until_ended()


def test_a_case_opens_in_review(program: Program) -> None:
    tiny = np.zeros((8, 8), np.uint8)
    item = program.session.items()[4]
    case = CaseSeen(item.id, item.name, np.zeros((8, 8, 3), np.uint8), tiny, tiny, {"disc": 0.5, "square": 0.25}, 0.375)
    program.tab._strip.set_cases([case], program.session.classes)
    view = program.child(QAbstractButton, "case.0")
    assert view.accessibleName() == "e, mean Dice 0.38" and "square  0.25" in view.toolTip()
    program.click("case.0")
    assert program.session.current.item is not None and program.session.current.item.id == item.id
    program.qtbot.waitUntil(lambda: program.window.context.commands.tab == "review", timeout=20_000)


def test_a_case_whose_item_is_gone_is_said(program: Program) -> None:
    tiny = np.zeros((8, 8), np.uint8)
    item = program.session.items()[4]
    case = CaseSeen(item.id, item.name, np.zeros((8, 8, 3), np.uint8), tiny, tiny, {"disc": 0.5}, 0.5)
    program.tab._strip.set_cases([case], program.session.classes)
    program.session.remove_items([item.id])
    program.qtbot.waitUntil(lambda: item.id not in {each.id for each in program.session.items()})
    with program.qtbot.waitSignal(program.session.failed):
        program.click("case.0")
    assert program.window.context.commands.tab == "train"


def _trained(program: Program, name: str, score: float, config: TrainConfig = TINY, **more: object) -> Run:
    """A run that is only said to have been trained, with two epochs on disk."""
    assert program.session.project is not None
    runs = program.session.project.runs
    run = runs.add(config, name)
    run.bundle.write_bytes(name.encode())
    for number in (1, 2):
        keep_epoch(run.folder, EpochDone(number, 2, 0.5, 0.4, score / number, number == 1, 30.0, {"disc": score}))
    summary = RunSummary(arch="unet-smp", encoder="resnet18", score=score, seconds=60.0, dice={"disc": score}, **more)  # type: ignore[arg-type]
    return runs.update(run, "finished", summary)


def test_an_encoder_that_learns_slower_is_chosen_trained_and_told(program: Program) -> None:
    program.trainings.recipe.change(replace(TINY, encoder="timm-tf_efficientnet_lite0", weights="imagenet"))
    program.click("recipe.loss.head")
    slider = program.child(QSlider, "loss_form.encoder_rate.slider")
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Home)
    for _ in range(2):
        QTest.keyClick(slider, Qt.Key.Key_Right)
    assert program.trainings.recipe.config.encoder_rate == pytest.approx(0.1)
    head = program.child(QAbstractButton, "recipe.loss.head")
    assert head.accessibleDescription() == "× 0.1 · CE + Dice · AdamW", "also when it is closed"
    program.click("train_button")
    program.until_ended()
    assert not program.faults and program.run_named("run 1").config.encoder_rate == pytest.approx(0.1)
    assert program.text("run_began") == "Start: ImageNet · encoder at 0.1 × the rate"
    frozen = _trained(program, "frozen", 0.8, replace(TINY, arch="unet-smp", weights="imagenet", frozen=2))
    scratch = _trained(program, "scratch", 0.7, replace(TINY, arch="unet-smp", weights="none"))
    program.trainings.runs.changed.emit()
    for run, said in ((frozen, "Start: ImageNet · 2 epochs frozen"), (scratch, "Start: Scratch")):
        program.tab._pick(run.id)
        assert program.text("run_began") == said


def test_the_report_of_the_picked_run_is_asked_for_on_its_card(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, other = _trained(program, "first", 0.8), _trained(program, "second", 0.9)
    project = program.session.project
    assert project is not None
    for item in program.session.items():
        if item.split == "val":
            mask = project.layers.mask(item.id)
            assert mask is not None
            said = project.layers.make(item.id, "prediction", run.id)
            project.layers.replace(said, pack(project.layers.read(mask, item.shape)))
    other.bundle.unlink()
    program.trainings.runs.changed.emit()
    program.tab._pick(other.id)
    assert program.child(QAbstractButton, "run_report").toolTip() == "This run has no network yet."
    program.tab._pick(run.id)
    page = tmp_path / "first.html"
    monkeypatch.setattr("app.dialogs.run_report.QFileDialog.getSaveFileName", lambda *_: (str(page), ""))
    with program.qtbot.waitSignal(program.session.notification, timeout=LONG) as heard:
        program.click("run_report")
    assert heard.args == [f"The report is in {page}.", "good"]
    assert "<h1>first</h1>" in page.read_text()


def test_ticked_runs_are_overlaid_and_compared(program: Program, tmp_path: Path) -> None:
    sets = {"train": 4, "train_slices": 9, "val": 1, "val_slices": 1}
    first = _trained(program, "first", 0.8, replace(TINY, loss="focal", seed=3), sets=sets, machine="CPU, 2 threads")
    second = _trained(program, "second", 0.9)
    program.trainings.runs.changed.emit()
    program.tab._pick(second.id)
    runs = program.tab._list
    QTest.mouseClick(runs.viewport(), Qt.MouseButton.LeftButton, pos=runs.box(first.id).center())
    assert runs.current() == second.id, "a tick does not pick"
    plot = program.child(DicePlot, "dice_plot")
    line = f"run:{first.id}"
    program.qtbot.waitUntil(lambda: plot.last() == {"mean": 0.45, line: 0.4}, timeout=LONG)
    table = program.child(ComparisonTable, "run_facts")
    assert table.isVisible()
    rows = {fact.name: fact for fact in table.rows()}
    assert rows["Validation Dice"].values == (0.9, 0.8) and rows["Validation Dice"].difference(1) == "−0.100"
    assert rows["Loss"].values == ("Cross-entropy + Dice", "Focal loss") and rows["Loss"].differs(1)
    assert rows["Seed"].values == ("0", "3") and not rows["Network"].differs(1)
    assert rows["Learnt from"].values == (None, "4 items, 9 slices") and rows["Machine"].values[1] == "CPU, 2 threads"
    assert rows["Test set"].values == ("not read", "not read")
    program.click("run_facts.copy")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert (
        lines[0] == ",second,first"
        and "Validation Dice,0.9,0.8" in lines
        and "Loss,Cross-entropy + Dice,Focal loss" in lines
    )
    program.click("run_facts.save")
    program.save_as(tmp_path / "runs.csv")
    assert (tmp_path / "runs.csv").read_text("utf-8-sig").splitlines() == lines
    runs.setFocus()
    program.tab._list.set_current(first.id)
    QTest.keyClick(runs, Qt.Key.Key_Space)
    program.qtbot.waitUntil(lambda: plot.last() == {"class:disc": 0.9}, timeout=LONG)


def test_cases_that_two_runs_have_predicted_are_compared_one_by_one(program: Program) -> None:
    first, second = _trained(program, "first", 0.8), _trained(program, "second", 0.9)
    truth = np.ones((1, 4, 4), np.uint8)
    half = truth.copy()
    half[0, :2] = 0
    for run, said in ((first, half), (second, truth)):
        scored = [item_scores(name, confusion(truth, said, 1), ["disc"]) for name in ("e", "f")]
        program.trainings.runs._scores[run.id, "val"] = set_scores(scored, ["disc"])
    program.trainings.runs.changed.emit()
    program.tab._pick(first.id)
    program.tab._tick(second.id)
    rows = {fact.name: fact for fact in program.child(ComparisonTable, "run_facts").rows()}
    assert rows["Case by case"].values == (None, "+0.333, better in 2 of 2")


def test_runs_are_compared_case_by_case_again_when_a_class_is_called_otherwise(program: Program) -> None:
    runs = [_trained(program, "first", 0.8), _trained(program, "second", 0.9)]
    project = program.session.project
    assert project is not None
    for item in program.session.items():
        mask = project.layers.mask(item.id)
        assert mask is not None
        for run in runs:
            said = project.layers.make(item.id, "prediction", run.id)
            project.layers.replace(said, pack(project.layers.read(mask, item.shape)))
    program.trainings.runs.changed.emit()
    program.tab._pick(runs[0].id)
    program.tab._tick(runs[1].id)

    def compared() -> bool:
        facts = {fact.name: fact for fact in program.child(ComparisonTable, "run_facts").rows()}
        return facts["Case by case"].values != (None, None)

    program.qtbot.waitUntil(compared, timeout=LONG)
    disc, square = program.session.classes
    program.session.set_classes([replace(disc, name="ring"), square])
    assert not compared()
    program.qtbot.waitUntil(compared)


def test_a_run_is_done_again_with_one_thing_changed(program: Program) -> None:
    config = replace(TINY, arch="unet++", encoder="resnet18", loss="focal", rate=0.002, batch=3, seed=7)
    run = _trained(program, "first", 0.8, config)
    program.trainings.runs.changed.emit()
    program.tab._pick(run.id)
    program.click("run_details.page.recipe")
    program.click("again")
    filled = program.trainings.recipe.config
    assert replace(filled, preset=config.preset) == config and program.trainings.recipe.preset == "none"
    program.click("recipe.loss.head")
    assert program.child(QComboBox, "loss_form.loss").currentData() == "focal"
    program.click("recipe.network.head")
    assert program.child(QComboBox, "network.arch").currentData() == "unet++"


def test_recipes_are_compared_in_a_narrow_window_without_scrolling_sideways(program: Program) -> None:
    run = _trained(program, "first", 0.8)
    program.trainings.runs.changed.emit()
    program.tab._pick(run.id)
    details = program.child(RunDetails, "run_details")
    program.click("run_details.page.recipe")
    page = program.child(Segmented, "run_details.page")
    again = program.child(QPushButton, "again")
    tools = again.sizeHint().width() + 2 * 28
    assert details.minimumSizeHint().width() < page.sizeHint().width() + tools, "its words may be shorter"
    details.setFixedWidth(details.minimumSizeHint().width())
    program.qtbot.waitUntil(lambda: page.button("cases").text() == "Cases")


def test_the_middle_of_a_small_window_needs_no_scrolling_sideways(program: Program) -> None:
    program.window.resize(1000, 640)
    program.qtbot.waitUntil(lambda: program.tab.columns.width() <= 1000)
    program.click("train.drawer")
    (middle,) = (each for each in program.tab.findChildren(QScrollArea) if each.widget() is program.tab._middle)
    bar = middle.horizontalScrollBar()
    program.qtbot.waitUntil(lambda: 0 < middle.width() < 400 and bar.maximum() == 0)
    _trained(program, "first", 0.8)
    program.trainings.runs.changed.emit()
    for page in ("recipe", "cases"):
        program.click(f"run_details.page.{page}")
        program.qtbot.waitUntil(lambda: middle.width() < 400 and bar.maximum() == 0)
        assert program.tab._middle.minimumSizeHint().width() <= 350, "with room to spare, since fonts differ"


def test_again_says_what_cannot_be_taken_over(program: Program) -> None:
    fine_tuned = replace(TINY, start_from="gone", weights="none")  # as a training keeps it
    used, run = _trained(program, "used", 0.9), _trained(program, "tuned", 0.8, fine_tuned)
    program.session.predictions.use_run(used)
    said: list[str] = []
    program.session.notification.connect(lambda text, kind: said.append(text))
    program.trainings.recipe.take_over(run)
    now = program.trainings.recipe.config
    assert (now.start_from, now.weights) == ("", "auto") and "gone, which is not in use" in said[0]
    program.trainings.recipe.take_over(_trained(program, "more", 0.7, replace(TINY, start_from="used")))
    assert program.trainings.recipe.ready().start_from == str(used.id)


def test_the_line_of_the_kept_network_is_named_by_what_it_is(program: Program) -> None:
    run = _trained(program, "first", 0.8)
    program.trainings.runs.changed.emit()
    program.tab._pick(run.id)
    loss = program.child(LossPlot, "loss_plot")
    program.qtbot.waitUntil(lambda: loss._best == 1, timeout=LONG)
    assert loss._best_words == "the network that is kept", "nothing is 'so far' after the end"


def test_a_resumed_run_knows_what_it_had_come_to(program: Program) -> None:
    program.trainings.recipe.change(replace(TINY, epochs=400))
    program.click("train_button")
    program.qtbot.waitUntil(lambda: "Best so far: epoch" in program.text("best_so_far"), timeout=LONG)
    program.click("stop_button")
    program.until_ended()
    program.click("resume_run")
    with program.qtbot.waitSignal(program.trainings.batch, timeout=LONG):
        pass
    assert "Best so far: epoch" in program.text("best_so_far")
    program.trainings.stop()
    program.until_ended()
    assert not program.faults


def test_weights_are_counted_as_the_network_will_be_built(program: Program) -> None:
    program.click("recipe.network.head")
    facts = program.tab._recipe._network._facts
    arch = program.child(QComboBox, "network.arch")
    arch.setCurrentIndex(arch.findData("fpn"))
    assert "which Auto chooses" in facts.text() and "million" not in facts.text()
    box = _encoders(program)
    box.setCurrentIndex(box.findData("resnet18"))
    net = models.build("fpn", encoder="resnet18", channels=1, classes=3)
    counted = f"{models.count_parameters(net) / 1e6:.1f} million weights"
    program.qtbot.waitUntil(lambda: counted in facts.text(), timeout=LONG)
    bundle.save(
        (run := _finished(program, "tuned")).bundle,
        ModelCard(
            "segmentation",
            "linknet",
            "mobilenet_v2",
            3,
            (("disc", "#E69F00"),),
            Intensity("bytes", 0.0, 255.0, (0.0,), (1.0,)),
            32,
        ),
        {},
    )
    assert program.session.project is not None
    run = program.session.project.runs.update(run, "finished", RunSummary(arch="linknet", encoder="mobilenet_v2"))
    program.session.predictions.use_run(run)
    program.click("start_from.run")
    net = models.build("linknet", encoder="mobilenet_v2", channels=3, classes=3)
    counted = f"{models.count_parameters(net) / 1e6:.1f} million weights"
    program.qtbot.waitUntil(lambda: counted in facts.text(), timeout=LONG)
    assert "Skips are added" in facts.text() and "One map of the same width" not in facts.text()


def test_the_facts_are_those_of_the_chosen_width(program: Program) -> None:
    program.click("recipe.network.head")
    facts = program.tab._recipe._network._facts
    arch = program.child(QComboBox, "network.arch")
    arch.setCurrentIndex(arch.findData("segnet"))
    program.qtbot.waitUntil(lambda: "29.4 million weights" in facts.text(), timeout=LONG)
    program.qtbot.waitUntil(lambda: len(_visible(program, "network_options")) == 1)
    width = _visible(program, "network_options")[0].editor("width")
    slider = width.findChild(QSlider)
    assert slider is not None
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Home)
    net = models.build("segnet", channels=1, classes=3, options={"width": 4})
    counted = f"{models.count_parameters(net) / 1e6:.1f} million weights"
    program.qtbot.waitUntil(lambda: counted in facts.text(), timeout=LONG)
    assert counted == "0.1 million weights"
    assert not program.faults


def test_the_recipe_keeps_to_a_low_window_while_a_run_trains(program: Program) -> None:
    """Its foot stays in sight; a word below the curves must not make the whole column scroll, both ways."""
    program.window.resize(1000, 600)
    (column,) = [area for area in program.tab.findChildren(QScrollArea) if area.widget() is program.tab._left]
    program.trainings.recipe.change(replace(TINY, epochs=400))
    program.click("train_button")
    program.until_learning()
    program.qtbot.waitUntil(lambda: bool(program.text("best_so_far")), timeout=LONG)
    assert column.horizontalScrollBar().maximum() == column.verticalScrollBar().maximum() == 0
    program.trainings.stop()
    program.qtbot.waitUntil(lambda: not program.trainings.training, timeout=LONG)


def test_figures_of_the_run_give_way_where_it_is_narrow(program: Program) -> None:
    from app.tabs.train.live import RunHead

    head = RunHead()
    program.qtbot.addWidget(head)
    head.resize(900, 41)
    head.show()
    head.show_run(None, running=True, epochs=40)
    head.add(BatchDone(12, 3, 10, 0.2, 0.00012, 6.1, 0.004, 0.3, 360.0))
    program.qtbot.waitUntil(lambda: head._left.text() == "6 min left")
    assert head._epoch.value.text() == "12 / 40" and head._rate.isVisible() and head._bar.value() == 300
    head.resize(300, 41)
    program.qtbot.waitUntil(lambda: not head._rate.isVisible())
    assert head._epoch.isVisible()


def test_networks_for_whole_images_are_trained_in_classify(qtbot: QtBot, tmp_path: Path) -> None:
    with Project.create(tmp_path / "whole", "classification", parse_classes("ill,well")) as made:
        path = made.path
    program = Program(qtbot, None)
    program.session.open_project(path)
    program.window.show_tab("train")
    program.click("to_classify")
    qtbot.waitUntil(lambda: program.window.context.commands.tab == "classify", timeout=20_000)


def test_without_a_project_the_way_in_is_offered(qtbot: QtBot) -> None:
    program = Program(qtbot, None)
    assert program.child(QAbstractButton, "train_no_project.open_project").isVisible()


def test_settings_are_said_in_words() -> None:
    values: dict[str, object] = {
        "arch": "unet-smp",
        "encoder": "resnet18",
        "size": 256,
        "patch": 0,
        "batch": 4,
        "loss": "ce+dice",
    }
    assert (
        words.chosen(values) == "U-Net with the encoder ResNet-18 on images of 256 px, batch 4, cross-entropy + Dice."
    )
    assert (
        words.chosen(values | {"arch": "unet", "patch": 128})
        == "U-Net (published) on patches of 128 px, batch 4, cross-entropy + Dice."
    )


def test_half_minutes_are_said_as_the_language_does() -> None:
    before = QLocale()
    QLocale.setDefault(QLocale("es"))
    try:
        assert words.limit(TrainConfig(minutes=2.5)).startswith("2,5")
    finally:
        QLocale.setDefault(before)


def inside(program: Program) -> InsideNetworkDialog:
    """The dialog that is open, its drawing worked out."""
    dialog = program.window.findChild(InsideNetworkDialog)
    assert isinstance(dialog, InsideNetworkDialog)
    program.qtbot.waitUntil(lambda: bool(dialog.drawing.levels), timeout=LONG)
    return dialog


def test_the_chosen_network_is_drawn_level_by_level(program: Program) -> None:
    program.trainings.recipe.change(replace(TINY, arch="unet", size=64))
    program.click("recipe.network.head")
    program.child(QAbstractButton, "inside_button").setFocus()
    assert program.child(QAbstractButton, "inside_button").text() == "Inside U-Net (published)"
    QTest.keyClick(program.child(QAbstractButton, "inside_button"), Qt.Key.Key_Space)
    dialog = inside(program)
    assert [level.output for level in dialog.drawing.levels[:2]] == [(64, 64, 64), (128, 32, 32)]
    total, level = (dialog.findChild(Text, f"inside_network.{name}") for name in ("total", "level"))
    assert total is not None and level is not None
    assert total.text().startswith("31.0\N{NARROW NO-BREAK SPACE}M weights")
    place = dialog.drawing.area_of(8).center().toPoint()
    QTest.mouseClick(dialog.drawing, Qt.MouseButton.LeftButton, pos=place)
    assert dialog.drawing.current == 8 and "Takes up the fine maps of the encoder" in level.text()
    QTest.keyClick(dialog.drawing, Qt.Key.Key_Up)
    assert dialog.drawing.current == 7
    dialog.drawing.picked.emit(1)
    shown = {
        name: dialog.findChild(QSpinBox, f"calculator.{name}") for name in ("before", "kernel", "padding", "after")
    }
    assert {name: spin.value() for name, spin in shown.items() if spin is not None} == {
        "before": 64,
        "kernel": 2,
        "padding": 0,
        "after": 32,
    }
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    program.until_ended()
    assert not program.faults


def opened_calculator(program: Program) -> InsideNetworkDialog:
    """The drawing of the recipe's network, with its calculator open."""
    program.click("recipe.network.head")
    program.child(QAbstractButton, "inside_button").setFocus()
    QTest.keyClick(program.child(QAbstractButton, "inside_button"), Qt.Key.Key_Space)
    dialog = inside(program)
    head = dialog.findChild(QAbstractButton, "inside_network.calculator.head")
    assert head is not None
    head.click()
    return dialog


def write_in_calculator(program: Program, dialog: InsideNetworkDialog, **values: int) -> str:
    """Type these into the opened calculator; what it says of the sizes behind comes back."""
    for name, value in values.items():
        spin = dialog.findChild(QSpinBox, f"calculator.{name}")
        assert spin is not None
        program.qtbot.waitUntil(spin.isVisible)
        spin.selectAll()
        QTest.keyClicks(spin, str(value))
    behind = dialog.findChild(Text, "calculator.behind")
    assert behind is not None
    return behind.text()


def take_layer(dialog: InsideNetworkDialog, place: int) -> None:
    """Go to a layer of the picked level with the arrow keys."""
    layers = dialog.calculator.layers
    layers.setFocus()
    QTest.keyClick(layers, Qt.Key.Key_Home)
    for _ in range(place):
        QTest.keyClick(layers, Qt.Key.Key_Down)
    assert layers.currentIndex() == place


def test_sizes_behind_a_changed_layer_follow_through_encoder_skips_and_decoder(program: Program) -> None:
    program.trainings.recipe.change(replace(TINY, arch="unet", size=64))
    dialog = opened_calculator(program)
    drawing = dialog.drawing
    QTest.mouseClick(drawing, Qt.MouseButton.LeftButton, pos=drawing.area_of(1).center().toPoint())
    take_layer(dialog, 1)
    said = write_in_calculator(program, dialog, padding=0)
    assert [drawing.output_of(place) for place in range(10)] == [
        "64×64×64", "30×30×128", "15×15×256", "7×7×512", "3×3×1,024".replace(",", "\N{NARROW NO-BREAK SPACE}"),
        "6×6×512", "12×12×256", "24×24×128", "48×48×64", "48×48×3",
    ]  # fmt: skip
    assert {skip: (one.other, one.kept, one.cropped) for skip, one in drawing.misfits.items()} == {
        (3, 3): (7, 6, True),
        (2, 2): (15, 12, True),
        (1, 1): (30, 24, True),
        (0, 0): (64, 48, True),
    }
    assert "Sizes from here on: 32 → 30, 16 → 15, 8 → 7, 4 → 3" in said
    assert "Decoder, 1/8 of the side: what the encoder hands over is cropped from 7 px to 6 px." in said
    assert said.endswith("The mask has 48 px a side instead of 64.")
    assert not drawing.grab().isNull(), "what is cropped is painted"
    said = write_in_calculator(program, dialog, padding=1)
    assert not said and not drawing.misfits and drawing.output_of(8) == "64×64×64"
    said = write_in_calculator(program, dialog, kernel=40, padding=0)
    assert drawing.output_of(2) == "–×–×256" and "no longer fits" in said
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    program.until_ended()
    assert not program.faults


def test_any_layer_of_a_level_can_be_changed(program: Program) -> None:
    program.trainings.recipe.change(replace(TINY, arch="unet", size=64))
    dialog = opened_calculator(program)
    drawing, layers = dialog.drawing, dialog.calculator.layers
    result, costs = (dialog.findChild(Text, f"calculator.{name}") for name in ("result", "costs"))
    assert result is not None and costs is not None
    QTest.mouseClick(drawing, Qt.MouseButton.LeftButton, pos=drawing.area_of(1).center().toPoint())
    assert [layers.itemText(at) for at in range(layers.count())] == [
        "1. Max pool 2×2, stride 2 · 64 → 32 px", "2. 3×3 filters · 32 → 32 px", "3. 3×3 filters · 32 → 32 px",
    ]  # fmt: skip
    assert result.text() == "(64 \N{MINUS SIGN} 2)/2 + 1 = 32" and "no weights" in costs.text()
    said = write_in_calculator(program, dialog, stride=4)
    assert drawing.output_of(1) == "16×16×128" and said.endswith("The mask has 32 px a side instead of 64.")
    take_layer(dialog, 2)
    assert drawing.output_of(1) == "32×32×128", "another layer begins from the network as it stands"
    write_in_calculator(program, dialog, padding=0)
    assert drawing.output_of(1) == "30×30×128"
    QTest.mouseClick(drawing, Qt.MouseButton.LeftButton, pos=drawing.area_of(8).center().toPoint())
    assert layers.itemText(0) == "1. 2×2 up · 32 → 64 px" and drawing.output_of(1) == "32×32×128"
    assert result.text() == "(32 \N{MINUS SIGN} 1)·2 + 2 = 64"
    write_in_calculator(program, dialog, kernel=4)
    assert drawing.output_of(9) == "66×66×3"
    assert [(one.other, one.kept, one.cropped) for one in drawing.misfits.values()] == [(64, 66, False)]
    way = dialog.findChild(QAbstractButton, "calculator.way.backward")
    assert way is not None
    way.click()
    assert result.text() == "K = 66 \N{MINUS SIGN} (32 \N{MINUS SIGN} 1)·2 = 4 → 4×4"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    program.until_ended()
    assert not program.faults


def test_a_level_without_a_window_leaves_nothing_to_change(program: Program) -> None:
    program.trainings.recipe.change(replace(TINY, arch="fpn", size=64))
    dialog = opened_calculator(program)
    drawing, calculator = dialog.drawing, dialog.calculator
    bare = [place for place, level in enumerate(drawing.levels) if not level.layers]
    assert bare, "maps are enlarged there, and nothing else"
    first = drawing.output_of(0)
    write_in_calculator(program, dialog, padding=0)
    assert drawing.output_of(0) != first
    drawing.setFocus()
    for _ in range(bare[0]):
        QTest.keyClick(drawing, Qt.Key.Key_Down)
    result = dialog.findChild(Text, "calculator.result")
    assert result is not None and result.text().endswith("has no filter and no pooling: nothing of it can be changed.")
    assert not calculator.layers.isVisible()
    assert not any(spin.isEnabled() for spin in dialog.findChildren(QSpinBox))
    assert not drawing.misfits and drawing.output_of(0) == first, "the drawing is as the network stands"
    question = dialog.findChild(QAbstractButton, "calculator.c1")
    assert question is not None
    question.click()
    assert result.text().startswith("K = 32")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    program.until_ended()
    assert not program.faults


@pytest.mark.parametrize("arch", ["mask-rcnn-light", "mask-rcnn"])
def test_a_network_that_tells_objects_apart_is_drawn_and_looked_into(program: Program, arch: str) -> None:
    program.trainings.recipe.change(replace(TINY, arch=arch, encoder=AUTO, size=64))
    dialog = opened_calculator(program)
    drawing = dialog.drawing
    total, level, legend = (dialog.findChild(Text, f"inside_network.{name}") for name in ("total", "level", "legend"))
    assert total is not None and level is not None and legend is not None
    assert total.text().startswith(
        "5.3\N{NARROW NO-BREAK SPACE}M" if arch.endswith("light") else "44.0\N{NARROW NO-BREAK SPACE}M"
    )
    assert "dashed arc" in legend.text() and "as many regions" in legend.text()
    heads = [place for place, each in enumerate(drawing.levels) if each.part == "head"]
    QTest.mouseClick(drawing, Qt.MouseButton.LeftButton, pos=drawing.area_of(heads[1]).center().toPoint())
    assert drawing.current == heads[1] and "Cuts up to " in level.text() and "fully connected" in level.text()
    QTest.keyClick(drawing, Qt.Key.Key_Down)
    assert drawing.current == heads[2] and "Cuts up to 100 objects" in level.text()
    assert dialog.calculator.layers.count() in (4, 6), "two or four filters, one that enlarges, and the scores"
    costs = dialog.findChild(Text, "calculator.costs")
    assert costs is not None and "sees 3×3 px of its input" in costs.text(), "a region is cut out, as large as may be"
    write_in_calculator(program, dialog, padding=0)
    assert drawing.output_of(len(drawing.levels)) == "24×24×3", "of 14 px 12, twice as many, and no border"
    assert not drawing.grab().isNull(), "rail and heads are painted"
    look = dialog.findChild(QAbstractButton, "inside_network.look")
    assert look is not None
    look.click()
    looking = dialog.findChild(LookingDialog)
    assert looking is not None
    program.qtbot.waitUntil(lambda: bool(looking.grid.images()), timeout=LONG)
    QTest.keyClick(looking, Qt.Key.Key_Escape)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    program.until_ended()
    assert not program.faults


def test_auto_in_a_project_of_objects_is_drawn_as_what_it_takes(qtbot: QtBot, project: Path, tmp_path: Path) -> None:
    with Project.create(tmp_path / "cells", "instance", parse_classes("cell")) as made:
        result_of(import_images(made, ImportPlan((tmp_path / "images",))))
    program = Program(qtbot, made.path)
    program.click("recipe.network.head")
    assert "light Mask R-CNN" in program.tab._recipe._network._facts.text()
    button = program.child(QAbstractButton, "inside_button")
    assert button.text() == "Inside Mask R-CNN, light"
    button.click()
    dialog = inside(program)
    assert [level.part for level in dialog.drawing.levels[-3:]] == ["head"] * 3
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    program.until_ended()
    assert not program.faults


def test_return_in_a_field_of_the_calculator_presses_nothing(program: Program) -> None:
    program.trainings.recipe.change(replace(TINY, arch="unet", size=64))
    dialog = opened_calculator(program)
    spins = {spin.objectName(): spin for spin in dialog.findChildren(QSpinBox)}
    buttons = [button for button in dialog.findChildren(QAbstractButton) if button.isVisible()]
    assert {"calculator.kernel", "calculator.before"} <= spins.keys() and len(buttons) > 4
    pressed: list[str] = []
    for button in buttons:
        button.clicked.connect(partial(pressed.append, button.objectName()))
    for spin in spins.values():
        if spin.isVisible() and spin.isEnabled():
            spin.selectAll()
            QTest.keyClicks(spin, "3")
            QTest.keyClick(spin, Qt.Key.Key_Return)
            assert dialog.isVisible() and not pressed and spin.value() == 3, spin.objectName()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    program.until_ended()


def test_a_skip_that_no_longer_fits_is_drawn_and_said(program: Program) -> None:
    program.trainings.recipe.change(replace(TINY, arch="linknet", size=64))
    dialog = opened_calculator(program)
    drawing = dialog.drawing
    place = next(at for at, level in enumerate(drawing.levels) if (level.part, level.depth) == ("encoder", 1))
    QTest.mouseClick(drawing, Qt.MouseButton.LeftButton, pos=drawing.area_of(place).center().toPoint())
    said = write_in_calculator(program, dialog, padding=2)  # 7 px in steps of 2 over 64 px: 31 instead of 32
    assert {skip: (one.other, one.kept, one.cropped) for skip, one in drawing.misfits.items()} == {
        (1, 1): (31, 32, False)
    }
    assert "Decoder, 1/2 of the side: the encoder hands over 31 px, the decoder has 32 px: they do not fit." in said
    assert not drawing.grab().isNull(), "what does not fit is painted"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    program.until_ended()
    assert not program.faults


def test_a_runs_network_is_drawn_as_it_was_trained(program: Program) -> None:
    program.trainings.recipe.change(replace(TINY, arch="segnet", options={"width": 8}))
    program.click("train_button")
    program.until_ended()
    program.click("run_inside")
    dialog = inside(program)
    assert [level.output[0] for level in dialog.drawing.levels[:5]] == [8, 16, 32, 64, 64]
    legend = dialog.findChild(Text, "inside_network.legend")
    assert legend is not None and "the places of the maxima" in legend.text()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not program.faults


def test_a_drawing_says_that_slices_are_seen_with_those_beside_them(qtbot: QtBot, volumes: Path) -> None:
    with Project.open(volumes) as project:
        for item, split in zip(project.items.all(), ("train", "val", "test"), strict=True):
            labels = np.zeros(item.shape, np.uint8)
            labels[:, 4:12, 4:12] = 1
            project.layers.replace(project.layers.make(item.id), pack(labels), labelled=range(len(labels)))
            project.items.set_splits({item.id: split})  # type: ignore[dict-item]
    program = Program(qtbot, volumes)
    beside = "32×32×3: a slice and the two beside it"
    program.trainings.recipe.change(replace(TINY, arch="unet", options={"width": 4}, size=32, neighbours="yes"))
    program.click("recipe.network.head")
    assert beside in _said_inside(program, "inside_button")
    program.click("train_button")
    program.until_ended()
    assert beside in _said_inside(program, "run_inside")
    assert not program.faults


def test_a_drawing_says_nothing_of_slices_beside_where_there_are_none(program: Program) -> None:
    program.trainings.recipe.change(replace(TINY, arch="unet", options={"width": 4}, size=32, neighbours="yes"))
    program.click("recipe.network.head")
    said = _said_inside(program, "inside_button")
    assert "32×32×1" in said and "beside" not in said


def _said_inside(program: Program, button: str) -> str:
    """What the drawing that the button opens says of the whole network."""
    program.child(QAbstractButton, button).setFocus()
    QTest.keyClick(program.child(QAbstractButton, button), Qt.Key.Key_Space)
    dialog = inside(program)
    total = dialog.findChild(Text, "inside_network.total")
    assert total is not None
    found = total.text()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    program.until_ended()
    return found
