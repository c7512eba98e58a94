"""Takes a class out of a project, wherever it stands: its pixels become another class or background, those after it move up."""

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.labels.classes import BACKGROUND
from engine.progress import Progress, Work
from engine.project.project import Project
from engine.words import translatable


def items_holding(project: Project, value: int) -> Work[int]:
    """How many items hold the class `value` (1 the first): in their mask, or as the class of the whole image."""
    held = {item.id for item in project.items.all() if item.label == value - 1}
    masks = project.layers.masks()
    for done, (item, layer) in enumerate(masks.items()):
        yield Progress(done, len(masks))
        if item not in held and project.layers.holds(layer, value):
            held.add(item)
    return len(held)


def remove_class(project: Project, value: int, into: int = BACKGROUND) -> Work[None]:
    """Remove the class `value`: all or nothing, in one transaction.

    Pixels of masks, and whole images of that class, become the class `into` (a value as it is now; background: no class). The history
    follows, so that undo goes on. In predictions they become background. Raises EngineError where a run learnt classes that would
    change their place, and where the task needs the class.
    """
    classes = project.classes
    if not 0 < value <= len(classes) or not 0 <= into <= len(classes) or into == value:
        raise ValueError(f"class {value} into {into} of {len(classes)}")
    if value < len(classes) and project.runs.all():
        raise EngineError(
            translatable("{name} cannot be removed: runs of this project know the classes after it by their places."),
            translatable("Rename it instead, or remove the runs first."),
            name=classes[value - 1].name,
        )
    with project.transaction():
        for place, one in enumerate(layers := project.layers.all()):
            yield Progress(place, len(layers))
            project.layers.relabel(one, _moved(value, into if one.kind == "mask" else BACKGROUND))
        project.items.set_labels(_labels(project, value, into))
        project.set_classes([*classes[: value - 1], *classes[value:]])


def _moved(value: int, into: int) -> NDArray[np.uint8]:
    """What every value becomes."""
    table = np.arange(256, dtype=np.uint8)
    table[value] = into - (into > value)
    table[value + 1 : 255] -= 1  # 255 is nobody's
    return table


def _labels(project: Project, value: int, into: int) -> dict[int, int | None]:
    table = _moved(value, into)
    return {
        item.id: int(table[item.label + 1]) - 1 if table[item.label + 1] else None
        for item in project.items.all()
        if item.label is not None and item.label + 1 >= value
    }
