"""The checkpoint of a training: a hash-checked file from which it goes on at the very step that was its last, and the one before."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import torch
from torch import Tensor, nn

from engine.config import TrainConfig, from_json, to_json
from engine.errors import EngineError, NotReadable
from engine.learning import bundle
from engine.learning.bundle import ModelCard
from engine.learning.learner import Validation
from engine.learning.schedule import TrainingProgress
from engine.project.runs import BUNDLE
from engine.project.runs import CHECKPOINT as CHECKPOINT
from engine.words import translatable

BEFORE = "checkpoint-before.safetensors"


class TrainingState(NamedTuple):
    """What a training changes with every step."""

    network: nn.Module
    optimizer: torch.optim.Optimizer
    scaler: torch.amp.GradScaler


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A checkpoint in memory, on the CPU. `data`: the fingerprints of the sets it was trained and validated on. `older`: it is the one
    before, since the last is damaged."""

    config: TrainConfig
    card: ModelCard
    progress: TrainingProgress
    _tensors: Mapping[str, Tensor]
    _about: Mapping[str, Any]
    data: Mapping[str, str] = field(default_factory=dict)
    older: bool = False

    def check(self, card: ModelCard) -> None:
        """NotReadable unless the training that `card` describes is of the same classes, in the same order."""
        if self.card.identities and self.card.identities != card.identities:
            raise _misfit()

    def restore(self, state: TrainingState) -> None:
        """Weights and optimizer as they were; NotReadable where they do not fit."""
        network = {k.removeprefix("network."): v for k, v in self._tensors.items() if k.startswith("network.")}
        try:
            state.network.load_state_dict(network)
            state.optimizer.load_state_dict(_state_for(state.optimizer, self._tensors, self._about["groups"]))
        except (RuntimeError, LookupError, ValueError) as fault:
            raise _misfit() from fault
        if self._about["scaler"] and state.scaler.is_enabled():
            state.scaler.load_state_dict(self._about["scaler"])

    def restore_random(self) -> None:
        """Put the generators of random numbers back as they were, so that the next step draws what it would have drawn."""
        torch.set_rng_state(self._tensors["random"])
        if "random.cuda" in self._tensors and torch.cuda.is_available():
            torch.cuda.set_rng_state(self._tensors["random.cuda"])
        if "random.mps" in self._tensors and torch.backends.mps.is_available():
            torch.mps.set_rng_state(self._tensors["random.mps"])


def _misfit() -> NotReadable:
    return NotReadable(
        "The checkpoint does not fit this training.",
        "The classes or the network changed since: start a new run, fine-tuned from it.",
    )


def write(
    run: Path,
    config: TrainConfig,
    card: ModelCard,
    progress: TrainingProgress,
    state: TrainingState,
    data: Mapping[str, str] | None = None,
) -> None:
    """Write the run's checkpoint and keep the one before. EngineError where the disk refuses; the old one is whole then."""
    groups = state.optimizer.state_dict()["param_groups"]
    about = {
        "config": json.loads(to_json(config)),
        "card": msgspec.to_builtins(card),
        "place": asdict(progress),  # the name that files of 0.1.0 have
        "groups": [{k: v for k, v in group.items() if not isinstance(v, Tensor)} for group in groups],
        "scaler": state.scaler.state_dict(),
        "data": dict(data or {}),
    }
    tensors = {f"network.{name}": tensor for name, tensor in state.network.state_dict().items()}
    tensors |= _optimizer_tensors(state.optimizer) | _random()
    try:
        bundle.write_tensors(run / CHECKPOINT, tensors, about, run / BEFORE)
    except EngineError:
        if not (run / BEFORE).exists() or not (run / CHECKPOINT).exists():
            raise
        (run / BEFORE).unlink(missing_ok=True)  # the disk is full: one is better than none
        bundle.write_tensors(run / CHECKPOINT, tensors, about)


def read(run: Path) -> Checkpoint | None:
    """The run's last checkpoint, or where it is damaged the one before; None where the training was killed before the first.
    NotReadable where none can be read."""
    last, before = run / CHECKPOINT, run / BEFORE
    if not last.exists() and not before.exists():
        return None
    try:
        return _read(last)
    except NotReadable as fault:
        try:
            return replace(_read(before), older=True)
        except NotReadable:
            raise fault from None


def _read(path: Path) -> Checkpoint:
    tensors, about = bundle.read_tensors(path)
    try:
        config = from_json(json.dumps(about["config"]), TrainConfig)
        card = msgspec.convert(about["card"], ModelCard)
        progress = TrainingProgress(**about["place"])
        rest = {"groups": about["groups"], "scaler": about["scaler"]}
        return Checkpoint(config, card, progress, tensors, rest, dict(about.get("data", {})))
    except (EngineError, LookupError, TypeError, msgspec.ValidationError) as fault:
        raise NotReadable(
            translatable("The checkpoint was written by another version of Contorno."),
            translatable("Go on with that version, or start a new run, fine-tuned from this one."),
        ) from fault


def kept_score(run: Path) -> Validation | None:
    """What the weights in the run's bundle scored; None where there are none that can be read, or none that were scored.

    Asked of the bundle and not of the checkpoint: a kill between the two leaves one of them behind, and what a worse epoch must
    not replace is what lies on the disk.
    """
    try:
        found = bundle.read_card(run / BUNDLE).scores.get("validation")
    except NotReadable:
        return None
    try:
        return None if found is None else Validation(**found)
    except TypeError:  # written by another version
        return None


def _optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """An optimizer's state as named tensors, so that no pickle is needed."""
    state = optimizer.state_dict()["state"]
    return {f"optimizer.{i}.{k}": v for i, one in state.items() for k, v in one.items() if isinstance(v, Tensor)}


def _state_for(
    optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor], groups: list[dict[str, Any]]
) -> dict[str, Any]:
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        if name.startswith("optimizer."):
            _, index, key = name.split(".", 2)
            own = parameters[int(index)]
            # moments in the layout of their weights: the optimizer's fast path takes no others
            value = torch.empty_like(own).copy_(tensor) if tensor.shape == own.shape and tensor.ndim else tensor
            state.setdefault(int(index), {})[key] = value
    return {"state": state, "param_groups": groups}


def _random() -> dict[str, Tensor]:
    """The generators that dropout draws from."""
    found = {"random": torch.get_rng_state()}
    if torch.cuda.is_available():
        found["random.cuda"] = torch.cuda.get_rng_state()
    if torch.backends.mps.is_available():
        found["random.mps"] = torch.mps.get_rng_state()
    return found
