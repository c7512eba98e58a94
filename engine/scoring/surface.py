"""Distances between the surfaces of two masks, in mm, or in pixels where no size of a pixel is known.

Definition (that of MONAI): the surface is the voxels of the mask with a face neighbour outside it, the image's border
counting as outside; HD95 is the larger of the two directed 95th percentiles; ASSD the mean over both surfaces' voxels; NSD the
share of both surfaces' voxels within the tolerance of the other. Pooled or area-weighted definitions differ by up to half a voxel.

Source: HD95 and ASSD are described in Taha and Hanbury, "Metrics for evaluating 3D medical image segmentation", 2015; NSD (surface Dice) in
Nikolov and others, "Deep learning to achieve clinically applicable segmentation of head and neck anatomy for radiotherapy", 2018.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.labels.classes import UNLABELLED
from engine.progress import Progress, Work, result_of

Region: TypeAlias = NDArray[np.bool_]
Distances: TypeAlias = NDArray[np.float64]

Unit: TypeAlias = Literal["mm", "px"]
UNITS: tuple[Unit, ...] = ("mm", "px")

_ROUNDING = 1e-6  # of the tolerance: spacings come as float32, and a distance of exactly the tolerance is within it
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


@dataclass(frozen=True)
class SurfaceScores:
    """`hd95` and `assd` in `unit` (None: a mask is empty, so no distance exists), `nsd` 0..1 at `tolerance` of that unit (None: both
    are empty; 0: one is)."""

    hd95: float | None
    assd: float | None
    nsd: float | None
    tolerance: float
    unit: Unit = "mm"


def unit_of(calibrated: bool) -> Unit:
    """The unit of distances where the size of a pixel is known, or is not."""
    return "mm" if calibrated else "px"


def surface_scores(
    truth: Region, predicted: Region, spacing: Sequence[float], tolerance: float = 2.0, unit: Unit = "mm"
) -> SurfaceScores:
    """Scores of one class: two masks (bool, (z, y, x) or (y, x)), spacing in the order of their axes.

    `unit` is that of `spacing`, `tolerance` and the distances. A distance of exactly the tolerance is within it. A volume of one slice is scored as a picture,
    else all its voxels would be surface. Raises ValueError where shapes or numbers of axes differ.
    """
    if truth.shape != predicted.shape or truth.ndim != len(spacing) or truth.ndim not in (2, 3):
        raise ValueError(f"masks of {truth.shape} and {predicted.shape} with spacing {spacing}")
    if truth.ndim == 3 and truth.shape[0] == 1:
        truth, predicted, spacing = truth[0], predicted[0], spacing[1:]
    one, other = truth.any(), predicted.any()
    if not (one and other):
        return SurfaceScores(None, None, 0.0 if one or other else None, tolerance, unit)
    crop = _around(truth | predicted)
    surfaces = _surface(truth[crop]), _surface(predicted[crop])
    there, back = _distances(*surfaces, spacing)
    reach = tolerance * (1 + _ROUNDING)
    near = np.count_nonzero(there <= reach) + np.count_nonzero(back <= reach)
    return SurfaceScores(
        hd95=float(max(np.percentile(there, 95), np.percentile(back, 95))),
        assd=float((there.sum() + back.sum()) / (there.size + back.size)),
        nsd=float(near / (there.size + back.size)),
        tolerance=tolerance,
        unit=unit,
    )


def class_surfaces(
    truth: NDArray[np.uint8],
    predicted: NDArray[np.uint8],
    classes: int,
    spacing: Sequence[float],
    tolerance: float = 2.0,
    unit: Unit = "mm",
) -> list[SurfaceScores]:
    """Scores of the classes 1..`classes` of two label arrays; the rest as in `surface_scores`. What is UNLABELLED in `truth` is
    background of both, so that a surface there is none."""
    return result_of(measure_surfaces(truth, predicted, classes, spacing, tolerance, unit))


def measure_surfaces(
    truth: NDArray[np.uint8],
    predicted: NDArray[np.uint8],
    classes: int,
    spacing: Sequence[float],
    tolerance: float = 2.0,
    unit: Unit = "mm",
) -> Work[list[SurfaceScores]]:
    """`class_surfaces` with a Progress for each class, for large volumes."""
    void, found = truth == UNLABELLED, []
    known = ~void if void.any() else None
    for value in range(1, classes + 1):
        yield Progress(value - 1, classes)
        said = predicted == value
        found.append(surface_scores(truth == value, said if known is None else said & known, spacing, tolerance, unit))
    return found


def _around(region: Region) -> tuple[slice, ...]:
    """The smallest box that holds the region, which is not empty."""
    box = []
    for axis in range(region.ndim):
        used = np.flatnonzero(region.any(axis=tuple(a for a in range(region.ndim) if a != axis)))
        box.append(slice(int(used[0]), int(used[-1]) + 1))
    return tuple(box)


def _surface(region: Region) -> Region:
    """Voxels of the region with a face neighbour outside it."""
    if region.ndim == 2:
        solid = np.ascontiguousarray(region).view(np.uint8)
        inner = cv2.erode(solid, _CROSS, borderType=cv2.BORDER_CONSTANT, borderValue=0)
        edge: Region = region & (inner == 0)
        return edge
    padded = np.pad(region, 1)
    inside = np.ones(region.shape, bool)
    for axis in range(3):
        for shift in (0, 2):
            window = [slice(1, -1)] * 3
            window[axis] = slice(shift, shift + region.shape[axis])
            inside &= padded[tuple(window)]
    return region & ~inside


def _distances(one: Region, other: Region, spacing: Sequence[float]) -> tuple[Distances, Distances]:
    """Distance, in the unit of `spacing`, of each voxel of either surface to the nearest of the other."""
    if one.ndim == 2 and spacing[0] == spacing[1]:
        return _to_surface(other, one) * spacing[0], _to_surface(one, other) * spacing[0]
    # a tree of surface points costs the surface, a distance map the box: 10 times less memory for an organ
    points = np.argwhere(one) * np.asarray(spacing), np.argwhere(other) * np.asarray(spacing)
    from scipy.spatial import cKDTree  # a quarter of a second, and the window needs none of it

    there, _ = cKDTree(points[1]).query(points[0])
    back, _ = cKDTree(points[0]).query(points[1])
    return np.asarray(there), np.asarray(back)


def _to_surface(surface: Region, points: Region) -> Distances:
    """Distance in pixels of each of the points to the nearest of the surface."""
    away = cv2.distanceTransform((~surface).view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    # squares of distances are whole numbers: this undoes the last digit of float32, which changes from run to run
    return np.sqrt(np.rint(np.square(away[points], dtype=np.float64)))
