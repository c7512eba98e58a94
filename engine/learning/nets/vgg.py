"""VGG, and its convolutions, which FCN and SegNet read the image with: Simonyan and Zisserman, "Very deep convolutional networks for
large-scale image recognition", 2015."""

from collections.abc import Sequence

from torch import Tensor, nn

VGG16 = (2, 2, 3, 3, 3)
"""Convolutions before each of the five poolings."""
VGG19 = (2, 2, 4, 4, 4)


class VGG(nn.Module):
    """Logits (n, classes) of images (n, channels, h, w), h and w from 32 px on: convolutions of 3x3, then two fully connected layers of
    `units` (4096 as published) with dropout, and the output.

    The last maps of images of 224 px have 7x7 px; those of others are averaged or repeated to that. Names and start are those of
    torchvision's networks, whose weights fit.
    """

    def __init__(
        self, channels: int, classes: int, counts: Sequence[int], norm: bool, units: int = 4096, dropout: float = 0.5
    ) -> None:
        super().__init__()
        self.features = vgg_features(channels, counts=counts, norm=norm, pool=nn.MaxPool2d(2))
        self.avgpool = nn.AdaptiveAvgPool2d(7)
        self.classifier = nn.Sequential(
            nn.Linear(512 * 7 * 7, units),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
            nn.Linear(units, units),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
            nn.Linear(units, classes),
        )
        self.apply(as_he)

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.classifier(self.avgpool(self.features(x)).flatten(1))
        return result


def vgg16_widths(width: int = 64) -> tuple[int, ...]:
    """Maps of the five levels; 64 is the published width."""
    return width, 2 * width, 4 * width, 8 * width, 8 * width


def vgg_features(
    channels: int,
    width: int = 64,
    *,
    norm: bool,
    pool: nn.Module,
    counts: Sequence[int] = VGG16,
    first_padding: int = 1,
) -> nn.Sequential:
    """Convolutions of 3x3 with ReLU and five poolings, in the places that torchvision's networks have them, so that their weights fit
    by name. `pool` is used five times; it has no weights."""
    parts: list[nn.Module] = []
    before = channels
    for count, after in zip(counts, vgg16_widths(width), strict=True):
        for _ in range(count):
            parts += [nn.Conv2d(before, after, 3, padding=1 if parts else first_padding)]
            parts += [nn.BatchNorm2d(after)] if norm else []
            parts += [nn.ReLU(inplace=True)]
            before = after
        parts.append(pool)
    return nn.Sequential(*parts)


def as_he(module: nn.Module) -> None:
    """Start of a network with ReLU: normal with deviation sqrt(2 / outputs' fan), as torchvision's VGG and ResNet have it; fully
    connected layers with deviation 0.01."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
    elif isinstance(module, nn.Linear):
        nn.init.normal_(module.weight, 0, 0.01)
    if isinstance(module, nn.Conv2d | nn.Linear) and module.bias is not None:
        nn.init.zeros_(module.bias)
