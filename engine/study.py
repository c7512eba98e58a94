"""A study: networks and values of their settings that are tried one after the other under one budget. Plain data; what trains them is
`engine.learning.tune`."""

import itertools
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Literal, TypeAlias

from engine.config import TrainConfig, check, option, option_of
from engine.errors import EngineError
from engine.words import translatable

TrialState: TypeAlias = Literal["waiting", "training", "paused", "finished", "stopped", "failed"]
StudyState: TypeAlias = Literal["waiting", "running", "paused", "finished"]
Combination: TypeAlias = dict[str, str]
"""What one trial sets, as `--set` takes it; "arch" is the network."""

Measure: TypeAlias = Literal["accuracy", "mean_dice", "object_f1"]
"""By what all trials of a study are judged, on the validation set and on the test set."""

MEASURE_NAMES: dict[Measure, str] = {
    "accuracy": translatable("accuracy"),
    "mean_dice": translatable("mean Dice"),
    "object_f1": translatable("F1 of the objects"),
}

BY_OBJECTS = translatable(
    "All are judged by the F1 of the objects at IoU 0.5 on the validation set, at each rung: of networks that make class maps, the connected parts or a watershed are the objects, whichever is better there."
)
"""What `object_f1` is, in a sentence."""

GRID, TPE = SEARCHES = ("grid", "tpe")
ARCH = "arch"
HALVING = 3
"""At each rung the best of so many trials goes on; two at least, so that the best two can be compared."""
LEVELS = (1 / HALVING**2, 1 / HALVING, 1.0)
"""Shares of a whole training at which the trials are compared."""

_GOING = ("waiting", "training", "paused")
_MOST = 1000  # combinations that are listed: more are never tried
_USED = 0.97  # of the budget is planned with: files are written between the trainings
_FIXED = (ARCH, "epochs", "minutes", "device", "seed", "start_from")


@dataclass(frozen=True)
class StudyConfig:
    """One study. `vary` holds for each setting the values to try, as `--set` takes them: a setting of a network's own is varied in the
    networks that have it. `base` is what all trials share, `measure` what all are judged by."""

    networks: tuple[str, ...] = ()
    vary: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    base: TrainConfig = TrainConfig()
    minutes: float = option(
        30.0,
        translatable("Time for all"),
        translatable("Minutes for the whole study; 0 lets the epochs decide."),
        low=0.0,
        high=100000.0,
        unit="min",
    )
    trials: int = option(
        0, translatable("Trials"), translatable("How many combinations are tried; 0: all."), low=0, high=_MOST
    )
    search: str = option(
        GRID,
        translatable("Search"),
        translatable(
            "grid: all combinations, or as many as are tried drawn at random; tpe: the next by the scores so far."
        ),
        choices=SEARCHES,
    )
    halving: bool = option(
        True,
        translatable("Stop weak trials early"),
        translatable(
            "All train for a ninth of the time; the best third of them goes on to a third, and the best third of those to the end."
        ),
    )
    measure: Measure | None = None

    def judged_by(self, task: str) -> Measure:
        """By what its trials are judged: `measure`, which a study keeps from its beginning. One of before that has none; of objects, those
        were judged by the mean Dice."""
        return self.measure or ("mean_dice" if task == "instance" else measure(task))


@dataclass(frozen=True)
class Trial:
    """One combination and what came of it. `run` is its run's number, None before it began or where the run was removed.

    `score` is what the halving goes by, `validated` what is shown (by the study's measure) and `auc`, all 0..1 and of the validation;
    `rungs` are the scores at the levels of the study that it has reached. `share` of a whole training is done (0..1). A paused trial
    waits for the others at its rung, a stopped one was not among the best there.
    """

    number: int
    settings: Combination = field(hash=False)
    state: TrialState = "waiting"
    run: int | None = None
    score: float | None = None
    validated: float | None = None
    auc: float | None = None
    rungs: tuple[float, ...] = ()
    share: float = 0.0
    seconds: float = 0.0
    parameters: int | None = None
    reason: str = ""

    @property
    def arch(self) -> str:
        return self.settings[ARCH]

    @property
    def first(self) -> float | None:
        """The score at the first level, where all trials compare."""
        return self.rungs[0] if self.rungs else None


def measure(task: str) -> Measure:
    """What every network of the project's task can be judged by: of objects their F1 at IoU 0.5, since an AP asks how sure a network is of
    each, which those that make class maps do not say."""
    if task == "classification":
        return "accuracy"
    return "object_f1" if task == "instance" else "mean_dice"


