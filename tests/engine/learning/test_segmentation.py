"""The learner of masks: what it reads, what a validation looks at, what small memory does to it."""

from dataclasses import replace
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
import torch

from engine.augment.presets import save_preset
from engine.augment.row import TransformSetting
from engine.augment.transforms import AugmentConfig
from engine.config import PredictConfig, TrainConfig
from engine.errors import EngineError
from engine.imaging.intensity import Intensity
from engine.labels.classes import UNLABELLED, parse_classes
from engine.learning import device, segmentation, slices
from engine.learning.bundle import ModelCard
from engine.learning.losses import make_loss
from engine.learning.predict import Predictor, likeliest_class
from engine.learning.segmentation import SegmentationLearner, SliceSample
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project
from tests.said import result_and_said

QUICK = TrainConfig(arch="linknet", encoder="mobilenet_v2", epochs=1, batch=4, device="cpu", precision="float32")


def prepared(project: Path, config: TrainConfig = QUICK) -> SegmentationLearner:
    with Project.open(project, write=False) as opened:
        learner = result_of(segmentation.prepare(opened, config))
    assert isinstance(learner, SegmentationLearner)
    return learner


def test_a_shortened_validation_is_said_and_scored(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "MOST_VALIDATED", 2)
    learner = prepared(project)
    assert learner.notices[-1].text == "A validation looks at 2 of the 3 slices, evenly spread, to stay short."
    found = result_of(learner.validate(Predictor(learner.network.eval(), learner.card, PredictConfig(device="cpu"))))
    assert found.score is not None and len(found.cases) == 2


def test_a_validation_says_where_scores_are_no_numbers(project: Path) -> None:
    learner = prepared(project)
    with torch.no_grad():
        [weights for weights in learner.network.parameters() if weights.ndim > 1][-1].fill_(3e38)
    predictor = Predictor(learner.network.eval(), learner.card, PredictConfig(device="cpu"))
    _, said = result_and_said(learner.validate(predictor))
    assert said == [
        "Some of the network's scores of 3 of 3 images of the validation set are no numbers: what it paints there means nothing."
    ]


def test_a_class_that_no_mask_taught_is_never_found(project: Path) -> None:
    """Its logits are as they were drawn: after a short training a tenth of the pixels was of it."""
    with Project.open(project) as opened:
        opened.set_classes([*opened.classes, *parse_classes("disc,square,ghost")[2:]])
    learner = prepared(project)
    assert learner.card.untaught == (2,) and "ghost" in " ".join(notice.text for notice in learner.notices)
    likes_ghosts = torch.zeros(1, 4, 2, 2)
    likes_ghosts[:, 3], likes_ghosts[:, 2, 0] = 9.0, 1.0
    assert likeliest_class(likes_ghosts.clone(), learner.card)[0].tolist() == [[2, 2], [0, 0]]
    assert likeliest_class(likes_ghosts, replace(learner.card, untaught=()))[0].tolist() == [[3, 3], [3, 3]]
    present = np.array([True, False, False])
    assert segmentation._untaught(learner.card, present, None) == (1, 2)
    assert segmentation._untaught(learner.card, present, learner.card) == (2,), "the run before was taught squares"
    older = replace(learner.card, identities=(), untaught=())  # which knew its classes by their names alone
    assert segmentation._untaught(learner.card, present, older) == ()


def test_threads_that_a_person_chose_stay_when_it_goes_on(project: Path) -> None:
    for asked, watched in ((1, False), (0, True)):
        first = prepared(project, replace(QUICK, epochs=0, minutes=0.02, threads=asked))
        assert first.watches_threads == watched
        kept = replace(first.card, recipe=first.card.recipe | {"watches_threads": first.watches_threads})
        with Project.open(project, write=False) as opened:
            assert result_of(segmentation.prepare(opened, first.config, kept)).watches_threads == watched


