"""The training loop: batches, steps, validations, checkpoints, until the epochs or the minutes are over. It fits on a screen: `train`."""

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from engine import VERSION
from engine.augment.presets import load_preset, preset_names, save_preset
from engine.config import AUTO, PredictConfig, TrainConfig, check, from_json, to_json
from engine.errors import EngineError, NotReadable
from engine.learning import bundle, classification, device, segmentation
from engine.learning.bundle import Card
from engine.learning.cases import keep_cases
from engine.learning.events import keep_epoch
from engine.learning.learner import Learner, Validation
from engine.learning.predict import Predictor
from engine.progress import BatchDone, EpochDone, Notice, Work
from engine.project.project import Project
from engine.project.runs import BUNDLE
from engine.words import mark

T = TypeVar("T")

CHECKPOINT = "checkpoint.safetensors"

_WARM_UP = 0.05  # of the training: the rate rises, so that the first steps break nothing
_CLIP = 5.0  # longest gradient: one strange batch must not throw the weights away
_VALIDATE_SHARE = 0.1  # of the time may go into validations when minutes are the limit
_SAVE_EVERY = 30.0  # seconds between checkpoints when epochs are shorter
_BAD_IN_A_ROW = 3


@dataclass(frozen=True)
class Outcome:
    """What came of a training. `config` is what Auto made of the wishes; `summary` is what the run's row keeps."""

    config: TrainConfig
    epochs: int
    seconds: float
    score: float | None
    summary: dict[str, Any]
    bundle: Path


def train(project: Path, run: Path, config: TrainConfig, name: str = "", *, resume: bool = False) -> Work[Outcome]:
    """Train on a project's masks or classes as they are now, into the run's folder.

    Yields Progress, Notice, BatchDone and EpochDone. Closing the generator stops the training with its best weights kept;
    a killed one goes on with `resume` from its last checkpoint. `config.minutes` counts from the call, pauses not counted.
    """
    clock = Clock()
    config = _own_preset(run, _kept(run, config) if resume else config)
    torch.manual_seed(config.seed)  # before the network draws its first weights
    with Project.open(project, write=False) as opened:
        prepare = classification.prepare if opened.task == "classification" else segmentation.prepare
        learner = yield from clock.outside(prepare(opened, check(config)))
    yield from clock.outside(iter_events(learner.notices))
    trainer = Trainer(learner, run, name, clock)
    if resume:
        yield from clock.outside(iter_events(trainer.resume()))
    try:
        while not trainer.over:
            for images, targets in trainer.timed(learner.batches(trainer.epoch)):
                trainer.step(images, targets)
                yield from clock.outside(iter_events(trainer.said()))
                if trainer.out_of_time:
                    break
            trainer.epoch += 1
            found = None
            if trainer.due:
                found = yield from clock.outside(trainer.validate())
            done = trainer.end_epoch(found)
            yield from clock.outside(iter_events([done]))
    finally:
        trainer.close()
    return trainer.outcome()


def _kept(run: Path, config: TrainConfig) -> TrainConfig:
    """The settings of a training that goes on: those of its checkpoint, with the limits that are asked for now."""
    path = run / CHECKPOINT
    if not path.exists():
        return config
    kept = from_json(json.dumps(bundle.read_tensors(path)[1]["config"]), TrainConfig)
    return replace(kept, epochs=config.epochs or kept.epochs, minutes=config.minutes or kept.minutes)


def _own_preset(run: Path, config: TrainConfig) -> TrainConfig:
    """An augmentation from a file is copied into the run's folder, since the file may change or move before a resume."""
    own = run / "augmentation.json"
    if config.preset not in (AUTO, *preset_names()) and not own.exists():
        save_preset(own, load_preset(config.preset))
    return replace(config, preset=str(own)) if own.exists() else config


def iter_events(events: list[Any]) -> Work[None]:
    yield from events


class Clock:
    """Seconds of work: time that the caller holds the generator (a pause) does not count."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self._sum, self._since = 0.0, now()

    @property
    def seconds(self) -> float:
        return self._sum + self._now() - self._since

    def add(self, seconds: float) -> None:
        self._sum += seconds

    def outside(self, work: Work[T]) -> Work[T]:
        """Hand on the work's events, the clock standing still while the caller has them."""
        while True:
            try:
                event = next(work)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]
            self._sum = self.seconds
            try:
                yield event
            finally:
                self._since = self._now()


