"""The volumes of one series in Data: one row that opens, in the table and in the preview of an import."""

from collections.abc import Callable
from pathlib import Path

import cv2
import nibabel as nib
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.data.model import MASK, MODALITY, NAME, PATIENT, PICTURE, SET
from app.tabs.data.tab import DataTab
from app.tabs.data.table import DataTable
from app.tabs.tab import Tab
from engine.formats import nifti
from engine.imaging.read import read_image
from engine.imaging.scan import scan
from engine.labels.classes import parse_classes
from engine.phantom.scanner import patient
from engine.phantom.series import write_series
from engine.progress import result_of
from engine.project.layers import pack

PHASES = [f"cine sax phase {n} of 4" for n in (1, 2, 3, 4)]
_ON, _OFF, _PARTLY = Qt.CheckState.Checked, Qt.CheckState.Unchecked, Qt.CheckState.PartiallyChecked
ECHOES = ["dual echo echo 1", "dual echo echo 2"]


class Hands:
    """What a person does in the tab."""

    def __init__(self, tab: DataTab) -> None:
        self.tab = tab

    @property
    def table(self) -> DataTable:
        """There once a project is open."""
        found = self.tab.findChild(DataTable, "data_table")
        assert isinstance(found, DataTable)
        return found

    def names(self) -> list[str]:
        return self.cells(NAME)

    def cells(self, column: int) -> list[str]:
        model = self.table.model()
        return [str(model.index(row, column).data()) for row in range(model.rowCount())]

    def ticks(self) -> list[object]:
        model = self.table.model()
        role = Qt.ItemDataRole.CheckStateRole
        return [model.index(row, PICTURE).data(role) for row in range(model.rowCount())]

    def press_tick(self, row: int) -> None:
        place = self.table.visualRect(self.table.model().index(row, PICTURE))
        at = place.topLeft() + QPoint(20, place.height() // 2)
        QTest.mouseClick(self.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)

    def press_sign(self, row: int) -> None:
        self.click(row, 12)

    def click(self, row: int, across: int = 100) -> None:
        place = self.table.visualRect(self.table.model().index(row, NAME))
        at = place.topLeft() + QPoint(across, place.height() // 2)
        QTest.mouseClick(
            self.table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at
        )  # fmt: skip

    def said(self, name: str) -> str:
        label = self.tab.findChild(QLabel, name)
        assert isinstance(label, QLabel)
        return label.text()


@pytest.fixture
def step(qtbot: QtBot, context: AppContext, cine: Path, tmp_path: Path, show_tab: Callable[[str, Tab], None]) -> Hands:
    """The preview of the import of the cine series and the two echoes."""
    hands = Hands(DataTab(context))
    show_tab("data", hands.tab)
    context.session.new_project(tmp_path / "hearts.contorno", "multiclass", parse_classes("left,right"))
    hands.tab.contents.begin_import([cine])
    qtbot.waitUntil(lambda: not hands.tab.contents.step.busy)
    return hands


def test_names_stay_where_a_part_is_left_out(qtbot: QtBot, context: AppContext, step: Hands) -> None:
    step.press_sign(0)
    step.click(1)
    step.table.setFocus()
    QTest.keyClick(step.table, Qt.Key.Key_Delete)
    with qtbot.waitSignal(context.session.import_finished):
        step.tab.contents.step._take()
    assert [item.name for item in context.session.items()] == [PHASES[0], *PHASES[2:], *ECHOES]
    qtbot.waitUntil(lambda: not context.jobs.busy)


@pytest.fixture
def hands(qtbot: QtBot, context: AppContext, step: Hands) -> Hands:
    """The table of a project that holds them."""
    with qtbot.waitSignal(context.session.import_finished):
        step.tab.contents.step._take()
    qtbot.waitUntil(lambda: not context.jobs.busy)
    return step


def test_preview_shows_a_series_as_one_row(step: Hands) -> None:
    assert step.names() == ["cine sax · 4 parts", "dual echo · 2 parts"]
    step.press_sign(0)
    assert step.names() == [*PHASES, "dual echo · 2 parts"]
    step.press_sign(0)
    step.click(1)
    assert len(step.table.selected()) == 2
    step.table.setFocus()
    QTest.keyClick(step.table, Qt.Key.Key_Delete)
    assert step.ticks() == [_ON, _OFF] and len(step.tab.contents.step.images()) == 4


def test_ticks_take_rows_and_leave_them_out(step: Hands) -> None:
    assert step.ticks() == [_ON, _ON]
    step.press_tick(0)
    assert step.ticks() == [_OFF, _ON] and len(step.tab.contents.step.images()) == 2 and not step.table.selected()
    assert step.said("import.summary") == "4 left out"
    step.press_sign(0)
    step.press_tick(1)
    assert step.ticks() == [_OFF, _ON, _OFF, _OFF, _ON]
    step.press_sign(0)
    assert step.ticks() == [_PARTLY, _ON] and len(step.tab.contents.step.images()) == 3
    step.table.selectAll()
    step.table.setFocus()
    for expected in (_ON, _OFF, _ON):  # what is not all there comes first
        QTest.keyClick(step.table, Qt.Key.Key_Space)
        assert step.ticks() == [expected] * 2
    step.press_tick(1)  # of what is chosen, as a whole
    assert step.ticks() == [_OFF, _OFF]
    add = step.tab.findChild(QPushButton, "import.add")
    assert add is not None and not add.isEnabled()


def test_names_patients_and_rows_are_the_same_before_and_after(qtbot: QtBot, context: AppContext, step: Hands) -> None:
    before = step.cells(PATIENT)
    assert all(key.startswith("P-") for key in before) and before[0] in step.said("patients.preview")
    with qtbot.waitSignal(context.session.import_finished):
        step.tab.contents.step._take()
    qtbot.waitUntil(lambda: not context.jobs.busy)
    assert [item.name for item in context.session.items()] == [*PHASES, *ECHOES]
    assert step.names() == ["cine sax · 4 parts", "dual echo · 2 parts"]
    assert step.cells(PATIENT) == before


def test_closed_row_stands_for_all_its_parts(context: AppContext, hands: Hands) -> None:
    context.session.assignments.set_splits({item.id: "train" for item in context.session.items()})
    hands.click(0)
    assert len(hands.table.selected()) == 4 and hands.said("data.chosen") == "4 chosen"
    hands.table.setFocus()
    context.commands["set_test"].trigger()
    assert [item.split for item in context.session.items()] == ["test"] * 4 + ["train"] * 2
    assert hands.cells(SET) == ["Test", "Training"]
    hands.press_sign(0)
    assert hands.names() == [*PHASES, "dual echo · 2 parts"]
    assert len(hands.table.selected()) == 4  # as before it opened


def test_part_that_is_chosen_never_means_the_whole(context: AppContext, hands: Hands) -> None:
    hands.press_sign(0)
    hands.click(1)
    context.commands["set_val"].trigger()
    hands.press_sign(0)
    assert hands.table.selected() == [] and hands.cells(SET)[0] == "several"


def test_arrows_open_and_close(hands: Hands) -> None:
    hands.table.setFocus()
    hands.click(0)
    for key, rows in ((Qt.Key.Key_Right, 5), (Qt.Key.Key_Left, 2), (Qt.Key.Key_Left, 2)):
        QTest.keyClick(hands.table, key)
        assert len(hands.names()) == rows


def test_masks_of_some_parts_are_counted(qtbot: QtBot, context: AppContext, hands: Hands) -> None:
    project = context.session.project
    assert project is not None
    item = project.items.named(PHASES[1])
    labels = np.ones(item.shape, np.uint8)
    project.layers.replace(project.layers.make(item.id), pack(labels), labelled=range(len(labels)))
    context.session.items_changed.emit()
    assert hands.cells(MASK) == ["1 of 4 with a mask", "no mask"]
    qtbot.waitUntil(lambda: not context.jobs.busy)


def test_mask_beside_the_chosen_folder_is_proposed_and_not_taken(
    qtbot: QtBot, context: AppContext, cine: Path, show_tab: Callable[[str, Tab], None]
) -> None:
    values = np.zeros((64, 48, 3), np.uint8)
    values[10:20, 10:20] = 7
    nib.save(nib.Nifti1Image(values, np.diag([-1.5, -1.5, 8.0, 1.0])), cine.parent / "seg.nii.gz")
    hands = Hands(DataTab(context))
    show_tab("data", hands.tab)
    context.session.new_project(cine.parent / "hearts.contorno", "multiclass", parse_classes("left,right"))
    hands.tab.contents.begin_import([cine])
    add, beside = hands.tab.findChild(QPushButton, "import.add"), hands.tab.findChild(QPushButton, "masks.beside")
    assert add is not None and beside is not None
    qtbot.waitUntil(add.isEnabled)
    assert hands.said("masks.where") == "No masks" and beside.text() == "Use the masks in seg.nii.gz"
    QTest.mouseClick(beside, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not hands.tab.contents.step.busy)
    assert hands.said("masks.where") == "seg.nii.gz" and not beside.isVisible()
    qtbot.waitUntil(lambda: not context.jobs.busy)


@pytest.mark.qt_log_ignore("does not support", extend=True)  # menus, on a screen that is not there
def test_modality_is_said_by_hand_and_taken_back(qtbot: QtBot, context: AppContext, hands: Hands) -> None:
    hands.click(0)
    hands.table.setFocus()
    hands.table.menu_asked.emit(hands.table.mapToGlobal(QPoint(60, 60)))
    menu = hands.table.findChild(QMenu, "data.modality")
    assert menu is not None
    next(action for action in menu.actions() if action.text().startswith("CT")).trigger()
    parent = menu.parent()
    assert isinstance(parent, QMenu)
    parent.close()
    assert hands.cells(MODALITY) == ["CT", "MR"]
    assert [item.modality for item in context.session.items()] == ["CT"] * 4 + ["MR"] * 2
    context.commands["undo_sets"].trigger()
    assert hands.cells(MODALITY) == ["MR", "MR"]
    qtbot.waitUntil(lambda: not context.jobs.busy)


def test_what_is_probably_no_scan_has_no_tick_and_says_why(
    qtbot: QtBot, context: AppContext, cine: Path, show_tab: Callable[[str, Tab], None]
) -> None:
    sheet = np.random.default_rng(3).integers(0, 255, (500, 700)).astype(np.uint8)
    (cine / "sheet.png").write_bytes(cv2.imencode(".png", sheet)[1].tobytes())
    hands = Hands(DataTab(context))
    show_tab("data", hands.tab)
    context.session.new_project(cine.parent / "hearts.contorno", "multiclass", parse_classes("left,right"))
    hands.tab.contents.begin_import([cine])
    qtbot.waitUntil(lambda: not hands.tab.contents.step.busy)
    assert hands.names()[-1] == "sheet" and hands.ticks() == [_ON, _ON, _OFF]
    assert hands.cells(MASK)[-1] == "It looks like a sheet of pictures, not like a scan."
    hands.press_tick(2)
    assert hands.ticks() == [_ON] * 3 and hands.cells(MASK)[-1] == "no mask"
    qtbot.waitUntil(lambda: not context.jobs.busy)


def test_mask_in_the_chosen_folder_is_of_the_scan_and_not_of_a_sheet_beside_it(
    qtbot: QtBot, context: AppContext, tmp_path: Path, show_tab: Callable[[str, Tab], None]
) -> None:
    write_series(tmp_path / "ct" / "dicom", patient(1, 3, 64), 1)
    (found,) = result_of(scan([tmp_path / "ct"])).found
    values = np.zeros(found.shape, np.uint8)
    values[:, 10:40, 20:50] = 7
    nifti.write(tmp_path / "ct" / "seg.nii.gz", values, read_image(found.source).geometry)
    sheet = np.random.default_rng(3).integers(0, 255, (100, 300)).astype(np.uint8)
    (tmp_path / "ct" / "sheet.png").write_bytes(cv2.imencode(".png", sheet)[1].tobytes())
    hands = Hands(DataTab(context))
    show_tab("data", hands.tab)
    context.session.new_project(tmp_path / "organs.contorno", "binary", parse_classes("liver"))
    hands.tab.contents.begin_import([tmp_path / "ct"])
    qtbot.waitUntil(lambda: not hands.tab.contents.step.busy)
    assert hands.said("masks.where") == "seg.nii.gz"
    assert hands.said("import.summary") == "1 with a mask · 0 without · 1 left out"
    assert hands.ticks() == [_ON, _OFF]
    assert {row.mask for row in hands.tab.contents.step.rows() if row.name == "sheet"} == {"no"}, (
        "it was asked for none"
    )
    preview = hands.tab.contents.step._values.preview
    qtbot.waitUntil(lambda: preview.isVisible() and not preview._picture.isNull(), timeout=20_000)
    qtbot.waitUntil(lambda: not context.jobs.busy)