def test_classes_that_are_lost_in_reduced_images_are_told_from_those_without_an_example(project: Path) -> None:
    with Project.open(project) as opened:
        for item in opened.items.all("train"):
            layer = opened.layers.make(item.id)
            labels = opened.layers.read(layer, item.shape)
            labels[labels == 2] = 0
            labels[0, 0, 0] = 2  # a single pixel, and none of those that a third of the size takes
            opened.layers.replace(layer, pack(labels))
    said = [notice.text for notice in prepared(project, replace(QUICK, size=16)).notices]
    assert "Nothing of square is left of images that are reduced to 16 px: it is not learnt." in said
    assert not any("no example" in line for line in said)
    assert not any("Nothing of" in notice.text for notice in prepared(project).notices)
    with Project.open(project) as opened:
        for item in opened.items.all("train"):
            alone = np.zeros(item.shape, np.uint8)
            alone[0, 3, 3] = 1
            opened.layers.replace(opened.layers.make(item.id), pack(alone))
    with pytest.raises(EngineError, match="reduced to 16 px") as fault:
        prepared(project, replace(QUICK, size=16))
    assert "larger image size" in fault.value.advice


@pytest.mark.parametrize("value", [0, UNLABELLED])
def test_masks_without_a_class_teach_nothing(project: Path, value: int) -> None:
    """A training of nothing but background, or of nothing at all, ran to its end and found nothing ever after."""
    with Project.open(project) as opened:
        for item in opened.items.all("train"):
            opened.layers.replace(opened.layers.make(item.id), pack(np.full(item.shape, value, np.uint8)), [0])
    with pytest.raises(EngineError, match="nothing to learn") as fault:
        prepared(project)
    assert "import some" in fault.value.advice


def test_patches_larger_than_every_image_are_none(project: Path) -> None:
    """Squares of 512 px around images of 48 are nothing but padding, and a hundred times as slow."""
    learner = prepared(project, replace(QUICK, patch=512))
    said = "No image is larger than the patches of 512 px: the network sees whole images."
    assert said in [notice.text for notice in learner.notices] and learner.config.patch == learner.card.patch == 0
    images, _ = next(learner.batches(0))
    assert images.shape[-2:] == (64, 64)
    assert prepared(project, replace(QUICK, patch=32)).card.patch == 32


def test_masks_without_a_class_choose_no_weights(project: Path) -> None:
    """A network that finds nothing would have no score on them, and one that finds a speck 0.0: the speck was kept for ever."""
    with Project.open(project) as opened:
        for item in opened.items.all("val"):
            opened.layers.replace(opened.layers.make(item.id), pack(np.zeros(item.shape, np.uint8)), [0])
    learner = prepared(project)
    assert learner.notices[-1].text == "The masks of the validation set hold no class: the last weights are kept."
    found = result_of(learner.validate(Predictor(learner.network.eval(), learner.card, PredictConfig(device="cpu"))))
    assert found.score is None and found.loss is not None
    assert "hold no class" not in " ".join(n.text for n in prepared_from(project, "test").notices)


def prepared_from(project: Path, split: str) -> SegmentationLearner:
    """Validated on the items of that set."""
    with Project.open(project) as opened:
        opened.items.set_splits({item.id: "val" for item in opened.items.all(split)})  # type: ignore[arg-type]
    return prepared(project)


def test_cases_of_nifti_files_hang_as_the_scan_does(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).normal(0, 1, (48, 40, 1)).astype(np.float32)
    pixels[:12, :10] += 100
    with Project.create(tmp_path / "scans.contorno", "binary", parse_classes("spot")) as made:
        for name, split in (("a", "train"), ("b", "val")):
            file = tmp_path / f"{name}.nii.gz"
            nib.save(nib.Nifti1Image(pixels, np.eye(4)), file)
            result_of(import_images(made, ImportPlan((file,), split=split)))  # type: ignore[arg-type]
        for item in made.items.all():
            assert item.shape == (1, 40, 48)
            labels = np.zeros(item.shape, np.uint8)
            labels[0, :10, :12] = 1
            made.layers.replace(made.layers.make(item.id), pack(labels))
        learner = result_of(segmentation.prepare(made, replace(QUICK, size=48)))
    found = result_of(learner.validate(Predictor(learner.network.eval(), learner.card, PredictConfig(device="cpu"))))
    (case,) = found.cases
    height, width = case.reference.shape
    assert case.reference[height - 4, width - 4] == 1 and case.reference[3, 3] == 0
    assert case.picture[height - 4, width - 4].min() > 128 > case.picture[3, 3].max()


