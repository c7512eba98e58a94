"""SegNet: Badrinarayanan, Kendall and Cipolla, "SegNet: a deep convolutional encoder-decoder architecture for image segmentation", 2017."""

import torch
from torch import Tensor, nn

from engine.learning.nets.vgg import VGG16, as_he, vgg16_widths, vgg_features


class SegNet(nn.Module):
    """Logits (n, classes, h, w) of images (n, channels, h, w), h and w multiples of 32.

    The encoder is the 13 convolutions of VGG-16 with batch normalisation; each pooling remembers which of its four values was the
    largest. The decoder mirrors it: it puts each value back to that place, leaves zeros at the three others, and
    convolves; it learns no upsampling and hands no maps across. `width` 64 is the published one, 29.4 million parameters;
    smaller ones are light. `dropout` stands behind the three deepest levels of encoder and decoder, as in Kendall, Badrinarayanan and
    Cipolla, "Bayesian SegNet", 2015.
    """

    def __init__(self, channels: int = 3, classes: int = 2, width: int = 64, dropout: float = 0.0) -> None:
        super().__init__()
        self.features = vgg_features(channels, width, norm=True, pool=nn.MaxPool2d(2, return_indices=True))
        widths = vgg16_widths(width)
        self.decoder = nn.ModuleList(
            _level(wide, after, count, last=count - 1 if level == 0 else count)
            for level, (wide, after, count) in reversed(
                list(enumerate(zip(widths, (widths[0], *widths[:-1]), VGG16, strict=True)))
            )
        )
        self.drop = nn.Dropout(dropout)
        self.head = nn.Conv2d(width, classes, 3, padding=1)
        self.apply(as_he)

    def forward(self, x: Tensor) -> Tensor:
        pooled: list[tuple[Tensor, torch.Size]] = []
        for layer in self.features:
            if isinstance(layer, nn.MaxPool2d):
                before = x.shape
                x, places = layer(x)
                pooled.append((places, before))
                x = self.drop(x) if len(pooled) >= 3 else x
            else:
                x = layer(x)
        for level in self.decoder:
            x = level(max_unpool(x, *pooled.pop()))
            x = self.drop(x) if len(pooled) >= 2 else x
        result: Tensor = self.head(x)
        return result


def _level(before: int, after: int, count: int, *, last: int) -> nn.Sequential:
    """The convolutions of one level, of which the last makes the maps of the level above; the first level leaves its last to the head."""
    parts: list[nn.Module] = []
    for number in range(last):
        wide = after if number == count - 1 else before
        parts += [nn.Conv2d(before, wide, 3, padding=1), nn.BatchNorm2d(wide), nn.ReLU(inplace=True)]
    return nn.Sequential(*parts)


def max_unpool(x: Tensor, places: Tensor, shape: torch.Size) -> Tensor:
    """What a max-pooling took, at the places where it took it from, and zeros elsewhere."""
    empty = x.new_zeros(x.shape[0], x.shape[1], shape[-2] * shape[-1])
    return empty.scatter(2, places.flatten(2), x.flatten(2)).reshape(*x.shape[:2], *shape[-2:])
