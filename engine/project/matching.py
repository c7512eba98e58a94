"""Which mask file belongs to which image."""

import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.config import Split
from engine.errors import EngineError
from engine.formats.names import safe_name
from engine.imaging.files import is_beside
from engine.imaging.sample import spread
from engine.imaging.scan import Found
from engine.project.class_files import (
    ClassFiles,
    ImageName,
    MaskName,
    find_class_files,
    find_lone_files,
    is_of_one_class,
)
from engine.project.mask_folder import SMEARED, is_read_as_mask, mask_files, of_no_use
from engine.project.nearness import Nearby, common, nearness
from engine.project.set_names import set_of_place
from engine.words import translatable

MASK_ENDINGS = (
    *("_mask", "_masks", "_seg", "_segmentation", "_label", "_labels", "_lbl", "_gt", "_groundtruth", "_ground_truth"),
    *(
        "_manual",
        "_manual1",
        "_annotation",
        "_annot",
        "_msk",
        "_dseg",
        "-mask",
        "-seg",
        "-label",
        "-labels",
        "-annot",
        " mask",
        ".seg",
    ),
)
MASK_BEGINNINGS = (
    *("mask_", "seg_", "segmentation_", "label_", "labels_", "lbl_", "gt_", "groundtruth_", "ground_truth_", "annot_"),
    *("mask-", "seg-", "segmentation-", "label-", "labels-", "gt-", "groundtruth-"),
)
PROPOSED_FOLDERS = (
    *("masks", "mask", "labels", "label", "seg", "segs", "segmentation", "segmentations", "annotations", "annotation"),
    *("ground_truth", "groundtruth", "gt", "labelstr", "manual", "mascaras", "máscaras"),
)
"""What folders of masks are called, in lower case, the surest first."""

MASK_FOLDERS = frozenset((*PROPOSED_FOLDERS, "labelsts"))
"""The same, and what none is proposed by."""

_WORDS = MASK_FOLDERS | {"lbl", "annot", "roi", "contour"}  # a file called so alone is the mask of its folder
PLACELESS = MASK_FOLDERS | {
    *("images", "image", "imgs", "img", "imagestr", "imagests", "data", "dicom", "nifti", "scans"),
    *("train", "training", "val", "valid", "validation", "test", "testing"),
}
"""Folders whose names say neither who nor what it is, in lower case."""
_IMAGE_ENDINGS = ("_image", "-image", "_img", "-img", "_0000")
_IMAGE_BEGINNINGS = ("image_", "img_", "im_", "volume_", "scan_", "image-", "img-", "volume-", "scan-")
_SET_ENDINGS = tuple(f"{sign}{word}" for sign in "_-" for word in ("training", "train", "test", "testing"))
_NUMBERED = re.compile(r" \([0-9]+\)$")  # what tells items of one name apart
_WORD_FIRST, _WORD_LAST = re.compile(r"[a-z]+(?=[0-9])"), re.compile(r"(?<=[0-9])[a-z]+$")
_UID = re.compile(r"[0-9]+(\.[0-9]+)+")
_TRIED = 3  # files of a name
_FOLDERS = 4  # of an image's path: patient, study, series and one more


@dataclass(frozen=True)
class _Match:
    """Masks that could be an image's. `rank` says by what, 0 being the surest: its name, a usual ending, and so on."""

    rank: int
    masks: Nearby


_NONE = Nearby()


OF_NO_IMAGE = (
    translatable("1 mask belongs to no image: {names}."),
    translatable("{count} masks belong to no image: {names}."),
)
"""What is said of masks that were found for none."""

UNREADABLE = (
    translatable("1 file among the masks is of no kind that masks are read of: {names}."),
    translatable("{count} files among the masks are of no kind that masks are read of: {names}."),
)
"""What is said of `MaskFinder.unreadable`: of one, of several."""


