"""MNIST's IDX files (yann.lecun.com/exdb/mnist): images in one file, their classes in another of the same name but for "labels-idx1"."""

import gzip
import os
import re
import struct
import zlib

import numpy as np

from engine.config import Split
from engine.errors import NotReadable
from engine.imaging.budget import check_budget
from engine.imaging.files import damaged, display_name, kind_of
from engine.imaging.image import Pixels
from engine.words import translatable

_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def read(path: str) -> tuple[Pixels, Pixels | None]:
    """Images (n, y, x) or (n, y, x, channels), and the classes (n,) where their file lies beside them. Raises NotReadable."""
    images = _read(path)
    if images.ndim < 3:
        raise NotReadable(
            translatable("{name} holds classes, not images."),
            translatable("Choose the file of the images: the classes beside it come along."),
            name=display_name(path),
        )
    beside = labels_beside(path)
    return images, None if beside is None else _read(beside)


def labels_beside(path: str) -> str | None:
    """The file with the classes of an image file, None where there is none."""
    folder, name = os.path.split(path)
    wanted = re.sub(r"idx[34]", "idx1", re.sub("images", "labels", name, flags=re.IGNORECASE), flags=re.IGNORECASE)
    for other in (wanted, wanted.removesuffix(".gz"), wanted + ".gz"):
        beside = os.path.join(folder, other)
        if other != name and os.path.isfile(beside) and kind_of(beside) == "idx":
            return beside
    return None


def images_beside(path: str) -> bool:
    """Whether a file of classes stands beside the images that it belongs to."""
    folder, name = os.path.split(path)
    stem = re.sub("labels", "images", name, flags=re.IGNORECASE).replace("idx1", "idx3").removesuffix(".gz")
    return stem not in name and any(os.path.isfile(os.path.join(folder, stem + ending)) for ending in ("", ".gz"))


def split_of(path: str) -> Split:
    """The set that the file's name says: "t10k" and "test" are the test set."""
    name = os.path.basename(path).casefold()
    return "test" if re.match(r"t10k|test", name) else "train" if name.startswith("train") else ""


def _read(path: str) -> Pixels:
    shown = display_name(path)
    with open(path, "rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        try:
            stream = gzip.GzipFile(fileobj=raw) if packed else raw
            head = stream.read(4)
            if len(head) < 4 or head[2] not in _TYPES:
                raise damaged(shown)
            shape = struct.unpack(f">{head[3]}I", stream.read(4 * head[3]))
            dtype = np.dtype(_TYPES[head[2]])
            check_budget(shape, dtype, shown)
            count = int(np.prod(shape, dtype=np.int64))
            data = stream.read(count * dtype.itemsize)
        except (EOFError, zlib.error, gzip.BadGzipFile, struct.error) as fault:
            raise damaged(shown) from fault
    if len(data) < count * dtype.itemsize:
        raise damaged(shown)
    return np.frombuffer(data, dtype).reshape(shape).astype(dtype.newbyteorder("="), copy=False)
