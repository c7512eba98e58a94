"""What the folders of images say: their class, their set (train, val, test). Proposed to a person, or taken where asked for."""

import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from engine.config import Split
from engine.imaging.files import display_name, item_name
from engine.imaging.scan import Found, told_apart
from engine.project.items import Item
from engine.project.matching import PLACELESS

_SETS: Mapping[str, Split] = {
    **dict.fromkeys(("train", "training", "tr", "imagestr", "entrenamiento"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev", "imagesval", "validación", "validacion"), "val"),
    **dict.fromkeys(("test", "testing", "ts", "imagests", "prueba"), "test"),
}
_SINGLE = ("raster", "nifti", "nrrd")
_DEEPEST = 3  # folders: set, class, images
_LEAST = 2  # images that a class must have before its folder is proposed as one, on average


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


def named_by_sets(found: Sequence[Found]) -> tuple[Found, ...]:
    """Pictures and volumes of one name in folders of several sets are called by these: "train/0" and "test/0", not "0" and "0 (2)"."""
    stems = [item_name(one.source.files[0]) if one.source.kind in _SINGLE else "" for one in found]
    folders = [_set_folder(one) for one in found]
    sets = defaultdict[str, set[Split]](set)
    for stem, folder in zip(stems, folders, strict=True):
        sets[stem].add(set_called(folder))
    several = {stem for stem, known in sets.items() if stem and len(known - {""}) > 1}
    names = [
        f"{display_name(folder)}/{stem}" if folder and stem in several else one.name
        for one, stem, folder in zip(found, stems, folders, strict=True)
    ]
    return tuple(told_apart([replace(one, name=name) for one, name in zip(found, names, strict=True)]))


def _set_folder(image: Found) -> str:
    """The innermost folder that is called after a set, "" for none."""
    parts = Path(image.source.files[0]).parent.parts[: -_DEEPEST - 1 : -1]
    return next((part for part in parts if set_called(part)), "")


def set_called(folder: str) -> Split:
    """The set that a folder of this name holds ("Training", "imagesTs"), "" for none."""
    return _SETS.get(unicodedata.normalize("NFC", folder).casefold(), "")


def split_of(image: Found | Item, below: Sequence[Path] = ()) -> Split:
    """The set that a folder of the image is called after ("training", "imagesTs"), "" for none."""
    found = (set_called(name) for name in folders_of(image, below))
    return next((split for split in found if split), "")


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


def propose_classes(found: Sequence[Found], below: Sequence[Path]) -> dict[str, int]:
    """The classes of a set of pictures that lie in one folder each, with the images of each; {} where the folders are something else.

    Never of DICOM nor of volumes: their folders are patients, studies and series. Folders of sets are passed over.
    """
    if not found or any(one.source.kind != "raster" or one.shape[0] > 1 for one in found):
        return {}
    counts, spelled = Counter[str](), dict[str, str]()
    for one in found:
        names = [name for name in folders_of(one, below) if not set_called(name)]
        if not names or names[0].casefold() in PLACELESS:
            return {}
        counts[plain_name(names[0])] += 1
        spelled.setdefault(plain_name(names[0]), unicodedata.normalize("NFC", names[0]).strip())
    if len(counts) < 2 or sum(counts.values()) < _LEAST * len(counts):
        return {}
    return {spelled[name]: count for name, count in counts.items()}