class MaskFinder:
    """Finds the mask of an image: by its name, with a usual beginning or ending, by the series' UID, or by the folders it lies in.

    Of several of one name the one counts whose folders are called like the image's. Masks may lie beside the images. A single file
    belongs to a single image; where each is the mask of one class, and called so, several belong to one. Links are followed: a file is
    the same by whatever way it is reached.
    """

    def __init__(self, masks: Path | None, images: Sequence[Found]) -> None:
        """`masks` is a folder, searched to the bottom, or a file. Raises EngineError where there is neither."""
        self._root = Path(os.path.abspath(masks)) if masks is not None else Path()
        there = [Path(os.path.abspath(file)) for file in mask_files(masks)]
        self._files = [file for file in there if file == self._root or is_read_as_mask(file)]
        taken = set(self._files)
        # where there is no mask, a text may be what was taken for one: outlines of labelme or YOLO
        others = [file for file in there if file not in taken and not (self._files and is_beside(file.name))]
        self._unreadable = of_no_use(others, self._files, images) if others else []
        self._real = {file: os.path.realpath(file) for file in self._files}
        self._all = set(self._real.values())
        self._used: set[Path] = set()
        self._by_word = False  # whether one was found by what stands after its image's name
        self._met: set[Nearby] = set()  # whose files are used
        self._kept: dict[tuple[Nearby, Split], Nearby] = {}
        self._elsewhere: dict[str, str] = {}
        images = images if self._files else ()  # without masks there is nothing to match
        self._masked = {mask_core(file_stem(file.name)) for file in self._files}  # whose masks are called as such
        self._outside = {_image_stem(image) for image in images if _real(image) not in self._all}
        plain = [image for image in images if not self._called_mask(image)]
        stems = [_image_stem(image) for image in plain]
        self._cores = {core for stem in stems for core in (_folded(stem), image_core(stem), *_without_set(stem))}
        self._beside = Counter(_file(image).parent for image in plain)
        self._parts: dict[str, ClassFiles] = {}
        drawn = self._drawn_beside(plain)
        scans = [image for image in plain if _real(image) not in drawn]
        self._class_files = {self._real[file] for file in self._files_of_classes(scans)} & set(map(_real, images))
        real = [image for image in images if not self.is_mask(image)]
        self._images = {_real(image) for image in real}
        self._files = [file for file in self._files if self._real[file] not in self._images]
        self._sets = {file: set_of_place(reversed(self._folders(file))) for file in self._files}
        self._by_name = _grouped((file_stem(file.name), file) for file in self._files)
        self._has_uids = any(_UID.fullmatch(name) for name in self._by_name)
        self._by_core = _grouped((core, file) for file in self._files for core in self._mask_cores(file))
        self._tags = self._mask_tags()
        bearers = Counter(tag for image in real for tag in set(_image_tags(image)))
        self._unique = {tag for tag, count in bearers.items() if count == 1}
        self._only = Nearby(self._files if len(self._files) == 1 and len(real) == 1 else ())
        self._shortened = Counter(core for image in real for core in _without_set(_image_stem(image)))
        self._parts = self._found_parts(real)
        self._word, self._lone = ("", dict[str, Path]()) if self._parts else self._found_lone(real)
        self._drop_other_sets(real)
        keys = [_key(image) for image in real]
        self._matches = {key: self._match(image) for key, image in zip(keys, real, strict=True)}
        self._suitors = self._suitors_of_masks(real, [self._matches[key] for key in keys])

    def is_mask(self, image: Found) -> bool:
        """Whether the file is no image but the mask of one: where images lie elsewhere, all in the folder of masks but what has a mask
        there itself."""
        if not self._all or _real(image) not in self._all:
            return False
        if _real(image) in self._class_files:
            return True
        stem = _image_stem(image)
        if self._outside and (stem in self._outside or _folded(stem) not in self._masked):
            return True
        if not self._called_mask(image):
            return False
        core = mask_core(stem)
        if _folded(stem) in _WORDS:
            folder = _file(image).parent
            return self._beside[folder] > 0 or any(place.is_relative_to(folder) for place in self._beside)
        return (core is not None and core in self._cores) or _folded(stem) in self._cores

    def find(self, image: Found) -> Path | ClassFiles | None:
        """The mask, or the masks of its classes, or None. Raises EngineError where several fit equally well, or it fits several images equally well."""
        found = self._found(image)
        if found is not None and self._elsewhere:
            self._elsewhere.pop(_key(image), None)
        return found

    def _found(self, image: Found) -> Path | ClassFiles | None:
        key, own = _key(image), _file(image)
        match, parts, lone = self._matches.get(key, _Match(0, _NONE)), self._parts.get(key), self._lone.get(key)
        if parts is not None and {part.path for part in parts.parts}.issuperset(match.masks.files):
            self._used.update(part.path for part in parts.parts)
            return parts
        if not match.masks.files and lone is not None:
            self._used.add(lone)
            self._by_word = True
            return lone
        if not match.masks.files:
            return None
        if match.masks not in self._met:
            self._met.add(match.masks)
            self._used.update(match.masks.files)
        mask = _nearest(own, match.masks)
        mine = -match.rank, nearness(own, mask)
        near = ((rank, file) for rank, images in self._suitors[mask] for file in images.nearest(mask) if file != own)
        others = [(-rank, nearness(file, mask)) for rank, file in near]
        if mine in others:
            raise EngineError(
                translatable("{count} images could have the mask {name}, and none lies nearer to it than the others."),
                translatable("Name the folders of images and masks alike, or import one folder at a time."),
                count=sum(len(images.files) for _, images in self._suitors[mask]),
                name=mask.name,
            )
        return mask if all(other < mine for other in others) else None

    def left_over(self) -> list[str]:
        """The masks that `find` gave to no image, as paths below the folder of masks."""
        return [self._shown(file) for file in self._files if file not in self._used]

    def unreadable(self) -> list[str]:
        """What lies in the folder of masks and is neither an image nor of a kind that masks are read of, as paths below it."""
        return [self._shown(file) for file in self._unreadable]

    def of_other_sets(self) -> list[str]:
        """The images (by name) of which every mask of their name lies in the folder of another set, and so is another image's."""
        return list(self._elsewhere.values())

    def _shown(self, file: Path) -> str:
        return str(file.relative_to(self._root)) if file != self._root else file.name

    @property
    def used(self) -> bool:
        """Whether `find` found a mask at all."""
        return bool(self._used)

    @property
    def classes(self) -> list[str]:
        """What the classes are called of which each file is one, in the order in which they are laid over each other."""
        named = {part.value: part.name for one in self._parts.values() for part in one.parts if part.path in self._used}
        return [named[value] for value in sorted(named)]

    @property
    def ending(self) -> str:
        """The word that masks have after their images' names, where it is none that usually says so."""
        return self._word if self._by_word else ""

    def _files_of_classes(self, plain: Sequence[Found]) -> set[Path]:
        """Masks of single classes among files that are found as images too: in a folder of masks, whatever their own names."""
        seen = set(map(_real, plain))
        files = {file: name for file, name in self._mask_names().items() if self._real[file] not in seen}
        names = _image_names(plain)
        parts = {part.path for one in find_class_files(files, names).values() for part in one.parts}
        return parts or set(find_lone_files(files, names)[1].values())

    def _drawn_beside(self, images: Sequence[Found]) -> set[str]:
        """Of images that are among the mask files too, those called like another one of their folder and size and something more, and of
        two values alone: scan_liver beside scan. Of each name more a few are opened."""
        by_stem = {(_file(one).parent, _folded(_image_stem(one))): one for one in images}
        groups: dict[str, list[Found]] = defaultdict(list)
        for one in images:
            own, folder = _folded(_image_stem(one)), _file(one).parent
            for at in range(1, len(own)):
                scan = by_stem.get((folder, own[:at])) if own[at] in " _-." else None
                if scan is not None and scan.shape == one.shape and _real(one) in self._all:
                    groups[own[at + 1 :]].append(one)
                    break
        return {
            _real(one)
            for group in groups.values()
            if all(is_of_one_class(_file(group[at])) for at in spread(len(group), _TRIED))
            for one in group
        }

    def _found_parts(self, images: Sequence[Found]) -> dict[str, ClassFiles]:
        files = self._mask_names()
        return find_class_files(files, _image_names(images)) if len(files) > 1 else {}

    def _found_lone(self, images: Sequence[Found]) -> tuple[str, dict[str, Path]]:
        return find_lone_files(self._mask_names(), _image_names(images))

    def _mask_names(self) -> dict[Path, MaskName]:
        named = {}
        for file in self._files:
            stem = file_stem(file.name)
            core = mask_core(stem, beside_numbers=False)  # label1 may be a class
            at = -1 if core is None else stem.casefold().find(core)
            stem = stem if at < 0 else stem[at : at + len(core or "")]
            if _folded(stem) not in _WORDS:
                folders = tuple(one for one in self._folders(file) if _folded(one) not in PLACELESS)
                named[file] = MaskName(stem, folders)
        return named

    def _suitors_of_masks(
        self, images: Sequence[Found], matches: Sequence[_Match]
    ) -> dict[Path, list[tuple[int, Nearby]]]:
        """For each mask the images that it could be of, those of one rank and one choice of masks together."""
        alike: dict[tuple[int, Nearby], list[Path]] = defaultdict(list)
        for image, match in zip(images, matches, strict=True):
            alike[match.rank, match.masks].append(_file(image))
        suitors: dict[Path, list[tuple[int, Nearby]]] = defaultdict(list)
        for (rank, masks), files in alike.items():
            place = Nearby(files)
            for mask in masks.files:
                suitors[mask].append((rank, place))
        return suitors

    def _set_of(self, image: Found) -> Split:
        """Of an image, by its folders beyond those that hold the masks too."""
        own, root = Path(os.path.abspath(_file(image))).parent.parts, self._root.parts
        return set_of_place(own[common(own, root) :][: -_FOLDERS - 1 : -1])

    def _of_its_set(self, image: Found, masks: Nearby | None) -> Nearby:
        """Of the masks those that lie in no folder of another set: there numbers begin anew. Of a JPEG and something better the latter."""
        if masks is None:
            return _NONE
        split = self._set_of(image)
        if (masks, split) not in self._kept:
            here = [file for file in masks.files if not (split and self._sets[file] and self._sets[file] != split)]
            better = [file for file in here if not _is_smeared((file,))] or here
            self._kept[masks, split] = masks if len(better) == len(masks.files) else Nearby(better)
        if not self._kept[masks, split].files:
            self._elsewhere[_key(image)] = image.name
        return self._kept[masks, split]

    def _drop_other_sets(self, images: Sequence[Found]) -> None:
        """Of masks of single classes those that lie in folders of other sets than their images."""
        for image in images if self._parts or self._lone else ():
            parts, lone = self._parts.get(_key(image)), self._lone.get(_key(image))
            files = [part.path for part in parts.parts] if parts is not None else [lone] if lone is not None else []
            if any(not self._of_its_set(image, Nearby([file])).files for file in files):
                self._parts.pop(_key(image), None)
                self._lone.pop(_key(image), None)

    def _called_mask(self, image: Found) -> bool:
        """Whether it is one of the mask files and called as a mask is, or lies in a folder that is."""
        stem = _image_stem(image)
        if _real(image) not in self._all:
            return False
        named = mask_core(stem) is not None or _folded(stem) in _WORDS
        return named or any(_folded(part) in MASK_FOLDERS for part in self._folders(_file(image)))

    def _folders(self, file: Path) -> tuple[str, ...]:
        """The folders of a file below that of the masks."""
        try:
            return file.parent.relative_to(self._root).parts
        except ValueError:
            return ()

    def _match(self, image: Found) -> _Match:
        stem = _image_stem(image)
        plain = _NUMBERED.sub("", stem) if len(image.source.files) > 1 else stem
        names = (
            *(
                [safe_name(image.name)] if "/" in image.name else []
            ),  # as an export calls the mask of one told by its folders
            *_whole_names(image),
            stem,
            *(stem + ending for ending in MASK_ENDINGS),
            *(stem.removesuffix(ending) for ending in _IMAGE_ENDINGS),
            plain,
        )
        exact = self._first(image, self._by_name, names)
        alike = self._first(image, self._by_core, (_folded(stem), image_core(stem), image_core(plain)))
        drawn = self._first(image, self._by_core, self._short_cores(image))
        if stem not in self._by_name and drawn.files and all("_manual" in file.name.lower() for file in drawn.files):
            return _Match(1, drawn)  # DRIVE's 21_training_mask.gif is what the camera sees
        match = self._by_rank(image, exact, alike)
        return match if match.masks.files else _Match(3, drawn)

    def _short_cores(self, image: Found) -> list[str]:
        """Its name without the set that it ends in, where no other image is called so."""
        return [core for core in _without_set(_image_stem(image)) if self._shortened[core] == 1]

    def _by_rank(self, image: Found, exact: Nearby, alike: Nearby) -> _Match:
        if exact.files and (_is_smeared(alike.files) or not _is_smeared(exact.files)):
            return _Match(0, exact)
        if alike.files:
            return _Match(1, alike)
        if self._only.files:
            return _Match(2, self._of_its_set(image, self._only))
        named = next((files for uid in self._uids(image) if (files := self._by_name.get(uid))), _NONE)
        tags = (tag for tag in _image_tags(image) if tag in self._unique)
        return _Match(2, named if named.files else self._first(image, self._tags, tags))

    def _first(self, image: Found, groups: Mapping[str, Nearby], names: Iterable[str]) -> Nearby:
        """The masks of the first of these names that any of the image's set bears."""
        found = (self._of_its_set(image, groups.get(name)) for name in names)
        return next((masks for masks in found if masks.files), _NONE)

    def _uids(self, image: Found) -> tuple[str, ...]:
        """The UIDs of a DICOM image, where masks are called by such."""
        if image.source.kind != "dicom" or not self._has_uids:
            return ()
        from engine.imaging.dicom_header import read_header

        try:
            header = read_header(image.source.files[0])
        except EngineError:  # the import says so when it opens the image
            return ()
        return header.series, header.instance

    def _mask_cores(self, file: Path) -> set[str]:
        stem = file_stem(file.name)
        core = mask_core(stem)
        return {_folded(stem), image_core(stem)} if core is None else {_folded(stem), core, image_core(core)}

    def _mask_tags(self) -> dict[str, Nearby]:
        """Masks by what places them: their name, or, where one stands alone in its folder or is called "mask", the folders' names."""
        beside = Counter(file.parent for file in self._files)
        tags: list[tuple[str, Path]] = []
        for file in self._files:
            stem = file_stem(file.name)
            own = {_folded(stem), mask_core(stem) or ""}
            if beside[file.parent] == 1 or _folded(stem) in _WORDS:
                own |= set(_joined(self._folders(file)))
            tags += [(tag, file) for tag in own if tag]
        return {tag: masks for tag, masks in _grouped(tags).items() if len(masks.files) == 1}


