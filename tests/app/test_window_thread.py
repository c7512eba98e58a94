"""The window's thread is never held up: its own processor time between two looks for the next event, on a volume of 300 x 512 x 512.

Measured in time of that thread alone, beside what `slowness` does right before and right after: the budget is that of a processor that does
its works in 6, 15 and 10 ms, and one that needs longer for the slowest of them just then gets as much more. The least of some rounds
counts, since a processor that is shared makes the same work slower now and then, but never quicker.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QAbstractEventDispatcher, QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from app.services.project_session import ProjectSession
from app.shell import settings
from app.shell.window import MainWindow
from app.tabs.data.table import DataTable
from app.tabs.label.tab import LabelTab
from engine.config import TrainConfig
from engine.formats import nifti
from engine.imaging.geometry import Geometry
from engine.labels.classes import parse_classes
from engine.labels.edit import Labels
from engine.labels.mask import Brush
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project
from engine.scoring.live import LiveDice

SHAPE = (300, 512, 512)
BUDGET = 0.050  # seconds
OF_MANY = 0.500  # where thousands of items are listed anew, or a tab is built: as a rule a tenth of it, which a busy machine makes several times
COPY, NEW, STEPS = 0.006, 0.015, 0.010  # seconds for the works of `slowness` on the processor of the budget
ROUNDS = 12  # at most: what is under the budget once can be done under it
MANY = 20_000  # items
PATIENCE = 60_000


class Turns(QObject):
    """The longest turn of the event loop, from one look for events to the next, in processor time of its thread."""

    def __init__(self) -> None:
        super().__init__()
        dispatcher = QAbstractEventDispatcher.instance()
        assert dispatcher is not None
        dispatcher.aboutToBlock.connect(self.look)
        self.begin()

    def begin(self) -> None:
        self.longest, self._since = 0.0, time.thread_time()

    @Slot()
    def look(self) -> None:
        """A turn has ended: the loop looks for events, or the test has seen enough."""
        now = time.thread_time()
        self.longest, self._since = max(self.longest, now - self._since), now

    def call(self, change: Callable[[], object]) -> None:
        """Something that a person does: it is a turn as well."""
        self.begin()
        change()
        self.look()


Change = Callable[[], object]


class Longest:
    """The longest turn of each of some changes, in rounds: another one only while the least of a change is over the budget."""

    def __init__(self, budget: float = BUDGET) -> None:
        self._turns, self._of, self._budget = Turns(), dict[str, list[float]](), budget

    def rounds(self) -> Iterator[int]:
        for number in range(ROUNDS):
            yield number
            if not self.too_long:
                return

    def measure(self, name: str, change: Change, settle: Change) -> None:
        """`settle` comes back when all that the change set going has ended."""
        before = slowness()
        self._turns.call(change)
        settle()
        self._turns.look()
        self._of.setdefault(name, []).append(self._turns.longest / (before + slowness()) * 2)

    @property
    def too_long(self) -> dict[str, float]:
        """The seconds of those that held the window up, as on the processor of the budget."""
        least = {name: round(min(times), 3) for name, times in self._of.items()}
        return {name: seconds for name, seconds in least.items() if seconds >= self._budget}


def slowness() -> float:
    """How many times longer than on the processor of the budget the window's kinds of work take just now, the slowest of them: a pass over
    such a volume, one into memory that is new, and steps of Python."""
    volume, copy, words = np.ones(SHAPE, np.uint8), np.ones(SHAPE, np.uint8), dict[int, str]()

    def steps() -> None:
        for number in range(100_000):
            words[number % 100] = str(number)

    works = ((lambda: np.copyto(copy, volume), COPY), (volume.copy, NEW), (steps, STEPS))
    return max(1.0, *(seconds(work) / usual for work, usual in works))


def seconds(work: Callable[[], object]) -> float:
    since = time.thread_time()
    work()
    return time.thread_time() - since


def test_work_on_the_windows_thread_is_seen(qtbot: QtBot) -> None:
    def work() -> None:
        until = time.thread_time() + 2 * BUDGET
        while time.thread_time() < until:
            pass
        done.append(True)

    turns, done = Turns(), list[bool]()
    QTimer.singleShot(0, turns, work)
    qtbot.waitUntil(lambda: bool(done), timeout=PATIENCE)
    turns.look()
    assert turns.longest > 2 * BUDGET


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one volume that nobody has painted on, and the predictions of two runs: a box of each of two classes."""
    place = tmp_path_factory.mktemp("volume")
    grid = Geometry(SHAPE, np.eye(4)[[2, 1, 0, 3]], patient_based=True, calibrated=True)
    nifti.write(place / "volume.nii", np.zeros(SHAPE, np.uint8), grid)
    with Project.create(place / "volume.contorno", "multiclass", parse_classes("liver,kidney")) as made:
        for _ in import_images(made, ImportPlan((place / "volume.nii",))):
            pass
        (item,) = made.items.all()
        assert item.shape == SHAPE
        for prediction in (boxes(), boxes()[:, ::-1]):
            run = made.runs.add(TrainConfig())
            made.layers.replace(made.layers.make(item.id, "prediction", run.id), pack(prediction))
        return made.path


