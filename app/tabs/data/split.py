"""Who is in which set: shares, a bar, counts, and whether a patient or a twin stands in two."""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFileDialog, QSizePolicy

from app.dialogs.table_columns import ask_columns
from app.services.jobs import JobHandle, Lane
from app.shell import settings
from app.shell.context import AppContext
from app.tabs.parts.counts import items_text, patients_of, patients_text
from engine.config import Split
from engine.errors import EngineError
from engine.progress import Work
from engine.project.companions import images_of_one_case
from engine.project.folders import folder_sets
from engine.project.items import Item
from engine.project.splits import SETS as ORDER
from engine.project.splits import divide, divide_by_folders, divide_new, far_apart, leaked, leaks, read_table, together
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
_AT_ONCE = 1000  # items; the sets of more are drawn beside the window

T = TypeVar("T")


@dataclass(frozen=True)
class _Wishes:
    """What a draw goes by, beside the items. `anew`: a person asked for it."""

    shares: tuple[float, float, float]
    seed: int
    anew: bool
    by_patient: bool
    keep_test: bool


@dataclass(frozen=True)
class _Draw:
    """What takes a while of thousands of items: the sets, how many cases of several images there are, and the sets that folders name."""

    sets: Mapping[int, Split]
    cases: int
    folders: Mapping[int, Split]


