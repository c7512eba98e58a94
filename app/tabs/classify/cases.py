"""Why a run said so: four telling cases with where the network looked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from app.tabs.parts.explaining import MethodChoice, OpacitySlider, opacity
from engine.learning.explanations import EXPLANATIONS
from engine.words import translatable
from widgets.case_card import CaseCard
from widgets.column_parts import WrappingPair, beside
from widgets.controls import Heading, IconButton
from widgets.elided import ElidedText
from widgets.heat_legend import HeatLegend
from widgets.panels import PAD
from widgets.text import counted, tip, tr

if TYPE_CHECKING:
    from engine.learning.explaining import Explained

_CASES = 4
_GAP = 14  # px between cards


class WhyPanel(QFrame):
    """The cases that say most about a run. `opened(case)` on a click, `method_chosen()` when another way to look is wanted, `best_asked()` for
    the cases of the best run."""

    opened = Signal(object)
    best_asked = Signal()
    method_chosen = Signal()
    opacity_changed = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "window")
        self._heading = Heading("")
        self._said = ElidedText("", "dim")
        self._said.setObjectName("classify.why_said")
        self.method = MethodChoice("classify.method")
        self.method.setMinimumWidth(120)
        self.opacity = OpacitySlider("classify.opacity")
        self.opacity.setFixedWidth(92)
        self.best = IconButton("classify.best_cases", "star-filled", tr("The cases of the best network"), side=28)
        head = WrappingPair(
            WrappingPair(self._heading, HeatLegend()), beside(self.opacity, self.method, self.best, spacing=8)
        )
        self.cards = [CaseCard(f"classify.case_{place}", place) for place in range(_CASES)]
        for card in self.cards:
            card.clicked.connect(self._open)
        one, two, three, four = self.cards
        cards = WrappingPair(_side_by_side(one, two), _side_by_side(three, four), (1, 1), _GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAD, 10, PAD, 10)
        column.setSpacing(8)
        column.addWidget(head)
        column.addWidget(self._said)
        column.addWidget(cards, 1)
        self.method.activated.connect(self.method_chosen)
        self.opacity.changed.connect(self._show_heat)
        self.best.clicked.connect(self.best_asked)

    def show_cases(self, cases: Sequence["Explained"], names: tuple[str, ...], method: str, said: str) -> None:
        """`said` tells what is awaited or missing, "" where all is there."""
        self._heading.setText(
            counted(len(cases) or _CASES, translatable("Why: 1 case"), translatable("Why: {count} cases"))
        )
        wanted = self.method.currentData()
        name = tr(EXPLANATIONS[method].title) if method in EXPLANATIONS else method
        said = said or ("" if method == wanted else tr("by {method}: this network has no maps", method=name))
        self._said.say(said)
        self._said.setToolTip(tip(said))
        self._said.setVisible(bool(said))
        for place, card in enumerate(self.cards):
            card.show_case(cases[place] if place < len(cases) else None, names, opacity())

    def show_opacity(self) -> None:
        """The opacity was chosen elsewhere."""
        self.opacity.set_value(opacity())
        for card in self.cards:
            card.show_heat(opacity())

    @Slot(float)
    def _show_heat(self, value: float) -> None:
        for card in self.cards:
            card.show_heat(opacity())
        self.opacity_changed.emit(value)

    @Slot()
    def _open(self) -> None:
        card = self.sender()
        if isinstance(card, CaseCard) and card.case is not None:
            self.opened.emit(card.case)


def _side_by_side(one: CaseCard, other: CaseCard) -> QWidget:
    pair = QWidget()
    row = QHBoxLayout(pair)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(_GAP)
    for card in (one, other):
        row.addWidget(card)
    return pair
