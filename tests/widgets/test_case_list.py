"""The list of cases and the list of regions."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from widgets.case_list import NAME, STATE, CaseList, CaseRow
from widgets.region_list import RegionList, RegionRow

ROWS = [
    CaseRow(1, "case 10", dice=0.9, state="to do", rank=0),
    CaseRow(2, "case 9", dice=0.5, state="approved", rank=3),
    CaseRow(3, "case 11", dice=None, why="Not predicted yet.", state="flagged", rank=1),
    CaseRow(4, "case 1", dice=0.7, state="to do", rank=0),
]


@pytest.fixture
def cases(qtbot: QtBot) -> CaseList:
    found = CaseList("cases", "Cases")
    found.set_cases(ROWS)
    found.resize(320, 240)
    qtbot.addWidget(found)
    found.show()
    qtbot.waitExposed(found)
    return found


def test_worst_first_and_without_a_number_last(cases: CaseList) -> None:
    assert cases.ids() == [2, 4, 1, 3]
    cases.sort_by(NAME)
    assert [cases.row(id).name for id in cases.ids()] == ["case 1", "case 9", "case 10", "case 11"]  # as people count
    cases.sort_by(STATE, down=True)
    assert cases.ids() == [2, 3, 4, 1]


def test_nothing_moves_while_one_is_corrected(cases: CaseList) -> None:
    cases.set_current(2)
    better = [CaseRow(2, "case 9", dice=0.99), *(row for row in ROWS if row.id != 2)]
    cases.set_cases(better, keep_order=True)
    assert cases.ids() == [2, 4, 1, 3]
    assert cases.row(2).dice == 0.99
    cases.set_cases(better)
    assert cases.ids() == [4, 1, 2, 3]
    assert cases.current() == 2
    cases.set_cases(better[1:], keep_order=True)  # another set of cases has no order to keep
    assert cases.ids() == [4, 1, 3]


def test_picking(qtbot: QtBot, cases: CaseList) -> None:
    with qtbot.assertNotEmitted(cases.picked):
        cases.set_current(4)
    with qtbot.waitSignal(cases.picked) as heard:
        QTest.keyClick(cases, Qt.Key.Key_Down)
    assert heard.args == [1]


def test_pictures_are_asked_for_once_and_shown(qtbot: QtBot, cases: CaseList) -> None:
    fresh = CaseList("fresh", "Cases")
    fresh.set_cases(ROWS[:1])
    qtbot.addWidget(fresh)
    with qtbot.waitSignal(fresh.thumbnail_wanted) as heard:
        fresh.show()
    assert heard.args == [1]
    picture = QImage(42, 34, QImage.Format.Format_RGB32)
    picture.fill(QColor("#FF0000"))
    fresh.set_thumbnail(1, picture)
    place = fresh.visualRect(fresh.model().index(0, 0)).center()
    assert fresh.viewport().grab().toImage().pixelColor(place) == QColor("#FF0000")
    with qtbot.assertNotEmitted(fresh.thumbnail_wanted):
        fresh.viewport().grab()
    fresh.forget_thumbnails()
    with qtbot.waitSignal(fresh.thumbnail_wanted):
        fresh.viewport().grab()


def test_pictures_out_of_sight_are_let_go_and_asked_for_again(qtbot: QtBot) -> None:
    many = CaseList("many", "Cases")
    qtbot.addWidget(many)
    many.resize(320, 240)
    many.set_cases([CaseRow(id, f"case {id}", dice=0.5) for id in range(1000)])
    many.show()
    qtbot.waitExposed(many)
    asked: list[int] = []
    many.thumbnail_wanted.connect(asked.append)
    picture = QImage(42, 34, QImage.Format.Format_RGB32)
    for id in range(1000):
        many.set_thumbnail(id, picture)
    many.viewport().grab()
    qtbot.waitUntil(lambda: 0 in asked)


def test_regions_are_picked_again_too(qtbot: QtBot) -> None:
    regions = RegionList("regions", "Regions")
    qtbot.addWidget(regions)
    regions.resize(280, 200)
    rows = [RegionRow("Liver · missed", "20 px", "#E69F00"), RegionRow("Liver · too much", "9 px", "#E69F00")]
    with qtbot.assertNotEmitted(regions.picked):
        regions.set_regions(rows, 0)
    regions.show()
    qtbot.waitExposed(regions)
    first = regions.visualRect(regions.model().index(0, 0)).center()
    with qtbot.waitSignal(regions.picked) as heard:  # to see it again after scrolling away
        QTest.mouseClick(regions.viewport(), Qt.MouseButton.LeftButton, pos=first)
    assert heard.args == [0]
    picked: list[int] = []
    regions.picked.connect(picked.append)
    second = regions.visualRect(regions.model().index(1, 0)).center()
    for place in (second, second, first):
        QTest.mouseClick(regions.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert picked == [1, 1, 0], "once a click"
    assert [row.title for row in regions.rows()] == ["Liver · missed", "Liver · too much"]
