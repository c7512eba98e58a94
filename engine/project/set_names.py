"""Which set (train, val, test) a folder or a word is called after."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from engine.config import Split
from engine.project.nearness import common

_SETS: Mapping[str, Split] = {
    **dict.fromkeys(("train", "training", "tr", "imagestr", "entrenamiento"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev", "imagesval", "validación", "validacion"), "val"),
    **dict.fromkeys(("test", "testing", "ts", "imagests", "prueba"), "test"),
}
_AROUND = {
    *("image", "images", "img", "imgs", "imagenes", "imágenes", "data", "datos", "dataset", "datasets", "set", "sets"),
    *("input", "inputs", "folder", "split", "subset", "public", "conjunto", "de", "a", "b", "x"),
}
"""What else such folders are called."""
_LONG = {"train", "training", "val", "valid", "validation", "test", "testing", "entrenamiento", "validación", "prueba"}
_RESULTS = {"positive", "negative", "pos", "neg", "positivo", "negativo", "result", "results", "tube", "strip"}
"""What a test in a laboratory has."""
_DRAWN = {
    *(
        "mask",
        "masks",
        "label",
        "labels",
        "lbl",
        "seg",
        "segs",
        "segmentation",
        "segmentations",
        "gt",
        "ground",
        "truth",
    ),
    *("groundtruth", "annotation", "annotations", "annot", "manual", "mascaras", "máscaras"),
}
"""What folders of masks are called beside their set."""
_OF_MASKS: Mapping[str, Split] = {"labelstr": "train", "labelsval": "val", "labelsts": "test"}
_NEAR = 2  # folders in which a file's set is looked for: those above may be anybody's


def set_called(folder: str) -> Split:
    """The set that a folder of this name holds ("Training", "imagesTs", "train2017", "ISIC_Test_Input"), "" for none."""
    exact = set_named(folder)
    if exact:
        return exact
    parts = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFC", folder)))
    words = [word.casefold() for word in parts]
    sets = {_SETS[word] for word in words if word in _SETS}
    others = [word for word in words if word not in _SETS and word not in _AROUND]
    sure = not others or (any(word in _LONG for word in words) and not _RESULTS.intersection(words))
    return next(iter(sets)) if len(sets) == 1 and sure else ""


def set_named(word: str) -> Split:
    """The set that a word means, as folders and tables use it; "" for none."""
    return _SETS.get(unicodedata.normalize("NFC", word).strip().casefold(), "")


def set_alone(folder: str) -> Split:
    """As `set_called`, where the name says nothing else but that images or masks lie there: what is refused by it must be sure."""
    name = unicodedata.normalize("NFC", folder).strip().casefold()
    words = set(re.findall(r"[^\W\d_]+", name))
    plain = words <= _SETS.keys() | _AROUND or (words <= _SETS.keys() | _AROUND | _DRAWN and words & _LONG)
    return _OF_MASKS.get(name) or (set_called(folder) if plain else "")


def set_in(folders: Iterable[str]) -> Split:
    """The set that the first of these folders to be called after one is of, "" where none is."""
    found = (set_called(name) for name in folders)
    return next((split for split in found if split), "")


def set_of_place(folders: Iterable[str]) -> Split:
    """The set that the first of these folders to be called after one alone is of, "" where none is."""
    return next(filter(None, map(set_alone, folders)), "")


def of_other_sets(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the folders of two files, the innermost first, say that they are of different sets: beyond those that both lie in, the
    nearest ones alone are asked."""
    alike = common(one, other)
    if any(map(set_alone, one[:alike])):
        return False
    said = [set_of_place(folders[alike : alike + _NEAR]) for folders in (one, other)]
    return all(said) and said[0] != said[1]
