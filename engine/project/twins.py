"""Items that show the same pixels within noise (encoded again, saved once more): whoever learns one knows the other.

Each item keeps a signature: the means of a grid of cells of its middle slice. Items whose signatures are alike are compared pixel by
pixel. docs/decisions/0018 says what was measured.
"""

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.imaging.read import first_slice
from engine.progress import Progress, Work
from engine.project.items import Item
from engine.project.project import Project
from engine.project.splits import Groups

_CELLS = 16  # a side; `items.SIGNATURE` follows
_ALIKE = ((0.05, 0.10), (0.02, 0.25))
"""What may differ at most, as a share of the standard deviation of the pixels: root mean squares of the cells' and of the pixels'
differences. The second pair is for JPEG, which costs a fine image its texture but no cell its mean."""

_EVERY = 1.0  # seconds between two Signatures: each is stored


@dataclass(frozen=True)
class Signatures:
    """Signatures that were made, by item, for the caller to keep (`Items.set_signatures`)."""

    of: Mapping[int, bytes]


def find_twins(project: Project) -> Work[list[tuple[int, ...]]]:
    """The numbers of items that belong together, group by group: of the same content or the same pixels within noise. Yields
    Signatures of items that had none, once a second; those that cannot be read have no twin."""
    items = project.items.all()
    known = project.items.signatures()
    fresh, last = dict[int, bytes](), time.monotonic()
    for number, item in enumerate(items):
        if item.id in known:
            continue
        yield Progress(number, len(items), item.name)
        made = _signature(item)
        if made is not None:
            known[item.id] = fresh[item.id] = made
        if time.monotonic() - last > _EVERY:
            yield Signatures(fresh)
            fresh, last = {}, time.monotonic()
    if fresh:
        yield Signatures(fresh)
    groups = Groups(item.id for item in items)
    first: dict[str, Item] = {}
    for item in items:
        groups.join(first.setdefault(item.hash, item).id if item.hash else item.id, item.id)
    kinds: dict[tuple[int, ...], list[Item]] = defaultdict(list)
    for item in first.values():
        if item.id in known:
            kinds[item.shape].append(item)
    for alike in kinds.values():
        signatures = np.stack([np.frombuffer(known[item.id], np.float32) for item in alike])
        for one, other in _candidates(signatures):
            a, b = alike[one], alike[other]
            yield Progress(0, 0, a.name)
            if not groups.joined(a.id, b.id) and _same_pixels(a, b):
                groups.join(a.id, b.id)
    return [group for group in groups.all() if len(group) > 1]


def keep_twins(project: Project) -> Work[list[tuple[int, ...]]]:
    """`find_twins` of a project that is open for writing, where the signatures are kept."""
    work = find_twins(project)
    while True:
        try:
            event = next(work)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
        if isinstance(event, Signatures):
            project.items.set_signatures(event.of)
        else:
            yield event


def _signature(item: Item) -> bytes | None:
    """The cells' means and the standard deviation, as float32; None where the image cannot be read."""
    plane = _plane(item)
    if plane is None:
        return None
    with np.errstate(over="ignore"):  # of values that no scanner measured
        return np.append(_cells(plane), plane.std(dtype=np.float64)).astype(np.float32).tobytes()


def _plane(item: Item) -> NDArray[np.float32] | None:
    """The middle slice in grey."""
    try:
        pixels = first_slice(item.present()).pixels
    except (EngineError, OSError):
        return None
    plane = pixels[len(pixels) // 2]
    grey = plane.mean(axis=-1, dtype=np.float32) if plane.ndim == 3 else plane.astype(np.float32)
    return np.asarray(np.nan_to_num(grey), np.float32)


_plane_again = lru_cache(maxsize=8)(_plane)


def _cells(plane: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.resize(plane, (_CELLS, _CELLS), interpolation=cv2.INTER_AREA), np.float32).reshape(-1)


def _candidates(signatures: NDArray[np.float32]) -> list[tuple[int, int]]:
    """Pairs of rows that may be twins: their cells differ by noise alone."""
    from scipy.spatial import cKDTree

    sound = np.flatnonzero(np.isfinite(signatures).all(axis=1) & (signatures[:, -1] > 0))
    if len(sound) < 2:
        return []
    cells, deviations = signatures[sound, :-1].astype(np.float64), signatures[sound, -1].astype(np.float64)
    # means over cells differ no more than the cells do: a search among few numbers leaves few pairs to be compared
    coarse = cells.reshape(-1, 4, 4, 4, 4).mean(axis=(2, 4)).reshape(len(cells), -1)
    most = max(cell for cell, _ in _ALIKE)
    found = set[tuple[int, int]]()
    scale = np.floor(np.log2(deviations))  # twins spread alike: one image of huge values makes no others look alike
    for low in np.unique(scale):
        here = np.flatnonzero((scale == low) | (scale == low + 1))
        radius = most * float(deviations[here].max()) * np.sqrt(coarse.shape[1])
        pairs = here[cKDTree(coarse[here]).query_pairs(radius, output_type="ndarray")]
        apart = _root_mean_square(cells[pairs[:, 0]] - cells[pairs[:, 1]])
        close = apart <= most * deviations[pairs].min(axis=1)
        found.update((int(one), int(other)) for one, other in sound[pairs[close]])
    return sorted(found)


def _same_pixels(one: Item, other: Item) -> bool:
    planes = _plane_again(one), _plane_again(other)
    if planes[0] is None or planes[1] is None or planes[0].shape != planes[1].shape:
        return False
    first, second = (plane.astype(np.float64) for plane in planes if plane is not None)
    deviation = min(first.std(), second.std())
    pixels = float(_root_mean_square((first - second).reshape(-1)))
    cells = float(_root_mean_square(_cells(planes[0]).astype(np.float64) - _cells(planes[1])))
    return any(cells <= cell * deviation and pixels <= pixel * deviation for cell, pixel in _ALIKE)


def _root_mean_square(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Along the last axis."""
    return np.asarray(np.sqrt(np.square(values).mean(axis=-1)))
