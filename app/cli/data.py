"""Verbs about the data: new, import, split, check, augment, export."""

import argparse
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from app.cli.output import Output, Verbs, add_json, printable, verb
from engine import atomic
from engine.augment.presets import load_preset, preset_for
from engine.augment.sheet import sheet
from engine.config import AUTO, Task
from engine.errors import EngineError
from engine.formats.export import Format, export
from engine.imaging.read import read_image
from engine.imaging.windows import to_display
from engine.labels.classes import parse_classes
from engine.project.checks import check
from engine.project.importing import ImportPlan, import_images, parse_values
from engine.project.project import Project
from engine.project.splits import divide, leaks, parse_ratios, read_table


def add_verbs(verbs: Verbs) -> None:
    new = verb(verbs, "new", _new, "Make an empty project.", "contorno new lungs.contorno --task binary --classes lung")
    new.add_argument("project", type=Path)
    new.add_argument("--task", choices=get_args(Task), default="multiclass")
    new.add_argument("--classes", required=True, help='names, with a colour on wish: "lung,heart:#ff0000"')
    add_json(new)

    bring = verb(
        verbs,
        "import",
        _import,
        "Bring images, and masks or classes, into a project. Nothing is copied.",
        "contorno import lungs.contorno images/ --masks masks/ --values 0=background,255=lung",
    )
    bring.add_argument("project", type=Path)
    bring.add_argument("paths", type=Path, nargs="+", metavar="PATH", help="files and folders")
    bring.add_argument("--masks", type=Path, help="folder or file of masks, matched by name")
    bring.add_argument("--coco", type=Path, help="COCO file whose annotations become masks")
    bring.add_argument("--labels", type=Path, help="CSV with the columns item and class")
    bring.add_argument("--split", choices=("train", "val", "test"), default="")
    bring.add_argument("--patient-from", default="", metavar="REGEX", help="takes the patient out of the item's name")
    bring.add_argument("--values", help='what the mask values mean: "0=background,128=cytoplasm"')
    bring.add_argument("--others", choices=("background",), help="take all other mask values as background")
    add_json(bring)

    split = verb(
        verbs,
        "split",
        _split,
        "Divide the items into train, val and test.",
        "contorno split lungs.contorno --ratios 70/15/15 --by patient",
    )
    split.add_argument("project", type=Path)
    how = split.add_mutually_exclusive_group(required=True)
    how.add_argument("--ratios", help="shares of train, val and test: 70/15/15")
    how.add_argument("--from", dest="table", type=Path, help="CSV with the columns item and split")
    split.add_argument("--by", choices=("patient", "item"), default="patient")
    split.add_argument("--seed", type=int, default=0)
    add_json(split)

    look = verb(verbs, "check", _check, "Say what is wrong with the data.", "contorno check lungs.contorno")
    look.add_argument("project", type=Path)
    add_json(look)

    augment = verb(
        verbs,
        "augment",
        _augment,
        "Draw what augmentation does to an item.",
        "contorno augment lungs.contorno case_12 --seed 3 --out sheet.png",
    )
    augment.add_argument("project", type=Path)
    augment.add_argument("item")
    augment.add_argument("--preset", default=AUTO, help="a preset's name or file; auto: the one for the task")
    augment.add_argument("--seed", type=int, default=0)
    augment.add_argument("--out", type=Path, required=True)
    add_json(augment)

    out = verb(
        verbs,
        "export",
        _export,
        "Write masks or predictions as files.",
        "contorno export lungs.contorno --format png --layer mask out/",
    )
    out.add_argument("project", type=Path)
    out.add_argument("out", type=Path)
    out.add_argument("--format", choices=get_args(Format), default="png")
    out.add_argument("--layer", default="mask", help="mask, or the name of a run")
    out.add_argument("--split", choices=("train", "val", "test"))
    out.add_argument(
        "--empty", action="store_true", help="write items and slices that nobody labelled too, as background"
    )
    add_json(out)


