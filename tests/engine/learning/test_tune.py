"""A study from its queue to the test set: trainings of a second, halved, killed and gone on with."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.config import TrainConfig
from engine.errors import EngineError
from engine.learning import bundle, checkpoint
from engine.learning.reading import read_test_set
from engine.learning.search import importance
from engine.learning.train import train
from engine.learning.tune import tune
from engine.progress import EpochDone, Notice, Work, result_of
from engine.project.project import Project
from engine.project.studies import Study, TrialBegan, TrialEnded, TrialScored
from engine.study import StudyConfig, Trial, combinations

BASE = TrainConfig(epochs=9, batch=5, preset="none", device="cpu", seed=1)
SHADES = StudyConfig(("lenet5", "mlp"), {"rate": ("0.001", "0.3"), "hidden": ("16",)}, BASE, minutes=0.0)


@pytest.fixture
def begin(classes: Path) -> Callable[[StudyConfig], int]:
    def begun(config: StudyConfig) -> int:
        with Project.open(classes) as project:
            return project.studies.add(config, project.task).id

    return begun


def _run(path: Path, study: int, until: Callable[[Any], bool] | None = None) -> list[Any]:
    """The events of a study, up to the first of which `until` is true."""
    events = []
    with Project.open(path):
        work = tune(path, study)
        for event in work:
            events.append(event)
            if until is not None and until(event):
                work.close()
                break
    return events


def _trials(path: Path, study: int) -> list[Trial]:
    with Project.open(path, write=False) as project:
        return project.studies.trials(study)


def test_each_trial_is_an_ordinary_run_and_the_best_go_on_at_each_rung(
    classes: Path, begin: Callable[[StudyConfig], int]
) -> None:
    study = begin(SHADES)
    waiting = _trials(classes, study)
    assert [t.state for t in waiting] == ["waiting"] * 4 and {t.arch for t in waiting[:2]} == {"lenet5", "mlp"}
    events = _run(classes, study)
    began = [e.trial.number for e in events if isinstance(e, TrialBegan)]
    assert began[:4] == [1, 2, 3, 4] and len(began) == 4 + 2 + 2, "all train a ninth, two a third, two to the end"
    trials = _trials(classes, study)
    assert sorted(t.state for t in trials) == ["finished", "finished", "stopped", "stopped"]
    assert sorted(t.first or 0 for t in trials)[2:] == sorted(t.first or 0 for t in trials if t.state == "finished")
    epochs = {"finished": 9, "stopped": 1}
    with Project.open(classes, write=False) as project:
        assert project.studies.get(study).state == "finished"
        for trial in trials:
            run = project.runs.get(trial.run or 0)
            title = {"mlp": "MLP", "lenet5": "LeNet-5"}[trial.arch]
            assert run.name == f"study 1.{trial.number} · {title}" and run.bundle.exists()
            assert (run.state, run.summary.epochs) == (trial.state, epochs[trial.state])
            assert (run.folder / checkpoint.CHECKPOINT).exists(), "it can be trained on by hand"
            assert (run.folder / checkpoint.BEFORE).exists() == (trial.state == "finished")
            assert run.config.rate == float(trial.settings["rate"])
            assert trial.validated == run.validated and trial.parameters
            assert len(trial.rungs) == (3 if trial.state == "finished" else 1) and trial.rungs[-1] == trial.score
    assert [e.epoch for e in events if isinstance(e, EpochDone)][-14:] == [
        2,
        3,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        4,
        5,
        6,
        7,
        8,
        9,
    ][-14:]
    assert next(t for t in trials if t.arch == "mlp").settings["hidden"] == "16"
    assert all("hidden" not in t.settings for t in trials if t.arch == "lenet5")


def test_a_trial_in_three_parts_learns_what_one_in_one_part_does(
    classes: Path, begin: Callable[[StudyConfig], int], tmp_path: Path
) -> None:
    study = begin(SHADES)
    _run(classes, study)
    best = next(t for t in _trials(classes, study) if t.state == "finished")
    with Project.open(classes, write=False) as project:
        run = project.runs.get(best.run or 0)
    (tmp_path / "whole").mkdir()
    whole = result_of(train(classes, tmp_path / "whole", run.config))
    assert whole.score == best.score
    parts, one = (bundle.load(path)[1] for path in (run.bundle, whole.bundle))
    assert all(torch.equal(parts[name], one[name]) for name in one)


def test_without_halving_every_trial_trains_to_its_end(classes: Path, begin: Callable[[StudyConfig], int]) -> None:
    study = begin(replace(SHADES, base=replace(BASE, epochs=2), halving=False))
    _run(classes, study)
    assert {(t.state, t.share, len(t.rungs)) for t in _trials(classes, study)} == {("finished", 1.0, 1)}


def test_a_closed_study_goes_on_where_it_was(classes: Path, begin: Callable[[StudyConfig], int]) -> None:
    study = begin(SHADES)
    _run(classes, study, lambda e: isinstance(e, EpochDone) and e.epoch == 2)  # of the first that came over the rung
    with Project.open(classes, write=False) as project:
        assert project.studies.get(study).state == "paused" and project.studies.unfinished() is not None
        (cut,) = [t for t in project.studies.trials(study) if t.state == "training"]
        run = project.runs.get(cut.run or 0)
        assert run.state == "paused" and run.summary.epochs == 2
    events = _run(classes, study)
    first = next(e for e in events if isinstance(e, TrialBegan))
    assert first.run.id == run.id and next(e for e in events if isinstance(e, EpochDone)).epoch == 3
    assert {t.state for t in _trials(classes, study)} == {"finished", "stopped"}


def test_a_study_that_is_cut_decides_as_one_that_is_not(classes: Path, begin: Callable[[StudyConfig], int]) -> None:
    whole, cut = begin(SHADES), begin(SHADES)
    _run(classes, whole)
    for _ in range(5):
        _run(classes, cut, lambda e: isinstance(e, TrialScored))
    _run(classes, cut)
    one, other = _trials(classes, cut), _trials(classes, whole)
    assert [(t.state, t.rungs, t.validated) for t in one] == [(t.state, t.rungs, t.validated) for t in other]


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_study_of_twelve_trials_loses_nothing_by_being_killed(
    classes: Path, begin: Callable[[StudyConfig], int]
) -> None:
    rates, hidden = ("0.0001", "0.001", "0.01", "0.1"), ("2", "8", "16")
    twelve = StudyConfig(("mlp",), {"rate": rates, "hidden": hidden}, BASE, minutes=0.0)
    whole, killed = begin(twelve), begin(twelve)
    _run(classes, whole)
    known: dict[int, tuple[float, ...]] = {}
    for event, count in (("EpochDone", 5), ("TrialEnded", 6), ("EpochDone", 4)):
        _kill_after(classes, killed, event, count)
        trials = _trials(classes, killed)
        now = {trial.number: trial.rungs for trial in trials}
        assert all(now[number][: len(rungs)] == rungs for number, rungs in known.items()), "what was reached stands"
        assert sum(map(len, now.values())) > sum(map(len, known.values()))
        known = now
    _run(classes, killed)
    ours, theirs = _trials(classes, killed), _trials(classes, whole)
    assert len(ours) == 12
    assert [(t.state, t.rungs, t.validated) for t in ours] == [(t.state, t.rungs, t.validated) for t in theirs]
    with Project.open(classes, write=False) as project:
        assert len(project.runs.all()) == 24, "no trial was begun twice"


def _kill_after(path: Path, study: int, event: str, count: int) -> None:
    """Have a process of its own go on with the study, and kill it soon after it has said so many of these events."""
    script = f"""
        from pathlib import Path
        from engine.learning.tune import tune
        from engine.project.project import Project
        path = Path({str(path)!r})
        with Project.open(path):
            left = {count}
            for event in tune(path, {study}):
                left -= type(event).__name__ == {event!r}
                if not left:
                    print("now", flush=True)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[3], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None and child.stdout.readline() == b"now\n"
        os.kill(child.pid, signal.SIGKILL)


