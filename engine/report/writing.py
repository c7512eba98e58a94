"""A run's report as a page, in the language that `say` speaks; a study's report takes its sections from here."""

import json
import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from engine import atomic
from engine.catalog import setting_label
from engine.config import Split, without_paths
from engine.progress import Notice
from engine.report.cases import CaseKind, ReportCase
from engine.report.charts import CurveLine, line_chart, matrix_chart
from engine.report.page import Page
from engine.report.plain import against_rest, to_plain
from engine.report.run_report import ExplainedCase, RunReport
from engine.scoring.classify import ClassificationScores, ClassifierAnswers, calibration, precision_recall, roc
from engine.scoring.instances import FATES, ClassObjectScores, ObjectScores
from engine.scoring.intervals import ClassificationIntervals, Interval, MaskIntervals, ObjectIntervals
from engine.scoring.metrics import SetScores
from engine.scoring.render import FATE_NAMES
from engine.scoring.surface import UNITS
from engine.titles import machine_title, model_title
from engine.words import Say, filled, translatable

NONE, MINUS = "–", "\u2212"
_FRACTION = re.compile(r"\d*\.\d+")  # as it is typed
_SETS = {"train": translatable("Training"), "val": translatable("Validation"), "test": translatable("Test")}
_TITLES: dict[Split, str] = {
    "train": translatable("Training set: {count} items"),
    "val": translatable("Validation set: {count} items"),
    "test": translatable("Test set: {count} items"),
}
_CASES: dict[CaseKind, str] = {
    "worst": translatable("Worst case"),
    "median": translatable("Median case"),
    "best": translatable("Best case"),
}
_LAYERS = (
    translatable("scan"),
    translatable("mask"),
    translatable("prediction"),
    translatable("green right, orange too much, blue missed, pink another class"),
)
_OBJECT_LAYERS = (
    *_LAYERS[:3],
    translatable(
        "green found, blue missed, yellow extra, pink split, orange merged; areas predicted, outlines of the mask"
    ),
)


def english(text: str, **values: object) -> str:
    """The texts as they stand."""
    return filled(text, values)


def write(
    report: RunReport,
    page: Path,
    say: Say = english,
    explained: Sequence[ExplainedCase] = (),
    language: str = "en",
) -> tuple[Path, Path]:
    """Write the page to `page` and the JSON beside it; both paths come back. Raises EngineError where the disk refuses."""
    return write_both(page, to_page(report, say, explained, language), to_plain(report, explained))


def write_both(page: Path, html: str, plain: Mapping[str, object]) -> tuple[Path, Path]:
    """Write a page and what it holds as JSON beside it; both paths come back. Raises EngineError where the disk refuses."""
    beside = page.with_suffix(".json")
    atomic.make_folder(page.absolute().parent)
    atomic.write(page, html.encode())
    atomic.write(beside, json.dumps(plain, indent=2).encode())
    return page, beside


def to_page(
    report: RunReport,
    say: Say = english,
    explained: Sequence[ExplainedCase] = (),
    language: str = "en",
) -> str:
    """One HTML file that opens without anything else. `explained`: where the network looked."""
    run = report.run
    page = Page(run.name, language)
    day = time.strftime("%Y-%m-%d", time.localtime(run.made))
    page.text(
        say(translatable("Trained on {day}, reported by Contorno {version}"), day=day, version=report.program), dim=True
    )
    add_scores(page, report, say, explained)
    add_cautions(page, report.cautions, say)
    add_training(page, report, say)
    return page.html()


def add_scores(page: Page, report: RunReport, say: Say, explained: Sequence[ExplainedCase] = ()) -> None:
    """What a run scored, its telling cases, and where it looked."""
    if report.segmentation is not None and report.mask_intervals is not None:
        _segmentation(page, report, report.segmentation, report.mask_intervals, say)
    intervals = report.classification_intervals
    if report.classification is not None and report.answers is not None and intervals is not None:
        _classification(page, report, report.classification, report.answers, intervals, say)
    if explained:
        page.heading(say(translatable("Where it looked")))
        page.pictures([(_looked(case, say), case.picture) for case in explained])


def _looked(case: ExplainedCase, say: Say) -> str:
    """The case's number, what is explained, and how much of the heat lies where it should."""
    said = case.said or say(translatable("background"))
    if case.kind is None:
        of = f"{case.item}: {said} {percent_text(case.share)}" + (f" / {case.truth}" if case.truth else "")
    else:
        of = f"{say(_CASES[case.kind])}, {case.item}: {said}"
    if case.inside is None:
        return of
    inside = say(translatable("{share} of the heat inside the mask"), share=percent_text(case.inside))
    return f"{of}, {inside}"


