"""An item on its way in Label: the slice that will be shown is seen at once, hung and placed as after, and nobody paints on it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.label.tab import LabelTab
from app.tabs.tab import Tab
from engine.imaging.geometry import display_flips
from engine.imaging.image import Window
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from tests.app.conftest import DEPTH, SIZE, HeldReader, write_slice
from tests.app.tabs.label.conftest import NO, SHIFT, turn_wheel
from widgets.tools import PanTool, WindowLevelTool

LEFT = Qt.MouseButton.LeftButton
PATIENCE = 20_000
WHY = "a is still being read: wait until all of it is there."


@pytest.fixture
def tab(
    context: AppContext, show_tab: Callable[[str, Tab], None], held: HeldReader
) -> LabelTab:  # `held` after the context: it lets go before the jobs are closed
    made = LabelTab(context)
    show_tab("label", made)
    return made


@pytest.fixture
def seen(qtbot: QtBot, context: AppContext, tab: LabelTab, volumes: Path) -> LabelTab:
    """The first volume is on its way: its slice is on the canvas."""
    context.session.open_project(volumes)
    qtbot.waitUntil(lambda: tab.scan.canvas.image is not None, timeout=PATIENCE)
    return tab


def all_read(qtbot: QtBot, context: AppContext, held: HeldReader) -> None:
    held.let_go()
    qtbot.waitUntil(lambda: context.session.current.image is not None and not context.jobs.busy, timeout=PATIENCE)


def words(tab: LabelTab) -> list[str]:
    return [word.text for word in tab.scan.canvas._corner_painter._words]


def test_the_slice_is_on_the_canvas_before_the_rest_is_read(
    qtbot: QtBot, context: AppContext, seen: LabelTab, held: HeldReader
) -> None:
    canvas, current = seen.scan.canvas, context.session.current
    assert current.loading and current.image is None and canvas.image is not None
    assert canvas.image.pixels[0, 0, 0] == 1000 + 10 * (DEPTH // 2)
    assert {"Reading, 100 %", f"Slice {DEPTH // 2 + 1} / {DEPTH}", "Axial · a"} <= set(words(seen))
    flips, picture, corner = display_flips(canvas.image.geometry), canvas.grab(), canvas.to_screen((0.0, 0.0))
    all_read(qtbot, context, held)
    assert canvas.image is current.image and current.image is not None
    assert canvas.index == DEPTH // 2 and display_flips(current.image.geometry) == flips
    assert canvas.to_screen((0.0, 0.0)) == corner and canvas.grab().size() == picture.size()
    assert not any("Reading" in word for word in words(seen))


def test_slices_are_as_far_apart_before_the_rest_is_read_as_after(
    qtbot: QtBot, context: AppContext, tab: LabelTab, held: HeldReader, tmp_path: Path
) -> None:
    """One file says how thick its slice is, and not how far the next one is."""
    for z in range(6):
        write_slice(
            tmp_path / "mr" / f"{z}", np.full(SIZE, z, np.uint16), z, SeriesInstanceUID="1.2.3", SliceThickness=5
        )
    with Project.create(tmp_path / "mr.contorno", "multiclass", parse_classes("disc")) as made:
        assert len(result_of(import_images(made, ImportPlan((tmp_path / "mr",)))).added) == 1
    context.session.open_project(made.path)
    qtbot.waitUntil(lambda: tab.scan.canvas.image is not None, timeout=PATIENCE)
    assert context.session.current.loading and "MR · 8.0\u202fmm" in words(tab)
    all_read(qtbot, context, held)
    assert "MR · 8.0\u202fmm" in words(tab)


def test_nothing_is_done_to_what_is_not_read_and_the_pointer_says_why(
    qtbot: QtBot, context: AppContext, seen: LabelTab, held: HeldReader
) -> None:
    canvas = seen.scan.canvas
    made = list[object]()
    for signal in (canvas.stroke_finished, canvas.fill_asked, canvas.assist_asked, canvas.measure_made):
        signal.connect(made.append)
    names = [name for name, tool in seen._tools.items() if not isinstance(tool, (PanTool, WindowLevelTool))]
    assert len(names) > 8
    for name in names:
        for button in (LEFT, Qt.MouseButton.RightButton):
            seen.take_tool(name)
            seen.note.hide()
            QTest.mouseClick(canvas, button, pos=canvas.rect().center())
            assert seen.note.isVisible() and seen.note.text() == WHY, name
    all_read(qtbot, context, held)
    current = context.session.current
    assert not made and current.mask is not None and not current.mask.labels.any() and not current.history()


def test_afterwards_it_is_painted_on(qtbot: QtBot, context: AppContext, seen: LabelTab, held: HeldReader) -> None:
    canvas = seen.scan.canvas
    seen.take_tool("brush")
    QTest.mouseClick(canvas, LEFT, pos=canvas.rect().center())
    all_read(qtbot, context, held)
    QTest.mouseClick(canvas, LEFT, pos=canvas.rect().center())
    current = context.session.current
    assert current.mask is not None and current.mask.labels[DEPTH // 2].any() and len(current.history()) == 1


def test_a_tool_is_taken_in_hand_meanwhile(qtbot: QtBot, context: AppContext, seen: LabelTab, held: HeldReader) -> None:
    """Whoever opens an item and presses a tool's key at once has that tool, not the one before."""
    canvas = seen.scan.canvas
    canvas.setFocus()
    for key, name in ((Qt.Key.Key_T, "rectangle"), (Qt.Key.Key_D, "distance"), (Qt.Key.Key_P, "polygon")):
        QTest.keyClick(canvas, key, SHIFT if name == "distance" else NO)
        assert seen.tool == name
    QTest.keyClick(canvas, Qt.Key.Key_R)
    all_read(qtbot, context, held)
    assert seen.tool == "distance" and canvas.tool.name == "distance"


