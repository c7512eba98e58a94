"""The frame under the hand: what is said moves nothing and takes no key, and a screen that is small has everything."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractListModel, QPoint, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.shell import i18n
from app.shell.actions import TABS
from app.shell.errors import CrashGuard
from app.shell.main import Program
from app.shell.window import MainWindow
from app.tabs.augment.tab import AugmentTab
from app.tabs.label.tab import LabelTab
from engine.labels.classes import parse_classes
from engine.project.project import Project
from tests.app.conftest import project as project
from tests.app.conftest import window as window
from tests.app.shell.test_plain_text import NAME
from tests.app.shell.test_plain_text import odd as odd
from tests.app.tabs.label.conftest import Hand
from tests.app.tabs.label.conftest import hand as hand
from tests.app.tabs.label.conftest import open_volume as open_volume
from tests.cases.window.conftest import OpenWindow

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
PATIENCE = 60_000


def _button(window: MainWindow, name: str) -> QAbstractButton:
    found = window.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton), name
    return found


def _columns(window: MainWindow) -> list[bool]:
    columns = window.tab("label").columns
    assert columns._left is not None and columns._right is not None
    return [columns._left.isVisible(), columns._right.isVisible()]


def test_what_is_said_in_the_midst_of_a_polygon_costs_nothing(hand: Hand) -> None:
    canvas, window = hand.canvas, hand.window
    window.resize(1440, 900)
    canvas.setFocus()
    hand.key(Qt.Key.Key_P)
    corners = [(8, 8), (8, 40), (30, 40), (30, 8)]

    def click(corner: tuple[int, int]) -> None:
        QTest.mouseClick(canvas, LEFT, pos=canvas.to_screen((float(corner[0]), float(corner[1]))).toPoint())

    for corner in corners[:3]:
        click(corner)
    place = canvas.mapToGlobal(QPoint(0, 0)), canvas.size(), canvas.to_screen((8.0, 8.0))
    QTest.keyClick(window, Qt.Key.Key_S, CONTROL)  # "every stroke is saved already"
    strip = window.findChild(QWidget, "strip")
    assert strip is not None and strip.isVisible()
    assert (canvas.mapToGlobal(QPoint(0, 0)), canvas.size(), canvas.to_screen((8.0, 8.0))) == place
    QTest.mouseClick(_button(window, "strip.close"), LEFT)
    assert not strip.isVisible() and window.focusWidget() is canvas, "not the search, which would swallow the keys"
    click((39, 2))
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Z, CONTROL)  # that corner was a slip
    click(corners[3])
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert hand.last.startswith("Polygon") and len(hand.session.current.history()) == 1
    assert (hand.labels[canvas.index, 10:29, 10:39] == 1).all() and not hand.labels[canvas.index, 35:, :5].any()


def test_escape_gives_the_keyboard_back_from_an_empty_search(hand: Hand) -> None:
    hand.canvas.setFocus()
    QTest.keyClick(hand.window, Qt.Key.Key_P, CONTROL)  # Find an item
    field = hand.window.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert hand.window.focusWidget() is hand.canvas
    hand.key(Qt.Key.Key_E)
    assert hand.window.context.commands["eraser"].isChecked()


def test_a_button_that_goes_leaves_the_columns_where_they_are(
    qtbot: QtBot, window: MainWindow, project: Path, tmp_path: Path
) -> None:
    """Qt hands the keyboard on where the button that has it is hidden, as it does for the key Tab, which hides the columns."""
    session = window.context.session
    with qtbot.waitSignal(session.current.image_changed, timeout=PATIENCE):
        window.open_paths([project])
    window.resize(1440, 900)
    with Project.create(tmp_path / "next.contorno", "multiclass", session.classes) as made:
        path = made.path
    session.open_project(path)
    window.open_paths([tmp_path / "images"])
    qtbot.waitUntil(lambda: _button(window, "import.add").isEnabled(), timeout=PATIENCE)
    with qtbot.waitSignal(session.import_finished, timeout=PATIENCE):
        _button(window, "import.add").setFocus()
        QTest.keyClick(_button(window, "import.add"), Qt.Key.Key_Space)
    QTest.keyClick(window, Qt.Key.Key_2, CONTROL)
    label = window.tab("label")
    assert isinstance(label, LabelTab)
    assert _columns(window) == [True, True]
    for _ in range(2):
        QTest.keyClick(window, Qt.Key.Key_D)  # Next item
        assert _columns(window) == [True, True]
        qtbot.waitUntil(lambda: session.current.image is not None and not window.context.jobs.busy, timeout=PATIENCE)
        assert _columns(window) == [True, True]
    buttons = [button for button in label.findChildren(QAbstractButton) if button.isVisible() and button.isEnabled()]
    assert len(buttons) > 20
    for widget in (label.scan.canvas, *buttons):
        widget.setFocus()
        widget.hide()
        assert _columns(window) == [True, True], widget.objectName()
        widget.show()
    qtbot.waitUntil(lambda: not window.context.jobs.busy, timeout=PATIENCE)


@pytest.fixture
def spanish() -> Iterator[None]:
    i18n.install("es")
    yield
    i18n.install("en")


@pytest.mark.usefixtures("spanish")
@pytest.mark.parametrize("size", [QSize(944, 556), QSize(1000, 640)])
def test_a_small_screen_holds_the_window_in_spanish_too(project: Path, open_window: OpenWindow, size: QSize) -> None:
    window = open_window(project, "label")
    for name in TABS:
        window.show_tab(name)
        window.tab(name).show_page()
        window.resize(size)
        assert window.size() == size, name
        columns, right = window.tab(name).columns, window.tab(name).columns._right
        assert right is not None
        columns.grab()  # lays it out
        if not right.isVisible():
            edge = _button(window, f"{name}.drawer")
            assert edge.isVisible()
            QTest.mouseClick(edge, LEFT)
        assert right.isVisible() and right.mapTo(window, right.rect().topRight()).x() < window.width(), name
        assert columns.minimumSizeHint().width() <= size.width() and right.width() >= right.minimumSizeHint().width(), (
            name
        )


@pytest.fixture
def program(qtbot: QtBot, project: Path) -> Iterator[Program]:
    """The program as it is started on the project, and closed."""
    guard = CrashGuard()
    started = Program(guard)
    try:
        started.start([project])
        qtbot.waitUntil(lambda: started.context is not None, timeout=PATIENCE)
        yield started
    finally:
        assert started.close()
        with qtbot.waitSignal(started.window.destroyed):
            started.window.deleteLater()
        guard.remove()  # its log is closed


def test_another_language_keeps_what_stands_in_augment(qtbot: QtBot, program: Program) -> None:
    assert program.context is not None
    session = program.context.session
    qtbot.waitUntil(lambda: session.current.image is not None, timeout=PATIENCE)
    _augment_is_drawn(qtbot, program.window)
    changed = _augment(program.window)
    QTest.mouseClick(_button(program.window, "flip_vertical.on"), LEFT)
    config = changed.config()
    assert config["flip_vertical"].on and _button(program.window, "use_augmentation").isEnabled()
    old = program.window
    old.rebuild_asked.emit()
    assert program.window is not old
    _augment_is_drawn(qtbot, program.window)
    assert _augment(program.window).config() == config
    assert _button(program.window, "use_augmentation").isEnabled(), "not taken for the next run yet"
    qtbot.waitUntil(lambda: session.project is not None and not program.window.context.jobs.busy, timeout=PATIENCE)


@pytest.mark.parametrize("name", ["label", "review"])
def test_another_language_begins_with_the_tab_that_was_in_front(qtbot: QtBot, program: Program, name: str) -> None:
    session = program.window.context.session
    program.window.show_tab(name)
    qtbot.waitUntil(lambda: session.current.image is not None, timeout=PATIENCE)
    if name == "label":
        program.window.context.commands["zoom_in"].trigger()
        look = _label(program.window).scan.views.look
    program.window.rebuild_asked.emit()
    assert program.window.context.commands.tab == name and program.window.tab(name).isVisible()
    if name == "label":  # in Review nothing was predicted yet
        scan = _label(program.window).scan
        assert program.window.focusWidget() is scan.canvas and scan.views.look == look
    qtbot.waitUntil(lambda: session.project is not None and not program.window.context.jobs.busy, timeout=PATIENCE)


def _label(window: MainWindow) -> LabelTab:
    tab = window.tab("label")
    assert isinstance(tab, LabelTab)
    return tab


def _augment(window: MainWindow) -> AugmentTab:
    tab = window.tab("augment")
    assert isinstance(tab, AugmentTab)
    return tab


def _augment_is_drawn(qtbot: QtBot, window: MainWindow) -> None:
    """The tab in front with all its samples of the open item."""
    window.show_tab("augment")
    grid = _augment(window)._samples.grid
    qtbot.waitUntil(lambda: grid._original is not None and len(grid._samples) > 0, timeout=PATIENCE)
    assert grid.isVisible()


def _texts(widget: QWidget) -> Iterator[tuple[str, str]]:
    """Every text that stands in the window, with where: labels, buttons, fields, tips, cells of lists and choices, commands."""
    for each in widget.findChildren(QWidget):
        if not each.isVisible():  # a tab is filled when it is seen
            continue
        where = f"{type(each).__name__} {each.objectName()}"
        if isinstance(each, QLabel | QAbstractButton | QLineEdit):
            yield f"text of {where}", each.text()
        for text in (each.toolTip(), each.accessibleName(), each.accessibleDescription()):
            yield f"tip or name of {where}", text
        if isinstance(each, QAbstractItemView | QComboBox) and (model := each.model()) is not None:
            columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
            for row, column in product(range(model.rowCount()), range(columns)):
                yield f"cell {row}, {column} of {where}", str(model.index(row, column).data())
    for action in widget.findChildren(QAction):
        yield f"command {action.objectName()}", f"{action.text()} {action.toolTip()}"


@pytest.mark.parametrize("odd", ["multiclass", "classification"], indirect=True)
@pytest.mark.parametrize("following", ["empty", "with items"])
def test_nothing_of_a_project_stands_in_the_next(
    qtbot: QtBot, window: MainWindow, odd: Path, project: Path, tmp_path: Path, following: str
) -> None:
    session = window.context.session
    with qtbot.waitSignal(session.current.image_changed, timeout=PATIENCE):
        window.open_paths([odd])
    for name in TABS:
        window.show_tab(name)
        qtbot.waitUntil(lambda: not window.context.jobs.busy, timeout=PATIENCE)
    session.notification.emit(f"{NAME} was read.", "bad")
    seen = 0
    for name in TABS:
        window.show_tab(name)
        seen += sum(NAME in text for _, text in _texts(window))
    assert seen > 20
    if following == "empty":
        session.new_project(tmp_path / "next.contorno", "binary", parse_classes("lung"))
    else:
        with qtbot.waitSignal(session.current.image_changed, timeout=PATIENCE):
            session.open_project(project)
    for name in TABS:
        window.show_tab(name)
        qtbot.waitUntil(lambda: not window.context.jobs.busy, timeout=PATIENCE)
        assert [where for where, text in _texts(window) if NAME in text] == [], name
