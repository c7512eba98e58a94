"""Draws a recipe's changes for one image and applies them: the very function of the preview and of the training."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from engine.augment.tone import Tone, add_noise, cut_out, toned
from engine.augment.transforms import ROWS, TRANSFORMS, AugmentConfig, changes, checked
from engine.augment.warp import Box, Mask, Motion, Pixels, Size, warp

_Drawn: TypeAlias = dict[str, tuple[float, ...]]

_DICE = (
    8  # random numbers of each row: the chance, up to five strengths, two to spare (where a square lies, which axis)
)


@dataclass(frozen=True)
class Applied:
    """One change of a sample: the row's key and the strengths drawn, in the row's unit (of the cutout: its side in pixels)."""

    key: str
    values: tuple[float, ...] = ()

    @property
    def text(self) -> str:
        """The strengths in a caption, without the name: "−11°", "1.12", "" for a flip."""
        if self.key == "cutout":
            return f"{self.values[0]:.0f} px"
        return ROWS[self.key].text(self.values)


@dataclass(frozen=True, eq=False)
class Sample:
    """A changed image with its mask, both new arrays, and what was done, in the order of the table."""

    image: Pixels
    mask: Mask | None
    applied: tuple[Applied, ...]


class Augmenter:
    """Applies one recipe. Holds no state between calls, so threads may share one."""

    def __init__(self, config: AugmentConfig) -> None:
        self.config = checked(config)
        self._active = [
            (place, row, change)
            for place, (row, change) in enumerate(changes(config))
            if change.on and change.chance > 0
        ]

    def apply(
        self,
        image: Pixels,
        mask: Mask | None,
        key: tuple[int, ...],
        out_size: Size | None = None,
        crop: Box | None = None,
    ) -> Sample:
        """The changed image and mask as new arrays, the same for the same key whatever was asked before.

        `image` is (h, w) or (h, w, channels), uint8 or float32 in 0..1 without NaN; `mask` (h, w) uint8 or uint16. Colours
        change only where there are three channels. `key` is (seed, epoch, index, ...), integers from 0. A transform's random
        numbers depend on the key alone: switching another one on or off does not change what this one draws.
        `out_size` (h, w) resizes in the same interpolation (the sides are stretched to it: keep the aspect yourself), averaging
        where it shrinks to less than half. `crop` (top, left, height, width) in source pixels is what an unmoved sample shows;
        turned or shifted ones show what lies around it, and beyond the picture (a crop may reach there) the recipe's fill.
        """
        _check(image, mask)
        rng = np.random.Generator(np.random.SFC64(np.random.SeedSequence((len(key), *key))))  # (1, 2) is not (1, 2, 0)
        drawn, spare = self._draw(rng, color=image.ndim == 3 and image.shape[2] == 3)
        new, new_mask = warp(image, mask, _motion(drawn, spare), self.config.fill, out_size, crop, rng)
        tone = _tone(drawn)
        if tone != Tone():
            new = toned(new, tone)
        if "noise" in drawn:
            add_noise(new, drawn["noise"][0], spare["noise"][0])
        if "cutout" in drawn:
            side = max(1, round(drawn["cutout"][0] / 100 * min(new.shape[:2])))
            drawn["cutout"] = (float(side),)
            cut_out(new, new_mask, side, *spare["cutout"])
        return Sample(new, new_mask, tuple(Applied(key, values) for key, values in drawn.items()))

    def _draw(self, rng: np.random.Generator, color: bool) -> tuple[_Drawn, _Drawn]:
        """The strengths of the changes that happen, by key, and two more numbers (0..1) for each."""
        dice = rng.random((len(TRANSFORMS), _DICE)).tolist()
        drawn, spare = {}, {}
        for place, row, change in self._active:
            roll = dice[place]
            if roll[0] < change.chance and (color or not row.needs_color):
                drawn[row.key] = tuple(row.between(change, share) for share in roll[1 : 1 + row.numbers])
                spare[row.key] = tuple(roll[-2:])
        return drawn, spare


def _check(image: Pixels, mask: Mask | None) -> None:
    if image.ndim not in (2, 3) or image.dtype not in (np.uint8, np.float32):
        raise ValueError(f"an image is (h, w) or (h, w, channels) of uint8 or float32, not {image.shape} {image.dtype}")
    if mask is not None and (mask.shape != image.shape[:2] or mask.dtype not in (np.uint8, np.uint16)):
        raise ValueError(f"a mask of {mask.shape} {mask.dtype} does not go with an image of {image.shape}")


def _motion(drawn: _Drawn, spare: _Drawn) -> Motion:
    shear, across = drawn.get("shear", (0.0,))[0], spare.get("shear", (0.0,))[0] < 0.5
    shift = drawn.get("shift", (0.0, 0.0))
    return Motion(
        flip_x="flip_horizontal" in drawn,
        flip_y="flip_vertical" in drawn,
        angle=drawn.get("rotation", (0.0,))[0],
        zoom=drawn.get("zoom", (1.0,))[0],
        shear_x=shear if across else 0.0,
        shear_y=0.0 if across else shear,
        shift_x=shift[0] / 100,
        shift_y=shift[1] / 100,
        elastic=drawn.get("elastic", (0.0,))[0] / 100,
    )


def _tone(drawn: _Drawn) -> Tone:
    hue, saturation, *balance = drawn.get("color_jitter", (0.0,) * 5)
    return Tone(
        brightness=drawn.get("brightness", (0.0,))[0] / 100,
        contrast=drawn.get("contrast", (0.0,))[0] / 100,
        gamma=drawn.get("gamma", (1.0,))[0],
        hue=hue / 100,
        saturation=saturation / 100,
        balance=(balance[0] / 100, balance[1] / 100, balance[2] / 100),
    )
