"""Where voxels are. Array index (z, y, x), spacing in that order in mm, affine from index to millimetres in DICOM's LPS.

NIfTI's RAS and its (x, y, z) order are turned here, when reading and writing, and nowhere else.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.words import translatable

Plane: TypeAlias = Literal["axial", "coronal", "sagittal"]
Affine: TypeAlias = NDArray[np.float64]

_LETTERS = (("R", "L"), ("A", "P"), ("I", "S"))  # LPS: the negative and the positive end of each axis
_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
_XYZ = np.array([[0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]], float)


@dataclass(frozen=True, eq=False)
class Geometry:
    """The grid of an image: `shape` (z, y, x) and `affine` (4 x 4, index (z, y, x, 1) to LPS mm).

    `patient_based` is False for pictures that have no place in a patient (a PNG): they get no orientation letters,
    and `calibrated` is False where not even the pixel's size is known (spacing 1 then means one pixel).
    """

    shape: tuple[int, int, int]
    affine: Affine
    patient_based: bool = False
    calibrated: bool = False

    @property
    def spacing(self) -> tuple[float, float, float]:
        """The voxel's size (z, y, x) in mm."""
        z, y, x = np.linalg.norm(self.affine[:3, :3], axis=0)
        return float(z), float(y), float(x)

    @property
    def voxel_ml(self) -> float:
        return float(np.prod(self.spacing)) / 1000.0

    def same_grid(self, other: "Geometry", tolerance: float = 1e-3) -> bool:
        """Whether both grids put every voxel at the same millimetre, to `tolerance` of a voxel."""
        if self.shape != other.shape:
            return False
        off = np.linalg.solve(self.affine, other.affine) - np.eye(4)
        reach = np.array([*self.shape, 1.0])
        return bool(np.abs(off @ np.diag(reach)).max() < max(tolerance, 1e-6 * max(self.shape)))


def uncalibrated(
    height: int, width: int, slices: int = 1, spacing: tuple[float, float, float] | None = None
) -> Geometry:
    """The geometry of a picture without a patient; `spacing` (z, y, x) in mm where the file states it."""
    z, y, x = spacing or (1.0, 1.0, 1.0)
    affine = np.zeros((4, 4))
    affine[2, 0], affine[1, 1], affine[0, 2], affine[3, 3] = z, y, x, 1.0
    return Geometry((slices, height, width), affine, calibrated=spacing is not None)


def from_nifti(affine: Affine, shape: tuple[int, int, int]) -> Geometry:
    """From NIfTI's affine (index (x, y, z) to RAS mm) and array shape (x, y, z); the array is transposed to (z, y, x)."""
    x, y, z = shape
    return Geometry((z, y, x), _RAS @ np.asarray(affine, float) @ _XYZ, patient_based=True, calibrated=True)


def to_nifti(geometry: Geometry) -> Affine:
    """NIfTI's affine for the array transposed to (x, y, z)."""
    return np.asarray(_RAS @ geometry.affine @ _XYZ)


def from_dicom(
    position: NDArray[np.float64],
    orientation: NDArray[np.float64],
    pixel_spacing: tuple[float, float],
    step: NDArray[np.float64],
    shape: tuple[int, int, int],
) -> Geometry:
    """From Image Position (Patient) of the first slice, Image Orientation (Patient) (row then column cosines), Pixel Spacing
    (row distance, column distance) and the vector from one slice to the next (DICOM PS3.3 C.7.6.2)."""
    along_row, along_column = orientation[:3], orientation[3:]
    affine = np.eye(4)
    affine[:3, 0] = step
    affine[:3, 1] = along_column * pixel_spacing[0]
    affine[:3, 2] = along_row * pixel_spacing[1]
    affine[:3, 3] = position
    return Geometry(shape, affine, patient_based=True, calibrated=True)


def axes(plane: Plane) -> tuple[int, int, int]:
    """Array axes (through, down, across) of a plane of the stored grid: "axial" is the plane the images were stored in."""
    return {"axial": (0, 1, 2), "coronal": (1, 0, 2), "sagittal": (2, 0, 1)}[plane]


def orientation_labels(geometry: Geometry, plane: Plane = "axial") -> tuple[str, str, str, str]:
    """Orientation letters at the left, right, top and bottom edge of a shown slice; empty for pictures without a patient."""
    if not geometry.patient_based:
        return "", "", "", ""
    _, down, across = axes(plane)
    left, right = _ends(geometry.affine[:3, across])
    top, bottom = _ends(geometry.affine[:3, down])
    return left, right, top, bottom


def _ends(direction: NDArray[np.float64]) -> tuple[str, str]:
    axis = int(np.argmax(np.abs(direction)))
    low, high = _LETTERS[axis]
    return (low, high) if direction[axis] >= 0 else (high, low)


def resample_labels(labels: NDArray[np.uint8], source: Geometry, target: Geometry) -> NDArray[np.uint8]:
    """The label volume on another grid by millimetres, nearest voxel, 0 outside. Raises EngineError where the two do not meet.

    Grids that differ by flips and axis order alone are mapped voxel for voxel, without loss.
    """
    if source.same_grid(target):
        return labels.copy()
    to_source = np.linalg.solve(source.affine, target.affine)
    result = np.zeros(target.shape, np.uint8)
    y, x = np.meshgrid(np.arange(target.shape[1]), np.arange(target.shape[2]), indexing="ij")
    plane = np.stack([np.zeros(y.size), y.ravel(), x.ravel(), np.ones(y.size)])
    met = False
    for z in range(target.shape[0]):
        plane[0] = z
        index = np.rint((to_source @ plane)[:3]).astype(np.int64)
        inside = np.all((index >= 0) & (index < np.array(source.shape)[:, None]), axis=0)
        if inside.any():
            met = True
            part = result[z].reshape(-1)
            part[inside] = labels[tuple(index[:, inside])]
    if not met:
        raise EngineError(
            translatable("The mask lies somewhere else in the patient than the image."),
            translatable("Check that both belong to the same study: their positions in millimetres do not meet."),
        )
    return result


def covered_slices(source: Geometry, target: Geometry) -> frozenset[int]:
    """The slices of the target on which the source has a voxel, by the rule of `resample_labels`. Raises EngineError where they do not
    meet."""
    reached = resample_labels(np.ones(source.shape, np.uint8), source, target)
    return frozenset(np.flatnonzero(reached.any(axis=(1, 2))).tolist())


def fraction_outside(labels: NDArray[np.uint8], source: Geometry, target: Geometry) -> dict[int, float]:
    """The share (0 to 1) of each label above 0 whose voxels lie outside the target's grid; those that lie within are not listed."""
    to_target = np.linalg.solve(target.affine, source.affine)[:3]
    gone, total = np.zeros(256, np.int64), np.zeros(256, np.int64)
    for z, plane in enumerate(labels):
        y, x = np.nonzero(plane)
        values = plane[y, x]
        index = np.rint(to_target @ np.stack([np.full(y.size, z), y, x, np.ones(y.size)]))
        beyond = ((index < 0) | (index >= np.array(target.shape)[:, None])).any(axis=0)
        total += np.bincount(values, minlength=256)
        gone += np.bincount(values[beyond], minlength=256)
    return {int(value): float(gone[value] / total[value]) for value in np.flatnonzero(gone)}
