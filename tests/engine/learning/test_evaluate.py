"""Scores of a run over what is labelled, and over nothing else."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from engine.config import TrainConfig
from engine.errors import EngineError
from engine.formats.export import export
from engine.imaging.image import Source
from engine.imaging.intensity import Intensity
from engine.labels.classes import UNLABELLED, LabelClass, parse_classes
from engine.labels.edit import Edit
from engine.labels.instances import Instances
from engine.labels.mask import Brush, Mask
from engine.learning import bundle
from engine.learning.bundle import ModelCard
from engine.learning.evaluate import compare_ways, evaluate, evaluate_classes
from engine.progress import result_of
from engine.project.items import Item
from engine.project.layers import pack, pack_instances
from engine.project.objects import ids_of_prediction, objects_by
from engine.project.project import Project
from engine.project.runs import Run
from engine.report.run_report import report_on
from engine.scoring.metrics import confusion, scores, to_json
from engine.scoring.report import classification_table, segmentation_table

SHAPE = (20, 24, 24)


def draw(shift: int) -> np.ndarray:
    labels = np.zeros(SHAPE, np.uint8)
    labels[4:16, 4 + shift : 14 + shift, 5:15] = 1
    return labels


@pytest.fixture
def volumes(tmp_path: Path) -> Path:
    """Two volumes of the test set that the run "r" predicted one pixel too low; of the second three slices are labelled."""
    with Project.create(tmp_path / "volumes", "multiclass", parse_classes("liver")) as project:
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
    card = ModelCard(
        "segmentation", "unet", "", 1, pairs, Intensity("bytes"), 64, identities=tuple(identities), options={"width": 8}
    )
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
        assert run.knows(project.classes) == [True, False], "as its copy says"
        run.bundle.with_suffix(".json").unlink()
        assert run.knows(project.classes) == [True, True]


def take_over(folder: Path, name: str, *, undone: bool = False) -> None:
    """Paint a little by hand, take the prediction of the run over, and paint a little more."""
    with Project.open(folder) as project:
        item = project.items.named(name)
        layer = project.layers.mask(item.id)
        assert layer is not None
        mask = Mask(project.layers.read(layer, item.shape))
        project.layers.record(layer, mask, _dot(mask, 6))
        prediction = project.layers.prediction(item.id, project.runs.get("r").id)
        assert prediction is not None
        edit = mask.replace_with("Prediction taken", project.layers.read(prediction, item.shape), None)
        project.layers.record(layer, mask, replace(edit, by_model=True), range(item.shape[0]))
        if undone:
            project.layers.undo(layer, mask)
        project.layers.record(layer, mask, _dot(mask, 12))


def _dot(mask: Mask, row: int) -> Edit:
    stroke = mask.begin("Brush")
    stroke.line("axial", 3, (row, 2), (row, 2), Brush.round(1), 1)
    return stroke.end()


def test_a_test_mask_with_predictions_taken_over_is_scored_as_it_was_before(volumes: Path) -> None:
    before = result_of(evaluate(volumes, "r"))
    take_over(volumes, "part")
    found = result_of(evaluate(volumes, "r"))
    truth = draw(0)
    truth[3, 6, 1:4] = truth[3, 5:8, 2] = 1  # the dot of before counts, the one painted afterwards does not
    places = [3, 8, 9]
    whole, part = found.items
    assert whole == before.items[0]
    assert part.mean_dice == scores(confusion(truth[places], draw(1)[places], 1)).mean_dice
    assert part.slices == (3, 20)
    (helped,) = found.helped
    assert helped.name == "part" and helped.slices == (20, 20)
    assert found.mean_dice_with_help is not None and found.mean_dice is not None
    assert found.mean_dice_with_help > found.mean_dice
    assert to_json(found)["changed_with_predictions"] == 1 and "changed_with_predictions" not in to_json(before)
    assert "masks into which predictions were taken over: 1" in segmentation_table(found)


def test_what_was_taken_over_and_taken_back_is_no_help(volumes: Path) -> None:
    take_over(volumes, "part", undone=True)
    assert not result_of(evaluate(volumes, "r")).helped


def test_a_test_mask_that_is_the_prediction_itself_has_no_score(volumes: Path) -> None:
    with Project.open(volumes) as project:
        project.layers.replace(project.layers.make(project.items.named("part").id), [])
    with Project.open(volumes) as project:
        item = project.items.named("part")
        layer = project.layers.make(item.id)
        mask = Mask(np.zeros(item.shape, np.uint8))
        edit = mask.replace_with("Prediction taken", draw(1), None)
        project.layers.record(layer, mask, replace(edit, by_model=True), range(20))
    found = result_of(evaluate(volumes, "r"))
    assert [item.name for item in found.items] == ["whole"]
    assert [item.mean_dice for item in found.helped] == [1.0]


def test_help_in_other_sets_is_how_masks_are_made(volumes: Path) -> None:
    with Project.open(volumes) as project:
        project.items.set_splits({item.id: "val" for item in project.items.all()})
    take_over(volumes, "part")
    assert not result_of(evaluate(volumes, "r", "val")).helped


def test_a_class_that_came_after_the_training_has_no_score(volumes: Path) -> None:
    before = result_of(evaluate(volumes, "r"))
    with Project.open(volumes) as project:
        run = project.runs.get("r")
        taught(run, project.classes, [])
        project.set_classes(parse_classes("liver,spleen"))
        item = project.items.named("whole")
        labels = draw(0)
        labels[3, :2, :5] = 2
        labels[5, 5, 5] = 2  # where the model says liver
        project.layers.replace(project.layers.make(item.id), pack(labels), range(20))
    found = result_of(evaluate(volumes, "r"))
    assert found.unknown == ("spleen",) and list(found.items[0].classes) == ["liver"]
    now, then = (each.items[0].classes["liver"] for each in (found, before))
    assert (now.truth, now.both, now.predicted) == (then.truth - 1, then.both - 1, then.predicted)


def test_images_of_a_class_that_came_after_the_training_are_left_out_of_the_matrix(tmp_path: Path) -> None:
    with Project.create(tmp_path / "films", "classification", parse_classes("a,b,new")) as project:
        run = project.runs.add(TrainConfig(), "r")
        for number, label in enumerate((0, 1, 2, 2)):
            source = Source((f"{number}.png",), "raster")
            item = Item(0, str(number), source, "", (1, 4, 4), (1, 1, 1), False, "", "", "test", label=label)
            said = np.array([0.7, 0.3] if label != 1 else [0.1, 0.9], np.float32)
            project.runs.set_probabilities(run, project.items.add(item).id, said)
    found = evaluate_classes(project.path, "r")
    assert (found.n, found.accuracy, found.never_learnt) == (2, 1.0, 2)
    assert found.to_json()["never_learnt"] == 2 and "left out: 2 items" in classification_table(found)
    assert "never_learnt" not in replace(found, never_learnt=0).to_json()


@pytest.mark.parametrize("way", ["parts", "watershed"])
def test_objects_of_any_prediction_are_scored_on_request(volumes: Path, way: str) -> None:
    assert result_of(evaluate(volumes, "r")).objects is None
    scored = result_of(evaluate(volumes, "r", objects=way))
    assert scored.objects is not None
    liver = scored.objects.classes["liver"]
    assert (liver.truth, liver.predicted, liver.found) == (
        14,
        14,
        14,
    )  # 12 slices of one and 2 of the other that are labelled
    assert (liver.ap50, liver.ap75, liver.f1) == (1.0, 1.0, 1.0)
    assert liver.ap == pytest.approx(0.7), "IoU 90/110 is enough at 0.5 to 0.8"
    assert liver.dice == pytest.approx(0.9)
    found = to_json(scored)["objects"]
    assert isinstance(found, dict) and found["f1"] == 1.0
    assert "AP50" in segmentation_table(scored)


def test_unlabelled_pixels_count_for_no_object(volumes: Path) -> None:
    with Project.open(volumes) as project:
        item = project.items.named("whole")
        mask = draw(0)
        mask[:, :, 10:] = UNLABELLED
        mask[6] = UNLABELLED
        layer = project.layers.masks()[item.id]
        project.layers.replace(layer, pack(mask), range(20))
    scored = result_of(evaluate(volumes, "r", objects="parts")).objects
    assert scored is not None
    assert (scored.classes["liver"].truth, scored.classes["liver"].extra) == (13, 0)


def test_objects_of_a_test_mask_are_those_of_before_the_help_too(tmp_path: Path) -> None:
    ids = np.zeros((1, 24, 24), np.uint16)
    ids[0, 2:8, 2:8], ids[0, 12:18, 2:8], ids[0, 12:18, 12:18] = 1, 2, 3
    found = Instances.of((ids > 0).astype(np.uint8), ids)
    with Project.create(tmp_path / "cells", "instance", parse_classes("cell")) as project:
        run = project.runs.add(TrainConfig(), "r")
        source = Source(("a.png",), "raster")
        item = project.items.add(Item(0, "a", source, "a", ids.shape, (1, 1, 1), False, "", "", "test"))
        prediction = project.layers.make(item.id, "prediction", run.id)
        project.layers.replace(prediction, pack(found.class_map(), found.ids))
        layer = project.layers.make(item.id)
        mask = Mask(np.zeros(ids.shape, np.uint8), np.zeros(ids.shape, np.uint16))
        own = mask.replace_objects("Brush", Instances.of((ids == 1).astype(np.uint8), np.where(ids == 1, ids, 0)))
        project.layers.record(layer, mask, own, [0])
        taken = mask.replace_objects("Prediction taken", found)
        project.layers.record(layer, mask, replace(taken, by_model=True), [0])
        path = project.path
    scores = result_of(evaluate(path, "r", "test"))
    assert scores.objects is not None
    found_json = to_json(scores)["objects"]
    assert isinstance(found_json, dict) and found_json["f1"] == 0.5, "one of three was there before the help"


def test_objects_of_a_class_map_are_told_apart_as_was_chosen_for_the_run(tmp_path: Path) -> None:
    """Of a picture with three discs that touch."""
    ids = np.zeros((1, 40, 60), np.uint16)
    down, across = np.ogrid[:40, :60]
    for id, middle in ((1, 13), (2, 30), (3, 47)):
        ids[0][((down - 20) ** 2 + (across - middle) ** 2 <= 81) & (ids[0] == 0)] = id
    labels = (ids > 0).astype(np.uint8)
    with Project.create(tmp_path / "cells", "instance", parse_classes("cell")) as project:
        run = project.runs.add(TrainConfig(), "r")
        source = Source(("a.png",), "raster")
        item = project.items.add(Item(0, "a", source, "a", ids.shape, (1, 1, 1), False, "", "", "val"))
        layer = project.layers.make(item.id, "prediction", run.id)
        project.layers.replace(layer, pack(labels))
        project.layers.replace(project.layers.make(item.id), pack_instances(Instances.of(labels, ids)))
        scored = result_of(evaluate(project.path, "r", "val")).objects
        assert scored is not None and (scored.classes["cell"].found, scored.classes["cell"].merged) == (0, 3)
        kept = project.runs.keep_objects_by(run, "watershed")
        assert objects_by(run) == "parts" and objects_by(kept) == "watershed"
        scored = result_of(evaluate(project.path, "r", "val")).objects
        assert scored is not None and scored.classes["cell"].found == 3
        shown = ids_of_prediction(project, layer, labels)
        assert shown is not None and len(np.unique(shown)) == 4
        found = result_of(compare_ways(project.path, "r", "val", ("parts", "watershed")))
        assert [found[way].f1 for way in ("parts", "watershed")] == [0.0, 1.0]
        result_of(export(project, "png", tmp_path / "out", "r"))
        drawn = cv2.imdecode(np.fromfile(tmp_path / "out" / "a.png", np.uint8), cv2.IMREAD_UNCHANGED)
        assert drawn is not None and len(np.unique(drawn)) == 4, "handed on as it is shown"
        cautions = [note.text for note in result_of(report_on(project.path, "r", "val", pictures=False)).cautions]
        assert any("a watershed makes them" in text for text in cautions)
        assert "F1 of the objects: 0.000 by connected parts, 1.000 by the watershed." in cautions
