"""The multilayer perceptron: fully connected layers only, the yardstick that a CNN must beat."""

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn

from engine.learning.nets.deep import ACTIVATIONS


class MLP(nn.Module):
    """Logits (n, classes) of images (n, channels, size, size): every pixel is an input of every unit of the first layer.

    `hidden` are the units of the layers between the image and the output; each is followed by its activation and dropout.
    """

    def __init__(
        self,
        channels: int = 1,
        classes: int = 10,
        size: int = 28,
        hidden: Sequence[int] = (512, 256),
        activation: str = "relu",
        dropout: float = 0.2,
    ) -> None:
        super().__init__()
        widths = [channels * size * size, *hidden]
        parts: list[nn.Module] = [nn.Flatten()]
        for before, after in pairwise(widths):
            parts += [nn.Linear(before, after), ACTIVATIONS[activation](), nn.Dropout(dropout)]
        self.layers = nn.Sequential(*parts)
        self.output = nn.Linear(widths[-1], classes)

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.output(self.layers(x))
        return result