def boxes() -> Labels:
    labels = np.zeros(SHAPE, np.uint8)
    labels[20:280, 60:250, 60:250], labels[20:280, 260:450, 60:450] = 1, 2
    return labels


@pytest.fixture
def volume(qtbot: QtBot, window: MainWindow, folder: Path) -> MainWindow:
    """The project is open, and everything has come to rest."""
    session = window.context.session
    with qtbot.waitSignal(session.current.image_changed, timeout=PATIENCE):
        window.open_paths([folder])
    session.predictions.use_run(window.context.trainings.runs.all()[0])
    rest(qtbot, window)
    return window


def rest(qtbot: QtBot, window: MainWindow) -> None:
    session = window.context.session
    qtbot.waitUntil(lambda: not session.current.changing and not session.jobs.busy, timeout=PATIENCE)


def use_prediction(window: MainWindow) -> None:
    window.context.commands["use_prediction"].trigger()


def use_prediction_and_paint(window: MainWindow) -> None:
    use_prediction(window)
    session = window.context.session
    assert session.current.mask is not None
    stroke = session.current.mask.begin("Brush")
    stroke.line("axial", 150, (10, 10), (10, 400), Brush.round(8), 2)
    session.current.stroke_done(stroke.end())


def undo(window: MainWindow) -> None:
    window.context.commands["undo"].trigger()


def redo(window: MainWindow) -> None:
    window.context.commands["redo"].trigger()


def prediction_arrives(window: MainWindow) -> None:
    window.context.session.predictions.arrived(1)


def use_the_other_run(window: MainWindow) -> None:
    in_use = window.context.session.predictions.run
    window.context.session.predictions.use_run(
        next(run for run in window.context.trainings.runs.all() if run != in_use)
    )


def drag_a_slider(window: MainWindow) -> None:
    tab = window.tab("label")
    assert isinstance(tab, LabelTab)
    for step in range(20):
        tab.scan.overlay.set(mask_opacity=step / 20)


def change_the_set(window: MainWindow) -> None:
    session = window.context.session
    session.assignments.set_splits({1: "val" if session.items()[0].split == "train" else "train"})


def outline_in_a_box(window: MainWindow) -> None:
    """A drag over most of the slice."""
    window.context.commands["smart"].trigger()
    tab = window.tab("label")
    assert isinstance(tab, LabelTab)
    canvas = tab.scan.canvas
    start, end = (canvas.to_screen((at, at)).toPoint() for at in (40.0, 470.0))
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(canvas, (start + end) / 2)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)


def take_it(window: MainWindow) -> None:
    """What is outlined, or what is proposed."""
    tab = window.tab("label")
    assert isinstance(tab, LabelTab)
    QTest.keyClick(tab.scan.canvas, Qt.Key.Key_Return)


def carry_it(window: MainWindow) -> None:
    window.context.commands["carry_outline"].trigger()


def grow_strokes(window: MainWindow) -> None:
    window.context.commands["grow_seeds"].trigger()


