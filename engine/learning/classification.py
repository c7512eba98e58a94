"""Learning classes of whole images: the training set in memory at the network's size, augmented batches, AUC and accuracy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from engine.augment.advice import ratio_notices, side_notices, side_rule
from engine.augment.pipeline import EpochAugmenter
from engine.augment.presets import load_preset
from engine.config import TrainConfig
from engine.errors import EngineError
from engine.imaging.geometry import SideAxis, side_axis
from engine.imaging.image import Image
from engine.imaging.intensity import SURVEYED_CLASSES, IntensityStats, grey_of, rule_for, to_unit
from engine.imaging.read import read_image
from engine.imaging.sample import spread
from engine.labels.sides import Laterality, side_pairs
from engine.learning import auto, bundle, device, models, weights
from engine.learning.bundle import ModelCard, new_card
from engine.learning.learner import Batch, Learner, Validation
from engine.learning.likeness import ImageFacts, Mixture, facts_of, training_images
from engine.learning.losses import make_loss
from engine.learning.network_memory import check_network_memory
from engine.learning.one_slice import middle_slices_alone
from engine.learning.own_start import goes_on, own_start
from engine.learning.pixels import Picture, check_memory, mean_std, stored_bytes, to_batch
from engine.learning.predict import Predictor, letterbox
from engine.learning.slices import NO_VALIDATION_CLASS, left_out_rejected, without_examples, without_rejected
from engine.learning.weights import same_network, start_weights
from engine.progress import Notice, Progress, Work
from engine.project.items import Item
from engine.project.project import Project
from engine.scoring.classify import classification_scores
from engine.words import translatable


@dataclass(frozen=True, eq=False)
class ImageSample:
    """One picture, made square to the network's size, with its class; `side_axis` is how left and right lie in it."""

    picture: Picture
    label: int
    side_axis: SideAxis = "across"


