"""The Review tab on a small project of real PNG files, with predictions written as a run would have written them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.dialogs.dice_by_hand import DiceByHandDialog
from app.services.jobs import JobQueue
from app.services.project_session import ProjectSession
from app.services.thumbnails import Thumbnails
from app.services.training_runner import TrainingRunner
from app.shell.window import MainWindow
from app.tabs.review.tab import ReviewTab
from engine.config import Split, TrainConfig
from engine.imaging.image import SeriesPart, Source
from engine.labels.classes import parse_classes
from engine.labels.edit import Labels
from engine.labels.mask import Brush
from engine.project.items import Item, content_hash
from engine.project.layers import pack
from engine.project.project import Project
from engine.project.runs import Learnt, RunSummary, keep_learnt
from engine.scoring.differences import AnyDifference
from engine.scoring.metrics import confusion, scores
from engine.scoring.render import ERROR_COLORS, MISSED, TOO_MUCH
from widgets.case_list import DICE, NAME, STATE, CaseList
from widgets.controls import Text
from widgets.region_list import RegionList
from widgets.score_table import ScoreTable
from widgets.sliders import Slider

SHAPE = (1, 60, 80)
NAMES = ("a", "b", "c", "d")


def truth(number: int) -> Labels:
    labels = np.zeros(SHAPE, np.uint8)
    labels[0, 10:30, 10:40] = 1
    labels[0, 40:55, 50:70] = 2
    return labels


def said(number: int) -> Labels:
    """The larger the number, the worse: a part is missed, and one is too much."""
    labels = truth(number)
    labels[0, 10:30, 40 - 4 * number : 40] = 0  # missed
    labels[0, 5 : 5 + number, 50:60] = 2  # too much
    return labels


def write_project(folder: Path, splits: tuple[Split, ...] = ("test", "test", "test", "train")) -> Path:
    images = folder / "images"
    images.mkdir()
    with Project.create(folder / "scans", "multiclass", parse_classes("lung,heart,absent")) as project:
        for number, (name, split) in enumerate(zip(NAMES, splits, strict=True)):
            file = images / f"{name}.png"
            file.write_bytes(cv2.imencode(".png", np.full(SHAPE[1:], 40 * (number + 1), np.uint8))[1].tobytes())
            source, digest = Source((str(file),), "raster"), content_hash((str(file),))
            item = project.items.add(Item(0, name, source, digest, SHAPE, (1.0, 1.0, 1.0), False, "", "", split))
            project.layers.replace(project.layers.make(item.id), pack(truth(number)))
        return project.path


def write_run(path: Path, names: tuple[str, ...] = ("a", "b", "c"), *, read: bool = True) -> None:
    with Project.open(path) as project:
        run = project.runs.update(project.runs.add(TrainConfig(arch="unet")), "finished")
        run.bundle.write_bytes(b"stands for the weights")
        if read:
            project.runs.keep_test_reading(run, len(names), None)
        for name in names:
            item = project.items.named(name)
            layer = project.layers.make(item.id, "prediction", run.id)
            project.layers.replace(layer, pack(said(NAMES.index(name))))


class Program:
    """A window on the project with the Review tab in front."""

    def __init__(self, qtbot: QtBot, path: Path | None) -> None:
        self.jobs = JobQueue()
        self.session = ProjectSession(self.jobs)
        self.trainings = TrainingRunner(self.session, self.jobs)
        self.window = MainWindow()
        self.window.fill(self.session, self.trainings, self.jobs, Thumbnails(self.session, self.jobs))
        qtbot.addWidget(self.window)
        self.window.resize(1440, 900)
        self.window.show()
        qtbot.waitExposed(self.window)
        if path is not None:
            self.session.open_project(path)
        self.window.show_tab("review")
        tab = self.window.tab("review")
        assert isinstance(tab, ReviewTab)
        self.tab = tab
        if self.session.current.item is not None:
            qtbot.waitUntil(lambda: self.session.current.image is not None)

    def find(self, kind: type, name: str) -> QWidget:
        found = self.tab.findChild(kind, name)
        assert isinstance(found, QWidget), name
        return found

    @property
    def cases(self) -> CaseList:
        found = self.find(CaseList, "case_list")
        assert isinstance(found, CaseList)
        return found

    @property
    def regions(self) -> RegionList[AnyDifference]:
        found = self.find(RegionList, "regions")
        assert isinstance(found, RegionList)
        return found

    def titles(self) -> list[str]:
        return [self.regions.row_at(place).title for place in range(len(self.regions.rows()))]

    def text(self, name: str) -> str:
        found = self.find(Text, name)
        assert isinstance(found, Text)
        return found.text()

    def button(self, name: str) -> QPushButton:
        found = self.find(QPushButton, name)
        assert isinstance(found, QPushButton)
        return found

    def names(self) -> list[str]:
        return [self.cases.row(id).name for id in self.cases.ids()]

    def id(self, name: str) -> int:
        assert self.session.project is not None
        return self.session.project.items.named(name).id

    def press(self, id: str) -> None:
        self.window.context.commands[id].trigger()

    def close(self) -> None:
        assert self.jobs.close(30)  # torch may be on its way into a busy machine
        self.session.close_project()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_project(tmp_path)


@pytest.fixture
def program(qtbot: QtBot, path: Path) -> Iterator[Program]:
    """Three predicted test cases, scored and studied."""
    write_run(path)
    made = Program(qtbot, path)
    qtbot.waitUntil(lambda: made.text("set_mean_dice") not in ("", "–") and not made.jobs.busy)
    made.session.predictions.may_help = True  # tests/cases/window shows the question
    yield made
    made.close()


def open_case(qtbot: QtBot, program: Program, name: str) -> None:
    program.cases.picked.emit(program.id(name))
    qtbot.waitUntil(lambda: program.session.current.image is not None and program.tab.study.known)
    qtbot.waitUntil(lambda: program.tab.study.surfaces is not None)


def is_open(program: Program, name: str) -> bool:
    item = program.session.current.item
    return item is not None and item.name == name and program.session.current.image is not None


def table(program: Program) -> dict[str, tuple[str, ...]]:
    shown = program.find(ScoreTable, "case_scores_px")
    assert isinstance(shown, QTableView)
    model = shown.model()
    rows = [[model.index(row, column).data() for column in range(4)] for row in range(model.rowCount())]
    return {row[0]: tuple(row[1:]) for row in rows}


def expected(name: str) -> float:
    number = NAMES.index(name)
    found = scores(confusion(truth(number), said(number), 3)).mean_dice
    assert found is not None
    return found


def test_cases_stand_worst_first_with_their_dice(program: Program) -> None:
    assert program.names() == ["c", "b", "a"]
    for name in ("a", "b", "c"):
        assert program.cases.row(program.id(name)).dice == pytest.approx(expected(name))
    mean = np.mean([expected(name) for name in ("a", "b", "c")])
    assert program.text("set_mean_dice") == f"{mean:.3f}"
    assert program.text("set_ground") == "against run 1, test set, n\u00a0=\u00a03"
    assert "absent" in program.text("set_absent")


def test_the_mean_is_of_the_set_as_it_is_now(qtbot: QtBot, program: Program) -> None:
    """Without a case that was rejected or is of another set since, whether it is on the screen or not; with one that came."""

    def mean_of(*names: str) -> None:
        wanted = f"{np.mean([expected(name) for name in names]):.3f}"
        qtbot.waitUntil(lambda: program.text("set_mean_dice") == wanted and not program.jobs.busy)
        assert f"n\u00a0=\u00a0{len(names)}" in program.text("set_ground")

    session = program.session
    session.set_state(program.id("a"), "rejected", "moved")
    mean_of("b", "c")
    open_case(qtbot, program, "a")  # it is compared all the same
    mean_of("b", "c")
    session.assignments.set_splits({program.id("c"): "val"})
    mean_of("b")
    session.set_state(program.id("a"), "todo")
    session.assignments.set_splits({program.id("c"): "test"})
    mean_of("a", "b", "c")


def test_it_begins_with_the_worst_case_where_the_open_item_has_no_prediction(qtbot: QtBot, path: Path) -> None:
    write_run(path)
    with Project.open(path) as project:
        items = project.items.all()
        (stranger,) = [item for item in items if item.split == "train"][:1]
        project.set_note("item", stranger.name)
    made = Program(qtbot, path)
    try:
        qtbot.waitUntil(
            lambda: made.session.current.item is not None and made.session.current.item.name == "c", timeout=20_000
        )
        made.window.show_tab("label")
        made.session.current.open(made.id("b"))
        made.window.show_tab("review")
        qtbot.waitUntil(lambda: not made.jobs.busy, timeout=20_000)
        assert made.session.current.item is not None and made.session.current.item.name == "b", (
            "an item with a prediction stays"
        )
    finally:
        made.close()


def test_headings_sort(qtbot: QtBot, program: Program) -> None:
    header = program.cases.horizontalHeader()

    def click(column: int) -> None:
        at = header.sectionViewportPosition(column) + header.sectionSize(column) // 2
        pos = header.viewport().rect().center()
        pos.setX(at)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=pos)

    click(DICE)
    assert program.names() == ["a", "b", "c"]
    program.session.set_state(program.id("a"), "done")
    program.session.set_state(program.id("c"), "flagged")
    click(STATE)
    assert program.names() == ["b", "c", "a"]
    click(NAME)
    assert program.names() == ["a", "b", "c"]
    click(NAME)
    assert program.names() == ["c", "b", "a"]


def test_a_row_opens_its_case(qtbot: QtBot, program: Program) -> None:
    place = program.cases.visualRect(program.cases.model().index(1, NAME)).center()
    with qtbot.waitSignal(program.session.current.image_changed):
        QTest.mouseClick(program.cases.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert program.session.current.item is not None
    assert program.session.current.item.name == "b"


def test_scores_say_against_what_and_why_there_is_none(qtbot: QtBot, program: Program) -> None:
    open_case(qtbot, program, "c")
    rows = table(program)
    found = scores(confusion(truth(2), said(2), 3)).classes
    assert rows["lung"][0] == f"{found[0].dice:.2f}"
    assert rows["lung"][1] == "8.0"  # eight columns are missed
    assert rows["lung"][2] == f"−{100 * 8 / 30:.1f}"
    assert rows["absent"] == ("–", "–", "–")
    assert rows["Mean"][0] == f"{expected('c'):.2f}"
    shown = program.find(ScoreTable, "case_scores_px")
    assert isinstance(shown, QTableView)
    why = shown.model().index(2, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert "left out of the mean" in why
    assert program.text("case_ground") == "run 1 against your mask"


@pytest.mark.parametrize(
    ("value", "row", "expected"),
    [
        (0, 0, ", which is empty."),
        (0, 255, ", which is empty where labelled."),
        (255, 255, ", of which nothing is labelled."),
    ],
)
def test_a_mask_without_a_class_is_called_what_it_is(
    qtbot: QtBot, path: Path, value: int, row: int, expected: str
) -> None:
    write_run(path)
    with Project.open(path) as project:
        layer = project.layers.mask(project.items.named("c").id)
        assert layer is not None
        labels = np.full(SHAPE, value, np.uint8)
        labels[0, 0] = row
        project.layers.replace(layer, pack(labels), range(1))
    program = Program(qtbot, path)
    open_case(qtbot, program, "c")
    assert program.text("case_ground") == f"run 1 against your mask{expected}"
    program.close()


def test_a_missed_class_stands_beside_the_mean_distance(qtbot: QtBot, program: Program) -> None:
    open_case(qtbot, program, "c")
    assert program.text("case_distances_over") == ""
    program.session.pick_class(3)
    assert program.session.current.mask is not None
    stroke = program.session.current.mask.begin("Brush")
    stroke.line("axial", 0, (50, 10), (50, 20), Brush.round(3), 3)
    program.session.current.stroke_done(stroke.end())
    qtbot.waitUntil(lambda: program.text("case_distances_over") != "")
    assert program.text("case_distances_over").endswith("over 2 of 3 classes; in one of the masks alone: absent")
    assert table(program)["absent"][:2] == ("0.00", "–")


def test_in_a_narrow_window_the_open_column_leaves_the_scan_in_sight(qtbot: QtBot, program: Program) -> None:
    program.window.resize(1000, 640)
    open_case(qtbot, program, "c")
    scan, strength = program.tab.scan, program.find(Slider, "review_opacity")
    qtbot.waitUntil(strength.isVisible)
    program.window.context.commands["right_column"].trigger()
    qtbot.waitUntil(lambda: not strength.isVisible())
    assert scan.width() >= 280
    assert not any(area.horizontalScrollBar().maximum() for area in program.tab.findChildren(QScrollArea))
    program.window.resize(1440, 900)
    qtbot.waitUntil(strength.isVisible)


def test_errors_are_drawn_in_their_colours(qtbot: QtBot, program: Program) -> None:
    open_case(qtbot, program, "c")
    canvas = program.tab.scan.canvas

    def seen(row: int, column: int) -> QColor:
        return (
            canvas.grab().toImage().pixelColor((canvas.to_screen((row, column)) * canvas.devicePixelRatioF()).toPoint())
        )

    program.tab.scan.overlay.set(errors_opacity=1.0)
    assert seen(20, 35).name().upper() == ERROR_COLORS[MISSED - 1]
    assert seen(5, 55).name().upper() == ERROR_COLORS[TOO_MUCH - 1]
    before = seen(20, 20)
    program.press("use_prediction")
    qtbot.waitUntil(lambda: seen(20, 35) != QColor(ERROR_COLORS[MISSED - 1]))
    assert seen(5, 55) == before  # right now
    program.press("undo")
    assert seen(20, 35).name().upper() == ERROR_COLORS[MISSED - 1]


def test_views_change_the_look(qtbot: QtBot, program: Program) -> None:
    scan = program.tab.scan
    QTest.mouseClick(program.button("review_view.overlay"), Qt.MouseButton.LeftButton)
    assert (
        scan.overlay.options.errors,
        scan.overlay.options.outline,
        scan.overlay.options.mask,
        scan.overlay.options.prediction,
    ) == (
        False,
        False,
        True,
        True,
    )
    QTest.mouseClick(program.button("review_view.outline"), Qt.MouseButton.LeftButton)
    assert (scan.overlay.options.errors, scan.overlay.options.outline) == (False, True)
    program.press("outline")
    assert program.button("review_view.overlay").isChecked()


def test_swipe_shows_the_mask_left_and_the_prediction_right(qtbot: QtBot, program: Program) -> None:
    open_case(qtbot, program, "c")
    scan = program.tab.scan
    assert not scan.overlay.divider.isVisible()
    QTest.mouseClick(program.button("review_view.swipe"), Qt.MouseButton.LeftButton)
    assert scan.overlay.divider.isVisible()
    program.press("show_mask")
    QTest.mouseClick(program.button("review_view.swipe"), Qt.MouseButton.LeftButton)  # both are there again
    scan.overlay.set(mask_style="fill", mask_opacity=1.0)
    color = QColor(program.session.classes[0].color)

    def seen(row: int, column: int) -> QColor:
        at = scan.canvas.to_screen((row, column)) * scan.canvas.devicePixelRatioF()
        return scan.canvas.grab().toImage().pixelColor(at.toPoint())

    scan.overlay.divider.move_to(1.0)
    assert seen(20, 36) == color  # in the mask, missed by the prediction
    scan.overlay.divider.move_to(0.0)
    assert seen(20, 36) != color and seen(20, 20) == color
    QTest.mouseClick(program.button("review_view.errors"), Qt.MouseButton.LeftButton)
    assert not scan.overlay.divider.isVisible()


@pytest.mark.qt_log_ignore("does not support", extend=True)  # sheets, on a screen that is not there
def test_layers_are_drawn_as_chosen_and_the_choice_is_kept(qtbot: QtBot, program: Program) -> None:
    open_case(qtbot, program, "c")
    layers = program.button("review.layers")
    assert layers.isHidden() and not program.find(Slider, "review_opacity").isHidden()  # errors have one strength
    QTest.mouseClick(program.button("review_view.overlay"), Qt.MouseButton.LeftButton)
    assert not layers.isHidden() and program.find(Slider, "review_opacity").isHidden()
    QTest.mouseClick(layers, Qt.MouseButton.LeftButton)
    sheet = program.find(QWidget, "review.layers.sheet")
    assert sheet.isVisible()
    QTest.mouseClick(program.button("review.layer.prediction.style.fill"), Qt.MouseButton.LeftButton)
    strength = program.find(Slider, "review.layer.prediction.opacity")
    assert isinstance(strength, Slider)
    strength.changed.emit(1.0)
    sheet.close()
    look = program.tab.scan.overlay.options
    assert (look.prediction_style, look.prediction_opacity, look.mask_style) == ("fill", 1.0, "both")
    again = ReviewTab(program.window.context)
    qtbot.addWidget(again)
    assert (again.scan.overlay.options.prediction_style, again.scan.overlay.options.prediction_opacity) == ("fill", 1.0)


def test_classes_have_their_dice_over_the_set(qtbot: QtBot, program: Program) -> None:
    found = program.find(ScoreTable, "set_classes")
    assert isinstance(found, QTableView)
    model = found.model()
    rows = [tuple(model.index(row, column).data() for column in range(3)) for row in range(model.rowCount())]
    each = [scores(confusion(truth(n), said(n), 3)).classes for n in range(3)]
    lung, heart = (np.mean([case[place].dice for case in each]) for place in (0, 1))
    assert rows == [("lung", f"{lung:.3f}", "3"), ("heart", f"{heart:.3f}", "3"), ("absent", "–", "0")]


def test_a_class_that_the_run_was_never_taught_is_left_out_and_said(qtbot: QtBot, path: Path) -> None:
    write_run(path)
    card = json.dumps({"__metadata__": {"contorno": json.dumps({"classes": [["lung", ""]]})}}).encode()
    with Project.open(path) as project:
        (run,) = project.runs.all()
        run.bundle.write_bytes(len(card).to_bytes(8, "little") + card)
    made = Program(qtbot, path)
    qtbot.waitUntil(lambda: made.text("set_mean_dice") not in ("", "–") and not made.jobs.busy)
    lung = np.mean([scores(confusion(truth(n), said(n), 3)).classes[0].dice for n in range(3)])
    assert made.text("set_mean_dice") == f"{lung:.3f}"
    assert made.text("set_never_learnt").endswith("it has no score in them: heart, absent")
    assert "In no mask" not in made.text("set_absent")
    made.close()


def test_cases_that_the_run_learnt_from_before_the_sets_were_changed_are_said(qtbot: QtBot, path: Path) -> None:
    write_run(path)
    with Project.open(path) as project:
        (run,) = project.runs.all()
        learnt = {item.id for item in project.items.all() if item.name in ("a", "c", "d")}
        keep_learnt(run.folder, Learnt(frozenset(learnt)))
    made = Program(qtbot, path)
    qtbot.waitUntil(lambda: made.text("set_mean_dice") not in ("", "–") and not made.jobs.busy)
    said = "2 of these items were learnt from, before the sets were changed: their scores are too high."
    assert made.text("set_caution") == said
    made.close()


def test_a_class_in_the_middle_that_the_run_never_knew_is_missed_nowhere(qtbot: QtBot, path: Path) -> None:
    write_run(path)
    with Project.open(path) as project:
        (run,) = project.runs.all()
        taught = [project.classes[0], project.classes[2]]
        about = {"classes": [(one.name, "") for one in taught], "identities": [one.identity for one in taught]}
        card = json.dumps({"__metadata__": {"contorno": json.dumps(about)}}).encode()
        run.bundle.write_bytes(len(card).to_bytes(8, "little") + card)
        for layer in project.layers.predictions(run.id).values():
            painted = project.layers.read(layer, SHAPE)
            project.layers.replace(layer, pack(np.where(painted == 2, 0, painted).astype(np.uint8)))
    made = Program(qtbot, path)
    qtbot.waitUntil(lambda: made.text("set_mean_dice") not in ("", "–") and not made.jobs.busy)
    open_case(qtbot, made, "b")
    lung = scores(confusion(truth(1), said(1), 3)).classes[0].dice
    live = made.session.predictions.live
    assert live is not None and live.scores.mean_dice == lung and not live.scores.classes[1].present
    assert list(table(made))[:2] == ["lung", "absent"] and table(made)["lung"][0] == f"{lung:.2f}"
    assert made.text("case_never_learnt").endswith("it has no score in them: heart")
    assert {region.value for region in made.tab.study.regions} == {1}
    codes = next(layer.labels[0] for layer in made.tab.scan.overlay.layers if layer.name == "errors")
    assert not codes[40:55, 50:70].any() and codes[10:30, 36:40].all()
    counted = made.tab._case_slice()
    assert counted is not None and counted.names == ("lung", "absent") and "heart" in counted.title
    assert counted.truth.max() == 1 == counted.predicted.max(), "the heart counts as background"
    assert counted.colors == (made.session.classes[0].color, made.session.classes[2].color)
    assert counted.counts[1, 1] == ((truth(1) == 1) & (said(1) == 1)).sum()
    made.close()


def test_a_class_that_is_taken_out_takes_its_predictions_and_leaves_the_others(qtbot: QtBot, program: Program) -> None:
    heart = program.session.classes[1]
    with qtbot.waitSignal(program.session.class_removal_ended, timeout=20000):
        program.session.remove_class(1)
    qtbot.waitUntil(lambda: not program.jobs.busy and program.session.predictions.live is not None, timeout=20000)
    assert program.session.classes[0].identity == heart.identity
    assert program.session.predictions.no_class == ["class 1"], "its bundle is no more than bytes"
    assert program.text("set_never_learnt") == "run 1 also knows class 1, which is no class any more."
    open_case(qtbot, program, "b")
    found = scores(confusion(truth(1), said(1), 3)).classes[1].dice
    assert table(program)["heart"][0] == f"{found:.2f}"


def test_a_region_is_framed_and_taken_and_taken_back(qtbot: QtBot, program: Program) -> None:
    open_case(qtbot, program, "c")
    assert program.titles() == ["lung · missed", "heart · too much"]
    assert program.regions.row_at(0).subtitle == "160\u202fpx"
    assert program.text("answered") == "0 of 2 answered"
    assert program.button("take_model_button").isEnabled(), "the first one is in hand"
    assert program.tab.scan.canvas._highlight is not None
    before = program.session.current.mask.labels.copy() if program.session.current.mask is not None else None
    with qtbot.waitSignal(program.tab.study.regions_changed):
        QTest.mouseClick(program.button("take_model_button"), Qt.MouseButton.LeftButton)
    assert program.session.current.mask is not None
    assert not program.session.current.mask.labels[0, 20, 35]
    assert program.text("answered") == "1 of 2 answered"
    assert program.titles() == ["heart · too much"]
    assert program.tab.differences.current is not None  # the next one is in hand
    assert program.cases.row(program.id("c")).dice == pytest.approx(
        expected("c")
    )  # of the mask before the model's help
    assert program.names()[0] == "c"
    qtbot.waitUntil(lambda: table(program)["lung"][1] == "0.0")
    with qtbot.waitSignal(program.tab.study.regions_changed):
        program.press("undo")
    np.testing.assert_array_equal(program.session.current.mask.labels, before)
    assert program.text("answered") == "0 of 2 answered"
    assert program.cases.row(program.id("c")).dice == pytest.approx(expected("c"))


def test_keeping_mine_answers_without_an_edit(qtbot: QtBot, program: Program) -> None:
    open_case(qtbot, program, "c")
    program.press("keep_mine")
    assert program.text("answered") == "1 of 2 answered"
    assert program.regions.row_at(0).answered
    assert program.session.current.history() == []
    current = program.tab.differences.current
    assert current is not None
    assert current.color == ERROR_COLORS[TOO_MUCH - 1]
    program.press("keep_mine")
    assert program.text("answered") == "2 of 2 answered"
    assert program.tab.differences.current is None


def test_a_locked_class_is_not_taken(qtbot: QtBot, program: Program) -> None:
    open_case(qtbot, program, "c")
    program.session.lock_classes(frozenset({1}))
    with qtbot.waitSignal(program.session.notification):
        program.press("take_model")
    assert program.session.current.history() == []


def test_approve_goes_to_the_next_to_do(qtbot: QtBot, program: Program) -> None:
    open_case(qtbot, program, "c")
    with qtbot.waitSignal(program.session.current.image_changed):
        QTest.keyClick(program.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert program.session.current.item is not None
    assert program.session.current.item.name == "b"
    assert program.cases.row(program.id("c")).state == "approved"
    assert program.cases.row(program.id("b")).state == "open"
    with qtbot.waitSignal(program.session.current.image_changed):
        program.press("approve")
    with qtbot.waitSignal(program.session.notification):
        program.press("approve")
    assert program.session.project is not None
    assert {i.name for i in program.session.project.items.all() if i.state == "done"} == {"a", "b", "c"}


def test_the_phases_of_a_series_are_one_row_and_each_is_reviewed(qtbot: QtBot, tmp_path: Path) -> None:
    path = write_project(tmp_path)
    with Project.open(path) as project:
        for number, name in enumerate("abc", start=1):
            part = SeriesPart("s", number, 3, f"phase {number} of 3")
            item = project.items.named(name)
            project.items.add(replace(item, id=0, name=f"heart {part.label}", split="val", part=part))
        names = [item.name for item in project.items.all("val")]
        run = project.runs.update(project.runs.add(TrainConfig(arch="unet")), "finished")
        run.bundle.write_bytes(b"stands for the weights")
        for number, name in enumerate(names):
            id = project.items.named(name).id
            project.layers.replace(project.layers.make(id), pack(truth(number)))
            project.layers.replace(project.layers.make(id, "prediction", run.id), pack(said(number)))
    made = Program(qtbot, path)
    made.button("review_set.val").click()
    qtbot.waitUntil(lambda: made.text("set_mean_dice") not in ("", "–") and not made.jobs.busy)
    (row,) = made.cases.rows()
    assert (row.name, row.subtitle) == ("heart", "phase 3 of 3 · 80 × 60"), "the worst stands for all"
    for name in (names[2], names[1], names[0]):
        qtbot.waitUntil(partial(is_open, made, name))
        made.press("approve")
    (row,) = made.cases.rows()
    assert row.state == "approved"
    made.close()


def test_flag_and_reject_can_be_taken_back(qtbot: QtBot, program: Program) -> None:
    open_case(qtbot, program, "c")
    QTest.mouseClick(program.button("flag_button"), Qt.MouseButton.LeftButton)
    assert program.cases.row(program.id("c")).state == "flagged"
    assert program.button("flag_button").isChecked()
    program.press("reject")
    assert program.cases.row(program.id("c")).state == "rejected"
    assert not program.button("flag_button").isChecked()
    program.press("reject")
    assert program.cases.row(program.id("c")).state == "open"


def test_a_rejection_asks_why_and_goes_on(qtbot: QtBot, program: Program) -> None:
    open_case(qtbot, program, "c")
    field = program.find(QLineEdit, "review.reason")
    assert field.isHidden()
    program.press("reject")
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClicks(field, "moved, 2 of 3")  # no command takes the digits
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert program.session.current.item is not None
    assert program.session.current.item.name == "b"
    assert program.tab.scan.canvas.hasFocus() and field.isHidden()
    assert program.session.project is not None
    assert program.session.project.items.named("c").comment == "moved, 2 of 3"
    assert program.cases.row(program.id("c")).reason == "moved, 2 of 3"
    place = program.cases.ids().index(program.id("c"))
    tip = program.cases.model().index(place, STATE).data(Qt.ItemDataRole.ToolTipRole)
    assert "rejected: moved, 2 of 3" in tip
    open_case(qtbot, program, "c")
    assert isinstance(field, QLineEdit)
    assert field.isVisible() and field.text() == "moved, 2 of 3"
    program.press("reject")
    assert field.isHidden()
    assert program.session.project.items.named("c").comment == ""


def test_a_reason_may_stay_empty_and_is_kept_when_the_case_is_left(qtbot: QtBot, program: Program) -> None:
    open_case(qtbot, program, "c")
    field = program.find(QLineEdit, "review.reason")
    program.press("flag")
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClick(field, Qt.Key.Key_Backspace, Qt.KeyboardModifier.ControlModifier)  # nothing to delete: rejects
    assert program.cases.row(program.id("c")).state == "rejected"
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert program.tab.scan.canvas.hasFocus()
    assert program.session.project is not None
    assert program.session.project.items.named("c").comment == ""
    field.setFocus()
    QTest.keyClicks(field, "late")
    program.session.current.open(program.id("a"))
    assert program.session.project.items.named("c").comment == "late"
    qtbot.waitUntil(lambda: program.session.current.image is not None)
    assert field.isHidden()


def test_predictions_that_arrive_together_are_shown_together(qtbot: QtBot, program: Program) -> None:
    drawn = []
    program.tab.cases.changed.connect(lambda: drawn.append(1))
    for name in ("a", "b", "c", "a", "b", "c"):
        program.trainings.runs.predicted.emit(program.trainings.runs.all()[0].id, program.id(name))
    assert not drawn
    qtbot.waitUntil(lambda: bool(drawn))
    assert len(drawn) == 1


def test_commands_are_for_the_tab_in_front(qtbot: QtBot, program: Program) -> None:
    open_case(qtbot, program, "c")
    program.window.show_tab("label")
    program.press("flag")
    assert program.session.current.item is not None
    assert program.session.current.item.state == "flagged"  # once, by the Label tab: twice would have taken it back


def test_strokes_of_another_tab_are_caught_up_with(qtbot: QtBot, program: Program) -> None:
    open_case(qtbot, program, "c")
    program.window.show_tab("label")
    mask = program.session.current.mask
    assert mask is not None
    stroke = mask.begin("Brush")
    stroke.paint_region("axial", 0, (10, 32), np.ones((20, 8), bool), 0)  # the reader agrees with the model
    program.session.current.stroke_done(stroke.end())
    program.window.show_tab("review")
    qtbot.waitUntil(lambda: program.tab.study.known and program.tab.study.count == 1)
    assert program.titles() == ["heart · too much"]
    assert program.cases.row(program.id("c")).dice == pytest.approx(program.session.predictions.live.scores.mean_dice)  # type: ignore[union-attr]


@pytest.mark.parametrize("gone", [False, True])
def test_a_correction_in_label_leaves_the_difference_in_hand(qtbot: QtBot, program: Program, gone: bool) -> None:
    """Where the stroke took it away no other region's frame is left on the scan."""
    open_case(qtbot, program, "c")
    QTest.keyClick(program.window, Qt.Key.Key_Period)
    assert program.tab.differences.title == "heart · too much"
    QTest.keyClick(program.window, Qt.Key.Key_E)
    mask = program.session.current.mask
    assert mask is not None
    stroke = mask.begin("Brush")
    if gone:
        stroke.paint_region("axial", 0, (0, 45), np.ones((12, 19), bool), 2)
        stroke.paint_region("axial", 0, (0, 45), ~said(2)[0, 0:12, 45:64].astype(bool), 0)
    else:
        stroke.paint_region("axial", 0, (40, 2), np.ones((3, 3), bool), 1)
    program.session.current.stroke_done(stroke.end())
    program.window.show_tab("review")
    count = 1 if gone else 3
    qtbot.waitUntil(lambda: program.tab.study.known and program.tab.study.count == count)
    assert program.tab.differences.title == ("lung · missed" if gone else "heart · too much")
    assert (program.tab.scan.canvas._highlight is None) == gone


