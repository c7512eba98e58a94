"""Class list, item list and job bar."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QWidget
from pytestqt.qtbot import QtBot

from engine.labels.classes import make_classes
from widgets import theme
from widgets.class_list import ClassList
from widgets.item_list import ItemList, ItemRow
from widgets.job_bar import JobBar

CLASSES = make_classes([("Liver", ""), ("Spleen", ""), ("Aorta", "#FF0000")])


@pytest.fixture(autouse=True)
def _dark(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")


@pytest.fixture
def classes(qtbot: QtBot) -> ClassList:
    found = ClassList()
    found.set_classes(CLASSES)
    found.resize(296, 200)
    qtbot.addWidget(found)
    found.show()
    qtbot.waitExposed(found)
    found.activateWindow()
    return found


def rows_of(classes: ClassList) -> QListView:
    view = classes.findChild(QListView, "class_list.rows")
    assert isinstance(view, QListView)
    return view


def test_picking_a_class(qtbot: QtBot, classes: ClassList) -> None:
    view = rows_of(classes)
    assert classes.current() == 1
    with qtbot.waitSignal(classes.picked) as heard:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 48))
    assert heard.args == [2]
    with qtbot.waitSignal(classes.picked) as heard:
        QTest.keyClick(view, Qt.Key.Key_Down)
    assert heard.args == [3]
    with qtbot.assertNotEmitted(classes.picked):
        classes.set_current(1)
    assert classes.current() == 1


def test_eye_lock_and_swatch_by_mouse(qtbot: QtBot, classes: ClassList) -> None:
    port = rows_of(classes).viewport()
    right = port.width() - 14
    for signal, x, expected in (
        (classes.lock_changed, right - 8, [2, True]),
        (classes.lock_changed, right - 8, [2, False]),
        (classes.visibility_changed, right - 33, [2, False]),
        (classes.visibility_changed, right - 33, [2, True]),
        (classes.color_asked, 20, [2]),
    ):
        with qtbot.waitSignal(signal) as heard, qtbot.assertNotEmitted(classes.picked):
            QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=QPoint(x, 48))
        assert heard.args == expected


def test_eye_lock_swatch_and_removal_by_keys(qtbot: QtBot, classes: ClassList) -> None:
    view = rows_of(classes)
    for signal, key, expected in (
        (classes.visibility_changed, Qt.Key.Key_Space, [1, False]),
        (classes.lock_changed, Qt.Key.Key_L, [1, True]),
        (classes.color_asked, Qt.Key.Key_C, [1]),
        (classes.remove_asked, Qt.Key.Key_Delete, [1]),
    ):
        with qtbot.waitSignal(signal) as heard:
            QTest.keyClick(view, key)
        assert heard.args == expected
    spoken = view.model().data(view.model().index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Liver") and "not" not in spoken


def test_renaming_is_told_not_done(qtbot: QtBot, classes: ClassList) -> None:
    view = rows_of(classes)
    QTest.keyClick(view, Qt.Key.Key_F2)
    editor = view.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    editor.setText("Left liver")
    with qtbot.waitSignal(classes.renamed) as heard:
        QTest.keyClick(editor, Qt.Key.Key_Return)
    assert heard.args == [1, "Left liver"]
    assert view.model().data(view.model().index(0, 0)) == "Liver"


def test_adding_and_read_only(qtbot: QtBot, classes: ClassList) -> None:
    add = classes.findChild(QWidget, "class_list.add")
    assert isinstance(add, QWidget)
    with qtbot.waitSignal(classes.add_asked):
        QTest.mouseClick(add, Qt.MouseButton.LeftButton)
    classes.set_editable(False)
    with qtbot.assertNotEmitted(classes.remove_asked):
        QTest.keyClick(rows_of(classes), Qt.Key.Key_Delete)
    with qtbot.waitSignal(classes.lock_changed):
        QTest.keyClick(rows_of(classes), Qt.Key.Key_L)


def test_state_stays_when_classes_are_set_again(classes: ClassList) -> None:
    classes.set_state(hidden=[2], locked=[1])
    classes.set_amounts({1: "1 483 mL"})
    classes.set_current(2)
    classes.set_classes(make_classes([("Liver", "#00FF00"), ("Spleen", ""), ("Aorta", ""), ("Vena cava", "")]))
    model = rows_of(classes).model()
    spoken = [model.data(model.index(at, 0), Qt.ItemDataRole.AccessibleTextRole) for at in range(4)]
    assert "1 483 mL" in spoken[0] and spoken[0].endswith("locked") and "hidden" in spoken[1] and "visible" in spoken[3]
    assert classes.current() == 2


def test_a_locked_class_stays_locked_through_a_new_name(classes: ClassList) -> None:
    classes.set_state(hidden=[], locked=[2])
    classes.set_classes(make_classes([("Liver", ""), ("Milt", ""), ("Aorta", "")]))
    model = rows_of(classes).model()
    spoken = model.data(model.index(1, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Milt") and "not locked" not in spoken


def test_swatch_has_the_colour(classes: ClassList) -> None:
    image = rows_of(classes).viewport().grab().toImage()
    density = image.devicePixelRatio()
    assert image.pixelColor(round(20 * density), round(80 * density)) == QColor("#FF0000")


def items(qtbot: QtBot, count: int) -> ItemList:
    found = ItemList("items", "Items", "Open a folder of scans.")
    found.resize(250, 540)
    found.set_items([ItemRow(at, f"Case {at:04d}", f"{at % 7} slices", "0.95", icon="check") for at in range(count)])
    qtbot.addWidget(found)
    found.show()
    qtbot.waitExposed(found)
    return found


def test_names_that_differ_at_their_end_are_told_apart_where_they_are_cut(qtbot: QtBot) -> None:
    found = items(qtbot, 0)
    found.set_items([ItemRow(at, f"pneumoniamnist_train_{at:04d}", "Training", "pneumonia") for at in (4, 5)])
    first, second = (found.grab(found.visualRect(found.model().index(row, 0))).toImage() for row in range(2))
    assert first != second


def test_only_seen_thumbnails_are_asked_for_once(qtbot: QtBot) -> None:
    found = items(qtbot, 5000)
    asked: list[int] = []
    found.thumbnail_wanted.connect(asked.append)
    found.viewport().repaint()
    qtbot.waitUntil(lambda: len(asked) >= 10)
    found.viewport().repaint()
    QApplication.sendPostedEvents()
    assert sorted(asked) == list(range(len(asked))) and len(asked) <= 12
    image = QImage(104, 80, QImage.Format.Format_RGB888)
    image.fill(QColor("#FF0000"))
    before = found.viewport().grab().toImage()
    found.set_thumbnail(0, image)
    after = found.viewport().grab().toImage()
    assert after != before and after.pixelColor(30, 27) == QColor("#FF0000")
    found.forget_thumbnails()
    with qtbot.waitSignal(found.thumbnail_wanted) as heard:
        found.viewport().grab()
    assert heard.args == [0]


def test_a_click_on_the_picked_row_picks_it_again(qtbot: QtBot) -> None:
    found = items(qtbot, 3)
    picked: list[int] = []
    found.picked.connect(picked.append)
    for row in (1, 1, 0):
        QTest.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, 54 * row + 20))
    assert picked == [1, 1, 0]


def test_thousands_of_rows_cost_only_those_in_sight(qtbot: QtBot) -> None:
    found = items(qtbot, 20_000)
    asked: list[int] = []
    found.thumbnail_wanted.connect(asked.append)
    found.verticalScrollBar().setValue(500_000)
    found.viewport().repaint()
    qtbot.waitUntil(lambda: any(each > 9_000 for each in asked))
    assert len(asked) <= 24, "the first screen and the one scrolled to, nothing between"


def test_only_rows_that_are_seen_or_searched_are_made(qtbot: QtBot) -> None:
    found, made = items(qtbot, 0), set[int]()

    def make(id: int) -> ItemRow:
        made.add(id)
        return ItemRow(id, f"Case {id:04d}")

    found.set_ids(range(5000), make, {7: ("series", 1), 9: ("series", 0)})
    found.viewport().grab()
    assert made and max(made) <= 12 and len(found.ids()) == 4999
    assert found.ids()[7] == 9 and found.item_rows()[7].title == "", "the series stands where its first row does"
    found.set_search("case 0042")
    assert found.ids() == [42]


def test_picking_opening_and_going(qtbot: QtBot) -> None:
    found = items(qtbot, 30)
    with qtbot.waitSignal(found.picked) as heard:
        QTest.mouseClick(found.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(100, 54 * 3 + 20))
    assert heard.args == [3] and found.current() == 3
    with qtbot.waitSignal(found.picked) as heard:
        found.go(2)
    assert heard.args == [5]
    with qtbot.waitSignal(found.opened) as heard:
        QTest.keyClick(found, Qt.Key.Key_Return)
    assert heard.args == [5]
    with qtbot.assertNotEmitted(found.picked):
        found.set_current(20)
    assert found.current() == 20


def test_search_keeps_the_picked_item(qtbot: QtBot) -> None:
    found = items(qtbot, 30)
    found.set_current(12)
    with qtbot.assertNotEmitted(found.picked):
        found.set_search("case 001")
    assert found.ids() == [1, *range(10, 20)] and found.current() == 12
    found.set_search("3 SLICES 0010")
    assert found.ids() == [10]
    found.set_search("")
    assert len(found.ids()) == 30


def test_a_row_can_change(qtbot: QtBot) -> None:
    found, rows = items(qtbot, 3), {id: ItemRow(id, f"Case {id:04d}", "1 slice") for id in range(3)}
    found.set_ids(list(rows), rows.__getitem__)
    before = found.viewport().grab().toImage()
    rows[1] = ItemRow(1, "Case 0001", "1 slice", "0.62", "bad", "flag", "warn", share=0.62)
    found.renew(1)
    assert found.viewport().grab().toImage() != before
    assert "0.62" in found.model().data(found.model().index(1, 0), Qt.ItemDataRole.AccessibleTextRole)


def test_an_empty_list_says_so(qtbot: QtBot) -> None:
    found = items(qtbot, 0)
    before = found.viewport().grab().toImage()
    found.set_empty("")
    assert found.viewport().grab().toImage() != before
    assert found.current() is None
    found.go(1)


def test_job_bar(qtbot: QtBot) -> None:
    holder = QWidget()
    holder.resize(500, 44)
    bar = JobBar(parent=holder)
    qtbot.addWidget(holder)
    holder.show()
    assert bar.isHidden()
    bar.set_job("Training run 4", "epoch 12 / 40", share=0.3, queued=2)
    bar.resize(bar.sizeHint())
    assert not bar.isHidden() and "2" in bar.accessibleDescription() and bar.title() == "Training run 4"
    first = bar.grab().toImage()
    bar.set_job("Training run 4", "epoch 12 / 40", share=0.9, queued=2)
    assert bar.grab().toImage() != first
    with qtbot.waitSignal(bar.clicked):
        QTest.keyClick(bar, Qt.Key.Key_Space)
    bar.set_job("Reading")
    turning = bar.grab().toImage()
    qtbot.waitUntil(lambda: bar.grab().toImage() != turning)
    bar.clear()
    assert bar.isHidden()


def test_a_narrow_job_bar_says_the_short_name_before_a_cut_one(qtbot: QtBot) -> None:
    bar = JobBar()
    qtbot.addWidget(bar)
    bar.set_job("Entrenando run 4", "época 10", "quedan 19 s", short="run 4", share=0.3)
    whole = bar.sizeHint().width()
    said = [bar.fitting(room)[0] for room in range(whole, 60, -4)]
    assert said[0] == "Entrenando run 4"
    assert "run 4" in said and not any(title.startswith("E") and title.endswith("…") for title in said)


def test_in_a_narrow_job_bar_the_time_left_stays(qtbot: QtBot) -> None:
    bar = JobBar()
    qtbot.addWidget(bar)
    bar.set_job("Training run 4", "epoch 12", "6 min left", share=0.3, queued=2)
    said = [bar.fitting(room) for room in (1000, 220, 190, 150, 70)]
    assert said[0] == ("Training run 4", "epoch 12 · 6 min left · 2 waiting")
    assert all("6 min left" in detail for _, detail in said)
    assert said[1] == ("Training run 4", "6 min left"), "what runs and how long are said before the rest"
    assert said[-1] == ("", "6 min left")
    assert [len(detail) for _, detail in said] == sorted((len(detail) for _, detail in said), reverse=True)
