"""Studies in the project: a queue that is kept, and figures that survive what other hands do to the database."""

import sqlite3
from dataclasses import replace

import pytest

from engine.config import TrainConfig
from engine.errors import EngineError
from engine.project.project import Project
from engine.study import StudyConfig, Trial

STUDY = StudyConfig(("unet", "fpn"), {"rate": ("0.001", "0.01")})


def test_a_study_is_kept_with_its_queue(project: Project) -> None:
    study = project.studies.add(STUDY, project.task)
    assert (study.name, study.state, study.config, study.test) == (
        "study 1",
        "waiting",
        replace(STUDY, measure="mean_dice"),
        {},
    )
    assert [t.number for t in project.studies.trials(study.id)] == [1, 2, 3, 4]
    path = project.path
    project.close()
    with Project.open(path) as again:
        assert again.studies.get("study 1") == again.studies.get(study.id) == study == again.studies.unfinished()
        assert again.studies.all() == [study] and again.studies.get("1") == study
        again.studies.set_state(study.id, "finished")
        assert again.studies.unfinished() is None
        again.studies.remove(study.id)
        assert again.studies.all() == [] and again.studies.trials(study.id) == []


def test_a_study_that_could_not_begin_is_not_added(project: Project) -> None:
    with pytest.raises(EngineError):
        project.studies.add(replace(STUDY, networks=("lenet5",)), project.task)
    assert project.studies.all() == []
    with pytest.raises(EngineError, match="There is no study mine"):
        project.studies.get("mine")


def test_what_came_of_a_trial_is_kept(project: Project) -> None:
    study = project.studies.add(STUDY, project.task)
    run = project.runs.add(TrainConfig())
    first = project.studies.trials(study.id)[0]
    came = replace(first, state="stopped", run=run.id, score=0.5, rungs=(0.4, 0.5), seconds=3.5, parameters=7)
    project.studies.keep_trial(study.id, came)
    assert project.studies.trials(study.id)[0] == came
    project.runs.remove(run)
    assert project.studies.trials(study.id)[0] == replace(came, run=None), "its figures stay"


def test_a_study_is_given_more(project: Project) -> None:
    study = project.studies.add(replace(STUDY, trials=2), project.task)
    before = project.studies.trials(study.id)
    more = project.studies.extend(study.id, replace(study.config, trials=4, minutes=99.0))
    after = project.studies.trials(study.id)
    assert more.config.minutes == 99 and after[:2] == before and len(after) == 4


def test_damaged_rows_leave_the_others_readable(project: Project) -> None:
    study = project.studies.add(STUDY, project.task)
    path = project.path
    project.close()
    db = sqlite3.connect(path / "project.db")
    db.execute("UPDATE trials SET figures = '{\"score\": \"much\"}', state = 'odd' WHERE number = 1")
    db.execute("UPDATE trials SET settings = '[]' WHERE number = 2")
    db.execute("UPDATE studies SET test = '7'")
    db.commit()
    db.close()
    with Project.open(path) as again:
        trials = again.studies.trials(study.id)
        assert trials[0] == Trial(1, trials[0].settings, "failed") and trials[1].arch == "" and len(trials) == 4
        assert again.studies.get(study.id).test == {}


def test_the_test_of_an_earlier_study_says_its_networks_in_words(project: Project) -> None:
    study = project.studies.add(STUDY, project.task)
    test = {"winner": {"run": "study 1.2 unet", "number": 2}, "second": None, "paired": None}
    assert project.studies.keep_test(study.id, test).test["winner"]["run"] == "study 1.2 · U-Net (published)"
