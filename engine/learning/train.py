"""The training loop: batches, steps, validations, checkpoints, until the epochs or the minutes are over. It fits on a screen: `train`."""

import contextlib
import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import torch
from torch import Tensor, nn

from engine import VERSION, atomic, catalog
from engine.augment.presets import load_preset, preset_names, save_preset
from engine.config import AUTO, PredictConfig, Split, TrainConfig, check, without_paths
from engine.errors import EngineError
from engine.imaging.geometry import SideAxis
from engine.labels.sides import side_pairs
from engine.learning import bundle, checkpoint, classification, device, instances, models, segmentation
from engine.learning.bundle import ModelCard
from engine.learning.checkpoint import CHECKPOINT, Checkpoint, TrainingState
from engine.learning.events import keep_epoch
from engine.learning.learner import Batch, Learner, Validation
from engine.learning.likeness import ImageFacts
from engine.learning.mixed import computing_in
from engine.learning.own_start import training_data
from engine.learning.pace import ThreadWatch
from engine.learning.predict import Predictor
from engine.learning.schedule import Clock, Schedule, TrainingProgress, rate_factor
from engine.progress import BatchDone, EpochDone, Notice, Work
from engine.project.project import Project
from engine.project.runs import BUNDLE, Learnt, RunSummary, keep_learnt, learnt_before, read_learnt
from engine.words import translatable

_CLIP = 5.0  # longest gradient: one strange batch must not throw the weights away
_SAVE_EVERY = 30.0  # seconds between checkpoints: so much a kill may cost
_SAVE_SHARE = 0.05  # of the time may go into checkpoints: those of a large network come more rarely
_BAD_IN_A_ROW = 3
_SETS: tuple[Split, ...] = ("train", "val")
_LABELLED = "{} labelled"  # beside the fingerprint of a set; checkpoints of before do not have it
_PREPARE = {
    "segmentation": segmentation.prepare,
    "instances": instances.prepare,
    "classification": classification.prepare,
}


@dataclass(frozen=True)
class Plan:
    """What a training would be. `config` has no "auto" left in it, `said` is why, `timings` are (side in px, images a second), and
    `side_axes` how left and right lie in a sample of its images, which nobody looks at where no names of classes are left and right."""

    config: TrainConfig
    said: tuple[Notice, ...]
    timings: tuple[tuple[int, float], ...]
    side_axes: frozenset[SideAxis]


@dataclass(frozen=True)
class Outcome:
    """What came of a training. `config` is what Auto made of the wishes; `summary` is what the run's row keeps."""

    config: TrainConfig
    epochs: int
    seconds: float
    score: float | None
    summary: RunSummary
    bundle: Path


def train(
    project: Path,
    run: Path,
    config: TrainConfig,
    name: str = "",
    *,
    resume: bool = False,
    clock: Clock | None = None,
    until: float = 1.0,
) -> Work[Outcome]:
    """Train on a project's masks or classes as they are now, into the run's folder: bundle, checkpoint, events, cases.

    Yields Progress, Notice, BatchDone and EpochDone. Closing the generator stops the training with its best weights kept;
    a killed one goes on with `resume` from its last checkpoint. `config.minutes` counts from the call, pauses not counted;
    with `resume`, a `config` that has a limit replaces the run's epochs and minutes by its own, and nothing else. `name` goes into the
    card. At the share `until` (0..1) of its epochs or minutes it is validated and comes back, to go on with `resume` as if it had not.
    Raises EngineError where there is nothing to train on, memory or disk are too small, or the checkpoint is damaged or unfit.
    """
    clock = clock or Clock()
    kept = checkpoint.read(run) if resume else None
    config = _with_own_preset(run, _with_limits(kept.config, config) if kept else config)
    torch.manual_seed(config.seed)  # before the network draws its first weights
    with Project.open(project, write=False) as opened:
        prepare = _PREPARE[task_of(opened, config)]
        learner = yield from clock.paused_while_yielding(prepare(opened, config, kept.card if kept else None))
        learnt, leaks = _learnt(opened, learner, run)
        data = {str(name): opened.fingerprint(name) for name in _SETS}
        data |= {_LABELLED.format(name): opened.labelled_fingerprint(name) for name in _SETS}
    yield from clock.paused_while_yielding(iter_events([*learner.notices, *leaks]))
    atomic.make_folder(run)  # somebody may have cleared it away
    keep_learnt(run, learnt)
    trainer = Trainer(learner, run, name, clock, data, until)
    if resume:
        trainer.go_on(kept)
    del kept  # as large as the network and its moments
    try:
        yield from clock.paused_while_yielding(iter_events(trainer.drain_events()))
        while not trainer.schedule.over:
            for images, targets in trainer.batches():
                trainer.step(images, targets)
                trainer.save_in_time()
                yield from clock.paused_while_yielding(iter_events(trainer.drain_events()))
            found = (yield from clock.paused_while_yielding(trainer.validate())) if trainer.schedule.due else None
            done = trainer.end_epoch(found)
            yield from clock.paused_while_yielding(iter_events([*trainer.drain_events(), done]))
        yield from clock.paused_while_yielding(trainer.look_at_mirror_images())
        yield from clock.paused_while_yielding(iter_events(trainer.drain_events()))
    finally:
        trainer.close()
    return trainer.outcome()


