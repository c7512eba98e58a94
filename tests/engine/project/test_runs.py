import contextlib
import json
import sqlite3
import time
from collections.abc import Callable

import numpy as np
import pytest

from engine import atomic
from engine.config import TrainConfig
from engine.errors import EngineError
from engine.progress import EpochDone
from engine.project.items import Item
from engine.project.layers import Predicted
from engine.project.project import Project
from engine.project.runs import Run, RunSummary, best_run, cases_of, objects_file, summary_of

MakeItem = Callable[..., Item]


def test_run_is_kept_with_its_folder(project: Project) -> None:
    config = TrainConfig(arch="unet", epochs=3, rate=0.01)
    run = project.runs.add(config)
    assert (run.name, run.state, run.config, run.summary) == ("run 1", "training", config, RunSummary())
    assert run.folder.is_dir() and run.bundle.parent == run.folder
    assert (
        project.runs.all() == [run] == [project.runs.get("run 1")] == [project.runs.get(1)] == [project.runs.get("1")]
    )


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("study 1.2 lenet5", "study 1.2 · LeNet-5"),
        ("study 12.30 unet-smp", "study 12.30 · U-Net"),
        ("study 1.2 · LeNet-5", "study 1.2 · LeNet-5"),
        ("study 1.2 mine", "study 1.2 mine"),
        ("lenet5", "lenet5"),
        ("my study 1.2 lenet5", "my study 1.2 lenet5"),
    ],
)
def test_runs_of_earlier_studies_say_their_network_in_words(project: Project, stored: str, shown: str) -> None:
    run = project.runs.add(TrainConfig(), stored)
    assert run.name == shown and project.runs.all() == [run]
    assert project.runs.get(stored) == run == project.runs.get(shown), "by either name"
    assert project.runs.rename(run, "mine").name == "mine"


def test_the_source_of_a_training_is_meant_by_its_number_first(project: Project) -> None:
    first, second = project.runs.add(TrainConfig()), project.runs.add(TrainConfig(), "1")
    assert project.runs.source(TrainConfig(start_from="1")) == first
    assert project.runs.source(TrainConfig(start_from=str(second.id))) == second
    assert project.runs.source(TrainConfig(start_from="run 1")) == first
    with pytest.raises(EngineError, match="no run 77"):
        project.runs.source(TrainConfig(start_from="77"))


def test_names_are_free_or_refused(project: Project) -> None:
    named = project.runs.add(TrainConfig(), "run 2")
    assert project.runs.add(TrainConfig()).name == "run 3"
    with pytest.raises(EngineError, match="already a run run 2"):
        project.runs.add(TrainConfig(), "run 2")
    assert len(project.runs.all()) == 2
    renamed = project.runs.rename(named, "first try")
    assert project.runs.get("first try") == renamed
    assert project.runs.rename(renamed, "first try") == renamed
    with pytest.raises(EngineError, match="already a run run 3"):
        project.runs.rename(renamed, "run 3")
    with pytest.raises(EngineError, match="needs a name"):
        project.runs.rename(renamed, " ")


@pytest.mark.parametrize("name", ["x", "", "99", "9" * 30, "²", "-1"])
def test_unknown_run_is_refused_with_those_there_are(project: Project, name: str) -> None:
    project.runs.add(TrainConfig(), "mine")
    with pytest.raises(EngineError, match="no run") as fault:
        project.runs.get(name)
    assert "mine" in fault.value.advice


def test_name_goes_before_number(project: Project) -> None:
    first = project.runs.add(TrainConfig())
    second = project.runs.add(TrainConfig(), "1")
    assert project.runs.get("1") == second and project.runs.get("run 1") == first
    assert project.runs.update(first, "finished").id == first.id


def test_a_model_that_is_gone_is_told_from_one_that_never_was(project: Project) -> None:
    run = project.runs.add(TrainConfig())
    with pytest.raises(EngineError, match=r"^run 1 has no model yet\.") as early:
        run.model()
    assert "first validation" in early.value.advice
    run = project.runs.update(run, "finished", RunSummary(epochs=2))
    with pytest.raises(EngineError, match=r"^The model of run 1 is gone: model\.safetensors") as gone:
        run.model()
    assert "Put it back" in gone.value.advice
    run.bundle.write_bytes(b"x")
    assert run.model() == run.bundle


