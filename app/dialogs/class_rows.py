"""The classes of a new project as rows: colour, name, and a cross."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QColorDialog, QHBoxLayout, QLineEdit, QScrollArea, QToolButton, QVBoxLayout, QWidget

from engine.labels.classes import MOST_CLASSES, default_color
from widgets.controls import Button, IconButton, named
from widgets.signs import swatch
from widgets.text import tr

_FEWEST_SEEN, _MOST_SEEN = 2, 7  # rows before the list scrolls, on a small screen and on a large one
_ROW, _AROUND = 34, 560  # px of a row, and that the rest of the dialog takes of the screen


class _NameEdit(QLineEdit):
    """Keeps Return to itself: a dialog would press whatever button is its default."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


class _Row(QWidget):
    """One class. `changed()`, `color_asked()`, `removed()`."""

    changed = Signal()
    removed = Signal()

    def __init__(self, number: int, name: str, color: str, example: str) -> None:
        super().__init__()
        self.color = color
        self.swatch = QToolButton()
        named(self.swatch, f"class_rows.{number}.color", tr("Colour of the class"))
        self.swatch.setToolTip(tr("Change the colour"))
        self.swatch.setFixedSize(30, 28)
        self.swatch.setIcon(swatch(color))
        self.edit = _NameEdit(name)
        named(self.edit, f"class_rows.{number}.name", tr("Name of the class"))
        self.edit.setPlaceholderText(tr("for example {name}", name=example) if example else "")
        self.cross = IconButton(f"class_rows.{number}.remove", "x", tr("Remove this class"), side=28)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        for widget in (self.swatch, self.edit, self.cross):
            line.addWidget(widget)
        self.swatch.clicked.connect(self._ask_color)
        self.edit.textChanged.connect(self.changed)
        self.cross.clicked.connect(self.removed)

    @Slot()
    def _ask_color(self) -> None:
        chosen = QColorDialog.getColor(QColor(self.color), self, tr("Colour of the class"))
        if chosen.isValid():
            self.color = chosen.name().upper()
            self.swatch.setIcon(swatch(self.color))
            self.changed.emit()


class ClassRows(QWidget):
    """`changed()` when a name or a colour changed, or a class came or went; `finished()` on Return in the last name;
    `file_asked()`: names shall come from a file."""

    changed = Signal()
    finished = Signal()
    file_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[_Row] = []
        self._made = 0
        self._fewest, self._most = 1, MOST_CLASSES
        inner = QWidget()
        inner.setObjectName("scroll")
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(0, 0, 6, 0)
        self._column.setSpacing(6)
        self._column.addStretch(1)
        self._area = QScrollArea()
        self._area.setObjectName("class_rows.scroll")
        self._area.setWidget(inner)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._add = Button("class_rows.add", tr("Add a class"), "plus", role="link")
        self._add.setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._area)
        self._file = Button("class_rows.file", tr("From a file…"), role="link")
        self._file.setToolTip(
            tr(
                "Labels of ITK-SNAP (.txt), Slicer (.ctbl, .seg.nrrd), nnU-Net (dataset.json), or the categories of a COCO file"
            )
        )
        self._file.setAutoDefault(False)
        row = QHBoxLayout()
        row.addWidget(self._add)
        row.addWidget(self._file)
        row.addStretch(1)
        column.addLayout(row)
        self._add.clicked.connect(self._add_one)
        self._file.clicked.connect(self.file_asked)

    def pairs(self) -> list[tuple[str, str]]:
        """(name, colour) of each class. Rows that nobody filled in are left out where enough others are named."""
        pairs = [(row.edit.text().strip(), row.color) for row in self._shown()]
        named = [pair for pair in pairs if pair[0]]
        return named if len(named) >= self._fewest else pairs

    def set_limits(self, fewest: int, most: int) -> None:
        """How many there may be; rows that are missing come, rows beyond hide until there is room again."""
        self._fewest, self._most = fewest, most
        while len(self._rows) < fewest:
            self._make("")
        self._arrange()

    def suggest(self, examples: Sequence[str]) -> None:
        """Show these as examples, in as many rows at least; names that were typed stay."""
        while len(self._rows) < len(examples):
            self._make("")
        for row, example in zip(self._rows, examples, strict=False):
            row.edit.setPlaceholderText(tr("for example {name}", name=example))
        self._arrange()

    def set_names(self, names: Sequence[str]) -> None:
        """Show exactly these."""
        self.set_pairs([(name, "") for name in names])

    def set_pairs(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Show exactly these names, in these colours or ("") in the usual ones."""
        for row in list(self._rows):
            self._drop(row)
        for name, color in pairs[: self._most]:
            self._make(name, color)
        self._arrange()

    def _shown(self) -> list[_Row]:
        return self._rows[: self._most]

    def _make(self, name: str, color: str = "") -> _Row:
        taken = {row.color for row in self._rows}
        usual = (c for c in map(default_color, range(len(self._rows) + 1 + len(taken))) if c not in taken)
        color = color or next(usual)
        row = _Row(self._made, name, color, "")
        self._made += 1
        row.changed.connect(self.changed)
        row.edit.entered.connect(self._next)
        row.removed.connect(self._remove)
        self._rows.append(row)
        self._column.insertWidget(self._column.count() - 1, row)
        return row

    def _drop(self, row: _Row) -> None:
        self._rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.setParent(None)
        row.deleteLater()

    def _arrange(self) -> None:
        shown = self._shown()
        for row in self._rows:
            row.setVisible(row in shown)
            row.cross.setVisible(len(shown) > self._fewest)
        self._add.setVisible(len(shown) < self._most)
        room = (self.screen().availableGeometry().height() - _AROUND) // _ROW
        self._area.setFixedHeight(_ROW * min(len(shown), max(_FEWEST_SEEN, min(room, _MOST_SEEN))))
        self._order(shown)
        self.changed.emit()

    def _order(self, shown: Sequence[_Row]) -> None:
        """Tab goes from name to name; colours and crosses, which few need, come after the last."""
        asides = [widget for row in shown for widget in (row.swatch, row.cross)]
        ways = [*(row.edit for row in shown), self._add, self._file, *asides]
        for before, after in pairwise(ways):
            QWidget.setTabOrder(before, after)

    @Slot()
    def _add_one(self) -> None:
        row = self._make("")
        self._arrange()
        row.edit.setFocus()

    @Slot()
    def _next(self) -> None:
        """Return goes to the next name, and after the last one the answer stands."""
        edits = [row.edit for row in self._shown()]
        at = edits.index(self.sender())  # type: ignore[arg-type]
        if at + 1 < len(edits):
            edits[at + 1].setFocus()
            edits[at + 1].selectAll()
        else:
            self.finished.emit()

    @Slot()
    def _remove(self) -> None:
        row = self.sender()
        if isinstance(row, _Row) and len(self._shown()) > self._fewest:
            self._drop(row)
            self._arrange()
