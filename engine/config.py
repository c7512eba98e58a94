"""Every setting that a user can change in a job, as frozen dataclasses with ranges and help, from which forms, `--set` and checks are made."""

import re
import typing
from dataclasses import Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias, TypeVar

from engine.errors import EngineError
from engine.labels.sides import SIDE_RULES
from engine.words import translatable

C = TypeVar("C")

Task: TypeAlias = Literal["binary", "multiclass", "instance", "classification"]
Split: TypeAlias = Literal["train", "val", "test", ""]
Settings: TypeAlias = dict[str, bool | int | float | str]


@dataclass(frozen=True)
class Option:
    """How one field is shown and checked. `low`/`high` are inclusive; `choices` are the allowed values of a text field, `pattern` is how
    its text must be written (a regular expression)."""

    label: str
    help: str = ""
    low: float | None = None
    high: float | None = None
    step: float | None = None
    choices: tuple[str, ...] = ()
    pattern: str = ""
    unit: str = ""
    advanced: bool = False


def option(default: Any, label: str, help: str = "", **more: Any) -> Any:
    """A dataclass field with its Option in the metadata."""
    return field(default=default, metadata={"option": Option(label, help, **more)})


def option_of(item: "Field[Any]") -> Option | None:
    """The Option of a dataclass field; None where it has none and is no setting."""
    found = item.metadata.get("option")
    return found if isinstance(found, Option) else None


AUTO = "auto"

LOSSES = ("ce+dice", "ce", "dice", "focal", "tversky", "lovasz")
OPTIMIZERS = ("adamw", "adam", "sgd", "rmsprop")
PRECISIONS = (AUTO, "float32", "bfloat16", "float16")
OBJECTS = (AUTO, "parts", "watershed")
DEVICES = (AUTO, "cpu", "cuda", "mps")


@dataclass(frozen=True)
class TrainConfig:
    """One training. "auto" and 0 let the Auto recipe choose from the data and the machine; the run keeps what it chose."""

    arch: str = option(
        AUTO, translatable("Network"), translatable("The architecture, by the name of the models table.")
    )
    encoder: str = option(
        AUTO,
        translatable("Encoder"),
        translatable("The part that reads the image, where the network has an exchangeable one."),
    )
    options: Settings = field(
        default_factory=dict
    )  # of the network's own, see engine.network_options; missing: its default
    weights: str = option(
        AUTO, translatable("Start from"), translatable("auto, none, imagenet, or the path of a weights file.")
    )
    frozen: int = option(
        0,
        translatable("Frozen epochs"),
        translatable(
            "So many epochs the encoder (of a classifier all but its last layer) keeps the weights that it starts from."
        ),
        low=0,
        high=1000,
    )
    encoder_rate: float = option(
        1.0,
        translatable("Encoder's rate"),
        translatable(
            "The encoder learns at this share of the learning rate; below 1 it stays nearer to where it starts from."
        ),
        low=0.0,
        high=1.0,
        step=0.05,
    )
    start_from: str = option(
        "",
        translatable("Earlier run"),
        translatable(
            "Fine-tune the network of this run, by its number or name: classes are known again after a rename."
        ),
    )
    loss: str = option("ce+dice", translatable("Loss"), translatable("What the training makes small."), choices=LOSSES)
    optimizer: str = option(
        "adamw", translatable("Optimiser"), translatable("How the weights are moved."), choices=OPTIMIZERS
    )
    rate: float = option(
        0.0,
        translatable("Learning rate"),
        translatable("The highest step size; 0 chooses one."),
        low=0.0,
        high=1.0,
        step=0.0001,
    )
    weight_decay: float = option(0.01, translatable("Weight decay"), "", low=0.0, high=1.0, step=0.001, advanced=True)
    epochs: int = option(
        0,
        translatable("Epochs"),
        translatable("Rounds through the training set; 0 lets the time decide."),
        low=0,
        high=100000,
    )
    minutes: float = option(
        0.0,
        translatable("Time budget"),
        translatable("Minutes of training; 0 lets the epochs decide."),
        low=0.0,
        high=100000.0,
        unit="min",
    )
    batch: int = option(0, translatable("Batch"), translatable("Images a step; 0 chooses by memory."), low=0, high=1024)
    size: int = option(
        0,
        translatable("Image size"),
        translatable("The longer side is brought to this many pixels; 0 chooses."),
        low=0,
        high=4096,
        unit="px",
    )
    first_size: int = option(
        0,
        translatable("First size"),
        translatable("The training begins on images of this many pixels and grows to the image size; 0 chooses."),
        low=0,
        high=4096,
        unit="px",
        advanced=True,
    )
    patch: int = option(
        0,
        translatable("Patch"),
        translatable("Side of the squares cut from larger images; 0: whole images, or chosen."),
        low=0,
        high=2048,
        unit="px",
    )
    neighbours: str = option(
        AUTO,
        translatable("Slices beside"),
        translatable(
            "In volumes the network sees each slice together with the one before and the one after it. Images in colour are seen alone."
        ),
        choices=(AUTO, "yes", "no"),
        advanced=True,
    )
    label_smoothing: float = option(
        0.05,
        translatable("Label smoothing"),
        translatable("Classification only."),
        low=0.0,
        high=0.5,
        step=0.01,
        advanced=True,
    )
    balance: bool = option(
        True,
        translatable("Balance rare classes"),
        translatable("Rare classes weigh more, so that they are learnt too."),
    )
    preset: str = option(
        AUTO, translatable("Augmentation"), translatable("A preset's name or file; auto: the one for the task.")
    )
    per_image: int = option(
        1,
        translatable("Augmented per real image"),
        translatable(
            "How many changed samples there are on an untouched one. An epoch sees each image, or each patch that it holds, so often."
        ),
        low=1,
        high=20,
    )
    sides: str = option(
        AUTO,
        translatable("Left and right"),
        translatable(
            "Classes such as left lung and right lung keep their names in mirror images, or exchange them, or none is made."
        ),
        choices=(AUTO, *SIDE_RULES),
    )
    precision: str = option(AUTO, translatable("Precision"), "", choices=PRECISIONS, advanced=True)
    channels_last: str = option(AUTO, translatable("Channels last"), "", choices=(AUTO, "yes", "no"), advanced=True)
    device: str = option(AUTO, translatable("Device"), translatable("The processor that trains."), choices=DEVICES)
    threads: int = option(
        0,
        translatable("Threads"),
        translatable("How many cores compute on a CPU; 0 tries some and looks again while it trains."),
        low=0,
        high=1024,
        advanced=True,
    )
    with_rejected: bool = option(
        False,
        translatable("With rejected items"),
        translatable("Learn from and validate on items that were rejected in the review too."),
        advanced=True,
    )
    patience: int = option(
        0,
        translatable("Stop early"),
        translatable("Stop after this many epochs without gain; 0: never."),
        low=0,
        high=10000,
    )
    seed: int = option(
        0,
        translatable("Seed"),
        translatable("The same seed gives the same training on the same machine."),
        low=0,
        high=2**31 - 1,
    )