def test_update_adds_to_what_is_there_now(project: Project) -> None:
    old = project.runs.add(TrainConfig())
    project.runs.update(old, "training", RunSummary(epochs=1, score=0.5))
    project.runs.rename(old, "renamed while it trains")
    run = project.runs.update(old, "finished", RunSummary(epochs=2), TrainConfig(arch="unet"))
    assert (run.name, run.state, run.config.arch) == ("renamed while it trains", "finished", "unet")
    assert run.summary == RunSummary(epochs=2, score=0.5)
    assert project.runs.update(old, "finished").config.arch == "unet"


def _epoch(number: int, score: float | None, best: bool, seconds: float = 1.0) -> EpochDone:
    return EpochDone(number, None, 0.1, 0.2, score, best, seconds, {"lung": score})


def test_summary_tells_of_the_kept_weights_and_of_all_starts() -> None:
    assert summary_of([]) == RunSummary()
    assert summary_of([_epoch(1, None, False, 7.0)]) == RunSummary(epochs=1, seconds=7.0)
    first_start = [_epoch(1, 0.85, True, 10.0), _epoch(2, 0.7, False, 20.0)]
    resumed = [_epoch(2, 0.65, False, 21.0), _epoch(3, 0.6, False, 30.0)]
    found = summary_of([*first_start, *resumed])
    assert (found.score, found.dice, found.epochs, found.seconds) == (0.85, {"lung": 0.85}, 3, 30.0)
    assert summary_of([*first_start, _epoch(2, 0.0, True)]).score == 0.0


def test_summary_is_kept_as_it_was_stored_and_what_is_strange_is_passed_over(
    project: Project, caplog: pytest.LogCaptureFixture
) -> None:
    stored = {"arch": "unet", "epochs": 3, "score": None, "dice": {"lung": None}, "of_tomorrow": [1], "auc": "high"}
    assert RunSummary.from_dict(stored) == RunSummary(arch="unet", epochs=3, dice={"lung": None})
    assert "auc" in caplog.text
    run = project.runs.add(TrainConfig())
    with project._store.transaction() as store:
        del stored["auc"]  # a number that is none is damage of the project
        store.run("UPDATE runs SET summary = ? WHERE id = ?", json.dumps(stored), run.id)
    assert project.runs.update(run, "paused", RunSummary(epochs=4)).summary.epochs == 4
    row = project._store.row("SELECT summary FROM runs")
    assert row is not None and json.loads(row["summary"]) == stored | {"epochs": 4}


def test_scores_of_one_validation_go_together() -> None:
    before = RunSummary(arch="unet", score=0.85, dice={"lung": 0.85}, accuracy=0.9, epochs=2)
    assert before.updated(RunSummary(epochs=3)) == RunSummary(
        "unet", epochs=3, score=0.85, dice={"lung": 0.85}, accuracy=0.9
    )
    later = before.updated(RunSummary(dice={"lung": None}))
    assert (later.score, later.dice, later.accuracy, later.arch) == (None, {"lung": None}, None, "unet")
    assert before.updated(RunSummary(score=0.0)).score == 0.0


def test_removed_run_cannot_be_updated(project: Project) -> None:
    run = project.runs.add(TrainConfig())
    project.runs.remove(run)
    assert project.runs.all() == []
    with pytest.raises(EngineError, match="was removed"):
        project.runs.update(run, "finished")


def test_folder_of_a_removed_run_is_not_used_again(project: Project) -> None:
    run = project.runs.add(TrainConfig())
    project.runs.remove(run)
    assert project.runs.add(TrainConfig()).folder != run.folder


def test_training_that_was_killed_is_paused_and_can_be_resumed(project: Project) -> None:
    killed, done = project.runs.add(TrainConfig()), project.runs.add(TrainConfig())
    project.runs.update(done, "finished")
    project.close()
    with Project.open(project.path, write=False) as reader:
        assert [run.state for run in reader.runs.all()] == ["training", "finished"]
    with Project.open(project.path) as again:
        assert [run.state for run in again.runs.all()] == ["paused", "finished"]
        assert again.runs.get(killed.id).config == killed.config


