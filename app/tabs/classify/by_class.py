"""Of many classes: the scores of each, or the ROC curve of one against all others."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.shell.context import AppContext
from engine.scoring.classify import ClassifierAnswers, roc
from widgets.controls import Choice, Segmented, named
from widgets.panels import Panel
from widgets.score_table import Column, Score, ScoreTable
from widgets.small_plots import RocPlot
from widgets.text import tr
from widgets.word_combo import WordCombo


class ByClass(Panel):
    """A table and a curve in one place; a person turns from one to the other."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(tr("By class"))
        self._context = context
        self._answers: ClassifierAnswers | None = None
        self.table = ScoreTable(
            "classify.class_scores",
            tr("Scores by class"),
            [Column(tr("Precision"), 2), Column(tr("Recall"), 2), Column("F1", 2), Column("n", 0)],
        )
        self.classes = WordCombo()
        named(self.classes, "classify.roc_class", tr("Class against all others"))
        self.classes.setToolTip(tr("Class against all others"))
        self.roc = RocPlot("classify.class_roc")
        curve = QWidget()
        column = QVBoxLayout(curve)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.classes)
        column.addWidget(self.roc, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.table)
        self._pages.addWidget(curve)
        choices = [Choice("scores", tr("Scores")), Choice("roc", tr("ROC curve"))]
        self._page = Segmented("classify.by_class", tr("By class"), choices)
        self.add(self._page, self._pages)
        self.body.addStretch(1)
        self._page.picked.connect(self._turn)
        self.classes.activated.connect(self._show_curve)

    def show_answers(self, found: ClassifierAnswers) -> None:
        """(n, classes) answers of three classes or more."""
        self._answers = found
        if [self.classes.itemText(at) for at in range(self.classes.count())] != list(found.names):
            self.classes.clear()
            self.classes.addItems(found.names)
        scores = found.scores
        colors = {c.name: c.color for c in self._context.session.classes}
        rows = [
            Score(name, (c.precision, c.recall, c.f1, float(c.support)), colors.get(name, ""))
            for name, c in scores.classes.items()
        ]
        rows.append(Score(tr("Mean"), (None, None, scores.macro_f1, float(scores.n)), strong=True))
        self.table.set_scores(rows)
        self._show_curve()

    @Slot(str)
    def _turn(self, page: str) -> None:
        self._pages.setCurrentIndex(1 if page == "roc" else 0)

    @Slot()
    def _show_curve(self) -> None:
        if self._answers is None:
            return
        two = self._answers.against_rest(max(self.classes.currentIndex(), 0))
        curve = roc(two.probabilities, two.truth)
        if curve is None:
            self.roc.set_curve([], [], None)
        else:
            self.roc.set_curve(curve.false_positive.tolist(), curve.true_positive.tolist(), two.scores.auc)
