"""Verbs about learning: train, predict, evaluate, compare, explain. torch is loaded by the verb that needs it."""

import argparse
import os
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.data import keep_manifest, value_names, write_png
from app.cli.output import Output, Verbs, add_json, add_overwrite, how_many, printable, verb
from app.cli.running import run_training
from app.cli.settings import add_settings, asked_settings
from engine import atomic
from engine.catalog import check_task
from engine.config import AUTO, DEVICES, OBJECTS, PredictConfig, TrainConfig, without_paths
from engine.errors import EngineError
from engine.formats import names, nifti, png
from engine.formats.spreadsheet import csv_bytes
from engine.formats.targets import check_targets
from engine.imaging.scan import Found
from engine.imaging.values import color_number
from engine.learning.explanations import EXPLANATIONS, ExplanationRequest
from engine.project.folders import scan_named
from engine.project.importing import said_of_found
from engine.project.items import Item
from engine.project.project import Project
from engine.project.reports import write_report
from engine.scoring.classify import ClassificationScores
from engine.scoring.compare import compare_folders
from engine.scoring.metrics import SetScores, to_json
from engine.scoring.report import classification_table, segmentation_table

if TYPE_CHECKING:
    from engine.learning.bundle import ModelCard
    from engine.learning.explaining import Explained
    from engine.learning.predict import FilePredicted

_ROOM = names.LONGEST - len(".nii.gz")


def add_verbs(verbs: Verbs) -> None:
    for add in (_add_train, _add_predict, _add_evaluate, _add_compare, _add_explain):
        add(verbs)


def _values(word: str) -> tuple[int, ...]:
    try:
        return tuple(
            color_number(int(part[1:], 16)) if re.fullmatch("#[0-9a-fA-F]{6}", part) else int(part)
            for part in word.split(",")
        )
    except ValueError:
        text = f"{word} is not a list of values: write for example 255, 11,255 or #ff0000"
        raise argparse.ArgumentTypeError(text) from None


