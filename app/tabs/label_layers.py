"""The layers over the scan, and how well the mask agrees with the prediction."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.desk import Desk
from app.tabs.frame import Follower
from app.tabs.scan import ScanView
from engine.words import mark
from widgets import icons
from widgets.controls import Button, IconButton, KeyCap, Text
from widgets.figures import figure
from widgets.panels import Panel
from widgets.score_table import Score, ScoreBars
from widgets.sliders import Slider
from widgets.text import counted, tr


class _LayerRow(QWidget):
    """Eye, name and strength of a layer. `seen_asked(on)` and `opacity_changed(share)` when a person wants it otherwise."""

    seen_asked = Signal(bool)
    opacity_changed = Signal(float)

    def __init__(self, name: str, text: str, action: QAction) -> None:
        super().__init__()
        self._eye = IconButton(f"{name}.eye", "eye", action.text(), side=24)
        self._eye.clicked.connect(action.trigger)
        self._action = action
        action.changed.connect(self._follow)
        self._name = _Shortened(text)
        self.slider = Slider(f"{name}.opacity", tr("Strength"), 0, 1, 0.35, step=0.05, decimals=2, shows_value=False)
        self.slider.setFixedWidth(104)
        self.slider.changed.connect(self.opacity_changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._eye)
        row.addWidget(self._name, 1)
        row.addWidget(self.slider)
        self._follow()

    def set_state(self, text: str, seen: bool, opacity: float, there: bool, why: str = "") -> None:
        self._name.say(text)
        self._name.setToolTip(why or text)
        self._name.set_role("" if there and seen else "dim")
        icons.set_icon(self._eye, "eye" if seen else "eye-off", "dim" if seen else "faint")
        self.slider.set_value(opacity)
        self.slider.setEnabled(there)
        self.slider.setToolTip(why)

    @Slot()
    def _follow(self) -> None:
        self._eye.setEnabled(self._action.isEnabled())
        self._eye.setToolTip(self._action.toolTip())


class _Shortened(Text):
    """A text that takes the room left in its row, with an ellipsis where that is too little."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._whole = text
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def say(self, text: str) -> None:
        self._whole = text
        self.setAccessibleName(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.width()))


class LayersPanel(Panel):
    """My mask and the prediction: shown, how strong, as fill or as line, taken over."""

    def __init__(self, desk: Desk, scan: ScanView) -> None:
        super().__init__(tr("Layers"))
        self._session, self._scan = desk.session, scan
        self._mine = _LayerRow("label.layer.mask", tr("My mask"), desk.commands["show_mask"])
        self._theirs = _LayerRow("label.layer.prediction", tr("Prediction"), desk.commands["show_prediction"])
        self.add(self._mine, self._theirs)
        take = Button("label.take", tr("Use as mask"))
        Follower(take, desk.commands["use_prediction"])
        self._outline = _KeyButton("label.outline", tr("Outline"), desk.commands["outline"])
        row = self.add_row(take, self._outline)
        row.setStretch(0, 1)
        row.setStretch(1, 1)
        self._mine.opacity_changed.connect(self._mine_fainter)
        self._theirs.opacity_changed.connect(self._theirs_fainter)
        scan.look_changed.connect(self._show)
        for signal in (desk.session.image_changed, desk.session.prediction_changed, desk.session.project_changed):
            signal.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        look, session = self._scan.look, self._session
        self._mine.set_state(tr("My mask"), look.mask, look.mask_opacity, session.mask is not None)
        name = tr("Prediction · {run}", run=session.run.name) if session.run is not None else tr("Prediction")
        there = session.prediction is not None
        why = "" if there else tr("There is no prediction of this item yet.")
        self._theirs.set_state(name, look.prediction and there, look.prediction_opacity, there, why)

    @Slot(float)
    def _mine_fainter(self, opacity: float) -> None:
        self._scan.set_look(mask_opacity=opacity)

    @Slot(float)
    def _theirs_fainter(self, opacity: float) -> None:
        self._scan.set_look(prediction_opacity=opacity)


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
            row.setContentsMargins(0, 0, 8, 0)
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

    def __init__(self, desk: Desk) -> None:
        super().__init__(tr("Dice against prediction"))
        self._desk, self._session = desk, desk.session
        self._mean = Text("", "strong")
        self._mean.setObjectName("label.mean_dice")
        self.add_to_heading(self._mean)
        self.bars = ScoreBars("label.dice", tr("Dice against prediction"))
        self._why = Text("", "dim")
        self._why.setObjectName("label.dice.why")
        self._why.setWordWrap(True)
        self._train = Button("label.dice.train", tr("Train"))
        self._predict = Button("label.dice.predict", tr("Predict this item"))
        Follower(self._train, desk.commands["tab_train"])
        Follower(self._predict, desk.commands["predict_item"])
        self.add(self.bars, self._why, self._train, self._predict)
        self.bars.picked.connect(self._pick)
        session = desk.session
        for signal in (
            session.project_changed,
            session.image_changed,
            session.prediction_changed,
            session.scores_changed,
            session.classes_changed,
            desk.trainings.changed,
        ):
            signal.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        session = self._session
        live = session.live
        self.bars.setVisible(live is not None)
        self._mean.setVisible(live is not None)
        self._why.setVisible(live is None)
        self._train.setVisible(live is None and session.run is None and not self._desk.trainings.training)
        self._predict.setVisible(live is None and session.run is not None and session.item is not None)
        if live is None:
            self._why.setText(self._reason())
            return
        scores = live.scores
        rows = [
            Score(each.name, (found.dice,), each.color, "" if found.present else tr(_ABSENT))
            for each, found in zip(session.classes, scores.classes, strict=False)
        ]
        self.bars.set_scores(rows)
        self._mean.setText(tr("MEAN {score}", score=figure(scores.mean_dice, 2)))
        self._mean.setToolTip(
            counted(
                sum(each.present for each in scores.classes),
                mark("The one class that mask or prediction hold."),
                mark("The mean over {count} classes that mask or prediction hold."),
            )
        )

    def _reason(self) -> str:
        session = self._session
        if session.run is not None:
            return tr("{run} has not predicted this item yet.", run=session.run.name)
        if self._desk.trainings.training:
            return tr("When the training ends, its prediction is compared with your mask here.")
        return tr("Train a network, and its prediction is compared with your mask here.")

    @Slot(str)
    def _pick(self, name: str) -> None:
        for value, each in enumerate(self._session.classes, start=1):
            if each.name == name:
                self._session.pick_class(value)


_ABSENT = mark("Neither mask nor prediction hold this class: it has no Dice and is left out of the mean.")