def test_the_minutes_hold_for_all(classes: Path, begin: Callable[[StudyConfig], int]) -> None:
    study = begin(replace(SHADES, base=replace(BASE, epochs=0), minutes=0.1))
    events = _run(classes, study)
    trials = _trials(classes, study)
    assert sorted(t.state for t in trials) == ["finished", "finished", "stopped", "stopped"]
    assert sum(t.seconds for t in trials) < 12, "six seconds, and what a busy machine takes on top"
    with Project.open(classes, write=False) as project:
        limits = {project.runs.get(t.run).config.minutes for t in trials if t.run is not None}
    (limit,) = limits
    assert 0.1 / 3 < limit < 0.1, "more than an even share: two of them never ask for it"
    assert not any(isinstance(e, Notice) and "time is over" in e.text for e in events)


def test_what_the_time_does_not_reach_is_said(classes: Path, begin: Callable[[StudyConfig], int]) -> None:
    study = begin(replace(SHADES, base=replace(BASE, epochs=0), minutes=0.0002, halving=False))
    events = _run(classes, study)
    assert [e.text for e in events if isinstance(e, Notice)][-1].startswith("The time is over before all")
    assert [t.state for t in _trials(classes, study)].count("waiting") == 3
    with Project.open(classes) as project:
        assert project.studies.get(study).state == "finished"
        project.studies.extend(study, replace(project.studies.get(study).config, minutes=0.01))
    _run(classes, study)
    assert [t.state for t in _trials(classes, study)].count("waiting") < 3, "it was given more"


