"""Trains deep networks in turn on a project's images, and measures how much of the gradient reaches each layer."""

import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from engine.config import TrainConfig
from engine.learning import classification, device, models
from engine.learning.learner import Batch, Learner
from engine.learning.vanishing import CANDIDATES, GradientStep, GradientTrial, trial_of
from engine.progress import Progress, Work
from engine.project.project import Project

RATE, MOMENTUM, BATCH = 0.01, 0.9, 32
"""Plain stochastic gradient descent, whose step is the gradient's length: Adam would enlarge even vanished ones."""
LONGEST = 32
"""px a side at most: what the networks were published for (He and others 2016, section 4.2), and quick enough."""


def compare_gradients(
    folder: Path,
    depth: int = 56,
    *,
    seconds: float = 60.0,
    steps: int = 0,
    candidates: Sequence[str] = tuple(CANDIDATES),
    seed: int = 0,
    where: str = "auto",
) -> Work[dict[str, GradientTrial]]:
    """Train each of `vanishing.CANDIDATES` for so many seconds or `steps` (0: no such limit), whichever ends first, on the training set
    of a classification project; all see the same batches. Yields Progress, Notice and GradientStep.

    EngineError as a training would raise it, where there is nothing to learn.
    """
    if not seconds > 0 and not steps > 0:
        raise ValueError("a limit is needed: seconds or steps")
    with Project.open(folder, write=False) as project:
        learner = yield from _prepared(project, depth, seed, where)
    yield from learner.notices
    found: dict[str, GradientTrial] = {}
    for name in candidates:
        found[name] = yield from _trained(learner, name, depth, seconds, steps)
    return found


def _prepared(project: Project, depth: int, seed: int, where: str) -> Work[Learner]:
    sides = [max(item.shape[1:]) for item in project.items.all()]
    config = TrainConfig(
        arch=f"plain{depth}",
        weights="none",
        preset="none",
        loss="ce",
        size=min(LONGEST, int(np.median(sides))) if sides else LONGEST,
        batch=BATCH,
        seed=seed,
        device=where,
    )
    return (yield from classification.prepare(project, config))


def _trained(learner: Learner, name: str, depth: int, seconds: float, steps: int) -> Work[GradientTrial]:
    candidate, card, chosen = CANDIDATES[name], learner.card, device.choose(learner.config.device)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(learner.config.seed)
        net = models.build(
            candidate.of(depth), channels=card.channels, classes=card.outputs, size=card.size, options=candidate.options
        ).to(chosen)
    layers = weighed_layers(net)
    optimizer = torch.optim.SGD(net.parameters(), lr=RATE, momentum=MOMENTUM)
    done: list[GradientStep] = []
    spent = 0.0
    for images, labels in _endless(learner):
        start = time.monotonic()
        with _no_denormals():
            optimizer.zero_grad()
            loss = functional.cross_entropy(net(images.to(chosen)), labels.to(chosen))
            loss.backward()  # type: ignore[no-untyped-call]
        value = float(loss.detach())
        if not math.isfinite(value):
            yield Progress(len(done), steps, candidate.of(depth))
            return trial_of(done or [GradientStep(name, 0, value, (0.0,) * len(layers))], spent, broke=True)
        done.append(GradientStep(name, len(done) + 1, value, gradient_norms(layers)))
        optimizer.step()
        spent += time.monotonic() - start
        yield done[-1]
        if (steps and len(done) >= steps) or (seconds > 0 and spent >= seconds):
            break
    return trial_of(done, spent)


@contextmanager
def _no_denormals() -> Iterator[None]:
    """Vanished gradients are numbers with which a processor is a hundred times slower: below 1e-38 they become 0."""
    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


def _endless(learner: Learner) -> Iterator[Batch]:
    for epoch in count(1):
        yield from learner.batches(epoch)


def weighed_layers(net: nn.Module) -> list[nn.Module]:
    """The convolutions and fully connected layers from the image on, as the papers count depth."""
    return [module for module in net.modules() if isinstance(module, nn.Conv2d | nn.Linear)]


def gradient_norms(layers: Sequence[nn.Module]) -> tuple[float, ...]:
    """The L2 norm of the gradient by each layer's weights, without biases; 0 where there is none."""
    weights = [module.get_parameter("weight") for module in layers]
    return tuple(0.0 if each.grad is None else float(each.grad.norm()) for each in weights)
