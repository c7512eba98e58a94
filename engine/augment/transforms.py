"""The table of what augmentation can change, and the settings of one recipe, made for forms and for JSON."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.config import Option
from engine.errors import EngineError
from engine.words import translatable

Fill = Literal["reflect", "nearest", "constant"]
FILLS: tuple[Fill, ...] = ("reflect", "nearest", "constant")
"""What is shown beyond the picture's edge: its mirror image, its outermost pixels, or black (the mask: background)."""


@dataclass(frozen=True)
class TransformSetting:
    """One transform of a recipe: switched on or not, how often (0..1), and the range from which its strength is drawn."""

    on: bool
    chance: float
    low: float
    high: float


@dataclass(frozen=True)
class TransformRow:
    """How one transform is named, limited and drawn. A row of `ranged` False is a switch and a chance only."""

    key: str
    label: str
    help: str
    unit: str
    limits: tuple[float, float]
    step: float
    default: TransformSetting
    symmetric: bool = False  # the range is meant as ± high, so one slider moves both ends
    ranged: bool = True
    ratio: bool = False  # a factor: drawn evenly in its logarithm, so that half is as likely as double
    needs_color: bool = False
    geometric: bool = False  # moves image and mask; the others change grey levels or colours only
    numbers: int = 1  # how many independent strengths are drawn
    shown: int = 1  # how many of them the text of a sample names

    def between(self, change: TransformSetting, share: float) -> float:
        """The strength at `share` (0..1) of the change's range."""
        if self.ratio:
            return change.low * math.pow(change.high / change.low, share)
        return change.low + (change.high - change.low) * share

    def text(self, values: tuple[float, ...]) -> str:
        """Drawn strengths as a sample's caption names them: "−11°", "1.12", "σ 9", "+8 %, −3 %"."""
        return ", ".join(self._one(value, signed=self.symmetric) for value in values[: self.shown])

    def range_text(self, change: TransformSetting) -> str:
        """The range as a form shows it: "±15°", "0.85–1.20", "σ 0–14"."""
        if not self.ranged:
            return ""
        if self.symmetric and change.low == -change.high:
            return "±" + self._one(change.high)
        low, high = (self._one(value, signed=self.symmetric) for value in (change.low, change.high))
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


_SWITCH: dict[str, Any] = {
    "unit": "",
    "limits": (0.0, 0.0),
    "step": 0.0,
    "default": TransformSetting(False, 0.5, 0.0, 0.0),
    "ranged": False,
    "geometric": True,
    "numbers": 0,
    "shown": 0,
}

# The place of a row decides which random numbers it gets: new rows go to the end, else every seed changes its meaning.
TRANSFORMS: tuple[TransformRow, ...] = (
    TransformRow(
        "flip_horizontal",
        translatable("Flip left-right"),
        translatable("Mirror image. Wrong where the side matters, as with the liver."),
        **_SWITCH,
    ),
    TransformRow(
        "flip_vertical",
        translatable("Flip up-down"),
        translatable("Upside down. For pictures without an up, as in microscopy."),
        **_SWITCH,
    ),
    TransformRow(
        "rotation",
        translatable("Rotate"),
        translatable("Turned about the centre, plus is counter-clockwise."),
        "°",
        (-180.0, 180.0),
        1.0,
        TransformSetting(False, 0.7, -15.0, 15.0),
        symmetric=True,
        geometric=True,
    ),
    TransformRow(
        "zoom",
        translatable("Zoom"),
        translatable("Above 1 is larger, below 1 smaller; both sides alike."),
        "×",
        (0.25, 4.0),
        0.05,
        TransformSetting(False, 0.7, 0.85, 1.2),
        ratio=True,
        geometric=True,
    ),
    TransformRow(
        "shift",
        translatable("Shift"),
        translatable("Moved across and down, each by its own share of the width and height."),
        "%",
        (-100.0, 100.0),
        1.0,
        TransformSetting(False, 0.5, -10.0, 10.0),
        symmetric=True,
        geometric=True,
        numbers=2,
        shown=2,
    ),
    TransformRow(
        "shear",
        translatable("Shear"),
        translatable("Slanted along one axis, which is chosen by chance."),
        "°",
        (-60.0, 60.0),
        0.1,
        TransformSetting(False, 0.3, -8.0, 8.0),
        symmetric=True,
        geometric=True,
    ),
    TransformRow(
        "brightness",
        translatable("Brightness"),
        translatable("All grey levels times 1 plus this share; black stays black."),
        "%",
        (-100.0, 100.0),
        1.0,
        TransformSetting(False, 0.5, -25.0, 25.0),
        symmetric=True,
    ),
    TransformRow(
        "contrast",
        translatable("Contrast"),
        translatable("Distances from the image's mean grey times 1 plus this share."),
        "%",
        (-100.0, 100.0),
        1.0,
        TransformSetting(False, 0.5, -20.0, 20.0),
        symmetric=True,
    ),
    TransformRow(
        "gamma",
        translatable("Gamma"),
        translatable("Above 1 darkens the middle greys, below 1 lightens them; black and white stay."),
        "×",
        (0.2, 5.0),
        0.05,
        TransformSetting(False, 0.3, 0.8, 1.25),
        ratio=True,
    ),
    TransformRow(
        "noise",
        translatable("Noise"),
        translatable("Grain with this deviation, in steps of 255 grey levels."),
        "σ",
        (0.0, 64.0),
        1.0,
        TransformSetting(False, 0.4, 0.0, 14.0),
    ),
    TransformRow(
        "color_jitter",
        translatable("Colour jitter"),
        translatable("Hue (share of a half turn), saturation and colour balance, each by its own share."),
        "%",
        (-100.0, 100.0),
        1.0,
        TransformSetting(False, 0.5, -10.0, 10.0),
        symmetric=True,
        needs_color=True,
        numbers=5,
        shown=2,
    ),
    TransformRow(
        "cutout",
        translatable("Cutout"),
        translatable("One black square, its side a share of the shorter side. The mask is background there."),
        "%",
        (0.0, 80.0),
        1.0,
        TransformSetting(False, 0.25, 8.0, 20.0),
    ),
    TransformRow(
        "elastic",
        translatable("Elastic"),
        translatable("Soft tissue pushed about by at most this share of the shorter side."),
        "%",
        (0.0, 5.0),
        0.1,
        TransformSetting(False, 0.2, 0.5, 1.5),
        geometric=True,
    ),
)

