"""Named augmentations, one JSON file each under resources/presets, and those in files of the user's own."""

import functools
import json
from dataclasses import dataclass, field, make_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import resources
from engine import atomic
from engine.config import AUTO, Task, from_json, to_json
from engine.errors import EngineError, NotReadable
from engine.imaging.files import check_regular
from engine.words import translatable

if TYPE_CHECKING:  # the window lists presets before anything is augmented
    from engine.augment.transforms import AugmentConfig


@dataclass(frozen=True)
class Preset:
    """An augmentation that comes with the program: the name of its file, and how a button says it."""

    name: str
    label: str
    help: str


PRESETS: tuple[Preset, ...] = (
    Preset("none", translatable("None"), translatable("Nothing is changed.")),
    Preset(
        "gentle",
        translatable("Gentle"),
        translatable("Small turns and shifts, a little light and shade; no mirror image."),
    ),
    Preset(
        "standard",
        translatable("Standard"),
        translatable("Sound for X-rays, slices and microscopy: start with this one."),
    ),
    Preset(
        "strong",
        translatable("Strong"),
        translatable("All changes, wide. For very few images; look at the samples first."),
    ),
    Preset(
        "ct", translatable("CT"), translatable("Left stays left, and grey levels, which mean density, move little.")
    ),
    Preset(
        "lecture",
        translatable("From the lecture"),
        # Keras turns pictures by its shear_range in degrees: 0.2 there is a fifth of a degree, though a fifth was meant.
        # It also zooms width and height apart; here, as the lecture's text says, the aspect is kept.
        translatable(
            "The values of the lecture's Keras example. Its shear of 0.2 is in degrees, too little to be seen."
        ),
    ),
    Preset(
        "classification",
        translatable("Small pictures"),
        translatable("Small moves and light only, so that 28 pixels stay legible."),
    ),
    Preset(
        "films",
        translatable("Films"),
        translatable("For classes of films and other grey images: moves, light, now and then a black square."),
    ),
)


def preset_names() -> tuple[str, ...]:
    """The names of the presets that come with the program, in the order of their buttons."""
    return tuple(preset.name for preset in PRESETS)


def preset_for(task: Task, name: str, *, color: bool = False) -> str:
    """The name itself, or what "auto" stands for in a project of that task, with or without images in `color`: classes may hang on how bright
    a colour is, those of grey images hardly do (docs/auto.md)."""
    if name != AUTO:
        return name
    return ("classification" if color else "films") if task == "classification" else "standard"


@functools.cache
def _file_type() -> type[Any]:
    """A file as it is read: a field for each row and the fill, so that a wrong one is named; what is left out takes its default."""
    from engine.augment.row import TransformSetting
    from engine.augment.transforms import TRANSFORMS
    from engine.augment.warp import Fill

    rows = [(row.key, TransformSetting, field(default=row.default)) for row in TRANSFORMS]
    return make_dataclass("_File", [*rows, ("fill", Fill, field(default="reflect"))])


def load_preset(name_or_path: str | Path) -> "AugmentConfig":
    """The preset of that name, or the augmentation in the JSON file at that path; a transform the file leaves out is off.

    Raises EngineError where there is neither, where the file is no augmentation or names a transform that is unknown, or
    where a number is out of its limits.
    """
    if str(name_or_path) in preset_names():
        return _read(resources.path(f"presets/{name_or_path}.json").read_text("utf-8"))
    path = Path(name_or_path)
    check_regular(str(path))
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise NotReadable(
            "There is no augmentation recipe {name}: {reason}.",
            "Choose one of {names}, or the path of a recipe's file.",
            name=path.name,
            reason=fault.strerror or str(fault),
            names=", ".join(preset_names()),
        ) from fault
    try:
        return _read(data.decode("utf-8"))
    except UnicodeDecodeError as fault:
        raise NotReadable("{name} is not a text file.", "Choose a recipe's file.", name=path.name) from fault
    except EngineError as fault:
        raise NotReadable("{name}: {reason}", fault.advice, name=path.name, reason=fault.text) from fault


def _read(text: str) -> "AugmentConfig":
    from engine.augment.transforms import ROWS, AugmentConfig, checked

    whole = from_json(text, _file_type())
    if unknown := json.loads(text).keys() - {*ROWS, "fill"}:
        raise EngineError(
            "There is no transform {name}.",
            "The transforms are: {known}.",
            name=min(unknown),
            known=", ".join(ROWS),
        )
    return checked(AugmentConfig({key: getattr(whole, key) for key in ROWS}, whole.fill))


def save_preset(path: Path, config: "AugmentConfig") -> None:
    """Write the augmentation as JSON, without the transforms that stand as their rows leave them; whole or not at all.

    Raises EngineError where a number is out of its limits or the disk refuses.
    """
    from engine.augment.transforms import TRANSFORMS, checked

    checked(config)
    named = {row.key: config[row.key] for row in TRANSFORMS if config[row.key] != row.default}
    atomic.write(path, to_json({**named, "fill": config.fill}))
