"""Verbs about the data: new, import, split, check, augment, export."""

import argparse
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from app.cli.output import Output, Verbs, add_json, add_overwrite, how_many, printable, verb
from engine import atomic
from engine.augment.advice import side_notices
from engine.augment.presets import load_preset, preset_for
from engine.augment.preview import fullest_slice
from engine.augment.sheet import sheet
from engine.config import AUTO, Split, Task
from engine.errors import EngineError
from engine.formats.export import Format, export
from engine.formats.names import safe_name
from engine.formats.targets import MANIFEST, check_targets, signed_png, write_manifest
from engine.imaging.geometry import display_flips, side_axis
from engine.imaging.read import read_image
from engine.imaging.windows import to_display
from engine.labels.classes import parse_classes
from engine.labels.sides import SIDE_RULES, Laterality, auto_rule, side_pairs
from engine.project.checks import Finding, check, mask_values
from engine.project.coco_shapes import parse_categories
from engine.project.companions import images_of_one_case
from engine.project.ct_values import note_values_of_ct
from engine.project.folders import folder_sets
from engine.project.importing import ImportPlan, import_images, parse_values
from engine.project.items import Item
from engine.project.mask_edits import as_found
from engine.project.mask_files import Meanings, check_words
from engine.project.mask_import import MaskPlan, import_masks
from engine.project.project import Project
from engine.project.splits import SETS, divide, divide_by_folders, keep_twins, leaks, parse_ratios, read_table
from engine.project.tables import Headers

_SHOWN = 3  # names or groups; more are counted
_ONNX = "onnx"


def add_verbs(verbs: Verbs) -> None:
    for add in (_add_new, _add_import, _add_split, _add_check, _add_augment, _add_export):
        add(verbs)


def _add_new(verbs: Verbs) -> None:
    new = verb(verbs, "new", _new, "Make an empty project.", "contorno new lungs.contorno --task binary --classes lung")
    new.add_argument("project", type=Path)
    new.add_argument("--task", choices=get_args(Task), default="multiclass")
    new.add_argument("--classes", required=True, help='names, with a colour on wish: "lung,heart:#ff0000"')
    add_json(new)


def _new(args: argparse.Namespace, out: Output) -> None:
    with Project.create(args.project, args.task, parse_classes(args.classes)) as project:
        path = printable(str(project.path))
        out.result({"project": path, "task": project.task}, path)


def _add_columns(parser: argparse.ArgumentParser, value: str) -> None:
    parser.add_argument("--item-column", default="", metavar="NAME", help="what the CSV calls its column item")
    parser.add_argument(
        f"--{value}-column", dest="value_column", default="", metavar="NAME", help=f"and its column {value}"
    )


def _add_import(verbs: Verbs) -> None:
    bring = verb(
        verbs,
        "import",
        _import,
        "Bring images, and masks or classes, into a project. Nothing is copied. Without images, masks go to those that are there.",
        "contorno import lungs.contorno images/ --masks masks/ --values 0=background,255=lung",
    )
    bring.add_argument("project", type=Path)
    bring.add_argument("paths", type=Path, nargs="*", metavar="PATH", help="files and folders of images")
    bring.add_argument("--masks", type=Path, help="folder or file of masks, matched by name")
    bring.add_argument(
        "--coco",
        type=Path,
        action="append",
        help="COCO file whose annotations become masks; may be given several times",
    )
    bring.add_argument(
        "--categories", metavar="MAP", help='which category of it is which class: "nucleus=cell,dirt=background"'
    )
    bring.add_argument("--new-classes", action="store_true", help="make a class for each category that has none")
    bring.add_argument("--labels", type=Path, help="CSV with the columns item and class")
    _add_columns(bring, "class")
    bring.add_argument(
        "--split",
        choices=("train", "val", "test", "folders"),
        default="",
        help="folders: by train/, val/, test/ and the like",
    )
    bring.add_argument("--patient-from", default="", metavar="REGEX", help="takes the patient out of the item's name")
    bring.add_argument(
        "--modality", default="", help="what all of them are, whatever their files say: CT (then in HU), MR"
    )
    bring.add_argument(
        "--values",
        help='what the mask values mean: "0=background,128=cytoplasm,255=unlabelled"; of files of one class each, their names: "kidney_left=kidney"',
    )
    bring.add_argument(
        "--class",
        dest="object_class",
        default="",
        metavar="NAME",
        help="what the objects of label images are (instance)",
    )
    bring.add_argument("--others", choices=("background",), help="take all other mask values as background")
    bring.add_argument(
        "--overwrite", action="store_true", help="without images: replace masks that are there (can be undone)"
    )
    add_json(bring)


