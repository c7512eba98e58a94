"""Settings that a person chose and that a training has no use for: they are said, since nothing else would show it."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Literal, TypeAlias

from engine.config import TrainConfig, option_of
from engine.progress import Notice
from engine.words import translatable

Learnt: TypeAlias = Literal["masks", "objects", "classes"]

_IDLE: dict[Learnt, tuple[str, ...]] = {
    "masks": ("label_smoothing",),
    "objects": ("label_smoothing", "loss", "balance", "first_size", "neighbours"),  # Mask R-CNN has losses of its own
    "classes": ("patch", "first_size", "neighbours"),
}


def idle_settings(asked: TrainConfig, learnt: Learnt) -> Iterator[Notice]:
    """Those of `asked` that are not as they come and that no training on `learnt` reads."""
    plain = TrainConfig()
    for each in fields(asked):
        rule = option_of(each)
        if rule and each.name in _IDLE[learnt] and getattr(asked, each.name) != getattr(plain, each.name):
            text = translatable('"{setting}" ({name}) was set, and changes nothing in a training of this kind.')
            yield Notice(text, {"setting": Notice(rule.label), "name": each.name})


def never_smaller(asked: TrainConfig, config: TrainConfig) -> Iterator[Notice]:
    """That the first size which was `asked` for does nothing, where images are cut into patches or are no larger."""
    side = config.patch or config.size
    if asked.first_size and (config.patch or not 0 < config.first_size < config.size):
        text = translatable("The first size of {first} px changes nothing: the network sees {size} px from the start.")
        yield Notice(text, {"first": asked.first_size, "size": side})
