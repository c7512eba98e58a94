"""COCO's JSON of annotations, read as masks, of classes or of objects, and written: polygons and run-length codes."""

import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote

import msgspec
import numpy as np
from numpy.typing import NDArray

from engine import atomic
from engine.errors import EngineError, NotReadable
from engine.formats.outlines import outlines
from engine.imaging.files import read_bytes
from engine.labels.classes import UNLABELLED, UNLABELLED_NAME, LabelClass
from engine.labels.edit import Ids, Labels
from engine.labels.instances import MOST_OBJECTS, Instances
from engine.progress import Notice
from engine.project.set_names import of_other_sets
from engine.text_encoding import decoded
from engine.words import translatable

_REACH = (
    10  # image sides: how far outside a polygon may go before it is taken for damage (drawing it would cost memory)
)

_Id: TypeAlias = int | float | str


@dataclass(frozen=True)
class _Rle:
    size: tuple[int, int]
    counts: list[int] | str


_Shape: TypeAlias = list[float] | _Rle


_LACKS = re.compile(r"Object missing required field `(?P<field>\w+)`(?: - at `\$\.(?P<list>\w+)\[(?P<at>\d+)\]`)?")
_OTHER = re.compile(r"Expected .+?(?: - at `\$(?:\.(?P<list>\w+)(?:\[(?P<at>\d+)\])(?:\.(?P<field>\w+))?.*)?.*`)?")


class _Annotation(msgspec.Struct):
    image_id: _Id
    category_id: _Id
    segmentation: Any = None
    iscrowd: Any = 0
    id: Any = None
    damaged: bool = False  # nobody writes it: it is found out


class _Image(msgspec.Struct):
    id: _Id
    file_name: str
    height: float | None = None
    width: float | None = None
    labelled: Any = True  # Contorno writes False where nobody looked: no shapes are then no background


class _Category(msgspec.Struct):
    id: _Id
    name: str


class _Loose(msgspec.Struct):
    """What names an annotation of which other things are damaged."""

    id: Any = None
    image_id: Any = None


class _Any(msgspec.Struct):
    """A file of which annotations are looked at one by one."""

    images: list[_Image]
    annotations: list[msgspec.Raw]
    categories: list[_Category]


class _File(msgspec.Struct):
    images: list[_Image]
    annotations: list[_Annotation]
    categories: list[_Category]


@dataclass(frozen=True)
class _Drawn:
    """An annotation: polygons (x, y, x, y, ...) and run-length codes; () for a box alone and for one that is `damaged`. `name` is the ids
    of its image and its own, as the file has them."""

    category: str
    shapes: tuple[_Shape, ...]
    crowd: bool = False
    name: str = ""
    damaged: bool = False


@dataclass(frozen=True, eq=False)
class DrawnObjects:
    """The objects of an image: `labels` and `ids` (h, w). A crowd, which is several objects that nobody told apart, is unlabelled where no
    object lies, and so is a shape that says so. Counted are objects that lie over others, those that are hidden under others, crowds, and
    shapes that are damaged and were left out."""

    labels: Labels
    ids: Ids
    overlapping: int
    hidden: int
    crowds: int
    damaged: int


@dataclass(frozen=True, eq=False)
class DrawnClasses:
    """The class map (h, w) of an image; `overlapping` counts the shapes that lie over one of another class, `damaged` those that were
    left out."""

    labels: Labels
    overlapping: int
    damaged: int