def _import(args: argparse.Namespace, out: Output) -> int:
    values = parse_values(args.values) if args.values else None
    _check_companions(args)
    if not args.paths and args.modality and args.masks is None:
        return _set_modality(args, out)
    there = not args.paths  # what is brought in is for the items of the project
    if there and not (args.coco or args.labels):
        return _import_masks(args, values, out)
    plan = ImportPlan(
        paths=tuple(args.paths),
        masks=args.masks,
        values=values,
        others_background=args.others == "background",
        split="" if args.split == "folders" else args.split,
        split_from_folders=args.split == "folders",
        patient_from=args.patient_from,
        labels=args.labels,
        headers=Headers(args.item_column, args.value_column),
        coco=tuple(args.coco or ()),
        categories=parse_categories(args.categories or ""),
        make_classes=args.new_classes,
        modality=args.modality,
        object_class=args.object_class,
        bring=True,
        replaces=args.overwrite,
    )
    with Project.open(args.project) as project:
        check_words(values, project.classes)
        if there:
            plan = replace(plan, found=tuple(as_found(item) for item in project.items.all()), unlikely={})
        done = out.run(import_images(project, plan))
    for one in done.refused:
        out.say(f"not read: {one.file}: {one.reason}")
    refused = [{"file": printable(r.file), "reason": printable(r.reason)} for r in done.refused]
    notes = [{"item": printable(item.name), "note": note.text} for item in done.added for note in item.notes]
    again = {"found_again": done.found_again} if done.found_again else {}
    again |= {"brought": len(done.brought)} if done.brought or there else {}
    text = f"{len(done.added)} added, {len(refused)} refused"
    if done.brought or there:
        text = f"{len(done.brought)} got a mask or a class, {text}"
    out.result({"added": len(done.added), "refused": refused, "notes": notes, **again}, text)
    return 0 if done.added or done.found_again or done.brought else 1


def _check_companions(args: argparse.Namespace) -> None:
    """Options that mean nothing without another one are not passed over."""
    masks, coco, labels = args.masks is not None, args.coco is not None, args.labels is not None
    for option, given, other, there in (
        ("--values", args.values, "--masks", masks),
        ("--class", args.object_class, "--masks", masks),
        ("--others", args.others, "--masks or --coco", masks or coco),
        ("--categories", args.categories, "--coco", coco),
        ("--new-classes", args.new_classes, "--coco", coco),
        ("--item-column", args.item_column, "--labels", labels),
        ("--class-column", args.value_column, "--labels", labels),
        ("--overwrite", args.overwrite, "--masks or --coco and without images", (masks or coco) and not args.paths),
        *(
            (option, given, "images to bring in", bool(args.paths))
            for option, given in (
                ("--split", args.split),
                ("--patient-from", args.patient_from),
            )
        ),
    ):
        if given and not there:
            args.wrong(f"{option} goes with {other}")


def _set_modality(args: argparse.Namespace, out: Output) -> int:
    with Project.open(args.project) as project:
        items = project.items.all()
        project.items.set_modality([item.id for item in items], args.modality)
        noted = out.run(note_values_of_ct(project, [item.id for item in items]))
    notes = [{"item": printable(item.name), "note": noted[item.id].text} for item in items if item.id in noted]
    out.result({"changed": len(items), "notes": notes}, f"{len(items)} items are {args.modality.strip().upper()} now")
    return 0


def _import_masks(args: argparse.Namespace, values: Meanings | None, out: Output) -> int:
    if args.masks is None:
        args.wrong("name images to bring in, or what to bring to those that are there (--masks, --coco or --labels)")
    plan = MaskPlan(args.masks, values, args.others == "background", args.overwrite, args.object_class)
    with Project.open(args.project) as project:
        check_words(values, project.classes)
        done = out.run(import_masks(project, plan))
    for one in done.refused:
        out.say(f"not taken: {one.file}: {one.reason}")
    refused = [{"file": printable(r.file), "reason": printable(r.reason)} for r in done.refused]
    out.result(
        {"added": 0, "masks": len(done.changed), "refused": refused},
        f"{len(done.changed)} masks brought in, {len(refused)} refused",
    )
    return 0 if done.changed else 1


