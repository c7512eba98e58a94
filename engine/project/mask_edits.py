"""Masks that are brought to items of the project: one edit each, which can be undone."""

from dataclasses import replace

import numpy as np

from engine.errors import EngineError
from engine.imaging.scan import Found
from engine.labels.classes import UNLABELLED
from engine.labels.edit import Edit
from engine.labels.instances import MOST_OBJECTS, Instances
from engine.labels.mask import Mask
from engine.labels.objects import unused_ids
from engine.project.items import Item
from engine.project.mask_files import ImageMask
from engine.project.project import Project
from engine.words import translatable


def as_found(item: Item) -> Found:
    """The item as an image that was looked for, so that masks, shapes and rows find it."""
    return Found(
        item.name,
        item.source,
        item.shape,
        item.spacing,
        item.modality,
        item.color,
        item.patient,
        calibrated=item.calibrated,
    )


IMPORTED = translatable("Imported mask")
"""What the history calls such an edit."""


def record_mask(
    project: Project, item: Item, found: ImageMask, name: str = IMPORTED, *, replaces: bool = False
) -> bool:
    """Make what was found the item's mask, as one edit of its history called `name`; whether the mask, or what of it is labelled, changed.

    Slices that are labelled keep their mask, unless it `replaces` them; those of which nothing was found always do. Raises EngineError
    where it has a mask that is to be kept.
    """
    layer = project.layers.mask(item.id)
    mask = project.layers.read_mask(layer, item.shape, objects=found.ids is not None)
    found = _with_others(mask, found)
    there = list(found.slices)
    # what was looked at and found empty is work too
    marked = mask.labels[there].any() or not found.slices.isdisjoint(project.layers.labelled(item.id))
    if marked and not replaces and not _holds(mask, found):
        raise EngineError(
            translatable("It has a mask already."), translatable("Allow that masks are replaced: each can be undone.")
        )
    whole = project.layers.labelled(item.id) <= found.slices
    edit = replace(_replace(mask, found, name), afresh=whole)
    with project.transaction():
        made = layer or project.layers.make(item.id)  # an empty mask is a mask
        new = project.layers.record(made, mask, edit, found.slices)
    return bool(new) or not edit.empty


def _with_others(mask: Mask, found: ImageMask) -> ImageMask:
    """The mask that was found, with what is painted on slices of which it says nothing."""
    others = [z for z in range(len(mask.labels)) if z not in found.slices]
    if not mask.labels[others].any():
        return found
    labels, ids = found.labels.copy(), None
    labels[others] = mask.labels[others]
    if found.ids is not None and mask.ids is not None:
        new = np.unique(found.ids[found.ids > 0])
        free = unused_ids(np.unique(mask.ids[others]), len(new))
        if len(free) < len(new):
            raise EngineError(
                translatable("With the objects on its other slices the mask would have more than 65,535."),
                translatable("Bring it to an item without objects."),
            )
        numbers = np.zeros(MOST_OBJECTS + 1, np.uint16)
        numbers[new] = free
        ids = numbers[found.ids]
        ids[others] = mask.ids[others]
    return found._replace(labels=labels, ids=ids if ids is not None else found.ids)


def _holds(mask: Mask, found: ImageMask) -> bool:
    same_objects = mask.ids is None or found.ids is None or np.array_equal(mask.ids, found.ids)
    return same_objects and np.array_equal(mask.labels, found.labels)


def _replace(mask: Mask, found: ImageMask, name: str) -> Edit:
    unlabelled = found.labels == UNLABELLED  # files say it themselves
    if found.ids is None:
        return mask.replace_with(name, found.labels, unlabelled=unlabelled)
    return mask.replace_objects(name, Instances.of(found.labels, found.ids), unlabelled)
