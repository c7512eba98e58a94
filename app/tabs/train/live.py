"""The head over the curves: which run, how far, how fast; and the curves themselves."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from engine.labels.classes import LabelClass
from engine.progress import BatchDone, EpochDone
from engine.project.runs import Run
from engine.words import translatable
from widgets.controls import Separator, Text, named
from widgets.figures import figure, percent, time_left
from widgets.panels import PAD
from widgets.plots import CurvePlot, DicePlot, LossPlot
from widgets.text import counted, tr

_REDRAW_MS = 100
_BAR = 41  # px, as the bands of the other columns


class _Figure(QWidget):
    """A dim word and its number."""

    def __init__(self, name: str, word: str) -> None:
        super().__init__()
        self.value = Text()
        self.value.setObjectName(name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        if word:
            row.addWidget(Text(word, "dim"))
        row.addWidget(self.value)


class RunHead(QFrame):
    """Run, epoch, speed, waiting, learning rate and time left, with a thin line that grows. Gives up the least first where it is narrow."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "run_head", tr("Training under way"))
        self.setProperty("role", "panel")
        self.setFixedHeight(_BAR)
        self._name, self._left = Text("", "strong"), Text()
        self._name.setObjectName("run_head.name")
        self._left.setObjectName("run_head.left")
        self._epoch = _Figure("run_head.epoch", tr("Epoch"))
        self._speed = _Figure("run_head.speed", "")
        self._waiting = _Figure("run_head.waiting", tr("Waiting for data"))
        self._rate = _Figure("run_head.rate", tr("Learning rate"))
        self._live = (self._epoch, self._speed, self._waiting, self._rate)
        self._bar = QProgressBar()
        named(self._bar, "run_head.bar", tr("Part of the training that is done"))
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._line = Separator()
        inner = QWidget()
        self._row = QHBoxLayout(inner)
        self._row.setContentsMargins(PAD, 0, PAD, 0)
        self._row.setSpacing(18)
        for widget in (self._name, *self._live):
            self._row.addWidget(widget)
        self._row.addStretch(1)
        self._row.addWidget(self._left)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(inner, 1)
        column.addWidget(self._bar)
        column.addWidget(self._line)
        self._running = False
        self._batch: BatchDone | None = None
        self._epochs: int | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REDRAW_MS)
        self._timer.timeout.connect(self._tell)

    def show_run(self, run: Run | None, running: bool, paused: bool = False, epochs: int | None = None) -> None:
        """A run that trains (its figures come with `add`), or one that has ended."""
        self._running, self._epochs = running, epochs
        self._name.setText(run.name if run is not None else "")
        self._bar.setValue(0)
        self._bar.setVisible(running)
        self._line.setVisible(not running)
        self._left.set_role("" if running else "dim")
        if not running:
            self._batch = None
            self._left.setText(_ended(run) if run is not None else "")
        elif paused:
            self._left.setText(tr("paused"))
        else:
            self._left.setText(tr("starting"))
        self._fit()
        if running and self._batch is not None and not paused:
            self._tell()

    def add(self, batch: BatchDone) -> None:
        """One more step; shown at most ten times a second."""
        self._batch = batch
        if not self._timer.isActive():
            self._timer.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _tell(self) -> None:
        batch = self._batch
        if batch is None or not self._running:
            return
        of = f" / {self._epochs}" if self._epochs else ""
        self._epoch.value.setText(f"{batch.epoch}{of}")
        self._speed.value.setText(tr("{count} images/s", count=figure(batch.images_per_second, 1)))
        self._waiting.value.setText(percent(batch.waiting, 1))
        self._rate.value.setText(figure(batch.rate, 5))
        self._left.setText(time_left(batch.seconds_left))
        self._bar.setValue(round(1000 * batch.share))
        self._fit()

    def _fit(self) -> None:
        """Show as many figures as there is room for, the first ones first."""
        room = self.width() - 2 * PAD - self._name.sizeHint().width() - self._left.sizeHint().width() - 36
        for widget in self._live:
            room -= widget.sizeHint().width() + self._row.spacing()
            widget.setVisible(self._running and self._batch is not None and room >= 0)


def _ended(run: Run) -> str:
    """What is known of a run that does not train."""
    parts = []
    if run.summary.epochs:
        parts.append(counted(run.summary.epochs, translatable("1 epoch"), translatable("{count} epochs")))
    if run.summary.seconds:
        parts.append(tr("{minutes} min", minutes=figure(run.summary.seconds / 60, 1)))
    states = {"paused": tr("stopped, can be resumed"), "failed": tr("failed"), "stopped": tr("stopped")}
    if run.state in states:
        parts.append(states[run.state])
    return " · ".join(parts)


