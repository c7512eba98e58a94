"""Events that long work yields. Every generator of the engine yields these, one per batch or 100 ms, and returns its result."""

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.words import filled, translatable

T = TypeVar("T")


@dataclass(frozen=True)
class Progress:
    """`done` of `total` steps (total 0: unknown); `what` names the thing at hand (a file, an item)."""

    done: int
    total: int
    what: str = ""


@dataclass(frozen=True)
class Notice:
    """Something the user should know; a template like EngineError's. A value may be a Notice too."""

    message: str
    values: dict[str, object] = field(default_factory=dict, hash=False)

    @property
    def text(self) -> str:
        return filled(self.message, self.values)

    def __str__(self) -> str:
        return self.text


_NAMED = 5  # of the things that a notice counts


def count_notice(single: str, many: str, count: int, **values: object) -> Notice:
    """A notice about so many, in the words for one or for several."""
    return Notice(single if count == 1 else many, {"count": count, **values})


def listed(single: str, many: str, names: Sequence[str]) -> Iterator[Notice]:
    """A notice that counts and names, as far as it stays readable; none where there is nothing."""
    if names:
        shown = ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")
        yield count_notice(single, many, len(names), names=shown)


def said_of_each(notes: Iterable[tuple[str, Notice]]) -> Iterator[Notice]:
    """What is noted of things that have these names, each note once: of one thing by its name, of several by their number."""
    by_text: dict[str, list[tuple[str, Notice]]] = defaultdict(list)
    for name, note in notes:
        by_text[note.text].append((name, note))
    for group in by_text.values():
        name, note = group[0]
        if len(group) == 1:
            yield Notice(translatable("{name}: {note}"), {"name": name, "note": note})
        else:
            yield Notice(translatable("{count} images: {note}"), {"count": len(group), "note": note})


@dataclass(frozen=True)
class BatchDone:
    """One optimizer step of a training. `share` is the part of the whole training that is done (0..1)."""

    epoch: int
    step: int
    steps: int
    loss: float
    rate: float
    images_per_second: float
    waiting: float  # share of the time spent waiting for data, 0..1
    share: float
    seconds_left: float | None


@dataclass(frozen=True)
class CaseSeen:
    """A validation case after an epoch: a small grey or RGB picture (uint8, h x w x 3), reference and prediction (uint8, h x w), as they
    hang on the screen."""

    item: int
    name: str
    picture: NDArray[np.uint8]
    reference: NDArray[np.uint8]
    prediction: NDArray[np.uint8]
    dice: dict[str, float | None]
    mean: float | None


@dataclass(frozen=True)
class EpochDone:
    """An epoch with its validation. Segmentation fills `dice`, objects one by one `ap50` too; classification fills `accuracy`,
    `macro_f1` and `auc`."""

    epoch: int
    epochs: int | None  # None: the time budget decides
    train_loss: float
    val_loss: float | None
    score: float | None  # what "best" is judged by: mean Dice, AP at IoU 0.5, or AUC (accuracy where there is no AUC)
    best: bool
    seconds: float
    dice: dict[str, float | None] = field(default_factory=dict)
    accuracy: float | None = None
    macro_f1: float | None = None
    auc: float | None = None
    ap50: float | None = None
    cases: tuple[CaseSeen, ...] = ()

    @property
    def validated(self) -> float | None:
        """The one figure that is shown of its validation: accuracy where classes are learnt, else the score."""
        return self.score if self.accuracy is None else self.accuracy

    @property
    def mean_dice(self) -> float | None:
        """Over the classes that have one; `score` is an AP where objects are learnt."""
        return self.score if self.ap50 is None else mean_of(self.dice)

    @property
    def shared(self) -> float | None:
        """The figure that all networks of a task have after an epoch, so that their curves compare: accuracy, or mean Dice."""
        return self.mean_dice if self.accuracy is None else self.accuracy


def mean_of(dice: Mapping[str, float | None]) -> float | None:
    """The mean Dice over the classes that have one; None where none has."""
    known = [value for value in dice.values() if value is not None]
    return sum(known) / len(known) if known else None


Work = Generator[object, None, T]
"""The type of all long work: yields events, returns a T."""


def result_of(work: Work[T]) -> T:
    """Run the work to its end, dropping its events; for scripts and tests."""
    while True:
        try:
            next(work)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
