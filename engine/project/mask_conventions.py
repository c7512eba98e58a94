"""How the masks of an import or of a folder count, decided from all of them, so that no file is taken otherwise than its neighbour."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from engine.errors import EngineError
from engine.imaging.mask_looks import EVIDENT, Convention, Looks, greys_differ, palettes_by_color
from engine.imaging.read import depends_on_others, read_mask
from engine.imaging.scan import Found
from engine.progress import Progress, Work
from engine.project.matching import MaskFinder


@dataclass(frozen=True)
class _Facts:
    """Of one mask file, read by itself: `values` are those of its channels, where their places are the values."""

    highest: int = 0
    looks: Looks | None = None
    channels: tuple[int, int] | None = None
    values: frozenset[int] = frozenset()


def convention_of(finder: MaskFinder, images: Sequence[Found]) -> Work[Convention]:
    """Of the masks that are found for these images."""
    return (yield from convention_of_files(set(_files(finder, images))))


def convention_of_files(masks: Iterable[Path]) -> Work[Convention]:
    """Only such are read as may count otherwise beside others, and those beside greys of few bits until one tells."""
    files = sorted(masks)
    plain, facts = list[Path](), list[_Facts]()
    for number, file in enumerate(files):
        yield Progress(number, len(files), file.name)
        one = _facts(file, doubtful=True)
        if one is not None:
            facts.append(one)
        else:
            plain.append(file)
    looks = [one.looks for one in facts if one.looks is not None]
    deeper = any(one.looks is None and one.highest > EVIDENT for one in facts)
    if greys_differ(looks, deeper=True) and not greys_differ(looks, deeper=deeper):
        for number, file in enumerate(plain):
            yield Progress(number, len(plain), file.name)
            one = _facts(file, doubtful=False)
            if one is not None and one.highest > EVIDENT:
                deeper = True
                break
    return Convention(palettes_by_color(looks), greys_differ(looks, deeper=deeper), _unsure(facts))


def _files(finder: MaskFinder, images: Iterable[Found]) -> Iterator[Path]:
    """Those of one class each have no numbers that count."""
    for image in images:
        try:
            file = finder.find(image)
        except EngineError:  # said when its turn comes
            continue
        if isinstance(file, Path):
            yield file


def _unsure(facts: Sequence[_Facts]) -> dict[int, frozenset[int]]:
    """Of how many channels some masks leave places free and others do not, with all the values that such masks hold."""
    firsts, values = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)
    for one in facts:
        if one.channels is not None:
            count, first = one.channels
            firsts[count].add(first)
            values[count] |= {value + 1 - first for value in one.values if value or not first}
    return {count: frozenset(values[count]) for count, both in firsts.items() if len(both) > 1}


def _facts(file: Path, *, doubtful: bool) -> _Facts | None:
    """None where only files that may count otherwise beside others are asked for, and it is none."""
    try:
        status = os.stat(file)
    except OSError:  # said when it is read
        return None
    known = status.st_mtime_ns, status.st_size
    return None if doubtful and not _depends(file, *known) else _read(file, *known)


@lru_cache(2**16)  # a survey, its previews and the import ask for the same files
def _depends(file: Path, time: int, size: int) -> bool:
    return depends_on_others(file)


@lru_cache(2**16)
def _read(file: Path, time: int, size: int) -> _Facts:
    try:
        mask = read_mask(file)
    except EngineError:
        return _Facts()
    held = frozenset(np.unique(mask.values).tolist()) if mask.channels else frozenset[int]()
    return _Facts(int(mask.values.max(initial=0)), mask.looks, mask.channels, held)
