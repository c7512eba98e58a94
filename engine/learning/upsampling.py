"""Scores from the size a network works at to an image's own, some rows and columns at a time: bilinear, as torch does the whole."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Taps:
    """Along one side: pixel n lies between the working pixels `low[n]` and `high[n]`, at `share[n]` (0..1) of the way."""

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    share: NDArray[np.float32]
    same: bool  # the working size is the own size: there is nothing to do

    def told_by(self, start: int, stop: int) -> range:
        """The pixels that the working pixels from `start` up to `stop` tell."""
        first = int(np.searchsorted(self.low, start))
        return range(first, max(first, int(np.searchsorted(self.high, stop - 1, side="right"))))

    def part(self, pixels: range, start: int) -> "Taps":
        """Of these pixels alone; working pixels are counted from `start`."""
        those = slice(pixels.start, pixels.stop)
        return Taps(self.low[those] - start, self.high[those] - start, self.share[those], self.same)


def taps(own: int, working: int) -> Taps:
    """Where the `own` pixels of a side lie among its `working` ones, as torch's `interpolate` without `align_corners` has it."""
    if own == working:
        pixels = np.arange(own)
        return Taps(pixels, pixels, np.zeros(own, np.float32), True)
    at = np.maximum((np.arange(own) + 0.5) * (working / own) - 0.5, 0.0)
    low = np.minimum(at.astype(np.int64), working - 1)
    return Taps(low, np.minimum(low + 1, working - 1), (at - low).astype(np.float32), False)


def interpolate(scores: Tensor, down: Taps, across: Taps) -> Tensor:
    """Scores (classes, rows, columns) at the pixels of `down` and `across`: (classes, len(down.low), len(across.low)) float32."""
    for dim, side in ((1, down), (2, across)):
        if side.same:
            scores = scores.narrow(dim, int(side.low[0]), len(side.low)) if len(side.low) else scores.narrow(dim, 0, 0)
            continue
        low, high = (torch.from_numpy(at).to(scores.device) for at in (side.low, side.high))
        share = torch.from_numpy(side.share).to(scores.device)
        ends = scores.index_select(dim, high)
        scores = scores.index_select(dim, low)
        scores = torch.lerp(scores, ends, share[:, None] if dim == 1 else share)
    return scores
