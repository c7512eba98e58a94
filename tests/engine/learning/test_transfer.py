"""Transfer learning: an encoder that is frozen for some epochs, or learns at a rate of its own."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.config import TrainConfig
from engine.learning import bundle, models
from engine.learning.train import train
from engine.progress import result_of
from engine.project.project import Project
from tests.said import result_and_said

QUICK = TrainConfig(
    arch="unet-smp",
    encoder="resnet18",
    weights="none",
    epochs=1,
    size=32,
    batch=4,
    preset="none",
    device="cpu",
    seed=1,
    rate=0.01,
)


def _weights(project: Path, config: TrainConfig) -> tuple[dict[str, torch.Tensor], list[str]]:
    """What a training leaves, and what it says."""
    with Project.open(project) as opened:
        run = opened.runs.add(config)
    outcome, said = result_and_said(train(project, run.folder, config))
    return bundle.load(outcome.bundle)[1], said


@pytest.fixture
def start(project: Path) -> dict[str, torch.Tensor]:
    """The weights before any step: those that a rate of next to nothing leaves."""
    return _weights(project, replace(QUICK, rate=1e-12))[0]


def test_a_frozen_encoder_keeps_weights_and_statistics(project: Path, start: dict[str, torch.Tensor]) -> None:
    found, said = _weights(project, replace(QUICK, frozen=1))
    encoder = [name for name in found if ".encoder." in name]
    decoder = [name for name in found if ".decoder." in name and name.endswith("conv1.0.weight")]
    assert encoder and decoder
    trained = [name for name in encoder if "running" not in name and "tracked" not in name]
    assert all(torch.allclose(found[name], start[name], atol=1e-9) for name in trained)
    means = [name for name in encoder if name.endswith("running_mean")]
    assert means and all(not found[name].any() for name in means), "as they were made"
    assert any(not torch.allclose(found[name], start[name], atol=1e-6) for name in decoder)
    assert "The encoder that is held back starts from random weights: it has nothing to keep." in said


def test_it_learns_when_the_epochs_are_over(project: Path, start: dict[str, torch.Tensor]) -> None:
    found, _ = _weights(project, replace(QUICK, frozen=1, epochs=2))
    assert not torch.allclose(found["net.encoder.conv1.weight"], start["net.encoder.conv1.weight"], atol=1e-6)


def test_a_rate_of_its_own_moves_it_less(project: Path, start: dict[str, torch.Tensor]) -> None:
    name = "net.encoder.conv1.weight"
    whole, tenth, none = (
        (_weights(project, replace(QUICK, encoder_rate=share))[0][name] - start[name]).abs().mean()
        for share in (1.0, 0.1, 0.0)
    )
    assert none < 1e-9 < tenth < 0.5 * whole


def test_of_a_classifier_all_but_the_last_layer_is_its_encoder(classes: Path) -> None:
    config = TrainConfig(arch="lenet5", weights="none", epochs=1, batch=5, preset="none", device="cpu", frozen=1)
    before, _ = _weights(classes, replace(config, rate=1e-12))
    after, _ = _weights(classes, replace(config, rate=0.01))
    moved = {name.rsplit(".", 1)[0] for name in after if not torch.allclose(after[name], before[name], atol=1e-7)}
    assert len(moved) == 1


def test_a_network_without_an_encoder_says_so(project: Path) -> None:
    config = replace(QUICK, arch="unet", encoder="auto", options={"width": 4}, frozen=1)
    assert "This network has no encoder of its own: all of it learns alike." in _weights(project, config)[1]


def test_a_training_with_a_rate_of_its_own_goes_on(project: Path) -> None:
    config = replace(QUICK, encoder_rate=0.1, epochs=2)
    with Project.open(project) as opened:
        runs = [opened.runs.add(config), opened.runs.add(config)]
    result_of(train(project, runs[0].folder, config, until=0.5))
    cut = result_of(train(project, runs[0].folder, config, resume=True))
    whole = result_of(train(project, runs[1].folder, config))
    one, other = bundle.load(cut.bundle)[1], bundle.load(whole.bundle)[1]
    assert all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("arch", ["mlp", "lenet5", "resnet18", "vgg16"])
def test_every_classifier_has_an_encoder_and_a_head(arch: str) -> None:
    net = models.outline(arch, channels=3, classes=5, size=64)
    held = sum(p.numel() for p in models.encoder_parameters(net, "classification"))
    assert 0 < held < sum(p.numel() for p in net.parameters())
