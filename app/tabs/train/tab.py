"""The Train tab: the recipe, the run as it learns, and all runs."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from app.services.jobs import Lane
from app.shell.context import AppContext
from app.tabs.parts import training as words
from app.tabs.parts.counts import classes_text, items_text, patients_of, patients_text
from app.tabs.tab import Tab
from app.tabs.train.card import RunCard
from app.tabs.train.details import CASES, RECIPE, RunDetails
from app.tabs.train.live import LiveCurves, OverlaidRun, RunHead
from app.tabs.train.queue import QueuePanel
from app.tabs.train.recipe import RecipePanel
from engine.labels.classes import OKABE_ITO
from engine.learning.events import read_cases, read_events
from engine.progress import BatchDone, CaseSeen, EpochDone, Progress, Work
from engine.project.runs import Run
from widgets.column_parts import ActionBinding, EmptyState, HeaderBar, stacked
from widgets.controls import PrimaryButton, Separator, Text
from widgets.panels import Panel
from widgets.run_list import MINUTES_WIDTH, RunList, RunRow
from widgets.text import tr

_LEFT = 288  # px


@dataclass(frozen=True)
class _RunHistory:
    """What was read from a run's folder: its epochs, and the cases of its last validation."""

    run: int
    folder: Path
    epochs: Sequence[EpochDone]
    cases: tuple[CaseSeen, ...]


