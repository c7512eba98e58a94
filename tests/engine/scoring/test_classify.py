"""Classification scores by hand and against scikit-learn."""

import json

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn import metrics as sk

from engine.scoring.classify import (
    ClassifierAnswers,
    ClassResult,
    at_threshold,
    calibration,
    classification_scores,
    precision_recall,
    roc,
)
from engine.scoring.report import classification_table

NAMES = ["normal", "bacterial", "viral", "other"]


def made(seed: int, n: int, classes: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Probabilities that are right more often than not, rounded so that some are equal."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, classes, n)
    scores = rng.random((n, classes)) + 0.5 * np.eye(classes)[truth]
    return np.round(scores / scores.sum(axis=1, keepdims=True), 2), truth


@pytest.mark.parametrize("classes", [2, 3, 4])
@pytest.mark.parametrize("seed", [0, 1])
def test_agrees_with_scikit_learn(seed: int, classes: int) -> None:
    probabilities, truth = made(seed, 300, classes)
    predicted = probabilities.argmax(axis=1)
    found = classification_scores(probabilities, truth, NAMES[:classes])
    assert found.n == 300
    assert found.accuracy == pytest.approx(sk.accuracy_score(truth, predicted))
    assert found.macro_f1 == pytest.approx(sk.f1_score(truth, predicted, average="macro"))
    np.testing.assert_array_equal(found.confusion, sk.confusion_matrix(truth, predicted))
    precision, recall, f1, support = sk.precision_recall_fscore_support(truth, predicted)
    for place, one in enumerate(found.classes.values()):
        assert one.precision == pytest.approx(precision[place])
        assert one.recall == pytest.approx(recall[place])
        assert one.f1 == pytest.approx(f1[place])
        assert one.support == support[place]
    if classes == 2:
        assert found.auc == pytest.approx(sk.roc_auc_score(truth, probabilities[:, 1]))
    else:
        areas = [sk.roc_auc_score(truth == c, probabilities[:, c]) for c in range(classes)]
        assert found.auc == pytest.approx(np.mean(areas))


def test_curve_agrees_with_scikit_learn() -> None:
    probabilities, truth = made(3, 200, 2)
    found = roc(probabilities, truth)
    assert found is not None
    false, true, thresholds = sk.roc_curve(truth, probabilities[:, 1], drop_intermediate=False)
    np.testing.assert_allclose(found.false_positive, false)
    np.testing.assert_allclose(found.true_positive, true)
    np.testing.assert_allclose(found.thresholds, thresholds)
    area = np.trapezoid(found.true_positive, found.false_positive)
    assert area == pytest.approx(classification_scores(probabilities, truth, NAMES[:2]).auc)


def test_threshold_by_hand() -> None:
    positive = np.array([0.9, 0.7, 0.6, 0.4, 0.2, 0.1])
    probabilities = np.stack([1 - positive, positive], axis=1)
    truth = np.array([1, 0, 1, 1, 0, 0])
    found = at_threshold(probabilities, truth, 0.5)
    assert (found.true_positive, found.false_positive, found.true_negative, found.false_negative) == (2, 1, 2, 1)
    assert found.sensitivity == found.specificity == found.ppv == found.npv == 2 / 3
    nobody = at_threshold(probabilities, truth, 1.5)
    assert (nobody.sensitivity, nobody.specificity, nobody.ppv, nobody.npv) == (0.0, 1.0, None, 0.5)


def test_one_half_names_the_class_of_the_matrix_and_of_scikit_learn() -> None:
    probabilities, truth = made(3, 300, 2)
    assert np.any(probabilities[:, 0] == probabilities[:, 1])
    cut, matrix = at_threshold(probabilities, truth), sk.confusion_matrix(truth, probabilities.argmax(axis=1))
    found = [[cut.true_negative, cut.false_positive], [cut.false_negative, cut.true_positive]]
    assert found == matrix.tolist() == [*map(list, classification_scores(probabilities, truth, NAMES[:2]).confusion)]


@pytest.mark.parametrize("classes", [2, 3])
def test_answers_that_are_no_numbers_are_wrong_and_said(classes: int) -> None:
    probabilities, truth = made(4, 40, classes)
    probabilities[5], probabilities[6, 0] = np.nan, np.inf
    found = classification_scores(probabilities, truth, NAMES[:classes])
    right = np.delete(probabilities.argmax(axis=1) == truth, [5, 6])
    assert found.auc is None
    assert (found.n, found.unanswered, found.to_json()["unanswered"]) == (40, 2, 2)
    assert found.accuracy == right.sum() / 40
    assert np.sum(found.confusion) == 38
    assert [c.support for c in found.classes.values()] == np.bincount(truth).tolist()
    assert "2 of 40 items are no numbers" in classification_table(found)


def test_no_curve_and_no_cell_for_answers_that_are_no_numbers() -> None:
    probabilities, truth = np.array([[np.nan, np.nan], [0.2, 0.8], [0.9, 0.1]], np.float32), np.array([0, 1, 0])
    assert roc(probabilities, truth) is None
    cut = at_threshold(probabilities, truth, 0.3)
    assert (cut.true_positive, cut.false_positive, cut.true_negative, cut.false_negative) == (1, 0, 1, 0)
    found = ClassifierAnswers((1, 2, 3), probabilities, truth, ("well", "ill"))
    assert found.matrix() == found.matrix(0.3) == [[1, 0], [0, 1]]
    assert found.of_cell(0, 0) == [3]


def test_a_class_neither_true_nor_predicted_has_no_score() -> None:
    probabilities = np.array([[0.9, 0.1, 0.0], [0.2, 0.8, 0.0]])
    found = classification_scores(probabilities, np.array([0, 1]), NAMES[:3])
    assert found.classes["viral"] == ClassResult(None, None, None, 0)
    assert found.macro_f1 == found.accuracy == 1.0
    assert found.auc is None  # one of the three curves does not exist


def test_a_class_never_predicted_has_no_precision_but_counts() -> None:
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2]])
    found = classification_scores(probabilities, np.array([0, 1]), NAMES[:2])
    assert found.classes["bacterial"] == ClassResult(None, 0.0, 0.0, 1)
    assert found.macro_f1 == pytest.approx((2 / 3 + 0) / 2)
    assert found.auc == 1.0


