"""Writing a layer of a project's items as files of an exchange format."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import numpy as np

from engine.atomic import make_folder
from engine.config import Split
from engine.errors import EngineError
from engine.formats import names, nifti, png
from engine.imaging.read import read_image
from engine.labels.edit import Labels
from engine.progress import Progress, Work
from engine.project.items import Item
from engine.project.layers import Layer
from engine.project.project import Project

Format: TypeAlias = Literal["png", "nifti"]

_ROOM = 200 - len("_00000.nii.gz")  # bytes for a stem: the name with its slice and ending must fit 200


def export(
    project: Project, format: str, out: Path, layer: str = "mask", split: Split | None = None, *, empty: bool = False
) -> Work[list[Path]]:
    """Write the masks ("mask") or a run's predictions (its name) below `out`; the files written come back.

    Items without that layer are left out, or written as pure background with `empty`. A file is named after its item, made safe
    and unique; a volume becomes one NIfTI file, or one PNG a slice. Existing files of those names are replaced.
    """
    if format not in get_args(Format):
        raise EngineError(
            "{format} is not a format.", "Choose one of: {known}.", format=format, known=", ".join(get_args(Format))
        )
    run = None if layer == "mask" else project.runs.get(layer).id
    chosen = [(item, _layer(project, item, run)) for item in project.items.all(split)]
    if not empty:
        chosen = [(item, found) for item, found in chosen if found is not None]
    if not chosen:
        raise EngineError("There is nothing to export.", "Paint masks or predict first, or export empty masks too.")
    make_folder(out)
    stems = names.unique([names.safe_name(item.name, _ROOM) for item, _ in chosen], _ROOM)
    written: list[Path] = []
    for number, ((item, found), stem) in enumerate(zip(chosen, stems, strict=True)):
        yield Progress(number, len(chosen), item.name)
        labels = np.zeros(item.shape, np.uint8) if found is None else project.layers.read(found, item.shape)
        written += _write(format, out, stem, labels, item)
    return written


def _layer(project: Project, item: Item, run: int | None) -> Layer | None:
    return project.layers.mask(item.id) if run is None else project.layers.prediction(item.id, run)


def _write(format: str, out: Path, stem: str, labels: Labels, item: Item) -> Sequence[Path]:
    if format == "nifti":
        path = out / f"{stem}.nii.gz"
        nifti.write(path, labels, read_image(item.present()).geometry)
        return [path]
    if len(labels) == 1:
        path = out / f"{stem}.png"
        png.write(path, labels[0])
        return [path]
    width = len(str(len(labels)))
    paths = [out / f"{stem}_{z + 1:0{width}d}.png" for z in range(len(labels))]
    for path, part in zip(paths, labels, strict=True):
        png.write(path, part)
    return paths
