"""The U-Net as published: Ronneberger, Fischer and Brox, "U-Net: convolutional networks for biomedical image segmentation", 2015."""

import torch
from torch import Tensor, nn

MARGIN = 92
"""px that unpadded convolutions take from every side: 572 in, 388 out."""
DEEPEST_MARGIN = 30
"""px by which the deepest maps then reach beyond the image: of the 92 that it was continued by, the encoder takes 62."""
TILE = 388
"""The mask of one tile, as it is drawn in the paper's figure 1."""


class UNet(nn.Module):
    """Logits (n, classes, h, w) of images (n, channels, h, w), h and w multiples of 16.

    64 to 1024 maps on five levels, two 3x3 convolutions with ReLU a level, 2x2 max-pooling down, 2x2 up-convolution up, skips by
    concatenation: 31.0 million parameters. Two things differ from the paper where nothing is said. Its convolutions are unpadded,
    so that its mask is smaller than its image; `valid` does the same, takes h and w of 16 k + 12 from 188 px on, crops the
    skips and gives h - 184 and w - 184. And `norm` puts batch normalisation (2015, too new for the paper) after each
    convolution, without which the net hardly trains from scratch at usual rates; `norm=False` is the paper's own.
    `dropout` is where the paper has it, at the end of the contracting path: behind the convolutions of its last two levels.
    """

    def __init__(
        self,
        channels: int = 1,
        classes: int = 2,
        width: int = 64,
        norm: bool = True,
        valid: bool = False,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        widths = [width * 2**level for level in range(5)]
        self.down = nn.ModuleList(
            _twice(before, after, norm, valid) for before, after in zip([channels, *widths], widths, strict=False)
        )
        self.pool = nn.MaxPool2d(2)
        self.drop = nn.Dropout(dropout)
        self.up = nn.ModuleList(nn.ConvTranspose2d(2 * wide, wide, 2, stride=2) for wide in widths[-2::-1])
        self.merge = nn.ModuleList(_twice(2 * wide, wide, norm, valid) for wide in widths[-2::-1])
        self.head = nn.Conv2d(width, classes, 1)
        self.apply(_as_he)

    def forward(self, x: Tensor) -> Tensor:
        skips: list[Tensor] = []
        for level in self.down:
            x = level(self.pool(x) if skips else x)
            skips.append(self.drop(x) if len(skips) >= 3 else x)
            x = skips[-1]
        skips.pop()
        for up, merge in zip(self.up, self.merge, strict=True):
            x = up(x)
            x = merge(torch.cat([_middle(skips.pop(), x), x], 1))
        result: Tensor = self.head(x)
        return result


def _middle(skip: Tensor, x: Tensor) -> Tensor:
    """The skip cropped to the middle, to the size of what it is put beside."""
    top, left = ((skip.shape[axis] - x.shape[axis]) // 2 for axis in (-2, -1))
    return skip[..., top : top + x.shape[-2], left : left + x.shape[-1]]


def _twice(before: int, after: int, norm: bool, valid: bool) -> nn.Sequential:
    parts: list[nn.Module] = []
    for inputs in (before, after):
        parts += [nn.Conv2d(inputs, after, 3, padding=0 if valid else 1, bias=not norm)]
        parts += [nn.BatchNorm2d(after)] if norm else []
        parts += [nn.ReLU(inplace=True)]
    return nn.Sequential(*parts)


def _as_he(module: nn.Module) -> None:
    """The paper's start: normal with deviation sqrt(2 / inputs of a unit)."""
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
