"""The step that asks where the classes of whole images come from: their folders, the file itself, or a table."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QGridLayout, QWidget

from app.dialogs.table_columns import ask_columns
from app.shell import settings
from engine.errors import EngineError
from engine.imaging.scan import Found
from engine.labels.classes import LabelClass
from engine.project.importing import LabelRule
from engine.project.proposals import new_folders
from engine.project.tables import Headers
from widgets.column_parts import clear
from widgets.controls import Button, IconButton, Text
from widgets.figures import figure
from widgets.panels import Panel
from widgets.signs import InlineMessage
from widgets.text import tr

_MOST_NEW = 30  # more folders than this are no classes


class ClassSourcePanel(Panel):
    """`changed()` when a person chose a table; `classes_wanted([(name, colour)])`: the project needs these too."""

    changed = Signal()
    classes_wanted = Signal(list)

    def __init__(self) -> None:
        super().__init__(tr("Class of each image"))
        self._found: Sequence[Found] = ()
        self._classes: Sequence[LabelClass] = ()
        self._new: list[str] = []
        self.table: Path | None = None
        self.headers = Headers()  # of the table
        self._labels: list[int | None] = []
        self._where = Text()
        self._where.setObjectName("classes.where")
        self._choose = Button("classes.table", tr("Table…"))
        self._choose.setToolTip(tr("A CSV file with the columns item and class"))
        self._none = IconButton("classes.none", "x", tr("Without the table"), side=26)
        self._counts_in = QWidget()
        self._counts = QGridLayout(self._counts_in)
        self._counts.setContentsMargins(0, 0, 0, 0)
        self._counts.setVerticalSpacing(4)
        self._counts.setColumnStretch(0, 1)
        self._hint = InlineMessage("classes.hint")
        self._add = Button("classes.add", "")
        self.add_row(self._where, self._choose, self._none).setStretch(0, 1)
        self.add(self._counts_in, self._hint)
        self.body.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        self._choose.clicked.connect(self._choose_table)
        self._none.clicked.connect(self._drop_table)
        self._add.clicked.connect(self._want)

    def forget(self) -> None:
        """Another import begins."""
        self.table = None

    def show_found(self, found: Sequence[Found], classes: Sequence[LabelClass]) -> None:
        """Count what each class gets of these."""
        self._found, self._classes = found, classes
        self._refresh()

    def labels(self) -> list[int | None]:
        """The class's place of each image, in their order."""
        return self._labels

    def _refresh(self) -> None:
        fault = ""
        try:
            rule = LabelRule(self.table, self._classes, headers=self.headers)
        except EngineError as error:
            fault, self.table = tr(error.message, **error.values), None
            rule = LabelRule(None, self._classes)
        rule.index_images(self._found)
        self._labels = []
        for one in self._found:
            try:
                self._labels.append(rule.of(one))
            except EngineError as error:
                fault = fault or f"{tr(error.message, **error.values)} {tr(error.hint, **error.values)}"
                self._labels.append(None)
        in_file = any(one.label is not None for one in self._found)
        source = tr("From the file") if in_file else tr("From the folders' names")
        self._where.setText(source if self.table is None else self.table.name)
        self._none.setVisible(self.table is not None)
        self._show_counts()
        self._offer(fault)

    def _show_counts(self) -> None:
        clear(self._counts)
        counts = Counter(self._labels)
        rows = [(c.name, counts[place], "") for place, c in enumerate(self._classes)]
        if counts[None]:
            rows.append((tr("without a class"), counts[None], "dim"))
        for row, (name, count, role) in enumerate(rows):
            number = Text(figure(count), "dim")
            self._counts.addWidget(Text(name, role), row, 0)
            self._counts.addWidget(number, row, 1, Qt.AlignmentFlag.AlignRight)

    def _offer(self, fault: str) -> None:
        """Folders that are no class yet can become some."""
        folders = new_folders(self._found, [c.name for c in self._classes]) if self.table is None else {}
        self._new = sorted(folders) if 1 <= len(folders) <= _MOST_NEW else []
        known = any(label is not None for label in self._labels)
        # One folder of unknown name is only where the images lie, unless others beside it are classes.
        useful = len(self._new) > 1 or (bool(self._new) and known)
        self._add.setVisible(useful and not fault)
        if fault:
            self._hint.say(fault, "bad")
        elif useful:
            names = ", ".join(self._new[:4]) + ("…" if len(self._new) > 4 else "")
            self._hint.say(tr("These folders are no classes yet: {names}", names=names), "warn")
            self._add.setText(tr("Add {count} classes", count=len(self._new)) if len(self._new) > 1 else tr("Add it"))
        elif not known and self._found:
            self._hint.say(tr("You can give the classes later, in the table or in the Classify tab."))
        else:
            self._hint.say("")

    @Slot()
    def _want(self) -> None:
        self.classes_wanted.emit([(name, "") for name in self._new])

    @Slot()
    def _choose_table(self) -> None:
        start = settings.ui_state("images", str(Path.home()))
        chosen, _ = QFileDialog.getOpenFileName(self, tr("A table of classes"), start, tr("Tables (*.csv *.tsv *.txt)"))
        if chosen:
            try:
                headers = ask_columns(self, Path(chosen), "class")
            except EngineError as error:
                self._hint.say(f"{tr(error.message, **error.values)} {tr(error.hint, **error.values)}", "bad")
                return
            if headers is not None:
                self.table, self.headers = Path(chosen), headers
                self._refresh()
                self.changed.emit()

    @Slot()
    def _drop_table(self) -> None:
        self.table = None
        self._refresh()
        self.changed.emit()
