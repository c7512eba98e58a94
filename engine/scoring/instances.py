"""Objects against objects: matched by their overlap, AP as COCO defines it, F1, Dice of each, and what became of every one.

Rules: an object matches objects of its own class alone. A class without a true object has no score (None) and is left out of means.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.labels.instances import Instances
from engine.scoring.metrics import mean, overlap

Fate: TypeAlias = Literal["found", "missed", "extra", "split", "merged"]

FATES: tuple[Literal[Fate, ""], ...] = ("", "found", "missed", "extra", "split", "merged")
"""What a code of `ComparedObjects.fates` means: "" is no object."""

THRESHOLDS: tuple[float, ...] = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))
"""IoU from which two objects are the same: AP is the mean over all of them."""

FOUND, MISSED, EXTRA, SPLIT, MERGED = range(1, 6)
"""Places in FATES."""

_RECALLS = np.linspace(0.0, 1.0, 101)


@dataclass(frozen=True, eq=False)
class ComparedObjects:
    """Objects of one side: their `ids`, `classes`, `dice` (with the object of the other side that overlaps each most) and `fates`
    (places in FATES), all (n,).

    True objects are found, missed, split (several predictions lie in it, none is it) or merged (a prediction covers it and another);
    predicted ones are found, extra, split (one of the pieces) or merged (it covers several).
    """

    ids: NDArray[np.int64]
    classes: NDArray[np.uint8]
    dice: NDArray[np.float64]
    fates: NDArray[np.uint8]

    def fate_of_ids(self, count: int) -> NDArray[np.uint8]:
        """A table (count,) from an id to its fate, for an overlay: `table[ids]`."""
        table = np.zeros(count, np.uint8)
        table[self.ids] = self.fates
        return table


@dataclass(frozen=True, eq=False)
class ObjectMatches:
    """The objects of one item, compared; the predicted ones by how `sure` (m,) the network was, the surest first.

    `hits` (thresholds, m): whether each is a true object of its class that no surer one had matched.
    """

    name: str
    truth: ComparedObjects
    predicted: ComparedObjects
    sure: NDArray[np.float64]
    hits: NDArray[np.bool_]

    @property
    def f1(self) -> float | None:
        """2 found / (true + predicted) at IoU 0.5 over all classes; None where there are neither."""
        shown = int(np.count_nonzero(self.predicted.fates))
        return overlap(int(np.count_nonzero(self.truth.fates == FOUND)), len(self.truth.ids), shown)


@dataclass(frozen=True)
class ClassObjectScores:
    """A class over a set. `ap` is the mean over THRESHOLDS, `ap50` and `ap75` are AP at IoU 0.5 and 0.75 (Lin and others: Microsoft
    COCO, ECCV 2014). The counts are of true objects, but `predicted` and `extra`; found, missed, split and merged are all of them.
    `dice` is the mean over all objects, true and predicted, of the Dice with the one that overlaps each most."""

    truth: int
    predicted: int
    found: int
    missed: int
    extra: int
    split: int
    merged: int
    ap: float | None
    ap50: float | None
    ap75: float | None
    dice: float | None

    @property
    def precision(self) -> float | None:
        """The share of the predicted objects that are true at IoU 0.5; None where none was predicted."""
        return self.found / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        """The share of the true objects that were found at IoU 0.5; None where there are none."""
        return self.found / self.truth if self.truth else None

    @property
    def f1(self) -> float | None:
        """2 found / (true + predicted) at IoU 0.5; None where there are neither."""
        return overlap(self.found, self.truth, self.predicted)


@dataclass(frozen=True)
class ObjectScores:
    """The objects of a set of items, by class; the means are over the classes that have a true object."""

    classes: Mapping[str, ClassObjectScores]
    items: tuple[ObjectMatches, ...] = field(default=(), compare=False)

    @property
    def ap(self) -> float | None:
        return mean([c.ap for c in self.classes.values()])

    @property
    def ap50(self) -> float | None:
        return mean([c.ap50 for c in self.classes.values()])

    @property
    def ap75(self) -> float | None:
        return mean([c.ap75 for c in self.classes.values()])

    @property
    def f1(self) -> float | None:
        return mean([c.f1 for c in self.classes.values() if c.truth])

    @property
    def dice(self) -> float | None:
        return mean([c.dice for c in self.classes.values() if c.truth])

    def to_json(self) -> dict[str, object]:
        """The scores as other programs may rely on them; what does not exist is null."""
        return {
            "ap": self.ap,
            "ap50": self.ap50,
            "ap75": self.ap75,
            "f1": self.f1,
            "dice": self.dice,
            "classes": {name: _class_json(c) for name, c in self.classes.items()},
        }


def _class_json(scored: ClassObjectScores) -> dict[str, object]:
    return asdict(scored) | {"f1": scored.f1, "precision": scored.precision, "recall": scored.recall}


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Objects (places, not ids) of one class that share voxels: row i of `places` are (true, predicted), `both` the voxels."""

    places: NDArray[np.int64]
    both: NDArray[np.int64]
    truth_area: NDArray[np.int64]
    area: NDArray[np.int64]

    def of_shown(self, shown: NDArray[np.bool_]) -> "_Pairs":
        """Those of the predicted objects (m,) that are shown."""
        kept = shown[self.places[:, 1]]
        return replace(self, places=self.places[kept], both=self.both[kept])

    @property
    def iou(self) -> NDArray[np.float64]:
        true, said = self.places.T
        ious: NDArray[np.float64] = self.both / (self.truth_area[true] + self.area[said] - self.both)
        return ious

    @property
    def dice(self) -> NDArray[np.float64]:
        true, said = self.places.T
        shares: NDArray[np.float64] = 2 * self.both / (self.truth_area[true] + self.area[said])
        return shares


