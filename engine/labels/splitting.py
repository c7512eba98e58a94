"""The connected parts of a class, made classes of their own."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine import ndimage
from engine.errors import EngineError
from engine.labels.classes import LabelClass, make_classes
from engine.labels.edit import Labels
from engine.words import translatable

MOST_PARTS = 30
"""Classes that one split makes at most."""

_ROUNDING = 1e-6  # of a size


def parts_of(region: NDArray[np.bool_], least: float, spacing: Sequence[float]) -> tuple[NDArray[np.int32], int]:
    """The connected parts of a region (2D or 3D; voxels that share a face, an edge or a corner), numbered 1, 2, ... by their size, the
    largest first, and how many there are. 0 is where none is: parts smaller than `least`, in the unit of the spacing squared or cubed,
    are not counted."""
    found, count = ndimage.label(region, np.ones((3,) * region.ndim))
    sizes = np.bincount(found.ravel(), minlength=count + 1)[1:]
    order = np.argsort(-sizes, kind="stable")
    large = order[sizes[order] * float(np.prod(spacing)) >= least * (1 - _ROUNDING)]
    number = np.zeros(count + 1, np.int32)
    number[large + 1] = np.arange(1, len(large) + 1)
    return number[found], len(large)


def classes_of_parts(
    classes: Sequence[LabelClass], value: int, count: int
) -> tuple[tuple[LabelClass, ...], tuple[int, ...]]:
    """The classes with one for each of `count` parts of class `value`, named "liver 1", "liver 2", ..., and their values. A class that
    has the name already is the part's. Raises EngineError where they are more than a mask can tell apart."""
    known = {each.name.casefold(): place for place, each in enumerate(classes, 1)}
    pairs, values = [(each.name, each.color) for each in classes], []
    for part in range(1, count + 1):
        name = f"{classes[value - 1].name} {part}"
        if name.casefold() not in known:
            pairs.append((name, ""))
            known[name.casefold()] = len(pairs)
        values.append(known[name.casefold()])
    return make_classes(pairs), tuple(values)


def split_class(
    labels: Labels, spacing: Sequence[float], value: int, least: float, classes: Sequence[LabelClass]
) -> Labels:
    """The labels (uint8, 2D or 3D) with each part of a class (`parts_of`) in the class that `classes_of_parts` has for it, as a new array.
    What is too small to be a part stays as it is. Raises EngineError where there are fewer than two parts, or more than 30."""
    numbers, count = parts_of(labels == value, least, spacing)
    if count < 2:
        raise not_split()
    if count > MOST_PARTS:
        raise EngineError(
            translatable("{count} parts are more than the {most} classes that one split makes: leave small ones out."),
            count=count,
            most=MOST_PARTS,
        )
    _, values = classes_of_parts(classes, value, count)
    return np.where(numbers > 0, np.array([0, *values], np.uint8)[numbers], labels)


def not_split() -> EngineError:
    """Why nothing is split."""
    return EngineError(translatable("There is nothing to split: it is one part, or the others are smaller."))
