"""Overlap of two masks: exact counts in one pass over memory, Dice and its kin per class, item and set.

Rules: background is not counted. A class absent from both masks has no score (None) and is left out of means; one that
is in a single mask has Dice 0.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.labels.classes import UNLABELLED
from engine.labels.edit import Labels
from engine.scoring.surface import UNITS, SurfaceScores, Unit
from engine.words import translatable

if TYPE_CHECKING:
    from engine.scoring.instances import ObjectScores

Confusion: TypeAlias = NDArray[np.int64]
"""Voxel counts (classes + 1, classes + 1): row = value in the truth, column = value in the prediction, 0 background."""

_MOST = 255  # values that a byte can tell apart beside 0
_CHUNK = 1 << 18  # voxels a step: both masks, the code and the counts stay in the second-level cache
_EXACT = 1 << 24  # OpenCV counts in float32, which is exact up to here


def confusion(truth: Labels, predicted: Labels, classes: int) -> Confusion:
    """Count every pair of values of two masks (uint8, same shape, any number of axes) with values 0..`classes`.

    Pixels that either mask calls UNLABELLED are left out of both. Raises EngineError where a mask holds another larger value.
    """
    if truth.shape != predicted.shape or truth.dtype != np.uint8 or predicted.dtype != np.uint8:
        raise ValueError(f"masks of {truth.dtype} {truth.shape} and {predicted.dtype} {predicted.shape}")
    if not 0 <= classes <= _MOST:
        raise ValueError(f"{classes} classes")
    size = classes + 1
    counter = _count_bytes if size * size <= 256 else _count_wide
    if truth.flags.c_contiguous and predicted.flags.c_contiguous:
        return counter(truth.ravel(), predicted.ravel(), size)
    total = np.zeros((size, size), np.int64)
    for one, other in zip(truth, predicted, strict=True):  # a copy of one slice at a time, not of the volume
        total += counter(one.ravel(), other.ravel(), size)
    return total


def _count_bytes(truth: Labels, predicted: Labels, size: int) -> Confusion:
    """Each pair as one byte, counted by OpenCV's histogram: 100 times faster than one-hot arrays, in 256 KiB of memory."""
    total = np.zeros(256, np.int64)
    counts: NDArray[np.float32] = np.zeros((256, 1), np.float32)
    codes = np.empty(min(_CHUNK, max(truth.size, 1)), np.uint8)
    background = counted = 0
    for start in range(0, truth.size, _CHUNK):
        row, column = truth[start : start + _CHUNK], predicted[start : start + _CHUNK]
        most = max(row.max(), column.max())
        if most >= size:
            row, column = _labelled(row, column, size)
            most = max(row.max(initial=0), column.max(initial=0))
        if most == 0:
            background += row.size
            continue
        code = codes[: row.size]
        np.multiply(row, np.uint8(size), out=code)
        np.add(code, column, out=code)
        cv2.calcHist([code[None]], [0], None, [256], [0, 256], counts, True)  # adds to counts
        counted += row.size
        if counted > _EXACT - _CHUNK:
            total += counts.ravel().astype(np.int64)
            counts[:] = 0
            counted = 0
    total += counts.ravel().astype(np.int64)
    total[0] += background
    return total[: size * size].reshape(size, size)


def _count_wide(truth: Labels, predicted: Labels, size: int) -> Confusion:
    """Pairs of more than 16 values do not fit in a byte: NumPy counts them."""
    total = np.zeros(size * size, np.int64)
    for start in range(0, truth.size, _CHUNK):
        row, column = truth[start : start + _CHUNK], predicted[start : start + _CHUNK]
        if max(row.max(), column.max()) >= size:
            row, column = _labelled(row, column, size)
        total += np.bincount(row.astype(np.intp) * size + column, minlength=size * size)
    return total.reshape(size, size)


def _labelled(truth: Labels, predicted: Labels, size: int) -> tuple[Labels, Labels]:
    """The pixels (n,) that both masks label. Raises EngineError where a value is neither a class nor UNLABELLED."""
    kept = (truth != UNLABELLED) & (predicted != UNLABELLED)
    truth, predicted = truth[kept], predicted[kept]
    most = max(truth.max(initial=0), predicted.max(initial=0))
    if most >= size:
        raise _too_large(int(most), size)
    return truth, predicted


