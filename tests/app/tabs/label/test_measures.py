"""Measuring by hand on the scan: what is kept, listed, picked and deleted, with real gestures and keys."""

import math
from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.label.tab import LabelTab
from app.tabs.tab import Tab
from engine.imaging.geometry import Plane
from engine.labels.classes import parse_classes
from engine.labels.measuring import size_of
from engine.project.importing import ImportPlan, import_images
from engine.project.measures import StoredMeasure
from engine.project.project import Project
from tests.app.tabs.label.conftest import CONTROL
from widgets.controls import IconButton
from widgets.measure_overlay import path_of, words_area
from widgets.view import Point

Show = Callable[[str, Tab], None]
_LEFT, _RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


def _project(folder: Path, shape: tuple[int, int, int] = (60, 40, 8)) -> Path:
    """Two volumes (x, y, z) of 0.5 x 2 x 5 mm in HU."""
    files = []
    for number in range(2):
        pixels = np.random.default_rng(number).integers(-900, 900, shape).astype(np.int16)
        files.append(folder / f"v{number}.nii.gz")
        nib.save(nib.Nifti1Image(pixels, np.diag([0.5, 2.0, 5.0, 1.0])), files[-1])
    with Project.create(folder / "v.contorno", "binary", parse_classes("lesion")) as project:
        for _ in import_images(project, ImportPlan(tuple(files))):
            pass
        return project.path


@pytest.fixture
def tab(qtbot: QtBot, context: AppContext, tmp_path: Path, show_tab: Show) -> LabelTab:
    made = LabelTab(context)
    show_tab("label", made)
    context.session.open_project(_project(tmp_path))
    context.session.assignments.set_modality([item.id for item in context.session.items()], "CT")
    _open(qtbot, context, 0)
    return made


def _open(qtbot: QtBot, context: AppContext, place: int) -> None:
    context.session.current.open(context.session.items()[place].id)
    qtbot.waitUntil(lambda: context.session.current.image is not None and not context.jobs.busy, timeout=20000)


def at(tab: LabelTab, point: Point) -> QPoint:
    return tab.scan.canvas.to_screen(point).toPoint()


