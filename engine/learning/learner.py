"""What a task (segmentation, instances, classification) gives the training loop: batches, a loss, a validation."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.config import TrainConfig
from engine.learning.bundle import ModelCard
from engine.learning.losses import Loss
from engine.learning.pixels import Picture, to_batch
from engine.learning.predict import Predictor
from engine.progress import CaseSeen, Notice, Work


@dataclass(frozen=True)
class Validation:
    """What a validation found. `score` decides which weights are kept (higher is better); `noise` is its standard error."""

    score: float | None
    noise: float
    loss: float | None
    dice: dict[str, float | None] = field(default_factory=dict)
    accuracy: float | None = None
    macro_f1: float | None = None
    auc: float | None = None
    ap50: float | None = None
    cases: tuple[CaseSeen, ...] = ()
    items: tuple[float, ...] = ()
    """Of segmentation: the mean Dice of each item that has one, in their order, by which two validations compare item by item."""


class Learner(ABC):
    """Everything of a training but the loop. `config` has no "auto" left in it; `network` has its starting weights.

    `loss` is that of training and validation alike, so that their curves can be compared. `sets` counts the items (and slices)
    that are learnt from and validated on, as in RunSummary.
    """

    config: TrainConfig
    card: ModelCard
    network: nn.Module
    loss: Loss
    steps: int
    notices: list[Notice]
    sets: Mapping[str, int] = MappingProxyType({})
    mirrors: bool = False
    """Whether the average over mirror images is worth a look at the end: not where left and right must not change sides."""
    watches_threads: bool = False
    """Whether the number of threads may change on the way: not where the user set it, nor where the epochs are counted, since other
    sums come of other threads."""
    share: float = 0.0
    """How much of the training is done, 0..1: what the next batch may depend on."""

    @abstractmethod
    def batches(self, epoch: int, first: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
        """`steps` batches of images (n, c, h, w) float32 and targets int64, the same for the same seed and epoch; those before
        `first` are left out."""

    def forward(self, network: nn.Module, images: Tensor, targets: Tensor) -> Tensor:
        """What the loss is made of: the network's logits; a network that makes its own loss is given the targets too."""
        logits: Tensor = network(images)
        return logits

    @abstractmethod
    def validate(self, predictor: Predictor) -> Work[Validation]:
        """Score the network as it is now on the validation set."""


class SliceLearner(Learner):
    """What learns from slices, or from patches of them: `_takes` (n,) is how many patches of each slice an epoch holds, 1 of a slice that
    is learnt whole."""

    _takes: NDArray[np.int64]

    def batches(self, epoch: int, first: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
        order = self._order(epoch)
        for step in range(first, self.steps):
            chosen = order[step * self.config.batch : (step + 1) * self.config.batch]
            pairs = [
                self._sample(int(i), (self.config.seed, epoch, step * self.config.batch + n))
                for n, i in enumerate(chosen)
            ]
            images = to_batch([picture for picture, _ in pairs], self.card.intensity)
            yield images, torch.from_numpy(np.stack([target for _, target in pairs]).astype(np.int64, copy=False))

    def _order(self, epoch: int) -> NDArray[np.int64]:
        """Which slices an epoch takes, in their order: each as often as it holds patches."""
        draw = np.random.default_rng((self.config.seed, epoch))
        need = self.steps * self.config.batch
        pieces = np.repeat(np.arange(len(self._takes)), self._takes)
        rounds = [draw.permutation(pieces) for _ in range(-(-need // len(pieces)))]
        return np.concatenate(rounds)[:need]

    @abstractmethod
    def _sample(self, index: int, key: tuple[int, int, int]) -> tuple[Picture, NDArray[Any]]:
        """A slice or a patch of it, changed as `key` (seed, epoch, place) says, and its target (h, w)."""


def square_around(centre: NDArray[np.int64], side: int, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """The square (top, left, height, width) of `side` px around a place (down, across), moved into the slice of that shape."""
    top, left = (int(np.clip(c - side // 2, 0, max(n - side, 0))) for c, n in zip(centre, shape, strict=True))
    return top, left, side, side
