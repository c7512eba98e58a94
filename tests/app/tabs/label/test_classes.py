"""The classes in Label: many of them, one alone, and one that was added by a slip."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QInputDialog, QLabel, QLineEdit, QListView
from pytestqt.qtbot import QtBot

from app.dialogs.remove_class import RemoveClassDialog
from app.shell.context import AppContext
from app.shell.keys import Keys, save
from app.tabs.label.tab import LabelTab
from app.tabs.tab import Tab
from engine.config import TrainConfig
from engine.labels.classes import parse_classes
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from engine.project.runs import CHECKPOINT
from tests.app.tabs.label.conftest import answer_question
from widgets.controls import Text

Show = Callable[[str, Tab], None]
LEFT = Qt.MouseButton.LeftButton
ORGANS = 41


@pytest.fixture
def open_project(qtbot: QtBot, context: AppContext, tmp_path: Path, show_tab: Show) -> Callable[[str], LabelTab]:
    """A project of two pictures with these classes, whose masks hold 1 to 3 in stripes."""

    def make(classes: str) -> LabelTab:
        for folder in ("images", "masks"):
            (tmp_path / folder).mkdir()
        mask = np.zeros((40, 60), np.uint8)
        mask[:, :10], mask[:, 20:30], mask[:, 40:50] = 1, 2, 3
        for at, name in enumerate("xy"):
            for folder, pixels in (("images", mask * 60 + at), ("masks", mask)):
                (tmp_path / folder / f"{name}.png").write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
        with Project.create(tmp_path / "p.contorno", "multiclass", parse_classes(classes)) as project:
            values = {value: one.name for value, one in enumerate(project.classes, start=1) if value <= 3}
            plan = ImportPlan((tmp_path / "images",), tmp_path / "masks", values={0: "background", **values})
            assert len(result_of(import_images(project, plan)).added) == 2
        tab = LabelTab(context)
        show_tab("label", tab)
        with qtbot.waitSignal(
            tab.scan.image_shown, timeout=20000, check_params_cb=lambda: context.session.current.image is not None
        ):
            context.session.open_project(tmp_path / "p.contorno")
        return tab

    return make


def rows(tab: LabelTab) -> QListView:
    found = tab.classes.list.findChild(QListView, "label.classes.rows")
    assert found is not None
    return found


def shown(tab: LabelTab) -> list[str]:
    view = rows(tab)
    model = view.model()
    return [model.index(at, 0).data() for at in range(model.rowCount()) if not view.isRowHidden(at)]


def names(context: AppContext) -> list[str]:
    return [one.name for one in context.session.classes]


def stripes(context: AppContext) -> list[int]:
    assert context.session.current.mask is not None
    return [int(value) for value in context.session.current.mask.labels[0, 20, [5, 25, 45]]]


def remove(qtbot: QtBot, tab: LabelTab, context: AppContext, value: int) -> None:
    """By the Delete key in the list, until the item is there again."""
    view = rows(tab)
    QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(view.model().index(value - 1, 0)).center())
    with qtbot.waitSignal(context.session.class_removal_ended, timeout=20000):
        QTest.keyClick(view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: context.session.current.image is not None, timeout=20000)


def test_many_classes_are_searched(open_project: Callable[[str], LabelTab], context: AppContext) -> None:
    tab = open_project(",".join(f"organ {n}" for n in range(1, ORGANS + 1)))
    field = tab.findChild(QLineEdit, "label.classes.search")
    assert field is not None and field.isVisible() and len(shown(tab)) == ORGANS
    QTest.mouseClick(field, LEFT)
    QTest.keyClicks(field, "ORGAN 3")
    assert shown(tab) == [name for n in range(1, ORGANS + 1) if "3" in (name := f"organ {n}")]
    QTest.keyClicks(field, "7")
    assert shown(tab) == ["organ 37"] and rows(tab).height() < 50
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert context.session.active_class == 37 and len(shown(tab)) == ORGANS
    assert tab.classes.list.current() == 37


def test_few_classes_need_no_search(open_project: Callable[[str], LabelTab]) -> None:
    field = open_project("a,b,c").findChild(QLineEdit, "label.classes.search")
    assert field is not None and not field.isVisible()


def test_one_class_alone_and_all_again(open_project: Callable[[str], LabelTab], context: AppContext) -> None:
    tab = open_project("a,b,c")
    view = rows(tab)
    area = view.visualRect(view.model().index(1, 0))
    eye = QPoint(area.right() - 14 - 16 - 9 - 8, area.center().y())
    for hidden in ({1, 3}, set()):
        QTest.mouseClick(view.viewport(), LEFT, Qt.KeyboardModifier.AltModifier, eye)
        assert tab.scan.overlay.options.hidden == hidden == context.session.kept_classes("hidden classes")
    assert context.session.active_class == 2


def test_a_class_that_nothing_holds_goes_at_once(
    qtbot: QtBot, open_project: Callable[[str], LabelTab], context: AppContext
) -> None:
    tab = open_project("a,b,c,slip,d")
    tab.classes.list.visibility_changed.emit(5, False)
    remove(qtbot, tab, context, 4)
    assert names(context) == ["a", "b", "c", "d"] and stripes(context) == [1, 2, 3]
    assert tab.scan.overlay.options.hidden == {4} and shown(tab) == ["a", "b", "c", "d"]


def test_a_class_that_was_asked_to_go_twice_takes_no_other_with_it(
    qtbot: QtBot, open_project: Callable[[str], LabelTab], context: AppContext
) -> None:
    tab = open_project("a,b,c,slip,d")
    view = rows(tab)
    QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(view.model().index(3, 0)).center())
    with qtbot.waitSignal(context.session.class_removal_ended):
        QTest.keyClick(view, Qt.Key.Key_Delete)
        QTest.keyClick(view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: context.session.current.image is not None and not context.jobs.busy)
    assert names(context) == ["a", "b", "c", "d"]


def test_of_two_classes_that_were_asked_to_go_the_last_goes(
    qtbot: QtBot, open_project: Callable[[str], LabelTab], context: AppContext
) -> None:
    tab = open_project("a,b,c,slip,other,d")
    view = rows(tab)
    with qtbot.waitSignal(context.session.class_removal_ended):
        for row in (3, 4):
            QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(view.model().index(row, 0)).center())
            QTest.keyClick(view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: context.session.current.image is not None and not context.jobs.busy)
    assert names(context) == ["a", "b", "c", "slip", "d"]


def test_the_class_that_alone_may_be_painted_over_stays_when_another_goes(
    qtbot: QtBot, open_project: Callable[[str], LabelTab], context: AppContext
) -> None:
    tab = open_project("a,b,c,slip,d,e")
    over = tab.options.over
    over.setCurrentIndex(over.findData(5))
    remove(qtbot, tab, context, 4)
    mask = context.session.current.mask
    assert over.currentText() == "Only d" and tab.options.rule == 4
    assert mask is not None and mask.paint_over == 4
    remove(qtbot, tab, context, 4)
    assert over.currentText() == "Everything", "the class that was chosen is gone"


@pytest.mark.parametrize(("into", "expected"), [(0, [1, 0, 2]), (3, [1, 2, 2])])
def test_it_is_asked_what_becomes_of_the_pixels(
    qtbot: QtBot, open_project: Callable[[str], LabelTab], context: AppContext, into: int, expected: list[int]
) -> None:
    tab = open_project("a,b,c")

    def choose(dialog: RemoveClassDialog) -> None:
        assert "2 items hold b." in [label.text() for label in dialog.findChildren(Text)]
        combo = dialog.findChild(QComboBox)
        assert combo is not None and combo.count() == 3
        combo.setCurrentIndex(combo.findData(into))

    answer_question(RemoveClassDialog, "remove_class_dialog.accept", choose)
    remove(qtbot, tab, context, 2)
    assert names(context) == ["a", "c"] and stripes(context) == expected
    project = context.session.project
    assert project is not None
    for layer in project.layers.masks().values():
        assert project.layers.read(layer, (1, 40, 60))[0, 20, [5, 25, 45]].tolist() == expected


def test_the_way_out_keeps_the_class(
    qtbot: QtBot, open_project: Callable[[str], LabelTab], context: AppContext
) -> None:
    tab = open_project("a,b,c")
    answer_question(RemoveClassDialog, "remove_class_dialog.cancel")
    view = rows(tab)
    QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(view.model().index(1, 0)).center())
    QTest.keyClick(view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not context.jobs.busy, timeout=20000)
    qtbot.waitUntil(lambda: not tab.classes.findChildren(RemoveClassDialog), timeout=20000)
    assert names(context) == ["a", "b", "c"] and stripes(context) == [1, 2, 3]


def test_what_a_run_no_longer_can_is_said_before_a_class_goes(
    qtbot: QtBot, open_project: Callable[[str], LabelTab], context: AppContext
) -> None:
    tab = open_project("a,b,c,slip,d")
    project = context.session.project
    assert project is not None
    run = project.runs.update(project.runs.add(TrainConfig(), "first"), "finished")
    run.bundle.write_bytes(b"stands for the weights")
    (run.folder / CHECKPOINT).write_bytes(b"")
    said: list[str] = []

    def look(dialog: RemoveClassDialog) -> None:
        said.extend(label.text() for label in dialog.findChildren(QLabel))

    answer_question(RemoveClassDialog, "remove_class_dialog.accept", look)
    remove(qtbot, tab, context, 4)
    assert names(context) == ["a", "b", "c", "d"] and stripes(context) == [1, 2, 3]
    assert "No item holds slip." in said and "It cannot be taken back." in said
    assert any("These runs go on knowing slip" in text and "first" in text for text in said)
    assert any("cannot be trained any further" in text for text in said)
    assert [one.place for one in project.runs.get("first").learnt(context.session.classes)] == [0, 1, 2, None, 3]


def test_a_class_of_whole_images_goes_too(qtbot: QtBot, context: AppContext, tmp_path: Path, show_tab: Show) -> None:
    for name, folder in (("x", "normal"), ("y", "nodule"), ("z", "mass")):
        (tmp_path / "in" / folder).mkdir(parents=True)
        picture = np.full((20, 20), ord(name), np.uint8)
        (tmp_path / "in" / folder / f"{name}.png").write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    with Project.create(tmp_path / "w.contorno", "classification", parse_classes("normal,nodule,mass,slip")) as made:
        assert len(result_of(import_images(made, ImportPlan((tmp_path / "in",)))).added) == 3
    tab = LabelTab(context)
    show_tab("label", tab)
    with qtbot.waitSignal(
        tab.scan.image_shown, timeout=20000, check_params_cb=lambda: context.session.current.image is not None
    ):
        context.session.open_project(tmp_path / "w.contorno")
    remove(qtbot, tab, context, 4)
    assert names(context) == ["normal", "nodule", "mass"]
    answer_question(
        RemoveClassDialog,
        "remove_class_dialog.accept",
        lambda dialog: dialog._into.setCurrentIndex(dialog._into.findData(3)),
    )
    remove(qtbot, tab, context, 2)
    assert names(context) == ["normal", "mass"]
    assert {item.name: item.label for item in context.session.items()} == {"x": 0, "y": 1, "z": 1}


def test_two_digits_pick_a_class_beyond_the_ninth(open_project: Callable[[str], LabelTab], qtbot: QtBot) -> None:
    tab = open_project(",".join(f"c{n}" for n in range(1, 13)))
    session, canvas = tab._session, tab.scan.canvas
    tab.classes.second_digit.setInterval(60_000)
    canvas.setFocus()
    for keys, picked in (("12", 12), ("10", 10), ("13", 3), ("2", 2), ("0", 0), ("11", 11), ("1", 1)):
        QTest.keyClicks(canvas, keys)
        assert session.active_class == picked, keys
    session.pick_class(5)  # by a click in the list
    QTest.keyClicks(canvas, "2")
    assert session.active_class == 2, "the digit before was of another class"
    tab.classes.second_digit.setInterval(0)
    QTest.keyClick(canvas, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: not tab.classes.second_digit.isActive())
    QTest.keyClick(canvas, Qt.Key.Key_2)
    assert session.active_class == 2, "a digit that comes late is one of its own"


def test_a_class_has_a_code_that_stays_with_it(open_project: Callable[[str], LabelTab], qtbot: QtBot) -> None:
    tab = open_project("liver,spleen,aorta")
    session = tab._session
    tab.classes.list.code_asked.emit(2)
    dialog = tab.findChild(QInputDialog, "label.code")
    assert dialog is not None
    dialog.setTextValue("  SCT  78961009 ")
    dialog.accept()
    assert [one.code for one in session.classes] == ["", "SCT 78961009", ""]
    session.set_classes(parse_classes("liver,milt,aorta,node"))
    assert [one.code for one in session.classes] == ["", "SCT 78961009", "", ""]
    with qtbot.waitSignal(session.class_removal_ended):
        session.remove_class(1)
    assert session.project is not None
    assert [(one.name, one.code) for one in session.project.classes] == [
        ("milt", "SCT 78961009"),
        ("aorta", ""),
        ("node", ""),
    ]
    faults: list[object] = []
    session.failed.connect(faults.append)
    session.set_class_code(1, "9" * 65)
    assert len(faults) == 1 and session.classes[0].code == "SCT 78961009"


@pytest.mark.parametrize("list_name", ["label.classes.rows", "label.classes.unlabelled", "label.history"])
def test_a_click_in_the_column_leaves_the_keys_with_the_scan(
    context: AppContext, open_project: Callable[[str], LabelTab], list_name: str
) -> None:
    """Else Down would pick the next class instead of the next slice, and the next stroke paint it."""
    tab = open_project("left,middle,right")
    canvas = tab.scan.canvas
    canvas.setFocus()
    QTest.mouseClick(canvas, LEFT, pos=QPoint(canvas.width() // 2, canvas.height() // 2))
    view = tab.findChild(QListView, list_name)
    assert view is not None and view.isVisibleTo(tab)
    QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(view.model().index(0, 0)).center())
    picked = context.session.active_class
    focus = tab.window().focusWidget()
    assert focus is canvas
    QTest.keyClick(focus, Qt.Key.Key_Down)
    assert context.session.active_class == picked


def test_after_a_name_is_typed_the_keys_are_the_scans(
    qtbot: QtBot, context: AppContext, open_project: Callable[[str], LabelTab]
) -> None:
    """Down, for the next slice, must not go on to what is unlabelled."""
    tab = open_project("left,middle,right")
    context.commands["add_class"].trigger()
    typed = tab.window().focusWidget()
    assert isinstance(typed, QLineEdit)
    QTest.keyClicks(typed, "cyst")
    QTest.keyClick(typed, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(context)[-1] == "cyst" and tab.window().focusWidget() is tab.scan.canvas)


def test_escape_takes_back_the_class_that_is_being_named(
    qtbot: QtBot, context: AppContext, open_project: Callable[[str], LabelTab]
) -> None:
    tab, session = open_project("left,middle,right"), context.session
    session.pick_class(2)

    def named(key: Qt.Key) -> None:
        typed = tab.window().focusWidget()
        assert isinstance(typed, QLineEdit)
        QTest.keyClicks(typed, "cy")
        QTest.keyClick(typed, key)
        qtbot.waitUntil(lambda: tab.window().focusWidget() is tab.scan.canvas)

    context.commands["add_class"].trigger()
    assert names(context)[-1] == "Class 4" and session.active_class == 4
    named(Qt.Key.Key_Escape)
    assert names(context) == ["left", "middle", "right"] and session.active_class == 2
    context.commands["add_class"].trigger()
    named(Qt.Key.Key_Return)
    tab.classes.list.rename(4)
    named(Qt.Key.Key_Escape)
    assert names(context)[3:] == ["cy"], "one that has its name stays"


def test_keys_beside_the_classes_are_those_in_force(
    context: AppContext, open_project: Callable[[str], LabelTab]
) -> None:
    """Those of ITK-SNAP take tools with the digits: 4 was written beside a class and took the brush."""
    tab = open_project(",".join(f"c{n}" for n in range(1, 13)))

    def caps() -> list[str]:
        return [row.label.key for row in tab.classes.list._model.rows]

    assert caps() == [str(n) for n in range(1, 13)]
    save(Keys("ITK-SNAP"))
    assert caps() == [*(f"Alt+{n}" for n in range(1, 10)), "", "", ""]
    QTest.keyClick(tab.scan.canvas, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert context.session.active_class == 3
    save(Keys())
    assert caps()[8:10] == ["9", "10"]


@pytest.mark.parametrize(
    ("profile", "key", "command"),
    [("ITK-SNAP", Qt.Key.Key_1, "pan"), ("napari", Qt.Key.Key_6, "pan"), ("napari", Qt.Key.Key_M, "add_class")],
)
def test_keys_that_other_programs_have_do_the_same_here(
    context: AppContext, project: Path, open_label: Callable[[Path], LabelTab], profile: str, key: Qt.Key, command: str
) -> None:
    tab = open_label(project)
    tab.take_tool("brush")
    save(Keys(profile))
    classes = len(context.session.classes)
    QTest.keyClick(tab.scan.canvas, key)
    assert (tab.tool == "pan") if command == "pan" else (len(context.session.classes) == classes + 1)
