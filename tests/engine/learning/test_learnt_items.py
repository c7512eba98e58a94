"""Items that a run learnt from and that judge it now, since somebody changed the sets."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine.config import PredictConfig, TrainConfig
from engine.learning.evaluate import evaluate, evaluate_classes
from engine.learning.predict import predict_items
from engine.learning.train import train
from engine.progress import Notice, result_of
from engine.project.layers import Predicted
from engine.project.project import Project
from engine.project.runs import Classified, Run
from engine.report.run_report import report_on
from engine.scoring.metrics import to_json
from engine.scoring.report import classification_table, segmentation_table

MASKS = TrainConfig(
    arch="linknet", encoder="mobilenet_v2", epochs=1, batch=4, preset="none", device="cpu", precision="float32"
)
CLASSES = TrainConfig(arch="lenet5", epochs=1, batch=5, preset="none", device="cpu")
TOLD = "2 of these items were learnt from, before the sets were changed: their scores are too high."


def trained(folder: Path, config: TrainConfig) -> tuple[Run, list[str]]:
    """A run, and what its training said."""
    with Project.open(folder) as project:
        run = project.runs.add(config)
    said = [event.text for event in train(folder, run.folder, config, run.name) if isinstance(event, Notice)]
    with Project.open(folder) as project:
        return project.runs.update(run, "finished"), said


def exchange(folder: Path) -> None:
    """Two items of the training set become the test set."""
    with Project.open(folder) as project:
        learnt = [item.id for item in project.items.all("train")][:2]
        tested = [item.id for item in project.items.all("test")]
        project.items.set_splits({**dict.fromkeys(tested, "train"), **dict.fromkeys(learnt, "test")})


def predict(folder: Path, run: Run) -> None:
    with Project.open(folder) as project:
        items = [item.id for item in project.items.all("test")]
        for event in predict_items(folder, run.id, items, PredictConfig(device="cpu")):
            if isinstance(event, Predicted | Classified):
                project.keep_prediction(run, event)


def cautions(folder: Path, run: Run) -> list[str]:
    return [each.text for each in result_of(report_on(folder, run.id, "test")).cautions]


def test_masks_that_were_learnt_from_are_said_where_they_judge(project: Path) -> None:
    run, _ = trained(project, MASKS)
    with Project.open(project) as opened:
        assert run.learnt_items() == {item.id for item in opened.items.all("train")}
    predict(project, run)
    fair = result_of(evaluate(project, run.name))
    assert fair.learnt_before == 0 and "learnt_before" not in to_json(fair)
    assert "learnt from" not in segmentation_table(fair) and TOLD not in cautions(project, run)
    exchange(project)
    predict(project, run)
    found = result_of(evaluate(project, run.name))
    assert found.learnt_before == to_json(found)["learnt_before"] == found.n == 2
    assert "learnt from before the sets were changed: 2 of 2 items; their scores are too high" in segmentation_table(
        found
    )
    assert TOLD in cautions(project, run)


def test_classes_that_were_learnt_from_are_said_where_they_judge(classes: Path) -> None:
    run, _ = trained(classes, CLASSES)
    predict(classes, run)
    assert evaluate_classes(classes, run.name).learnt_before == 0
    exchange(classes)
    predict(classes, run)
    found = evaluate_classes(classes, run.name)
    assert found.learnt_before == found.to_json()["learnt_before"] == found.n == 2
    assert "learnt from before the sets were changed: 2 of 2 items" in classification_table(found)
    assert TOLD in cautions(classes, run)


@pytest.mark.parametrize("task", ["masks", "classes"])
def test_what_goes_on_from_a_run_learnt_from_its_items_too(task: str, project: Path, classes: Path) -> None:
    folder, config = (project, MASKS) if task == "masks" else (classes, CLASSES)
    first, said = trained(folder, config)
    assert not any("in the validation or test set now" in text for text in said)
    exchange(folder)
    asked = replace(config, start_from=str(first.id))
    second, said = trained(folder, asked)
    text = f"{first.name} learnt from 2 items that are in the validation or test set now: scores there say too much."
    assert text in said
    with Project.open(folder) as opened:
        now = {item.id for item in opened.items.all("train")}
    assert second.learnt_items() == first.learnt_items() | now and len(first.learnt_items() - now) == 2


def test_a_run_that_wrote_nothing_down_or_what_is_damaged_says_nothing(classes: Path) -> None:
    run, _ = trained(classes, CLASSES)
    assert run.learnt_items()
    file = run.folder / "learnt.json"
    for damaged in (b"", b"{}", b'{"items": [3', b"\xff", b'["a"]', b'{"items": ["a"], "data": ""}', b'{"items": 3}'):
        file.write_bytes(damaged)
        assert run.learnt_items() == frozenset(), damaged
    file.unlink()
    assert run.learnt_items() == frozenset()