def test_what_is_masked_is_asked_once_and_not_for_each_item(project: Path) -> None:
    """One query an item took 22.9 s before the first event of a training on 4,000 images, instead of 0.1."""
    with Project.open(project, write=False) as opened:
        items = opened.items.count()
        said: list[str] = []
        opened._store._db.set_trace_callback(said.append)
        work = segmentation.prepare(opened, replace(QUICK, size=48))
        next(work)
        assert len(said) < 5 < items
        result_of(work)
    assert sum("FROM layers" in line for line in said) == 2, "the masks, and what of them is labelled"


def test_small_memory_changes_no_score(project: Path) -> None:
    with Project.open(project) as opened:
        opened.items.set_splits({item.id: "val" for item in opened.items.all() if item.id > 2})
    learner = prepared(project)
    learner._val = {"all": [piece for pieces in learner._val.values() for piece in pieces]}  # as one volume
    asked = Predictor(learner.network.eval(), learner.card, PredictConfig(device="cpu"), "float32")
    plain = result_of(learner.validate(asked))

    def refuse(module: torch.nn.Module, inputs: tuple[torch.Tensor]) -> None:
        if len(inputs[0]) > 3:
            raise torch.OutOfMemoryError("made by the test")

    learner.network.register_forward_pre_hook(refuse)
    found, said = result_and_said(learner.validate(asked))
    assert found.dice == plain.dice and found.score is not None
    assert found.loss == pytest.approx(plain.loss, rel=0.05)
    assert said == [
        "The memory was too small: 4 images at a time now.",
        "The memory was too small: 2 images at a time now.",
    ]


def test_images_that_do_not_fit_are_refused_in_words(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segmentation, "check_network_memory", lambda *_: None)  # a step takes more than these
    monkeypatch.setattr(device, "memory", lambda _: 11 * 64 * 64 * 2)  # bytes: of eleven pictures and masks, no more
    with pytest.raises(EngineError, match="images of this training need") as raised:
        prepared(project)
    assert "smaller image size" in raised.value.advice
    monkeypatch.setattr(device, "memory", lambda _: 13 * 64 * 64 * 2)
    assert prepared(project).steps == 2


def test_a_system_that_does_not_tell_its_memory_is_trusted(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "memory", lambda _: None)
    assert prepared(project).steps == 2


def test_places_of_a_class_do_not_keep_the_whole_list() -> None:
    labels = np.zeros((400, 400), np.uint8)
    labels[100:300] = 1
    (places,) = segmentation._foreground(labels)
    assert places.base is None and 500 <= len(places) < 1000


def one_speck(count: int) -> list[SliceSample]:
    """Slices that class 2 fills to a half; in the last a single pixel is of class 1."""
    labels = np.zeros((count, 64, 64), np.uint8)
    labels[:, :, :32] = 2
    labels[-1, 60, 60] = 1
    return [SliceSample(n, np.zeros((64, 64), np.uint8), slice, (64, 64)) for n, slice in enumerate(labels)]


def learner_of(pieces: list[SliceSample], config: TrainConfig) -> SegmentationLearner:
    card = ModelCard("segmentation", "unet-smp", "resnet18", 1, (("a", ""), ("b", "")), Intensity("bytes"), 64)
    return SegmentationLearner(config, card, pieces, {})


