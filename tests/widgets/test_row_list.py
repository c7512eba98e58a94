"""The model and the views that all lists are made of."""

from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import QPersistentModelIndex, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QHoverEvent, QImage, QPainter
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from widgets import theme
from widgets.row_list import RowDelegate, RowList, RowTable, TableModel, ranges
from widgets.row_pictures import RowPictures


@dataclass(frozen=True)
class Named:
    id: int
    name: str = ""


class Model(TableModel[Named]):
    def __init__(self, columns: int = 1) -> None:
        super().__init__(lambda _, row: row.id, columns, height=30)

    def describe(self, row: Named, column: int, role: Qt.ItemDataRole) -> Any:
        return row.name if role == Qt.ItemDataRole.DisplayRole else None


class Delegate(RowDelegate[Named]):
    def paint_row(self, painter: QPainter, area: QRectF, row: Named, column: int, picked: bool) -> None:
        painter.drawText(area, row.name)


def rows(ids: str, name: str = "") -> list[Named]:
    """One row a letter."""
    return [Named(ord(id), name or id) for id in ids]


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def model(heard: list[str]) -> Model:
    """A model that is checked by Qt, and says what it tells its views."""
    made = Model()
    made.set_rows(rows("abcdef"))
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    made.modelReset.connect(lambda: heard.append("reset"))
    made.rowsInserted.connect(lambda _, first, last: heard.append(f"+{first}-{last}"))
    made.rowsRemoved.connect(lambda _, first, last: heard.append(f"-{first}-{last}"))
    made.layoutChanged.connect(lambda: heard.append("moved"))
    made.dataChanged.connect(lambda first, last: heard.append(f"={first.row()}-{last.row()}"))
    return made


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ("abcdef", []),
        ("abef", ["-2-3"]),
        ("abXYcdef", ["+2-3"]),
        ("aXcdf", ["-4-4", "-1-1", "+1-1"]),
        ("fedcba", ["moved"]),
        ("fXa", ["-1-4", "moved", "+1-1"]),
        ("", ["-0-5"]),
        ("UVWXYZ", ["-0-5", "+0-5"]),
    ],
)
def test_the_views_are_told_the_least(model: Model, heard: list[str], ids: str, said: list[str]) -> None:
    model.set_rows(rows(ids))
    assert [row.name for row in model.rows] == list(ids)
    assert heard == said
    assert [model.place_of(ord(id)) for id in ids] == list(range(len(ids))) and model.place_of(1) == -1


def test_rows_that_changed_are_told_as_ranges(model: Model, heard: list[str]) -> None:
    model.set_rows([*rows("ab", "new"), *rows("c"), *rows("d", "new"), *rows("ef")])
    assert heard == ["=0-1", "=3-3"]
    model.set_row(Named(ord("e"), "new"))
    model.set_row(Named(1, "of nobody"))
    assert heard[2:] == ["=4-4"] and model.rows[4].name == "new"


def test_many_changes_and_rows_of_one_key_are_one_reset(model: Model, heard: list[str]) -> None:
    model.set_rows([Named(id) for id in range(200)])
    heard.clear()
    model.set_rows([Named(id) for id in range(0, 200, 2)])
    model.set_rows([Named(7), Named(7, "again")])
    assert heard == ["reset", "reset"] and len(model.rows) == 2


def test_an_index_goes_with_its_row(model: Model) -> None:
    kept = QPersistentModelIndex(model.index(2, 0))
    model.set_rows(rows("fXcab"))
    assert kept.row() == 2 and kept.data() == "c"
    model.set_rows(rows("cab"))
    assert kept.row() == 0
    model.set_rows(rows("ab"))
    assert not kept.isValid()


def test_many_indexes_are_not_moved_one_by_one(model: Model, heard: list[str]) -> None:
    model.set_rows([Named(id) for id in range(1100)])
    heard.clear()
    kept = [QPersistentModelIndex(model.index(place, 0)) for place in range(1001)]
    model.set_rows([Named(id) for id in reversed(range(1100))])
    assert heard == ["reset"] and len(model.rows) == 1100 and not kept[0].isValid()


