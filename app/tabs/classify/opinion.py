"""What a run says of the image on the screen, and where it looked; beside the labelling."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.shell import settings
from app.shell.context import AppContext
from app.tabs.parts.explaining import MethodChoice, OpacitySlider, opacity
from engine.labels.classes import LabelClass
from engine.project.project import Project
from engine.project.runs import Run
from engine.scoring.classify import UNANSWERED, predicted_classes
from widgets.column_parts import ActionBinding, HeaderBar, stacked
from widgets.controls import Button, Separator, Switch, Text
from widgets.figures import figure, percent
from widgets.heat_legend import HeatLegend
from widgets.panels import Panel
from widgets.score_table import Score, ScoreBars
from widgets.text import tip, tr

if TYPE_CHECKING:
    from engine.learning.explaining import Explained


class OpinionPanel(QFrame):
    """`wish_changed()` when a person wants to see where the network looked, or no longer, or by another method; `check_asked()` when the map
    is to be held against those of shuffled weights."""

    wish_changed = Signal()
    check_asked = Signal()
    opacity_changed = Signal(float)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._run: Run | None = None
        self._name = Text("", "dim")
        self._name.setObjectName("classify.opinion_run")
        self._verdict = Text("", "title")
        self._verdict.setObjectName("classify.verdict")
        self._truth = Text("", "dim")
        self._bars = ScoreBars("classify.probabilities", tr("Probability of each class"))
        self._ask = Button("classify.predict_item", tr("Predict this image"), "target")
        ActionBinding(self._ask, context.commands["predict_item"])
        said = Panel()
        said.add(self._verdict, self._truth, self._bars, self._ask)
        self.where = Switch("classify.where", tr("Show where it looked"), settings.ui_state("classify.where") == "yes")
        self.method = MethodChoice("classify.image_method")
        self.opacity = OpacitySlider("classify.image_opacity")
        self._state = Text("", "dim")
        self._state.setObjectName("classify.looked")
        self._state.setWordWrap(True)
        looked = Panel(tr("Where it looked"))
        looked.add_to_heading(self.where)
        self._check = Button("classify.check_map", tr("Is this map to be trusted?"), role="link")
        self._check.setToolTip(
            tip(tr("Shuffles the network's weights: a map that shows what was learnt must then be another one."))
        )
        self._check.hide()
        looked.add(self.method, self.opacity, HeatLegend(), self._state)
        looked.body.addWidget(self._check, 0, Qt.AlignmentFlag.AlignLeft)
        looked.body.setAlignment(Qt.AlignmentFlag.AlignTop)
        frame = stacked(HeaderBar(tr("What the network says"), self._name), said, Separator(), looked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(frame)
        self.where.toggled.connect(self._turned)
        self.method.activated.connect(self.wish_changed)
        self.opacity.changed.connect(self.opacity_changed)
        self._check.clicked.connect(self._checking)

    def show_run(self, run: Run | None) -> None:
        """Tell what that run says of the current item."""
        self._run = run
        self.refresh()

    def say(self, text: str) -> None:
        """What is awaited, or why there is nothing to see."""
        self._state.setText(text)
        self._check.hide()

    def show_case(self, case: "Explained") -> None:
        """What is to be said of the map that is seen."""
        lines = []
        if case.inside is not None:
            lines.append(tr("{share} of the heat lies inside the mask.", share=percent(case.inside)))
        if case.verdict is not None:
            lines.append(tr(case.verdict.message, **case.verdict.values))
        self.say("\n".join(lines))
        self._check.setVisible(case.verdict is None and bool(case.heat.any()))

    @Slot()
    def _checking(self) -> None:
        self.say(tr("shuffling the weights …"))
        self.check_asked.emit()

    def show_choices(self) -> None:
        """Method and opacity were chosen elsewhere."""
        self.method.show_choice()
        self.opacity.set_value(opacity())

    @Slot()
    def refresh(self) -> None:
        session, run = self._context.session, self._run
        self._name.setText(run.name if run is not None else "")
        item, project = session.current.item, session.project
        classes = session.classes
        said = _said(project, run, item.id, classes) if project and run is not None and item is not None else None
        known = said is not None
        self._bars.setVisible(known)
        self._truth.setVisible(known)
        self._ask.setVisible(run is not None and item is not None and not known)
        if said is None or item is None:
            no_run = tr("Nothing is trained yet. Give images classes, then compare networks.")
            self._verdict.setText("")
            self._verdict.hide()
            self.say(no_run if run is None else "")
            return
        self._verdict.show()
        self._verdict.setText(said.verdict)
        self._bars.setVisible(said.scored)
        self._bars.set_scores(
            [Score(c.name, (float(share),), c.color) for c, share in zip(classes, said.shares, strict=True)]
        )
        best = said.best
        if item.label is None:
            self._truth.setText(tr("The image has no class yet."))
            self._truth.set_role("dim")
        elif item.label == best:
            self._truth.setText(tr("As its class says."))
            self._truth.set_role("good")
        else:
            self._truth.setText(tr("Its class says {name}.", name=classes[item.label].name))
            self._truth.set_role("bad")

    @Slot(bool)
    def _turned(self, on: bool) -> None:
        settings.set_ui_state("classify.where", "yes" if on else "no")
        self.wish_changed.emit()


@dataclass(frozen=True, eq=False)
class _Opinion:
    """`shares` (classes,) of the project's classes, 0 for one that the run never learnt; `best` is the place of the class that is said,
    UNANSWERED where the answer is no number or no class any more."""

    shares: NDArray[np.float32]
    best: int
    verdict: str

    @property
    def scored(self) -> bool:
        return bool(np.isfinite(self.shares).all())


def _said(project: Project, run: Run, item: int, classes: Sequence[LabelClass]) -> _Opinion | None:
    """None where it was not asked about the image."""
    found = project.runs.probabilities(run).get(item)
    if found is None:
        return None
    shares, learnt = np.zeros(len(classes), np.float32), run.learnt(classes)
    for one, share in zip(learnt, found, strict=False):
        if one.place is not None:
            shares[one.place] = share
    output = int(predicted_classes(found[None])[0])
    if not 0 <= output < len(learnt):
        return _Opinion(shares, UNANSWERED, tr("Its answer is no number."))
    said, share = learnt[output], figure(float(found[output]), 2)
    if said.place is None:
        return _Opinion(
            shares, UNANSWERED, tr("{name} {share}, which is no class any more", name=said.name, share=share)
        )
    return _Opinion(shares, said.place, f"{said.name} {share}")
