"""MedMNIST's .npz: small images by split with their labels, many in one file."""

import os
import zipfile
from functools import lru_cache
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from engine.config import Split
from engine.errors import EngineError, NotReadable
from engine.imaging.files import decoding, display_name, kind_of
from engine.imaging.geometry import uncalibrated
from engine.imaging.image import Image, Pixels, Source
from engine.imaging.values import read_array, storable
from engine.imaging.windows import auto_window
from engine.words import translatable

SPLITS: tuple[Split, ...] = tuple(s for s in get_args(Split) if s)


def read_npz(path: str) -> dict[Split, tuple[Pixels, NDArray[np.int64] | None]]:
    """Per split the images (n, h, w), (n, h, w, 3) or (n, z, y, x), and the class of each, None where a file has none or
    gives several to one image. Raises NotReadable where the file has no train_images, val_images or test_images."""
    with decoding(path):
        kind_of(path)  # refuses pipes and empty files
        found = {}
        with open(path, "rb") as handle, zipfile.ZipFile(handle) as archive:
            names = set(archive.namelist())
            for split in SPLITS:
                if f"{split}_images.npy" in names:
                    images = _array(archive, f"{split}_images.npy", path)
                    has_labels = f"{split}_labels.npy" in names
                    labels = _array(archive, f"{split}_labels.npy", path) if has_labels else None
                    found[split] = (images, _single(labels, len(images)))
        if not found:
            raise NotReadable(
                translatable("{name} holds no images in MedMNIST's form."),
                translatable("It needs arrays named train_images, val_images or test_images."),
                name=display_name(path),
            )
        return found


def read_image(source: Source) -> Image:
    """One image of the file; `source.index` is its split and number ("train:17")."""
    path = source.files[0]
    split, _, number = source.index.partition(":")
    status = os.stat(path)
    images = _images(path, status.st_mtime_ns, status.st_size).get(split)
    if images is None or not number.isdigit() or int(number) >= len(images):
        raise EngineError(
            translatable("{name} no longer holds the image {index}."),
            translatable("The file was changed after it was imported: bring back the old one."),
            name=display_name(path),
            index=source.index,
        )
    return _image(images[int(number)])


def _image(values: Pixels) -> Image:
    pixels = np.asarray(values, np.uint8) if values.shape[-1] == 3 else storable(values)
    is_volume = pixels.ndim == 3 and pixels.shape[-1] != 3
    pixels = pixels if is_volume else pixels[None]
    slices, height, width = pixels.shape[:3]
    return Image(pixels, uncalibrated(height, width, slices), auto_window(pixels))


@lru_cache(maxsize=2)
def _images(path: str, changed: int, size: int) -> dict[str, Pixels]:
    """Kept, since the thousands of images of one file are asked for one by one."""
    return {split: images for split, (images, _) in read_npz(path).items()}


def _array(archive: zipfile.ZipFile, name: str, path: str) -> Pixels:
    with archive.open(name) as member:
        return read_array(member, display_name(path))


def _single(labels: Pixels | None, count: int) -> NDArray[np.int64] | None:
    if labels is None or len(labels) != count or labels.size != count or labels.dtype.kind not in "iu":
        return None
    return labels.reshape(-1).astype(np.int64)
