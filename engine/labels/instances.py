"""Objects one by one: which object each voxel belongs to, and which class each object has."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.labels.classes import UNLABELLED
from engine.labels.edit import Ids, Labels
from engine.words import translatable

__all__ = ["MOST_OBJECTS", "Ids", "Instances", "parts"]

MOST_OBJECTS = 65_535
"""What uint16 can tell apart beside 0, which is no object."""


@dataclass(frozen=True, eq=False)
class Instances:
    """The objects of an image or a volume.

    `ids` (z, y, x): 0 is no object. `classes` (n,): the class of each id (1 to 254), 0 where no object has that id; `classes[0]` is 0.
    """

    ids: Ids
    classes: NDArray[np.uint8]

    @staticmethod
    def of(labels: Labels, ids: Ids) -> "Instances":
        """Of classes and ids (z, y, x): the class of an object is what its voxels hold."""
        classes = np.zeros(int(ids.max(initial=0)) + 1, np.uint8)
        classes[ids] = labels
        classes[0] = 0
        return Instances(ids, classes)

    @property
    def present(self) -> tuple[int, ...]:
        """The ids that have a class, in order."""
        return tuple(int(id) for id in np.flatnonzero(self.classes))

    def class_map(self) -> Labels:
        """The class at each voxel: (z, y, x), uint8."""
        return self.classes[self.ids]


def parts(labels: Labels) -> Instances:
    """The connected parts of each class as objects, slice by slice, eight neighbours a pixel; what is unlabelled is no object.

    Raises EngineError where there are more than 65,535 of them.
    """
    ids, classes = np.zeros(labels.shape, np.uint16), [0]
    for labels_of_slice, ids_of_slice in zip(labels, ids, strict=True):
        for value in np.unique(labels_of_slice):
            if value in (0, UNLABELLED):
                continue
            count, found = cv2.connectedComponents((labels_of_slice == value).view(np.uint8), connectivity=8)
            if len(classes) + count - 2 > MOST_OBJECTS:
                raise EngineError(
                    translatable("There are more than 65,535 separate objects."),
                    translatable("Clean up the mask first: remove the smallest islands."),
                )
            inside = found > 0
            ids_of_slice[inside] = found[inside] + len(classes) - 1
            classes += [int(value)] * (count - 1)
    return Instances(ids, np.array(classes, np.uint8))