def test_slices_with_a_rare_class_are_drawn_more_often() -> None:
    config = replace(QUICK, preset="none", per_image=40)
    drawn = learner_of(one_speck(10), config)._order(0)
    share = np.bincount(drawn, minlength=10) / len(drawn)
    assert share[-1] == pytest.approx(np.sqrt(10) / (np.sqrt(10) + 9), abs=0.05)  # one in ten have it
    assert share[:-1].max() < 0.13
    alike = learner_of(one_speck(10), replace(config, balance=False))._order(0)
    assert np.bincount(alike).tolist() == [40] * 10


def test_half_of_what_a_rare_class_weighs_more_is_taken_back_from_what_it_is_said_to_be() -> None:
    config = replace(QUICK, preset="none")
    learner = learner_of(one_speck(4), config)
    weights = torch.from_numpy(segmentation.class_weights([p.labels for p in one_speck(4)], 3))
    assert weights[1] == 10
    logits, target = torch.randn(2, 3, 8, 8), torch.randint(0, 3, (2, 8, 8))
    plain = make_loss(QUICK.loss, 3, task="multiclass", class_weights=weights)
    lower = logits - 0.5 * weights.log().view(1, 3, 1, 1)
    assert float(learner.loss(lower, target)) == pytest.approx(float(plain(logits, target)))
    alike = learner_of(one_speck(4), replace(config, balance=False))
    assert float(alike.loss(logits, target)) == pytest.approx(
        float(make_loss(QUICK.loss, 3, task="multiclass")(logits, target))
    )


def test_patches_of_a_drawn_slice_show_its_classes_in_turn() -> None:
    """Half of them show a labelled pixel, of each class equally often, though 2048 pixels stand against one."""
    learner = learner_of(one_speck(1), replace(QUICK, preset="none", patch=16, per_image=25))
    masks = np.concatenate([targets.numpy() for _, targets in learner.batches(0)])
    assert len(masks) == 400
    assert 0.2 < np.mean([(mask == 1).any() for mask in masks]) < 0.35


def test_patches_are_not_padded(project: Path) -> None:
    learner = prepared(project, replace(QUICK, patch=32, size=48))
    assert {p.picture.shape for p in learner._train} == {(48, 48)}


def _repaint(project: Path, number: int, labels: np.ndarray) -> None:
    with Project.open(project) as opened:
        item = opened.items.named(f"shape{number}")
        opened.layers.replace(opened.layers.make(item.id), pack(labels), labelled=range(1))


def test_unlabelled_pixels_are_in_no_weight_and_in_no_patch(project: Path) -> None:
    before = prepared(project, replace(QUICK, patch=32, size=48))
    for number in range(4):
        labels = np.full((1, 48, 48), UNLABELLED, np.uint8)
        labels[0, 20:30, 20:30] = 1
        _repaint(project, number, labels)
    learner = prepared(project, replace(QUICK, patch=32, size=48))
    assert [len(places) for places in learner._places] == [1] * 4 + [len(places) for places in before._places[4:]]
    rare = np.full((100, 100), UNLABELLED, np.uint8)
    rare[:50], rare[:1, :50] = 0, 1  # 1 % of what is labelled
    assert segmentation.class_weights([rare], 3).tolist() == [1, 2, 1]
    images, targets = next(learner.batches(0))
    assert learner.loss(learner.network(images), targets).isfinite()


def test_unlabelled_pixels_are_in_no_score(project: Path) -> None:
    with Project.open(project) as opened:
        opened.items.set_splits({i.id: "" for i in opened.items.all() if i.split == "val" and i.name != "shape8"})
    labels = np.full((1, 48, 48), UNLABELLED, np.uint8)
    labels[0, :8] = 0  # without any class
    _repaint(project, 8, labels)
    learner = prepared(project)
    found = result_of(learner.validate(Predictor(learner.network.eval(), learner.card, PredictConfig(device="cpu"))))
    (case,) = found.cases
    assert found.loss is not None and np.isfinite(found.loss)
    assert not case.reference.any(), "what nobody labelled is not shown as a class"
    said = case.prediction[:8]
    assert found.dice == {name: 0.0 if (said == n).any() else None for n, name in enumerate(("disc", "square"), 1)}


