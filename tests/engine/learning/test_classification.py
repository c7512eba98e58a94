"""The learner of classes: images are read one at a time, and what a run never learnt counts as nothing."""

import gc
import weakref
from dataclasses import replace
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
import torch

from engine.augment.presets import save_preset
from engine.augment.row import TransformSetting
from engine.augment.transforms import AugmentConfig
from engine.catalog import all_options
from engine.config import PredictConfig, Settings, TrainConfig
from engine.errors import EngineError, NotReadable
from engine.imaging.geometry import SideAxis
from engine.imaging.image import Image, Source
from engine.imaging.read import read_image
from engine.labels.classes import parse_classes
from engine.learning import bundle, classification, device
from engine.learning.classification import ClassificationLearner
from engine.learning.evaluate import collect_answers, evaluate_classes
from engine.learning.explaining import Explained, explain_items
from engine.learning.explanations import ExplanationRequest
from engine.learning.learner import Learner
from engine.learning.pixels import to_batch
from engine.learning.predict import Predictor, predict_files, predict_items
from engine.learning.train import train
from engine.progress import Notice, result_of
from engine.project.class_removal import remove_class
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project
from engine.project.runs import Classified, LearntClass
from engine.report.run_report import report_on
from engine.scoring.classify import UNANSWERED
from engine.scoring.render import heat
from engine.scoring.report import classification_table
from tests.said import result_and_said

QUICK = TrainConfig(arch="lenet5", epochs=1, batch=5, preset="none", device="cpu")