def _image_names(images: Sequence[Found]) -> dict[str, ImageName]:
    bearers = Counter(tag for image in images for tag in set(_image_tags(image)))
    named = {}
    for image in images:
        stem, tags = _image_stem(image), frozenset(_image_tags(image))
        own = frozenset(tag for tag in tags if bearers[tag] == 1) if len(images) > 1 else tags
        stems = frozenset((_folded(stem), image_core(stem), _folded(_NUMBERED.sub("", stem))))
        named[_key(image)] = ImageName(stems, tags, own)
    return named


def _grouped(pairs: Iterable[tuple[str, Path]]) -> dict[str, Nearby]:
    groups: dict[str, list[Path]] = defaultdict(list)
    for name, file in pairs:
        groups[name].append(file)
    return {name: Nearby(files) for name, files in groups.items() if name}


def _is_smeared(files: tuple[Path, ...]) -> bool:
    return all(file.name.lower().endswith(SMEARED) for file in files)


def _nearest(image: Path, masks: Nearby) -> Path:
    found = masks.nearest(image)
    if len(found) > 1:
        raise EngineError(
            translatable("{count} masks are called {name}, and none lies nearer than the others."),
            translatable("Name the folders of images and masks alike, or import one folder at a time."),
            count=len(masks.files),
            name=found[0].name,
        )
    return found[0]