@dataclass(frozen=True)
class PredictConfig:
    """How a bundle is applied. `overlap` is the share of a tile that neighbours cover too."""

    device: str = option(AUTO, translatable("Device"), "", choices=DEVICES)
    overlap: float = option(0.5, translatable("Overlap of tiles"), "", low=0.0, high=0.9, step=0.05)
    flips: bool = option(
        False, translatable("Average over mirror images"), translatable("A little better, twice the time.")
    )


def check(config: C) -> C:
    """The config itself where every field is in its range; EngineError naming the first that is not."""
    for item in fields(config):  # type: ignore[arg-type]
        rule, value = option_of(item), getattr(config, item.name)
        if rule is None:
            continue
        if rule.choices and value not in rule.choices:
            raise EngineError(
                translatable("{name} cannot be {value}."),
                translatable("Choose one of: {choices}."),
                name=item.name,
                value=value,
                choices=", ".join(rule.choices),
            )
        if rule.pattern and not re.fullmatch(rule.pattern, value):
            raise EngineError(
                translatable("{name} cannot be {value}."),
                translatable("Write it like {example}."),
                name=item.name,
                value=value,
                example=item.default,
            )
        if (
            (rule.low is not None and value < rule.low)
            or (rule.high is not None and value > rule.high)
            or value != value
        ):
            raise EngineError(
                translatable("{name} cannot be {value}."),
                translatable("It goes from {low} to {high}."),
                name=item.name,
                value=value,
                low=rule.low,
                high=rule.high,
            )
    return config


def with_values(config: C, texts: dict[str, str]) -> C:
    """A copy with fields set from texts, as `--set key=value` gives them, checked. EngineError naming an unknown key or a value that is
    unreadable or out of its range. Yes and no may be written yes/no, true/false, on/off or 1/0."""
    kinds = typing.get_type_hints(type(config))
    known = {item.name: kinds[item.name] for item in fields(config) if option_of(item)}  # type: ignore[arg-type]
    values: dict[str, object] = {}
    for key, text in texts.items():
        if key not in known:
            raise EngineError(
                translatable("There is no setting {key}."),
                translatable("The settings are: {known}."),
                key=key,
                known=", ".join(known),
            )
        values[key] = _parse(key, text, known[key])
    return check(replace(config, **values))  # type: ignore[type-var]


def _parse(key: str, text: str, kind: Any) -> object:
    if kind is bool:
        if text.lower() in ("yes", "true", "1", "on"):
            return True
        if text.lower() in ("no", "false", "0", "off"):
            return False
    elif kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    elif kind is str:
        return text
    hint = (
        translatable("It must be yes or no.")
        if kind is bool
        else translatable("It must be a number.")
        if kind in (int, float)
        else translatable("It cannot be set so.")
    )
    raise EngineError(translatable("{key} cannot be {text}."), hint, key=key, text=text)


# msgspec is loaded when a config is read or written: the first window has options of its own and does not wait for it


def to_json(config: object) -> bytes:
    """A config as indented JSON (UTF-8); `from_json` reads it."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(config), indent=2)


_MAY_BE_FILES = ("weights", "preset")


def without_paths(config: TrainConfig) -> dict[str, Any]:
    """The settings as they may be handed on: files by their names alone, since a path may name a patient."""
    import msgspec

    plain: dict[str, Any] = msgspec.to_builtins(config)
    return plain | {key: file_name_only(key, plain[key]) for key in _MAY_BE_FILES}


def file_name_only(key: str, value: str) -> str:
    """The value of a setting, a file by its name alone."""
    return Path(value).name if key in _MAY_BE_FILES else value


def from_json(data: bytes | str, kind: type[C]) -> C:
    """A config from JSON, checked: unknown fields of a newer version are dropped, missing ones take their defaults. EngineError naming
    the field where a type is wrong or a value out of its range, or where it is no JSON."""
    import msgspec

    try:
        found = msgspec.json.decode(data, type=kind)
        # its defaults are the class's alone, and would be in nothing that is written of it
        return check(replace(found))  # type: ignore[type-var]
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise EngineError(
            translatable("The settings cannot be read: {reason}."),
            translatable("Choose a file that Contorno wrote."),
            reason=str(fault),
        ) from fault