class ClassificationLearner(Learner):
    """The Learner of classes."""

    def __init__(
        self, config: TrainConfig, card: ModelCard, train: Sequence[ImageSample], val: Sequence[ImageSample]
    ) -> None:
        augmentation, names = load_preset(config.preset), [name for name, _ in card.classes]
        self.config, self._train, self._val = config, train, val
        self.side_axes = {sample.side_axis for sample in train}
        self.card = replace(card, recipe={"sides": side_rule(names, augmentation, config.sides, self.side_axes)})
        self._sides = Laterality(side_pairs(names), config.sides)
        counts = np.bincount([s.label for s in train], minlength=card.outputs)
        weights = (
            torch.tensor(counts.sum() / (np.maximum(counts, 1) * card.outputs), dtype=torch.float32)
            if config.balance
            else None
        )
        chosen = device.choose(config.device)
        self.loss = make_loss(
            config.loss,
            card.outputs,
            task=card.task,
            class_weights=None if weights is None else weights.to(chosen),
            smoothing=config.label_smoothing,
        )
        self.steps = max(1, len(train) * config.per_image // config.batch)
        length = self.steps * config.batch
        self._augment = EpochAugmenter(augmentation, self._sides, config.per_image, length)
        self.notices, self.sets = [], {}
        self.network = bundle.build(card)

    def batches(self, epoch: int, first: int = 0) -> Iterator[Batch]:
        draw = np.random.default_rng((self.config.seed, epoch))
        need = self.steps * self.config.batch
        order = np.concatenate([draw.permutation(len(self._train)) for _ in range(-(-need // len(self._train)))])
        for step in range(first, self.steps):
            chosen = order[step * self.config.batch : (step + 1) * self.config.batch]
            keys = ((self.config.seed, epoch, step * self.config.batch + n) for n in range(len(chosen)))
            shown = [self._sample(self._train[i], key) for i, key in zip(chosen, keys, strict=True)]
            labels = torch.tensor([each.label for each in shown])
            yield to_batch([each.picture for each in shown], self.card.intensity), labels

    def _sample(self, shown: ImageSample, key: tuple[int, int, int]) -> ImageSample:
        plain = shown.picture.astype(np.float32) if shown.picture.dtype == np.float16 else shown.picture
        sample = self._augment.apply(plain, None, key, side_axis=shown.side_axis)
        return ImageSample(sample.image, self._sides.mirrored(shown.label) if sample.mirrored else shown.label)

    def validate(self, predictor: Predictor) -> Work[Validation]:
        parts: list[NDArray[np.float32]] = []
        for start in range(0, len(self._val), 64):
            yield Progress(start, len(self._val))
            parts.append(predictor.classify([s.picture for s in self._val[start : start + 64]]))
            yield from predictor.drain_notices()
        if not parts:
            return Validation(None, 0.0, None)
        probabilities, truth = np.concatenate(parts), np.array([s.label for s in self._val])
        found = classification_scores(probabilities, truth, [name for name, _ in self.card.classes])
        logits = torch.from_numpy(np.log(np.clip(probabilities, 1e-7, 1)))  # up to a constant, which no loss sees
        # AUC uses all of the ranking, accuracy one threshold; both move in jumps of one case
        accuracy = found.accuracy or 0.0
        score = accuracy if found.auc is None else (found.auc + accuracy) / 2
        if found.unanswered:
            text = translatable(
                "The network's answers to {count} of {all} images of the validation set are no numbers: this epoch has no score."
            )
            yield Notice(text, {"count": found.unanswered, "all": len(truth)})
            # without its AUC it would be of another measure than the scores that it is compared with
            score = float("nan")
        noise = float(np.sqrt(max(accuracy * (1 - accuracy), 1e-4) / len(truth)))
        return Validation(
            score=score,
            noise=noise,
            loss=float(self.loss(logits, torch.from_numpy(truth))),
            accuracy=found.accuracy,
            macro_f1=found.macro_f1,
            auc=found.auc,
        )


@dataclass(frozen=True)
class ClassificationPlan:
    """What a training on classes would be: `config` has no "auto" left in it, `said` is why, `kept_out` are rejected items."""

    config: TrainConfig
    said: tuple[Notice, ...]
    start: ModelCard | None
    input: models.InputPlan
    train: Sequence[Item]
    val: Sequence[Item]
    kept_out: Sequence[Item]


def planned(project: Project, config: TrainConfig, kept: ModelCard | None = None) -> ClassificationPlan:
    """Choose what was left to Auto. EngineError where there is nothing to learn, or not the memory for it."""
    plan = _planned(project, config, kept)
    items = {item.id for item in plan.train}
    run = own_start(project, config, plan.config, items) if kept is None else None
    if run is None:
        return plan
    going = _planned(project, replace(config, start_from=str(run.id)), None)
    return replace(going, said=(*going.said, goes_on(run, len(items))))


def _planned(project: Project, config: TrainConfig, kept: ModelCard | None) -> ClassificationPlan:
    items, kept_out = without_rejected([item for item in project.items.all() if item.label is not None], config)
    train, val = ([i for i in items if i.split == s] for s in ("train", "val"))
    if len({i.label for i in train}) < 2:
        raise EngineError(
            "The training set holds images of fewer than two classes.",
            "Give images of every class a label, and divide them into sets in the Data tab.",
        )
    start = kept or (bundle.read_card(project.runs.source(config).model()) if config.start_from else None)
    if start is not None:
        if start.task != "classification":
            raise EngineError("That run segments.", "Choose a run that classifies whole images.")
        config = replace(config, arch=same_network(config, start), options=start.options)
    names, asked, color = tuple(c.name for c in project.classes), config, any(i.color for i in items)
    config = auto.classification(
        config, auto.Facts(device.choose(config.device).type, 0, (), color=color, classes=names)
    )
    height, width = (int(np.median([i.shape[axis] for i in items])) for axis in (1, 2))
    fitted = models.fit_input(
        config.arch, height, width, 3 if color else 1, config.size or (start.size if start else 0)
    )
    config = replace(config, size=fitted.size)
    check_network_memory(config, fitted.channels, len(names), (fitted.size, fitted.size))
    said = [*([fitted.note] if fitted.note else []), *(auto.idle_settings(asked, "classes") if kept is None else ())]
    said += middle_slices_alone(sum(item.shape[0] > 1 for item in (*train, *val)))
    return ClassificationPlan(config, tuple(said), start, fitted, train, val, kept_out)


def survey(train: Sequence[Item]) -> Work[tuple[list[IntensityStats], list[ImageFacts]]]:
    """What a sample of the training set's images says of their greys, and of what they are."""
    greys, facts = [], []
    for item in (train[i] for i in spread(len(train), SURVEYED_CLASSES)):
        yield Progress(0, 0, item.name)
        image = read_image(item.present())
        greys.append(grey_of(image))
        facts.append(facts_of(image))
    return greys, facts


def prepare(project: Project, config: TrainConfig, kept: ModelCard | None = None) -> Work[Learner]:
    """Read the labelled images of the training and validation sets and choose what was left to Auto.

    `kept` is the card of a training that goes on: its weights come from its checkpoint, whatever it started from.
    """
    plan = planned(project, config, kept)
    config, start, train, val = plan.config, plan.start, plan.train, plan.val
    names = tuple(c.name for c in project.classes)
    greys, facts = yield from survey(train)
    intensity = start.intensity if start else rule_for(greys)
    channels, size = start.channels if start else plan.input.channels, plan.input.size
    card = new_card("classification", project.classes, config, channels, intensity, size, training_images(facts, size))
    check_memory(stored_bytes(len([*train, *val]) * card.size**2, intensity, card.channels))
    mixture = Mixture()
    shown = yield from _read([*train, *val], card, mixture)
    learnt, checked = shown[: len(train)], shown[len(train) :]
    if start is None:
        own = weights.input_norm(config.arch, card.channels) if config.weights == "imagenet" else None
        mean, deviation = own or mean_std([learnt[i].picture for i in spread(len(learnt), 500)])
        card = replace(card, intensity=replace(intensity, mean=mean, deviation=deviation))
    learner = ClassificationLearner(config, card, learnt, checked)
    learner.sets = {"train": len(train), "val": len(val)}
    learner.items = frozenset(item.id for item in train)
    learnt_classes = {item.label for item in train}
    learner.notices = [
        *plan.said,
        *mixture.said(intensity, channels),
        *left_out_rejected(plan.kept_out),
        *without_examples(names, [n in learnt_classes for n in range(len(names))]),
        *side_notices(names, load_preset(config.preset), config.sides, learner.side_axes),
        *ratio_notices(config.per_image),
    ]
    if kept is None:
        learner.notices += start_weights(learner.network, card, project, config)
    if not val:
        learner.notices.append(Notice(NO_VALIDATION_CLASS))
    return learner


def _read(items: Sequence[Item], card: ModelCard, mixture: Mixture) -> Work[list[ImageSample]]:
    """One image after the other, since a set of large films at their full size fits no memory."""
    shown = []
    for number, item in enumerate(items):
        if number % 50 == 0:
            yield Progress(number, len(items), item.name)
        shown.append(_shown(read_image(item.present()), item, card, mixture))
    return shown


def _shown(image: Image, item: Item, card: ModelCard, mixture: Mixture) -> ImageSample:
    mixture.add(item.name, image)
    unit = to_unit(image, card.intensity, card.channels)
    if item.label is None:
        raise ValueError(f"{item.name} has no class")
    picture = np.ascontiguousarray(letterbox(unit[len(unit) // 2], card.size))
    return ImageSample(picture, item.label, side_axis(image.geometry))
