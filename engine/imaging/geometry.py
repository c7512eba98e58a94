"""Where voxels are. Array index (z, y, x), spacing in that order in mm, affine from index to millimetres in DICOM's LPS.

NIfTI's RAS and its (x, y, z) order are turned here, when reading and writing, and nowhere else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import Literal, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.progress import Notice
from engine.words import translatable

NO_STEP = Notice(translatable("The distance between the slices is not known: lengths are in pixels."))

Plane: TypeAlias = Literal["axial", "coronal", "sagittal", "coronal turned", "sagittal turned"]
"""A cut through the stored grid; "turned" are the same cuts with rows and columns exchanged."""

BodyPlane: TypeAlias = Literal["axial", "coronal", "sagittal"]
"""How a cut lies in the patient."""

Affine: TypeAlias = NDArray[np.float64]

Flips: TypeAlias = tuple[bool, bool]
"""Whether the stored slice is shown turned over (down, across)."""

SideAxis: TypeAlias = Literal["across", "down", ""]
"""How the patient's left and right lie in a stored slice: side by side, one below the other, or before and behind it."""

Scalar = TypeVar("Scalar", bound=np.generic)

_AXES: dict[Plane, tuple[int, int, int]] = {
    "axial": (0, 1, 2),
    "coronal": (1, 0, 2),
    "sagittal": (2, 0, 1),
    "coronal turned": (1, 2, 0),
    "sagittal turned": (2, 1, 0),
}
_TURNED: tuple[tuple[Plane, Plane], ...] = (("coronal", "coronal turned"), ("sagittal", "sagittal turned"))
_BODY_PLANES: tuple[BodyPlane, BodyPlane, BodyPlane] = ("sagittal", "coronal", "axial")  # by the axis that runs through
# by the array axis that runs from side to side
_SIDE_AXES: tuple[SideAxis, SideAxis, SideAxis] = ("", "down", "across")
_LETTERS = (("R", "L"), ("A", "P"), ("I", "S"))  # LPS: the negative and the positive end of each axis
_WRONG_WAY = ("L", "P", "I")  # at the left or upper edge of a shown slice
_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
_KEPT = 0.9  # share of a structure's volume: where less is left, it keeps what it holds by half
_XYZ = np.array([[0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]], float)


@dataclass(frozen=True, eq=False)
class Geometry:
    """The grid of an image: `shape` (z, y, x) and `affine` (4 x 4, index (z, y, x, 1) to LPS mm).

    `patient_based` is False for pictures that have no place in a patient (a PNG): they get no orientation letters,
    and `calibrated` is False where not even the pixel's size is known: spacing is then a pixel's shape, 1 across, and no length.
    """

    shape: tuple[int, int, int]
    affine: Affine
    patient_based: bool = False
    calibrated: bool = False

    @cached_property
    def spacing(self) -> tuple[float, float, float]:
        """The voxel's size (z, y, x) in mm."""
        z, y, x = np.linalg.norm(self.affine[:3, :3], axis=0)
        return float(z), float(y), float(x)

    @cached_property
    def voxel_ml(self) -> float:
        return float(np.prod(self.spacing)) / 1000.0

    @property
    def pixel_mm2(self) -> float:
        """The area of a stored slice's pixel in mm²; 1 where no size is known."""
        _, down, across = self.spacing
        return down * across

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
    """From NIfTI's affine (4 x 4, index (x, y, z, 1) to RAS mm) and array shape (x, y, z); the array is transposed to (z, y, x).

    Source: NIfTI-1, nifti1.h, methods 2 and 3 (qform and sform).
    """
    x, y, z = shape
    return Geometry((z, y, x), _RAS @ np.asarray(affine, float) @ _XYZ, patient_based=True, calibrated=True)


def to_nifti(geometry: Geometry) -> Affine:
    """NIfTI's affine (4 x 4 float64, index (x, y, z, 1) to RAS mm) for the array transposed to (x, y, z)."""
    return np.asarray(_RAS @ geometry.affine @ _XYZ)


