"""Which frames of a multi-frame DICOM file are an image, as the index of its source says it: "f0-8/2,11" are 0, 2, 4, 6, 8, 11."""

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.imaging.dicom_header import Header
from engine.imaging.dicom_places import depths, of_frames
from engine.imaging.files import display_name
from engine.progress import Notice
from engine.words import translatable

_RUN = re.compile(r"(\d+)(?:-(\d+)(?:/(\d+))?)?")


def to_index(frames: Sequence[int]) -> str:
    """Ascending runs of an even step are written as one; what descends stands number by number."""
    runs, at = list[str](), 0
    while at < len(frames):
        step = frames[at + 1] - frames[at] if at + 1 < len(frames) else 0
        end = at
        while step > 0 and end + 1 < len(frames) and frames[end + 1] - frames[end] == step:
            end += 1
        if end - at < 2:
            runs.append(str(frames[at]))
            at += 1
        else:
            runs.append(f"{frames[at]}-{frames[end]}" + (f"/{step}" if step > 1 else ""))
            at = end + 1
    return "f" + ",".join(runs)


def frames_of(header: Header, index: str) -> NDArray[np.intp] | None:
    """The frames of an image in reading order; None: all, as stored. Raises EngineError where the file lacks some of them.

    Indices "1", "2" are those of projects of version 0.1.0, which counted the volumes of a file by place alone.
    """
    if not index:
        parts = _by_place(header)
        return parts[0] if len(parts) == 1 else None
    frames = _parsed(index, header.frames) if index.startswith("f") else _numbered(header, index)
    if not len(frames):
        raise EngineError(
            translatable("{name} no longer holds the image {index}."),
            translatable("The file was changed after it was imported: bring back the old one."),
            name=display_name(header.path),
            index=index,
        )
    return frames


def _parsed(index: str, count: int) -> NDArray[np.intp]:
    """Empty where one is not below `count`: looked at first, since a few digits of a project from elsewhere can fill the memory."""
    frames = list[int]()
    for run in index[1:].split(","):
        found = _RUN.fullmatch(run)
        if found is None:
            return np.zeros(0, np.intp)
        first, last, step = int(found[1]), int(found[2] or found[1]), int(found[3] or 1)
        if max(first, last) >= count:
            return np.zeros(0, np.intp)
        frames += range(first, last + 1, max(step, 1))
    return np.array(frames, np.intp)


def _numbered(header: Header, index: str) -> NDArray[np.intp]:
    parts = _by_place(header)
    known = index.isdecimal() and 1 <= int(index) <= len(parts)
    return parts[int(index) - 1] if known else np.zeros(0, np.intp)


def _by_place(header: Header) -> list[NDArray[np.intp]]:
    """A file's frames in the order of space: several parts where each place was taken several times, none where places are missing
    or shared otherwise, so that the frames can only be taken as stored. A stack whose places follow from its first stays as stored."""
    where = of_frames(header)
    if where.along is None:
        return []
    place = depths(where.along, where.near)
    order = np.argsort(place, kind="stable")
    groups = [np.sort(group) for group in np.split(order, np.flatnonzero(np.diff(place[order])) + 1)]
    if any(len(group) != len(groups[0]) for group in groups) or len(groups) == 1 < header.frames:
        return []
    if header.assumed is not None and len(groups) == header.frames:
        return [np.arange(header.frames)]
    return list(np.stack(groups, axis=1))


def uncounted(header: Header) -> Iterator[Notice]:
    """That a file holds pixels of more frames than its header counts."""
    excess = _excess(header)
    if excess:
        text = translatable(
            "The file holds pixels of {held} frames, and its header counts {count}: the last are left out."
        )
        yield Notice(text, {"held": header.frames + excess, "count": header.frames})


def _excess(header: Header) -> int:
    """Of how many more frames than the header counts the file holds the pixels; 0 where they do not lie in it as they are."""
    # of a frame: those of one bit a pixel share bytes
    bits = header.rows * header.columns * header.samples * header.bits
    if not header.native or header.pixels_at < 0 or not bits:
        return 0
    with open(header.path, "rb") as file:
        file.seek(header.values_at - 4)
        held = int.from_bytes(file.read(4), "little")
    counted = -(-header.frames * bits // 8)
    return max(held * 8 // bits - header.frames, 0) if held > counted + counted % 2 else 0  # an odd byte is filled up
