"""Scores that say what they are of: over how many items, in which unit, and at exactly one half."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine.config import TrainConfig
from engine.learning.evaluate import evaluate
from engine.progress import result_of
from engine.project.layers import pack
from engine.project.project import Project
from engine.scoring.classify import at_threshold, classification_scores
from engine.scoring.metrics import SetScores, confusion, item_scores, set_scores, to_json
from engine.scoring.report import segmentation_table
from engine.scoring.surface import class_surfaces

Draw = Callable[[int], tuple[np.ndarray, np.ndarray]]
MakeProject = Callable[..., Project]


def _row(scored: SetScores) -> dict[str, Any]:
    """What other programs are told of the class a."""
    found: dict[str, Any] = json.loads(json.dumps(to_json(scored)))["classes"]["a"]
    return found


def test_distance_over_fewer_items_says_over_how_many(draw: Draw) -> None:
    truth = draw(0)[1][None]
    answers = [truth, *[np.zeros_like(truth)] * 9]  # found once, missed nine times
    items = []
    for number, said in enumerate(answers):
        surfaces = class_surfaces(truth, said, 1, (1.0, 1.0, 1.0))
        items.append(item_scores(str(number), confusion(truth, said, 1), ["a"], surfaces))
    row = _row(set_scores(items, ["a"]))
    counts = [key for key, value in row.items() if type(value) is int and value in (1, 9)]
    assert counts or row["hd95_mm"] != 0, row


@pytest.fixture
def scored(draw: Draw, make_project: MakeProject) -> SetScores:
    """The scores of a picture whose pixels have no known size."""
    project = make_project([(*draw(0), "test")])
    (item,) = project.items.all()
    run = project.runs.add(TrainConfig(), "r")
    project.layers.replace(project.layers.make(item.id, "prediction", run.id), pack(draw(0)[1][None]))
    return result_of(evaluate(project.path, "r"))


def test_distances_in_pixels_have_no_key_of_mm(scored: SetScores) -> None:
    assert [key for key, value in _row(scored).items() if key.endswith("_mm") and value is not None] == []


def test_distances_in_pixels_are_not_printed_as_mm(scored: SetScores) -> None:
    assert " mm" not in segmentation_table(scored)


def test_threshold_of_a_half_names_the_class_of_the_matrix() -> None:
    half, truth = np.array([[0.5, 0.5]], np.float32), np.array([1])
    matrix = classification_scores(half, truth, ["a", "b"]).confusion
    assert at_threshold(half, truth).true_positive == matrix[1][1]


def test_area_that_is_no_number_is_none() -> None:
    probabilities = np.array([[np.nan, np.nan], [0.2, 0.8]], np.float32)
    assert classification_scores(probabilities, np.array([1, 0]), ["a", "b"]).auc is None
