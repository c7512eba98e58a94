import json
import sqlite3
from collections.abc import Callable

import numpy as np
import pytest

from engine.config import TrainConfig
from engine.errors import EngineError
from engine.project.items import Item
from engine.project.project import Project

MakeItem = Callable[..., Item]


def test_run_is_kept_with_its_folder(project: Project) -> None:
    config = TrainConfig(arch="unet", epochs=3, rate=0.01)
    run = project.runs.add(config)
    assert (run.name, run.state, run.config, run.summary) == ("run 1", "training", config, {})
    assert run.folder.is_dir() and run.bundle.parent == run.folder
    assert (
        project.runs.all() == [run] == [project.runs.get("run 1")] == [project.runs.get(1)] == [project.runs.get("1")]
    )


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


def test_update_adds_to_what_is_there_now(project: Project) -> None:
    old = project.runs.add(TrainConfig())
    project.runs.update(old, "training", {"epochs": 1, "best": 0.5})
    project.runs.rename(old, "renamed while it trains")
    run = project.runs.update(old, "finished", {"epochs": 2}, TrainConfig(arch="unet"))
    assert (run.name, run.state, run.config.arch) == ("renamed while it trains", "finished", "unet")
    assert run.summary == {"epochs": 2, "best": 0.5}
    assert project.runs.update(old, "finished").config.arch == "unet"


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
