"""The rows of the Data tab's table as a model: searched, filtered, sorted."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import Qt

from app.tabs.data.rows import FILTERS, Row, class_text, mask_text, of_series
from engine.labels.classes import LabelClass
from engine.natural_order import natural
from widgets import theme
from widgets.figures import NONE
from widgets.folds import Folds
from widgets.row_list import TableModel
from widgets.sets import SET_ROLES, SETS
from widgets.text import tr

PICTURE, NAME, PATIENT, MODALITY, SIZE, SPACING, MASK, SET = range(8)


class DataModel(TableModel[Row]):
    """The rows that search and filter let through, in the order that the header asks for."""

    def __init__(self) -> None:
        super().__init__(lambda _, row: row.id, SET + 1)
        self.classes: Sequence[LabelClass] = ()
        self.of_whole_images = False
        self.ticks = False  # whether rows can be left out
        self.folds = Folds[Row](lambda row: row.id, lambda row: row.series)
        self._all: list[Row] = []
        self._words: list[str] = []
        self._filter: Callable[[Row], bool] = FILTERS["all"]
        self._order = (NAME, Qt.SortOrder.AscendingOrder)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles()[section]
        if role == Qt.ItemDataRole.ToolTipRole and section == SPACING:
            return tr("Distance of the voxels across, down and between slices, as the file says it")
        if role == Qt.ItemDataRole.ToolTipRole and section == SET:
            return tr("Training: the network learns from it. Validation: chooses the best network. Test: judges it.")
        return None

    def _titles(self) -> tuple[str, ...]:
        last = tr("Class") if self.of_whole_images else tr("Mask")
        return "", tr("Item"), tr("Patient"), tr("Modality"), tr("Size"), tr("Voxel, mm"), last, tr("Set")

    def text(self, row: Row, column: int) -> tuple[str, theme.Role]:
        """What a cell says, and in which colour."""
        dim: theme.Role = "dim" if row.refused or not row.taken else "text"
        if column == PICTURE:
            return "", dim
        if column == NAME:
            return row.name, dim
        if column == MASK:
            return (class_text if self.of_whole_images else mask_text)(row, self.classes)
        if column == SET:
            if row.differs("split"):
                return tr("several"), "dim"
            return (NONE, "dim") if row.refused else (tr(SETS[row.split]), SET_ROLES[row.split])
        if column == PATIENT:
            return row.patient or NONE, dim
        if column == MODALITY:
            return (f"{row.modality}?", "warn") if row.guessed else (row.modality or NONE, dim)
        return (row.size_text, dim) if column == SIZE else (row.spacing_text, "dim")

    def tick(self, row: Row) -> Qt.CheckState | None:
        """Whether an import takes the row; None where nobody is asked."""
        if not self.ticks or row.refused:
            return None
        if row.differs("taken"):
            return Qt.CheckState.PartiallyChecked
        return Qt.CheckState.Checked if row.taken else Qt.CheckState.Unchecked

    def describe(self, row: Row, column: int, role: Qt.ItemDataRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.text(row, column)[0]
        if role == Qt.ItemDataRole.CheckStateRole and column == PICTURE:
            return self.tick(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            if column == MASK and row.classes_held and not self.of_whole_images:
                return ", ".join(c.name for place, c in enumerate(self.classes, 1) if place in row.classes_held)
            if column == MODALITY and row.guessed:
                return tr("Guessed from the values. Say what it is with a right click.")
            return row.help if column in (PICTURE, NAME, MASK) else None
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._order = (column, order)
        self._arrange()

    def set_rows(self, rows: Iterable[Row]) -> None:
        self._all = list(rows)
        self._arrange()

    def set_words(self, text: str) -> None:
        self._words = text.casefold().split()
        self._arrange()

    def set_filter(self, test: Callable[[Row], bool]) -> None:
        if test is not self._filter:  # set anew with all rows, mostly the same one
            self._filter = test
            self._arrange()

    def arrange_again(self) -> None:
        """Other series are open."""
        self._arrange()

    def _arrange(self) -> None:
        rows = list(filter(self._filter, self._all))
        rows = list(filter(self._found, rows)) if self._words else rows
        column, order = self._order
        rows.sort(key=_KEYS[column](self), reverse=order == Qt.SortOrder.DescendingOrder)
        seen = self.folds.arrange(rows, lambda row: row.part.number if row.part is not None else 0)
        super().set_rows(map(self._as_shown, seen) if self.folds.any else seen)

    def _as_shown(self, row: Row) -> Row:
        fold = self.folds.fold(row.id)
        return row if fold is None or fold.open else of_series(row, fold.rows)

    def _found(self, row: Row) -> bool:
        text = f"{row.name} {row.patient}".casefold()
        return all(word in text for word in self._words)


_KEYS: dict[int, Callable[[DataModel], Callable[[Row], Any]]] = {
    PICTURE: lambda model: lambda row: natural(row.name),
    NAME: lambda model: lambda row: natural(row.name),
    PATIENT: lambda model: lambda row: (natural(row.patient), natural(row.name)),
    MODALITY: lambda model: lambda row: (row.modality, natural(row.name)),
    SIZE: lambda model: lambda row: (row.shape[0] * row.shape[1] * row.shape[2], natural(row.name)),
    SPACING: lambda model: lambda row: (row.spacing or (0.0, 0.0, 0.0), natural(row.name)),
    MASK: lambda model: (
        lambda row: (
            -len(row.classes_held) if not model.of_whole_images else 0,
            model.text(row, MASK)[0],
            natural(row.name),
        )
    ),
    SET: lambda model: lambda row: (("train", "val", "test", "").index(row.split), natural(row.name)),
}
