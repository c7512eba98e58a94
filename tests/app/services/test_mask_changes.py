"""Edits that are too large for the window's thread: made ready beside it while strokes go on, then taken whole or not at all."""

import itertools
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.services.jobs import JobQueue, Lane
from app.services.mask_changes import AT_ONCE
from app.services.project_session import ProjectSession
from engine.config import TrainConfig
from engine.labels.classes import parse_classes
from engine.labels.edit import Box, Edit, Labels
from engine.labels.mask import Brush, Stroke
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project
from engine.project.runs import Run
from engine.scoring.live import LiveDice
from widgets.tool import FillWish

PATIENCE = 20_000
SHAPE = (1, 1024, 640)  # more than may be done at once, in more patches than may be unpacked at once


@pytest.fixture
def session(qtbot: QtBot, tmp_path: Path) -> Iterator[ProjectSession]:
    """Two large pictures that nobody has painted on, the first open; a run whose prediction fills it with both classes."""
    for name in "ab":
        (tmp_path / f"{name}.png").write_bytes(cv2.imencode(".png", np.zeros(SHAPE[1:], np.uint8))[1].tobytes())
    with Project.create(tmp_path / "large.contorno", "multiclass", parse_classes("disc,square")) as made:
        for _ in import_images(made, ImportPlan((tmp_path / "a.png", tmp_path / "b.png"))):
            pass
        path = made.path
    jobs = JobQueue()
    session = ProjectSession(jobs)
    with qtbot.waitSignal(session.current.image_changed, timeout=PATIENCE):
        session.open_project(path)
    session.predictions.use_run(predicted(session, full()))
    qtbot.waitUntil(lambda: session.predictions.live is not None, timeout=PATIENCE)
    yield session
    session.close_project()
    assert jobs.close(20)


def full() -> Labels:
    labels = np.ones(SHAPE, np.uint8)
    labels[:, 512:] = 2
    assert labels.size > AT_ONCE
    return labels


def predicted(session: ProjectSession, prediction: Labels, run: Run | None = None) -> Run:
    assert session.project is not None and session.current.item is not None
    run = run or session.project.runs.add(TrainConfig())
    layer = session.project.layers.make(session.current.item.id, "prediction", run.id)
    session.project.layers.replace(layer, pack(prediction))
    return run


def begin(session: ProjectSession, at: tuple[float, float], value: int) -> Stroke:
    """A stroke that is still under the pen."""
    assert session.current.mask is not None
    stroke = session.current.mask.begin("Brush")
    stroke.line("axial", 0, at, at, Brush.round(20), value)
    return stroke


def paint(session: ProjectSession, at: tuple[float, float], value: int) -> Edit:
    edit = begin(session, at, value).end()
    session.current.stroke_done(edit)
    return edit


def labels(session: ProjectSession) -> Labels:
    assert session.current.mask is not None
    return session.current.mask.labels.copy()


def history(session: ProjectSession) -> list[tuple[str, bool]]:
    return [(entry.name.split(" · ")[0], entry.undone) for entry in session.current.history()]


def check(session: ProjectSession) -> None:
    """The disk, the counts and the live Dice are those of the mask."""
    assert session.project is not None and session.current.item is not None and session.current.mask is not None
    with Project.open(session.project.path, write=False) as seen:
        layer = seen.layers.mask(session.current.item.id)
        assert layer is not None and np.array_equal(seen.layers.read(layer, SHAPE), session.current.mask.labels)
    assert np.array_equal(session.current.counts, np.bincount(session.current.mask.labels.ravel(), minlength=256))
    live, prediction = session.predictions.live, session.predictions.labels
    assert live is not None and prediction is not None
    fresh = LiveDice(session.current.mask.labels, prediction, len(session.classes), session.current.labelled)
    assert np.array_equal(live.counts, fresh.counts)


def rest(qtbot: QtBot, session: ProjectSession) -> None:
    """Until all that was asked for is there."""
    qtbot.waitUntil(lambda: not session.current.changing and not session.jobs.busy, timeout=PATIENCE)


