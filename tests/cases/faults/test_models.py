"""Models of strangers and damaged ones: what cannot be meant is refused in words, and what is older is used."""

import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from engine.config import TrainConfig
from engine.errors import EngineError
from engine.imaging.intensity import Intensity
from engine.labels.classes import parse_classes
from engine.learning import bundle
from engine.learning.bundle import ModelCard
from engine.learning.checkpoint import CHECKPOINT
from engine.learning.train import train
from engine.progress import result_of
from engine.project.importing import ImportPlan, LabelRule, import_images
from engine.project.project import Project
from engine.project.tables import read_rows

Say = Callable[..., tuple[int, str, str]]

TINY = TrainConfig(arch="mlp", epochs=1, batch=2, device="cpu")
CARD = ModelCard("classification", "mlp", "", 1, (("a", "#E69F00"), ("b", "#56B4E9")), Intensity("bytes"), 28)


@pytest.mark.parametrize(
    "intensity",
    [
        Intensity("range", float("nan"), 1.0),
        Intensity("range", 0.0, float("inf")),
        Intensity("bytes", mean=(float("nan"),)),
    ],
    ids=["low", "high", "mean"],
)
def test_card_whose_greys_are_no_numbers_is_refused(tmp_path: Path, intensity: Intensity) -> None:
    about = asdict(replace(CARD, intensity=intensity))  # as JSON that knows NaN, which our own writing does not
    bundle.write_tensors(tmp_path / "m.safetensors", bundle.build(CARD).state_dict(), about)
    with pytest.raises(EngineError):
        bundle.restore(tmp_path / "m.safetensors")


# The large ones are larger than any address space: no machine tries to hold them.
@pytest.mark.parametrize(
    "card",
    [
        replace(CARD, arch="lenet5", channels=-1),
        replace(CARD, arch="lenet5", channels=10**12),
        replace(CARD, size=10**6),
    ],
    ids=["negative channels", "many channels", "size"],
)
def test_card_of_impossible_numbers_is_refused(tmp_path: Path, card: ModelCard) -> None:
    bundle.save(tmp_path / "m.safetensors", card, bundle.build(CARD).state_dict())
    with pytest.raises(EngineError):
        bundle.restore(tmp_path / "m.safetensors")


def test_weights_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    weights = {name: tensor * float("nan") for name, tensor in bundle.build(CARD).state_dict().items()}
    bundle.save(tmp_path / "m.safetensors", CARD, weights)
    with pytest.raises(EngineError):
        bundle.restore(tmp_path / "m.safetensors")


def _open_model(file: Path) -> None:
    bundle.read_card(file)


def _open_labels(file: Path) -> None:
    LabelRule(file, parse_classes("a,b"))


def _open_table(file: Path) -> None:
    read_rows(file, ("item", "set"))


@pytest.mark.skipif(sys.platform == "win32", reason="no devices among the files there")
@pytest.mark.parametrize("read", [_open_model, _open_labels, _open_table], ids=["model", "labels", "table"])
def test_device_is_refused_as_one(read: Callable[[Path], None]) -> None:
    with pytest.raises(EngineError) as refused:
        read(Path("/dev/null"))  # which ends at once, unlike others of its kind
    assert "device" in refused.value.text


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    """A project with the finished run "r" of a tiny network, which has written a checkpoint after each of two epochs."""
    images = np.random.default_rng(0).integers(0, 256, (8, 28, 28)).astype(np.uint8)
    np.savez(tmp_path / "noise.npz", train_images=images, train_labels=np.arange(8) % 2)
    with Project.create(tmp_path / "p.contorno", "classification", parse_classes("a,b")) as project:
        result_of(import_images(project, ImportPlan((tmp_path / "noise.npz",))))
        run = project.runs.add(TINY, "r")
        for epochs in (1, 2):
            result_of(train(project.path, run.folder, replace(TINY, epochs=epochs), "r", resume=epochs > 1))
        project.runs.update(run, "finished")
    return project.path


def _damage_checkpoint(project: Path) -> Path:
    (file,) = project.glob(f"runs/*/{CHECKPOINT}")
    file.write_bytes(file.read_bytes()[:-1000] + bytes(1000))
    return file.parent


def test_damaged_checkpoint_is_replaced_by_the_one_before(trained: Path) -> None:
    run = _damage_checkpoint(trained)
    outcome = result_of(train(trained, run, replace(TINY, epochs=3), "r", resume=True))
    assert outcome.epochs >= 2


def test_run_that_cannot_go_on_stays_finished(trained: Path, say: Say) -> None:
    run = _damage_checkpoint(trained)
    for file in run.glob("*checkpoint*"):  # whatever else it may go on from
        file.write_bytes(b"nothing")
    code, _, _ = say("train", trained, "--resume", "r", "--epochs", "3")
    assert code == 1
    with Project.open(trained, write=False) as project:
        assert project.runs.get("r").state == "finished"
