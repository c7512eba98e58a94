"""The study of the open project: begun, stopped and gone on with here, its trials followed as they train, its test set read at the end."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from app.services.jobs import JobHandle, JobQueue, Lane
from app.services.project_session import ProjectSession
from app.services.run_queries import RunQueries
from engine.errors import EngineError
from engine.learning.events import validation_curve
from engine.progress import BatchDone, EpochDone, Notice, Progress, Work
from engine.project.project import Project
from engine.project.studies import Study, TrialBegan, TrialEnded, TrialScored
from engine.study import StudyConfig, Trial
from widgets.text import tr

_log = logging.getLogger(__name__)

_END = "study_end"  # a note of the project: what its last study does by itself when its trials are over


@dataclass(frozen=True)
class StudyEnd:
    """When its trials are over the study reads the test set, without being asked, and its report goes to that file."""

    study: int
    report: Path


class StudyRunner(QObject):
    """The last study of the project. `trials` are in the order in which they are tried, `curves` their scores on the validation by epoch
    (0..1), by the trial's number; `importance` says what mattered, {} where that is not known (yet). `end` is what is still to come
    behind the trials by itself: kept with the project, so that a killed study comes to it too."""

    changed = Signal()  # the study, a trial, or who trains
    moved = Signal()  # the trial that trains made a step
    noticed = Signal(object)  # Notice
    tested = Signal(
        object
    )  # Study, whose test set was just read: who explains its cases and writes its report listens here

    def __init__(
        self, session: ProjectSession, jobs: JobQueue, runs: RunQueries, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._jobs, self._runs = session, jobs, runs
        self.study: Study | None = None
        self.trials: list[Trial] = []
        self.curves: dict[int, tuple[float, ...]] = {}
        self.importance: dict[str, float] = {}
        self.share = 0.0  # of the whole training of the trial that trains
        self._job: JobHandle | None = None
        self._reading: JobHandle | None = None
        self._asking: JobHandle | None = None
        self._asking_curves: JobHandle | None = None
        self.end: StudyEnd | None = None
        self._ends = False  # whether its report is being written
        session.project_about_to_close.connect(self._leave)
        session.project_changed.connect(self.load)

    @property
    def running(self) -> bool:
        return self._job is not None

    @property
    def job(self) -> JobHandle | None:
        """The one that tries the trials."""
        return self._job

    @property
    def minutes(self) -> tuple[float, float]:
        """What the trials have taken, as far as it was counted, and what the study may take (0: no limit)."""
        return sum(trial.seconds for trial in self.trials) / 60, self.study.config.minutes if self.study else 0.0

    @property
    def paused(self) -> bool:
        return self._job is not None and self._job.paused

    @property
    def reading(self) -> bool:
        """Whether the test set is being read."""
        return self._reading is not None

    @property
    def can_go_on(self) -> bool:
        """Whether a study was left before its end."""
        if self.study is None or self.running or self.reading or self._ends:
            return False
        return self.study.state != "finished" or self.end is not None

    @property
    def trial(self) -> Trial | None:
        """The one that trains."""
        return next((t for t in self.trials if t.state == "training"), None) if self.running else None

    # What a person does --------------------------------------------------------------------------------------------------

    def begin(self, config: StudyConfig, *, report: Path | None = None) -> None:
        """A new study in place of the one that is shown. With `report` it ends as StudyEnd says."""
        project = self._session.project
        if project is None or self.running:
            return
        try:
            self.study = project.studies.add(config, project.task)
        except EngineError as fault:
            self._session.failed.emit(fault)
            return
        self._set_end(StudyEnd(self.study.id, report) if report is not None else None)
        self._drop_curves()
        self.curves, self.importance = {}, {}
        self.go_on()

    def go_on(self) -> None:
        """With what is left of the study."""
        project, study = self._session.project, self.study
        if project is None or study is None or self.running:
            return
        if study.state == "finished":
            self._come_to_end(study)
            return
        self.trials = project.studies.trials(study.id)
        self._job = self._jobs.start(
            self,
            Lane.LEARNING,
            study.name,
            partial(_tuning, project.path, study.id),
            done=self._ended,
            failed=self._failed,
            reported=self._reported,
            cancelled=self._ended,
        )
        self.changed.emit()

    def stop(self) -> None:
        """End the training under way; the study can be gone on with."""
        if self._job is not None:
            self._job.cancel()

    def pause(self, on: bool = True) -> None:
        """Hold the training under way after its next batch, or let it go on."""
        if self._job is not None:
            self._job.pause(on)
            self.changed.emit()

    def read_test_set(self) -> None:
        """Once, for the winner and the second."""
        project, study = self._session.project, self.study
        if project is None or study is None or self._reading is not None or study.test:
            return
        self._reading = self._jobs.start(
            self,
            Lane.LEARNING,
            tr("Reading the test set"),
            partial(_reading_test_set, project.path, study.id),
            done=self._read,
            failed=self._not_read,
            reported=self._reported,
            cancelled=self._not_read,
        )
        self.changed.emit()

    # While it runs -------------------------------------------------------------------------------------------------------

    def _reported(self, event: object) -> None:
        if isinstance(event, BatchDone):
            self.share = event.share
            self.moved.emit()
        elif isinstance(event, Notice):
            self.noticed.emit(event)
        elif isinstance(event, EpochDone):
            self._follow(event)
        elif isinstance(event, TrialBegan | TrialScored | TrialEnded):
            self._put(event.trial)
            if isinstance(event, TrialBegan):
                self.share = event.trial.share
                self._runs.changed.emit()
            elif isinstance(event, TrialEnded):
                self._runs.changed.emit()
                self._ask_importance()
            self.changed.emit()

    def _follow(self, event: EpochDone) -> None:
        trial, value = self.trial, event.shared
        if trial is not None and value is not None:
            self.curves[trial.number] = (*self.curves.get(trial.number, ()), value)

    def _put(self, trial: Trial) -> None:
        others = [each for each in self.trials if each.number != trial.number]
        self.trials = sorted([*others, trial], key=lambda each: each.number)

    # Its end -------------------------------------------------------------------------------------------------------------

    def _ended(self, study: Study | None = None) -> None:
        """It came to its end, or (no study) was stopped."""
        self._job = None
        self._reload()
        if study is not None:
            self._session.notification.emit(tr("{study} is done.", study=study.name), "good")
            self._come_to_end(study)
        self._runs.changed.emit()

    def _come_to_end(self, study: Study) -> None:
        """Do what is still to come; a study that was killed while its report was written has read the test set."""
        if self.end is None:
            return
        if study.test:
            self._tell_tested(study)
        else:
            self.read_test_set()

    def _failed(self, fault: BaseException) -> None:
        self._job = None
        self._reload()
        if self.study is not None and self.study.state == "finished":  # no trial is left that could be tested
            self._set_end(None)
            self.changed.emit()
        self._runs.changed.emit()
        self._session.failed.emit(fault)

    def _read(self, study: Study) -> None:
        self._reading = None
        self.study = study
        self._runs.changed.emit()
        self._tell_tested(study)

    def _tell_tested(self, study: Study) -> None:
        self._ends = self.end is not None
        self.changed.emit()
        self.tested.emit(study)

    def end_left(self, end: StudyEnd, reached: bool) -> None:
        """Its report was written, or could not be and can be asked for by hand (`reached`), or its writing was stopped."""
        if end is self.end:  # else its project was closed meanwhile
            self._ends = False
            if reached:
                self._set_end(None)
            self.changed.emit()

    def _set_end(self, end: StudyEnd | None) -> None:
        if end != self.end:
            self.end = end
            text = json.dumps({"study": end.study, "report": str(end.report)}) if end is not None else ""
            self._session.set_note(_END, text)

    def _not_read(self, fault: BaseException | None = None) -> None:
        self._reading = None
        self.changed.emit()
        if fault is not None:
            self._session.failed.emit(fault)

    # What is kept --------------------------------------------------------------------------------------------------------

    @Slot()
    def load(self) -> None:
        """Another project, or none: its last study."""
        self._job = self._reading = None
        self._ends = False
        self.study, self.trials, self.curves, self.importance, self.end = None, [], {}, {}, None
        self._reload()

    def _reload(self) -> None:
        project = self._session.project
        if project is not None:
            studies = project.studies.all()
            self.study = studies[-1] if studies else None
            self.trials = project.studies.trials(self.study.id) if self.study is not None else []
            kept = _kept_end(project, self.study)
            self.end = self.end if kept == self.end else kept
            self._ask_curves(project)
            self._ask_importance()
        self.changed.emit()

    def _ask_curves(self, project: Project) -> None:
        """Those of earlier days are read from the folders of their runs. Of another study they have the same numbers."""
        self._drop_curves()
        there = {run.id: run.folder for run in project.runs.all()}
        missing = {t.number: there[t.run] for t in self.trials if t.run in there and t.number not in self.curves}
        if missing:
            work = partial(_reading_curves, missing)
            self._asking_curves = self._jobs.start(self, Lane.RECORDS, "", work, done=self._have_curves)

    def _drop_curves(self) -> None:
        if self._asking_curves is not None:
            self._asking_curves.drop()
            self._asking_curves = None

    def _have_curves(self, found: Mapping[int, tuple[float, ...]]) -> None:
        self._asking_curves = None
        self.curves = {**found, **self.curves}
        self.changed.emit()

    def _ask_importance(self) -> None:
        if self._asking is not None:
            self._asking.drop()
            self._asking = None
        if self.study is None or sum(trial.first is not None for trial in self.trials) < 4:
            return
        work = partial(_weighing, self.study.config, tuple(self.trials))
        self._asking = self._jobs.start(self, Lane.RECORDS, "", work, done=self._have_importance)

    def _have_importance(self, found: dict[str, float]) -> None:
        self._asking = None
        self.importance = found
        self.changed.emit()

    @Slot()
    def _leave(self) -> None:
        """The project is about to close: the study stays as it is and can be gone on with."""
        for job in (self._job, self._reading, self._asking):
            if job is not None:
                job.drop()
        self._job = self._reading = self._asking = None
        self._drop_curves()


def _kept_end(project: Project, study: Study | None) -> StudyEnd | None:
    """That of this study, as the project has kept it."""
    kept = project.note(_END)
    if not kept or study is None:
        return None
    try:
        found = json.loads(kept)
        end = StudyEnd(int(found["study"]), Path(str(found["report"])))
    except (KeyError, TypeError, ValueError) as fault:  # of a newer program, or damaged
        _log.warning("the kept end of a study is not read: %s", fault)
        return None
    return end if end.study == study.id else None


# torch and Optuna are imported inside these generators only


def _tuning(project: Path, study: int) -> Work[Study]:
    yield Progress(0, 0, "")
    from engine.learning.tune import tune

    return (yield from tune(project, study))


def _reading_test_set(project: Path, study: int) -> Work[Study]:
    yield Progress(0, 0, "")
    from engine.learning.reading import read_test_set

    return (yield from read_test_set(project, study))


def _weighing(config: StudyConfig, trials: tuple[Trial, ...]) -> Work[dict[str, float]]:
    yield Progress(0, 0, "")
    from engine.learning.search import importance

    return importance(config, trials)


def _reading_curves(folders: Mapping[int, Path]) -> Work[dict[int, tuple[float, ...]]]:
    found: dict[int, tuple[float, ...]] = {}
    for number, folder in folders.items():
        yield Progress(len(found), len(folders), "")
        found[number] = tuple(value for _, value in validation_curve(folder))
    return found
