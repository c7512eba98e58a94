"""LeNet-5: LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", 1998."""

from typing import Literal

from torch import Tensor, nn

from engine.errors import EngineError
from engine.words import translatable

SIDE = 32


class LeNet5(nn.Module):
    """Logits (n, classes) of images (n, channels, 32, 32); 61,706 parameters for one channel and ten classes.

    C1 6@28x28, S2 6@14x14, C3 16@10x10, S4 16@5x5, C5 120, F6 84, output; all convolutions 5x5. `activation` "tanh" is
    the published form with average pooling; "relu" is today's, with max-pooling, which learns faster. As everywhere
    now, C3 sees all maps of S2 (the paper's table leaves some out), pooling has no weights and the output is a linear layer
    for softmax instead of radial basis functions.
    """

    def __init__(self, channels: int = 1, classes: int = 10, activation: Literal["tanh", "relu"] = "relu") -> None:
        super().__init__()
        if activation not in ("tanh", "relu"):
            raise EngineError(
                translatable("LeNet-5 has no activation called {name}."),
                translatable("Choose tanh or relu."),
                name=activation,
            )
        squash = nn.Tanh if activation == "tanh" else nn.ReLU
        pool = nn.AvgPool2d if activation == "tanh" else nn.MaxPool2d
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
