"""The slices of a project that a training learns from and validates on, in which order and patches, and what it leaves out."""

import math
from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from engine.config import TrainConfig
from engine.errors import EngineError
from engine.labels.classes import UNLABELLED
from engine.labels.edit import Labels
from engine.learning.learner import Batch, Learner
from engine.learning.pixels import Picture, scaled_size, to_batch
from engine.progress import Notice, Work, count_notice
from engine.project.checks import mask_values
from engine.project.items import Item
from engine.project.project import Project
from engine.words import translatable

NO_VALIDATION = translatable("No item of the validation set has a mask: the last weights are kept.")
EMPTY_VALIDATION = translatable("The masks of the validation set hold no class: the last weights are kept.")
NO_VALIDATION_CLASS = translatable("No image of the validation set has a class: the last weights are kept.")
LARGER = translatable("Choose a larger image size, or patches.")
MOST_VALIDATED = 400  # slices: more only cost time between two epochs
_MOST_PATCHES = 256  # of a slice in an epoch: more would let it not end
_LITTLE = 0.5  # of a slice: what an epoch sees of it is said below this


class SliceSelection(NamedTuple):
    """Labelled slices of an item, by their places along z."""

    item: Item
    places: NDArray[np.int64]


class LabelledSets(NamedTuple):
    """What a training looks at: `wanted` items and those `kept_out` since the review rejected them; of the wanted what is `labelled`, in
    the test set too, and of that the training and the validation set."""

    wanted: list[Item]
    kept_out: list[Item]
    labelled: list[SliceSelection]
    train: list[SliceSelection]
    val: list[SliceSelection]


def labelled_sets(project: Project, config: TrainConfig) -> LabelledSets:
    """The sets of a training. EngineError where there is nothing to learn from."""
    wanted, kept_out = without_rejected(project.items.all(), config)
    chosen = labelled(project, wanted)
    train, val = ([w for w in chosen if w.item.split == s] for s in ("train", "val"))
    if not train:
        raise nothing_to_learn(project, kept_out)
    return LabelledSets(wanted, kept_out, chosen, train, val)


def labelled(project: Project, items: Sequence[Item]) -> list[SliceSelection]:
    """What of the items is labelled."""
    slices = project.layers.labelled_slices()
    return [SliceSelection(item, np.array(sorted(slices[item.id]))) for item in items if item.id in slices]


def without_rejected(items: Sequence[Item], config: TrainConfig) -> tuple[list[Item], list[Item]]:
    """The items that a training may look at, and those that it leaves out since the review rejected them."""
    wanted = [item for item in items if config.with_rejected or not item.rejected]
    return wanted, [item for item in items if item.rejected and not config.with_rejected]


def nothing_to_learn(project: Project, rejected: Sequence[Item]) -> EngineError:
    """Why there is no training."""
    masked = project.layers.masked()
    if any(item.split == "train" and item.id in masked for item in rejected):
        return EngineError(
            translatable("All labelled items of the training set were rejected."),
            translatable("Accept some of them in Review, or set with_rejected for this training."),
        )
    return EngineError(
        "No item of the training set has a mask.",
        "Paint or import masks, and divide the items into sets in the Data tab.",
    )


def left_out(wanted: Sequence[Item], learnt: Sequence[SliceSelection], rejected: Sequence[Item]) -> Iterator[Notice]:
    """What a training does not learn from, and why."""
    asked = [item for item in wanted if item.split == "train"]
    total, count = sum(item.shape[0] for item in asked), sum(len(w.places) for w in learnt)
    if count < total:
        volumes = any(item.shape[0] > 1 for item in asked)
        text = (
            translatable("{count} of {total} slices of the training set are labelled: the others are not learnt from.")
            if volumes
            else translatable(
                "{count} of {total} images of the training set are labelled: the others are not learnt from."
            )
        )
        yield Notice(text, {"count": count, "total": total})
    yield from left_out_rejected(rejected)


def left_out_rejected(items: Sequence[Item]) -> Iterator[Notice]:
    """That the rejected items of the training and validation sets are neither learnt from nor validated on."""
    count = sum(item.split in ("train", "val") for item in items)
    if count:
        one, many = (
            translatable("1 rejected item is left out of training and validation."),
            translatable("{count} rejected items are left out of training and validation."),
        )
        yield count_notice(one, many, count)


