"""What a sample of a training set's masks says of how it is best learnt: how small the images may be, and what their places tell."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.labels.edit import Labels
from engine.learning.pixels import resize_labels, scaled_size

_GRID = 16  # cells a side, of any image: coarse enough that some images fill them


class PlaceKnowledge(NamedTuple):
    """What the place of a pixel in the image says of its class, all shares 0..1.

    `label`: how much of the label's entropy the place takes away (normalised mutual information, the background counted): 0.04 for membranes,
    0.4 to 0.7 for organs. `named`: mean share over the classes of labelled pixels that their place alone, learnt from the
    other images, gives the right class; `mirrored`: the same with the other images turned left to right.
    """

    label: float = 0.0
    named: float = 0.0
    mirrored: float = 0.0


def survival(masks: Sequence[Labels], side: int) -> float:
    """The lowest class's mean Dice between masks and themselves after the way to `side` px and back; 1 without masks."""
    scores: dict[int, list[float]] = {}
    for labels in masks:
        small = resize_labels(labels, *scaled_size(labels.shape[0], labels.shape[1], side))
        back = resize_labels(small, labels.shape[0], labels.shape[1])
        for value in np.unique(labels)[1:] if labels.min() == 0 else np.unique(labels):
            a, b = labels == value, back == value
            scores.setdefault(int(value), []).append(float(2 * (a & b).sum() / max(a.sum() + b.sum(), 1)))
    return min((float(np.mean(s)) for s in scores.values()), default=1.0)


def place_knowledge(masks: Sequence[Labels]) -> PlaceKnowledge:
    """What places tell in these masks (h, w), each brought to the same coarse grid; nothing of fewer than three."""
    values = sorted({int(value) for labels in masks for value in np.unique(labels)} - {0})
    if len(masks) < 3 or not values:
        return PlaceKnowledge()
    shares = np.stack([_coarse(labels, values) for labels in masks])  # (masks, classes, cells), the background first
    mean = shares.mean(axis=0)
    label = 1 - _entropy(mean).mean() / max(float(_entropy(mean.mean(axis=1))), 1e-9)
    grid = (*shares.shape[:2], _GRID, _GRID)
    turned = shares.reshape(grid)[..., ::-1].reshape(shares.shape)
    return PlaceKnowledge(float(label), _named(shares, shares), _named(shares, turned))


def _coarse(labels: Labels, values: Sequence[int]) -> NDArray[np.float64]:
    each = [
        cv2.resize((labels == value).astype(np.float32), (_GRID, _GRID), interpolation=cv2.INTER_AREA).reshape(-1)
        for value in values
    ]
    found = np.array(each, np.float64)
    return np.concatenate([1 - found.sum(axis=0, keepdims=True), found])


def _entropy(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Over the first axis, in nats."""
    known = shares.clip(1e-12, 1)
    entropy: NDArray[np.float64] = -(known * np.log(known)).sum(axis=0)
    return entropy


def _named(shares: NDArray[np.float64], others: NDArray[np.float64]) -> float:
    """How often the likeliest class at a place, by `others` without the image itself, is right; classes count alike."""
    total = others[:, 1:].sum(axis=0)
    hit, size = np.zeros(len(total)), np.zeros(len(total))
    for own, other in zip(shares[:, 1:], others[:, 1:], strict=True):
        rest = total - other
        likely = rest / rest.sum(axis=1, keepdims=True).clip(1e-9)  # classes that are large are not likelier
        best = likely.argmax(axis=0)
        size += own.sum(axis=1)
        hit += np.array([own[place][best == place].sum() for place in range(len(own))])
    return float((hit / size.clip(1e-9)).mean())