def test_a_trial_that_is_refused_is_kept_with_its_reason(classes: Path, begin: Callable[[StudyConfig], int]) -> None:
    config = replace(SHADES, networks=("lenet5", "timm:no_such_network"), vary={"rate": ("0.001",)})
    study = begin(replace(config, base=replace(BASE, epochs=1)))
    events = _run(classes, study)
    states = {t.arch: t for t in _trials(classes, study)}
    assert states["lenet5"].state == "finished"
    assert states["timm:no_such_network"].state == "failed" and states["timm:no_such_network"].run is None
    assert "no_such_network" in states["timm:no_such_network"].reason
    assert any(isinstance(e, Notice) and "failed" in e.text for e in events)
    with Project.open(classes, write=False) as project:
        assert len(project.runs.all()) == 1


def test_a_study_in_which_all_fail_is_refused(classes: Path, begin: Callable[[StudyConfig], int]) -> None:
    study = begin(replace(SHADES, networks=("timm:no_such_network",), vary={"rate": ("0.001",)}))
    with pytest.raises(EngineError, match="No trial of the study could be trained"):
        _run(classes, study)


@pytest.mark.parametrize("rejected", [False, True])
def test_a_study_that_could_not_be_judged_takes_no_time(
    classes: Path, begin: Callable[[StudyConfig], int], rejected: bool
) -> None:
    with Project.open(classes) as project:
        for item in project.items.all("val"):
            if rejected:
                project.items.set_state(item.id, "rejected")
            else:
                project.items.set_splits({item.id: "train"})
    study = begin(SHADES)
    with pytest.raises(EngineError, match="No item of the validation set is labelled"):
        _run(classes, study)
    with Project.open(classes, write=False) as project:
        assert not project.runs.all() and {t.state for t in project.studies.trials(study)} == {"waiting"}


def test_tpe_names_each_combination_once(classes: Path, begin: Callable[[StudyConfig], int]) -> None:
    config = replace(SHADES, base=replace(BASE, epochs=1), search="tpe", trials=3)
    study = begin(config)
    assert _trials(classes, study) == []
    _run(classes, study, lambda e: isinstance(e, TrialEnded) and e.trial.number == 2)
    _run(classes, study)
    tried = [t.settings for t in _trials(classes, study)]
    assert len(tried) == 3 and all(each in combinations(config) for each in tried)
    assert len({tuple(sorted(each.items())) for each in tried}) == 3


def test_segmentation_is_tuned_and_tested(project: Path) -> None:
    base = TrainConfig(epochs=1, size=32, batch=2, preset="none", device="cpu", encoder="resnet18", weights="none")
    with Project.open(project) as opened:
        study = opened.studies.add(StudyConfig(("unet-smp",), {"rate": ("0.001", "0.003")}, base, 0.0), opened.task).id
    _run(project, study)
    with Project.open(project) as opened:
        found = result_of(read_test_set(project, study))
        runs = [opened.runs.get(t.run or 0) for t in opened.studies.trials(study)]
    best = max(runs, key=lambda run: run.validated or 0)
    winner, second = found.test["winner"], found.test["second"]
    assert winner["number"] == best.id and second["number"] != best.id
    assert winner["n"] == 3 and 0 <= winner["mean_dice"] <= 1 and set(winner["classes"]) == {"disc", "square"}
    low, high = winner["intervals"]["mean_dice"]
    assert low <= winner["mean_dice"] <= high
    paired = found.test["paired"]
    assert paired["n"] == paired["groups"] == 3 and paired["interval"][0] <= paired["mean"] <= paired["interval"][1]
    assert "items" not in winner