def _file(image: Found) -> Path:
    return Path(image.source.files[0])


def _real(image: Found) -> str:
    return os.path.realpath(image.source.files[0])


def _key(image: Found) -> str:
    return _real(image) + image.source.index


def _image_stem(image: Found) -> str:
    """A single file is known by its own name: the item's may carry a number. A series, and an image of many, have only that."""
    alone = len(image.source.files) == 1 and not image.source.index
    return file_stem(os.path.basename(image.source.files[0])) if alone else unicodedata.normalize("NFC", image.name)


def _whole_names(image: Found) -> list[str]:
    """The file's name with its ending, as in a.jpg.png; a series and an image of many have none."""
    alone = len(image.source.files) == 1 and not image.source.index
    name = unicodedata.normalize("NFC", os.path.basename(image.source.files[0]))
    return [name, *(name + ending for ending in MASK_ENDINGS)] if alone else []


def _image_tags(image: Found) -> list[str]:
    return _joined(_file(image).parent.parts[-_FOLDERS:])


def _joined(folders: Sequence[str]) -> list[str]:
    """What places a file by its folders, the surest first: the last two and three together, then each, the nearest first."""
    parts = [_folded(part) for part in folders]
    several = ["/".join(parts[-count:]) for count in (3, 2) if len(parts) >= count]
    return [*several, *(part for part in reversed(parts) if part not in PLACELESS)]


