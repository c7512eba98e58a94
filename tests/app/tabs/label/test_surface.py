"""The surface of the mask beside the three planes: asked for by a key, renewed by strokes, a way to specks."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.shell.context import AppContext
from app.tabs.label.tab import LabelTab
from tests.app.tabs.label.test_planes import Show, go, key, opened, paint
from tests.app.tabs.label.test_planes import scans as scans

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def tab(qtbot: QtBot, context: AppContext, scans: Path, show_tab: Show) -> LabelTab:
    """The tab on the first volume, the surface asked for, nothing painted."""
    made = opened(qtbot, context, scans, show_tab)
    assert made.surface.view.scene is None and not made.surface.view.isVisible(), "nothing before it is asked for"
    key(context, "surface")
    drawn(qtbot, made, 0)
    return made


def drawn(qtbot: QtBot, tab: LabelTab, least: int) -> None:
    def there() -> bool:
        scene = tab.surface.view.scene
        return scene is not None and len(scene.surface) >= least

    qtbot.waitUntil(there, timeout=20000)
    qtbot.waitUntil(lambda: not tab._context.jobs.busy, timeout=20000)


def found(tab: LabelTab) -> set[tuple[int, ...]]:
    scene = tab.surface.view.scene
    assert scene is not None
    return set(map(tuple, scene.surface.voxels.tolist()))


def test_a_key_shows_it_beside_the_planes_and_is_remembered(
    qtbot: QtBot, tab: LabelTab, context: AppContext, scans: Path, show_tab: Show
) -> None:
    view = tab.surface.view
    assert tab.scan.views.several and view.isVisible()
    assert "Nothing is painted yet" in view._empty
    key(context, "views")
    assert not view.isVisible(), "one view alone"
    key(context, "views")
    assert view.isVisible()
    key(context, "surface")
    assert not view.isVisible() and tab.scan.views.several
    key(context, "surface")
    context.session.close_project()
    assert opened(qtbot, context, scans, show_tab).surface.view.isVisible()


def test_it_follows_strokes_and_undo(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    tab.take_tool("brush")
    paint(tab.scan.views.first, 20, 24)
    mask = context.session.current.mask
    assert mask is not None
    drawn(qtbot, tab, 1)
    assert found(tab) == set(map(tuple, np.argwhere(mask.labels).tolist())), "one slice is all surface"
    key(context, "undo")
    qtbot.waitUntil(lambda: not found(tab), timeout=20000)


def test_a_click_on_it_brings_every_plane_there(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    tab.take_tool("brush")
    paint(tab.scan.views.first, 20, 24)
    drawn(qtbot, tab, 1)
    tab.scan.views.go((0, 0, 0))
    tab.surface.view.turn_by(20, 60)
    tab.surface.view.grab()
    QTest.mouseClick(tab.surface.view, LEFT, pos=tab.surface.view.to_screen((6, 20, 24)).toPoint())
    z, y, x = tab.scan.views.place
    assert z == 6 and abs(y - 20) < 4 and abs(x - 24) < 4
    assert [view.index for view in tab.scan.views] == [z, y, x]


def test_hidden_classes_are_not_in_it(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    tab.take_tool("brush")
    paint(tab.scan.views.first, 20, 24)
    drawn(qtbot, tab, 1)
    tab.scan.overlay.set(hidden=frozenset({1}))
    scene = tab.surface.view.scene
    qtbot.waitUntil(lambda: tab.surface.view.scene is not scene, timeout=20000)
    assert tab.surface.view.scene is not None and not tab.surface.view.scene.points
    assert "hidden" in tab.surface.view._empty


def test_another_item_has_its_own(qtbot: QtBot, tab: LabelTab, context: AppContext) -> None:
    tab.take_tool("brush")
    paint(tab.scan.views.first, 20, 24)
    drawn(qtbot, tab, 1)
    go(qtbot, context, "b")
    drawn(qtbot, tab, 0)
    assert not found(tab)
    go(qtbot, context, "c")
    assert not tab.surface.view.isVisible(), "a single picture has no surface"