def from_dicom(
    position: NDArray[np.float64],
    orientation: NDArray[np.float64],
    pixel_spacing: tuple[float, float],
    step: NDArray[np.float64],
    shape: tuple[int, int, int],
) -> Geometry:
    """From Image Position (Patient) of the first slice (3,), Image Orientation (Patient) (6,) (cosines of a row, then of a column),
    Pixel Spacing (from row to row, from column to column) and the vector from one slice to the next (3,), all in mm; `shape` (z, y, x).

    Source: DICOM PS3.3 C.7.6.2.1.1.
    """
    along_row, along_column = orientation[:3], orientation[3:]
    affine = np.eye(4)
    affine[:3, 0] = step
    affine[:3, 1] = along_column * pixel_spacing[0]
    affine[:3, 2] = along_row * pixel_spacing[1]
    affine[:3, 3] = position
    return Geometry(shape, affine, patient_based=True, calibrated=True)


def axes(plane: Plane) -> tuple[int, int, int]:
    """Array axes (through, down, across) of a plane of the stored grid: "axial" is the plane the images were stored in."""
    return _AXES[plane]


def body_axes(geometry: Geometry) -> tuple[int, int, int]:
    """Of each array axis the patient's axis that it runs along, each given once: 0 right to left, 1 front to back, 2 feet to head."""
    cosines = np.abs(geometry.affine[:3, :3] / geometry.spacing)
    return max(permutations(range(3), 3), key=lambda order: sum(cosines[body, axis] for axis, body in enumerate(order)))


def body_plane(geometry: Geometry, plane: Plane) -> BodyPlane | None:
    """How slices of the plane lie in the patient, to the nearest of the three; None for pictures without a patient."""
    if not geometry.patient_based:
        return None
    return _BODY_PLANES[body_axes(geometry)[axes(plane)[0]]]


def size_words(shape: Sequence[int]) -> str:
    """How large (slices, height, width) is, in px: "512 × 256", of several slices "512 × 256 × 20"."""
    return " × ".join(map(str, reversed(shape if shape[0] > 1 else shape[1:])))


def side_axis(geometry: Geometry) -> SideAxis:
    """How left and right lie in the stored slices, to the nearest axis; side by side in pictures that say nothing of a patient."""
    return _SIDE_AXES[body_axes(geometry).index(0)] if geometry.patient_based else "across"


def planes_as_hung(geometry: Geometry) -> tuple[Plane, Plane, Plane]:
    """The three cuts through a volume: the stored slices as they are, then the others, axial before coronal before sagittal, turned
    where that brings the head up, or the front in a cut across the body."""
    body = body_axes(geometry)
    others: list[Plane] = []
    for straight, turned in _TURNED:
        _, down, across = axes(straight)
        stands = not geometry.patient_based or body[down] > body[across]
        others.append(straight if stands else turned)
    if geometry.patient_based:
        others.sort(key=lambda plane: -body[axes(plane)[0]])
    return "axial", others[0], others[1]


def orientation_labels(geometry: Geometry, plane: Plane = "axial") -> tuple[str, str, str, str]:
    """Orientation letters (R, L, A, P, I, S) at the left, right, top and bottom edge of a slice as it is stored, each that of the
    patient's axis nearest to the edge's direction; empty for pictures without a patient."""
    if not geometry.patient_based:
        return "", "", "", ""
    _, down, across = axes(plane)
    left, right = _ends(geometry.affine[:3, across])
    top, bottom = _ends(geometry.affine[:3, down])
    return left, right, top, bottom


def display_flips(geometry: Geometry, plane: Plane = "axial") -> Flips:
    """How a slice hangs, on the screen and in every picture that is made of it: head and front up, right and front to the left, which
    is the radiological convention. Pictures without a patient are shown as they are stored."""
    left, _, top, _ = orientation_labels(geometry, plane)
    return top in _WRONG_WAY, left in _WRONG_WAY


def flip(pixels: NDArray[Scalar], flips: Flips) -> NDArray[Scalar]:
    """A slice (down, across[, channel]) turned over: a view, not a copy. The same again turns it back."""
    return pixels[:: -1 if flips[0] else 1, :: -1 if flips[1] else 1]


def as_displayed(pixels: NDArray[Scalar], geometry: Geometry, plane: Plane = "axial") -> NDArray[Scalar]:
    """A stored slice (down, across[, channel]) of that plane as it hangs on the screen: a view, not a copy."""
    return flip(pixels, display_flips(geometry, plane))


def _ends(direction: NDArray[np.float64]) -> tuple[str, str]:
    axis = int(np.argmax(np.abs(direction)))
    low, high = _LETTERS[axis]
    return (low, high) if direction[axis] >= 0 else (high, low)