def match_objects(
    name: str,
    truth: Instances,
    predicted: Instances,
    sure: NDArray[np.floating] | None = None,
    void: NDArray[np.bool_] | None = None,
    least: float = 0.0,
) -> ObjectMatches:
    """Compare the objects of an item (ids of one shape, any number of axes).

    `sure` (by id) is how sure the network is of each predicted object, higher first; without it all are alike, and the order of the
    ids decides. Those less sure than `least`, which nobody is shown, count for AP alone, as COCO wants it: they have no fate and no
    Dice. What lies in `void` counts on neither side; an object that is nowhere else is none.
    """
    if truth.ids.shape != predicted.ids.shape:
        raise ValueError(f"objects of {truth.ids.shape} and {predicted.ids.shape}")
    true_ids, said_ids = (_seen(ids.ids, void) for ids in (truth, predicted))
    true, said = (_present(ids, known) for ids, known in ((true_ids, truth), (said_ids, predicted)))
    rank = np.ones(len(predicted.classes)) if sure is None else np.asarray(sure, np.float64)
    said = said[np.argsort(-rank[said], kind="stable")]  # surest first, as each takes what it matches
    pairs = _pairs(true_ids, said_ids, true, said, truth.classes, predicted.classes)
    hits = [_matched(pairs, len(said), threshold) for threshold in THRESHOLDS]
    shown = rank[said] >= least
    pairs = pairs.of_shown(shown)
    of_truth, of_prediction = _fates(pairs, np.where(shown, hits[0], -1))
    of_prediction[~shown] = 0
    dice_of_truth, dice = (_best(pairs.dice, pairs.places[:, side], len(ids)) for side, ids in enumerate((true, said)))
    return ObjectMatches(
        name=name,
        truth=ComparedObjects(true, truth.classes[true], dice_of_truth, of_truth),
        predicted=ComparedObjects(said, predicted.classes[said], dice, of_prediction),
        sure=rank[said],
        hits=np.array([matched >= 0 for matched in hits]),
    )


def object_scores(items: Sequence[ObjectMatches], names: Sequence[str], most: int | None = None) -> ObjectScores:
    """Scores of a set for the classes 1, 2, ... of these names.

    `most`: only so many of the surest objects of a class count in each item. COCO takes 100, which cells exceed; None counts all.
    """
    return ObjectScores({name: _class_scores(items, value, most) for value, name in enumerate(names, 1)}, tuple(items))


def _seen(ids: NDArray[np.uint16], void: NDArray[np.bool_] | None) -> NDArray[np.uint16]:
    return ids if void is None else np.where(void, np.uint16(0), ids)


def _present(ids: NDArray[np.uint16], known: Instances) -> NDArray[np.int64]:
    """The ids that have a class and a voxel, in order."""
    there = np.bincount(ids.reshape(-1), minlength=len(known.classes))[: len(known.classes)] > 0
    return np.flatnonzero(there & (known.classes > 0))


def _pairs(
    true_ids: NDArray[np.uint16],
    said_ids: NDArray[np.uint16],
    true: NDArray[np.int64],
    said: NDArray[np.int64],
    true_classes: NDArray[np.uint8],
    said_classes: NDArray[np.uint8],
) -> _Pairs:
    """Which objects share voxels, and how many; memory goes with the pairs there are, not with all that could be."""
    place_true, place_said = (np.full(1 << 16, -1, np.int64) for _ in range(2))
    place_true[true], place_said[said] = np.arange(len(true)), np.arange(len(said))
    either = (true_ids > 0) | (said_ids > 0)  # most of a volume is neither's
    rows, columns = place_true[true_ids[either]], place_said[said_ids[either]]
    areas = [np.bincount(each[each >= 0], minlength=n) for each, n in ((rows, len(true)), (columns, len(said)))]
    inside = (rows >= 0) & (columns >= 0)
    codes, both = np.unique(rows[inside] * max(len(said), 1) + columns[inside], return_counts=True)
    places = np.stack(np.divmod(codes, max(len(said), 1)), axis=1)
    alike = true_classes[true[places[:, 0]]] == said_classes[said[places[:, 1]]]
    return _Pairs(places[alike], both[alike], *areas)


