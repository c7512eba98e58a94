"""What a training on masks would be: which slices it learns from and what Auto makes of the settings, without training."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.config import TrainConfig
from engine.errors import EngineError
from engine.imaging.intensity import SURVEYED, Intensity, grey_of, rule_for
from engine.imaging.read import read_image
from engine.imaging.sample import spread
from engine.labels.classes import UNLABELLED
from engine.labels.edit import Labels
from engine.learning import auto, bundle, device, pace
from engine.learning.bundle import ModelCard
from engine.learning.likeness import ImageFacts, facts_of
from engine.learning.pace import Pace
from engine.learning.selection import SliceSelection, labelled_sets
from engine.learning.survey import place_knowledge
from engine.learning.weights import going_on
from engine.progress import Notice, Progress, Work
from engine.project.items import Item
from engine.project.layers import Layer
from engine.project.project import Project


@dataclass(frozen=True)
class TrainingPlan:
    """`config` has no "auto" left in it, `said` is why. `start` is the card of the run that it goes on from, `facts` are of a sample of the
    training set, `kept_out` are rejected items, `pace` is what was timed, if anything was."""

    config: TrainConfig
    said: tuple[Notice, ...]
    wanted: Sequence[Item]
    kept_out: Sequence[Item]
    layers: Mapping[int, Layer]
    train: Sequence[SliceSelection]
    val: Sequence[SliceSelection]
    start: ModelCard | None
    intensity: Intensity
    channels: int
    facts: Sequence[ImageFacts]
    pace: Pace | None
    threads_left: bool  # to Auto


def planned(
    project: Project, config: TrainConfig, kept: ModelCard | None = None, seconds: float | None = None
) -> Work[TrainingPlan]:
    """Look at a sample of the training set, time the network where minutes are the limit, and choose what was left to Auto.

    `kept` is the card of a training that goes on, of which everything was chosen before. EngineError where there is nothing to learn.
    """
    layers = project.layers.masks()
    wanted, kept_out, chosen, train, val = labelled_sets(project, config)
    items = [w.item for w in chosen]
    start = kept or (bundle.read_card(project.runs.source(config).bundle) if config.start_from else None)
    asked = config = _match_source_run(config, start)
    rule, facts, masks = yield from _survey_training_set(project, [w.item for w in train], layers)
    channels = start.channels if start else 3 if any(i.color for i in items) else 1
    found, said = None, [auto.choice(config)]
    if kept is None:
        place = device.choose(config.device).type
        config = auto.with_network(config, place)
        if config.minutes:
            share = config.minutes * 60 * pace.SHARE
            found = yield from pace.measured(config, channels, len(project.classes) + 1, min(share, seconds or share))
        config, said = auto.segmentation(config, _facts(project, place, items, train, masks), found)
    return TrainingPlan(
        config=config,
        said=tuple(said),
        wanted=wanted,
        kept_out=kept_out,
        layers=layers,
        train=train,
        val=val,
        start=start,
        intensity=start.intensity if start else rule,
        channels=channels,
        facts=facts,
        pace=found,
        threads_left=not asked.threads,
    )


def _facts(
    project: Project, place: str, items: Sequence[Item], train: Sequence[SliceSelection], masks: Sequence[Labels]
) -> auto.Facts:
    sizes = sorted((selection.item.shape[1], selection.item.shape[2]) for selection in train)
    return auto.Facts(
        place,
        max(max(item.shape[1:]) for item in items),
        masks,
        any(item.color for item in items),
        images=sum(len(selection.places) for selection in train),
        shape=sizes[len(sizes) // 2],
        place=place_knowledge(masks),
        classes=tuple(c.name for c in project.classes),
    )


def _match_source_run(config: TrainConfig, start: ModelCard | None) -> TrainConfig:
    if start is None:
        return config
    if start.task == "classification":
        raise EngineError("That run classifies whole images.", "Choose a run that segments.")
    return going_on(config, start)


def _survey_training_set(
    project: Project, items: Sequence[Item], layers: Mapping[int, Layer]
) -> Work[tuple[Intensity, list[ImageFacts], list[Labels]]]:
    """From a sample of the training set: the intensity rule, what the images are, and slices of masks for the size."""
    greys, facts, masks = [], [], []
    for item in (items[i] for i in spread(len(items), SURVEYED)):
        yield Progress(0, 0, item.name)
        image = read_image(item.present())
        greys.append(grey_of(image))
        facts.append(facts_of(image))
        labels = project.layers.read(layers[item.id], item.shape)
        labels[labels == UNLABELLED] = 0
        full = np.flatnonzero(labels.any(axis=(1, 2)))
        masks += [labels[z].copy() for z in full[spread(len(full), 3)]]
    return rule_for(greys), facts, masks