def plan(project: Path, config: TrainConfig, seconds: float | None = None) -> Work[Plan]:
    """What a training with these settings would be: what Auto chooses and why. Nothing is trained; some steps are timed, for at most so
    many seconds.

    Raises EngineError where there is nothing to train on.
    """
    with Project.open(project, write=False) as opened:
        task = task_of(opened, config)
        if task == "classification":
            classes = classification.planned(opened, config)
            paired = side_pairs([one.name for one in opened.classes])
            if not paired:
                return Plan(classes.config, classes.said, (), frozenset({"across"}))
            _, facts = yield from classification.survey(classes.train)
            return Plan(classes.config, classes.said, (), _side_axes(facts))
        if task == "instances":
            objects = yield from instances.planned(opened, config)
            return Plan(objects.config, objects.said, (), _side_axes(objects.images))
        found = yield from segmentation.planned(opened, config, seconds=seconds)
    return Plan(found.config, found.said, found.pace.points if found.pace else (), _side_axes(found.facts))


def _side_axes(facts: Iterable[ImageFacts]) -> frozenset[SideAxis]:
    return frozenset(one.side_axis for one in facts)


def task_of(project: Project, config: TrainConfig) -> str:
    """What is learnt, by the names of the catalog's tasks: what the network is for, or in a project of objects the objects.

    EngineError where the network is for another task than the project's.
    """
    catalog.check_task(check(config), project.task)
    if config.arch != AUTO:
        return catalog.find(config.arch).task
    if config.start_from:
        return bundle.read_card(project.runs.source(config).model()).task
    return {"classification": "classification", "instance": "instances"}.get(project.task, "segmentation")


def _learnt(project: Project, learner: Learner, folder: Path) -> tuple[Learnt, list[Notice]]:
    """The items that the weights come from: those of this training, also before it went on, and of the run that it starts from; and that some
    of those are there to judge it now."""
    items, start = learner.items | read_learnt(folder).items, None
    if learner.config.start_from:
        with contextlib.suppress(EngineError):  # removed since: what goes on has its items already
            start = project.runs.source(learner.config)
    before = start.learnt_items() if start is not None else frozenset()
    learnt = Learnt(items | before, training_data(project))
    count = learnt_before(project.items.all(), before)
    if start is None or not count:
        return learnt, []
    one, many = (
        translatable("{run} learnt from 1 item that is in the validation or test set now: scores there say too much."),
        translatable(
            "{run} learnt from {count} items that are in the validation or test set now: scores there say too much."
        ),
    )
    return learnt, [Notice(one if count == 1 else many, {"run": start.name, "count": count})]


def _with_limits(kept: TrainConfig, asked: TrainConfig) -> TrainConfig:
    """The settings of a training that goes on, with the limits and the device that are asked for now, if any are."""
    kept = replace(kept, device=kept.device if asked.device == AUTO else asked.device)
    if not (asked.epochs or asked.minutes):
        return kept
    return replace(kept, epochs=asked.epochs, minutes=asked.minutes)


