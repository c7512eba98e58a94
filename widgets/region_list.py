"""Regions to be answered one after the other: a small picture, the class and what is wrong, how large, and whether it is answered."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QWidget

from widgets import icons, theme
from widgets.panels import PAD
from widgets.row_list import ListModel, RowDelegate, RowList
from widgets.rows import paint_swatch, paint_text

_PICTURE = 40

RegionType = TypeVar("RegionType", bound=Hashable)


@dataclass(frozen=True, eq=False)
class RegionRow:
    """One region: "Stomach · too much", of which `tail` (" · too much") is never cut, "214 mm² · slice 11", the colour of the class; `picture` makes a square one when the row is seen."""

    title: str
    subtitle: str
    color: str
    picture: Callable[[], QImage] | None = None
    answered: bool = False
    tail: str = ""


class _Model(ListModel[RegionType]):
    """The regions themselves: of thousands only those are put into words that are seen."""

    def __init__(self, make: Callable[[RegionType], RegionRow]) -> None:
        super().__init__(lambda place, _: place, height=_PICTURE + 8)
        self.row_of = cache(make)

    def describe(self, region: RegionType, column: int, role: Qt.ItemDataRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.row_of(region).title
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{self.row_of(region).title}, {self.row_of(region).subtitle}"
        return None


class _Delegate(RowDelegate[RegionType]):
    def __init__(self, row_of: Callable[[RegionType], RegionRow]) -> None:
        super().__init__()
        self._row_of = row_of

    def paint_row(self, painter: QPainter, area: QRectF, region: RegionType, column: int, picked: bool) -> None:
        row = self._row_of(region)
        place = QRectF(area.left() + PAD, area.center().y() - _PICTURE / 2, _PICTURE, _PICTURE)
        painter.fillRect(place, theme.color("scan"))
        if row.picture is not None:
            painter.drawImage(place, row.picture())
        words = QRectF(place.right() + 10, area.center().y() - 18, area.right() - PAD - place.right() - 10, 18)
        if row.answered:
            words.setRight(words.right() - 20)
            density = painter.device().devicePixelRatio()
            tick = icons.pixmap("check", "good", 14, density)
            painter.drawPixmap(round(words.right() + 4), round(area.center().y() - 7), tick)
        paint_swatch(painter, QRectF(words.left(), words.center().y() - 5, 10, 10), row.color)
        role: theme.Role = "dim" if row.answered else "text"
        line = words.adjusted(16, 0, 0, 0)
        end = QFontMetricsF(theme.font()).horizontalAdvance(row.tail)
        name = row.title.removesuffix(row.tail)
        taken = paint_text(painter, line.adjusted(0, 0, -end, 0), name, role, theme.font())
        paint_text(painter, line.adjusted(taken, 0, 0, 0), row.tail, role, theme.font())
        paint_text(painter, words.translated(0, 18), row.subtitle, "dim", theme.font(theme.SMALL_SIZE))


class RegionList(RowList[RegionType], Generic[RegionType]):
    """`picked(place)` when a person goes to a region, also to the one that is picked already: it may be out of sight."""

    picked = Signal(int)

    def __init__(
        self, name: str, text: str, make: Callable[[RegionType], RegionRow], parent: QWidget | None = None
    ) -> None:
        """`make` says what the row of a region shows: asked when it is seen, and again after `set_regions`."""
        self._regions = _Model(make)
        super().__init__(name, text, self._regions, _Delegate(self._regions.row_of), again=True, parent=parent)

    def set_regions(self, regions: Sequence[RegionType], current: int | None) -> None:
        """Show these; the one at that place is picked. Sends nothing."""
        self._regions.row_of.cache_clear()  # what is said of one may be other now
        self.set_rows(regions)
        self.viewport().update()
        self.set_current(current)

    def row_at(self, place: int) -> RegionRow:
        """What the row at that place shows."""
        return self._regions.row_of(self._regions.rows[place])
