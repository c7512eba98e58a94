"""What one transform of an augmentation is: its row, its setting, and the plan to which it adds what it does to a sample."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from engine.augment.tone import Tone
from engine.augment.warp import Mask, Motion, Pixels, Size
from engine.imaging.geometry import SideAxis

OnMask: TypeAlias = Literal["moves", "stays", "erased"]
"""What becomes of the mask: it moves with the image, stays as it is, or is background where the image is covered."""

Strengths: TypeAlias = tuple[float, ...]
Spare: TypeAlias = tuple[float, float]
"""Two random numbers (0..1) for what is no strength: where a square lies, which axis."""

Step: TypeAlias = Callable[[Pixels, Mask | None], None]


@dataclass(eq=False, slots=True)
class SamplePlan:
    """What the transforms of one sample add up to, so that all cost one warp and one table or matrix.

    Image and mask are moved by `motion`, then the image's levels change by `tone`, then `steps` work on both in place, in the
    table's order.
    """

    motion: Motion = field(default_factory=Motion)
    tone: Tone = field(default_factory=Tone)
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class TransformSetting:
    """One transform of an augmentation: switched on or not, how often (0..1), and the range from which its strength is drawn."""

    on: bool
    chance: float
    low: float
    high: float


@dataclass(frozen=True)
class TransformRow:
    """How one transform is named, limited, drawn and done. Without limits it is a switch and a chance only."""

    key: str
    label: str
    help: str
    default: TransformSetting
    """What a preset that leaves it out takes, off, and what its switch turns on."""
    apply: Callable[[SamplePlan, Strengths, Spare], None]
    """Adds to the plan what these strengths do; called for the samples that the chance chose."""
    on_mask: OnMask
    unit: str = ""
    limits: tuple[float, float] = (0.0, 0.0)
    step: float = 0.0
    symmetric: bool = False  # the range is meant as ± high, so one slider moves both ends
    ratio: bool = False  # a factor: drawn evenly in its logarithm, so that half is as likely as double
    in_pixels: bool = False  # a share (%) of the sample's shorter side: applied and told in whole pixels, one at least
    needs_color: bool = False
    mirrors: SideAxis = ""  # left and right change sides where they lie so
    numbers: int = 1  # how many independent strengths are drawn, five at most
    shown: int = 1  # how many of them the text of a sample names

    @property
    def ranged(self) -> bool:
        return self.limits[0] < self.limits[1]

    def strengths(self, setting: TransformSetting, rolls: list[float], size: Size) -> Strengths:
        """The strengths that the random numbers (0..1) choose in the setting's range, for a sample of `size` (h, w)."""
        if not self.ranged:
            return ()
        drawn = tuple(self._between(setting, roll) for roll in rolls[: self.numbers])
        return tuple(float(max(1, round(one / 100 * min(size)))) for one in drawn) if self.in_pixels else drawn

    def _between(self, setting: TransformSetting, share: float) -> float:
        if self.ratio:
            return setting.low * math.pow(setting.high / setting.low, share)
        return setting.low + (setting.high - setting.low) * share

    def text(self, strengths: Strengths) -> str:
        """Drawn strengths as a sample's caption names them: "−11°", "1.12", "σ 9", "+8 %, −3 %", "10 px"."""
        if self.in_pixels:
            return ", ".join(f"{value:.0f} px" for value in strengths[: self.shown])
        return ", ".join(self._one(value, signed=self.symmetric) for value in strengths[: self.shown])

    def range_text(self, setting: TransformSetting) -> str:
        """The range as a form shows it: "±15°", "0.85–1.20", "σ 0–14"."""
        if not self.ranged:
            return ""
        if self.symmetric and setting.low == -setting.high:
            return "±" + self._one(setting.high)
        low, high = (self._one(value, signed=self.symmetric) for value in (setting.low, setting.high))
        if not self.symmetric:  # prefix and unit once: "σ 0–14", not "σ 0–σ 14"
            low, high = low.removesuffix(self._suffix), high.removeprefix(self._prefix)
        return f"{low}–{high}"

    def _one(self, value: float, signed: bool = False) -> str:
        places = 2 if self.ratio else 1 if self.step < 1 and abs(value) < 10 else 0
        number = f"{abs(value):.{places}f}"
        if places == 1:
            number = number.removesuffix(".0")
        sign = ("−" if value < 0 else "+") if signed and float(number) else ""
        return f"{self._prefix}{sign}{number}{self._suffix}"

    @property
    def _prefix(self) -> str:
        return "σ " if self.unit == "σ" else ""

    @property
    def _suffix(self) -> str:
        return {"%": " %", "°": "°"}.get(self.unit, "")
