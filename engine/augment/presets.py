"""Named recipes, one JSON file each under resources/presets, and recipes in files of the user's own."""

from dataclasses import dataclass
from pathlib import Path

import resources
from engine import atomic
from engine.augment.transforms import AugmentConfig, checked
from engine.config import AUTO, Task, from_json, to_json
from engine.errors import EngineError, NotReadable
from engine.imaging.files import check_regular
from engine.words import translatable


@dataclass(frozen=True)
class Preset:
    """A recipe that comes with the program: the name of its file, and how a button says it."""

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
)


def preset_names() -> tuple[str, ...]:
    """The names of the recipes that come with the program, in the order of their buttons."""
    return tuple(preset.name for preset in PRESETS)


def preset_for(task: Task, name: str) -> str:
    """The name itself, or what "auto" stands for in a project of that task: whole images may be tiny, so they are changed less."""
    if name != AUTO:
        return name
    return "classification" if task == "classification" else "standard"


def load_preset(name_or_path: str | Path) -> AugmentConfig:
    """The recipe of that name, or of the JSON file at that path; a transform the file does not name is off.

    Raises EngineError where there is neither, where the file is no recipe, or where a number is out of its limits.
    """
    if str(name_or_path) in preset_names():
        return checked(from_json(resources.path(f"presets/{name_or_path}.json").read_bytes(), AugmentConfig))
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
        return checked(from_json(data.decode("utf-8"), AugmentConfig))
    except UnicodeDecodeError as fault:
        raise NotReadable("{name} is not a text file.", "Choose a recipe's file.", name=path.name) from fault
    except EngineError as fault:
        raise NotReadable("{name}: {reason}", fault.advice, name=path.name, reason=fault.text) from fault


def save_preset(path: Path, config: AugmentConfig) -> None:
    """Write the recipe as JSON, whole or not at all; EngineError where a number is out of its limits or the disk refuses."""
    atomic.write(path, to_json(checked(config)))
