"""Auto: what a training is made of where the user chose nothing, from the data, the minutes and the machine, with the reasons in words.

The numbers below are the rules. Each was measured: docs/auto.md holds the table, and says how to make it again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal, TypeAlias

from engine import catalog
from engine.augment.presets import preset_for
from engine.catalog import AUTO_CLASSIFIER
from engine.config import AUTO, TrainConfig, option_of
from engine.labels.edit import Labels
from engine.labels.sides import auto_rule, side_pairs
from engine.learning import models
from engine.learning.pace import Pace
from engine.learning.survey import PlaceKnowledge, survival
from engine.progress import Notice
from engine.words import translatable

BUILT_IN = catalog.BUILT_IN_ENCODER
"""The encoder whose ImageNet weights come with the program. Started from, it had the smaller error on six of seven sets."""

FROM_BUILT_IN = 2.0
"""Its rate against that of a training from nothing, also where a run of its own is gone on from: with a quarter of it, five sets of seven
ended behind (docs/auto.md). Other encoders with weights of their own were not compared, and take half."""

BUILT_IN_CLASSIFIER = "efficientnet-lite0"

SIDES = (128, 160, 192, 224, 256, 320, 384, 448, 512, 640, 768, 1024)
"""What images are brought to along their longer side, px."""

PATCH = {"cpu": 256, "cuda": 512, "mps": 384}
MINUTES = 10.0
LARGEST = 4096  # px, as TrainConfig.size allows: larger films are brought to it

SURVIVES = 0.97
"""Dice that a mask must keep on the way to a smaller size and back for that size to be enough."""

PLACE_TELLS = 0.2
"""Share of the label's entropy that the place takes away, from which on images are seen whole: 0.04 for membranes, 0.43 to 0.69 where
patches cost Dice."""

MIRROR_LIES = 0.25
"""So much more often does a place name the class of a pixel right than in the mirror image: then no mirror images are made."""

TRAINED = 0.8
"""Of the minutes, what is left for steps after reading, timing and validations."""

GROWN_AT = 0.6
"""Share of a training after which the images have their full size; before, they are half as large and cost a quarter."""

SEEN = 1500
"""Images that are seen at least, all in all, or a smaller size is taken: fewer teach too little, however sharp they are."""

SEEN_LARGE = 250
"""The same of the full size alone."""

FEW_PASSES = 10
"""Passes over the training set below which it is said that the minutes are few."""

SMALL_VOLUME = 96
"""Slices of volumes are enlarged to so many px along the longer side of the largest, where each is seen FEW_PASSES times or more at
that: it costs little more than 64 px, and single pictures, of which small cuts count as much as large ones, gain nothing by it."""

GENTLE_BELOW = 40
"""Passes up to which the images are changed gently: what is seen so rarely is not learnt by heart."""

Learnt: TypeAlias = Literal["masks", "objects", "classes"]

_IDLE: dict[Learnt, tuple[str, ...]] = {
    "masks": ("label_smoothing",),
    "objects": ("label_smoothing", "loss", "balance", "first_size", "neighbours"),  # Mask R-CNN has losses of its own
    "classes": ("patch", "first_size", "neighbours"),
}
"""Settings that a training of this kind has no use for."""


@dataclass(frozen=True)
class Facts:
    """What Auto looks at. `masks` is a sample of single slices with something in them, `images` how many slices are learnt from,
    `shape` the height and width of a usual one; `volumes`: most of them are of items of several slices, `beside`: some are."""

    device: str
    longest: int
    masks: Sequence[Labels]
    color: bool
    images: int = 0
    shape: tuple[int, int] = (1, 1)
    place: PlaceKnowledge = PlaceKnowledge()
    classes: tuple[str, ...] = ()
    volumes: bool = False
    beside: bool = True


def with_network(config: TrainConfig, device: str) -> TrainConfig:
    """Network, weights, batch, rate and limit, for which nothing need be timed."""
    arch = "unet-smp" if config.arch == AUTO else config.arch
    encoder = _encoder(config, arch, device)
    config = replace(
        config,
        arch=arch,
        encoder=encoder,
        weights=_weights(config, encoder == BUILT_IN),
        minutes=_minutes(config),
        batch=max(config.batch or (4 if device == "cpu" else 16), models.least_batch(arch)),
    )
    return replace(config, rate=config.rate or _rate(config))


def neighbours(config: TrainConfig, facts: Facts) -> str:
    """Whether a slice is fed with those beside it, "yes" or "no": colours leave no channel for them, and pictures have none."""
    if facts.color or not facts.beside:
        return "no"
    return ("yes" if facts.volumes else "no") if config.neighbours == AUTO else config.neighbours


def segmentation(config: TrainConfig, facts: Facts, pace: Pace | None = None) -> tuple[TrainConfig, list[Notice]]:
    """Fill in what was left to Auto, and say it. Without a `pace` (a training by epochs) the size is the smallest at which the
    masks themselves survive; with one it is at most what the minutes buy often enough."""
    asked, config = config, with_network(config, facts.device)
    whole = facts.place.label >= PLACE_TELLS
    size = min(config.size or _surviving(facts), LARGEST)
    patch = config.patch
    if not patch and not whole and _needs_patches(size, facts):
        patch = PATCH[facts.device]
    reasons: list[Notice] = []
    if pace is not None and not patch and not config.size:
        size = _affordable(config, facts, pace, size)
        size = _enlarged(config, facts, pace, size)
    sides = models.sides_of(config.arch, config.encoder)
    if sides.most and not patch and size > sides.most:
        patch = sides.most
    patch = sides.fitting(patch) if patch and not sides.usual else patch
    config = replace(config, size=size, patch=patch)
    if pace is not None:
        config = replace(config, threads=pace.threads, precision=pace.precision)
        reasons += _bought(config, facts, pace)
    config = replace(config, first_size=_begins_with(config, size))
    config = replace(config, preset=_preset(config, facts, pace), sides=_sides(config, facts))
    return config, [choice(config), *reasons, *_why(config, asked, facts, whole)]


def classification(config: TrainConfig, facts: Facts) -> TrainConfig:
    """The same for whole images; the input's size depends on the network and is fitted when it is built."""
    arch = AUTO_CLASSIFIER if config.arch == AUTO else config.arch
    minutes, weights = _minutes(config), _weights(config, arch == BUILT_IN_CLASSIFIER)
    batch = config.batch or (32 if facts.device == "cpu" else 64)
    sides = auto_rule(facts.classes) if config.sides == AUTO else config.sides
    config = replace(config, arch=arch, minutes=minutes, batch=batch, weights=weights, sides=sides)
    preset = preset_for("classification", config.preset, color=facts.color)
    return replace(config, preset=preset, rate=config.rate or _rate(config))


