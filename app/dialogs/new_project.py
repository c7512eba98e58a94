"""A new project: what it is called and where it lies, what is asked of the images, and the classes."""

import re
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QFileDialog, QGridLayout, QLineEdit, QRadioButton, QVBoxLayout, QWidget

from app.dialogs.answers import DialogButtons, answered
from app.dialogs.class_rows import ClassRows
from app.services.jobs import JobQueue, Lane
from app.shell import settings
from engine.config import Task
from engine.errors import EngineError
from engine.formats.label_file import read_labels
from engine.labels.classes import MOST_CLASSES, LabelClass, make_classes
from engine.progress import Progress, Work
from engine.project.project import ENDING
from engine.project.proposals import class_folders
from engine.words import translatable
from widgets.controls import Button, Heading, Text, named
from widgets.signs import InlineMessage
from widgets.text import tr

_TASKS: tuple[tuple[Task, str, str], ...] = (
    (
        "binary",
        translatable("One structure"),
        translatable("Paint one thing: lungs, a tumour. Each pixel is it or background."),
    ),
    (
        "multiclass",
        translatable("Several structures"),
        translatable("Paint several things: liver, spleen, aorta. Each pixel is one of them."),
    ),
    (
        "instance",
        translatable("Objects one by one"),
        translatable("Paint many things alike, each for itself: cells, nodules."),
    ),
    (
        "classification",
        translatable("Whole images"),
        translatable("Give each image a class: normal, pneumonia. Nothing is painted."),
    ),
)
_EXAMPLES: dict[Task, tuple[str, ...]] = {
    "binary": (translatable("lung"),),
    "multiclass": (translatable("liver"), translatable("spleen")),
    "instance": (translatable("cell"),),
    "classification": (translatable("normal"), translatable("pneumonia")),
}
_FEWEST: dict[Task, int] = {"binary": 1, "multiclass": 1, "instance": 1, "classification": 2}
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


@dataclass(frozen=True)
class NewProject:
    """What was asked for."""

    folder: Path
    task: Task
    classes: tuple[LabelClass, ...]


def ask_new_project(
    parent: QWidget | None, jobs: JobQueue, images: Path | None = None, task: Task = "binary"
) -> NewProject | None:
    """Ask; `images` is the folder whose images it is for, from which name and classes are proposed, `task` what is chosen at first.
    None: given up."""
    dialog = NewProjectDialog(parent, images, task)
    if images is not None:
        jobs.start(dialog, Lane.RECORDS, "", lambda: _looking(images), done=dialog.propose)
    return dialog.value() if answered(dialog) else None


