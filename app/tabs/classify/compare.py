"""The middle of Classify when networks are compared: the board, the scores of the chosen run, and why it said so."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout

from app.services.jobs import JobHandle
from app.shell.context import AppContext
from app.tabs.classify.board import Board
from app.tabs.classify.cases import WhyPanel
from app.tabs.classify.cell import CellPanel
from app.tabs.classify.runs import RunCurves, board_rows
from app.tabs.classify.scores import ClassificationScoresPanel
from app.tabs.parts.explaining import chosen_method, why_not
from engine.config import Split
from engine.learning.evaluate import collect_answers
from engine.project.items import Item
from engine.project.runs import Run, best_run, classifier_of
from engine.scoring.classify import ClassifierAnswers
from widgets.column_parts import EmptyState
from widgets.controls import Separator
from widgets.figures import figure
from widgets.text import tr

if TYPE_CHECKING:
    from engine.learning.explaining import Explained

_REDRAW = 100  # ms: batches come faster than anybody reads


@dataclass
class _Cases:
    """Those of one run by one method, as they come."""

    asked: JobHandle | None = None
    found: "list[Explained]" = field(default_factory=list)
    refused: str = ""  # why there are none

    @property
    def lost(self) -> bool:
        """Whether there are none, and none will come."""
        return not self.found and (self.asked is None or not self.asked.active)

    def drop(self) -> None:
        """What is still to come is not wanted any more."""
        if self.asked is not None:
            self.asked.drop()


def chosen_from(items: Sequence[Item]) -> frozenset[tuple[int, int]]:
    """The images that the cases of all runs are chosen from, with their classes: of the test set, else of validation, else all."""
    known = [item for item in items if item.label is not None]
    sets = ([item for item in known if item.split == split] for split in ("test", "val"))
    return frozenset((item.id, item.label) for item in next(filter(None, sets), known) if item.label is not None)


class ComparePage(QFrame):
    """`run_picked(run)` when a person goes to another run, `item_opened(item)` when an image is wanted large."""

    run_picked = Signal(object)
    item_opened = Signal(int)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.setProperty("role", "window")
        self._context = context
        self._split: Split = "val"
        self._curves = RunCurves(context.jobs, self)
        self._runs: list[Run] | None = None  # as the project has them, until they change
        self._run: int | None = None
        self._scored: set[tuple[int, str]] = set()  # runs and sets whose scores were asked for
        self._cases: dict[tuple[int, str], _Cases] = {}  # run, method
        self._chosen_from: frozenset[tuple[int, int]] = (
            frozenset()
        )  # the images that cases are chosen from, with their classes
        self._stale = False
        self._cell: tuple[int, int] | None = None  # of the matrix, whose images are shown
        self.board, self.scores = Board(context), ClassificationScoresPanel(context)
        self.why, self.cell = WhyPanel(), CellPanel(context)
        self._lower = QStackedWidget()
        self._lower.addWidget(self.why)
        self._lower.addWidget(self.cell)
        nothing = tr("No network is trained yet. Tick the ones to compare at the left, and run the study.")
        self._empty = EmptyState("classify.no_runs", nothing)
        self._line, self._second = Separator(), Separator()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.board)
        column.addWidget(self._line)
        column.addWidget(self.scores, 4)
        column.addWidget(self._second)
        column.addWidget(self._lower, 5)
        column.addWidget(self._empty, 1)
        self._redraw = QTimer(self)
        self._redraw.setSingleShot(True)
        self._redraw.setInterval(_REDRAW)
        self._redraw.timeout.connect(self._show_board)
        self._connect()

    def _connect(self) -> None:
        trainings = self._context.trainings
        for signal in (trainings.runs.changed, trainings.waiting.changed, trainings.paused_changed):
            signal.connect(self._changed)
        trainings.batch.connect(self._moved_on)
        trainings.epoch.connect(self._moved_on)
        trainings.runs.under_way_changed.connect(self._predictions_changed)
        trainings.runs.scored.connect(self._have_scores)
        trainings.runs.predicted.connect(self._predicted)
        trainings.runs.explained.connect(self._explained)
        self._context.session.predictions.prediction_changed.connect(self._moved_on)
        self._curves.ready.connect(self._moved_on)
        self.board.picked.connect(self._picked)
        self.scores.cell_picked.connect(self._show_cell)
        self.scores.matrix_changed.connect(self._renew_cell)
        self.why.method_chosen.connect(self._show_why)
        self.why.best_asked.connect(self._show_best)
        self.cell.opened.connect(self.item_opened)
        self.cell.closed.connect(self._close_cell)

    # What is shown -----------------------------------------------------------------------------------------------------

    @property
    def run(self) -> Run | None:
        """The run whose scores are shown."""
        return next((run for run in self._all_runs() if run.id == self._run), None)

    def _all_runs(self) -> list[Run]:
        """Read once between two changes: the board is drawn ten times a second while one trains."""
        if self._runs is None:
            self._runs = self._context.trainings.runs.all()
        return self._runs

    def shown(self, split: Split) -> None:
        """Come to the front with the scores of that set."""
        self._split, self._runs = split, None
        self._cases = {
            key: cases for key, cases in self._cases.items() if not cases.lost
        }  # they are asked for once more
        if self._stale:
            self._scored.clear()
            self._stale = False
        self._ask_scores()
        self._show_board()
        self._show_run()

    def forget(self) -> None:
        """Another project."""
        self._run = self._runs = None
        self._curves.forget()
        self._scored.clear()
        self.forget_cases()
        self._redraw.stop()
        self._close_cell()

    def forget_cases(self) -> None:
        """They are explained anew when they are next looked at."""
        for cases in self._cases.values():
            cases.drop()
        self._cases.clear()

    def items_changed(self, *, look: bool) -> None:
        """Classes or sets changed: the scores are others now, and so are cases that would be chosen among others, or by other classes."""
        self._stale = True
        if self._cases and self._chosen_from != chosen_from(self._context.session.items()):
            self.forget_cases()
        if look:
            self.shown(self._split)

    def case_of(self, run: int, method: str, item: int) -> "Explained | None":
        cases = self._cases.get((run, method))
        return next((case for case in cases.found if case.item == item), None) if cases is not None else None

    @Slot()
    def _show_board(self) -> None:
        if self._context.session.task != "classification":
            return
        rows = board_rows(self._context, self._all_runs(), self._curves)
        self.board.set_rows(rows)
        for part in (self.board, self._line, self.scores, self._second, self._lower):
            part.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        if self.run is None:
            best = next((row for row in rows if row.best), None) or next((row for row in rows if row.run), None)
            self._run = best.run.id if best is not None and best.run is not None else None
            self.board.set_current(self._run)
            if self._run is not None:
                self._show_run()
        elif self.board.current() is None:
            self.board.set_current(self._run)

    def _show_run(self) -> None:
        run = self.run
        if run is None:
            self.scores.show_answers(None)
            return
        found, why = self._answers(run)
        self.scores.show_answers(found, why, run)
        self.scores.ask.setVisible(bool(why) and found is None and not self._hindrance(run))
        if found is None:
            self._close_cell()
        self.scores.test_set.show_run(run if self._split == "test" else None)
        self._show_why()

    def _answers(self, run: Run) -> tuple[ClassifierAnswers | None, str]:
        """What it said of the set, or why there is nothing."""
        session = self._context.session
        if session.project is None:
            return None, ""
        if self._split == "test" and run.test_reading is None:
            return None, ""  # what is beneath says why, and has the button
        items = [i for i in session.items() if i.split == self._split and not i.rejected]
        said, learnt = session.project.runs.probabilities(run), run.learnt(session.classes)
        found = collect_answers(items, said, learnt, run.learnt_items())
        if found is not None:
            return found, ""
        return None, self._hindrance(run) or tr("{run} has not been asked about this set yet.", run=run.name)

    def predict_set(self) -> None:
        """Ask the network that is shown about the images of the set that it was not asked about."""
        run, session = self.run, self._context.session
        if run is None or session.project is None or not run.bundle.exists():
            return
        known = session.project.runs.probabilities(run)
        self._context.trainings.runs.predict(
            run, [item.id for item in session.items() if item.split == self._split and item.id not in known]
        )

    def _hindrance(self, run: Run) -> str:
        """Why it cannot be asked about the set now; "" where it can."""
        trainings = self._context.trainings
        if trainings.run is not None and trainings.run.id == run.id:
            return tr("{run} is being trained. Its answers are counted here when it has ended.", run=run.name)
        if not run.bundle.exists():
            return tr("{run} ended before it left a network.", run=run.name)
        if trainings.runs.predicting:
            return tr("{run} is being asked about the images of this set.", run=run.name)
        if not any(item.split == self._split and item.label is not None for item in self._context.session.items()):
            return tr("No image of this set has a class.")
        return ""

    @Slot()
    def _changed(self) -> None:
        self._runs = None
        if not self.isVisible():
            return
        self._ask_scores()
        self._show_board()
        self._predictions_changed()

    @Slot()
    def _predictions_changed(self) -> None:
        """Why there are no answers may be another reason now."""
        if self.isVisible() and self.run is not None and self.scores.matrix.isHidden():
            self._show_run()

    @Slot()
    def _moved_on(self) -> None:
        """At most ten times a second."""
        if self.isVisible() and not self._redraw.isActive():
            self._redraw.start()

    @Slot(object)
    def _picked(self, run: Run | None) -> None:
        self._run = run.id if run is not None else None
        self._close_cell()
        if run is not None:
            self._show_run()
        self.run_picked.emit(run)

    # Scores ------------------------------------------------------------------------------------------------------------

    def _ask_scores(self) -> None:
        """Have those counted that nobody counted since the project was opened."""
        for run in self._all_runs():
            if run.bundle.exists() and (run.id, "val") not in self._scored:
                self._scored.add((run.id, "val"))
                self._context.trainings.runs.score(run, "val")

    @Slot(int, str)
    def _have_scores(self, run: int, split: str) -> None:
        self._scored.add((run, split))
        if not self.isVisible():
            return
        self._show_board()
        shown = self.run
        if shown is not None and shown.id == run and split == self._split:
            self._show_run()

    @Slot(int, int)
    def _predicted(self, run: int, item: int) -> None:
        """What was explained before was of other weights."""
        for key in [key for key in self._cases if key[0] == run]:
            self._cases.pop(key).drop()

    @Slot(int, int, object)
    def _show_cell(self, truth: int, said: int, items: list[int]) -> None:
        found = self.scores.answers
        if found is None:
            return
        self._cell = truth, said
        names = found.names
        words = {"truth": names[truth], "said": names[said], "count": len(items)}
        heading = (
            tr("Truly {truth}, and called so: {count}", **words)
            if truth == said
            else tr("Truly {truth}, called {said}: {count}", **words)
        )
        known = {item.id: item.name for item in self._context.session.items()}
        shares = dict(zip(found.items, found.probabilities[:, said].tolist(), strict=True))
        rows = [(id, known[id], f"{names[said]} {figure(shares[id], 2)}") for id in items if id in known]
        self.cell.show_items(heading, rows)
        self._lower.setCurrentWidget(self.cell)

    @Slot()
    def _renew_cell(self) -> None:
        """The matrix holds other images now: by another threshold, set, or class of an image."""
        found = self.scores.answers
        if self._cell is None or found is None:
            return
        truth, said = self._cell
        if max(truth, said) < len(found.names):
            self._show_cell(truth, said, found.of_cell(truth, said, self.scores.threshold))
        else:
            self._close_cell()

    @Slot()
    def _close_cell(self) -> None:
        self._cell = None
        self._lower.setCurrentWidget(self.why)

    # Why ---------------------------------------------------------------------------------------------------------------

    @Slot()
    def _show_best(self) -> None:
        """The cases of the run that is best on the validation set."""
        best = best_run(self._all_runs())
        if best is not None:
            self.board.set_current(best.id)
            self._picked(best)

    @Slot()
    def _show_why(self) -> None:
        """The cases of the chosen run, asked for where nobody did yet."""
        run, project = self.run, self._context.session.project
        if run is None or project is None or project.task != "classification" or not self.isVisible():
            return
        names = tuple(c.name for c in project.classes)
        method = chosen_method(classifier_of(run))
        key = run.id, method
        self.why.method.show_choice()
        if not run.bundle.exists() or not project.runs.probabilities(run):
            self.why.show_cases((), names, method, "")
            return
        if key not in self._cases:
            self._chosen_from = chosen_from(self._context.session.items())
            cases = self._cases[key] = _Cases()
            refused = partial(self._not_explained, cases)
            cases.asked = self._context.trainings.runs.explain(run, None, method, refused=refused)
        cases = self._cases[key]
        awaited = cases.refused or tr("{run} is being asked …", run=run.name)
        self.why.show_cases(cases.found, names, method, "" if cases.found else awaited)

    def _not_explained(self, cases: _Cases, fault: BaseException) -> None:
        cases.refused = why_not(fault, self._context.session)
        self._show_why()

    @Slot(object)
    def _explained(self, case: "Explained") -> None:
        cases = self._cases.get((case.run, case.method))
        if not case.kind or cases is None or any(old.item == case.item for old in cases.found):
            return
        cases.found.append(case)
        run = self.run
        if run is not None and run.id == case.run:
            self._show_why()
