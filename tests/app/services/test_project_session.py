"""The session: projects that open and close, items with their images, strokes on disk, predictions, imports."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import cv2
import nibabel as nib
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.services.jobs import JobQueue, Lane
from app.services.project_session import HIDDEN, LOCKED, ProjectSession
from app.shell import settings
from engine.config import TrainConfig
from engine.errors import EngineError, ProjectGone
from engine.labels.classes import parse_classes
from engine.labels.edit import Box, Edit, Labels
from engine.labels.mask import Brush, Stroke
from engine.progress import result_of
from engine.project.copying import save_copy
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project
from engine.project.runs import Run
from engine.scoring.live import LiveDice

PATIENCE = 60_000

HOLDER = """
import sys
from pathlib import Path
from engine.project.project import Project
with Project.open(Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.readline()
"""


class Ears:
    """What the session said."""

    def __init__(self, session: ProjectSession) -> None:
        self.faults: list[BaseException] = []
        self.told: list[tuple[str, str]] = []
        self.saved: list[bool] = []
        self.boxes: list[Box] = []
        self.edits: list[Edit] = []
        self.imports: list[object] = []
        session.failed.connect(self.faults.append)
        session.notification.connect(lambda text, kind: self.told.append((text, kind)))
        session.saved.connect(self.saved.append)
        session.current.mask_changed.connect(self.boxes.append)
        session.current.edited.connect(self.edits.append)
        session.import_finished.connect(self.imports.append)


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[ProjectSession]:
    jobs = JobQueue()
    made = ProjectSession(jobs)
    yield made
    made.close_project()
    assert jobs.close(20)


@pytest.fixture
def ears(session: ProjectSession) -> Ears:
    return Ears(session)


@pytest.fixture
def opened(qtbot: QtBot, session: ProjectSession, project: Path) -> ProjectSession:
    """The project is open, its first item on the screen."""
    with qtbot.waitSignal(session.current.image_changed, timeout=PATIENCE):
        session.open_project(project)
    return session


@pytest.fixture
def wide(qtbot: QtBot, session: ProjectSession, tmp_path: Path) -> ProjectSession:
    """A project with one image of 256 by 256 that nobody has painted on, open."""
    picture = tmp_path / "wide.png"
    picture.write_bytes(cv2.imencode(".png", np.zeros((256, 256), np.uint8))[1].tobytes())
    with Project.create(tmp_path / "wide.contorno", "multiclass", parse_classes("disc,square")) as made:
        for _ in import_images(made, ImportPlan((picture,))):
            pass
        path = made.path
    with qtbot.waitSignal(session.current.image_changed, timeout=PATIENCE):
        session.open_project(path)
    return session


def held(path: Path) -> "subprocess.Popen[str]":
    """Another process that has the project open for writing."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None and holder.stdout.readline() == "open\n"
    return holder


def let_go(holder: "subprocess.Popen[str]") -> None:
    holder.communicate("\n", timeout=60)


def show(qtbot: QtBot, session: ProjectSession, name: str) -> None:
    item = next(i for i in session.items() if i.name == name)
    session.current.open(item.id)
    qtbot.waitUntil(lambda: session.current.image is not None and not session.current.loading, timeout=PATIENCE)


def paint(session: ProjectSession, at: tuple[float, float], value: int = 1, name: str = "Brush") -> Edit:
    """A dab as the canvas makes it: the mask has it, then the session is told."""
    assert session.current.mask is not None
    stroke = session.current.mask.begin(name)
    stroke.line("axial", 0, at, at, Brush.round(8), value)
    edit = stroke.end()
    session.current.stroke_done(edit)
    return edit


def labels(session: ProjectSession) -> Labels:
    assert session.current.mask is not None
    return session.current.mask.labels.copy()


def on_disk(session: ProjectSession) -> Labels:
    """The mask of the current item as another connection sees it."""
    assert session.project is not None and session.current.item is not None
    with Project.open(session.project.path, write=False) as seen:
        layer = seen.layers.mask(session.current.item.id)
        return (
            np.zeros(session.current.item.shape, np.uint8)
            if layer is None
            else seen.layers.read(layer, session.current.item.shape)
        )


def fill_disk(session: ProjectSession) -> None:
    """From now on the disk of the project is full: SQLite may not take another page."""
    assert session.project is not None
    database = session.project._store._db
    pages = database.execute("PRAGMA page_count").fetchone()[0]
    database.execute(f"PRAGMA max_page_count = {pages}")


def noise(session: ProjectSession) -> Edit:
    """A change of every voxel, which needs many pages."""
    assert session.current.mask is not None
    edit = session.current.mask.replace_with(
        "Noise", np.random.default_rng(1).integers(0, 3, session.current.mask.shape).astype(np.uint8)
    )
    session.current.record_edit(edit)
    return edit


def predicted(session: ProjectSession, prediction: Labels, name: str = "") -> Run:
    """A run that says this about the current item."""
    assert session.project is not None and session.current.item is not None
    run = session.project.runs.add(TrainConfig(), name)
    layer = session.project.layers.make(session.current.item.id, "prediction", run.id)
    session.project.layers.replace(layer, list(pack(prediction)))
    return run


# Projects ----------------------------------------------------------------------------------------------------------------


def test_opening_shows_the_first_item_and_remembers_the_project(
    opened: ProjectSession, ears: Ears, project: Path
) -> None:
    assert opened.writable and opened.task == "multiclass" and [c.name for c in opened.classes] == ["disc", "square"]
    assert opened.current.item is not None and opened.current.item.name == "a" and not opened.current.loading
    assert opened.current.image is not None and opened.current.image.shape == opened.current.item.shape
    assert set(np.unique(labels(opened))) == {0, 1, 2}
    assert settings.recent_projects() == [project] and not ears.faults


def test_the_item_that_was_open_is_open_again(qtbot: QtBot, opened: ProjectSession, project: Path) -> None:
    show(qtbot, opened, "d")
    opened.close_project()
    with qtbot.waitSignal(opened.current.image_changed, timeout=PATIENCE):
        opened.open_project(project)
    assert opened.current.item is not None and opened.current.item.name == "d"


def test_closing_leaves_nothing(opened: ProjectSession, ears: Ears) -> None:
    left: list[str] = []
    opened.current.item_about_to_close.connect(lambda: left.append("item"))
    opened.close_project()
    assert left == ["item"]
    assert (
        opened.project is None
        and opened.current.item is None
        and opened.current.image is None
        and opened.current.mask is None
    )
    assert opened.items() == [] and opened.classes == () and opened.task is None and not opened.writable
    opened.current.undo()
    opened.current.redo()
    opened.predictions.copy_to_mask()
    opened.walk.step(1)
    opened.assignments.set_splits({1: "test"})
    assert not ears.faults and not ears.saved and opened.current.history() == []


def test_a_new_project_takes_the_place_of_the_open_one(opened: ProjectSession, tmp_path: Path, project: Path) -> None:
    opened.new_project(tmp_path / "new", "binary", parse_classes("lung"))
    assert opened.project is not None and opened.project.name == "new" and opened.items() == []
    assert opened.current.item is None and opened.writable
    Project.open(project).close()  # the lock of the other one is free


def test_what_is_no_project_is_refused_and_the_open_one_stays(
    opened: ProjectSession, tmp_path: Path, project: Path
) -> None:
    with pytest.raises(EngineError):
        opened.open_project(tmp_path)
    with pytest.raises(EngineError):
        opened.new_project(project, "binary", parse_classes("lung"))
    assert opened.project is not None and opened.project.path == project and opened.current.image is not None


def test_a_second_writer_reads_only_and_is_told_who_writes(
    qtbot: QtBot, session: ProjectSession, project: Path
) -> None:
    ears, holder = Ears(session), held(project)
    with qtbot.waitSignal(session.current.image_changed, timeout=PATIENCE):
        session.open_project(project)
    assert not session.writable
    ((text, kind),) = ears.told
    assert kind == "warn" and str(holder.pid) in text and text.endswith("It was opened to read only.")
    assert not ears.saved, "nothing was tried to be written"
    before = labels(session)
    paint(session, (5, 5))
    assert ears.saved == [False] and "read only" in str(ears.faults[-1])
    assert np.array_equal(labels(session), before) and not ears.edits
    let_go(holder)
    session.open_project(project)
    assert session.writable


def test_opening_the_open_project_again_changes_nothing(opened: ProjectSession, ears: Ears, project: Path) -> None:
    image = opened.current.image
    opened.open_project(project)
    assert opened.writable and opened.current.image is image and not ears.told
    paint(opened, (5, 5))
    assert ears.saved[-1]


def test_images_of_one_project_are_never_shown_in_another(qtbot: QtBot, opened: ProjectSession, tmp_path: Path) -> None:
    """Both have an item 1 of the same size: neither the cache nor a late answer may mix them up."""
    other = tmp_path / "other.contorno"
    bright = tmp_path / "bright.png"
    bright.write_bytes(cv2.imencode(".png", np.full((48, 64), 255, np.uint8))[1].tobytes())
    with Project.create(other, "binary", parse_classes("lung")) as made:
        for _ in import_images(made, ImportPlan((bright,))):
            pass
    assert opened.current.item is not None and opened.current.item.id == 1
    with qtbot.waitSignal(opened.current.image_changed, timeout=PATIENCE):
        opened.open_project(other)
    assert opened.current.item.id == 1 and opened.current.image is not None and opened.current.image.pixels.min() == 255

    opened.open_project(tmp_path / "shapes.contorno")
    reading = opened.jobs.running(Lane.ITEM)
    assert reading is not None and reading.wait(PATIENCE / 1000)  # the image is there, but nobody has heard of it
    with qtbot.waitSignal(opened.current.image_changed, timeout=PATIENCE):
        opened.open_project(other)
    assert opened.current.image is not None and opened.current.image.pixels.min() == 255


# Items -------------------------------------------------------------------------------------------------------------------


def test_images_that_were_just_seen_are_not_read_again(qtbot: QtBot, opened: ProjectSession) -> None:
    first = opened.current.image
    for name in ("b", "c"):
        show(qtbot, opened, name)
    show(qtbot, opened, "a")
    assert opened.current.image is first
    for name in ("b", "c", "d"):
        show(qtbot, opened, name)
    show(qtbot, opened, "a")
    assert opened.current.image is not first, "only the last few are kept"


def test_an_image_that_could_not_be_read_is_tried_again(qtbot: QtBot, opened: ProjectSession, tmp_path: Path) -> None:
    file = tmp_path / "images" / "b.png"
    content = file.read_bytes()
    file.unlink()
    with qtbot.waitSignal(opened.current.image_changed, timeout=PATIENCE):
        opened.current.open(2)
    file.write_bytes(content)
    assert opened.current.image is None
    show(qtbot, opened, "b")


def test_a_prediction_that_arrives_while_the_item_is_read_is_shown(qtbot: QtBot, opened: ProjectSession) -> None:
    prediction = labels(opened)
    run = predicted(opened, np.zeros_like(prediction))
    opened.predictions.use_run(run)
    show(qtbot, opened, "b")
    opened.current.open(1)
    reading = opened.jobs.running(Lane.ITEM)
    assert reading is not None and reading.wait(PATIENCE / 1000)  # all is read, but nobody has heard of it
    assert opened.project is not None
    layer = opened.project.layers.prediction(1, run.id)
    assert layer is not None
    opened.project.layers.replace(layer, list(pack(prediction)))
    opened.predictions.arrived(1)
    qtbot.waitUntil(lambda: not opened.current.loading, timeout=PATIENCE)
    assert opened.predictions.labels is not None and np.array_equal(opened.predictions.labels, prediction)
    assert opened.predictions.live is not None and opened.predictions.live.scores.mean_dice == 1


def test_the_newest_wish_is_shown(qtbot: QtBot, opened: ProjectSession, ears: Ears) -> None:
    seen: list[str] = []
    opened.current.image_changed.connect(
        lambda: seen.append(opened.current.item.name if opened.current.item is not None else "")
    )
    for id in (2, 3, 4, 5):
        opened.current.open(id)
    qtbot.waitUntil(lambda: opened.current.image is not None and not opened.jobs.busy, timeout=PATIENCE)
    assert seen == ["e"] and not ears.faults


@pytest.mark.parametrize("harm", [lambda p: p.unlink(), lambda p: p.write_bytes(b"no picture")])
def test_an_image_that_cannot_be_read_is_said_and_nothing_is_shown(
    qtbot: QtBot, opened: ProjectSession, ears: Ears, tmp_path: Path, harm: Callable[[Path], object]
) -> None:
    harm(tmp_path / "images" / "b.png")
    with qtbot.waitSignal(opened.current.image_changed, timeout=PATIENCE):
        opened.current.open(2)
    assert opened.current.item is not None and opened.current.item.name == "b" and not opened.current.loading
    assert opened.current.image is None and opened.current.mask is None and opened.predictions.labels is None
    (fault,) = ears.faults
    assert isinstance(fault, EngineError) and "b" in fault.text.split(), "it says which item"
    show(qtbot, opened, "c")


def test_a_damaged_image_that_was_passed_over_does_not_stop_the_next(
    qtbot: QtBot, opened: ProjectSession, ears: Ears, tmp_path: Path
) -> None:
    qtbot.waitUntil(lambda: not opened.jobs.busy)  # what is read ahead is there
    (tmp_path / "images" / "b.png").write_bytes(b"no picture")
    opened.current.open(2)
    reading = opened.jobs.running(Lane.ITEM)
    assert reading is not None and reading.wait(PATIENCE / 1000)  # it has failed, but nobody has heard of it
    show(qtbot, opened, "c")
    assert not ears.faults, "of an item that nobody waits for nothing is said"


def test_an_image_of_another_size_than_imported_is_not_painted_on(
    qtbot: QtBot, opened: ProjectSession, ears: Ears, tmp_path: Path
) -> None:
    (tmp_path / "images" / "b.png").write_bytes(cv2.imencode(".png", np.zeros((9, 9), np.uint8))[1].tobytes())
    with qtbot.waitSignal(opened.current.image_changed, timeout=PATIENCE):
        opened.current.open(2)
    assert opened.current.mask is None and not opened.current.loading and len(ears.faults) == 1


def test_a_project_that_cannot_be_locked_is_opened_to_read(
    qtbot: QtBot, session: ProjectSession, project: Path
) -> None:
    ears = Ears(session)
    (project / "project.lock").unlink()
    (project / "project.lock").mkdir()  # as on media that cannot be written
    with qtbot.waitSignal(session.current.image_changed, timeout=PATIENCE):
        session.open_project(project)
    assert session.current.image is not None and not session.writable
    text, kind = ears.told[0]
    assert kind == "warn" and "cannot be opened for writing" in text and text.endswith("It was opened to read only.")


def test_moved_images_are_found_again(qtbot: QtBot, opened: ProjectSession, ears: Ears, tmp_path: Path) -> None:
    (tmp_path / "images").rename(tmp_path / "elsewhere")
    with qtbot.waitSignal(opened.current.image_changed, timeout=PATIENCE):
        opened.current.open(2)
    assert opened.current.image is None and len(ears.faults) == 1
    with qtbot.waitSignals([opened.notification, opened.current.image_changed], timeout=PATIENCE):
        opened.find_moved(tmp_path)
    assert ears.told[-1] == ("Found again: 6. Still missing: 0.", "good")
    assert opened.current.image is not None and opened.current.item is not None and opened.current.item.name == "b"


def test_stepping_follows_a_list_where_there_is_one(qtbot: QtBot, opened: ProjectSession) -> None:
    def step(step: int, among: Sequence[int], *, todo: bool = False) -> int:
        opened.walk.step(step, todo=todo, among=among)
        assert opened.current.item is not None
        return opened.current.item.id

    assert step(1, (6, 1, 4)) == 4 and step(1, (6, 1, 4)) == 6
    assert step(1, (2, 3)) == 2, "an item that is not in the list goes to its first"
    opened.current.open(6)
    assert step(-1, (2, 3)) == 3
    opened.set_state(2, "done")
    assert step(1, (3, 2, 5), todo=True) == 5
    assert step(1, (99,)) == 6, "a list of none goes on as the project has them"


def test_stepping_goes_round_and_finds_what_is_to_do(qtbot: QtBot, opened: ProjectSession) -> None:
    def now() -> str:
        return opened.current.item.name if opened.current.item is not None else ""

    opened.walk.step(-1)
    assert now() == "f"
    opened.walk.step(1)
    assert now() == "a"
    for id in (2, 3, 4):
        opened.set_state(id, "done")
    opened.walk.step(1, todo=True)
    assert now() == "e"
    opened.walk.step(-1, todo=True)
    assert now() == "a"
    for id in (1, 5, 6):
        opened.set_state(id, "done")
    opened.walk.step(1, todo=True)
    assert now() == "a"
    assert opened.current.item is not None and opened.current.item.state == "done"
    opened.current.close()
    opened.walk.step(1)
    assert now() == "a"
    qtbot.waitUntil(lambda: not opened.jobs.busy, timeout=PATIENCE)


def test_sets_and_states_are_kept_and_told(qtbot: QtBot, opened: ProjectSession, ears: Ears) -> None:
    with qtbot.waitSignal(opened.items_changed):
        opened.assignments.set_splits({1: "test", 2: "val"})
    with qtbot.waitSignal(opened.items_changed):
        opened.set_state(1, "flagged")
    assert [i.split for i in opened.items()][:3] == ["test", "val", "train"]
    assert opened.project is not None
    assert opened.items() == opened.project.items.all()
    assert opened.current.item is not None and opened.current.item.state == "flagged" and ears.saved == [True, True]


def test_labels_of_whole_images(
    qtbot: QtBot, session: ProjectSession, ears: Ears, tmp_path: Path, project: Path
) -> None:
    session.new_project(tmp_path / "whole", "classification", parse_classes("ill,well"))
    session.import_images(ImportPlan((tmp_path / "images",)))
    qtbot.waitUntil(lambda: len(ears.imports) == 1, timeout=PATIENCE)
    session.current.open(1)
    session.assignments.set_labels({1: 1, 2: 0})
    session.assignments.set_labels({2: None})
    assert [i.label for i in session.items()][:3] == [1, None, None]
    assert session.project is not None and session.items() == session.project.items.all()
    assert session.current.item is not None and session.current.item.label == 1
    qtbot.waitUntil(lambda: session.current.image is not None, timeout=PATIENCE)


def test_removing_the_open_item_leaves_it_first(opened: ProjectSession, ears: Ears) -> None:
    left: list[int] = []
    opened.current.item_about_to_close.connect(
        lambda: left.append(opened.current.item.id if opened.current.item is not None else 0)
    )
    opened.remove_items([1, 3])
    assert left == [1] and opened.current.item is None and opened.current.image is None
    assert [i.name for i in opened.items()] == ["b", "d", "e", "f"] and not ears.faults


def test_removing_the_open_item_says_that_none_is_open(qtbot: QtBot, opened: ProjectSession) -> None:
    with qtbot.waitSignals([opened.current.item_changed, opened.current.image_changed], timeout=PATIENCE):
        opened.remove_items([1])
    with qtbot.assertNotEmitted(opened.current.image_changed):
        opened.remove_items([2])


# Classes -----------------------------------------------------------------------------------------------------------------


def test_classes_are_renamed_and_added(qtbot: QtBot, opened: ProjectSession, ears: Ears) -> None:
    with qtbot.waitSignal(opened.classes_changed):
        opened.set_classes(parse_classes("round,square,new"))
    assert [c.name for c in opened.classes] == ["round", "square", "new"]
    opened.pick_class(3)
    assert opened.active_class == 3
    opened.pick_class(4)
    assert opened.active_class == 3, "there is no fourth class"
    opened.set_classes(parse_classes("round"))
    assert "cannot be removed" in str(ears.faults[-1]) and len(opened.classes) == 3 and ears.saved[-1] is False


def test_choosing_a_class_is_no_change_of_the_classes(opened: ProjectSession) -> None:
    told: list[str] = []
    opened.classes_changed.connect(lambda: told.append("classes"))
    opened.active_class_changed.connect(lambda: told.append("active"))
    opened.pick_class(2)
    opened.pick_class(2)
    opened.pick_class(3)
    assert told == ["active"] and opened.active_class == 2


def test_a_new_class_has_neither_lock_nor_hiding_of_one_that_was_removed(wide: ProjectSession) -> None:
    classes = parse_classes("disc,square,third")
    wide.set_classes(classes)
    wide.lock_classes(frozenset({1, 3}))
    wide.keep_classes(HIDDEN, frozenset({2, 3}))
    wide.pick_class(3)
    wide.set_classes(classes[:2])
    assert wide.active_class == 2
    wide.set_classes(classes)
    assert wide.locked == {1} and wide.kept_classes(LOCKED) == {1} and wide.kept_classes(HIDDEN) == {2}
    assert wide.current.mask is not None and wide.current.mask.locked == {1}


def test_a_class_that_goes_while_another_project_is_opened_is_gone_from_its_own_alone(
    qtbot: QtBot, opened: ProjectSession, ears: Ears, project: Path, tmp_path: Path
) -> None:
    """Items and classes of another project have the same numbers."""
    other = Path(shutil.copytree(project, tmp_path / "other.contorno"))
    with Project.open(other) as made:
        made.set_classes(parse_classes("liver,spleen,aorta"))
        made.set_note(LOCKED, "2 3")
        made.set_note(HIDDEN, "1 2")
        made.set_note("item", "b")
    opened.lock_classes(frozenset({2}))
    ended: list[bool] = []
    opened.class_removal_ended.connect(lambda: ended.append(True))
    opened.current.open(next(item.id for item in opened.items() if item.name == "e"))
    opened.remove_class(1)
    removing = opened.jobs.running(Lane.STORING)
    assert removing is not None and removing.wait(PATIENCE / 1000)  # it is gone, but nobody has heard of it
    opened.open_project(other)
    opened.pick_class(3)
    qtbot.waitUntil(lambda: bool(ended) and opened.current.image is not None)
    assert opened.locked == {2, 3} and opened.kept_classes(HIDDEN) == {1, 2} and opened.active_class == 3
    assert opened.current.item is not None and opened.current.item.name == "b" and not ears.faults
    opened.open_project(project)
    assert [one.name for one in opened.classes] == ["square"] and opened.locked == {1}
    qtbot.waitUntil(lambda: opened.current.image is not None)


def test_a_locked_class_stays_locked_on_the_next_item(qtbot: QtBot, opened: ProjectSession) -> None:
    opened.lock_classes(frozenset({1}))
    before = labels(opened) == 1
    assert before.any() and opened.locked == {1}
    paint(opened, (22, 18), value=2)
    assert np.array_equal(labels(opened) == 1, before)
    show(qtbot, opened, "b")
    assert (
        opened.current.mask is not None and opened.current.mask.locked == {1} and not opened.current.mask.may_paint(1)
    )


def test_locks_are_kept_with_the_project(qtbot: QtBot, opened: ProjectSession, project: Path) -> None:
    opened.lock_classes(frozenset({2}))
    opened.close_project()
    assert opened.locked == frozenset()
    with qtbot.waitSignal(opened.current.image_changed, timeout=PATIENCE):
        opened.open_project(project)
    assert opened.locked == {2} and opened.current.mask is not None and opened.current.mask.locked == {2}


def test_another_name_or_colour_leaves_the_prediction_alone(opened: ProjectSession) -> None:
    opened.predictions.use_run(predicted(opened, labels(opened)))
    before, live = opened.predictions.labels, opened.predictions.live
    opened.set_classes(parse_classes("round,square"))
    assert opened.predictions.labels is before and opened.predictions.live is live
    assert opened.project is not None and opened.predictions.run is not None
    opened.predictions.use_run(opened.project.runs.rename(opened.predictions.run, "renamed"))
    assert opened.predictions.run.name == "renamed" and opened.predictions.labels is before
    opened.set_classes(parse_classes("round,square,new"))
    assert opened.predictions.live is not None and len(opened.predictions.live.scores.classes) == 3


def test_locks_do_not_follow_into_another_project(qtbot: QtBot, opened: ProjectSession, tmp_path: Path) -> None:
    opened.lock_classes(frozenset({1}))
    opened.pick_class(2)
    opened.new_project(tmp_path / "new", "binary", parse_classes("lung"))
    assert opened.locked == frozenset() and opened.active_class == 1


# Painting ----------------------------------------------------------------------------------------------------------------


def test_a_stroke_is_on_disk_at_once(opened: ProjectSession, ears: Ears) -> None:
    edit = paint(opened, (5, 5), name="Brush · disc")
    assert np.array_equal(on_disk(opened), labels(opened)) and labels(opened)[0, 5, 5] == 1
    assert ears.saved == [True] and ears.edits == [edit] and not ears.boxes
    assert [(e.name, e.undone) for e in opened.current.history()] == [("Brush · disc", False)]


@pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be deleted there")
def test_a_project_that_was_deleted_says_so_and_is_saved_elsewhere(
    opened: ProjectSession, ears: Ears, project: Path, tmp_path: Path
) -> None:
    paint(opened, (5, 5))
    before = labels(opened).copy()
    shutil.rmtree(project)
    paint(opened, (40, 10))
    assert ears.saved == [True, False] and isinstance(ears.faults[-1], ProjectGone)
    assert np.array_equal(labels(opened), before), "what is not on disk is not shown either"
    assert opened.project is not None and opened.current.item is not None
    item, saved = opened.current.item, result_of(save_copy(opened.project, tmp_path / "saved"))
    opened.close_project()
    with Project.open(saved) as again:
        layer = again.layers.mask(item.id)
        assert layer is not None and np.array_equal(again.layers.read(layer, item.shape), before)


@pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be copied there")
def test_in_a_pause_a_stroke_is_in_the_database_without_its_log(
    qtbot: QtBot, opened: ProjectSession, project: Path, tmp_path: Path
) -> None:
    paint(opened, (5, 5))
    with qtbot.waitSignal(opened._pause.timeout, timeout=PATIENCE):
        pass
    assert opened.current.item is not None
    alone = tmp_path / "alone.contorno"
    alone.mkdir()
    shutil.copy(project / "project.db", alone)
    with Project.open(alone) as left:
        layer = left.layers.mask(opened.current.item.id)
        assert layer is not None and np.array_equal(left.layers.read(layer, opened.current.item.shape), labels(opened))


def test_nothing_is_kept_of_a_stroke_that_changed_nothing(opened: ProjectSession, ears: Ears) -> None:
    paint(opened, (5, 5), value=0)
    assert not ears.saved and not ears.edits and opened.current.history() == []


def test_undo_and_redo_go_on_after_a_restart(qtbot: QtBot, opened: ProjectSession, project: Path) -> None:
    steps = [labels(opened)]
    for at in ((5, 5), (40, 10), (40, 50)):
        paint(opened, at)
        steps.append(labels(opened))
    opened.current.undo()
    assert np.array_equal(labels(opened), steps[2])
    opened.close_project()
    with qtbot.waitSignal(opened.current.image_changed, timeout=PATIENCE):
        opened.open_project(project)
    assert np.array_equal(labels(opened), steps[2])
    opened.current.redo()
    assert np.array_equal(labels(opened), steps[3])
    for step in (2, 1, 0, 0):
        opened.current.undo()
        assert np.array_equal(labels(opened), steps[step]) and np.array_equal(on_disk(opened), steps[step])
    assert [e.undone for e in opened.current.history()] == [True, True, True]


def test_undo_tells_where_and_what(opened: ProjectSession, ears: Ears) -> None:
    edit = paint(opened, (5, 5))
    opened.current.undo()
    assert ears.boxes == [edit.changed_box()] and ears.edits[-1].box == edit.box
    opened.current.redo()
    assert ears.boxes == [edit.changed_box()] * 2 and len(ears.edits) == 3


def dab(session: ProjectSession, at: tuple[float, float], value: int = 1) -> Stroke:
    """A stroke whose pen is still down; the window's part of `mask_about_to_change` ends it."""
    assert session.current.mask is not None
    stroke = session.current.mask.begin("Brush")
    stroke.line("axial", 0, at, at, Brush.round(8), value)
    session.current.mask_about_to_change.connect(lambda: session.current.stroke_done(stroke.end()))
    return stroke


def test_undo_in_the_middle_of_a_stroke_takes_the_stroke_back(opened: ProjectSession) -> None:
    paint(opened, (22, 18), value=2)
    before = labels(opened)
    dab(opened, (22, 20))
    opened.current.undo()
    assert np.array_equal(labels(opened), before) and np.array_equal(on_disk(opened), before)
    assert [e.undone for e in opened.current.history()] == [False, True]
    opened.current.redo()
    assert np.array_equal(on_disk(opened), labels(opened)) and not np.array_equal(labels(opened), before)


@pytest.mark.parametrize(
    "change",
    [
        lambda session: session.predictions.copy_to_mask(),
        lambda session: session.set_classes(parse_classes("disc,square,new")),
    ],
)
def test_a_stroke_under_the_pen_is_kept_before_the_mask_or_its_classes_are_others(
    opened: ProjectSession, change: Callable[[ProjectSession], object]
) -> None:
    opened.predictions.use_run(predicted(opened, labels(opened)))
    dab(opened, (5, 5))
    change(opened)
    assert "Brush" in [e.name for e in opened.current.history()] and np.array_equal(on_disk(opened), labels(opened))
    assert counted_anew(opened)


@pytest.mark.parametrize(
    "change",
    [
        lambda session: session.predictions.arrived(session.current.item.id),
        lambda session: session.predictions.use_run(session.project.runs.all()[-1]),
    ],
)
def test_a_stroke_under_the_pen_goes_on_while_another_prediction_comes(
    opened: ProjectSession, change: Callable[[ProjectSession], object]
) -> None:
    opened.predictions.use_run(predicted(opened, labels(opened)))
    predicted(opened, labels(opened))
    stroke = dab(opened, (5, 5))
    change(opened)
    assert not opened.current.history() and opened.predictions.live is not None
    assert opened.predictions.live.scores.mean_dice == 1, "what is not finished does not count"
    stroke.line("axial", 0, (5, 5), (40, 40), Brush.round(8), 2)
    opened.current.stroke_done(stroke.end())
    assert len(opened.current.history()) == 1 and opened.predictions.live.scores.mean_dice != 1 and counted_anew(opened)


def counted_anew(session: ProjectSession) -> bool:
    """Whether the live Dice is what counting everything again gives."""
    predictions, mask = session.predictions, session.current.mask
    assert predictions.live is not None and predictions.labels is not None and mask is not None
    fresh = LiveDice(mask.labels, predictions.labels, len(session.classes), session.current.labelled)
    return np.array_equal(predictions.live.counts, fresh.counts)


def test_many_steps_back_are_one_change(opened: ProjectSession, ears: Ears) -> None:
    start = labels(opened)
    for step in range(5):
        paint(opened, (10 + step, 10 + 3 * step), value=1 + step % 2)
    end = labels(opened)
    told: list[int] = []
    opened.current.history_changed.connect(lambda: told.append(1))
    saved = len(ears.saved)
    opened.current.step_history(-5)
    assert np.array_equal(labels(opened), start) and np.array_equal(on_disk(opened), start)
    assert len(told) == len(ears.boxes) == len(ears.saved) - saved == 1
    opened.current.step_history(9)
    assert np.array_equal(labels(opened), end) and np.array_equal(on_disk(opened), end)
    assert np.array_equal(opened.current.counts[:3], np.bincount(end.ravel(), minlength=3))


def test_steps_that_the_disk_refuses_are_not_shown_either(wide: ProjectSession, ears: Ears) -> None:
    noise(wide)
    paint(wide, (50, 50))
    end = labels(wide)
    wide.current.step_history(-2)
    wide.current.step_history(1)
    noisy = labels(wide)
    assert wide.project is not None
    wide.project._store._db.execute(
        "CREATE TEMP TRIGGER no BEFORE UPDATE ON edits WHEN NEW.name = 'Brush' BEGIN SELECT RAISE(FAIL, 'full'); END"
    )
    wide.current.step_history(1)
    assert ears.saved[-1] is False and np.array_equal(labels(wide), noisy) and not np.array_equal(noisy, end)
    wide.current.step_history(-1)
    empty = labels(wide)
    wide.current.step_history(2)
    assert not empty.any() and np.array_equal(labels(wide), empty) and np.array_equal(on_disk(wide), empty)


def test_undo_belongs_to_the_item_on_the_screen(qtbot: QtBot, opened: ProjectSession) -> None:
    paint(opened, (5, 5))
    show(qtbot, opened, "b")
    before = labels(opened)
    opened.current.undo()
    assert np.array_equal(labels(opened), before) and opened.current.history() == []
    show(qtbot, opened, "a")
    assert len(opened.current.history()) == 1 and not opened.current.history()[0].undone


def test_a_stroke_that_the_disk_refuses_is_taken_back(wide: ProjectSession, ears: Ears) -> None:
    paint(wide, (50, 50))
    before = labels(wide)
    fill_disk(wide)
    edit = noise(wide)
    assert ears.saved[-1] is False and "could not be saved" in str(ears.faults[-1])
    assert np.array_equal(labels(wide), before) and np.array_equal(on_disk(wide), before)
    assert ears.boxes[-1] == edit.box, "the screen is told to draw what is on disk"
    assert len(ears.edits) == 1 and len(wide.current.history()) == 1
    wide.current.undo()
    assert np.array_equal(labels(wide), on_disk(wide))


def test_a_first_stroke_that_the_disk_refuses_leaves_no_empty_mask(wide: ProjectSession, ears: Ears) -> None:
    """An empty mask would be taken for a labelled image without any structure."""
    assert wide.project is not None
    fill_disk(wide)
    noise(wide)
    assert ears.saved[-1] is False and not labels(wide).any()
    assert wide.project.layers.masked() == set()
    wide.project._store._db.execute("PRAGMA max_page_count = 100000")  # room was made
    noise(wide)
    assert ears.saved[-1] is True and labels(wide).any() and np.array_equal(on_disk(wide), labels(wide))


# Predictions -------------------------------------------------------------------------------------------------------------


def test_a_prediction_is_taken_as_one_edit(opened: ProjectSession, ears: Ears) -> None:
    before = labels(opened)
    prediction = np.zeros_like(before)
    prediction[0, 2:20, 2:20], prediction[0, 30:40, 30:60] = 1, 2
    opened.predictions.use_run(predicted(opened, prediction, "first"))
    assert opened.predictions.labels is not None and np.array_equal(opened.predictions.labels, prediction)
    opened.predictions.copy_to_mask()
    assert np.array_equal(labels(opened), prediction) and np.array_equal(on_disk(opened), prediction)
    assert [e.name for e in opened.current.history()] == ["Prediction taken · first"] and ears.boxes
    opened.current.undo()
    assert np.array_equal(labels(opened), before)


def test_the_background_of_a_prediction_is_never_taken(opened: ProjectSession) -> None:
    before = labels(opened)
    opened.predictions.use_run(predicted(opened, np.zeros_like(before)))
    opened.predictions.copy_to_mask(0)
    assert np.array_equal(labels(opened), before) and not opened.current.history()


def test_one_class_of_a_prediction_is_taken(opened: ProjectSession) -> None:
    before = labels(opened)
    prediction = np.zeros_like(before)
    prediction[0, 2:20, 2:20], prediction[0, 30:40, 30:60] = 1, 2
    opened.predictions.use_run(predicted(opened, prediction, "first"))
    opened.predictions.copy_to_mask(2)
    assert np.array_equal(labels(opened) == 2, prediction == 2)
    assert np.array_equal(labels(opened) == 1, (before == 1) & (prediction != 2))
    assert [e.name for e in opened.current.history()] == ["Prediction taken · first · square"]


def test_the_live_dice_follows_strokes_undo_and_taking(opened: ProjectSession) -> None:
    moved: list[float | None] = []
    prediction = labels(opened)
    opened.predictions.use_run(predicted(opened, prediction))
    assert opened.predictions.live is not None and opened.predictions.live.scores.mean_dice == 1
    live = opened.predictions.live
    opened.predictions.scores_changed.connect(lambda: moved.append(live.scores.mean_dice))
    paint(opened, (22, 18), value=0)
    paint(opened, (5, 5), value=2)
    opened.current.undo()
    opened.current.undo()
    assert moved[0] is not None and moved[0] < 1 and moved[1] is not None and moved[1] < moved[0]
    assert moved[2:] == [moved[0], 1]
    paint(opened, (5, 5), value=2)
    opened.predictions.copy_to_mask()
    assert moved[-1] == 1


@pytest.fixture
def volume(qtbot: QtBot, session: ProjectSession, tmp_path: Path) -> ProjectSession:
    """A volume of four slices that nobody has painted on, open."""
    values = np.random.default_rng(0).integers(0, 900, (64, 64, 4)).astype(np.int16)
    nib.save(nib.Nifti1Image(values, np.eye(4)), tmp_path / "v.nii.gz")
    with Project.create(tmp_path / "volume.contorno", "multiclass", parse_classes("disc,square")) as made:
        for _ in import_images(made, ImportPlan((tmp_path / "v.nii.gz",))):
            pass
        path = made.path
    with qtbot.waitSignal(session.current.image_changed, timeout=PATIENCE):
        session.open_project(path)
    return session


def test_a_prediction_taken_whole_labels_its_empty_slices_too(volume: ProjectSession) -> None:
    current, predictions = volume.current, volume.predictions
    assert volume.project is not None and current.labelled == frozenset()
    prediction = np.zeros_like(labels(volume))
    prediction[1, 5:9, 5:9] = 1
    predictions.use_run(predicted(volume, prediction))
    predictions.copy_to_mask(1)
    assert current.labelled == {1}
    predictions.copy_to_mask()
    assert current.labelled == {0, 1, 2, 3} == volume.project.layers.labelled(1)
    predictions.copy_to_mask()
    assert len(current.history()) == 2, "there is nothing new to keep"
    current.undo()
    current.undo()
    assert current.labelled == frozenset() and not labels(volume).any()


def test_other_slices_are_labelled_is_told_apart_from_a_stroke(volume: ProjectSession) -> None:
    """Who shows which slices are labelled is not asked by every stroke."""
    told: list[frozenset[int]] = []
    current = volume.current
    current.labelled_changed.connect(lambda: told.append(current.labelled))
    paint(volume, (5, 5))
    paint(volume, (9, 9))
    assert told == [{0}], "the second stroke is on a slice that was labelled before"
    current.undo()
    current.undo()
    assert told == [{0}, frozenset()]
    current.record_edit(Edit("Nothing here", ()), [2])
    assert told[-1] == {2}


def test_the_live_dice_is_over_labelled_slices(volume: ProjectSession) -> None:
    prediction = np.zeros_like(labels(volume))
    prediction[:, 20:30, 20:30] = 1
    volume.predictions.use_run(predicted(volume, prediction))
    live = volume.predictions.live
    assert live is not None and live.scores.mean_dice is None, "nobody said what is there"
    paint(volume, (25, 25))
    only = LiveDice(labels(volume)[:1], prediction[:1].copy(), 2).scores
    assert live.scores == only and only.mean_dice is not None
    volume.current.undo()
    assert live.scores.mean_dice is None


def test_a_refused_stroke_does_not_move_the_dice(wide: ProjectSession, ears: Ears) -> None:
    paint(wide, (50, 50))
    wide.predictions.use_run(predicted(wide, labels(wide)))
    fill_disk(wide)
    noise(wide)
    assert wide.predictions.live is not None
    assert ears.saved[-1] is False and wide.predictions.live.scores.mean_dice == 1


def test_predictions_arrive_while_the_item_is_shown(qtbot: QtBot, opened: ProjectSession) -> None:
    assert opened.project is not None and opened.current.item is not None
    run = opened.project.runs.add(TrainConfig())
    opened.predictions.use_run(run)
    assert opened.predictions.labels is None and opened.predictions.live is None
    layer = opened.project.layers.make(opened.current.item.id, "prediction", run.id)
    opened.project.layers.replace(layer, list(pack(labels(opened))))
    with qtbot.assertNotEmitted(opened.predictions.prediction_changed):
        opened.predictions.arrived(2)
    with (
        qtbot.waitSignal(opened.predictions.prediction_changed),
        qtbot.assertNotEmitted(opened.predictions.run_changed),
    ):
        opened.predictions.arrived(opened.current.item.id)
    assert opened.predictions.live is not None and opened.predictions.live.scores.mean_dice == 1
    with qtbot.waitSignals([opened.predictions.run_changed, opened.predictions.prediction_changed], order="strict"):
        opened.predictions.use_run(None)
    assert opened.predictions.labels is None and opened.predictions.live is None


def test_the_run_in_use_is_the_same_after_a_restart(qtbot: QtBot, opened: ProjectSession, project: Path) -> None:
    assert opened.project is not None
    runs = [opened.project.runs.add(TrainConfig(), name) for name in ("first", "second", "without a model")]
    for run in runs[:2]:
        run.bundle.write_bytes(b"weights")
    opened.predictions.use_run(runs[0])
    opened.close_project()
    assert opened.predictions.run is None
    opened.open_project(project)
    assert opened.predictions.run is not None and opened.predictions.run.name == "first"


# Imports -----------------------------------------------------------------------------------------------------------------


def test_an_import_works_while_the_window_writes(
    qtbot: QtBot, opened: ProjectSession, ears: Ears, tmp_path: Path
) -> None:
    more = tmp_path / "more"
    more.mkdir()
    for number in range(20):
        picture = np.full((30, 30), number, np.uint8)
        (more / f"m{number}.png").write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    (more / "broken.png").write_bytes(b"no picture")
    strokes: list[Edit] = []

    def at_each_file(job: object, event: object) -> None:
        strokes.append(paint(opened, (5, 5), value=1 + len(strokes) % 2))

    opened.jobs.reported.connect(at_each_file)
    opened.import_images(ImportPlan((more,)))
    qtbot.waitUntil(lambda: len(ears.imports) == 1, timeout=PATIENCE)
    assert len(opened.items()) == 26 and not ears.faults and all(ears.saved)
    assert ears.told[-1] == ("20 items added. 1 was not read.", "warn")
    assert len(strokes) > 5 and ears.edits == strokes
    assert np.array_equal(on_disk(opened), labels(opened))


def test_an_import_that_cannot_begin_says_so(qtbot: QtBot, opened: ProjectSession, ears: Ears, tmp_path: Path) -> None:
    opened.import_images(ImportPlan((tmp_path / "images",), patient_from="("))
    qtbot.waitUntil(lambda: len(ears.imports) == 1, timeout=PATIENCE)
    assert ears.imports == [None] and isinstance(ears.faults[0], EngineError) and len(opened.items()) == 6


def test_what_a_closed_project_was_given_is_not_said_of_the_next(
    qtbot: QtBot, session: ProjectSession, ears: Ears, tmp_path: Path, project: Path
) -> None:
    session.new_project(tmp_path / "first", "multiclass", parse_classes("disc,square"))
    session.import_images(ImportPlan((tmp_path / "images",)))
    running = session.jobs.running(Lane.STORING)
    assert running is not None and running.wait(PATIENCE / 1000)
    session.new_project(tmp_path / "second", "multiclass", parse_classes("disc,square"))
    qtbot.waitUntil(lambda: not session.jobs.busy and bool(ears.imports), timeout=PATIENCE)
    assert ears.imports == [None] and not ears.told and session.items() == []
    session.open_project(tmp_path / "first.contorno")
    assert len(session.items()) == 6
    qtbot.waitUntil(lambda: session.current.image is not None, timeout=PATIENCE)
