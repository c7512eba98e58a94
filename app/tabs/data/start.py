"""What the Data tab shows before there is anything: the ways in without a project, and the first step of an empty one."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.shell import settings
from app.shell.actions import Commands
from engine.config import Task
from engine.words import translatable
from widgets.column_parts import ActionBinding, clear
from widgets.controls import Button, Heading, PrimaryButton, Text, named
from widgets.elided import elide
from widgets.panels import CardFrame
from widgets.signs import StatusIcon
from widgets.text import tip, tr

_CARD, _DROP, _PATH, _RECENT = 264, 560, 520, 5

_WAYS = (
    (
        "open_demo",
        "star",
        translatable("Try it"),
        translatable("A small made-up study, already painted: train and look at the result."),
    ),
    (
        "open_folder",
        "folder",
        translatable("Start with images"),
        translatable("DICOM, NIfTI, NRRD, PNG, JPEG, TIFF: a folder becomes a project."),
    ),
    (
        "open_project",
        "folder-open",
        translatable("Go on"),
        translatable("Open a project, a folder whose name ends in .contorno."),
    ),
)


class StartPage(QFrame):
    """No project is open: the demo, a folder of images, a project; and those opened lately. `project_picked(path)`."""

    project_picked = Signal(object)

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        named(self, "start_page", tr("Start"))
        self.setProperty("role", "window")
        title = Text(tr("Label scans, train a network, review what it says"), "title")
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        cards = QHBoxLayout()
        cards.setSpacing(16)
        cards.addStretch(1)
        for place, (id, icon, head, text) in enumerate(_WAYS):
            cards.addWidget(_card(commands, id, icon, tr(head), tr(text), primary=place == 0))
        cards.addStretch(1)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        inner = QWidget()
        inner.setFixedWidth(3 * _CARD + 32)
        recent = QVBoxLayout(inner)
        recent.setContentsMargins(0, 0, 0, 0)
        self._heading = Heading(tr("Opened lately"))
        recent.addWidget(self._heading)
        recent.addLayout(self._recent)
        private = Text(tr("Nothing leaves this computer."), "dim")
        private.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(title)
        column.addSpacing(20)
        column.addLayout(cards)
        column.addSpacing(24)
        column.addWidget(inner, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        column.addWidget(private)
        settings.watch().recent_changed.connect(self.refresh)

    @Slot()
    def refresh(self) -> None:
        """Show the projects opened lately as they are now."""
        clear(self._recent)
        paths = settings.recent_projects()[:_RECENT]
        self._heading.setVisible(bool(paths))
        for number, path in enumerate(paths):
            self._recent.addWidget(self._entry(number, path))

    def _entry(self, number: int, path: Path) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        button = Button(f"start.recent.{number}", path.name.removesuffix(".contorno"), role="link")
        button.setProperty("path", str(path))
        button.setToolTip(tip(str(path)))
        button.clicked.connect(self._pick)
        where = Text(elide(str(path.parent), button.fontMetrics(), _PATH, Qt.TextElideMode.ElideMiddle), "dim")
        where.setToolTip(tip(str(path)))
        line.addWidget(button)
        line.addWidget(where)
        line.addStretch(1)
        return row

    @Slot()
    def _pick(self) -> None:
        button = self.sender()
        if button is not None:
            self.project_picked.emit(Path(str(button.property("path"))))


def _card(commands: Commands, id: str, icon: str, head: str, text: str, primary: bool) -> CardFrame:
    card = CardFrame()
    card.setFixedWidth(_CARD)
    words = Text(text, "dim")
    words.setWordWrap(True)
    words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    words.setMinimumHeight(56)
    label = commands[id].text()
    button = PrimaryButton(f"start.{id}", label) if primary else Button(f"start.{id}", label, role="choice")
    ActionBinding(button, commands[id])
    line = card.add_row(StatusIcon(icon, "accent", 20), Text(head, "strong"))
    card.body.setSpacing(10)
    line.addStretch(1)
    card.add(words, button)
    return card


class EmptyPage(QFrame):
    """A project without items: what belongs here, and the one step that brings it."""

    files_asked = Signal()

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.setProperty("role", "window")
        drop = QFrame()
        named(drop, "empty.drop", tr("Drop images here"))
        drop.setProperty("role", "drop")
        drop.setFixedWidth(_DROP)
        head = Text(tr("Drop images here"), "title")
        self._words = words = Text("", "dim")
        words.setObjectName("empty.words")
        words.setWordWrap(True)
        words.setFixedWidth(_DROP - 80)
        self.show_task(None)
        for text in (head, words):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        choose = PrimaryButton("empty.choose_folder", tr("Choose a folder"))
        ActionBinding(choose, commands["import_images"])
        files = Button("empty.choose_files", tr("Choose files…"), role="link")
        files.clicked.connect(self.files_asked)
        inner = QVBoxLayout(drop)
        inner.setContentsMargins(40, 44, 40, 36)
        inner.setSpacing(10)
        inner.addWidget(head)
        inner.addWidget(words)
        inner.addSpacing(12)
        inner.addWidget(choose, 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addWidget(files, 0, Qt.AlignmentFlag.AlignHCenter)
        private = Text(tr("Images stay where they are: nothing is copied, nothing leaves this computer."), "dim")
        column = QVBoxLayout(self)
        column.setSpacing(14)
        column.addStretch(2)
        column.addWidget(drop, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(private, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def show_task(self, task: Task | None) -> None:
        """What is found beside the images of such a project."""
        self._words.setText(
            tr(
                "A folder of DICOM series, or PNG, JPEG, TIFF, NIfTI and NRRD files. Classes come from folders' names or a table."
            )
            if task == "classification"
            else tr(
                "A folder of DICOM series, or PNG, JPEG, TIFF, NIfTI and NRRD files. Masks beside them are found by name."
            )
        )
        self._words.setMinimumHeight(self._words.heightForWidth(_DROP - 80))