class SplitPanel(Panel):
    """The sets of the project's items. Other shares or another draw are shown first, and taken when a person says so."""

    picked = Signal(tuple)  # ids of items that a person asks to see
    folders_changed = Signal()

    def __init__(self, context: AppContext) -> None:
        super().__init__(tr("Split by patient"))
        session = self._session = context.session
        self._items: list[Item] = []
        self._leaked: tuple[int, ...] = ()
        self._facts: list[tuple[object, ...]] = []  # of the items, that a draw goes by
        self._drawn: tuple[object, _Draw] | None = None  # and what it was drawn by
        self._drawing: tuple[object, JobHandle] | None = None
        self._dividing = False  # as soon as it is drawn
        self._by_folders_job: JobHandle | None = None
        self._twins: tuple[tuple[int, ...], ...] = ()
        self._held: Mapping[int, Collection[int]] = {}
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
        self._said: Mapping[int, Split] = {}  # the set whose folder an item lies in
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
        self._undo.clicked.connect(session.assignments.undo)
        self._table.clicked.connect(self._from_table)
        session.project_changed.connect(self._load)
        self._load()

    def show_items(self, items: Sequence[Item]) -> None:
        """Count these."""
        if items != self._items:
            self._items = list(items)
            self._facts = [(i.id, i.group, i.label, i.split, i.source.files[0], i.source.index) for i in items]
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
            self._stop_drawing(dividing=self._dividing)
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

    @property
    def by_folders(self) -> bool:
        """Whether the folders name sets that are not taken over yet; `folders_changed()` tells when that is another."""
        return bool(self._said)

    def divide_first(self) -> None:
        """Divide items of which none is in a set: as their folders say, where they do."""
        if self.by_folders:
            self._by_folders()
        else:
            self.divide_rest()

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
        self._stop_drawing()
        self._drop_folders()
        self._items, self._facts = [], []
        self._touched, self._twins, self._held, self._drawn = False, (), {}, None
        self._by_patient = _BY_ITEM not in kept
        with QSignalBlocker(self._keep):
            self._keep.setChecked(_KEEP in kept)
        train, val, test, self._seed = numbers if len(numbers) == 4 else (*USUAL, 0)
        self._ratios.set_values((train, val, test))

    @Slot()
    def _touch(self) -> None:
        self._touched, self._dividing = True, False
        self._refresh()

    @Slot()
    def _draw(self) -> None:
        self._seed = random.choice([n for n in range(1, _MOST_SEED + 1) if n != self._seed])
        self._touch()

    def _now(self) -> dict[int, Split]:
        return {item.id: item.split for item in self._items}

    def _keeps(self) -> bool:
        return self._keep.isChecked() and any(item.split == "test" for item in self._items)

    def _draw_now(self) -> _Draw | None:
        """What the items are drawn into as it all stands; None while it is being drawn."""
        wishes = _Wishes(self._ratios.shares(), self._seed, self._touched, self._by_patient, self._keeps())
        key = self._facts, wishes
        if self._drawn is not None and self._drawn[0] == key:
            return self._drawn[1]
        if self._drawing is not None and self._drawing[0] == key:
            return None
        self._stop_drawing(dividing=self._dividing)
        draw = partial(_draw, tuple(self._items), wishes, self._twins, self._held)
        if len(self._items) <= _AT_ONCE:
            self._drawn = key, draw()
            return self._drawn[1]
        done = partial(self._take_draw, key)
        self._drawing = key, self._session.jobs.start(self, Lane.SETS, "", lambda: _beside(draw), done=done)
        return None

    def _stop_drawing(self, *, dividing: bool = False) -> None:
        if self._drawing is not None:
            self._drawing[1].drop()
        self._drawing, self._dividing = None, dividing

    def _take_draw(self, key: object, drawn: _Draw) -> None:
        self._drawn, self._drawing = (key, drawn), None
        if self._dividing:
            self._divide()
        self._refresh()

    def _refresh(self) -> None:
        now = self._now()
        unassigned = sum(not split for split in now.values())
        joining = (
            0 < unassigned < len(now) and not self._touched and not self._keeps()
        )  # which set they come to is not shown before it is done
        drawn = self._draw_now()
        wanted = now if joining or drawn is None else drawn.sets
        other = self._other = (joining and drawn is not None) or now != wanted
        self._touched = self._touched and (
            other or drawn is None
        )  # a draw that changes nothing is none: what is true now is said again
        self._seed_text.setText(tr("seed {number}", number=self._seed))
        self._count(wanted if (self._touched and other) or unassigned == len(now) else now)
        self._say(unassigned, other, drawn)
        free = self._session.writable and bool(self._items)
        for widget in (self._shuffle, self._ratios, self._table, self._keep):
            widget.setEnabled(free)
        self._keep.setVisible(any(split == "test" for split in now.values()))
        self._offer_folders(free, drawn.folders if drawn is not None else {})
        self._may_divide.refresh()
        rest = 0 < unassigned < len(now) and not self._touched and not self._keeps()
        self._apply.setText(tr("Divide the rest") if rest else tr("Divide"))
        self._undo.setVisible(free and self._session.assignments.may_undo)

    def _offer_folders(self, free: bool, said: Mapping[int, Split]) -> None:
        """One step to the sets that the folders name."""
        changed = bool(said) != self.by_folders
        self._said = said
        self._folders.setVisible(free and bool(said))
        if changed:
            self.folders_changed.emit()
        drawn = "val" not in self._said.values()
        self._folders.setText(tr("As the folders say, validation from the rest") if drawn else tr("As the folders say"))
        count = Counter(self._said.values())
        told = ", ".join(f"{tr(SETS[name])} {count[name]}" for name in ORDER if count[name])
        self._folders.setToolTip(tr("The folders say: {sets}", sets=told))

    @Slot()
    def _by_folders(self) -> None:
        """The test set of the folders is kept from now on: it is a published one, mostly."""
        ids = [item.id for item in self._items]
        divide = partial(
            divide_by_folders,
            tuple(self._items),
            ids,
            self._said,
            self._ratios.shares(),
            self._seed,
            by_patient=self._by_patient,
            twins=self._twins,
            held=self._held,
        )
        self._drop_folders()
        if len(ids) <= _AT_ONCE:
            self._use_folders(divide())
        else:
            title = tr("Dividing by the folders")
            self._by_folders_job = self._session.jobs.start(
                self, Lane.SETS, title, lambda: _beside(divide), done=self._use_folders
            )

    def _drop_folders(self) -> None:
        """What is still divided by the folders is of other items, or asked anew."""
        if self._by_folders_job is not None:
            self._by_folders_job.drop()
            self._by_folders_job = None

    def _use_folders(self, wanted: Mapping[int, Split]) -> None:
        with QSignalBlocker(self._keep):
            self._keep.setChecked("test" in self._said.values())
        self._keep_note()
        self._use(wanted)

    def _keep_note(self) -> None:
        words = [*([] if self._by_patient else [_BY_ITEM]), *([_KEEP] if self._keep.isChecked() else [])]
        self._session.set_note(_NOTE, "/".join(map(str, (*self._ratios.values(), self._seed, *words))))

    def _why_not(self) -> str:
        if self._drawing is not None:
            return tr("The sets are being drawn.")
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

    def _say(self, unassigned: int, other: bool, drawn: _Draw | None) -> None:
        patients = leaks(self._items) if self._by_patient else {}
        by_id = {item.id: item for item in self._items}
        parted = leaked([by_id[id] for id in group if id in by_id] for group in self._twins)
        ids = {item.id for item in parted}
        self._leaked = tuple(item.id for item in self._items if item.patient in patients or item.id in ids)
        self._show.setVisible(bool(self._leaked) and not (self._touched and other))
        if not self._items:
            self._status.say("")
        elif self._touched and drawn is None:
            self._status.say(tr("The sets are being drawn."))
        elif self._touched and other:
            self._status.say(tr("This is how it would be."), "accent")
        elif patients or parted:
            names = sorted(patients) or [item.name for item in parted]
            shown = ", ".join(names[:3]) + ("…" if len(names) > 3 else "")
            text = (
                tr("In two sets: {names}", names=shown) if patients else tr("Twins in two sets: {names}", names=shown)
            )
            self._status.say(text, "bad")
        elif unassigned:
            one, many = translatable("1 item is in no set"), translatable("{count} items are in no set")
            if self._keeps() and not other:
                one = translatable("1 item is in no set: its patient or twin is in the test set")
                many = translatable("{count} items are in no set: their patients or twins are in the test set")
            self._status.say(counted(unassigned, one, many), "warn")
        elif not self._by_patient:
            self._status.say(tr("Divided by item: a patient may stand in two sets."), "warn")
        elif any(item.patient for item in self._items):
            unknown = sum(not item.patient for item in self._items)
            self._status.say(
                tr("No patient in two sets") + _unknown_text(unknown) + self._twins_text(),
                "warn" if unknown else "good",
            )
        elif drawn is None:
            self._status.say(tr("The sets are being drawn."))
        else:
            cases = drawn.cases
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
        drawn = self._draw_now()
        self._dividing = drawn is None
        if drawn is None:
            self._refresh()
            return
        wanted = drawn.sets
        if wanted == self._now():
            self._touched = False
            text = tr(
                "Nothing changes: by these shares the items stand in these sets already. More images or other shares help."
            )
            self._session.notification.emit(text, "info")
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
                sets, unmatched = read_table(Path(chosen), self._items, headers)
            except EngineError as fault:
                self._session.failed.emit(fault)
                return
            self._use(self._now() | sets)
            if unmatched:
                one = tr("1 row of the table is about no item.")
                many = tr("{count} rows of the table are about no item.", count=unmatched)
                self._session.notification.emit(one if unmatched == 1 else many, "warn")

    def _use(self, wanted: Mapping[int, Split]) -> None:
        self._touched = False
        self._session.assignments.set_splits(wanted)

    @Slot()
    def _show_torn(self) -> None:
        self.picked.emit(self._leaked)


