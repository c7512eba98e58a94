"""LeNet-5: LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", 1998."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from engine.learning.nets.deep import ACTIVATIONS

SIDE = 32


class LeNet5(nn.Module):
    """Logits (n, classes) of images (n, channels, 32, 32); 61,706 parameters for one channel and ten classes.

    C1 6@28x28, S2 6@14x14, C3 16@10x10, S4 16@5x5, C5 120, F6 84, output; all convolutions 5x5. The published form has the
    `activation` "tanh" and `average` pooling; "relu" with max-pooling is today's, which learns faster. As everywhere
    now, C3 sees all maps of S2 (the paper's table leaves some out), pooling has no weights and the output is a linear layer
    for softmax instead of radial basis functions; `LeNet1998` has the first two.
    """

    def __init__(self, channels: int = 1, classes: int = 10, activation: str = "relu", average: bool = False) -> None:
        super().__init__()
        squash = ACTIVATIONS[activation]
        pool = nn.AvgPool2d if average else nn.MaxPool2d
        self.features = nn.Sequential()
        for name, layer in (
            ("c1", nn.Conv2d(channels, 6, 5)),
            ("act1", squash()),
            ("s2", pool(2)),
            ("c3", nn.Conv2d(6, 16, 5)),
            ("act3", squash()),
            ("s4", pool(2)),
            ("c5", nn.Conv2d(16, 120, 5)),
            ("act5", squash()),
        ):
            self.features.add_module(name, layer)
        self.flatten = nn.Flatten()
        self.f6 = nn.Linear(120, 84)
        self.act6 = squash()
        self.output = nn.Linear(84, classes)

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.output(self.act6(self.f6(self.flatten(self.features(x)))))
        return result


CONNECTIONS = (
    (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5),
    (0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5),
    (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)  # fmt: skip
"""Which of S2's six maps each of C3's sixteen sees: the paper's table I."""


class Subsampling(nn.AvgPool2d):
    """The paper's pooling: the mean of 2x2 times a coefficient of each map plus a bias of it, both trained. Begins as the plain mean."""

    def __init__(self, maps: int) -> None:
        super().__init__(2)
        self.weight = nn.Parameter(torch.ones(maps))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x) * self.weight[:, None, None] + self.bias[:, None, None]


class PartialConv2d(nn.Conv2d):
    """A convolution whose maps see some of the maps before them only: `weight` (connections, k, k) has a kernel for each pair."""

    lookup: Tensor

    def __init__(self, inputs: int, table: Sequence[Sequence[int]], kernel: int) -> None:
        super().__init__(inputs, len(table), kernel)
        pairs = [(out, seen) for out, row in enumerate(table) for seen in row]
        self.weight = nn.Parameter(torch.empty(len(pairs), kernel, kernel))
        lookup = [[0] * inputs for _ in table]  # 0: not connected
        for number, (out, seen) in enumerate(pairs, 1):
            lookup[out][seen] = number
        self.register_buffer("lookup", torch.tensor(lookup), persistent=False)
        for number, (out, _) in enumerate(pairs):
            bound = (len(table[out]) * kernel**2) ** -0.5
            nn.init.uniform_(self.weight.data[number], -bound, bound)

    def forward(self, x: Tensor) -> Tensor:
        none = self.weight.new_zeros(1, *self.weight.shape[1:])
        kernels = torch.cat([none, self.weight])[self.lookup]
        return nn.functional.conv2d(x, kernels, self.bias)


class ScaledTanh(nn.Module):
    """The paper's squashing function, 1.7159 tanh(2/3 x), which is near 1 at 1 and -1 at -1 (appendix A)."""

    def forward(self, x: Tensor) -> Tensor:
        return 1.7159 * torch.tanh(x * (2 / 3))


class LeNet1998(nn.Module):
    """Logits (n, classes) of images (n, channels, 32, 32), as the paper has them layer by layer: for one channel 60,000 parameters
    before the output.

    Pooling has trained coefficients (`Subsampling`), each map of C3 sees the maps of S2 that table I gives it, and every layer up to
    F6 is squashed by `ScaledTanh`, poolings too. One thing differs: the paper's output measures distances to drawings of
    the digits (radial basis functions), which exist for characters alone; here it is a fully connected layer for softmax.
    """

    def __init__(self, channels: int = 1, classes: int = 10) -> None:
        super().__init__()
        self.features = nn.Sequential()
        for name, layer in (
            ("c1", nn.Conv2d(channels, 6, 5)),
            ("act1", ScaledTanh()),
            ("s2", Subsampling(6)),
            ("act2", ScaledTanh()),
            ("c3", PartialConv2d(6, CONNECTIONS, 5)),
            ("act3", ScaledTanh()),
            ("s4", Subsampling(16)),
            ("act4", ScaledTanh()),
            ("c5", nn.Conv2d(16, 120, 5)),
            ("act5", ScaledTanh()),
        ):
            self.features.add_module(name, layer)
        self.flatten = nn.Flatten()
        self.f6 = nn.Linear(120, 84)
        self.act6 = ScaledTanh()
        self.output = nn.Linear(84, classes)

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.output(self.act6(self.f6(self.flatten(self.features(x)))))
        return result
