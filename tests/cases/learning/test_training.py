"""Trainings that begin, go on and end for the right reason, on images of every size."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine.augment.presets import load_preset
from engine.augment.preview import sample_series
from engine.config import TrainConfig
from engine.errors import EngineError
from engine.learning import models
from engine.learning.learner import Learner
from engine.learning.train import train
from engine.progress import EpochDone, Work, result_of
from engine.project.project import Project

Draw = Callable[[int], tuple[np.ndarray, np.ndarray]]
Heard = Callable[[Work[Any]], tuple[Any, list[str]]]
MakeProject = Callable[..., Project]
MakeClassified = Callable[..., tuple[Project, list[str]]]
Prepare = Callable[..., tuple[Learner, list[str]]]

TINY = TrainConfig(arch="mlp", epochs=1, batch=2, device="cpu")


@pytest.fixture
def classified(make_classified: MakeClassified) -> Project:
    """Noise of 28 px in two classes: twelve images to train with, six to validate."""
    images = np.random.default_rng(0).integers(0, 256, (12, 28, 28)).astype(np.uint8)
    labels = np.arange(12) % 2
    sets = {"train_images": images, "train_labels": labels, "val_images": images[:6], "val_labels": labels[:6]}
    return make_classified({"noise.npz": sets})[0]


@pytest.mark.parametrize("encoder", ["tu-swin_tiny_patch4_window7_224", "tu-maxvit_nano_rw_256", "tu-coat_lite_mini"])
def test_encoder_of_one_image_size_is_refused_or_fits(encoder: str) -> None:
    import torch

    try:
        network = models.build("unet-smp", encoder=encoder, channels=1, classes=2, size=64)
    except EngineError:
        return
    assert network.eval()(torch.zeros(1, 1, 64, 64)).shape == (1, 2, 64, 64)


def test_sheet_of_a_very_wide_slide_is_drawn() -> None:
    slide = np.zeros((40, 33000), np.uint8)
    samples = sample_series(slide, slide, load_preset("strong"), 0, 12, (1, 288))
    assert len(samples) == 12


@pytest.fixture
def slide(draw: Draw, make_project: MakeProject) -> Project:
    """A project of one picture, 6000 px across."""
    picture, labels = (np.tile(drawn, (10, 94))[:600, :6000] for drawn in draw(0))
    return make_project([(picture, labels, "train")])


def test_reducing_the_images_of_a_training_is_said(slide: Project, prepare: Prepare) -> None:
    learner, said = prepare(slide, size=0, batch=4)
    (item,) = slide.items.all()
    assert learner.card.size in (0, max(item.shape)) or any(str(learner.card.size) in text for text in said), said


def test_epoch_takes_as_many_patches_as_the_images_hold(slide: Project, prepare: Prepare) -> None:
    learner, _ = prepare(slide, size=0, batch=4)
    (item,) = slide.items.all()
    height, width = item.shape[1:]
    scale = learner.card.size / width if learner.card.size else 1.0
    assert learner.card.patch
    assert learner.steps * 4 * learner.card.patch**2 >= 0.5 * height * width * scale**2


def test_going_on_with_changed_sets_is_said(classified: Project, heard: Heard) -> None:
    run = classified.runs.add(TINY, "r")
    result_of(train(classified.path, run.folder, TINY, "r"))
    items = classified.items.all()
    learnt, checked = (next(item for item in items if item.split == split) for split in ("train", "val"))
    classified.items.set_splits({learnt.id: "val", checked.id: "train"})
    _, said = heard(train(classified.path, run.folder, replace(TINY, epochs=2), "r", resume=True))
    assert any("chang" in text for text in said), said


def test_equal_scores_are_no_gain(classified: Project) -> None:
    still = replace(TINY, epochs=12, patience=2, rate=1e-12)  # learns nothing
    run = classified.runs.add(still, "r")
    events = list(train(classified.path, run.folder, still, "r"))
    scores = [event.score for event in events if isinstance(event, EpochDone)]
    assert len(set(scores)) == 1
    assert len(scores) <= 4, scores