def test_a_large_prediction_is_taken_beside_the_window_and_so_are_undo_and_redo(
    qtbot: QtBot, session: ProjectSession
) -> None:
    boxes: list[Box] = []
    edits: list[Edit] = []
    session.current.mask_changed.connect(boxes.append)
    session.current.edited.connect(edits.append)
    session.predictions.copy_to_mask()
    assert not labels(session).any() and not session.current.history(), "the window did not wait for it"
    rest(qtbot, session)
    assert np.array_equal(labels(session), full()) and history(session) == [("Prediction taken", False)]
    check(session)
    session.current.undo()
    assert labels(session).any() and session.current.changing
    rest(qtbot, session)
    assert not labels(session).any() and history(session) == [("Prediction taken", True)]
    check(session)
    session.current.redo()
    rest(qtbot, session)
    assert np.array_equal(labels(session), full())
    check(session)
    assert boxes == [Box((0, 0, 0), SHAPE)] * 3 and len(edits) == 3


def test_what_is_painted_meanwhile_stays(qtbot: QtBot, session: ProjectSession) -> None:
    session.predictions.copy_to_mask()
    paint(session, (100, 100), 2)
    stroke = labels(session)
    rest(qtbot, session)
    assert np.array_equal(labels(session), np.where(stroke == 2, 2, full()))
    assert history(session) == [("Brush", False), ("Prediction taken", False)]
    check(session)
    session.current.undo()
    rest(qtbot, session)
    assert np.array_equal(labels(session), stroke)
    check(session)


def test_a_stroke_under_the_pen_is_waited_for(qtbot: QtBot, session: ProjectSession) -> None:
    session.predictions.copy_to_mask()
    stroke = begin(session, (100, 100), 2)
    qtbot.waitUntil(lambda: not session.jobs.busy, timeout=PATIENCE)
    assert session.current.changing and labels(session)[0, 300, 300] == 0
    stroke.line("axial", 0, (100, 100), (150, 150), Brush.round(20), 2)
    edit = stroke.end()
    session.current.stroke_done(edit)
    assert all(set(np.unique(patch.new)) <= {0, 2} for patch in edit.patches), "it is the stroke's own change alone"
    painted = labels(session)
    rest(qtbot, session)
    assert np.array_equal(labels(session), np.where(painted == 2, 2, full()))
    check(session)


def test_a_stroke_that_was_given_up_holds_nothing_up(qtbot: QtBot, session: ProjectSession) -> None:
    session.predictions.copy_to_mask()
    stroke = begin(session, (100, 100), 2)
    qtbot.waitUntil(lambda: not session.jobs.busy, timeout=PATIENCE)
    stroke.cancel()
    rest(qtbot, session)
    assert np.array_equal(labels(session), full())
    check(session)


def test_an_undo_gives_way_to_a_stroke_and_says_so(qtbot: QtBot, session: ProjectSession) -> None:
    told: list[tuple[str, str]] = []
    session.notification.connect(lambda text, kind: told.append((text, kind)))
    session.predictions.copy_to_mask()
    rest(qtbot, session)
    session.current.undo()
    session.current.undo()
    paint(session, (100, 100), 2)
    painted = labels(session)
    rest(qtbot, session)
    assert np.array_equal(labels(session), painted)
    assert history(session) == [("Prediction taken", False), ("Brush", False)], "no undo takes the stroke back instead"
    assert [kind for _, kind in told] == ["warn"] and "painted on meanwhile" in told[0][0]
    check(session)


def test_wishes_stand_in_line(qtbot: QtBot, session: ProjectSession) -> None:
    paint(session, (100, 100), 2)
    session.predictions.copy_to_mask()
    session.current.undo()
    session.current.undo()  # a small one, but it is the stroke's turn only after the prediction's
    session.current.redo()
    painted = labels(session)
    rest(qtbot, session)
    assert np.array_equal(labels(session), painted)
    assert history(session) == [("Brush", False), ("Prediction taken", True)]
    check(session)


def test_closing_the_project_finishes_what_was_asked_for(qtbot: QtBot, session: ProjectSession) -> None:
    assert session.project is not None
    path = session.project.path
    session.predictions.copy_to_mask()
    session.current.undo()
    session.current.redo()
    session.close_project()
    session.open_project(path)
    qtbot.waitUntil(lambda: session.current.image is not None and not session.jobs.busy, timeout=PATIENCE)
    assert np.array_equal(labels(session), full()) and history(session) == [("Prediction taken", False)]


