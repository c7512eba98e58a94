from collections.abc import Callable, Hashable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import bootstrap

from engine.labels.instances import Instances
from engine.scoring.classify import ClassificationScores, ClassifierAnswers
from engine.scoring.instances import match_objects, object_scores
from engine.scoring.intervals import (
    DRAWS,
    bootstrap_interval,
    classification_intervals,
    mask_intervals,
    object_intervals,
)
from engine.scoring.metrics import ClassScores, ItemScores, mean, set_scores
from engine.scoring.surface import SurfaceScores, Unit


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
    found = mask_intervals(set_scores(items, ["mean", "weighted"]), {item.name: item.name for item in items})
    of_class, other = found.dice
    assert other == (1.0, 1.0) and found.mean is not None and of_class is not None
    assert found.mean == pytest.approx(tuple((1 + end) / 2 for end in of_class)), "half of it is the other class"


def test_iou_and_distances_are_drawn_as_the_dice_is() -> None:
    draw = np.random.default_rng(5)

    def scored(place: int) -> ClassScores:
        far = None if place % 4 == 3 else float(draw.uniform(1, 9))
        unit: Unit = "px" if place % 4 == 2 else "mm"
        return ClassScores(20, 20, int(draw.integers(5, 20)), SurfaceScores(far, far, 0.5, 2.0, unit))

    items = [ItemScores(str(place), {"liver": scored(place), "spleen": ClassScores(0, 0, 0)}) for place in range(40)]
    groups = {item.name: int(item.name) // 2 for item in items}
    found = mask_intervals(set_scores(items, ["liver", "spleen"]), groups)
    of = list(groups.values())

    def expected(figure: Callable[[ClassScores], float | None]) -> tuple[float, float] | None:
        return bootstrap_interval(lambda places: mean(figure(items[at].classes["liver"]) for at in places), of)

    def in_unit(unit: str) -> Callable[[ClassScores], float | None]:
        return lambda each: each.surface.hd95 if each.surface is not None and each.surface.unit == unit else None

    pairs = [(found.dice, lambda each: each.dice), (found.iou, lambda each: each.iou)]
    pairs += [(found.hd95["mm"], in_unit("mm")), (found.hd95["px"], in_unit("px"))]
    for (of_liver, of_spleen), figure in pairs:
        assert of_liver is not None and of_liver[0] < of_liver[1] and of_liver == pytest.approx(expected(figure))
        assert of_spleen is None, "in neither mask of any item"
    assert found.mean == pytest.approx(found.dice[0])
    assert list(found.hd95) == ["mm", "px"]


def test_what_is_known_of_one_patient_alone_has_no_interval() -> None:
    """However many others there are in which it does not exist: each draw that has it says the same."""
    away: tuple[float | None, ...] = (2.0, 4.0, *[None] * 28)
    scored = [ClassScores(9, 9, 9, SurfaceScores(far, None, None, 2.0)) for far in away]
    items = [ItemScores(str(place), {"liver": one}) for place, one in enumerate(scored)]
    found = mask_intervals(set_scores(items, ["liver"]), {item.name: item.name for item in items})
    assert found.hd95 == {"mm": ((2.0, 4.0),)}, "some 87 % of the draws hold one that has a distance"
    two = {item.name: "p" if item.name in "01" else item.name for item in items}
    assert mask_intervals(set_scores(items, ["liver"]), two).hd95 == {"mm": (None,)}
    alone = mask_intervals(set_scores(items, ["liver"]), dict.fromkeys((item.name for item in items), "p"))
    assert (alone.mean, alone.dice, alone.hd95) == (None, (None,), {"mm": (None,)})


def test_a_class_of_one_patient_has_no_interval_of_its_recall() -> None:
    draw = np.random.default_rng(2)
    truth = np.array([0] * 12 + [1] * 4)
    shares = draw.random((16, 2)).astype(np.float32)
    answers = ClassifierAnswers(tuple(range(16)), shares / shares.sum(axis=1, keepdims=True), truth, ("a", "b"))
    found = classification_intervals(answers, {place: min(place, 12) for place in range(16)}).classes
    assert found["a"].recall is not None and found["b"].recall is None


def test_every_class_of_a_classification_has_intervals() -> None:
    draw = np.random.default_rng(6)
    truth = np.arange(60) % 3
    shares = draw.dirichlet((1, 1, 1), 60).astype(np.float32)
    shares[np.arange(60), truth] += 0.4
    shares[7] = np.nan  # no answer
    answers = ClassifierAnswers(tuple(range(60)), shares, truth, ("a", "b", "c"))
    groups = {id: id // 2 for id in range(60)}
    found = classification_intervals(answers, groups)

    def expected(figure: Callable[[ClassificationScores], float | None]) -> tuple[float, float] | None:
        return bootstrap_interval(lambda places: figure(answers.of(places).scores), list(groups.values()), DRAWS)

    assert found.accuracy == expected(lambda scores: scores.accuracy)
    assert found.macro_f1 == expected(lambda scores: scores.macro_f1)
    assert list(found.classes) == ["a", "b", "c"]
    assert found.classes["b"].recall == expected(lambda scores: scores.classes["b"].recall)
    assert found.classes["c"].precision == expected(lambda scores: scores.classes["c"].precision)
    assert found.classes["c"].f1 == expected(lambda scores: scores.classes["c"].f1)


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
