"""Writing a layer of a project's items as files of an exchange format."""

import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from engine import atomic
from engine.atomic import clear_leftovers, make_folder
from engine.config import Split
from engine.errors import EngineError
from engine.formats import coco, names, nifti, png
from engine.formats.targets import MANIFEST, blocked, check_targets, write_manifest
from engine.imaging.read import read_image
from engine.labels.classes import UNLABELLED, UNLABELLED_NAME
from engine.labels.instances import Instances
from engine.progress import Notice, Progress, Work
from engine.project.items import Item
from engine.project.layers import Layer
from engine.project.objects import objects_of_prediction
from engine.project.project import Project
from engine.words import translatable

Format: TypeAlias = Literal["png", "nifti", "coco"]
COCO_FILE = "annotations.json"

_ROOM = 200 - len("_00000.nii.gz")  # bytes for a stem: the name with its slice and ending must fit 200


@dataclass(frozen=True)
class Exported:
    """The item of every file that was written (None: of all), and what was not written and why."""

    items: Mapping[Path, Item | None]
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
    and unique; a volume becomes one NIfTI file, or one PNG a slice; COCO is one file of all pictures, in which each object is an
    annotation (of a class map each connected part, of a run's as was chosen for it), and of which images nobody labelled it says
    `"labelled": false`. In an instance project PNG and NIfTI hold the objects' ids (uint16), and a list
    beside them says of which class each is. Slices of a mask that nobody labelled make no PNG without `empty`;
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
    known = [_known(item, found, labelled) for item, found in chosen]
    targets = _targets(format, out, [item for item, _ in chosen], known, empty=empty)
    check_targets(
        (path for paths in targets for path in paths if not blocked(path)),
        (file for item in project.items.all() for file in item.source.files),
        overwrite=overwrite,
    )
    make_folder(out)
    clear_leftovers(out)  # of an export that was killed
    items, failed = dict[Path, Item | None](), list[tuple[Item, EngineError]]()
    if format == "coco":
        failed = yield from _write_coco(project, chosen, known, targets[0][0])
        yield from _list_values(out, {targets[0][0]: None}, {targets[0][0]: _class_names(project)})
        return Exported({targets[0][0]: None}, tuple(failed))
    meanings, bare = dict[Path, Mapping[int, str]](), set[Path]()
    for number, ((item, found), slices, paths) in enumerate(zip(chosen, known, targets, strict=True)):
        yield Progress(number, len(chosen), item.name)
        try:
            check_targets(filter(blocked, paths))
            content = _Content.of(project, item, found)
            for path in _write(item, content.values, paths, slices, empty):
                items[path], meanings[path] = item, content.meaning
            if format == "png" and empty:
                bare.update(path for path, known_one in zip(paths, slices, strict=True) if not known_one)
            if content.unlabelled:
                yield Notice(_UNLABELLED, {"name": item.name, "count": content.unlabelled})
            if format == "nifti" and _are_uneven(item):
                yield Notice(_UNEVEN, {"name": item.name})
        except EngineError as fault:
            failed.append((item, fault))
            yield Notice(translatable("{name} was not written: {reason}"), {"name": item.name, "reason": str(fault)})
    if not items:
        raise failed[0][1]
    yield from _list_values(out, items, meanings, bare)
    return Exported(items, tuple(failed))


def _list_values(
    out: Path,
    items: Mapping[Path, Item | None],
    meanings: Mapping[Path, Mapping[int, str]],
    bare: Collection[Path] = (),
) -> Iterator[Notice]:
    """Leave beside the files of which item each is, what its values mean, and which of them (`bare`) nobody labelled."""
    about = {
        path.name: _about(items[path], means) | ({"labelled": False} if path in bare else {})
        for path, means in meanings.items()
    }
    if write_manifest(out, about) is None:
        text = translatable("{name} in the folder is of another program: what the values mean was not written.")
        yield Notice(text, {"name": MANIFEST})


def _class_names(project: Project) -> dict[int, str]:
    return {place: one.name for place, one in enumerate(project.classes, 1)}


_UNLABELLED = translatable(
    "{name}: {count} unlabelled pixels were written as background, since the format knows objects alone."
)


_UNEVEN = translatable(
    "{name}: slices of its series are missing or lie at several distances, and NIfTI knows one: beyond them other programs show"
    " the mask beside its place."
)


def _are_uneven(item: Item) -> bool:
    if item.source.kind != "dicom" or not item.notes:  # it would have been said when the item came in
        return False
    from engine.imaging.slice_places import are_uneven

    return are_uneven(item.source)


@dataclass(frozen=True, eq=False)
class _Content:
    """What is written of an item: classes (uint8), or ids of objects (uint16), what each of them is, and the pixels that go lost."""

    values: NDArray[np.uint8] | NDArray[np.uint16]
    meaning: Mapping[int, str]
    unlabelled: int = 0

    @staticmethod
    def of(project: Project, item: Item, layer: Layer | None) -> "_Content":
        labels = np.zeros(item.shape, np.uint8) if layer is None else project.layers.read(layer, item.shape)
        if project.task != "instance":
            void = {UNLABELLED: UNLABELLED_NAME} if (labels == UNLABELLED).any() else {}
            return _Content(labels, _class_names(project) | void)
        instances = _instances(project, item, layer)
        names = [one.name for one in project.classes]
        means = {
            id: names[value - 1] for id in instances.present if (value := int(instances.classes[id])) <= len(names)
        }
        return _Content(instances.ids, means, int(np.count_nonzero(labels == UNLABELLED)))


def _instances(project: Project, item: Item, layer: Layer | None) -> Instances:
    if layer is None:
        return Instances(np.zeros(item.shape, np.uint16), np.zeros(1, np.uint8))
    if layer.kind == "prediction":
        return objects_of_prediction(project, layer, project.layers.read(layer, item.shape))
    return project.layers.read_instances(layer, item.shape)


def _about(item: Item | None, means: Mapping[int, str]) -> dict[str, object]:
    values = {"0": "background", **{str(id): name for id, name in means.items()}}
    return {"item": item.name if item is not None else None, "values": values}


def _write_coco(
    project: Project,
    chosen: Sequence[tuple[Item, Layer | None]],
    known: Sequence[NDArray[np.bool_]],
    path: Path,
) -> Work[list[tuple[Item, EngineError]]]:
    """One file of all pictures; those that cannot be in it come back. Raises EngineError where none can."""
    images, failed = list[coco.CocoImage](), list[tuple[Item, EngineError]]()
    listed = _file_names([item for item, _ in chosen])
    for number, ((item, layer), slices, name) in enumerate(zip(chosen, known, listed, strict=True)):
        yield Progress(number, len(chosen), item.name)
        try:
            if item.shape[0] > 1:
                raise EngineError(
                    translatable("COCO knows pictures, and {name} is a volume."),
                    translatable("Export it as NIfTI."),
                    name=item.name,
                )
            images.append(coco.CocoImage(name, _instances(project, item, layer), bool(slices.all())))
            unlabelled = 0 if layer is None else np.count_nonzero(project.layers.read(layer, item.shape) == UNLABELLED)
            if unlabelled:
                yield Notice(_UNLABELLED, {"name": item.name, "count": int(unlabelled)})
        except EngineError as fault:
            failed.append((item, fault))
            yield Notice(translatable("{name} was not written: {reason}"), {"name": item.name, "reason": str(fault)})
    if not images:
        raise failed[0][1]
    coco.write(path, images, project.classes)
    return failed


def _file_names(items: Sequence[Item]) -> list[str]:
    """What a COCO file calls the images: their files' names, with the folders below the one that holds all where names meet."""
    files = [os.fsencode(item.source.files[0]).decode("utf-8", "replace") for item in items]
    names = [os.path.basename(file) for file in files]
    if len(set(names)) == len(names):
        return names
    try:
        return [os.path.relpath(file, os.path.commonpath(files)).replace(os.sep, "/") for file in files]
    except ValueError:  # on several drives
        return names


def _write(
    item: Item,
    labels: NDArray[np.uint8] | NDArray[np.uint16],
    paths: Sequence[Path],
    labelled: NDArray[np.bool_],
    empty: bool,
) -> Iterator[Path]:
    """Each file as it is done; of pictures those of `labelled` slices, or all with `empty`."""
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


def _known(item: Item, layer: Layer | None, labelled: Mapping[int, frozenset[int]] | None) -> NDArray[np.bool_]:
    """Of each slice whether the layer speaks of it: a prediction does of all, where there is one."""
    slices = labelled.get(item.id, ()) if labelled is not None else range(0 if layer is None else item.shape[0])
    return np.isin(np.arange(item.shape[0]), list(slices))


def _of_slices(paths: Sequence[Path], known: NDArray[np.bool_]) -> list[Path]:
    return [path for path, kept in zip(paths, known, strict=True) if kept]


def _with_list(paths: list[Path], known: NDArray[np.bool_]) -> list[Path]:
    return paths if known.all() else [*paths, paths[0].with_name(paths[0].name.removesuffix(".nii.gz") + ".json")]


def _list(known: NDArray[np.bool_]) -> str:
    """Which slices along the file's third axis are labelled, counted from 0."""
    return json.dumps({"slices": len(known), "labelled": np.flatnonzero(known).tolist()}, indent=2)


def _targets(
    format: str, out: Path, items: Sequence[Item], known: Sequence[NDArray[np.bool_]], *, empty: bool
) -> list[list[Path]]:
    """The files of each item: one (with its list where slices are not `known`), or one a slice that is, or all with `empty`; all of
    different names. COCO is one file of all."""
    if format == "coco":
        return [[out / COCO_FILE]]
    ending = ".nii.gz" if format == "nifti" else ".png"
    stems = names.unique([names.safe_name(item.name, _ROOM) for item in items], _ROOM)
    parts = [
        [stem] if format == "nifti" or item.shape[0] == 1 else _slices(stem, item.shape[0])
        for item, stem in zip(items, stems, strict=True)
    ]
    unlike = iter(names.unique([name for group in parts for name in group], names.LONGEST - len(ending)))
    targets = [[out / f"{next(unlike)}{ending}" for _ in group] for group in parts]
    if format == "nifti":
        return [_with_list(paths, slices) for paths, slices in zip(targets, known, strict=True)]
    return targets if empty else [_of_slices(paths, slices) for paths, slices in zip(targets, known, strict=True)]


def _slices(stem: str, count: int) -> list[str]:
    width = len(str(count))
    return [f"{stem}_{z + 1:0{width}d}" for z in range(count)]
