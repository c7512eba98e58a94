"""What speaks for a class at a place, asked in Review of a U-Net whose weights are set by hand."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from app.shell import settings
from app.shell.window import MainWindow
from app.tabs.review.explain import _sampled
from app.tabs.review.tab import ReviewTab
from engine.config import TrainConfig
from engine.imaging.intensity import Intensity
from engine.labels.classes import parse_classes
from engine.labels.mask import Brush
from engine.project.layers import pack
from engine.project.project import Project
from widgets.canvas import Canvas
from widgets.controls import Text

IN_DISC, IN_SQUARE, BESIDE = (22, 22), (18, 46), (40, 10)  # row and column in item f


def write_run(path: Path) -> None:
    """The network hands the grey value through its uppermost level, so that each pixel speaks for itself alone; its predictions lack
    the right half of the disc."""
    import torch  # no test file loads it before it runs

    from engine.learning import bundle

    card = bundle.ModelCard(
        "segmentation",
        "unet",
        "",
        1,
        (("disc", ""), ("square", "")),
        Intensity("bytes"),
        64,
        options={"width": 4, "batch_norm": False, "padding": "same"},
    )
    network: Any = bundle.build(card)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.zero_()
        into, merge, head = network.net.down[0], network.net.merge[-1], network.net.head
        into[0].bias[0] = 2
        for conv in (into[0], into[2], merge[0], merge[2]):
            conv.weight[0, 0, 1, 1] = 1
        head.weight[1, 0], head.weight[2, 0] = 2, 1
    with Project.open(path) as project:
        run = project.runs.add(TrainConfig(arch="unet", options=card.options), "grey")
        bundle.save(run.bundle, card, network.state_dict())
        project.runs.update(run, "finished")
        for item in project.items.all():
            mask = project.layers.mask(item.id)
            if mask is None:
                continue
            said = project.layers.read(mask, item.shape)
            said[0, :, 22:33][said[0, :, 22:33] == 1] = 0
            project.layers.replace(project.layers.make(item.id, "prediction", run.id), pack(said))


class Review:
    """Item f in front, explained by saliency: of one place that pixel alone is warm."""

    def __init__(self, qtbot: QtBot, window: MainWindow, path: Path) -> None:
        settings.set_ui_state("classify.method", "saliency")
        self.qtbot, self.window, self.session = qtbot, window, window.context.session
        window.resize(1440, 900)
        window.open_paths([path])
        qtbot.waitUntil(lambda: self.session.current.image is not None)
        self.session.predictions.may_help = True
        window.show_tab("review")
        tab = window.tab("review")
        assert isinstance(tab, ReviewTab)
        self.tab, self.canvas = tab, tab.scan.canvas
        self.open("f")
        with qtbot.waitActive(window):
            window.activateWindow()

    def open(self, name: str) -> None:
        assert self.session.project is not None
        self.tab.cases._list.picked.emit(self.session.project.items.named(name).id)
        self.qtbot.waitUntil(
            lambda: (
                self.session.current.item is not None
                and self.session.current.item.name == name
                and self.session.current.image is not None
                and self.tab.study.known
                and not self.session.jobs.busy
            )
        )

    def point(self, row: int, column: int) -> None:
        QTest.mouseMove(self.canvas, self.at(row, column))

    def leave(self) -> None:
        QTest.mouseMove(self.window, QPoint(3, 3))
        self.canvas.hover_ended.emit()

    def at(self, row: int, column: int) -> QPoint:
        return self.canvas.to_screen((row, column)).toPoint()

    def find(self, kind: type, name: str) -> Any:
        found = self.tab.findChild(kind, name)
        assert found is not None, name
        return found

    @property
    def card(self) -> QWidget:
        found = self.find(QWidget, "review.explained")
        assert isinstance(found, QWidget)
        return found

    @property
    def said(self) -> str:
        return str(self.find(Text, "review.explained.text").text())

    def explain(self, share: str) -> None:
        """Ask by the key, and wait for that share."""
        QTest.keyClick(self.canvas, Qt.Key.Key_H)
        self.wait_for(share)

    def wait_for(self, share: str) -> None:
        words = f" {share} % of the heat"
        self.qtbot.waitUntil(
            lambda: words in self.said.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\u00a0", " ")
        )


def colour(canvas: Canvas, row: float, column: float) -> int:
    """How far a pixel of the screen is from grey."""
    image, at = canvas.grab().toImage(), canvas.to_screen((row, column)) * canvas.devicePixelRatioF()
    found = image.pixelColor(at.toPoint())
    parts = found.red(), found.green(), found.blue()
    return max(parts) - min(parts)


@pytest.fixture
def review(qtbot: QtBot, window: MainWindow, project: Path) -> Review:
    write_run(project)
    return Review(qtbot, window, project)


def test_the_key_lays_the_heat_of_the_class_at_the_pointer_over_the_scan(review: Review) -> None:
    review.session.pick_class(1)
    review.point(*IN_DISC)
    assert not review.card.isVisible()
    review.explain("100")
    assert review.said.startswith("grey: what speaks for disc at the cross.")
    assert review.canvas.mark == (IN_DISC, "disc")
    assert review.find(QAbstractButton, "review_view.outline").isChecked(), "areas would hide the heat"
    review.session.pick_class(2)
    QTest.keyClick(review.canvas, Qt.Key.Key_H)
    assert "is being asked" in review.said
    review.wait_for("0")
    assert review.canvas.mark == (IN_DISC, "square")
    beside = IN_DISC[0] + 0.35, IN_DISC[1] + 0.35  # of the same pixel, off the cross
    assert colour(review.canvas, *beside) > 10
    QTest.keyClick(review.canvas, Qt.Key.Key_Escape)
    assert not review.card.isVisible() and review.canvas.mark[0] is None
    assert review.find(QAbstractButton, "review_view.errors").isChecked(), "as it was before"
    review.tab.scan.overlay.set(errors_opacity=0.0)
    assert colour(review.canvas, *beside) < 3, "grey again"


def test_with_the_background_picked_it_is_asked_what_the_run_says_there(review: Review) -> None:
    review.session.pick_class(0)
    review.point(*IN_SQUARE)
    review.explain("0")
    assert "what speaks for disc" in review.said and review.canvas.mark == (IN_SQUARE, "disc"), "all is disc to it"


def test_the_share_follows_the_mask(review: Review) -> None:
    review.session.pick_class(1)
    review.point(*BESIDE)
    review.explain("0")
    assert review.session.current.mask is not None
    stroke = review.session.current.mask.begin("Brush")
    stroke.line("axial", 0, (BESIDE[0], 5.0), (BESIDE[0], 15.0), Brush.round(5), 1)
    review.session.current.stroke_done(stroke.end())
    review.wait_for("100")


def test_the_button_asks_about_the_chosen_difference_and_another_item_drops_it(review: Review) -> None:
    review.leave()
    region = review.tab.differences.current
    assert region is not None and region.finding == "missed"
    review.session.pick_class(2)  # the difference is of the first
    QTest.mouseClick(review.find(QAbstractButton, "explain_here_button"), Qt.MouseButton.LeftButton)
    review.wait_for("100")
    at, name = review.canvas.mark
    assert at is not None and name == "disc"
    inside = int(at[0]) - region.corner[0], int(at[1]) - region.corner[1]
    assert region.region[inside], "a pixel of the region"
    review.open("d")
    assert not review.card.isVisible() and review.canvas.mark[0] is None
    assert review.find(QAbstractButton, "review_view.errors").isChecked()


def test_another_method_asks_about_the_same_place_again(review: Review) -> None:
    review.session.pick_class(1)
    review.point(*IN_DISC)
    review.explain("100")
    method = review.find(QComboBox, "review.explained.method")
    method.setFocus()
    QTest.keyClick(method, Qt.Key.Key_Home)
    assert method.currentData() == "gradcam"
    # nothing of this network's deeper maps reaches the mask
    review.qtbot.waitUntil(lambda: review.said == "Nothing speaks for disc at the cross.")
    QTest.keyClick(method, Qt.Key.Key_Escape)
    assert not review.card.isVisible()


def test_what_cannot_be_asked_is_said_in_the_bar(review: Review) -> None:
    review.session.set_classes([*review.session.classes, *parse_classes("late")])
    review.session.pick_class(3)
    review.point(*IN_SQUARE)
    QTest.keyClick(review.canvas, Qt.Key.Key_H)
    review.qtbot.waitUntil(lambda: "knows no class late" in review.said)
    assert "Choose one of: disc, square." in review.said
    QTest.mouseClick(review.find(QAbstractButton, "review.explained.close"), Qt.MouseButton.LeftButton)
    assert not review.card.isVisible()


def test_an_answered_question_is_kept_no_longer(review: Review) -> None:
    review.session.pick_class(1)
    review.point(*IN_DISC)
    review.explain("100")
    runs = review.window.context.trainings.runs
    review.qtbot.waitUntil(lambda: not review.session.jobs.busy)
    assert not runs._explaining
    review.session.set_classes([*review.session.classes, *parse_classes("late")])
    review.session.pick_class(3)
    QTest.keyClick(review.canvas, Qt.Key.Key_H)
    assert runs._explaining
    review.qtbot.waitUntil(lambda: "knows no class late" in review.said)
    assert not runs._explaining, "nor one that was refused"


def test_a_class_is_known_by_the_name_that_it_has_now(review: Review) -> None:
    session = review.session
    first, *others = session.classes
    session.set_classes([replace(first, name="round"), *others])
    session.pick_class(1)
    review.point(*IN_DISC)
    review.explain("100")
    assert "for round" in review.said


def test_of_a_volume_the_heat_stays_on_its_slice(qtbot: QtBot, window: MainWindow, volumes: Path) -> None:
    write_run(volumes)
    settings.set_ui_state("classify.method", "saliency")
    window.open_paths([volumes])
    qtbot.waitUntil(lambda: window.context.session.current.image is not None)
    window.show_tab("review")
    tab = window.tab("review")
    assert isinstance(tab, ReviewTab)
    canvas, text = tab.scan.canvas, tab.findChild(Text, "review.explained.text")
    assert text is not None
    qtbot.waitUntil(lambda: canvas.image is not None)
    canvas.set_slice(7)
    canvas.hover_ended.emit()  # wherever the pointer was left by what was tested before
    QTest.keyClick(canvas, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: text.text() == "grey: what speaks for disc at the cross.")
    middle = canvas.mark[0]
    assert middle is not None and np.allclose(middle, canvas.look_middle, atol=1), "nothing is pointed at or chosen"
    beside = middle[0] + 0.35, middle[1] + 0.35  # of the same pixel, off the cross
    assert colour(canvas, *beside) > 10
    canvas.next_slice()
    assert canvas.mark[0] is None and colour(canvas, *beside) == 0
    canvas.next_slice(-1)
    assert canvas.mark[0] == middle and colour(canvas, *beside) > 10


@pytest.mark.parametrize(("shape", "seen"), [((2048, 7), (2048, 7)), ((2049, 7), (1025, 4)), ((30, 5000), (10, 1667))])
def test_of_a_large_slice_some_rows_and_columns_are_looked_at(shape: tuple[int, int], seen: tuple[int, int]) -> None:
    whole = np.arange(shape[0] * shape[1], dtype=np.float32).reshape(shape)
    assert _sampled(whole).shape == seen and _sampled(whole)[0, 0] == 0


def test_a_run_that_finds_objects_is_asked_about_the_object_at_the_place(review: Review) -> None:
    import torch

    from engine.learning import bundle

    torch.manual_seed(0)
    card = bundle.ModelCard(
        "instances", "mask-rcnn-light", "resnet18", 1, (("disc", ""), ("square", "")), Intensity("bytes"), 64
    )
    network: Any = bundle.build(card)
    heads = network.roi_heads
    heads.box_predictor.cls_score.bias.data[1] = 9  # whatever is proposed is a disc
    heads.mask_predictor.mask_fcn_logits.bias.data[:] = 9  # and fills its box
    assert review.session.project is not None
    run = review.session.project.runs.add(TrainConfig(arch=card.arch), "objects")
    bundle.save(run.bundle, card, network.state_dict())
    review.session.predictions.use_run(review.session.project.runs.update(run, "finished"))
    settings.set_ui_state("classify.method", "gradcam")
    review.session.pick_class(1)
    review.point(*IN_DISC)
    QTest.keyClick(review.canvas, Qt.Key.Key_H)
    review.qtbot.waitUntil(lambda: review.said.startswith("objects: what speaks for disc at the cross."))
    review.session.pick_class(2)
    QTest.keyClick(review.canvas, Qt.Key.Key_H)
    review.qtbot.waitUntil(lambda: "no object of that class at this place" in review.said)
