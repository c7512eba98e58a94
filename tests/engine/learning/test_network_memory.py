"""A training whose step does not fit the memory is refused before it starts; what fits is not."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from engine.config import TrainConfig
from engine.errors import EngineError
from engine.learning import device, models
from engine.learning.network_memory import counted_bytes, fits
from engine.learning.train import plan, train
from engine.progress import result_of

QUICK = TrainConfig(
    encoder="resnet18", weights="none", epochs=1, batch=2, precision="float32", device="cpu", preset="none"
)
_WORDS = r"{} needs about [0-9.]+ GB of memory for a step, and 0\.0 GB are free"


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with 20 MB left."""
    monkeypatch.setattr(device, "memory", lambda place: 20_000_000)


@pytest.mark.usefixtures("little")
@pytest.mark.parametrize("arch", ["mask-rcnn-light", "unet-smp", "fcn8s", "unet"])
def test_a_network_that_does_not_fit_is_refused_before_it_starts(project: Path, arch: str) -> None:
    config = replace(QUICK, arch=arch)
    with pytest.raises(EngineError, match=_WORDS.format(arch)) as refused:
        result_of(train(project, project / "runs" / "x", config))
    assert "a smaller network" in refused.value.advice and not (project / "runs" / "x").exists()
    with pytest.raises(EngineError, match=_WORDS.format(arch)):
        result_of(plan(project, config))


@pytest.mark.usefixtures("little")
@pytest.mark.parametrize("arch", ["vgg16", "alexnet", "resnet18"])
def test_so_is_one_that_classifies(classes: Path, arch: str) -> None:
    config = replace(QUICK, arch=arch, encoder="auto")
    with pytest.raises(EngineError, match=_WORDS.format(arch)):
        result_of(train(classes, classes / "runs" / "x", config))
    with pytest.raises(EngineError, match=_WORDS.format(arch)):
        result_of(plan(classes, config))
    assert result_of(plan(classes, replace(config, arch="lenet5"))).config.arch == "lenet5", "small ones go on"


@pytest.mark.usefixtures("little")
def test_nothing_is_timed_that_does_not_fit(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Timing alone would end the program."""
    monkeypatch.setattr(models, "build", _only_in_outline)
    with pytest.raises(EngineError, match=_WORDS.format("unet-smp")):
        result_of(plan(project, replace(QUICK, arch="unet-smp", epochs=0, minutes=1.0)))


_build = models.build


def _only_in_outline(*names: object, **more: object) -> torch.nn.Module:
    assert torch.empty(0).is_meta, "a network was built"
    return _build(*names, **more)  # type: ignore[arg-type]


def test_a_system_that_does_not_tell_its_memory_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "memory", lambda place: None)
    assert fits(replace(QUICK, arch="vgg16", batch=10_000), 3, 2, (1024, 1024))


def test_the_count_grows_with_batch_and_side() -> None:
    for arch in ("mask-rcnn-light", "unet-smp"):
        config = replace(QUICK, arch=arch)
        one = counted_bytes(replace(config, batch=8), 1, 2, (256, 256))
        four = counted_bytes(replace(config, batch=32), 1, 2, (256, 256))
        large = counted_bytes(replace(config, batch=8), 1, 2, (512, 512))
        narrow = counted_bytes(replace(config, batch=8), 1, 2, (64, 512))
        assert one < four < 4 * one and one < large < 4 * one and narrow < one


def test_low_precision_and_a_lean_optimizer_take_less() -> None:
    config = replace(QUICK, arch="unet-smp", batch=4)
    whole = counted_bytes(config, 1, 2, (256, 256))
    assert counted_bytes(replace(config, precision="bfloat16"), 1, 2, (256, 256)) < 0.7 * whole
    dense = replace(QUICK, arch="mlp", options={"hidden": "4096"})
    assert counted_bytes(replace(dense, optimizer="sgd"), 1, 2, (64, 64)) < counted_bytes(dense, 1, 2, (64, 64))


def test_weights_that_never_learn_take_no_gradient() -> None:
    """A PSPNet uses the first stages of its encoder alone."""
    net = models.outline("pspnet", encoder="resnet34", channels=1, classes=2)
    weights = 4 * models.count_parameters(net)
    counted = counted_bytes(replace(QUICK, arch="pspnet", encoder="resnet34"), 1, 2, (64, 64))
    assert weights < counted < 2 * weights


def test_maps_of_all_pairs_of_tokens_are_not_kept() -> None:
    """A vision transformer's attention is computed in parts: with those maps an image would take 1.9 GB."""
    config = replace(QUICK, arch="dpt", encoder="tu-vit_base_patch16_224", batch=1)
    more = counted_bytes(replace(config, batch=2), 1, 2, (512, 512)) - counted_bytes(config, 1, 2, (512, 512))
    assert more < 1_500_000_000


_MEASURED = [("resnet18", 96, 4), ("unet-smp", 128, 2), ("mask-rcnn-light", 128, 2)]

_MEASURING = """
import json, os, sys, segmentation_models_pytorch, torch, torchvision
from torch.nn import functional
from engine import catalog
from engine.learning import models

def told(name):
    return next(int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith(name))

def step(arch, side, batch):
    torch.nn.Conv2d(1, 4, 3)(torch.ones(1, 1, 8, 8)).sum().backward()  # what torch takes once
    open("/proc/self/clear_refs", "w").write("5")
    before = told("VmRSS")
    row = catalog.find(arch)
    net = models.build(arch, encoder="resnet18" if row.encoders else "", channels=1, classes=2, size=side).train()
    optimizer, images = torch.optim.AdamW(net.parameters()), torch.zeros(batch, 1, side, side)
    whole, pixels = torch.zeros(batch, dtype=torch.int64), torch.zeros(batch, side, side, dtype=torch.int64)
    pixels[:, 20:60, 20:60] = 257 if row.task == "instances" else 1
    for _ in range(2):
        optimizer.zero_grad(set_to_none=True)
        if row.task == "instances":
            loss = net(images, pixels)
        else:
            loss = functional.cross_entropy(net(images), whole if row.task == "classification" else pixels)
        loss.backward()
        optimizer.step()
    return told("VmHWM") - before

for arch, side, batch in json.loads(sys.argv[1]):
    if not (child := os.fork()):  # each begins with a memory that nothing was freed in
        print(json.dumps([arch, step(arch, side, batch)]), flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""


def _measured() -> Iterator[tuple[str, int]]:
    command = [sys.executable, "-c", _MEASURING, json.dumps(_MEASURED)]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"}
    )
    yield from map(json.loads, done.stdout.splitlines())


@pytest.mark.skipif(sys.platform != "linux", reason="a process's largest memory is read from /proc")
def test_what_is_counted_is_less_than_a_step_takes_and_not_much_less() -> None:
    """So nothing is refused that fits."""
    found = dict(_measured())
    for arch, side, batch in _MEASURED:
        counted = counted_bytes(replace(QUICK, arch=arch, batch=batch), 1, 2, (side, side))
        assert 0.45 * found[arch] < counted < found[arch], f"{arch}: {counted} counted, {found[arch]} measured"