@pytest.mark.parametrize(
    ("tab", "changes"),
    [
        ("label", (use_prediction, undo, redo, undo)),
        ("label", (outline_in_a_box, take_it, grow_strokes, take_it, undo, undo)),
        ("label", (outline_in_a_box, carry_it, take_it, undo)),
        ("label", (use_prediction_and_paint, undo, undo)),
        ("label", (prediction_arrives, use_the_other_run, use_the_other_run, drag_a_slider)),
        ("data", (change_the_set,)),
        ("review", (use_prediction, undo, prediction_arrives)),
    ],
)
def test_nothing_holds_the_window_up(
    qtbot: QtBot, volume: MainWindow, tab: str, changes: tuple[Callable[[MainWindow], None], ...]
) -> None:
    volume.show_tab(tab)
    rest(qtbot, volume)
    longest = Longest()
    for _ in longest.rounds():
        for place, change in enumerate(changes, start=1):
            longest.measure(f"{place} {change.__name__}", partial(change, volume), partial(rest, qtbot, volume))
    assert not longest.too_long
    check(volume.context.session)


def fill_between(window: MainWindow) -> None:
    window.context.commands["fill_between"].trigger()


def clean_up_volume(window: MainWindow) -> None:
    window.context.commands["clean_up"].trigger()
    dialog = label_tab(window).cleaning.dialog
    assert dialog is not None
    dialog.scope.button("volume").click()
    dialog.of.button("all").click()
    dialog.action.setCurrentIndex(dialog.action.findData("largest"))


def take(window: MainWindow) -> None:
    proposal = label_tab(window).proposals.current
    assert proposal is not None
    proposal.take()


def paint_two_slices(window: MainWindow) -> None:
    session = window.context.session
    assert session.current.mask is not None
    for z in (20, 120):
        stroke = session.current.mask.begin("Brush")
        stroke.line("axial", z, (200, 200), (300, 300), Brush.round(120), 1)
        session.current.stroke_done(stroke.end())


def use_prediction_with_a_speck(window: MainWindow) -> None:
    use_prediction(window)
    session = window.context.session
    assert session.current.mask is not None
    for z in range(0, 10, 3):
        stroke = session.current.mask.begin("Brush")
        stroke.line("axial", z, (10, 10), (10, 10), Brush.round(4), 2)
        session.current.stroke_done(stroke.end())


@pytest.mark.parametrize(
    ("before", "propose", "steps"),
    [(paint_two_slices, fill_between, 2), (use_prediction_with_a_speck, clean_up_volume, 5)],
)
def test_what_is_proposed_for_a_volume_holds_nobody_up(
    qtbot: QtBot,
    volume: MainWindow,
    before: Callable[[MainWindow], None],
    propose: Callable[[MainWindow], None],
    steps: int,
) -> None:
    volume.show_tab("label")
    proposals = label_tab(volume).proposals
    longest = Longest()

    def settle() -> None:
        qtbot.waitUntil(lambda: proposals.current is None or proposals.current.change is not None, timeout=PATIENCE)
        rest(qtbot, volume)

    for _ in longest.rounds():
        before(volume)
        rest(qtbot, volume)
        longest.measure("propose", partial(propose, volume), settle)
        assert proposals.current is not None and proposals.current.change is not None
        assert proposals.current.change.voxels
        for change in (take, undo, redo):
            longest.measure(change.__name__, partial(change, volume), settle)
        for _ in range(steps + 1):
            undo(volume)
            rest(qtbot, volume)
    assert not longest.too_long
    check(volume.context.session)


def show_every_plane(window: MainWindow) -> None:
    window.context.commands["surface"].trigger()


def turn_slices(window: MainWindow) -> None:
    views = label_tab(window).scan.views
    views.go((views.place[0] + 1, views.place[1] + 1, views.place[2] + 1))
    views.grab()  # painted, as the loop would


