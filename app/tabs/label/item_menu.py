"""What the right button offers of an item in Label's list: open it, look at it beside, its state, difficulty and set, out of the project."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtWidgets import QMenu

from app.dialogs.remove_items import sure_to_remove
from app.services.project_session import ProjectSession
from engine.config import Split
from engine.project.items import Difficulty, State
from engine.words import translatable
from widgets.item_list import ItemList
from widgets.sets import SETS
from widgets.text import tr

_STATES: tuple[tuple[State, str], ...] = (
    ("todo", translatable("This item: to do")),
    ("done", translatable("This item: done")),
    ("flagged", translatable("This item: flagged")),
)
DIFFICULTIES: dict[Difficulty, str] = {
    0: translatable("Not said"),
    1: translatable("Easy"),
    2: translatable("Medium"),
    3: translatable("Hard"),
}


class ItemMenu(QObject):
    """The menu of the row under the pointer, or of the current row where a key asks for it."""

    beside_asked = Signal(int)  # id of an item to look at as well

    def __init__(self, session: ProjectSession, items: ItemList) -> None:
        super().__init__(items)
        self._session, self._list = session, items
        items.menu_asked.connect(self._open)

    @Slot(int, QPoint)
    def _open(self, id: int, place: QPoint) -> None:
        item = next((each for each in self._session.items() if each.id == id), None)
        if item is None:
            return
        menu, writable = QMenu(self._list), self._session.writable
        menu.setObjectName("label.item_menu")
        menu.addAction(tr("Open"), lambda: self._session.current.open(id))
        beside = menu.addAction(tr("Look at beside"), lambda: self.beside_asked.emit(id))
        current = self._session.current.item
        beside.setEnabled(current is not None and current.id != id)
        menu.addSeparator()
        for state, text in _STATES:
            self._add(menu, tr(text), item.state == state, self._into_state(id, state))
        menu.addSeparator()
        levels = menu.addMenu(tr("Difficulty"))
        for difficulty, text in DIFFICULTIES.items():
            self._add(levels, tr(text), item.difficulty == difficulty, self._as_hard_as(id, difficulty))
        sets = menu.addMenu(tr("Set"))
        for split, text in SETS.items():
            self._add(sets, tr(text) if split else tr("In no set"), item.split == split, self._into_set(id, split))
        menu.addSeparator()
        remove = menu.addAction(tr("Remove from the project…"), lambda: self._remove(id))
        for action in (*menu.actions()[2:], *levels.actions(), *sets.actions(), remove):
            action.setEnabled(writable)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _add(self, menu: QMenu, text: str, on: bool, chosen: Callable[[], None]) -> None:
        action = menu.addAction(text, chosen)
        action.setCheckable(True)
        action.setChecked(on)

    def _into_state(self, id: int, state: State) -> Callable[[], None]:
        return lambda: self._session.set_state(id, state)

    def _as_hard_as(self, id: int, difficulty: Difficulty) -> Callable[[], None]:
        return lambda: self._session.set_difficulty(id, difficulty)

    def _into_set(self, id: int, split: Split) -> Callable[[], None]:
        return lambda: self._session.assignments.set_splits({id: split})

    def _remove(self, id: int) -> None:
        if sure_to_remove(self._list, 1):
            self._session.remove_items([id])