def _too_large(value: int, size: int) -> EngineError:
    return EngineError(
        translatable("A mask holds the value {value}, but there are {count} classes."),
        translatable("Say which class each value of the mask becomes, or add the missing classes."),
        value=value,
        count=size - 1,
    )


@dataclass(frozen=True)
class ClassScores:
    """A class in one item. `truth`, `predicted` and `both` count voxels; `surface` is there where distances were asked for."""

    truth: int
    predicted: int
    both: int
    surface: SurfaceScores | None = None

    @property
    def present(self) -> bool:
        """Whether the class is in either mask; without it no score exists."""
        return self.truth + self.predicted > 0

    @property
    def missed(self) -> bool:
        """Whether the class is in the truth and nowhere in the prediction: then no distance exists."""
        return self.truth > 0 and not self.predicted

    @property
    def extra(self) -> bool:
        """Whether the class is in the prediction and nowhere in the truth: then no distance exists either."""
        return self.predicted > 0 and not self.truth

    @property
    def dice(self) -> float | None:
        """2 |A and B| / (|A| + |B|), 0..1; None where the class is in neither. Source: Dice 1945, Sørensen 1948."""
        return overlap(self.both, self.truth, self.predicted)

    @property
    def iou(self) -> float | None:
        """|A and B| / |A or B|, 0..1; None where the class is in neither. Source: Jaccard 1912."""
        return _ratio(self.both, self.truth + self.predicted - self.both)

    @property
    def precision(self) -> float | None:
        """The share of the predicted voxels that is right; None where nothing was predicted."""
        return _ratio(self.both, self.predicted)

    @property
    def recall(self) -> float | None:
        """The share of the true voxels that was found; None where there are none."""
        return _ratio(self.both, self.truth)

    @property
    def volume_error(self) -> float | None:
        """How much larger (0.1: a tenth) or smaller (negative) the predicted volume is than the true one; None where that is empty."""
        return _ratio(self.predicted - self.truth, self.truth)


ABSENT = ClassScores(0, 0, 0)


@dataclass(frozen=True)
class ItemClassScores:
    """The classes 1, 2, ... of a pair of masks."""

    classes: tuple[ClassScores, ...]

    @property
    def mean_dice(self) -> float | None:
        """The mean over the classes present in either mask."""
        return mean([c.dice for c in self.classes])

    @property
    def weighted_dice(self) -> float | None:
        """The mean over the classes weighted by their voxels in the truth; None where the truth is empty."""
        return weighted_mean([(c.dice, c.truth) for c in self.classes])


def scores(counts: Confusion, known: Sequence[bool] | None = None) -> ItemClassScores:
    """Scores of the classes 1, 2, ... from the counts of `confusion`; background, value 0, is not scored. A class that is not among the
    `known` ones (a truth value each; None: all are) is ABSENT: who never heard of it has not missed it."""
    truth, predicted, both = counts.sum(axis=1), counts.sum(axis=0), counts.diagonal()
    found = [ClassScores(int(t), int(p), int(b)) for t, p, b in zip(truth[1:], predicted[1:], both[1:], strict=True)]
    if known is not None:
        found = [one if there else ABSENT for one, there in zip(found, known, strict=True)]
    return ItemClassScores(tuple(found))


@dataclass(frozen=True)
class ItemScores:
    """One item; `classes` by name in the order of the project's list. `slices` says how many were scored of how many there are,
    where that is known."""

    name: str
    classes: Mapping[str, ClassScores]
    slices: tuple[int, int] | None = None

    @property
    def mean_dice(self) -> float | None:
        return mean([c.dice for c in self.classes.values()])


@dataclass(frozen=True)
class SetSurface:
    """Distances of a class over those items of a set that have the same unit: `hd95` and `assd` are means over the `n` items that hold
    the class in both masks, `nsd` over the `nsd_n` that hold it in either."""

    unit: Unit
    tolerance: float
    hd95: float | None
    assd: float | None
    n: int
    nsd: float | None
    nsd_n: int


@dataclass(frozen=True)
class SetClassScores:
    """A class over a set. Dice and IoU are means over the `n` items in which the class is in either mask. In `missed` of them it is in
    the truth alone, in `extra` in the prediction alone: precision is the mean over the items but the missed, recall over those but
    the extra. `pooled` counts all voxels of the set as one item. `surfaces` has one entry a unit: px and mm have no mean."""

    n: int
    missed: int
    extra: int
    dice: float | None
    iou: float | None
    precision: float | None
    recall: float | None
    pooled: ClassScores
    surfaces: tuple[SetSurface, ...] = ()


