"""Bringing masks to items that are in the project already: each is one edit, which the item's history can take back."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import EngineError
from engine.imaging.scan import Found, Refused
from engine.labels.classes import UNLABELLED
from engine.labels.edit import Edit
from engine.labels.instances import MOST_OBJECTS, Instances
from engine.labels.mask import Mask
from engine.progress import Notice, Progress, Work, listed
from engine.project.importing import said_of_names
from engine.project.items import Item
from engine.project.mask_files import Coverage, ImageMask, Meanings
from engine.project.matching import UNREADABLE, MaskFinder
from engine.project.object_files import reader_for
from engine.project.project import Project
from engine.words import translatable


@dataclass(frozen=True)
class MaskPlan:
    """What to bring in: `values` and `others_background` as in an ImportPlan. Slices that are labelled keep their mask, unless `replace`;
    those of which a file says nothing always do."""

    masks: Path
    values: Meanings | None = None
    others_background: bool = False
    replace: bool = False
    object_class: str = ""  # of all objects of label images, in an instance project
    edit: str = translatable("Imported mask")  # what the history calls it


@dataclass(frozen=True)
class MasksImported:
    changed: tuple[Item, ...]
    refused: tuple[Refused, ...]


def import_masks(project: Project, plan: MaskPlan, items: Sequence[Item] | None = None) -> Work[MasksImported]:
    """Find the mask of each of the items (all, where none are named), and make it theirs as one edit of their history.

    Raises EngineError where the task knows no masks and where there are none; what cannot be used is refused by file.
    """
    if project.task == "classification":
        raise EngineError(
            translatable("This project tells whole images apart and has no masks."),
            translatable("Make a project with regions to bring in masks."),
        )
    reader = reader_for(
        project.task,
        plan.values,
        project.classes,
        object_class=plan.object_class,
        others_background=plan.others_background,
    )
    items = project.items.all() if items is None else items
    found = [_found(item) for item in items]
    finder = MaskFinder(plan.masks, found)
    coverage, changed, refused = Coverage(project.classes), list[Item](), list[Refused]()
    for number, (item, image) in enumerate(zip(items, found, strict=True)):
        yield Progress(number, len(items), item.name)
        try:
            file = finder.find(image)
            if file is None:
                continue
            item.present()  # the same image as it was
            mask = reader.read(file, image)
            coverage.add(mask.labels)
            if _record(project, item, mask, plan):
                changed.append(item)
        except EngineError as fault:
            refused.append(Refused(item.name, str(fault), fault))
            continue
        except OSError as fault:
            refused.append(Refused(item.name, fault.strerror or os.path.basename(str(fault.filename))))
            continue
        for note in mask.notes:
            yield Notice(translatable("{name}: {note}"), {"name": item.name, "note": note})
    if reader.guessed:
        yield Notice(translatable("Mask value 255 was taken as {name}."), {"name": project.classes[0].name})
    yield from coverage.notices()
    yield from said_of_names(finder, reader.unmet)
    single, many = (
        translatable("1 mask belongs to no image: {names}."),
        translatable("{count} masks belong to no image: {names}."),
    )
    yield from listed(single, many, finder.left_over())
    yield from listed(*UNREADABLE, finder.unreadable())
    return MasksImported(tuple(changed), tuple(refused))


def _record(project: Project, item: Item, found: ImageMask, plan: MaskPlan) -> bool:
    """Whether the item's mask, or what of it is labelled, changed. Raises EngineError where it has one that is to be kept."""
    layer = project.layers.mask(item.id)
    mask = project.layers.read_mask(layer, item.shape, objects=found.ids is not None)
    found = _with_others(mask, found)
    there = list(found.slices)
    # what was looked at and found empty is work too
    marked = mask.labels[there].any() or not found.slices.isdisjoint(project.layers.labelled(item.id))
    if marked and not plan.replace and not _holds(mask, found):
        raise EngineError(
            translatable("It has a mask already."), translatable("Allow that masks are replaced: each can be undone.")
        )
    edit = _replace(mask, found, plan.edit)
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
        most = int(mask.ids[others].max())
        if most + int(found.ids.max()) > MOST_OBJECTS:
            raise EngineError(
                translatable("With the objects on its other slices the mask would have more than 65,535."),
                translatable("Bring it to an item without objects."),
            )
        ids = np.where(found.ids > 0, found.ids + np.uint16(most), found.ids).astype(np.uint16)
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


def _found(item: Item) -> Found:
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
