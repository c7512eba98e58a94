"""Which DICOM files may be one volume at all: those of one patient, study and series, of one size and direction."""

import hashlib
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from engine.imaging import dicom_places as places
from engine.imaging.dicom_header import Header
from engine.imaging.dicom_values import Vector
from engine.progress import Notice
from engine.words import translatable

Identity: TypeAlias = tuple[str, ...]

_CROSS_SECTIONS = frozenset(("CT", "MR", "PT", "NM"))
TURNS = 4  # directions of one place each: with fewer they are pictures of their own, as localizers have them
_PLANES = ("sagittal", "coronal", "axial")


@dataclass(frozen=True)
class Group:
    """Files that may be one volume: of one patient, study and series, of one size and direction. `key` is opaque."""

    headers: tuple[Header, ...]
    key: str
    label: str = ""
    notes: tuple[Notice, ...] = ()


def groups(headers: Sequence[Header]) -> list[Group]:
    """Files that have nothing to do with each other apart: patients, studies and series are never mixed, whatever their UIDs."""
    identities = _identities(headers)
    series = defaultdict[Identity, list[Header]](list)
    for header, (identity, _) in zip(headers, identities, strict=True):
        series[identity].append(header)
    joined = {identity: note for identity, note in identities if note is not None}
    shared = Counter(identity[0] for identity in series)
    result = list[Group]()
    for identity, members in series.items():
        notes = [joined[identity]] if identity in joined else []
        if shared[identity[0]] > 1:
            notes.append(Notice(_SHARED, {"count": shared[identity[0]]}))
        result += _of_series(identity, members, tuple(notes))
    return result


_SHARED = translatable(
    "{count} patients, studies or frames of reference carry the UID of this series: their images were kept apart."
)
_JOINED = Notice(translatable("Each slice has a series UID of its own; they were joined by their places and numbers."))
_JOINED_STUDIES = Notice(
    translatable(
        "Each slice has a series and a study UID of its own; they were joined by their patient, places and numbers."
    )
)


def _identities(headers: Sequence[Header]) -> list[tuple[Identity, Notice | None]]:
    """What a file belongs to, with a note where that had to be found out: slices that each carry a series UID of their own."""
    frames = defaultdict[str, set[str]](set)
    count = Counter(header.series for header in headers)
    for header in headers:
        frames[header.series].add(header.frame_of_reference)
    # Anonymizers may give each file a frame of reference of its own, which then tells nothing.
    random = {uid for uid, known in frames.items() if len(known) == count[uid] > 2}
    result = list[tuple[Identity, Notice | None]]()
    for header in headers:
        reference = "" if header.series in random else header.frame_of_reference
        result.append(((header.series, header.person, header.study, reference), None))
    lone = defaultdict[tuple[object, ...], list[int]](list)
    for k, header in enumerate(headers):
        if count[header.series] == 1 and header.frames == 1 and header.positions is not None and header.numbered:
            lone[(header.person, header.description, header.number, _grid_key(header))].append(k)
    for alike in lone.values():
        for members, note in _joinable(headers, alike):
            for k in members:
                result[k] = (result[members[0]][0], note)
    return result


def _joinable(headers: Sequence[Header], alike: Sequence[int]) -> Iterator[tuple[list[int], Notice]]:
    """Which of the slices of one person that each carry a series UID of their own are a stack: those of one study and frame of reference.
    Where each has one of its own, and the numbers count the places, these tell nothing; of studies that holds only beside each other and
    with a patient who is known: single slices of several times, or of several who got one name, are pictures of their own."""
    own = [headers[k] for k in alike]
    studies, references = ({header.study for header in own}, {header.frame_of_reference for header in own})
    counted = _is_counted(own)
    random = counted and len(references) == len(own)
    each = counted and len(studies) == len(own) and len({os.path.dirname(header.path) for header in own}) == 1
    each = each and bool(own[0].patient)
    parts = defaultdict[tuple[str, str], list[int]](list)
    for k in alike:
        header = headers[k]
        parts["" if each else header.study, "" if random else header.frame_of_reference].append(k)
    for members in parts.values():
        if len(members) > 2 and _is_regular([headers[k] for k in members]):
            yield members, _JOINED_STUDIES if each else _JOINED


def _is_counted(headers: Sequence[Header]) -> bool:
    """Whether the numbers count the places along one line, mostly one by one: a slice that is missing is missed in both."""
    along = places.of_files(headers).along
    if along is None or len(headers) < 3:
        return False
    order = np.argsort(along, kind="stable")
    counts = np.diff([headers[k].order[-1] for k in order])
    if np.median(np.abs(counts)) != 1 or not counts.all():
        return False
    steps = np.diff(along[order]) / counts
    usual = float(np.median(steps))
    return bool(np.abs(steps - usual).max() <= places.UNEVEN * abs(usual))


def _is_regular(headers: Sequence[Header]) -> bool:
    along = places.of_files(headers).along
    numbers = {header.order[-1] for header in headers}
    if along is None or len(numbers) < len(headers) or len(places.lines(places.of_files(headers), headers[0])) > 1:
        return False
    steps = np.diff(np.sort(along))
    return bool(steps.min() > 0.5 * np.median(steps) > 0)


