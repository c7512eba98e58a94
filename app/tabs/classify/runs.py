"""What the board of Classify shows of each run: its curve, its scores, how far it is, and which is the best."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QObject, Signal

from app.services.jobs import JobQueue, Lane
from app.services.training_runner import TrainingRunner
from app.services.waiting_trainings import QueuedTraining
from app.shell.context import AppContext
from app.tabs.parts.beginning import Beginning, beginning
from engine.learning.events import read_events
from engine.progress import EpochDone, Progress, Work
from engine.project.runs import Run, best_run, classifier_of
from engine.scoring.classify import ClassificationScores
from engine.words import PART
from widgets import network_names
from widgets.text import tr
from widgets.theme import Role


@dataclass(frozen=True)
class BoardRow:
    """One run, or one that waits (`run` None). `network` is what it trains, where its name does not tell; `numbers` are accuracy,
    macro F1 and AUC (0..1), `seconds` are those of its training; `share` is how far it is."""

    name: str
    run: Run | None
    began: Beginning
    network: str = ""
    curve: tuple[float, ...] = ()
    share: float = 1.0
    numbers: tuple[float | None, float | None, float | None] = (None, None, None)
    seconds: float | None = None
    state: str = ""
    tone: Role = "dim"
    best: bool = False
    trains: bool = False


_Key: TypeAlias = tuple[Path, float]  # folder of a run, and its seconds: a run that went on has another curve


class RunCurves(QObject):
    """The validation accuracy of finished runs by epoch, read from their folders once, in the background. `ready()` as each comes."""

    ready = Signal()

    def __init__(self, jobs: JobQueue, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._read: dict[_Key, tuple[float, ...]] = {}

    def of(self, run: Run) -> tuple[float, ...]:
        """Nothing until it is read."""
        key = run.folder, run.summary.seconds or 0.0
        if key not in self._read:
            self._read[key] = ()
            self._jobs.start(self, Lane.RECORDS, "", lambda: _reading(key), done=self._have)
        return self._read[key]

    def forget(self) -> None:
        self._read.clear()

    def _have(self, found: tuple[_Key, tuple[float, ...]]) -> None:
        key, values = found
        self._read[key] = values
        self.ready.emit()


def _reading(key: _Key) -> Work[tuple[_Key, tuple[float, ...]]]:
    yield Progress(0, 0, "")
    return key, curve(read_events(key[0]))


def curve(epochs: Sequence[EpochDone]) -> tuple[float, ...]:
    return tuple(epoch.accuracy for epoch in epochs if epoch.accuracy is not None)


def board_rows(context: AppContext, runs: Sequence[Run], curves: RunCurves) -> list[BoardRow]:
    """These runs, the most accurate on the validation set first, then the one that trains and those that wait. Whatever set is looked
    at beside it, the board keeps to the validation: runs are chosen here, and the test set must not choose."""
    trainings, used = context.trainings, context.session.predictions.run
    chosen = best_run(runs)
    best = chosen.id if chosen is not None else None
    rows = []
    for run in runs:
        if trainings.run is not None and run.id == trainings.run.id:
            continue
        state, tone = _state(run, run.id == best, used is not None and run.id == used.id)
        rows.append(
            BoardRow(
                name=run.name,
                run=run,
                began=beginning(run.config, classifier_of(run), runs),
                network=_network(run),
                curve=curves.of(run),
                numbers=_numbers(trainings, run),
                seconds=run.summary.seconds,
                state=state,
                tone=tone,
                best=run.id == best,
            )
        )
    rows.sort(key=lambda row: -(row.numbers[0] if row.numbers[0] is not None else -1.0))
    if trainings.run is not None:
        rows.append(_training_row(trainings, trainings.run))
    rows += [_waiting_row(each) for each in trainings.waiting.all]
    return rows


def _waiting_row(each: QueuedTraining) -> BoardRow:
    name = each.name or network_names.short(each.config.arch)
    return BoardRow(name=name, run=None, began=beginning(each.config), state=tr("waiting"))


def _training_row(trainings: TrainingRunner, run: Run) -> BoardRow:
    last = trainings.epochs[-1] if trainings.epochs else None
    batch = trainings.last_batch
    epoch = batch.epoch if batch is not None else 0
    if trainings.paused:
        state = tr("paused")
    elif not epoch:
        state = tr("starting")
    elif last is not None and last.epochs:
        state = tr("epoch {epoch} / {epochs}", epoch=epoch, epochs=last.epochs)
    else:
        state = tr("epoch {epoch}", epoch=epoch)
    return BoardRow(
        name=run.name,
        run=run,
        began=beginning(run.config, classifier_of(run)),
        network=_network(run),
        curve=curve(trainings.epochs),
        share=batch.share if batch is not None else 0.0,
        numbers=(last.accuracy, last.macro_f1, last.auc) if last is not None else (None, None, None),
        seconds=last.seconds if last is not None else None,
        state=state,
        trains=True,
    )


def _numbers(trainings: TrainingRunner, run: Run) -> tuple[float | None, float | None, float | None]:
    found = trainings.runs.scores(run, "val")
    if isinstance(found, ClassificationScores):
        return found.accuracy, found.macro_f1, found.auc
    return run.summary.accuracy, run.summary.macro_f1, run.summary.auc


def _network(run: Run) -> str:
    """The network of a run whose name does not say it: "run 1" is a LeNet-5."""
    short, name = network_names.short(classifier_of(run)), run.name.casefold()
    return "" if short.casefold() in (name, *name.split(), *name.split(PART)) else short


def _state(run: Run, best: bool, used: bool) -> tuple[str, Role]:
    said = {
        "finished": tr("finished"),
        "paused": tr("stopped"),
        "stopped": tr("stopped"),
        "failed": tr("failed"),
        "training": tr("training"),
    }
    if run.state == "failed":
        return said[run.state], "bad"
    if best or used:
        return (tr("best · in use") if best and used else tr("best") if best else tr("in use")), "accent"
    return said[run.state], "dim"
