"""Who is in which set: shares, a bar, counts, and whether a patient stands in two."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog

from app.dialogs.table_columns import ask_columns
from app.shell import settings
from app.shell.context import AppContext
from app.tabs.parts.counts import items_text, patients_of, patients_text
from engine.config import Split
from engine.errors import EngineError
from engine.project.items import Item
from engine.project.splits import SETS as ORDER
from engine.project.splits import divide, divide_new, leaks, read_table
from engine.words import translatable
from widgets.bars import Share, ShareBar
from widgets.column_parts import ActionBinding
from widgets.controls import Button, IconButton, Text
from widgets.panels import Panel
from widgets.ratio_grid import USUAL, RatioGrid
from widgets.sets import SETS
from widgets.signs import InlineMessage
from widgets.text import counted, tr

_MOST_SEED = 999
_NOTE = "split"  # where the project keeps shares and seed: "70/15/15/7"


class SplitPanel(Panel):
    """The sets of the project's items. Other shares or another draw are shown first, and taken when a person says so."""

    picked = Signal(tuple)  # ids of items that a person asks to see

    def __init__(self, context: AppContext) -> None:
        super().__init__(tr("Split by patient"))
        session = self._session = context.session
        self._items: list[Item] = []
        self._torn: tuple[int, ...] = ()
        self._seed = 0
        self._touched = self._other = False  # shares or seed were changed; the sets would be others
        self._seed_text = Text("", "dim")
        self._seed_text.setToolTip(tr("The same number draws the same sets"))
        self._shuffle = IconButton("split.shuffle", "shuffle", tr("Draw anew"), side=26)
        self.add_to_heading(self._seed_text)
        self.add_to_heading(self._shuffle)
        self._bar = ShareBar("split.bar", tr("Shares of the sets"))
        self._ratios = RatioGrid("split")
        self._status = InlineMessage("split.status")
        self._apply = Button("split.apply", tr("Divide"))
        self._show = Button("split.show", tr("Show"), role="link")
        self._undo = Button("split.undo", tr("Take back"), role="link")
        self._table = Button("split.table", tr("From a table…"), role="link")
        self._table.setToolTip(tr("A CSV file with the columns item and split"))
        self.add(self._bar, self._ratios)
        self.add_row(self._status, self._show).setStretch(0, 1)
        self.add_row(self._apply, self._undo, self._table).insertStretch(2, 1)
        self._show.clicked.connect(self._show_torn)
        self._shuffle.clicked.connect(self._draw)
        self._ratios.changed.connect(self._touch)
        self._may_divide = ActionBinding(self._apply, context.commands["divide"], self._why_not)
        context.commands.connect_to("data", divide=self._divide)
        self._undo.clicked.connect(session.undo_sets)
        self._table.clicked.connect(self._from_table)
        session.project_changed.connect(self._load)
        self._load()

    def show_items(self, items: Sequence[Item]) -> None:
        """Count these."""
        self._items = list(items)
        self._refresh()

    @property
    def ratios(self) -> tuple[int, int, int]:
        """Shares of train, val and test in percent."""
        return self._ratios.values()

    @property
    def seed(self) -> int:
        return self._seed

    @Slot()
    def divide_now(self) -> None:
        """Divide what is in no set, or all anew where a patient in two sets is torn apart or the sets are far from the shares."""
        if not any(item.split for item in self._items) or leaks(self._items):
            self._touched = True
        self._divide()

    @Slot()
    def _load(self) -> None:
        """Shares and seed as they were used last in this project."""
        project = self._session.project
        kept = project.note(_NOTE).split("/") if project is not None else []
        numbers = [int(part) for part in kept if part.isdecimal()]
        self._touched = False
        train, val, test, self._seed = numbers if len(numbers) == 4 else (*USUAL, 0)
        self._ratios.set_values((train, val, test))

    @Slot()
    def _touch(self) -> None:
        self._touched = True
        self._refresh()

    @Slot()
    def _draw(self) -> None:
        self._seed = random.choice([n for n in range(1, _MOST_SEED + 1) if n != self._seed])
        self._touch()

    def _now(self) -> dict[int, Split]:
        return {item.id: item.split for item in self._items}

    def _wanted(self) -> dict[int, Split]:
        """The sets as the button would make them: who is in none joins the others; all anew where a person chose so or the shares are others."""
        now, shares = self._now(), self._ratios.shares()
        loose = {item.id for item in self._items if not item.split}
        if loose and not self._touched:
            return now | divide_new(self._items, loose, shares, self._seed)
        anew = divide(self._items, shares, self._seed)
        return anew if self._touched or Counter(anew.values()) != Counter(now.values()) else now

    def _refresh(self) -> None:
        now, wanted = self._now(), self._wanted()
        loose = sum(not split for split in now.values())
        other = self._other = now != wanted
        self._seed_text.setText(tr("seed {number}", number=self._seed))
        self._count(wanted if (self._touched and other) or loose == len(now) else now)
        self._say(loose, other)
        free = self._session.writable and bool(self._items)
        for widget in (self._shuffle, self._ratios, self._table):
            widget.setEnabled(free)
        self._may_divide.refresh()
        self._apply.setText(tr("Divide the rest") if 0 < loose < len(now) and not self._touched else tr("Divide"))
        self._undo.setVisible(free and self._session.may_undo_sets)

    def _why_not(self) -> str:
        return "" if self._other else tr("The items are divided already. Other shares or a new draw divide them anew.")

    def _count(self, splits: Mapping[int, Split]) -> None:
        by_set: dict[Split, list[Item]] = defaultdict(list)
        for item in self._items:
            by_set[splits[item.id]].append(item)
        groups = [len({item.group for item in by_set[name]}) for name in ORDER]
        self._bar.set_shares(
            [Share(tr(SETS[name]), count, name) for name, count in zip(ORDER, groups, strict=True) if name]
        )
        notes = []
        for name in ORDER:
            patients = patients_of(item.patient for item in by_set[name])
            notes.append((patients_text(patients) if patients else "", items_text(len(by_set[name]))))
        self._ratios.set_notes(notes)

    def _say(self, loose: int, other: bool) -> None:
        torn = leaks(self._items)
        self._torn = tuple(item.id for item in self._items if item.patient in torn)
        self._show.setVisible(bool(torn) and not (self._touched and other))
        if not self._items:
            self._status.say("")
        elif self._touched and other:
            self._status.say(tr("This is how it would be."), "accent")
        elif torn:
            names = ", ".join(sorted(torn)[:3]) + ("…" if len(torn) > 3 else "")
            self._status.say(tr("In two sets: {names}", names=names), "bad")
        elif loose:
            text = counted(loose, translatable("1 item is in no set"), translatable("{count} items are in no set"))
            self._status.say(text, "warn")
        elif any(item.patient for item in self._items):
            self._status.say(tr("No patient in two sets"), "good")
        else:
            self._status.say(tr("No patients are known: each item counts as one."))

    @Slot()
    def _divide(self) -> None:
        wanted = self._wanted()
        if wanted == self._now():
            return
        self._session.set_note(_NOTE, "/".join(map(str, (*self._ratios.values(), self._seed))))
        self._use(wanted)

    @Slot()
    def _from_table(self) -> None:
        start = settings.ui_state("images", str(Path.home()))
        chosen, _ = QFileDialog.getOpenFileName(self, tr("A table of sets"), start, tr("Tables (*.csv *.tsv *.txt)"))
        if chosen:
            try:
                headers = ask_columns(self, Path(chosen), "split")
                if headers is None:
                    return
                sets, strangers = read_table(Path(chosen), self._items, headers)
            except EngineError as fault:
                self._session.failed.emit(fault)
                return
            self._use(self._now() | sets)
            if strangers:
                one = tr("1 row of the table is about no item.")
                many = tr("{count} rows of the table are about no item.", count=strangers)
                self._session.notification.emit(one if strangers == 1 else many, "warn")

    def _use(self, wanted: Mapping[int, Split]) -> None:
        self._touched = False
        self._session.set_splits(wanted)

    @Slot()
    def _show_torn(self) -> None:
        self.picked.emit(self._torn)