class CocoFile:
    """An opened file. Images are found by the last part of their file name, and told apart by their folders; one in the folder of another
    set is another image. No path in it is ever followed. Ids may be numbers or texts: 1, 1.0 and "1" are one. `joined` counts the images
    that several files list."""

    def __init__(self, name: str, content: _File, joined: int = 0) -> None:
        self.name, self.joined = name, joined
        self._categories = {_key(category.id): category.name for category in content.categories}
        self._images = content.images
        self._shared = {id for id, n in Counter(_key(image.id) for image in content.images).items() if n > 1}
        self._by_name: list[dict[str, list[_Image]]] = [defaultdict(list) for _ in _NAMES]
        for image in content.images:
            for level, key_of in zip(self._by_name, _NAMES, strict=True):
                level[key_of(_last(image.file_name))].append(image)
        self._annotations: dict[str, list[_Drawn]] = defaultdict(list)
        for one in content.annotations:
            self._annotations[_key(one.image_id)].append(
                _Drawn(
                    _key(one.category_id),
                    tuple(one.segmentation),
                    one.iscrowd in (1, True, "1"),
                    f"{one.image_id}/{one.id}",
                    one.damaged,
                )
            )
        every = (one for group in self._annotations.values() for one in group)
        self._damaged = dict.fromkeys(one.name for one in every if one.damaged)
        self._vanished = dict[str, None]()

    @property
    def boxes_only(self) -> int:
        """How many annotations are boxes without a shape, which make no mask."""
        return sum(not one.shapes and not one.damaged for group in self._annotations.values() for one in group)

    @property
    def damaged(self) -> list[str]:
        """The shapes that were left out because they are damaged, by the ids of image and annotation: those of all images at once where
        the form is wrong, those whose points or runs are when their image was asked for."""
        return list(self._damaged)

    @property
    def vanished(self) -> list[str]:
        """The shapes, named likewise, that cover no pixel of the images that were asked for."""
        return list(self._vanished)

    @property
    def orphans(self) -> int:
        """How many annotations are about an image that the file does not list."""
        known = {_key(image.id) for image in self._images}
        groups = (group for id, group in self._annotations.items() if id not in known)
        return sum(not one.damaged for group in groups for one in group)

    @property
    def categories(self) -> Mapping[str, int]:
        """The names of the categories that are drawn somewhere, with the number of their shapes."""
        drawn = (one for group in self._annotations.values() for one in group if one.shapes)
        return dict(
            Counter(self._categories[one.category].strip() for one in drawn if one.category in self._categories)
        )

    def without_picture(self, images: Iterable[str]) -> list[str]:
        """The file names that it lists and none of the images (paths) bears."""
        used = {id(found) for image in images for found in self._candidates(image)}
        return [image.file_name for image in self._images if id(image) not in used]

    def fit(self, image: str) -> int | None:
        """How many folders of an image's path the file writes out before its name; None where it does not list the image."""
        found = self._candidates(image)
        return max(map(_folders_alike, found, [image] * len(found)), default=None)

    def labels_for(
        self,
        image: str,
        shape: tuple[int, int],
        classes: Sequence[LabelClass],
        *,
        others_background: bool = False,
        categories: Mapping[str, str] | None = None,
    ) -> Labels | None:
        """The class map (h, w) uint8 that `classes_for` draws."""
        drawn = self.classes_for(image, shape, classes, others_background=others_background, categories=categories)
        return None if drawn is None else drawn.labels

    def classes_for(
        self,
        image: str,
        shape: tuple[int, int],
        classes: Sequence[LabelClass],
        *,
        others_background: bool = False,
        categories: Mapping[str, str] | None = None,
    ) -> DrawnClasses | None:
        """The class map of an image, by its path, its file name or its stem; small shapes lie above large ones.

        None where the file does not list the image, says that nobody labelled it, or has only boxes, damaged shapes and polygons without a pixel for it. `categories`
        says which category (its name) is which class (its name, "background" or "unlabelled"). Raises EngineError for a category without a
        class (unless `others_background`) and a size that is not `shape`.
        """
        drawn = self._drawn(image, shape, classes, others_background, categories)
        if drawn is None:
            return None
        sound = list(self._regions(drawn, shape))
        if drawn and not any(_says_something(one, region) for one, _, region in sound):
            return None
        labels, overlapping = np.zeros(shape, np.uint8), 0
        for _, value, region in sorted(sound, key=lambda one: -np.count_nonzero(one[2])):
            below = labels[region]
            overlapping += value != UNLABELLED and bool(~np.isin(below, (0, value, UNLABELLED)).all())
            labels[region] = value
        return DrawnClasses(labels, overlapping, len(drawn) - len(sound))

    def objects_for(
        self,
        image: str,
        shape: tuple[int, int],
        classes: Sequence[LabelClass],
        *,
        others_background: bool = False,
        categories: Mapping[str, str] | None = None,
    ) -> DrawnObjects | None:
        """As `labels_for`, with each annotation as an object: in the order of the file, so that the later lies on top. Raises EngineError
        for more than 65,535 too."""
        drawn = self._drawn(image, shape, classes, others_background, categories)
        if drawn is None:
            return None
        objects = sum(not one.crowd and value != UNLABELLED for one, value in drawn)
        if objects > MOST_OBJECTS:
            raise EngineError(
                translatable("{file} holds {count} objects for {name}, and 65,535 are the most."),
                translatable("Cut the image into parts."),
                file=self.name,
                count=objects,
                name=_last(image),
            )
        labels, ids, void = np.zeros(shape, np.uint8), np.zeros(shape, np.uint16), np.zeros(shape, bool)
        last = overlapping = crowds = sound = telling = 0
        for one, value, region in self._regions(drawn, shape):
            sound += 1
            crowds += one.crowd
            telling += _says_something(one, region)
            if one.crowd or value == UNLABELLED:
                void |= region
            elif region.any():
                last += 1
                overlapping += bool(ids[region].any())
                labels[region], ids[region] = value, last
        labels[void & (ids == 0)] = UNLABELLED
        if drawn and not telling:
            return None
        hidden = last - int(np.count_nonzero(np.bincount(ids.ravel())[1:]))
        return DrawnObjects(labels, ids, overlapping, hidden, crowds, len(drawn) - sound)

    def _regions(
        self, drawn: Sequence[tuple[_Drawn, int]], shape: tuple[int, int]
    ) -> Iterator[tuple[_Drawn, int, NDArray[np.bool_]]]:
        """What the shapes cover, one by one, for they are large; those that are damaged are left out."""
        for one, value in drawn:
            region = None if one.damaged else self._region(one, shape)
            if region is None:
                self._damaged[one.name] = None
            else:
                if not region.any():
                    self._vanished[one.name] = None
                yield one, value, region

    def _drawn(
        self,
        image: str,
        shape: tuple[int, int],
        classes: Sequence[LabelClass],
        others_background: bool,
        categories: Mapping[str, str] | None,
    ) -> list[tuple[_Drawn, int]] | None:
        """The shapes of an image with the values of their classes, in the order of the file; background left out."""
        found = self._listed(image)
        if found is None:
            return None
        if found.height and found.width and (found.height, found.width) != shape:
            raise self._wrong_size((int(found.height), int(found.width)), shape)
        annotations = self._annotations.get(_key(found.id), [])
        drawn = [one for one in annotations if one.shapes or one.damaged]
        if not drawn and (annotations or found.labelled is False):
            return None
        named = {c.name.casefold(): place for place, c in enumerate(classes, 1)}
        places = {UNLABELLED_NAME: UNLABELLED} | named | {"background": 0}
        meaning = {name.strip().casefold(): said for name, said in (categories or {}).items()}
        valued = [
            (one, 0 if one.damaged else self._value(one.category, places, meaning, others_background)) for one in drawn
        ]
        return [(one, value) for one, value in valued if value or one.damaged]

    def _candidates(self, image: str) -> list[_Image]:
        """Those of the image's name: as it is written, by its stem, or but for upper case and escapes such as %20."""
        last, folders = _last(image), _parts(image)[-2::-1]
        for level, key_of in zip(self._by_name, _NAMES, strict=True):
            named = level.get(key_of(last), ())
            found = [one for one in named if not of_other_sets(_parts(one.file_name)[-2::-1], folders)]
            if found:
                return found
        return []

    def _listed(self, image: str) -> _Image | None:
        found = self._candidates(image)
        best = max((_folders_alike(one, image) for one in found), default=0)
        found = [one for one in found if _folders_alike(one, image) == best]
        if len(found) > 1:
            raise EngineError(
                translatable("{file} lists {count} images of the name {name}."),
                translatable("Give every image a name of its own."),
                file=self.name,
                count=len(found),
                name=_last(image),
            )
        if found and _key(found[0].id) in self._shared:
            raise EngineError(
                translatable("{file} gives the id of {name} to another image too."),
                translatable("Nobody can know whose shapes they are: give every image an id of its own."),
                file=self.name,
                name=_last(image),
            )
        return found[0] if found else None

    def _value(
        self, category: str, places: Mapping[str, int], meaning: Mapping[str, str], others_background: bool
    ) -> int:
        name = self._categories.get(category)
        if name is None:
            raise NotReadable(
                translatable("{file} has a shape of the category {category}, which it does not list."),
                translatable("Export it again from where it came."),
                file=self.name,
                category=category,
            )
        folded = name.strip().casefold()
        value = places.get(meaning.get(folded, folded).strip().casefold())
        if value is None and not others_background:
            raise EngineError(
                translatable("The category {name} has no class."),
                translatable("Add a class of that name, or take it as background."),
                name=name,
            )
        return value or 0

    def _region(self, drawn: _Drawn, shape: tuple[int, int]) -> NDArray[np.bool_] | None:
        """What the shapes of an annotation cover together; None where one is damaged."""
        region = np.zeros(shape, bool)
        polygons = [one for one in drawn.shapes if not isinstance(one, _Rle)]
        for code in drawn.shapes:
            if isinstance(code, _Rle):
                if code.size != shape:
                    raise self._wrong_size(code.size, shape)
                filled = _runs(code.counts, shape)
                if filled is None:
                    return None
                region |= filled
        if not polygons:
            return region
        from pycocotools import mask as drawing

        if any(len(part) % 2 or np.abs(part).max() > _REACH * max(shape) for part in polygons):
            return None
        merged = drawing.merge(drawing.frPyObjects(polygons, *shape))
        filled = _runs(merged["counts"].decode(), shape)
        return None if filled is None else region | filled

    def _wrong_size(self, mask: Sequence[int], image: tuple[int, int]) -> EngineError:
        return EngineError(
            translatable("{file} says that the image is {mask}, but it is {image}."),
            translatable("Use the images that the file was made for."),
            file=self.name,
            mask=f"{mask[1]} × {mask[0]}",
            image=f"{image[1]} × {image[0]}",
        )


