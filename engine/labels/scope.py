"""Where an operation on a mask as a whole works: on a slice, on some slices or on the volume, on all that is there or on some objects."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.imaging.geometry import Plane, axes
from engine.labels.classes import BACKGROUND
from engine.labels.edit import Ids, Labels

Voxel = TypeVar("Voxel", bound=np.generic)

Operation: TypeAlias = Callable[[Labels, Sequence[float]], Labels]
"""Gives the new labels of a part (2D or 3D) as a new array. It is told the size of a voxel along each axis."""


@dataclass(frozen=True)
class Scope:
    """Slices of a plane, from the first to the last, both among them; None: the volume. With `objects`, these alone are there for the
    operation."""

    plane: Plane = "axial"
    slices: tuple[int, int] | None = None
    objects: frozenset[int] = frozenset()

    @property
    def index(self) -> int | None:
        """The slice, where it is one: that is looked at in 2D."""
        return self.slices[0] if self.slices is not None and self.slices[0] == self.slices[1] else None

    def cut(self, volume: NDArray[Voxel]) -> NDArray[Voxel]:
        """A view of that part of a volume (z, y, x): (down, across) of one slice, else (z, y, x)."""
        if self.slices is None:
            return volume
        first, last = self.slices
        where: list[slice | int] = [slice(None)] * 3
        where[axes(self.plane)[0]] = first if self.index is not None else slice(first, last + 1)
        return volume[tuple(where)]

    def sides(self, spacing: tuple[float, float, float]) -> tuple[float, ...]:
        """The size of a voxel along each axis of that part, of `spacing` (z, y, x)."""
        _, down, across = axes(self.plane)
        return spacing if self.index is None else (spacing[down], spacing[across])

    def changed(self, labels: Labels, ids: Ids | None, spacing: tuple[float, float, float], do: Operation) -> Labels:
        """The labels of that part (`cut`) after the operation, as a new array. What picked objects gain they gain from the background."""
        now, sides = self.cut(labels), self.sides(spacing)
        if ids is None or not self.objects:
            return do(now, sides)
        own = np.isin(self.cut(ids), list(self.objects))
        alone = np.where(own, now, np.uint8(BACKGROUND))
        new = do(alone, sides)
        return np.where((new != alone) & (own | (now == BACKGROUND)), new, now)
