"""Where the slices of a DICOM volume lie: on one line, or in heaps that are volumes of their own, or nowhere that is stated."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.imaging.dicom_header import Header
from engine.imaging.dicom_values import Vector
from engine.imaging.geometry import NO_STEP, Geometry, from_dicom, uncalibrated
from engine.progress import Notice, count_notice
from engine.words import translatable

ALIKE = 1e-3  # direction cosines of one series differ by less
UNEVEN = 0.05
"""Of the usual step: slices at distances that differ by more are uneven, which is said; what lies nearer to its place lies there."""

_GAP = 1.5  # of the usual step: above it a slice is missing
_PLACE, _PART = 1e-2, 0.1  # in mm and of a pixel: slices nearer than both are at one place
_FINE, _MICRO = 0.05, 1e-3  # mm: below the first, distances are said in the second
_STEEPEST = 1.0  # of shift to step: no gantry is tilted by more than 45 degrees
_WHERE = 0.5  # of a pixel: slices of one volume lie nearer to their line than this

_UNPLACED = Notice(
    translatable(
        "Several frames show one place or have no common direction: they are a stack in the order of the file, not a volume."
    )
)
_TURNED = Notice(
    translatable(
        "The slices point in different directions: they are a stack in the order of their numbers, not a volume."
    )
)
_CURVED = Notice(
    translatable("The slices do not lie on one line: they are a stack in the order of their numbers, not a volume.")
)
_MOSAIC = Notice(translatable("A mosaic of many slices (Siemens): it is shown as stored, the slices side by side."))
_NUMBERED = Notice(translatable("The slices have no positions: they are a stack in the order of their numbers."))
_UNDIRECTED = Notice(
    translatable(
        "The directions of the slices are missing or impossible: they are a stack in the order of their numbers, not a volume."
    )
)
_UNDIRECTED_FRAMES = Notice(
    translatable(
        "The directions of the frames are missing or impossible: they are a stack in the order of the file, not a volume."
    )
)
_FRAMES = Notice(translatable("The frames have no positions: they are a stack in the order of the file, not a volume."))


@dataclass(frozen=True, eq=False)
class Places:
    """Of `count` slices in reading order: positions (count, 3) and unit directions (count, 6) in LPS mm, and Slice Location in mm. What
    is not farther apart than `near` (mm) is at one place."""

    count: int
    positions: Vector | None
    orientations: Vector | None
    locations: Vector | None
    near: float

    @property
    def along(self) -> Vector | None:
        """Places in mm along the normal of the first slice; None where positions or directions are missing or differ."""
        if self.positions is None or self.orientations is None or not self.parallel:
            return None
        return np.asarray(self.positions @ _normal(self.orientations[0]))

    @property
    def is_spread(self) -> bool:
        """Whether the slices have positions that are not all one."""
        return self.positions is not None and not (self.count > 1 and _same(self.positions, self.near))

    @property
    def parallel(self) -> bool:
        return self.orientations is not None and bool(
            np.abs(self.orientations - self.orientations[0]).max(initial=0) < ALIKE
        )

    def __getitem__(self, chosen: NDArray[np.intp]) -> "Places":
        positions, orientations, locations = (
            None if part is None else part[chosen] for part in (self.positions, self.orientations, self.locations)
        )
        return Places(len(chosen), positions, orientations, locations, self.near)


def of_files(headers: Sequence[Header]) -> Places:
    """Of single-frame files. Positions that are one value for all, while Slice Location differs, were put in and are none."""
    known = [header.location for header in headers if header.location is not None]
    locations = np.array(known) if len(known) == len(headers) else None
    positions = join([header.positions for header in headers])
    near = nearest(headers[0])
    if positions is not None and locations is not None and len(set(known)) > 1 and _same(positions, near):
        positions = None
    return Places(len(headers), positions, join([header.orientations for header in headers]), locations, near)


def _same(positions: Vector, near: float) -> bool:
    return bool(np.abs(positions - positions[0]).max() < near)


def of_frames(header: Header) -> Places:
    return Places(header.frames, header.positions, header.orientations, None, nearest(header))


def nearest(header: Header) -> float:
    """How many mm slices must be apart to be at two places: in micro-CT less than elsewhere."""
    return min((_PLACE, *(_PART * spacing for spacing in header.pixel_spacing or ())))


def join(parts: Sequence[Vector | None]) -> Vector | None:
    found = [part for part in parts if part is not None]
    return np.concatenate(found) if found and len(found) == len(parts) else None


def _normal(orientation: Vector) -> Vector:
    return np.cross(orientation[:3], orientation[3:])


def depths(along: Vector, near: float) -> NDArray[np.intp]:
    """The number of each place along the normal, growing with it; equal where slices lie at one depth."""
    order = np.argsort(along, kind="stable")
    result = np.empty(len(along), np.intp)
    result[order] = np.concatenate([[0], np.cumsum(np.diff(along[order]) > near)])
    return result


def numbers(places: Places, header: Header) -> NDArray[np.intp]:
    """The number of each slice's place: equal where slices show the same, growing along the normal where they lie on a line."""
    along = places.along
    if along is not None and is_on_line(places, header):
        return depths(along, places.near)
    if places.positions is None:
        return np.arange(places.count)
    directions = places.orientations if places.orientations is not None else np.zeros((places.count, 0))
    rounded = np.concatenate([np.rint(places.positions / places.near), directions.round(2)], axis=1)
    return np.unique(rounded, axis=0, return_inverse=True)[1].reshape(-1).astype(np.intp)


