"""How sure a score is: intervals by drawing cases anew, whole patients at a time."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.scoring.classify import ClassifierAnswers, scores_of_said
from engine.scoring.instances import ObjectScores, object_scores
from engine.scoring.metrics import ABSENT, ClassScores, SetScores, mean
from engine.scoring.surface import UNITS, Unit

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
class MaskIntervals:
    """Of a set of masks: of its mean Dice, and of each class, in the order of its scores, Dice, IoU and HD95 by its unit, each over the items
    that have it."""

    mean: Interval | None
    dice: tuple[Interval | None, ...]
    iou: tuple[Interval | None, ...]
    hd95: Mapping[Unit, tuple[Interval | None, ...]]


def mask_intervals(scores: SetScores, groups: Mapping[str, Hashable]) -> MaskIntervals:
    """All from the same draws; None for what is known of one patient alone. `groups`: the patients by the items' names."""
    names = list(scores.classes)
    units = [u for u in UNITS if any(s.unit == u for c in scores.classes.values() for s in c.surfaces)]
    figures: list[Callable[[ClassScores], float | None]] = [lambda c: c.dice, lambda c: c.iou]
    figures += [partial(_hd95, unit=unit) for unit in units]
    values = np.array(
        [[[figure(item.classes.get(n, ABSENT)) for n in names] for figure in figures] for item in scores.items],
        np.float64,
    ).reshape(len(scores.items), len(figures) * len(names))
    known = np.isfinite(values)
    filled, patients = np.where(known, values, 0), [groups[item.name] for item in scores.items]
    means = np.array([_means(filled, known, places) for places in _drawn(patients, DRAWS)])
    means = means.reshape(len(means), len(figures), len(names))
    varies = np.array([_varies(column, patients) for column in known.T], np.bool_).reshape(len(figures), len(names))
    intervals = [
        tuple(_interval(means[:, at, of].tolist()) if varies[at, of] else None for of in range(len(names)))
        for at in range(len(figures))
    ]
    dice = [mean([value for value in row if np.isfinite(value)]) for row in means[:, 0].tolist()]
    return MaskIntervals(
        _interval(dice) if _varies([row.any() for row in known[:, : len(names)]], patients) else None,
        intervals[0],
        intervals[1],
        dict(zip(units, intervals[2:], strict=True)),
    )


def _varies(known: Iterable[object], groups: Sequence[Hashable]) -> bool:
    """Whether a figure is known of more than one group: of one alone every draw gives the same."""
    return len({group for group, there in zip(groups, known, strict=True) if there}) > 1


def _hd95(scored: ClassScores, unit: Unit) -> float | None:
    return scored.surface.hd95 if scored.surface is not None and scored.surface.unit == unit else None


def _means(filled: NDArray[np.float64], known: NDArray[np.bool_], places: NDArray[np.int64]) -> NDArray[np.float64]:
    """Of each column over the cases drawn that have a value, NaN where none has; `filled` is 0 where nothing is `known`."""
    times = np.bincount(places, minlength=len(filled)).astype(np.float64)
    count = times @ known
    return np.where(count > 0, times @ filled / np.maximum(count, 1), np.nan)


@dataclass(frozen=True)
class ClassIntervals:
    """Of one class of a classification."""

    precision: Interval | None
    recall: Interval | None
    f1: Interval | None


@dataclass(frozen=True)
class ClassificationIntervals:
    """Of the scores of a set of whole images, and of its classes by their names."""

    accuracy: Interval | None
    macro_f1: Interval | None
    auc: Interval | None
    classes: Mapping[str, ClassIntervals]


def classification_intervals(answers: ClassifierAnswers, groups: Mapping[int, Hashable]) -> ClassificationIntervals:
    """`groups`: the patients by the items' numbers."""
    of, said, truth = [groups[id] for id in answers.items], answers.predicted(), answers.truth
    drawn = [scores_of_said(said[places], truth[places], answers.names) for places in _drawn(of, DRAWS)]

    def of_class(name: str, key: str) -> Interval | None:
        if key == "recall" and not _varies(truth == answers.names.index(name), of):
            return None
        return _interval([getattr(each.classes[name], key) for each in drawn])

    return ClassificationIntervals(
        _interval([each.accuracy for each in drawn]),
        _interval([each.macro_f1 for each in drawn]),
        bootstrap_interval(lambda places: answers.of(places).scores.auc, of, _CURVES),
        {n: ClassIntervals(*(of_class(n, key) for key in ("precision", "recall", "f1"))) for n in answers.names},
    )


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