def seen(config: TrainConfig, facts: Facts, pace: Pace, size: int) -> tuple[float, float]:
    """How many images the minutes buy when they end at `size` px: all, and those of that size."""
    seconds = _seconds(config)
    first = _begins_with(config, size)
    large = seconds * _rate_at(pace, facts, size)
    if not first:
        return large, large
    return GROWN_AT * seconds * _rate_at(pace, facts, first) + (1 - GROWN_AT) * large, (1 - GROWN_AT) * large


def _encoder(config: TrainConfig, arch: str, device: str) -> str:
    if config.encoder != AUTO and (catalog.find(arch).encoders or config.start_from):
        return config.encoder  # earlier runs named one where there was none
    imagenet = config.weights in (AUTO, "imagenet")
    return catalog.encoder_for(arch, light=device == "cpu", imagenet=imagenet)


def _weights(config: TrainConfig, built_in: bool) -> str:
    """What a training starts from where that was left open: ImageNet's where they come with the program."""
    if config.weights != AUTO:
        return config.weights
    return "imagenet" if built_in and not config.start_from else "none"


def _minutes(config: TrainConfig) -> float:
    return config.minutes or (0.0 if config.epochs else MINUTES)


def _seconds(config: TrainConfig) -> float:
    """What of the minutes goes into steps."""
    return config.minutes * 60 * TRAINED


