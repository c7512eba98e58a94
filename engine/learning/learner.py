"""What a task (segmentation, instances, classification) gives the training loop: batches, a loss, a validation."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from torch import Tensor, nn

from engine.config import TrainConfig
from engine.learning.bundle import ModelCard
from engine.learning.losses import Loss
from engine.learning.predict import Predictor
from engine.progress import CaseSeen, Notice, Work

Batch: TypeAlias = tuple[Tensor, Tensor]
"""Images (n, c, h, w) float32 and their targets int64, on the CPU."""


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
    items: frozenset[int] = frozenset()
    """The numbers of the items that are learnt from."""
    mirrors: bool = False
    """Whether the average over mirror images is worth a look at the end: not where left and right must not change sides."""
    watches_threads: bool = False
    """Whether the number of threads may change on the way: not where the user set it, nor where the epochs are counted, since other
    sums come of other threads."""
    takes_targets: bool = False
    """Whether the network is given the targets beside the images, and gives its loss for its logits."""
    share: float = 0.0
    """How much of the training is done, 0..1: what the next batch may depend on."""

    @abstractmethod
    def batches(self, epoch: int, first: int = 0) -> Iterator[Batch]:
        """`steps` batches, the same for the same seed and epoch; those before `first` are left out."""

    @abstractmethod
    def validate(self, predictor: Predictor) -> Work[Validation]:
        """Score the network as it is now on the validation set."""
