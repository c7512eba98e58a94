from collections.abc import Hashable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import bootstrap

from engine.scoring.intervals import DRAWS, bootstrap_interval


def interval(values: NDArray[np.float64], groups: Sequence[Hashable], draws: int = DRAWS) -> tuple[float, float] | None:
    return bootstrap_interval(lambda places: float(values[places].mean()), groups, draws)


def test_interval_of_a_mean_is_scipys() -> None:
    values = np.random.default_rng(3).normal(0.8, 0.1, 60)
    low, high = interval(values, range(60), 4000) or (0.0, 0.0)
    other = bootstrap((values,), np.mean, method="percentile", n_resamples=4000, random_state=1).confidence_interval
    assert (low, high) == pytest.approx((other.low, other.high), abs=0.004)
    assert interval(values, range(60), 4000) == (low, high)  # the same each time


def test_ten_images_of_each_patient_say_less_than_as_many_patients() -> None:
    of_patients = np.random.default_rng(4).normal(0.8, 0.1, 12)
    values = np.repeat(of_patients, 10).tolist()
    together = interval(np.array(values), np.repeat(np.arange(12), 10).tolist())
    alone = interval(np.array(values), range(120))
    assert together is not None and alone is not None
    assert together[1] - together[0] > 2 * (alone[1] - alone[0])


def test_one_patient_alone_has_no_interval_and_neither_has_what_mostly_does_not_exist() -> None:
    assert interval(np.array([0.1, 0.9]), ["p", "p"]) is None
    assert bootstrap_interval(lambda places: None if 0 in places else 1.0, range(3)) is None
    assert bootstrap_interval(lambda places: 1.0, []) is None