def measure_of(read: Mapping[str, object]) -> Measure:
    """By what a reading of the test set judged, as `Study.test` keeps it of a run."""
    named = read.get("measure")
    if named == "object_f1":
        return "object_f1"
    return "mean_dice" if "mean_dice" in read else "accuracy"


def lectures_study(task: str, minutes: float = 30.0) -> StudyConfig:
    """The lecture's project: a multilayer perceptron, a CNN of 1998 and one of today, or three networks that segment (of objects: one that
    finds them one by one, and two whose class maps are taken apart), each with three learning rates."""
    networks = {
        "classification": ("mlp", "lenet5", "resnet18"),
        "instance": ("mask-rcnn-light", "unet-smp", "linknet"),
    }.get(task, ("unet-smp", "linknet", "fpn"))
    return StudyConfig(networks, {"rate": ("0.0003", "0.001", "0.003")}, minutes=minutes)


# the catalog is loaded where it is asked: a project is opened with its studies, and the first window does not wait for it


def checked(config: StudyConfig, task: str) -> StudyConfig:
    """The study itself where every trial could begin. EngineError naming what is unknown, unfit or missing."""
    from engine.catalog import find

    check(config)
    if not config.networks:
        raise EngineError(
            translatable("The study has no networks."), translatable("Name those that are to be compared.")
        )
    for place, name in enumerate(config.networks):
        find(name, task)
        if name in config.networks[:place]:
            raise EngineError(
                translatable("The network {name} stands twice in the study."),
                translatable("Name each once."),
                name=name,
            )
    if bool(config.minutes) == bool(config.base.epochs):
        raise EngineError(
            translatable("A study ends by its minutes or by the epochs of its trainings."),
            translatable("Give one of the two."),
        )
    for key, values in config.vary.items():
        _check_varied(config, key, values)
    for settings in combinations(config):
        check(trial_config(config, settings))
    return config


def _check_varied(config: StudyConfig, key: str, values: Sequence[str]) -> None:
    if key in _FIXED:
        raise EngineError(
            translatable("{key} is not varied by a study."), translatable("It is chosen for the whole study."), key=key
        )
    if not values or len(set(values)) < len(values):
        raise EngineError(
            translatable("The values of {key} are missing or stand twice."), translatable("Name each once."), key=key
        )
    if not any(_varies(name, key, values) for name in config.networks):
        if key == "weights":
            raise EngineError(
                translatable("None of the networks has ImageNet weights."),
                translatable("Add one that has, or do not vary the start."),
            )
        raise EngineError(
            translatable("None of the networks has a setting {key}."),
            translatable("The settings of all are: {known}."),
            key=key,
            known=", ".join(sorted(_common() - set(_FIXED))),
        )


def _common() -> set[str]:
    return {item.name for item in fields(TrainConfig) if option_of(item)}


def _has(network: str, key: str) -> bool:
    from engine.catalog import network_options

    return key in _common() or key in {item.name for item in fields(network_options(network))}


def varied(config: StudyConfig, network: str) -> dict[str, tuple[str, ...]]:
    """The settings that are varied in this network, with their values."""
    return {key: values for key, values in config.vary.items() if _varies(network, key, values)}


def _varies(network: str, key: str, values: Sequence[str]) -> bool:
    """A network that has no ImageNet weights is left to start as it does."""
    from engine.catalog import find

    if key == "weights" and "imagenet" in values:
        return find(network).starts_from_imagenet
    return _has(network, key)


def combinations(config: StudyConfig) -> list[Combination]:
    """All that the study could try, network by network; at most 1000."""
    found: list[Combination] = []
    for network in config.networks:
        choices = varied(config, network)
        for values in itertools.product(*choices.values()):
            if len(found) == _MOST:
                return found
            found.append({ARCH: network, **dict(zip(choices, values, strict=True))})
    return found


def drawn(config: StudyConfig) -> list[Combination]:
    """The combinations in the order in which they are tried: drawn at random by the seed, the networks in turn, so that a study which
    is cut short has tried each of them."""
    draw = random.Random(config.base.seed)
    by_network = [[c for c in combinations(config) if c[ARCH] == network] for network in config.networks]
    for each in by_network:
        draw.shuffle(each)
    turns = [c for turn in itertools.zip_longest(*by_network) for c in turn if c is not None]
    return turns[: config.trials or None]


def count(config: StudyConfig) -> int:
    """How many trials there will be at most."""
    there = len(combinations(config))
    return min(config.trials, there) if config.trials else there


def trial_config(config: StudyConfig, settings: Combination) -> TrainConfig:
    """What a trial trains with. EngineError where a setting cannot be."""
    from engine.catalog import with_settings

    rest = {key: value for key, value in settings.items() if key != ARCH}
    options = {key: value for key, value in config.base.options.items() if _has(settings[ARCH], key)}
    base = replace(config.base, arch=settings[ARCH], options=options)
    return replace(with_settings(base, rest), minutes=whole_minutes(config))