def _matched(pairs: _Pairs, count: int, threshold: float) -> NDArray[np.int64]:
    """(m,): the place of the true object that each predicted one is, -1 where none; the surest chooses first, the most overlapping."""
    matched = np.full(count, -1, np.int64)
    taken: set[int] = set()
    near = pairs.iou >= threshold
    chosen = sorted(zip(pairs.places[near, 1], -pairs.iou[near], -pairs.places[near, 0], strict=True))
    for said, _, true in chosen:  # of equally near ones COCO takes the last
        if matched[said] < 0 and -true not in taken:
            matched[said] = -true
            taken.add(-true)
    return matched


def _fates(pairs: _Pairs, matched: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """What became of the true and of the predicted objects, by their places."""
    true, said = pairs.places.T
    truths, predictions = len(pairs.truth_area), len(pairs.area)
    covered = 2 * pairs.both > pairs.truth_area[true]  # most of the true object lies in the prediction
    within = 2 * pairs.both > pairs.area[said]  # most of the prediction lies in the true object
    merging = np.bincount(said[covered], minlength=predictions) > 1
    pieces = np.bincount(true[within], minlength=truths)
    filled = np.bincount(true[within], weights=pairs.both[within], minlength=truths)
    splitting = (pieces > 1) & (2 * filled > pairs.truth_area)

    of_truth = np.full(truths, MISSED, np.uint8)
    of_truth[splitting] = SPLIT
    of_truth[true[covered & merging[said]]] = MERGED
    of_truth[matched[matched >= 0]] = FOUND

    of_prediction = np.full(predictions, EXTRA, np.uint8)
    of_prediction[said[within & splitting[true]]] = SPLIT
    of_prediction[merging] = MERGED
    of_prediction[matched >= 0] = FOUND
    return of_truth, of_prediction


def _best(values: NDArray[np.float64], places: NDArray[np.int64], count: int) -> NDArray[np.float64]:
    best = np.zeros(count)
    np.maximum.at(best, places, values)
    return best


def _class_scores(items: Sequence[ObjectMatches], value: int, most: int | None) -> ClassObjectScores:
    true = [np.flatnonzero(item.truth.classes == value) for item in items]
    said = [np.flatnonzero(item.predicted.classes == value)[:most] for item in items]
    pairs = list(zip(items, true, said, strict=True))
    truth = sum(map(len, true))
    fates = sum((_counts(item.truth.fates[places]) for item, places, _ in pairs), _counts([]))
    extra = sum(np.count_nonzero(item.predicted.fates[places] == EXTRA) for item, _, places in pairs)
    shown = [places[item.predicted.fates[places] > 0] for item, _, places in pairs]
    dice = [item.truth.dice[places] for item, places, _ in pairs]
    dice += [item.predicted.dice[places] for item, places in zip(items, shown, strict=True)]
    predicted = sum(map(len, shown))
    precisions = _precisions(items, said, truth) if truth else None
    return ClassObjectScores(
        truth=truth,
        predicted=predicted,
        found=int(fates[FOUND]),
        missed=int(fates[MISSED]),
        extra=int(extra),
        split=int(fates[SPLIT]),
        merged=int(fates[MERGED]),
        ap=None if precisions is None else float(precisions.mean()),
        ap50=None if precisions is None else float(precisions[0].mean()),
        ap75=None if precisions is None else float(precisions[5].mean()),
        dice=float(np.concatenate(dice).mean()) if truth + predicted else None,
    )


def _counts(fates: Any) -> NDArray[np.int64]:
    return np.bincount(np.asarray(fates, np.int64), minlength=len(FATES))


def _precisions(items: Sequence[ObjectMatches], said: Sequence[NDArray[np.int64]], truth: int) -> NDArray[np.float64]:
    """Precision (thresholds, recalls) at 101 recalls, each the highest that is reached at that recall or a higher one."""
    hits, sure = [], []
    for item, places in zip(items, said, strict=True):
        hits.append(item.hits[:, places])
        sure.append(item.sure[places])
    order = np.argsort(-np.concatenate(sure), kind="stable")
    ranked = np.concatenate(hits, axis=1)[:, order]
    right = np.cumsum(ranked, axis=1)
    found = np.zeros((len(THRESHOLDS), len(_RECALLS)))
    if not ranked.shape[1]:
        return found
    precision = right / np.arange(1, ranked.shape[1] + 1)
    precision = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    for into, recall, reached in zip(found, right / truth, precision, strict=True):
        places = np.searchsorted(recall, _RECALLS, side="left")
        into[places < len(reached)] = reached[places[places < len(reached)]]
    return found
