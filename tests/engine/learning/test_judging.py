"""Studies of networks that validate themselves by different figures: an AP, a Dice. All trials of one are judged alike."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from engine.config import TrainConfig
from engine.labels.classes import parse_classes
from engine.learning.evaluate import best_way, compare_ways
from engine.learning.reading import read_test_set
from engine.learning.tune import tune
from engine.progress import EpochDone, result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project
from engine.project.studies import Study, TrialBegan, TrialEnded, TrialScored
from engine.report.study_report import report_on_study
from engine.report.study_writing import study_to_page, study_to_plain
from engine.study import BY_OBJECTS, StudyConfig, Trial, measure

BASE = TrainConfig(epochs=1, batch=3, encoder="resnet18", weights="none", preset="none", device="cpu", seed=1)
MIXED = StudyConfig(("mask-rcnn-light", "unet-smp"), {}, BASE, minutes=0.0)
SIDE = 64


def _cells(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A picture of touching bright cells, and their ids."""
    draw = np.random.default_rng(seed)
    ids = np.zeros((SIDE, SIDE), np.uint16)
    for number in range(4):
        centre = 16 + 30 * (number % 2) + int(draw.integers(-3, 4)), 16 + 30 * (number // 2)
        cv2.circle(ids, centre, 11, number + 1, -1)
    picture = np.where(ids > 0, 180, 40) + draw.integers(0, 20, ids.shape)
    return picture.astype(np.uint8), ids


@pytest.fixture
def cells(tmp_path: Path) -> Path:
    images = tmp_path / "cells"
    images.mkdir()
    found = [_cells(seed) for seed in range(9)]
    for number, (picture, _) in enumerate(found):
        (images / f"{number}.png").write_bytes(cv2.imencode(".png", picture)[1].tobytes())
    path = tmp_path / "cells.contorno"
    with Project.create(path, "instance", parse_classes("cell")) as project:
        result_of(import_images(project, ImportPlan((images,))))
        items = project.items.all()
        for item, (_, ids) in zip(items, found, strict=True):
            project.layers.replace(project.layers.make(item.id), pack((ids > 0).astype(np.uint8)[None], ids[None]), [0])
        project.items.set_splits({item.id: ("train", "val", "test")[place // 3] for place, item in enumerate(items)})
    return path


def _tuned(path: Path, config: StudyConfig) -> tuple[Study, list[Trial], list[object]]:
    with Project.open(path) as project:
        study = project.studies.add(config, project.task)
        events = list(_all(path, study.id))
        return project.studies.get(study.id), project.studies.trials(study.id), events


def _all(path: Path, study: int) -> Iterator[object]:
    yield from tune(path, study)


def test_each_task_has_one_measure() -> None:
    assert [measure(task) for task in ("classification", "binary", "multiclass", "instance")] == [
        "accuracy",
        "mean_dice",
        "mean_dice",
        "object_f1",
    ]


def test_networks_with_an_ap_and_a_dice_are_judged_by_the_f1_of_the_objects(cells: Path) -> None:
    study, trials, events = _tuned(cells, MIXED)
    assert study.state == "finished" and [trial.state for trial in trials] == ["finished"] * 2
    own = {type(event).__name__ for event in events}
    assert {"TrialBegan", "TrialScored", "TrialEnded"} <= own
    assert all(e.trial.validated is None for e in events if isinstance(e, TrialScored)), "an epoch says no F1"
    with Project.open(cells, write=False) as project:
        for trial in trials:
            run = project.runs.get(trial.run or 0)
            way, score = result_of(best_way(cells, run))
            assert trial.validated == trial.score == trial.rungs[-1] == score
            assert way in (("auto",) if trial.arch.startswith("mask") else ("parts", "watershed"))
            ways = result_of(compare_ways(cells, run.id, "val", ("parts", "watershed")))
            if way != "auto":
                assert score == max(each.f1 or 0.0 for each in ways.values())
    with Project.open(cells):
        study = result_of(read_test_set(cells, study.id))
    winner, second = study.test["winner"], study.test["second"]
    for each in (winner, second):
        assert each["measure"] == "object_f1" and 0 <= each["object_f1"] <= 1 and "mean_dice" in each
        assert len(each["intervals"]["object_f1"]) == 2
    assert {winner["objects_by"], second["objects_by"]} & {"auto"} and study.test["paired"]["n"] == 3

    report = result_of(report_on_study(cells, study.id))
    page, plain = study_to_page(report), study_to_plain(report)
    assert plain["measure"] == "object_f1" and BY_OBJECTS in page and "F1 of the objects" in page
    assert report.winner.segmentation is not None
    objects = report.winner.segmentation.objects
    assert objects is not None and objects.f1 == winner["object_f1"], "the winner's own report takes the same objects"


def test_of_class_maps_all_are_judged_by_the_mean_dice(project: Path) -> None:
    _, trials, events = _tuned(project, MIXED)
    last = [event for event in events if isinstance(event, EpochDone)]
    by_arch = {trial.arch: trial for trial in trials}
    masks = next(event for event in last if event.ap50 is not None)
    assert by_arch["mask-rcnn-light"].validated == masks.mean_dice and masks.shared == masks.mean_dice
    assert by_arch["unet-smp"].validated == next(e.score for e in last if e.ap50 is None)


def test_a_study_on_objects_goes_on_by_what_its_first_trials_were_judged_by(cells: Path) -> None:
    with Project.open(cells) as project:
        study = project.studies.add(StudyConfig(("unet-smp",), {"rate": ("0.001", "0.01")}, BASE, 0.0), project.task)
        assert study.config.judged_by(project.task) == "object_f1"
        study = project.studies.extend(study.id, replace(study.config, measure=None))  # as one of before has it
        first, _ = project.studies.trials(study.id)
        project.studies.keep_trial(study.id, replace(first, state="finished", score=0.9, validated=0.9, rungs=(0.9,)))
        events = list(_all(cells, study.id))
        second = project.studies.trials(study.id)[1]
        assert second.score == next(event.mean_dice for event in events if isinstance(event, EpochDone))
        assert project.studies.get(study.id).config.judged_by(project.task) == "mean_dice"
    with Project.open(cells):
        read = result_of(read_test_set(cells, study.id)).test["winner"]
        assert "measure" not in read and list(read["intervals"]) == ["mean_dice"]
    assert study_to_plain(result_of(report_on_study(cells, study.id)))["measure"] == "mean_dice"


def test_a_study_that_is_closed_while_it_judges_goes_on_where_it_was(cells: Path) -> None:
    with Project.open(cells) as project:
        study = project.studies.add(StudyConfig(("unet-smp",), {}, replace(BASE, epochs=3), minutes=0.0), project.task)
        work = tune(cells, study.id)
        for event in work:
            if isinstance(event, EpochDone) and event.epoch == 3:
                break
        for event in work:
            assert not isinstance(event, TrialEnded)
            if type(event).__name__ == "Progress":  # predicting, or scoring, what it is judged by
                break
        work.close()
        (left,) = project.studies.trials(study.id)
        assert left.state in ("training", "paused") and not left.rungs
        again = list(_all(cells, study.id))
        assert not any(isinstance(event, EpochDone) for event in again), "nothing is learnt twice"
        assert sum(isinstance(event, TrialBegan) for event in again) == 1
        (done,) = project.studies.trials(study.id)
        assert done.state == "finished" and done.validated is not None
