"""Scores of a classification: accuracy, F1, area under the curve, confusion matrix; the points of a curve and of a threshold.

A class that is neither true nor predicted anywhere has no score (None) and is left out of means. Probabilities that are no numbers
name no class: such an item counts as wrong, and with one of them no curve exists.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Probabilities: TypeAlias = NDArray[np.floating]
"""(n, classes), 0..1: what the network says of each item."""

Truth: TypeAlias = NDArray[np.integer]
"""(n,) the true class of each item, 0..classes - 1."""


HALF = 0.5
"""The threshold of two classes at which the more probable one is said, and of equals the first."""

UNANSWERED = -1
"""The class of an item whose probabilities are no numbers, or whose answer is a class that is none any more."""


@dataclass(frozen=True)
class ClassResult:
    """A class: `support` items are truly of it; precision, recall and F1 are 0..1."""

    precision: float | None
    recall: float | None
    f1: float | None
    support: int


@dataclass(frozen=True)
class ClassificationScores:
    """`confusion[truth][predicted]` counts items. `auc`: of two classes that of the second (index 1); of more the mean of each
    class against the rest; None where a class has no item or no item is outside it, or where a probability is no number, since no
    curve exists then. `unanswered` of the `n` items have such probabilities: no column counts them, accuracy and recall do. `never_learnt`
    more items are left out, since their class came after the training. `gone` are classes that the network tells and the project no
    longer has; the answer to `said_gone` of the `n` items is one of them: they count as the unanswered do. `learnt_before` of the items are
    of the validation or test set now and were learnt from by what answered: their scores are too high."""

    n: int
    accuracy: float | None
    macro_f1: float | None
    auc: float | None
    classes: Mapping[str, ClassResult]
    confusion: tuple[tuple[int, ...], ...]
    unanswered: int = 0
    never_learnt: int = 0
    gone: tuple[str, ...] = ()
    said_gone: int = 0
    learnt_before: int = 0

    def to_json(self) -> dict[str, object]:
        """The scores as other programs may rely on them; what does not exist is null."""
        return {
            "n": self.n,
            "accuracy": self.accuracy,
            "macro_f1": self.macro_f1,
            "auc": self.auc,
            "classes": {
                name: {"precision": c.precision, "recall": c.recall, "f1": c.f1, "support": c.support}
                for name, c in self.classes.items()
            },
            "confusion": [list(row) for row in self.confusion],
            **({"unanswered": self.unanswered} if self.unanswered else {}),
            **({"never_learnt": self.never_learnt} if self.never_learnt else {}),
            **({"learnt_before": self.learnt_before} if self.learnt_before else {}),
            **({"removed_classes": list(self.gone), "said_removed": self.said_gone} if self.gone else {}),
        }


def predicted_classes(
    probabilities: Probabilities, threshold: float = HALF, rest: NDArray[np.floating] | None = None
) -> NDArray[np.int64]:
    """The class said of each item (n,): the most probable one, the first of equals; at another `threshold` (0..1) of two classes the
    second where its probability is at least that. UNANSWERED where a probability is no number, or where that of a class which is none
    any more is higher (`rest`, (n,): the highest of those; where a threshold is reached they do not matter).

    `probabilities` (n, classes).
    """
    said: NDArray[np.int64]
    if probabilities.shape[1] == 2 and threshold != HALF:
        said = (probabilities[:, 1] >= threshold).astype(np.int64)
    else:
        said = np.argmax(probabilities, axis=1).astype(np.int64)
    if rest is not None:
        reached = (said == 1) if probabilities.shape[1] == 2 and threshold != HALF else np.zeros(len(said), np.bool_)
        said[(rest > probabilities.max(axis=1)) & ~reached] = UNANSWERED
    said[~np.isfinite(probabilities).all(axis=1)] = UNANSWERED
    return said


def classification_scores(
    probabilities: Probabilities, truth: Truth, names: Sequence[str], rest: NDArray[np.floating] | None = None
) -> ClassificationScores:
    """Score items by the class that `predicted_classes` says of them.

    `probabilities` (n, classes) 0..1, `truth` (n,) class indices from 0, `names` of the classes in that order; no item scores None.
    `rest` as there.
    Raises ValueError where shapes differ or a true class is outside. AUC: Hanley and McNeil, "The meaning and use of the area under a
    receiver operating characteristic (ROC) curve", 1982.
    """
    _check(probabilities, truth, len(names))
    said = predicted_classes(probabilities, rest=rest)
    numbers = np.isfinite(probabilities).all(axis=1)
    return replace(
        scores_of_said(said, truth, names),
        auc=_auc(probabilities, truth),
        unanswered=int(np.count_nonzero(~numbers)),
        said_gone=int(np.count_nonzero((said == UNANSWERED) & numbers)),
    )


def scores_of_said(said: NDArray[np.int64], truth: Truth, names: Sequence[str]) -> ClassificationScores:
    """What follows from the classes alone that were said (n,), UNANSWERED among them: all but the AUC."""
    counts, support = _confusion(said, truth, len(names)), np.bincount(truth, minlength=len(names))
    classes = {name: _class_result(counts, index, int(support[index])) for index, name in enumerate(names)}
    known = [c.f1 for c in classes.values() if c.f1 is not None]
    return ClassificationScores(
        n=len(truth),
        accuracy=_ratio(int(counts.trace()), len(truth)),
        macro_f1=sum(known) / len(known) if known else None,
        auc=None,
        classes=classes,
        confusion=tuple(tuple(map(int, row)) for row in counts),
    )


@dataclass(frozen=True, eq=False)
class ClassifierAnswers:
    """What a run said of a set: ids of items (n,), probabilities (n, classes) float32 and true classes (n,), places in `names`, which
    are those of the project that the run knows. `gone` are names of classes that it knows besides and the project no longer has, `rest`
    (n,) the highest probability of those."""

    items: tuple[int, ...]
    probabilities: NDArray[np.float32]
    truth: NDArray[np.int64]
    names: tuple[str, ...]
    never_learnt: int = 0  # items of the set that are left out: their class came after the training
    gone: tuple[str, ...] = ()
    rest: NDArray[np.float32] | None = None  # None: nothing is gone
    learnt_before: int = 0  # items of the validation or test set that were learnt from

    def predicted(self, threshold: float = HALF) -> NDArray[np.int64]:
        """The classes said (n,), as `predicted_classes` has them."""
        return predicted_classes(self.probabilities, threshold, self.rest)

    @property
    def scores(self) -> ClassificationScores:
        found = classification_scores(self.probabilities, self.truth, self.names, self.rest)
        return replace(found, never_learnt=self.never_learnt, gone=self.gone, learnt_before=self.learnt_before)

    def at_threshold(self, threshold: float = HALF) -> "ThresholdScores":
        """Of two classes, as `at_threshold` has it."""
        return at_threshold(self.probabilities, self.truth, threshold, self.rest)

    @property
    def everything(self) -> NDArray[np.float32]:
        """The probabilities, with those of what is gone in a last column of their own."""
        return self.probabilities if self.rest is None else np.column_stack([self.probabilities, self.rest])

    def matrix(self, threshold: float = HALF) -> list[list[int]]:
        """Counts by [truth][said], (classes, classes)."""
        return [
            [int(count) for count in row] for row in _confusion(self.predicted(threshold), self.truth, len(self.names))
        ]

    def of(self, places: NDArray[np.int64]) -> "ClassifierAnswers":
        """Those of some of the items (m,), which may stand in it more than once."""
        return replace(
            self,
            items=tuple(self.items[place] for place in places),
            probabilities=self.probabilities[places],
            truth=self.truth[places],
            rest=None if self.rest is None else self.rest[places],
        )

    def against_rest(self, place: int) -> "ClassifierAnswers":
        """The class at that place of `names` as the second of two, all others together as the first."""
        share = self.probabilities[:, place]
        both = np.stack([1 - share, share], axis=1)
        truth, names = (self.truth == place).astype(np.int64), ("", self.names[place])
        return replace(self, probabilities=both, truth=truth, names=names, rest=None)

    def of_cell(self, truth: int, said: int, threshold: float = HALF) -> list[int]:
        """The items of one cell of the matrix, those that the run was surest of first."""
        chosen = np.flatnonzero((self.truth == truth) & (self.predicted(threshold) == said))
        order = chosen[np.argsort(-self.probabilities[chosen, said], kind="stable")]
        return [self.items[place] for place in order]


@dataclass(frozen=True)
class ThresholdScores:
    """Two classes cut at a threshold: counts and their shares, the second class being the finding ("positive")."""

    threshold: float
    true_positive: int
    false_positive: int
    true_negative: int
    false_negative: int
    unanswered: int = 0

    @property
    def accuracy(self) -> float | None:
        """The share of all items that is called rightly; one without an answer is not."""
        counted = self.true_positive + self.false_positive + self.true_negative + self.false_negative
        return _ratio(self.true_positive + self.true_negative, counted + self.unanswered)

    @property
    def sensitivity(self) -> float | None:
        return _ratio(self.true_positive, self.true_positive + self.false_negative)

    @property
    def specificity(self) -> float | None:
        return _ratio(self.true_negative, self.true_negative + self.false_positive)

    @property
    def ppv(self) -> float | None:
        """Positive predictive value, at the share of positives in this very set."""
        return _ratio(self.true_positive, self.true_positive + self.false_positive)

    @property
    def npv(self) -> float | None:
        """Negative predictive value, at the share of positives in this very set."""
        return _ratio(self.true_negative, self.true_negative + self.false_negative)


def at_threshold(
    probabilities: Probabilities, truth: Truth, threshold: float = HALF, rest: NDArray[np.floating] | None = None
) -> ThresholdScores:
    """Two classes: an item is positive where the second class's probability is at least `threshold` (0..1), at HALF above it as in the
    matrix. Items without an answer (UNANSWERED) are in none of the counts.

    `probabilities` (n, 2), `truth` (n,) of 0 and 1, `rest` as in `predicted_classes`. Raises ValueError where they are not.
    """
    _check(probabilities, truth, 2)
    counts = _confusion(predicted_classes(probabilities, threshold, rest), truth, 2)
    (negative, alarms), (misses, positive) = (map(int, row) for row in counts)
    return ThresholdScores(threshold, positive, alarms, negative, misses, len(truth) - int(counts.sum()))


@dataclass(frozen=True, eq=False)
class Roc:
    """The curve of two classes from (0, 0) to (1, 1): at each threshold (falling, the first infinite) the share of negatives
    called positive and of positives found."""

    false_positive: NDArray[np.float64]
    true_positive: NDArray[np.float64]
    thresholds: NDArray[np.float64]


def roc(probabilities: Probabilities, truth: Truth) -> Roc | None:
    """The ROC curve of two classes, one point for each probability that occurs; None where one class has no item or a
    probability is no number.

    `probabilities` (n, 2), `truth` (n,) of 0 and 1, of which 1 is the positive class. Raises ValueError where they are not.
    """
    _check(probabilities, truth, 2)
    positives = int(np.count_nonzero(truth == 1))
    negatives = len(truth) - positives
    if not (positives and negatives and np.isfinite(probabilities).all()):
        return None
    order = np.argsort(-probabilities[:, 1], kind="stable")
    score, found = probabilities[order, 1], np.cumsum(truth[order] == 1)
    last = np.append(np.flatnonzero(np.diff(score)), len(score) - 1)  # equal probabilities are cut together
    hits = np.append(0, found[last])
    alarms = np.append(0, last + 1 - found[last])
    return Roc(alarms / negatives, hits / positives, np.append(np.inf, score[last].astype(np.float64)))


@dataclass(frozen=True, eq=False)
class PrecisionRecall:
    """The curve of two classes, one point for each probability that occurs, from the highest: `recall` of the positives found so far,
    `precision` among what is called positive; `average` is the mean precision weighted by the steps of recall."""

    recall: NDArray[np.float64]
    precision: NDArray[np.float64]
    average: float


def precision_recall(probabilities: Probabilities, truth: Truth) -> PrecisionRecall | None:
    """The precision-recall curve of two classes; None where one class has no item or a probability is no number.

    `probabilities` (n, 2), `truth` (n,) of 0 and 1, of which 1 is the positive class. Raises ValueError where they are not. Source: Davis
    and Goadrich, "The relationship between precision-recall and ROC curves", 2006.
    """
    curve = roc(probabilities, truth)
    if curve is None:
        return None
    positives = int(np.count_nonzero(truth == 1))
    hits = curve.true_positive[1:] * positives
    alarms = curve.false_positive[1:] * (len(truth) - positives)
    precision = hits / (hits + alarms)
    average = float((np.diff(curve.true_positive) * precision).sum())
    return PrecisionRecall(curve.true_positive[1:], precision, average)


@dataclass(frozen=True)
class CalibrationBin:
    """Of `n` items whose probability of what was said lies in this tenth: the mean of it, and the share that is called rightly."""

    said: float
    right: float
    n: int


@dataclass(frozen=True)
class Calibration:
    """Whether a network is as sure as it is right. `error` is the expected calibration error, the mean distance of the two over all
    items, 0..1; `brier` the mean squared distance of the probabilities from the truth, 0..2."""

    bins: tuple[CalibrationBin, ...]
    error: float
    brier: float


def calibration(
    probabilities: Probabilities, truth: Truth, bins: int = 10, rest: NDArray[np.floating] | None = None
) -> Calibration | None:
    """How sure against how right, by equal ranges of the highest probability; None without an item that has an answer.

    `probabilities` (n, classes), `truth` (n,) class indices, `rest` as in `predicted_classes`. Sources: Guo et al., "On calibration of modern neural networks", 2017; Brier,
    "Verification of forecasts expressed in terms of probability", 1950.
    """
    _check(probabilities, truth, probabilities.shape[1])
    answered = predicted_classes(probabilities, HALF, rest) != UNANSWERED
    shares, known = np.asarray(probabilities[answered], np.float64), truth[answered]
    if not len(known):
        return None
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == known
    which = np.clip(np.ceil(sure * bins).astype(int) - 1, 0, bins - 1)
    found = tuple(
        CalibrationBin(float(sure[which == at].mean()), float(right[which == at].mean()), int((which == at).sum()))
        for at in range(bins)
        if (which == at).any()
    )
    error = sum(each.n * abs(each.said - each.right) for each in found) / len(known)
    brier = float(((shares - np.eye(shares.shape[1])[known]) ** 2).sum(axis=1).mean())
    return Calibration(found, error, brier)


def _auc(probabilities: Probabilities, truth: Truth) -> float | None:
    if not np.isfinite(probabilities).all():
        return None
    scored = [1] if probabilities.shape[1] == 2 else range(probabilities.shape[1])
    areas = [_area(probabilities[:, index], truth == index) for index in scored]
    known = [a for a in areas if a is not None]
    return sum(known) / len(known) if known and len(known) == len(areas) else None


def _area(score: NDArray[np.floating], positive: NDArray[np.bool_]) -> float | None:
    """The chance that a positive scores above a negative, half for equals (Mann and Whitney's statistic)."""
    positives = int(np.count_nonzero(positive))
    negatives = len(positive) - positives
    if not (positives and negatives):
        return None
    from scipy.stats import rankdata  # half a second, and the window needs none of it

    above = rankdata(score)[positive].sum() - positives * (positives + 1) / 2
    return float(above / (positives * negatives))


def _class_result(counts: NDArray[np.int64], index: int, true: int) -> ClassResult:
    hits, predicted = int(counts[index, index]), int(counts[:, index].sum())
    return ClassResult(_ratio(hits, predicted), _ratio(hits, true), _ratio(2 * hits, predicted + true), true)


def _confusion(predicted: NDArray[np.int64], truth: Truth, classes: int) -> NDArray[np.int64]:
    answered = predicted != UNANSWERED
    codes = truth[answered].astype(np.int64) * classes + predicted[answered]
    return np.bincount(codes, minlength=classes * classes).reshape(classes, classes).astype(np.int64)


def _check(probabilities: Probabilities, truth: Truth, classes: int) -> None:
    if probabilities.shape != (len(truth), classes) or truth.ndim != 1:
        raise ValueError(f"probabilities {probabilities.shape} for {truth.shape} items of {classes} classes")
    if len(truth) and not 0 <= truth.min() <= truth.max() < classes:
        raise ValueError(f"a true class outside 0..{classes - 1}")


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
