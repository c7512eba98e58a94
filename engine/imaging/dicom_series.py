"""Which DICOM files are one volume, in which order, and where its voxels are. Nothing is resampled and no gap is hidden."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError, NotReadable
from engine.imaging.dicom_header import Header
from engine.imaging.dicom_values import Vector
from engine.imaging.files import display_name, item_name
from engine.imaging.geometry import Geometry, from_dicom, uncalibrated
from engine.progress import Notice
from engine.words import translatable

_ALIKE = 1e-3  # direction cosines of one series differ by less
_GAP, _UNEVEN = 1.5, 0.05  # of the usual step: above it a slice is missing, or the steps differ enough to be said
_PLACE = 1e-2  # mm: slices nearer than this are at one place


_UNPLACED = Notice(
    translatable(
        "Several frames show one place or have no common direction: they are a stack in the order of the file, not a volume."
    )
)


@dataclass(frozen=True)
class Series:
    """One volume: its files in reading order."""

    headers: tuple[Header, ...]
    geometry: Geometry
    notes: tuple[Notice, ...]
    name: str
    index: str = ""  # which of several volumes of one file, from "1"


def arrange(headers: Sequence[Header]) -> tuple[list[Series], list[tuple[Header, EngineError]]]:
    """Files to volumes, by series, orientation, spacing and size, sorted by position; beside them what is left over and why."""
    series, left = list[Series](), list[tuple[Header, EngineError]]()
    for group in _groups(headers):
        kept = _without_copies(group, left)
        if len(kept) == 1 and len(parts := frame_parts(kept[0])) > 1:
            series += [_part_of_file(kept[0], frames, number, len(parts)) for number, frames in enumerate(parts, 1)]
            continue
        for part, note in _parts(kept, left):
            geometry, notes = grid(part[0], _places(part))
            series.append(Series(tuple(part), geometry, (*notes, *note), _name(part)))
    return series, left


def _part_of_file(header: Header, frames: NDArray[np.intp], number: int, count: int) -> Series:
    assert header.positions is not None
    geometry, notes = grid(header, header.positions[frames])
    return Series((header,), geometry, (*notes, _part(number, count)), _name([header]), str(number))


def _part(number: int, count: int) -> Notice:
    return Notice(
        translatable("Part {number} of {count}: each place was taken {count} times."),
        {"number": number, "count": count},
    )


def _groups(headers: Sequence[Header]) -> list[list[Header]]:
    groups: dict[tuple[object, ...], list[list[Header]]] = defaultdict(list)
    for header in headers:
        alone = header.frames > 1 or header.positions is None or header.orientation is None
        key: tuple[object, ...] = (header.path,) if alone else _key(header)
        for group in groups[key]:
            if alone or _same_direction(group[0], header):
                group.append(header)
                break
        else:
            groups[key].append([header])
    return [group for same_key in groups.values() for group in same_key]


def _key(header: Header) -> tuple[object, ...]:
    spacing = tuple(round(s, 4) for s in header.pixel_spacing or ())
    size = header.rows, header.columns, header.samples
    return header.series, header.localizer, size, spacing, header.photometric == "MONOCHROME1", header.table


def _same_direction(one: Header, other: Header) -> bool:
    if one.orientation is None or other.orientation is None:
        return False
    return bool(np.abs(one.orientation - other.orientation).max() < _ALIKE)


def _without_copies(group: Sequence[Header], left: list[tuple[Header, EngineError]]) -> list[Header]:
    kept: dict[tuple[object, ...], Header] = {}
    for header in group:
        place = () if header.positions is None else tuple(header.positions.round(2).ravel().tolist())
        original = kept.setdefault((header.instance or header.path, place), header)
        if original is not header:
            left.append((header, _refusal(translatable("{name} is a copy of {other}."), header, original)))
    return list(kept.values())


def _refusal(message: str, header: Header, other: Header) -> EngineError:
    return NotReadable(message, name=display_name(header.path), other=display_name(other.path))


def _parts(
    group: list[Header], left: list[tuple[Header, EngineError]]
) -> list[tuple[list[Header], tuple[Notice, ...]]]:
    """A group in reading order; several volumes where each place was taken several times (over time, by echo)."""
    if len(group) == 1:
        return [(group, ())]
    along = _along(group[0], _places(group))
    places: list[list[Header]] = []
    last = -np.inf
    for k in np.argsort(along, kind="stable"):
        if along[k] - last > _PLACE:
            places.append([])
            last = along[k]
        places[-1].append(group[k])
    for place in places:
        place.sort(key=lambda h: (h.order, h.path))
    times = len(places[0])
    if all(len(place) == times for place in places):
        if times == 1:
            return [([place[0] for place in places], ())]
        return [([place[t] for place in places], (_part(t + 1, times),)) for t in range(times)]
    for place in places:
        for extra in place[1:]:
            message = translatable("{name} shows the same place as {other}, which was taken instead.")
            left.append((extra, _refusal(message, extra, place[0])))
    return [([place[0] for place in places], ())]


def _places(headers: Sequence[Header]) -> Vector | None:
    found = [h.positions for h in headers if h.positions is not None]
    return np.concatenate(found) if len(found) == len(headers) else None


def _along(header: Header, places: Vector | None) -> Vector:
    """Places in mm along the normal of the slices."""
    if places is None or header.orientation is None:
        return np.zeros(0)
    return np.asarray(places @ np.cross(header.orientation[:3], header.orientation[3:]))


def frame_parts(header: Header) -> list[NDArray[np.intp]]:
    """A multi-frame object's volumes, each as the numbers of its frames in the order of space: several where each place was taken
    several times, none where places are missing or shared otherwise, so that the frames can only be taken as stored."""
    along = _along(header, header.positions)
    if len(along) != header.frames:
        return []
    order = np.argsort(along, kind="stable")
    places = [np.sort(place) for place in np.split(order, np.flatnonzero(np.diff(along[order]) > _PLACE) + 1)]
    if any(len(place) != len(places[0]) for place in places) or len(places) == 1 < header.frames:
        return []
    return list(np.stack(places, axis=1))


def grid(header: Header, places: Vector | None) -> tuple[Geometry, tuple[Notice, ...]]:
    """The geometry of slices at `places` (n, 3), already in order, and what is odd about them.

    `header` is the first slice's. With a gap the step is the median, which the note says.
    """
    count = len(places) if places is not None else header.frames
    shape = (count, header.rows, header.columns)
    along = _along(header, places)
    if places is None or header.orientation is None or (count > 1 and (np.diff(along) <= _PLACE).any()):
        spacing = None if header.pixel_spacing is None else (header.thickness or 1.0, *header.pixel_spacing)
        return uncalibrated(shape[1], shape[2], count, spacing), () if places is None or count == 1 else (_UNPLACED,)
    normal = np.cross(header.orientation[:3], header.orientation[3:])
    if count == 1:
        step, notes = normal * (header.thickness or 1.0), tuple[Notice, ...]()
    else:
        step, notes = _step(places, along, normal)
    placed = from_dicom(places[0], header.orientation, header.pixel_spacing or (1.0, 1.0), step, shape)
    return replace(placed, calibrated=header.pixel_spacing is not None), notes


def _step(places: Vector, along: Vector, normal: Vector) -> tuple[Vector, tuple[Notice, ...]]:
    steps = np.diff(along)
    usual = float(np.median(steps))
    gaps = np.flatnonzero(steps > _GAP * usual)
    whole = places[-1] - places[0]
    direction = whole / float(whole @ normal)  # slanted where the gantry was
    notes = [
        Notice(
            translatable("A slice is missing after z = {z:.1f} mm (gap {gap:.1f} mm, step {step:.1f} mm)."),
            {"z": float(along[k]), "gap": float(steps[k]), "step": usual},
        )
        for k in gaps
    ]
    even = np.delete(steps, gaps)
    if np.abs(even - usual).max(initial=0.0) > _UNEVEN * usual:
        text = translatable("Slices lie {low:.2f} to {high:.2f} mm apart; {step:.2f} mm was taken for all.")
        notes.append(Notice(text, {"low": float(even.min()), "high": float(even.max()), "step": usual}))
    if float(np.linalg.norm(direction)) > 1 + _ALIKE:
        notes.append(Notice(translatable("The slices are shifted against each other (tilted gantry).")))
    step = usual if len(gaps) or len(notes) else float(whole @ normal) / len(steps)
    return direction * step, tuple(notes)


def _name(part: Sequence[Header]) -> str:
    first = part[0]
    if len(part) == 1:
        return item_name(first.path)
    plain = "".join(c if c.isprintable() else " " for c in first.description).strip()
    return plain or f"{first.modality} series {first.number}".strip()