def read(path: Path, *more: Path) -> CocoFile:
    """Open a COCO file, or several as if they were one. Where files draw other categories each, images that they call alike are one.
    Raises NotReadable for what is missing, damaged or no COCO file."""
    whole, joined = _content(path), set[str]()
    drawn = _drawn_categories(whole)
    for number, file in enumerate(more, 1):
        part = _told_apart(_content(file), number)
        here = _drawn_categories(part)
        if drawn.isdisjoint(here):  # else they may be of several sets, in each of which numbers begin anew
            joined |= _join(whole, part)
        drawn |= here
        whole.images += part.images
        whole.annotations += part.annotations
        whole.categories += part.categories
    return CocoFile(", ".join(file.name for file in (path, *more)), whole, len(joined))


def _drawn_categories(content: _File) -> set[str]:
    names = {_key(category.id): category.name.strip().casefold() for category in content.categories}
    return {names.get(_key(one.category_id), "") for one in content.annotations if one.segmentation}


def _join(whole: _File, part: _File) -> set[str]:
    """Give the images of a further file the ids of those of the same name and size that are there; their names. Where a file has a name or
    an id twice, nobody knows which is meant."""
    there, here = _listed_once(whole), _listed_once(part)
    same = {name: there[name] for name, one in here.items() if name in there and _may_be_one(there[name], one)}
    meant = {_key(here[name].id): one.id for name, one in same.items()}
    for annotation in part.annotations:
        annotation.image_id = meant.get(_key(annotation.image_id), annotation.image_id)
    part.images = [one for one in part.images if _key(one.id) not in meant]
    return set(same)