def test_ranges_of_neighbours() -> None:
    assert ranges([]) == []
    assert ranges([1, 2, 5, 7, 8, 9]) == [(1, 2), (5, 5), (7, 9)]


@pytest.fixture(params=["list", "table", "list that picks again"])
def view(request: pytest.FixtureRequest, qtbot: QtBot) -> RowList[Named] | RowTable[Named]:
    made: RowList[Named] | RowTable[Named]
    if request.param == "table":
        made = RowTable("v", "Rows", Model(2), Delegate())
    else:
        made = RowList("v", "Rows", Model(), Delegate(), again="again" in request.param)
    made.set_rows(rows("abcdef"))
    made.resize(240, 300)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def click(view: RowList[Named] | RowTable[Named], place: int) -> None:
    at = view.visualRect(view.model().index(place, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_a_click_picks_once(view: RowList[Named] | RowTable[Named]) -> None:
    picked: list[str] = []
    view.picked.connect(lambda id: picked.append(chr(id)))
    for place in (2, 2, 0):
        click(view, place)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert picked == (["c", "c", "a", "b"] if view._picks_again else ["c", "a", "b"])
    assert view.accessibleName() == "Rows"


def test_what_the_program_does_picks_nothing(qtbot: QtBot, view: RowList[Named] | RowTable[Named]) -> None:
    with qtbot.assertNotEmitted(view.picked):
        view.set_current(ord("c"))
        for ids in ("fedcba", "ca", "abcX"):
            view.set_rows(rows(ids))
            row = view.current_row()
            assert row is not None and row.name == "c"
        view.set_rows([Named(id) for id in (*range(0, 90, 2), ord("c"))])  # by one reset
        row = view.current_row()
        assert row is not None and row.id == ord("c")
        view.set_rows(rows("ab"))
    assert view.current_row() is None, "the picked one went: no other takes its place"


def test_a_table_raises_the_whole_row_under_the_mouse(qtbot: QtBot, qapp: QApplication) -> None:
    theme.apply(qapp, "dark")
    table = RowTable("t", "Rows", Model(3), Delegate())
    table.set_rows(rows("abc"))
    table.resize(400, 200)
    qtbot.addWidget(table)
    table.show()
    qtbot.waitExposed(table)
    place = table.visualRect(table.model().index(1, 0)).center()
    at = QPointF(place)
    QApplication.sendEvent(table.viewport(), QHoverEvent(QHoverEvent.Type.HoverMove, at, at, QPointF()))
    ground = table.viewport().grab().toImage()
    cells = [table.visualRect(table.model().index(1, column)).bottomRight() - QPoint(3, 3) for column in range(3)]
    assert {ground.pixelColor(cell).name() for cell in cells} == {theme.color("raised").name()}
    QApplication.sendEvent(table.viewport(), QHoverEvent(QHoverEvent.Type.HoverLeave, QPointF(-1, -1), at, at))
    ground = table.viewport().grab().toImage()
    assert theme.color("raised").name() not in {ground.pixelColor(cell).name() for cell in cells}


def test_an_empty_list_says_what_belongs_there(qtbot: QtBot) -> None:
    view = RowList("v", "Rows", Model(), Delegate())
    view.resize(240, 200)
    qtbot.addWidget(view)
    before = view.grab().toImage()
    view.set_empty("Nothing is here.")
    assert view.grab().toImage() != before


def test_pictures_are_asked_for_once_and_the_oldest_go() -> None:
    pictures, asked = RowPictures(most=2), list[int]()
    pictures.wanted.connect(asked.append)
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(QColor("#FF0000"))
    assert pictures.get(1) is None and pictures.get(1) is None
    assert asked == [1]
    for id in (1, 2):
        pictures.put(id, image)
    assert pictures.get(1) is not None, "seen again, so 2 is the oldest"
    pictures.put(3, image)
    assert pictures.ids() == {1, 3}
    assert pictures.get(2) is None and asked == [1, 2]
    pictures.expect([])
    assert pictures.get(2) is None and asked == [1, 2, 2], "it was away"
    pictures.forget()
    assert pictures.get(1) is None and asked[-1] == 1