def _needs_patches(side: int, facts: Facts) -> bool:
    """Whether an image of that side is so much larger than a patch that it pays to cut."""
    return side > PATCH[facts.device] * 1.25


def _rate(config: TrainConfig) -> float:
    base = {"adamw": 1e-3, "adam": 1e-3, "rmsprop": 3e-4, "sgd": 3e-2}[config.optimizer]
    if config.encoder == BUILT_IN and (config.start_from or config.weights != "none"):
        return base * FROM_BUILT_IN
    if config.start_from:
        return base * 0.3  # fine-tuning: what is known already should bend, not break
    return base if config.weights == "none" else base * 0.5


def _surviving(facts: Facts) -> int:
    """The smallest size that is enough for the masks; small images stay as they are."""
    if facts.longest <= 288:
        return facts.longest
    for side in SIDES:
        if 256 <= side < facts.longest and survival(facts.masks, side) >= SURVIVES:
            return side
    return facts.longest


def _affordable(config: TrainConfig, facts: Facts, pace: Pace, most: int) -> int:
    """The largest size, at most `most`, of which the minutes buy enough images."""
    for size in (most, *(side for side in reversed(SIDES) if side < most)):
        total, large = seen(config, facts, pace, size)
        if total >= SEEN and large >= SEEN_LARGE:
            return size
    return min(most, SIDES[0])


def _enlarged(config: TrainConfig, facts: Facts, pace: Pace, size: int) -> int:
    """The size, or that of small slices of volumes that are seen often."""
    larger = replace(config, size=max(size, SMALL_VOLUME))
    often = facts.volumes and _passes(larger, facts, pace) >= FEW_PASSES
    return larger.size if often else size


def _begins_with(config: TrainConfig, size: int) -> int:
    """The size, px, that a training which ends at `size` begins with: where it was left open half of it, in steps of 32. 0, the same, where
    that would be too little to see, on patches, and in networks of one size alone."""
    if config.patch or models.sides_of(config.arch, config.encoder).most:
        return 0
    half = round(size / 2 / 32) * 32
    return config.first_size or (half if half >= 96 else 0)


def _rate_at(pace: Pace, facts: Facts, size: int) -> float:
    height, width = facts.shape
    return pace.at(round(size * height / max(height, width)), round(size * width / max(height, width)))


def _passes(config: TrainConfig, facts: Facts, pace: Pace | None) -> float:
    """How often the minutes, or the epochs, let each training image be seen."""
    if pace is None or not facts.images:
        return float(config.epochs)
    if config.patch:
        height, width = (side * config.size / max(facts.shape) / config.patch for side in facts.shape)
        patches = max(1.0, height * width)
        return _seconds(config) * pace.at(config.patch) / patches / facts.images
    return seen(config, facts, pace, config.size)[0] / facts.images


def _preset(config: TrainConfig, facts: Facts, pace: Pace | None) -> str:
    if config.preset != AUTO:
        return config.preset
    few = 0 < _passes(config, facts, pace) < GENTLE_BELOW
    return "gentle" if few and pace is not None and not config.patch else preset_for("multiclass", AUTO)


def _sides(config: TrainConfig, facts: Facts) -> str:
    if config.sides != AUTO:
        return config.sides
    rule = auto_rule(facts.classes)
    return "off" if rule == "keep" and facts.place.named - facts.place.mirrored > MIRROR_LIES else rule


# In words --------------------------------------------------------------------------------------------------------------


def choice(config: TrainConfig) -> Notice:
    """The network and what it is fed, in one sentence."""
    values: dict[str, object] = {
        name: getattr(config, name) for name in ("arch", "encoder", "size", "patch", "batch", "loss")
    }
    if config.patch:
        text = (
            translatable("{arch} with the encoder {encoder} on patches of {patch} px, batch {batch}, {loss} loss.")
            if config.encoder
            else translatable("{arch} on patches of {patch} px, batch {batch}, {loss} loss.")
        )
    elif config.encoder:
        text = translatable("{arch} with the encoder {encoder} on images of {size} px, batch {batch}, {loss} loss.")
    else:
        text = translatable("{arch} on images of {size} px, batch {batch}, {loss} loss.")
    return Notice(text, values)