def add_cautions(page: Page, cautions: Sequence[Notice], say: Say) -> None:
    page.heading(say(translatable("What to be careful about")))
    for caution in cautions:
        page.caution(_said(caution, say))


# Scores --------------------------------------------------------------------------------------------------------------------


def _segmentation(page: Page, report: RunReport, scores: SetScores, intervals: MaskIntervals, say: Say) -> None:
    page.heading(_title(report, scores.n, say))
    units = [u for u in UNITS if any(s.unit == u for c in scores.classes.values() for s in c.surfaces)]
    head = [say(translatable("class")), "Dice", "95 %", "IoU", "95 %"]
    for unit in units:
        head += [f"HD95 {unit}", "95 %"]
    head += [say(translatable("items")), say(translatable("missed")), say(translatable("extra"))]
    rows = []
    for at, (name, one) in enumerate(scores.classes.items()):
        row = [name, share_text(one.dice, say), range_text(intervals.dice[at], say)]
        row += [share_text(one.iou, say), range_text(intervals.iou[at], say)]
        for unit in units:
            far = next((s for s in one.surfaces if s.unit == unit), None)
            row.append(
                say("{far:.2f} ({n})", far=far.hd95, n=far.n) if far is not None and far.hd95 is not None else NONE
            )
            row.append(_distance_range(intervals.hd95[unit][at], say))
        rows.append([*row, str(one.n), str(one.missed), str(one.extra)])
    pad = [""] * (len(head) - 3)
    mean = [share_text(scores.mean_dice, say), range_text(intervals.mean, say)]
    rows.append([say(translatable("mean over classes")), *mean, *pad])
    rows.append([say(translatable("weighted by voxels")), share_text(scores.weighted_dice, say), "", *pad])
    page.table(head, rows)
    page.text(
        say(
            translatable(
                "95 %: from 1,000 draws of patients. HD95: over the items in brackets, which have the class in both masks."
            )
        ),
        dim=True,
    )
    if scores.objects is not None and report.object_intervals is not None:
        _objects(page, scores.objects, report.object_intervals, say)
    for case in report.cases:
        of_objects = case.f1 is not None
        figure = (
            f"F1 {share_text(case.f1, say)}, Dice {share_text(case.dice, say)}"
            if of_objects
            else f"Dice {share_text(case.dice, say)}"
        )
        page.heading(f"{say(_CASES[case.kind])}: {case.item}, {figure}")
        layers = _OBJECT_LAYERS if of_objects else _LAYERS
        page.pictures([(say(caption), picture) for caption, picture in zip(layers, case.pictures, strict=True)])


def _distance_range(found: Interval | None, say: Say) -> str:
    return NONE if found is None else say("{low:.2f} – {high:.2f}", low=found[0], high=found[1])


def _objects(page: Page, scores: ObjectScores, intervals: ObjectIntervals, say: Say) -> None:
    """How well the objects were found one by one, and what became of them."""
    page.heading(say(translatable("Objects one by one")))

    def cells(name: str, one: ClassObjectScores | ObjectScores, ranges: Mapping[str, Interval | None]) -> list[str]:
        f1, ap50, dice = (
            [share_text(value, say), range_text(ranges[key], say)]
            for key, value in (("f1", one.f1), ("ap50", one.ap50), ("dice", one.dice))
        )
        return [name, *f1, *ap50, share_text(one.ap75, say), share_text(one.ap, say), *dice]

    head = [
        say(translatable("class")),
        "F1",
        "95 %",
        "AP50",
        "95 %",
        "AP75",
        "AP",
        say(translatable("Dice per object")),
        "95 %",
    ]
    classes = [
        (name, one, ranges) for (name, one), ranges in zip(scores.classes.items(), intervals.classes, strict=True)
    ]
    rows = [cells(*each) for each in classes]
    page.table(head, [*rows, cells(say(translatable("mean over classes")), scores, intervals.mean)])
    counts = [say(translatable("class")), say(translatable("true objects"))]
    for name in FATE_NAMES:
        counts += [say(name), "95 %"]
    rows = []
    for name, one, ranges in classes:
        row = [name, str(one.truth)]
        for fate in FATES[1:]:
            row += [str(getattr(one, fate)), _count_range(ranges[fate])]
        rows.append(row)
    page.table(counts, rows)
    text = translatable(
        "F1 and what became of the objects: at IoU 0.5. AP: the mean over IoU 0.5 to 0.95, as COCO takes it. Dice per object: with the one that overlaps it most; the Dice above is of pixels, whatever object they belong to. 95 %: from 500 draws of patients."
    )
    page.text(say(text), dim=True)


