"""What was done to the mask of the open item, latest first; a click goes back or forth to that moment."""

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from app.shell.context import AppContext
from app.shell.i18n import translate_stored
from widgets import theme
from widgets.controls import Text, named
from widgets.panels import PAD, Panel
from widgets.text import tr

_ROW = 23
_INSET = 8  # px that rows of a list stand in by themselves
_MOST = 60  # rows that are shown; undo itself has no limit


class HistoryPanel(Panel):
    """The entries of the journal. What was undone is faint until another stroke replaces it."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(tr("History"))
        self._session = context.session
        self.body.setContentsMargins(PAD - _INSET, PAD, PAD - _INSET, PAD)
        self._head.setContentsMargins(_INSET, 0, _INSET, 0)
        self.list = QListWidget()
        named(self.list, "label.history", tr("History"))
        self.list.setProperty("role", "history")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        self.list.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.list.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys with the scan
        self._empty = Text("", "dim")
        self._empty.setObjectName("label.history.empty")
        self._empty.setWordWrap(True)
        self._empty.setContentsMargins(_INSET, 0, _INSET, 0)
        self.add(self.list, self._empty)
        self.list.itemClicked.connect(self._go)
        self.list.itemActivated.connect(self._go)
        self._session.current.history_changed.connect(self._show)
        self._session.current.image_changed.connect(self._show)
        self._session.current.item_changed.connect(self._show)
        theme.watch().changed.connect(self._show)
        self._show()

    @Slot()
    def _show(self) -> None:
        entries = self._session.current.history()
        self.list.clear()
        first = max(len(entries) - _MOST, 0)
        done = sum(not entry.undone for entry in entries)
        for place in range(len(entries), first, -1):
            entry = entries[place - 1]
            self._add(
                translate_stored(entry.name), place, "faint" if entry.undone else ("text" if place == done else "dim")
            )
        if entries and not first:
            self._add(tr("Before the first step"), 0, "text" if done == 0 else "dim")
        self.list.setFixedHeight(_ROW * self.list.count())
        self.list.setVisible(bool(entries))
        self._empty.setText(self._why_empty())
        self._empty.setVisible(not entries and self._session.current.image is not None)

    def _why_empty(self) -> str:
        """An empty mask and none look alike on the scan, and the one is learnt."""
        current = self._session.current
        if not current.labelled:
            return tr("Nothing was painted here yet.")
        if current.counts[1:].any():
            return tr("The mask was imported. Nothing was painted here yet.")
        return tr("The mask was imported empty, which counts as labelled. Nothing was painted here yet.")

    def _add(self, text: str, place: int, role: theme.Role) -> None:
        item = QListWidgetItem(text)
        item.setData(Qt.ItemDataRole.UserRole, place)
        item.setForeground(theme.color(role))
        item.setSizeHint(QSize(100, _ROW))
        item.setToolTip(tr("Go back or forth to this step") if role != "text" else tr("The mask is here now"))
        self.list.addItem(item)

    @Slot(QListWidgetItem)
    def _go(self, item: QListWidgetItem) -> None:
        """Undo or redo until so many steps stand."""
        wanted = int(item.data(Qt.ItemDataRole.UserRole))
        done = sum(not entry.undone for entry in self._session.current.history())
        self._session.current.step_history(wanted - done)