def test_correct_goes_to_the_label_tab_on_the_same_item(qtbot: QtBot, program: Program) -> None:
    open_case(qtbot, program, "c")
    with qtbot.waitSignal(program.tab.place_asked) as asked:
        QTest.keyClick(program.window, Qt.Key.Key_E)
    assert asked.args == ["label", "axial", program.tab.scan.canvas.index]
    assert not program.tab.isVisible()
    assert program.session.current.item is not None
    assert program.session.current.item.name == "c"


def test_another_set_is_scored_when_it_is_chosen(qtbot: QtBot, program: Program) -> None:
    QTest.mouseClick(program.button("review_set.all"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: program.text("set_ground") == "against run 1, all items, n\u00a0=\u00a03")
    assert program.names() == ["c", "b", "a", "d"]  # without a number: last
    assert program.cases.row(program.id("d")).why == "Not predicted yet."
    assert program.button("predict_rest").text() == "Predict 1 more"
    assert not program.button("review_set.val").isEnabled()


def test_another_run_is_compared_on_the_set_and_the_masks_of_now(qtbot: QtBot, path: Path) -> None:
    for _ in range(2):
        write_run(path, NAMES)
    made = Program(qtbot, path)
    try:
        made.session.predictions.may_help = True
        qtbot.waitUntil(lambda: made.text("set_mean_dice") not in ("", "–") and not made.jobs.busy)
        runs = made.find(QComboBox, "review_other_run")
        assert isinstance(runs, QComboBox)
        runs.setCurrentIndex(1)
        runs.activated.emit(1)
        qtbot.waitUntil(lambda: "n = 3" in made.text("paired_difference"))
        QTest.mouseClick(made.button("review_set.all"), Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "n = 4" in made.text("paired_difference"))
        made.tab.cases._picked(made.id("d"))
        qtbot.waitUntil(lambda: is_open(made, "d"))
        made.press("use_prediction")
        qtbot.waitUntil(lambda: "n = 3" in made.text("paired_difference"))  # d was scored by the mask of before
        made.window.show_tab("label")
        made.window.show_tab("review")
        qtbot.waitUntil(lambda: "n = 4" in made.text("paired_difference"))
    finally:
        made.close()


def test_nothing_predicted_offers_to_predict(qtbot: QtBot, path: Path) -> None:
    write_run(path, names=())
    program = Program(qtbot, path)
    button = program.button("predict_this_set")
    assert button.isVisible()
    assert button.text() == "Predict the test set"
    assert not program.button("approve_button").isVisible()
    assert not program.cases.isVisible()
    program.close()


def test_without_a_run_the_way_leads_to_training(qtbot: QtBot, path: Path) -> None:
    program = Program(qtbot, path)
    button = program.button("review_no_run.tab_train")
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: program.window.context.commands.tab == "train", timeout=20_000)
    program.close()


