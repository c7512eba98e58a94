"""How far a training is, what it still has the time for, and how fast it learns there."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from engine.config import TrainConfig
from engine.progress import Work

T = TypeVar("T")

_WARM_UP = 0.05  # of the training: the rate rises, so that the first steps break nothing
_VALIDATE_SHARE = 0.1  # of the time may go into validations when minutes are the limit
_DISK = 2e8  # bytes a second, until a first file was written


class Clock:
    """Seconds of work: time that the caller holds the generator (a pause) does not count."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._sum, self._since = 0.0, now()

    @property
    def seconds(self) -> float:
        return self._sum + self._now() - self._since

    def add(self, seconds: float) -> None:
        self._sum += seconds

    def paused_while_yielding(self, work: Work[T]) -> Work[T]:
        """Hand on the work's events, the clock standing still while the caller has them."""
        while True:
            try:
                event = next(work)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]
            self._sum = self.seconds
            try:
                yield event
            finally:
                self._since = self._now()


@dataclass
class TrainingProgress:
    """How far a training is. `seconds` is the whole time, `preparing` what of it went by before the first step."""

    epoch: int = 0  # epochs that are over
    step: int = 0  # steps of the epoch that is open
    steps: int = 0  # steps of all epochs
    seconds: float = 0.0
    preparing: float = 0.0
    validating: float = 0.0  # seconds that a validation takes, 0 before the first
    stale: int = 0  # validations in a row without gain
    bad: int = 0  # steps in a row that were no number
    loss: float = 0.0  # sum over the epoch that is open
    counted: int = 0  # steps in that sum

    def next_epoch(self) -> None:
        self.epoch, self.step, self.loss, self.counted = self.epoch + 1, 0, 0.0, 0


class Schedule:
    """A training's limits against how far it is: by epochs, by minutes, or by both, whichever is nearer.

    `steps` are those of an epoch, `size` is the network's in bytes. `writing` is how long a checkpoint takes, in seconds. At the share
    `until` of its limits it pauses, the rate going as if it did not.
    """

    def __init__(
        self,
        config: TrainConfig,
        steps: int,
        clock: Clock,
        progress: TrainingProgress,
        size: int,
        until: float = 1.0,
    ) -> None:
        self._until = until
        self._epochs, self._patience, self._steps, self._clock = config.epochs, config.patience, steps, clock
        self._budget = config.minutes * 60.0
        self.progress = progress
        self.writing = 3 * size / _DISK  # a guess, until there was one
        self._validated = self._slowest = 0.0
        self._made = 0
        self.looks = 0.0  # at the end, beside the last validation, in times of one

    @property
    def share(self) -> float:
        """How much of the training is done, 0..1. Preparing is no part of it: the rate would skip its rise."""
        return self._share_after(0)

    @property
    def next_share(self) -> float:
        """The same when one step more is made; of the time, which nobody knows before, what it is now."""
        return self._share_after(1)

    def _share_after(self, steps: int) -> float:
        done = self.progress.epoch * self._steps + self.progress.step + steps
        by_epoch = done / (self._epochs * self._steps) if self._epochs else 0.0
        budget = max(1e-6, self._budget - self._reserve - self.progress.preparing)
        by_time = self._trained / budget if self._budget else 0.0
        return min(1.0, max(by_epoch, by_time))

    @property
    def left(self) -> float | None:
        """Seconds to the end; None where it cannot be told yet."""
        if self._budget and not self._epochs:
            return max(0.0, self._budget - self._clock.seconds)
        share = self.share
        return self._trained * (1 - share) / share if share > 0.01 else None

    @property
    def over(self) -> bool:
        """Whether no epoch is open and none is to begin. One step is made at least, so that there is a model."""
        return bool(self.progress.steps) and not self.progress.step and self._ends_after(self.progress.epoch)

    @property
    def at_the_end(self) -> bool:
        """Whether the epoch that is open is the last, or the last before the pause."""
        return self._ends_after(self.progress.epoch + 1)

    @property
    def annealed(self) -> bool:
        """Whether the weights are those of the very end, where the rate has come down."""
        return self._until == 1.0 and self.at_the_end

    @property
    def due(self) -> bool:
        """Whether to validate now: after every epoch, or rarer where that would eat the time; always at the end."""
        if self.at_the_end or not self.progress.validating or not self._budget:
            return True
        return self._clock.seconds - self._validated >= self.progress.validating / _VALIDATE_SHARE

    @property
    def cut(self) -> bool:
        """Whether the epoch ends before its last batch: the time is over, or half of it went by without a validation, of which
        nobody knows yet how long it takes."""
        unknown = bool(self._budget) and not self.progress.validating
        return self._out_of_time or (unknown and self._trained >= self._until * self._budget - self._clock.seconds)

    def stepped(self, seconds: float) -> None:
        """One step more was made, in so many seconds."""
        self.progress.step += 1
        self.progress.steps += 1
        self._made += 1
        self._slowest = max(self._slowest, seconds) if self._made > 2 else 0.0  # the first ones warm up

    def validated(self, seconds: float) -> None:
        """A validation is done, in so many seconds."""
        self.progress.validating = max(seconds, 0.05)
        self._validated = self._clock.seconds

    @property
    def _trained(self) -> float:
        return self._clock.seconds - self.progress.preparing

    @property
    def _reserve(self) -> float:
        """Seconds kept for the last validation and for writing the model and the checkpoint."""
        return (
            (1.2 + self.looks) * self.progress.validating
            + 1.5 * self.writing
            + self._slowest
            + min(1.0, 0.05 * self._budget)
        )

    @property
    def _out_of_time(self) -> bool:
        return bool(self._budget) and self._clock.seconds >= self._until * self._budget - self._reserve

    def _ends_after(self, epoch: int) -> bool:
        early = bool(self._patience) and self.progress.stale >= self._patience
        return (
            early or self._out_of_time or (bool(self._epochs) and epoch >= math.ceil(self._until * self._epochs - 1e-9))
        )


def rate_factor(share: float) -> float:
    """What the highest learning rate is multiplied by when `share` (0..1) of the training is done: a linear rise from 0.02 to 1 over
    the first twentieth, then half a cosine down to 0.005 at the end of the epochs or of the time.

    Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017, without the restarts.
    """
    if share < _WARM_UP:
        return max(share / _WARM_UP, 0.02)
    return 0.005 + 0.995 * (1 + math.cos(math.pi * (share - _WARM_UP) / (1 - _WARM_UP))) / 2
