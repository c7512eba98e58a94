"""The volumes of a group of DICOM files: in which order, where they lie, what they are called. Nothing is mixed or filled in."""

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError, NotReadable
from engine.imaging import dicom_places as places
from engine.imaging.dicom_facts import FACTS, Value
from engine.imaging.dicom_frames import frames_of, to_index, uncounted
from engine.imaging.dicom_groups import TURNS, Group, is_unplaced, key, plane_of
from engine.imaging.dicom_header import Header
from engine.imaging.dicom_places import Places
from engine.imaging.dicom_volumes import Images, Volume, volumes
from engine.imaging.files import display_name, item_name
from engine.imaging.geometry import Geometry
from engine.imaging.image import SEVERAL, SEVERAL_BY_ORDER, SeriesPart
from engine.progress import Notice
from engine.words import translatable

Left: TypeAlias = list[tuple[Header, EngineError]]

_SHOWN = 5  # missing places that are listed
_FAR_APART = 500  # HU


@dataclass(frozen=True)
class Series:
    """One volume: its files in reading order."""

    headers: tuple[Header, ...]
    geometry: Geometry
    notes: tuple[Notice, ...]
    name: str
    index: str = ""  # which frames of one file, as dicom_frames writes it
    part: SeriesPart | None = None


def arrange(group: Group) -> tuple[list[Series], Left]:
    """The volumes of a group, sorted by position; beside them what is left over and why."""
    left = Left()
    kept = _without_copies(group.headers, left)
    if kept[0].frames > 1:
        return _of_objects(group, kept), left
    where = places.of_files(kept)
    result = list[Series]()
    parts = _stations(kept, where)
    for number, part in enumerate(parts, 1):
        members = [kept[k] for k in part]
        place = _listed(members) if is_unplaced(members) else places.numbers(where[part], kept[0]).tolist()
        depths = where[part].along if places.is_on_line(where[part], kept[0]) else None
        found = volumes(
            Images(
                [h.facts[0] for h in members],
                place,
                [h.order for h in members],
                None if depths is None else list(depths),
            )
        )
        for volume in found:
            left += [(members[a], _refusal(_TWICE, members[a], members[b])) for a, b in volume.extra]
        station = f"station {number} of {len(parts)}" if len(parts) > 1 else ""
        labelled = replace(group, label=f"{group.label} {station}".strip(), key=key((group.key,), number))
        result += _series(labelled, members, found, where[part])
    return result, left


def _stations(headers: Sequence[Header], where: Places) -> list[NDArray[np.intp]]:
    """Slices that lie on one line each: by their places, or by the first fact that sets lines apart (tilted ones)."""
    parts = places.lines(where, headers[0])
    if len(parts) > 1 or where.along is None or places.is_on_line(where, headers[0]):
        return parts
    for number in range(len(FACTS)):
        groups = defaultdict[Value, list[int]](list)
        for k, header in enumerate(headers):
            groups[header.facts[0][number]].append(k)
        lines = [np.array(group) for group in groups.values()]
        if len(lines) > 1 and all(len(line) > 2 and places.is_on_line(where[line], headers[0]) for line in lines):
            return lines
    return parts


_TWICE = translatable("{name} shows the same place as {other}, which was taken instead.")
_COPY = translatable("{name} is a copy of {other}.")


_FEW_COPIES = 2  # of one instance at one place that are numbered differently: with more its UID names no instance


def _without_copies(group: Sequence[Header], left: Left) -> list[Header]:
    """Without files of an instance and place that is there. A UID that many share, as careless anonymizers leave it, tells nothing: there
    the numbers must be the same too."""
    near = places.nearest(group[0])
    keys = [
        (header.instance or header.path, *(() if header.positions is None else np.rint(header.positions / near).flat))
        for header in group
    ]
    orders, held = defaultdict[tuple[object, ...], set[tuple[float, ...]]](set), Counter(key[0] for key in set(keys))
    for header, key_ in zip(group, keys, strict=True):
        orders[key_].add(header.order)
    kept: dict[tuple[object, ...], Header] = {}
    for header, key_ in zip(group, keys, strict=True):
        shared = held[key_[0]] > 1 or len(orders[key_]) > _FEW_COPIES
        original = kept.setdefault((*key_, header.order if shared else None), header)
        if original is not header:
            left.append((header, _refusal(_COPY, header, original)))
    return list(kept.values())


