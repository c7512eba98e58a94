"""Three shares in percent that always sum to 100, with what each amounts to beside it."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QSpinBox, QWidget

from widgets.controls import Text, WrappedText, named
from widgets.figures import NARROW
from widgets.sets import SET_ROLES, SETS
from widgets.text import tr

USUAL = (70, 15, 15)
_SPACING = 8
_ROOM = 292  # px of the column that this stands in


class RatioGrid(QWidget):
    """Rows of train, validation and test. `changed()` when a person set a share."""

    changed = Signal()

    def __init__(self, name: str, ratios: tuple[int, int, int] = USUAL) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(_SPACING)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(2, 1)
        self._spins: list[QSpinBox] = []
        self._words: list[Text] = []
        self._notes: list[tuple[Text, Text]] = []
        for row, split in enumerate(split for split in SETS if split):
            word = tr(SETS[split])
            spin = QSpinBox()
            named(spin, f"{name}.{split}", tr("Share of {name}", name=word))
            spin.setRange(0, 100)
            spin.setSuffix(f"{NARROW}%")
            spin.setFixedWidth(80)
            spin.setKeyboardTracking(False)
            spin.valueChanged.connect(self._balance)
            label = Text(word)
            label.setProperty("role", SET_ROLES[split])
            label.setBuddy(spin)
            notes = (WrappedText("", "dim"), WrappedText("", "dim"))
            for column, widget in enumerate((label, spin, None, *notes)):
                if widget is not None:
                    grid.addWidget(widget, row, column)
            for note in notes:
                note.setAlignment(note.alignment().AlignRight | note.alignment().AlignVCenter)
            self._spins.append(spin)
            self._words.append(label)
            self._notes.append(notes)
        self.set_values(ratios)

    def values(self) -> tuple[int, int, int]:
        train, val, test = (spin.value() for spin in self._spins)
        return train, val, test

    def shares(self) -> tuple[float, float, float]:
        train, val, test = self.values()
        return train / 100, val / 100, test / 100

    def set_values(self, ratios: tuple[int, int, int]) -> None:
        """Show these. Sends nothing."""
        for spin, ratio in zip(self._spins, ratios, strict=True):
            with QSignalBlocker(spin):
                spin.setValue(ratio)

    def set_notes(self, notes: Sequence[tuple[str, str]], warned: Collection[int] = ()) -> None:
        """What each set amounts to: in two columns, or in two lines where the language needs more room than there is. The numbers of
        sets in `warned` are too small to go by."""
        wide = self.fontMetrics().horizontalAdvance
        columns = zip([label.text() for label in self._words], *zip(*notes, strict=True), strict=True)
        need = sum(max(map(wide, column)) for column in zip(*columns, strict=True))
        stacked = need + self._spins[0].width() + 4 * _SPACING > _ROOM
        for number, ((first, second), (one, other)) in enumerate(zip(self._notes, notes, strict=True)):
            for text in (first, second):
                text.set_role("warn" if number in warned else "dim")
            first.setText("" if stacked else one)
            first.setVisible(bool(first.text()))
            second.setText("\n".join(filter(None, (one, other))) if stacked else other)

    @Slot(int)
    def _balance(self, value: int) -> None:
        """The other two share the rest as they did before."""
        at = self._spins.index(self.sender())  # type: ignore[arg-type]
        others = [spin for place, spin in enumerate(self._spins) if place != at]
        first, second = (spin.value() for spin in others)
        part = first / (first + second) if first + second else 0.5
        rest = 100 - value
        for spin, wanted in zip(others, (round(rest * part), rest - round(rest * part)), strict=True):
            with QSignalBlocker(spin):
                spin.setValue(wanted)
        self.changed.emit()