def _listed_once(content: _File) -> dict[str, _Image]:
    """The images by their whole names, those whose name and id no other one has."""
    names = Counter(_whole_name(one) for one in content.images)
    ids = Counter(_key(one.id) for one in content.images)
    once = (one for one in content.images if names[_whole_name(one)] == ids[_key(one.id)] == 1)
    return {_whole_name(one): one for one in once}


def _whole_name(image: _Image) -> str:
    return "/".join(_parts(image.file_name))


def _may_be_one(one: _Image, other: _Image) -> bool:
    """Whether they are of one size, as far as both say."""
    return all(not (a and b) or a == b for a, b in ((one.height, other.height), (one.width, other.width)))


def _told_apart(content: _File, number: int) -> _File:
    """With ids that no other of several files has."""
    for image in content.images:
        image.id = f"{number}:{_key(image.id)}"
    for one in content.annotations:
        one.image_id, one.category_id = f"{number}:{_key(one.image_id)}", f"{number}:{_key(one.category_id)}"
    for category in content.categories:
        category.id = f"{number}:{_key(category.id)}"
    return content


def _content(path: Path) -> _File:
    """What the file holds, its segmentations understood."""
    data = read_bytes(str(path))
    try:
        content = _parsed(decoded(data).encode())
        faults = [fault for one in content.annotations if (fault := _understand(one)) is not None]
        if faults and all(one.damaged for one in content.annotations):  # it is of another form altogether
            raise faults[0]
        if _are_shares(content.annotations):
            raise ValueError(Notice(translatable("its shapes are shares of the image's size, and not in pixels")))
        _check_names(content.categories)
    except (msgspec.DecodeError, UnicodeError, RecursionError, ValueError) as fault:
        raise NotReadable(
            translatable("{file} is not a COCO file: {reason}."),
            translatable("It must be JSON with images, annotations and categories."),
            file=path.name,
            reason=_reason(fault),
        ) from fault
    return content


