"""The phases of a series on one axis in time: dragged through, chosen and played at the same slice, window and zoom."""

from collections.abc import Callable
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.label.tab import LabelTab
from app.tabs.scan.phases import Phases
from engine.imaging.image import Window
from engine.labels.classes import parse_classes
from engine.labels.edit import Edit
from engine.labels.mask import Mask
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from tests.app.tabs.label.conftest import turn_wheel
from widgets.cover import Cover

_LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def tab(cine: Path, tmp_path: Path, open_label: Callable[[Path], LabelTab]) -> LabelTab:
    with Project.create(tmp_path / "hearts", "multiclass", parse_classes("left,right")) as made:
        result_of(import_images(made, ImportPlan((cine,))))
    return open_label(made.path)


@pytest.fixture
def phases(tab: LabelTab) -> Phases:
    assert tab.scan.phases is not None
    tab.scan.phases.bar.rate.setValue(60)
    return tab.scan.phases


def open_name(context: AppContext) -> str:
    item = context.session.current.item
    return item.name if item is not None else ""


def arrived(qtbot: QtBot, context: AppContext, name: str) -> None:
    qtbot.waitUntil(lambda: open_name(context) == name and context.session.current.image is not None)


def cover(tab: LabelTab) -> Cover:
    found = tab.scan.canvas.findChild(Cover)
    assert isinstance(found, Cover)
    return found


def seen(tab: LabelTab) -> int:
    """The value in the middle of what is on the screen."""
    covers = [each for each in tab.scan.canvas.findChildren(Cover) if each.isVisible()]
    view = covers[0] if covers else tab.scan.canvas
    assert view.image is not None
    return int(view.image.pixels[view.index, 24, 32])


def place_of(phases: Phases, phase: int) -> QPoint:
    return phases.bar.slider.place(phase).center().toPoint()


def test_the_bar_says_which_phase_and_when(qtbot: QtBot, context: AppContext, tab: LabelTab, phases: Phases) -> None:
    assert phases.bar.isVisible() and phases.bar.slider.maximum() == 3
    qtbot.waitUntil(lambda: phases.bar.words.replace("\u202f", " ") == "phase 1 of 4 · 0 ms")
    project = context.session.project
    assert project is not None
    context.session.current.open(project.items.named("dual echo echo 2").id)
    arrived(qtbot, context, "dual echo echo 2")
    assert phases.bar.words == "echo 2 · 2 / 2" and phases.bar.slider.maximum() == 1
    context.session.remove_items([project.items.named("dual echo echo 1").id])
    assert not phases.bar.isVisible()


def test_the_bar_is_there_where_the_item_was_open_before(qtbot: QtBot, context: AppContext, tab: LabelTab) -> None:
    later = LabelTab(context)
    qtbot.addWidget(later)
    assert later.scan.phases is not None and later.scan.phases.bar.slider.maximum() == 3


def test_a_click_on_the_bar_goes_to_that_phase(
    qtbot: QtBot, context: AppContext, tab: LabelTab, phases: Phases
) -> None:
    canvas = tab.scan.canvas
    canvas.set_slice(2)
    canvas.set_window(Window(150.0, 300.0))
    canvas.zoom_in()
    look = canvas.look
    QTest.mouseClick(phases.bar.slider, _LEFT, pos=place_of(phases, 3))
    arrived(qtbot, context, "cine sax phase 4 of 4")
    assert canvas.index == 2 and canvas.look.window == look.window and canvas.zoom == pytest.approx(look.zoom)
    assert seen(tab) == 402 and phases.bar.slider.value() == 3
    phases.bar.slider.setFocus()
    QTest.keyClick(phases.bar.slider, Qt.Key.Key_Left)
    arrived(qtbot, context, "cine sax phase 3 of 4")
    assert seen(tab) == 302 and canvas.index == 1  # the same place, which is another slice there


def test_dragging_shows_each_phase_and_opens_the_last(
    qtbot: QtBot, context: AppContext, tab: LabelTab, phases: Phases
) -> None:
    slider = phases.bar.slider
    QTest.mousePress(slider, _LEFT, pos=place_of(phases, 1))
    qtbot.waitUntil(lambda: seen(tab) == 201)
    qtbot.waitUntil(lambda: not context.jobs.busy)
    QTest.mouseMove(slider, place_of(phases, 2))
    assert seen(tab) == 301
    QTest.mouseMove(slider, place_of(phases, 0))
    assert seen(tab) == 101 and not cover(tab).isVisible()
    QTest.mouseMove(slider, place_of(phases, 3))
    assert seen(tab) == 401 and open_name(context) == "cine sax phase 1 of 4"  # dragging opens nothing
    QTest.mouseRelease(slider, _LEFT, pos=place_of(phases, 3))
    arrived(qtbot, context, "cine sax phase 4 of 4")
    qtbot.waitUntil(lambda: not cover(tab).isVisible())
    assert seen(tab) == 401