def test_no_image_is_kept_at_its_full_size(classes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[weakref.ref[np.ndarray]] = []
    alive = []

    def counted(source: Source) -> Image:
        gc.collect()
        alive.append(sum(pixels() is not None for pixels in seen))
        image = read_image(source)
        seen.append(weakref.ref(image.pixels))
        return image

    monkeypatch.setattr(classification, "read_image", counted)
    with Project.open(classes, write=False) as opened:
        learner = result_of(classification.prepare(opened, QUICK))
    assert len(alive) == 20 + 28, "a sample for the rule, then all"
    assert max(alive) <= 1
    assert learner.card.size == 32


def test_that_of_volumes_the_middle_slice_alone_is_seen_is_said(tmp_path: Path) -> None:
    """In the training, in predictions of items and of files, and in the report."""
    draw = np.random.default_rng(0)
    with Project.create(tmp_path / "v.contorno", "classification", parse_classes("a,b")) as made:
        for number in range(6):
            scan = draw.normal(100 + 60 * (number % 2), 9, (28, 28, 5 if number else 1)).astype(np.int16)
            nib.save(nib.Nifti1Image(scan, np.eye(4)), file := tmp_path / f"v{number}.nii")
            result_of(import_images(made, ImportPlan((file,), split="train" if number < 4 else "val")))
        items = made.items.all()
        made.items.set_labels({item.id: number % 2 for number, item in enumerate(items)})
        run, path = made.runs.add(QUICK), made.path
    outcome, said = result_and_said(train(path, run.folder, run.config))
    assert "5 images are volumes: of each the middle slice alone is seen." in said
    with Project.open(path) as opened:
        opened.runs.update(run, "finished", outcome.summary)
        events = list(predict_items(path, run.id, [item.id for item in items[:2]]))
        for event in events:
            if isinstance(event, Classified):
                opened.keep_prediction(run, event)
        assert "1 image is a volume: its middle slice alone is seen." in [
            e.text for e in events if isinstance(e, Notice)
        ]
        for event in predict_items(path, run.id, [item.id for item in items[4:]]):
            if isinstance(event, Classified):
                opened.keep_prediction(run, event)
    found = predict_files(outcome.bundle, [items[1].source, items[0].source])
    assert "1 image is a volume: its middle slice alone is seen." in result_and_said(found)[1]
    cautions = [caution.text for caution in result_of(report_on(path, run.id, "val", pictures=False)).cautions]
    assert "2 images are volumes: of each the middle slice alone is seen." in cautions


def test_images_that_do_not_fit_are_refused_in_words(classes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classification, "check_network_memory", lambda *_: None)  # a step takes more than these
    monkeypatch.setattr(device, "memory", lambda _: 28 * 32 * 32)
    with Project.open(classes, write=False) as opened, pytest.raises(EngineError, match="images of this training need"):
        result_of(classification.prepare(opened, QUICK))


def test_auto_changes_whole_images_as_films_but_those_in_colour_less(classes: Path) -> None:
    left_open = TrainConfig(arch="lenet5", device="cpu")
    with Project.open(classes) as opened:
        learner = result_of(classification.prepare(opened, left_open))
        assert learner.config.preset == "films"
        opened.items.add(replace(opened.items.all()[0], id=0, name="stained", color=True))
        assert classification.planned(opened, left_open).config.preset == "classification"


def test_a_class_that_came_after_the_run_has_no_share_in_it(classes: Path) -> None:
    with Project.open(classes) as opened:
        run = opened.runs.add(QUICK, "early")
    result_of(train(classes, run.folder, QUICK, run.name))
    with Project.open(classes) as opened:
        opened.set_classes(parse_classes("dark,bright,odd"))
        for item in opened.items.all("test"):
            opened.runs.set_probabilities(run, item.id, np.array([0.25, 0.75], np.float32))
    scores = evaluate_classes(classes, run.name, "test")
    assert [len(row) for row in scores.confusion] == [2, 2]
    assert list(scores.classes) == ["dark", "bright"]
    assert scores.accuracy == 0.5
    assert result_of(explain_items(classes, run.name, None, ExplanationRequest("saliency"))) > 0


def test_a_training_of_other_classes_does_not_go_on(classes: Path) -> None:
    with Project.open(classes) as opened:
        opened.set_classes(parse_classes("dark,bright,odd"))
        run = opened.runs.add(QUICK, "early")
    result_of(train(classes, run.folder, QUICK, run.name))
    with Project.open(classes) as opened:
        opened.runs.update(run, "finished")
        result_of(remove_class(opened, 3))
        opened.set_classes(parse_classes("dark,bright,new"))
    with pytest.raises(NotReadable, match="does not fit this training"):
        result_of(train(classes, run.folder, replace(QUICK, epochs=2), run.name, resume=True))


def test_explained_nifti_files_hang_as_the_scan_does(classes: Path, tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).normal(0, 1, (28, 28, 1)).astype(np.float32)
    pixels[:6, :6] += 100
    file = tmp_path / "film.nii.gz"
    nib.save(nib.Nifti1Image(pixels, np.eye(4)), file)
    with Project.open(classes) as opened:
        run = opened.runs.add(QUICK, "early")
        result_of(import_images(opened, ImportPlan((file,))))
        item = opened.items.all()[-1]
    result_of(train(classes, run.folder, QUICK, run.name))
    (found,) = [
        e
        for e in explain_items(classes, run.name, [item.id], ExplanationRequest("saliency"))
        if isinstance(e, Explained)
    ]
    assert found.run == run.id and found.flips == (True, True)
    assert found.plain[1, 1] > 128 > found.plain[-2, -2], "as it is stored"
    assert found.picture[-2, -2].max() > 128 > found.plain[-2, -2]
    np.testing.assert_array_equal(found.picture, heat(found.plain, found.heat)[::-1, ::-1])


def test_answers_are_of_items_with_a_class_that_were_predicted(classes: Path) -> None:
    with Project.open(classes, write=False) as opened:
        items = opened.items.all("test")
    said = {item.id: np.array([0.25, 0.75], np.float32) for item in items[1:]}
    learnt = [LearntClass("dark", 0), LearntClass("bright", 1)]
    found = collect_answers([replace(items[-1], label=None), *items[:3]], said, learnt)
    assert found is not None and found.items == (items[1].id, items[2].id)
    assert found.probabilities.tolist() == [[0.25, 0.75]] * 2
    assert found.names == ("dark", "bright") and found.gone == () and found.rest is None
    assert found.truth.tolist() == [items[1].label, items[2].label]
    assert collect_answers(items[:1], said, learnt) is None


def test_answers_mean_their_classes_wherever_those_stand_now(classes: Path) -> None:
    with Project.open(classes, write=False) as opened:
        items = [
            replace(item, label=label) for item, label in zip(opened.items.all("test"), (0, 1, 2, 1), strict=False)
        ]
    said = {item.id: np.array(row, np.float32) for item, row in zip(items, _SAID, strict=True)}
    learnt = [LearntClass("x", None), LearntClass("b", 1), LearntClass("a", 0)]
    found = collect_answers(items, said, learnt)
    assert found is not None and found.names == ("a", "b") and found.gone == ("x",)
    assert found.items == (items[0].id, items[1].id, items[3].id) and found.never_learnt == 1
    assert found.truth.tolist() == [0, 1, 1]
    np.testing.assert_allclose(found.probabilities, [[0.7, 0.1], [0.2, 0.7], [0.1, 0.3]], rtol=1e-6)
    assert found.predicted().tolist() == [0, 1, UNANSWERED], "the last is called x, which is no class any more"
    assert found.matrix() == [[1, 0], [0, 1]]
    assert (found.scores.accuracy, found.scores.said_gone, found.scores.unanswered) == (2 / 3, 1, 0)
    assert found.scores.to_json()["removed_classes"] == ["x"]
    table = classification_table(found.scores)
    assert "no class any more: x; the run says so of 1 of 3 items" in table
    assert (found.at_threshold(0.25).true_positive, found.at_threshold(0.5).unanswered) == (2, 1)
    assert found.everything.shape == (3, 3)


_SAID = ([0.2, 0.1, 0.7], [0.1, 0.7, 0.2], [0.1, 0.1, 0.8], [0.6, 0.3, 0.1])


@pytest.mark.parametrize("kept", [True, False])
def test_scores_and_maps_of_an_old_run_follow_its_classes(tmp_path: Path, classes: Path, kept: bool) -> None:
    with Project.open(classes) as opened:
        opened.set_classes(parse_classes("odd,dark,bright"))
        opened.items.set_labels({item.id: (item.label or 0) + 1 for item in opened.items.all()})
        run = opened.runs.update(opened.runs.add(QUICK, "early"), "finished")
    result_of(train(classes, run.folder, QUICK, run.name))
    if not kept:
        card, weights = bundle.load(run.bundle)
        bundle.save(run.bundle, replace(card, identities=()), weights)
    with Project.open(classes) as opened:
        for item in opened.items.all("test"):
            answer = np.full(3, 0.1, np.float32)
            answer[item.label or 0] = 0.8
            opened.runs.set_probabilities(run, item.id, answer)
        result_of(remove_class(opened, 1))
        assert [one.name for one in opened.classes] == ["dark", "bright"]
        opened.set_classes(parse_classes("dark,bright,late"))
    scores = evaluate_classes(classes, run.name, "test")
    assert scores.accuracy == 1.0 and list(scores.classes) == ["dark", "bright"] and scores.gone == ("odd",)
    cases = [
        each
        for each in explain_items(classes, run.name, None, ExplanationRequest("saliency"))
        if isinstance(each, Explained)
    ]
    assert cases and {case.truth for case in cases} == {0, 1}
    names = ["dark", "bright"]
    for case in cases:
        assert case.said_name == (names[case.said] if case.said != UNANSWERED else "odd")
        assert (case.kind == "right") <= (case.said == case.truth)


def hips(classes: Path, preset: Path, flip: str, rule: str) -> Learner:
    """What learns left and right hips, of which every second sample is turned over."""
    save_preset(preset, AugmentConfig({flip: TransformSetting(True, 1.0, 0, 0)}))
    with Project.open(classes) as opened:
        opened.set_classes(parse_classes("hip left,hip right"))
        return result_of(classification.prepare(opened, replace(QUICK, preset=str(preset), sides=rule)))


@pytest.mark.parametrize(("rule", "exchanged"), [("keep", False), ("swap", True), ("off", False)])
def test_the_class_of_a_mirror_image_follows_the_rule_for_sides(
    classes: Path, tmp_path: Path, rule: str, exchanged: bool
) -> None:
    learner = hips(classes, tmp_path / "m.json", "flip_horizontal", rule)
    parts = [(images.mean(dim=(1, 2, 3)) > 0, labels) for images, labels in learner.batches(0)]
    bright, said = (torch.cat(part).long() for part in zip(*parts, strict=True))
    assert torch.equal(said[::2], bright[::2]), "every second sample is the image itself"
    assert torch.equal(said[1::2], 1 - bright[1::2] if exchanged else bright[1::2])
    (notice,) = [notice.text for notice in learner.notices if "hip left / hip right" in notice.text]
    assert ("exchange their names" in notice) is exchanged


@pytest.mark.parametrize(("axis", "exchanged"), [("across", False), ("down", True)])
def test_the_class_follows_the_way_left_and_right_lie(
    classes: Path, tmp_path: Path, axis: SideAxis, exchanged: bool
) -> None:
    learner = hips(classes, tmp_path / "up.json", "flip_vertical", "swap")
    assert isinstance(learner, classification.ClassificationLearner)
    shown = [replace(one, side_axis=axis) for one in learner._train]
    learner = classification.ClassificationLearner(learner.config, learner.card, shown, [])
    parts = [(images.mean(dim=(1, 2, 3)) > 0, labels) for images, labels in learner.batches(0)]
    bright, said = (torch.cat(part).long() for part in zip(*parts, strict=True))
    assert torch.equal(said[::2], bright[::2]), "every second sample is the image itself"
    assert torch.equal(said[1::2], 1 - bright[1::2] if exchanged else bright[1::2])


@pytest.mark.parametrize("per_image", [1, 3])
def test_one_of_each_ratio_s_samples_is_the_image_itself(classes: Path, tmp_path: Path, per_image: int) -> None:
    save_preset(tmp_path / "up.json", AugmentConfig({"flip_vertical": TransformSetting(True, 1.0, 0, 0)}))
    with Project.open(classes, write=False) as opened:
        asked = replace(QUICK, preset=str(tmp_path / "up.json"), per_image=per_image)
        learner = result_of(classification.prepare(opened, asked))
    assert isinstance(learner, classification.ClassificationLearner)
    plain = to_batch([shown.picture for shown in learner._train], learner.card.intensity)
    images = torch.cat([batch for batch, _ in learner.batches(0)])
    assert len(images) == 20 * per_image
    untouched = [bool((image == plain).all(dim=(1, 2, 3)).any()) for image in images]
    flipped = [bool((image.flip(-2) == plain).all(dim=(1, 2, 3)).any()) for image in images]
    assert sum(untouched) * (per_image + 1) == len(images)
    assert [not one for one in untouched] == flipped


def test_a_network_of_another_task_or_run_is_refused_before_an_image_is_read(classes: Path) -> None:
    with Project.open(classes) as opened:
        run = opened.runs.add(QUICK, "early")
    with pytest.raises(EngineError, match="unet-smp is for another task"):
        next(train(classes, run.folder, replace(QUICK, arch="unet-smp")))
    result_of(train(classes, run.folder, QUICK, run.name))
    with Project.open(classes, write=False) as opened:
        asked = replace(QUICK, arch="mlp", start_from="early")
        with pytest.raises(EngineError, match="That run trained lenet5, not mlp"):
            next(classification.prepare(opened, asked))


def test_items_of_a_class_that_the_run_never_knew_are_left_out_and_counted(classes: Path) -> None:
    with Project.open(classes) as opened:
        run = opened.runs.add(QUICK, "early")
        opened.set_classes(parse_classes("dark,bright,odd"))
        items = opened.items.all("test")
        for item in items:
            opened.runs.set_probabilities(run, item.id, np.array([0.25, 0.75], np.float32))
        opened.items.set_labels({items[0].id: 2, items[2].id: 2})
    scores = evaluate_classes(classes, run.name, "test")
    assert (scores.n, scores.never_learnt) == (len(items) - 2, 2)
    assert scores.accuracy == pytest.approx(4 / 6) and scores.to_json()["never_learnt"] == 2
    assert "left out: 2 items of classes that came after the training" in classification_table(scores)


def test_a_validation_says_which_answers_are_no_numbers(classes: Path) -> None:
    with Project.open(classes, write=False) as opened:
        learner = result_of(classification.prepare(opened, QUICK))
    assert isinstance(learner, ClassificationLearner)
    with torch.no_grad():
        list(learner.network.parameters())[-2].fill_(3e38)
    predictor = Predictor(learner.network.eval(), learner.card, PredictConfig(device="cpu"))
    found, said = result_and_said(learner.validate(predictor))
    assert found.score is not None and np.isnan(found.score)
    assert said == [
        "The network's answers to 8 of 8 images of the validation set are no numbers: this epoch has no score."
    ]


@pytest.mark.parametrize("name", ["ce", "focal"])
def test_training_and_validation_have_one_loss(classes: Path, name: str) -> None:
    config = TrainConfig(arch="lenet5", epochs=1, device="cpu", loss=name, label_smoothing=0.1)
    with Project.open(classes, write=False) as opened:
        learner = result_of(classification.prepare(opened, config))
    assert isinstance(learner, ClassificationLearner)
    predictor = Predictor(learner.network.eval(), learner.card, PredictConfig(device="cpu"))
    found = result_of(learner.validate(predictor))
    images = to_batch([sample.picture for sample in learner._val], learner.card.intensity)
    with torch.no_grad():
        loss = learner.loss(learner.network(images), torch.tensor([sample.label for sample in learner._val]))
    assert found.loss == pytest.approx(float(loss), rel=1e-3)
    assert learner.sets == {"train": 20, "val": 8}


@pytest.mark.parametrize(
    ("arch", "options"),
    [("plain20", {"activation": "tanh", "batch_norm": False}), ("mlp", {"hidden": "16"}), ("timm:test_resnet", {})],
)
def test_settings_of_the_network_travel_with_the_model(classes: Path, arch: str, options: Settings) -> None:
    config = replace(QUICK, arch=arch, options=options)
    with Project.open(classes) as opened:
        run = opened.runs.add(config, "first")
    result_of(train(classes, run.folder, config, run.name))
    card, network = bundle.restore(run.bundle)
    assert card.options == all_options(arch, options)
    assert network(torch.zeros(1, 1, card.size, card.size)).shape == (1, 2)
    further = replace(QUICK, start_from="first", arch="auto")
    with Project.open(classes, write=False) as opened:
        learner = result_of(classification.prepare(opened, further))
    assert learner.card.options == card.options and learner.config.options == card.options


def test_transfer_learning_works_offline(classes: Path) -> None:
    config = replace(QUICK, arch="efficientnet-lite0", weights="imagenet")
    with Project.open(classes, write=False) as opened:
        learner = result_of(classification.prepare(opened, config))
    assert learner.card.intensity.mean == pytest.approx((127 / 255,))
    assert learner.card.intensity.deviation == pytest.approx((128 / 255,))
    assert any("2 of 296 groups of weights start afresh" in notice.text for notice in learner.notices)
    variances = learner.network.state_dict()["bn1.running_var"]
    assert (variances - 1).abs().max() > 0.5


def test_a_training_without_validation_says_so(classes: Path) -> None:
    with Project.open(classes) as opened:
        opened.items.set_splits({item.id: "train" for item in opened.items.all() if item.split == "val"})
        learner = result_of(classification.prepare(opened, QUICK))
    assert learner.notices[-1].text == "No image of the validation set has a class: the last weights are kept."
