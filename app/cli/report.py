"""The verb report: a run's settings, data, curves, scores and cases as one page that opens offline."""

import argparse
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import resources
from app.cli.output import Output, Verbs, add_json, add_overwrite, printable, verb
from engine import atomic
from engine.errors import EngineError
from engine.formats.targets import check_targets
from engine.project.project import Project


def add_verbs(verbs: Verbs) -> None:
    report = verb(
        verbs,
        "report",
        _report,
        "Write a run's report: one HTML page that opens without anything else, and the same as JSON beside it.",
        "contorno report lungs.contorno --run 'run 1' --out report.html",
    )
    report.add_argument("project", type=Path)
    report.add_argument("--run", dest="run_name", metavar="RUN", required=True)
    report.add_argument(
        "--split",
        choices=("val", "test"),
        help="what is scored; without it the test set where it was read with this model already, else the validation set",
    )
    report.add_argument("--out", type=Path, required=True, metavar="FILE.html")
    report.add_argument("--language", choices=("en", "es"), default="en")
    report.add_argument("--no-pictures", action="store_true", help="leave out the pictures of cases")
    add_overwrite(report)
    add_json(report)


def _report(args: argparse.Namespace, out: Output) -> None:
    from engine.report.run_report import report_on
    from engine.report.writing import english, to_page, to_plain

    page, plain = args.out.with_suffix(".html"), args.out.with_suffix(".json")
    with Project.open(args.project, write=False) as project:
        files = [file for item in project.items.all() for file in item.source.files]
    check_targets([page, plain], files, overwrite=args.overwrite)
    found = out.run(report_on(args.project, args.run_name, args.split, pictures=not args.no_pictures))
    explained = [] if args.no_pictures or found.answers is None else _explained(args, out)
    words = _spanish() if args.language == "es" else {}

    def say(text: str, **values: object) -> str:
        return english(words.get(text, text), **values)

    atomic.make_folder(page.absolute().parent)
    atomic.write(page, to_page(found, say, explained, args.language).encode())
    atomic.write(plain, json.dumps(to_plain(found), indent=2).encode())
    if found.split == "test":
        _keep_reading(args, out, found)
    out.result({"files": [printable(str(page)), printable(str(plain))]}, printable(str(page)))


def _explained(args: argparse.Namespace, out: Output) -> list[tuple[str, Any]]:
    """Telling cases of a classifier with where it looked, called by their numbers."""
    from engine.learning.explaining import explain_items

    with Project.open(args.project, write=False) as project:
        names = [one.name for one in project.classes]
    found: list[tuple[str, Any]] = []

    def each(event: Any) -> None:
        truth = f" / {names[event.truth]}" if event.truth is not None else ""
        found.append((f"{event.item}: {names[event.said]} {event.share:.0%}{truth}", event.picture))

    try:
        out.run(explain_items(args.project, args.run_name, None), each)
    except EngineError as fault:  # the report stands without
        out.say(fault.text)
    return found


def _keep_reading(args: argparse.Namespace, out: Output, found: Any) -> None:
    scores = found.segmentation or found.classification
    value = scores.mean_dice if found.segmentation is not None else scores.accuracy
    try:
        with Project.open(args.project) as project:
            project.runs.keep_test_reading(found.run, scores.n, value)
    except EngineError as fault:
        out.say(f"It could not be kept that the test set was read: {fault.text}")


def _spanish() -> dict[str, str]:
    """Our texts in Spanish, read from the file that the translators keep: Qt, which reads the compiled one, is not loaded here."""
    pairs = (
        (one.findtext("source"), one.findtext("translation"))
        for one in ElementTree.parse(resources.path("i18n/contorno_es.ts")).iter("message")
    )
    return {source: text for source, text in pairs if source and text}