def image_core(stem: str) -> str:
    """An image's name, folded, without what only says that it is an image."""
    return _stripped(_folded(stem), _IMAGE_BEGINNINGS, _IMAGE_ENDINGS)


def mask_core(stem: str, *, beside_numbers: bool = True) -> str | None:
    """A mask's name, folded, without what says that it is a mask; None where nothing says so. `beside_numbers`: also mask07 and 07mask."""
    folded = _folded(stem)
    core = _stripped(folded, MASK_BEGINNINGS, MASK_ENDINGS, beside_numbers=beside_numbers)
    return None if core == folded else core


def _without_set(stem: str) -> list[str]:
    """An image's name, folded, without the set that it ends in: DRIVE has 21_manual1.gif of 21_training.tif. None where it ends in none."""
    folded = _folded(stem)
    short = _stripped(folded, (), _SET_ENDINGS)
    return [short] if short != folded else []


def _stripped(text: str, beginnings: Sequence[str], endings: Sequence[str], *, beside_numbers: bool = True) -> str:
    """Without the longest ending it has, else without the longest beginning; never without all. `beside_numbers`: where it has neither,
    without their words where a number follows or goes before them, with nothing between."""
    ending = max((e for e in endings if text.endswith(e) and len(text) > len(e)), key=len, default="")
    if ending:
        return text.removesuffix(ending)
    beginning = max((b for b in beginnings if text.startswith(b) and len(text) > len(b)), key=len, default="")
    if beginning or not beside_numbers:
        return text.removeprefix(beginning)
    first, last = _WORD_FIRST.match(text), _WORD_LAST.search(text)
    if first and f"{first[0]}_" in beginnings:
        return text[first.end() :]
    return text[: last.start()] if last and f"_{last[0]}" in endings else text


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold().strip()


def file_stem(name: str) -> str:
    """Without the ending that says what kind of file it is: a UID's last number is none."""
    lower = name.lower()
    last = os.path.splitext(name)[1]
    ending = next((e for e in (".nii.gz", ".ome.tif", ".ome.tiff") if lower.endswith(e)), last)
    known = ending == last and (last[1:].isdigit() or not 2 <= len(last) <= 6)
    return unicodedata.normalize("NFC", name if known else name[: len(name) - len(ending)])
