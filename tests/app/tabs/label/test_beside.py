"""A second item beside the open one or over it: the same place, its own window, and nothing of it under a stroke."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.label.tab import LabelTab
from app.tabs.scan.beside import Beside
from app.tabs.scan.beside_choice import BesideOptions
from engine.imaging.image import Window
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from tests.app.conftest import write_slice
from tests.app.tabs.label.conftest import turn_wheel

_LEFT, _MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
_SHIFT, _CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def write_series(
    folder: Path, patient: str, name: str, slices: int, apart: float, pixel: float, shape: tuple[int, int]
) -> None:
    """Slices whose values are 100 + their height in mm, with a square of 900 at 24 to 36 mm down and across."""
    places = np.arange(max(shape)) * pixel
    square = (places >= 24) & (places < 36)
    inside = np.outer(square[: shape[0]], square[: shape[1]])
    for z in range(slices):
        write_slice(
            folder / f"{patient}{name}{z}",
            np.where(inside, 900, 100 + apart * z).astype(np.uint16),
            z * apart / 8,
            PatientID=patient,
            SeriesInstanceUID=f"1.2.{len(name)}.{ord(patient)}",
            FrameOfReferenceUID=f"1.3.{ord(patient)}",
            SeriesDescription=name,
            PixelSpacing=[pixel, pixel],
        )


@pytest.fixture
def tab(qtbot: QtBot, context: AppContext, tmp_path: Path, open_label: Callable[[Path], LabelTab]) -> LabelTab:
    """On "fine", of patient A, who has "coarse" as well; "other one" is of patient B."""
    write_series(tmp_path / "scans", "A", "fine", 12, 4.0, 1.0, (64, 64))
    write_series(tmp_path / "scans", "A", "coarse", 6, 8.0, 3.0, (20, 20))
    write_series(tmp_path / "scans", "B", "other one", 3, 8.0, 2.0, (40, 40))
    with Project.create(tmp_path / "two", "multiclass", parse_classes("left,right")) as made:
        result_of(import_images(made, ImportPlan((tmp_path / "scans",))))
    opened = open_label(made.path)
    go(qtbot, context, "fine")
    return opened


@pytest.fixture
def beside(tab: LabelTab) -> Beside:
    assert tab.scan.beside is not None
    return tab.scan.beside


def id_of(context: AppContext, name: str) -> int:
    assert context.session.project is not None
    return context.session.project.items.named(name).id


def go(qtbot: QtBot, context: AppContext, name: str) -> None:
    current = context.session.current
    current.open(id_of(context, name))
    qtbot.waitUntil(lambda: current.item is not None and current.item.name == name and current.image is not None)


def shown(qtbot: QtBot, beside: Beside) -> None:
    qtbot.waitUntil(lambda: beside.view.isVisible() and beside.view.image is not None)


def value_at(beside: Beside, down: float, across: float) -> int:
    """Of the second item, at a place of the open item's slice in its pixels of 1 mm."""
    image = beside.view.image
    assert image is not None
    step = image.geometry.spacing[2]
    return int(image.pixels[0, round((down + 0.5) / step - 0.5), round((across + 0.5) / step - 0.5)])


def test_key_shows_another_series_of_the_patient_at_the_same_place(
    qtbot: QtBot, context: AppContext, tab: LabelTab, beside: Beside
) -> None:
    canvas = tab.scan.canvas
    canvas.set_slice(4)  # 16 mm
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_L, _SHIFT)
    shown(qtbot, beside)
    assert beside.bar.isVisible() and beside.bar.words == "coarse · the same place in mm"
    assert value_at(beside, 10, 10) == 116 and value_at(beside, 30, 30) == 900
    canvas.set_slice(5)  # between two of its slices
    assert value_at(beside, 10, 10) == 120
    assert canvas.width() == pytest.approx(beside.view.width(), abs=2)
    QTest.keyClick(canvas, Qt.Key.Key_L, _SHIFT)
    assert not beside.view.isVisible() and not beside.bar.isVisible()


