"""The verb report: what is known of a run, or of a study and its winner, as one page that opens offline."""

import argparse
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import resources
from app.cli.output import Output, Verbs, add_json, add_overwrite, printable, verb
from engine.errors import EngineError
from engine.formats.targets import check_targets
from engine.project.project import Project
from engine.words import filled


def add_verbs(verbs: Verbs) -> None:
    report = verb(
        verbs,
        "report",
        _report,
        "Write the report of a run or a study: one HTML page that opens without anything else, and the same as JSON beside it.",
        "contorno report lungs.contorno --run 'run 1' --out report.html",
    )
    report.add_argument("project", type=Path)
    about = report.add_mutually_exclusive_group(required=True)
    about.add_argument("--run", dest="run_name", metavar="RUN")
    about.add_argument("--study", metavar="STUDY", help="its trials, what mattered, and the report of its winner")
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
    from engine.report.run_report import RunReport, explained_cases, report_on
    from engine.report.study_report import report_on_study
    from engine.report.study_writing import write_study
    from engine.report.writing import write

    # another ending is part of the name: r.v1 and r.v2 are two reports
    page = args.out if args.out.suffix.lower() == ".html" else args.out.with_name(f"{args.out.name}.html")
    plain = page.with_suffix(".json")
    with Project.open(args.project, write=False) as project:
        files = [file for item in project.items.all() for file in item.source.files]
    check_targets([page, plain], files, overwrite=args.overwrite)
    pictures, study = not args.no_pictures, None
    if args.study is None:
        found: RunReport = out.run(report_on(args.project, args.run_name, args.split, pictures=pictures))
    else:
        with Project.open(args.project) as project:  # the winner may have to predict
            work = report_on_study(project.path, args.study, args.split, pictures=pictures, predicts=True)
            study = out.run(work)
        found = study.winner
    explained = out.run(explained_cases(args.project, found)) if pictures else []
    words, point = (_spanish(), ",") if args.language == "es" else ({}, ".")

    def say(text: str, **values: object) -> str:
        return filled(words.get(text, text), values, point)

    if study is None:
        write(found, page, say, explained, args.language)
    else:
        write_study(study, page, say, explained, args.language)
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