ROWS: dict[str, TransformRow] = {row.key: row for row in TRANSFORMS}


def _shown(key: str) -> dict[str, object]:
    """How a form shows the field: as engine.config's options say it, and as its row does."""
    row = ROWS[key]
    return {"option": Option(row.label, row.help, unit=row.unit), "transform": row}


@dataclass(frozen=True)
class AugmentConfig:
    """One recipe: a Change for each row of TRANSFORMS, and the fill beyond the edge. As constructed, all is off."""

    flip_horizontal: TransformSetting = field(
        default=ROWS["flip_horizontal"].default, metadata=_shown("flip_horizontal")
    )
    flip_vertical: TransformSetting = field(default=ROWS["flip_vertical"].default, metadata=_shown("flip_vertical"))
    rotation: TransformSetting = field(default=ROWS["rotation"].default, metadata=_shown("rotation"))
    zoom: TransformSetting = field(default=ROWS["zoom"].default, metadata=_shown("zoom"))
    shift: TransformSetting = field(default=ROWS["shift"].default, metadata=_shown("shift"))
    shear: TransformSetting = field(default=ROWS["shear"].default, metadata=_shown("shear"))
    brightness: TransformSetting = field(default=ROWS["brightness"].default, metadata=_shown("brightness"))
    contrast: TransformSetting = field(default=ROWS["contrast"].default, metadata=_shown("contrast"))
    gamma: TransformSetting = field(default=ROWS["gamma"].default, metadata=_shown("gamma"))
    noise: TransformSetting = field(default=ROWS["noise"].default, metadata=_shown("noise"))
    color_jitter: TransformSetting = field(default=ROWS["color_jitter"].default, metadata=_shown("color_jitter"))
    cutout: TransformSetting = field(default=ROWS["cutout"].default, metadata=_shown("cutout"))
    elastic: TransformSetting = field(default=ROWS["elastic"].default, metadata=_shown("elastic"))
    fill: Fill = field(
        default="reflect",
        metadata={
            "option": Option(
                translatable("Beyond the edge"),
                translatable("The mirror image, the outermost pixels, or black. The mask follows the image."),
                choices=FILLS,
            )
        },
    )


def changes(config: AugmentConfig) -> Iterator[tuple[TransformRow, TransformSetting]]:
    """Every row with the config's change, in the table's order."""
    for row in TRANSFORMS:
        yield row, getattr(config, row.key)


def checked(config: AugmentConfig) -> AugmentConfig:
    """The config itself where every number is in its limits; EngineError naming the first that is not."""
    if config.fill not in FILLS:
        raise EngineError(
            "The fill cannot be {value}.", "Choose one of: {choices}.", value=config.fill, choices=", ".join(FILLS)
        )
    for row, change in changes(config):
        if not 0 <= change.chance <= 1:
            raise EngineError(
                "The chance of {name} cannot be {value}.",
                "It goes from 0 to 1.",
                name=row.key,
                value=change.chance,
            )
        low, high = row.limits
        if row.ranged and not low <= change.low <= change.high <= high:
            raise EngineError(
                "The range of {name} cannot be {from_} to {to}.",
                "It goes upwards and lies between {low} and {high}.",
                name=row.key,
                from_=change.low,
                to=change.high,
                low=low,
                high=high,
            )
    return config
