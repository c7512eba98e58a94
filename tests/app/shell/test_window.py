"""The main window: tabs that are built when they are needed, dimmed commands, what is dropped and said, and how it closes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QPushButton,
    QRadioButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.dialogs.new_project import NewProjectDialog
from app.dialogs.plot_picture import PlotPictureDialog
from app.dialogs.remarks import RemarksDialog
from app.shell import settings
from app.shell.actions import TABLE, TABS
from app.shell.window import MainWindow, first_size
from app.tabs.classify.gradients import GradientsDialog
from app.tabs.data.tab import DataTab
from app.tabs.data.table import DataTable
from app.tabs.parts.looking import LookingDialog
from app.tabs.tab import Columns
from app.tabs.train.study import StudyDialog
from engine.config import Split, Task, TrainConfig
from engine.errors import EngineError
from engine.labels.classes import parse_classes
from engine.network_options import UntrainedNetwork
from engine.progress import Notice, result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from widgets.message_bar import MessageBar
from widgets.plot import Plot, PlotPicture

PATIENCE = 60_000
ENDLESS = TrainConfig(
    arch="linknet", encoder="mobilenet_v2", epochs=10_000, size=32, batch=2, preset="none", device="cpu", seed=1
)


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, project: Path) -> MainWindow:
    with qtbot.waitSignal(window.context.session.current.image_changed, timeout=PATIENCE):
        window.open_paths([project])
    return window


def strip(window: MainWindow) -> MessageBar:
    found = window.findChild(MessageBar, "strip")
    assert isinstance(found, MessageBar)
    return found


def front(window: MainWindow) -> str:
    """The name of the tab in front, by the button that is down."""
    (name,) = [n for n in TABS if _button(window, f"tab.{n}").isChecked()]
    return name


def _button(window: MainWindow, name: str) -> QAbstractButton:
    found = window.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton), name
    return found


def built(window: MainWindow) -> set[str]:
    return set(window._tabs)


def press(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(window, key, modifiers)


def comes(qtbot: QtBot, window: MainWindow, name: str) -> None:
    qtbot.waitUntil(lambda: window.context.commands.tab == name and window.tab(name).isVisible(), timeout=PATIENCE)


def test_only_the_tab_in_front_is_built(qtbot: QtBot, window: MainWindow) -> None:
    assert built(window) == {"data"} and front(window) == "data"
    QTest.mouseClick(_button(window, "tab.augment"), Qt.MouseButton.LeftButton)
    comes(qtbot, window, "augment")
    assert built(window) == {"data", "augment"} and front(window) == "augment"
    first = window.tab("augment")
    window.show_tab("data")
    assert window.tab("augment") is first


def test_a_tab_that_is_picked_is_built_in_turns_of_the_event_loop(qtbot: QtBot, window: MainWindow) -> None:
    commands = window.context.commands
    commands["tab_train"].trigger()
    assert front(window) == "train" and built(window) == {"data"} and window.tab("data").isVisible()
    commands["tab_review"].trigger()  # another one, before it was there
    comes(qtbot, window, "review")
    assert front(window) == "review" and built(window) == {"data", "review"}
    commands["tab_train"].trigger()
    window.show_tab("data")
    assert commands.tab == "data" and front(window) == "data"
    qtbot.waitUntil(lambda: not window._next_step.isActive(), timeout=PATIENCE)
    assert window.tab("data").isVisible()
    window.show_tab("train")
    assert window.tab("train").isVisible()


def test_every_tab_comes_by_its_key(opened: MainWindow) -> None:
    for number, name in enumerate(TABS):
        press(opened, Qt.Key(Qt.Key.Key_1 + number), Qt.KeyboardModifier.ControlModifier)
        assert front(opened) == name and opened.tab(name).isVisible()
        assert isinstance(opened.tab(name).columns, Columns)


def test_without_a_project_commands_say_what_to_do_first(window: MainWindow) -> None:
    commands = window.context.commands
    for id in ("export", "import_images", "close_project", "train", "next_item"):
        assert not commands[id].isEnabled() and "Open a project first." in commands[id].toolTip(), id
    window.show_tab("label")
    for id in ("fit", "polygon", "views"):
        assert "Open a project first." in commands[id].toolTip(), id
    for id in ("new_project", "open_project", "open_demo", "settings", "quit", "shortcuts"):
        assert commands[id].isEnabled(), id
    assert "Nothing is being trained." in commands["pause"].toolTip()


def test_commands_follow_what_is_open(opened: MainWindow) -> None:
    commands = opened.context.commands
    assert commands["export"].isEnabled() and "first" not in commands["export"].toolTip()
    assert not commands["brush"].isEnabled(), "its tab is not in front"
    opened.show_tab("label")
    assert commands["brush"].isEnabled() and not commands["undo"].isEnabled()
    assert "There is nothing to undo." in commands["undo"].toolTip()
    for id, part in (("next_slice", "one slice"), ("window_1", "Only CT"), ("predict_item", "Train a network first.")):
        assert not commands[id].isEnabled() and part in commands[id].toolTip(), id
    for command in TABLE:  # what is off here says why, or belongs to another tab
        if not commands[command.id].isEnabled() and (not command.tabs or "label" in command.tabs):
            assert "\n" in commands[command.id].toolTip(), command.id


def test_nothing_is_painted_where_whole_images_have_a_class(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    with Project.create(tmp_path / "whole", "classification", parse_classes("cat,dog")) as made:
        for _ in import_images(made, ImportPlan((tmp_path / "images",))):
            pass
    with qtbot.waitSignal(opened.context.session.current.image_changed, timeout=PATIENCE):
        opened.open_paths([tmp_path / "whole.contorno"])
    opened.show_tab("label")
    commands = opened.context.commands
    for id in ("brush", "eraser", "polygon", "fill", "larger_brush", "class_1", "background", "lock_class"):
        assert not commands[id].isEnabled() and "nothing is painted" in commands[id].toolTip(), id
    assert commands["pan"].isEnabled() and commands["window_tool"].isEnabled()


def test_the_title_and_the_status_follow_the_project(opened: MainWindow, project: Path) -> None:
    assert opened.windowTitle() == "shapes · Contorno" and opened.context.status.saved() == "Saved"
    opened.context.session.saved.emit(False)
    assert opened.context.status.saved() == "NOT saved"
    opened.context.session.set_note("anything", "else")
    assert opened.context.status.saved() == "Saved"
    opened.context.commands["close_project"].trigger()
    assert opened.windowTitle() == "Contorno" and opened.context.status.saved() == "" and front(opened) == "data"


def test_a_project_that_somebody_writes_is_shown_read_only(qtbot: QtBot, window: MainWindow, project: Path) -> None:
    with Project.open(project):
        with qtbot.waitSignal(window.context.session.current.image_changed, timeout=PATIENCE):
            window.open_paths([project])
        assert window.context.status.saved() == "Read only"
        assert "It was opened to read only." in strip(window).text() and strip(window).isVisible()
        window.show_tab("label")
        brush = window.context.commands["brush"]
        assert not brush.isEnabled() and "read only" in brush.toolTip()
        window.context.session.close_project()


def test_the_tab_that_was_open_is_open_again(qtbot: QtBot, opened: MainWindow, project: Path) -> None:
    opened.show_tab("review")
    opened.context.session.close_project()
    assert front(opened) == "data"
    with qtbot.waitSignal(opened.context.session.current.image_changed, timeout=PATIENCE):
        opened.open_paths([project])
    assert front(opened) == "review"


def test_a_project_opens_on_no_tab_that_is_not_for_its_kind(opened: MainWindow, project: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.contorno"
    with Project.create(whole, "classification", parse_classes("normal,pneumonia")) as made:
        result_of(import_images(made, ImportPlan((tmp_path / "images",))))
    for path, left, shown in ((whole, "review", "classify"), (project, "classify", "label")):
        opened.show_tab(left)
        opened.open_paths([path])
        assert front(opened) == shown


def test_full_screen_and_back(opened: MainWindow) -> None:
    press(opened, Qt.Key.Key_F11)
    assert opened.isFullScreen()
    press(opened, Qt.Key.Key_F11)
    assert not opened.isFullScreen()


def test_tab_gives_the_room_of_the_columns_to_the_image(opened: MainWindow) -> None:
    opened.resize(1440, 900)
    opened.show_tab("label")
    columns = opened.tab("label").columns
    left, middle, right = columns._left, columns._splitter.widget(1), columns._right
    assert left is not None and middle is not None and right is not None
    assert left.isVisible() and right.isVisible()
    canvas = opened.tab("label").scan.canvas  # type: ignore[attr-defined]
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Tab)
    assert not left.isVisible() and not right.isVisible() and middle.isVisible()
    press(opened, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert left.isVisible() and right.isVisible()


def test_a_small_screen_has_the_right_column_in_a_drawer(opened: MainWindow) -> None:
    """A screen of 1440 x 900 at 150 %."""
    for name in TABS:
        opened.show_tab(name)
        opened.tab(name).show_page()
        opened.resize(944, 556)
        assert opened.size() == QSize(944, 556), name
        columns = opened.tab(name).columns
        right = columns._right
        assert right is not None
        if name == "data":
            assert right.isVisible()
            continue
        edge = _button(opened, f"{name}.drawer")
        columns.grab()  # lays it out
        assert not right.isVisible() and edge.isVisible() and edge.toolTip() == "Show the right column"
        QTest.mouseClick(edge, Qt.MouseButton.LeftButton)
        assert right.isVisible() and edge.isVisible() and edge.toolTip() == "Hide the right column"
        seen = right.mapTo(opened, QPoint(0, 0)).x() + right.width()
        assert right.width() > 200 and seen <= opened.width() and opened.size() == QSize(944, 556), name
        press(opened, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        assert not right.isVisible()
        press(opened, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
        assert columns.hidden and not edge.isVisible()
        press(opened, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        assert right.isVisible()
        opened.resize(1440, 900)
        columns.grab()
        assert right.isVisible() and not edge.isVisible()
        press(opened, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        assert not right.isVisible() and edge.isVisible()


def test_columns_that_are_not_seen_stay_as_they_are(opened: MainWindow, project: Path) -> None:
    right = opened.tab("data").columns._right
    assert right is not None
    opened.show_tab("data")
    press(opened, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert opened.tab("data").page == "start"
    press(opened, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    press(opened, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    opened.open_paths([project])
    opened.show_tab("data")
    assert right.isVisible()


def test_what_an_import_asks_is_seen(opened: MainWindow, tmp_path: Path) -> None:
    """With both columns hidden, or the right one alone."""
    opened.show_tab("data")
    tab, cancel = opened.tab("data"), _button(opened, "import.cancel")
    assert isinstance(tab, DataTab)
    for modifiers in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier):
        press(opened, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier | modifiers)
        tab.contents.begin_import([tmp_path / "images"])
        assert cancel.isVisible()
        cancel.click()


def test_the_keyboard_is_in_the_table_when_data_comes_to_the_front(qtbot: QtBot, opened: MainWindow) -> None:
    """Return then opens an item, as the status line says, and no folder."""
    opened.activateWindow()
    opened.show_tab("label")
    press(opened, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    comes(qtbot, opened, "data")
    assert isinstance(opened.focusWidget(), DataTable)


def test_the_keyboard_goes_to_no_menu_when_a_project_comes(opened: MainWindow, project: Path) -> None:
    opened.activateWindow()
    opened.show_tab("data")
    press(opened, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    _button(opened, "start.open_folder").setFocus()
    opened.context.session.open_project(project)
    assert isinstance(opened.focusWidget(), DataTable)


def test_the_first_window_fits_the_screen_with_its_title() -> None:
    assert first_size(QSize(2560, 1400)) == QSize(1440, 900)
    first = first_size(QSize(1440, 860))
    assert first.width() < 1440 and 780 < first.height() < 830
    small = first_size(QSize(960, 560))
    assert small.width() <= 960 and small.height() <= 530


def test_images_are_added_in_the_data_tab(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.show_tab("label")
    monkeypatch.setattr("app.dialogs.importing.QFileDialog.getExistingDirectory", lambda *_: "")
    opened.context.commands["import_images"].trigger()
    assert front(opened) == "label", "no folder was chosen"
    monkeypatch.setattr("app.dialogs.importing.QFileDialog.getExistingDirectory", lambda *_: str(tmp_path / "images"))
    opened.context.commands["import_images"].trigger()
    assert front(opened) == "data"
    tab = opened.tab("data")
    assert isinstance(tab, DataTab) and tab.contents.step.active
    qtbot.waitUntil(lambda: not tab.contents.step.busy, timeout=PATIENCE)
    assert (
        tab.contents.step.plan().paths == (tmp_path / "images",)
        and tab.contents.step.plan().masks == tmp_path / "masks"
    )
    _button(opened, "import.cancel").click()


def test_a_command_goes_to_the_tab_in_front(opened: MainWindow) -> None:
    opened.show_tab("review")
    opened.show_tab("label")
    commands, heard = opened.context.commands, list[str]()
    commands.connect_to(log_folder=lambda: heard.append("everywhere"))
    for tab in ("label", "review"):
        commands.connect_to(tab, log_folder=_saying(heard, tab))
    for name in ("review", "label"):
        opened.show_tab(name)
        commands["log_folder"].trigger()
    assert heard == ["review", "label"]


def _saying(heard: list[str], word: str) -> Callable[[], None]:
    return lambda: heard.append(word)


def test_every_command_of_a_tab_does_something_there(opened: MainWindow) -> None:
    commands = opened.context.commands
    for name in TABS:
        opened.show_tab(name)
        here = [command.id for command in TABLE if not command.tabs or name in command.tabs]
        assert [id for id in here if not commands.is_handled(id)] == [], name


def test_a_tab_sends_the_reader_to_another(opened: MainWindow) -> None:
    opened.show_tab("label")
    opened.show_tab("review")
    opened.tab("review").place_asked.emit("label", "axial", 0)
    assert front(opened) == "label"


def drop(window: MainWindow, *urls: QUrl) -> bool:
    """Drop these on the window; whether it took them."""
    data = QMimeData()
    data.setUrls(urls)
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), copy, data, left, none)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(QPointF(9, 9), copy, data, left, none)
    event.ignore()
    QApplication.sendEvent(window, event)
    return event.isAccepted()


def test_a_project_is_dropped_on_the_window(qtbot: QtBot, window: MainWindow, project: Path) -> None:
    assert not drop(window), "text and the like are not taken"
    assert not drop(window, QUrl("https://example.org/scan.png")), "nothing is fetched"
    assert window.context.session.project is None
    with qtbot.waitSignal(window.context.session.current.image_changed, timeout=PATIENCE):
        assert drop(window, QUrl.fromLocalFile(str(project)))
    assert window.context.session.writable


def test_while_files_are_dragged_it_is_seen_where_they_go(opened: MainWindow, project: Path) -> None:
    veil = opened.findChild(QWidget, "drop_veil")
    assert veil is not None and not veil.isVisible()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(project))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for end in (QDragLeaveEvent(), QDropEvent(QPointF(9, 9), copy, data, left, none)):
        QApplication.sendEvent(opened, QDragEnterEvent(QPoint(9, 9), copy, data, left, none))
        words = veil.findChild(QLabel)
        assert veil.isVisible() and isinstance(words, QLabel) and "shapes" in words.text()
        QApplication.sendEvent(opened, end)
        assert not veil.isVisible()


def test_a_folder_of_images_becomes_a_project_whatever_is_open(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    menu = opened.findChild(QPushButton, "project_menu")
    assert menu is not None
    menu.menu().aboutToShow.emit()
    command = opened.context.commands["open_folder"]
    assert command in menu.menu().actions()
    monkeypatch.setattr(
        "app.shell.project_actions.QFileDialog.getExistingDirectory", lambda *_: str(tmp_path / "images")
    )

    def agree() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, NewProjectDialog)
        field = dialog.findChild(QLineEdit, "class_rows.0.name")
        assert field is not None
        QTest.keyClicks(field, "disc")
        QTest.keyClick(field, Qt.Key.Key_Return)

    QTimer.singleShot(0, opened, agree)
    command.trigger()
    session = opened.context.session
    assert session.project is not None and session.project.name == "images"
    tab = opened.tab("data")
    assert isinstance(tab, DataTab) and tab.contents.step.active and tab.contents.step.paths == (tmp_path / "images",)
    qtbot.waitUntil(lambda: not tab.contents.step.busy, timeout=PATIENCE)
    _button(opened, "import.cancel").click()


def test_a_new_project_asked_for_in_classify_is_of_whole_images(qtbot: QtBot, opened: MainWindow) -> None:
    opened.show_tab("classify")
    asked: list[str] = []

    def give_up() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, NewProjectDialog)
        asked.extend(button.objectName() for button in dialog.findChildren(QRadioButton) if button.isChecked())
        dialog.reject()

    QTimer.singleShot(0, opened, give_up)
    _button(opened, "classify.empty.new_project").click()
    assert asked == ["new_project.classification"]


@pytest.mark.parametrize("name", ["gone.contorno", "gone.png"])
def test_what_is_not_there_is_said_instead_of_a_new_project_asked_for(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, name: str
) -> None:
    with qtbot.waitSignal(window.context.session.failed, timeout=PATIENCE) as heard:
        window.open_paths([tmp_path / name])
    assert "gone" in str(heard.args[0]) and QApplication.activeModalWidget() is None
    assert window.context.session.project is None


def test_the_database_of_a_project_opens_it(qtbot: QtBot, window: MainWindow, project: Path) -> None:
    with qtbot.waitSignal(window.context.session.current.image_changed, timeout=PATIENCE):
        window.open_paths([project / "project.db"])
    assert window.windowTitle() == "shapes · Contorno"


def test_a_project_that_cannot_be_opened_is_said(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "empty.contorno").mkdir()
    window.open_paths([tmp_path / "empty.contorno"])
    assert strip(window).isVisible() and "empty.contorno" in strip(window).text()
    assert window.context.session.project is None and _action(window).isHidden()


def _action(window: MainWindow) -> QAbstractButton:
    return _button(window, "strip.action")


def test_a_fault_that_nobody_expected_brings_a_report(window: MainWindow) -> None:
    window.notifications.show_fault(ValueError("Canaria^Maria"))
    assert "should not have" in strip(window).text() and _action(window).isVisible()
    _action(window).click()
    report = QGuiApplication.clipboard().text()
    assert report.startswith("ValueError") and "Canaria" not in report
    window.notifications.show_fault(EngineError("The disk {name} is full.", "Make room.", name="D"))
    assert strip(window).text() == "The disk D is full. Make room." and _action(window).isHidden()


def test_saving_says_that_all_is_saved_already(opened: MainWindow) -> None:
    press(opened, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert "Every stroke is saved" in strip(opened).text()


def test_what_was_said_goes_with_its_project_and_moves_nothing(qtbot: QtBot, opened: MainWindow, project: Path) -> None:
    opened.show_tab("label")
    scan = opened.tab("label").scan.canvas  # type: ignore[attr-defined]
    scan.setFocus()
    before = scan.mapToGlobal(QPoint(0, 0)), scan.size()
    opened.notifications.show_fault(EngineError("The disk {name} is full.", "Make room.", name="D"))
    assert strip(opened).isVisible() and (scan.mapToGlobal(QPoint(0, 0)), scan.size()) == before
    QTest.mouseClick(_button(opened, "strip.close"), Qt.MouseButton.LeftButton)
    assert strip(opened).isHidden() and scan.hasFocus()
    opened.notifications.show_fault(EngineError("The disk {name} is full.", "Make room.", name="D"))
    opened.context.commands["close_project"].trigger()
    assert strip(opened).isHidden()


def test_items_that_were_moved_are_moved_back_from_the_strip(opened: MainWindow) -> None:
    session = opened.context.session
    before = [item.split for item in session.items()]
    session.assignments.set_splits({item.id: "test" for item in session.items()})
    assert strip(opened).text() == "5 items were moved." and _action(opened).text() == "Undo"
    QTest.mouseClick(_action(opened), Qt.MouseButton.LeftButton)
    assert [item.split for item in session.items()] == before and strip(opened).isHidden()


def test_the_strip_offers_no_undo_of_what_was_taken_back_by_key(opened: MainWindow) -> None:
    session = opened.context.session
    opened.show_tab("data")
    before = [item.split for item in session.items()]
    for split in ("train", "test"):
        session.assignments.set_splits({item.id: split for item in session.items()})
    press(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert {item.split for item in session.items()} == {"train"} != set(before)
    assert strip(opened).isHidden(), "a click on it would take another change back"


def test_the_history_of_the_last_project_does_not_stand_over_an_empty_one(opened: MainWindow, tmp_path: Path) -> None:
    session = opened.context.session
    opened.show_tab("label")
    mask, history = session.current.mask, opened.findChild(QListWidget, "label.history")
    assert mask is not None and history is not None
    session.current.stroke_done(mask.fill("Fill", "axial", 0, (0, 0), 1))
    assert history.count()
    session.new_project(tmp_path / "next", "binary", session.classes[:1])
    assert not history.count()


def answering(owner: QWidget, name: str, role: QMessageBox.ButtonRole, seen: list[str]) -> None:
    """Press the button of that role in the question that is about to be asked."""

    def answer() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox) and box.objectName() == name
        seen.append(box.text())
        (button,) = [b for b in box.buttons() if box.buttonRole(b) == role]
        button.click()

    QTimer.singleShot(0, owner, answer)


@pytest.fixture
def training(qtbot: QtBot, opened: MainWindow) -> MainWindow:
    opened.context.trainings.start(replace(ENDLESS))
    with qtbot.waitSignal(opened.context.trainings.epoch, timeout=PATIENCE):
        pass
    return opened


@contextmanager
def stopping_after(qtbot: QtBot, window: MainWindow) -> Iterator[None]:
    """Nothing trains in the end, whatever a test found: the window would ask whether it may close, and nobody answers."""
    try:
        yield
    finally:
        window.context.trainings.stop()
        qtbot.waitUntil(lambda: not window.context.jobs.busy, timeout=PATIENCE)


def test_closing_while_it_trains_asks_and_may_be_refused(training: MainWindow) -> None:
    seen: list[str] = []
    answering(training, "stop_training_question", QMessageBox.ButtonRole.RejectRole, seen)
    assert not training.close() and training.isVisible()
    assert seen == ["A training is under way."] and training.context.trainings.training
    answering(training, "stop_training_question", QMessageBox.ButtonRole.AcceptRole, seen)
    assert training.close() and not training.isVisible() and len(seen) == 2
    assert not settings.layout("window").isEmpty()


def test_escape_goes_on_training(qtbot: QtBot, training: MainWindow) -> None:
    def escape() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        QTest.keyClick(box, Qt.Key.Key_Escape)

    QTimer.singleShot(0, training, escape)
    assert not training.close() and training.context.trainings.training
    training.context.trainings.stop()  # else the end of the test is asked too
    qtbot.waitUntil(lambda: not training.context.trainings.training, timeout=PATIENCE)


def test_a_training_is_paused_and_stopped_from_anywhere(training: MainWindow, qtbot: QtBot) -> None:
    pause, stop = (training.context.commands[id] for id in ("pause", "stop"))
    assert pause.isEnabled() and stop.isEnabled()
    pause.trigger()
    assert training.context.trainings.paused
    pause.trigger()
    assert not training.context.trainings.paused
    stop.trigger()
    qtbot.waitUntil(lambda: not training.context.jobs.busy, timeout=PATIENCE)
    assert not stop.isEnabled() and "was stopped" in strip(training).text()


def test_ctrl_t_stops_the_training_of_masks(training: MainWindow, qtbot: QtBot) -> None:
    training.show_tab("data")
    with stopping_after(qtbot, training):
        press(training, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: not training.context.jobs.busy, timeout=PATIENCE)
    (run,) = training.context.trainings.runs.all()
    assert run.state == "paused" and not training.context.trainings.training


def test_ctrl_t_starts_the_study_that_was_seen_and_stops_it(opened: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    settings.set_ui_state("classify.minutes", "120")
    settings.set_ui_state("classify.ticked", "lenet5")
    sets: tuple[Split, ...] = ("train", "train", "train", "val")
    with Project.create(tmp_path / "whole", "classification", parse_classes("cat,dog")) as made:
        added = result_of(import_images(made, ImportPlan((tmp_path / "images",)))).added
        made.items.set_labels({item.id: place % 2 for place, item in enumerate(added)})
        made.items.set_splits({item.id: sets[place % 4] for place, item in enumerate(added)})
    with qtbot.waitSignal(opened.context.session.current.image_changed, timeout=PATIENCE):
        opened.open_paths([tmp_path / "whole.contorno"])
    trainings, control = opened.context.trainings, Qt.KeyboardModifier.ControlModifier
    opened.show_tab("data")
    press(opened, Qt.Key.Key_T, control)
    assert front(opened) == "classify" and not trainings.training, "what would be trained is seen first"
    with stopping_after(qtbot, opened):
        opened.show_tab("data")
        with qtbot.waitSignal(trainings.epoch, timeout=PATIENCE):
            press(opened, Qt.Key.Key_T, control)
        assert trainings.run is not None and trainings.run.name == "LeNet-5"
        opened.show_tab("label")
        press(opened, Qt.Key.Key_T, control)
        qtbot.waitUntil(lambda: not opened.context.jobs.busy, timeout=PATIENCE)
    assert [run.state for run in trainings.runs.all()] == ["paused"] and not trainings.training
    assert front(opened) == "label"


def test_the_cross_beside_the_job_stops_it(training: MainWindow, qtbot: QtBot) -> None:
    cross = _button(training, "job_stop")
    assert cross.isVisible() and cross.toolTip() == "Stop: run 1"
    QTest.mouseClick(cross, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not training.context.jobs.busy, timeout=PATIENCE)
    assert not cross.isVisible() and "was stopped" in strip(training).text()


def test_leaving_the_project_while_it_trains_asks_too(training: MainWindow, tmp_path: Path) -> None:
    seen: list[str] = []
    project = training.context.session.project
    assert project is not None
    answering(training, "stop_training_question", QMessageBox.ButtonRole.RejectRole, seen)
    training.context.commands["close_project"].trigger()
    Project.create(tmp_path / "other", project.task, project.classes).close()
    answering(training, "stop_training_question", QMessageBox.ButtonRole.RejectRole, seen)
    training.open_paths([tmp_path / "other.contorno"])
    assert len(seen) == 2 and training.context.session.project is project and training.context.trainings.training
    answering(training, "stop_training_question", QMessageBox.ButtonRole.AcceptRole, seen)
    training.context.commands["close_project"].trigger()
    assert training.context.session.project is None and not training.context.trainings.training


def test_the_frame_stands_before_it_is_filled(qtbot: QtBot) -> None:
    """What a hand may do in the moment before: pick a tab, close."""
    bare = MainWindow()
    qtbot.addWidget(bare)
    with qtbot.waitSignal(bare.painted):
        bare.show()
    QTest.mouseClick(_button(bare, "tab.train"), Qt.MouseButton.LeftButton)
    assert not bare.filled and not built(bare)
    assert bare.close()


def test_closing_without_a_training_asks_nothing(opened: MainWindow) -> None:
    assert opened.close() and not opened.isVisible()


def test_the_picture_of_a_plot_is_written_where_the_user_says(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    plots = {plot.objectName(): plot for name in TABS for plot in opened.tab(name).findChildren(Plot)}
    assert {"split.bar", "sets_bar", "loss_plot", "dice_plot", "case_dots", "class_shares"} <= set(plots)
    assert {"label.dice", "test_scores", "classify.confusion", "classify.roc"} <= set(plots)
    for name, plot in plots.items():
        plot.resize(plot.size().expandedTo(QSize(120, 40)))  # one without numbers may have no height
        picture, file = plot.picture(), tmp_path / name.replace(".", "_")
        _save_picture(qtbot, opened, plot, file)
        assert QImage(str(file.with_suffix(".png"))) == picture.image, name
    assert settings.ui_state("folder", "") == str(tmp_path)


@pytest.mark.parametrize("make", [GradientsDialog, LookingDialog, StudyDialog])
def test_plots_of_dialogs_are_saved_too_as_pixels_and_as_svg(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path, make: type[QDialog]
) -> None:
    dialog = _dialog(opened, make)
    plots = dialog.findChildren(Plot)
    assert plots
    for at, plot in enumerate(plots):
        plot.resize(200, 120)
        picture, file = plot.picture(), tmp_path / f"{make.__name__}{at}"
        _save_picture(qtbot, dialog, plot, file)
        assert QImage(str(file.with_suffix(".png"))) == picture.image
        _save_picture(qtbot, dialog, plot, file, kind="*.svg")
        assert file.with_suffix(".svg").read_bytes() == picture.svg
    dialog.deleteLater()
    qtbot.waitUntil(lambda: not opened.context.jobs.busy, timeout=PATIENCE)


def _dialog(window: MainWindow, make: type[QDialog]) -> QDialog:
    """One that has plots, over a tab."""
    context, parent = window.context, window.tab("train")
    if make is GradientsDialog:
        return GradientsDialog(context, parent)
    if make is StudyDialog:
        return StudyDialog(context, lambda: "", parent)
    item = context.session.items()[0]
    network = UntrainedNetwork("segmentation", "unet", "", 1, 3, 32, {"width": 4})
    return LookingDialog(context, network, "U-Net", item, parent=parent)


def _save_picture(qtbot: QtBot, over: QWidget, plot: Plot, file: Path, kind: str = "*.png") -> None:
    """Through the dialog that opens over that window, by a name without an ending."""
    plot.ask_picture()
    (dialog,) = (each for each in over.findChildren(PlotPictureDialog) if each.parentWidget() is over)
    assert dialog.selectedFiles()[0].endswith(f"{plot.accessibleName()}.png")
    (chosen,) = (each for each in dialog.nameFilters() if kind in each)
    dialog.selectNameFilter(chosen)
    dialog.filterSelected.emit(chosen)
    assert dialog.selectedFiles()[0].endswith(f"{plot.accessibleName()}{kind[1:]}")
    dialog.selectFile(str(file))
    with qtbot.waitSignal(dialog.destroyed):
        dialog.accept()


def test_a_picture_that_cannot_be_written_is_told(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "taken.png").mkdir()
    picture = PlotPicture("Loss", QImage(8, 8, QImage.Format.Format_RGB32), b"<svg/>")
    dialog = PlotPictureDialog(opened.context, picture, opened)
    with qtbot.waitSignals([opened.context.session.failed, dialog.destroyed]):
        dialog.fileSelected.emit(str(tmp_path / "taken.png"))
    assert "taken.png could not be written" in strip(opened).text()


def test_networks_are_called_by_words_in_what_a_training_says(opened: MainWindow) -> None:
    said = "{arch}: the images of {width} × {height} px are reduced to {size} × {size}."
    opened.context.trainings.noticed.emit(Notice(said, {"arch": "lenet5", "width": 48, "height": 40, "size": 32}))
    assert strip(opened).text() == "LeNet-5 (max-pooling): the images of 48 × 40 px are reduced to 32 × 32."


def test_what_an_import_noticed_is_one_sentence_and_the_rest_is_shown(
    qtbot: QtBot, opened: MainWindow, cine: Path
) -> None:
    session = opened.context.session
    opened.open_paths([cine])
    qtbot.waitUntil(lambda: _button(opened, "import.add").isEnabled())
    with qtbot.waitSignal(session.import_finished):
        _button(opened, "import.add").click()
    assert strip(opened).text() == "6 items added. 2 things were noticed."
    _button(opened, "strip.action").click()
    dialog = opened.findChild(RemarksDialog)
    assert dialog is not None
    _button(opened, "remarks.copy").click()
    remarks = QGuiApplication.clipboard().text().splitlines()
    told = "2 series hold several volumes, which stand as one row each: cine sax (4), dual echo (2)."
    assert len(remarks) == 2 and told in remarks
    assert all(any(remark == label.text() for label in dialog.findChildren(QLabel)) for remark in remarks)
    with qtbot.waitSignal(dialog.destroyed):
        _button(opened, "remarks.close").click()
    qtbot.waitUntil(lambda: not opened.context.jobs.busy)


class Strays(QObject):
    """Widgets that are shown while they have no parent: each is a window of its own, which flashes up and takes the keyboard."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window, self.seen = window, list[QWidget]()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen += [watched] if watched is not self._window else []
        return False


