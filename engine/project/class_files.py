"""Masks that come as several files of one image, one for each class: which belong together, and what each is called."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import EngineError
from engine.imaging.read import read_mask
from engine.imaging.values import MaskFile
from engine.natural_order import natural
from engine.words import translatable

MOST = 254  # classes of a mask
_BETWEEN = " _-."
_LONELY = 12  # names of which none comes twice, where there are several images: more are numbers of objects
_HASH = re.compile(r"[0-9a-f]{16,}")


@dataclass(frozen=True)
class ClassFile:
    """The mask of one class: what it is called, and the value that stands for it where all are shown as one mask."""

    value: int
    name: str
    path: Path


@dataclass(frozen=True)
class ClassFiles:
    """The files of one image in the order in which they are laid over each other."""

    parts: tuple[ClassFile, ...]

    @property
    def name(self) -> str:
        return ", ".join(part.path.name for part in self.parts)


@dataclass(frozen=True)
class MaskName:
    """A mask file's name as written, without ending and what only says that it is a mask, and the folders that may say something,
    from the outermost."""

    stem: str
    folders: tuple[str, ...]


@dataclass(frozen=True)
class ImageName:
    """The names that an image goes by, and its own folders, folded; `bearers` are names of its folders that no other image has."""

    stems: frozenset[str]
    folders: frozenset[str]
    bearers: frozenset[str]


def find_class_files(masks: Mapping[Path, MaskName], images: Mapping[str, ImageName]) -> dict[str, ClassFiles]:
    """The files of each image (by its key) that are told apart by the name of a class: case_liver and case_kidney, or liver/case and
    kidney/case, or case/liver and case/kidney. Nothing where no image has two of them, or where names are no classes but numbers."""
    sure = _words(masks, images)
    counts = Counter(word for words in sure.values() for word in words)
    numbered = len(sure) > 1 and max(counts.values(), default=0) < 2 and len(counts) > _LONELY
    if numbered or len(counts) > MOST or not any(len(words) > 1 for words in sure.values()):
        return {}
    values = {word: value for value, word in enumerate(sorted(counts, key=natural), 1)}
    return {
        key: ClassFiles(
            tuple(
                ClassFile(values[word], files.name, files.path)
                for word, files in sorted(words.items(), key=lambda pair: values[pair[0]])
            )
        )
        for key, words in sure.items()
    }


def find_lone_files(masks: Mapping[Path, MaskName], images: Mapping[str, ImageName]) -> tuple[str, dict[str, Path]]:
    """The file of each image (by its key) where all are called like their images and then by one word more, the same (case_lesion);
    and that word. "" where they are not."""
    sure = _words(masks, images)
    named = {word: part.name for words in sure.values() for word, part in words.items()}
    ends = all(
        masks[part.path].stem.casefold().endswith(word) for words in sure.values() for word, part in words.items()
    )
    if len(named) != 1 or not ends:
        return "", {}
    return next(iter(named.values())), {key: part.path for key, words in sure.items() for part in words.values()}


def _words(masks: Mapping[Path, MaskName], images: Mapping[str, ImageName]) -> dict[str, dict[str, ClassFile]]:
    """The files of each image by what they are called beside it, folded; without images that have two of one name."""
    index = _Index(images)
    found: dict[str, dict[str, list[ClassFile]]] = defaultdict(lambda: defaultdict(list))
    nameless = len(images) == 1
    for path, mask in masks.items():
        key, word = index.belongs(mask)
        nameless &= not key
        if word and _is_word(word):
            found[key][word.casefold()].append(ClassFile(0, word, path))
    if nameless:  # they need not say whose they are
        for path, mask in masks.items():
            if not mask.folders and _is_word(mask.stem):
                found[next(iter(images))][mask.stem.casefold()].append(ClassFile(0, mask.stem, path))
    return {
        key: {word: files[0] for word, files in words.items()}
        for key, words in found.items()
        if all(len(files) == 1 for files in words.values())
    }


class _Index:
    """Images by their names and by the folders that are theirs alone."""

    def __init__(self, images: Mapping[str, ImageName]) -> None:
        self._images = images
        self._called: dict[str, list[str]] = defaultdict(list)
        self._there: dict[tuple[str, str], list[str]] = defaultdict(list)  # by name and folder
        self._in: dict[str, str] = {}
        for key, image in images.items():
            for stem in image.stems:
                self._called[stem].append(key)
                for folder in image.folders:
                    self._there[stem, folder].append(key)
            self._in.update(dict.fromkeys(image.bearers, key))

    def belongs(self, mask: MaskName) -> tuple[str, str]:
        """Whose it is, and the name of its class; "" where it is nobody's or has none."""
        own, folders = mask.stem.casefold(), [folder.casefold() for folder in mask.folders]
        if own in self._called:
            key = self._one_of(own, folders)
            known = self._images[key].folders if key else frozenset[str]()
            rest = [name for name, plain in zip(mask.folders, folders, strict=True) if plain not in known]
            return key, rest[-1] if rest else ""
        for stem, word in _split(mask.stem):
            if stem in self._called:
                return self._one_of(stem, folders), word
        for folder in reversed(folders):
            if folder in self._in or len(self._called.get(folder, ())) == 1:
                return self._in.get(folder) or self._called[folder][0], mask.stem
        return "", ""

    def _one_of(self, stem: str, folders: Collection[str]) -> str:
        """The image of that name that has most of these folders; "" where several have as many."""
        shared = Counter(key for folder in set(folders) for key in self._there.get((stem, folder), ()))
        best = max(shared.values(), default=0)
        found = [key for key, count in shared.items() if count == best] or self._called[stem]
        return found[0] if len(found) == 1 else ""


def _split(name: str) -> Iterator[tuple[str, str]]:
    """The name cut in two where its parts meet, folded and as written, in either order: the longest image's name first."""
    cuts = [at for at, sign in enumerate(name) if sign in _BETWEEN]
    pairs = [(name[:at], name[at:]) for at in cuts] + [(name[at + 1 :], name[: at + 1]) for at in cuts]
    for stem, word in sorted(pairs, key=lambda pair: -len(pair[0])):
        yield stem.casefold(), word.strip(_BETWEEN)


def _is_word(word: str) -> bool:
    return any(sign.isalpha() for sign in word) and not _HASH.fullmatch(word.casefold())


def read_class(part: ClassFile) -> MaskFile:
    """The mask of one class, its value where the class is. Raises EngineError where the file holds several values."""
    mask = read_mask(part.path)
    held = np.unique(mask.values)
    if np.count_nonzero(held) > 1:
        raise EngineError(
            translatable("{file} holds several values: it is not the mask of {name} alone."),
            translatable("Where each file is the mask of one class, it holds 0 and one value more."),
            file=part.path.name,
            name=part.name,
        )
    values = np.where(mask.values != 0, np.int32(part.value), np.int32(0))
    return MaskFile(values, mask.geometry, mask.notes)


def is_of_one_class(path: Path) -> bool:
    """Whether the file can be read as a mask and holds nothing but 0 and one value more."""
    try:
        mask = read_mask(path)
    except EngineError:
        return False
    return not mask.colored and len(np.unique(mask.values)) <= 2