def test_a_series_on_the_same_grid_comes_first(
    qtbot: QtBot, context: AppContext, tmp_path: Path, open_label: Callable[[Path], LabelTab]
) -> None:
    for name, pixel, side in (("a fine", 1.0, 64), ("b coarse", 3.0, 20), ("c the like", 1.0, 64)):
        write_series(tmp_path / "scans", "A", name, 4, 4.0, pixel, (side, side))
    with Project.create(tmp_path / "three", "binary", parse_classes("left")) as made:
        result_of(import_images(made, ImportPlan((tmp_path / "scans",))))
    tab = open_label(made.path)
    go(qtbot, context, "a fine")
    assert tab.scan.beside is not None
    tab.scan.canvas.setFocus()
    QTest.keyClick(tab.scan.canvas, Qt.Key.Key_L, _SHIFT)
    shown(qtbot, tab.scan.beside)
    assert tab.scan.beside.bar.words.startswith("c the like")


@pytest.mark.parametrize(
    ("first", "second", "pixel", "index", "value"), [("fine", "coarse", 1, 7, 128), ("coarse", "fine", 3, 4, 132)]
)
def test_views_move_together_and_have_windows_of_their_own(
    qtbot: QtBot,
    context: AppContext,
    tab: LabelTab,
    beside: Beside,
    first: str,
    second: str,
    pixel: float,
    index: int,
    value: int,
) -> None:
    canvas, view = tab.scan.canvas, beside.view
    go(qtbot, context, first)
    beside.choice.choose(id_of(context, second))
    shown(qtbot, beside)
    turn_wheel(view, QPointF(100, 100), -1)
    assert canvas.index == index and value_at(beside, 10, 10) == value

    def together() -> bool:
        """The corner of the square is at the same place of both views, from their middles."""
        image = view.image
        assert image is not None
        here = 24 / pixel
        there = (here + 0.5) * pixel / image.geometry.spacing[2] - 0.5
        one = canvas.to_screen((here, here)) - QPointF(canvas.width() / 2, canvas.height() / 2)
        two = view.to_screen((there, there)) - QPointF(view.width() / 2, view.height() / 2)
        return (one - two).manhattanLength() < 1.5

    assert together()
    under = view.to_slice(QPointF(90, 120))
    turn_wheel(view, QPointF(90, 120), 2, _CONTROL)
    assert together() and canvas.look.zoom is not None
    assert view.to_slice(QPointF(90, 120)) == pytest.approx(under, abs=0.3)  # what was under the pointer stays there
    QTest.mouseMove(view, QPoint(90, 120))
    mark = canvas.mark[0]
    assert mark is not None and (canvas.to_screen(mark) - QPointF(90, 120)).manhattanLength() < 3
    canvas.zoom_by(1.7, QPointF(30, 40))
    assert together()
    middle = canvas.look.middle
    QTest.mousePress(view, _MIDDLE, pos=QPoint(100, 100))
    QTest.mouseMove(view, QPoint(130, 110))
    QTest.mouseRelease(view, _MIDDLE, pos=QPoint(130, 110))
    assert together() and canvas.look.middle != middle
    own, before = canvas.window_level, view.window_level
    QTest.mousePress(view, _LEFT, pos=QPoint(100, 100))
    QTest.mouseMove(view, QPoint(160, 100))
    QTest.mouseRelease(view, _LEFT, pos=QPoint(160, 100))
    assert view.window_level.width > before.width and canvas.window_level == own
    canvas.set_window(Window(400.0, 123.0))
    canvas.set_slice(2)
    assert view.window_level.width > before.width and view.window_level != canvas.window_level
    QTest.mouseDClick(view, _LEFT, pos=QPoint(160, 100))
    assert view.window_level == before


def test_the_pointer_has_a_mark_at_the_same_place(
    qtbot: QtBot, context: AppContext, tab: LabelTab, beside: Beside
) -> None:
    canvas = tab.scan.canvas
    canvas.set_slice(4)
    beside.choice.choose(id_of(context, "coarse"))
    shown(qtbot, beside)
    QTest.mouseMove(canvas, canvas.to_screen((30, 31)).toPoint())
    at, value = beside.view.mark
    assert at is not None and value == "900" and beside.view.image is not None
    assert at == pytest.approx((30, 31)) and beside.view.image.shape == (1, 64, 64)
    QTest.mouseMove(beside.view, beside.view.to_screen((20, 40)).toPoint())
    there = canvas.mark[0]
    assert there is not None and there == pytest.approx((20, 40), abs=0.5)