def test_folder_that_cannot_be_made_leaves_no_run(project: Project) -> None:
    (project.path / "runs").write_text("in the way")
    with pytest.raises(EngineError, match="could not be made"):
        project.runs.add(TrainConfig())
    assert project.runs.all() == []


def test_probabilities_come_back(project: Project, make_item: MakeItem) -> None:
    run, item = project.runs.add(TrainConfig()), project.items.add(make_item("a"))
    project.runs.set_probabilities(run, item.id, np.array([0.25, 0.75], np.float32))
    project.runs.set_probabilities(run, item.id, np.array([0.5, 0.5], np.float32))
    found = project.runs.probabilities(run)
    assert list(found) == [item.id] and found[item.id].tolist() == [0.5, 0.5]
    project.items.remove([item.id])
    assert project.runs.probabilities(run) == {}


def test_an_answer_that_is_no_number_is_an_answer(project: Project, make_item: MakeItem) -> None:
    """Who was asked is not asked again, and the scores count it as wrong."""
    run, item = project.runs.add(TrainConfig()), project.items.add(make_item("a"))
    project.runs.set_probabilities(run, item.id, np.array([np.nan, np.nan], np.float32))
    assert np.isnan(project.runs.probabilities(run)[item.id]).all()


def test_settings_of_a_newer_version_are_passed_over(project: Project) -> None:
    run = project.runs.add(TrainConfig(arch="unet"))
    project.close()
    db = sqlite3.connect(project.path / "project.db")
    (text,) = db.execute("SELECT config FROM runs").fetchone()
    db.execute("UPDATE runs SET config = ?", (json.dumps(json.loads(text) | {"of_tomorrow": 1}),))
    db.commit()
    db.close()
    with Project.open(project.path, write=False) as again:
        assert again.runs.all()[0].config == run.config


def _bundle(run: Run, weights: bytes) -> None:
    header = json.dumps({"__metadata__": {"sha256": weights.hex()}}).encode()
    run.bundle.write_bytes(len(header).to_bytes(8, "little") + header + weights)


def test_predictions_of_a_bundle_that_was_replaced_are_taken_out(project: Project, make_item: MakeItem) -> None:
    """A resumed training ends with other weights: what the old ones said must not be scored as the new ones' word."""
    item = project.items.add(make_item("a"))
    other, run = project.runs.add(TrainConfig()), project.runs.add(TrainConfig())
    _bundle(run, b"first")
    run = project.runs.update(run, "finished")
    for each in (other, run):
        project.layers.make(item.id, "prediction", each.id)
        project.runs.set_probabilities(each, item.id, np.array([0.5, 0.5], np.float32))
    mask = project.layers.make(item.id)
    copied = run.bundle.read_bytes()
    run.bundle.unlink()
    run.bundle.write_bytes(copied)  # another file, the same weights
    run = project.runs.update(run, "training")
    run = project.runs.update(run, "paused", RunSummary(epochs=3))
    assert project.layers.predicted(run.id) == {item.id} and list(project.runs.probabilities(run)) == [item.id]
    _bundle(run, b"other")
    run = project.runs.update(run, "finished", RunSummary(epochs=5))
    assert project.layers.predicted(run.id) == set() and project.runs.probabilities(run) == {}
    assert project.layers.predicted(other.id) == {item.id} and list(project.runs.probabilities(other)) == [item.id]
    assert project.layers.mask(item.id) == mask and run.summary.epochs == 5


def test_training_that_was_killed_with_a_new_bundle_leaves_no_old_predictions(
    project: Project, make_item: MakeItem
) -> None:
    item, run = project.items.add(make_item("a")), project.runs.add(TrainConfig())
    _bundle(run, b"first")
    run = project.runs.update(run, "finished")
    project.layers.make(item.id, "prediction", run.id)
    project.runs.update(run, "training")
    _bundle(run, b"other")
    project.close()
    with Project.open(project.path) as again:
        assert again.runs.get(run.id).state == "paused" and again.layers.predicted(run.id) == set()


