"""Where places of one image lie in a second one that is looked at beside it, and the second one's slice through them."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging.geometry import Affine, Geometry, Plane, axes, body_axes
from engine.imaging.image import Image, Pixels

LinkKind: TypeAlias = Literal["mm", "assumed", "apart", "other patient", "no place"]
"""By millimetres in one patient; so too, though the files name no patient; or by relative slice: the two do not meet, are of two
patients, or have no place in one."""

_MOST = 1 << 20  # pixels of a slice that is resampled at each step through a volume
_MOST_PICTURE = 1 << 24  # of a picture, which has one
_FINEST = 4  # pixels of the second image for one of the first, down and across
_PROBES = 9  # places along each axis at which two grids are tried for whether they meet
_MEETS, _MEETS_UNKNOWN = 0.0, 0.5  # share of the smaller one that the other must hold more than
_TILT = 0.05  # voxels over a whole slice


@dataclass(frozen=True, eq=False)
class Link:
    """How two grids are laid over each other."""

    kind: LinkKind
    first: Geometry
    second: Geometry

    @property
    def by_place(self) -> bool:
        """Whether a place in the one is the same place of the patient in the other."""
        return self.kind in ("mm", "assumed")

    def to_second(self, plane: Plane) -> Affine:
        """From index (z, y, x, 1) of the first to that of the second (4 x 4). By relative slice it depends on the plane: the share of
        the slices along it, and within it centre on centre at true size, or at the same size where none is known."""
        if self.by_place:
            return np.asarray(np.linalg.solve(self.second.affine, self.first.affine), np.float64)
        return _by_share(self.first, self.second, plane)


@dataclass(frozen=True, eq=False)
class LinkedSlice:
    """`pixels` (down, across[, 3]) in the second image's dtype, `inside` (down, across) bool: where that has values. `step` pixels of the
    first image's slice (down and across) lie from one to the next; the first one lies at (`step` - 1) / 2."""

    pixels: Pixels
    inside: NDArray[np.bool_]
    step: float


def link(first: Geometry, second: Geometry, patients: tuple[str, str]) -> Link:
    """Grids of two images and their patients' keys ("" unknown). By millimetres where both have a place in a patient, not two known ones,
    and meet there: without a known patient, by half of the smaller one at least."""
    if not (first.patient_based and second.patient_based):
        return Link("no place", first, second)
    if all(patients) and patients[0] != patients[1]:
        return Link("other patient", first, second)
    known = all(patients)
    shared = max(_share_inside(first, second), _share_inside(second, first))
    if shared <= (_MEETS if known else _MEETS_UNKNOWN):
        return Link("apart", first, second)
    return Link("mm" if known else "assumed", first, second)


