"""How sure a score is: intervals by drawing cases anew, whole patients at a time."""

from collections.abc import Callable, Hashable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Interval: TypeAlias = tuple[float, float]

DRAWS = 1000
_SEED = 20240229  # the same cases give the same interval


def bootstrap_interval(
    statistic: Callable[[NDArray[np.int64]], float | None], groups: Sequence[Hashable], draws: int = DRAWS
) -> Interval | None:
    """The 95 % percentile interval of a statistic of cases; None where one group alone cannot say how it varies.

    `statistic` takes the places (m,) of the cases drawn, some of them more than once, and gives the score or None where there is none.
    `groups` (n,) are the patients of the cases: cases of one patient are not independent. Source: Efron and Tibshirani, "An Introduction
    to the Bootstrap", 1993, chapter 13; of clusters: Field and Welsh, "Bootstrapping clustered data", 2007.
    """
    members: dict[Hashable, list[int]] = {}
    for place, group in enumerate(groups):
        members.setdefault(group, []).append(place)
    if len(members) < 2:
        return None
    places = [np.array(each, np.int64) for each in members.values()]
    drawn = np.random.default_rng(_SEED).integers(0, len(places), (draws, len(places)))
    found = (statistic(np.concatenate([places[at] for at in row])) for row in drawn)
    known = [value for value in found if value is not None and np.isfinite(value)]
    if len(known) < draws / 2:  # what mostly does not exist has no interval either
        return None
    low, high = np.quantile(known, (0.025, 0.975))
    return float(low), float(high)


def mean_interval(values: Sequence[float], groups: Sequence[Hashable], draws: int = DRAWS) -> Interval | None:
    """As `bootstrap_interval`, of the mean of the cases' `values` (n,)."""
    array = np.asarray(values, np.float64)
    return bootstrap_interval(lambda places: float(array[places].mean()), groups, draws)
