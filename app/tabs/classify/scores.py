"""What the chosen run got right: confusion matrix, ROC curve with its threshold, or the scores of many classes."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from app.shell.context import AppContext
from engine.scoring.classify import HALF, UNANSWERED, ClassifierAnswers, at_threshold, classification_scores, roc
from engine.words import translatable
from widgets.confusion import ConfusionMatrix
from widgets.controls import Text
from widgets.figures import figure, percent
from widgets.panels import Panel
from widgets.score_table import Column, Score, ScoreTable
from widgets.sliders import Slider
from widgets.small_plots import RocPlot
from widgets.text import counted, tip, tr


class ClassificationScoresPanel(QFrame):
    """`cell_picked(truth, said, items)` when a person chooses a cell of the matrix."""

    cell_picked = Signal(int, int, object)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.setProperty("role", "window")
        self._context = context
        self._answers: ClassifierAnswers | None = None
        self._threshold = HALF
        self.matrix = ConfusionMatrix("classify.confusion")
        self.matrix.setMinimumHeight(190)
        self.roc = RocPlot("classify.roc")
        self.slider = Slider("classify.threshold", tr("Threshold"), 0.0, 1.0, HALF, step=0.01, decimals=2)
        self._values = {key: Text("–") for key in ("sensitivity", "specificity", "ppv", "npv")}
        self._classes = ScoreTable(
            "classify.class_scores",
            tr("Scores by class"),
            [Column(tr("Precision"), 3), Column(tr("Recall"), 3), Column("F1", 3), Column("n", 0)],
        )
        left = _section(tr("Confusion matrix"), self.matrix)
        self._nothing = Text("", "dim")
        self._nothing.setObjectName("classify.nothing")
        self._nothing.setWordWrap(True)
        left.body.addWidget(self._nothing)
        left.body.addStretch(1)
        self._curve = _section(tr("ROC curve"), self.roc)
        self._at = self._at_threshold()
        self._by_class = _section(tr("By class"), self._classes)
        self._by_class.body.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(left, 4)
        row.addWidget(self._curve, 3)
        row.addWidget(self._at, 2)
        row.addWidget(self._by_class, 4)
        self.matrix.cell_clicked.connect(self._cell)
        self.slider.changed.connect(self._slid)

    def _at_threshold(self) -> Panel:
        panel = _section(tr("At this threshold"))
        grid = QGridLayout()
        grid.setVerticalSpacing(10)
        grid.setHorizontalSpacing(8)
        grid.setColumnStretch(0, 1)
        said = {
            "sensitivity": (tr("Sensitivity"), tr("Of the images with the finding, the share that was found")),
            "specificity": (tr("Specificity"), tr("Of the images without it, the share that was called free of it")),
            "ppv": (
                tr("PPV"),
                tr("Of those called positive, the share that is: positive predictive value in this set"),
            ),
            "npv": (
                tr("NPV"),
                tr("Of those called negative, the share that is: negative predictive value in this set"),
            ),
        }
        for row, (key, (text, help)) in enumerate(said.items()):
            name, value = Text(text, "dim"), self._values[key]
            value.setObjectName(f"classify.{key}")
            value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            for label in (name, value):
                label.setToolTip(tip(help))
            grid.addWidget(name, row, 0)
            grid.addWidget(value, row, 1)
        panel.body.addLayout(grid)
        panel.body.addSpacing(8)
        self._finding = Text("", "dim")
        self._finding.setWordWrap(True)
        panel.add(self._finding, self.slider)
        panel.body.addStretch(1)
        panel.setMinimumWidth(176)
        return panel

    def show_answers(self, found: ClassifierAnswers | None, why: str = "") -> None:
        """The answers of the chosen run; without any, `why` says what is missing."""
        if found is None or self._answers is None or found.names != self._answers.names:
            self._threshold = HALF
            self.slider.set_value(HALF)
        self._answers = found
        self._nothing.setText(why if found is None else _unanswered(found))
        self._nothing.setVisible(bool(self._nothing.text()))
        self.matrix.setVisible(found is not None)
        two = found is not None and len(found.names) == 2
        for panel in (self._curve, self._at):
            panel.setVisible(two)
        self._by_class.setVisible(found is not None and not two)
        if found is None:
            return
        if two:
            self._show_curve(found)
        else:
            self._show_classes(found)
        self._show_matrix()

    @property
    def threshold(self) -> float:
        return self._threshold

    @property
    def answers(self) -> ClassifierAnswers | None:
        """What is shown."""
        return self._answers

    def _show_curve(self, found: ClassifierAnswers) -> None:
        curve = roc(found.probabilities, found.truth)
        scores = classification_scores(found.probabilities, found.truth, found.names)
        if curve is None:
            self.roc.set_curve([], [], None)
        else:
            self.roc.set_curve(curve.false_positive.tolist(), curve.true_positive.tolist(), scores.auc)
        self._finding.setText(tr("Called {name} from a probability of", name=found.names[1]))

    def _show_classes(self, found: ClassifierAnswers) -> None:
        scores = classification_scores(found.probabilities, found.truth, found.names)
        colors = {c.name: c.color for c in self._context.session.classes}
        rows = [
            Score(name, (c.precision, c.recall, c.f1, float(c.support)), colors.get(name, ""))
            for name, c in scores.classes.items()
        ]
        rows.append(Score(tr("Mean"), (None, None, scores.macro_f1, float(scores.n)), strong=True))
        self._classes.set_scores(rows)

    def _show_matrix(self) -> None:
        found = self._answers
        if found is None:
            return
        self.matrix.set_matrix(found.names, found.matrix(self._threshold))
        if len(found.names) != 2:
            return
        cut = at_threshold(found.probabilities, found.truth, self._threshold)
        shares = {"sensitivity": cut.sensitivity, "specificity": cut.specificity, "ppv": cut.ppv, "npv": cut.npv}
        for key, share in shares.items():
            self._values[key].setText(percent(share, 1))
        alarms = None if cut.specificity is None else 1 - cut.specificity
        self.roc.set_threshold(alarms, cut.sensitivity)
        self.roc.setToolTip(tr("Threshold {value}", value=figure(self._threshold, 2)))

    @Slot(float)
    def _slid(self, value: float) -> None:
        self._threshold = value
        self._show_matrix()

    @Slot(int, int)
    def _cell(self, truth: int, said: int) -> None:
        if self._answers is not None:
            self.cell_picked.emit(truth, said, self._answers.of_cell(truth, said, self._threshold))


def _unanswered(found: ClassifierAnswers) -> str:
    """How many answers no figure can show; "" where all are numbers."""
    count = int((found.predicted() == UNANSWERED).sum())
    one = translatable("1 answer is no number: it is in no cell of the matrix, and there is no curve.")
    many = translatable("{count} answers are no numbers: they are in no cell of the matrix, and there is no curve.")
    return counted(count, one, many) if count else ""


def _section(heading: str, widget: QWidget | None = None) -> Panel:
    """A panel on the window's ground, so that the matrix and the curves stand on the same as the scan's surroundings."""
    panel = Panel(heading)
    panel.setProperty("role", "window")
    if widget is not None:
        panel.body.addWidget(widget, 1)
    panel.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return panel