def test_settings_lie_beside_the_bundle_without_paths(project: Project) -> None:
    run = project.runs.add(TrainConfig(arch="unet", weights="/home/ana/ROSSI MARIO/w.safetensors"))
    kept = json.loads((run.folder / "config.json").read_text())
    assert kept["arch"] == "unet" and kept["weights"] == "w.safetensors"
    project.runs.update(run, "finished", RunSummary(), TrainConfig(arch="unet", encoder="resnet18"))
    assert json.loads((run.folder / "config.json").read_text())["encoder"] == "resnet18"


def test_report_holds_the_scores_and_no_names(project: Project) -> None:
    from engine.project.reports import write_report
    from engine.scoring.metrics import confusion, item_scores, set_scores

    run = project.runs.add(TrainConfig(), "mine")
    mask = np.array([[[0, 1, 1]]], np.uint8)
    names = ["lung", "heart"]
    scores = set_scores([item_scores("ROSSI MARIO", confusion(mask, mask, 2), names)], names)
    write_report(project.path, run.id, "test", scores)
    write_report(project.path, "mine", None, scores)
    found = json.loads((run.folder / "report-test.json").read_text())
    assert found["mean_dice"] == 1.0 and found["classes"]["lung"]["dice"] == 1.0 and "items" not in found
    text = (run.folder / "report-all.txt").read_text()
    assert text.startswith("mine, all\n") and "lung" in text
    assert not any(b"ROSSI" in file.read_bytes() for file in run.folder.iterdir())


def test_best_classifier_is_that_of_the_validation(project: Project) -> None:
    def made(accuracy: float | None, auc: float | None, bundle: bool = True) -> Run:
        run = project.runs.add(TrainConfig())
        if bundle:
            _bundle(run, bytes([run.id]))
        return project.runs.update(run, "finished", RunSummary(accuracy=accuracy, auc=auc))

    none, zero = made(None, 0.9), made(0.0, None)
    assert best_run([none]) is None and best_run([none, zero]) == zero
    plain, ranked = made(0.8, None), made(0.8, 0.0)
    assert best_run([zero, plain, ranked, made(0.9, 1.0, bundle=False), none]) == ranked
    assert best_run([]) is None


def test_cases_of_earlier_versions_leave_the_folder_of_the_run(project: Project) -> None:
    run = project.runs.add(TrainConfig())
    (run.folder / "cases.zip").write_bytes(b"pictures of patients")
    place = project.path
    project.close()
    with Project.open(place) as again:
        assert cases_of(run.folder).read_bytes() == b"pictures of patients"
        assert [file.name for file in run.folder.iterdir()] == ["config.json"]
        again.runs.remove(again.runs.get(run.id))
        assert not cases_of(run.folder).exists()


def test_each_reading_of_the_test_set_is_kept_with_its_model(project: Project) -> None:
    run, other = project.runs.add(TrainConfig()), project.runs.add(TrainConfig(), "other")
    _bundle(run, b"1")
    run = project.runs.update(run, "finished", RunSummary(score=0.8))
    assert run.test_reading is None and project.runs.test_set_readers() == 0 and not project.runs.readings_so_far(run)
    run = project.runs.keep_test_reading(run, 12, 0.75)
    assert run.test_reading is not None and (run.test_reading.n, run.test_reading.score) == (12, 0.75)
    day = time.strftime("%Y-%m-%d", time.localtime(run.test_reading.at))
    assert [note.text for note in project.runs.readings_so_far(run)] == [
        f"The test set was read with run 1 before, on {day}."
    ]
    (blind,) = project.runs.readings_so_far(other)
    assert "(2 in all): a choice made by it is no longer blind" in blind.text
    again = project.runs.keep_test_reading(run, 12, 0.74)
    assert [each.score for each in again.summary.test_readings] == [0.75, 0.74] and project.runs.test_set_readers() == 1
    _bundle(run, b"2")  # it is trained on: the numbers that were read are of another model
    trained_on = project.runs.update(run, "finished", RunSummary(score=0.9))
    assert trained_on.test_reading is None and len(trained_on.summary.test_readings) == 2
    project.runs.remove(trained_on)
    assert project.runs.test_set_readers() == 1, "what was seen of the test set stays seen"
    path = project.path
    project.close()
    with Project.open(path) as opened:
        assert opened.runs.test_set_readers() == 1


