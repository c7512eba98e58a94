"""Saving a copy of the open project: its place is asked, then it is written step by step, with its progress and a way out."""

from collections.abc import Generator
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QProgressDialog, QWidget

from engine.progress import Progress
from engine.project.copying import save_copy
from engine.project.project import ENDING, Project
from widgets.controls import named
from widgets.text import tr


def ask_copy_place(parent: QWidget, project: Project) -> Path | None:
    """Where the copy shall lie; None: given up."""
    above = project.path.parent if project.path.parent.is_dir() else Path.home()
    start = above / (tr("{name} copy", name=project.name) + ENDING)
    chosen, _ = QFileDialog.getSaveFileName(parent, tr("Save a copy of the project"), str(start))
    return Path(chosen) if chosen else None


class SaveCopyDialog(QProgressDialog):
    """Writes the copy while it stands: nothing else is done in the window meanwhile. `saved(Path)`, or `failed(exception)`.

    The work goes through the project's own connection, which is this thread's, so that it works where the files are gone: a timer pulls
    one step after another.
    """

    saved = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QWidget, project: Project, folder: Path) -> None:
        super().__init__(tr("Saving a copy…"), tr("Cancel"), 0, 0, parent)
        named(self, "save_copy_dialog", tr("Save a copy of the project"))
        self.setWindowTitle(tr("Save a copy of the project"))
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumDuration(0)
        self.setAutoClose(False)
        self.setAutoReset(False)
        self.setMinimumWidth(360)
        self._work: Generator[object, None, Path] | None = save_copy(project, folder)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._step)
        self.canceled.connect(self._give_up)
        self.show()
        self._timer.start(0)

    @Slot()
    def _step(self) -> None:
        if self._work is None:
            return
        try:
            event = next(self._work)
        except StopIteration as stop:
            self._end()
            self.saved.emit(stop.value)
        except Exception as fault:  # as a job's, whatever it is
            self._end()
            self.failed.emit(fault)
        else:
            if isinstance(event, Progress):
                self.setMaximum(event.total)
                self.setValue(event.done)

    @Slot()
    def _give_up(self) -> None:
        if self._work is not None:
            self._work.close()
            self._end()

    def _end(self) -> None:
        self._work = None
        self._timer.stop()
        self.hide()
        self.deleteLater()
