"""Draws an augmentation's transforms for one image and applies them: the very function of the preview and of the training."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, get_args

import numpy as np

from engine.augment.row import SamplePlan, Strengths, TransformRow, TransformSetting
from engine.augment.tone import Tone, toned
from engine.augment.transforms import ROWS, TRANSFORMS, AugmentConfig, checked, leaving_sides
from engine.augment.warp import Box, Mask, Pixels, Size, warp
from engine.imaging.geometry import SideAxis
from engine.labels.sides import Laterality

_Active: TypeAlias = tuple[int, TransformRow, TransformSetting]  # with its index in the table

_NUMBERS = 8  # random ones of each row: its chance, up to five strengths, two to spare
# The first rows share one stream of random numbers with the elastic field, which is drawn after them. A later row has a
# stream of its own, so that adding it changes no pixel of the others.
_TOGETHER = 13


@dataclass(frozen=True)
class Applied:
    """One transform of a sample: the row's key and the strengths drawn, in the row's unit (or in pixels, where it says so)."""

    key: str
    strengths: Strengths = ()

    @property
    def text(self) -> str:
        """The strengths in a caption, without the name: "−11°", "1.12", "" for a flip."""
        return ROWS[self.key].text(self.strengths)


@dataclass(frozen=True, eq=False)
class Sample:
    """A changed image with its mask, both new arrays, and what was done, in the order of the table.

    `mirrored`: the left is where the right was; a class of the whole image is then `Laterality.mirrored` of it.
    """

    image: Pixels
    mask: Mask | None
    applied: tuple[Applied, ...]
    mirrored: bool = False


class Augmenter:
    """Applies one augmentation. Holds no state between calls, so threads may share one.

    `sides` says which classes a mirror image exchanges in the mask (values are places + 1), or that none is made.
    """

    def __init__(self, config: AugmentConfig, sides: Laterality = Laterality()) -> None:
        config = checked(config)
        self._fill, self._sides = config.fill, sides
        self._active = {
            axis: _active(leaving_sides(config, axis) if sides.rule == "off" else config) for axis in get_args(SideAxis)
        }

    def apply(
        self,
        image: Pixels,
        mask: Mask | None,
        key: tuple[int, ...],
        out_size: Size | None = None,
        crop: Box | None = None,
        side_axis: SideAxis = "across",
        *,
        grey: bool = False,
    ) -> Sample:
        """The changed image and mask as new arrays, the same for the same key whatever was asked before.

        `image` is (h, w) or (h, w, channels), uint8 or float32 in 0..1 without NaN; `mask` (h, w) uint8 or uint16. Colours
        change only where there are three channels. `key` is (seed, epoch, index, ...), integers from 0. A transform's random
        numbers depend on the key alone: switching another one on or off does not change what this one draws.
        `out_size` (h, w) resizes in the same interpolation (the sides are stretched to it: keep the aspect yourself), averaging
        where it shrinks to less than half. `crop` (top, left, height, width) in source pixels is what an unmoved sample shows;
        turned or shifted ones show what lies around it, and beyond the picture (a crop may reach there) the fill. `side_axis` is how left
        and right lie in the image. `grey`: three channels are no colours.
        """
        _check(image, mask)
        size = out_size or (image.shape[:2] if crop is None else (round(crop[2]), round(crop[3])))
        rng = _stream(key)
        color = image.ndim == 3 and image.shape[2] == 3 and not grey
        plan, applied = _draw(self._active[side_axis], key, rng, size, color=color)
        new, new_mask = warp(image, mask, plan.motion, self._fill, size, crop, rng)
        if plan.tone != Tone():
            new = toned(new, plan.tone)
        for step in plan.steps:
            step(new, new_mask)
        mirrored = plan.motion.moves_sides(side_axis)
        if mirrored and new_mask is not None:
            _exchange(new_mask, self._sides)
        return Sample(new, new_mask, applied, mirrored)


def _active(config: AugmentConfig) -> list[_Active]:
    settings = [(index, row, config[row.key]) for index, row in enumerate(TRANSFORMS)]
    return [active for active in settings if active[2].on and active[2].chance > 0]


def _draw(
    active: Sequence[_Active], key: tuple[int, ...], rng: np.random.Generator, size: Size, color: bool
) -> tuple[SamplePlan, tuple[Applied, ...]]:
    """What the chances chose: its plan, and its names and strengths."""
    first = rng.random((_TOGETHER, _NUMBERS)).tolist()
    plan, applied = SamplePlan(), []
    for index, row, setting in active:
        roll = first[index] if index < _TOGETHER else _stream(key, index).random(_NUMBERS).tolist()
        if roll[0] < setting.chance and (color or not row.needs_color):
            strengths = row.strengths(setting, roll[1:-2], size)
            row.apply(plan, strengths, (roll[-2], roll[-1]))
            applied.append(Applied(row.key, strengths))
    return plan, tuple(applied)


def _stream(key: tuple[int, ...], *row: int) -> np.random.Generator:
    """Random numbers of a key, or of one row under that key. The length tells (1, 2) from (1, 2, 0)."""
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence((len(key), *key), spawn_key=row)))


class EpochAugmenter:
    """The samples of a training's epochs: on each untouched image there are `per_image` changed ones, evenly spread.

    `length` is the samples of an epoch; the share is counted over all of them, so that no epoch is cut to a whole number. `grey`: three
    channels are no colours.
    """

    def __init__(
        self, config: AugmentConfig, sides: Laterality, per_image: int, length: int, *, grey: bool = False
    ) -> None:
        self._changing, self._plain = Augmenter(config, sides), Augmenter(AugmentConfig(fill=config.fill))
        self._every, self._length, self._grey = per_image + 1, length, grey

    def apply(
        self,
        image: Pixels,
        mask: Mask | None,
        key: tuple[int, int, int],
        out_size: Size | None = None,
        crop: Box | None = None,
        side_axis: SideAxis = "across",
    ) -> Sample:
        """As `Augmenter.apply`, for the key (seed, epoch, place in the epoch)."""
        _, epoch, place = key
        untouched = (epoch * self._length + place) % self._every == 0
        augmenter = self._plain if untouched else self._changing
        return augmenter.apply(image, mask, key, out_size, crop, side_axis, grey=self._grey)


def _exchange(mask: Mask, sides: Laterality) -> None:
    """Give the classes of a mirrored mask the names that they have there, in place."""
    if sides.rule == "swap":
        was = mask.copy()
        for left, right in sides.pairs:
            mask[was == left + 1], mask[was == right + 1] = right + 1, left + 1


def _check(image: Pixels, mask: Mask | None) -> None:
    if image.ndim not in (2, 3) or image.dtype not in (np.uint8, np.float32):
        raise ValueError(f"an image is (h, w) or (h, w, channels) of uint8 or float32, not {image.shape} {image.dtype}")
    if mask is not None and (mask.shape != image.shape[:2] or mask.dtype not in (np.uint8, np.uint16)):
        raise ValueError(f"a mask of {mask.shape} {mask.dtype} does not go with an image of {image.shape}")
