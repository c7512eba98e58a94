"""How the objects of a class map are told apart, for a run that finds none itself: chosen here, and compared where both were scored."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.shell.context import AppContext
from app.tabs.review import words as words
from engine.catalog import tells_apart
from engine.project.objects import objects_by
from engine.project.runs import Run
from engine.scoring.instances import ObjectScores
from widgets.controls import Choice, Segmented, Text
from widgets.text import tr


class ObjectsBy(QFrame):
    """Hidden where the project knows no objects, or the run in use finds them itself."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._ways = Segmented("review_objects_by", tr("Objects by"))
        self._label, self._said = Text(tr("Objects by"), "dim"), Text("", "dim")
        self._said.setObjectName("ways_compared")
        self._said.setWordWrap(True)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._label)
        line.addWidget(self._ways)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(line)
        column.addWidget(self._said)
        self._ways.picked.connect(self._choose)
        self.hide()

    def show_set(self, name: str, scored: ObjectScores | None) -> None:
        """The set, and its objects as they are scored; None where they are not, or must not be known yet."""
        session, run = self._context.session, self._context.session.predictions.run
        choice = run is not None and session.task == "instance" and not finds_objects(run)
        self.setVisible(choice)
        if run is None or not choice:
            return
        why = "" if session.writable else tr("The project is open to read only.")
        self._ways.set_choices(_choices(why), objects_by(run))
        self._ways.setEnabled(not why)
        ways = self._context.trainings.runs.ways_scored(run, words.split_of(name)) if scored is not None else {}
        text = words.ways_compared(ways)
        self._said.setText(text)
        self._said.setVisible(bool(text))

    @Slot(str)
    def _choose(self, way: str) -> None:
        run = self._context.session.predictions.run
        if run is not None and way != objects_by(run):
            self._context.trainings.runs.tell_apart_by(run, way)


def finds_objects(run: Run) -> bool:
    """Whether its network finds objects itself."""
    return tells_apart(run.summary.arch or run.config.arch)


def _choices(why: str) -> list[Choice]:
    """`why` they cannot be chosen, if so."""
    parts = tr(
        "Each connected part of the prediction is an object: what touches is one. It is kept with the run: choose by the validation set."
    )
    watershed = tr(
        "Round things that touch come apart at their necks (a watershed of the distance to the edge). It is kept with the run: choose by the validation set."
    )
    return [
        Choice("parts", tr("Connected parts"), help=why or parts, short=tr("Parts")),
        Choice("watershed", tr("Watershed"), help=why or watershed),
    ]