def test_classes_without_an_example_are_named(project: Path) -> None:
    for number in range(8):
        _repaint(project, number, np.eye(48, dtype=np.uint8)[None])
    said = [notice.text for notice in prepared(project).notices]
    assert "The training set has no example of square: it is not learnt." in said


def test_rejected_items_are_left_out_unless_asked_for(project: Path) -> None:
    with Project.open(project) as opened:
        for number in (0, 1, 8):
            opened.items.set_state(opened.items.named(f"shape{number}").id, "rejected")
    learner = prepared(project, replace(QUICK, batch=1))
    assert learner.steps == 6 and len(learner._val) == 2
    assert "3 rejected items are left out of training and validation." in [n.text for n in learner.notices]
    learner = prepared(project, replace(QUICK, batch=1, with_rejected=True))
    assert learner.steps == 8 and not any("reject" in n.text for n in learner.notices)


def test_training_of_nothing_but_rejected_items_is_refused_in_words(project: Path) -> None:
    with Project.open(project) as opened:
        for item in opened.items.all("train"):
            opened.items.set_state(item.id, "rejected")
    with pytest.raises(EngineError, match="All labelled items of the training set were rejected"):
        prepared(project)


def always_mirrored(folder: Path) -> str:
    save_preset(folder / "mirror.json", AugmentConfig({"flip_horizontal": TransformSetting(True, 1.0, 0, 0)}))
    return str(folder / "mirror.json")


@pytest.mark.parametrize(("rule", "expected"), [("keep", [0, 2, 1]), ("swap", [0, 1, 2]), ("off", [1, 2, 0])])
def test_a_mirrored_mask_is_learnt_by_the_rule_for_sides(tmp_path: Path, rule: str, expected: list[int]) -> None:
    labels = np.repeat(np.repeat(np.array([[1, 2, 0]], np.uint8), 32, axis=1), 96, axis=0)
    card = ModelCard(
        "segmentation", "unet-smp", "resnet18", 1, (("lung R", ""), ("lung L", "")), Intensity("bytes"), 96
    )
    pieces = [SliceSample(n, labels * 80, labels, (96, 96)) for n in range(2)]
    config = replace(QUICK, preset=always_mirrored(tmp_path), sides=rule, batch=1)
    learner = SegmentationLearner(config, card, pieces, {})
    (_, plain), (_, mirrored) = learner.batches(0)
    assert plain[0, 50, 16::32].tolist() == [1, 2, 0], "one of two samples is the image itself"
    assert mirrored[0, 50, 16::32].tolist() == expected
    assert torch.equal(mirrored[0], mirrored[0, :1].expand(96, 96)), "nothing else has moved"


@pytest.mark.parametrize(("rule", "expected"), [("keep", [0, 2, 1]), ("swap", [0, 1, 2]), ("off", [1, 2, 0])])
def test_a_training_follows_the_way_left_and_right_lie_in_its_images(
    tmp_path: Path, rule: str, expected: list[int]
) -> None:
    """Volumes whose rows run from side to side: turned upside down, they have left on the right."""
    labels = np.repeat(np.repeat(np.array([[1], [2], [0]], np.uint8), 32, axis=0), 96, axis=1)
    save_preset(tmp_path / "up.json", AugmentConfig({"flip_vertical": TransformSetting(True, 1.0, 0, 0)}))
    affine = np.eye(4)[[1, 0, 2, 3]]  # the first axis of the file runs from back to front
    for folder, values in (("images", labels * 80), ("masks", labels)):
        (tmp_path / folder).mkdir()
        nib.save(nib.Nifti1Image(values.T[..., None], affine), tmp_path / folder / "a.nii.gz")
    with Project.create(tmp_path / "spines", "multiclass", parse_classes("lung R,lung L")) as project:
        result_of(import_images(project, ImportPlan((tmp_path / "images",), tmp_path / "masks")))
        project.items.set_splits({item.id: "train" for item in project.items.all()})
        path = project.path
    learner = prepared(path, replace(QUICK, preset=str(tmp_path / "up.json"), sides=rule, batch=1, per_image=2))
    assert learner.card.recipe == {"sides": rule}
    assert sum("lung L / lung R" in notice.text for notice in learner.notices) == 1
    (_, plain), (_, turned) = learner.batches(0)
    assert plain[0, 16::32, 50].tolist() == [1, 2, 0] and turned[0, 16::32, 50].tolist() == expected