class NewProjectDialog(QDialog):
    """Edits a NewProject. The step is dim, and says why, as long as something is missing."""

    def __init__(self, parent: QWidget | None, images: Path | None = None, task: Task = "binary") -> None:
        super().__init__(parent)
        named(self, "new_project_dialog", tr("New project"))
        self.setWindowTitle(tr("New project"))
        self.setMinimumWidth(560)
        self._name = QLineEdit(images.name if images is not None else "")
        named(self._name, "new_project.name", tr("Name"))
        start = images.parent if images is not None else Path(settings.ui_state("folder", str(Path.home())))
        self._place = QLineEdit(str(start))
        named(self._place, "new_project.place", tr("Folder"))
        browse = Button("new_project.browse", tr("Choose…"))
        browse.setAutoDefault(False)  # Return in a field is about the project, not about its folder
        self._tasks: dict[Task, QRadioButton] = {}
        self._rows = ClassRows()
        self._note = ""
        self._guessed: tuple[str, ...] = ()  # classes by the folders' names
        self._hint = InlineMessage("new_project.hint")
        self._answers = DialogButtons(self, tr("Create"))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(14)
        column.addLayout(self._where(browse))
        column.addWidget(Heading(tr("What is asked of the images")))
        column.addLayout(self._kinds())
        column.addWidget(Heading(tr("Classes")))
        column.addWidget(self._rows)
        column.addStretch(1)
        column.addWidget(self._hint)
        column.addWidget(self._answers)
        browse.clicked.connect(self._browse)
        for edit in (self._name, self._place):
            edit.textChanged.connect(self._judge)
        self._rows.changed.connect(self._judge)
        self._rows.finished.connect(self._answers.yes.click)
        self._rows.file_asked.connect(self._take_file)
        self._tasks[task].setChecked(True)
        self._judge()
        self._images, self._untouched = images, (self._task(), self._rows.pairs())
        self._name.setFocus()
        self._name.selectAll()

    @Slot(object)
    def propose(self, folders: tuple[str, ...]) -> None:
        """Classes by the names of the images' folders, unless a person has answered already."""
        if self._images is None or not folders or (self._task(), self._rows.pairs()) != self._untouched:
            return
        self._tasks["classification"].setChecked(True)
        self._guessed = folders
        self._rows.set_names(folders)
        self._note = tr("The classes are named after the folders in {name}.", name=self._images.name)
        self._judge()

    def value(self) -> NewProject:
        """What the dialog says now. Raises EngineError where the classes cannot be so."""
        return NewProject(self._folder(), self._task(), make_classes(self._rows.pairs()))

    def _where(self, browse: Button) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for row, (text, edit) in enumerate(((tr("Name"), self._name), (tr("Folder"), self._place))):
            label = Text(text, "dim")
            label.setBuddy(edit)
            grid.addWidget(label, row, 0)
            grid.addWidget(edit, row, 1)
        grid.addWidget(browse, 1, 2)
        return grid

    def _kinds(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(6)
        for task, head, text in _TASKS:
            button = QRadioButton(tr(head))
            named(button, f"new_project.{task}", tr(head))
            button.setAccessibleDescription(tr(text))
            button.toggled.connect(self._task_chosen)
            self._tasks[task] = button
            words = Text(tr(text), "dim")
            words.setContentsMargins(29, 0, 0, 0)
            column.addWidget(button)
            column.addWidget(words)
        return column

    def _task(self) -> Task:
        return next((task for task, button in self._tasks.items() if button.isChecked()), "binary")

    def _folder(self) -> Path:
        name = self._name.text().strip()
        return self._where_to() / (name if name.endswith(ENDING) else name + ENDING)

    def _where_to(self) -> Path:
        """The folder as it was typed; "~" is the user's own."""
        return Path(self._place.text().strip() or "?").expanduser()

    @Slot(bool)
    def _task_chosen(self, on: bool) -> None:
        if on:
            task = self._task()
            if task != "classification":
                self._drop_guessed()
            self._rows.set_limits(_FEWEST[task], 1 if task == "binary" else MOST_CLASSES)
            self._rows.suggest([tr(name) for name in _EXAMPLES[task]])
            self._judge()

    def _drop_guessed(self) -> None:
        """Folders' names are classes of whole images alone; what a person made of them stays."""
        if self._guessed and tuple(name for name, _ in self._rows.pairs()) == self._guessed:
            self._rows.set_names(())
        self._guessed, self._note = (), ""

    @Slot()
    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Where shall the project lie?"), self._place.text())
        if chosen:
            settings.set_ui_state("folder", chosen)
            self._place.setText(chosen)

    @Slot()
    def _take_file(self) -> None:
        """Classes by a file of another program; more than one means several structures."""
        kinds = tr("Names of mask values (*.txt *.label *.ctbl *.json *.nrrd)")
        chosen, _ = QFileDialog.getOpenFileName(self, tr("Classes from a file"), self._place.text(), kinds)
        if not chosen:
            return
        try:
            found = read_labels(Path(chosen))
        except EngineError as fault:
            self._hint.say(f"{tr(fault.message, **fault.values)} {tr(fault.hint, **fault.values)}", "bad")
            return
        pairs = {one.name.casefold(): (one.name, one.color) for one in reversed(found.values())}
        if len(pairs) > 1 and self._task() == "binary":
            self._tasks["multiclass"].setChecked(True)
        self._rows.set_pairs(list(reversed(pairs.values())))
        self._judge()

    @Slot()
    def _judge(self) -> None:
        why = self._why()
        self._answers.allow(why)
        self._hint.say(why or self._note)

    def _why(self) -> str:
        """What is missing or cannot be, "" where all is well."""
        name, place = self._name.text().strip(), self._where_to()
        if not name:
            return tr("Give the project a name.")
        if _UNFIT.search(name) or name.startswith("."):
            return tr('A name cannot hold \\ / : * ? " < > | or begin with a dot.')
        if not place.is_dir():
            return tr("The folder {name} does not exist.", name=place.name or str(place))
        if self._folder().exists():
            return tr("There is a project {name} already.", name=name)
        try:
            make_classes(self._rows.pairs())
        except EngineError as fault:
            return f"{tr(fault.message, **fault.values)} {tr(fault.hint, **fault.values)}"
        return ""


def _looking(images: Path) -> Work[tuple[str, ...]]:
    """A folder may hold a hundred thousand files."""
    yield Progress(0, 1)
    return class_folders(images)