def test_of_a_run_that_was_refused_nothing_is_left(project: Project) -> None:
    kept = project.runs.add(TrainConfig())
    refused = project.runs.add(TrainConfig())
    project.runs.discard(refused)
    assert project.runs.all() == [kept] and not refused.folder.exists()
    assert project.runs.add(TrainConfig()).name == "run 2", "nor its number"


def test_best_run_is_that_of_the_validation(project: Project) -> None:
    def made(score: float | None) -> Run:
        run = project.runs.add(TrainConfig())
        _bundle(run, bytes([run.id]))
        return project.runs.update(run, "finished", RunSummary(score=score))

    good, newest, none = made(0.83), made(0.49), made(None)
    assert best_run([none, newest, good]) == good and best_run([none]) is None
    assert (good.validated, none.validated) == (0.83, None)


def test_an_ap_is_not_held_against_a_dice(project: Project) -> None:
    """Beside a network that segments, the higher AP of one that tells objects apart says nothing."""

    def made(summary: RunSummary) -> Run:
        run = project.runs.add(TrainConfig())
        _bundle(run, bytes([run.id]))
        return project.runs.update(run, "finished", summary)

    objects = made(RunSummary(score=0.9, ap50=0.9, dice={"lung": 0.5, "heart": None, "spine": 0.7}))
    surer = made(RunSummary(score=0.95, ap50=0.95, dice={"lung": 0.4, "heart": None, "spine": 0.4}))
    parts = made(RunSummary(score=0.8, dice={"lung": 0.8, "heart": None, "spine": 0.8}))
    assert objects.summary.mean_dice == pytest.approx(0.6) and parts.summary.mean_dice == 0.8
    assert best_run([objects, surer]) == surer and best_run([objects, surer, parts]) == parts


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("change", ["forget_predictions", "remove", "discard", "keep_objects", "update"])
def test_files_go_when_what_takes_them_out_of_the_project_is_kept(project: Project, change: str, kept: bool) -> None:
    """A change inside of others: they may be taken back with it, and then rows still speak of its files."""
    run = project.runs.add(TrainConfig())
    _bundle(run, b"1")
    project.runs.update(run, "finished")
    project.runs.keep_objects(run, 1, project.runs.write_objects(run, 1, b"objects"))
    atomic.make_folder(cases_of(run.folder).parent)
    cases_of(run.folder).write_bytes(b"cases")
    file = {"remove": cases_of(run.folder), "discard": run.folder}.get(change, objects_file(run.folder, 1))
    try:
        with project.transaction():
            if change == "update":
                _bundle(run, b"2")
                project.runs.update(run, "finished")
            elif change == "keep_objects":
                project.runs.keep_objects(run, 1, None)
            else:
                getattr(project.runs, change)(run)
            assert file.exists()
            if not kept:
                raise InterruptedError
    except InterruptedError:
        pass
    assert file.exists() is not kept
    project.set_note("later", "1")
    assert file.exists() is not kept, "what was taken back is not done later"


def test_a_prediction_is_kept_with_its_objects_or_not_at_all(project: Project, make_item: MakeItem) -> None:
    item = project.items.add(make_item())
    run = project.runs.add(TrainConfig())
    project.keep_prediction(run, Predicted(item.id, (), b"earlier"))
    with contextlib.suppress(InterruptedError), project.transaction():
        project.keep_prediction(run, Predicted(item.id, (), b"objects"))
        raise InterruptedError
    assert objects_file(run.folder, item.id).read_bytes() == b"earlier", "as the prediction beside it is"
    project.keep_prediction(run, Predicted(item.id, (), b"objects"))
    assert objects_file(run.folder, item.id).read_bytes() == b"objects"
    project.runs.forget_predictions(run)
    objects_file(run.folder, 0).parent.write_bytes(b"no folder can be made here")
    with pytest.raises(EngineError):
        project.keep_prediction(run, Predicted(item.id, (), b"objects"))
    assert project.layers.of_item(item.id) == []
