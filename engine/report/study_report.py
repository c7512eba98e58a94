"""What a study is reported by: its trials, what mattered, the best two on the test set, and the whole report of the winner's run.

As in a run's report no name of an item or a patient is in it, so the reasons of trials that failed are left out: they may name files.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from engine import VERSION
from engine.config import AUTO, Split, file_name_only
from engine.errors import EngineError
from engine.learning.evaluate import best_way
from engine.learning.events import validation_curve
from engine.progress import Notice, Work, count_notice
from engine.project.project import Project
from engine.project.studies import Study
from engine.report.run_report import RunReport, report_on
from engine.study import Trial, ranking
from engine.words import translatable


@dataclass(frozen=True, eq=False)
class StudyReport:
    """A study and its winner's run. `trials` are in the order in which they were tried, `ranked` the validated ones, the best first;
    `curves` their scores on the validation (0..1) after so many seconds and `names` their runs' names, both by the trial's number. `importance` are
    shares that sum to 1, {} where they are not known."""

    study: Study
    trials: tuple[Trial, ...]
    ranked: tuple[Trial, ...]
    names: Mapping[int, str]
    curves: Mapping[int, tuple[tuple[float, float], ...]]
    importance: Mapping[str, float]
    winner: RunReport
    cautions: tuple[Notice, ...]
    program: str = VERSION


def report_on_study(
    folder: Path, study: str | int, split: Split | None = None, *, pictures: bool = True, predicts: bool = False
) -> Work[StudyReport]:
    """Gather a study's report; its winner's is as `report_on` gathers it, which says what may be raised. EngineError also where no trial
    left a run.
    """
    with Project.open(folder, write=False) as project:
        found, task = project.studies.get(study), project.task
        trials = [_with_file_names(trial) for trial in project.studies.trials(found.id)]
        ranked = ranking(trials)
        runs = {run.id: run for run in project.runs.all()}
        best = next((runs[t.run] for t in ranked if t.run in runs), None)
    if best is None:
        raise EngineError(
            translatable("No trial of the study has a model."), translatable("Let one be trained to its end first.")
        )
    way = found.test["winner"].get("objects_by") if found.test else None
    if way is None and found.config.judged_by(task) == "object_f1":
        way, _ = yield from best_way(folder, best)
    winner = yield from report_on(folder, best.id, split, pictures=pictures, predicts=predicts, objects=way or AUTO)
    from engine.learning.search import importance  # loads Optuna

    return StudyReport(
        study=found,
        trials=tuple(trials),
        ranked=tuple(ranked),
        names={trial.number: runs[trial.run].name for trial in trials if trial.run in runs},
        curves={trial.number: validation_curve(runs[trial.run].folder) for trial in trials if trial.run in runs},
        importance=importance(found.config, trials),
        winner=winner,
        cautions=tuple(_cautions(found, trials, ranked)),
    )


def _with_file_names(trial: Trial) -> Trial:
    """A path may name a patient."""
    return replace(trial, settings={key: file_name_only(key, value) for key, value in trial.settings.items()})


def _cautions(study: Study, trials: list[Trial], ranked: list[Trial]) -> list[Notice]:
    said = []
    if study.state != "finished":
        text = translatable("The study is not over: what is left of it may still change the winner.")
        said.append(Notice(text))
    if len(ranked) > 1:
        text = translatable(
            "The winner is the best of {count} on the validation set: there its score is flattered, the more so the more were tried."
        )
        said.append(Notice(text, {"count": len(ranked)}))
    failed = sum(trial.state == "failed" for trial in trials)
    if failed:
        one, many = (
            translatable("1 trial failed: the study's page says why."),
            translatable("{count} trials failed: the study's page says why."),
        )
        said.append(count_notice(one, many, failed))
    if any(trial.state == "stopped" for trial in trials):
        text = translatable(
            "Trials that were stopped early might have caught up: their scores are of shorter trainings."
        )
        said.append(Notice(text))
    return said