def lines(places: Places, header: Header) -> list[NDArray[np.intp]]:
    """Slices that lie on one line, tilted or not; several lines where stations of a table were taken in one series. One part of all
    slices where they lie on no line."""
    everything = np.arange(places.count)
    along = places.along
    if along is None or places.positions is None or places.orientations is None or is_on_line(places, header):
        return [everything]
    shifts = places.positions - along[:, None] * _normal(places.orientations[0])
    parts = heaps(shifts, _reach(header))
    if len(parts) > max(2, places.count // 3) or not all(is_on_line(places[part], header) for part in parts):
        return [everything]
    return parts


def heaps(points: Vector, reach: float) -> list[NDArray[np.intp]]:
    """Points of one heap are nearer to its first one than `reach`; in the order in which the heaps begin."""
    left, parts = np.arange(len(points)), list[NDArray[np.intp]]()
    while len(left):
        near = np.linalg.norm(points[left] - points[left[0]], axis=1) <= reach
        parts.append(left[near])
        left = left[~near]
    return parts


def _reach(header: Header) -> float:
    return _WHERE * min(header.pixel_spacing or (1.0, 1.0))


def is_on_line(places: Places, header: Header) -> bool:
    along = places.along
    if along is None or places.positions is None:
        return False
    middle = along - along.mean()
    spread = float(middle @ middle)
    offset = places.positions - places.positions.mean(axis=0)
    if spread < places.near**2:  # all at one depth
        return bool(np.linalg.norm(offset, axis=1).max() <= _reach(header))
    direction = middle @ offset / spread
    tilt = float(np.linalg.norm(direction) ** 2 - 1)
    off = np.linalg.norm(offset - middle[:, None] * direction, axis=1)
    return bool(off.max() <= _reach(header)) and tilt <= _STEEPEST**2


def grid(header: Header, places: Places) -> tuple[Geometry, tuple[Notice, ...]]:
    """The geometry of slices in this order, and what is odd about them.

    `header` is the first slice's. With a gap the step is the median, which the note says.
    """
    geometry, notes = _grid(header, places)
    said = (header.size.note, header.assumed if places.count > 1 else None, _MOSAIC if header.mosaic else None)
    return geometry, (*notes, *(note for note in said if note is not None))


def _grid(header: Header, places: Places) -> tuple[Geometry, tuple[Notice, ...]]:
    if places.positions is None or places.orientations is None:
        single, many = (_NUMBERED, _FRAMES) if places.positions is None else (_UNDIRECTED, _UNDIRECTED_FRAMES)
        return _stack(header, places, single if header.frames == 1 else many)
    along = places.along
    if along is None:
        return _stack(header, places, _TURNED if header.frames == 1 else _UNPLACED)
    if places.count == 1:
        step, notes = _normal(places.orientations[0]) * (header.thickness or 1.0), tuple[Notice, ...]()
    else:
        steps = np.diff(along)
        if not (np.abs(steps) > places.near).all() or len(set(np.sign(steps))) > 1:
            return _stack(header, places, _UNPLACED if is_on_line(places, header) else _CURVED)
        if not is_on_line(places, header):
            return _stack(header, places, _CURVED)
        step, notes = _step(places.positions, along, _normal(places.orientations[0]))
    spacing = header.pixel_spacing or (header.size.aspect, 1.0)
    shape = (places.count, header.rows, header.columns)
    placed = from_dicom(places.positions[0], places.orientations[0], spacing, step, shape)
    return replace(placed, calibrated=header.pixel_spacing is not None), notes


def _stack(header: Header, places: Places, note: Notice | None) -> tuple[Geometry, tuple[Notice, ...]]:
    """Slices one after the other, without a place in the patient. Without a distance between them no length is in mm."""
    notes = [] if note is None or places.count == 1 else [note]
    distance = header.thickness or 1.0 if places.count == 1 else None
    if (places.positions is None or places.orientations is None) and places.count > 1:
        distance, odd = _distance(header, places)
        notes += odd
    if header.pixel_spacing is not None and distance is not None:
        return uncalibrated(header.rows, header.columns, places.count, (distance, *header.pixel_spacing)), tuple(notes)
    if header.pixel_spacing is not None:
        notes.append(NO_STEP)
    down, across = header.pixel_spacing or (header.size.aspect, 1.0)
    ratio = (1.0, down / across, 1.0)
    geometry = uncalibrated(header.rows, header.columns, places.count, ratio)
    return replace(geometry, calibrated=False), tuple(notes)


def _distance(header: Header, places: Places) -> tuple[float | None, list[Notice]]:
    steps = np.zeros(1)
    if places.locations is not None:
        steps = np.abs(np.diff(places.locations))
    elif places.positions is not None:
        steps = np.linalg.norm(np.diff(places.positions, axis=0), axis=1)
    usual = float(np.median(steps))
    if usual > places.near:
        uneven = float(np.abs(steps - usual).max()) > UNEVEN * usual
        return usual, [_uneven(steps, usual)] if uneven else []
    return header.between or None, []


def _uneven(steps: Vector, usual: float) -> Notice:
    text = translatable("Slices lie {low:.2f} to {high:.2f} mm apart; {step:.2f} mm was taken for all.")
    fine = translatable("Slices lie {low:.1f} to {high:.1f} µm apart; {step:.1f} µm was taken for all.")
    unit = _MICRO if usual < _FINE else 1.0
    said: dict[str, object] = {
        "low": float(steps.min()) / unit,
        "high": float(steps.max()) / unit,
        "step": usual / unit,
    }
    return Notice(fine if usual < _FINE else text, said)


def _gap(missing: int, z: float, gap: float, usual: float) -> Notice:
    single = translatable("A slice is missing after z = {z:.1f} mm (gap {gap:.1f} mm, step {step:.1f} mm).")
    many = translatable("{count} slices are missing after z = {z:.1f} mm (gap {gap:.1f} mm, step {step:.1f} mm).")
    if usual < _FINE:
        single = translatable("A slice is missing after z = {z:.3f} mm (gap {gap:.0f} µm, step {step:.0f} µm).")
        many = translatable("{count} slices are missing after z = {z:.3f} mm (gap {gap:.0f} µm, step {step:.0f} µm).")
        gap, usual = gap / _MICRO, usual / _MICRO
    return count_notice(single, many, missing, z=z, gap=gap, step=usual)


def _step(positions: Vector, along: Vector, normal: Vector) -> tuple[Vector, tuple[Notice, ...]]:
    steps = np.abs(np.diff(along))
    low, high = (float(np.percentile(steps, 50, method=which)) for which in ("lower", "higher"))
    usual = low if high > _GAP * low else (low + high) / 2  # half of the slices may be missing
    gaps = np.flatnonzero(steps > _GAP * usual)
    whole = positions[-1] - positions[0]
    direction = whole / float(whole @ normal) * np.sign(along[-1] - along[0])  # slanted where the gantry was
    notes = [_gap(max(round(float(steps[k]) / usual) - 1, 1), float(along[k]), float(steps[k]), usual) for k in gaps]
    even = np.delete(steps, gaps)
    if np.abs(even - usual).max(initial=0.0) > UNEVEN * usual:
        notes.append(_uneven(even, usual))
    if float(np.linalg.norm(direction)) > 1 + ALIKE:
        notes.append(Notice(translatable("The slices are shifted against each other (tilted gantry).")))
    step = usual if len(gaps) or len(notes) else float(abs(whole @ normal)) / len(steps)
    return direction * step, tuple(notes)