@pytest.mark.parametrize("task", ["multiclass", "classification", "instance"])
def test_no_part_of_a_tab_is_shown_before_it_has_its_place(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, task: Task
) -> None:
    with Project.create(tmp_path / "p.contorno", task, parse_classes("one,two")) as made:
        path = made.path
    strays, app = Strays(window), QApplication.instance()
    assert app is not None
    app.installEventFilter(strays)
    with qtbot.waitSignal(window.context.session.project_changed):
        window.open_paths([path])
    for name in TABS:
        window.show_tab(name)
    app.removeEventFilter(strays)
    assert [widget.objectName() for widget in strays.seen] == []


def test_label_opens_the_first_item_of_its_list_where_none_is_open(
    qtbot: QtBot, window: MainWindow, project: Path
) -> None:
    session = window.context.session
    session.open_project(project)
    session.current.close()
    with qtbot.waitSignal(session.current.image_changed, timeout=10_000):
        window.show_tab("label")
    assert session.current.item is not None and session.current.item.name == "a"


def test_why_an_item_was_not_read_does_not_lie_over_the_next(qtbot: QtBot, opened: MainWindow) -> None:
    session, current = opened.context.session, opened.context.session.current
    lost = session.items()[2]
    Path(lost.source.files[0]).unlink()
    with qtbot.waitSignal(current.image_changed, timeout=PATIENCE):
        current.open(lost.id)
    assert strip(opened).isVisible() and lost.name in strip(opened).text()
    opened.show_tab("label")
    assert "could not be read" in opened.context.commands["polygon"].toolTip(), "it is open all the same"
    with qtbot.waitSignal(current.image_changed, timeout=PATIENCE):
        current.open(session.items()[4].id)
    assert not strip(opened).isVisible()
    opened.notifications.show_fault(EngineError("The disk is full.", "Make room."))
    current.open(session.items()[0].id)
    assert strip(opened).isVisible(), "a fault of another kind stays until it is closed"