def _count_range(found: Interval | None) -> str:
    return NONE if found is None else f"{found[0]:.0f} – {found[1]:.0f}"


def _classification(
    page: Page,
    report: RunReport,
    scores: ClassificationScores,
    answers: ClassifierAnswers,
    intervals: ClassificationIntervals,
    say: Say,
) -> None:
    page.heading(_title(report, scores.n, say))
    figures = (("accuracy", say(translatable("accuracy"))), ("macro_f1", "macro F1"), ("auc", "AUC"))
    page.table(
        [say(translatable("score")), say(translatable("value")), "95 %"],
        [
            [
                name,
                share_text(getattr(scores, key), say),
                range_text(getattr(intervals, key), say),
            ]
            for key, name in figures
        ],
    )
    head = [say(translatable("class"))]
    for name in (say(translatable("precision")), say(translatable("recall")), "F1"):
        head += [name, "95 %"]
    rows = []
    for name, one in scores.classes.items():
        ranges = intervals.classes[name]
        pairs = ((one.precision, ranges.precision), (one.recall, ranges.recall), (one.f1, ranges.f1))
        shown = [text for value, found in pairs for text in (share_text(value, say), range_text(found, say))]
        rows.append([name, *shown, str(one.support)])
    page.table([*head, say(translatable("items"))], rows)
    truth, said = say(translatable("truth")), say(translatable("said"))
    page.plots([(say(translatable("Confusion matrix")), matrix_chart(answers.names, scores.confusion, truth, said))])
    rest = against_rest(answers)
    page.plots([_roc(rest, say), _precision_recall(rest, say), _calibration(answers, say)])
    if report.cases:
        page.heading(say(translatable("Cases by the probability of their true class")))
        page.pictures([(_classified(case, say), case.pictures[0]) for case in report.cases])


def _classified(case: ReportCase, say: Say) -> str:
    """How well it did, the case's number, what it is with the probability of that, and what was said."""
    sure = NONE if case.probability is None else percent_text(case.probability)
    text = translatable("{kind}, {number}: is {truth} ({share}), said {said}")
    said = case.said or NONE
    return say(text, kind=say(_CASES[case.kind]), number=case.item, truth=case.truth, share=sure, said=said)


def _roc(rest: Sequence[ClassifierAnswers], say: Say) -> tuple[str, str]:
    lines = []
    for one in rest:
        found = roc(one.probabilities, one.truth)
        if found is not None:
            lines.append(CurveLine(one.names[1], list(zip(found.false_positive, found.true_positive, strict=True))))
    across, up = say(translatable("1 - specificity")), say(translatable("sensitivity"))
    return say(translatable("ROC, each class against the rest")), line_chart(
        lines, across, up, say, square=True, diagonal=True
    )


def _precision_recall(rest: Sequence[ClassifierAnswers], say: Say) -> tuple[str, str]:
    lines = []
    for one in rest:
        found = precision_recall(one.probabilities, one.truth)
        if found is not None:
            name = f"{one.names[1]} ({share_text(found.average, say)})"
            lines.append(CurveLine(name, list(zip(found.recall, found.precision, strict=True))))
    chart = line_chart(lines, say(translatable("recall")), say(translatable("precision")), say, square=True)
    return say(translatable("Precision and recall, average precision")), chart


def _calibration(answers: ClassifierAnswers, say: Say) -> tuple[str, str]:
    found = calibration(answers.probabilities, answers.truth, rest=answers.rest)
    if found is None:
        return "", ""
    line = CurveLine("", [(each.said, each.right) for each in found.bins], dots=True)
    title = say(
        translatable("Calibration: error {error}, Brier {brier}"),
        error=share_text(found.error, say),
        brier=share_text(found.brier, say),
    )
    across, up = say(translatable("how sure")), say(translatable("how often right"))
    return title, line_chart([line], across, up, say, square=True, diagonal=True)


# The training and its data -------------------------------------------------------------------------------------------------


