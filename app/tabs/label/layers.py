"""The layers over the scan, and how well the mask agrees with the prediction."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout

from app.shell.context import AppContext
from app.tabs.scan.layers import LayerRows
from app.tabs.scan.view import ScanView
from engine.words import translatable
from widgets.column_parts import ActionBinding
from widgets.controls import Button, KeyCap, Text
from widgets.figures import figure
from widgets.panels import Panel
from widgets.score_table import Score, ScoreBars
from widgets.text import counted, tr


class LayersPanel(Panel):
    """My mask and the prediction: shown, how strong, as fill or as line, taken over."""

    def __init__(self, context: AppContext, scan: ScanView) -> None:
        super().__init__(tr("Layers"))
        self.layers = LayerRows(context, scan.overlay, "label")
        take = Button("label.take", tr("Use as mask"))
        ActionBinding(take, context.commands["use_prediction"])
        self._outline = _KeyButton("label.outline", tr("Outline"), context.commands["outline"])
        self.add(self.layers)
        row = self.add_row(take, self._outline)
        row.setSpacing(6)
        row.setStretch(0, 1)
        row.setStretch(1, 1)


class _KeyButton(Button):
    """A button that follows a checkable command and shows its key inside."""

    def __init__(self, name: str, text: str, action: QAction) -> None:
        super().__init__(name, text)
        self._action = action
        self.setCheckable(True)
        self.setProperty("keyed", True)
        keys = action.shortcuts()
        if keys:
            cap = KeyCap(keys[0].toString(QKeySequence.SequenceFormat.NativeText))
            cap.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row = QHBoxLayout(self)
            row.setContentsMargins(0, 0, 5, 0)
            row.addStretch(1)
            row.addWidget(cap)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setChecked(self._action.isChecked())
        self.setToolTip(self._action.toolTip())


class DicePanel(Panel):
    """Dice of mask and prediction by class; it follows every stroke."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(tr("Dice against prediction"))
        self._context, self._session = context, context.session
        self._mean = Text("", "strong")
        self._mean.setObjectName("label.mean_dice")
        self.add_to_heading(self._mean)
        self.bars = ScoreBars("label.dice", tr("Dice against prediction"))
        self._why = Text("", "dim")
        self._why.setObjectName("label.dice.why")
        self._why.setWordWrap(True)
        self._train = Button("label.dice.train", tr("Train"))
        self._predict = Button("label.dice.predict", tr("Predict this item"))
        ActionBinding(self._train, context.commands["tab_train"])
        ActionBinding(self._predict, context.commands["predict_item"])
        self.add(self.bars, self._why, self._train, self._predict)
        self.bars.picked.connect(self._pick)
        session = context.session
        for signal in (
            session.project_changed,
            session.current.image_changed,
            session.predictions.prediction_changed,
            session.predictions.scores_changed,
            session.classes_changed,
            context.trainings.training_changed,
        ):
            signal.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        session = self._session
        live = session.predictions.live
        self.bars.setVisible(live is not None)
        self._mean.setVisible(live is not None)
        self._why.setVisible(live is None)
        self._train.setVisible(
            live is None and session.predictions.run is None and not self._context.trainings.training
        )
        self._predict.setVisible(
            live is None and session.predictions.run is not None and session.current.item is not None
        )
        if live is None:
            self._why.setText(self._reason())
            return
        scores = live.scores
        rows = [
            Score(each.name, (found.dice,), each.color, "" if found.present else tr(_ABSENT if known else _UNTAUGHT))
            for each, found, known in zip(session.classes, scores.classes, session.predictions.knows, strict=False)
        ]
        self.bars.set_scores(rows)
        self._mean.setText(tr("MEAN {score}", score=figure(scores.mean_dice, 2)))
        self._mean.setToolTip(
            counted(
                sum(each.present for each in scores.classes),
                translatable("The one class that mask or prediction hold."),
                translatable("The mean over {count} classes that mask or prediction hold."),
            )
        )

    def _reason(self) -> str:
        session = self._session
        if session.predictions.run is not None:
            return tr("{run} has not predicted this item yet.", run=session.predictions.run.name)
        if self._context.trainings.training:
            return tr("When the training ends, its prediction is compared with your mask here.")
        return tr("Train a network, and its prediction is compared with your mask here.")

    @Slot(str)
    def _pick(self, name: str) -> None:
        for value, each in enumerate(self._session.classes, start=1):
            if each.name == name:
                self._session.pick_class(value)


class WholeImagesPanel(Panel):
    """What stands here in a project without masks: the way to where its images get their classes."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        why = Text(tr("This project gives classes to whole images: nothing is painted."), "dim")
        why.setWordWrap(True)
        self._go = Button("label.give_classes", tr("Give classes"))
        ActionBinding(self._go, context.commands["tab_classify"])
        self.add(why, self._go)


_ABSENT = translatable("Neither mask nor prediction hold this class: it has no Dice and is left out of the mean.")
_UNTAUGHT = translatable("Never taught to this run.")
