"""Images whose files were exchanged since they came in: which they are, and taking them as they are now."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from engine.errors import EngineError
from engine.imaging.geometry import size_words
from engine.imaging.image import Image
from engine.imaging.read import read_image
from engine.progress import Notice, Progress, Work
from engine.project.items import Item, content_hash, file_stamp
from engine.project.project import Project
from engine.words import translatable

_EVERY = 1.0  # seconds between two Stamps: each is stored
DRAWN_BEFORE = translatable("The image was exchanged after it came in, and its mask was drawn on the one before.")


@dataclass(frozen=True)
class Stamps:
    """Stamps of files that were found to be those that were imported, by item, for the caller to keep (`Items.set_stamps`)."""

    of: Mapping[int, bytes]


@dataclass(frozen=True)
class ReadAgain:
    """The items that are of the new image now, and why others are not."""

    changed: tuple[int, ...]
    refused: tuple[EngineError, ...]


def find_exchanged(project: Project) -> Work[list[int]]:
    """The items at whose places other images lie than were imported; missing files are not looked at. A file is read only where its time
    or length is another than when it was last known to be the same."""
    items, known = project.items.all(), project.items.stamps()
    found, fresh, last = list[int](), dict[int, bytes](), time.monotonic()
    for number, item in enumerate(items):
        try:
            stamp = file_stamp(item.source.files)
            if known.get(item.id) == stamp or not item.hash:
                continue
            yield Progress(number, len(items), item.name)
            same = content_hash(item.source.files, item.source.index) == item.hash
        except OSError:
            continue
        if same:
            fresh[item.id] = stamp
        else:
            found.append(item.id)
        if fresh and time.monotonic() - last > _EVERY:
            yield Stamps(fresh)
            fresh, last = {}, time.monotonic()
    if fresh:
        yield Stamps(fresh)
    return found


def read_again(project: Project, ids: Collection[int]) -> Work[ReadAgain]:
    """Take the images of these items as their files hold them now. Masks stay where the size does; predictions, being of the image
    before, go. Refused, by item: what cannot be read, and an image of another size than its mask."""
    items = [item for item in project.items.those(list(ids)) if project.items.has(item.id)]
    key, changed, refused = project.patient_keys(), list[int](), list[EngineError]()
    for number, item in enumerate(items):
        yield Progress(number, len(items), item.name)
        try:
            hash = content_hash(item.source.files, item.source.index)
            image = read_image(replace(item.source, modality=item.modality))
            _exchange(project, item, image, hash, key(image.patient))
        except EngineError as fault:
            refused.append(fault)
        except OSError as fault:
            refused.append(_unreadable(item, fault))
        else:
            changed.append(item.id)
    return ReadAgain(tuple(changed), tuple(refused))


def _exchange(project: Project, item: Item, image: Image, hash: str, patient: str) -> None:
    labelled, layers = project.layers.labelled(item.id), project.layers.of_item(item.id)
    fits = image.shape == item.shape
    if labelled and not fits:
        raise EngineError(
            translatable("The image of {name} is {now} now, and its mask {before}."),
            translatable("Remove the item and import the image again, with a mask of its size."),
            name=item.name,
            now=size_words(image.shape),
            before=size_words(item.shape),
        )
    notes = (*image.notes, Notice(DRAWN_BEFORE)) if labelled else image.notes
    told = replace(
        item,
        hash=hash,
        shape=image.shape,
        spacing=image.geometry.spacing,
        calibrated=image.geometry.calibrated,
        color=image.color,
        patient=patient
        if item.patient.startswith("P-") and patient
        else item.patient,  # else a person or its name said it
        notes=notes,
    )
    with project.transaction():
        project.layers.remove([layer for layer in layers if layer.kind != "mask" or not fits])
        project.items.exchange(told)


def _unreadable(item: Item, fault: OSError) -> EngineError:
    text = translatable("The image of {name} cannot be read: {reason}.")
    return EngineError(text, name=item.name, reason=fault.strerror or str(fault))
