"""Slices of volumes are fed with those beside them: what a training learns from, what a prediction sees."""

from dataclasses import replace
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
import torch

from engine.config import PredictConfig, TrainConfig
from engine.errors import EngineError
from engine.imaging.geometry import uncalibrated
from engine.imaging.image import Image
from engine.imaging.intensity import Intensity, to_unit
from engine.imaging.read import read_image
from engine.imaging.windows import FULL
from engine.labels.classes import parse_classes
from engine.learning import bundle, device, segmentation
from engine.learning.bundle import ModelCard
from engine.learning.feature_maps import look_inside
from engine.learning.feeding import fed_slices
from engine.learning.predict import Predictor
from engine.learning.segmentation import SegmentationLearner
from engine.learning.train import train
from engine.network_options import UntrainedNetwork
from engine.progress import result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.layers import pack
from engine.project.project import Project
from tests.engine.learning.conftest import write_png

QUICK = TrainConfig(
    arch="unet", options={"width": 4}, epochs=1, batch=4, device="cpu", precision="float32", preset="none"
)
CARD = ModelCard(
    "segmentation", "unet", "", 3, (("a", ""),), Intensity("bytes"), 0, neighbours=True, options={"width": 4}
)


def volume(slices: int = 5, channels: int = 0) -> Image:
    shape = (slices, 32, 32, channels) if channels else (slices, 32, 32)
    pixels = np.random.default_rng(slices).integers(0, 255, shape).astype(np.uint8)
    return Image(pixels, uncalibrated(32, 32, slices), FULL)


def test_a_slice_is_fed_with_those_beside_it_and_the_ends_twice() -> None:
    image = volume()
    before, own, after = np.moveaxis(np.stack(fed_slices(CARD, image)(range(5))), -1, 0)
    assert np.array_equal(own, image.pixels)
    assert np.array_equal(before, image.pixels[[0, 0, 1, 2, 3]]) and np.array_equal(
        after, image.pixels[[1, 2, 3, 4, 4]]
    )
    assert np.array_equal(fed_slices(CARD, image)(range(2, 4)), np.stack([before, own, after], -1)[2:4])


def test_a_single_picture_is_its_own_neighbour_and_colours_are_fed_by_their_brightness() -> None:
    (alone,) = fed_slices(CARD, volume(1))(range(1))
    assert alone.shape == (32, 32, 3) and (alone == alone[..., :1]).all()
    colored = volume(3, channels=3)
    assert np.array_equal(fed_slices(CARD, colored)(range(3))[1][..., 2], to_unit(colored, CARD.intensity, 1)[2])


@pytest.mark.parametrize("channels", [1, 3])
def test_without_neighbours_slices_are_fed_as_they_are(channels: int) -> None:
    card, image = replace(CARD, neighbours=False, channels=channels), volume()
    assert np.array_equal(fed_slices(card, image)(range(1, 4)), to_unit(image, card.intensity, channels)[1:4])


@pytest.mark.parametrize("patch", [0, 16])
def test_a_prediction_sees_the_slices_beside_and_no_others(patch: int) -> None:
    card = replace(
        CARD, patch=patch, classes=tuple((name, "") for name in "abcdefgh")
    )  # so that drawn weights name several
    torch.manual_seed(0)
    predictor = Predictor(bundle.build(card).eval(), card, PredictConfig(device="cpu"))
    image = volume(6)
    changed = image.pixels.copy()
    changed[4] = 255 - changed[4]
    first, second = (result_of(predictor.labels(replace(image, pixels=p))) for p in (image.pixels, changed))
    assert (first != second).any(axis=(1, 2)).tolist() == [False, False, False, True, True, True]


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """A project of volumes of six slices, four to learn from and two to validate on, of which slices 0, 2 and 3 are labelled."""
    with Project.create(tmp_path / "scans.contorno", "binary", parse_classes("spot")) as made:
        for number, split in enumerate(("train",) * 4 + ("val",) * 2):
            file = tmp_path / f"scan{number}.nii.gz"
            nib.save(nib.Nifti1Image(volume(6).pixels.T.astype(np.float32) * (number + 1), np.eye(4)), file)
            result_of(import_images(made, ImportPlan((file,), split=split)))  # type: ignore[arg-type]
        for item in made.items.all():
            labels = np.zeros(item.shape, np.uint8)
            labels[:, 8:20, 8:20] = 1
            made.layers.replace(made.layers.make(item.id), pack(labels), [0, 2, 3])
        return made.path


def prepared(project: Path, config: TrainConfig = QUICK) -> SegmentationLearner:
    with Project.open(project, write=False) as opened:
        learner = result_of(segmentation.prepare(opened, config))
    assert isinstance(learner, SegmentationLearner)
    return learner


