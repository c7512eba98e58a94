from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from widgets import theme
from widgets.slice_bar import SliceBar

LEFT = Qt.MouseButton.LeftButton


def _bar(qtbot: QtBot, count: int = 20) -> SliceBar:
    bar = SliceBar()
    qtbot.addWidget(bar)
    bar.resize(14, 400)
    bar.set_count(count)
    with qtbot.waitExposed(bar):
        bar.show()
    return bar


def test_the_first_slice_is_at_the_top(qtbot: QtBot) -> None:
    bar = _bar(qtbot)
    assert bar.handle().top() == 0
    bar.setValue(19)
    assert bar.handle().bottom() == 400


def test_dragging_goes_through_the_slices(qtbot: QtBot) -> None:
    bar = _bar(qtbot)
    with qtbot.waitSignal(bar.valueChanged):
        QTest.mousePress(bar, LEFT, pos=QPoint(7, 200))
    assert bar.value() in (9, 10)
    QTest.mouseMove(bar, QPoint(7, 5000))
    assert bar.value() == 19
    QTest.mouseRelease(bar, LEFT, pos=QPoint(7, 399))
    QTest.mouseMove(bar, QPoint(7, 10))
    assert bar.value() == 19


def test_keys_go_down_the_stack(qtbot: QtBot) -> None:
    bar = _bar(qtbot)
    QTest.keyClick(bar, Qt.Key.Key_Down)
    assert bar.value() == 1
    QTest.keyClick(bar, Qt.Key.Key_PageDown)
    assert bar.value() == 3
    QTest.keyClick(bar, Qt.Key.Key_Up)
    assert bar.value() == 2


def test_marks_are_drawn_where_their_slice_is(qtbot: QtBot) -> None:
    bar = _bar(qtbot)
    bar.setValue(10)
    bar.set_marks([(0, "#FF0000"), (19, "#00FF00")])
    image = bar.grab().toImage()
    colors = {row: image.pixelColor(7, row).name() for row in range(400)}
    assert "#ff0000" in {colors[row] for row in range(30)}
    assert "#00ff00" in {colors[row] for row in range(370, 400)}


def test_labelled_slices_are_seen_and_counted(qtbot: QtBot) -> None:
    bar = _bar(qtbot)
    bar.set_labelled(frozenset({0, 19}))
    image = bar.grab().toImage()
    accent = theme.scan_color("accent").name()
    rows = {row // 20 for row in range(400) if image.pixelColor(11, row).name() == accent}
    assert rows == {0, 19} and "2" in bar.toolTip() and "20" in bar.toolTip()


def test_one_slice_has_nowhere_to_go(qtbot: QtBot) -> None:
    bar = _bar(qtbot, 1)
    QTest.mouseClick(bar, LEFT, pos=QPoint(7, 300))
    assert bar.value() == 0


def test_it_can_be_found_and_heard(qtbot: QtBot) -> None:
    bar = _bar(qtbot)
    assert bar.objectName() == "slice_bar" and bar.accessibleName() == "Slice"
