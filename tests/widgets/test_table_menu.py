"""Tables give their numbers to other programs: by a right click and by the keyboard."""

import csv
import io
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QTableView
from pytestqt.qtbot import QtBot

from engine.catalog import rows
from widgets.case_list import CaseList, CaseRow
from widgets.network_tables import FactTable, NetworkList
from widgets.score_table import Column, Score, ScoreTable

pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)  # menus, on a screen that is not there


def _copied(qtbot: QtBot, table: QTableView, *, by_key: bool = False) -> list[list[str]]:
    """The cells that the menu's "Copy as CSV" puts into the clipboard."""
    if by_key:
        table.setFocus()
        QTest.keyClick(table, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    else:
        view, place = table.viewport(), QPoint(4, 4)
        asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.mapToGlobal(place))
        QApplication.sendEvent(view, asked)
    (menu,) = (each for each in table.findChildren(QMenu) if each.isVisible())
    (action,) = (each for each in menu.findChildren(QAction) if each.objectName() == f"{table.objectName()}.csv")
    assert action.text() == "Copy as CSV" and action.isEnabled()
    action.trigger()
    with qtbot.waitSignal(menu.destroyed):
        menu.close()
    return list(csv.reader(io.StringIO(QGuiApplication.clipboard().text())))


def _scores() -> ScoreTable:
    table = ScoreTable("scores", "Scores by class", [Column("Precision", 2), Column("n", 0)])
    table.set_scores([Score("=Liver", (1 / 3, 12.0)), Score("Mean", (None, 12.0), strong=True)])
    return table


def _cases() -> CaseList:
    table = CaseList("cases", "Cases")
    table.set_cases([CaseRow(1, "a", "CT", 0.123456, state="to do"), CaseRow(2, "b", "CT", None, state="done")])
    return table


@pytest.mark.parametrize("by_key", [False, True])
@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (_scores, [["Class", "Precision", "n"], ["'=Liver", str(1 / 3), "12.0"], ["Mean", "", "12.0"]]),
        (_cases, [["Case", "Dice", "State"], ["a", "0.123456", "to do"], ["b", "", "done"]]),
    ],
)
def test_a_table_is_copied_at_its_full_precision(
    qtbot: QtBot, make: Callable[[], QTableView], expected: list[list[str]], by_key: bool
) -> None:
    table = make()
    qtbot.addWidget(table)
    with qtbot.waitExposed(table):
        table.show()
    assert _copied(qtbot, table, by_key=by_key) == expected


def test_the_facts_of_the_networks_are_copied_with_a_column_each(qtbot: QtBot) -> None:
    networks = rows("segmentation")
    table = FactTable(networks, {"segnet": "2.5 s an epoch"})
    qtbot.addWidget(table)
    heads, *facts = _copied(qtbot, table)
    assert heads == ["", *(row.title for row in networks)]
    by_name = {fact[0]: dict(zip((row.name for row in networks), fact[1:], strict=True)) for fact in facts}
    assert by_name["Year"]["unet"] == "2015"
    assert by_name["Training here"]["segnet"] == "2.5 s an epoch" and by_name["Training here"]["unet"] == ""


def test_the_list_of_classifiers_is_copied_with_its_counts(qtbot: QtBot) -> None:
    table = NetworkList()
    qtbot.addWidget(table)
    heads, *networks = _copied(qtbot, table, by_key=True)
    assert heads == ["Network", "Parameters", "Top-5 error"]
    assert ["ResNet-18", "11689512", ""] in networks and ["AlexNet", "61100840", "16.4 %"] in networks


def test_a_table_without_rows_has_nothing_to_copy(qtbot: QtBot) -> None:
    table = ScoreTable("scores", "Scores by class", [Column("Precision", 2)])
    qtbot.addWidget(table)
    QTest.keyClick(table, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    (menu,) = table.findChildren(QMenu)
    assert not any(action.isEnabled() for action in menu.actions())
    with qtbot.waitSignal(menu.destroyed):
        menu.close()


def test_networks_keep_their_names_where_the_list_is_narrow(qtbot: QtBot) -> None:
    table = NetworkList()
    qtbot.addWidget(table)
    table.show()
    for width, whole in ((336, True), (240, False)):
        table.resize(width, table.height())
        qtbot.waitUntil(lambda width=width: table.width() == width)  # type: ignore[misc]
        assert table.isColumnHidden(2) is not whole
        longest = max(table.fontMetrics().horizontalAdvance("EfficientNet-Lite0"), 1)
        assert table.columnWidth(0) >= longest + 30
