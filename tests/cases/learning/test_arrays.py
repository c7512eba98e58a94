"""Images in NumPy archives (.npz) as people save them: what is not 8 bits and grey is not bent into it in silence."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine.config import TrainConfig
from engine.imaging.read import read_image
from engine.learning import classification
from engine.progress import result_of
from engine.project.project import Project

MakeClassified = Callable[..., tuple[Project, list[str]]]

LABELS = np.array([0, 1, 0, 1])


def _archive(images: np.ndarray, labels: np.ndarray = LABELS) -> dict[str, Any]:
    return {"set.npz": {"train_images": images, "train_labels": labels}}


def _draw(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape)


@pytest.mark.parametrize(
    "images",
    [(_draw(4, 28, 28, 3) / 255).astype(np.float32), (_draw(4, 28, 28, 3) * 10).astype(np.uint16)],
    ids=["0 to 1", "16 bits"],
)
def test_colours_of_more_than_8_bits_are_scaled_or_refused(make_classified: MakeClassified, images: np.ndarray) -> None:
    project, said = make_classified(_archive(images))
    items = project.items.all()
    assert items or said
    for item, image in zip(items, images, strict=False):
        read = read_image(item.present()).pixels[0].astype(float).ravel()
        assert read.std() > 0 and np.corrcoef(read, image.astype(float).ravel())[0, 1] > 0.99


@pytest.mark.parametrize("last", [1, 4], ids=["grey with an axis of 1", "rgb and opacity"])
def test_last_axis_of_channels_makes_no_volume(make_classified: MakeClassified, last: int) -> None:
    project, said = make_classified(_archive(_draw(4, 28, 28, last).astype(np.uint8)))
    items = project.items.all()
    assert items or said
    assert {item.shape for item in items} <= {(1, 28, 28)}


UNLABELLED = np.array([0, 1, -1, 0, 1, 0])


def test_label_of_minus_1_is_no_class(make_classified: MakeClassified) -> None:
    project, said = make_classified(_archive(_draw(6, 28, 28).astype(np.uint8), UNLABELLED))
    labels = [item.label for item in project.items.all()]
    assert labels == [0, 1, None, 0, 1, 0] or (said and labels == [0, 1, 0, 1, 0])


def test_label_of_minus_1_stops_no_training(make_classified: MakeClassified) -> None:
    project, _ = make_classified(_archive(_draw(6, 28, 28).astype(np.uint8), UNLABELLED))
    learner = result_of(classification.prepare(project, TrainConfig(arch="lenet5", batch=1, device="cpu")))
    assert learner.steps == 5
