"""Lets a segmentation network take any image: sides of a certain multiple by mirroring, unpadded networks by overlapping tiles."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from engine.errors import EngineError
from engine.words import translatable


@dataclass(frozen=True)
class Sides:
    """Which sides a network takes: multiples of one length and `rest` px more, from a least one to a largest (0: any)."""

    multiple: int
    least: int
    most: int = 0
    rest: int = 0

    @property
    def usual(self) -> bool:
        """Whether padding costs next to nothing, so that nobody need think of it."""
        return self.multiple <= 32 and not self.most

    def fitting(self, side: int) -> int:
        """The largest side that passes unpadded and is not larger than `side`, or the least that there is."""
        most = min(side, self.most or side)
        return max(most - (most - self.rest) % self.multiple, self.least)

    def padded(self, side: int) -> int:
        """The least side that passes and is not smaller than `side`."""
        return max(side + (self.rest - side) % self.multiple, self.least)


class AnySize(nn.Module):
    """Lets a network that needs sides of a certain multiple, and of a least length, take any image.

    The image is padded by mirroring, right and below, and the logits are cropped to it. EngineError where it is larger than
    the network's largest side.
    """

    def __init__(self, net: nn.Module, sides: Sides) -> None:
        super().__init__()
        self.net = net
        self.sides = sides

    def padded(self, side: int) -> int:
        """The length to which a side of an image is padded."""
        return self.sides.padded(side)

    def forward(self, x: Tensor) -> Tensor:
        height, width = x.shape[-2:]
        if self.sides.most and max(height, width) > self.sides.most:
            raise EngineError(
                translatable("This network takes images of at most {most} px, and this one has {side}."),
                translatable("Train it with patches of {most} px, or choose another encoder."),
                most=self.sides.most,
                side=max(height, width),
            )
        down, right = self.padded(height) - height, self.padded(width) - width
        if not (down or right):
            result: Tensor = self.net(x)
            return result
        # a mirror cannot be longer than what it mirrors
        mode = "reflect" if down < height and right < width else "replicate"
        padded: Tensor = self.net(functional.pad(x, (0, right, 0, down), mode=mode))
        return padded[..., :height, :width]


class OverlapTile(AnySize):
    """Lets a network of unpadded convolutions, whose mask is `margin` px smaller on every side, take any image.

    The image is mirrored outwards by the margin, so that the mask covers it. Where it is larger than `tile` px and no gradient is wanted,
    the mask is made tile by tile: each is given its margin of the image, and since no convolution is padded the tiles fit
    together without a seam, at the memory of one. Source: Ronneberger and others 2015, figure 2 (overlap-tile strategy).
    """

    def __init__(self, net: nn.Module, sides: Sides, margin: int, tile: int) -> None:
        super().__init__(net, sides)
        self.margin, self.tile = margin, sides.fitting(tile)

    @property
    def step(self) -> int:
        """From one tile to the next, so that every tile's poolings begin where the whole image's would."""
        return self.tile - self.tile % self.sides.multiple

    def tiles(self, height: int, width: int) -> tuple[tuple[int, int], list[tuple[int, int]]]:
        """Height and width of the mask of one tile, and where each begins (top, left): how an image of that size is predicted."""
        if max(height, width) <= self.tile:
            return (self.padded(height), self.padded(width)), [(0, 0)]
        corners = [(top, left) for top in range(0, height, self.step) for left in range(0, width, self.step)]
        return (self.tile, self.tile), corners

    def forward(self, x: Tensor) -> Tensor:
        height, width = x.shape[-2:]
        if torch.is_grad_enabled() or max(height, width) <= self.tile:
            return self._mask(mirrored(x, 0, self.padded(height), 0, self.padded(width), self.margin))[
                ..., :height, :width
            ]
        step = self.step
        rows = []
        for top in range(0, height, step):
            row = [
                self._mask(mirrored(x, top, self.tile, left, self.tile, self.margin))[..., :step, :step]
                for left in range(0, width, step)
            ]
            rows.append(torch.cat(row, -1))
        return torch.cat(rows, -2)[..., :height, :width]

    def _mask(self, x: Tensor) -> Tensor:
        result: Tensor = self.net(x)
        return result


def mirrored(x: Tensor, top: int, height: int, left: int, width: int, margin: int) -> Tensor:
    """The window of (top, left) and height x width px of the image continued by mirroring, with `margin` px around it."""
    for axis, first, length in ((-2, top, height), (-1, left, width)):
        places = torch.arange(first - margin, first + length + margin, device=x.device)
        period = max(2 * (x.shape[axis] - 1), 1)  # there and back, the edges once each
        folded = places.remainder(period)
        x = x.index_select(axis, torch.minimum(folded, period - folded) if period > 1 else torch.zeros_like(places))
    return x
