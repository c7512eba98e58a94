"""The Classify tab on small chest films of nobody, with networks that were really trained, if only for seconds."""

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.services.jobs import Lane
from app.services.recipe import FILE
from app.shell import i18n, settings
from app.shell.context import AppContext
from app.tabs.classify.labels import next_unlabelled
from app.tabs.classify.runs import _network
from app.tabs.classify.study import SharedSettings, alike
from app.tabs.classify.tab import COMPARE, LABEL, TUNE, ClassifyTab
from app.tabs.tab import Tab
from engine.augment.presets import load_preset
from engine.catalog import rows
from engine.config import Split, TrainConfig
from engine.imaging.intensity import Intensity
from engine.labels.classes import LabelClass, parse_classes
from engine.learning.evaluate import evaluate_classes
from engine.phantom import CHEST_CLASSES, write_chests
from engine.progress import Progress, Work, result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from engine.project.runs import BUNDLE, Classified, Learnt, keep_learnt
from widgets import theme
from widgets.case_card import CaseCard
from widgets.figures import time_taken
from widgets.network_tables import FactTable
from widgets.qimages import to_qimage

Show = Callable[[str, Tab], None]
_LONG = 120_000  # ms: a busy machine is no fault
_LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with films and a project on them in three sets, in which LeNet-5 was trained and asked about all of them."""
    import torch

    from engine.learning.predict import predict_items
    from engine.learning.train import train

    folder = tmp_path_factory.mktemp("films")
    result_of(write_chests(folder / "films", films=24, side=48))
    with Project.create(folder / "chest.contorno", "classification", parse_classes(",".join(CHEST_CLASSES))) as project:
        result_of(import_images(project, ImportPlan((folder / "films",))))
        sets: tuple[Split, ...] = ("train", "train", "val", "test")
        project.items.set_splits({item.id: sets[place % 4] for place, item in enumerate(project.items.all())})
        config = TrainConfig(arch="lenet5", epochs=2, device="cpu", preset="none", batch=4)
        run = project.runs.add(config, "LeNet-5")
        torch.manual_seed(0)
        outcome = result_of(train(project.path, run.folder, config, run.name))
        run = project.runs.update(run, "finished", outcome.summary, outcome.config)
        for event in predict_items(project.path, run.name, [item.id for item in project.items.all()]):
            if isinstance(event, Classified):
                project.keep_prediction(run, event)
    return folder


@pytest.fixture
def films(made: Path, tmp_path: Path) -> Path:
    """A copy of that project that a test may change."""
    return shutil.copytree(made, tmp_path / "films") / "chest.contorno"


@pytest.fixture
def tab(qtbot: QtBot, context: AppContext, films: Path, show_tab: Show) -> ClassifyTab:
    context.session.open_project(films)
    tab = ClassifyTab(context)
    show_tab("classify", tab)
    qtbot.waitUntil(lambda: context.session.current.image is not None, timeout=_LONG)
    return tab


def idle(qtbot: QtBot, context: AppContext) -> None:
    qtbot.waitUntil(lambda: not context.jobs.busy and not context.trainings.training, timeout=_LONG)


def seen(part: QWidget, within: QWidget) -> QRect:
    """Where a visible part lies in what holds it."""
    assert part.isVisible()
    return QRect(part.mapTo(within, part.rect().topLeft()), part.size())


def said(tab: QWidget, name: str) -> str:
    label = tab.findChild(QLabel, name)
    assert label is not None
    return label.text()


# What is there before anything is trained


def test_a_project_of_masks_sees_what_belongs_here_and_the_lecture(
    qtbot: QtBot, context: AppContext, project: Path, show_tab: Show
) -> None:
    tab = ClassifyTab(context)
    show_tab("classify", tab)
    context.session.open_project(project)
    idle(qtbot, context)
    assert not tab.study.isVisible()
    button = tab.findChild(QPushButton, "classify.empty.new_project")
    assert button is not None
    assert button.isVisible()
    assert button.text() == "New classification project"
    with qtbot.waitSignal(context.commands["new_project"].triggered):
        QTest.mouseClick(button, _LEFT)
    table = tab.findChild(FactTable)
    assert table is not None
    assert table.isVisible()


def test_a_project_without_images_says_so_and_offers_to_add_some(
    qtbot: QtBot, context: AppContext, tmp_path: Path, show_tab: Show
) -> None:
    with Project.create(tmp_path / "none.contorno", "classification", parse_classes("ill,well")) as made:
        path = made.path
    context.session.open_project(path)
    tab = ClassifyTab(context)
    show_tab("classify", tab)
    canvas = tab.image.canvas
    (button,) = [each for each in canvas.findChildren(QPushButton) if each.isVisible()]
    assert canvas._empty == "This project has no images yet." and button.text().startswith("Add images")
    with qtbot.waitSignal(context.commands["import_images"].triggered):
        QTest.mouseClick(button, _LEFT)


def test_while_the_first_images_come_in_it_is_said(
    qtbot: QtBot, context: AppContext, made: Path, tmp_path: Path, show_tab: Show
) -> None:
    with Project.create(tmp_path / "none.contorno", "classification", parse_classes(",".join(CHEST_CLASSES))) as new:
        path = new.path
    context.session.open_project(path)
    tab, before = ClassifyTab(context), threading.Event()

    def held() -> Work[None]:
        yield Progress(0, 0)
        before.wait()

    context.jobs.start(context.session, Lane.STORING, "", held)  # the import waits behind it
    context.session.import_images(ImportPlan((made / "films",)))
    try:
        show_tab("classify", tab)
        said = "Images are being added. They are listed when all are in."
        assert context.session.importing and tab.image.canvas._empty == said
    finally:
        before.set()
    qtbot.waitUntil(lambda: not context.session.importing, timeout=_LONG)
    assert tab.items.list.ids() and tab.image.canvas._empty != said
    idle(qtbot, context)


def test_the_comparison_holds_the_lectures_facts(qtbot: QtBot) -> None:
    table = FactTable()
    qtbot.addWidget(table)
    model = table.model()
    facts = {model.headerData(row, Qt.Orientation.Vertical): row for row in range(model.rowCount())}
    thin = "\N{NARROW NO-BREAK SPACE}"
    assert table.text(facts["Parameters"], "lenet5") == f"61{thin}706"
    assert table.text(facts["Layers"], "vgg16") == "16"
    assert table.text(facts["Filters"], "alexnet") == "11×11, 5×5, 3×3"
    assert table.text(facts["Pooling"], "alexnet") == "max 3×3, stride 2"
    assert table.text(facts["Top-5 error"], "alexnet").startswith("16.4 % (contest entry of 2012")
    assert "six networks" in table.text(facts["Top-5 error"], "resnet152")
    assert table.text(facts["Top-5 error"], "resnet18") == "–"
    assert "Training here" not in facts, "nothing was trained yet"


def test_the_list_does_not_say_that_all_top5_errors_are_of_several_networks(tab: ClassifyTab) -> None:
    assert said(tab, "classify.note_on_errors") == (
        "Top-5 error on ImageNet, of one network or of several together: the comparison says which"
    )


def test_the_comparison_says_how_long_a_network_took_here_and_leaves_out_what_none_has(qtbot: QtBot) -> None:
    table = FactTable(rows("segmentation"), {"segnet": "2.5 s an epoch"})
    qtbot.addWidget(table)
    model = table.model()
    facts = {model.headerData(row, Qt.Orientation.Vertical): row for row in range(model.rowCount())}
    assert table.text(facts["Training here"], "segnet") == "2.5 s an epoch" and "Top-5 error" not in facts
    assert table.text(facts["Training here"], "unet") == "–" and table.text(facts["Year"], "unet") == "2015"
    tip = model.headerData(facts["Training here"], Qt.Orientation.Vertical, Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("Measured")


def test_a_study_says_why_it_cannot_begin(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    run = tab.findChild(QPushButton, "classify.run_study")
    assert run is not None
    tab.show_mode(COMPARE)
    assert run.isEnabled()
    items = context.session.items()
    context.session.assignments.set_splits({item.id: "" for item in items})
    assert not run.isEnabled()
    assert "no sets yet" in run.toolTip()
    context.session.assignments.set_labels({item.id: None for item in items})
    assert "No image has a class yet" in run.toolTip()
    assert "No image has a class yet" in said(tab, "classify.summary")
    idle(qtbot, context)


# Labelling


def test_digits_give_classes_and_go_to_the_next_image_without_one(
    qtbot: QtBot, context: AppContext, tab: ClassifyTab
) -> None:
    session = context.session
    ids = [item.id for item in session.items()]
    session.assignments.set_labels({ids[0]: None, ids[1]: None, ids[5]: None})
    tab.show_mode(LABEL)
    session.current.open(ids[0])

    def label() -> list[int | None]:
        return [session.items()[place].label for place in (0, 1, 5)]

    def seen() -> None:
        qtbot.waitUntil(lambda: session.current.image is not None)

    seen()
    QTest.keyClick(tab.image.canvas, Qt.Key.Key_2)
    assert label() == [1, None, None]
    assert session.current.item is not None
    assert session.current.item.id == ids[1]
    assert tab.image.canvas._image is None, "no picture of another image beneath this one's name"
    QTest.keyClick(tab.image.canvas, Qt.Key.Key_2)
    QTest.keyClick(tab.image.canvas, Qt.Key.Key_Backspace)
    assert label() == [1, None, None] and session.current.item.id == ids[1], "nobody has seen this image yet"
    assert not tab.image.bar.buttons[0].isEnabled()
    seen()
    QTest.keyClick(tab.image.canvas, Qt.Key.Key_3)  # there are two classes
    assert label() == [1, None, None]
    QTest.keyClick(tab.image.canvas, Qt.Key.Key_1)
    assert label() == [1, 0, None]
    assert session.current.item.id == ids[5]
    seen()
    left = tab.findChild(QLabel, "classify.left_to_label")
    assert left is not None and left.accessibleName().startswith("1 of 24")
    QTest.mouseClick(tab.image.bar.buttons[0], _LEFT)
    assert label() == [1, 0, 0]
    QTest.keyClick(tab.image.canvas, Qt.Key.Key_Backspace)
    assert label() == [1, 0, None]
    assert session.current.item.id == ids[5]
    idle(qtbot, context)


def test_class_names_are_whole_on_their_buttons(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    tab.show_mode(LABEL)
    tab.resize(1000, 700)
    longer = [LabelClass(name, "#E69F00") for name in ("Segmented neutrophil", "Lymphocyte", "Monocyte")]
    context.session.set_classes((*context.session.classes, *longer))
    tab.image.refresh()
    bar = tab.image.bar
    assert len(bar.buttons) == 3 + len(CHEST_CLASSES)
    qtbot.waitUntil(lambda: all(button.width() >= button.sizeHint().width() for button in bar.buttons))


def test_how_many_are_left_to_label_takes_no_room_from_a_narrow_window(context: AppContext, tab: ClassifyTab) -> None:
    ids = [item.id for item in context.session.items()]
    context.session.assignments.set_labels({ids[0]: None, ids[1]: None})
    tab.show_mode(LABEL)
    left = tab.findChild(QLabel, "classify.left_to_label")
    assert left is not None and left.accessibleName().startswith("2 of 24")
    words = left.fontMetrics().horizontalAdvance(left.accessibleName())
    foot = left.parentWidget()
    assert foot is not None
    others = [each.sizeHint().width() for each in foot.children() if isinstance(each, QWidget) and each is not left]
    assert foot.minimumSizeHint().width() < words + sum(others)


def test_a_project_to_read_only_keeps_its_labels(
    qtbot: QtBot, context: AppContext, films: Path, show_tab: Show
) -> None:
    with Project.open(films):  # somebody else writes
        context.session.open_project(films)
        tab = ClassifyTab(context)
        show_tab("classify", tab)
        tab.show_mode(LABEL)
        before = [item.label for item in context.session.items()]
        QTest.keyClick(tab.image.canvas, Qt.Key.Key_2)
        tab.image.label(1)
        assert [item.label for item in context.session.items()] == before
        idle(qtbot, context)


def show_what_has_no_class(context: AppContext, tab: ClassifyTab) -> list[int]:
    """Take the class of the fourth image, and list such alone; all images come back."""
    ids = [item.id for item in context.session.items()]
    context.session.assignments.set_labels({ids[3]: None})
    chip = tab.items.findChild(QPushButton, "classify.filter.none")
    assert chip is not None
    QTest.mouseClick(chip, _LEFT)
    return ids


def test_the_list_shows_the_images_of_one_class(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    tab.show_mode(LABEL)
    ids = show_what_has_no_class(context, tab)
    assert tab.items.list.ids() == [ids[3]]
    idle(qtbot, context)


def test_a_search_ends_with_its_project(
    qtbot: QtBot, context: AppContext, tab: ClassifyTab, films: Path, tmp_path: Path
) -> None:
    tab.show_mode(LABEL)
    ids = show_what_has_no_class(context, tab)
    tab.items.search.setText("nothing is called so")
    qtbot.waitUntil(lambda: not tab.items.list.ids())
    idle(qtbot, context)
    context.session.open_project(Path(shutil.copytree(films, tmp_path / "copy.contorno")))
    tab.show_mode(LABEL)
    assert tab.items.list.ids() == ids and not tab.items.search.text()
    idle(qtbot, context)


def test_the_images_of_one_class_stay_shown_when_another_is_gone(
    qtbot: QtBot, context: AppContext, tab: ClassifyTab
) -> None:
    tab.show_mode(LABEL)
    session = context.session
    session.set_classes([*session.classes, LabelClass("effusion", "#123456"), LabelClass("nodule", "#654321")])
    ids = [item.id for item in session.items()]
    session.assignments.set_labels(dict(zip(ids, [2, 3] * 12, strict=True)))
    chip = next(chip for chip in tab.items.findChildren(QPushButton) if chip.text().startswith("effusion"))
    QTest.mouseClick(chip, _LEFT)
    shown = tab.items.list.ids()
    assert shown == ids[::2]
    with qtbot.waitSignal(session.class_removal_ended):
        session.remove_class(1)
    assert tab.items.list.ids() == shown
    idle(qtbot, context)


# Scores


def test_find_item_goes_to_the_list_of_images(context: AppContext, tab: ClassifyTab) -> None:
    tab.show_mode("compare")
    context.commands["find_item"].trigger()
    assert tab.mode == "label" and tab.items.search.hasFocus()


def test_the_scores_are_those_of_the_engine_for_each_set(
    qtbot: QtBot, context: AppContext, films: Path, tab: ClassifyTab
) -> None:
    tab.show_mode(COMPARE)
    splits: tuple[Split, ...] = ("val", "test")
    for split in splits:
        segment = tab.findChild(QPushButton, f"classify.split.{split}")
        assert segment is not None
        QTest.mouseClick(segment, _LEFT)
        idle(qtbot, context)
        found = evaluate_classes(films, "LeNet-5", split)
        (row,) = tab.compare.board.rows()
        validation = evaluate_classes(films, "LeNet-5", "val")
        assert row.numbers == (validation.accuracy, validation.macro_f1, validation.auc), "the board does not flip"
        if split == "test":
            assert tab.compare.scores.answers is None
            button = tab.findChild(QPushButton, "classify.read_test_set")
            assert button is not None and button.isVisible()
            QTest.mouseClick(button, _LEFT)
            idle(qtbot, context)
            assert "read on" in said(tab, "classify.read_test_set.text") and not button.isVisible()
            (run,) = context.trainings.runs.all()
            assert run.test_reading is not None and run.test_reading.score == found.accuracy
        assert tab.compare.scores.matrix._counts == [list(counts) for counts in found.confusion]
        assert said(tab, "classify.ground") == f"{found.n} images"
    assert row.best
    assert row.state == "best · in use"
    assert len(row.curve) == 2


@pytest.fixture(params=["en", "es"])
def language(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[str]:
    theme.apply(qapp, "light")  # words and arrows need more room than without
    yield i18n.install(request.param)
    i18n.install("en")


def test_the_comparison_needs_no_scrolling_sideways_in_a_small_window(
    qtbot: QtBot, language: str, context: AppContext, films: Path, show_tab: Show
) -> None:
    context.session.open_project(films)
    tab = ClassifyTab(context)
    show_tab("classify", tab)
    tab.show_mode(COMPARE)
    idle(qtbot, context)
    window, board = tab.window(), tab.compare.board
    (middle,) = (each for each in tab.columns.findChildren(QScrollArea) if each.widget() is tab._middle.parentWidget())
    count = board.model().columnCount()
    names = [board.model().headerData(column, Qt.Orientation.Horizontal) for column in range(count)]
    window.resize(1000, 640)
    qtbot.waitUntil(lambda: tab.columns.width() <= 1000, timeout=_LONG)
    content = middle.widget()
    assert content is not None
    for opened in (False, True):
        if opened:
            tab.columns.toggle_drawer()
        qtbot.waitUntil(lambda opened=opened: tab.inside.isVisible() == opened, timeout=_LONG)  # type: ignore[misc]
        for part in (middle, board):
            qtbot.waitUntil(lambda part=part: part.horizontalScrollBar().maximum() == 0, timeout=_LONG)  # type: ignore[misc]
        assert board.columnWidth(1) >= 140, "the names have room"
        assert not board.isColumnHidden(names.index({"en": "Accuracy", "es": "Exactitud"}[language])), (
            "the accuracy stays"
        )
        for card in tab.compare.why.cards:
            qtbot.waitUntil(lambda card=card: seen(card, content).right() < middle.width(), timeout=_LONG)  # type: ignore[misc]
    assert board.isColumnHidden(3), f"what is least asked for went first: {names[3]}"
    window.resize(1600, 900)
    qtbot.waitUntil(lambda: not any(map(board.isColumnHidden, range(count))), timeout=_LONG)


def test_labelling_needs_no_scrolling_sideways_in_a_small_window(
    qtbot: QtBot, language: str, context: AppContext, films: Path, show_tab: Show
) -> None:
    context.session.open_project(films)
    tab = ClassifyTab(context)
    show_tab("classify", tab)
    tab.show_mode(LABEL)
    idle(qtbot, context)
    tab.window().resize(1000, 640)
    qtbot.waitUntil(lambda: tab.columns.width() <= 1000, timeout=_LONG)
    tab.columns.toggle_drawer()
    qtbot.waitUntil(tab.opinion.isVisible, timeout=_LONG)
    (middle,) = (each for each in tab.columns.findChildren(QScrollArea) if each.widget() is tab._middle.parentWidget())
    qtbot.waitUntil(lambda: middle.horizontalScrollBar().maximum() == 0, timeout=_LONG)
    assert tab.image.minimumSizeHint().width() <= 280, "a middle is given no less"
    for name in ("classify.unlabel", "classify.previous", "classify.next"):
        button = tab.findChild(QPushButton, name)
        assert button is not None
        qtbot.waitUntil(lambda button=button: button.width() >= button.minimumSizeHint().width(), timeout=_LONG)  # type: ignore[misc]
        assert seen(button, tab.image).right() < tab.image.width(), name


def test_the_board_says_which_network_a_run_is(
    qtbot: QtBot, context: AppContext, films: Path, tab: ClassifyTab
) -> None:
    tab.show_mode(COMPARE)
    idle(qtbot, context)
    (run,) = context.trainings.runs.all()
    (row,) = tab.compare.board.rows()
    assert row.name == "LeNet-5" and not row.network, "its name says it"
    assert _network(replace(run, name="run 1")) == "LeNet-5"
    assert not _network(replace(run, name="study 1.2 · LeNet-5"))
    modern = replace(run, config=replace(run.config, arch="vgg16-bn"), summary=replace(run.summary, arch="vgg16-bn"))
    assert not _network(replace(modern, name="study 1.2 · VGG-16 BN")) and _network(modern) == "VGG-16 BN"
    model = tab.compare.board.model()
    row_of = {
        model.headerData(at, Qt.Orientation.Horizontal): model.index(0, at).data() for at in range(model.columnCount())
    }
    assert row_of["Time"] == time_taken(run.summary.seconds)


def test_a_network_that_was_not_asked_about_the_set_is_asked_by_a_button(
    qtbot: QtBot, context: AppContext, tab: ClassifyTab
) -> None:
    tab.show_mode(COMPARE)
    idle(qtbot, context)
    ask = tab.findChild(QPushButton, "classify.predict_set")
    assert ask is not None and not ask.isVisible(), "it was asked"
    (run,) = context.trainings.runs.all()
    assert context.session.project is not None
    context.session.project.runs.forget_predictions(run)
    tab.compare.shown("val")
    assert said(tab, "classify.nothing") == f"{run.name} has not been asked about this set yet."
    assert ask.isVisible() and ask.isEnabled()
    QTest.mouseClick(ask, _LEFT)
    assert said(tab, "classify.nothing") == f"{run.name} is being asked about the images of this set."
    assert not ask.isVisible()
    idle(qtbot, context)
    assert tab.compare.scores.matrix.isVisible() and not ask.isVisible() and not said(tab, "classify.nothing")
    asked = context.session.project.runs.probabilities(run)
    assert set(asked) == {item.id for item in context.session.items() if item.split == "val"}


def test_a_threshold_trades_misses_for_false_alarms(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    tab.show_mode(COMPARE)
    idle(qtbot, context)
    scores = tab.compare.scores
    scores.slider.set_value(0.0)
    scores.slider.changed.emit(0.0)
    (alarms, found) = scores.matrix._counts
    assert (alarms[0], found[0]) == (0, 0)
    assert (said(tab, "classify.sensitivity"), said(tab, "classify.specificity")) == ("100.0\u202f%", "0.0\u202f%")
    scores.slider.changed.emit(1.0)
    assert said(tab, "classify.sensitivity") == "0.0\u202f%"
    assert said(tab, "classify.ppv") == "–"  # nothing is called positive, so there is no such share


def test_answers_that_are_no_numbers_are_said(qtbot: QtBot, context: AppContext, films: Path, tab: ClassifyTab) -> None:
    tab.show_mode(COMPARE)
    idle(qtbot, context)
    answers = tab.compare.scores.answers
    assert answers is not None and said(tab, "classify.nothing") == ""
    shares = answers.probabilities.copy()
    shares[0] = np.nan
    tab.compare.scores.show_answers(replace(answers, probabilities=shares))
    assert said(tab, "classify.nothing").startswith("1 answer is no number")
    assert sum(map(sum, tab.compare.scores.matrix._counts)) == len(shares) - 1


def test_a_network_that_answers_with_no_numbers_is_said_and_scored(
    qtbot: QtBot, context: AppContext, films: Path, tab: ClassifyTab
) -> None:
    from engine.learning import bundle

    tab.show_mode(COMPARE)
    idle(qtbot, context)
    run, project = tab.compare.run, context.session.project
    assert run is not None and project is not None
    card, weights = bundle.load(run.bundle)
    weights["output.weight"].fill_(3e38)
    weights["f6.bias"].fill_(100.0)  # their sums are no numbers, whatever was learnt
    run.bundle.unlink()
    bundle.save(run.bundle, card, weights)
    project.runs.forget_predictions(run)
    tab.compare.shown("val")
    told: list[str] = []
    context.trainings.runs.noticed.connect(lambda notice: told.append(notice.text))
    tab.compare.predict_set()
    idle(qtbot, context)
    count = sum(item.split == "val" for item in context.session.items())
    assert [text.partition(",")[0] for text in told] == [
        f"The network's answers to {count} images are no numbers (NaN or infinite)"
    ]
    assert said(tab, "classify.nothing").startswith(f"{count} answers are no numbers")


def test_a_class_that_comes_after_the_training_leaves_the_scores(
    qtbot: QtBot, context: AppContext, tab: ClassifyTab
) -> None:
    tab.show_mode(COMPARE)
    idle(qtbot, context)
    before = tab.compare.scores.matrix._counts
    classes = context.session.classes
    context.session.set_classes([*classes, LabelClass("odd", "#ffffff")])
    idle(qtbot, context)
    matrix = tab.compare.scores.matrix
    assert matrix.isVisible() and matrix._counts == before, "nobody taught it that class"
    assert said(tab, "classify.nothing") == "Not learnt, so left out: odd"
    tab.show_mode(LABEL)
    idle(qtbot, context)
    assert said(tab, "classify.verdict").split()[0] in CHEST_CLASSES


def test_images_that_the_run_learnt_from_before_the_sets_were_changed_are_said(
    qtbot: QtBot, context: AppContext, tab: ClassifyTab
) -> None:
    tab.show_mode(COMPARE)
    idle(qtbot, context)
    run = tab.compare.run
    assert run is not None and said(tab, "classify.nothing") == ""
    keep_learnt(run.folder, Learnt(frozenset([item.id for item in context.session.items() if item.split == "val"][:1])))
    tab.compare.shown("val")
    idle(qtbot, context)
    text = "1 of these items was learnt from, before the sets were changed: its scores are too high."
    assert said(tab, "classify.nothing") == text


def test_a_class_that_goes_leaves_the_answers_what_they_meant(
    qtbot: QtBot, context: AppContext, tab: ClassifyTab
) -> None:
    session = context.session
    assert session.project is not None
    session.set_classes([*session.classes, LabelClass("late", "#ffffff")])
    (run,) = context.trainings.runs.all()
    first, second = CHEST_CLASSES
    items = [item for item in session.items() if item.split == "val"]
    for item in items:
        share = 0.9 if item.label == 1 else 0.2
        session.project.runs.set_probabilities(run, item.id, np.array([1 - share, share], np.float32))
    with qtbot.waitSignal(session.class_removal_ended, timeout=_LONG):
        session.remove_class(1, 3)
    assert [one.name for one in session.classes] == [second, "late"] and not session.assignments.undo_labels()
    tab.show_mode(COMPARE)
    idle(qtbot, context)
    answers = tab.compare.scores.answers
    assert answers is not None and answers.names == (second,) and answers.gone == (first,)
    assert answers.scores.accuracy == 1.0
    text = said(tab, "classify.nothing")
    assert f"{run.name} also knows {first}, which is no class any more." in text
    assert "Not learnt, so left out: late" in text
    tab.show_mode(LABEL)
    session.current.open(next(item.id for item in items if item.label == 0))
    idle(qtbot, context)
    assert said(tab, "classify.verdict") == f"{first} 0.80, which is no class any more"


def test_a_cell_lists_its_images_and_a_click_opens_one(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    tab.show_mode(COMPARE)
    idle(qtbot, context)
    assert context.session.project is not None
    (run,) = context.trainings.runs.all()
    shares = context.session.project.runs.probabilities(run)
    items = [item for item in context.session.items() if item.split == "val"]
    matrix = tab.compare.scores.matrix
    truth, guess = next((t, g) for t in (0, 1) for g in (0, 1) if matrix._counts[t][g])
    QTest.mouseClick(matrix, _LEFT, pos=matrix._area(truth, guess).center().toPoint())
    wanted = {i.id for i in items if i.label == truth and int(shares[i.id].argmax()) == guess}
    listed = tab.compare.cell.ids()
    assert set(listed) == wanted
    assert len(listed) == len(wanted)
    view = tab.compare.cell.list
    qtbot.waitUntil(lambda: view.visualRect(view.model().index(0, 0)).width() > 20)
    QTest.mouseClick(view.viewport(), _LEFT, pos=view.visualRect(view.model().index(0, 0)).center())
    assert context.session.current.item is not None
    assert context.session.current.item.id == listed[0]
    assert tab.mode == LABEL
    idle(qtbot, context)


# Why


def test_four_cases_show_where_the_network_looked(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    tab.show_mode(COMPARE)
    cards = tab.compare.why.cards
    qtbot.waitUntil(lambda: all(card.case is not None for card in cards), timeout=_LONG)
    for card in cards:
        assert card.case is not None
        assert (card.picture() != to_qimage(card.case.plain)) == (card.case.heat.max() > 0)
        item = next(item for item in context.session.items() if item.id == card.case.item)
        assert item.split == "test"
        assert (card.case.kind == "wrong") <= (card.case.said != item.label)
        assert (card.case.kind == "right") <= (card.case.said == item.label)
    assert len({card.case.item for card in cards if card.case is not None}) == 4
    warm = [card for card in cards if card.case is not None and card.case.heat.max() > 0]
    assert warm  # of a network of two epochs a case may have nothing that speaks for it, but not every one
    before = warm[0].picture()
    tab.compare.why.opacity.set_value(0.0)
    tab.compare.why.opacity.changed.emit(0.0)
    assert warm[0].picture() != before
    idle(qtbot, context)


def test_cases_follow_another_class_of_their_images(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    session, cards = context.session, tab.compare.why.cards

    def as_labelled() -> bool:
        labels = {item.id: item.label for item in session.items()}
        shown = [card.case for card in cards if card.case is not None]
        return len(shown) == len(cards) and all(case.truth == labels[case.item] for case in shown)

    tab.show_mode(COMPARE)
    qtbot.waitUntil(as_labelled, timeout=_LONG)
    idle(qtbot, context)
    case = cards[0].case
    assert case is not None and case.truth is not None
    session.assignments.set_labels({case.item: 1 - case.truth})
    qtbot.waitUntil(as_labelled, timeout=_LONG)
    idle(qtbot, context)
    session.assignments.undo_labels()
    qtbot.waitUntil(as_labelled, timeout=_LONG)
    idle(qtbot, context)


def test_cases_follow_what_comes_into_the_test_set_and_goes_out(
    qtbot: QtBot, context: AppContext, tab: ClassifyTab
) -> None:
    session, cards = context.session, tab.compare.why.cards

    def shown() -> set[int]:
        return {card.case.item for card in cards if card.case is not None}

    def of(split: str) -> set[int]:
        return {item.id for item in session.items() if item.split == split}

    tab.show_mode(COMPARE)
    qtbot.waitUntil(lambda: len(shown()) == len(cards), timeout=_LONG)
    idle(qtbot, context)
    first = shown()
    assert first <= of("test")
    session.assignments.set_splits(dict.fromkeys(first, "train"))
    session.assignments.set_splits(
        dict.fromkeys(of("val"), "test")
    )  # before the first are explained: they are asked about once more
    qtbot.waitUntil(lambda: len(shown()) == len(cards) and not context.jobs.busy, timeout=_LONG)
    assert shown() <= of("test") and not shown() & first
    session.assignments.undo()
    session.assignments.undo()
    qtbot.waitUntil(lambda: shown() == first, timeout=_LONG)
    idle(qtbot, context)


def test_an_image_that_no_case_is_chosen_from_asks_for_nothing(
    qtbot: QtBot, context: AppContext, tab: ClassifyTab
) -> None:
    tab.show_mode(COMPARE)
    cards = tab.compare.why.cards
    qtbot.waitUntil(lambda: all(card.case is not None for card in cards), timeout=_LONG)
    idle(qtbot, context)
    before = [card.case for card in cards]
    train = next(item.id for item in context.session.items() if item.split == "train")
    context.session.assignments.set_splits({train: "val"})
    idle(qtbot, context)
    assert [card.case for card in cards] == before


def test_a_case_opens_large_with_its_heat(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    tab.show_mode(COMPARE)
    cards = tab.compare.why.cards
    qtbot.waitUntil(lambda: all(card.case is not None for card in cards), timeout=_LONG)
    card: CaseCard = max(cards, key=lambda card: float(card.case.heat.max()) if card.case is not None else 0.0)
    assert card.case is not None
    wanted = card.case.item
    QTest.mouseClick(card, _LEFT)
    assert tab.mode == LABEL
    qtbot.waitUntil(
        lambda: context.session.current.item is not None and context.session.current.item.id == wanted, timeout=_LONG
    )
    qtbot.waitUntil(lambda: context.session.current.image is not None, timeout=_LONG)
    idle(qtbot, context)
    warm = tab.image.canvas.grab().toImage()
    tab.opinion.where.setChecked(False)
    assert tab.image.canvas.grab().toImage() != warm
    assert said(tab, "classify.verdict").split()[0] in CHEST_CLASSES


def test_another_image_is_explained_when_it_is_opened(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    tab.show_mode(LABEL)
    plain = tab.image.canvas.grab().toImage()
    assert context.session.current.item is not None
    wanted = context.session.current.item.id
    asked = context.trainings.runs.explained
    with qtbot.waitSignal(
        asked, timeout=_LONG, check_params_cb=lambda case: case.item == wanted and not case.kind
    ) as explained:
        tab.opinion.where.setChecked(True)
    assert explained.args is not None
    assert (tab.image.canvas.grab().toImage() != plain) == (explained.args[0].heat.max() > 0)
    idle(qtbot, context)


@pytest.mark.parametrize("mode", [LABEL, COMPARE])
def test_a_network_that_could_not_be_asked_says_why_and_is_asked_once_more(
    qtbot: QtBot, context: AppContext, films: Path, mode: str, request: pytest.FixtureRequest
) -> None:
    bundle = films / "runs" / "1" / BUNDLE
    network = bundle.read_bytes()
    bundle.write_bytes(b"damaged")  # before the tab is there, which asks at once
    tab: ClassifyTab = request.getfixturevalue("tab")

    def told() -> str:
        label = tab.findChild(QLabel, "classify.looked" if mode == LABEL else "classify.why_said")
        assert label is not None
        return label.text() if mode == LABEL else label.accessibleName()  # in a row it is cut

    tab.show_mode(mode)
    if mode == LABEL:
        tab.opinion.where.setChecked(True)
    idle(qtbot, context)
    assert told() and "is being asked" not in told()
    bundle.write_bytes(network)
    tab.show_mode(TUNE)
    tab.show_mode(mode)
    assert "is being asked" in told()
    qtbot.waitUntil(lambda: "is being asked" not in told(), timeout=_LONG)
    idle(qtbot, context)
    if mode == COMPARE:
        assert all(card.case is not None for card in tab.compare.why.cards)


def test_a_map_is_held_against_those_of_shuffled_weights(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    tab.show_mode(COMPARE)
    cards = tab.compare.why.cards
    qtbot.waitUntil(lambda: all(card.case is not None for card in cards), timeout=_LONG)
    card: CaseCard = max(cards, key=lambda card: float(card.case.heat.max()) if card.case is not None else 0.0)
    QTest.mouseClick(card, _LEFT)
    idle(qtbot, context)
    trusted = tab.findChild(QPushButton, "classify.check_map")
    assert trusted is not None
    assert trusted.isVisible()
    QTest.mouseClick(trusted, _LEFT)
    qtbot.waitUntil(lambda: "shuffled weights" in tab.opinion._state.text(), timeout=_LONG)
    assert trusted.isHidden()


def test_one_press_brings_the_cases_of_the_best_network(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    tab.show_mode(COMPARE)
    why, best = tab.compare.why, context.trainings.runs.all()[0]
    qtbot.waitUntil(lambda: all(card.case is not None for card in why.cards), timeout=_LONG)
    project = context.session.project
    assert project is not None
    worse = project.runs.add(best.config, "worse")
    context.trainings.runs.changed.emit()
    tab.compare.board.set_current(worse.id)
    tab.compare.board.picked.emit(worse)
    assert tab.compare.run == worse and why.cards[0].case is None
    QTest.mouseClick(why.best, _LEFT)
    assert tab.compare.run == best and tab.compare.board.current() == best
    kinds = {card.case.kind for card in why.cards if card.case is not None}
    assert len(why.cards) == 4 and kinds and kinds <= {"right", "wrong", "unsure"}


# How the network is built


def test_networks_are_looked_into_one_after_another(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    inside = tab.inside
    inside.show_network("lenet5")
    idle(qtbot, context)
    inside.show_network("mlp")
    inside.show_network("lenet5")  # known already: nobody waits for the other one
    idle(qtbot, context)
    qtbot.wait(0)  # what has ended is deleted
    inside.show_network("alexnet")
    idle(qtbot, context)
    assert inside._anatomy is not None and inside._anatomy.arch == "alexnet"


def dense(tab: ClassifyTab) -> list[int]:
    """The units of the fully connected layers that are drawn."""
    anatomy = tab.inside._anatomy
    return [stage.output[0] for stage in anatomy.stages if stage.kind == "dense"] if anatomy is not None else []


def test_a_network_is_drawn_with_the_settings_of_its_own(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    tab.show_mode(COMPARE)
    tab.study.networks.set_current("mlp")
    tab.study.networks.picked.emit("mlp")
    qtbot.waitUntil(lambda: dense(tab) == [512, 256, 2], timeout=_LONG)
    head = tab.findChild(QAbstractButton, "classify.own.head")
    assert head is not None
    if not head.isChecked():
        head.click()
    hidden = tab.findChild(QLineEdit, "classify.own_form.hidden")
    assert hidden is not None
    hidden.setFocus()
    hidden.selectAll()
    QTest.keyClicks(hidden, "64,")  # two layers are begun
    qtbot.waitUntil(lambda: dense(tab) == [64, 2], timeout=_LONG)
    QTest.keyClicks(hidden, "32")
    qtbot.waitUntil(lambda: dense(tab) == [64, 32, 2], timeout=_LONG)
    size = tab.findChild(QSpinBox, "classify.learning_form.size")
    assert size is not None and tab.inside._anatomy is not None
    assert tab.inside._anatomy.stages[0].output == (1, 48, 48)
    size.setValue(24)
    qtbot.waitUntil(lambda: tab.inside._anatomy is not None and tab.inside._anatomy.stages[0].output[1] == 24)
    idle(qtbot, context)


@pytest.mark.parametrize(
    ("arch", "options", "weights"),
    [
        ("mlp", {"hidden": "64"}, 65_730),
        ("plain20", {"activation": "sigmoid", "batch_norm": False}, 268_226),
        ("alexnet", {"units": 64}, 3_048_386),
    ],
)
def test_a_run_is_drawn_as_its_card_says(
    qtbot: QtBot,
    context: AppContext,
    tab: ClassifyTab,
    arch: str,
    options: dict[str, bool | int | float | str],
    weights: int,
) -> None:
    from engine.learning import bundle
    from engine.learning.bundle import ModelCard

    project = context.session.project
    assert project is not None
    side = 64 if arch == "alexnet" else 32
    card = ModelCard(
        "classification",
        arch,
        "",
        1,
        tuple((name, "") for name in CHEST_CLASSES),
        Intensity("bytes"),
        side,
        options=options,
    )
    run = project.runs.add(TrainConfig(arch=arch), "other")
    net = bundle.build(card)
    bundle.save(run.bundle, card, net.state_dict())
    tab.inside.show_network(arch, project.runs.update(run, "finished"))
    idle(qtbot, context)
    anatomy = tab.inside._anatomy
    assert anatomy is not None and anatomy.options == options
    assert anatomy.stages[0].output == (1, side, side)
    assert anatomy.network.parameters == weights


def test_what_is_explained_of_a_closed_project_is_not_told(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    told: list[object] = []
    context.trainings.runs.explained.connect(told.append)
    context.trainings.runs.explain(context.trainings.runs.all()[0], [1])
    job = context.jobs.running(Lane.LEARNING)
    assert job is not None and job.wait(_LONG / 1000)  # it is explained, but nobody has heard of it
    context.session.close_project()
    idle(qtbot, context)
    assert not told


def test_the_curve_of_a_run_comes_from_its_folder(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    tab.show_mode(COMPARE)
    qtbot.waitUntil(lambda: len(tab.compare.board.rows()[0].curve) == 2, timeout=_LONG)  # it trained two epochs
    idle(qtbot, context)


def test_the_board_asks_before_a_run_goes(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    tab.show_mode(COMPARE)
    board = tab.compare.board
    board.set_current(context.trainings.runs.all()[0].id)
    for answer, left in (("remove_run_no", 1), ("remove_run_yes", 0)):
        board._remove()
        box = board.findChild(QMessageBox, "remove_run_question")
        assert (
            box is not None and "keep their classes" in box.informativeText() and len(context.trainings.runs.all()) == 1
        )
        button = box.findChild(QAbstractButton, answer)
        assert button is not None
        QTest.mouseClick(button, _LEFT)
        qtbot.waitUntil(lambda: board.findChild(QMessageBox, "remove_run_question") is None)
        assert len(context.trainings.runs.all()) == left
    idle(qtbot, context)


def test_the_arithmetic_of_the_lecture(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    tab.show_mode(COMPARE)
    qtbot.waitUntil(lambda: said(tab, "classify.sum") != "", timeout=_LONG)
    assert said(tab, "classify.sum") == "(32 − 5)/1 + 1 = 28"
    drawing = tab.inside.drawing
    QTest.mouseClick(drawing, _LEFT, pos=drawing.area_of(2).center().toPoint())
    assert said(tab, "classify.sum") == "(28 − 2)/2 + 1 = 14"
    QTest.keyClick(drawing, Qt.Key.Key_Down)
    assert said(tab, "classify.sum") == "(14 − 5)/1 + 1 = 10"
    tab.study.networks.set_current("resnet18")
    tab.study.networks.picked.emit("resnet18")
    qtbot.waitUntil(lambda: said(tab, "classify.sum") == "⌊(64 − 7 + 2·3)/2⌋ + 1 = 32", timeout=_LONG)
    idle(qtbot, context)


# The study


def test_a_study_trains_what_is_ticked_and_nothing_twice(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    tab.show_mode(COMPARE)
    networks = tab.study.networks
    networks.set_ticked(())
    for arch in ("mlp", "lenet5"):
        QTest.mouseClick(networks.viewport(), _LEFT, pos=networks.tick_box(arch).center())
    assert networks.ticked() == ("mlp", "lenet5")
    time = tab.findChild(QComboBox, "classify.minutes")
    assert time is not None
    time.setCurrentIndex(0)
    time.activated.emit(0)
    run = tab.findChild(QPushButton, "classify.run_study")
    assert run is not None
    assert said(tab, "classify.summary").startswith("0 done or running · 2 to add")  # the run there had no augmentation
    QTest.mouseClick(run, _LEFT)
    assert context.trainings.training
    assert not run.isEnabled()
    assert [row.name for row in tab.compare.board.rows()] == ["LeNet-5", "MLP", "LeNet-5 2"]
    qtbot.waitUntil(lambda: len(context.trainings.runs.all()) == 3, timeout=_LONG)
    idle(qtbot, context)
    qtbot.waitUntil(lambda: all(row.numbers[0] is not None for row in tab.compare.board.rows()), timeout=_LONG)
    assert {row.name for row in tab.compare.board.rows()} == {"LeNet-5", "MLP", "LeNet-5 2"}
    assert all(run.state == "finished" for run in context.trainings.runs.all())
    assert sum(row.best for row in tab.compare.board.rows()) == 1
    assert said(tab, "classify.summary").startswith("2 done or running · 0 to add") and not run.isEnabled()
    place = next(at for at, row in enumerate(tab.compare.board.rows()) if row.name == "MLP")
    tab.compare.board.setCurrentIndex(tab.compare.board.model().index(place, 1))
    qtbot.waitUntil(lambda: tab.compare.why.cards[0].case is not None, timeout=_LONG)
    case = tab.compare.why.cards[0].case
    assert case is not None
    mlp = next(run.id for run in context.trainings.runs.all() if run.name == "MLP")
    assert (case.run, case.method) == (mlp, "saliency")  # it has no maps for Grad-CAM
    idle(qtbot, context)


def test_a_network_that_cannot_begin_does_not_hold_up_the_rest(
    qtbot: QtBot, context: AppContext, tab: ClassifyTab
) -> None:
    trial = SharedSettings(minutes=0)
    for arch, name in (("mlp", "first"), ("lenet5", "LeNet-5"), ("mlp", "last")):  # a run LeNet-5 is there already
        context.trainings.start(trial.config(arch, frozenset()), name)
    with qtbot.waitSignal(context.session.failed, timeout=_LONG):
        pass
    idle(qtbot, context)
    assert [run.name for run in context.trainings.runs.all()] == ["LeNet-5", "first", "last"]


def test_settings_are_alike_whatever_auto_filled_in() -> None:
    wanted = SharedSettings(minutes=5, imagenet=True).config("resnet18", frozenset({"vgg16"}))
    assert wanted.weights == "none"  # since those of ResNet-18 are not here
    assert SharedSettings(imagenet=True).config("vgg16", frozenset({"vgg16"})).weights == "imagenet"
    filled = TrainConfig(
        arch="resnet18", minutes=5, weights="none", preset="classification", batch=32, rate=0.001, sides="keep"
    )
    assert alike(wanted, filled)
    assert not alike(replace(wanted, sides="swap"), filled)
    assert not alike(wanted, TrainConfig(arch="resnet18", weights="none", minutes=10))
    assert not alike(wanted, TrainConfig(arch="resnet18", weights="none", minutes=5, balance=False))
    trial = SharedSettings(minutes=0).config("mlp", frozenset())
    assert (trial.minutes, trial.epochs) == (0, 2)
    assert not alike(trial, TrainConfig(arch="mlp", weights="none", minutes=2))


def test_the_augmentation_of_the_augment_tab_is_that_of_the_study(
    qtbot: QtBot, context: AppContext, tab: ClassifyTab, films: Path
) -> None:
    tab.show_mode(COMPARE)
    combo = tab.findChild(QComboBox, "classify.preset")
    assert combo is not None and combo.currentData() == "films" and combo.findData(FILE) < 0
    context.trainings.recipe.use_augmentation(replace(load_preset("standard"), fill="constant"))
    assert combo.currentData() == FILE and combo.currentText() == "As set in Augment"
    tab.study.networks.set_ticked(("mlp",))
    context.commands["run_study"].trigger()
    run = context.trainings.run
    assert run is not None and run.config.preset == str(films / FILE)
    context.trainings.stop()
    idle(qtbot, context)
    combo.setCurrentIndex(combo.findData("none"))
    combo.activated.emit(combo.currentIndex())
    assert context.trainings.recipe.ready().preset == "none" and combo.findData(FILE) >= 0
    (films / FILE).rename(films / "kept.json")
    context.session.close_project()
    context.session.open_project(films)
    assert combo.currentData() == "none" and combo.findData(FILE) < 0


def test_choices_are_remembered(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    tab.show_mode(COMPARE)
    networks = tab.study.networks
    QTest.mouseClick(networks.viewport(), _LEFT, pos=networks.tick_box("vgg16").center())
    assert "vgg16" in settings.ui_state("classify.ticked").split(",")
    again = ClassifyTab(context)
    qtbot.addWidget(again)
    assert again.study.networks.ticked() == networks.ticked()
    assert again.mode == COMPARE
    idle(qtbot, context)


def test_every_part_that_is_used_can_be_heard(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    idle(qtbot, context)
    for mode in (LABEL, COMPARE):
        tab.show_mode(mode)
        for widget in tab.findChildren(QWidget):
            if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                inner = widget.objectName().startswith("qt_") or not widget.objectName()
                assert inner or widget.accessibleName(), widget.objectName()
    idle(qtbot, context)


def test_the_next_image_without_a_class_is_the_one_behind_then_the_first(context: AppContext, films: Path) -> None:
    context.session.open_project(films)
    ids = [item.id for item in context.session.items()]
    assert next_unlabelled(context.session.items(), ids[3]) is None
    context.session.assignments.set_labels({ids[1]: None, ids[4]: None, ids[6]: None})
    items = context.session.items()
    assert next_unlabelled(items, ids[3]) == ids[4]
    assert next_unlabelled(items, ids[4]) == ids[6]
    assert next_unlabelled(items, ids[6]) == ids[1]
    assert next_unlabelled(items, ids[1]) == ids[4]


def test_maps_stay_with_their_run_whatever_runs_are_called(qtbot: QtBot, context: AppContext, tab: ClassifyTab) -> None:
    """Keyed by names, the maps of one run were shown for another that took its name."""
    tab.show_mode(COMPARE)
    first = context.trainings.runs.all()[0]
    board, cards = tab.compare.board, tab.compare.why.cards
    qtbot.waitUntil(lambda: cards[0].case is not None and cards[0].case.run == first.id, timeout=_LONG)
    idle(qtbot, context)
    project = context.session.project
    assert project is not None
    second = project.runs.add(first.config, "second")
    shutil.copytree(first.folder, second.folder, dirs_exist_ok=True)
    second = project.runs.update(second, "finished", first.summary)
    for item, said in project.runs.probabilities(first).items():
        project.runs.set_probabilities(second, item, said)
    context.trainings.runs.rename(first, "other")
    context.trainings.runs.rename(second, first.name)
    board.set_current(second.id)
    board.picked.emit(project.runs.get(second.id))
    qtbot.waitUntil(lambda: cards[0].case is not None and cards[0].case.run == second.id, timeout=_LONG)
    idle(qtbot, context)
    found = {card.case.run for card in cards if card.case is not None}
    assert found == {second.id}


def test_every_network_is_asked_about_the_same_cases(films: Path) -> None:
    from engine.learning.explaining import Explained, explain_items

    with Project.open(films) as project:
        first = project.runs.all()[0]
        second = project.runs.add(first.config, "second")
        shutil.copytree(first.folder, second.folder, dirs_exist_ok=True)
        second = project.runs.update(second, "finished", first.summary)
        for item, said in project.runs.probabilities(first).items():
            project.runs.set_probabilities(
                second, item, said[::-1] if item % 3 else said
            )  # other cases would tell more
    asked = [
        [case.item for case in explain_items(films, run.id, None) if isinstance(case, Explained)]
        for run in (first, second)
    ]
    assert len(asked[0]) == 4 and asked[0] == asked[1]