def test_a_stroke_leaves_the_second_view_as_it_is(
    qtbot: QtBot, context: AppContext, tab: LabelTab, beside: Beside
) -> None:
    canvas = tab.scan.canvas
    beside.choice.choose(id_of(context, "coarse"))
    shown(qtbot, beside)
    tab.take_tool("brush")
    QTest.mouseMove(canvas, canvas.to_screen((20, 20)).toPoint())
    cut, mark = beside.view.image, beside.view.mark
    QTest.mousePress(canvas, _LEFT, pos=canvas.to_screen((20, 20)).toPoint())
    for place in range(21, 40):
        QTest.mouseMove(canvas, canvas.to_screen((place, place)).toPoint())
    assert beside.view.image is cut and beside.view.mark == mark
    QTest.mouseRelease(canvas, _LEFT, pos=canvas.to_screen((39, 39)).toPoint())
    mask = context.session.current.mask
    assert mask is not None and mask.labels[canvas.index, 30, 30] == 1
    assert beside.view.image is cut


def test_over_the_scan_it_is_under_the_mask_and_as_opaque_as_asked(
    qtbot: QtBot, context: AppContext, tab: LabelTab, beside: Beside
) -> None:
    canvas = tab.scan.canvas
    canvas.set_window(Window(500.0, 1000.0))
    canvas.setFocus()

    def grey() -> int:
        return canvas.grab().toImage().pixelColor(canvas.to_screen((10, 10)).toPoint()).red()

    alone = grey()
    QTest.keyClick(canvas, Qt.Key.Key_O, _SHIFT)
    qtbot.waitUntil(lambda: grey() != alone)
    square = canvas.to_screen((30, 30)).toPoint()
    assert beside.choice.options.over and not beside.view.isVisible() and beside.bar.opacity.isVisible()
    assert beside.choice.options.item == id_of(context, "coarse")
    half = grey()
    beside.bar.opacity.changed.emit(100.0)
    whole = grey()
    assert abs(whole - alone) > abs(half - alone) > 0
    beside.bar.opacity.changed.emit(0.0)
    assert grey() == alone
    beside.bar.opacity.changed.emit(100.0)
    tab.take_tool("brush")
    white = canvas.grab().toImage().pixelColor(square)
    QTest.mouseClick(canvas, _LEFT, pos=square)
    painted = canvas.grab().toImage().pixelColor(square)
    assert painted != white and painted.saturation() > 0  # the mask lies on top
    canvas.set_slice(2)
    canvas.set_slice(6)
    assert grey() == whole
    beside_button = beside.bar.findChild(QAbstractButton, "label.second_bar.way.beside")
    assert beside_button is not None
    QTest.mouseClick(beside_button, _LEFT)
    assert beside.view.isVisible() and grey() == alone


def test_three_planes_have_it_over_all_and_beside_the_one_with_the_keys(
    qtbot: QtBot, context: AppContext, tab: LabelTab, beside: Beside
) -> None:
    tab.scan.show_several(True)
    beside.choice.choose(id_of(context, "coarse"))
    shown(qtbot, beside)
    coronal = tab.scan.views.of("coronal")
    assert coronal is not None
    tab.scan.views.go((4, 30, 30))
    QTest.mouseMove(coronal, QPoint(40, 40))
    coronal.pointed.emit()
    assert tab.scan.canvas is coronal and beside.view.image is not None
    assert value_at_row(beside, 4) == 900
    before = [view.grab().toImage() for view in tab.scan.views]
    QTest.keyClick(tab.scan.views.first, Qt.Key.Key_O, _SHIFT)
    assert all(view.grab().toImage() != old for view, old in zip(tab.scan.views, before, strict=True))


def value_at_row(beside: Beside, row: int) -> int:
    """In the middle of the square, in a plane whose rows are the open item's slices."""
    image = beside.view.image
    assert image is not None
    _, down, across = image.geometry.spacing
    return int(image.pixels[0, round((4 * row) / down), round(30 / across)])