def _add_split(verbs: Verbs) -> None:
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
    split.add_argument(
        "--folders",
        action="store_true",
        help="with --ratios: folders called train, test and the like are the sets, and validation is drawn from what is not test",
    )
    _add_columns(split, "split")
    split.add_argument("--by", choices=("patient", "item"), default="patient", help="twins stay together in both")
    split.add_argument(
        "--keep",
        choices=SETS,
        action="append",
        default=[],
        help="a set that stays as it is: a published test set, validation being drawn from the rest",
    )
    split.add_argument("--seed", type=int, default=0)
    add_json(split)


def _split(args: argparse.Namespace, out: Output) -> None:
    if args.folders and (args.keep or args.ratios is None):
        args.wrong("--folders goes with --ratios, and keeps the sets of the folders itself")
    if args.table is not None and args.keep:
        args.wrong("--keep goes with --ratios: a table says the set of every item")
    with Project.open(args.project) as project:
        items = project.items.all()
        if args.table is not None:
            splits, unmatched = read_table(args.table, items, Headers(args.item_column, args.value_column))
            if unmatched:
                out.say(f"{unmatched} {'row is' if unmatched == 1 else 'rows are'} about no item")
        else:
            splits = _divided(args, project, items, out)
        project.items.set_splits(splits)
        items = project.items.all()
    if leaked := leaks(items):
        out.say(f"Patients in more than one set: {', '.join(sorted(leaked))}")
    counts = {name: sum(s == name for s in splits.values()) for name in SETS}
    out.result(counts, "  ".join(f"{name} {count}" for name, count in counts.items()))


def _divided(args: argparse.Namespace, project: Project, items: Sequence[Item], out: Output) -> dict[int, Split]:
    """A set for every item, after a look at the images and masks; what was kept together or has to stay out is said."""
    twins = out.run(keep_twins(project))
    labelled = project.layers.masked() if project.task != "classification" else set()
    held = {id: values for id, values in out.run(mask_values(project)).items() if id in labelled}
    ratios, by_patient = parse_ratios(args.ratios), args.by == "patient"
    if args.folders:
        folders = folder_sets(items)
        if not folders:
            raise EngineError(
                "The folders of the images name no sets.",
                "Folders called train and test, or the like, are known; divide without them otherwise.",
            )
        ids = [item.id for item in items]
        splits = divide_by_folders(
            items, ids, folders, ratios, args.seed, by_patient=by_patient, twins=twins, held=held
        )
    else:
        if not args.keep and (named := folder_sets(items)):
            told = ", ".join(f"{name} {count}" for name in SETS if (count := list(named.values()).count(name)))
            out.say(
                f"The folders of the images name sets ({told}), which are mixed now: --folders takes them as they are"
            )
        splits = divide(items, ratios, args.seed, by_patient=by_patient, twins=twins, held=held, keep=args.keep)
    if twins:
        names = {item.id: item.name for item in items}
        groups = "; ".join(", ".join(names[id] for id in group) for group in twins[:_SHOWN])
        more = f"; and {len(twins) - _SHOWN} more groups" if len(twins) > _SHOWN else ""
        out.say(f"The same images, but for noise, are kept in one set: {groups}{more}")
    if by_patient and (cases := images_of_one_case(items)):
        names = {item.id: item.name for item in items}
        groups = "; ".join(", ".join(names[id] for id in group) for group in cases[:_SHOWN])
        more = f"; and {len(cases) - _SHOWN} more" if len(cases) > _SHOWN else ""
        out.say(f"Images of one case, by their names, are kept in one set: {groups}{more}")
    if by_patient and (unknown := sum(not item.patient for item in items)):
        which = "any item" if unknown == len(items) else f"{unknown} of {len(items)} items"
        out.say(
            f"No patient is known of {which}: images of one may be in several sets (import --patient-from tells them by names)"
        )
    if unassigned := sum(not split for split in splits.values()):
        text = "1 item belongs" if unassigned == 1 else f"{unassigned} items belong"
        which = "test" if args.folders else "kept"
        out.say(f"{text} together with the {which} set and {'is' if unassigned == 1 else 'are'} in no set")
    for name in SETS:
        patients = {item.patient for item in items if item.patient and splits[item.id] == name}
        if len(patients) == 1 and args.by == "patient":
            out.say(f"{name}: 1 patient only")
    return splits