def _unknown_text(count: int) -> str:
    """Of how many items no patient is known, after another sentence."""
    one, many = (
        translatable("of 1 item no patient is known: it counts as one of its own"),
        translatable("of {count} items no patient is known: each counts as one of its own"),
    )
    return f" · {counted(count, one, many)}" if count else ""


def _draw(
    items: Sequence[Item], wishes: _Wishes, twins: Sequence[Sequence[int]], held: Mapping[int, Collection[int]]
) -> _Draw:
    return _Draw(_draw_sets(items, wishes, twins, held), len(images_of_one_case(items)), folder_sets(items))


def _draw_sets(
    items: Sequence[Item], wishes: _Wishes, twins: Sequence[Sequence[int]], held: Mapping[int, Collection[int]]
) -> Mapping[int, Split]:
    """The sets as the button would make them: who is in none joins the others; all anew where a person chose so or the shares are others."""
    now = {item.id: item.split for item in items}
    unassigned = {item.id for item in items if not item.split}
    if unassigned and not wishes.anew and not wishes.keep_test:
        return now | divide_new(items, unassigned, wishes.shares, wishes.seed, twins=twins, held=held)
    keep: tuple[Split, ...] = ("test",) if wishes.keep_test else ()
    if keep and not sum(wishes.shares[:2]):
        return now
    by_patient = wishes.by_patient
    anew = divide(items, wishes.shares, wishes.seed, by_patient=by_patient, twins=twins, held=held, keep=keep)
    apart = wishes.anew or far_apart(together(items, twins, by_patient=by_patient), now, anew)
    return anew if apart else now


def _beside(work: Callable[[], T]) -> Work[T]:
    yield from ()
    return work()
