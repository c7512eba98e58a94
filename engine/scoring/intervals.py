"""How sure a score is: intervals by drawing cases anew, whole patients at a time."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.scoring.classify import ClassifierAnswers
from engine.scoring.instances import ObjectScores, object_scores
from engine.scoring.metrics import SetScores

Interval: TypeAlias = tuple[float, float]

DRAWS = 1000
_CURVES = 500  # draws of what sorts all cases once a class
_SEED = 20240229  # the same cases give the same interval


def bootstrap_interval(
    statistic: Callable[[NDArray[np.int64]], float | None], groups: Sequence[Hashable], draws: int = DRAWS
) -> Interval | None:
    """The 95 % percentile interval of a statistic of cases; None where one group alone cannot say how it varies.

    `statistic` takes the places (m,) of the cases drawn, some of them more than once, and gives the score or None where there is none.
    `groups` (n,) are the patients of the cases: cases of one patient are not independent. Source: Efron and Tibshirani, "An Introduction
    to the Bootstrap", 1993, chapter 13; of clusters: Field and Welsh, "Bootstrapping clustered data", 2007.
    """
    return _interval([statistic(places) for places in _drawn(groups, draws)])


def _drawn(groups: Sequence[Hashable], draws: int) -> Iterator[NDArray[np.int64]]:
    """The places of the cases of each draw of whole groups; none where there is one group alone."""
    members: dict[Hashable, list[int]] = {}
    for place, group in enumerate(groups):
        members.setdefault(group, []).append(place)
    if len(members) < 2:
        return
    places = [np.array(each, np.int64) for each in members.values()]
    for row in np.random.default_rng(_SEED).integers(0, len(places), (draws, len(places))):
        yield np.concatenate([places[at] for at in row])


def _interval(values: Sequence[float | None]) -> Interval | None:
    """The middle 95 % of what the draws gave."""
    known = [value for value in values if value is not None and np.isfinite(value)]
    if not known or len(known) < len(values) / 2:  # what mostly does not exist has no interval either
        return None
    low, high = np.quantile(known, (0.025, 0.975))
    return float(low), float(high)


@dataclass(frozen=True)
class DiceIntervals:
    """Of the mean Dice of a set, and of the Dice of each class in the order of its scores, over the items that have it."""

    mean: Interval | None
    classes: tuple[Interval | None, ...]


def dice_intervals(scores: SetScores, groups: Mapping[str, Hashable]) -> DiceIntervals:
    """`groups`: the patients by the items' names."""
    names = list(scores.classes)
    dice = np.array(
        [[item.classes[n].dice if n in item.classes else None for n in names] for item in scores.items], np.float64
    ).reshape(len(scores.items), len(names))

    def of_classes(places: NDArray[np.int64]) -> NDArray[np.float64]:
        known = np.isfinite(dice[places])
        count = known.sum(axis=0)
        total = np.where(known, dice[places], 0).sum(axis=0)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)

    def mean(places: NDArray[np.int64]) -> float | None:
        found = of_classes(places)
        return float(np.nanmean(found)) if np.isfinite(found).any() else None

    of = [groups[item.name] for item in scores.items]
    by_class = [
        bootstrap_interval(lambda places, at=at: float(of_classes(places)[at]), of)  # type: ignore[misc]
        for at in range(len(names))
    ]
    return DiceIntervals(bootstrap_interval(mean, of), tuple(by_class))


@dataclass(frozen=True)
class ClassificationIntervals:
    """Of the scores of a set of whole images."""

    accuracy: Interval | None
    macro_f1: Interval | None
    auc: Interval | None


def classification_intervals(answers: ClassifierAnswers, groups: Mapping[int, Hashable]) -> ClassificationIntervals:
    """`groups`: the patients by the items' numbers."""
    of = [groups[id] for id in answers.items]

    def interval(name: str) -> Interval | None:
        def statistic(places: NDArray[np.int64]) -> float | None:
            found: float | None = getattr(answers.of(places).scores, name)
            return found

        return bootstrap_interval(statistic, of, _CURVES if name == "auc" else DRAWS)

    return ClassificationIntervals(interval("accuracy"), interval("macro_f1"), interval("auc"))


OBJECT_MEANS = ("ap", "ap50", "ap75", "f1", "dice")
"""Figures of objects that have a mean over the classes."""

OBJECT_COUNTS = ("found", "missed", "extra", "split", "merged")


@dataclass(frozen=True)
class ObjectIntervals:
    """Of the objects of a set: of each class, in the order of their scores, the OBJECT_MEANS and OBJECT_COUNTS, and the OBJECT_MEANS over
    the classes."""

    mean: Mapping[str, Interval | None]
    classes: tuple[Mapping[str, Interval | None], ...]


def object_intervals(scores: ObjectScores, names: Sequence[str], groups: Mapping[str, Hashable]) -> ObjectIntervals:
    """`names` are all classes, 1 the first, of which `scores` may have some alone; `groups`: the patients by the items' names. A draw
    holds as many patients as there are, so counts are of a set as large as this one."""
    of = [groups[item.name] for item in scores.items]
    drawn = [_of_known(scores, names, places) for places in _drawn(of, _CURVES)]

    def of_class(name: str, key: str) -> Interval | None:
        return _interval([getattr(each.classes[name], key) for each in drawn])

    return ObjectIntervals(
        mean={key: _interval([getattr(each, key) for each in drawn]) for key in OBJECT_MEANS},
        classes=tuple({key: of_class(name, key) for key in (*OBJECT_MEANS, *OBJECT_COUNTS)} for name in scores.classes),
    )


def _of_known(scores: ObjectScores, names: Sequence[str], places: NDArray[np.int64]) -> ObjectScores:
    drawn = object_scores([scores.items[at] for at in places], names)
    return ObjectScores({name: drawn.classes[name] for name in scores.classes})