def resample_labels(labels: NDArray[np.uint8], source: Geometry, target: Geometry) -> NDArray[np.uint8]:
    """The label volume on another grid by millimetres, 0 outside. Raises EngineError where the two do not meet.

    Grids that differ by flips and axis order alone are mapped voxel for voxel, without loss. Elsewhere a voxel gets the label of the
    nearest one; where the target is coarser, what most of the source's voxels within it hold, so that structures keep their volume
    whatever voxel they begin on. Of a structure that would lose by it, voxels that it holds by half are its own, so that thin ones stay.
    """
    if source.same_grid(target):
        return labels.copy()
    to_source: Affine = np.linalg.solve(source.affine, target.affine).astype(np.float64)
    look_up = _straight if (np.abs(to_source[:3, :3]) > 1e-9).sum() == 3 else _oblique
    samples = [look_up(labels, to_source, shift, target.shape) for shift in _samples(to_source)]
    result, halves = np.zeros(target.shape, np.uint8), np.zeros(target.shape if len(samples) > 1 else 0, np.uint8)
    held = np.zeros(256, np.int64)
    met = False
    for z, looked in enumerate(zip(*samples, strict=True)):
        if all(plane is None for plane in looked):
            continue
        met = True
        nothing = np.zeros(target.shape[1:], np.uint8)
        found = np.stack([nothing if plane is None else plane for plane in looked])
        if len(found) == 1:
            result[z] = found[0]
        else:
            result[z], halves[z] = _majority(found)
            held += np.bincount(found.ravel(), minlength=256)
    if not met:
        raise EngineError(
            translatable("The mask lies somewhere else in the patient than the image."),
            translatable("Check that both belong to the same study: their positions in millimetres do not meet."),
        )
    if halves.size:
        kept = np.bincount(result.ravel(), minlength=256)
        for value in np.flatnonzero(kept[1:] < _KEPT * held[1:] / len(samples)) + 1:
            result[(halves == value) & (result == 0)] = value
    _bring_back(result, labels, to_source)
    return result


def covered_slices(source: Geometry, target: Geometry) -> frozenset[int]:
    """The slices of the target on which the source has a voxel, by the rule of `resample_labels`. Raises EngineError where they do not
    meet."""
    reached = resample_labels(np.ones(source.shape, np.uint8), source, target)
    return frozenset(np.flatnonzero(reached.any(axis=(1, 2))).tolist())


def _bring_back(result: NDArray[np.uint8], labels: NDArray[np.uint8], to_source: Affine) -> None:
    """Give labels of which nothing is left the background's voxels that hold the centres of theirs: too thin is not gone."""
    present = np.zeros(256, np.int64)
    for plane in labels:
        present += np.bincount(plane.ravel(), minlength=256)
    for value in np.flatnonzero((np.bincount(result.ravel(), minlength=256) == 0) & (present > 0)):
        places = np.stack([*np.nonzero(labels == value), np.ones(int(present[value]))])
        index = _nearest(np.linalg.solve(to_source, places)[:3].astype(np.float64))
        index = index[:, np.all((index >= 0) & (index < np.array(result.shape)[:, None]), axis=0)]
        there = result[tuple(index)]
        result[tuple(index)] = np.where(there == 0, value, there)


def _oblique(
    labels: NDArray[np.uint8], to_source: Affine, shift: NDArray[np.float64], shape: tuple[int, int, int]
) -> Iterator[NDArray[np.uint8] | None]:
    """The labels at the target's voxels, moved by `shift` voxels of the source: a plane a slice, None where none lies in the source."""
    y, x = np.meshgrid(np.arange(shape[1]), np.arange(shape[2]), indexing="ij")
    places = np.stack([np.zeros(y.size), y.ravel(), x.ravel(), np.ones(y.size)])
    for z in range(shape[0]):
        places[0] = z
        index = _nearest(np.asarray((to_source @ places)[:3] + shift[:, None], np.float64))
        inside = np.all((index >= 0) & (index < np.array(labels.shape)[:, None]), axis=0)
        plane = np.zeros(y.size, np.uint8)
        plane[inside] = labels[tuple(index[:, inside])]
        yield plane.reshape(shape[1:]) if inside.any() else None