def _with_own_preset(run: Path, config: TrainConfig) -> TrainConfig:
    """An augmentation from a file is copied into the run's folder, since the file may change or move before a resume."""
    own = run / "augmentation.json"
    if config.preset not in (AUTO, *preset_names()) and not own.exists():
        save_preset(own, load_preset(config.preset))
    return replace(config, preset=str(own)) if own.exists() else config


def iter_events(events: list[Any]) -> Work[None]:
    yield from events


class Trainer:
    """A training under way: network, optimizer, what was best, and how far it is."""

    def __init__(
        self,
        learner: Learner,
        folder: Path,
        name: str,
        clock: Clock,
        data: Mapping[str, str] | None = None,
        until: float = 1.0,
    ) -> None:
        self.learner, self.config, self.folder, self.clock = learner, learner.config, folder, clock
        self.card = replace(
            learner.card,
            run=name,
            made=time.strftime("%Y-%m-%d"),
            program=VERSION,
            recipe=without_paths(learner.config) | learner.card.recipe,
        )
        self.device = device.choose(self.config.device)
        self.card.recipe.update(
            sets=dict(learner.sets), machine=_machine(self.device), watches_threads=learner.watches_threads
        )
        self.dtype, last = device.precision(self.device, self.config.precision, self.config.channels_last)
        self.layout = torch.channels_last if last else torch.contiguous_format
        torch.manual_seed(self.config.seed)
        self.network = learner.network.to(self.device).to(memory_format=self.layout)
        self._encoder = models.encoder_parameters(self.network, learner.card.task)
        self._encoder_norms = _norms_of(self.network, self._encoder)
        self.optimizer = _optimizer(self.network, self.config, self._encoder)
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=self.dtype == torch.float16)
        self._state = TrainingState(self.network, self.optimizer, self.scaler)
        asked = PredictConfig(device=self.device.type)
        self.predictor = Predictor(self.network, self.card, asked, _name(self.dtype), self.config.channels_last)
        self.data = dict(data or {})
        self._kept_at = 0  # the epoch whose weights the model has
        self._anew = False  # the best score is of another validation set
        self._judged_on: dict[str, str] = {}  # what told that one, until there is a score of the present one
        self.micro = self.config.batch
        self.best: Validation | None = None
        size = sum(t.nbytes for t in self.network.parameters())
        progress = TrainingProgress(preparing=clock.seconds)
        self.schedule = Schedule(self.config, learner.steps, clock, progress, size, until)
        self.schedule.looks = 2.2 * (learner.mirrors and bool(self.config.minutes) and until == 1.0)
        self._saved = clock.seconds  # when
        self._whole, self._unsaved, self._closed = True, False, False
        self._waiting = 0.0
        self._coming: Iterator[Batch] = iter(())  # what the epoch that is open still has
        self._drawn: list[Batch | None] = []  # of it, before its turn; None is its end
        self.draws_ahead = self.device.type == "cuda"
        """Whether the next batch is drawn while the device computes this one: where that is the CPU, nothing is won."""
        self._events: list[Any] = []
        self._events += _encoder_notices(self.config, bool(self._encoder))
        self._threads_before = torch.get_num_threads()
        self._watch: ThreadWatch | None = None
        if self.device.type == "cpu" and self.config.threads:
            self._take_threads(self.config.threads)

    def _take_threads(self, asked: int) -> None:
        """Compute with as many threads as were asked for and as there are cores, and watch whether fewer were better."""
        cores = device.threads()
        threads = min(asked, cores)  # more wait for one another: minutes a step
        if threads < asked:
            self._say(
                translatable("{asked} threads were asked for: this machine has {cores} cores, and that many compute."),
                asked=asked,
                cores=cores,
            )
        torch.set_num_threads(threads)
        if self.learner.watches_threads:
            self._watch = ThreadWatch(threads, cores, self.clock.seconds)

    @property
    def progress(self) -> TrainingProgress:
        return self.schedule.progress

    # One step --------------------------------------------------------------------------------------------------------

    def batches(self) -> Iterator[Batch]:
        """What is left of the epoch, with the time taken that the network waits for it."""
        schedule = self.schedule
        if schedule.cut and not self.progress.steps:
            self._say(
                translatable(
                    "Preparing took all of the time: the network learns for one step only. Give it more minutes."
                )
            )
        self._coming, self._drawn = self.learner.batches(self.progress.epoch, self.progress.step), []
        while not (schedule.cut and self.progress.steps):
            self._waiting = 0.0 if self._drawn else self._draw(schedule.share)
            batch = self._drawn.pop()
            if batch is None:
                return
            yield batch

    def _draw(self, share: float) -> float:
        """Draw the epoch's next batch, that of the training's `share`; the seconds that it took."""
        start = self.clock.seconds
        self.learner.share = share
        self._drawn.append(next(self._coming, None))
        return self.clock.seconds - start

    def step(self, images: Tensor, targets: Tensor) -> None:
        """One optimizer step, in smaller parts where the memory is too small for the whole batch."""
        start = self.clock.seconds
        rate = self.config.rate * rate_factor(self.schedule.share)
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group.get("share", 1.0)
        self._set_training()
        # a forward pass moves the norms' running statistics, which no later check of the loss could undo
        statistics = [buffer.clone() for buffer in self.network.buffers()]
        self._whole = False
        computing = device.Stopwatch(self.device)
        total = self._backward(images, targets, statistics)
        computing.stop()
        if self.draws_ahead:
            self._draw(self.schedule.next_share)
        drawn = computing.elapsed
        loss = float(total)  # until here a graphics card computes
        idle = max(0.0, drawn - computing.seconds)
        if math.isfinite(loss) and self._update_weights():
            self.progress.bad = 0
            self.progress.loss, self.progress.counted = self.progress.loss + loss, self.progress.counted + 1
        else:
            self._reset(statistics)
            self._not_finite()
        taken = self.clock.seconds - start
        self.schedule.stepped(taken)
        self._whole = self._unsaved = True
        self._events.append(self._batch_event(loss, rate, len(images), taken, idle))
        if self._watch is not None:
            self._events += self._watch.stepped(self.clock.seconds, taken, images.shape[0] * images[0, 0].numel())

    def _set_training(self) -> None:
        """All in training mode, but an encoder that is frozen yet: its weights and the statistics of its norms stay."""
        frozen = self.progress.epoch < self.config.frozen
        for parameter in self._encoder:
            parameter.requires_grad_(not frozen)
        self.network.train()
        for norm in self._encoder_norms:
            norm.train(not frozen)

    def _update_weights(self) -> bool:
        """One step of the optimizer; False where it is no number, and the weights stay."""
        self.scaler.unscale_(self.optimizer)
        length = nn.utils.clip_grad_norm_(self.network.parameters(), _CLIP)
        if not self.scaler.is_enabled() and not bool(length.isfinite()):  # the scaler looks for itself
            return False
        try:
            self.scaler.step(self.optimizer)
        except (RuntimeError, MemoryError) as fault:
            if not device.is_out_of_memory(fault):
                raise
            raise EngineError(
                "The memory is too small for training this network.", "Choose a smaller network, or the CPU."
            ) from fault
        self.scaler.update()
        return True

    def _backward(self, images: Tensor, targets: Tensor, statistics: Sequence[Tensor]) -> Tensor:
        # parts: some networks take none of one image
        most = max(1, len(images) // models.least_batch(self.config.arch))
        while True:
            parts = min(most, -(-len(images) // self.micro))
            try:
                return self._accumulate(images.tensor_split(parts), targets.tensor_split(parts))
            except (RuntimeError, MemoryError) as fault:
                if not device.is_out_of_memory(fault):
                    raise
                if parts == most:
                    raise EngineError(
                        translatable("The memory is too small for a single image of this training.")
                        if len(images) == most
                        else translatable(
                            "The memory is too small for the fewest images that this network learns from at a time."
                        ),
                        "Choose a smaller image size or patch, a smaller network, or the CPU.",
                    ) from fault
            except ValueError as fault:
                if "more than 1 value per channel" not in str(fault):
                    raise
                raise EngineError(
                    "This network cannot learn from one image at a time.", "Choose a batch of 2 or more."
                ) from fault
            device.free(self.device)
            self._reset(statistics)
            self.micro = -(-len(images) // min(most, 2 * parts))
            self._say(
                translatable("The memory was too small: the batch is now computed in parts of {count}."),
                count=self.micro,
            )

    def _accumulate(self, images: Sequence[Tensor], targets: Sequence[Tensor]) -> Tensor:
        self.optimizer.zero_grad(set_to_none=True)
        total, count = torch.zeros((), device=self.device), sum(map(len, images))
        for part, truth in zip(images, targets, strict=True):
            part = part.to(self.device, memory_format=self.layout, non_blocking=True)
            truth = truth.to(self.device, non_blocking=True)
            with computing_in(self.dtype, self.device):
                output = self.network(part, truth) if self.learner.takes_targets else self.network(part)
            loss = self.learner.loss(output, truth) * (len(part) / count)
            self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
            total += loss.detach()
        return total

    def _reset(self, statistics: Sequence[Tensor]) -> None:
        with torch.no_grad():
            for buffer, before in zip(self.network.buffers(), statistics, strict=True):
                buffer.copy_(before)

    def _not_finite(self) -> None:
        """A loss or gradient that is no number: the batch is passed over; several in a row mean that the steps are too long."""
        self.progress.bad += 1
        if self.progress.bad < _BAD_IN_A_ROW:
            return
        self.progress.bad = 0
        self.config = replace(self.config, rate=self.config.rate / 2)
        kept = checkpoint.read(self.folder)
        if kept is None:
            self._say(translatable("The loss was no longer a number: going on with half the learning rate."))
            return
        kept.restore(self._state)
        self._say(
            translatable("The loss was no longer a number: back to the last good weights, with half the learning rate.")
        )

    def _batch_event(self, loss: float, rate: float, images: int, taken: float, idle: float) -> BatchDone:
        """`taken` are the step's seconds, `idle` those of it in which data were drawn and nothing was computed."""
        busy = taken + self._waiting
        return BatchDone(
            self.progress.epoch + 1,
            self.progress.step,
            self.learner.steps,
            loss,
            rate,
            images / busy,
            (self._waiting + idle) / busy,
            self.schedule.share,
            self.schedule.left,
        )

    def _say(self, message: str, **values: object) -> None:
        self._events.append(Notice(message, values))

    def drain_events(self) -> list[Any]:
        """Events since the last call."""
        events, self._events = self._events, []
        return events

    # Between epochs --------------------------------------------------------------------------------------------------

    def validate(self) -> Work[Validation]:
        start = self.clock.seconds
        self.network.eval()
        found = yield from self.learner.validate(self.predictor)
        self.schedule.validated(self.clock.seconds - start)
        return found

    def end_epoch(self, found: Validation | None) -> EpochDone:
        """Keep the weights if they are the best, and tell. Only then is the epoch over: where the disk refuses, it is validated again
        when the training goes on."""
        gain = found is not None and self._is_gain(found)
        better = found is not None and self._is_better(found)
        if found is not None and better:
            if not (self.folder / CHECKPOINT).exists():
                self._save()  # where there is a model, a killed training can be resumed too
            bundle.save(
                self.folder / BUNDLE, self._card_with_scores(found, self.progress.epoch + 1), self.network.state_dict()
            )
            self._kept_at = self.progress.epoch + 1
        done = EpochDone(
            epoch=self.progress.epoch + 1,
            epochs=self.config.epochs or None,
            train_loss=self.progress.loss / self.progress.counted if self.progress.counted else float("nan"),
            val_loss=found.loss if found else None,
            score=_number(found.score) if found else None,
            best=better,
            seconds=self.clock.seconds,
            dice=found.dice if found else {},
            accuracy=found.accuracy if found else None,
            macro_f1=found.macro_f1 if found else None,
            auc=found.auc if found else None,
            ap50=found.ap50 if found else None,
            cases=found.cases if found else (),
        )
        keep_epoch(self.folder, done)
        if found is not None:
            self.best = found if better else self.best
            self._wait(found, gain)
        self.progress.next_epoch()
        self._unsaved = True
        self.save_in_time()
        return done

    def look_at_mirror_images(self) -> Work[None]:
        """Where the last weights are the kept ones: whether the average over mirror images is better on the validation set, item by item
        and by more than its standard error. Then the model predicts so."""
        found = self.best
        if not self.schedule.looks or found is None or len(found.items) < 3 or self._kept_at != self.progress.epoch:
            return
        card = replace(self.card, mirrored=True)
        self.network.eval()
        predictor = Predictor(self.network, card, self.predictor.config, _name(self.dtype), self.config.channels_last)
        mirrored = yield from self.learner.validate(predictor)
        if len(mirrored.items) != len(found.items) or found.score is None or mirrored.score is None:
            return
        gains = [now - before for now, before in zip(mirrored.items, found.items, strict=True)]
        if mean(gains) > stdev(gains) / math.sqrt(len(gains)) and mirrored.score > found.score:
            self.card = card
            bundle.save(self.folder / BUNDLE, self._card_with_scores(found, self._kept_at), self.network.state_dict())
            self._say(
                translatable(
                    "Predictions are averaged with those of the mirror image: Dice {now:.3f} instead of {before:.3f} on the validation set."
                ),
                now=mirrored.score,
                before=found.score,
            )

    def _is_gain(self, found: Validation) -> bool:
        """Whether patience begins anew: at a higher score alone, since an equal one is the plateau that it waits for."""
        if self.best is None or self._anew:
            return True
        score, best = _number(found.score), _number(self.best.score)
        return score is not None and (best is None or score > best)

    def _wait(self, found: Validation, gain: bool) -> None:
        """Count the validations without gain. Where none has a score, nothing says that the training stands still."""
        if found.score is not None or (self.best is not None and self.best.score is not None):
            self.progress.stale = 0 if gain else self.progress.stale + 1
        elif self.config.patience and not self.progress.epoch:
            self._say(translatable("Nothing is validated, so the training does not stop early."))

    def _is_better(self, found: Validation) -> bool:
        """Whether these weights replace the kept ones; of equals the later do, which were trained longer. The annealed end does so unless it is worse by more than the noise of the
        validation: the best of many epochs on few cases is luck."""
        if self.best is None or self._anew:
            self._anew = False
            return True
        score, best = _number(found.score), _number(self.best.score)
        if score is None or best is None:
            nothing_to_choose_by = found.score is None and self.best.score is None
            return score is not None or nothing_to_choose_by
        slack = self.best.noise if self.schedule.annealed else 0.0
        return score >= best - slack

    def _card_with_scores(self, found: Validation, epoch: int) -> ModelCard:
        scores = asdict(replace(found, cases=(), items=()))
        del scores["cases"], scores["items"]
        return replace(self.card, scores={"validation": scores, "epoch": epoch})

    # Checkpoints -----------------------------------------------------------------------------------------------------

    def save_in_time(self) -> None:
        """Write a checkpoint where the last is old; not of weights that the last batches may have led astray."""
        pause = max(_SAVE_EVERY, self.schedule.writing / _SAVE_SHARE)
        if not self.progress.bad and self.clock.seconds - self._saved >= pause:
            self._save()

    def _save(self) -> None:
        start = self.progress.seconds = self.clock.seconds
        data = self.data | (self._judged_on if self._anew else {})
        checkpoint.write(self.folder, self.config, self.card, self.progress, self._state, data)
        self._saved, self._unsaved = self.clock.seconds, False
        self.schedule.writing = self._saved - start

    def go_on(self, kept: Checkpoint | None) -> None:
        """Go on from a checkpoint; from the beginning where there is none (the training was killed before the first)."""
        if kept is None:
            self._say(translatable("There was no checkpoint yet: the training begins anew."))
            return
        kept.check(self.card)
        kept.restore(self._state)
        kept.restore_random()
        self.schedule.progress = replace(kept.progress, preparing=kept.progress.preparing + self.progress.preparing)
        self.clock.add(kept.progress.seconds)
        self._saved = self.clock.seconds
        self.best = checkpoint.kept_score(self.folder)
        changed = {key for key, value in kept.data.items() if value != self.data.get(key)}
        if {"train", _LABELLED.format("train")} & changed:
            self._say(
                translatable(
                    "The training set has changed since (its images, masks, classes, or what of it is labelled)."
                )
            )
        validation = {"val", _LABELLED.format("val")}
        if validation & changed:
            self._anew, self._judged_on = True, {key: kept.data[key] for key in validation & kept.data.keys()}
            self._say(
                translatable(
                    "The validation set has changed since: scores before and after do not compare, the best model is chosen anew."
                )
            )
        if kept.older:
            self._say(translatable("The last checkpoint is damaged: the one before it is used."))
        if self.progress.step:
            self._say(
                translatable("Going on in epoch {epoch} after step {step}."),
                epoch=self.progress.epoch + 1,
                step=self.progress.step,
            )
        else:
            self._say(translatable("Going on after epoch {epoch}."), epoch=self.progress.epoch)
        if self.schedule.over:
            self._say(translatable("Its epochs or minutes were used up already: give it more of them."))

    def close(self) -> None:
        """However the training ended: leave a checkpoint of its last whole step, and a usable model, before the first validation of the
        weights as they are."""
        if self._closed:
            return
        self._closed = True
        torch.set_num_threads(self._threads_before)
        if self._whole and self._unsaved:
            self._save()
        if self.progress.steps and not (self.folder / BUNDLE).exists():
            bundle.save(self.folder / BUNDLE, self.card, self.network.state_dict())

    def outcome(self) -> Outcome:
        best, epochs, seconds = self.best, self.progress.epoch, self.clock.seconds
        score = _number(best.score) if best else None
        summary = RunSummary(
            arch=self.config.arch,
            encoder=self.config.encoder,
            size=self.card.size,
            patch=self.card.patch,
            epochs=epochs,
            seconds=seconds,
            sets=dict(self.learner.sets),
            machine=_machine(self.device),
        )
        if best is not None:
            summary = replace(
                summary,
                score=score,
                dice=best.dice,
                accuracy=best.accuracy,
                macro_f1=best.macro_f1,
                auc=best.auc,
                ap50=best.ap50,
            )
        return Outcome(self.config, epochs, seconds, score, summary, self.folder / BUNDLE)


def _encoder_notices(config: TrainConfig, has_encoder: bool) -> list[Notice]:
    """What holding the encoder back comes to where it has nothing to keep, or is not there."""
    if not config.frozen and config.encoder_rate == 1.0:
        return []
    if not has_encoder:
        return [Notice(translatable("This network has no encoder of its own: all of it learns alike."))]
    if config.weights == "none" and not config.start_from:
        return [
            Notice(translatable("The encoder that is held back starts from random weights: it has nothing to keep."))
        ]
    return []


def _norms_of(network: nn.Module, encoder: Sequence[nn.Parameter]) -> list[nn.Module]:
    """The layers of the encoder that keep running statistics."""
    own = set(encoder)
    with_statistics = [m for m in network.modules() if getattr(m, "running_mean", None) is not None]
    return [m for m in with_statistics if own.issuperset(m.parameters(recurse=False))]


def _optimizer(network: nn.Module, config: TrainConfig, encoder: Sequence[nn.Parameter]) -> torch.optim.Optimizer:
    """Weight decay on matrices and filters alone: biases and norms are not what overfits. Where the encoder has a rate of its own it
    stands in groups of its own, with its "share" of the rate."""
    own = set(encoder) if config.encoder_rate != 1.0 else set()
    parts = [(1.0, [p for p in network.parameters() if p not in own])]
    parts += [(config.encoder_rate, list(encoder))] if own else []
    groups: list[dict[str, Any]] = []
    for share, parameters in parts:
        for decay, wide in ((config.weight_decay, True), (0.0, False)):
            chosen = [p for p in parameters if p.requires_grad and (p.ndim > 1) == wide]
            groups.append({"params": chosen, "weight_decay": decay, **({"share": share} if own else {})})
    fused = device.fuses_optimizers(next(network.parameters()).device)
    match config.optimizer:
        case "adam":
            return torch.optim.Adam(groups, lr=config.rate, fused=fused)
        case "sgd":
            # one pass over all weights asks for the momentum of all, which those of a frozen encoder do not have
            return torch.optim.SGD(groups, lr=config.rate, momentum=0.9, nesterov=True)
        case "rmsprop":
            return torch.optim.RMSprop(groups, lr=config.rate, momentum=0.9)
        case _:
            return torch.optim.AdamW(groups, lr=config.rate, fused=fused)


def _machine(chosen: torch.device) -> str:
    """What trains, in a word that tells no host's or user's name."""
    if chosen.type == "cuda":
        return torch.cuda.get_device_name(chosen)
    return f"CPU, {device.threads()} threads" if chosen.type == "cpu" else chosen.type.upper()


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _number(score: float | None) -> float | None:
    """A score that is no number says as little as none."""
    return score if score is not None and math.isfinite(score) else None
