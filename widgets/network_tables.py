"""The list of architectures to tick, with parameters and top-5 error, and how each compares in detail."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine.catalog import SOURCES, Architecture
from widgets import network_names, theme
from widgets.controls import Text, calm_table, named
from widgets.csv_text import Row
from widgets.figures import NONE, figure, weight_count
from widgets.figures import times as _times
from widgets.table_menu import TableMenu
from widgets.text import tr

_Index = QModelIndex | QPersistentModelIndex
_ROW = 27
_BOX = 36  # px of a tick box with its edges


class _Ticks(QAbstractTableModel):
    """Network, parameters, top-5 error; the first column has a box to tick."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows = network_names.networks()
        self.ticked: set[str] = set()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else 3

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return (network_names.short(row.name), weight_count(row.parameters), network_names.top5(row))[column]
        if role == Qt.ItemDataRole.CheckStateRole and column == 0:
            return Qt.CheckState.Checked if row.name in self.ticked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.TextAlignmentRole and column:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and column:
            return theme.color("dim")
        if role == Qt.ItemDataRole.ToolTipRole:
            return _help(row, column)
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        name = self.rows[index.row()].name
        if Qt.CheckState(value) == Qt.CheckState.Checked:
            self.ticked.add(name)
        else:
            self.ticked.discard(name)
        self.dataChanged.emit(index, index)
        self.changed.emit()
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return plain | Qt.ItemFlag.ItemIsUserCheckable if index.column() == 0 else plain

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (tr("Network"), tr("Parameters"), tr("Top-5 error"))[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


def _help(row: Architecture, column: int) -> str:
    if column == 1:
        values = {"count": figure(row.parameters), "input": _times(row.input), "classes": row.classes}
        return tr("{count} weights, for images of {input} and {classes} classes", **values)
    if column == 2:
        return tr(row.top5) if row.top5 else tr("No top-5 error of this network was published.")
    return f"{tr(row.title)}, {row.year}\n{tr(row.unique)}\n{tr(row.use_cases)}"


class NetworkList(TableMenu, QTableView):
    """Networks to tick. `ticks_changed()` when a person ticked one, `picked(arch)` when a person goes to another row."""

    ticks_changed = Signal()
    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        named(self, "classify.networks", tr("Networks to compare"))
        self._ticks = _Ticks(self)
        self.setModel(self._ticks)
        calm_table(self)
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.verticalHeader().setMinimumSectionSize(_ROW)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.setProperty("role", "scores")  # small headings
        small = QFontMetrics(theme.font(theme.SMALL_SIZE))
        self._numbers = [
            max(small.horizontalAdvance(str(self._ticks.headerData(at, Qt.Orientation.Horizontal))) + 10, 68)
            for at in (1, 2)
        ]
        for column, width in enumerate(self._numbers, 1):
            self.setColumnWidth(column, width)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(30 + _ROW * len(self._ticks.rows) + 2)
        names = (network_names.short(row.name) for row in self._ticks.rows)
        self._for_names = _BOX + max(self.fontMetrics().horizontalAdvance(name) for name in names)
        self._silent = False
        self._ticks.changed.connect(self.ticks_changed)
        self.selectionModel().currentRowChanged.connect(self._moved)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the names have no room, the errors are left out: the comparison in detail has them."""
        super().resizeEvent(event)
        self.setColumnHidden(2, self.width() < self._for_names + sum(self._numbers))

    def table(self) -> Sequence[Row]:
        heads = [str(self._ticks.headerData(column, Qt.Orientation.Horizontal)) for column in range(3)]
        rows = (
            (network_names.short(row.name), row.parameters, _given(network_names.top5(row))) for row in self._ticks.rows
        )
        return [heads, *rows]

    def ticked(self) -> tuple[str, ...]:
        """Names of the ticked networks, in the list's order."""
        return tuple(row.name for row in self._ticks.rows if row.name in self._ticks.ticked)

    def set_ticked(self, names: tuple[str, ...]) -> None:
        """Tick these and no others. Sends nothing."""
        self._ticks.ticked = set(names)
        self.viewport().update()

    def current(self) -> str:
        """The network of the row that the person went to, "" before that."""
        place = self.currentIndex().row()
        return self._ticks.rows[place].name if place >= 0 else ""

    def set_current(self, arch: str) -> None:
        """Go to that row. Sends nothing."""
        place = next((at for at, row in enumerate(self._ticks.rows) if row.name == arch), -1)
        self._silent = True
        self.setCurrentIndex(self._ticks.index(place, 0) if place >= 0 else QModelIndex())
        self._silent = False

    def tick_box(self, arch: str) -> QRect:
        """Where the box of that network is, in the viewport's pixels."""
        place = next(at for at, row in enumerate(self._ticks.rows) if row.name == arch)
        cell = self.visualRect(self._ticks.index(place, 0))
        return QRect(cell.left() + 4, cell.top(), 24, cell.height())

    @Slot(QModelIndex)
    def _moved(self, index: QModelIndex) -> None:
        if index.isValid() and not self._silent:
            self.picked.emit(self._ticks.rows[index.row()].name)


class _Facts(QAbstractTableModel):
    """The lecture's table: a row a characteristic that any of the networks has, a column a network."""

    def __init__(self, networks: Sequence[Architecture], times: Mapping[str, str], parent: QWidget) -> None:
        super().__init__(parent)
        self.networks = tuple(networks)
        self.facts = [each for each in _facts(self.networks, times) if any(text != NONE for text in each.texts)]

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.facts)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.networks)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.facts[index.row()].texts[index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        across = orientation == Qt.Orientation.Horizontal
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(self.networks[section].title) if across else self.facts[section].title
        if role == Qt.ItemDataRole.ToolTipRole and not across:
            return self.facts[section].source
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation == Qt.Orientation.Vertical:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        return None


@dataclass(frozen=True)
class _Fact:
    """One characteristic of each network, NONE where it has none, and where it is known from."""

    title: str
    texts: list[str]
    source: str


def _facts(networks: Sequence[Architecture], times: Mapping[str, str]) -> list[_Fact]:
    """What is told of each network; counted from the networks as they are built here (engine.catalog, proved by its tests)."""

    def fact(title: str, name: str, text: Callable[[Any], str] = str) -> _Fact:
        values = [getattr(row, name) for row in networks]
        return _Fact(title, [text(value) if value else NONE for value in values], tr(SOURCES[name]))

    here = [times.get(row.name, NONE) for row in networks]
    return [
        fact(tr("Type"), "kind", tr),
        fact(tr("Year"), "year"),
        fact(tr("Layers"), "layers", figure),
        fact(tr("Input size"), "input", _times),
        fact(tr("Filters"), "filters", _times),
        fact(tr("Pooling"), "pooling", lambda value: _times(tr(value))),
        fact(tr("Activation"), "activation"),
        fact(tr("Parameters"), "parameters", figure),
        fact(tr("Multiply-adds"), "multiply_adds", lambda value: figure(value / 1e6, 1, "M")),
        _Fact(tr("Training here"), here, tr("Measured: the runs of this project, on the computer that trained them.")),
        fact(tr("What is new"), "unique", tr),
        fact(tr("Top-5 error"), "top5", tr),
        fact(tr("Data set"), "dataset", tr),
        fact(tr("Use cases"), "use_cases", tr),
        fact(tr("Drawbacks"), "drawbacks", tr),
        fact(tr("Paper"), "paper"),
    ]


class _Cell(QStyledItemDelegate):
    """Wrapped text with room around it."""

    _PAD = (10, 7)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        area = option.rect.adjusted(self._PAD[0], self._PAD[1], -self._PAD[0], 0)
        painter.save()
        painter.setFont(theme.font(theme.SMALL_SIZE))
        painter.setPen(theme.color("hairline"))
        painter.drawLine(option.rect.topLeft(), option.rect.topRight())
        painter.setPen(theme.color("text"))
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
        painter.drawText(area, flags, str(index.data()))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        view = option.widget
        width = view.columnWidth(index.column()) if isinstance(view, QTableView) else 190
        metrics = QFontMetrics(theme.font(theme.SMALL_SIZE))
        box = metrics.boundingRect(
            QRect(0, 0, width - 2 * self._PAD[0] - 2, 4000), Qt.TextFlag.TextWordWrap, str(index.data())
        )
        return QSize(width, box.height() + 2 * self._PAD[1])


class FactTable(TableMenu, QTableView):
    """Architectures beside each other, as in the lecture: those that classify, where no others are named. `times` says how long each took
    to train here, by its name."""

    _WIDTH = 196

    def __init__(self, networks: Sequence[Architecture] = (), times: Mapping[str, str] = MappingProxyType({})) -> None:
        super().__init__()
        named(self, "classify.facts", tr("Architectures compared"))
        self.setProperty("role", "facts")  # names stand on the first line of their row
        self.setModel(_Facts(networks or network_names.networks(), times, self))
        self.setItemDelegate(_Cell(self))
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QTableView.SelectionMode.NoSelection)
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setDefaultSectionSize(self._WIDTH)
        side = self.verticalHeader()
        side.setHighlightSections(False)
        side.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)

    def table(self) -> Sequence[Row]:
        model = self.model()
        assert isinstance(model, _Facts)
        heads: Row = ("", *(tr(row.title) for row in model.networks))
        return [heads, *((fact.title, *(_given(text) for text in fact.texts)) for fact in model.facts)]

    def text(self, fact: int, arch: str) -> str:
        model = self.model()
        assert isinstance(model, _Facts)
        place = next(at for at, row in enumerate(model.networks) if row.name == arch)
        return model.facts[fact].texts[place]


def _given(text: str) -> str | None:
    return None if text == NONE else text


class FactDialog(QDialog):
    """The comparison in detail, over the window; what it compares is what a FactTable is given."""

    def __init__(
        self, parent: QWidget, networks: Sequence[Architecture] = (), times: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        super().__init__(parent)
        named(self, "classify.facts_dialog", tr("Architectures compared"))
        self.setWindowTitle(tr("Architectures compared"))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        if any(row.top5 for row in networks or network_names.networks()):
            column.addWidget(note_on_errors())
        column.addWidget(FactTable(networks, times), 1)
        window = parent.window().size()
        self.resize(min(1180, window.width() - 80), min(760, window.height() - 80))


def note_on_errors() -> Text:
    """What top-5 errors and counts stand for: they must not be read as those of one network."""
    text = Text(
        tr(
            "Counted from the networks as they are built here. Top-5 error: ImageNet contest entries, several networks together, where nothing else is said."
        ),
        "dim",
    )
    text.setWordWrap(True)
    return text
