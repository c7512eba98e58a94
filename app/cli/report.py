"""The verb report: a run's settings, data, curves, scores and cases as one page that opens offline."""

import argparse
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import resources
from app.cli.output import Output, Verbs, add_json, add_overwrite, printable, verb
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
    from engine.report.run_report import explained_cases, report_on
    from engine.report.writing import english, write

    page, plain = args.out.with_suffix(".html"), args.out.with_suffix(".json")
    with Project.open(args.project, write=False) as project:
        files = [file for item in project.items.all() for file in item.source.files]
    check_targets([page, plain], files, overwrite=args.overwrite)
    found = out.run(report_on(args.project, args.run_name, args.split, pictures=not args.no_pictures))
    explained = [] if args.no_pictures else out.run(explained_cases(args.project, found))
    words = _spanish() if args.language == "es" else {}

    def say(text: str, **values: object) -> str:
        return english(words.get(text, text), **values)

    write(found, page, say, explained, args.language)
    if found.split == "test":
        _keep_reading(args, out, found)
    out.result({"files": [printable(str(page)), printable(str(plain))]}, printable(str(page)))


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
