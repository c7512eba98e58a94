"""Cleaning the mask up: what, how much, where and of which class; the scan behind it shows what would change."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QDialog, QDoubleSpinBox, QGridLayout, QVBoxLayout, QWidget

from app.dialogs.answers import DialogButtons
from engine.labels.cleanup import CleanUp, CleanUpAction
from engine.words import translatable
from widgets.controls import Choice, Segmented, Text, named
from widgets.text import tr

ACTION_NAMES: dict[CleanUpAction, str] = {
    "holes": translatable("Fill holes"),
    "largest": translatable("Keep the largest part"),
    "small": translatable("Remove small parts"),
    "smooth": translatable("Smooth"),
    "grow": translatable("Grow"),
    "shrink": translatable("Shrink"),
    "hollow": translatable("Hollow out"),
}
_AMOUNTS: dict[CleanUpAction, str] = {
    "small": translatable("Smaller than"),
    "smooth": translatable("Reach"),
    "grow": translatable("By"),
    "shrink": translatable("By"),
    "hollow": translatable("Wall"),
}
_FIRST: dict[CleanUpAction, float] = {
    "small": 20.0,
    "smooth": 2.0,
    "grow": 2.0,
    "shrink": 2.0,
    "hollow": 2.0,
}  # in the unit shown


class CleanUpDialog(QDialog):
    """Stands beside the work, which goes on. `changed()`: something else is asked for; `accepted`: it shall be done.

    `calibrated`: lengths are mm, else pixels. `volume`: there are several slices.
    """

    changed = Signal()

    def __init__(self, parent: QWidget, calibrated: bool, volume: bool) -> None:
        super().__init__(parent)
        named(self, "clean_up_dialog", tr("Clean up"))
        self.setWindowTitle(tr("Clean up"))
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)  # the scan keeps the keys: slices, Enter, Esc
        self._calibrated, self._value = calibrated, 0
        self._amounts = dict(_FIRST)
        self.action = QComboBox()
        named(self.action, "clean_up.action", tr("What"))
        for id, text in ACTION_NAMES.items():
            self.action.addItem(tr(text), id)
        self.amount = QDoubleSpinBox()
        named(self.amount, "clean_up.amount", tr("Amount"))
        self._amount_text = Text("", "dim")
        self.scope = Segmented(
            "clean_up.scope", tr("Where"), [Choice("slice", tr("This slice")), Choice("volume", tr("Volume"))]
        )
        self.of = Segmented("clean_up.of", tr("Which class"), [Choice("one", ""), Choice("all", tr("All classes"))])
        self.told = Text(tr("Working it out…"), "dim")
        self.told.setObjectName("clean_up.told")
        self.told.setWordWrap(True)
        self.buttons = DialogButtons(self, tr("Clean up"), tr("Close"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        where = Text(tr("Where"), "dim")
        rows: tuple[tuple[Text, QWidget], ...] = (
            (Text(tr("What"), "dim"), self.action),
            (self._amount_text, self.amount),
            (where, self.scope),
            (Text(tr("Which class"), "dim"), self.of),
        )
        for row, (label, editor) in enumerate(rows):
            label.setBuddy(editor)
            grid.addWidget(label, row, 0)
            grid.addWidget(editor, row, 1)
        for part in (where, self.scope):
            part.setVisible(volume)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(12)
        column.addLayout(grid)
        column.addWidget(self.told)
        column.addWidget(self.buttons)
        self.setMinimumWidth(340)
        self._show_amount()
        self.action.currentIndexChanged.connect(self._action_picked)
        self.amount.valueChanged.connect(self._amount_changed)
        self.scope.picked.connect(self._scope_picked)
        self.of.picked.connect(self.changed)

    def show_class(self, value: int, name: str) -> None:
        """The active class is this one now; 0: none, so that all are meant."""
        self._value = value
        self.of.button("one").setText(name)
        self.of.button("one").setEnabled(bool(value))
        if not value:
            self.of.set_current("all")

    def tell(self, text: str, usable: bool) -> None:
        """Say what would change, or why nothing does."""
        self.told.setText(text)
        self.buttons.yes.setEnabled(usable)

    @property
    def whole_volume(self) -> bool:
        return self.scope.current() == "volume"

    @property
    def task(self) -> CleanUp:
        """What is asked for."""
        only = self._value if self.of.current() == "one" and self._value else None
        return CleanUp(self._action, self._amounts.get(self._action, 0.0), only)

    @property
    def _action(self) -> CleanUpAction:
        action: CleanUpAction = self.action.currentData()
        return action

    def _show_amount(self) -> None:
        """The number with its unit, where the action has one."""
        action = self._action
        for part in (self._amount_text, self.amount):
            part.setVisible(action in _FIRST)
        if action not in _FIRST:
            return
        self._amount_text.setText(tr(_AMOUNTS[action]))
        unit = "px"
        if self._calibrated:
            unit = "mm" if action != "small" else "mm³" if self.whole_volume else "mm²"
        was = self.amount.blockSignals(True)
        self.amount.setDecimals(1 if self._calibrated else 0)
        self.amount.setRange(0.1 if self._calibrated else 1.0, 1e6 if action == "small" else 100.0)
        self.amount.setSingleStep(5.0 if action == "small" else 0.5 if self._calibrated else 1.0)
        self.amount.setSuffix(f" {unit}")
        self.amount.setValue(self._amounts[action])
        self.amount.blockSignals(was)

    @Slot()
    def _action_picked(self) -> None:
        self._show_amount()
        self.changed.emit()

    @Slot()
    def _scope_picked(self) -> None:
        self._show_amount()
        self.changed.emit()

    @Slot(float)
    def _amount_changed(self, amount: float) -> None:
        self._amounts[self._action] = amount
        self.changed.emit()
