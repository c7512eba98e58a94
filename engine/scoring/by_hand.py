"""Dice and its loss on few pixels, every step shown: the counts, what each class comes to, and the losses of a network as sure as one says."""

import math
from dataclasses import dataclass

import numpy as np

from engine.scoring.metrics import ClassScores, Confusion, ItemClassScores, mean, overlap, scores


@dataclass(frozen=True)
class ByHand:
    """`counts` as `metrics.confusion` gives them. A network of `confidence` gives that probability to the class that it predicts in a
    pixel, and shares the rest equally among the others, the background included. Raises ValueError where its guess would not be its likeliest."""

    counts: Confusion
    confidence: float

    def __post_init__(self) -> None:
        if not 1 / len(self.counts) < self.confidence < 1:
            raise ValueError(f"a confidence of {self.confidence} among {len(self.counts)} classes")

    @property
    def pixels(self) -> int:
        return int(self.counts.sum())

    @property
    def right(self) -> int:
        """Pixels, background too, whose class was predicted."""
        return int(np.trace(self.counts))

    @property
    def rest(self) -> float:
        """The probability of each class that is not predicted."""
        return (1 - self.confidence) / (len(self.counts) - 1)

    @property
    def scores(self) -> ItemClassScores:
        return scores(self.counts)

    @property
    def cross_entropy(self) -> float | None:
        """The mean over all pixels of -ln of the probability of the true class; None without a pixel. It equals the training's."""
        if not self.pixels:
            return None
        wrong = self.pixels - self.right
        return -(self.right * math.log(self.confidence) + wrong * math.log(self.rest)) / self.pixels

    def soft_dice(self, place: int) -> float | None:
        """Dice of the class at `place` (0: the first after the background), with probabilities in the place of hits and sizes; None where
        the truth has none of it: the loss leaves it out."""
        one = self.scores.classes[place]
        if not one.truth:
            return None
        hit = self.confidence * one.both + self.rest * (one.truth - one.both)
        said = self.confidence * one.predicted + self.rest * (self.pixels - one.predicted)
        return overlap(hit, one.truth, said)

    @property
    def dice_loss(self) -> float:
        """1 - the mean of `soft_dice`; 0 where the truth has no class. It equals the training's."""
        found = mean([self.soft_dice(place) for place in range(len(self.scores.classes))])
        return 0.0 if found is None else 1 - found


def left_out(classes: tuple[ClassScores, ...]) -> tuple[float, float] | None:
    """What the mean Dice would be if classes in neither mask were counted as 0, and as 1; None where each is in one or all are in none."""
    found = [one.dice for one in classes]
    known = [dice for dice in found if dice is not None]
    if not known or len(known) == len(found):
        return None
    absent = len(found) - len(known)
    return sum(known) / len(found), (sum(known) + absent) / len(found)
