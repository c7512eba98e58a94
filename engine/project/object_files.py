"""A label image as the objects of an image: each value is an object, unless the file holds classes."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.formats.targets import values_of
from engine.imaging.geometry import Geometry, resample_labels, voxel_on_voxel
from engine.imaging.mask_looks import BY_ITSELF, Convention
from engine.imaging.scan import Found
from engine.imaging.values import MaskFile
from engine.labels.classes import LabelClass
from engine.labels.edit import Labels
from engine.labels.instances import MOST_OBJECTS, Instances, parts
from engine.progress import Notice
from engine.project.class_files import ClassFiles
from engine.project.mask_files import ImageMask, MaskReader, Meanings, count_values
from engine.words import translatable

_NAMED = 5  # of the objects that are spoken of
_UNLISTED = translatable(
    "The list beside the mask does not name the objects {ids}: they are of the class that was chosen."
)
_PARTS = translatable(
    "The mask tells no objects apart: each connected part of a class was taken as one ({count} in all)."
)


def reader_for(
    task: str,
    values: Meanings | None,
    classes: Sequence[LabelClass],
    *,
    object_class: str = "",
    others_background: bool = False,
) -> "MaskReader | ObjectReader":
    """What reads the masks of a project of that task. With `values` (which value is which class) masks hold classes in any project."""
    if task != "instance":
        return MaskReader(values, classes, others_background=others_background)
    of_classes = None if values is None else MaskReader(values, classes, others_background=others_background)
    return ObjectReader(classes, object_class, of_classes)


class ObjectReader:
    """Reads label images as objects on an image's grid. Their class is what Contorno's own list beside the file says, else the one that
    was chosen, else the project's only one."""

    def __init__(
        self, classes: Sequence[LabelClass], object_class: str = "", of_classes: MaskReader | None = None
    ) -> None:
        """`of_classes`: the files hold classes and are read by it, and their connected parts are the objects. Raises EngineError for an
        unknown class."""
        self.guessed = False
        self._places = {one.name.casefold(): place for place, one in enumerate(classes, 1)}
        self._known = ", ".join(one.name for one in classes)
        self._class = self._place(object_class) if object_class else 1 if len(classes) == 1 else 0
        self._of_classes = of_classes
        self._labels, self._plain = _LabelImages(classes), MaskReader(None, classes)

    @property
    def convention(self) -> Convention:
        """Of masks that hold classes; objects are numbered for each file alone."""
        return self._of_classes.convention if self._of_classes is not None else BY_ITSELF

    @convention.setter
    def convention(self, convention: Convention) -> None:
        if self._of_classes is not None:
            self._of_classes.convention = convention

    @property
    def unmet(self) -> list[str]:
        return self._of_classes.unmet if self._of_classes is not None else []

    def read(self, file: Path | ClassFiles, image: Found) -> ImageMask:
        """As MaskReader.read. Raises EngineError for more than 65,535 objects, objects of no class, and a grid on which they would have
        to be interpolated."""
        if self._of_classes is not None:
            found = self._of_classes.read(file, image)
            self.guessed |= self._of_classes.guessed
            return _of_parts(found)
        if isinstance(file, ClassFiles):
            return _of_parts(self._plain.read(file, image))
        found = self._labels.read(file, image)
        ids = found.labels.astype(np.uint16)
        said = values_of(file)
        notes = found.notes
        if said is None:
            classes = self._of_one_class(ids)
        else:
            classes, unlisted = self._of_list(said, ids, self._labels.written)
            notes = (*notes, *(Notice(_UNLISTED, {"ids": each}) for each in unlisted))
        instances = Instances(ids, classes)
        found = ImageMask(instances.class_map(), notes, found.slices, ids)
        single = said is None and len(np.unique(ids[ids > 0])) == 1
        return _of_parts(found) if single else found

    def _of_one_class(self, ids: NDArray[np.uint16]) -> NDArray[np.uint8]:
        if not self._class and ids.any():
            raise EngineError(
                translatable("The mask does not say of which class its objects are."),
                translatable("Say which class all of them are. The classes are: {known}."),
                known=self._known,
            )
        classes = np.zeros(int(ids.max(initial=0)) + 1, np.uint8)
        classes[np.unique(ids)] = self._class
        classes[0] = 0
        return classes

    def _of_list(
        self, said: Mapping[int, str], ids: NDArray[np.uint16], written: Mapping[int, int]
    ) -> tuple[NDArray[np.uint8], list[str]]:
        """The class of each id, which the file has `written` as another number where it is said, and in words those that the list does not
        name: they are of the class that was chosen."""
        classes, others = np.zeros(MOST_OBJECTS + 1, np.uint8), list[int]()
        for id in np.unique(ids[ids > 0]).tolist():
            name = said.get(written.get(id, id))
            if name is None:
                others.append(id)
            else:
                classes[id] = self._place(name)
        if not others:
            return classes, []
        named = ", ".join(str(written.get(id, id)) for id in others[:_NAMED]) + (
            ", ..." if len(others) > _NAMED else ""
        )
        if not self._class:
            raise EngineError(
                translatable("The list beside the mask does not say of which class the objects {ids} are."),
                translatable("Say which class all of them are. The classes are: {known}."),
                ids=named,
                known=self._known,
            )
        classes[others] = self._class
        return classes, [named]

    def _place(self, name: str) -> int:
        if name.casefold() not in self._places:
            raise EngineError(
                translatable("There is no class {name}."),
                translatable("The classes are: {known}."),
                name=name,
                known=self._known,
            )
        return self._places[name.casefold()]


