"""Bringing masks to items that are in the project already: each is one edit, which the item's history can take back."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import EngineError
from engine.imaging.scan import Refused
from engine.progress import Notice, Progress, Work, listed
from engine.project.importing import said_of_names
from engine.project.items import Item
from engine.project.mask_conventions import convention_of
from engine.project.mask_edits import IMPORTED, as_found, record_mask
from engine.project.mask_files import Coverage, Meanings, meanings_beside
from engine.project.matching import OF_NO_IMAGE, UNREADABLE, MaskFinder
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
    edit: str = IMPORTED  # what the history calls it


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
    values = plan.values
    if values is None and project.task != "instance":
        values, said = meanings_beside(plan.masks, project.classes)
        yield from said
    reader = reader_for(
        project.task,
        values,
        project.classes,
        object_class=plan.object_class,
        others_background=plan.others_background,
    )
    found = {item.id: as_found(item) for item in project.items.all()}
    finder = MaskFinder(plan.masks, list(found.values()))
    reader.convention = yield from convention_of(finder, list(found.values()))
    chosen = project.items.all() if items is None else items  # whose masks are those that they would be among all
    coverage, changed, refused = Coverage(project.classes), list[Item](), list[Refused]()
    for number, item in enumerate(chosen):
        yield Progress(number, len(chosen), item.name)
        try:
            image = found[item.id]
            file = finder.find(image)
            if file is None:
                continue
            item.present()  # the same image as it was
            mask = reader.read(file, image)
            coverage.add(mask.labels)
            if record_mask(project, item, mask, plan.edit, replaces=plan.replace):
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
    yield from listed(*OF_NO_IMAGE, finder.left_over())
    yield from listed(*UNREADABLE, finder.unreadable())
    return MasksImported(tuple(changed), tuple(refused))
