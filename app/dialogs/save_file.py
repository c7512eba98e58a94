"""Asks where a file goes, and writes it there."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from app.services.jobs import Lane
from app.shell import settings
from app.shell.context import AppContext
from engine import atomic
from engine.progress import Progress, Work
from widgets.controls import named
from widgets.text import tr


class SaveFileDialog(QFileDialog):
    """Starts in the last folder at `file`, whose ending it keeps; the window's strip says where it is or why it is not.

    `make` gives the bytes, beside the window; `kind` is what such files are called, with their pattern.
    """

    def __init__(
        self,
        context: AppContext,
        name: str,
        title: str,
        kind: str,
        file: str,
        make: Callable[[], bytes],
        parent: QWidget,
    ) -> None:
        ending = file.rpartition(".")[2]
        super().__init__(parent, title, settings.ui_state("folder", str(Path.home())), kind)
        named(self, name, title)
        self._context, self._make = context, make
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setDefaultSuffix(ending)
        self.selectFile(file)
        self.fileSelected.connect(self._write)
        self.rejected.connect(self.deleteLater)  # otherwise it hears first what came of it

    def made_at(self, path: Path) -> Callable[[], bytes]:
        """What makes the file of that name."""
        return self._make

    @Slot(str)
    def _write(self, chosen: str) -> None:
        path = Path(chosen)
        make = self.made_at(path)
        settings.set_ui_state("folder", str(path.parent))
        self._context.jobs.start(
            self,
            Lane.STORING,
            path.name,
            lambda: _writing(make, path),
            done=self._written,
            failed=self._refused,
            cancelled=self.deleteLater,
        )

    def _written(self, path: Path) -> None:
        self._context.session.notification.emit(tr("Saved as {name}.", name=path.name), "good")
        self.deleteLater()

    def _refused(self, fault: BaseException) -> None:
        self._context.session.failed.emit(fault)
        self.deleteLater()


def _writing(make: Callable[[], bytes], path: Path) -> Work[Path]:
    yield Progress(0, 0, path.name)
    atomic.write(path, make())
    return path
