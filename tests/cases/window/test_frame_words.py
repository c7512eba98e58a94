"""Words in the frame and in lists have the room that there is, and nothing looks like what it is not."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFontMetricsF, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.shell.top_bar import TopBar
from widgets import theme
from widgets.job_bar import JobBar
from widgets.network_tables import FactTable
from widgets.region_list import RegionList, RegionRow


@pytest.fixture(autouse=True)
def _dark(qapp: object) -> None:
    theme.apply(qapp, "dark")  # type: ignore[arg-type]


def _brightest(image: QImage) -> int:
    return max(image.pixelColor(x, y).lightness() for x in range(image.width()) for y in range(image.height() - 4))


def _seen(bar: QWidget, button: QWidget) -> QImage:
    return bar.grab(QRect(button.mapTo(bar, QPoint()), button.size())).toImage()


def _first_line(image: QImage, left: int, right: int, top: int) -> int:
    """The first row of pixels beneath `top` that holds something brighter than the ground and the lines."""
    return next(
        y - top
        for y in range(top + 2, image.height())
        if any(image.pixelColor(x, y).lightness() > 100 for x in range(left, right))
    )


def test_names_of_facts_stand_on_the_first_line_of_their_row(qtbot: QtBot) -> None:
    table = FactTable()
    qtbot.addWidget(table)
    table.resize(1200, 800)
    table.show()
    side, cells = table.verticalHeader(), table.viewport().grab().toImage()
    names = side.viewport().grab().toImage()
    for row in range(1, 4):  # year, layers, input size: digits are as high as capitals
        top = side.sectionViewportPosition(row)
        name = _first_line(names, 0, side.width() - 4, top)
        cell = _first_line(cells, 4, table.columnWidth(0) - 8, top)
        assert abs(name - cell) <= 1, row


def test_a_tab_under_the_mouse_does_not_look_chosen(qtbot: QtBot) -> None:
    bar = TopBar()
    qtbot.addWidget(bar)
    bar.resize(1280, 44)
    with qtbot.waitActive(bar):
        bar.show()
    bar.show_tab("review")
    hovered, chosen = (bar.findChild(QPushButton, f"tab.{name}") for name in ("train", "review"))
    assert isinstance(hovered, QWidget) and isinstance(chosen, QWidget)
    plain = _brightest(_seen(bar, hovered))
    QTest.mouseMove(hovered)
    qtbot.waitUntil(hovered.underMouse)
    assert _brightest(_seen(bar, hovered)) == plain < _brightest(_seen(bar, chosen))


def test_a_long_job_is_not_cut_beside_free_room(qtbot: QtBot) -> None:
    pill = JobBar()
    qtbot.addWidget(pill)
    pill.set_job("Predicting with U-Net of the second reader", "epoch 12 / 40", "6 min left", queued=2)
    title, detail = pill.fitting(pill.sizeHint().width() - 12 - 16 - 9 - 14)
    assert title.endswith("reader") and detail.endswith("waiting") and detail.startswith("epoch 12")


def test_what_is_wrong_with_a_region_is_never_cut(qtbot: QtBot) -> None:
    regions = RegionList[RegionRow]("regions", "Regions", lambda row: row)
    qtbot.addWidget(regions)
    tail = " · too much"
    regions.set_regions([RegionRow("right ventricular myocardium" + tail, "20 px", "#E69F00", tail=tail)], None)
    regions.resize(260, 60)
    regions.show()
    image = regions.viewport().grab().toImage()
    row = regions.visualRect(regions.model().index(0, 0))
    words = QFontMetricsF(theme.font()).horizontalAdvance(tail)
    end = max(
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y).lightness() > 150 for y in range(row.center().y() - 18, row.center().y()))
    )
    assert row.right() - 14 - words <= end <= row.right() - 10, "the tail ends where the row does"