def test_a_training_without_mirror_images_notes_that_it_never_saw_any(tmp_path: Path) -> None:
    sided = ModelCard("segmentation", "unet-smp", "resnet18", 1, (("L", ""), ("R", "")), Intensity("bytes"), 64)
    for card, preset, asked, rule in (
        (sided, "none", "keep", "off"),
        (sided, always_mirrored(tmp_path), "keep", "keep"),
        (sided, always_mirrored(tmp_path), "swap", "swap"),
        (replace(sided, classes=(("a", ""), ("b", ""))), "none", "keep", "keep"),
    ):
        learner = SegmentationLearner(replace(QUICK, preset=preset, sides=asked), card, one_speck(2), {})
        assert learner.card.recipe == {"sides": rule} and learner.config.sides == asked


def test_sides_that_mirror_images_confuse_are_said_for_any_picture(project: Path) -> None:
    with Project.open(project) as opened:
        opened.set_classes(parse_classes("lungL,lungR"))
    said = [notice.text for notice in prepared(project, replace(QUICK, preset="standard", sides="keep")).notices]
    assert any("lungL / lungR keep their names" in text for text in said)
    said = [notice.text for notice in prepared(project, replace(QUICK, preset="standard", sides="swap")).notices]
    assert "In mirror images lungL / lungR exchange their names." in said
    assert not any("lungL" in notice.text for notice in prepared(project, replace(QUICK, preset="none")).notices)


@pytest.mark.parametrize("balance", [True, False])
@pytest.mark.parametrize("patch", [0, 32])
@pytest.mark.parametrize("per_image", [1, 2, 5])
def test_of_each_ratio_s_samples_one_is_the_image_itself(
    tmp_path: Path, per_image: int, patch: int, balance: bool
) -> None:
    save_preset(tmp_path / "dark.json", AugmentConfig({"brightness": TransformSetting(True, 1.0, -50, -50)}))
    pieces = [replace(piece, picture=piece.picture + np.uint8(200)) for piece in one_speck(6)]
    config = replace(QUICK, preset=str(tmp_path / "dark.json"), per_image=per_image, patch=patch, balance=balance)
    learner = learner_of(pieces, config)
    untouched = np.full(per_image + 1, -1)
    for epoch in range(per_image + 1):
        levels = torch.cat([batch.mean(dim=(1, 2, 3)) for batch, _ in learner.batches(epoch)])
        assert len(levels) == learner.steps * config.batch and len(set(levels.tolist())) == 2
        untouched[epoch] = int((levels == levels.max()).sum())
    samples = learner.steps * config.batch * (per_image + 1)
    assert untouched.sum() * (per_image + 1) == samples and np.ptp(untouched) <= 1


def test_training_and_validation_have_one_loss(project: Path) -> None:
    learner = prepared(project, replace(QUICK, loss="focal", balance=False))
    predictor = Predictor(learner.network.eval(), learner.card, PredictConfig(device="cpu"))
    found = result_of(learner.validate(predictor))
    pieces = [piece for group in learner._val.values() for piece in group]
    truth = torch.from_numpy(np.stack([piece.labels for piece in pieces]).astype(np.int64))
    with torch.no_grad():
        focal = learner.loss(predictor.logits([piece.picture for piece in pieces]), truth)
    assert found.loss == pytest.approx(float(focal), rel=1e-3)


def test_what_a_run_was_trained_with_is_counted(project: Path) -> None:
    with Project.open(project) as opened:
        opened.items.set_splits({opened.items.named("shape0").id: ""})
    assert prepared(project).sets == {"train": 7, "train_slices": 7, "val": 3, "val_slices": 3}
