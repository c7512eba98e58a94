"""The objects of an item: those of its mask, and those that a run has found, with how sure it is of each."""

import math
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.config import OBJECTS
from engine.errors import EngineError, NotReadable
from engine.imaging.files import read_bytes
from engine.labels.classes import LabelClass
from engine.labels.edit import Ids, Labels
from engine.labels.instances import MOST_OBJECTS, Instances, parts
from engine.labels.watershed import watershed
from engine.project.codec import inflate
from engine.project.items import Item
from engine.project.layers import Layer
from engine.project.project import Project
from engine.project.runs import Run, objects_file
from engine.words import translatable

SURE = 0.5
"""How sure a network must be of an object for it to be shown and counted; less sure ones matter to AP alone."""


_HEAD = struct.Struct("<I")


@dataclass(frozen=True, eq=False)
class FoundObjects:
    """What a network found: `objects`, and how `sure` (n,) float32 it is of each by its id, 0..1."""

    objects: Instances
    sure: NDArray[np.float32]

    @property
    def shown(self) -> Instances:
        """Those of which it is sure enough; the others are no objects."""
        kept = self.sure >= SURE
        ids = np.where(kept, np.arange(len(kept)), 0).astype(np.uint16)[self.objects.ids]
        return Instances(ids, np.where(kept, self.objects.classes, 0).astype(np.uint8))

    def relabelled(self, values: NDArray[np.uint8]) -> "FoundObjects":
        """With the class `values[c]` for each class c; those of class 0 are no objects any more."""
        classes = values[self.objects.classes]
        ids = np.where(classes > 0, np.arange(len(classes)), 0).astype(np.uint16)[self.objects.ids]
        return replace(self, objects=Instances(ids, classes))


def objects_of(project: Project, item: Item) -> Instances:
    """The true objects of an item (z, y, x): in a mask of classes their connected parts, slice by slice; none where it has no mask.

    Raises EngineError where there are too many.
    """
    layer = project.layers.mask(item.id)
    if layer is None:
        return parts(np.zeros(item.shape, np.uint8))
    return project.layers.read_instances(layer, item.shape)


# Of class maps --------------------------------------------------------------------------------------------------------


def objects_by(run: Run) -> str:
    """How the objects of the run's class maps are told apart (config.OBJECTS without "auto"), as was chosen for it; at first by their
    connected parts."""
    chosen = run.summary.objects_by
    return chosen if chosen in OBJECTS[1:] else OBJECTS[1]


def told_apart(labels: Labels, way: str) -> Instances:
    """The objects of a class map (z, y, x): its connected parts, or what a "watershed" tells apart. EngineError where there are too
    many."""
    return watershed(labels) if way == "watershed" else parts(labels)


def objects_of_prediction(project: Project, layer: Layer, labels: Labels) -> Instances:
    """The objects of a prediction whose `labels` (z, y, x) were read already: its network's own, or its class map's as was chosen for the
    run. EngineError where there are too many."""
    ids = project.layers.read_ids(layer, labels)
    if ids is not None:
        return Instances.of(labels, ids)
    return told_apart(labels, objects_by(project.runs.get(layer.run)) if layer.run is not None else OBJECTS[1])


def ids_of_prediction(project: Project, layer: Layer, labels: Labels) -> Ids | None:
    """Which object each voxel of it belongs to; None where none are told apart: those of a class map are in a project of objects alone,
    and where they are not too many."""
    ids = project.layers.read_ids(layer, labels)
    if ids is not None or project.task != "instance":
        return ids
    try:
        return objects_of_prediction(project, layer, labels).ids
    except EngineError:
        return None


# What a network found -------------------------------------------------------------------------------------------------


def pack_objects(found: FoundObjects) -> bytes:
    """As they are kept beside a prediction, with the network's classes (1 its first): how many ids there are, then packed their classes, how sure each is, and the ids' map."""
    raw = (
        found.objects.classes.tobytes() + found.sure.astype("<f4").tobytes() + found.objects.ids.astype("<u2").tobytes()
    )
    return _HEAD.pack(len(found.sure)) + zlib.compress(raw, 1)


def found_objects(run: Run, item: Item, classes: Sequence[LabelClass]) -> FoundObjects | None:
    """What the run found in the item when it predicted it, by the project's `classes` as they are now; None where it finds none, or has
    not predicted it. Raises NotReadable."""
    path = objects_file(run.folder, item.id)
    if not path.exists():
        return None
    data = read_bytes(str(path))
    try:
        (count,) = _HEAD.unpack_from(data)
        raw = inflate(data[_HEAD.size :], 5 * min(count, MOST_OBJECTS + 1) + 2 * math.prod(item.shape))
        learnt = np.frombuffer(raw, np.uint8, count)
        sure = np.frombuffer(raw, "<f4", count, count).astype(np.float32)
        ids = np.frombuffer(raw, "<u2", -1, 5 * count).reshape(item.shape).astype(np.uint16)
    except (EngineError, ValueError, struct.error) as fault:
        raise _damaged(path) from fault
    values = run.values(classes)
    if int(ids.max(initial=0)) >= count or int(learnt.max(initial=0)) >= len(values):
        raise _damaged(path)
    return FoundObjects(Instances(ids, learnt), sure).relabelled(values)


def _damaged(path: Path) -> NotReadable:
    return NotReadable(
        translatable("The objects in {name} are damaged."),
        translatable("Predict the item again."),
        name=path.name,
    )