@dataclass(frozen=True, eq=False)
class CocoImage:
    """An image to be written: its file's name, its objects (1, h, w), and whether anybody labelled it: else it is no background either."""

    file_name: str
    instances: Instances
    labelled: bool = True


def write(path: Path, images: Sequence[CocoImage], classes: Sequence[LabelClass]) -> None:
    """Write a COCO file: each object an annotation, a category a class, with polygons along the corners of the pixels, or a run-length
    code where an object has holes. Read again it gives the same objects, numbered from 1. Raises EngineError where the disk refuses."""
    annotations = [
        {"id": id, **annotation}
        for id, annotation in enumerate(
            (one for number, image in enumerate(images, 1) for one in _annotations(number, image.instances)), 1
        )
    ]
    about = {
        "info": {"description": "Contorno"},  # as `targets.written_by_us` knows it
        "images": [
            {
                "id": id,
                "file_name": one.file_name,
                "height": one.instances.ids.shape[1],
                "width": one.instances.ids.shape[2],
                **({} if one.labelled else {"labelled": False}),
            }
            for id, one in enumerate(images, 1)
        ],
        "categories": [{"id": place, "name": one.name} for place, one in enumerate(classes, 1)],
        "annotations": annotations,
    }
    atomic.write(path, msgspec.json.encode(about))


def _annotations(image: int, instances: Instances) -> Iterator[dict[str, object]]:
    ids, shape = instances.ids[0], instances.ids.shape[1:]
    order = np.argsort(ids, axis=None, kind="stable")
    starts = np.searchsorted(ids.ravel()[order], np.arange(len(instances.classes) + 1))
    for id in instances.present:
        places = order[starts[id] : starts[id + 1]]
        if not places.size:
            continue
        down, across = np.unravel_index(places, shape)
        top, left, bottom, right = int(down.min()), int(across.min()), int(down.max()) + 1, int(across.max()) + 1
        region = np.zeros((bottom - top, right - left), bool)
        region[down - top, across - left] = True
        yield {
            "image_id": image,
            "category_id": int(instances.classes[id]),
            "segmentation": _segmentation(region, (top, left), shape),
            "bbox": [left, top, right - left, bottom - top],
            "area": int(places.size),
            "iscrowd": 0,
        }