@dataclass(frozen=True)
class SetScores:
    """A set of items, as `evaluate` and `compare` report it.

    `mean_dice` is the mean over classes of each class's mean over items; `weighted_dice` weighs the classes by their
    voxels in the truth of the whole set; `pooled_dice` is the mean over classes of the pooled figures. Classes in `unknown` were never
    known to what predicted: they have no score. `helped` are items into whose
    truth a prediction was taken over, scored with it; no figure counts them. `objects` are there where objects were told apart.
    `learnt_before` of the items are of the validation or test set now and were learnt from by what predicted: they score too high.
    """

    classes: Mapping[str, SetClassScores]
    items: tuple[ItemScores, ...] = field(default=())
    unknown: tuple[str, ...] = ()
    helped: tuple[ItemScores, ...] = field(default=())
    objects: "ObjectScores | None" = None
    learnt_before: int = 0

    @property
    def n(self) -> int:
        return len(self.items)

    @property
    def slices(self) -> tuple[int, int] | None:
        """How many slices were scored of how many the items have, where that is known."""
        known = [item.slices for item in self.items if item.slices is not None]
        return (sum(scored for scored, _ in known), sum(total for _, total in known)) if known else None

    @property
    def mean_dice(self) -> float | None:
        return mean([c.dice for c in self.classes.values()])

    @property
    def mean_dice_with_help(self) -> float | None:
        """The mean Dice with the `helped` items as they are now."""
        items = {item.name: item for item in (*self.items, *self.helped)}
        return set_scores(list(items.values()), list(self.classes)).mean_dice

    @property
    def weighted_dice(self) -> float | None:
        return weighted_mean([(c.dice, c.pooled.truth) for c in self.classes.values()])

    @property
    def pooled_dice(self) -> float | None:
        return mean([c.pooled.dice for c in self.classes.values()])


def item_scores(
    name: str,
    counts: Confusion,
    names: Sequence[str],
    surfaces: Sequence[SurfaceScores | None] = (),
    slices: tuple[int, int] | None = None,
) -> ItemScores:
    """Scores of an item from its counts (see `confusion`).

    `names` are those of the classes 1, 2, ..., one a row of the counts after the first; `surfaces` the distances of the same classes,
    empty where none were asked for. Raises ValueError where their numbers differ.
    """
    found = scores(counts).classes
    if surfaces:
        found = tuple(
            ClassScores(c.truth, c.predicted, c.both, surface) for c, surface in zip(found, surfaces, strict=True)
        )
    return ItemScores(name, dict(zip(names, found, strict=True)), slices)


def set_scores(items: Sequence[ItemScores], names: Sequence[str], unknown: Sequence[str] = ()) -> SetScores:
    """Scores of a set of items for the classes of these names; a class that an item does not list is absent from it."""
    classes = {name: _over_items([i.classes.get(name, ABSENT) for i in items]) for name in names}
    return SetScores(classes, tuple(items), tuple(unknown))


def _over_items(scored: Sequence[ClassScores]) -> SetClassScores:
    surfaces = [c.surface for c in scored if c.surface is not None]
    return SetClassScores(
        n=sum(c.present for c in scored),
        missed=sum(c.missed for c in scored),
        extra=sum(c.extra for c in scored),
        dice=mean([c.dice for c in scored]),
        iou=mean([c.iou for c in scored]),
        precision=mean([c.precision for c in scored]),
        recall=mean([c.recall for c in scored]),
        pooled=ClassScores(sum(c.truth for c in scored), sum(c.predicted for c in scored), sum(c.both for c in scored)),
        surfaces=tuple(
            _over_surfaces(unit, alike) for unit in UNITS if (alike := [s for s in surfaces if s.unit == unit])
        ),
    )


def _over_surfaces(unit: Unit, surfaces: Sequence[SurfaceScores]) -> SetSurface:
    return SetSurface(
        unit=unit,
        tolerance=surfaces[0].tolerance,
        hd95=mean([s.hd95 for s in surfaces]),
        assd=mean([s.assd for s in surfaces]),
        n=sum(s.hd95 is not None for s in surfaces),
        nsd=mean([s.nsd for s in surfaces]),
        nsd_n=sum(s.nsd is not None for s in surfaces),
    )