def test_play_by_key_goes_round_at_the_same_place_and_stops_where_it_is(
    qtbot: QtBot, context: AppContext, tab: LabelTab, phases: Phases
) -> None:
    canvas = tab.scan.canvas
    canvas.set_slice(2)
    canvas.set_window(Window(150.0, 300.0))
    canvas.zoom_in()
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_G, Qt.KeyboardModifier.ShiftModifier)
    assert phases.playing and context.commands["play_phases"].isChecked()
    for value in (202, 302, 402, 102, 202):
        qtbot.waitUntil(lambda value=value: seen(tab) == value)  # type: ignore[misc]
        if cover(tab).isVisible():
            assert cover(tab).window_level == Window(150.0, 300.0)
            assert cover(tab).zoom == pytest.approx(canvas.zoom)
            assert cover(tab).look.middle == pytest.approx(canvas.look.middle, abs=0.6)
    assert open_name(context) == "cine sax phase 1 of 4"  # playing opens nothing
    turn_wheel(canvas, QPointF(200, 200), 1)  # the wheel goes through the slices meanwhile
    qtbot.waitUntil(lambda: seen(tab) == 401)
    QTest.keyClick(canvas, Qt.Key.Key_G, Qt.KeyboardModifier.ShiftModifier)
    assert not phases.playing
    shown = phases.bar.slider.value() + 1
    arrived(qtbot, context, f"cine sax phase {shown} of 4")
    qtbot.waitUntil(lambda: phases.shown is None)
    assert seen(tab) == 100 * shown + 1 and not context.commands["play_phases"].isChecked()


def test_a_stroke_stops_the_play_and_paints_nothing_on_what_is_not_seen(
    qtbot: QtBot, context: AppContext, tab: LabelTab, phases: Phases
) -> None:
    canvas, current = tab.scan.canvas, context.session.current
    tab.take_tool("brush")
    first = current.mask
    context.commands["play_phases"].trigger()
    qtbot.waitUntil(lambda: phases.shown is not None and phases.shown.name == "cine sax phase 2 of 4")
    middle = canvas.to_screen((24, 32)).toPoint()
    QTest.mouseClick(canvas, _LEFT, pos=middle)
    stopped = phases.bar.slider.value() + 1
    assert not phases.playing and "paints on this phase" in tab.note.text()
    arrived(qtbot, context, f"cine sax phase {stopped} of 4")
    qtbot.waitUntil(lambda: phases.shown is None)
    assert first is not None and not first.labels.any() and current.mask is not None and not current.mask.labels.any()
    QTest.mouseClick(canvas, _LEFT, pos=middle)
    assert current.mask.labels[canvas.index, 24, 32] == 1
    assert "1 of 4 phases" in phases.bar.slider.toolTip()
    # the mask of the phase is seen where it is played again
    QTest.mouseClick(phases.bar.slider, _LEFT, pos=place_of(phases, stopped % 4))
    arrived(qtbot, context, f"cine sax phase {stopped % 4 + 1} of 4")
    painted = context.session.walk.parts()[stopped - 1]
    context.commands["play_phases"].trigger()
    qtbot.waitUntil(lambda: phases.shown is not None and phases.shown.id == painted.id)
    assert cover(tab).grab().toImage().pixelColor(middle).saturation() > 0  # grey is the scan alone


def test_the_hand_and_the_middle_button_move_the_picture_while_it_plays(
    qtbot: QtBot, context: AppContext, tab: LabelTab, phases: Phases
) -> None:
    canvas = tab.scan.canvas
    tab.take_tool("brush")
    context.commands["play_phases"].trigger()
    qtbot.waitUntil(lambda: phases.shown is not None)
    middle = canvas.look.middle
    QTest.mousePress(canvas, Qt.MouseButton.MiddleButton, pos=QPoint(200, 200))
    QTest.mouseMove(canvas, QPoint(260, 240))
    QTest.mouseRelease(canvas, Qt.MouseButton.MiddleButton, pos=QPoint(260, 240))
    assert phases.playing and canvas.look.middle != middle
    qtbot.waitUntil(lambda: cover(tab).isVisible())
    assert cover(tab).look.middle == pytest.approx(canvas.look.middle, abs=0.6)
    tab.take_tool("pan")
    QTest.mouseClick(canvas, _LEFT, pos=QPoint(200, 200))
    assert phases.playing
    beside = tab.scan.beside
    assert beside is not None
    assert context.session.project is not None
    beside.choice.choose(
        context.session.project.items.named("dual echo echo 1").id
    )  # not a phase: whichever is shown opens
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert not phases.playing and beside.choice.options.shown
    qtbot.waitUntil(lambda: phases.shown is None)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert not beside.choice.options.shown


def test_an_undo_brings_the_open_phase_back(qtbot: QtBot, context: AppContext, tab: LabelTab, phases: Phases) -> None:
    canvas, current = tab.scan.canvas, context.session.current
    tab.take_tool("brush")
    QTest.mouseClick(canvas, _LEFT, pos=canvas.to_screen((24, 32)).toPoint())
    assert current.mask is not None and current.mask.labels.any()
    context.commands["play_phases"].trigger()
    qtbot.waitUntil(lambda: phases.shown is not None)
    context.commands["undo"].trigger()
    assert not phases.playing and not cover(tab).isVisible() and open_name(context) == "cine sax phase 1 of 4"
    assert not current.mask.labels.any()


