"""What the chosen run got right: confusion matrix, ROC curve with its threshold, or the scores of many classes."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from app.dialogs.run_report import ask_run_report
from app.dialogs.save_file import SaveFileDialog
from app.shell.context import AppContext
from app.tabs.classify.by_class import ByClass
from app.tabs.classify.other_run import OtherClassifier
from app.tabs.parts.counts import images_text
from app.tabs.parts.test_set import ReadTestSet
from engine.formats.names import safe_name
from engine.formats.score_tables import probabilities_csv
from engine.labels.classes import LabelClass
from engine.project.runs import LEARNT_BEFORE, Run
from engine.scoring.classify import HALF, ClassifierAnswers, roc
from engine.words import translatable
from widgets.column_parts import ActionBinding, WrappingPair
from widgets.confusion import ConfusionMatrix
from widgets.controls import Button, IconButton, Text
from widgets.figures import figure, percent
from widgets.panels import Panel
from widgets.sliders import Slider
from widgets.small_plots import RocPlot
from widgets.text import counted, tip, tr


class ClassificationScoresPanel(QFrame):
    """`cell_picked(truth, said, items)` when a person chooses a cell of the matrix, `matrix_changed()` when its cells hold others."""

    cell_picked = Signal(int, int, object)
    matrix_changed = Signal()

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.setProperty("role", "window")
        self._context = context
        self._answers: ClassifierAnswers | None = None
        self._threshold = HALF
        self.matrix = ConfusionMatrix("classify.confusion")
        self.roc = RocPlot("classify.roc")
        self.slider = Slider("classify.threshold", tr("Threshold"), 0.0, 1.0, HALF, step=0.01, decimals=2)
        self._values = {key: Text("–") for key in ("accuracy", "sensitivity", "specificity", "ppv", "npv")}
        self._run: Run | None = None
        self._save = IconButton("classify.save", "export", tr("Save the probabilities as CSV"), side=28)
        self._report = IconButton("classify.report", "file", tr("Report of this run…"), side=28)
        self.other = OtherClassifier(context)
        left = _section(tr("Confusion matrix"), self.matrix)
        self._nothing = Text("", "dim")
        self._nothing.setObjectName("classify.nothing")
        self._nothing.setWordWrap(True)
        self.ask = Button("classify.predict_set", tr("Predict the set shown"))
        ActionBinding(self.ask, context.commands["predict_set"])
        self.ask.hide()
        self.test_set = ReadTestSet(context, "classify.read_test_set")
        self.test_set.hide()
        left.body.addWidget(self._nothing)
        left.body.addWidget(self.ask, 0, Qt.AlignmentFlag.AlignLeft)
        buttons = left.add_row(self.other, self._save, self._report)
        for button in (self._save, self._report):
            buttons.setAlignment(button, Qt.AlignmentFlag.AlignTop)
        buttons.setStretch(0, 100)
        buttons.addStretch(1)  # the two stay together where there is nothing beside them
        left.body.addWidget(self.test_set)
        left.body.addStretch(1)
        self._curve = _section(tr("ROC curve"), self.roc)
        self._at = self._at_threshold()
        self._by_class = ByClass(context)
        self._by_class.setProperty("role", "window")
        self._curve_and_cut = WrappingPair(self._curve, self._at, (3, 2), 0)
        more = QWidget()
        beside = QHBoxLayout(more)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(0)
        for part in (self._curve_and_cut, self._by_class):
            beside.addWidget(part)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(WrappingPair(left, more, (4, 5), 0))
        self.matrix.cell_clicked.connect(self._cell)
        self.slider.changed.connect(self._slid)
        self._save.clicked.connect(self._save_probabilities)
        self._report.clicked.connect(self._ask_report)

    def _at_threshold(self) -> Panel:
        panel = _section(tr("At this threshold"))
        grid = QGridLayout()
        grid.setVerticalSpacing(10)
        grid.setHorizontalSpacing(8)
        grid.setColumnStretch(0, 1)
        said = {
            "accuracy": (tr("Accuracy"), tr("Of all images, the share that is called rightly")),
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

    def show_answers(self, found: ClassifierAnswers | None, why: str = "", run: Run | None = None) -> None:
        """The answers of the chosen run; without any, `why` says what is missing."""
        self._run = run
        self._save.setEnabled(found is not None and run is not None)
        self._report.setEnabled(run is not None and run.bundle.exists())
        self.other.show_answers(found, run)
        if found is None or self._answers is None or found.names != self._answers.names:
            self._threshold = HALF
            self.slider.set_value(HALF)
        self._answers = found
        self._nothing.setText(why if found is None else _left_out(found, run, self._context.session.classes))
        self._nothing.setVisible(bool(self._nothing.text()))
        self.matrix.setVisible(found is not None)
        two = found is not None and len(found.names) == 2
        self._curve_and_cut.setVisible(two)
        self._by_class.setVisible(found is not None and not two)
        if found is None:
            return
        if two:
            self._show_curve(found)
        else:
            self._by_class.show_answers(found)
        self._show_matrix()

    @property
    def threshold(self) -> float:
        return self._threshold

    @property
    def answers(self) -> ClassifierAnswers | None:
        """What is shown."""
        return self._answers

    @Slot()
    def _ask_report(self) -> None:
        if self._run is not None:
            ask_run_report(self._context, self._run, self)

    @Slot()
    def _save_probabilities(self) -> None:
        if self._answers is None or self._run is None:
            return
        items, name = self._context.session.items(), self._run.name
        SaveFileDialog(
            self._context,
            "save_probabilities",
            tr("Save the probabilities as CSV"),
            tr("Tables ({pattern})", pattern="*.csv"),
            f"{safe_name(name)}.csv",
            partial(probabilities_csv, self._answers, items, name),
            self,
        ).open()

    def _show_curve(self, found: ClassifierAnswers) -> None:
        curve = roc(found.probabilities, found.truth)
        scores = found.scores
        if curve is None:
            self.roc.set_curve([], [], None)
        else:
            self.roc.set_curve(curve.false_positive.tolist(), curve.true_positive.tolist(), scores.auc)
        self._finding.setText(tr("Called {name} from a probability of", name=found.names[1]))

    def _show_matrix(self) -> None:
        found = self._answers
        if found is None:
            return
        self.matrix.set_matrix(found.names, found.matrix(self._threshold))
        self.matrix_changed.emit()
        if len(found.names) != 2:
            return
        cut = found.at_threshold(self._threshold)
        for key, value in self._values.items():
            value.setText(percent(getattr(cut, key), 1))
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


def _left_out(found: ClassifierAnswers, run: Run | None, classes: Sequence[LabelClass]) -> str:
    """What no figure can show; "" where all is shown."""
    scores = found.scores
    count = scores.unanswered
    one = translatable("1 answer is no number: it is in no cell of the matrix, and there is no curve.")
    many = translatable("{count} answers are no numbers: they are in no cell of the matrix, and there is no curve.")
    said = [counted(count, one, many)] if count else []
    if found.gone and run is not None:
        text = tr("{run} also knows {names}, which is no class any more.", run=run.name, names=", ".join(found.gone))
        one, many = translatable("1 image is called so: wrong."), translatable("{count} images are called so: wrong.")
        said += [text, counted(scores.said_gone, one, many)] if scores.said_gone else [text]
    if found.learnt_before:
        said.append(counted(found.learnt_before, *LEARNT_BEFORE))
    later = [each.name for each in classes if each.name not in found.names]
    if later:
        left = f" ({images_text(found.never_learnt)})" if found.never_learnt else ""
        said.append(tr("Not learnt, so left out: {names}", names=", ".join(later)) + left)
    return " ".join(said)


def _section(heading: str, widget: QWidget | None = None) -> Panel:
    """A panel on the window's ground, so that the matrix and the curves stand on the same as the scan's surroundings."""
    panel = Panel(heading)
    panel.setProperty("role", "window")
    if widget is not None:
        panel.body.addWidget(widget, 1)
    panel.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return panel