def _bought(config: TrainConfig, facts: Facts, pace: Pace) -> Iterator[Notice]:
    """What the minutes buy, what the next larger size would, and that they are few where they are. The size that `config` begins with is
    as it was asked for: left open, each begins at half of its own."""
    minutes, batch = round(config.minutes, 2), config.batch
    values: dict[str, object] = {"minutes": minutes, "patch": config.patch, "size": config.size}
    if config.patch:
        steps = round(_seconds(config) * pace.at(config.patch) / batch)
        yield Notice(
            translatable("{minutes:g} min buy about {steps} steps on patches of {patch} px."), values | {"steps": steps}
        )
    else:
        steps = round(seen(config, facts, pace, config.size)[0] / batch)
        first = _begins_with(config, config.size)
        values |= {"steps": steps, "first": first}
        larger = next((side for side in SIDES if side >= config.size * 1.4), 0)
        text = translatable("{minutes:g} min buy about {steps} steps at {size} px.")
        if first:
            text = translatable("{minutes:g} min buy about {steps} steps, first at {first} px, then at {size} px.")
        few = round(seen(config, facts, pace, larger)[0] / batch) if larger else 0
        dearer = few < steps  # one that begins on smaller images may make more
        if larger and larger <= facts.longest and dearer:
            values |= {"larger": larger, "few": few}
            text = translatable("{minutes:g} min buy about {steps} steps at {size} px; {larger} px would buy {few}.")
            if first:
                text = translatable(
                    "{minutes:g} min buy about {steps} steps, first at {first} px, then at {size} px; {larger} px would buy {few}."
                )
        yield Notice(text, values)
    passes = _passes(config, facts, pace)
    if 0 < passes < FEW_PASSES:
        text = translatable(
            "Each of the {images} training images is seen about {passes:.1f} times: more minutes would help most."
        )
        yield Notice(text, {"images": facts.images, "passes": passes})


def _why(config: TrainConfig, asked: TrainConfig, facts: Facts, whole: bool) -> Iterator[Notice]:
    if config.weights == "imagenet" and config.encoder == BUILT_IN:
        yield Notice(translatable("It starts from ImageNet's weights, which come with the program."))
    if config.neighbours == "yes":
        yield Notice(translatable("Each slice is seen together with the one before and the one after it."))
    if whole and not config.patch and _needs_patches(facts.longest, facts):
        yield Notice(
            translatable("The network sees whole images, since the place in the image tells the classes apart.")
        )
    if asked.sides == AUTO and config.sides == "off" and not side_pairs(facts.classes):
        yield Notice(translatable("No mirror images are made: in them the place would tell the wrong class."))


# What was set and changes nothing -------------------------------------------------------------------------------------


def idle_settings(asked: TrainConfig, learnt: Learnt) -> Iterator[Notice]:
    """Those of `asked` that are not as they come and that no training on `learnt` reads."""
    plain = TrainConfig()
    for each in fields(asked):
        if each.name in _IDLE[learnt] and getattr(asked, each.name) != getattr(plain, each.name):
            yield idle(each.name)


def idle(name: str) -> Notice:
    """That this setting of a training changes nothing."""
    (rule,) = (option_of(each) for each in fields(TrainConfig) if each.name == name)
    text = translatable('"{setting}" ({name}) was set, and changes nothing in a training of this kind.')
    return Notice(text, {"setting": Notice(rule.label if rule else name), "name": name})


def never_smaller(asked: TrainConfig, config: TrainConfig) -> Iterator[Notice]:
    """That the first size which was `asked` for does nothing, where images are cut into patches or are no larger."""
    side = config.patch or config.size
    if asked.first_size and (config.patch or not 0 < config.first_size < config.size):
        text = translatable("The first size of {first} px changes nothing: the network sees {size} px from the start.")
        yield Notice(text, {"first": asked.first_size, "size": side})