class _LabelImages(MaskReader):
    """Places label images as masks are placed; their values stay, as uint16, or are numbered from 1 where some are beyond. What was last
    read has `written` these instead: the file's value of each number."""

    def __init__(self, classes: Sequence[LabelClass]) -> None:
        super().__init__(None, classes)
        self.written: Mapping[int, int] = {}

    def _translate(self, mask: MaskFile) -> Labels:
        values, self.written = mask.values, {}
        if values.min(initial=0) < 0:
            raise EngineError(
                translatable("The mask holds the value {value}, which is the number of no object."),
                translatable("Write 0 for what is no object, and numbers from 1 for objects."),
                value=int(values.min()),
            )
        if values.max(initial=0) <= MOST_OBJECTS:
            return values.astype(np.uint16)
        present = np.array([value for value in count_values(values) if value])
        if len(present) > MOST_OBJECTS:
            raise EngineError(
                translatable("The mask holds {count} objects, and 65,535 are the most."),
                translatable("Cut the image into parts."),
                count=len(present),
            )
        self.written = dict(enumerate(present.tolist(), 1))
        numbered = np.searchsorted(present, values).astype(np.uint16) + np.uint16(1)
        return np.where(values == 0, np.uint16(0), numbered)

    def _lay(self, labels: Labels, place: Geometry, grid: Geometry) -> Labels:
        if not voxel_on_voxel(place, grid):
            raise EngineError(
                translatable(
                    "The mask lies on another grid than the image, and objects cannot be laid on one without loss."
                ),
                translatable("Save it on the grid of its image."),
            )
        low, high = (resample_labels(part.astype(np.uint8), place, grid) for part in (labels & 0xFF, labels >> 8))
        return low.astype(np.uint16) | (high.astype(np.uint16) << 8)  # type: ignore[return-value]

    def _lost(self, labels: Labels, laid: Labels, place: Geometry, grid: Geometry) -> tuple[Notice, ...]:
        return self._gone(labels, laid)

    def _gone(self, labels: Labels, laid: Labels) -> tuple[Notice, ...]:
        gone = np.setdiff1d(labels, laid).size
        if not gone:
            return ()
        text = (
            translatable("1 object of the mask lies outside the image and was left out.")
            if gone == 1
            else translatable("{count} objects of the mask lie outside the image and were left out.")
        )
        return (Notice(text, {"count": gone}),)


def _of_parts(found: ImageMask) -> ImageMask:
    """The connected parts of its classes as objects; said where one class was several."""
    instances = parts(found.labels)
    several = len(instances.present) > len(set(instances.classes.tolist()) - {0})
    notes = (Notice(_PARTS, {"count": len(instances.present)}),) if several else ()
    return ImageMask(found.labels, (*found.notes, *notes), found.slices, instances.ids)