def add_training(page: Page, report: RunReport, say: Say) -> None:
    """How a run was trained, with what settings, and on what data."""
    run = report.run
    page.heading(say(translatable("Training")))
    facts = [
        (
            say(translatable("network")),
            model_title(run.summary.arch, run.summary.encoder, say) if run.summary.arch else NONE,
        ),
        (say(translatable("image size")), f"{run.summary.size} px" if run.summary.size else NONE),
        (say(translatable("patch")), f"{run.summary.patch} px" if run.summary.patch else NONE),
        (say(translatable("epochs")), str(run.summary.epochs)),
        (say(translatable("minutes")), minutes_text(run.summary.seconds, say)),
        (say(translatable("machine")), machine_title(run.summary.machine, say) or NONE),
    ]
    page.table(["", ""], facts)
    losses = [
        CurveLine(
            say(translatable("training loss")),
            [(e.epoch, e.train_loss) for e in report.epochs if np.isfinite(e.train_loss)],
        ),
        CurveLine(
            say(translatable("validation loss")),
            [(e.epoch, e.val_loss) for e in report.epochs if e.val_loss is not None and np.isfinite(e.val_loss)],
        ),
    ]
    scores = CurveLine("", [(e.epoch, e.score) for e in report.epochs if e.score is not None])
    epoch, score = say(translatable("epoch")), say(translatable("validation score"))
    loss = say(translatable("loss"))
    page.plots(
        [
            (loss, line_chart(losses, epoch, loss, say, bottom=0.0)),
            (score, line_chart([scores], epoch, score, say, bottom=0.0)),
        ]
    )
    config = without_paths(run.config)
    if report.task == "classification" and config["loss"] == "ce+dice":  # which means so there
        config = {**config, "loss": "ce"}
    own = config.pop("options", {})  # of the network
    rows = [(say(setting_label(key)), setting_text(value, say), key) for key, value in (*config.items(), *own.items())]
    page.table([say(translatable("setting")), say(translatable("value")), "--set"], sorted(rows))
    _data(page, report, say)


def _data(page: Page, report: RunReport, say: Say) -> None:
    page.heading(say(translatable("Data")))
    page.table(
        [
            say(translatable("set")),
            say(translatable("items")),
            say(translatable("patients")),
            say(translatable("labelled slices")),
            say(translatable("slices")),
            say(translatable("fingerprint")),
        ],
        [
            [say(_SETS[name]), *map(str, (f.items, f.patients or NONE, f.labelled, f.slices)), f.fingerprint]
            for name, f in report.sets.items()
        ],
    )
    rejected = [f"{say(_SETS[name])} {f.rejected}" for name, f in report.sets.items() if f.rejected]
    if rejected:
        text = translatable("Rejected in the review, and counted in no row above: {counts}.")
        page.text(say(text, counts=", ".join(rejected)), dim=True)
    page.text(say(translatable("A fingerprint changes with any image, mask or class of its set.")), dim=True)


def _title(report: RunReport, n: int, say: Say) -> str:
    return say(_TITLES[report.split], count=n)


def _said(notice: Notice, say: Say) -> str:
    values = {key: _said(value, say) if isinstance(value, Notice) else value for key, value in notice.values.items()}
    return say(notice.message, **values)


def share_text(value: float | None, say: Say) -> str:
    return NONE if value is None else say("{value:.3f}", value=value)


def percent_text(value: float) -> str:
    return f"{100 * value:.0f} %"


def range_text(found: Interval | None, say: Say) -> str:
    if found is None:
        return NONE
    return say("{low:.3f} – {high:.3f}", low=found[0], high=found[1]).replace("-", MINUS)


def minutes_text(seconds: float | None, say: Say) -> str:
    """With two decimals where it was less than a minute: no training took 0.0 of them."""
    if seconds is None:
        return NONE
    return say("{minutes:.1f}" if seconds >= 60 else "{minutes:.2f}", minutes=seconds / 60)


def setting_text(value: object, say: Say) -> str:
    """What a setting is: numbers and yes or no in the reader's language, words as they are typed after --set."""
    if isinstance(value, bool):
        return say(translatable("yes")) if value else say(translatable("no"))
    return say("{value}", value=float(f"{value:.4g}") if isinstance(value, float) else value)


def typed_text(value: str, say: Say) -> str:
    """A value as a person typed it, a fraction with the reader's decimal sign and all its digits."""
    if not _FRACTION.fullmatch(value):
        return value
    return say(f"{{value:.{len(value.partition('.')[2])}f}}", value=float(value))
