"""Asks where the picture of a plot goes, and writes it there."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from app.services.jobs import Lane
from app.shell import settings
from app.shell.context import AppContext
from engine import atomic
from engine.progress import Progress, Work
from widgets.controls import named
from widgets.text import tr


class PlotPictureDialog(QFileDialog):
    """Starts in the last folder at the plot's name; writes PNG, and the window's strip says where it is or why it is not."""

    def __init__(self, context: AppContext, picture: QImage, name: str, parent: QWidget) -> None:
        folder = settings.ui_state("folder", str(Path.home()))
        super().__init__(parent, tr("Save as picture"), folder, tr("Pictures ({pattern})", pattern="*.png"))
        named(self, "plot_picture", tr("Save as picture"))
        self._context, self._picture = context, picture
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setDefaultSuffix("png")
        self.selectFile(f"{name}.png")
        self.fileSelected.connect(self._write)
        self.rejected.connect(self.deleteLater)  # otherwise it hears first what came of it

    @Slot(str)
    def _write(self, chosen: str) -> None:
        picture, path = self._picture, Path(chosen)
        settings.set_ui_state("folder", str(path.parent))
        self._context.jobs.start(
            self,
            Lane.STORING,
            path.name,
            lambda: _writing(picture, path),
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


def _writing(picture: QImage, path: Path) -> Work[Path]:
    """Beside the window: a large picture takes 0.2 s to pack and to sync."""
    yield Progress(0, 0, path.name)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]
    atomic.write(path, bytes(buffer.data().data()))
    return path