def test_escape_closes_it_after_what_is_unfinished(
    qtbot: QtBot, context: AppContext, tab: LabelTab, beside: Beside
) -> None:
    canvas = tab.scan.canvas
    beside.choice.choose(id_of(context, "coarse"))
    shown(qtbot, beside)
    tab.take_tool("polygon")
    canvas.setFocus()
    QTest.mouseClick(canvas, _LEFT, pos=QPoint(100, 100))
    assert canvas.unfinished
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert not canvas.unfinished and beside.view.isVisible()
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert not beside.view.isVisible() and canvas.mark == (None, "")


@pytest.mark.qt_log_ignore("does not support", extend=True)  # menus, on a screen that is not there
def test_the_menu_of_the_list_offers_it(qtbot: QtBot, context: AppContext, tab: LabelTab, beside: Beside) -> None:
    choose_in_menu(tab, context, "other one")
    shown(qtbot, beside)
    assert beside.bar.words == "other one · by relative slice: another patient"
    tab.scan.canvas.set_slice(11)
    assert value_at(beside, 60, 60) == 116  # the last on the last


def test_the_like_of_a_series_goes_with_the_next_patient(
    qtbot: QtBot, context: AppContext, tab: LabelTab, beside: Beside, tmp_path: Path
) -> None:
    write_series(tmp_path / "more", "C", "coarse", 6, 8.0, 3.0, (20, 20))
    write_series(tmp_path / "more", "C", "fine", 12, 4.0, 1.0, (64, 64))
    with qtbot.waitSignal(context.session.import_finished):
        context.session.import_images(ImportPlan((tmp_path / "more",)))
    context.commands["look_beside"].trigger()
    shown(qtbot, beside)
    assert beside.bar.words == "coarse · the same place in mm" and beside.choice.options.own_patient
    go(qtbot, context, "fine (2)")
    qtbot.waitUntil(lambda: beside.bar.words == "coarse (2) · the same place in mm")
    go(qtbot, context, "coarse (2)")
    assert not beside.bar.isVisible()
    go(qtbot, context, "fine")
    qtbot.waitUntil(lambda: beside.bar.words == "coarse · the same place in mm")
    beside.choice.choose(id_of(context, "other one"))  # of another patient: it stays
    qtbot.waitUntil(lambda: beside.bar.words == "other one · by relative slice: another patient")
    go(qtbot, context, "fine (2)")
    qtbot.waitUntil(lambda: beside.bar.words == "other one · by relative slice: another patient")


def test_where_it_does_not_reach_it_says_so(
    qtbot: QtBot, context: AppContext, tab: LabelTab, beside: Beside, tmp_path: Path
) -> None:
    write_series(tmp_path / "more", "A", "short one", 2, 8.0, 1.0, (64, 64))
    with qtbot.waitSignal(context.session.import_finished):
        context.session.import_images(ImportPlan((tmp_path / "more",)))
    tab.scan.canvas.set_slice(1)
    beside.choice.choose(id_of(context, "short one"))
    shown(qtbot, beside)
    assert beside.bar.words == "short one · the same place in mm" and value_at(beside, 30, 30) == 900
    tab.scan.canvas.set_slice(8)
    assert beside.bar.words == "short one · it does not reach this slice"
    assert beside.view.image is not None and np.ptp(beside.view.image.pixels) == 0
    context.commands["look_over"].trigger()
    assert beside.bar.words == "short one · it does not reach this slice"
    tab.scan.canvas.set_slice(1)
    assert beside.bar.words == "short one · the same place in mm"


def choose_in_menu(tab: LabelTab, context: AppContext, name: str) -> None:
    items = tab.items.list
    row = next(k for k, id in enumerate(items.ids()) if id == id_of(context, name))
    place = items.visualRect(items.model().index(row, 0)).center()
    viewport = items.viewport()
    QApplication.sendEvent(
        viewport, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, viewport.mapToGlobal(place))
    )
    (menu,) = [menu for menu in items.findChildren(QMenu, "label.item_menu") if menu.isVisible()]
    action = next(action for action in menu.actions() if action.text() == "Look at beside")
    QTest.mouseClick(menu, _LEFT, pos=menu.actionGeometry(action).center())


