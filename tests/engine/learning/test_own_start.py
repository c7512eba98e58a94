"""From which of the project's own runs a training goes on where its start was left to Auto."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.config import Split, TrainConfig
from engine.labels.classes import parse_classes
from engine.learning.train import Plan, plan, train
from engine.progress import result_of
from engine.project.layers import pack
from engine.project.project import Project
from engine.project.runs import Run
from tests.said import result_and_said

AUTO = TrainConfig(epochs=1, preset="none", device="cpu", threads=1)


@pytest.fixture(params=["masks", "classes"])
def folder(request: pytest.FixtureRequest, project: Path, classes: Path) -> Path:
    return project if request.param == "masks" else classes


def trained(folder: Path, config: TrainConfig = AUTO) -> tuple[Run, list[str]]:
    """A run with what Auto made of its settings, and what its training said."""
    with Project.open(folder) as project:
        run = project.runs.add(config)
    outcome, said = result_and_said(train(folder, run.folder, config, run.name))
    with Project.open(folder) as project:
        return project.runs.update(run, "finished", outcome.summary, outcome.config), said


def planned(folder: Path, config: TrainConfig = AUTO) -> Plan:
    return result_of(plan(folder, config))


def move(folder: Path, before: Split, now: Split) -> None:
    with Project.open(folder) as project:
        project.items.set_splits({project.items.all(before)[0].id: now})


def test_it_goes_on_from_the_run_of_before_where_there_is_more_to_learn(folder: Path) -> None:
    first, said = trained(folder)
    assert first.config.start_from == "" and not any("goes on from" in text for text in said)
    assert planned(folder).config.start_from == "", "the same data: it begins where that one did"
    move(folder, "test", "train")
    found, known = planned(folder), len(first.learnt_items())
    told = f"It goes on from run 1, since when the training set has changed: {known} of its {known + 1} items were learnt already."
    assert found.config.start_from == "1" and told in [each.text for each in found.said]
    second, said = trained(folder)
    assert second.config.start_from == "1" and told in said
    assert len(second.learnt_items()) == known + 1
    assert planned(folder).config.start_from == "1", "where the one on the same data began"
    move(folder, "test", "train")
    assert planned(folder).config.start_from == "2", "the newest"


def test_what_was_asked_for_is_where_it_begins(folder: Path) -> None:
    first, _ = trained(folder)
    move(folder, "test", "train")
    for asked in (replace(AUTO, weights="none"), replace(AUTO, arch=first.config.arch)):
        assert planned(folder, asked).config.start_from == ""
    assert planned(folder, replace(AUTO, start_from="run 1")).config.start_from == "run 1"


def _of_another_size(folder: Path, run: Run) -> None:
    with Project.open(folder) as project:
        project.runs.update(run, "finished", config=replace(run.config, size=run.config.size * 2))


def _judged_by_what_it_learnt(folder: Path, run: Run) -> None:
    move(folder, "train", "val")


def _with_a_new_class(folder: Path, run: Run) -> None:
    with Project.open(folder) as project:
        project.set_classes([*project.classes, parse_classes("a,b,late")[2]])


def _unfinished(folder: Path, run: Run) -> None:
    with Project.open(folder) as project:
        project.runs.update(run, "failed")


def _without_its_model(folder: Path, run: Run) -> None:
    run.bundle.unlink()


def _of_before_items_were_written_down(folder: Path, run: Run) -> None:
    (run.folder / "learnt.json").unlink()


@pytest.mark.parametrize(
    "unfit",
    [
        _of_another_size,
        _judged_by_what_it_learnt,
        _with_a_new_class,
        _unfinished,
        _without_its_model,
        _of_before_items_were_written_down,
    ],
)
def test_it_begins_anew_where_the_run_does_not_fit(folder: Path, unfit: Callable[[Path, Run], None]) -> None:
    run, _ = trained(folder)
    move(folder, "test", "train")
    unfit(folder, run)
    assert planned(folder).config.start_from == ""


def test_a_corrected_mask_is_something_new(project: Path) -> None:
    trained(project)
    with Project.open(project) as opened:
        item = opened.items.all("train")[0]
        labels = np.zeros(item.shape, np.uint8)
        labels[:, 20:30, 20:30] = 1
        opened.layers.replace(opened.layers.masks()[item.id], pack(labels))
    found = planned(project)
    assert found.config.start_from == "1"
    assert any("8 of its 8 items were learnt already" in notice.text for notice in found.said)