def levels(config: StudyConfig) -> tuple[float, ...]:
    """The shares of a whole training at which trials are compared, the last 1."""
    return LEVELS if config.halving and count(config) > 2 else (1.0,)


def kept(trials: int) -> int:
    """How many of so many trials go on."""
    return min(trials, max(2, -(-trials // HALVING)))


def whole_minutes(config: StudyConfig) -> float:
    """How long a trial trains that is never stopped: so long that all together fill the budget. 0 where the epochs decide."""
    going, done, cost = count(config), 0.0, 0.0
    for level in levels(config):
        cost += going * (level - done)
        going, done = kept(going), level
    return config.minutes * _USED / cost


def next_trial(trials: Sequence[Trial]) -> Trial | None:
    """Which trial trains next: the one that a kill ended, or the first of those that have come least far. None where all came to their
    end."""
    going = [trial for trial in trials if trial.state in _GOING]
    ended = next((trial for trial in going if trial.state == "training"), None)
    return ended or min(going, key=lambda trial: (len(trial.rungs), trial.number), default=None)


def weak_trials(trials: Sequence[Trial]) -> list[Trial]:
    """Those that do not go on: where all that are left wait at the same rung, and more than go on from there.

    Source: Jamieson and Talwalkar, "Non-stochastic best arm identification and hyperparameter optimization", 2016.
    """
    going = [trial for trial in trials if trial.state in _GOING]
    rungs = {len(trial.rungs) if trial.state == "paused" else 0 for trial in going}
    if len(rungs) != 1 or not (level := max(rungs)):
        return []
    most = kept(sum(len(trial.rungs) >= level for trial in trials))
    return sorted(going, key=lambda trial: (-trial.rungs[-1], trial.parameters or 0, trial.number))[most:]


def winner(trials: Sequence[Trial]) -> Trial | None:
    """The trial with a run that did best on the validation: by what is shown and then by AUC, as the best of all runs is chosen; the
    smaller network of equals. None where nothing was validated."""
    ranked = ranking(trials)
    return ranked[0] if ranked else None


def ranking(trials: Sequence[Trial]) -> list[Trial]:
    """The trials that were validated and whose runs are there, the best first."""

    def rank(trial: Trial) -> tuple[float, float, int]:
        auc = -1.0 if trial.auc is None else trial.auc
        return -(trial.validated or 0.0), -auc, trial.parameters or 0

    return sorted((t for t in trials if t.validated is not None and t.run is not None), key=rank)


def effects(trials: Sequence[Trial]) -> dict[str, dict[str, float]]:
    """For each setting and each of its values the mean of what its trials scored at the first rung, where all compare."""
    found: dict[str, dict[str, list[float]]] = {}
    for trial in trials:
        if trial.first is not None:
            for key, value in trial.settings.items():
                found.setdefault(key, {}).setdefault(value, []).append(trial.first)
    return {key: {value: sum(s) / len(s) for value, s in values.items()} for key, values in found.items()}


@dataclass(frozen=True)
class ParallelAxis:
    """One axis of a parallel plot: the values on it from bottom to top; a score's are its ends as texts."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class ParallelPlot:
    """Axes from left to right, and for each trial by its number where it crosses them: 0 (bottom) to 1 (top), None where the trial has
    no such setting. The last axis is the score `low` to `high`."""

    axes: tuple[ParallelAxis, ...]
    lines: Mapping[int, tuple[float | None, ...]]
    low: float
    high: float


def parallel_plot(config: StudyConfig, trials: Sequence[Trial]) -> ParallelPlot:
    """The trials that have a score, drawn through what they set."""
    axes = [ParallelAxis(ARCH, config.networks), *(ParallelAxis(key, values) for key, values in config.vary.items())]
    scored = {trial.number: trial.validated for trial in trials if trial.validated is not None}
    low, high = (min(scored.values()), max(scored.values())) if scored else (0.0, 1.0)
    lines: dict[int, tuple[float | None, ...]] = {}
    for trial in trials:
        if trial.number in scored:
            places = [_place(axis, trial.settings.get(axis.name)) for axis in axes]
            top = (scored[trial.number] - low) / (high - low) if high > low else 1.0
            lines[trial.number] = (*places, top)
    return ParallelPlot(tuple(axes), lines, low, high)


def _place(axis: ParallelAxis, value: str | None) -> float | None:
    if value not in axis.values:
        return None
    return axis.values.index(value) / (len(axis.values) - 1) if len(axis.values) > 1 else 0.5
