from collections.abc import Hashable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import bootstrap

from engine.labels.instances import Instances
from engine.scoring.instances import match_objects, object_scores
from engine.scoring.intervals import DRAWS, bootstrap_interval, dice_intervals, object_intervals
from engine.scoring.metrics import ClassScores, ItemScores, set_scores


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


def test_a_class_that_is_called_mean_is_not_the_mean_of_the_classes() -> None:
    items = [
        ItemScores(str(n), {"mean": ClassScores(10, 10, n), "weighted": ClassScores(10, 10, 10)}) for n in range(1, 9)
    ]
    found = dice_intervals(set_scores(items, ["mean", "weighted"]), {item.name: item.name for item in items})
    of_class, other = found.classes
    assert other == (1.0, 1.0) and found.mean is not None and of_class is not None
    assert found.mean == pytest.approx(tuple((1 + end) / 2 for end in of_class)), "half of it is the other class"


def test_objects_of_a_class_that_is_called_mean_are_not_the_mean_of_the_classes() -> None:
    def drawing(*ids: int) -> Instances:
        return Instances(np.array([[ids]], np.uint16), np.array([0, 1, 2], np.uint8))

    both, one = drawing(1, 0, 2, 0), drawing(0, 0, 2, 0)
    matches = [match_objects(str(n), both, both if n % 2 else one) for n in range(8)]
    names = ["mean", "dirt"]
    found = object_intervals(object_scores(matches, names), names, {one.name: one.name for one in matches})
    of_class, other = found.classes
    assert other["f1"] == (1.0, 1.0) and "found" in of_class and "found" not in found.mean
    low, high = of_class["f1"] or (1.0, 0.0)
    assert low < high and found.mean["f1"] == pytest.approx(((1 + low) / 2, (1 + high) / 2))