class Trainer:
    """The state of a training: network, optimizer, what was best, and how far it is."""

    def __init__(self, learner: Learner, folder: Path, name: str, clock: Clock) -> None:
        self.learner, self.config, self.folder, self.clock = learner, learner.config, folder, clock
        self.card = replace(
            learner.card, run=name, made=time.strftime("%Y-%m-%d"), program=VERSION, recipe=_recipe(learner.config)
        )
        self.device = device.choose(self.config.device)
        self.dtype, last = device.precision(self.device, self.config.precision, self.config.channels_last)
        self.layout = torch.channels_last if last else torch.contiguous_format
        torch.manual_seed(self.config.seed)
        self.network = learner.network.to(self.device).to(memory_format=self.layout)
        self.optimizer = _optimizer(self.network, self.config)
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=self.dtype == torch.float16)
        asked = PredictConfig(device=self.device.type)
        self.predictor = Predictor(self.network, self.card, asked, _name(self.dtype), self.config.channels_last)
        self.micro = self.config.batch
        self.epoch = self.steps = 0
        self.best: Validation | None = None
        self.last: Validation | None = None
        self._validated = self._saved = self._cost = 0.0  # seconds: when, when, and what a validation takes
        self._bad, self._waiting, self._loss, self._count = 0, 0.0, 0.0, 0
        self._events: list[Any] = []
        self._slowest = 0.0
        self._stale = 0
        self._closed = False

    # How far the training is -----------------------------------------------------------------------------------------

    @property
    def share(self) -> float:
        """How much of the training is done, 0..1, by whichever limit is nearer."""
        by_epoch = self.steps / (self.config.epochs * self.learner.steps) if self.config.epochs else 0.0
        budget = max(1e-6, self._budget - self._reserve)
        by_time = self.clock.seconds / budget if self.config.minutes else 0.0
        return min(1.0, max(by_epoch, by_time))

    @property
    def _budget(self) -> float:
        return self.config.minutes * 60.0

    @property
    def _reserve(self) -> float:
        """Seconds kept for the last validation and for writing the model."""
        return min(self._budget * 0.3, self._cost * 1.2 + self._slowest + 1.0)

    @property
    def out_of_time(self) -> bool:
        return bool(self.config.minutes) and self.clock.seconds >= self._budget - self._reserve

    @property
    def over(self) -> bool:
        early = bool(self.config.patience) and self._stale >= self.config.patience
        return early or self.out_of_time or (bool(self.config.epochs) and self.epoch >= self.config.epochs)

    @property
    def due(self) -> bool:
        """Whether to validate now: after every epoch, or rarer where that would eat the time; always at the end."""
        if self.over or self.last is None or not self.config.minutes:
            return True
        return self.clock.seconds - self._validated >= self._cost / _VALIDATE_SHARE

    # One step --------------------------------------------------------------------------------------------------------

    def timed(self, batches: Iterator[tuple[Tensor, Tensor]]) -> Iterator[tuple[Tensor, Tensor]]:
        """The batches, with the time that the network waited for them."""
        while True:
            start = time.perf_counter()
            batch = next(batches, None)
            self._waiting = time.perf_counter() - start
            if batch is None:
                return
            yield batch

    def step(self, images: Tensor, targets: Tensor) -> None:
        """One optimizer step, in smaller parts where the memory is too small for the whole batch."""
        start = time.perf_counter()
        rate = self.config.rate * schedule(self.share)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.network.train()
        loss = self._backward(images, targets)
        if math.isfinite(loss):
            self.scaler.unscale_(self.optimizer)
            nn.utils.clip_grad_norm_(self.network.parameters(), _CLIP)
            self.scaler.step(self.optimizer)
            self.scaler.update()
            self._bad = 0
            self._loss, self._count = self._loss + loss, self._count + 1
        else:
            self._not_finite()
        self.steps += 1
        taken = time.perf_counter() - start
        self._slowest = max(self._slowest, taken) if self.steps > 2 else 0.0
        self._events.append(self._batch_event(loss, rate, len(images), taken))

    def _backward(self, images: Tensor, targets: Tensor) -> float:
        while True:
            try:
                return self._accumulate(images, targets)
            except (RuntimeError, MemoryError) as fault:
                if not device.is_out_of_memory(fault):
                    raise
                if self.micro == 1:
                    raise EngineError(
                        "The memory is too small for a single image of this training.",
                        "Choose a smaller image size or patch, a smaller network, or the CPU.",
                    ) from fault
            device.free(self.device)
            self.micro = max(1, self.micro // 2)
            self._events.append(
                Notice(
                    mark("The memory was too small: the batch is now computed in parts of {count}."),
                    {"count": self.micro},
                )
            )

    def _accumulate(self, images: Tensor, targets: Tensor) -> float:
        self.optimizer.zero_grad(set_to_none=True)
        total = 0.0
        for start in range(0, len(images), self.micro):
            part = images[start : start + self.micro].to(self.device, memory_format=self.layout, non_blocking=True)
            truth = targets[start : start + self.micro].to(self.device, non_blocking=True)
            share = len(part) / len(images)
            with torch.autocast(self.device.type, self.dtype, enabled=self.dtype != torch.float32):
                logits = self.network(part)
            loss = self.learner.loss(logits, truth) * share
            self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
            total += float(loss.detach())
        return total

    def _not_finite(self) -> None:
        """A loss that is no number: pass the batch over; several in a row mean the weights are lost."""
        self._bad += 1
        if self._bad < _BAD_IN_A_ROW:
            return
        self._bad = 0
        self.config = replace(self.config, rate=self.config.rate / 2)
        if (self.folder / CHECKPOINT).exists():
            self._load_state(*bundle.read_tensors(self.folder / CHECKPOINT), position=False)
        self._events.append(
            Notice(mark("The loss was no longer a number: back to the last good weights, with half the learning rate."))
        )

    def _batch_event(self, loss: float, rate: float, images: int, taken: float) -> BatchDone:
        share = self.share
        left = self.clock.seconds * (1 - share) / share if share > 0.01 else None
        if self.config.minutes and not self.config.epochs:
            left = max(0.0, self._budget - self.clock.seconds)
        busy = taken + self._waiting
        place = self.steps - self.epoch * self.learner.steps
        return BatchDone(
            self.epoch + 1, place, self.learner.steps, loss, rate, images / busy, self._waiting / busy, share, left
        )

    def said(self) -> list[Any]:
        """Events since the last call."""
        events, self._events = self._events, []
        return events

    # Between epochs --------------------------------------------------------------------------------------------------

    def validate(self) -> Work[Validation]:
        start = self.clock.seconds
        self.network.eval()
        found = yield from self.learner.validate(self.predictor)
        self._cost = max(self.clock.seconds - start, 0.05)
        self._validated = self.clock.seconds
        return found

    def end_epoch(self, found: Validation | None) -> EpochDone:
        """Keep the weights if they are the best, save the checkpoint, and tell."""
        better = found is not None and self._keeps(found)
        if found is not None:
            self.last = found
            self._stale = 0 if better else self._stale + 1
            self.best = found if better else self.best
            # the checkpoint first: where there is a model, a killed training can be resumed too
            if self.clock.seconds - self._saved >= _SAVE_EVERY or not self._saved or self.config.epochs:
                self._save()
            if better:
                bundle.save(self.folder / BUNDLE, self._signed(found), self.network.state_dict())
        loss = self._loss / self._count if self._count else float("nan")
        self._loss, self._count = 0.0, 0
        done = EpochDone(
            epoch=self.epoch,
            epochs=self.config.epochs or None,
            train_loss=loss,
            val_loss=found.loss if found else None,
            score=found.score if found else None,
            best=better,
            seconds=self.clock.seconds,
            dice=found.dice if found else {},
            accuracy=found.accuracy if found else None,
            macro_f1=found.macro_f1 if found else None,
            auc=found.auc if found else None,
            cases=found.cases if found else (),
        )
        keep_epoch(self.folder, done)
        keep_cases(self.folder, done.cases)
        return done

    def _keeps(self, found: Validation) -> bool:
        """Whether these weights replace the kept ones. The annealed end does so unless it is worse by more than the noise of the
        validation: the best of many epochs on few cases is luck."""
        if self.best is None or self.best.score is None or found.score is None:
            return True
        slack = self.best.noise if self.over else 0.0
        return found.score >= self.best.score - slack

    def _signed(self, found: Validation) -> Card:
        scores = {
            k: v for k, v in asdict(found).items() if k in ("score", "loss", "dice", "accuracy", "macro_f1", "auc")
        }
        return replace(self.card, scores={"validation": scores, "epoch": self.epoch})

    # Checkpoints -----------------------------------------------------------------------------------------------------

    def _save(self) -> None:
        tensors, groups = _flat_state(self.optimizer)
        tensors |= {f"network.{k}": v for k, v in self.network.state_dict().items()}
        tensors["random"] = torch.get_rng_state()
        about = {
            "config": json.loads(to_json(self.config)),
            "epoch": self.epoch,
            "steps": self.steps,
            "seconds": self.clock.seconds,
            "groups": groups,
            "best": None if self.best is None else asdict(replace(self.best, cases=())),
            "stale": self._stale,
        }
        bundle.write_tensors(self.folder / CHECKPOINT, tensors, about)
        self._saved = self.clock.seconds

    def resume(self) -> list[Notice]:
        """Go on from the checkpoint; from the beginning where there is none (the training was killed before the first)."""
        path = self.folder / CHECKPOINT
        if not path.exists():
            return [Notice(mark("There was no checkpoint yet: the training begins anew."))]
        self._load_state(*bundle.read_tensors(path), position=True)
        return [Notice(mark("Going on after epoch {epoch}."), {"epoch": self.epoch})]

    def _load_state(self, tensors: Mapping[str, Tensor], about: Mapping[str, Any], *, position: bool) -> None:
        network = {k.removeprefix("network."): v for k, v in tensors.items() if k.startswith("network.")}
        try:
            self.network.load_state_dict(network)
            _load_flat_state(self.optimizer, tensors, about["groups"])
        except (RuntimeError, KeyError) as fault:
            raise NotReadable(
                "The checkpoint does not fit this training.",
                "The classes or the network changed since: start a new run, fine-tuned from it.",
            ) from fault
        if not position:
            return
        torch.set_rng_state(tensors["random"].cpu())
        self.epoch, self.steps, self._stale = about["epoch"], about["steps"], about["stale"]
        self.clock.add(about["seconds"])
        if about["best"] is not None:
            self.best = Validation(**about["best"])
            self.last = self.best

    def close(self) -> None:
        """Leave a usable model behind, however the training ended: before its first validation the weights as they are."""
        if self._closed:
            return
        self._closed = True
        if self.steps and not (self.folder / BUNDLE).exists():
            bundle.save(self.folder / BUNDLE, self.card, self.network.state_dict())

    def outcome(self) -> Outcome:
        best = self.best
        summary: dict[str, Any] = {
            "arch": self.config.arch,
            "encoder": self.config.encoder,
            "epochs": self.epoch,
            "seconds": self.clock.seconds,
            "size": self.card.size,
            "patch": self.card.patch,
        }
        if best is not None:
            summary |= {
                "score": best.score,
                "dice": best.dice,
                "accuracy": best.accuracy,
                "macro_f1": best.macro_f1,
                "auc": best.auc,
            }
        return Outcome(
            self.config, self.epoch, self.clock.seconds, best.score if best else None, summary, self.folder / BUNDLE
        )


def schedule(share: float) -> float:
    """The learning rate's factor: a linear rise over the first twentieth, then half a cosine down to nearly nothing
    (Loshchilov and Hutter 2017) at the end of the epochs or of the time."""
    if share < _WARM_UP:
        return max(share / _WARM_UP, 0.02)
    return 0.005 + 0.995 * (1 + math.cos(math.pi * (share - _WARM_UP) / (1 - _WARM_UP))) / 2


def _optimizer(network: nn.Module, config: TrainConfig) -> torch.optim.Optimizer:
    """Weight decay on matrices and filters alone: biases and norms are not what overfits."""
    wide = [p for p in network.parameters() if p.requires_grad and p.ndim > 1]
    flat = [p for p in network.parameters() if p.requires_grad and p.ndim <= 1]
    groups = [{"params": wide, "weight_decay": config.weight_decay}, {"params": flat, "weight_decay": 0.0}]
    match config.optimizer:
        case "adam":
            return torch.optim.Adam(groups, lr=config.rate)
        case "sgd":
            return torch.optim.SGD(groups, lr=config.rate, momentum=0.9, nesterov=True)
        case "rmsprop":
            return torch.optim.RMSprop(groups, lr=config.rate, momentum=0.9)
        case _:
            return torch.optim.AdamW(groups, lr=config.rate)


def _flat_state(optimizer: torch.optim.Optimizer) -> tuple[dict[str, Tensor], list[dict[str, Any]]]:
    """An optimizer's state as named tensors and plain groups, so that no pickle is needed."""
    state = optimizer.state_dict()
    tensors = {
        f"optimizer.{i}.{k}": v for i, one in state["state"].items() for k, v in one.items() if isinstance(v, Tensor)
    }
    return tensors, [{k: v for k, v in group.items() if not isinstance(v, Tensor)} for group in state["param_groups"]]


def _load_flat_state(
    optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor], groups: list[dict[str, Any]]
) -> None:
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        if name.startswith("optimizer."):
            _, index, key = name.split(".", 2)
            state.setdefault(int(index), {})[key] = tensor
    optimizer.load_state_dict({"state": state, "param_groups": groups})


def _recipe(config: TrainConfig) -> dict[str, Any]:
    """The settings as the card keeps them: files by their names alone, since a path may name a patient."""
    plain: dict[str, Any] = json.loads(to_json(config))
    for key in ("weights", "preset"):
        plain[key] = Path(plain[key]).name
    return plain


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
