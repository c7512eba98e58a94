"""Objects are learnt one by one from masks, predicted, kept in the project, and scored."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from torch import Tensor

from engine.augment.presets import save_preset
from engine.augment.row import TransformSetting
from engine.augment.transforms import AugmentConfig
from engine.catalog import all_options
from engine.config import PredictConfig, TrainConfig
from engine.errors import EngineError
from engine.imaging.intensity import Intensity
from engine.learning import detection, instances, slices
from engine.learning.bundle import ModelCard
from engine.learning.evaluate import evaluate
from engine.learning.instances import InstanceLearner, ObjectFacts, SliceObjects, apart, fitted
from engine.learning.pixels import Picture
from engine.learning.predict import Predictor, predict_items
from engine.learning.train import plan, train
from engine.progress import EpochDone, Notice, result_of
from engine.project.objects import found_objects, objects_of
from engine.project.project import Project

QUICK = TrainConfig(
    arch="mask-rcnn-light", encoder="resnet18", weights="none", epochs=1, batch=4, precision="float32", device="cpu"
)
FACTS = ObjectFacts(np.array([20.0, 30.0, 40.0]), [5, 12], [256, 300])


def test_trained_predicted_kept_and_scored(project: Path) -> None:
    with Project.open(project) as opened:
        run = opened.runs.add(QUICK)
        events = []
        work = train(project, run.folder, QUICK)
        try:
            while True:
                events.append(next(work))
        except StopIteration as stop:
            outcome = stop.value
        said = " ".join(event.text for event in events if isinstance(event, Notice))
        assert "connected part of a class is learnt as one object" in said
        (epoch,) = (event for event in events if isinstance(event, EpochDone))
        assert epoch.ap50 is not None and epoch.score == epoch.ap50 == outcome.summary.ap50
        assert set(epoch.dice) == {"disc", "square"} and len(epoch.cases) == 3

        again = train(project, run.folder, TrainConfig(epochs=2), resume=True)
        assert result_of(again).epochs == 2

        items = [item.id for item in opened.items.all("test")]
        for event in predict_items(project, run.name, items):
            if type(event).__name__ == "Predicted":
                opened.keep_prediction(run, event)  # type: ignore[arg-type]
        item = opened.items.all("test")[0]
        found = found_objects(run, item, opened.classes)
        assert found is not None and found.objects.ids.shape == item.shape
        labels = opened.layers.read(opened.layers.predictions(run.id)[item.id], item.shape)
        assert np.array_equal(labels, found.shown.class_map())
        scores = result_of(evaluate(project, run.name))
        assert scores.objects is not None and set(scores.objects.classes) == {"disc", "square"}
        assert scores.objects.classes["disc"].truth == 3
        parts = result_of(evaluate(project, run.name, objects="parts")).objects
        assert parts is not None and parts.classes["disc"].truth == 3

        opened.runs.forget_predictions(run)
        assert found_objects(run, item, opened.classes) is None


def test_a_shortened_validation_is_said(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "MOST_VALIDATED", 1)
    with Project.open(project, write=False) as opened:
        total = sum(item.split == "val" for item in opened.items.all())
        said = [notice.text for notice in result_of(instances.prepare(opened, QUICK)).notices]
    assert total > 1 and f"A validation looks at 1 of the {total} slices, evenly spread, to stay short." in said


def test_a_validation_sees_large_slices_square_by_square_as_a_prediction_does(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, ...]] = []

    class Seeing(Predictor):
        def detections(self, pictures: Sequence[Picture]) -> list[dict[str, Tensor]]:
            seen.extend(picture.shape for picture in pictures)
            return super().detections(pictures)

    monkeypatch.setattr(detection, "TILE", 32)
    monkeypatch.setattr(detection, "OVERLAP", 8)
    with Project.open(project, write=False) as opened:
        learner = result_of(instances.prepare(opened, QUICK))
    network = Seeing(learner.network.eval(), learner.card, PredictConfig(device="cpu"))
    assert result_of(learner.validate(network)).score is not None
    assert len(seen) > len(learner.sets) and max(max(shape) for shape in seen) == 32


def test_a_map_of_classes_is_parts(project: Path) -> None:
    with Project.open(project) as opened:
        found = objects_of(opened, opened.items.all()[0])
    assert sorted(found.classes.tolist()) == [0, 1, 2]


def test_plan_says_what_would_be(project: Path) -> None:
    found = result_of(plan(project, TrainConfig(arch="mask-rcnn-light")))
    assert found.config.encoder == "timm-tf_efficientnet_lite0" and found.config.weights == "imagenet"
    assert found.config.options["most"] == 100
    assert any("squares of" in notice.text for notice in found.said)


def test_anchors_follow_the_objects_and_a_choice_stays() -> None:
    config, _ = fitted(TrainConfig(), "cpu", FACTS, ["cell"])
    assert config.arch == "mask-rcnn-light" and config.precision == "float32"
    assert config.options == {"anchors": "22,44,88,176,352", "most": 100}
    assert (config.size, config.patch) == (0, 0)
    own, _ = fitted(TrainConfig(options={"anchors": "8,16,32,64,128"}, patch=192), "cpu", FACTS, ["cell"])
    assert own.options["anchors"] == "8,16,32,64,128" and own.patch == 192
    many, _ = fitted(TrainConfig(), "cuda", replace(FACTS, counts=[300]), ["cell"])
    assert many.options["most"] == 500 and many.precision == "auto"


def test_small_objects_in_images_of_one_size_are_enlarged_and_large_images_cut() -> None:
    small = ObjectFacts(np.array([5.0, 6.0, 7.0]), [20], [128, 128])
    config, said = fitted(TrainConfig(), "cpu", small, ["cell"])
    assert config.size == 427 and config.patch == 256
    assert "patches" in said[0].text
    mixed, _ = fitted(TrainConfig(), "cpu", replace(small, longest=[128, 1000]), ["cell"])
    assert (mixed.size, mixed.patch) == (0, 256)


def test_what_a_border_mirrored_is_an_object_of_its_own_and_crumbs_are_none() -> None:
    ids = np.zeros((12, 12), np.uint16)
    ids[:4, :4] = ids[:4, 8:] = 5
    ids[8:, :6], ids[8:, 6:], ids[6, 11] = 2, 3, 4
    fresh, classes = apart(ids, np.array([0, 0, 1, 2, 2, 1], np.uint8))
    assert len(classes) == 5 and sorted(classes[1:].tolist()) == [1, 1, 1, 2]
    assert fresh[0, 0] != fresh[0, 11] and fresh[9, 5] != fresh[9, 6] and fresh[6, 11] == 0


def learner(ids: np.ndarray, patch: int = 0, **more: object) -> InstanceLearner:
    card = ModelCard(
        "instances",
        "mask-rcnn-light",
        "resnet18",
        1,
        (("left cell", "#ff0000"), ("right cell", "#00ff00")),
        Intensity("bytes"),
        0,
        patch=patch,
        options=all_options("mask-rcnn-light"),
    )
    config = replace(QUICK, preset="standard", batch=2, patch=patch, per_image=4, **more)  # type: ignore[arg-type]
    grey = np.full(ids.shape, 200, np.uint8)
    piece = SliceObjects(1, grey, ids, np.array([0, 1, 2], np.uint8), (ids.shape[0], ids.shape[1]))
    return InstanceLearner(config, card, [piece, piece], {})


def halves(side: int = 64) -> np.ndarray:
    ids = np.zeros((side, side), np.uint16)
    ids[16:48, 4:28], ids[16:48, 36:60] = 1, 2
    return ids


def test_targets_hold_each_object_with_its_class_and_sides_exchange_in_mirror_images() -> None:
    for _, codes in learner(halves(), sides="swap").batches(0):
        for one in codes.numpy():
            left, right = (np.argwhere(one % 256 == value)[:, 1] for value in (1, 2))
            assert not len(left) or not len(right) or left.mean() < right.mean()
            assert len(set((one[one > 0] // 256).tolist())) >= 2


def test_objects_exchange_sides_where_left_and_right_lie_one_below_the_other(tmp_path: Path) -> None:
    save_preset(tmp_path / "up.json", AugmentConfig({"flip_vertical": TransformSetting(True, 1.0, 0, 0)}))
    made = learner(halves().T.copy(), sides="swap")
    pieces = [replace(piece, side_axis="down") for piece in made._train]
    made = InstanceLearner(replace(made.config, preset=str(tmp_path / "up.json")), made.card, pieces, {})
    assert made.card.recipe == {"sides": "swap"}
    for _, codes in made.batches(0):
        for one in codes.numpy():
            left, right = (np.argwhere(one % 256 == value)[:, 0] for value in (1, 2))
            assert left.mean() < right.mean()


def test_what_nobody_labelled_is_blanked_out() -> None:
    ids = halves()
    ids[16:48, 36:60] = 65_535
    made = learner(ids, sides="off")
    images, codes = next(made.batches(0))
    assert set(np.unique(codes.numpy() % 256).tolist()) <= {0, 1}
    plain = [picture for picture, one in zip(images, codes, strict=True) if len(np.unique(picture.numpy())) == 2]
    assert plain, "an untouched picture has the grey of its own and the mean where it is blanked out"


def test_patches_are_cut_of_large_slices() -> None:
    ids = np.zeros((300, 400), np.uint16)
    ids[100:140, 200:260], ids[10:30, 10:30] = 1, 2
    made = learner(ids, patch=64)
    assert made.steps == 2 * round(300 * 400 / 64**2) * 4 // 2
    images, codes = next(made.batches(0))
    assert images.shape == (2, 1, 64, 64) and codes.shape == (2, 64, 64)
    assert all(np.array_equal(a, b) for a, b in zip(next(made.batches(1)), next(made.batches(1)), strict=True))


def test_a_training_set_without_objects_is_refused(project: Path) -> None:
    with Project.open(project) as opened:
        for item in opened.items.all():
            opened.layers.replace(opened.layers.make(item.id), [], labelled=[0])
    with pytest.raises(EngineError, match="no object"):
        result_of(plan(project, QUICK))