def test_one_class_alone_and_no_item_at_all() -> None:
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2]])
    alone = classification_scores(probabilities, np.array([0, 0]), NAMES[:2])
    assert (alone.accuracy, alone.auc, roc(probabilities, np.array([0, 0]))) == (1.0, None, None)
    nothing = classification_scores(np.zeros((0, 2)), np.zeros(0, int), NAMES[:2])
    assert (nothing.n, nothing.accuracy, nothing.macro_f1, nothing.auc) == (0, None, None, None)


def test_json_is_what_other_programs_rely_on() -> None:
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8]], np.float32)
    shown = json.loads(json.dumps(classification_scores(probabilities, np.array([0, 1]), NAMES[:2]).to_json()))
    one = {"precision": 1.0, "recall": 1.0, "f1": 1.0, "support": 1}
    assert shown == {
        "n": 2,
        "accuracy": 1.0,
        "macro_f1": 1.0,
        "auc": 1.0,
        "classes": {"normal": one, "bacterial": one},
        "confusion": [[1, 0], [0, 1]],
    }


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="probabilities"):
        classification_scores(np.zeros((2, 3)), np.zeros(2, int), NAMES[:2])
    with pytest.raises(ValueError, match="outside"):
        classification_scores(np.zeros((2, 2)), np.array([0, 2]), NAMES[:2])


def test_answers_cut_two_classes_at_the_threshold() -> None:
    shares = np.array([[0.9, 0.1], [0.4, 0.6], [0.3, 0.7], [0.8, 0.2]], np.float32)
    found = ClassifierAnswers((10, 11, 12, 13), shares, np.array([0, 0, 1, 1]), ("well", "ill"))
    assert found.matrix(0.5) == [[1, 1], [1, 1]]
    assert found.matrix(0.65) == [[2, 0], [1, 1]]
    assert found.matrix(0.15) == [[1, 1], [0, 2]]
    assert found.of_cell(1, 1, 0.15) == [12, 13]  # the surest first
    assert found.of_cell(1, 0, 0.15) == []


@pytest.mark.parametrize("seed", [0, 1])
def test_precision_recall_is_that_of_scikit_learn(seed: int) -> None:
    probabilities, truth = made(seed, 300, 2)
    found = precision_recall(probabilities, truth)
    assert found is not None
    precision, recall, _ = sk.precision_recall_curve(truth, probabilities[:, 1])
    np.testing.assert_allclose(found.recall, recall[-2::-1])  # theirs ends in a point without any item
    np.testing.assert_allclose(found.precision, precision[-2::-1])
    assert found.average == pytest.approx(sk.average_precision_score(truth, probabilities[:, 1]))
    assert precision_recall(probabilities[truth == 1], truth[truth == 1]) is None


def test_calibration_by_hand() -> None:
    probabilities = np.array([[0.95, 0.05], [0.95, 0.05], [0.45, 0.55], [np.nan, np.nan]])
    found = calibration(probabilities, np.array([0, 1, 1, 0]))
    assert found is not None and [each.n for each in found.bins] == [1, 2]
    assert [each.right for each in found.bins] == [1.0, 0.5]
    assert found.error == pytest.approx((0.45 + 2 * 0.45) / 3)
    assert found.brier == pytest.approx((2 * 0.05**2 + 2 * 0.95**2 + 2 * 0.45**2) / 3)
    assert calibration(probabilities[3:], np.array([0])) is None
    gone = np.array([0.97, 0.0, 0.0, 0.0])  # the first was called something that is no class any more
    without = calibration(probabilities, np.array([0, 1, 1, 0]), rest=gone)
    assert without is not None and [each.n for each in without.bins] == [1, 1]