def not_learnt(
    project: Project, config: TrainConfig, known: Mapping[int, Collection[int]] = MappingProxyType({})
) -> Work[list[Notice]]:
    """What a training on the project as it is now would not learn, before it begins: masks are read, images are not.

    `known` says which values the masks of some items hold: those are not read again. Yields MaskValues of the others.
    """
    names = [one.name for one in project.classes]
    wanted, rejected = without_rejected(project.items.all(), config)
    if project.task == "classification":
        labels = {item.label for item in wanted if item.split == "train"}
        validated = any(item.split == "val" and item.label is not None for item in wanted)
        present = [place in labels for place in range(len(names))]
        said = [*left_out_rejected(rejected), *without_examples(names, present)]
        return said if validated else [*said, Notice(NO_VALIDATION_CLASS)]
    chosen = labelled(project, wanted)
    train = [w for w in chosen if w.item.split == "train"]
    ids = {w.item.id for w in train}
    others = {item.id for item in project.items.all() if item.id not in ids}
    held = {**known, **(yield from mask_values(project, others | known.keys()))}
    values = {value for id in ids for value in held.get(id, ())}
    said = [
        *left_out(wanted, train, rejected),
        *without_examples(names, [v in values for v in range(1, len(names) + 1)]),
    ]
    return said if any(w.item.split == "val" for w in chosen) else [*said, Notice(NO_VALIDATION)]


def brought_to_size(items: Sequence[Item], size: int) -> Iterator[Notice]:
    """That images are learnt from at another size than their own: `size` px along the longer side (0: their own)."""
    sides = [max(item.shape[1:]) for item in items]
    if size and max(sides) > size:
        text = translatable(
            "Images of up to {longest} px are reduced to {size} px: at most {factor:.1f} times smaller."
        )
        yield Notice(text, {"longest": max(sides), "size": size, "factor": _at_most(max(sides) / size)})
    if size and min(sides) < size:
        text = translatable(
            "Images of {shortest} px and more are enlarged to {size} px: at most {factor:.1f} times larger."
        )
        yield Notice(text, {"shortest": min(sides), "size": size, "factor": _at_most(size / min(sides))})


def _at_most(factor: float) -> float:
    """Rounded up to a tenth: 400 px that become 384 are not 1.0 times smaller."""
    return math.ceil(round(factor * 10, 6)) / 10


def without_examples(names: Sequence[str], present: Sequence[bool] | NDArray[np.bool_]) -> Iterator[Notice]:
    """Which classes the network cannot learn, since nothing of the training set shows them."""
    absent = [name for name, there in zip(names, present, strict=True) if not there]
    if absent:
        one, many = (
            translatable("The training set has no example of {names}: it is not learnt."),
            translatable("The training set has no example of {names}: they are not learnt."),
        )
        yield Notice(one if len(absent) == 1 else many, {"names": ", ".join(absent)})


def lost_in_size(names: Sequence[str], lost: NDArray[np.bool_], size: int) -> Iterator[Notice]:
    """Which classes (true in `lost`) masks hold, but none any more at the size that they are reduced to."""
    gone = [name for name, lost_too in zip(names, lost, strict=True) if lost_too]
    if gone:
        one, many = (
            translatable("Nothing of {names} is left of images that are reduced to {size} px: it is not learnt."),
            translatable("Nothing of {names} is left of images that are reduced to {size} px: they are not learnt."),
        )
        yield Notice(one if len(gone) == 1 else many, {"names": ", ".join(gone), "size": size})


