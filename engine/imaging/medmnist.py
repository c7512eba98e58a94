"""Files of many small images with their classes, by set: MedMNIST's .npz and MNIST's IDX."""

import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from engine.config import Split
from engine.errors import EngineError, NotReadable
from engine.imaging import idx
from engine.imaging.files import decoding, display_name, kind_of
from engine.imaging.geometry import uncalibrated
from engine.imaging.image import Image, Pixels, Source
from engine.imaging.values import colour_bytes, read_array, storable, value_notes
from engine.imaging.windows import auto_window
from engine.progress import Notice
from engine.words import translatable

SPLITS: tuple[Split, ...] = tuple(s for s in get_args(Split) if s)


_MASKS = translatable(
    "The file's masks ({array}) were left out: only images and their classes are read from such a file."
)


@dataclass(frozen=True)
class Answer:
    """The class of one image: its place (from 0), or its name; neither where it has none, with the reason."""

    label: int | None = None
    name: str = ""
    note: Notice | None = None


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Images (n, y, x) or (n, z, y, x) grey, or (n, y, x, 3) or (n, z, y, x, 3) uint8; `answers` is one an image."""

    images: Pixels
    answers: tuple[Answer, ...]
    notes: tuple[Notice, ...] = ()  # about every image


def read_sets(path: str) -> dict[Split, ImageSet]:
    """What the file holds, by set ("" where it does not say). Raises NotReadable for what is damaged or not understood."""
    with decoding(path):
        if kind_of(path) == "idx":
            images, labels = idx.read(path)
            return {idx.split_of(path): _image_set(images, labels, path)}
        found: dict[Split, ImageSet] = {}
        with open(path, "rb") as handle, zipfile.ZipFile(handle) as archive:
            names = set(archive.namelist())
            for split in SPLITS:
                if f"{split}_images.npy" in names:
                    images = _array(archive, f"{split}_images.npy", path)
                    if not images.size:  # a set that nobody is in
                        continue
                    has_labels = f"{split}_labels.npy" in names
                    labels = _array(archive, f"{split}_labels.npy", path) if has_labels else None
                    found[split] = _image_set(images, labels, path)
                    masks = f"{split}_masks.npy"
                    if masks in names:
                        note = Notice(_MASKS, {"array": masks.removesuffix(".npy")})
                        found[split] = replace(found[split], notes=(*found[split].notes, note))
        if not found:
            raise NotReadable(
                translatable("{name} holds no images in MedMNIST's form."),
                translatable("It needs arrays named train_images, val_images or test_images."),
                name=display_name(path),
            )
        return found


def read_image(source: Source) -> Image:
    """One image of the file; `source.index` is its set and number ("train:17")."""
    path = source.files[0]
    split, _, number = source.index.partition(":")
    status = os.stat(path)
    found = _sets(path, status.st_mtime_ns, status.st_size).get(split)
    if found is None or not number.isdigit() or int(number) >= len(found.images):
        raise EngineError(
            translatable("{name} no longer holds the image {index}."),
            translatable("The file was changed after it was imported: bring back the old one."),
            name=display_name(path),
            index=source.index,
        )
    stored = found.images[int(number)]
    color = found.images.ndim > 3 and found.images.shape[-1] == 3
    pixels = stored if color else storable(stored)
    pixels = pixels if pixels.ndim - color == 3 else pixels[None]
    slices, height, width = pixels.shape[:3]
    notes = (*found.notes, *value_notes(stored, pixels))
    return Image(pixels, uncalibrated(height, width, slices), auto_window(pixels), notes=notes)


@lru_cache(maxsize=2)
def _sets(path: str, changed: int, size: int) -> Mapping[str, ImageSet]:
    """Kept, since the thousands of images of one file are asked for one by one."""
    return {str(split): held for split, held in read_sets(path).items()}


def _array(archive: zipfile.ZipFile, name: str, path: str) -> Pixels:
    with archive.open(name) as member:
        return read_array(member, display_name(path))


def _image_set(images: Pixels, labels: Pixels | None, path: str) -> ImageSet:
    images, notes = _images(images, path)
    return ImageSet(images, _answers(labels, images), notes)


def _images(images: Pixels, path: str) -> tuple[Pixels, tuple[Notice, ...]]:
    """Channels, of which there are 1, 3 or 4, lie in the last axis (Keras), or of pictures in the second (torch)."""
    notes = []
    shape = images.shape
    if images.ndim == 4 and shape[1] == 3 and min(shape[2:]) > 4:
        images = np.moveaxis(images, 1, -1)
        notes.append(Notice(translatable("Its 3 planes were taken as red, green and blue.")))
    elif images.ndim in (4, 5) and shape[-1] == 1:
        images = images[..., 0]
    elif images.ndim in (4, 5) and shape[-1] == 4:
        images = images[..., :3]
        notes.append(Notice(translatable("The fourth channel was taken for transparency and left out.")))
    color = images.ndim in (4, 5) and images.shape[-1] == 3
    if (
        images.ndim not in (3, 4, 5)
        or (images.ndim == 5 and not color)
        or (images.ndim == 4 and 2 in images.shape[1::2])
    ):
        raise NotReadable(
            translatable("{name} holds images of the shape {shape}, which is not understood."),
            translatable("It must be (n, height, width), with 3 colours or slices at the end or without."),
            name=display_name(path),
            shape=" × ".join(str(n) for n in shape),
        )
    if not color:
        storable(images[:1])  # refuses what is no number
        return images, tuple(notes)
    try:
        narrow, said = _colours(images)
    except NotReadable as fault:
        raise NotReadable(
            translatable("{name} cannot be read: {reason}"), fault.hint, name=display_name(path), reason=fault.text
        ) from fault
    return narrow, (*notes, *said)


def _colours(images: Pixels) -> tuple[NDArray[np.uint8], tuple[Notice, ...]]:
    """Whole numbers have as many bits as the largest needs: 12 of a camera often lie in 16."""
    if images.dtype.kind in "iu" and images.size and images.min() >= 0:
        bits = max(int(images.max()).bit_length(), 8)
        images = images.astype(np.uint8 if bits == 8 else np.uint16 if bits <= 16 else np.uint32)
        return colour_bytes(images, bits)
    return colour_bytes(images, 8 * images.dtype.itemsize)


def _answers(labels: Pixels | None, images: Pixels) -> tuple[Answer, ...]:
    """The class of each image: whole numbers, names, or a row of zeros with a single one (one-hot)."""
    count, shape = len(images), images.shape[1:]
    if labels is None:
        return (Answer(),) * count
    unfit = translatable("The file's classes were left out: there are {have} for {count} images.")
    if labels.ndim > 2 and labels.shape[1:] == shape[: labels.ndim - 1]:
        return (Answer(note=Notice(_MASKS, {"array": "labels"})),) * count
    if len(labels) != count:
        return (Answer(note=Notice(unfit, {"have": len(labels), "count": count})),) * count
    rows = labels.reshape(count, -1)
    if rows.shape[1] == 1 and rows.dtype.kind in "US":
        return tuple(Answer(name=_text(name)) for name in rows[:, 0])
    if rows.dtype.kind not in "biuf":
        return (
            Answer(note=Notice(translatable("The file's classes were left out: they are no numbers and no names."))),
        ) * count
    numbers = rows.astype(np.float64)
    if rows.shape[1] > 1:
        single = (np.isin(numbers, (0, 1)).all(axis=1)) & (numbers.sum(axis=1) == 1)
        several = Notice(translatable("It has several classes or none, which one class cannot say: it has none here."))
        places = numbers.argmax(axis=1)
        return tuple(
            Answer(int(place)) if one else Answer(note=several) for place, one in zip(places, single, strict=True)
        )
    return tuple(_answer(number) for number in numbers[:, 0])


def _answer(number: float) -> Answer:
    if number >= 0 and number == int(number):
        return Answer(int(number))
    text = translatable("Its class in the file is {number:g}, which is none: it has no class here.")
    return Answer(note=Notice(text, {"number": float(number)}))


def _text(name: object) -> str:
    return name.decode("utf-8", "replace").strip() if isinstance(name, bytes) else str(name).strip()