def drag(tab: LabelTab, one: Point, two: Point, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    canvas = tab.scan.canvas
    QTest.mousePress(canvas, _LEFT, keys, at(tab, one))
    QTest.mouseMove(canvas, at(tab, ((one[0] + two[0]) / 2, (one[1] + two[1]) / 2)))
    QTest.mouseRelease(canvas, _LEFT, keys, at(tab, two))


def click(tab: LabelTab, point: Point, button: Qt.MouseButton = _LEFT) -> None:
    QTest.mouseMove(tab.scan.canvas, at(tab, point))
    QTest.mouseClick(tab.scan.canvas, button, pos=at(tab, point))


def kept(tab: LabelTab) -> list[StoredMeasure]:
    """What the disk holds of the open item; the list shows as many."""
    session = tab._session
    assert session.project is not None and session.current.item is not None
    with Project.open(session.project.path, write=False) as read:
        found = read.measures.of(session.current.item.id)
    assert [row.id for row in tab.measures.list.rows()] == [each.id for each in found]
    return found


def near(tab: LabelTab, points: tuple[Point, ...], wanted: tuple[Point, ...]) -> bool:
    """To half a pixel of the screen."""
    height, width = tab.scan.canvas.pixel_size
    pairs = zip(points, wanted, strict=True)
    return all(abs(a[0] - b[0]) * height <= 1 and abs(a[1] - b[1]) * width <= 1 for a, b in pairs)


def test_a_drag_measures_and_the_project_keeps_it(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    mask = context.session.current.mask
    assert mask is not None and not tab.measures.isVisible()
    context.commands["distance"].trigger()
    drag(tab, (5, 10), (25, 50))
    (stored,) = kept(tab)
    assert stored.measure.kind == "distance" and (stored.measure.plane, stored.measure.index) == ("axial", 4)
    assert near(tab, stored.measure.points, ((5, 10), (25, 50)))
    image, (row,) = context.session.current.image, tab.measures.list.rows()
    assert image is not None and tab.measures.isVisible() and row.title == "Distance" and row.place == "Axial 5"
    assert size_of(stored.measure, image.geometry).amount == pytest.approx(math.hypot(20 * 2, 40 * 0.5), rel=0.03)
    assert row.size.endswith("mm") and not mask.labels.any(), "nothing is painted"
    _open(qtbot, context, 1)
    assert kept(tab) == [] and not tab.measures.isVisible()
    _open(qtbot, context, 0)
    assert kept(tab) == [stored]


def test_an_angle_has_two_legs_by_drag_and_click_or_by_three_clicks(tab: LabelTab, context: AppContext) -> None:
    context.commands["angle"].trigger()
    drag(tab, (5, 30), (20, 30))
    assert kept(tab) == [] and tab.scan.canvas.unfinished
    click(tab, (20, 55))
    for point in ((5, 5), (30, 5), (30, 25)):
        click(tab, point)
    found = kept(tab)
    assert near(tab, found[0].measure.points, ((5, 30), (20, 30), (20, 55)))
    assert near(tab, found[1].measure.points, ((5, 5), (30, 5), (30, 25)))
    assert [row.size for row in tab.measures.list.rows()] == ["90.0°", "90.0°"]


def test_the_words_are_whole_and_beside_the_lines(tab: LabelTab, context: AppContext) -> None:
    canvas = tab.scan.canvas
    context.commands["angle"].trigger()
    for point in ((30, 5), (10, 20), (30, 35)):
        click(tab, point)
    context.commands["distance"].trigger()
    canvas.zoom_by(4.0)
    QTest.mousePress(canvas, _LEFT, pos=canvas.rect().center())
    QTest.mouseMove(canvas, QPoint(canvas.width() - 30, canvas.height() - 8))
    QTest.mouseRelease(canvas, _LEFT, pos=QPoint(canvas.width() - 24, canvas.height() - 4))
    angle, distance = canvas._measures.marks
    words = words_area(distance, canvas.to_screen, canvas.rect())
    assert QRectF(canvas.rect()).contains(words) and words.width() > 40
    canvas.fit()
    lines = path_of(angle.measure, canvas.to_screen)
    assert not lines.intersects(words_area(angle, canvas.to_screen, canvas.rect()))


def test_points_are_taken_back_and_a_click_alone_measures_nothing(tab: LabelTab, context: AppContext) -> None:
    canvas = tab.scan.canvas
    context.commands["angle"].trigger()
    click(tab, (5, 5))
    click(tab, (30, 5))
    click(tab, (10, 10), _RIGHT)
    click(tab, (20, 30))
    assert kept(tab) == [], "the second point went: that was the second one anew"
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert not canvas.unfinished
    context.commands["distance"].trigger()
    click(tab, (5, 5))
    context.commands["undo"].trigger()
    assert not canvas.unfinished
    click(tab, (5, 5))
    canvas.next_slice(1)
    assert not canvas.unfinished and kept(tab) == []


@pytest.mark.parametrize("id", ["region_ellipse", "region_rectangle"])
def test_a_region_says_its_values_in_the_unit_of_the_image(tab: LabelTab, context: AppContext, id: str) -> None:
    context.commands[id].trigger()
    drag(tab, (5, 10), (25, 50))
    (stored,), (row,) = kept(tab), tab.measures.list.rows()
    assert row.values.endswith("HU") and "±" in row.values and row.size.endswith("mm²")
    assert stored.measure.kind == id.removeprefix("region_")


def test_with_shift_a_region_is_as_wide_as_high_in_millimetres(tab: LabelTab, context: AppContext) -> None:
    context.commands["region_ellipse"].trigger()
    drag(tab, (5, 10), (10, 20), Qt.KeyboardModifier.ShiftModifier)
    (top, left), (bottom, right) = kept(tab)[0].measure.points
    assert (bottom - top) * 2.0 == pytest.approx((right - left) * 0.5)


def test_a_click_on_a_line_picks_it_and_delete_deletes_it(tab: LabelTab, context: AppContext) -> None:
    canvas = tab.scan.canvas
    context.commands["distance"].trigger()
    drag(tab, (5, 10), (5, 50))
    drag(tab, (20, 10), (20, 50))
    first, second = kept(tab)
    click(tab, (5, 30))
    assert canvas.picked_measure == first.id and len(kept(tab)) == 2, "it began no other one"
    assert tab.measures.list.current_row().id == first.id  # type: ignore[union-attr]
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert kept(tab) == [second] and canvas.picked_measure == 0
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert kept(tab) == [second], "none was picked"


def test_the_list_goes_to_the_slice_and_delete_works_there(tab: LabelTab, context: AppContext) -> None:
    canvas, shown = tab.scan.canvas, tab.measures.list
    context.commands["distance"].trigger()
    drag(tab, (5, 10), (5, 50))
    canvas.set_slice(1)
    drag(tab, (9, 10), (9, 50))
    canvas.set_slice(7)
    QTest.mouseClick(shown.viewport(), _LEFT, pos=shown.visualRect(shown.model().index(0, 0)).center())
    assert canvas.index == 4 and canvas.picked_measure == kept(tab)[0].id
    QTest.keyClick(shown, Qt.Key.Key_Delete)
    assert [each.measure.index for each in kept(tab)] == [1]
    QTest.mouseClick(shown.viewport(), _LEFT, pos=shown.visualRect(shown.model().index(0, 0)).center())
    button = tab.findChild(IconButton, "label.remove_measure")
    assert button is not None
    QTest.mouseClick(button, _LEFT)
    assert kept(tab) == [] and not tab.measures.isVisible()


@pytest.mark.parametrize("number", [1, 2])
def test_every_plane_is_measured_in_its_own_view(qtbot: QtBot, tab: LabelTab, context: AppContext, number: int) -> None:
    """Drawn where it was made alone: that view changes, the others stay as they were."""
    context.commands["views"].trigger()
    context.commands["distance"].trigger()
    views = list(tab.scan.views)
    view = views[number]
    qtbot.waitUntil(lambda: view.isVisible() and view.width() > 50)
    middle = view.rect().center()
    QTest.mouseMove(view, middle)
    QTest.mousePress(view, _LEFT, pos=middle)
    QTest.mouseMove(view, middle + QPoint(30, 6))
    QTest.mouseRelease(view, _LEFT, pos=middle + QPoint(60, 12))
    (stored,) = kept(tab)
    plane: Plane = view.plane
    assert stored.measure.plane == plane and stored.measure.index == view.index
    drawn = [each.grab().toImage() for each in views]
    QTest.keyClick(tab.scan.views.first, Qt.Key.Key_Delete)  # has the keyboard for all of them
    assert kept(tab) == []
    bare = [each.grab().toImage() for each in views]
    assert [one != two for one, two in zip(drawn, bare, strict=True)] == [each is view for each in views]


def test_what_is_begun_in_one_view_does_not_end_in_another(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    """Its points lie in the plane of the first: in another they would be others."""
    context.commands["views"].trigger()
    context.commands["distance"].trigger()
    first, other, _ = tab.scan.views
    qtbot.waitUntil(lambda: other.isVisible() and other.width() > 50)
    middle = first.rect().center()
    QTest.mouseClick(first, _LEFT, pos=middle)
    QTest.mouseMove(first, middle + QPoint(30, 0))
    there = other.rect().center()
    QTest.mouseMove(other, there)
    assert first.unfinished and not other.unfinished
    other.next_slice(1)
    assert first.unfinished, "that view goes through its own slices"
    QTest.mouseClick(other, _LEFT, pos=there)
    assert kept(tab) == [] and other.unfinished and not first.unfinished
    QTest.mouseMove(other, there + QPoint(40, 8))
    QTest.mouseClick(other, _LEFT, pos=there + QPoint(40, 8))
    (stored,) = kept(tab)
    assert stored.measure.plane == other.plane and stored.measure.index == other.index
    for point, wanted in zip(stored.measure.points, (there, there + QPoint(40, 8)), strict=True):
        assert (other.to_screen(point).toPoint() - wanted).manhattanLength() <= 1


def test_a_large_region_is_read_in_a_job(qtbot: QtBot, context: AppContext, tmp_path: Path, show_tab: Show) -> None:
    made = LabelTab(context)
    show_tab("label", made)
    context.session.open_project(_project(tmp_path, (900, 900, 2)))
    _open(qtbot, context, 0)
    context.commands["region_rectangle"].trigger()
    drag(made, (50, 50), (800, 800))
    (before,) = made.measures.list.rows()
    assert before.values == "Working it out…"
    qtbot.waitUntil(lambda: "±" in made.measures.list.rows()[0].values, timeout=20000)
    _open(qtbot, context, 1)
    _open(qtbot, context, 0)
    qtbot.waitUntil(lambda: "±" in made.measures.list.rows()[0].values, timeout=20000)
    assert len(kept(made)) == 1


def test_a_project_to_read_only_says_so(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    project = context.session.project
    assert project is not None
    path = project.path
    context.session.close_project()
    with Project.open(path):
        context.session.open_project(path)
        _open(qtbot, context, 0)
        context.commands["distance"].trigger()
        drag(tab, (5, 10), (5, 50))
        assert tab.note.isVisible() and tab.note.text() == "The project is open to read only."
        assert kept(tab) == []
        context.session.close_project()


def test_undo_takes_a_measure_back_and_not_the_stroke_before_it(tab: LabelTab, context: AppContext) -> None:
    """In the order in which they were made, and redo the other way."""
    canvas, current, commands = tab.scan.canvas, context.session.current, context.commands
    assert current.mask is not None and not commands["undo"].isEnabled()
    commands["distance"].trigger()
    drag(tab, (5, 10), (25, 50))
    assert commands["undo"].text() == "Undo: Distance"
    commands["brush"].trigger()
    click(tab, (20, 30))
    commands["angle"].trigger()
    for point in ((5, 5), (30, 5), (30, 25)):
        click(tab, point)
    distance, angle = kept(tab)
    canvas.setFocus()

    def there() -> tuple[list[StoredMeasure], bool]:
        assert current.mask is not None
        return kept(tab), bool(current.mask.labels.any())

    whole = [([distance], True), ([distance], False), ([], False)]
    for state in whole:
        QTest.keyClick(canvas, Qt.Key.Key_Z, CONTROL)
        assert there() == state
    assert not commands["undo"].isEnabled() and commands["redo"].text() == "Redo: Distance"
    for state in (*whole[-2::-1], ([distance, angle], True)):
        QTest.keyClick(canvas, Qt.Key.Key_Y, CONTROL)
        assert there() == state
    assert not commands["redo"].isEnabled()


def test_a_deleted_measure_comes_back_in_its_place(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    context.commands["distance"].trigger()
    for down in (5, 15, 25):
        drag(tab, (down, 10), (down, 50))
    before = kept(tab)
    tab.measures.list.setCurrentIndex(tab.measures.list.model().index(1, 0))
    QTest.keyClick(tab.measures.list, Qt.Key.Key_Delete)
    assert kept(tab) == [before[0], before[2]] and context.commands["undo"].text() == "Undo: Distance deleted"
    tab.scan.views.show_slice("axial", 0)
    context.commands["undo"].trigger()
    assert kept(tab) == before and tab.scan.canvas.index == 4, "where it lies"
    _open(qtbot, context, 1)
    assert not context.commands["undo"].isEnabled(), "another item's measures are out of sight"