# The test set -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def studied(classes: Path, begin: Callable[[StudyConfig], int]) -> tuple[Path, int]:
    study = begin(replace(SHADES, networks=("lenet5",), vary={"rate": ("0.001", "0.3")}, base=replace(BASE, epochs=3)))
    _run(classes, study)
    return classes, study


def _read(path: Path, study: int) -> Study:
    with Project.open(path):
        return result_of(read_test_set(path, study))


def test_the_test_set_is_read_once_for_the_best_two(studied: tuple[Path, int]) -> None:
    path, study = studied
    with Project.open(path, write=False) as project:
        assert project.runs.test_set_readers() == 0, "the winner is chosen by the validation"
    found = _read(path, study).test
    assert found["winner"]["n"] == 8 and set(found["winner"]["intervals"]) == {"accuracy", "macro_f1", "auc", "classes"}
    low, high = found["winner"]["intervals"]["accuracy"]
    assert low <= found["winner"]["accuracy"] <= high
    assert set(found["paired"]["mcnemar"]) == {"first_alone", "second_alone", "p"}
    with Project.open(path, write=False) as project:
        readings = [run.summary.test_readings for run in project.runs.all()]
        (reading,) = project.runs.get(found["winner"]["number"]).summary.test_readings
        assert reading.n == 8 and reading.score == found["winner"]["accuracy"]
        assert (project.runs.get(found["winner"]["number"]).folder / "report-test.json").exists()
    assert [len(each) for each in readings] == [1, 1]
    assert _read(path, study).test == found
    with Project.open(path, write=False) as project:
        assert [len(run.summary.test_readings) for run in project.runs.all()] == [1, 1], "not read again"


def test_a_study_without_a_test_set_says_so(studied: tuple[Path, int]) -> None:
    path, study = studied
    with Project.open(path) as project:
        project.items.set_splits({item.id: "train" for item in project.items.all("test")})
    with pytest.raises(EngineError, match="The test set holds no item"):
        _read(path, study)


# What mattered ----------------------------------------------------------------------------------------------------------


def test_what_decides_the_score_is_what_mattered() -> None:
    config = StudyConfig(("lenet5", "resnet18"), {"rate": ("1", "2", "3"), "batch": ("4", "8")})
    score = {"1": 0.9, "2": 0.6, "3": 0.5}
    trials = [
        Trial(n, settings, "finished", n, rungs=(score[settings["rate"]] + 0.001 * n,))
        for n, settings in enumerate(combinations(config), 1)
    ]
    found = importance(config, trials)
    assert set(found) == {"arch", "rate", "batch"} and sum(found.values()) == pytest.approx(1)
    assert next(iter(found)) == "rate" and found["rate"] > 0.8


def test_few_trials_say_nothing_of_what_mattered() -> None:
    config = StudyConfig(("lenet5",), {"rate": ("1", "2", "3", "4")})
    trials = [Trial(n, s, "finished", n, rungs=(0.5,)) for n, s in enumerate(combinations(config), 1)]
    assert importance(config, trials[:3]) == {} == importance(config, trials)


def test_importance_asks_for_nothing_that_is_not_declared() -> None:
    code = """
        import sys
        sys.modules["sklearn"] = None
        from engine.learning.search import importance
        from engine.study import StudyConfig, Trial, combinations
        config = StudyConfig(("lenet5", "resnet18"), {"rate": ("1", "2", "3")})
        trials = [Trial(n, s, "finished", n, rungs=(0.1 * n,)) for n, s in enumerate(combinations(config), 1)]
        assert sum(importance(config, trials).values()) > 0.99
    """
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-W", "error", "-c", textwrap.dedent(code)], cwd=root, check=True)


def test_work_is_a_generator_of_the_engine() -> None:
    work: Work[Study] = tune(Path("nowhere"), 1)
    with pytest.raises(EngineError):
        next(work)
