"""A model file with everything needed to use it: weights and a card, hash-checked, one file that never runs code.

A bundle is a safetensors file. Its card is JSON in the header, beside a SHA-256 of the card and the tensors, since a flipped
bit would otherwise load as different weights in silence. A copy of the card lies beside it as model.json for other programs.
"""

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import safetensors.torch
import torch
from torch import Tensor, nn

from engine import atomic
from engine.catalog import all_options
from engine.config import Settings, TrainConfig
from engine.errors import EngineError, NotReadable
from engine.imaging.files import check_regular
from engine.imaging.intensity import Intensity
from engine.labels.classes import LabelClass, make_classes
from engine.learning import models
from engine.words import translatable

_FORMAT = 1
_MOST_CHANNELS, _LONGEST = 1024, 1 << 16


@dataclass(frozen=True)
class TrainingImages:
    """What the images of a training were: "" and zeros where that is not known, or `modality` and `unit` differed between them.

    `sides`: the shortest and the longest of their longer sides, px. `spacing`: the least and the largest side of a pixel as the
    network was fed it, mm. `grey`: some were grey, whatever the others.
    """

    modality: str = ""
    unit: str = ""
    sides: tuple[int, int] = (0, 0)
    spacing: tuple[float, float] = (0.0, 0.0)
    grey: bool = False


@dataclass(frozen=True)
class ModelCard:
    """What a network is and how it is fed. `classes` are (name, colour) pairs without the background; `identities` are
    theirs in the project that taught it, by which they are known after a rename (none: it was not kept).

    `size`: the longer side of an image is brought to so many pixels (0: left as it is). `patch`: larger images are read in
    squares of this side. `square`: classification feeds size x size. `recipe`: its settings, where `sides` is "off" too if no mirror image was
    made of classes that are left and right. `neighbours`: the three channels are a slice's grey values and those of the slices before and
    after it (see `engine.learning.feeding`). `untaught` are places in `classes` that no mask of the training held: they are never
    predicted. Nothing in it points to a patient or a file.
    """

    task: str
    arch: str
    encoder: str
    channels: int
    classes: tuple[tuple[str, str], ...]
    intensity: Intensity
    size: int
    patch: int = 0
    neighbours: bool = False
    mirrored: bool = (
        False  # predictions are averaged with those of mirror images, which was better on the validation set
    )
    run: str = ""
    made: str = ""
    program: str = ""
    recipe: dict[str, Any] = field(default_factory=dict)
    scores: dict[str, Any] = field(default_factory=dict)
    images: TrainingImages = field(default_factory=TrainingImages)
    identities: tuple[str, ...] = ()
    untaught: tuple[int, ...] = ()
    options: Settings = field(default_factory=dict)  # the network's own, all of them, by the names of the catalog's row
    format: int = _FORMAT

    @property
    def outputs(self) -> int:
        """Logits per pixel or per image: segmentation counts the background."""
        return len(self.classes) + (self.task != "classification")


def new_card(
    task: str,
    classes: Sequence[LabelClass],
    config: TrainConfig,
    channels: int,
    intensity: Intensity,
    size: int,
    images: TrainingImages,
) -> ModelCard:
    """The card of a network that is about to learn. `config` has no "auto" left in it; a classifier has no encoder of its own."""
    return ModelCard(
        task=task,
        arch=config.arch,
        encoder="" if task == "classification" else config.encoder,
        channels=channels,
        classes=tuple((one.name, one.color) for one in classes),
        identities=tuple(one.identity for one in classes),
        intensity=intensity,
        size=size,
        patch=0 if task == "classification" else config.patch,
        neighbours=task == "segmentation" and config.neighbours == "yes",
        images=images,
        options=all_options(config.arch, config.options),
    )


def build(card: ModelCard) -> nn.Module:
    """The network of a card with random weights, in training mode. EngineError where no such network can be built."""
    return _made_by(models.build, card)


def save(path: Path, card: ModelCard, weights: Mapping[str, Tensor]) -> None:
    """Write a bundle and, beside it, its card as JSON. Atomic: a crash leaves the old file or the new one. EngineError where the disk
    refuses. `weights` is the network's state_dict, from any device."""
    about = msgspec.json.encode(asdict(card))
    write_tensors(path, weights, json.loads(about))
    atomic.write(path.with_suffix(".json"), msgspec.json.format(about, indent=2))


def load(path: Path) -> tuple[ModelCard, dict[str, Tensor]]:
    """Card and weights (on the CPU) of a bundle, checked against their hash. NotReadable where it is damaged, newer, or no bundle."""
    weights, about = read_tensors(path)
    try:
        card = msgspec.convert(about, ModelCard)
    except msgspec.ValidationError as fault:
        raise NotReadable(
            "{name} is not a Contorno model: {reason}.",
            "Choose a model.safetensors that a run wrote.",
            name=path.name,
            reason=str(fault),
        ) from fault
    if card.format > _FORMAT:
        raise NotReadable("{name} was made by a newer Contorno.", "Use it with that version.", name=path.name)
    lie = _fault(card, weights)
    if lie:
        raise NotReadable(lie, "Choose a model.safetensors that a run wrote.", name=path.name)
    return card, weights


