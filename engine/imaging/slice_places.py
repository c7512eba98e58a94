"""Where the slices of a DICOM image lie one by one: its grid has them at one distance, also where slices are missing."""

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from engine.imaging.dicom_frames import frames_of
from engine.imaging.dicom_header import read_header
from engine.imaging.dicom_places import UNEVEN, Places, of_files, of_frames
from engine.imaging.dicom_values import Vector
from engine.imaging.geometry import Geometry
from engine.imaging.image import Source


def runs(source: Source, grid: Geometry) -> tuple[Geometry, ...]:
    """The image's grid cut where slices are missing or lie at another distance: the grids of its parts in their order, each where it
    truly lies. Reads every header."""
    where = _places(source, os.stat(source.files[0]).st_mtime_ns).positions
    if where is None or len(where) != grid.shape[0]:
        return (grid,)
    step = np.linalg.norm(grid.affine[:3, 0])
    off = where - (grid.affine[:3, 3] + np.arange(len(where))[:, None] * grid.affine[:3, 0])
    cuts, first = [0], 0
    for number in range(1, len(off)):
        if np.linalg.norm(off[number] - off[first]) > UNEVEN * step:
            cuts.append(number)
            first = number
    return tuple(_part(grid, first, end, off[first]) for first, end in zip(cuts, [*cuts[1:], len(off)], strict=True))


def stretched(parts: Sequence[Geometry]) -> Geometry:
    """The grid of programs that lay the slices of these parts at their mean distance."""
    count = sum(part.shape[0] for part in parts)
    affine, last = parts[0].affine.copy(), parts[-1].affine @ [parts[-1].shape[0] - 1, 0, 0, 1]
    affine[:3, 0] = (last - affine[:, 3])[:3] / max(count - 1, 1)
    return replace(parts[0], shape=(count, *parts[0].shape[1:]), affine=affine)


def _part(grid: Geometry, first: int, end: int, off: Vector) -> Geometry:
    affine = grid.affine.copy()
    affine[:3, 3] += first * affine[:3, 0] + off
    return replace(grid, shape=(end - first, *grid.shape[1:]), affine=affine)


def are_uneven(source: Source) -> bool:
    """Whether slices that lie on one line are missing, or lie at several distances. Reads every header."""
    along = _places(source, os.stat(source.files[0]).st_mtime_ns).along
    steps = np.abs(np.diff(along)) if along is not None else np.zeros(0)
    return bool(steps.size) and float(np.ptp(steps)) > UNEVEN * float(np.median(steps))


@lru_cache(4)  # the masks of many classes of one image ask one after the other
def _places(source: Source, changed: int) -> Places:
    header = read_header(source.files[0])
    if len(source.files) > 1:
        return of_files([header, *map(read_header, source.files[1:])])
    frames = frames_of(header, source.index)
    return of_frames(header) if frames is None else of_frames(header)[frames]
