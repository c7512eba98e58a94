"""What the folders of images say: their class, their set (train, val, test). Proposed to a person, or taken where asked for."""

import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Generator, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from engine.config import Split
from engine.imaging.files import display_name, item_name
from engine.imaging.scan import Found, Scan, scan, told_apart
from engine.progress import Progress
from engine.project.items import Item
from engine.project.matching import MASK_FOLDERS, PLACELESS
from engine.project.set_names import set_called, set_in

_SINGLE = ("raster", "nifti", "nrrd")
_DEEPEST = 5  # folders that a name is looked for in
_NUMBERED = re.compile(r" \([0-9]+\)$")  # what told names apart before


def plain_name(name: str) -> str:
    """A class's or folder's name as it is compared: accents composed, without regard to case, blanks, _ and - at or between words."""
    return re.sub(r"[\s_\-]+", " ", unicodedata.normalize("NFC", name).casefold()).strip()


def folders_of(image: Found | Item, below: Sequence[Path] = ()) -> list[str]:
    """The folders that hold an image, the innermost first, up to the one of `below` that was chosen; without such, the innermost."""
    folder = Path(os.path.dirname(os.path.abspath(image.source.files[0])))
    tops = [top for top in (Path(os.path.abspath(path)) for path in below) if folder.is_relative_to(top)]
    if not tops:
        return [folder.name]
    top = max(tops, key=lambda path: len(path.parts))
    return (
        [folder.name, *(place.name for place in folder.parents if place.is_relative_to(top))]
        if folder != top
        else [top.name]
    )


def scan_named(paths: Sequence[Path], items: Sequence[Item] = ()) -> Generator[Progress, None, Scan]:
    """As `scan`, and what has equal names, among themselves or with the `items` that are there, is called by its folders."""
    seen = yield from scan(paths)
    return replace(seen, found=named_by_folders(seen.found, items))


def named_by_folders(found: Sequence[Found], items: Sequence[Item] = ()) -> tuple[Found, ...]:
    """Pictures and volumes of one name are called by the folders that tell them apart: "patient1/image" and "patient2/image", not "image"
    and "image (2)". By as few folders as tell, sets ("train/0") before others. Files in folders of masks keep their numbers, `items` that
    are there already their names."""
    there = {_key(item): item.name for item in items}
    taken = set(there.values())
    alike, known = defaultdict[str, list[Found]](list), defaultdict[str, list[str]](list)
    for one in found:
        stem = item_name(one.source.files[0])
        if _alone(one) and _NUMBERED.sub("", one.name) in (stem, _NUMBERED.sub("", stem)):
            alike[stem].append(one)
    for item in items:
        if _alone(item):
            known[item_name(item.source.files[0])].append(_file(item))
    told = dict[tuple[str, str], str]()
    for stem, group in alike.items():
        files = [*map(_file, group), *known[stem]]
        labels = _labels(files) if len(files) > 1 else {}
        for one in group:
            label = labels.get(_file(one))
            if label == "" and stem in taken:
                label = display_name(os.path.basename(os.path.dirname(_file(one))))
            if label is not None:
                told[_key(one)] = f"{label}/{stem}" if label else stem
    told |= there
    named = [replace(one, name=told.get(_key(one), one.name)) for one in found]
    return tuple(told_apart(named, taken.difference(there.get(_key(one), "") for one in found)))


def _key(one: Found | Item) -> tuple[str, str]:
    return _file(one), one.source.index


def _alone(one: Found | Item) -> bool:
    """Whether it is a file of its own: a series has the name that it was given, an image of many has its number."""
    return one.source.kind in _SINGLE and not one.source.index


def _file(one: Found | Item) -> str:
    return os.path.abspath(one.source.files[0])


def _labels(files: Sequence[str]) -> dict[str, str]:
    """What of its folders tells each of the files from the others, "" of one that lies above them."""
    below = {file: _below_common(file, top) for top in [_common_folder(files)] for file in files}
    below = {file: parts for file, parts in below.items() if not any(_folded(part) in MASK_FOLDERS for part in parts)}
    best, most = dict[str, str](), 1
    telling = {file: [part for part in parts if _tells(part)] for file, parts in below.items()}
    for folders in (telling, below):
        deepest = min(max(map(len, folders.values()), default=0), _DEEPEST)
        by_set = len({set_called(_set_in(parts)) for parts in folders.values()} - {""}) > 1
        for count in range(deepest + 1):
            for levels in combinations(range(deepest), count):
                labels = {file: _label(parts, levels, by_set=by_set) for file, parts in folders.items()}
                if len(set(labels.values())) > most:
                    best, most = labels, len(set(labels.values()))
            if most == len(folders):
                return best
    return best


def _label(parts: Sequence[str], levels: Sequence[int], *, by_set: bool) -> str:
    """The folders at these levels, the innermost being level 0, and with `by_set` the one that is called after a set."""
    chosen = {level for level in levels if level < len(parts)}
    if by_set and (folder := _set_in(parts)):
        chosen.add(parts.index(folder))
    return "/".join(display_name(parts[level]) for level in sorted(chosen, reverse=True))


def _set_in(parts: Sequence[str]) -> str:
    return next((part for part in parts if set_called(part)), "")


def _tells(folder: str) -> bool:
    return bool(set_called(folder)) or _folded(folder) not in PLACELESS


def _folded(folder: str) -> str:
    return unicodedata.normalize("NFC", folder).casefold()


def _common_folder(files: Sequence[str]) -> str:
    try:
        return os.path.commonpath([os.path.dirname(file) for file in files])
    except ValueError:  # on several drives
        return ""


def _below_common(file: str, top: str) -> list[str]:
    """The folders of a file below `top`, the innermost first."""
    folder = os.path.dirname(file)
    below = os.path.relpath(folder, top) if top else os.path.splitdrive(folder)[1]
    return [part for part in Path(below).parts[::-1] if part not in (os.curdir, os.sep)]


def split_of(image: Found | Item, below: Sequence[Path] = ()) -> Split:
    """The set that a folder of the image is called after ("training", "imagesTs"), "" for none."""
    return set_in(folders_of(image, below))


def folder_sets(items: Sequence[Item]) -> dict[int, Split]:
    """Which set's folder each item lies in, by its id; those in none are left out. Folders count up to the one that all are in; nothing
    where fewer than two sets are so told apart."""
    folder = {item.id: os.path.dirname(os.path.abspath(item.source.files[0])) for item in items}
    samples = {folder[item.id]: item for item in items}  # of thousands of images few lie in folders of their own
    try:
        top = Path(os.path.commonpath(samples))
    except ValueError:  # nothing, or on several drives: they have no folder in common
        return {}
    said = {place: split_of(item, [top]) for place, item in samples.items()}
    found = {id: said[place] for id, place in folder.items() if said[place]}
    return found if len(set(found.values())) > 1 else {}


def propose_splits(found: Sequence[Found], below: Sequence[Path]) -> dict[Split, int]:
    """How many images lie in folders called after each set; nothing where fewer than two sets are so told apart."""
    counts = Counter[Split](split for one in found if (split := split_of(one, below)))
    return dict(counts) if len(counts) > 1 else {}
