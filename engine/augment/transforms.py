"""The table of the transforms, each with what it does, and the settings of one augmentation, which follow from the table."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.augment.row import SamplePlan, Spare, Strengths, TransformRow, TransformSetting
from engine.augment.tone import add_noise, cut_out
from engine.augment.warp import FILLS, UPRIGHT, Fill
from engine.config import Option
from engine.errors import EngineError
from engine.imaging.geometry import SideAxis
from engine.words import translatable


def _flip_horizontal(plan: SamplePlan, _: Strengths, __: Spare) -> None:
    plan.motion.flip_x = True


def _flip_vertical(plan: SamplePlan, _: Strengths, __: Spare) -> None:
    plan.motion.flip_y = True


def _rotate(plan: SamplePlan, strengths: Strengths, _: Spare) -> None:
    plan.motion.angle = strengths[0]


def _zoom(plan: SamplePlan, strengths: Strengths, _: Spare) -> None:
    plan.motion.zoom = strengths[0]


def _shift(plan: SamplePlan, strengths: Strengths, _: Spare) -> None:
    plan.motion.shift_x, plan.motion.shift_y = strengths[0] / 100, strengths[1] / 100


def _shear(plan: SamplePlan, strengths: Strengths, spare: Spare) -> None:
    if spare[0] < 0.5:
        plan.motion.shear_x = strengths[0]
    else:
        plan.motion.shear_y = strengths[0]


def _brighten(plan: SamplePlan, strengths: Strengths, _: Spare) -> None:
    plan.tone.brightness = strengths[0] / 100


def _contrast(plan: SamplePlan, strengths: Strengths, _: Spare) -> None:
    plan.tone.contrast = strengths[0] / 100


def _gamma(plan: SamplePlan, strengths: Strengths, _: Spare) -> None:
    plan.tone.gamma = strengths[0]


def _noise(plan: SamplePlan, strengths: Strengths, spare: Spare) -> None:
    plan.steps.append(lambda image, mask: add_noise(image, strengths[0], spare[0]))


def _jitter_color(plan: SamplePlan, strengths: Strengths, _: Spare) -> None:
    hue, saturation, red, green, blue = (strength / 100 for strength in strengths)
    plan.tone.hue, plan.tone.saturation, plan.tone.balance = hue, saturation, (red, green, blue)


def _cut_out(plan: SamplePlan, strengths: Strengths, spare: Spare) -> None:
    plan.steps.append(lambda image, mask: cut_out(image, mask, round(strengths[0]), *spare))


def _bend(plan: SamplePlan, strengths: Strengths, _: Spare) -> None:
    plan.motion.elastic = strengths[0] / 100


# The index of a row decides which random numbers it gets: new rows go to the end, else every seed changes its meaning.
TRANSFORMS: tuple[TransformRow, ...] = (
    TransformRow(
        "flip_horizontal",
        translatable("Flip left-right"),
        translatable("Mirror image. Wrong where the side matters, as with the liver."),
        TransformSetting(False, 0.5, 0.0, 0.0),
        _flip_horizontal,
        on_mask="moves",
        mirrors="across",
    ),
    TransformRow(
        "flip_vertical",
        translatable("Flip up-down"),
        translatable("Upside down. For pictures without an up, as in microscopy."),
        TransformSetting(False, 0.5, 0.0, 0.0),
        _flip_vertical,
        on_mask="moves",
        mirrors="down",
    ),
    TransformRow(
        "rotation",
        translatable("Rotate"),
        translatable("Turned about the centre, plus is counter-clockwise."),
        TransformSetting(False, 0.7, -15.0, 15.0),
        _rotate,
        on_mask="moves",
        unit="°",
        limits=(-180.0, 180.0),
        step=1.0,
        symmetric=True,
    ),
    TransformRow(
        "zoom",
        translatable("Zoom"),
        translatable("Above 1 is larger, below 1 smaller; both sides alike."),
        TransformSetting(False, 0.7, 0.85, 1.2),
        _zoom,
        on_mask="moves",
        unit="×",
        limits=(0.25, 4.0),
        step=0.05,
        ratio=True,
    ),
    TransformRow(
        "shift",
        translatable("Shift"),
        translatable("Moved across and down, each by its own share of the width and height."),
        TransformSetting(False, 0.5, -10.0, 10.0),
        _shift,
        on_mask="moves",
        unit="%",
        limits=(-100.0, 100.0),
        step=1.0,
        symmetric=True,
        numbers=2,
        shown=2,
    ),
    TransformRow(
        "shear",
        translatable("Shear"),
        translatable("Slanted along one axis, which is chosen by chance."),
        TransformSetting(False, 0.3, -8.0, 8.0),
        _shear,
        on_mask="moves",
        unit="°",
        limits=(-60.0, 60.0),
        step=0.1,
        symmetric=True,
    ),
    TransformRow(
        "brightness",
        translatable("Brightness"),
        translatable("All grey levels times 1 plus this share; black stays black."),
        TransformSetting(False, 0.5, -25.0, 25.0),
        _brighten,
        on_mask="stays",
        unit="%",
        limits=(-100.0, 100.0),
        step=1.0,
        symmetric=True,
    ),
    TransformRow(
        "contrast",
        translatable("Contrast"),
        translatable("Distances from the image's mean grey times 1 plus this share."),
        TransformSetting(False, 0.5, -20.0, 20.0),
        _contrast,
        on_mask="stays",
        unit="%",
        limits=(-100.0, 100.0),
        step=1.0,
        symmetric=True,
    ),
    TransformRow(
        "gamma",
        translatable("Gamma"),
        translatable("Above 1 darkens the middle greys, below 1 lightens them; black and white stay."),
        TransformSetting(False, 0.3, 0.8, 1.25),
        _gamma,
        on_mask="stays",
        unit="×",
        limits=(0.2, 5.0),
        step=0.05,
        ratio=True,
    ),
    TransformRow(
        "noise",
        translatable("Noise"),
        translatable("Grain with this deviation, in steps of 255 grey levels."),
        TransformSetting(False, 0.4, 0.0, 14.0),
        _noise,
        on_mask="stays",
        unit="σ",
        limits=(0.0, 64.0),
        step=1.0,
    ),
    TransformRow(
        "color_jitter",
        translatable("Colour jitter"),
        translatable("Hue (share of a half turn), saturation and colour balance, each by its own share."),
        TransformSetting(False, 0.5, -10.0, 10.0),
        _jitter_color,
        on_mask="stays",
        unit="%",
        limits=(-100.0, 100.0),
        step=1.0,
        symmetric=True,
        needs_color=True,
        numbers=5,
        shown=2,
    ),
    TransformRow(
        "cutout",
        translatable("Cutout"),
        translatable("One black square, its side a share of the shorter side. The mask is background there."),
        TransformSetting(False, 0.25, 8.0, 20.0),
        _cut_out,
        on_mask="erased",
        unit="%",
        limits=(0.0, 80.0),
        step=1.0,
        in_pixels=True,
    ),
    TransformRow(
        "elastic",
        translatable("Elastic"),
        translatable("Soft tissue pushed about by at most this share of the shorter side."),
        TransformSetting(False, 0.2, 0.5, 1.5),
        _bend,
        on_mask="moves",
        unit="%",
        limits=(0.0, 5.0),
        step=0.1,
    ),
)

ROWS: dict[str, TransformRow] = {row.key: row for row in TRANSFORMS}


@dataclass(frozen=True)
class AugmentConfig:
    """One augmentation: a setting for each row of TRANSFORMS, by its key, and the fill beyond the edge.

    A row that `settings` leaves out takes its default, which is off. Raises KeyError for a key that no row has.
    """

    settings: Mapping[str, TransformSetting] = field(default_factory=dict)
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

    def __post_init__(self) -> None:
        if unknown := self.settings.keys() - ROWS.keys():
            raise KeyError(f"no transform {', '.join(sorted(unknown))}")
        whole = {row.key: self.settings.get(row.key, row.default) for row in TRANSFORMS}
        object.__setattr__(self, "settings", whole)

    def __getitem__(self, key: str) -> TransformSetting:
        return self.settings[key]

    def with_setting(self, key: str, setting: TransformSetting) -> "AugmentConfig":
        """The same with another setting of one transform."""
        return replace(self, settings={**self.settings, key: setting})


def moves_sides(config: AugmentConfig, side_axis: SideAxis) -> bool:
    """Whether some of its samples of a picture in which left and right lie so show the left where the right was."""
    if not side_axis:
        return False
    turn = config["rotation"]
    flips = any(row.mirrors == side_axis and config[row.key].on and config[row.key].chance > 0 for row in TRANSFORMS)
    return flips or (turn.on and turn.chance > 0 and max(-turn.low, turn.high) > UPRIGHT)


def leaving_sides(config: AugmentConfig, side_axis: SideAxis) -> AugmentConfig:
    """The same without what would move the left of a picture, or of the body in it, to the right: no such flips, and turns of at most 90
    degrees."""
    moving = {"across", side_axis} - {""}
    kept = {key: replace(one, on=one.on and ROWS[key].mirrors not in moving) for key, one in config.settings.items()}
    turn = kept["rotation"]
    low, high = (min(max(angle, -UPRIGHT), UPRIGHT) for angle in (turn.low, turn.high))
    return replace(config, settings=kept | {"rotation": replace(turn, low=low, high=high)})


def checked(config: AugmentConfig) -> AugmentConfig:
    """The config itself where every number is in its limits; EngineError naming the first that is not."""
    if config.fill not in FILLS:
        raise EngineError(
            "The fill cannot be {value}.", "Choose one of: {choices}.", value=config.fill, choices=", ".join(FILLS)
        )
    for row in TRANSFORMS:
        setting = config[row.key]
        if not 0 <= setting.chance <= 1:
            raise EngineError(
                "The chance of {name} cannot be {value}.",
                "It goes from 0 to 1.",
                name=row.key,
                value=setting.chance,
            )
        low, high = row.limits
        if row.ranged and not low <= setting.low <= setting.high <= high:
            raise EngineError(
                "The range of {name} cannot be {from_} to {to}.",
                "It goes upwards and lies between {low} and {high}.",
                name=row.key,
                from_=setting.low,
                to=setting.high,
                low=low,
                high=high,
            )
    return config