def test_a_phase_that_is_lost_is_said_once_and_passed_over(
    qtbot: QtBot, context: AppContext, tab: LabelTab, phases: Phases
) -> None:
    second = context.session.walk.parts()[1]
    for file in second.source.files:
        Path(file).unlink()
    with qtbot.waitSignal(context.session.failed):
        context.commands["play_phases"].trigger()
    for value in (301, 401, 101, 301):
        qtbot.waitUntil(lambda value=value: seen(tab) == value)  # type: ignore[misc]


def test_what_does_not_fit_into_memory_is_read_when_it_is_due(
    qtbot: QtBot, context: AppContext, tab: LabelTab, phases: Phases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.side_reader.budget", lambda: 3 * 48 * 64 * 5)  # one phase
    context.commands["play_phases"].trigger()
    assert "2 of 4 phases fit" in tab.note.text()
    for value in (201, 301, 401, 101, 201):
        qtbot.waitUntil(lambda value=value: seen(tab) == value)  # type: ignore[misc]


def test_planes_are_played_together(qtbot: QtBot, context: AppContext, tab: LabelTab, phases: Phases) -> None:
    tab.scan.show_several(True)
    context.commands["play_phases"].trigger()
    qtbot.waitUntil(lambda: phases.shown is not None and phases.shown.name == "cine sax phase 4 of 4")
    for view in tab.scan.views:
        found = view.findChild(Cover)
        assert isinstance(found, Cover) and found.image is not None and found.plane == view.plane
        assert np.all(found.image.pixels[0] == 400)
    button = phases.bar.findChild(QAbstractButton, "label.phases.play")
    assert button is not None
    QTest.mouseClick(button, _LEFT)
    assert not phases.playing


def test_a_proposal_goes_where_another_phase_is_shown_over_it(
    qtbot: QtBot, context: AppContext, tab: LabelTab, phases: Phases
) -> None:
    canvas = tab.scan.canvas
    tab.take_tool("brush")
    QTest.mouseClick(canvas, _LEFT, pos=canvas.to_screen((24, 32)).toPoint())
    mask = context.session.current.mask
    assert mask is not None
    before = mask.labels.copy()
    context.commands["carry_next"].trigger()
    proposal = tab.proposals.current
    assert proposal is not None
    qtbot.waitUntil(lambda: proposal.change is not None)
    context.commands["play_phases"].trigger()
    qtbot.waitUntil(lambda: phases.shown is not None)
    assert not proposal.active and not tab.carrying.bar.isVisible()
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert np.array_equal(mask.labels, before), "nobody sees what would be taken"
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert not phases.playing


def test_what_is_asked_for_stops_the_play(qtbot: QtBot, context: AppContext, tab: LabelTab, phases: Phases) -> None:
    canvas = tab.scan.canvas
    tab.take_tool("brush")
    QTest.mouseClick(canvas, _LEFT, pos=canvas.to_screen((24, 32)).toPoint())
    context.commands["play_phases"].trigger()
    qtbot.waitUntil(lambda: phases.shown is not None)
    context.commands["carry_next"].trigger()
    assert not phases.playing and phases.shown is None
    proposal = tab.proposals.current
    assert proposal is not None
    qtbot.waitUntil(lambda: proposal.change is not None)


def test_a_phase_under_the_hand_stays_there_when_the_times_come(
    qtbot: QtBot, context: AppContext, tab: LabelTab, phases: Phases
) -> None:
    slider = phases.bar.slider
    QTest.mousePress(slider, _LEFT, pos=place_of(phases, 2))
    phases.times.arrived.emit()
    QTest.mouseRelease(slider, _LEFT, pos=place_of(phases, 2))
    assert open_name(context) == "cine sax phase 3 of 4"
    arrived(qtbot, context, "cine sax phase 3 of 4")


def test_a_large_change_of_a_phase_that_was_left_is_seen_when_it_is_done(
    qtbot: QtBot, context: AppContext, tab: LabelTab, phases: Phases
) -> None:
    current, go_on = context.session.current, Event()

    def slowly(mask: Mask) -> Edit:
        assert go_on.wait(60)
        return mask.replace_with("all of it", np.ones(mask.shape, np.uint8))

    first = context.session.walk.parts()[0]
    current.change("all of it", slowly)
    try:
        phases.step(1)
        arrived(qtbot, context, "cine sax phase 2 of 4")
        context.commands["play_phases"].trigger()
        qtbot.waitUntil(lambda: phases.shown is not None and phases.shown.id == first.id, timeout=20_000)
    finally:
        go_on.set()

    def painted() -> bool:
        cover = tab.scan.canvas.findChild(Cover)
        assert isinstance(cover, Cover)
        seen_first = phases.shown is not None and phases.shown.id == first.id
        return seen_first and any(bool(layer.labels.all()) for layer in cover._layers)

    qtbot.waitUntil(painted, timeout=20_000)
    qtbot.waitUntil(lambda: "1 of 4 phases" in phases.bar.slider.toolTip())