def subsample(labelled: Sequence[SliceSelection]) -> list[SliceSelection]:
    """The slices, evenly spread among the labelled ones, that a validation looks at to stay short: some of every item, so that
    every patient counts; of more items than slices that may be looked at, a regular sample."""
    chosen = labelled[:: max(1, -(-len(labelled) // MOST_VALIDATED))]
    slices = sum(len(w.places) for w in chosen)
    if slices <= MOST_VALIDATED:
        return list(chosen)
    counts = [max(1, len(w.places) * MOST_VALIDATED // slices) for w in chosen]
    return [
        SliceSelection(w.item, w.places[(2 * np.arange(n) + 1) * len(w.places) // (2 * n)])
        for w, n in zip(chosen, counts, strict=True)
    ]


def validated_on(
    val: Sequence[SliceSelection], looked_at: Sequence[SliceSelection], masks: Sequence[Labels]
) -> Iterator[Notice]:
    """That nothing is validated, or a sample alone: `looked_at` of the validation set `val`, with these masks."""
    if not looked_at:
        yield Notice(NO_VALIDATION)
    elif not any(((mask > 0) & (mask < UNLABELLED)).any() for mask in masks):
        yield Notice(EMPTY_VALIDATION)
    total, count = (sum(len(w.places) for w in group) for group in (val, looked_at))
    if count < total:
        text = translatable("A validation looks at {count} of the {total} slices, evenly spread, to stay short.")
        yield Notice(text, {"count": count, "total": total})


def counted(train: Sequence[SliceSelection], val: Sequence[SliceSelection]) -> dict[str, int]:
    """Items and slices that are learnt from and validated on, as RunSummary keeps them."""
    return {
        "train": len(train),
        "train_slices": sum(len(w.places) for w in train),
        "val": len(val),
        "val_slices": sum(len(w.places) for w in val),
    }


# Seen in an epoch -----------------------------------------------------------------------------------------------------


def common_canvas(items: Sequence[Item], size: int) -> tuple[int, int]:
    """The smallest size, in steps of 32, that holds every slice at its working size."""
    sizes = [scaled_size(*item.shape[1:], size) for item in items]
    height, width = (max(s[axis] for s in sizes) for axis in (0, 1))
    return -(-height // 32) * 32, -(-width // 32) * 32


def step_shape(config: TrainConfig, train: Sequence[SliceSelection]) -> tuple[int, int]:
    """Height and width of what the network is given of these slices: a patch, or whole images on their canvas."""
    return (config.patch, config.patch) if config.patch else common_canvas([one.item for one in train], config.size)


def patches_of(size: tuple[int, int], side: int) -> int:
    """How many patches of side x side px cover as much as a slice of that size, up to a most (0: it is learnt whole)."""
    return min(max(1, round(size[0] * size[1] / side**2)), _MOST_PATCHES) if side else 1


def seen_in_an_epoch(sizes: Sequence[tuple[int, int]], side: int) -> Iterator[Notice]:
    """That an epoch sees little of some slices of these sizes in patches of side x side px (0: it sees all of them)."""
    shares = [patches_of(size, side) * side**2 / (size[0] * size[1]) for size in sizes] if side else []
    least = min(shares, default=1.0)
    if least < _LITTLE:
        text = translatable(
            "An epoch sees {share} of an image of {width} × {height} px, in {count} patches of {side} px: larger patches see more of it."
        )
        height, width = sizes[shares.index(least)]
        count, share = patches_of((height, width), side), f"{least:.1%}"
        yield Notice(text, {"share": share, "width": width, "height": height, "count": count, "side": side})


class SliceLearner(Learner):
    """What learns from slices, or from patches of them: `_takes` (n,) is how many patches of each slice an epoch holds, 1 of a slice that
    is learnt whole."""

    _takes: NDArray[np.int64]

    def batches(self, epoch: int, first: int = 0) -> Iterator[Batch]:
        order = self._order(epoch)
        for step in range(first, self.steps):
            chosen = order[step * self.config.batch : (step + 1) * self.config.batch]
            pairs = [
                self._sample(int(i), (self.config.seed, epoch, step * self.config.batch + n))
                for n, i in enumerate(chosen)
            ]
            images = to_batch([picture for picture, _ in pairs], self.card.intensity)
            yield images, torch.from_numpy(np.stack([target for _, target in pairs]).astype(np.int64, copy=False))

    def _order(self, epoch: int) -> NDArray[np.int64]:
        """Which slices an epoch takes, in their order: each as often as it holds patches."""
        draw = np.random.default_rng((self.config.seed, epoch))
        need = self.steps * self.config.batch
        pieces = np.repeat(np.arange(len(self._takes)), self._takes)
        rounds = [draw.permutation(pieces) for _ in range(-(-need // len(pieces)))]
        return np.concatenate(rounds)[:need]

    @abstractmethod
    def _sample(self, index: int, key: tuple[int, int, int]) -> tuple[Picture, NDArray[Any]]:
        """A slice or a patch of it, changed as `key` (seed, epoch, place) says, and its target (h, w)."""


def square_around(centre: NDArray[np.int64], side: int, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """The square (top, left, height, width) of `side` px around a place (down, across), moved into the slice of that shape."""
    top, left = (int(np.clip(c - side // 2, 0, max(n - side, 0))) for c, n in zip(centre, shape, strict=True))
    return top, left, side, side
