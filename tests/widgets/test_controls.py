"""Controls: what each says when it is used, by mouse and by keyboard."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QEnterEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSlider,
    QSpinBox,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from widgets import theme
from widgets.column_parts import WrappingBar, WrappingPair, scrolled, stacked
from widgets.controls import (
    Button,
    Choice,
    FilterChips,
    Heading,
    IconButton,
    PrimaryButton,
    SearchField,
    Segmented,
    Switch,
    Text,
    calm_table,
    named,
)
from widgets.figures import duration, figure, percent, time_left, time_taken
from widgets.message_bar import MessageBar, reading_time
from widgets.panels import CardFrame, CollapsibleRow, Panel
from widgets.sliders import RangeSlider, Slider

THREE = [Choice("a", "All", count=64), Choice("b", "To do", count=46), Choice("c", "Flagged", "flag", 4)]


@pytest.fixture(autouse=True)
def _dark(qapp: QApplication) -> None:
    theme.apply(qapp, "dark")


def shown(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.addWidget(widget)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()


def held(qtbot: QtBot, widget: QWidget) -> QWidget:
    """On the screen in a window that leaves it any size: a window itself is never smaller than what it holds."""
    host = QWidget()
    widget.setParent(host)
    host.resize(800, 300)
    shown(qtbot, host)
    return host


def test_figures() -> None:
    assert figure(1483.2, unit="mL") == "1\u202f483\u202fmL"
    assert figure(-0.04, 1) == "0.0" and figure(1.2, 1, signed=True) == "+1.2"
    assert [duration(value) for value in (0, 0.5, 15, 60, 90)] == ["0 min", "1 min", "15 min", "1 h", "1 h 30 min"]
    assert [time_taken(value) for value in (0, 0.2, 8.4, 150, 4500)] == [
        f"{value}\u202f{unit}" for value, unit in (("0", "s"), ("1", "s"), ("8", "s"), ("2.5", "min"), ("1.2", "h"))
    ]
    assert figure(None) == figure(float("nan"), 2) == "–" == time_taken(None)
    assert percent(0.896) == "90\u202f%" and percent(None) == "–"


def test_time_left_rounds() -> None:
    assert time_left(None) == "" and time_left(20) != "" and "6" in time_left(362) and "1" in time_left(3700)


@pytest.mark.parametrize("kind", [QComboBox, QSpinBox, QSlider])
def test_a_wheel_that_scrolls_past_changes_no_value(qtbot: QtBot, kind: type[QComboBox | QSpinBox | QSlider]) -> None:
    holder, control = QWidget(), kind()
    named(control, "amount", "Amount")
    if isinstance(control, QComboBox):
        control.addItems(["one", "two", "three"])
    QVBoxLayout(holder).addWidget(control)
    shown(qtbot, holder)
    holder.setFocus()

    def value() -> int:
        return control.currentIndex() if isinstance(control, QComboBox) else control.value()

    before, at = value(), QPointF(5, 5)
    assert not control.focusPolicy() & Qt.FocusPolicy.WheelFocus & ~Qt.FocusPolicy.StrongFocus

    def turn() -> bool:
        turned = QWheelEvent(
            at,
            at,
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(control, turned)
        return turned.isAccepted()

    assert not turn() and value() == before, "what is around it scrolls"
    if not isinstance(control, QComboBox):
        control.setValue(5)
        control.setFocus()
        assert turn() and value() < 5, "where the keyboard is, it turns the value"


def test_tab_reaches_choices_that_come_late_where_they_stand(qtbot: QtBot) -> None:
    holder, first, last, chips = QWidget(), QLineEdit(), QSpinBox(), FilterChips("chips", "Chips")
    column = QVBoxLayout(holder)
    for widget in (first, chips, last):
        column.addWidget(widget)
    shown(qtbot, holder)
    for choices in (THREE, THREE[:2]):
        chips.set_choices(choices, "b")
        first.setFocus()
        for wanted in (chips.button("b"), last, first):
            QTest.keyClick(holder.focusWidget(), Qt.Key.Key_Tab)
            assert holder.focusWidget() is wanted
        QTest.keyClick(first, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
        assert holder.focusWidget() is last


def test_return_presses_the_button_that_has_the_keys_and_not_the_dialogs_own(qtbot: QtBot) -> None:
    dialog, pressed = QDialog(), list[str]()
    qtbot.addWidget(dialog)
    column, field = QVBoxLayout(dialog), QLineEdit()
    change, close = Button("change", "Change keys…"), PrimaryButton("close", "Close")
    change.setAutoDefault(False)  # Return in the field is no answer to it
    for part in (field, change, close):
        column.addWidget(part)
    change.clicked.connect(lambda: pressed.append("change"))
    close.clicked.connect(lambda: pressed.append("close"))
    with qtbot.waitExposed(dialog):
        dialog.show()
    change.setFocus()
    QTest.keyClick(change, Qt.Key.Key_Return)
    assert pressed == ["change"]
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert pressed == ["change", "close"]


def test_switch_by_mouse_and_keys(qtbot: QtBot) -> None:
    switch = Switch("s", "Only")
    shown(qtbot, switch)
    assert switch.accessibleName() == "Only" and not switch.isChecked()
    with qtbot.waitSignal(switch.toggled) as heard:
        QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert heard.args == [True]
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert not switch.isChecked()
    QTest.keyClick(switch, Qt.Key.Key_Return)
    assert switch.isChecked()
    switch.setEnabled(False)
    assert not switch.grab().isNull()


@pytest.mark.parametrize("kind", [Segmented, FilterChips])
def test_one_of_several(qtbot: QtBot, kind: type[Segmented] | type[FilterChips]) -> None:
    row = kind("row", "Show", THREE, "b")
    shown(qtbot, row)
    assert row.current() == "b"
    with qtbot.waitSignal(row.picked) as heard:
        QTest.mouseClick(row.button("a"), Qt.MouseButton.LeftButton)
    assert heard.args == ["a"] and row.current() == "a"
    with qtbot.waitSignal(row.picked) as heard:
        QTest.keyClick(row.button("a"), Qt.Key.Key_Right)
    assert heard.args == ["b"]
    with qtbot.waitSignal(row.picked) as heard:
        QTest.keyClick(row.button("b"), Qt.Key.Key_Left)
    assert heard.args == ["a"]
    with qtbot.assertNotEmitted(row.picked):
        row.set_current("c")
    reached = [each.id for each in THREE if row.button(each.id).focusPolicy() == Qt.FocusPolicy.StrongFocus]
    assert reached == ["c"], "Tab must stop at the chosen one only"


def test_choices_can_change_and_keep_the_chosen(qtbot: QtBot) -> None:
    chips = FilterChips("c", "Show", THREE, "b")
    shown(qtbot, chips)
    button = chips.button("b")
    chips.set_choices([Choice("a", "All", count=65), Choice("b", "To do", count=45), Choice("c", "Flagged", "flag", 5)])
    assert chips.button("b") is button and button.text() == "To do 45" and chips.current() == "b"
    assert chips.button("c").text() == "5" and chips.button("c").accessibleName() == "Flagged 5"
    chips.set_choices([Choice("x", "Test set")])
    assert chips.current() == "x"


def test_chips_go_on_a_second_row(qtbot: QtBot) -> None:
    holder = QWidget()
    column = QVBoxLayout(holder)
    chips = FilterChips("c", "Show", [Choice(str(at), "Todos los casos", count=at) for at in range(5)])
    column.addWidget(chips)
    holder.resize(260, 200)
    shown(qtbot, holder)
    tops = {chips.button(str(at)).y() for at in range(5)}
    assert len(tops) > 1
    for at in range(5):
        assert chips.button(str(at)).geometry().right() <= chips.width()
        assert chips.button(str(at)).width() >= chips.button(str(at)).sizeHint().width()


def test_search_field(qtbot: QtBot) -> None:
    field = SearchField("f", "Find an item", "Ctrl+P")
    shown(qtbot, field)
    with qtbot.waitSignal(field.searched) as heard:
        QTest.keyClicks(field, "ca")
    assert heard.args == ["c"]
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_escape_leaves_an_empty_search(qtbot: QtBot) -> None:
    frame = QWidget()
    scan, field = QPushButton(frame), SearchField("f", "Find an item")
    field.setParent(frame)
    shown(qtbot, frame)
    scan.setFocus()
    field.jump()
    QTest.keyClicks(field, "ca")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.hasFocus() and not field.text()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert scan.hasFocus()
    field.jump()
    scan.hide()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not field.hasFocus()


def test_icon_button_follows_its_action(qtbot: QtBot) -> None:
    button = IconButton("b", "undo", "Undo", key="Ctrl+Z")
    action = QAction("Undo", button)
    qtbot.addWidget(button)
    action.setEnabled(False)
    button.show_action(action)
    assert not button.isEnabled()
    action.setEnabled(True)
    assert button.isEnabled()
    with qtbot.waitSignal(action.triggered):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_measures(qtbot: QtBot) -> None:
    primary, plain = PrimaryButton("p", "Next", "check"), Button("q", "Use as mask")
    for button, high in ((primary, theme.PRIMARY), (plain, theme.CONTROL)):
        shown(qtbot, button)
        assert button.sizeHint().height() == high
        assert button.accessibleName()
    heading = Heading("Classes")
    qtbot.addWidget(heading)
    assert heading.font().pixelSize() == theme.HEADING_SIZE
    table = QTableView()
    qtbot.addWidget(table)
    calm_table(table)
    assert table.verticalHeader().defaultSectionSize() == theme.ROW and not table.showGrid()


def test_text_changes_its_role(qtbot: QtBot) -> None:
    label = Text("0.62", "dim")
    shown(qtbot, label)
    before = label.grab().toImage()
    label.set_role("bad")
    assert label.grab().toImage() != before


def test_slider_says_its_value(qtbot: QtBot) -> None:
    slider = Slider("r", "Radius", 1.0, 30.0, 9.0, step=0.5, decimals=1, unit="mm")
    shown(qtbot, slider)
    assert slider.value() == 9.0
    handle = slider.focusProxy()
    assert handle is not None and handle.accessibleDescription() == "9.0\u202fmm"
    with qtbot.waitSignal(slider.changed) as heard:
        QTest.keyClick(handle, Qt.Key.Key_Right)
    assert heard.args == [9.5]
    with qtbot.assertNotEmitted(slider.changed):
        slider.set_value(3.0)
    assert slider.value() == 3.0


def test_range_slider(qtbot: QtBot) -> None:
    line = RangeSlider("rot", "Rotate", -45, 45, (-15, 15), 5)
    line.resize(196, 20)
    shown(qtbot, line)
    with qtbot.waitSignal(line.changed) as heard:
        QTest.mousePress(line, Qt.MouseButton.LeftButton, pos=QPoint(180, 10))
    assert heard.args == [-15.0, 40.0]
    with qtbot.waitSignal(line.changed) as heard:
        QTest.keyClick(line, Qt.Key.Key_Left)
    assert heard.args == [-15.0, 35.0]
    line.set_values((30.0, 30.0))
    with qtbot.waitSignal(line.changed) as heard:
        QTest.mousePress(line, Qt.MouseButton.LeftButton, pos=QPoint(8, 10))
    assert heard.args == [-45.0, 30.0], "handles on top of each other can be pulled apart"
    QTest.keyClick(line, Qt.Key.Key_End)
    assert line.values() == (30.0, 30.0), "the first handle cannot pass the second"


def test_collapsible_row(qtbot: QtBot) -> None:
    inside = QLabel("inside")
    row = CollapsibleRow("n", "Network", inside, "U-Net")
    shown(qtbot, row)
    assert inside.isHidden()
    head = row.findChild(QWidget, "n.head")
    assert isinstance(head, QWidget) and head.accessibleDescription() == "U-Net"
    with qtbot.waitSignal(row.toggled) as heard:
        QTest.keyClick(head, Qt.Key.Key_Space)
    assert heard.args == [True] and not inside.isHidden()


@pytest.mark.parametrize("height", [120, 900])
def test_what_a_row_opens_on_comes_into_sight(qtbot: QtBot, height: int) -> None:
    """Its end where all of it has room, else its beginning."""
    inside, above, column = QLabel("inside"), QLabel("above"), QWidget()
    inside.setFixedHeight(height)
    above.setFixedHeight(260)
    row = CollapsibleRow("n", "Network", inside)
    layout = QVBoxLayout(column)
    layout.addWidget(above)
    layout.addWidget(row)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(column)
    area.resize(300, 320)
    shown(qtbot, area)
    head = row.findChild(QWidget, "n.head")
    assert isinstance(head, QWidget)
    QTest.mouseClick(head, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: area.verticalScrollBar().value() > 0)
    seen = area.viewport().rect()
    assert seen.contains(head.mapTo(area.viewport(), head.rect().center()))
    end = inside.mapTo(area.viewport(), inside.rect().bottomLeft()).y()
    assert (end <= seen.bottom()) == (height == 120)


def test_panels_hold_things(qtbot: QtBot) -> None:
    for kind in (Panel, CardFrame):
        panel = kind("Recipe")
        label = QLabel("words")
        panel.add(label)
        panel.add_to_heading(QLabel("right"))
        panel.add_row(QLabel("a"), QLabel("b"))
        shown(qtbot, panel)
        assert label.parent() is panel and panel.accessibleName() == "Recipe"


def test_strip(qtbot: QtBot) -> None:
    strip = MessageBar()
    qtbot.addWidget(strip)
    assert strip.isHidden()
    done: list[str] = []
    strip.say("Saved", "good", "Open the folder", lambda: done.append("opened"))
    assert not strip.isHidden() and strip.text() == "Saved"
    action = strip.findChild(QWidget, "strip.action")
    assert isinstance(action, QWidget)
    QTest.mouseClick(action, Qt.MouseButton.LeftButton)
    assert strip.isHidden() and done == ["opened"]
    strip.say("Mask value 2 has no class", "warn")
    assert action.isHidden()
    with qtbot.waitSignal(strip.closed):
        QTest.keyClick(strip, Qt.Key.Key_Escape)
    assert strip.isHidden()


def over_a_scan(qtbot: QtBot) -> tuple[QWidget, QPushButton, MessageBar]:
    """A frame with a search, a scan in it, and a strip over the scan."""
    frame = QWidget()
    frame.resize(600, 400)
    search, scan = QLineEdit(frame), QPushButton(frame)
    search.setGeometry(0, 0, 600, 30)
    scan.setGeometry(0, 30, 600, 370)
    strip = MessageBar(over=scan, parent=frame)
    shown(qtbot, frame)
    return frame, scan, strip


def test_a_strip_lies_over_the_scan_and_moves_nothing(qtbot: QtBot) -> None:
    _frame, scan, strip = over_a_scan(qtbot)
    before = scan.geometry()
    strip.say("word " * 60, "warn")
    assert strip.isVisible() and scan.geometry() == before and scan.geometry().contains(strip.geometry())
    assert strip.height() >= strip.heightForWidth(strip.width()) > 40, "all of a long text is seen"
    bottom = scan.geometry().bottom() - strip.geometry().bottom()
    scan.setGeometry(0, 30, 400, 300)
    assert scan.geometry().contains(strip.geometry()) and scan.geometry().bottom() - strip.geometry().bottom() == bottom


def test_a_strip_goes_by_itself_but_a_fault_stays(qtbot: QtBot) -> None:
    _frame, _scan, strip = over_a_scan(qtbot)
    strip.say("Saved", "good")
    assert 0 < reading_time("Saved", "good") < reading_time("Saved " * 20, "good") < reading_time("Saved " * 20, "warn")
    assert strip._time.isActive()
    QApplication.sendEvent(strip, QEnterEvent(QPointF(), QPointF(), QPointF()))
    assert not strip._time.isActive(), "it is being read"
    QApplication.sendEvent(strip, QEvent(QEvent.Type.Leave))
    strip._time.setInterval(1)
    qtbot.waitUntil(strip.isHidden)
    strip.say("Saved", "good")
    strip.say("The disk is full.", "bad")
    assert not strip._time.isActive() and strip.isVisible()


def test_a_strip_gives_the_keyboard_back(qtbot: QtBot) -> None:
    _frame, scan, strip = over_a_scan(qtbot)
    close = strip.findChild(QWidget, "strip.close")
    assert close is not None
    scan.setFocus()
    strip.say("Saved", "good")
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert strip.isHidden() and scan.hasFocus()
    strip.say("Saved", "good")
    close.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(close, Qt.Key.Key_Escape)
    assert strip.isHidden() and scan.hasFocus()


def test_segments_say_their_short_words_where_there_is_no_room(qtbot: QtBot) -> None:
    choices = [Choice("a", "Compare networks", short="Compare"), Choice("b", "Both")]
    segments = Segmented("mode", "What to do", choices)
    host = held(qtbot, segments)
    long = segments.sizeHint().width()
    assert segments.minimumSizeHint().width() < long
    for width, text, tip in ((long, "Compare networks", ""), (long - 1, "Compare", "Compare networks")):
        segments.resize(width, 30)
        qtbot.waitUntil(lambda text=text: segments.button("a").text() == text, timeout=60_000)  # type: ignore[misc]
        assert tip in segments.button("a").toolTip() and segments.button("a").accessibleName() == "Compare networks"
        assert segments.button("b").text() == "Both" and segments.sizeHint().width() == long
    segments.set_choices(choices)
    assert segments.button("a").text() == "Compare", "also when the same are set again"
    assert host.isVisible()


def test_a_pair_stands_in_a_row_or_beneath_each_other_by_the_room(qtbot: QtBot) -> None:
    first, second = Button("first", "one"), Button("second", "other")
    pair = WrappingPair(first, second, spacing=10)
    host = held(qtbot, pair)
    need = first.minimumSizeHint().width() + second.minimumSizeHint().width() + 10
    for width, wrapped in ((need, False), (need - 1, True), (need + 50, False)):
        pair.resize(width, 100)
        qtbot.waitUntil(lambda wrapped=wrapped: pair.wrapped == wrapped, timeout=60_000)  # type: ignore[misc]
        assert pair.minimumSizeHint().width() < need, "it never asks to be scrolled"
    pair.resize(need - 1, 100)
    second.hide()
    qtbot.waitUntil(lambda: not pair.wrapped, timeout=60_000)
    assert host.isVisible()


def test_a_wrapped_bar_keeps_the_height_of_both_rows(qtbot: QtBot) -> None:
    first, second = Button("first", "one"), Button("second", "other")
    bar, below = WrappingBar(first, second), QWidget()
    below.setMinimumHeight(280)
    host = stacked(bar, below)
    qtbot.addWidget(host)
    for width, rows in ((400, 1), (first.minimumSizeHint().width() + 40, 2)):
        host.resize(width, 300)
        host.show()
        least = rows * first.minimumSizeHint().height()
        qtbot.waitUntil(lambda least=least: bar.minimumSizeHint().height() >= max(least, 41), timeout=60_000)  # type: ignore[misc]
        assert bar.height() >= least, "though there is too little room below"


def test_what_is_only_read_is_scrolled_with_the_keys(qtbot: QtBot) -> None:
    words, fields = Panel(), Panel()
    words.add(*(Text(f"line {number}") for number in range(40)))
    fields.add(*(Button(f"button {number}", "Press") for number in range(40)))
    text, buttons = scrolled("text", words, read=True), scrolled("buttons", fields)
    last = Button("last", "Close")
    whole = stacked(text, buttons, last)
    shown(qtbot, whole)
    text.setFixedHeight(100)
    buttons.setFixedHeight(100)
    qtbot.waitUntil(lambda: text.verticalScrollBar().maximum() > 0)
    with qtbot.waitActive(whole):
        whole.activateWindow()
    last.setFocus()
    QTest.keyClick(last, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is text
    QTest.keyClick(text, Qt.Key.Key_PageDown)
    assert text.verticalScrollBar().value() > 0
    QTest.keyClick(text, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is fields.findChild(QPushButton, "button 0"), (
        "what is pressed leads through the other"
    )
    words.setFixedHeight(40)
    qtbot.waitUntil(lambda: text.focusPolicy() == Qt.FocusPolicy.NoFocus)
