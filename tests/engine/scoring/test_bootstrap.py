"""The interval of a score: against scipy's bootstrap, and by patients."""

import numpy as np
import pytest
from scipy.stats import bootstrap

from engine.scoring.bootstrap import bootstrap_interval

RIGHT = np.random.default_rng(3).random(200) < 0.8


def test_agrees_with_scipy() -> None:
    found = bootstrap_interval(lambda drawn: float(RIGHT[drawn].mean()), range(len(RIGHT)))
    theirs = bootstrap((RIGHT.astype(float),), np.mean, method="percentile", rng=np.random.default_rng(1))
    assert found == pytest.approx(tuple(theirs.confidence_interval), abs=0.01)


def test_cases_of_one_patient_are_drawn_together() -> None:
    doubled = np.repeat(RIGHT, 2)
    as_patients = bootstrap_interval(lambda drawn: float(doubled[drawn].mean()), [n // 2 for n in range(len(doubled))])
    alone = bootstrap_interval(lambda drawn: float(RIGHT[drawn].mean()), range(len(RIGHT)))
    assert as_patients == alone
    apart = bootstrap_interval(lambda drawn: float(doubled[drawn].mean()), range(len(doubled)))
    assert apart is not None and as_patients is not None
    assert apart[1] - apart[0] < as_patients[1] - as_patients[0]


def test_what_cannot_vary_has_no_interval() -> None:
    assert bootstrap_interval(lambda drawn: 1.0, []) is None
    assert bootstrap_interval(lambda drawn: 1.0, ["P"] * 5) is None
    assert bootstrap_interval(lambda drawn: None, range(5)) is None
    assert bootstrap_interval(lambda drawn: 0.5, range(5)) == (0.5, 0.5)
