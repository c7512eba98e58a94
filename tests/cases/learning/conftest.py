"""What the cases of learning share: classified images, a training that is about to begin, a network without a past."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.config import TrainConfig
from engine.imaging.intensity import Intensity
from engine.labels.classes import parse_classes
from engine.learning import bundle, segmentation
from engine.learning.bundle import ModelCard
from engine.learning.learner import Learner
from engine.progress import Work
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project

Heard: TypeAlias = Callable[[Work[Any]], tuple[Any, list[str]]]
WritePng: TypeAlias = Callable[[Path, NDArray[Any]], Path]

SIDE = 64  # px
QUICK = TrainConfig(arch="unet-smp", encoder="resnet18", epochs=1, size=SIDE, batch=1, device="cpu")


@pytest.fixture
def make_classified(
    tmp_path: Path, write_png: WritePng, heard: Heard, request: pytest.FixtureRequest
) -> Callable[..., tuple[Project, list[str]]]:
    """A classification project of files (name: a picture, or the arrays of an .npz), and what the import said."""

    def make(files: Mapping[str, Any], classes: str = "a,b") -> tuple[Project, list[str]]:
        for name, content in files.items():
            file = tmp_path / "in" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, dict):
                np.savez(file, **content)
            else:
                write_png(file, content)
        project = Project.create(tmp_path / "classes.contorno", "classification", parse_classes(classes))
        request.addfinalizer(project.close)
        done, said = heard(import_images(project, ImportPlan((tmp_path / "in",))))
        return project, said + [one.reason for one in done.refused]

    return make


@pytest.fixture
def prepare(heard: Heard) -> Callable[..., tuple[Learner, list[str]]]:
    """What a training of this project would begin with, one slice a batch, and what it says before."""

    def prepared(project: Project, **changes: Any) -> tuple[Learner, list[str]]:
        learner, said = heard(segmentation.prepare(project, replace(QUICK, **changes)))
        return learner, said + [notice.text for notice in learner.notices]

    return prepared


@pytest.fixture
def make_bundle(tmp_path: Path) -> Callable[..., Path]:
    """A bundle that segments one class on grey pictures of 64 px; its weights are random."""

    def make(intensity: Intensity | None = None) -> Path:
        rule = intensity or Intensity("bytes")
        card = ModelCard("segmentation", "unet-smp", "resnet18", 1, (("a", "#E69F00"),), rule, SIDE)
        bundle.save(tmp_path / "model.safetensors", card, bundle.build(card).state_dict())
        return tmp_path / "model.safetensors"

    return make
