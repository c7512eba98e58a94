"""The verb tune: a study of networks and values under one budget. torch is loaded when it begins."""

import argparse
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from app.cli.output import Output, Verbs, add_json, how_many, verb
from app.cli.settings import add_settings, asked_settings
from engine.config import AUTO, TrainConfig, option_of
from engine.errors import EngineError
from engine.project.project import Project
from engine.project.studies import Study, TrialBegan, TrialEnded
from engine.study import (
    ARCH,
    BY_OBJECTS,
    MEASURE_NAMES,
    SEARCHES,
    StudyConfig,
    Trial,
    count,
    effects,
    lectures_study,
    measure_of,
    ranking,
)
from engine.words import translatable

_MINUTES = 30.0


def add_verbs(verbs: Verbs) -> None:
    tune = verb(
        verbs,
        "tune",
        _tune,
        "Compare networks and values of their settings under one budget; the test set is read once, at the end.",
        "contorno tune xrays.contorno --arch mlp,lenet5,resnet18 --vary rate=0.0003,0.001,0.003 --minutes 30",
    )
    tune.add_argument("project", type=Path)
    tune.add_argument("--arch", help="networks with commas: mlp,lenet5,resnet18; without it three that suit the task")
    tune.add_argument(
        "--vary",
        action="append",
        default=[],
        type=_varied,
        metavar="KEY=V1,V2,...",
        help="values to try of a setting, also of a network's own; with ; between values that hold commas",
    )
    tune.add_argument("--minutes", type=float, help=f"for the whole study (default {_MINUTES:.0f})")
    tune.add_argument("--trials", type=int, help="how many combinations; without it all")
    tune.add_argument("--search", choices=SEARCHES, help="grid: all, or drawn at random; tpe: the next by the scores")
    tune.add_argument("--full", action="store_true", help="let every trial train to its end")
    tune.add_argument("--no-test", action="store_true", help="leave the test set unread")
    tune.add_argument("--resume", action="store_true", help="go on with the study that was stopped or killed")
    tune.add_argument("--epochs", type=int, help="of each trial, in place of minutes")
    add_settings(tune, "any other setting, for all trials")
    add_json(tune)


def _varied(word: str) -> tuple[str, tuple[str, ...]]:
    key, sign, values = word.partition("=")
    found = tuple(value.strip() for value in values.split(";" if ";" in values else ","))
    if not sign or not all(found):
        raise argparse.ArgumentTypeError(f"{word} names no values: write key=value,value, for example rate=0.001,0.01")
    return key, found


def _wishes(args: argparse.Namespace, task: str) -> StudyConfig:
    usual = lectures_study(task)
    common = {item.name for item in fields(TrainConfig) if option_of(item)}
    own = {key: (value,) for key, value in args.settings if key not in common}  # of the networks that have it
    args.settings = [(key, value) for key, value in args.settings if key in common]
    base = asked_settings(args, "arch", "minutes")  # --set may name both, which are the study's all the same
    asked = args.arch or (base.arch if base.arch != AUTO else "")
    minutes = args.minutes if args.minutes is not None else base.minutes or (0.0 if base.epochs else _MINUTES)
    return StudyConfig(
        networks=tuple(asked.split(",")) if asked else usual.networks,
        vary={**(dict(args.vary) or usual.vary), **own},
        base=replace(base, arch=AUTO, minutes=0.0),
        minutes=minutes,
        trials=args.trials or 0,
        search=args.search or SEARCHES[0],
        halving=not args.full,
    )


def _check_resumed(args: argparse.Namespace) -> None:
    """A study goes on as it began: other settings would be passed over."""
    others = args.arch or args.vary or args.search or args.full
    if others or asked_settings(args, "arch", "minutes") != TrainConfig():
        args.wrong("--resume goes on with the settings of the study; only --minutes and --trials can be new")


