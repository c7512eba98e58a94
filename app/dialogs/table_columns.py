"""Which columns of a table hold the images and what is said of them, where it does not call them as the program does."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from PySide6.QtWidgets import QComboBox, QDialog, QGridLayout, QVBoxLayout, QWidget

from app.dialogs.answers import DialogButtons, answered
from engine.project.tables import Headers, propose_headers, read_rows
from engine.words import translatable
from widgets.controls import Text, named
from widgets.elided import ElidedText
from widgets.text import tr
from widgets.word_combo import WordCombo

_ASKED = {
    "class": translatable("The column with the class"),
    "split": translatable("The column with the set"),
}


def ask_columns(parent: QWidget, file: Path, column: str) -> Headers | None:
    """Ask where the columns have other names than "item" and `column` ("class" or "split"); None: given up. Raises NotReadable."""
    proposed, names = propose_headers(file, column)
    ours = {name.strip().casefold() for name in names}
    if {"item", column} <= ours:
        return Headers()
    rows = read_rows(file, names) if len(set(ours)) == len(names) else []  # two of one name cannot be told apart
    dialog = TableColumnsDialog(parent, file, column, proposed, names, rows[0] if rows else {})
    return dialog.value() if answered(dialog) else None


class TableColumnsDialog(QDialog):
    """Two columns out of those that there are; what the names suggest is chosen already, and the `first` row shows what they hold."""

    def __init__(
        self,
        parent: QWidget,
        file: Path,
        column: str,
        proposed: Headers,
        names: tuple[str, ...],
        first: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(parent)
        self._first = first  # row
        named(self, "table_columns_dialog", tr("Columns of the table"))
        self.setWindowTitle(tr("Columns of the table"))
        self._item, self._value = (self._combo(f"table_columns.{id}", names) for id in ("item", "value"))
        for combo, name in ((self._item, proposed.item), (self._value, proposed.value)):
            combo.setCurrentIndex(combo.findText(name) if name else -1)
            combo.currentIndexChanged.connect(self._judge)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for row, (text, combo) in enumerate(
            ((tr("The column with the images"), self._item), (tr(_ASKED[column]), self._value))
        ):
            label = Text(text, "dim")
            label.setBuddy(combo)
            grid.addWidget(label, row, 0)
            grid.addWidget(combo, row, 1)
        self._example = ElidedText("", "dim")
        self._example.setObjectName("table_columns.example")
        self._example.setVisible(bool(first))
        self._answers = DialogButtons(self, tr("Use these"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 20, 20, 16)
        whole.setSpacing(14)
        whole.addWidget(Text(file.name, "strong"))
        whole.addLayout(grid)
        whole.addWidget(self._example)
        whole.addWidget(self._answers)
        self.setMinimumWidth(420)
        self._judge()

    def value(self) -> Headers:
        return Headers(self._item.currentText(), self._value.currentText())

    def _combo(self, name: str, names: tuple[str, ...]) -> QComboBox:
        combo = WordCombo()
        named(combo, name, tr("Column"))
        combo.addItems(names)
        return combo

    def _judge(self) -> None:
        chosen = self._item.currentIndex(), self._value.currentIndex()
        item, value = (self._first.get(combo.currentText(), "–") for combo in (self._item, self._value))
        self._example.say(tr("First row: {item} → {value}", item=item, value=value))
        if -1 in chosen:
            self._answers.allow(tr("Choose both columns."))
        else:
            self._answers.allow(tr("These are one and the same column.") if chosen[0] == chosen[1] else "")
