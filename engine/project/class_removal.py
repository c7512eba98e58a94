"""Takes a class out of a project, wherever it stands: its pixels become another class or background, those after it move up.

Runs know classes by their identity, so they go on with those that are left; what cannot follow is said beforehand.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import EngineError
from engine.labels.classes import BACKGROUND
from engine.progress import Notice, Progress, Work
from engine.project.project import Project
from engine.project.runs import CHECKPOINT
from engine.words import translatable

_PAINTED = translatable("These runs go on knowing {name}: what they paint of it is background from now on. {runs}")
_CALLED = translatable("These runs go on knowing {name}: images that they call so count as wrong from now on. {runs}")
_NOT_RESUMED = translatable(
    "These runs cannot be trained any further; new ones can start from what they learnt of the other classes. {runs}"
)


@dataclass(frozen=True)
class ClassUse:
    """`items` hold the class; `notes` say what of the runs does not follow when it goes."""

    items: int
    notes: tuple[Notice, ...] = ()


def class_use(project: Project, value: int) -> Work[ClassUse]:
    """What removing the class `value` (1 the first) touches."""
    items = yield from items_holding(project, value)
    runs = project.runs.all()
    knowing = [run for run in runs if any(one.place == value - 1 for one in run.learnt(project.classes))]
    predicted = [run for run in knowing if run.bundle.exists()]
    unfinished = [run for run in runs if (run.folder / CHECKPOINT).exists()]
    name, notes = project.classes[value - 1].name, []
    if predicted:
        text = _CALLED if project.task == "classification" else _PAINTED
        notes.append(Notice(text, {"name": name, "runs": ", ".join(run.name for run in predicted)}))
    if unfinished:
        notes.append(Notice(_NOT_RESUMED, {"runs": ", ".join(run.name for run in unfinished)}))
    return ClassUse(items, tuple(notes))


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
    follows, so that undo goes on. In predictions they become background. Runs keep what they know of the other classes. Raises EngineError
    while a run is being trained, which has the classes in its hands, and where the task needs the class.
    """
    classes = project.classes
    if not 0 < value <= len(classes) or not 0 <= into <= len(classes) or into == value:
        raise ValueError(f"class {value} into {into} of {len(classes)}")
    training = next((run.name for run in project.runs.all() if run.state == "training"), None)
    if training is not None:
        raise EngineError(
            translatable("{name} cannot be removed while {run} is being trained."),
            translatable("Wait for its end, or stop it."),
            name=classes[value - 1].name,
            run=training,
        )
    with project.transaction():
        project.runs.keep_identities(classes)
        for place, one in enumerate(layers := project.layers.all()):
            yield Progress(place, len(layers))
            project.layers.relabel(one, _moved(value, into if one.kind == "mask" else BACKGROUND))
        project.items.set_labels(_labels(project, value, into))
        project.drop_class(value - 1)


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
