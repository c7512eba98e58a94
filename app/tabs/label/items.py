"""The items beside the scan: search, filters with counts, and the list with what is known of each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from operator import attrgetter

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.shell.context import AppContext
from app.shell.i18n import translate_notice
from app.tabs.label.item_menu import DIFFICULTIES, ItemMenu
from app.tabs.parts.in_turns import InTurns
from app.tabs.parts.series import part_text, series_titles
from engine.config import Split
from engine.project.items import Item, State
from engine.scoring.metrics import SetScores
from widgets.controls import Choice, FilterChips, SearchField
from widgets.figures import duration, figure
from widgets.item_list import ItemList, ItemRow
from widgets.sets import SET_ROLES, SETS
from widgets.text import tr
from widgets.theme import Role

_PAD = 12
_SPLITS: tuple[Split, ...] = ("", "train", "val", "test")
_LOW = 0.7  # a Dice below this is red: two readers seldom disagree that much
_MARKS: dict[State, tuple[str, Role]] = {
    "done": ("check", "good"),
    "flagged": ("flag", "warn"),
    "rejected": ("x", "bad"),
}


class ItemColumn(QFrame):
    """The project's items. `changed()` when another filter is chosen."""

    changed = Signal()

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.setProperty("role", "panel")
        self._context, self._session = context, context.session
        self._items: dict[int, Item] = {}
        self._labelled: dict[int, frozenset[int]] = {}  # slices of each item
        self._seconds: dict[int, float] | None = None  # of work on each item; None where they were not read
        self._open: int | None = None
        self._stale = True  # something changed while nobody saw the list
        self._turns = InTurns(self)
        self._run = ""
        self._series: dict[str, str] = {}  # what each is called, by its key
        self._scores: dict[str, float | None] = {}  # of the run in use, by the item's name
        self.search = SearchField("label.search", tr("Find an item"))
        self.search.show_key(context.commands["find_item"])
        context.commands.connect_to("label", find_item=self.search.jump)
        self.chips = FilterChips("label.chips", tr("Which items"))
        self.list = ItemList("label.items", tr("Items"))
        top = QVBoxLayout()
        top.setContentsMargins(_PAD, 10, _PAD, 10)
        top.setSpacing(10)
        top.addWidget(self.search)
        top.addWidget(self.chips)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.list, 1)
        self.search.searched.connect(self._searched)
        self.chips.picked.connect(self._filter)
        self.list.picked.connect(self._session.current.open)
        self.menu = ItemMenu(self._session, self.list)
        self.list.thumbnail_wanted.connect(context.thumbnails.ask)
        context.thumbnails.ready.connect(self.list.set_thumbnail)
        context.thumbnails.forgotten.connect(self.list.forget_thumbnails)
        self._session.project_changed.connect(self._show_all)
        self._session.project_changed.connect(self._run_changed)
        self._session.project_changed.connect(self._fill)
        self._session.items_changed.connect(self._fill)
        self._session.current.item_changed.connect(self._item_changed)
        self._session.current.labelled_changed.connect(self._labelled_changed)
        self._session.predictions.run_changed.connect(self._run_changed)
        self._session.predictions.scores_changed.connect(self._live_scored)
        context.trainings.runs.scored.connect(self._scored)
        self._fill()
        self._run_changed()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._fill()

    @Slot()
    def _show_all(self) -> None:
        """Search and filter were about the project before."""
        self._seconds = None
        self.search.clear()
        self.chips.set_choices(_choices([]), "all")

    @Slot()
    def _fill(self) -> None:
        """All rows anew: counts, order and the picked one; where it is not seen, when it is shown."""
        self._stale = not self.isVisible()
        if self._stale:
            return
        items, project = self._session.items(), self._session.project
        self._labelled = project.layers.labelled_slices() if project is not None else {}
        if self._seconds is None:
            self._seconds = project.work_seconds() if project is not None else {}
        self._turns.do([partial(self._count, items), partial(self._list, items), self._pick], len(items))

    def _count(self, items: Sequence[Item]) -> None:
        self.chips.set_choices(_choices(items))

    def _list(self, items: Sequence[Item]) -> None:
        self._stale = not self.isVisible()
        if self._stale:
            return
        self._items = {item.id: item for item in items}
        self._open = self._session.current.item.id if self._session.current.item is not None else None
        wanted = self.chips.current()
        shown = [item for item in items if wanted in ("", "all") or item.state == wanted]
        self._series = series_titles(shown)
        groups = {i.id: (i.part.key, i.part.number) for i in shown if i.part is not None and i.part.key in self._series}
        self.list.set_ids([item.id for item in shown], self._row_of, groups)
        self._say_empty(bool(items))

    def _pick(self) -> None:
        self.list.set_current(self._open)

    def _say_empty(self, any_items: bool) -> None:
        if self._session.project is None:
            self.list.set_empty("")
        elif not any_items:
            self.list.set_empty(tr("Add images in the Data tab."))
        elif self.search.text():
            self.list.set_empty(tr("No item has this name."))
        else:
            self.list.set_empty(tr("No item is in this state."))

    @Slot()
    def _item_changed(self) -> None:
        """Another item is open: its row and the row of the one before say so, and how long that was worked on."""
        self._stale |= not self.isVisible()
        if self._stale:
            return
        item, project = self._session.current.item, self._session.project
        now = item.id if item is not None else None
        before, self._open = self._open, now
        if project is not None and before is not None and self._seconds is not None:
            self._seconds |= project.work_seconds(before)
        for id in (before, now):
            if id is not None:
                self.list.renew(id)
        self.list.set_current(now)

    @Slot(int, str)
    def _scored(self, run: int, split: str) -> None:
        """A set was scored anew: what was seen of its items before is out of date."""
        found = self._set_scores(split)  # type: ignore[arg-type]
        if self._session.predictions.run is None or self._session.predictions.run.id != run or not found:
            return
        self._scores |= found
        self._live_scored()  # what is painted now is newer than what was scored
        self._fill()

    @Slot()
    def _live_scored(self) -> None:
        """The open item's Dice moved by a stroke, an undo or another prediction: its row says so."""
        item, live = self._session.current.item, self._session.predictions.live
        if item is not None and live is not None:
            self._scores[item.name] = live.scores.mean_dice
            self._show_open()

    @Slot()
    def _labelled_changed(self) -> None:
        """The open item has other labelled slices."""
        item, labelled = self._session.current.item, self._session.current.labelled
        if item is not None and self._labelled.get(item.id, frozenset()) != labelled:
            self._labelled[item.id] = labelled
            self._show_open()

    def _show_open(self) -> None:
        """The open item's row anew, where it is seen."""
        self._stale |= not self.isVisible()
        if self._open is not None and not self._stale:
            self.list.renew(self._open)

    @Slot()
    def _run_changed(self) -> None:
        """Another run is in use, or it is called otherwise."""
        run = self._session.predictions.run
        name = run.name if run is not None else ""
        if name == self._run:
            return
        self._run, self._scores = name, {}
        for split in _SPLITS:
            self._scores |= self._set_scores(split)
        self._live_scored()
        self._fill()

    def _set_scores(self, split: Split) -> dict[str, float | None]:
        run = self._session.predictions.run
        found = self._context.trainings.runs.scores(run, split) if run is not None else None
        return {each.name: each.mean_dice for each in found.items} if isinstance(found, SetScores) else {}

    def _row_of(self, id: int) -> ItemRow:
        return self._row(self._items[id])

    def _row(self, item: Item) -> ItemRow:
        is_open = item.id == self._open
        score = self._scores.get(item.name)
        status = figure(score, 2) if score is not None else (tr("open") if is_open else "")
        tone: Role = "accent" if is_open else ("bad" if score is not None and score < _LOW else "dim")
        icon, icon_tone = _MARKS.get(item.state, ("", "dim"))
        size = size_words(item, len(self._labelled.get(item.id, ())))
        seconds = (self._seconds or {}).get(item.id, 0.0)
        time = duration(seconds / 60) if seconds else ""
        difficulty = tr(DIFFICULTIES[item.difficulty]) if item.difficulty else ""
        subtitle = " · ".join(filter(None, (size, time, difficulty.lower())))
        set_name = tr(SETS[item.split]) if item.split else ""
        help = "\n".join(
            part
            for part in (
                item.name,
                size,
                tr("Set: {name}", name=set_name) if set_name else tr("In no set"),
                tr("Worked on for {time}, without pauses", time=time) if time else "",
                tr("Difficulty: {name}", name=difficulty.lower()) if difficulty else "",
                "" if score is None else tr("Dice against the prediction: {score}", score=figure(score, 3)),
                tr("Reason: {text}", text=item.comment) if item.comment else "",
                *map(translate_notice, item.notes),
            )
            if part
        )
        row = ItemRow(item.id, item.name, subtitle, status, tone, icon, icon_tone, help=help)
        if item.split:
            row = replace(row, set_name=set_name, set_tone=SET_ROLES[item.split])
        if item.part is None or item.part.key not in self._series:
            return row
        title = self._series[item.part.key]
        return replace(row, group=item.part.key, group_title=title, part=part_text(item.part), place=item.part.number)

    @Slot(str)
    def _searched(self, text: str) -> None:
        self.list.set_search(text)
        self._say_empty(bool(self._items))

    @Slot(str)
    def _filter(self, name: str) -> None:
        self._fill()
        self.changed.emit()


def size_words(item: Item, labelled: int = 0) -> str:
    """Slices of a volume and how many of them are labelled, width and height of a picture."""
    slices, height, width = item.shape
    if slices > 1 and labelled:
        return tr("{labelled} / {count} slices", labelled=labelled, count=slices)
    if slices > 1:
        return tr("{count} slices", count=slices)
    return f"{width} × {height}"


def _choices(items: Sequence[Item]) -> list[Choice]:
    count = Counter(map(attrgetter("state"), items))
    return [
        Choice("all", tr("All"), count=len(items)),
        Choice("todo", tr("To do"), count=count["todo"]),
        Choice("done", tr("Done"), count=count["done"]),
        Choice("flagged", tr("Flagged"), "flag", count=count["flagged"]),
    ]
