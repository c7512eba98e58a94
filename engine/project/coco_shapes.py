"""The shapes of a COCO file as masks of the pictures that it lists, its categories as classes."""

import os
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from engine.errors import EngineError
from engine.formats.coco import CocoFile
from engine.imaging.files import item_name
from engine.imaging.scan import Found
from engine.labels.classes import UNLABELLED_NAME, LabelClass, make_classes
from engine.progress import Notice, count_notice, listed
from engine.project.mask_files import ImageMask, check_words
from engine.project.project import Project
from engine.words import translatable

_NO_CLASSES = {"background", UNLABELLED_NAME}
_OVER = (
    translatable("1 shape of {file} lies over one of another class: the smaller one is on top."),
    translatable("{count} shapes of {file} lie over ones of another class: the smaller one is on top."),
)
_DAMAGED = (
    translatable("A damaged shape of {file} was left out of its mask."),
    translatable("{count} damaged shapes of {file} were left out of its mask."),
)
_SAID = {
    "overlapping": (
        translatable("1 object of {file} lies over another: the later one in the file is on top."),
        translatable("{count} objects of {file} lie over others: the later one in the file is on top."),
    ),
    "hidden": (
        translatable("1 object of {file} is hidden under others and was left out."),
        translatable("{count} objects of {file} are hidden under others and were left out."),
    ),
    "crowds": (
        translatable(
            "1 annotation of {file} is a crowd, which tells no objects apart: its pixels count as unlabelled."
        ),
        translatable(
            "{count} annotations of {file} are crowds, which tell no objects apart: their pixels count as unlabelled."
        ),
    ),
}
"""What is said of objects, by the fields of DrawnObjects."""


def make_missing_classes(project: Project, coco: CocoFile, meaning: Mapping[str, str]) -> Iterator[Notice]:
    """A class for every category that is drawn and has none."""
    made = missing_classes(coco, project.classes, meaning)
    if made:
        have = [(c.name, c.color) for c in project.classes]
        project.set_classes(make_classes([*have, *((name, "") for name in made)]))
        yield Notice(translatable("Classes were made for the categories {names}."), {"names": ", ".join(made)})


def check_meanings(meaning: Mapping[str, str], classes: Sequence[LabelClass]) -> None:
    """Raise EngineError where a category is to be a class that does not exist, or a word that means two things."""
    check_words(meaning, classes)
    known = {c.name.casefold() for c in classes} | _NO_CLASSES
    for name in meaning.values():
        if name.strip().casefold() not in known:
            raise EngineError(
                translatable("There is no class {name}."),
                translatable("The classes are: {known}."),
                name=name,
                known=", ".join(c.name for c in classes),
            )


def missing_classes(coco: CocoFile, classes: Sequence[LabelClass], meaning: Mapping[str, str]) -> list[str]:
    """The categories of a COCO file that have neither a class of their name nor a `meaning`, in the order of the file."""
    have = {c.name.casefold() for c in classes} | _NO_CLASSES | {name.strip().casefold() for name in meaning}
    return [name for name in coco.categories if name.casefold() not in have]


def parse_categories(text: str) -> dict[str, str]:
    """ "nucleus=cell,dirt=background,border=unlabelled" as a table."""
    table: dict[str, str] = {}
    for part in filter(None, (p.strip() for p in text.split(","))):
        name, _, meaning = (p.strip() for p in part.rpartition("="))
        if not name or not meaning:
            raise EngineError(
                translatable("{part} does not say which class a category is."),
                translatable("Write for example nucleus=cell,dirt=background."),
                part=part,
            )
        if table.setdefault(name, meaning) != meaning:
            raise EngineError(
                translatable("The category {name} is said to be {one} and {other}."),
                translatable("Give every category one meaning."),
                name=name,
                one=table[name],
                other=meaning,
            )
    return table