def test_without_a_project(qtbot: QtBot) -> None:
    program = Program(qtbot, None)
    assert program.find(QWidget, "review_no_project").isVisible()
    program.close()


def test_read_only_projects_are_looked_at(qtbot: QtBot, path: Path) -> None:
    write_run(path)
    with Project.open(path):
        program = Program(qtbot, path)
        open_case(qtbot, program, "c")
        assert not program.session.writable
        assert not program.button("approve_button").isEnabled()
        assert "read only" in program.button("approve_button").toolTip()
        program.press("next_difference")
        assert not program.button("take_model_button").isEnabled()
        program.close()


def test_means_of_the_test_set_come_with_its_reading_and_single_cases_before(qtbot: QtBot, tmp_path: Path) -> None:
    path = write_project(tmp_path)
    write_run(path, NAMES, read=False)
    made = Program(qtbot, path)
    qtbot.waitUntil(lambda: not made.jobs.busy and bool(made.trainings.runs._scores))
    assert made.cases.ids() and all(row.dice is not None for row in made.cases.rows()), "single cases are seen"
    assert made.text("set_mean_dice") == "–" and "not read" in made.text("set_ground")
    assert not made.find(QWidget, "case_dots").isVisible() and not made.find(ScoreTable, "set_classes").isVisible()
    run = made.session.predictions.run
    assert run is not None and not (run.folder / "report-test.json").exists()
    everything = made.find(QPushButton, "review_set.all")
    QTest.mouseClick(everything, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: made.text("set_mean_dice") != "–" and not made.jobs.busy)
    alone = scores(confusion(truth(3), said(3), 3))
    assert made.text("set_mean_dice") == f"{alone.mean_dice:.3f}", "of the one training case"
    assert not (run.folder / "report-all.json").exists()
    QTest.mouseClick(made.find(QPushButton, "review_set.test"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(made.find(QPushButton, "review.read_test_set"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: made.text("set_mean_dice") != "–" and not made.jobs.busy)
    assert "read on" in made.text("review.read_test_set.text") and "n\u00a0=\u00a03" in made.text("set_ground")
    run = made.session.predictions.run
    assert run is not None and run.test_reading is not None and run.test_reading.n == 3
    assert (run.folder / "report-test.json").exists()
    made.close()


def test_a_run_that_did_better_is_offered_and_not_put_under_the_hand(qtbot: QtBot, tmp_path: Path) -> None:
    path = write_project(tmp_path)
    write_run(path)
    made = Program(qtbot, path)
    assert made.session.project is not None
    runs, used = made.session.project.runs, made.session.predictions.run
    better = runs.add(TrainConfig(arch="unet"), "better")
    better.bundle.write_bytes(b"others")
    better = runs.update(better, "finished", RunSummary(score=0.9))
    made.trainings._use_if_best(better, "better is trained.", "good")
    assert made.session.predictions.run == used
    strip = made.window.findChild(QPushButton, "strip.action")
    assert strip is not None and strip.isVisible() and strip.text() == "Use better"
    QTest.mouseClick(strip, Qt.MouseButton.LeftButton)
    assert made.session.predictions.run is not None and made.session.predictions.run.id == better.id
    made.close()


def test_the_slice_on_the_screen_is_counted_by_hand(qtbot: QtBot, program: Program) -> None:
    open_case(qtbot, program, "c")
    counted: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, DiceByHandDialog)
        counted.extend(text.text() for text in dialog.findChildren(Text, "dice_by_hand.counted"))
        counted.append(dialog.pictures.accessibleDescription() if dialog.pictures.isVisible() else "")
        dialog.reject()

    QTimer.singleShot(0, program.window, look)
    button = program.tab.findChild(QAbstractButton, "review.dice_by_hand")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    mine, model = truth(2), said(2)
    both, a, b = ((mine == 1) & (model == 1)).sum(), (model == 1).sum(), (mine == 1).sum()
    assert f"|A∩B| = {both}, |A| = {a}, |B| = {b} " in counted[0].splitlines()[0]
    shared = ((mine == model) & (mine > 0)).sum()
    alone = ((mine == 0) & (model > 0)).sum(), ((mine > 0) & (model == 0)).sum()
    assert counted[1] == f"A∩B: {shared}, A alone: {alone[0]}, B alone: {alone[1]}", "and coloured"


def test_a_key_that_can_do_nothing_says_why(qtbot: QtBot, program: Program) -> None:
    open_case(qtbot, program, "a")
    canvas, note = program.tab.scan.canvas, program.tab.note
    canvas.setFocus()
    for key, keys, why in (
        (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier, "There is nothing to undo."),
        (Qt.Key.Key_V, Qt.KeyboardModifier.NoModifier, ""),  # of another tab
    ):
        note.hide()
        QTest.keyClick(canvas, key, keys)
        assert (note.text() if note.isVisible() else "") == why
