"""What the cases of learning share: discs on noise, projects made of them, a network without a past, the command line."""

import logging
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray

from app.cli import main
from engine.config import TrainConfig
from engine.labels.classes import parse_classes
from engine.learning import bundle, segmentation
from engine.learning.bundle import Card
from engine.learning.learner import Learner
from engine.learning.pixels import Intensity
from engine.progress import Work, result_of
from engine.project.importing import ImportPlan, import_images
from engine.project.project import Project

Bytes: TypeAlias = NDArray[np.uint8]
Drawn: TypeAlias = tuple[Bytes, Bytes]
Draw: TypeAlias = Callable[[int], Drawn]
Images: TypeAlias = list[tuple[Bytes, Bytes | None, str]]
Heard: TypeAlias = Callable[[Work[Any]], tuple[Any, list[str]]]
WritePng: TypeAlias = Callable[[Path, NDArray[Any]], Path]
Say: TypeAlias = Callable[..., tuple[int, str, str]]

SIDE = 64
QUICK = TrainConfig(arch="unet-smp", encoder="resnet18", epochs=1, size=SIDE, batch=1, device="cpu")


@pytest.fixture
def draw() -> Draw:
    """A grey picture of a bright disc on noise, and its labels (0, 1)."""

    def disc(seed: int) -> Drawn:
        down, across = np.mgrid[:SIDE, :SIDE] - SIDE / 2
        labels = (down**2 + across**2 <= SIDE * SIDE / 16).astype(np.uint8)
        grey = 40 + 160 * labels + np.random.default_rng(seed).normal(0, 8, labels.shape)
        return grey.clip(0, 255).astype(np.uint8), labels

    return disc


@pytest.fixture
def make_project(
    tmp_path: Path, write_png: WritePng, request: pytest.FixtureRequest
) -> Callable[[Images, str], Project]:
    """A multiclass project of pictures (picture, labels or None, set), imported from files as a person does."""

    def make(images: Images, classes: str = "a") -> Project:
        project = Project.create(tmp_path / "discs.contorno", "multiclass", parse_classes(classes))
        request.addfinalizer(project.close)
        for number, (picture, labels, split) in enumerate(images):
            write_png(tmp_path / "images" / split / f"i{number}.png", picture)
            if labels is not None:
                write_png(tmp_path / "masks" / split / f"i{number}.png", labels)
        for folder in sorted((tmp_path / "images").iterdir()):
            masks = tmp_path / "masks" / folder.name
            plan = ImportPlan((folder,), masks if masks.exists() else None, split=folder.name)  # type: ignore[arg-type]
            assert not result_of(import_images(project, plan)).refused
        return project

    return make


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
        card = Card("segmentation", "unet-smp", "resnet18", 1, (("a", "#E69F00"),), rule, SIDE)
        bundle.save(tmp_path / "model.safetensors", card, bundle.build(card).state_dict())
        return tmp_path / "model.safetensors"

    return make


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Iterator[Say]:
    """One command: its exit status, what it wrote to stdout, and to stderr."""
    handler, root = signal.getsignal(signal.SIGTERM), logging.getLogger()
    handlers, level = list(root.handlers), root.level

    def said(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(word) for word in words])
        return code, *capsys.readouterr()

    yield said
    signal.signal(signal.SIGTERM, handler)
    root.handlers[:], root.level = handlers, level
