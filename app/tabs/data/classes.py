"""The step that asks where the classes of whole images come from: their folders, the file itself, or a table."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QWidget

from app.dialogs.table_columns import ask_columns
from app.shell import settings
from engine.errors import EngineError
from engine.imaging.scan import Found
from engine.labels.classes import LabelClass
from engine.project.importing import ImportPlan, LabelRule
from engine.project.proposals import new_folders
from engine.project.tables import Headers
from widgets.column_parts import clear
from widgets.controls import Button, IconButton, Text, named
from widgets.elided import elide
from widgets.figures import figure
from widgets.panels import Panel
from widgets.signs import InlineMessage
from widgets.text import tip, tr
from widgets.word_combo import WordCombo

_FOLDER = 130  # px of a folder's name
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
        self.folders: dict[str, str] = {}  # which is which class, where a person said so
        self._below: Sequence[Path] = ()
        self._labels: list[int | None] = []
        self.refused = 0  # images of a class that is not there: they do not come in
        self._where = Text()
        self._where.setObjectName("classes.where")
        self._choose = Button("classes.table", tr("Table…"))
        self._choose.setToolTip(tr("A CSV file with the columns item and class"))
        self._none = IconButton("classes.none", "x", tr("Without the table"), side=26)
        self._beside: Path | None = None  # a table that is proposed, not taken
        self._use_beside = Button("classes.beside", "", role="link")
        self._counts_in = QWidget()
        self._counts = QGridLayout(self._counts_in)
        self._counts.setContentsMargins(0, 0, 0, 0)
        self._counts.setVerticalSpacing(4)
        self._counts.setColumnStretch(0, 1)
        self._hint = InlineMessage("classes.hint")
        self._add = Button("classes.add", "")
        self.add_row(self._where, self._choose, self._none).setStretch(0, 1)
        self.body.addWidget(self._use_beside, 0, Qt.AlignmentFlag.AlignLeft)
        self._folders_in = QWidget()
        self._rows = QGridLayout(self._folders_in)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setVerticalSpacing(4)
        self._rows.setColumnStretch(1, 1)
        self.add(self._counts_in, self._hint, self._folders_in)
        self.body.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        self._choose.clicked.connect(self._choose_table)
        self._use_beside.clicked.connect(self._take_beside)
        self._none.clicked.connect(self._drop_table)
        self._add.clicked.connect(self._want)

    def forget(self) -> None:
        """Another import begins."""
        self.table = None
        self.folders = {}
        self.propose(None)

    def propose(self, table: Path | None) -> None:
        """A table beside the images that may hold their classes; offered when they are shown."""
        self._beside = table
        self._use_beside.setText(tr("Use the table {name}", name=table.name) if table is not None else "")

    def show_found(self, found: Sequence[Found], classes: Sequence[LabelClass], below: Sequence[Path] = ()) -> None:
        """Count what each class gets of these; folders count up to those of `below`."""
        self._found, self._classes, self._below = found, classes, below
        self._refresh()

    def labels(self) -> list[int | None]:
        """The class's place of each image, in their order."""
        return self._labels

    def complete(self, plan: ImportPlan) -> ImportPlan:
        """The plan with what says the classes: the table, or the folders."""
        headers = self.headers if self.table is not None else None
        return replace(plan, labels=self.table, headers=headers, folder_classes=self.folders)

    def _refresh(self) -> None:
        fault = ""
        try:
            rule = LabelRule(self.table, self._classes, headers=self.headers, below=self._below, folders=self.folders)
        except EngineError as error:
            fault, self.table = tr(error.message, **error.values), None
            rule = LabelRule(None, self._classes, below=self._below, folders=self.folders)
        rule.index_images(self._found)
        self._labels, self.refused = [], 0
        for one in self._found:
            try:
                self._labels.append(rule.of(one))
            except EngineError as error:
                fault = fault or f"{tr(error.message, **error.values)} {tr(error.hint, **error.values)}"
                self._labels.append(None)
                self.refused += 1
        in_file = any(one.label is not None for one in self._found)
        source = tr("From the file") if in_file else tr("From the folders' names")
        self._where.setText(source if self.table is None else self.table.name)
        self._none.setVisible(self.table is not None)
        self._use_beside.setVisible(self.table is None and self._beside is not None)
        self._show_counts()
        self._offer(fault, rule.unknown)

    def _show_counts(self) -> None:
        clear(self._counts)
        counts = Counter(self._labels)
        rows = [(c.name, counts[place], "") for place, c in enumerate(self._classes)]
        if bare := counts[None] - self.refused:
            rows.append((tr("without a class"), bare, "dim"))
        if self.refused:
            rows.append((tr("of a class that is not there: not added"), self.refused, "warn"))
        for row, (name, count, role) in enumerate(rows):
            number, word = Text(figure(count), "dim"), Text(name, role)
            word.setObjectName("classes.refused" if role == "warn" else "")
            self._counts.addWidget(word, row, 0)
            self._counts.addWidget(number, row, 1, Qt.AlignmentFlag.AlignRight)

    def _offer(self, fault: str, words: Sequence[str]) -> None:
        """Folders that are no class yet, or the `words` of the table that are none, can become some."""
        known = any(label is not None for label in self._labels)
        new = words if self.table is not None else self._new_folders()
        self._new = list(new) if len(new) <= _MOST_NEW else []
        # One folder of unknown name is only where the images lie, unless others beside it are classes.
        useful = bool(self._new) and (self.table is not None or (not fault and (len(self._new) > 1 or known)))
        self._add.setVisible(useful)
        self._show_folders([*self.folders, *(self._new if useful and self.table is None else [])])
        if useful:
            names = ", ".join(self._new[:4]) + ("…" if len(self._new) > 4 else "")
            text = (
                tr("These folders are no classes yet: {names}", names=names)
                if self.table is None
                else tr("The table has classes that are not there yet: {names}", names=names)
            )
            self._hint.say(text, "warn")
            self._add.setText(tr("Add {count} classes", count=len(self._new)) if len(self._new) > 1 else tr("Add it"))
        elif fault:
            self._hint.say(fault, "bad")
        elif not known and self._found:
            self._hint.say(tr("You can give the classes later, in the table or in the Classify tab."))
        else:
            self._hint.say("")

    def _new_folders(self) -> list[str]:
        """Of the images without a class."""
        unlabelled = [one for one, label in zip(self._found, self._labels, strict=True) if label is None]
        return sorted(new_folders(unlabelled, [*(one.name for one in self._classes), *self.folders]))

    def _show_folders(self, names: Sequence[str]) -> None:
        """Folders whose names are no class's, each with the class that a person says it is."""
        clear(self._rows)
        for row, name in enumerate(names):
            combo = WordCombo()
            named(combo, f"classes.folder.{name}", tr("Class of the folder {name}", name=name))
            combo.setProperty("folder", name)
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            combo.setMinimumContentsLength(8)
            combo.addItem(tr("Choose a class"), "")
            for one in self._classes:
                combo.addItem(one.name, one.name)
            combo.setCurrentIndex(max(combo.findData(self.folders.get(name, "")), 0))
            combo.activated.connect(self._map)
            label = Text(elide(name, self.fontMetrics(), _FOLDER))
            label.setToolTip(tip(name))
            self._rows.addWidget(label, row, 0)
            self._rows.addWidget(combo, row, 1)
        self._folders_in.setVisible(bool(names))

    @Slot(int)
    def _map(self, index: int) -> None:
        combo = self.sender()
        if isinstance(combo, QComboBox):
            folder, chosen = str(combo.property("folder")), str(combo.itemData(index))
            self.folders.pop(folder, None)
            if chosen:
                self.folders[folder] = chosen
            self._refresh()
            self.changed.emit()

    @Slot()
    def _want(self) -> None:
        self.classes_wanted.emit([(name, "") for name in self._new])

    @Slot()
    def _choose_table(self) -> None:
        start = settings.ui_state("images", str(Path.home()))
        chosen, _ = QFileDialog.getOpenFileName(self, tr("A table of classes"), start, tr("Tables (*.csv *.tsv *.txt)"))
        if chosen:
            self._take_table(Path(chosen))

    @Slot()
    def _take_beside(self) -> None:
        if self._beside is not None:
            self._take_table(self._beside)

    def _take_table(self, file: Path) -> None:
        try:
            headers = ask_columns(self, file, "class")
        except EngineError as error:
            self._hint.say(f"{tr(error.message, **error.values)} {tr(error.hint, **error.values)}", "bad")
            return
        if headers is not None:
            self.table, self.headers = file, headers
            self._refresh()
            self.changed.emit()

    @Slot()
    def _drop_table(self) -> None:
        self.table = None
        self._refresh()
        self.changed.emit()
