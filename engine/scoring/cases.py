"""Which classified images are worth looking at: surely right, surely wrong, and unsure ones."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.scoring.classify import UNANSWERED, predicted_classes

Kind = Literal["right", "wrong", "unsure"]
_CLOSE = 0.2
KINDS: tuple[Kind, ...] = ("right", "wrong", "unsure")


def choose_cases(
    probabilities: NDArray[np.floating], truth: Sequence[int] | NDArray[np.integer], count: int = 4
) -> list[tuple[int, Kind]]:
    """Up to `count` different images as (index, kind), the right ones first.

    `probabilities` (n, classes) sum to 1 a row, `truth` (n,) holds class indices; rows with a truth below 0 are unknown, and
    rows that are no numbers say nothing: both are left out. "right" and "wrong" are the ones with the highest probability of the predicted class, "unsure" the ones whose two
    highest probabilities are closest. Kinds take turns, and each prefers true classes that it has not shown yet.
    """
    shares, known = np.asarray(probabilities, np.float64), np.asarray(truth)
    if shares.ndim != 2 or known.shape != shares.shape[:1]:
        raise ValueError(f"probabilities {shares.shape} and truth {known.shape} do not belong together")
    queues = _queues(shares, known)
    chosen: list[tuple[int, Kind]] = []
    while len(chosen) < count and any(queues.values()):
        for kind in ("wrong", "right", "unsure"):
            _take_one(kind, queues, known, chosen)
    return sorted(chosen[:count], key=lambda case: KINDS.index(case[1]))


def kind_of(shares: NDArray[np.floating], truth: int | None) -> Kind | Literal[""]:
    """What a network's answer (classes,) to one image of that class is; "" where the class is unknown. Unsure is one whose two highest
    probabilities are less than 0.2 apart."""
    if truth is None:
        return ""
    first, second = np.sort(shares)[::-1][:2]
    if first - second < _CLOSE:
        return "unsure"
    return "right" if int(np.argmax(shares)) == truth else "wrong"


def _queues(shares: NDArray[np.float64], known: NDArray[np.integer]) -> dict[Kind, list[int]]:
    """Indices by kind, the most telling first; ties keep the order of the images."""
    if not len(shares) or shares.shape[1] < 2:
        return {kind: [] for kind in KINDS}
    ranked = np.sort(shares, axis=1)
    sure = ranked[:, -1]
    margin = sure - ranked[:, -2]
    said = predicted_classes(shares)
    right = said == known
    labelled = (known >= 0) & (said != UNANSWERED)
    order = np.argsort(-sure, kind="stable")
    return {
        "right": [int(index) for index in order if labelled[index] and right[index]],
        "wrong": [int(index) for index in order if labelled[index] and not right[index]],
        "unsure": [int(index) for index in np.argsort(margin, kind="stable") if labelled[index]],
    }


def _take_one(
    kind: Kind, queues: dict[Kind, list[int]], known: NDArray[np.integer], chosen: list[tuple[int, Kind]]
) -> None:
    shown = {int(known[index]) for index, other in chosen if other == kind}
    index = next((index for index in queues[kind] if int(known[index]) not in shown), None)
    if index is None:
        index = next(iter(queues[kind]), None)
    if index is None:
        return
    for queue in queues.values():
        if index in queue:
            queue.remove(index)
    chosen.append((index, kind))
