"""Who is in which set: shares, a bar, counts, and whether a patient or a twin stands in two."""

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFileDialog, QSizePolicy

from app.dialogs.table_columns import ask_columns
from app.shell import settings
from app.shell.context import AppContext
from app.tabs.parts.counts import items_text, patients_of, patients_text
from engine.config import Split
from engine.errors import EngineError
from engine.project.companions import images_of_one_case
from engine.project.folders import folder_sets
from engine.project.items import Item
from engine.project.splits import SETS as ORDER
from engine.project.splits import divide, divide_by_folders, divide_new, far_apart, leaks, read_table, together, torn
from engine.words import translatable
from widgets.bars import Share, ShareBar
from widgets.column_parts import ActionBinding
from widgets.controls import Button, IconButton, Text, named
from widgets.panels import Panel
from widgets.ratio_grid import USUAL, RatioGrid
from widgets.sets import SETS
from widgets.signs import InlineMessage
from widgets.text import counted, tr

_MOST_SEED = 999
_NOTE = "split"  # where the project keeps shares and seed, and what else was chosen: "70/15/15/7/keep"
_BY_ITEM, _KEEP = "item", "keep"


class SplitPanel(Panel):
    """The sets of the project's items. Other shares or another draw are shown first, and taken when a person says so."""

    picked = Signal(tuple)  # ids of items that a person asks to see

    def __init__(self, context: AppContext) -> None:
        super().__init__(tr("Split by patient"))
        session = self._session = context.session
        self._items: list[Item] = []
        self._torn: tuple[int, ...] = ()
        self._drawn: tuple[object, dict[int, Split]] | None = None  # the sets, and what they were drawn by
        self._twins: tuple[tuple[int, ...], ...] = ()
        self._held: Mapping[int, Collection[int]] = {}
        self._placed: dict[int, str] = {}  # items and their files, of which `_said` is told
        self._seed = 0
        self._by_patient = True
        self._touched = self._other = False  # shares or seed were changed; the sets would be others
        self._seed_text = Text("", "dim")
        self._seed_text.setToolTip(tr("The same number draws the same sets"))
        self._shuffle = IconButton("split.shuffle", "shuffle", tr("Draw anew"), side=26)
        self.add_to_heading(self._seed_text)
        self.add_to_heading(self._shuffle)
        self._bar = ShareBar("split.bar", tr("Shares of the sets"))
        self._ratios = RatioGrid("split")
        self._keep = QCheckBox(tr("Keep the test set as it is"))
        named(self._keep, "split.keep", self._keep.text())
        self._keep.setToolTip(tr("Training and validation are drawn from the rest, by their shares"))
        self._status = InlineMessage("split.status")
        self._apply = Button("split.apply", tr("Divide"))
        self._show = Button("split.show", tr("Show"), role="link")
        self._undo = Button("split.undo", tr("Take back"), role="link")
        self._table = Button("split.table", tr("From a table…"), role="link")
        self._table.setToolTip(tr("A CSV file with the columns item and split"))
        self._folders = Button("split.folders", "", role="link")
        self._folders.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._said: dict[int, Split] = {}  # the set whose folder an item lies in
        self.add(self._bar, self._ratios, self._keep, self._folders)
        self.add_row(self._status, self._show).setStretch(0, 1)
        self.add_row(self._apply, self._undo, self._table).insertStretch(2, 1)
        self._show.clicked.connect(self._show_torn)
        self._shuffle.clicked.connect(self._draw)
        self._ratios.changed.connect(self._touch)
        self._keep.toggled.connect(self._touch)
        self._folders.clicked.connect(self._by_folders)
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

    def know(self, twins: Sequence[Sequence[int]], held: Mapping[int, Collection[int]]) -> None:
        """Which items are twins, and which values the labelled masks hold."""
        known = tuple(map(tuple, twins))
        if known != self._twins or held != self._held:
            self._twins, self._held, self._drawn = known, dict(held), None
            self._refresh()

    def divide_anew(self, *, keep_test: bool = False, by_patient: bool | None = None) -> None:
        """Divide all by the shares that are shown; by patient or by item, or as before."""
        self._by_patient = self._by_patient if by_patient is None else by_patient
        self._touched = True
        if keep_test:
            with QSignalBlocker(self._keep):
                self._keep.setChecked(True)
        self._divide()

    def divide_rest(self) -> None:
        """Divide what is in no set."""
        self._touched = False
        self._divide()

    @Slot()
    def _load(self) -> None:
        """Shares and seed as they were used last in this project."""
        project = self._session.project
        kept = project.note(_NOTE).split("/") if project is not None else []
        numbers = [int(part) for part in kept if part.isdecimal()]
        self._touched, self._twins, self._held, self._drawn = False, (), {}, None
        self._by_patient = _BY_ITEM not in kept
        with QSignalBlocker(self._keep):
            self._keep.setChecked(_KEEP in kept)
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

    def _groups(self) -> list[list[Item]]:
        return together(self._items, self._twins, by_patient=self._by_patient)

    def _keeps(self) -> bool:
        return self._keep.isChecked() and any(item.split == "test" for item in self._items)

    def _wanted(self) -> dict[int, Split]:
        """The sets as the button would make them: who is in none joins the others; all anew where a person chose so or the shares are others."""
        facts = [(item.id, item.group, item.label, item.split) for item in self._items]
        key = facts, self._ratios.shares(), self._seed, self._touched, self._by_patient, self._keeps()
        if self._drawn is None or self._drawn[0] != key:  # of thousands of items, a draw takes a while
            self._drawn = key, self._draw_sets()
        return self._drawn[1]

    def _draw_sets(self) -> dict[int, Split]:
        now, shares = self._now(), self._ratios.shares()
        loose = {item.id for item in self._items if not item.split}
        if loose and not self._touched and not self._keeps():
            return now | divide_new(self._items, loose, shares, self._seed, twins=self._twins, held=self._held)
        keep: tuple[Split, ...] = ("test",) if self._keeps() else ()
        if keep and not sum(shares[:2]):
            return now
        anew = divide(
            self._items,
            shares,
            self._seed,
            by_patient=self._by_patient,
            twins=self._twins,
            held=self._held,
            keep=keep,
        )
        return anew if self._touched or far_apart(self._groups(), now, anew) else now

    def _refresh(self) -> None:
        now = self._now()
        loose = sum(not split for split in now.values())
        joining = (
            0 < loose < len(now) and not self._touched and not self._keeps()
        )  # which set they come to is not shown before it is done
        wanted = now if joining else self._wanted()
        other = self._other = joining or now != wanted
        self._touched = self._touched and other  # a draw that changes nothing is none: what is true now is said again
        self._seed_text.setText(tr("seed {number}", number=self._seed))
        self._count(wanted if (self._touched and other) or loose == len(now) else now)
        self._say(loose, other)
        free = self._session.writable and bool(self._items)
        for widget in (self._shuffle, self._ratios, self._table, self._keep):
            widget.setEnabled(free)
        self._keep.setVisible(any(split == "test" for split in now.values()))
        self._offer_folders(free)
        self._may_divide.refresh()
        rest = 0 < loose < len(now) and not self._touched and not self._keeps()
        self._apply.setText(tr("Divide the rest") if rest else tr("Divide"))
        self._undo.setVisible(free and self._session.may_undo_sets)

    def _offer_folders(self, free: bool) -> None:
        """One step to the sets that the folders name."""
        folders = {item.id: item.source.files[0] for item in self._items}
        if folders != self._placed:
            self._placed, self._said = folders, folder_sets(self._items)
        self._folders.setVisible(free and bool(self._said))
        drawn = "val" not in self._said.values()
        self._folders.setText(tr("As the folders say, validation from the rest") if drawn else tr("As the folders say"))
        count = Counter(self._said.values())
        told = ", ".join(f"{tr(SETS[name])} {count[name]}" for name in ORDER if count[name])
        self._folders.setToolTip(tr("The folders say: {sets}", sets=told))

    @Slot()
    def _by_folders(self) -> None:
        """The test set of the folders is kept from now on: it is a published one, mostly."""
        ids, shares = [item.id for item in self._items], self._ratios.shares()
        wanted = divide_by_folders(
            self._items,
            ids,
            self._said,
            shares,
            self._seed,
            by_patient=self._by_patient,
            twins=self._twins,
            held=self._held,
        )
        with QSignalBlocker(self._keep):
            self._keep.setChecked("test" in self._said.values())
        self._keep_note()
        self._use(wanted)

    def _keep_note(self) -> None:
        words = [*([] if self._by_patient else [_BY_ITEM]), *([_KEEP] if self._keep.isChecked() else [])]
        self._session.set_note(_NOTE, "/".join(map(str, (*self._ratios.values(), self._seed, *words))))

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
        notes, lonely = [], []
        for place, name in enumerate(ORDER):
            patients = patients_of(item.patient for item in by_set[name])
            if patients == 1 and len(self._items) > 1:
                lonely.append(place)
            text = tr("1 patient only") if place in lonely else patients_text(patients) if patients else ""
            notes.append((text, items_text(len(by_set[name]))))
        self._ratios.set_notes(notes, lonely)

    def _say(self, loose: int, other: bool) -> None:
        leaked = leaks(self._items) if self._by_patient else {}
        by_id = {item.id: item for item in self._items}
        parted = torn([by_id[id] for id in group if id in by_id] for group in self._twins)
        ids = {item.id for item in parted}
        self._torn = tuple(item.id for item in self._items if item.patient in leaked or item.id in ids)
        self._show.setVisible(bool(self._torn) and not (self._touched and other))
        if not self._items:
            self._status.say("")
        elif self._touched and other:
            self._status.say(tr("This is how it would be."), "accent")
        elif leaked or parted:
            names = sorted(leaked) or [item.name for item in parted]
            shown = ", ".join(names[:3]) + ("…" if len(names) > 3 else "")
            text = tr("In two sets: {names}", names=shown) if leaked else tr("Twins in two sets: {names}", names=shown)
            self._status.say(text, "bad")
        elif loose:
            one, many = translatable("1 item is in no set"), translatable("{count} items are in no set")
            if self._keeps() and not other:
                one = translatable("1 item is in no set: its patient or twin is in the test set")
                many = translatable("{count} items are in no set: their patients or twins are in the test set")
            self._status.say(counted(loose, one, many), "warn")
        elif not self._by_patient:
            self._status.say(tr("Divided by item: a patient may stand in two sets."), "warn")
        elif any(item.patient for item in self._items):
            self._status.say(tr("No patient in two sets") + self._twins_text(), "good")
        else:
            cases = len(images_of_one_case(self._items))
            one = translatable("No patients are known: each item counts as one, but for 1 case of several images.")
            many = translatable(
                "No patients are known: each item counts as one, but for {count} cases of several images."
            )
            none = tr("No patients are known: each item counts as one.")
            self._status.say((counted(cases, one, many) if cases else none) + self._twins_text())

    def _twins_text(self) -> str:
        """How many groups of twins are kept together, after another sentence."""
        one, many = (
            translatable("1 group of twins is kept in one set"),
            translatable("{count} groups of twins are kept in one set"),
        )
        return f" · {counted(len(self._twins), one, many)}" if self._twins else ""

    @Slot()
    def _divide(self) -> None:
        wanted = self._wanted()
        if wanted == self._now():
            self._touched = False
            return
        self._keep_note()
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