def _segmentation(region: NDArray[np.bool_], corner: tuple[int, int], shape: tuple[int, ...]) -> object:
    found = outlines(region)
    if found is not None:
        return [[n for down, across in outline for n in (across + corner[1], down + corner[0])] for outline in found]
    from pycocotools import mask as drawing

    whole = np.zeros(shape, np.uint8, order="F")
    whole[corner[0] : corner[0] + region.shape[0], corner[1] : corner[1] + region.shape[1]] = region
    return {"size": list(shape), "counts": drawing.encode(whole)["counts"].decode()}


def _parsed(data: bytes) -> _File:
    """What the file holds; annotations that lack what they need are damaged. Raises msgspec.DecodeError."""
    try:
        return msgspec.json.decode(data, type=_File)
    except msgspec.ValidationError:
        loose = msgspec.json.decode(data, type=_Any)
        annotations = [_parsed_annotation(one) for one in loose.annotations]
        if all(one.damaged for one in annotations):
            raise
    return _File(loose.images, annotations, loose.categories)


def _parsed_annotation(data: msgspec.Raw) -> _Annotation:
    try:
        return msgspec.json.decode(data, type=_Annotation)
    except msgspec.ValidationError:
        pass
    try:
        known = msgspec.json.decode(data, type=_Loose)
    except msgspec.ValidationError:  # not even an object
        known = _Loose()
    image = known.image_id if isinstance(known.image_id, int | float | str) else "?"
    return _Annotation(image, "", id=known.id, damaged=True)


def _understand(one: _Annotation) -> ValueError | None:
    """Make shapes of what the annotation is written as; what is wrong with it, else."""
    try:
        one.segmentation = [] if one.damaged else _shapes(one.segmentation)
    except ValueError as fault:
        one.segmentation, one.damaged = [], True
        return fault
    return None


def _runs(counts: list[int] | str, shape: tuple[int, int]) -> NDArray[np.bool_] | None:
    """Runs of 0 and 1 in turn, column after column; None where they are damaged. Counted before anything is written: pycocotools
    trusts them."""
    runs = _unpacked(counts) if isinstance(counts, str) else counts
    if not runs or min(runs) < 0 or sum(runs) != shape[0] * shape[1]:
        return None
    filled = np.arange(len(runs)) % 2 == 1
    return np.repeat(filled, np.array(runs)).reshape(shape[::-1]).T


def _shapes(segmentation: object) -> list[_Shape]:
    """Polygons and run-length codes in all forms that pycocotools and its kin take: lists of either, one alone, a flat list of
    numbers, a list of points. Parts with fewer than three points are left out: they are boxes and lines. Raises ValueError."""
    if segmentation is None:
        return []
    if isinstance(segmentation, dict):
        return [_rle(segmentation)]
    if not isinstance(segmentation, list):
        raise ValueError("a segmentation is neither a list nor a run-length code")  # noqa: TRY004 (all of these are one fault)
    if segmentation and all(_is_number(one) for one in segmentation):
        segmentation = [segmentation]
    if len(segmentation) > 2 and all(isinstance(one, list) and len(one) == 2 for one in segmentation):
        segmentation = [[number for point in segmentation for number in point]]
    shapes: list[_Shape] = []
    for part in segmentation:
        if isinstance(part, dict):
            shapes.append(_rle(part))
        elif isinstance(part, list) and all(_is_number(number) for number in part):
            if len(part) >= 6:
                shapes.append([float(number) for number in part])
        else:
            raise ValueError("a polygon holds something that is no number")
    return shapes


