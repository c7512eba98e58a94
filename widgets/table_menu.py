"""The menu of every table: what it offers for a row, and its numbers as CSV; mouse and keyboard open it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu

from widgets.csv_text import Row, csv_text
from widgets.text import tr

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTableView as _Base
else:

    class _Base:
        """What is mixed in before a view has no Qt class of its own."""


class TableMenu(_Base):
    """Mixed into a table that gives its rows by `table`; one with more to offer adds it in `fill_menu`."""

    def table(self) -> Sequence[Row]:
        """A row of headings, then the numbers at their full precision."""
        raise NotImplementedError

    def fill_menu(self, menu: QMenu) -> None:
        """Add what can be done with the current row."""

    def as_csv(self) -> str:
        return csv_text(self.table())

    @Slot()
    def copy(self) -> None:
        """Put the table into the clipboard."""
        QGuiApplication.clipboard().setText(self.as_csv())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill_menu(menu)
        if menu.actions():
            menu.addSeparator()
        action = menu.addAction(tr("Copy as CSV"), self.copy)
        action.setObjectName(f"{self.objectName()}.csv")
        action.setEnabled(len(self.table()) > 1)
        menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        if shift and event.key() == Qt.Key.Key_F10:  # Qt itself makes a menu event of the Menu key alone
            place = self.visualRect(self.currentIndex()).bottomLeft()  # of no row: the corner
            asked = self.viewport().mapToGlobal(place)
            QApplication.sendEvent(self, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, asked))
        else:
            super().keyPressEvent(event)