def _of_series(identity: Identity, headers: Sequence[Header], notes: tuple[Notice, ...]) -> list[Group]:
    alike = defaultdict[tuple[object, ...], list[Header]](list)
    objects = defaultdict[tuple[object, ...], list[Header]](list)
    alone = list[Header]()
    for header in headers:
        if header.frames > 1:
            objects[_frames_key(header)].append(header)
        else:
            alike[(header.positions is not None, header.orientations is not None, *_grid_key(header))].append(header)
    stacks = list[list[Header]]()
    for members in alike.values():
        if is_unplaced(members):
            stacks += [members] if _is_stack(members) else []
            alone += [] if _is_stack(members) else members
        else:
            stacks += _by_direction(members)
    labels = _differences(stacks)
    return [
        *(
            Group(part, key(identity, *(k if len(part) > 1 else (part[0].instance or part[0].path,))), "", notes)
            for k, members in objects.items()
            for part in _without_twins(members)
        ),
        *(Group((h,), key(identity, h.instance or h.path), "", notes) for h in alone),
        *(
            Group(tuple(members), key(identity, *_grid_key(members[0]), *_direction(members[0])), label, notes)
            for members, label in zip(stacks, labels, strict=True)
        ),
    ]


def _without_twins(headers: Sequence[Header]) -> list[tuple[Header, ...]]:
    """Multi-frame objects of one instance in several encodings are images of their own, not parts of a series."""
    instances = {header.instance: header for header in reversed(headers)}
    first = tuple(h for h in headers if instances[h.instance] is h)
    return [first, *((h,) for h in headers if instances[h.instance] is not h)]


def _grid_key(header: Header) -> tuple[object, ...]:
    spacing = tuple(round(s, 4) for s in header.pixel_spacing or ())
    size = header.rows, header.columns, header.samples
    return header.modality, header.localizer, size, spacing, header.photometric == "MONOCHROME1", header.table


def _frames_key(header: Header) -> tuple[object, ...]:
    """Equal for multi-frame objects over the same places: volumes of one series in a file each."""
    if header.positions is None:
        return (header.path,)
    ends = tuple(header.positions[[0, -1]].round(1).ravel().tolist())
    return header.frames, ends, _grid_key(header)


def _direction(header: Header) -> list[float]:
    return [] if header.orientation is None else (header.orientation.round(2) + 0.0).tolist()


def key(identity: Identity, *more: object) -> str:
    """Opaque: it holds UIDs, which name a patient to those who have the archive."""
    text = "|".join(("contorno series", *identity, *map(str, more)))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_unplaced(headers: Sequence[Header]) -> bool:
    where = places.of_files(headers)
    return where.positions is None or where.orientations is None


def _is_stack(headers: Sequence[Header]) -> bool:
    """Whether slices without positions belong in one stack: of a modality that takes slices, and with numbers to sort them by."""
    if len(headers) < 2 or headers[0].modality not in _CROSS_SECTIONS or any(h.secondary for h in headers):
        return False
    numbers, locations = {h.order[-1] for h in headers}, {h.location for h in headers}
    return (all(h.numbered for h in headers) and len(numbers) > 1) or (None not in locations and len(locations) > 1)


def _by_direction(headers: Sequence[Header]) -> list[list[Header]]:
    """Slices of each direction; all together where each of many lies in a direction of its own, as in radial series."""
    parts = list[list[Header]]()
    for header in headers:
        for part in parts:
            if places.of_files([part[0], header]).parallel:
                part.append(header)
                break
        else:
            parts.append([header])
    single = [part for part in parts if len(set(places.numbers(places.of_files(part), part[0]))) == 1]
    if len(single) < TURNS:
        return parts
    return [*(part for part in parts if part not in single), [header for part in single for header in part]]


def _differences(stacks: Sequence[Sequence[Header]]) -> list[str]:
    """What sets stacks of one series apart, in as few words as do; single files are called by their own names."""
    labels = ["localizer" if len(stack) > 1 and stack[0].localizer else "" for stack in stacks]
    for word in (_plane, _size, _spacing):
        words = defaultdict[str, set[str]](set)
        for label, stack in zip(labels, stacks, strict=True):
            if len(stack) > 1:
                words[label].add(word(stack[0]))
        labels = [
            f"{label} {word(stack[0])}".strip() if len(stack) > 1 and len(words[label]) > 1 else label
            for label, stack in zip(labels, stacks, strict=True)
        ]
    return labels


def _size(header: Header) -> str:
    return f"{header.columns} x {header.rows}"


def _spacing(header: Header) -> str:
    return "" if header.pixel_spacing is None else f"{header.pixel_spacing[0]:.3g} mm"


def _plane(header: Header) -> str:
    return "" if header.orientation is None else plane_of(header.orientation)


def plane_of(orientation: Vector) -> str:
    normal = np.cross(orientation[:3], orientation[3:])
    return _PLANES[int(np.argmax(np.abs(normal)))]