@dataclass(frozen=True)
class OverlaidRun:
    """A run whose curves lie over those of the picked one."""

    id: int
    name: str
    color: str
    epochs: Sequence[EpochDone]


class LiveCurves(QWidget):
    """Loss over the scores of the validation: Dice by class, or accuracy, F1 and AUC where whole images are classified; of several runs
    one curve each."""

    def __init__(self) -> None:
        super().__init__()
        self._loss, self._dice = LossPlot(), DicePlot()
        self._classes: CurvePlot = CurvePlot("class_scores_plot", tr("Validation scores"), top=1.0)
        self._single = self._running = self._overlaid = False
        self._loss.stand_above(self._dice, self._classes)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 10, 8)
        column.setSpacing(14)
        column.addWidget(self._loss, 2)
        column.addWidget(self._dice, 4)
        column.addWidget(self._classes, 4)
        self._classes.hide()

    def show_run(
        self,
        classes: Sequence[LabelClass],
        whole_images: bool,
        epochs: Sequence[EpochDone],
        losses: Sequence[tuple[float, float]],
        running: bool = False,
        name: str = "",
        others: Sequence[OverlaidRun] = (),
    ) -> None:
        """Draw a run anew: its epochs so far and, where they are known, the losses of its steps (epoch, loss). With `others` its mean is
        drawn beside theirs, under its `name`."""
        self._running, self._overlaid = running, bool(others)
        self._dice.setVisible(not whole_images)
        self._classes.setVisible(whole_images)
        self._loss.clear()
        names = list(dict.fromkeys(name for epoch in epochs for name in epoch.dice)) or [c.name for c in classes]
        colors = {c.name: c.color for c in classes}
        self._single = len(names) == 1
        self._dice.set_classes([] if others else [(each, colors.get(each, "dim")) for each in names])
        self._classes.clear()
        for key, color, label in (("accuracy", "text", tr("Accuracy")), ("f1", "accent", "F1"), ("auc", "good", "AUC")):
            if not others or key == "accuracy":
                self._classes.set_line(key, color, name if others else label, strong=key == "accuracy")
        if others:
            self._dice.set_line(DicePlot.MEAN, "text", name, strong=True)
            self._loss.set_line("val", "text", name)
        for epoch in epochs:
            self._add(epoch)
        before = [(float(e.epoch), e.train_loss) for e in epochs if not losses or e.epoch <= losses[0][0]]
        steps = [*before, *losses]
        if not others:
            self._loss.set_points("train", [x for x, _ in steps], [y for _, y in steps])
        for other in others:
            self._overlay(other)
        self._mark(epochs)

    def _overlay(self, run: OverlaidRun) -> None:
        line = f"run:{run.id}"
        for plot in (self._loss, self._dice, self._classes):
            plot.set_line(line, run.color, run.name)
        for epoch in run.epochs:
            self._loss.add_point(line, epoch.epoch, epoch.val_loss)
            self._dice.add_point(line, epoch.epoch, epoch.mean_dice)
            self._classes.add_point(line, epoch.epoch, epoch.accuracy)

    def add_batch(self, epoch: float, loss: float) -> None:
        """`epoch` has a fraction: 1.5 is the middle of the second."""
        if not self._overlaid:
            self._loss.add_point("train", epoch, loss)

    def add_epoch(self, epoch: EpochDone, all_epochs: Sequence[EpochDone]) -> None:
        self._add(epoch)
        self._mark(all_epochs)

    def _add(self, epoch: EpochDone) -> None:
        self._loss.add_point("val", epoch.epoch, epoch.val_loss)
        # The mean of a single class is that class: one line says it.
        self._dice.add_epoch(epoch.epoch, epoch.dice, None if self._single and not self._overlaid else epoch.mean_dice)
        for key, value in (("accuracy", epoch.accuracy), ("f1", epoch.macro_f1), ("auc", epoch.auc)):
            if not self._overlaid or key == "accuracy":
                self._classes.add_point(key, epoch.epoch, value)

    def _mark(self, epochs: Sequence[EpochDone]) -> None:
        best = next((e.epoch for e in reversed(epochs) if e.best and e.score is not None), None)
        total = epochs[-1].epochs if epochs else None
        text = tr("best so far") if self._running else tr("the network that is kept")
        for plot in (self._loss, self._dice, self._classes):
            plot.set_best(None if self._overlaid else best, text)
            plot.set_epochs(total)
