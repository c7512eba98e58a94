"""The list of cases and the list of regions."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from widgets.case_list import DICE, NAME, STATE, CaseList, CaseRow
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


def phases(*dice: float) -> list[CaseRow]:
    """One series of so many phases, the second of which is approved, and a case beside it."""
    rows = [
        CaseRow(10 + n, f"cine phase {n}", "3 slices", one, state="approved" if n == 2 else "to do", rank=3 * (n == 2))
        for n, one in enumerate(dice, start=1)
    ]
    rows = [replace(row, group="s", group_title="cine", part=f"phase {row.id - 10}", place=row.id) for row in rows]
    return [CaseRow(1, "film", dice=0.6), *rows]


def shown(cases: CaseList) -> list[tuple[str, str, str]]:
    return [(row.name, row.subtitle, row.state) for row in cases.rows()]


def test_a_series_is_one_row_for_which_its_worst_case_stands(qtbot: QtBot, cases: CaseList) -> None:
    cases.set_cases(phases(0.9, 0.7, 0.2, 0.8))
    assert shown(cases) == [("cine", "phase 3 · 3 slices", "1 / 4"), ("film", "", "")]
    assert cases.ids() == [13, 12, 14, 11, 1], "the folded ones are not passed over"
    assert cases.row(12).state == "approved"
    place = cases.visualRect(cases.model().index(0, NAME))
    with qtbot.assertNotEmitted(cases.picked):
        QTest.mouseClick(
            cases.viewport(), Qt.MouseButton.LeftButton, pos=place.topLeft() + QPoint(10, place.height() // 2)
        )
    assert [name for name, _, _ in shown(cases)] == ["cine", "phase 2", "phase 3", "phase 4", "film"]
    assert cases.ids() == [11, 12, 13, 14, 1]
    cases.set_current(12)
    QTest.keyClick(cases, Qt.Key.Key_Left)
    assert cases.current() == 12 and cases.ids() == [12, 13, 14, 11, 1]


def test_the_case_on_the_screen_stands_for_its_series(cases: CaseList) -> None:
    cases.set_cases(phases(0.9, 0.7, 0.2, 0.8))
    cases.set_current(14)
    assert shown(cases)[0][1] == "phase 4 · 3 slices" and cases.current() == 14
    cases.set_cases(phases(0.9, 0.7, 0.1, 0.8))
    assert shown(cases)[0][1] == "phase 4 · 3 slices" and cases.current() == 14
    cases.sort_by(NAME)
    assert cases.current() == 14 and cases.ids()[0] == 14
    cases.set_current(1)
    cases.sort_by(DICE)
    assert shown(cases)[0][1] == "phase 3 · 3 slices"


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
    regions = RegionList[RegionRow]("regions", "Regions", lambda row: row)
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


def test_of_many_regions_those_alone_are_put_into_words_that_are_seen(qtbot: QtBot) -> None:
    def make(place: int) -> RegionRow:
        made.append(place)
        return RegionRow(f"{words[0]} {place}", "9 px", "#E69F00")

    made, words = list[int](), ["Liver"]
    regions = RegionList("regions", "Regions", make)
    qtbot.addWidget(regions)
    regions.resize(280, 200)
    regions.set_regions(range(2000), 0)
    regions.show()
    qtbot.waitExposed(regions)
    regions.grab()
    assert made[0] == 0 and len(set(made)) == len(made) < 20
    words[0] = "Kidney"
    regions.set_regions(range(2000), 0)
    assert regions.row_at(3).title == regions.model().index(3, 0).data() == "Kidney 3"
    assert len(made) < 40, "what is said of the others is not asked for either"
