"""The click model's part of the settings: its folder, and what its files say of themselves."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from app.services.click_model import inspecting
from app.services.jobs import JobHandle, JobQueue, Lane
from app.shell.errors import user_message
from widgets.controls import Button, Text, named
from widgets.text import tr

if TYPE_CHECKING:
    from engine.labels.assist.click_model import ClickModelFiles

_LICENCE_HEIGHT = 90  # px


class ClickModelRow(QWidget):
    """`folder` is the last one that holds a click model, or "". `checking(on)`: another one is being looked at."""

    checking = Signal(bool)

    def __init__(self, folder: str, jobs: JobQueue) -> None:
        super().__init__()
        self.folder, self._jobs = folder, jobs
        self._job: JobHandle | None = None
        self._edit = QLineEdit(folder)
        named(self._edit, "settings.click_model", tr("Click model"))
        self._edit.setPlaceholderText(tr("none: smart outlines need no file"))
        self._edit.editingFinished.connect(self._typed)
        browse = Button("settings.click_model.browse", tr("Choose…"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        self._told = Text("", "dim")
        self._told.setObjectName("settings.click_model.told")
        self._told.setWordWrap(True)
        self._told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._licence = QPlainTextEdit()
        named(self._licence, "settings.click_model.licence", tr("Licence"))
        self._licence.setReadOnly(True)
        self._licence.setFixedHeight(_LICENCE_HEIGHT)
        self._licence.hide()
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._edit, 1)
        line.addWidget(browse)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        label = Text(tr("Click model"), "dim")
        label.setBuddy(self._edit)
        self._grid = grid
        grid.addWidget(label, 0, 0)
        grid.addLayout(line, 0, 1)
        grid.addWidget(self._told, 1, 0, 1, 2)
        grid.addWidget(self._licence, 2, 0, 1, 2)
        if folder:
            self._inspect(folder)
        else:
            self._tell_none()

    def align(self, width: int) -> None:
        """Let the field begin where the fields of a form do whose labels are so wide."""
        self._grid.setColumnMinimumWidth(0, width)

    def _tell_none(self) -> None:
        self._told.setText(
            tr(
                "A folder with the encoder and the decoder (.onnx) of a SAM export makes smart outlines better on photographs, lungs and hearts. Contorno brings none and fetches none: take one whose licence suits you."
            )
        )
        self._licence.hide()

    @Slot()
    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("The folder of the click model"), self.folder)
        if chosen:
            self._edit.setText(chosen)
            self._typed()

    @Slot()
    def _typed(self) -> None:
        wanted = self._edit.text().strip()
        if wanted == self.folder and self._job is None:
            return
        if wanted:
            self._inspect(wanted)
        else:
            self._end()
            self.folder = ""
            self._tell_none()

    def _inspect(self, folder: str) -> None:
        self._end()
        self._told.setText(tr("Looking at the files…"))
        self._licence.hide()
        self.checking.emit(True)

        def done(files: "ClickModelFiles") -> None:
            self._job = None
            self.folder = folder
            self._tell(files)
            self.checking.emit(False)

        def failed(fault: BaseException) -> None:
            self._job = None
            self.folder = ""
            what, hint = user_message(fault)
            self._told.setText(f"{what}\n{hint}".strip())
            self.checking.emit(False)

        self._job = self._jobs.start(self, Lane.RECORDS, "", lambda: inspecting(Path(folder)), done=done, failed=failed)

    def _end(self) -> None:
        if self._job is not None:
            self._job.drop()
            self._job = None
            self.checking.emit(False)

    def _tell(self, files: "ClickModelFiles") -> None:
        lines = [
            f"{path.name} · SHA-256 {digest[:16]}…"
            for path, digest in ((files.encoder, files.encoder_hash), (files.decoder, files.decoder_hash))
        ]
        lines.append(tr("{size} MB together", size=f"{files.size / 1e6:.0f}"))
        if not files.licence:
            lines.append(tr("No licence lies beside the files: ask whoever gave them to you whether you may use them."))
        self._told.setText("\n".join(lines))
        self._told.setToolTip(f"{files.encoder_hash}\n{files.decoder_hash}")
        self._licence.setPlainText(files.licence)
        self._licence.setVisible(bool(files.licence))