def paint_in_a_plane(window: MainWindow) -> None:
    tab = label_tab(window)
    tab.take_tool("brush")
    coronal = tab.scan.views.of("coronal")
    assert coronal is not None
    QTest.mouseClick(coronal, Qt.MouseButton.LeftButton, pos=coronal.rect().center())


def turn_the_surface(window: MainWindow) -> None:
    view = label_tab(window).surface.view
    assert view.scene is not None and view.scene.points
    view.turn_by(20, 5)
    view.grab()


def label_tab(window: MainWindow) -> LabelTab:
    tab = window.tab("label")
    assert isinstance(tab, LabelTab)
    return tab


def test_three_planes_and_the_surface_hold_nobody_up(qtbot: QtBot, volume: MainWindow) -> None:
    volume.show_tab("label")
    rest(qtbot, volume)
    steps = (show_every_plane, use_prediction, turn_slices, turn_the_surface, paint_in_a_plane, undo, undo)
    longest = Longest()
    for _ in longest.rounds():
        for place, step in enumerate(steps, start=1):
            longest.measure(f"{place} {step.__name__}", partial(step, volume), partial(rest, qtbot, volume))
        volume.context.commands["views"].trigger()  # one again
        rest(qtbot, volume)
    assert not longest.too_long
    check(volume.context.session)


