"""The window of the item that comes next: what a person took stays with its kind, what a file recommends is the file's own."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.label.tab import LabelTab
from app.tabs.scan.window_choice import WindowChoice
from engine.imaging.geometry import uncalibrated
from engine.imaging.image import Image, Window
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from tests.engine.imaging.conftest import MakeSlice
from tests.engine.imaging.conftest import make_slice as make_slice
from tests.engine.imaging.test_voi_tables import lut
from widgets.slice_view import Look

Go = Callable[[str], None]
LUNG, OWN = Window(-600, 1500), "The file's own window"


@pytest.fixture
def tab(tmp_path: Path, make_slice: MakeSlice, open_label: Callable[[Path], LabelTab], go: Go) -> LabelTab:
    """On the CT "one"; "two" recommends other windows and has the tables the other way round, "three" one window and no table."""
    tables = [lut(0, 100, 12, "Steep"), lut(0, 50, 12, "Steeper")]

    def ct(name: str, centres: Sequence[float], widths: Sequence[float], **more: Any) -> None:
        series(make_slice, name, RescaleSlope=1, RescaleIntercept=0, WindowCenter=centres, WindowWidth=widths, **more)

    ct("one", [45, -500], [420, 1400], VOILUTSequence=tables)
    ct("two", [55, -650], [400, 1600], VOILUTSequence=tables[::-1])
    ct("three", [40], [350])
    series(make_slice, "mr", Modality="MR", WindowCenter=[60, 30], WindowWidth=[90, 50])
    series(make_slice, "mr other", Modality="MR", WindowCenter=[70, 35], WindowWidth=[100, 60])
    with Project.create(tmp_path / "scans.contorno", "binary", parse_classes("a")) as project:
        assert len(result_of(import_images(project, ImportPlan((tmp_path / "scans",)))).added) == 5
    tab = open_label(tmp_path / "scans.contorno")
    go("one")
    return tab


def series(make_slice: MakeSlice, name: str, count: int = 3, **more: Any) -> None:
    """So many slices, half of them air."""
    pixels = np.full((count, 40, 60), -1000, np.int16)
    pixels[:, :, 30:] = np.random.default_rng(0).integers(0, 100, (count, 40, 30))
    for z in range(count):
        make_slice(
            f"scans/{name}/{z}", pixels[z], (0, 0, 2.0 * z), InstanceNumber=z + 1, PatientID=name,
            SeriesInstanceUID=f"1.2.{sum(map(ord, name))}", SeriesDescription=name, **more,
        )  # fmt: skip


@pytest.fixture
def go(qtbot: QtBot, context: AppContext) -> Go:
    """Open the item of that name and wait until it is there."""

    def opened(name: str) -> None:
        current, project = context.session.current, context.session.project
        assert project is not None
        current.open(project.items.named(name).id)
        qtbot.waitUntil(lambda: current.item is not None and current.item.name == name and current.image is not None)

    return opened


def entries(tab: LabelTab) -> list[QAction]:
    button = tab.findChild(QToolButton, "label.windows")
    assert button is not None
    button.menu().aboutToShow.emit()  # as when it opens
    return button.menu().actions()


def choose(tab: LabelTab, name: str) -> None:
    next(action for action in entries(tab) if action.text().split("   ")[0] == name).trigger()


def ticked(tab: LabelTab) -> list[str]:
    return [action.text() for action in entries(tab) if action.isChecked()]


def test_a_preset_stays_and_the_menu_says_so(tab: LabelTab, go: Go) -> None:
    choose(tab, "Lung")
    for name in ("two", "three"):
        go(name)
        assert tab.scan.canvas.window_level == LUNG
        assert [text.split("   ")[0] for text in ticked(tab)] == ["Lung"] and "W 1500 · L −600" in ticked(tab)[0]


def test_what_nobody_changed_is_what_the_next_file_recommends(tab: LabelTab, go: Go) -> None:
    for name, window in (("two", Window(55, 400)), ("three", Window(40, 350)), ("mr", Window(60, 90))):
        go(name)
        assert tab.scan.canvas.window_level == window
        assert [text.split("   ")[0] for text in ticked(tab)] == [OWN]


def test_another_window_of_the_file_is_that_of_the_next_file(tab: LabelTab, go: Go) -> None:
    choose(tab, "The file's window 2")
    go("two")
    assert tab.scan.canvas.window_level == Window(-650, 1600)
    assert [text.split("   ")[0] for text in ticked(tab)] == ["The file's window 2"]
    go("three")  # recommends none for the lung: HU mean the same there
    assert tab.scan.canvas.window_level == Window(-650, 1600) and not ticked(tab)


def test_a_table_is_found_by_its_name_and_is_never_another(tab: LabelTab, go: Go) -> None:
    choose(tab, "Steeper")
    go("two")
    assert tab.scan.canvas.table == 0 and [text.split("   ")[0] for text in ticked(tab)] == ["Steeper"]
    go("three")
    assert tab.scan.canvas.table is None and tab.scan.canvas.window_level == Window(40, 350)
    assert [text.split("   ")[0] for text in ticked(tab)] == [OWN]


def test_each_kind_keeps_its_window_while_the_other_is_looked_at(tab: LabelTab, go: Go) -> None:
    choose(tab, "Lung")
    go("mr")
    assert tab.scan.canvas.window_level == Window(60, 90)
    choose(tab, "The file's window 2")
    go("three")
    assert tab.scan.canvas.window_level == LUNG
    go("mr other")
    assert tab.scan.canvas.window_level == Window(35, 60)


def test_a_series_that_was_seen_keeps_its_own(tab: LabelTab, go: Go) -> None:
    tab.scan.canvas.set_window(Window(55, 200))
    go("two")
    choose(tab, "Lung")
    go("one")
    assert tab.scan.canvas.window_level == Window(55, 200) and not ticked(tab)


def test_brightness_of_a_colour_picture_is_no_window_of_grey_values() -> None:
    grey, colour = (
        Image(np.zeros(shape, np.uint8), uncalibrated(8, 6), Window(127.5, 255)) for shape in ((1, 6, 8), (1, 6, 8, 3))
    )
    taken = WindowChoice.at(colour, Look(window=Window(90, 100)))
    assert taken.suits(colour) and not taken.suits(grey)


def test_in_a_volume_of_another_depth_it_is_as_far_in_and_as_large(
    qtbot: QtBot,
    context: AppContext,
    tmp_path: Path,
    make_slice: MakeSlice,
    open_label: Callable[[Path], LabelTab],
    go: Go,
) -> None:
    for name, count in (("long", 21), ("short", 11)):
        series(make_slice, name, count=count, RescaleSlope=1, RescaleIntercept=0)
    with Project.create(tmp_path / "depths.contorno", "binary", parse_classes("a")) as project:
        assert len(result_of(import_images(project, ImportPlan((tmp_path / "scans",)))).added) == 2
    tab = open_label(tmp_path / "depths.contorno")
    go("long")
    canvas = tab.scan.canvas
    canvas.set_slice(4)
    canvas.zoom_by(3.0)
    canvas.center_at((10.0, 50.0))
    zoom, middle = canvas.zoom, canvas.look_middle
    wanted = list[int]()
    context.session.current.item_changed.connect(lambda: wanted.append(context.session.current.wanted))
    go("short")
    assert canvas.index == 2 and wanted[-1] == 2  # which is read first as well
    assert canvas.zoom == pytest.approx(zoom) and canvas.look_middle == pytest.approx(middle)
    canvas.set_slice(10)
    go("long")
    assert canvas.index == 4  # was looked at before