def _rle(code: dict[str, Any]) -> _Rle:
    size, counts = code.get("size"), code.get("counts")
    if not isinstance(size, list) or len(size) != 2 or not all(_is_number(n) and n == int(n) for n in size):
        raise ValueError("a run-length code has no size")
    if not isinstance(counts, str):
        if not isinstance(counts, list) or not all(_is_number(n) and n == int(n) for n in counts):
            raise ValueError("a run-length code has no counts")
        counts = [int(n) for n in counts]
    return _Rle((int(size[0]), int(size[1])), counts)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _unpacked(text: str) -> list[int]:
    """COCO's compressed counts: 5 bits a character, low ones first, bit 6 "more follows", and from the third run on the difference to
    the run before the last (pycocotools, maskApi.c, rleFrString). [] for what is none."""
    counts: list[int] = []
    value = shift = 0
    for character in text:
        bits = ord(character) - 48
        if not 0 <= bits < 64 or shift > 40:
            return []
        value |= (bits & 0x1F) << shift
        shift += 5
        if not bits & 0x20:
            if bits & 0x10:
                value |= -1 << shift
            counts.append(value + (counts[-2] if len(counts) > 2 else 0))
            value = shift = 0
    return counts


def _says_something(one: _Drawn, region: NDArray[np.bool_]) -> bool:
    """Whether a shape covers pixels, or says run by run that it does not: a polygon without any is a slip, and no empty mask."""
    return bool(region.any()) or all(isinstance(shape, _Rle) for shape in one.shapes)


def _are_shares(annotations: Sequence[_Annotation]) -> bool:
    """Whether all polygons lie within the first pixel, as the shares of an image do that other formats keep; around it is one that it has."""
    parts = [part for one in annotations for part in one.segmentation if not isinstance(part, _Rle)]
    numbers = {abs(number) for part in parts for number in part}
    return bool(numbers) and max(numbers) <= 1 and not numbers <= {0, 1}


def _reason(fault: Exception) -> Notice | str:
    """What is wrong with the file, in words: the library speaks of its types."""
    if isinstance(fault, ValueError) and fault.args and isinstance(fault.args[0], Notice):
        return fault.args[0]
    text = str(fault)
    if not isinstance(fault, msgspec.DecodeError):
        return text
    if lacks := _LACKS.fullmatch(text):
        if lacks["list"] is None:
            return Notice(translatable("it has no {field}"), {"field": lacks["field"]})
        values: dict[str, object] = {**lacks.groupdict(), "number": int(lacks["at"]) + 1}
        return Notice(translatable("entry {number} of {list} has no {field}"), values)
    if other := _OTHER.fullmatch(text):
        if other["list"] is None:
            return Notice(translatable("it is of another form"))
        values = {"list": other["list"], "number": int(other["at"]) + 1, "field": other["field"] or "-"}
        return Notice(translatable("in entry {number} of {list} something is not what it should be: {field}"), values)
    if "truncated" in text:
        return Notice(translatable("it is cut short"))
    byte = re.search(r"byte (\d+)", text)
    return Notice(translatable("it is no JSON from byte {byte} on"), {"byte": int(byte[1])}) if byte else text


def _check_names(categories: Iterable[_Category]) -> None:
    """ValueError for a category of several names."""
    names: dict[str, str] = {}
    for one in categories:
        if names.setdefault(_key(one.id), one.name) != one.name:
            raise ValueError(f"the category {one.id} has several names")


def _key(id: _Id) -> str:
    """1, 1.0, "1" and "1.0" are one."""
    try:
        number = float(id)
    except ValueError:
        return str(id).strip()
    return str(int(number)) if number.is_integer() else str(number)


def _parts(path: str) -> list[str]:
    return unicodedata.normalize("NFC", path).replace("\\", "/").split("/")


def _last(path: str) -> str:
    return _parts(path)[-1]


def _folders_alike(listed: _Image, path: str) -> int:
    """How many folders before the name are the same, from the end."""
    one, two = _parts(listed.file_name)[-2::-1], _parts(path)[-2::-1]
    return next((n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))


def _stem(file_name: str) -> str:
    return os.path.splitext(file_name)[0]


def _as_written(name: str) -> str:
    return name


def _unescaped(name: str) -> str:
    return unquote(name).casefold()


def _unescaped_stem(name: str) -> str:
    return _stem(_unescaped(name))


_NAMES: tuple[Callable[[str], str], ...] = (_as_written, _stem, _unescaped, _unescaped_stem)
"""By what images are found, the surest first."""
