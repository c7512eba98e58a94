"""What lies in a folder of masks: files that masks are read of, and others."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.errors import EngineError
from engine.imaging.files import is_passed_over
from engine.imaging.scan import Found
from engine.words import translatable

SMEARED = (".jpg", ".jpeg", ".webp")
"""Kinds that lose values."""
_READ = (".nii.gz", ".nii", ".nrrd", ".nhdr", ".png", ".tif", ".tiff", ".bmp", ".npy", ".gif", *SMEARED)


def is_read_as_mask(file: Path) -> bool:
    """Whether it is of a kind that masks are read of."""
    return file.name.lower().endswith(_READ)


def holds_masks(folder: Path) -> bool:
    """Whether a file of a kind that masks are read of lies in the folder or below it."""
    return any(is_read_as_mask(file) for file in _below(folder, set()))


def of_no_use(others: Sequence[Path], masks: Sequence[Path], images: Sequence[Found]) -> list[Path]:
    """Of other files among masks, those that are no images and hold no mask's pixels."""
    known = {os.path.realpath(file) for image in images for file in image.source.files}
    headers = [file for file in masks if file.name.lower().endswith(".nhdr")]
    if headers:
        from engine.imaging import nrrd

        for header in headers:
            with contextlib.suppress(EngineError):  # it is refused when its turn comes
                known.update(map(os.path.realpath, nrrd.files(str(header))[1:]))
    return [file for file in others if os.path.realpath(file) not in known]


def mask_files(masks: Path | None) -> list[Path]:
    """Every file in a folder, to the bottom, or the one file. Raises EngineError where there is neither."""
    if masks is None:
        return []
    if os.path.isfile(masks):
        return [masks]
    if not os.path.isdir(masks):
        raise EngineError(
            translatable("There are no masks at {name}."),
            translatable("Choose the folder or the file that holds them."),
            name=masks.name,
        )
    return sorted(_below(masks, set()))


def _below(folder: Path, seen: set[tuple[int, int]]) -> Iterator[Path]:
    """Every file, through links too, each folder once."""
    try:
        status = folder.stat()
        entries = sorted(folder.iterdir())
    except OSError:  # a folder that may not be listed holds nothing for this user
        return
    if (status.st_dev, status.st_ino) in seen:
        return
    seen.add((status.st_dev, status.st_ino))
    for entry in entries:
        if is_passed_over(entry.name):
            continue
        if entry.is_dir():
            if not Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(entry)):  # a link that leads back up
                yield from _below(entry, seen)
        elif entry.is_file():
            yield entry
