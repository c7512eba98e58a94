"""CT that is not in HU, though it was called CT after it came in: what its values say is kept with the item, as an import does."""

from collections.abc import Collection

from engine.errors import EngineError
from engine.imaging.hounsfield import NOT_IN_HU
from engine.imaging.read import first_slice
from engine.progress import Notice, Progress, Work, said_of_each
from engine.project.items import Item
from engine.project.project import Project


def note_values_of_ct(project: Project, ids: Collection[int]) -> Work[dict[int, Notice]]:
    """Look at the values of these items, as far as they are called CT, and keep with each what speaks against HU; these notes come
    back, by item. What cannot be read is passed over: the checks name it."""
    noted = list[tuple[Item, Notice]]()
    for number, item in enumerate(project.items.those([id for id in ids if project.items.has(id)])):
        yield Progress(number, len(ids), item.name)
        note = _against_hu(item)
        if note is not None and project.items.add_note(item.id, note, modality="CT"):
            noted.append((item, note))
    yield from said_of_each((item.name, note) for item, note in noted)
    return {item.id: note for item, note in noted}


def _against_hu(item: Item) -> Notice | None:
    if item.modality != "CT":
        return None
    try:
        notes = first_slice(item.present()).notes
    except EngineError:
        return None
    return next((note for note in notes if note.message == NOT_IN_HU), None)
