"""A study as it runs: ordinary trainings that pause at their rungs, where the best go on.

The project's table of trials and the checkpoints of their runs are all that is kept, so that a kill loses no more of a study than of a
training.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.config import TrainConfig
from engine.errors import EngineError
from engine.learning import bundle, checkpoint, models
from engine.learning.events import has_learnt, read_summary
from engine.learning.judging import judge
from engine.learning.search import name_next
from engine.learning.slices import without_rejected
from engine.learning.train import Outcome, train
from engine.progress import EpochDone, Notice, Work
from engine.project.project import Project
from engine.project.runs import Run, free_name
from engine.project.studies import Study, TrialBegan, TrialEnded, TrialScored
from engine.study import (
    TPE,
    Measure,
    StudyState,
    Trial,
    count,
    levels,
    next_trial,
    trial_config,
    weak_trials,
)
from engine.titles import short_title
from engine.words import translatable


def tune(project: Path, study: int) -> Work[Study]:
    """Try what is left of a study, in a project that this process has open for writing.

    Yields the events of its trainings, and TrialBegan, TrialScored and TrialEnded. Closing the generator pauses it; a killed one goes on
    in the next call from the last checkpoint of the training that it was in. EngineError where no trial could be judged, which takes no
    time then, and where every trial failed.
    """
    with Project.join(project) as opened:
        _check_validation_set(opened, opened.studies.get(study).config.base)
        found = opened.studies.set_state(study, "running")
        state: StudyState = "paused"
        try:
            while (trial := (yield from _next(opened, found))) is not None:
                trials = opened.studies.trials(study)
                if trial.state != "training" and _spent(trials) >= 60 * found.config.minutes > 0:
                    text = translatable("The time is over before all combinations were trained to their end.")
                    yield Notice(text, {"study": found.name})
                    break
                yield from _try(opened, found, trial)
            state = "finished"
        finally:
            found = opened.studies.set_state(study, state)
        trials = opened.studies.trials(study)
        if trials and all(trial.state == "failed" for trial in trials):
            raise EngineError(
                translatable("No trial of the study could be trained: {reason}"),
                translatable("Change the networks, the values or the data."),
                reason=trials[0].reason,
            )
    return found


def _check_validation_set(project: Project, config: TrainConfig) -> None:
    masked = project.layers.labelled_slices()
    classes = project.task == "classification"
    items, _ = without_rejected(project.items.all("val"), config)
    if not any(item.label is not None if classes else item.id in masked for item in items):
        raise EngineError(
            translatable("No item of the validation set is labelled: no trial could be judged."),
            translatable("Put labelled items into the validation set."),
        )


def _next(project: Project, study: Study) -> Work[Trial | None]:
    """The trial that is to train now. Where all wait at a rung, the weak ones end there."""
    trials, config = project.studies.trials(study.id), study.config
    begun = not any(trial.state in ("waiting", "training") for trial in trials)
    if begun and config.search == TPE and len(trials) < count(config):
        return project.studies.add_trial(study.id, name_next(config, trials))
    for trial in weak_trials(trials):
        yield TrialEnded(_stopped(project, study, trial))
    return next_trial(project.studies.trials(study.id))


def _spent(trials: Sequence[Trial]) -> float:
    return sum(trial.seconds for trial in trials)


def _stopped(project: Project, study: Study, trial: Trial) -> Trial:
    """A trial that ends at its rung. Its run can be trained on by hand."""
    run = _run_of(project, trial)
    if run is not None:
        project.runs.update(run, "stopped")
        (run.folder / checkpoint.BEFORE).unlink(missing_ok=True)  # as large as the last one, which stays
    return project.studies.keep_trial(study.id, replace(trial, state="stopped"))


def _run_of(project: Project, trial: Trial) -> Run | None:
    """None before it began, and where it was removed."""
    try:
        return project.runs.get(trial.run) if trial.run is not None else None
    except EngineError:
        return None


def _try(project: Project, study: Study, trial: Trial) -> Work[None]:
    """One trial to its next rung. What it was refused for is kept with it, and the study goes on."""
    run, by = _run_of(project, trial), study.config.judged_by(project.task)
    resumed = run is not None and has_learnt(run.folder)
    if run is None:
        try:
            config = trial_config(study.config, trial.settings)
        except EngineError as fault:  # it could begin when the study was made
            yield from _tell_failed(project, study, replace(trial, state="failed", reason=str(fault)))
            return
        taken = {each.name for each in project.runs.all()}
        name = f"{study.name}.{trial.number} · {short_title(trial.arch, str)}"
        run = project.runs.add(config, free_name(name, taken))
        trial = replace(trial, rungs=())
    project.runs.update(run, "training")
    trial = project.studies.keep_trial(study.id, replace(trial, state="training", run=run.id))
    level = levels(study.config)[min(len(trial.rungs), len(levels(study.config)) - 1)]
    yield TrialBegan(trial, run)
    work = train(project.path, run.folder, run.config, run.name, resume=resumed, until=level)
    outcome: Outcome | None = None
    try:
        while outcome is None:
            try:
                event = next(work)
            except StopIteration as stop:
                outcome = stop.value
            else:
                yield event
                if isinstance(event, EpochDone):
                    trial = project.studies.keep_trial(study.id, _after(trial, event, run.config, by))
                    yield TrialScored(trial)
        trial = yield from _reached(project, run, trial, outcome, level, by)
    except EngineError as fault:
        yield from _tell_failed(project, study, _failed(project, run, trial, fault))
        return
    except (GeneratorExit, KeyboardInterrupt):
        work.close()  # it leaves a checkpoint
        project.runs.update(run, "paused", read_summary(run.folder))
        raise
    except BaseException as fault:  # our own: the study stops, and goes on behind this trial
        project.runs.update(run, "failed", read_summary(run.folder))
        project.studies.keep_trial(study.id, replace(trial, state="failed", reason=type(fault).__name__))
        raise
    project.studies.keep_trial(study.id, trial)
    yield TrialEnded(trial)


def _after(trial: Trial, event: EpochDone, config: TrainConfig, by: Measure) -> Trial:
    """The trial after an epoch more. Of objects it is judged at its rungs alone: what a network validates itself by is its own measure."""
    done = event.epoch / config.epochs if config.epochs else event.seconds / (60 * config.minutes)
    trial = replace(trial, share=min(1.0, done), seconds=event.seconds)
    if event.score is None or by == "object_f1" or not (event.best or trial.score is None):
        return trial
    if by == "accuracy":
        return replace(trial, score=event.score, validated=event.validated, auc=event.auc)
    return replace(trial, score=event.mean_dice, validated=event.mean_dice)


def _reached(project: Project, run: Run, trial: Trial, outcome: Outcome, level: float, by: Measure) -> Work[Trial]:
    """The trial and its run at a rung, or at the end."""
    over = level == 1.0
    run = project.runs.update(run, "finished" if over else "paused", outcome.summary, outcome.config)
    score = yield from judge(project, run, outcome, by)
    return replace(
        trial,
        state="finished" if over else "paused",
        score=score,
        validated=run.validated if by == "accuracy" else score,
        auc=outcome.summary.auc,
        rungs=(*trial.rungs, score),
        share=level,
        seconds=outcome.seconds,
        parameters=_parameters(run),
    )


def _tell_failed(project: Project, study: Study, trial: Trial) -> Work[None]:
    text = translatable("Trial {number} ({network}) failed: {reason}")
    yield Notice(text, {"number": trial.number, "network": trial.arch, "reason": trial.reason})
    yield TrialEnded(project.studies.keep_trial(study.id, trial))


def _failed(project: Project, run: Run, trial: Trial, fault: EngineError) -> Trial:
    """Of a run that was refused before it learnt anything nothing is left."""
    if has_learnt(run.folder):
        project.runs.update(run, "failed", read_summary(run.folder))
        return replace(trial, state="failed", reason=str(fault))
    project.runs.discard(run)
    return replace(trial, state="failed", run=None, reason=str(fault))


def _parameters(run: Run) -> int | None:
    """How many weights the network of a run has; None where it left no bundle."""
    if not run.bundle.exists():
        return None
    return models.count_parameters(bundle.outline(bundle.read_card(run.bundle)))