def test_slices_are_gone_through_and_nothing_else_is(
    qtbot: QtBot, context: AppContext, seen: LabelTab, held: HeldReader
) -> None:
    canvas, item = seen.scan.canvas, context.session.current.item
    zoom = canvas.zoom
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert context.session.current.item is item
    for id in ("fit", "next_plane"):
        assert not context.commands[id].isEnabled()
        assert "The item is still being read." in context.commands[id].toolTip()
    turn_wheel(canvas, QPointF(canvas.rect().center()), 1, Qt.KeyboardModifier.ControlModifier)
    assert canvas.zoom > zoom and shown_slice(seen) == (DEPTH // 2, 1000 + 10 * (DEPTH // 2))


def shown_slice(tab: LabelTab) -> tuple[int, int]:
    """The number in the corner, from 0, and the first value of the slice that is drawn."""
    image = tab.scan.canvas.image
    (corner,) = (word for word in words(tab) if word.startswith("Slice ") and word.endswith(f" / {DEPTH}"))
    assert image is not None and image.shape[0] == 1
    return int(corner.split()[1]) - 1, int(image.pixels[0, 0, 0])


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A packed volume comes slice by slice."""
    monkeypatch.setattr("engine.imaging.nifti._PIECE", SIZE[0] * SIZE[1] * 2)


def test_slices_of_a_stream_are_waited_for_under_their_true_number(
    qtbot: QtBot, context: AppContext, slowly: None, seen: LabelTab, held: HeldReader
) -> None:
    canvas = seen.scan.canvas
    assert shown_slice(seen) == (0, 1000)  # on its way to the middle
    turn_wheel(canvas, QPointF(canvas.rect().center()), -2)
    turn_wheel(canvas, QPointF(canvas.rect().center()), -1)
    assert shown_slice(seen) == (0, 1000) and "Slice 4 comes as soon as it is read" in words(seen)
    QTest.mouseClick(canvas, LEFT, pos=canvas.rect().center())
    assert seen.note.isVisible() and seen.note.text() == WHY
    for number in (1, 2, 3):
        held.step()
        qtbot.waitUntil(lambda number=number: shown_slice(seen)[0] == number, timeout=PATIENCE)  # type: ignore[misc]
        assert shown_slice(seen) == (number, 1000 + 10 * number)
        assert any("comes" in word for word in words(seen)) == (number < 3)
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_PageUp)
    QTest.keyClick(canvas, Qt.Key.Key_PageUp)
    held.step()
    qtbot.waitUntil(lambda: shown_slice(seen) == (1, 1010), timeout=PATIENCE)  # was there already
    for _ in range(4):
        context.commands["next_slices"].trigger()
    assert "Slice 22 comes as soon as it is read" in words(seen)
    all_read(qtbot, context, held)
    assert canvas.index == 21 and canvas.image is context.session.current.image


def test_any_slice_of_a_series_comes_at_once(
    qtbot: QtBot, context: AppContext, tab: LabelTab, held: HeldReader, tmp_path: Path
) -> None:
    for z in range(DEPTH):
        write_slice(
            tmp_path / "series" / f"{z:02}", np.full(SIZE, 1000 + 10 * z, np.uint16), z,
            PatientID="P", SeriesInstanceUID="1.2.9", SeriesDescription="a", InstanceNumber=z + 1,
        )  # fmt: skip
    with Project.create(tmp_path / "series.contorno", "multiclass", parse_classes("a")) as made:
        assert len(result_of(import_images(made, ImportPlan((tmp_path / "series",)))).added) == 1
    context.session.open_project(made.path)
    canvas = tab.scan.canvas
    qtbot.waitUntil(lambda: canvas.image is not None, timeout=PATIENCE)
    assert shown_slice(tab) == (12, 1120)
    turn_wheel(canvas, QPointF(canvas.rect().center()), -9)
    assert shown_slice(tab) == (12, 1120) and "Slice 22 comes as soon as it is read" in words(tab)
    held.step()
    qtbot.waitUntil(lambda: shown_slice(tab) == (21, 1210), timeout=PATIENCE)
    turn_wheel(canvas, QPointF(canvas.rect().center()), 40)
    held.step()
    qtbot.waitUntil(lambda: shown_slice(tab) == (0, 1000), timeout=PATIENCE)
    zoom = canvas.zoom
    all_read(qtbot, context, held)
    assert canvas.index == 0 and canvas.zoom == zoom and canvas.slices == DEPTH


def test_where_a_person_went_meanwhile_is_where_all_planes_meet(
    qtbot: QtBot, context: AppContext, tab: LabelTab, held: HeldReader, volumes: Path
) -> None:
    tab.scan.show_several(True)
    context.session.open_project(volumes)
    qtbot.waitUntil(lambda: tab.scan.views.first.image is not None, timeout=PATIENCE)
    turn_wheel(tab.scan.canvas, QPointF(tab.scan.canvas.rect().center()), -5)
    all_read(qtbot, context, held)
    assert tab.scan.views.several and tab.scan.views.place[0] == DEPTH // 2 + 5
    assert tab.scan.views.first.index == DEPTH // 2 + 5


def test_how_it_is_looked_at_meanwhile_stays(
    qtbot: QtBot, context: AppContext, seen: LabelTab, held: HeldReader
) -> None:
    canvas = seen.scan.canvas
    canvas.set_window(Window(1100, 300))
    canvas.zoom_by(3.0, QPointF(200, 150))
    zoom, at = canvas.zoom, canvas.to_slice(QPointF(300, 200))
    all_read(qtbot, context, held)
    assert canvas.window_level == Window(1100, 300) and canvas.zoom == pytest.approx(zoom)
    assert canvas.to_slice(QPointF(300, 200)) == pytest.approx(at)
    assert canvas.index == DEPTH // 2 and context.session.current.image is canvas.image


def test_the_slice_that_was_looked_at_last_is_read_first(
    qtbot: QtBot, context: AppContext, tab: LabelTab, held: HeldReader, volumes: Path
) -> None:
    held.let_go()
    context.session.open_project(volumes)
    all_read(qtbot, context, held)
    tab.scan.canvas.set_slice(3)
    tab.scan.canvas.set_window(Window(1200, 100))
    context.session.close_project()
    held.hold()
    context.session.open_project(volumes)
    canvas = tab.scan.canvas
    qtbot.waitUntil(lambda: canvas.image is not None, timeout=PATIENCE)
    assert canvas.image is not None and canvas.image.pixels[0, 0, 0] == 1030
    assert canvas.window_level == Window(1200, 100) and f"Slice 4 / {DEPTH}" in words(tab)
    all_read(qtbot, context, held)
    assert canvas.index == 3 and canvas.window_level == Window(1200, 100)


def test_a_grey_range_that_is_settled_is_said_once(
    qtbot: QtBot, context: AppContext, tab: LabelTab, held: HeldReader, tmp_path: Path
) -> None:
    values = np.zeros((7, *SIZE), np.uint16)
    values[3], values[5] = 500 + np.arange(SIZE[1], dtype=np.uint16), 4000
    tifffile.imwrite(tmp_path / "pages.tif", values, photometric="minisblack", compression="zlib")
    with Project.create(tmp_path / "pages.contorno", "multiclass", parse_classes("a")) as made:
        result_of(import_images(made, ImportPlan((tmp_path / "pages.tif",))))
    said: list[str] = []
    context.session.notification.connect(lambda text, _: said.append(text))
    for first in (True, False):
        held.hold()
        context.session.open_project(made.path)
        qtbot.waitUntil(lambda: tab.scan.canvas.image is not None, timeout=PATIENCE)
        before = tab.scan.canvas.window_level
        all_read(qtbot, context, held)
        assert (tab.scan.canvas.window_level != before) == first
        assert said == ["All is read: the grey range is that of the whole image now."]
        context.session.close_project()


def test_the_next_item_is_seen_as_the_one_before(
    qtbot: QtBot, context: AppContext, tab: LabelTab, held: HeldReader, volumes: Path
) -> None:
    held.let_go()
    context.session.open_project(volumes)
    all_read(qtbot, context, held)
    canvas = tab.scan.canvas
    canvas.set_slice(5)
    canvas.zoom_by(3.0, QPointF(200, 150))
    zoom, at = canvas.zoom, canvas.to_slice(QPointF(300, 200))
    context.session.current.reread([])  # what was read ahead is forgotten
    held.hold()
    context.session.current.open(next(item.id for item in context.session.items() if item.name == "b"))
    qtbot.waitUntil(lambda: canvas.image is not None, timeout=PATIENCE)
    assert canvas.image is not None and canvas.image.pixels[0, 0, 0] == 2050
    assert canvas.zoom == pytest.approx(zoom) and canvas.to_slice(QPointF(300, 200)) == pytest.approx(at)
    all_read(qtbot, context, held)
    assert canvas.index == 5 and canvas.zoom == pytest.approx(zoom)


def test_with_several_views_the_slice_is_seen_alone_and_then_all(
    qtbot: QtBot, context: AppContext, tab: LabelTab, held: HeldReader, volumes: Path
) -> None:
    context.commands["views"].trigger()
    tab.scan.show_several(True)
    context.session.open_project(volumes)
    qtbot.waitUntil(lambda: tab.scan.views.first.image is not None, timeout=PATIENCE)
    assert not tab.scan.views.several
    all_read(qtbot, context, held)
    assert tab.scan.views.several and tab.scan.views.place[0] == DEPTH // 2


def test_what_breaks_on_the_way_leaves_its_reason(
    qtbot: QtBot, context: AppContext, seen: LabelTab, held: HeldReader, tmp_path: Path
) -> None:
    file = tmp_path / "volumes" / "b.nii.gz"
    file.write_bytes(file.read_bytes()[:-4])
    context.session.current.open(next(item.id for item in context.session.items() if item.name == "b"))
    assert seen.scan.canvas.image is None  # nothing of the one before
    with qtbot.waitSignal(context.session.failed, timeout=PATIENCE):
        held.let_go()
    assert "b is another image than the one imported." in seen.scan.views.first._empty


def test_a_tab_that_comes_later_says_why_the_image_was_not_read(
    qtbot: QtBot, context: AppContext, show_tab: Callable[[str, Tab], None], volumes: Path, tmp_path: Path
) -> None:
    """What was said of it before is gone, and so may be the strip that said it."""
    for file in (tmp_path / "volumes").glob("*.nii.gz"):
        file.write_bytes(file.read_bytes()[:-4])
    with qtbot.waitSignal(context.session.current.unread, timeout=PATIENCE):
        context.session.open_project(volumes)
    made = LabelTab(context)
    show_tab("label", made)
    assert "a is another image than the one imported." in made.scan.views.first._empty


def test_a_tab_that_comes_to_the_front_shows_what_is_there(
    qtbot: QtBot, context: AppContext, tab: LabelTab, held: HeldReader, volumes: Path
) -> None:
    tab.hide()
    context.session.open_project(volumes)
    qtbot.waitUntil(lambda: context.session.current.glimpse is not None, timeout=PATIENCE)
    assert tab.scan.canvas.image is None
    tab.show()
    qtbot.waitUntil(lambda: tab.scan.canvas.image is not None, timeout=PATIENCE)
    context.session.renew_items()  # e.g. a set was changed: the slice stays
    assert tab.scan.canvas.image is not None and context.session.current.image is None


def test_an_overview_of_a_large_picture_lies_where_the_picture_will(
    qtbot: QtBot, context: AppContext, tab: LabelTab, held: HeldReader, tmp_path: Path
) -> None:
    down, across = np.arange(4100) // 50, np.arange(4200) // 20
    pixels = np.add.outer(down, across).astype(np.uint8)
    how: dict[str, Any] = {"photometric": "minisblack", "compression": "zlib", "rowsperstrip": 64}
    tifffile.imwrite(tmp_path / "large.tif", pixels, **how)
    with Project.create(tmp_path / "large.contorno", "multiclass", parse_classes("a")) as made:
        result_of(import_images(made, ImportPlan((tmp_path / "large.tif",))))
    context.session.open_project(made.path)
    canvas = tab.scan.canvas
    qtbot.waitUntil(lambda: canvas.image is not None, timeout=PATIENCE)
    assert canvas.image is not None and canvas.image.shape == (1, 1367, 1400) and "Overview" in words(tab)
    canvas.zoom_by(4.0)
    canvas.center_at((300.0, 700.0))
    zoom, here = canvas.zoom, QPointF(canvas.rect().center())
    held.step()  # the next overview comes: the look stays
    first = canvas.image
    qtbot.waitUntil(lambda: canvas.image is not first, timeout=PATIENCE)
    assert canvas.zoom == pytest.approx(zoom) and canvas.to_slice(here) == pytest.approx((300.0, 700.0), abs=2)
    all_read(qtbot, context, held)
    assert canvas.image is not None and canvas.image.shape == (1, 4100, 4200)
    assert canvas.zoom == pytest.approx(zoom / 3) and canvas.to_slice(here) == pytest.approx((900.0, 2100.0), abs=6)
    QTest.mouseClick(canvas, LEFT, pos=QPoint(canvas.rect().center()))
