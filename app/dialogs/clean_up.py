"""Cleaning the mask up: what, how much, where, of which class and with what; the scan behind it shows what would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.dialogs.answers import DialogButtons
from engine.labels.cleanup import CleanUpAction, Combination
from engine.words import translatable
from widgets.controls import Choice, Segmented, Text, named
from widgets.text import tr
from widgets.word_combo import WordCombo

Action: TypeAlias = CleanUpAction | Combination | Literal["split"]

COMBINATIONS: frozenset[Action] = frozenset(get_args(Combination))

ACTION_NAMES: dict[Action, str] = {
    "holes": translatable("Fill holes"),
    "largest": translatable("Keep the largest part"),
    "small": translatable("Remove small parts"),
    "smooth": translatable("Smooth"),
    "grow": translatable("Grow"),
    "shrink": translatable("Shrink"),
    "hollow": translatable("Hollow out"),
    "split": translatable("Split into parts"),
    "union": translatable("Join with (union)"),
    "intersection": translatable("Keep what lies in (intersection)"),
    "minus": translatable("Take away (minus)"),
}
_AMOUNTS: dict[Action, str] = {
    "small": translatable("Smaller than"),
    "smooth": translatable("Reach"),
    "grow": translatable("By"),
    "shrink": translatable("By"),
    "hollow": translatable("Wall"),
    "split": translatable("Parts from"),
}
_FIRST: dict[Action, float] = {
    "small": 20.0,
    "smooth": 2.0,
    "grow": 2.0,
    "shrink": 2.0,
    "hollow": 2.0,
    "split": 20.0,
}  # in the unit shown
_SIZES: tuple[Action, ...] = ("small", "split")  # their amount is one of area or volume
_AROUND = 2  # slices on both sides of the open one that are offered first


@dataclass(frozen=True)
class Other:
    """What a class is combined with: a class of the mask or of the prediction."""

    source: Literal["mask", "prediction"]
    value: int


class CleanUpDialog(QDialog):
    """Stands beside the work, which goes on. `changed()`: something else is asked for; `accepted`: it shall be done.

    `calibrated`: lengths are mm, else pixels. `volume`: there are several slices. `objects`: the mask tells objects apart.
    """

    changed = Signal()

    def __init__(self, parent: QWidget, calibrated: bool, volume: bool, objects: bool) -> None:
        super().__init__(parent)
        named(self, "clean_up_dialog", tr("Clean up"))
        self.setWindowTitle(tr("Clean up"))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)  # the scan keeps the keys: slices, Enter, Esc
        self._calibrated, self._value = calibrated, 0
        self._amounts = dict(_FIRST)
        self.action = WordCombo()
        named(self.action, "clean_up.action", tr("What"))
        for id, text in ACTION_NAMES.items():
            if id in ("split", "union"):
                self.action.insertSeparator(self.action.count())
            self.action.addItem(tr(text), id)
        self.other = WordCombo()
        named(self.other, "clean_up.other", tr("With"))
        self._other_text = Text(tr("With"), "dim")
        self.amount = QDoubleSpinBox()
        named(self.amount, "clean_up.amount", tr("Amount"))
        self._amount_text = Text("", "dim")
        scopes = [Choice("slice", tr("This slice")), Choice("slices", tr("Slices")), Choice("volume", tr("Volume"))]
        self.scope = Segmented("clean_up.scope", tr("Where"), scopes)
        self.first, self.last = QSpinBox(), QSpinBox()
        named(self.first, "clean_up.first", tr("First slice"))
        named(self.last, "clean_up.last", tr("Last slice"))
        self._range = self._between()
        self._range_text = Text(tr("From, to"), "dim")
        self.of = Segmented("clean_up.of", tr("Which class"), [Choice("one", ""), Choice("all", tr("All classes"))])
        self.picked = QCheckBox(tr("Only the objects that are picked"))
        self.picked.setObjectName("clean_up.picked")
        self.picked.setVisible(objects)
        self.told = Text(tr("Working it out…"), "dim")
        self.told.setObjectName("clean_up.told")
        self.told.setWordWrap(True)
        self.buttons = DialogButtons(self, tr("Apply"), tr("Close"))
        where = Text(tr("Where"), "dim")
        self._lay_out(where)
        for part in (where, self.scope):
            part.setVisible(volume)
        self._show_rows()
        self.action.currentIndexChanged.connect(self._rows_changed)
        self.other.currentIndexChanged.connect(self.changed)
        self.amount.valueChanged.connect(self._amount_changed)
        self.scope.picked.connect(self._rows_changed)
        self.first.valueChanged.connect(self._range_changed)
        self.last.valueChanged.connect(self._range_changed)
        self.of.picked.connect(self.changed)
        self.picked.toggled.connect(self.changed)

    def _between(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        for number in (self.first, self.last):
            number.setRange(1, 1)
            row.addWidget(number)
        return holder

    def _lay_out(self, where: Text) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        rows: tuple[tuple[Text, QWidget], ...] = (
            (Text(tr("What"), "dim"), self.action),
            (self._other_text, self.other),
            (self._amount_text, self.amount),
            (where, self.scope),
            (self._range_text, self._range),
            (Text(tr("Which class"), "dim"), self.of),
        )
        for row, (label, editor) in enumerate(rows):
            label.setBuddy(editor)
            grid.addWidget(label, row, 0)
            grid.addWidget(editor, row, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(12)
        column.addLayout(grid)
        column.addWidget(self.picked)
        column.addWidget(self.told)
        column.addWidget(self.buttons)
        self.setMinimumWidth(380)

    # What it is told ---------------------------------------------------------------------------------------------------

    def show_class(self, value: int, name: str) -> None:
        """The active class is this one now; 0: none, so that all are meant."""
        self._value = value
        self.of.button("one").setText(name)
        self.of.button("one").setEnabled(bool(value))
        if not value:
            self.of.set_current("all")
        self._show_rows()

    def show_others(self, others: Sequence[tuple[Other, str]]) -> None:
        """What the class can be combined with, and how it is called; what was chosen stays chosen while it is there."""
        wanted = self.other.currentData()
        was = self.other.blockSignals(True)
        self.other.clear()
        for other, name in others:
            self.other.addItem(name, other)
        self.other.setCurrentIndex(max(self.other.findData(wanted), 0))
        self.other.blockSignals(was)

    def show_slices(self, count: int, index: int) -> None:
        """The open slice is that of so many."""
        for number, first in ((self.first, index + 1 - _AROUND), (self.last, index + 1 + _AROUND)):
            was = number.blockSignals(True)
            if number.maximum() != count:
                number.setRange(1, count)
                number.setValue(first)
            number.blockSignals(was)

    def show_picked(self, count: int) -> None:
        """So many objects are picked in the list."""
        self.picked.setEnabled(bool(count))
        self.picked.setToolTip("" if count else tr("Pick objects in the list first."))

    def tell(self, text: str, usable: bool) -> None:
        """Say what would change, or why nothing does."""
        self.told.setText(text)
        self.buttons.yes.setEnabled(usable)

    # What is asked for -------------------------------------------------------------------------------------------------

    @property
    def task(self) -> Action:
        action: Action = self.action.currentData()
        return action

    @property
    def quantity(self) -> float:
        return self._amounts.get(self.task, 0.0)

    @property
    def only(self) -> int | None:
        """The class that is meant; None: all of them."""
        one = self._single or self.of.current() == "one"
        return self._value if one and self._value else None

    @property
    def combined(self) -> Other | None:
        """What the class is combined with."""
        other: Other | None = self.other.currentData()
        return other

    @property
    def where(self) -> str:
        """slice, slices or volume."""
        return self.scope.current()

    @property
    def slices(self) -> tuple[int, int]:
        """The first and the last slice, as indices, where it is about some."""
        first, last = sorted((self.first.value(), self.last.value()))
        return first - 1, last - 1

    @property
    def picked_only(self) -> bool:
        return self.picked.isEnabled() and self.picked.isChecked()

    @property
    def _single(self) -> bool:
        """Whether it is done to one class alone."""
        return self.task == "split" or self.task in COMBINATIONS

    # Its rows ----------------------------------------------------------------------------------------------------------

    def _show_rows(self) -> None:
        """The rows that the action has."""
        self.of.button("all").setEnabled(not self._single)
        self.of.button("all").setToolTip(tr("This is done to one class at a time.") if self._single else "")
        if self._single and self._value:
            self.of.set_current("one")
        combines, some = self.task in COMBINATIONS, self.where == "slices"
        rows: tuple[tuple[QWidget, bool], ...] = (
            (self._other_text, combines),
            (self.other, combines),
            (self._range_text, some),
            (self._range, some),
        )
        for part, seen in rows:
            part.setVisible(seen)
        self._show_amount()

    def _show_amount(self) -> None:
        """The number with its unit, where the action has one."""
        action = self.task
        for part in (self._amount_text, self.amount):
            part.setVisible(action in _FIRST)
        if action not in _FIRST:
            return
        self._amount_text.setText(tr(_AMOUNTS[action]))
        unit, size = "px", action in _SIZES
        if self._calibrated:
            unit = "mm" if not size else "mm²" if self.where == "slice" else "mm³"
        was = self.amount.blockSignals(True)
        self.amount.setDecimals(1 if self._calibrated else 0)
        self.amount.setRange(0.1 if self._calibrated else 1.0, 1e6 if size else 100.0)
        self.amount.setSingleStep(5.0 if size else 0.5 if self._calibrated else 1.0)
        self.amount.setSuffix(f" {unit}")
        self.amount.setValue(self._amounts[action])
        self.amount.blockSignals(was)

    @Slot()
    def _rows_changed(self) -> None:
        self._show_rows()
        self.adjustSize()
        self.changed.emit()

    @Slot()
    def _range_changed(self) -> None:
        self.changed.emit()

    @Slot(float)
    def _amount_changed(self, amount: float) -> None:
        self._amounts[self.task] = amount
        self.changed.emit()