def test_leaving_does_not_wait_and_coming_back_sees_what_was_asked_for(qtbot: QtBot, session: ProjectSession) -> None:
    assert session.project is not None
    session.predictions.copy_to_mask()
    session.current.undo()
    session.current.redo()
    session.walk.step(1)
    assert session.project.layers.labelled(1) == frozenset(), "nothing was done of it before the next item was current"
    session.current.open(1)
    assert session.current.loading and session.current.mask is None
    qtbot.waitUntil(lambda: session.current.image is not None and not session.jobs.busy, timeout=PATIENCE)
    assert np.array_equal(labels(session), full()) and history(session) == [("Prediction taken", False)]
    check(session)


def test_what_was_asked_for_reaches_the_disk_while_another_item_is_open(qtbot: QtBot, session: ProjectSession) -> None:
    assert session.project is not None
    boxes: list[Box] = []
    session.predictions.copy_to_mask()
    session.walk.step(1)
    session.current.mask_changed.connect(boxes.append)
    rest(qtbot, session)
    assert session.project.layers.labelled(1) == {0} and session.project.layers.labelled(2) == frozenset()
    assert not labels(session).any() and not boxes and not session.current.history(), "nothing of it is shown here"


def test_what_was_asked_for_of_a_removed_item_is_forgotten(qtbot: QtBot, session: ProjectSession) -> None:
    faults: list[BaseException] = []
    session.failed.connect(faults.append)
    session.predictions.copy_to_mask()
    session.walk.step(1)
    session.remove_items([1])
    qtbot.waitUntil(lambda: session.current.image is not None and not session.jobs.busy, timeout=PATIENCE)
    assert not faults and [item.id for item in session.items()] == [2]


def test_a_class_that_a_change_under_way_holds_is_not_removed(session: ProjectSession) -> None:
    faults: list[BaseException] = []
    session.failed.connect(faults.append)
    session.predictions.copy_to_mask()
    session.set_classes(parse_classes("disc"))
    assert len(faults) == 1 and len(session.classes) == 2 and np.array_equal(labels(session), full())
    check(session)


def test_a_large_fill_is_made_beside_the_window(qtbot: QtBot, session: ProjectSession) -> None:
    faults: list[BaseException] = []
    session.failed.connect(faults.append)
    mask = session.current.mask
    assert mask is not None
    stroke = mask.begin("Ring")
    ring = [(100, 100), (100, 300), (300, 300), (300, 100), (100, 100)]
    for start, end in itertools.pairwise(ring):
        stroke.line("axial", 0, start, end, Brush.round(3), 1)
    session.current.stroke_done(stroke.end())
    before = labels(session)
    session.current.fill(FillWish("Fill", "axial", 0, (200, 200), 2))
    session.current.fill(FillWish("Fill", "axial", 0, (10, 10), 2))  # outside of the ring
    assert np.array_equal(labels(session), before), "the window did not wait for it"
    paint(session, (200, 200), 1)  # the area is another one now
    rest(qtbot, session)
    inside = np.zeros(SHAPE, bool)
    inside[0, 104:297, 104:297] = True
    disc = np.hypot(*(np.indices(SHAPE[1:]) - 200))[None] <= 20
    expected = before.copy()
    expected[disc] = 2  # where the click was, what the stroke painted is what is filled now
    assert np.array_equal(labels(session), expected)
    assert [str(fault) for fault in faults] == ["The outline is not closed: the fill would take most of the slice."]
    session.current.fill(FillWish("Fill", "axial", 0, (110, 110), 2))
    rest(qtbot, session)
    assert (labels(session)[inside] == 2).all() and history(session)[-1] == ("Fill", False)
    check(session)


def test_what_the_disk_refuses_is_not_shown(qtbot: QtBot, session: ProjectSession) -> None:
    faults: list[BaseException] = []
    session.failed.connect(faults.append)
    paint(session, (100, 100), 2)
    before = labels(session)
    assert session.project is not None
    database: sqlite3.Connection = session.project._store._db
    database.execute(
        "CREATE TEMP TRIGGER no BEFORE INSERT ON edits WHEN NEW.name <> 'Brush' BEGIN SELECT RAISE(FAIL, 'full'); END"
    )
    session.predictions.copy_to_mask()
    rest(qtbot, session)
    assert len(faults) == 1 and np.array_equal(labels(session), before) and history(session) == [("Brush", False)]
    check(session)