def _tune(args: argparse.Namespace, out: Output) -> None:
    if args.resume:
        _check_resumed(args)
    with Project.open(args.project) as project:
        study = (
            _resumed(project, args) if args.resume else project.studies.add(_wishes(args, project.task), project.task)
        )
        judged_by = study.config.judged_by(project.task)
        out.say(f"{study.name}: {how_many(count(study.config), 'trial')}, judged by the {MEASURE_NAMES[judged_by]}")
        if judged_by == "object_f1":
            out.say(BY_OBJECTS)
        from engine.learning.reading import read_test_set
        from engine.learning.search import importance
        from engine.learning.tune import tune

        def each(event: Any) -> None:
            if isinstance(event, TrialBegan):
                out.say(f"trial {event.trial.number}: {_combination(event.trial)}")
            elif isinstance(event, TrialEnded):
                out.say(f"trial {event.trial.number}: {_came_of(event.trial)}")

        study = out.run(tune(project.path, study.id), each)
        if not args.no_test:
            try:
                study = out.run(read_test_set(project.path, study.id))
            except EngineError as fault:  # the study stands all the same
                out.say(f"The test set was not read: {fault.text}")
        trials = project.studies.trials(study.id)
        names = {run.id: run.name for run in project.runs.all()}
    found = importance(study.config, trials)
    plain = _as_json(study, trials, names, found) | {"measure": judged_by}
    out.result(plain, _as_text(study, trials, names, found))


def _resumed(project: Project, args: argparse.Namespace) -> Study:
    """The last study that is not over, with new limits where some are given."""
    study = project.studies.unfinished()
    if study is None and (args.minutes is not None or args.trials is not None) and project.studies.all():
        study = project.studies.all()[-1]  # it was over, and gets more
    if study is None:
        raise EngineError(
            translatable("There is no study to go on with."), translatable("Begin one: leave out --resume.")
        )
    config = study.config
    minutes = config.minutes if args.minutes is None else args.minutes
    trials = config.trials if args.trials is None else args.trials
    return project.studies.extend(study.id, replace(config, minutes=minutes, trials=trials))


def _combination(trial: Trial) -> str:
    rest = [f"{key} {value}" for key, value in trial.settings.items() if key != ARCH]
    return ", ".join([trial.arch, *rest])


def _came_of(trial: Trial) -> str:
    if trial.state == "failed":
        return "failed"
    score = "n/a" if trial.validated is None else f"{trial.validated:.4f}"
    words = {"finished": "finished", "stopped": "stopped early", "waiting": "not tried"}
    return f"{words.get(trial.state, f'{trial.share:.0%} trained')}, validation {score}, {trial.seconds:.0f} s"


def _as_json(
    study: Study, trials: Sequence[Trial], names: dict[int, str], importance: dict[str, float]
) -> dict[str, object]:
    from engine.report.study_writing import trial_to_plain  # draws pictures, which other verbs need not

    best = ranking(trials)
    return {
        "study": study.name,
        "state": study.state,
        "seconds": sum(trial.seconds for trial in trials),
        "winner": names.get(best[0].run or 0) if best else None,
        "trials": [
            trial_to_plain(trial, names.get(trial.run or 0)) | ({"reason": trial.reason} if trial.reason else {})
            for trial in trials
        ],
        "importance": importance,
        "effects": effects(trials),
        "test": study.test or None,
    }


def _as_text(study: Study, trials: Sequence[Trial], names: dict[int, str], importance: dict[str, float]) -> str:
    lines = [f"{each.number:>3}  {_combination(each)}: {_came_of(each)}" for each in ranking(trials)]
    if importance:
        lines += ["", "what mattered: " + ", ".join(f"{key} {share:.0%}" for key, share in importance.items())]
    best = ranking(trials)
    if best:
        lines += [f"winner: {names.get(best[0].run or 0, '-')}"]
    if study.test:
        figure = measure_of(study.test["winner"])
        for place in ("winner", "second"):
            if (each := study.test[place]) is not None:
                lines += [f"test set, {each['run']}: {MEASURE_NAMES[figure]} {_with_interval(each, figure)}"]
        if (paired := study.test["paired"]) is not None and "mcnemar" in paired:
            lines += [f"McNemar's test of the two: p = {paired['mcnemar']['p']:.3f}"]
    return "\n".join(lines)


def _with_interval(read: dict[str, Any], figure: str) -> str:
    value, interval = read[figure], read["intervals"][figure]
    shown = "n/a" if value is None else f"{value:.4f}"
    shown += "" if interval is None else f" (95 % interval {interval[0]:.4f} to {interval[1]:.4f})"
    return f"{shown} over {how_many(read['n'], 'item')}"
