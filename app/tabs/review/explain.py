"""What speaks for a class at one place of the scan: the heat lies over it until it is dropped."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.services.jobs import JobHandle
from app.shell.context import AppContext
from app.shell.i18n import translate_error
from app.tabs.parts.explaining import MethodChoice, OpacitySlider, chosen_method, opacity
from app.tabs.scan.view import ScanView
from engine.errors import EngineError
from engine.labels.classes import BACKGROUND
from engine.learning.explanations import ExplanationRequest, share_inside
from engine.project.runs import Run
from engine.scoring.classify import UNANSWERED
from engine.scoring.differences import AnyDifference
from widgets.controls import IconButton, Text, named
from widgets.figures import percent
from widgets.heat_legend import HeatLegend
from widgets.slice_view import Voxel
from widgets.text import tr

if TYPE_CHECKING:
    from engine.learning.explaining import Explained

_MARGIN, _WIDTH = 12, 420  # px around the card, and its width where there is room
_MOST = 2048  # rows or columns of a heat map that are looked at

Values = TypeVar("Values", np.float32, np.uint8)


@dataclass(frozen=True)
class _Question:
    """What speaks at a place for the class of that name, for this run. `name` "": for what the run says there, whose name and `value` in the
    mask are known with the answer; no value of one that is no class any more."""

    run: Run
    item: int
    at: Voxel
    name: str = ""
    value: int | None = None

    def answered(self, case: "Explained") -> "_Question":
        """With what was not known before."""
        if self.name:
            return self
        value = case.said + 1 if case.said != UNANSWERED else None if case.target else BACKGROUND
        return replace(self, name=case.said_name or tr("background"), value=value)


class ExplainHere(QObject):
    """Asks about the place under the pointer, else about the chosen difference, else about the middle of the view. `shown(bool)` when the
    heat comes over the scan or goes."""

    shown = Signal(bool)

    def __init__(self, context: AppContext, scan: ScanView, chosen: Callable[[], AnyDifference | None]) -> None:
        super().__init__(scan)
        self._context, self._session, self._scan, self._chosen = context, context.session, scan, chosen
        self.card = ExplainCard(scan)
        self._pointed: Voxel | None = None
        self._question: _Question | None = None
        self._asked: JobHandle | None = None
        self._case: Explained | None = None
        canvas, session = scan.views.first, context.session
        canvas.hovered.connect(self._point)
        canvas.hover_ended.connect(self._leave)
        canvas.slice_changed.connect(self._draw)
        for signal in (
            session.project_changed,
            session.classes_changed,
            session.current.item_about_to_close,
            session.current.image_changed,
        ):
            signal.connect(self.drop)
        session.predictions.run_changed.connect(self._run_changed)
        session.current.history_changed.connect(self._say_share)
        self.card.method.activated.connect(self._ask_again)
        self.card.opacity.changed.connect(self._draw)
        self.card.closed.connect(self.drop)

    @property
    def active(self) -> bool:
        """Whether something is asked or shown."""
        return self._question is not None

    def ask(self) -> None:
        """What speaks for the current class here, or at a chosen difference for the class that it is about? Where that is the background,
        for what the run says here."""
        session, run = self._session, self._session.predictions.run
        if run is None or session.current.item is None or session.current.image is None:
            return
        at, value = self._place()
        question = _Question(run, session.current.item.id, at)
        if 0 < value <= len(session.classes):
            question = replace(question, name=session.classes[value - 1].name, value=value)
        self.drop()
        canvas = self._scan.views.first
        canvas.set_plane("axial")  # networks see the stored slices
        canvas.set_slice(at[0])
        self._question = question
        self.card.show_choices()
        self.shown.emit(True)
        self._ask()

    @Slot()
    def drop(self) -> None:
        """Take the heat away, and the question back."""
        if self._question is None:
            return
        self._take_back()
        self._question = None
        self.card.hide()
        self._draw()
        self.shown.emit(False)

    def _place(self) -> tuple[Voxel, int]:
        """Where, and of which class."""
        active, region = self._session.active_class, self._chosen()
        if self._pointed is not None:
            return self._pointed, active
        if region is not None:
            inside = np.argwhere(region.region)
            row, column = inside[len(inside) // 2]
            return (region.index, region.corner[0] + int(row), region.corner[1] + int(column)), region.value
        return self._scan.views.first.middle_voxel, active

    @Slot(int, int, int, str)
    def _point(self, z: int, y: int, x: int, _value: str) -> None:
        self._pointed = z, y, x

    @Slot()
    def _leave(self) -> None:
        self._pointed = None

    def _take_back(self) -> None:
        if self._asked is not None:
            self._asked.drop()
        self._asked = self._case = None

    @Slot()
    def _ask_again(self) -> None:
        """By another method."""
        if self._question is not None:
            self._take_back()
            self._draw()
            self._ask()

    def _ask(self) -> None:
        question = self._question
        assert question is not None
        arch = question.run.summary.arch or question.run.config.arch
        request = ExplanationRequest(chosen_method(arch), question.name, question.at)
        self.card.say(tr("{run} is being asked …", run=question.run.name))
        runs = self._context.trainings.runs
        self._asked = runs.explain_place(question.run, question.item, request, self._answered, self._refused)

    def _answered(self, case: "Explained") -> None:
        self._case = case
        if self._question is not None:
            self._question = self._question.answered(case)
        self._draw()
        self._say_share()

    def _refused(self, fault: BaseException) -> None:
        if isinstance(fault, EngineError):
            self.card.say(" ".join(filter(None, translate_error(fault))))
        else:
            self.drop()
            self._session.failed.emit(fault)

    @Slot()
    def _draw(self) -> None:
        """The heat and the cross, on the slice that they are of."""
        canvas, question, case = self._scan.views.first, self._question, self._case
        here = question is not None and canvas.plane == "axial" and canvas.index == question.at[0]
        canvas.set_heat(_sampled(case.heat) if here and case is not None else None, opacity())
        canvas.set_mark(question.at[1:] if here and question is not None else None, question.name if question else "")

    @Slot()
    def _say_share(self) -> None:
        """The share is of the mask as it is now."""
        question, case, current = self._question, self._case, self._session.current
        if question is None or case is None:
            return
        if not case.heat.any():
            self.card.say(tr("Nothing speaks for {name} at the cross.", name=question.name))
            return
        words = [tr("{run}: what speaks for {name} at the cross.", run=question.run.name, name=question.name)]
        z = question.at[0]
        if current.mask is not None and question.value is not None and z in current.labelled:
            share = share_inside(_sampled(case.heat), _sampled(current.mask.labels[z]) == question.value)
            if share is not None:
                words.append(tr("{share} of the heat lies inside the mask.", share=percent(share)))
        self.card.say(" ".join(words))

    @Slot()
    def _run_changed(self) -> None:
        run = self._session.predictions.run
        if self._question is not None and (run is None or _model(run) != _model(self._question.run)):
            self.drop()


def _sampled(whole: NDArray[Values]) -> NDArray[Values]:
    """Of a large slice every second, third ... row and column: to draw and to count it all would hold the window up."""
    step = -(-max(whole.shape) // _MOST)
    return whole[::step, ::step]


def _model(run: Run) -> tuple[int, str]:
    """By which a run's weights are known: it may be called otherwise, or go on learning."""
    return run.id, run.summary.bundle