def _place(word: str) -> tuple[int, int, int]:
    """(slice, row, column); the slice is -1 where it is left out."""
    try:
        slice_, row, column = map(int, word.split(",") if word.count(",") == 2 else f"-1,{word}".split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{word} is not a place: write row,column, for example 120,80") from None
    return slice_, row, column


def _add_train(verbs: Verbs) -> None:
    train = verb(
        verbs,
        "train",
        _train,
        "Train a network on a project's masks or classes.",
        "contorno train lungs.contorno --minutes 10",
    )
    train.add_argument("project", type=Path)
    train.add_argument("--arch", help="see contorno models; without it the Auto recipe chooses")
    train.add_argument("--from", dest="start_from", metavar="RUN", help="fine-tune the network of an earlier run")
    train.add_argument("--epochs", type=int)
    train.add_argument("--minutes", type=float)
    add_settings(train, "any other setting")
    train.add_argument("--name", default="", metavar="RUN")
    train.add_argument("--resume", metavar="RUN", help="go on with a run that was stopped or killed")
    train.add_argument("--plan", action="store_true", help="say what Auto chooses and why, with timings; train nothing")
    add_json(train)


def _train(args: argparse.Namespace, out: Output) -> None:
    config = asked_settings(args)
    if args.resume:
        _check_resumed(args, config)
    if args.plan:
        _plan(args, config, out)
        return
    with Project.open(args.project) as project:
        if args.resume:
            run = project.runs.get(args.resume)
            config = run.config
            if args.epochs or args.minutes:  # new limits take the place of the old ones, both of them
                config = replace(config, epochs=args.epochs or 0, minutes=args.minutes or 0.0)
            config = replace(config, device=args.device or config.device)
            project.runs.update(run, "training")
        else:
            check_task(config, project.task)
            if config.start_from:  # by its number, since the run may be renamed later
                config = replace(config, start_from=str(project.runs.get(config.start_from).id))
            run = project.runs.add(config, args.name)
        outcome = run_training(project, run, config, out, resume=bool(args.resume))
        metric = "val_accuracy" if project.task == "classification" else "val_mean_dice"
        if outcome.summary.ap50 is not None:
            metric = "val_ap50"
    score = outcome.summary.accuracy if metric == "val_accuracy" else outcome.score
    result = {
        "run": run.name,
        "bundle": printable(str(outcome.bundle)),
        "epochs": outcome.epochs,
        "seconds": outcome.seconds,
        metric: score,
    }
    shown = "n/a" if score is None else f"{score:.4f}"
    out.result(
        result,
        f"{run.name}: {how_many(outcome.epochs, 'epoch')}, {outcome.seconds:.0f} s, {metric.replace('_', ' ')} {shown}",
    )


def _check_resumed(args: argparse.Namespace, config: TrainConfig) -> None:
    """A run goes on as it began: other settings would be passed over."""
    if (
        args.plan
        or args.name
        or config != TrainConfig(epochs=config.epochs, minutes=config.minutes, device=config.device)
    ):
        args.wrong("--resume goes on with the settings of the run; only --epochs, --minutes and --device can be new")


def _plan(args: argparse.Namespace, config: TrainConfig, out: Output) -> None:
    from engine.augment.advice import side_notices
    from engine.augment.presets import load_preset
    from engine.learning.slices import not_learnt
    from engine.learning.train import plan

    found = out.run(plan(args.project, config))
    with Project.open(args.project, write=False) as project:
        missing = [notice.text for notice in out.run(not_learnt(project, config))]
        names, chosen = [one.name for one in project.classes], found.config
    timings = {str(side): round(rate, 2) for side, rate in found.timings}
    sides = side_notices(names, load_preset(chosen.preset), chosen.sides, found.side_axes)
    said = [notice.text for notice in (*found.said, *sides)]
    text = [*said, *missing, *(f"{side} px: {rate} images/s" for side, rate in timings.items())]
    text = text or [f"{found.config.arch} on images of {found.config.size} px."]
    settings = without_paths(found.config)
    about = {"settings": settings, "reasons": said, "not_learnt": missing, "images_per_second": timings}
    out.result(about, "\n".join(text))


def _add_predict(verbs: Verbs) -> None:
    predict = verb(
        verbs,
        "predict",
        _predict,
        "Predict items of a project, or files with a bundle.",
        "contorno predict lungs.contorno --run 'run 1' --split test",
    )
    predict.add_argument(
        "words", nargs="*", type=Path, metavar="PROJECT | IMAGE", help="the project, or images with --bundle"
    )
    predict.add_argument("--run", dest="run_name", metavar="RUN")
    predict.add_argument("--split", choices=("train", "val", "test"))
    predict.add_argument("--items", nargs="+", metavar="ITEM")
    predict.add_argument("--bundle", type=Path, help="a model.safetensors of a run; needs no project")
    predict.add_argument("--out", type=Path)
    add_overwrite(predict)
    predict.add_argument("--device", choices=DEVICES, default="auto")
    predict.add_argument("--flips", action="store_true", help="average over mirror images")
    add_json(predict)


def _predict(args: argparse.Namespace, out: Output) -> int:
    config = PredictConfig(device=args.device, flips=args.flips)
    if args.bundle is not None and (args.run_name or args.split or args.items):
        args.wrong("--run, --split and --items go with a project, and --bundle needs none")
    if args.bundle is None and (args.out is not None or args.overwrite):
        args.wrong("--out goes with --bundle: a project keeps its predictions, and export --layer RUN writes them")
    if args.split and args.items:
        args.wrong("name the items or their set, not both")
    if args.bundle is not None:
        return _predict_files(args, out, config)
    if len(args.words) != 1 or not args.run_name:
        args.wrong("name one project and one --run, or a --bundle, images and --out")
    with Project.open(args.words[0]) as project:
        run, items = project.runs.get(args.run_name), _chosen(project, args)
        done = _predict_into(project, run.name, [i.id for i in items], config, out)
    out.result({"run": run.name, "predicted": done}, f"{done} of {len(items)} predicted by {run.name}")
    return 0 if done or not items else 1


def _predict_into(project: Project, run_name: str, items: list[int], config: PredictConfig, out: Output) -> int:
    """Predict items and keep what comes; how many were predicted."""
    from engine.learning.predict import predict_items

    run = project.runs.get(run_name)
    return out.run(
        predict_items(project.path, run.name, items, config), lambda event: project.keep_prediction(run, event)
    )


def _to_score(project: Project, run_name: str, items: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """The labelled items, which alone can be scored: those that the run has predicted, and those that it has not yet."""
    run = project.runs.get(run_name)
    if project.task == "classification":
        labelled = [item for item in items if item.label is not None]
        seen = set(project.runs.probabilities(run))
    else:
        masked, seen = project.layers.masked(), project.layers.predicted(run.id)
        labelled = [item for item in items if item.id in masked]
    return [item for item in labelled if item.id in seen], [item for item in labelled if item.id not in seen]


def _chosen(project: Project, args: argparse.Namespace) -> list[Item]:
    if args.items:
        return [project.items.named(name) for name in args.items]
    return project.items.all(args.split)


def _predict_files(args: argparse.Namespace, out: Output, config: PredictConfig) -> int:
    from engine.learning.bundle import read_card
    from engine.learning.predict import predict_files

    if not args.words or args.out is None:
        args.wrong("name the images, and with --out a folder for the results")
    found = out.run(scan_named(args.words))
    for refused in found.refused:
        out.say(f"not read: {refused.file}: {refused.reason}")
    for note in said_of_found(found.found):
        out.say(note.text)
    if not found.found and not found.refused:
        out.say("No image was found here.")
    results = _Results(args.out, found.found, read_card(args.bundle), out)
    results.begin(overwrite=args.overwrite)
    out.run(predict_files(args.bundle, [one.source for one in found.found], config), results.take)
    files, about = results.end()
    out.result(about, f"{how_many(files, 'file')} in {printable(str(args.out))}")
    return 0 if files else 1


class _Results:
    """The folder that predictions of loose files go into: a mask beside each image's name, or one table of probabilities."""

    def __init__(self, folder: Path, found: Sequence[Found], card: "ModelCard", out: Output) -> None:
        self._folder, self._card, self._out = folder, card, out
        self._images = [file for one in found for file in one.source.files]
        stems = names.unique([names.safe_name(one.name, _ROOM) for one in found], _ROOM)
        self._targets = {
            one.source: folder / f"{stem}{'.png' if one.shape[0] == 1 else '.nii.gz'}"
            for one, stem in zip(found, stems, strict=True)
        }
        self._table = folder / "probabilities.csv"
        self._files: list[Path] = []
        self._rows: list[list[object]] = []
        self._inputs: dict[str, str] = {}
        self._objects: dict[str, dict[str, str]] = {}  # by file, what each of its objects is

    def begin(self, *, overwrite: bool) -> None:
        """Make the folder. EngineError where what would be written is there, or is one of the images."""
        tables = self._card.task == "classification"
        check_targets([self._table] if tables else self._targets.values(), self._images, overwrite=overwrite)
        atomic.make_folder(self._folder)
        atomic.clear_leftovers(self._folder)

    def take(self, event: "FilePredicted") -> None:
        """Write a mask at once; a row of the table waits for the others."""
        target, source = self._targets[event.source], printable(event.source.files[0])
        if event.labels is None:
            stem = target.name.removesuffix(".png").removesuffix(".nii.gz")
            self._inputs[stem] = source
            self._rows.append([stem, *map(float, event.probabilities if event.probabilities is not None else [])])
            return
        pixels = event.labels if event.objects is None else event.objects.ids
        try:
            if len(pixels) == 1:
                png.write(target, pixels[0])
            else:
                nifti.write(target, pixels, event.image.geometry)
        except EngineError as fault:  # the others may fit
            self._out.say(f"not written: {fault.text}")
            return
        self._files.append(target)
        self._inputs[target.name] = source
        if event.objects is not None:
            kinds = event.objects.classes
            named = {str(id): self._card.classes[kinds[id] - 1][0] for id in event.objects.present}
            self._objects[target.name] = {"0": "background", **named}

    def end(self) -> tuple[int, dict[str, object]]:
        """Write the table and the manifest; the number of files, and what is said of them, come back."""
        called = [name for name, _ in self._card.classes]
        if self._rows:
            self._files.append(self._table)
            atomic.write(self._table, csv_bytes([["item", *called], *self._rows]))
        inputs, values = _below_common_folder(self._inputs), value_names(called)
        about: dict[str, dict[str, object]] = {
            name: {"input": path, "values": self._objects.get(name, values)} for name, path in inputs.items()
        }
        if self._files:
            keep_manifest(self._folder, {self._table.name: {"inputs": inputs}} if self._rows else about, self._out)
        result: dict[str, object] = {"files": [printable(str(f)) for f in self._files], "inputs": self._inputs}
        return len(self._files), result if self._rows else {**result, "values": values}


def _below_common_folder(files: Mapping[str, str]) -> dict[str, str]:
    """The paths with no more folders than tell them apart: results are handed on. Those of several drives stay whole."""
    try:
        top = os.path.commonpath([os.path.dirname(path) for path in files.values()]) if files else ""
    except ValueError:
        return dict(files)
    return {name: os.path.relpath(path, top) for name, path in files.items()}


def _add_evaluate(verbs: Verbs) -> None:
    evaluate = verb(
        verbs,
        "evaluate",
        _evaluate,
        "Score a run's predictions against the masks or classes; what was not predicted yet is predicted first.",
        "contorno evaluate lungs.contorno --run 'run 1' --split test",
    )
    evaluate.add_argument("project", type=Path)
    evaluate.add_argument("--run", dest="run_name", metavar="RUN", required=True)
    evaluate.add_argument("--split", choices=("train", "val", "test", "all"), default="test")
    evaluate.add_argument("--rejected", action="store_true", help="score items that were rejected in the review too")
    evaluate.add_argument(
        "--objects",
        choices=OBJECTS,
        default=AUTO,
        help="score objects one by one: those that the run found (auto; in a project of objects else as Review was told, the connected parts at first), the connected parts of each class, or what a watershed tells apart",
    )
    add_json(evaluate)


def _evaluate(args: argparse.Namespace, out: Output) -> None:
    from engine.learning.evaluate import evaluate, evaluate_classes

    split = None if args.split == "all" else args.split
    with Project.open(args.project, write=False) as project:
        task = project.task
        items = project.items.all(split)
        wanted = [item for item in items if args.rejected or not item.rejected]
        ready, unseen = _to_score(project, args.run_name, wanted)
    if task == "classification" and args.objects != AUTO:
        args.wrong("--objects is for masks: this project classifies whole images")
    if len(wanted) < len(items):
        out.say(f"{how_many(len(items) - len(wanted), 'rejected item')} left out; with --rejected they are scored too")
    if unseen:
        with Project.open(args.project) as project:
            _predict_into(project, args.run_name, [item.id for item in unseen], PredictConfig(), out)
            ready, _ = _to_score(project, args.run_name, wanted)
    if taught := sum(item.split == "train" for item in ready):
        out.say(
            f"{taught} of {how_many(len(ready), 'item')} from the training set: their scores say nothing of new cases"
        )
    reads_test = any(item.split == "test" for item in ready)
    if reads_test:
        _say_readings(args, out)
    scores: SetScores | ClassificationScores
    if task == "classification":
        scores = evaluate_classes(args.project, args.run_name, split, with_rejected=args.rejected)
        out.result(scores.to_json(), classification_table(scores))
    else:
        work = evaluate(args.project, args.run_name, split, with_rejected=args.rejected, objects=args.objects)
        scores = out.run(work)
        out.result(to_json(scores), segmentation_table(scores, items=5))
    try:
        write_report(args.project, args.run_name, split, scores)
    except EngineError as fault:  # the scores stand all the same
        out.say(f"No report was kept: {fault.text}")
    if reads_test:
        _keep_reading(args, scores, sum(item.split == "test" for item in ready), out)


def _say_readings(args: argparse.Namespace, out: Output) -> None:
    """What was seen of the test set before."""
    with Project.open(args.project, write=False) as project:
        for note in project.runs.readings_so_far(project.runs.get(args.run_name)):
            out.say(note.text)


def _keep_reading(args: argparse.Namespace, scores: SetScores | ClassificationScores, tests: int, out: Output) -> None:
    """The numbers of the test set have been looked at: that is kept with the run, as where the window reads them."""
    value = scores.mean_dice if isinstance(scores, SetScores) else scores.accuracy
    alone = args.split == "test"
    try:
        with Project.open(args.project) as project:
            run = project.runs.get(args.run_name)
            project.runs.keep_test_reading(run, scores.n if alone else tests, value if alone else None)
    except EngineError as fault:
        out.say(f"It could not be kept that the test set was read: {fault.text}")


def _add_compare(verbs: Verbs) -> None:
    compare = verb(
        verbs, "compare", _compare, "Score any two folders of masks.", "contorno compare reference/ predicted/ --json"
    )
    compare.add_argument("reference", type=Path)
    compare.add_argument("predicted", type=Path)
    compare.add_argument(
        "--ignore",
        type=_values,
        default=(),
        metavar="VALUES",
        help="values of the reference to leave out: 255, #ff0000",
    )
    add_json(compare)


def _compare(args: argparse.Namespace, out: Output) -> None:
    scores = out.run(compare_folders(args.reference, args.predicted, ignore=args.ignore))
    out.result(to_json(scores), segmentation_table(scores, items=5))


def _add_explain(verbs: Verbs) -> None:
    explain = verb(
        verbs,
        "explain",
        _explain,
        "Draw where a network looked, for a class of the whole image, of its mask or of its objects.",
        "contorno explain xrays.contorno --run 'run 1' --method guided --check --out why/",
    )
    explain.add_argument("project", type=Path)
    explain.add_argument("--run", dest="run_name", metavar="RUN", required=True)
    explain.add_argument("--items", nargs="+", metavar="ITEM", help="without it, four cases of the test set")
    explain.add_argument("--method", default="gradcam", help=", ".join(EXPLANATIONS))
    explain.add_argument("--class", dest="target", default="", metavar="CLASS", help="without it, the predicted one")
    explain.add_argument(
        "--at",
        type=_place,
        metavar="ROW,COLUMN",
        help="masks and objects: one place, in px from the top left; or SLICE,ROW,COLUMN",
    )
    explain.add_argument("--check", action="store_true", help="whether the map changes where weights are shuffled")
    explain.add_argument("--out", type=Path, required=True)
    add_overwrite(explain)
    add_json(explain)


def _explain(args: argparse.Namespace, out: Output) -> None:
    from engine.learning.explaining import explain_items

    files = defaultdict[str, list[Path]](list)  # by the name of the item, which may be asked for twice
    kept: dict[str, dict[str, object]] = {}  # what each file was made from
    cases: list[dict[str, object]] = []
    held: list[Explained] = []

    def name_files(items: Sequence[str]) -> None:
        """All are looked at before one is written."""
        ending = f"_{args.method}"
        stems = names.unique([names.safe_name(name, _ROOM - len(ending)) + ending for name in items], _ROOM)
        for name, stem in zip(items, stems, strict=True):
            files[name].append(args.out / f"{stem}.png")
        check_targets([file for those in files.values() for file in those], images, overwrite=args.overwrite)

    def keep(event: "Explained") -> None:
        file = files[event.name].pop(0)
        check_targets([file], images, overwrite=args.overwrite)
        write_png(file, event.picture)
        kept[file.name] = {"item": printable(event.name)}
        case: dict[str, object] = {"file": printable(str(file)), "item": printable(event.name), "class": event.target}
        case |= {"share": event.share, "inside_mask": event.inside}
        inside = "" if event.inside is None else f", {event.inside:.0%} of the heat inside the mask"
        said = f"{printable(event.name)}: {event.target or 'background'}{inside}"
        if event.verdict is not None:
            case["rank_correlation"] = event.correlation
            said += f". {event.verdict.text}"
        cases.append(case)
        out.say(said)

    with Project.open(args.project, write=False) as project:
        images = [file for item in project.items.all() for file in item.source.files]
        wanted = [project.items.named(name) for name in args.items or ()]
    name_files([item.name for item in wanted])
    items = [item.id for item in wanted] or None
    request = ExplanationRequest(args.method, args.target, args.at, args.check)
    out.run(explain_items(args.project, args.run_name, items, request), keep if items else held.append)
    if held:  # cases that are chosen on the way are named at their end
        name_files([event.name for event in held])
    for event in held:
        keep(event)
    keep_manifest(args.out, kept, out)
    out.result(
        {"files": [case["file"] for case in cases], "cases": cases},
        f"{how_many(len(cases), 'picture')} in {printable(str(args.out))}",
    )
