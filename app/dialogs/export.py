"""Writing masks or predictions out: what, in which form, where; then a job does it."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from app.dialogs.answers import DialogButtons, answered
from app.services.jobs import Lane
from app.shell import settings
from app.shell.context import AppContext
from engine.config import Split, Task
from engine.formats.export import Exported, export
from engine.progress import Work
from engine.project.project import Project
from engine.words import translatable
from widgets.controls import Button, Switch, Text, named
from widgets.signs import InlineMessage
from widgets.text import tr
from widgets.word_combo import WordCombo

FORMATS = (
    ("png", translatable("PNG, the class's number as the pixel's value")),
    ("nifti", translatable("NIfTI, with the image's place in millimetres")),
    ("coco", translatable("COCO, one file with an outline for each object")),
)
_OBJECTS = {"png": translatable("PNG of 16 bits, the object's number as the pixel's value")}
"""What they are where objects are told apart."""
_SETS: tuple[tuple[Split, str], ...] = (
    ("", translatable("All items")),
    ("train", translatable("Training set")),
    ("val", translatable("Validation set")),
    ("test", translatable("Test set")),
)


@dataclass(frozen=True)
class Export:
    """What to write. `layer` is "mask" or the name of a run."""

    format: str
    out: Path
    layer: str = "mask"
    split: Split = ""
    empty: bool = False


def ask_export(context: AppContext, parent: QWidget) -> None:
    """Ask, then write in the background; `told` says how it ended."""
    if context.session.project is None:
        return
    dialog = ExportDialog(context, parent)
    if answered(dialog):
        _Writing(context, dialog.value(), parent).start()


class ExportDialog(QDialog):
    """Edits an Export of the open project."""

    def __init__(self, context: AppContext, parent: QWidget | None) -> None:
        super().__init__(parent)
        named(self, "export_dialog", tr("Export"))
        self.setWindowTitle(tr("Export"))
        self.setMinimumWidth(600)
        project = context.session.project
        layers = [("mask", tr("The masks"))]
        if project is not None and project.task != "classification":
            runs = [run for run in project.runs.all() if project.layers.predicted(run.id)]
            layers += [(run.name, tr("Predictions of {run}", run=run.name)) for run in reversed(runs)]
        self._layer = _combo("export.layer", tr("What"), layers)
        self._format = _combo("export.format", tr("As"), _formats(context.session.task))
        self._split = _combo("export.split", tr("Of"), [(id, tr(text)) for id, text in _SETS])
        self._empty = Switch("export.empty", tr("Items without it too, as background"))
        start = Path(settings.ui_state("export", str(project.path.parent if project is not None else Path.home())))
        self._out = QLineEdit(str(start / f"{project.name if project is not None else ''} masks"))
        named(self._out, "export.out", tr("Folder"))
        browse = Button("export.browse", tr("Choose…"))
        self._hint = InlineMessage("export.hint")
        self._answers = DialogButtons(self, tr("Export"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        rows: tuple[tuple[str, QWidget], ...] = (
            (tr("What"), self._layer),
            (tr("As"), self._format),
            (tr("Of"), self._split),
            (tr("Folder"), self._out),
            (tr("Items without it too, as background"), self._empty),
        )
        for row, (text, widget) in enumerate(rows):
            label = Text(text, "dim")
            label.setBuddy(widget)
            if widget is self._empty:
                grid.addWidget(label, row, 1)
                grid.addWidget(widget, row, 0)
            else:
                grid.addWidget(label, row, 0)
                grid.addWidget(widget, row, 1)
        grid.addWidget(browse, 3, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(16)
        column.addLayout(grid)
        column.addWidget(self._hint)
        column.addWidget(self._answers)
        browse.clicked.connect(self._browse)
        self._out.textChanged.connect(self._judge)
        self._judge()

    def value(self) -> Export:
        return Export(
            self._format.currentData(),
            Path(self._out.text().strip()),
            self._layer.currentData(),
            self._split.currentData(),
            self._empty.isChecked(),
        )

    @Slot()
    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Where shall the files lie?"), self._out.text())
        if chosen:
            settings.set_ui_state("export", str(Path(chosen).parent))
            self._out.setText(chosen)

    @Slot()
    def _judge(self) -> None:
        text = self._out.text().strip()
        out = Path(text)
        full = bool(text) and out.is_dir() and any(out.iterdir())
        self._answers.allow("" if text else tr("Choose a folder."))
        self._hint.say(tr("Files of the same name that Contorno wrote are replaced.") if full else "", "warn")


def _formats(task: Task | None) -> list[tuple[str, str]]:
    return [(id, tr(_OBJECTS.get(id, text) if task == "instance" else text)) for id, text in FORMATS]


def _combo(name: str, text: str, choices: list[tuple[str, str]]) -> QComboBox:
    combo = WordCombo()
    named(combo, name, text)
    for id, words in choices:
        combo.addItem(words, id)
    return combo


class _Writing(QObject):
    """One export under way; gone when it has ended."""

    def __init__(self, context: AppContext, wanted: Export, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._wanted = context, wanted

    def start(self) -> None:
        project, wanted = self._context.session.project, self._wanted
        if project is not None:
            path = project.path
            self._context.jobs.start(
                self,
                Lane.STORING,
                tr("Exporting"),
                lambda: _export(path, wanted),
                done=self._done,
                failed=self._failed,
                cancelled=self.deleteLater,
            )

    def _done(self, done: Exported) -> None:
        folder, files = self._wanted.out.name, done.files
        text = (
            tr("1 file was written to {folder}.", folder=folder)
            if len(files) == 1
            else tr("{count} files were written to {folder}.", count=len(files), folder=folder)
        )
        if done.failed:
            missing = ", ".join(item.name for item, _ in done.failed)
            text += " " + tr("Not written: {names}.", names=missing)
        self._context.session.notification.emit(text, "warn" if done.failed else "good")
        self.deleteLater()

    def _failed(self, fault: BaseException) -> None:
        self._context.session.failed.emit(fault)
        self.deleteLater()


def _export(path: Path, wanted: Export) -> Work[Exported]:
    """Through a connection of its own that only reads: the window goes on painting meanwhile."""
    with Project.open(path, write=False) as project:
        return (
            yield from export(
                project,
                wanted.format,
                wanted.out,
                wanted.layer,
                wanted.split or None,
                empty=wanted.empty,
                overwrite=True,  # the dialog has said so
            )
        )