class TrainTab(Tab):
    """Recipe left, the picked run's curves and cases in the middle, the runs right."""

    def __init__(self, context: AppContext, parent: QWidget | None = None, *, in_steps: bool = False) -> None:
        """`in_steps`: it is whole when `steps` has ended, not before."""
        super().__init__("train", context, parent)
        self._picked: int | None = None  # id of the run in the middle
        self._training: int | None = None  # id of the run under way
        self._stale = True  # nobody saw what changed last
        self._past: dict[int, dict[int, EpochDone]] = {}  # epochs by run and number
        self._cases: dict[int, tuple[CaseSeen, ...]] = {}  # the last seen of each run
        self._ticked: list[
            int
        ] = []  # runs whose curves and recipes stand beside the picked one's, in the order of their ticks
        self.build(self._build(), in_steps=in_steps)

    def _build(self) -> Iterator[None]:
        context = self._context
        self._recipe, self._elsewhere = RecipePanel(context), _WrongTaskPage(context)
        yield
        self._left = QStackedWidget()
        self._left.addWidget(self._recipe)
        self._left.addWidget(self._elsewhere)
        self._head, self._curves, self._details = RunHead(), LiveCurves(), RunDetails(context)
        self._strip = self._details.strip
        self._none = EmptyState("no_run", tr("Nothing has been trained yet. The curves of a run grow here."))
        self._plots = QStackedWidget()
        self._plots.addWidget(self._curves)
        self._plots.addWidget(self._none)
        self._list, self._card, self._queue = RunList(), RunCard(context), QueuePanel(context)
        self._middle = middle = stacked(
            self._head, self._plots, Separator(), self._details, grows=self._plots, role="window"
        )
        self.set_columns(self._left, middle, self._make_right(), (304, 288))
        no_project = EmptyState(
            "train_no_project",
            tr("Open a project to train a network on it."),
            context.commands.actions("open_project", "open_demo"),
        )
        self.set_pages(project=no_project)
        self._connect()
        self._project_changed()

    def _make_right(self) -> QWidget:
        score, minutes = Text("Dice", "dim"), Text("min", "dim")
        band = HeaderBar(tr("Runs"), score, minutes)
        minutes.setFixedWidth(MINUTES_WIDTH)
        minutes.setAlignment(minutes.alignment().AlignRight | minutes.alignment().AlignVCenter)
        band.row.setSpacing(0)
        self._score_title = score
        return stacked(band, self._list, self._queue, Separator(), self._card, grows=self._list)

    def _connect(self) -> None:
        session, trainings = self._context.session, self._context.trainings
        trainings.runs.changed.connect(self._runs_changed)
        trainings.paused_changed.connect(self._draw)
        trainings.batch.connect(self._batch)
        trainings.epoch.connect(self._epoch)
        session.project_changed.connect(self._project_changed)
        session.predictions.run_changed.connect(self._draw)
        session.classes_changed.connect(self._draw)
        self._list.picked.connect(self._pick)
        self._list.ticked.connect(self._tick)
        self._details.turned.connect(self._details_turned)
        self._details.again.connect(self._again)
        self._strip.picked.connect(self._open_case)

    def shown(self) -> None:
        """The tab comes to the front."""
        self._fit_left()
        self._tell_status()
        if self._stale:
            self._draw()

    @Slot()
    def _fit_left(self) -> None:
        """No word of the recipe is cut: names of runs stand in it too."""
        self._left.setMinimumWidth(max(_LEFT, self._recipe.needed_width()))

    # What is shown -----------------------------------------------------------------------------------------------------

    @Slot()
    def _project_changed(self) -> None:
        session = self._context.session
        self._past.clear()
        self._cases.clear()
        self._ticked.clear()
        whole = session.task == "classification"
        self._left.setCurrentWidget(self._elsewhere if whole else self._recipe)
        objects = session.task == "instance"
        self._score_title.setText(tr("Accuracy") if whole else tr("Score") if objects else "Dice")
        self._score_title.setToolTip(
            tr("On the validation set: AP50 of networks that tell objects apart, mean Dice of the others")
            if objects
            else tr("On the validation set, by which runs are chosen")
        )
        self.show_page("" if session.project is not None else "project")
        runs = self._context.trainings.runs.all()
        in_use = session.predictions.run.id if session.predictions.run is not None else None
        self._picked = in_use if in_use is not None else runs[-1].id if runs else None
        self._details.show_page(CASES)
        self._runs_changed()
        if self.isVisible():
            self._recipe.shown()
            self.shown()

    @Slot()
    def _runs_changed(self) -> None:
        """A run came, went, or changed its state; one that begins is shown."""
        training, runs = self._context.trainings.run, self._context.trainings.runs.all()
        if training is not None and training.id != self._training:
            self._picked = training.id
            self._past.pop(training.id, None)  # one that is resumed has epochs on disk
            self._cases[training.id] = self._context.trainings.cases  # of a window that this one replaces
        self._training = training.id if training is not None else None
        there = {run.id for run in runs}
        self._ticked = [id for id in self._ticked if id in there]
        if self._picked not in there:
            self._picked = runs[-1].id if runs else None
        self._draw()

    @Slot()
    def _draw(self) -> None:
        """The runs, and the picked one in the middle: now, or when the tab is next seen."""
        self._stale = not self.isVisible()
        if not self._stale:
            self._show_runs()
            self._show_middle()

    def _show_runs(self) -> None:
        runs = self._context.trainings.runs.all()
        several = len(runs) > 1
        self._list.set_runs([self._row(run, (run.id in self._ticked) if several else None) for run in reversed(runs)])
        self._list.set_current(self._picked)
        self._card.show_run(next((run for run in runs if run.id == self._picked), None))

    def _row(self, run: Run, ticked: bool | None) -> RunRow:
        trainings, session = self._context.trainings, self._context.session
        trains = trainings.run is not None and trainings.run.id == run.id
        states = {"paused": tr("stopped"), "failed": tr("failed"), "stopped": tr("stopped")}
        state = (tr("paused") if trainings.paused else tr("training")) if trains else states.get(run.state, "")
        score, ground, seconds = self._score(run), tr("validation"), run.summary.seconds
        share = None
        if trains:
            last = trainings.epochs[-1] if trainings.epochs else None
            seconds = last.seconds if last is not None else None
            share = trainings.last_batch.share if trainings.last_batch is not None else 0.0
        return RunRow(
            id=run.id,
            name=run.name,
            network=words.of_run(run, words.auto_values(trainings.notices) if trains else None),
            score=score,
            ground=ground if score is not None else "",
            minutes=float(seconds) / 60 if seconds is not None else None,
            state=state,
            tone="accent" if trains else "bad" if run.state == "failed" else "dim",
            in_use=session.predictions.run is not None and session.predictions.run.id == run.id,
            share=share,
            ticked=ticked,
        )

    def _score(self, run: Run) -> float | None:
        """The score of the validation: of the best epoch so far for one that trains."""
        return self._context.trainings.so_far(run).validated

    def _show_middle(self) -> None:
        """Draw the picked run anew."""
        session, trainings = self._context.session, self._context.trainings
        run = self._run_of(self._picked)
        self._plots.setCurrentWidget(self._curves if run is not None else self._none)
        if run is None:
            self._head.show_run(None, running=False)
            self._strip.set_cases((), session.classes)
            self._details.show_runs(())
            return
        others = self._others()
        for each in (run, *others):
            if each.id not in self._past:
                self._past[each.id] = {}
                self._ask_past(each)
        trains = trainings.run is not None and trainings.run.id == run.id
        epochs = self._epochs()
        total = (epochs[-1].epochs if epochs else None) or run.config.epochs or None
        self._head.show_run(run, trains, trainings.paused, total)
        if trains and trainings.last_batch is not None:
            self._head.add(trainings.last_batch)
        losses = trainings.losses if trains else ()
        whole = session.task == "classification"
        overlaid = [
            OverlaidRun(each.id, each.name, color, self._epochs(each.id))
            for each, color in zip(others, itertools.cycle(OKABE_ITO), strict=False)
        ]
        self._curves.show_run(session.classes, whole, epochs, losses, trains, run.name, overlaid)
        self._strip.set_cases(self._cases.get(run.id, ()), session.classes)
        colors = ["text", *(each.color for each in overlaid)]
        self._details.show_runs(list(zip((run, *others), colors, strict=True)))

    def _others(self) -> list[Run]:
        """The runs that are compared with the picked one, as they were ticked."""
        known = {run.id: run for run in self._context.trainings.runs.all()}
        return [known[id] for id in self._ticked if id in known and id != self._picked]

    def _epochs(self, id: int | None = None) -> list[EpochDone]:
        """The epochs of a run (the picked one): those on disk, and those of the training under way."""
        trainings, id = self._context.trainings, id or self._picked
        found = dict(self._past.get(id or 0, {}))
        if trainings.run is not None and trainings.run.id == id:
            found |= {epoch.epoch: epoch for epoch in trainings.epochs}
        return [found[number] for number in sorted(found)]

    def _ask_past(self, run: Run) -> None:
        id, folder = run.id, run.folder
        self._context.jobs.start(self, Lane.RECORDS, "", lambda: _reading_past(id, folder), done=self._have_past)

    def _have_past(self, past: _RunHistory) -> None:
        run = self._run_of(past.run)
        if run is None or run.folder != past.folder:  # of a project that was closed meanwhile
            return
        self._past[run.id] = {epoch.epoch: epoch for epoch in past.epochs} | self._past.get(run.id, {})
        self._cases[run.id] = self._cases.get(run.id) or past.cases
        if run.id in (self._picked, *self._ticked) and past.epochs:
            self._draw()

    def _run_of(self, id: int | None) -> Run | None:
        return next((run for run in self._context.trainings.runs.all() if run.id == id), None)

    # What happens ------------------------------------------------------------------------------------------------------

    @Slot(object)
    def _batch(self, batch: BatchDone) -> None:
        if not self.isVisible():
            self._stale = True
        elif self._trains_here():
            self._head.add(batch)
            self._curves.add_batch(batch.epoch - 1 + batch.step / max(batch.steps, 1), batch.loss)

    @Slot(object)
    def _epoch(self, epoch: EpochDone) -> None:
        run = self._context.trainings.run
        if run is None:
            return
        self._past.setdefault(run.id, {})[epoch.epoch] = replace(epoch, cases=())
        if epoch.cases:
            self._cases[run.id] = epoch.cases
        if not self.isVisible():
            self._stale = True
            return
        if self._trains_here():
            self._curves.add_epoch(epoch, self._epochs())
            self._details.refresh()
            if epoch.cases:
                self._strip.set_cases(epoch.cases, self._context.session.classes)
        self._show_runs()

    def _trains_here(self) -> bool:
        run = self._context.trainings.run
        return run is not None and run.id == self._picked

    @Slot(int)
    def _pick(self, run: int) -> None:
        self._picked = run
        self._draw()

    @Slot(int)
    def _tick(self, run: int) -> None:
        """Lay that run beside the picked one, or take it away again."""
        if run in self._ticked:
            self._ticked.remove(run)
        else:
            self._ticked.append(run)
        if self._others():
            self._details.show_page(RECIPE)
        self._draw()

    @Slot(bool)
    def _details_turned(self, recipe: bool) -> None:
        """The table takes two fifths of the height; cases have their own."""
        layout = self._middle.layout()
        if isinstance(layout, QVBoxLayout):
            layout.setStretchFactor(self._plots, 3)
            layout.setStretchFactor(self._details, 2 if recipe else 0)

    @Slot(object)
    def _again(self, run: Run) -> None:
        """Fill the recipe of the next run from this one."""
        self._context.trainings.recipe.take_over(run)
        self._recipe.plan_next()

    @Slot(int)
    def _open_case(self, item: int) -> None:
        current = self._context.session.current
        current.open(item)
        if current.item is not None and current.item.id == item:
            self._context.commands["tab_review"].trigger()

    def _tell_status(self) -> None:
        session = self._context.session
        items = session.items()
        patients = patients_of(item.patient for item in items)
        parts = [patients_text(patients) if patients else items_text(len(items)), classes_text(len(session.classes))]
        self._context.status.set_place(parts if session.project is not None else [])
        self._context.status.set_hints(
            [tr("You can go on labelling while it trains")] if session.project is not None else []
        )


class _WrongTaskPage(QFrame):
    """In a project that classifies whole images: where its networks are trained."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        panel = Panel()
        text = Text(
            tr("This project gives classes to whole images. Their networks are trained in the Classify tab."), "dim"
        )
        text.setWordWrap(True)
        button = PrimaryButton("to_classify", tr("Go to Classify"))
        ActionBinding(button, context.commands["tab_classify"])
        panel.add(text, button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(HeaderBar(tr("Recipe")))
        column.addWidget(panel)
        column.addStretch(1)


def _reading_past(run: int, folder: Path) -> Work[_RunHistory]:
    yield Progress(0, 0, "")
    return _RunHistory(run, folder, read_events(folder), read_cases(folder))
