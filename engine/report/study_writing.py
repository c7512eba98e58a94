"""A study's report as a page and as JSON, in the language that `say` speaks."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.catalog import setting_label
from engine.labels.classes import OKABE_ITO
from engine.report.charts import CurveLine, line_chart
from engine.report.page import Page
from engine.report.plain import to_plain
from engine.report.run_report import ExplainedCase
from engine.report.study_report import StudyReport
from engine.report.writing import (
    MINUS,
    NONE,
    add_cautions,
    add_scores,
    add_training,
    english,
    minutes_text,
    range_text,
    share_text,
    typed_text,
    write_both,
)
from engine.study import (
    ARCH,
    BY_OBJECTS,
    MEASURE_NAMES,
    Measure,
    Trial,
    TrialState,
    effects,
    measure_of,
)
from engine.titles import network_title
from engine.words import NARROW, Say, translatable

_STATES: dict[TrialState, str] = {
    "waiting": translatable("not tried"),
    "training": translatable("not finished"),
    "paused": translatable("not finished"),
    "finished": translatable("finished"),
    "stopped": translatable("stopped early"),
    "failed": translatable("failed"),
}
_DRAWN = len(OKABE_ITO)  # curves in one plot: as many as there are colours


def write_study(
    report: StudyReport,
    page: Path,
    say: Say = english,
    explained: Sequence[ExplainedCase] = (),
    language: str = "en",
) -> tuple[Path, Path]:
    """Write the page to `page` and the JSON beside it; both paths come back. Raises EngineError where the disk refuses."""
    return write_both(page, study_to_page(report, say, explained, language), study_to_plain(report, explained))


def study_to_page(
    report: StudyReport,
    say: Say = english,
    explained: Sequence[ExplainedCase] = (),
    language: str = "en",
) -> str:
    """One HTML file that opens without anything else. `explained`: where the winner looked."""
    study, winner = report.study, report.winner
    page = Page(study.name, language)
    day = time.strftime("%Y-%m-%d", time.localtime(study.made))
    page.text(
        say(translatable("Begun on {day}, reported by Contorno {version}"), day=day, version=report.program), dim=True
    )
    _add_summary(page, report, say)
    _add_trials(page, report, say)
    _add_what_mattered(page, report, say)
    _add_best_two(page, study.test, say)
    add_cautions(page, (*report.cautions, *winner.cautions), say)
    page.part(say(translatable("The winner: {run}"), run=winner.run.name))
    add_scores(page, winner, say, explained)
    add_training(page, winner, say)
    return page.html()


def study_to_plain(report: StudyReport, explained: Sequence[ExplainedCase] = ()) -> dict[str, object]:
    """The report for other programs: what JSON can hold, without items' names; what does not exist is null."""
    study = report.study
    return {
        "program": f"Contorno {report.program}",
        "study": study.name,
        "state": study.state,
        "measure": _measure(report),
        "seconds": sum(trial.seconds for trial in report.trials),
        "trials": [
            trial_to_plain(trial, report.names.get(trial.number)) | {"curve": report.curves.get(trial.number, ())}
            for trial in report.trials
        ],
        "importance": dict(report.importance),
        "effects": effects(report.trials),
        "test": study.test or None,
        "cautions": [caution.text for caution in report.cautions],
        "winner": to_plain(report.winner, explained),
    }


def trial_to_plain(trial: Trial, run: str | None) -> dict[str, Any]:
    """A trial and its run's name as plain JSON; why it failed is left to who may read the names of files."""
    return {
        "number": trial.number,
        "run": run,
        "arch": trial.arch,
        "settings": {key: value for key, value in trial.settings.items() if key != ARCH},
        "state": trial.state,
        "validation": trial.validated,
        "auc": trial.auc,
        "seconds": trial.seconds,
        "parameters": trial.parameters,
    }


# The study -----------------------------------------------------------------------------------------------------------------


def _add_summary(page: Page, report: StudyReport, say: Say) -> None:
    best = report.ranked[0]
    minutes = minutes_text(sum(trial.seconds for trial in report.trials), say)
    text = translatable(
        "{count} trials of {networks} in {minutes} minutes. By the validation the best is trial {number}, {winner}: {score} {value}."
    )
    networks = ", ".join(network_title(arch, say) for arch in report.study.config.networks)
    values = {"minutes": minutes, "score": _score_name(report, say), "value": share_text(best.validated, say)}
    page.text(
        say(
            text,
            count=len(report.trials),
            networks=networks,
            number=best.number,
            winner=_trial_name(best, say),
            **values,
        )
    )