def test_it_is_remembered_with_the_project(qtbot: QtBot, context: AppContext, tab: LabelTab, beside: Beside) -> None:
    session = context.session
    assert session.project is not None
    path = session.project.path
    beside.choice.choose(id_of(context, "coarse"))
    QTest.keyClick(tab.scan.canvas, Qt.Key.Key_O, _SHIFT)
    chosen = beside.choice.options
    session.close_project()
    assert beside.choice.options == BesideOptions() and not beside.bar.isVisible()
    session.open_project(path)
    assert beside.choice.options == chosen and chosen.over and chosen.shown
    go(qtbot, context, "coarse")  # the second one itself is open: there is nothing to lay over it
    assert not beside.bar.isVisible()
    go(qtbot, context, "fine")
    assert beside.bar.isVisible()
    session.remove_items([id_of(context, "coarse")])
    assert not beside.bar.isVisible()


@pytest.mark.parametrize(
    "text",
    ["", "x", "[1]", '[1, true, true, "a", true]', "{}", '["a", 1, 1, 1, 1]', "[1, true, true, NaN, true]"],
)
def test_what_cannot_be_read_is_not_kept(text: str) -> None:
    assert BesideOptions.read(text) == BesideOptions()


def test_what_was_kept_is_read() -> None:
    options = BesideOptions(3, True, False, 0.25, True)
    assert BesideOptions.read(options.write()) == options
    assert BesideOptions.read("[3, true, false, 7, 0]") == BesideOptions(3, True, False, 1.0)


def test_a_second_item_that_is_lost_is_said(qtbot: QtBot, context: AppContext, tab: LabelTab, beside: Beside) -> None:
    item = next(item for item in context.session.items() if item.name == "coarse")
    Path(item.source.files[0]).unlink()
    with qtbot.waitSignal(context.session.failed):
        beside.choice.choose(item.id)
    assert beside.bar.words == "coarse · The image was not read." and beside.view.image is None


def test_pictures_stand_side_by_side_too(
    qtbot: QtBot, context: AppContext, tmp_path: Path, open_label: Callable[[Path], LabelTab]
) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name, shape in (("after", (60, 80)), ("before", (120, 160))):
        picture = np.full((*shape, 3), 200 if name == "after" else 50, np.uint8)
        (folder / f"{name}.png").write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    with Project.create(tmp_path / "films", "multiclass", parse_classes("spot")) as made:
        result_of(import_images(made, ImportPlan((folder,))))
    tab = open_label(made.path)
    beside = tab.scan.beside
    assert beside is not None
    go(qtbot, context, "after")
    context.commands["look_beside"].trigger()
    shown(qtbot, beside)
    assert beside.bar.words == "before · by relative slice: no place in a patient is known"
    assert beside.view.image is not None and (beside.view.image.pixels == 50).all()
    zoom = tab.scan.canvas.zoom
    turn_wheel(beside.view, QPointF(50, 50), 1)  # a picture has no slices: the wheel zooms
    assert tab.scan.canvas.zoom > zoom


def test_nobody_known_is_not_a_patient_who_has_the_like_of_a_series(
    qtbot: QtBot, context: AppContext, tab: LabelTab, beside: Beside, tmp_path: Path
) -> None:
    for place, name in enumerate(("coarse of one", "fine of another")):
        for z in range(3):
            write_slice(
                tmp_path / "nameless" / f"{place}{z}",
                np.full((20, 20), 100 * place, np.uint16),
                z,
                PatientID="",
                PatientName="",
                StudyInstanceUID=f"1.5.{place}",
                SeriesInstanceUID=f"1.6.{place}",
                SeriesDescription=name,
            )
    with qtbot.waitSignal(context.session.import_finished):
        context.session.import_images(ImportPlan((tmp_path / "nameless",)))
    context.commands["look_beside"].trigger()
    shown(qtbot, beside)
    go(qtbot, context, "fine of another")
    qtbot.waitUntil(lambda: not context.jobs.busy)
    assert not beside.bar.isVisible(), "two nobodies are not one patient"


def test_escape_closes_nothing_that_is_not_seen(
    qtbot: QtBot, context: AppContext, tab: LabelTab, beside: Beside
) -> None:
    context.commands["look_beside"].trigger()
    shown(qtbot, beside)
    go(qtbot, context, "other one")  # of a patient who has no like of it
    assert not beside.bar.isVisible()
    QTest.keyClick(tab.scan.canvas, Qt.Key.Key_Escape)
    go(qtbot, context, "fine")
    shown(qtbot, beside)
