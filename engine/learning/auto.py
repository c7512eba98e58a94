"""Auto: what a training is made of where the user chose nothing, from the data and the machine, with the reasons in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.augment.presets import preset_for
from engine.catalog import AUTO_CLASSIFIER, encoder_for, find
from engine.config import AUTO, TrainConfig
from engine.labels.edit import Labels
from engine.learning import models
from engine.learning.pixels import resize_labels, scaled_size
from engine.progress import Notice
from engine.words import translatable

SIDES = (128, 256, 384, 512)
PATCH = {"cpu": 256, "cuda": 512, "mps": 384}
MINUTES = 10.0
LARGEST = 4096  # px, as TrainConfig.size allows: larger films are brought to it
_SURVIVES = 0.97
"""Dice that a mask must keep on the way to a smaller size and back for the network to be trained at that size."""


@dataclass(frozen=True)
class Facts:
    """What Auto looks at. `masks` is a sample of single slices with something in them."""

    device: str
    longest: int
    masks: Sequence[Labels]
    color: bool


def segmentation(config: TrainConfig, facts: Facts) -> tuple[TrainConfig, Notice]:
    """Fill in what was left to Auto. The size is the smallest at which the masks themselves survive: thin structures keep their
    pixels and are trained in patches, large organs are seen whole."""
    arch = "unet-smp" if config.arch == AUTO else config.arch
    encoder = config.encoder
    if encoder == AUTO or not (find(arch).encoders or config.start_from):  # earlier runs named one where there was none
        encoder = encoder_for(arch, light=facts.device == "cpu", imagenet=config.weights == "imagenet")
    size, patch = min(config.size or _size(facts), LARGEST), config.patch
    if not patch and size > PATCH.get(facts.device, 256) * 1.25:
        patch = PATCH.get(facts.device, 256)
    sides = models.sides_of(arch, encoder)
    if sides.most and not patch and size > sides.most:
        patch = sides.most
    patch = sides.fitting(patch) if patch and not sides.usual else patch
    minutes = config.minutes or (0.0 if config.epochs else MINUTES)
    batch = max(config.batch or (4 if facts.device == "cpu" else 16), models.least_batch(arch))
    rate = config.rate or _rate(config)
    chosen = replace(
        config,
        arch=arch,
        encoder=encoder,
        size=size,
        patch=patch,
        minutes=minutes,
        batch=batch,
        rate=rate,
        preset=preset_for("multiclass", config.preset),
    )
    values: dict[str, object] = {
        "arch": arch,
        "encoder": encoder,
        "size": size,
        "patch": patch,
        "batch": batch,
        "loss": config.loss,
    }
    if patch:
        text = (
            translatable("{arch} with a {encoder} encoder on patches of {patch} px, batch {batch}, {loss} loss.")
            if encoder
            else translatable("{arch} on patches of {patch} px, batch {batch}, {loss} loss.")
        )
    elif encoder:
        text = translatable("{arch} with a {encoder} encoder on images of {size} px, batch {batch}, {loss} loss.")
    else:
        text = translatable("{arch} on images of {size} px, batch {batch}, {loss} loss.")
    return chosen, Notice(text, values)


def classification(config: TrainConfig, facts: Facts) -> TrainConfig:
    """The same for whole images; the input's size depends on the network and is fitted when it is built."""
    arch = AUTO_CLASSIFIER if config.arch == AUTO else config.arch
    minutes = config.minutes or (0.0 if config.epochs else MINUTES)
    batch = config.batch or (32 if facts.device == "cpu" else 64)
    preset = preset_for("classification", config.preset)
    return replace(config, arch=arch, minutes=minutes, batch=batch, preset=preset, rate=config.rate or _rate(config))


def _rate(config: TrainConfig) -> float:
    base = {"adamw": 1e-3, "adam": 1e-3, "rmsprop": 3e-4, "sgd": 3e-2}[config.optimizer]
    if config.start_from:
        return base * 0.3  # fine-tuning: what is known already should bend, not break
    return base * (0.5 if config.weights != "none" else 1.0)


def _size(facts: Facts) -> int:
    longest = -(-facts.longest // 32) * 32
    if longest <= 288:
        return facts.longest
    for side in SIDES:
        if side < facts.longest and side >= 256 and survival(facts.masks, side) >= _SURVIVES:
            return side
    return facts.longest


def survival(masks: Sequence[Labels], side: int) -> float:
    """The lowest class's mean Dice between masks and themselves after the way to `side` px and back; 1 without masks."""
    scores: dict[int, list[float]] = {}
    for labels in masks:
        small = resize_labels(labels, *scaled_size(labels.shape[0], labels.shape[1], side))
        back = resize_labels(small, labels.shape[0], labels.shape[1])
        for value in np.unique(labels)[1:] if labels.min() == 0 else np.unique(labels):
            a, b = labels == value, back == value
            scores.setdefault(int(value), []).append(float(2 * (a & b).sum() / max(a.sum() + b.sum(), 1)))
    return min((float(np.mean(s)) for s in scores.values()), default=1.0)