def test_a_class_that_is_locked_meanwhile_keeps_its_voxels(qtbot: QtBot, session: ProjectSession) -> None:
    session.predictions.copy_to_mask()
    session.lock_classes(frozenset({2}))
    rest(qtbot, session)
    assert np.array_equal(labels(session), np.where(full() == 2, 0, full()))
    check(session)


def test_a_damaged_journal_is_said_and_the_next_wish_has_its_turn(qtbot: QtBot, session: ProjectSession) -> None:
    faults: list[BaseException] = []
    session.failed.connect(faults.append)
    session.predictions.copy_to_mask()
    rest(qtbot, session)
    assert session.project is not None
    database: sqlite3.Connection = session.project._store._db
    database.execute("UPDATE edits SET data = substr(data, 1, length(data) - 20)")
    before = labels(session)
    session.current.undo()
    session.predictions.copy_to_mask(1)  # changes nothing
    rest(qtbot, session)
    assert len(faults) == 1 and "damaged" in str(faults[0])
    assert np.array_equal(labels(session), before) and history(session) == [("Prediction taken", False)]
    database.execute("UPDATE edits SET data = x'00'")
    session.current.undo()
    assert len(faults) == 2 and np.array_equal(labels(session), before)


def test_a_person_may_stop_it(qtbot: QtBot, session: ProjectSession) -> None:
    session.predictions.copy_to_mask()
    session.predictions.copy_to_mask(2)
    running = session.jobs.running(Lane.EDITING)
    assert running is not None
    running.cancel()
    rest(qtbot, session)
    assert np.array_equal(labels(session), np.where(full() == 2, 2, 0)), "what stood in line has its turn"
    assert len(history(session)) == 1
    check(session)


def test_who_hears_of_it_may_ask_for_more(qtbot: QtBot, session: ProjectSession) -> None:
    asked: list[Box] = []

    def undo_once(box: Box) -> None:
        asked.append(box)
        if len(asked) == 1:
            session.current.undo()

    session.current.mask_changed.connect(undo_once)
    session.predictions.copy_to_mask()
    rest(qtbot, session)
    assert len(asked) == 2 and not labels(session).any() and history(session) == [("Prediction taken", True)]
    check(session)


def test_another_prediction_while_one_is_taken(qtbot: QtBot, session: ProjectSession) -> None:
    """The mask gets what was seen when it was asked for; the live Dice compares with what is seen now."""
    other = predicted(session, np.zeros(SHAPE, np.uint8))
    session.predictions.copy_to_mask()
    session.predictions.use_run(other)
    rest(qtbot, session)
    assert np.array_equal(labels(session), full())
    assert session.predictions.labels is not None and not session.predictions.labels.any()
    check(session)


def test_strokes_are_counted_while_a_large_prediction_arrives(qtbot: QtBot, session: ProjectSession) -> None:
    run, before = session.predictions.run, session.predictions.labels
    predicted(session, np.full(SHAPE, 2, np.uint8), run)
    session.predictions.arrived(1)
    assert session.predictions.labels is before, "the one before is shown until it is there"
    paint(session, (100, 100), 2)
    stroke = begin(session, (120, 120), 1)
    with qtbot.waitSignal(session.predictions.prediction_changed, timeout=PATIENCE):
        pass
    assert session.predictions.labels is not None and set(np.unique(session.predictions.labels)) == {2}
    session.current.stroke_done(stroke.end())
    check(session)


def test_the_newest_run_is_shown(qtbot: QtBot, session: ProjectSession) -> None:
    runs = [predicted(session, np.full(SHAPE, value, np.uint8)) for value in (1, 2, 1)]
    for run in runs:
        session.predictions.use_run(run)
        assert session.predictions.labels is None and session.predictions.live is None
    session.predictions.use_run(runs[1])
    rest(qtbot, session)
    assert session.predictions.labels is not None and set(np.unique(session.predictions.labels)) == {2}
    session.set_classes(parse_classes("disc,square,new"))
    rest(qtbot, session)
    assert session.predictions.live is not None and len(session.predictions.live.scores.classes) == 3
    paint(session, (100, 100), 2)
    check(session)