def linked_slice(image: Image, link: Link, plane: Plane, index: int) -> LinkedSlice:
    """What `image`, the second one, shows in the plane of the first one's slice: as fine as the finer of both within a limit.

    Linear in between; where the grids lie askew the nearest voxel, which a moving hand does not wait for.
    """
    through, down, across = axes(plane)
    matrix = link.to_second(plane)[:3]
    size = link.first.shape[down], link.first.shape[across]
    step = _step(matrix, size, (down, across), link.first.shape[through])
    origin = matrix[:, 3] + matrix[:, through] * index + (matrix[:, down] + matrix[:, across]) * ((step - 1) / 2)
    by_row, by_column = matrix[:, down] * step, matrix[:, across] * step
    rows, columns = (max(round(n / step), 1) for n in size)
    row_axis, column_axis = int(np.abs(by_row).argmax()), int(np.abs(by_column).argmax())
    drift = np.abs(by_row) * rows + np.abs(by_column) * columns
    drift[row_axis] -= abs(by_row[row_axis]) * rows
    drift[column_axis] -= abs(by_column[column_axis]) * columns
    if row_axis == column_axis or drift.max() > _TILT:
        return LinkedSlice(*_nearest(image, origin, by_row, by_column, (rows, columns)), step)
    order = 3 - row_axis - column_axis, row_axis, column_axis
    at = origin[list(order)]
    shape = tuple(image.shape[axis] for axis in order)
    stack = image.pixels.transpose((*order, 3) if image.color else order)
    y = at[1] + by_row[row_axis] * np.arange(rows)
    x = at[2] + by_column[column_axis] * np.arange(columns)
    inside = np.outer(_within(y, shape[1]), _within(x, shape[2])) & bool(_within(at[:1], shape[0])[0])
    flat = _between(stack, float(at[0]))
    if (at[1], at[2], by_row[row_axis], by_column[column_axis]) == (0, 0, 1, 1) and flat.shape[:2] == (rows, columns):
        return LinkedSlice(flat, inside, step)
    if max(flat.shape[:2]) >= np.iinfo(np.int16).max:  # more than OpenCV warps
        near = (
            np.clip(np.rint(y), 0, shape[1] - 1).astype(np.intp),
            np.clip(np.rint(x), 0, shape[2] - 1).astype(np.intp),
        )
        return LinkedSlice(flat[np.ix_(*near)], inside, step)
    warp = np.array([[by_column[column_axis], 0, at[2]], [0, by_row[row_axis], at[1]]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    shown = cv2.warpAffine(flat, warp, (columns, rows), flags=flags, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[arg-type]
    return LinkedSlice(np.asarray(shown), inside, step)


def linked_geometry(link: Link, plane: Plane, index: int, found: LinkedSlice) -> Geometry:
    """The grid of a linked slice, as an image of its own: where the first image's slice lies."""
    through, down, across = axes(plane)
    first, affine = link.first.affine, np.eye(4)
    affine[:3, 0] = first[:3, through]
    affine[:3, 1], affine[:3, 2] = first[:3, down] * found.step, first[:3, across] * found.step
    affine[:3, 3] = first[:3, 3] + first[:3, through] * index
    affine[:3, 3] += (first[:3, down] + first[:3, across]) * ((found.step - 1) / 2)
    height, width = found.pixels.shape[:2]
    return Geometry((1, height, width), affine, link.first.patient_based, link.first.calibrated)


def _share_inside(one: Geometry, other: Geometry) -> float:
    """The share of one grid's places that lie on the other."""
    along = [(np.arange(_PROBES) + 0.5) / _PROBES * n - 0.5 for n in one.shape]
    places = np.stack([*(axis.ravel() for axis in np.meshgrid(*along, indexing="ij")), np.ones(_PROBES**3)])
    there = np.linalg.solve(other.affine, one.affine @ places)[:3]
    limits = np.array(other.shape)[:, None]
    return float(np.all((there >= -0.5) & (there <= limits - 0.5), axis=0).mean())


def _by_share(first: Geometry, second: Geometry, plane: Plane) -> Affine:
    through, down, across = axes(plane)
    own, signs = _alike(first, second)
    size = [first.spacing[axis] / second.spacing[own[axis]] for axis in range(3)]
    if not (first.calibrated and second.calibrated):  # as large as the first one
        extent = [second.shape[own[axis]] / (first.shape[axis] * size[axis]) for axis in (down, across)]
        size = [each * max(extent) for each in size]
    size[through] = second.shape[own[through]] / first.shape[through]
    result = np.zeros((4, 4))
    result[3, 3] = 1
    for axis in range(3):
        target, by = own[axis], signs[axis] * size[axis]
        result[target, axis] = by
        result[target, 3] = (second.shape[target] - 1) / 2 - by * (first.shape[axis] - 1) / 2
    return result


def _alike(first: Geometry, second: Geometry) -> tuple[list[int], list[int]]:
    """Of each axis of the first the second's that runs along the same axis of a patient, and 1, or -1 where it runs the other way."""
    if not (first.patient_based and second.patient_based):
        return [0, 1, 2], [1, 1, 1]
    one, two = body_axes(first), body_axes(second)
    own = [two.index(body) for body in one]
    signs = [1 if first.affine[one[axis], axis] * second.affine[one[axis], own[axis]] >= 0 else -1 for axis in range(3)]
    return own, signs


def _step(matrix: NDArray[np.float64], size: tuple[int, int], along: tuple[int, int], slices: int) -> float:
    """Pixels of the first slice from one pixel to the next: below 1 where the second image is finer, above where the slice is vast."""
    most = _MOST if slices > 1 else _MOST_PICTURE
    pixels = size[0] * size[1]
    if pixels > most:
        return float(np.ceil(np.sqrt(pixels / most)))
    finer = min(np.ceil(max(np.abs(matrix[:, axis]).max() for axis in along) - 1e-6), _FINEST, np.sqrt(most / pixels))
    return 1 / max(int(finer), 1)


def _between(stack: Pixels, at: float) -> Pixels:
    """The slice at a place between two of them."""
    at = min(max(at, 0.0), len(stack) - 1.0)
    low, share = int(at), at - int(at)
    if share < 1e-3 or share > 1 - 1e-3:
        return np.ascontiguousarray(stack[round(at)])
    one, two = (np.ascontiguousarray(stack[low + k]) for k in (0, 1))
    return np.asarray(cv2.addWeighted(one, 1 - share, two, share, 0))


def _within(places: NDArray[np.float64], count: int) -> NDArray[np.bool_]:
    return np.asarray((places >= -0.5 - 1e-6) & (places <= count - 0.5 + 1e-6))


def _nearest(
    image: Image,
    origin: NDArray[np.float64],
    by_row: NDArray[np.float64],
    by_column: NDArray[np.float64],
    size: tuple[int, int],
) -> tuple[Pixels, NDArray[np.bool_]]:
    inside, flat = np.ones(size, bool), np.zeros(size, np.intp)
    for axis, count in enumerate(image.shape):
        row = (origin[axis] + by_row[axis] * np.arange(size[0])).astype(np.float32)
        column = (by_column[axis] * np.arange(size[1])).astype(np.float32)
        place = np.rint(row[:, None] + column).astype(np.int32)
        inside &= (place >= 0) & (place < count)
        flat = flat * count + np.clip(place, 0, count - 1)
    values = image.pixels.reshape(-1, 3) if image.color else image.pixels.reshape(-1)
    return values[flat], inside
