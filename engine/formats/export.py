"""Writing a layer of a project's items as files of an exchange format."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from engine import atomic
from engine.atomic import clear_leftovers, make_folder
from engine.config import Split
from engine.errors import EngineError
from engine.formats import names, nifti, png
from engine.formats.targets import blocked, check_targets
from engine.imaging.read import read_image
from engine.progress import Notice, Progress, Work
from engine.project.items import Item
from engine.project.layers import Layer
from engine.project.project import Project
from engine.words import translatable

Format: TypeAlias = Literal["png", "nifti"]

_ROOM = 200 - len("_00000.nii.gz")  # bytes for a stem: the name with its slice and ending must fit 200


@dataclass(frozen=True)
class Exported:
    """The item of every file that was written, and what was not written and why."""

    items: Mapping[Path, Item]
    failed: tuple[tuple[Item, EngineError], ...] = ()

    @property
    def files(self) -> list[Path]:
        return list(self.items)


def export(
    project: Project,
    format: str,
    out: Path,
    layer: str = "mask",
    split: Split | None = None,
    *,
    empty: bool = False,
    overwrite: bool = False,
) -> Work[Exported]:
    """Write the masks ("mask") or a run's predictions (its name) below `out`.

    Items without that layer are left out, or written as pure background with `empty`. A file is named after its item, made safe
    and unique; a volume becomes one NIfTI file, or one PNG a slice. Slices of a mask that nobody labelled make no PNG without `empty`;
    beside a NIfTI file that has such, a JSON file of its name lists the labelled ones. Unlabelled pixels are 255. EngineError, before
    anything is written, where a file of such a name is there that may not be replaced (`check_targets`). An item that cannot be
    written does not keep the others from it.
    """
    if format not in get_args(Format):
        raise EngineError(
            translatable("{format} is not a format."),
            translatable("Choose one of: {known}."),
            format=format,
            known=", ".join(get_args(Format)),
        )
    run = None if layer == "mask" else project.runs.get(layer).id
    labelled = project.layers.labelled_slices() if run is None else None
    chosen = [(item, _layer(project, item, run)) for item in project.items.all(split)]
    if not empty:
        chosen = [
            (item, found) for item, found in chosen if found is not None and (labelled is None or item.id in labelled)
        ]
    if not chosen:
        raise EngineError(
            translatable("There is nothing to export."),
            translatable("Paint masks or predict first, or export empty masks too."),
        )
    known = [_known(item, labelled) for item, _ in chosen]
    targets = _targets(format, out, [item for item, _ in chosen])
    if format == "nifti":
        targets = [_with_list(paths, slices) for paths, slices in zip(targets, known, strict=True)]
    elif not empty:
        targets = [_of_slices(paths, slices) for paths, slices in zip(targets, known, strict=True)]
    check_targets(
        (path for paths in targets for path in paths if not blocked(path)),
        (file for item in project.items.all() for file in item.source.files),
        overwrite=overwrite,
    )
    make_folder(out)
    clear_leftovers(out)  # of an export that was killed
    items, failed = dict[Path, Item](), list[tuple[Item, EngineError]]()
    for number, ((item, found), slices, paths) in enumerate(zip(chosen, known, targets, strict=True)):
        yield Progress(number, len(chosen), item.name)
        try:
            check_targets(filter(blocked, paths))
            for path in _write(project, item, found, paths, slices, empty):
                items[path] = item
        except EngineError as fault:
            failed.append((item, fault))
            yield Notice(translatable("{name} was not written: {reason}"), {"name": item.name, "reason": str(fault)})
    if not items:
        raise failed[0][1]
    return Exported(items, tuple(failed))


def _write(
    project: Project, item: Item, layer: Layer | None, paths: Sequence[Path], labelled: NDArray[np.bool_], empty: bool
) -> Iterator[Path]:
    """Each file as it is done; of pictures those of `labelled` slices, or all with `empty`."""
    labels = np.zeros(item.shape, np.uint8) if layer is None else project.layers.read(layer, item.shape)
    if paths[0].suffix == ".gz":
        nifti.write(paths[0], labels, read_image(item.present()).geometry)
        yield paths[0]
        for path in paths[1:]:
            atomic.write(path, _list(labelled).encode())
            yield path
    else:
        for path, part in zip(paths, labels if empty else labels[labelled], strict=True):
            png.write(path, part)
            yield path


def _layer(project: Project, item: Item, run: int | None) -> Layer | None:
    return project.layers.mask(item.id) if run is None else project.layers.prediction(item.id, run)


def _known(item: Item, labelled: Mapping[int, frozenset[int]] | None) -> NDArray[np.bool_]:
    """Of each slice whether the layer speaks of it: a prediction does of all."""
    slices = range(item.shape[0]) if labelled is None else labelled.get(item.id, ())
    return np.isin(np.arange(item.shape[0]), list(slices))


def _of_slices(paths: Sequence[Path], known: NDArray[np.bool_]) -> list[Path]:
    return [path for path, kept in zip(paths, known, strict=True) if kept]


def _with_list(paths: list[Path], known: NDArray[np.bool_]) -> list[Path]:
    return paths if known.all() else [*paths, paths[0].with_name(paths[0].name.removesuffix(".nii.gz") + ".json")]


def _list(known: NDArray[np.bool_]) -> str:
    """Which slices along the file's third axis are labelled, counted from 0."""
    return json.dumps({"slices": len(known), "labelled": np.flatnonzero(known).tolist()}, indent=2)


def _targets(format: str, out: Path, items: Sequence[Item]) -> list[list[Path]]:
    """The files of each item: one, or one a slice; all of different names."""
    ending = ".nii.gz" if format == "nifti" else ".png"
    stems = names.unique([names.safe_name(item.name, _ROOM) for item in items], _ROOM)
    parts = [
        [stem] if format == "nifti" or item.shape[0] == 1 else _slices(stem, item.shape[0])
        for item, stem in zip(items, stems, strict=True)
    ]
    unlike = iter(names.unique([name for group in parts for name in group], names.LONGEST - len(ending)))
    return [[out / f"{next(unlike)}{ending}" for _ in group] for group in parts]


def _slices(stem: str, count: int) -> list[str]:
    width = len(str(count))
    return [f"{stem}_{z + 1:0{width}d}" for z in range(count)]
