"""What is in the open project: who is in which set, what is wrong with it; and how images come in."""

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QStackedWidget

from app.shell import settings
from app.shell.context import AppContext
from app.tabs.data.checks import DataChecks
from app.tabs.data.import_step import ImportStep
from app.tabs.data.items import ItemCommands
from app.tabs.data.overview import Overview
from app.tabs.data.rows import FILTERS, Row, of_item, of_refused
from app.tabs.data.start import EmptyPage
from app.tabs.data.strip import SourceStrip
from app.tabs.data.table import DataTable
from app.tabs.parts.counts import images_text, items_text, not_read_text, patients_of, patients_text
from app.tabs.parts.in_turns import MANY, InTurns
from app.tabs.tab import Tab
from engine.imaging.image import Source
from engine.project.items import Item
from widgets.column_parts import stacked
from widgets.controls import Choice, FilterChips, SearchField, Separator, Text
from widgets.panels import PAD
from widgets.text import tr

_FIRST_REFUSED = -1  # refused files are numbered downwards, since items are numbered upwards


class Contents(QObject):
    """The columns of the Data tab. Shows the session's items and changes them through it. `begin_import` asks about what is to come in."""

    def __init__(self, tab: Tab, context: AppContext) -> None:
        super().__init__(tab)
        self._tab, self._context = tab, context
        self._items: list[Item] = []
        self._masked: set[int] = set()
        self._rows: dict[int, tuple[Item, object, Row]] = {}  # as they were made last: of thousands, few change at once
        self._picked: frozenset[int] = frozenset()
        self._sources: list[Source] = []  # of the items
        self._folders: list[str] = []  # that they lie in
        self._shown: object = None  # the rows as they were shown last, with what else they are drawn by
        self._filtered = False  # whether the filters are of these
        self._stale = False
        self._turns = InTurns(tab)
        self.look = DataChecks(context, tab)
        self._empty = EmptyPage(context.commands)
        self._strip = SourceStrip(context.commands)
        self._search = SearchField("data.search", tr("Find an item or patient"))
        self._chips = FilterChips("data.filter", tr("Which items"))
        self._chosen = Text("", "dim")
        self._chosen.setObjectName("data.chosen")
        self._table = DataTable()
        self._overview = Overview(context)
        self.step = ImportStep(context)
        self._right = QStackedWidget()
        self._right.addWidget(self._overview)
        self._right.addWidget(self.step)
        filters = QFrame()
        filters.setProperty("role", "ground")
        row = QHBoxLayout(filters)
        row.setContentsMargins(PAD, 8, PAD, 8)
        row.setSpacing(20)
        self._search.setFixedWidth(264)
        row.addWidget(self._search)
        row.addWidget(self._chips, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._chosen)
        middle = stacked(self._strip, Separator(), filters, self._table, grows=self._table)
        tab.set_columns(None, middle, self._right, (0, 320))
        tab.set_pages(empty=self._empty)
        self._connect()

    def _connect(self) -> None:
        session, step, table = self._context.session, self.step, self._table
        session.items_changed.connect(self._changed)
        session.classes_changed.connect(self._changed)
        self._context.thumbnails.ready.connect(self._picture)
        self._context.thumbnails.forgotten.connect(self._table.forget_pictures)
        step.pictures.ready.connect(self._found_picture)
        self.look.changed.connect(self._looked)
        self._empty.files_asked.connect(self._choose_files)
        self._strip.files_asked.connect(self._choose_files)
        self._strip.why_asked.connect(self._show_refused)
        self._search.searched.connect(table.set_search)
        self._search.returnPressed.connect(self._go_to_found)
        self._chips.picked.connect(self._use_filter)
        table.opened.connect(self._open_item)
        table.picture_wanted.connect(self._want_picture)
        table.chosen.connect(self._count_chosen)
        table.ticked.connect(step.set_taken)
        step.changed.connect(self._step_changed)
        step.ended.connect(self._step_ended)
        step.progressed.connect(self._strip.show_progress)
        self._overview.picked.connect(self._pick)
        self._overview.opened.connect(self._open_item)
        ItemCommands(self._context, table, step).opened.connect(self._open_item)
        self._context.commands.connect_to(self._tab.name, find_item=self._search.jump)

    # Showing -----------------------------------------------------------------------------------------------------------

    def came_to_front(self) -> None:
        """The tab is seen: what changed meanwhile is shown."""
        self.look.look()  # first: that it looks is shown with all the rest
        if self._stale:
            self.refresh()

    def take_keys(self) -> None:
        """Keys go to the rows, where they are shown: else they would be those of whatever button comes next."""
        if not self._tab.page:
            self._table.setFocus()

    def begin_anew(self) -> None:
        """Another project was opened, or none is any more."""
        self._turns.drop()
        self.step.leave()
        self._table.say_looking(False)
        self._rows.clear()
        self._shown = None
        self._right.setCurrentWidget(self._overview)
        self._picked = frozenset()
        self._table.select(())  # items of another project have the same numbers
        self._table.forget_pictures()
        self._search.clear()
        self._chips.set_choices([Choice("all", tr("All"))], "all")
        self._use_filter("all")
        self._empty.show_task(self._context.session.task)
        self._tab.show_page()
        self._stale = True  # of thousands of items, rows take a while: they are made when somebody sees them
        if self._tab.isVisible():
            self.refresh()
            self.take_keys()

    @Slot()
    def _changed(self) -> None:
        """Redraw now, or when the tab is next seen."""
        self._stale = True
        if self._tab.isVisible() and not self.step.active:
            self.look.look()
            self.refresh()

    def refresh(self) -> None:
        """Show the items of the project as they are now."""
        self._stale = False
        project = self._context.session.project
        items, refused = self._context.session.items(), self._context.session.refused
        if project is None or self.step.active:
            return
        self._tab.show_page("" if items or refused else "empty")
        self._items, self._masked = items, project.layers.masked()
        counts = [items_text(len(items))]
        patients = patients_of(item.patient for item in items)
        if patients:
            counts.append(patients_text(patients))
        self._strip.show_progress("")
        self.say_status()

        def show_source() -> None:
            folders = self._folders_of(items)
            self._strip.show_source(
                _folder_name(folders) or project.name,
                " · ".join(counts),
                not_read_text(len(refused)) if refused else "",
                "\n".join(folders[:12]),
            )

        rows = self._steps_of_rows(partial(self._overview.split.show_items, items))
        self._turns.do([show_source, *rows], len(items))

    def _folders_of(self, items: Sequence[Item]) -> list[str]:
        """Those that the items lie in; found anew where other items are there."""
        sources = [item.source for item in items]
        if sources != self._sources:
            self._sources = sources
            self._folders = sorted({os.path.dirname(source.files[0]) for source in sources})
        return self._folders

    @Slot()
    def _looked(self) -> None:
        """More is known about the masks of the items that are shown."""
        if not self.step.active and not self._stale:
            self._turns.add(self._steps_of_rows(), len(self._items))

    def _steps_of_rows(self, *between: Callable[[], object]) -> list[Callable[[], object]]:
        """To show what is known of the items; `between` come after the table and before what is said of its rows."""
        rows, refused = list[Row](), self._context.session.refused

        def make(items: Sequence[Item]) -> None:
            rows.extend(map(self._row, items))

        def make_refused() -> None:
            rows.extend(of_refused(_FIRST_REFUSED - number, one) for number, one in enumerate(refused))

        def show() -> None:
            shown = rows, self._context.session.classes, self._picked
            if shown != self._shown:  # most of what changes in a project is in no row
                self._shown = shown
                self._fill_table(rows)
                self._filtered = False

        def offer() -> None:
            if not self._filtered:
                self._offer_filters(rows)

        some = [partial(make, self._items[start : start + MANY]) for start in range(0, len(self._items), MANY)]
        return [*some, make_refused, show, offer, *between, lambda: self._overview.show_rows(rows, self.look)]

    def _row(self, item: Item) -> Row:
        masked, held = item.id in self._masked, self.look.held.get(item.id)
        known = self._rows.get(item.id)
        if known is None or known[0] is not item or known[1] != (masked, held):
            known = self._rows[item.id] = (item, (masked, held), of_item(item, masked, held))
        return known[2]

    def _fill_table(self, rows: Sequence[Row]) -> None:
        session = self._context.session
        self._table.show_ticks(self.step.active)
        self._table.show_rows(rows, session.classes, session.task == "classification")

    def _offer_filters(self, rows: Sequence[Row]) -> None:
        whole = self._context.session.task == "classification"
        names = {
            "all": tr("All"),
            "masked": tr("With mask"),
            "unmasked": tr("No mask"),
            "labelled": tr("With class"),
            "unlabelled": tr("No class"),
            "unassigned": tr("In no set"),
            "refused": tr("Not read"),
        }
        wanted = ["all", *(("labelled", "unlabelled") if whole else ("masked", "unmasked"))]
        wanted += ["refused"] if self.step.active else ["unassigned", "refused"]
        counts = {id: sum(map(FILTERS[id], rows)) for id in wanted}
        choices = [
            Choice(id, names[id], count=counts[id])
            for id in wanted
            if counts[id] or id not in ("refused", "unassigned") or id == self._chips.current()
        ]
        if self._picked and not self.step.active:
            choices.append(Choice("picked", tr("Found by the checks"), count=len(self._picked)))
        self._chips.set_choices(choices)
        self._use_filter(self._chips.current())
        self._filtered = True

    @Slot(str)
    def _use_filter(self, id: str) -> None:
        picked = self._picked
        test: Callable[[Row], bool] = (lambda row: row.id in picked) if id == "picked" else FILTERS[id]
        self._table.set_filter(test)

    @Slot()
    def _go_to_found(self) -> None:
        """Return in the search goes to the first row that it found."""
        if self._table.ids():
            self._table.selectRow(0)
            self._table.setFocus()

    @Slot()
    def _count_chosen(self) -> None:
        count = len(self._table.selected())
        self._chosen.setText(tr("{count} chosen", count=count) if count > 1 else "")

    @Slot(tuple)
    def _pick(self, ids: Sequence[int]) -> None:
        """Show only these, and select them."""
        self._picked = frozenset(ids)
        self._search.clear()
        self.refresh()
        self._turns.finish()
        self._chips.set_current("picked")
        self._use_filter("picked")
        self._table.select(self._picked)
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _show_refused(self) -> None:
        self._search.clear()
        self._chips.set_current("refused")
        self._use_filter("refused")

    def say_status(self) -> None:
        """Tell the status line what is here, where the tab is in front."""
        if self._tab.isVisible() and self._context.session.project is not None:
            count = "" if self.step.active else items_text(len(self._items))
            self._context.status.set_place([count, tr("Nothing leaves this computer")])
            hints = [] if self.step.active else [tr("Enter opens an item"), tr("T, V, E put it into a set")]
            self._context.status.set_hints(hints)

    # Pictures ----------------------------------------------------------------------------------------------------------

    @Slot(int)
    def _want_picture(self, id: int) -> None:
        if id >= 0:
            (self.step.pictures if self.step.active else self._context.thumbnails).ask(id)

    @Slot(int, object)
    def _picture(self, id: int, image: object) -> None:
        if not self.step.active:
            self._table.set_picture(id, image)  # type: ignore[arg-type]

    @Slot(int, object)
    def _found_picture(self, id: int, image: object) -> None:
        if self.step.active:
            self._table.set_picture(id, image)  # type: ignore[arg-type]

    # Bringing in -------------------------------------------------------------------------------------------------------

    def begin_import(self, paths: Sequence[Path]) -> None:
        """Look at files and folders, and ask in the right column what they are before they come in."""
        if not self._context.session.writable or not paths:
            return
        if self._context.session.importing:
            self._context.session.notification.emit(tr("Items are being added. Try again when that is done."), "info")
            return
        settings.set_ui_state("images", str(paths[0] if paths[0].is_dir() else paths[0].parent))
        asked = self.step.paths if self.step.active else ()  # more files are dropped onto those
        paths = list(dict.fromkeys((*asked, *paths)))
        self._show_step(partial(self.step.start, paths, self._overview.split.ratios, self._overview.split.seed))

    def begin_bringing(self) -> None:
        """Ask in the right column for masks, or for a table of classes, of the items that are there."""
        session = self._context.session
        if session.importing or self.step.active:
            session.notification.emit(tr("Items are being added. Try again when that is done."), "info")
        elif session.writable and session.items():
            self._show_step(self.step.start_bringing)

    def _show_step(self, begin: Callable[[], None]) -> None:
        self._picked = frozenset()
        self._table.forget_pictures()
        self._search.clear()
        self._chips.set_choices([Choice("all", tr("All"))], "all")
        self._right.setCurrentWidget(self.step)
        self._tab.show_page()
        self._tab.columns.show_right()  # nothing comes in without the answers that are given there
        begin()
        self.say_status()

    @Slot()
    def _choose_files(self) -> None:
        start = settings.ui_state("images", str(Path.home()))
        chosen, _ = QFileDialog.getOpenFileNames(self._tab, tr("Choose images"), start)
        self.begin_import([Path(file) for file in chosen])

    @Slot(list)
    def _step_changed(self, rows: Sequence[Row]) -> None:
        if not self.step.active:
            return
        self._turns.drop()
        self._shown = None
        self._table.say_looking(self.step.busy == "scanning")
        self._fill_table(rows)
        self._offer_filters(rows)
        if self.step.busy != "adding":
            refused = sum(bool(row.refused) for row in rows)
            images = [row for row in rows if not row.refused and row.taken]
            counts = [images_text(len(images))]
            patients = patients_of(row.patient for row in images)
            if patients:
                counts.append(patients_text(patients))
            if self.step.busy != "scanning":
                self._strip.show_progress("")
            project, paths = self._context.session.project, self.step.paths
            here = project.name if project is not None else ""
            self._strip.show_source(
                here if not paths else paths[0].name if len(paths) == 1 else f"{paths[0].parent.name} …",
                " · ".join(counts) if self.step.busy != "scanning" else "",
                not_read_text(refused) if refused else "",
                str(paths[0]) if paths else "",
            )

    @Slot()
    def _step_ended(self) -> None:
        self._table.forget_pictures()
        self._table.say_looking(False)
        self._strip.show_progress("")
        self._chips.set_choices([Choice("all", tr("All"))], "all")
        self._use_filter("all")
        if self._right.isAncestorOf(self._tab.window().focusWidget()):
            self.take_keys()
        self._right.setCurrentWidget(self._overview)
        self.refresh()
        self.look.put_off()
        self.look.look()

    # Doing something with items ----------------------------------------------------------------------------------------

    @Slot(int)
    def _open_item(self, id: int) -> None:
        if not self.step.active:
            self._context.session.current.open(id)
            self._context.commands["tab_label"].trigger()


def _folder_name(folders: Sequence[str]) -> str:
    """The folder that the images lie in, where it is one."""
    if not folders:
        return ""
    try:
        return os.path.basename(os.path.commonpath(folders))
    except ValueError:  # on several drives
        return ""