_DIVIDE = "contorno split {project} --ratios 70/15/15"
_OPEN = "contorno open {project}"
_FIXES = {
    **dict.fromkeys(("leak", "unsplit", "empty_set", "unlearnt", "torn"), _DIVIDE),
    "one_patient": f"{_DIVIDE} --by item",
    "missing": f"contorno import {{project}} FOLDER, where they lie now, or {_OPEN} (Data: Find)",
    "exchanged": f"{_OPEN} (Data: Read again)",
    **dict.fromkeys(("no_scan", "duplicate", "twins"), f"{_OPEN} (Data: Remove)"),
    **dict.fromkeys(
        ("half", "unmasked", "empty", "void_alone", "absent"),
        f"{_OPEN} (Label), or contorno import {{project}} --masks FOLDER",
    ),
    **dict.fromkeys(("broken", "values"), "contorno import {project} --masks FOLDER --overwrite"),
    **dict.fromkeys(("unlabelled", "contradiction"), f"{_OPEN} (Data: digit keys)"),
}
"""What helps against a finding, by its kind."""


def _fix(finding: Finding, project: Path, task: str) -> str:
    across = finding.level == "wrong" and finding.kind in ("duplicate", "twins")
    fix = _DIVIDE if across else _FIXES.get(finding.kind, "")
    if task == "classification":
        fix = fix.replace("--masks FOLDER", "--labels TABLE.csv").replace("(Label)", "(Data: digit keys)")
    return fix.format(project=shlex.quote(str(project)))


def _add_check(verbs: Verbs) -> None:
    look = verb(verbs, "check", _check, "Say what is wrong with the data.", "contorno check lungs.contorno")
    look.add_argument("project", type=Path)
    add_json(look)


def _check(args: argparse.Namespace, out: Output) -> None:
    with Project.open(args.project, write=False) as project:
        found = out.run(check(project))
        names, task = {item.id: item.name for item in project.items.all()}, project.task
    rows = [
        {
            "level": f.level,
            "kind": f.kind,
            "message": f.text,
            "items": [names[i] for i in f.items],
            "mend": printable(_fix(f, args.project, task)),
        }
        for f in found
    ]
    lines = [printable(f"{f.level}: {f.text}") + _named(f, names) for f in found]
    helps = dict.fromkeys(str(row["mend"]) for row in rows if row["mend"])
    lines += ["", "What helps:", *(f"  {one}" for one in helps)] if helps else []
    out.result(rows, "\n".join(lines) or "Nothing is wrong with the data.")


def _named(finding: Finding, names: Mapping[int, str]) -> str:
    """The first items of a finding that does not name them itself."""
    told = [printable(names[id]) for id in finding.unnamed]
    more = ", …" if len(told) > _SHOWN else ""
    return f" ({', '.join(told[:_SHOWN])}{more})" if told and finding.kind != "one_patient" else ""


def _add_augment(verbs: Verbs) -> None:
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
    augment.add_argument("--sides", choices=SIDE_RULES, help="what becomes of left and right in mirror images")
    augment.add_argument("--out", type=Path, required=True)
    add_overwrite(augment)
    add_json(augment)


