"""The strip at the head of the Data tab: which folder, how many items, what was not read; where more comes from."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from app.shell.actions import Commands
from widgets.column_parts import ActionBinding
from widgets.controls import Button, Text, named
from widgets.signs import StatusIcon
from widgets.text import tip, tr

_WIDE = 800  # px: below it the words about dropping give way


class SourceStrip(QFrame):
    """`why_asked()`: show what was not read. `files_asked()`: choose single files."""

    why_asked = Signal()
    files_asked = Signal()

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.setProperty("role", "ground")
        inner = QFrame()
        named(inner, "data.drop", tr("Images of the project; drop more here"))
        inner.setProperty("role", "drop")
        self._title, self._counts = Text("", "strong"), Text("")
        self._title.setObjectName("data.folder")
        self._counts.setObjectName("data.counts")
        self._why = Button("data.why", "", role="link")
        self._drop = Text(tr("Drop more files here or"), "dim")
        self._folder = Button("data.choose_folder", tr("Choose a folder"))
        self._files = Button("data.choose_files", tr("Files…"))
        self._bar = QProgressBar()
        named(self._bar, "data.progress", tr("Progress"))
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(140)
        row = QHBoxLayout(inner)
        row.setContentsMargins(14, 8, 10, 8)
        row.setSpacing(10)
        row.addWidget(StatusIcon("folder", "accent", 18))
        for widget in (self._title, self._counts, self._why, self._bar):
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (self._drop, self._folder, self._files):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 6)
        column.addWidget(inner)
        self._action = commands["import_images"]
        ActionBinding(self._folder, self._action)
        self._action.changed.connect(self._follow)
        self._why.clicked.connect(self.why_asked)
        self._files.clicked.connect(self.files_asked)
        self.show_progress("")
        self._follow()

    def show_source(self, title: str, counts: str, refused: str, where: str = "") -> None:
        """Folder or project, what is in it, and how much was not read ("" for nothing)."""
        self._title.setText(title)
        self._title.setToolTip(tip(where))
        self._counts.setText(counts)
        self._why.setText(tr("{not_read}: why?", not_read=refused))
        self._why.setVisible(bool(refused))

    @Slot(str, float)
    def show_progress(self, text: str, share: float = -1.0) -> None:
        """What is happening and its share of the whole (below 0: unknown); "" when it is over."""
        self._bar.setVisible(bool(text))
        self._bar.setRange(0, 100 if share >= 0 else 0)
        self._bar.setValue(round(share * 100))
        if text:
            self._counts.setText(text)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._drop.setVisible(self.width() >= _WIDE)

    @Slot()
    def _follow(self) -> None:
        self._files.setEnabled(self._action.isEnabled())
        self._files.setToolTip(tr("Choose single files") if self._action.isEnabled() else self._action.toolTip())