def _fault(card: ModelCard, weights: Mapping[str, Tensor]) -> str:
    """What in a card cannot be true, or in the weights is no number; "" where they are sound: anybody can write such a file."""
    scale = card.intensity
    numbers = (scale.low, scale.high, *scale.mean, *scale.deviation)
    if not 1 <= card.channels <= _MOST_CHANNELS or not 0 <= card.size <= _LONGEST or not 0 <= card.patch <= _LONGEST:
        return translatable("{name} is not a Contorno model: its card claims an impossible input.")
    if not all(0 <= low <= high < math.inf for low, high in (card.images.sides, card.images.spacing)):
        return translatable("{name} is not a Contorno model: its card claims an impossible input.")
    if not all(map(math.isfinite, numbers)) or not all(width > 0 for width in scale.deviation):
        return translatable("{name} is not a Contorno model: its card claims impossible grey values.")
    if card.neighbours and (card.channels != 3 or card.task != "segmentation"):
        return translatable("{name} is not a Contorno model: its card claims an impossible input.")
    if any(len(values) not in (1, card.channels) for values in (scale.mean, scale.deviation)):
        return translatable("{name} is not a Contorno model: its card claims impossible grey values.")
    if scale.rule == "range" and scale.low >= scale.high:
        return translatable("{name} is not a Contorno model: its card claims impossible grey values.")
    if len(card.identities) not in (0, len(card.classes)) or not set(card.untaught) <= set(range(len(card.classes))):
        return translatable("{name} is not a Contorno model: its card claims impossible classes.")
    try:
        make_classes(card.classes)
    except EngineError:
        return translatable("{name} is not a Contorno model: its card claims impossible classes.")
    if any(t.is_floating_point() and not bool(t.isfinite().all()) for t in weights.values()):
        return translatable("{name} is not a Contorno model: some of its weights are not numbers.")
    return ""


def read_card(path: Path) -> ModelCard:
    """The card alone, after the whole file was checked as in `load`."""
    return load(path)[0]


def restore(path: Path) -> tuple[ModelCard, nn.Module]:
    """Card and trained network of a bundle, in evaluation mode, on the CPU. NotReadable as in `load`, or where the weights do not fit."""
    card, weights = load(path)
    misfit = NotReadable(
        "The weights in {name} do not fit the network it names ({arch}).",
        "The file was changed by another program; use the original.",
        name=path.name,
        arch=card.arch,
    )
    if not _fits(card, weights):  # before there is room made for what it claims
        raise misfit
    network = build(card)
    try:
        network.load_state_dict(weights)
    except RuntimeError as fault:
        raise misfit from fault
    return card, network.eval()


def outline(card: ModelCard) -> nn.Module:
    """The card's network without memory for its weights: for counting."""
    return _made_by(models.outline, card)


def _made_by(make: Callable[..., nn.Module], card: ModelCard) -> nn.Module:
    return make(
        card.arch,
        encoder=card.encoder,
        channels=card.channels,
        classes=card.outputs,
        size=card.size or None,
        options=card.options,
    )


def _fits(card: ModelCard, weights: Mapping[str, Tensor]) -> bool:
    try:
        names = outline(card).state_dict()
    except (RuntimeError, OverflowError):  # sizes that not even count
        return False
    return {name: t.shape for name, t in names.items()} == {name: t.shape for name, t in weights.items()}


def write_tensors(
    path: Path, tensors: Mapping[str, Tensor], about: Mapping[str, Any], keep: Path | None = None
) -> None:
    """Named tensors and a JSON object as one safetensors file with a SHA-256 of both; the old file stays under the name `keep`."""
    plain = {name: t.detach().to("cpu", copy=True).contiguous() for name, t in tensors.items()}
    text = json.dumps(about)
    header = {"contorno": text, "sha256": _digest(plain, text)}
    atomic.write(path, safetensors.torch.save(plain, metadata=header), keep)


def read_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """What `write_tensors` wrote. NotReadable where the file is cut short, altered or something else."""
    check_regular(str(path))
    try:
        data = path.read_bytes()
        length = int.from_bytes(data[:8], "little")
        header = json.loads(data[8 : 8 + length]).get("__metadata__", {})
        tensors = safetensors.torch.load(data)
        about = json.loads(header["contorno"])
    except OSError as fault:
        raise NotReadable(
            "{name} cannot be read: {reason}.",
            "Choose a file that exists.",
            name=path.name,
            reason=fault.strerror or str(fault),
        ) from fault
    except (safetensors.SafetensorError, ValueError, KeyError, AttributeError, RecursionError) as fault:
        raise NotReadable(
            "{name} is not a Contorno model, or it is cut short.",
            "Choose a model.safetensors that a run wrote.",
            name=path.name,
        ) from fault
    # files of the first builds signed the tensors alone
    if header.get("sha256") != _digest(tensors, header["contorno"]) and header.get("sha256") != _digest(tensors, ""):
        raise NotReadable("{name} was damaged after it was written.", "Use a copy, or train again.", name=path.name)
    return tensors, about


def _digest(tensors: Mapping[str, Tensor], about: str) -> str:
    digest = hashlib.sha256()
    for name in sorted(tensors):
        tensor = tensors[name]
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.reshape(-1).view(torch.uint8).numpy().data)
    digest.update(about.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