def _add_trials(page: Page, report: StudyReport, say: Say) -> None:
    page.heading(say(translatable("Trials")))
    keys, with_auc = list(report.study.config.vary), any(trial.auc is not None for trial in report.trials)
    head = [say(translatable("trial")), say(translatable("network")), *(say(setting_label(key)) for key in keys)]
    head += [_score_name(report, say), *(["AUC"] if with_auc else []), say(translatable("minutes"))]
    head += [say(translatable("weights")), say(translatable("state"))]
    rest = [trial for trial in report.trials if trial not in report.ranked]
    rows = []
    for trial in (*report.ranked, *rest):
        values = [typed_text(trial.settings.get(key, NONE), say) for key in keys]
        scores = [share_text(trial.validated, say), *([share_text(trial.auc, say)] if with_auc else [])]
        minutes = minutes_text(trial.seconds or None, say)
        weights = f"{trial.parameters:,}".replace(",", NARROW) if trial.parameters else NONE
        state = say(_STATES[trial.state])
        rows.append([str(trial.number), network_title(trial.arch, say), *values, *scores, minutes, weights, state])
    page.table(head, rows)
    lines = [
        CurveLine(
            f"{trial.number} {_trial_name(trial, say)}", [(s / 60, v) for s, v in report.curves.get(trial.number, ())]
        )
        for trial in report.ranked[:_DRAWN]
    ]
    title = say(translatable("Validation as they trained, the best {count}"), count=len(lines))
    up = _score_name(report, say)
    if _measure(report) == "object_f1":
        page.text(say(BY_OBJECTS), dim=True)
        up = say(MEASURE_NAMES["mean_dice"])  # which all networks give after an epoch
    page.plots([(title, line_chart(lines, say(translatable("minutes")), up, say))])


def _add_what_mattered(page: Page, report: StudyReport, say: Say) -> None:
    found = effects(report.trials)
    varied = [key for key, values in found.items() if len(values) > 1]
    if not varied:
        return
    page.heading(say(translatable("What mattered")))
    rows = []
    for key in sorted(varied, key=lambda key: -report.importance.get(key, 0.0)):
        share = report.importance.get(key)
        names = {value: network_title(value, say) if key == ARCH else typed_text(value, say) for value in found[key]}
        order = report.study.config.networks if key == ARCH else report.study.config.vary.get(key, ())
        values = sorted(found[key], key=lambda value: order.index(value) if value in order else len(order))
        means = " · ".join(f"{names[value]}: {share_text(found[key][value], say)}" for value in values)
        name = say(translatable("network")) if key == ARCH else say(setting_label(key))
        rows.append([name, NONE if share is None else f"{100 * share:.0f} %", means])
    head = (translatable("setting"), translatable("importance"), translatable("mean score of each value"))
    page.table([say(text) for text in head], rows)
    text = translatable(
        "Compared where all trials stand, at the first rung. Importance: the setting's share in whether a trial is among the best third."
    )
    page.text(say(text), dim=True)


def _add_best_two(page: Page, test: Mapping[str, Any], say: Say) -> None:
    page.heading(say(translatable("The best two on the test set")))
    if not test:
        page.text(say(translatable("The test set was not read for this study.")))
        return
    key = measure_of(test["winner"])
    name = say(MEASURE_NAMES[key])
    read = [each for each in (test["winner"], test["second"]) if each is not None]
    page.table(
        [say(translatable("run")), name, "95 %", *(["AUC"] if key == "accuracy" else []), say(translatable("items"))],
        [
            [
                str(each["run"]),
                share_text(each[key], say),
                range_text(each["intervals"].get(key), say),
                *([share_text(each.get("auc"), say)] if key == "accuracy" else []),
                str(each["n"]),
            ]
            for each in read
        ],
    )
    if test["paired"]:
        _add_comparison(page, test["paired"], say)


def _add_comparison(page: Page, paired: Mapping[str, Any], say: Say) -> None:
    """Whether the best two differ on the same cases: in figures, and in a sentence."""
    head = [say(translatable("winner minus second")), "95 %", say(translatable("items"))]
    interval = paired.get("interval")
    mean = paired.get("mean")
    page.table(
        head,
        [
            [
                NONE if mean is None else say("{mean:+.3f}", mean=mean).replace("-", MINUS),
                range_text(interval, say),
                str(paired["n"]),
            ]
        ],
    )
    test = paired.get("mcnemar")
    if test:
        head = [say(translatable("only the winner right")), say(translatable("only the second right")), "McNemar p"]
        page.table(head, [[str(test["first_alone"]), str(test["second_alone"]), share_text(test["p"], say)]])
    if interval is not None:
        low, high = interval
        if low <= 0 <= high:
            text = translatable(
                "On these items the two do not surely differ: the interval of their difference holds 0."
            )
        elif low > 0:
            text = translatable("On these items the winner is better than the second by more than chance.")
        else:
            text = translatable("On these items the second is better than the winner by more than chance.")
        page.text(say(text))


# Words ---------------------------------------------------------------------------------------------------------------------


def _score_name(report: StudyReport, say: Say) -> str:
    return say(MEASURE_NAMES[_measure(report)])


def _measure(report: StudyReport) -> Measure:
    return report.study.config.judged_by(report.winner.task)


def _trial_name(trial: Trial, say: Say) -> str:
    values = [typed_text(value, say) for key, value in trial.settings.items() if key != ARCH]
    return " · ".join([network_title(trial.arch, say), *values])
