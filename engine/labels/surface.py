"""The surface of a mask: the voxels that border on another value, with the way each one faces, and its picture from any side.

Everything is orthographic and drawn on one core: the points are thrown into a depth buffer, which a dilation closes to the size of a voxel.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging.geometry import Geometry
from engine.labels.edit import Box, Labels
from engine.progress import Progress, Work

Floats = NDArray[np.float32]

_REACH = 3  # voxels around one that say which way it faces
_SLAB = 16  # slices that are looked at in one go
_MOST_COPIES = 6  # of a voxel along an axis on which it is long, so that slices far apart make a closed surface
_IDS = float(2**28)  # a depth and a point's number share 52 bits of a double: one maximum keeps the nearest point
_DEPTHS = float(2**23)
_SPARSE = 2.2  # how much larger a point of a coarser copy is drawn: they lie at random, and must leave no holes
_LIGHT = np.array([-0.35, -0.5, 0.79], np.float32)  # on the screen: from the upper left, over the viewer's shoulder
_AMBIENT = 0.3


@dataclass(frozen=True, eq=False)
class Surface:
    """`voxels` (n, 3) int16 indices (z, y, x), `values` (n,) uint8, `normals` (n, 3) float32, unit length in the patient's axes,
    pointing out. The order is random, so that every n-th part is a coarser copy of the whole."""

    geometry: Geometry
    voxels: NDArray[np.int16]
    values: NDArray[np.uint8]
    normals: Floats

    def __len__(self) -> int:
        return len(self.values)


def surface_of(labels: Labels, geometry: Geometry) -> Work[Surface]:
    """The surface of all classes of `labels` (z, y, x) uint8, 0 being background: every voxel with one of its six neighbours of another
    value or outside the volume. Yields Progress."""
    parts, slices = [], labels.shape[0]
    for first in range(0, slices, _SLAB):
        yield Progress(first, slices)
        last = min(first + _SLAB, slices)
        parts.append(_found(labels, Box((first, 0, 0), (last, *labels.shape[1:])), geometry))
    return _joined(geometry, parts)


def surface_renewed(surface: Surface, labels: Labels, box: Box) -> Work[Surface]:
    """The surface after the labels changed in the box alone: there it is found anew. Yields Progress."""
    low = [max(edge - _REACH, 0) for edge in box.low]
    high = [min(edge + _REACH, size) for edge, size in zip(box.high, labels.shape, strict=True)]
    around = Box((low[0], low[1], low[2]), (high[0], high[1], high[2]))
    yield Progress(0, 1)
    stays = ~np.all((surface.voxels >= np.array(low)) & (surface.voxels < np.array(high)), axis=1)
    kept = surface.voxels[stays], surface.values[stays], surface.normals[stays]
    return _joined(surface.geometry, [kept, _found(labels, around, surface.geometry)])


_Part = tuple[NDArray[np.int16], NDArray[np.uint8], Floats]


def _joined(geometry: Geometry, parts: Sequence[_Part]) -> Surface:
    voxels, values, normals = (np.concatenate([part[place] for part in parts]) for place in range(3))
    order = np.random.default_rng(0).permutation(len(values))
    return Surface(geometry, voxels[order], values[order], normals[order])


def _found(labels: Labels, box: Box, geometry: Geometry) -> _Part:
    """Surface voxels in the box."""
    block = _with_rim(labels, box)
    core = block[_REACH:-_REACH, _REACH:-_REACH, _REACH:-_REACH]
    borders = np.zeros(core.shape, bool)
    if core.any():
        for axis, step in product(range(3), (-1, 1)):
            near = tuple(
                slice(_REACH + step * (each == axis), size - _REACH + step * (each == axis))
                for each, size in enumerate(block.shape)
            )
            borders |= core != block[near]
        borders &= core != 0
    at = np.argwhere(borders)
    flat = (at + _REACH) @ np.array([block.shape[1] * block.shape[2], block.shape[2], 1])
    values = block.ravel()[flat]
    return (at + box.low).astype(np.int16), values, _normals(block, flat, values, geometry)


def _with_rim(labels: Labels, box: Box) -> Labels:
    """The labels in the box and `_REACH` voxels around it; background where there is no volume."""
    low = [max(edge - _REACH, 0) for edge in box.low]
    high = [min(edge + _REACH, size) for edge, size in zip(box.high, labels.shape, strict=True)]
    missing = [
        (start - edge + _REACH, end + _REACH - stop)
        for start, edge, end, stop in zip(low, box.low, box.high, high, strict=True)
    ]
    return np.pad(labels[tuple(slice(a, b) for a, b in zip(low, high, strict=True))], missing)


def _normals(block: Labels, flat: NDArray[np.intp], values: NDArray[np.uint8], geometry: Geometry) -> Floats:
    """Against the gradient of the own class, smoothed around each voxel."""
    strides = np.array([block.shape[1] * block.shape[2], block.shape[2], 1])
    voxels, sums = block.ravel(), np.zeros((3, len(flat)), np.float32)
    for offset in product(range(-_REACH, _REACH + 1), repeat=3):
        square = sum(step * step for step in offset)
        if not 0 < square <= _REACH**2:
            continue
        weight = float(np.exp(-square / (2 * (0.6 * _REACH) ** 2)))
        same = (voxels[flat + int(strides @ offset)] == values).astype(np.float32)
        for total, step in zip(sums, offset, strict=True):
            if step:
                total -= same * np.float32(weight * step)
    to_patient = np.linalg.inv(geometry.affine[:3, :3]).T.astype(np.float32)
    normals = sums.T @ to_patient.T
    normals /= np.maximum(np.linalg.norm(normals, axis=1), 1e-6)[:, None]
    return np.ascontiguousarray(normals, np.float32)


class SurfaceScene:
    """The points of a surface's classes that are shown, ready to be drawn many times."""

    def __init__(self, surface: Surface, colors: Sequence[str], hidden: frozenset[int] = frozenset()) -> None:
        """`colors` are "#rrggbb" of the values 1, 2, ...; a value beyond them is white. Values in `hidden` are not drawn."""
        self.surface = surface
        geometry, spacing = surface.geometry, np.array(surface.geometry.spacing)
        shown = np.flatnonzero(~np.isin(surface.values, list(hidden)))
        copies = [min(int(np.ceil(size / spacing.min() - 0.1)), _MOST_COPIES) for size in spacing]
        inside = [(np.arange(count) + 0.5) / count - 0.5 for count in copies]
        offsets = np.stack(np.meshgrid(*inside, indexing="ij"), -1).reshape(-1, 3)
        middle = (np.array(geometry.shape) - 1) / 2
        points = (surface.voxels[shown].astype(np.float32) - middle)[:, None] + offsets
        turn = geometry.affine[:3, :3].T
        self._points = np.ascontiguousarray((points.reshape(-1, 3) @ turn).T, np.float32)
        self._ids = np.repeat(shown, len(offsets)).astype(np.float64)
        self._middle, self._turn = middle, turn
        self._colors = np.full((256, 3), 255, np.float32)
        for value, color in enumerate(colors[:255], start=1):
            self._colors[value] = [int(color[start : start + 2], 16) for start in (5, 3, 1)]
        self._voxel = float(spacing.min())
        self._radius = float(np.linalg.norm(np.array(geometry.shape) * spacing)) / 2

    @property
    def points(self) -> int:
        return int(self._points.shape[1])

    def frame(self) -> tuple[NDArray[np.float64], float]:
        """The middle of what is shown, in mm of the patient's axes from the middle of the volume, and mm from there to its corners."""
        if not self.points:
            return np.zeros(3), self._radius
        low, high = self._points.min(axis=1).astype(float), self._points.max(axis=1).astype(float)
        return (low + high) / 2, float(np.linalg.norm(high - low)) / 2 + self._voxel

    def project(self, voxel: tuple[int, int, int], turn: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where a voxel lies seen so: mm right, down and towards the viewer of the middle of the volume."""
        return np.asarray(turn @ ((np.array(voxel) - self._middle) @ self._turn))

    def draw(
        self,
        turn: NDArray[np.float64],
        size: tuple[int, int],
        scale: float,
        shift: tuple[float, float] = (0.0, 0.0),
        ground: tuple[int, int, int] = (0, 0, 0),
        share: int = 1,
    ) -> "SurfacePicture":
        """The picture of `size` (down, across) pixels with `scale` pixels a mm. `turn` (3, 3) takes the patient's axes to the screen's:
        right, down, towards the viewer; `shift` (down, across) moves it by pixels. One in `share` points is drawn, each the larger."""
        count = self.points // share
        height, width = size
        across, down, near = (turn.astype(np.float32) @ self._points[:, :count]).astype(np.float32)
        columns = (across * np.float32(scale) + np.float32(width / 2 + shift[1])).astype(np.int32)
        rows = (down * np.float32(scale) + np.float32(height / 2 + shift[0])).astype(np.int32)
        seen = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
        if not seen.all():
            rows, columns, near = rows[seen], columns[seen], near[seen]
        depth = np.floor((near.astype(np.float64) + 1.01 * self._radius) * (_DEPTHS / (2.02 * self._radius)))
        keys = depth * _IDS + self._ids[:count][seen]
        nearest = np.full(height * width, -1.0)
        np.maximum.at(nearest, rows * width + columns, keys)
        side = int(np.ceil(scale * self._voxel * (1.5 if share == 1 else _SPARSE * share**0.5)))
        kernel = np.ones((side, side), np.uint8)
        return self._shaded(np.asarray(cv2.dilate(nearest.reshape(height, width), kernel)), turn, ground)

    def _shaded(
        self, nearest: NDArray[np.float64], turn: NDArray[np.float64], ground: tuple[int, int, int]
    ) -> "SurfacePicture":
        covered = np.flatnonzero(nearest.ravel() >= 0)
        ids = np.full(nearest.size, -1, np.int32)
        found = np.mod(nearest.ravel()[covered], _IDS).astype(np.int32)
        ids[covered] = found
        light = (turn.T @ _LIGHT).astype(np.float32)
        bright = _AMBIENT + (1 - _AMBIENT) * np.clip(self.surface.normals[found] @ light, 0, 1)
        pixels = np.empty((nearest.size, 4), np.uint8)
        pixels[:] = (*ground, 255)
        pixels[covered, :3] = self._colors[self.surface.values[found]] * bright[:, None]
        return SurfacePicture(pixels.reshape(*nearest.shape, 4), ids.reshape(nearest.shape), self.surface)


@dataclass(frozen=True, eq=False)
class SurfacePicture:
    """`pixels` (down, across, 4) uint8: blue, green, red, opaque; `ids` (down, across) int32: the surface's voxel there, -1 for none."""

    pixels: NDArray[np.uint8]
    ids: NDArray[np.int32]
    surface: Surface

    def voxel(self, down: int, across: int) -> tuple[int, int, int] | None:
        """The voxel (z, y, x) that a pixel shows."""
        if not (0 <= down < self.ids.shape[0] and 0 <= across < self.ids.shape[1]) or self.ids[down, across] < 0:
            return None
        z, y, x = self.surface.voxels[self.ids[down, across]].tolist()
        return z, y, x
