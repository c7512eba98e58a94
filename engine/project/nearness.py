"""Which of many files of one name lies nearest to another file, by their folders."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

_Folders: TypeAlias = tuple[str, ...]


def nearness(one: Path, other: Path) -> tuple[int, int]:
    """How near two files are: folders called alike from the end (train/, case_3/), and then those shared from the beginning."""
    ours, theirs = one.parent.parts, other.parent.parts
    return common(ours[::-1], theirs[::-1]), common(ours, theirs)


class Nearby:
    """Files of one name. None is compared with every other one: of thousands called scan.nii.gz each lies in its patient's folder."""

    def __init__(self, files: Iterable[Path] = ()) -> None:
        self.files = tuple(dict.fromkeys(files))
        self._by_beginning: dict[_Folders, Mapping[_Folders, list[Path]]] = {}

    def nearest(self, file: Path) -> Sequence[Path]:
        """Those that are nearest to a file; several where they are equally near."""
        if len(self.files) < 2:
            return self.files
        folders = file.parent.parts
        end, alike = _longest(self._by_end, folders[::-1])
        if len(alike) < 2:
            return alike
        if end not in self._by_beginning:
            self._by_beginning[end] = _index(alike, lambda one: one.parent.parts)
        return _longest(self._by_beginning[end], folders)[1]

    @cached_property
    def _by_end(self) -> Mapping[_Folders, list[Path]]:
        return _index(self.files, lambda file: file.parent.parts[::-1])


def _index(files: Iterable[Path], folders_of: Callable[[Path], _Folders]) -> Mapping[_Folders, list[Path]]:
    """The files by the first of their folders, by the first two, and so on; all of them by none."""
    index = defaultdict[_Folders, list[Path]](list)
    for file in files:
        folders = folders_of(file)
        for count in range(len(folders) + 1):
            index[folders[:count]].append(file)
    return index


def _longest(index: Mapping[_Folders, list[Path]], folders: _Folders) -> tuple[_Folders, list[Path]]:
    found = next(folders[:count] for count in range(len(folders), -1, -1) if folders[:count] in index)
    return found, index[found]


def common(one: Sequence[str], two: Sequence[str]) -> int:
    """How many folders both begin with."""
    return next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