def _refusal(message: str, header: Header, other: Header) -> EngineError:
    """Files of one name are told apart by their folders."""
    names = [display_name(one.path) for one in (header, other)]
    if len(set(names)) == 1:
        names = [
            f"{display_name(os.path.dirname(one.path))}/{name}"
            for one, name in zip((header, other), names, strict=True)
        ]
    return NotReadable(message, name=names[0], other=names[1])


def _listed(headers: Sequence[Header]) -> list[int]:
    """Places of slices without positions: those of Slice Location in the order of the numbers, else the numbers themselves."""
    known = [header.location if header.location is not None else header.order[-1] for header in headers]
    if any(header.location is None for header in headers) or len(set(known)) == 1:
        known = [header.order[-1] for header in headers]
    first = dict[float, float]()
    for header, value in zip(headers, known, strict=True):
        first[value] = min(first.get(value, np.inf), header.order[-1])
    order = sorted(first, key=lambda value: (first[value], value))
    place = {value: k for k, value in enumerate(order)}
    return [place[value] for value in known]


def _series(group: Group, headers: Sequence[Header], found: list[Volume], where: Places) -> list[Series]:
    """Volumes of files; where they lie not on a line, in the order of their numbers."""
    result = list[Series]()
    on_line = where.along is not None and places.is_on_line(where, headers[0])
    for number, volume in enumerate(found, 1):
        members = list(volume.members)
        if not on_line and where.positions is not None:
            members.sort(key=lambda m: headers[m].order)
        own = tuple(headers[m] for m in members)
        geometry, notes = places.grid(own[0], where[np.array(members)])
        notes += (*_skipped(own, where), *_missing(found, volume, where), *_shifted(own))
        notes += tuple(uncounted(own[0])) if len(own) == 1 else ()
        said = (*notes, *_part_note(volume, number, len(found)), *group.notes)
        name = _name(own, group.label, volume)
        result.append(Series(own, geometry, said, name, part=_part(group, volume, number, len(found))))
    return result


def _of_objects(group: Group, headers: Sequence[Header]) -> list[Series]:
    """Multi-frame objects; those that are one volume each are told apart like the volumes of one file."""
    each = [_of_frames(group, header) for header in headers]
    if len(headers) == 1 or any(len(one) != 1 for one in each):
        return [series for one in each for series in one]
    found = volumes(Images([h.facts[0] for h in headers], [0] * len(headers), [h.order for h in headers]))
    result = list[Series]()
    for number, volume in enumerate(found, 1):
        (only,) = each[volume.members[0]]
        result.append(
            replace(
                only,
                name=_name(only.headers, group.label, volume if volume.told else replace(volume, label="")),
                notes=(*only.notes, *_part_note(volume, number, len(found))),
                part=_part(group, volume, number, len(found)),
            )
        )
    return result


def _of_frames(group: Group, header: Header) -> list[Series]:
    where = places.of_frames(header)
    facts = header.facts if len(header.facts) == header.frames else header.facts * header.frames
    parts = list[tuple[str, Sequence[int], list[Volume]]]()
    for label, frames in _frame_groups(header, where):
        place = places.numbers(where[np.array(frames)], header).tolist()
        stack = len(set(place)) == 1  # one place over time; echoes and b-values are no stack
        found = volumes(
            Images([facts[k] for k in frames], place, [(float(k),) for k in frames], numbered=False, stack=stack)
        )
        if any(volume.extra for volume in found):
            found = [Volume(tuple(range(len(frames))), told=False)]
        parts.append((label, frames, found))
    count = sum(len(found) for _, _, found in parts)
    return [
        one
        for number, (label, frames, found) in enumerate(parts)
        for one in _frame_series(
            replace(group, label=label, key=key((group.key,), number)), header, frames, found, count == 1
        )
    ]


def _frame_groups(header: Header, where: Places) -> Iterator[tuple[str, Sequence[int]]]:
    """Frames of each direction, and of each line."""
    everything = list(range(header.frames))
    if where.positions is None or where.orientations is None or where.parallel:
        directions = [everything]
    else:
        heaps = places.heaps(where.orientations, places.ALIKE)
        directions = [[int(k) for k in heap] for heap in heaps]
        if sum(len(heap) == 1 for heap in directions) >= TURNS:
            directions = [everything]
    for frames in directions:
        plane = "" if len(directions) == 1 or where.orientations is None else plane_of(where.orientations[frames[0]])
        lines = places.lines(where[np.array(frames)], header)
        for number, line in enumerate(lines, 1):
            station = f"station {number} of {len(lines)}" if len(lines) > 1 else ""
            yield f"{plane} {station}".strip(), [frames[k] for k in line]


