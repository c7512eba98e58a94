"""How sure a score of a whole set is: the interval in which it moves when the set's patients are drawn anew."""

from collections.abc import Callable, Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

_DRAWS = 2000
_SEED = 20240229  # the same cases give the same interval


def bootstrap_interval(
    score: Callable[[NDArray[np.int64]], float | None], groups: Sequence[Hashable], draws: int = _DRAWS
) -> tuple[float, float] | None:
    """The 95 % percentile interval of a score of n cases, which are drawn anew `draws` times by `groups` (n,), their patients.

    `score` gets the drawn cases as indices (m,) int64, with repeats, and gives a finite number or None where none exists (draws
    without one are left out). None where there are fewer than two groups, or more than half of the draws had no score. Source: Efron
    and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13; of clusters: Field and Welsh, 2007.
    """
    members: dict[Hashable, list[int]] = {}
    for at, group in enumerate(groups):
        members.setdefault(group, []).append(at)
    cases = [np.array(each, np.int64) for each in members.values()]
    if len(cases) < 2:
        return None
    drawn = np.random.default_rng(_SEED).integers(0, len(cases), (draws, len(cases)))
    found = [score(np.concatenate([cases[place] for place in places])) for places in drawn]
    known = [each for each in found if each is not None]
    if 2 * len(known) <= draws:
        return None
    low, high = np.quantile(known, (0.025, 0.975))
    return float(low), float(high)