class ExplainCard(QFrame):
    """Lies over the lower edge of the scan, which must not move under the pointer: what the heat says, by which method, and how strongly it is
    drawn."""

    closed = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setProperty("role", "card")
        named(self, "review.explained", tr("Explain here"))
        self._over = over
        self._text = Text("")
        self._text.setObjectName("review.explained.text")
        self._text.setWordWrap(True)
        close = IconButton("review.explained.close", "x", tr("Take the heat away (Esc)"), side=26)
        close.clicked.connect(self.closed)
        self.method = MethodChoice("review.explained.method")
        self.opacity = OpacitySlider("review.explained.opacity")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._text, 1)
        line.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        choices = QHBoxLayout()
        choices.setSpacing(8)
        choices.addWidget(self.method, 1)
        choices.addWidget(self.opacity, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 6, 8, 8)
        self._column.setSpacing(6)
        self._column.addLayout(line)
        self._column.addLayout(choices)
        self._column.addWidget(HeatLegend())
        over.installEventFilter(self)
        self.hide()

    def show_choices(self) -> None:
        """Method and opacity may have been chosen elsewhere."""
        self.method.show_choice()
        self.opacity.set_value(opacity())

    def say(self, text: str) -> None:
        """Show this above the choices."""
        self._text.setText(text)
        self.show()
        self._column.activate()
        self._lie()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._lie()
        return super().eventFilter(watched, event)

    def _lie(self) -> None:
        room = self._over.size()
        width = min(room.width() - 2 * _MARGIN, _WIDTH)
        height = self._column.totalHeightForWidth(width)
        self.setGeometry((room.width() - width) // 2, room.height() - height - _MARGIN, width, height)