def _frame_series(
    group: Group, header: Header, frames: Sequence[int], found: list[Volume], whole: bool
) -> Iterator[Series]:
    where, excess = places.of_frames(header), tuple(uncounted(header))
    for number, volume in enumerate(found, 1):
        own: Sequence[int] = [frames[m] for m in volume.members]
        own = own if header.assumed is None else sorted(own)
        if whole:
            stored = frames_of(header, "")
            own = range(header.frames) if stored is None else [int(k) for k in stored]
        geometry, notes = places.grid(header, where[np.array(own)])
        missing = _missing(found, volume, where[np.array(frames)])
        said = (*notes, *missing, *excess, *_part_note(volume, number, len(found)), *group.notes)
        yield Series(
            (header,),
            geometry,
            said,
            _name([header], group.label, volume),
            "" if whole else to_index(own),
            _part(group, volume, number, len(found)),
        )


def _part(group: Group, volume: Volume, number: int, count: int) -> SeriesPart | None:
    return SeriesPart(group.key, number, count, volume.label) if count > 1 else None


def _part_note(volume: Volume, number: int, count: int) -> tuple[Notice, ...]:
    if count == 1:
        return ()
    if volume.told:
        return (Notice(SEVERAL, {"number": number, "count": count, "label": volume.label}),)
    return (Notice(SEVERAL_BY_ORDER, {"number": number, "count": count}),)


def _missing(found: Sequence[Volume], volume: Volume, where: Places) -> tuple[Notice, ...]:
    """Places that other volumes of the series have and this one lacks."""
    along = where.along if where.positions is not None else where.locations
    if along is None or len(found) == 1:
        return ()
    place = places.depths(along, where.near)
    every = {int(place[m]): m for other in found for m in other.members}
    own = {int(place[m]) for m in volume.members}
    shared = {int(place[m]) for other in found if other is not volume for m in other.members} & own
    lacking = sorted(set(every) - own)
    if not lacking or not shared:
        return ()
    listed = ", ".join(f"{along[every[k]]:.1f}" for k in lacking[:_SHOWN]) + (" …" if len(lacking) > _SHOWN else "")
    text = translatable("Missing here: {count} of the {total} places of this series (z = {places} mm).")
    return (Notice(text, {"count": len(lacking), "total": len(every), "places": listed}),)


def _skipped(headers: Sequence[Header], where: Places) -> Iterator[Notice]:
    """Numbers that are left out in a stack that has nothing else to go by."""
    if where.positions is None and where.locations is None and len(headers) > 2:
        taken = [int(header.order[-1]) for header in headers]
        steps = np.diff(taken)
        for k in np.flatnonzero(steps > np.median(steps)):
            yield Notice(translatable("A slice is missing after the one with number {number}."), {"number": taken[k]})


def _shifted(headers: Sequence[Header]) -> Iterator[Notice]:
    """That slices of a CT are stored from zeros far apart, as where some of them have lost their Rescale Intercept: unsigned ones alone
    then cannot be told to be in HU."""
    known = [header for header in headers if header.modality == "CT" and header.unit in ("HU", "")]
    zeros = Counter(header.slopes[0][1] for header in known)
    if any(header.unit == "HU" for header in known) and max(zeros) - min(zeros) >= _FAR_APART:
        usual, rare = zeros.most_common()[0][0], zeros.most_common()[-1][0]
        text = translatable(
            "Slices stored from {rare:g} HU, and not from {usual:g}: {count} of {all}. Where the file is wrong, they are not in HU."
        )
        yield Notice(text, {"count": len(headers) - zeros[usual], "all": len(headers), "rare": rare, "usual": usual})


def _name(headers: Sequence[Header], label: str, volume: Volume) -> str:
    """The description of the series and what sets the volume apart. Files that are an image each keep their own names, save where
    the header has better ones."""
    first = headers[0]
    described = "".join(c if c.isprintable() else " " for c in first.description).strip()
    if first.frames > 1:
        return _joined(item_name(first.path), label, volume.label)
    if len(headers) == 1 and not (described and volume.told and volume.label):
        return item_name(first.path)
    return _joined(described or f"{first.modality} series {first.number}".strip(), label, volume.label)


def _joined(*words: str) -> str:
    return " ".join(dict.fromkeys(word for word in words if word))