def _straight(
    labels: NDArray[np.uint8], to_source: Affine, shift: NDArray[np.float64], shape: tuple[int, int, int]
) -> Iterator[NDArray[np.uint8] | None]:
    """As `_oblique`, where each axis of the target runs along one of the source's: rows and columns are looked up as wholes."""
    along = np.abs(to_source[:3, :3]).argmax(axis=0)  # of the target's axes: the source's axis
    turned = labels.transpose(along)
    index = [
        _nearest(
            np.arange(count, dtype=np.float64) * float(to_source[axis, place]) + float(to_source[axis, 3] + shift[axis])
        )
        for place, (axis, count) in enumerate(zip(along, shape, strict=True))
    ]
    inside = [(numbers >= 0) & (numbers < size) for numbers, size in zip(index, turned.shape, strict=True)]
    rows, columns = np.ix_(inside[1], inside[2])
    there = np.ix_(index[1][inside[1]], index[2][inside[2]])
    for number, within in zip(index[0], inside[0], strict=True):
        if not (within and inside[1].any() and inside[2].any()):
            yield None
            continue
        plane = np.zeros(shape[1:], np.uint8)
        plane[rows, columns] = turned[number][there]
        yield plane


def voxel_on_voxel(source: Geometry, target: Geometry, tolerance: float = 0.05) -> bool:
    """Whether every voxel of one grid lies on one of the other, were both endless: they differ by flips, order of axes and whole
    steps alone, to `tolerance` of a voxel."""
    step = np.linalg.solve(target.affine, source.affine)[:3]
    turned, moved = step[:, :3], step[:, 3]
    exact = np.abs(turned - np.rint(turned)).max() * max(source.shape) < tolerance
    single = (np.abs(np.rint(turned)).sum(axis=0) == 1).all() and (np.abs(np.rint(turned)).sum(axis=1) == 1).all()
    return bool(exact and single and np.abs(moved - np.rint(moved)).max() < tolerance)


def _nearest(places: NDArray[np.float64]) -> NDArray[np.int64]:
    """Index of the voxel that holds each place. A place between two goes to the higher one, always: rint would take the even one,
    and every other slice would be lost."""
    return np.floor(places + (0.5 + 1e-6)).astype(np.int64)


def _samples(to_source: Affine) -> NDArray[np.float64]:
    """Where a target's voxel is looked at, relative to its centre, in voxels of the source (n, 3): the centre, and as many places
    as there are source voxels along each of its edges, 16 at most."""
    edges = to_source[:3, :3]
    counts = [min(max(int(np.ceil(n - 0.01)), 1), 16) for n in np.linalg.norm(edges, axis=0)]
    along = [(np.arange(n) + 0.5) / n - 0.5 for n in counts]
    return np.stack(np.meshgrid(*along, indexing="ij"), axis=-1).reshape(-1, 3) @ edges.T


def _majority(found: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Of (samples, y, x) the label that stands most often at each place, of equals that of the first sample; and, where there are
    equals, the label that was left for it (0: none)."""
    most: NDArray[np.uint8] = found[0].copy()
    second = np.zeros_like(most)
    mixed = (found != most).any(axis=0)
    if not mixed.any():
        return most, second
    held = found[:, mixed]
    values = np.flatnonzero(np.bincount(held.ravel(), minlength=256)).astype(np.uint8)[::-1]  # background last
    counts = np.stack([(held == value).sum(axis=0) for value in values])
    top, columns = counts.max(axis=0), np.arange(held.shape[1])
    first = len(values) - 1 - np.searchsorted(values[::-1], held[0])
    chosen = np.where(counts[first, columns] == top, first, counts.argmax(axis=0))
    counts[chosen, columns] = 0
    other = counts.argmax(axis=0)
    most[mixed] = values[chosen]
    second[mixed] = np.where(counts[other, columns] == top, values[other], 0)
    return most, second


def fraction_outside(labels: NDArray[np.uint8], source: Geometry, target: Geometry) -> dict[int, float]:
    """The share (0 to 1) of each label above 0 whose voxels lie outside the target's grid; those that lie within are not listed."""
    to_target = np.linalg.solve(target.affine, source.affine)[:3]
    gone, total = np.zeros(256, np.int64), np.zeros(256, np.int64)
    for z, plane in enumerate(labels):
        y, x = np.nonzero(plane)
        values = plane[y, x]
        index = to_target @ np.stack([np.full(y.size, z), y, x, np.ones(y.size)])
        beyond = ((index < -0.5 - 1e-6) | (index > np.array(target.shape)[:, None] - 0.5 + 1e-6)).any(axis=0)
        total += np.bincount(values, minlength=256)
        gone += np.bincount(values[beyond], minlength=256)
    return {int(value): float(gone[value] / total[value]) for value in np.flatnonzero(gone)}
