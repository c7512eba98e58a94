"""Windows of a CT in Label: with their numbers, those of the file, and typed at the corner."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QToolButton
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.label.tab import LabelTab
from app.tabs.tab import Tab
from engine.imaging.image import Window
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from tests.engine.imaging.conftest import MakeSlice
from tests.engine.imaging.conftest import make_slice as make_slice
from tests.engine.imaging.test_voi_tables import lut

Show = Callable[[str, Tab], None]
LEFT = Qt.MouseButton.LeftButton
THIN = "\N{NARROW NO-BREAK SPACE}"


@pytest.fixture
def tab(qtbot: QtBot, context: AppContext, tmp_path: Path, make_slice: MakeSlice, show_tab: Show) -> LabelTab:
    """The tab on three slices of a CT whose file recommends two windows; half of it is air."""
    pixels = np.full((3, 60, 80), -1000, np.int16)
    pixels[:, :, 40:] = np.random.default_rng(0).integers(0, 100, (3, 60, 40))
    for z in range(3):
        make_slice(
            f"ct/{z}", pixels[z], (0, 0, 2.0 * z), InstanceNumber=z + 1, PatientID="A", RescaleSlope=1,
            RescaleIntercept=0, WindowCenter=[45, -500], WindowWidth=[420, 1400], VOILUTSequence=[lut(0, 100, 12, "Steep")],
        )  # fmt: skip
    with Project.create(tmp_path / "ct.contorno", "binary", parse_classes("a")) as project:
        assert result_of(import_images(project, ImportPlan((tmp_path / "ct",)))).added
    made = LabelTab(context)
    show_tab("label", made)
    with qtbot.waitSignal(
        made.scan.image_shown, timeout=20000, check_params_cb=lambda: context.session.current.image is not None
    ):
        context.session.open_project(tmp_path / "ct.contorno")
    return made


def entries(tab: LabelTab) -> list[QAction]:
    button = tab.findChild(QToolButton, "label.windows")
    assert button is not None
    menu = button.menu()
    menu.aboutToShow.emit()  # as when it opens
    return [action for action in menu.actions() if not action.isSeparator()]


def entry(tab: LabelTab, begin: str) -> QAction:
    return next(action for action in entries(tab) if action.text().startswith(begin))


def test_presets_have_their_numbers_and_the_one_in_use_a_tick(tab: LabelTab) -> None:
    assert "W 1500 · L −600" in entry(tab, "Lung").text() and "Shift+2" in entry(tab, "Lung").text()
    assert [a.text().split("   ")[0] for a in entries(tab) if a.isChecked()] == ["The file's own window"]
    entry(tab, "Lung").trigger()
    assert tab.scan.canvas.window_level == Window(-600, 1500)
    assert [a.text().split("   ")[0] for a in entries(tab) if a.isChecked()] == ["Lung"]


def test_the_second_window_of_the_file_is_offered(tab: LabelTab) -> None:
    second = entry(tab, "The file's window 2")
    assert "W 1400 · L −500" in second.text()
    second.trigger()
    assert tab.scan.canvas.window_level == Window(-500, 1400)


def test_a_table_of_the_file_stands_in_the_windows_place(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    context.commands["views"].trigger()
    views = tab.scan.views
    before = views.first.grab().toImage()
    entry(tab, "Steep").trigger()
    assert [a.text().split("   ")[0] for a in entries(tab) if a.isChecked()] == ["Steep"]
    assert [view.table for view in views] == [0, 0, 0] and views.first.grab().toImage() != before
    assert views.look.table == 0
    entry(tab, "The file's own window").trigger()
    assert [view.table for view in views] == [None] * 3 and views.first.grab().toImage() == before
    entry(tab, "Steep").trigger()
    item = context.session.current.item
    assert item is not None
    context.session.current.close()
    context.session.current.open(item.id)
    qtbot.waitUntil(lambda: context.session.current.image is not None)
    assert [view.table for view in views] == [0, 0, 0], "kept with the item"


def test_a_window_by_the_values_of_ct_is_that_of_the_body(tab: LabelTab, context: AppContext) -> None:
    context.commands["auto_window"].trigger()
    window = tab.scan.canvas.window_level
    assert -5 <= window.low <= 5 and 95 <= window.high <= 105  # the air is not in it


def test_width_and_level_are_typed_at_the_corner(tab: LabelTab) -> None:
    canvas = tab.scan.canvas
    at = canvas.window_area.center().toPoint()
    before = tab.history.list.count()
    QTest.mouseMove(canvas, at)
    assert canvas.cursor().shape() == Qt.CursorShape.PointingHandCursor
    QTest.mouseClick(canvas, LEFT, pos=at)
    box = tab.window().focusWidget()
    assert isinstance(box, QDoubleSpinBox) and box.objectName() == "window_editor.width" and box.value() == 420
    QTest.keyClicks(box, "300")
    QTest.keyClick(box, Qt.Key.Key_Tab)
    level = tab.window().focusWidget()
    assert isinstance(level, QDoubleSpinBox) and level.objectName() == "window_editor.level"
    level.selectAll()
    QTest.keyClicks(level, "-20")
    assert canvas.window_level == Window(-20, 300)
    QTest.keyClick(level, Qt.Key.Key_Up)
    QTest.keyClick(level, Qt.Key.Key_Down)
    assert level.text() == "−20 HU" and canvas.window_level == Window(-20, 300)
    QTest.keyClick(level, Qt.Key.Key_Return)
    assert not level.isVisible() and tab.window().focusWidget() is canvas
    assert tab.history.list.count() == before  # nothing was painted by the click
    QTest.mouseMove(canvas, canvas.rect().center())
    assert canvas.cursor().shape() != Qt.CursorShape.PointingHandCursor


def test_digits_typed_there_pick_no_class(tab: LabelTab, context: AppContext) -> None:
    context.session.pick_class(0)
    QTest.mouseClick(tab.scan.canvas, LEFT, pos=tab.scan.canvas.window_area.center().toPoint())
    box = tab.window().focusWidget()
    assert box is not None
    QTest.keyClicks(box, "1")
    assert context.session.active_class == 0
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is tab.scan.canvas


def test_the_range_is_written_and_said_with_a_minus_and_its_unit(tab: LabelTab, context: AppContext) -> None:
    canvas, gate = tab.scan.canvas, tab.gate
    QTest.keyClick(canvas, Qt.Key.Key_B)
    QTest.keyClick(canvas, Qt.Key.Key_J)
    assert gate.low.text() == "−165 HU"
    for box, number in ((gate.low, "-300"), (gate.high, "-200")):
        box.setFocus()
        box.selectAll()
        QTest.keyClicks(box, number)
    QTest.keyClick(gate.high, Qt.Key.Key_Return)
    assert [box.text() for box in (gate.low, gate.high)] == ["−300 HU", "−200 HU"]
    assert canvas.context.gate is not None and (canvas.context.gate.low, canvas.context.gate.high) == (-300, -200)
    QTest.mouseClick(canvas, LEFT, pos=canvas.to_screen((30, 20)).toPoint())
    assert f"from −300 to −200{THIN}HU" in tab.note.text()
    assert "Lung   −950 … −500" in [gate.preset.itemText(at) for at in range(gate.preset.count())]
