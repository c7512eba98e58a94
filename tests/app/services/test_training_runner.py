"""TrainingRunner of the open project: real ones on tiny images, their failures, their predictions and scores."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.services.jobs import JobQueue, Lane
from app.services.project_session import ProjectSession
from app.services.run_queries import _predicting, _Stored
from app.services.training_runner import TrainingRunner
from engine.config import PredictConfig, TrainConfig
from engine.errors import EngineError
from engine.learning.bundle import load, read_card, save
from engine.learning.events import EVENTS, keep_epoch, read_cases, read_events
from engine.learning.learner import Validation
from engine.progress import EpochDone, Progress, result_of
from engine.project.class_removal import remove_class
from engine.project.layers import Predicted, pack
from engine.project.project import Project
from engine.project.runs import Classified, Run, RunSummary, cases_of
from engine.scoring.metrics import SetScores
from engine.study import StudyConfig
from widgets.plots import MOST_POINTS

TINY = TrainConfig(
    arch="linknet", encoder="mobilenet_v2", epochs=1, size=32, batch=2, preset="none", device="cpu", seed=1
)
LONG = 60_000  # ms: torch is loaded by the first training


class Bench:
    """A session with its trainings on the small project."""

    def __init__(self, qtbot: QtBot, path: Path) -> None:
        self.qtbot, self.jobs = qtbot, JobQueue()
        self.session = ProjectSession(self.jobs)
        self.trainings = TrainingRunner(self.session, self.jobs)
        self.faults: list[BaseException] = []
        self.told: list[str] = []
        self.scored: list[tuple[int, str]] = []
        self.predicted: list[tuple[int, int]] = []
        self.session.failed.connect(self.faults.append)
        self.session.notification.connect(lambda text, kind: self.told.append(text))
        self.trainings.runs.scored.connect(lambda run, split: self.scored.append((run, split)))
        self.trainings.runs.predicted.connect(lambda run, item: self.predicted.append((run, item)))
        with qtbot.waitSignal(self.session.current.image_changed, timeout=LONG):
            self.session.open_project(path)

    @property
    def project(self) -> Project:
        assert self.session.project is not None
        return self.session.project

    def until_idle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.trainings.training and not self.jobs.busy, timeout=LONG)

    def until_epoch(self) -> None:
        with self.qtbot.waitSignal(self.trainings.epoch, timeout=LONG):
            pass

    def finished(self, name: str) -> Run:
        """A run that is only said to have been trained."""
        run = self.project.runs.update(self.project.runs.add(TINY, name), "finished", RunSummary(score=0.5))
        run.bundle.write_bytes(b"weights")
        return run


@pytest.fixture
def bench(qtbot: QtBot, project: Path) -> Iterator[Bench]:
    made = Bench(qtbot, project)
    yield made
    made.session.close_project()
    assert made.jobs.close(30)


def test_a_training_ends_in_a_run_with_predictions_and_scores(bench: Bench) -> None:
    bench.trainings.start(TINY, "mine")
    assert bench.trainings.training and bench.trainings.run is not None and bench.trainings.run.name == "mine"
    bench.until_idle()
    assert not bench.faults
    run = bench.project.runs.get("mine")
    assert run.state == "finished" and read_card(run.bundle).classes
    assert len(bench.trainings.losses) == 2 and bench.trainings.losses[-1][0] == 1 and len(bench.trainings.epochs) == 1
    assert bench.session.predictions.run is not None and bench.session.predictions.run.name == "mine"
    assert {item for _, item in bench.predicted} == {1, 5, 6}, "the sets that were kept apart, and the open item"
    assert bench.session.predictions.labels is not None and bench.session.predictions.live is not None
    assert set(bench.scored) == {(run.id, "test"), (run.id, "val")}
    scores = bench.trainings.runs.scores(run, "test")
    assert isinstance(scores, SetScores) and len(scores.items) == 1
    reports = {file.name for file in run.folder.iterdir() if file.name.startswith("report")}
    assert reports == {"report-val.json", "report-val.txt"}, "none of the test set, which nobody has read"
    assert any(text.startswith("mine is trained. Mean Dice 0.") for text in bench.told)
    assert not bench.trainings.runs.predicting


def test_a_prediction_says_that_it_begins_and_ends_and_not_that_the_runs_are_others(bench: Bench) -> None:
    """The tab of the trainings draws all of itself anew where runs are others."""
    said: list[bool] = []
    changed: list[None] = []
    run = bench.finished("first")
    bench.trainings.runs.under_way_changed.connect(lambda: said.append(bench.trainings.runs.predicting))
    bench.trainings.runs.changed.connect(lambda: changed.append(None))
    bench.trainings.runs.predict(run)  # by weights that are none: it ends at once
    bench.until_idle()
    assert said == [True, False] and not changed


def test_what_happened_is_told_by_its_own_signal(bench: Bench) -> None:
    """Who only wants to know whether anything trains is not woken by what waits."""
    told: list[str] = []
    trainings = bench.trainings
    for name, signal in (
        ("training", trainings.training_changed),
        ("paused", trainings.paused_changed),
        ("queue", trainings.waiting.changed),
        ("runs", trainings.runs.changed),
    ):
        signal.connect(lambda name=name: told.append(name))

    def since() -> list[str]:
        said, told[:] = list(told), []
        return said

    trainings.start(replace(TINY, epochs=10_000))
    assert since() == ["training", "runs"]
    trainings.start(TINY)
    assert since() == ["queue"]
    trainings.pause()
    trainings.pause(False)
    assert since() == ["paused", "paused"]
    assert trainings.run is not None and trainings.runs.rename(trainings.run, "other") is not None
    assert since() == ["runs"] and trainings.run.name == "other"
    trainings.waiting.clear()
    assert since() == ["queue"]
    trainings.stop()
    bench.until_idle()
    assert since() == ["training", "runs"]


def test_a_prediction_that_is_stopped_is_over(bench: Bench) -> None:
    bench.trainings.runs.predict(bench.finished("first"))
    bench.trainings.runs.predict(bench.finished("waiting"))
    handles = [handle for each in bench.trainings.runs._predicting.values() for handle in each]
    for handle in reversed(handles):
        handle.cancel()
    bench.until_idle()
    assert not bench.trainings.runs.predicting and not bench.scored
    assert "Stopped. What was predicted so far is kept." in bench.told


def test_stop_keeps_the_best_and_resume_goes_on(bench: Bench) -> None:
    bench.trainings.start(replace(TINY, epochs=10_000))
    bench.until_epoch()
    bench.trainings.stop()
    bench.until_idle()
    run = bench.project.runs.get("run 1")
    before = len(read_events(run.folder))
    assert run.state == "paused" and run.bundle.exists() and run.summary.epochs >= 1 and before >= 1
    assert "run 1 was stopped" in bench.told[-1]
    bench.trainings.resume(run)
    assert bench.project.runs.get("run 1").state == "training"
    bench.until_epoch()
    assert [each.epoch for each in bench.trainings.epochs] == list(range(1, before + 2)), "those of before count too"
    bench.trainings.stop()
    bench.until_idle()
    assert not bench.faults


def test_stopped_after_a_resume_a_run_keeps_the_score_of_its_model(bench: Bench) -> None:
    bench.trainings.start(replace(TINY, epochs=10_000))
    bench.until_epoch()
    bench.trainings.stop()
    bench.until_idle()
    run = bench.project.runs.get("run 1")
    kept = replace(read_events(run.folder)[0], epoch=1, score=2.0, best=True)  # better than any that follows
    (run.folder / EVENTS).unlink()
    keep_epoch(run.folder, kept)
    card, weights = load(run.bundle)
    found = asdict(Validation(2.0, 0.0, None, kept.dice))
    del found["cases"]
    save(run.bundle, replace(card, scores={"validation": found, "epoch": 1}), weights)
    bench.trainings.resume(run)
    bench.until_epoch()
    bench.trainings.stop()
    bench.until_idle()
    run = bench.project.runs.get("run 1")
    assert run.summary.score == 2.0 and run.summary.dice == kept.dice and run.summary.epochs >= 2
    assert run.summary.arch and not bench.faults


def test_a_training_that_fails_keeps_what_it_has_come_to(bench: Bench) -> None:
    bench.trainings.start(replace(TINY, epochs=10_000))
    cases_of(bench.project.runs.get("run 1").folder).mkdir(
        parents=True
    )  # the pictures of its first validation cannot be kept
    bench.until_idle()
    run = bench.project.runs.get("run 1")
    kept = [epoch for epoch in read_events(run.folder) if epoch.best][-1]
    assert run.state == "failed" and len(bench.faults) == 1
    assert run.summary.score == kept.score and run.summary.epochs >= 1 and run.summary.arch


def test_one_trains_and_the_others_wait(bench: Bench) -> None:
    bench.trainings.start(replace(TINY, epochs=10_000), "long")
    bench.trainings.start(TINY, "next")
    bench.trainings.start(TINY, "long")  # a name that there is already: it cannot begin
    bench.trainings.start(TINY, "last")
    assert [each.name for each in bench.trainings.waiting.all] == ["next", "long", "last"]
    bench.until_epoch()
    bench.trainings.stop()
    bench.qtbot.waitUntil(lambda: len(bench.trainings.runs.all()) == 3, timeout=LONG)
    bench.until_idle()
    assert [(r.name, r.state) for r in bench.trainings.runs.all()] == [
        ("long", "paused"),
        ("next", "finished"),
        ("last", "finished"),
    ]
    assert [type(fault) for fault in bench.faults] == [EngineError] and "already" in str(bench.faults[0])


def test_nothing_to_learn_from_is_said_and_no_run_is_left(bench: Bench) -> None:
    bench.session.assignments.set_splits({item.id: "test" for item in bench.session.items()})
    bench.trainings.start(TINY)
    bench.until_idle()
    assert not bench.trainings.runs.all() and not list((bench.project.path / "runs").iterdir())
    (fault,) = bench.faults
    assert isinstance(fault, EngineError) and fault.text.endswith(".") and fault.advice
    assert bench.session.predictions.run is None and not bench.trainings.training


def test_a_prediction_by_weights_that_are_none_is_said(bench: Bench) -> None:
    bench.trainings.runs.predict(bench.finished("empty"))
    assert bench.trainings.runs.predicting
    bench.until_idle()
    assert isinstance(bench.faults[0], EngineError) and not bench.trainings.runs.predicting and not bench.predicted


def test_runs_are_renamed_and_removed(bench: Bench) -> None:
    first, second = bench.finished("first"), bench.finished("second")
    bench.session.predictions.use_run(second)
    bench.trainings.runs._scores[second.id, "test"] = scores = SetScores.__new__(SetScores)
    bench.trainings.runs.rename(second, "better")
    assert bench.session.predictions.run is not None and bench.session.predictions.run.name == "better"
    renamed = bench.session.predictions.run
    assert bench.trainings.runs.scores(renamed, "test") is scores, "scores follow their run"
    bench.trainings.runs.rename(renamed, "first")
    bench.trainings.runs.rename(renamed, "  ")
    assert len(bench.faults) == 2 and [r.name for r in bench.trainings.runs.all()] == ["first", "better"]
    bench.trainings.runs.remove(renamed)
    assert [r.name for r in bench.trainings.runs.all()] == [
        "first"
    ] and bench.session.predictions.run.name == first.name
    assert bench.trainings.runs.scores(bench.finished("better"), "test") is None, (
        "another run of that name has none yet"
    )


def test_a_project_that_is_read_only_says_why_nothing_is_trained(qtbot: QtBot, project: Path) -> None:
    with Project.open(project) as held:
        run = held.runs.add(TINY, "mine")
        bench = Bench(qtbot, project)
        bench.trainings.start(TINY)
        bench.trainings.resume(run)
        bench.trainings.runs.rename(run, "yours")
        bench.trainings.runs.remove(run)
        assert len(bench.faults) == 4 and all("read only" in str(fault) for fault in bench.faults)
        assert not bench.trainings.training and [r.name for r in held.runs.all()] == ["mine"]
        bench.session.close_project()
        assert bench.jobs.close(20)


def test_scores_of_a_project_that_was_closed_are_not_taken_for_this_one_s(bench: Bench, tmp_path: Path) -> None:
    bench.trainings.start(TINY, "mine")
    bench.until_idle()
    run, path = bench.project.runs.get("mine"), bench.project.path
    bench.trainings.runs.score(run, "test")
    scoring = bench.jobs.running(Lane.SCORING)
    assert scoring is not None and scoring.wait(LONG / 1000)  # they are there, but nobody has heard of it
    bench.session.new_project(tmp_path / "other", "multiclass", bench.project.classes)
    bench.scored.clear()
    bench.until_idle()
    assert not bench.scored and bench.trainings.runs.scores(run, "test") is None
    bench.session.open_project(path)
    assert bench.trainings.runs.scores(run, "test") is None
    bench.qtbot.waitUntil(lambda: bench.session.current.image is not None, timeout=LONG)


def test_curves_of_a_study_are_not_taken_for_those_of_another_project_s(bench: Bench, tmp_path: Path) -> None:
    """Trials have the same numbers in every study."""

    def tuned(path: Path, score: float) -> None:
        with Project.open(path) as project:
            study = project.studies.add(StudyConfig(("unet", "fpn"), {"rate": ("0.001", "0.01")}), project.task)
            run = project.runs.update(project.runs.add(TINY), "finished", RunSummary(score=score))
            keep_epoch(run.folder, EpochDone(1, 1, 0.5, 0.5, score, True, 1.0, {"disc": score}))
            first = project.studies.trials(study.id)[0]
            project.studies.keep_trial(study.id, replace(first, state="finished", run=run.id, score=score))

    one = bench.project.path
    bench.session.close_project()
    two = Path(shutil.copytree(one, tmp_path / "two.contorno"))
    tuned(one, 0.9)
    tuned(two, 0.2)
    studies = bench.trainings.studies
    bench.session.open_project(one)
    reading = bench.jobs.running(Lane.RECORDS)
    assert reading is not None and reading.wait(LONG / 1000)  # they are there, but nobody has heard of them
    bench.session.open_project(two)
    bench.qtbot.waitUntil(lambda: not bench.jobs.busy, timeout=LONG)
    assert studies.curves == {studies.trials[0].number: (0.2,)}


def test_scores_on_their_way_are_of_the_classes_as_they_are_called_now(bench: Bench) -> None:
    run = bench.finished("mine")
    for item in bench.session.items():
        mask = bench.project.layers.mask(item.id)
        assert mask is not None
        said = bench.project.layers.make(item.id, "prediction", run.id)
        bench.project.layers.replace(said, pack(bench.project.layers.read(mask, item.shape)))
    bench.trainings.runs.score(run, "val")
    scoring = bench.jobs.running(Lane.SCORING)
    assert scoring is not None and scoring.wait(LONG / 1000)  # they are there, but nobody has heard of them
    disc, square = bench.session.classes
    bench.session.set_classes([replace(disc, name="ring"), square])
    bench.until_idle()
    scores = bench.trainings.runs.scores(run, "val")
    assert isinstance(scores, SetScores) and list(scores.classes) == ["ring", "square"]


def test_a_run_that_is_renamed_while_it_is_asked_keeps_its_answers(bench: Bench) -> None:
    bench.trainings.start(TINY, "mine")
    bench.until_idle()
    run = bench.project.runs.get("mine")
    bench.predicted.clear()
    bench.scored.clear()
    bench.trainings.runs.predict(run, [5, 6])
    bench.trainings.runs.score(run, "")
    bench.trainings.runs.rename(run, "yours")
    bench.finished("mine")  # another one is called so now
    bench.until_idle()
    assert not bench.faults and bench.predicted == [(run.id, 5), (run.id, 6)]
    assert set(bench.scored) == {(run.id, ""), (run.id, "test"), (run.id, "val")}
    assert bench.trainings.runs.scores(bench.project.runs.get("yours"), "test") is not None
    assert bench.trainings.runs.scores(bench.project.runs.get("mine"), "test") is None


def test_an_item_that_is_removed_while_it_is_predicted_is_passed_over(bench: Bench) -> None:
    bench.trainings.start(TINY, "mine")
    bench.until_idle()
    path, run = bench.project.path, bench.project.runs.get("mine")
    stored = []
    for event in _predicting(path, run.id, [2, 3], PredictConfig(device="cpu"), writable=True):
        if isinstance(event, Progress) and event.what == "b":
            bench.session.remove_items([2])
        elif isinstance(event, _Stored):
            stored.append(event.item)
    assert stored == [3] and bench.project.layers.prediction(3, run.id) is not None


def test_predictions_are_stored_beside_the_window_and_one_item_scores_its_own_set_alone(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []

    def keep_seen(project: Project, run: Run, prediction: Predicted | Classified) -> None:
        threads.append(threading.get_ident())
        keep(project, run, prediction)

    keep = Project.keep_prediction
    monkeypatch.setattr(Project, "keep_prediction", keep_seen)
    bench.trainings.start(TINY, "mine")
    bench.until_idle()
    run = bench.project.runs.get("mine")
    bench.scored.clear()
    bench.trainings.runs.predict(run, [6])
    bench.trainings.runs.predict(run, [1])
    bench.until_idle()
    sets = {item.id: item.split for item in bench.session.items()}
    assert bench.scored == [(run.id, sets[6])] and sets[1] == "train"
    assert threads and threading.get_ident() not in threads


def test_who_clicks_through_runs_waits_for_the_last_one_alone(bench: Bench) -> None:
    bench.trainings.start(TINY, "mine")
    bench.until_idle()
    run = bench.project.runs.get("mine")
    bench.scored.clear()
    runs = bench.trainings.runs
    for split in ("test", "val", "train", ""):
        runs.show_scores(run, split)
        runs.show_scores(run, split)
    assert bench.jobs.waiting(Lane.SCORING) == 1, "the one that runs ends, those between are taken back"
    bench.until_idle()
    assert bench.scored == [(run.id, "")]


def test_a_training_can_be_renamed(bench: Bench) -> None:
    bench.trainings.start(replace(TINY, epochs=10_000), "long")
    bench.until_epoch()
    assert bench.trainings.run is not None
    bench.trainings.runs.rename(bench.trainings.run, "short")
    assert bench.trainings.run.name == "short"
    assert (job := bench.jobs.running(Lane.LEARNING)) is not None and job.title == "short"
    bench.trainings.stop()
    bench.until_idle()
    assert "short was stopped" in bench.told[-1]


def test_what_is_removed_is_no_longer_asked(bench: Bench) -> None:
    bench.trainings.start(TINY, "mine")
    bench.until_idle()
    bench.predicted.clear()
    bench.told.clear()
    bench.trainings.runs.predict(bench.project.runs.get("mine"))
    bench.trainings.runs.remove(bench.project.runs.get("mine"))
    bench.until_idle()
    assert not bench.faults and not bench.told and not bench.trainings.runs.predicting


def test_closing_a_project_keeps_what_its_training_has_come_to(bench: Bench) -> None:
    path = bench.project.path
    bench.trainings.start(replace(TINY, epochs=10_000), "long")
    bench.until_epoch()
    bench.session.close_project()
    assert not bench.trainings.training
    bench.until_idle()
    with Project.open(path, write=False) as closed:
        run = closed.runs.get("long")
        assert run.state == "paused" and run.summary.epochs >= 1 and run.summary.arch and run.summary.dice
        assert run.summary.score is not None


def test_a_training_that_is_stopped_before_its_first_step_promises_no_model(bench: Bench) -> None:
    bench.trainings.start(TINY, "mine")
    bench.trainings.stop()
    bench.until_idle()
    assert bench.told[-1] == "mine was stopped before it had a model; it can be resumed."
    assert not bench.project.runs.get("mine").bundle.exists()


def test_a_long_training_does_not_fill_the_memory(bench: Bench) -> None:
    bench.trainings.start(replace(TINY, epochs=10_000), "long")
    bench.until_epoch()
    assert bench.trainings.cases and not any(epoch.cases for epoch in bench.trainings.epochs)
    assert [c.item for c in read_cases(bench.project.runs.get("long").folder)] == [
        c.item for c in bench.trainings.cases
    ]
    bench.trainings.losses[:0] = [(at / MOST_POINTS, 0.5) for at in range(MOST_POINTS)]
    bench.trainings.losses[77] = (77 / MOST_POINTS, 9.0)
    with bench.qtbot.waitSignal(bench.trainings.batch, timeout=LONG):
        pass
    assert len(bench.trainings.losses) < 0.6 * MOST_POINTS and max(bench.trainings.losses, key=lambda p: p[1])[1] == 9.0
    bench.trainings.stop()
    bench.until_idle()


def test_a_late_failure_of_a_closed_project_is_nobody_s(bench: Bench, tmp_path: Path) -> None:
    bench.trainings.runs.predict(bench.finished("empty"))
    job = bench.jobs.running(Lane.LEARNING)
    assert job is not None and job.wait(LONG / 1000)  # it has failed, but nobody has heard of it
    bench.session.new_project(tmp_path / "other", "multiclass", bench.project.classes)
    bench.until_idle()
    assert not bench.faults


def test_a_network_that_is_refused_leaves_no_run(bench: Bench) -> None:
    bench.trainings.start(replace(TINY, encoder="no-such-encoder"), "refused")
    bench.trainings.start(TINY, "next")
    bench.until_idle()
    assert [(run.name, run.id, run.state) for run in bench.trainings.runs.all()] == [("next", 1, "finished")]
    assert len(bench.faults) == 1 and isinstance(bench.faults[0], EngineError)


def test_the_newest_run_is_in_use_only_where_none_did_better(bench: Bench) -> None:
    good = bench.project.runs.update(bench.finished("good"), "finished", RunSummary(score=2.0))  # nobody does better
    bench.session.predictions.use_run(good)
    bench.trainings.start(TINY, "newest")
    bench.until_idle()
    assert bench.session.predictions.run is not None and bench.session.predictions.run.name == "good"
    assert any("newest is trained." in text and "good stays in use: it has 2.000." in text for text in bench.told)
    bench.project.runs.update(good, "finished", RunSummary(score=0.0))
    bench.session.predictions.use_run(bench.project.runs.get("good"))
    bench.trainings.start(replace(TINY, seed=2), "better")
    bench.until_idle()
    assert bench.session.predictions.run.name == "better"


def test_a_project_opens_with_the_best_run_in_use_where_none_was_chosen(bench: Bench) -> None:
    path = bench.project.path
    for name, score in (("first", 0.83), ("newest", 0.49)):
        bench.project.runs.update(bench.finished(name), "finished", RunSummary(score=score))
    bench.session.close_project()
    bench.session.open_project(path)
    assert bench.session.predictions.run is not None and bench.session.predictions.run.name == "first"
    bench.session.predictions.use_run(bench.project.runs.get("newest"))
    bench.session.close_project()
    bench.session.open_project(path)
    assert bench.session.predictions.run.name == "newest", "a person's choice stays"
    bench.qtbot.waitUntil(lambda: bench.session.current.image is not None, timeout=LONG)


def test_the_test_set_is_scored_when_it_is_read_and_not_before(bench: Bench) -> None:
    bench.trainings.start(TINY, "mine")
    bench.until_idle()
    run = bench.project.runs.get("mine")
    assert not (run.folder / "report-test.json").exists() and (run.folder / "report-val.json").exists()
    bench.project.runs.forget_predictions(run)
    bench.predicted.clear()
    bench.trainings.runs.read_test_set(run)
    assert bench.trainings.runs.reads_test_set(run)
    bench.until_idle()
    assert (run.id, 6) in bench.predicted, "what is missing is predicted first"
    scores, read = bench.trainings.runs.scores(run, "test"), bench.project.runs.get("mine")
    assert isinstance(scores, SetScores) and read.test_reading is not None
    assert (read.test_reading.n, read.test_reading.score) == (scores.n, scores.mean_dice)
    assert bench.session.predictions.run == read and not bench.trainings.runs.reads_test_set(run)
    assert (run.folder / "report-test.json").exists() and not bench.faults


def test_a_test_set_without_masks_is_said_and_no_reading_is_kept(bench: Bench) -> None:
    bench.trainings.start(TINY, "mine")
    bench.until_idle()
    bench.session.assignments.set_splits({item.id: "train" for item in bench.session.items()})
    run, reads = bench.project.runs.get("mine"), list[bool]()
    bench.trainings.runs.under_way_changed.connect(lambda: reads.append(bench.trainings.runs.reads_test_set(run)))
    bench.trainings.runs.read_test_set(run)
    bench.until_idle()
    assert reads == [True, False], "who shows that it is read hears that it is not any more"
    assert "nothing to compare with" in bench.told[-1] and bench.project.runs.get("mine").test_reading is None


def test_a_damaged_queue_is_passed_over(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    path = bench.project.path
    bench.project.set_note("queue", '[["{}", "good"], ["none", 3]]')
    bench.session.close_project()
    bench.session.open_project(path)
    assert [each.name for each in bench.trainings.waiting.all] == ["good"] and "queue is not read on" in caplog.text
    bench.qtbot.waitUntil(lambda: bench.session.current.image is not None, timeout=LONG)


def test_a_class_that_is_removed_while_it_is_predicted_mixes_nothing(bench: Bench) -> None:
    """The classes that it began with are others than those of the project: nothing more is stored."""
    bench.trainings.start(TINY, "mine")
    bench.until_idle()
    path, run = bench.project.path, bench.project.runs.get("mine")
    bench.project.runs.forget_predictions(run)
    work = _predicting(path, run.id, [2, 3], PredictConfig(device="cpu"), writable=True)
    first = next(event for event in work if isinstance(event, _Stored))
    result_of(remove_class(bench.project, 1))
    with pytest.raises(EngineError, match="A class was removed while mine predicted"):
        result_of(work)
    assert first.item == 2 and bench.project.layers.prediction(3, run.id) is None


def test_a_test_set_is_read_whole_though_one_of_its_items_was_predicted_meanwhile(bench: Bench) -> None:
    bench.session.assignments.set_splits({5: "test", 6: "test"})
    bench.trainings.start(TINY, "mine")
    bench.until_idle()
    run = bench.project.runs.get("mine")
    bench.project.runs.forget_predictions(run)
    bench.trainings.runs.predict(run, [6])
    bench.trainings.runs.read_test_set(run)
    bench.until_idle()
    reading = bench.project.runs.get("mine").test_reading
    assert reading is not None and reading.n == 2