def _augment(args: argparse.Namespace, out: Output) -> None:
    if args.out.suffix.lower() != ".png":
        raise EngineError(
            "The picture is written as PNG, and {name} would be called otherwise.",
            "Give it a name that ends in .png.",
            name=args.out.name,
        )
    with Project.open(args.project, write=False) as project:
        item = project.items.named(args.item)
        layer = project.layers.mask(item.id)
        mask = None if layer is None else project.layers.read(layer, item.shape)
        colors, names = [c.color for c in project.classes], [c.name for c in project.classes]
        items = project.items.all()
        check_targets([args.out], [file for one in items for file in one.source.files], overwrite=args.overwrite)
        color = any(one.color for one in items)
        augmentation = load_preset(preset_for(project.task, args.preset, color=color))
        image = read_image(item.present())
    z = len(image.pixels) // 2 if mask is None else fullest_slice(mask)
    picture = to_display(image.pixels[z], image.window, image.inverted)
    flips = display_flips(image.geometry)
    rule = auto_rule(names) if args.sides is None else args.sides
    axis = side_axis(image.geometry)
    for notice in side_notices(names, augmentation, rule, (axis,)):
        out.say(notice.text)
    sides, labels = Laterality(side_pairs(names), rule), None if mask is None else mask[z]
    drawn = sheet(picture, labels, colors, augmentation, args.seed, flips=flips, sides=sides, side_axis=axis)
    write_png(args.out, drawn)
    out.result({"files": [printable(str(args.out))]}, printable(str(args.out)))


def write_png(path: Path, picture: NDArray[np.uint8]) -> None:
    """An RGB or grey uint8 picture as a PNG file."""
    import cv2

    atomic.make_folder(path.absolute().parent)
    atomic.clear_leftovers(path.absolute().parent)
    done, data = cv2.imencode(".png", picture[..., ::-1] if picture.ndim == 3 else picture)
    if not done:
        raise EngineError("The picture {name} could not be encoded.", name=path.name)
    atomic.write(path, signed_png(data.tobytes()))


def _add_export(verbs: Verbs) -> None:
    out = verb(
        verbs,
        "export",
        _export,
        "Write masks or predictions as files, or a run's network as ONNX.",
        "contorno export lungs.contorno --format png --layer mask out/",
    )
    out.add_argument("project", type=Path)
    out.add_argument("out", type=Path)
    out.add_argument("--format", choices=(*get_args(Format), _ONNX), default="png")
    out.add_argument(
        "--layer", default="mask", help="mask, or the name of a run; onnx: the run whose network is written"
    )
    out.add_argument("--split", choices=("train", "val", "test"))
    out.add_argument(
        "--empty", action="store_true", help="write items and slices that nobody labelled too, as background"
    )
    add_overwrite(out)
    add_json(out)


def _export(args: argparse.Namespace, out: Output) -> None:
    if args.format == _ONNX:
        _export_network(args, out)
        return
    with Project.open(args.project, write=False) as project:
        work = export(
            project, args.format, args.out, args.layer, args.split, empty=args.empty, overwrite=args.overwrite
        )
        done = out.run(work)
    result: dict[str, object] = {"files": [printable(str(f)) for f in done.files]}
    if done.failed:
        result["failed"] = [{"item": printable(item.name), "reason": printable(str(why))} for item, why in done.failed]
    missing = f", {len(done.failed)} items failed" if done.failed else ""
    out.result(result, f"{how_many(len(done.files), 'file')} in {printable(str(args.out))}{missing}")


def _export_network(args: argparse.Namespace, out: Output) -> None:
    if args.layer == "mask" or args.split or args.empty:
        args.wrong("--format onnx goes with --layer RUN alone: it writes that run's network")
    with Project.open(args.project, write=False) as project:
        run = project.runs.get(args.layer)
    file = args.out / f"{safe_name(run.name)}.onnx"
    check_targets([file], overwrite=args.overwrite)
    from engine.learning.onnx import export_onnx

    atomic.make_folder(args.out)
    side = export_onnx(run.model(), file)
    keep_manifest(args.out, {file.name: {"run": printable(run.name)}}, out)
    out.result({"files": [printable(str(file))], "side": side}, f"{printable(str(file))}, for images of {side} px")


def value_names(classes: Iterable[str]) -> dict[str, str]:
    """What each value of a written mask means."""
    return {"0": "background", **{str(place): printable(name) for place, name in enumerate(classes, 1)}}


def keep_manifest(folder: Path, files: Mapping[str, Mapping[str, object]], out: Output) -> None:
    """Leave beside the results what each was made from."""
    if write_manifest(folder, {printable(name): about for name, about in files.items()}) is None:
        out.say(f"{MANIFEST} in {folder} is of another program and was left alone: the list of files was not written.")
