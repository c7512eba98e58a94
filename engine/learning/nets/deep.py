"""Deep networks with and without skips: He, Zhang, Ren and Sun, "Deep residual learning for image recognition", CVPR 2016."""

from collections.abc import Callable, Sequence

from torch import Tensor, nn
from torch.nn import functional

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid}


class PlainNet(nn.Module):
    """Logits (n, classes) of images (n, channels, h, w): the plain twin of ResNet-18 or -34, the same layers without a skip.

    7x7 of stride 2, 3x3 max-pooling, four stages of 3x3 convolutions of 64 to 512 maps, of which the first of each but the first
    stage halves the maps, the mean of each map, one fully connected layer. `activation` and `norm` (batch normalisation after
    each convolution) are what decides whether gradients arrive at the first layer. `dropout` stands before the last layer.
    """

    def __init__(
        self,
        channels: int,
        classes: int,
        blocks: Sequence[int],
        activation: str = "relu",
        norm: bool = True,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        act = ACTIVATIONS[activation]
        self.stem = nn.Sequential(
            *_conv(channels, 64, 7, 2, norm), act(), nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        )
        self.stages = _plain_stages(64, (64, 128, 256, 512), blocks, act, norm)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.drop = nn.Dropout(dropout)
        self.output = nn.Linear(512, classes)
        _start(self, activation)

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.output(self.drop(self.pool(self.stages(self.stem(x)))).flatten(1))
        return result


class CifarNet(nn.Module):
    """The paper's networks for small images (section 4.2), of 6 `blocks` + 2 layers: 20 for 3, 56 for 9.

    One 3x3 convolution, then three stages of 16, 32 and 64 maps, the mean of each map, one fully connected layer. With `skips` every
    two convolutions are passed by their input, subsampled and filled up with maps of zeros where a stage changes (option
    A, which has no weights), so that both twins have the same parameters. `dropout` stands before the last layer.
    """

    def __init__(
        self,
        channels: int,
        classes: int,
        blocks: int,
        skips: bool,
        activation: str = "relu",
        norm: bool = True,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        act = ACTIVATIONS[activation]
        widths = (16, 32, 64)
        self.stem = nn.Sequential(*_conv(channels, 16, 3, 1, norm), act())
        if skips:  # under names by which the drawing knows residual blocks
            before = 16
            for number, wide in enumerate(widths):
                stage = [
                    _Block(before if first else wide, wide, 2 if number and first else 1, act, norm)
                    for first in (True, *(False,) * (blocks - 1))
                ]
                self.add_module(f"layer{number + 1}", nn.Sequential(*stage))
                before = wide
        else:
            self.stages = _plain_stages(16, widths, (blocks,) * 3, act, norm)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.drop = nn.Dropout(dropout)
        self.output = nn.Linear(64, classes)
        _start(self, activation)

    def forward(self, x: Tensor) -> Tensor:
        for part in list(self.children())[:-1]:
            x = part(x)
        result: Tensor = self.output(x.flatten(1))
        return result


class _Block(nn.Module):
    """Two convolutions, and their input added to what they made."""

    def __init__(self, before: int, after: int, stride: int, act: Callable[[], nn.Module], norm: bool) -> None:
        super().__init__()
        self.first = nn.Sequential(*_conv(before, after, 3, stride, norm), act())
        self.second = nn.Sequential(*_conv(after, after, 3, 1, norm))
        self.act = act()
        self.stride, self.more = stride, after - before

    def forward(self, x: Tensor) -> Tensor:
        skipped = x[..., :: self.stride, :: self.stride] if self.stride > 1 else x
        if self.more:
            skipped = functional.pad(skipped, (0, 0, 0, 0, self.more // 2, self.more - self.more // 2))
        result: Tensor = self.act(self.second(self.first(x)) + skipped)
        return result


def _plain_stages(
    before: int, widths: Sequence[int], blocks: Sequence[int], act: Callable[[], nn.Module], norm: bool
) -> nn.Sequential:
    parts: list[nn.Module] = []
    for number, (wide, count) in enumerate(zip(widths, blocks, strict=True)):
        for place in range(2 * count):
            parts += [*_conv(before, wide, 3, 2 if number and not place else 1, norm), act()]
            before = wide
    return nn.Sequential(*parts)


def _conv(before: int, after: int, kernel: int, stride: int, norm: bool) -> list[nn.Module]:
    conv = nn.Conv2d(before, after, kernel, stride, kernel // 2, bias=not norm)
    return [conv, nn.BatchNorm2d(after)] if norm else [conv]


def _start(net: nn.Module, activation: str) -> None:
    """He's start for ReLU, Glorot's for the two that saturate: each keeps the spread of the values from layer to layer as well as it can."""
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            if activation == "relu":
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            else:
                nn.init.xavier_uniform_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