def test_a_training_on_volumes_feeds_slices_that_nobody_painted_beside_the_painted_ones(scans: Path) -> None:
    learner = prepared(scans)
    said = "Each slice is seen together with the one before and the one after it."
    assert said in [notice.text for notice in learner.notices]
    assert (learner.card.neighbours, learner.card.channels, learner.config.neighbours) == (True, 3, "yes")
    assert len(learner.card.intensity.mean) == 1, "one grey, whichever channel"
    assert next(learner.batches(0))[0].shape[1] == 3
    with Project.open(scans, write=False) as opened:
        image = read_image(opened.items.all()[0].present())
    first, second, third = learner._train[:3]
    expected = fed_slices(learner.card, image)
    for piece, z in ((first, 0), (second, 2), (third, 3)):
        assert np.array_equal(piece.fed, expected(range(z, z + 1))[0])
    assert second.beside[2] is third.picture, "held once"


def test_what_is_said_of_mixed_grey_and_colours_is_not_said_of_slices(scans: Path) -> None:
    assert not [one for one in prepared(scans).notices if "colour" in one.text]


def test_the_slices_beside_count_in_the_memory_that_is_needed(scans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segmentation, "check_network_memory", lambda *_: None)
    pictures, masks = 6 * 5 * 32 * 32 * 2, 6 * 3 * 32 * 32  # slices 0 to 4 of six volumes, of two bytes a pixel
    monkeypatch.setattr(device, "memory", lambda _: (pictures + masks) / 0.89)
    prepared(scans)
    monkeypatch.setattr(device, "memory", lambda _: (pictures + masks) / 0.91)
    with pytest.raises(EngineError, match="images of this training need"):
        prepared(scans)


def test_pictures_in_colour_are_learnt_alone_and_that_is_said(scans: Path, tmp_path: Path) -> None:
    colored = write_png(tmp_path / "photo.png", np.random.default_rng(0).integers(0, 255, (32, 32, 3)).astype(np.uint8))
    with Project.open(scans) as opened:
        result_of(import_images(opened, ImportPlan((colored,), split="train")))
        item = opened.items.all()[-1]
        opened.layers.replace(opened.layers.make(item.id), pack(np.ones(item.shape, np.uint8)))
    said = "Slices are seen alone, since there are images in colour."
    for asked, heard in (("auto", False), ("yes", True)):
        learner = prepared(scans, replace(QUICK, neighbours=asked))
        assert (learner.card.neighbours, learner.card.channels) == (False, 3)
        assert (said in [notice.text for notice in learner.notices]) is heard


def test_single_pictures_have_no_slices_beside_and_that_is_said(project: Path) -> None:
    learner = prepared(project, replace(QUICK, neighbours="yes"))
    assert not learner.card.neighbours
    said = '"Slices beside" (neighbours) was set, and changes nothing in a training of this kind.'
    assert said in [notice.text for notice in learner.notices]


def test_a_fine_tuning_is_fed_as_the_run_before(scans: Path, tmp_path: Path) -> None:
    alone = result_of(train(scans, tmp_path / "alone", replace(QUICK, neighbours="no")))
    beside = result_of(train(scans, tmp_path / "beside", QUICK))
    for done, channels in ((alone, 1), (beside, 3)):
        card, network = bundle.restore(done.bundle)
        assert (card.channels, card.neighbours) == (channels, channels == 3)
        with Project.open(scans, write=False) as opened:
            image = read_image(opened.items.all()[0].present())
            again = result_of(segmentation.prepare(opened, replace(QUICK, neighbours="auto"), card))
        assert (again.card.channels, again.card.neighbours) == (channels, channels == 3), "on a resume"
        assert result_of(Predictor(network, card).labels(image)).shape == image.shape


def test_a_fine_tuning_keeps_to_that_and_says_so(scans: Path, tmp_path: Path) -> None:
    """Its run's way to be fed, whatever the images and the wishes are now."""
    with Project.open(scans) as opened:
        run = opened.runs.add(QUICK, "beside")
        result_of(train(scans, run.folder, QUICK))
    colored = write_png(tmp_path / "photo.png", np.random.default_rng(0).integers(0, 255, (32, 32, 3)).astype(np.uint8))
    with Project.open(scans) as opened:
        result_of(import_images(opened, ImportPlan((colored,), split="train")))
        item = opened.items.all()[-1]
        opened.layers.replace(opened.layers.make(item.id), pack(np.ones(item.shape, np.uint8)))
    asked = TrainConfig(start_from="beside", neighbours="no", epochs=1, device="cpu")
    said = [notice.text for notice in prepared(scans, asked).notices]
    assert '"Slices beside" (neighbours) was set, and changes nothing in a training of this kind.' in said
    assert any("photo" in line and "brightness alone" in line for line in said)
    assert prepared(scans, asked).card.neighbours


def test_looking_inside_shows_the_slice_itself(scans: Path) -> None:
    subject = UntrainedNetwork("segmentation", "unet", "", 3, 1, 0, {"width": 4}, neighbours=True)
    found = result_of(look_inside(scans, subject, 1, z=2))
    assert found.picture.shape == (32, 32) and found.before.filters is not None
    assert found.before.filters.shape == (4, 3, 3)
