"""Beneath the curves: the validation cases of the picked run, or its whole recipe beside those of the ticked runs."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.dialogs.save_file import SaveFileDialog
from app.shell.context import AppContext
from app.tabs.parts import training as words
from app.tabs.train.facts import RunFacts, facts
from engine.formats.names import safe_name
from engine.project.runs import Run
from engine.scoring.metrics import SetScores
from widgets.case_strip import CaseStrip
from widgets.column_parts import WrappingBar
from widgets.comparison_table import ComparisonTable
from widgets.controls import Button, Choice, IconButton, Segmented, named
from widgets.text import tr

CASES, RECIPE = "cases", "recipe"


class RunDetails(QFrame):
    """`turned(recipe)` when a person turns to the recipe or back; `again(run)` when the next run shall be made like this one."""

    turned = Signal(bool)
    again = Signal(object)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        named(self, "run_details", tr("Cases and recipe"))
        self.setProperty("role", "panel")
        self._context = context
        self._shown: tuple[tuple[Run, str], ...] = ()
        self._runs: tuple[Run, ...] = ()
        self._asked: set[int] = set()  # runs whose validation is scored for the comparison
        self.strip, self.table = CaseStrip(), ComparisonTable("run_facts", tr("Recipe and results"))
        choices = [
            Choice(CASES, tr("Validation cases"), short=tr("Cases")),
            Choice(RECIPE, tr("Recipe and results"), short=tr("Recipe")),
        ]
        self._pages = Segmented("run_details.page", tr("What is shown"), choices, CASES)
        self._again = Button("again", tr("Again with this changed …"), "refresh")
        self._again.setToolTip(tr("Fills the recipe from this run, for a next one that differs where you change it"))
        self._copy = IconButton("run_facts.copy", "copy", tr("Copy as CSV"), side=28)
        self._save = IconButton("run_facts.save", "export", tr("Save as CSV…"), side=28)
        self._tools = (self._again, self._copy, self._save)
        right = QWidget()
        row = QHBoxLayout(right)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)  # while there is no legend
        row.addWidget(self.strip.legend, 100)
        for tool in self._tools:
            row.addWidget(tool)
        band = WrappingBar(self._pages, right, (0, 1))
        self._stack = QStackedWidget()
        self._stack.addWidget(self.strip)
        self._stack.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(band)
        column.addWidget(self._stack, 1)
        self._pages.picked.connect(self._turn)
        self._again.clicked.connect(self._ask_again)
        self._copy.clicked.connect(self.table.copy)
        self._save.clicked.connect(self._ask_save)
        context.trainings.runs.scored.connect(self._scored)
        context.trainings.runs.scores_outdated.connect(self._ask_anew)
        context.session.project_changed.connect(self._ask_anew)
        self._turn(CASES)

    def show_page(self, name: str) -> None:
        """CASES or RECIPE."""
        self._pages.set_current(name)
        self._turn(name)

    def show_runs(self, runs: Sequence[tuple[Run, str]]) -> None:
        """The picked run and those that it is compared with, each with its colour in the plots."""
        self._shown, self._runs = tuple(runs), tuple(run for run, _ in runs)
        if len(runs) > 1 and self._context.session.task != "classification":
            for run in self._runs:
                self._ask_scores(run)
        self._fill_table()
        self._again.setEnabled(bool(runs) and self._context.session.writable)

    def _fill_table(self) -> None:
        """Where it is looked at: a training that goes on tells it every epoch."""
        if self._stack.currentWidget() is not self.table:
            return
        trainings = self._context.trainings
        found = [
            RunFacts(
                trainings.so_far(run),
                words.auto_values(trainings.notices)
                if trainings.run is not None and trainings.run.id == run.id
                else {},
                scores if isinstance(scores := trainings.runs.scores(run, "val"), SetScores) else None,
            )
            for run in self._runs
        ]
        self.table.set_facts([(run.name, color) for run, color in self._shown], facts(found) if found else [])

    def refresh(self) -> None:
        """The run that trains has come further."""
        self.show_runs(self._shown)

    def _ask_scores(self, run: Run) -> None:
        """For the difference case by case; of the cases that are predicted already."""
        if run.id not in self._asked and run.bundle.exists():
            self._asked.add(run.id)
            if self._context.trainings.runs.scores(run, "val") is None:
                self._context.trainings.runs.score(run, "val")

    @Slot()
    def _ask_anew(self) -> None:
        """The scores are gone, or the runs are another project's, which have the same numbers."""
        self._asked.clear()

    @Slot(int, str)
    def _scored(self, run: int, split: str) -> None:
        if split == "val" and any(each.id == run for each in self._runs):
            self.refresh()

    @Slot(str)
    def _turn(self, name: str) -> None:
        recipe = name == RECIPE
        self._stack.setCurrentWidget(self.table if recipe else self.strip)
        self.strip.legend.setVisible(not recipe)
        for tool in self._tools:
            tool.setVisible(recipe)
        self._fill_table()
        self.turned.emit(recipe)

    @Slot()
    def _ask_again(self) -> None:
        if self._runs:
            self.again.emit(self._runs[0])

    @Slot()
    def _ask_save(self) -> None:
        project = self._context.session.project
        if project is None or not self._runs:
            return
        SaveFileDialog(
            self._context,
            "save_recipes",
            tr("Save as CSV"),
            tr("Tables ({pattern})", pattern="*.csv"),
            safe_name(f"{project.name} {self._runs[0].name}") + ".csv",
            partial(self.table.as_csv().encode, "utf-8-sig"),
            self,
        ).open()
