"""Whether two runs differ on the same cases: the mean difference with its interval, and McNemar's test of two classifiers."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_DRAWS = 5000
_SEED = 20240229  # the same cases give the same interval
_DRAWN_AT_ONCE = 1_000_000  # groups: all draws of tens of thousands of patients would fill gigabytes


@dataclass(frozen=True)
class PairedDifference:
    """`mean` of the differences (first minus second), and the 95 % interval of it, None where one group alone cannot say how it
    varies; `n` cases in `groups` groups."""

    mean: float
    interval: tuple[float, float] | None
    n: int
    groups: int


def paired_difference(
    first: Sequence[float], second: Sequence[float], groups: Sequence[Hashable] | None = None, draws: int = _DRAWS
) -> PairedDifference | None:
    """The mean difference of two scores of the same cases, with the percentile interval of a bootstrap; None without any case.

    `first` and `second` (n,) are any scores. What is drawn anew are `groups`, the patients: cases of one patient are not independent.
    Without them each case is one. Raises ValueError where lengths differ or a score is no number. Source: Efron and Tibshirani, "An
    Introduction to the Bootstrap", 1993, chapter 13; of clusters: Field and Welsh, "Bootstrapping clustered data", 2007.
    """
    differences = np.asarray(first, np.float64) - np.asarray(second, np.float64)
    if len(first) != len(second) or (groups is not None and len(groups) != len(first)):
        raise ValueError(f"{len(first)} and {len(second)} scores are not of the same cases")
    if not np.isfinite(differences).all():
        raise ValueError("a score is no number")
    if not len(differences):
        return None
    sums, sizes = _by_group(differences, range(len(differences)) if groups is None else groups)
    mean = float(differences.mean())
    if len(sums) < 2:
        return PairedDifference(mean, None, len(differences), len(sums))
    random, means, at_once = np.random.default_rng(_SEED), [], max(1, _DRAWN_AT_ONCE // len(sums))
    for start in range(0, draws, at_once):
        drawn = random.integers(0, len(sums), (min(at_once, draws - start), len(sums)))
        means += (sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)).tolist()
    low, high = np.quantile(means, (0.025, 0.975))
    return PairedDifference(mean, (float(low), float(high)), len(differences), len(sums))


def _by_group(
    values: NDArray[np.float64], groups: Sequence[Hashable]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The sum of the values of each group, and how many there are."""
    places = {group: at for at, group in enumerate(dict.fromkeys(groups))}
    index = np.array([places[group] for group in groups])
    return np.bincount(index, values).astype(np.float64), np.bincount(index).astype(np.float64)


@dataclass(frozen=True)
class McNemar:
    """Images that the first of two classifiers alone calls rightly, those that the second alone does, and `p`, the chance of so
    uneven a share or a more uneven one where both are equally good (two-sided)."""

    first_alone: int
    second_alone: int
    p: float


def mcnemar(first: Sequence[bool], second: Sequence[bool]) -> McNemar:
    """Compare which of the same images (n,) two classifiers call rightly, by the exact binomial test of those in which they differ.

    Raises ValueError where lengths differ. Source: McNemar, "Note on the sampling error of the difference between correlated
    proportions or percentages", 1947; the exact form: Fagerland et al., "The McNemar test for binary matched-pairs data", 2013.
    """
    one, other = np.asarray(first, bool), np.asarray(second, bool)
    if one.shape != other.shape or one.ndim != 1:
        raise ValueError(f"{one.shape} and {other.shape} answers are not of the same images")
    b, c = int((one & ~other).sum()), int((~one & other).sum())
    if not b + c:
        return McNemar(0, 0, 1.0)
    from scipy.stats import binomtest  # half a second, and the window needs none of it

    return McNemar(b, c, float(binomtest(b, b + c, 0.5).pvalue))
