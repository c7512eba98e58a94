"""Whether another run calls more of the same images rightly."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.shell.context import AppContext
from engine.learning.evaluate import collect_answers
from engine.project.runs import Run
from engine.scoring.classify import ClassifierAnswers
from engine.scoring.paired import mcnemar
from widgets.controls import Text, named
from widgets.figures import figure
from widgets.text import tr
from widgets.word_combo import ElidedCombo


class OtherClassifier(QFrame):
    """A list of the other runs; of the chosen one McNemar's test is said. Hidden where there is no other."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._answers: ClassifierAnswers | None = None
        self._runs = ElidedCombo()
        named(self._runs, "classify.other_run", tr("Compare with"))
        self._said = Text("", "dim")
        self._said.setObjectName("classify.mcnemar")
        self._said.setWordWrap(True)
        self._said.setToolTip(tr("McNemar's exact test of the images that one of the two alone calls rightly"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._runs)
        column.addWidget(self._said)
        self._runs.activated.connect(self._show)
        context.session.project_changed.connect(self._forget)

    @Slot()
    def _forget(self) -> None:
        """Another project has other runs, by the same numbers."""
        self._runs.clear()

    def show_answers(self, found: ClassifierAnswers | None, run: Run | None) -> None:
        """What the chosen run of the board said."""
        self._answers = found
        every = self._context.trainings.runs.all()
        others = [each for each in every if each.bundle.exists() and (run is None or each.id != run.id)]
        self.setVisible(found is not None and bool(others))
        wanted = [(tr("Compare with…"), None), *((each.name, each.id) for each in others)]
        if wanted != [(self._runs.itemText(at), self._runs.itemData(at)) for at in range(self._runs.count())]:
            chosen = self._runs.currentData()
            self._runs.clear()
            for name, id in wanted:
                self._runs.addItem(name, id)
            self._runs.setCurrentIndex(max(self._runs.findData(chosen), 0))
        self._show()

    @Slot()
    def _show(self) -> None:
        id = self._runs.currentData()
        run = self._context.trainings.runs.find(id) if id is not None else None
        text = self._words(run, self._answers) if run is not None and self._answers is not None else ""
        self._said.setText(text)
        self._said.setVisible(bool(text))

    def _words(self, run: Run, mine: ClassifierAnswers) -> str:
        """Of the images that both have answered."""
        theirs = self._of(run, mine)
        right = dict(zip(mine.items, mine.predicted() == mine.truth, strict=True))
        other = dict(zip(theirs.items, theirs.predicted() == theirs.truth, strict=True)) if theirs is not None else {}
        both = [id for id in mine.items if id in other]
        if not both:
            return tr("{run} has not been asked about this set yet.", run=run.name)
        found = mcnemar([right[id] for id in both], [other[id] for id in both])
        return tr(
            "Right here alone: {mine}, with {run} alone: {theirs}; p = {p} (n = {n})",
            mine=found.first_alone,
            theirs=found.second_alone,
            run=run.name,
            p=figure(found.p, 3),
            n=len(both),
        )

    def _of(self, run: Run, mine: ClassifierAnswers) -> ClassifierAnswers | None:
        project, wanted = self._context.session.project, set(mine.items)
        if project is None:
            return None
        items = [item for item in self._context.session.items() if item.id in wanted]
        return collect_answers(items, project.runs.probabilities(run), run.learnt(self._context.session.classes))