class CocoShapes:
    """The shapes of a COCO file for the pictures that it lists, equal names told apart by their folders."""

    def __init__(
        self,
        coco: CocoFile,
        images: Sequence[Found],
        classes: Sequence[LabelClass],
        *,
        others: Sequence[Found] = (),
        categories: Mapping[str, str],
        others_background: bool,
    ) -> None:
        """`categories` says which category (its name) is which class (its name, "background" or "unlabelled"); `others` are images that
        are not asked about, and may be meant."""
        self._coco, self._classes = coco, classes
        self._categories, self._others = categories, others_background
        pictures = [one for one in images if _is_picture(one)]
        self._pictures = [*pictures, *(one for one in others if _is_picture(one))]
        self._fits: dict[str, list[int]] = defaultdict(list)
        for one in self._pictures:
            fit = coco.fit(_text(one))
            if fit is not None:
                self._fits[_stem(one)].append(fit)
        self._unlisted = [one.name for one in pictures if coco.fit(_text(one)) is None]
        self._counted = Counter[str]()  # of objects: overlapping, hidden, crowds
        self._over = 0

    def of(self, image: Found) -> ImageMask | None:
        """The classes (1, h, w), with a note of what was left out; None where the file does not list the image."""
        if not self._lists(image):
            return None
        drawn = self._coco.classes_for(
            _text(image),
            image.shape[1:],
            self._classes,
            others_background=self._others,
            categories=self._categories,
        )
        if drawn is None:
            return None
        self._over += drawn.overlapping
        return ImageMask(drawn.labels[None], self._left_out(drawn.damaged), frozenset((0,)))

    def objects_of(self, image: Found) -> ImageMask | None:
        """As `of`, with the objects."""
        if not self._lists(image):
            return None
        drawn = self._coco.objects_for(
            _text(image),
            image.shape[1:],
            self._classes,
            others_background=self._others,
            categories=self._categories,
        )
        if drawn is None:
            return None
        self._counted.update({what: getattr(drawn, what) for what in _SAID})
        return ImageMask(drawn.labels[None], self._left_out(drawn.damaged), frozenset((0,)), drawn.ids[None])

    def _left_out(self, damaged: int) -> tuple[Notice, ...]:
        return (count_notice(*_DAMAGED, damaged, file=self._coco.name),) if damaged else ()

    def _lists(self, image: Found) -> bool:
        """Raises EngineError where the file may mean another image of the name."""
        if not _is_picture(image):
            return False
        fit, others = self._coco.fit(_text(image)), self._fits[_stem(image)]
        if fit is None:
            return False
        if fit == 0 and len(others) > 1:
            if max(others) > 0:  # another of this name lies where the file says
                return False
            raise EngineError(
                translatable("{file} does not say which of {count} images named {name} it means."),
                translatable("Give every image a name of its own."),
                file=self._coco.name,
                count=len(others),
                name=item_name(os.path.basename(image.source.files[0])),
            )
        return True

    def notices(self) -> Iterator[Notice]:
        """What of the file came to nothing, and which pictures it does not list."""
        coco = self._coco
        counted = (
            (
                coco.boxes_only,
                translatable("1 annotation of {file} has no shape, only a box or points, and makes no mask."),
                translatable("{count} annotations of {file} have no shape, only a box or points, and make no mask."),
            ),
            (
                coco.joined,
                translatable(
                    "1 image is listed in several of the files {file}: their shapes were laid over each other."
                ),
                translatable(
                    "{count} images are listed in several of the files {file}: their shapes were laid over each other."
                ),
            ),
            (
                coco.orphans,
                translatable("1 annotation of {file} is about an image that it does not list, and was left out."),
                translatable(
                    "{count} annotations of {file} are about images that it does not list, and were left out."
                ),
            ),
        )
        of_objects = ((self._counted[what], *texts) for what, texts in _SAID.items())
        for count, single, many in (*counted, (self._over, *_OVER), *of_objects):
            if count:
                yield count_notice(single, many, count, file=coco.name)
        gone = coco.without_picture([_text(one) for one in self._pictures])
        for names, single, many in (
            (
                coco.damaged,
                translatable("1 shape of {file} is damaged and was left out (image/annotation): {names}."),
                translatable("{count} shapes of {file} are damaged and were left out (image/annotation): {names}."),
            ),
            (
                coco.vanished,
                translatable("1 shape of {file} covers no pixel and was left out (image/annotation): {names}."),
                translatable("{count} shapes of {file} cover no pixel and were left out (image/annotation): {names}."),
            ),
            (
                gone,
                translatable("1 image of {file} was not among the pictures: {names}."),
                translatable("{count} images of {file} were not among the pictures: {names}."),
            ),
            (
                self._unlisted,
                translatable("1 picture is not in {file}: {names}."),
                translatable("{count} pictures are not in {file}: {names}."),
            ),
        ):
            for note in listed(single, many, names):
                yield Notice(note.message, {**note.values, "file": coco.name})


def _is_picture(image: Found) -> bool:
    return len(image.source.files) == 1 and image.shape[0] == 1


def _stem(image: Found) -> str:
    return unicodedata.normalize("NFC", os.path.splitext(os.path.basename(image.source.files[0]))[0])


def _text(image: Found) -> str:
    """Its path as text: names need not be."""
    return os.fsencode(image.source.files[0]).decode("utf-8", "replace")
