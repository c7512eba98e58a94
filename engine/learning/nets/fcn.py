"""Fully convolutional networks: Long, Shelhamer and Darrell, "Fully convolutional networks for semantic segmentation", CVPR 2015."""

from typing import Literal

import torch
from torch import Tensor, nn

from engine.learning.nets.vgg import as_he, vgg16_widths, vgg_features

MARGIN = 99
"""px by which the first convolution's maps reach beyond the image on every side: it is padded by 100, and takes one."""


class FCN(nn.Module):
    """Logits (n, classes, h, w) of images (n, channels, h, w) of any h and w.

    VGG-16 whose three fully connected layers are convolutions: 7x7 and 1x1 with dropout, then 1x1 to the classes, at a 32nd of the
    resolution. `stride` 32 brings those scores up in one step; 16 and 8 add the scores of pool4, and of pool3, on the
    way. All upsampling is by transposed convolutions that begin as bilinear interpolation; the last is kept so, as
    published, the others learn. Skips' scores begin at zero. The first convolution is padded by 100 px, which lets the
    smallest image through; the crops that follow from it are those of the authors' own networks. At `width` 64 the
    convolutions hold 134 million parameters; smaller ones are light.
    """

    def __init__(
        self,
        channels: int = 3,
        classes: int = 2,
        width: int = 64,
        stride: Literal[32, 16, 8] = 32,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        self.features = vgg_features(
            channels, width, norm=False, pool=nn.MaxPool2d(2, ceil_mode=True), first_padding=MARGIN + 1
        )
        deepest, units = vgg16_widths(width)[-1], 64 * width
        self.classifier = nn.Sequential(  # in the places of torchvision's vgg16, so that its weights fit by name
            nn.Conv2d(deepest, units, 7),
            nn.ReLU(inplace=True),
            nn.Dropout2d(dropout),
            nn.Conv2d(units, units, 1),
            nn.ReLU(inplace=True),
            nn.Dropout2d(dropout),
        )
        self.apply(as_he)
        self.score = _score(units, classes)
        widths = {16: vgg16_widths(width)[3], 8: vgg16_widths(width)[2]}  # of pool4 and of pool3
        self.skips = nn.ModuleList(_score(widths[step], classes) for step in (16, 8) if step >= stride)
        self.up = nn.ModuleList(_bilinear(classes, 2) for _ in self.skips)
        self.upscale = _bilinear(classes, stride).requires_grad_(False)
        self.crop = {32: 19, 16: 27, 8: 31}[stride]

    def forward(self, x: Tensor) -> Tensor:
        height, width = x.shape[-2:]
        pooled: list[Tensor] = []
        for layer in self.features:
            x = layer(x)
            if isinstance(layer, nn.MaxPool2d):
                pooled.append(x)
        x = self.score(self.classifier(x))
        for skip, up, maps, crop in zip(self.skips, self.up, (pooled[3], pooled[2]), (5, 9), strict=False):
            x = up(x)
            x = x + skip(maps)[..., crop : crop + x.shape[-2], crop : crop + x.shape[-1]]
        result: Tensor = self.upscale(x)
        return result[..., self.crop : self.crop + height, self.crop : self.crop + width]


def _score(maps: int, classes: int) -> nn.Conv2d:
    layer = nn.Conv2d(maps, classes, 1)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)  # type: ignore[arg-type]
    return layer


def _bilinear(classes: int, stride: int) -> nn.ConvTranspose2d:
    """Each class's map enlarged by `stride` through a kernel of twice that side, which weighs by closeness."""
    side = 2 * stride
    layer = nn.ConvTranspose2d(classes, classes, side, stride, groups=classes, bias=False)
    line = 1 - (torch.arange(side) - (side - 1) / 2).abs() / stride
    with torch.no_grad():
        layer.weight.copy_(line[:, None] * line[None, :])
    return layer


class FCNResNet(nn.Module):
    """torchvision's FCN on a ResNet with holes: the same idea, scores at an eighth of the resolution, brought up bilinearly."""

    def __init__(self, channels: int = 3, classes: int = 2, depth: str = "50", dropout: float = 0.1) -> None:
        super().__init__()
        self.depth = depth
        from torchvision.models import segmentation

        make = segmentation.fcn_resnet101 if depth == "101" else segmentation.fcn_resnet50
        net = make(weights=None, weights_backbone=None, num_classes=classes, aux_loss=False)
        self.backbone, self.classifier = net.backbone, net.classifier
        next(layer for layer in self.classifier if isinstance(layer, nn.Dropout)).p = dropout
        if channels != 3:
            self.backbone.conv1 = nn.Conv2d(channels, 64, 7, 2, 3, bias=False)
            as_he(self.backbone.conv1)

    def forward(self, x: Tensor) -> Tensor:
        scores: Tensor = self.classifier(self.backbone(x)["out"])
        return nn.functional.interpolate(scores, size=x.shape[-2:], mode="bilinear", align_corners=False)
