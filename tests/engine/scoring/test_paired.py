"""Two runs on the same cases, beside scipy's bootstrap and its tests."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.scoring.paired import McNemar, mcnemar, paired_difference


def test_the_interval_is_that_of_scipys_bootstrap() -> None:
    rng = np.random.default_rng(3)
    first = rng.uniform(0.7, 0.95, 40)
    second = first - rng.normal(0.02, 0.03, 40)
    found = paired_difference(first.tolist(), second.tolist(), draws=20_000)
    assert found is not None and found.interval is not None
    theirs = stats.bootstrap(
        (first - second,), np.mean, method="percentile", n_resamples=20_000, rng=np.random.default_rng(4)
    ).confidence_interval
    assert found.mean == pytest.approx((first - second).mean())
    assert found.interval == pytest.approx((theirs.low, theirs.high), abs=4e-4)
    assert (found.n, found.groups) == (40, 40)
    assert found == paired_difference(first.tolist(), second.tolist(), draws=20_000), (
        "the same cases, the same interval"
    )


def test_cases_of_one_patient_are_drawn_together() -> None:
    """Copies of a case are no new evidence: ten of each leave the interval as wide as one of each."""
    values = np.random.default_rng(1).normal(0.01, 0.05, 12)
    alone = paired_difference(values.tolist(), [0.0] * 12)
    copies = paired_difference(np.repeat(values, 10).tolist(), [0.0] * 120, [str(n // 10) for n in range(120)])
    naive = paired_difference(np.repeat(values, 10).tolist(), [0.0] * 120)
    assert alone is not None and copies is not None and naive is not None
    assert alone.interval is not None and copies.interval is not None and naive.interval is not None
    assert copies.interval == pytest.approx(alone.interval) and copies.groups == 12
    assert naive.interval[1] - naive.interval[0] < 0.5 * (copies.interval[1] - copies.interval[0])


def test_one_case_has_no_interval_and_none_no_difference() -> None:
    found = paired_difference([0.9], [0.8])
    assert found is not None and found.interval is None and found.mean == pytest.approx(0.1)
    assert paired_difference([], []) is None
    with pytest.raises(ValueError, match="not of the same cases"):
        paired_difference([0.9], [0.8, 0.7])
    with pytest.raises(ValueError, match="no number"):
        paired_difference([float("nan")], [0.8])


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=200))
def test_mcnemar_is_the_binomial_test_of_the_images_in_which_they_differ(pairs: list[tuple[bool, bool]]) -> None:
    found = mcnemar([one for one, _ in pairs], [other for _, other in pairs])
    b, c = sum(one and not other for one, other in pairs), sum(other and not one for one, other in pairs)
    assert (found.first_alone, found.second_alone) == (b, c)
    tail = 2 * stats.binom.cdf(min(b, c), b + c, 0.5)
    assert found.p == pytest.approx(min(tail, 1.0) if b + c else 1.0)


def test_mcnemar_by_hand() -> None:
    """Ten differ, nine of them for the first: 2 * (1 + 10) / 2**10."""
    found = mcnemar([True] * 9 + [False, True], [False] * 9 + [True, True])
    assert found == McNemar(9, 1, 22 / 1024)
    assert mcnemar([], []).p == 1.0
    with pytest.raises(ValueError, match="not of the same images"):
        mcnemar([True], [])