def _new(args: argparse.Namespace, out: Output) -> None:
    with Project.create(args.project, args.task, parse_classes(args.classes)) as project:
        path = printable(str(project.path))
        out.result({"project": path, "task": project.task}, path)


def _import(args: argparse.Namespace, out: Output) -> int:
    plan = ImportPlan(
        paths=tuple(args.paths),
        masks=args.masks,
        values=parse_values(args.values) if args.values else None,
        others_background=args.others == "background",
        split=args.split,
        patient_from=args.patient_from,
        labels=args.labels,
        coco=args.coco,
    )
    with Project.open(args.project) as project:
        done = out.run(import_images(project, plan))
    for one in done.refused:
        out.say(f"not read: {one.file}: {one.reason}")
    refused = [{"file": printable(r.file), "reason": printable(r.reason)} for r in done.refused]
    notes = [{"item": printable(item.name), "note": note.text} for item in done.added for note in item.notes]
    out.result(
        {"added": len(done.added), "refused": refused, "notes": notes},
        f"{len(done.added)} added, {len(refused)} refused",
    )
    return 0 if done.added else 1


def _split(args: argparse.Namespace, out: Output) -> None:
    with Project.open(args.project) as project:
        items = project.items.all()
        if args.table is not None:
            splits, strangers = read_table(args.table, items)
            if strangers:
                out.say(f"{strangers} {'row is' if strangers == 1 else 'rows are'} about no item")
        else:
            splits = divide(items, parse_ratios(args.ratios), args.seed, by_patient=args.by == "patient")
        project.items.set_splits(splits)
        torn = leaks(project.items.all())
    if torn:
        out.say(f"Patients in more than one set: {', '.join(sorted(torn))}")
    counts = {name: sum(s == name for s in splits.values()) for name in ("train", "val", "test")}
    out.result(counts, "  ".join(f"{name} {count}" for name, count in counts.items()))


def _check(args: argparse.Namespace, out: Output) -> None:
    with Project.open(args.project, write=False) as project:
        found = out.run(check(project))
        names = {item.id: item.name for item in project.items.all()}
    rows = [{"level": f.level, "kind": f.kind, "message": f.text, "items": [names[i] for i in f.items]} for f in found]
    text = "\n".join(f"{f.level}: {f.text}" for f in found) or "Nothing is wrong with the data."
    out.result(rows, printable(text) if len(found) < 2 else "\n".join(map(printable, text.split("\n"))))


def _augment(args: argparse.Namespace, out: Output) -> None:
    with Project.open(args.project, write=False) as project:
        item = project.items.named(args.item)
        layer = project.layers.mask(item.id)
        mask = None if layer is None else project.layers.read(layer, item.shape)
        colors = [c.color for c in project.classes]
        recipe = load_preset(preset_for(project.task, args.preset))
        image = read_image(item.present())
    middle = len(image.pixels) // 2 if mask is None else int(np.argmax(mask.astype(bool).sum(axis=(1, 2))))
    picture = to_display(image.pixels[middle], image.window, image.inverted)
    drawn = sheet(picture, None if mask is None else mask[middle], colors, recipe, args.seed)
    write_png(args.out, drawn)
    out.result({"files": [printable(str(args.out))]}, printable(str(args.out)))


def write_png(path: Path, picture: NDArray[np.uint8]) -> None:
    """An RGB or grey uint8 picture as a PNG file."""
    import cv2

    atomic.make_folder(path.absolute().parent)
    done, data = cv2.imencode(".png", picture[..., ::-1] if picture.ndim == 3 else picture)
    if not done:
        raise EngineError("The picture {name} could not be encoded.", name=path.name)
    atomic.write(path, data.tobytes())


def _export(args: argparse.Namespace, out: Output) -> None:
    with Project.open(args.project, write=False) as project:
        files = out.run(export(project, args.format, args.out, args.layer, args.split, empty=args.empty))
    out.result({"files": [printable(str(f)) for f in files]}, f"{len(files)} files in {printable(str(args.out))}")
