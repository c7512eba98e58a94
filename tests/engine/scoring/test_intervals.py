import numpy as np
import pytest
from scipy.stats import bootstrap

from engine.scoring.intervals import bootstrap_interval, mean_interval


def test_interval_of_a_mean_is_scipys() -> None:
    values = np.random.default_rng(3).normal(0.8, 0.1, 60)
    low, high = mean_interval(values.tolist(), range(60), 4000) or (0.0, 0.0)
    other = bootstrap((values,), np.mean, method="percentile", n_resamples=4000, random_state=1).confidence_interval
    assert (low, high) == pytest.approx((other.low, other.high), abs=0.004)
    assert mean_interval(values.tolist(), range(60), 4000) == (low, high)  # the same each time


def test_ten_images_of_each_patient_say_less_than_as_many_patients() -> None:
    of_patients = np.random.default_rng(4).normal(0.8, 0.1, 12)
    values = np.repeat(of_patients, 10).tolist()
    together = mean_interval(values, np.repeat(np.arange(12), 10).tolist())
    alone = mean_interval(values, range(120))
    assert together is not None and alone is not None
    assert together[1] - together[0] > 2 * (alone[1] - alone[0])


def test_one_patient_alone_has_no_interval_and_neither_has_what_mostly_does_not_exist() -> None:
    assert mean_interval([0.1, 0.9], ["p", "p"]) is None
    assert bootstrap_interval(lambda places: None if 0 in places else 1.0, range(3)) is None
