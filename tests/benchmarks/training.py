"""Training on the CPU against segmentation-models-pytorch's example loop, and beside a busy neighbour; what Auto times before it; tiled
prediction against the network's own forward time."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
import segmentation_models_pytorch as smp
import torch

from engine.config import PredictConfig, TrainConfig
from engine.imaging.intensity import Intensity
from engine.learning import device, pace
from engine.learning.bundle import ModelCard, build
from engine.learning.predict import _TILES, Predictor, _tile_starts
from engine.learning.schedule import Clock
from engine.learning.segmentation import SegmentationLearner, SliceSample
from engine.learning.train import Trainer
from engine.progress import result_of

Row = tuple[str, float, float, float, float]

_SIDE, _BATCH, _STEPS = 256, 8, 5
_LARGE = 4096  # px of the picture that is predicted in tiles
_CONFIG = TrainConfig(
    arch="unet-smp",
    encoder="resnet18",
    batch=_BATCH,
    rate=1e-3,
    epochs=1000,
    device="cpu",
    preset="standard",
    balance=False,
)
_CARD = ModelCard(
    task="segmentation",
    arch="unet-smp",
    encoder="resnet18",
    channels=1,
    classes=(("a", "#E69F00"),),
    intensity=Intensity("bytes"),
    size=_SIDE,
)


def rows() -> Iterator[Row]:
    yield _training()
    yield _timed()
    yield _beside_neighbour()
    yield _tiled()


def _training() -> Row:
    """A step of ours, with augmentation and all, against a step of the example loop on ready batches: the ratio is of times, so
    1 / 2.2 is the aim where the processor computes bf16."""
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(SegmentationLearner(_CONFIG, _CARD, _pieces(), {}), Path(folder), "", Clock())
        batches = trainer.learner.batches(0)
        model = smp.Unet("resnet18", encoder_weights=None, in_channels=1, classes=2)
        loss = smp.losses.DiceLoss("multiclass")
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
        ready = [(torch.randn(_BATCH, 1, _SIDE, _SIDE), torch.randint(0, 2, (_BATCH, _SIDE, _SIDE))) for _ in range(2)]
        ours, theirs = [], []
        for step in range(_STEPS + 1):
            start = time.perf_counter()
            trainer.step(*next(batches))
            middle = time.perf_counter()
            images, masks = ready[step % 2]
            model.train()
            logits = model(images)
            found = loss(logits, masks)
            smp.metrics.get_stats(logits.argmax(1), masks, mode="multiclass", num_classes=2)
            optimizer.zero_grad()
            found.backward()
            optimizer.step()
            if step:
                ours.append(middle - start)
                theirs.append(time.perf_counter() - middle)
    aim = 2.2 if device.has_bfloat16() else 1.3
    fast, plain = median(ours), median(theirs)
    return (
        f"training step, U-Net resnet18, {_SIDE} px, batch {_BATCH}, CPU, against SMP's loop",
        fast,
        plain,
        fast / plain,
        1 / aim,
    )


def _timed() -> Row:
    """What Auto times on a machine that it does not know, against its share of four minutes."""
    asked = 0.05 * 4 * 60
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        found = result_of(pace.measured(replace(_CONFIG, batch=0), 1, 2, asked, Path(folder)))
        taken = time.perf_counter() - start
    threads = found.threads if found is not None else 0
    return (
        f"timing before a training of 4 minutes ({threads} threads chosen), against 5 % of them",
        taken,
        asked,
        taken / asked,
        1.0,
    )


def _beside_neighbour() -> Row:
    """A step while another process keeps one core busy, with as many threads as are fastest then, against a step in quiet: on two cores
    half of the pace is what fair sharing would leave at least."""
    cores = device.threads()
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(SegmentationLearner(_CONFIG, _CARD, _pieces(), {}), Path(folder), "", Clock())
        quiet = min(_step(trainer, threads) for threads in {cores, max(1, cores - 1)})
        with _neighbour():
            busy = min(_step(trainer, threads) for threads in {cores, max(1, cores - 1)})
        torch.set_num_threads(cores)
    return (
        f"training step beside one busy process, {cores} cores, against the same in quiet",
        busy,
        quiet,
        busy / quiet,
        2.0,
    )


def _step(trainer: Trainer, threads: int) -> float:
    """Seconds of a step, the middle one of a few after one that warms up."""
    torch.set_num_threads(threads)
    taken = []
    for images, targets in trainer.learner.batches(0, 0):
        start = time.perf_counter()
        trainer.step(images, targets)
        taken.append(time.perf_counter() - start)
        if len(taken) > _STEPS:
            break
    return median(taken[1:])


@contextmanager
def _neighbour() -> Iterator[None]:
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        busy.kill()
        busy.wait()


def _pieces() -> list[SliceSample]:
    rng = np.random.default_rng(0)
    return [
        SliceSample(
            n,
            rng.integers(0, 256, (_SIDE, _SIDE)).astype(np.uint8),
            rng.integers(0, 2, (_SIDE, _SIDE)).astype(np.uint8),
            (_SIDE, _SIDE),
        )
        for n in range(_BATCH * (_STEPS + 2))
    ]


def _tiled() -> Row:
    """A large picture in tiles of 512, half overlapping, against the forward passes alone for the same tiles."""
    card = replace(_CARD, size=0, patch=512)
    predictor = Predictor(build(card).eval(), card, PredictConfig(device="cpu"))
    picture = np.random.default_rng(0).integers(0, 256, (_LARGE, _LARGE)).astype(np.uint8)
    tiles = len(_tile_starts(picture.shape[0], 512, predictor.config.overlap)) * len(
        _tile_starts(picture.shape[1], 512, predictor.config.overlap)
    )
    batch = torch.randn(_TILES, 1, 512, 512)
    predictor.forward(batch)
    start = time.perf_counter()
    for _ in range(3):
        predictor.forward(batch)
    forward = (time.perf_counter() - start) / 3 / _TILES * tiles
    start = time.perf_counter()
    for _, _, scores in predictor._blended(picture, 512):
        scores.argmax(dim=0)
    whole = time.perf_counter() - start
    return (
        f"tiled prediction of {_LARGE}\N{SUPERSCRIPT TWO}, {tiles} tiles, against their forward passes",
        whole,
        forward,
        whole / forward,
        1.15,
    )
