"""Rows that belong together stand as one row that opens: which rows are seen, and what stands for those that are not."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter

from widgets import icons
from widgets.row_list import RowModel
from widgets.theme import Role

RowType = TypeVar("RowType")

CHEVRON = 16  # px, of the sign before a row that opens
INDENT = 14  # px, of the rows below it


@dataclass(frozen=True)
class Fold(Generic[RowType]):
    """What a row that is seen is to its group: the first of it, which opens and closes, or one below. `rows` are all of the group."""

    first: bool
    open: bool
    rows: tuple[RowType, ...]


class Folds(Generic[RowType]):
    """Groups of rows, each open or closed; what was opened stays so until it is closed, whatever is shown in between.

    A closed group is seen as one of its rows: the one that `stand_for` named last, else its first. A row that is alone in its
    group is a row like any other.
    """

    def __init__(self, key: Callable[[RowType], Hashable], group: Callable[[RowType], str]) -> None:
        self._key, self._group = key, group
        self._open: set[str] = set()
        self._faces: dict[str, Hashable] = {}
        self._folds: dict[Hashable, Fold[RowType]] = {}
        self._groups: dict[Hashable, str] = {}  # of rows that have company, seen or not

    def arrange(self, rows: Sequence[RowType], order: Callable[[RowType], object]) -> list[RowType]:
        """The rows that are seen: each group where its first one stands, its rows in their own `order`."""
        members = defaultdict[str, list[RowType]](list)
        for row, group in zip(rows, map(self._group, rows), strict=True):
            if group:
                members[group].append(row)
        self._folds, self._groups = {}, {}
        if not members:
            return list(rows)
        seen, done = list[RowType](), set[str]()
        for row in rows:
            group = self._group(row)
            if len(members.get(group, ())) < 2:
                seen.append(row)
            elif group not in done:
                done.add(group)
                seen += self._unfold(group, tuple(sorted(members[group], key=order)))  # type: ignore[arg-type]
        return seen

    def _unfold(self, group: str, rows: tuple[RowType, ...]) -> Sequence[RowType]:
        self._groups |= {self._key(row): group for row in rows}
        is_open, face = group in self._open, self._faces.get(group)
        seen = rows if is_open else [next((row for row in rows if self._key(row) == face), rows[0])]
        self._folds |= {self._key(row): Fold(place == 0, is_open, rows) for place, row in enumerate(seen)}
        return seen

    def fold(self, key: Hashable) -> Fold[RowType] | None:
        """What that row is to its group; None where it has no company or is not seen."""
        return self._folds.get(key)

    @property
    def any(self) -> bool:
        return bool(self._folds)

    def toggle(self, key: Hashable) -> None:
        """Open the group of that row, or close it."""
        self._open ^= {self._groups[key]}

    def stand_for(self, key: Hashable) -> bool:
        """Let that row stand for its group while that is closed; whether that changes what is seen."""
        group = self._groups.get(key)
        if group is None or self._faces.get(group) == key:
            return False
        self._faces[group] = key
        return group not in self._open


def paint_chevron(painter: QPainter, area: QRectF, fold: Fold[RowType] | None, role: Role = "dim") -> None:
    """The sign of a row that opens, at the left of the area; nothing for any other row."""
    if fold is not None and fold.first:
        density = painter.device().devicePixelRatio()
        sign = icons.pixmap("chevron-down" if fold.open else "chevron-right", role, CHEVRON, density)
        painter.drawPixmap(round(area.left()), round(area.center().y() - CHEVRON / 2), sign)


if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractItemView as _Base
else:

    class _Base:
        """What is mixed in before a view has no Qt class of its own."""


class FoldedView(_Base, Generic[RowType]):
    """A view whose groups open and close: by a click on their sign, or with Right and Left as in a tree."""

    _folds: Folds[RowType]
    _rows: RowModel[RowType]
    _toggled = False  # by the press of the button that is still down

    def arrange_again(self) -> None:
        """Show the rows anew: other groups are open."""
        raise NotImplementedError

    def opening_area(self, index: QModelIndex) -> QRect:
        """Where the sign of that row lies, in the viewport; empty in columns without one."""
        raise NotImplementedError

    def toggle(self, key: Hashable) -> None:
        """Open the group of that row, or close it: then the current row stands for it, where it is one of it."""
        self._folds.toggle(key)
        self._folds.stand_for(self._rows.key_at(self.currentIndex().row()))
        self.arrange_again()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._toggled = self._toggle_at(event)
        if not self._toggled:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._toggled:  # else it would count as a click on what was pressed before
            super().mouseReleaseEvent(event)
        self._toggled = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._toggled = self._toggle_at(event)
        if not self._toggled:
            super().mouseDoubleClickEvent(event)

    def _toggle_at(self, event: QMouseEvent) -> bool:
        index = self.indexAt(event.position().toPoint())
        key = self._rows.key_at(index.row())
        fold = self._folds.fold(key)
        inside = index.isValid() and self.opening_area(index).contains(event.position().toPoint())
        if fold is None or not fold.first or not inside or event.button() != Qt.MouseButton.LeftButton:
            return False
        self.toggle(key)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        wanted = _SIDEWAYS.get(event.key())
        key = self._rows.key_at(self.currentIndex().row())
        fold = self._folds.fold(key)
        if wanted is None or fold is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif fold.open != wanted:
            self.toggle(key)


_SIDEWAYS: dict[int, bool] = {Qt.Key.Key_Right: True, Qt.Key.Key_Left: False}