def check(session: ProjectSession) -> None:
    """After all of it, mask, disk, counts and live Dice say the same."""
    mask, live, prediction = session.current.mask, session.predictions.live, session.predictions.labels
    assert session.project is not None and mask is not None and live is not None and prediction is not None
    layer = session.project.layers.mask(1)
    assert layer is None or np.array_equal(session.project.layers.read(layer, SHAPE), mask.labels)
    assert not mask.labels.any() and session.current.counts[0] == mask.labels.size
    assert np.array_equal(live.counts, LiveDice(mask.labels, prediction, 2, session.current.labelled).counts)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of thousands of items in folders of ten."""
    place = tmp_path_factory.mktemp("many")
    (place / "i.png").write_bytes(cv2.imencode(".png", np.zeros((32, 32), np.uint8))[1].tobytes())
    with Project.create(place / "many.contorno", "multiclass", parse_classes("liver,kidney")) as made:
        for _ in import_images(made, ImportPlan((place / "i.png",))):
            pass
        (one,) = made.items.all()
        with made.transaction():
            for number in range(MANY - 1):
                file = str(place / f"case{number // 10}" / f"{number}.png")
                source = replace(one.source, files=(file,))
                made.items.add(replace(one, name=f"i{number}", hash=str(number), source=source))
        return made.path


def test_one_of_many_items_holds_nobody_up(qtbot: QtBot, window: MainWindow, many: Path) -> None:
    session = window.context.session
    with qtbot.waitSignal(session.current.image_changed, timeout=PATIENCE):
        window.open_paths([many])
    window.show_tab("label")
    rest(qtbot, window)
    steps: dict[str, Callable[[int], object]] = {
        "open": session.current.open,
        "mark": lambda id: session.set_state(id, "done"),
        "set": lambda id: session.assignments.set_splits({id: "test"}),
        "data": lambda id: window.show_tab("data"),
        "set beside data": lambda id: session.assignments.set_splits({id: "val"}),
        "label": lambda id: window.show_tab("label"),
    }
    longest = Longest(OF_MANY)
    for number in longest.rounds():
        for name, step in steps.items():
            longest.measure(name, partial(step, number + 2), partial(rest, qtbot, window))
    assert not longest.too_long
    marked = {item.id for item in session.items() if item.state == "done" and item.split == "val"}
    assert marked == set(range(2, number + 3))


def test_the_rows_of_many_items_come_in_short_turns(qtbot: QtBot, window: MainWindow, many: Path) -> None:
    """In Data; in each round in another window on the same session, since the rows are made once in each."""
    with qtbot.waitSignal(window.context.session.current.image_changed, timeout=PATIENCE):
        window.open_paths([many])
    rest(qtbot, window)
    longest = Longest(OF_MANY)
    for _ in longest.rounds():
        with another_window(qtbot, window) as other:
            (table,) = other.tab("data").findChildren(DataTable)
            assert table.model().rowCount() < MANY
            longest.measure("rows", table.update, partial(all_rows, qtbot, other, table))
    assert not longest.too_long


def rows_of_data(qtbot: QtBot, window: MainWindow) -> None:
    (table,) = window.tab("data").findChildren(DataTable)
    all_rows(qtbot, window, table)


def all_rows(qtbot: QtBot, window: MainWindow, table: DataTable) -> None:
    qtbot.waitUntil(lambda: table.model().rowCount() == MANY, timeout=PATIENCE)
    rest(qtbot, window)


def test_tabs_are_built_and_shown_first_without_holding_anybody_up(
    qtbot: QtBot, window: MainWindow, many: Path
) -> None:
    """Picked at once, and Label after it was built ahead as well; in each round in other windows on the same session."""
    with qtbot.waitSignal(window.context.session.current.image_changed, timeout=PATIENCE):
        window.open_paths([many])
    rest(qtbot, window)
    longest = Longest(OF_MANY)
    for _ in longest.rounds():
        with another_window(qtbot, window) as made:
            rows_of_data(qtbot, made)
            for name in ("label", "augment", "train", "review", "classify"):
                longest.measure(f"{name} at once", partial(pick, made, name), partial(in_front, qtbot, made, name))
            assert label_tab(made).items.list.model().rowCount() == MANY
        with another_window(qtbot, window) as made:
            rows_of_data(qtbot, made)
            longest.measure("built ahead", partial(build_ahead, qtbot, made), partial(rest, qtbot, window))
            longest.measure("label", partial(pick, made, "label"), partial(in_front, qtbot, made, "label"))
            assert label_tab(made).items.list.model().rowCount() == MANY
    assert not longest.too_long


def pick(window: MainWindow, name: str) -> None:
    window.context.commands[f"tab_{name}"].trigger()


def in_front(qtbot: QtBot, window: MainWindow, name: str) -> None:
    """That tab is, and what it did in turns is done."""
    qtbot.waitUntil(lambda: window.context.commands.tab == name, timeout=PATIENCE)
    if name == "label":
        model = label_tab(window).items.list.model()
        qtbot.waitUntil(lambda: model.rowCount() == MANY, timeout=PATIENCE)
    rest(qtbot, window)


@contextmanager
def another_window(qtbot: QtBot, window: MainWindow) -> Iterator[MainWindow]:
    """On the same session, on the screen, with Data in front; what it does in turns has only begun. Gone at the end, with all that it was
    made of: in each round there would be more to look through for the collector of garbage."""
    settings.set_ui_state("tab", "data")  # else it opens where the one before was
    made, parts = MainWindow(), window.context
    with qtbot.waitExposed(made):
        made.show()
    made.fill(parts.session, parts.trainings, parts.jobs, parts.thumbnails)
    yield made
    made.close()
    with qtbot.waitSignal(made.destroyed):
        made.deleteLater()


def build_ahead(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.build_ahead().ended, timeout=PATIENCE):
        pass


class ToolTips(QObject):
    """What the tool tips of a widget were."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.said = list[str]()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTipChange and isinstance(watched, QWidget):
            self.said.append(watched.toolTip())
        return super().eventFilter(watched, event)


def test_many_items_are_drawn_into_sets_beside_the_window(qtbot: QtBot, window: MainWindow, many: Path) -> None:
    session, divide = window.context.session, window.context.commands["divide"]
    with qtbot.waitSignal(session.current.image_changed, timeout=PATIENCE):
        window.open_paths([many])
    window.show_tab("data")
    button = window.findChild(QAbstractButton, "split.apply")
    assert button is not None and not button.isEnabled()
    tips = ToolTips(button)
    session.assignments.set_splits({item.id: "" for item in session.items()})
    qtbot.waitUntil(button.isEnabled, timeout=PATIENCE)
    assert any("being drawn" in said for said in tips.said)
    divide.trigger()
    counts = Counter(item.split for item in session.items())
    assert not counts[""] and counts["train"] == pytest.approx(0.7 * MANY, rel=0.05)
    rest(qtbot, window)