def to_json(scored: SetScores) -> dict[str, object]:
    """The scores as other programs may rely on them; what does not exist is null."""
    return {
        "n": scored.n,
        **_slices_json(scored.slices),
        "mean_dice": scored.mean_dice,
        "weighted_dice": scored.weighted_dice,
        "pooled_dice": scored.pooled_dice,
        **({"unknown": list(scored.unknown)} if scored.unknown else {}),
        **_help_json(scored),
        **({"learnt_before": scored.learnt_before} if scored.learnt_before else {}),
        **({} if scored.objects is None else {"objects": scored.objects.to_json()}),
        "classes": {name: _set_class_json(c) for name, c in scored.classes.items()},
        "items": [
            {
                "name": i.name,
                **_slices_json(i.slices),
                "mean_dice": i.mean_dice,
                "classes": {n: _class_json(c) for n, c in i.classes.items()},
            }
            for i in scored.items
        ],
    }


def _help_json(scored: SetScores) -> dict[str, object]:
    if not scored.helped:
        return {}
    return {"changed_with_predictions": len(scored.helped), "mean_dice_with_predictions": scored.mean_dice_with_help}


def _slices_json(slices: tuple[int, int] | None) -> dict[str, object]:
    return {} if slices is None else {"slices_scored": slices[0], "slices": slices[1]}


def _set_class_json(scored: SetClassScores) -> dict[str, object]:
    return {
        "dice": scored.dice,
        "iou": scored.iou,
        "precision": scored.precision,
        "recall": scored.recall,
        "pooled_dice": scored.pooled.dice,
        "pooled_iou": scored.pooled.iou,
        "n": scored.n,
        "missed": scored.missed,
        "extra": scored.extra,
        "precision_n": scored.n - scored.missed,
        "recall_n": scored.n - scored.extra,
        "truth_voxels": scored.pooled.truth,
        "predicted_voxels": scored.pooled.predicted,
        **{key: value for surface in scored.surfaces for key, value in _set_surface_json(surface).items()},
        **_nsd_json(scored.surfaces),
    }


def _class_json(scored: ClassScores) -> dict[str, object]:
    return {
        "dice": scored.dice,
        "iou": scored.iou,
        "precision": scored.precision,
        "recall": scored.recall,
        "truth_voxels": scored.truth,
        "predicted_voxels": scored.predicted,
        **_surface_json(scored.surface),
    }


def _surface_json(surface: SurfaceScores | None) -> dict[str, object]:
    if surface is None:
        return {}
    unit = surface.unit
    return {
        f"hd95_{unit}": surface.hd95,
        f"assd_{unit}": surface.assd,
        "nsd": surface.nsd,
        f"nsd_tolerance_{unit}": surface.tolerance,
    }


def _set_surface_json(surface: SetSurface) -> dict[str, object]:
    unit = surface.unit
    return {
        f"hd95_{unit}": surface.hd95,
        f"assd_{unit}": surface.assd,
        f"distances_n_{unit}": surface.n,
        f"nsd_{unit}": surface.nsd,
        f"nsd_n_{unit}": surface.nsd_n,
        f"nsd_tolerance_{unit}": surface.tolerance,
    }


def _nsd_json(surfaces: Sequence[SetSurface]) -> dict[str, object]:
    """The one NSD of a set of one unit; null where tolerances in mm and in px would be mixed."""
    return {"nsd": surfaces[0].nsd if len(surfaces) == 1 else None} if surfaces else {}


def overlap(both: float, truth: float, predicted: float) -> float | None:
    """2 both / (truth + predicted); None where both are nothing. Counts give Dice, probabilities in their place soft Dice."""
    return _ratio(2 * both, truth + predicted)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of the values that exist; None where none does."""
    known = [v for v in values if v is not None]
    return sum(known) / len(known) if known else None


def weighted_mean(pairs: Iterable[tuple[float | None, float]]) -> float | None:
    """The mean of (value, weight) pairs whose value exists; None where their weights are nothing."""
    known = [(value, weight) for value, weight in pairs if value is not None]
    whole = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / whole if whole else None
