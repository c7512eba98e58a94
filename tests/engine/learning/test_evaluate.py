"""Scores of a run over what is labelled, and over nothing else."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.config import TrainConfig
from engine.errors import EngineError
from engine.imaging.image import Source
from engine.labels.classes import UNLABELLED, LabelClass, parse_classes
from engine.learning import bundle
from engine.learning.bundle import ModelCard
from engine.learning.evaluate import evaluate, evaluate_classes
from engine.learning.pixels import Intensity
from engine.progress import result_of
from engine.project.items import Item
from engine.project.layers import pack
from engine.project.project import Project
from engine.project.runs import Run
from engine.scoring.metrics import confusion, scores, to_json
from engine.scoring.report import segmentation_table

SHAPE = (20, 24, 24)


def draw(shift: int) -> np.ndarray:
    labels = np.zeros(SHAPE, np.uint8)
    labels[4:16, 4 + shift : 14 + shift, 5:15] = 1
    return labels


@pytest.fixture
def volumes(tmp_path: Path) -> Path:
    """Two volumes of the test set that the run "r" predicted one pixel too low; of the second three slices are labelled."""
    with Project.create(tmp_path / "volumes", "binary", parse_classes("liver")) as project:
        run = project.runs.add(TrainConfig(), "r")
        for name, labelled in (("whole", range(20)), ("part", (3, 8, 9))):
            item = project.items.add(
                Item(0, name, Source((f"{name}.nii",), "nifti"), name, SHAPE, (1, 1, 1), False, "CT", name, "test")
            )
            mask = draw(0)
            mask[[z for z in range(20) if z not in labelled]] = 0
            project.layers.replace(project.layers.make(item.id), pack(mask), labelled)
            project.layers.replace(project.layers.make(item.id, "prediction", run.id), pack(draw(1)))
        return project.path


def test_only_labelled_slices_are_scored(volumes: Path) -> None:
    found = result_of(evaluate(volumes, "r"))
    whole, part = found.items
    places = [3, 8, 9]
    assert part.classes["liver"].dice == scores(confusion(draw(0)[places], draw(1)[places], 1)).mean_dice
    assert (whole.slices, part.slices, found.slices) == ((20, 20), (3, 20), (23, 40))
    assert whole.classes["liver"].surface is not None and part.classes["liver"].surface is None
    plain = to_json(found)
    assert (plain["slices_scored"], plain["slices"]) == (23, 40)
    assert [(i["slices_scored"], i["slices"]) for i in plain["items"]] == [(20, 20), (3, 20)]  # type: ignore[attr-defined]
    assert "scored: 23 of 40 slices; the others are not labelled" in segmentation_table(found)


def test_unlabelled_pixels_are_in_no_score(volumes: Path) -> None:
    with Project.open(volumes) as project:
        item = project.items.named("whole")
        labels = draw(0)
        labels[:, 4] = labels[:, 14] = UNLABELLED  # the rows in which the prediction is off
        project.layers.replace(project.layers.make(item.id), pack(labels), range(20))
    liver = result_of(evaluate(volumes, "r")).items[0].classes["liver"]
    assert liver.dice == 1.0 and liver.surface is not None and liver.surface.hd95 == 0


def test_distances_have_the_unit_of_their_item(volumes: Path) -> None:
    with Project.open(volumes) as project:
        run = project.runs.get("r")
        known = Item(0, "known", Source(("k.nii",), "nifti"), "k", SHAPE, (2, 0.5, 0.5), False, "CT", "k", "test")
        item = project.items.add(replace(known, calibrated=True))
        project.layers.replace(project.layers.make(item.id), pack(draw(0)), range(20))
        project.layers.replace(project.layers.make(item.id, "prediction", run.id), pack(draw(1)))
    liver = to_json(result_of(evaluate(volumes, "r")))["classes"]["liver"]  # type: ignore[index]
    assert (liver["hd95_mm"], liver["distances_n_mm"], liver["hd95_px"], liver["distances_n_px"]) == (0.5, 1, 1.0, 1)


def test_items_of_which_nothing_is_labelled_are_not_scored(volumes: Path) -> None:
    with Project.open(volumes) as project:
        for item in project.items.all():
            project.layers.replace(project.layers.make(item.id), [])
    with pytest.raises(EngineError, match="No item of the set test has a mask"):
        result_of(evaluate(volumes, "r"))


def test_rejected_items_are_scored_on_request(volumes: Path) -> None:
    with Project.open(volumes) as project:
        project.items.set_state(project.items.named("part").id, "rejected")
    assert [item.name for item in result_of(evaluate(volumes, "r")).items] == ["whole"]
    assert result_of(evaluate(volumes, "r", with_rejected=True)).n == 2


def test_rejected_images_are_classified_out_of_the_matrix(tmp_path: Path) -> None:
    with Project.create(tmp_path / "films", "classification", parse_classes("a,b")) as project:
        run = project.runs.add(TrainConfig(), "r")
        for number in range(4):
            source = Source((f"{number}.png",), "raster")
            item = project.items.add(
                Item(0, str(number), source, "", (1, 4, 4), (1, 1, 1), False, "", "", "test", label=number % 2)
            )
            project.runs.set_probabilities(run, item.id, np.array([0.7, 0.3], np.float32))
        project.items.set_state(1, "rejected")
    assert evaluate_classes(project.path, "r").n == 3
    assert evaluate_classes(project.path, "r", with_rejected=True).n == 4


def taught(run: Run, classes: Sequence[LabelClass], identities: Sequence[str]) -> None:
    """Give the run a bundle that knows these classes."""
    pairs = tuple((one.name, one.color) for one in classes)
    card = ModelCard("segmentation", "unet", "", 1, pairs, Intensity("bytes"), 64, identities=tuple(identities))
    bundle.save(run.bundle, card, {"weight": torch.zeros(1)})


@pytest.mark.parametrize("kept", [True, False])
def test_a_class_that_the_run_never_knew_is_left_out_and_said(tmp_path: Path, kept: bool) -> None:
    with Project.create(tmp_path / "v", "multiclass", parse_classes("liver,spleen")) as project:
        run = project.runs.add(TrainConfig(), "r")
        taught(run, project.classes, [one.identity for one in project.classes] if kept else [])
        project.set_classes(parse_classes("organ,spleen,tumour"))
        item = project.items.add(
            Item(0, "a", Source(("a.nii",), "nifti"), "a", SHAPE, (1, 1, 1), False, "CT", "a", "test")
        )
        mask = draw(0)
        mask[10, 12, 12] = 3
        project.layers.replace(project.layers.make(item.id), pack(mask), range(20))
        project.layers.replace(project.layers.make(item.id, "prediction", run.id), pack(draw(0)))
        path = project.path
    found = result_of(evaluate(path, "r"))
    assert found.unknown == ("tumour",) and found.classes["tumour"].dice is None
    assert found.classes["organ"].dice is not None and found.mean_dice == found.classes["organ"].dice
    assert to_json(found)["unknown"] == ["tumour"]
    table = segmentation_table(found)
    assert "never known to the run, left out: tumour" in table and "left out of the means: spleen" in table
    with Project.open(path) as project:
        taught(project.runs.get("r"), project.classes, [one.identity for one in project.classes])
        run = project.runs.update(project.runs.get("r"), "finished")  # forgets what the bundle before predicted
        project.layers.replace(project.layers.make(item.id, "prediction", run.id), pack(draw(0)))
    found = result_of(evaluate(path, "r"))
    assert found.unknown == () and found.classes["tumour"].dice == 0.0, "one that it knew and missed"


def test_another_class_in_the_place_of_one_that_was_removed_is_not_the_run_s(tmp_path: Path) -> None:
    with Project.create(tmp_path / "v", "multiclass", parse_classes("liver,spleen")) as project:
        run = project.runs.add(TrainConfig(), "r")
        taught(run, project.classes, [one.identity for one in project.classes])
        project.set_classes(project.classes[:1])
        project.set_classes(parse_classes("liver,kidney"))
        assert run.knows(project.classes) == [True, False]
        run.bundle.write_bytes(b"damaged")
        assert run.knows(project.classes) == [True, True]
