"""Bodies as signed distances: the grid they are measured on, the solids they are made of, and smooth noise that bends them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Field: TypeAlias = NDArray[np.floating]
"""float32 values on the grid (z, y, x): mm from a surface, negative inside, or noise of mean 0 and deviation 1."""

Point: TypeAlias = tuple[float, float, float]
"""x, y, z in mm: x to the patient's left, y to the back, z to the head."""

Box: TypeAlias = tuple[slice, slice, slice]

WHOLE: Box = (slice(None), slice(None), slice(None))

_REACH = 14.0  # mm that a bent grid may stray from the straight one


@dataclass(frozen=True, eq=False)
class Grid:
    """Where every voxel lies: x, y, z (mm), each an array (z, y, x). `spacing` (z, y, x) in mm.

    Bending the coordinates bends everything that is drawn on them.
    """

    x: Field
    y: Field
    z: Field
    spacing: tuple[float, float, float]

    @staticmethod
    def straight(slices: int, side: int, spacing: tuple[float, float, float]) -> "Grid":
        """A grid whose middle is the origin."""
        step_z, step_y, step_x = spacing
        z = ((np.arange(slices) - (slices - 1) / 2) * step_z).astype(np.float32)
        y = ((np.arange(side) - (side - 1) / 2) * step_y).astype(np.float32)
        x = ((np.arange(side) - (side - 1) / 2) * step_x).astype(np.float32)
        shape = (slices, side, side)
        x, y = np.broadcast_to(x, shape), np.broadcast_to(y[:, None], shape)
        return Grid(x, y, np.broadcast_to(z[:, None, None], shape), spacing)

    @property
    def shape(self) -> tuple[int, int, int]:
        slices, height, width = self.x.shape
        return slices, height, width

    def turned(self, degrees: float, shift: tuple[float, float]) -> "Grid":
        """The same voxels seen from a patient who lies turned and shifted (x, y in mm)."""
        cosine, sine = np.float32(np.cos(np.radians(degrees))), np.float32(np.sin(np.radians(degrees)))
        x, y = self.x - np.float32(shift[0]), self.y - np.float32(shift[1])
        return Grid(cosine * x + sine * y, cosine * y - sine * x, self.z, self.spacing)

    def bent(self, rng: np.random.Generator, cell: float, strength: float) -> "Grid":
        """The grid bent by smooth noise of that cell size and strength (both mm)."""
        across, down = (noise(rng, self, cell) * np.float32(strength) for _ in range(2))
        return Grid(self.x + across, self.y + down, self.z, self.spacing)

    def near(self, points: Sequence[Point], reach: float) -> tuple["Grid", Box]:
        """The part of the grid around the points, and where it lies in the whole."""
        low, high = np.min(points, axis=0) - reach - _REACH, np.max(points, axis=0) + reach + _REACH
        middle = self.shape[0] // 2
        x, y = self.x[middle], self.y[middle]
        inside = (x > low[0]) & (x < high[0]) & (y > low[1]) & (y < high[1])
        deep = np.flatnonzero((self.z[:, 0, 0] > low[2]) & (self.z[:, 0, 0] < high[2]))
        rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
        box = (_span(deep), _span(rows), _span(columns))
        return Grid(self.x[box], self.y[box], self.z[box], self.spacing), box


def _span(places: NDArray[np.intp]) -> slice:
    return slice(int(places[0]), int(places[-1]) + 1) if places.size else slice(0, 0)


def noise(rng: np.random.Generator, grid: Grid, cell: float) -> Field:
    """Smooth noise whose waves are about `cell` mm long in the plane and twice that along z; it depends on mm, not on voxels."""
    slices, height, width = grid.shape
    depth, down, across = (n * s / cell for n, s in zip(grid.shape, grid.spacing, strict=True))
    counts = (int(depth / 2) + 3, round(down) + 2, round(across) + 2)
    coarse = rng.standard_normal(counts).astype(np.float32)
    planes = np.stack([cv2.resize(plane, (width, height), interpolation=cv2.INTER_CUBIC) for plane in coarse])
    at = rng.uniform() + np.arange(slices) * (grid.spacing[0] / (2 * cell))
    below = np.floor(at).astype(int)
    share = (at - below).astype(np.float32)[:, None, None]
    share = share * share * (3 - 2 * share)
    waves = planes[below] * (1 - share) + planes[below + 1] * share
    result: Field = (waves - waves.mean()) / max(float(waves.std()), 1e-6)
    return result


def ellipsoid(grid: Grid, center: Point, radii: Point, turn: float = 0.0) -> Field:
    """An ellipsoid turned by `turn` degrees in the plane. The distance is exact on the surface and good near it."""
    cosine, sine = np.float32(np.cos(np.radians(turn))), np.float32(np.sin(np.radians(turn)))
    x, y, z = grid.x - np.float32(center[0]), grid.y - np.float32(center[1]), grid.z - np.float32(center[2])
    u, v = (cosine * x + sine * y) / np.float32(radii[0]), (cosine * y - sine * x) / np.float32(radii[1])
    w = z / np.float32(radii[2])
    reach = np.maximum(np.sqrt(u * u + v * v + w * w), np.float32(1e-4))
    slope = np.sqrt((u / np.float32(radii[0])) ** 2 + (v / np.float32(radii[1])) ** 2 + (w / np.float32(radii[2])) ** 2)
    result: Field = reach * (reach - 1) / np.maximum(slope, reach / np.float32(max(radii)))
    return result


def tube(grid: Grid, points: Sequence[Point], radii: Sequence[float]) -> Field:
    """A tube through the points with a radius (mm) at each; round ends."""
    result: Field | None = None
    for (start, end), (first, last) in zip(pairwise(points), pairwise(radii), strict=True):
        along = np.subtract(end, start).astype(np.float32)
        x, y, z = (axis - np.float32(s) for axis, s in zip((grid.x, grid.y, grid.z), start, strict=True))
        length = max(float(along @ along), 1e-6)
        share = np.clip((x * along[0] + y * along[1] + z * along[2]) / np.float32(length), 0, 1)
        away = (x - share * along[0]) ** 2 + (y - share * along[1]) ** 2 + (z - share * along[2]) ** 2
        part = np.sqrt(away) - (np.float32(first) + share * np.float32(last - first))
        result = part if result is None else np.minimum(result, part)
    if result is None:
        raise ValueError("a tube needs two points")
    return result


def joined(first: Field, second: Field, soft: float) -> Field:
    """The union of two bodies, with a fillet of about `soft` mm where they meet."""
    blend = np.maximum(np.float32(soft) - np.abs(first - second), 0) / np.float32(soft)
    result: Field = np.minimum(first, second) - blend * blend * np.float32(soft / 4)
    return result


def without(body: Field, hole: Field, soft: float) -> Field:
    """The body less the hole, its new edge rounded by about `soft` mm."""
    return -joined(-body, hole, soft)


def within(body: Field, room: Field, soft: float) -> Field:
    """What of the body lies in the room, its new edge rounded."""
    return -joined(-body, -room, soft)


def evened(body: Field, grid: Grid) -> Field:
    """Any function that is 0 on a surface as mm from it, near it."""
    down, across = np.gradient(body, grid.spacing[1], grid.spacing[2], axis=(1, 2))
    slope = np.sqrt(down * down + across * across)
    # where the function is flat (in the middle of the body) it says nothing about a surface
    result: Field = body / np.maximum(slope, np.float32(0.4) * slope.mean())
    return result
