"""How far another run is from the one in review, on the same cases."""

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.services.run_queries import Scores
from app.shell.context import AppContext
from app.tabs.review import words as words
from engine.config import Split
from engine.project.items import Item
from engine.project.runs import Run
from engine.scoring.metrics import SetScores
from engine.scoring.paired import PairedDifference, paired_difference
from widgets.controls import Text, named
from widgets.figures import figure
from widgets.text import tr
from widgets.word_combo import ElidedCombo


class OtherRun(QFrame):
    """A list of the other runs; the chosen one is scored on the set that is shown, and anew when that comes into sight again after masks
    were changed. Until then those cases are left out. Hidden where there is no other."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._set = "test"
        self._scored: SetScores | None = None
        self._items: Sequence[Item] = ()
        self._asked: tuple[int, str] | None = None  # the run and the set that were scored last
        self._waits = False  # for that
        self._changed: set[int] = set()  # items whose mask was changed since
        self._runs = ElidedCombo()
        named(self._runs, "review_other_run", tr("Compare with"))
        self._said = Text("", "dim")
        self._said.setObjectName("paired_difference")
        self._said.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._runs)
        column.addWidget(self._said)
        self._runs.activated.connect(self._show)
        context.trainings.runs.scored.connect(self._have_scores)
        context.session.project_changed.connect(self._forget)
        context.session.current.stored_mask_changed.connect(self._mask_changed)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._changed:
            self._asked = None
            self._show()

    def show_set(self, name: str, scored: SetScores | None, items: Sequence[Item]) -> None:
        """The set, its scores by the run in use, and its items."""
        self._set, self._scored, self._items = name, scored, items
        in_use = self._context.session.predictions.run
        others = [run for run in self._context.trainings.runs.all() if run.bundle.exists() and run != in_use]
        self.setVisible(bool(others) and in_use is not None)
        wanted = [(tr("Compare with…"), None), *((run.name, run.id) for run in reversed(others))]
        if wanted != [(self._runs.itemText(at), self._runs.itemData(at)) for at in range(self._runs.count())]:
            chosen = self._runs.currentData()
            self._runs.clear()
            for title, id in wanted:
                self._runs.addItem(title, id)
            self._runs.setCurrentIndex(max(self._runs.findData(chosen), 0))
        self._show()

    def _run(self) -> Run | None:
        id = self._runs.currentData()
        return self._context.trainings.runs.find(id) if id is not None else None

    @Slot()
    def _forget(self) -> None:
        """Another project."""
        self._asked = None
        self._runs.clear()
        self._changed.clear()

    @Slot(int)
    def _mask_changed(self, item: int) -> None:
        self._changed.add(item)

    @Slot(int, str)
    def _have_scores(self, run: int, split: str) -> None:
        if (run, split) == self._asked:
            self._waits = False
            self._show()

    def _any(self, run: Run) -> bool:
        """Whether it has predicted anything of the set."""
        project = self._context.session.project
        return project is not None and not project.layers.predicted(run.id).isdisjoint(item.id for item in self._items)

    @Slot()
    def _show(self) -> None:
        run, text = self._run(), ""
        if run is not None and not self._any(run):
            text = words.nothing_predicted(self._set, run.name)
        elif run is not None:
            other = self._scores(run, words.split_of(self._set))
            text = tr("Being computed.")
            if isinstance(other, SetScores) and self._scored is not None:
                text = self._words(run, self._difference(self._scored, other))
        self._said.setText(text)
        self._said.setVisible(bool(text))

    def _scores(self, run: Run, split: Split) -> Scores | None:
        """Those that were asked for last; where they are not, or are gone since, they are asked for now."""
        runs = self._context.trainings.runs
        if self._asked != (run.id, split) or (not self._waits and runs.scores(run, split) is None):
            self._asked, self._waits = (run.id, split), True
            self._changed.clear()
            runs.score(run, split)
        return None if self._waits else runs.scores(run, split)

    def _difference(self, scored: SetScores, other: SetScores) -> PairedDifference | None:
        """Of the mean Dice of each case that both have by the same mask; cases of a patient belong together."""
        changed = {item.name for item in self._items if item.id in self._changed}
        theirs = {case.name: case.mean_dice for case in other.items if case.name not in changed}
        patients = {item.name: item.patient or item.id for item in self._items}
        pairs = [
            (case.mean_dice, dice, patients.get(case.name, case.name))
            for case in scored.items
            if case.mean_dice is not None and (dice := theirs.get(case.name)) is not None
        ]
        return paired_difference([a for a, _, _ in pairs], [b for _, b, _ in pairs], [group for _, _, group in pairs])

    @staticmethod
    def _words(run: Run, found: PairedDifference | None) -> str:
        if found is None:
            return tr("No case is scored for both.")
        values = {
            "difference": figure(found.mean, 3, signed=True),
            "run": run.name,
            "n": found.n,
            "groups": found.groups,
        }
        if found.interval is None:
            return tr("Dice {difference} against {run}, n = {n}", **values)
        low, high = (figure(each, 3, signed=True) for each in found.interval)
        return tr(
            "Dice {difference} against {run}, case by case; 95 % interval {low} to {high} (n = {n}, patients: {groups})",
            low=low,
            high=high,
            **values,
        )
