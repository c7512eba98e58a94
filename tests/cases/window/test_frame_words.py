"""Words in the frame and in lists have the room that there is, and nothing looks like what it is not."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFontMetricsF, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QLabel, QListView, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.shell import settings
from app.shell.settings import Settings
from app.shell.top_bar import TopBar
from app.tabs.label.tab import LabelTab
from app.tabs.review.tab import ReviewTab
from engine.config import TrainConfig
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project
from tests.cases.window.conftest import OpenWindow
from widgets import theme
from widgets.job_bar import JobBar
from widgets.network_tables import FactTable
from widgets.region_list import RegionList, RegionRow
from widgets.score_table import ScoreTable


@pytest.fixture(autouse=True)
def _dark(qapp: object) -> None:
    theme.apply(qapp, "dark")  # type: ignore[arg-type]


def _brightest(image: QImage) -> int:
    return max(image.pixelColor(x, y).lightness() for x in range(image.width()) for y in range(image.height() - 4))


def _seen(bar: QWidget, button: QWidget) -> QImage:
    return bar.grab(QRect(button.mapTo(bar, QPoint()), button.size())).toImage()


def _first_line(image: QImage, left: int, right: int, top: int) -> int:
    """The first row of pixels beneath `top` that holds something brighter than the ground and the lines."""
    return next(
        y - top
        for y in range(top + 2, image.height())
        if any(image.pixelColor(x, y).lightness() > 100 for x in range(left, right))
    )


def test_names_of_facts_stand_on_the_first_line_of_their_row(qtbot: QtBot) -> None:
    table = FactTable()
    qtbot.addWidget(table)
    table.resize(1200, 800)
    table.show()
    side, cells = table.verticalHeader(), table.viewport().grab().toImage()
    names = side.viewport().grab().toImage()
    for row in range(1, 4):  # year, layers, input size: digits are as high as capitals
        top = side.sectionViewportPosition(row)
        name = _first_line(names, 0, side.width() - 4, top)
        cell = _first_line(cells, 4, table.columnWidth(0) - 8, top)
        assert abs(name - cell) <= 1, row


def test_a_tab_under_the_mouse_does_not_look_chosen(qtbot: QtBot) -> None:
    bar = TopBar()
    qtbot.addWidget(bar)
    bar.resize(1280, 44)
    with qtbot.waitActive(bar):
        bar.show()
    bar.show_tab("review")
    hovered, chosen = (bar.findChild(QPushButton, f"tab.{name}") for name in ("train", "review"))
    assert isinstance(hovered, QWidget) and isinstance(chosen, QWidget)
    plain = _brightest(_seen(bar, hovered))
    QTest.mouseMove(hovered)
    qtbot.waitUntil(hovered.underMouse)
    assert _brightest(_seen(bar, hovered)) == plain < _brightest(_seen(bar, chosen))


def test_in_a_narrow_window_what_runs_is_said(qtbot: QtBot) -> None:
    settings.save(Settings(reader="Dra. Mora"))
    bar = TopBar()
    qtbot.addWidget(bar)
    bar.show_project("columna", True)
    bar.resize(1000, 44)
    bar.show()
    project, first = (bar.findChild(QPushButton, name) for name in ("project_menu", "tab.data"))
    assert isinstance(project, QPushButton) and isinstance(first, QPushButton)
    for name in ("columna", "chest films of the second reader of the year before last"):
        bar.show_project(name, True)
        qtbot.waitUntil(lambda: first.mapTo(bar, QPoint()).x() >= project.mapTo(bar, project.rect().topRight()).x())
        qtbot.waitUntil(lambda: project.width() >= project.sizeHint().width())
        assert bar.minimumSizeHint().width() <= 1000
    bar.show_project("columna", True)
    reader = next(label for label in bar.findChildren(QLabel) if label.text() == "Dra. Mora")
    assert reader.isVisible()
    bar.job.set_job("Training run 4", "epoch 12", "6 min left", short="run 4", share=0.3)
    qtbot.waitUntil(lambda: bar.job.width() > 100)
    title, detail = bar.job.fitting(bar.job.width() - 12 - 16 - 9 - 14)
    assert title.endswith("run 4") and detail.endswith("6 min left") and not reader.isVisible()
    bar.job.clear()
    assert reader.isVisible()


def test_a_long_job_is_not_cut_beside_free_room(qtbot: QtBot) -> None:
    pill = JobBar()
    qtbot.addWidget(pill)
    pill.set_job("Predicting with U-Net of the second reader", "epoch 12 / 40", "6 min left", queued=2)
    title, detail = pill.fitting(pill.sizeHint().width() - 12 - 16 - 9 - 14)
    assert title.endswith("reader") and detail.endswith("waiting") and detail.startswith("epoch 12")


def test_what_is_wrong_with_a_region_is_never_cut(qtbot: QtBot) -> None:
    regions = RegionList[RegionRow]("regions", "Regions", lambda row: row)
    qtbot.addWidget(regions)
    tail = " · too much"
    regions.set_regions([RegionRow("right ventricular myocardium" + tail, "20 px", "#E69F00", tail=tail)], None)
    regions.resize(260, 60)
    regions.show()
    image = regions.viewport().grab().toImage()
    row = regions.visualRect(regions.model().index(0, 0))
    words = QFontMetricsF(theme.font()).horizontalAdvance(tail)
    end = max(
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y).lightness() > 150 for y in range(row.center().y() - 18, row.center().y()))
    )
    assert row.right() - 14 - words <= end <= row.right() - 10, "the tail ends where the row does"


CLASSES = ("right ventricle", "left ventricle", "myocardium")
ITEMS = tuple(f"patient{n:03}_frame16" for n in (1, 2, 3))


@pytest.fixture
def hearts(tmp_path: Path) -> Path:
    """Three predicted test cases with names and classes as long as those of real sets."""
    with Project.create(tmp_path / "hearts", "multiclass", parse_classes(",".join(CLASSES))) as project:
        run = project.runs.update(project.runs.add(TrainConfig()), "finished")
        run.bundle.write_bytes(b"stands for the weights")
        project.runs.keep_test_reading(run, len(ITEMS), None)
        for number, name in enumerate(ITEMS):
            file = tmp_path / f"{name}.png"
            file.write_bytes(cv2.imencode(".png", np.full((60, 80), 40 + 50 * number, np.uint8))[1].tobytes())
            (item,) = result_of(import_images(project, ImportPlan((file,), split="test"))).added
            truth = np.zeros((1, 60, 80), np.uint8)
            truth[0, 10:30, 10:40], truth[0, 35:50, 10:40], truth[0, 10:50, 50:70] = 1, 2, 3
            said = np.roll(truth, 4 + number, axis=2)
            project.layers.replace(project.layers.make(item.id), pack(truth))
            project.layers.replace(project.layers.make(item.id, "prediction", run.id), pack(said))
        return project.path


def _cut(view: QAbstractItemView, names: Sequence[str], left: int, column: int = 0) -> list[str]:
    """Those of the names, whose drawing begins at `left`, that are drawn in another way where the list has all the room it could use."""
    measure = QFontMetricsF(theme.font())

    def drawn() -> list[QImage]:
        image, found = view.viewport().grab().toImage(), []
        for row, name in enumerate(names):
            area = view.visualRect(view.model().index(row, column))
            found.append(image.copy(left, area.top(), int(measure.horizontalAdvance(name)), area.height()))
        return found

    before, limits = drawn(), (view.minimumWidth(), view.maximumWidth())
    view.setFixedWidth(1200)
    view.resize(1200, view.height())
    wide = drawn()
    view.setMinimumWidth(limits[0])
    view.setMaximumWidth(limits[1])
    view.window().grab()  # lays out what was pushed aside
    return [name for name, cut, whole in zip(names, before, wide, strict=True) if cut != whole]


def test_names_are_whole_on_a_usual_screen(qtbot: QtBot, hearts: Path, open_window: OpenWindow) -> None:
    """1920 x 1080."""
    window = open_window(hearts, "review")
    window.resize(1920, 1080)
    review = window.tab("review")
    assert isinstance(review, ReviewTab)
    qtbot.waitUntil(lambda: review.study.known and not window.context.jobs.busy)
    cases = review.cases._list
    assert _cut(cases, [cases.row(id).name for id in cases.ids()], 64, 1) == []
    scores = review.findChild(ScoreTable, "case_scores_px")
    assert isinstance(scores, ScoreTable) and _cut(scores, CLASSES, 24) == []
    window.show_tab("label")
    label = window.tab("label")
    assert isinstance(label, LabelTab)
    qtbot.waitUntil(lambda: not window.context.jobs.busy)
    assert _cut(label.items.list, ITEMS, 74) == []
    view = label.classes.list.findChild(QListView, "label.classes.rows")
    assert view is not None and _cut(view, CLASSES, 35) == []
